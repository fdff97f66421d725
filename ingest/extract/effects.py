"""What a stretch of a sentence tells of a result, weighed by its wording: finds and mends what the rules of `lay` miss.

A sentence is cut into stretches that say one thing; a linear model learned from labelled articles (``effects.json``,
``bench/train_effects.py``) weighs each: no result, benefit, harm, none or unclear. Its features are words, the broad classes
of ``effects.toml``, and what the rules read there.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.errors import LexiconError
from ingest.extract.pairs import IDLE, compared
from ingest.extract.valence import Place, find_cues, find_outcomes, read_words, real_cues
from ingest.records import Finding, Mention
from ingest.text.memo import Memo
from ingest.text.prose import Prose

HERE = Path(__file__).parent
CLASSES = ("nothing", "benefit", "harm", "none", "unclear")

_HARD = frozenset(";:()—–[]!?")
_CONTRAST = frozenset(("but", "while", "whereas", "although", "though", "however", "yet"))
_SOFT = frozenset((",", "and", "nor"))
_VERBS = frozenset(
    """was were is are had has have did does do got became fell rose grew came went kept held lost won ate drank slept ran led left made felt saw
    said told found took gave stood sat lay lived died beat cut hit hurt let put set shut spent spoke swam thought threw wore wrote broke brought bought
    built caught chose drew drove fed fought forgot knew laid meant met paid read rang rid rode said sank sang sent shook shot shrank slid sold sought
    struck stuck swung taught tore understood woke withdrew didn't wasn't weren't hadn't couldn't no neither nothing nobody none could would might
    scored stayed began bore blew bent bled crept dealt dug flew froze gained""".split()
)
_NOT_VERBS = frozenset("need seed breed bleed speed feed weed red bed hundred indeed exceed blood-red embed shed".split())
SHORTEST = 2


class Classes:
    """The broad classes of English words in ``effects.toml``: word -> letters."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as f:
            rows = tomllib.load(f)["class"]
        self._words: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._ends: list[tuple[str, str]] = []
        self.pairs: dict[tuple[str, str], str] = {}
        self.codes = "".join(row["code"] for row in rows)
        for row in rows:
            for word in row["words"].split():
                self._add(word, row["code"])
        self.of = lru_cache(maxsize=50_000)(self._of)
        for row in rows:
            if row["code"] not in self.of(row["example"]):
                raise LexiconError(f"{path.name}, class {row['code']}: its example {row['example']!r} is not in it")

    def _add(self, word: str, code: str) -> None:
        if "_" in word:
            first, second = word.split("_")[:2]
            self.pairs[first, second] = self.pairs.get((first, second), "") + code
        elif word.startswith("*"):
            self._ends.append((word[1:], code))
        elif word.endswith("*"):
            self._stems[word[:-1]] = self._stems.get(word[:-1], "") + code
        else:
            self._words[word] = self._words.get(word, "") + code

    def _of(self, word: str) -> str:
        out = self._words.get(word, "")
        for n in range(3, len(word) + 1):
            out += self._stems.get(word[:n], "")
        if not out and len(word) > 5:
            out = "".join(code for end, code in self._ends if word.endswith(end))
        if not out and "-" in word:
            return self._of(word.rpartition("-")[2])
        return "".join(sorted(set(out)))


WORDS = Classes(HERE / "effects.toml")


def _is_verb(word: str) -> bool:
    return word in _VERBS or (word.endswith("ed") and len(word) > 4 and word not in _NOT_VERBS)


