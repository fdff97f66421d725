"""``citegrade build``, ``demo``, ``check``: from files to a database."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

import ingest
from db.build import build_database
from db.check import check_database
from db.corrections import apply_corrections, read_corrections
from db.readings import Readings
from ingest.batch import read_many
from ingest.corpus import assemble
from ingest.errors import ReadError
from ingest.grade.profile import load_profile
from ingest.inputs import read_inputs
from ingest.read.library import read_libraries
from ingest.read.retractions import apply_retractions, read_retractions
from ingest.records import Corpus, Correction, Document, Problem, Work
from ingest.text.terms import vocabulary
from publish.serve import serve

DEFAULT_DB = Path("db/evidence.db")
_FILE = click.Path(dir_okay=False, path_type=Path)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.option("--db", type=_FILE, default=DEFAULT_DB, show_default=True, help="The database to write."),
            click.option("--library", multiple=True, type=_FILE, help="Reference library: .bib .ris .nbib .json (CSL) .xml (PubMed). Repeatable."),
            click.option("--corrections", type=_FILE, help="CSV of corrected values: study,field,new,who,when,why."),
            click.option("--retractions", multiple=True, type=_FILE, help="Retraction Watch CSV: marks works retracted, corrected or under concern."),
            click.option("--terms", multiple=True, type=_FILE, help="Your own terms: TSV/CSV (kind term group valence synonyms) or a MeSH descriptor XML."),
            click.option("--profile", type=_FILE, help="Grading profile; copy ingest/grade/grading.yml to start one."),
            click.option("--workers", type=click.IntRange(0), default=1, show_default=True, help="Processes; 0 takes one for each core."),
            click.option("--excerpts", is_flag=True, help="Store quotes only, not the articles' full texts."),
        )
    ):
        command = option(command)
    return command


@click.command()
@click.argument("paths", nargs=-1)
@_options
def build(paths: tuple[str, ...], **options: Any) -> None:
    """Read articles and build the graded evidence database.

    PATHS are files, folders or globs (.txt .md .html .xml .pdf .jsonl), or - for standard input. The old database stays
    untouched until the new one is whole. Exit code 1: some inputs had problems (see the problems table); 2: nothing was built.

    \b
    citegrade build articles/ --library my.bib
    citegrade build "news/*.html" --db news.db --excerpts
    """
    if not paths:
        raise click.UsageError("Give at least one file, folder, glob or '-'.")
    sys.exit(run_build(paths, **options))


def run_build(
    paths: Sequence[str],
    *,
    db: Path,
    library: Sequence[Path] = (),
    corrections: Path | None = None,
    retractions: Sequence[Path] = (),
    terms: Sequence[Path] = (),
    profile: Path | None = None,
    workers: int = 1,
    excerpts: bool = False,
) -> int:
    """Build a database and say what came of it. Returns the exit code."""
    grading = load_profile(profile)
    words = vocabulary(*terms) if terms else None
    works, problems = _works(library, retractions)
    wanted, more = _corrections(corrections)
    problems += more
    documents: list[Document] = []
    with _Readings(db) as readings:
        inputs = list(read_inputs(paths))
        for item in _shown(readings.read(inputs, partial(read_many, workers=workers)), len(inputs)):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                documents.append(item)
                problems.extend(item.problems)
    if not documents:
        for p in problems:
            click.echo(p.message, err=True)
        click.echo("Nothing was built: no article could be read.", err=True)
        return 2
    corpus = assemble(documents, works, grading, corrections=wanted, corrector=apply_corrections, problems=problems, words=words)
    problems += [Problem(c.study_key, f"correction of {c.study_key}, {c.field}: {c.note}", "entry") for c in corpus.corrections if not c.applied]
    corpus = replace(corpus, problems=tuple(problems))
    run = {
        "version": ingest.__version__,
        "input_digest": _digest(documents, [*library, *retractions, *terms, *([corrections] if corrections else [])], excerpts),
        "profile": grading.name,
        "profile_hash": grading.hash,
        "libraries": "; ".join(p.name for p in library) or None,
    }
    counts = build_database(db, corpus, run=run, excerpts=excerpts, accuracy=_accuracy())
    _summary(db, corpus, counts, problems, readings.reused)
    return 1 if problems else 0


class _Readings:
    """Opens the readings beside a database and keeps them whatever happens."""

    def __init__(self, db: Path) -> None:
        self._path = db.with_name(f".{db.name}.readings")

    def __enter__(self) -> Readings:
        self._readings = Readings(self._path)
        return self._readings

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._readings.close()


def _shown(items: Iterator[Document | Problem], n: int) -> Iterator[Document | Problem]:
    """Count along on a terminal; silent when piped."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=n, label="Reading articles", file=sys.stderr) as bar:
        yield from bar


