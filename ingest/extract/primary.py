"""The primary endpoint of an abstract: what it was, and whether it was met.

An abstract says it in up to four places: outright ("the primary end point was not met"), in the sentence of the results
that names the endpoint (with its test), in the conclusion's sentence that names it, and in the conclusion's tenor. Each
casts a vote; an outright statement outweighs the rest. No word of any data set is learned here: these are rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.extract.change import SentenceReading

_KIND = (
    r"(?:end ?-?points?|outcomes?(?: measures?| variables?)?|objectives?|aims?|measures?|"
    r"efficacy (?:end ?-?points?|outcomes?|measures?|variables?)|hypothesis)"
)
_DECLARED = re.compile(
    rf"(?i)\b(?:primary|main|principal)\b(?: and secondary)?(?: \w+){{0,2}}? {_KIND}\b(?: of (?:the|this) (?:study|trial))?(?: of [A-Z][\w-]+)?\W{{0,3}}"
    r"(?:was|were|is|included?|are|of|:|,)\W{0,3}(?:to (?:assess|evaluate|compare|test|determine|show|demonstrate) )?(?:whether )?([^.;:]{4,200})"
)
_DECLARED_AFTER = re.compile(rf"(?i) (?:was|were|as|being) (?:the|our|a) (?:co-?)?(?:primary|main|principal)(?: \w+){{0,2}}? {_KIND}\b")
_CUT = re.compile(
    r"(?i)[,(\[]|\b(?:according|assessed|defined|measured|as|among|by|with|calculated|analy[sz]ed|evaluated|tested|between|at|during|within|after|which|"
    r"from|and (?:was|secondary|the secondary)|secondary|estimated|determined|using|based|per|following|via|who)\b"
)
_FILLER = frozenset(
    "the a an of in on for to and or was were is rate rates time number proportion percentage patients patient median mean change difference "
    "status primary year years months days weeks measure improvement population who overall investigator-assessed independent".split()
)

_MET = re.compile(
    r"(?i)\b(?:primary|co-primary)\b[^.;]{0,90}\b(?:(?:was|were|is|has been|had been) (?:\w+ )?(?:met|reached|achieved|positive)|(?:met|reached|achieved) )|"
    r"\b(?:met|meets|achieved|reached)\b (?:\w+ ){0,4}(?:primary|end ?points?)|\bmet all\b"
)
_UNMET = re.compile(
    r"(?i)\b(?:primary|end ?points?|superiority|non-?inferiority|objective|significance)\b[^.;]{0,90}\b(?:not|n't|never|failed|only|neither)\b[^.;]{0,25}"
    r"\b(?:met|meet|reach\w*|achiev\w*|shown|demonstrated|established|confirmed|cross\w*)|"
    r"\b(?:not|n't|fail\w*|neither)\b (?:\w+ ){0,3}(?:met?|reach\w*|achiev\w*|establish|demonstrat\w*|show)\b[^.;]{0,60}\b(?:primary|end ?points?|superiority|"
    r"non-?inferiority|significance|improve\w*|benefit|advantage|significant)|\bfutility\b|\bnegative (?:trial|study|result)"
)
_NONINFERIOR = re.compile(r"(?i)\b(?:is|was|were|are|be|proved?|shown|demonstrat\w+|confirm\w+|establish\w+|as) (?:\w+ ){0,3}non-?inferior")
_NO = re.compile(
    r"(?i)\b(?:(?:did|does|do|was|were|is|are|has|could|would|can)(?: not|n't)|not|nor|neither)\b (?:\w+ly )?(?:\w+ ){0,3}?"
    r"(?:improv\w*|prolong\w*|increas\w*|reduc\w*|extend\w*|enhanc\w*|benefit\w*|differ\w*|superior|effective|lower\w*|longer|higher|better|affect\w*|offer|"
    r"provide|confer|decreas\w*|result\w*|lead|support\w*|add|associated|significan\w*|recommend\w*|justif\w*|alter|prevent|translate|show|demonstrat\w*|yield)|"
    r"\bno (?:\w+ ){0,4}?(?:differen\w*|improve\w*|benefit\w*|advantage|effect|impact|evidence|increase|reduction|survival|gain|influence|superiority)|"
    r"\bfail\w* to\b|\bwithout (?:\w+ ){0,3}?(?:improv\w*|benefit)|\bsimilar\b(?! (?:\w+ )?(?:improv|benefit|reduc|gain))|"
    r"\bcomparable\b|\bequivalent\b|\bineffective\b|\bnon-?statistically|\bnon-?significant|"
    r"\binsignificant|\bequally\b|\black of (?:\w+ )?(?:efficacy|benefit|effect)|\bnot inferior\b"
)
_YES = re.compile(
    r"(?i)\b(?:improv\w+|prolong\w*|longer|superior\w*|better|extend(?:ed|s)|increas(?:ed|es) (?:\w+ ){0,4}?(?:survival|response|rate|remission|control)|"
    r"reduc(?:ed|es|ing|tion|tions)|lower(?:ed|s)?|decreas(?:ed|es|ing|e)|fewer|effective|efficacious|benefit\w*|higher|greater|favou?r(?:s|ed|ing|able)|prevent(?:ed|s)|"
    r"advantage|enhanc(?:ed|es)|delay(?:ed|s)|significantly|promising|novel treatment option|new standard|standard of care|could (?:be|represent|provide) an?|"
    r"potential|less (?:pain|frequent|likely)|reliev\w+|alleviat\w+|active\b)"
)
_WORSE = re.compile(
    r"(?i)\b(?:increas\w+ (?:the )?(?:risk|rate|incidence|mortality|death)|worse\w*|shorter|inferior\b|detriment\w*|harm(?:ful|ed)|"
    r"higher (?:risk|mortality|rate of death)|"
    r"lower (?:survival|response)|poorer|more (?:deaths|relapses|events))"
)
_SECONDARY = re.compile(r"(?i)\b(?:secondary|exploratory|post[- ]hoc|subgroup|subset|sensitivity|adverse|toxicit\w*|safety|tolerab\w*)\b")


@dataclass(frozen=True, slots=True)
class Primary:
    """The primary endpoint with its verdict: benefit, none, harm, or None where the abstract does not say."""

    phrase: str
    start: int
    end: int
    effect: str | None


def declared_endpoint(text: str) -> tuple[int, int] | None:
    """Where the primary endpoint is named, as the shortest phrase that names it."""
    m = _DECLARED.search(text)
    if m is None:
        m = _DECLARED_AFTER.search(text)
        if m is None:
            return None
        start = 1 + max(text.rfind(mark, max(0, m.start() - 120), m.start()) for mark in ".;:,\n")
        return _trimmed(text, start, m.start()) if start else None
    cut = next((c for c in _CUT.finditer(m.group(1)) if c.start() > 2), None)
    return _trimmed(text, m.start(1), m.start(1) + cut.start() if cut else m.end(1))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    lead = re.compile(r"(?:the|a|an|to|in|of|on|both|our|median|mean)\s|\s").match
    while m := lead(text, start, end):
        start = m.end()
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if end - start > 1 else None


def read_primary(text: str, sentences: Sequence[SentenceReading], longs: Mapping[str, str]) -> Primary | None:
    """Read the primary endpoint and weigh the votes on it; None where the abstract declares none and says nothing."""
    span = declared_endpoint(text)
    names = _names(text[span[0] : span[1]], longs) if span else []
    votes = list(_votes([s for s in sentences if s.section != "plan"], names))
    total = sum(v for v, _ in votes)
    if span is None or not votes:
        return Primary(text[span[0] : span[1]], *span, None) if span else None
    effect = "benefit" if total > 0 else "harm" if any(harm for _, harm in votes) else "none"
    return Primary(text[span[0] : span[1]], *span, effect)


def tenor(sentences: Sequence[SentenceReading]) -> str | None:
    """The verdict of an abstract that declares no endpoint: benefit, none or harm, or None."""
    votes = list(_votes([s for s in sentences if s.section != "plan"], []))
    if not votes:
        return None
    return "benefit" if sum(v for v, _ in votes) > 0 else "harm" if any(h for _, h in votes) else "none"


def _names(phrase: str, longs: Mapping[str, str]) -> list[frozenset[str]]:
    """Sets of words; a sentence that holds all of one set names the endpoint."""
    out = []
    words = [w for w in re.findall(r"[a-z0-9][a-z0-9-]*", phrase.lower()) if w not in _FILLER]
    if words:
        out.append(frozenset(words[:3]))
    for w in words:
        if w.endswith("-free"):
            out.append(frozenset((w[:-5], "death")))
    for short, long in longs.items():
        if long.lower() in phrase.lower() or phrase.lower() in long.lower() or re.search(rf"(?<!\w){re.escape(short)}(?!\w)", phrase):
            out.append(frozenset((short.lower(),)))
            out.append(frozenset(w for w in re.findall(r"[a-z0-9-]+", long.lower()) if w not in _FILLER))
    return [s for s in out if s]


def _named(s: SentenceReading, names: Sequence[frozenset[str]]) -> bool:
    words = set(s.words) | {p for w in s.words if "-" in w for p in (w, w.split("-")[0])}
    return any(n <= words for n in names)


def _votes(sentences: Sequence[SentenceReading], names: Sequence[frozenset[str]]) -> Iterator[tuple[float, bool]]:
    """Votes for (positive) and against (negative) a benefit; the second value marks harm."""
    seen_result = False
    ends = 0
    for s in sentences:
        part = s.text[s.start : s.end]
        if _UNMET.search(part):
            yield -4.0, False
        elif _MET.search(part):
            yield 4.0, False
        if s.section == "end":
            ends += 1
            if ends <= 3 or _named(s, names):
                yield from _conclusion(part, _named(s, names), ends)
        elif not seen_result and (_named(s, names) or "primary end" in part.lower() or "primary outcome" in part.lower()):
            vote = _result(s, part)
            if vote is not None:
                seen_result = True
                yield vote


def _conclusion(part: str, named: bool, order: int) -> Iterator[tuple[float, bool]]:
    weight = (2.0 if named else 1.5) / (1 if order == 1 else 2 if named else 4)
    if _SECONDARY.search(part) and not named:
        weight /= 3
    if _NONINFERIOR.search(part) and not _UNMET.search(part):
        yield weight, False
    elif _NO.search(part):
        yield -weight, False
    elif _WORSE.search(part) and not re.search(r"(?i)improv|prolong|benefit|effective|at the (?:expense|cost)", part):
        yield -weight, True
    elif _YES.search(part):
        yield weight, False


_LEVEL = re.compile(r"(?i)\b(8[05]|90) ?% ?(?:CI|confidence)|\(?type I error\D{0,8}(0?\.\d+)|one-sided (?:α|alpha)\D{0,8}(0?\.\d+|\d\d ?%)")
_FIRST_P = re.compile(r"(?i)\bp\s{0,2}=\s{0,2}(0?[.·]\d+)")


def _within_design(part: str) -> bool:
    """Whether a P value above 0.05 is still below the level that a screening trial set itself, as its 80 % interval tells."""
    level, p = _LEVEL.search(part), _FIRST_P.search(part)
    if level is None or p is None:
        return False
    alpha = 1 - float(level.group(1)) / 100 if level.group(1) else float((level.group(2) or level.group(3)).rstrip(" %"))
    return float(p.group(1).replace("·", ".")) <= (alpha / 100 if alpha > 1 else alpha)


def _result(s: SentenceReading, part: str) -> tuple[float, bool] | None:
    if _NONINFERIOR.search(part):
        return 2.0, False
    if s.p_values:
        significant = s.p_values[0][1] or _within_design(part)
        return (2.0 if significant else -2.0), False
    if s.intervals:
        return (2.0 if s.intervals[0][1] else -2.0), False
    if _NO.search(part):
        return -1.5, False
    return (1.0, False) if re.search(r"(?i)signific|superior|improved|prolonged|longer", part) else None
