"""Which way a clause says that an outcome went, and what that is worth to a patient.

A clause is read as a row of words. Cues ("fell", "no better than", "linked to") come from ``directions.toml``, outcomes
from ``outcomes.toml``; neither leans on function words, so a spun text reads like a clean one. Valence is the product
of the two: "fell" is good news of pain and bad news of bone density.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from ingest.errors import LexiconError
from ingest.text.memo import Memo
from ingest.text.numbers import lowered
from ingest.text.terms import vocabulary

P = TypeVar("P")
HERE = Path(__file__).parent
CUE_KINDS = ("up", "down", "cure", "good", "bad", "same", "associated", "mixed", "unsure", "negative", "hedge", "event", "moved")
VALENCES = ("good", "bad", "neutral")
MOVES = frozenset(("up", "down", "cure", "good", "bad"))

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’-][A-Za-z0-9]+)*|\d[\d,.·]*%?|[^\w\s]")


class Token(NamedTuple):
    """A word, number or mark with its place in the text; ``low`` is lower-cased, with a plain apostrophe."""

    low: str
    start: int
    end: int


Place = tuple[int, int]
"""The first character of a word and the one behind it."""


def read_words(text: str, start: int, end: int) -> tuple[list[str], list[Place]]:
    """Cut a stretch of text into words, numbers and marks, as `Token` has them, and say where each stands."""
    places = [m.span() for m in _WORD.finditer(text, start, end)]
    low = lowered(text)
    words = [low[a:b] for a, b in places]
    if text.find("’", start, end) >= 0:
        words = [w.replace("’", "'") for w in words]
    if len(words) > 1 and words[-2][-1].isdigit() and words[-2][0].isalpha():  # "fractures went up3.": a note's number
        word = words[-2].rstrip("0123456789")
        first = places[-2][0]
        if (word in _PARTICLES or (len(word) > 1 and CUES.heads(word) is not None)) and text[first].islower():
            words[-2], places[-2] = word, (first, first + len(word))
    return words, places


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Cut a stretch of text into tokens."""
    words, places = read_words(text, start, end)
    new = tuple.__new__  # a third faster than calling Token, and this runs for every word
    return [new(Token, (w, a, b)) for w, (a, b) in zip(words, places, strict=True)]


_PARTICLES = frozenset(("up", "down", "placebo", "groups", "group"))
_Row = tuple[tuple[str, ...], bool, P]


class Heads(NamedTuple, Generic[P]):
    """What may begin at a word: phrases by their second word and those that go with any, longest first, and the payload of a stem."""

    by_second: Mapping[str, tuple[_Row[P], ...]]
    other: tuple[_Row[P], ...]
    stem: P | None


