"""Lay words and the words of abstracts for the same thing, brought together: "food pipe" and "esophageal" have one meaning.

The table is ``lay.txt``: one meaning a line, its names separated by ``|``; a name's word that ends in ``*`` stands for every word that begins
so. A word may have several meanings; which of them counts is left to how rare each is in the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from ingest.errors import LexiconError
from ingest.text.bibliographic import fold

_TABLE = Path(__file__).with_name("lay.txt")
_SHORTEST_STEM = 2
_Rest = tuple[str, ...]


@cache
def _names() -> tuple[dict[str, list[tuple[_Rest, str]]], dict[str, list[tuple[_Rest, str]]]]:
    """The words that follow and the meaning, by a name's first word: whole words, and beginnings of words."""
    whole: dict[str, list[tuple[_Rest, str]]] = {}
    begun: dict[str, list[tuple[_Rest, str]]] = {}
    for number, line in enumerate(_TABLE.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        names = [n.strip() for n in line.split("|")]
        for name in names:
            words = [fold(w) + "*" * w.endswith("*") for w in name.split()]
            if not all(words) or any(len(w) <= _SHORTEST_STEM for w in words if w.endswith("*")):
                raise LexiconError(f"{_TABLE.name}, line {number}: {name!r} is empty or too short to stand for what begins with it")
            (begun if words[0].endswith("*") else whole).setdefault(words[0].rstrip("*"), []).append((tuple(words[1:]), f"¤{names[0]}"))
    return whole, begun


@lru_cache(maxsize=1 << 16)
def _starting(word: str) -> tuple[tuple[_Rest, str], ...]:
    whole, begun = _names()
    found = list(whole.get(word, ()))
    for n in range(_SHORTEST_STEM, len(word) + 1):
        found += begun.get(word[:n], ())
    return tuple(found)


def meanings(words: Sequence[str]) -> list[str]:
    """The meanings of folded words in their order, each as often as it is named.

    >>> meanings("he had a heart attack".split())[0] == meanings("myocardial infarctions".split())[0]
    True
    """
    out = []
    for i, word in enumerate(words):
        for rest, meaning in _starting(word):
            after = words[i + 1 : i + 1 + len(rest)]
            if not rest or (len(after) == len(rest) and all(a.startswith(r[:-1]) if r[-1] == "*" else a == r for a, r in zip(after, rest, strict=True))):
                out.append(meaning)
    return out