def _works(library: Sequence[Path], retractions: Sequence[Path]) -> tuple[tuple[Work, ...], list[Problem]]:
    problems: list[Problem] = []
    readable = []
    for path in library:
        if path.exists():
            readable.append(path)
        else:
            problems.append(Problem(str(path), f"{path}: no such library; check the path", "missing"))
    works: tuple[Work, ...] = ()
    try:
        works, more = read_libraries(readable)
        problems.extend(more)
    except ReadError as e:
        problems.append(Problem("library", str(e), "unreadable"))
    for path in retractions:
        try:
            notices, more = read_retractions(path)
        except ReadError as e:
            problems.append(Problem(str(path), str(e), "unreadable"))
            continue
        problems.extend(more)
        works = apply_retractions(works, notices)
    return works, problems


def _corrections(path: Path | None) -> tuple[tuple[Correction, ...], list[Problem]]:
    if path is None:
        return (), []
    try:
        found, problems = read_corrections(path)
    except ReadError as e:
        return (), [Problem(str(path), str(e), "unreadable")]
    return found, list(problems)


def _digest(documents: Iterable[Document], files: Iterable[Path], excerpts: bool) -> str:
    digest = hashlib.sha256(f"excerpts={excerpts}".encode())
    for d in sorted(documents, key=lambda d: d.article.id):
        digest.update(f"{d.article.id}\0{d.article.sha256}\n".encode())
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _accuracy() -> list[dict[str, Any]]:
    """The committed scorecard, so that a database carries what is known of its own reading."""
    path = Path(__file__).with_name("accuracy.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _summary(db: Path, corpus: Corpus, counts: dict[str, int], problems: list[Problem], reused: int) -> None:
    rows = corpus.rows
    n = len(rows)

    def share(count: int) -> str:
        return f"{count} of {n}"

    lines = [
        ("articles", f"{counts.get('articles', 0)}" + (f" ({reused} unchanged since the last build)" if reused else "")),
        ("studies", f"{n}"),
        ("  with sample size", share(sum(r.study.sample_size is not None for r in rows))),
        ("  with duration", share(sum(r.study.duration_days is not None for r in rows))),
        ("  with an outcome", share(sum(bool(r.study.findings) for r in rows))),
        ("  linked to a reference", share(sum(r.citation is not None or r.work_key is not None for r in rows))),
        ("  linked to the library", share(sum(r.work_key is not None for r in rows))),
        ("  with an OCEBM level", share(sum(any(g.scale == "ocebm" and g.level for g in r.grades) for r in rows))),
        ("claims without a study", f"{counts.get('claims', 0)}"),
        ("citations", f"{counts.get('citations', 0)}"),
        ("works in the library", f"{counts.get('works', 0)}"),
        ("bodies of evidence", f"{counts.get('bodies', 0)}"),
        ("corrections applied", f"{sum(c.applied for c in corpus.corrections)} of {len(corpus.corrections)}"),
    ]
    for name, value in lines:
        click.echo(f"{name:26}{value}")
    if problems:
        kinds = ", ".join(f"{n} {k}" for k, n in sorted(Counter(p.kind for p in problems).items()))
        click.echo(f"{'problems':26}{len(problems)} ({kinds}); each is a row of the problems table:")
        for p in problems[:10]:
            click.echo(f"  {p.message}", err=True)
        if len(problems) > 10:
            click.echo(f"  … and {len(problems) - 10} more", err=True)
    click.echo(f"{'database':26}{db} ({db.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.option("--db", type=_FILE, default=DEFAULT_DB, show_default=True)
def check(db: Path) -> None:
    """Hold a database to its promises: whole references, quotes equal to their spans, every value traced."""
    wrong = list(check_database(db))
    for line in wrong:
        click.echo(line)
    click.echo(f"{db}: {len(wrong)} wrong" if wrong else f"{db}: all well", err=bool(wrong))
    sys.exit(1 if wrong else 0)


SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@click.command()
@click.option("--db", type=_FILE, default=DEFAULT_DB, show_default=True, help="The database to write.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port to serve on.")
@click.option("--no-serve", is_flag=True, help="Build only.")
def demo(db: Path, port: int, no_serve: bool) -> None:
    """Build the bundled sample articles and serve them in the browser on http://127.0.0.1:8001 until Ctrl-C."""
    if not SAMPLES.is_dir():
        raise click.ClickException(f"{SAMPLES}: the samples are missing; run this in a clone of the repository")
    files = {"library": [SAMPLES / "library.bib"], "corrections": SAMPLES / "corrections.csv", "retractions": [SAMPLES / "retractions.csv"]}
    code = run_build([str(SAMPLES)], db=db, **files)  # type: ignore[arg-type]
    if no_serve:
        sys.exit(code)
    click.echo(f"\nServing {db} on http://127.0.0.1:{port}; Ctrl-C stops it.")
    serve(db, port=port)
