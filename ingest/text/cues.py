"""Weighted cues: patterns that each say how strongly some words speak for a value.

A cue is a line of a word list (see ``text/lexicon.py``) with a ``name``, a ``weight`` and a ``gate``: literals, one of
which must occur before the pattern is tried, so that most patterns cost one substring search.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ahocorasick

from ingest.errors import LexiconError
from ingest.records import Span
from ingest.text.lexicon import load

_NEAR = 3  # characters between two parts of a mention that are read as one passage


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
class Passage:
    """Lower-cased words with their place in the article."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in the article's text."""

    cue: Cue
    start: int
    end: int


class CueList:
    """The cues of one list with an automaton over their gates: one pass over some words tells which cues to try."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self._open = tuple(i for i, c in enumerate(self.cues) if not c.gate)
        by_gate: dict[str, list[int]] = {}
        for i, cue in enumerate(self.cues):
            for gate in cue.gate:
                by_gate.setdefault(gate, []).append(i)
        self._gates = ahocorasick.Automaton()
        for gate, numbers in by_gate.items():
            self._gates.add_word(gate, tuple(numbers))
        self._gates.make_automaton()

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    def candidates(self, words: str) -> list[Cue]:
        """Give the cues whose gate occurs in some lower-cased words, in the list's order."""
        numbers = set(self._open)
        for found in {numbers for _, numbers in self._gates.iter(words)}:
            numbers.update(found)
        return [self.cues[i] for i in sorted(numbers)]


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


@lru_cache(maxsize=16)
def passages(text: str, parts: tuple[Span, ...]) -> tuple[Passage, ...]:
    """Lower-case the parts of a mention; neighbours become one passage, so that a pattern may cross sentences.

    Kept for the steps that read the same mention one after the other.
    """
    out: list[Passage] = []
    start = end = -1
    for part in sorted(parts, key=lambda p: p.start):
        if start >= 0 and part.start - end <= _NEAR:
            end = max(end, part.end)
            continue
        if start >= 0:
            out.append(Passage(lowered(text[start:end]), start))
        start, end = part.start, part.end
    if start >= 0:
        out.append(Passage(lowered(text[start:end]), start))
    return tuple(out)


def scan(cues: CueList, found: Iterable[Passage], *scopes: str) -> Iterator[Hit]:
    """Yield every cue's first hit in each passage; a cue with a scope of its own is tried only where that is named."""
    for passage in found:
        words = passage.text
        for cue in cues.candidates(words):
            if cue.scope and cue.scope not in scopes:
                continue
            m = cue.pattern.search(words)
            if m:
                yield Hit(cue, passage.offset + m.start(), passage.offset + m.end())
