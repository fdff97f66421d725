"""How fast and how right linking stays when the library grows: real references against the real records plus made ones.

Run ``python bench/link_scale.py ../shared/eval 300000``. The made records recombine titles, authors and journals of the
real ones, so that they share words, names, volumes and pages with them.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from ingest.link.works import Library, link_citation
from ingest.read.library import merge_works, read_library
from ingest.records import Citation, Work


def made(real: list[Work], count: int) -> list[Work]:
    """Records that never were: two half titles, somebody's authors, another's journal, volume, pages and year."""
    rng = random.Random(7)
    out = []
    for i in range(count):
        a, b, c = rng.choice(real), rng.choice(real), rng.choice(real)
        left, right = a.title.split(), b.title.split()
        title = " ".join([*left[: len(left) // 2 + rng.randrange(2)], *right[len(right) // 2 :]])
        year, volume = rng.randrange(1975, 2020), str(rng.randrange(1, 400))
        start = rng.randrange(1, 3000)
        out.append(
            replace(c, key=f"made:{i}", title=title, authors=b.authors, year=year, volume=volume, pages=f"{start}-{start + 9}", doi=None, pmid=None, ids=())
        )
    return out


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    real = list(merge_works(read_library(folder / "linking_library.jsonl")[0]))
    rows = [json.loads(line) for line in (folder / "linking.dev.jsonl").read_text(encoding="utf-8").splitlines()]
    works = real + made(real, count)
    start = time.process_time()
    library = Library(works)
    built = time.process_time() - start
    for turn in ("cold", "warm"):
        start = time.process_time()
        links = [link_citation(Citation(1, 0, 0, r["text"]), library)[0] for r in rows]
        spent = time.process_time() - start
        print(f"{turn}: {len(rows) / spent:.0f} links/s against {len(works)} records (index {built:.1f} s)")
    named = [r for r in rows if r["kind"] not in ("author_year", "ambiguous")]  # a name and a year fit more works as the library grows
    pairs = [(r, x) for r, x in zip(rows, links, strict=True) if r in named]
    right = sum(x.chosen and r["gold"] in library.work(x.target or "").ids for r, x in pairs)
    print(f"right {right / sum(r['gold'] is not None for r in named):.3f} of references with a record")
    print(f"left alone {sum(r['gold'] is None and not x.chosen for r, x in pairs) / sum(r['gold'] is None for r in named):.3f} of those without")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
