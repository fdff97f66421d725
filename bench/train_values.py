"""Learn which of the readings of a mention is its sample size and its duration: ``python bench/train_values.py [--cv] [--show] [--with FOLDER…]``.

Sources: the lay-article development set, our own labelled articles (tests/gold, lay4 left out), and folders of the same form (``--with``). A mention that the
find step makes is matched to a labelled study as the scorer does it; its readings, "none of them" among them, compete in a conditional logit
(one softmax a mention, all right readings together against the rest) with a penalty on large weights. ``--cv`` leaves articles out by fold
(spun copies with their originals) and prints how often the value is right, per set; ``--show`` lists the errors.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lay_dev
import logistic
import numpy as np
import train_design_lay
import train_mentions

from ingest.extract import design_lay, duration, size
from ingest.extract.choosing import Chooser, Reading
from ingest.extract.design import read_design
from ingest.find import mentions as fm
from ingest.records import Article, Mention
from ingest.text.prose import Prose

OUT = Path(size.__file__).with_name("values_model.json")
FOLDS = 8
AT_LEAST = 3
PENALTY = {"sample_size": 1.0, "duration_days": 1.0}
LEAST = 0.02  # a smaller weight is left out
TUNED_ON = 0.5  # what a set counts that rules were tuned on: there they look better than they are
SPUN = 0.5
SHORT = 0.3  # of a short text that was written for training
KNOWN = 0.5  # of a mention in an article that the find step learned from
ABSENT = 0.5  # of a mention none of whose readings is right
TOLERANCE = 0.05


Models = dict[str, Any]


@dataclass
class Case:
    """A mention with its label and, by field, its readings and the features of none of them."""

    group: str
    article: str
    prose: Prose
    mention: Mention
    design: str
    label: dict[str, Any]
    weight: float
    offered: dict[str, tuple[list[Reading[Any]], list[str]]]


class Recorder(Chooser):
    """Keeps what it is asked to choose from."""

    kept: tuple[list[Reading[Any]], list[str]] | None = None

    def choose(self, readings: Any, none: Iterable[str]) -> None:
        """Choose nothing."""
        self.kept = (list(readings), list(none))


def held_out(path: Path, folders: list[Path]) -> list[Models]:
    """What the find step and the design learn without the articles of each fold: those that they learned from they read too well.

    Read from ``path`` where it is there; else learned (minutes) and written.
    """
    if not path.exists():
        articles = lay_dev.load() + [pair for f in [*lay_dev.own(), *folders] for pair in lay_dev.folder(f)] + lay_dev.respun()
        train_mentions.use({}, {})
        rows = [(r.get("source_id", r["id"]), train_mentions.examples(r, p), train_mentions.same_examples(r, p)) for r, p in articles]
        for r, p in lay_dev.extra():
            rows.append((r["id"].removesuffix("-spun"), train_mentions.extra_examples(r, p), train_mentions.same_examples(r, p)))
        _use_shipped()
        designs = train_design_lay.load(folders)
        models = [
            {
                "mentions": train_mentions.fit([e for name, examples, _ in rows if fold(name) != k for e in examples]),
                "same": train_mentions.fit_same([e for name, _, examples in rows if fold(name) != k for e in examples]),
                "design": train_design_lay.fit([r for r in designs if fold(r.article) != k]),
            }
            for k in range(FOLDS)
        ]
        path.write_text(json.dumps(models), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _use_shipped() -> None:
    """Let the find step use the weights of the checkout again."""
    tables = (json.loads(Path(fm.__file__).with_name(name).read_text(encoding="utf-8"))["weights"] for name in ("mentions.json", "same.json"))
    train_mentions.use(*tables)


def cases(data: list[tuple[dict[str, Any], Prose]], group: str | None, weight: float, models: list[Models] | None) -> Iterator[Case]:
    """Match what the find step makes of articles to their labels.

    :param models: what each fold is read with (`held_out`); the models of the checkout where there are none.
    """
    known = design_lay._model
    for k, model in enumerate(models or [None]):  # type: ignore[list-item]
        if model:
            train_mentions.use(model["mentions"], model["same"])
            held = design_lay.read_model(model["design"])
            design_lay._model = lambda held=held: held  # type: ignore[assignment, misc]
        for row, prose in data:
            article = row.get("source_id", row["id"])
            if model and fold(article) != k:
                continue
            prose.notes.clear()
            for mention, label, cited in lay_dev.matched(row, prose):
                if label.get("plural") or label.get("optional"):
                    continue
                value = read_design(prose, mention, cited)
                counts = weight * (SPUN if row["split"] == "spun" else 1)
                case = Case(group or row.get("set") or row["split"], article, prose, mention, value.value if value else "unspecified", label, counts, {})
                case.offered = offered(case)
                yield case
    if models:
        design_lay._model = known
        _use_shipped()


def short_texts() -> Iterator[Case]:
    """The short texts of lay_values.tsv and the studies of lay_news.txt, each one mention; a field that is not labelled offers nothing."""
    told: list[tuple[str, str, dict[str, float | None]]] = []
    for line in Path(__file__).with_name("lay_values.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            design, *values, text = line.split("\t")
            told.append((text, design, {name: float(v) if v else None for name, v in zip(PENALTY, values, strict=True) if v != "?"}))
    told += [(" ".join(words for words, _ in s.sentences), s.designs[0], s.values) for s in lay_dev.told() if s.designs]
    for n, (text, design, label) in enumerate(told):
        prose = Prose(Article(f"short{n}", text))
        spans = tuple(s.span for s in prose.sentences)
        case = Case("short", f"short{n}", prose, Mention(spans[0].start, spans[0].end, spans, "short"), design, label, SHORT, {})
        case.offered = {name: x for name, x in offered(case).items() if name in label}
        yield case


def offered(case: Case) -> dict[str, tuple[list[Reading[Any]], list[str]]]:
    """The readings of both fields, as the extractors list them; one that is ``sure`` where they take a value without a choice."""
    out = {}
    for name, module, read in (("sample_size", size, size.read_size), ("duration_days", duration, duration.read_duration)):
        old, recorder = module.CHOOSER, Recorder({})  # type: ignore[attr-defined]
        module.CHOOSER = recorder  # type: ignore[attr-defined]
        found: Any = read(case.prose, case.mention, case.design)
        module.CHOOSER = old  # type: ignore[attr-defined]
        value = (found.sample_size if name == "sample_size" else found.days if found else None) if found else None
        out[name] = recorder.kept or ([Reading(value, value.value, ("sure",))] if value else [], ["none:sure"])
    return out


def accepted(label: dict[str, Any], name: str) -> Callable[[Any], bool]:
    """Whether a value is right by the label: exact, durations within the scorer's tolerance."""
    right = [label.get(name), *((label.get("alt") or {}).get(name) or [])]
    if name == "sample_size":
        return lambda value: value in right
    return lambda value: any((value is None and r is None) or (None not in (value, r) and abs(value - r) <= TOLERANCE * r) for r in right)