class Phrases(Generic[P]):
    """Words and phrases with a payload; the longest that begins at a token wins."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[_Row[P]]] = {}
        self._stems: dict[str, P] = {}
        self._lengths: tuple[int, ...] = ()
        self._known: Memo[str, Heads[P] | None] = Memo(self._heads)
        self.heads = self._known.__getitem__

    def add(self, line: str, payload: P) -> None:
        """Add a phrase; a trailing ``*`` lets its last word end in any way."""
        self._known.clear()
        star = line.endswith("*")
        words = tuple(line.rstrip("*").split())
        if len(words) == 1 and star:
            self._stems.setdefault(words[0], payload)
            self._lengths = tuple(sorted({len(s) for s in self._stems}, reverse=True))
        else:
            rows = self._by_first.setdefault(words[0], [])
            rows.append((words, star, payload))
            rows.sort(key=lambda r: -len(r[0]))

    def _heads(self, word: str) -> Heads[P] | None:
        """What may begin at a word; None where nothing does."""
        rows = self._by_first.get(word, [])
        stem = next((hit for n in self._lengths if len(word) >= n and (hit := self._stems.get(word[:n])) is not None), None)
        if not rows and stem is None:
            return None
        anyhow = tuple(r for r in rows if len(r[0]) == 1 or (r[1] and len(r[0]) == 2))
        seconds = {r[0][1] for r in rows if len(r[0]) > 1}
        return Heads({w: tuple(r for r in rows if r in anyhow or r[0][1] == w) for w in seconds}, anyhow, stem)

    def at(self, words: Sequence[str], i: int) -> tuple[int, P] | None:
        """Return the number of words matched at ``i`` and their payload, or None."""
        heads = self._known[words[i]]
        if heads is None:
            return None
        rows = heads.by_second.get(words[i + 1], heads.other) if i + 1 < len(words) else heads.other
        for phrase, star, payload in rows:
            n = len(phrase)
            if n == 1 or self._matches(words, i, phrase, star):
                return n, payload
        return (1, heads.stem) if heads.stem is not None else None

    @staticmethod
    def _matches(words: Sequence[str], i: int, phrase: tuple[str, ...], star: bool) -> bool:
        part = tuple(words[i : i + len(phrase)])
        if part == phrase:
            return True
        return star and len(part) == len(phrase) and part[:-1] == phrase[:-1] and part[-1].startswith(phrase[-1])


class Cue(NamedTuple):
    """A direction word at tokens ``i:j``."""

    kind: str
    side: str
    i: int
    j: int


class Outcome(NamedTuple):
    """An outcome at tokens ``i:j``: the worth of more of it, and its type."""

    valence: str
    type: str
    i: int
    j: int


def _load_lines(name: str, table: str, keys: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    with (HERE / name).open("rb") as f:
        rows = tomllib.load(f).get(table, [])
    for n, row in enumerate(rows, 1):
        where = f"{name}, {table} {n}"
        for key, allowed in keys.items():
            if row.get(key) not in allowed:
                raise LexiconError(f"{where}: {key} {row.get(key)!r} is none of {', '.join(allowed)}")
        for line in row["words"].split("\n"):
            if line.strip():
                yield line.strip(), tuple(row[k] for k in keys)


def load_cues() -> Phrases[tuple[str, ...]]:
    """Read ``directions.toml``: phrase -> (kind, side).

    :raises LexiconError: an unknown kind or side.
    """
    book: Phrases[tuple[str, ...]] = Phrases()
    for line, payload in _load_lines("directions.toml", "cue", {"kind": CUE_KINDS, "side": ("left", "right", "only")}):
        book.add(line, payload)
    return book


def load_outcomes() -> Phrases[tuple[str, ...]]:
    """Read ``outcomes.toml``: phrase -> (valence, type).

    :raises LexiconError: an unknown valence or type.
    """
    book: Phrases[tuple[str, ...]] = Phrases()
    types = ("clinical", "surrogate", "mortality", "adverse")
    for line, payload in _load_lines("outcomes.toml", "group", {"valence": VALENCES, "type": types}):
        book.add(line, payload)
    return book


_NOT_ALONE = frozenset(("fall", "growth", "height", "energy", "focus", "pulse", "spots", "costs", "drinking", "quitting", "plaque", "cavity", "sight"))


_PEOPLE = frozenset("women men children people patients infants babies adults girls boys mothers athletes smokers".split())


def _with_vocabulary(book: Phrases[tuple[str, ...]]) -> Phrases[tuple[str, ...]]:
    """Put the names of the project's vocabulary under the list: its outcomes with their worth, its conditions as ills."""
    for entry in vocabulary().entries:
        if entry.term.kind == "exposure" or entry.term.group == "population":
            continue
        payload = (entry.term.valence, entry.term.group) if entry.term.kind == "outcome" else ("bad", "clinical")
        for name in entry.names:
            words, _ = read_words(name, 0, len(name))
            if len(name) < 4 or name.isupper() or name in _NOT_ALONE or not words or words[-1] in _PEOPLE:
                continue
            if CUES.at(words, 0) is None and book.at(words, 0) is None:
                book.add(" ".join(words), payload)
    return book


# What is taken against an ill: less of it is the gain. "use of painkillers", "inhaler use", "came off her sleeping tablets".
_REMEDIES = (
    "antacid antacids|inhaler inhalers|reliever relievers|painkiller painkillers|sleeping pills|sleeping tablets|sleeping pill|sleeping tablet|"
    "laxative laxatives|"
    "sedative sedatives|antibiotic antibiotics|steroid steroids|opioid opioids|morphine|insulin|analgesic analgesics|antihistamine antihistamines|"
    "tranquilliser tranquillisers|tranquilizers|medication|medicines|medicine|rescue medication|antidepressants|ibuprofen|paracetamol|blood pressure pills"
)
_USES = ("{} use", "use of {}", "{} consumption", "consumption of {}", "need for {}", "doses of {}", "{} prescriptions", "prescriptions for {}", "intake of {}")


