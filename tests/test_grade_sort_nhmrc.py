"""SORT and NHMRC: every cell, every cap, the strength of a body."""

from __future__ import annotations

import pytest

from ingest.grade import nhmrc, sort
from ingest.grade.kinds import KINDS
from ingest.grade.profile import load_profile
from ingest.grade.question import Question
from ingest.grade.scales import STUDY_SCALES, grade_study
from ingest.records import Study
from tests.grading import finding, kind, study

P = load_profile()
GOOD = (("high_quality", 0, 4),)
# kind: the best SORT level it can earn for benefit (harm and screening alike), diagnosis, prognosis
SORT = {
    "review_rct": "1 2 2",
    "review_cohort": "2 1 1",
    "review_case_control": "2 2 2",
    "review_cross_sectional": "2 1 2",
    "review_observational": "2 2 2",
    "review_unstated": "2 2 2",
    "rct": "1 2 2",
    "trial_controlled": "2 2 2",
    "trial_single_arm": "2 2 2",
    "trial_unstated": "2 2 2",
    "cohort_inception": "2 2 1",
    "cohort_prospective": "2 2 1",
    "cohort_retrospective": "2 2 2",
    "cohort": "2 2 2",
    "case_control": "2 2 2",
    "cross_sectional_random": "2 2 2",
    "cross_sectional_accuracy": "2 1 2",
    "cross_sectional": "2 2 2",
    "case_series": "3 3 2",
    "case_report": "3 3 2",
    "animal": "3 3 3",
    "in_vitro": "3 3 3",
    "narrative_review": "3 3 3",
    "expert_opinion": "3 3 3",
    "unspecified": "- - -",
}
SORT_QUESTIONS = {"benefit": 0, "harm": 0, "screening": 0, "diagnosis": 1, "prognosis": 2}
# kind: its NHMRC level for benefit and screening, harm, diagnosis, prognosis
NHMRC = {
    "review_rct": "I I III-2 III-2",
    "review_cohort": "III-2 III-2 III-2 III-3",
    "review_case_control": "III-2 III-3 III-3 IV",
    "review_cross_sectional": "IV IV III-2 IV",
    "review_observational": "IV IV IV IV",
    "review_unstated": "- - - -",
    "rct": "II II III-2 III-2",
    "trial_controlled": "III-2 III-2 III-2 IV",
    "trial_single_arm": "IV IV IV IV",
    "trial_unstated": "IV IV IV IV",
    "cohort_inception": "III-2 III-2 III-2 II",
    "cohort_prospective": "III-2 II III-2 II",
    "cohort_retrospective": "III-2 III-2 III-2 III-3",
    "cohort": "III-2 III-2 III-2 III-3",
    "case_control": "III-2 III-3 III-3 IV",
    "cross_sectional_random": "IV IV III-2 IV",
    "cross_sectional_accuracy": "IV IV III-1 IV",
    "cross_sectional": "IV IV III-2 IV",
    "case_series": "IV IV IV IV",
    "case_report": "IV IV IV IV",
    "animal": "- - - -",
    "in_vitro": "- - - -",
    "narrative_review": "- - - -",
    "expert_opinion": "- - - -",
    "unspecified": "- - - -",
}
NHMRC_QUESTIONS = {"benefit": 0, "screening": 0, "harm": 1, "diagnosis": 2, "prognosis": 3}


def dashed(x: str) -> str | None:
    return None if x == "-" else x


@pytest.mark.parametrize(("name", "question"), [(n, q) for n in SORT for q in SORT_QUESTIONS])
def test_every_sort_cell(name: str, question: str) -> None:
    s = study(name, weaknesses=GOOD)
    expected = dashed(SORT[name].split()[SORT_QUESTIONS[question]])
    assert sort.grade(s, kind(name), Question(question, "given"), s.findings, P).level == expected


