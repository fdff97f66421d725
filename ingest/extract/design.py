"""Which design a study has: from the words about it, and from the title of the reference it comes from.

Every cue of ``design.toml`` that occurs adds its weight to a design; the heaviest design wins and the value carries the
span of its strongest cue. The study that an abstract reports itself is read by ``design_abstract.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.extract.design_abstract import read_abstract_design
from ingest.records import DESIGNS, Citation, Mention, Span, Value
from ingest.text.cues import Hit, Passage, load_cues, lowered, passages, scan
from ingest.text.prose import Prose

_CUES: Final = load_cues(Path(__file__).with_name("design.toml"), DESIGNS)
_FAMILY: Final = {
    "rct": "trial",
    "nonrandomized_trial": "trial",
    "meta_analysis": "review",
    "systematic_review": "review",
    "narrative_review": "review",
}
"""Designs whose cues speak for one another: "half got the pill" suits any trial, "review" any review."""

ENOUGH: Final = 3.0
"""Below this weight a mention's design stays unspecified."""
ENOUGH_OF_SEVERAL: Final = 6.0
"""The same for a mention of several unnamed studies."""
CHANCE: Final = 4.0
"""Weight of cues for chance (random, placebo, by lot) that makes a trial randomised."""
SYNTHESIS: Final = 5.0
"""Weight of cues for pooling, or for a systematic search, that makes a review one."""
_ELSEWHERE: Final = 0.7
"""What a cue outside the mention's first sentence counts for."""
_TITLE: Final = 0.9
_PEOPLE: Final = re.compile(
    r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty)(?:-\w+)? (?:[\w-]+ ){0,4}?"
    r"(?:people|patients|participants|volunteers|women|men|adults|children|infants|students|nurses)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the cues of one mention say: weight for each design, the strongest hit of each, the weight of generic cues."""

    scores: dict[str, float]
    best: dict[str, tuple[float, Hit]]
    generic: float


def read_design(prose: Prose, mention: Mention, cited: Sequence[Citation] = ()) -> Value[str] | None:
    """Read the design of one study.

    :param cited: the references that the mention points at; their titles are read too.
    :returns: one of ``records.DESIGNS`` with the span of its strongest cue, or None where the text does not tell.
    """
    if prose.is_abstract and mention.primary:
        return read_abstract_design(prose.text, tuple(prose.sentences))
    weighed = _weigh(_hits(prose, mention, cited))
    design = _not_in_people(prose, mention, weighed) or _choose(weighed, ENOUGH_OF_SEVERAL if mention.plural else ENOUGH)
    if design is None:
        return None
    hit = weighed.best[design][1]
    return Value(design, hit.start, hit.end, f"design.{hit.cue.name}")


def _weigh(hits: Iterable[tuple[Hit, float]]) -> _Weighed:
    scores: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, Hit]] = {}
    seen: dict[str, float] = {}
    generic = 0.0
    for hit, weight in hits:
        # A cue counts once, at its best place.
        gain = weight - seen.get(hit.cue.name, 0.0)
        if gain <= 0:
            continue
        seen[hit.cue.name] = weight
        scores[hit.cue.value] += gain
        generic += gain * hit.cue.generic
        if hit.cue.value not in best or weight > best[hit.cue.value][0]:
            best[hit.cue.value] = (weight, hit)
    return _Weighed(scores, best, generic)


def _not_in_people(prose: Prose, mention: Mention, weighed: _Weighed) -> str | None:
    """An animal or a dish in the mention's first sentence decides, unless people are counted there."""
    for design in ("animal", "in_vitro"):
        hit = weighed.best[design][1] if design in weighed.best else None
        if hit and mention.start <= hit.start < mention.end and hit.cue.weight > CHANCE * 2:
            reviewed = sum(w for d, w in weighed.scores.items() if _FAMILY.get(d) == "review")
            if reviewed < weighed.scores[design] and not _PEOPLE.search(prose.text, mention.start, mention.end):
                return design
    return None


def _choose(weighed: _Weighed, enough: float) -> str | None:
    families: dict[str, float] = defaultdict(float)
    for design, score in weighed.scores.items():
        families[_FAMILY.get(design, design)] += score
    if not families:
        return None
    family = max(families, key=lambda f: (families[f], f))
    if families[family] < enough:
        return None
    scores = weighed.scores
    if family == "trial":
        explicit = scores.get("nonrandomized_trial", 0.0) - weighed.generic
        chance = scores.get("rct", 0.0)
        return "rct" if chance >= CHANCE and chance > explicit or "nonrandomized_trial" not in scores else "nonrandomized_trial"
    if family == "review":
        return next((d for d in ("meta_analysis", "systematic_review") if scores.get(d, 0.0) >= SYNTHESIS), None) or max(
            (d for d in scores if _FAMILY.get(d) == "review"), key=lambda d: (scores[d], d)
        )
    return family


def _hits(prose: Prose, mention: Mention, cited: Sequence[Citation]) -> Iterable[tuple[Hit, float]]:
    head = Span(mention.start, mention.end)
    for hit in scan(_CUES, passages(prose.text, mention.parts or (head,)), "text"):
        yield hit, hit.cue.weight * (1.0 if Span(hit.start, hit.end).overlaps(head) else _ELSEWHERE)
    for hit in scan(_CUES, _titles(prose, cited), "title"):
        yield hit, hit.cue.weight * _TITLE


def _titles(prose: Prose, cited: Sequence[Citation]) -> Iterable[Passage]:
    for citation in cited:
        spans = [(a, b) for field, a, b in citation.spans if field in ("title", "container")]
        for a, b in spans or [(citation.start, citation.end)]:
            yield Passage(lowered(prose.text[a:b]), a)
