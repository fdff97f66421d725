"""Entries lost and cases right on the messy BibTeX corpus, records read from real RIS, MEDLINE and PubMed files; peers beside us.

Run ``python bench/score_libraries.py ../shared/eval``.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bibtexparser
import rispy

from ingest.errors import ReadError
from ingest.read.bibtex import parse_bibtex
from ingest.read.library import decode_bytes, read_library

Found = list[tuple[str, dict[str, Any]]]  # key, fields


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ours(data: bytes) -> Found:
    entries, _ = parse_bibtex(decode_bytes(data))
    return [(e.key, {**e.fields, "author": [a.family for a in e.authors]}) for e in entries]


def peer(data: bytes) -> Found:
    logging.disable(logging.CRITICAL)  # it warns of every block that it gives up
    library = bibtexparser.parse_string(data.decode("utf-8"))
    return [(e.key, {f.key.lower(): f.value for f in e.fields}) for e in library.entries]


def lost(folder: Path, reader: Callable[[bytes], Found]) -> int:
    missing = 0
    for row in rows(folder / "expect.jsonl"):
        if row["count_confirmed"]:
            try:
                keys = Counter(key for key, _ in reader((folder / row["file"]).read_bytes()))
            except Exception:  # a reader that raises has lost the file
                keys = Counter()
            missing += sum((Counter(row["keys"]) - keys).values())
    return missing


def right(folder: Path, reader: Callable[[bytes], Found]) -> int:
    good = 0
    for case in rows(folder / "cases.jsonl"):
        try:
            found = reader(base64.b64decode(case["bytes_b64"]))
        except Exception:
            continue
        for want in case["entries"]:
            fits = [f for f in found if f[0] == want["key"] and all(f[1].get(k) == v for k, v in want["fields"].items())]
            if not fits:
                break
            found.remove(fits[0])
        else:
            good += 1
    return good


def records(folder: Path) -> Iterator[tuple[str, int, int, int]]:
    """Yield each format with the records that are whole, those that we read, those that rispy reads."""
    for form in ("ris", "medline", "pubmed-xml"):
        want = got = theirs = 0
        for row in (r for r in rows(folder / "manifest.jsonl") if r["format"] == form):
            want += row["records"]
            with contextlib.suppress(ReadError):
                got += min(row["records"], len(read_library(folder / row["file"])[0]))
            if form == "ris":
                with contextlib.suppress(Exception):
                    theirs += min(row["records"], len(rispy.loads((folder / row["file"]).read_text(encoding="utf-8"))))
        yield form, want, got, theirs


def main() -> None:
    folder = Path(sys.argv[1])
    for name, reader in (("ours", ours), ("bibtexparser", peer)):
        print(
            f"{name}: entries lost {lost(folder / 'bib', reader)}, cases right {right(folder / 'bib', reader)} of {len(rows(folder / 'bib' / 'cases.jsonl'))}"
        )
    for form, want, got, theirs in records(folder / "pubmed"):
        print(f"{form}: {got} of {want} records" + (f" (rispy {theirs})" if form == "ris" else ""))


if __name__ == "__main__":
    main()
