"""GRADE: every domain's every step, unknowns, clamping, parts graded apart; the mechanical scheme; profiles."""

from __future__ import annotations

import dataclasses as d
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ProfileError
from ingest.grade import certainty, mechanical
from ingest.grade.certainty import LEVELS, Unit
from ingest.grade.kinds import KINDS
from ingest.grade.profile import DEFAULT, MECHANICAL, Profile, load_profile
from ingest.grade.stated import stated_certainty
from tests.grading import kind, unit

P = load_profile()
WEAK2 = frozenset({"not_blinded", "high_dropout"})
SILENT: frozenset[str] = frozenset()


def steps(units: list[Unit], lane: str = "human", profile: Profile = P) -> dict[str, int]:
    return {r.domain: r.steps for r in certainty.grade(units, lane, profile)[0].reasons if r.steps}


def level(units: list[Unit], lane: str = "human", profile: Profile = P) -> str | None:
    return certainty.grade(units, lane, profile)[0].level


STARTS = {
    "rct": "high",
    "review_rct": "high",
    "cohort": "low",
    "case_control": "low",
    "cross_sectional": "low",
    "trial_controlled": "low",
    "trial_single_arm": "low",
    "trial_unstated": "low",
    "review_cohort": "low",
    "review_unstated": "low",
    "case_series": "very_low",
    "case_report": "very_low",
    "unspecified": "very_low",
}


@pytest.mark.parametrize(("name", "expected"), STARTS.items())
def test_start(name: str, expected: str) -> None:
    assert level([unit(name=name)]) == expected


DOMAINS: dict[str, tuple[list[Unit], dict[str, int]]] = {
    "nothing lowers it": ([unit()], {}),
    # risk of bias
    "quality not stated": ([unit(stated=SILENT)], {"risk_of_bias": -1}),
    "one weakness": ([unit(stated=frozenset({"not_blinded"}))], {"risk_of_bias": -1}),
    "two weaknesses": ([unit(stated=WEAK2)], {"risk_of_bias": -2}),
    "small or short is no bias": ([unit(stated=frozenset({"small", "short", "high_quality"}))], {}),
    "blinding alone": ([unit(stated=frozenset({"double_blind"}))], {"risk_of_bias": -1}),
    "two strengths": ([unit(stated=frozenset({"double_blind", "low_dropout"}))], {}),
    "two strengths and a weakness": ([unit(stated=frozenset({"double_blind", "low_dropout", "selective"}))], {"risk_of_bias": -1}),
    "most participants in good studies": ([unit("a", n=900), unit("b", n=100, stated=WEAK2)], {}),
    "most participants in a weak study": ([unit("a", n=100), unit("b", n=900, stated=frozenset({"no_control"}))], {"risk_of_bias": -1}),
    "half is not most": ([unit("a", n=500), unit("b", n=500, stated=SILENT)], {}),
    "weak and silent together": (
        [unit("a", n=400), unit("b", n=300, stated=SILENT), unit("c", n=300, stated=frozenset({"no_control"}))],
        {"risk_of_bias": -1},
    ),
    "a weak study of unknown size may be the largest": ([unit("a", n=900), unit("b", n=None, stated=WEAK2)], {"risk_of_bias": -2}),
    "a good study of unknown size is not": ([unit("a", n=900), unit("b", n=None)], {}),
    # inconsistency
    "one study cannot disagree": ([unit()], {}),
    "two agree": ([unit("a"), unit("b")], {}),
    "two differ": ([unit("a"), unit("b", vote="harm")], {"inconsistency": -1}),
    "two of three": ([unit("a"), unit("b"), unit("c", vote="harm")], {"inconsistency": -1}),
    "two of four": ([unit("a"), unit("b"), unit("c", vote="harm"), unit("d", vote="harm")], {"inconsistency": -2}),
    "three of four": ([unit("a"), unit("b"), unit("c"), unit("d", vote="harm")], {}),
    "seven of ten": ([unit(f"a{i}") for i in range(7)] + [unit(f"b{i}", vote="none") for i in range(3)], {}),
    "no effect in all": ([unit("a", vote="none"), unit("b", vote="none"), unit("c", vote="none")], {}),
    "no effect besides benefit": ([unit("a"), unit("b"), unit("c", vote="none")], {"inconsistency": -1}),
    "three ways": ([unit("a"), unit("b", vote="harm"), unit("c", vote="none")], {"inconsistency": -2}),
    "direction not stated": ([unit("a"), unit("b"), unit("c", vote="unclear")], {"inconsistency": -1}),
    # indirectness
    "surrogate": ([unit(outcome_types=frozenset({"surrogate"}))], {"indirectness": -1}),
    "not clear what the outcome is": ([unit(outcome_types=frozenset({"unclear"}))], {"indirectness": -1}),
    "clinical besides surrogate": ([unit(outcome_types=frozenset({"surrogate", "clinical"}))], {}),
    "most of it clinical": ([unit("a", n=900), unit("b", n=100, outcome_types=frozenset({"surrogate"}))], {}),
    # imprecision
    "enough": ([unit(n=400)], {}),
    "not enough": ([unit(n=399)], {"imprecision": -1}),
    "a hundred": ([unit(n=100)], {"imprecision": -1}),
    "few": ([unit(n=99)], {"imprecision": -2}),
    "size not stated": ([unit(n=None)], {"imprecision": -2}),
    "added up": ([unit("a", n=250), unit("b", n=250)], {}),
    "a review and its trials are not added up": ([unit("a", "review_rct", n=250), unit("b", n=200)], {"imprecision": -1}),
    # publication bias
    "five small and favourable": ([unit(f"{i}", n=99) for i in range(5)], {"publication_bias": -1}),
    "four of them": ([unit(f"{i}", n=99) for i in range(4)] + [unit("x", n=100)], {}),
    "one without effect": ([unit(f"{i}", n=99) for i in range(4)] + [unit("x", n=99, vote="none")], {}),
}


