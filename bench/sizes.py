"""Measure sample size and duration on the abstract sets and print the errors.

.venv/bin/python bench/sizes.py [pico_corpus ctro neuro_participants] [--show 30] [--field sample_size]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ingest.extract.candidates import find_candidates
from ingest.extract.duration import explain as explain_duration
from ingest.extract.duration import read_duration
from ingest.extract.size import read_size
from ingest.records import Article, Mention
from ingest.text.prose import Prose

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
FIELDS = ("sample_size", "sample_size_any", "arms", "duration_days", "studies_pooled")


def abstract(row: dict[str, Any]) -> tuple[Prose, Mention]:
    prose = Prose(Article(id=row["id"], text=row["text"], kind="abstract"))
    spans = tuple(s.span for s in prose.sentences)
    return prose, Mention(spans[0].start, spans[0].end, spans, "abstract", primary=True)


def predict(row: dict[str, Any]) -> dict[str, Any]:
    prose, mention = abstract(row)
    named = row["gold"].get("design") or row.get("meta", {}).get("design_known")
    design = named[0] if isinstance(named, list) else named
    size = read_size(prose, mention, design)
    duration = read_duration(prose, mention, design)
    return {
        "sample_size": size.sample_size,
        "sample_size_any": size.sample_size,
        "studies_pooled": size.studies_pooled,
        "arms": size.arms or None,
        "duration_days": duration.days if duration else None,
    }


def right(field: str, gold: Any, value: Any) -> bool:
    if field == "arms":
        return sorted(gold) == sorted(v.value for v in value)
    if field == "sample_size_any":
        return value.value in gold
    if field == "duration_days":
        return abs(value.value - gold) <= 0.05 * gold
    return bool(value.value == gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["pico_corpus", "ctro", "neuro_participants"])
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--field")
    args = parser.parse_args()
    for name in args.sets:
        rows = [json.loads(x) for x in (EVAL / f"{name}.dev.jsonl").read_text(encoding="utf-8").splitlines()]
        found = [(row, predict(row)) for row in rows]
        for field in FIELDS:
            scored = [(row, values[field]) for row, values in found if field in row["gold"]]
            if not scored or (args.field and field != args.field):
                continue
            correct = sum(value is not None and right(field, row["gold"][field], value) for row, value in scored)
            given = sum(value is not None for _, value in scored)
            f1 = 2 * correct / max(1, given + len(scored))
            print(f"{name:20s} {field:16s} n {len(scored)} given {given} right {correct} F1 {f1:.3f}")
            shown = 0
            for row, value in scored:
                if shown >= args.show or (value is not None and right(field, row["gold"][field], value)):
                    continue
                shown += 1
                _show(row, field, value)


def _show(row: dict[str, Any], field: str, value: Any) -> None:
    if field.startswith("sample"):
        prose, mention = abstract(row)
        gold = row["gold"][field]
        for c in find_candidates(prose.text, mention.parts, True):
            if c.score >= 3 or c.value in (gold if isinstance(gold, list) else [gold]):
                where = row["text"][max(0, c.number.start - 50) : c.head.end + 40].replace("\n", " ")
                print(f"        {c.value} {c.score} {sorted(c.cues)} | {where}")
    if field == "duration_days":
        prose, mention = abstract(row)
        for x in explain_duration(prose.text, mention.parts):
            print(f"        {x.days:.0f} {x.score:.1f} {sorted(x.cues)} | {row['text'][max(0, x.start - 50) : x.end + 40]!r}")
    if value is None:
        print(f"  - {row['id']} gold {row['gold'][field]} none")
        return
    for v in value if isinstance(value, tuple) else [value]:
        where = row["text"][max(0, v.start - 70) : v.end + 60].replace("\n", " ")
        print(f"  - {row['id']} gold {row['gold'][field]} got {v.value} {v.rule} | {where}")


if __name__ == "__main__":
    main()
