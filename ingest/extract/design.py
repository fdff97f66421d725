"""Which design a study has: from the words about it, and from the title of the reference it comes from.

Every cue of ``design.toml`` that occurs adds its weight to a design. What the cues make of a mention, and how it is worded, goes
into a learned model (``design_lay.py``) that has the last word; the value carries the span of its strongest cue, else of the wording
that tells. The study that an abstract reports itself is read by ``design_abstract.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.extract import design_lay
from ingest.extract.design_abstract import read_abstract_design
from ingest.extract.design_lay import Zone
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


_OBSERVED = {"cross_sectional": "cross-sectional", "case_control": "case-control", "cohort": "cohort", "nonrandomized_trial": "", "unspecified": "unspecified"}
_OUTRIGHT = re.compile(r"\b(cross-sectional|case-control|cohort) (?:study|survey|analysis)\b")
"""Designs of which wording often cannot tell one from another, with what they are called: a name in the first sentence settles it."""
NAMED = 7.0
"""What a design's cues must weigh that "unspecified" may not win against: it is named outright."""


def read_design(prose: Prose, mention: Mention, cited: Sequence[Citation] = ()) -> Value[str] | None:
    """Read the design of one study.

    :param cited: the references that the mention points at; their titles are read too.
    :returns: one of ``records.DESIGNS`` with the span of its strongest cue, or None where the text does not tell.
    """
    if prose.is_abstract and mention.primary:
        return read_abstract_design(prose.text, tuple(prose.sentences))
    weighed, ruled, zones, values = evidence(prose, mention, cited)
    design = design_lay.choose(values)
    if design in _OBSERVED and ruled in _OBSERVED and design != ruled:
        names = {m.group(1) for m in _OUTRIGHT.finditer(prose.low, mention.start, mention.end)}
        if len(names) == 1 and _OBSERVED[ruled] in names:
            design = ruled
    if design == "unspecified" and ruled is not None and not mention.plural and weighed.scores.get(ruled, 0.0) >= NAMED:
        design = ruled
    if design == "unspecified":
        return None
    if design in weighed.best:
        hit = weighed.best[design][1]
        return Value(design, hit.start, hit.end, f"design.{hit.cue.name}")
    placed = design_lay.place(design_lay.signs(values, design), zones)
    if placed is not None:
        return Value(design, placed[1], placed[2], f"design.model:{placed[0]}")
    return Value(design, mention.start, mention.end, "design.model:nothing")


def evidence(prose: Prose, mention: Mention, cited: Sequence[Citation], every: bool = False) -> tuple[_Weighed, str | None, list[Zone], dict[str, float]]:
    """What a mention shows of its design: the weighed cues, what the rules make of them, its zones, and the features for the model.

    :param every: with features that the model does not know, for training.
    """
    said, titled = _said(prose, mention), _titled(prose, cited)
    weighed, ruled = _rule(prose, mention, said, titled)
    zones = _zones(prose, mention, cited)
    cues: dict[str, float] = {}
    for hit, weight in (*said, *titled):
        cues[hit.cue.name] = max(cues.get(hit.cue.name, 0.0), weight / hit.cue.weight)
    values = design_lay.features(zones, cues, weighed.scores, ruled, mention.plural, every)
    families = _families(weighed)
    strong = sorted(f for f, score in families.items() if score >= CLEAR)
    values |= {f"f:{f}": min(score / 10, 3.0) for f, score in families.items()} | {f"f:{f}!": 1.0 for f in strong}
    if len(strong) > 1:
        values["f:" + "+".join(strong)] = 1.0
    return weighed, ruled, zones, values


def _rule(prose: Prose, mention: Mention, said: Sequence[tuple[Hit, float]], titled: Sequence[tuple[Hit, float]]) -> tuple[_Weighed, str | None]:
    """What the cues alone make of a mention."""
    weighed = _weigh(said)
    # A trial that is told of as part of the review that is cited is no review.
    if titled and not (_plainly_trial(weighed) and _family(_weigh(titled))[0] == "review"):
        weighed = _weigh([*said, *titled])
    return weighed, _not_in_people(prose, mention, weighed) or _choose(weighed, ENOUGH_OF_SEVERAL if mention.plural else ENOUGH)


def _zones(prose: Prose, mention: Mention, cited: Sequence[Citation]) -> list[Zone]:
    """The mention's sentences, the cited titles, and what stands around: the sentence before, the heading above, the first line."""
    low = prose.low
    out = []
    for part in mention.parts or (Span(mention.start, mention.end),):
        kind = "h" if part.start < mention.end and mention.start < part.end else "l"
        out.append(Zone(kind, low[part.start : part.end], part.start))
    out += [Zone("t", low[p.start : p.end], p.start) for p in _titles(prose, cited)]
    around: list[tuple[str, Span]] = []
    before = prose.sentence_before(mention.start)
    if before is not None:
        around.append(("x", before.span))
    above = [h for h in prose.article.headings if h.start < mention.start]
    around += [("g", h) for h in above[-1:]]
    around += [("n", s.span) for s in prose.sentences[:1]]
    return out + [Zone(kind, low[s.start : s.end], s.start) for kind, s in around]


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
    families = _families(weighed)
    family = max(families, key=lambda f: (families[f], f), default="")
    return family, families.get(family, 0.0)


def _families(weighed: _Weighed) -> dict[str, float]:
    families: dict[str, float] = defaultdict(float)
    for design, score in weighed.scores.items():
        families[_FAMILY.get(design, design)] += score
    return families


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
