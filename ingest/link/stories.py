"""News story -> the work it reports: every work is scored by several kinds of evidence, the likeliest are read closely, one is taken or none.

Evidence: words, with those of the headline, the opening and the sentences that tell of the study counting more than background, other
studies and what surrounds a page's text; terms of the vocabulary; lay words with the meaning of the abstract's (``lay.txt``); numbers, exact,
rounded ("more than 650" for 652) and as shares ("two out of three" for 66 %); people named, the journal, the year (the latest that the
story names, or one beside it); how much of the title the story explains,
and whether it prints it. Their weights are learned (``stories.json``, by
``bench/train_stories.py``): a softmax over the candidates of a story. A second, logistic model says how likely the best one is right;
below a threshold the story stays unlinked.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from ingest.link.content import ContentIndex, as_links, index_for, journals_named, people_named, story_tokens
from ingest.link.works import Library
from ingest.records import Link, Work
from ingest.text.bibliographic import doi_of, fold
from ingest.text.numbers import Number, find_numbers

_CLOSE: Final = 40
"""How many works are read closely."""
_MODEL: Final = json.loads((Path(__file__).parent / "stories.json").read_text(encoding="utf-8"))
FIRST: Final = ("words", "opening", "terms", "meanings", "numbers", "names", "journal")
"""Evidence that is summed over the whole library."""
CLOSE: Final = ("title", "quoted", "exact", "rounded", "shares", "year", "abstract")
"""Evidence that is read from the likeliest works only."""

_SENTENCE = re.compile(r"(?<=[.?!”\"])\s+(?=[A-Z\"“‘'(])|\n+")
_OPENING: Final = 3
"""A headline and two sentences, or the first three: what was found."""
_BACKGROUND = re.compile(
    r"\b(?:(?:earlier|previous|prior|past|other|another|separate|recent|similar|larger?) (?:stud(?:y|ies)|trials?|research|work|reports?|experiments?|review)|"
    r"(?:a|one) (?:19|20)\d\d (?:study|trial|report|survey)|(?:not|wasn't|weren't) (?:involved|part of|connected)|outside experts?|critics|spokes\w+|"
    r"guidelines?|recommends?|association said|according to (?:the )?(?:american|national|world|federal|centers|who|cdc|nhs)|"
    r"world health organi[sz]ation|food and drug administration|\bFDA\b|approved|sales|shares|market|billion|"
    r"million (?:people|americans|adults|women|men|children|britons|australians|germans|canadians|indians)|"
    r"(?:affects?|strikes?|kills?|suffer)\b.{0,40}\b(?:million|percent|per cent|one in|in \d)|"
    r"(?:each|every|per) year|a year\b|worldwide|in the world|"
    r"first (?:born|developed|approved)|became famous|is (?:made|sold) by)",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"\b(?:sign up (?:for|to)|our (?:\w+ )?newsletter|share (?:this|on)|read more|subscribe (?:to|now|today)|follow us|click here|(?:we|site) uses? cookies|"
    r"cookie policy|copyright|all rights reserved|related (?:stories|articles)|advertisement|most popular|privacy policy|story highlights|log in)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:(?:[Bb]y|BY) [A-Z][\w.'’-]*(?:[ ,|]+[A-Z][\w.'’-]*){0,7}|(?:Posted|Published|Updated|POSTED|PUBLISHED|UPDATED)\b[^.]{0,20}\d[^.]{0,40}|"
    r"(?:Photo|Image|Credit|Source)s?:.{0,80}|"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b,?|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?)[^.]{0,15} \d[^.]{0,30}|"
    r"\d{1,2}[:./]\d\d[^.]{0,40}|\W*\S*\W*)$",
)
"""A line above or below a story: who wrote it, when, whose picture; or a single word."""
_STUDY = re.compile(
    r"\b(?:researchers|scientists|the (?:study|trial|team|authors?|review|analysis|findings|results|experiment|survey)|stud(?:y|ied)|found|showed|"
    r"compared|participants|volunteers|patients who|those who|group|half (?:of|were|got)|on average|percent|per cent|times (?:as|more)|randomly|"
    r"placebo|dummy|followed)\b|%",
    re.IGNORECASE,
)
_WEIGHT: Final = {"headline": 2.0, "opening": 1.6, "study": 1.15, "plain": 0.85, "background": 0.45, "page": 0.15}
_TITLE_PRIOR: Final = 12.0
"""Weight of words that no title has: a short title that a story explains wholly proves less than a long one."""
_QUOTED: Final = 5
_QUOTES: Final = len(FIRST) + CLOSE.index("quoted")
_SURE_OF_QUOTED: Final = 0.95
"""A title that is printed word for word settles it; no story of the training set has one, so its likelihood is set here."""
_IDENTIFIER = re.compile(r"10\.\d{4,9}/[^\s\"<>]+|(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|pmid\W{0,3})\d{1,8}", re.IGNORECASE)
_END = re.compile(
    r"^\W*(?:read more|related (?:stories|articles)|more (?:stories|news|from)|most (?:read|popular)|also in the news|you may also|recommended)\W*$",
    re.IGNORECASE,
)
"""A line that ends the story: what follows are openings of others."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a story, its kind, and whether it is among the first."""

    text: str
    kind: str
    opening: bool


