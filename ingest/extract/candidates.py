"""The numbers of a mention that may count participants, each with its cues and a score.

A candidate's cues come from the noun behind the number, the words of its clause (``size.toml``) and its place. They are
named, their weights stand here, and they end up in the rule that a value is stored with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.records import Span
from ingest.text import lexicon
from ingest.text.context import Cues
from ingest.text.numbers import Number, find_numbers, lowered
from ingest.text.participants import ANIMAL, HUMAN, ONE_PERSON, Head, head_after

NOUNS = {"human": 4.0, "animal": 4.0, "person_like": 2.5, "plural": 0.5, "partitive": 1.0, "none": 0.0, "arm": -3.0}
"""What the noun behind a number adds to its score."""
FOR = {"answered": 6.0, "total": 5.0, "enrolled": 5.0, "sample": 4.5, "section": 3.0, "did": 2.5, "observed": 2.0, "whole": 2.0, "in": 1.5}
"""Cues of a total: the strongest counts in full, a further one above `STRONG` adds `AGAIN`; none counts for completers."""
STRONG = 4.0
AGAIN = 1.0
COMPLETED = -1.0
OTHER = {
    "labelled": 3.0,
    "labelled_people": 2.0,
    "listed_people": 4.0,
    "those": 1.5,
    "subject": 1.0,
    "tiny": -0.5,
    "in_group": -3.0,
    "drawn_from": -2.0,
    "holds": -5.0,
    "definite": -1.0,
    "other": -3.5,
    "agents": -2.0,
    "event": -2.5,
    "denominator": -1.5,
    "bracket": -3.0,
    "plan": -5.0,
    "share": -4.0,
    "stray": -4.0,
    "screened": -4.5,
    "subgroup": -5.0,
    "part": -5.0,
    "including": 0.0,
    "rate_like": 0.0,
    "who": 2.5,
    "second": -3.5,
    "percent_of": 0.0,
    "vague": -1.5,
    "millions": -6.0,
    "name": -6.0,
    "population": -8.0,
    "lost": -9.0,
}
"""What the other cues add."""
SENTENCE_COST = {True: 0.1, False: 0.3}
"""What every sentence in front of a number costs it, in an abstract and in a lay mention."""
MANY = 60
"""A label behind trials counts their participants where it is larger than trials are many."""
COLLEAGUES = 15
"""More colleagues than this did not swallow anything for a friend's experiment."""
TINY_IN_ABSTRACT = 1.0
"""Two or three patients of an abstract are an event more often than its sample."""
MILLION = 1_000_000
"""So many people are a population unless something says that they were studied."""
DROPPED = -9.0
"""The score of a number that is no candidate by the rules."""
OLDEST = 110
SEXES = frozenset({"males", "females", "men", "women", "boys", "girls"})
PEOPLE = ("human", "animal", "person_like")


