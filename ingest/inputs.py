"""What the commands are given: paths, globs, JSON Lines and standard input, as articles in a stable order."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.read.article import article_ids, find_files, read_bytes, read_jsonl, read_path
from ingest.records import Article, Problem


def read_inputs(paths: Iterable[str], jsonl: Iterable[str] = (), *, as_is: bool = False) -> Iterator[Article | Problem]:
    """Every article of the given paths ("-" is standard input) and JSON Lines files, in a stable order.

    With ``as_is`` the texts of JSON Lines are taken as they stand (reference strings: mark-up kept, any language).
    """
    paths = list(paths)
    if "-" in paths:
        data = sys.stdin.buffer.read()
        if data.lstrip().startswith(b'{"'):
            yield from read_jsonl(data.splitlines(), "standard input", as_is=as_is)
        else:
            yield read_bytes(data, "stdin", source="standard input")
    files, problems = find_files(p for p in paths if p != "-")
    yield from problems
    ids = article_ids(files)
    seen: set[str] = set()
    for path in files:
        for item in read_path(path, ids[path]):
            if isinstance(item, Article):
                if item.id in seen:
                    yield Problem(item.source, f"{item.source}: the id {item.id!r} came before; give each document its own id", "duplicate")
                    continue
                seen.add(item.id)
            yield item
    for name in jsonl:
        with Path(name).open("rb") as f:
            yield from read_jsonl(f, name, as_is=as_is)
