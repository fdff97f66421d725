r"""References -> BibTeX that any reader takes: text escaped, braces always balanced, DOI and URL as they are.

bibtexparser escapes nothing when it writes: a title that holds ``} , evil = {`` would become a field of its own. So a
brace of the text never reaches the file as a brace; it is written ``\textbraceleft{}``, which every LaTeX sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat

from ingest.records import Author
from publish.formats.reference import Extra, Record, Reference, references

_TYPES = {
    "article": "article", "book": "book", "chapter": "incollection", "web": "online", "report": "techreport", "thesis": "phdthesis",
    "preprint": "unpublished", "conference": "inproceedings", "dataset": "dataset", "other": "misc",
}  # fmt: skip
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&", "%": r"\%",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip
_SHOUTED = re.compile(r"[^\W\d_]*[^\W\d_][^\W\d_]*[A-Z][^\W_]*")  # capitals after the first letter: DNA, PubMed
_PLAIN_FAMILY = re.compile(r"(?:(?:van|von|der|den|de|la|ten|ter|van't) ){0,3}[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*")
_LIGATURE = re.compile(r"(?P<a>-(?=-)|`(?=`)|'(?=')|[?!](?=`))")
_FORMAT = BibtexFormat()  # type: ignore[no-untyped-call]
_FORMAT.indent = "  "
_FORMAT.block_separator = "\n"


def write_bibtex(records: Iterable[Record], extras: Iterable[Extra | None] | None = None) -> str:
    """Write works, citations or rows (``authors``, ``title``, … as keys) as a BibTeX file, in the order given.

    ``extras`` runs parallel to ``records``: ``{"keywords": [...], "note": [...]}`` join the fields of those names.
    """
    library = Library()
    for reference in references(records, extras):
        library.add(Entry(_TYPES.get(reference.type, "misc"), reference.key, _fields(reference)))
    return str(write_string(library, unparse_stack=[], bibtex_format=_FORMAT))


def _fields(reference: Reference) -> list[Field]:
    f = reference.fields
    kind = reference.type
    values = {
        "author": " and ".join(map(_person, reference.authors)),
        "title": _title(reference.title),
        ("booktitle" if kind in ("chapter", "conference", "book") else "journal"): escape(f.get("container", "")),
        "year": escape(f.get("year", "")),
        "volume": escape(f.get("volume", "")),
        "number": escape(f.get("issue", "")),
        "pages": re.sub(r"-+", "--", escape(f.get("pages", "")).replace("-{}-", "-")),
        {"thesis": "school", "report": "institution"}.get(kind, "publisher"): escape(f.get("publisher", "")),
        "doi": _verbatim(f.get("doi", "")),
        "pmid": _verbatim(f.get("pmid", "")),
        "url": _verbatim(f.get("url", "")),
        "keywords": escape(", ".join(k.replace(",", ";") if "," in k else k for k in reference.keywords)),
        "note": escape("; ".join(reference.notes)),
        "abstract": escape(f.get("abstract", "")),
    }
    return [Field(name, f"{{{value}}}") for name, value in values.items() if value]


def escape(text: str) -> str:
    """Text whose every character LaTeX prints as it is; it holds no brace that is not closed at once.

    >>> print(escape("50% of {x} -- a_b"))
    50\\% of \\textbraceleft{}x\\textbraceright{} -{}- a\\_b
    """
    return _LIGATURE.sub(r"\g<a>{}", text.translate(_ESCAPES))


def _title(title: str) -> str:
    """Words with capitals inside are braced, or styles would set "dna" and "ms"."""
    return " ".join(f"{{{escape(word)}}}" if _SHOUTED.search(word) else escape(word) for word in title.split(" "))


def _person(author: Author) -> str:
    family, given = escape(author.family), escape(author.given).replace(",", "{,}")
    if author.literal:
        return f"{{{family}}}"
    if not _PLAIN_FAMILY.fullmatch(author.family):
        family = f"{{{family}}}"
    given = re.sub(r"\band\b", "{and}", given, flags=re.IGNORECASE)
    return f"{family}, {given}" if given else family


def _verbatim(value: str) -> str:
    """Identifiers and addresses stay raw; only what would end the field is percent-encoded."""
    return value.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")
