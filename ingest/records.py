"""The records that the steps hand to one another, the vocabularies, and the JSON contract.

Offsets count characters (Python ``str`` indices) in ``Article.text``, half open: ``text[start:end]`` is the quote.
A value that the text does not state is ``None``; a value without a span does not exist.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T", covariant=True)

DESIGNS = (
    "meta_analysis",
    "systematic_review",
    "rct",
    "nonrandomized_trial",
    "cohort",
    "case_control",
    "cross_sectional",
    "case_series",
    "case_report",
    "animal",
    "in_vitro",
    "narrative_review",
    "expert_opinion",
    "unspecified",
)
SPECIES = ("human", "animal", "in_vitro", "unknown")
CHANGES = ("increased", "decreased", "no_difference", "associated", "mixed", "unclear")
EFFECTS = ("benefit", "harm", "none", "mixed", "unclear")
OUTCOME_TYPES = ("clinical", "surrogate", "mortality", "adverse", "unclear")
QUESTION_TYPES = ("benefit", "harm", "prognosis", "prevalence", "diagnosis", "screening")
WORK_TYPES = ("article", "book", "chapter", "web", "report", "thesis", "preprint", "conference", "dataset", "other")
RETRACTION_STATES = ("retracted", "corrected", "concern")

DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
"""Length of a unit of time in days: the contract's own factors."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """One value read from a text: what it is, the span it was read from, and the rule that read it."""

    value: T
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A link of the source document, placed on its anchor text in ``Article.text``."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A pointer from the running text to the reference list: ``[12]``, a superscript, a JATS ``xref``, ``(Lee, 2014)``.

    ``numbers`` are 1-based positions (or printed numbers) in the list; ``authors`` and ``year`` are filled for
    author-year pointers. ``targets`` are element ids of the source document (JATS ``rid``, HTML ``href="#…"``).
    """

    start: int
    end: int
    kind: str  # number | superscript | author_year | key | xref | title_journal
    numbers: tuple[int, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """An input, or a part of one, that was skipped or only half read, and why."""

    source: str
    message: str
    kind: str  # unreadable | empty | binary | encoding | too_large | language | entry | missing | duplicate | other
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One document as it was ingested.

    ``kind`` is ``"article"`` (somebody writes about studies) or ``"abstract"`` (the text reports its own study).
    ``markers`` and ``entries`` hold what the format itself says of references (superscripts, JATS ``ref-list``
    items); a plain text leaves them empty and the find step reads them out of the text.
    """

    id: str
    text: str
    title: str = ""
    url: str | None = None
    published: str | None = None
    source: str = ""
    format: str = "text"  # text | markdown | html | jats | pdf | jsonl
    sha256: str = ""
    kind: str = "article"
    spun: float = 0.0
    hyperlinks: tuple[Hyperlink, ...] = ()
    markers: tuple[Marker, ...] = ()
    headings: tuple[Span, ...] = ()
    entries: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """The parts of an article that speak of one study, in reading order.

    ``start``/``end`` is the head: the first informative sentence or clause. ``parts`` are sentence or clause spans,
    head included. ``label`` is a short name the text uses ("SOLAR", "one Finnish study", "Mazzella 1983"). ``reach``
    are sentences behind it that belong to no study for certain: a result may stand there.
    """

    start: int
    end: int
    parts: tuple[Span, ...]
    rule: str
    label: str | None = None
    plural: bool = False
    primary: bool = False
    reach: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """An assertion about health that leans on research but names no study."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One outcome of a study with its direction.

    ``change`` is what happened to the outcome with the exposure; ``effect`` what that means for the patient.
    """

    outcome: str
    change: str
    effect: str
    outcome_type: str
    start: int
    end: int
    rule: str
    primary: bool = False
    ratio: float | None = None  # relative risk, odds or hazard ratio where the text states one
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """An entry of the article's own reference list. ``number`` is 1-based in list order; authors are family names."""

    number: int
    start: int
    end: int
    raw: str
    authors: tuple[str, ...] = ()
    title: str | None = None
    container: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    type: str = "other"
    label: str | None = None  # the printed number or key, "12" or "Lee14"
    inline: bool = False
    spans: tuple[tuple[str, int, int], ...] = ()  # field, start, end in the article's text