@dataclass(slots=True)
class Candidate:
    """A number that may count participants."""

    number: Number
    head: Head
    sentence: int
    start: int  # of the sentence
    end: int
    cues: set[str] = field(default_factory=set)
    score: float = 0.0
    cost: float = 0.0
    spun: bool = False

    @property
    def rank(self) -> float:
        """The score less what the sentences in front of it cost."""
        return self.score - self.cost

    @property
    def value(self) -> int:
        """The people counted: a pair is two."""
        return int(self.number.value) * (2 if self.head.word == "pairs" else 1)


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers that are added: the arms of a trial, patients and controls, men and women."""

    members: tuple[Candidate, ...]
    value: int
    score: float
    rule: str

    @property
    def rank(self) -> float:
        """The score less what the sentences in front of it cost."""
        return self.score - self.members[0].cost


_LEXICON = lexicon.load(Path(__file__).with_name("size.toml"), {*FOR, *OTHER, "completed", "rate", "age"})


def _any_of(words: Collection[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda w: (-len(w), w))) + ")"


_CUES = Cues(_LEXICON)
_CLAUSE = re.compile(r"[.;:?!]\s|\n|[—–]\s")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s$", re.I)
_MONTH_AFTER = re.compile(rf",?\s{_MONTH}\b", re.I)
_YEAR = range(1850, 2036)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|of|and|between|during|early|late|mid|after|before|spring|summer|autumn|fall|winter"
    rf"|{_MONTH})|[(,])\.?,?\s?\(?$"
)
_IN_YEAR = re.compile(rf"\b(?:in|since|by|until|during|early|late|{_MONTH})\s(?:the\s)?$")
_ACRONYM = re.compile(r"\s(?:\w+[ -]){0,2}([A-Z][A-Za-z]?[A-Z]+s?)\b")
_LABEL_OF_THINGS = re.compile(
    r"\b(?:each|cent(?:er|re)s?|multicent(?:er|re)|sites?|hospitals?|clinics?|practices|eyes?|trials|studies|limbs|samples?|lesions|tumou?rs"
    r"|breasts|countries|teeth|roots?|specimens|implants|fractures|wounds|ears|knees|households|cells)[\s,]*[(\[]?\s?[nN]\s{0,2}[=:]\s{0,2}$",
    re.I,
)
_SECTION = re.compile(r"\b(?:participants?|patients?|subjects?|sample|animals|population|patients and methods|setting and participants)\s?:\s*$", re.I)
_OF = re.compile(r"(?:^|[^a-z])(?:of|among)\s(?:the |our |these |those |an? |all )?(?:\w+ )?$")
_GROUP_OF = re.compile(r"\b(?:groups?|lots?|teams?|batch|set|family|class|pair|run|series) of $")
_COMPARES = re.compile(r"\bcompar(?:ed|ing) (?:the )?$")
_READERS = re.compile(r" of (?:you|us)\b")  # "312 of you have told me"
_DOZEN_OF = re.compile(r" of(?! (?:the|these|those|them|which|whom|our|his|her|its|their)\b)")  # "a baker's dozen of snorers"
_SHARE = re.compile(r"\s?(?:of|out of|in|/)\s?(?:the\s|every\s)?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty)")
_TAKEN_IN = re.compile(r"\b(?:randomi[sz]ed|enrolled|recruited|included)\b")
AGENTS = frozenset({"doctors", "physicians", "clinicians", "nurses", "dentists", "psychologists", "therapists", "pharmacists", "surgeons", "parents", "gps"})
"""People who care for the participants, unless they are the only ones counted."""
_AND_PATIENTS = re.compile(r"\s(?:and|with|caring for|treating)\b[^.;,]{0,40}\b(?:patients|residents|children|participants)\b", re.I)
_THOSE = re.compile(r"\sof\s(?:the|our|his|her|its|these|those|their)\s(?:[\w-]+\s){0,3}" + _any_of(HUMAN) + r"\b", re.I)
_LABEL = re.compile(r"[(\[]\s?(?:\w+ )?n\s{0,2}[=:]\s{0,2}$")
_LIVING = HUMAN | ANIMAL
_SOMEBODY_OF = re.compile(rf"\b(?:an?|one|this|that|the|her|his)\s(?:[\w'’-]+\s){{0,3}}?{_any_of(ONE_PERSON)}(?: of |, (?:aged )?)$", re.I)  # "a man of 51"
_UNITS = frozenset(
    """year years yr yrs month months week weeks day days hour hours minute minutes min second seconds night nights decade decades
    mg mcg g gram grams kg kilo kilos kilogram kilograms pound pounds lb lbs ounce ounces oz ml litre litres liter liters cm mm m km mile miles metre metres
    meter meters inch inches foot iu kcal calories kilojoules percent percentage point points degrees dollars euros times fold""".split()
)
_STOP = re.compile(r"[.;()\[\]]")
_WORD = re.compile(r"[^\W\d_]+")
_MEASURED = tuple("°ºµ±×*^−")
_TAKEN_NEXT = re.compile(r",?\s(?:were |was )?(?:randomi[sz]ed|enrolled|recruited|agreed|joined|volunteered|took part|participated|signed)\b", re.I)
_OTHERS = re.compile(r"\b(?:others?|more|further|additional)\b")
_CONTROLS = re.compile(r"\b(?:healthy|controls?|matched|unaffected|normal|hcs|unrelated)\b")
_SHARE_BEFORE = re.compile(r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty))\s(?:of|out of)\s(?:the\s)?$")
_ANSWERED = re.compile(r"\s(?:answered|replied)\b")
_NUMERAL = r"(?:\d[\d.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_LIST = re.compile(rf"(?:,\s{_NUMERAL})*,?\s(?:and|or|to)\s{_NUMERAL}(?![\w.])", re.I)
_SECOND_OF_TWO = re.compile(r"(?:[,;]|\band|\bwhile|\bagainst|\bversus)\s(?:another |the other )?$", re.I)
_SECOND_IN_SPUN = re.compile(r"(?:[,;]|\s[a-z'’]{1,6})\s(?:another |other )?$")
_STRONG = re.compile(r"[\s-]strong(?=[,.;:)]|\s(?:and|but|with)\b)")
_MORE = re.compile(r"\s(?:more|others)\b(?! than)")
_CONTROL_GROUP = re.compile(r"\b(?:control|comparison) group (?:consisted of|comprised|included|was|of|had|with) (?:\w+ ){0,2}$")
_ON = re.compile(r"\b(?:on|in|at)\s$")
_FOR = re.compile(r"\b(?:for|after|by|within) (?:about |another )?$", re.I)
_NAME = re.compile(r"[A-Z]{2,}[-\s]$")
SHORT_WORD = re.compile(r"\s[a-z'’]{1,5}\.?\s")
"""What may stand for a function word in a spun text."""
GOES_ON_AS_GROUP = re.compile(
    r"\)?\s*(?:\w+ly\s)?(?:to|on|in|with|without|who|whose|that|received|took|were|was|got|drank|ate|had|did|assigned|allocated|given|underwent|used"
    r"|for|as|the)\b|\)",
    re.I,
)
"""The same for a number that is the second or a later group of a list."""
GOES_ON = re.compile(
    r"\)?\s*(?:\w+ly\s)?(?:to|on|in|with|without|who|whose|that|for|received|took|were|was|got|drank|ate|had|did|assigned|allocated|given|as|the|from|of|by"
    r"|under|at|underwent|used)\b|\)?\s?[,);.]|\s(?:and|or)\b",
    re.I,
)
"""What follows a number that stands for people without naming them: "16 to placebo", "42 were given"."""


def find_candidates(text: str, parts: Sequence[Span], abstract: bool = False, spun: bool = False, loose: list[Candidate] | None = None) -> list[Candidate]:
    """List the numbers in the parts of a text that may count participants, each with its cues and its score.

    In a spun text a short word may stand for any function word, so that less is asked of the words around a number.

    :param loose: gets the numbers that no rule would look at, though they might count somebody: without cues and score.
    """
    out: list[Candidate] = []
    largest = 0
    for index, part in enumerate(parts):
        follows = False
        for number in find_numbers(text, part.start, part.end):
            if not number.is_count or number.high is not None:
                continue
            candidate = _candidate(text, part, index, number, out[-1] if follows else None, spun)
            if candidate is None and loose is not None:
                loose += _loose(text, part, index, number)
            if candidate is None or (abstract and candidate.head.kind == "plural"):
                continue
            _read_cues(text, candidate, follows)
            if out:
                _read_beside(text, out[-1], candidate, follows, largest)
            if abstract and "tiny" in candidate.cues:
                candidate.score -= TINY_IN_ABSTRACT
            candidate.cost = SENTENCE_COST[abstract] * index
            out.append(candidate)
            follows = True
            if candidate.head.kind in PEOPLE:
                largest = max(largest, candidate.value)
    with_patients = {c.sentence for c in out if c.head.word == "patients"}
    for c in out:
        if c.head.word in AGENTS and c.sentence in with_patients:
            c.cues.add("agents")
            c.score = _score(c.cues)
    return out


def _read_beside(text: str, previous: Candidate, c: Candidate, follows: bool, largest: int) -> None:
    """Add what the numbers in front of a number say of it."""
    before = len(c.cues)
    if follows and _is_sex_of(text, previous, c):
        c.cues.add("part")
    if {"bracketed", "including"} & c.cues and largest > c.value:
        c.cues.add("part" if "including" in c.cues else "bracket")
    if {"subgroup", "enrolled"} <= c.cues and "screened" in previous.cues:  # "900 were asked, of whom 412 agreed"
        c.cues.discard("subgroup")
        before = 0
    if len(c.cues) != before:
        c.score = _score(c.cues)


def _is_sex_of(text: str, whole: Candidate, part: Candidate) -> bool:
    """Whether the second number is the women or men of the first: "36 patients, 21 females, were randomized"."""
    sexes = part.head.word in SEXES and whole.head.kind in PEOPLE and whole.head.word not in SEXES
    return sexes and text[whole.head.end : part.number.start] == ", "


def _candidate(text: str, part: Span, index: int, number: Number, previous: Candidate | None, spun: bool) -> Candidate | None:
    head = _head(text, number, part)
    rest = _LIST.match(text, number.end, part.end) if head.kind == "none" else None
    listed = head_after(text, rest.end(), part.end).kind if rest else "none"
    if listed == "thing":  # "one, two and four hours"
        return None
    if head.kind == "none" and not number.labelled:
        head = _acronym(text, number.end, part.end) or head
    if head.kind in ("none", "plural") and (strong := _STRONG.match(text, number.end, part.end)):
        head = Head("human", "strong", strong.start(), strong.end())
    if head.kind in ("none", "plural") and (more := _MORE.match(text, number.end, part.end)):  # "and water to 15,000 more"
        head = Head("person_like", "others", more.start(), more.end())
    cues: set[str] = {"co_listed"} if listed in PEOPLE else set()  # "240, 312 and 96 patients"
    if head.kind == "none" and not cues and not number.labelled and not _may_stand_alone(text, number, part, spun):
        second = _SECOND_IN_SPUN if spun else _SECOND_OF_TWO
        if previous is None or previous.number.value != number.value or not second.search(text, previous.head.end, number.start):
            return None
        cues.add("twin")  # "60 babies sugar water, and 60 plain water"
    if head.kind == "thing" or (number.value == 1 and head.kind != "human") or _READERS.match(text, number.end):
        return None
    if head.word == "colleagues" and (number.value > COLLEAGUES or text[max(0, number.start - 4) : number.start].lower() == "and "):
        return None  # "Lee and 12 colleagues", "400 colleagues signed a letter"
    if text[number.end : number.end + 3].lstrip()[:1] in _MEASURED or text[number.start - 1 : number.start] in _MEASURED:
        return None
    if _is_year(text, number, head) or _is_date(text, number, head):
        return None
    thing = _LABEL_OF_THINGS.search(text, max(part.start, number.start - 40), number.start) if number.labelled else None
    if thing and not (number.value >= MANY and thing.group(0).lower().startswith(("trials", "studies"))):  # "eight trials (n = 1,023)"
        return None
    return Candidate(number, head, index, part.start, part.end, cues, spun=spun)


def _loose(text: str, part: Span, index: int, number: Number) -> list[Candidate]:
    """Take a number that no rule looks at, unless it is a date, a measure or a length of time."""
    head = _head(text, number, part)
    if number.value == 1 or head.word in _UNITS or text[number.end : number.end + 3].lstrip()[:1] in _MEASURED:
        return []
    if text[number.start - 1 : number.start] in _MEASURED or _is_year(text, number, head) or _is_date(text, number, head):
        return []
    return [Candidate(number, head, index, part.start, part.end, {"loose", f"loose_{head.kind}"}, DROPPED)]


def _head(text: str, number: Number, part: Span) -> Head:
    """Find the noun that a number counts; "a baker's dozen of snorers" counts snorers."""
    dozen = _DOZEN_OF.match(text, number.end, part.end) if text[number.start : number.end].lower().endswith("dozen") else None
    return head_after(text, dozen.end() if dozen else number.end, part.end)


def _stands_alone(text: str, number: Number, spun: bool) -> bool:
    """Whether what follows a number without a noun may be said of people: "16 to placebo", "253 randomized"."""
    if GOES_ON.match(text, number.end) or _TAKEN_NEXT.match(text, number.end) or _ANSWERED.match(text, number.end):
        return True
    return spun and SHORT_WORD.match(text, number.end) is not None


def _may_stand_alone(text: str, number: Number, part: Span, spun: bool) -> bool:
    """Whether a number without a noun is worth a look: it stands alone, in a bracket, or as a share ("24 of 51 slept")."""
    before = text[max(part.start, number.start - 90) : number.start]
    return _stands_alone(text, number, spun) or "(" in before or _SHARE_BEFORE.search(before) is not None


def _acronym(text: str, offset: int, end: int) -> Head | None:
    """Read "71 BCS" where the text says "breast cancer survivors (BCS)"."""
    m = _ACRONYM.match(text, offset, end)
    place = text.find(f"({m.group(1)})") if m else -1
    if m is None or place < 0:
        return None
    named = text[max(0, place - 24) : place].split()
    return Head("human", m.group(1).lower(), m.start(1), m.end(1)) if named and named[-1].lower() in HUMAN else None


def _is_year(text: str, number: Number, head: Head) -> bool:
    if number.kind != "digits" or not _YEAR.start <= number.value < _YEAR.stop or number.end - number.start != 4:
        return False
    before = text[max(0, number.start - 12) : number.start].lower()
    if head.kind in ("human", "animal") and head.start - number.end < 3:
        return _IN_YEAR.search(before) is not None
    return head.kind not in ("human", "animal") or _YEAR_BEFORE.search(before) is not None


def _is_date(text: str, number: Number, head: Head) -> bool:
    if number.value > 31 or number.kind != "digits":
        return False
    if _MONTH_AFTER.match(text, number.end):
        return True
    return head.kind not in ("human", "animal") and _MONTH_BEFORE.search(text, max(0, number.start - 12), number.start) is not None


def _read_cues(text: str, c: Candidate, follows: bool) -> None:
    """Fill in the cues and the score; ``follows`` tells that the sentence has an earlier candidate."""
    begin = c.start
    for m in _CLAUSE.finditer(text, max(c.start, c.number.start - 160), c.number.start):
        begin = m.end()
    begin = max(begin, c.number.start - 110)
    low = lowered(text)
    before = low[begin : c.number.start]
    after = low[c.head.end : min(c.end, c.head.end + 120)]
    bracketed = _is_bracketed(text, max(c.start, c.number.start - 160), c.number.start)
    if bracketed:
        after = after.split(")", 1)[0]
    c.cues.add(c.head.kind)
    c.cues |= _CUES.read(before, after)
    if _COMPARES.search(before):  # "compared 257 people who later developed it with 514 who did not"
        c.cues.discard("event")
    _place_cues(c, before)
    if _SECTION.search(text, max(0, begin - 30), begin):
        c.cues.add("section")
    if c.number.labelled:
        c.cues.update(("labelled", "labelled_people") if _names_people(text, begin, c.number.start) else ("labelled",))
    elif bracketed:
        c.cues.update(("bracket", "bracketed") if follows else ("bracketed",))
    _value_cues(c)
    _noun_cues(text, c)
    c.score = _score(c.cues)


def _names_people(text: str, begin: int, end: int) -> bool:
    """Whether the label "(n = 24)" stands behind a word for people, or behind an acronym that may be one."""
    label = _LABEL.search(text[begin:end].lower())
    if label is None:
        return False
    words = _WORD.findall(_STOP.split(text[begin : begin + label.start()])[-1][-60:])
    return any(w.lower() in _LIVING or (len(w) > 1 and w.isupper()) for w in words)


def _last_word(text: str, offset: int) -> str:
    words = text[max(0, offset - 24) : offset].split()
    return words[-1].lower() if words else ""


def _place_cues(c: Candidate, before: str) -> None:
    """Add what the place in the clause says."""
    if _OF.search(before) and not _GROUP_OF.search(before):
        c.cues.add("whole")
    if _CONTROL_GROUP.search(before):
        c.cues.add("controls")
    if len(before) < 25:
        c.cues.add("subject")


def _value_cues(c: Candidate) -> None:
    """Add what the size of the number says of it."""
    if "rate_like" in c.cues and c.value % 10 == 0:  # "six in ten"; "8 hours with 5 in 31 soldiers" is no rate
        c.cues.add("rate")
    if "rate" in c.cues and c.value > 150 and c.value % 50:  # "a low-carb one in 322 people" is no rate
        c.cues.discard("rate")
    if c.value >= MILLION and ("drawn_from" in c.cues or not {"total", "enrolled", "sample", "observed", "did"} & c.cues):
        c.cues.add("millions")
    if c.head.kind in ("person_like", "plural") and c.value < 10:
        c.cues.add("vague" if c.head.kind == "person_like" else "stray")
    if c.value < 4:
        c.cues.add("tiny")


def _is_bracketed(text: str, start: int, end: int) -> bool:
    before = text[start:end]
    return before.count("(") + before.count("[") > before.count(")") + before.count("]")


def _noun_cues(text: str, c: Candidate) -> None:
    """Add what lies between the number and its noun, and what the noun itself says."""
    number = c.number
    if c.head.word in AGENTS and (c.value < 4 or _AND_PATIENTS.match(text, c.head.end, min(c.end, c.head.end + 120))):
        c.cues.add("agents")
    phrase = text[number.end : c.head.end].lower()
    if _OTHERS.search(phrase):
        c.cues.add("other")
    if c.head.word == "others" and _ON.search(text, number.start - 4, number.start):  # "on five nights …; on five others"
        c.cues.add("stray")
    if _CONTROLS.search(phrase):
        c.cues.add("controls")
    if c.head.kind == "partitive" and _THOSE.match(text, number.end):
        c.cues.add("those")
    if _SHARE.match(text[number.end : number.end + 20].lower()):
        c.cues.add("share")
    if _TAKEN_IN.search(text[number.end : c.head.start].lower()):  # "325 of 334 randomised patients"
        c.cues.add("enrolled")
        c.cues -= {"completed", "event"}
    if c.head.kind in ("none", "partitive") and not number.labelled:
        _bare_cues(text, c)
        if c.head.kind == "none" and c.value <= OLDEST and _SOMEBODY_OF.search(text, max(c.start, number.start - 60), number.start):
            c.cues.add("age")


def _bare_cues(text: str, c: Candidate) -> None:
    """Add what the surroundings say of a number that has no noun of its own."""
    number = c.number
    if text[number.start - 1 : number.start] == "(" and _last_word(text, number.start - 1) in _LIVING:  # "patients (41 with asthma …"
        c.cues.add("listed_people")
    elif not {"twin", "co_listed"} & c.cues and not _stands_alone(text, number, c.spun):
        c.cues.add("stray")
    if number.hedge in ("over", "under", "at_least", "up_to") and not {"did", "enrolled"} & c.cues:  # "a pain score over 4"
        c.cues.add("stray")
    if _FOR.search(text, max(0, number.start - 12), number.start):  # "the study went on for ten"
        c.cues.add("stray")
    if _NAME.search(text, max(0, number.start - 12), number.start):
        c.cues.add("name")
    if "definite" in c.cues and text.startswith(" who ", number.end):  # "the 28 who wore the mask"
        c.cues.add("who")


def _score(cues: set[str]) -> float:
    total = sum(NOUNS.get(cue, 0.0) + OTHER.get(cue, 0.0) for cue in cues)
    if "share" in cues:
        return total
    if {"labelled", "event"} <= cues:
        total += OTHER["event"]
    if "completed" in cues:
        return total + COMPLETED
    if "screened" in cues and "total" not in cues:
        return total
    strong = sorted((FOR[cue] for cue in cues if cue in FOR), reverse=True)
    if strong:
        total += strong[0] + AGAIN * sum(x > STRONG for x in strong[1:])
    return total
