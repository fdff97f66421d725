"""BibTeX and BibLaTeX files -> works.

bibtexparser 2 gives the model of blocks and the rules for people's names; finding the blocks is done here, because
its splitter loses or mangles entries that other tools accept: ``#`` concatenation is left unevaluated, a missing
comma swallows the next field, a comment becomes part of a field's name, an entry without its closing brace takes the
rest of the file along. Nothing is dropped silently: what cannot be read is a ``Problem`` with its line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bibtexparser.middlewares.names import parse_single_name_into_parts

from ingest.read.works import authors_of, new_work
from ingest.records import Author, Problem, Work
from ingest.text.bibliographic import clean, doi_of, is_body, pmid_of, read_name
from ingest.text.latex import decode_latex

_START = re.compile(r"@\s*([A-Za-z][\w-]*)\s*([{(])")
_NEXT_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z][\w-]*\s*[{(][^\n=]*,?[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[^\s={}(),\"#%]+(?=\s*=)")
_KEY = re.compile(r"[^,={}\n]*(?:\{[^{}\n]*\}[^,={}\n]*)*")
_BARE = re.compile(r"[^\s,#{}\"=()]+(?:\([^\s(){},]*\))?")
_SPACE = re.compile(r"(?:\s+|%[^\n]*(?:\n|$))*")
_MONTHS = {m: str(i + 1) for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
_TYPES = {
    "article": "article", "periodical": "article", "suppperiodical": "article", "review": "article", "book": "book", "mvbook": "book",
    "booklet": "book", "collection": "book", "manual": "report", "inbook": "chapter", "incollection": "chapter", "bookinbook": "chapter",
    "inproceedings": "conference", "conference": "conference", "proceedings": "conference", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "online": "web", "electronic": "web",
    "www": "web", "webpage": "web", "unpublished": "preprint", "dataset": "dataset", "software": "other", "misc": "other",
}  # fmt: skip
_RAW = frozenset(["doi", "url", "eprint", "pmid", "file"])
_PEOPLE = re.compile(r"\s+and\s+", re.IGNORECASE)
_MEDLINE_LIST = re.compile(r"[^\W\d_][\w'’ -]+ [A-Z]{1,4}(?:, *[^\W\d_][\w'’ -]+ [A-Z]{1,4})+")
_MEDLINE_NAME = re.compile(r"[^\W\d_][^,{}]* [A-Z]{1,4}")


@dataclass
class BibEntry:
    """One entry as the file has it: ``raw`` values with their LaTeX, ``fields`` as plain text (author names apart)."""

    type: str
    key: str
    line: int
    raw: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()


@dataclass
class _File:
    text: str
    origin: str
    strings: dict[str, str] = field(default_factory=lambda: dict(_MONTHS))
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def breaks(self) -> list[int]:
        return [m.start() for m in re.finditer("\n", self.text)]

    def line(self, at: int) -> int:
        return bisect_left(self.breaks, at) + 1

    def report(self, at: int, message: str) -> None:
        self.problems.append(Problem(self.origin, message, "entry", self.line(at)))


def read_bibtex(text: str, origin: str) -> tuple[list[Work], list[Problem]]:
    """The works of a BibTeX file and what was wrong with it, in the file's order."""
    entries, problems = parse_bibtex(text, origin)
    works = []
    for entry in entries:
        if entry.raw:
            works.append(_work(entry, origin))
        else:
            problems.append(Problem(origin, f"entry {entry.key!r} holds no field", "entry", entry.line))
    return works, problems


def parse_bibtex(text: str, origin: str = "") -> tuple[list[BibEntry], list[Problem]]:
    r"""Every entry of a BibTeX text, crossref fields inherited, and the problems met; never raises.

    >>> entries, _ = parse_bibtex('@string{j = "J. Neurol."} @article{b, title = "Quo " # j # " end", year = 1999}')
    >>> entries[0].fields["title"]
    'Quo J. Neurol. end'
    """
    source = _File(text.replace("\r\n", "\n").replace("\r", "\n"), origin)
    entries = list(_entries(source))
    _report_doubles(entries, source)
    _inherit(entries)
    for entry in entries:
        _decode(entry)
    return entries, source.problems


