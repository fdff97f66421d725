"""The learned choice between the readings that a text offers for one value, "none of them" among the readings.

Rules list the readings and name what speaks for each; here their features are weighed, and the heaviest reading is taken. Features are
plain names, so that a weight can be read: ``enrolled``, ``l1:of`` (the word in front), ``none:design:case_report``. The weights come
from labelled articles (``bench/train_values.py``).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_WORD: Final = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d+|[^\w\s]")
_WINDOW: Final = 64
NEIGHBOURS: Final = 3
"""Words on either side whose place counts."""
AROUND: Final = 7
"""Words on either side that count wherever they stand."""
SURE: Final = 0.5
"""The likelihood that an amount needs: a wrong value is worse than none."""
MOST: Final = 50.0
LONG_ENOUGH: Final = 4
_MEMO_LIMIT: Final = 100_000
_STEPS: Final = (-4, -2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10)
STEM: Final = 5
"""Letters of a word that are kept where inflections should not matter."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """One way to read a value, with all that speaks for or against it; readings of the same ``amount`` support each other."""

    value: T
    amount: float
    features: tuple[str, ...]


class Chooser:
    """Weighs readings by the sum of their features' weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = dict(weights)

    @classmethod
    def load(cls, path: Path, name: str) -> Chooser:
        """Read the weights of one field from the file that ``bench/train_values.py`` writes; none where there is no file yet."""
        return cls(json.loads(path.read_text(encoding="utf-8")).get(name, {}) if path.exists() else {})

    def weigh(self, features: Iterable[str]) -> float:
        """Add up the weights of features; an unknown one weighs nothing."""
        get = self.weights.get
        return sum([get(f, 0.0) for f in features])

    def choose(self, readings: Sequence[Reading[T]], none: Iterable[str]) -> Reading[T] | None:
        """Take the heaviest reading of the amount that is more likely than everything else together, or None where no amount is.

        :param none: the features of "none of them".
        """
        if not readings:
            return None
        weights = [self.weigh(r.features) for r in readings]
        top = max(weights)
        shares = [math.exp(w - top) for w in weights]
        likely: dict[float, float] = {}
        for reading, share in zip(readings, shares, strict=True):
            likely[reading.amount] = likely.get(reading.amount, 0.0) + share
        everything = math.fsum(shares) + math.exp(min(self.weigh(none) - top, MOST))
        amount = max(likely, key=likely.__getitem__)
        if likely[amount] <= SURE * everything:
            return None
        return max((pair for pair in zip(weights, readings, strict=True) if pair[1].amount == amount), key=lambda pair: pair[0])[1]


def steps(name: str, score: float) -> tuple[str, ...]:
    """A thermometer: one feature for each step that a score reaches.

    >>> steps("score", 1.5)
    ('score>-4', 'score>-2', 'score>0', 'score>1')
    """
    return _thermometer(name)[: bisect_right(_STEPS, score)]


@lru_cache(maxsize=64)
def _thermometer(name: str) -> tuple[str, ...]:
    return tuple(f"{name}>{step}" for step in _STEPS)


def words_around(low: str, start: int, end: int, begin: int, stop: int) -> list[str]:
    """Name the words around ``low[start:end]`` (a text in lower case) within ``low[begin:stop]``, by place and without it.

    ``l1`` to ``l3`` are the words in front, the nearest first, ``r1`` to ``r3`` those behind; ``L`` and ``R`` the stems of content words on
    either side; ``ls`` and ``rs`` rows of up to three words in which content words are written by their endings.

    >>> words_around("they gave the 40 boys tea", 14, 21, 0, 25)
    ['l1:the', 'l2:gave', 'l3:they', 'ls2:*_the', 'ls3:they_*_the', 'L:gave', 'r1:tea', 'r2:END', 'rs2:*_END', 'R:tea', 'lr:the_*']
    """
    out: list[str] = []
    ends = []
    for side, words in (
        ("l", _WORD.findall(low, max(begin, start - _WINDOW), start)[-AROUND:][::-1]),
        ("r", _WORD.findall(low, end, min(stop, end + _WINDOW))[:AROUND]),
    ):
        near = [*words[:NEIGHBOURS], "END"][:NEIGHBOURS]
        out += [f"{side}{k}:{word}" for k, word in enumerate(near, 1)]
        row = [_WRITTEN[w] for w in near]
        ends.append(row[0])
        if side == "l":
            row.reverse()
        out += [f"{side}s{k}:{'_'.join(row[-k:] if side == 'l' else row[:k])}" for k in range(2, len(row) + 1)]
        upper = side.upper()
        out += [f"{upper}:{w[:STEM]}" for w in words if w not in FUNCTION and w[0].isalpha()]
    out.append(f"lr:{ends[0]}_{ends[1]}")
    return out


class _Written(dict[str, str]):
    """How words are written in a row: function words and marks as they are, content words by their endings."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[word] = written = word if word in FUNCTION or not word[0].isalpha() else _ending(word)
        return written


def _ending(word: str) -> str:
    """Write a content word by its ending: what inflection it has, not what it means."""
    return next((ending for ending in ("ed", "ing", "ly", "s") if word.endswith(ending)), "*") if len(word) > LONG_ENOUGH else "*"


FUNCTION: Final = frozenset(
    """a an the this that these those it its he she they we you his her their our your them us him i who whom whose which what when where while
    of in on at by with without from for to into onto over under up down out off through throughout during within after before since until till between among
    across against about around near per as than like and or but nor so yet if because though although whereas not no only just even also then there here
    is are was were be been being am has have had having do does did done can could may might will would shall should must
    one two three four five six seven eight nine ten each every both either neither all some any half many most few several other others another more less
    first second last next same such own again later earlier ago END""".split()
)
_WRITTEN: Final = _Written()
