"""Reading libraries: every format, every trap, and merging that does not depend on order."""

import base64
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.read.bibtex import parse_bibtex, read_people
from ingest.read.library import decode_bytes, merge_works, read_libraries, read_library, read_library_text
from ingest.read.retractions import apply_retractions, read_retractions
from ingest.read.works import new_work
from ingest.records import Author, Work
from ingest.text.bibliographic import doi_of, expand_pages, fold, pmid_of, read_name

EVAL = Path(__file__).resolve().parents[1].parent / "shared" / "eval"
needs_eval = pytest.mark.skipif(not EVAL.exists(), reason="the evaluation sets are not here")


def one(text: str) -> Work:
    works, problems = read_library_text(text, "t")
    assert len(works) == 1, problems
    return works[0]


# --- BibTeX


def test_a_broken_entry_leaves_its_neighbours_alone() -> None:
    works, problems = read_library_text(
        "@article{a, title = {First whole title}}\n@article{b, title = {never {closed}\n\n@article{c, title = {Third}}", "t.bib"
    )
    assert [w.ids[0] for w in works] == ["a", "c"] or [w.ids[0] for w in works] == ["a", "b", "c"]
    assert works[-1].title == "Third"
    assert any(p.line == 2 for p in problems)


def test_nothing_is_dropped_silently() -> None:
    text = "@article{a}\n@article{k, title={One}}\n@article{k, title={Two}}\n@misc{, title={Three}}"
    works, problems = read_library_text(text, "t.bib")
    assert [w.title for w in works] == ["One", "Two", "Three"]
    assert {p.kind for p in problems} == {"entry", "duplicate"}


def test_strings_are_joined_and_unknown_ones_reported() -> None:
    entries, problems = parse_bibtex('@string{n = "Neurol"} @article{a, journal = "Eur J " # n # " Suppl", month = sep, publisher = acme}')
    assert entries[0].fields["journal"] == "Eur J Neurol Suppl"
    assert entries[0].fields["month"] == "9"
    assert entries[0].fields["publisher"] == "acme"
    assert "acme" in problems[0].message


def test_names_of_bodies_keep_their_braces_and_medline_names_their_order() -> None:
    assert [a.family for a in read_people("{The MS Study Group} and Wikström J and van der Berg, A. B. and Ludwig van Beethoven and others")][:4] == [
        "The MS Study Group",
        "Wikström",
        "van der Berg",
        "van Beethoven",
    ]
    assert [a.family for a in read_people("Mazzella GL, Sinforiani E, Savoldi F")] == ["Mazzella", "Sinforiani", "Savoldi"]


