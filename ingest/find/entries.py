"""One reference string -> its fields, each with its span.

A chain of labels over the words (``tagger``) says which words are family names, title, container, year and so on; rules
read identifiers first (a DOI or PMID is never a matter of opinion), put the words of a field together again and drop what
cannot be that field. What the string does not state stays ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.find import tagger
from ingest.find.tokens import PARTICLES, Tokens, tokenize, word_class
from ingest.records import Citation, Span

MODEL = "reference_fields.npz"
_MAX_ENTRY = 4000  # characters; a longer "reference" is prose and only its beginning is read
_MAX_TOKENS = 700

_DOI = re.compile(r"\b10\.\d{4,9}(?:\.\d{1,6})?/[^\s<>|\"“”]{1,200}")
_BROKEN_DOI = re.compile(r"(?:doi\.?\s*org/|doi:?)\s{0,2}(10\.\d{4,9}/[^\s<>|]{0,100}[./-])\s{1,2}([a-z0-9][^\s<>|,;]{1,60})", re.IGNORECASE)
_PMID = re.compile(
    r"\b(?:PMID|PubMed(?:\s?ID|\s?PMID)?)\s?[:#]?\s{0,2}(\d{4,9})\b|(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(?:\?term=)?(\d{4,9})\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://|www\.|ftp://)[^\s<>|\"“”]{3,400}"
    r"|(?<![\w@.])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|net|gov|edu|int|info|io|ly|eu|uk|de|au|ca|example)/[^\s<>|\"“”]{2,300}",
    re.IGNORECASE,
)
_TRAIL = ".,;:!?'\"*_”’»"
_LEAD = " .,;:\"“”'‘’„«»*_-–—"


@dataclass(frozen=True, slots=True)
class Piece:
    """A value and where it stands."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fields:
    """What one reference states; ``None`` and empty mean that it does not say."""

    authors: tuple[Piece, ...] = ()
    title: Piece | None = None
    container: Piece | None = None
    year: Piece | None = None
    volume: Piece | None = None
    issue: Piece | None = None
    pages: Piece | None = None
    doi: Piece | None = None
    pmid: Piece | None = None
    url: Piece | None = None
    type: str = "other"


def read_entries(plain: str, spans: Sequence[Span]) -> list[Fields]:
    """Read several references of one text (mark-up already blanked out) in one go; the order is kept."""
    model = tagger.load(MODEL)
    tokens = [tokenize(plain, s.start, min(s.end, s.start + _MAX_ENTRY)) for s in spans]
    labels = model.tag_all([_cut(t) for t in tokens])
    return [_assemble(plain, s, t, x) for s, t, x in zip(spans, tokens, labels, strict=True)]


def _cut(t: Tokens) -> Tokens:
    n = _MAX_TOKENS
    return t if len(t) <= n else Tokens(t.words[:n], t.starts[:n], t.ends[:n], t.gaps[: n + 1])


def to_citation(text: str, span: Span, number: int, fields: Fields, label: str | None = None, inline: bool = False) -> Citation:
    """A citation record of the fields read from ``text[span]``."""
    spans = [("authors", a.start, a.end) for a in fields.authors]
    for name in ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid", "url"):
        piece: Piece | None = getattr(fields, name)
        if piece is not None:
            spans.append((name, piece.start, piece.end))
    get = _value
    return Citation(
        number=number,
        start=span.start,
        end=span.end,
        raw=text[span.start : span.end],
        authors=tuple(a.value for a in fields.authors),
        title=get(fields.title),
        container=get(fields.container),
        year=int(fields.year.value) if fields.year else None,
        volume=get(fields.volume),
        issue=get(fields.issue),
        pages=get(fields.pages),
        doi=get(fields.doi),
        pmid=get(fields.pmid),
        url=get(fields.url),
        type=fields.type,
        label=label,
        inline=inline,
        spans=tuple(sorted(spans, key=lambda s: s[1:])),
    )


def _value(piece: Piece | None) -> str | None:
    return piece.value if piece else None


