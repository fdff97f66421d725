"""Train the design model of abstracts: ``ingest/extract/design_model.json``.

    .venv/bin/python bench/train_design.py [--check]

Reads the development sets in ``../shared/eval`` that are free for anything: medline_hedges and pubmedqa_mesh (labels of
NLM indexers), coronacentral (MIT), evidence_inference (MIT, all randomised trials), cochrane_grade (CC BY, all reviews)
and neuro_participants (MIT, people studied, design unknown). No text is kept: the model holds words and weights.

Multinomial logistic regression, written out in numpy (full batch, Adam, fixed number of steps, no randomness). A document
may have several right designs; the likelihood is that of their sum. The weights of ``design_abstract.toml`` are the mean
of the prior; words start at 0 and are kept only when they occur in at least four sources, so that topics do not enter.
``--check`` prints cross-validated accuracy, and accuracy with each source left out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import logistic
import numpy as np

from ingest.extract import design_abstract as step
from ingest.text.prose import split_sentences

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
SOURCES = ("medline_hedges", "pubmedqa_mesh", "coronacentral", "evidence_inference", "cochrane_grade", "neuro_participants")
LICENCES = "MEDLINE records; MIT; MIT; MIT; CC BY 4.0; MIT"
ZONES = {"t": 1.0, "b": 0.7, "m": 0.5}
NUMBERS = ("n:digits", "n:long", "n:past", "n:pasts")
BIAS = {
    "cohort": 1.0, "narrative_review": 2.0, "in_vitro": -0.5, "case_report": -1.0, "case_series": -1.5, "case_control": -0.5,
    "nonrandomized_trial": -0.3, "expert_opinion": 0.8, "meta_analysis": -1.0, "systematic_review": -0.7,
}  # fmt: skip
PRIOR_SCALE, PULL_CUES, PULL_WORDS, PULL_BIAS = 1.5, 0.005, 0.025, 0.0002
BALANCE, STEPS, RATE = 0.7, 250, 0.05
HUMAN = ["nonrandomized_trial", "cohort", "case_series", "cross_sectional", "case_control", "case_report"]
REVIEWS = ["narrative_review", "systematic_review", "meta_analysis", "expert_opinion"]
_ANIMALS = re.compile(r"\b(?:rats?|mice|horses?|cats|dogs|lambs?|sheep|pigs?|piglets|cattle|cows|rabbits?|calves|broilers|hens)\b")
SCALE = 0.02


@dataclass(frozen=True)
class Row:
    """One labelled abstract."""

    source: str
    designs: list[str]
    weak: bool
    features: dict[str, float]


def load() -> list[Row]:
    """Every abstract of the free sets with the designs that are right, or possible, for it."""
    out = []
    for source in SOURCES:
        for line in (EVAL / f"{source}.dev.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            designs, weak = _labels(source, row)
            if designs:
                text = row["text"]
                found = step.features(text, step.title_end(text, split_sentences(text)))
                out.append(Row(source, designs, weak, dict(found.values)))
    return out


def _labels(source: str, row: dict[str, Any]) -> tuple[list[str], bool]:
    design = row["gold"].get("design")
    if design:
        return ([design] if isinstance(design, str) else design), False
    if source == "evidence_inference":
        animal = bool(_ANIMALS.search(row["text"].lower()))
        return (["rct", "animal"] if animal else ["rct"]), animal
    if source == "cochrane_grade":
        return ["systematic_review", "meta_analysis"], False
    if row["gold"].get("species") == "human":
        return HUMAN + {"medline_hedges": REVIEWS, "pubmedqa_mesh": ["rct"]}.get(source, []), True
    return [], False


def vocabulary(rows: list[Row]) -> list[str]:
    """Cue features, numbers, and the words that occur in four sources and six documents."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in row.features:
            if name[0] in "wv":
                seen[name][row.source] += 1
    words = sorted(n for n, c in seen.items() if len(c) >= 4 and sum(c.values()) >= 6)
    return [f"{z}:{c.name}" for c in step.CUES for z in ZONES] + list(NUMBERS) + words


