"""Records to rows: the corpus of a build as the rows of every table, in a fixed order."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from db.schema import BY_NAME
from db.store import write_database
from ingest.records import Body, Citation, Corpus, Document, Grade, Link, StudyRow, Value, Work, stable_id

Row = dict[str, Any]


def build_database(path: Path, corpus: Corpus, *, run: Mapping[str, Any], excerpts: bool = False, accuracy: Iterable[Row] = ()) -> dict[str, int]:
    """Write the database of a corpus. Returns the number of rows of each table.

    :param run: ``version input_digest profile profile_hash libraries``.
    :param excerpts: leave the articles' texts out; quotes stay.
    :raises StoreError: the file cannot be written.
    """
    rows = corpus_rows(corpus, excerpts=excerpts)
    rows["accuracy"] = [{**r, "id": i} for i, r in enumerate(accuracy, 1)]
    counts = {name: len(table) for name, table in rows.items()}
    rows["runs"] = [{"id": 1, **run, "excerpts": int(excerpts), "counts": json.dumps(counts, sort_keys=True)}]
    write_database(path, rows)
    return counts


def corpus_rows(corpus: Corpus, *, excerpts: bool = False) -> dict[str, list[Row]]:
    """Every table's rows but ``runs`` and ``accuracy``."""
    texts = {d.article.id: d.article.text for d in corpus.documents}
    work_ids = {w.key: stable_id("work", w.key) for w in corpus.works}
    rows: dict[str, list[Row]] = defaultdict(list)
    rows["articles"] = [_article(d, excerpts) for d in corpus.documents]
    for work in sorted(corpus.works, key=lambda w: w.key):
        rows["works"].append(_work(work, corpus))
        rows["work_authors"].extend(
            {"work_id": work_ids[work.key], "position": i, "family": a.family, "given": a.given or None, "literal": int(a.literal)}
            for i, a in enumerate(work.authors, 1)
        )
    for document in corpus.documents:
        article_id = stable_id("article", document.article.id)
        for citation in document.citations:
            links = corpus.citation_links.get((document.article.id, citation.number), ())
            rows["citations"].append(_citation(document.article.id, citation, links, work_ids))
            rows["links"].extend(_link(x, article_id, None, citation_id(document.article.id, citation.number), document.article.id, work_ids) for x in links)
        for n, claim in enumerate(document.claims, 1):
            quote = document.article.text[claim.start : claim.end]
            key = stable_id("claim", document.article.id, quote, n)
            rows["claims"].append({"id": key, "article_id": article_id, "quote": quote, "start": claim.start, "end": claim.end, "rule": claim.rule})
    for row in corpus.rows:
        _study_rows(row, texts[row.article_id], work_ids, rows)
    body_rows(corpus.rows, corpus.bodies, rows)
    _term_rows(corpus, rows)
    keys = {r.key: r.id for r in corpus.rows}
    for i, s in enumerate(corpus.support, 1):
        rows["support"].append({**asdict(s), "id": i, "article_id": stable_id("article", s.article_id)})
    for i, d in enumerate(corpus.differences, 1):
        rows["differences"].append({**asdict(d), "id": i, "study_id": keys[d.study_key], "work_id": work_ids[d.work_key]})
    for i, c in enumerate(corpus.corrections, 1):
        rows["corrections"].append({**asdict(c), "id": i, "study_id": keys.get(c.study_key), "applied": int(c.applied)})
    for i, p in enumerate(corpus.problems, 1):
        rows["problems"].append({**asdict(p), "id": i})
    return rows


def citation_id(article: str, number: int) -> int:
    """The number of a citation's row."""
    return stable_id("citation", article, number)


def _joined(values: Iterable[str]) -> str | None:
    return "; ".join(values) or None


def _article(document: Document, excerpts: bool) -> Row:
    a = document.article
    return {
        "id": stable_id("article", a.id),
        "key": a.id,
        "title": a.title or a.id,
        "url": a.url,
        "published": a.published,
        "format": a.format,
        "kind": a.kind,
        "text": None if excerpts else a.text,
        "characters": len(a.text),
        "spun": round(a.spun, 3),
        "source": a.source or None,
        "sha256": a.sha256 or None,
    }


_BIBLIOGRAPHY = ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid", "url", "type")


