"""How many studies a review pools."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.records import Span, Value
from ingest.text.numbers import Number, find_numbers

REVIEWS = frozenset({"meta_analysis", "systematic_review", "narrative_review"})
MOST = 5000
"""More "studies" than this are papers that were screened."""

FEW_PAPERS = 150
"""More "papers" than this, said without a word of their being taken in, are papers that were looked through."""

_GATE = re.compile(
    r"stud(?:y|ies)|trials?\b|rcts?\b|comparisons|articles|cohorts|papers|reports|experiments|reviews|publications|"
    r"investigations|interventions|evaluations|analyses|data ?sets|registries|surveys",
    re.I,
)
_NOUN = re.compile(
    r"[\s-](?:(?!of\b|in\b|and\b|with\b|for\b|that\b|who\b|the\b|people\b|patients\b|participants\b|women\b|men\b|groups\b|weeks?\b|months?\b|years?\b|days?\b|countries\b)"
    r"[\w’'‑-]+,?\s){0,6}?(studies|trials|rcts|experiments|comparisons|articles|cohorts|papers|reports|publications"
    r"|investigations|interventions|evaluations|analyses|data ?sets|registries|study|trial|surveys|polls|meta-analyses)\b(?!-)",
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
_PHASE = re.compile(r"\bphases?\s(?:[\dIV]+[ab]?(?:,\s|/|\s?(?:and|or|to|-)\s?))*$", re.I)  # "its phase 2 and 3 studies"
_ONE_OF = re.compile(r"\b(?:first|second|third|fourth|last|latest|largest) of (?:its |the |these |those )?$", re.I)  # "the second of two trials"
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
_LOOKED_THROUGH = re.compile(
    r"^,?\s?(?:(?:that|which|they) )?(?:(?:were|was|had been) )?(?:screened|sifted|retrieved|looked through|thrown out|weeded out|discarded)\b",
    re.I,
)
_GOOD_ALONE = re.compile(
    r"\s(?:(?:were|was|proved|turned out) (?:to be )?(?:good enough|sound|eligible|usable|fit|solid|included|kept|left|worth)"
    r"|made the (?:cut|grade)|met (?:the|its|their|her|his)|qualified|passed (?:muster|the)|survived)\b",
    re.I,
)
_BRINGS = (
    r"found|turned up|located|identified|come across|unearthed|came (?:back|up|away) with|ended up with|left with|kept|keeping|settled (?:on|for)"
    r"|boiled down to|tracked down|rounded up|gathered|collected|retained|included|including|accepted|admitted|took in|takes in|taking in"
    r"|cover(?:s|ed|ing)|comprised|pool(?:s|ed|ing)|drew on|draws on|relied on|rested on|rests on|based on|made do with"
    r"|whittled (?:\w+ )?down to|narrowed (?:\w+ )?down to|dug (?:out|up)|fished out|picked out|deemed"
)
_ONLY = re.compile(rf"\b(?:{_BRINGS})(?: (?:only|just|exactly|precisely|all of|no more than|a mere|a total of|a meagre|altogether|all))?\s$", re.I)
_STUDIES_BEFORE = re.compile(
    r"\b(?:studies|trials|rcts|experiments|comparisons|investigations|interventions|papers|articles|evidence|literature|review|everything"
    r"|publications)\b",
    re.I,
)
_OF_THEM_ALL = re.compile(r"\sof them\b(?! (?:found|showed|saw|did|were|was|had|reported|failed|came|said))", re.I)
_APPOSED = re.compile(r"[,:(–—]\s?$")
_LONE = re.compile(
    rf"\b(?:{_BRINGS})(?: (?:only|just|exactly|no more than))? (a single|a lone|one|1)"
    r"(?: (?:[\w-]+ ){0,3}?(?:trial|study|experiment|paper|comparison|one)\b|[,.;:])",
    re.I,
)
# What may stand between two numbers that are added up: "eight Chinese and two Turkish trials", "12 trials and 5 cohort studies".
_KIND = frozenset(
    "randomised randomized controlled uncontrolled observational cohort case-control cross-sectional small large larger smaller older newer "
    "animal human clinical blind double-blind open placebo-controlled "
    "crossover laboratory population-based prospective retrospective published unpublished longitudinal short long other more".split()
)
_STUDY_NOUNS = frozenset(
    "studies trials rcts experiments comparisons articles cohorts papers reports publications investigations surveys registries study trial".split()
)
_BETWEEN = re.compile(r"((?:\s[\w’'‑-]+){0,4}),?\s(?:and|plus)\s$")


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
        numbers = list(find_numbers(text, part.start, part.end))
        for k, number in enumerate(numbers):
            score = _score(text, part, number) - 0.3 * index
            if score > 0 and (best is None or score > best[0]):
                best = (score, _with_mate(text, numbers, k))
    if best:
        return best[1]
    return _bare(text, parts) or _lone(text, parts) if design in REVIEWS else None


def _with_mate(text: str, numbers: Sequence[Number], k: int) -> Value[int]:
    """The number, or its sum with the one that it is joined to: "eight Chinese and two Turkish trials"."""
    number = numbers[k]
    for first, second in ((k - 1, k), (k, k + 1)):
        if first < 0 or second >= len(numbers):
            continue
        a, b = numbers[first], numbers[second]
        joined = _BETWEEN.fullmatch(text, a.end, b.start)
        if joined is None or not (a.is_count and b.is_count) or a.high is not None or b.high is not None:
            continue
        words = joined.group(1).split()
        counted = second == k or _NOUN.match(text, b.end, b.end + 60)
        if words and counted and all(w[0].isupper() or w.lower() in _KIND or w.lower() in _STUDY_NOUNS for w in words):
            return Value(int(a.value + b.value), a.start, b.end, "pooled:added")
    return Value(int(number.value), number.start, number.end, "pooled:counted")


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
    if _LOOKED_THROUGH.match(after) or _PHASE.search(before) or _ONE_OF.search(before):
        return 0.0
    score = 2.0
    if noun.group(1).lower() in ("articles", "papers", "reports", "publications"):
        score -= 0.5 if _WERE_IN.match(after) or _TAKEN_IN.search(before) else 1.7 if number.value <= FEW_PAPERS else 3.0
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
    if _GOOD_ALONE.match(text, number.end, part.end) and _STUDIES_BEFORE.search(text, part.start, number.start):
        return 3.8  # "of 2,300 papers, 14 were good enough"
    if _FEW.search(text, max(part.start, number.start - 8), number.start) and _GOOD.match(text, number.end, part.end):
        return 3.8  # "24 trials, but only nine, with 871 patients, were good enough"
    return 0.0


def _bare(text: str, parts: Sequence[Span]) -> Value[int] | None:
    """Read "they turned up seven" and "which took in 21 of them", where the noun stands elsewhere."""
    for part in parts:
        for number in find_numbers(text, part.start, part.end):
            if not number.is_count or number.high is not None or number.value > MOST:
                continue
            brought = _ONLY.search(text, max(part.start, number.start - 40), number.start)
            ends = text[number.end : number.end + 1] in (",", ".", ":", ";", ")", "")
            if brought and (ends or _OF_THEM_ALL.match(text, number.end, part.end)):
                return Value(int(number.value), number.start, number.end, "pooled:found")
            named = _STUDIES_BEFORE.search(text, part.start, number.start)
            if named and _APPOSED.search(text, part.start, number.start) and _OF_THEM_ALL.match(text, number.end, part.end):
                return Value(int(number.value), number.start, number.end, "pooled:of_them")
    return None


def _lone(text: str, parts: Sequence[Span]) -> Value[int] | None:
    """Read "turned up a single one"."""
    for part in parts:
        if m := _LONE.search(text, part.start, part.end):
            return Value(1, *m.span(1), "pooled:found")
    return None
