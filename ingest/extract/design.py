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
from ingest.text.cues import CueList, Hit, load_cues, scan
from ingest.text.gates import Reading
from ingest.text.prose import Prose

_CUES: Final = load_cues(Path(__file__).with_name("design.toml"), DESIGNS)
_TELLING: Final = CueList([c for c in _CUES if not c.generic])
_GENERIC: Final = CueList([c for c in _CUES if c.generic])
_FAMILY: Final = {
    "rct": "trial",
    "nonrandomized_trial": "trial",
    "meta_analysis": "review",
    "systematic_review": "review",
    "narrative_review": "review",
    "cohort": "observation",
    "cross_sectional": "observation",
    "case_control": "observation",
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
PLAIN: Final = 12.0
"""Weight at which a mention plainly tells of a trial, whatever its reference is called."""
CLEAR: Final = 9.0
"""Weight of one family of designs, with next to nothing for another, from which generic cues are not looked for."""
SPUN: Final = 0.2
"""Spunness from which cues that do without function words are tried too."""
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
    """What the cues of one mention say of each design: weight, the strongest hit, and the weight that generic cues make up."""

    scores: dict[str, float]
    best: dict[str, tuple[float, Hit]]
    generic: dict[str, float]


def read_design(prose: Prose, mention: Mention, cited: Sequence[Citation] = ()) -> Value[str] | None:
    """Read the design of one study.

    :param cited: the references that the mention points at; their titles are read too.
    :returns: one of ``records.DESIGNS`` with the span of its strongest cue, or None where the text does not tell.
    """
    if prose.is_abstract and mention.primary:
        return read_abstract_design(prose.text, tuple(prose.sentences))
    said, titled = _said(prose, mention), _titled(prose, cited)
    weighed = _weigh(said)
    # A trial that is told of as part of the review that is cited is no review.
    if titled and not (_plainly_trial(weighed) and _family(_weigh(titled))[0] == "review"):
        weighed = _weigh([*said, *titled])
    design = _not_in_people(prose, mention, weighed) or _choose(weighed, ENOUGH_OF_SEVERAL if mention.plural else ENOUGH)
    if design is None:
        return None
    hit = weighed.best[design][1]
    return Value(design, hit.start, hit.end, f"design.{hit.cue.name}")


def _weigh(hits: Iterable[tuple[Hit, float]]) -> _Weighed:
    scores: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, Hit]] = {}
    seen: dict[str, float] = {}
    generic: dict[str, float] = defaultdict(float)
    for hit, weight in hits:
        # A cue counts once, at its best place.
        gain = weight - seen.get(hit.cue.name, 0.0)
        if gain <= 0:
            continue
        seen[hit.cue.name] = weight
        scores[hit.cue.value] += gain
        generic[hit.cue.value] += gain * hit.cue.generic
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


def _family(weighed: _Weighed) -> tuple[str, float]:
    """Name the family of designs with the largest weight."""
    families: dict[str, float] = defaultdict(float)
    for design, score in weighed.scores.items():
        families[_FAMILY.get(design, design)] += score
    family = max(families, key=lambda f: (families[f], f), default="")
    return family, families.get(family, 0.0)


def _plainly_trial(weighed: _Weighed) -> bool:
    family, score = _family(weighed)
    return family == "trial" and score >= PLAIN


def _choose(weighed: _Weighed, enough: float) -> str | None:
    family, score = _family(weighed)
    if score < enough:
        return None
    # Without its generic cues: what tells the designs of a family apart.
    scores = {d: w - weighed.generic[d] for d, w in weighed.scores.items() if _FAMILY.get(d, d) == family}
    if family == "trial":
        chance, plain = scores.get("rct", 0.0), scores.get("nonrandomized_trial", 0.0)
        return "rct" if (chance >= CHANCE and chance > plain) or "nonrandomized_trial" not in scores else "nonrandomized_trial"
    if family == "review" and (named := [d for d in ("meta_analysis", "systematic_review") if scores.get(d, 0.0) >= SYNTHESIS]):
        return named[0]
    return max(scores, key=lambda d: (scores[d], -DESIGNS.index(d)))


def _said(prose: Prose, mention: Mention) -> list[tuple[Hit, float]]:
    found = prose.passages(mention.parts or (Span(mention.start, mention.end),))
    scopes = ("text", "spun" if prose.article.spun > SPUN else "plain")
    hits = [_placed(hit, mention) for hit in scan(_TELLING, found, *scopes)]
    families: dict[str, float] = defaultdict(float)
    for hit, weight in hits:
        families[_FAMILY.get(hit.cue.value, hit.cue.value)] += weight
    first, second, *_ = [*sorted(families.values(), reverse=True), 0.0, 0.0]
    if first < CLEAR or second > ENOUGH:
        hits += [_placed(hit, mention) for hit in scan(_GENERIC, found, *scopes)]
    return hits


def _placed(hit: Hit, mention: Mention) -> tuple[Hit, float]:
    in_head = hit.start < mention.end and mention.start < hit.end
    return hit, hit.cue.weight * (1.0 if in_head else _ELSEWHERE)


def _titled(prose: Prose, cited: Sequence[Citation]) -> list[tuple[Hit, float]]:
    return [(hit, hit.cue.weight * _TITLE) for hit in scan(_TELLING, _titles(prose, cited), "title")]


def _titles(prose: Prose, cited: Sequence[Citation]) -> Iterable[Reading]:
    for citation in cited:
        spans = [(a, b) for field, a, b in citation.spans if field in ("title", "container")]
        for a, b in spans or [(citation.start, citation.end)]:
            yield Reading(prose.text, prose.low, a, b)