def _assemble(plain: str, span: Span, tokens: Tokens, labels: list[str]) -> Fields:
    raw = plain[span.start : span.end]
    low = raw.lower()
    slash = "/" in raw
    runs = _runs(labels, tokens)
    if "N" in runs and "P" not in runs and _is_page(runs["N"][0], tokens):
        runs["P"] = [runs["N"].pop(0)]
    year = _year(runs.get("Y"), tokens) or _stated_year(labels, tokens)
    pages = _pages(plain, runs.get("P"), tokens)
    title_run, container_run = _longest(runs.get("T")), _longest(runs.get("C"))
    if title_run is None and container_run is not None and "A" in runs:
        title_run, container_run = _parted(container_run, tokens)
    if title_run and container_run and "V" not in runs and "P" not in runs and _same_title(title_run, container_run, tokens):
        title_run, container_run = (title_run[0], container_run[1]), None
    authors = _authors(plain, tokens, labels)
    body = None if len(authors) > 2 else _body(plain, span, tokens)
    if body and container_run is None and title_run and tokens.ends[title_run[1] - 1] <= body.end:
        title_run = _sentence_behind(body, labels, tokens)
    if body and not _fits(body, authors, title_run, container_run, tokens):
        body = None
        title_run = _longest(runs.get("T")) or title_run
    if body:
        authors = (body,)
        title_run, container_run = _behind(title_run, body, tokens), _behind(container_run, body, tokens)
        title_run = _to_full_stop(title_run, labels, tokens)
    title = _untagged(_phrase(plain, title_run, tokens, span))
    container = _phrase(plain, container_run, tokens, span)
    fields = Fields(
        authors=authors,
        title=title,
        container=container,
        year=year,
        volume=_numeric(plain, runs.get("V"), tokens),
        issue=_numeric(plain, runs.get("N"), tokens),
        pages=pages,
        doi=_find_doi(plain, span) if slash and "10." in raw else None,
        pmid=_find_pmid(plain, span) if "pubmed" in low or "pmid" in low else None,
        url=_find_url(plain, span) if slash or "www." in low else None,
    )
    return replace_type(fields, _kind(fields, raw, low))


def _runs(labels: list[str], tokens: Tokens) -> dict[str, list[tuple[int, int]]]:
    """Stretches of equal labels, as token ranges."""
    out: dict[str, list[tuple[int, int]]] = {}
    i, n = 0, len(labels)
    while i < n:
        j = i + 1
        while j < n and labels[j] == labels[i]:
            j += 1
        out.setdefault(labels[i], []).append((i, j))
        i = j
    return out


def _sentence_behind(body: Piece, labels: list[str], tokens: Tokens) -> tuple[int, int] | None:
    """The sentence behind a body that was taken for the title: it is the title, unless it only says where and when the page was seen."""
    first = next((k for k in range(len(tokens)) if tokens.starts[k] >= body.end), len(tokens))
    end = first
    while end < len(tokens) and labels[end][0] == "O" and (end == first or not any(c in tokens.gaps[end] for c in ".;([")):
        end += 1
    if first == end or not tokens.words[first][0].isupper() or word_class(tokens.words[first]) in ("kweb", "MON"):
        return None
    return first, end


def _to_full_stop(title: tuple[int, int] | None, labels: list[str], tokens: Tokens) -> tuple[int, int] | None:
    """The title of a body's page goes on behind a colon ("Vitamin K: Fact Sheet")."""
    if title is None or title[1] >= len(tokens) or ":" not in tokens.gaps[title[1]]:
        return title
    end = title[1] + 1
    while end < len(tokens) and labels[end][0] == "O" and not any(c in tokens.gaps[end] for c in ".;:(["):
        end += 1
    return (title[0], end) if all(x[0] == "O" for x in labels[title[1] : end]) else title


def _same_title(title: tuple[int, int], container: tuple[int, int], tokens: Tokens) -> bool:
    """Whether what was taken for a container is the second half of the title: a colon leads to it."""
    return title[1] == container[0] and ":" in tokens.gaps[container[0]]


def _parted(run: tuple[int, int], tokens: Tokens) -> tuple[tuple[int, int] | None, tuple[int, int]]:
    """A long container without a title before it is a title and a container: they are cut at the last full stop between them."""
    for k in range(run[1] - 1, run[0] + 4, -1):
        gap = tokens.gaps[k]
        if (". " in gap or "?" in gap or "!" in gap) and len(tokens.words[k - 1]) > 4:
            return (run[0], k), (k, run[1])
    return None, run


