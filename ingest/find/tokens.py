"""Reference text as tokens: words with the punctuation between them, and what each word looks like.

A reference is read by the shape of its words and by the marks between them ("2005;11(1):24-32"), so a token is a word
and the marks before it are its *gap*. Mark-up is blanked out with spaces first, which keeps every offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_LINE_TAG = re.compile(r"<(?:/?(?:br|p|li|ol|ul|div|tr)\b)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_EMPHASIS = re.compile(r"(?<![^\W_])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![^\W_])")
_TOKEN = re.compile(
    r"(?:https?|ftp)://[^\s<>|]+|www\.[^\s<>|]+"
    r"|10\.\d{4,9}/[^\s<>|]+"
    r"|[Pp]{1,2}(?=\d)|[A-Za-z]?\d+(?=[A-Z][a-z]{2})"
    r"|[^\W_][\u0300-\u036f]*(?:[^\W_]|[\u0300-\u036f]|['’‘`´‐‑\-–—−/+~](?=[^\W_]))*"
)
# "…/jnl.2011.05.016.American Heart": the next entry begins right behind a link.
_GLUED = re.compile(r"[.;](?=[^\W\d_a-z][a-z'’]+(?:-[A-Z][a-z]+)?$)|(?<=\d)(?=[A-Z][a-z]{2,}$)")
_TRAILING = frozenset(".,;:\"'”’*")


def blank_markup(text: str) -> str:
    """The same text, as long as before, with tags, entities and emphasis marks turned into spaces or plain characters.

    A tag that breaks a line (``<br>``, ``<li>``) becomes a line break.

    >>> blank_markup("<em>Neurology.</em>1999<br>Lee")
    '    Neurology.     1999\\n   Lee'
    """
    if "<" in text:
        text = _TAG.sub(_blank_tag, text)
    if "&" in text:
        text = _ENTITY.sub(_plain_entity, text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(lambda m: " " * len(m.group()), text)
    return text


def _blank_tag(m: re.Match[str]) -> str:
    n = len(m.group())
    return "\n" + " " * (n - 1) if _LINE_TAG.match(m.group()) else " " * n


def _plain_entity(m: re.Match[str]) -> str:
    plain = unescape(m.group())
    if len(plain) != 1 or plain.isspace():
        return " " * len(m.group())
    return plain + " " * (len(m.group()) - 1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, where they are, and the marks before each (one gap more than there are words)."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    gaps: list[str]

    def __len__(self) -> int:
        return len(self.words)


def tokenize(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """Cut a text (already without mark-up) into tokens; offsets count in ``text``."""
    stop = len(text) if end is None else end
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gaps: list[str] = []
    last = position = start
    while position < stop:
        for m in _TOKEN.finditer(text, position, stop):
            word = m.group()
            begin = m.start()
            words.append(word)
            starts.append(begin)
            gaps.append(_GAPS[text[last:begin]])
            last = m.end()
            if len(word) > 6 and ("/" in word or "." in word):
                short = _untrail(word)
                if short != word:  # what was cut off may hold words of its own: look again from there
                    words[-1] = short
                    position = last = begin + len(short)
                    ends.append(last)
                    break
            ends.append(last)
        else:
            break
    gaps.append(gap_form(text[last:stop]))
    return Tokens(words, starts, ends, gaps)


def _untrail(word: str) -> str:
    glued = _GLUED.search(word, 8)
    if glued:
        word = word[: glued.start()]
    end = len(word)
    extra = {c: word.count(c) - word.count(o) for o, c in (("(", ")"), ("[", "]"), ("{", "}"))}
    while end > 1:
        last = word[end - 1]
        if extra.get(last, 0) > 0:
            extra[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return word[:end]


_GAP_MAP = str.maketrans({**dict.fromkeys("‐‑–—−~", "-"), **dict.fromkeys('“”„‟«»″"', '"'), **dict.fromkeys("‘’‚‛`´'", "'"), **dict.fromkeys("*_#^", "")})


@lru_cache(maxsize=20000)
def _gap(text: str) -> str:
    lines = "¶" if "\n" in text or "\r" in text else ""
    form = " ".join(text.translate(_GAP_MAP).split())
    if not form:
        return lines or (" " if text else "")
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    return (before + form[:5] + (lines or after))[:8]


def gap_form(text: str) -> str:
    """The marks between two words in one short form: white space collapsed, dashes and quotes alike, a line break as ¶."""
    return _gap(text) if len(text) < 12 else _gap(text[:6] + text[-5:])


class _Gaps(dict[str, str]):
    """``gap_form`` remembered for the short gaps, which are nearly all: a look-up for every token."""

    def __missing__(self, text: str) -> str:
        form = gap_form(text)
        if len(text) < 12 and len(self) < _MOST_GAPS:
            self[text] = form
        return form


_MOST_GAPS = 20_000
_GAPS = _Gaps()


_KEYWORDS = {
    "vol": "vol", "volume": "vol", "v": "vol", "bd": "vol", "band": "vol", "no": "no", "number": "no", "issue": "no", "nr": "no", "num": "no",
    "pp": "pp", "p": "pp", "pages": "pp", "page": "pp", "pg": "pp", "pgs": "pp", "s": "pp", "ed": "ed", "eds": "eds", "editor": "eds", "editors": "eds",
    "edited": "edby", "edn": "edn", "edition": "edn", "in": "in", "and": "and", "und": "and", "et": "et", "y": "and", "al": "al", "alii": "al",
    "others": "al", "colleagues": "al", "doi": "doi", "pmid": "pmid", "pubmed": "pmid", "pmcid": "pmc", "pmc": "pmc", "available": "web",
    "accessed": "web", "retrieved": "web", "from": "from", "url": "web", "http": "web", "suppl": "suppl", "supplement": "suppl", "supp": "suppl",
    "pt": "pt", "part": "pt", "chapter": "ch", "chap": "ch", "proceedings": "proc", "proc": "proc", "conference": "proc", "conf": "proc", "symposium": "proc",
    "workshop": "proc", "press": "pub", "publisher": "pub", "publishers": "pub", "publishing": "pub", "verlag": "pub", "university": "univ", "univ": "univ",
    "thesis": "thesis", "dissertation": "thesis", "phd": "thesis", "report": "rep", "technical": "rep", "arxiv": "arx", "preprint": "arx",
    "epub": "epub", "online": "web", "internet": "web", "cited": "web", "jr": "jr", "sr": "jr", "ii": "jr", "iii": "jr", "isbn": "isbn", "eprint": "arx",
}  # fmt: skip
_ALSO_INITIALS = frozenset("et al ed no pp nr bd jr sr ch pt".split())
_MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december "
    "spring summer autumn fall winter".split()
)
PARTICLES = frozenset("de da do dos das del della di du la le van von vom zu zur der den ter ten el al bin ibn af av st des dal dello lo los las d e".split())
_YEAR = re.compile(r"(?:1[4-9]\d\d|20[0-4]\d)[a-z]?$")
_RANGE = re.compile(r"([A-Za-z]{0,2})\d+[A-Za-z]?[-–—−‐‑~]([A-Za-z]{0,2})\d+[A-Za-z]?$")
_ALNUM = re.compile(r"[A-Za-z]{1,4}\d+[A-Za-z]?$|\d+[A-Za-z]{1,3}$")
_ROMAN = re.compile(r"[ivxlc]{2,7}$|[IVXLC]{2,7}$")


@lru_cache(maxsize=100_000)
def word_class(word: str) -> str:
    """What a word looks like: a year, a page range, initials, a month, a capitalised word, a keyword and so on."""
    first = word[0]
    if first.isdigit():
        return _number_class(word)
    low = word.lower()
    if len(word) > 6 and (low.startswith(("http", "www.", "ftp:")) and ("." in low)):
        return "URL"
    keyword = _KEYWORDS.get(low)
    if keyword and not (word.isupper() and (len(word) == 1 or low in _ALSO_INITIALS)):
        return "k" + keyword
    if low in _MONTHS:
        return "MON" if first.isupper() else "mon"
    if _RANGE.match(word):
        return "RNGa"
    if _ALNUM.match(word):
        return "ANUM"
    return _letters_class(word, low)


def _number_class(word: str) -> str:
    if word.isdigit():
        if len(word) == 4 and _YEAR.match(word):
            return "YEAR"
        return f"N{min(len(word), 5)}" if len(word) < 7 else "N7"
    if word.startswith("10.") and "/" in word:
        return "DOI"
    if _YEAR.match(word):
        return "YEAR"
    m = _RANGE.match(word)
    if m:
        left = re.match(r"\d+", word)
        return "RNGy" if left and len(left.group()) == 4 and re.match(r"(1[6-9]|20)\d\d", word) else "RNG"
    if re.match(r"\d+(st|nd|rd|th|e|ème|a)$", word):
        return "ORD"
    return "NUMa" if _ALNUM.match(word) else "NUMx"


def _letters_class(word: str, low: str) -> str:
    letters = sum(c.isalpha() for c in word)
    if low in PARTICLES:
        return "part" if word[0].islower() else "Part" if len(word) > 1 else "I1"
    upper = sum(c.isupper() for c in word)
    if upper == letters:
        if _ROMAN.match(word) and len(word) > 3:
            return "ROM"
        return f"I{letters}" if letters <= 3 else "CAP4" if letters == 4 else "CAPS"
    if word[0].isupper():
        if len(word) <= 3 and upper == 2 and len(word) == 3:
            return "IiI"
        return ("CaCa" if upper > 1 else "Cap") if len(word) > 2 else "Ca"
    if word[0].islower():
        return ("low" if len(word) > 3 else "lo") if not upper else "mixed"
    return "other"
