"""The scales that grade one study. A further scale is one file with ``SCALE`` and ``grade``, its table, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.grade import nhmrc, ocebm, sort
from ingest.grade.kinds import Kind, kind_of
from ingest.grade.profile import Profile, load_profile
from ingest.grade.question import Question, by_question
from ingest.grade.reasons import finish, reason
from ingest.records import Finding, Grade, Reason, Study, Work

Scale = Callable[[Study, Kind, Question, Sequence[Finding], Profile], Grade]
STUDY_SCALES: dict[str, Scale] = {m.SCALE: m.grade for m in (ocebm, sort, nhmrc)}


def grade_study(study: Study, work: Work | None = None, profile: Profile | None = None, text: str = "") -> tuple[Grade, ...]:
    """Grade one study on every scale, once for each type of question that its findings answer.

    :param work: the linked work; its title may tell what a review pooled, and a retracted work has no level.
    :param text: the article's text, from which the study's own sentences are read; without it, its quote.
    """
    profile = profile or load_profile()
    kind = kind_of(study, work, text)
    asked = by_question(study)
    withdrawn = _retracted(study, work)
    if withdrawn:
        return tuple(finish(name, None, q.type, [withdrawn], profile, "No level.") for q, _ in asked for name in STUDY_SCALES)
    return tuple(scale(study, kind, q, findings, profile) for q, findings in asked for scale in STUDY_SCALES.values())


def _retracted(study: Study, work: Work | None) -> Reason | None:
    """Say that the publication was retracted, by the library's word or the article's, or None."""
    if work and work.retraction == "retracted":
        why = f" ({work.retraction_reason})" if work.retraction_reason else ""
        return reason("retraction", "cap", 0, f"The publication was retracted{why}: no level.", "work", work.key)
    told = next((x for x in study.weaknesses if x[0] == "retracted"), None)
    return reason("retraction", "cap", 0, "The article says that it was retracted: no level.", "weaknesses", "retracted", told[1:]) if told else None
