"""The designs as the scales need them: what a review pooled, whether a trial had a control group, how a cohort was put together.

The record's vocabulary of designs is coarser than the tables of OCEBM and NHMRC. The finer kind is read from the study's own
sentences, its linked work's title and its publication types; where nothing is said, the kind is the one that earns least.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.records import Study, Work
from ingest.text.terms import normalise

_TRIALS = re.compile(r"\brandomi[sz]ed\b|\brandomly\b|\brcts?\b|placebo-controlled|\b(?:controlled|clinical) trials\b|\btrials\b", re.I)
_COHORTS = re.compile(r"\bcohorts?\b|\bprospective studies\b|\blongitudinal studies\b", re.I)
_CASE_CONTROLS = re.compile(r"\bcase[- ]control studies\b", re.I)
_SURVEYS = re.compile(r"\bcross-sectional studies\b|\bsurveys\b", re.I)
_OBSERVATIONAL = re.compile(r"\bobservational (?:studies|research|evidence|data)\b|\bepidemiological studies\b|\bpopulation(?:-based)? studies\b", re.I)
_SINGLE_ARM = re.compile(
    r"\bsingle[- ]arm\b|\bno (?:control|comparison|placebo)(?: group)?\b|\buncontrolled\b|\bbefore[- ]and[- ]after\b|\bpre-?post\b|\bhistorical(?:ly)? control",
    re.I,
)
_CONTROLLED = re.compile(
    r"\b(?:comparison|placebo|untreated|usual[- ]care) (?:group|arm|condition)\b|\bcontrols?\b|\bcompared (?:with|to)\b|\bversus\b|\bvs\b"
    r"|\bthe other (?:half|group)\b",
    re.I,
)
_INCEPTION = re.compile(r"\binception cohort\b|\bnewly diagnosed\b|\bfrom (?:the (?:time|day|point|moment) of )?diagnosis\b|\bat (?:disease )?onset\b", re.I)
_PROSPECTIVE = re.compile(r"\bprospective(?:ly)?\b", re.I)
_RETROSPECTIVE = re.compile(r"\bretrospective(?:ly)?\b|\bmedical records\b|\bhealth records\b|\bregist(?:er|ry|ries)\b", re.I)
_RANDOM_SAMPLE = re.compile(r"\bcensus\b|\b(?:nationally )?representative (?:sample|survey)\b|\brandom(?:ly selected)? sample\b|\bprobability sample\b", re.I)
_ACCURACY = re.compile(r"\b(?:reference|gold) standard\b.*\bblind|\bblind.*\b(?:reference|gold) standard\b", re.I | re.S)
_EXPERIMENTAL_ANIMALS = frozenset({"animal", "in_vitro"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A finer design: ``name`` is a row of the scales' tables, ``parent`` its fallback, ``words`` what it is in a sentence."""

    name: str
    parent: str
    words: str


WORDS = {
    "review_rct": "a review of randomised trials",
    "review_cohort": "a review of cohort studies",
    "review_case_control": "a review of case-control studies",
    "review_cross_sectional": "a review of surveys",
    "review_observational": "a review of observational studies (kind not stated)",
    "review_unstated": "a review that does not say what it pooled",
    "rct": "a randomised trial",
    "trial_controlled": "a controlled trial without chance allocation",
    "trial_single_arm": "a trial without a control group of its own time",
    "trial_unstated": "a trial without chance allocation (control group not stated)",
    "cohort_inception": "a cohort followed from the start of the condition",
    "cohort_prospective": "a prospective cohort study",
    "cohort_retrospective": "a cohort study that looked back",
    "cohort": "a cohort study",
    "case_control": "a case-control study",
    "cross_sectional_random": "a random sample or census",
    "cross_sectional_accuracy": "a test compared blind with a reference standard",
    "cross_sectional": "a cross-sectional study",
    "case_series": "a case series",
    "case_report": "a case report",
    "animal": "a study in animals",
    "in_vitro": "a laboratory study of cells or tissue",
    "narrative_review": "an overview without a systematic search",
    "expert_opinion": "an expert's or a committee's opinion",
    "unspecified": "a study whose design is not stated",
}
KINDS = tuple(WORDS)


def kind_of(study: Study, work: Work | None = None, text: str = "") -> Kind:
    """Find the finer design of a study.

    :param work: the linked work, whose title and publication types may say more than the article.
    :param text: the article's text; without it only the study's quote is read.
    """
    words = " ".join(filter(None, (_own_words(study, text), work.title if work else "", " ".join(work.publication_types) if work else "")))
    name = _name(study, words)
    parent = name.split("_")[0] if name.startswith(("cohort_", "cross_sectional_")) else name
    return Kind(name, "cross_sectional" if parent == "cross" else parent, WORDS[name])


@lru_cache(maxsize=4096)
def is_animal_model(condition: str | None) -> bool:
    """Whether a condition exists in animals only, such as experimental autoimmune encephalomyelitis; then so did the study."""
    term = normalise("condition", condition) if condition else None
    return bool(term and term.group == "animal model")


def _own_words(study: Study, text: str) -> str:
    return " ".join(text[p.start : p.end] for p in study.parts) if text and study.parts else study.quote


def _name(study: Study, words: str) -> str:
    if study.species in _EXPERIMENTAL_ANIMALS:
        return study.species
    if is_animal_model(study.condition):
        return "animal"
    if study.design in {"meta_analysis", "systematic_review"}:
        return _review(words)
    if study.design == "nonrandomized_trial":
        return _trial(study, words)
    if study.design == "cohort":
        return _first(words, ("cohort_inception", _INCEPTION), ("cohort_retrospective", _RETROSPECTIVE), ("cohort_prospective", _PROSPECTIVE)) or "cohort"
    if study.design == "cross_sectional":
        return _first(words, ("cross_sectional_accuracy", _ACCURACY), ("cross_sectional_random", _RANDOM_SAMPLE)) or "cross_sectional"
    return study.design


def _first(words: str, *patterns: tuple[str, re.Pattern[str]]) -> str | None:
    return next((name for name, p in patterns if p.search(words)), None)


def _review(words: str) -> str:
    """Of several kinds that a review pooled the one with the lowest level decides."""
    found = _first(
        words,
        ("review_observational", _OBSERVATIONAL),
        ("review_cross_sectional", _SURVEYS),
        ("review_case_control", _CASE_CONTROLS),
        ("review_cohort", _COHORTS),
        ("review_rct", _TRIALS),
    )
    return found or "review_unstated"


def _trial(study: Study, words: str) -> str:
    stated = {k for k, _, _ in study.weaknesses}
    if stated & {"no_control", "historical_control"} or _SINGLE_ARM.search(words):
        return "trial_single_arm"
    if len(study.arms) >= 2 or study.comparator or _CONTROLLED.search(words):
        return "trial_controlled"
    return "trial_unstated"