def cut(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut a sentence into stretches that say one thing: at strong marks and contrasts, at commas and "and" where both sides have a verb."""
    begin = 0
    for end in range(len(words) + 1):
        if end == len(words) or words[end] in _HARD or (words[end] in _CONTRAST and end > begin):
            if end > begin:
                yield from _soft(words, begin, end)
            begin = end + (end < len(words) and words[end] in _HARD)


def _soft(words: Sequence[str], a: int, b: int) -> Iterator[tuple[int, int]]:
    seams = [k for k in range(a + 1, b) if words[k] in _SOFT and words[k - 1] not in _SOFT]
    begin = a
    for n, k in enumerate(seams):
        stop = seams[n + 1] if n + 1 < len(seams) else b
        if k - begin >= SHORTEST and any(map(_is_verb, words[begin:k])) and any(map(_is_verb, words[k:stop])):
            yield begin, k
            begin = k
    yield begin, b


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Cut the ending of a word roughly."""
    for end in ("ings", "ing", "edly", "ed", "ies", "ers", "er", "ly", "es", "s", "e", "y"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)]
    return word


_ORDER = frozenset(("but", "while", "whereas", "although", "though", "yet", "and", "nor", ",", "however"))
_NEG = frozenset("no not nor neither never none nothing nobody without cannot hardly scarcely barely little".split())
_SIGN = {"I": -1, "B": 1}
_TURN = {"U-": -1, "D-": 1, "U+": 1, "D+": -1, "T+": 1, "Z+": -1, "T-": 1, "Z-": -1}
_NEAR = 6
_DIRECTIONS = frozenset("UDTZ")
_CORE = "IBUDGWSRTZ"


_NEGATED: Memo[str, bool] = Memo(lambda word: word in _NEG or word.endswith("n't"))


def letters(words: Sequence[str]) -> list[str]:
    """The classes of each word; a pair of words that is listed gives its classes to the first of them."""
    out = [WORDS.of(w) for w in words]
    for k in range(len(words) - 1):
        pair = WORDS.pairs.get((words[k], words[k + 1]))
        if pair:
            out[k], out[k + 1] = pair, ""
    return out


def votes(codes: Sequence[str]) -> tuple[str, ...]:
    """What directions make of the goods and ills nearest to them: ``U-``, an ill that rose."""
    signed = [(k, "-" if "I" in cs else "+") for k, cs in enumerate(codes) if cs and ("I" in cs) != ("B" in cs)]
    if not signed:
        return ()
    out = set()
    for k, cs in enumerate(codes):
        for d in _DIRECTIONS.intersection(cs) if cs else ():
            near = [(abs(k - p), p, v) for p, v in signed if p != k]
            if not near and d in "UD":
                near = [(0, p, v) for p, v in signed]
            if near and min(near)[0] <= _NEAR:
                out.add(d + min(near)[2])
    return tuple(sorted(out))


@lru_cache(maxsize=50_000)
def word_features(word: str) -> tuple[str, ...]:
    """The features of one word: itself and its stem."""
    if word[0].isdigit():
        return ("w:0%" if word.endswith("%") else "w:0",)
    return ("w:" + word, "s:" + stem(word)) if word[0].isalpha() else ("w:" + word,)


# What a stretch shows beside its words comes in groups, each told by a small key: a group's features are named once for all stretches
# with that key, and so is what they weigh together.
Key = tuple[Any, ...]


def class_features(cset: str, negated: bool) -> Iterator[str]:
    """The features of the classes that stand in a stretch, in order of their letters."""
    if negated:
        yield "neg"
    for n, a in enumerate(cset):
        yield "c:" + a
        if negated:
            yield f"c:{a}&neg"
        for b in cset[n + 1 :]:
            yield f"q:{a}{b}"
    core = "".join(c for c in _CORE if c in cset)
    yield "sig:" + core + "n" * negated
    yield "sig2:" + "".join(c for c in core if c in "IBGWS")


def vote_features(vs: Sequence[str], good: bool, worse: bool, negated: bool) -> Iterator[str]:
    """The features of how directions, goods and ills add up; ``good`` and ``worse`` are words that say so whatever they speak of."""
    for v in vs:
        yield "v:" + v
        yield f"v:{v}&neg={negated}"
    yield "V:" + "".join(vs)
    total = sum(_TURN[v] for v in vs) + good - worse
    yield f"sum:{max(-2, min(2, total))}"
    yield f"sum:{max(-1, min(1, total))}&neg={negated}"


