"""Bodies of evidence: findings on one exposure, condition and outcome in one lane, with one vote a study, synthesis and certainty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.grade import certainty, mechanical, sort
from ingest.grade.certainty import Unit
from ingest.grade.kinds import KINDS, is_animal_model, kind_of
from ingest.grade.profile import Profile, load_profile
from ingest.grade.reasons import PROVISIONAL
from ingest.grade.scales import grade_study
from ingest.grade.stated import of_review
from ingest.grade.synthesis import Tally, direction, in_words, one_direction, sign_test, tally, wilson
from ingest.records import Body, BodyInput, BodyMember, Grade, Reason, Study, StudyRow, Work

OPINIONS = frozenset({"narrative_review", "expert_opinion"})


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one unit: one study, or all studies of one work."""

    key: str
    rows: tuple[BodyInput, ...]


def lane_of(row: StudyRow) -> str:
    """Say whose evidence a study is: human, animal or in_vitro. A study whose species is not stated stands in the human lane."""
    for lane in ("animal", "in_vitro"):
        if lane in {row.study.species, row.study.design}:
            return lane
    return "animal" if is_animal_model(row.study.condition) else "human"


def grade_bodies(
    rows: Sequence[BodyInput],
    profile: Profile | None = None,
    *,
    works: Mapping[str, Work] | None = None,
    texts: Mapping[str, str] | None = None,
    pooled: Iterable[tuple[str, str]] = (),
) -> tuple[Body, ...]:
    """Group findings into bodies and grade each. The order of the rows makes no difference.

    :param works: the linked works by key; a retracted one does not count, and titles tell what reviews pooled.
    :param texts: articles' texts by id, from which the studies' own sentences are read.
    :param pooled: known pairs (review, study inside it), as study keys or work keys: the study is no second vote beside its review.
    """
    profile = profile or load_profile()
    grouped: dict[tuple[str, str, str, str], list[BodyInput]] = defaultdict(list)
    for r in rows:
        grouped[r.exposure, r.condition, r.outcome, lane_of(r.row)].append(r)
    inside = {study: review for review, study in sorted(pooled)}
    return tuple(_body(key, grouped[key], profile, works or {}, texts or {}, inside) for key in sorted(grouped))


def _body(
    key: tuple[str, str, str, str], rows: Sequence[BodyInput], profile: Profile, works: Mapping[str, Work], texts: Mapping[str, str], inside: Mapping[str, str]
) -> Body:
    exposure, condition, outcome, lane = key
    groups = _grouped(rows)
    present = {k for g in groups for r in g.rows for k in (g.key, r.row.key)}
    units: list[Unit] = []
    members: list[BodyMember] = []
    counted_rows: list[StudyRow] = []
    for group in groups:
        why = _not_counted(group, works, inside, present)
        unit = None if why else _unit(group, profile, works, texts)
        members.extend(_members(group, unit, why))
        if unit:
            units.append(unit)
            counted_rows.extend(r.row for r in group.rows)
    votes = tally(u.vote for u in units)
    grades = _grades(units, counted_rows, lane, profile)
    return _assembled((exposure, condition, outcome, lane), votes, units, members, grades, _levels(counted_rows, "ocebm", profile), profile)


def _grouped(rows: Sequence[BodyInput]) -> tuple[_Group, ...]:
    found: dict[str, list[BodyInput]] = defaultdict(list)
    for r in rows:
        found[r.row.work_key or r.row.key].append(r)
    return tuple(_Group(k, tuple(sorted(found[k], key=lambda r: (r.row.key, r.finding_index)))) for k in sorted(found))


def _not_counted(group: _Group, works: Mapping[str, Work], inside: Mapping[str, str], present: set[str]) -> str | None:
    """Say why a group is listed and does not count, or None when it counts."""
    if all(r.row.study.plural for r in group.rows):
        return "several unnamed studies told of as one: no vote"
    if all(r.row.study.design in OPINIONS for r in group.rows):
        return "an overview or opinion: no data of its own, no vote"
    work = works.get(group.key)
    if (work and work.retraction == "retracted") or any(k == "retracted" for r in group.rows for k, _, _ in r.row.study.weaknesses):
        return "retracted: no vote"
    reviews = {inside[k] for r in group.rows for k in (group.key, r.row.key) if k in inside}
    if reviews & present:
        return f"already inside the review {min(reviews & present)}: no second vote"
    return None


