"""RIS and NBIB/MEDLINE files -> works: one reader, since both are lines of ``TAG - value``.

It accepts what exports really hold: one or two blanks before the hyphen or a tab, wrapped values, a missing ``ER``,
a missing blank line between MEDLINE records, a byte-order mark in front.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ingest.read.works import authors_of, new_work
from ingest.records import Problem, Work
from ingest.text.bibliographic import doi_of, pmid_of, read_name

Record = tuple[int, list[tuple[str, str]]]  # its first line, and its tags in order

_RIS_TAG = re.compile(r"^\s{0,2}\ufeff?([A-Z][A-Z0-9])(?: {1,2}|\t| ?\t)-(?:[ \t](.*)|$|(?=\S)(.*))")
_NBIB_TAG = re.compile(r"^\ufeff?([A-Z][A-Z0-9]{1,3}) {0,3}- ?(.*)$")
_RIS_TYPES = {
    "JOUR": "article", "JFULL": "article", "MGZN": "article", "NEWS": "article", "EJOUR": "article", "ABST": "article", "INPR": "article",
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter", "CONF": "conference", "CPAPER": "conference",
    "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "STAND": "report", "UNPB": "preprint", "ELEC": "web", "BLOG": "web",
    "ICOMM": "web", "WEB": "web", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset",
}  # fmt: skip
_NBIB_ONLY = frozenset("PMID FAU LID OWN STAT JT TA MH PST MHDA EDAT DCOM PHST".split())


def read_tagged(text: str, origin: str) -> tuple[list[Work], list[Problem]]:
    """The works of a RIS or NBIB/MEDLINE text, in the file's order, and what could not be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if looks_nbib(lines):
        records, problems, make = *_nbib_records(lines, origin), _nbib_work
    else:
        records, problems, make = *_ris_records(lines, origin), _ris_work
    return [make(tags, origin, line) for line, tags in records], problems


def looks_nbib(lines: Sequence[str]) -> bool:
    """Whether tagged lines are MEDLINE's (four columns for the tag, no ``TY``/``ER``)."""
    head = [m.group(1) for m in map(_NBIB_TAG.match, lines[:400]) if m]
    return not any(re.match(r"\s{0,2}\ufeff?TY[ \t]{1,2}-", line) for line in lines[:400]) and any(t in _NBIB_ONLY for t in head)


def _ris_records(lines: Sequence[str], origin: str) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    tags: list[tuple[str, str]] = []
    start = 1
    for number, line in enumerate(lines, 1):
        m = _RIS_TAG.match(line)
        tag = m.group(1) if m else ""
        value = ((m.group(2) if m.group(2) is not None else m.group(3)) or "").strip() if m else line.strip()
        if tag in ("ER", "TY"):
            _close(tags, start, tag == "ER", records, problems, origin)
            tags, start = ([("TY", value)], number) if tag == "TY" else ([], number + 1)
        elif tag:
            start = start if tags else number
            tags.append((tag, value))
        elif value and tags:
            last, before = tags[-1]
            tags[-1] = (last, f"{before}{'; ' if last == 'KW' else ' '}{value}".strip())
        elif value and not records and number > 1:
            problems.append(Problem(origin, f"text before the first record: {value[:40]!r}", "entry", number))
    _close(tags, start, False, records, problems, origin)
    return records, problems


def _close(tags: list[tuple[str, str]], start: int, ended: bool, records: list[Record], problems: list[Problem], origin: str) -> None:
    if not tags:
        return
    typed = tags[0][0] == "TY"
    if (typed and not ended and len(tags) == 1) or (not typed and not _titled(tags)):
        problems.append(Problem(origin, f"stray lines, no record: {tags[0][0]} - {tags[0][1][:40]}", "entry", start))
        return
    if not typed:
        problems.append(Problem(origin, "a record without TY; its other fields were read", "entry", start))
    elif not ended:
        problems.append(Problem(origin, "a record without ER at its end; it was read", "entry", start))
    records.append((start, tags))


def _titled(tags: Iterable[tuple[str, str]]) -> bool:
    return any(tag in ("TI", "T1", "BTI", "PMID") for tag, _ in tags)


def _nbib_records(lines: Sequence[str], origin: str) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    blank = True
    for number, line in enumerate(lines, 1):
        m = _NBIB_TAG.match(line)
        if not line.strip():
            blank = True
            continue
        if m and (m.group(1) == "PMID" or (blank and (not records or _titled(records[-1][1])))):
            records.append((number, []))
        if m and records:
            records[-1][1].append((m.group(1), m.group(2).strip()))
        elif line[:1].isspace() and records and records[-1][1]:
            tag, before = records[-1][1][-1]
            records[-1][1][-1] = (tag, f"{before} {line.strip()}".strip())
        elif not re.fullmatch(r"\s*\d+[:.]?\s*", line):
            problems.append(Problem(origin, f"not a tagged line: {line.strip()[:40]!r}", "entry", number))
        blank = False
    bare = [r for r in records if not _titled(r[1])]
    problems += [Problem(origin, "a record with neither PMID nor title", "entry", start) for start, _ in bare]
    return [r for r in records if _titled(r[1])], problems


