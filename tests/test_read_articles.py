"""Every format to plain text: content decides, spans hold, bad input is one sentence."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.read.article import article_ids, decode, find_files, other_language, read_bytes, read_jsonl, read_path, read_text
from ingest.read.plain import front_matter, title_of, unwrap
from ingest.records import Article, Problem

ENGLISH = "In one trial the people who took the tablets had fewer colds than those on placebo, and that was not due to chance. "


def read(text: str, suffix: str = ".txt") -> Article:
    article = read_bytes(text.encode("utf-8"), "a", source="a" + suffix, suffix=suffix)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize(
    ("name", "suffix", "source", "format_", "expected"),
    [
        ("plain", ".txt", "Tea helps.\n\nIt does.", "text", "Tea helps.\n\nIt does."),
        ("paragraphs", ".html", "<p>Tea helps.</p><p>It <b>does</b>.</p>", "html", "Tea helps.\n\nIt does."),
        ("list", ".html", "<ul><li>one<li>two</ul><p>end</p>", "html", "one\ntwo\n\nend"),
        ("script and style vanish", ".html", "<p>a</p><script>var p='<p>x</p>'</script><style>p{}</style><p>b</p>", "html", "a\n\nb"),
        ("superscript marker", ".html", "<p>It worked.<sup>3,5</sup></p><p>x</p><p>y</p>", "html", "It worked.[3,5]\n\nx\n\ny"),
        ("a power stays", ".html", "<p>25 kg/m<sup>2</sup> and 10<sup>6</sup></p><p>x</p>", "html", "25 kg/m2 and 106\n\nx"),
        ("entities", ".html", "<p>5 &lt; 6 &mdash; caf&eacute;</p><p>x</p><p>y</p>", "html", "5 < 6 — café\n\nx\n\ny"),
        ("table cells", ".html", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "html", "a | b\nc | d"),
        ("markdown", ".md", "# Tea\n\nIt *does* [help](http://x.org/a).", "markdown", "Tea\n\nIt does help."),
        ("markdown told by content", ".txt", "# Tea\n\nIt **does**.\n\n- one\n- two\n", "markdown", "Tea\n\nIt does.\n\none\ntwo"),
        ("tags in a text file", ".txt", "Tea helps.<h3>Why?</h3>It is <em>warm</em>.<ul><li>a</li></ul>", "html", "Tea helps.\n\nWhy?\n\nIt is warm.\n\na"),
        ("html by content", ".txt", "<!DOCTYPE html><html><body><p>a</p></body></html>", "html", "a"),
    ],
)
def test_formats(name: str, suffix: str, source: str, format_: str, expected: str) -> None:
    article = read(source, suffix)
    assert (article.format, article.text) == (format_, expected)


def test_markers_links_and_headings_keep_their_place() -> None:
    article = read('<h2>Trials</h2><p>It worked.<sup><a href="#r2">2</a></sup> See <a href="https://doi.org/10.1/x">the paper</a>.</p>', ".html")
    (marker,) = article.markers
    assert article.text[marker.start : marker.end] == "[2]"
    assert (marker.numbers, marker.targets) == ((2,), ("r2",))
    (link,) = article.hyperlinks
    assert (article.text[link.start : link.end], link.href) == ("the paper", "https://doi.org/10.1/x")
    assert [article.text[h.start : h.end] for h in article.headings] == ["Trials"]


def test_jats_reads_body_markers_and_references() -> None:
    xml = """<?xml version="1.0"?><article><front><article-meta><title-group><article-title>Tea and sleep</article-title></title-group>
    </article-meta></front><body><sec><title>Trials</title><p>One trial helped <xref ref-type="bibr" rid="r1">1</xref>.</p></sec></body>
    <back><ref-list><title>References</title><ref id="r1"><label>1</label><element-citation><name><surname>Lee</surname>
    <given-names>A</given-names></name><article-title>Tea</article-title><source>J Tea</source><year>2001</year><volume>3</volume>
    <fpage>4</fpage><lpage>5</lpage></element-citation></ref></ref-list></back></article>"""
    article = read(xml, ".xml")
    assert article.format == "jats"
    assert article.title == "Tea and sleep"
    assert "One trial helped [1]." in article.text
    assert article.text.endswith("References\n1. Lee A. Tea. J Tea. 2001;3:4-5.")
    assert [m.targets for m in article.markers] == [("r1",)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('---\ntitle: "Tea: a review"\n---\nBody', "Tea: a review"),
        ("---\ntitle: 9c1d1f2a7be0446dbb1c55aa0e1f7d20\nmitle: 'Tea at night'\n---\nBody", "Tea at night"),
        ('+++\ntitle = "Tea"\n+++\nBody', "Tea"),
        ("---\nnot: [closed\ntitle: Tea\n---\nBody", "Tea"),
        ("No front matter", ""),
    ],
)
def test_titles_of_front_matter(text: str, title: str) -> None:
    assert title_of(front_matter(text)[0]) == title


def test_a_title_that_only_front_matter_states_opens_the_text() -> None:
    assert read("---\ntitle: Tea\n---\nIt helps.").text == "Tea\n\nIt helps."
    assert read("---\ntitle: Tea\n---\n# Tea\n\nIt helps. [x](http://y)", ".md").text == "Tea\n\nIt helps. x"


def test_unwrap_joins_hard_wrapped_lines_without_moving_a_character() -> None:
    text = "In one trial of the new tablets that was run in\nthree towns the people who took them had fewer\ncolds than the people who took the sugar pills\nand fewer days of work were lost in the year.\n\nThe end."
    joined = unwrap(text)
    assert len(joined) == len(text)
    assert joined.count("\n") == 2
    assert unwrap("a\nb\nc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("data", "kind", "word"),
    [
        (b"", "empty", "empty"),
        (b"  \n\n ", "empty", "empty"),
        (b"\x00\x01\x02\x03" * 100, "binary", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary", "binary"),
        (b"%PDF-1.4 broken", "unreadable", "PDF"),
        (
            (
                "Die Studie hat gezeigt, dass die Patienten nicht mit dem Mittel und der Diät gesund wurden, und das ist für die Ärzte auch eine Frage. " * 3
            ).encode(),
            "language",
            "German",
        ),
        (("研究によると、患者の血中セレン濃度は低かった。" * 5).encode(), "language", "not English"),
    ],
)
def test_bad_input_is_one_clear_sentence(data: bytes, kind: str, word: str) -> None:
    problem = read_bytes(data, "x", source="folder/x.txt")
    assert isinstance(problem, Problem)
    assert problem.kind == kind
    assert problem.message.startswith("folder/x.txt: ")
    assert word in problem.message
    assert "\n" not in problem.message


def test_wrong_encoding_is_read_and_said() -> None:
    article = read_bytes((ENGLISH + "The café study.").encode("cp1252"), "x", source="x.txt")
    assert isinstance(article, Article)
    assert "café" in article.text
    (problem,) = article.problems
    assert problem.kind == "encoding"
    assert "windows-1252" in problem.message


def test_mojibake_is_mended_before_offsets_are_taken() -> None:
    assert decode("The patientsâ€™ blood".encode())[0] in {"The patients’ blood", "The patients' blood"}


def test_spun_english_is_english() -> None:
    spun = "In a't Finnish study, own selenium levels co sup blood ie people used MS make doing your ie whom un people without disease. " * 3
    assert other_language(spun) is None


def test_missing_paths_and_empty_folders_are_problems(tmp_path) -> None:
    (tmp_path / "sub").mkdir()
    files, problems = find_files([tmp_path / "none.txt", tmp_path / "sub"])
    assert files == []
    assert [p.kind for p in problems] == ["missing", "missing"]
    assert all(str(tmp_path) in p.message for p in problems)


def test_too_large_a_file_is_named(tmp_path) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * 20_000_000)
    (problem,) = read_path(big, "big")
    assert isinstance(problem, Problem)
    assert problem.kind == "too_large"
    assert "20 MB" in problem.message


def test_ids_are_names_made_unique_by_folder(tmp_path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tea.txt").write_text(ENGLISH)
    (tmp_path / "a" / "milk.md").write_text(ENGLISH)
    files, _ = find_files([tmp_path])
    assert sorted(article_ids(files).values()) == ["a-tea", "b-tea", "milk"]
    same = [tmp_path / "a" / "tea.txt", tmp_path / "a" / "tea.html"]
    assert len(set(article_ids(same).values())) == 2


def test_jsonl_reports_bad_lines_and_goes_on() -> None:
    lines = [
        json.dumps({"id": "one", "text": ENGLISH, "title": "T", "url": "http://x", "published": 2020}),
        "not json",
        json.dumps({"id": "two"}),
        json.dumps({"id": "one", "text": ENGLISH}),
        "",
        json.dumps({"text": ENGLISH}),
    ]
    found = list(read_jsonl(io.BytesIO("\n".join(lines).encode()), "in.jsonl"))
    articles = [x for x in found if isinstance(x, Article)]
    problems = [x for x in found if isinstance(x, Problem)]
    assert [a.id for a in articles] == ["one", "in-6"]
    assert (articles[0].title, articles[0].published) == ("T", "2020")
    assert [p.line for p in problems] == [2, 3, 4]


@given(st.text(max_size=300))
def test_any_text_is_read_or_reported_and_spans_hold(text: str) -> None:
    article = read_text(text, "x")
    for span in (*article.headings, *article.hyperlinks, *article.markers, *article.entries):
        assert 0 <= span.start <= span.end <= len(article.text)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    assert isinstance(read_bytes(data, "x", source="x"), Article | Problem)


def test_deep_html_does_not_exhaust_the_stack() -> None:
    assert "end" in read_text("<div>" * 20_000 + "end", "x").text
