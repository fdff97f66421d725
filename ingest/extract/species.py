"""Whether a study was done in people, in animals, or in vitro."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ingest.records import SPECIES, Citation, Mention, Span, Value
from ingest.text.cues import Hit, load_cues, scan
from ingest.text.prose import Prose

_CUES: Final = load_cues(Path(__file__).with_name("species.toml"), SPECIES)
_BY_DESIGN: Final = {"animal": "animal", "in_vitro": "in_vitro"}
_HUMAN_DESIGNS: Final = frozenset(
    {
        "meta_analysis",
        "systematic_review",
        "rct",
        "nonrandomized_trial",
        "cohort",
        "case_control",
        "cross_sectional",
        "case_series",
        "case_report",
        "narrative_review",
        "expert_opinion",
    }
)
"""Designs that are meant for people unless the text names an animal."""


def read_species(prose: Prose, mention: Mention, design: str = "unspecified", cited: Sequence[Citation] = ()) -> Value[str]:
    """Read who or what was studied.

    :param design: the design already read: ``animal`` and ``in_vitro`` settle the matter, the others make people likely.
    :param cited: unused so far; part of the step's call.
    :returns: ``human``, ``animal`` or ``in_vitro`` with the span of the word that says so; where the design
        or the absence of any other word decides, the mention's first sentence.
    """
    head = Span(mention.start, mention.end)
    hits: dict[str, Hit] = {}
    for hit in scan(_CUES, prose.passages(mention.parts or (head,)), "text"):
        hits.setdefault(hit.cue.value, hit)
    value = _BY_DESIGN.get(design)
    if value is None:
        value = "human" if design in _HUMAN_DESIGNS or "human" in hits else _other(hits)
    if value in hits:
        hit = hits[value]
        return Value(value, hit.start, hit.end, f"species.{hit.cue.name}")
    return Value(value, head.start, head.end, "species.by_design" if design != "unspecified" else "species.nothing_else_named")


def _other(hits: dict[str, Hit]) -> str:
    """An article on health that names neither animal nor dish speaks of people."""
    return next((s for s in ("animal", "in_vitro") if s in hits), "human")
