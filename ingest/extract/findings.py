"""The findings of a study: which outcome, which way it went, and what that means for a patient."""

from __future__ import annotations

from ingest.extract.abstracts import abstract_findings
from ingest.extract.effects import UNTOLD, mend
from ingest.extract.lay import lay_findings, read_alone
from ingest.records import Finding, Mention
from ingest.text.prose import Prose


def read_findings(prose: Prose, mention: Mention, design: str = UNTOLD) -> tuple[Finding, ...]:
    """Read the findings that a mention states, in reading order.

    :param design: the design already read.

    A study's own abstract is read outcome by outcome with its significance tests; a lay text by clause and valence,
    and what wording weighs.
    A direction that the words do not give is ``unclear``; nothing is guessed from the study's aim.
    """
    if mention.primary or prose.is_abstract:
        return abstract_findings(prose, mention)
    return mend(prose, mention, lay_findings(prose, mention), lambda start, end: read_alone(prose.text, start, end), design)
