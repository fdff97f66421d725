"""Cues around a place in a text: many patterns, few of which are tried.

A word list (see ``lexicon``) gives each cue a name, a pattern and where it is read: ``before`` the place, ``near`` (directly
before it), or ``after`` it. From each pattern the literal words are taken of which every match must hold one; an automaton
looks for all of them at once, and a pattern is only tried where one of its words stands. Results are the same as without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

from ingest.errors import LexiconError
from ingest.text.lexicon import Term

NEAR = 48
"""How many characters in front of the place a ``near`` pattern sees."""
PLACES = ("near", "before", "after")


@dataclass(frozen=True, slots=True)
class _Row:
    value: str
    pattern: re.Pattern[str]
    near: bool
    bit: int


class Cues:
    """The cues of a word list, ready to be read around any place."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """Compile the terms; each must say ``where`` it is read (:raises LexiconError: where it does not)."""
        for term in terms:
            if term.extra.get("where") not in PLACES:
                raise LexiconError(f"{term.pattern.pattern!r}: where is {term.extra.get('where')!r}, not one of {', '.join(PLACES)}")
        self._front = _Side([t for t in terms if t.extra["where"] != "after"])
        self._behind = _Side([t for t in terms if t.extra["where"] == "after"])

    def read(self, before: str, after: str) -> set[str]:
        """Name the cues in the lower-cased words in front of a place and behind it."""
        near = before[-NEAR:]
        found = {r.value for r in self._front.rows(before) if r.pattern.search(near if r.near else before)}
        found.update(r.value for r in self._behind.rows(after) if r.pattern.match(after))
        return found


class _Side:
    def __init__(self, terms: Sequence[Term]) -> None:
        masks: dict[str, int] = {}
        self._rows: list[_Row] = []
        self._always = 0
        for n, term in enumerate(terms):
            self._rows.append(_Row(term.value, term.pattern, term.extra["where"] == "near", 1 << n))
            words = needed(term.pattern.pattern)
            if not words:
                self._always |= 1 << n
            for word in words:
                masks[word] = masks.get(word, 0) | 1 << n
        self._automaton = ahocorasick.Automaton()
        for word, mask in masks.items():
            self._automaton.add_word(word, mask)
        self._automaton.make_automaton()
        self._empty = not masks

    def rows(self, window: str) -> list[_Row]:
        """Select the rows that may match somewhere in a window."""
        mask = self._always
        if not self._empty:
            for _, hit in self._automaton.iter(window):
                mask |= hit
        return [r for r in self._rows if r.bit & mask]


def needed(pattern: str) -> frozenset[str]:
    """Take from a pattern words of which every match holds at least one; empty where there is no such set.

    >>> sorted(needed("(?:asked|given) (?:up )?to"))
    ['asked', 'given']
    """
    return frozenset(_of_sequence(_parser.parse(pattern)))


def _of_sequence(items: Any) -> set[str]:
    best: set[str] = set()
    run = ""
    for op, argument in [*items, (None, None)]:
        if op is ops.LITERAL:
            run += chr(argument)
            continue
        best = _better(best, {run} if run else set())
        run = ""
        best = _better(best, _of_item(op, argument))
    return best


def _of_item(op: Any, argument: Any) -> set[str]:
    if op is ops.SUBPATTERN:
        return _of_sequence(argument[3])
    if op is ops.BRANCH:
        parts = [_of_sequence(p) for p in argument[1]]
        return set().union(*parts) if all(parts) else set()
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[0] > 0:
        return _of_sequence(argument[2])
    return set()


def _better(first: set[str], second: set[str]) -> set[str]:
    """Prefer the set whose shortest word is longer: it is met by chance more rarely."""
    return max(first, second, key=lambda words: min(map(len, words), default=0))