def value_of(reading: Reading[Any], name: str) -> Any:
    return reading.amount


def fit(data: list[Case], name: str) -> dict[str, float]:
    """Weights of one field's features."""
    options: list[Iterable[str]] = []
    group: list[int] = []
    right: list[bool] = []
    weight: list[float] = []
    for case in data:
        if name not in case.offered:
            continue
        readings, none = case.offered[name]
        ok = accepted(case.label, name)
        marks = [ok(value_of(r, name)) for r in readings] + [ok(None)]
        w = case.weight
        if not any(marks):
            marks[-1], w = True, w * ABSENT
        options += [*(r.features for r in readings), none]
        group += [len(weight)] * len(marks)
        right += marks
        weight.append(w)
    seen = Counter(f for g, fs in {(g, f) for g, fs in zip(group, options, strict=True) for f in fs} for f in [fs])
    names = sorted(f for f, n in seen.items() if n >= AT_LEAST)
    place = {f: i for i, f in enumerate(names)}
    row, column = np.array([(i, place[f]) for i, fs in enumerate(options) for f in fs if f in place]).T
    which, good, w = np.array(group), np.array(right), np.array(weight)
    starts = np.searchsorted(which, np.arange(len(w)))
    ridge = PENALTY[name]

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.bincount(row, t[column], len(which))
        z = z - np.maximum.reduceat(z, starts)[which]
        e = np.exp(z)
        everything, rights = np.add.reduceat(e, starts), np.add.reduceat(e * good, starts) + 1e-300
        slope = w[which] * (e / everything[which] - e * good / rights[which])
        value = float((w * (np.log(everything) - np.log(rights))).sum() + 0.5 * ridge * (t @ t))
        return value, np.bincount(column, slope[row], len(names)) + ridge * t

    t = logistic._minimise(loss, np.zeros(len(names)))
    return {n: round(float(v), 3) for n, v in zip(names, t, strict=True) if abs(v) >= LEAST}


