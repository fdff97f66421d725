"""The commands. The only module that prints or exits.

Exit codes: 0 done, 1 some inputs had problems, 2 usage or nothing done.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

import ingest
from ingest.cli_build import build, check, demo
from ingest.cli_cite import cite
from ingest.cli_regrade import regrade
from ingest.contract import document_json
from ingest.errors import CitegradeError
from ingest.inputs import read_inputs
from ingest.pipeline import read_citations, read_document
from ingest.records import Problem
from publish.cli import export, serve


class _Group(click.Group):
    """Turns an error of ours into one clear sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CitegradeError as e:
            click.echo(f"Error: {e}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(ingest.__version__, prog_name="citegrade")
def main() -> None:
    """Read health articles, grade the studies they lean on, publish the evidence."""


@main.command()
@click.argument("paths", nargs=-1)
@click.option("--jsonl", multiple=True, type=click.Path(exists=True, dir_okay=False), help='JSON Lines: one {"id", "text"} a line.')
@click.option("--text-dir", type=click.Path(file_okay=False, path_type=Path), help="Also write each document's plain text as DIR/<id>.txt.")
@click.option("--text", "text_only", is_flag=True, help="Print the plain text that offsets count in, nothing else.")
@click.option("--citations", is_flag=True, help="Each document is a reference list, or one reference.")
def extract(paths: tuple[str, ...], jsonl: tuple[str, ...], text_dir: Path | None, text_only: bool, citations: bool) -> None:
    """Print what is read out of each document, one JSON object a line. Needs no database.

    \b
    citegrade extract samples/
    citegrade extract --text samples/selenium-trial.md
    citegrade extract --citations references.txt
    """
    if not paths and not jsonl:
        raise click.UsageError("Give at least one file, folder or '-', or --jsonl FILE.")
    done = problems = 0
    for article in read_inputs(paths, jsonl, as_is=citations):
        if isinstance(article, Problem):
            problems += 1
            click.echo(article.message, err=True)
            continue
        done += 1
        if text_dir:
            text_dir.mkdir(parents=True, exist_ok=True)
            with (text_dir / f"{article.id.replace('/', '_')}.txt").open("w", encoding="utf-8", newline="") as f:
                f.write(article.text)
        if text_only:
            click.echo(article.text)
            continue
        document = read_citations(article) if citations else read_document(article)
        click.echo(json.dumps(document_json(document), ensure_ascii=False))
    sys.exit(0 if not problems else 1 if done else 2)


main.add_command(build)
main.add_command(check)
main.add_command(demo)
main.add_command(cite)
main.add_command(regrade)
main.add_command(export)
main.add_command(serve)
