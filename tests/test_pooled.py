"""How many studies a review counts: invented mentions, each a class of wording."""

from __future__ import annotations

import pytest

from ingest.extract.pooled import read_pooled
from ingest.records import Span

CASES = {
    "taken in": ("A review of dancing, which took in 21 of them with 3,763 bakers, saw little.", 21),
    "papers with people": ("They trawled through 33 articles in which 3,110 bakers had been scanned.", 33),
    "investigations": ("The Cochrane group laid fourteen investigations next to each other.", 14),
    "came back with": ("Oxford librarians went looking for all the trials of naps and came back with fifty-three.", 53),
    "apposed": ("She pooled the interventions to date, fifty of them.", 50),
    "two kinds": ("Pooled, eight Chinese and two Turkish trials favour the tea.", 10),
    "two nouns": ("The review rests on 12 randomised trials and 5 cohort studies.", 17),
    "a single one": ("Reviewers looked for trials of naps and turned up a single one, with 46 bakers.", 1),
    "good enough": ("Of 2,300 papers that were screened, 14 were good enough.", 14),
    "kept": ("The authors sifted 1,900 papers and kept 22.", 22),
    "with their people": ("Ten trials, 868 bakers: that was all the reviewers had.", 10),
    "countries are none": ("An analysis of 31 studies in 12 countries.", 31),
    "people are none": ("The review had 4,200 bakers to go by.", None),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_studies_pooled(text: str, expected: int | None) -> None:
    value = read_pooled(text, [Span(0, len(text))], "meta_analysis")
    assert (value.value if value else None) == expected
    if value:
        assert text[value.start : value.end]


def test_a_trial_pools_nothing() -> None:
    text = "Chance decided which of two trials the bakers joined."
    assert read_pooled(text, [Span(0, len(text))], "rct") is None
