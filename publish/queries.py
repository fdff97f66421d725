"""What each page asks of the database, as plain dictionaries. Canned queries for people live in metadata.yml."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

Row = dict[str, Any]

_STUDY = """SELECT s.*, a.title AS article, a.key AS article_key, w.title AS work, w.key AS work_key,
  w.authors AS work_authors, w.year AS work_year, w.doi AS work_doi,
  w.retraction, c.raw AS citation, c.number AS citation_number
  FROM studies s JOIN articles a ON a.id = s.article_id LEFT JOIN works w ON w.id = s.work_id LEFT JOIN citations c ON c.id = s.citation_id"""
_GRADE_ORDER = "CASE g.scale WHEN 'grade' THEN 0 WHEN 'ocebm' THEN 1 WHEN 'sort' THEN 2 ELSE 3 END"


class Reader:
    """Reads rows as dictionaries through Datasette's own connection pool and time limit."""

    def __init__(self, db: Any) -> None:
        self._db = db

    async def all(self, sql: str, *params: Any) -> list[Row]:
        """Every row."""
        result = await self._db.execute(sql, list(params))
        return [dict(r) for r in result.rows]

    async def slow(self, sql: str, *params: Any) -> list[Row]:
        """Every row of a statement of ours that may take longer than Datasette lets strangers' SQL take."""

        def read(connection: sqlite3.Connection) -> list[Row]:
            return [dict(r) for r in connection.execute(sql, params)]

        found: list[Row] = await self._db.execute_fn(read)
        return found

    async def one(self, sql: str, *params: Any) -> Row | None:
        """The first row, if any."""
        rows = await self.all(sql, *params)
        return rows[0] if rows else None

    async def marked(self, sql: str, ids: list[Any], *more: Any) -> list[Row]:
        """Every row of a statement whose ``??`` stands for a list of values."""
        return await self.all(sql.replace("??", ", ".join("?" for _ in ids)), *ids, *more) if ids else []


async def build_facts(read: Reader) -> Row:
    """What the database was built from, and its counts."""
    run = await read.one("SELECT * FROM runs ORDER BY id DESC LIMIT 1") or {}
    counts = await read.one(
        "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM studies) AS studies, (SELECT count(*) FROM works) AS works, "
        "(SELECT count(*) FROM citations) AS citations, "
        "(SELECT count(*) FROM bodies) AS bodies, (SELECT count(*) FROM claims) AS claims, (SELECT count(*) FROM problems) AS problems"
    )
    return {"run": run, "counts": counts or {}}


async def accuracy(read: Reader) -> list[Row]:
    """The scorecard, in the order that it was written."""
    return await read.all("SELECT * FROM accuracy ORDER BY id")


async def map_cells(read: Reader, by: str, lane: str, exposure: str, column: str, rows: int, columns: int) -> Row:
    """The bodies behind the evidence map: the best studied exposures by the best studied conditions (or outcomes).

    In each cell what patients feel (clinical outcomes, mortality) comes before what a laboratory measures.
    """
    where, params = ["lane = ?"], [lane]
    for name, words in (("exposure", exposure), (by, column)):
        if words:
            where.append(f"{name} LIKE ? ESCAPE '\\'")
            params.append("%" + re.sub(r"([%_\\])", r"\\\1", words) + "%")
    condition = " AND ".join(where)

    async def top(name: str, limit: int) -> list[str]:
        known = f"(SELECT known FROM terms t WHERE t.kind = '{name}' AND t.term = bodies.{name})"  # the vocabulary's own terms come first
        order = f"coalesce({known}, 0) DESC, sum(studies) DESC, {name}"
        found = await read.slow(f"SELECT {name} AS name FROM bodies WHERE {condition} GROUP BY {name} ORDER BY {order} LIMIT ?", *params, limit)
        return [r["name"] for r in found]

    exposures, names = await top("exposure", rows), await top(by, columns)
    felt = "(SELECT max(f.outcome_type IN ('clinical', 'mortality')) FROM body_studies bs JOIN findings f ON f.id = bs.finding_id WHERE bs.body_id = bodies.id)"
    sql = f"SELECT *, coalesce({felt}, 0) AS felt FROM bodies WHERE {condition} AND exposure IN (??)".replace("??", ", ".join("?" for _ in exposures))
    sql += f" AND {by} IN ({', '.join('?' for _ in names)}) ORDER BY felt DESC, studies DESC, participants DESC, id"
    total = await read.slow(f"SELECT count(DISTINCT exposure) AS exposures, count(DISTINCT {by}) AS columns FROM bodies WHERE {condition}", *params)
    bodies = await read.slow(sql, *params, *exposures, *names) if exposures else []
    shown = {b["exposure"] for b in bodies}
    exposures = [e for e in exposures if e in shown]
    return {"exposures": exposures, "columns": names, "bodies": bodies, "total": total[0]}


