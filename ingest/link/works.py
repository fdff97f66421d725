"""Citation -> work of the user's library: find candidates, compare every field, take one clear winner or none.

Searching is a cascade from the cheapest and surest key to the loosest: DOI and PMID, the first words of the title,
volume + first page, author + year, rare words. Whatever finds a candidate, the same comparison accepts it: every word
and number of the printed reference is explained by the record (its authors, title, journal, numbers) or it is not, and
what stays unexplained speaks against the link. Similar titles by the same author one year apart differ exactly there.
The reference need not be parsed well: raw words decide, parsed fields only help.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path
from typing import Final, TypeAlias

from rapidfuzz.distance import Levenshtein

from ingest.records import Citation, Link, Work
from ingest.text.bibliographic import doi_of, expand_pages, first_page, fold, surname_key

_STOP: Final = frozenset(
    (
        "a an the of and or in on for to by with from at as is are was were be been do does did has have had not no but so its it than that this these "
        "those who whom which what when how why may can more most such also own per see get now out up off all any some one two new one's into "
        "yet you your they them their he she his her we our us if then there here about after before over under between both each few other same "
        "too very just only even ever never many much de la le les des du et der die das und en el los las del di da bot end eg etc ltd hi ok via "
        "versus vs using use used role study its"
    ).split()
)
_NOISE: Final = frozenset(
    (
        "al et doi pmid pmcid pmc vol volume no issue pp p page pages epub ahead of print available from online accessed retrieved http https www org com "
        "dx jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december "
        "suppl supplement article in ed eds editor editors published pubmed medline jr sr"
    ).split()
)
_RARE: Final = 6
"""How many of the rarest words of a reference are looked up."""
_LONGEST: Final = 3000
"""Posting lists longer than this are too common to be looked up."""
_ENOUGH: Final = 600
"""After three words, no further one is looked up once this many works have been seen."""
_MOST: Final = 24
"""Candidates compared per reference, at most."""
_ROMAN: Final = frozenset("i ii iii iv v vi vii viii ix x".split())
_OTHER_PART: Final = 8.0
"""What it costs, on the model's scale, when the pages differ and the record's title has a number that the reference lacks."""
_HOPELESS: Final = 0.25
"""A record that shares less of its title than this, and neither first author nor first page, is not compared further."""
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_LETTERED_YEAR = re.compile(r"(?:1[89]|20)\d\d[a-z]?")
_NUMBER = re.compile(r"[a-z]{0,4}\d+[a-z]?")
_MODEL: Final = json.loads((Path(__file__).parent / "works.json").read_text(encoding="utf-8"))


@dataclass(slots=True)
class _Head:
    """What is looked at first of one work, folded once: most candidates go no further."""

    tokens: list[str]
    title: tuple[str, ...]
    weights: dict[str, float]  # of each word of the title, once
    mass: float
    lead: str  # the first author's family name between blanks, or nothing
    first: str


@dataclass(slots=True)
class _Record:
    """What else is compared of one work, folded once."""

    title: tuple[str, ...]
    words: int  # different words of the title
    mass: float
    serial: frozenset[str]  # numbers of the title, "part II"
    names: tuple[str, ...]  # family names, each between blanks
    author_words: frozenset[str]
    container: tuple[str, ...]
    initials: str
    year: int | None
    volume: str
    issue: str
    first: str
    numbers: frozenset[str]
    doi: str | None
    pmid: str | None


@dataclass(slots=True)
class _Query:
    """A printed reference, folded once."""

    text: str
    tokens: list[str]
    words: list[str]  # content words, in order
    spelt: list[str]  # those that do not begin with a digit: what a record has to explain
    present: frozenset[str]
    every: frozenset[str]
    line: str
    weights: dict[str, float]
    mass: float
    numbers: list[tuple[int, str]]
    values: frozenset[str]
    located: bool  # whether it prints two numbers or more besides years
    years: frozenset[int]
    doi: str | None
    pmid: str | None


@dataclass(slots=True, frozen=True)
class Comparison:
    """How one record fits one reference, feature by feature, and in words."""

    index: int
    score: float
    features: tuple[float, ...]
    rest: tuple[str, ...]  # words of the reference that the record does not explain
    method: str


Posting: TypeAlias = "tuple[int, ...] | array[int]"
"""The works that have a key, in order. Most keys have one work: a tuple is smaller than an array, and the garbage collector passes it by."""


def _post(index: dict[str, Posting], key: str, i: int) -> None:
    found = index.get(key)
    if found is None:
        index[key] = (i,)
    elif isinstance(found, tuple):
        index[key] = array("I", (*found, i))
    else:
        found.append(i)


class Library:
    """An index over works for linking; building it takes about 20 µs a work, and it is read-only afterwards."""

    def __init__(self, works: Iterable[Work]) -> None:
        """Index the works; merged ones, or each double stands against its twin."""
        self.works: tuple[Work, ...] = tuple(works)
        self.by_doi: dict[str, int] = {}
        self.by_pmid: dict[str, int] = {}
        self.by_start: dict[str, Posting] = {}
        self.by_page: dict[str, Posting] = {}
        self.by_author: dict[str, Posting] = {}
        self.by_word: dict[str, Posting] = {}
        self.cache: dict[str, object] = {}  # what other links keep with the library, such as its content index
        self.years = array("i", (work.year or 0 for work in self.works))
        self._heads: dict[int, _Head] = {}
        self._records: dict[int, _Record] = {}
        self._idf: dict[str, float] = {}
        for i, work in enumerate(self.works):
            self._add(i, work)
        self._n = max(len(self.works), 2)
        self.top = math.log(self._n)

    def _add(self, i: int, work: Work) -> None:
        if work.doi:
            self.by_doi.setdefault(work.doi, i)
        if work.pmid:
            self.by_pmid.setdefault(work.pmid, i)
        tokens = fold(work.title).split()
        content = _content(tokens)
        if content:
            _post(self.by_start, " ".join(content[:3]), i)
        page = first_page(work.pages)
        if page and work.volume:
            _post(self.by_page, f"{fold(work.volume)}|{page}", i)
        if work.authors and work.year:
            _post(self.by_author, f"{surname_key(work.authors[0].family)}|{work.year}", i)
        for word in set(content):
            _post(self.by_word, word, i)

    def idf(self, word: str) -> float:
        """How much a word tells: the logarithm of how rare it is in titles; unknown words are as rare as can be."""
        found = self._idf.get(word)
        if found is None:
            posting = self.by_word.get(word)
            if posting is None:
                return self.top
            found = self._idf[word] = self.top - math.log(len(posting))
        return found

    def head(self, i: int) -> _Head:
        """The title, first author and first page of a work, folded."""
        found = self._heads.get(i)
        if found is None:
            work = self.works[i]
            tokens = fold(work.title).split()
            title = tuple(_content(tokens))
            weights = {t: self.idf(t) for t in title}
            lead = f" {fold(work.authors[0].family)} " if work.authors else ""
            found = self._heads[i] = _Head(tokens, title, weights, sum(weights.values()) or 1.0, lead, first_page(work.pages) or "")
        return found

    def record(self, i: int) -> _Record:
        """The folded fields of a work."""
        found = self._records.get(i)
        if found is None:
            found = self._records[i] = self._fold(self.works[i], self.head(i))
        return found

    def _fold(self, work: Work, head: _Head) -> _Record:
        names = tuple(fold(a.family) for a in work.authors)
        volume, issue = fold(work.volume or ""), fold(work.issue or "")
        numbers = {*volume.split(), *issue.split()}
        if work.pages:
            numbers.update(fold(work.pages).split(), fold(expand_pages(work.pages)).split())
        if work.year:
            numbers.add(str(work.year))
        container = tuple(t for t in fold(work.container or "").split() if t not in ("of", "the", "and", "for", "in", "on"))
        return _Record(
            title=head.title,
            words=len(head.weights),
            mass=head.mass,
            serial=frozenset(t for t in head.tokens if t.isdigit() or t in _ROMAN),
            names=tuple(f" {n} " for n in names),
            author_words=frozenset(" ".join((*names, fold(work.publisher or ""))).split()),
            container=container,
            initials="".join(t[0] for t in container),
            year=work.year,
            volume=volume,
            issue=issue,
            first=head.first,
            numbers=frozenset(n.lstrip("0") for n in numbers),
            doi=work.doi,
            pmid=work.pmid,
        )

    @cached_property
    def _by_key(self) -> dict[str, Work]:
        return {work.key: work for work in self.works}

    @property
    def size(self) -> int:
        """How many works are indexed."""
        return len(self.works)

    def work(self, key: str) -> Work:
        """The work of a key."""
        return self._by_key[key]

    def name_of(self, key: str) -> str:
        """What the user's own library calls a work (its BibTeX key or record id), else the key."""
        ids = self._by_key[key].ids
        return ids[0] if ids else key


