"""Plain text and Markdown: front matter, hard-wrapped lines, Markdown through its own parser."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

_FRONT = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_TOML = re.compile(r"\A\ufeff?\s*\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.S)
_HASH = re.compile(r"^(?=.*\d)[0-9a-f]{8,}$", re.I)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|\s{0,3}[-*+] \S|\s{0,3}\d+\. \S|>|\|.*\|$|={3,}$|-{3,}$)|\[[^\]\n]+\]\([^)\s]+\)|\*\*[^*\n]+\*\*|\[\^\w+\]", re.M)
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a text into its front matter (YAML, or TOML between ``+++``) and the rest; broken front matter is left out.

    >>> front_matter("---\\ntitle: Tea\\n---\\nBody")
    ({'title': 'Tea'}, 'Body')
    """
    m = _TOML.match(text)
    if m:
        try:
            return tomllib.loads(m.group(1)), text[m.end() :]
        except tomllib.TOMLDecodeError:
            return {}, text[m.end() :]
    m = _FRONT.match(text)
    if not m:
        return {}, text
    try:
        data = yaml.load(m.group(1), Loader=_SAFE)
    except (yaml.YAMLError, ValueError, OverflowError):
        data = dict(re.findall(r"^(\w+)\s*:\s*[\"']?(.*?)[\"']?\s*$", m.group(1), re.M))
    if not isinstance(data, dict):
        return {}, text
    return data, text[m.end() :]


def title_of(data: dict[str, Any]) -> str:
    """The title that front matter states. Content farms scramble the key and put a hash in its place: both are seen through."""
    for key in sorted(data, key=lambda k: (k != "title", str(k))):
        value = data[key]
        if str(key).lower().endswith(("title", "itle", "headline")) and isinstance(value, str) and not _HASH.match(value.strip()):
            return " ".join(value.split())
    return ""


def looks_like_markdown(text: str) -> bool:
    """Whether a text uses Markdown enough to be read as such."""
    return len(_MARKDOWN.findall(text[:100_000])) >= 3 and bool(re.search(r"^#{1,6} \S|\]\(\S+\)|\*\*\S", text[:100_000], re.M))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").use(footnote_plugin)


def markdown_to_html(text: str) -> str:
    """Markdown as HTML (CommonMark, tables, footnotes)."""
    return str(_markdown().render(text))


def unwrap(text: str) -> str:
    """Join hard-wrapped lines with a blank in place of the line break; the length does not change.

    Lines are taken as wrapped when many lines of a text end in mid-sentence at about the same width.
    """
    lines = text.split("\n")
    full = [len(x) for x in lines if x.strip()]
    if len(full) < 4:
        return text
    width = max(sorted(full)[: max(1, int(len(full) * 0.95))])
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if a.strip() and b.strip()]
    running = sum(1 for a, b in pairs if len(a) > width * 0.7 and not re.search(r"[.!?:;]['\"”)]*\s*$", a) and b[:1].isalnum())
    if not 35 <= width <= 130 or not pairs or running < max(3, len(pairs) * 0.3):
        return text
    out = [lines[0]]
    for before, line in zip(lines, lines[1:], strict=False):
        joins = len(before) > width * 0.6 and before.strip() and line.strip() and not re.match(r"\s*(?:[-*•–]|\d{1,3}[.)]|\[\d+\])\s", line)
        out.append((" " if joins else "\n") + line)
    return "".join(out)
