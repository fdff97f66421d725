"""Learn how much each cue and each wording counts: ``python bench/train_mentions.py [--cv] [--show] [--with FOLDER…]``.

Sources: the lay-article development set, our own labelled articles (tests/gold, lay4 left out) and ``lay_extra.txt`` (all CC0). Logistic regression
with a penalty on the distance from the prior weights of mentions.toml, one row a sentence: 1 where a labelled study is brought in, 0
elsewhere; later sentences about a study that was brought in are 0, lead-ins and optional studies are left out. ``--cv`` leaves
articles out by fold (a spun copy goes with its original) and prints the scores; ``--show`` lists what was missed or made up;
``--with`` adds folders labelled in the same form.
"""

from __future__ import annotations

import argparse
import json
import tomllib
import zlib
from pathlib import Path

import lay_dev
import logistic
import numpy as np

from ingest.find import mentions as fm
from ingest.find import wording

PENALTY = 8.0  # on what a cue's weight differs from its prior
LOOSE = 14.0  # on the weights of wording, which have none
SAME_PENALTY = 4.0
LEAST = 0.02  # a smaller weight is left out
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
SURE = {"body_recommends": 2.0, "body_advises": 1.5, "told_of_person": 1.8, "starts_with_animals": 2.0, "cells_treated": 1.5}
"""Cues of studies that the labelled articles hold few of: by the label guide they bring in a study nearly always."""
PRIOR |= SURE
FOLDS = 8
Example = tuple[list[str], int, float, int]  # features; whether a sentence brings in a study, with its weight; whether it tells of one
OUT = Path(fm.__file__).with_name("mentions.json")


def examples(row: dict, prose) -> list[Example]:
    """Features, label, weight and second label of every sentence that is read, with the right answers as context."""
    text = prose.text

    def places(anchors: list[str]) -> list[int]:
        return [text.find(a) for a in anchors if text.find(a) >= 0]

    starts, half, skip, again = set(), set(), set(), set()
    units = fm.read_units(prose)
    spans = [(u.start, u.end) for u in units]

    def unit_at(p: int) -> int:
        return next((i for i, (a, b) in enumerate(spans) if a <= p < b), -1)

    for s in row["studies"]:
        main = [unit_at(p) for p in places([s["anchor"]])]
        (skip if s.get("optional") else half if s.get("plural") else starts).update(main)
        for i in (unit_at(p) for p in places(s.get("also", []))):
            (skip if main and i < main[0] else again).add(i)
    out, last = [], None
    for i, u in enumerate(units):
        tells = int(i in starts | half | skip | again)
        if u.heading:
            pass
        elif (i in skip and i not in starts) or (i in half and i not in starts):
            out.append((features(units, i, text, last), 1, 0.5, tells))
        else:
            out.append((features(units, i, text, last), int(i in starts), 0.75 if row["split"] == "spun" else 1.5, tells))
        if i in starts | half | skip and u.cues:
            last = u
    return out


def features(units: list[fm.Unit], i: int, text: str, last: fm.Unit | None) -> list[str]:
    """Everything that `fm.score` adds up for a sentence."""
    u = units[i]
    out = [*sorted(u.cues), *fm.context_cues(u, last), *fm.signs_of_text(u), *wording.own(text[u.start : u.end], u.codes)]
    for side, k in (("p", i - 1), ("n", i + 1)):
        if 0 <= k < len(units):
            out += wording.beside(side, units[k].codes, units[k].heading, units[k].paragraph != u.paragraph)
    return out