def _content(tokens: Iterable[str]) -> list[str]:
    return [t for t in tokens if len(t) > 1 and t not in _STOP and not t.isdigit()]


def _query(citation: Citation, library: Library) -> _Query:
    raw = citation.raw or " ".join(filter(None, (*citation.authors, citation.title, citation.container, str(citation.year or ""))))
    doi = citation.doi or (doi_of(raw) if "10." in raw else None)
    pmid = citation.pmid
    if pmid is None and "pmid" in raw.lower():
        m = re.search(r"pmid\W{0,3}(\d{1,8})", raw, re.IGNORECASE)
        pmid = m.group(1) if m else None
    body = raw
    if doi:
        body = re.sub(r"(?:https?://\S+|doi\W{0,3}10\.\S+|10\.\d{4,9}/\S+)", " ", body, flags=re.IGNORECASE)
    elif "http" in body:
        body = re.sub(r"https?://\S+", " ", body)
    tokens = fold(body).split()
    numbers = [(i, t.lstrip("0") or "0") for i, t in enumerate(tokens) if t[-1].isdigit() or t[0].isdigit()]
    years = frozenset(int(t[:4]) for _, t in numbers if _LETTERED_YEAR.fullmatch(t))
    words = [t for t in tokens if len(t) > 1 and t not in _STOP and t not in _NOISE and not t.isdigit()]
    numbers = [n for n in numbers if _NUMBER.fullmatch(n[1])]
    values = frozenset(n for _, n in numbers)
    weights = {w: min(library.idf(w), 6.0) for w in words}
    return _Query(
        text=f" {' '.join(tokens)} ",
        tokens=tokens,
        words=words,
        spelt=[w for w in words if not w[0].isdigit()],
        present=frozenset(words),
        every=frozenset(tokens),
        line=" ".join(words),
        weights=weights,
        mass=sum([weights[w] for w in words]) or 1.0,
        numbers=numbers,
        values=values,
        located=sum([not (len(n) == 4 and bool(_YEAR.fullmatch(n))) for n in values]) >= 2,
        years=years,
        doi=doi,
        pmid=pmid,
    )


