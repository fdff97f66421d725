"""CSL-JSON (Zotero, Crossref, Mendeley) and our own JSON Lines of references -> works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.read.works import authors_of, new_work
from ingest.records import Author, Problem, Work
from ingest.text.bibliographic import doi_of, read_name

_TYPES = {
    "article-journal": "article", "article": "preprint", "article-magazine": "article", "article-newspaper": "article", "review": "article",
    "book": "book", "chapter": "chapter", "entry-encyclopedia": "chapter", "paper-conference": "conference", "thesis": "thesis",
    "report": "report", "webpage": "web", "post": "web", "post-weblog": "web", "dataset": "dataset", "journal-article": "article",
    "book-chapter": "chapter", "proceedings-article": "conference", "posted-content": "preprint", "monograph": "book",
}  # fmt: skip


def read_csljson(text: str, origin: str) -> tuple[list[Work], list[Problem]]:
    """The works of a CSL-JSON array (or ``{"items": [...]}``, or one object) or of JSON Lines, in the file's order."""
    works: list[Work] = []
    problems: list[Problem] = []
    for line, item in _items(text, origin, problems):
        if not isinstance(item, Mapping) or not item:
            problems.append(Problem(origin, f"item {line} is not a reference: {str(item)[:40]!r}", "entry", line))
            continue
        works.append(_work(item, origin, line))
    return works, problems


def _items(text: str, origin: str, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield from _lines(text, origin, problems)
        return
    if isinstance(data, Mapping):
        for name in ("items", "references", "message"):
            if isinstance(data.get(name), list):
                data = data[name]
                break
        else:
            data = [data]
    yield from enumerate(data if isinstance(data, list) else [data], 1)


def _lines(text: str, origin: str, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    """JSON Lines; an array that is broken in the middle still gives every object that is whole."""
    decoder = json.JSONDecoder()
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped.startswith("["):
        for number, line in enumerate(text.split("\n"), 1):  # a string may hold the line separators of Unicode
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    problems.append(Problem(origin, f"not JSON: {error}", "entry", number))
        return
    at = text.index("[") + 1
    while (start := text.find("{", at)) >= 0:
        place = text.count("\n", 0, start) + 1
        try:
            item, at = decoder.raw_decode(text, start)
            yield place, item
        except (ValueError, RecursionError) as error:
            problems.append(Problem(origin, f"not JSON: {error}", "entry", place))
            nxt = text.find("\n {", start + 1)
            at = nxt + 1 if nxt >= 0 else len(text)


def _work(item: Mapping[str, Any], origin: str, line: int) -> Work:
    get = {str(k).lower(): v for k, v in item.items()}
    people = get.get("author") or get.get("authors") or get.get("editor") or ()
    people = people if isinstance(people, list | tuple) else [people]
    issued = get.get("issued") or get.get("published") or get.get("published-print") or get.get("date") or get.get("year")
    kind = str(get.get("type") or "")
    return new_work(
        origin,
        str(get.get("id") or get.get("citation-key") or f"item {line}"),
        title=_one(get.get("title")),
        authors=authors_of(_person(p) for p in people),
        container=next(filter(None, (_one(get.get(n)) for n in ("container-title", "container", "journal", "container-title-short"))), None),
        year=_year(issued),
        volume=get.get("volume"),
        issue=get.get("issue"),
        pages=get.get("page") or get.get("pages") or get.get("article-number") or get.get("number"),
        doi=_one(get.get("doi")) or doi_of(str(get.get("url") or "")),
        pmid=_one(get.get("pmid")) or _noted_pmid(get.get("note")),
        url=_one(get.get("url")),
        type=_TYPES.get(kind, kind if kind != "article-journal" else "article") if kind else "article",
        abstract=_text(get.get("abstract")),
        keywords=[k for n in ("keyword", "keywords", "mesh", "mesh_terms") for k in _keywords(get.get(n))],
        publisher=_one(get.get("publisher")),
        publication_types=[str(p) for p in get.get("publication_types") or ()],
    )


def _one(value: Any) -> str | None:
    """Crossref gives lists where CSL gives strings."""
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value) if value not in (None, "", {}) else None


def _text(value: Any) -> str | None:
    """An abstract as one string; some exports give its sections as a list."""
    return " ".join(str(v) for v in value) if isinstance(value, list) else _one(value)


def _person(value: Any) -> Author:
    if not isinstance(value, Mapping):
        return read_name(str(value or ""))
    if value.get("literal") or value.get("name"):
        name = str(value.get("literal") or value.get("name"))
        known = value.get("literal") is True  # our own form: {"family": …, "literal": true}
        return Author(str(value.get("family") or name), literal=True) if known else Author(name, literal=True)
    particle = str(value.get("non-dropping-particle") or value.get("dropping-particle") or "")
    family = f"{particle} {value.get('family') or ''}".strip()
    given = f"{value.get('given') or ''} {value.get('suffix') or ''}".strip()
    return Author(family or given, given if family else "", literal=not family)


def _year(value: Any) -> str | None:
    if isinstance(value, Mapping):
        parts = value.get("date-parts") or []
        first = parts[0] if parts and isinstance(parts[0], list) else parts
        if first:
            return str(first[0])
        return str(value.get("raw") or value.get("literal") or "") or None
    return str(value) if value else None


def _keywords(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(v) for v in value]
    return [w.strip() for w in str(value or "").split("," if ";" not in str(value) else ";")]


def _noted_pmid(value: Any) -> str | None:
    """Zotero keeps the PubMed number in the note: ``PMID: 123``."""
    for line in str(value or "").splitlines():
        if line.strip().upper().startswith("PMID"):
            return line.strip()
    return None
