"""Linking on references it was not trained on: half of a reference set becomes the library, the strings of all of it are linked.

Run ``python bench/link_transfer.py ../shared/eval``. The other half's strings have no record and must stay unlinked, though
works by the same authors and in the same journals are there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ingest.link.works import Library, link_citation
from ingest.read.library import merge_works
from ingest.read.works import new_work
from ingest.records import Author, Citation, Work
from ingest.text.bibliographic import title_key

SETS = ("pmcmed", "vancouver", "plos", "grobid", "anystyle_good")


def first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value or None


def as_work(ident: str, gold: dict[str, Any]) -> Work:
    names = ("title", "container", "year", "volume", "issue", "pages")
    return new_work("gold", ident, authors=[Author(str(a)) for a in gold.get("authors") or ()], **{n: first(gold.get(n)) for n in names})


def main() -> None:
    for name in SETS:
        rows = [json.loads(line) for line in (Path(sys.argv[1]) / f"refs_{name}.dev.jsonl").read_text(encoding="utf-8").splitlines()]
        works = {str(i): as_work(str(i), r["gold"]) for i, r in enumerate(rows) if r["gold"].get("title")}
        library = Library(merge_works(w for i, w in works.items() if int(i) % 2 == 0))
        key = {ident: w.key for w in library.works for ident in w.ids}
        titles = {title_key(w.title) for w in library.works}
        right = made = want = absent = kept = 0
        for ident, work in works.items():
            link = link_citation(Citation(1, 0, 0, rows[int(ident)]["text"]), library)[0]
            if ident in key:
                want += 1
                made += link.chosen
                right += link.chosen and link.target == key[ident]
            elif title_key(work.title) not in titles:
                absent += 1
                kept += not link.chosen
        print(f"{name}: P {right / max(made, 1):.3f} R {right / max(want, 1):.3f} of {want}; left alone {kept / max(absent, 1):.3f} of {absent}")


if __name__ == "__main__":
    main()
