"""SORT, the Strength of Recommendation Taxonomy: level of evidence of one study, and the strength A, B or C of a body.

Source: M. H. Ebell et al. 2004, "Strength of Recommendation Taxonomy (SORT)", Am Fam Physician 69:548-556. Level 1 is patient-oriented
evidence of good quality, 2 of limited quality, 3 everything else: disease-oriented outcomes, bench research, opinion, case series.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.grade.kinds import Kind
from ingest.grade.profile import Profile
from ingest.grade.question import Question
from ingest.grade.reasons import finish, of_study, plural, reason
from ingest.grade.tables import load_table
from ingest.records import Finding, Grade, Reason, Study

SCALE = "sort"
BODY_SCALE = "sort_body"
_PATIENT = frozenset({"clinical", "mortality", "adverse"})
_NO_OUTCOME = frozenset({"diagnosis"})  # accuracy of a test is asked, not an outcome


def grade(study: Study, kind: Kind, question: Question, findings: Sequence[Finding], profile: Profile) -> Grade:
    """Grade a study: the best level that its design can earn, capped by outcome, quality and agreement."""
    table = load_table(SCALE)
    level, why = table.level(question.type, kind), table.explanation(question.type, kind)
    asked = reason("question", "note", 0, f"Read as a question of {question.type}: {question.rule}.", value=question.type)
    if kind.name == "unspecified" or level is None:
        words = "The design is not stated, so the study has no level; that is not a low level." if level is None and kind.name == "unspecified" else ""
        text = words or "SORT has no row for prevalence."
        return finish(SCALE, None, question.type, [asked, of_study("design", "start", 0, text, study, "design")], profile, "No level.")
    text = f"{kind.words[0].upper()}{kind.words[1:]} can earn level {level}{f' ({why})' if why else ''}."
    steps = [asked, of_study("design", "start", 0, text, study, "design")]
    at = int(level)
    for cap in _caps(study, kind, question, findings, profile, at):
        steps.append(cap)
        at -= cap.steps
    return finish(SCALE, str(at), question.type, steps, profile, f"Level {at} of 3.")


def _caps(study: Study, kind: Kind, question: Question, findings: Sequence[Finding], profile: Profile, at: int) -> Iterator[Reason]:
    if study.species == "unknown" and at < 3:
        text = "Whether people, animals or cells were studied is not stated; capped at level 3."
        yield of_study("species", "cap", at - 3, text, study, "species")
    elif question.type not in _NO_OUTCOME and at < 3 and not any(f.outcome_type in _PATIENT for f in findings):
        yield _outcome(findings, at)
    elif at == 1:
        yield from _limited(study, kind, findings, profile)


def _outcome(findings: Sequence[Finding], at: int) -> Reason:
    first = next(iter(findings), None)
    if first and all(f.outcome_type == "surrogate" for f in findings):
        text = "Every outcome is disease-oriented (a surrogate): level 3."
        return reason("outcome", "cap", at - 3, text, "outcome_type", "surrogate", (first.start, first.end))
    return reason("outcome", "cap", at - 3, "It is not stated that an outcome matters to patients; capped at level 3.", "outcome_type")


def _limited(study: Study, kind: Kind, findings: Sequence[Finding], profile: Profile) -> Iterator[Reason]:
    weak = next((x for x in study.weaknesses if x[0] in profile.get("risk_of_bias.weaknesses")), None)
    good = next((x for x in study.weaknesses if x[0] in profile.get("sort.quality_on")), None)
    if weak:
        yield reason("quality", "cap", -1, f"Limited quality: {weak[0].replace('_', ' ')}.", "weaknesses", weak[0], weak[1:])
    elif kind.name.startswith("review"):
        effects = {f.effect for f in findings}
        if len(effects) != 1 or effects & {"mixed", "unclear"}:
            yield reason("consistency", "cap", -1, "That the pooled studies agree is not stated; capped at level 2.", "effect")
    elif not good:
        yield reason("quality", "cap", -1, "Quality not stated; capped at level 2.", "weaknesses")


def grade_body(levels: Iterable[str | None], consistent: bool, profile: Profile) -> Grade:
    """Strength of a body of evidence: A, B or C; none where no study has a level.

    A: good-quality patient-oriented evidence that agrees. B: patient-oriented evidence that disagrees or is of limited quality. C: the rest.
    """
    known = [x for x in levels if x is not None]
    if not known:
        start = reason("level", "start", 0, "No study of it has a SORT level: no strength.")
        return finish(BODY_SCALE, None, None, [start], profile, "No strength.")
    best = min(known)
    start = reason("level", "start", 0, f"The best SORT level among {plural(len(known), 'study', 'studies')} is {best}.", value=best)
    steps = [start]
    letter = {"1": "A", "2": "B", "3": "C"}[best]
    if letter == "A" and not consistent:
        letter = "B"
        steps.append(reason("consistency", "cap", -1, "The studies do not agree, or that they agree is not stated: not above B."))
    return finish(BODY_SCALE, letter, None, steps, profile, f"Strength {letter}.")
