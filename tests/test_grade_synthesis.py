"""Votes by direction: published check values, the closed formulas, the words beside them."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.grade.synthesis import CAVEAT, Tally, direction, in_words, one_direction, sign_test, tally, wilson


@pytest.mark.parametrize(("yes", "no", "p"), [(9, 0, 0.0039), (5, 1, 0.2188), (6, 0, 0.03125), (5, 0, 0.0625), (3, 3, 1.0), (7, 3, 0.3438), (1, 0, 1.0)])
def test_sign_test(yes: int, no: int, p: float) -> None:
    assert sign_test(yes, no) == pytest.approx(p, abs=5e-5)
    assert sign_test(no, yes) == sign_test(yes, no)


@pytest.mark.parametrize(("yes", "n", "low", "high"), [(9, 9, 0.701, 1), (5, 6, 0.436, 0.970), (7, 10, 0.397, 0.892), (3, 3, 0.439, 1), (0, 9, 0, 0.299)])
def test_wilson(yes: int, n: int, low: float, high: float) -> None:
    assert wilson(yes, n) == pytest.approx((low, high), abs=5e-4)


def test_without_votes_there_is_nothing() -> None:
    assert sign_test(0, 0) is None
    assert wilson(0, 0) is None
    assert in_words(Tally(none=2)) == f"No vote for or against; besides 2 without effect. {CAVEAT}"


@given(st.integers(0, 60), st.integers(0, 60))
def test_sign_test_is_the_binomial_tail(yes: int, no: int) -> None:
    n = yes + no
    if n:
        expected = sum(comb(n, k) for k in range(n + 1) if comb(n, k) <= comb(n, yes)) / 2**n
        assert sign_test(yes, no) == pytest.approx(expected)


@given(st.integers(1, 5000), st.data())
def test_wilson_holds_the_share(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    interval = wilson(k, n)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


ONE = {
    "all": (["benefit"] * 3, "benefit"),
    "seven of ten": (["harm"] * 7 + ["none"] * 3, "harm"),
    "two of three": (["benefit", "benefit", "harm"], "mixed"),
    "half": (["benefit", "harm"], "mixed"),
    "mixed already": (["mixed"], "mixed"),
    "nothing said": (["unclear"], "unclear"),
    "nothing": ([], "unclear"),
    "said and unsaid": (["benefit", "unclear"], "unclear"),
    "enough said": (["benefit"] * 7 + ["unclear"] * 3, "benefit"),
}


@pytest.mark.parametrize(("effects", "expected"), ONE.values(), ids=ONE)
def test_one_direction(effects: list[str], expected: str) -> None:
    assert one_direction(effects) == expected


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (Tally(favourable=3, unfavourable=1), "benefit"),
        (Tally(unfavourable=2), "harm"),
        (Tally(none=2, favourable=1), "none"),
        (Tally(favourable=1, unfavourable=1), "mixed"),
        (Tally(favourable=1, mixed=1), "mixed"),
        (Tally(unclear=4), "unclear"),
        (Tally(favourable=1, unclear=4), "benefit"),
        (Tally(), "unclear"),
    ],
)
def test_direction(votes: Tally, expected: str) -> None:
    assert direction(votes) == expected


def test_words_carry_the_caveat_and_the_warning_of_few_votes() -> None:
    few, enough = in_words(Tally(5, 0)), in_words(Tally(9, 0))
    assert "5 of 5 votes favourable (sign test P = .0625, with fewer than 6 votes P < .05 cannot be reached" in few
    assert "9 of 9 votes favourable (sign test P = .00391; 95% interval 70% to 100%)" in enough
    assert few.endswith(CAVEAT)
    assert enough.endswith(CAVEAT)


def test_tally() -> None:
    assert tally(["benefit", "harm", "none", "mixed", "unclear", "benefit"]) == Tally(2, 1, 1, 1, 1)