def link_citation(citation: Citation, library: Library) -> tuple[Link, ...]:
    """The work that a reference speaks of, with its runner-up; or one link to nothing that says why.

    The first link is chosen when it has a target. A false link is worse than none: what two works fit equally, or
    what no work explains, stays unlinked.
    """
    query = _query(citation, library)
    best = _rank(query, library)
    number = citation.number
    if not best:
        return (Link("citation", number, "work", None, "none", 0.0, "no work of the library resembles it", rank=1),)
    refused = refusal(best, _MODEL["accept"], _MODEL["margin"])
    links = [_as_link(number, c, library, chosen=not refused and n == 0, rank=n + 1 + bool(refused)) for n, c in enumerate(best[:2])]
    if refused:
        return (Link("citation", number, "work", None, "none", round(best[0].score, 4), refused, rank=1), *links)
    return tuple(links)


def refusal(ranked: Sequence[Comparison], accept: float, margin: float) -> str | None:
    """Why the best of the compared works is not taken, or None where it is."""
    winner = ranked[0]
    if winner.score < accept:
        return f"nearest work differs: {', '.join(reasons(winner)[1]) or 'too little in common'}"
    for rival in ranked[1:]:
        if _rivals(winner, rival, accept, margin):
            return "two works fit"
    return None


