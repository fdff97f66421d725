"""Mention -> the article's own citations: by marker, by name and year, by position, by content.

A marker inside the mention's sentences settles it. A marker later in the same paragraph, before another study begins, is
taken next; then what the sentences say (names of trials, rare words, years) is compared with the entries. One clear winner,
or none with the reason.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import heappop, heappush, nsmallest
from itertools import pairwise

from ingest.records import Citation, Link, Marker, Mention, Span
from ingest.text.abbreviations import find_abbreviations
from ingest.text.bibliographic import doi_of, fold, surname_key
from ingest.text.pointers import Pointers
from ingest.text.prose import Prose, Sentence

_CLEAR, _LEAST = 1.4, 3.2
"""How much more than the next entry, and how much at all, an entry must share with a mention to be taken by content."""
_ONLY = 1.3
"""How much, where the list has a single entry."""
_CLAIMED = 1.5
"""An entry that a marker already gave to another study must share this much more."""
_NAMED_LEAST = 1.0
"""The same for entries between which a name in the text does not decide: little is enough."""
_COMMON = frozenset(
    (
        "study trial trials studies effect effects patient patients people adult adults women men randomized randomised controlled double blind placebo "
        "clinical review systematic meta analysis cohort group groups week weeks month months year years day days treatment therapy results result health "
        "disease risk among compared between during after before associated association outcome outcomes evidence research journal report reported found "
        "based using used with from that this were which have their than more less also into over under only other most some both each trial's efficacy "
        "safety pilot prospective retrospective multicenter open label long term short follow early late high low level levels dose doses daily care "
        "university hospital national american british european international association society committee medicine medical"
    ).split()
)
_REVIEW = re.compile(r"\b(?:review|overview|meta-?analys[ie]s|pooled|pooling|Cochrane|guidelines?|combined)\b", re.IGNORECASE)
_ANIMAL = re.compile(r"\b(?:mice|mouse|rats?|animals?|dogs?|rabbits?|ferrets?|hamsters?|monkeys?|zebrafish|murine|in vitro|cells|a model of)\b", re.IGNORECASE)
_CASE = re.compile(r"\b(?:year-old (?:man|woman|girl|boy|patient)|case reports?|a case of|case series|cases of)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b(?:[A-Z]{3,}[\w-]*|[A-Z]+[a-z]?[A-Z]+[\w-]*|[A-Z]{2,}-[A-Z][\w-]*)\b")
_SHORT = re.compile(r"\b[A-Z]{2}\b")
_YEAR_ALONE, _YEAR_AND_KIND, _OTHER_YEAR = 1.5, 1.2, 1.0
"""What the year counts where one entry only has it, how much more where that is the one review (or the one with animals) too,
and what it costs where the passage names another entry's year."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SCORE = {"number": 0.99, "superscript": 0.98, "key": 0.98, "xref": 0.98, "author_year": 0.96, "title_journal": 0.9}
_WORDS = {
    "number": "the number {quote} stands in its sentences",
    "superscript": "the raised number {quote} stands in its sentences",
    "key": "the key {quote} stands in its sentences",
    "xref": "{quote} stands in its sentences",
    "author_year": "{quote} is named in its sentences",
    "title_journal": "{quote}: one entry in that journal and year",
}
_TRAILING = frozenset(("number", "superscript", "key", "xref"))
_METHOD = {"author_year": "author_year", "title_journal": "author_year"}


@dataclass
class _Evidence:
    """What speaks for one citation."""

    score: float
    method: str
    reason: str


@dataclass
class _Case:
    """One mention on its way to its citations."""

    mention: Mention
    spans: tuple[Span, ...]
    until: int  # where its passage ends: the next study or the end of the paragraph
    found: dict[int, _Evidence] = field(default_factory=dict)
    open: list[tuple[Marker, tuple[int, ...]]] = field(default_factory=list)
    note: str = ""


_MOST_PAIRS = 60_000
"""Mentions times entries up to which what they say is compared."""


