"""`citegrade cite`: references parsed, written in another format, or linked to a library; a tool by itself."""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import click

from ingest.contract import citation_json
from ingest.errors import CitegradeError
from ingest.find.references import parse_references
from ingest.link.content import is_news, is_story
from ingest.link.stories import link_story
from ingest.link.works import Library, link_citation
from ingest.read.library import decode_bytes, read_libraries
from ingest.records import Author, Citation, Link, Work
from publish.formats.bibtex import write_bibtex
from publish.formats.csljson import write_csljson
from publish.formats.ris import write_ris

_SHORT_NEWS = 0.1
"""How much surer the link of a short text must be: it may be a note that names no paper."""
_WRITERS: dict[str, Callable[[list[Work | Mapping[str, Any]]], str]] = {"bibtex": write_bibtex, "ris": write_ris, "csl-json": write_csljson}


@click.command()
@click.argument("strings", nargs=-1, metavar='"REFERENCE"…')
@click.option("--list", "lists", multiple=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True), help="A file that holds a reference list.")
@click.option("--jsonl", type=click.Path(exists=True, dir_okay=False), help='JSON Lines: one reference a line, {"id", "text"}.')
@click.option("--library", "libraries", multiple=True, type=click.Path(exists=True, dir_okay=False), help="Link to the works of this .bib, .ris, … file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", *_WRITERS]),
    default="json",
    show_default=True,
    help="What to print; a linked work replaces its reference.",
)
def cite(strings: tuple[str, ...], lists: tuple[str, ...], jsonl: str | None, libraries: tuple[str, ...], form: str) -> None:
    """Parse references; with --library, find the work each one speaks of. A line of --jsonl may also be a whole story about a paper.

    \b
    citegrade cite "Mazzella GL, et al. Selenium in MS. Lancet 1983;2:1010-2."
    citegrade cite --list references.txt --format bibtex > references.bib
    citegrade cite --jsonl strings.jsonl --library library.bib
    """
    if not strings and not lists and not jsonl:
        raise click.UsageError("Give a reference, or --list FILE, or --jsonl FILE.")
    try:
        library, problems = _library(libraries)
    except CitegradeError as error:
        raise click.ClickException(str(error)) from error
    out: TextIO = sys.stdout
    citations: Iterable[tuple[str | None, Citation]] = _references(strings, lists)
    if jsonl:
        problems += _print_lines(jsonl, library, form, out)
    elif form == "json":
        for _, citation in citations:
            out.write(json.dumps(_described(citation, library), ensure_ascii=False) + "\n")
    else:
        out.write(_WRITERS[form]([_linked(citation, library) or _record(citation) for _, citation in citations]))
    sys.exit(1 if problems else 0)


def _library(paths: Iterable[str]) -> tuple[Library | None, int]:
    if not paths:
        return None, 0
    works, problems = read_libraries(paths)
    for problem in problems:
        click.echo(f"{problem.source}:{problem.line or ''}: {problem.message}", err=True)
    library = Library(works)
    gc.freeze()  # the library stays until the end: the garbage collector need not look through it again and again
    return library, len(problems)


def _references(strings: Iterable[str], lists: Iterable[str]) -> Iterator[tuple[str | None, Citation]]:
    for number, text in enumerate(strings, 1):
        yield None, replace(_one(text), number=number)
    for name in lists:
        text = decode_bytes(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
        for citation in parse_references(text):
            yield None, citation


def _one(text: str) -> Citation:
    """The one reference a string is; where the parser sees several or none, the string as it stands."""
    found = tuple(parse_references(text))
    return replace(found[0], raw=text) if len(found) == 1 else Citation(1, 0, len(text), text)


def _print_lines(path: str, library: Library | None, form: str, out: Any) -> int:
    problems = 0
    records: list[Work | Mapping[str, Any]] = []
    with Path(path).open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                name, text = row.get("id", number), str(row["text"])
            except (ValueError, KeyError, AttributeError) as error:
                problems += 1
                click.echo(f'{path}:{number}: not an object with "text" ({error})', err=True)
                continue
            if form != "json":
                citation = _one(text)
                records.append(_linked(citation, library) or _record(citation))
            elif library is None:
                out.write(json.dumps({"id": name, **citation_json(_one(text))}, ensure_ascii=False) + "\n")
            else:
                links = _linked_text(number, text, library)
                out.write(json.dumps({"id": name, **_link_json(links, library)}, ensure_ascii=False) + "\n")
    if form != "json":
        out.write(_WRITERS[form](records))
    return problems


def _linked_text(number: int, text: str, library: Library) -> tuple[Link, ...]:
    """A reference is compared field by field, a whole story by what it says, a short text by both in that order."""
    if is_story(text):
        return link_story(text, library, number)
    links = link_citation(Citation(number, 0, len(text), text), library)
    return link_story(text, library, number, ahead=_SHORT_NEWS) if not links[0].chosen and is_news(text) else links


def _record(citation: Citation) -> dict[str, Any]:
    """A parsed reference for writing: a citation keeps family names only, so the initials are taken from the string again."""
    names = ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid", "url", "type")
    return {**{name: getattr(citation, name) for name in names}, "authors": [_with_initials(a, citation.raw) for a in citation.authors]}


def _with_initials(family: str, raw: str) -> Author:
    after = re.search(rf"{re.escape(family)},?\s+((?:[A-Z]\.?[ -]?){{1,4}})(?=[,;:.&(]|\s|$)", raw)
    before = re.search(rf"((?:\b[A-Z]\.[ -]?){{1,3}}) ?{re.escape(family)}\b", raw)
    found = after or before
    return Author(family, found.group(1).strip(" -")) if found else Author(family, literal=" " in family)


def _described(citation: Citation, library: Library | None) -> dict[str, Any]:
    out = citation_json(citation)
    if library is not None:
        out.update(_link_json(link_citation(citation, library), library))
    return out


def _link_json(links: tuple[Link, ...], library: Library) -> dict[str, Any]:
    """``link`` is the record's own name in its library (BibTeX key, record id), ``work`` our key of it."""
    first = links[0]
    runner = next((x for x in links[1:] if x.target), None)
    return {
        "link": library.name_of(first.target) if first.chosen and first.target else None,
        "work": first.target if first.chosen else None,
        "score": first.score,
        "method": first.method,
        "reason": first.reason,
        "runner_up": {"link": library.name_of(runner.target), "score": runner.score, "reason": runner.reason} if runner and runner.target else None,
    }


def _linked(citation: Citation, library: Library | None) -> Work | None:
    if library is None:
        return None
    first = link_citation(citation, library)[0]
    return library.work(first.target) if first.chosen and first.target else None
