"""Stated weaknesses and strengths: invented sentences, each a class of wording."""

from __future__ import annotations

import pytest

from ingest.extract.quality import read_weaknesses
from ingest.records import Article, Mention
from ingest.text.prose import Prose

CASES = {
    "no control": ("Twenty bakers took the powder. There was no comparison group.", {"no_control"}),
    "not blinded": ("Nobody was blinded, and more than half of them dropped out.", {"not_blinded", "high_dropout"}),
    "open-label": ("It was an open-label trial paid for by the company that makes the bar.", {"open_label", "industry_funded"}),
    "small and short": ("A small (18 people), short (5 weeks) study failed.", {"small", "short"}),
    "chose": ("The pupils were not randomised.", {"not_randomized"}),
    "strong": ("In a double-blind trial 90 nurses were randomly assigned to syrup or placebo.", {"double_blind", "randomized"}),
    "chance without placebo": ("They were randomly assigned, but there was no placebo.", {"randomized"}),
    "review": ("Most of the trials were of low quality.", {"poor_quality"}),
    "retracted": ("The journal retracted the paper in 2019.", {"retracted"}),
    "preprint": ("The result is a preprint and has not been peer-reviewed.", {"unpublished"}),
    "silent": ("Forty nurses drank tea for a month and slept better.", set()),
    "quality of life": ("High quality of life went with tea.", set()),
}


@pytest.mark.parametrize(("text", "kinds"), CASES.values(), ids=CASES.keys())
def test_stated(text: str, kinds: set[str]) -> None:
    prose = Prose(Article("a", text))
    parts = tuple(s.span for s in prose.sentences)
    found = read_weaknesses(prose, Mention(0, parts[0].end, parts, "test"))
    assert {k for k, _, _ in found} == kinds
    assert all(0 <= a < b <= len(text) for _, a, b in found)
