"""References -> RIS, one tag a line, as reference managers import it."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.records import Author
from publish.formats.reference import Extra, Record, Reference, references

_TYPES = {
    "article": "JOUR", "book": "BOOK", "chapter": "CHAP", "web": "ELEC", "report": "RPRT", "thesis": "THES", "preprint": "UNPB",
    "conference": "CPAPER", "dataset": "DATA", "other": "GEN",
}  # fmt: skip


def write_ris(records: Iterable[Record], extras: Iterable[Extra | None] | None = None) -> str:
    """Write works, citations or rows as RIS, in the order given; ``extras`` fill ``KW`` and ``N1`` (one line each)."""
    return "".join(_record(reference) for reference in references(records, extras))


def _record(reference: Reference) -> str:
    f = reference.fields
    start, dash, end = f.get("pages", "").partition("-")
    whole = not dash or "-" in end or not start or not end
    lines = [
        ("TY", _TYPES.get(reference.type, "GEN")),
        ("ID", reference.key),
        *(("AU", _name(author)) for author in reference.authors),
        ("TI", reference.title),
        ("T2", f.get("container", "")),
        ("PY", f.get("year", "")),
        ("VL", f.get("volume", "")),
        ("IS", f.get("issue", "")),
        ("SP", f.get("pages", "") if whole else start.strip()),
        ("EP", "" if whole else end.strip()),
        ("PB", f.get("publisher", "")),
        ("DO", f.get("doi", "")),
        ("AN", f.get("pmid", "")),
        ("DB", "PubMed" if f.get("pmid") else ""),
        ("UR", f.get("url", "")),
        *(("KW", keyword) for keyword in reference.keywords),
        *(("N1", note) for note in reference.notes),
        ("AB", f.get("abstract", "")),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in lines if value) + "ER  - \n\n"


def _name(author: Author) -> str:
    """A body ends in a comma, which RIS readers take as "family name only"."""
    if author.literal or not author.given:
        return f"{author.family},"
    return f"{author.family}, {author.given}"