def _work(work: Work, corpus: Corpus) -> Row:
    study = corpus.abstracts.get(work.key)
    finding = next((f for f in study.findings if f.primary), next(iter(study.findings), None)) if study else None
    return {
        **{k: getattr(work, k) for k in _BIBLIOGRAPHY},
        "id": stable_id("work", work.key),
        "key": work.key,
        "authors": _joined(f"{a.family}, {a.given}" if a.given else a.family for a in work.authors),
        "publisher": work.publisher,
        "abstract": work.abstract,
        "keywords": _joined(work.keywords),
        "publication_types": _joined(work.publication_types),
        "retraction": work.retraction,
        "retraction_reason": work.retraction_reason,
        "abstract_design": study.design if study and study.design != "unspecified" else None,
        "abstract_species": study.species if study and study.species != "unknown" else None,
        "abstract_sample_size": study.sample_size if study else None,
        "abstract_duration_days": study.duration_days if study else None,
        "abstract_effect": finding.effect if finding else None,
        "sources": _sources(work),
    }


def _sources(work: Work) -> str | None:
    """Where each field came from: field to the entries that state it."""
    out: dict[str, list[str]] = defaultdict(list)
    for field, origin in work.sources:
        out[field].append(origin)
    return json.dumps(out, ensure_ascii=False, sort_keys=True) if out else None


def _citation(article: str, citation: Citation, links: Iterable[Link], work_ids: Mapping[str, int]) -> Row:
    links = list(links)
    chosen = next((x for x in links if x.chosen), None)
    said = chosen or next(iter(links), None)
    return {
        **{k: getattr(citation, k) for k in _BIBLIOGRAPHY},
        "id": citation_id(article, citation.number),
        "article_id": stable_id("article", article),
        "number": citation.number,
        "label": citation.label,
        "raw": citation.raw,
        "authors": _joined(citation.authors),
        "inline": int(citation.inline),
        "start": citation.start,
        "end": citation.end,
        "work_id": work_ids.get(chosen.target or "") if chosen else None,
        "link_reason": said.reason if said else None,
    }


def _link(link: Link, article_id: int, study: int | None, citation: int | None, article: str, work_ids: Mapping[str, int]) -> Row:
    to_citation = link.target_kind == "citation" and link.target is not None
    target = citation_id(article, int(link.target)) if to_citation and link.target else None
    return {
        "id": stable_id("link", article, study, citation, link.target_kind, link.target, link.rank, link.method),
        "article_id": article_id,
        "study_id": study,
        "citation_id": citation,
        "target_citation_id": target,
        "target_work_id": work_ids.get(link.target or "") if link.target_kind == "work" else None,
        "method": link.method,
        "score": round(link.score, 4),
        "reason": link.reason,
        "chosen": int(link.chosen),
        "rank": link.rank,
    }


def _study_rows(row: StudyRow, text: str, work_ids: Mapping[str, int], rows: dict[str, list[Row]]) -> None:
    study = row.study
    article_id = stable_id("article", row.article_id)
    rows["studies"].append(
        {
            **{k: getattr(study, k) for k in _STUDY},
            "id": row.id,
            "key": row.key,
            "article_id": article_id,
            "position": row.position,
            "label": row.label,
            "arms": json.dumps(list(study.arms)) if study.arms else None,
            "duration_days": None if study.duration_days is None else round(study.duration_days, 4),
            "exposure_term": row.exposure_term,
            "condition_term": row.condition_term,
            "effect": row.effect,
            "plural": int(study.plural),
            "own": int(study.primary),
            "citation_id": citation_id(row.article_id, row.citation) if row.citation is not None else None,
            "work_id": work_ids.get(row.work_key or ""),
            "link_method": row.link.method if row.link else None,
            "link_score": round(row.link.score, 4) if row.link else None,
            "link_reason": row.link.reason if row.link else None,
            "ocebm_level": best_level(row.grades, "ocebm"),
            "sort_level": best_level(row.grades, "sort"),
            "corrected": ", ".join(row.corrected) or None,
        }
    )
    for position, (f, question) in enumerate(zip(study.findings, [*row.questions, *[None] * len(study.findings)], strict=False), 1):
        rows["findings"].append(
            {
                "id": finding_id(row, position),
                "study_id": row.id,
                "position": position,
                "outcome": f.outcome,
                "outcome_term": f.term,
                "change": f.change,
                "effect": f.effect,
                "outcome_type": f.outcome_type,
                "question": question,
                "ratio": f.ratio,
                "main": int(f.primary),
                "start": f.start,
                "end": f.end,
                "quote": text[f.start : f.end],
                "rule": f.rule,
            }
        )
    for n, part in enumerate(study.parts, 1):
        passage = {"study_id": row.id, "position": n, "start": part.start, "end": part.end, "quote": text[part.start : part.end]}
        rows["passages"].append({"id": stable_id("passage", row.key, n), **passage})
    for n, (kind, start, end) in enumerate(study.weaknesses, 1):
        quality = {"study_id": row.id, "kind": kind, "start": start, "end": end, "quote": text[start:end]}
        rows["qualities"].append({"id": stable_id("quality", row.key, n), **quality})
    for field, value in study.provenance:
        rows["provenance"].append(_provenance(row, field, value, text))
    rows["links"].extend(_link(x, article_id, row.id, None, row.article_id, work_ids) for x in row.links)
    for grade in row.grades:
        grade_rows(grade, row.id, None, text, rows)


