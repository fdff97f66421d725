"""How long the study lasted: the treatment, else the follow-up or the observation.

Every length of time in a mention is a candidate. The words in front of it and behind it say whether it is the length of
the study (for, over, "12-week trial", "followed for"), a moment of measuring (after, at, later) or something else
(an age, a frequency, a washout, a survival time). The best one is taken; a range gives its upper end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.records import DAYS, Mention, Span, Value
from ingest.text import lexicon
from ingest.text.context import Cues
from ingest.text.numbers import Number, find_numbers, lowered
from ingest.text.prose import Prose

ROLES = (
    "for",
    "over",
    "in",
    "study_of",
    "of_treatment",
    "of_thing",
    "follow_up",
    "after",
    "at",
    "later",
    "age",
    "often",
    "past",
    "side",
    "recruiting",
    "planned",
    "threshold",
    "quitting",
)
SCORES = {
    "for": 4.0,
    "over": 3.0,
    "study_of": 4.5,
    "of_treatment": 3.5,
    "follow_up": 3.0,
    "after": 2.0,
    "at": 1.6,
    "later": 1.6,
    "in": 1.5,
    "of_thing": 0.5,
    "apart": 2.5,
    "adjective": 2.5,
    "age": -20.0,
    "often": -20.0,
    "past": -20.0,
    "side": -8.0,
    "recruiting": -3.0,
    "planned": -4.0,
    "threshold": -4.0,
    "hours": -3.5,
    "quitting": -2.0,
    "bare": -0.9,
}
"""What each cue adds."""
TREATED = 1.0
"""What a verb of giving or taking in the same sentence adds."""
SENTENCE_COST = 0.2
THRESHOLD = 1.5
SPUN = 0.2
"""From this share of replaced function words on a text is read as a spun one."""
THRESHOLD_SPUN = 0.0
"""In a spun text "for" may be lost: a bare length is enough."""
AGAIN = 0.5
NO_DURATION = frozenset({"case_control", "cross_sectional", "systematic_review", "narrative_review", "expert_opinion"})
"""Designs that have none: people are seen once, or one length does not hold for all studies of a review."""
BARE = frozenset({"for", "later", "over", "study_of", "follow_up", "after", "of_treatment"})
BARE_DAY = frozenset({"for"})
"""Cues without which "a year", "a day" are no length."""
MOMENTS = frozenset({"after", "at", "later"})
HOURS = 0.9
"""Less than about a day is a sitting or a dose, hardly the length of a study."""
LONGEST_OF_ALL = 2 * DAYS["year"]
LONGEST = 40 * DAYS["year"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A study's length in days, the words it was read from, and its phase: treatment, follow_up or observation."""

    days: Value[float]
    text: str
    phase: str


@dataclass(frozen=True, slots=True)
class Length:
    """A candidate: a length of time with its cues and its score."""

    days: float
    start: int
    end: int
    cues: frozenset[str]
    score: float
    cost: float

    @property
    def rank(self) -> float:
        """The score less what the sentences in front cost."""
        return self.score - self.cost


