"""Which sentences of an article speak of a study, and which of them speak of the same one.

Each sentence is written in shorthand (one letter a word, `ingest.text.shorthand`) and the cues of ``mentions.toml`` are looked for
in it. A learned sum of the cues (``mentions.json``) says whether the sentence brings in a study. What follows is added to that
study until another one, a change of subject or the end of the passage; names ("SOLAR", "the Finnish trial") lead back to it.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

from ingest.errors import LexiconError
from ingest.find.same import Weights, signs, step
from ingest.find.wording import Wording, plain_of
from ingest.records import Mention, Span
from ingest.text.prose import Prose, Sentence
from ingest.text.shorthand import TOKEN, Shorthand

_HERE: Final = Path(__file__).parent
SHORTHAND: Final = Shorthand(_HERE / "cues.toml")


Search = Callable[[str], re.Match[str] | None]
_NEEDS: Final = 3
"""How many sets of letters a cue may ask for."""


def _load_cues(path: Path) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Name, needed letters and pattern of every cue, checked against its example.

    :raises LexiconError: a cue that does not fire on its example.
    """
    with path.open("rb") as f:
        rows = tomllib.load(f)["cue"]
    out = []
    for row in rows:
        pattern = re.compile(row["pattern"])
        codes = SHORTHAND.write(row["example"])
        if not pattern.search(codes) or set(row["needs"]).isdisjoint(codes):
            raise LexiconError(f"{path.name}, cue {row['name']!r}: does not fire on its example, written {codes!r}")
        out.append((row["name"], row["needs"], pattern))
    return tuple(out)


def _letters_needed(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """Sets of letters: every match of a parsed pattern holds one of each."""
    out: list[frozenset[str]] = []
    for op, argument in items:
        if op is ops.LITERAL:
            out.append(frozenset(chr(argument)))
        elif op is ops.IN and all(o is ops.LITERAL for o, _ in argument):
            out.append(frozenset(chr(a) for _, a in argument))
        elif op is ops.SUBPATTERN:
            out += _letters_needed(argument[3])
        elif op is ops.BRANCH:
            parts = [_letters_needed(p) for p in argument[1]]
            if all(parts):
                out.append(frozenset().union(*(min(p, key=len) for p in parts)))
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[0] > 0:
            out += _letters_needed(argument[2])
    return out


class _CueList:
    """The cues, each tried only in sentences that hold the letters it needs."""

    def __init__(self, cues: Sequence[tuple[str, str, re.Pattern[str]]]) -> None:
        self._rows: list[tuple[str, Search | None]] = []
        self._letters: dict[str, int] = {}
        self._absent = self._last = 0
        for n, (name, needs, pattern) in enumerate(cues):
            parsed = list(_parser.parse(pattern.pattern))
            sets = [frozenset(needs), *sorted(_letters_needed(parsed), key=len)][:_NEEDS]
            alone = len(parsed) == 1 and parsed[0][0] in (ops.LITERAL, ops.IN) and sets[1:] == [frozenset(needs)]
            self._rows.append((name, None if alone else pattern.search))
            self._last |= 1 << _NEEDS * n
            for k in range(_NEEDS):
                if k >= len(sets):
                    self._absent |= 1 << _NEEDS * n + k
                for letter in sets[k] if k < len(sets) else ():
                    self._letters[letter] = self._letters.get(letter, 0) | 1 << _NEEDS * n + k

    def fire(self, codes: str) -> set[str]:
        """The names of the cues that a sentence's shorthand holds."""
        met = self._absent
        bits = self._letters
        for letter in set(codes):
            if letter in bits:
                met |= bits[letter]
        out = set()
        tried = met & met >> 1 & met >> 2 & self._last
        while tried:
            lowest = tried & -tried
            name, search = self._rows[lowest.bit_length() // _NEEDS]
            if search is None or search(codes):
                out.add(name)
            tried ^= lowest
        return out


CUES: Final = _load_cues(_HERE / "mentions.toml")
_CUES: Final = _CueList(CUES)
MODEL: Final = Wording.read(_HERE / "mentions.json")
SAME: Final = Weights.read(_HERE / "same.json")
# How much a sentence must weigh. A text with unmistakable studies has more of them than one with none: the first value holds where
# the text gives no sign of studies, the second where it gives plenty (`evidence` below _SCARCE and above _PLENTY).
_STRICT, _LENIENT = 3.5, -0.6
_SCARCE, _PLENTY = 0.8, 2.6
_SURELY: Final = 1.4  # log odds
_HAIR: Final = 0.001
_OF_STUDIES: Final = (0.69, -0.16, 0.68, 0.77, -0.55, 2.06, -1.89, -1.5)  # weights of `signs_of_studies` (bench/train_mentions.py --cv)
_MISSING: Final = [-6.0, -6.0, -6.0]
_MOST: Final = 6.0
_WARY: Final = 0.5  # above it, "studies show" is not enough for several studies

# A sentence is read on when it holds a word that only studies have, or somebody (or cells) and something done or found.
_CORE: Final = frozenset("SQZRMLaGsc#")
_WHO: Final = frozenset("PAqplgu")
_DOES: Final = frozenset("VFvDhkRnN")
# In a spun text "you", "I've" and "it" are mostly what other words were replaced by.
_SPUN: Final = 0.3
_NO_PRONOUNS: Final = str.maketrans("U", "_")
# "she studies nursing", "the study hall", "a case study to hand in"
_NOT_RESEARCH: Final = (("zZ", "z."), ("S~", ".."), ("sS", "s."))
_QUOTES: Final = '"“‘'
_BRACKET: Final = re.compile(r"\[[nNu.]{0,4}\]")
_SIZED: Final = frozenset(("many_people", "few_people", "counted_animals", "aged_person", "people_from_somewhere", "told_of_person", "pooled_studies"))
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
        "starts_with_animals",
        "acronym_people",
        "in_a_study",
        "in_a_third",
        "same_actor",
    )
)
_BARE: Final = 10  # words of a sentence that only leads in to a study
_LEDE: Final = 6  # sentences, headline included, within which a news report sums up its study
_LABEL: Final = 5  # words of a label in front of a sentence
_NEAR: Final = 2  # paragraphs that "the study" may lie behind the one it means
_SUBJECT: Final = 6  # words within which the subject of a sentence is found
_REACH: Final = 12  # sentences that a passage about one study runs on for at most


@dataclass(slots=True)
class Unit:
    """A sentence, or a clause of one that speaks of two studies, with its shorthand and its cues."""

    start: int
    end: int
    paragraph: int
    index: int
    codes: str
    heading: bool = False
    marks: tuple[object, ...] = ()  # the references that it points at
    first: bool = False
    quoted: bool = False
    cues: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()  # those of them that lead back to what was told before
    density: str = ""  # of studies in its article
    weight: complex = 0j  # of cues and wording, in thousandths, context apart: see `Wording`

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return Span(self.start, self.end)

    def has(self, *names: str) -> bool:
        """Whether one of the cues fired."""
        return not self.cues.isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Content:
    """What tells one study's sentences from another's: rare words cut to stems, numbers, words for those who took part, names."""

    stems: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    who: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(slots=True)
class Draft:
    """A study while the text is being read. ``head`` holds the first informative sentence and its lead-in, if any."""

    head: list[Unit]
    parts: list[Unit]
    named: list[Unit]  # the sentences from which its names come
    plural: bool = False
    names: set[str] = field(default_factory=set)
    content: Content = field(default_factory=lambda: Content())
    known: int = 0  # of the parts, how many are in `content`
    reach: list[Unit] = field(default_factory=list)  # sentences behind it that no study took, and that may still be about it


