"""A sentence as a row of letters: each word becomes the letter of its class, so that patterns over words are short and fast.

``researchers gave 81 people a placebo`` is written ``AVNPib``: words without a class are dots. Function words hardly matter in
such a row, which is why patterns over it still hold where a text had its function words replaced.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.errors import LexiconError
from ingest.text.memo import Memo

TOKEN = re.compile(r"\d(?:[\d,.]*\d)?(?:%|(?:[-–][^\W\d_]+)+)?|[^\W_]+(?:[-'’][^\W_]+)*|[,;:?!()\[\]—]")
"""A word with its hyphens and apostrophes, a number with its percent sign or unit, or a mark that parts clauses."""

_NUMBER_WORDS = frozenset(
    re.findall(
        r"\w+",
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million dozen",
    )
)
_SMALL = frozenset(("two", "three", "four", "five", "six", "seven", "eight", "nine"))
_DEMONYMS = ("ans", "landers", "doners", "yorkers", "niards")
OTHER, NUMBER, SMALL, YEAR, PERCENT, DECIMAL, AGED, ACRONYM, CAPITAL = ".", "N", "n", "Y", "%", "x", "a", "u", "C"
_RESERVED = set(OTHER + NUMBER + SMALL + YEAR + PERCENT + DECIMAL + AGED + ACRONYM + CAPITAL + ",;:?!()[]—")


class Shorthand:
    """Writes words as class letters, from a TOML file of ``[[class]]`` tables (``code``, ``name``, ``example``, ``words``, ``tail``).

    A word with a star in front is an ending: ``*ologists``.

    :raises LexiconError: a class without its keys, a code that is taken, an example that is written otherwise.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as f:
            rows = tomllib.load(f).get("class", [])
        self._codes: dict[str, str] = {}
        self._tails: dict[str, str] = {}
        self._memo = Memo(self._classify)
        self._chunks = Memo(self._chunk)
        self._endings: tuple[tuple[str, str], ...] = ()
        seen: set[str] = set()
        for row in rows:
            self._add(row, path.name, seen)
        for row in rows:
            if self.code(row["example"]) != row["code"]:
                raise LexiconError(f"{path.name}, class {row['code']!r}: its example {row['example']!r} is written {self.code(row['example'])!r}")

    def _add(self, row: Mapping[str, str], file: str, seen: set[str]) -> None:
        missing = [k for k in ("code", "name", "example", "words") if k not in row]
        if missing:
            raise LexiconError(f"{file}: a class has no {', '.join(missing)}")
        code = row["code"]
        if len(code) != 1 or code in seen or code in _RESERVED:
            raise LexiconError(f"{file}, class {code!r}: the code must be one letter that no other class has")
        seen.add(code)
        for word in row["words"].split():
            if word.startswith("*"):
                self._endings += ((word[1:], code),)
            else:
                self._codes.setdefault(word, code)
        for word in row.get("tail", "").split():
            self._tails.setdefault(word, code)

    def code(self, word: str) -> str:
        """Give the letter of one word."""
        return self._memo[word]

    def write(self, text: str) -> str:
        """Write a piece of text as a row of letters, one for each match of `TOKEN`."""
        return self.write_chunks(text.split())

    def write_chunks(self, chunks: Iterable[str]) -> str:
        """Write the pieces of a text, cut at its spaces."""
        return "".join(map(self._chunks.__getitem__, chunks))

    def _chunk(self, chunk: str) -> str:
        """Write what stands between two spaces: a word with the marks that cling to it."""
        return "".join([self._memo[w] for w in TOKEN.findall(chunk)])

    def _classify(self, word: str) -> str:
        if len(word) == 1 and not word.isalnum():
            return word
        if word[0].isdigit():
            return self._classify_number(word.lower())
        low = word.lower().replace("’", "'")
        if low.endswith("'s") and low not in self._codes:
            low = low[:-2]
        if word.isupper() and len(word) == 2:
            return CAPITAL
        if len(word) > 2 and word.isupper() and (low not in self._codes or len(word) < 5):
            return ACRONYM
        if low in _NUMBER_WORDS:
            return NUMBER
        if low in _SMALL:
            return SMALL
        code = self._codes.get(low)
        if code is None and "-" in low:
            return self._classify_compound(low, word)
        if code is None and len(low) > 4 and not word[0].isupper():
            code = next((c for ending, c in self._endings if low.endswith(ending)), None)
        if code is None and word[0].isupper():
            return self._codes.get("people", CAPITAL) if len(low) > 5 and low.endswith(_DEMONYMS) else CAPITAL
        return code or OTHER

    def _classify_compound(self, low: str, word: str) -> str:
        head, _, tail = low.rpartition("-")
        if (tail == "old" and "year" in head) or "month-old" in low:
            return AGED
        if head.split("-")[0] in _NUMBER_WORDS and tail in _SMALL | {"one"}:
            return NUMBER
        code = self._tails.get(tail) or self._codes.get(tail if len(tail) > 3 else "")
        if code is None and sum(c.isupper() for c in word) > 2:
            return ACRONYM
        return code or OTHER

    def _classify_number(self, word: str) -> str:
        if word.endswith("%"):
            return PERCENT
        if "-" in word or "–" in word:
            if word.endswith("old"):
                return AGED
            tail = re.split("[-–]", word)[-1]
            return self._tails.get(tail, OTHER)
        plain = word.replace(",", "")
        if not plain.isdigit():
            return DECIMAL if plain[0].isdigit() and plain[-1].isdigit() else OTHER
        if "," not in word and len(plain) == 4 and "1900" <= plain <= "2099":
            return YEAR
        return NUMBER if len(plain) > 1 else SMALL