_UNITS = {
    "hour": "hour", "hr": "hour", "h": "hour", "day": "day", "night": "day", "week": "week", "wk": "week", "fortnight": "week",
    "month": "month", "mo": "month", "year": "year", "yr": "year", "decade": "year",
}  # fmt: skip
_TIMES = {"fortnight": 2, "decade": 10}
_GATE = ("week", "month", "year", "day", "night", "hour", "decade", "wk", "yr")
_UNIT = re.compile(
    r"(?:\s?[-‑–]?\s{0,3}|\s\([^()]{1,20}\)\s)(?:(?:consecutive|full|whole|straight|long|further|more|other|additional|calendar|short|successive)\s)?"
    r"(hour|hr|day|night|week|wk|fortnight|month|mo|year|yr|decade)s?\b",
)
_ARTICLE = re.compile(
    r"\b(?:(?P<half>half an?\s|half-)|(?:a|an|the|another|each|one)\s(?:full |whole |single |further |short |long |solid )?"
    r"|(?=(?:year|month|week|day|decade)[- ]?long\b))"
    r"(?P<unit>year|month|week|fortnight|decade|day|night)(?P<more> and a half)?\b(?!s)",
)
_AGAIN = re.compile(r"\bin ((?:19|20)\d\d),? and (?:again |then |once more )in ((?:19|20)\d\d)\b")
_BEGAN_ENDED = re.compile(
    r"\b(?:began|started|launched|was set up)\b[^.;]{0,20}\b(?:in|\w{1,5}) ((?:19|20)\d\d)\b[^.;]{0,60}\b(?:ended|finished|closed|stopped)\b[^.;]{0,15}"
    r"((?:19|20)\d\d)\b"
)
_ALL_THE_WAY = re.compile(r"\bfrom ((?:19|20)\d\d) (?:all the way |right |onwards |and )(?:up )?(?:to|until|through|\w{1,4}) ((?:19|20)\d\d)\b")
_FROM_BIRTH = re.compile(  # "from birth until their seventh birthday", "140 newborns until they turned twelve"
    r"\b(?:birth|newborns?|babies|infants)\b[^.;:]{0,40}?(?:\b(?:until|till|to|through)\s(?:the\s|their\s|they\s(?:were|turned|reached|had\sreached)\s|its\s)?"
    r"(?:age\s(?:of\s)?)?(?P<age>[\w-]{1,12})(?:\s(?:birthday|years?\sold|years\sof\sage)|(?=[\s,.;:]|$))|\s(?P<birthday>[\w-]{1,12})\sbirthdays?\b)"
)
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_AGED = re.compile(r"\b(?:age|birthdays?|turned|reached|were|years (?:old|of age))\b")
_AGE_TO_AGE = re.compile(r"\bfrom (?:the )?ages? (?:of )?(?P<first>[\w-]{1,12}) (?:to|until|till|through) (?:the )?(?:age )?(?:of )?(?P<last>[\w-]{1,12})\b")
_YEARS = range(1900, 2036)
_TREATED = re.compile(
    r"\b(?:gave|given|give|took|take|taking|taken|received|receive|drank|drinking|ate|eating|fed|treated|treatment|assigned|allocated"
    r"|randomi[sz]ed|randomly|swallowed|used|wore|dose|mg|capsules?|daily|a day|placebo|supplement\w*|trained|classes|practi[sc]ed"
    r"|programme|program|intervention|put on|lived|spent|sessions|exercised|walked|diet)\b",
)
_WATCHED = re.compile(
    r"\b(?:follow\w*|track\w*|watched|monitor\w*|observ\w*|kept|studied|records?|registry|cohort|collected|examined|analy[sz]ed|looked)\b"
)
_TAKEN_IN = re.compile(
    r"\b(?:recruit\w*|enrol\w*|born|published|diagnosed|admitted|searched|trials|articles|papers|randomi\w*|conducted|underwent|treated)\b"
)


_CLAUSE_START = re.compile(r"(?:^|[,:;.–—(])\s*(?:but |and |yet |just |after |about )*$")
_ADJECTIVE = re.compile(r"(?<!\bone)(?<!\ba)(?<!\b1)(?:[-‑–]\s?|\d\s)(?:day|night|week|month|year)$")
_APART_BEFORE = re.compile(r"(?:^|[,(:;–—])\s*(?:about |nearly |almost |over |only |just |in |up to )*$")
_APART_AFTER = re.compile(r"(?:\s(?:in all|in total|all told|altogether))?\s*(?:[,.);:–—]|$)")
_STOP_AFTER = re.compile(r"\s*(?:[,.);:–—]|$)|\s(?:because|when|owing|due|for|as|since)\b")
_UNIT_BEFORE = re.compile(r"\b(day|week|month|year)s?\s$")
_UNIT_WORD = re.compile(r"(day|week|month|year)s?\b")
_AFTER = re.compile(r"\bafter (?:only |just |about )*$")


_CUES = Cues(lexicon.load(Path(__file__).with_name("duration.toml"), ROLES))


def read_duration(prose: Prose, mention: Mention, design: str | None = None) -> Duration | None:
    """Read how long the study of a mention lasted, or None where the text does not say.

    :param design: the design already read; designs without a duration give None.
    """
    if design in NO_DURATION:
        return None
    lengths = explain(prose.text, mention.parts, prose.article.spun >= SPUN)
    if design == "meta_analysis":  # only where one length holds for all: "taking it for 90 days"
        lengths = [x for x in lengths if "for" in x.cues and x.days <= LONGEST_OF_ALL]
        if len({x.days for x in lengths}) > 1:
            return None
    threshold = THRESHOLD_SPUN if prose.article.spun >= SPUN else THRESHOLD
    best = _best([x for x in lengths if x.score >= threshold])
    if best is None:
        return None
    phase = _phase(best, design)
    value = Value(round(best.days, 2), best.start, best.end, "duration:" + "+".join(sorted(best.cues)))
    return Duration(value, prose.text[best.start : best.end], phase)


