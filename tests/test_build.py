"""From files to a database: whole, traced, the same bytes each time, unharmed by bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.check import check_database
from db.corrections import parse_value
from db.schema import BY_NAME, TABLES
from db.store import write_database
from db.views import VIEWS
from ingest.errors import StoreError
from ingest.records import CHANGES, DESIGNS, EFFECTS, SPECIES, stable_id
from tests.conftest import SAMPLES

ARTICLE = """Tea and sleep

In a trial in Leeds, 48 adults with insomnia were randomly assigned to green tea or water for six weeks. Sleep improved with tea.
A second study, in mice, found no difference. It is well known that tea is warm.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs = tmp_path / "articles"
    inputs.mkdir()
    (inputs / "tea.txt").write_text(ARTICLE, encoding="utf-8")
    return inputs


def rows(db: Path, sql: str, *values: object) -> list[tuple]:
    with sqlite3.connect(db) as connection:
        return connection.execute(sql, values).fetchall()


def test_samples_build_whole(samples_db: Path) -> None:
    assert list(check_database(samples_db)) == []
    assert rows(samples_db, "SELECT count(*) FROM problems") == [(0,)]
    assert rows(samples_db, "SELECT count(*) FROM articles")[0][0] >= 8
    assert not samples_db.with_name(samples_db.name + "-wal").exists()


def test_every_quote_is_what_stands_at_its_span(samples_db: Path) -> None:
    sql = (
        "SELECT p.field, p.value, p.quote, a.text, p.start, p.end FROM provenance p JOIN studies s ON s.id = p.study_id JOIN articles a ON a.id = s.article_id"
    )
    found = [r for r in rows(samples_db, sql) if r[4] is not None]
    assert len(found) > 50
    assert all(text[start:end] == quote and quote.strip() for _, _, quote, text, start, end in found)


def test_vocabularies_are_held_by_the_database(samples_db: Path, tmp_path: Path) -> None:
    copy = shutil.copy(samples_db, tmp_path / "copy.db")
    with sqlite3.connect(copy) as connection:
        for column, vocabulary in (("design", DESIGNS), ("species", SPECIES), ("effect", EFFECTS)):
            assert BY_NAME["studies"].column(column).values == vocabulary
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"UPDATE studies SET {column} = 'nonsense'")
        assert BY_NAME["findings"].column("change").values == CHANGES
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE studies SET sample_size = 'many'")


def test_views_answer_with_the_columns_they_describe(samples_db: Path) -> None:
    with sqlite3.connect(samples_db) as connection:
        for view in VIEWS:
            cursor = connection.execute(f"SELECT * FROM {view.name}")
            assert [d[0] for d in cursor.description] == [name for name, _ in view.columns]
            cursor.fetchall()


def test_two_builds_give_the_same_bytes(folder: Path, tmp_path: Path, citegrade) -> None:
    for name in ("milk.txt", "cocoa.txt"):
        (folder / name).write_text(ARTICLE.replace("tea", name[:-4]), encoding="utf-8")
    first, second = tmp_path / "1" / "e.db", tmp_path / "2" / "e.db"
    assert citegrade("build", folder, "--db", first).exit_code == 0
    assert citegrade("build", folder, "--db", second, "--workers", "2").exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_rerun_reads_only_what_changed_and_equals_a_fresh_build(folder: Path, tmp_path: Path, citegrade) -> None:
    db, fresh = tmp_path / "e.db", tmp_path / "fresh" / "e.db"
    (folder / "milk.txt").write_text(ARTICLE.replace("tea", "milk"), encoding="utf-8")
    citegrade("build", folder, "--db", db)
    (folder / "milk.txt").write_text(ARTICLE.replace("tea", "cocoa"), encoding="utf-8")
    result = citegrade("build", folder, "--db", db)
    assert "1 unchanged" in result.output
    citegrade("build", folder, "--db", fresh)
    assert db.read_bytes() == fresh.read_bytes()


def test_study_ids_survive_an_edit_elsewhere_in_the_article(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db)
    before = set(rows(db, "SELECT id, key FROM studies"))
    (folder / "tea.txt").write_text(ARTICLE.replace("Tea and sleep\n", "Tea and sleep\n\nA cup at night is an old custom.\n"), encoding="utf-8")
    citegrade("build", folder, "--db", db)
    assert before
    assert set(rows(db, "SELECT id, key FROM studies")) == before


def test_bad_inputs_are_named_and_the_rest_is_built(folder: Path, tmp_path: Path, citegrade) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "big.txt").write_bytes(b"words " * 3_400_000)
    (folder / "deutsch.txt").write_text("Die Studie hat gezeigt, dass der Tee nicht mit der Diät und den Mitteln auch für die Patienten gut ist. " * 4)
    library = tmp_path / "broken.bib"
    library.write_text(
        "@article{good, title={Tea}, author={Lee, A}, year={2001}}\n@article{bad, title={Unclosed, year=2002\n@book{also, title={Milk}, year={2003}}\n"
    )
    db = tmp_path / "e.db"
    result = citegrade("build", folder, tmp_path / "missing.txt", "--library", library, "--db", db)
    assert result.exit_code == 1, result.output
    found = dict(rows(db, "SELECT source, message FROM problems"))
    for name in ("empty.txt", "image.txt", "broken.pdf", "big.txt", "deutsch.txt", "missing.txt"):
        assert any(name in source for source in found), (name, found)
    assert any("broken.bib" in source for source in found)
    assert rows(db, "SELECT key FROM articles") == [("tea",)]
    assert {t for (t,) in rows(db, "SELECT title FROM works")} >= {"Tea", "Milk"}


