"""Reference libraries: one door for every format, told by content and not by the file's name.

``.bib``, ``.ris``, ``.nbib``/MEDLINE, CSL-JSON, PubMed XML (plain, gzipped, baseline size) and JSON Lines.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from ingest.errors import ReadError
from ingest.read.bibtex import read_bibtex
from ingest.read.csljson import read_csljson
from ingest.read.pubmed import looks_pubmed, stream_pubmed
from ingest.read.tagged import read_tagged
from ingest.read.works import merge_works
from ingest.records import Problem, Work

__all__ = ["decode_bytes", "merge_works", "read_libraries", "read_library", "read_library_text"]

_HEAD = 8192
_CP1252 = bytes(range(256)).decode("latin-1").translate({i: bytes([i]).decode("cp1252", "replace").replace("\ufffd", chr(i)) for i in range(128, 160)})
_TAGGED = re.compile(r"^\s{0,2}\ufeff?(?:TY[ \t]{1,2}-|PMID *-|[A-Z][A-Z0-9]{1,3} {0,3}- )", re.MULTILINE)


def read_library(path: str | Path) -> tuple[tuple[Work, ...], tuple[Problem, ...]]:
    """Every record of a library file, in the file's order and not yet merged, and what could not be read.

    Raises ``ReadError`` where the file is missing, or is no library in a format known here.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            return _read(stream, path.name)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{path}: cannot be read as a reference library ({error})") from error


def read_libraries(paths: Iterable[str | Path]) -> tuple[tuple[Work, ...], tuple[Problem, ...]]:
    """Several library files as one: works merged, in order of their keys."""
    works: list[Work] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = read_library(path)
        works.extend(found)
        problems.extend(wrong)
    return merge_works(works), tuple(problems)


def _read(stream: IO[bytes], name: str) -> tuple[tuple[Work, ...], tuple[Problem, ...]]:
    head = stream.read(_HEAD)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b":
        with gzip.open(stream) as inner:
            return _read(io.BufferedReader(inner), name)
    if looks_pubmed(_decode(head, final=False)):
        found = list(stream_pubmed(stream, name))
        return tuple(x for x in found if isinstance(x, Work)), tuple(x for x in found if isinstance(x, Problem))
    return read_library_text(decode_bytes(stream.read()), name)


def read_library_text(text: str, name: str) -> tuple[tuple[Work, ...], tuple[Problem, ...]]:
    """The same for a text already in memory; ``name`` is what its records call their source."""
    text = text.lstrip("\ufeff")
    kind = format_of(text)
    if kind is None:
        if not text.strip():
            return (), (Problem(name, "the library is empty", "empty"),)
        raise ReadError(f"{name}: not a library in BibTeX, RIS, NBIB/MEDLINE, CSL-JSON, JSON Lines or PubMed XML")
    if kind == "pubmed":
        found = list(stream_pubmed(io.BytesIO(text.encode()), name))
        return tuple(x for x in found if isinstance(x, Work)), tuple(x for x in found if isinstance(x, Problem))
    reader = {"bibtex": read_bibtex, "tagged": read_tagged, "json": read_csljson}[kind]
    works, problems = reader(text, name)
    return tuple(works), tuple(problems)


def format_of(text: str) -> str | None:
    """``bibtex``, ``tagged``, ``json`` or ``pubmed`` by what the text holds, or None.

    >>> format_of("@article{a, title = {x}}"), format_of("TY  - JOUR"), format_of('[{"id": 1}]'), format_of("Dear all")
    ('bibtex', 'tagged', 'json', None)
    """
    head = text.lstrip("\ufeff \t\r\n")[:200_000]
    if head.startswith("<"):
        return "pubmed" if looks_pubmed(head) else None
    if head.startswith(("[{", '{"', "[]", "[\n", "[ ", "{\n", "[\r")):
        return "json"
    tagged, entry = _TAGGED.search(head), re.search(r"@\s*[A-Za-z]+\s*[{(]", head)
    if entry and (not tagged or entry.start() < tagged.start()):
        return "bibtex"
    return "tagged" if tagged else None


def decode_bytes(data: bytes) -> str:
    """Text out of bytes: UTF-16 and UTF-32 by their marks, else UTF-8 in which single bad bytes count as Windows-1252."""
    return _decode(data, final=True)


def _decode(data: bytes, final: bool) -> str:
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return data.decode("utf-32", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\x00" and data[3:4] == b"\x00":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\x00" and data[2:3] == b"\x00":
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _mixed(data) if final else data.decode("utf-8", "ignore")


def _mixed(data: bytes) -> str:
    """UTF-8 with strays of Windows-1252, as files have that two programs wrote to."""
    out: list[str] = []
    at = 3 if data[:3] == b"\xef\xbb\xbf" else 0
    while at < len(data):
        try:
            out.append(data[at:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            out.append(data[at : at + error.start].decode("utf-8"))
            out.extend(_CP1252[b] for b in data[at + error.start : at + error.end])
            at += error.end
    return "".join(out)