def body_rows(studies: Iterable[StudyRow], bodies: Iterable[Body], rows: dict[str, list[Row]]) -> None:
    """Add the rows of bodies of evidence, their members and their grades."""
    by_key = {r.key: r for r in studies}
    for body in bodies:
        rows["bodies"].append({"id": body.id, **{k: getattr(body, k) for k in _BODY}})
        for member in body.members:
            row = by_key[member.study_key]
            rows["body_studies"].append(
                {
                    "id": stable_id("member", body.key, member.study_key, member.finding_index),
                    "body_id": body.id,
                    "study_id": row.id,
                    "finding_id": finding_id(row, member.finding_index + 1),
                    "vote": member.vote,
                    "counted": int(member.counted),
                    "note": member.note,
                }
            )
        for grade in body.grades:
            grade_rows(grade, None, body.id, None, rows)


_BODY = tuple(c.name for c in BY_NAME["bodies"].columns if c.name != "id")
_STUDY = (
    *("start", "end", "quote", "design", "species", "sample_size", "studies_pooled", "duration_text", "duration_phase"),
    *("exposure", "comparator", "condition"),
)


def finding_id(row: StudyRow, position: int) -> int:
    """The number of a finding's row."""
    return stable_id("finding", row.key, position)


def _provenance(row: StudyRow, field: str, value: Value[Any], text: str) -> Row:
    read = value.start >= 0
    return {
        "id": stable_id("provenance", row.key, field),
        "study_id": row.id,
        "field": field,
        "value": f"{value.value:g}" if isinstance(value.value, float) else str(value.value),
        "start": value.start if read else None,
        "end": value.end if read else None,
        "quote": text[value.start : value.end] if read else None,
        "rule": value.rule,
    }


def best_level(grades: Iterable[Grade], scale: str) -> str | None:
    """The level on a scale: of several questions the strongest."""
    return min((g.level for g in grades if g.scale == scale and g.level is not None), default=None)


def grade_rows(grade: Grade, study: int | None, body: int | None, text: str | None, rows: dict[str, list[Row]]) -> None:
    """Add the rows of a grade and its reasons; ``text`` is what a reason's span lies in."""
    grade_id = stable_id("grade", study, body, grade.scale, grade.question)
    rows["grades"].append(
        {
            "id": grade_id,
            "study_id": study,
            "body_id": body,
            "scale": grade.scale,
            "question": grade.question,
            "level": grade.level,
            "provisional": int(grade.provisional),
            "profile": grade.profile,
            "profile_hash": grade.profile_hash,
        }
    )
    for step, r in enumerate(grade.reasons, 1):
        quoted = text is not None and r.start is not None and r.end is not None and r.start >= 0
        rows["grade_reasons"].append(
            {
                "id": stable_id("reason", grade_id, step),
                "grade_id": grade_id,
                "step": step,
                "domain": r.domain,
                "direction": r.direction,
                "steps": r.steps,
                "reason": r.text,
                "field": r.field,
                "value": r.value,
                "start": r.start if quoted else None,
                "end": r.end if quoted else None,
                "quote": text[r.start : r.end] if quoted and text is not None else None,
            }
        )


def _term_rows(corpus: Corpus, rows: dict[str, list[Row]]) -> None:
    written: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for r in corpus.rows:
        for kind, term, phrase in (("exposure", r.exposure_term, r.study.exposure), ("condition", r.condition_term, r.study.condition)):
            if term and phrase:
                written[kind, term][phrase] += 1
        for f in r.study.findings:
            if f.term:
                written["outcome", f.term][f.outcome] += 1
    for kind, term in sorted(written):
        forms = written[kind, term]
        rows["terms"].append(
            {
                "id": stable_id("term", kind, term),
                "kind": kind,
                "term": term,
                "known": int((kind, term) in corpus.known_terms),
                "written": "; ".join(sorted(forms)),
                "uses": sum(forms.values()),
            }
        )
