"""The prose of one article with its sentences and paragraphs: what find and extract read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ingest.records import Article, Citation, Marker, Span
from ingest.text.gates import Reading
from ingest.text.numbers import lowered

_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st vs eg ie etc al no fig figs inc ltd co corp approx dept univ vol pp ed eds jan feb mar apr jun jul "
    "aug sep sept oct nov dec sr jr rev gen sen gov cf ca resp ref refs wk wks mo yr yrs hr hrs min pts max incl".split()
)
# A paragraph ends at a line break; a sentence at . ! ? … with closing quotes, brackets and reference marks ("risk.[3]", "risk.3 Later"),
# even where the next letter follows at once ("hurt?Some"), unless the text goes on in lower case.
_STOP = re.compile(
    r"[\n.!?…](?:(?<=\n)\s*"
    r"|(?<!\n)([.!?…]*+[\"'”’)\]*_]*+(?:\[\d[\d,–-]{0,20}\])*(?:(?<=[a-z)%”\"’][.!?])\d{1,2}(?:[,–-]\d{1,2}){0,3}(?=\s+[A-Z“\"(]|\s*\Z))?)"
    r"(?:[^\S\n]+(?![a-z,;:\s])|(?=[\nA-Z“\"])|\s*\Z))"
)
_TITLES = frozenset(("dr", "mr", "mrs", "st", "prof"))
_INITIAL = re.compile(r"(?:^|[.-])[a-z]$")
_BEGINS = re.compile(r"\s*(?:One|The|In|But|They|It|He|She|This|These|Those|A|An|And|However|Researchers|Another|Of|About|More|Most|Some) ")
_LONGEST_ABBREVIATION = 6
_NEAR = 3  # characters between two parts of a mention that are read as one passage


class Sentence(NamedTuple):
    """A sentence of the text; ``paragraph`` counts from 0."""

    start: int
    end: int
    paragraph: int

    @property
    def span(self) -> Span:
        """The sentence as a span."""
        return Span(self.start, self.end)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Split a text into sentences with exact spans; line breaks always end one.

    >>> text = "Is it MS? It hurt.Some had Dr. Lee, e.g. for pain (2.5 mg)."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['Is it MS?', 'It hurt.', 'Some had Dr. Lee, e.g. for pain (2.5 mg).']
    """
    out: list[Sentence] = []
    start = len(text) - len(text.lstrip())
    paragraph = count = 0
    for m in _STOP.finditer(text):
        end = m.end(1)
        if end < 0:
            end = len(text[start : m.start()].rstrip()) + start
            if end > start:
                out.append(Sentence(start, end, paragraph))
            paragraph += len(out) > count
            count = len(out)
        elif text[dot := m.start()] == "." and not (end == dot + 1 and _ENDS_PLAINLY[text[max(start, dot - 12) : dot].rpartition(" ")[2]]):
            if _continues(text, start, dot, end):
                continue
            out.append(Sentence(start, end, paragraph))
        else:
            out.append(Sentence(start, end, paragraph))
        start = m.end()
    end = len(text.rstrip())
    if end > start:
        out.append(Sentence(start, end, paragraph))
    return tuple(out)


def _is_plain(word: str) -> bool:
    """Whether a word can be no abbreviation, whatever stands around it: true of most full stops."""
    low = word.lower()
    return len(word) > _LONGEST_ABBREVIATION or (len(word) > 2 and low.isalpha() and low not in _ABBREVIATIONS and low not in _TITLES)


