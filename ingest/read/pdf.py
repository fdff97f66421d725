"""PDF to plain text with pypdf: pages joined, hyphens at line ends mended, running heads dropped."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.errors import ReadError


def read_pdf(data: bytes) -> tuple[str, str]:
    """The text and the title of a PDF.

    :raises ReadError: encrypted, broken, or without a text layer.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("the PDF is encrypted: save a copy without a password")
        pages = [page.extract_text() or "" for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "").strip()
    except ReadError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError, AssertionError) as e:
        raise ReadError(f"the PDF cannot be read ({type(e).__name__}): open it and save it anew, or convert it to text") from e
    text = _join(pages)
    if not text.strip():
        raise ReadError("the PDF has no text layer: run it through OCR first")
    return text, title


def _join(pages: list[str]) -> str:
    rows = [[x.rstrip() for x in p.split("\n")] for p in pages]
    edge = Counter(re.sub(r"\d+", "#", r) for page in rows for r in (page[:1] + page[-1:]) if r.strip())
    lines = [r for page in rows for r in page if not (edge[re.sub(r"\d+", "#", r)] >= 3 and len(pages) >= 3)]
    text = "\n".join(lines)
    text = re.sub(r"(\w)[-\u00ad]\n(?=[a-z])", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text)
