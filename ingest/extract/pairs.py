"""Two figures set against one another: "18.6% on the antibiotic and 44.9% on the placebo", "14 words out of 20, compared with 11".

No word of such a sentence says a direction. The figure of the arm that got nothing (placebo, usual care, avoiders) is the
measure of the other; where neither arm is named so, the second figure is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

IDLE = frozenset(
    """placebo placebos sham dummy dummies fake look-alike lookalike control controls without others rest untreated unvaccinated avoiders abstainers
    non-users nonusers non-drinkers non-smokers never-smokers usual comparison neither nothing gauze waiting nobody none leaflet leaflets
    didn't hadn't weren't""".split()
)
"""Words of the arm that got nothing, or next to it."""
_VERSUS = frozenset(("versus", "vs", "against", "compared"))
_JOIN = frozenset(("and", "but", "while", "whereas", ",", ";")) | _VERSUS
_OF = frozenset(("of", "out", "in"))
_TIMES = frozenset("day days week weeks month months year years hour hours minute minutes night nights".split())
_MORE = frozenset(("more", "less", "fewer", "higher", "lower", "greater", "smaller", "longer", "shorter", "better", "worse", "faster", "slower", "ci"))
_WHEN = frozenset("after at for over within by until age aged every in during past only first last under".split())
_TENS = {w: f"{n}0" for n, w in enumerate("ten twenty thirty forty fifty sixty seventy eighty ninety".split(), 1)} | {
    w: str(n) for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(), 1)
}


