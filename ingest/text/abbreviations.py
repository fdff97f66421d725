"""Abbreviations that a text defines itself: "multiple sclerosis (MS)".

The algorithm is that of A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 2003, 8:451-462.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BRACKETS = re.compile(r"\(([^()\n]{1,120})\)")
_WORD = re.compile(r"\S+")
_MAX_SHORT = 10  # characters of a short form: section 2.1 of the paper
_SENTENCE_END = re.compile(r"[.!?;:]\s")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form with the long form that the text gives for it; the span is that of the long form."""

    short: str
    long: str
    start: int
    end: int


def find_abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """Find the definitions of a text in reading order; the first definition of a short form counts.

    >>> [(a.short, a.long) for a in find_abbreviations("People with multiple sclerosis (MS) took coenzyme Q10 (CoQ10).")]
    [('MS', 'multiple sclerosis'), ('CoQ10', 'coenzyme Q10')]
    """
    out: dict[str, Abbreviation] = {}
    for m in _BRACKETS.finditer(text):
        found = _definition(text, m)
        if found:
            out.setdefault(found.short, found)
    return tuple(out.values())


def _definition(text: str, brackets: re.Match[str]) -> Abbreviation | None:
    inner = re.split(r"[,;]\s", brackets[1], maxsplit=1)[0].strip()
    if _is_short_form(inner):
        start = _long_form(text, inner, brackets.start())
        end = _trimmed(text, brackets.start())
        return None if start is None else Abbreviation(inner, text[start:end], start, end)
    # The other order, "MS (multiple sclerosis)": the word before the brackets is the short form.
    before = text[max(0, brackets.start() - _MAX_SHORT - 2) : brackets.start()].split()
    if not before or not _is_short_form(before[-1]) or sum(c.isupper() for c in before[-1]) < 2 or len(inner.split()) < 2:
        return None
    begin = brackets.start(1)
    return Abbreviation(before[-1], inner, begin, begin + len(inner)) if _initials_fit(before[-1], inner) else None


def _initials_fit(short: str, long: str) -> bool:
    """Whether the words' first letters are the short form's letters, small words left out."""
    initials = [w[0].lower() for w in re.findall(r"\w+", long)]
    letters = [c for c in short.lower() if c.isalnum()]
    rest = iter(initials)
    return initials[0] == letters[0] and len(initials) <= len(letters) + 2 and all(c in rest for c in letters)


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _is_short_form(s: str) -> bool:
    """Section 2.1: two to ten characters, at most two words, a letter in it, first character a letter or digit; a capital besides."""
    return 2 <= len(s) <= _MAX_SHORT and len(s.split()) <= 2 and any(c.isupper() for c in s) and s[0].isalnum() and not s[0].isdigit()


def _long_form(text: str, short: str, end: int) -> int | None:
    """Give where the long form before ``end`` starts: within min(|A| + 5, 2|A|) words (section 2.1), of the same sentence."""
    window = text[max(0, end - 200) : end]
    for m in _SENTENCE_END.finditer(window):
        window = " " * m.end() + window[m.end() :]
    size = sum(c.isalnum() for c in short)
    words = list(_WORD.finditer(window))[-min(size + 5, size * 2) :]
    if not words:
        return None
    return _best_start(text, short, end - len(window) + words[0].start(), end)


def _best_start(text: str, short: str, begin: int, end: int) -> int | None:
    """Match the short form's characters from right to left; its first must begin a word of the long form (section 2.2)."""
    at = end - 1
    for i in range(len(short) - 1, -1, -1):
        c = short[i].lower()
        if not c.isalnum():
            continue
        while at >= begin and (text[at].lower() != c or (i == 0 and at > begin and text[at - 1].isalnum())):
            at -= 1
        if at < begin:
            return None
        at -= 1
    start = at + 1
    while start > begin and not text[start - 1].isspace():
        start -= 1
    long = text[start:end].strip()
    # Section 2.2: the long form is longer than the short one and does not hold it as a word.
    return start if len(long) > len(short) and short not in long.split() else None