def find_mentions(prose: Prose) -> tuple[Mention, ...]:
    """Every study that a text speaks of, in reading order, each with all its sentences.

    An abstract gives one primary mention that holds all its sentences.
    """
    if prose.is_abstract:
        return _primary(prose)
    return tuple(_mention(prose.text, d) for d in Reader(prose).read())


def units_of(prose: Prose) -> list[Unit]:
    """Read the units of a text once, however many steps ask for them."""
    notes = prose.notes
    if __name__ not in notes:
        notes[__name__] = read_units(prose)
    units: list[Unit] = notes[__name__]
    return units


def read_units(prose: Prose) -> list[Unit]:
    """Every sentence of the running text, in order, with its cues (context apart)."""
    text = prose.text
    sentences = prose.sentences
    markers = sorted(prose.markers, key=lambda m: m.start)
    places = [m.start for m in markers]
    counts = Counter([s.paragraph for s in sentences])
    heads = {h.start for h in prose.article.headings}
    spun = prose.article.spun > _SPUN
    out = []
    sides: list[tuple[str, frozenset[str]]] = []
    previous = -1
    for i, (start, end, paragraph) in enumerate(sentences):
        piece = text[start:end]
        chunks = piece.split()
        codes = _codes(chunks, spun)
        plain = plain_of(codes)
        sides.append((plain, frozenset(plain)))
        unit = Unit(start, end, paragraph, i, codes)
        unit.heading = start in heads or (counts[paragraph] == 1 and _like_heading(piece, i == 0))
        if places:
            unit.marks = tuple([m.numbers or (m.authors[:1], m.year) for m in markers[bisect_left(places, start) : bisect_left(places, end)]])
        unit.first = paragraph != previous
        unit.quoted = piece[0] in _QUOTES
        previous = paragraph
        if not unit.heading:
            _weigh(unit, chunks, plain)
        out.append(unit)
    for (unit, side), (after, next_side) in pairwise(zip(out, sides, strict=True)):
        parted = unit.paragraph != after.paragraph
        if not after.heading:
            after.weight += MODEL.weigh_beside("p", *side, unit.heading, parted)
        if not unit.heading:
            unit.weight += MODEL.weigh_beside("n", *next_side, after.heading, parted)
    density = density_of(out)
    for unit in out:
        unit.density = density
        unit.weight += MODEL.of(signs_of_text(unit))
    return out


def signs_of_studies(units: Sequence[Unit], cites: bool) -> list[float]:
    """What tells whether an article speaks of studies at all: its heaviest sentences, its references, its length; 1 at the end."""
    nothing = MODEL.of(["bias", *_names(frozenset(), *_NOTHING_BEFORE)])
    odds = [score(u, None) if u.definite else (u.weight + nothing) / 1000 for u in units if not u.heading]
    brings = sorted([z.real for z in odds], reverse=True)
    tells = sorted([z.imag for z in odds], reverse=True)
    heaviest = [min(w, _MOST) for w in (*(brings + _MISSING)[:2], *(tells + _MISSING)[:3])]
    return [*heaviest, float(cites), min(len(odds), 3) - 3.0, 1.0]


def evidence(units: Sequence[Unit], cites: bool) -> float:
    """Log odds that an article speaks of a study."""
    return sum([w * x for w, x in zip(_OF_STUDIES, signs_of_studies(units, cites), strict=True)])


def density_of(units: Sequence[Unit]) -> str:
    """How thickly an article is set with studies: sentences that tell a number of people or animals, in steps, and its length."""
    sized = sum([_sized(u) for u in units])
    marked = any(u.marks for u in units)
    return f"{step(sized, (0, 1, 2, 4, 7, 11))}:{'marked' if marked else step(len(units), (12, 25, 40))}"


def signs_of_text(unit: Unit) -> list[str]:
    """The features of the article that a sentence stands in: an article on one study goes back to it, a review goes on to the next."""
    return [f"text:{unit.density}", f"text:{unit.density.split(':')[0]}:{_sized(unit):d}"]


def _codes(chunks: Iterable[str], spun: bool = False) -> str:
    codes = SHORTHAND.write_chunks(chunks)
    for letters, instead in _NOT_RESEARCH:
        if letters in codes:
            codes = codes.replace(letters, instead)
    if spun:
        codes = codes.translate(_NO_PRONOUNS)
    return _BRACKET.sub("", codes) if "[" in codes else codes


def _worth_reading(codes: str) -> bool:
    letters = frozenset(codes)
    if not letters.isdisjoint(_CORE):
        return True
    if not letters.isdisjoint(_WHO):
        return not letters.isdisjoint(_DOES) or ("E" in letters and not letters.isdisjoint("AqgN"))
    return "C" in letters and ("k" in letters or ("N" in letters and not letters.isdisjoint("VFvDbE")))


def _like_heading(piece: str, first: bool) -> bool:
    if first:
        return len(piece) < 160 and piece[-1] != "."
    return len(piece) < 110 and piece[-1] not in '.!;:,)]"”’*'


def _weigh(unit: Unit, chunks: Sequence[str], plain: str) -> None:
    unit.weight = MODEL.weigh(chunks, unit.codes, plain)
    if _worth_reading(unit.codes):
        unit.cues = _cues(unit)
        unit.definite = unit.cues & _DEFINITE
        unit.weight += MODEL.of(unit.cues)


def _cues(unit: Unit) -> frozenset[str]:
    codes = unit.codes
    if 0 < (at := codes.find(":")) <= _LABEL:  # "Wounds: In rats, ..."
        codes = codes[at + 1 :]
    found = _CUES.fire(codes)
    if unit.marks:
        found.add("marked")
    if unit.quoted:
        found.add("quoted")
    if unit.first:
        found.add("paragraph_start")
    if len(codes) < 8:
        found.add("short")
    elif len(codes) > 25:
        found.add("long")
    return frozenset(found)


def context_cues(unit: Unit, last: Unit | None) -> list[str]:
    """Cues that depend on the last sentence that brought in a study."""
    return _names(*_context(unit, last))


_Context = tuple[frozenset[str], str, str, bool, bool, bool, str, bool]
_NOTHING_BEFORE: Final = ("", "", False, False, False, "", False)


def _context(unit: Unit, last: Unit | None) -> _Context:
    """What there is to say of a sentence and the last one that brought in a study."""
    if last is None or unit.paragraph - last.paragraph > 1:
        return (unit.definite, *_NOTHING_BEFORE)
    gap = unit.index - last.index
    mark = ("first" if not last.marks else "same" if set(unit.marks) & set(last.marks) else "other") if unit.marks else ""
    return (
        unit.definite,
        "same" if unit.paragraph == last.paragraph else "next",
        "just" if gap == 1 else "soon" if gap < 4 else "later",
        _sized(last),
        _sized(unit),
        not _NEW.isdisjoint(unit.cues),
        mark,
        "M" in unit.codes and "M" in last.codes,
    )


