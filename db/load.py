"""A database back to records, so that grades can be given anew without reading an article."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.build import best_level, body_rows, grade_rows
from db.check import open_readonly
from db.schema import TABLES
from db.store import write_database
from ingest.records import Body, Finding, Grade, Link, Reason, Span, Study, StudyRow, Value, Work

Row = dict[str, Any]


def load_rows(path: Path) -> dict[str, list[Row]]:
    """Every row of every table.

    :raises StoreError: the file is missing or is not a citegrade database.
    """
    connection = open_readonly(path)
    connection.row_factory = sqlite3.Row
    try:
        return {t.name: [dict(r) for r in connection.execute(f'SELECT * FROM "{t.name}"')] for t in TABLES}
    finally:
        connection.close()


def load_works(rows: dict[str, list[Row]]) -> dict[str, Work]:
    """The works by key, as far as grading needs them."""
    fields = ("title", "container", "year", "doi", "pmid", "type", "abstract", "retraction", "retraction_reason")
    return {r["key"]: Work(key=r["key"], **{f: r[f] for f in fields}) for r in rows["works"]}


def load_studies(rows: dict[str, list[Row]]) -> tuple[tuple[StudyRow, ...], dict[str, str]]:
    """The studies, and for each article a text that holds every stored quote at its place (blanks elsewhere when only excerpts are stored)."""
    articles = {r["id"]: r for r in rows["articles"]}
    works = {r["id"]: r["key"] for r in rows["works"]}
    of: dict[str, dict[int, list[Row]]] = {name: defaultdict(list) for name in ("findings", "passages", "qualities", "provenance")}
    for name, by_study in of.items():
        for r in rows[name]:
            by_study[r["study_id"]].append(r)
    texts = {r["key"]: r["text"] or " " * r["characters"] for r in rows["articles"]}
    studies = []
    for r in sorted(rows["studies"], key=lambda r: (articles[r["article_id"]]["key"], r["position"])):
        article = articles[r["article_id"]]["key"]
        quoted = [*of["passages"][r["id"]], *of["findings"][r["id"]], r]
        if articles[r["article_id"]]["text"] is None:
            texts[article] = _filled(texts[article], quoted)
        studies.append(_study(r, article, of, works))
    return tuple(studies), texts


def _filled(text: str, quotes: Iterable[Row]) -> str:
    for q in quotes:
        text = text[: q["start"]] + q["quote"] + text[q["end"] :]
    return text


def _study(r: Row, article: str, of: dict[str, dict[int, list[Row]]], works: dict[int, str]) -> StudyRow:
    findings = sorted(of["findings"][r["id"]], key=lambda f: f["position"])
    keep = ("start", "end", "quote", "design", "species", "label", "sample_size", "studies_pooled", "duration_days", "duration_text")
    study = Study(
        **{k: r[k] for k in (*keep, "duration_phase", "exposure", "comparator", "condition")},
        arms=tuple(json.loads(r["arms"] or "[]")),
        plural=bool(r["plural"]),
        primary=bool(r["own"]),
        parts=tuple(Span(p["start"], p["end"]) for p in sorted(of["passages"][r["id"]], key=lambda p: p["position"])),
        findings=tuple(
            Finding(
                **{k: f[k] for k in ("outcome", "change", "effect", "outcome_type", "start", "end", "ratio")},
                rule=f["rule"] or "",
                primary=bool(f["main"]),
                term=f["outcome_term"],
            )
            for f in findings
        ),
        weaknesses=tuple((q["kind"], q["start"], q["end"]) for q in of["qualities"][r["id"]]),
        provenance=tuple((p["field"], _value(r, p)) for p in of["provenance"][r["id"]]),
    )
    link = Link("mention", r["position"] - 1, "work", works.get(r["work_id"]), r["link_method"] or "none", r["link_score"] or 0.0, r["link_reason"] or "")
    return StudyRow(
        key=r["key"],
        article_id=article,
        position=r["position"],
        study=study,
        label=r["label"],
        effect=r["effect"],
        exposure_term=r["exposure_term"],
        condition_term=r["condition_term"],
        questions=tuple(f["question"] for f in findings),
        work_key=works.get(r["work_id"]),
        link=link,
        corrected=tuple(filter(None, (r["corrected"] or "").split(", "))),
    )


def _value(study: Row, p: Row) -> Value[Any]:
    value = study.get(p["field"], p["value"])
    return Value(value, -1 if p["start"] is None else p["start"], -1 if p["end"] is None else p["end"], p["rule"])


def load_grades(rows: dict[str, list[Row]]) -> list[tuple[str, Grade]]:
    """Every grade with the key of its study or body."""
    keys = {r["id"]: r["key"] for r in (*rows["studies"], *rows["bodies"])}
    reasons: dict[int, list[Row]] = defaultdict(list)
    for r in rows["grade_reasons"]:
        reasons[r["grade_id"]].append(r)
    out = []
    for g in rows["grades"]:
        steps = [
            Reason(r["domain"], r["direction"], r["steps"], r["reason"], r["start"], r["end"], r["field"], r["value"])
            for r in sorted(reasons[g["id"]], key=lambda r: r["step"])
        ]
        grade = Grade(g["scale"], g["level"], g["question"], tuple(steps), g["profile"], g["profile_hash"], bool(g["provisional"]))
        out.append((keys[g["study_id"] or g["body_id"]], grade))
    return out


def store_grades(
    path: Path, rows: dict[str, list[Row]], studies: Iterable[StudyRow], bodies: Iterable[Body], texts: dict[str, str], profile: tuple[str, str]
) -> None:
    """Write a database anew with other grades; everything else stays as it is.

    :param profile: name and hash of the profile.
    :raises StoreError: the file cannot be written.
    """
    studies = tuple(studies)
    for name in ("grades", "grade_reasons", "bodies", "body_studies"):
        rows[name] = []
    by_id = {r["id"]: r for r in rows["studies"]}
    for s in studies:
        for grade in s.grades:
            grade_rows(grade, s.id, None, texts[s.article_id], rows)
        by_id[s.id].update(ocebm_level=best_level(s.grades, "ocebm"), sort_level=best_level(s.grades, "sort"))
    body_rows(studies, bodies, rows)
    for run in rows["runs"]:
        counts = {**json.loads(run["counts"]), **{name: len(rows[name]) for name in ("grades", "grade_reasons", "bodies", "body_studies")}}
        run.update(profile=profile[0], profile_hash=profile[1], counts=json.dumps(counts, sort_keys=True))
    write_database(path, rows)
