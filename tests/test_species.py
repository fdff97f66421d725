"""Species: people unless the text or the design says otherwise."""

from __future__ import annotations

import pytest

from ingest.extract.species import read_species
from ingest.records import Article, Mention
from ingest.text.prose import Prose

CASES = {
    "people": ("A trial in 40 volunteers found no effect.", "rct", "human"),
    "mice": ("Mice fed the berry lived longer.", "animal", "animal"),
    "dish": ("In a dish it kills the bacteria.", "in_vitro", "in_vitro"),
    "people and rats": ("What worked in rats failed in 40 patients.", "rct", "human"),
    "animals named, design open": ("One study in rabbits found it safe.", "unspecified", "animal"),
    "case": ("A 61-year-old baker turned yellow.", "case_report", "human"),
}


@pytest.mark.parametrize(("text", "design", "expected"), CASES.values(), ids=CASES.keys())
def test_species(text: str, design: str, expected: str) -> None:
    prose = Prose(Article("a", text))
    parts = tuple(s.span for s in prose.sentences)
    value = read_species(prose, Mention(0, parts[0].end, parts, "test"), design, ())
    assert value is not None
    assert value.value == expected
    assert 0 <= value.start < value.end <= len(text)
