"""How long the study lasted: the treatment, else the follow-up or the observation.

Every length of time in a mention is a candidate. The words in front of it and behind it say whether it is the length of
the study (for, over, "12-week trial", "followed for"), a moment of measuring (after, at, later) or something else
(an age, a frequency, a washout, a survival time). The best one is taken; a range gives its upper end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.extract.choosing import Chooser, Reading, steps, words_around
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


MOST_LENGTHS = 60
"""Lengths of one mention that are weighed: no study's sentences hold as many, and each is weighed beside all others."""
SURE = 4.0
"""The only length of a mention is taken without a choice when its score is as high."""
LOOSE = frozenset({"loose"})
"""Lengths that only the learned choice takes."""
KINDS = (
    "age", "often", "past", "side", "recruiting", "planned", "threshold", "follow_up", "for", "over", "study_of", "of_treatment", "years", "later",
    "after", "at", "in",
)  # fmt: skip
"""Cues in the order in which they say what a length is."""


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
    sentence: int = 0

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
    r"\b(?:(?P<half>half an?\s|half-)|(?:a|an|the|another|each|one)\s(?:(?:full|whole|single|further|short|long|solid|school|academic|calendar) )?"
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
_WATCHED = re.compile(r"\b(?:follow\w*|track\w*|watched|monitor\w*|observ\w*|kept|studied|records?|registry|cohort|collected|examined|analy[sz]ed|looked)\b")
_TAKEN_IN = re.compile(r"\b(?:recruit\w*|enrol\w*|born|published|diagnosed|admitted|searched|trials|articles|papers|randomi\w*|conducted|underwent|treated)\b")


_LOOSE = re.compile(
    rf"\b(?P<nth>{'|'.join(_ORDINALS)})\s(?P<unit>day|night|week|fortnight|month|year|decade)\b(?!\s(?:of (?:life|age|pregnancy)|students?|pupils?|children))"
    rf"|\b(?P<birthday>{'|'.join(_ORDINALS)})\sbirthdays?\b"
    r"|\b(?:an?\s)?(?P<share>quarter|third|three quarters|two thirds) of a year\b"
    r"|\b(?P<span>half a century|a quarter of a century|a quarter[- ]century|a century|a weekend|an afternoon|overnight)\b"
)
_SHARES = {"quarter": 0.25, "third": 1 / 3, "three quarters": 0.75, "two thirds": 2 / 3}
_SPANS = {
    "half a century": 50 * DAYS["year"], "a quarter of a century": 25 * DAYS["year"], "a quarter-century": 25 * DAYS["year"],
    "a quarter century": 25 * DAYS["year"], "a century": 100 * DAYS["year"], "a weekend": 2.0, "an afternoon": 1.0, "overnight": 1.0,
}  # fmt: skip
_LOOSE_GATE = (
    "birthday", " of a year", "century", "weekend", "an afternoon", "overnight",
    *(f"{ending} {unit}" for ending in ("th", "rst", "ond", "rd") for unit in ("day", "night", "week", "fortnight", "month", "year", "decade")),
)  # fmt: skip
_ELLIPTIC = re.compile(r"\b(?:after|at|for|by|until|within|in|another|other) (?:just |only |about )?$")
_CLAUSE_START = re.compile(r"(?:^|[,:;.–—(])\s*(?:but |and |yet |just |after |about )*$")
_ADJECTIVE = re.compile(r"(?<!\bone)(?<!\ba)(?<!\b1)(?:[-‑–]\s?|\d\s)(?:day|night|week|month|year)$")
_APART_BEFORE = re.compile(r"(?:^|[,(:;–—])\s*(?:about |nearly |almost |over |only |just |in |up to )*$")
_APART_AFTER = re.compile(r"(?:\s(?:in all|in total|all told|altogether))?\s*(?:[,.);:–—]|$)")
_STOP_AFTER = re.compile(r"\s*(?:[,.);:–—]|$)|\s(?:because|when|owing|due|for|as|since)\b")
_UNIT_BEFORE = re.compile(r"\b(day|week|month|year)s?\s$")
_UNIT_WORD = re.compile(r"(day|week|month|year)s?\b")
_AFTER = re.compile(r"\bafter (?:only |just |about )*$")