@pytest.mark.parametrize(("name", "question"), [(n, q) for n in NHMRC for q in NHMRC_QUESTIONS])
def test_every_nhmrc_cell(name: str, question: str) -> None:
    s = study(name)
    expected = dashed(NHMRC[name].split()[NHMRC_QUESTIONS[question]])
    assert nhmrc.grade(s, kind(name), Question(question, "given"), s.findings, P).level == expected


@pytest.mark.parametrize("name", KINDS)
def test_neither_has_a_row_for_prevalence(name: str) -> None:
    s = study(name)
    for scale in (sort, nhmrc):
        assert scale.grade(s, kind(name), Question("prevalence", "given"), s.findings, P).level is None


CAPS = {
    "trial of good quality": (study(weaknesses=GOOD), [], "1"),
    "double blind alone is not good quality": (study(weaknesses=(("double_blind", 0, 4),)), [("quality", -1)], "2"),
    "quality not stated": (study(), [("quality", -1)], "2"),
    "good quality and a weakness": (study(weaknesses=(*GOOD, ("high_dropout", 0, 4))), [("quality", -1)], "2"),
    "surrogates only": (study(weaknesses=GOOD, findings=(finding(outcome_type="surrogate"),)), [("outcome", -2)], "3"),
    "outcome not clear": (study(weaknesses=GOOD, findings=(finding(outcome_type="unclear"),)), [("outcome", -2)], "3"),
    "no outcome": (study(weaknesses=GOOD, findings=()), [("outcome", -2)], "3"),
    "cohort with a surrogate": (study("cohort", exposure="statins", findings=(finding(outcome_type="surrogate"),)), [("outcome", -1)], "3"),
    "cohort": (study("cohort", exposure="statins"), [], "2"),
    "review that agrees": (study("meta_analysis", quote="It pooled trials."), [], "1"),
    "review, mixed": (study("meta_analysis", quote="It pooled trials.", findings=(finding("mixed"),)), [("consistency", -1)], "2"),
    "review, unclear": (study("meta_analysis", quote="It pooled trials.", findings=(finding("unclear"),)), [("consistency", -1)], "2"),
    "review with a weakness": (study("meta_analysis", quote="It pooled trials.", weaknesses=(("poor_quality", 0, 4),)), [("quality", -1)], "2"),
    "species not stated": (study(species="unknown", weaknesses=GOOD), [("species", -2)], "3"),
    "bench research goes no lower": (study("in_vitro", species="in_vitro", findings=()), [], "3"),
}


@pytest.mark.parametrize(("s", "caps", "expected"), CAPS.values(), ids=CAPS)
def test_sort_caps(s: Study, caps: list[tuple[str, int]], expected: str) -> None:
    got = next(g for g in grade_study(s) if g.scale == "sort")
    assert [(r.domain, r.steps) for r in got.reasons if r.direction == "cap"] == caps
    assert got.level == expected


BODIES = {
    "A": (["1", "2"], True, "A"),
    "good but disagreeing": (["1", "1"], False, "B"),
    "limited quality": (["2", "3"], True, "B"),
    "disagreeing too": (["2", "2"], False, "B"),
    "disease-oriented": (["3", "3"], True, "C"),
    "levels not known do not count": ([None, "2"], True, "B"),
    "no level at all": ([None], True, None),
    "nothing": ([], True, None),
}


@pytest.mark.parametrize(("levels", "consistent", "expected"), BODIES.values(), ids=BODIES)
def test_sort_strength(levels: list[str | None], consistent: bool, expected: str | None) -> None:
    assert sort.grade_body(levels, consistent, P).level == expected


def test_every_study_is_graded_on_every_scale_for_every_question() -> None:
    s = study(findings=(finding(), finding("harm", "adverse", "nausea", "increased")))
    assert [(g.scale, g.question) for g in grade_study(s)] == [(x, q) for q in ("benefit", "harm") for x in STUDY_SCALES]
    assert all(g.profile == "default" and len(g.profile_hash) == 12 for g in grade_study(s))
