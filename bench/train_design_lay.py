"""Learn what the wording of a mention says of its design: ``python bench/train_design_lay.py [--cv] [--show] [--with FOLDER…]``.

Sources: the lay-article development set, our own labelled articles (tests/gold, lay4 left out) and the mentions of ``lay_designs.txt`` (all CC0).
Multinomial logistic regression over the features of `ingest.extract.design_lay`: a value that the label accepts beside its own counts
as right, only less, and the cues start from the weights that design.toml gives them. ``--cv`` leaves articles out by fold (a spun copy
goes with its original) and prints the share of designs read right; ``--show`` lists the errors; ``--with`` adds folders labelled in the same form.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lay_dev
import logistic
import numpy as np

from ingest.extract import design, design_lay
from ingest.records import DESIGNS, Article, Citation, Mention
from ingest.text.prose import Prose, split_sentences

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(design_lay.__file__).with_name("design_lay.json")
# Named one by one: a folder that is kept unread to measure on (lay4) must never be learned from because it lies beside these.
OWN = {"lay": "gold", "lay2": "gold", "lay3": "more"}
FOLDS = 6
STEPS, RATE = 120, 0.05
ACCEPTED = 0.6  # what a design counts for that the label only accepts
LEAST = 3  # rows that must show a feature
SCALE = 50  # steps of a weight of 1
# How much a row counts: the rules were written on the development set, so it cannot tell how far they are to be trusted on other texts.
IMPORTANCE = {"lay": 0.4, "gold": 0.4, "respun": 0.2, "own": 0.7, "more": 1.0}
PRIOR = {"q": 0.12, "s": 0.5, "r": 0.5}  # cue (times its weight), sum of cues, the rules' answer
PULL = {"q": 2.0, "s": 2.0, "r": 2.0, "x": 2.0, "g": 2.0, "n": 2.0, "p": 2.0, "b": 2.0, "^": 2.0}
PULL_WORD, PULL_FAMILY, PULL_BIAS = 1.0, 1.0, 0.01
BIAS = {"narrative_review": -1.0, "unspecified": -0.5}


@dataclass
class Row:
    """One labelled mention: ``designs`` holds the right one first, then what the label accepts beside it."""

    source: str
    article: str
    designs: list[str]
    values: dict[str, float]
    importance: float
    counted: bool
    text: str
    ruled: str


def row(source: str, article: str, label: dict, prose: Prose, mention: Mention, cited: tuple[Citation, ...]) -> Row:
    _, ruled, _, values = design.evidence(prose, mention, cited, every=True)
    part = 0.6 if label.get("plural") else 0.5 if label.get("optional") else 1.0
    designs = [label["design"], *(label.get("alt") or {}).get("design", [])]
    counted = part == 1.0 and source != "respun"
    text = " ".join(prose.text[p.start : p.end] for p in mention.parts)
    return Row(source, article, designs, values, part * IMPORTANCE[source], counted, text, ruled or "unspecified")


def load(folders: list[Path]) -> list[Row]:
    sets = [("lay", lay_dev.load()), ("respun", lay_dev.respun())]
    sets += [(source, lay_dev.folder(ROOT / "tests" / "gold" / name)) for name, source in OWN.items()]
    sets += [("more", lay_dev.folder(f)) for f in folders]
    out = []
    for source, articles in sets:
        for labels, prose in articles:
            name = labels.get("source_id") or labels["id"]
            out += [row(source, name, label, prose, mention, cited) for mention, label, cited in lay_dev.matched(labels, prose)]
    return out + list(own())


def own() -> Iterator[Row]:
    """The mentions of lay_designs.txt and lay_news.txt: the first sentence is the head."""
    designs: list[str] = []
    told: list[tuple[list[str], str]] = []
    for line in (ROOT / "bench" / "lay_designs.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            designs = line[2:].split("/")
        elif line and line[0] != "#":
            told.append((designs, line))
    told += [(s.designs, " ".join(words for words, _ in s.sentences)) for s in lay_dev.told() if s.designs]
    for number, (designs, text) in enumerate(told):
        head, *later = split_sentences(text)
        mention = Mention(head.start, head.end, tuple(s.span for s in (head, *later)), "labelled")
        label = {"design": designs[0], "alt": {"design": designs[1:]}}
        made = row("own", f"own{number}", label, Prose(Article(id=f"own{number}", text=text)), mention, ())
        made.values = {k: v for k, v in made.values.items() if not k.startswith("n:")}
        yield made


def vocabulary(rows: list[Row]) -> list[str]:
    seen: Counter[str] = Counter()
    for r in rows:
        seen.update(dict.fromkeys(r.values, 0.5 if r.source == "respun" else 1))
    return sorted(f for f, n in seen.items() if n >= LEAST or f[:2] in ("q:", "r:", "s:"))


def start(names: list[str]) -> np.ndarray:
    cues = {c.name: c for c in design._CUES}
    at = {d: i for i, d in enumerate(DESIGNS)}
    w = np.zeros((len(names) + 1, len(DESIGNS)), np.float32)
    for i, name in enumerate(names):
        kind, rest = name[:1], name[2:]
        if kind == "q" and name[1] == ":" and rest in cues:
            w[i, at[cues[rest].value]] = PRIOR["q"] * cues[rest].weight
        elif name[:2] in ("s:", "r:") and rest in at:
            w[i, at[rest]] = PRIOR[kind]
    w[-1] = [BIAS.get(d, 0.0) for d in DESIGNS]
    return w


def fit(rows: list[Row]) -> dict[str, list[int]]:
    """Fit the weights; the same rows give the same bytes."""
    names = vocabulary(rows)
    x, prior = logistic.matrix((r.values for r in rows), names), start(names)
    right = np.array([[1.0 if d == r.designs[0] else ACCEPTED * (d in r.designs) for d in DESIGNS] for r in rows], np.float32)
    importance = np.array([[r.importance] for r in rows], np.float32)
    pull = np.array([[PULL_WORD if n[1] == "w" else PULL.get(n[0], PULL_FAMILY)] for n in names] + [[PULL_BIAS]], np.float32)
    w, m, v = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
    for t in range(1, STEPS + 1):
        z = x @ w
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        q = p * right
        q /= q.sum(1, keepdims=True) + 1e-9
        g = (x.T @ ((p - q) * importance) + pull * (w - prior)) / importance.sum()
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    table = {n: [round(float(x) * SCALE) for x in line] for n, line in zip([*names, "bias"], w, strict=True)}
    return {n: line for n, line in table.items() if n == "bias" or max(map(abs, line)) > 1}


def check(rows: list[Row], show: bool) -> None:
    told: dict[str, Counter[str]] = {}
    for fold in range(FOLDS):
        model = design_lay.read_model(fit([r for r in rows if fold_of(r) != fold]))
        for r in rows:
            if fold_of(r) != fold or not r.counted:
                continue
            read = design_lay.choose(r.values, model)
            right, best = read in r.designs, read == r.designs[0]
            told.setdefault(r.source, Counter()).update(n=1, right=right, best=best, ruled=r.ruled in r.designs)
            if show and not right:
                print(f"{r.article:10} {'/'.join(r.designs)} read {read} rules {r.ruled} | {r.text[:400]}")
    for source, c in told.items():
        print(f"{source:8} n {c['n']:4d}  right {c['right'] / c['n']:.3f}  the label's own {c['best'] / c['n']:.3f}  rules alone {c['ruled'] / c['n']:.3f}")


def fold_of(r: Row) -> int:
    return zlib.crc32(r.article.encode()) % FOLDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true", help="cross-validate, write nothing")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--with", dest="folders", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    rows = load(args.folders)
    if args.cv:
        check(rows, args.show)
        return
    table = fit(rows)
    about = "Weights of the lay design model in steps of 1/50; written by bench/train_design_lay.py from CC0 texts"
    model = {"about": about, "designs": list(DESIGNS), "features": {n: design_lay.packed(line) for n, line in sorted(table.items())}}
    OUT.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(table)} features, {OUT.stat().st_size} bytes, {len(rows)} mentions")


if __name__ == "__main__":
    main()
