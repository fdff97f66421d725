"""One record of a library -> Work, and many records of the same publication -> one Work."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from rapidfuzz import fuzz

from ingest.records import WORK_TYPES, Author, Work
from ingest.text.bibliographic import clean, doi_of, first_page, fold, pages_of, pmid_of, surname_key, title_key, year_of

_SHORT_TITLE = 16
"""Titles with fewer letters ("Editorial", "Introduction") do not tell two publications apart."""
_ALIKE = 60
"""Two titles under one DOI or PMID that share less than this (token set ratio) belong to different records."""
_VALUES = tuple(f.name for f in fields(Work) if f.name not in ("key", "sources", "ids", "retraction", "retraction_reason"))


def new_work(origin: str, ident: str, **values: Any) -> Work:
    """A Work out of the raw strings of one record; every field is put into its one form, and none is guessed.

    ``origin`` is the file's name, ``ident`` the record's own name or place in it ("lee2014", "line 12").
    """
    work = Work(
        key="",
        title=clean(str(values.get("title") or "")).strip(),
        authors=tuple(values.get("authors") or ()),
        container=_text(values.get("container")),
        year=year_of(values.get("year")),
        volume=_text(values.get("volume")),
        issue=_text(values.get("issue")),
        pages=pages_of(_text(values.get("pages"))),
        doi=doi_of(_text(values.get("doi"))),
        pmid=pmid_of(_text(values.get("pmid"))),
        url=_text(values.get("url")),
        type=values["type"] if values.get("type") in WORK_TYPES else "other",
        abstract=_text(values.get("abstract")),
        keywords=tuple(dict.fromkeys(k for k in (clean(str(w)) for w in values.get("keywords") or ()) if k)),
        publisher=_text(values.get("publisher")),
        retraction=values.get("retraction"),
        publication_types=tuple(dict.fromkeys(values.get("publication_types") or ())),
        ids=(ident,) if ident else (),
    )
    place = f"{origin}:{ident}"
    return replace(work, key=work_key(work), sources=tuple((name, place) for name in _VALUES if getattr(work, name)))


def _text(value: object) -> str | None:
    text = clean(str(value)) if value is not None else ""
    return text or None


def work_key(work: Work) -> str:
    """The stable name of a work: its DOI, else its PMID, else a hash of title, first author and year."""
    if work.doi:
        return f"doi:{work.doi}"
    if work.pmid:
        return f"pmid:{work.pmid}"
    parts = (title_key(work.title), surname_key(work.authors[0].family) if work.authors else "", str(work.year or ""))
    rest = () if work.title else (str(work.container or ""), str(work.volume or ""), str(work.pages or ""), work.url or "", *work.ids)
    return "hash:" + hashlib.sha256("\x1f".join((*parts, *rest)).encode()).hexdigest()[:16]


def merge_works(works: Iterable[Work]) -> tuple[Work, ...]:
    """One Work a publication, in order of their keys; neither the order of the input nor doubles change the result.

    Records are one publication where they share a DOI or a PMID and their titles do not contradict each other, or
    where title, first author and year are equal and DOI, PMID and first page do not contradict. A field takes the
    value most records give, then the longest, then the first in the alphabet; ``sources`` names every record that
    gave the value taken.
    """
    records = sorted(set(works), key=repr)
    group = _Groups(len(records))
    for name in ("doi", "pmid"):
        for indices in _by(records, lambda w, name=name: getattr(w, name)).values():  # type: ignore[misc]
            for i, j in _alike(records, indices):
                group.join(i, j)
    for indices in _by(records, _weak_key).values():
        for clique in _compatible(records, indices, group):
            for i in clique[1:]:
                group.join(clique[0], i)
    merged = [_merge([records[i] for i in members]) for members in group.members()]
    return tuple(sorted(_distinct(merged), key=lambda w: w.key))


class _Groups:
    """Union-find over record numbers."""

    def __init__(self, n: int) -> None:
        self.parent = list(range(n))

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = sorted((self.find(i), self.find(j)))
        self.parent[b] = a

    def members(self) -> list[list[int]]:
        out: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self.parent)):
            out[self.find(i)].append(i)
        return list(out.values())


def _by(records: Sequence[Work], key: Callable[[Work], str | None]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = defaultdict(list)
    for i, work in enumerate(records):
        name = key(work)
        if name:
            out[name].append(i)
    return {name: indices for name, indices in out.items() if len(indices) > 1}


def _weak_key(work: Work) -> str | None:
    key = title_key(work.title)
    if len(key) < _SHORT_TITLE or not work.authors or not work.year:
        return None
    return f"{key}|{surname_key(work.authors[0].family)}|{work.year}"


def _alike(records: Sequence[Work], indices: list[int]) -> Iterable[tuple[int, int]]:
    by_title: dict[str, int] = {}
    for i in indices:
        key = fold(records[i].title)
        if key in by_title:
            yield by_title[key], i
        else:
            by_title[key] = i
    distinct = list(by_title.items())
    for n, (a, i) in enumerate(distinct):
        for b, j in distinct[n + 1 :]:
            if not a or not b or fuzz.token_set_ratio(a, b) >= _ALIKE:
                yield i, j


def _compatible(records: Sequence[Work], indices: list[int], group: _Groups) -> list[list[int]]:
    """Merge all where no identifier contradicts; else only those that carry no identifier of their own."""
    by_root: dict[int, list[int]] = defaultdict(list)
    for i in indices:
        by_root[group.find(i)].append(i)
    if _agree([records[i] for i in indices]):
        return [indices]
    bare = [i for i in indices if not records[i].doi and not records[i].pmid and len(by_root[group.find(i)]) == 1]
    by_page: dict[str, list[int]] = defaultdict(list)
    for i in bare:
        by_page[first_page(records[i].pages) or ""].append(i)
    return [same for same in by_page.values() if len(same) > 1]


def _agree(works: Sequence[Work]) -> bool:
    dois = {w.doi for w in works if w.doi}
    pmids = {w.pmid for w in works if w.pmid}
    starts = {first_page(w.pages) for w in works if w.pages}
    return len(dois) <= 1 and len(pmids) <= 1 and (len(starts) <= 1 or (bool(dois or pmids) and len(starts) <= 2))


def _merge(works: Sequence[Work]) -> Work:
    if len(works) == 1:
        return works[0]
    chosen: dict[str, Any] = {}
    sources: set[tuple[str, str]] = set()
    for name in _VALUES:
        value = _choose(name, [getattr(w, name) for w in works])
        chosen[name] = value
        sources.update(s for w in works if getattr(w, name) == value for s in w.sources if s[0] == name)
    ids = tuple(sorted({i for w in works for i in w.ids}))
    state = min((w for w in works if w.retraction), key=repr, default=None)
    merged = replace(works[0], ids=ids, sources=tuple(sorted(sources)), **chosen)
    if state:
        merged = replace(merged, retraction=state.retraction, retraction_reason=state.retraction_reason)
    return replace(merged, key=work_key(merged))


def _choose(name: str, values: list[Any]) -> Any:
    given = [v for v in values if v]
    if not given:
        return values[0] if name != "type" else "other"
    if name == "type":
        given = [v for v in given if v != "other"] or given
    count = Counter(given)
    size: Callable[[Any], int] = lambda v: sum(len(a.family) + len(a.given) for a in v) if name == "authors" else len(str(v))  # noqa: E731
    return min(count, key=lambda v: (-count[v], -size(v), repr(v)))


def _distinct(works: list[Work]) -> list[Work]:
    """Keys name one work each: two works that still share one get their numbers in a fixed order."""
    by_key: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_key[work.key].append(work)
    return [work if n == 0 else replace(work, key=f"{work.key}#{n + 1}") for same in by_key.values() for n, work in enumerate(sorted(same, key=repr))]


def authors_of(names: Iterable[Author]) -> tuple[Author, ...]:
    """Authors without the empty ones and without "et al."/"others"."""
    return tuple(a for a in names if a.family and (a.given or fold(a.family) not in ("others", "et al", "and", "others et al")))
