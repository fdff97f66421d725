"""Wording against evidence, and the article's study against the work's own abstract."""

from __future__ import annotations

import dataclasses as d

import pytest

from ingest.grade.scales import grade_study
from ingest.grade.support import WORDINGS, article_support, compare, wording_of
from ingest.records import Article, Document, Span, Study, StudyRow, Value
from tests.grading import finding, row, study

SENTENCES = {
    "Selenium is clinically proven to ease pain.": "proven",
    "It is proven that it helps.": "proven",
    "Garlic cures colds.": "proven",
    "It has not been proven to help.": "no_evidence",
    "There is no good evidence that it helps.": "no_evidence",
    "Whether it helps remains unclear.": "no_evidence",
    "It was shown to reduce pain.": "shown",
    "Magnesium lowers blood pressure.": "shown",
    "Trials showed that it may reduce pain.": "may",
    "It could one day help.": "may",
    "The trial found fewer relapses.": "told",
    "Pain fell in those who took it.": "told",
    "Coffee was linked to fewer deaths.": "suggested",
    "It seems to help.": "suggested",
    "Selenium is a mineral.": None,
    "Its makers say that it is proven.": None,
    "It is touted as proven.": None,
    "Is it proven to help?": None,
    "Patients with lab-proven flu got the syrup.": None,
    "They found none that was proven to help.": "no_evidence",
    "One person proves nothing.": "no_evidence",
    "The trial showed no benefit.": "no_effect",
    "The relapse rate did not differ.": "no_effect",
    "It failed to ease pain.": "no_effect",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_wording(sentence: str) -> None:
    got = wording_of(sentence)
    assert (got.value if got else None) == SENTENCES[sentence]


def graded(key: str, s: Study, effect: str = "benefit") -> StudyRow:
    return d.replace(row(key, s), exposure_term="selenium", effect=effect, grades=grade_study(s))


def support(text: str, *rows: StudyRow) -> list[tuple[str, str | None, str | None, str]]:
    return [(s.exposure, s.wording, s.best_ocebm_level, s.verdict) for s in article_support(Document(Article("a", text)), rows)]


TRIAL = graded("a~1", study(sample_size=900))
ANIMALS = graded("a~2", study("animal", species="animal"))
REVIEW = graded("a~3", study("meta_analysis", quote="It pooled trials.", sample_size=900))
VERDICTS = {
    "proven by a trial": ("Selenium is proven to ease pain.", TRIAL, "stronger"),
    "proven by a review of trials": ("Selenium is proven to ease pain.", REVIEW, "fits"),
    "proven in animals": ("Selenium is proven to ease pain.", ANIMALS, "stronger"),
    "shown by a trial": ("Selenium was shown to ease pain.", TRIAL, "fits"),
    "shown in animals": ("Selenium was shown to ease pain.", ANIMALS, "stronger"),
    "may, in animals": ("Selenium may ease pain.", ANIMALS, "fits"),
    "suggested in animals": ("Selenium was linked to less pain.", ANIMALS, "stronger"),
    "no evidence, and a trial that helped": ("There is no evidence that selenium eases pain.", TRIAL, "weaker"),
    "no evidence, and animals": ("There is no evidence that selenium eases pain.", ANIMALS, "fits"),
    "no difference, and a trial that helped": ("Selenium showed no effect on pain.", TRIAL, "weaker"),
    "nothing said": ("Selenium is a mineral.", TRIAL, "unknown"),
    "design not stated": ("Selenium was shown to ease pain.", graded("a~1", study("unspecified")), "unknown"),
}


@pytest.mark.parametrize(("text", "r", "verdict"), VERDICTS.values(), ids=VERDICTS)
def test_verdicts(text: str, r: StudyRow, verdict: str) -> None:
    assert [v for _, _, _, v in support(text, r)] == [verdict]


def test_the_strongest_wording_and_the_best_level_stand_side_by_side() -> None:
    text = "Selenium may ease pain. Selenium is proven to ease pain. Selenium was linked to pain."
    assert support(text, ANIMALS, TRIAL) == [("selenium", "proven", "2", "stronger")]
    (got,) = article_support(Document(Article("a", text)), [ANIMALS, TRIAL])
    assert (got.quote, got.studies, got.best_design) == ("Selenium is proven to ease pain.", 2, "rct")
    assert text[got.start : got.end] == got.quote


def test_a_strong_claim_without_a_study() -> None:
    assert support("Garlic lowers blood pressure.") == [("garlic", "shown", None, "no_study")]
    assert support("Garlic may lower blood pressure.") == []
    assert support("Garlic is proven.") == []


def test_abstracts_claim_nothing() -> None:
    assert article_support(Document(Article("a", "Garlic lowers blood pressure.", kind="abstract")), ()) == ()


def test_sentences_of_studies_are_no_claims_without_one() -> None:
    text = "A trial found that garlic lowered blood pressure."
    r = d.replace(row("a~1", study(parts=(Span(0, len(text)),))), exposure_term="garlic")
    assert [(s, v) for s, _, _, v in support(text, d.replace(r, grades=grade_study(r.study)))] == [("garlic", "fits")]


def test_wordings_are_ordered() -> None:
    assert WORDINGS[0] == "no_effect"
    assert WORDINGS[-1] == "proven"


COMPARED = {
    "same": (study(), study(), []),
    "size": (study(sample_size=18), study(sample_size=21), ["sample_size"]),
    "rounded": (study(sample_size=29000), study(sample_size=29133), []),
    "size not stated": (study(sample_size=None), study(sample_size=21), []),
    "species": (study(), study("animal", species="animal", sample_size=500), ["species", "design"]),
    "species not stated": (study(species="unknown"), study(), []),
    "design": (study(), study("cohort"), ["design"]),
    "both reviews": (study("meta_analysis"), study("systematic_review"), []),
    "design not stated": (study("unspecified"), study(), []),
    "direction": (study(), study(findings=(finding("none"),)), ["effect"]),
    "direction of another outcome": (study(), study(findings=(finding("none", outcome="fatigue"),)), []),
    "same outcome in other words": (study(), study(findings=(finding("none", outcome="pain scores"),)), ["effect"]),
    "direction not clear": (study(), study(findings=(finding("unclear"),)), []),
}


@pytest.mark.parametrize(("ours", "theirs", "fields"), COMPARED.values(), ids=COMPARED)
def test_compare(ours: Study, theirs: Study, fields: list[str]) -> None:
    assert [x.field for x in compare(row("a~1", ours, work="w"), theirs)] == fields


def test_a_difference_quotes_the_abstract() -> None:
    abstract = study(sample_size=21, arms=(10, 11), provenance=(("sample_size", Value(21, 4, 15, "count")),))
    (got,) = compare(row("a~1", study(sample_size=18), work="w"), abstract, "The 21 patients improved.")
    assert (got.work_key, got.article_says, got.abstract_says, got.abstract_quote) == ("w", "18", "21", "21 patients")
    (arm,) = compare(row("a~1", study(sample_size=10), work="w"), abstract)
    assert arm.note == "the article's number is one arm of the study"
