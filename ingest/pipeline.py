"""The steps in order for one article. Nothing but calls: what is decided, is decided in the steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from ingest.extract.condition import read_condition
from ingest.extract.design import read_design
from ingest.extract.duration import read_duration
from ingest.extract.exposure import read_comparator, read_exposure
from ingest.extract.findings import read_findings
from ingest.extract.quality import read_weaknesses
from ingest.extract.size import read_size
from ingest.extract.species import read_species
from ingest.find.claims import find_claims
from ingest.find.kind import text_kind
from ingest.find.markers import find_markers
from ingest.find.mentions import find_mentions
from ingest.find.references import parse_references, read_references
from ingest.link.mentions import link_mentions
from ingest.records import Article, Citation, Claim, Document, Finding, Link, Marker, Mention, Span, Study, Value
from ingest.text.abbreviations import find_abbreviations
from ingest.text.prose import Prose
from ingest.text.spun import spunness


def read_document(article: Article, kind: str | None = None) -> Document:
    """Read one article: reference list, markers, mentions, claims, and every study's values and links into its own list.

    :param kind: ``article`` or ``abstract`` where that is known; else it is told from the text.
    """
    article = replace(article, kind=kind or text_kind(article))
    lists: tuple[Span, ...] = ()
    citations: tuple[Citation, ...] = ()
    markers: tuple[Marker, ...] = article.markers
    if article.kind == "article":
        lists, citations = read_references(article)
        markers = find_markers(article, lists, citations)
    article = replace(article, spun=spunness(article.text))
    prose = Prose(article, lists, markers, citations)
    mentions: tuple[Mention, ...] = find_mentions(prose)
    links: tuple[Link, ...] = link_mentions(prose, mentions, citations) if citations else ()
    linked: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        linked[link.source_index].append(link)
    studies = tuple(_study(prose, m, linked[i], citations) for i, m in enumerate(mentions))
    claims: tuple[Claim, ...] = () if article.kind == "abstract" else find_claims(prose, mentions)
    return Document(article, studies, claims, citations, links, tuple((a.short, a.long) for a in find_abbreviations(article.text)), article.problems)


def read_citations(article: Article) -> Document:
    """Read a document that is itself a reference list, or one reference."""
    return Document(article, citations=tuple(parse_references(article.text)), problems=article.problems)


def _study(prose: Prose, mention: Mention, mine: list[Link], citations: tuple[Citation, ...]) -> Study:
    chosen = [x for x in mine if x.chosen]
    cites = tuple(int(x.target) for x in chosen if x.target_kind == "citation" and x.target)
    cited = [c for c in citations if c.number in cites]
    design: Value[str] | None = read_design(prose, mention, cited)
    design_name = design.value if design else "unspecified"
    species: Value[str] | None = read_species(prose, mention, design_name, cited)
    size = read_size(prose, mention, design=design_name)
    duration = read_duration(prose, mention, design=design_name)
    exposure, comparator, condition = read_exposure(prose, mention), read_comparator(prose, mention), read_condition(prose, mention)
    findings: tuple[Finding, ...] = () if mention.plural and not mention.parts else read_findings(prose, mention, design_name)
    read: list[tuple[str, Value[Any] | None]] = [
        ("design", design),
        ("species", species),
        ("sample_size", size.sample_size if size else None),
        ("studies_pooled", size.studies_pooled if size else None),
        ("duration_days", duration.days if duration else None),
        ("exposure", exposure),
        ("comparator", comparator),
        ("condition", condition),
    ]
    if duration:
        read.append(("duration_text", Value(duration.text, duration.days.start, duration.days.end, duration.days.rule)))
    return Study(
        start=mention.start,
        end=mention.end,
        quote=prose.text[mention.start : mention.end],
        design=design_name,
        species=species.value if species else "unknown",
        label=mention.label,
        sample_size=size.sample_size.value if size and size.sample_size else None,
        studies_pooled=size.studies_pooled.value if size and size.studies_pooled else None,
        arms=tuple(a.value for a in size.arms) if size else (),
        duration_days=duration.days.value if duration else None,
        duration_text=duration.text if duration else None,
        duration_phase=duration.phase if duration else None,
        exposure=exposure.value if exposure else None,
        comparator=comparator.value if comparator else None,
        condition=condition.value if condition else None,
        plural=mention.plural,
        primary=mention.primary,
        parts=mention.parts,
        findings=tuple(findings),
        cites=cites,
        link=chosen[0] if chosen else (mine[0] if mine else None),
        weaknesses=tuple(read_weaknesses(prose, mention)),
        provenance=tuple((k, v) for k, v in read if v is not None),
    )
