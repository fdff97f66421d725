"""Reference lists: where they are, their entries, and what each entry says.

``read_references`` does all of it for an article; ``parse_references`` is for a text that is itself a list or one string.
A list is found by its heading (own line or run-in), or as lines that read like references without any heading. Footnotes,
bare runs of links and lists that the format itself marks (JATS ``ref-list``) count as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.find import entries, splitting
from ingest.find.tokens import blank_markup
from ingest.records import Article, Citation, Hyperlink, Span

_WORDS = (
    r"references?(?: list| and notes)?|reference list|refs|sources?(?: and (?:references|further reading|notes))?|bibliograph(?:y|ies)"
    r"|further (?:reading|information|resources)|(?:recommended|suggested|additional|selected) (?:reading|references|sources|bibliography)"
    r"|works cited|literature(?: cited)?|cited (?:literature|works|references)|list of references|citations?|end ?notes|foot ?notes"
    r"|(?:article|main|key|scientific|study|medical|full|complete|original) (?:sources?|references?|citations?)|journal references?|story sources?"
    r"|(?:records|papers|articles|trials|research|studies|sources) (?:cited|quoted|mentioned|used|discussed)|studies"
)
_WEAK_WORDS = (
    r"notes(?: (?:for|to) (?:the )?(?:editors?|journalists))?|editors?['’]? notes"
    r"|links|read more|learn more|more information|resources|where we got this|want to (?:geek out|know more|read more|dig deeper)[?]?"
    r"|evidence|the (?:science|studies|research)"
    r"|research|papers|find out more|sources?, .{3,40}|for more(?: information)?|publications|background reading|useful links|external links"
)
_HEAD_LINE = re.compile(
    rf"^[ \t#*_>=~-]{{0,12}}(?:\d{{1,2}}[.)]?[ \t]+)?(?:({_WORDS})|({_WEAK_WORDS}))(?:[ \t]*\(\d{{1,3}}\))?[ \t#*_:.=~-]{{0,12}}$",
    re.IGNORECASE | re.MULTILINE,
)
_RUN_IN = re.compile(
    rf"(?:^|(?<=[.!?)\]”\"’'>*\s]))(?:({_WORDS})(?:, [^.:\n]{{3,50}})?[ \t]?:(?![/\w]{{2}}//)"
    r"|(References|REFERENCES|Bibliography|BIBLIOGRAPHY|Sources|SOURCES|REFS|Refs|Literature|Further reading|FURTHER READING)"
    r"(?=[ \t]+(?:\[|\(?1[\].)]|[A-Z][\w'’-]+,? [A-Z]{1,3}[,.])))[ \t*_]*",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_END_HEAD = re.compile(rf"(?<=[.!?)\]] )({_WORDS})[ \t]?:?[ \t]*\n\s*(?=\S)", re.IGNORECASE)
# "Publication: Rantala K, …", "Read the paper: …": how press releases and blogs name the one paper that they are about.
_LONE = re.compile(
    r"[ \t#*_>=~–-]{0,12}(?:\d{1,2}[.)][ \t]+)?"
    r"(?:(?:full|complete|original|read|see|the|this|our|journal|research|scientific|peer-reviewed|primary|main) ){0,3}"
    r"(?:citation|reference|publication|paper|article|study|source|journal|preprint|bibliographic details)(?: (?:details|reference|citation|link))?"
    r"[ \t*_]{0,4}:[ \t*_]{0,4}(?=\S)",
    re.IGNORECASE,
)
_GATE = (
    "refer", "source", "bibliogr", "reading", "cited", "literature", "citation", "note", "link", "learn more", "read more", "refs", " al", "doi",
    "10.", "pubmed", "where we got", "want to", "19", "20",
)  # fmt: skip

_LABEL = r"(?:\[\^?[^\]\n]{1,40}\]:?|\(?\d{1,3}[.)]|\(\d{1,3}\)|\d{1,3}(?=[ \t]+[A-Z])|[-–*•‣▪●·^]+)?[ \t]*"
_CAP = r"[^\W\d_a-z][\w'’‐-]{0,40}"
_NAME = rf"(?:(?:{_CAP}|d[aeiou]|de[rnl]|van|von|la|le|el|al|ter|ten|zu|dos|das)['’ ]{{1,2}}){{0,4}}{_CAP}"
_START = re.compile(
    rf"^[ \t]*(?:\[\^?[^\]\n]{{1,40}}\]:?[ \t]*[A-Z]|{_LABEL}(?:"
    rf"{_NAME},?[ ](?:[A-Z]\.?[-‐ ]?){{1,4}}(?:[,.;:&(]|[ ](?:and|et|\(|&|[a-z]{{1,5}} al|[12]\d{{3}}))"
    rf"|(?:[A-Z]\.[-‐ ]?){{1,4}}[ ]?{_NAME}[,:]?[ ]"
    rf"|{_NAME},?[ ](?:et|[a-z]{{1,4}})[ ]al\b"
    rf"|{_NAME}(?:[ ]{_CAP})?[ ]and[ ](?:others|colleagues)"
    rf"|(?:https?://|www\.|doi:|[a-z0-9-]+\.(?:[a-z0-9-]+\.){{0,3}}(?:com|org|gov|edu|net|int|ly|uk)/)"
    rf"|{_CAP}(?:,?[ ](?:(?:of|for|and|the|&|on|in)[ ]){{0,2}}{_CAP}){{1,11}}[ ]?[.:(]"
    rf"|[\"“‘]"
    rf"))"
)
# Where the parts of a work are found: a year with volume and pages, in one order or another, or an address.
_PAGES = r"\s?(?:\([^)\n]{1,20}\))?\s?[:,]\s?(?:pp?\.? ?)?[A-Za-z]{0,3}\d"
_PLACED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:1[89]|20)\d\d[a-z]?\)?[^.\n]{0,14}[;:,.]\s?\(?\d{1,4}\s?(?:\([^)\n]{1,20}\))?\s?[:,;]\s?(?:pp?\.? ?)?[A-Za-z]{0,3}\d",
        r"\d\d{0,2}\s?:\s?\d{1,5}\s?[-–]\s?\d{1,5}",
        r"\d\d{0,3}\s?(?:\([^)\n]{1,20}\))?\s?[:,]\s?(?:pp?\.? ?)?[A-Za-z]{0,2}\d{1,6}(?:\s?[-–—]\s?[A-Za-z]?\d{1,6})?\.?[,;]?\s?\(?(?:1[89]|20)\d\d",
        r"\d\d{0,3},? \((?:[A-Z][a-z]{2,8}\.? )?(?:1[89]|20)\d\d\)\s?[:,]\s?(?:pp?\.? ?)?[A-Za-z]{0,3}\d",
    )
)
_BRACKETED_YEAR = re.compile(r"(?:1[89]|20)\d\d[a-z]?\)(\.?)")
_VOLUME_AND_PAGES = re.compile(rf"\d(?={_PAGES})")
_ADDRESS = re.compile(r"\b10\.\d{4,9}/\S|\bPMID|pubmed\.ncbi|ncbi\.nlm\.nih\.gov|https?://|www\.|\bdoi\b|bit\.ly/")
_ADDRESS_SIGNS = ("doi", "://", "10.", "www.", "PMID", "ncbi", "bit.ly/")
_LEAST_TITLE, _MOST_TITLE = 5, 400  # characters between a year in brackets and volume and pages


def _located(text: str) -> bool:
    """Whether a text tells where a work is found."""
    if any(map(text.__contains__, _ADDRESS_SIGNS)) and _ADDRESS.search(text):
        return True
    return any(p.search(text) for p in _PLACED) or _located_by_year(text)


def _located_by_year(text: str) -> bool:
    """Whether volume and pages follow, after a title, on a year in brackets: "(2014). Selenium and sleep. Sleep 12(3): 4"."""
    years = [(m.end() - len(m.group(1)), len(m.group(1))) for m in _BRACKETED_YEAR.finditer(text)]
    if not years:
        return False
    for m in _VOLUME_AND_PAGES.finditer(text, years[0][0]):
        last = first = m.start()
        while last - first < 3 and text[first - 1].isdecimal():
            first -= 1
        for at, dot in years:
            line = text.find("\n", at, last + 1)
            if last - at >= _LEAST_TITLE and first - at <= _MOST_TITLE + dot and (line < 0 or max(first, at + _LEAST_TITLE) <= line):
                return True
    return False


# "… Menopause 2022; 29: 767-794." at the end of a line
_ENDING = re.compile(r"[a-z.] \(?(?:19|20)\d\d\)?[;,] ?\d{1,4} ?(?:\([^)\n]{1,20}\))? ?: ?[A-Za-z]{0,3}\d{1,6}(?:[-–]\w{1,6})?\.?\s*\W{0,3}$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d[a-z]?(?!\d)")
# "2003;12(4):165" or "2003; 165-195"
_VOLUME = re.compile(r"(?:19|20)\d\d\)?[;,:.]? ?(?:\d{1,4} ?(?:\([^)\n]{1,20}\))? ?[:,] ?(?:pp?\.? ?)?[A-Za-z]{0,3}\d|\d{1,5}[-–]\d{1,5})")
_LINES = re.compile(r"[^\n]*\S[^\n]*")
_RUN_LEAST = 2
_MAX_TEXT = 3_000_000  # characters of an article that are searched for lists


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    strength: int  # 0 prose or other, 1 could be an entry, 2 reads like a reference
    block: int  # counts paragraphs: lines without a blank line between them share it


def find_lists(article: Article) -> tuple[Span, ...]:
    """The spans of an article's reference lists, headings included, in order."""
    return tuple(Span(found.start, found.end) for found in _lists(article, blank_markup(article.text)))


