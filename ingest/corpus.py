"""What only all articles together can say: links to the library, shared terms, corrections, grades, bodies of evidence."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.grade.bodies import grade_bodies
from ingest.grade.profile import Profile
from ingest.grade.question import question_of
from ingest.grade.scales import grade_study
from ingest.grade.support import article_support, compare
from ingest.link.content import link_content
from ingest.link.works import Library, link_citation
from ingest.pipeline import read_document
from ingest.records import Article, BodyInput, Corpus, Correction, Document, Finding, Link, Problem, Study, StudyRow, Work
from ingest.text.terms import Vocabulary, is_known, normalise

Corrector = Callable[[tuple[StudyRow, ...], Iterable[Correction]], tuple[tuple[StudyRow, ...], tuple[Correction, ...]]]


def assemble(
    documents: Iterable[Document],
    works: Sequence[Work],
    profile: Profile,
    *,
    corrections: Sequence[Correction] = (),
    corrector: Corrector | None = None,
    problems: Sequence[Problem] = (),
    words: Vocabulary | None = None,
) -> Corpus:
    """Link, name, correct and grade everything. The order of the documents makes no difference."""
    ordered = tuple(sorted(documents, key=lambda d: d.article.id))
    library = Library(works)
    by_key = {w.key: w for w in works}
    citation_links = {(d.article.id, c.number): tuple(link_citation(c, library)) for d in ordered for c in d.citations}
    rows = tuple(row for d in ordered for row in _rows(d, citation_links, library, words))
    done: tuple[Correction, ...] = tuple(corrections)
    if corrector and corrections:
        rows, done = corrector(rows, corrections)
        abbreviations = {d.article.id: d.abbreviations for d in ordered}
        rows = tuple(_named(r, abbreviations[r.article_id], words) for r in rows)
    abstracts = _abstracts(rows, citation_links, by_key)
    texts = {d.article.id: d.article.text for d in ordered}
    rows = tuple(_graded(r, by_key.get(r.work_key or ""), profile, texts[r.article_id]) for r in rows)
    bodies = grade_bodies(body_inputs(rows), profile, works=by_key, texts=texts)
    by_article: dict[str, list[StudyRow]] = {d.article.id: [] for d in ordered}
    for r in rows:
        by_article[r.article_id].append(r)
    support = tuple(s for d in ordered for s in article_support(d, by_article[d.article.id], words))
    differences = tuple(x for r in rows if r.work_key in abstracts for x in compare(r, abstracts[r.work_key or ""], abstract_text(by_key[r.work_key or ""])))
    used = {("exposure", r.exposure_term) for r in rows} | {("condition", r.condition_term) for r in rows}
    used |= {("outcome", f.term) for r in rows for f in r.study.findings}
    known = frozenset((kind, name) for kind, name in used if name and is_known(kind, name, words))
    return Corpus(ordered, tuple(works), abstracts, rows, citation_links, bodies, support, differences, done, tuple(problems), known)


def study_key(article_id: str, quote: str, taken: Counter[str]) -> str:
    """A study's key: its article and a digest of its first words, so that edits elsewhere in the article do not move it."""
    words = " ".join(re.findall(r"\w+", quote.lower())[:12])
    key = f"{article_id}~{hashlib.blake2b(words.encode(), digest_size=3).hexdigest()}"
    taken[key] += 1
    return key if taken[key] == 1 else f"{key}-{taken[key]}"


def _rows(document: Document, citation_links: dict[tuple[str, int], tuple[Link, ...]], library: Library, words: Vocabulary | None) -> Iterable[StudyRow]:
    article = document.article
    taken: Counter[str] = Counter()
    for position, study in enumerate(document.studies, 1):
        links = tuple(x for x in document.links if x.source == "mention" and x.source_index == position - 1)
        citation = study.cites[0] if study.cites else None
        work, more = _work_of(document, study, position - 1, citation, citation_links, library)
        chosen = next((x for x in (*links, *more) if x.chosen), next(iter((*links, *more)), None))
        row = StudyRow(
            key=study_key(article.id, study.quote, taken),
            article_id=article.id,
            position=position,
            study=study,
            label=study.label or _label(study.quote),
            effect=overall_effect(study.findings),
            citation=citation,
            work_key=work,
            link=chosen,
            links=(*links, *more),
        )
        yield _named(row, document.abbreviations, words)


