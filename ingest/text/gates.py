"""Gates: whether a pattern can match in some words at all, and where, asked of all patterns at once.

From each pattern the literal words are taken of which every match must hold one (``required``) and those that it must begin
with (``heads``). Every word of a text is looked at once, by one automaton over the literals of all patterns, and what it opens
is remembered for the next time the word is met; the gates of a sentence are then a few look-ups and the bits of one integer.
A pattern is tried only where its gate is open, and only at the words that it may begin with. Results are the same as without.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

_NEEDS = 3
"""How many sets of words one gate may ask for."""
_SHORTEST = 2
_EDGE = "\0"
"""Stands where a word begins or ends."""
_ANY = "\1"
"""Stands for the beginning of a word of which only the end is known."""
_BOUNDARY = re.compile(r"\b")
_MOST_KNOWN = 100_000
_DIGIT = (ops.CATEGORY, ops.CATEGORY_DIGIT)
_DIGITS = frozenset("0123456789")
# What a pattern that ignores case takes for a plain letter besides its capital.
_SAME_LETTER = {"ı": "i", "ſ": "s", "i̇": "i"}


class _Words(dict[str, tuple[int, "_Places"]]):
    """What each word opens, worked out once for each word: the bits of needs that it meets, and which patterns may begin where.

    Needs and heads are made while modules load.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gates = 0
        self.absent = 0  # the bits of needs that a gate does not have: always met
        self.last = 0  # one bit a gate
        self._needed: dict[str, int] = {}
        self._heads: dict[str, int] = {}
        self._tails: dict[str, int] = {}
        self._automaton: ahocorasick.Automaton | None = None

    def add(self, needs: Sequence[Collection[str]], heads: Collection[str] = ()) -> int:
        """Make a gate and give its bit."""
        place = _NEEDS * self.gates
        self.gates += 1
        self.last |= 1 << place
        for k in range(_NEEDS):
            if k >= len(needs):
                self.absent |= 1 << place + k
                continue
            for word in needs[k]:
                self._needed[word] = self._needed.get(word, 0) | 1 << place + k
        for word in heads:
            known = self._tails if word[0] == _ANY else self._heads
            known[word.lstrip(_ANY)] = known.get(word.lstrip(_ANY), 0) | 1 << place
        self._automaton = None
        self.clear()
        return 1 << place

    def __missing__(self, word: str) -> tuple[int, _Places]:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        if self._automaton is None:
            tables = (self._needed, self._heads, self._tails)
            self._automaton = ahocorasick.Automaton()
            for literal in sorted({*self._needed, *self._heads, *self._tails}):
                self._automaton.add_word(literal, (len(literal), *(t.get(literal, 0) for t in tables)))
            self._automaton.make_automaton()
        marked = _BOUNDARY.sub(_EDGE, word if word.isascii() else _plain(word))
        bits = 0
        places: dict[int, int] = {}
        for end, (length, needed, heads, tails) in self._automaton.iter(marked):
            bits |= needed
            at = end + 1 - length
            for begin, hit in ((at, heads), (marked.rfind(_EDGE, 0, at), tails)):
                if hit:
                    offset = begin - marked.count(_EDGE, 0, begin)
                    places[offset] = places.get(offset, 0) | hit
        self[word] = known = bits, tuple(sorted(places.items()))
        return known


_Places = tuple[tuple[int, int], ...]
"""Offsets within a word with the bits of the patterns that may begin there."""
_WORDS = _Words()


def _plain(word: str) -> str:
    """A word with plain digits and letters, as long as before but for the dot over an i."""
    for letter, same in _SAME_LETTER.items():
        word = word.replace(letter, same)
    return "".join(["0" if c.isdecimal() else c for c in word])


@dataclass(frozen=True, slots=True)
class Gated:
    """A pattern with its gate, ``headed`` where it is known which words it begins with; ``low``: it is read in lower-cased words."""

    pattern: re.Pattern[str]
    bit: int
    headed: bool
    low: bool = False


def gated(pattern: str, flags: int = 0, low: bool = False) -> Gated:
    """Compile a pattern and make its gate."""
    compiled = re.compile(pattern, flags)
    bit, headed = gate(compiled)
    return Gated(compiled, bit, headed, low)


def gate(pattern: re.Pattern[str], *needs: Collection[str]) -> tuple[int, bool]:
    """Make the gate of a pattern, which may ask for further words; its bit, and whether the words that it begins with are known."""
    wanted = [frozenset(max(_pieces(w.lower()), key=len) for w in words) for words in needs if words]
    wanted += sorted(_required(pattern.pattern), key=_chance)
    first = _heads(pattern.pattern)
    return _WORDS.add(wanted[:_NEEDS], first), bool(first)