def split_list(text: str, span: Span) -> tuple[Span, ...]:
    """The entries of a list (a heading at its start is left out), without their printed numbers."""
    plain = blank_markup(text)
    start = _after_heading(plain, span)
    return tuple(Span(e.start, e.end) for e in splitting.split_entries(plain, Span(start, span.end)))


def parse_entry(text: str, span: Span, number: int) -> Citation:
    """Read one entry. ``number`` is its 1-based place in the list."""
    plain = blank_markup(text[span.start : span.end])
    label, begin = _own_label(plain)
    inner = Span(begin, len(plain))
    (fields,) = entries.read_entries(plain, [inner])
    return _moved(entries.to_citation(text[span.start : span.end], inner, number, fields, label), span.start, text)


def _moved(c: Citation, by: int, text: str) -> Citation:
    return replace(c, start=c.start + by, end=c.end + by, raw=text[c.start + by : c.end + by], spans=tuple((f, a + by, b + by) for f, a, b in c.spans))


_OWN_LABEL = re.compile(r"\s*(?:\[\^?([^\]\s]{1,12})\]:?|\((\d{1,4})\)|(\d{1,4})[.)])\s*(?=[^\W\d_]|[\"“‘«(\[])")


def _own_label(plain: str) -> tuple[str | None, int]:
    m = _OWN_LABEL.match(plain)
    if not m:
        return None, len(plain) - len(plain.lstrip())
    return m.group(1) or m.group(2) or m.group(3), m.end()


