"""Train the model that says what happened to an outcome of an abstract (``ingest/extract/change_model.json``).

    .venv/bin/python bench/train_change.py [--folds 5] [--write]

Data: evidence_inference dev (MIT licence): abstracts with (intervention, comparator, outcome) prompts and a change that
two doctors agreed on. Every place of an abstract that names a prompt's outcome is an example, weighted so that a prompt
counts once. Multinomial logistic regression, full-batch gradient descent from zero: no randomness. Cross-validated by document.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ingest.extract import abstracts, change
from ingest.records import Article
from ingest.text.prose import Prose

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
L2, STEPS, RATE, MIN_COUNT = 0.08, 200, 1.0, 2


def scorer() -> Any:
    """Import the abstract scorer: its word overlap decides which phrase answers a prompt."""
    spec = importlib.util.spec_from_file_location("score", EVAL / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


Example = tuple[list[str], int, float, int]


def examples(score: Any) -> tuple[list[Example], list[dict[str, Any]]]:
    """(features, class, weight, document) of each place, and the documents."""
    docs = list(score.read_jsonl(str(EVAL / "evidence_inference.dev.jsonl")))
    out: list[Example] = []
    for n, d in enumerate(docs):
        found = abstracts.places(Prose(Article(id=d["id"], text=d["text"], kind="abstract")))
        longs = abstracts.long_forms(d["text"])
        names = {p.span: abstracts.printed(d["text"], p, longs) for p in found}
        for prompt in d["gold"]["findings"]:
            scored = [(score.overlap(names[p.span], prompt["outcome"]), p) for p in found]
            best = max((s for s, _ in scored), default=0.0)
            near = [p for s, p in scored if s >= max(0.34, best - 0.2)]
            for p in near:
                row = list(p.features())
                out.append((row, change.CLASSES.index(prompt["change"]), 1 / len(near) ** 0.5, n))
    return out, docs


def train(rows: list[Example]) -> dict[str, tuple[float, ...]]:
    """Fit the weights."""
    counts = Counter(f for names, *_ in rows for f in set(names))
    index = {f: k for k, f in enumerate(sorted(f for f, c in counts.items() if c >= MIN_COUNT))}
    x = np.zeros((len(rows), len(index)), dtype=np.float32)
    for r, (names, *_rest) in enumerate(rows):
        for f in names:
            if f in index:
                x[r, index[f]] = 1.0
    y = np.zeros((len(rows), len(change.CLASSES)))
    y[np.arange(len(rows)), [c for _, c, _, _ in rows]] = 1.0
    w = np.array([weight for _, _, weight, _ in rows])
    w = w / w.sum()
    theta = np.zeros((len(index), len(change.CLASSES)))
    for _ in range(STEPS):
        z = x @ theta
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        theta -= RATE * (x.T @ ((p - y) * w[:, None]) + L2 * theta)
    return {f: tuple(round(float(v), 3) for v in theta[k]) for f, k in index.items() if np.abs(theta[k]).max() >= 0.01}


def accuracy(score: Any, docs: list[dict[str, Any]], numbers: list[int], table: dict[str, tuple[float, ...]]) -> Counter[str]:
    """Answer the prompts of some documents with a table of weights."""
    abstracts.weights = lambda: table  # type: ignore[assignment]
    tally: Counter[str] = Counter()
    for n in numbers:
        d = docs[n]
        prose = Prose(Article(id=d["id"], text=d["text"], kind="abstract"))
        found = abstracts.abstract_findings(prose, None)  # type: ignore[arg-type]
        pred = {"studies": [{"primary": True, "findings": [{"outcome": f.outcome, "change": f.change} for f in found]}]}
        for prompt in d["gold"]["findings"]:
            got = score.answer_prompt(pred, prompt)
            tally["n"] += 1
            tally["answered"] += got is not None
            tally["right"] += got == prompt["change"]
            tally[f"{prompt['change']}->{got}"] += 1
        tally["findings"] += len(found)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the model of all documents")
    args = parser.parse_args()
    score = scorer()
    rows, docs = examples(score)
    total: Counter[str] = Counter()
    for fold in range(args.folds):
        held = [n for n in range(len(docs)) if n % args.folds == fold]
        table = train([r for r in rows if r[3] % args.folds != fold])
        total += accuracy(score, docs, held, table)
    print(
        f"cross-validated: accuracy {total['right'] / total['n']:.3f} ({total['right']}/{total['n']}), answered {total['answered']}, "
        f"of those right {total['right'] / total['answered']:.3f}, findings per abstract {total['findings'] / len(docs):.1f}"
    )
    print({k: v for k, v in sorted(total.items()) if "->" in k})
    if args.write:
        table = train(rows)
        model = {
            "task": "change of an outcome named in an abstract",
            "classes": change.CLASSES,
            "data": "evidence_inference dev split (Evidence Inference 2.0, Lehman et al. 2019, DeYoung et al. 2020)",
            "licence": "MIT",
            "trained_by": "bench/train_change.py",
            "cross_validated_accuracy": round(total["right"] / total["n"], 3),
            "weights": dict(sorted(table.items())),
        }
        change.MODEL.write_text(json.dumps(model, indent=None, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{change.MODEL}: {len(table)} features, {change.MODEL.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
