"""The commands. The only module that prints or exits."""

from __future__ import annotations

import click

import ingest


@click.group()
@click.version_option(ingest.__version__, prog_name="citegrade")
def main() -> None:
    """Read health articles, grade the studies they lean on, publish the evidence."""
