"""Measure citegrade on the labelled development sets and write the scorecard.

    python bench/accuracy.py            measure, print
    python bench/accuracy.py --write    … and write docs/accuracy.md and ingest/accuracy.json; peers are measured too (bench/peers.py)
    python bench/accuracy.py --check    … and fail where a figure fell below its floor (bench/floors.toml)

The sets and their scorers lie beside the checkout in ``../shared/eval``; without them there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import link_stories  # noqa: E402
import peers  # noqa: E402
import score_libraries  # noqa: E402

EVAL = ROOT.parent / "shared" / "eval"
DOC = ROOT / "docs" / "accuracy.md"
DATA = ROOT / "ingest" / "accuracy.json"
FLOORS = ROOT / "bench" / "floors.toml"
CROSS = tomllib.loads((ROOT / "bench" / "cross_validated.toml").read_text(encoding="utf-8"))
UNSEEN: dict[str, str] = CROSS["figures"]
ERRORS = ROOT / "docs" / "accuracy-errors.md"


@dataclass(frozen=True)
class Figure:
    """One measured figure; ``low`` and ``high`` are Wilson's 95 % interval where the figure is a share of ``n``."""

    area: str
    dataset: str
    field: str
    metric: str
    value: float
    n: int | None
    low: float | None = None
    high: float | None = None
    others: str | None = None
    note: str | None = None


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959963984540054
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def figure(
    area: str, dataset: str, field: str, metric: str, value: float | None, n: int | None, others: str | None = None, note: str | None = None
) -> Figure | None:
    """A figure with its interval; None where there was nothing to measure."""
    if value is None:
        return None
    share = n and metric in {"accuracy", "recall", "share", "whole right", "false when none"}
    low, high = wilson(value, n) if share and n else (None, None)
    return Figure(area, dataset, field, metric, round(value, 4), n, low and round(low, 4), high and round(high, 4), others, note)


def citegrade(*args: str, out: Path) -> None:
    """Run a command of this checkout; its standard output goes to a file."""
    with out.open("wb") as f:
        result = subprocess.run([sys.executable, "-m", "ingest", *args], cwd=ROOT, stdout=f, stderr=subprocess.PIPE, check=False)
    if result.returncode not in {0, 1}:
        raise SystemExit(f"citegrade {' '.join(args)}: {result.stderr.decode()[-500:]}")


def scored(script: str, *args: str) -> dict[str, Any]:
    """Run one of the sets' own scorers and read its figures."""
    result = subprocess.run([sys.executable, str(EVAL / script), *args], capture_output=True, text=True, check=True)
    return json.loads(result.stdout)  # type: ignore[no-any-return]


OTHERS = {
    ("lay", "mentions"): "plain regex script .48",
    ("lay", "sample_size"): "ExaCT, full text: P .89 R .87",
    ("lay", "duration_days"): "ExaCT: P .84 R .91",
    ("lay", "design"): "SURUS F1 .89",
    ("lay", "triples"): "regex script .32",
    ("pico_corpus", "sample_size"): "GPT-4o .886 exact (150 trials); Lin 2022 F1 .73; regex script .86",
    ("ctro", "sample_size"): "regex script .72",
    ("neuro_participants", "sample_size"): "regex script .50",
    ("ctro", "duration_days"): "regex script .76",
    ("studytypeteller", "design"): "GPT-4 .84; regex .78",
    ("medline_hedges", "design"): "fine-tuned BERTs F1 > .8; regex .85",
    ("pubmedqa_mesh", "design"): "regex .74",
    ("evidence_inference", "findings"): "BioBERT given the prompts .84; regex .485",
    ("rct_primary_outcome", "primary_effect"): "GPT-4o .925",
    ("refs_vancouver", "micro"): "CRF .982; anystyle .931",
    ("refs_vancouver", "whole"): "CRF .901; anystyle .667",
    ("refs_plos", "micro"): "CRF .983; anystyle .948",
    ("refs_plos", "whole"): "CRF .919; anystyle .731",
    ("refs_pmcmed", "micro"): "CRF .970; anystyle .882",
    ("refs_pmcmed", "whole"): "CRF .871; anystyle .480",
    ("refs_grobid", "micro"): "CRF .921; anystyle .806",
    ("refs_grobid", "whole"): "CRF .694; anystyle .475",
    ("refs_parscit", "micro"): "CRF .939; anystyle .921",
    ("refs_parscit", "whole"): "CRF .783; anystyle .758",
    ("refs_lists", "boundary"): "regex .886; anystyle and refextract find none",
    ("refs_lists", "whole list"): "regex .526",
    ("refs_lists_grobid", "boundary"): "regex .781; anystyle .458",
    ("refs_lists_grobid", "whole list"): "regex .273; anystyle .091",
    ("linking", "link"): "idf overlap .903; author-year only .353",
    ("linking", "unknown left alone"): "idf overlap .849",
    ("mentions", "author_year"): "surname + year rule .978",
    ("mentions", "lay"): "surname + year rule .907",
    ("bib", "entries lost"): "in the full corpus of 30,879: best of eight readers 12",
}
PEERS: list[Path] = []
"""The Python that runs the peers; empty where they are not measured."""


