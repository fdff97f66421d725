"""A fully mechanical published scheme for the certainty of randomised evidence.

Source: A. Pollock et al. 2016, "An algorithm was developed to assign GRADE levels of evidence to comparisons within systematic reviews",
J Clin Epidemiol 70:106-110. Downgrades in four areas (participants, risk of bias, heterogeneity, quality of the review) are added up, and
a map of its own, in the profile, reads the level from the sum. What is not reported counts as not met, as the paper has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.grade.certainty import LEVELS, Unit, participants
from ingest.grade.profile import Profile
from ingest.grade.reasons import finish, moved, reason
from ingest.records import Grade, Reason

SCALE = "mechanical"


def grade(units: Sequence[Unit], lane: str, profile: Profile) -> tuple[Grade, ...]:
    """Grade the randomised human evidence of a body; anything else gets no level, since the scheme was not made for it."""
    trials = sorted((u for u in units if u.placed and u.randomised), key=lambda u: u.key) if lane == "human" else []
    if not trials:
        start = reason("design", "start", 0, "The scheme was made for randomised comparisons only, and there is none: no level.")
        return (finish(SCALE, None, None, [start], profile, "No level."),)
    start = reason("design", "start", 0, "Randomised evidence; downgrades are added up.", value=len(trials))
    downs = [*_participants(trials, profile), *_risk_of_bias(trials, profile), *_heterogeneity(trials), _review()]
    total = -moved(downs)
    level = next((name for name in reversed(LEVELS) if total <= int(profile.get(f"mechanical.levels.{name}"))), LEVELS[0])
    return (finish(SCALE, level, None, [start, *downs], profile, f"{total} downgrades: {level.replace('_', ' ')}."),)


def _participants(trials: Sequence[Unit], profile: Profile) -> Iterator[Reason]:
    n, enough, few = participants(trials), int(profile.get("mechanical.participants")), int(profile.get("mechanical.few"))
    if n is None:
        yield reason("imprecision", "down", -2, "How many took part is not stated; counted as fewest.", "participants")
    elif n < few:
        yield reason("imprecision", "down", -2, f"{n} participants, fewer than {few}.", "participants", n)
    elif n < enough:
        yield reason("imprecision", "down", -1, f"{n} participants, {few} to {enough - 1}.", "participants", n)


def _risk_of_bias(trials: Sequence[Unit], profile: Profile) -> Iterator[Reason]:
    weak, strong = frozenset(profile.get("risk_of_bias.weaknesses")), frozenset(profile.get("mechanical.low_risk"))
    low = [u for u in trials if u.stated & strong and not u.stated & weak]
    unknown = any(u.participants is None for u in trials if u not in low)
    mass, every = sum(u.participants or 0 for u in low), sum(u.participants or 0 for u in trials)
    if unknown or not every or mass < float(profile.get("mechanical.low_risk_share")) * every:
        text = "Less than the needed share of participants is stated to come from trials at low risk of bias."
        yield reason("risk_of_bias", "down", -1, text, "weaknesses", f"{mass} of {every}")


def _heterogeneity(trials: Sequence[Unit]) -> Iterator[Reason]:
    if len(trials) > 1 or trials[0].review:
        yield reason("inconsistency", "down", -1, "I² is not stated; counted as above 75 %.", "i_squared")


def _review() -> Reason:
    return reason("review_quality", "down", -2, "AMSTAR questions 1 to 4 are not answered in articles; counted as fewer than three met.", "amstar")
