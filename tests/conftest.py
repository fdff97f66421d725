"""Shared fixtures: where the samples are, a database built from them once, an environment that no user setting reaches."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from ingest.cli import main

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"

# Property tests try the same examples on every machine, and a busy machine fails none of them.
settings.register_profile("citegrade", deadline=None, derandomize=True)
settings.load_profile("citegrade")


@pytest.fixture
def citegrade():
    """Run a command in this process; returns click's result."""

    def run(*args: str, **kwargs: object) -> Result:
        return CliRunner().invoke(main, [str(a) for a in args], **kwargs)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def samples_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the bundled samples."""
    db = tmp_path_factory.mktemp("samples") / "evidence.db"
    library, corrections = SAMPLES / "library.bib", SAMPLES / "corrections.csv"
    args = [
        "build",
        str(SAMPLES),
        "--library",
        str(library),
        "--corrections",
        str(corrections),
        "--retractions",
        str(SAMPLES / "retractions.csv"),
        "--db",
        str(db),
    ]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0, result.output
    return db
