"""Train the acceptance test of `ingest/link/works.py`, which decides whether a record explains a printed reference.

A logistic model over the features of `compare`, trained on the linking development set (CC BY / CC0 references of
open-access articles; see `works.json`) and cross-validated by article. Deterministic: full-batch Newton steps.

    python bench/train_works.py [--eval ../shared/eval] [--write] [--show N]
"""

from __future__ import annotations

import argparse
import json
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.link import works as linking
from ingest.read.library import merge_works, read_library
from ingest.records import Citation

MODEL = Path(linking.__file__).parent / "works.json"
FOLDS = 5


def examples(queries: list[dict], library: linking.Library, keys: dict[str, int]) -> list[dict]:
    out = []
    linking._MODEL["sure"] = 2.0
    for q in queries:
        query = linking._query(Citation(1, 0, 0, q["text"]), library)
        ranked = linking._rank(query, library)
        fits = {keys[f] for f in q.get("fits", ())}
        known = np.array([c.index not in fits for c in ranked], dtype=bool)
        x = np.array([c.features for c in ranked]).reshape(len(ranked), len(linking.FEATURES))
        y = np.array([float(q["gold"] is not None and keys[q["gold"]] == c.index) for c in ranked])
        out.append({**q, "known": known, "x": x, "y": y, "c": ranked})
    return out


def newton(x: np.ndarray, y: np.ndarray, ridge: float = 0.3) -> np.ndarray:
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        h = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        step = np.linalg.solve(h, x.T @ (y - p) - ridge * w)
        w += step
        if np.abs(step).max() < 1e-9:
            break
    return w


def fit(rows: list[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Two models: candidates whose title the reference prints, and those whose title it does not."""
    x = np.vstack([r["x"] for r in rows])
    y = np.concatenate([r["y"] for r in rows])
    known = np.concatenate([r["known"] for r in rows])  # where several works fit, each of them does
    x, y = x[known], y[known]
    bare = x[:, linking._NO_TITLE] > 0
    return newton(x[~bare], y[~bare]), newton(x[bare], y[bare])


def logits(row: dict, models: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    x = row["x"]
    return np.clip(np.where(x[:, linking._NO_TITLE] > 0, x @ models[1], x @ models[0]), -30, 30)


def decide(row: dict, models: tuple[np.ndarray, np.ndarray], accept: float, margin: float) -> int | None:
    if not len(row["x"]):
        return None
    p = 1 / (1 + np.exp(-logits(row, models)))
    ranked = [replace(row["c"][n], score=float(p[n])) for n in np.argsort(-p, kind="stable")]
    return None if linking.refusal(ranked, accept, margin) else ranked[0].index


def score(rows: list[dict], picks: list[int | None], keys: dict[str, int]) -> dict[str, float]:
    made = sum(p is not None for p in picks)
    right = sum(p is not None and r["gold"] is not None and keys[r["gold"]] == p for r, p in zip(rows, picks, strict=True))
    want = sum(r["gold"] is not None for r in rows)
    nil = sum(r["gold"] is None for r in rows)
    kept = sum(r["gold"] is None and p is None for r, p in zip(rows, picks, strict=True))
    precision, recall = right / max(made, 1), right / max(want, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"P": round(precision, 4), "R": round(recall, 4), "F1": round(f1, 4), "nil": round(kept / max(nil, 1), 4)}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    ap.add_argument("--write", action="store_true")
    ap.add_argument("--show", type=int, default=0)
    a = ap.parse_args()
    works = merge_works(read_library(a.eval / "linking_library.jsonl")[0])
    keys = {name: i for i, w in enumerate(works) for name in w.ids}
    queries = [json.loads(line) for line in (a.eval / "linking.dev.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = examples(queries, linking.Library(works), keys)
    fold = [zlib.crc32(r["group"].encode()) % FOLDS for r in rows]
    held: dict[int, tuple[np.ndarray, np.ndarray]] = {k: fit([r for r, f in zip(rows, fold, strict=True) if f != k]) for k in range(FOLDS)}
    best = None
    for accept in (0.5, 0.6, 0.7):
        for margin in (0.6, 1.0, 1.5, 2.0, 3.0):
            picks = [decide(r, held[f], accept, margin) for r, f in zip(rows, fold, strict=True)]
            s = score(rows, picks, keys)
            if best is None or s["F1"] + s["nil"] > best[0]["F1"] + best[0]["nil"]:
                best = (s, accept, margin, picks)
    assert best
    print("cross-validated", best[:3])
    w = fit(rows)
    print("on training    ", score(rows, [decide(r, w, best[1], best[2]) for r in rows], keys))
    for name, *values in zip(linking.FEATURES, *w, strict=True):
        print(f"  {name:18s} titled {values[0]:7.2f}  bare {values[1]:7.2f}")
    for r, p in zip(rows, best[3], strict=True):
        gold = keys[r["gold"]] if r["gold"] else None
        if p != gold and a.show > 0:
            a.show -= 1
            print(f"[{r['kind']} {r['noise']}] {r['text']}")
            z = logits(r, held[zlib.crc32(r["group"].encode()) % FOLDS])
            for n in [*np.argsort(-z)[:2], *(n for n, c in enumerate(r["c"]) if c.index == gold)]:
                c, pr = r["c"][n], 1 / (1 + np.exp(-z[n]))
                x = works[c.index]
                tag = "GOLD" if c.index == gold else "PICK" if c.index == p else ""
                name = x.authors[0].family if x.authors else ""
                print(f"    {tag:4s} {pr:.2f} {name} {x.year} {x.title[:90]} | {x.container} {x.volume} {x.pages} | {linking.reasons(c)[1]}")
    if a.write:
        MODEL.write_text(
            json.dumps(
                {
                    "about": "acceptance test of link/works.py: logistic weights in the order of FEATURES, trained by bench/train_works.py",
                    "sources": "references of open-access articles (CC BY / CC0), linking development set; records of PubMed",
                    "cross_validated_by_article": best[0],
                    "features": list(linking.FEATURES),
                    "titled": [round(float(v), 4) for v in w[0]],
                    "bare": [round(float(v), 4) for v in w[1]],
                    "accept": best[1],
                    "margin": best[2],
                    "sure": 0.97,
                },
                indent=1,
            )
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
