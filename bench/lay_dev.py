"""The labelled lay articles as the find step sees them: shared by the training and error scripts of this folder."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from ingest.pipeline import find_markers, read_references
from ingest.read.article import read_path
from ingest.records import Article, Span
from ingest.text.prose import Prose

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
_TAIL = re.compile(
    r"(?:\n|(?<=\.))\*?(?:References?|REFS|LINKS|Sources?\b[^\n:]{0,50}|Further reading|FURTHER READING|READ MORE|Main sources|"
    r"Want to geek out\?|Where we got this|Notes\n)(?:\s*:|\s*\n)"
)


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_lay", EVAL / "score_lay.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose_of(article: Article) -> Prose:
    lists, citations = read_references(article)
    if not lists:  # no reference step: take the tail off
        hits = list(_TAIL.finditer(article.text))
        lists = (Span(hits[-1].start(), len(article.text)),) if hits else ()
    return Prose(article, lists, find_markers(article, lists, citations) or article.markers, citations)


def load() -> list[tuple[dict, Prose]]:
    out = []
    for line in (EVAL / "lay" / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = next(read_path(EVAL / "lay" / row["file"], row["id"]))
        assert isinstance(article, Article)
        out.append((row, prose_of(replace(article, kind="article"))))
    return out


def extra(spun: bool = True) -> list[tuple[dict, Prose]]:
    """The articles of lay_extra.txt; with ``spun`` also a spun copy of every second one."""
    spec = importlib.util.spec_from_file_location("spin", EVAL / "lay" / "spin.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out = []
    blocks = Path(__file__).with_name("lay_extra.txt").read_text(encoding="utf-8").split("\n@ ")[1:]
    for n, block in enumerate(blocks):
        name, _, body = block.partition("\n")
        out.append(_built(name, body.splitlines(), None))
        if spun and n % 2:
            out.append(_built(name, body.splitlines(), module.spin))
    return out


def _built(name: str, lines: list[str], spin: Callable[[str], tuple[str, object]] | None) -> tuple[dict, Prose]:
    text, studies, claims, units, waiting = "", [], [], [], []
    for line in lines:
        sign, _, words = line.partition(" ")
        if not words:
            text = text.rstrip() + "\n\n" if text else ""
            continue
        if sign == "#":
            text = (text.rstrip() + "\n\n" if text else "") + words + "\n\n"
            continue
        words = spin(words)[0] if spin else words
        if sign in "*p?":
            studies.append({"anchor": words, "also": waiting, "plural": sign == "p", "optional": sign == "?", "findings": []})
            waiting = []
        elif sign == "<":
            waiting = [*waiting, words]
        elif sign[0] == "=":
            studies[int(sign[1:])]["also"].append(words)
        elif sign == "c":
            claims.append({"anchor": words})
        units.append((len(text), len(text) + len(words), sign[0], len(studies) - 1))
        text += words + " "
    split = "extra" if any(not s["plural"] and not s["optional"] for s in studies) else "extra-negative"
    article = Article(name + "-spun" * bool(spin), text.rstrip())
    row = {"id": article.id, "split": "extra-spun" if spin else split, "studies": studies, "claims": claims, "citations": [], "units": units}
    return row, prose_of(article)
