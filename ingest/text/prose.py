"""The prose of one article with its sentences and paragraphs: what find and extract read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.records import Article, Citation, Marker, Span

_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st vs eg ie etc al no fig figs inc ltd co corp approx dept univ vol pp ed eds jan feb mar apr jun jul "
    "aug sep sept oct nov dec sr jr rev gen sen gov cf ca resp ref refs wk wks mo yr yrs hr hrs min pts max incl".split()
)
# A paragraph ends at a line break; a sentence at . ! ? … with closing quotes and brackets, even where the next letter follows at once.
_BREAK = re.compile(r"\n\s*")
_END = re.compile(r"[.!?…]+(?:[\"'”’)\]*_]*)(?:\[\d+(?:[,–-]\d+)*\])*(?=\s|$|[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Sentence:
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

    >>> [ "Know MS. It improved."[s.start:s.end] for s in split_sentences("Know MS. It improved.") ]
    ['Know MS.', 'It improved.']
    """
    out: list[Sentence] = []
    position = paragraph = 0
    for stop in [*(m.span() for m in _BREAK.finditer(text)), (len(text), len(text))]:
        before = len(out)
        for start, end in _in_block(text, position, stop[0]):
            out.append(Sentence(start, end, paragraph))
        paragraph += len(out) > before
        position = stop[1]
    return tuple(out)


def _in_block(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    start = begin
    for m in _END.finditer(text, begin, stop):
        if m.end() >= stop:
            break
        if _continues(text, start, m.start(), m.end()):
            continue
        yield from _trimmed(text, start, m.end())
        start = m.end()
    yield from _trimmed(text, start, stop)


def _continues(text: str, start: int, dot: int, end: int) -> bool:
    following = text[end : end + 3].lstrip()
    if following and (following[0].islower() or following[0] in ",;:"):
        return True
    if text[dot:end].rstrip("\"'”’)]*_") != ".":
        return False
    tail = re.search(r"[\w.]*$", text[max(start, dot - 12) : dot])
    written = tail.group(0) if tail else ""
    word = written.lower()
    if len(written) > 1 and written.isupper() and written.isalpha():  # "MS." ends a sentence where "Ms." does not
        return False
    if word in _ABBREVIATIONS or re.search(r"(?:^|\.)[a-z]$", word):
        return True
    return bool(text[end : end + 1].isupper() and text[dot - 1 : dot].isupper() and len(word) < 3)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


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
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the running text, reference lists left out."""
        return tuple(s for s in split_sentences(self.text) if not any(s.span.overlaps(x) for x in self.lists))

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds a character, or None."""
        i = bisect_right(self._starts, offset) - 1
        return self.sentences[i] if i >= 0 and offset < self.sentences[i].end else None

    def sentences_in(self, span: Span) -> Sequence[Sentence]:
        """The sentences that share a character with a span."""
        return [s for s in self.sentences if s.span.overlaps(span)]

    def quote(self, span: Span) -> str:
        """The words of a span."""
        return self.text[span.start : span.end]
