"""How many took part: sample size, studies pooled, arms.

Every number of a mention is a candidate. The noun behind it (people, animals, things), the verbs around it and its place
in the sentence are its cues; their weights give it a score. Then one total is resolved: enrolled or randomised first,
patients and controls added, arms added where no total is printed, completers where nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.extract.pooled import read_pooled
from ingest.records import Mention, Span, Value
from ingest.text import lexicon
from ingest.text.numbers import Number, find_numbers
from ingest.text.participants import ANIMAL, HUMAN, Head, head_after
from ingest.text.prose import Prose

ROLES = (
    "rate",
    "age",
    "population",
    "subgroup",
    "screened",
    "lost",
    "completed",
    "total",
    "enrolled",
    "sample",
    "observed",
    "event",
    "arm",
    "plan",
    "definite",
    "denominator",
    "in",
    "did",
    "other",
)
NOUNS = {"human": 4.0, "animal": 4.0, "person_like": 2.5, "partitive": 1.0, "none": 0.0, "arm": -3.0}
"""What the noun behind a number adds to its score."""
FOR = {"total": 5.0, "enrolled": 5.0, "sample": 4.5, "observed": 2.0, "whole": 2.0, "in": 1.5, "section": 3.0, "did": 2.5}
"""Cues of a total: the strongest counts in full, a further one adds `AGAIN`."""
AGAIN = 1.0
OTHER = {
    "labelled": 4.0,
    "labelled_people": 2.0,
    "subject": 1.0,
    "screened": -4.5,
    "subgroup": -5.0,
    "event": -2.5,
    "lost": -9.0,
    "arm": -2.0,
    "bracket": -3.0,
    "population": -8.0,
    "plan": -4.0,
    "other": -2.0,
    "agents": -2.0,
    "those": 1.5,
    "definite": -2.0,
    "denominator": -2.5,
    "tiny": -0.5,
    "share": -4.0,
    "stray": -4.0,
    "name": -6.0,
}
"""What the other cues add."""
THRESHOLD = 3.0
SENTENCE_COST = {True: 0.1, False: 0.3}
"""What every sentence in front of a number costs it, in an abstract and in a lay mention."""


@dataclass(frozen=True, slots=True)
class Size:
    """What was read of a study's size."""

    sample_size: Value[int] | None = None
    studies_pooled: Value[int] | None = None
    arms: tuple[Value[int], ...] = ()


@dataclass(slots=True)
class Candidate:
    """A number that may count participants, with its cues."""

    number: Number
    head: Head
    sentence: int
    start: int  # of the sentence
    end: int
    cues: set[str] = field(default_factory=set)
    score: float = 0.0
    cost: float = 0.0

    @property
    def rank(self) -> float:
        """The score less what the sentences in front of it cost."""
        return self.score - self.cost

    @property
    def value(self) -> int:
        """The number as an integer."""
        return int(self.number.value)


_CUES = lexicon.load(Path(__file__).with_name("size.toml"), ROLES)


