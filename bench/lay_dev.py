"""The labelled lay articles as the find step sees them: shared by the training and error scripts of this folder."""

from __future__ import annotations

import importlib.util
import json
import re
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
