"""Terms and noun phrases in a study's own sentences, and the topic of an article: what exposure and condition share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.records import Mention, Span
from ingest.text.prose import Prose
from ingest.text.terms import Found, find_terms

_WORD = re.compile(r"[A-Za-z][\w'’-]*|\d[\d,.]*%?|[^\w\s]")
_STOP = frozenset(
    """or and versus vs than then for with without in on at by from to twice once three four daily every each per while who that which
    before after during over when while but as is was were are had have has did do not because between through into under via until
    against compared about around up also plus added together along within among if so both either nor it they we he she
    whose where one two""".split()
)
_LEAD = frozenset(
    "a an the either some any real true their his her its mg mcg ug g ml iu µg of dose doses daily capsule capsules pill pills tablet "
    "tablets supplement supplements extract up more less high low additional extra cups cup glass milligrams grams".split()
)
_MEASURED = re.compile(r"(?i)\b(?:levels?|status|concentrations?|intake)$")
MAX_WORDS = 5
# Words that name no exposure and no disease of their own: a phrase made only of these stands for something named elsewhere.
GENERIC = frozenset(
    """the a an this that these those same similar rising new other another own usual real active mixture mixtures month months week weeks year years
    day days dose doses drug drugs tablet tablets pill pills capsule capsules supplement supplements supplementation compound compounds
    treatment treatments therapy therapies medicine medicines medication product products programme program course study studies trial trials
    review reviews article articles paper papers test tests questionnaire questionnaires experiment experiments group groups people person
    patient patients participant participants volunteers men women adults children researchers scientists doctors team data record records
    placebo sham dummy control controls diet food foods drink drinks meal meals intervention interventions approach method methods
    stuff thing things substance substances ingredient ingredients powder liquid oil gel cream injection injections jab shot dozen half
    most least none nothing something everything anything everyone nobody randomised randomized chance lot evidence result results effect
    effects benefit benefits harm risk risks difference differences level levels amount amounts part place note notes use way kind sort type
    number share rate chance research science expert experts professor dr university hospital clinic country blood brain body heart cells
    healthy small large big little low high higher lower more less better worse first second third one two three four five six seven eight
    nine ten when who what how why whether today now here there often daily weekly""".split()
)


def terms_in(prose: Prose, span: Span, kind: str) -> list[Found]:
    """Terms of the vocabulary of one kind within a span, at their place in the article's text.

    A term inside a longer one of another kind is not meant by itself: glutathione in "glutathione peroxidase activity";
    the vitamin of "vitamin D levels" is.
    """
    found = [replace(f, start=f.start + span.start, end=f.end + span.start) for f in find_terms(prose.text[span.start : span.end])]
    longer = [f for f in found if f.term.kind != kind and not _MEASURED.search(prose.text[f.start : f.end])]
    return [f for f in found if f.term.kind == kind and not any(o.start <= f.start and f.end <= o.end and o.end - o.start > f.end - f.start for o in longer)]


def topics(prose: Prose, mention: Mention, kind: str) -> Iterator[tuple[Found, str]]:
    """Terms that the section's heading, then the article's title names, with the rule that says which."""
    heading = _heading(prose, mention.start)
    if heading:
        for f in terms_in(prose, heading, kind):
            yield f, "section_topic"
    title = title_span(prose)
    if title:
        for f in terms_in(prose, title, kind):
            yield f, "article_topic"


def _heading(prose: Prose, at: int) -> Span | None:
    """The heading that stands over a place: one that the format marks, else a short line without a full stop, at most five paragraphs up."""
    marked = [h for h in prose.article.headings if h.end <= at]
    if marked:
        return marked[-1]
    end = prose.text.rfind("\n", 0, at)
    for _ in range(10):
        if end <= 0:
            return None
        start = prose.text.rfind("\n", 0, end) + 1
        line = prose.text[start:end].strip()
        if line and len(line) <= 60 and len(line.split()) <= 7 and line[-1] not in ".,;":
            return Span(start, end)
        end = start - 1
    return None


def title_span(prose: Prose) -> Span | None:
    """Where the article's title is printed in its text, if it is."""
    at = prose.text.find(prose.article.title[:157].rstrip(" …")) if prose.article.title else -1
    return Span(at, at + len(prose.article.title)) if at >= 0 else None


def noun_phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The short noun phrase that begins at ``start``: doses and articles skipped, ended by a preposition, verb or mark.

    None where nothing begins there, or where the phrase is made of words that name nothing by themselves.
    """
    first: int | None = None
    last = start
    words: list[str] = []
    for m in _WORD.finditer(text, start, min(end, start + 160)):
        low = m.group().lower()
        if first is None:
            if low in _LEAD or low[0].isdigit():
                continue
            if not low[0].isalpha() or low in _STOP:
                return None
            first = m.start()
        elif not (low[0].isalnum()) or low in _STOP or low == "of" or len(words) >= MAX_WORDS:
            break
        last = m.end()
        words.append(low)
    if first is None or all(w in GENERIC or w[0].isdigit() for w in words):
        return None
    return first, last