def _with_remedies(book: Phrases[tuple[str, ...]]) -> Phrases[tuple[str, ...]]:
    """Put what the ill take against their ill under the list, as something better needed less."""
    for name in (n for group in _REMEDIES.split("|") for n in (group.split() if " " in group and group.split()[0][:5] == group.split()[1][:5] else [group])):
        for use in _USES:
            words = use.format(name)
            if book.at(words.split(), 0) is None or len(words.split()) > 1:
                book.add(words, ("bad", "clinical"))
    return book


CUES = load_cues()
OUTCOMES = _with_vocabulary(_with_remedies(load_outcomes()))


def _begins_cue(word: str) -> bool:
    return CUES.heads(word) is not None or _special(word)


_BEGINS_CUE = Memo(_begins_cue)
_BEGINS_OUTCOME: Memo[str, bool] = Memo(lambda word: OUTCOMES.heads(word) is not None)


def cue_places(words: Sequence[str]) -> list[int]:
    """Where a direction word may begin, in a row of words or in any part of it."""
    return [i for i, word in enumerate(words) if _BEGINS_CUE[word] and (CUES.at(words, i) is not None or _special(word))]


def outcome_places(words: Sequence[str]) -> list[int]:
    """Where an outcome may begin."""
    return [i for i, word in enumerate(words) if _BEGINS_OUTCOME[word]]


def find_cues(words: Sequence[str], places: Sequence[int] | None = None) -> list[Cue]:
    """Every direction word of a row of words, left to right, without overlap; ``places`` are those of ``cue_places`` where they are known."""
    out: list[Cue] = []
    past = 0
    for i in [i for i, word in enumerate(words) if _BEGINS_CUE[word]] if places is None else places:
        if i < past:
            continue
        hit = _cue_at(words, i)
        if hit is not None:
            past = i + hit[0]
            out.append(Cue(hit[1][0], hit[1][1], i, past))
    return out


@lru_cache(maxsize=20000)
def _special(word: str) -> bool:
    return word in _BRINGS or word in {"as", "same", "too"} or (word.endswith("-free") and _is_ill(word[:-5]))


def _is_ill(word: str) -> bool:
    hit = OUTCOMES.at([word], 0)
    return hit is not None and hit[1][0] == "bad"


_NOUNS = frozenset(("damage", "falls", "drops", "cause", "more", "poorer", "heavier"))
_DROPS = frozenset("daily eye ear nose nasal liquid two three five ten oil of".split())
_VERB_LEADS = frozenset("no any to can may could might not will would did does do they it and".split())
_PEOPLE_NEXT = frozenset(
    "people families women men children countries areas neighbourhoods neighborhoods households adults patients parents users drinkers smokers".split()
)


def _is_noun(words: Sequence[str], i: int) -> bool:
    """Whether a word that could be a cue is none here: "muscle damage", "two falls", "most common cause of death", "more so", "poorer women"."""
    word, following = words[i], words[i + 1] if i + 1 < len(words) else "."
    if word == "damage":
        return not (i and words[i - 1] in _VERB_LEADS)
    if word == "falls":
        return following != "by"
    if word == "drops":
        return following in {"containing", "of"} or (i > 0 and words[i - 1] in _DROPS)
    if word == "cause":
        return following == "of"
    if word == "more":
        return following == "so"
    return following in _PEOPLE_NEXT


_ALIKE = frozenset(("similar", "identical", "comparable", "equivalent", "equal"))
_AFTER_ALIKE = frozenset("in to for among with between across regardless whether on at when after as and or both either by than but".split())


def _is_attribute(words: Sequence[str], i: int) -> bool:
    """Whether "similar" only describes a thing ("an identical headband", "similar tests were used") and compares no result."""
    following = words[i + 1] if i + 1 < len(words) else "."
    if not following.isalpha() or following in _AFTER_ALIKE or following.rstrip("s") in _SAME_COUNT:
        return False
    return OUTCOMES.heads(following) is None and CUES.heads(following) is None


def _moves(word: str) -> bool:
    hit = CUES.at([word], 0)
    return hit is not None and hit[1][0] in MOVES


_NEGATIONS = frozenset("no not neither none never without nobody nothing cannot hardly".split())
_ORGAN_FAILS = frozenset(("failed", "failing", "fails", "fail"))
_FAILING = frozenset("treatment therapy liver livers kidney kidneys heart hearts lungs organs organ implant implants graft grafts transplant device".split())
_FAILED_TO = frozenset("finish complete attend return reply turn appear fill send".split())
_SIMILAR_IN = frozenset("age ages sex size dose doses trial trials study studies design background people conditions diet way fashion".split())


