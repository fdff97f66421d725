"""The database written out for other programs: always complete, row by row, the same bytes for the same database."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from db.schema import BY_NAME, TABLES, Column
from db.views import VIEWS
from ingest.errors import StoreError
from publish import references
from publish.formats.csljson import csl_items
from publish.formats.reference import Record

FORMATS = ("csv", "jsonl", "bibtex", "ris", "csl-json", "datapackage")
_EXTENSIONS = {"bibtex": "bib", "ris": "ris", "csl-json": "csljson"}
_TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
BATCH = 500
"""References or rows written at once."""


def connect(path: Path) -> sqlite3.Connection:
    """A read-only connection."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def export(db_path: Path, format: str, out: TextIO, table: str | None = None) -> None:
    """Write a table or view (csv, jsonl) or references (bibtex, ris, csl-json) to ``out``.

    :param table: any table or view for csv and jsonl (default study_table); works (default), citations, studies
        or bodies for references.
    :raises StoreError: there is no such table, or no references behind it.
    """
    connection = connect(db_path)
    try:
        if format in ("csv", "jsonl"):
            for text in rows_text(connection, table or "study_table", format):
                out.write(text)
        elif format in _EXTENSIONS:
            for text in references_text(connection, _EXTENSIONS[format], table or "works"):
                out.write(text)
        else:
            raise StoreError(f"unknown format {format}; choose {', '.join(FORMATS)}")
    finally:
        connection.close()


def rows_text(connection: sqlite3.Connection, table: str, format: str) -> Iterator[str]:
    """A table or view as CSV or JSON Lines, a piece at a time.

    :raises StoreError: there is no such table.
    """
    if table not in BY_NAME and table not in {v.name for v in VIEWS}:
        raise StoreError(f"no table or view {table}; choose one of {', '.join([*BY_NAME, *(v.name for v in VIEWS)])}")
    order = " ORDER BY " + ", ".join(f'"{k}"' for k in BY_NAME[table].key) if table in BY_NAME else " ORDER BY 1"
    cursor = connection.execute(f'SELECT * FROM "{table}"{order}')
    names = [d[0] for d in cursor.description]
    if format == "csv":
        yield _csv([names])
    while rows := cursor.fetchmany(BATCH):
        if format == "csv":
            yield _csv(rows)
        else:
            yield "".join(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def all_targets(connection: sqlite3.Connection, table: str) -> list[references.Target]:
    """Every reference behind a table: works, citations, or what all studies or bodies stand on.

    :raises StoreError: the table has no references.
    """
    if table == "works":
        return [("work", i) for (i,) in connection.execute("SELECT id FROM works ORDER BY id")]
    if table not in ("citations", "studies", "bodies", "articles"):
        raise StoreError(f"no references behind {table}; choose works, citations, studies, bodies or articles")
    cursor = connection.execute(f"SELECT id FROM {table} ORDER BY id")
    return references.targets(connection, ({"id": i} for (i,) in cursor), ["id"], table)


def references_text(
    connection: sqlite3.Connection,
    extension: str,
    table: str = "works",
    wanted: list[references.Target] | None = None,
    taken: set[str] | None = None,
    frame: bool = True,
) -> Iterator[str]:
    """References as BibTeX, RIS or CSL-JSON, a piece at a time; keys are unique over all pieces.

    :param taken: citation keys already given; those given here join it.
    :param frame: with the brackets that make a JSON list.
    :raises StoreError: the table has no references.
    """
    wanted = all_targets(connection, table) if wanted is None else wanted
    taken = set() if taken is None else taken
    listed = extension == "csljson"
    if listed and frame:
        yield "[\n"
    for at in range(0, len(wanted), BATCH):
        pairs = list(references.load(connection, wanted[at : at + BATCH]))
        records: list[Record] = [references.keyed(record, taken) for record, _ in pairs]
        extras = [extra for _, extra in pairs]
        if listed:
            items = (json.dumps(item, ensure_ascii=False) for item in csl_items(records, extras))
            yield (",\n" if at else "") + ",\n".join(items)
        else:
            yield references.WRITERS[extension](records, extras).rstrip("\n") + "\n\n"
    if listed and frame:
        yield "\n]\n"


def export_package(db_path: Path, output: Path) -> None:
    """Write a data package: a CSV of every table and a datapackage.json that describes them; a folder or a .zip file.

    :raises StoreError: the output is a file that is no .zip.
    """
    connection = connect(db_path)
    try:
        descriptor = json.dumps(package_descriptor(connection), ensure_ascii=False, indent=2) + "\n"
        if output.suffix == ".zip":
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_entry("datapackage.json"), descriptor)
                for table in TABLES:
                    with archive.open(_entry(f"{table.name}.csv"), "w") as f:
                        for text in rows_text(connection, table.name, "csv"):
                            f.write(text.encode())
            return
        if output.exists() and not output.is_dir():
            raise StoreError(f"{output}: is a file; name a folder or a .zip file")
        output.mkdir(parents=True, exist_ok=True)
        (output / "datapackage.json").write_text(descriptor, encoding="utf-8")
        for table in TABLES:
            with (output / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as f:
                f.writelines(rows_text(connection, table.name, "csv"))
    finally:
        connection.close()


def _entry(name: str) -> zipfile.ZipInfo:
    """An archive member whose date is fixed: the same database gives the same archive."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def package_descriptor(connection: sqlite3.Connection) -> dict[str, Any]:
    """datapackage.json: every table with its columns, vocabularies and keys, out of db/schema.py."""
    run = connection.execute("SELECT version, input_digest FROM runs ORDER BY id DESC LIMIT 1").fetchone() or ("0", "")
    resources = []
    for table in TABLES:
        schema: dict[str, Any] = {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key), "missingValues": [""]}
        keys = [{"fields": [c.name], "reference": {"resource": c.references, "fields": ["id"]}} for c in table.columns if c.references]
        if keys:
            schema["foreignKeys"] = keys
        resources.append(
            {
                "name": table.name,
                "title": table.title,
                "description": table.description,
                "path": f"{table.name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }
        )
    return {
        "name": "citegrade-evidence",
        "title": "Evidence database",
        "description": f"Studies that health articles lean on, graded. Built by citegrade {run[0]} from inputs with digest {run[1]}. Grades are provisional.",
        "profile": "tabular-data-package",
        "resources": resources,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})
