"""Every number of a text, once: digits, grouped digits, words, "1.2 million", "a dozen", ranges, percentages, fractions.

>>> [(n.value, n.kind) for n in find_numbers("Of 1,200 women, twenty-six (2.2%) took it for two to three years.")]
[(1200.0, 'grouped'), (26.0, 'words'), (2.2, 'percent'), (2.0, 'words')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

KINDS = ("digits", "grouped", "decimal", "words", "percent", "fraction", "ordinal", "code", "named")
"""What a number is made of. ``code`` is a digit inside a name: B12, omega-3, COVID-19; ``named`` a number that names the
thing in front of it: type 2, week 12, group 1."""


MOST = 1e10
"""More than there are people: a larger number counts none."""
_LONGEST = 24
"""A longer run of digits and marks is no number that a text tells."""


class Number(NamedTuple):
    """A number with its span.

    ``high`` is the upper end where the text gives a range ("three to five"; ``value`` is the lower end and the span
    covers both). ``hedge`` is the word in front that bends it: about, nearly, over, under, up_to, at_least. ``labelled``
    tells that it stands behind ``n =``. Text is not copied: ``text[start:end]`` is the number as printed.
    """

    start: int
    end: int
    value: float
    kind: str
    high: float | None = None
    hedge: str | None = None
    labelled: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it can count things: a whole number above 0 that is neither a share nor part of a name."""
        return self.kind in ("digits", "grouped", "words") and 1 <= self.value <= MOST and self.value.is_integer()


_UNITS = {
    w: float(n)
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10.0 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)} | {"fourty": 40.0}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_PARTS = {
    "half": 0.5,
    "halves": 0.5,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 0.25,
    "quarters": 0.25,
    "fourths": 0.25,
    "fifth": 0.2,
    "fifths": 0.2,
    "tenth": 0.1,
    "tenths": 0.1,
}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

