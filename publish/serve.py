"""Start Datasette on one evidence database: immutable, on this machine, with our metadata, pages and settings."""

from __future__ import annotations

import json
import socket
import sqlite3
import tempfile
from pathlib import Path

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
    """Refuse what citegrade did not build, with the reason.

    :raises StoreError: the file is missing, is no SQLite file, is locked, is in WAL mode, or has other tables.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such database; build one first: citegrade build samples/ --db {path}")
    try:
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
        connection.close()
    except sqlite3.OperationalError as e:
        raise StoreError(f"{path}: cannot be read ({e}); another program may be writing it, try again in a moment") from e
    except sqlite3.DatabaseError as e:
        raise StoreError(f"{path}: not a SQLite database; give the file that citegrade build wrote") from e
    if not tables >= compat.NEEDED:
        raise StoreError(f"{path}: not built by citegrade (no table {', '.join(sorted(compat.NEEDED - tables))}); build it again")
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
