"""The extraction contract: documents as JSON objects, one a line. What the scorers and other programs read."""

from __future__ import annotations

from typing import Any

from ingest.records import Citation, Document, Finding, Link, Study


def document_json(document: Document) -> dict[str, Any]:
    """One document as the contract's object: ``id title kind studies claims citations``."""
    article = document.article
    return {
        "id": article.id,
        "title": article.title,
        "kind": article.kind,
        "spun": round(article.spun, 3),
        "studies": [study_json(s) for s in document.studies],
        "claims": [{"start": c.start, "end": c.end, "quote": article.text[c.start : c.end]} for c in document.claims],
        "citations": [citation_json(c) for c in document.citations],
    }


def study_json(study: Study) -> dict[str, Any]:
    """One study with its findings, links and the provenance of every value."""
    out: dict[str, Any] = {
        k: getattr(study, k)
        for k in (
            "start end quote label design species sample_size studies_pooled duration_days duration_text duration_phase exposure "
            "comparator condition plural primary"
        ).split()
    }
    out["arms"] = list(study.arms)
    out["findings"] = [finding_json(f) for f in study.findings]
    out["cites"] = list(study.cites)
    out["link"] = link_json(study.link) if study.link else None
    out["parts"] = [[p.start, p.end] for p in study.parts]
    out["weaknesses"] = [{"kind": k, "start": a, "end": b} for k, a, b in study.weaknesses]
    out["provenance"] = {name: {"start": v.start, "end": v.end, "rule": v.rule} for name, v in study.provenance}
    return out


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding; ``ratio`` and ``primary`` appear where they were read."""
    out: dict[str, Any] = {k: getattr(finding, k) for k in "outcome change effect outcome_type start end rule".split()}
    if finding.ratio is not None:
        out["ratio"] = finding.ratio
    if finding.primary:
        out["primary"] = True
    return out


def link_json(link: Link) -> dict[str, Any]:
    """A link: to what, by which method, how sure, and why."""
    return {"target_kind": link.target_kind, "target": link.target, "method": link.method, "score": round(link.score, 4), "reason": link.reason}


def citation_json(citation: Citation) -> dict[str, Any]:
    """One reference of the list, in the field names that CSL and BibTeX users know."""
    out: dict[str, Any] = {
        k: getattr(citation, k) for k in "number start end raw title container year volume issue pages doi pmid url type label inline".split()
    }
    out["authors"] = list(citation.authors)
    spans: dict[str, list[int]] = {}
    for name, start, end in citation.spans:  # the names of several authors have a span each: together they span the author part
        known = spans.setdefault(name, [start, end])
        known[0], known[1] = min(known[0], start), max(known[1], end)
    out["spans"] = spans
    return out
