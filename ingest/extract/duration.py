"""How long the study lasted."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.records import Mention, Value
from ingest.text.prose import Prose


@dataclass(frozen=True, slots=True)
class Duration:
    """A study's length in days, the words it was read from, and its phase: treatment, follow_up or observation."""

    days: Value[float]
    text: str
    phase: str


def read_duration(prose: Prose, mention: Mention, design: str | None = None) -> Duration | None:
    """Read how long the study of a mention lasted."""
    return None