def beside(dataset: str, field: str, *measured: str) -> str | None:
    """What others reach: published figures, then what peers reached in this run."""
    return "; ".join(filter(None, (OTHERS.get((dataset, field)), *measured))) or None


def lay(tmp: Path) -> Iterator[Figure | None]:
    """Lay articles that rules were tuned on: mentions, fields, complete triples; spun copies and study-free articles apart."""
    yield from _articles(tmp, "lay", EVAL / "lay")


def gold(tmp: Path) -> Iterator[Figure | None]:
    """Lay articles of our own that were written and labelled without looking at a rule."""
    yield from _articles(tmp, "own gold", ROOT / "tests" / "gold" / "lay")
    yield from _articles(tmp, "own gold, unread", ROOT / "tests" / "gold" / "lay4")


def _articles(tmp: Path, title: str, folder: Path) -> Iterator[Figure | None]:
    citegrade("extract", "--text-dir", str(tmp / "lay"), str(folder / "texts"), out=tmp / "lay.jsonl")
    report = tmp / "lay.json"
    args = ["--gold", folder / "labels.jsonl", "--texts", tmp / "lay", "--pred", tmp / "lay.jsonl", "--by", "split", "--json", report]
    subprocess.run([sys.executable, str(EVAL / "score_lay.py"), *map(str, args)], check=True, stdout=subprocess.DEVNULL)
    groups = json.loads(report.read_text())
    for group, name in (("all", title), ("split=spun", f"{title}, spun only")):
        if group not in groups:
            continue
        s = groups[group]
        yield figure("articles", name, "mentions", "F1", s["mentions"]["f1"], s["mentions"]["gold"], OTHERS["lay", "mentions"])
        yield figure("articles", name, "triples", "F1", s["triples"]["f1"], None, OTHERS["lay", "triples"], "mention, field and value right together")
        for field, d in s["fields"].items():
            if field == "effects":
                yield figure("articles", name, "effects", "F1", d["f1"], d["n"], None, "multiset of effects, matched mentions")
                continue
            yield figure("articles", name, field, "accuracy", d["accuracy"], d["n"], OTHERS.get(("lay", field)), "matched mentions")
            if "false_positive_rate" in d:
                yield figure("articles", name, field, "false when none", d["false_positive_rate"], d["n_null"])
    s = groups["all"]
    none = s["articles_without_study"]
    yield figure("articles", title, "study-free articles with a false study", "share", none["with_false_mention"] / none["n"], none["n"])
    if "citations" in s:
        yield figure("articles", title, "citations found", "recall", s["citations"]["recall"], s["citations"]["gold"])
        for field in ("first_author", "title", "year", "volume", "pages"):
            yield figure("articles", title, f"citation {field}", "accuracy", s["citations"][field]["accuracy"], s["citations"][field]["n"])


ABSTRACTS = (
    "pico_corpus ctro neuro_participants studytypeteller medline_hedges pubmedqa_mesh coronacentral rct_oncology evidence_inference rct_primary_outcome".split()
)


