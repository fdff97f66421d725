"""Where the entries of a reference list begin and end.

Printed numbers and keys decide where there are any (they must count up); otherwise a chain of labels over the words
(``tagger``) says at which word an entry begins, whatever stands between: a line break, a bullet, ``|``, ``;``, or nothing.
Entries never overlap; between them lie only labels, separators and white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.find import tagger
from ingest.find.tokens import Tokens, tokenize
from ingest.records import Span

MODEL = "reference_starts.npz"
_LONG = 400_000  # characters; a longer list is split by its lines alone
_CHUNK = 2500  # tokens that are labelled at once

_LINE_NUMBER = re.compile(r"^[ \t>]*(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})(?:[.):\]]|(?=[ \t]+[^\W\d_])))[ \t]*", re.MULTILINE)
# Begins with the mark or digit, so that it is found fast; what may stand in front of it is asked for by `_inline_numbers`.
_INLINE_NUMBER = re.compile(r"(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d\d{0,3})[.)])[ \t]*(?=[^\W\d_]|[\"“‘'«(\[])")
_BRACKET_KEY = re.compile(r"(?:(?<=\s)|^)\[([A-Z][A-Za-z+]{1,9}\d{0,4}[a-z]{0,3}|[^\W\d_][^\]\n]{1,40}\d{4}[a-z]?)\][ \t]*", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*(?:\[\^([^\]\s]{1,40})\]:|\[([^\]\n]{1,40})\])\s{0,3}(?=\S)", re.MULTILINE)
_BULLET = re.compile(r"[-–—*•‣▪●◦·○■►»↑^]+(?=\s)")
_SEPARATORS = " \t\r\n|;•▪●◦‣·*–—-\u00a0\u21a9\ufe0e\ufe0f"
_TAIL_SEPARATORS = " \t\r\n|;•▪●◦‣·*\u00a0\u21a9\ufe0e\ufe0f"
_OPENERS = "\"“‘'«([„"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry without its label; ``label`` is the printed number or key."""

    start: int
    end: int
    label: str | None = None


def split_entries(plain: str, span: Span) -> list[Entry]:
    """Cut a list (mark-up already blanked out) into entries, in order."""
    start, end = trim(plain, span.start, span.end)
    if start >= end:
        return []
    if end - start > _LONG:
        return list(_by_lines(plain, start, end))
    marks = _numbered(plain, start, end) or _keyed(plain, start, end)
    if marks:
        return [part for entry in _between(plain, marks, end) for part in _several(plain, entry)]
    return _learned(plain, start, end)


def trim(plain: str, start: int, end: int) -> tuple[int, int]:
    """A range without the white space, separators and bullet at its ends."""
    while start < end and plain[start] in _TAIL_SEPARATORS:
        start += 1
    bullet = _BULLET.match(plain, start, end)
    if bullet:
        start = bullet.end()
        while start < end and plain[start].isspace():
            start += 1
    while end > start and plain[end - 1] in _TAIL_SEPARATORS:
        end -= 1
    return start, end


def _by_lines(plain: str, start: int, end: int) -> Iterator[Entry]:
    for m in re.finditer(r"[^\n]+", plain[start:end]):
        a, b = trim(plain, start + m.start(), start + m.end())
        if a < b:
            yield Entry(a, b)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: str


def _numbered(plain: str, start: int, end: int) -> list[_Mark]:
    """The longest run of labels that counts up by one from the first word of the list; empty where there is none."""
    for lines, least in ((True, 2), (False, 2)):
        found = list(_LINE_NUMBER.finditer(plain, start, end)) if lines else _inline_numbers(plain, start, end)
        if not found or plain[start : found[0].start()].strip():
            continue
        marks = _counting(found, lines)
        if len(marks) >= least:
            return marks
    return []


