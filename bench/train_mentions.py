"""Learn how much each cue and each wording counts: ``python bench/train_mentions.py [--cv] [--show] [--with FOLDER…]``.

Sources: the lay-article development set, our own labelled articles (tests/gold) and ``lay_extra.txt`` (all CC0). Logistic regression
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

from ingest.find import mentions as fm
from ingest.find import wording

PENALTY = 8.0  # on what a cue's weight differs from its prior
LOOSE = 5.0  # on the weights of wording, which have none
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
FOLDS = 8
ROOT = Path(__file__).resolve().parent.parent
OUT = Path(fm.__file__).with_name("mentions.json")


def examples(row: dict, prose) -> list[logistic.Row]:
    """Features, label and weight of every sentence that is read, with the right answers as context."""
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
        if u.heading or (i in skip and i not in starts):
            pass
        elif i in half and i not in starts:
            out.append((features(units, i, text, last), 1, 0.5))
        else:
            out.append((features(units, i, text, last), int(i in starts), 0.75 if row["split"] == "spun" else 1.5))
        if i in starts | half | skip and u.cues:
            last = u
    return out


def features(units: list[fm.Unit], i: int, text: str, last: fm.Unit | None) -> list[str]:
    """Everything that `fm.score` adds up for a sentence."""
    u = units[i]
    out = [*sorted(u.cues), *fm.context_cues(u, last), *wording.own(text[u.start : u.end], u.codes)]
    for side, k in (("p", i - 1), ("n", i + 1)):
        if 0 <= k < len(units):
            out += wording.beside(side, units[k].codes, units[k].heading, units[k].paragraph != u.paragraph)
    return out


def extra_examples(row: dict, prose) -> list[logistic.Row]:
    """Features, label and weight for an article whose sentences are all labelled."""
    out, last = [], None
    units = fm.read_units(prose)
    for i, u in enumerate(units):
        here = [(a, sign) for a, b, sign, _ in row["units"] if a <= u.start < b]
        sign = here[0][1] if here else "-"
        if u.heading:
            continue
        if sign == "p":
            out.append((features(units, i, prose.text, last), 1, 0.25))
        elif sign not in "<?":
            starts = sign == "*" and here[0][0] == u.start
            out.append((features(units, i, prose.text, last), int(starts), 0.5 if row["split"] == "extra-spun" else 1.0))
        if sign in "*p<?" and u.cues:
            last = u
    return out


def fit(rows: list[logistic.Row]) -> dict[str, float]:
    """Weights of cues (pulled to their priors), context and wording."""
    definite = fm._DEFINITE
    rows = [([f for f in fs if f not in definite], y, w) for fs, y, w in rows]
    weights = logistic.fit(rows, PRIOR, lambda name: PENALTY if name in PRIOR else LOOSE)
    return {k: v for k, v in weights.items() if abs(v) >= LEAST}


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


def use(weights: dict[str, float]) -> None:
    fm.MODEL.replace(weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--with", dest="folders", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    gold = sorted(f for f in (ROOT / "tests" / "gold").iterdir() if (f / "labels.jsonl").exists())
    articles = lay_dev.load() + [pair for f in [*gold, *args.folders] for pair in lay_dev.folder(f)]
    data = [(r, p, examples(r, p), r.get("source_id", r["id"])) for r, p in articles]
    data += [(r, p, extra_examples(r, p), r["id"].removesuffix("-spun")) for r, p in lay_dev.extra()]
    more = [(r, p, examples(r, p), r["source_id"]) for r, p in lay_dev.respun()]
    pairs = [({**r, "set": r.get("set", r["split"])}, p) for r, p, _, _ in data]
    if args.cv:
        preds = []
        for f in range(FOLDS):
            use(fit([e for _, _, es, name in data + more if fold(name) != f for e in es]))
            preds += predict([(r, p) for r, p, _, name in data if fold(name) == f])
        report(pairs, preds, args.show)
        return
    weights = fit([e for _, _, es, _ in data + more for e in es])
    sources = "lay-article development set (CC0), tests/gold and bench/lay_extra.txt; written by bench/train_mentions.py"
    OUT.write_text(json.dumps({"source": sources, "weights": weights}, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    use(weights)
    report(pairs, predict(pairs), args.show)


def fold(article: str) -> int:
    return zlib.crc32(article.encode()) % FOLDS


if __name__ == "__main__":
    main()