class _Plain(dict[str, bool]):
    """`_is_plain` of what stands in front of a full stop, opening marks left out, worked out once."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = plain = _is_plain(word.lstrip(_OPENING))
        return plain


_MOST_KNOWN = 20_000
_OPENING = "([{\"'“‘*_"
_ENDS_PLAINLY = _Plain()


def _continues(text: str, start: int, dot: int, end: int) -> bool:
    """Tell whether a full stop belongs to an abbreviation or an initial."""
    if end > dot + 1 and text[dot + 1 : end].strip("\"'”’)]*_"):
        return False
    before = max(start, dot - 12)
    word = text[max(text.rfind(" ", before, dot) + 1, before) : dot].lstrip(_OPENING)
    if _is_plain(word):
        return False
    if word.lower() in _TITLES:
        return True
    if len(word) > 1 and word.isupper() and word.isalpha():  # "MS." ends a sentence where "Ms." does not
        return False
    if len(word) == 1 and _LETTERED.search(text, max(start, dot - 40), dot):
        return False
    low = word.lower()
    if low == "u.s" and _BEGINS.match(text, end):  # "across the U.S. One study"
        return False
    if low in _ABBREVIATIONS or _INITIAL.search(low) or (low == "ph" and text[dot + 1 : dot + 3] == "D."):
        return True
    return len(word) < 3 and word[-1:].isupper() and text[end : end + 1].isupper()


@dataclass(frozen=True)
class Prose:
    """An article's text as the steps read it.

    ``lists`` are the spans of reference lists: find and extract leave them out of the running text.
    """

    article: Article
    lists: tuple[Span, ...] = ()
    markers: tuple[Marker, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def text(self) -> str:
        """The article's plain text."""
        return self.article.text

    @property
    def is_abstract(self) -> bool:
        """Whether the text reports its own study (a PubMed record) rather than writing about others' studies."""
        return self.article.kind == "abstract"

    @cached_property
    def low(self) -> str:
        """The text in lower case, as long as the text."""
        return lowered(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the running text, reference lists left out."""
        found = split_sentences(self.text)
        if not self.lists:
            return found
        lists = [(x.start, x.end) for x in self.lists]
        return tuple(s for s in found if not any(s.start < b and a < s.end for a, b in lists))

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What a step worked out on the way and a neighbour in its room reads again, by the module that wrote it."""
        return {}

    def passages(self, parts: tuple[Span, ...]) -> tuple[Reading, ...]:
        """The parts of a mention, read; neighbours become one passage, so that a pattern may cross sentences."""
        return self._read(parts)[0]

    def readings(self, parts: tuple[Span, ...]) -> tuple[tuple[Span, Reading], ...]:
        """Each part of a mention with the passage that it is part of."""
        return self._read(parts)[1]

    def _read(self, parts: tuple[Span, ...]) -> tuple[tuple[Reading, ...], tuple[tuple[Span, Reading], ...]]:
        """Read the parts of a mention; kept for the steps that read the same mention one after the other."""
        known = self.notes.get(__name__)
        if known is not None and known[0] is parts:
            found: tuple[tuple[Reading, ...], tuple[tuple[Span, Reading], ...]] = known[1]
            return found
        joined: list[tuple[int, int]] = []
        for part in sorted(parts, key=lambda p: p.start):
            if joined and part.start - joined[-1][1] <= _NEAR:
                joined[-1] = (joined[-1][0], max(joined[-1][1], part.end))
            else:
                joined.append((part.start, part.end))
        passages = tuple([Reading(self.text, self.low, start, end) for start, end in joined])
        if len(passages) == 1:
            found = passages, tuple([(p, passages[0]) for p in parts])
        else:
            ends = [p.end for p in passages]
            found = passages, tuple([(p, passages[bisect_left(ends, p.end)]) for p in parts])
        self.notes[__name__] = parts, found
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds a character, or None."""
        i = bisect_right(self._starts, offset) - 1
        return self.sentences[i] if i >= 0 and offset < self.sentences[i].end else None

    def sentence_before(self, offset: int) -> Sentence | None:
        """The sentence before the one that holds a character, in the same paragraph, or None."""
        i = bisect_right(self._starts, offset) - 1
        if i < 1 or offset >= self.sentences[i].end or self.sentences[i - 1].paragraph != self.sentences[i].paragraph:
            return None
        return self.sentences[i - 1]

    def sentences_in(self, span: Span) -> Sequence[Sentence]:
        """The sentences that share a character with a span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_left(self._starts, span.end)
        return [s for s in self.sentences[first:last] if s.start < span.end and span.start < s.end]

    def quote(self, span: Span) -> str:
        """The words of a span."""
        return self.text[span.start : span.end]


# A letter that is a name of its own and no initial: "took vitamin D.", "vitamins C and E.", "hepatitis B.", "those in group A."
_LETTERED = re.compile(
    r"(?i:\b(?:vitamins?|hepatitis|groups?|types?|arms?|class|part|plan|influenza|factor|protein|coenzyme|strain|team|phase|grade|stage|patient|option)) "
    r"(?:[A-Z0-9]{1,3}(?:, and |, | and | or ))*[A-Z]$"
)