def extra_examples(row: dict, prose) -> list[Example]:
    """Features, label, weight and second label for an article whose sentences are all labelled."""
    out, last = [], None
    units = fm.read_units(prose)
    for i, u in enumerate(units):
        here = [(a, sign) for a, b, sign, _ in row["units"] if a <= u.start < b]
        sign = here[0][1] if here else "-"
        if u.heading:
            continue
        tells = int(sign in "*p?<+" or sign[0] == "=")
        weight = 0.5 if row["split"].endswith("-spun") else 1.0
        if sign == "p":
            out.append((features(units, i, prose.text, last), 1, 0.25, tells))
        elif sign in "<?":
            out.append((features(units, i, prose.text, last), 1, 0.5 * weight if sign == "<" else 0.0, tells))
        else:
            starts = sign == "*" and here[0][0] == u.start
            details = (
                sign == "+" and row["split"].startswith("news") and fm._sized(u)
            )  # "In the trial, 230 people ...": that they are of the study just told is for `same_examples`
            out.append((features(units, i, prose.text, last), int(starts), 0.0 if details else weight, tells))
        if sign in "*p<?" and u.cues:
            last = u
    return out


def same_examples(row: dict, prose) -> list[logistic.Row]:
    """Signs and label of every sentence of a labelled study beside every study that was told before, read with the right answers."""
    text = prose.text
    reader = fm.Reader(prose)
    told: dict[int, set[int]] = {}
    for n, s in enumerate(row["studies"]):
        for p in (text.find(a) for a in [s["anchor"], *s.get("also", [])]):
            i = next((i for i, u in enumerate(reader.units) if u.start <= p < u.end), -1) if p >= 0 else -1
            if i >= 0 and not reader.units[i].heading:
                told.setdefault(i, set()).add(n)
    for a, b, sign, n in ():
        if sign == "+" and n >= 0:
            told |= {i: {n} for i, u in enumerate(reader.units) if a <= u.start < b and fm._sized(u) and not u.heading}
    drafts: dict[int, fm.Draft] = {}
    out: list[logistic.Row] = []
    weight = 0.5 if row["split"].endswith("spun") else 1.0
    for i, u in enumerate(reader.units):
        if u.heading:
            reader.current = None
        elif i not in told:
            reader.follow(u)
        else:
            ruled = reader.ruled(u)
            here = [id(drafts[n]) for n in told[i] if n in drafts]
            if reader.drafts:
                out += [(list(reader.signs(u, d, ruled)), int(id(d) in here), weight) for d in reader.candidates(ruled)]
            for n in sorted(told[i]):
                if n in drafts:
                    reader.tell(drafts[n], u)
                else:
                    reader.begin(u, bool(row["studies"][n].get("plural")))
                    drafts[n] = reader.drafts[-1]
            reader.last = u
    return out


SAME_PRIOR = {
    "ruled:this": 2.0,
    "ruled:none": -0.5,
    "ruled:other": -2.0,
    "marks:other": -2.5,
    "marks:same": 1.0,
    **{f"sized:11:{x}": w for x, w in (("more", -2.0), ("fewer", -0.5), ("same", 1.0))},
    "who:other": -0.8,
    "names:other:1": -1.0,
    **{f"kinds:{a}:{b}": -2.0 for a in "pMLlQGZ" for b in "pMLlQGZ-" if a != b},
    **{f"cue:{c}": -0.8 for c in fm._NEW},
    **{f"cue:{c}": 0.5 for c in fm._DEFINITE},
    "plural": -1.0,
}


def fit_same(rows: list[logistic.Row]) -> dict[str, float]:
    """Weights of the signs that two sentences tell of one study."""
    weights = logistic.fit(rows, SAME_PRIOR, lambda name: 5 * SAME_PENALTY if name.startswith("kinds:") and name in SAME_PRIOR else SAME_PENALTY)
    return {k: v for k, v in weights.items() if abs(v) >= LEAST}


