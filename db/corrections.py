"""Corrections: a CSV by people, applied after reading and before grading, kept with the value that was read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.errors import ReadError
from ingest.records import DESIGNS, SPECIES, Correction, Problem, StudyRow, Value

FIELDS: dict[str, type] = {
    "design": str,
    "species": str,
    "sample_size": int,
    "studies_pooled": int,
    "duration_days": float,
    "exposure": str,
    "comparator": str,
    "condition": str,
}
_VOCABULARY = {"design": DESIGNS, "species": SPECIES}
_HEADER = ("study", "field", "new")


def read_corrections(path: Path) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    """Read a corrections file: columns ``study`` (its key), ``field``, ``new``, and optionally ``who``, ``when``, ``why``.

    An empty ``new`` means that the text does not state the value.

    :raises ReadError: the file cannot be opened or lacks a needed column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise ReadError(f"{path}: cannot be read ({e}); give a UTF-8 CSV file") from e
    reader = csv.DictReader(io.StringIO(text))
    missing = [c for c in _HEADER if c not in (reader.fieldnames or ())]
    if missing:
        raise ReadError(f"{path}: no column {', '.join(missing)}; the first line must read study,field,new,who,when,why")
    corrections, problems = [], []
    for line, row in enumerate(reader, 2):
        try:
            value = parse_value(row["field"].strip(), (row["new"] or "").strip())
        except ValueError as e:
            problems.append(Problem(str(path), f"{path}, line {line}: {e}", "entry", line))
            continue
        new = None if value is None else str(value)
        corrections.append(Correction(row["study"].strip(), row["field"].strip(), new, who=row.get("who"), corrected_on=row.get("when"), why=row.get("why")))
    return tuple(corrections), tuple(problems)


def parse_value(field: str, words: str) -> Any:
    """The value of a field out of its words; None for empty words.

    :raises ValueError: the field is unknown, or the words are not in its vocabulary.
    """
    if field not in FIELDS:
        raise ValueError(f"there is no field {field!r} to correct; fields are {', '.join(FIELDS)}")
    if not words:
        return None
    allowed = _VOCABULARY.get(field)
    if allowed and words not in allowed:
        raise ValueError(f"{words!r} is not a {field}; choose from {', '.join(allowed)}")
    try:
        return FIELDS[field](words)
    except ValueError:
        raise ValueError(f"{words!r} is not a number for {field}") from None


def apply_corrections(rows: Iterable[StudyRow], corrections: Iterable[Correction]) -> tuple[tuple[StudyRow, ...], tuple[Correction, ...]]:
    """Apply corrections to the rows that they name. Returns the rows and every correction with whether and on what it was applied."""
    by_key = {r.key: r for r in rows}
    done = []
    for c in corrections:
        row = by_key.get(c.study_key)
        if row is None:
            done.append(replace(c, note=f"no study has the key {c.study_key}: look it up in the studies table"))
            continue
        old = getattr(row.study, c.field)
        new = parse_value(c.field, c.new or "")
        by_key[row.key] = _corrected(row, c, new)
        done.append(replace(c, old=None if old is None or old in {"unspecified", "unknown"} else str(old), applied=True))
    return tuple(by_key.values()), tuple(done)


def _corrected(row: StudyRow, correction: Correction, new: Any) -> StudyRow:
    study = row.study
    kept = tuple((k, v) for k, v in study.provenance if k != correction.field)
    empty = {"design": "unspecified", "species": "unknown"}.get(correction.field)
    if new is not None:
        rule = f"correction by {correction.who or 'an editor'}"
        kept += ((correction.field, Value(new, -1, -1, rule)),)
    changes: dict[str, Any] = {correction.field: empty if new is None else new, "provenance": kept}
    return replace(row, study=replace(study, **changes), corrected=(*row.corrected, correction.field))
