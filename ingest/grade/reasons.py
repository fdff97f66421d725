"""The steps of a grade as rows: where it starts, what moves it, where it ends, each with its words and what triggered it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.grade.profile import Profile
from ingest.records import Grade, Reason, Study, Value

PROVISIONAL = "Provisional: computed from what the text states."


def reason(domain: str, direction: str, steps: int, text: str, field: str | None = None, value: object = None, span: tuple[int, int] | None = None) -> Reason:
    """Make one step. ``steps`` is signed: negative makes the evidence weaker, on every scale."""
    shown = None if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    start, end = span if span else (None, None)
    return Reason(domain, direction, steps, text, start, end, field, shown)


def of_study(domain: str, direction: str, steps: int, text: str, study: Study, field: str) -> Reason:
    """Make a step that a field of the study triggered, with the span that the field was read from."""
    read = provenance(study, field)
    value = getattr(study, field)
    return reason(domain, direction, steps, text, field, value, (read.start, read.end) if read and read.start >= 0 else None)


def provenance(study: Study, field: str) -> Value[Any] | None:
    """Give where a field of a study was read, or None."""
    return next((v for k, v in study.provenance if k == field), None)


def moved(reasons: Iterable[Reason]) -> int:
    """Add up the steps of the reasons: below zero means weaker."""
    return sum(r.steps for r in reasons if r.direction in {"up", "down"})


def finish(scale: str, level: str | None, question: str | None, reasons: Sequence[Reason], profile: Profile, words: str) -> Grade:
    """Close a grade: its last row says where it ended and that it is provisional."""
    end = reason("level", "end", 0, f"{words} {PROVISIONAL}", value=level)
    return Grade(scale, level, question, (*reasons, end), profile.name, profile.hash)


def plural(n: int, one: str, many: str | None = None) -> str:
    """Count things in words.

    >>> plural(1, "study", "studies"), plural(3, "vote")
    ('1 study', '3 votes')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