def fit(rows: list[Example]) -> dict[str, tuple[float, float]]:
    """Two weights each of cues (pulled to their priors), context and wording: for bringing in a study, and for telling of one."""
    definite = fm._DEFINITE
    kept = [([f for f in fs if f not in definite], y, w, tells) for fs, y, w, tells in rows]
    brings = logistic.fit([(fs, y, w) for fs, y, w, _ in kept if w], PRIOR, lambda name: 5 * PENALTY if name in SURE else PENALTY if name in PRIOR else LOOSE)
    tells = logistic.fit([(fs, y, 1.0) for fs, _, _, y in rows], {}, lambda _: LOOSE)
    both = {k: (brings.get(k, 0.0), tells.get(k, 0.0)) for k in sorted(brings.keys() | tells.keys())}
    return {k: v for k, v in both.items() if max(map(abs, v)) >= LEAST}


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
    groups, notes = sl.run(gold, texts, {p["id"]: p for p in preds}, "set")
    for name, s in groups.items():
        m = s["mentions"]
        scores = "  ".join(f"{k[0].upper()} {m[k] or 0:.3f}" for k in ("precision", "recall", "f1"))
        free = s["articles_without_study"]
        print(
            f"{name:22} {scores}  gold {m['gold']} missed {m['missed']} duplicates {m['duplicates']} spurious {m['spurious']}"
            f"  false in {free['with_false_mention']} of {free['n']} without a study"
        )
    if show:
        for kind, gid, what in notes:
            if kind in {"missed", "duplicate", "spurious"}:
                print(f"{kind:10} {gid:12} {what}")


def use(weights: dict[str, tuple[float, float]], same: dict[str, float]) -> None:
    fm.MODEL.replace(weights)
    fm.SAME.weights = dict(same)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--with", dest="folders", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    articles = lay_dev.load() + [pair for f in [*lay_dev.own(), *args.folders] for pair in lay_dev.folder(f)]
    use({}, {})
    data = [(r, p, examples(r, p), same_examples(r, p), r.get("source_id", r["id"])) for r, p in articles]
    data += [(r, p, extra_examples(r, p), same_examples(r, p), r["id"].removesuffix("-spun")) for r, p in lay_dev.extra()]
    more = [(r, p, examples(r, p), same_examples(r, p), r["source_id"]) for r, p in lay_dev.respun()]
    pairs = [({**r, "set": r.get("set", r["split"])}, p) for r, p, *_ in data]
    if args.cv:
        preds, texts = [], []
        for f in range(FOLDS):
            seen = [d for d in data + more if fold(d[-1]) != f]
            use(fit([e for d in seen for e in d[2]]), fit_same([e for d in seen for e in d[3]]))
            preds += predict([(r, p) for r, p, *_, name in data if fold(name) == f])
            texts += [(r, fm.signs_of_studies(fm.units_of(p), bool(p.lists or p.markers))) for r, p, *_, name in data if fold(name) == f]
        print("weights of signs_of_studies:", weigh_texts(texts))
        report(pairs, preds, args.show)
        return
    weights, same = fit([e for d in data + more for e in d[2]]), fit_same([e for d in data + more for e in d[3]])
    sources = "lay-article development set (CC0), tests/gold and bench/lay_extra.txt; written by bench/train_mentions.py"
    for path, table in ((OUT, weights), (OUT.with_name("same.json"), same)):
        path.write_text(json.dumps({"source": sources, "weights": table}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    use(weights, same)
    report(pairs, predict(pairs), args.show)


def weigh_texts(texts: list[tuple[dict, list[float]]]) -> list[float]:
    """Logistic regression of "the article speaks of a study" on signs of articles that the other weights were not learned from."""
    kept = [(x, bool(r["studies"])) for r, x in texts if all(s.get("plural") or s.get("optional") for s in r["studies"]) == (not r["studies"])]
    x, y = np.array([x for x, _ in kept]), np.array([float(y) for _, y in kept])
    w = np.zeros(x.shape[1])
    ridge = np.array([0.5] * (len(w) - 1) + [0.001])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (y - p) - ridge * w)
    return [round(float(v), 2) for v in w]


def fold(article: str) -> int:
    return zlib.crc32(article.encode()) % FOLDS


if __name__ == "__main__":
    main()