_BODY_WORDS = re.compile(
    r"\b(?:Institutes?|Societ(?:y|ies)|Associations?|Organi[sz]ations?|Cent(?:er|re)s?|Departments?|Agency|Administration|Committee|Group|Force|Council|Foundation"
    r"|Clinic|Academ(?:y|ies)|College|University|Services?|Ministry|Board|Office|Federation|Commission|Bureau|Authority|Trust|Network|Collaboration|Consortium|Union"
    r"|Hospital|Alliance|League|Registry|Initiative|Project|Panel|Investigators|Parliament|Government|Program(?:me)?|Fund|Charity|Campaign|Database"
    r"|MedlinePlus|Codex|NICE|WHO|CDC|FDA|NHS|NIH|EFSA|USDA|UNICEF|FAO|WebMD|UpToDate|Medscape|Healthline)\b"
)


def _body(plain: str, span: Span, tokens: Tokens) -> Piece | None:
    """A body that stands where authors stand: capitalised words with "Institute", "Society" and the like up to the first full stop."""
    start = tokens.starts[0] if len(tokens) else span.start
    m = _BODY_START.match(plain, start, min(span.end, start + 160))
    if not m or not _BODY_WORDS.search(m.group()) or re.fullmatch(r"\S+,? [A-Z]{1,3}(?:, \S+,? [A-Z]{1,3})*", m.group()):
        return None
    value = " ".join(m.group().split())
    rest = plain[m.end() : span.end]
    return Piece(value, m.start(), m.end()) if any(c.isalnum() for c in rest) else None


def _fits(body: Piece, authors: tuple[Piece, ...], title: tuple[int, int] | None, container: tuple[int, int] | None, tokens: Tokens) -> bool:
    """Whether a body can stand for the authors: it covers what was taken for names, is no journal, and leaves a title or container."""
    if authors and authors[-1].end > body.end:
        return False
    if (container and tokens.starts[container[0]] < body.end) or _JOURNAL.match(body.value):
        return False
    return _behind(title, body, tokens) is not None or container is not None


_JOURNAL = re.compile(r"(?:Journal|Proceedings|Proc|Annals|Bulletin|Transactions|Trans|J|Advances|Handbook|Report|Review)\b")


# words of a name, with little words between them (in a scrambled text any little word)
_BODY_START = re.compile(
    r"[A-Z][\w&'’/-]{0,30}(?:\.[A-Z]\.)*(?:(?:,?[ ]|[ ]&[ ])(?:[a-z'’]{1,5}[ ]){0,2}[A-Z][\w&'’/-]{0,30}){0,14}"
    r"(?:[ ][(\[][A-Z][A-Za-z-]{1,10}[)\]])?(?=\.(?:[ ]|$)|[ ]?\((?:19|20)|:[ ]|[ ]?[“\"]|,[ ][“\"])"
)


def _behind(run: tuple[int, int] | None, body: Piece, tokens: Tokens) -> tuple[int, int] | None:
    """What of a run lies behind a body."""
    if run is None or tokens.starts[run[0]] >= body.end:
        return run
    first = next((k for k in range(*run) if tokens.starts[k] >= body.end), None)
    return None if first is None else (first, run[1])


def _stated_year(labels: list[str], tokens: Tokens) -> Piece | None:
    """A year that no label claims but its marks give away: "(1995)" or "1995;44"."""
    for i, word in enumerate(tokens.words):
        if _PLAIN_YEAR.match(word) and labels[i] not in ("D", "U", "M", "P"):
            before, after = tokens.gaps[i], tokens.gaps[i + 1]
            if ("(" in before and ")" in after) or (";" in after and labels[i] != "T"):
                return Piece(word[:4], tokens.starts[i], tokens.starts[i] + 4)
    return None


_PLAIN_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?$")


def _is_page(run: tuple[int, int], tokens: Tokens) -> bool:
    """Whether what was taken for an issue is the page of a reference without issue: it follows a colon ("7:164"), or is an e-number."""
    word, gap = tokens.words[run[0]], tokens.gaps[run[0]]
    return run[1] - run[0] == 1 and "(" not in gap and (":" in gap or bool(_ELOCATOR.match(word)))


_ELOCATOR = re.compile(r"(?:e|CD|ID|Art)\d{2,}$", re.IGNORECASE)


def _longest(runs: list[tuple[int, int]] | None) -> tuple[int, int] | None:
    return max(runs, key=lambda r: (r[1] - r[0], -r[0])) if runs else None