@pytest.mark.parametrize(("units", "expected"), DOMAINS.values(), ids=DOMAINS)
def test_every_step_of_every_domain(units: list[Unit], expected: dict[str, int]) -> None:
    assert steps(units) == expected
    assert level(units) == LEVELS[max(3 + sum(expected.values()), 0)]


def ratios(*values: float | None) -> list[Unit]:
    return [unit(f"{i}", "cohort", ratios=(v,)) for i, v in enumerate(values)]


UPS = {
    "large": (ratios(2.5, 3.0), {"large_effect": 1}, "moderate"),
    "very large": (ratios(6.0, 9.0), {"large_effect": 2}, "high"),
    "the smallest decides": (ratios(9.0, 2.5), {"large_effect": 1}, "moderate"),
    "protective": (ratios(0.4), {"large_effect": 1}, "moderate"),
    "very protective": (ratios(0.1), {"large_effect": 2}, "high"),
    "exactly two": (ratios(2.0), {}, "low"),
    "one small": (ratios(9.0, 1.2), {}, "low"),
    "one not stated": (ratios(9.0, None), {}, "low"),
    "both ways": (ratios(9.0, 0.1), {}, "low"),
    "dose-response": ([unit(name="cohort", stated=frozenset({"high_quality", "dose_response"}))], {"dose_response": 1}, "moderate"),
    "both": ([unit(name="cohort", ratios=(6.0,), stated=frozenset({"high_quality", "dose_response"}))], {"large_effect": 2, "dose_response": 1}, "high"),
    "not when something went down": ([unit(name="cohort", ratios=(9.0,), stated=SILENT)], {"risk_of_bias": -1}, "very_low"),
    "not for trials": ([unit(ratios=(9.0,))], {}, "high"),
    "not for case series": ([unit(name="case_series", ratios=(9.0,))], {}, "very_low"),
    "not beside studies of unknown design": ([*ratios(9.0), unit("x", "unspecified")], {}, "low"),
}