def _entries(source: _File) -> Iterator[BibEntry]:
    text, at = source.text, 0
    while m := _START.search(text, at):
        kind, opener = m.group(1).lower(), m.group(2)
        at = m.end()
        if kind == "comment":
            at = _after_group(text, m.end() - 1)
        elif kind in ("string", "preamble"):
            raw: dict[str, str] = {}
            at, _ = _fields(source, at, opener, raw, lenient=kind == "preamble")
            if kind == "string":
                source.strings.update({name.lower(): value for name, value in raw.items()})
        else:
            entry = BibEntry(kind, "", source.line(m.start()))
            at, whole = _entry(source, at, opener, entry)
            if not whole:
                source.report(m.start(), f"entry {entry.key!r} is not closed properly; {len(entry.raw)} fields were read")
            yield entry


def _entry(source: _File, at: int, opener: str, entry: BibEntry) -> tuple[int, bool]:
    text = source.text
    at = _skip(text, at)
    if not _NAME.match(text, at):  # a field at once means that the key was left out
        m = _KEY.match(text, at)
        key = m.group(0) if m else ""
        end = at + len(key)
        if opener == "(" and key.count(")") > key.count("("):
            key = key[: key.rindex(")")]
            end = at + len(key)
        if text[end : end + 1] == "=":  # no comma after the key: what stands last before "=" is a field's name
            head, _, name = key.rstrip().rpartition(" ") if " " in key.strip() else ("", "", key)
            key, end = head, at + len(key.rstrip()) - len(name)
            source.report(at, f"no comma after the key {key.strip()!r}")
        entry.key = key.strip()
        at = end
    return _fields(source, at, opener, entry.raw)


def _fields(source: _File, at: int, opener: str, raw: dict[str, str], lenient: bool = False) -> tuple[int, bool]:
    """Read ``name = value`` pairs up to the closing brace; the place after it, and whether it was there."""
    text = source.text
    closer = "}" if opener == "{" else ")"
    while True:
        at = _skip(text, at, ",")
        if at >= len(text):
            return at, False
        if text[at] == closer:
            return at + 1, True
        if text[at] == "@" and _START.match(text, at):
            return at, False
        name = _NAME.match(text, at)
        if not name:
            if lenient:
                return _after_group(text, at - 1 if text[at - 1] in "{(" else at), True
            at = _resume(source, at, closer)
            continue
        at = _skip(text, text.index("=", name.end()) + 1)
        value, at = _value(source, at, closer)
        if value is None:
            return at, False
        lower = name.group(0).lower()
        if lower in raw:
            source.report(name.start(), f"field {lower!r} is given twice; the first is kept")
        raw.setdefault(lower, value)


def _resume(source: _File, at: int, closer: str) -> int:
    """Skip words that are no field, up to the next comma, closing brace or entry."""
    text = source.text
    m = re.compile(rf"[,{re.escape(closer)}]|\n[ \t]*(?=@)").search(text, at + (text[at] not in closer))
    end = m.start() if m else len(text)
    source.report(at, f"not a field: {text[at : at + 40].split(chr(10))[0]!r}")
    return max(end, at + 1) if text[at : at + 1] not in closer else at


def _skip(text: str, at: int, also: str = "") -> int:
    while True:
        m = _SPACE.match(text, at)
        at = m.end() if m else at
        if also and text[at : at + 1] in also and at < len(text):
            at += 1
            continue
        return at


def _value(source: _File, at: int, closer: str) -> tuple[str | None, int]:
    """One value, its parts joined by ``#``; None where it is not closed before the next entry or the end."""
    parts: list[str] = []
    text = source.text
    while True:
        c = text[at : at + 1]
        if c and c in '{"':
            end = _group_end(source, at) if c == "{" else _quote_end(text, at)
            if end is None:
                cut = _cut(source, at)
                parts.append(text[at + 1 : cut].rstrip().rstrip("},"))
                return ("".join(parts), cut) if cut >= len(text) else (None, cut)
            parts.append(text[at + 1 : end])
            at = end + 1
        else:
            word = _bare(text, at, closer)
            parts.append(_macro(source, word, at))
            at += len(word)
        at = _skip(text, at)
        if text[at : at + 1] != "#":
            return "".join(parts), at
        at = _skip(text, at + 1)


def _bare(text: str, at: int, closer: str) -> str:
    """A number or the name of an abbreviation."""
    m = _BARE.match(text, at)
    word = m.group(0) if m else ""
    return word[:-1] if closer == ")" and word.endswith(")") and "(" not in word else word