def _names(definite: frozenset[str], place: str, near: str, sized: bool, again: bool, new: bool, mark: str, animals: bool) -> list[str]:
    """The cues of a context; no ``place`` where nothing was told before."""
    if not place:
        return ["nothing_before", *(f"{c}_first" for c in definite)]
    out = [f"{place}_paragraph_{near}", f"sized_{sized:d}{again:d}_{place}"]
    out += [c + ("_after_sized" if sized else "_after_unsized") for c in definite]
    if place == "same":
        out.append("new_here" if new else "nothing_new_sized" if again else "nothing_new")
    if mark:
        out.append(f"{mark}_mark")
    if animals:
        out.append("animals_again")
    return out


CONTEXTS: Final = (
    "nothing_before",
    *(c + when for c in sorted(_DEFINITE) for when in ("_first", "_after_sized", "_after_unsized")),
    *(f"{place}_paragraph_{near}" for place in ("same", "next") for near in ("just", "soon", "later")),
    *(f"sized_{sized}{again}_{place}" for place in ("same", "next") for sized in (0, 1) for again in (0, 1)),
    *("new_here", "nothing_new_sized", "nothing_new", "first_mark", "same_mark", "other_mark", "animals_again"),
)
"""Every cue of a context."""


def score(unit: Unit, last: Unit | None) -> complex:
    """Log odds that a sentence brings in a study (real part), and that it tells of one, new or told before (imaginary part)."""
    context = _context(unit, last)
    weight = MODEL.noted.get(context)
    if weight is None:
        weight = MODEL.noted[context] = MODEL.of(["bias", *_names(*context)])
    return (unit.weight + weight) / 1000


def _alike(here: Collection[object], there: Collection[object]) -> str:
    """Whether two collections share something: ``same``, ``other``, ``one`` (only one of them has anything) or ``none``."""
    if here and there:
        return "other" if set(here).isdisjoint(there) else "same"
    return "one" if here or there else "none"


def _compared(here: Collection[int], there: Collection[int]) -> str:
    """How a sentence's numbers stand to a study's: ``same`` (one in common), ``more`` (a part is no more than the whole), ``fewer`` or ``none``."""
    if not here or not there:
        return "none"
    return "same" if not set(here).isdisjoint(there) else "more" if max(here) > max(there) else "fewer"


def _kind(*units: Unit) -> str:
    """What kind of study sentences speak of: one patient, animals, cells, a review, a guideline, or nothing of these."""
    if any(u.has("told_of_person", "aged_person") for u in units):
        return "p"
    return next((letter for letter in "MLlQGZ" if any(letter in u.codes for u in units)), "-")


def _sized(unit: Unit) -> bool:
    return not _SIZED.isdisjoint(unit.cues)


