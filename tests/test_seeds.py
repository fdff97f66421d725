"""The two articles that started the project, read as they are: one with its stop words replaced, one without a single study.

They lie beside the checkout and are skipped where absent. The rows are right because the rules are general, so no rule may name them.
"""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from ingest.read.article import read_path
from ingest.records import Article, Document, Study
from tests.conftest import SHARED

SEEDS = sorted((SHARED / "seeds").glob("*.txt")) if (SHARED / "seeds").exists() else []
pytestmark = pytest.mark.skipif(len(SEEDS) < 2, reason="the seed articles are not beside this checkout")


def read(number: str) -> Document:
    path = next(p for p in SEEDS if p.name.startswith(number))
    (article,) = read_path(path, path.stem)
    assert isinstance(article, Article)
    return read_document(article)


@pytest.fixture(scope="module")
def selenium() -> Document:
    return read("000")


def study(document: Document, words: str) -> Study:
    at = document.article.text.index(words)
    found = [s for s in document.studies if any(p.start <= at < p.end for p in (*s.parts,)) or s.start <= at < s.end]
    assert found, f"no study found at {words!r}; found at: {[s.quote[:60] for s in document.studies]}"
    return found[0]


def test_the_finnish_study(selenium: Document) -> None:
    s = study(selenium, "Finnish study")
    assert (s.species, s.sample_size, s.plural) == ("human", None, False)


def test_the_red_blood_cell_study(selenium: Document) -> None:
    s = study(selenium, "In another study")
    assert (s.species, s.sample_size, s.plural) == ("human", None, False)
    assert s is not study(selenium, "Finnish study")


def test_the_other_studies_are_plural(selenium: Document) -> None:
    assert study(selenium, "thanx studies").plural


def test_the_animal_study_did_harm(selenium: Document) -> None:
    s = study(selenium, "In for study hi animals")
    assert (s.design, s.species) == ("animal", "animal")
    assert {f.effect for f in s.findings} == {"harm"}


def test_the_small_short_study(selenium: Document) -> None:
    s = study(selenium, "18 people")
    assert (s.species, s.sample_size, s.duration_days) == ("human", 18, 35.0)
    by_type = {(f.outcome_type, f.change, f.effect) for f in s.findings}
    assert any(t == "surrogate" and change == "increased" for t, change, _ in by_type)
    assert any(effect == "none" for _, _, effect in by_type)


def test_exactly_five_mentions(selenium: Document) -> None:
    assert len(selenium.studies) == 5, [s.quote[:70] for s in selenium.studies]


def test_the_upper_intake_is_nobodys_sample_size(selenium: Document) -> None:
    assert 400 not in [s.sample_size for s in selenium.studies]
    assert 55 not in [s.sample_size for s in selenium.studies]


def test_the_run_on_list(selenium: Document) -> None:
    assert len(selenium.citations) in {5, 6}
    by_author = {c.authors[0][:8]: c for c in selenium.citations if c.authors}
    m = by_author["Mazzella"]
    assert (m.container, m.year, m.volume, m.pages) == ("Eur Neurol", 1983, "22", "442-446")
    s = by_author["Schwarz"]
    assert s.authors == ("Schwarz", "Leweling")
    assert (s.title, s.container, s.year, s.volume, s.issue, s.pages) == ("Multiple sclerosis etc nutrition", "Mult Scler", 2005, "11", "1", "24-32")


def test_an_article_without_a_study_has_uncited_claims() -> None:
    document = read("004")
    assert document.studies == ()
    assert len(document.claims) >= 3
