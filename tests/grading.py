"""Studies and bodies to grade, made with as few words as a test needs."""

from __future__ import annotations

from typing import Any

from ingest.grade.certainty import Unit
from ingest.grade.kinds import Kind
from ingest.records import BodyInput, Finding, Study, StudyRow

PARENTS = {
    "cohort_inception": "cohort",
    "cohort_prospective": "cohort",
    "cohort_retrospective": "cohort",
    "cross_sectional_random": "cross_sectional",
    "cross_sectional_accuracy": "cross_sectional",
}
DESIGNS = {
    **dict.fromkeys(
        ("review_rct", "review_cohort", "review_case_control", "review_cross_sectional", "review_observational", "review_unstated"), "systematic_review"
    ),
    **dict.fromkeys(("trial_controlled", "trial_single_arm", "trial_unstated"), "nonrandomized_trial"),
    **PARENTS,
}


def kind(name: str) -> Kind:
    return Kind(name, PARENTS.get(name, name), name.replace("_", " "))


def finding(effect: str = "benefit", outcome_type: str = "clinical", outcome: str = "pain", change: str = "decreased", ratio: float | None = None) -> Finding:
    return Finding(outcome, change, effect, outcome_type, 0, 4, "test", ratio=ratio)


def study(design: str = "rct", **values: Any) -> Study:
    values = {"species": "human", "sample_size": 500, "exposure": "vitamin D", "condition": "pain", "findings": (finding(),), **values}
    quote = values.pop("quote", "A study.")
    return Study(0, len(quote), quote, design=DESIGNS.get(design, design), **values)


def row(key: str, s: Study, work: str | None = None, article: str | None = None) -> StudyRow:
    return StudyRow(key=key, article_id=article or key.split("~")[0], position=1, study=s, label=key, work_key=work)


def inputs(r: StudyRow, exposure: str = "vitamin D", condition: str = "pain", outcome: str = "pain") -> list[BodyInput]:
    return [BodyInput(r, f, i, exposure, condition, outcome) for i, f in enumerate(r.study.findings)]


def unit(key: str = "a", name: str = "rct", vote: str = "benefit", n: int | None = 500, **values: Any) -> Unit:
    values = {"outcome_types": frozenset({"clinical"}), "stated": frozenset({"high_quality"}), **values}
    return Unit(key, kind(name), vote, n, **values)