def _cue_at(words: Sequence[str], i: int) -> tuple[int, tuple[str, ...]] | None:
    if _is_no_cue(words, i):
        return None
    word = words[i]
    hit = CUES.at(words, i)
    if hit is not None or not _special(word):
        return hit
    if word in _BRINGS:
        return _brought(words, i)
    if word == "as":
        return (2, ("same", "right")) if _is_as_as(words, i) else None
    if word == "too":
        return _too_thin(words, i)
    if word == "same":
        return (1, ("same", "right")) if _is_result_same(words, i) else None
    phrase = OUTCOMES.at(words, i)  # "progression-free survival" is an outcome; "pain-free" a state that is good
    return None if phrase is not None and phrase[0] > 1 else (1, ("good", "right"))


_FELL = frozenset(("fell", "fall", "falls", "fallen"))
_NO_FALL = frozenset("asleep ill sick pregnant within into between inside outside under".split())
"""Behind "fell" they say a state or a class: "a BMI that fell within the range"."""


def _is_no_cue(words: Sequence[str], i: int) -> bool:
    """Whether the words beside a direction word give it another sense: "fell asleep", "a similar age", "side effects"."""
    word = words[i]
    if (word in _NOUNS and _is_noun(words, i)) or (word in _ALIKE and _is_attribute(words, i)):
        return True
    if word in _ORGAN_FAILS and ((i and words[i - 1] in _FAILING) or words[i + 1 : i + 2] in (["in"], ["on"])):
        # "the kidneys failed", "failed in 12 per cent", but not "the treatment failed to improve survival"
        return not any(w in {"to", "show"} or _moves(w) for w in words[i + 1 : i + 3])
    if word in {"gain", "gains"} and i and words[i - 1] == "weight":
        return True
    if word == "failed" and words[i + 1 : i + 2] == ["to"] and words[i + 2 : i + 3] and words[i + 2] in _FAILED_TO:
        return True
    if word == "nor" and i and words[i - 1].isalpha() and words[i - 1] not in {"and", "but"}:
        # a "nor" with no negation before it is a filler of a spun text: "healthy classmates nor found higher mercury"
        return _NEGATIONS.isdisjoint(words[:i]) and not any(w.endswith("n't") for w in words[:i])
    if word in {"dropped", "drop"} and words[i + 1 : i + 2] == ["out"]:
        return True
    if word in _FELL and words[i + 1 : i + 2] and words[i + 1] in _NO_FALL:
        return True
    if word == "similar" and words[max(0, i - 2) : i] == ["groups", "of"]:  # "assigned to three groups of similar body weight"
        return True
    if word == "similar" and words[i + 1 : i + 2] and words[i + 1] in _SIMILAR_IN:
        return True
    return word in {"effect", "effects"} and i > 0 and words[i - 1] in {"adverse", "side", "unwanted"}


_DEGREES = frozenset(
    "frequent common likely often high good effective safe strong fast quickly severe bad happy healthy frequently active satisfied accurate potent "
    "many much few".split()
)
_ARTICLES = frozenset(("a", "an", "the", "those"))
_AMOUNTS = frozenset(("many", "much", "few"))  # "as many moles as the others", but "as many as 40 people"
_NOT_EQUAL = frozenset(("twice", "times", "half", "third", "quarter", "such", "not", "nowhere", "least", "most"))


def _is_as_as(words: Sequence[str], i: int) -> bool:
    """Whether "as frequent … as" sets two groups equal; "twice as frequent as" and "not as good as" do not."""
    if words[i + 1 : i + 3] == ["much", "as"] and words[i + 3 : i + 4] and words[i + 3] in _ARTICLES:  # "lowered LDL as much as a statin did"
        return i > 0 and words[i - 1] not in _NOT_EQUAL and words[i - 1] not in {"by", "of"} and not is_number("".join(words[i + 4 : i + 5]) or "x")
    if words[i + 1 : i + 2] and words[i + 1] in _DEGREES and "as" in words[i + 2 : i + 12] and (words[i + 1] not in _AMOUNTS or words[i + 2] != "as"):
        return not (i and words[i - 1] in _NOT_EQUAL)
    return False


_BRINGS = frozenset(("brought", "brings", "bring", "pushed", "pushes", "drove", "drives"))