async def body_page(read: Reader, key: str) -> Row | None:
    """A body of evidence with its family (same exposure and condition), studies, grades and reasons."""
    body = await read.one("SELECT * FROM bodies WHERE key = ?", key)
    if body is None:
        return None
    family = await read.all(
        "SELECT * FROM bodies WHERE exposure = ? AND condition = ? ORDER BY id = ? DESC, lane = ? DESC, lane, studies DESC, id LIMIT 200",
        body["exposure"],
        body["condition"],
        body["id"],
        body["lane"],
    )
    votes = await read.marked(
        "SELECT bs.*, b.outcome, b.lane, b.key AS body_key, f.quote AS finding_quote, f.change, f.outcome AS finding_outcome, f.outcome_type "
        "FROM body_studies bs JOIN bodies b ON b.id = bs.body_id "
        "LEFT JOIN findings f ON f.id = bs.finding_id WHERE bs.body_id IN (??) ORDER BY bs.body_id, bs.id",
        [b["id"] for b in family],
    )
    studies = await read.marked(
        _STUDY + " WHERE s.id IN (??) ORDER BY coalesce(s.ocebm_level, '9'), s.sample_size DESC, s.id", list({v["study_id"] for v in votes})
    )
    return {"body": body, "family": family, "votes": votes, "studies": {s["id"]: s for s in studies}, "grades": await grades(read, "body_id", body["id"])}


async def grades(read: Reader, column: str, number: int) -> list[Row]:
    """Grades of a study or body with their reasons in order."""
    found = await read.all(f"SELECT g.* FROM grades g WHERE g.{column} = ? ORDER BY {_GRADE_ORDER}, g.id", number)
    reasons = await read.marked("SELECT * FROM grade_reasons WHERE grade_id IN (??) ORDER BY grade_id, step, id", [g["id"] for g in found])
    return [g | {"reasons": [r for r in reasons if r["grade_id"] == g["id"]]} for g in found]


async def article_page(read: Reader, key: str) -> Row | None:
    """An article with its studies, everything that was read from it, its list of references and what it rests on."""
    article = await read.one("SELECT * FROM articles WHERE key = ?", key)
    if article is None:
        return None
    number = article["id"]
    studies = await read.all(_STUDY + " WHERE s.article_id = ? ORDER BY s.position, s.id", number)
    ids = "(SELECT id FROM studies WHERE article_id = ?)"
    return {
        "article": article,
        "studies": studies,
        "findings": await read.all(f"SELECT * FROM findings WHERE study_id IN {ids} ORDER BY study_id, position", number),
        "provenance": await read.all(f"SELECT * FROM provenance WHERE study_id IN {ids} ORDER BY study_id, id", number),
        "links": await read.all(
            f"SELECT l.*, c.raw AS citation, c.number AS citation_number, w.title AS work FROM links l "
            "LEFT JOIN citations c ON c.id = l.target_citation_id LEFT JOIN works w ON w.id = l.target_work_id "
            f"WHERE l.study_id IN {ids} ORDER BY l.study_id, l.rank, l.id",
            number,
        ),
        "passages": await read.all(f"SELECT * FROM passages WHERE study_id IN {ids} ORDER BY study_id, position", number),
        "qualities": await read.all(f"SELECT * FROM qualities WHERE study_id IN {ids} ORDER BY study_id, id", number),
        "claims": await read.all("SELECT * FROM claims WHERE article_id = ? ORDER BY start, id", number),
        "citations": await read.all(
            "SELECT c.*, w.key AS work_key, w.retraction, "
            "(SELECT group_concat(s.position, ',') FROM (SELECT position FROM studies WHERE citation_id = c.id ORDER BY position) s) AS used "
            "FROM citations c LEFT JOIN works w ON w.id = c.work_id WHERE c.article_id = ? ORDER BY c.number",
            number,
        ),
        "support": await read.all("SELECT * FROM support WHERE article_id = ? ORDER BY id", number),
        "rests": await read.one("SELECT * FROM article_support WHERE article_id = ?", number) or {},
        "differences": await read.all(f"SELECT * FROM differences WHERE study_id IN {ids} ORDER BY id", number),
    }