def shape_features(figures: int, quarters: int, first: str) -> Iterator[str]:
    """The features of how many figures there are, how long it is (in fours of words) and how it begins."""
    yield f"n:{figures}"
    yield f"len:{quarters}"
    if first:
        yield "begins:" + first


@dataclass(slots=True)
class Stretch:
    """A stretch of a sentence; ``found`` are the rules' findings in it, ``outer`` says that its sentence may be about another study."""

    start: int
    end: int
    words: list[str]
    places: list[Place]
    codes: list[str]
    found: list[Finding] = field(default_factory=list)
    outer: int = 0
    advice: bool = False
    keys: list[Key] = field(default_factory=list)
    """Where it stands and what rules read in it and beside it."""


@lru_cache(maxsize=50_000)
def _code_pairs(a: str, b: str) -> tuple[str, ...]:
    return tuple(f"p:{x}{y}" for x in a for y in b)


_THAN = frozenset("than versus vs against compared as while whereas both either".split())
_WHERE = frozenset("with in on for among of".split())
_BOTH = frozenset("both each either all alike equally every".split())
_GROUPS = frozenset("group groups arm arms lot lots camp camps half halves side sides ward wards team teams treatments drugs diets".split())


def listed(words: Sequence[str]) -> Key:
    """What the phrase lists and the figures say of a stretch: the key of `list_features`."""
    kinds = tuple(sorted({c.kind for c in real_cues(words, find_cues(words))}))
    outcomes = find_outcomes(words)
    worths = tuple(sorted({o.valence for o in outcomes})) or ("no",)
    change = compared(words) if sum([w[0].isdigit() for w in words]) > 1 else None
    known = set(words)
    idle, of_idle = "", False
    if not known.isdisjoint(IDLE):
        at = [k for k, w in enumerate(words) if w in IDLE]
        idle = "first" if at[0] < 3 else "last" if at[-1] > len(words) - 4 else "amid"
        of_idle = known.isdisjoint(_THAN) and any(words[k - n] in _WHERE for k in at for n in (1, 2, 3) if k >= n)
    both = not known.isdisjoint(_BOTH) and not known.isdisjoint(_GROUPS)
    return kinds, worths, tuple(sorted({o.type for o in outcomes})), change, idle, of_idle, both


def list_features(kinds: Sequence[str], worths: Sequence[str], types: Sequence[str], change: str | None, idle: str, of_idle: bool, both: bool) -> Iterator[str]:
    """The features of the directions, outcomes and compared figures that the lists know, and of the arms that got nothing.

    :param idle: where such an arm is named; ``of_idle``, that the result is told of it: "hot flushes were fewer with the dummies".
    :param both: arms are named together.
    """
    yield "kinds:" + "+".join(kinds)
    yield from ("k:" + k for k in kinds)
    yield from (f"k:{k}&{v}" for k in kinds for v in worths)
    yield from ("o:" + v for v in worths)
    yield from ("ot:" + t for t in types)
    if change:
        yield "cmp:" + change
        yield from (f"cmp:{change}&{v}" for v in worths)
    if idle:
        yield "idle"
        yield "idle:" + idle
    if of_idle:
        yield "of_idle"
        yield from (f"of_idle&{k}" for k in kinds)
    if both:
        yield "both"
        yield from (f"both&{k}" for k in kinds)


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    clean = [w if not w[0].isdigit() else ("0%" if w.endswith("%") else "0") for w in words]
    return set(zip(clean, clean[1:], strict=False))


