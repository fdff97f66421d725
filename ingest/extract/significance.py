"""What a test says: P values, confidence intervals, "significant", "trend"; ratios as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALPHA = 0.05
"""The conventional level: a P value above it is read as no difference."""

_P = re.compile(
    r"(?i)(?<![a-z])p(?:[- ]?values?)?\s{0,2}(?:for (?:trend|difference|interaction)\s{0,2})?"
    r"(=|<|>|≤|≥|`|&lt;|&gt;|of|was)\s{0,2}((?:0|1)?\s?[.·,]\s?\d+|0|1|n\.?s)"
)
NOT_SIGNIFICANT = re.compile(
    r"(?i)\b(?:(?:not?|nor|neither|without|none|n't|did ?n.t|non-?)\b.{0,40}\bsignifican|insignifican|nonsignifican|"
    r"not reach|failed to|N\.?S\.?\b(?=[),;. ])|"
    r"\btrend(?:ed|s)?\b|tended to|marginal(?:ly)? significan|borderline)"
)
_YES = re.compile(r"(?i)\bsignifican")
_RATIO = re.compile(
    r"(?i)\b(?:(?:hazard|odds|risk|rate|incidence rate|relative) ?(?:ratio|risk)s?|HR|OR|RR|aOR|aHR|IRR)\b\W{0,4}"
    r"(?:\[?(?:HR|OR|RR)\]?\W{0,4})?(?:was |of |is )?\W{0,3}"
    r"(\d{1,2}[.·]\d{1,3})"
)
_CI = re.compile(
    r"(?i)(?:CI|confidence interval|\d\d ?%)\D{0,30}?([-−–]?\d{1,4}(?:[.·]\d+)?)\s{0,2}%?\s{0,2}(?:to|-|–|—|−|,|;)\s{0,2}([-−–]?\d{1,4}(?:[.·]\d+)?)"
)


@dataclass(frozen=True, slots=True)
class Test:
    """The verdict of the tests of a clause; None where it states none."""

    significant: bool | None
    ratio: float | None
    rule: str


def number(digits: str) -> float:
    """Read a printed decimal, with a point, a raised dot or a comma."""
    return float(re.sub(r"\s", "", digits).replace("·", ".").replace(",", ".").replace("−", "-").replace("–", "-"))


def p_values_at(text: str, start: int, end: int) -> list[tuple[int, bool]]:
    """Where each P value of a stretch is printed, and whether it is at most 0.05, in reading order."""
    out = []
    for m in _P.finditer(text, start, end):
        sign = m.group(1).lower()
        value = 1.0 if m.group(2).lower().startswith("n") else number(m.group(2))
        over = sign in (">", "≥", "&gt;") and value >= ALPHA
        out.append((m.start(), not over and value <= ALPHA))
    return out


def interval_excludes_one(text: str, start: int, end: int) -> list[tuple[int, bool]]:
    """Where a ratio is printed with a confidence interval, and whether the interval leaves out 1."""
    out = []
    for r in _RATIO.finditer(text, start, end):
        ci = _CI.search(text, r.end(), min(end, r.end() + 80))
        if ci is not None:
            low, high = number(ci.group(1)), number(ci.group(2))
            if 0 < low <= high:
                out.append((r.start(), not low <= 1 <= high))
    return out


def read_test(text: str, start: int, end: int) -> Test:
    """Read the tests of a stretch of text: words first, then P values (the first decides), then an interval around 1."""
    part = text[start:end]
    r = _RATIO.search(part)
    ratio = number(r.group(1)) if r else None
    if NOT_SIGNIFICANT.search(part):
        return Test(False, ratio, "not_significant")
    ps = p_values_at(text, start, end)
    if ps:
        return Test(ps[0][1], ratio, "p_value")
    if r is not None and (ci := _CI.search(part, r.end())):
        low, high = number(ci.group(1)), number(ci.group(2))
        if 0 < low <= high:
            return Test(not low <= 1 <= high, ratio, "interval")
    if _YES.search(part):
        return Test(True, ratio, "significant")
    return Test(None, ratio, "none")
