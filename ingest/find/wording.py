"""What the wording of a sentence weighs: its words, the order of its class letters, and how its neighbours look.

The cues of ``mentions.toml`` are what we know of sentences that bring in a study; wording is what was learned beside them from labelled
articles: that "villages" were "switched", that a number stands before an unknown plural, that the next sentence goes on with "they". It is
a sum, so that the weight of a piece between two spaces is looked up once for all texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from ingest.text.memo import Memo

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PLAIN: Final = str.maketrans("", "", "._")
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


class Wording:
    """Learned weights of wording, in thousandths, so that no sum depends on its order; those of the cues are read from the same file.

    A weight is a complex number, so that two sums are made at once: the real part tells whether a sentence brings in a study, the
    imaginary part whether it tells of one at all, new or told before.
    """

    def __init__(self, weights: Mapping[str, Sequence[float]]) -> None:
        self.replace(weights)

    @classmethod
    def read(cls, path: Path) -> Wording:
        """Read weights as ``bench/train_mentions.py`` writes them; nothing weighs anything where there are none yet."""
        return cls(json.loads(path.read_text(encoding="utf-8"))["weights"] if path.exists() else {})

    def replace(self, weights: Mapping[str, Sequence[float]]) -> None:
        """Take other weights: for training."""
        known = {name: complex(round(brings * 1000), round(tells * 1000)) for name, (brings, tells) in weights.items()}
        self._known = known
        self._chunks: Memo[str, complex] = Memo(lambda chunk: sum([known.get("w:" + w, 0j) for w in words_of(chunk)], 0j))
        self._codes: Memo[str, complex] = Memo(lambda four: _rows_at(known, "c:", four))
        self._plain: Memo[str, complex] = Memo(lambda four: _rows_at(known, "d:", four))
        self._starts: Memo[str, complex] = Memo(lambda start: sum([known.get("^" + start[:n], 0j) for n in LETTERS], 0j))
        self._beside: dict[str, tuple[Memo[str, complex], Memo[str, complex]]] = {
            side: (Memo(lambda letter, side=side: known.get(f"{side}:{letter}", 0j)), Memo(lambda start, side=side: known.get(f"{side}^{start}", 0j)))  # type: ignore[misc]
            for side in ("p", "n")
        }
        self.noted: dict[object, complex] = {}

    def of(self, names: Iterable[str]) -> complex:
        """The sum of the weights of some features."""
        return sum([self._known.get(name, 0j) for name in names], 0j)

    def most(self, names: Iterable[str]) -> complex:
        """More than the features of any choice out of some names weigh."""
        known = [self._known.get(name, 0j) for name in names]
        return complex(sum([max(0.0, w.real) for w in known]), sum([max(0.0, w.imag) for w in known]))

    def weigh(self, chunks: Sequence[str], codes: str, plain: str) -> complex:
        """The sum of the features of `own`, without building them; ``chunks`` are the pieces between spaces."""
        own, bare = self._codes, self._plain
        total = sum(map(self._chunks.__getitem__, chunks), 0j) + self._starts[plain[:3]]
        total += sum([own[codes[i : i + 4]] for i in range(0, len(codes), 2)], 0j)
        return total + sum([bare[plain[i : i + 4]] for i in range(0, len(plain), 2)], 0j)

    def weigh_beside(self, side: str, plain: str, letters: Iterable[str], heading: bool, paragraph: bool) -> complex:
        """The sum of the features of `beside`; ``letters`` are those of ``plain``."""
        if heading:
            return self._known.get(side + "H", 0j)
        each, starts = self._beside[side]
        total = sum(map(each.__getitem__, letters), 0j) + starts[plain[:2]]
        return total + self._known.get(side + "P", 0j) if paragraph else total


def _rows_at(known: Mapping[str, complex], kind: str, four: str) -> complex:
    """What the rows weigh that begin at the first or second of four letters."""
    return sum([known.get(kind + four[i : i + n], 0j) for i in (0, 1) for n in LETTERS if i + n <= len(four)], 0j)


def plain_of(codes: str) -> str:
    """The letters of a sentence's shorthand without unknown words."""
    return codes.translate(_PLAIN)
