"""Bodies of evidence: who stands together, who votes once, who does not vote; what two profiles grade differently."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

from ingest.grade.bodies import diff_grades, grade_bodies
from ingest.grade.profile import MECHANICAL, load_profile
from ingest.grade.synthesis import CAVEAT
from ingest.records import Body, BodyInput, Work
from tests.grading import finding, inputs, row, study

GOOD = (("high_quality", 0, 4),)


def body(*rows: list[BodyInput], **options: object) -> Body:
    (got,) = grade_bodies([r for rs in rows for r in rs], **options)  # type: ignore[arg-type]
    return got


def test_findings_are_grouped_by_exposure_condition_outcome_and_lane() -> None:
    got = grade_bodies(
        [
            *inputs(row("a~1", study())),
            *inputs(row("b~1", study())),
            *inputs(row("c~1", study()), outcome="fatigue"),
            *inputs(row("d~1", study("animal", species="animal"))),
            *inputs(row("e~1", study("in_vitro", species="in_vitro"))),
        ]
    )
    assert [(b.key, b.studies) for b in got] == [
        ("vitamin D | pain | fatigue | human", 1),
        ("vitamin D | pain | pain | animal", 1),
        ("vitamin D | pain | pain | human", 2),
        ("vitamin D | pain | pain | in_vitro", 1),
    ]


def test_animals_never_stand_among_the_human_votes() -> None:
    human, animal = (
        next(b for b in grade_bodies([*inputs(row("a~1", study())), *inputs(row("b~1", study("rct", species="animal")))]) if b.lane == lane)
        for lane in ("human", "animal")
    )
    assert (human.favourable, animal.favourable) == (1, 1)
    assert animal.certainty in {"low", "very_low"}


def test_a_work_that_five_articles_cite_is_one_vote() -> None:
    got = body(*(inputs(row(f"{a}~1", study(sample_size=300), work="10.1/x")) for a in "abcde"))
    assert (got.studies, got.favourable, got.participants) == (1, 1, 300)
    assert [m.counted for m in got.members] == [True, False, False, False, False]
    assert "5 articles" in (got.members[0].note or "")
    assert got.members[1].note == "the same work is counted through another row"


def test_articles_that_state_other_sizes_of_one_work() -> None:
    got = body(*(inputs(row(f"{a}~1", study(sample_size=n), work="w")) for a, n in zip("abc", (21, 18, 18), strict=True)))
    assert got.participants == 18
    tie = body(*(inputs(row(f"{a}~1", study(sample_size=n), work="w")) for a, n in zip("ab", (21, 18), strict=True)))
    assert tie.participants == 18


def test_several_outcomes_of_one_study_are_one_vote() -> None:
    mixed = body(inputs(row("a~1", study(findings=(finding("benefit"), finding("harm"))))))
    assert (mixed.mixed, mixed.favourable, mixed.studies) == (1, 0, 1)
    agreed = body(inputs(row("a~1", study(findings=(finding("benefit"),) * 7 + (finding("none"),) * 3))))
    assert (agreed.favourable, agreed.mixed) == (1, 0)


def test_a_trial_inside_a_review_is_no_second_vote_when_that_is_known() -> None:
    review, trial = row("a~1", study("meta_analysis", quote="It pooled trials.", sample_size=900)), row("b~1", study(), work="10.1/t")
    apart = body(inputs(review), inputs(trial))
    known = body(inputs(review), inputs(trial), pooled=[("a~1", "10.1/t")])
    assert (apart.favourable, known.favourable) == (2, 1)
    assert next(m.note for m in known.members if not m.counted) == "already inside the review a~1: no second vote"
    assert body(inputs(trial), pooled=[("a~1", "10.1/t")]).favourable == 1


@pytest.mark.parametrize(
    ("s", "words"),
    [
        (study(plural=True), "several unnamed studies"),
        (study("narrative_review"), "no data of its own"),
        (study("expert_opinion"), "no data of its own"),
    ],
)
def test_listed_and_not_counted(s: object, words: str) -> None:
    got = body(inputs(row("a~1", s)), inputs(row("b~1", study())))  # type: ignore[arg-type]
    assert (got.studies, len(got.members)) == (1, 2)
    assert words in (got.members[0].note or "")


def test_retracted_works_do_not_vote() -> None:
    got = body(inputs(row("a~1", study(), work="w")), works={"w": Work("w", "T", retraction="retracted")})
    assert (got.studies, got.certainty, got.direction) == (0, None, "unclear")
    assert got.members[0].note == "retracted: no vote"


def test_figures_and_words() -> None:
    got = body(*(inputs(row(f"{i}~1", study(sample_size=100, weaknesses=GOOD, findings=(finding("benefit" if i else "harm"),)))) for i in range(6)))
    assert (got.favourable, got.unfavourable, got.sign_test_p) == (5, 1, 0.21875)
    assert (round(got.wilson_low or 0, 3), round(got.wilson_high or 0, 3)) == (0.436, 0.970)
    assert (got.direction, got.certainty, got.certainty_randomised, got.certainty_observational) == ("benefit", "high", "high", None)
    assert (got.best_ocebm_level, got.sort_grade) == ("2", "A")
    assert CAVEAT in got.summary
    assert got.summary.startswith("Certainty: high. Randomised trials start high: 6 studies")
    assert {g.scale for g in got.grades} == {"grade", "grade_randomised", "sort_body"}


def test_order_never_matters() -> None:
    rows = [r for i in range(8) for r in inputs(row(f"{i}~1", study(sample_size=30 * i or None, findings=(finding(("benefit", "harm")[i % 2]), finding()))))]
    shuffled = list(rows)
    random.Random(4).shuffle(shuffled)
    assert grade_bodies(shuffled) == grade_bodies(rows)


def test_ids_come_from_the_terms() -> None:
    assert body(inputs(row("a~1", study()))).id == body(inputs(row("z~9", study("cohort")))).id


def test_the_mechanical_profile_takes_the_certainty() -> None:
    got = body(inputs(row("a~1", study(weaknesses=GOOD))), profile=load_profile(MECHANICAL))
    assert (got.certainty, got.grades[0].scale, got.grades[0].profile) == ("moderate", "mechanical", "mechanical")
    assert body(inputs(row("a~1", study("cohort"))), profile=load_profile(MECHANICAL)).certainty is None


def test_the_authors_own_rating_caps_the_body() -> None:
    quote = "The review pooled 12 randomised trials and rated the evidence as very low in quality."
    got = body(inputs(row("a~1", study("meta_analysis", quote=quote, weaknesses=GOOD))))
    assert got.certainty == "very_low"
    assert "Capped 3 for authors: The authors of a review in it rate the certainty themselves as very low" in got.summary


def test_diff_shows_what_moves_and_why(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump({"name": "mine", "grade": {"imprecision": {"participants": 1000}}}))
    rows = inputs(row("a~1", study(weaknesses=GOOD)))
    old, new = (body(rows, profile=p) for p in (load_profile(), load_profile(path)))
    changes = diff_grades([(old.key, g) for g in old.grades], [(new.key, g) for g in new.grades])
    assert [(c.scale, c.old, c.new) for c in changes] == [("grade", "high", "moderate"), ("grade_randomised", "high", "moderate")]
    assert changes[0].why == "now: -1 imprecision (500 participants in all, fewer than 1000)."
    assert diff_grades([(old.key, g) for g in old.grades], [(old.key, g) for g in old.grades]) == ()
    assert diff_grades([], [("b", old.grades[0])])[0].why == "only graded now"


def test_diff_between_the_schemes_compares_certainty() -> None:
    rows = inputs(row("a~1", study(weaknesses=GOOD)))
    old, new = (body(rows, profile=p) for p in (load_profile(), load_profile(MECHANICAL)))
    changes = diff_grades([(old.key, g) for g in old.grades], [(new.key, g) for g in new.grades])
    assert [(c.scale, c.old, c.new) for c in changes] == [("grade", "high", "moderate")]
    assert "review quality" in changes[0].why


def test_an_article_that_tells_of_a_retraction() -> None:
    got = body(inputs(row("a~1", study(weaknesses=(("retracted", 0, 4),)))))
    assert (got.studies, got.members[0].note) == (0, "retracted: no vote")


def test_a_review_beside_single_studies_carries_a_warning() -> None:
    got = body(inputs(row("a~1", study("meta_analysis", quote="It pooled trials."))), inputs(row("b~1", study())))
    assert "1 review and 1 single study: they may tell of the same people" in got.summary
    assert "same people" not in body(inputs(row("a~1", study()))).summary
