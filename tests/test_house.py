"""The shape of the house, held against the code: who may import whom, what may be named, what must be documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ingest.cli import main
from tests.conftest import ROOT

STEPS = ("read", "find", "extract", "link", "grade")
SOURCES = [p for folder in ("ingest", "db", "publish") for p in sorted((ROOT / folder).rglob("*.py"))]


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{a.name}" for a in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return {m for m in found if m.split(".")[0] in {"ingest", "db", "publish"}}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_import_only_what_they_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts
    used = imports(path)
    assert not any(m.startswith("ingest.cli") for m in used) or path.name.startswith("cli") or path.name == "__main__.py", "nobody imports the command line"
    if room[0] == "ingest" and room[1] in (*STEPS, "text"):
        others = {s for s in STEPS if s != room[1]}
        assert not [m for m in used if m.split(".")[:2] in [["ingest", s] for s in others]], "steps never import one another"
        assert not [m for m in used if m.startswith(("db", "publish"))], "reading knows no database and no site"
    if room[0] == "db":
        assert not [m for m in used if m.startswith(("publish", "ingest")) and not m.startswith(("ingest.records", "ingest.errors", "ingest.freeze"))]
    if room[0] == "publish":
        allowed = ("db.schema", "db.views", "db.check", "ingest.records", "ingest.errors", "publish", "ingest.__version__")
        assert not [m for m in used if m not in {"ingest", "db"} and not m.startswith(allowed)], "the site reads the database"


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)\b")
    tracked = [
        p for p in ROOT.rglob("*") if p.is_file() and not any(part.startswith(".v") or part in {".git", "node_modules", "__pycache__"} for part in p.parts)
    ]
    wrong = [
        p
        for p in tracked
        if p.suffix in {".py", ".md", ".toml", ".lock", ".yml", ".txt", ".html", ""}
        and p.name != "test_house.py"
        and hosts.search(p.read_text("utf-8", "ignore"))
    ]
    assert wrong == []


def test_every_command_is_in_the_readme_and_explains_itself() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"citegrade {name}" in readme, name
        assert command.help
        assert len(command.help) > 40, name


def test_the_lock_pins_every_dependency_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [x for x in lock.splitlines() if x and not x.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+]+", x) for x in lines)
    assert {"datasette", "sqlite-utils", "bibtexparser"} <= {x.split("==")[0].lower() for x in lines}
