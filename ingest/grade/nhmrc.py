"""NHMRC levels of evidence, I to IV by type of question, for one study.

Source: T. Merlin, A. Weston and R. Tooher 2009, "Extending an evidence hierarchy to include topics other than treatment: revising the
Australian 'levels of evidence'", BMC Med Res Methodol 9:34. The levels speak of the design alone: nothing moves them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.grade.kinds import Kind
from ingest.grade.profile import Profile
from ingest.grade.question import Question
from ingest.grade.reasons import finish, of_study, reason
from ingest.grade.tables import load_table
from ingest.records import Finding, Grade, Study

SCALE = "nhmrc"


def grade(study: Study, kind: Kind, question: Question, findings: Sequence[Finding], profile: Profile) -> Grade:
    """Look a study up in the hierarchy; bench research, opinion and questions of prevalence have no level there."""
    table = load_table(SCALE)
    level, why = table.level(question.type, kind), table.explanation(question.type, kind)
    asked = reason("question", "note", 0, f"Read as a question of {question.type}: {question.rule}.", value=question.type)
    if kind.name == "unspecified":
        text = "The design is not stated, so the study has no level; that is not a low level."
    elif study.species == "unknown":
        level, text = None, "Whether people, animals or cells were studied is not stated: no level."
    elif question.type not in table.cells:
        text = f"The hierarchy has no column for {question.type}."
    elif level is None:
        text = f"No level for {kind.words}{f' ({why})' if why else ''}."
    else:
        text = f"{kind.words[0].upper()}{kind.words[1:]} is level {level} for a question of {question.type}{f' ({why})' if why else ''}."
    end = f"Level {level}." if level else "No level."
    return finish(SCALE, level, question.type, [asked, of_study("design", "start", 0, text, study, "design")], profile, end)