def _authors(plain: str, tokens: Tokens, labels: list[str]) -> tuple[Piece, ...]:
    out: list[Piece] = []
    i, n = 0, len(labels)
    while i < n:
        if labels[i] not in ("A", "a"):
            i += 1
            continue
        j = i + 1
        while j < n and labels[j] == "a":
            j += 1
        last = j
        if j < n and j - i > 1 and tokens.words[j].lower() == "al" and tokens.words[j - 1].islower():
            last = j - 1  # "Nortier eight al.": the "et" of a scrambled text
        start, end = tokens.starts[i], tokens.ends[last - 1]
        value = " ".join(plain[start:end].split())
        if value.lower() not in _NO_NAMES and not (out and all(w in PARTICLES for w in value.split())):
            out.append(Piece(value, start, end))
        i = j
    return tuple(out)


_NO_NAMES = frozenset(("et al", "al", "et", "and", "others"))


def _phrase(plain: str, run: tuple[int, int] | None, tokens: Tokens, span: Span) -> Piece | None:
    if run is None:
        return None
    start, end = tokens.starts[run[0]], tokens.ends[run[1] - 1]
    while end < span.end and plain[end] in ")]}?!" and _closes(plain[start : end + 1]):
        end += 1
    while start > span.start and plain[start - 1] in "([{" and plain.count(_MATE[plain[start - 1]], start, end) > plain.count(plain[start - 1], start, end):
        start -= 1
    value = " ".join(plain[start:end].split())
    return Piece(value, start, end) if value else None


_TAG = re.compile(r"(?:\[?(?:RETRACTED|WITHDRAWN|Retracted|Retraction|REMOVED)(?: ARTICLE| Article)?\]?\s?[:.]\s*)+")


def _untagged(piece: Piece | None) -> Piece | None:
    """A title without a publisher's "RETRACTED:" before it."""
    m = _TAG.match(piece.value) if piece else None
    if not piece or not m or m.end() == len(piece.value):
        return piece
    return Piece(piece.value[m.end() :], piece.start + m.end(), piece.end)


_MATE = {"(": ")", "[": "]", "{": "}"}
_OPEN = {")": "(", "]": "[", "}": "{"}


def _closes(text: str) -> bool:
    last = text[-1]
    return last in "?!" or text.count(_OPEN[last]) >= text.count(last)


def _year(runs: list[tuple[int, int]] | None, tokens: Tokens) -> Piece | None:
    for i, _ in runs or ():
        m = re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", tokens.words[i])
        if m:
            return Piece(m.group(1), tokens.starts[i] + m.start(1), tokens.starts[i] + m.end(1))
    return None


def _numeric(plain: str, runs: list[tuple[int, int]] | None, tokens: Tokens) -> Piece | None:
    for i, j in runs or ():
        start, end = tokens.starts[i], tokens.ends[j - 1]
        value = " ".join(plain[start:end].split())
        if _COUNT.search(value):
            return Piece(value, start, end)
    return None


_COUNT = re.compile(r"\d|^[IVXLCDM]+$|^[ivxlcdm]+$|suppl|^[A-Z]$|special|spec\.?", re.IGNORECASE)


def _pages(plain: str, runs: list[tuple[int, int]] | None, tokens: Tokens) -> Piece | None:
    if not runs:
        return None
    i, j = runs[0]
    if j - i >= 2 and all(w.isdigit() for w in tokens.words[i : i + 2]) and tokens.gaps[i + 1] in (" ", " ,", ", ") and tokens.gaps[i + 1] == " ":
        first, last = tokens.words[i : i + 2]
        if (len(last) <= len(first) and int(first[: len(first) - len(last)] + last) > int(first)) or int(last) > int(first):
            return Piece(f"{first}-{last}", tokens.starts[i], tokens.ends[i + 1])
    return _numeric(plain, [(i, j)], tokens)


def _find_doi(plain: str, span: Span) -> Piece | None:
    m = _DOI.search(plain, span.start, span.end)
    if not m:
        return None
    value = m.group()
    for stop in ("http://", "https://", "PMID", "PubMed"):
        k = value.find(stop, 8)
        if k > 0:
            value = value[:k]
    value = _balanced(value.rstrip(_TRAIL))
    broken = _BROKEN_DOI.search(plain, max(span.start, m.start() - 12), min(span.end, m.end() + 80))
    if broken and broken.start(1) == m.start():
        tail = broken.group(2).rstrip(_TRAIL)
        return Piece(broken.group(1) + tail, m.start(), broken.start(2) + len(tail))
    return Piece(value, m.start(), m.start() + len(value))


