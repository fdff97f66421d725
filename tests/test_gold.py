"""How well lay texts are read that no rule was written for: floors a few points below what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ingest.pipeline import read_document
from ingest.read.article import read_path
from ingest.records import Article, Document, Span, Study

GOLD = Path(__file__).resolve().parent / "gold" / "lay"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in (GOLD / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


class Pair(NamedTuple):
    label: dict[str, Any]
    study: Study | None


class Score(NamedTuple):
    """One text read: each required study with the record found for it, and the records that belong to nothing."""

    row: dict[str, Any]
    pairs: list[Pair]
    extra: list[Study]


def article_of(row: dict[str, Any]) -> Article:
    (article,) = read_path(GOLD / row["file"], row["id"])
    assert isinstance(article, Article), article
    return article


def place(document: Document, anchor: str) -> Span:
    start = document.article.text.index(anchor)
    return Span(start, start + len(anchor))


def speaks_of(study: Study, spans: list[Span]) -> bool:
    return any(part.overlaps(span) for part in (Span(study.start, study.end), *study.parts) for span in spans)


def required(label: dict[str, Any]) -> bool:
    return not label["plural"] and not label.get("optional")


def score(row: dict[str, Any]) -> Score:
    """Match one to one: first by the anchor, then by the further mentions of the study."""
    document = read_document(article_of(row))
    free = list(document.studies)
    found: dict[int, Study] = {}
    for anchors_of in (lambda label: [label["anchor"]], lambda label: label["also"]):
        for index, label in enumerate(row["studies"]):
            spans = [place(document, anchor) for anchor in anchors_of(label)]
            hit = next((study for study in free if index not in found and speaks_of(study, spans)), None)
            if hit is not None:
                free.remove(hit)
                found[index] = hit
    neutral = [place(document, entry["anchor"]) for entry in row["claims"] + [s for s in row["studies"] if not required(s)]]
    pairs = [Pair(label, found.get(index)) for index, label in enumerate(row["studies"]) if required(label)]
    return Score(row, pairs, [study for study in free if not speaks_of(study, neutral)])


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [score(row) for row in ROWS]


def share(good: int, of: int) -> float:
    return good / of if of else 1.0


def acceptable(label: dict[str, Any], field: str) -> list[Any]:
    return [label[field], *label["alt"].get(field, [])]


def right(pair: Pair, field: str) -> bool:
    value = getattr(pair.study, field)
    if field != "duration_days" or value is None:
        return value in acceptable(pair.label, field)
    return any(abs(value - other) <= 0.02 * other for other in acceptable(pair.label, field) if other)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_anchor_occurs_once_in_file_and_plain_text(row: dict[str, Any]) -> None:
    raw = (GOLD / row["file"]).read_text(encoding="utf-8")
    text = article_of(row).text
    anchors = [entry["anchor"] for key in ("studies", "claims", "citations", "traps") for entry in row[key]]
    anchors += [anchor for study in row["studies"] for anchor in study["also"]]
    assert {anchor: (raw.count(anchor), text.count(anchor)) for anchor in anchors} == dict.fromkeys(anchors, (1, 1))


@pytest.mark.parametrize(("splits", "recall", "precision"), [(("real-style", "negative"), 0.86, 0.84), (("spun",), 0.75, 0.66)])
def test_mentions(scores: list[Score], splits: tuple[str, ...], recall: float, precision: float) -> None:
    chosen = [one for one in scores if one.row["split"] in splits]
    pairs = [pair for one in chosen for pair in one.pairs]
    hits = sum(pair.study is not None for pair in pairs)
    extra = [study.quote for one in chosen for study in one.extra]
    assert share(hits, len(pairs)) >= recall, [pair.label["anchor"] for pair in pairs if pair.study is None]
    assert share(hits, hits + len(extra)) >= precision, extra


def test_texts_without_a_study_stay_empty(scores: list[Score]) -> None:
    assert [(one.row["id"], study.quote) for one in scores if one.row["split"] == "negative" for study in one.extra] == []


@pytest.mark.parametrize(("field", "floor"), [("sample_size", 0.92), ("duration_days", 0.87), ("studies_pooled", 0.7), ("design", 0.87), ("species", 0.95)])
def test_fields(scores: list[Score], field: str, floor: float) -> None:
    pairs = [pair for one in scores for pair in one.pairs if pair.study is not None and pair.label[field] is not None]
    wrong = [(pair.label["anchor"], getattr(pair.study, field)) for pair in pairs if not right(pair, field)]
    assert share(len(pairs) - len(wrong), len(pairs)) >= floor, wrong
