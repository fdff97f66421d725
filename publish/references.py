"""References behind rows: the works and citations that rows of any table, view or query stand on, with what was read of them.

Each reference carries design, n, duration, effect and grades in its keywords and notes, which reference managers keep.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from publish import compat, labels
from publish.formats.bibtex import write_bibtex
from publish.formats.csljson import write_csljson
from publish.formats.reference import one_line, references
from publish.formats.ris import write_ris

WRITERS = {"bib": write_bibtex, "ris": write_ris, "csljson": write_csljson}
CONTENT_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csljson": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
# Columns that lead to references, the strongest first; a table of ours also leads there by its own id.
COLUMNS = ("work_id", "citation_id", "study_id", "body_id", "article_id")
_OWN = {"works": "work_id", "citations": "citation_id", "studies": "study_id", "bodies": "body_id", "articles": "article_id"}
_TO_WORKS = {
    "study_id": "SELECT work_id, citation_id FROM studies WHERE id = ?",
    "citation_id": "SELECT work_id, id AS citation_id FROM citations WHERE id = ?",
    "body_id": "SELECT s.work_id, s.citation_id FROM body_studies bs JOIN studies s ON s.id = bs.study_id WHERE bs.body_id = ? ORDER BY bs.id",
    "article_id": "SELECT work_id, id AS citation_id FROM citations WHERE article_id = ? ORDER BY number",
}
_BATCH = 400  # rows asked for at once

Target = tuple[str, int]  # ("work" | "citation", id)


def source_columns(columns: Sequence[str], table: str | None) -> list[str]:
    """Which columns of a result lead to references, the strongest first; empty where none does.

    >>> source_columns(["id", "title"], "works"), source_columns(["study_id", "work_id"], None), source_columns(["id"], None)
    (['id'], ['work_id', 'study_id'], [])
    """
    out = ["id"] if table in _OWN and "id" in columns else []
    return out + [c for c in COLUMNS if c in columns]


def targets(connection: sqlite3.Connection, rows: Iterable[Any], columns: Sequence[str], table: str | None) -> list[Target]:
    """Works (else citations) behind rows, each once, in the order met."""
    sources = source_columns(columns, table)
    found: dict[Target, None] = {}
    for row in rows:
        for column in sources:
            value = row[column]
            if isinstance(value, int):
                found |= dict.fromkeys(_resolve(connection, _OWN[table] if column == "id" and table else column, value))
                break
    return list(found)


def _resolve(connection: sqlite3.Connection, column: str, value: int) -> Iterator[Target]:
    if column == "work_id":
        yield "work", value
        return
    for work, citation in connection.execute(_TO_WORKS[column], (value,)):
        if work is not None:
            yield "work", work
        elif citation is not None:
            yield "citation", citation


def load(connection: sqlite3.Connection, wanted: Sequence[Target]) -> Iterator[tuple[dict[str, Any], dict[str, list[str]]]]:
    """Each reference as a row with what was read of it, in the order asked for."""
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        rows = {("work", r["id"]): r for r in _select(connection, "works", [i for kind, i in part if kind == "work"])}
        rows |= {("citation", r["id"]): r for r in _select(connection, "citations", [i for kind, i in part if kind == "citation"])}
        studies: dict[Target, list[dict[str, Any]]] = {}
        for kind in ("work", "citation"):
            for study in _studies(connection, f"{kind}_id", [i for k, i in part if k == kind]):
                studies.setdefault((kind, study[f"{kind}_id"]), []).append(study)
        for target in part:
            if target in rows:
                yield _record(rows[target]), _extra(rows[target], studies.get(target, []))


def _select(connection: sqlite3.Connection, table: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    return _dicts(connection, f"SELECT * FROM {table} WHERE id IN ({_marks(ids)})", ids)


def _studies(connection: sqlite3.Connection, column: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    sql = (
        "SELECT s.*, a.title AS article, "
        "(SELECT group_concat(DISTINCT b.certainty) FROM body_studies bs JOIN bodies b ON b.id = bs.body_id WHERE bs.study_id = s.id) AS certainty "
        f"FROM studies s JOIN articles a ON a.id = s.article_id WHERE s.{column} IN ({_marks(ids)}) ORDER BY s.id"
    )
    return _dicts(connection, sql, ids)


def _marks(ids: Sequence[int]) -> str:
    return ", ".join("?" for _ in ids)


def _dicts(connection: sqlite3.Connection, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, tuple(params))
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, tuple(r), strict=True)) for r in cursor]


def keyed(record: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """The record under a citation key that none of ``taken`` is; adds it there. For files written in pieces."""
    base = references([record])[0].key
    key, n = base, 1
    while key.lower() in taken:
        n += 1
        key = f"{base}-{n}"
    taken.add(key.lower())
    return record | {"citekey": one_line(key)}


def _record(row: dict[str, Any]) -> dict[str, Any]:
    out = dict(row)
    if not out.get("title"):
        out["title"] = out.get("raw")
    out["keywords"] = [k.strip() for k in (out.get("keywords") or "").split(";") if k.strip()]
    return out


def _extra(row: dict[str, Any], studies: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    keywords: dict[str, None] = {}
    notes: list[str] = []
    if row.get("retraction"):
        keywords[f"retraction: {row['retraction']}"] = None
        notes.append(f"{labels.words('retraction', row['retraction'])}: {row.get('retraction_reason') or 'no reason given'}")
    for study in studies:
        facts = _facts(study)
        keywords |= dict.fromkeys(f"{name}: {value}" for name, value in facts)
        said = ", ".join(f"{name} {value}" for name, value in facts)
        notes.append(f"Read by citegrade from “{study['article']}” ({study['label']}): {said}. Provisional.")
    return {"keywords": list(keywords), "note": notes}


def _facts(study: dict[str, Any]) -> list[tuple[str, str]]:
    out = [("design", study["design"])]
    if study["sample_size"] is not None:
        out.append(("n", str(study["sample_size"])))
    if study["duration_days"] is not None:
        out.append(("duration", f"{study['duration_days']:g} days"))
    if study["effect"]:
        out.append(("effect", study["effect"]))
    if study["ocebm_level"]:
        out.append(("OCEBM level", study["ocebm_level"]))
    if study["sort_level"]:
        out.append(("SORT level", study["sort_level"]))
    for certainty in sorted(filter(None, (study["certainty"] or "").split(","))):
        out.append(("GRADE certainty", certainty))
    return out


def write(connection: sqlite3.Connection, wanted: Sequence[Target], extension: str) -> str:
    """The references in a format: bib, ris or csljson."""
    pairs = list(load(connection, wanted))
    return WRITERS[extension]([r for r, _ in pairs], [e for _, e in pairs])


def _renderer(extension: str) -> dict[str, Any]:
    async def render(datasette: Any, columns: Sequence[str], rows: Sequence[Any], database: str, table: str | None) -> dict[str, Any]:
        if not source_columns(columns, table):
            body = f"No references behind these rows: one of the columns {', '.join(COLUMNS)} must be among them.\n"
            return {"body": body, "content_type": "text/plain; charset=utf-8", "status_code": 400}
        db = datasette.get_database(database)
        body = await db.execute_fn(lambda connection: write(connection, targets(connection, rows, columns, table), extension))
        return {"body": body, "content_type": CONTENT_TYPES[extension], "status_code": 200}

    async def can_render(datasette: Any, columns: Sequence[str], database: str, table: str | None) -> bool:
        return database == await compat.database_name(datasette) and bool(source_columns(columns, table))

    return {"extension": extension, "render": render, "can_render": can_render}


RENDERERS = [_renderer(extension) for extension in WRITERS]