def prior(names: list[str]) -> np.ndarray:
    w = np.zeros((len(names) + 1, len(step.CLASSES)), np.float32)
    cues = {c.name: c for c in step.CUES}
    at = {c: i for i, c in enumerate(step.CLASSES)}
    for i, name in enumerate(names):
        if name[0] in ZONES:
            cue = cues[name[2:]]
            w[i, at[cue.value]] = PRIOR_SCALE * cue.weight * ZONES[name[0]]
    for design, value in {"narrative_review": -2.0, "expert_opinion": -2.0, "systematic_review": -0.3, "meta_analysis": -0.3}.items():
        w[names.index("n:past"), at[design]] = value
    w[-1] = [BIAS.get(c, 0.0) for c in step.CLASSES]
    return w


def train(rows: list[Row], names: list[str]) -> np.ndarray:
    """Fit the weights; the same rows give the same bytes."""
    x, start = logistic.matrix((r.features for r in rows), names), prior(names)
    right = np.array([[c in r.designs for c in step.CLASSES] for r in rows], np.float32)
    per_source, per_design = Counter(r.source for r in rows), Counter(r.designs[0] for r in rows if not r.weak)
    importance = [(1.0 if r.weak else (100 / per_design[r.designs[0]]) ** BALANCE) * (300 / per_source[r.source]) ** 0.5 for r in rows]
    s = np.array(importance, np.float32)
    pull = np.array([[PULL_WORDS if n[0] in "wv" else PULL_CUES] for n in names] + [[PULL_BIAS]], np.float32)
    w, m, v = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for t in range(1, STEPS + 1):
        z = x @ w
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        q = p * right
        q /= q.sum(1, keepdims=True) + 1e-9
        g = x.T @ ((p - q) * s[:, None]) / s.sum() + pull * (w - start)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


def predict(row: Row, names: dict[str, int], w: np.ndarray) -> str:
    ruled = step._ruled(row.features)
    if ruled:
        return ruled[0]
    z = w[-1].copy()
    for name, value in row.features.items():
        if name in names:
            z += w[names[name]] * value
    if not any(zone + s in row.features for s in step.RCT_SIGNS for zone in ("t:", "b:")):
        z[step.CLASSES.index("rct")] -= step.RCT_PENALTY
    return step.CLASSES[int(z.argmax())]


def check(rows: list[Row]) -> None:
    """Print accuracy in four folds, and with each source left out."""
    names = vocabulary(rows)
    index = {n: i for i, n in enumerate(names)}
    folds: dict[str, Counter[bool]] = defaultdict(Counter)
    for fold in range(4):
        w = train([r for i, r in enumerate(rows) if i % 4 != fold], names)
        for r in (r for i, r in enumerate(rows) if i % 4 == fold and not r.weak):
            folds[r.source][predict(r, index, w) in r.designs] += 1
    for source in SOURCES:
        rest, own = [r for r in rows if r.source != source], [r for r in rows if r.source == source and not r.weak]
        if own:
            w = train(rest, names)
            alone = sum(predict(r, index, w) in r.designs for r in own)
            share = folds[source][True] / folds[source].total()
            print(f"{source:20s} n {len(own):4d}  four folds {share:.3f}  source left out {alone / len(own):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    args = parser.parse_args()
    rows = load()
    if args.check:
        check(rows)
        return
    names = vocabulary(rows)
    w = train(rows, names)
    table = {n: [round(float(x) / SCALE) for x in row] for n, row in zip([*names, "bias"], w, strict=True)}
    table = {n: row for n, row in table.items() if n == "bias" or max(map(abs, row)) > 2}
    model = {
        "about": "Weights of the design model; written by bench/train_design.py",
        "sources": dict(zip(SOURCES, LICENCES.split("; "), strict=True)),
        "classes": list(step.CLASSES),
        "scale": SCALE,
        "features": table,
    }
    path = Path(step.__file__).with_name("design_model.json")
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {len(table)} features, {path.stat().st_size} bytes, {len(rows)} abstracts")


if __name__ == "__main__":
    main()