def _unit(group: _Group, profile: Profile, works: Mapping[str, Work], texts: Mapping[str, str]) -> Unit:
    by_study: dict[str, list[BodyInput]] = defaultdict(list)
    for r in group.rows:
        by_study[r.row.key].append(r)
    share = float(profile.get("synthesis.agree_share"))
    rows = [x[0].row for x in by_study.values()]
    vote = one_direction([one_direction([r.finding.effect for r in x], share) for x in by_study.values()], share)
    kinds = [kind_of(r.study, works.get(r.work_key or ""), texts.get(r.article_id, "")) for r in rows]
    kind = max(kinds, key=lambda k: (k.name != "unspecified", kinds.count(k), KINDS.index(k.name)))
    return Unit(
        key=group.key,
        kind=kind,
        vote=vote,
        participants=_agreed([r.study.sample_size for r in rows]),
        outcome_types=frozenset(r.finding.outcome_type for r in group.rows),
        ratios=tuple(r.finding.ratio for r in group.rows),
        stated=frozenset(k for r in rows for k, _, _ in r.study.weaknesses),
        rated=_rated([r.study for r in rows], [texts.get(r.article_id, "") for r in rows]),
        species_known=any(r.study.species != "unknown" for r in rows),
    )


def _rated(studies: Sequence[Study], texts: Sequence[str]) -> str | None:
    """Take the lowest certainty that the articles pass on from a review's authors."""
    found = [x.level for s, t in zip(studies, texts, strict=True) for x in (of_review(s, t),) if x]
    return min(found, key=certainty.LEVELS.index) if found else None


def _agreed(sizes: Iterable[int | None]) -> int | None:
    """Take the size that most articles state of one study; of equally frequent ones the smaller."""
    given = Counter(n for n in sizes if n is not None)
    return min(given, key=lambda n: (-given[n], n)) if given else None


def _members(group: _Group, unit: Unit | None, why: str | None) -> list[BodyMember]:
    out = []
    articles = len({r.row.article_id for r in group.rows})
    for n, r in enumerate(group.rows):
        if unit is None:
            out.append(BodyMember(r.row.key, r.finding_index, r.finding.effect, False, why))
        elif n == 0:
            many = f"one vote from {len(group.rows)} findings" + (f" in {articles} articles" if articles > 1 else "") if len(group.rows) > 1 else None
            out.append(BodyMember(r.row.key, r.finding_index, unit.vote, True, many))
        else:
            same = "the same work" if r.row.key != group.rows[0].row.key else "the same study"
            out.append(BodyMember(r.row.key, r.finding_index, r.finding.effect, False, f"{same} is counted through another row"))
    return out


def _levels(rows: Iterable[StudyRow], scale: str, profile: Profile) -> list[str | None]:
    return [g.level for r in rows for g in (r.grades or grade_study(r.study, None, profile)) if g.scale == scale]


def _grades(units: Sequence[Unit], rows: Sequence[StudyRow], lane: str, profile: Profile) -> tuple[Grade, ...]:
    found = mechanical.grade(units, lane, profile) if profile.scheme == "mechanical" else certainty.grade(units, lane, profile)
    return (*found, sort.grade_body(_levels(rows, sort.SCALE, profile), certainty.consistent(units, profile), profile))