def _brought(words: Sequence[str], i: int) -> tuple[int, tuple[str, ...]] | None:
    """Read "brought triglycerides down": the particle gives the direction."""
    particle = next((w for w in words[i + 1 : i + 7] if w in {"down", "up"}), None)
    return None if particle is None else (1, (particle, "right"))


_THIN = frozenset(
    """thin few sparse small weak short poor patchy scant limited shaky flimsy scarce uneven varied different little mixed imprecise uncertain
    rare low scanty""".split()
)
_VERDICT = frozenset("say tell judge draw allow conclude conclusion conclusions verdict settle answer know sure certain decide permit".split())


def _too_thin(words: Sequence[str], i: int) -> tuple[int, tuple[str, ...]] | None:
    """Read "too thin to say anything": what is asked stays open."""
    if words[i + 1 : i + 2] and words[i + 1] in _THIN:
        verdict = next((k for k in range(i + 2, min(i + 12, len(words))) if words[k] in _VERDICT), None)
        if verdict is not None:
            return verdict + 1 - i, ("unsure", "right")
    return None


_SAME_BEFORE = frozenset("were was is are much about exactly stayed remained stay remain just roughly almost nearly".split())
_SAME_AFTER = frozenset(". , ; : ) in for as whether regardless with between across either too when on at".split())
_SAME_COUNT = frozenset(("amount", "number", "rate", "pace", "speed", "extent", "degree", "proportion", "share"))


_REACHED = frozenset("to had produced gave showed achieved reported saw experienced brought".split())


def _is_result_same(words: Sequence[str], i: int) -> bool:
    """Whether "same" says that results were alike, not that it is the same journal: "were the same", "by the same amount"."""
    before = words[max(0, i - 3) : i]
    following = words[i + 1] if i + 1 < len(words) else "."
    if following in _SAME_COUNT:
        return bool({"by", "at"} & set(before)) or (following in {"degree", "extent"} and "to" in before) or bool(_SAME_BEFORE & set(before))
    if OUTCOMES.heads(following) is not None and _REACHED & set(before):
        return True
    return bool(_SAME_BEFORE & set(before)) and (following in _SAME_AFTER or i + 1 >= len(words))


# "the breathing exercises", "a sleep clinic", "asthma patients": what was done, where, and who, but nothing that came of it.
_NOT_OUTCOME_OF = frozenset(
    """arm group groups course courses exercise exercises drill drills training clinic clinics programme programmes program programs lab laboratory researchers
    scientists experts specialist specialists unit ward units diary diaries questionnaire questionnaires sufferers survivors patients lessons class classes
    trial trials researcher scientist expert techniques technique advice""".split()
)


_WEIGHT_VERBS = frozenset("lost lose loses losing gained gain gains shed put lighter heavier weighed dropped regained".split())
_UNITS = frozenset(("kg", "kilos", "pounds"))


def _is_no_outcome(words: Sequence[str], i: int, j: int) -> bool:
    """Whether the words beside an outcome word make it something else: a sleep clinic, "within 3 days", "had survived a stroke"."""
    if j < len(words) and (words[j] in _NOT_OUTCOME_OF or (words[i] == "survived" and words[j] in {"a", "an"})):
        return True
    if words[i] in _UNITS and i and is_number(words[i - 1]):  # "added 46 kg to the bench press"; "lost 3 kg" speaks of weight
        return _WEIGHT_VERBS.isdisjoint(words)
    if words[i] == "threw":
        return "hands" in words[j : j + 3]
    return words[i] == "days" and i > 1 and is_number(words[i - 1]) and words[i - 2] in {"within", "after", "for", "in", "over", "every"}


def find_outcomes(words: Sequence[str], places: Sequence[int] | None = None) -> list[Outcome]:
    """Every outcome of a row of words, left to right, without overlap; ``places`` are those of ``outcome_places`` where they are known."""
    out: list[Outcome] = []
    past = 0
    for i in outcome_places(words) if places is None else places:
        if i < past:
            continue
        hit = OUTCOMES.at(words, i)
        if hit is None or _is_no_outcome(words, i, i + hit[0]):
            continue
        if not (hit[0] == 1 and words[i].endswith("-free") and _special(words[i])):
            past = i + hit[0]
            out.append(Outcome(hit[1][0], hit[1][1], i, past))
    return out