def abstracts(tmp: Path) -> Iterator[Figure | None]:
    """Abstracts: the study that each reports."""
    for name in ABSTRACTS:
        gold = EVAL / f"{name}.dev.jsonl"
        citegrade("extract", "--jsonl", str(gold), out=tmp / f"{name}.jsonl")
        s = scored("score.py", "--gold", str(gold), "--pred", str(tmp / f"{name}.jsonl"), "--json")
        for field, d in s.items():
            if not isinstance(d, dict) or not d.get("n") or field == "documents":
                continue
            if field == "is_rct" and not any(json.loads(line)["gold"].get("is_rct") for line in gold.read_text(encoding="utf-8").splitlines()):
                continue  # nothing to find in a set without a trial
            others = OTHERS.get((name, field))
            if field == "findings":
                yield figure("abstracts", name, "change", "accuracy", d["accuracy"], d["n"], others, "over all prompts; the prompts are not given")
            elif "exact_f1" in d:
                yield figure("abstracts", name, field, "F1", d["exact_f1"], d["n"], others, "exact")
            elif "within 5%_f1" in d:
                yield figure("abstracts", name, field, "F1", d["within 5%_f1"], d["n"], others, "within 5 %")
            elif "accuracy" in d:
                yield figure("abstracts", name, field, "accuracy", d["accuracy"], d["n"], others)
            else:
                f1 = next((v for k, v in d.items() if k == "f1" or k.endswith("_f1")), None)
                yield figure("abstracts", name, field, "F1", f1, d["n"], others)


STRINGS = "vancouver plos pmcmed pmc grobid parscit anystyle_core anystyle_gold anystyle_good anystyle_ugly anystyle_bad".split()


def references(tmp: Path) -> Iterator[Figure | None]:
    """Reference strings and lists."""
    for name in [f"refs_{x}" for x in STRINGS]:
        gold = EVAL / f"{name}.dev.jsonl"
        citegrade("extract", "--citations", "--jsonl", str(gold), out=tmp / f"{name}.jsonl")
        s = scored("score_refs.py", "--gold", str(gold), "--pred", str(tmp / f"{name}.jsonl"), "--json")["all"]
        micro = whole = ""
        if PEERS and name.removeprefix("refs_") in peers.SETS:
            fields, entire, speed = peers.strings(PEERS[0], name.removeprefix("refs_"))
            micro, whole = f"refextract {fields:.3f} (first {peers.STRINGS}, {speed:.0f} strings/s)", f"refextract {entire:.3f}"
        yield figure("references", name, "all fields", "F1", s["micro"]["F"], s["n"], beside(name, "micro", micro), "micro-averaged")
        yield figure("references", name, "whole reference", "whole right", s["whole"], s["n"], beside(name, "whole", whole))
    for name, file in (("refs_lists", "refs_lists.dev.jsonl"), ("refs_lists_grobid", "refs_lists_grobid.dev.jsonl"), ("refs_seed", "refs_seed.jsonl")):
        citegrade("extract", "--citations", "--jsonl", str(EVAL / file), out=tmp / f"{name}.jsonl")
        s = scored("score_refs.py", "--gold", str(EVAL / file), "--pred", str(tmp / f"{name}.jsonl"), "--json")["all"]
        yield figure("references", name, "boundaries", "F1", s["boundary"]["F"], s["n"], OTHERS.get((name, "boundary")))
        yield figure("references", name, "whole list", "whole right", s["whole_list"], s["n"], OTHERS.get((name, "whole list")))