def _joined(where: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows: dict[str, list[str]] = {}
    for term in _CUES:
        if term.extra.get("where") == where:
            rows.setdefault(term.value, []).append(f"(?:{term.pattern.pattern})")
    return tuple((role, re.compile("|".join(patterns))) for role, patterns in rows.items())


_NEAR, _BEFORE, _AFTER = _joined("near"), _joined("before"), _joined("after")
_CLAUSE = re.compile(r"[.;:?!]\s|\n|[—–]\s")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = range(1850, 2036)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|from|to|of|and|between|during|early|late|mid|after|before|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|\(|,)\.?,?\s?\(?$"
)
_IN_YEAR = re.compile(rf"\b(?:in|since|by|until|during|early|late|{_MONTH})\s(?:the\s)?$")
_SECTION = re.compile(r"\b(?:participants?|patients?|subjects?|sample|animals|population|patients and methods|setting and participants)\s?:\s*$", re.I)
_OPEN = re.compile(r"[(\[][^()\[\]]*$")
_OF = re.compile(r"(?:^|[^a-z])(?:of|among)\s(?:the |our |these |those |an? |all )?(?:\w+ )?$")
_SHARE = re.compile(r"^\s?(?:of|out of|in|/)\s?(?:the\s|every\s)?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty)")


def read_size(prose: Prose, mention: Mention, design: str | None = None) -> Size:
    """Read how many took part in the study of a mention.

    :param design: the design already read; a case report without a number is one patient, reviews pool studies.
    """
    text, parts = prose.text, mention.parts
    pooled = read_pooled(text, parts, design)
    candidates = [c for c in explain(text, parts, prose.is_abstract) if pooled is None or c.number.start != pooled.start]
    return Size(_total(text, candidates) or _one_person(text, parts, design), pooled, ())


def explain(text: str, parts: Sequence[Span], abstract: bool = False) -> list[Candidate]:
    """List the numbers that may count participants, each with its cues and its score."""
    candidates = _candidates(text, parts)
    previous = -1
    for c in candidates:
        _judge(text, c, previous == c.sentence)
        c.cost = SENTENCE_COST[abstract] * c.sentence
        previous = c.sentence
    return candidates


def _candidates(text: str, parts: Sequence[Span]) -> list[Candidate]:
    out = []
    for index, part in enumerate(parts):
        for number in find_numbers(text, part.start, part.end):
            if not number.is_count or number.high is not None:
                continue
            head = head_after(text, number.end, part.end)
            if head.kind == "none" and not number.labelled:
                head = _acronym(text, number.end, part.end) or head
            if head.kind == "thing" or (number.value == 1 and head.kind not in ("human",)):
                continue
            if _is_year(text, number, head) or _is_date(text, number, head):
                continue
            if number.labelled and _counts_things(text, part.start, number.start):
                continue
            out.append(Candidate(number, head, index, part.start, part.end))
    return out


_ACRONYM = re.compile(r"\s(?:\w+[ -]){0,2}([A-Z][A-Za-z]?[A-Z]+s?)\b")
_DEFINED = re.compile(r"\b(?:" + "|".join(sorted(HUMAN, key=len, reverse=True)) + r")\s?\(([A-Z][A-Za-z]?[A-Z]+s?)\)", re.I)


def _acronym(text: str, offset: int, end: int) -> Head | None:
    """Read "71 BCS" where the text says "breast cancer survivors (BCS)"."""
    m = _ACRONYM.match(text, offset, end)
    if m and any(d.group(1) == m.group(1) for d in _DEFINED.finditer(text)):
        return Head("human", m.group(1).lower(), m.start(1), m.end(1))
    return None


def _is_year(text: str, number: Number, head: Head) -> bool:
    if number.kind != "digits" or number.value not in _YEAR or number.end - number.start != 4:
        return False
    before = text[max(0, number.start - 12) : number.start].lower()
    if head.kind in ("human", "animal") and head.start - number.end < 3:
        return _IN_YEAR.search(before) is not None
    return _YEAR_BEFORE.search(before) is not None or head.kind not in ("human", "animal")


_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s$", re.I)
_MONTH_AFTER = re.compile(rf"\s{_MONTH}\b", re.I)
_LABEL_OF_THINGS = re.compile(
    r"\b(?:cent(?:er|re)s?|multicent(?:er|re)|sites?|hospitals?|clinics?|practices|eyes?|trials?|studies|limbs|samples?|lesions|tumou?rs|breasts|countries)"
    r"[\s,]*[(\[]?\s?[nN]\s?[=:]\s?$",
    re.I,
)


def _is_date(text: str, number: Number, head: Head) -> bool:
    if number.value > 31 or number.kind != "digits":
        return False
    if _MONTH_AFTER.match(text, number.end):
        return True
    return head.kind not in ("human", "animal") and _MONTH_BEFORE.search(text, max(0, number.start - 12), number.start) is not None


def _counts_things(text: str, begin: int, offset: int) -> bool:
    return _LABEL_OF_THINGS.search(text, max(begin, offset - 40), offset) is not None


def _judge(text: str, c: Candidate, follows: bool) -> None:
    begin = c.start
    for m in _CLAUSE.finditer(text, max(c.start, c.number.start - 160), c.number.start):
        begin = m.end()
    begin = max(begin, c.number.start - 110)
    before = text[begin : c.number.start].lower()
    after = text[c.head.end : min(c.end, c.head.end + 120)].lower()
    c.cues.add(c.head.kind)
    if c.number.labelled:
        c.cues.add("labelled")
    for role, pattern in (*_NEAR, *_BEFORE):
        if pattern.search(before):
            c.cues.add(role)
    for role, pattern in _AFTER:
        if pattern.search(after):
            c.cues.add(role)
    if follows and _OPEN.search(text[max(c.start, c.number.start - 120) : c.number.start]) and not c.number.labelled:
        c.cues.add("bracket")
    if _OF.search(before):
        c.cues.add("whole")
    if _SECTION.search(text[max(0, begin - 30) : begin]):
        c.cues.add("section")
    if len(before) < 25:
        c.cues.add("subject")
    if c.value < 4:
        c.cues.add("tiny")
        if c.head.word in _AGENTS:
            c.cues.add("agents")
    if c.head.word == "others":
        c.cues.add("other")
    if c.head.kind == "partitive" and _THOSE.match(text[c.number.end : c.number.end + 60]):
        c.cues.add("those")
    if _TAKEN_IN.search(text[c.number.end : c.head.start].lower()):  # "325 of 334 randomised patients"
        c.cues.add("enrolled")
        c.cues -= {"completed", "event"}
    if _SHARE.match(text[c.number.end : c.number.end + 20].lower()):
        c.cues.add("share")
    if c.number.labelled and _PEOPLE_BEFORE.search(before):
        c.cues.add("labelled_people")
    if c.head.kind == "none" and not c.number.labelled:
        if not _GO_ON.match(text[c.number.end : c.number.end + 20]) and "enrolled" not in c.cues:
            c.cues.add("stray")
        if _NAME.search(text[max(0, c.number.start - 12) : c.number.start]):
            c.cues.add("name")
    c.score = _score(c.cues)


_TAKEN_IN = re.compile(r"\b(?:randomi[sz]ed|enrolled|recruited|included)\b")
_AGENTS = frozenset("doctors physicians clinicians nurses dentists psychologists therapists pharmacists surgeons experts professionals parents".split())
_THOSE = re.compile(r"\sof\s(?:the|our|his|her|its|these|those|their)\s(?:[\w-]+\s){0,3}(?:" + "|".join(sorted(HUMAN, key=len, reverse=True)) + r")\b", re.I)
_PEOPLE_BEFORE = re.compile(
    r"\b(?:" + "|".join(sorted(HUMAN | ANIMAL, key=len, reverse=True)) + r"|[a-z]?[A-Z]{2,}s?)\b[^.;()\[\]]{0,60}[(\[]\s?(?:\w+ )?n\s?[=:]\s?$", re.I
)
_NAME = re.compile(r"[A-Z]{2,}[-\s]$")


def _score(cues: set[str]) -> float:
    total = sum(NOUNS.get(cue, 0.0) + OTHER.get(cue, 0.0) for cue in cues)
    strong = sorted((FOR[cue] for cue in cues if cue in FOR), reverse=True)
    if "completed" in cues:
        return total - 1.0
    if strong:
        total += strong[0] + AGAIN * sum(x > 4 for x in strong[1:])
    return total


_LINK = re.compile(
    r"(?:,|;|/|&|\band|\bversus|\bvs\.?|\bplus|\bwith|\bagainst|\bto|\bwhile|\bwhereas|\bthan|\bor)[\s(]+(?:[^\W\d_][\w-]*\s+){0,4}$", re.I
)
_LINK_BARE = re.compile(
    r"(?:,|;|\(|\band|\bversus|\bvs\.?|\bwhile|\bwhereas|\bagainst|\bwith|\bplus|\bthan|\bor|\bto)\s*(?:(?:in|on) )?(?:the )?(?:remaining |other |another )?$", re.I
)
_BREAKS = re.compile(r"\b(?:including|of whom|of which|of these|among them|completed|withdrew|leaving)\b", re.I)
_GO_ON = re.compile(
    r"^\)?\s*(?:to|on|in|with|without|who|whose|for|received|took|were|was|got|drank|ate|had|did|assigned|allocated|randomi|given|as|from|of|by|under|at|underwent|used)\b|^\)?\s?[,);.]|^\s(?:and|or)\b", re.I
)
_PER_GROUP = re.compile(
    r"^[^.;,]{0,30}?(?:\bin each (?:\w+ )?(?:group|arm|team)|\bper (?:\w+ )?(?:group|arm|team)|\bin (?:both|either) (?:groups|arms)"
    r"|\beach(?=\s*[.,;)]|\s*$)|\bapiece\b|/\s?(?:group|arm)\b)", re.I
)
_EACH_BEFORE = re.compile(r"\b(?:groups|arms|teams|lots|parties|bands)\s(?:each\s)?(?:of|with|containing|comprising|each)\s$|\beach (?:group|arm)[^.;]{0,25}$", re.I)
_GROUPS = re.compile(r"\b(two|three|four|five|six|2|3|4|5|6)\s(?:\w+[\s-]){0,4}(?:groups|arms|teams|lots)\b", re.I)
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_UNLABELLED = re.compile(r"[.;]\s\d+ (?:were|was|patients|women|participants|completed)\b")
_PEOPLE = ("human", "animal", "person_like")
_COMMA = re.compile(r",\s$")
_TAKEN = re.compile(r"\b(?:enrolled|recruited|included|participated|entered|registered)\b|\b(?:randomi[sz]ed|assigned|divided)\s?[,;:(.]|;\s$", re.I)
_PAIR = re.compile(r"\s(?:and|versus|vs\.?|&)\s", re.I)
_NEVER = {"rate", "age", "lost", "population"}
_NOT_IN_SUM = {"rate", "age", "lost", "population", "completed", "screened", "share", "subgroup", "stray", "name", "event"}


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers that are added: the arms of a trial, patients and controls, men and women."""

    members: tuple[Candidate, ...]
    value: int
    score: float
    rule: str


def _sums(text: str, candidates: list[Candidate]) -> list[Sum]:
    out = []
    for index in sorted({c.sentence for c in candidates}):
        inside = [c for c in candidates if c.sentence == index]
        members = [c for c in inside if not _NOT_IN_SUM & c.cues and c.head.kind != "arm" and not {"definite", "tiny"} <= c.cues]
        out += _runs(text, [c for c in members if c.number.labelled], True)
        for bracket in (True, False):
            out += _runs(text, [c for c in members if not c.number.labelled and ("bracket" in c.cues) == bracket], False)
        out += _per_group(text, inside)
    return out


def _runs(text: str, members: list[Candidate], labelled: bool) -> list[Sum]:
    runs: list[list[Candidate]] = []
    for c in members:
        if runs and _linked(text, runs[-1][-1], c, labelled):
            runs[-1].append(c)
        else:
            runs.append([c])
    out = []
    for run in runs:
        run = _without_total(run)
        if len(run) > 1:
            out.append(_added(run, "labelled" if labelled else "listed"))
    return out


def _without_total(run: list[Candidate]) -> list[Candidate]:
    """Drop a printed total from the front of its own parts: "118 patients: 59 to one arm and 59 to the other"."""
    if len(run) < 2:
        return run
    rest = sum(c.value for c in run[1:])
    if len(run) > 2 and run[0].value >= rest * 0.97:
        return run[1:]
    if "total" in run[0].cues and run[0].value >= rest and run[1].head.kind not in _PEOPLE:
        return run[1:]
    return run


def _added(run: list[Candidate], rule: str) -> Sum:
    score = max(c.score + (3.0 if "bracket" in c.cues else 0.0) for c in run) + 0.5
    return Sum(tuple(run), sum(c.value for c in run), score, rule)


def _linked(text: str, first: Candidate, second: Candidate, labelled: bool) -> bool:
    gap = text[first.head.end : second.number.start]
    if labelled:
        return len(gap) < 260 and not _UNLABELLED.search(gap)
    if second.head.kind == "partitive" and first.head.kind in _PEOPLE:  # "309 patients were enrolled and 202 of them"
        return False
    if {"whole", "subject"} <= first.cues and _COMMA.search(gap):  # "of the 379 patients, 375 were"
        return False
    if first.head.kind in _PEOPLE and _TAKEN.search(gap) and (second.head.kind == "none" or second.head.word == first.head.word):
        return False  # "403 patients were enrolled; 201 to …"
    if first.head.kind == "none" and second.head.kind in _PEOPLE and _PAIR.fullmatch(text[first.number.end : second.number.start]):
        return True
    if {"bracket"} <= first.cues & second.cues and len(gap) < 200:
        return True
    if len(gap) > 150 or ("bracket" in first.cues) != ("bracket" in second.cues) or _BREAKS.search(gap):
        return False
    headed = second.head.kind in _PEOPLE
    if not (_LINK if headed else _LINK_BARE).search(gap) or {"total", "plan"} & second.cues:
        return False
    if headed:
        return first.head.kind in _PEOPLE or _GO_ON.match(gap) is not None
    return _GO_ON.match(text[second.number.end : second.number.end + 20]) is not None


def _per_group(text: str, inside: list[Candidate]) -> list[Sum]:
    out = []
    for c in inside:
        before, after = text[max(c.start, c.number.start - 45) : c.number.start], text[c.head.end : min(c.end, c.head.end + 45)]
        if not (_EACH_BEFORE.search(before) or _PER_GROUP.match(after)):
            continue
        groups = list(_GROUPS.finditer(text, max(0, c.number.start - 300), c.number.start))
        count = _COUNT[groups[-1].group(1).lower()] if groups else 2
        out.append(Sum((c,) * count, c.value * count, max(c.score, 3.0) - 1.0 + 0.1, "per_group"))
        c.score = -5.0
    return out


def _total(text: str, candidates: list[Candidate]) -> Value[int] | None:
    singles = [c for c in candidates if not _NEVER & c.cues]
    sums = [s for s in _sums(text, singles) if s.score >= THRESHOLD]
    singles = [c for c in singles if c.score >= THRESHOLD]
    inside = {id(c) for s in sums for c in s.members}
    alone = [c for c in singles if id(c) not in inside]
    single = max(alone, key=lambda c: (c.rank, -c.number.start), default=None)
    added = max(sums, key=lambda s: (s.score - s.members[0].cost, -s.members[0].number.start), default=None)
    if added is not None and (single is None or not _covers(single, added)):
        return Value(added.value, added.members[0].number.start, added.members[-1].number.end, f"size:sum:{added.rule}")
    if single is None:
        return None
    return Value(single.value, single.number.start, single.number.end, "size:" + "+".join(sorted(single.cues)))


def _covers(single: Candidate, added: Sum) -> bool:
    """Whether a printed total wins over a sum: it is as large, or it stands far better."""
    return single.value >= added.value or single.score > added.score + 2.0


_ONE = re.compile(
    r"\b(?:an?|one|the|another|this|his|her)\s(?:[\w'’-]+\s){0,3}?\d{1,3}[- ]years?[- ]old\b|\b(?:man|woman|boy|girl|patient|male|female),? (?:aged |of )?\d{1,3}\b"
    r"|\b(?:single|one) (?:patient|person|man|woman|child|boy|girl|case)\b|\bcase report\b|\bcase of an?\b",
    re.I,
)
_SOMEBODY = re.compile(
    r"\b(?:an?|one|another) (?:[\w'’-]+ ){0,3}?(?:man|woman|boy|girl|patient|person|child|baby|infant|teenager|teacher|nurse|worker|student|farmer"
    r"|runner|mother|father|grandmother|pensioner|lady|gentleman|athlete|driver|smoker|engineer|adult|adolescent|male|female)\b",
    re.I,
)


def _one_person(text: str, parts: Sequence[Span], design: str | None) -> Value[int] | None:
    """A case report is one patient, also where no number says so."""
    if design not in (None, "unspecified", "case_report"):
        return None
    for pattern in (_ONE, _SOMEBODY) if design == "case_report" else (_ONE,):
        for part in parts:
            m = pattern.search(text, part.start, part.end)
            if m:
                return Value(1, m.start(), m.end(), "size:one_person")
    if design == "case_report":
        return Value(1, parts[0].start, parts[0].end, "size:case_report")
    return None
