"""Every number of a text, once: what it is worth, what it is made of, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.extract
from ingest.text.context import Cues
from ingest.text.lexicon import load
from ingest.text.numbers import KINDS, find_numbers, number_at
from ingest.text.participants import head_after

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(n: int, joint: str = " and ", hyphen: str = "-") -> str:
    """Write a number below a million in words, the British way where ``joint`` is " and "."""
    if n < 20:
        return UNITS[n]
    if n < 100:
        return TENS[n // 10] + (hyphen + UNITS[n % 10] if n % 10 else "")
    if n < 1000:
        return UNITS[n // 100] + " hundred" + (joint + spell(n % 100, joint, hyphen) if n % 100 else "")
    rest = n % 1000
    glue = joint if 0 < rest < 100 else " "
    return spell(n // 1000, joint, hyphen) + " thousand" + (glue + spell(rest, joint, hyphen) if rest else "")


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("about 229 people", 229, "digits"),
        ("1,200 women", 1200, "grouped"),
        ("1 200 women", 1200, "grouped"),
        ("33 146 records", 33146, "grouped"),
        ("1.2 million adults", 1_200_000, "grouped"),
        ("half a million", 500_000, "words"),
        ("a dozen controls", 12, "words"),
        ("half a dozen", 6, "words"),
        ("two dozen", 24, "words"),
        ("Twenty-six patients", 26, "words"),
        ("sixty one people", 61, "words"),
        ("Three-hundred-and-seven infants", 307, "words"),
        ("Hundred and forty-three patients", 143, "words"),
        ("a hundred and four", 104, "words"),
        ("a couple of cats", 2, "words"),
        ("two and a half years", 2.5, "decimal"),
        ("fourteen hundred and twenty-two guests", 1422, "words"),
        ("two score men", 40, "words"),
        ("a dozen and a half women", 18, "words"),
        ("a million and a half voters", 1_500_000, "words"),
        ("a couple of hundred people", 200, "words"),
        ("a quarter of a million women", 250_000, "words"),
        ("three quarters of a million people", 750_000, "words"),
        ("a half dozen nurses", 6, "words"),
        ("half-dozen", 6, "words"),
        ("a good hundred bakers", 100, "words"),
        ("the first hundred such patients", 100, "words"),
        ("another thousand", 1000, "words"),
        ("twelve thousand, four hundred and six people", 12_406, "words"),
        ("40k adults", 40_000, "grouped"),
        ("1.2m people", 1_200_000, "grouped"),
        ("1.500 people", 1500, "grouped"),
        ("1.500 kg", 1.5, "decimal"),
        ("2½ years", 2.5, "decimal"),
        ("0·05", 0.05, "decimal"),
        ("p = .05", 0.05, "decimal"),
        ("41.6%", 41.6, "percent"),
        ("62 percent", 62, "percent"),
        ("two-thirds", 2 / 3, "fraction"),
        ("the 3rd day", 3, "ordinal"),
    ],
)
def test_one_number(text: str, value: float, kind: str) -> None:
    (number,) = find_numbers(text)
    assert number.value == pytest.approx(value)
    assert number.kind == kind


@pytest.mark.parametrize(
    "text",
    ["several hundred people", "millions of cells", "often, someone, phone", "a couple lived here", "a few dozen people", "several dozen schoolchildren"],
)
def test_no_number(text: str) -> None:
    assert find_numbers(text) == ()


@pytest.mark.parametrize("text", ["vitamin B12", "omega-3", "COVID-19", "5xFAD mice", "C57BL/6", "a ratio of 1:1", "so it seems.3 They", "so [12] it"])
def test_numbers_that_belong_to_a_name_are_no_counts(text: str) -> None:
    assert not any(n.is_count and n.kind != "named" and n.value > 1 for n in find_numbers(text))


@pytest.mark.parametrize("text", ["type 2 diabetes", "at week 12", "phase 3", "group 2"])
def test_a_number_may_name_the_thing_in_front(text: str) -> None:
    (number,) = find_numbers(text)
    assert number.kind == "named"
    assert not number.is_count


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("three to five years", 3, 5),
        ("9-14 percent", 9, 14),
        ("9–14 days", 9, 14),
        ("between 1998 and 2006", 1998, 2006),
        ("two or three cups", 2, 3),
        ("between 22 and 112 patients", 22, 112),
    ],
)
def test_range_is_one_number(text: str, low: float, high: float) -> None:
    (number,) = find_numbers(text)
    assert (number.value, number.high) == (low, high)


@pytest.mark.parametrize(("text", "values"), [("50 to 40", [50, 40]), ("9 of 30", [9, 30]), ("one in five", [1, 5]), ("24 and 26", [24, 26])])
def test_two_numbers(text: str, values: list[float]) -> None:
    assert [n.value for n in find_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "hedge"),
    [("nearly 1,200", "nearly"), ("more than 400", "over"), ("up to 12", "up_to"), ("about 50", "about"), ("fewer than 40", "under"), ("12", None)],
)
def test_hedge(text: str, hedge: str | None) -> None:
    assert find_numbers(text)[0].hedge == hedge


@pytest.mark.parametrize("text", ["(n = 24)", "n=24", "N = 24", "n  = 24"])
def test_label(text: str) -> None:
    assert find_numbers(text)[0].labelled


@given(st.integers(1, 999_999), st.sampled_from([" and ", " "]), st.sampled_from(["-", " ", "‐"]))
def test_words_round_trip(n: int, joint: str, hyphen: str) -> None:
    text = f"They saw {spell(n, joint, hyphen)} people."
    assert [x.value for x in find_numbers(text)] == [n]


@given(st.integers(0, 10**7), st.sampled_from([",", "\u202f", ""]))
def test_digits_round_trip(n: int, mark: str) -> None:
    text = f"{n:,}".replace(",", mark)
    found = find_numbers(f"They saw {text} people.")
    assert [x.value for x in found] == [n]
    assert found[0].end - found[0].start == len(text)


@given(st.text(max_size=80))
def test_spans_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    numbers = find_numbers(text)
    assert all(0 <= n.start < n.end <= len(text) and n.kind in KINDS for n in numbers)
    assert all(a.end <= b.start for a, b in zip(numbers, numbers[1:], strict=False))


def test_part_of_a_text_keeps_the_offsets_of_the_whole() -> None:
    text = "12 cats saw 30 dogs."
    (number,) = find_numbers(text, 4, len(text))
    assert text[number.start : number.end] == "30"
    assert number_at([number], 12) == number
    assert number_at([number], 0) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("24 obese, sedentary women", "human"),
        ("12 type 2 diabetic patients", "human"),
        ("37 age-, gender- and education-matched controls", "human"),
        ("312 economy-class passengers", "human"),
        ("46 choir singers", "human"),
        ("244 one- to three-year-olds", "human"),
        ("36 grown-up bus conductors", "person_like"),
        ("14 obese arthritic pets", "animal"),
        ("62 emperor penguins", "animal"),
        ("100 decibels for two hours", "thing"),
        ("three earlier Septembers", "thing"),
        ("2017 guideline suggests doctors", "none"),
        ("9 piano tuners", "person_like"),
        ("104 couch potatoes", "plural"),
        ("60 hairless mice", "animal"),
        ("600 mg of salt", "thing"),
        ("12-week trial", "thing"),
        ("24-patient study", "human"),
        ("3 hospitals", "thing"),
        ("9 study participants", "human"),
        ("40 of them", "partitive"),
        ("40 were given it", "none"),
        ("200 patient-years", "thing"),
        ("2 between-subjects factors", "thing"),
    ],
)
def test_what_a_number_counts(text: str, kind: str) -> None:
    number = find_numbers(text)[0]
    assert head_after(text, number.end).kind == kind


def test_cues_are_the_same_with_and_without_the_words_that_gate_them() -> None:
    folder = Path(ingest.extract.__file__).parent
    terms = load(folder / "size.toml") + load(folder / "duration.toml")
    cues = Cues(terms)
    for term in terms:
        before, after = ("", term.example.lower()) if term.extra["where"] == "after" else (term.example.lower(), "")
        assert term.value in cues.read(before, after)