def read_references(article: Article) -> tuple[tuple[Span, ...], tuple[Citation, ...]]:
    """Find, split and read an article's reference lists, and the locatable items it names in running text (``inline``).

    Returns the spans of the lists and the citations in reading order, numbered from 1.
    """
    text = article.text
    if not text.strip():
        return (), ()
    plain = blank_markup(text)
    found = _lists(article, plain)
    lists: list[Span] = []
    parts: list[splitting.Entry] = []
    for one in found:
        items = _entries_of(article, plain, one)
        if items:
            lists.append(Span(one.start, max(one.content, items[-1].end)))
            parts.extend(items)
    spans = [Span(e.start, e.end) for e in parts]
    fields = entries.read_entries(plain, spans)
    listed = [_with_links(entries.to_citation(text, s, 0, f, e.label), article.hyperlinks) for s, f, e in zip(spans, fields, parts, strict=True)]
    inline = list(_inline(article, plain, lists))
    ordered = sorted([*listed, *inline], key=lambda c: (c.inline, c.start))
    return tuple(lists), tuple(replace(c, number=n) for n, c in enumerate(ordered, 1))


def parse_references(text: str) -> tuple[Citation, ...]:
    """Read a text that is a reference list or a single reference string; a heading before the list and an article around it are left out."""
    if not text.strip():
        return ()
    plain = blank_markup(text)
    if _is_single(plain):
        return (_only(text, plain),)
    region = _region(text, plain)
    items = _entries_of(Article(id="", text=text), plain, _Found(region.start, region.start, region.end, False))
    if not items:
        items = [splitting.Entry(*splitting.trim(plain, region.start, region.end))]
    items = [e for e in items if e.end > e.start]
    spans = [Span(e.start, e.end) for e in items]
    fields = entries.read_entries(plain, spans)
    return tuple(entries.to_citation(text, s, n, f, e.label) for n, (s, f, e) in enumerate(zip(spans, fields, items, strict=True), 1))