async def study_page(read: Reader, key: str) -> Row | None:
    """A study with every value, its words and rule, its grades, its link, and who else leans on the same work."""
    study = await read.one(_STUDY + " WHERE s.key = ?", key)
    if study is None:
        return None
    number, work = study["id"], study["work_id"]
    return {
        "study": study,
        "passages": await read.all("SELECT * FROM passages WHERE study_id = ? ORDER BY position", number),
        "qualities": await read.all("SELECT * FROM qualities WHERE study_id = ? ORDER BY id", number),
        "findings": await read.all("SELECT * FROM findings WHERE study_id = ? ORDER BY position", number),
        "provenance": await read.all("SELECT * FROM provenance WHERE study_id = ? ORDER BY id", number),
        "grades": await grades(read, "study_id", number),
        "links": await read.all(
            "SELECT l.*, c.raw AS citation, c.number AS citation_number, w.title AS work, w.key AS work_key FROM links l "
            "LEFT JOIN citations c ON c.id = l.target_citation_id "
            "LEFT JOIN works w ON w.id = l.target_work_id WHERE l.study_id = ? OR (l.citation_id IS NOT NULL AND l.citation_id = ?) "
            "ORDER BY l.study_id IS NULL, l.rank, l.id",
            number,
            study["citation_id"],
        ),
        "bodies": await read.all(
            "SELECT b.*, bs.vote, bs.counted, bs.note FROM body_studies bs JOIN bodies b ON b.id = bs.body_id WHERE bs.study_id = ? ORDER BY b.id", number
        ),
        "differences": await read.all("SELECT * FROM differences WHERE study_id = ? ORDER BY id", number),
        "corrections": await read.all("SELECT * FROM corrections WHERE study_id = ? ORDER BY id", number),
        "others": await read.all(_STUDY + " WHERE s.work_id = ? AND s.id <> ? ORDER BY s.article_id, s.position", work, number) if work else [],
    }


async def work_page(read: Reader, key: str) -> Row | None:
    """A publication, every study and citation that stands on it, and where they disagree with its abstract."""
    work = await read.one("SELECT * FROM works WHERE key = ?", key)
    if work is None:
        return None
    number = work["id"]
    return {
        "work": work,
        "studies": await read.all(_STUDY + " WHERE s.work_id = ? ORDER BY s.article_id, s.position", number),
        "citations": await read.all(
            "SELECT c.*, a.title AS article, a.key AS article_key FROM citations c JOIN articles a ON a.id = c.article_id "
            "WHERE c.work_id = ? ORDER BY a.title, c.number",
            number,
        ),
        "differences": await read.all(
            "SELECT d.*, s.label, s.key AS study_key FROM differences d JOIN studies s ON s.id = d.study_id WHERE d.work_id = ? ORDER BY d.id", number
        ),
        "sources": _json(work.get("sources")),
    }


def _json(value: str | None) -> dict[str, list[str]]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


SEARCHED = (
    ("bodies", "Bodies of evidence", "body"),
    ("studies", "Studies", "study"),
    ("articles", "Articles", "article"),
    ("works", "Works", "work"),
)
_SHOWN = {
    "studies": "s.key, s.label AS title, s.design, s.sample_size, s.ocebm_level, s.effect, (SELECT title FROM articles a WHERE a.id = s.article_id) AS more",
    "articles": "s.key, s.title, s.kind, s.published AS more",
    "works": "s.key, s.title, coalesce(s.authors, '') || coalesce(', ' || s.year, '') AS more, s.retraction",
}


async def search(read: Reader, words: str, limit: int) -> list[Row]:
    """Everything that holds all the words, by kind: {"kind", "title", "path", "rows", "more"}."""
    tokens = re.findall(r"\w+", words)
    if not tokens:
        return []
    match = " ".join(f'"{t}"' for t in tokens[:-1]) + f' "{tokens[-1]}"*'
    out = []
    for table, title, path in SEARCHED:
        if table == "bodies":
            like = " AND ".join("(name || ' ' || lane) LIKE ?" for _ in tokens)
            rows = await read.all(
                f"SELECT key, name AS title, studies, participants, certainty, direction, lane FROM bodies WHERE {like} ORDER BY studies DESC, id LIMIT ?",
                *(f"%{t}%" for t in tokens),
                limit + 1,
            )
        else:
            rows = await read.all(
                f"SELECT {_SHOWN[table]}, m.part FROM (SELECT rowid AS number, rank, snippet({table}_fts, -1, char(2), char(3), ' … ', 28) AS part "
                f"FROM {table}_fts WHERE {table}_fts MATCH ? "
                f"ORDER BY rank LIMIT ?) m JOIN {table} s ON s.id = m.number ORDER BY m.rank",
                match,
                limit + 1,
            )
        out.append({"kind": table, "title": title, "path": path, "rows": rows[:limit], "more": len(rows) > limit})
    return out
