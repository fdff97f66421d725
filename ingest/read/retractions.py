"""Retraction lists -> states of works: a CSV in the columns of the Retraction Watch database, given by the user.

A work is marked by DOI, by PMID, or by title + first author + year, in that order; the mark names the list, the row and
the reasons as the list gives them. A reinstatement takes an earlier mark away.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import ReadError
from ingest.read.library import decode_bytes
from ingest.records import Problem, Work
from ingest.text.bibliographic import clean, doi_of, read_name, surname_key, title_key, year_of

_COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "Title")
_NATURES = {"retraction": "retracted", "expression of concern": "concern", "correction": "corrected", "reinstatement": "reinstated"}
_WEIGHT = {"retracted": 3, "concern": 2, "corrected": 1}
_SHORT_TITLE = 16


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of a retraction list. ``state`` is ``retracted``, ``corrected``, ``concern`` or ``reinstated``."""

    state: str
    reason: str | None
    place: str  # "list.csv row 12"
    date: tuple[int, int, int]
    doi: str | None
    pmid: str | None
    title: str
    author: str
    year: int | None


def read_retractions(path: str | Path) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """The notices of a list, in its order, and the rows that say nothing usable.

    Raises ``ReadError`` where the file is missing or is not such a list.
    """
    path = Path(path)
    try:
        text = decode_bytes(path.read_bytes())
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error})") from error
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    names = {re.sub(r"\W", "", name).lower(): name for name in rows.fieldnames or ()}
    if "retractionnature" not in names or not any(c.lower() in names for c in _COLUMNS):
        raise ReadError(f"{path}: no retraction list: it has no column RetractionNature, or none of {', '.join(_COLUMNS)}")
    notices: list[Notice] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 2):  # the header is row 1, as a spreadsheet counts
        get = {short: (row.get(name) or "").strip() for short, name in names.items()}
        notice = _notice(get, f"{path.name} row {number}")
        if isinstance(notice, Notice):
            notices.append(notice)
        else:
            problems.append(Problem(path.name, f"row {number}: {notice}", "entry", number))
    return tuple(notices), tuple(problems)


def _notice(get: Mapping[str, str], place: str) -> Notice | str:
    nature = get["retractionnature"].lower()
    state = next((s for name, s in _NATURES.items() if name in nature), None)
    if state is None:
        return f"unknown nature {get['retractionnature']!r}"
    doi = doi_of(get.get("originalpaperdoi"))
    number = re.fullmatch(r"0*([1-9]\d{0,8})(?:\.0)?", get.get("originalpaperpubmedid", ""))
    title = clean(get.get("title", ""))
    if not doi and not number and not title:
        return "no DOI, PMID or title of the paper it is about"
    authors = [a for a in re.split(r"\s*;\s*", get.get("author", "")) if a]
    reasons = [r.strip(" +;") for r in re.split(r";|\+", get.get("reason", "")) if r.strip(" +;")]
    return Notice(
        state=state,
        reason="; ".join(dict.fromkeys(reasons)) or None,
        place=place,
        date=_date(get.get("retractiondate", "")),
        doi=doi,
        pmid=number.group(1) if number else None,
        title=title,
        author=surname_key(read_name(authors[0]).family) if authors else "",
        year=year_of(get.get("originalpaperdate")),
    )


def _date(text: str) -> tuple[int, int, int]:
    """Month/day/year as the list writes it, or an ISO date; what is missing counts as 0."""
    if m := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return int(m.group(1)), int(m.group(2)), int(m.group(3))
    if m := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return int(m.group(3)), int(m.group(1)), int(m.group(2))
    return year_of(text) or 0, 0, 0


def apply_retractions(works: Iterable[Work], notices: Sequence[Notice]) -> tuple[Work, ...]:
    """The works in the order given, each with the gravest notice in force: retracted, then concern, then corrected.

    ``retraction_reason`` names the list, the row, what matched, and the reasons as the list gives them. Lists may be applied
    one after another; a lesser notice never covers a graver one.
    """
    by: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        for key in _keys(notice.doi, notice.pmid, notice.title, notice.author, notice.year):
            by[key].append(notice)
    return tuple(_marked(work, by) for work in works)


def _keys(doi: str | None, pmid: str | None, title: str, author: str, year: int | None) -> Iterable[str]:
    if doi:
        yield f"doi {doi}"
    if pmid:
        yield f"pmid {pmid}"
    key = title_key(re.sub(r"^\s*retracted(?: article)?\s*:\s*", "", title, flags=re.IGNORECASE))
    if len(key) >= _SHORT_TITLE and author and year:
        yield f"title {key}|{author}|{year}"


def _marked(work: Work, by: Mapping[str, list[Notice]]) -> Work:
    author = surname_key(work.authors[0].family) if work.authors else ""
    for key in _keys(work.doi, work.pmid, work.title, author, work.year):
        if key.startswith("title"):
            found = [n for n in by.get(key, ()) if not (n.doi and work.doi and n.doi != work.doi) and not (n.pmid and work.pmid and n.pmid != work.pmid)]
        else:
            found = by.get(key, [])
        if found:
            return _with(work, found, key.split(" ", 1)[0])
    return work


def _with(work: Work, notices: Sequence[Notice], how: str) -> Work:
    ordered = sorted(notices, key=lambda n: (n.date, n.place))
    lifted = max((n.date for n in ordered if n.state == "reinstated"), default=None)
    force = [n for n in ordered if n.state != "reinstated" and (lifted is None or n.date > lifted)]
    if not force:
        return replace(work, retraction=None, retraction_reason=None)
    worst = max(force, key=lambda n: (_WEIGHT[n.state], n.date, n.place))
    if _WEIGHT.get(work.retraction or "", 0) > _WEIGHT[worst.state]:
        return work
    words = {"doi": "same DOI", "pmid": "same PMID", "title": "same title, first author and year"}[how]
    return replace(work, retraction=worst.state, retraction_reason=f"{worst.place} ({words}): {worst.reason or 'no reason given'}")