_SEVERAL = re.compile(
    r"\n|[|•]|\]\s*\S.{20,}\[\d|;\s+[A-Z][\w'’-]+,? [A-Z]{1,3}[,.]|^\s*(?:References|Sources|Bibliography)\b|\d\.[A-Z][a-z]+|\.[A-Z][a-z]+ [A-Z]"
)
_SHORT = 400


def _is_single(plain: str) -> bool:
    """Whether a text is plainly one reference: short, one line, with names and no more than one year."""
    if len(plain) > _SHORT or _SEVERAL.search(plain):
        return False
    return len(set(_YEAR.findall(plain))) <= 1 and bool(_NAMED_START.match(plain))


_NAMED_START = re.compile(rf"\s*(?:{_LABEL})(?:{_NAME},? (?:[A-Z]\.?[-‐ ]?){{1,4}}[,.;:&( ]|(?:[A-Z]\.[-‐ ]?){{1,4}} ?{_NAME})")


def _only(text: str, plain: str) -> Citation:
    label, begin = _own_label(plain)
    start, end = splitting.trim(plain, begin, len(plain))
    span = Span(start, end)
    (fields,) = entries.read_entries(plain, [span])
    return entries.to_citation(text, span, 1, fields, label)


def _region(text: str, plain: str) -> Span:
    """Where the list lies in a text that may be an article around it, or the whole text."""
    start, end = 0, len(plain)
    first = _HEAD_LINE.match(plain.lstrip())
    if first or len(plain) < 400:
        return Span(_after_heading(plain, Span(0, end)), end)
    found = _lists(Article(id="", text=text), plain)
    before = plain[: found[0].start] if found else ""
    if found and found[0].heading and not _VOLUME.search(before[-600:]):
        return Span(found[0].content, found[0].end)
    return Span(_after_heading(plain, Span(start, end)), end)


_HEAD_START = re.compile(
    rf"\s*[#*_>=~-]{{0,8}}\s{{0,3}}(?:\d{{1,2}}[.)]?[ \t]+)?(?:(?:{_WORDS})[ \t]?:|(?:{_WORDS}|{_WEAK_WORDS})[ \t*_#:]{{0,8}}(?=\n)"
    r"|(?:References|REFERENCES|Bibliography|BIBLIOGRAPHY|Literature Cited|LITERATURE CITED|Works Cited)\.?(?=\s+[\[(\dA-Z]))[\s*_#:]*",
    re.IGNORECASE,
)


def _after_heading(plain: str, span: Span) -> int:
    m = _HEAD_START.match(plain, span.start, span.end)
    return m.end() if m else span.start


