"""What an article claims beside what its evidence is; and where it tells a study otherwise than the study's own abstract.

The strength of wording and the verdicts are our convention: OCEBM levels say how good evidence is, not how one may speak of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path

from ingest.grade.reasons import plural, provenance
from ingest.records import Difference, Document, Study, StudyRow, Support
from ingest.text.lexicon import load
from ingest.text.prose import Sentence, split_sentences
from ingest.text.terms import Found, Vocabulary, find_terms, normalise

WORDINGS = ("no_effect", "no_evidence", "told", "may", "suggested", "shown", "proven")
"""From the weakest to the strongest."""
_ORDER = ("reported", "no_evidence", "proven", "no_effect", "may", "suggested", "shown", "told")
_LEXICON = load(Path(__file__).with_name("wording.toml"), _ORDER)
# The weakest level that still carries each wording.
CARRIES = {"proven": 1, "shown": 2, "suggested": 4, "may": 5, "told": 5}
_IN_WORDS = {
    "proven": "speaks of it as proven",
    "shown": "speaks of it as shown",
    "suggested": "says that it is linked or seems so",
    "may": "says that it may",
    "told": "only tells what studies found",
    "no_evidence": "says that there is no evidence",
    "no_effect": "says that it makes no difference",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence's strength of wording, with the words it was read from."""

    value: str
    start: int
    end: int


def wording_of(sentence: str) -> Wording | None:
    """Read how strongly a sentence speaks, or None where nothing is asserted, or only in somebody else's name.

    >>> wording_of("Selenium has not been proven to help.").value, wording_of("Selenium may help.").value
    ('no_evidence', 'may')
    """
    low = sentence.lower()
    if low.rstrip(" \n\"'”’)").endswith("?"):
        return None
    for value in _ORDER:
        found = next((m for t in _LEXICON if t.value == value for m in (t.pattern.search(low),) if m), None)
        if found:
            return None if value == "reported" else Wording(value, found.start(), found.end())
    return None


def article_support(document: Document, rows: Sequence[StudyRow], words: Vocabulary | None = None) -> tuple[Support, ...]:
    """Set the strongest wording that an article uses of each exposure beside the best OCEBM level behind it.

    Exposures are those of the article's studies, and those of which it speaks as proven or shown in a sentence with an outcome or condition
    and without a study.

    :param rows: the article's studies, graded.
    :param words: the vocabulary in use; None takes the bundled one.
    """
    text = document.article.text
    if document.article.kind == "abstract":
        return ()
    behind: dict[str, list[StudyRow]] = defaultdict(list)
    for r in rows:
        if r.exposure_term:
            behind[r.exposure_term].append(r)
    said = _wordings(document, rows, words)
    exposures = sorted(set(behind) | {x for x, (s, w, alone) in said.items() if alone and w.value in {"proven", "shown"}})
    return tuple(_support(document.article.id, x, behind.get(x, []), said.get(x), text) for x in exposures)


def _wordings(document: Document, rows: Sequence[StudyRow], words: Vocabulary | None) -> dict[str, tuple[Sentence, Wording, bool]]:
    """For each exposure the sentence that speaks most strongly of it; the flag says that no study is told there."""
    text = document.article.text
    listed = [(c.start, c.end) for c in document.citations if not c.inline]
    told = [(p.start, p.end, r.exposure_term) for r in rows for p in r.study.parts]
    found = find_terms(text, words=words)
    starts = [f.start for f in found]
    out: dict[str, tuple[Sentence, Wording, bool]] = {}
    for s in split_sentences(text):
        here = {x for a, b, x in told if a < s.end and s.start < b}
        named = _spoken_of(found[bisect_left(starts, s.start) : bisect_left(starts, s.end)], bool(here))
        if not (here or named) or any(a < s.end and s.start < b for a, b in listed):
            continue
        wording = wording_of(text[s.start : s.end])
        if wording is None:
            continue
        for name in named if wording.value in {"proven", "shown"} else here | named:
            old = out.get(name or "")
            if name and (old is None or WORDINGS.index(wording.value) > WORDINGS.index(old[1].value)):
                out[name] = (s, wording, not here)
    return out


def _spoken_of(found: Sequence[Found], told: bool) -> set[str | None]:
    """Give the exposures among the terms of a sentence; outside of studies it must name an outcome or condition too."""
    if not told and len({f.term.kind for f in found}) < 2:
        return set()
    return {f.term.name for f in found if f.term.kind == "exposure"}


def _support(article: str, exposure: str, rows: Sequence[StudyRow], said: tuple[Sentence, Wording, bool] | None, text: str) -> Support:
    levels = sorted((int(g.level), r.position, r.key) for r in rows for g in r.grades if g.scale == "ocebm" and g.level is not None)
    best = levels[0][0] if levels else None
    design = next((r.study.design for r in rows if levels and r.key == levels[0][2]), None)
    wording = said[1].value if said else None
    verdict, reason = _verdict(wording, best, rows)
    return Support(
        article_id=article,
        exposure=exposure,
        wording=wording,
        quote=text[said[0].start : said[0].end] if said else None,
        start=said[0].start if said else None,
        end=said[0].end if said else None,
        studies=len(rows),
        best_ocebm_level=str(best) if best else None,
        best_design=design,
        verdict=verdict,
        reason=reason,
    )


