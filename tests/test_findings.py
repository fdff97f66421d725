"""Findings: sentences in, change and effect out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.findings import read_findings
from ingest.extract.lay import lay_findings
from ingest.extract.significance import read_test
from ingest.records import Article, Mention
from ingest.text.prose import Prose


def findings(text: str, kind: str = "article"):
    prose = Prose(Article(id="t", text=text, kind=kind))
    mention = Mention(0, len(text), tuple(s.span for s in prose.sentences), "test", primary=kind == "abstract")
    return read_findings(prose, mention) if kind == "abstract" else lay_findings(prose, mention)  # the rules alone


LAY = [
    ("Attacks fell by a third in those on the mineral.", [("decreased", "benefit")]),
    ("Bone density fell in the group that took the pill.", [("decreased", "harm")]),
    ("The larger dose did no better than the placebo.", [("no_difference", "none")]),
    ("Pain did not differ between the groups.", [("no_difference", "none")]),
    ("Relapses and fatigue were the same in both groups.", [("no_difference", "none")] * 2),
    ("Heavy drinkers had a higher risk of stroke.", [("increased", "harm")]),
    ("Sleep and mood improved.", [("increased", "benefit")] * 2),
    ("It neither lowered blood pressure, nor helped.", [("no_difference", "none")]),
    ("Earlier trials have given mixed results.", [("mixed", "mixed")]),
    ("More than 40 people took part for longer than a year.", []),
    ("The team wanted to see whether tea prevents stroke; the trial aimed to reduce pain.", []),
]


@pytest.mark.parametrize(("text", "expected"), LAY, ids=[t[:40] for t, _ in LAY])
def test_lay(text, expected):
    assert [(f.change, f.effect) for f in findings(text)] == expected


def test_spans_lie_in_the_text():
    for text, _ in LAY:
        for f in findings(text):
            assert text[f.start : f.end] == f.outcome


@pytest.mark.parametrize(
    ("text", "significant"),
    [
        ("lower with the drug (P = 0.03)", True),
        ("lower with the drug (P=.4)", False),
        ("lower with the drug (HR 0.71, 95% CI 0.60 to 0.84)", True),
        ("lower with the drug (odds ratio, 0.93; 95% CI, 0.70-1.20)", False),
        ("a trend toward lower scores", False),
        ("lower with the drug", None),
    ],
)
def test_significance(text, significant):
    assert read_test(text, 0, len(text)).significant is significant


ABSTRACT = """Lowering of pressure with drug A versus placebo in adults: a randomised trial
BACKGROUND: Pressure (blood pressure, BP) matters.
METHODS: The primary end point was systolic blood pressure at 12 weeks. Secondary end points were headache and adverse events.
RESULTS: Systolic blood pressure was significantly lower in the drug group than in the placebo group (P=0.002).
There was no significant difference in headache or dizziness between the groups (P=0.61).
CONCLUSIONS: Drug A lowered systolic blood pressure."""


def test_abstract_names_each_outcome_once_with_its_change():
    found = {f.outcome.lower(): f for f in findings(ABSTRACT, "abstract")}
    assert found["systolic blood pressure"].change == "decreased"
    assert found["headache"].change == "no_difference"
    assert found["dizziness"].change == "no_difference"


def test_abstract_marks_the_primary_endpoint():
    primary = [f for f in findings(ABSTRACT, "abstract") if f.primary]
    assert [(f.effect, f.outcome.lower()) for f in primary] == [("benefit", "systolic blood pressure")]


def test_unmet_primary_endpoint_is_none():
    text = (
        ABSTRACT.replace("was significantly lower in", "did not differ between")
        .replace("(P=0.002)", "(P=0.42)")
        .replace("Drug A lowered systolic blood pressure", "Drug A did not lower systolic blood pressure")
    )
    assert [f.effect for f in findings(text, "abstract") if f.primary] == ["none"]


CASES = [
    line.split("\t")
    for name in ("findings_cases.tsv", "findings_lay_cases.tsv")
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "effects"), CASES, ids=[c[0][:50] for c in CASES])
def test_effects_of_a_sentence(text, effects):
    assert " ".join(f.effect for f in findings(text)) == effects