@dataclass(frozen=True, slots=True)
class _Found:
    start: int  # of the heading, or of the first entry
    content: int
    end: int
    heading: bool


def _lists(article: Article, plain: str) -> list[_Found]:
    plain = plain[:_MAX_TEXT]
    if article.format == "jats" and article.entries:
        return _marked(article, plain)
    low = plain.lower()
    if not any(sign in low for sign in _GATE):
        return []
    lines = list(_classified(plain))
    out: list[_Found] = []
    for start, content, strong in sorted(set(_headings(plain, lines))):
        if out and start < out[-1].end:
            continue
        end = _list_end(plain, lines, content, strong, article)
        if end > content:
            out.append(_Found(start, content, end, True))
    for run in (*_lone(plain, lines), *_bare_runs(plain, lines, article)):
        if not any(run.start < f.end and f.start < run.end for f in out):
            out.append(run)
    return sorted(out, key=lambda f: f.start)


def _marked(article: Article, plain: str) -> list[_Found]:
    first, last = article.entries[0].start, article.entries[-1].end
    heads = [h for h in article.headings if h.end <= first and not plain[h.end : first].strip()]
    return [_Found(heads[-1].start if heads else first, first, last, bool(heads))]


def _classified(plain: str, span: Span | None = None) -> Iterator[_Line]:
    block, last = 0, 0
    for m in _LINES.finditer(plain, *((span.start, span.end) if span else ())):
        if plain.count("\n", last, m.start()) > 1:
            block += 1
        last = m.end()
        yield _Line(m.start(), m.end(), _strength(plain[m.start() : m.start() + 700]), block)


def _strength(line: str) -> int:
    if len(line) < 12:
        return 0
    begins = _START.match(line)
    if begins and _located(line):
        return 2
    if begins and _YEAR.search(line) and len(line) < 500:
        return 1 if line.count(". ") < 6 else 0
    return 1 if len(line) < 400 and _ENDING.search(line, max(0, len(line) - 70)) else 0


_HEAD_WORDS = (
    "source", "refer", "bibliogr", "reading", "cited", "literature", "citation", "notes", "refs", "studies", "links", "more", "resources", "got this",
    "want to", "evidence", "scien", "research", "papers", "publications",
)  # fmt: skip
_SURE_WORDS = _HEAD_WORDS[:10]


def _headings(plain: str, lines: Sequence[_Line]) -> Iterator[tuple[int, int, bool]]:
    """Heading start, start of what follows it, whether its words leave no doubt; in no order."""
    low = plain.lower()
    if any(w in low for w in _HEAD_WORDS):
        for line in lines:
            m = _HEAD_LINE.match(plain, line.start, line.end) if line.end - line.start < 90 else None
            if m:
                content = m.end()
                while content < len(plain) and plain[content].isspace():
                    content += 1
                if content < len(plain):
                    yield line.start + len(m.group()) - len(m.group().lstrip()), content, bool(m.group(1))
    for start, stop in _windows(low, len(plain)):
        for m in _LINE_END_HEAD.finditer(plain, start, stop):
            if m.group(1)[0].isupper() and m.end() < len(plain):
                yield m.start(1), m.end(), True
        for m in _RUN_IN.finditer(plain, start, stop):
            word = m.group(1) or m.group(2)
            if word[0].isupper() and _run_in_fits(plain[m.end() : m.end() + 600], plain, m):
                yield m.start(), m.end(), True


def _windows(low: str, size: int) -> Iterator[tuple[int, int]]:
    """The surroundings of words that may head a list, so that patterns are tried only there."""
    spots: list[int] = []
    for word in _SURE_WORDS:
        at = low.find(word)
        while at >= 0 and len(spots) < 2000:
            spots.append(at)
            at = low.find(word, at + 4)
    last = -1
    for at in sorted(spots):
        if at > last:
            last = min(size, at + 120)
            yield max(0, at - 30), last