def test_nothing_readable_is_exit_code_2_and_leaves_the_old_database(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db)
    before = db.read_bytes()
    result = citegrade("build", tmp_path / "nothing", "--db", db)
    assert result.exit_code == 2
    assert "nothing" in result.output
    assert db.read_bytes() == before


def test_a_locked_database_is_left_alone(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db)
    with sqlite3.connect(db, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        result = citegrade("build", folder, "--db", db)
        holder.execute("ROLLBACK")
    assert result.exit_code == 2
    assert "locked" in result.output
    assert list(tmp_path.glob(".*part*")) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anything")
def test_a_read_only_database_is_named(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db)
    db.chmod(0o444)
    assert "read-only" in citegrade("build", folder, "--db", db).output


def test_a_killed_build_leaves_the_old_database(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db)
    before = db.read_bytes()
    lines = [json.dumps({"id": f"d{i}", "text": ARTICLE * 3}) for i in range(4000)]
    (folder / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    process = subprocess.Popen([sys.executable, "-m", "ingest", "build", str(folder), "--db", str(db)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert db.read_bytes() == before


def test_corrections_hold_and_remember(folder: Path, tmp_path: Path, citegrade) -> None:
    db, file = tmp_path / "e.db", tmp_path / "corrections.csv"
    citegrade("build", folder, "--db", db)
    key, size = rows(db, "SELECT key, sample_size FROM studies WHERE design = 'rct'")[0]
    file.write_text(f"study,field,new,who,when,why\n{key},sample_size,50,AB,2025-01-02,counted\nnobody~1,sample_size,5,,,\n{key},colour,red,,,\n")
    result = citegrade("build", folder, "--db", db, "--corrections", file)
    assert result.exit_code == 1
    assert rows(db, "SELECT sample_size, corrected FROM studies WHERE key = ?", key) == [(50, "sample_size")]
    assert rows(db, "SELECT old, new, applied FROM corrections WHERE study_key = ?", key) == [(str(size), "50", 1)]
    assert rows(db, "SELECT applied, note IS NOT NULL FROM corrections WHERE study_key = 'nobody~1'") == [(0, 1)]
    assert "correction by AB" in rows(db, "SELECT rule FROM provenance WHERE field = 'sample_size' AND value = '50'")[0][0]
    assert list(check_database(db)) == []
    assert "no field 'colour'" in result.output
    assert rows(db, "SELECT count(*) FROM problems") == [(2,)]


@pytest.mark.parametrize(
    ("field", "words", "value"), [("sample_size", "12", 12), ("sample_size", "", None), ("design", "rct", "rct"), ("duration_days", "7.5", 7.5)]
)
def test_correction_values(field: str, words: str, value: object) -> None:
    assert parse_value(field, words) == value


@pytest.mark.parametrize(("field", "words"), [("sample_size", "many"), ("design", "trial"), ("colour", "red")])
def test_correction_values_that_are_wrong(field: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_value(field, words)


def test_excerpts_leave_the_texts_out_and_keep_the_quotes(folder: Path, tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", folder, "--db", db, "--excerpts")
    assert rows(db, "SELECT text FROM articles") == [(None,)]
    assert "48 adults" in rows(db, "SELECT group_concat(quote) FROM studies")[0][0]


def test_standard_input(tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    assert citegrade("build", "-", "--db", db, input=ARTICLE).exit_code == 0
    assert rows(db, "SELECT key FROM articles") == [("stdin",)]


def test_search_finds_articles_studies_and_works(samples_db: Path) -> None:
    for table, word in (("articles", "selenium"), ("studies", "selenium"), ("works", "selenium")):
        sql = f"SELECT count(*) FROM {table} WHERE id IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)"
        assert rows(samples_db, sql, word)[0][0] > 0


def test_every_column_is_described() -> None:
    for table in TABLES:
        assert table.description.endswith(".")
        for column in table.columns:
            assert column.description.endswith("."), (table.name, column.name)


def test_a_row_that_breaks_the_schema_leaves_the_old_file(tmp_path: Path) -> None:
    db = tmp_path / "e.db"
    write_database(db, {})
    before = db.read_bytes()
    with pytest.raises(StoreError):
        write_database(db, {"claims": [{"id": 1, "article_id": stable_id("x"), "quote": "q"}]})
    assert db.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["e.db"]


def test_the_samples_folder_holds_what_is_promised() -> None:
    suffixes = {p.suffix for p in SAMPLES.iterdir()}
    assert {".md", ".txt", ".html", ".xml", ".jsonl", ".bib", ".csv"} <= suffixes
