"""What a number counts: the noun behind it, told apart as people, animals, groups or things.

>>> head_after("153 elderly women drank it", 3).kind
'human'
>>> head_after("600 mg of magnesium for 20 people", 3).kind
'thing'
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import LexiconError

KINDS = ("human", "animal", "arm", "thing", "person_like", "plural", "partitive", "none")
"""``person_like``: a word in the shape of a person noun ("passengers"); ``plural``: an unknown noun ("couch potatoes");
``partitive``: "forty of them"; ``none``: no noun."""

_REACH = 9  # words looked at behind a number
_TOKEN = re.compile(r"(?:[A-Z]\.)+(?=\s[a-z])|[^\W\d_]+(?:['’‐‑-][^\W\d_]+)*|\d[\d.,]*%?|[^\s\w]|_")
# Plural nouns for people by their ending; the exceptions are things that end alike.
_PERSON_SHAPE = re.compile(r"(?:ers|eers|ors|ists|ians|ees|ards|goers|holders|mates|men|women|olds)$")
_NATION_SHAPE = re.compile(r"^[A-Z]\w+(?:ans|ians)$|^(?:HC|NC|HV|HS|CT|TDC|GP|CN|PD|MDD)s$")  # Norwegians; healthy controls
_NAMES = frozenset({"type", "stage", "grade", "class", "phase", "status", "tier", "level"})  # "40 type 2 diabetic patients"
_ADJECTIVAL = frozenset({"dutch", "chinese", "japanese", "swiss", "norwegian", "elderly", "taiwanese", "vietnamese", "portuguese", "nepalese", "senegalese"})
_NAME_TAILS = frozenset({"1", "2", "3", "4", "and", "or", "/"})
_JOINS = frozenset({"and", "or", "but", "yet"})  # "60 tired but healthy adults"
_PASSED = frozenset("\"'“”‘’*_/")
_NOT_PERSONS = frozenset(
    """rcts snps rois mris vtes winters summers sweeteners dinners suppers thinners painkillers killers fertilizers inhalers
    tracers pacemakers sanitizers cleaners dispensers thermometers softeners strengtheners pcs cts pets eegs dvds ivs ssris nsaids hrs ors rrs cis mwas ans
    centers papers numbers meters litres liters computers others cancers tumors tumours fibers fibres layers letters ulcers
    biomarkers markers fingers disorders answers chapters chambers orders manufacturers towers powers flowers boosters fillers
    factors errors colors colours monitors receptors sensors doors floors mirrors vectors predictors inhibitors moderators
    mediators transistors authors editors makers publishers reporters offers covers waters boosters filters timers trackers
    quarters newsletters banners trailers rollers helpers hers vers ers wafers burgers crackers flowers peppers tigers
    forwards standards cards boards awards towards afterwards regards hazards guards yards
    lists consists persists exists fists wrists cysts artists' twists mists breasts
    trees fees degrees knees committees guarantees bees coffees
    researchers reviewers investigators co-authors coauthors coworkers co-workers helpers observers scorers readers raters
    scientists specialists neurologists cardiologists
    economists statisticians epidemiologists dermatologists psychiatrists radiologists pathologists oncologists urologists
    practitioners lawyers journalists reporters officers managers administrators ministers leaders directors professors
    parameters characters clusters trimesters semesters stickers blockers primers dimers polymers carbohydrates thresholds
    households olds folds holds golds molds posters servers members' controllers containers trackers transfers""".split()
)


_BETWEEN = ("between-", "within-", "inter-", "intra-", "cross-", "multi-")


@dataclass(frozen=True, slots=True)
class Head:
    """The noun that a number counts: its kind and its place; ``word`` is lower case."""

    kind: str
    word: str
    start: int
    end: int


def _load() -> dict[str, str]:
    path = Path(__file__).with_name("participants.toml")
    with path.open("rb") as f:
        lists = tomllib.load(f)
    kinds: dict[str, str] = {}
    for kind, words in lists.items():
        for word in words.split():
            if kinds.get(word, kind) != kind:
                raise LexiconError(f"{path.name}: {word!r} stands under both {kinds[word]} and {kind}")
            kinds[word] = kind
    return kinds