def link_mentions(prose: Prose, mentions: Sequence[Mention], citations: Sequence[Citation]) -> tuple[Link, ...]:
    """Links from each mention to the citations it rests on; chosen ones first, then the runner-up.

    A mention that points nowhere gets one link without a target, which says why.
    """
    if not citations or prose.is_abstract:
        return ()
    pointers = Pointers(citations)
    cases = [_case(prose, mentions, i) for i in range(len(mentions))]
    inline = [c for c in citations if c.inline]
    for case in cases:
        _by_marker(prose, case, pointers)
        _by_position(prose, case, inline, citations)
    held = {m for case in cases for m in _markers(prose, case.spans[0].start, max(s.end for s in case.spans) + 1) if _inside(case.spans, m)}
    for case in cases:
        if not case.found and not case.open:
            _by_later_marker(prose, case, held, pointers)
    claimed = Counter(n for case in cases for n in case.found)
    content = _Lazy(prose.text, citations, too_many=len(cases) * len(citations) > _MOST_PAIRS)
    out: list[Link] = []
    if not content.too_many:
        for case in cases:
            _by_name(case, content)
        _by_content([case for case in cases if not case.found and not case.open], content, claimed)
    else:  # a collection, not an article: comparing everything with everything would take hours and prove nothing
        for case in cases:
            case.note = case.note or "the text and its list are too long to compare what they say"
    for case in cases:
        if not case.found and not case.open:
            _by_paragraph(prose, case, claimed)
    for i, case in enumerate(cases):
        out.extend(_links(i, case, content))
    return tuple(out)


def _case(prose: Prose, mentions: Sequence[Mention], i: int) -> _Case:
    mention = mentions[i]
    spans = mention.parts or (Span(mention.start, mention.end),)
    last = max(s.end for s in spans)
    head = next((m.start for m in map(mentions.__getitem__, range(i + 1, len(mentions))) if m.start > mention.start and m.start >= last), None)
    paragraph = _paragraph(prose, max(s.start for s in spans))
    end = (paragraph[-1].end if paragraph else last) + 6
    return _Case(mention, spans, max(last, end if head is None else min(end, head)))


def _paragraph(prose: Prose, offset: int) -> Sequence[Sentence]:
    """The sentences of the paragraph that holds a character."""
    sentence = prose.sentence_at(offset)
    if sentence is None:
        return ()
    first = bisect_left(prose.sentences, sentence.paragraph, key=lambda s: s.paragraph)
    return prose.sentences[first : bisect_right(prose.sentences, sentence.paragraph, key=lambda s: s.paragraph)]


def _markers(prose: Prose, start: int, end: int) -> Sequence[Marker]:
    """The markers that start within a range, in reading order."""
    if __name__ not in prose.notes:
        prose.notes[__name__] = sorted(prose.markers, key=lambda m: m.start)
    ordered: list[Marker] = prose.notes[__name__]
    return ordered[bisect_left(ordered, start, key=lambda m: m.start) : bisect_right(ordered, end, key=lambda m: m.start)]


def _inside(spans: Iterable[Span], marker: Marker) -> bool:
    """Whether a marker belongs to one of the spans; a number that trails the full stop counts, a name there begins the next sentence."""
    trailing = 1 if marker.kind in _TRAILING else -1
    return any(s.start <= marker.start <= s.end + trailing for s in spans)


def _by_marker(prose: Prose, case: _Case, pointers: Pointers) -> None:
    for marker in _markers(prose, min(s.start for s in case.spans), max(s.end for s in case.spans) + 1):
        if _inside(case.spans, marker):
            _take(prose, case, marker, pointers, 0.0)


