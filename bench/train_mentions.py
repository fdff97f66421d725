"""Learn how much each cue counts: ``python bench/train_mentions.py [--cv] [--show]``.

Sources: the lay-article development set and ``lay_extra.txt`` (both CC0). Logistic regression with a penalty on the distance from
the prior weights of mentions.toml (Newton's method in numpy), one row a sentence: 1 where a labelled study is brought in, 0
elsewhere; later sentences about a study that was brought in are 0, lead-ins and optional studies are left out. ``--cv`` leaves
articles out by fold (a spun copy goes with its original) and prints the scores; ``--show`` lists what was missed or made up.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from pathlib import Path

import lay_dev
import numpy as np

from ingest.find import mentions as fm

PENALTY = 8.0
PRIOR = {
    **{c["name"]: c["prior"] for c in tomllib.loads(Path(fm.__file__).with_name("mentions.toml").read_text(encoding="utf-8"))["cue"]},
    "marked": 0.8,
    "same_mark": -1.5,
    "other_mark": 1.0,
    "first_mark": -0.5,
    "quoted": -0.8,
    "nothing_before": 0.5,
    **{f"{c}_after_sized": -0.8 for c in fm._DEFINITE},
    "nothing_new": -0.5,
    "sized_11_same": -0.3,
}
FOLDS = 8
OUT = Path(fm.__file__).with_name("mentions.json")


def examples(row: dict, prose) -> list[tuple[list[str], int, float]]:
    """Cues, label and weight of every sentence that is read, with the right answers as context."""
    text = prose.text

    def places(anchors: list[str]) -> list[int]:
        return [text.find(a) for a in anchors if text.find(a) >= 0]

    starts, half, skip = set(), set(), set()
    units = fm.read_units(prose)
    spans = [(u.start, u.end) for u in units]

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
            weight = 0.75 if row["split"] == "spun" else 1.5
            out.append(([*sorted(u.cues), *fm.context_cues(u, last)], int(i in starts), weight))
        elif u.cues and i in half:
            out.append(([*sorted(u.cues), *fm.context_cues(u, last)], 1, 0.5))
        if i in starts | half | skip and u.cues:
            last = u
    return out


def extra_examples(row: dict, prose) -> list[tuple[list[str], int, float]]:
    """Cues, label and weight for an article whose sentences are all labelled."""
    out, last = [], None
    for u in fm.read_units(prose):
        if not u.cues:
            continue
        here = [(a, sign) for a, b, sign, _ in row["units"] if a <= u.start < b]
        sign = here[0][1] if here else "-"
        starts = sign == "*" and here[0][0] == u.start
        if sign == "p":
            out.append(([*sorted(u.cues), *fm.context_cues(u, last)], 1, 0.25))
        elif sign not in "<?":
            out.append(([*sorted(u.cues), *fm.context_cues(u, last)], int(starts), 0.5 if row["split"] == "extra-spun" else 1.0))
        if sign in "*p<?":
            last = u
    return out


def fit(rows: list[tuple[list[str], int, float]]) -> dict[str, float]:
    names = sorted({c for cues, _, _ in rows for c in cues} - fm._DEFINITE)
    at = {n: i + 1 for i, n in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, 0] = 1
    for i, (cues, _, _) in enumerate(rows):
        for c in cues:
            if c in at:
                x[i, at[c]] = 1
    y = np.array([r[1] for r in rows], float)
    w = np.array([r[2] for r in rows], float)
    prior = np.array([-1.0, *(PRIOR.get(n, 0.0) for n in names)])
    beta = prior.copy()
    ridge = np.full(x.shape[1], PENALTY)
    ridge[0] = 0.01
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        grad = x.T @ (w * (y - p)) - ridge * (beta - prior)
        hess = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hess, grad)
        beta += step
        if abs(step).max() < 1e-6:
            break
    return {"bias": round(float(beta[0]), 3), **{n: round(float(beta[at[n]]), 3) for n in names}}


def predict(data) -> list[dict]:
    out = []
    for row, prose in data:
        prose.notes.clear()
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
        scores = "  ".join(f"{k[0].upper()} {m[k] or 0:.3f}" for k in ("precision", "recall", "f1"))
        print(f"{name:22} {scores}  gold {m['gold']} missed {m['missed']} duplicates {m['duplicates']} spurious {m['spurious']}")
    if show:
        for kind, gid, what in notes:
            if kind in {"missed", "duplicate", "spurious"}:
                print(f"{kind:10} {gid:12} {what}")


def use(weights: dict[str, float]) -> None:
    fm._MODEL.clear()
    fm._MODEL.update(weights)


def main() -> None:
    data = [(r, p, examples(r, p), int(r["id"][3:6])) for r, p in lay_dev.load()]
    data += [(r, p, extra_examples(r, p), zlib.crc32(r["id"].removesuffix("-spun").encode())) for r, p in lay_dev.extra()]
    pairs = [(r, p) for r, p, _, _ in data]
    more = [(r, p, examples(r, p), int(r["id"][3:6])) for r, p in lay_dev.respun()]
    if "--cv" in sys.argv:
        preds = []
        for f in range(FOLDS):
            use(fit([e for _, _, es, n in data + more if n % FOLDS != f for e in es]))
            preds += predict([(r, p) for r, p, _, n in data if n % FOLDS == f])
        report(pairs, preds, "--show" in sys.argv)
        return
    weights = fit([e for _, _, es, _ in data + more for e in es])
    sources = "lay-article development set (CC0) and bench/lay_extra.txt; written by bench/train_mentions.py"
    OUT.write_text(json.dumps({"source": sources, "weights": weights}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    use(weights)
    report(pairs, predict(pairs), "--show" in sys.argv)


if __name__ == "__main__":
    main()
