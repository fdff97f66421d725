"""Start Datasette on one evidence database: immutable, on this machine, with our metadata, pages and settings."""

from __future__ import annotations

import contextlib
import json
import socket
import tempfile
from pathlib import Path

from db.check import open_readonly
from ingest.errors import StoreError
from publish import compat

SETTINGS = {
    "suggest_facets": "off",  # guessing facets costs more than every page together
    "sql_time_limit_ms": "3000",
    "facet_time_limit_ms": "1500",
    "default_page_size": "50",
    "max_returned_rows": "2000",
    "truncate_cells_html": "400",
    "max_csv_mb": "0",  # a CSV of everything is complete
}


def check_database(path: Path) -> None:
    """Refuse what cannot be served, with the reason.

    :raises StoreError: the file is not a database that citegrade built, is locked, or is in WAL mode.
    """
    with contextlib.closing(open_readonly(path)) as connection:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal == "wal":
        raise StoreError(f"{path}: in WAL mode, in which an immutable server hides rows; build it again")


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken.

    :raises StoreError: something else listens there, or this user may not.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            raise StoreError(f"port {port} on {host} cannot be used ({e.strerror}); choose another: citegrade serve --port {port + 1}") from e


def arguments(database: Path, host: str, port: int, metadata_file: Path, *, open_browser: bool = False) -> list[str]:
    """Arguments of ``datasette`` that serve this database."""
    out = ["serve", "--immutable", str(database), "--host", host, "--port", str(port), "--cors", *compat.server_arguments(metadata_file)]
    for name, value in SETTINGS.items():
        out += ["--setting", name, value]
    return [*out, "--open"] if open_browser else out


def serve(database: Path, host: str = "127.0.0.1", port: int = 8001, *, open_browser: bool = False) -> None:
    """Serve until interrupted.

    :raises StoreError: the database or the port cannot be used.
    """
    check_database(database)
    check_port(host, port)
    from datasette.cli import cli as datasette_cli

    compat.plain_errors()

    with tempfile.TemporaryDirectory() as folder:
        metadata_file = Path(folder) / "metadata.json"
        metadata_file.write_text(json.dumps(compat.metadata(database.stem)), encoding="utf-8")
        datasette_cli.main(args=arguments(database, host, port, metadata_file, open_browser=open_browser), prog_name="datasette", standalone_mode=False)
