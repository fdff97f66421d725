"""Claims: assertions that lean on research without naming a study ("research shows", "experts believe", "clinically proven").

The patterns are over the class letters of cues.toml, like those of mentions.toml: ``O`` research as a mass, ``A`` those who do it,
``v`` verbs of finding, ``B`` words of belief and proof.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from ingest.find.mentions import units_of
from ingest.records import Claim, Mention
from ingest.text.prose import Prose

_RULES: Final = (
    ("research shows", re.compile(r"O[^,;:?!]{0,4}[vVBE]")),
    ("experts believe", re.compile(r"[AO][^,;:?!t]{0,3}B")),
    ("proven", re.compile(r"O[._]?B|B[._]?O|^z?[._]{0,2}B,")),
    ("studies show", re.compile(r"^[._]?Z[^,;:?!]{0,1}v")),
    ("it has been found", re.compile(r"^[._]?z_{1,2}[._]?[vB][^,;:?!]{0,1}[^,;:?!]")),
)
_SIGNS: Final = frozenset("OBv")


def find_claims(prose: Prose, mentions: Sequence[Mention]) -> tuple[Claim, ...]:
    """Every sentence that leans on research while no study is named; headings and the sentences of a mention are left out."""
    taken = sorted((p.start, p.end) for m in mentions for p in m.parts)
    starts = [a for a, _ in taken]
    out = []
    for unit in units_of(prose):
        if unit.heading or unit.marks or _SIGNS.isdisjoint(unit.codes) or unit.codes.endswith("?"):
            continue
        at = bisect_right(starts, unit.start) - 1
        if (at >= 0 and taken[at][1] > unit.start) or (at + 1 < len(taken) and starts[at + 1] < unit.end):
            continue
        rule = next((name for name, pattern in _RULES if pattern.search(unit.codes)), None)
        if rule:
            out.append(Claim(unit.start, unit.end, rule))
    return tuple(out)