def test_latex_and_html_become_plain_text() -> None:
    work = one(r"@article{a, title = {{\"U}ber $\beta$-carotene \& {DNA} -- 50\% &lt;i&gt; <i>in vivo</i>}, author = {Sm{\o}rdal, {\AA}.}}")
    assert work.title == "Über β-carotene & DNA – 50% <i> in vivo" or work.title.startswith("Über β-carotene & DNA – 50%")
    assert work.authors == (Author("Smørdal", "Å."),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_bytes_in_any_common_encoding(encoding: str) -> None:
    assert "Étude" in decode_bytes("@article{d, title = {Étude}}".encode(encoding))


@needs_eval
def test_hostile_cases_of_the_corpus() -> None:
    for line in (EVAL / "bib" / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        entries, _ = parse_bibtex(decode_bytes(base64.b64decode(case["bytes_b64"])))
        for want in case["entries"]:
            fits = [
                e
                for e in entries
                if e.key == want["key"] and all(([a.family for a in e.authors] if k == "author" else e.fields.get(k)) == v for k, v in want["fields"].items())
            ]
            assert fits, case["name"]
            entries.remove(fits[0])


@needs_eval
def test_no_entry_of_the_corpus_is_lost() -> None:
    for line in (EVAL / "bib" / "expect.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["count_confirmed"]:
            entries, _ = parse_bibtex(decode_bytes((EVAL / "bib" / row["file"]).read_bytes()))
            assert not Counter(row["keys"]) - Counter(e.key for e in entries), row["file"]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('@article{}()",=#%\\ab \n1and'), max_size=80))
def test_any_text_is_read_without_raising(text: str) -> None:
    entries, problems = parse_bibtex("@misc{first, title = {ok}}\n" + text)
    assert entries[0].key == "first"
    assert isinstance(problems, list)


# --- RIS, NBIB, CSL-JSON, PubMed


def test_ris_survives_what_exports_do_to_it() -> None:
    text = "\ufeff\r\nTY  - JOUR\r\nA1  - Lee, A.\r\nT1  - A title that\r\nwraps\r\nPY  - 2001/05//\r\nSP  - 10\r\nEP  - 19\r\nTY - JOUR\r\nTI - Second\r\nER  -\r\n"
    works, problems = read_library_text(text, "t.ris")
    assert [(w.title, w.year, w.pages) for w in works] == [("A title that wraps", 2001, "10-19"), ("Second", None, None)]
    assert [p.kind for p in problems] == ["entry"]


def test_medline_without_blank_lines() -> None:
    text = (
        "PMID- 12345\nTI  - Selenium in the blood\n      of twelve people.\nFAU - Lee, Ann B\nAU  - Lee AB\nDP  - 1999 Mar\nTA  - J Made Up\nJT  - Journal of made-up things\n"
        "PT  - Retracted Publication\nLID - 10.1234/abc.5 [doi]\nPMID- 12346\nTI  - [Another one].\n"
    )
    first, second = read_library_text(text, "t.nbib")[0]
    assert (first.title, first.pmid, first.doi, first.year) == ("Selenium in the blood of twelve people", "12345", "10.1234/abc.5", 1999)
    assert first.retraction == "retracted"
    assert second.title == "Another one"


def test_csl_json_from_zotero_and_crossref() -> None:
    text = json.dumps(
        [
            {
                "id": 7,
                "type": "article-journal",
                "title": ["A title"],
                "author": [{"family": "Dam", "non-dropping-particle": "van"}, {"literal": "WHO"}],
                "issued": {"date-parts": [["2004", 2]]},
            },
            "no reference",
        ]
    )
    works, problems = read_library_text(text, "t.json")
    assert works[0].authors == (Author("van Dam"), Author("WHO", literal=True))
    assert works[0].year == 2004
    assert len(problems) == 1


def test_broken_json_gives_every_whole_object() -> None:
    works, problems = read_library_text('[{"id": "a", "title": "One"},\n {"id": "b", "title": "Tw\n {"id": "c", "title": "Three"}]', "t.json")
    assert [w.ids[0] for w in works][:1] == ["a"]
    assert problems


PUBMED = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99</PMID><Article><Journal><JournalIssue><Volume>3</Volume>
<PubDate><MedlineDate>1998 Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>Journal of made-up things</Title></Journal><ArticleTitle>Water in <i>mice</i>.</ArticleTitle>
<Abstract><AbstractText Label="AIM">To see.</AbstractText><AbstractText Label="RESULTS">Seen.</AbstractText></Abstract><AuthorList><Author><LastName>Lee</LastName><ForeName>Ann</ForeName></Author>
<Author><CollectiveName>The Water Group</CollectiveName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>"""


def test_pubmed_xml_plain_gzipped_and_cut_short(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(PUBMED + "</PubmedArticleSet>", encoding="utf-8")
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress((PUBMED + "</PubmedArticleSet>").encode()))
    (tmp_path / "cut.xml").write_text(PUBMED + "<PubmedArticle><Medl", encoding="utf-8")
    for name in ("a.xml", "a.xml.gz", "cut.xml"):
        works, problems = read_library(tmp_path / name)
        work = works[0]
        assert (work.title, work.year, work.pmid, work.volume) == ("Water in mice", 1998, "99", "3")
        assert work.abstract == "AIM: To see. RESULTS: Seen."
        assert work.authors == (Author("Lee", "Ann"), Author("The Water Group", literal=True))
    assert problems


@needs_eval
def test_the_same_records_in_five_formats() -> None:
    want = [json.loads(line)["gold"] for line in (EVAL / "pubmed" / "topic.expect.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("topic.bib", "topic.csl.json", "topic.nbib", "topic.pubmed.xml", "topic.ris"):
        works, problems = read_library(EVAL / "pubmed" / name)
        assert not problems
        assert [w.pmid for w in works] == [g["pmid"] for g in want]
        assert [(w.title, w.doi, w.volume, w.issue, w.pages, str(w.year)) for w in works] == [
            (g["title"], g["doi"], g["volume"], g["issue"], g["pages"], g["year"]) for g in want
        ]


@needs_eval
def test_all_whole_records_of_real_exports_are_read() -> None:
    for line in (EVAL / "pubmed" / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["records"]:
            assert len(read_library(EVAL / "pubmed" / row["file"])[0]) >= row["records"], row["file"]


def test_what_is_no_library_says_so(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all,\nnothing here.\n", encoding="utf-8")
    with pytest.raises(ReadError, match="not a library"):
        read_library(tmp_path / "letter.txt")
    with pytest.raises(ReadError):
        read_library(tmp_path / "missing.bib")
    (tmp_path / "empty.bib").write_text("", encoding="utf-8")
    assert read_library(tmp_path / "empty.bib")[1][0].kind == "empty"


# --- merging


def work(ident: str, **values: object) -> Work:
    return new_work("lib", ident, **{"title": "Selenium and multiple sclerosis", "authors": [Author("Lee", "A")], "year": 1990, **values})


def test_records_meet_by_doi_by_pmid_and_by_title() -> None:
    merged = merge_works(
        [
            work("a", doi="10.1234/x", pmid="5"),
            work("b", pmid="5", title="Selenium and Multiple Sclerosis.", volume="7"),
            work("c", title="Selenium & multiple sclerosis", abstract="Words."),
            work("d", title="selenium and multiple-sclerosis", abstract="Words."),
        ]
    )
    assert len(merged) == 2  # "&" is not "and": a different key, so c stays apart
    whole = next(w for w in merged if w.doi)
    assert whole.ids == ("a", "b", "d")
    assert whole.volume == "7"
    assert ("volume", "lib:b") in whole.sources
    assert ("pmid", "lib:a") in whole.sources
    assert ("pmid", "lib:b") in whole.sources


def test_what_contradicts_is_not_merged() -> None:
    assert len(merge_works([work("a", doi="10.1234/x"), work("b", doi="10.1234/y")])) == 2
    assert len(merge_works([work("a", pages="1-9"), work("b", pages="30-41")])) == 2
    assert len(merge_works([work("a", title="Editorial"), work("b", title="Editorial")])) == 2
    assert len(merge_works([work("a", doi="10.1234/x"), work("b", doi="10.1234/x", title="A wholly other chapter of that book")])) == 2


pool = [
    work("a", doi="10.1234/x"),
    work("b", doi="10.1234/x", pmid="1"),
    work("c", pmid="1", volume="3"),
    work("d"),
    work("e", pages="4-5"),
    work("f", doi="10.1234/y", title="Another paper altogether here"),
    work("g", title="Another paper altogether here"),
    work("h", title="Editorial"),
]


@settings(max_examples=100, deadline=None)
@given(st.permutations(pool), st.lists(st.sampled_from(pool), max_size=4))
def test_order_and_doubles_do_not_matter(order: list[Work], doubles: list[Work]) -> None:
    assert merge_works([*order, *doubles]) == merge_works(pool)
    assert merge_works(merge_works(order)) == merge_works(pool)


def test_several_files_make_one_library(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@article{lee90, title={Selenium in twelve people}, author={Lee, A}, year=1990, doi={10.1234/x}}", encoding="utf-8")
    (tmp_path / "b.ris").write_text("TY  - JOUR\nTI  - Selenium in twelve people\nDO  - 10.1234/X\nAB  - Words.\nER  -\n", encoding="utf-8")
    works, problems = read_libraries([tmp_path / "a.bib", tmp_path / "b.ris"])
    assert not problems
    assert [(w.key, w.abstract) for w in works] == [("doi:10.1234/x", "Words.")]


# --- retraction lists

HEAD = "Record ID,Title,Author,RetractionDate,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason\n"


def test_retraction_lists_mark_works_and_name_list_and_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [
        "1,Whatever,Ann Lee,1/2/2020 0:00,1/1/1990 0:00,10.1234/X,0,Retraction,+Concerns/Issues About Data;+Fake Peer Review;",
        "2,Other,Bo Poe,1/2/2020 0:00,1/1/1991 0:00,unavailable,77,Expression of concern,",
        '3,"Selenium, in the blood of twelve people",Ann Lee;Bo Poe,1/2/2020 0:00,6/1/1992 0:00,,,Correction,+Error in Text;',
        "4,Back,Cy Roe,1/2/2019 0:00,1/1/1993 0:00,10.1234/back,0,Retraction,x",
        "5,Back,Cy Roe,1/2/2021 0:00,1/1/1993 0:00,10.1234/back,0,Reinstatement,x",
        "6,,,,,,,Retraction,x",
    ]
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    notices, problems = read_retractions(path)
    assert len(problems) == 1
    assert "row 7" in problems[0].message
    marked = apply_retractions(
        [
            work("a", doi="10.1234/x"),
            work("b", pmid="77"),
            work("c", title="Selenium in the blood of twelve people", year=1992),
            work("d", doi="10.1234/back"),
            work("e", title="Selenium in the blood of twelve people", year=1993),
        ],
        notices,
    )
    assert [w.retraction for w in marked] == ["retracted", "concern", "corrected", None, None]
    assert marked[0].retraction_reason == "list.csv row 2 (same DOI): Concerns/Issues About Data; Fake Peer Review"


def test_another_csv_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReadError, match="RetractionNature"):
        read_retractions(tmp_path / "x.csv")


# --- forms


def test_forms() -> None:
    assert fold("Łukasz’s β-blocker (±)") == "lukaszs beta blocker"
    assert doi_of("doi: 10.1016/S0140-6736(05)67887-7).") == "10.1016/s0140-6736(05)67887-7"
    assert doi_of("no doi 10.12/x") is None
    assert pmid_of("PMID: 0123") == "123"
    assert pmid_of("https://pubmed.ncbi.nlm.nih.gov/345/") == "345"
    assert expand_pages("S12-9") == "S12-S19"
    assert read_name("Martin Luther King Jr") == Author("King", "Martin Luther Jr")
    assert read_name("Centers for Disease Control").literal