@pytest.mark.parametrize(("units", "expected", "certain"), UPS.values(), ids=UPS)
def test_up(units: list[Unit], expected: dict[str, int], certain: str) -> None:
    assert steps(units) == expected
    assert level(units) == certain


RATED = {
    "authors say very low": ([unit(name="review_rct", rated="very_low")], -3, "very_low"),
    "authors say moderate": ([unit(name="review_rct", rated="moderate")], -1, "moderate"),
    "the lowest of two": ([unit("a", "review_rct", rated="moderate"), unit("b", "review_rct", rated="low")], -2, "low"),
    "authors never raise": ([unit(name="review_rct", n=10, rated="high")], 0, "low"),
    "authors of cohorts' reviews": ([unit(name="review_cohort", rated="very_low")], -1, "very_low"),
}


@pytest.mark.parametrize(("units", "cap", "expected"), RATED.values(), ids=RATED)
def test_no_higher_than_the_authors_of_a_review(units: list[Unit], cap: int, expected: str) -> None:
    got = certainty.grade(units, "human", P)[0]
    assert got.level == expected
    assert sum(r.steps for r in got.reasons if r.direction == "cap") == cap
    assert any(r.domain == "authors" for r in got.reasons)


STATED = {
    "There is low-certainty evidence that it helps.": "low",
    "Very low quality evidence suggests a benefit.": "very_low",
    "The authors rated the evidence as very low in quality.": "very_low",
    "The certainty of the evidence was moderate.": "moderate",
    "The evidence was judged to be of low quality.": "low",
    "Low- to moderate-certainty evidence was found.": "moderate",
    "Three high-quality trials were found.": None,
    "High-quality long-term studies are needed.": None,
    "A low-quality diet was common.": None,
    "The evidence was strong.": None,
}


@pytest.mark.parametrize("text", STATED)
def test_stated_certainty(text: str) -> None:
    got = stated_certainty(text)
    assert (got.level if got else None) == STATED[text]


def test_parts_are_graded_apart_and_the_higher_is_reported() -> None:
    got = certainty.grade([unit("a"), unit("b", "cohort", vote="harm")], "human", P)
    assert [(g.scale, g.level) for g in got] == [("grade", "high"), ("grade_randomised", "high"), ("grade_observational", "low")]
    assert "randomised evidence high, observational evidence low" in got[0].reasons[-2].text


def test_observational_evidence_may_be_the_higher() -> None:
    weak = unit("a", stated=WEAK2, n=40, outcome_types=frozenset({"surrogate"}))
    got = certainty.grade([weak, unit("b", "cohort")], "human", P)
    assert {g.scale: g.level for g in got} == {"grade": "low", "grade_randomised": "very_low", "grade_observational": "low"}


def test_animals_and_cells_in_their_lanes() -> None:
    assert steps([unit(name="animal")], "animal") == {"indirectness": -2}
    assert level([unit(name="animal")], "animal") == "low"
    assert level([unit(name="in_vitro")], "in_vitro") == "very_low"


def test_nothing_counts() -> None:
    assert [g.level for g in certainty.grade([], "human", P)] == [None]


def test_every_domain_can_be_switched_off(tmp_path: Path) -> None:
    worst = [unit(f"{i}", n=9, stated=WEAK2, vote=v, outcome_types=frozenset({"surrogate"})) for i, v in enumerate(["benefit", "harm"] * 3)]
    for domain in steps(worst):
        path = tmp_path / f"{domain}.yml"
        path.write_text(yaml.safe_dump({"name": "mine", "grade": {domain: {"apply": False}}}))
        assert domain not in steps(worst, profile=load_profile(path))