def links(tmp: Path) -> Iterator[Figure | None]:
    """Citation strings to library records; mentions to the article's own list."""
    gold, library = EVAL / "linking.dev.jsonl", EVAL / "linking_library.jsonl"
    citegrade("cite", "--jsonl", str(gold), "--library", str(library), out=tmp / "links.jsonl")
    s = scored("score_linking.py", "--gold", str(gold), "--pred", str(tmp / "links.jsonl"), "--json")["all"]
    yield figure("links", "linking", "link", "F1", s["F"], s["n"], OTHERS["linking", "link"])
    yield figure("links", "linking", "unknown left alone", "accuracy", s["nil_accuracy"], s["nil"], OTHERS["linking", "unknown left alone"])
    yield from _stories()
    script = ROOT / "bench" / "score_mentions.py"
    if script.exists():
        gold = EVAL / "mentions.dev.jsonl"
        with (tmp / "mentions.jsonl").open("wb") as f:
            subprocess.run([sys.executable, str(script), str(gold)], cwd=ROOT, stdout=f, check=True)
        s = scored("score_linking.py", "--gold", str(gold), "--pred", str(tmp / "mentions.jsonl"), "--json")
        for kind in ("author_year", "lay"):
            yield figure("links", "mentions", kind, "F1", s[kind]["F"], s[kind]["n"], OTHERS["mentions", kind])


def _stories() -> Iterator[Figure | None]:
    """News stories to the record they report: the half of bench/stories.txt that nothing was tuned on."""
    found = link_stories.measure(EVAL, "test")
    n = sum(s.half == "test" for s in link_stories.stories(link_stories.pool(EVAL, bare=False)))
    notes = {"named": "stories alone", "named, long": "amid other text", "bare": "no authors or journals known", "bare, long": "none known, amid other text"}
    for name, note in notes.items():
        plain, ours, linked = (found[f"{name}: {x}"] for x in ("bm25", "ours", "linked"))
        yield figure("links", f"stories, {name}", "record first", "share", ours["top1"], n, f"BM25 {plain['top1']:.3f}", note)
        yield figure("links", f"stories, {name}", "linked rightly", "share", linked["right"], n, None, "by the threshold of `citegrade cite`")
        yield figure("links", f"stories, {name}", "linked though its record is absent", "share", linked["absent"], n)


def libraries(_: Path) -> Iterator[Figure | None]:
    """Messy BibTeX files, hostile cases, and real exports of PubMed and reference managers."""
    expected = [r for r in score_libraries.rows(EVAL / "bib" / "expect.jsonl") if r["count_confirmed"]]
    entries = sum(r["n_entries"] for r in expected)
    lost = score_libraries.lost(EVAL / "bib", score_libraries.ours)
    alone = f"bibtexparser alone {score_libraries.lost(EVAL / 'bib', score_libraries.peer)} lost"
    other = f"pybtex {peers.bib_lost(PEERS[0])} lost" if PEERS else ""
    yield figure("libraries", "bib", "entries read", "share", 1 - lost / entries, entries, beside("bib", "entries lost", alone, other), f"{lost} lost")
    cases = len(score_libraries.rows(EVAL / "bib" / "cases.jsonl"))
    right = score_libraries.right(EVAL / "bib", score_libraries.ours)
    alone = f"bibtexparser alone {score_libraries.right(EVAL / 'bib', score_libraries.peer)}"
    yield figure("libraries", "bib", "hostile cases right", "share", right / cases, cases, beside("bib", "hostile cases right", alone))
    for form, want, got, theirs in score_libraries.records(EVAL / "pubmed"):
        other = f"rispy {theirs}" if theirs else f"nbib {peers.medline_records(PEERS[0])}" if PEERS and form == "medline" else None
        yield figure("libraries", "pubmed", f"{form} records read", "share", got / want, want, other)


AREAS: dict[str, Callable[[Path], Iterator[Figure | None]]] = {
    "lay": lay,
    "gold": gold,
    "abstracts": abstracts,
    "references": references,
    "links": links,
    "libraries": libraries,
}


def measure(areas: list[str]) -> list[Figure]:
    """All figures of the areas."""
    with tempfile.TemporaryDirectory() as tmp:
        return [f for area in areas for f in AREAS[area](Path(tmp)) if f is not None]


def key(f: Figure) -> str:
    """How floors.toml names a figure."""
    return f"{f.dataset} / {f.field} / {f.metric}"


def below(figures: list[Figure]) -> list[str]:
    """Figures that fell below their floor (for errors: rose above it)."""
    floors = tomllib.loads(FLOORS.read_text())["floors"] if FLOORS.exists() else {}
    out = []
    for f in figures:
        floor = floors.get(key(f))
        worse_up = f.metric == "false when none" or f.field.startswith(("study-free", "linked though"))
        if floor is not None and (f.value > floor if worse_up else f.value < floor):
            out.append(f"{key(f)}: {f.value} is past its floor {floor}")
    return out