class _Figures(dict[str, bool]):
    """Whether a word begins with a digit, asked once for each."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = figure = word[0].isdigit()
        return figure


IS_FIGURE = _Figures()
_LASTED = frozenset(("took", "lasted", "stay", "healing", "recovery", "median", "average", "mean", "lived"))
ALIKE = (0.87, 1.15)
"""Ratios of two figures that are called alike: without a test nothing smaller is told."""
ALIKE_CLOSE = (0.93, 1.08)
"""Ratios so near to one that they undo a direction told of the first arm."""


class Figure(NamedTuple):
    """A figure at token ``i``, with its worth after division by a group size ("4 of 120"); ``unit`` is the word after it."""

    i: int
    value: float
    unit: str


def compared(words: Sequence[str]) -> str | None:
    """Say how the first arm's figure stands to the idle arm's: increased, decreased, no_difference; None where no two figures are compared."""
    pair = figures(words)
    if pair is None:
        return None
    first, second = pair
    if not min(first.value, second.value):
        return None
    ratio = first.value / second.value
    if ALIKE[0] <= ratio <= ALIKE[1]:
        return "no_difference"
    more = (ratio > 1) != (idle_figure(words, first.i, second.i) == 0)
    return "increased" if more else "decreased"


def figures(words: Sequence[str]) -> tuple[Figure, Figure] | None:
    """The two figures that a sentence sets against one another, if it is two: percentages before other numbers."""
    places = [i for i, w in enumerate(words) if IS_FIGURE[w] or w in _TENS]
    if len(places) < 2:
        return None
    found = list(_figures(words, places))
    shares = [f for f in found if f.unit == "%"]
    if shares:
        return (shares[0], shares[1]) if len(shares) == 2 else None
    found = [f for f in found if not _is_time_of_study(words, f) and not _counts_takers(words, f)]
    if len(found) != 2:
        return None
    a, b = found
    between = set(words[a.i + 1 : b.i])
    alike_units = b.unit == a.unit or b.unit == "" or a.unit == "" or 0 < a.value < 1
    named = bool(IDLE & set(words))
    same = a.value == b.value and bool(between & _JOIN)
    if not alike_units or not (same or between & _VERSUS or (named and between & _JOIN) or (between & _JOIN and a.unit in _TIMES and _LASTED & set(words))):
        return None
    return a, b


def idle_figure(words: Sequence[str], first: int, second: int) -> int:
    """Which of two figures (0 or 1) belongs to the arm that got nothing; 1 where neither arm says so."""
    at = _idle_at(words, first - 7)
    if at is None or at > second:
        return 1
    if at < first:
        return 0
    seams = [k for k in range(first + 1, second) if words[k] in _JOIN]
    return 0 if seams and at < seams[-1] else 1


def _idle_at(words: Sequence[str], since: int) -> int | None:
    for k, w in enumerate(words):
        if k < since:
            continue
        if w in IDLE or (w in {"no", "not"} and k and words[k - 1] in {"took", "did", "had", "got", "ate", "drank", "were", "was"}):
            return k
    return None


def _figures(words: Sequence[str], places: Sequence[int]) -> Iterator[Figure]:
    skip = -1
    for i in places:
        if i <= skip:
            continue
        w = words[i]
        percent = w.endswith("%") or words[i + 1 : i + 2] in (["percent"], ["%"]) or words[i + 1 : i + 3] == ["per", "cent"]
        text = _TENS.get(w, w) if percent else w
        value = number(text)
        if value is None or (i and words[i - 1] in _NO_RESULT_AFTER) or words[i + 1 : i + 3] == ["of", "them"]:
            continue
        if percent:
            if _MORE & set(words[i + 1 : i + 4]):  # "28 percent more": a difference, no share
                continue
            yield Figure(i, value, "%")
            continue
        whole, skip = _whole(words, i)
        unit = words[skip + 1] if skip + 1 < len(words) and words[skip + 1].isalpha() and skip == i else ""
        yield Figure(i, value / whole if whole else value, "" if whole or unit in _JOIN or unit in _PREPOSITIONS else unit)


_PEOPLE = frozenset(
    """women men people patients children adults volunteers participants babies infants girls boys students users workers mice rats subjects
    healthy others""".split()
)
_DOSES = frozenset("g mg mcg µg iu ml gram grams milligrams units cups cup tablets capsules drops litres spoonfuls minutes".split())
_NO_RESULT_AFTER = frozenset("p = < week day age aged n type phase other remaining £ $ €".split())
_PREPOSITIONS = frozenset("with without in on for under among of to by after when per at from those who".split())


def _whole(words: Sequence[str], i: int) -> tuple[float | None, int]:
    """The group size of "4 of 120", "17 of the 20", "14 words out of 20", and the token it ends at."""
    for k in range(i + 1, min(i + 5, len(words))):
        if words[k] in _JOIN:
            break
        size = number(words[k])
        if size:
            between = words[i + 1 : k]
            if "of" in between and size >= (number(words[i]) or 0):
                # "15 words out of 24, compared with 9": the second figure has no size of its own, so none is divided
                return (size if _has_second(words, k) else None), k
            break
    return None, i


def _has_second(words: Sequence[str], at: int) -> bool:
    """Whether another "n of m" follows, or went before."""
    return any(
        number(words[k]) is not None and "of" in words[k + 1 : k + 4] and any(number(w) is not None for w in words[k + 2 : k + 5])
        for k in range(len(words))
        if not at - 5 < k <= at
    )


def _is_time_of_study(words: Sequence[str], f: Figure) -> bool:
    """Whether a number says how long or how old ("after 8 weeks", "aged 60") and not what came of it."""
    return f.unit in _TIMES and f.i > 0 and words[f.i - 1] in _WHEN


def _counts_takers(words: Sequence[str], f: Figure) -> bool:
    """Whether a number counts who took part or what they took ("18,314 smokers", "30 mg") and not what came of it."""
    return f.unit in _PEOPLE or f.unit.endswith(("ers", "ees")) or (f.unit in _DOSES and not _LASTED & set(words))


class _Numbers(dict[str, float | None]):
    """`_number` of words, worked out once for each."""

    def __missing__(self, word: str) -> float | None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = value = _number(word)
        return value


_MOST_KNOWN = 50_000
number = _Numbers().__getitem__
"""The number that a word is, in digits; None for anything else."""


def _number(word: str) -> float | None:
    if word[0].isalpha():  # most words
        return None
    text = word.rstrip("%").rstrip(".,·").replace("·", ".").replace(",", "")
    if not text[:1].isdigit() or text.count(".") > 1 or not text.replace(".", "").isdigit():
        return None
    return float(text)