@dataclass(frozen=True, slots=True)
class Author:
    """A person (family, given) or a body (family only, ``literal`` true)."""

    family: str
    given: str = ""
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A publication of the user's library. ``key`` is stable: the DOI, else the PMID, else a hash of title+author+year.

    ``sources`` says where each field came from: ``(field, "library.bib:lee2014")``.
    """

    key: str
    title: str
    authors: tuple[Author, ...] = ()
    container: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    type: str = "article"
    abstract: str | None = None
    keywords: tuple[str, ...] = ()
    publisher: str | None = None
    retraction: str | None = None
    retraction_reason: str | None = None
    publication_types: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()  # the record's own names in its sources: BibTeX keys, record ids


@dataclass(frozen=True, slots=True)
class Link:
    """A scored candidate from one record to another, with its reasons in words.

    ``source`` is ``"mention"`` or ``"citation"``; ``target`` the citation's number (as text) or the work's key.
    Exactly one candidate may be ``chosen``; the runner-up stays beside it. Where none is, ``reason`` says why.
    """

    source: str
    source_index: int
    target_kind: str  # citation | work
    target: str | None
    method: str  # marker | author_year | position | content | doi | pmid | hash | volume_page | words | none
    score: float
    reason: str
    chosen: bool = False
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Study:
    """The row for one mention."""

    start: int
    end: int
    quote: str
    design: str = "unspecified"
    species: str = "unknown"
    label: str | None = None
    sample_size: int | None = None
    studies_pooled: int | None = None
    arms: tuple[int, ...] = ()
    duration_days: float | None = None
    duration_text: str | None = None
    duration_phase: str | None = None  # treatment | follow_up | observation
    exposure: str | None = None
    comparator: str | None = None
    condition: str | None = None
    plural: bool = False
    primary: bool = False
    parts: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()
    cites: tuple[int, ...] = ()
    link: Link | None = None
    weaknesses: tuple[tuple[str, int, int], ...] = ()  # stated weakness, start, end: "not blinded", "high drop-out"
    provenance: tuple[tuple[str, Value[Any]], ...] = ()  # field -> the value with its span and rule


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that was read out of one article."""

    article: Article
    studies: tuple[Study, ...] = ()
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    abbreviations: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a grade. ``direction`` is start, up, down, cap, end or note; ``steps`` is signed."""

    domain: str
    direction: str
    steps: int
    text: str
    start: int | None = None
    end: int | None = None
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A level on one scale, with every step that led to it. ``level`` is ``None`` where the scale gives none."""

    scale: str  # ocebm | sort | nhmrc | grade | sort_body | …
    level: str | None
    question: str | None
    reasons: tuple[Reason, ...] = ()
    profile: str = ""
    profile_hash: str = ""
    provisional: bool = field(default=True)


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a person corrected: for the study with that key, the field holds ``new`` (``None``: not stated)."""

    study_key: str
    field: str
    new: str | None
    old: str | None = None
    who: str | None = None
    corrected_on: str | None = None
    why: str | None = None
    applied: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study with what only the whole corpus can say of it: its stable key, its work, its terms, its grades.

    ``findings`` are the study's findings with their terms and the type of question each answers.
    """

    key: str
    article_id: str
    position: int
    study: Study
    label: str
    effect: str | None = None
    exposure_term: str | None = None
    condition_term: str | None = None
    questions: tuple[str, ...] = ()
    citation: int | None = None
    work_key: str | None = None
    link: Link | None = None
    links: tuple[Link, ...] = ()
    grades: tuple[Grade, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        """The number of the row, from the key."""
        return stable_id("study", self.key)


def stable_id(*parts: object) -> int:
    """A number for a row that is the same in every build: 48 bits of a digest, exact in JavaScript too.

    >>> stable_id("study", "a") == stable_id("study", "a")
    True
    """
    digest = hashlib.blake2b("\0".join(str(p) for p in parts).encode("utf-8"), digest_size=6).digest()
    return int.from_bytes(digest, "big")


@dataclass(frozen=True, slots=True)
class BodyInput:
    """One finding of one study on its way into a body of evidence; terms are normalised already."""

    row: StudyRow
    finding: Finding
    finding_index: int
    exposure: str
    condition: str
    outcome: str


@dataclass(frozen=True, slots=True)
class BodyMember:
    """A study in a body of evidence: how it votes, and whether it counts (a work that several articles cite counts once)."""

    study_key: str
    finding_index: int
    vote: str
    counted: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """All findings on one exposure, condition and outcome in one lane, with votes, synthesis and grades."""

    key: str
    name: str
    exposure: str
    condition: str
    outcome: str
    lane: str  # human | animal | in_vitro
    studies: int
    participants: int | None
    favourable: int
    unfavourable: int
    no_effect: int
    mixed: int
    unclear: int
    sign_test_p: float | None
    favourable_share: float | None
    wilson_low: float | None
    wilson_high: float | None
    direction: str
    best_ocebm_level: str | None
    certainty: str | None
    certainty_randomised: str | None
    certainty_observational: str | None
    sort_grade: str | None
    summary: str
    members: tuple[BodyMember, ...] = ()
    grades: tuple[Grade, ...] = ()

    @property
    def id(self) -> int:
        """The number of the row, from the key."""
        return stable_id("body", self.key)


@dataclass(frozen=True, slots=True)
class Support:
    """The strongest wording that an article uses of an exposure, beside the best level behind it."""

    article_id: str
    exposure: str
    wording: str | None
    quote: str | None
    start: int | None
    end: int | None
    studies: int
    best_ocebm_level: str | None
    best_design: str | None
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that an article states otherwise than the linked work's own abstract."""

    study_key: str
    work_key: str
    field: str
    article_says: str
    abstract_says: str
    abstract_quote: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All records of a build, in the order of the articles' ids."""

    documents: tuple[Document, ...]
    works: tuple[Work, ...]
    abstracts: dict[str, Study]
    rows: tuple[StudyRow, ...]
    citation_links: dict[tuple[str, int], tuple[Link, ...]]
    bodies: tuple[Body, ...] = ()
    support: tuple[Support, ...] = ()
    differences: tuple[Difference, ...] = ()
    corrections: tuple[Correction, ...] = ()
    problems: tuple[Problem, ...] = ()
    known_terms: frozenset[tuple[str, str]] = frozenset()