def _work_of(
    document: Document, study: Study, index: int, citation: int | None, citation_links: dict[tuple[str, int], tuple[Link, ...]], library: Library
) -> tuple[str | None, tuple[Link, ...]]:
    """The work behind a study: through its citation, else by what the article says of it."""
    if citation is not None:
        found = next((x.target for x in citation_links.get((document.article.id, citation), ()) if x.chosen), None)
        return found, ()
    if study.plural:
        return None, ()
    links = tuple(link_content(document.article, study, index, library))
    return next((x.target for x in links if x.chosen), None), links


def _label(quote: str) -> str:
    words = quote.split()
    return " ".join(words[:9]).rstrip(",;:.") + (" …" if len(words) > 9 else "")


def _named(row: StudyRow, abbreviations: tuple[tuple[str, str], ...], words: Vocabulary | None) -> StudyRow:
    """Give a row its terms; a phrase that the vocabulary does not know stays as written."""

    def term(kind: str, phrase: str | None) -> str | None:
        if not phrase:
            return None
        found = normalise(kind, phrase, abbreviations, words)
        return found.name if found else " ".join(phrase.lower().split())

    # A change that was inferred from the tenor of an abstract's results is no reading: it is extracted, but not stored.
    read = [f for f in row.study.findings if f.rule != "declared_outcome"]
    findings = tuple(_typed(replace(f, term=term("outcome", f.outcome)), abbreviations, words) for f in read)
    return replace(
        row,
        study=replace(row.study, findings=findings),
        exposure_term=term("exposure", row.study.exposure),
        condition_term=term("condition", row.study.condition),
    )


def _typed(finding: Finding, abbreviations: tuple[tuple[str, str], ...], words: Vocabulary | None) -> Finding:
    """Give a finding the type that the vocabulary gives its outcome; that an effect is adverse only the sentence can tell."""
    found = normalise("outcome", finding.outcome, abbreviations, words)
    if found and found.group in {"clinical", "surrogate", "mortality"} and finding.outcome_type != "adverse":
        return replace(finding, outcome_type=found.group)
    return finding


def overall_effect(findings: Iterable[Finding]) -> str | None:
    """What the findings together mean for the patient: clinical ones go before surrogate ones; different directions are mixed."""
    known = [f for f in findings if f.effect != "unclear"]
    clinical = [f for f in known if f.outcome_type != "surrogate"] or known
    effects = {f.effect for f in clinical}
    if len(effects) == 1:
        return effects.pop()
    if effects:
        return "mixed"
    return "unclear" if any(True for _ in findings) else None


def _graded(row: StudyRow, work: Work | None, profile: Profile, text: str) -> StudyRow:
    questions = tuple(question_of(f, row.study).type for f in row.study.findings)
    return replace(row, grades=grade_study(row.study, work, profile, text), questions=questions)


def abstract_text(work: Work) -> str:
    """The text in which a work's abstract is read: its title, then the abstract."""
    return f"{work.title.rstrip('.')}.\n{work.abstract or ''}"


def _abstracts(rows: Iterable[StudyRow], citation_links: dict[tuple[str, int], tuple[Link, ...]], works: dict[str, Work]) -> dict[str, Study]:
    """Read the abstracts of the works that something links to, by the same extraction as articles."""
    wanted: set[str | None] = {r.work_key for r in rows}
    wanted |= {x.target for links in citation_links.values() for x in links if x.chosen}
    out = {}
    for key in sorted(k for k in wanted if k and k in works):
        work = works[key]
        if not work.abstract:
            continue
        document = read_document(Article(f"abstract:{key}", abstract_text(work), title=work.title, kind="abstract"), kind="abstract")
        study = next((s for s in document.studies if s.primary), None)
        if study:
            out[key] = study
    return out


def body_inputs(rows: Iterable[StudyRow]) -> tuple[BodyInput, ...]:
    """One input for each finding of each study that names its exposure."""
    return tuple(
        BodyInput(row=r, finding=f, finding_index=i, exposure=r.exposure_term, condition=r.condition_term or "any condition", outcome=f.term or f.outcome)
        for r in rows
        if r.exposure_term
        for i, f in enumerate(r.study.findings)
    )
