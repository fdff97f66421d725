"""Weighted cues: patterns that each say how strongly some words speak for a value.

A cue is a line of a word list (see ``text/lexicon.py``) with a ``name``, a ``weight`` and a ``gate``: literals, one of
which must occur before the pattern is tried. With the words that its pattern itself asks for they make its gate (``gates``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import LexiconError
from ingest.text import gates
from ingest.text.gates import Gated, Reading
from ingest.text.lexicon import load


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue.

    ``scope`` names where it may be used (empty: everywhere); ``own`` drops hits about earlier or future work;
    ``generic`` marks one that several values of its kind share.
    """

    name: str
    value: str
    weight: float
    gate: tuple[str, ...]
    pattern: re.Pattern[str]
    scope: str = ""
    own: bool = False
    generic: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in the article's text."""

    cue: Cue
    start: int
    end: int


class CueList:
    """The cues of one list with the gates of their patterns."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self._gates = gates.block([(c.pattern, c.gate) for c in self.cues])
        # A gate of several words is asked for as it stands: its own gate holds one word of it alone.
        self._phrases = tuple(c.gate if any(" " in g for g in c.gate) else () for c in self.cues)

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    def candidates(self, where: Reading) -> list[tuple[Cue, Gated]]:
        """Give the cues that may occur in some words, in the list's order, each with its pattern."""
        words = ""
        out = []
        for i in self._gates.open(where):
            if phrases := self._phrases[i]:
                words = words or where.low[where.start : where.end]
                if True not in map(words.__contains__, phrases):
                    continue
            out.append((self.cues[i], self._gates.rows[i]))
        return out


def load_cues(path: Path, values: Collection[str] | None = None) -> CueList:
    """Read a list of cues.

    :raises LexiconError: as for any word list; also a cue without name or weight, or whose gate misses its own example.
    """
    cues = []
    for term in load(path, values):
        name, gate = term.extra.get("name"), tuple(term.extra.get("gate", ()))
        if not name:
            raise LexiconError(f"{path.name}: the term with the example {term.example!r} has no name")
        if gate and not any(g in term.example.lower() for g in gate):
            raise LexiconError(f"{path.name}, {name}: no gate word occurs in the example {term.example!r}")
        extra = term.extra
        flags = bool(extra.get("own")), bool(extra.get("generic"))
        cues.append(Cue(name, term.value, float(extra.get("weight", 1)), gate, term.pattern, str(extra.get("in", "")), *flags))
    return CueList(cues)


def lowered(text: str) -> str:
    """Lower-case a text without changing its length.

    >>> lowered("İzmir Trial")
    'İzmir trial'
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def scan(cues: CueList, found: Iterable[Reading], *scopes: str) -> Iterator[Hit]:
    """Yield every cue's first hit in each passage; a cue with a scope of its own is tried only where that is named."""
    for where in found:
        for cue, pattern in cues.candidates(where):
            if cue.scope and cue.scope not in scopes:
                continue
            m = where.search(pattern)
            if m:
                yield Hit(cue, m.start(), m.end())