def _assembled(
    key: tuple[str, str, str, str],
    votes: Tally,
    units: Sequence[Unit],
    members: Sequence[BodyMember],
    grades: Sequence[Grade],
    levels: Iterable[str | None],
    profile: Profile,
) -> Body:
    exposure, condition, outcome, lane = key
    confidence = float(profile.get("synthesis.confidence"))
    p, interval = sign_test(votes.favourable, votes.unfavourable), wilson(votes.favourable, votes.tested, confidence)
    low, high = interval or (None, None)
    by_scale = {g.scale: g.level for g in grades}
    reported = grades[0]
    return Body(
        key=" | ".join(key),
        name=f"{exposure} for {condition}: {outcome}",
        exposure=exposure,
        condition=condition,
        outcome=outcome,
        lane=lane,
        studies=len(units),
        participants=certainty.participants(units),
        favourable=votes.favourable,
        unfavourable=votes.unfavourable,
        no_effect=votes.none,
        mixed=votes.mixed,
        unclear=votes.unclear,
        sign_test_p=None if p is None else round(p, 6),
        favourable_share=round(votes.favourable / votes.tested, 6) if votes.tested else None,
        wilson_low=None if low is None else round(low, 6),
        wilson_high=None if high is None else round(high, 6),
        direction=direction(votes),
        best_ocebm_level=min((x for x in levels if x is not None), default=None),
        certainty=reported.level,
        certainty_randomised=by_scale.get("grade_randomised", reported.level if reported.scale == mechanical.SCALE else None),
        certainty_observational=by_scale.get("grade_observational"),
        sort_grade=by_scale.get(sort.BODY_SCALE),
        summary=_summary(reported, votes, confidence),
        members=tuple(members),
        grades=tuple(grades),
    )


def _summary(reported: Grade, votes: Tally, confidence: float) -> str:
    """Put the certainty, its reasons and the votes into one paragraph."""
    start = next((r.text for r in reported.reasons if r.direction == "start"), "")
    steps = [_step_in_words(r) for r in reported.reasons if r.steps]
    level = f"Certainty: {reported.level.replace('_', ' ')}." if reported.level else "No certainty."
    overlap = [r.text for r in reported.reasons if r.domain == "overlap"]
    return " ".join([level, start, *steps, *overlap, in_words(votes, confidence), PROVISIONAL])


def _step_in_words(step: Reason) -> str:
    how = "Capped" if step.direction == "cap" else "Up" if step.steps > 0 else "Down"
    return f"{how} {abs(step.steps)} for {step.domain.replace('_', ' ')}: {step.text}"


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A level that two profiles, or two builds, give differently, and the steps that only one of them has."""

    subject: str
    scale: str
    question: str | None
    old: str | None
    new: str | None
    why: str


def diff_grades(old: Iterable[tuple[str, Grade]], new: Iterable[tuple[str, Grade]]) -> tuple[GradeChange, ...]:
    """Compare two sets of grades, each a pair of its subject (a study's or body's key) and the grade.

    Only levels that differ are returned, in the order of subject, scale and question. The certainty of the mechanical scheme is compared with
    GRADE's; a scale that one of the sets does not use at all is left out.
    """
    before, after = _by_key(old), _by_key(new)
    scales = {k[1] for k in before} & {k[1] for k in after} if before and after else {k[1] for k in (*before, *after)}
    out = []
    for key in sorted(k for k in before.keys() | after.keys() if k[1] in scales):
        a, b = before.get(key), after.get(key)
        if (a.level if a else None) != (b.level if b else None):
            out.append(GradeChange(key[0], key[1], key[2] or None, a.level if a else None, b.level if b else None, _why(a, b)))
    return tuple(out)


def _by_key(grades: Iterable[tuple[str, Grade]]) -> dict[tuple[str, str, str], Grade]:
    return {(s, certainty.SCALE if g.scale == mechanical.SCALE else g.scale, g.question or ""): g for s, g in grades}


def _why(a: Grade | None, b: Grade | None) -> str:
    if a is None or b is None:
        return "only graded now" if a is None else "no longer graded"
    if a.scale != b.scale:
        return " ".join(
            ["under another scheme:", *(_step((r.domain, r.direction, r.steps, r.text)) for r in b.reasons if r.direction in {"start", "down", "up", "cap"})]
        )
    old, new = ({(r.domain, r.direction, r.steps, r.text) for r in g.reasons if r.direction not in {"end", "note"}} for g in (a, b))
    gone = [f"no longer: {_step(r)}" for r in sorted(old - new)]
    come = [f"now: {_step(r)}" for r in sorted(new - old)]
    return " ".join([*gone, *come]) or "the steps have other sizes"


def _step(r: tuple[str, str, int, str]) -> str:
    return f"{r[2]:+d} {r[0].replace('_', ' ')} ({r[3].rstrip('.')})." if r[2] else f"{r[0].replace('_', ' ')} ({r[3].rstrip('.')})."
