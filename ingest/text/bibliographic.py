"""Bibliographic forms that every step compares in one way: identifiers, folded words, years, pages, names.

Pure functions of text. Two records are "the same" elsewhere only in terms of the keys built here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from ingest.records import Author

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(),
        strict=True,
    )
)
_SPECIAL = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ς": "sigma", "µ": "mu",
        "ħ": "h", "ŋ": "n", "ŧ": "t", "ə": "e", "’": "", "'": "", "`": "", "‘": "", "´": "", "ʼ": "", "′": "",
        **{letter: f" {name} " for letter, name in _GREEK.items()},
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ASCII = bytes(ord(chr(i).lower()) if chr(i).isascii() and chr(i).isalnum() else 32 for i in range(256))
"""What becomes of plain letters: small ones, and a space for everything else; a table of bytes is several times faster."""
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|scp?|span|p|br|tt|small|sec|title|jats:[a-z]+)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+", re.IGNORECASE)
_CODED = re.compile(r"%(2[Ff]|7[BbDd]|28|29)")
_PMID = re.compile(r"(?:pmid\s*:?\s*|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|(?<=^))(\d{1,8})(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_DASHES = re.compile(r"\s*[-‐‑‒–—―−]+\s*")
_PAGE = re.compile(r"[a-z]{0,4}\d+[a-z]?|[ivxlc]+", re.IGNORECASE)
PARTICLES = frozenset(
    "de del della den der des di do dos du da das van von vom zu zum zur la le el al bin ibn ben ter ten te af av mac mc st dal lo los las y e".split()
)
_BODY = re.compile(
    r"\b(?:organi[sz]ation|group|committee|association|society|consortium|collaborat\w*|institute?|university|department|ministry|agency|"
    r"centers?|centres?|council|network|foundation|federation|academy|college|team|study|trial|investigators|panel|board|office|bank|"
    r"programme?|service|force|working|commission|union|administration|authority|hospital|who|nice|cdc|fda)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[A-Z]\.?[- ]?){1,4}(?:Jr|Sr|II|III|IV)?\.?")


def clean(text: str) -> str:
    """Plain words: entities decoded, formatting tags dropped, white space collapsed.

    >>> clean("Selenium &amp; <i>in  vivo</i>")
    'Selenium & in vivo'
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.split())


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower-case ASCII words parted by single spaces: what is left of a text when spelling habits are taken off.

    >>> fold("α-Tocopherol & Müller’s [Ø] effect")
    'alpha tocopherol mullers o effect'
    """
    if text.isascii():
        if text.isalnum():
            return text.lower()
        return " ".join(text.encode("ascii").translate(_ASCII, b"'`").decode("ascii").split())
    low = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", low.translate(_SPECIAL)).strip()


def title_key(title: str) -> str:
    """The letters and digits of a title: equal for two spellings of the same title."""
    return fold(title).replace(" ", "")


def doi_of(text: str | None) -> str | None:
    """The DOI in a text, lower-case and without resolver, or None.

    >>> doi_of("https://doi.org/10.1000/XYZ123.")
    '10.1000/xyz123'
    """
    if not text:
        return None
    if "%" in text:
        text = _CODED.sub(lambda m: chr(int(m.group(1), 16)), text)
    m = _DOI.search(text)
    if not m:
        return None
    doi = m.group(0).rstrip(".,;:'*")
    while doi and doi[-1] in ")]}" and doi.count(doi[-1]) > doi.count({")": "(", "]": "[", "}": "{"}[doi[-1]]):
        doi = doi[:-1].rstrip(".,;:")
    return doi.lower() or None


def pmid_of(text: str | None) -> str | None:
    """The PubMed number in a text that is nothing else (``123``, ``PMID: 123``, a PubMed address), or None."""
    if not text:
        return None
    m = _PMID.search(text.strip())
    return (m.group(1).lstrip("0") or None) if m else None


def year_of(text: str | int | None) -> int | None:
    """The first year from 1500 to 2099 in a date, or None.

    >>> year_of("2001-05-03"), year_of("19//")
    (2001, None)
    """
    m = _YEAR.search(str(text or ""))
    return int(m.group(1)) if m else None


def pages_of(text: str | None) -> str | None:
    """Pages as printed, with one plain hyphen for whatever dash stood there.

    >>> pages_of("67--8"), pages_of(" S12 – S19")
    ('67-8', 'S12-S19')
    """
    joined = _DASHES.sub("-", (text or "").strip()).strip(" .,;-")
    return joined or None


def first_page(pages: str | None) -> str | None:
    """The first page or article number, folded: the ``e1234`` of "e1234", the ``67`` of "67-8"."""
    m = _PAGE.search(pages or "")
    return m.group(0).lower().lstrip("0") or None if m else None


def expand_pages(pages: str) -> str:
    """Write an abridged range out: "1705-17" is "1705-1717".

    >>> expand_pages("1705-17"), expand_pages("S12-9"), expand_pages("e44")
    ('1705-1717', 'S12-S19', 'e44')
    """
    m = re.fullmatch(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)", pages)
    if not m or len(m.group(4)) >= len(m.group(2)):
        return pages
    head, tail = m.group(2), m.group(4)
    return f"{m.group(1)}{head}-{m.group(3) or m.group(1)}{head[: -len(tail)]}{tail}"


def surname_key(name: str) -> str:
    """A family name for comparing: folded, particles off, hyphens off.

    >>> surname_key("van der Müller-Łukasz"), surname_key("Los")
    ('mullerlukasz', 'los')
    """
    words = fold(name).split()
    while len(words) > 1 and words[0] in PARTICLES:
        words = words[1:]
    return "".join(words)


def is_body(name: str) -> bool:
    """Whether a name is that of an organisation or group."""
    return bool(_BODY.search(name))


def read_name(text: str) -> Author:
    """One person or body as a library prints it: "Family, Given", "Given Family", or MEDLINE's "Family GG".

    >>> read_name("Moron MS"), read_name("Guy L. Mazzella").family, read_name("van Dam, J.").family
    (Author(family='Moron', given='MS', literal=False), 'Mazzella', 'van Dam')
    """
    name = clean(text).strip(" ;")
    if name.endswith(","):  # RIS: a family name alone, or a body
        return Author(name.rstrip(" ,"), literal=is_body(name))
    if "," in name:
        family, _, given = name.lstrip(" ,").partition(",")
        if is_body(name) and not _INITIALS.fullmatch(given.strip()):
            return Author(name, literal=True)
        return Author(family.strip(), _suffix_last(given.strip(" ,")))
    words = name.split()
    if len(words) < 2 or is_body(name):
        return Author(name, literal=is_body(name) or len(words) > 4)
    last = words[-1].strip(".")
    if last in ("Jr", "Sr", "II", "III", "IV", "2nd", "3rd") and len(words) > 2:
        inner = read_name(" ".join(words[:-1]))
        return Author(inner.family, f"{inner.given} {words[-1]}".strip())
    if last.isupper() and len(last.replace("-", "")) <= 4 and last.replace("-", "").isalpha() and not name.isupper():
        return Author(" ".join(words[:-1]), words[-1])
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].lower() in PARTICLES and words[cut - 1].islower():
        cut -= 1
    return Author(" ".join(words[cut:]), " ".join(words[:cut]))


def _suffix_last(given: str) -> str:
    head, comma, tail = given.partition(",")  # BibTeX's "Family, Jr, Given"
    return f"{tail.strip()} {head.strip()}" if comma and re.fullmatch(r"(?:Jr|Sr|I{1,3}|IV)\.?", head.strip()) else given