def _inline_numbers(plain: str, start: int, end: int) -> list[re.Match[str]]:
    """Numbers of entries in running text: at the beginning, behind white space or behind a mark that ends something."""
    found = _INLINE_NUMBER.finditer(plain, start, end)
    return [m for m in found if m.start() == 0 or (before := plain[m.start() - 1]).isspace() or before in ".;,)"]


def _number(m: re.Match[str]) -> tuple[int, int]:
    """The number a label prints and the kind of bracket around it."""
    kind = next(k for k in (1, 2, 3) if m.group(k))
    return int(m.group(kind)), kind


def _counting(found: list[re.Match[str]], lines: bool) -> list[_Mark]:
    number, kind = _number(found[0])
    marks = [_Mark(found[0].start(), found[0].end(), str(number))]
    for m in found[1:]:
        n, k = _number(m)
        close = n == number + 1 or (lines and number < n <= number + 3)
        if k == kind and close and m.start() - marks[-1].end >= 8:
            marks.append(_Mark(m.start(), m.end(), str(n)))
            number = n
    return marks


def is_numbered(plain: str, span: Span) -> bool:
    """Whether printed numbers or keys that count up set the entries of a list apart."""
    start, end = trim(plain, span.start, span.end)
    return bool(_numbered(plain, start, end) or _keyed(plain, start, end))


def _keyed(plain: str, start: int, end: int) -> list[_Mark]:
    if plain.find("[", start, end) < 0:
        return []
    for pattern in (_KEY, _BRACKET_KEY):
        found = list(pattern.finditer(plain, start, end))
        if len(found) >= 2 and not plain[start : found[0].start()].strip():
            return [_keyed_mark(m) for m in found]
    return []


def _keyed_mark(m: re.Match[str]) -> _Mark:
    """A key; one that names author and year ("[Lee 2014a]") says what the entry may leave out, so it belongs to the entry."""
    key = next(g for g in m.groups() if g)
    start = m.start() + m.group().index(key)
    return _Mark(m.start(), start if _SPEAKING_KEY.fullmatch(key) else m.end(), key)


_SPEAKING_KEY = re.compile(r"[^\W\d_][^\d]{1,40} (?:19|20)\d\d[a-z]?")


def _between(plain: str, marks: list[_Mark], end: int) -> Iterator[Entry]:
    stops = [m.start for m in marks[1:]] + [_last_end(plain, marks, end)]
    for mark, stop in zip(marks, stops, strict=True):
        a, b = _tidy(plain, mark.end, stop)
        if a < b:
            yield Entry(a, b, mark.label)


def _several(plain: str, entry: Entry) -> list[Entry]:
    """One number may stand for several works set apart by semicolons (a habit of physics): each has a year of its own."""
    text = plain[entry.start : entry.end]
    if "; " not in text.replace("\n", " ") or len(_YEAR.findall(text)) < 2:
        return [entry]
    out = [entry]
    for part in _learned(plain, entry.start, entry.end)[1:]:
        before = plain[out[-1].start : part.start].rstrip()
        if before.endswith(";") and _YEAR.search(before) and _YEAR.search(plain, part.start, entry.end):
            whole = out.pop()
            a, b = _tidy(plain, whole.start, part.start)
            out += [Entry(a, b, whole.label), Entry(part.start, entry.end, entry.label)]
    return out


_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def _last_end(plain: str, marks: list[_Mark], end: int) -> int:
    """Where the last labelled entry ends: boilerplate may follow it ("Last updated on …")."""
    start = marks[-1].end
    line = plain.find("\n", start, end)
    others = [plain[m.end : n.start].rstrip().count("\n") for m, n in zip(marks, marks[1:], strict=False)]
    if line >= 0 and others and max(others) == 0:
        end = line
    entries = _learned(plain, start, end)
    if entries and entries[0].start - start <= 3:
        return entries[0].end if entries[0].end - start > 20 else end
    return end


