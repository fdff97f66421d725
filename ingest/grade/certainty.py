"""GRADE certainty of a body of evidence: four levels, five reasons to go down, two of the reasons to go up.

Sources: GRADE guidelines 3 (start), 4 (risk of bias), 5 (publication bias), 6 (imprecision), 7 (inconsistency), 8 (indirectness) and 9 (rating
up), J Clin Epidemiol 2011, 64:401-406, 407-415, 1277-1282, 1283-1293, 1294-1302, 1303-1310, 1311-1316; Hooijmans et al. 2018, PLoS ONE
13:e0187271 (preclinical animal studies). GRADE asks for judgement: the thresholds by which a machine stands in are the profile's.

A study whose design or species is not stated could belong to any part of a body. It can therefore make every domain worse and none better:
each domain takes the worst of the readings with and without such studies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from ingest.grade.kinds import Kind
from ingest.grade.profile import Profile
from ingest.grade.reasons import finish, listed, moved, plural, reason
from ingest.grade.synthesis import tally
from ingest.records import Grade, Reason

SCALE = "grade"
LEVELS = ("very_low", "low", "moderate", "high")
_PATIENT = frozenset({"clinical", "mortality", "adverse"})
_UNCONTROLLED = frozenset({"case_series", "case_report"})
_ALIKE = 7  # enough added votes to reach every worse reading; see _disagreement


@dataclass(frozen=True, slots=True)
class Unit:
    """One study as a body counts it: a work that several articles cite is one unit."""

    key: str
    kind: Kind
    vote: str
    participants: int | None
    outcome_types: frozenset[str]
    ratios: tuple[float | None, ...] = ()
    stated: frozenset[str] = frozenset()
    species_known: bool = True
    rated: str | None = None

    @property
    def placed(self) -> bool:
        """Whether it is known which part of the body the study belongs to."""
        return self.kind.name != "unspecified" and self.species_known

    @property
    def randomised(self) -> bool:
        """Whether it is randomised evidence."""
        return self.kind.name in {"rct", "review_rct"}

    @property
    def review(self) -> bool:
        """Whether it pools other studies."""
        return self.kind.name.startswith("review_")


def grade(units: Sequence[Unit], lane: str, profile: Profile) -> tuple[Grade, ...]:
    """Grade a body: the reported certainty first, then that of its randomised and of its observational evidence where there is any.

    :param units: the studies that count, in any order.
    :param lane: human, animal or in_vitro.
    """
    units = sorted(units, key=lambda u: u.key)
    placed, rest = [u for u in units if u.placed], [u for u in units if not u.placed]
    if lane != "human":
        part = _part(SCALE, f"{_LANES[lane]} evidence", lane, units, [], lane, profile)
        return (part,) if units else (_empty(profile),)
    groups = {"randomised": [u for u in placed if u.randomised], "observational": [u for u in placed if not u.randomised]}
    parts = [
        _part(f"{SCALE}_{name}", f"{name} evidence", _start_of(name, members), members, rest, lane, profile) for name, members in groups.items() if members
    ]
    if not parts:
        return (_part(SCALE, "evidence whose design is not stated", "not_stated", rest, [], lane, profile) if rest else _empty(profile),)
    best = max(parts, key=lambda g: (LEVELS.index(g.level or "very_low"), g.scale == f"{SCALE}_randomised"))
    return (_reported(best, parts, profile), *parts)


_LANES = {"animal": "animal", "in_vitro": "laboratory"}


def _empty(profile: Profile) -> Grade:
    return finish(SCALE, None, None, [reason("design", "start", 0, "No study of it counts: no certainty.")], profile, "No certainty.")


def _start_of(name: str, members: Sequence[Unit]) -> str:
    if name == "randomised":
        return name
    return "uncontrolled" if all(u.kind.name in _UNCONTROLLED for u in members) else name


def _reported(best: Grade, parts: Sequence[Grade], profile: Profile) -> Grade:
    steps = list(best.reasons[:-1])
    if len(parts) > 1:
        other = next(p for p in parts if p is not best)
        names = [p.scale.removeprefix(f"{SCALE}_") for p in (best, other)]
        text = f"Graded apart: {names[0]} evidence {_said(best.level)}, {names[1]} evidence {_said(other.level)}; the higher is reported and both are shown."
        steps.append(reason("design", "note", 0, text, value=best.level))
    return finish(SCALE, best.level, None, steps, profile, f"Certainty: {_said(best.level)}.")


def _said(level: str | None) -> str:
    return (level or "none").replace("_", " ")


_STARTS = {
    "randomised": "Randomised trials start high",
    "observational": "Observational studies and trials without chance allocation start low",
    "uncontrolled": "Case series and case reports start very low",
    "not_stated": "Studies whose design is not stated start very low, as the weakest design would",
    "animal": "Experiments in animals start high and are lowered for being about animals",
    "in_vitro": "Laboratory experiments start low (our convention: GRADE does not treat them)",
}


def _part(scale: str, what: str, start: str, units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Grade:
    level = int(profile.get(f"grade.start.{start}"))
    kinds = listed(sorted({u.kind.words for u in units}))
    steps = [reason("design", "start", 0, f"{_STARTS[start]}: {plural(len(units), 'study', 'studies')} ({kinds}).", "design", LEVELS[level - 1])]
    downs = [r for name, domain in _DOMAINS.items() if profile.on(f"grade.{name}") for r in domain(units, rest, lane, profile)]
    ups = list(_ups(units, rest, profile)) if start == "observational" and not moved(downs) else []
    at = min(max(level + moved((*downs, *ups)), 1), len(LEVELS))
    caps = list(_authors(units, at, profile))
    at += sum(r.steps for r in caps)
    return finish(scale, LEVELS[at - 1], None, [*steps, *downs, *ups, *caps, *_overlap(units)], profile, f"Certainty of the {what}: {_said(LEVELS[at - 1])}.")


def _authors(units: Sequence[Unit], at: int, profile: Profile) -> Iterator[Reason]:
    """Go no higher than the authors of a review do themselves, who have read its studies; their word never raises a level."""
    rated = [u.rated for u in units if u.rated]
    if not rated or not profile.on("grade.authors"):
        return
    lowest = min(rated, key=LEVELS.index)
    cap = LEVELS.index(lowest) + 1
    text = f"The authors of a review in it rate the certainty themselves as {_said(lowest)}"
    if cap < at:
        yield reason("authors", "cap", cap - at, f"{text}; capped there.", "rated", lowest)
    else:
        yield reason("authors", "note", 0, f"{text}.", "rated", lowest)


def _overlap(units: Sequence[Unit]) -> Iterator[Reason]:
    """Warn that a review and single studies, or two reviews, may tell of the same people: each has a vote unless a link says so."""
    reviews = sum(u.review for u in units)
    if reviews and len(units) > 1:
        single = len(units) - reviews
        beside = f" and {plural(single, 'single study', 'single studies')}" if single else ""
        yield reason("overlap", "note", 0, f"{plural(reviews, 'review')}{beside}: they may tell of the same people, and votes may count them twice.", "design")


def participants(units: Iterable[Unit]) -> int | None:
    """Count who took part where it is stated; None where no study states it.

    A trial may be inside a review, and reviews share trials: the largest review or all single studies together, whichever is more.
    """
    known = [u for u in units if u.participants is not None]
    if not known:
        return None
    single = sum(u.participants or 0 for u in known if not u.review)
    return max([single, *(u.participants or 0 for u in known if u.review)])


# --- risk of bias -------------------------------------------------------------------------------------------------------------------


def _weaknesses(unit: Unit, profile: Profile) -> frozenset[str]:
    return unit.stated & frozenset(profile.get("risk_of_bias.weaknesses"))


def _quality_known(unit: Unit, profile: Profile) -> bool:
    """Whether good quality is stated: outright, or by enough single strengths, and no weakness is."""
    if _weaknesses(unit, profile):
        return False
    strengths = unit.stated & frozenset(profile.get("risk_of_bias.strengths"))
    return bool(unit.stated & frozenset(profile.get("risk_of_bias.good"))) or len(strengths) >= int(profile.get("risk_of_bias.enough_strengths"))


def _most(units: Sequence[Unit], rest: Sequence[Unit], bad: Callable[[Unit], bool], share: float) -> bool:
    """Whether most participants come from studies that are ``bad``; a bad study of unknown size may be the largest."""
    worse = [u for u in (*units, *rest) if bad(u)]
    if any(u.participants is None for u in worse):
        return True
    mass, other = sum(u.participants or 0 for u in worse), sum(u.participants or 0 for u in units if not bad(u))
    return bool(worse) and mass > share * (mass + other)


def _risk_of_bias(units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Iterator[Reason]:
    share = float(profile.get("grade.risk_of_bias.majority"))
    weak = sorted({w.replace("_", " ") for u in (*units, *rest) for w in _weaknesses(u, profile)})
    if _most(units, rest, lambda u: len(_weaknesses(u, profile)) >= 2, share):
        text = f"Most participants come from studies of which two or more weaknesses are stated ({listed(weak)})."
        yield reason("risk_of_bias", "down", -2, text, "weaknesses", ", ".join(weak))
    elif _most(units, rest, lambda u: not _quality_known(u, profile), share):
        stated = sum(bool(_weaknesses(u, profile)) for u in units)
        silent = sum(not _weaknesses(u, profile) and not _quality_known(u, profile) for u in units)
        said = [f"{plural(stated, 'study', 'studies')} with a stated weakness ({listed(weak)})"] if stated else []
        said += [f"{plural(silent, 'study', 'studies')} whose quality is not stated"] if silent else []
        said = said or ["studies whose design is not stated"]
        yield reason("risk_of_bias", "down", -1, f"Most participants come from {listed(said)}.", "weaknesses", ", ".join(weak) or "not stated")
    else:
        yield reason("risk_of_bias", "note", 0, "Most participants come from studies of which good quality is stated.", "weaknesses")


# --- inconsistency ------------------------------------------------------------------------------------------------------------------


def _steps_of(counts: Sequence[int], others: int, profile: Profile) -> int:
    """Steps for votes: ``counts`` are those for benefit, harm and no effect, ``others`` the mixed and unclear ones."""
    total, top = sum(counts) + others, max(counts)
    if total < 2:
        return 0
    if total < int(profile.get("grade.inconsistency.min_studies")):
        return -1 if top < total else 0
    if top <= float(profile.get("grade.inconsistency.split_share")) * total:
        return -2
    return -1 if top < float(profile.get("grade.inconsistency.agree_share")) * total - 1e-9 else 0


def _disagreement(units: Sequence[Unit], rest: Sequence[Unit], profile: Profile) -> int:
    """The worst steps over every choice of the studies that may or may not belong here."""
    here, there = tally(u.vote for u in units), tally(u.vote for u in rest)
    mine = (here.favourable, here.unfavourable, here.none)
    more = [range(min(n, max(mine) + _ALIKE) + 1) for n in (there.favourable, there.unfavourable, there.none)]
    others = [here.mixed + here.unclear + k for k in {0, there.mixed + there.unclear}]
    return min(_steps_of([a + b for a, b in zip(mine, add, strict=True)], other, profile) for add in product(*more) for other in others)


def consistent(units: Sequence[Unit], profile: Profile) -> bool:
    """Whether the studies of a body point one way, and it is known which."""
    known = {u.vote for u in units} & {"benefit", "harm", "none"}
    return bool(known) and _disagreement([u for u in units if u.placed], [u for u in units if not u.placed], profile) == 0


def _inconsistency(units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Iterator[Reason]:
    votes = tally(u.vote for u in (*units, *rest))
    steps = _disagreement(units, rest, profile)
    said = ", ".join(
        f"{n} {word}"
        for n, word in (
            (votes.favourable, "favourable"),
            (votes.unfavourable, "unfavourable"),
            (votes.none, "without effect"),
            (votes.mixed, "mixed"),
            (votes.unclear, "of which the direction is not stated"),
        )
        if n
    )
    if steps:
        how = "split about evenly" if steps == -2 else "do not agree well enough"
        yield reason("inconsistency", "down", steps, f"Directions {how}, or that they agree is not stated: {said}.", "vote", said)
    elif votes.total < 2:
        yield reason("inconsistency", "note", 0, "Not assessable: one study.", "vote", said)
    else:
        yield reason("inconsistency", "note", 0, f"Directions agree: {said}.", "vote", said)


# --- indirectness -------------------------------------------------------------------------------------------------------------------


def _indirectness(units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Iterator[Reason]:
    if lane != "human":
        steps = -int(profile.get("grade.indirectness.animal_steps"))
        yield reason("indirectness", "down", steps, f"A question about people, answered by {_LANES[lane]} evidence.", "species", lane)
        return
    if _most(units, rest, lambda u: not u.outcome_types & _PATIENT, 0.5):
        everyone = (*units, *rest)
        if all(u.outcome_types == {"surrogate"} for u in everyone):
            yield reason("indirectness", "down", -1, "The outcome is a surrogate, not something that a patient feels.", "outcome_type", "surrogate")
        else:
            text = "Most participants come from studies of which it is not stated that the outcome is one that patients feel."
            yield reason("indirectness", "down", -1, text, "outcome_type", "not stated")


# --- imprecision and publication bias -----------------------------------------------------------------------------------------------


def _imprecision(units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Iterator[Reason]:
    enough, few = int(profile.get("grade.imprecision.participants")), int(profile.get("grade.imprecision.few"))
    n = participants(units)
    silent = sum(u.participants is None for u in units)
    also = f"; {plural(silent, 'study does', 'studies do')} not state it" if silent and n is not None else ""
    if n is None:
        yield reason("imprecision", "down", -2, "No study states how many took part, so that precision cannot be judged.", "participants")
    elif n < few:
        yield reason("imprecision", "down", -2, f"{n} participants in all, fewer than {few}{also}.", "participants", n)
    elif n < enough:
        yield reason("imprecision", "down", -1, f"{n} participants in all, fewer than {enough}{also}.", "participants", n)
    else:
        yield reason("imprecision", "note", 0, f"{n} participants in all, at least {enough}{also}; events are not counted.", "participants", n)


def _publication_bias(units: Sequence[Unit], rest: Sequence[Unit], lane: str, profile: Profile) -> Iterator[Reason]:
    limit, least = int(profile.get("grade.publication_bias.small_below")), int(profile.get("grade.publication_bias.min_studies"))

    def suspect(u: Unit) -> bool:
        return (u.participants is None or u.participants < limit) and u.vote in {"benefit", "unclear"}

    if all(suspect(u) for u in units) and len(units) + sum(suspect(u) for u in rest) >= least:
        text = f"All studies are small (fewer than {limit}) and favourable, or do not state it: small studies without effect may be missing."
        yield reason("publication_bias", "down", -1, text, "sample_size", f"<{limit}")
    else:
        yield reason("publication_bias", "note", 0, "Not assessable from articles: no step.", "sample_size")


_DOMAINS: dict[str, Callable[[Sequence[Unit], Sequence[Unit], str, Profile], Iterator[Reason]]] = {
    "risk_of_bias": _risk_of_bias,
    "inconsistency": _inconsistency,
    "indirectness": _indirectness,
    "imprecision": _imprecision,
    "publication_bias": _publication_bias,
}


# --- up -----------------------------------------------------------------------------------------------------------------------------


def _ups(units: Sequence[Unit], rest: Sequence[Unit], profile: Profile) -> Iterator[Reason]:
    """Raise observational evidence that nothing lowered; every study must state what raises it, so that silence never does."""
    if rest:
        return
    if profile.on("grade.large_effect"):
        yield from _large_effect(units, profile)
    if profile.on("grade.dose_response") and all("dose_response" in u.stated for u in units):
        yield reason("dose_response", "up", 1, "Every study states that more of the exposure went with more of the effect.", "weaknesses", "dose_response")


def _large_effect(units: Sequence[Unit], profile: Profile) -> Iterator[Reason]:
    ratios = [r for u in units for r in u.ratios]
    if not ratios or any(not u.ratios for u in units) or any(r is None or r <= 0 for r in ratios) or len({(r or 0) > 1 for r in ratios}) > 1:
        return
    weakest = min((r or 1.0 for r in ratios), key=lambda r: max(r, 1 / r))
    size = max(weakest, 1 / weakest)
    if size > float(profile.get("grade.large_effect.very_large")):
        yield reason("large_effect", "up", 2, f"Very large effect: the smallest ratio is {weakest:g}.", "ratio", weakest)
    elif size > float(profile.get("grade.large_effect.large")):
        yield reason("large_effect", "up", 1, f"Large effect: the smallest ratio is {weakest:g}.", "ratio", weakest)
