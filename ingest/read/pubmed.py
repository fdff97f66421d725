"""PubMed XML -> works: single records, sets, books, and the yearly baseline's ``.xml.gz`` files, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from ingest.read.tagged import kind_of, retraction_of
from ingest.read.works import authors_of, new_work
from ingest.records import Author, Problem, Work

_RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_NOTES = {"RetractionIn": "RIN", "ExpressionOfConcernIn": "ECI", "ErratumIn": "EIN", "CorrectedandRepublishedIn": "CRI"}


def stream_pubmed(stream: IO[bytes], origin: str) -> Iterator[Work | Problem]:
    """Works one at a time, in the file's order, in constant memory; a broken end is a Problem, what stood before it is kept."""
    parser = etree.iterparse(stream, events=("end",), tag=_RECORDS, recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    count = 0
    try:
        for _, element in parser:
            parent = element.getparent()
            if element.tag == "MedlineCitation" and parent is not None and parent.tag == "PubmedArticle":
                continue
            count += 1
            yield _work(element, origin, count)
            element.clear()
            while element.getprevious() is not None and parent is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        yield Problem(origin, f"the XML breaks off after {count} records: {error}", "unreadable", error.lineno)
        return
    for fault in list(parser.error_log)[:5]:
        yield Problem(origin, f"malformed XML: {fault.message}", "entry", fault.line)


def _words(element: etree._Element | None) -> str:
    return " ".join("".join(str(t) for t in element.itertext()).split()) if element is not None else ""


def _text(root: etree._Element, *paths: str) -> str | None:
    for path in paths:
        words = _words(root.find(path))
        if words:
            return words
    return None


def _work(root: etree._Element, origin: str, count: int) -> Work:
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    if citation is None:
        document = root.find("BookDocument")
        return _book(root if document is None else document, origin, count)
    kinds = [_words(e) for e in citation.iterfind("Article/PublicationTypeList/PublicationType")]
    notes = {_NOTES.get(e.get("RefType") or "", "") for e in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")}
    pmid = _text(citation, "PMID")
    return new_work(
        origin,
        pmid or f"record {count}",
        title=_title(_text(citation, "Article/ArticleTitle", "Article/VernacularTitle") or ""),
        authors=authors_of(_people(citation.find("Article/AuthorList"))),
        container=_text(citation, "Article/Journal/Title", "Article/Journal/ISOAbbreviation", "MedlineJournalInfo/MedlineTA"),
        year=_text(
            citation,
            "Article/Journal/JournalIssue/PubDate/Year",
            "Article/Journal/JournalIssue/PubDate/MedlineDate",
            "Article/ArticleDate/Year",
        ),
        volume=_text(citation, "Article/Journal/JournalIssue/Volume"),
        issue=_text(citation, "Article/Journal/JournalIssue/Issue"),
        pages=_pages(citation),
        doi=_doi(root, citation),
        pmid=pmid,
        type=kind_of(kinds, False, True),
        abstract=_abstract(citation.find("Article/Abstract")),
        keywords=[
            *(_words(e) for e in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")),
            *(_words(e) for e in citation.iterfind("KeywordList/Keyword")),
        ],
        publication_types=kinds,
        retraction=retraction_of(kinds, notes),
    )


def _title(title: str) -> str:
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    return title[1:-1] if title.startswith("[") and title.endswith("]") and "[" not in title[1:] else title


def _pages(citation: etree._Element) -> str | None:
    printed = _text(citation, "Article/Pagination/MedlinePgn")
    if printed:
        return printed
    start, end = _text(citation, "Article/Pagination/StartPage"), _text(citation, "Article/Pagination/EndPage")
    return f"{start}-{end}" if start and end else start


def _doi(root: etree._Element, citation: etree._Element) -> str | None:
    for e in citation.iterfind("Article/ELocationID"):
        if e.get("EIdType") == "doi" and e.get("ValidYN") != "N":
            return _words(e)
    for e in root.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if e.get("IdType") == "doi":
            return _words(e)
    return None


def _people(listing: etree._Element | None) -> list[Author]:
    out = []
    for e in listing if listing is not None else ():
        body = _text(e, "CollectiveName")
        family = _text(e, "LastName")
        given = " ".join(filter(None, (_text(e, "ForeName", "FirstName", "Initials"), _text(e, "Suffix"))))
        if body or family:
            out.append(Author(body, literal=True) if body else Author(family or "", given))
    return out


def _abstract(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    parts = []
    for e in element.iterfind("AbstractText"):
        label = (e.get("Label") or "").strip()
        words = _words(e)
        if words:
            parts.append(f"{label.upper()}: {words}" if label and label.upper() != "UNLABELLED" else words)
    return "\n".join(parts) or None


def _book(document: etree._Element, origin: str, count: int) -> Work:
    pmid = _text(document, "PMID")
    chapter = _text(document, "ArticleTitle")
    book = _text(document, "Book/BookTitle")
    listings = document.findall("AuthorList") or document.findall("Book/AuthorList")
    people = [p for listing in listings if listing.get("Type") != "editors" for p in _people(listing)]
    people = people or [p for listing in document.findall("Book/AuthorList") for p in _people(listing)]
    doi = next((_words(e) for e in document.iter("ELocationID") if e.get("EIdType") == "doi"), None)
    kinds = [_words(e) for e in document.iterfind("PublicationType")]
    return new_work(
        origin,
        pmid or f"record {count}",
        title=_title(chapter or book or ""),
        authors=authors_of(people),
        container=book if chapter else _text(document, "Book/CollectionTitle"),
        year=_text(document, "Book/PubDate/Year", "Book/PubDate/MedlineDate", "ContributionDate/Year", "DateRevised/Year"),
        volume=_text(document, "Book/Volume"),
        pages=_text(document, "Pagination/MedlinePgn"),
        doi=doi or next((_words(e) for e in document.iterfind("ArticleIdList/ArticleId") if e.get("IdType") == "doi"), None),
        pmid=pmid,
        type="chapter" if chapter and book else "book",
        abstract=_abstract(document.find("Abstract")),
        keywords=[_words(e) for e in document.iterfind("KeywordList/Keyword")],
        publisher=_text(document, "Book/Publisher/PublisherName"),
        publication_types=kinds,
    )


def looks_pubmed(head: str) -> bool:
    """Whether the first characters of an XML text are those of PubMed records."""
    return bool(re.search(r"<(?:Pubmed(?:Book)?Article(?:Set)?|MedlineCitation(?:Set)?)\b", head))
