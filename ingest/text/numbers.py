"""Every number of a text, once: digits, grouped digits, words, "1.2 million", "a dozen", ranges, percentages, fractions.

>>> [(n.value, n.kind) for n in find_numbers("Of 1,200 women, twenty-six (2.2%) took it for two to three years.")]
[(1200.0, 'grouped'), (26.0, 'words'), (2.2, 'percent'), (2.0, 'words')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

KINDS = ("digits", "grouped", "decimal", "words", "percent", "fraction", "ordinal", "code", "named")
"""What a number is made of. ``code`` is a digit inside a name: B12, omega-3, COVID-19; ``named`` a number that names the
thing in front of it: type 2, week 12, group 1."""


@dataclass(frozen=True, slots=True)
class Number:
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
        return self.kind in ("digits", "grouped", "words") and self.value >= 1 and self.value == int(self.value)


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

# Words are found without a left boundary (that keeps the scan fast); `_at_edge` rejects "often" and "someone".
_WORDS = sorted([*_UNITS, *_TENS, *_SCALES, "dozen", "couple"], key=len, reverse=True)
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d])|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:[.·]\d+)?|[½¼¾⅓⅔]|(?:" + "|".join(_WORDS) + r")\b",
    re.I,
)
_CONTINUES = re.compile(r"\sand\s(?:" + "|".join(w for w in _WORDS if w in _UNITS or w in _TENS) + r")\b", re.I)
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b|percent\b|percentage points?\b)|-per ?cent\b|-percent\b", re.I)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_SCALE_AFTER = re.compile(r"[\s‐-](hundred|thousand|million|billion|dozen)\b(?!s)", re.I)
_JOIN = re.compile(r"[-‐‑](?:and[-‐‑])?|\s+(?:and\s+)?", re.I)
_AND_HALF = re.compile(r"\s?½|\s(?:and\s)?(?:a\shalf|one[- ]half)\b|\s1/2\b", re.I)
_RANGE = re.compile(r"\s?[-–—]\s?|\s(?:to|or|through)\s|-to-", re.I)
_BETWEEN = re.compile(r"\s(?:and|to)\s", re.I)
_YEARS_APART = re.compile(r"\s[\w']{1,6}\s")  # a spun text may have lost the "and" of "between 1998 and 2006"
_BEFORE_BETWEEN = re.compile(r"\bbetween\s$", re.I)
_PART = re.compile(r"[\s‐-](half|halves|thirds?|quarters?|fourths|fifths?|tenths?)\b(?!\sof\s(?:a|an)\b)", re.I)
_LABELLED = re.compile(r"\b[nN]s?\s{0,2}(?:=|:|≈|was|were)\s{0,2}$")
_HEDGES = (
    ("nearly", r"nearly|almost|close to|just under|just short of|not quite|some way short of"),
    ("about", r"about|around|approximately|approx\.?|roughly|some|circa|ca\.|c\.|an? estimated|estimated|~|≈|or so"),
    ("over", r"over|more than|above|upwards of|in excess of|greater than|>"),
    ("under", r"under|fewer than|less than|below|<"),
    ("up_to", r"up to|as (?:long|many|much) as|a maximum of|at most|no more than|≤"),
    ("at_least", r"at least|a minimum of|no fewer than|≥"),
)
_HEDGE = re.compile("(?:^|[^a-z])(?:" + "|".join(f"(?P<{k}>{p})" for k, p in _HEDGES) + r")\s?(?:a\s|an\s|the\s)?$", re.I)
_NAMES = frozenset(
    """type types grade grades stage stages phase phases group groups arm day days week weeks month months year table figure fig version
    level levels score scores factor factors chapter page pages part step volume vol visit cycle cycles protocol line lines class
    number no nos room building quartile quintile tertile q version chromosome exon position channel ward formula""".split()
)
_PART_NAMES = frozenset(("study", "experiment", "trial", "cohort", "pretest", "sample", "site", "case", "session", "condition", "task"))
_TIME = re.compile(r"[\s-](?:hour|day|week|month|year)", re.I)
_NAME_BEFORE = re.compile(r"([^\W\d_]+)\.?[\s\u00a0-]$")
# A letter at once behind a digit makes a name (5xFAD, 3D), unless it is a unit (24h, 5mg, 2nd) or a word that has lost its space.
_RUNS_ON = re.compile(r"(?!(?:h|hr|hrs|d|wk|wks|mo|mos|yr|yrs|y|min|s|mg|g|kg|ml|mm|cm|km|m|l|k|iu|IU|st|nd|rd|th|x)\b)[A-Za-z][A-Z]|[xX][A-Z]|[A-Z]\b")
_NOTE = re.compile(r"(?:[,;–-]\s?\d+)*\]")
_SPACED = re.compile(r"\s\d{3}(?![\d.,]*\d|\s?(?:%|mg|mcg|µg|g\b|kg|ml|iu\b|u\b|percent|per cent|kcal|mm|and \d))", re.I)


def find_numbers(text: str, start: int = 0, end: int | None = None) -> tuple[Number, ...]:
    """Find the numbers of a text (or of ``text[start:end]``), in reading order; offsets count from the text's start.

    A range gives one number (``high`` holds its upper end); "9 of 30", "1 in 10" and "24 and 26" give two.
    """
    stop = len(text) if end is None else end
    out: list[Number] = []
    position = start
    while (m := _TOKEN.search(text, position, stop)) is not None:
        number = _read(text, m, stop)
        position = number.end if number else m.end()
        if number is None:
            continue
        if out and (joined := _as_range(text, out[-1], number)):
            out[-1] = joined
        else:
            out.append(number)
    return tuple(_with_context(text, n, start) for n in out)


def number_at(numbers: Sequence[Number], offset: int) -> Number | None:
    """Return the number whose span holds a character, or None."""
    return next((n for n in numbers if n.start <= offset < n.end), None)


def _at_edge(text: str, offset: int) -> bool:
    before = text[offset - 1 : offset]
    return not (before.isalnum() or before == "_")


def _read(text: str, m: re.Match[str], stop: int) -> Number | None:
    token = m.group(0)
    number: Number | None
    if token[0].isdigit():
        number = _digits(text, m)
    elif token in _GLYPHS:
        return Number(m.start(), m.end(), _GLYPHS[token], "fraction")
    elif not _at_edge(text, m.start()):
        return None
    else:
        number = _words(text, m, stop)
    if number is None or number.kind in ("code", "ordinal"):
        return number
    return _with_suffix(text, number, stop)


def _digits(text: str, m: re.Match[str]) -> Number:
    token, start, end = m.group(0), m.start(), m.end()
    before = text[start - 1 : start]
    if before.isalpha() or before == "_" or (before and before in "-‐‑–" and text[start - 2 : start - 1].isalpha()):
        return Number(start, end, 0.0, "code")
    if (len(token) > 3 and token[0] == "0" and token.isdigit()) or _RUNS_ON.match(text, end):
        return Number(start, end, 0.0, "code")
    if before and before in ".,/:" and _glued(text, start):  # the tail of 1.2.3, a date, a ratio; a note's number: "harm.3"
        return Number(start, end, 0.0, "code")
    if before == "[" and _NOTE.match(text, end):
        return Number(start, end, 0.0, "code")
    if before == "." and token.isdigit():  # p = .05
        return Number(start - 1, end, float("0." + token), "decimal")
    if _ORDINAL.match(text, end):
        return Number(start, end + 2, float(re.sub(r"\D", "", token)), "ordinal")
    if "." in token or "·" in token:
        return Number(start, end, float(token.replace("·", ".")), "decimal")
    if not token.isdigit():
        return Number(start, end, float(re.sub(r"\D", "", token)), "grouped")
    if len(token) <= 3 and token[0] != "0":
        spaced = end
        while (more := _SPACED.match(text, spaced)) is not None:
            spaced = more.end()
        if spaced > end:
            return Number(start, spaced, float(re.sub(r"\D", "", text[start:spaced])), "grouped")
    return Number(start, end, float(token), "digits")


def _glued(text: str, start: int) -> bool:
    """Whether a digit hangs on the mark in front of it: "1.2", "5/7", "1:1", "retracted:3"."""
    previous = text[start - 2 : start - 1]
    if text[start - 1] == "/":
        return previous.isdigit() or previous.isupper()
    return previous.isdigit() or (previous.isalpha() and previous not in "nN") or previous in ("%", ")", "”", '"')


def _words(text: str, m: re.Match[str], stop: int) -> Number | None:
    """Compose "two thousand three hundred and forty-five", "half a dozen", "a hundred", "twenty six"."""
    total, current, end = 0.0, _simple(m.group(0).lower()), m.end()
    start, last = m.start(), m.group(0).lower()
    if last in _SCALES or last in ("dozen", "couple"):
        article = re.compile(r"(half\s(?:a|of a)|an?|one|per|every|each)\s$", re.I).search(text, max(0, start - 12), start)
        if last == "couple" and not (article and text[end : end + 4].lower() == " of "):
            return None
        if article is None and last in _SCALES and not _CONTINUES.match(text, end):
            return None  # "several hundred", "millions of"
        if article and article.group(1).lower().startswith(("a", "o", "half")):
            start = article.start()
            current *= 0.5 if article.group(1).lower().startswith("half") else 1.0
    while (more := _next_word(text, end, stop)) is not None:
        word, after = more
        value = _simple(word)
        if word in _SCALES or word == "dozen":
            current = current * value if current else value
            if word != "hundred":
                total, current = total + current, 0.0
        elif _fits(last, value, text[end:after]):
            current += value
        else:
            break
        end, last = after, word
    return Number(start, end, total + current, "words")


def _simple(word: str) -> float:
    if word == "dozen":
        return 12.0
    if word == "couple":
        return 2.0
    return _UNITS.get(word) if word in _UNITS else _TENS[word] if word in _TENS else _SCALES[word]  # type: ignore[return-value]


def _fits(last: str, value: float, glue: str) -> bool:
    """Whether a word may add to the one before: forty + five, hundred + forty; "twenty and five" stay two."""
    if last in _TENS:
        return 0 < value < 10 and "and" not in glue.lower()
    return last in _SCALES and 0 < value < 100


def _next_word(text: str, end: int, stop: int) -> tuple[str, int] | None:
    glue = _JOIN.match(text, end, stop)
    m = _TOKEN.match(text, glue.end(), stop) if glue else None
    if m is None or not m.group(0)[0].isalpha() or m.group(0).lower() == "couple":
        return None
    return m.group(0).lower(), m.end()


def _with_suffix(text: str, number: Number, stop: int) -> Number:
    """Scale ("1.2 million"), "and a half", share ("two thirds"), percent."""
    scale = _SCALE_AFTER.match(text, number.end, stop) if number.kind != "words" else None
    if scale:
        size = 12.0 if scale.group(1).lower() == "dozen" else _SCALES[scale.group(1).lower()]
        value = round(number.value * size, 6)
        number = replace(number, end=scale.end(), value=value, kind="grouped")
    half = _AND_HALF.match(text, number.end, stop)
    if half:
        number = replace(number, end=half.end(), value=number.value + 0.5, kind="decimal")
    part = _PART.match(text, number.end, stop)
    if part and number.value < 10:
        word = part.group(1).lower()
        if not (word in ("third", "quarter", "fifth", "tenth", "half") and number.value != 1):
            return replace(number, end=part.end(), value=number.value * _PARTS[word], kind="fraction")
    percent = _PERCENT.match(text, number.end, stop)
    if percent:
        return replace(number, end=percent.end(), kind="percent")
    return number


def _as_range(text: str, first: Number, second: Number) -> Number | None:
    """Join "three to five", "9-14", "between 1998 and 2006"; a falling pair ("50 to 40") stays two numbers."""
    if first.high is not None or "code" in (first.kind, second.kind) or "ordinal" in (first.kind, second.kind):
        return None
    if first.value >= second.value or (first.kind == "percent") > (second.kind == "percent"):
        return None
    glue = text[first.end : second.start]
    if len(glue) > 9:
        return None
    if _RANGE.fullmatch(glue) is None:
        if not (_BETWEEN.fullmatch(glue) or (_YEARS_APART.fullmatch(glue) and first.value > 1000)):
            return None
        if not _BEFORE_BETWEEN.search(text, max(0, first.start - 9), first.start):
            return None
    kind = "percent" if second.kind == "percent" else "fraction" if second.kind == "fraction" else first.kind
    return Number(first.start, second.end, first.value, kind, high=second.value)


def _with_context(text: str, number: Number, begin: int) -> Number:
    if number.kind in ("digits", "decimal", "words") and number.value < 1000:
        name = _NAME_BEFORE.search(text, max(begin, number.start - 14), number.start)
        part = number.kind == "digits" and number.value < 10 and not _TIME.match(text, number.end)
        named = name and (name.group(1).lower() in _NAMES or (part and name.group(1).lower() in _PART_NAMES))
        if name and named and not _counts_again(text, number, name.group(1)):
            return replace(number, kind="named")
    before = text[max(begin, number.start - 24) : number.start]
    labelled = before.rstrip()[-1:] in "=:≈se" and _LABELLED.search(before) is not None
    hedge = _HEDGE.search(before)
    if not labelled and hedge is None:
        return number
    return replace(number, labelled=labelled, hedge=hedge.lastgroup if hedge else None)


def _counts_again(text: str, number: Number, name: str) -> bool:
    """Whether a number behind a plural ("groups, 20 patients"; "in two groups 40 women") begins a phrase of its own."""
    following = re.match(r"\s(?:\w+\s)?(?:patients|people|women|men|subjects|participants|children|adults|volunteers)\b", text[number.end : number.end + 40])
    return following is not None and (number.value > 4 or name.lower().endswith("s"))