def _run_in_fits(rest: str, plain: str, m: re.Match[str]) -> bool:
    if rest[:1] == "\n" or not rest.strip():
        return False
    head = rest.split("\n", 1)[0]
    alone = m.start() == 0 or plain[m.start() - 1] == "\n"
    named = bool(_START.match(head))
    return bool((alone or named) and (_located(rest) or (_YEAR.search(head[:400]) and (named or m.group(1)))))


def _list_end(plain: str, lines: Sequence[_Line], content: int, strong: bool, article: Article) -> int:
    """The end of the last line that still belongs to the list that begins at ``content``."""
    i = bisect_left(lines, content + 1, key=lambda x: x.end)
    following = lines[i:]
    if not following:
        return content
    stop = next((h.start for h in article.headings if h.start > content and not _is_entry(h, article)), len(plain))
    end = content
    hits = 0
    first_block = following[0].block
    misses = 0
    for line in following:
        if line.start >= stop or (line.start > content and _HEAD_LINE.match(plain, line.start, line.end)):
            break
        text = plain[max(line.start, content) : line.end]
        level = _strength(text[:700]) if line.start < content else line.strength
        if not level and _linked(line, article):
            level = 2
        if level:
            hits += 2 if level == 2 else 1
            end, misses = line.end, 0
        elif strong and (not _prose(text) if line.block == first_block else len(text) < 300 and bool(_START.match(text))):
            end, misses = line.end, 0
            hits += bool(_VOLUME.search(text)) or _located(text[:700])
        elif line.block != first_block and misses > 1:
            break
        else:
            misses += 1
    if hits < (1 if strong else 2):
        return content if not (strong and end > content and _agency(plain[content:end])) else end
    return end


def _is_entry(h: Span, article: Article) -> bool:
    return any(e.start <= h.start < e.end for e in article.entries)


def _linked(line: _Line, article: Article) -> bool:
    return any(line.start <= h.start < line.end and entries.identifier(h.href) for h in article.hyperlinks)


def _prose(text: str) -> bool:
    return len(text) > 400 and not _YEAR.search(text)


def _agency(text: str) -> bool:
    return bool(re.match(r"\s*(?:[A-Z][\w'’.&-]+ ){2,8}", text)) and len(text) < 600 and bool(re.search(r"\. [A-Z]", text))


def _lone(plain: str, lines: Sequence[_Line]) -> Iterator[_Found]:
    """The one paper that a press release or a blog names behind a label, with more of them in the lines that follow."""
    for k, line in enumerate(lines):
        m = _LONE.match(plain, line.start, line.end)
        if m is None or _strength(plain[m.end() : min(line.end, m.end() + 700)]) < 2:
            continue
        last = k
        while last + 1 < len(lines) and lines[last + 1].block == line.block and _continues(plain, lines, last + 1):
            last += 1
        yield _Found(line.start, m.end(), lines[last].end, True)


def _bare_runs(plain: str, lines: Sequence[_Line], article: Article) -> Iterator[_Found]:
    """Lines that read like references with no heading above: two or more together, or one at the very end."""
    i = 0
    while i < len(lines):
        if lines[i].strength < 2 or _prose_like(plain, lines[i]):
            i += 1
            continue
        j = i
        while j + 1 < len(lines) and _continues(plain, lines, j + 1):
            j += 1
        several = j - i + 1 >= _RUN_LEAST or bool(re.search(r"\s\[?2[\].] ?[A-Z]", plain[lines[i].start : lines[i].end]))
        several = several or bool(_NAMED_START.match(plain, lines[i].start, lines[i].end))
        if several or (j == len(lines) - 1 and lines[i].start > 0):
            yield _Found(lines[i].start, lines[i].start, lines[j].end, False)
        i = j + 1


def _continues(plain: str, lines: Sequence[_Line], k: int) -> bool:
    line, before = lines[k], lines[k - 1]
    near = line.block == before.block or bool(_ENDING.search(plain, max(line.start, line.end - 60), line.end))
    return (line.strength == 2 or (line.strength == 1 and near)) and not _prose_like(plain, line)