_CUES = Cues(lexicon.load(Path(__file__).with_name("duration.toml"), ROLES))
CHOOSER = Chooser.load(Path(__file__).with_name("values_model.json"), "duration_days")


def read_duration(prose: Prose, mention: Mention, design: str | None = None) -> Duration | None:
    """Read how long the study of a mention lasted, or None where the text does not say.

    :param design: the design already read; designs without a duration give None.
    """
    spun = prose.article.spun >= SPUN
    learned = not (prose.is_abstract or mention.plural)
    if design in NO_DURATION and not learned:
        return None
    lengths = explain(prose.text, mention.parts, spun, learned)[:MOST_LENGTHS]
    passed_over = LOOSE if spun else LOOSE | {"bare"}
    best = None if design in NO_DURATION else _by_rules([x for x in lengths if not x.cues & passed_over], design, spun)
    if learned and lengths and not (best and len(lengths) == 1 and best.score >= SURE):
        chosen = CHOOSER.choose(_readings(prose.text, mention, lengths, best, design, spun), _none_features(lengths, best, design))
        best = chosen.value if chosen else None
    if best is None:
        return None
    value = Value(round(best.days, 2), best.start, best.end, "duration:" + "+".join(sorted(best.cues)))
    return Duration(value, prose.text[best.start : best.end], _phase(best, design))


def _by_rules(lengths: list[Length], design: str | None, spun: bool) -> Length | None:
    """Take the length that the scores of the cues speak for."""
    if design == "meta_analysis":  # only where one length holds for all: "taking it for 90 days"
        lengths = [x for x in lengths if "for" in x.cues and x.days <= LONGEST_OF_ALL]
        if len({x.days for x in lengths}) > 1:
            return None
    threshold = THRESHOLD_SPUN if spun else THRESHOLD
    return _best([x for x in lengths if x.score >= threshold])


def _readings(text: str, mention: Mention, lengths: Sequence[Length], rules: Length | None, design: str | None, spun: bool) -> list[Reading[Length]]:
    """List the lengths with the features that the learned choice weighs."""
    low = lowered(text)
    longest, shortest = max(x.days for x in lengths), min(x.days for x in lengths)
    most = max(x.rank for x in lengths)
    told = {}
    for k in {x.sentence for x in lengths}:
        inside = low[mention.parts[k].start : mention.parts[k].end]
        told[k] = _TREATED.search(inside) is not None, _WATCHED.search(inside) is not None
    out = []
    for n, x in enumerate(sorted(lengths, key=lambda x: x.start)):
        part = mention.parts[x.sentence]
        cues = sorted(x.cues)
        kind = next((c for c in KINDS if c in x.cues), "plain")
        features = [*cues, f"kind:{kind}", f"cues:{'+'.join(cues)}", *steps("score", x.score)]
        features += [f"design:{design}&{kind}", f"sentence:{min(x.sentence, 3)}", f"nth:{min(n, 4)}", f"sentence:{min(x.sentence, 3)}&{kind}"]
        features.append(f"days:{int(math.log(x.days + 0.01, 2))}")
        features.append(f"design:{design}&{int(math.log(x.days + 0.01, 4))}")
        features.append(f"unit:{low[x.end - 4 : x.end].strip()}")
        if len(lengths) > 1:
            features += [*(["longest"] if x.days == longest else []), *(["shortest"] if x.days == shortest else [])]
            features += [*(["best_rank"] if x.rank == most else []), *(["again"] if sum(y.days == x.days for y in lengths) > 1 else [])]
            features += [f"beside:{kind}&{c}" for y in lengths if y is not x for c in sorted(y.cues)]
        else:
            features.append("only")
        if spun:
            features.append(f"spun&{kind}")
        if rules is not None and rules.days == x.days:
            features += ["rules", f"rules&{kind}"]
        treated, watched = told[x.sentence]
        if treated:
            features.append(f"treated&{kind}")
        if watched:
            features.append(f"watched&{kind}")
        for f in words_around(low, x.start, x.end, part.start, part.end):
            features.append(f)
            if f[1:3] == "1:":
                features.append(f"{f}&{low[x.end - 4 : x.end].strip()}")
        out.append(Reading(x, x.days, tuple(features)))
    return out