def _rivals(winner: Comparison, rival: Comparison, accept: float, margin: float) -> bool:
    """Whether a second work fits nearly as well, so that taking the first would be a guess."""
    a, b = winner.features, rival.features
    if a[_NO_TITLE]:
        if a[_LEAD] and not b[_FIRST]:
            return False
        # "Yu et al., Plant Sci 2015": with nothing but a name, a year and a journal in short, a like journal may be meant as well.
        if not a[_PAGE] and not b[_PAGE] and b[_FIRST] and b[_YEAR_SAME] and b[_CONTAINER] and a[_AUTHORS] - b[_AUTHORS] < 0.1:
            return True
    elif a[_ORDER] and not b[_ORDER] and a[_AUTHORS] >= b[_AUTHORS]:
        return False
    return rival.score >= accept / 2 and _logit(winner.score) - _logit(rival.score) < margin


def _logit(p: float) -> float:
    return math.log(max(p, 1e-12) / max(1 - p, 1e-12))


def _as_link(number: int, c: Comparison, library: Library, *, chosen: bool, rank: int) -> Link:
    good, bad = reasons(c)
    reason = ", ".join(good) or "little in common"
    if bad and not chosen:
        reason += f"; but {', '.join(bad)}"
    return Link("citation", number, "work", library.works[c.index].key, c.method, round(c.score, 4), reason, chosen=chosen, rank=rank)


def _rank(query: _Query, library: Library) -> list[Comparison]:
    seen: dict[int, Comparison] = {}
    tried: set[int] = set()
    for method, indices in _candidates(query, library):
        for i in indices:
            if i not in tried and len(seen) < _MOST:
                tried.add(i)
                found = compare(query, library, i, method)
                if found is not None:
                    seen[i] = found
        if method in _SURE and any(c.score >= _MODEL["sure"] for c in seen.values()):
            break
    return sorted(seen.values(), key=lambda c: (-c.score, library.works[c.index].key))


_SURE: Final = frozenset(("doi", "pmid", "hash", "volume_page"))


def _candidates(query: _Query, library: Library) -> Iterable[tuple[str, Sequence[int]]]:
    if query.doi and (i := library.by_doi.get(query.doi)) is not None:
        yield "doi", (i,)
    if query.pmid and (i := library.by_pmid.get(query.pmid)) is not None:
        yield "pmid", (i,)
    yield "hash", _by_start(query, library)
    yield "volume_page", _by_page(query, library)
    yield "author_year", _by_author(query, library)
    yield "words", _by_words(query, library)


def _by_start(query: _Query, library: Library) -> list[int]:
    """Works whose title begins with three content words that stand side by side in the reference."""
    out: list[int] = []
    words, years = query.words, library.years
    for k in range(len(words)):
        for n in (3, 2, 1) if k + 3 >= len(words) else (3,):
            found = library.by_start.get(" ".join(words[k : k + n]))
            if found is not None and len(found) <= _ENOUGH and (n == 3 or len(words) <= n + 1):
                out.extend(found if len(found) < 8 else islice((i for i in found if years[i] in query.years), 50))
    return out


def _by_page(query: _Query, library: Library) -> list[int]:
    out: list[int] = []
    numbers = query.numbers
    for a in range(len(numbers)):
        for b in range(a + 1, min(a + 4, len(numbers))):
            if numbers[b][0] - numbers[a][0] > 4:
                break
            found = library.by_page.get(f"{numbers[a][1]}|{numbers[b][1]}")
            if found is not None:
                out.extend(i for i in found if not query.years or library.years[i] in query.years)
    return out


def _by_author(query: _Query, library: Library) -> list[int]:
    out: list[int] = []
    if len(query.words) > 12 or not query.years:
        return out
    tokens = query.tokens
    for year in query.years:
        for k in range(len(tokens)):
            for n in (1, 2, 3):
                found = library.by_author.get(f"{''.join(tokens[k : k + n])}|{year}") if k + n <= len(tokens) else None
                if found is not None:
                    out.extend(found)
    return out


