"""Learn what the wording of a stretch of a sentence weighs for a study's findings: ``python bench/train_effects.py [--cv] [--write] [--with FOLDER…]``.

Sources: the lay-article development set, our own labelled articles (tests/gold, lay4 left out), ``effects_extra.txt`` and ``effects_studies.txt`` (all CC0);
``--with`` adds folders labelled in the same form. Labels name a study's findings, not where they stand, so each finding is given to
the stretch of its mention that shares most words with it and is likeliest to tell it, the model is fitted, and both are done again.
Softmax regression with a ridge on binary features. ``--cv`` leaves articles out by fold (a spun copy goes with its original) and prints
F1 of effects, and of change and effect together, beside those of the rules alone; ``--write`` writes ``ingest/extract/effects.json``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lay_dev
import logistic
import numpy as np

from ingest.extract import effects as ef
from ingest.extract import lay
from ingest.extract.design import read_design
from ingest.extract.valence import read_words
from ingest.find.mentions import find_mentions
from ingest.records import Article, Finding, Mention, Span
from ingest.text.prose import Prose

FOLDS = 5
PENALTY = {"w": 4.0, "s": 3.0, "b": 5.0}  # words, stems, pairs of words
OTHER_PENALTY = 2.0
AT_LEAST = 3  # stretches that must show a feature
SETTLING, FITTING = 25, 40  # steps of the optimiser while findings move, and for the weights that count
FAINT = 0.3  # share of an outcome's words below which words alone place no finding
SMALLEST = 6  # a row of weights without any as large as this, in units of the file, is left out
WEIGHT = {"gold/lay": 0.6, "gold/lay-spun": 0.4, "lay": 0.6, "lay-spun": 0.4, "extra": 0.5, "news": 0.5}  # what rules were tuned on teaches less
SIGNS = {"+": "benefit", "-": "harm", "=": "none", "?": "unclear", ".": None}
STOP = frozenset(
    """the a of in on and or for to with at by from after than as that was were not no effect risk rate rates number level levels group women men
    people children""".split()
)
CLASS = {c: i for i, c in enumerate(ef.CLASSES)} | {"mixed": ef.CLASSES.index("unclear")}
OUT = ef.MODEL
HERE = Path(__file__).parent


@dataclass
class Example:
    """A stretch with its features; ``target`` are the findings that were given to it: a class each, and what else is right."""

    read: ef.Stretch
    stems: set[str]
    features: list[str]
    target: list[tuple[int, list[int]]] = field(default_factory=list)
    told_before: bool = False  # repeats what another stretch was given


@dataclass
class Study:
    """A labelled study with the stretches of its mention; ``fold`` is -1 for what is only learned from."""

    fold: int
    group: str
    required: bool
    gold: dict[str, Any]
    text: str
    rules: tuple[Finding, ...]
    examples: list[Example]


def example(stretch: ef.Stretch) -> Example:
    return Example(stretch, {ef.stem(w) for w in stretch.words}, ef.features(stretch))


def read_study(prose: Prose, mention: Mention) -> tuple[tuple[Finding, ...], list[Example]]:
    found = lay.lay_findings(prose, mention)
    design = read_design(prose, mention)
    read = ef.read_stretches(prose, mention, found, lambda a, b: lay.read_alone(prose.text, a, b), design.value if design else ef.UNTOLD)
    return found, [example(s) for s in read]


def load(folders: list[Path], scorer: Any) -> list[Study]:
    """The studies of labelled folders that a found mention matches."""
    out = []
    for path in folders:
        name = "gold/lay" if path.parts[-2:] == ("gold", "lay") else path.name
        for row, prose in lay_dev.folder(path):
            fold = zlib.crc32(row.get("source_id", row["id"]).encode()) % FOLDS
            for required, gold, mention in matched(row, prose, scorer):
                group = name + "-spun" * (row.get("split") == "spun")
                out.append(Study(fold, group, required, gold, prose.text, *read_study(prose, mention)))
    return out


def extra_stretches() -> list[Study]:
    """The stretches of effects_extra.txt, as studies of one stretch each."""
    out = []
    for line in (HERE / "effects_extra.txt").read_text(encoding="utf-8").splitlines():
        if line[:1] not in SIGNS:
            continue
        text = line[2].upper() + line[3:] + "."
        words, places = read_words(text, 0, len(text))
        found = lay.read_alone(text, 0, len(text))
        stretch = ef.Stretch(0, len(text), words, places, ef.letters(words), list(found))
        stretch.keys.append(ef.said_by_rules(found, 0))
        effect = SIGNS[line[0]]
        gold = [{"outcome": line[2:], "effect": effect}] if effect else []
        read = example(stretch)
        read.features.append("domain:extra")
        out.append(Study(-1, "extra", False, {"findings": gold}, text, found, [read]))
    return out


def extra_studies() -> list[Study]:
    """The studies of effects_studies.txt and lay_news.txt; a finding may only go to a stretch of its own line."""
    text = "\n".join(x for x in (HERE / "effects_studies.txt").read_text(encoding="utf-8").splitlines() if not x.startswith("#"))
    blocks = [[(words, signs) for signs, _, words in (line.partition(" ") for line in block.splitlines())] for block in text.strip().split("\n\n")]
    return [told_study(b, "extra", "domain:studies") for b in blocks] + [told_study(s.sentences, "news", "domain:news") for s in lay_dev.told()]


def told_study(lines: list[tuple[str, str]], group: str, domain: str) -> Study:
    body, places = "", []
    for words, signs in lines:
        places.append((len(body), len(body) + len(words), signs))
        body += words + " "
    prose = lay_dev.prose_of(Article("own", body.rstrip()))
    found, examples = read_study(prose, Mention(0, places[0][1], (Span(0, len(body.rstrip())),), "own"))
    gold = []
    for a, b, signs in places:
        begun = [i for i, e in enumerate(examples) if a <= e.read.start < b]
        here = begun or [i for i, e in enumerate(examples) if e.read.start < b and a < e.read.end]
        gold += [{"outcome": body[a:b], "effect": SIGNS[c], "where": here} for c in signs if SIGNS[c]]
    for e in examples:
        e.features.append(domain)
    return Study(-1, group, False, {"findings": gold}, body, found, examples)


def matched(row: dict[str, Any], prose: Prose, scorer: Any) -> list[tuple[bool, dict[str, Any], Mention]]:
    """Pair labelled studies with found mentions much as the scorer does: whether it counts, the label, the mention."""
    prose.notes.clear()
    found, text = find_mentions(prose), prose.text
    sentences = scorer.sentences(text)
    items = []
    for s in row["studies"]:
        at = scorer.anchor_span(text, s["anchor"])
        if at is not None:
            others = [scorer.region(sentences, x) for x in (scorer.anchor_span(text, y) for y in s.get("also") or []) if x]
            items.append((not s.get("plural") and not s.get("optional"), s, at, scorer.region(sentences, at), others))
    weights = []
    for n, m in enumerate(found):
        span, line = (m.start, m.end), []
        for k, (required, _, at, region, others) in enumerate(items):
            main = scorer._overlap(span, region)
            side = max([scorer._overlap(span, o) and scorer._iou(span, o) for o in others] or [0])
            worth = 10 + 4 * scorer._overlap(span, at) / max(1, at[1] - at[0]) + 4 * scorer._iou(span, region) if main else 2 * side
            line.append((100.0 if required else 40.0) + worth - 0.001 * abs(k - n) if main or side else 0.0)
        weights.append(line)
    pairs = scorer.hungarian(weights) if found and items else {}
    return [(items[k][0], items[k][1], found[n]) for n, k in sorted(pairs.items())]


# ------------------------------------------------------------------------------------------------ which stretch tells what
def outcome_stems(finding: dict[str, Any]) -> set[str]:
    return {ef.stem(w) for w in re.findall(r"[a-z0-9'-]+", finding["outcome"].lower()) if w not in STOP and len(w) > 2}


def align(study: Study, chances: np.ndarray | None) -> None:
    """Give each labelled finding to the stretch that shares its words and is likeliest to tell it; one that nothing tells goes to none."""
    for e in study.examples:
        e.target, e.told_before = [], False
    for f in study.gold["findings"]:
        wanted, stems = CLASS[f["effect"]], outcome_stems(f)
        rated = []
        for i, e in enumerate(study.examples):
            if "where" in f and i not in f["where"]:
                continue
            share = len(stems & e.stems) / max(1, len(stems))
            said = [r for r in e.read.found if r.effect == f["effect"]]
            p = chances[i][wanted] if chances is not None else 0.3 if said else 0.1 if e.read.found else 0.05
            named = any(stems & {ef.stem(w) for w in r.outcome.lower().split()} for r in said)
            crowd = sum(c != wanted for c, _ in e.target) + 0.7 * len(e.target)
            if chances is None and share < FAINT and not said and "where" not in f:  # what begins wrong is only learned by heart
                continue
            rated.append((3.0 * share + math.log(max(p, 1e-3)) - crowd + named - 0.7 * e.read.outer, -i, share, p))
        if not rated:
            continue
        _, at, share, p = max(rated)
        if chances is not None and p < (0.12 if share == 0 else 0.05 if share < 0.5 else 0.0):
            continue
        study.examples[-at].target.append((wanted, [CLASS[e] for e in (f.get("alt") or {}).get("effect", [])]))
        for _, i, share, p in rated:
            if i != at and share >= 0.5 and (chances is None or p > 0.3):
                study.examples[-i].told_before = True


def settle(studies: list[Study], rounds: int = 3) -> None:
    """Align, fit, and align again."""
    index = feature_index(studies)
    x = matrix(studies, index)
    theta = None
    align_all(studies, None)
    for _ in range(rounds - 1):
        theta = fit(x, studies, index, SETTLING, theta)
        align_all(studies, chances_of(studies, x, theta))


def align_all(studies: list[Study], chances: list[np.ndarray] | None) -> None:
    for n, s in enumerate(studies):
        align(s, chances[n] if chances else None)


# ------------------------------------------------------------------------------------------------ softmax regression
class Sparse:
    """Binary rows; each has at least one entry."""

    def __init__(self, rows: list[list[int]], width: int) -> None:
        self.width = width
        lengths = [len(r) for r in rows]
        self.column = np.concatenate([np.array(r) for r in rows])
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        order = np.argsort(self.column, kind="stable")
        self.row = np.repeat(np.arange(len(rows)), lengths)[order]
        self.used, self.column_starts = np.unique(self.column[order], return_index=True)

    def times(self, t: np.ndarray) -> np.ndarray:
        """The rows times a table of weights."""
        return np.add.reduceat(t[self.column], self.starts, axis=0)

    def back(self, d: np.ndarray) -> np.ndarray:
        """The columns times a table of residuals."""
        out = np.zeros((self.width, d.shape[1]))
        out[self.used] = np.add.reduceat(d[self.row], self.column_starts, axis=0)
        return out


def feature_index(studies: list[Study]) -> dict[str, int]:
    seen = Counter(f for s in studies for e in s.examples for f in set(e.features))
    return {f: i for i, f in enumerate(sorted(f for f, n in seen.items() if n >= AT_LEAST))}


def matrix(studies: list[Study], index: dict[str, int]) -> Sparse:
    return Sparse([[*sorted({index[f] for f in e.features if f in index}), len(index)] for s in studies for e in s.examples], len(index) + 1)


def targets(studies: list[Study]) -> tuple[np.ndarray, np.ndarray]:
    """Wanted class shares and a weight for each stretch."""
    wanted, weights = [], []
    for s in studies:
        for e in s.examples:
            y = np.zeros(len(ef.CLASSES))
            if not e.target:
                y[0] = 1
            for c, others in e.target:
                y[c] += (0.7 if others else 1.0) / len(e.target)
                for o in others:
                    y[o] += 0.3 / len(others) / len(e.target)
            wanted.append(y)
            weights.append(0.0 if e.told_before and not e.target else WEIGHT.get(s.group, 1.0) * (1.0 if s.required or s.fold < 0 else 0.5))
    return np.array(wanted), np.array(weights)


def fit(x: Sparse, studies: list[Study], index: dict[str, int], rounds: int, start: np.ndarray | None = None) -> np.ndarray:
    y, w = targets(studies)
    ridge = np.array([PENALTY.get(f.split(":")[0], OTHER_PENALTY) if ":" in f else OTHER_PENALTY for f in index] + [0.01])[:, None]
    shape = (x.width, y.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        t = flat.reshape(shape)
        p, logs = softmax(x.times(t))
        d = (p * y.sum(axis=1, keepdims=True) - y) * w[:, None]
        return float(-(y * logs).sum(axis=1) @ w + 0.5 * (ridge * t * t).sum()), (x.back(d) + ridge * t).ravel()

    logistic.ROUNDS = rounds
    return logistic._minimise(loss, np.zeros(shape).ravel() if start is None else start.ravel().copy()).reshape(shape)


def softmax(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    z = z - z.max(axis=1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return np.exp(logs), logs


def chances_of(studies: list[Study], x: Sparse, theta: np.ndarray) -> list[np.ndarray]:
    p, _ = softmax(x.times(theta))
    return np.split(p, np.cumsum([len(s.examples) for s in studies])[:-1])


def train(studies: list[Study]) -> dict[str, Any]:
    """The model as it is kept: weights against "nothing", small ones left out."""
    index = feature_index(studies)
    theta = fit(matrix(studies, index), studies, index, FITTING)
    rows = np.rint((theta[:, 1:] - theta[:, :1]) * ef.UNIT).astype(int)
    kept = {f: rows[i].tolist() for f, i in index.items() if np.abs(rows[i]).max() >= SMALLEST and not f.startswith("domain:")}
    return {"bias": rows[-1].tolist(), "weights": kept}


# ------------------------------------------------------------------------------------------------ figures
def report(studies: list[Study], models: dict[int, ef.Weights], scorer: Any) -> None:
    tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for s in studies:
        if not s.required:
            continue
        mended = ef.mended(s.text, [e.read for e in s.examples], s.rules, models[s.fold])
        for name, findings in (("mended", mended), ("rules", s.rules)):
            told = [{"effect": f.effect, "change": f.change} for f in findings]
            tp, fp, fn = scorer.best_effects(s.gold, {"findings": told})
            both = [Counter((f["change"], f["effect"]) for f in fs) for fs in (s.gold["findings"], told)]
            tallies[s.group, name].update(
                {"tp": tp, "fp": fp, "fn": fn, "all": not fp + fn, "n": 1, "same": (both[0] & both[1]).total(), "told": both[0].total() + both[1].total()}
            )
    for (group, name), t in sorted(tallies.items()):
        print(
            f"{group:13} {name:6}  effects F1 {2 * t['tp'] / (2 * t['tp'] + t['fp'] + t['fn']):.3f}  P {t['tp'] / (t['tp'] + t['fp']):.3f}"
            f"  R {t['tp'] / (t['tp'] + t['fn']):.3f}  all right {t['all'] / t['n']:.3f}  with change F1 {2 * t['same'] / t['told']:.3f}  n {t['n']}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true", help="print cross-validated figures")
    parser.add_argument("--write", action="store_true", help="write the model of everything")
    parser.add_argument("--with", dest="more", nargs="*", default=[], type=Path, help="further labelled folders")
    args = parser.parse_args()
    scorer = lay_dev.scorer()
    studies = load([lay_dev.EVAL / "lay", *lay_dev.own(), *args.more], scorer) + extra_stretches() + extra_studies()
    settle(studies)
    print(f"{len(studies)} studies, {sum(len(s.examples) for s in studies)} stretches, {len(feature_index(studies))} features")
    if args.cv:
        models = {fold: ef.Weights.of(train([s for s in studies if s.fold != fold])) for fold in range(FOLDS)}
        report(studies, models, scorer)
    if args.write:
        model = train(studies)
        rows = ",\n".join(f"{json.dumps(k, ensure_ascii=False)}:{json.dumps(v, separators=(',', ':'))}" for k, v in sorted(model["weights"].items()))
        OUT.write_text(f'{{"bias":{json.dumps(model["bias"])},"weights":{{\n{rows}\n}}}}\n', encoding="utf-8")
        print(f"{OUT.name}: {len(model['weights'])} features, {OUT.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
