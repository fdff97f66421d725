"""The type of question that a finding answers: it decides the row of OCEBM's and NHMRC's tables.

The types are those of the Oxford 2011 table; its "common harms" row is used for aetiology ("linked to", "risk of") as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.records import QUESTION_TYPES, Finding, Study
from ingest.text.terms import normalise

_DIAGNOSIS = re.compile(
    r"\b(?:sensitivity and specificity|diagnostic (?:accuracy|value|performance|yield)|test accuracy|predictive values?|area under the (?:roc )?curve"
    r"|false[- ](?:positives?|negatives?)|correctly (?:identif|classif|diagnos|detect)\w+)\b",
    re.I,
)
_SCREENING = re.compile(r"\bscreen(?:ing|ed)\b|\bmammogra\w+", re.I)
_PREVALENCE = re.compile(r"\b(?:prevalence|how common|how many people|(?:share|proportion|percentage) of (?:people|adults|patients|the population))\b", re.I)
_PROGNOSIS = re.compile(
    r"\b(?:prognos\w+|natural history|course of the (?:disease|illness)|outlook|predict\w* (?:of )?(?:survival|recovery|relapse|outcome|progression|death))",
    re.I,
)
_OBSERVATIONAL = frozenset({"cohort", "case_control", "cross_sectional"})
_TREATMENTS = frozenset({"drug", "procedure", "therapy", "device", "vaccine", "herb", "combination"})
_RISK = re.compile(r"\brisk|\bodds\b|\blikel|\bincidence\b|\bassociat|\blink(?:ed|s)?\b|\bcaus(?:e|ed|es)\b|\bdevelop", re.I)


@dataclass(frozen=True, slots=True)
class Question:
    """A type of question with the rule that decided it, in words."""

    type: str
    rule: str


def question_of(finding: Finding | None, study: Study) -> Question:
    """Decide what a finding of a study asks; None stands for a study of which no finding was read. The first rule that fits decides."""
    words = " ".join(filter(None, (finding.outcome if finding else "", study.quote)))
    outcome = finding.outcome if finding else ""
    exposure = study.exposure or ""
    if finding and finding.outcome_type == "adverse":
        return Question("harm", "the outcome is an adverse effect")
    if _DIAGNOSIS.search(words):
        return Question("diagnosis", "the words speak of the accuracy of a test")
    if _group(exposure) == "screening" or _SCREENING.search(exposure):
        return Question("screening", "what was done is screening")
    if not exposure and (_PREVALENCE.search(outcome) or (not finding and _PREVALENCE.search(words))):
        return Question("prevalence", "the words ask how common something is, and no exposure is named")
    if not exposure and _PROGNOSIS.search(words):
        return Question("prognosis", "the words ask how a condition goes on, and no exposure is named")
    return _benefit_or_harm(finding, study, outcome)


@lru_cache(maxsize=4096)
def _group(exposure: str) -> str:
    """Give the kind of an exposure by the vocabulary; empty where it is not known."""
    term = normalise("exposure", exposure) if exposure else None
    return term.group if term else ""


def _benefit_or_harm(finding: Finding | None, study: Study, outcome: str) -> Question:
    observed = study.design in _OBSERVATIONAL
    if observed and _group(study.exposure or "") not in _TREATMENTS:
        return Question("harm", "an observational study of something that people do, eat or meet: aetiology uses the harm row")
    if finding and finding.change == "associated":
        return Question("harm", "the finding is an association: aetiology uses the harm row")
    if finding and finding.effect == "harm" and _RISK.search(outcome):
        return Question("harm", "the finding is a raised risk")
    return Question("benefit", "an intervention: benefit is the default")


def questions_of(study: Study) -> tuple[Question, ...]:
    """Decide the question of every finding, in the findings' order."""
    return tuple(question_of(f, study) for f in study.findings)


def by_question(study: Study) -> tuple[tuple[Question, tuple[Finding, ...]], ...]:
    """Gather a study's findings by the type of their question, in the vocabulary's order; without findings, one default question."""
    if not study.findings:
        return ((question_of(None, study), ()),)
    asked = list(zip(questions_of(study), study.findings, strict=True))
    out = []
    for kind in QUESTION_TYPES:
        mine = [(q, f) for q, f in asked if q.type == kind]
        if mine:
            out.append((mine[0][0], tuple(f for _, f in mine)))
    return tuple(out)
