"""How many studies a review pools."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.records import Span, Value
from ingest.text.numbers import Number, find_numbers

REVIEWS = frozenset({"meta_analysis", "systematic_review", "narrative_review"})
MOST = 5000
"""More "studies" than this are papers that were screened."""

_GATE = re.compile(r"stud(?:y|ies)|trials?\b|rcts?\b|comparisons|articles|cohorts|papers|reports|experiments|reviews|publications", re.I)
_NOUN = re.compile(
    r"[\s-](?:(?!of\b|in\b|and\b|with\b|for\b|that\b|who\b|the\b|people\b|patients\b|participants\b|women\b|men\b|groups\b|weeks?\b|months?\b|years?\b|days?\b|countries\b)"
    r"[\w’'‑-]+,?\s){0,6}?(studies|trials|rcts|experiments|comparisons|articles|cohorts|papers|reports|publications|study|trial|surveys|meta-analyses)\b(?!-)",
    re.I,
)
_SURELY = re.compile(
    r"\b(?:(?:systematic|cochrane|literature|umbrella|scoping) (?:review|overview)|meta-?\s?analys\w+|meta-regression|overview|pooled (?!safety)"
    r"|(?:put|pulled|brought|lumped|gathered|added)\b[^.;]{0,25}\b(?:together|up)|combined (?:the )?(?:results|data|findings))",
    re.I,
)
_TAKEN_IN = re.compile(r"\b(?:includ|pool|combin|summari[sz]|synthesi|brought together|put together|pulled together|eligible)[^.;]{0,20}$", re.I)
_YEAR_BEFORE = re.compile(r"\b(?:in|of|since|from|to|until|by|during|and|published|between)\s(?:early |late |mid-)?$", re.I)
_SCREENED = re.compile(
    r"\b(?:screened|identified|retrieved|searched|yielded|found|records|abstracts|sifted through|out of|turned up|from)"
    r" (?:about |over |some |more than |nearly |a total of )?$",
    re.I,
)
_IN_IT = re.compile(
    r"\b(?:includ(?:ed|es|ing)|pooled|combined|comprising|eligible|met|covered|covering|together|of|from|over|across|counted|based on"
    r"|total of|analy[sz]ed|reviewed|looked at|up|only"
    r"|with|took)(?: (?:data|results|findings|the results) (?:of|from|in))?(?: (?:the|all|these|about|just|some|an?|total|of|only))* $",
    re.I,
)
_WERE_IN = re.compile(
    r"^[^.;]{0,60}\b(?:were (?:included|eligible|identified|analy[sz]ed|pooled|selected|found|reviewed)|met|fulfilled|qualified|compris"
    r"|with (?:a total of )?\d)",
    re.I,
)
_PART_OF = re.compile(
    r"\b(?:most|many|some|half|two|three|four|five|six|seven|few|one|\d+) of (?:the |these |those )?$|\bin (?:only |just )?$"
    r"|\b(?:other|another|further|fewer|the) $",
    re.I,
)
_OF_WHICH = re.compile(r"\sof (?:which|them|these)\b[^.;]{0,40}?\b(?:good enough|met|qualif\w+|eligible|includ\w+|counted|kept)\b", re.I)
_NAMED = re.compile(r"\b(?:trials|studies|experiments|papers|cohorts)\s?[,(–—-]\s?$", re.I)
_OF_THEM = re.compile(r"\s(?:of (?:them|these)|in (?:all|total)|all told|altogether)\b", re.I)
_FEW = re.compile(r"\b(?:only|just)\s$", re.I)
_GOOD = re.compile(
    r",?\s(?!(?:\w+\s){0,2}(?:people|patients|participants|weeks|months|years|days))"
    r"[^.;]{0,80}?\b(?:good enough|met|qualif\w+|eligible|includ\w+|sound|reliable)\b",
    re.I,
)
_OTHERS = re.compile(r"^\s(?:other|more|further|additional)\b", re.I)
_ONLY = re.compile(r"\b(?:found|turned up|located|identified|come across|unearthed)(?: (?:only|just|exactly|precisely|all of|no more than))?\s$", re.I)


def read_pooled(text: str, parts: Sequence[Span], design: str | None) -> Value[int] | None:
    """Read the number of studies in a review, or None where the text gives none or is no review.

    :param design: the design already read; where it is a primary design the answer is None.
    """
    if design not in REVIEWS and design not in (None, "unspecified"):
        return None
    if design not in REVIEWS and not any(_SURELY.search(text, p.start, p.end) for p in parts):
        return None
    best: tuple[float, Value[int]] | None = None
    for index, part in enumerate(parts):
        if not _GATE.search(text, part.start, part.end):
            continue
        for number in find_numbers(text, part.start, part.end):
            score = _score(text, part, number) - 0.3 * index
            if score > 0 and (best is None or score > best[0]):
                best = (score, Value(int(number.value), number.start, number.end, "pooled:counted"))
    return best[1] if best else _bare(text, parts) if design in REVIEWS else None


def _score(text: str, part: Span, number: Number) -> float:
    if not number.is_count or number.high is not None or number.value > MOST:
        return 0.0
    noun = _NOUN.match(text, number.end, min(part.end, number.end + 90))
    if kept := _kept(text, part, number):
        return kept
    if noun is None or (number.value == 1 and number.kind == "words"):
        return 0.0
    if noun.group(1).lower() in ("study", "trial") and number.value > 1:
        return 0.0
    before = text[max(part.start, number.start - 60) : number.start]
    after = text[noun.end() : min(part.end, noun.end() + 80)]
    if number.kind == "digits" and 1850 <= number.value <= 2035 and _YEAR_BEFORE.search(before):
        return 0.0
    score = 2.0
    if noun.group(1).lower() in ("articles", "papers", "reports", "publications"):
        score -= 0.5 if _WERE_IN.match(after) or _TAKEN_IN.search(before) else 3.0
    if _IN_IT.search(before):
        score += 1.5
    if _WERE_IN.match(after):
        score += 1.0
    if _SCREENED.search(before):
        score -= 0.8
    if _PART_OF.search(before):
        score -= 1.5
    return score


def _kept(text: str, part: Span, number: Number) -> float:
    """Weigh a number that stands behind the noun it counts, or that says how many studies were good enough; 0 for any other."""
    if _NAMED.search(text, max(part.start, number.start - 14), number.start) and _OF_THEM.match(text, number.end, part.end):
        return 3.6  # "the trials (five of them, with 90 people)"
    if _OF_WHICH.match(text, number.end, part.end):
        return 3.8  # "41 studies, 26 of which were good enough"
    if _FEW.search(text, max(part.start, number.start - 8), number.start) and _GOOD.match(text, number.end, part.end):
        return 3.8  # "24 trials, but only nine, with 871 patients, were good enough"
    return 0.0


def _bare(text: str, parts: Sequence[Span]) -> Value[int] | None:
    """Read "they turned up seven", where the noun stands elsewhere."""
    for part in parts:
        for number in find_numbers(text, part.start, part.end):
            before = text[max(part.start, number.start - 30) : number.start]
            after = text[number.end : number.end + 2]
            if number.is_count and number.high is None and number.value <= MOST and _ONLY.search(before) and after[:1] in (",", ".", ":", ";", ""):
                return Value(int(number.value), number.start, number.end, "pooled:found")
    return None
