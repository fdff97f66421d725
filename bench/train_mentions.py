"""Learn how much each cue counts: ``python bench/train_mentions.py [--cv] [--show N]``.

Source: the lay-article development set (CC0). Logistic regression with a penalty on the squares (Newton's method in numpy), one row a
sentence: 1 where a labelled study is brought in, 0 elsewhere; later sentences about a study that was brought in are 0, lead-ins
and optional studies are left out. ``--cv`` leaves articles out by fold (a spun copy goes with its original) and prints the scores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lay_dev
import numpy as np

from ingest.find import mentions as fm

PENALTY = 1.0
FOLDS = 8
OUT = Path(fm.__file__).with_name("mentions.json")


def examples(row: dict, prose) -> list[tuple[list[str], int, float]]:
    """Cues, label and weight of every sentence that is read, with the right answers as context."""
    text = prose.text

    def places(anchors: list[str]) -> list[int]:
        return [text.find(a) for a in anchors if text.find(a) >= 0]

    starts, half, skip = set(), set(), set()
    units = fm.read_units(prose)
    spans = [(u.sentence.start, u.sentence.end) for u in units]

    def unit_at(p: int) -> int:
        return next((i for i, (a, b) in enumerate(spans) if a <= p < b), -1)

    for s in row["studies"]:
        main = [unit_at(p) for p in places([s["anchor"]])]
        (skip if s.get("optional") else half if s.get("plural") else starts).update(main)
        for i in (unit_at(p) for p in places(s.get("also", []))):
            if main and i < main[0]:
                skip.add(i)
    out, last = [], None
    for i, u in enumerate(units):
        if u.cues and i not in skip | half:
            weight = 0.5 if row["split"] == "spun" else 1.0
            out.append((u.cues + fm.context_cues(u, last), int(i in starts), weight))
        elif u.cues and i in half:
            out.append((u.cues + fm.context_cues(u, last), 1, 0.5))
        if i in starts | half | skip and u.cues:
            last = u
    return out


def fit(rows: list[tuple[list[str], int, float]]) -> dict[str, float]:
    names = sorted({c for cues, _, _ in rows for c in cues})
    at = {n: i + 1 for i, n in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, 0] = 1
    for i, (cues, _, _) in enumerate(rows):
        for c in cues:
            x[i, at[c]] = 1
    y = np.array([r[1] for r in rows], float)
    w = np.array([r[2] for r in rows], float)
    beta = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], PENALTY)
    ridge[0] = 0.01
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        grad = x.T @ (w * (y - p)) - ridge * beta
        hess = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hess, grad)
        beta += step
        if abs(step).max() < 1e-6:
            break
    return {"bias": round(float(beta[0]), 3), **{n: round(float(beta[at[n]]), 3) for n in names}}


def predict(data) -> list[dict]:
    out = []
    for row, prose in data:
        found = fm.find_mentions(prose)
        out.append({"id": row["id"], "studies": [{"start": m.start, "end": m.end, "plural": m.plural} for m in found]})
    return out


def report(data, preds, show: int) -> None:
    sl = lay_dev.scorer()
    gold = [r for r, _ in data]
    texts = {r["id"]: p.text for r, p in data}
    groups, notes = sl.run(gold, texts, {p["id"]: p for p in preds}, "split")
    for name, s in groups.items():
        m = s["mentions"]
        print(name, json.dumps(m))
    if show:
        for kind, gid, what in notes:
            if kind in {"missed", "duplicate", "spurious"}:
                print(f"{kind:10} {gid:12} {what}")


def use(weights: dict[str, float]) -> None:
    fm._MODEL.clear()
    fm._MODEL.update(weights)


def main() -> None:
    data = lay_dev.load()
    rows = {r["id"]: examples(r, p) for r, p in data}
    if "--cv" in sys.argv:
        preds = []
        for f in range(FOLDS):
            out = [d for d in data if int(d[0]["id"][3:6]) % FOLDS == f]
            ids = {d[0]["id"] for d in out}
            use(fit([e for i, es in rows.items() if i not in ids for e in es]))
            preds += predict(out)
        report(data, preds, "--show" in sys.argv)
        return
    weights = fit([e for es in rows.values() for e in es])
    OUT.write_text(
        json.dumps({"source": "lay-article development set (CC0), bench/train_mentions.py", "weights": weights}, indent=0, sort_keys=True)
        + "\n"
    )
    use(weights)
    report(data, predict(data), "--show" in sys.argv)


if __name__ == "__main__":
    main()