def _tidy(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start] in _TAIL_SEPARATORS:
        start += 1
    while end > start and plain[end - 1] in _SEPARATORS:
        end -= 1
    return start, end


def _learned(plain: str, start: int, end: int) -> list[Entry]:
    tokens = tokenize(plain, start, end)
    if not len(tokens):
        return []
    labels = _labels(tokens)
    out: list[Entry] = []
    begin: int | None = None
    last = 0
    number: str | None = None
    for i, label in enumerate(labels):
        if label[0] == "B" and begin is not None and _inside_word(tokens, i):
            label = "O"
        if label[0] == "B" or (begin is None and label not in ("L", "Z")):
            if begin is not None:
                _close(plain, out, tokens, begin, last, i, number)
                number = None
            begin = i
        elif label in ("L", "Z"):
            if begin is not None:
                _close(plain, out, tokens, begin, last, i, number)
                begin = None
            number = tokens.words[i] if label == "L" else None
            continue
        last = i
    if begin is not None:
        _close(plain, out, tokens, begin, last, len(tokens), number)
    return _whole(plain, out)


# "———. 1970." stands for the author of the entry before
_SAME_AUTHOR = re.compile(r"(?:[-_]{2,6}|[–—]{1,4})[.,~]{0,3}\s{0,3}(?:&\s)?[(\[]?$")


def _inside_word(tokens: Tokens, i: int) -> bool:
    """Whether no entry can begin at a token since it continues a word ("p|53"); a capital letter right behind a number may."""
    return tokens.gaps[i] == "" and not tokens.words[i][0].isupper()


def _whole(plain: str, found: list[Entry]) -> list[Entry]:
    """Entries with the bare publisher ("Berlin: Springer.") given back to the one before."""
    out: list[Entry] = []
    for entry in found:
        text = plain[entry.start : entry.end]
        if out and entry.label is None and len(text) < 60 and _PUBLISHER.match(text) and not any(c.isdigit() for c in text):
            out[-1] = Entry(out[-1].start, entry.end, out[-1].label)
        else:
            out.append(entry)
    return out


_PUBLISHER = re.compile(r"[^\W\d_][\w .,&-]{2,30}:\s+[A-Z][\w .,&-]{2,40}$")


def _labels(tokens: Tokens) -> list[str]:
    model = tagger.load(MODEL)
    n = len(tokens)
    if n <= _CHUNK:
        return model.tag(tokens)
    out: list[str] = []
    while len(out) < n:
        i = len(out)
        j = min(i + _CHUNK, n)
        part = model.tag(Tokens(tokens.words[i:j], tokens.starts[i:j], tokens.ends[i:j], tokens.gaps[i : j + 1]))
        if j < n:  # keep whole entries: the last begun one is read again with what follows
            cut = next((k for k in range(len(part) - 1, _CHUNK // 2, -1) if part[k][0] == "B"), len(part))
            part = part[:cut]
        out.extend(part)
    return out


def _close(plain: str, out: list[Entry], tokens: Tokens, first: int, last: int, following: int, label: str | None) -> None:
    start = tokens.starts[first]
    floor = out[-1].end if out else tokens.starts[0] - len(tokens.gaps[0])
    while start > max(floor, 0) and plain[start - 1] in _OPENERS and not (label and plain[start - 1] == "["):
        start -= 1
    dash = _SAME_AUTHOR.search(plain, max(floor, start - 16), start)
    if dash:
        start = dash.start()
    stop = tokens.starts[following] if following < len(tokens) else len(plain)
    end = tokens.ends[last]
    while end < stop and plain[end] not in "\n|;•":
        if plain[end].isspace() and (end + 1 >= stop or plain[end + 1] not in '.,)]”"’»'):
            break
        if plain[end] in _OPENERS and plain[end] not in "\"'" and following < len(tokens):
            break
        end += 1
    _, end = _tidy(plain, start, end)
    if start < end:
        out.append(Entry(start, end, label))
