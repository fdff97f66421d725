"""Synthesis without effect sizes: votes by direction, the exact sign test, Wilson's interval.

Sources: Campbell et al. 2020, "Synthesis without meta-analysis (SWiM) in systematic reviews", BMJ 368:l6890; Cochrane Handbook, chapter 12
(vote counting by direction of effect); Hilton Boon and Thomson 2021, "The effect direction plot revisited", Res Synth Methods 12:29-33 (one
direction from 70 % of a study's outcomes on); E. B. Wilson 1927, J Am Stat Assoc 22:209-212 (the interval).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

CAVEAT = "Counts directions; says nothing of the size of the effect."
SMALLEST_DECISIVE = 6
"""Votes below which the two-sided sign test cannot reach P < .05, however they fall: 2 x 0.5^5 = .0625."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of a body of evidence. ``none``, ``mixed`` and ``unclear`` are listed and take no part in the test."""

    favourable: int = 0
    unfavourable: int = 0
    none: int = 0
    mixed: int = 0
    unclear: int = 0

    @property
    def total(self) -> int:
        """All votes."""
        return self.favourable + self.unfavourable + self.none + self.mixed + self.unclear

    @property
    def tested(self) -> int:
        """The votes that the sign test counts."""
        return self.favourable + self.unfavourable


def tally(votes: Iterable[str]) -> Tally:
    """Count votes given as effects: benefit, harm, none, mixed, unclear."""
    n = Counter(votes)
    return Tally(n["benefit"], n["harm"], n["none"], n["mixed"], n["unclear"])


def one_direction(effects: Iterable[str], agree_share: float = 0.7) -> str:
    """Bring the outcomes of one study in one domain to one direction: that of at least ``agree_share`` of them, else mixed.

    An outcome whose direction is unclear counts as one that might disagree.

    >>> one_direction(["benefit", "benefit", "benefit", "none"]), one_direction(["benefit", "harm"]), one_direction(["benefit", "unclear"])
    ('benefit', 'mixed', 'unclear')
    """
    given = Counter(effects)
    total = sum(given.values())
    unclear = given.pop("unclear", 0)
    if not given:
        return "unclear"
    top, count = max(given.items(), key=lambda x: (x[1], x[0]))
    if count >= agree_share * total - 1e-9:
        return top
    return "unclear" if unclear and count >= agree_share * (total - unclear) - 1e-9 else "mixed"


def sign_test(favourable: int, unfavourable: int) -> float | None:
    """Give the two-sided exact P of a sign test against one half; None without votes.

    >>> round(sign_test(9, 0), 4), round(sign_test(5, 1), 4)
    (0.0039, 0.2188)
    """
    n = favourable + unfavourable
    if n == 0:
        return None
    tail = sum(comb(n, k) for k in range(min(favourable, unfavourable) + 1))
    return min(1.0, 2 * tail / (1 << n))


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Give Wilson's score interval of a share; None without votes.

    >>> [round(x, 3) for x in wilson(7, 10)]
    [0.397, 0.892]
    """
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = successes / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def direction(votes: Tally) -> str:
    """Say what most votes say: an effect that more than half of them share, else mixed; unclear where no vote is clear."""
    counts = {"benefit": votes.favourable, "harm": votes.unfavourable, "none": votes.none}
    clear = sum(counts.values()) + votes.mixed
    if clear == 0:
        return "unclear"
    top = max(counts, key=lambda k: counts[k])
    return top if counts[top] * 2 > clear else "mixed"


def in_words(votes: Tally, confidence: float = 0.95) -> str:
    """Put the votes, the test and the interval into a sentence, the caveat behind it."""
    p, interval = sign_test(votes.favourable, votes.unfavourable), wilson(votes.favourable, votes.tested, confidence)
    rest = [f"{n} {word}" for n, word in ((votes.none, "without effect"), (votes.mixed, "mixed"), (votes.unclear, "unclear")) if n]
    listed = f"; besides {', '.join(rest)}" if rest else ""
    if p is None or interval is None:
        return f"No vote for or against{listed}. {CAVEAT}"
    low, high = interval
    few = f", with fewer than {SMALLEST_DECISIVE} votes P < .05 cannot be reached" if votes.tested < SMALLEST_DECISIVE else ""
    share = f"{votes.favourable} of {votes.tested} votes favourable"
    return f"{share} (sign test P = {_p(p)}{few}; {confidence:.0%} interval {low:.0%} to {high:.0%}){listed}. {CAVEAT}"


def _p(p: float) -> str:
    return f"{p:.3g}".removeprefix("0") if p >= 0.001 else "<.001"
