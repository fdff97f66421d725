"""What the wording of a sentence weighs: its words, the order of its class letters, and how its neighbours look.

The cues of ``mentions.toml`` are what we know of sentences that bring in a study; wording is what was learned beside them from labelled
articles: that "villages" were "switched", that a number stands before an unknown plural, that the next sentence goes on with "they". It is
a sum, so that the weight of a piece between two spaces is looked up once for all texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PLAIN: Final = str.maketrans("", "", "._")
_MEMO_LIMIT: Final = 100_000
LETTERS: Final = (2, 3)
"""How many class letters in a row are looked at together."""


def words_of(chunk: str) -> list[str]:
    """The words of a piece between two spaces, in lower case."""
    return _WORD.findall(chunk.lower())


def rows_of(codes: str) -> Iterator[str]:
    """The rows of two and three letters of a sentence's shorthand."""
    return chain.from_iterable((codes[i : i + n] for i in range(len(codes) - n + 1)) for n in LETTERS)


def own(piece: str, codes: str) -> Iterator[str]:
    """The features of a sentence itself: words (``w:``), letters in a row with (``c:``) and without (``d:``) unknown words, its start (``^``)."""
    yield from ("w:" + w for chunk in piece.split() for w in words_of(chunk))
    yield from ("c:" + r for r in rows_of(codes))
    plain = plain_of(codes)
    yield from ("d:" + r for r in rows_of(plain))
    yield from ("^" + plain[:n] for n in LETTERS)


def beside(side: str, codes: str, heading: bool, paragraph: bool) -> Iterator[str]:
    """The features of a neighbour: ``side`` is ``p`` for the sentence before, ``n`` for the one after.

    ``paragraph`` tells that it stands in another paragraph. A heading has no words for us.
    """
    if heading:
        yield side + "H"
        return
    if paragraph:
        yield side + "P"
    plain = plain_of(codes)
    yield f"{side}^{plain[:2]}"
    yield from (f"{side}:{letter}" for letter in sorted(set(plain)))


class _Sums(dict[str, int]):
    """Sums of weights, worked out once for each piece of text."""

    def __init__(self, weigh: Callable[[str], int]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, piece: str) -> int:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[piece] = weight = self._weigh(piece)
        return weight


class Wording:
    """Learned weights of wording, in thousandths, so that no sum depends on its order; those of the cues are read from the same file."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.replace(weights)

    @classmethod
    def read(cls, path: Path) -> Wording:
        """Read weights as ``bench/train_mentions.py`` writes them; nothing weighs anything where there are none yet."""
        return cls(json.loads(path.read_text(encoding="utf-8"))["weights"] if path.exists() else {})

    def replace(self, weights: Mapping[str, float]) -> None:
        """Take other weights: for training."""
        known = {name: round(weight * 1000) for name, weight in weights.items()}
        self._known = known
        self._chunks = _Sums(lambda chunk: sum([known.get("w:" + w, 0) for w in words_of(chunk)]))
        self._codes = _Sums(lambda four: _rows_at(known, "c:", four))
        self._plain = _Sums(lambda four: _rows_at(known, "d:", four))
        self._starts = _Sums(lambda start: sum([known.get("^" + start[:n], 0) for n in LETTERS]))
        self._beside = {
            side: (_Sums(lambda letter, side=side: known.get(f"{side}:{letter}", 0)), _Sums(lambda start, side=side: known.get(f"{side}^{start}", 0)))  # type: ignore[misc]
            for side in ("p", "n")
        }
        self.noted: dict[object, int] = {}

    def of(self, names: Iterable[str]) -> int:
        """The sum of the weights of some features."""
        return sum([self._known.get(name, 0) for name in names])

    def most(self, names: Iterable[str]) -> int:
        """More than the features of any choice out of some names weigh."""
        return sum([max(0, self._known.get(name, 0)) for name in names])

    def weigh(self, chunks: Sequence[str], codes: str, plain: str) -> int:
        """The sum of the features of `own`, without building them; ``chunks`` are the pieces between spaces."""
        own, bare = self._codes, self._plain
        total = sum(map(self._chunks.__getitem__, chunks)) + self._starts[plain[:3]]
        total += sum([own[codes[i : i + 4]] for i in range(0, len(codes), 2)])
        return total + sum([bare[plain[i : i + 4]] for i in range(0, len(plain), 2)])

    def weigh_beside(self, side: str, plain: str, letters: Iterable[str], heading: bool, paragraph: bool) -> int:
        """The sum of the features of `beside`; ``letters`` are those of ``plain``."""
        if heading:
            return self._known.get(side + "H", 0)
        each, starts = self._beside[side]
        total = sum(map(each.__getitem__, letters)) + starts[plain[:2]]
        return total + self._known.get(side + "P", 0) if paragraph else total


def _rows_at(known: Mapping[str, int], kind: str, four: str) -> int:
    """What the rows weigh that begin at the first or second of four letters."""
    return sum([known.get(kind + four[i : i + n], 0) for i in (0, 1) for n in LETTERS if i + n <= len(four)])


def plain_of(codes: str) -> str:
    """The letters of a sentence's shorthand without unknown words."""
    return codes.translate(_PLAIN)
