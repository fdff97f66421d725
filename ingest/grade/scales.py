"""The scales that grade one study. A further scale is one file with ``SCALE`` and ``grade``, its table, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.grade import nhmrc, ocebm, sort
from ingest.grade.kinds import Kind, kind_of
from ingest.grade.profile import Profile, load_profile
from ingest.grade.question import Question, by_question
from ingest.grade.reasons import finish, reason
from ingest.records import Finding, Grade, Study, Work

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
    if work and work.retraction == "retracted":
        return tuple(_retracted(name, q, work, profile) for q, _ in asked for name in STUDY_SCALES)
    return tuple(scale(study, kind, q, findings, profile) for q, findings in asked for scale in STUDY_SCALES.values())


def _retracted(scale: str, question: Question, work: Work, profile: Profile) -> Grade:
    why = f" ({work.retraction_reason})" if work.retraction_reason else ""
    step = reason("retraction", "cap", 0, f"The publication was retracted{why}: no level.", "work", work.key)
    return finish(scale, None, question.type, [step], profile, "No level.")
