"""Schwartz and Hearst's algorithm: text -> the pairs it defines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.abbreviations import find_abbreviations

CASES = {
    "plain": ("People with multiple sclerosis (MS) were asked.", [("MS", "multiple sclerosis")]),
    "digits": ("They took coenzyme Q10 (CoQ10) daily.", [("CoQ10", "coenzyme Q10")]),
    "inner letters": ("heat shock transcription factor (HSF) was read.", [("HSF", "heat shock transcription factor")]),
    "letters inside one word": ("magnetic resonance imaging (MRI) showed it.", [("MRI", "magnetic resonance imaging")]),
    "hyphen in the long form": ("low-density lipoprotein (LDL) fell.", [("LDL", "low-density lipoprotein")]),
    "other order": ("EAE (experimental autoimmune encephalomyelitis) in mice", [("EAE", "experimental autoimmune encephalomyelitis")]),
    "something after a comma": ("irritable bowel syndrome (IBS, for short)", [("IBS", "irritable bowel syndrome")]),
    "first definition counts": ("atopic dermatitis (AD). Alzheimer's disease (AD).", [("AD", "atopic dermatitis")]),
    "not over the sentence's end": ("More sugar. Said she (MS) then.", []),
    "a number is no short form": ("ninety people (90) came", []),
    "a remark is no short form": ("the trial (which was short) failed", []),
    "no match of letters": ("the trial (XYZ) failed", []),
    "a count in brackets": ("a small (18 people), short (5 weeks) study", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_pairs(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(a.short, a.long) for a in find_abbreviations(text)] == expected


@given(st.text(alphabet="aA bB(MS)m,s.", max_size=80))
def test_spans_are_the_long_forms(text: str) -> None:
    for a in find_abbreviations(text):
        assert text[a.start : a.end] == a.long
