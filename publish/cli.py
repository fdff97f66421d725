"""The commands of this room, `citegrade serve` and `citegrade export`; ingest/cli.py hangs them into `citegrade`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from ingest.errors import StoreError
from publish.export import FORMATS, export_package
from publish.export import export as write_export

_DB = click.option("--db", default=Path("db/evidence.db"), show_default=True, type=click.Path(dir_okay=False, path_type=Path), help="The database.")


@click.command()
@_DB
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 opens it to the network.")
@click.option("--open", "open_browser", is_flag=True, help="Open the front page in the browser.")
def serve(db: Path, port: int, host: str, open_browser: bool) -> None:
    """Publish the database on this machine, read-only, with Datasette.

    \b
    citegrade serve
    citegrade serve --db mine.db --port 8002 --open
    """
    from publish.serve import serve as run

    try:
        run(db, host, port, open_browser=open_browser)
    except StoreError as e:
        click.echo(str(e), err=True)
        sys.exit(2)


@click.command()
@_DB
@click.option("--format", "format_", required=True, type=click.Choice(FORMATS), help="What to write.")
@click.option("--table", help="Table or view for csv and jsonl; works (default), citations or studies for reference formats.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (standard output if not given); for datapackage a folder or a .zip file.")
def export(db: Path, format_: str, table: str | None, output: Path | None) -> None:
    """Write tables or references for other programs; complete, never one page.

    \b
    citegrade export --format bibtex > works.bib
    citegrade export --format csv --table study_table -o studies.csv
    citegrade export --format datapackage -o evidence-package.zip
    """
    from publish.serve import check_database

    try:
        check_database(db)
        if format_ == "datapackage":
            if output is None:
                raise click.UsageError("A data package is several files: name a folder or a .zip file with -o.")
            export_package(db, output)
        elif output is None:
            out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
            write_export(db, format_, out, table)
            out.flush()
            out.detach()
        else:
            with output.open("w", encoding="utf-8", newline="") as f:
                write_export(db, format_, f, table)
    except (StoreError, OSError) as e:
        click.echo(str(e), err=True)
        sys.exit(2)