@lru_cache(maxsize=64)
def passages(text: str) -> tuple[Passage, ...]:
    """The sentences of a story with what each is: headline, opening, study, background, page furniture, or plain.

    >>> [p.kind for p in passages("Tea helps\\nTea helps, a study found. It was fun. About 3 million people drink it. Sign up for our newsletter")]
    ['headline', 'opening', 'opening', 'background', 'page']
    """
    out: list[Passage] = []
    over, number = False, 0
    for line in re.split(r"\n+", text):
        over = over or bool(_END.match(line) and number > _OPENING)
        for sentence in filter(None, map(str.strip, _SENTENCE.split(line))):
            kind = _kind(sentence, number, over)
            out.append(Passage(sentence, kind, kind != "page" and number < _OPENING))
            number += kind != "page"
    return tuple(out)


def _kind(sentence: str, number: int, over: bool) -> str:
    """What a sentence is; ``number`` counts those before it that are not page furniture."""
    if over or _PAGE.search(sentence) or _BYLINE.match(sentence):
        return "page"
    if number == 0 and sentence[-1] not in '.”"':
        return "headline"
    if number < _OPENING:
        return "opening"
    if _BACKGROUND.search(sentence):
        return "background"
    return "study" if _STUDY.search(sentence) else "plain"


def first_evidence(text: str, index: ContentIndex) -> tuple[np.ndarray, dict[int, list[str]]]:
    """One row an evidence of ``FIRST``, one column a work; and what of it can be told in words."""
    found = passages(text)
    whole: dict[str, float] = defaultdict(float)
    opening: dict[str, float] = defaultdict(float)
    for p in found:
        weight = _WEIGHT[p.kind]
        for token in story_tokens(p.text):
            whole[token] += weight
            if p.opening:
                opening[token] += 1.0
    out = np.zeros((len(FIRST), index.n), dtype=np.float32)
    for token, tf in sorted(whole.items()):
        row = 3 if token[0] == "¤" else 2 if token[0] == "§" else 4 if token[0].isdigit() else 0
        index.add(out[row], token, tf)
    for token, tf in sorted(opening.items()):
        index.add(out[1], token, tf)
    said: dict[int, list[str]] = defaultdict(list)
    body = "\n".join(p.text for p in found if p.kind != "page") or text
    people_named(body, index, out[5], said)
    journals_named(body, index, out[6], said)
    return out, said


