"""Measure the extractors on the lay development set with the labelled mentions in place of found ones.

    .venv/bin/python bench/gold_mentions.py [size duration design species findings ...] [--show 20] [--split spun]

Builds a ``Mention`` for every labelled study: the sentence of its anchor and of each ``also`` anchor, with the
sentences that follow in the same paragraph until another study or claim begins (a sentence with two studies is cut
between them). Then it runs the extractors named (default: all there are) and prints the figures of the lay scorer.
Errors of an extractor are thus seen apart from errors of the mention finder. Needs ``../shared/eval``.

Use from other scripts: ``for item in load(): item.prose, item.mention, item.label``.
"""

from __future__ import annotations

import argparse
import html
import importlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.records import Article, Mention, Span
from ingest.text.prose import Prose, Sentence

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
_SOURCES = re.compile(r"(?im)^\W*(?:sources?|references?|further reading|notes|bibliography)\W*$|(?<=[.>])Sources?:|^Sources?\b.{0,20}:")


@dataclass(frozen=True)
class Item:
    """One labelled study with the mention made of its anchors."""

    document: str
    split: str
    prose: Prose
    mention: Mention
    label: dict[str, Any]


def plain_text(name: str, raw: str) -> str:
    """Render a text of the set simply: one block a line, no mark-up."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", raw)
    text = re.sub(r"\A---\n.*?\n---\n|\A\+\+\+\n.*?\n\+\+\+\n", "", text, flags=re.S)
    if name.endswith((".html", ".md")):
        text = re.sub(r"(?i)</?(?:p|li|ul|ol|h[1-6]|br|div|tr|td|table|section|blockquote|article|figure|dl|dt|dd)\b[^<>]*>", "\n", text)
    text = re.sub(r"(?s)<[^<>]+>", "", text)
    if name.endswith(".md"):
        text = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
        text = re.sub(r"(?m)^#{1,6}\s+", "", text)
        text = re.sub(r"(\*\*|\*|__)", "", text)
        text = re.sub(r"(?<!\w)_|_(?!\w)", "", text)
    if name.endswith(".html"):
        text = html.unescape(text)
    return text


def load(split: str | None = None) -> Iterator[Item]:
    """Every labelled study of the lay set whose anchor is found, in file order."""
    for line in (EVAL / "lay" / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if split and row["split"] != split:
            continue
        name = row["file"]
        text = plain_text(name, (EVAL / "lay" / name).read_text(encoding="utf-8"))
        lists = tuple(Span(m.start(), len(text)) for m in list(_SOURCES.finditer(text))[-1:])
        if lists and any(text.find(s["anchor"]) > lists[0].start for s in row["studies"]):
            lists = ()
        prose = Prose(Article(id=row["id"], text=text, spun=0.5 if row["split"] == "spun" else 0.0), lists=lists)
        for mention, label in zip(_mentions(prose, row), row["studies"], strict=True):
            if mention is not None:
                yield Item(row["id"], row["split"], prose, mention, label)


def _mentions(prose: Prose, row: dict[str, Any]) -> list[Mention | None]:
    places = []  # (offset, study index or -1 for a claim)
    for i, study in enumerate(row["studies"]):
        places += [(prose.text.find(a), i) for a in [study["anchor"], *study.get("also", [])]]
    places += [(prose.text.find(c["anchor"]), -1) for c in row["claims"]]
    places = sorted(p for p in places if p[0] >= 0)
    parts: dict[int, list[Span]] = {}
    heads: dict[int, Span] = {}
    for n, (offset, i) in enumerate(places):
        if i < 0:
            continue
        spans = _region(prose, places, n)
        parts.setdefault(i, []).extend(s for s in spans if s not in parts.get(i, []))
        if offset == prose.text.find(row["studies"][i]["anchor"]) and spans:
            heads[i] = spans[0]
    out: list[Mention | None] = []
    for i, study in enumerate(row["studies"]):
        if i not in heads:
            out.append(None)
            continue
        spans = tuple(sorted(parts[i], key=lambda s: s.start))
        out.append(Mention(heads[i].start, heads[i].end, spans, "gold", plural=bool(study.get("plural"))))
    return out


def _region(prose: Prose, places: list[tuple[int, int]], n: int) -> list[Span]:
    offset, study = places[n]
    sentence = prose.sentence_at(offset)
    if sentence is None:
        return []
    start, end = sentence.start, sentence.end
    before = [p for p, i in places if sentence.start <= p < offset and i != study]
    after = [p for p, i in places if offset < p < sentence.end and i != study]
    if before:
        start = offset
    if after:
        end = _clause_end(prose.text, offset, after[0])
    spans = [Span(start, end)]
    if not after:
        spans += [s.span for s in _following(prose, sentence, [p for p, _ in places])]
    return spans


def _following(prose: Prose, sentence: Sentence, anchors: list[int]) -> Iterator[Sentence]:
    position = prose.sentences.index(sentence)
    for s in prose.sentences[position + 1 :]:
        if s.paragraph != sentence.paragraph or any(s.start <= p < s.end for p in anchors):
            return
        yield s


def _clause_end(text: str, begin: int, stop: int) -> int:
    cuts = [m.start() for m in re.finditer(r"[,;:()–—] ", text[begin:stop])]
    return begin + cuts[-1] if cuts else stop


# ---------------------------------------------------------------- extractors: module, function, result -> study fields
def _size(value: Any) -> dict[str, Any]:
    fields = {k: getattr(value, k).value for k in ("sample_size", "studies_pooled") if getattr(value, k)}
    return fields | {"arms": [a.value for a in value.arms]}


def _plain(field: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {field: value.value if value else None}


def _duration(value: Any) -> dict[str, Any]:
    return {"duration_days": value.days.value} if value else {}


def _findings(value: Any) -> dict[str, Any]:
    return {"findings": [{"outcome": f.outcome, "change": f.change, "effect": f.effect} for f in value]}


EXTRACTORS: dict[str, tuple[str, str, Callable[[Any], dict[str, Any]]]] = {
    "size": ("size", "read_size", _size),
    "duration": ("duration", "read_duration", _duration),
    "design": ("design", "read_design", _plain("design")),
    "species": ("species", "read_species", _plain("species")),
    "findings": ("findings", "read_findings", _findings),
    "exposure": ("exposure", "read_exposure", _plain("exposure")),
    "condition": ("condition", "read_condition", _plain("condition")),
}


def predict(item: Item, names: list[str]) -> dict[str, Any]:
    """Run extractors over one labelled study; the design that duration and species ask for is the labelled one."""
    study: dict[str, Any] = {"start": item.mention.start, "end": item.mention.end}
    for name in names:
        module, function, fields = EXTRACTORS[name]
        read = getattr(importlib.import_module(f"ingest.extract.{module}"), function)
        design = item.label["design"]
        extra: dict[str, tuple[Any, ...]] = {"design": ((),), "species": (design, ()), "duration": (design,), "size": (design,)}
        study |= fields(read(item.prose, item.mention, *extra.get(name, ())))
    return study


def scorer() -> Any:
    """Import the lay scorer."""
    spec = importlib.util.spec_from_file_location("score_lay", EVAL / "score_lay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_lay"] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extractors", nargs="*", choices=[[], *EXTRACTORS], help="default: every one that exists")
    parser.add_argument("--split", help="real-style or spun; default both")
    parser.add_argument("--show", type=int, default=0, help="show up to N errors of each kind")
    args = parser.parse_args()
    names = args.extractors or [n for n, (m, _, _) in EXTRACTORS.items() if importlib.util.find_spec(f"ingest.extract.{m}")]
    score = scorer()
    gold: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for item in load(args.split):
        row = gold.setdefault(item.document, {"id": item.document, "split": item.split, "studies": []})
        row["studies"].append(item.label)
        texts[item.document] = item.prose.text
        found.setdefault(item.document, {"id": item.document, "studies": []})["studies"].append(predict(item, names))
    groups, notes = score.run(list(gold.values()), texts, found, "split")
    for name, summary in groups.items():
        print(score.render(name, summary))
    if args.show:
        for kind in sorted({k for k, _, _ in notes}):
            lines = [f"   {d}: {what}" for k, d, what in notes if k == kind]
            print(f"-- {kind}: {len(lines)}", *lines[: args.show], sep="\n")


if __name__ == "__main__":
    main()
