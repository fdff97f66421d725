"""What every export format writes: one flat reference out of a Work, a Citation or a row of the database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.records import Author, Citation, Work

Record = Work | Citation | Mapping[str, Any]
Extra = Mapping[str, Any]
"""Lines that ride along with a reference: ``{"keywords": [...], "note": [...]}`` (design, n, duration, effect, grades)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference, ready to be written; every string is one line without white space at its ends."""

    key: str
    type: str
    title: str
    authors: tuple[Author, ...]
    fields: Mapping[str, str]  # container year volume issue pages doi pmid url publisher abstract, where stated
    keywords: tuple[str, ...]
    notes: tuple[str, ...]


_FIELDS = ("container", "year", "volume", "issue", "pages", "doi", "pmid", "url", "publisher", "abstract")


def references(records: Iterable[Record], extras: Iterable[Extra | None] | None = None) -> list[Reference]:
    """References in the order given, each under a key of its own ("mazzella1983selenium", then …a, …b).

    ``extras`` runs parallel to ``records``; a shorter one leaves the rest without.
    """
    out: list[Reference] = []
    taken: set[str] = set()
    more = iter(extras or ())
    for record in records:
        get = _getter(record)
        extra = next(more, None) or {}
        authors = tuple(_authors(get("authors")))
        title = one_line(get("title"))
        key = _free(one_line(get("citekey")) or _key(authors, get("year"), title), taken)
        values = {name: one_line(get(name)) for name in _FIELDS}
        out.append(
            Reference(
                key=key,
                type=one_line(get("type")) or "other",
                title=title,
                authors=authors,
                fields={name: value for name, value in values.items() if value},
                keywords=_lines(get("keywords"), extra.get("keywords")),
                notes=_lines(get("note"), extra.get("note")),
            )
        )
    return out


def one_line(value: Any) -> str:
    """Any value as one line of text; controls that would break a line-based format become spaces."""
    if value is None:
        return ""
    return " ".join("".join(c if c.isprintable() or c == "\u00ad" else " " for c in str(value)).split())


def _getter(record: Record) -> Any:
    if isinstance(record, Mapping):
        return record.get
    return lambda name: getattr(record, name, None)


def _authors(value: Any) -> Iterable[Author]:
    names: Sequence[Any] = re.split(r"\s*;\s*", value) if isinstance(value, str) else value or ()
    for name in names:
        if isinstance(name, Author):
            family, given, literal = name.family, name.given, name.literal
        elif isinstance(name, Mapping):
            family = str(name.get("family") or name.get("literal") or "")
            given, literal = str(name.get("given") or ""), bool(name.get("literal"))
        else:
            family, _, given = str(name).partition(",")
            literal = False
        if one_line(family):
            yield Author(one_line(family), one_line(given), literal)


def _lines(*values: Any) -> tuple[str, ...]:
    out: list[str] = []
    for value in values:
        items = value.splitlines() if isinstance(value, str) else value or ()
        out.extend(filter(None, map(one_line, items)))
    return tuple(dict.fromkeys(out))


def _key(authors: tuple[Author, ...], year: Any, title: str) -> str:
    words = re.findall(r"[a-z0-9]+", _ascii(title))
    word = next((w for w in words if len(w) > 3 and not w.isdigit()), "")
    name = re.sub(r"[^a-z0-9]", "", _ascii(authors[0].family if authors else ""))[:24]
    return f"{name}{year or ''}{word}" or "reference"


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("ø", "o")) if c.isascii())


def _free(key: str, taken: set[str]) -> str:
    """A key of letters, digits and ``:_-``, not used before."""
    base = re.sub(r"[^A-Za-z0-9:_.+-]", "", _ascii(key) if not key.isascii() else key) or "reference"
    name, n = base, 0
    while name.lower() in taken:
        name = base + _suffix(n)
        n += 1
    taken.add(name.lower())
    return name


def _suffix(n: int) -> str:
    return (_suffix(n // 26 - 1) if n >= 26 else "") + "abcdefghijklmnopqrstuvwxyz"[n % 26]