_PLAIN_WORD = re.compile(r"(?<=[a-z,] )(?:the|was|were|is|are|that|they|he|she|you|had|has|have|but|who|we|it|said)(?= [a-z])")


def _prose_like(plain: str, line: _Line) -> bool:
    text = plain[line.start : line.end]
    return len(_PLAIN_WORD.findall(text)) * 120 > len(text) and not re.match(r"\s*[\[(]?\d", text)


def _entries_of(article: Article, plain: str, found: _Found) -> list[splitting.Entry]:
    inside = [e for e in article.entries if found.content <= e.start and e.end <= found.end + 2]
    covered = sum(e.end - e.start for e in inside)
    if inside and covered * 10 >= (found.end - found.content) * 7:
        return list(_given(plain, inside))
    region = Span(found.content, found.end)
    lines = list(_classified(plain, region)) if "\n" in plain[found.content : found.end] else ()
    if len(lines) > 1 and not splitting.is_numbered(plain, region) and all(x.strength == 2 or _is_link(plain, x, article) for x in lines):
        return [e for x in lines for e in _given(plain, [Span(x.start, x.end)])]
    return splitting.split_entries(plain, region)


_ONLY_LINK = re.compile(
    r"[ \t]*(?:[-–—*•·]|\[?\d{1,3}[\].)])?[ \t]*(?:https?://|www\.|doi:|[a-z0-9-]+(?:\.[a-z0-9-]+){1,3}/)\S+(?:[ \t]\([^)\n]{1,40}\))?[ \t]*"
)


def _is_link(plain: str, line: _Line, article: Article) -> bool:
    if _ONLY_LINK.fullmatch(plain, line.start, line.end):
        return True
    return any(h.start <= line.start + 4 and line.end - 4 <= h.end and h.href.startswith("http") for h in article.hyperlinks)


def _given(plain: str, spans: Iterable[Span]) -> Iterator[splitting.Entry]:
    for s in spans:
        label, begin = _own_label(plain[s.start : s.end])
        a, b = splitting.trim(plain, s.start + begin, s.end)
        if a < b:
            yield splitting.Entry(a, b, label)


def _with_links(c: Citation, links: Sequence[Hyperlink]) -> Citation:
    """Identifiers that stand only in the target of a link on the entry."""
    for h in links:
        if h.start < c.end and c.start < h.end:
            found = entries.identifier(h.href)
            if found and found[0] == "doi" and not c.doi:
                c = replace(c, doi=found[1], spans=(*c.spans, ("doi", h.start, h.end)))
            elif found and found[0] == "pmid" and not c.pmid:
                c = replace(c, pmid=found[1], spans=(*c.spans, ("pmid", h.start, h.end)))
            if not c.url and h.href.startswith("http"):
                c = replace(c, url=h.href, spans=(*c.spans, ("url", h.start, h.end)))
    return c


# An item named in the running text is locatable by a journal with year, volume or pages, or by a link to a DOI or PubMed.
_BRACKET = re.compile(r"\((?:see |e\.g\.,? )?([A-Z][^()\n]{5,170}(?:\(\d{1,4}\)[^()\n]{1,30})?)\)")
_BRACKET_FITS = re.compile(
    r"^[^\W\d_][\w'’-]+(?: (?:et|[a-z]{1,5}) al\.?|,? [A-Z]{1,3}\b|(?: (?:and|&) [A-Z][\w'’-]+))[^()]*?"
    r"(?:(?:19|20)\d\d[;:,] ?\d{1,4}(?:\(\d+\))?[:,] ?[a-z]?\d|, ?[*_]?[A-Z][A-Za-z. &]{3,60}[*_]?,? (?:19|20)\d\d)"
)
_JOURNAL_BEFORE = re.compile(r"\b(?:in|journal) (?:the )?([A-Z][\w&]{1,30}(?: (?:(?:of|and|the) )?[A-Z][\w&]{1,30}){0,6}) $")
_AUTHOR_YEAR = re.compile(r"([A-Z][\w'’-]{1,40})(?:,? (?:and|&) ([A-Z][\w'’-]{1,40})|,? [a-z]{1,4} al\.?)?,? ((?:19|20)\d\d)(?!\d)[^()\n]{0,40}")
_ANCHOR_NAME = re.compile(r"(?:^|\b(?:by|from) )([A-Z][\w'’-]+)(?=,? (?:et al|and (?:co-?workers|colleagues|others)|& |and [A-Z]|\(?(?:19|20)\d\d))")


