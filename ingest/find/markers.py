"""Where running text points at the reference list: numbers, superscripts, keys, names with years, journals with years.

What the format itself says (JATS ``xref``, HTML ``sup``) is taken first; the text is read for the rest. Names are looked
for among the list's own authors, so that a capital letter alone never makes a marker.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ingest.records import Article, Citation, Marker, Span
from ingest.text.bibliographic import fold, surname_key
from ingest.text.pointers import Pointers

_LIST = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
_BRACKETED = re.compile(rf"\[({_LIST})\]")
_KEYED = re.compile(r"\[\^?([^\W\d_][^\[\]\n]{0,60})\]")
_FOOTNOTE = re.compile(r"\[\^(\d{1,3})\]")
_PARENTHESISED = re.compile(rf"(?<=[\w.,!?\"”’%]) ?\(({_LIST})\)(?=[.,;:)]|\s+[A-Z“]|\s*$)", re.MULTILINE)
# "Finland.1 Between", "asbestos.2 It": a superscript that lost its place
_GLUED = re.compile(
    r"(?<=[^\W\d_][.,;:!?])(\d{1,3}(?:[,–-]\d{1,3})*)(?=\s+[A-Z“\"‘'(]|\s*$|\s*\n)|(?<=[)”\"’][.,;])(\d{1,3}(?:[,–-]\d{1,3})*)(?=\s|$)",
    re.MULTILINE,
)
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:[,⁻˒–-][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*")
_UNRAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")
_UNIT = re.compile(r"(?:\d|\b(?:m|cm|mm|km|kg|CO|H|R|x|χ))$")

_CAP = r"[^\W\d_a-z][\w'’‐-]{0,40}\w"
_PARTICLE = r"(?:[Vv]an|[Vv]on|[Dd]e[rnl]?|[Dd]ella|[Dd]i|[Dd]u|[Dd]a|[Dd]os|[Ll][ae]|[Ll]os|[Tt]e[rn]|[Aa]l|[Ee]l|[Bb]en)"
_SURNAME = rf"(?:{_PARTICLE}[ ’'])*(?:{_CAP})"
_PARTICLES = re.compile(rf"(?:{_PARTICLE}[ ’']){{1,3}}$")
_FURTHER = re.compile(r"[ ‐-](?:of|for|the|and|on|de|in|&|[\w'’]*[\w])")
_OWN_WORK = re.compile(r" (?:stud(?:y|ies)|trial|paper|review|research|report|work|survey|analysis|experiment)\b")
_CROWD = re.compile(r"\bal\b|colleagues|workers|others|associates|team|group")
_YEAR = r"(?:1[89]\d\d|20\d\d)[a-z]?"
# A capital at the beginning of a word: asked for behind the letter, since a search for one character is the fastest there is.
_NAME = re.compile(r"[^\W\d_a-z](?<!\w[^\W\d_a-z])[\w'’‐-]{0,40}\w")
_INITIALS = r"(?: [A-Z]\.(?:[ -]?[A-Z]\.){0,2}|,? (?:[A-Z]\.? ?){1,3}(?=,| et| and| &))?"
_OTHERS = re.compile(
    rf"{_INITIALS}(?P<others>(?:, {_SURNAME}){{0,3}},? et\.? al\b\.?,?"
    r"| and (?:colleagues|co-?workers|others|associates|(?:his|her|their) (?:\w+ )?(?:team|colleagues|co-?workers|group))\b"
    rf"|(?:, {_SURNAME}{_INITIALS}){{0,5}},? (?:and|&|und|y) (?P<last>{_SURNAME}(?: {_CAP}(?=,? \(?{_YEAR}))?){_INITIALS})?"
)
_LATER = re.compile(
    rf"(?: [\[(][A-Z]{{2,8}}[\])])?['’]?s?,? ?[(\[]?(?P<year>{_YEAR})(?P<more>(?:, ?(?:{_YEAR}|[a-h]\b(?!\.)))*)(?P<close>[)\]])?(?![\d%])"
    rf"|['’]s? (?P<own>{_YEAR}) "
)
_MORE = re.compile(rf"(?:{_YEAR}|\b[a-h]\b)")
_RESEARCH = r"(?:stud(?:y|ies)|trials?|papers?|reviews?|research|reports?|work|experiments?|surveys?|analys[ie]s|meta-analys[ie]s|articles?)"
_BEFORE = re.compile(
    rf"\b(?:(?:\w+[- ]){{0,4}}(?:{_RESEARCH}|team|group|authors?|investigators?|researchers?)"
    rf"(?:\s+(?:published|conducted|led|done|written|carried out|run|headed))?(?: in {_YEAR})?,? (?:by|from|of)(?: (?:\w+ )?(?:Drs?|Prof(?:essor)?)\.?)?"
    rf"(?: {_CAP}(?: [A-Z]\.)?)?|(?:led|headed|run|conducted|reported|described|published|reviewed) by(?: {_CAP})?) $"
)
_OWN = re.compile(rf"['’]s?(?: (?:own|new|first|original|earlier|later|Cochrane|recent|\w+-?\w*))? (?:{_RESEARCH}|team|group|patients)\b")
_FOUND = re.compile(
    r",? (?:found|report(?:s|ed)|show(?:s|ed)|conclud(?:es|ed)|observ(?:es|ed)|describ(?:es|ed)|wr(?:ites|ote)|pooled|reviewed|divided|compared|gave"
    r"|followed)\b"
)
_UNPUBLISHED = re.compile(r"[\s,(]*(?:unpublished|in prep|submitted|personal comm|pers\.? comm|in press)", re.IGNORECASE)
_STUDY = re.compile(rf"\b{_RESEARCH}\b")
_IN_JOURNAL = re.compile(
    rf"(?: (?:that )?(?:was )?(?:published|printed|appearing|which appeared|that appeared|reported|out))?(?:,? (?:in|from) {_YEAR})?"
    r",? (?:in|by) (?:the (?:journal )?)?(?:journal )?[*_“\"]?(?P<journal>[A-Z][^\n;!?()]{1,90})"
)
_LEAD_IN = re.compile(r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Tt]his|[Aa]nother) )?(?:\w+[- ]){0,3}$")
_JOURNAL_FIRST = re.compile(rf"{_YEAR}(?<!\d\d{{4}})(?<!\d\d{{4}}[a-z]) (?=(?P<journal>[A-Z][\w.& -]{{1,60}}?) {_RESEARCH}\b)")
_GIVEN = re.compile(r"\b([A-Z])[\w'’-]+ (?:[A-Z]\.? )?$")
_SAID = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)([a-z]?)(?!\w)")
_DATED = re.compile(rf"\bal\.?,? \(?{_YEAR}|\b{_CAP}(?:, {_YEAR}[;)]| \({_YEAR}\))")


def find_markers(article: Article, lists: Sequence[Span], citations: Sequence[Citation]) -> tuple[Marker, ...]:
    """Every pointer from the running text to the list, in reading order; ``numbers`` are the entries it means.

    A name or a journal that fits several entries ("Du Toit", of three papers) has no number: what is said there must decide.
    """
    if not citations:
        return article.markers
    text = article.text
    pointers = Pointers(citations)
    skip = sorted([*lists, *(Span(c.start, c.end) for c in citations)], key=lambda s: s.start)
    free = _Free(skip)
    given = [_resolved(m, pointers) for m in article.markers]
    taken: list[Marker] = [m for m in given if m.numbers]
    for found in (_numbers(text, pointers), _keys(text, pointers), _names(text, pointers, _Entries(text, citations)), _journals(text, pointers)):
        held = _Held(taken)
        taken += [m for m in found if free(m.start) and not held(m.start, m.end)]
    held = _Held(taken)
    taken += [m for m in given if not m.numbers and not held(m.start, m.end)]
    return tuple(sorted(taken, key=lambda m: (m.start, m.end)))


class _Free:
    """Whether a place lies outside the lists."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self.starts = [s.start for s in spans]

    def __call__(self, at: int) -> bool:
        i = bisect_right(self.starts, at)
        return not any(s.start <= at < s.end for s in self.spans[max(0, i - 3) : i])


