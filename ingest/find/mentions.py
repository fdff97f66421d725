"""Which sentences of an article speak of a study, and which of them speak of the same one.

Each sentence is written in shorthand (one letter a word, `ingest.text.shorthand`) and the cues of ``mentions.toml`` are looked for in
it. A learned sum of the cues (``mentions.json``) says whether the sentence brings in a study. What follows is added to that study
until another one, a change of subject or the end of its paragraph; names ("SOLAR"), "the trial" and "the researchers" lead back.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.errors import LexiconError
from ingest.records import Mention, Span
from ingest.text.prose import Prose, Sentence
from ingest.text.shorthand import Shorthand

_HERE: Final = Path(__file__).parent
SHORTHAND: Final = Shorthand(_HERE / "cues.toml")


def _load_cues(path: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    with path.open("rb") as f:
        rows = tomllib.load(f)["cue"]
    out = []
    for row in rows:
        pattern = re.compile(row["pattern"])
        if not pattern.search(SHORTHAND.write(row["example"])):
            raise LexiconError(f"{path.name}, cue {row['name']!r}: does not fire on its example, written {SHORTHAND.write(row['example'])!r}")
        out.append((row["name"], pattern))
    return tuple(out)


CUES: Final = _load_cues(_HERE / "mentions.toml")
_CORE: Final = frozenset("SQZRMLaGsc")
"""Letters of which a sentence that speaks of a study has at least one, unless people, actors or bodies do something in it."""
_MODEL_FILE: Final = _HERE / "mentions.json"
_MODEL: Final[dict[str, float]] = json.loads(_MODEL_FILE.read_text(encoding="utf-8"))["weights"] if _MODEL_FILE.exists() else {}
_THRESHOLD: Final = 0.0


_BRACKET: Final = re.compile(r"\[[nNu.]{0,4}\]")
_SIZED: Final = frozenset(("many_people", "few_people", "counted_animals", "aged_person", "people_from_somewhere"))


@dataclass(slots=True)
class Unit:
    """A sentence (or clause) with its shorthand and what is known of it."""

    sentence: Sentence
    codes: str
    index: int
    heading: bool
    marked: bool
    first: bool
    quoted: bool
    cues: list[str] = field(default_factory=list)
    score: float = -9.0

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return Span(self.sentence.start, self.sentence.end)


def _worth_reading(codes: str) -> bool:
    letters = set(codes)
    if letters & _CORE:
        return True
    return ("P" in letters and not letters.isdisjoint("NnV")) or (("A" in letters or "q" in letters) and not letters.isdisjoint("VvD")) or {"g", "k"} <= letters


def read_units(prose: Prose) -> list[Unit]:
    """Every sentence of the running text, in order, with its cues (context apart)."""
    text = prose.text
    sentences = prose.sentences
    starts = sorted(m.start for m in prose.markers)
    counts: dict[int, int] = {}
    for s in sentences:
        counts[s.paragraph] = counts.get(s.paragraph, 0) + 1
    heads = {h.start for h in prose.article.headings}
    out = []
    previous = -1
    for i, s in enumerate(sentences):
        piece = text[s.start : s.end]
        at = bisect_left(starts, s.start)
        heading = (
            s.start in heads
            or (counts[s.paragraph] == 1 and len(piece) < 110 and piece[-1] not in '.!;:,)]"”’*')
            or (i == 0 and counts[s.paragraph] == 1 and len(piece) < 160 and piece[-1] != ".")
        )
        unit = Unit(s, _BRACKET.sub("", SHORTHAND.write(piece)), i, heading, at < len(starts) and starts[at] < s.end, s.paragraph != previous, piece[0] in '"“')
        previous = s.paragraph
        if not heading and _worth_reading(unit.codes):
            unit.cues = _cues(unit)
        out.append(unit)
    return out


def _like_heading(piece: str, first: bool) -> bool:
    if first:
        return len(piece) < 160 and piece[-1] != "."
    return len(piece) < 110 and piece[-1] not in '.!;:,)]"”’*'


def _cues(unit: Unit) -> list[str]:
    codes = unit.codes
    found = [name for name, pattern in CUES if pattern.search(codes)]
    if unit.marked:
        found.append("marked")
    if unit.quoted:
        found.append("quoted")
    if unit.first:
        found.append("paragraph_start")
    if len(codes) < 8:
        found.append("short")
    elif len(codes) > 25:
        found.append("long")
    return found


_DEFINITE: Final = frozenset(("the_study", "these_people", "the_actor", "pronoun_start", "the_people", "definite_start", "the_guideline"))
_NEW: Final = frozenset(
    (
        "a_study",
        "a_review",
        "one_more",
        "actor_from_somewhere",
        "study_from_somewhere",
        "place_people",
        "names_act_on_people",
        "several_studies",
        "the_named_study",
        "one_of_them",
        "told_of_person",
        "body_recommends",
    )
)


def context_cues(unit: Unit, last: Unit | None) -> list[str]:
    """Cues that depend on the last sentence that brought in a study."""
    if last is None or unit.sentence.paragraph - last.sentence.paragraph > 1:
        return ["nothing_before"]
    same = unit.sentence.paragraph == last.sentence.paragraph
    gap = unit.index - last.index
    near = "just" if gap == 1 else "soon" if gap < 4 else "later"
    sized, again = _sized(last), _sized(unit)
    cues = set(unit.cues)
    new = not _NEW.isdisjoint(cues) or unit.marked
    out = [("same_paragraph_" if same else "next_paragraph_") + near, f"sized_{sized:d}{again:d}_{'same' if same else 'next'}"]
    if not _DEFINITE.isdisjoint(cues):
        out.append("definite_after_unsized" if not sized else "definite_after_sized")
    if same and not new:
        out.append("nothing_new_sized" if again else "nothing_new")
    if new and same:
        out.append("new_here")
    if "M" in unit.codes and "M" in last.codes:
        out.append("animals_again")
    return out


def score(unit: Unit, last: Unit | None) -> float:
    """Log odds that a sentence brings in a study."""
    return _MODEL.get("bias", 0.0) + sum(_MODEL.get(c, 0.0) for c in unit.cues) + sum(_MODEL.get(c, 0.0) for c in context_cues(unit, last))


@dataclass(slots=True)
class _Draft:
    """A study while the text is being read."""

    head: Unit
    parts: list[Unit]
    names: set[str]
    plural: bool = False


def find_mentions(prose: Prose) -> tuple[Mention, ...]:
    """Every study that a text speaks of, in reading order, each with all its sentences.

    An abstract gives one primary mention that holds all its sentences.
    """
    if prose.is_abstract:
        return _primary(prose)
    drafts: list[_Draft] = []
    current: _Draft | None = None
    last: Unit | None = None
    for unit in read_units(prose):
        if unit.heading:
            continue
        if unit.cues and score(unit, last) > _THRESHOLD:
            if current is not None and _same(current, unit):
                current.parts.append(unit)
                if not _sized(current.head):
                    current.head = unit
            else:
                current = _Draft(unit, [unit], _names(prose, unit), _is_plural(unit))
                drafts.append(current)
            last = unit
            continue
        back = _leads_back(prose, drafts, unit)
        if back is not None:
            back.parts.append(unit)
        elif current is not None and _continues(current, unit):
            current.parts.append(unit)
    return tuple(_mention(prose, d) for d in drafts)


def _sized(unit: Unit) -> bool:
    return not _SIZED.isdisjoint(unit.cues)


def _same(current: _Draft, unit: Unit) -> bool:
    """Tell whether a sentence gives the particulars that its lead-in ("A better trial followed.") left out."""
    head = current.head
    if unit.index != current.parts[-1].index + 1 or unit.sentence.paragraph != head.sentence.paragraph:
        return False
    if _sized(head) or current.plural or "%" in head.codes:
        return False
    return not {"one_more", "a_review", "several_studies"} & set(unit.cues) and ("a_study" not in unit.cues)


_NAME = re.compile(r"\b[A-Z][A-Za-z]*(?:-?[A-Z0-9]+)+\b|\b[A-Z]{4,}\b")


def _names(prose: Prose, unit: Unit) -> set[str]:
    if "acronym_study" not in unit.cues and "u" not in unit.codes:
        return set()
    return {m.group() for m in _NAME.finditer(prose.text, unit.sentence.start, unit.sentence.end)} if "S" in unit.codes else set()


def _leads_back(prose: Prose, drafts: Sequence[_Draft], unit: Unit) -> _Draft | None:
    if "u" not in unit.codes:
        return None
    here = {m.group() for m in _NAME.finditer(prose.text, unit.sentence.start, unit.sentence.end)}
    hits = [d for d in drafts if d.names & here]
    return hits[-1] if len(hits) == 1 else None


def _is_plural(unit: Unit) -> bool:
    if "Z" not in unit.codes or _sized(unit):
        return False
    return not {"a_study", "a_review", "study", "review", "pooled_studies"} & set(unit.cues)


def _continues(current: _Draft, unit: Unit) -> bool:
    near = current.parts[-1]
    if unit.sentence.paragraph == near.sentence.paragraph:
        return unit.index - near.index <= 2 and not current.plural and "share" not in unit.cues
    return unit.sentence.paragraph == near.sentence.paragraph + 1 and unit.first and ("the_study" in unit.cues or "actor_finds" in unit.cues)


def _mention(prose: Prose, draft: _Draft) -> Mention:
    parts = tuple(u.span for u in sorted(draft.parts, key=lambda u: u.index))
    label = sorted(draft.names)[0] if draft.names else None
    return Mention(draft.head.sentence.start, draft.head.sentence.end, parts, "study sentence", label, draft.plural)


def _primary(prose: Prose) -> tuple[Mention, ...]:
    sentences = prose.sentences
    if not sentences:
        return ()
    parts = tuple(s.span for s in sentences)
    return (Mention(parts[0].start, parts[0].end, parts, "abstract", primary=True),)


def overlapping(spans: Iterable[Span], span: Span) -> bool:
    """Whether any of the spans shares a character with one."""
    return any(x.overlaps(span) for x in spans)
