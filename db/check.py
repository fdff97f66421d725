"""Holds a built database to its promises: references whole, quotes equal to their spans, every value with its provenance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import StoreError

NEEDED = frozenset({"articles", "studies", "works", "bodies", "runs"})
"""Tables by which a citegrade database is known."""
_TRACED = ("sample_size", "studies_pooled", "duration_days", "exposure", "comparator", "condition")
_UNTRACED = "NOT EXISTS (SELECT 1 FROM provenance p WHERE p.study_id = s.id AND p.field = ?)"
_QUOTED = (
    ("studies", "SELECT s.id, s.start, s.end, s.quote, a.text FROM studies s JOIN articles a ON a.id = s.article_id"),
    ("findings", "SELECT f.id, f.start, f.end, f.quote, a.text FROM findings f JOIN studies s ON s.id = f.study_id JOIN articles a ON a.id = s.article_id"),
    ("claims", "SELECT c.id, c.start, c.end, c.quote, a.text FROM claims c JOIN articles a ON a.id = c.article_id"),
    ("citations", "SELECT c.id, c.start, c.end, c.raw, a.text FROM citations c JOIN articles a ON a.id = c.article_id"),
    ("provenance", "SELECT p.id, p.start, p.end, p.quote, a.text FROM provenance p JOIN studies s ON s.id = p.study_id JOIN articles a ON a.id = s.article_id"),
)


def open_readonly(path: Path) -> sqlite3.Connection:
    """Open a citegrade database for reading; refuse what citegrade did not build, with the reason.

    :raises StoreError: the file is missing, is no SQLite file, is locked, or has other tables.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such database; build one first: citegrade build PATH… --db {path}")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.OperationalError as e:
        connection.close()
        raise StoreError(f"{path}: cannot be read ({e}); another program may be writing it, try again in a moment") from e
    except sqlite3.DatabaseError as e:
        connection.close()
        raise StoreError(f"{path}: not a SQLite database; give the file that citegrade build wrote") from e
    if not tables >= NEEDED:
        connection.close()
        raise StoreError(f"{path}: not built by citegrade (no table {', '.join(sorted(NEEDED - tables))}); build it again")
    return connection


def check_database(path: Path) -> Iterator[str]:
    """Everything that is wrong with a database, in words; nothing where all is well."""
    connection = open_readonly(path)
    try:
        for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            yield f"{table} {rowid}: points at a row of {parent} that does not exist"
        for name, sql in _QUOTED:
            for row_id, start, end, quote, text in connection.execute(sql):
                if text is not None and start is not None and text[start:end] != quote:
                    yield f"{name} {row_id}: its quote is not what stands at {start}-{end}"
        for field in _TRACED:
            sql = f'SELECT s.id FROM studies s WHERE s."{field}" IS NOT NULL AND {_UNTRACED}'
            for (row_id,) in connection.execute(sql, (field,)):
                yield f"studies {row_id}: {field} has no provenance"
        for field, none in (("design", "unspecified"), ("species", "unknown")):
            sql = f'SELECT s.id FROM studies s WHERE s."{field}" <> ? AND {_UNTRACED}'
            for (row_id,) in connection.execute(sql, (none, field)):
                yield f"studies {row_id}: {field} has no provenance"
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "delete":
            yield f"journal mode is {mode}, not delete: an immutable reader would miss rows"
    finally:
        connection.close()
