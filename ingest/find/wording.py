"""What the wording of a sentence weighs: its words, the order of its class letters, and how its neighbours look.

The cues of ``mentions.toml`` are what we know of sentences that bring in a study; wording is what was learned beside them from labelled
articles: that "villages" were "switched", that a number stands before an unknown plural, that the next sentence goes on with "they". It is
a sum, so that the weight of a piece between two spaces is looked up once for all texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
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
    plain = codes.translate(_PLAIN)
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
    plain = codes.translate(_PLAIN)
    yield f"{side}^{plain[:2]}"
    yield from (f"{side}:{letter}" for letter in sorted(set(plain)))


class Wording:
    """Learned weights of wording; those of the cues are read from the same file."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.replace(weights)

    @classmethod
    def read(cls, path: Path) -> Wording:
        """Read weights as ``bench/train_mentions.py`` writes them; nothing weighs anything where there are none yet."""
        return cls(json.loads(path.read_text(encoding="utf-8"))["weights"] if path.exists() else {})

    def replace(self, weights: Mapping[str, float]) -> None:
        """Take other weights: for training."""
        self.get = dict(weights).get
        self._words = {k[2:]: v for k, v in weights.items() if k.startswith("w:")}
        self._codes = {k[2:]: v for k, v in weights.items() if k.startswith("c:")}
        self._plain = {k[2:]: v for k, v in weights.items() if k.startswith("d:")}
        self._chunks: dict[str, float] = {}

    def weigh(self, piece: str, codes: str) -> float:
        """The sum of the features of `own`, without building them."""
        chunks = self._chunks
        total = 0.0
        for chunk in piece.split():
            weight = chunks.get(chunk)
            if weight is None:
                if len(chunks) >= _MEMO_LIMIT:
                    chunks.clear()
                weight = chunks[chunk] = sum([self._words.get(w, 0.0) for w in words_of(chunk)])
            total += weight
        plain = codes.translate(_PLAIN)
        get, n = self._codes.get, len(codes)
        total += sum([get(codes[i : i + 2], 0.0) + get(codes[i : i + 3], 0.0) for i in range(n - 2)])
        get, m = self._plain.get, len(plain)
        total += sum([get(plain[i : i + 2], 0.0) + get(plain[i : i + 3], 0.0) for i in range(m - 2)])
        if n > 1:
            total += self._codes.get(codes[n - 2 :], 0.0)
        if m > 1:
            total += self._plain.get(plain[m - 2 :], 0.0)
        return total + self.get("^" + plain[:2], 0.0) + self.get("^" + plain[:3], 0.0)

    def weigh_beside(self, side: str, codes: str, heading: bool, paragraph: bool) -> float:
        """The sum of the features of `beside`."""
        return sum([self.get(f, 0.0) for f in beside(side, codes, heading, paragraph)])
