"""Claims: assertions that lean on research without naming a study ("research shows", "experts believe", "clinically proven")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ingest.records import Claim, Mention
from ingest.text.prose import Prose

_VERB = (
    r"(?:show(?:s|ed|n)?|suggest(?:s|ed)?|prove[sdn]?|found|finds?|indicate[sd]?|link(?:s|ed)|tie[sd]|confirm(?:s|ed)?"
    r"|demonstrate[sd]?|support(?:s|ed)?|established|reveal(?:s|ed)?|points?|tells?|says?|agrees?)"
)
_CLAIM: Final = re.compile(
    rf"\b(?:research|science|evidence|literature|findings)\b(?: \S+){{0,4}}? {_VERB}\b"
    r"|\b(?:experts?|scientists|doctors|researchers|dermatologists|nutritionists|specialists|proponents|advocates|supporters|critics"
    r"|many|some people)\b(?: \S+){0,3}? (?:believe|think|agree|say|recommend|claim|argue|suspect|consider|warn|advise)s?\b"
    r"|\b(?:scientifically|clinically|medically) (?:proven|tested|shown|established)\b"
    r"|\bwell[- ](?:established|known|documented)\b"
    r"|\bit(?: \S+){0,2} (?:been|is|was|'s) (?:\w+ )?"
    r"(?:found|shown|suggested|proven|known|thought|believed|established|claimed|said|estimated"
    r"|reported|recommended) that\b"
    r"|\b(?:has|have) been (?:shown|proven|found|linked|reported|suggested)\b",
    re.IGNORECASE,
)


def find_claims(prose: Prose, mentions: Sequence[Mention]) -> tuple[Claim, ...]:
    """Every sentence that leans on research while no study is named; sentences of a mention and headings are left out."""
    taken = sorted((p.start, p.end) for m in mentions for p in m.parts)
    out = []
    at = 0
    for s in prose.sentences:
        while at < len(taken) and taken[at][1] <= s.start:
            at += 1
        hit = _CLAIM.search(prose.text, s.start, s.end)
        if hit and not (at < len(taken) and taken[at][0] < s.end):
            out.append(Claim(s.start, s.end, "leans on research"))
    return tuple(out)