def _none_features(lengths: Sequence[Length], rules: Length | None, design: str | None) -> list[str]:
    """Say what speaks for a mention without a duration."""
    most = max((x.rank for x in lengths), default=-9.0)
    features = ["none", f"none:design:{design}", f"none:n:{min(len(lengths), 4)}", *steps("none:best", most)]
    return [*features, "none:rules"] if rules is None else features


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


def explain(text: str, parts: Sequence[Span], spun: bool = False, wide: bool = False) -> list[Length]:
    """List the lengths of time of a mention, each with its cues and its score.

    :param wide: with those that no rule would take (``bare``, ``loose``).
    """
    out: list[Length] = []
    low = lowered(text)
    for index, part in enumerate(parts):
        sentence = low[part.start : part.end]
        found: list[Length] = []
        if any(unit in sentence for unit in _GATE):
            found += _in_sentence(text, low, part, index, spun or wide)
        if "19" in sentence or "20" in sentence:
            found += _periods(text, low, part, index, wide)
        if "birth" in sentence or " age" in sentence or "turned" in sentence:
            found += _grew_up(text, low, part, index)
        found += _stopped(text, low, part, out + found)
        if wide:
            found += _loose(text, low, part, index, out + found)
        out += [replace(x, sentence=index) for x in found]
    return out


def _loose(text: str, low: str, part: Span, index: int, before: Sequence[Length]) -> Iterator[Length]:
    """Yield "by the eighth week", "until the first birthday", "a quarter of a year", and "after four" where weeks were named before."""
    sentence = low[part.start : part.end]
    for m in _LOOSE.finditer(low, part.start, part.end) if any(x in sentence for x in _LOOSE_GATE) else ():
        if m.group("unit"):
            days = (_ORDINALS.index(m.group("nth")) + 1) * _TIMES.get(m.group("unit"), 1) * DAYS[_UNITS[m.group("unit")]]
            cue = "nth"
        elif m.group("birthday"):
            days, cue = (_ORDINALS.index(m.group("birthday")) + 1) * DAYS["year"], "birthday"
        elif m.group("share"):
            days, cue = _SHARES[m.group("share")] * DAYS["year"], "share"
        else:
            days, cue = _SPANS[m.group("span")], "span"
        cues = frozenset(_read_cues(low, part, m.start(), m.end()) | {"loose", cue})
        yield Length(days, m.start(), m.end(), cues, 0.0, SENTENCE_COST * index)
    unit = next((u for x in reversed(before) if (u := _UNIT_WORD.search(low, x.start, x.end))), None)
    if unit is None:
        return
    for number in find_numbers(text, part.start, part.end):
        near = low[max(part.start, number.start - 12) : number.start]
        if number.value < 100 and number.kind in ("words", "digits") and _ELLIPTIC.search(near) and _STOP_AFTER.match(low, number.end):
            yield Length(_days(number, unit.group(1)), number.start, number.end, frozenset({"loose", "elliptic"}), 0.0, SENTENCE_COST * index)


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


def _periods(text: str, low: str, part: Span, index: int, wide: bool) -> Iterator[Length]:
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
        if number.kind != "digits" or number.high is None or not _YEARS.start <= number.value < number.high < _YEARS.stop:
            continue
        before = low[max(part.start, number.start - 90) : number.start]
        taken_in = _TAKEN_IN.search(before) is not None
        loose = taken_in or not _WATCHED.search(low, part.start, part.end)
        if loose and not wide:
            continue
        days = (number.high - number.value) * DAYS["year"]
        cues = {"years", *(["loose"] if loose else []), *(["taken_in"] if taken_in else [])}
        yield Length(days, number.start, number.end, frozenset(cues), 0.0 if loose else 2.0, SENTENCE_COST * index)