class Reading:
    """A stretch of a text, its gates, and the places where patterns may begin; read once for all that look at it."""

    __slots__ = ("_places", "end", "low", "open", "start", "text")

    def __init__(self, text: str, low: str, start: int, end: int) -> None:
        """Read ``text[start:end]``; ``low`` is the text in lower case, as long as the text."""
        self.text = text
        self.low = low
        self.start = start
        self.end = end
        met = _WORDS.absent
        places = []
        at = start
        for word in low[start:end].split(" "):
            bits, begins = _WORDS[word]
            met |= bits
            if begins:
                places.append((at, begins))
            at += len(word) + 1
        self.open = met & met >> 1 & met >> 2 & _WORDS.last
        self._places = places

    def places(self, bit: int) -> Iterator[int]:
        """Where a headed pattern may begin, in order."""
        for at, begins in self._places:
            for offset, bits in begins:
                if bits & bit:
                    yield at + offset

    def search(self, what: Gated, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match of a pattern within the reading."""
        if not self.open & what.bit:
            return None
        start, end = max(start, self.start), min(end, self.end)
        text = self.low if what.low else self.text
        if not what.headed:
            return what.pattern.search(text, start, end)
        match = what.pattern.match
        for at in self.places(what.bit):
            if at >= start and (m := match(text, at, end)):
                return m
        return None

    def finditer(self, what: Gated, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Every match of a pattern within the reading."""
        if not self.open & what.bit:
            return
        start, end = max(start, self.start), min(end, self.end)
        text = self.low if what.low else self.text
        if not what.headed:
            yield from what.pattern.finditer(text, start, end)
            return
        for at in self.places(what.bit):
            if at >= start and (m := what.pattern.match(text, at, end)):
                yield m
                start = m.end()


def block(patterns: Sequence[tuple[re.Pattern[str], Collection[str]]]) -> Block:
    """Make the gates of a row of patterns, each with further words that it asks for (none: nothing further)."""
    first = _WORDS.gates
    made = [gate(pattern, words) for pattern, words in patterns]
    rows = tuple(Gated(pattern, bit, headed, low=True) for (pattern, _), (bit, headed) in zip(patterns, made, strict=True))
    return Block(rows, _NEEDS * first, sum(r.bit for r in rows))


@dataclass(frozen=True, slots=True)
class Block:
    """A row of patterns for lower-cased words."""

    rows: tuple[Gated, ...]
    first: int
    bits: int

    def open(self, reading: Reading) -> list[int]:
        """The places in the row of the patterns whose gates are open, in order."""
        mine = (reading.open & self.bits) >> self.first
        out = []
        while mine:
            lowest = mine & -mine
            out.append(lowest.bit_length() // _NEEDS)
            mine ^= lowest
        return out


def _chance(words: Collection[str]) -> tuple[int, int]:
    """Sort sets of words so that those that are met rarely by chance come first."""
    return -min(map(len, words)), len(words)


def required(pattern: str) -> list[frozenset[str]]:
    """Take from a pattern sets of literals: every match holds at least one of each set, within a word.

    A bar stands where the literal must begin or end a word.

    >>> [sorted(words) for words in required(r"\\b(?:asked|given) (?:up )?to")]
    [['|asked|', '|given|'], ['|to']]
    """
    return [frozenset(w.replace(_EDGE, "|") for w in words) for words in _required(pattern)]


def _required(pattern: str) -> list[frozenset[str]]:
    sets = _of_sequence(list(_parser.parse(pattern)), False, False)
    return [s for s in sets if s == _DIGITS or all(len(w) >= _SHORTEST or not _is_word(w) for w in s)]


def _of_sequence(items: list[Any], left: bool, right: bool) -> list[frozenset[str]]:
    """The sets of a row of parts of a pattern; ``left`` and ``right``: whether a word must end beside it."""
    out: list[frozenset[str]] = []
    i = 0
    while i < len(items):
        run, j = "", i
        while j < len(items) and (letter := _letter(*items[j])):
            run, j = run + letter, j + 1
        stop = max(j, i + 1)
        before, after = _parted(items[:i][::-1], left, -1), _parted(items[stop:], right, 1)
        op, argument = items[i]
        out += [frozenset((w,)) for w in _pieces(run, before, after)] if run else _of_item(op, argument, before, after)
        i = stop
    return out


def _letter(op: Any, argument: Any) -> str:
    """The small letter that a part of a pattern stands for; empty for anything else."""
    if op is ops.LITERAL:
        return chr(argument).lower()
    if op is ops.IN and all(o is ops.LITERAL for o, _ in argument):
        letters = {chr(c).lower() for _, c in argument}
        return letters.pop() if len(letters) == 1 else ""
    return ""


def _pieces(literal: str, left: bool = False, right: bool = False) -> list[str]:
    """A literal cut at its spaces, with its edges marked where a word must begin or end there."""
    out = []
    words = literal.split()
    for n, word in enumerate(words):
        marked = _BOUNDARY.sub(_EDGE, word).strip(_EDGE)
        begins = left if n == 0 and not literal[0].isspace() else True
        ends = right if n == len(words) - 1 and not literal[-1].isspace() else True
        out.append(_EDGE * (begins and _is_word(word[0])) + marked + _EDGE * (ends and _is_word(word[-1])))
    return out


def _of_item(op: Any, argument: Any, left: bool, right: bool) -> list[frozenset[str]]:
    if op is ops.SUBPATTERN:
        return _of_sequence(list(argument[3]), left, right)
    if op is ops.BRANCH:
        parts = [_of_sequence(list(p), left, right) for p in argument[1]]
        return [frozenset().union(*(min(p, key=_chance) for p in parts))] if all(parts) else []
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[0] > 0:
        return _of_sequence(list(argument[2]), left and argument[1] == 1, right and argument[1] == 1)
    if op is ops.IN and argument in ([_DIGIT], [(ops.RANGE, (48, 57))]):
        return [_DIGITS]
    return []


def _parted(items: list[Any], beyond: bool, step: int) -> bool:
    """Whether a word cannot go on into a row of parts, which is told from the near end (``step`` -1: it stands before the word)."""
    for n, (op, argument) in enumerate(items):
        if op is ops.AT:
            return bool(argument is ops.AT_BOUNDARY)
        if op in (ops.ASSERT, ops.ASSERT_NOT):
            continue
        if op is ops.SUBPATTERN:
            return _parted(list(argument[3])[::step], _parted(items[n + 1 :], beyond, step), step)
        if op is ops.BRANCH:
            further = _parted(items[n + 1 :], beyond, step)
            return all(_parted(list(p)[::step], further, step) for p in argument[1])
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            further = argument[0] > 0 or _parted(items[n + 1 :], beyond, step)
            return further and _parted(list(argument[2])[::step], False, step)
        return not _letters_in(op, argument)
    return beyond


def _letters_in(op: Any, argument: Any) -> bool:
    """Whether a part that matches one character may match one of a word."""
    if op is ops.LITERAL:
        return _is_word(chr(argument))
    if op is not ops.IN:
        return True
    spaces = (ops.CATEGORY_SPACE, ops.CATEGORY_NOT_WORD)
    return not all((o is ops.LITERAL and not _is_word(chr(a))) or (o is ops.CATEGORY and a in spaces) for o, a in argument)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def heads(pattern: str) -> list[str]:
    """What a match begins with, up to the first space, or nothing where that is not told.

    A bar stands where a word must begin or end, a star for the beginning of the word.

    >>> heads(r"\\b(?:trials?|stud(?:y|ies)|\\w+teen) of")
    ['*teen|', '|studies|', '|study|', '|trials|', '|trial|']
    """
    return sorted(w.replace(_EDGE, "|").replace(_ANY, "*") for w in _heads(pattern))


def _heads(pattern: str) -> frozenset[str]:
    found, _ = _begin(list(_parser.parse(pattern)))
    out = set()
    for text in found:
        edge, rest = text[:1] == _EDGE, text.lstrip(_EDGE + _ANY)
        if not rest or rest[0].isspace():
            return frozenset()
        if _ANY in text:
            if not text.startswith(_EDGE + _ANY) or len(rest) < _SHORTEST:
                return frozenset()
            out.add(_ANY + _pieces(rest)[0])
        else:
            out.add(_pieces(rest, edge)[0])
    return frozenset(out)


_MOST_HEADS = 400


def _begin(items: list[Any]) -> tuple[set[str], bool]:
    """What a row of parts begins with (``_EDGE`` in front: at the edge of a word), and whether that is all of the row."""
    known = {""}
    for op, argument in items:
        if op is ops.AT and argument is ops.AT_BOUNDARY:
            known = {_EDGE if text == "" else text for text in known}
            continue
        if op in (ops.ASSERT, ops.ASSERT_NOT):
            continue
        more, whole = _begin_of(op, argument)
        joined = {text + (m.lstrip(_EDGE) if text else m) for text in known for m in more}
        if len(joined) > _MOST_HEADS:
            return known, False
        known = joined
        if not whole:
            return known, False
    return known, True


def _begin_of(op: Any, argument: Any) -> tuple[set[str], bool]:
    """The same for one part."""
    if letter := _letter(op, argument):
        return {letter}, True
    if op is ops.SUBPATTERN:
        return _begin(list(argument[3]))
    if op is ops.BRANCH:
        parts = [_begin(list(p)) for p in argument[1]]
        return set().union(*(p for p, _ in parts)), all(whole for _, whole in parts)
    if op is ops.IN and all(o is ops.LITERAL or (o, a) == _DIGIT for o, a in argument):
        return set().union(*(_DIGITS if o is ops.CATEGORY else {chr(a).lower()} for o, a in argument)), True
    if op is ops.MAX_REPEAT and argument[0] == 1 and list(argument[2]) == [(ops.IN, [(ops.CATEGORY, ops.CATEGORY_WORD)])]:
        return {_ANY}, True
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and (argument[1] == 1 or argument[0]):
        more, whole = _begin(list(argument[2]))
        return (more if argument[0] else {*more, ""}), whole and argument[1] == 1
    return {""}, False