def tally(data: list[Case], name: str, chooser: Chooser, show: bool, counts: dict[str, Counter[str]]) -> None:
    """Count by set what is right, and what is false where the label is null."""
    for case in data:
        readings, none = case.offered[name]
        chosen = chooser.choose(readings, none)
        value = value_of(chosen, name) if chosen else None
        kind = "null" if case.label.get(name) is None else "n"
        good = accepted(case.label, name)(value)
        counts[case.group][kind] += 1
        counts[case.group][f"{kind}_right"] += good
        if kind == "n" and value is None and not good:
            counts[case.group]["silent"] += 1
        if show and not good:
            alternatives = (case.label.get("alt") or {}).get(name)
            text = " | ".join(" ".join(case.prose.text[p.start : p.end].split())[:600] for p in case.mention.parts)
            rule = chosen.value.rule if chosen and name == "sample_size" else ""
            possible = any(accepted(case.label, name)(value_of(r, name)) for r in readings)
            print(
                f"\n## {case.article} {name} {case.design}/{case.label['design']} gold {case.label.get(name)} {alternatives} found {value} {rule} {'' if possible else 'NOT OFFERED'}\n   {text}"
            )


def report(name: str, counts: dict[str, Counter[str]]) -> None:
    for group, c in counts.items():
        n, null = c["n"] or 1, c["null"] or 1
        print(
            f"{name:14} {group:12} right {c['n_right'] / n:.3f} (n={c['n']}, {c['silent']} not read)  false where none {1 - c['null_right'] / null:.3f} (n={c['null']})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--show", nargs="*", default=[], help="sets whose errors are listed")
    parser.add_argument("--field", choices=list(PENALTY), action="append")
    parser.add_argument("--with", dest="folders", nargs="*", type=Path, default=[])
    parser.add_argument("--models", type=Path, help="file of what the steps before learn without each fold; made where it is not there")
    args = parser.parse_args()
    models = held_out(args.models, args.folders) if args.models else None
    data, extra = everything(args.folders, models)
    if models:  # what is found in articles that the steps before know teaches too, but measures nothing
        extra += [replace(c, weight=c.weight * KNOWN) for part in everything(args.folders, None) for c in part if c.group != "short"]
    model = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    for name in args.field or PENALTY:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        if args.cv:
            for k in range(FOLDS):
                chooser = Chooser(fit([c for c in data + extra if fold(c.article) != k], name))
                for c in (c for c in data if fold(c.article) == k):
                    tally([c], name, chooser, c.group in args.show, counts)
        else:
            model[name] = fit(data + extra, name)
            tally(data, name, Chooser(model[name]), False, counts)
        report(name, counts)
    if not args.cv:
        OUT.write_text(json.dumps(model, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{OUT.name}: {OUT.stat().st_size // 1000} KB")


def everything(folders: list[Path], models: list[Models] | None) -> tuple[list[Case], list[Case]]:
    """The labelled articles, and spun copies that are learned from only."""
    data = list(cases(lay_dev.load(), None, TUNED_ON, models))
    for folder, weight in [*((f, 1.0 if f.name == "lay3" else TUNED_ON) for f in lay_dev.own()), *((f, 1.0) for f in folders)]:
        data += cases(lay_dev.folder(folder), None, weight, models)
    return data, [*cases(lay_dev.respun(), "respun", TUNED_ON, models), *short_texts()]


def fold(article: str) -> int:
    return zlib.crc32(article.encode()) % FOLDS


if __name__ == "__main__":
    main()