class Reader:
    """Reads the units of one text from first to last and hands each to the study it speaks of."""

    def __init__(self, prose: Prose) -> None:
        self.text = prose.text
        self.units = units_of(prose)
        self.spun = prose.article.spun > _SPUN
        self.drafts: list[Draft] = []
        self.current: Draft | None = None
        self.last: Unit | None = None
        told = any(u.heading and _HEADLINE.search(u.codes) for u in self.units[:_HEADLINES])
        self.evidence = evidence(self.units, bool(prose.lists or prose.markers)) + told
        self.threshold = self._threshold()
        self._seen: dict[tuple[int, int], Content] = {}
        self._shared: tuple[tuple[int, ...], int] = ((), 0)  # what `_most_shared` found last, and for what

    @cached_property
    def _frequent(self) -> Counter[str]:
        """In how many sentences of the article each stem stands."""
        return Counter([s for u in self.units for s in {w[:_STEM] for w in _CONTENT.findall(self.text[u.start : u.end].lower())}])

    @property
    def _often(self) -> int:
        """A word in more sentences than this is the article's subject and tells no study from another."""
        return max(_RARE, len(self.units) // _ARTICLE)

    def _threshold(self) -> float:
        """How much a sentence must weigh in this text: less where its sentences, or its references, show that it reports studies."""
        share = (self.evidence - _SCARCE) / (_PLENTY - _SCARCE)
        return _STRICT + (_LENIENT - _STRICT) * min(1.0, max(0.0, share))

    def read(self) -> list[Draft]:
        """Find the studies; in a text that surely speaks of one the heaviest sentence brings it in where none is heavy enough."""
        self._read()
        telling = [] if self.drafts else [u for u in self.units if not u.heading and (self.evidence > _SURELY or score(u, None).imag > _PLAINLY)]
        if telling:
            self.threshold = max(score(u, None).real for u in telling) - _HAIR
            self.current = self.last = None
            self._read()
        return self.drafts

    def _read(self) -> None:
        """Hand out all units; what is too light for any context is not looked at twice."""
        most, bias = MODEL.most(CONTEXTS), MODEL.of(["bias"])
        light = complex((self.threshold - _SHORT) * 1000, _TELLS * 1000) - bias - most
        for unit in self.units:
            odds = score(unit, self.last) if unit.weight.real > light.real or unit.weight.imag > light.imag else _NEVER
            if unit.heading:
                self.current = None
                if _ROW.match(unit.codes) and "|" in self.text[unit.start : unit.end]:
                    self.begin(unit, plural=False)
                    self.current = None
            elif self._weighs(odds) and not _FEW_STUDIES.match(unit.codes):
                if not self._dismissed(unit):
                    self._start(unit, odds.real)
            elif unit.cues and _several(unit, self.spun) and (self.threshold < _WARY or unit.has("several_studies")):
                if _IN_LINE.search(self.text, unit.start, unit.end):
                    self.follow(unit)
                elif not _EVERYDAY.match(self.text, unit.start, unit.end):
                    self.begin(unit, plural=True)
            elif odds.imag > _PLAINLY and unit.has("a_study", "in_a_study") and self.drafts and all(d.plural for d in self.drafts):
                self._start(unit, odds.real)
            elif odds.imag > _TELLS and self.drafts and (told := self._told(unit, _SURE_ENOUGH)) is not None:
                self.tell(told, unit)
            else:
                self.follow(unit)

    def _weighs(self, odds: complex) -> bool:
        """Whether a sentence looks like one that brings in a study, or tells of one and may well bring it in."""
        return odds.real > self.threshold or (odds.imag > _SURELY_TELLS + self.threshold and odds.real > self.threshold - _SHORT)

    def _dismissed(self, unit: Unit) -> bool:
        """Tell whether a sentence that weighs like a study is about a plan, a check-up, everybody, or what an outsider thinks."""
        low = self.text[unit.start : unit.end].lower()
        if (_AHEAD.search(low) and not _DONE.search(low)) or _EVERYDAY.match(self.text, unit.start, unit.end):
            return True
        if "Q" in unit.codes and _CHECK_UP.search(low) and "v" not in unit.codes:
            return True
        if _COME_OUT.search(low) or (_OUTSIDER.search(low) and not (_sized(unit) and unit.has("a_study", "a_review"))):
            return True
        if _ESTIMATED.match(low) or _WHAT_A_BODY_IS.search(low) or (_CALLED_FOR.search(low) and not _DONE.search(low)):
            return True
        return _NOT_OF_A_POPULATION.isdisjoint(unit.codes) and _EVERYBODY.search(low) is not None and not _COMPARED.search(low)

    def _start(self, unit: Unit, odds: float) -> None:
        known = self._told(unit, _SURE + _BRINGS * (odds - self.threshold))
        if known is not None:
            self.tell(known, unit)
        else:
            for clause in self._clauses(unit):
                several = _several(clause) or (not _sized(clause) and _MANY_STUDIES.search(self.text, clause.start, clause.end) is not None)
                self.begin(clause, plural=several and not _ONE_OF_THEM.search(self.text, clause.start, clause.end))
        self.last = unit

    def tell(self, draft: Draft, unit: Unit) -> None:
        """Add a sentence to a study told before."""
        draft.parts.append(unit)
        if draft.head[-1].index + 1 == unit.index and not _sized(draft.head[-1]):
            draft.head.append(unit)
        draft.named.append(unit)

    def _told(self, unit: Unit, sure: float) -> Draft | None:
        """The study that a sentence tells more of, by rules and learned weights together, or None."""
        plainly = self._surely_told(unit)
        if plainly is not None:
            return plainly
        ruled = self.ruled(unit)
        if not self.drafts or not SAME.weights:
            return ruled
        new = ruled is None and not _NEW.isdisjoint(unit.cues) and _sized(unit)
        piece = self.text[unit.start : unit.end]
        elsewhere = ruled is None and (_ELSEWHERE.match(unit.codes) is not None or unit.has("actor_from_somewhere", "study_from_somewhere"))
        after = _AFTERWARDS.match(piece) is not None
        odds = []
        for d in self.candidates(ruled):
            names = _alike(self._content(unit).names, self._contents(d).names)
            single = d.plural and unit.has("a_study", "in_a_study", "one_more")  # after "some studies": "I want to talk about a study ..."
            own = single or (new and names != "same" and self._counts_others(unit, d)) or (elsewhere and names == "other")
            surely = self._is_another(unit, d) or (after and (elsewhere or unit.has("same_actor") or (_sized(unit) and self._counts_others(unit, d))))
            against = _SURELY_ITS_OWN if surely else _ITS_OWN if own else 0.0
            odds.append((SAME.weigh(self.signs(unit, d, ruled)) - against, d.parts[-1].index, d))
        best = max(odds, key=lambda o: o[:2])
        few = unit.density.split(":")[0] in _FEW and not unit.density.endswith("marked")
        if few and _kind(unit) in ("-", _kind(*best[2].head)) and not (new or elsewhere or after or unit.has("body_recommends", "body_advises")):
            sure -= _ONE_STUDY
        return best[2] if best[0] > sure else None

    def _is_another(self, unit: Unit, draft: Draft) -> bool:
        """Whether a sentence surely tells of another study: of people where that was of animals, of other authors, of more people parted by chance."""
        if _kind(*draft.head) in _NOT_PEOPLE and _sized(unit) and "P" in unit.codes and not unit.has("starts_with_animals"):
            return True
        if _THE_OTHER.match(self.text, unit.start, unit.end) and _sized(unit) and self._counts_others(unit, draft):
            return True
        authors = _AUTHORS.match(self.text, unit.start, unit.end)  # "Brenes and colleagues studied 37 ..."
        if authors and self._content(unit).numbers and not any(authors.group(1) in self.text[p.start : p.end] for p in draft.parts):
            return True
        return self._allots_more(unit, draft)

    def candidates(self, ruled: Draft | None) -> list[Draft]:
        """The studies that a sentence may tell more of: the first, the last three, and what the rules say."""
        out = self.drafts[:1] + self.drafts[1:][-_LATE:]
        return out if ruled is None or ruled in out else [*out, ruled]

    def signs(self, unit: Unit, draft: Draft, ruled: Draft | None) -> Iterator[str]:
        """The features of a sentence beside a study told before."""
        here, there = self._content(unit), self._contents(draft)
        n, most = len(here.stems & there.stems), self._most_shared(unit)
        last = draft.parts[-1]
        place = "only" if len(self.drafts) == 1 else "last" if draft is self.drafts[-1] else "first" if draft is self.drafts[0] else "between"
        marks = {m for p in draft.parts for m in p.marks}
        return signs(
            cues=unit.cues,
            start=plain_of(unit.codes),
            ruled="none" if ruled is None else "this" if ruled is draft else "other",
            place=place,
            studies=len(self.drafts),
            sentences=unit.index - last.index - 1,
            paragraphs=unit.paragraph - last.paragraph,
            sized=(_sized(unit), any(_sized(p) for p in draft.parts)),
            numbers=_compared(here.numbers, there.numbers),
            who=_alike(here.who, there.who),
            names=_alike(here.names, there.names),
            words=n,
            most=n >= most,
            kinds=(_kind(unit), _kind(*draft.head)),
            marks=_alike(set(unit.marks), marks),
            plural=draft.plural,
            density=unit.density,
        )

    def _most_shared(self, unit: Unit) -> int:
        """How many rare words a sentence shares with the study that it shares most with, of those told last."""
        key = (unit.start, unit.end, len(self.drafts), sum([len(d.parts) for d in self.drafts[-_COMPARED_WITH:]]))
        if self._shared[0] != key:
            stems = self._content(unit).stems
            self._shared = key, max([len(stems & self._contents(d).stems) for d in self.drafts[-_COMPARED_WITH:]])
        return self._shared[1]

    def _allots_more(self, unit: Unit, draft: Draft) -> bool:
        """Whether a sentence lets chance part more people than a study had that parted its own by chance."""
        chance = unit.has("chance") and _sized(unit) and any(p.has("chance") for p in draft.parts)
        return chance and self._counts_more(unit, draft)

    def _counts_others(self, unit: Unit, draft: Draft) -> bool:
        """Whether a sentence and a study told before both count people, and not the same number of them."""
        return any(_sized(p) for p in draft.parts) and _compared(self._content(unit).numbers, self._contents(draft).numbers) != "same"

    def _counts_more(self, unit: Unit, draft: Draft) -> bool:
        """Whether a sentence counts more than a study told before has people."""
        return _compared(self._content(unit).numbers, self._contents(draft).numbers) == "more"

    def _contents(self, draft: Draft) -> Content:
        for part in draft.parts[draft.known :]:
            more = self._content(part)
            had = draft.content
            draft.content = Content(had.stems | more.stems, had.numbers | more.numbers, had.who | more.who, had.names | more.names)
        draft.known = len(draft.parts)
        return draft.content

    def _content(self, unit: Unit) -> Content:
        known = self._seen.get((unit.start, unit.end))
        if known is None:
            piece = self.text[unit.start : unit.end]
            words = _CONTENT.findall(piece.lower())
            coded = [(w, SHORTHAND.code(w)) for w in words]
            stems = {w[:_STEM] for w, code in coded if code in _CONTENT_CODES}
            numbers = {int(w.replace(",", "")) for w, code in coded if code == "N" and w[0].isdigit()}
            who = {w[:_STEM] for w, code in coded if code in "PpMlL"}
            rare = frozenset(s for s in stems if self._frequent[s] <= self._often)
            names = frozenset(_NAME.findall(piece, 1)) - _COMMON
            known = self._seen[unit.start, unit.end] = Content(rare, frozenset(numbers), frozenset(who), names)
        return known

    def ruled(self, unit: Unit) -> Draft | None:
        """The study that a sentence goes on about although it weighs enough to bring one in, or None."""
        back = self._named_before(unit) if not _sized(unit) else None
        if back is not None:
            return back
        current = self.current
        if self._led_by(unit):
            return self.drafts[-1]
        if self.drafts and _THE_PAPER.match(self.text, unit.start, unit.end) and self.drafts[0].head[0].index <= _LEDE:
            return self.drafts[0]
        if current is not None and self._sums_up(current, unit):
            return current
        if current is None:  # behind a heading: "the trial" is still the only one there was
            return self.drafts[0] if len(self.drafts) == 1 and _refers_back(self.drafts[0], unit) else None
        if _particulars(current, unit) or _after_lede(current, unit):
            return current
        if _sized(unit) and _sized(current.head[-1]) and _SUPERLATIVE.search(self.text, unit.start, unit.end):
            return None
        near = unit.paragraph - current.parts[-1].paragraph <= _NEAR
        return current if near and not self._just_named(unit) and _refers_back(current, unit) else None

    def _led_by(self, unit: Unit) -> bool:
        """Tell whether somebody who led the last study speaks: "Professor Kask, who ran the trial, said ..."."""
        if not self.drafts or self.drafts[-1].plural or self.drafts[-1].parts[-1].index >= unit.index:
            return False
        low = self.text[unit.start : unit.end].lower()
        return _SAYS_SIGN.search(low) is not None and _LEADER.search(low) is not None

    def _sums_up(self, current: Draft, unit: Unit) -> bool:
        """Tell whether a sentence gives the details of the teaser before it, or a result in some of the people named before it."""
        head, near = current.head[0], current.parts[-1]
        if current.plural or unit.has("one_more", "a_review", "several_studies", "a_study") or unit.marks != head.marks or unit.codes[0] == "z":
            return False
        if unit.paragraph == near.paragraph and unit.index - near.index <= _SOON and _SHARE_OF_THOSE.match(unit.codes):
            return True
        if unit.paragraph == near.paragraph and near is head and not _sized(head) and _TOOK_PART.match(self.text, unit.start, unit.end):
            return True
        teaser = near is head and head.index <= _LEDE and not _sized(head) and _sized(unit) and unit.index - head.index <= _SOON
        return teaser and _TEASER.search(self.text[head.start : head.end].lower()) is not None

    def _surely_told(self, unit: Unit) -> Draft | None:
        """The study that a sentence tells more of beyond doubt: its leader speaks, the opening is made precise, a review gives its figures."""
        if self._led_by(unit):
            return self.drafts[-1]
        current = self.current
        low = self.text[unit.start : unit.end].lower()
        single = [d for d in self.drafts if not d.plural]
        counted = [d for d in single if any(map(_sized, d.parts))]
        if len(counted) > 1 and (m := _ORDINAL.match(low)):  # "the second study also ..."
            return counted[0 if m.group(1) in ("first", "former") else 1]
        if current is not None and current.plural and single and not _sized(unit) and _PRESENT_STUDY.match(low):
            return single[-1]
        if current is None and len(single) == 1 and self._is_told_again(single[0], unit):
            return single[0]
        if current is None or current.plural:
            return None
        surely = _RESULTS_OF.match(low) is not None or (_kind(*current.head) == "M" and _THE_ANIMALS.match(low) is not None)
        surely = surely or self._is_told_again(current, unit)
        surely = surely or self._is_its_kind(current, unit) or self._pools(current, unit) or self._tells_outcome(current, unit)
        return current if surely else None

    def _is_told_again(self, current: Draft, unit: Unit) -> bool:
        """Tell whether the trial "from Japan" of the opening is told again in full: what the opening summed up, with a name of its own."""
        head = current.head[0]
        teaser = head.index <= _LEDE and not _sized(head) and unit.index - head.index <= _REACH and not unit.has("one_more", "once_more_study")
        if not teaser or _TEASER.search(self.text[head.start : head.end].lower()) is None:
            return False
        return not self._content(unit).names.isdisjoint(self._contents(current).names)

    def _tells_outcome(self, current: Draft, unit: Unit) -> bool:
        """Tell whether a sentence says how it went: "after eight weeks", "the study's primary endpoint"."""
        if unit.has("a_study", "in_a_study", "one_more", "a_review") or unit.paragraph - current.parts[-1].paragraph > 1:
            return False
        if _ENDPOINT.search(self.text, unit.start, unit.end):
            return True
        return _IN_TIME.match(self.text, unit.start, unit.end) is not None and not self._counts_more(unit, current)

    def _is_its_kind(self, current: Draft, unit: Unit) -> bool:
        """Tell whether "one of the largest studies of its kind" is the one whose result the opening told."""
        head = current.head[0]
        near = unit.index - current.parts[-1].index == 1
        return near and head.index <= _LEDE and not _sized(head) and _OF_ITS_KIND.match(self.text, unit.start, unit.end) is not None

    def _pools(self, current: Draft, unit: Unit) -> bool:
        """Tell whether "across three trials with 151 people" gives what the review before it found."""
        head = current.head[-1]
        near = unit.index - current.parts[-1].index == 1
        return near and "Q" in head.codes and not head.marks and _ACROSS.match(self.text, unit.start, unit.end) is not None

    def _just_named(self, unit: Unit) -> bool:
        """Tell whether "that trial" is one which the sentence before has named in passing ("after a report that ...")."""
        before = self.units[unit.index - 1] if unit.index else None
        if before is None or before.paragraph != unit.paragraph or before.heading or not _THE_STUDY.match(unit.codes):
            return False
        return _A_REPORT.search(before.codes) is not None and (self.current is None or before not in self.current.parts)

    def begin(self, unit: Unit, plural: bool) -> None:
        """Begin a study with a sentence."""
        head = [unit]
        before = self._introduced_by(unit) if not plural else None
        if before is not None:
            head = [before, unit]
            if self.current is not None and before in self.current.parts[1:]:
                self.current.parts.remove(before)
        self.current = Draft(head, list(head), [unit], plural)
        self.drafts.append(self.current)
        self.last = unit

    def _introduced_by(self, unit: Unit) -> Unit | None:
        """The sentence before, where it only leads in to a study ("A better trial followed. It ...")."""
        before = self.units[unit.index - 1] if unit.index else None
        if before is None or before.paragraph != unit.paragraph or before.heading or _sized(before) or unit.start != self.units[unit.index].start:
            return None
        if unit.has("pronoun_start") or self._just_named(unit):
            return before if not set("SQZr").isdisjoint(before.codes) or "ip" in before.codes else None
        bare = len(before.codes) <= _BARE and before.has("a_study", "a_review") and not unit.has("a_study", "a_review", "one_more")
        return before if bare and set("%v").isdisjoint(before.codes) else None

    def follow(self, unit: Unit) -> None:
        """Add a sentence that brings in nothing to the study it goes on about, if any."""
        back = self._named_before(unit)
        if back is not None:
            back.parts.append(unit)
        elif self._led_by(unit):
            self.drafts[-1].parts.append(unit)
        elif self.current is not None and _goes_on(self.current, unit):
            self.current.parts.append(unit)
            if "A" in unit.codes:  # "study author Colm Reyes said"
                self.current.named.append(unit)
            if len(self.current.head) == 1 and not _sized(self.current.head[0]) and self.current.head[0].index + 1 == unit.index and _sized(unit):
                self.current.head.append(unit)
        elif self.drafts and (self.current is not None or len(self.drafts) == 1) and unit.index - self.drafts[-1].head[-1].index <= _REACH:
            self.drafts[-1].reach.append(unit)

    def _clauses(self, unit: Unit) -> list[Unit]:
        """The clauses of a sentence that speaks of two studies ("..., and a second trial ..."), else the sentence."""
        if "X" not in unit.codes and ";" not in unit.codes and unit.codes.count("S") < 2:
            return [unit]
        for m in _SECOND.finditer(self.text, unit.start, unit.end):
            pair = [self._part(unit, unit.start, m.start()), self._part(unit, m.start(m.lastgroup or 0), unit.end)]
            if all(score(p, None).real > 0 for p in pair):
                return pair
        return [unit]

    def _part(self, unit: Unit, start: int, end: int) -> Unit:
        chunks = self.text[start:end].split()
        out = Unit(start, end, unit.paragraph, unit.index, _codes(chunks, self.spun), marks=unit.marks)
        _weigh(out, chunks, plain_of(out.codes))
        return out

    def _names_of(self, draft: Draft) -> set[str]:
        """What a study may be called later: its acronym, or the demonyms, places and surnames of its sentences."""
        while draft.named:
            draft.names |= self._names(draft.named.pop())
        return draft.names

    def _names(self, unit: Unit) -> set[str]:
        acronym = unit.has("acronym_study", "acronym_people", "acronym_acts")
        words = self._words(unit)
        return {
            w
            for n, (w, code) in enumerate(zip(words, unit.codes, strict=False))
            if (code == "u" and acronym) or (n and code in "Cg" and w[0].isupper() and w not in _COMMON)
        }

    def _words(self, unit: Unit) -> list[str]:
        """The words of a unit, one for each of its letters; none where the two do not run side by side."""
        words = TOKEN.findall(self.text, unit.start, unit.end)
        return [_POSSESSIVE.sub("", w) for w in words] if len(words) == len(unit.codes) else []

    def _named_before(self, unit: Unit) -> Draft | None:
        """The one study of an earlier passage that a sentence calls by its name, if it brings in nothing new."""
        if not self.drafts or _NAMING.isdisjoint(unit.codes) or unit.has("a_study", "a_review", "once_more_study", "one_more"):
            return None
        spans = [m.span() for m in _CALLED.finditer(unit.codes)]
        if not spans:
            return None
        words = self._words(unit)
        called = {w for a, b in spans for w in words[a:b]}
        hits = [d for d in self.drafts if not d.plural and self._names_of(d) & called]
        if len(hits) != 1 or (hits[0] is self.current and hits[0].parts[-1].index + 1 == unit.index):
            return None
        return hits[0]


# Log odds: that a sentence which looks like bringing in a study tells of an old one (more is asked the more it looks so, _BRINGS); that any
# other sentence tells of a study, and of which; that a sentence tells of a study when it falls short of bringing one in by _SHORT.
_SURE, _BRINGS = 0.0, 0.1
_TELLS, _SURE_ENOUGH = -0.3, 0.3
_PLAINLY: Final = 3.0  # so surely a sentence tells of a study that some study is there ("This study looked at ...", and nothing brought it in)
_SURELY_TELLS, _SHORT = 2.0, 1.0
# "Four years later a Danish team", "The group then followed 13 patients": what comes after a study is another one, if it counts or places its own.
_NOT_PEOPLE: Final = frozenset("Ml")  # kinds: animals, cells; people who are counted behind them are of another study
_AFTERWARDS: Final = re.compile(
    r"(?:[\w,-]+ ){0,3}?(?:years? later|months? later|then|next|later|since then|afterwards|went on to|followed up with)\b", re.IGNORECASE
)
_ELSEWHERE: Final = re.compile(r"_[it]?C")  # "At a Lisbon clinic", "In Ghent"
_FEW: Final = frozenset("0124")  # sentences that count people: where there are so few, an article mostly tells of one study
_ONE_STUDY: Final = 1.0  # log odds
_SURELY_ITS_OWN: Final = 3.0
_ITS_OWN: Final = 1.5  # what "Irish doctors split 52 patients" has on its side against the study of 120 told before
_LATE: Final = 3  # studies told last that a sentence may go back to without naming them
_COMPARED_WITH: Final = 60  # studies told last whose words are compared: no article tells of more, a collection does
_STEM: Final = 6  # letters
_RARE, _ARTICLE = 3, 5  # a word is rare in three sentences, or in a fifth of them
_CONTENT: Final = re.compile(r"\d[\d,]*|[^\W\d_]{4,}")
_NAME: Final = re.compile(r"\b[A-Z][^\W\d_]{2,}")
_CONTENT_CODES: Final = frozenset(".CDPpMlLhgE")
_NEVER: Final = complex(-99, -99)
_TELLING: Final = 6  # words without which a sentence tells nothing of several studies
_EVERYDAY: Final = re.compile(  # "Studies show that the average adult ...", which nobody studied for this article
    r"(?:[A-Z]\w+,? )?[Ss]tudies (?:have )?(?:show|shown|suggest|suggested|say|find|found|reveal|indicate)"
    r"(?: that)? (?:the average \w+|most of us|many of us|we|you|[\w ]{1,40}\b(?:you|us|we)\b)"
)
_SUPERLATIVE: Final = re.compile(r"\b[Tt]he (?:\w{3,}est|best|first|only) (?:[\w-]+ ){0,3}?(?:trial|study|experiment|survey|review)\b")
_ONE_OF_THEM: Final = re.compile(r"\b[Oo]ne of (?:the|its|these|those|two|three|several) (?:[\w-]+ ){0,4}?(?:studies|trials|experiments|surveys|reviews)\b")
_OF_ITS_KIND: Final = re.compile(
    r"(?:It (?:is|was) )?[Oo]ne of the (?:largest|biggest|longest|first|few|most \w+)"
    r" (?:[\w-]+ ){0,3}?(?:studies|trials|experiments) (?:of its kind|to|yet|ever)\b"
)
_ACROSS: Final = re.compile(
    r"(?:Across|In|Over|Among|Taken together) (?:all |the |these |those )?[\w-]+ (?:[\w-]+ ){0,3}?(?:studies|trials|RCTs|comparisons)\b"
)
_IN_TIME: Final = re.compile(r"(?:After|At|By|Within|Over) (?:the |those |these )?[\w-]+ (?:day|week|month|year)s?\b(?!,? (?:of|ago|old|later)\b)")
_ENDPOINT: Final = re.compile(r"\b(?:the|its) (?:study|trial)['’]s (?:primary|main|secondary|key) (?:end ?point|outcome|goal|measure)")
_IN_LINE: Final = re.compile(  # "The safety profile was consistent with previous trials": told of the study at hand
    r"\b(?:consistent|in line) with (?:\w+ ){0,4}?(?:previous|earlier|prior|past|other)\b"
)
_THE_OTHER: Final = re.compile(r"The other (?:study|trial|experiment|survey|team|group of researchers)\b")
_AUTHORS: Final = re.compile(r"([A-Z][\w'’-]+) (?:(?:and|&) (?:colleagues|co-?workers|others|[A-Z][\w'’-]+)|et al\.?)")
_ORDINAL: Final = re.compile(r"(?:findings (?:from|of) )?the (first|second|former|latter) (?:study|trial|experiment)\b(?! (?:to|of|in|on) )")
_PRESENT_STUDY: Final = re.compile(
    r"(?:however|but|still|yet|while|and)?,? ?(?:this|the (?:new|current|present|latest)) (?:study|trial|research|analysis|work)\b"
)
_RESULTS_OF: Final = re.compile(r"the (?:results|findings|authors|participants|subjects) (?:of|in) (?:the|this) (?:study|trial|research)\b")
_THE_ANIMALS: Final = re.compile(r"(?:the|these|those|both|all) (?:[\w-]+ ){0,2}?(?:mice|rats|animals|rodents|hamsters|dogs|pigs|monkeys|worms|flies)\b")
_MANY_STUDIES: Final = re.compile(
    r"\b(?:several|some|many|most|a few|numerous|various|these|those|previous|earlier|past) (?:[\w-]+ ){0,3}?(?:studies|trials|experiments)\b", re.IGNORECASE
)
_SOON: Final = 3  # sentences
_ROW: Final = re.compile(r"C{1,3}[_c]{0,2}C?[,(]?Y[^?!]{0,3}[NnP][^?!]{0,5}[ZPN]")  # "Lindqvist 2019 | 31 trials, 2,040 people | …"
_AHEAD: Final = re.compile(
    r"\b(?:due|set|scheduled|planned|expected|slated|about) \w{1,5} (?:begin|start|launch|open|run|enrol|recruit|report|finish|follow|test|be)\b"
    r"|\b(?:plan|plans|planning|hope|hopes|hoping|intend|intends|aim|aims|want|wants) \w{1,5} (?:enrol|enroll|recruit|launch|start"
    r"|begin|run|test|repeat|study)\b"
    r"|\b(?:is|are) (?:now |currently |still |already |actively )?(?:recruiting|enrolling|planned|planning|being planned|under ?way|ongoing|in the pipeline)\b"
    r"|\bwill (?:now |soon |also |then )?(?:begin|start|enrol|enroll|recruit|test|follow|run|launch|report|compare|involve"
    r"|take part|be (?:given|asked|followed|\w+ed))\b"
    r"|\bresults? (?:are|is) (?:expected|due)\b|\bkicks? off\b|\bgets? under ?way\b|\b(?:begins|starts|opens|launches) (?:in|this|next)\b"
)
_DONE: Final = re.compile(
    r"\b(?:found|showed|shown|suggested|reported|concluded|fell|rose|improved|reduced|lowered|increased|was no|were no"
    r"|had (?:fewer|less|more))\b"
)
_CHECK_UP: Final = re.compile(
    r"\breviews?(?: \w{1,5}){1,3} (?:\w+ )?(?:nurse|pharmacist|gp|dietitian|midwife)\b|\b(?:annual|yearly|regular|routine|medication|medicines|customer|product"
    r"|reader|book|film|album|restaurant|star|online|user) reviews?\b|\breviews? of (?:my|our|your)\b|\breviews? with (?:an?|the"
    r"|your) (?:\w+ ){0,2}(?:professional|specialist|doctor|team)\b"
    r"|\b(?:should|must|can|may) (?:have|get|be offered|attend|expect|receive) (?:an? )?(?:[\w-]+ ){0,3}reviews?\b|\breviews? (?:once|every|each)\b"
)
_OUTSIDER: Final = re.compile(
    r"\bspokes(?:man|woman|person|people)\b|(?:\bnot|n['’]t|\bnever) (?:been )?(?:involved|part|taken part) (?:in|of|with) (?:the "
    r"|this |that )?(?:new )?(?:study|research|work|trial|project)"
)
# "WGO, formed in 1935, is a federation of 110 societies": boilerplate.
_WHAT_A_BODY_IS: Final = re.compile(
    r"\b(?:is|are|was) (?:an?|the|one of the) (?:[\w’'-]+,? ){0,5}?(?:panel|federation|organi[sz]ation|charity|association|society"
    r"|agency|non-?profit|compan(?:y|ies)|journal|network|foundation|institute|university|hospital|publisher|manufacturer|task force)\b"
    r"(?! (?:study|trial|survey|review|analysis))"
)
_CALLED_FOR: Final = re.compile(  # "cautioned that further study is needed"
    r"\b(?:further|more|additional|larger|future) (?:[\w-]+ ){0,2}?(?:study|studies|research|trials?|work)\b"
    r"[^.;]{0,30}\b(?:needed|required|necessary|warranted|planned)\b"
)
_NOT_OF_A_POPULATION: Final = frozenset("SQZARVFKJr#GMLqcvba")
_EVERYBODY: Final = re.compile(
    r"\b(?:million|billion|thousand|hundred|\d[\d,.]{0,11})\b[^.;:]{0,40}?\b(?:receive|take|have|live|suffer|die|get|develop|need"
    r"|use|visit|lose|catch|smoke|drink|sleep|are)\b"
)
_COMPARED: Final = re.compile(r"\b(?:likely|than (?:those|people|men|women|in|others|non)|had|were|was|did|took|got|fell|rose|gave|ate|drank|went|came)\b")
_COME_OUT: Final = re.compile(  # "Since then, better studies have come out.": leads in to what follows
    r"\b(?:studies|trials) (?:have|had|were) (?:since |now |then |also )?(?:come out|followed|appeared|(?:been )?(?:done|published|carried out))\b[^,;:]{0,30}$"
)
_ESTIMATED: Final = re.compile(
    r"(?:(?:in|across|throughout) [\w ]{2,24},? )?(?:an? )?(?:estimated|about|around|roughly|some|nearly|almost|more than|over"
    r"|up to) [\d.,]{1,9} ?(?:million|billion|%|per ?cent)"
    r" (?:of )?(?:[\w-]+ ){1,7}?(?:have|has|live|suffer|are|get|die|take|use)\b"
)
_LEADS: Final = (
    r"\b(?:lead|study|senior|first|co-?|corresponding|principal|chief)(?:[ -]co)?[ -]?"
    r"(?:author|researcher|investigator|leader|scientist)\b"
)
_SAYS: Final = (
    r"(?:said|says|told|tells|added|adds|explained|explains|called|warned|warns|cautioned|cautions|stressed|stresses|commented|comments|noted|notes"
    r"|wrote|writes|highlighted|highlights)\b"
)
_SAYS_SIGN: Final = re.compile(
    r"sa(?:id|ys)|t(?:old|ells)|add(?:ed|s)|expl|call|warn|caution|stress|comment|note|wr[io]te|highl"
)  # found faster than what it is a sign of
_LEADER: Final = re.compile(
    r"\b(?:led|ran|headed|directed|oversaw|co-?authored|supervised|designed) \w{1,5} (?:\w+ )?(?:project|study|trial|work|research"
    r"|team|experiment|survey|analysis|review)\b"
    rf"[^.]{{0,30}}\b{_SAYS}|{_LEADS}[^\n]{{0,90}}?\b{_SAYS}|\b{_SAYS} (?:the )?(?:study.s )?{_LEADS}"
)
_THE_PAPER: Final = re.compile(
    r"(?:The|This) (?:full )?(?:paper|study|article|research|report|work|findings|results)\b[^.]{0,160}\b(?:published|appears?"
    r"|appeared)\b"
)
_TOOK_PART: Final = re.compile(  # "Twenty interns took part, each ..."
    r"(?:(?:In all|All told|Altogether|Some|About|Only|Just|A total of),? )?[\w,-]{1,14} (?:[\w-]+ ){0,4}"
    r"(?:took part|were (?:enrolled|recruited|involved|included)|signed up|joined in)\b"
)
_SHARE_OF_THOSE: Final = re.compile(r"[^;:?!iSQAZCY]{0,6}(?:%|[NnY]D|[Nn])_t[.uX]?P")
_TEASER: Final = re.compile(
    r",? (?:an?|one|new|\w+) (?:[\w’'-]+ ){0,5}?(?:study|trial|research|data|scientists|researchers|doctors|team|survey|report"
    r"|analysis|figures|findings)\b(?: \w+){0,5}?"
    r" (?:found|concluded|concludes|suggest|suggests|suggested|report|reports|reported|say|says|said|show|shows|showed|find|finds"
    r"|announced|believe)(?: \w+day| today)?\.?$"
    r"|\baccording to (?:an?|new|the|one) [^.]{0,80}\.?$"
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_SECOND: Final = re.compile(
    r"(?:;|,)\s+(?P<clause>(?:[\w'’]+\s+){0,2}(?:another|second|third|separate|later|larger|smaller|similar)\s+(?:[\w-]+\s+){0,3}"
    r"(?:trial|study|group|team|experiment|survey|review|panel|one)\b)"
    r"|,\s+(?:and|while|whereas|but)\s+(?P<named>the\s+(?:[A-Z][\w'’-]+\s+){1,4}(?:trial|study|cohort|survey)\b)"
)
# "SOLAR", "the Finnish smokers", "the Boston researchers", "Clark's volunteers": a name in front of a noun of research or people.
_CALLED: Final = re.compile(r"t[X.]?[Cg][^;:?!]?[SAPQrZkG]|^.?CP|C[SAP]|tg|C[^,;:?!]{0,2}tc|u")
_HEADLINE: Final = re.compile(r"[SQAO][^;:?!]{0,3}[vr]|^[^U?]*S\.$")  # "study finds", "researchers report"
_HEADLINES: Final = 3
_NAMING: Final = frozenset("uCg")
_THE_STUDY: Final = re.compile(r"[^;:?!t]{0,2}t[^,;:?!iXSQZCuy=YJNn]{0,2}[SQ]")
# "Two trials made its name." leads in to studies and is none itself.
_FEW_STUDIES: Final = re.compile(r"(?:[._]?[nN][^,;:?!]{0,2}Z)(?!.*[PMF%])")
_THE_TRIALS: Final = re.compile(r"[^;:?!t]{0,2}t[Nn]E?Z")  # "The 35 trials had 1,356 participants"
# "About 64 percent of American adults", "The disease affects 2 million people"
_POPULATION: Final = re.compile(r"[._]?m[Nnx%D]{1,3}_?[CP]|[^bq]{1,8}j[^bq]*$")
_A_REPORT: Final = re.compile(r"i[^,;:?!]{0,3}[rSQ]")
_THE_ACTOR: Final = re.compile(r"t[.d]?[ASQ]")
_COMMON: Final = frozenset("The In A An And But One Two Then When For US UK".split())


def _several(unit: Unit, spun: bool = False) -> bool:
    """Tell whether a sentence speaks of several unnamed studies ("earlier studies disagree")."""
    if "Z" not in unit.codes or _sized(unit) or unit.has("study", "review", "pooled_studies", "no_studies", "study_not_yet", "question"):
        return False
    if len(unit.codes) < _TELLING and set("vD").isdisjoint(unit.codes):  # "Reviews drew the sum."
        return False
    at = unit.codes.index("Z")
    if unit.codes[at - 1 : at] == "t":  # "all of the trials above"
        return False
    return (spun or unit.has("several_studies", "studies_act")) and ("v" in unit.codes[at:] or (at < _SUBJECT and not set("DVbE").isdisjoint(unit.codes)))


def _particulars(current: Draft, unit: Unit) -> bool:
    """Tell whether a sentence gives the particulars that its lead-in ("A better trial followed.") left out."""
    head = current.head[-1]
    if unit.index != current.parts[-1].index + 1 or unit.paragraph != head.paragraph or current.plural:
        return False
    if _sized(head) or head.marks or not set("%MLlGk").isdisjoint(head.codes) or unit.has("one_more", "a_review", "several_studies"):
        return False
    if set("SQ").isdisjoint(head.codes):
        return len(head.codes) <= _BARE and not set("Aqc").isdisjoint(head.codes) and not head.has("found_result")
    if unit.has("a_study"):
        return False
    if len(head.codes) <= 2 * _BARE and head.has("a_study") and unit.has("the_named_study") and _sized(unit):
        return "D" not in head.codes  # "A large trial shows why it matters. The MARLIN trial gave 900 ..."
    return len(head.codes) <= _BARE or _NEW.isdisjoint(unit.cues)


def _refers_back(current: Draft, unit: Unit) -> bool:
    """Tell whether "the study" or "the researchers" of a sentence are those of the current study."""
    if current.plural:
        return False
    if _THE_STUDY.match(unit.codes) or _THE_TRIALS.match(unit.codes):
        return True
    if unit.has("one_more", "a_review", "a_study", "same_actor", "in_a_study", "once_more_study"):
        return False
    if unit.has("the_actor") and unit.index == current.head[-1].index + 1:
        return True
    head = current.head[-1]
    if unit.paragraph != head.paragraph and unit.marks and head.marks and set(unit.marks).isdisjoint(head.marks):
        return False
    return _THE_ACTOR.search(unit.codes) is not None and not (_sized(unit) and _sized(head))


def _after_lede(current: Draft, unit: Unit) -> bool:
    """Tell whether "the study" of a new paragraph is the one that the opening of a news report summed up."""
    head = current.head[0]
    told = any(_sized(h) and h.has("act", "chance", "review_act", "past_form") for h in current.head)
    another = unit.has("the_named_study") and _sized(unit) and head.has("review", "the_named_study")
    if head.index > _LEDE or current.plural or told or another:
        return False
    if not 0 < unit.paragraph - current.parts[-1].paragraph <= _NEAR or unit.has("one_more", "a_review"):
        return False
    if unit.has("starts_with_animals"):
        return "M" in head.codes
    return unit.codes[0] == "A" or unit.has("the_study", "the_named_study", "the_actor")


def _goes_on(current: Draft, unit: Unit) -> bool:
    near = current.parts[-1]
    if current.plural or len(current.parts) >= _REACH or ("H" in unit.codes and "P" in unit.codes) or unit.codes.endswith(":"):
        return False
    back = unit.has("the_study", "the_actor", "these_people", "pronoun_start")
    aside = unit.has("research_shows", "question") or "U" in unit.codes[:2] or _POPULATION.match(unit.codes) is not None
    gap = unit.paragraph - near.paragraph
    if gap == 0:
        return back or (not aside and unit.index - near.index <= 3)
    if gap > 1:
        return False
    if unit.has("the_study", "the_actor", "pronoun_start"):
        return True
    if not set("Zu").isdisjoint(unit.codes) or not set("oA").isdisjoint(unit.codes[:2]):
        return False
    result = not set("D%b").isdisjoint(unit.codes) and not set("PNr").isdisjoint(unit.codes)
    return result and not aside and not unit.quoted and set("UO").isdisjoint(unit.codes)


def _mention(text: str, draft: Draft) -> Mention:
    parts = tuple(u.span for u in sorted(draft.parts, key=lambda u: u.start))
    head = draft.head[-1]
    label = None
    if head.has("acronym_study", "acronym_people", "acronym_acts"):
        label = next((w for w in TOKEN.findall(text, head.start, head.end) if SHORTHAND.code(w) == "u"), None)
    reach = tuple(u.span for u in draft.reach)
    return Mention(draft.head[0].start, head.end, parts, "cues of a study", label, draft.plural, reach=reach)


def _primary(prose: Prose) -> tuple[Mention, ...]:
    sentences: Sequence[Sentence] = prose.sentences
    if not sentences:
        return ()
    return (Mention(sentences[0].start, sentences[0].end, tuple(s.span for s in sentences), "abstract", primary=True),)
