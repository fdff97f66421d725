"""The certainty that a review's authors state themselves, in GRADE's words: "low-certainty evidence", "rated the evidence as very low"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.records import Study

_LEVEL = r"(?P<level>very[- ]low|low|moderate|high)"
_NOUN = r"(?:certainty|quality|confidence)"
# "low-certainty evidence", "very low to low quality evidence"; "the evidence was of low quality"; "certainty of the evidence was low"
_SAYS = r"(?:was|were|is|are|as|be|rated|graded|judged|assessed|remains?)"
_OTHERS = r"(?! (?:risk|dose|birth|back|income|number|level))"
_PATTERNS = (
    re.compile(rf"\b{_LEVEL}[- ]{_NOUN}\b", re.I),
    re.compile(rf"\b(?:evidence|certainty|confidence)\b[^.;]{{0,40}}?\b{_SAYS}\b[^.;]{{0,25}}?\b{_LEVEL}\b{_OTHERS}", re.I),
)
# What else may be of low or high quality: "three high-quality trials", "a low-quality diet".
_OF_STUDIES = re.compile(
    r"\s*(?:(?!evidence\b)[\w-]+ ){0,2}(?:trials?|stud(?:y|ies)|rcts?|research|reviews?|data|reporting|methods?|protein|sleep|care|diets?|life)\b",
    re.I,
)
_ORDER = ("very_low", "low", "moderate", "high")


@dataclass(frozen=True, slots=True)
class Stated:
    """A certainty that authors state, with its words' place in the text that was read."""

    level: str
    start: int
    end: int


def stated_certainty(text: str, start: int = 0) -> Stated | None:
    """Find the lowest certainty that a text states of its evidence; quality of single studies is not meant.

    :param start: added to the places, when the text is a piece of another.

    >>> stated_certainty("There is low-certainty evidence that it helps.").level
    'low'
    >>> stated_certainty("They rated the evidence as very low in quality.").level
    'very_low'
    >>> stated_certainty("Three high-quality trials were found.") is None
    True
    """
    found = []
    for pattern in _PATTERNS:
        for m in pattern.finditer(text):
            if not _OF_STUDIES.match(text, m.end()):
                found.append(Stated(m["level"].lower().replace("-", "_").replace(" ", "_"), start + m.start(), start + m.end()))
    return min(found, key=lambda s: (_ORDER.index(s.level), s.start)) if found else None


def of_review(study: Study, text: str) -> Stated | None:
    """Find the certainty that a review's own sentences state; other designs and silent reviews give None."""
    if study.design not in {"meta_analysis", "systematic_review"}:
        return None
    if not (text and study.parts):
        return stated_certainty(study.quote, study.start)
    found = [s for p in study.parts for s in (stated_certainty(text[p.start : p.end], p.start),) if s]
    return min(found, key=lambda s: (_ORDER.index(s.level), s.start)) if found else None