_QUANTITY = frozenset(
    "a an one two three four five six seven eight nine ten twelve twenty thirty forty fifty sixty hundred half twice double any most "
    "all the half ever just this that once".split()
)
_COMPARE = frozenset(("more", "less", "fewer", "longer", "higher", "lower", "greater", "larger", "shorter", "smaller", "better"))


def is_number(word: str) -> bool:
    """Whether a token begins with a digit."""
    return word[0].isdigit()


def real_cues(words: Sequence[str], cues: Sequence[Cue]) -> list[Cue]:
    """Drop cues that are no result: "more than 40 people", "or more", and what a hedge leads ("whether it cuts")."""
    out: list[Cue] = []
    hedged = 0
    for cue in cues:
        if cue.kind == "hedge":
            hedged = len(words)
            if words[cue.i] == "whether" and cue.i and words[cue.i - 1] == ",":  # ", whether alone or together,"
                hedged = next((k for k in range(cue.j, len(words)) if words[k] == ","), len(words))
        if cue.i < hedged or cue.kind == "hedge" or _only_quantity(words, cue):
            continue
        out.append(cue)
    return _absorb(words, out)


def _only_quantity(words: Sequence[str], cue: Cue) -> bool:
    last = words[cue.j - 1]
    if last not in _COMPARE:
        return False
    following = words[cue.j] if cue.j < len(words) else ""
    after = words[cue.j + 1] if cue.j + 1 < len(words) else ""
    before = words[cue.i - 1] if cue.i else ""
    if following == "than" and (is_number(after or "x") or after in _QUANTITY) and words[cue.j - 1] in {"more", "less", "fewer", "longer"}:
        return True
    return before == "or" and last in {"more", "less", "fewer", "longer", "better", "higher"}


_NEGATED = MOVES | {"associated", "same", "event", "moved"}
_REACH = 5
_BARRIER = frozenset((",", ";", ":", ".", "(", ")", "who", "how", "that", "which", "what", "but", "if", "when"))
_FAR_NEGATIVES = frozenset(("neither", "nor", "none", "nobody", "nothing"))
_FAR_REACH = 14


def _barred(words: Sequence[str], cue: Cue, nxt: Cue) -> bool:
    between = set(words[cue.j : nxt.i])
    if words[cue.i] in _FAR_NEGATIVES:
        between.discard(",")
    return bool(_BARRIER & between)


def _governs(words: Sequence[str], cue: Cue, nxt: Cue) -> bool:
    """Whether "no difference" leads straight to a move, or to it through "in": "no difference between the groups in decrease of pain"."""
    gap = nxt.i - cue.j
    return gap <= 3 or (gap <= 12 and nxt.kind in MOVES and words[nxt.i - 1] in {"in", "for", "of"} and not {",", ";"} & set(words[cue.j : nxt.i]))


def _absorb(words: Sequence[str], cues: Sequence[Cue]) -> list[Cue]:
    """A negative turns the cue after it into "same"; a "same" swallows the cue that it governs."""
    out: list[Cue] = []
    # "neither pain nor sleep changed" is one negation
    cues = [c for n, c in enumerate(cues) if not (n and words[c.i] == "nor" and words[cues[n - 1].i] == "neither" and cues[n - 1].j - cues[n - 1].i == 1)]
    i = 0
    while i < len(cues):
        cue = cues[i]
        nxt = cues[i + 1] if i + 1 < len(cues) else None
        if cue.kind == "negative":
            reach = _FAR_REACH if words[cue.i] in _FAR_NEGATIVES else _REACH
            only = words[cue.j : cue.j + 1] == ["only"]
            if nxt is not None and nxt.i - cue.j <= reach and nxt.kind in _NEGATED and not only and not _barred(words, cue, nxt):
                out.append(Cue("none_of" if nxt.kind == "event" else "same", "right", cue.i, nxt.j))
                i += 1
                later = cues[i + 1] if i + 1 < len(cues) else None
                if later is not None and words[later.i - 1] in {"or", "nor"} and later.kind in MOVES:
                    out.append(Cue("same", "right", later.i, later.j))
                    i += 1
            else:
                out.append(cue)
        elif cue.kind == "same" and nxt is not None and nxt.kind in MOVES | {"associated", "moved"} and _governs(words, cue, nxt):
            out.append(Cue("same", "right", cue.i, nxt.j))
            i += 1
        else:
            out.append(cue)
        i += 1
    return out