def _inline(article: Article, plain: str, lists: Sequence[Span]) -> Iterator[Citation]:
    text = article.text

    def free(a: int, b: int) -> bool:
        return not any(s.start < b and a < s.end for s in lists)

    taken: list[Span] = []
    for h in article.hyperlinks:
        found = entries.identifier(h.href)
        if found and h.end > h.start and free(h.start, h.end):
            yield _from_link(text, h, found)
            taken.append(Span(h.start, h.end))
    for m in _BRACKET.finditer(plain):
        if not _YEAR.search(m.group(1)) or not free(m.start(), m.end()) or any(t.overlaps(Span(m.start(1), m.end(1))) for t in taken):
            continue
        named = _AUTHOR_YEAR.fullmatch(plain, m.start(1), m.end(1))
        journal = _JOURNAL_BEFORE.search(plain, max(0, m.start() - 120), m.start()) if named else None
        if named and journal:
            yield _from_journal(text, plain, journal, named)
        elif _BRACKET_FITS.match(m.group(1)):
            span = Span(m.start(1), m.end(1))
            (fields,) = entries.read_entries(plain, [span])
            yield entries.to_citation(text, span, 0, fields, inline=True)


def _from_journal(text: str, plain: str, journal: re.Match[str], named: re.Match[str]) -> Citation:
    """A journal named in the sentence with author and year in brackets behind it, volume and pages where they stand there."""
    span = Span(journal.start(1), named.end())
    spans = [("container", *journal.span(1)), ("authors", *named.span(1))]
    if named.group(2):
        spans.append(("authors", *named.span(2)))
    spans.append(("year", *named.span(3)))
    found = _VOLUME_PAGES.match(plain, named.end(3), named.end())
    if found:
        spans += [(name, *found.span(k)) for k, name in ((1, "volume"), (2, "issue"), (3, "pages")) if found.group(k)]
    return Citation(
        number=0, start=span.start, end=span.end, raw=text[span.start : span.end], authors=tuple(a for a in named.group(1, 2) if a), container=journal.group(1),
        year=int(named.group(3)), volume=found.group(1) if found else None, issue=found.group(2) if found else None, pages=found.group(3) if found else None,
        type="article", inline=True, spans=tuple(spans),
    )  # fmt: skip


_VOLUME_PAGES = re.compile(r"[;,:]\s?(\d{1,4})(?:\(([^)\s]{1,10})\))?[:,]\s?([A-Za-z]{0,3}\d{1,6}(?:[-–]\w{1,6})?)")


def _from_link(text: str, h: Hyperlink, found: tuple[str, str]) -> Citation:
    anchor = text[h.start : h.end]
    name = _ANCHOR_NAME.search(anchor)
    spans = [(found[0], h.start, h.end), ("url", h.start, h.end)]
    authors: tuple[str, ...] = ()
    if name:
        authors = (name.group(1),)
        spans.insert(0, ("authors", h.start + name.start(1), h.start + name.end(1)))
    year = _YEAR.search(anchor)
    if year:
        spans.append(("year", h.start + year.start(), h.start + year.end()))
    return Citation(
        number=0, start=h.start, end=h.end, raw=anchor, authors=authors, year=int(year.group()[:4]) if year else None,
        doi=found[1] if found[0] == "doi" else None, pmid=found[1] if found[0] == "pmid" else None, url=h.href,
        type="article", inline=True, spans=tuple(spans),
    )  # fmt: skip
