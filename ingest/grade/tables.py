"""The rule tables of the scales: TOML beside the code, checked when read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.errors import LexiconError
from ingest.grade.kinds import KINDS, Kind
from ingest.records import QUESTION_TYPES


@dataclass(frozen=True, slots=True)
class Table:
    """A scale's table: ``cells[question][kind]`` is a level (``"0"``: none), ``why[question][kind]`` its explanation."""

    cells: Mapping[str, Mapping[str, str]]
    why: Mapping[str, Mapping[str, str]]

    def level(self, question: str, kind: Kind) -> str | None:
        """Look a study up; None where the scale has no row for the question or no level for the kind."""
        row = self.cells.get(question, {})
        level = row.get(kind.name, row.get(kind.parent, "0"))
        return None if level == "0" else level

    def explanation(self, question: str, kind: Kind) -> str:
        """Explain a cell that the published table does not hold as such; empty for the others."""
        shared = self.why.get("benefit", {}) if question in {"harm", "screening"} else {}
        row = {**shared, **self.why.get(question, {})}
        return row.get(kind.name, "" if kind.name != kind.parent and kind.name in self.cells.get(question, {}) else row.get(kind.parent, ""))


@cache
def load_table(name: str) -> Table:
    """Read a scale's table.

    :raises LexiconError: an unknown question or kind of study.
    """
    path = Path(__file__).with_name(f"{name}.toml")
    with path.open("rb") as f:
        tree = tomllib.load(f)
    why = tree.pop("why", {})
    for part in (tree, why):
        for question, row in part.items():
            unknown = [k for k in row if k not in KINDS]
            if question not in QUESTION_TYPES or unknown:
                raise LexiconError(f"{path.name}: [{question}] {', '.join(unknown) or 'is no type of question'}")
    return Table({q: {k: str(v) for k, v in row.items()} for q, row in tree.items()}, why)
