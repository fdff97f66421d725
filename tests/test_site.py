"""The site through ``ds.client``: the same tests pass under Datasette 0.65.5 and 1.0 (install the other one and run again).

They stand on tests/fixture_db.py; set CITEGRADE_TEST_DB to run the general ones on another database as well.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import yaml
from click.testing import CliRunner
from datasette.app import Datasette

from db.metadata import tables_yaml
from db.schema import TABLES
from db.views import VIEWS
from ingest.cli import main
from publish import compat, serve
from publish.labels import DIRECTIONS_ONLY, path
from publish.marks import Mark, highlight
from tests import fixture_db

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
ROOT = Path(__file__).parent.parent
BODY = path("body", "vitamin D | multiple sclerosis | relapse | human")
SELENIUM = path("body", "selenium | multiple sclerosis | disease course | human")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixture_db.write(tmp_path_factory.mktemp("site") / "evidence.db")


class Site:
    """A Datasette on a database, asked from plain (synchronous) tests."""

    def __init__(self, database: Path, prefix: str = "/", **extra: Any) -> None:
        self.loop = asyncio.new_event_loop()
        data = compat.metadata(database.stem) | extra
        self.ds = Datasette([], immutables=[str(database)], settings={"suggest_facets": False, "base_url": prefix}, cors=True, **compat.client_arguments(data))
        self.loop.run_until_complete(self.ds.invoke_startup())

    def get(self, path: str) -> Any:
        return self.loop.run_until_complete(self.ds.client.get(path if path.startswith("/") else f"/{path}"))

    def follow(self, path: str) -> Any:
        """As ``curl -L`` does."""
        response = self.get(path)
        while response.status_code in (301, 302):
            response = self.get(response.headers["location"])
        return response


@pytest.fixture(scope="module")
def site(database: Path) -> Any:
    site = Site(database)
    yield site
    site.loop.close()


def ids(html_text: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html_text)


PAGES = {
    "front": ("/", "What do health articles"),
    "map": ("/-/map", "Evidence map"),
    "map by outcome": ("/-/map?by=outcome", "disease course"),
    "map of animals": ("/-/map?lane=animal", "selenium"),
    "map filtered": ("/-/map?exposure=vit&column=scler", "vitamin D"),
    "map without a match": ("/-/map?exposure=%25_nothing", "no body of evidence fits"),
    "body": (BODY, DIRECTIONS_ONLY),
    "article": ("/-/article/selenium-ms", "never mentioned"),
    "article with odd key": ("/-/article/coffee%20%3Cpressure%3E", "What coffee does"),
    "abstract": ("/-/article/sunray%20abstract", "abstract"),
    "study": ("/-/study/selenium-ms-0002", "Why:"),
    "work": ("/-/work/10.5555/coffee.2011", "Retracted"),
    "search": ("/-/search?q=selenium", "Bodies of evidence"),
    "empty search": ("/-/search", "Search"),
    "accuracy": ("/-/accuracy", "0.970"),
    "database": ("/evidence", "Evidence"),
    "table": ("/evidence/studies", "What the columns mean"),
    "view": ("/evidence/study_table", "Randomised trial"),
    "row": ("/evidence/studies/2", "a small, short study"),
    "query": ("/evidence/null_results", "Which studies found no difference?"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers(site: Site, name: str) -> None:
    path, words = PAGES[name]
    response = site.get(path)
    assert response.status_code == 200
    assert words in html.unescape(response.text)
    assert '<html lang="en">' in response.text
    assert "<title>" in response.text
    assert 'class="cg-skip"' in response.text
    assert "citegrade.css" in response.text
    assert len(ids(response.text)) == len(set(ids(response.text)))


@pytest.mark.parametrize("name", PAGES)
def test_pages_load_nothing_from_elsewhere(site: Site, name: str) -> None:
    text = site.get(PAGES[name][0]).text.replace("http://localhost/", "/")
    assert not re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize("name", ["front", "map", "body", "article", "study", "work", "search", "accuracy"])
def test_every_link_of_our_pages_leads_somewhere(site: Site, name: str) -> None:
    path = PAGES[name][0]
    text = site.get(path).text
    here = set(ids(text))
    for href in dict.fromkeys(html.unescape(h) for h in re.findall(r'href="([^"]+)"', text)):
        target, _, anchor = href.partition("#")
        if target.startswith(("http:", "https:")):
            continue
        if not target:
            assert anchor in here, href
            continue
        target = path.split("?")[0] + target if target.startswith("?") else target
        response = site.follow(target)
        assert response.status_code == 200, href
        if anchor:
            assert anchor in ids(response.text), href


def test_our_pages_have_titles_and_social_descriptions(site: Site) -> None:
    for name in ("front", "map", "body", "article", "study", "work", "accuracy"):
        text = site.get(PAGES[name][0]).text
        assert re.search(r'<meta property="og:title" content="[^"]+"', text), name
        assert re.search(r'<meta name="description" content="[^"]{20,}"', text), name


def test_only_web_addresses_become_links(site: Site) -> None:
    assert 'href="https://example.org/selenium"' in site.get("/-/article/selenium-ms").text
    assert "javascript:" not in site.get(path("article", "coffee <pressure>")).text


def test_site_moves_below_a_prefix(database: Path) -> None:
    site = Site(database, prefix="/evidence-site/")
    for page in ("", "-/map", BODY, "-/article/selenium-ms", "evidence/study_table"):
        text = site.get(page).text  # the client adds the prefix
        addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
        assert addresses
        assert not [a for a in addresses if not a.startswith("/evidence-site/")]
    site.loop.close()


def test_front_page_says_what_when_and_from_what(site: Site) -> None:
    text = site.get("/").text
    for words in (">4</a>", ">11</a>", ">6</a>", ">10</a>", "citegrade 0.1.0", "c0ffeec0ffee", "library.bib", "UTC"):
        assert words in text


def test_three_clicks_lead_from_the_front_page_to_an_export(site: Site) -> None:
    front = site.get("/").text
    cell = html.unescape(re.search(r'<a href="([^"]+)"><title>vitamin D for multiple sclerosis', front)[1])
    body = site.get(cell)
    export = html.unescape(re.search(r'href="([^"]+\.bib)"', body.text)[1])
    assert site.get(export).text.startswith("@article{")


def test_map_leads_with_what_patients_feel(site: Site) -> None:
    text = html.unescape(site.get("/-/map").text)
    assert "selenium for multiple sclerosis: disease course. Very low certainty, no difference" in text
    assert "<title>selenium for multiple sclerosis: selenium level" not in text
    assert text.count("p-empty") > 3  # gaps are drawn


def test_body_page_shows_votes_reasons_and_keeps_animals_apart(site: Site) -> None:
    text = html.unescape(site.get(SELENIUM).text)
    people, animals = text.index('class="cg-lane cg-lane-human"'), text.index('class="cg-lane cg-lane-animal"')
    assert people < text.index("a small, short study", people) < animals < text.index("mice with an MS-like", animals)
    assert "provisional" in text
    assert "fewer than 400 participants" in text
    assert DIRECTIONS_ONLY in text


def test_body_page_says_what_is_not_counted(site: Site) -> None:
    text = site.get(BODY).text
    assert "the same work as SUNRAY, counted there" in text
    assert "p-hollow" in text


def test_study_page_gives_each_value_its_words_and_rule(site: Site) -> None:
    text = html.unescape(site.get("/-/study/selenium-ms-0002").text)
    for words in (
        "<q>18 people</q>",
        "sample_size_words",
        "5 weeks (35.0 days)",
        "<q>no clinical benefit was seen</q>",
        "fewer than 30 participants",
        "0.41",
        "not stated",
    ):
        assert words in text


def test_work_page_shows_disagreement_and_retraction(site: Site) -> None:
    text = site.get("/-/work/10.5555/coffee.2011").text
    for words in (
        "the article says 62 participants, the abstract 26",
        "data could not be verified",
        "https://doi.org/10.5555/coffee.2011",
        "https://pubmed.ncbi.nlm.nih.gov/9000005/",
    ):
        assert words in text


class _Text:
    """The text of each mark, put together from its pieces."""

    def __init__(self, source: str) -> None:
        self.spans: dict[str, str] = {}
        stack: list[str] = []
        for tag, name, words in re.findall(r'(<mark[^>]*data-span="([^"]+)"[^>]*>|</mark>|<a class="cg-jump"[^>]*>[^<]*</a>|<[^>]+>)|([^<]+)', source):
            if name:
                stack.append(name)
            elif tag == "</mark>" and stack:
                stack.pop()
            elif words:
                for span in stack:
                    self.spans[span] = self.spans.get(span, "") + html.unescape(words)


@pytest.mark.parametrize("key", [a[1] for a in fixture_db.ARTICLES])
def test_marked_text_equals_the_stored_quotes(site: Site, database: Path, key: str) -> None:
    source = site.get(path("article", key)).text
    spans = _Text(source.split('<div class="cg-text">')[1].split("</div>")[0]).spans
    with sqlite3.connect(database) as db:
        where = "IN (SELECT id FROM studies WHERE article_id = (SELECT id FROM articles WHERE key = ?))"
        values = db.execute(f"SELECT id, quote FROM provenance WHERE start IS NOT NULL AND study_id {where}", (key,)).fetchall()
        findings = db.execute(f"SELECT id, quote FROM findings WHERE study_id {where}", (key,)).fetchall()
        passages = db.execute(
            f"SELECT s.position, p.position, p.quote FROM passages p JOIN studies s ON s.id = p.study_id WHERE p.study_id {where}", (key,)
        ).fetchall()
    assert values
    assert {f"v-{i}": q for i, q in values}.items() <= spans.items()
    assert {f"f-{i}": q for i, q in findings}.items() <= spans.items()
    assert {f"m-{s}" if n == 1 else f"m-{s}-{n}": q for s, n, q in passages}.items() <= spans.items()


def test_every_row_of_the_samples_has_its_page(samples_db: Path) -> None:
    site = Site(samples_db)
    kinds = {"article": "articles", "study": "studies", "work": "works", "body": "bodies"}
    with sqlite3.connect(samples_db) as db:
        keys = [(kind, key) for kind, table in kinds.items() for (key,) in db.execute(f"SELECT key FROM {table}")]
        values = db.execute(
            "SELECT a.key, p.id, p.quote FROM provenance p JOIN studies s ON s.id = p.study_id JOIN articles a ON a.id = s.article_id WHERE p.start IS NOT NULL"
        ).fetchall()
    assert {kind for kind, _ in keys} == set(kinds)
    shown: dict[str, dict[str, str]] = {}
    for kind, key in keys:
        response = site.get(path(kind, key))
        assert response.status_code == 200, key
        if kind == "article":
            shown[key] = _Text(response.text.split('<div class="cg-text">')[1].split("</div>")[0]).spans
    for key, number, quote in values:
        assert shown[key][f"v-{number}"] == quote
    site.loop.close()


def test_spans_that_cross_keep_every_character() -> None:
    text = "0123456789<&>"
    marks = [Mark(0, 6, "study", "a"), Mark(4, 9, "study", "b"), Mark(2, 8, "value", "c"), Mark(5, 13, "claim", "d")]
    found = highlight(text, marks)
    assert _Text(found).spans == {"a": "012345", "b": "45678", "c": "234567", "d": "56789<&>"}
    assert html.unescape(re.sub("<[^>]+>", "", found)) == text
    assert found.count("<mark") == found.count("</mark>")


def test_excerpts_mode_shows_the_passages(tmp_path: Path) -> None:
    site = Site(fixture_db.write(tmp_path / "evidence.db", excerpts=True))
    text = site.get("/-/article/selenium-ms").text
    assert "excerpts only" in text
    assert ">5 weeks</mark>" in text
    assert "Selenium is known to strengthen" in text
    site.loop.close()


def test_a_database_of_another_name_is_served_alike(tmp_path: Path) -> None:
    site = Site(fixture_db.write(tmp_path / "mine.db"))
    assert "/mine/study_table" in site.get("/").text
    assert site.get("/mine/null_results.json?_shape=array").json()
    assert site.get("/-/export/works.bib").status_code == 200
    site.loop.close()


@pytest.mark.parametrize(
    "path",
    [
        "/-/article/none",
        "/-/study/none",
        "/-/work/none",
        "/-/body/none",
        "/-/body/none.svg",
        "/-/export/body/none.bib",
        "/-/study/id/99",
        "/nothing",
        "/evidence/nothing",
        "/-/plot/body/none.svg",
    ],
)
def test_a_missing_page_helps(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 404
    assert "Evidence map" in response.text
    assert 'name="q"' in response.text


@pytest.mark.parametrize(
    ("kind", "number", "target"),
    [
        ("study", 2, "-/study/selenium-ms-0002"),
        ("work", 5, "-/work/10.5555/coffee.2011"),
        ("body", 5, BODY),
        ("article", 3, path("article", "coffee <pressure>")),
    ],
)
def test_numbers_lead_to_keys(site: Site, kind: str, number: int, target: str) -> None:
    response = site.get(f"/-/{kind}/id/{number}")
    assert response.status_code == 302
    assert response.headers["location"] == "/" + target.lstrip("/")


SEARCHES = [
    ("selenium", "selenium for multiple sclerosis"),
    ("relaps", "SUNRAY"),
    ("coffee pressure", "What coffee does"),
    ("Ridgeway", "Vitamin D intake and incidence"),
    ('"unbalanced', ""),
    ("NEAR(a b) OR *", ""),
    ("<script>alert(1)</script>", ""),
    ("%_", ""),
]


@pytest.mark.parametrize(("words", "expected"), SEARCHES)
def test_search_finds_and_survives(site: Site, words: str, expected: str) -> None:
    from urllib.parse import quote

    response = site.get(f"/-/search?q={quote(words)}")
    assert response.status_code == 200
    assert expected in html.unescape(response.text)
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(("table", "words", "hits"), [("articles", "mineral", 1), ("studies", "relapse", 3), ("works", "coffee", 2), ("studies", "lesions", 1)])
def test_datasette_searches_our_text_index(site: Site, table: str, words: str, hits: int) -> None:
    assert len(site.get(f"/evidence/{table}.json?_search={words}&_shape=array").json()) == hits


# Plots


@pytest.mark.parametrize(
    "url", ["/-/plot/map.svg", "/-/plot/map.svg?by=outcome&lane=animal", path("plot", "body/vitamin_D/multiple_sclerosis/relapse/human") + ".svg"]
)
def test_plots_are_svg_files_of_their_own(site: Site, url: str) -> None:
    response = site.get(url)
    assert response.headers["content-type"].startswith("image/svg+xml")
    root = ET.fromstring(response.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label")
    assert "prefers-color-scheme: dark" in response.text
    assert "url(" not in response.text


# Exports


def parse_bib(text: str) -> list[Any]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return library.entries


BEHIND = [
    ("/evidence/works", 6),
    ("/evidence/citations", 8),
    ("/evidence/studies", 7),
    ("/evidence/bodies", 7),
    ("/evidence/articles", 8),
    ("/evidence/study_table", 7),
    ("/evidence/evidence", 7),
    ("/evidence/null_results", 3),
    ("/evidence/retracted", 1),
    ("/evidence/findings", 7),
    ("/evidence/studies/2", 1),
    ("/-/export/works", 6),
    ("/-/export/citations", 8),
    ("/-/export/studies", 7),
    ("/-/export/bodies", 7),
    (path("export", "body/vitamin_D/multiple_sclerosis/relapse/human"), 2),
    ("/-/export/article/selenium-ms", 3),
    ("/-/export/study/selenium-ms-0002", 1),
    ("/-/export/work/10.5555/coffee.2011", 1),
]


@pytest.mark.parametrize(("path", "number"), BEHIND)
def test_references_round_trip(site: Site, path: str, number: int) -> None:
    rispy = pytest.importorskip("rispy")
    assert len(parse_bib(site.get(f"{path}.bib").text)) == number
    assert len(rispy.loads(site.get(f"{path}.ris").text)) == number
    items = json.loads(site.get(f"{path}.csljson").text)
    assert len(items) == number
    assert len({i["id"] for i in items}) == number


def test_references_carry_what_was_read(site: Site) -> None:
    rispy = pytest.importorskip("rispy")
    sunray = next(e for e in parse_bib(site.get("/-/export/works.bib").text) if e.fields_dict["doi"].value == "10.5555/sunray.2019")
    for words in ("design: rct", "n: 229", "duration: 336 days", "effect: mixed", "OCEBM level: 2", "GRADE certainty: moderate"):
        assert words in sunray.fields_dict["keywords"].value
    assert "Read by citegrade from" in sunray.fields_dict["note"].value
    record = next(r for r in rispy.loads(site.get("/-/export/works.ris").text) if r.get("doi") == "10.5555/sunray.2019")
    assert "n: 229" in record["keywords"]
    assert any("SUNRAY" in note for note in record["notes"])
    retracted = next(e for e in parse_bib(site.get("/-/export/works.bib").text) if e.fields_dict["doi"].value == "10.5555/coffee.2011")
    assert "retraction: retracted" in retracted.fields_dict["keywords"].value


def test_export_of_rows_without_references_says_so(site: Site) -> None:
    response = site.get("/evidence/problems.bib")
    assert response.status_code == 400
    assert "work_id" in response.text
    assert ".bib" not in site.get("/evidence/problems").text


def test_full_exports_go_beyond_one_page_and_keep_keys_apart(tmp_path: Path) -> None:
    rows = fixture_db.rows()
    work = rows["works"][0]
    rows["works"] += [work | {"id": 100 + i, "key": f"copy-{i}", "doi": f"10.5555/copy.{i}"} for i in range(2500)]
    from db.store import write_database

    write_database(tmp_path / "evidence.db", rows)
    site = Site(tmp_path / "evidence.db")
    items = json.loads(site.get("/-/export/works.csljson").text)
    assert len(items) == 2506
    assert len({i["id"] for i in items}) == 2506
    assert site.get("/-/export/works.bib").text.count("\n@") + 1 == 2506
    site.loop.close()


def test_database_can_be_downloaded(site: Site, database: Path) -> None:
    assert site.get("/evidence.db").content == database.read_bytes()


@pytest.mark.parametrize("format_", ["csv", "jsonl", "bibtex", "ris", "csl-json"])
def test_export_command(database: Path, tmp_path: Path, format_: str) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["export", "--db", str(database), "--format", format_, "-o", str(out)])
    assert done.exit_code == 0, done.output
    printed = CliRunner().invoke(main, ["export", "--db", str(database), "--format", format_])
    assert printed.stdout_bytes == out.read_bytes()
    assert out.stat().st_size > 500


def test_export_command_refuses_with_a_reason(database: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    for arguments, words in (
        (["--db", str(database), "--format", "csv", "--table", "nope"], "study_table"),
        (["--db", str(database), "--format", "ris", "--table", "terms"], "works"),
        (["--db", str(tmp_path / "none.db"), "--format", "csv"], "citegrade build"),
        (["--db", str(database), "--format", "datapackage"], "-o"),
    ):
        done = run(main, ["export", *arguments])
        assert done.exit_code == 2, arguments
        assert words in done.output, arguments


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_data_package_is_valid(database: Path, tmp_path: Path, name: str) -> None:
    frictionless = pytest.importorskip("frictionless")
    out = tmp_path / name
    done = CliRunner().invoke(main, ["export", "--db", str(database), "--format", "datapackage", "-o", str(out)])
    assert done.exit_code == 0, done.output
    source = str(out) if name.endswith(".zip") else str(out / "datapackage.json")
    report = frictionless.Package(source).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]


# Metadata, queries, facts


def test_metadata_follows_the_schema() -> None:
    data = yaml.safe_load((ROOT / "metadata.yml").read_text())["databases"]["evidence"]
    assert data["tables"] == yaml.safe_load(tables_yaml()), "run: cog -r metadata.yml"
    assert set(data["tables"]) == {t.name for t in TABLES} | {v.name for v in VIEWS}


QUERIES = compat.queries()
PARAMETERS = {"exposure": "vit", "outcome": "relapse", "title": "coffee", "fewer_than": "100", "shorter_than_days": "40"}


@pytest.mark.parametrize("name", QUERIES)
def test_canned_queries_give_rows(site: Site, name: str) -> None:
    query = "&".join(f"{k}={v}" for k, v in PARAMETERS.items())
    assert site.get(f"/evidence/{name}.json?_shape=array&{query}").json()
    page = site.get(f"/evidence/{name}?{query}").text
    assert QUERIES[name]["title"].replace("?", "") in html.unescape(page)


def test_small_trials_compare_numbers_as_numbers(site: Site) -> None:
    def n(query: str) -> list[int]:
        return [r["study_id"] for r in site.get(f"/evidence/small_or_short_trials.json?_shape=array&{query}").json()]

    assert n("fewer_than=20&shorter_than_days=1") == [2]
    assert n("fewer_than=100&shorter_than_days=1") == [2, 8]
    assert n("fewer_than=&shorter_than_days=") == [2]


def test_columns_are_explained_and_cells_labelled(site: Site) -> None:
    text = html.unescape(site.get("/evidence/studies").text)
    assert "What the columns mean" in text
    assert "Participants or animals, all arms" in text
    assert '<a href="/-/study/selenium-ms-0002">' in text
    assert 'cg-design-rct">Randomised trial' in text
    assert re.search(r'<q class="cg-quote">.*<mark>5 weeks</mark>', text)


def test_queries_link_to_our_pages(site: Site) -> None:
    page = site.get("/evidence/null_results").text
    assert 'href="/-/study/id/2"' in page


def test_facts_for_programs(site: Site) -> None:
    response = site.get("/-/citegrade.json")
    facts = response.json()
    assert facts["counts"]["studies"] == 11
    assert facts["profile_hash"] == "f00dfeed"
    assert facts["libraries"] == ["library.bib"]
    assert facts["accuracy"][0]["value"] == 0.97
    assert response.headers["access-control-allow-origin"] == "*"


def test_robots_may_be_closed(site: Site, database: Path) -> None:
    assert "Disallow: /evidence\n" in site.get("/robots.txt").text
    closed = Site(database, plugins={"citegrade": {"robots": "deny"}})
    assert closed.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    closed.loop.close()


# Serving


def test_serve_refuses_with_a_reason(tmp_path: Path, database: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to look at as one would look at a page " * 20)
    sqlite3.connect(tmp_path / "other.db").executescript("create table t (a)")
    for name, words in (("none.db", "citegrade build"), ("text.db", "not a SQLite database"), ("other.db", "not built by citegrade")):
        done = CliRunner().invoke(main, ["serve", "--db", str(tmp_path / name)])
        assert done.exit_code == 2
        assert words in done.output


def test_serve_refuses_a_port_that_is_taken(database: Path) -> None:
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", "--db", str(database), "--port", str(port)])
        assert done.exit_code == 2
        assert f"--port {port + 1}" in done.output


def test_serve_refuses_wal(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "evidence.db"
    copy.write_bytes(database.read_bytes())
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with pytest.raises(serve.StoreError, match="WAL"):
        serve.check_database(copy)


def test_serving_changes_nothing(site: Site, database: Path) -> None:
    before = database.read_bytes()
    for page, _ in PAGES.values():
        site.get(page)
    site.follow("/evidence.json?sql=delete+from+studies")
    assert database.read_bytes() == before
    assert not database.with_name("evidence.db-wal").exists()


# docs/api.md


def _examples() -> list[str]:
    text = (ROOT / "docs" / "api.md").read_text() if (ROOT / "docs" / "api.md").exists() else ""
    return re.findall(r"^curl -sL '?http://127\.0\.0\.1:8001(/[^'\n]*)'?", text, re.MULTILINE)


@pytest.mark.parametrize("example", _examples())
def test_examples_of_the_api_page(site: Site, example: str) -> None:
    response = site.follow(example.replace(" ", "%20"))
    assert response.status_code == 200, example
    target = example.split("?")[0]
    if target.endswith(".json") or "_shape=array" in example:
        assert [json.loads(line) for line in response.text.splitlines()] if "_nl=on" in example else response.json(), example
    elif target.endswith(".bib"):
        assert parse_bib(response.text)
    elif target.endswith(".svg"):
        ET.fromstring(response.content)
    else:
        assert len(response.content) > 100
