"""Train how the kinds of evidence of `ingest/link/stories.py` are weighed, and when a story stays unlinked.

The first model is a softmax over the candidates of a story, drawn towards the weights it starts from; the second a logistic one over stories
with their record in the library and without it. Both see the tuning half of `stories.txt` alone, in four conditions (records with and without
authors and journals, stories alone and amid other text), and are cross-validated by story. Deterministic: full-batch Newton steps.

    python bench/train_stories.py [--eval ../shared/eval] [--write]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from link_stories import ROOT, lengthened, pool, stories
from train_works import newton

from ingest.link import stories as linking
from ingest.link.stories import CLOSE, FIRST, SURE, Ranked, candidates, sureness
from ingest.link.works import Library

MODEL = Path(linking.__file__).parent / "stories.json"
PRIOR = {
    "words": 1.0, "opening": 0.3, "terms": 0.5, "meanings": 0.5, "numbers": 1.0, "names": 2.5, "journal": 2.5, "title": 10.0, "quoted": 30.0,
    "exact": 2.5, "rounded": 4.0, "shares": 4.0, "year": 2.0, "abstract": 3.0,
}  # fmt: skip
SCALE = 5.0
"""A lead of this much on the scale of BM25 makes a candidate e times as likely."""
FOLDS = 6
STIFF = {"names": 30.0, "journal": 30.0, "exact": 30.0, "rounded": 30.0, "shares": 30.0, "quoted": 30.0}
"""Evidence measured in logarithms of chance keeps its weight: the stories quote their papers' numbers and authors more faithfully than most do."""
RIDGE = 10.0
"""Stronger than the loss asks for: the stories are few and by one hand, so the weights stay near what they start from."""


@dataclass
class Example:
    """A story in one condition: its candidates, and which of them is right (None: it is not among them)."""

    group: int
    text: str
    ranked: list[Ranked]
    x: np.ndarray
    right: int | None


def examples(folder: Path, half: str = "tune") -> list[Example]:
    named = pool(folder, bare=False)
    short = stories(named)
    out = []
    for works in (named, pool(folder, bare=True)):
        library = Library(works)
        for asked in (short, lengthened(short)):
            for n, story in enumerate(s for s in asked if s.half == half):
                ranked = candidates(story.text, library)
                right = next((k for k, r in enumerate(ranked) if story.gold in library.works[r.number].ids), None)
                out.append(Example(n, story.text, ranked, np.array([r.features for r in ranked]), right))
    return out


def fit(rows: list[Example], ridge: float) -> np.ndarray:
    """Newton steps on the softmax loss, with a ridge towards the prior in units of each feature's spread."""
    prior = np.array([PRIOR[f] for f in (*FIRST, *CLOSE)]) / SCALE
    spread = np.maximum(np.vstack([r.x - r.x.mean(axis=0) for r in rows]).std(axis=0), 1e-3)
    pull = ridge * spread**2 * np.array([STIFF.get(f, 1.0) for f in (*FIRST, *CLOSE)])
    w = prior.copy()
    for _ in range(60):
        gradient, hessian = pull * (w - prior), np.diag(pull)
        for r in rows:
            if r.right is None:
                continue
            z = r.x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            mean = p @ r.x
            gradient = gradient + mean - r.x[r.right]
            hessian = hessian + (r.x * p[:, None]).T @ r.x - np.outer(mean, mean)
        step = np.linalg.solve(hessian, gradient)
        w -= step / max(1.0, np.abs(step * spread).max())
        if np.abs(step * spread).max() < 1e-8:
            break
    return w


def score(rows: list[Example], weights: dict[int, np.ndarray]) -> tuple[float, float]:
    """Share of stories whose record comes first, and the mean loss."""
    first, loss = 0, 0.0
    for r in rows:
        if r.right is None:
            loss += 5.0
            continue
        z = r.x @ weights[r.group % FOLDS]
        first += int(np.argmax(z) == r.right)
        loss += float(np.log(np.exp(z - z.max()).sum()) - (z[r.right] - z.max()))
    return first / len(rows), loss / len(rows)


def resorted(r: Example, w: np.ndarray, without: int | None = None) -> list[Ranked]:
    """The candidates in a model's order, one of them left out."""
    z = r.x @ w
    order = [int(k) for k in np.argsort(-z, kind="stable") if int(k) != without]
    return [Ranked(r.ranked[k].number, float(z[k]), r.x[k], r.ranked[k].said) for k in order]


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ap.add_argument("--write", action="store_true")
    a = ap.parse_args()
    rows = examples(a.eval)
    print("not among the candidates", sum(r.right is None for r in rows), "of", len(rows))
    print("prior", score(rows, dict.fromkeys(range(FOLDS), np.array([PRIOR[f] for f in (*FIRST, *CLOSE)]) / SCALE)))
    for ridge in (0.3, 1.0, 3.0, RIDGE, 30.0, 100.0):
        held = {k: fit([r for r in rows if r.group % FOLDS != k], ridge) for k in range(FOLDS)}
        print(f"ridge {ridge}: cross-validated top1 {score(rows, held)[0]:.3f} loss {score(rows, held)[1]:.4f}")
    held = {k: fit([r for r in rows if r.group % FOLDS != k], RIDGE) for k in range(FOLDS)}
    w = fit(rows, RIDGE)
    for name, value in zip((*FIRST, *CLOSE), w, strict=True):
        print(f"  {name:14s} {value:8.4f}  prior {PRIOR[name] / SCALE:8.4f}")
    x, y = [], []
    for r in rows:
        mine = held[r.group % FOLDS]
        for without in (None, r.right):
            ranked = resorted(r, mine, without)
            x.append(sureness(ranked, r.text))
            y.append(float(without is None and r.right is not None and int(np.argmax(r.x @ mine)) == r.right))
            if r.right is None:
                break
    sure = newton(np.array(x), np.array(y), 0.3)
    p = 1 / (1 + np.exp(-np.array(x) @ sure))
    print("sure", dict(zip(SURE, sure.round(3), strict=True)))
    for accept in (0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
        kept, false = ((p >= accept) * np.array(y)).sum() / np.array(y).sum(), ((p >= accept) * (1 - np.array(y))).sum() / (1 - np.array(y)).sum()
        print(f"accept {accept}: right ones kept {kept:.3f}, wrong ones linked {false:.3f}")
    if a.write:
        model = {
            "about": "weights of the evidence in link/stories.py, and the model that decides whether the best work is taken; trained by bench/train_stories.py",
            "sources": "bench/stories.txt, tuning half: stories in own words (CC0)",
            "cross_validated_top1": round(score(rows, held)[0], 4),
            "features": [*FIRST, *CLOSE],
            "first": [round(float(v), 4) for v in w[: len(FIRST)]],
            "weights": [round(float(v), 4) for v in w],
            "sure_features": list(SURE),
            "sure": [round(float(v), 4) for v in sure],
            "accept": json.loads(MODEL.read_text(encoding="utf-8"))["accept"],
        }
        MODEL.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