_WORDS = sorted([*_UNITS, *_TENS, *_SCALES, "dozen", "couple"], key=len, reverse=True)
# Every pattern reads the lower-cased text (same length); a scan over all candidates' first letters finds where to look.
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d])|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:[.·]\d+)?|[½¼¾⅓⅔]|(?:" + "|".join(_WORDS) + r")\b")
_CONTINUES = re.compile(r"\sand\s(?:" + "|".join(w for w in _WORDS if w in _UNITS or w in _TENS) + r")\b")
# What stands in front of "hundred", "dozen" and the like: a share or an article belongs to the number, other words only make it one.
_LEAD = re.compile(
    r"(?:(?P<half>half[\s-](?:an?|of an?)\s|an?\shalf[\s-]|half-)|(?P<quarter>(?:an?\s)?quarter\sof\san?\s)"
    r"|(?P<one>\b(?:an?|one|another)[\s-](?:(?:good|full|whole|round|cool|mere|solid|further)\s)?)"
    r"|(?P<other>\b(?:per|every|each|the first|the last|the next|the other|first|next)\s))$"
)
_LONGEST_LEAD = 16
_WORTH_OF_LEAD = {"half": 0.5, "quarter": 0.25, "one": 1.0}
_VAGUE = re.compile(r"\b(?:few|several|many|countless|couple)\s$")
_COUPLE_OF = re.compile(r"\s(?:of\s)?(hundred|thousand|dozen|million)\b")
_TWO_SCORE = re.compile(r"[\s-]score(?:\s(?:of|or so|or more)\b|(?=\s(?!points?\b|was\b|were\b|is\b|for\b|on\b|in\b|at\b)[a-z]))")
_AND_A_HALF = re.compile(r"\s(?:and\s)?a half\b")
_SUFFIX = re.compile(
    r"[\s‐-](?P<scale>hundred|thousand|million|billion|dozen)\b(?!s)|\squarters of an? (?P<quarters>hundred|thousand|million|billion)\b"
    r"|(?P<half>\s?½|\s(?:and\s)?(?:a\shalf|one[- ]half)\b|\s1/2\b)"
    r"|[\s‐-](?P<part>half|halves|thirds?|quarters?|fourths|fifths?|tenths?)\b(?!\sof\s(?:a|an)\b)"
    r"|(?P<percent>\s?(?:%|per\s?cent\b|percentage points?\b)|-per ?cent\b)"
)
_SUFFIX_FIRST = frozenset(" -‐%½p\u00a0\n")
_NO_DIGIT = re.compile(r"\D")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_JOIN = re.compile(r"[-‐‑](?:and[-‐‑])?|\s+(?:and\s+)?|,\s(?=(?:" + "|".join(_UNITS) + r")\shundred\b)")
_RANGE = re.compile(r"\s?[-–—]\s?|\s(?:to|or|through)\s|-to-")
_BETWEEN = re.compile(r"\s(?:and|to)\s")
_YEARS_APART = re.compile(r"\s[\w']{1,6}\s")  # a spun text may have lost the "and" of "between 1998 and 2006"
_LABELLED = re.compile(r"\bns?\s{0,2}(?:=|:|≈|was|were)\s{0,2}$")
_HEDGES = (
    ("nearly", r"nearly|almost|close to|just under|just short of|not quite|some way short of"),
    ("about", r"about|around|approximately|approx\.?|roughly|some|circa|ca\.|c\.|an? estimated|estimated|~|≈|or so"),
    ("over", r"over|more than|above|upwards of|in excess of|greater than|>"),
    ("under", r"under|fewer than|less than|below|<"),
    ("up_to", r"up to|as (?:long|many|much) as|a maximum of|at most|no more than|≤"),
    ("at_least", r"at least|a minimum of|no fewer than|≥"),
)
_HEDGE = re.compile("(?:^|[^a-z])(?:" + "|".join(f"(?P<{k}>{p})" for k, p in _HEDGES) + r")\s?(?:a\s|an\s|the\s)?$")
_HEDGE_ENDS = frozenset(
    """nearly almost to under of quite about around approximately approx roughly some circa ca c estimated so over than above up
    below as most least a an the""".split()
)
_MARKS = frozenset("~≈><≤≥")
_NAMES = frozenset(
    """type types grade grades stage stages phase phases group groups arm day days week weeks month months year table figure fig version
    level levels score scores factor factors chapter page pages part step volume vol visit cycle cycles protocol line lines class
    number no nos room building quartile quintile tertile q version chromosome exon position channel ward formula period experiment""".split()
)
_COUNTERS = frozenset({"a", "an", "one", "two", "three", "four", "five", "six", "each", "every", "per", "another"})
_PART_NAMES = frozenset(("study", "experiment", "trial", "cohort", "pretest", "sample", "site", "case", "session", "condition", "task"))
_TIME = re.compile(r"[\s-](?:hour|day|week|month|year)")
_BLANK = tuple(" \u00a0\n-")
# A letter at once behind a digit makes a name (5xFAD, 3D), unless it is a unit (24h, 5mg, 2nd) or a word that has lost its space.
_RUNS_ON = re.compile(r"(?!(?:h|hr|hrs|d|wk|wks|mo|mos|yr|yrs|y|min|s|mg|g|kg|ml|mm|cm|km|m|l|k|iu|IU|st|nd|rd|th|x)\b)[A-Za-z][A-Z]|[xX][A-Z]|[A-Z]\b")
_LONGEST_GLUE = 9
_NOTE = re.compile(r"(?:[,;–-]\s?\d+)*\]")
_SPACED = re.compile(r"\s\d{3}(?![\d.,]*\d|\s?(?:%|mg|mcg|µg|g\b|kg|ml|iu\b|u\b|percent|per cent|kcal|mm|and \d))")
_PEOPLE_NEXT = re.compile(r"\s(?:\w+\s)?(?:patients|people|women|men|subjects|participants|children|adults|volunteers)\b")


