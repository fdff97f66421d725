"""What is exported can be read back, by us and by others, and no text breaks out of its field."""

import json

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read.library import read_library_text
from ingest.read.works import new_work
from ingest.records import WORK_TYPES, Author, Citation, Work
from publish.formats.bibtex import escape, write_bibtex
from publish.formats.csljson import csl_items, write_csljson
from publish.formats.ris import write_ris

WRITERS = {"bibtex": write_bibtex, "ris": write_ris, "csljson": write_csljson}
FIELDS = ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid", "url", "publisher", "abstract", "type")

words = st.text(st.sampled_from("abc XYZ éß{}\\$&%#_~^@\"'`,.;:-=<>()[]/?!αµ\n1"), max_size=30)
families = st.sampled_from(["Mazzella", "van Dam", "O'Neil", "García-Pérez", "Müller", "Łukasz", "Ben Hassen", "Wang", "d'Alembert", "and", "Os"])
givens = st.sampled_from(["G. L.", "J", "Jean-Luc", "Åsa", "M. von", "X, Y"])
people = st.one_of(
    st.builds(Author, families, givens),
    st.builds(Author, st.sampled_from(["World Health Organization", "The MS & Selenium Study Group", "Team A, B and C"]), literal=st.just(True)),
)
number = st.integers(1, 9999).map(str)


@st.composite
def works(draw: st.DrawFn) -> Work:
    work = new_work(
        "t",
        "x",
        title="T" + draw(words),
        authors=draw(st.lists(people, max_size=3)),
        container=draw(words),
        year=draw(st.one_of(st.none(), st.integers(1800, 2030))),
        volume=draw(st.one_of(st.none(), number)),
        issue=draw(st.one_of(st.none(), number)),
        pages=draw(st.sampled_from([None, "12", "12-18", "e44", "S12-S19", "1705-17"])),
        doi=draw(st.sampled_from([None, "10.1000/a_b%3Cc", "10.1016/0169-328x(92)90032-7", "10.1000/x{y}"])),
        pmid=draw(st.one_of(st.none(), number)),
        url=draw(st.sampled_from([None, "https://example.org/a_b?c=%20d&e=~f#g"])),
        publisher=draw(words),
        abstract=draw(words),
        type=draw(st.sampled_from(WORK_TYPES)),
    )
    return new_work(  # what one reading leaves, so that the second has nothing to change
        "t",
        "x",
        **{name: getattr(work, name) for name in FIELDS},
        authors=work.authors,
    )


def same(a: Work, b: Work, but: tuple[str, ...] = ()) -> None:
    for name in FIELDS:
        if name not in but:
            assert getattr(a, name) == getattr(b, name), name
    assert [(x.family, x.given) for x in a.authors] == [(x.family, x.given) for x in b.authors]


@settings(max_examples=150, deadline=None)
@given(st.lists(works(), min_size=1, max_size=3), st.sampled_from(sorted(WRITERS)))
def test_round_trip_keeps_every_field(given_works: list[Work], name: str) -> None:
    text = WRITERS[name](given_works, [{"keywords": ["rct"], "note": ["n = 18"]}])
    back, problems = read_library_text(text, "t")
    assert not problems
    assert len(back) == len(given_works)
    for a, b in zip(given_works, back, strict=True):
        same(a, b)
    assert "rct" in back[0].keywords


@settings(max_examples=100, deadline=None)
@given(st.lists(works(), min_size=1, max_size=3))
def test_other_readers_find_the_same_records(given_works: list[Work]) -> None:
    library = bibtexparser.parse_string(write_bibtex(given_works))
    assert len(library.entries) == len(given_works)
    assert not library.failed_blocks
    for work, entry in zip(given_works, library.entries, strict=True):
        assert {f.key for f in entry.fields} <= set(
            "author title journal booktitle year volume number pages publisher school institution doi pmid url keywords note abstract".split()
        )
        assert entry.fields_dict["doi"].value == work.doi.replace("{", "%7B").replace("}", "%7D") if work.doi else "doi" not in entry.fields_dict
    records = rispy.loads(write_ris(given_works))
    assert [r.get("title", "") for r in records] == [w.title for w in given_works]


def test_a_title_cannot_open_a_field_of_its_own() -> None:
    work = new_work("t", "x", title="a } , evil = {x", doi="10.1000/a_b")
    entry = bibtexparser.parse_string(write_bibtex([work])).entries[0]
    assert [f.key for f in entry.fields] == ["title", "doi"]


def test_keys_are_readable_and_unique() -> None:
    rows = [{"title": "Selenium in MS", "authors": ["Mazzella, G. L."], "year": 1983}] * 3
    assert [i["id"] for i in csl_items(rows)] == ["mazzella1983selenium", "mazzella1983seleniuma", "mazzella1983seleniumb"]


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_citations_and_rows_are_written_too(name: str) -> None:
    citation = Citation(1, 0, 1, "raw", authors=("Lee", "Ben Hassen"), title="One title here", year=2001)
    row = {"title": "Another title", "authors": "Lee, A.; Poe, B.", "year": 2002, "type": "article"}
    back, _ = read_library_text(WRITERS[name]([citation, row], [None, {"note": ["18 people"]}]), "t")
    assert [w.title for w in back] == ["One title here", "Another title"]
    assert [a.family for a in back[0].authors] == ["Lee", "Ben Hassen"]
    assert [a.family for a in back[1].authors] == ["Lee", "Poe"]


def test_extras_ride_along() -> None:
    row = {"title": "A title", "year": 2002}
    extra = [{"keywords": ["rct", "OCEBM 2"], "note": ["n = 18", "5 weeks"]}]
    assert "keywords = {rct, OCEBM 2}" in write_bibtex([row], extra)
    assert "note = {n = 18; 5 weeks}" in write_bibtex([row], extra)
    assert "N1  - n = 18\nN1  - 5 weeks\n" in write_ris([row], extra)
    assert json.loads(write_csljson([row], extra))[0]["note"] == "n = 18\n5 weeks"


def test_nothing_gives_an_empty_file() -> None:
    assert write_ris([]) == write_bibtex([]) == ""
    assert json.loads(write_csljson([])) == []


def test_escape_closes_every_brace_it_opens() -> None:
    text = escape("{{}\\{ -- ---")
    assert text.count("{") == text.count("}")
