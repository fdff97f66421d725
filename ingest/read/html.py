"""HTML to plain text: block tags end lines, superscript reference numbers become ``[12]``, links and headings keep their place."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from ingest.read.writer import Writer
from ingest.records import Hyperlink, Marker, Span

_DROP = frozenset("script style noscript template svg head form button select iframe object canvas audio video textarea input nav".split())
_BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer header hr html li main menu "
    "ol p pre section summary table tbody tfoot thead tr ul caption".split()
)
_PARAGRAPH = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table section article pre dl".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_SUPERSCRIPT = re.compile(r"^[\[(]?\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*[\])]?$")
_UNIT_BEFORE = re.compile(r"(?:\d|\b(?:c?m|km|mm|kg|in|ft|sec|s|L|l|dl|ml|χ|R|r|I|chi))$")
_TAG = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|li|br|em|strong|b|i|a|span|table|tr|td|sup|sub|section|article|main|body|html)\b[^<>]*>", re.I)


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML or carries so much of it that its tags must be read as mark-up."""
    head = text[:2000].lstrip().lower()
    return head.startswith(("<!doctype html", "<html")) or len(_TAG.findall(text[:200_000])) >= 3


def html_title(text: str) -> str:
    """The title element, else the first h1, without mark-up; empty where there is none."""
    for pattern in (r"<h1\b[^>]*>(.*?)</h1>", r"<title\b[^>]*>(.*?)</title>"):
        m = re.search(pattern, text[:200_000], re.I | re.S)
        if m:
            found = " ".join("".join(str(t) for t in lxml_html.fromstring(f"<i>{m.group(1)}</i>").itertext()).split())
            if found:
                return found
    return ""


def read_html(text: str, writer: Writer, *, keep_lines: bool = False) -> None:
    """Write an HTML document or fragment as plain text.

    :param keep_lines: line breaks of the source end paragraphs too (a text file with some tags in it).
    """
    if keep_lines:
        text = re.sub(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+", "<br data-gap='1'>", text.strip("\r\n"))
        text = re.sub(r"\r?\n", "<br>", text)
    text = re.sub(r"<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return
    before = writer.length
    _walk(root, writer)
    if writer.length == before:  # the parser gives up on pages nested thousands deep: their words are still worth reading
        writer.text(re.sub(r"<[^<>]*>", " ", text))


def _walk(root: Any, writer: Writer) -> None:
    """Depth first without recursion: hostile pages nest deeper than Python's stack."""
    stack: list[tuple[str, Any, int]] = [("open", root, 0)]
    while stack:
        step, node, start = stack.pop()
        if step == "tail":
            if node.tail:
                writer.text(node.tail)
            continue
        if step == "close":
            _close(node, start, writer)
            continue
        tag = node.tag if isinstance(node.tag, str) else None
        if tag is None or tag in _DROP or (tag == "sup" and _superscript(node, writer)):
            continue
        start = _open(node, tag, writer)
        stack.append(("close", node, start))
        for child in reversed(node):
            stack.append(("tail", child, 0))
            stack.append(("open", child, 0))
        if node.text:
            writer.text(node.text)


def _open(node: Any, tag: str, writer: Writer) -> int:
    if tag == "br":
        writer.block(2 if node.get("data-gap") else 1)
    elif tag in _PARAGRAPH or tag in _HEADINGS:
        writer.block(2)
    elif tag in _BLOCK:
        writer.block()
    elif tag in {"td", "th"} and writer.last not in {"", " "}:
        writer.text(" | ")
    return writer.mark()


def _close(node: Any, start: int, writer: Writer) -> None:
    tag = node.tag
    if writer.length > start:
        if tag == "a" and node.get("href"):
            writer.hyperlinks.append(Hyperlink(start, writer.length, node.get("href").strip()))
        elif tag in _HEADINGS:
            writer.headings.append(Span(start, writer.length))
        elif tag == "li":
            writer.entries.append(Span(start, writer.length))
    if tag in _PARAGRAPH or tag in _HEADINGS:
        writer.block(2)
    elif tag in _BLOCK:
        writer.block()


def _superscript(node: Any, writer: Writer) -> bool:
    """A superscript of numbers after a word points at the reference list; after a digit or a unit it is a power."""
    inner = " ".join(node.text_content().split())
    m = _SUPERSCRIPT.match(inner)
    linked = any(a.get("href", "").startswith("#") for a in node.iter("a"))
    if not m or (not linked and _UNIT_BEFORE.search(writer.tail(4))):
        return False
    marker = "[" + re.sub(r"\s+", "", m.group(1)).replace("–", "-") + "]"
    writer.verbatim(marker)
    start = writer.length - len(marker)  # the writer may have put a blank or a line break before it
    targets = tuple(a.get("href")[1:] for a in node.iter("a") if a.get("href", "").startswith("#"))
    writer.markers.append(Marker(start, writer.length, "superscript", numbers_in(m.group(1)), targets=targets))
    return True


def numbers_in(words: str) -> tuple[int, ...]:
    """The numbers of a marker, ranges filled in.

    >>> numbers_in("2, 5-7")
    (2, 5, 6, 7)
    """
    out: list[int] = []
    for part in re.split(r"[,;]", words):
        ends = [int(x) for x in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < 50:
            out.extend(range(ends[0], ends[1] + 1))
        else:
            out.extend(ends)
    return tuple(dict.fromkeys(out))
