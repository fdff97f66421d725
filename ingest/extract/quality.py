"""Weaknesses and strengths that the text states about a study: what the grades' risk-of-bias domain rests on.

Only what is said counts. "Not blinded" is a weakness; silence about blinding is none. What allocation by chance rules
out (that there was no comparison) is not reported beside it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ingest.records import Mention, Span
from ingest.text.cues import load_cues, scan
from ingest.text.prose import Prose

KINDS: Final = (
    "no_control",
    "not_blinded",
    "open_label",
    "not_randomized",
    "historical_control",
    "high_dropout",
    "self_reported",
    "recall_bias",
    "selective",
    "confounded",
    "poor_quality",
    "small",
    "short",
    "industry_funded",
    "unpublished",
    "retracted",
    "double_blind",
    "blinded",
    "concealed",
    "randomized",
    "high_quality",
    "preregistered",
    "low_dropout",
    "dose_response",
)
"""Weaknesses first, then strengths; what is stated of a study in between ("randomized") serves to rule others out."""

_CUES: Final = load_cues(Path(__file__).with_name("quality.toml"), KINDS)
_GROUPS: Final = re.compile(
    r"\b(?:two|three|four|five|both|all) (?:\w+ )?(?:groups|arms)\b|\bper group\b"
    r"|\bhalf (?:of (?:them|whom)|got|were|had|took|drank|received)\b",
    re.IGNORECASE,
)
# A statement -> the statements that it rules out.
_RULES_OUT: Final = {
    "randomized": {"no_control", "not_randomized", "historical_control"},
    "double_blind": {"not_blinded", "open_label", "no_control"},
    "not_randomized": {"randomized"},
}


def read_weaknesses(prose: Prose, mention: Mention) -> tuple[tuple[str, int, int], ...]:
    """Read the stated weaknesses and strengths of one study.

    :returns: ``(kind, start, end)`` with kinds of ``KINDS``, in reading order, each kind once.
    """
    parts = mention.parts or (Span(mention.start, mention.end),)
    found: dict[str, tuple[int, int]] = {}
    for hit in scan(_CUES, prose.passages(parts)):
        if hit.cue.value not in found or hit.start < found[hit.cue.value][0]:
            found[hit.cue.value] = (hit.start, hit.end)
    words = prose.text[slice(*found.get("no_control", (0, 0)))].lower()
    if "placebo" in words and _GROUPS.search(prose.text, parts[0].start, parts[-1].end):
        del found["no_control"]  # "no placebo" in a comparison of several treatments
    if "not_randomized" in found:
        found.pop("randomized", None)
    out = {gone for kind in found for gone in _RULES_OUT.get(kind, ())}
    kept = [(kind, start, end) for kind, (start, end) in found.items() if kind not in out]
    return tuple(sorted(kept, key=lambda w: (w[1], w[2], w[0])))