_NOUNS = _load()
_SINGULAR = {"person": "human", "patient": "human", "participant": "human", "subject": "human", "man": "human", "woman": "human", "child": "human"}
ONE_PERSON = frozenset(
    """man woman boy girl lad lass youth child baby infant toddler teenager teen adolescent adult person patient gentleman lady guy bloke fellow chap
    pensioner retiree worker teacher nurse student pupil farmer builder driver runner athlete engineer mother father grandmother grandfather grandma
    grandpa granny widow widower housewife wife husband son daughter sister brother cousin aunt uncle smoker drinker vegan vegetarian soldier sailor
    veteran policeman policewoman fireman firefighter miner gardener cook chef waiter waitress clerk secretary banker lawyer accountant musician
    pianist violinist singer dancer actor actress artist painter writer journalist priest monk nun plumber electrician carpenter mechanic welder
    butcher baker hairdresser cleaner carer lifeguard swimmer cyclist climber hiker skier footballer golfer bodybuilder gamer jogger addict
    alcoholic diabetic volunteer tourist traveller traveler passenger male female newborn salesman businessman businesswoman shopkeeper barman
    bartender receptionist librarian programmer labourer laborer roofer bricklayer fisherman sportsman sportswoman schoolboy schoolgirl
    undergraduate graduate millionaire sufferer snorer insomniac asthmatic epileptic migraineur
    dentist doctor surgeon physician vet pharmacist scientist professor chemist biologist officer guard""".split()
)
"""Nouns for a single person: what a case report is about."""
HUMAN = frozenset(w for w, k in _NOUNS.items() if k == "human")
ANIMAL = frozenset(w for w, k in _NOUNS.items() if k == "animal")


def head_after(text: str, offset: int, end: int | None = None) -> Head:
    """Find the noun counted by a number that ends at ``offset``; ``end`` bounds the search (the sentence's end).

    Adjectives are passed over ("22,071 male US physicians"), a bracket too; a preposition, a verb or a stop ends the search.
    """
    stop = min(len(text) if end is None else end, offset + 110)
    if text[offset : offset + 1] == "-" and (plus := _PLUS.match(text, offset, stop)):
        offset = plus.end()
    if text[offset : offset + 1] in ("-", "‐", "‑", "–") and text[offset + 1 : offset + 2].isalpha():
        return _compound(text, offset + 1, stop)
    if single := _SINGLE_OF_STUDY.match(text, offset, stop):
        return Head("human", single.group(1).lower(), single.start(1), single.end(1))
    if aged := _AGED_CHILDREN.match(text, offset, stop):
        return Head("human", "year-olds", aged.start(1), aged.end())
    last: re.Match[str] | None = None
    for n, m in enumerate(_words_after(text, offset, stop)):
        kind = _kind(text, m, n == 0)
        if last is not None and _PLURAL.search(last.group(0)) and m.group(0).endswith("ed"):  # "104 couch potatoes volunteered"
            break
        if kind == "partitive":
            return Head(kind, "", offset, offset)
        if kind == "none":
            break
        if kind is not None:
            return Head(kind, m.group(0).lower(), m.start(), m.end())
        last = m
        if n + 1 >= _REACH:
            return Head("none", "", offset, offset)
    if last is not None and _PLURAL.search(last.group(0)):
        return Head("plural", last.group(0).lower(), last.start(), last.end())
    return Head("none", "", offset, offset)


def _words_after(text: str, offset: int, stop: int) -> Iterator[re.Match[str]]:
    """Yield the words of a noun phrase: brackets, quotes, "type 2" and hanging hyphens are passed over, a stop ends it."""
    depth = commas = 0
    last, hanging = "", False
    for m in _TOKEN.finditer(text, offset, stop):
        token = m.group(0)
        if token in "([)]":
            depth += 1 if token in "([" else -1
            if depth < 0:
                return
        elif (
            depth
            or token in _PASSED
            or token[1:2] == "."
            or (last and token in _JOINS and _leads_to_people(text, m))
            or (last in _NAMES and token in _NAME_TAILS)
        ):
            continue
        elif token == "," and last and (commas < 2 or hanging):
            commas += 1
        elif token in "-‐‑" and last:  # "37 age-, sex- and education-matched controls"
            hanging = True
        elif not token[0].isalpha():
            return
        else:
            last = token.lower()
            if last not in _NAMES:
                yield m