def _by_words(query: _Query, library: Library) -> list[int]:
    known = sorted([(len(p), w) for w in query.present if (p := library.by_word.get(w)) is not None and len(p) <= _LONGEST])
    votes: dict[int, float] = defaultdict(float)
    looked = 0
    for n, (df, word) in enumerate(known[:_RARE]):
        looked += df
        if n >= 3 and looked > _ENOUGH:
            break
        weight = library.top - math.log(df) + 0.1
        for i in library.by_word[word]:
            votes[i] += weight
    if not votes:
        return []
    least = max(votes.values()) * 0.5
    return [i for _, i in sorted([(-v, i) for i, v in votes.items() if v >= least])[:8]]


FEATURES: Final = (
    "bias", "title_cov", "unexplained", "unexplained_share", "first_author", "author_cov", "author_lead", "year_same", "year_near", "year_other",
    "volume_same", "volume_other", "page_same", "page_other", "container_cov", "no_title", "doi_same", "doi_other", "whole_title", "in_order",
)  # fmt: skip
_NO_TITLE: Final = FEATURES.index("no_title")
_LEAD: Final = FEATURES.index("author_lead")
_FIRST: Final = FEATURES.index("first_author")
_AUTHORS: Final = FEATURES.index("author_cov")
_PAGE: Final = FEATURES.index("page_same")
_PAGE_OTHER: Final = FEATURES.index("page_other")
_YEAR_SAME: Final = FEATURES.index("year_same")
_CONTAINER: Final = FEATURES.index("container_cov")
_ORDER: Final = FEATURES.index("in_order")


def compare(query: _Query, library: Library, i: int, method: str = "words") -> Comparison | None:
    """Compare one record with a reference, field by field; None where neither title, author nor page speak for it."""
    head = library.head(i)
    shared = head.weights.keys() & query.present
    got = sum([weight for t, weight in head.weights.items() if t in shared])  # in the title's order: sums are the same on every run
    if got < _HOPELESS * head.mass and method not in ("doi", "pmid"):
        page = head.first and head.first in query.values
        if not page and not (head.lead and head.lead in query.text):
            return None
    r = library.record(i)
    f, rest = _features(query, r, library, shared, got)
    z = sum([w * x for w, x in zip(_MODEL["bare"] if f[_NO_TITLE] else _MODEL["titled"], f, strict=True)])
    if f[_PAGE_OTHER] and not r.serial <= query.every:  # "part 1" and "part 2" of one paper
        z -= _OTHER_PART
        rest = (*rest, "another part")
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
    return Comparison(i, score, f, rest, method)


def _features(query: _Query, r: _Record, library: Library, shared: set[str], got: float) -> tuple[tuple[float, ...], tuple[str, ...]]:
    text = query.text
    explained = shared | r.author_words | r.numbers
    rest = [w for w in query.spelt if w not in explained]
    if not r.names and len(shared) > 0.8 * r.words:  # a record without authors cannot explain the names before its title
        begin = next((n for n, w in enumerate(query.words) if w in shared), 0)
        before = set(query.words[:begin])
        rest = [w for w in rest if w not in before]
    rest, container_cov = _without_container(rest, r)
    if rest and len(shared) < r.words:
        rest, near = _forgive([t for t in r.title if t not in shared], rest)
        got += 0.8 * sum([library.idf(t) for t in dict.fromkeys(near)])
    if rest:
        unnamed = [w for w in sorted(r.author_words) if len(w) > 3 and w not in text]
        rest = _forgive(unnamed, rest)[0] if unnamed else rest
    title_cov = min(1.0, got / r.mass)
    unexplained = sum([query.weights[w] if len(w) > 2 else 0.2 for w in rest])
    hits = [name in text for name in r.names[:6]]
    first = bool(hits and hits[0])
    lead = first and text.find(r.names[0]) < 12
    year_same = r.year in query.years
    year_near = not year_same and r.year is not None and bool({r.year - 1, r.year + 1} & query.years)
    year_other = bool(query.years and r.year and not year_same and not year_near)
    volume_same, page_same = bool(r.volume and r.volume in query.values), bool(r.first and r.first in query.values)
    whole = title_cov >= 0.95 and len(r.title) >= 3
    f = (
        1.0, title_cov, min(unexplained, 40.0) / 10, min(unexplained / query.mass, 1.0), float(first), sum(hits) / len(hits) if hits else 0.0,
        float(lead), float(year_same), float(year_near), float(year_other), float(volume_same), float(bool(r.volume and query.located and not volume_same)),
        float(page_same), float(bool(r.first and query.located and not page_same)), container_cov, float(title_cov < 0.35),
        float(bool(query.doi and query.doi == r.doi)), float(bool(query.doi and r.doi and query.doi != r.doi)), float(whole),
        float(whole and " ".join(r.title) in query.line),
    )  # fmt: skip
    return f, tuple(rest)