def _take(prose: Prose, case: _Case, marker: Marker, pointers: Pointers, less: float) -> None:
    quote = prose.text[marker.start : marker.end].strip()
    if marker.numbers:
        reason = _WORDS.get(marker.kind, "{quote}").format(quote=quote)
        for number in marker.numbers:
            if number in pointers.by_number:
                evidence = _Evidence(_SCORE.get(marker.kind, 0.9) - less, _METHOD.get(marker.kind, "marker"), reason)
                case.found.setdefault(number, evidence)
    elif marker.authors:
        if marker.kind == "title_journal":
            numbers = pointers.by_journal(marker.authors[0], marker.year)[1]
        else:
            numbers = pointers.by_author_year(marker.authors, marker.year, formal=False)
        if numbers:
            case.open.append((marker, numbers))


def _by_position(prose: Prose, case: _Case, inline: Sequence[Citation], citations: Sequence[Citation]) -> None:
    for c in inline:
        if any(s.start <= c.start <= s.end + 1 for s in case.spans):
            case.found.setdefault(c.number, _Evidence(0.97, "position", "the reference itself stands in its sentences"))
    for link in prose.article.hyperlinks:
        if any(s.start <= link.start < s.end for s in case.spans):
            for c in citations:
                if _same_target(link.href, c):
                    case.found.setdefault(c.number, _Evidence(0.97, "position", "its sentences link to the same address"))


def _same_target(href: str, c: Citation) -> bool:
    doi = doi_of(href)
    if doi and c.doi:
        return doi == c.doi.lower()
    if c.pmid and re.search(rf"(?:pubmed/|nlm\.nih\.gov/){re.escape(c.pmid)}(?!\d)", href):
        return True
    return bool(c.url) and _bare(href) == _bare(c.url or "")


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", url.strip().lower())


def _by_later_marker(prose: Prose, case: _Case, held: set[Marker], pointers: Pointers) -> None:
    """The first marker after its sentences, in the same passage, that stands in no other study's sentences."""
    last = max(s.end for s in case.spans)
    for marker in _markers(prose, last, case.until - 1):
        if marker not in held:
            _take(prose, case, marker, pointers, 0.15)
            for evidence in case.found.values():
                evidence.reason += ", further on in its paragraph"
            return


class _Lazy:
    """The content of the entries, read when a mention first needs it: most are settled by a marker."""

    def __init__(self, text: str, citations: Sequence[Citation], too_many: bool) -> None:
        self.text = text
        self.citations = citations
        self.too_many = too_many
        self.known: dict[tuple[Span, ...], list[tuple[float, int, str]]] = {}

    def scores(self, spans: tuple[Span, ...]) -> list[tuple[float, int, str]]:
        """As ``_Content.scores``, each passage once; nothing where there is too much to compare."""
        if self.too_many:
            return []
        if spans not in self.known:
            self.known[spans] = self.content.scores(spans)
        return self.known[spans]

    @cached_property
    def content(self) -> _Content:
        """The entries' words."""
        return _Content(self.text, self.citations)


