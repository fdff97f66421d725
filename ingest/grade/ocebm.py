"""The Oxford 2011 Levels of Evidence for one study and one type of question.

Source: OCEBM Levels of Evidence Working Group, "The Oxford 2011 Levels of Evidence" (CC BY). The table gives the level to start
from; its footnote lowers for study quality, imprecision, indirectness, inconsistency or a very small effect and raises for a
large effect, without a size of the steps. One level a reason and the thresholds are our convention and stand in the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.grade.kinds import Kind
from ingest.grade.profile import Profile
from ingest.grade.question import Question
from ingest.grade.reasons import finish, moved, of_study, reason
from ingest.grade.tables import load_table
from ingest.records import Finding, Grade, Reason, Study

SCALE = "ocebm"
BEST, WORST = 1, 5
_OF_EFFECT = frozenset({"benefit", "harm", "screening"})
_CONTROLLED = frozenset({"cohort", "case_control", "trial_controlled"})
_COUNTED_CASES = frozenset({"case_series", "case_report"})
_REVIEWS = frozenset({"meta_analysis", "systematic_review"})


def grade(study: Study, kind: Kind, question: Question, findings: Sequence[Finding], profile: Profile) -> Grade:
    """Grade a study for a type of question. A design that is not stated has no level."""
    start = _start(study, kind, question)
    level = load_table(SCALE).level(question.type, kind)
    if level is None:
        return finish(SCALE, None, question.type, [*_asked(question), start], profile, "No level.")
    downs = list(_downs(study, kind, question, findings, profile)) if int(level) < WORST else []
    ups = list(_ups(study, kind, findings, profile)) if not downs else []
    at = min(max(int(level) - moved((*downs, *ups)), BEST), WORST)
    caps = [unknown_species(study, at - WORST)] if study.species == "unknown" and at < WORST else []
    end = str(WORST if caps else at)
    return finish(SCALE, end, question.type, [*_asked(question), start, *downs, *ups, *caps], profile, f"Level {end} of 5.")


def unknown_species(study: Study, steps: int) -> Reason:
    """Cap a study of which it is not stated whether people, animals or cells were studied at the level of the latter."""
    text = "Whether people, animals or cells were studied is not stated; capped at the level of evidence that is not from people."
    return of_study("species", "cap", steps, text, study, "species")


def _asked(question: Question) -> tuple[Reason, ...]:
    return (reason("question", "note", 0, f"Read as a question of {question.type}: {question.rule}.", value=question.type),)


def _start(study: Study, kind: Kind, question: Question) -> Reason:
    table = load_table(SCALE)
    level, why = table.level(question.type, kind), table.explanation(question.type, kind)
    if kind.name == "unspecified":
        return of_study("design", "start", 0, "The design is not stated, so the study has no level; that is not a low level.", study, "design")
    words = f"{kind.words[0].upper()}{kind.words[1:]} starts at level {level} for a question of {question.type}" if level else f"No level for {kind.words}"
    return of_study("design", "start", 0, f"{words}{f' ({why})' if why else ''}.", study, "design")


def _downs(study: Study, kind: Kind, question: Question, findings: Sequence[Finding], profile: Profile) -> Iterator[Reason]:
    step = -int(profile.get("ocebm.step"))
    if profile.on("ocebm.quality"):
        yield from _quality(study, kind, profile, step)
    if profile.on("ocebm.imprecision") and kind.name not in _COUNTED_CASES:
        yield from _imprecision(study, profile, step)
    if profile.on("ocebm.indirectness") and question.type in _OF_EFFECT:
        yield from _indirectness(findings, step)
    if profile.on("ocebm.inconsistency") and study.design in _REVIEWS and question.type in _OF_EFFECT:
        yield from _inconsistency(findings, step)
    if profile.on("ocebm.small_effect"):
        yield from _small_effect(findings, profile, step)


def _quality(study: Study, kind: Kind, profile: Profile, step: int) -> Iterator[Reason]:
    counted = set(profile.get("risk_of_bias.weaknesses"))
    if not kind.name.startswith("review") and kind.name not in {"rct", "trial_controlled"}:
        counted -= {"no_control", "not_randomized", "historical_control", "open_label"}  # the design's own level reckons with these
    found = next(((k, a, b) for k, a, b in study.weaknesses if k in counted), None)
    if found:
        yield reason("quality", "down", step, f"The text states a weakness: {found[0].replace('_', ' ')}.", "weaknesses", found[0], found[1:])


def _imprecision(study: Study, profile: Profile, step: int) -> Iterator[Reason]:
    limit = int(profile.get("ocebm.imprecision.small_below"))
    if study.sample_size is None:
        yield reason("imprecision", "down", step, "How many took part is not stated, so that precision cannot be judged; counted as small.", "sample_size")
    elif study.sample_size < limit:
        yield of_study("imprecision", "down", step, f"Small: {study.sample_size} took part, fewer than {limit}.", study, "sample_size")


def _indirectness(findings: Sequence[Finding], step: int) -> Iterator[Reason]:
    if any(f.outcome_type in {"clinical", "mortality", "adverse"} for f in findings):
        return
    surrogate = next((f for f in findings if f.outcome_type == "surrogate"), None)
    if surrogate and all(f.outcome_type == "surrogate" for f in findings):
        text = f"Indirect: {surrogate.outcome} is a surrogate, not something that a patient feels."
        yield reason("indirectness", "down", step, text, "outcome_type", "surrogate", (surrogate.start, surrogate.end))
    else:
        yield reason("indirectness", "down", step, "It is not stated that an outcome is one that patients feel; counted as indirect.", "outcome_type")


def _inconsistency(findings: Sequence[Finding], step: int) -> Iterator[Reason]:
    effects = {f.effect for f in findings}
    if "mixed" in effects or {"benefit", "harm"} <= effects:
        yield reason("inconsistency", "down", step, "The studies that the review pooled point different ways.", "effect", "mixed")
    elif not findings or "unclear" in effects:
        yield reason("inconsistency", "down", step, "Which way the pooled studies point is not stated, so that agreement cannot be judged.", "effect")


def _small_effect(findings: Sequence[Finding], profile: Profile, step: int) -> Iterator[Reason]:
    low, high = profile.get("ocebm.small_effect.ratio_within")
    stated = [f for f in findings if f.ratio is not None]
    if stated and all(low <= (f.ratio or 0) <= high for f in stated):
        f = stated[0]
        yield reason("small_effect", "down", step, f"Very small effect: a ratio of {f.ratio:g}.", "ratio", f.ratio, (f.start, f.end))


def _ups(study: Study, kind: Kind, findings: Sequence[Finding], profile: Profile) -> Iterator[Reason]:
    if not profile.on("ocebm.large_effect") or kind.parent not in _CONTROLLED:
        return
    limit = float(profile.get("ocebm.large_effect.ratio_above"))
    sized = [(f, _size(f.ratio)) for f in findings if f.effect in {"benefit", "harm"} and f.outcome_type != "surrogate"]
    if sized and all(s is not None and s > limit for _, s in sized):
        f = sized[0][0]
        text = f"Large effect: a ratio of {f.ratio:g}, beyond {limit:g} or 1/{limit:g}, and nothing lowered the level."
        yield reason("large_effect", "up", int(profile.get("ocebm.step")), text, "ratio", f.ratio, (f.start, f.end))


def _size(ratio: float | None) -> float | None:
    return None if not ratio or ratio <= 0 else max(ratio, 1 / ratio)