def markdown(figures: list[Figure]) -> str:
    """The scorecard page."""
    lines = [
        "# Accuracy",
        "",
        "Written by `python bench/accuracy.py --write`; do not edit. Figures are measured on development sets: rules were tuned on them, so they are",
        "not estimates for new text. *Not trained on* gives the figure with the learned parts cross-validated or trained on other sets.",
        "*Own gold* are articles that were written and labelled without looking at a rule; *first measured* is before any class of error seen in them was",
        "worked on; the learned parts were trained on them since. *Own gold, unread* has not been read or trained on: the nearest to new text here (its figures were looked at while thresholds were set). Intervals are Wilson's, 95 %, where a figure is a share. Other systems' figures come from their publications or were measured on the same sets; refextract, pybtex, nbib, bibtexparser and rispy were run in the run that wrote this page.",
    ]
    titles = {"articles": "Lay articles", "abstracts": "Abstracts", "references": "References", "links": "Links", "libraries": "Libraries"}
    for area, title in titles.items():
        mine = [f for f in figures if f.area == area]
        if not mine:
            continue
        lines += ["", f"## {title}", "", "| set | what | figure | value | not trained on | n | 95 % | others |", "|---|---|---|---|---|---|---|---|"]
        for f in mine:
            interval = f"{f.low:.3f}-{f.high:.3f}" if f.low is not None and f.high is not None else ""
            what = f.field + (f" ({f.note})" if f.note else "")
            folds = UNSEEN.get(key(f), "")
            lines.append(f"| {f.dataset} | {what} | {f.metric} | {f.value:.3f} | {folds} | {f.n or ''} | {interval} | {f.others or ''} |")
    lines += ["", "## Not trained on", "", "Figures of that column come from these commands; they were not run again with the rest.", ""]
    lines += [f"- `{c}`: {what}" for c, what in CROSS["commands"].items()]
    if ERRORS.exists():
        lines += ["", ERRORS.read_text(encoding="utf-8").strip()]
    return "\n".join(lines) + "\n"


def with_the_rest(figures: list[Figure]) -> list[Figure]:
    """The figures measured now in the place of their earlier ones, and those of areas that were not measured as they stood."""
    earlier = [Figure(**f) for f in json.loads(DATA.read_text(encoding="utf-8"))] if DATA.exists() else []
    now = {key(f) for f in figures}
    titles = [f.area for f in earlier]
    kept = [f for f in earlier if key(f) not in now]
    return sorted(kept + figures, key=lambda f: titles.index(f.area) if f.area in titles else len(titles)) if kept else figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", help=f"of {', '.join(AREAS)}; all when none is given")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--floors", action="store_true", help="write the floors anew, a little below the figures measured now")
    args = parser.parse_args()
    if not EVAL.exists():
        print("No labelled sets beside this checkout: nothing measured.")
        return 0
    if args.write and (python := peers.interpreter()):
        PEERS.append(python)
    figures = measure(args.areas or list(AREAS))
    for f in figures:
        print(f"{f.value:.3f}  {key(f)}  (n {f.n})")
    if args.write:
        figures = with_the_rest(figures)
        DOC.write_text(markdown(figures), encoding="utf-8")
        DATA.write_text(json.dumps([asdict(f) for f in figures], indent=1) + "\n", encoding="utf-8")
    if args.floors:
        rows = []
        for f in figures:
            worse_up = f.metric == "false when none" or f.field.startswith(("study-free", "linked though"))
            rows.append(f"{json.dumps(key(f), ensure_ascii=False)} = {min(1, f.value + 0.04) if worse_up else max(0, f.value - 0.02):.3f}")
        FLOORS.write_text(
            "# What was won stays won: bench/accuracy.py --check fails where a figure falls below.\n[floors]\n" + "\n".join(rows) + "\n", encoding="utf-8"
        )
    wrong = below(figures) if args.check else []
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