def _best(lengths: list[Length]) -> Length | None:
    """Take the best length; where there are only moments of measuring, the latest of them."""
    best = max(lengths, key=lambda x: (x.rank, -x.start), default=None)
    if best is None or best.cues - MOMENTS:
        return best
    return max((x for x in lengths if not x.cues - MOMENTS), key=lambda x: (x.days, -x.start))


def _phase(length: Length, design: str | None) -> str:
    if "years" in length.cues:
        return "observation"
    if "follow_up" in length.cues or design in ("cohort", "case_series", "case_control"):
        return "follow_up"
    return "treatment"


def explain(text: str, parts: Sequence[Span], spun: bool = False) -> list[Length]:
    """List the lengths of time of a mention, each with its cues and its score."""
    out: list[Length] = []
    low = lowered(text)
    for index, part in enumerate(parts):
        sentence = low[part.start : part.end]
        if any(unit in sentence for unit in _GATE):
            out += _in_sentence(text, low, part, index, spun)
        if "19" in sentence or "20" in sentence:
            out += _periods(text, low, part, index)
        if "birth" in sentence or " age" in sentence or "turned" in sentence:
            out += _grew_up(text, low, part, index)
        out += _stopped(text, low, part, out)
    return out


def _in_sentence(text: str, low: str, part: Span, index: int, spun: bool) -> Iterator[Length]:
    treated: bool | None = None
    for days, start, end, bare in _lengths(text, low, part):
        if days > LONGEST:
            continue
        cues = _read_cues(low, part, start, end)
        if days < HOURS:
            cues.add("hours")
        if bare and not cues & (BARE_DAY if days <= 1 else BARE):
            if not spun or days <= 1:
                continue
            cues.add("bare")  # "they walked que a year": the "for" is lost
        if treated is None:
            treated = _TREATED.search(low, part.start, part.end) is not None
        yield Length(days, start, end, frozenset(cues), _score(cues) + TREATED * treated, SENTENCE_COST * index)


def _read_cues(low: str, part: Span, start: int, end: int) -> set[str]:
    before = low[max(part.start, start - 100) : start]
    after = low[end : min(part.end, end + 110)]
    cues = _CUES.read(before, after)
    if "follow_up" in cues and "for" in cues:  # "followed men who had had a heart attack for seven years"
        cues.discard("side")
    if {"over", "later"} <= cues:  # "during the two weeks after it"
        cues.discard("over")
    if "of_thing" in cues:
        cues.discard("of_thing")
        if not before or _CLAUSE_START.search(before):  # "Eight weeks of it did nothing"
            cues.add("apart")
    if _APART_BEFORE.search(before) and _APART_AFTER.match(after):
        cues.add("apart")
    if _ADJECTIVE.search(low, start, end) and not cues & {"side", "age", "follow_up"}:  # "a 26-week, open-label trial"
        cues.add("adjective")
    return cues


def _score(cues: set[str]) -> float:
    good = sorted((SCORES[c] for c in cues if SCORES[c] > 0), reverse=True)
    return (good[0] + AGAIN * (len(good) - 1) if good else 0.0) + sum(SCORES[c] for c in cues if SCORES[c] < 0)


def _lengths(text: str, low: str, part: Span) -> Iterator[tuple[float, int, int, bool]]:
    """Yield (days, start, end, whether it has no number) for every "12 weeks", "six-month", "half a year", "a week"."""
    taken = []
    for number in find_numbers(text, part.start, part.end):
        unit = _UNIT.match(low, number.end, part.end)
        if unit is None or number.kind in ("percent", "ordinal", "code", "named"):
            continue
        taken.append((number.start, unit.end()))
        yield _days(number, unit.group(1)), number.start, unit.end(), False
    for number in find_numbers(text, part.start, part.end):
        if number.kind == "named" and (unit := _UNIT_BEFORE.search(low, max(part.start, number.start - 8), number.start)):
            yield _days(number, unit.group(1)), number.start - len(unit.group(0)), number.end, False
    for m in _ARTICLE.finditer(low, part.start, part.end):
        if any(m.start() < e and s < m.end() for s, e in taken):
            continue
        unit_name = m.group("unit")
        amount = (0.5 if m.group("half") else 1.0) + (0.5 if m.group("more") else 0.0)
        yield amount * _TIMES.get(unit_name, 1) * DAYS[_UNITS[unit_name]], m.start(), m.end(), True


