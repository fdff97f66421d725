"""Noun phrases around a cue, and the topic of an article: what exposure and condition share."""

from __future__ import annotations

import re

from ingest.records import Mention, Value
from ingest.text.prose import Prose

_WORD = re.compile(r"[A-Za-z][\w'’-]*|\d[\d,.]*%?|[^\w\s]")
_STOP = frozenset(
    """or and versus vs than then for with without in on at by from to twice once three four daily every each per while who that which
    before after during over when while but as is was were are had have has did do not because between through into under via until
    against compared about around up also plus added together along within among if so both either nor it they we he she""".split()
)
_LEAD = frozenset("a an the either some any real true their his her its mg mcg ug g ml iu µg of dose doses daily capsule capsules pill pills tablet "
                  "tablets supplement supplements extract up more less high low additional extra cups cup glass milligrams grams".split())
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


_TITLE_SPLIT = re.compile(r"[:?!|–—]|\s-\s|\b(?:and|for|in|on|to|may|can|does|do|is|are|of|cut|cuts|the|what|how|why|with)\b", re.I)


def in_text(text: str, phrase: str) -> tuple[int, int] | None:
    """Where a phrase is first printed in a text, whatever its case."""
    m = re.search(r"(?<!\w)" + r"\s+".join(re.escape(w) for w in phrase.split()) + r"(?!\w)", text, re.I)
    return m.span() if m else None


def topic(prose: Prose, mention: Mention, part: int = 0) -> Value[str] | None:
    """The article's topic as its title names it: the first noun phrase (``part`` 0) or a later one."""
    pieces = [p.strip(" ,.'\"“”‘’") for p in _TITLE_SPLIT.split(prose.article.title)]
    pieces = [p for p in pieces if len(p) > 2 and len(p.split()) <= 4]
    if part >= len(pieces):
        return None
    span = in_text(prose.text, pieces[part])
    return Value(prose.text[span[0] : span[1]], span[0], span[1], "article_topic") if span else None
