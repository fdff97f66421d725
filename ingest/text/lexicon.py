"""Word lists as data: TOML files beside the step that uses them, checked when loaded.

A file holds ``[[term]]`` tables: ``pattern`` (a regular expression over lower-cased text), ``value`` (what it means)
and ``example`` (words that it must match); further keys are kept in ``extra``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import LexiconError


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a word list."""

    pattern: re.Pattern[str]
    value: str
    example: str
    extra: Mapping[str, Any]


def load(path: Path, values: Collection[str] | None = None) -> tuple[Term, ...]:
    """Read and check a word list.

    :param values: the vocabulary that ``value`` must come from; None allows any.
    :raises LexiconError: a term without its keys, an unknown value, a pattern that does not match its own example.
    """
    with path.open("rb") as f:
        rows = tomllib.load(f).get("term", [])
    out = []
    for n, row in enumerate(rows, 1):
        where = f"{path.name}, term {n}"
        missing = [k for k in ("pattern", "value", "example") if k not in row]
        if missing:
            raise LexiconError(f"{where}: no {', '.join(missing)}")
        if values is not None and row["value"] not in values:
            raise LexiconError(f"{where}: {row['value']!r} is none of {', '.join(values)}")
        try:
            pattern = re.compile(row["pattern"])
        except re.error as e:
            raise LexiconError(f"{where}: {row['pattern']!r} is not a pattern: {e}") from e
        if not pattern.search(row["example"].lower()):
            raise LexiconError(f"{where}: {row['pattern']!r} does not match its example {row['example']!r}")
        out.append(Term(pattern, row["value"], row["example"], {k: v for k, v in row.items() if k not in {"pattern", "value", "example"}}))
    return tuple(out)