class _Content:
    """What the entries say, word by word, and how rare each word is among them and in the article."""

    def __init__(self, text: str, citations: Sequence[Citation]) -> None:
        self.text = text
        self.citations = citations
        self.long_forms = {a.short: a.long for a in find_abbreviations(text)}
        self.words: dict[int, set[str]] = {c.number: _stems(_words_of(c)) for c in citations}
        self.capitals: dict[int, set[str]] = {c.number: set(_CAPITALS.findall(c.title or c.raw)) for c in citations}
        self.names: dict[int, str] = {c.number: surname_key(c.authors[0]) for c in citations if c.authors}
        self.years: dict[int, int | None] = {c.number: c.year for c in citations}
        self.years_held = Counter(self.years.values())
        self.kinds = {c.number: _kinds(c.raw) for c in citations}
        self.initials: dict[int, dict[str, str]] = {c.number: _initials(c.title or "") for c in citations}
        self.df = Counter(w for words in self.words.values() for w in words)
        self.df.update(f"initials {short}" for found in self.initials.values() for short in found)
        self.holders: dict[str, int] = defaultdict(int)

    def scores(self, spans: Sequence[Span]) -> list[tuple[float, int, str]]:
        """Every entry's likeness to a passage, best first, with the words that made it."""
        passage = " ".join(self.text[s.start : s.end] for s in spans)
        passage += "".join(f" {self.long_forms[w]}" for w in sorted(set(_CAPITALS.findall(passage)) | set(_SHORT.findall(passage))) if w in self.long_forms)
        words, capitals = _stems(passage), set(_CAPITALS.findall(passage))
        shorts = set(_SHORT.findall(passage)) - set(self.long_forms)
        years = {int(y) for y in _YEAR.findall(passage)}
        folded = set(fold(passage).split())
        kinds = _kinds(passage)
        out = []
        for number, own in self.words.items():
            shared = own & words
            names = capitals & self.capitals[number]
            shared -= {w for name in names for w in _stems(name)}
            score = sum(self._rarity(w) for w in sorted(shared))
            said = sorted(shared, key=lambda w: (-self._rarity(w), w))[:4]
            for name in sorted(names):
                score += 2.5
                said.insert(0, name)
            alone = self.years[number] in years and self.years_held[self.years[number]] == 1
            if alone and any(a and b for a, b in zip(kinds, self.kinds[number], strict=True)):
                score += _YEAR_AND_KIND
            if self.years[number] in years:
                score += _YEAR_ALONE if alone else 0.8
                said.append(str(self.years[number]))
            elif years & self.years_held.keys():
                score -= _OTHER_YEAR
            for short in sorted(shorts & self.initials[number].keys()):
                score += self._rarity(f"initials {short}")
                said.append(self.initials[number][short])
            score += 0.7 * sum(1 if a == b else -1 for a, b in zip(kinds, self.kinds[number], strict=True) if a or b) if own else 0
            if self.names.get(number) in folded:
                score += 1.5
                said.append(self.names[number])
            out.append((score, number, ", ".join(said)))
        return sorted(out, key=lambda x: (-x[0], x[1]))

    def _rarity(self, word: str) -> float:
        return math.log((len(self.citations) + 1) / self.df[word]) * (1.0 if len(word) > 4 else 0.6)


def _initials(title: str) -> dict[str, str]:
    """Pairs of long words by their initials: "MS" is in "multiple sclerosis"."""
    words = fold(title).split()
    return {(a[0] + b[0]).upper(): f"{a} {b}" for a, b in pairwise(words) if len(a) > 3 and len(b) > 5}


def _kinds(text: str) -> tuple[bool, ...]:
    """Whether a text speaks of a review, of animals or cells, of a case."""
    return tuple(bool(kind.search(text)) for kind in (_REVIEW, _ANIMAL, _CASE))


def _words_of(c: Citation) -> str:
    return f"{c.title} {c.container or ''}" if c.title else re.sub(r"^.{0,60}?et al\.?|\b[A-Z][\w'-]+ [A-Z]{1,3}\b,?", " ", c.raw)


def _stems(text: str) -> set[str]:
    out = set()
    for word in fold(text).split():
        if len(word) > 3 and word not in _COMMON and not word.isdigit():
            out.add(_stem(word))
    return out


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ing|ed|al|ic|ly)$", "", word)[:9] if len(word) > 5 else word.rstrip("s")


def _by_name(case: _Case, content: _Lazy) -> None:
    """A name or journal that fits several entries: what else the sentences say decides between them."""
    ranked = content.scores(case.spans) if case.open else []
    for marker, numbers in case.open:
        _decide_open(case, marker, numbers, [r for r in ranked if r[1] in numbers])