def identifier(href: str) -> tuple[str, str] | None:
    """What a link target identifies: ``("doi", …)``, ``("pmid", …)`` or nothing."""
    whole = Span(0, len(href))
    pmid = _find_pmid(href, whole)
    if pmid:
        return "pmid", pmid.value
    doi = _find_doi(href.replace("%2F", "/"), whole)
    return ("doi", doi.value) if doi else None


def _balanced(value: str) -> str:
    while value and value[-1] in ")]}" and value.count(value[-1]) > value.count(_OPEN[value[-1]]):
        value = value[:-1].rstrip(_TRAIL)
    return value


def _find_pmid(plain: str, span: Span) -> Piece | None:
    m = _PMID.search(plain, span.start, span.end)
    if not m:
        return None
    k = 1 if m.group(1) else 2
    return Piece(m.group(k), m.start(k), m.end(k))


def _find_url(plain: str, span: Span) -> Piece | None:
    m = _URL.search(plain, span.start, span.end)
    if not m:
        return None
    value = _balanced(m.group().rstrip(_TRAIL))
    return Piece(value, m.start(), m.start() + len(value))


_THESIS = re.compile(r"\b(?:thesis|dissertation|Diss\.|Ph\.?\s?D\.?)\b", re.IGNORECASE)
_CONFERENCE = re.compile(r"\b(?:proceedings|proc\.|conference|symposium|workshop|meeting abstracts?|congress)\b", re.IGNORECASE)
_PREPRINT = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|preprint)\b", re.IGNORECASE)
_REPORT = re.compile(r"\b(?:technical report|tech\. rep|report no|working paper|white paper|guideline)\b", re.IGNORECASE)
_DATASET = re.compile(r"\b(?:data ?set|database|data file)\b", re.IGNORECASE)
_BOOK = re.compile(
    r"\b(?:\d(?:st|nd|rd|th) ed(?:n|ition)?\b|ISBN|University Press|Publish(?:er|ers|ing)|Press[;,:.]|Verlag|Elsevier;|Springer[;,]|Wiley[;,]|Books\b)"
    r"|[A-Z][a-z]+(?:, [A-Z]{2})?: [A-Z][\w &.]{2,40}[;,.] ?(?:19|20)\d\d"
)
_CHAPTER = re.compile(r"(?:^|[.,;”\"'’] )In:? ")
_WEB = re.compile(r"\b(?:accessed|retrieved|available (?:at|from)|cited \d{4}|last updated|web ?site|web page|fact sheet)\b", re.IGNORECASE)


def replace_type(fields: Fields, kind: str) -> Fields:
    """The same fields with another kind of work."""
    f = fields
    return Fields(f.authors, f.title, f.container, f.year, f.volume, f.issue, f.pages, f.doi, f.pmid, f.url, kind)


def _kind(f: Fields, raw: str, low: str) -> str:
    if ("thes" in low or "diss" in low or "ph" in low) and _THESIS.search(raw):
        return "thesis"
    if ("rxiv" in low or "preprint" in low) and _PREPRINT.search(raw):
        return "preprint"
    if f.container and not f.volume and _CONFERENCE.search(f.container.value):
        return "conference"
    if f.container and f.volume:
        return "article"
    return _kind_without_volume(f, raw)


def _kind_without_volume(f: Fields, raw: str) -> str:
    book = _BOOK.search(raw)
    rules: Iterable[tuple[bool, str]] = (
        (bool(f.container and _CHAPTER.search(raw)), "chapter"),
        (bool(f.pmid or (f.container and (f.pages or f.doi))), "article"),
        (bool(_WEB.search(raw) and not book), "web"),
        (bool(book), "book"),
        (bool(f.doi), "article"),
        (bool(f.url), "web"),
        (bool(_REPORT.search(raw)), "report"),
        (bool(_DATASET.search(raw)), "dataset"),
        (bool(f.container and f.year), "article"),
    )
    return next((kind for holds, kind in rules if holds), "other")
