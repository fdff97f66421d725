"""The type of question of a finding, and the rule that decided it."""

from __future__ import annotations

import pytest

from ingest.grade.question import by_question, question_of
from ingest.records import Finding, Study
from tests.grading import finding, study

CASES = {
    "a drug's effect": (finding(), study(exposure="interferon"), "benefit"),
    "an adverse effect": (finding("harm", "adverse", "nausea"), study(exposure="interferon"), "harm"),
    "trial that found harm to a clinical outcome": (finding("harm", outcome="lung cancer", change="increased"), study(exposure="beta-carotene"), "benefit"),
    "trial that raised a risk": (finding("harm", outcome="risk of lung cancer", change="increased"), study(exposure="beta-carotene"), "harm"),
    "cohort on a food": (finding("harm", outcome="stroke"), study("cohort", exposure="processed meat"), "harm"),
    "cohort on a status": (finding(outcome="relapses"), study("cohort", exposure="vitamin D level"), "harm"),
    "cohort on a drug that people were given": (finding(outcome="stroke"), study("cohort", exposure="statins"), "benefit"),
    "an association in a trial's data": (finding(change="associated"), study(exposure="magnesium"), "harm"),
    "accuracy of a test": (
        finding("unclear", outcome="result"),
        study("cross_sectional", quote="The test's sensitivity and specificity were high."),
        "diagnosis",
    ),
    "insulin sensitivity is no test": (finding(outcome="insulin sensitivity", outcome_type="surrogate"), study(exposure="cinnamon"), "benefit"),
    "screening": (finding(outcome="cancer mortality"), study(exposure="mammography"), "screening"),
    "how common": (finding("unclear", outcome="prevalence of asthma"), study("cross_sectional", exposure=None), "prevalence"),
    "outlook": (finding("unclear", outcome="prognosis"), study("cohort", exposure=None), "prognosis"),
    "no finding": (None, study(findings=()), "benefit"),
    "no finding, cohort": (None, study("cohort", exposure="coffee", findings=()), "harm"),
}


@pytest.mark.parametrize(("f", "s", "expected"), CASES.values(), ids=CASES)
def test_question(f: Finding | None, s: Study, expected: str) -> None:
    got = question_of(f, s)
    assert got.type == expected
    assert got.rule


def test_findings_are_gathered_by_question() -> None:
    s = study(findings=(finding("harm", "adverse", "rash"), finding(), finding("none", outcome="fatigue")))
    assert [(q.type, len(fs)) for q, fs in by_question(s)] == [("benefit", 2), ("harm", 1)]
