"""Which design a study has: from the words about it, and from the title of the reference it comes from.

Every cue of ``design.toml`` that occurs adds its weight to a design; the heaviest design wins and the value carries the
span of its strongest cue. The study that an abstract reports itself is read by ``design_abstract.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from ingest.extract.design_abstract import read_abstract_design
from ingest.records import DESIGNS, Citation, Mention, Span, Value
from ingest.text.cues import Hit, Passage, load_cues, lowered, passages, scan
from ingest.text.prose import Prose

_CUES: Final = load_cues(Path(__file__).with_name("design.toml"), DESIGNS)
ENOUGH: Final = 4.0
"""Below this weight a lay mention's design stays unspecified."""
_ELSEWHERE: Final = 0.7
"""What a cue outside the mention's first sentence counts for."""
_TITLE: Final = 0.9


def read_design(prose: Prose, mention: Mention, cited: Sequence[Citation] = ()) -> Value[str] | None:
    """Read the design of one study.

    :param cited: the references that the mention points at; their titles are read too.
    :returns: one of ``records.DESIGNS`` with the span of its strongest cue, or None where the text does not tell.
    """
    if prose.is_abstract and mention.primary:
        return read_abstract_design(prose.text, tuple(prose.sentences))
    return _weigh(prose, mention, cited)


def _weigh(prose: Prose, mention: Mention, cited: Sequence[Citation]) -> Value[str] | None:
    scores: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, Hit]] = {}
    seen: dict[str, float] = {}
    for hit, weight in _hits(prose, mention, cited):
        # A cue counts once, at its best place.
        gain = weight - seen.get(hit.cue.name, 0.0)
        if gain <= 0:
            continue
        seen[hit.cue.name] = weight
        scores[hit.cue.value] += gain
        if hit.cue.value not in best or weight > best[hit.cue.value][0]:
            best[hit.cue.value] = (weight, hit)
    if not scores:
        return None
    design = max(scores, key=lambda d: (scores[d], -DESIGNS.index(d)))
    if scores[design] < ENOUGH:
        return None
    hit = best[design][1]
    return Value(design, hit.start, hit.end, f"design.{hit.cue.name}")


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