_SHORT_SCALE = re.compile(
    r"([kKmM])\s(?:[^\W\d_]+\s){0,2}?(?:patients|people|women|men|subjects|participants|children|adults|volunteers|persons|users|smokers|drinkers|mothers"
    r"|babies|students|workers|nurses|veterans|americans|britons|residents|respondents|households)\b"
)


def _starts() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word in (*_WORDS, *"0123456789", *_GLYPHS):
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


_STARTS = _starts()


def find_numbers(text: str, start: int = 0, end: int | None = None) -> tuple[Number, ...]:
    """Find the numbers of a text (or of ``text[start:end]``), in reading order; offsets count from the text's start.

    A range gives one number (``high`` holds its upper end); "9 of 30", "1 in 10" and "24 and 26" give two.
    """
    return _find(text, start, len(text) if end is None else end)


@lru_cache(maxsize=512)
def _find(text: str, start: int, stop: int) -> tuple[Number, ...]:
    low = lowered(text)
    out: list[Number] = []
    position = start
    for last, size in _STARTS.iter(low, start, stop):
        begin = last - size + 1
        if begin < position or (size > 1 and _inside_word(low, begin)):
            continue
        m = _TOKEN.match(low, begin, stop)
        number = _read(text, low, m, stop) if m else None
        if number is None:
            continue
        if number.start < position:  # "one half a dozen": the words in front belong to the number before
            number = number._replace(start=begin)
        position = number.end
        if out and number.start - out[-1].end <= _LONGEST_GLUE and (joined := _as_range(low, out[-1], number)):
            out[-1] = joined
        else:
            out.append(number)
    return tuple(_with_context(low, n, start) for n in out)