def _verdict(wording: str | None, best: int | None, rows: Sequence[StudyRow]) -> tuple[str, str]:
    """Compare wording and level: fits, stronger, weaker, no_study or unknown, with the reason in words."""
    behind = f"{plural(len(rows), 'study', 'studies')}, the best at OCEBM level {best}" if best else plural(len(rows), "study", "studies")
    if wording is None:
        return "unknown", f"The article says nothing by itself of what it does; behind it: {behind}."
    says = f"The article {_IN_WORDS[wording]}"
    if not rows:
        return "no_study", f"{says} and names no study of it."
    if best is None:
        return "unknown", f"{says}; behind it: {behind}, of which the design is not stated."
    if wording in {"no_evidence", "no_effect"}:
        helps = any(r.effect == "benefit" for r in rows if _level(r) == best)
        weaker = best <= 2 and helps
        return ("weaker" if weaker else "fits"), f"{says}; behind it: {behind}{', which found a benefit' if weaker else ''}."
    fits = best <= CARRIES[wording]
    return ("fits" if fits else "stronger"), f"{says}; behind it: {behind}{'' if fits else f', where level {CARRIES[wording]} would carry it'}."


def _level(row: StudyRow) -> int | None:
    return min((int(g.level) for g in row.grades if g.scale == "ocebm" and g.level is not None), default=None)


# --- an article's study beside the work's own abstract --------------------------------------------------------------------------------

_REVIEWS = frozenset({"meta_analysis", "systematic_review"})
_CLEAR = frozenset({"benefit", "harm", "none"})


def compare(row: StudyRow, abstract: Study, text: str | None = None) -> tuple[Difference, ...]:
    """Name the values that an article states otherwise than the linked work's own abstract: size, species, design, direction.

    What either leaves unsaid is no difference; nor is a number that the article only rounds.

    :param abstract: the study that the abstract reports, read by the same extraction.
    :param text: the text that the abstract's spans lie in, for quotes.
    """
    return tuple(_differences(row, abstract, text))


def _differences(row: StudyRow, abstract: Study, text: str | None) -> Iterator[Difference]:
    ours, key = row.study, row.work_key or ""

    def differ(field: str, a: object, b: object, note: str) -> Difference:
        read = provenance(abstract, field)
        quote = text[read.start : read.end] if text and read and 0 <= read.start < read.end <= len(text) else None
        return Difference(row.key, key, field, str(a), str(b), quote, note)

    if ours.sample_size and abstract.sample_size and not _rounded(ours.sample_size, abstract.sample_size):
        parts = ours.sample_size in abstract.arms
        note = "the article's number is one arm of the study" if parts else f"the article says {ours.sample_size:,}, the abstract {abstract.sample_size:,}"
        yield differ("sample_size", ours.sample_size, abstract.sample_size, note)
    if "unknown" not in {ours.species, abstract.species} and ours.species != abstract.species:
        yield differ("species", ours.species, abstract.species, f"the article speaks of {_of(ours.species)}, the abstract of {_of(abstract.species)}")
    if "unspecified" not in {ours.design, abstract.design} and ours.design != abstract.design and not {ours.design, abstract.design} <= _REVIEWS:
        note = f"the article tells of {ours.design.replace('_', ' ')}, the abstract of {abstract.design.replace('_', ' ')}"
        yield differ("design", ours.design, abstract.design, note)
    yield from _directions(row, abstract, text)


def _of(species: str) -> str:
    return {"human": "people", "animal": "animals", "in_vitro": "cells"}[species]


def _rounded(ours: int, theirs: int) -> bool:
    """Whether a number is the other one, rounded to as many digits as it has before its zeros.

    >>> _rounded(29000, 29133), _rounded(18, 21), _rounded(150, 154)
    (True, False, True)
    """
    if ours == theirs:
        return True
    digits = len(str(ours).rstrip("0"))
    return ours >= 100 and round(theirs, digits - 1 - floor(log10(theirs))) == ours


def _directions(row: StudyRow, abstract: Study, text: str | None) -> Iterator[Difference]:
    """Compare the directions of outcomes that both name; without a common outcome there is nothing to compare."""
    theirs: dict[str, set[str]] = defaultdict(set)
    places: dict[str, tuple[int, int]] = {}
    for f in abstract.findings:
        name = _outcome(f.term, f.outcome)
        theirs[name].add(f.effect)
        places.setdefault(name, (f.start, f.end))
    for f in row.study.findings:
        name = _outcome(f.term, f.outcome)
        other = theirs.get(name, set())
        if f.effect in _CLEAR and len(other) == 1 and other <= _CLEAR and f.effect not in other:
            (effect,) = other
            a, b = places[name]
            quote = text[a:b] if text and 0 <= a < b <= len(text) else None
            yield Difference(row.key, row.work_key or "", "effect", f.effect, effect, quote, f"{name}: the article says {f.effect}, the abstract {effect}")


def _outcome(term: str | None, written: str) -> str:
    found = None if term else normalise("outcome", written)
    return term or (found.name if found else " ".join(written.lower().split()))
