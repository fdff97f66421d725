"""Datasette's own tables made pleasant: badges for vocabulary values, links between rows, quotes that read as quotes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from db.schema import BY_NAME
from publish import labels

BADGES = frozenset(
    "design species effect direction vote certainty certainty_randomised certainty_observational ocebm_level best_ocebm_level "
    "sort_level sort_grade lane retraction abstract_design abstract_effect best_design".split()
)
QUOTES = frozenset({"quote", "abstract_quote"})
_COUNTS = frozenset({"sample_size", "participants", "studies_pooled", "characters"})
_FLAGS = frozenset({"plural", "own", "provisional", "counted", "chosen", "applied", "inline", "literal", "known"})
# Columns of views that name a row by number, and the page that shows it.
_NUMBERS = {"study_id": "study", "article_id": "article", "work_id": "work", "body_id": "body"}
_KEYS = {"articles": "article", "studies": "study", "works": "work", "bodies": "body"}


def cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """How a cell looks, or None to leave it to Datasette."""
    if value is None or value == "":
        return None
    if column in BADGES:
        return labels.badge(column, value)
    if column in QUOTES:
        return Markup(f'<q class="cg-quote">{_quote(row, str(value))}</q>')
    if column == "key" and table in _KEYS:
        return Markup(f'<a href="{escape(datasette.urls.path(labels.path(_KEYS[table], value)))}">{escape(value)}</a>')
    if column == "doi":
        return Markup(f'<a href="https://doi.org/{escape(value)}" rel="nofollow">{escape(value)}</a>')
    if column == "pmid":
        return Markup(f'<a href="https://pubmed.ncbi.nlm.nih.gov/{escape(value)}/" rel="nofollow">{escape(value)}</a>')
    simple = _SIMPLE.get(column)
    if simple:
        return Markup(f'<span class="cg-{simple[0]}">{escape(simple[1](value))}</span>')
    if column in _NUMBERS and table not in _KEYS:
        return Markup(f'<a href="{escape(datasette.urls.path(f"-/{_NUMBERS[column]}/id/{value}"))}">{escape(value)}</a>') if _is_view(table) else None
    return None


def _is_view(table: str | None) -> bool:
    return table not in BY_NAME


def _quote(row: Any, quote: str) -> Markup:
    """A quote with the value marked that was read from it, where the row holds both."""
    keys = row.keys() if hasattr(row, "keys") else ()
    for name in ("duration_text", "exposure", "condition", "outcome", "sample_size"):
        words = str(row[name]) if name in keys and row[name] is not None else ""
        at = quote.find(words) if words else -1
        if at >= 0:
            return Markup(f"{escape(quote[:at])}<mark>{escape(words)}</mark>{escape(quote[at + len(words) :])}")
    return escape(quote)


def _flag(value: Any) -> str:
    return "yes" if value else "no"


_SIMPLE: dict[str, tuple[str, Callable[[Any], Any]]] = dict.fromkeys(_COUNTS, ("number", labels.number))
_SIMPLE |= dict.fromkeys(_FLAGS, ("flag", _flag))
_SIMPLE |= {"duration_days": ("number", labels.days), "sign_test_p": ("number", labels.p_value)}
_SIMPLE |= dict.fromkeys(("favourable_share", "wilson_low", "wilson_high"), ("number", labels.share))


def snippet(text: str | None) -> Markup:
    """A search result's words: what matched is marked, everything else is plain text."""
    return Markup(str(escape(text or "")).replace("\x02", "<mark>").replace("\x03", "</mark>"))


FILTERS: dict[str, Callable[..., Any]] = {
    "cg_badge": lambda value, column: labels.badge(column, value),
    "cg_words": lambda value, column: labels.words(column, value),
    "cg_number": labels.number,
    "cg_days": labels.days,
    "cg_p": labels.p_value,
    "cg_web": labels.web,
    "cg_share": labels.share,
    "cg_path": lambda key, kind: labels.path(kind, key),
    "cg_snippet": snippet,
}
