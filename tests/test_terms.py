"""The vocabulary: what is found where, what a phrase is brought to, and what stays as written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.corpus import _typed
from ingest.errors import LexiconError
from ingest.text.terms import KINDS, find_terms, fold, is_known, normalise, vocabulary
from tests.grading import finding

PHRASES = {
    ("exposure", "Vitamin D3"): "vitamin D",
    ("exposure", "vitamin D supplements"): "vitamin D",
    ("exposure", "high-dose vitamin D (100,000 IU every other week)"): "vitamin D",
    ("exposure", "vitamin D added to interferon"): "vitamin D",
    ("exposure", "vitamin D level"): "vitamin D status",
    ("exposure", "blood levels of vitamin D"): "vitamin D status",
    ("exposure", "low vitamin D"): "low vitamin D status",
    ("exposure", "vitamin D deficiency"): "low vitamin D status",
    ("exposure", "low-dose aspirin"): "aspirin",
    ("exposure", "fish oil capsules"): "omega-3 fatty acids",
    ("exposure", "EPA and DHA"): "omega-3 fatty acids",
    ("exposure", "omega 3"): "omega-3 fatty acids",
    ("exposure", "simvastatin"): "statins",
    ("exposure", "calcium plus vitamin D"): "calcium + vitamin D",
    ("exposure", "vitamin D and calcium"): "calcium + vitamin D",
    ("exposure", "lack of exercise"): "less exercise",
    ("exposure", "cutting red meat"): "less red meat",
    ("exposure", "CBT"): "cognitive behavioural therapy",
    ("exposure", "vitamin D receptor antagonist"): None,
    ("exposure", "a new molecule"): None,
    ("exposure", "the same diet"): None,
    ("condition", "MS"): "multiple sclerosis",
    ("condition", "ms"): None,
    ("condition", "people with relapsing-remitting MS"): "relapsing-remitting multiple sclerosis",
    ("condition", "older adults with depression"): "depression",
    ("condition", "older adults"): "older adults",
    ("condition", "high blood pressure"): "hypertension",
    ("condition", "Alzheimer disease"): "Alzheimer's disease",
    ("condition", "coeliac disease"): "coeliac disease",
    ("condition", "celiac disease"): "coeliac disease",
    ("condition", "hairy elbows"): None,
    ("outcome", "risk of heart attack"): "myocardial infarction",
    ("outcome", "relapse rate"): "relapses",
    ("outcome", "attacks of gout"): "gout attacks",
    ("outcome", "deaths from any cause"): "mortality",
    ("outcome", "pain score in women"): "pain",
    ("outcome", "systolic blood pressure"): "blood pressure",
    ("outcome", "no benefit"): "outcome not named",
    ("outcome", "worse"): "outcome not named",
    ("outcome", "no clinically significant benefit"): "outcome not named",
    ("outcome", "mixed results"): "outcome not named",
    ("outcome", "patients"): None,
    ("outcome", "elbow growth"): None,
}


@pytest.mark.parametrize(("kind", "phrase"), PHRASES)
def test_normalise(kind: str, phrase: str) -> None:
    got = normalise(kind, phrase)
    assert (got.name if got else None) == PHRASES[kind, phrase]


def test_the_text_s_own_abbreviations_go_first() -> None:
    assert getattr(normalise("condition", "AD"), "name", None) == "Alzheimer's disease"
    assert getattr(normalise("condition", "AD", [("AD", "atopic dermatitis")]), "name", None) == "eczema"
    assert normalise("exposure", "XYZ", [("XYZ", "fish oil")]) == normalise("exposure", "fish oil")


TYPES = {"mortality": "mortality", "blood pressure": "surrogate", "brain lesions": "surrogate", "pain": "clinical", "side effects": "adverse"}


@pytest.mark.parametrize("phrase", TYPES)
def test_outcomes_have_a_type_and_a_valence(phrase: str) -> None:
    got = normalise("outcome", phrase)
    assert got
    assert (got.group, got.valence) == (TYPES[phrase], "bad")


def test_found_terms_are_where_they_stand() -> None:
    text = "Small selenium trial; people with MS took omega‑3s, not “ms”."
    got = [(f.term.kind, f.term.name, text[f.start : f.end]) for f in find_terms(text, ("exposure", "condition"))]
    assert got == [
        ("exposure", "selenium", "selenium"),
        ("condition", "multiple sclerosis", "MS"),
        ("exposure", "omega-3 fatty acids", "omega‑3s"),
    ]


def test_longer_terms_go_first() -> None:
    assert [f.term.name for f in find_terms("vitamin D deficiency and green tea extract", ("exposure",))] == ["vitamin D", "green tea extract"]


def test_every_name_leads_to_its_own_term() -> None:
    words = vocabulary()
    assert len([e for e in words.entries if e.term.kind == "exposure"]) >= 500
    for entry in words.entries:
        for name in entry.names:
            assert normalise(entry.term.kind, name) == entry.term, name


@given(st.text(max_size=60))
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet=st.sampled_from("MSselniumvtaD3 -.,’\n()İ"), max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    for f in find_terms(text):
        assert 0 <= f.start < f.end <= len(text)
        assert text[f.start : f.end].strip() == text[f.start : f.end]


def test_a_user_s_own_terms(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("kind,term,group,valence,synonyms\nexposure,zorbium,drug,,Zorbix|ZBX\noutcome,grumpiness,clinical,bad,\n", "utf-8")
    words = vocabulary(table)
    assert getattr(normalise("exposure", "Zorbix tablets", words=words), "name", None) == "zorbium"
    assert getattr(normalise("exposure", "selenium", words=words), "name", None) == "selenium"
    assert normalise("exposure", "Zorbix tablets") is None


MESH = """<?xml version="1.0"?><DescriptorRecordSet>
<DescriptorRecord><DescriptorUI>D1</DescriptorUI><DescriptorName><String>Zorbosis</String></DescriptorName>
<TreeNumberList><TreeNumber>C10.1</TreeNumber></TreeNumberList>
<ConceptList><Concept><TermList><Term><String>Zorbosis</String></Term><Term><String>Zorb Disease</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord>
<DescriptorRecord><DescriptorName><String>Zorbine</String></DescriptorName><TreeNumberList><TreeNumber>D02.1</TreeNumber></TreeNumberList></DescriptorRecord>
<DescriptorRecord><DescriptorName><String>Selenium</String></DescriptorName><TreeNumberList><TreeNumber>D01.1</TreeNumber></TreeNumberList>
<ConceptList><Concept><TermList><Term><String>Selenium-80</String></Term></TermList></Concept></ConceptList></DescriptorRecord>
<DescriptorRecord><DescriptorName><String>Zorbland</String></DescriptorName><TreeNumberList><TreeNumber>Z01</TreeNumber></TreeNumberList></DescriptorRecord>
</DescriptorRecordSet>"""


def test_mesh_descriptors(tmp_path: Path) -> None:
    path = tmp_path / "desc.xml"
    path.write_text(MESH, "utf-8")
    words = vocabulary(path)
    assert getattr(normalise("condition", "zorb disease", words=words), "name", None) == "Zorbosis"
    assert getattr(normalise("exposure", "Zorbine", words=words), "name", None) == "Zorbine"
    assert normalise("exposure", "selenium-80", words=words) == normalise("exposure", "selenium")
    assert all(normalise(k, "Zorbland", words=words) is None for k in KINDS)


BROKEN = {
    "no header": ("exposure,zorbium\n", "first line must name the columns"),
    "no such kind": ("kind,term\nfood,zorbium\n", "kind out of"),
    "no name": ("kind,term\nexposure,\n", "needs a name"),
    "outcome without type": ("kind,term,group,valence\noutcome,grumpiness,,bad\n", "an outcome needs a type"),
    "too many columns": ("kind,term\nexposure,zorbium,drug\n", "3 columns"),
    "one name twice": ("kind,term,synonyms\nexposure,zorbium,zx\nexposure,zorbix,zx\n", "stands under"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_tables_say_what_and_where(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(LexiconError, match=message):
        vocabulary(path)


def test_broken_mesh(tmp_path: Path) -> None:
    path = tmp_path / "desc.xml"
    path.write_text("<DescriptorRecordSet><Desc", "utf-8")
    with pytest.raises(LexiconError, match=r"desc\.xml"):
        vocabulary(path)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("vitamin D", True),
        ("vitamin D status", True),
        ("low vitamin D status", True),
        ("less red meat", True),
        ("calcium + vitamin D", True),
        ("zorbium", False),
    ],
)
def test_known_names(name: str, known: bool) -> None:
    assert is_known("exposure", name) is known


OUTCOME_TYPES_READ = {
    "surrogate by the vocabulary": (finding(outcome="blood pressure", outcome_type="clinical"), "surrogate"),
    "mortality by the vocabulary": (finding(outcome="deaths", outcome_type="unclear"), "mortality"),
    "adverse by the sentence": (finding(outcome="nausea", outcome_type="adverse"), "adverse"),
    "not known stays": (finding(outcome="elbow growth", outcome_type="surrogate"), "surrogate"),
}


@pytest.mark.parametrize(("f", "expected"), OUTCOME_TYPES_READ.values(), ids=OUTCOME_TYPES_READ)
def test_the_vocabulary_gives_an_outcome_its_type(f: object, expected: str) -> None:
    assert _typed(f, (), None).outcome_type == expected  # type: ignore[arg-type]