units_st = st.lists(
    st.builds(
        unit,
        key=st.uuids().map(str),
        name=st.sampled_from([k for k in KINDS if k not in {"animal", "in_vitro", "narrative_review", "expert_opinion"}]),
        vote=st.sampled_from(["benefit", "harm", "none", "mixed", "unclear"]),
        n=st.one_of(st.none(), st.integers(1, 600)),
        outcome_types=st.sampled_from([frozenset({"clinical"}), frozenset({"surrogate"}), frozenset({"unclear"})]),
        ratios=st.sampled_from([(), (None,), (2.5,), (8.0,), (1.1,)]),
        stated=st.sampled_from(
            [SILENT, frozenset({"high_quality"}), frozenset({"no_control"}), WEAK2, frozenset({"double_blind"}), frozenset({"high_quality", "dose_response"})]
        ),
    ),
    min_size=1,
    max_size=6,
)


def rank(value: str | None) -> int:
    return LEVELS.index(value) if value else -1


@settings(max_examples=200)
@given(units_st)
def test_no_step_goes_the_wrong_way_and_levels_stay_on_the_scale(units: list[Unit]) -> None:
    for g in certainty.grade(units, "human", P):
        start = next(r for r in g.reasons if r.direction == "start")
        assert all(r.steps < 0 for r in g.reasons if r.direction == "down")
        assert all(r.steps > 0 for r in g.reasons if r.direction == "up")
        moved = rank(start.value) + sum(r.steps for r in g.reasons)
        assert rank(g.level) == min(max(moved, 0), 3)


@settings(max_examples=200)
@given(units_st, st.randoms())
def test_order_never_matters(units: list[Unit], random: object) -> None:
    mixed = list(units)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert certainty.grade(mixed, "human", P) == certainty.grade(units, "human", P)


UNSAID: dict[str, dict[str, object]] = {
    "size": {"participants": None},
    "design": {"kind": kind("unspecified")},
    "species": {"species_known": False},
    "direction": {"vote": "unclear"},
    "outcome type": {"outcome_types": frozenset({"unclear"})},
    "ratio": {"ratios": (None,)},
    "quality": {"stated": SILENT},
}


@settings(max_examples=300)
@given(units_st, st.integers(0, 5), st.sampled_from(sorted(UNSAID)))
def test_missing_information_never_raises_a_level(units: list[Unit], which: int, what: str) -> None:
    i = which % len(units)
    values = UNSAID[what]
    if what == "quality" and len(units[i].stated & frozenset(P.get("risk_of_bias.weaknesses"))) >= 1:
        return  # a weakness that nobody states is not known to be missing
    poorer = [*units[:i], d.replace(units[i], **values), *units[i + 1 :]]  # type: ignore[arg-type]
    assert rank(level(poorer)) <= rank(level(units))


def test_unknown_is_told_as_unknown() -> None:
    text = " ".join(r.text for r in certainty.grade([unit(n=None, stated=SILENT, outcome_types=frozenset({"unclear"}))], "human", P)[0].reasons)
    assert "quality is not stated" in text
    assert "No study states how many took part" in text
    assert "not stated that the outcome is one that patients feel" in text
    assert "bad" not in text


# --- the mechanical scheme

M = load_profile(MECHANICAL)
BLIND = frozenset({"double_blind"})
SUMS = {
    "one large blinded trial": ([unit(n=200, stated=BLIND)], {"review_quality": -2}, "moderate"),
    "100 to 199": ([unit(n=199, stated=BLIND)], {"imprecision": -1, "review_quality": -2}, "low"),
    "fewer than 100": ([unit(n=99, stated=BLIND)], {"imprecision": -2, "review_quality": -2}, "low"),
    "size not stated": ([unit(n=None, stated=BLIND)], {"imprecision": -2, "risk_of_bias": -1, "review_quality": -2}, "very_low"),
    "three quarters at low risk": (
        [unit("a", n=300, stated=BLIND), unit("b", n=100, stated=SILENT)],
        {"inconsistency": -1, "review_quality": -2},
        "low",
    ),
    "less than three quarters": (
        [unit("a", n=299, stated=BLIND), unit("b", n=101, stated=SILENT)],
        {"risk_of_bias": -1, "inconsistency": -1, "review_quality": -2},
        "low",
    ),
    "everything": (
        [unit("a", n=20, stated=SILENT), unit("b", n=20)],
        {"imprecision": -2, "risk_of_bias": -1, "inconsistency": -1, "review_quality": -2},
        "very_low",
    ),
    "a single review pools several": ([unit(name="review_rct", n=500, stated=BLIND)], {"inconsistency": -1, "review_quality": -2}, "low"),
    "cohorts get no level": ([unit(name="cohort")], {}, None),
}


