"""References -> CSL-JSON, what Zotero, Pandoc and citeproc read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ingest.records import Author
from publish.formats.reference import Extra, Record, Reference, references

_TYPES = {
    "article": "article-journal", "book": "book", "chapter": "chapter", "web": "webpage", "report": "report", "thesis": "thesis",
    "preprint": "article", "conference": "paper-conference", "dataset": "dataset", "other": "document",
}  # fmt: skip
_NAMES = {
    "container": "container-title", "volume": "volume", "issue": "issue", "pages": "page", "doi": "DOI", "pmid": "PMID", "url": "URL",
    "publisher": "publisher", "abstract": "abstract",
}  # fmt: skip


def csl_items(records: Iterable[Record], extras: Iterable[Extra | None] | None = None) -> list[dict[str, Any]]:
    """Works, citations or rows as CSL items, in the order given; ``extras`` join ``keyword`` and ``note``."""
    return [_item(reference) for reference in references(records, extras)]


def write_csljson(records: Iterable[Record], extras: Iterable[Extra | None] | None = None) -> str:
    """Write the items of ``csl_items`` as a JSON array, one indented item after the other."""
    return json.dumps(csl_items(records, extras), ensure_ascii=False, indent=1) + "\n"


def _item(reference: Reference) -> dict[str, Any]:
    item: dict[str, Any] = {"id": reference.key, "type": _TYPES.get(reference.type, "document")}
    if reference.title:
        item["title"] = reference.title
    if reference.authors:
        item["author"] = [_name(author) for author in reference.authors]
    if year := reference.fields.get("year"):
        item["issued"] = {"date-parts": [[int(year)]]} if year.isdecimal() else {"raw": year}
    item.update({_NAMES[name]: value for name, value in reference.fields.items() if name in _NAMES})
    if reference.keywords:
        item["keyword"] = "; ".join(reference.keywords)
    if reference.notes:
        item["note"] = "\n".join(reference.notes)
    return item


def _name(author: Author) -> dict[str, str]:
    if author.literal:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given} if author.given else {"family": author.family}
