"""An article's own reference list as running text points into it: by number, by key, by name and year, by journal and year.

Finding a pointer and following it ask the same questions of the list, so both steps read this index.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from ingest.records import Citation
from ingest.text.bibliographic import PARTICLES, fold, surname_key

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)([a-z])?(?![\da-z])")
_LEADING_NAME = re.compile(r"[^\W\d_][\w'’‐-]*(?: [^\W\d_][\w'’‐-]+){0,3}")
_KNOWN = {
    "nejm": "new england journal of medicine",
    "jama": "journal of the american medical association",
    "bmj": "british medical journal",
    "pnas": "proceedings of the national academy of sciences",
}
_SMALL = frozenset("of the and for in on a an la de und".split())
_NOT_JOURNALS = frozenset("the a an in new study trial it we he she they he's this that these both one our".split())


class Pointers:
    """The list of one article, indexed by what a text can say to mean an entry; entries are meant by their ``number``."""

    def __init__(self, citations: Sequence[Citation]) -> None:
        """Index the citations in list order."""
        self.citations = tuple(citations)
        self.by_number: dict[int, Citation] = {c.number: c for c in self.citations}
        self.by_label: dict[str, int] = {}
        self.first: dict[str, list[int]] = defaultdict(list)  # first author -> numbers
        self.later: dict[str, list[int]] = defaultdict(list)
        self.years: dict[int, set[int]] = {}
        self._folded: dict[int, str] = {}
        for c in self.citations:
            if c.label:
                self.by_label.setdefault(c.label.strip().lower(), c.number)
            names = [surname_key(name) for name in c.authors]
            if not names and (m := _LEADING_NAME.match(c.raw.lstrip("*•-–[(0123456789]). \t"))):
                names = [surname_key(m.group(0))]
            for position, name in enumerate(filter(None, names)):
                (self.later if position else self.first)[name].append(c.number)
            self.years[c.number] = {int(y) for y, _ in _YEAR.findall(c.raw)} if c.year is None else {c.year}

    @cached_property
    def numbered(self) -> bool:
        """Whether the list prints numbers of its own."""
        return sum(label.isdigit() for label in self.by_label) * 2 > len(self.citations)

    @cached_property
    def longest_name(self) -> int:
        """How many words the longest first author's name has (a body's name may have many)."""
        return max((len(fold(c.authors[0]).split()) for c in self.citations if c.authors), default=1)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The folded first words of the authors' names, particles on and off: what a name in the text can begin with."""
        names = {key for c in self.citations for key in map(fold, c.authors)} | set(self.first)
        words = [name.split() for name in names]
        return frozenset(w for parts in words for w in (*parts[:1], *next(([p] for p in parts if p not in PARTICLES), [])))

    def number(self, printed: int) -> int | None:
        """The entry that a printed number means: the entry so labelled, else the one in that place."""
        labelled = self.by_label.get(str(printed))
        if labelled is not None:
            return labelled
        return printed if not self.numbered and printed in self.by_number and not self.by_number[printed].inline else None

    def names(self, key: str) -> list[int]:
        """Entries whose first author it is, else entries that name the person at all."""
        return self.first.get(key) or self.later.get(key) or []

    def by_author_year(self, authors: Sequence[str], year: int | None, suffix: str = "", crowd: str = "", formal: bool = True) -> tuple[int, ...]:
        """Entries that "Smith (and Lee) 2014a" can mean, in list order; several where it does not tell them apart.

        ``crowd`` is ``one``, ``few`` or ``many`` where the text says how many wrote it ("et al." is many).
        """
        keys = [surname_key(a) for a in authors]
        found = self.first.get(keys[0], []) if keys else []
        if year is not None:
            found = [n for n in found if year in self.years[n]]
            if not found and not formal:  # "the 2014 study by Lee" may name the senior author; "Lee et al., 2014" never does
                found = [n for n in self.later.get(keys[0], []) if year in self.years[n]]
        elif not found:
            found = self.later.get(keys[0], []) if keys else []
        found = self._of_size(self._also_named(list(dict.fromkeys(found)), keys[1:]), crowd)
        return tuple(self._lettered(found, year, suffix) if suffix and year else found)

    def _also_named(self, found: list[int], others: Sequence[str]) -> list[int]:
        """Of several, those that name the second author in second place, then those with exactly as many authors."""
        if len(found) < 2 or not others:
            return found
        second = [n for n in found if len(self.by_number[n].authors) > 1 and surname_key(self.by_number[n].authors[1]) == others[0]]
        exact = [n for n in second if len(self.by_number[n].authors) == len(others) + 1]
        return exact or second or found

    def _of_size(self, found: list[int], crowd: str) -> list[int]:
        if len(found) < 2 or not crowd:
            return found
        size = {n: 9 if " et al " in self.folded(n) else len(self.by_number[n].authors) for n in found}
        fits = {"one": [n for n in found if size[n] == 1], "few": [n for n in found if 1 < size[n] < 4], "many": [n for n in found if size[n] > 2]}
        return fits[crowd] or found

    def _lettered(self, found: list[int], year: int | None, suffix: str) -> list[int]:
        """The entry printed with the letter; a list without letters has them in its order."""
        printed = [n for n in found if f"{year}{suffix}" in self.by_number[n].raw]
        if printed:
            return printed
        place = ord(suffix) - ord("a")
        return [found[place]] if len(found) > 1 and place < len(found) else found

    def several(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Entries in order, each once."""
        return tuple(dict.fromkeys(n for n in numbers if n in self.by_number))

    def folded(self, number: int) -> str:
        """An entry's words, folded, between blanks."""
        if number not in self._folded:
            self._folded[number] = f" {fold(self.by_number[number].raw)} "
        return self._folded[number]

    def by_journal(self, phrase: str, year: int | None) -> tuple[int, tuple[int, ...]]:
        """Entries in the journal that the words of a phrase begin with: how many words it took, and the entries.

        "Can. J. Plant Sci looked at" takes four words. A journal in full is found where the list abbreviates it.
        """
        words = fold(phrase).split()
        known = _KNOWN.get(words[0]) if words else None
        for n in range(min(len(words), 9), 0, -1):
            part = words[:n]
            if all(w in _SMALL or w in _NOT_JOURNALS for w in part) or (n == 1 and len(part[0]) < 3):
                continue
            found = [c.number for c in self.citations if (year is None or year in self.years[c.number]) and self._in_journal(c, part, known)]
            if found:
                return n, tuple(found)
        return 0, ()

    def _in_journal(self, c: Citation, words: list[str], known: str | None) -> bool:
        container = fold(c.container or "")
        if container:
            return container in (" ".join(words), known) or same_journal(known.split() if known and len(words) == 1 else words, container.split())
        place = self.folded(c.number).find(f" {' '.join(words)} ")
        return place > 20 and len(" ".join(words)) > 6


def same_journal(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two folded journal names are one name, each word in full or abbreviated.

    >>> same_journal("n engl j med".split(), "new england journal of medicine".split())
    True
    """
    left, right = [w for w in a if w not in _SMALL], [w for w in b if w not in _SMALL]
    if len(left) == 1 and len(right) > 1:
        return len(left[0]) > 2 and left[0] == "".join(w[0] for w in right)
    if len(right) == 1 and len(left) > 1:
        return len(right[0]) > 2 and right[0] == "".join(w[0] for w in left)
    return len(left) == len(right) > 0 and all(_abbreviates(x, y) for x, y in zip(left, right, strict=True))


def _abbreviates(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        return True
    at = iter(long)
    return len(short) <= 5 and short[0] == long[0] and short[-1] == long[-1] and all(c in at for c in short)