@lru_cache(maxsize=8)
def lowered(text: str) -> str:
    """Lower a text without changing its length, so that offsets hold ("İ" alone would become two characters)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def number_at(numbers: Sequence[Number], offset: int) -> Number | None:
    """Return the number whose span holds a character, or None."""
    return next((n for n in numbers if n.start <= offset < n.end), None)


def _inside_word(low: str, offset: int) -> bool:
    before = low[offset - 1 : offset]
    return before.isalnum() or before == "_"


def _read(text: str, low: str, m: re.Match[str], stop: int) -> Number | None:
    token = m.group(0)
    if token in _GLYPHS:
        return Number(m.start(), m.end(), _GLYPHS[token], "fraction")
    number = _digits(text, m) if token[0].isdigit() else _words(low, m, stop)
    if number is None or number.kind in ("code", "ordinal"):
        return number
    return _with_suffix(low, number, stop)


def _digits(text: str, m: re.Match[str]) -> Number:
    token, start, end = m.group(0), m.start(), m.end()
    if _is_code(text, token, start, end):
        return Number(start, end, 0.0, "code")
    if text[start - 1 : start] == "." and token.isdigit():  # p = .05
        return Number(start - 1, end, float("0." + token), "decimal")
    if _ORDINAL.match(text, end):
        return Number(start, end + 2, float(_NO_DIGIT.sub("", token)), "ordinal")
    if end - start < 6 and (short := _SHORT_SCALE.match(text, end)):  # "40k adults", "1.2m people"
        return Number(start, short.end(1), round(float(token.replace("·", ".").replace(",", "")) * (1e3 if short.group(1) in "kK" else 1e6), 3), "grouped")
    if token.count(".") == 1 and len(token.partition(".")[2]) == 3 and token[0] != "0" and _PEOPLE_NEXT.match(text, end):  # "1.500 people"
        return Number(start, end, float(token.replace(".", "")), "grouped")
    if "." in token or "·" in token:
        return Number(start, end, float(token.replace("·", ".")), "decimal")
    if not token.isdigit():
        return Number(start, end, float(_NO_DIGIT.sub("", token)), "grouped")
    if len(token) <= 3 and token[0] != "0":
        spaced = end
        while (more := _SPACED.match(text, spaced)) is not None:
            spaced = more.end()
        if spaced > end:
            return Number(start, spaced, float(_NO_DIGIT.sub("", text[start:spaced])), "grouped")
    return Number(start, end, float(token), "digits")


def _is_code(text: str, token: str, start: int, end: int) -> bool:
    """Whether digits are part of a name, a date, a ratio, or the number of a note."""
    before = text[start - 1 : start]
    if _SHORT_SCALE.match(text, end) and not (before.isalpha() or before in "-_."):
        return False
    if before.isalpha() or before == "_" or (before and before in "-‐‑–" and text[start - 2 : start - 1].isalpha()):
        return True
    if len(token) > _LONGEST or (len(token) > 3 and token[0] == "0" and token.isdigit()):
        return True
    if text[end : end + 1].isalpha() and _RUNS_ON.match(text, end):
        return True
    if before == "[" and _NOTE.match(text, end):
        return True
    return bool(before) and before in ".,/:" and _glued(text, start)


def _glued(text: str, start: int) -> bool:
    """Whether a digit hangs on the mark in front of it: "1.2", "5/7", "1:1", "retracted:3"."""
    previous = text[start - 2 : start - 1]
    if text[start - 1] == "/":
        return previous.isdigit() or previous.isupper()
    return previous.isdigit() or (previous.isalpha() and previous not in "nN") or previous in ("%", ")", "”", '"')


_BAKERS = re.compile(r"\b(?:a )?baker['’]?s $")


def _words(low: str, m: re.Match[str], stop: int) -> Number | None:
    """Compose "two thousand three hundred and forty-five", "half a dozen", "a hundred", "twenty six"."""
    last, start, end = m.group(0), m.start(), m.end()
    total, current = 0.0, _worth(last)
    if last == "dozen" and (bakers := _BAKERS.search(low, max(0, start - 10), start)):
        return Number(bakers.start(), end, 13.0, "words")
    if last == "couple":
        return _couple(low, start, end)
    if last in _SCALES or last == "dozen":
        lead = _LEAD.search(low, max(0, start - _LONGEST_LEAD), start)
        if lead is None and (_VAGUE.search(low, max(0, start - 12), start) or (last in _SCALES and not _CONTINUES.match(low, end))):
            return None  # "several hundred", "a few dozen", "millions of"
        if lead and lead.lastgroup in _WORTH_OF_LEAD:
            start = lead.start()
            current *= _WORTH_OF_LEAD[lead.lastgroup]
    while (more := _next_word(low, end, stop)) is not None:
        word, after = more
        if word in _SCALES or word == "dozen":
            current = current * _worth(word) if current else _worth(word)
            if word != "hundred":
                total, current = total + current, 0.0
        elif _fits(last, _worth(word), low[end:after]):
            current += _worth(word)
        else:
            break
        end, last = after, word
    total += current
    if last in _LARGE and (half := _AND_A_HALF.match(low, end, stop)):  # "a dozen and a half"
        return Number(start, half.end(), total + _worth(last) / 2, "words")
    if last in _UNITS and total < 10 and (score := _TWO_SCORE.match(low, end, stop)):
        return Number(start, score.end(), 20 * total, "words")
    return Number(start, end, total, "words")


def _couple(low: str, start: int, end: int) -> Number | None:
    """Read "a couple of", "a couple of hundred"; two who are married are a couple of nothing."""
    lead = _LEAD.search(low, max(0, start - _LONGEST_LEAD), start)
    if lead is None or lead.lastgroup != "one":
        return None
    if many := _COUPLE_OF.match(low, end):
        return Number(lead.start(), many.end(), 2 * _worth(many.group(1)), "words")
    return Number(lead.start(), end, 2.0, "words") if low[end : end + 4] == " of " else None


_LARGE = frozenset(("dozen", *_SCALES))
_WORTH = {**_UNITS, **_TENS, **_SCALES, "dozen": 12.0, "couple": 2.0}


def _worth(word: str) -> float:
    return _WORTH[word]


def _fits(last: str, value: float, glue: str) -> bool:
    """Whether a word may add to the one before: forty + five, hundred + forty; "twenty and five" stay two."""
    if last in _TENS:
        return 0 < value < 10 and "and" not in glue
    return last in _SCALES and 0 < value < 100


def _next_word(low: str, end: int, stop: int) -> tuple[str, int] | None:
    glue = _JOIN.match(low, end, stop)
    m = _TOKEN.match(low, glue.end(), stop) if glue else None
    if m is None or m.group(0) not in _WORTH or m.group(0) == "couple":
        return None
    return m.group(0), m.end()


def _with_suffix(low: str, number: Number, stop: int) -> Number:
    """Add scale ("1.2 million"), "and a half", share ("two thirds"), percent."""
    while low[number.end : number.end + 1] in _SUFFIX_FIRST and (m := _SUFFIX.match(low, number.end, stop)):
        kind = m.lastgroup
        if kind == "quarters" and number.value < 4:
            return number._replace(end=m.end(), value=number.value / 4 * _worth(m.group("quarters")), kind="words")
        if kind == "scale" and number.kind != "words":
            number = number._replace(end=m.end(), value=round(number.value * _worth(m.group("scale")), 6), kind="grouped")
        elif kind == "half":
            number = number._replace(end=m.end(), value=number.value + 0.5, kind="decimal")
        elif kind == "percent":
            return number._replace(end=m.end(), kind="percent")
        elif kind == "part" and number.value < 10 and (number.value == 1 or m.group("part").endswith("s")):
            return number._replace(end=m.end(), value=number.value * _PARTS[m.group("part")], kind="fraction")
        else:
            break
    return number


def _as_range(low: str, first: Number, second: Number) -> Number | None:
    """Join "three to five", "9-14", "between 1998 and 2006"; a falling pair ("50 to 40") stays two numbers."""
    if first.high is not None or "code" in (first.kind, second.kind) or "ordinal" in (first.kind, second.kind):
        return None
    if first.value >= second.value or (first.kind == "percent") > (second.kind == "percent"):
        return None
    glue = low[first.end : second.start]
    if _RANGE.fullmatch(glue) is None:
        if not (_BETWEEN.fullmatch(glue) or (_YEARS_APART.fullmatch(glue) and first.value > 1000)):
            return None
        if low[max(0, first.start - 8) : first.start] != "between ":
            return None
    kind = second.kind if second.kind in ("percent", "fraction") else first.kind
    return Number(first.start, second.end, first.value, kind, high=second.value)


def _with_context(low: str, number: Number, begin: int) -> Number:
    """Add what the words in front say: a name ("week 12"), a label ("n ="), a hedge ("nearly")."""
    before = low[max(begin, number.start - 24) : number.start]
    words = before.split() if before[-1:] in _BLANK else ()
    word = words[-1].rstrip(".") if words else ""
    counted = len(words) > 1 and (words[-2] in _COUNTERS or words[-2].isdigit())  # "for one week 39 nurses"
    if number.kind in ("digits", "decimal", "words") and number.value < 1000 and not counted and _names(low, number, word):
        return number._replace(kind="named")
    mark = before.rstrip()[-1:] if before else ""
    if word in ("was", "were") or mark in ("=", ":", "≈"):
        if _LABELLED.search(before):
            return number._replace(labelled=True)
    elif word not in _HEDGE_ENDS and mark not in _MARKS:
        return number
    hedge = _HEDGE.search(before)
    return number._replace(hedge=hedge.lastgroup) if hedge else number


def _names(low: str, number: Number, word: str) -> bool:
    """Whether the word in front makes the number a name, and no phrase of its own begins ("in two groups 40 women")."""
    part = word in _PART_NAMES and number.kind == "digits" and number.value < 10 and not _TIME.match(low, number.end)
    if word not in _NAMES and not part:
        return False
    return _PEOPLE_NEXT.match(low, number.end) is None or not (number.value > 4 or word.endswith("s"))