def _days(number: Number, unit: str) -> float:
    name = unit
    return (number.high or number.value) * _TIMES.get(name, 1) * DAYS[_UNITS[name]]


def _stopped(text: str, low: str, part: Span, before: list[Length]) -> list[Length]:
    """Read "meant to run for seven years. It was over after five and a half": the unit stands with the plan."""
    planned = [x for x in before if "planned" in x.cues]
    if not planned:
        return []
    unit = _UNIT_WORD.search(low, planned[-1].start, planned[-1].end)
    if unit is None:
        return []
    for number in find_numbers(text, max(part.start, planned[-1].end), part.end):
        if _AFTER.search(low, part.start, number.start) and _STOP_AFTER.match(low, number.end):
            return [Length(_days(number, unit.group(1)), number.start, number.end, frozenset({"after", "stopped"}), 4.0, 0.0)]
    return []


def _grew_up(text: str, low: str, part: Span, index: int) -> Iterator[Length]:
    """Yield the years that children were followed: "from birth to age five", "from the age of 4 until 11"."""
    if not _WATCHED.search(low, part.start, part.end):
        return
    for m in _FROM_BIRTH.finditer(low, part.start, part.end):
        group = "age" if m.group("age") else "birthday"
        years = _age(text, *m.span(group))
        if years and _AGED.search(low, m.start(), min(part.end, m.end() + 14)):
            yield Length(years * DAYS["year"], m.start(), m.end(), frozenset({"years"}), 4.0, SENTENCE_COST * index)
    for m in _AGE_TO_AGE.finditer(low, part.start, part.end):
        years = _age(text, *m.span("last")) - _age(text, *m.span("first"))
        if _age(text, *m.span("first")) and years > 0:
            yield Length(years * DAYS["year"], m.start(), m.end(), frozenset({"years"}), 3.0, SENTENCE_COST * index)


def _age(text: str, start: int, end: int) -> float:
    """Read "five", "5", "fifth" or "5th"; 0 for any other word."""
    word = text[start:end].lower()
    if word in _ORDINALS:
        return float(_ORDINALS.index(word) + 1)
    number = next(iter(find_numbers(text, start, end)), None)
    return number.value if number else 0.0


def _periods(text: str, low: str, part: Span, index: int) -> Iterator[Length]:
    """Yield "between 1998 and 2006" and "from 1995 to 2008" where people were watched over that time."""
    for m in _AGAIN.finditer(low, part.start, part.end):
        days = (int(m.group(2)) - int(m.group(1))) * DAYS["year"]
        if 0 < days <= LONGEST:
            yield Length(days, m.start(1), m.end(2), frozenset({"years"}), 2.0, SENTENCE_COST * index)
    for m in _BEGAN_ENDED.finditer(low, part.start, part.end):
        days = (int(m.group(2)) - int(m.group(1))) * DAYS["year"]
        yield Length(days, m.start(1), m.end(2), frozenset({"years"}), 2.0, SENTENCE_COST * index)
    for m in _ALL_THE_WAY.finditer(low, part.start, part.end):
        if _WATCHED.search(low, part.start, part.end) and not _TAKEN_IN.search(low, max(part.start, m.start() - 90), m.start()):
            days = (int(m.group(2)) - int(m.group(1))) * DAYS["year"]
            yield Length(days, m.start(1), m.end(2), frozenset({"years"}), 2.0, SENTENCE_COST * index)
    for number in find_numbers(text, part.start, part.end):
        if number.high is None or number.value not in _YEARS or number.high not in _YEARS or number.kind != "digits":
            continue
        before = low[max(part.start, number.start - 90) : number.start]
        if not _WATCHED.search(low, part.start, part.end) or _TAKEN_IN.search(before):
            continue
        days = (number.high - number.value) * DAYS["year"]
        yield Length(days, number.start, number.end, frozenset({"years"}), 2.0, SENTENCE_COST * index)