def close_evidence(text: str, index: ContentIndex, numbers: Sequence[int]) -> np.ndarray:
    """One row a work, one column an evidence of ``CLOSE``."""
    found = [p for p in passages(text) if p.kind != "page"]
    body = "\n".join(p.text for p in found) or text
    tokens = set(story_tokens(body))
    folded = f" {fold(text)} "
    counts, shares = _numbers_of(body)
    years = {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", body)}
    out = np.zeros((len(numbers), len(CLOSE)))
    for row, i in enumerate(numbers):
        work = index.works[i]
        title = index.title_weights(i)
        mass = sum(title.values()) + _TITLE_PRIOR
        exact, rounded, parts = _agreement(counts, shares, *_numbers_in(work), index)
        out[row] = (
            sum(w for t, w in title.items() if t in tokens) / mass,
            _quoted(work.title, folded),
            exact, rounded, parts,
            float(bool(work.year and years and abs(work.year - max(years)) <= 1)),
            float(bool(work.abstract)),
        )  # fmt: skip
    return out


def _quoted(title: str, folded: str) -> float:
    """1 where the text prints a title word for word, as a note on the source below a story does; titles of a few words may be said by chance."""
    words = fold(title)
    return float(words.count(" ") >= _QUOTED and f" {words} " in folded)


Counts = Mapping[float, bool]


def _numbers_of(text: str) -> tuple[dict[float, bool], dict[float, float]]:
    """Counts of ten or more (True: it may be rounded), and shares in percent with how far off each may be."""
    counts: dict[float, bool] = {}
    shares: dict[float, float] = {}
    for n in find_numbers(text):
        if n.kind == "percent":
            shares[n.value] = 0.6 if n.value == int(n.value) else 0.06
        elif n.kind == "fraction" and 0 < n.value < 1:
            shares[round(100 * n.value, 1)] = 3.5
        elif n.is_count and n.value >= 10 and not _is_year(n):
            counts[n.value] = counts.get(n.value, False) or n.hedge is not None or (n.value >= 100 and n.value % 10 == 0)
    for m in _OUT_OF.finditer(text):
        of, all_of = (_SMALL.get(g.lower(), 0) for g in m.groups())
        if 0 < of < all_of:
            shares[round(100 * of / all_of, 1)] = 4.0
    return counts, shares


_SMALL: Final = {w: n for n, w in enumerate("one two three four five six seven eight nine ten".split(), 1)} | {str(n): n for n in range(1, 11)}
_OUT_OF = re.compile(rf"\b({'|'.join(_SMALL)}) (?:in|out of)(?: every)? ({'|'.join(_SMALL)})\b", re.IGNORECASE)


def _is_year(n: Number) -> bool:
    return n.kind == "digits" and 1900 <= n.value <= 2099


@lru_cache(maxsize=1 << 14)
def _numbers_in(work: Work) -> tuple[frozenset[float], frozenset[float]]:
    """The counts and the shares that a record states."""
    counts, shares = set(), set()
    for n in find_numbers(f"{work.title}\n{work.abstract or ''}"):
        if n.kind in ("percent", "decimal"):
            shares.add(n.value)
        elif n.is_count and n.value >= 10 and not _is_year(n):
            counts.add(n.value)
            if n.value <= 100:
                shares.add(n.value)
    return frozenset(counts), frozenset(shares)


def _agreement(
    counts: Counts, shares: Mapping[float, float], have: frozenset[float], have_shares: frozenset[float], index: ContentIndex
) -> tuple[float, float, float]:
    """How much more likely exact counts, rounded counts and shares agree in the right record than in any: sums of logarithms.

    A record with many numbers meets one by chance: a share that is told to a percent or so, among k of the record's, in about k in 60;
    a count rounded to a twentieth in about k in 75, as counts from ten to ten thousand spread evenly on a logarithmic scale.
    """
    exact = rounded = parts = 0.0
    for n, soft in counts.items():
        if n in have:
            exact += min(index.idf(index.df(f"{n:.0f}")), 7.0) * (0.5 if n < 32 or n % 10 == 0 else 1.0)
        elif soft and n >= 50 and any(0.96 * n <= x <= 1.05 * n for x in have):
            rounded += _told(1 / 75, len(have))
    for share, off in shares.items():
        if any(abs(share - x) <= off for x in have_shares):
            parts += _told(off / 36, len(have_shares))
    return exact, min(rounded, 4.0), min(parts, 8.0)


def _told(chance: float, tries: int) -> float:
    """The logarithm of how much likelier than chance an agreement is that the right record shows every second time."""
    return max(0.0, math.log(0.5 / (1 - (1 - min(chance, 0.9)) ** tries)))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A work that a story may report: its number in the library, its score, the evidence, and what of it can be told in words."""

    number: int
    score: float
    features: np.ndarray
    said: tuple[str, ...]


def candidates(text: str, library: Library, most: int = _CLOSE) -> list[Ranked]:
    """The likeliest works of a story with all their evidence, best first."""
    numbers, index = index_for(text, library)
    if not index.n:
        return []
    first, said = first_evidence(text, index)
    scores = np.array(_MODEL["first"], dtype=np.float32) @ first
    likely = [int(i) for i in np.argsort(-scores, kind="stable")[:most] if scores[i] > 0]
    if not likely:
        return []
    features = np.hstack([first[:, likely].T.astype(float), close_evidence(text, index, likely)])
    final = features @ np.array(_MODEL["weights"])
    order = sorted(range(len(likely)), key=lambda k: (-round(float(final[k]), 6), library.works[numbers[likely[k]]].key))
    return [Ranked(numbers[likely[k]], float(final[k]), features[k], tuple(said.get(likely[k], ()))) for k in order]


SURE: Final = ("bias", "margin", "crowd", "score", "title", "numbers")


def sureness(ranked: Sequence[Ranked], text: str) -> np.ndarray:
    """What the second model sees of the best work: how far it is ahead of the second and of the tenth, how much speaks for it in a text that long."""
    best = ranked[0]
    second = ranked[1].score if len(ranked) > 1 else 0.0
    tenth = ranked[9].score if len(ranked) > 9 else 0.0
    value = dict(zip((*FIRST, *CLOSE), best.features, strict=True))
    numbers = min(value["exact"] + value["rounded"] + value["shares"], 15.0) / 5
    length = math.log(max(len(text.split()), 50))
    return np.array([1.0, best.score - second, best.score - tenth, best.score / length, value["title"], numbers])


def likelihood(ranked: Sequence[Ranked], text: str) -> float:
    """How likely the best of the ranked works is the one that the text reports."""
    if ranked[0].features[_QUOTES]:
        return _SURE_OF_QUOTED
    return 1 / (1 + math.exp(-float(sureness(ranked, text) @ np.array(_MODEL["sure"]))))


def accepted(ranked: Sequence[Ranked], text: str, ahead: float = 0.0) -> bool:
    """Whether the best of the ranked works is likely enough to be taken."""
    return bool(ranked) and likelihood(ranked, text) >= _MODEL["accept"] + ahead


def identified(text: str, library: Library) -> int | None:
    """The one work of the library whose DOI or PMID a text prints; None where it prints none, or those of several."""
    found = set()
    for m in _IDENTIFIER.finditer(text):
        doi = doi_of(m.group(0))
        work = library.by_doi.get(doi) if doi else library.by_pmid.get(re.sub(r"\D", "", m.group(0)))
        if work is not None:
            found.add(work)
    return found.pop() if len(found) == 1 else None


def link_story(text: str, library: Library, number: int = 1, ahead: float = 0.0) -> tuple[Link, ...]:
    """A story that reports one paper -> that paper: the best work, and the runner-up; or no work, with the reason.

    ``ahead`` raises the likelihood that is asked for: texts that may be no story need more.
    """
    if (known := identified(text, library)) is not None:
        return (Link("citation", number, "work", library.works[known].key, "doi", 1.0, "it prints the DOI or PMID of this work alone", chosen=True, rank=1),)
    ranked = candidates(text, library)
    if not ranked:
        return (Link("citation", number, "work", None, "none", 0.0, "no work of the library resembles it"),)
    top = [(r.number, r.score, list(r.said)) for r in ranked[:2]]
    return as_links("citation", number, top, library, chosen=accepted(ranked, text, ahead), likely=likelihood(ranked, text))


def rank_stories(text: str, library: Library, top: int = 10) -> list[int]:
    """The numbers of the works that a story most likely reports."""
    return [r.number for r in candidates(text, library)[:top]]