def _macro(source: _File, word: str, at: int) -> str:
    if not word or word[0].isdigit():
        return word
    value = source.strings.get(word.lower())
    if value is None:
        source.report(at, f"the abbreviation {word!r} is not defined; its name is kept")
        return word
    return value


def _group_end(source: _File, at: int) -> int | None:
    """Where the brace at ``at`` closes; None where that would swallow the start of another entry."""
    end = _closing(source.text, at)
    if end is None:
        return None
    swallowed = source.text.find("\n@", at, end)
    if swallowed >= 0 and _NEXT_ENTRY.search(source.text, swallowed, end) and not _holds_whole_entries(source.text, at, end):
        return None
    return end


def _holds_whole_entries(text: str, at: int, end: int) -> bool:
    """Whether the entries that begin inside a group also end inside it (a quoted example in an abstract)."""
    m = _NEXT_ENTRY.search(text, at, end)
    close = _closing(text, text.index("{", m.start()), end) if m and "{" in text[m.start() : end] else None
    return close is not None


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _closing(text: str, at: int, stop: int | None = None) -> int | None:
    depth = 0
    for m in _BRACE.finditer(text, at, len(text) if stop is None else stop):
        c = m.group(0)
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if not depth:
                return m.start()
    return None


def _quote_end(text: str, at: int) -> int | None:
    depth = 0
    for m in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(text, at + 1):
        c = m.group(0)
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth < 0:
                return None
        elif c == '"' and not depth:
            return m.start()
    return None


def _cut(source: _File, at: int) -> int:
    """Where to go on after a value that never closes: the next line that starts an entry, else the end."""
    source.report(at, "a value is not closed")
    m = re.compile(r"^[ \t]*@\s*[A-Za-z][\w-]*\s*[{(]", re.MULTILINE).search(source.text, at)
    return m.start() if m else len(source.text)


def _after_group(text: str, at: int) -> int:
    if text[at : at + 1] == "(":
        end = text.find(")", at)
        return end + 1 if end >= 0 else len(text)
    close = _closing(text, at)
    return close + 1 if close is not None else _line_end(text, at)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _report_doubles(entries: list[BibEntry], source: _File) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.key and entry.key in seen:
            message = f"the key {entry.key!r} was used on line {seen[entry.key]} before; both entries are kept"
            source.problems.append(Problem(source.origin, message, "duplicate", entry.line))
        seen.setdefault(entry.key, entry.line)


def _inherit(entries: list[BibEntry]) -> None:
    by_key = {entry.key.lower(): entry for entry in reversed(entries)}
    for entry in entries:
        parent = by_key.get(entry.raw.get("crossref", "").strip().lower()) if "crossref" in entry.raw else None
        if parent is None or parent is entry:
            continue
        for name, value in parent.raw.items():
            if name == "title":
                entry.raw.setdefault("booktitle", value)
            elif name not in ("crossref", "doi", "url", "author", "pages", "abstract", "keywords", "pmid"):
                entry.raw.setdefault(name, value)


def _decode(entry: BibEntry) -> None:
    for name, value in entry.raw.items():
        if name in _RAW:
            entry.fields[name] = " ".join(re.sub(r"\\([%&_#~$])", r"\1", value).replace("{", "").replace("}", "").split())
        else:
            entry.fields[name] = clean(decode_latex(value))
    if "month" in entry.fields:
        month = entry.fields["month"]
        first = re.match(r"[a-z]{3}", month.lower())
        entry.fields["month"] = _MONTHS.get(first.group(0), month) if first else month
    people = entry.raw.get("author") or entry.raw.get("editor") or ""
    entry.authors = authors_of(read_people(people)) if people.strip() else ()
    fields = entry.fields
    if "year" not in fields and "date" in fields:
        fields["year"] = fields["date"][:4]
    if "journaltitle" in fields:
        fields.setdefault("journal", fields["journaltitle"])
    container = fields.get("journal") or fields.get("booktitle")
    if container:
        fields.setdefault("container", container)
    _identifiers(fields)


