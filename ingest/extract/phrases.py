"""Noun phrases, vocabulary terms and the topic of an article: what exposure and condition share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import ahocorasick

from ingest.records import Span
from ingest.text.context import needed
from ingest.text.prose import Prose
from ingest.text.terms import Found, find_terms

_WORD = re.compile(r"[A-Za-z][\w'’-]*|\d[\d,.]*%?|[^\w\s]")
_STOP = frozenset(
    """or and versus vs than then for with without in on at by from to twice once three four daily every each per while who that which
    before after during over when but as is was were are had have has did do not because between through into under via until
    against compared about around up also plus added together along within among if so both either nor it they we he she
    swallowed took drank received got ate sucked wore chewed underwent joined completed""".split()
)
_LEAD = frozenset(
    """a an the either some any real true their his her its mg mcg ug g ml iu µg of dose doses daily capsule capsules pill pills tablet
    tablets up more less additional cups cup glass milligrams grams""".split()
)
MAX_WORDS = 5


def noun_phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The short noun phrase that begins at ``start``: doses and articles skipped, ended by a preposition, verb or mark."""
    first: int | None = None
    last = start
    count = 0
    for m in _WORD.finditer(text, start, min(end, start + 160)):
        low = m.group().lower()
        if first is None:
            if low in _LEAD or low[0].isdigit():
                continue
            if not low[0].isalpha() or low in _STOP:
                return None
            first = m.start()
        elif not (low[0].isalnum()) or low in _STOP or low == "of" or count >= MAX_WORDS:
            break
        last = m.end()
        count += 1
    return (first, last) if first is not None else None


_NO_TERM = frozenset(("placebo", "sham", "usual care", "standard care"))
_CITED = re.compile(r"\s(?:et al|and colleagues|and co-workers)|,? \(?\d{4}")


@lru_cache(maxsize=8)
def terms_of(text: str) -> tuple[Found, ...]:
    """The exposures and conditions of the vocabulary that a text names (kept for the mentions of one article).

    Left out: an exposure within a longer outcome ("blood [sugar]"), placebos, a trial's name in capitals
    ("CHOLINE") and an author's name that is also a food ("Lamb et al.").
    """
    found = find_terms(text)
    longer = {(f.start, f.end) for f in found if f.term.kind == "outcome" and " " in text[f.start : f.end]}
    ends = {at: end for start, end in longer for at in range(start, end)}
    return tuple(
        [
            f
            for f in found
            if (kind := f.term.kind) != "outcome"
            and (kind == "condition" or ends.get(f.start, 0) < f.end or (f.start, f.end) in longer)
            and not _is_name(text, f)
        ]
    )


def _is_name(text: str, f: Found) -> bool:
    words = text[f.start : f.end]
    if words == "the cold" and text[max(0, f.start - 3) : f.start].lower() in {"in ", "of "}:  # the weather
        return True
    if f.term.name in _NO_TERM or (words.isupper() and len(words) > 4 and not f.term.name.isupper()):
        return True
    return words[0].isupper() and _CITED.match(text, f.end) is not None


@lru_cache(maxsize=16)
def _of_kind(text: str, kind: str) -> tuple[list[int], list[Found]]:
    """The terms of one kind that a text names, and where each begins."""
    found = [f for f in terms_of(text) if f.term.kind == kind]
    return [f.start for f in found], found


def terms_in(text: str, span: Span, kind: str) -> list[Found]:
    """The terms of one kind that lie in a span, in reading order."""
    starts, found = _of_kind(text, kind)
    low = bisect_left(starts, span.start)
    return [f for f in found[low : bisect_left(starts, span.end, low)] if f.end <= span.end]


def title_terms(prose: Prose, kind: str) -> list[str]:
    """The names of a kind that the article's title uses."""
    return _names_in(prose.article.title, kind) if prose.article.title else []


@lru_cache(maxsize=8)
def _names_in(title: str, kind: str) -> list[str]:
    return [f.term.name for f in find_terms(title, (kind,))]


_WORD_BEHIND = re.compile(r"[ -]([A-Za-z-]+)")
_WORD_BEFORE = re.compile(r"([A-Za-z-]+) $")


def widened(text: str, start: int, end: int, left: frozenset[str], right: frozenset[str]) -> tuple[int, int]:
    """A span with the words beside it that belong to the phrase: "high-dose [vitamin D] supplements"."""
    for _ in range(2):
        m = _WORD_BEHIND.match(text, end)
        if m is None or m.group(1).lower() not in right:
            break
        end = m.end()
    for _ in range(2):
        before = _WORD_BEFORE.search(text[max(0, start - 24) : start])
        if before is None or before.group(1).lower() not in left:
            break
        start -= len(before.group())
    return start, end


class Before:
    """Patterns for the words just before a place; a pattern is only tried where one of the words stands that it needs.

    :raises ValueError: a pattern without such words.
    """

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        self._patterns = patterns
        masks: dict[str, int] = {}
        for n, pattern in enumerate(patterns):
            words = needed(pattern.pattern)
            if not words:
                raise ValueError(f"no word that every match of {pattern.pattern!r} holds")
            for word in words:
                masks[word] = masks.get(word, 0) | 1 << n
        self._words = ahocorasick.Automaton()
        for word, mask in masks.items():
            self._words.add_word(word, mask)
        self._words.make_automaton()

    def read(self, text: str, start: int, reach: int = 40) -> tuple[bool, ...]:
        """Which of the patterns match, in their order."""
        window = text[max(0, start - reach) : start]
        mask = 0
        for _, hit in self._words.iter(window.lower()):
            mask |= hit
        return tuple([bool(mask >> n & 1) and p.search(window) is not None for n, p in enumerate(self._patterns)])


def label_before(text: str, start: int, kind: str, reach: int = 120) -> Found | None:
    """The term that labels the line a mention stands in: "Fish oil: good for rheumatoid arthritis; several small trials …"."""
    line = max(text.rfind("\n", 0, start) + 1, start - reach)
    named = [f for f in terms_in(text, Span(line, start), kind) if f.term.group != "population"]
    return named[0] if named else None


def heading_term(prose: Prose, start: int, kind: str) -> Found | None:
    """The term that the heading above a mention names."""
    above = [h for h in prose.article.headings if h.end <= start]
    named = terms_in(prose.text, above[-1], kind) if above else []
    return named[0] if named else None


def first_in_text(text: str, names: Sequence[str], kind: str) -> Found | None:
    """Where the first of some terms is first printed in a text."""
    places = _first_places(text, kind)
    return next((places[n] for n in names if n in places), None)


@lru_cache(maxsize=8)
def _first_places(text: str, kind: str) -> dict[str, Found]:
    return {f.term.name: f for f in reversed(terms_of(text)) if f.term.kind == kind}