class _Entries:
    """Whether a name stands in an entry of the list, so that no marker of the running text can come of it.

    That holds for entries that a line break ends, since no marker crosses one; a marker may begin some words in front of its
    name ("a study by"), so a name near the beginning of an entry only counts where no such words lead to it.
    """

    def __init__(self, text: str, citations: Iterable[Citation]) -> None:
        self.text = text
        self.spans = sorted((c.start, c.end) for c in citations if not c.inline and text[c.end : c.end + 1] in ("", "\n"))
        self.starts = [a for a, _ in self.spans]

    def __call__(self, at: int) -> bool:
        i = bisect_right(self.starts, at) - 1
        if i < 0 or at >= self.spans[i][1]:
            return False
        into = at - self.starts[i]
        return (into > _LONGEST_LEAD or not _by(self.text, at)) and (into > _LONGEST_PARTICLES or self.text[at - 1 : at] not in (" ", "’", "'"))


_LONGEST_LEAD = 110  # characters that a marker may begin in front of its name
_LONGEST_PARTICLES = 16


def _by(text: str, start: int) -> bool:
    """Whether words that may lead to an author stand in front of a name."""
    near = text[max(0, start - 34) : start]
    return " by " in near or " from " in near or " of " in near


class _Held:
    """Whether a place is part of a marker already found."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        self.spans = [(m.start, m.end) for m in markers]

    def __call__(self, start: int, end: int) -> bool:
        return any(a < end and start < b for a, b in self.spans)


def _resolved(marker: Marker, pointers: Pointers) -> Marker:
    numbers = pointers.several(n for p in marker.numbers if (n := pointers.number(p)) is not None)
    return Marker(marker.start, marker.end, marker.kind, numbers, marker.authors, marker.year, marker.targets)


def _numbers(text: str, pointers: Pointers) -> Iterator[Marker]:
    kinds = [("number", _BRACKETED), ("superscript", _RAISED), ("number", _FOOTNOTE), ("superscript", _GLUED), ("number", _PARENTHESISED)]
    seen = False
    for kind, pattern in kinds:
        if pattern in (_BRACKETED, _FOOTNOTE) and "[" not in text:
            continue
        loose = pattern in (_GLUED, _PARENTHESISED)
        if loose and (seen or (not pointers.numbered and _DATED.search(text))):
            break
        found = []
        for m in pattern.finditer(text):
            printed = (m.group(m.lastindex) if m.lastindex else m.group(0)).translate(_UNRAISED)
            if pattern is _RAISED and _UNIT.search(text[max(0, m.start() - 3) : m.start()]):
                continue
            asked = _printed(printed)
            numbers = pointers.several(n for p in asked if (n := pointers.number(p)) is not None)
            if numbers and (not loose or len(numbers) == len(asked)):
                found.append(Marker(m.start(), m.end(), kind, numbers))
        if loose and not _believable(found, pointers):
            continue
        seen = seen or len(found) > 0
        yield from found


def _believable(found: list[Marker], pointers: Pointers) -> bool:
    """Loose numbers count only together: the list is numbered, or they start at 1 and rise as a reader meets them."""
    first = list(dict.fromkeys(n for m in found for n in m.numbers))
    rising = first == sorted(first) and bool(first) and first[0] <= 2
    return (len(first) > 1 and (pointers.numbered or rising)) or (rising and pointers.numbered)


def _printed(numbers: str) -> list[int]:
    out: list[int] = []
    for part in re.split(r"[,;]", numbers):
        ends = [int(x) for x in re.findall(r"\d+", part)]
        out.extend(range(ends[0], ends[1] + 1) if len(ends) == 2 and 0 < ends[1] - ends[0] < 50 else ends)
    return out


def _keys(text: str, pointers: Pointers) -> Iterator[Marker]:
    if not any(not label.isdigit() for label in pointers.by_label):
        return
    for m in _KEYED.finditer(text):
        keys = (m.group(1), *re.split(r"[;,] ?", m.group(1)))
        numbers = pointers.several(n for key in keys if (n := pointers.by_label.get(key.strip().lower())) is not None)
        if numbers:
            yield Marker(m.start(), m.end(), "key", numbers)


def _names(text: str, pointers: Pointers, listed: _Entries) -> Iterator[Marker]:
    until = 0
    heads = pointers.heads
    for m in _NAME.finditer(text):
        if _FIRST_WORD[m.group()] not in heads and not _owned(m.group(), heads):  # nearly all
            continue
        if m.start() < until or listed(m.start()):
            continue
        found = list(_at_name(text, m, pointers))
        yield from found
        until = max([until, *(x.end for x in found)])


class _FirstWords(dict[str, str]):
    """The folded first words of names, worked out once for each."""

    def __missing__(self, name: str) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[name] = first = fold(name).split(" ", 1)[0]
        return first


_MOST_KNOWN = 50_000
_FIRST_WORD = _FirstWords()


def _owned(word: str, heads: frozenset[str]) -> bool:
    return word.endswith(("'s", "’s")) and fold(word[:-2]).split(" ", 1)[0] in heads


def _at_name(text: str, m: re.Match[str], pointers: Pointers) -> Iterator[Marker]:
    end, key = _longest_name(text, m, pointers)
    if not key:
        return
    start = _with_particles(text, m.start(), end, pointers)
    name = text[start:end]
    tail = _OTHERS.match(text, end)
    others = tail.end() if tail and tail.group("others") else end
    initials = tail.end() if tail and not tail.group("others") else others
    authors = (name,) + ((tail.group("last"),) if tail and tail.group("last") else ())
    for stop in dict.fromkeys((others, initials, end)):
        year = _LATER.match(text, stop)
        if year and (stop > end or not _sentence_break(text, end)):
            said_by = authors if stop == others else (name,)
            yield from _dated(text, start, said_by, crowd(text[end:others]), year, pointers, text[end : end + 3])
            return
    before = _BEFORE.search(text, max(0, start - 90), start) if _by(text, start) else None
    said = _SAID.search(before.group(0)) if before else None
    if before and said:
        numbers = pointers.by_author_year(authors, int(said.group(1)), said.group(2), crowd(text[end:others]), formal=False)
        if numbers:
            yield Marker(before.start() + min(said.start(), 4), others, "author_year", _only(numbers), authors, int(said.group(1)))
            return
    yield from _undated(text, start, end, others, authors, bool(before), pointers)


def _undated(text: str, start: int, end: int, others: int, authors: tuple[str, ...], by: bool, pointers: Pointers) -> Iterator[Marker]:
    """A name without a year counts where the words around it speak of research, or of the co-author as well."""
    if _UNPUBLISHED.match(text, others):
        return
    own = _OWN.match(text, end)
    both = len(authors) > 1 and any(surname_key(authors[1]) in map(surname_key, pointers.by_number[n].authors) for n in pointers.names(surname_key(authors[0])))
    full = _full_name(text, start, authors[0], pointers)
    if not (by or own or both or full or (others > end and len(authors) == 1) or _FOUND.match(text, end)):
        return
    numbers = full or pointers.by_author_year(authors, None, "", crowd(text[end:others]))
    if numbers:
        yield Marker(start, own.end() if own else others, "author_year", _only(numbers), authors)


def _only(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers if len(numbers) == 1 else ()


def _longest_name(text: str, m: re.Match[str], pointers: Pointers) -> tuple[int, str]:
    """The end of the longest run of words that is an author of the list, and its key."""
    limit = min(len(text), m.start() + 110)
    ends = [m.end()]
    if pointers.longest_name > 1:
        for w in _FURTHER.finditer(text, m.end(), limit):
            if w.start() != ends[-1] or len(ends) > pointers.longest_name + 1:
                break
            ends.append(w.end())
    for end in reversed(ends):
        if text[:end].endswith(("&", " and", " of", " for", " the", " on", " in", " de")):
            continue
        key = surname_key(text[m.start() : end])
        if key and (key in pointers.first or key in pointers.later):
            return end, key
    bare = re.sub(r"['’]s$", "", m.group(0))
    key = surname_key(bare)
    if bare != m.group(0) and key and (key in pointers.first or key in pointers.later):
        return m.start() + len(bare), key
    return m.end(), ""


def _with_particles(text: str, start: int, end: int, pointers: Pointers) -> int:
    if text[start - 1 : start] not in (" ", "’", "'"):
        return start
    m = _PARTICLES.search(text, max(0, start - 16), start)
    return m.start() if m and not text[m.start() : start].istitle() else start


def _sentence_break(text: str, at: int) -> bool:
    return text[at : at + 2] in (". ", ".\n")


def _full_name(text: str, start: int, name: str, pointers: Pointers) -> tuple[int, ...]:
    """Entries whose first author is the person named in full: "James Daily" where the list has "Daily JW"."""
    before = _GIVEN.search(text, max(0, start - 24), start)
    if not before:
        return ()
    printed = f" {fold(name)} {before.group(1).lower()}"
    return tuple(n for n in pointers.first.get(surname_key(name), ()) if printed in pointers.folded(n))


def crowd(others: str) -> str:
    """How many authors the words after a name speak of: ``one``, ``few`` (a second is named) or ``many``."""
    if others and _CROWD.search(others):
        return "many"
    return "few" if len(others) > 4 else "one"


def _dated(text: str, start: int, authors: tuple[str, ...], many: str, year: re.Match[str], pointers: Pointers, initials: str) -> Iterator[Marker]:
    said = year.group("year") or year.group("own")
    end = year.end("year") if year.group("year") else year.end("own")
    if year.group("close") and re.search(r"[(\[]\d", year.group(0)):
        end = year.end("close")
    numbers = list(pointers.by_author_year(authors, int(said[:4]), said[4:], many))
    if len(numbers) > 1 and re.fullmatch(r" [A-Z]\.", initials):
        numbers = [n for n in numbers if f" {fold(authors[0])} {initials[1].lower()}" in pointers.folded(n)] or numbers
    sure = len(numbers) == 1
    last = said
    for more in _MORE.finditer(text, year.start("more"), year.end("more")) if year.group("more") else ():
        last = more.group(0) if len(more.group(0)) > 1 else last[:4] + more.group(0)
        further = pointers.by_author_year(authors, int(last[:4]), last[4:], many)
        numbers += further if len(further) == 1 else ()
        end = max(end, more.end())
    own = _OWN_WORK.match(text, end)
    if numbers:
        meant = tuple(dict.fromkeys(numbers)) if sure else ()
        yield Marker(start, own.end() if own else end, "author_year", meant, authors, int(said[:4]))


def _journals(text: str, pointers: Pointers) -> Iterator[Marker]:
    for word in _STUDY.finditer(text):
        m = _IN_JOURNAL.match(text, word.end())
        if m:
            lead = _LEAD_IN.search(text, max(0, word.start() - 48), word.start())
            start = lead.start() if lead else word.start()
            yield from _in_journal(text, start, m.start("journal"), m.group("journal"), pointers)
    for m in _JOURNAL_FIRST.finditer(text):
        yield from _in_journal(text, m.start(), m.start("journal"), m.group("journal"), pointers)


def _in_journal(text: str, start: int, at: int, phrase: str, pointers: Pointers) -> Iterator[Marker]:
    said = _SAID.search(text, start, at)
    year = int(said.group(1)) if said else None
    n, numbers = pointers.by_journal(phrase, year)
    if numbers:
        yield Marker(start, at + _length(phrase, n), "title_journal", _only(numbers), (phrase,), year)


def _length(phrase: str, words: int) -> int:
    """How many characters the first words of a phrase take."""
    found = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", phrase))
    return found[words - 1].end() if 0 < words <= len(found) else len(phrase)