def _by_content(cases: list[_Case], content: _Lazy, claimed: Counter[int]) -> None:
    """Give each mention the entry that says what it says, the clearest pairs first; an entry rarely serves two studies."""
    ranked = {i: content.scores(case.spans) for i, case in enumerate(cases) if not case.mention.plural}
    best: dict[int, list[tuple[float, int, str]]] = {}  # of each waiting mention the two entries that fit it best: score, entry, shared words
    holders: dict[int, set[int]] = defaultdict(set)  # the mentions that an entry is among the best two for
    clearest: list[tuple[float, int, float]] = []

    def rate(i: int) -> None:
        two = nsmallest(2, [((_CLAIMED if claimed[n] else 0.0) - score, n, words) for score, n, words in ranked[i]])
        best[i] = [(-less, n, words) for less, n, words in two]
        for _, n, _ in best[i]:
            holders[n].add(i)
        margin = best[i][0][0] - (best[i][1][0] if len(best[i]) > 1 else -_CLEAR)
        heappush(clearest, (-min(margin, best[i][0][0]), i, margin))

    for i in ranked:
        rate(i)
    while clearest:
        clear, i, margin = heappop(clearest)
        if i not in best or -clear != min(margin, best[i][0][0]) or margin != best[i][0][0] - (best[i][1][0] if len(best[i]) > 1 else -_CLEAR):
            continue  # settled, or rated anew since
        score, number, words = best.pop(i)[0]
        case = cases[i]
        if score < (_LEAST if len(content.citations) > 1 else _ONLY):
            case.note = "no marker, and no entry says what it says"
        elif margin < _CLEAR:
            case.note = "no marker, and two references fit what it says"
        elif claimed[number]:
            case.note = "no marker, and another study already rests on the reference that fits what it says"
        else:
            case.found[number] = _Evidence(_likeness(margin), "content", f"its words are those of the reference ({words})")
            claimed[number] += 1
            for j in holders.pop(number) & best.keys():  # for them it now counts less
                rate(j)


def _by_paragraph(prose: Prose, case: _Case, claimed: Counter[int]) -> None:
    """The one reference of its paragraph, where the paragraph has no other and no study that it already belongs to."""
    inside = _paragraph(prose, case.spans[0].start)
    if not inside:
        return
    markers = _markers(prose, inside[0].start, inside[-1].end + 6)
    numbers = {n for m in markers for n in m.numbers}
    if len(numbers) == 1 and not any(claimed[n] for n in numbers) and all(m.numbers and (m.year or m.kind != "author_year") for m in markers):
        quote = prose.text[markers[0].start : markers[0].end].strip()
        case.found[numbers.pop()] = _Evidence(0.65, "marker", f"{quote} is the only reference in its paragraph")


def _decide_open(case: _Case, marker: Marker, numbers: tuple[int, ...], ranked: list[tuple[float, int, str]]) -> None:
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _NAMED_LEAST:
        case.note = case.note or f"{len(numbers)} references fit what is named"
        return
    reason = f"of {len(numbers)} references by that name, its words fit this one ({ranked[0][2]})"
    case.found.setdefault(ranked[0][1], _Evidence(0.8, _METHOD.get(marker.kind, "marker"), reason))


def _likeness(margin: float) -> float:
    return round(0.5 + 0.4 * (1 - math.exp(-margin / 3)), 4)


def _links(index: int, case: _Case, content: _Lazy) -> list[Link]:
    if not case.found:
        nearest = content.scores(case.spans)[:1]
        out = [Link("mention", index, "citation", None, "none", 0.0, case.note or "nothing in its sentences points at the list", rank=1)]
        if nearest and nearest[0][0] > 1:
            out.append(_runner(index, nearest[0], 2))
        return out
    chosen = sorted(case.found.items(), key=lambda item: (-item[1].score, item[0]))
    out = [Link("mention", index, "citation", str(n), e.method, round(e.score, 4), e.reason, chosen=True, rank=rank) for rank, (n, e) in enumerate(chosen, 1)]
    if case.open or any(e.method == "content" for e in case.found.values()):
        others = [x for x in content.scores(case.spans) if x[1] not in case.found and x[0] > 1]
        out += [_runner(index, x, len(out) + 1) for x in others[:1]]
    return out


def _runner(index: int, scored: tuple[float, int, str], rank: int) -> Link:
    score, number, words = scored
    return Link("mention", index, "citation", str(number), "content", round(min(0.49, score / 20), 4), f"shares {words}", rank=rank)
