"""Rows into a fresh SQLite file: fixed order, one transaction, indexes and text search after the rows, then checks."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.schema import SEARCH_SOURCES, TABLES, create_statements, index_statements
from db.views import view_statements
from ingest.errors import StoreError

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def write_database(path: Path, rows: Rows) -> None:
    """Write a whole database beside ``path`` and move it into place in one step.

    :param rows: table name to rows; tables that are absent stay empty.
    :raises StoreError: the folder cannot be written, the old file is in use, or a row breaks a rule of the schema.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(f"{path}: read-only; make it writable or build elsewhere with --db")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _fill(temporary, rows)
        _replace(temporary, path)
    except (sqlite3.Error, OSError) as e:
        raise StoreError(f"{path}: could not be written ({e}); check the disk and the folder's permissions, or choose another file with --db") from e
    finally:
        for left in (temporary, temporary.with_name(temporary.name + "-journal")):
            left.unlink(missing_ok=True)


def _fill(temporary: Path, rows: Rows) -> None:
    temporary.unlink(missing_ok=True)
    connection = sqlite3.connect(temporary, isolation_level=None)
    try:
        db = Database(connection)
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
            db.execute(f"PRAGMA {pragma}")
        with db.atomic():
            for statement in create_statements():
                db.execute(statement)
            for table in TABLES:
                # In the order of the key: the file is the same however the rows came, and its pages are full.
                ordered = sorted(rows.get(table.name, ()), key=lambda r: tuple(r[k] for k in table.key))
                _insert(connection, table.name, [c.name for c in table.columns], ordered)
            for statement in (*index_statements(), *view_statements()):
                db.execute(statement)
            _search(connection)
        db.execute("ANALYZE")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreError(f"{broken[0][0]}: a row points at a row of {broken[0][2]} that does not exist")
        db.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    with temporary.open("rb+") as f:
        os.fsync(f.fileno())


def _insert(connection: sqlite3.Connection, table: str, columns: list[str], rows: Iterable[Mapping[str, Any]]) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    marks = ", ".join("?" for _ in columns)
    connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', ([row.get(c) for c in columns] for row in rows))


def _search(connection: sqlite3.Connection) -> None:
    for table in TABLES:
        if not table.search:
            continue
        own = {c.name for c in table.columns}
        names = ", ".join(f'"{c}"' for c in table.search)
        plain = all(c in own for c in table.search)
        content = f"content=\"{table.name}\", content_rowid='id', " if plain else ""
        connection.execute(f"CREATE VIRTUAL TABLE \"{table.name}_fts\" USING fts5({names}, {content}tokenize='porter unicode61')")
        connection.execute(f'INSERT INTO "{table.name}_fts"("{table.name}_fts", rank) VALUES (\'hashsize\', 1048576)') if plain else None
        sources = ", ".join(f'"{c}"' if c in own else SEARCH_SOURCES[table.name, c] for c in table.search)
        connection.execute(f'INSERT INTO "{table.name}_fts"(rowid, {names}) SELECT id, {sources} FROM "{table.name}" ORDER BY id')
        connection.execute(f'INSERT INTO "{table.name}_fts"("{table.name}_fts") VALUES (\'optimize\')')


def _replace(temporary: Path, path: Path) -> None:
    if path.exists():
        probe = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=0.5)
        try:
            probe.execute("BEGIN EXCLUSIVE")
            probe.execute("ROLLBACK")
        except sqlite3.DatabaseError as e:
            if "locked" in str(e):
                raise StoreError(f"{path}: locked by another program; close it and build again") from e
        finally:
            probe.close()
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