def _group(tags: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = defaultdict(list)
    for tag, value in tags:
        if value:
            out[tag].append(value)
    return out


def _first(fields: dict[str, list[str]], *names: str) -> str | None:
    return next((fields[name][0] for name in names if fields.get(name)), None)


def _every(fields: dict[str, list[str]], *names: str) -> Iterator[str]:
    for name in names:
        yield from fields.get(name, ())


def _ris_work(tags: list[tuple[str, str]], origin: str, line: int) -> Work:
    f = _group(tags)
    kind = _RIS_TYPES.get((_first(f, "TY") or "").upper(), "other")
    names = list(_every(f, "AU", "A1")) or list(_every(f, "A2", "A3", "ED"))
    pages = _first(f, "SP") or (_first(f, "C7") if kind == "article" else None)
    end = _first(f, "EP")
    title = _first(f, "TI", "T1", "BT", "CT")
    container = _first(f, "JF", "T2", "JO", "JA", "J2", "BT")
    places = [*_every(f, "DO", "DI", "M3", "UR", "L3", "N1")]
    return new_work(
        origin,
        _first(f, "ID") or f"line {line}",
        title=title,
        authors=authors_of(read_name(name) for name in names),
        container=container if container != title else _first(f, "JF", "JO", "JA"),
        year=_first(f, "PY", "Y1", "DA"),
        volume=_first(f, "VL"),
        issue=_first(f, "IS", "CP"),
        pages=f"{pages}-{end}" if pages and end and end != pages and "-" not in pages else pages,
        doi=next(filter(None, map(doi_of, places)), None),
        pmid=_ris_pmid(f),
        url=_first(f, "UR", "L2", "LK"),
        type=kind,
        abstract=_first(f, "AB", "N2"),
        keywords=[k for value in _every(f, "KW") for k in re.split(r"\s*;\s*", value)],
        publisher=_first(f, "PB"),
    )


def _ris_pmid(f: dict[str, list[str]]) -> str | None:
    """The PubMed number: tagged as one, in a PubMed address, or an accession number where the source is PubMed's."""
    for value in _every(f, "C2", "AN", "N1", "UR", "ID"):
        if re.search(r"pmid|pubmed", value, re.IGNORECASE) and (pmid := _labelled_pmid(value)):
            return pmid
    number = _first(f, "AN") or ""
    database = " ".join(_every(f, "DB", "DP")).lower()
    if re.fullmatch(r"\d{1,8}", number) and (not database or any(w in database for w in ("pubmed", "medline", "nlm"))):
        return number.lstrip("0") or None
    return None


def _labelled_pmid(value: str) -> str | None:
    m = re.search(r"(?:pmid\W{0,3}|pubmed\W{0,3}|pubmed\.ncbi\.nlm\.nih\.gov/|/pubmed/)(\d{1,8})(?!\d)", value, re.IGNORECASE)
    return m.group(1) if m else None


def _nbib_work(tags: list[tuple[str, str]], origin: str, line: int) -> Work:
    f = _group(tags)
    people = list(_every(f, "FAU")) or list(_every(f, "AU")) or list(_every(f, "FED", "ED"))
    authors = [read_name(name) for name in people]
    authors += [a for a in map(read_name, _every(f, "CN")) if a not in authors]
    kinds = list(_every(f, "PT"))
    located = [v for v in _every(f, "LID", "AID", "SO") if "doi" in v.lower()]
    pmid = pmid_of(_first(f, "PMID"))
    title = " ".join(_every(f, "TI")) or _first(f, "BTI", "TT")
    return new_work(
        origin,
        pmid or f"line {line}",
        title=_unbracketed(title or ""),
        authors=authors_of(authors),
        container=_first(f, "JT", "TA", "BTI") if title != _first(f, "BTI") else _first(f, "JT", "TA"),
        year=_first(f, "DP", "DEP", "SO"),
        volume=_first(f, "VI"),
        issue=_first(f, "IP"),
        pages=_first(f, "PG"),
        doi=next(filter(None, map(doi_of, located)), None),
        pmid=pmid,
        url=None,
        type=kind_of(kinds, bool(f.get("BTI")), bool(f.get("TI"))),
        abstract=" ".join(_every(f, "AB")) or None,
        keywords=[*_every(f, "MH"), *_every(f, "OT")],
        publisher=_first(f, "PB"),
        publication_types=kinds,
        retraction=retraction_of(kinds, f.keys()),
    )


def _unbracketed(title: str) -> str:
    """MEDLINE's titles end in a full stop, and translated ones stand in square brackets; neither is part of the title."""
    title = title.strip()
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1]
    if title.startswith("[") and title.endswith("]") and "[" not in title[1:]:
        title = title[1:-1]
    return title


def kind_of(publication_types: Sequence[str], in_book: bool, has_title: bool) -> str:
    """Our type of a PubMed record."""
    if in_book:
        return "chapter" if has_title else "book"
    if any("preprint" in kind.lower() for kind in publication_types):
        return "preprint"
    return "dataset" if "Dataset" in publication_types else "article"


def retraction_of(publication_types: Iterable[str], notes: Iterable[str]) -> str | None:
    """What PubMed itself says: a retracted publication, an expression of concern (ECI), a corrected one (EIN)."""
    noted = set(notes)
    if "Retracted Publication" in set(publication_types) or "RIN" in noted:
        return "retracted"
    if "ECI" in noted:
        return "concern"
    return "corrected" if "EIN" in noted or "CRI" in noted else None
