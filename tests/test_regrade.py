"""Grading again from the database alone: the same profile changes nothing, another one says what moves and why."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from db.check import check_database
from tests.conftest import ROOT

MECHANICAL = ROOT / "ingest" / "grade" / "mechanical.yml"


def test_the_same_profile_gives_the_same_bytes(samples_db: Path, tmp_path: Path, citegrade) -> None:
    db = Path(shutil.copy(samples_db, tmp_path / "e.db"))
    before = db.read_bytes()
    result = citegrade("regrade", "--db", db)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("0 of ")
    assert db.read_bytes() == before


def test_another_profile_shows_what_moves_and_writes_only_when_told(samples_db: Path, tmp_path: Path, citegrade) -> None:
    db = Path(shutil.copy(samples_db, tmp_path / "e.db"))
    before = db.read_bytes()
    shown = citegrade("regrade", "--db", db, "--profile", MECHANICAL, "--diff")
    assert " -> " in shown.output
    assert db.read_bytes() == before
    citegrade("regrade", "--db", db, "--profile", MECHANICAL)
    assert list(check_database(db)) == []
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT DISTINCT profile FROM grades").fetchall() == connection.execute("SELECT profile FROM runs").fetchall()


def test_excerpts_grade_as_the_whole_text_does(tmp_path: Path, citegrade) -> None:
    db = tmp_path / "e.db"
    citegrade("build", ROOT / "samples", "--db", db, "--excerpts")
    assert citegrade("regrade", "--db", db, "--diff").output.startswith("0 of ")


def test_a_bad_profile_is_one_sentence(samples_db: Path, tmp_path: Path, citegrade) -> None:
    profile = tmp_path / "mine.yml"
    profile.write_text("nonsense: 3\n", encoding="utf-8")
    result = citegrade("regrade", "--db", samples_db, "--profile", profile, "--diff")
    assert result.exit_code == 2
    assert "nonsense" in result.output