def _compound(text: str, offset: int, stop: int) -> Head:
    """Read "12-week", "24-patient": a unit or a person joined to the number by a hyphen."""
    m = _LETTERS.match(text, offset, stop)
    if m is None:
        return Head("none", "", offset, offset)
    word = m.group(0).lower()
    return Head(_SINGULAR.get(word, "thing"), word, m.start(), m.end())


def _kind(text: str, m: re.Match[str], first: bool) -> str | None:
    """The kind of a word as a head noun, or None where the search goes on."""
    token = m.group(0)
    word = token.lower()
    kind = _NOUNS.get(word)
    if kind == "stop":
        if word.endswith("ed") and _is_adjective(text, m):  # "299 enrolled patients"
            return None
        return "partitive" if first and word == "of" else "none"
    if word in _ADJECTIVAL and (nxt := _NEXT_WORD.match(text, m.end())) and _NOUNS.get(nxt.group(1).lower()) != "stop":
        return None
    if kind in ("human", "animal"):
        following = text[m.end() : m.end() + 14].lower()
        if word == "pairs" and following.startswith(" of them"):
            return "partitive"
        if _OF_PEOPLE.match(following):
            return "thing"
        return kind
    if kind is not None:
        return None if _is_adjective(text, m) else kind
    if word.endswith("-to-be"):
        return _NOUNS.get(word.split("-")[0])
    if "-" in word and (tail := _NOUNS.get(word.rsplit("-", 1)[1])) in ("human", "animal"):
        return "thing" if word.startswith(_BETWEEN) else tail
    if word in _NOT_PERSONS:
        return "thing"
    if (len(word) > 5 and _PERSON_SHAPE.search(word)) or _NATION_SHAPE.match(token):
        return "person_like"
    return None


def _leads_to_people(text: str, m: re.Match[str]) -> bool:
    """Whether an "and" only joins adjectives: "11,969 current and former smokers"."""
    return not text[m.end() : m.end() + 2].strip()[:1].isdigit()


_AGED_CHILDREN = re.compile(r"\s(?:[\w-]{1,12}-?\s(?:to|and|or)\s)?([\w-]{1,12}-(?:year|month|week|day)-olds)\b")  # "244 one- to three-year-olds"
_LETTERS = re.compile(r"[^\W\d_]+")
_SINGLE_OF_STUDY = re.compile(
    r"\s(patient|person|subject|participant)\s(?:[\w-]+\s){0,6}?(?:study|trial|experiment|survey|cohort)\b", re.I
)  # "its 278 patient study"
_OF_PEOPLE = re.compile(r"[-\s](?:years?|hours?|days?|records?|visits?|reports?|data|groups?|arms)\b")  # "person-years", "patient records"
_PLUS = re.compile(r"-(?:plus|odd)\b")  # "the 160,000-plus women"
_PLURAL = re.compile(r"^[A-Za-z][a-z'’-]{2,}(?<![su])s$")
_NEXT_WORD = re.compile(r"[\s-]+([^\W\d_]+)")


def _is_adjective(text: str, m: re.Match[str]) -> bool:
    """Whether a singular thing only describes the people behind it: "24 study participants", "40 breast cancer patients"."""
    if m.group(0).lower().endswith("s"):
        return False
    position = m.end()
    for _ in range(3):
        following = _NEXT_WORD.match(text, position)
        if following is None:
            return False
        kind = _NOUNS.get(following.group(1).lower())
        if kind in ("human", "animal"):
            return True
        if kind in ("stop", "arm"):
            return False
        position = following.end()
    return False