@pytest.mark.parametrize(("units", "expected", "certain"), SUMS.values(), ids=SUMS)
def test_mechanical(units: list[Unit], expected: dict[str, int], certain: str | None) -> None:
    got = mechanical.grade(units, "human", M)[0]
    assert {r.domain: r.steps for r in got.reasons if r.steps} == expected
    assert got.level == certain
    assert (got.scale, got.profile) == ("mechanical", "mechanical")


def test_the_map_of_the_mechanical_scheme_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(yaml.safe_dump({"name": "p", "scheme": "mechanical", "mechanical": {"levels": {"high": 1, "moderate": 2, "low": 4, "very_low": 6}}}))
    assert mechanical.grade([unit(n=199, stated=BLIND)], "human", load_profile(path))[0].level == "low"
    path2 = tmp_path / "q.yml"
    path2.write_text(yaml.safe_dump({"name": "q", "scheme": "mechanical", "mechanical": {"levels": {"high": 2, "moderate": 3, "low": 4, "very_low": 6}}}))
    assert mechanical.grade([unit(n=500, stated=BLIND)], "human", load_profile(path2))[0].level == "high"


# --- profiles

BROKEN = {
    "no such key": ({"grades": {}}, "unknown key grades"),
    "no such key deeper": ({"grade": {"imprecision": {"particpants": 3}}}, "unknown key grade.imprecision.particpants"),
    "not a number": ({"grade": {"imprecision": {"few": "many"}}}, "must be a number"),
    "out of range": ({"grade": {"inconsistency": {"agree_share": 1.4}}}, "between 0 and 1"),
    "start out of range": ({"grade": {"start": {"randomised": 5}}}, "between 1 and 4"),
    "not a switch": ({"ocebm": {"quality": {"apply": "perhaps"}}}, "true or false"),
    "a switch for a number": ({"ocebm": {"step": True}}, "must be"),
    "few above enough": ({"grade": {"imprecision": {"few": 500}}}, "few must be the smaller"),
    "no such scheme": ({"scheme": "magic"}, "one of grade, mechanical"),
    "section without keys": ({"grade": 3}, "must hold the keys"),
    "a list": ({"risk_of_bias": {"weaknesses": "all"}}, "must be a list"),
}


@pytest.mark.parametrize(("tree", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_profiles_say_what_and_where(tree: dict[str, object], message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(tree))
    with pytest.raises(ProfileError, match=message) as e:
        load_profile(path)
    assert "mine.yml" in str(e.value)


@pytest.mark.parametrize("content", ["[1, 2]", "a: [", ""])
def test_no_profile_at_all(content: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(content)
    with pytest.raises(ProfileError, match=r"mine\.yml"):
        load_profile(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "none.yml")


def test_digest_is_of_the_values_alone(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yml"
    copy.write_text(DEFAULT.read_text().replace("name: default", "name: other"))
    assert load_profile(copy).hash == P.hash
    assert load_profile(copy).name == "other"
    changed = tmp_path / "changed.yml"
    changed.write_text("grade: {imprecision: {participants: 300}}")
    assert load_profile(changed).hash != P.hash
    assert load_profile(changed).get("grade.imprecision.few") == 100
