"""Find and link the in-text mentions of `mentions.dev.jsonl` to each article's own list, as `score_linking.py` reads it.

Run ``python bench/score_mentions.py ../shared/eval/mentions.dev.jsonl > out.jsonl``
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from ingest.find.markers import find_markers
from ingest.find.references import parse_references
from ingest.records import Article, Citation


def read_sources(sources: list[dict[str, str]]) -> list[Citation]:
    """One citation a source, whatever the parser makes of it."""
    out = []
    for number, source in enumerate(sources, 1):
        found = parse_references(source["raw"])
        first = found[0] if found else Citation(number, 0, 0, source["raw"])
        out.append(replace(first, number=number, raw=source["raw"], start=0, end=0))
    return out


def main() -> None:
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        citations = read_sources(row["sources"])
        names = [s["id"] for s in row["sources"]]
        links = []
        for i, paragraph in enumerate(row["paragraphs"]):
            article = Article("x", paragraph["text"])
            for m in find_markers(article, (), citations):
                links.append({"paragraph": i, "start": m.start, "end": m.end, "source": [names[n - 1] for n in m.numbers] or None})
        print(json.dumps({"id": row["id"], "links": links}))


if __name__ == "__main__":
    main()