_FOR: Final = (
    ("doi_same", 1.0, "same DOI"), ("title_cov", 0.95, "same title"), ("first_author", 1.0, "same first author"), ("year_same", 1.0, "same year"),
    ("volume_same", 1.0, "same volume"), ("page_same", 1.0, "same first page"), ("container_cov", 0.99, "same journal"),
)  # fmt: skip
_AGAINST: Final = (
    ("doi_other", "another DOI"), ("year_near", "year differs"), ("year_other", "year differs"), ("volume_other", "volume differs"),
    ("page_other", "pages differ"),
)  # fmt: skip


def reasons(c: Comparison) -> tuple[list[str], list[str]]:
    """What speaks for and what against a candidate, in words."""
    value = dict(zip(FEATURES, c.features, strict=True))
    good = [label for name, least, label in _FOR if value[name] >= least]
    if 0.6 <= value["title_cov"] < 0.95:
        good.insert(0, "nearly the same title")
    bad = ["title differs"] if 0.35 <= value["title_cov"] < 0.8 else []
    bad += [label for name, label in _AGAINST if value[name]]
    if value["unexplained"] > 0.8:
        bad.append(f"it lacks {', '.join(c.rest[:4])}")
    if not value["first_author"]:
        bad.append("first author not named")
    return good, bad


def _without_container(rest: list[str], r: _Record) -> tuple[list[str], float]:
    """Take the journal's words off, abbreviated or in full: "Philos" is "Philosophical", "PNAS" its initials."""
    if not r.container:
        return rest, 0.0
    used: set[int] = set()
    left: list[str] = []
    for w in rest:
        hit = None
        if w[0] in r.initials:
            for k, c in enumerate(r.container):
                if c[0] == w[0] and k not in used and _abbreviates(w, c):
                    hit = k
                    break
            if hit is None and len(w) > 2 and w == r.initials:
                return [x for x in rest if x != w], 1.0
        if hit is None:
            left.append(w)
        else:
            used.add(hit)
    long = [k for k, c in enumerate(r.container) if len(c) > 1]
    cov = sum([k in used for k in long]) / len(long) if long else 0.0
    return (left if used else rest), cov


def _abbreviates(a: str, b: str) -> bool:
    if a == b:
        return True
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if len(short) < 2 or short[0] != long[0]:
        return False
    if long.startswith(short[: max(2, len(short) - 1)]) and len(short) >= 3:
        return long.startswith(short) or len(short) > 4
    return long.startswith(short) or (len(short) <= 5 and short[-1] == long[-1] and _subsequence(short, long))


def _subsequence(short: str, long: str) -> bool:
    at = iter(long)
    return all(c in at for c in short)


def _forgive(missing: list[str], rest: list[str]) -> tuple[list[str], list[str]]:
    """Pair misspelt words with the title's words they stand for: one letter in four may differ, a hyphen may part or join.

    Gives the words still unexplained, and the title's words that were found after all.
    """
    near: list[str] = []
    left = list(rest)
    wanted = list(missing)
    for a, b in pairwise(rest) if wanted else ():
        if a + b in wanted and a in left and b in left:
            near.append(a + b)
            wanted.remove(a + b)
            left.remove(a)
            left.remove(b)
    for a, b in pairwise(missing):
        if a + b in left and a in wanted and b in wanted:
            near += [a, b]
            left.remove(a + b)
            wanted.remove(a)
            wanted.remove(b)
    sizes = [len(w) for w in left]
    for t in wanted:
        n = len(t)
        limit = n // 4
        if not limit:
            continue
        least, most = n - limit, n + limit
        for k, size in enumerate(sizes):
            if least <= size <= most and Levenshtein.distance(t, left[k], score_cutoff=limit) <= limit:
                near.append(t)
                del left[k], sizes[k]
                break
    return left, near