def _identifiers(fields: dict[str, str]) -> None:
    if doi := doi_of(fields.get("doi")) or doi_of(fields.get("url")):
        fields["doi"] = doi
    if "pmid" not in fields and fields.get("eprinttype", "").lower() == "pubmed":
        fields["pmid"] = fields.get("eprint", "")
    if "pmid" not in fields and (noted := re.search(r"\bPMID: ?\d{1,8}\b", fields.get("note", ""))):  # Zotero keeps it there
        fields["pmid"] = noted.group(0)
    if pmid := pmid_of(fields.get("pmid")):
        fields["pmid"] = pmid


def read_people(value: str) -> list[Author]:
    r"""The people of an author field, split before decoding so that protecting braces keep bodies whole.

    >>> [a.family for a in read_people(r"M{\"u}ller, J. and {The MS Study Group} and Mazzella GL")]
    ['Müller', 'The MS Study Group', 'Mazzella']
    """
    out: list[Author] = []
    for name in _split_top(value):
        plain = clean(decode_latex(name))
        if not plain:
            continue
        if name.startswith("{") and _closing(name, 0) == len(name) - 1:
            out.append(Author(plain, literal=True))
        elif _MEDLINE_LIST.fullmatch(plain):
            out.extend(read_name(part) for part in plain.split(","))
        elif _simple(name, plain):
            out.append(read_name(plain))
        elif "=" in plain and "," in plain:
            out.append(_extended(plain))
        else:
            out.append(_parts(name, plain))
    return out


def _simple(name: str, plain: str) -> bool:
    """Whether a name is "Family, Given" without mark-up, or MEDLINE's "Family GG"."""
    if name.count(",") == 1 and not any(c in name for c in "{\\="):
        return True
    return bool(_MEDLINE_NAME.fullmatch(plain)) and not plain.isupper()


def _split_top(value: str) -> list[str]:
    """Split at " and " outside braces."""
    cuts, last = [], 0
    flat = list(value)
    depth = 0
    for i, c in enumerate(value):
        depth += (c == "{") - (c == "}")
        if depth > 0:
            flat[i] = "\x00"
    for m in _PEOPLE.finditer("".join(flat)):
        cuts.append(value[last : m.start()].strip())
        last = m.end()
    return _whole_bodies([*cuts, value[last:].strip()])


def _whole_bodies(names: list[str]) -> list[str]:
    """Put "Asthma" and "Allergy Study Group" together again: neighbours without a comma in a list where people have one."""
    if sum("," in name for name in names) < 2:
        return names
    out: list[str] = []
    for name in names:
        if out and "," not in name and "," not in out[-1] and is_body(name) and " " in name:
            out[-1] = f"{{{out[-1].strip('{}')} and {name}}}"
        else:
            out.append(name)
    return out


def _extended(plain: str) -> Author:
    """BibLaTeX's extended names: ``family=Duchamp, given=Philippe``."""
    parts = {name.strip().lower(): value.strip() for name, _, value in (p.partition("=") for p in plain.split(","))}
    return Author(parts.get("family") or plain, parts.get("given", ""))


def _parts(name: str, plain: str) -> Author:
    try:
        parts = parse_single_name_into_parts(name, strict=False)
    except Exception:  # any malformed name; ours copes with everything
        return read_name(plain)
    text = {k: clean(decode_latex(" ".join(getattr(parts, k)))) for k in ("first", "von", "last", "jr")}
    family = f"{text['von']} {text['last']}".strip()
    given = f"{text['first']} {text['jr']}".strip()
    return Author(family, given) if family else read_name(plain)


def _work(entry: BibEntry, origin: str) -> Work:
    f = entry.fields
    title = f.get("title", "")
    if f.get("subtitle"):
        title = f"{title}: {f['subtitle']}"
    return new_work(
        origin,
        entry.key or f"line {entry.line}",
        title=title,
        authors=entry.authors,
        container=f.get("container"),
        year=f.get("year"),
        volume=f.get("volume"),
        issue=f.get("number") or f.get("issue"),
        pages=f.get("pages") or f.get("eid"),
        doi=f.get("doi"),
        pmid=f.get("pmid"),
        url=f.get("url"),
        type=_TYPES.get(entry.type, "other"),
        abstract=f.get("abstract"),
        keywords=re.split(r"\s*[,;]\s*", f.get("keywords", "")),
        publisher=f.get("publisher") or f.get("institution") or f.get("school") or f.get("organization"),
    )