def wording_keys(s: Stretch) -> list[Key]:
    """The keys of what a stretch shows by its own words."""
    cset = "".join(sorted(set("".join(s.codes))))
    negated = any(map(_NEGATED.__getitem__, s.words))
    figures = sum([w[0].isdigit() for w in s.words])
    first = s.words[0] if s.words[0] in _ORDER else ""
    return [
        ("class", cset, negated),
        ("vote", votes(s.codes), "G" in cset, "W" in cset, negated),
        ("shape", min(figures, 3), min(len(s.words) // 4, 5), first),
        ("list", *listed(s.words)),
    ]


def of_key(key: Key) -> Iterator[str]:
    """The features of a key."""
    return GROUPS[key[0]](*key[1:])


def features(s: Stretch) -> list[str]:
    """Every feature of a stretch, each once."""
    out: set[str] = set()
    for w in set(s.words):
        out.update(word_features(w))
    out.update([f"b:{a} {b}" for a, b in _pairs(s.words)])
    flat = [cs for cs in s.codes if cs]
    for a, b in set(zip(flat, flat[1:], strict=False)):
        out.update(_code_pairs(a, b))
    for key in (*wording_keys(s), *s.keys):
        out.update(of_key(key))
    return sorted(out)


# ------------------------------------------------------------------------------------------------ reading a mention
Reader = Callable[[int, int], Sequence[Finding]]
UNTOLD = "unspecified"
"""The design of a study whose text does not tell."""
_CONTRASTS = frozenset(("but", "while", "whereas", "although", "though", "yet"))


def read_stretches(prose: Prose, mention: Mention, found: Sequence[Finding], read_alone: Reader, design: str = UNTOLD) -> list[Stretch]:
    """Cut the sentences of a mention, and those in its reach, into stretches with what the rules found there.

    :param read_alone: reads the findings of one sentence by the rules: for the sentences in reach, which `found` leaves out.
    """
    text = prose.text
    own = [(max(p.start, s.start), min(p.end, s.end), 0) for p in mention.parts for s in prose.sentences_in(p)]
    sentences = sorted({*own, *((p.start, p.end, 1) for p in mention.reach)})
    out: list[Stretch] = []
    away = 0
    for k, (a, b, outer) in enumerate(sentences):
        words, places = read_words(text, a, min(b, a + LONGEST))
        if not words:
            continue
        away = away + 1 if outer else 0
        here = read_alone(a, b) if outer else found
        spans = list(cut(words))
        for i, (x, y) in enumerate(spans):
            start, end = places[x][0], places[y - 1][1]
            mine = [f for f in here if start <= f.start < end]
            part = words[x:y]
            s = Stretch(start, end, part, places[x:y], letters(part), mine, outer, design == "expert_opinion")
            s.keys = [
                ("place", min(k, 4), a <= mention.start < b, k == len(sentences) - 1, min(len(sentences), 4)),
                ("seat", min(i, 3), min(len(spans), 4), min(len(spans) - i - 1, 2), text[b - 1 : b] == "?", mention.plural),
                said_by_rules(mine, len(found)),
                ("design", design, bool(mine), bool(found)),
            ]
            if outer:
                paragraphs = min(text.count("\n", mention.start, a), 4)
                s.keys.append(("outer", min(away, 5), bool(mine), min(len(found), 2), paragraphs, words[0] if i == 0 else ""))
            out.append(s)
    _know_neighbours(out)
    return out


LONGEST = 3000
"""Characters of a sentence that are read."""


def place_features(sentence: int, head: bool, last: bool, sentences: int) -> Iterator[str]:
    """The features of the sentence's place in its mention."""
    yield f"sent:{sentence}"
    yield "head" if head else "nothead"
    yield f"last:{last}"
    yield f"nsent:{sentences}"


def seat_features(stretch: int, stretches: int, rest: int, asks: bool, plural: bool) -> Iterator[str]:
    """The features of the place of a stretch in its sentence, and of whether that asks or speaks of several studies."""
    yield f"seg:{stretch}/{stretches}"
    yield f"rest:{rest}"
    if asks:
        yield "asks"
    if plural:
        yield "plural"


def design_features(design: str, read: bool, found: bool) -> Iterator[str]:
    """The features of the study's design: a recommendation has no result, a case report mostly one."""
    yield "design:" + design
    yield f"design:{design}&{'r' if read else 'no'}"
    yield f"design:{design}&{'r' if read else 'no'}&{'found' if found else 'nothing'}"


def said_by_rules(mine: Sequence[Finding], found: int) -> Key:
    """The key of what the rules read in a stretch, and of how much they read in its mention."""
    return ("said", *((f.effect, f.rule) for f in mine)) if mine else ("said", min(found, 2))


def said_features(*said: Any) -> Iterator[str]:
    """The features of what the rules read in a stretch: effects with their rules, or how many they read elsewhere in its mention."""
    if said[0] in (0, 1, 2):
        yield "r:no"
        yield f"r:no&found={said[0]}"
        return
    for effect, rule in said:
        yield "r:" + effect
        yield "rr:" + rule
        yield f"rr:{rule}&{effect}"


def outer_features(away: int, read: bool, found: int, paragraphs: int, first: str) -> Iterator[str]:
    """The features of a stretch whose sentence may be about something else: how far off, and how that sentence begins."""
    yield "outer"
    yield f"outer:{away}"
    yield f"outer:{'r' if read else 'no'}"
    yield f"outer&found={found}"
    yield f"outer:pars={paragraphs}"
    yield "o1:" + first if first else "o1"


def beside_features(before: str, after: str, contrast: bool) -> Iterator[str]:
    """The features of what the rules read in the stretches before and after."""
    yield "prev:" + before
    yield "next:" + after
    if contrast:
        yield "but&" + before


def _know_neighbours(out: Sequence[Stretch]) -> None:
    told = ["+".join(sorted({f.effect for f in s.found})) or "no" for s in out]
    for i, s in enumerate(out):
        before, after = told[i - 1] if i else "end", told[i + 1] if i + 1 < len(out) else "end"
        s.keys.append(("beside", before, after, s.words[0] in _CONTRASTS))


GROUPS: Mapping[str, Callable[..., Iterator[str]]] = {
    "class": class_features,
    "vote": vote_features,
    "shape": shape_features,
    "list": list_features,
    "place": place_features,
    "seat": seat_features,
    "design": design_features,
    "said": said_features,
    "outer": outer_features,
    "beside": beside_features,
}
"""No two groups share a feature."""


# ------------------------------------------------------------------------------------------------ the model
MODEL = HERE / "effects.json"
UNIT = 100
"""Weights are kept in hundredths."""
ADD = 0.44
"""How likely a result must be for a stretch without a finding to get one."""
ADD_OUTER = 0.46
"""The same where its sentence may be about something else."""
DROP = 0.9
"""How likely "no result" must be for the rules' finding to go."""
DROP_ADVICE = 0.6
"""The same in a recommendation or an opinion: what it hopes for is no result."""
RELABEL = 0.6
"""How likely another worth must be for the rules' to be replaced."""
RELABEL_SURE = 0.9
"""The same where rules had a good reason for it."""
KEEP = 0.1
"""How likely the worth of one of several findings must be for it to stay beside a likelier one."""
LANE = 32
"""Bits for each of the four weights of a feature: they are kept in one number, so that one sum adds up all four."""


def _packed(row: Sequence[int]) -> int:
    return sum([int(weight) << LANE * k for k, weight in enumerate(row)])


def _unpacked(total: int) -> Iterator[int]:
    for _ in range(4):
        weight = (total + (1 << LANE - 1)) % (1 << LANE) - (1 << LANE - 1)
        yield weight
        total = (total - weight) >> LANE


class Weights:
    """Learned weights: what each feature adds to benefit, harm, none and unclear, measured against "nothing"; in hundredths."""

    def __init__(self, bias: Sequence[int], weights: Mapping[str, Sequence[int]]) -> None:
        self._bias = _packed(bias)
        self._place = {name: k for k, name in enumerate(weights)}
        self._weight = [_packed(row) for row in weights.values()]
        self._pairs: dict[tuple[str, str], int] = {}
        for name, k in self._place.items():
            if name.startswith("b:"):
                first, _, second = name[2:].partition(" ")
                self._pairs[first, second] = self._weight[k]
        self._words: Memo[str, frozenset[int]] = Memo(lambda word: frozenset(self._places(word_features(word))))
        self._codes: Memo[tuple[str, str], frozenset[int]] = Memo(lambda pair: frozenset(self._places(_code_pairs(*pair))))
        self._groups: Memo[Key, int] = Memo(lambda key: sum([self._weight[k] for k in set(self._places(of_key(key)))]))

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> Weights:
        """Take weights as ``bench/train_effects.py`` writes them."""
        return cls(model["bias"], model["weights"])

    def _places(self, names: Iterable[str]) -> list[int]:
        """Where the weights of features stand, those left out that have none."""
        return [k for k in map(self._place.get, names) if k is not None]

    def chances(self, s: Stretch) -> tuple[float, ...]:
        """How likely a stretch tells nothing, a benefit, a harm, none, or something unclear."""
        flat = [cs for cs in s.codes if cs]
        places = set().union(*map(self._words.__getitem__, s.words), *map(self._codes.__getitem__, zip(flat, flat[1:], strict=False)))
        total = sum(map(self._weight.__getitem__, places)) + self._bias
        total += sum(map(self._groups.__getitem__, wording_keys(s))) + sum(map(self._groups.__getitem__, s.keys))
        total += sum([row for row in map(self._pairs.get, _pairs(s.words)) if row is not None])
        exps = (1.0, *[math.exp(weight / UNIT) for weight in _unpacked(total)])
        whole = sum(exps)
        return tuple([e / whole for e in exps])


@cache
def weights() -> Weights:
    """The weights that ship."""
    return Weights.of(json.loads(MODEL.read_text(encoding="utf-8")))


# ------------------------------------------------------------------------------------------------ mending
def mend(prose: Prose, mention: Mention, found: Sequence[Finding], read_alone: Reader, design: str = UNTOLD) -> tuple[Finding, ...]:
    """Weigh every stretch of a mention: drop, re-value or add findings.

    :param found: what the rules found in the mention's own sentences.
    :param read_alone: reads one sentence by the rules.
    """
    return mended(prose.text, read_stretches(prose, mention, found, read_alone, design), found, weights())


def mended(text: str, stretches: Iterable[Stretch], found: Sequence[Finding], learned: Weights) -> tuple[Finding, ...]:
    """Mend what the rules found in the stretches of a mention."""
    out: list[Finding] = []
    seen: set[int] = set()
    for s in stretches:
        chances = learned.chances(s)
        seen.update(f.start for f in s.found)
        best = max(range(1, len(CLASSES)), key=chances.__getitem__)
        out += _kept(s, chances, best) if s.found and not (s.outer and chances[best] < ADD_OUTER) else _added(text, s, chances, best)
    out += [f for f in found if f.start not in seen]
    return tuple(sorted(_once(out), key=lambda f: f.start))


def _kept(s: Stretch, chances: Sequence[float], best: int) -> list[Finding]:
    if chances[0] > (DROP_ADVICE if s.advice else DROP) and not any(map(_surely_read, s.found)):
        return []
    effects = ["unclear" if f.effect == "mixed" else f.effect for f in s.found]
    if CLASSES[best] in effects:
        return [f for f, e in zip(s.found, effects, strict=True) if e == CLASSES[best] or chances[CLASSES.index(e)] > KEEP]
    if chances[best] <= (RELABEL_SURE if any(map(_surely_read, s.found)) else RELABEL):
        return s.found
    rest = [f for f, e in zip(s.found[1:], effects[1:], strict=True) if chances[CLASSES.index(e)] > KEEP]
    return [_revalued(s.found[0], CLASSES[best]), *rest]


def _surely_read(f: Finding) -> bool:
    """Whether rules had a good reason for a worth: the text gives a difference to chance, or a level has no worth of its own."""
    return "by_chance" in f.rule or (f.effect == "unclear" and f.outcome_type == "surrogate")


_VALUE = {("benefit", "bad"): "decreased", ("benefit", "good"): "increased", ("harm", "bad"): "increased", ("harm", "good"): "decreased"}
_FIXED = {"none": "no_difference", "unclear": "unclear"}


def _revalued(f: Finding, effect: str) -> Finding:
    """Give a finding another worth, and the change that goes with it."""
    words = f.outcome.lower().split()
    worth = {o.valence for o in find_outcomes(words)} - {"neutral"}
    change = _FIXED.get(effect) or (_VALUE[effect, worth.pop()] if len(worth) == 1 else f.change)
    if effect in ("benefit", "harm") and change == "no_difference":
        change = "unclear"
    return replace(f, effect=effect, change=change, rule=f.rule + "+weighed")


_TIME_MARKS = frozenset(("before", "until", "since"))
"""In front of an ill they make it a point in time: "years before the first symptom"."""
_MARK_REACH = 3
_GONE = frozenset(("disappeared", "vanished", "faded", "evaporated"))
_LINKS = frozenset(("link", "links", "association", "associations", "connection", "difference", "differences", "effect", "advantage", "gap"))
_HARDLY_ANY = frozenset(("few", "rare", "uncommon", "mild", "minor"))
"""Beside a side effect they say that it was no harm to speak of: "side effects were few"."""


def _added(text: str, s: Stretch, chances: Sequence[float], best: int) -> list[Finding]:
    if chances[best] <= (ADD_OUTER if s.outer else ADD):
        return []
    if not (_GONE.isdisjoint(s.words) or _LINKS.isdisjoint(s.words)):  # "the association disappeared": told of the result before
        return []
    effect = CLASSES[best]
    i, j, worth, kind = _outcome(s)
    marks_time = not _TIME_MARKS.isdisjoint(s.words[max(0, i - _MARK_REACH) : i])
    if marks_time or (effect == "harm" and kind == "adverse" and not _HARDLY_ANY.isdisjoint(s.words)):
        return []
    change = _FIXED.get(effect) or _VALUE.get((effect, worth)) or _direction(s.codes)
    a, b = s.places[i][0], s.places[j - 1][1]
    return [Finding(text[a:b], change, effect, kind, a, b, "weighed")]


def _direction(codes: Sequence[str]) -> str:
    up, down = sum("U" in c and "D" not in c for c in codes), sum("D" in c and "U" not in c for c in codes)
    return "unclear" if up == down else "increased" if up > down else "decreased"


def _outcome(s: Stretch) -> tuple[int, int, str, str]:
    """The words that name the outcome of a stretch: one that the list knows, else a good or an ill, else all of it."""
    known = find_outcomes(s.words)
    telling = [o for o in known if o.valence != "neutral"] or known
    if telling:
        first = telling[0]
        return first.i, first.j, first.valence, first.type
    for code, worth in (("I", "bad"), ("B", "good")):
        for k, cs in enumerate(s.codes):
            if code in cs and not ("I" in cs and "B" in cs) and s.words[k][0].isalpha():
                return k, k + 1, worth, "unclear"
    i, j = 0, len(s.words)
    while i < j - 1 and not s.words[i][0].isalnum():
        i += 1
    while j - 1 > i and not s.words[j - 1][0].isalnum():
        j -= 1
    return i, j, "neutral", "unclear"


def _once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Drop an added finding that only repeats another: the same outcome with the same worth."""
    told = {(f.outcome.lower(), f.effect) for f in findings if f.rule != "weighed"}
    for f in findings:
        if f.rule == "weighed":
            if (f.outcome.lower(), f.effect) in told:
                continue
            told.add((f.outcome.lower(), f.effect))
        yield f
