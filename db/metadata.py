"""The part of metadata.yml that says what tables and columns are: generated from db/schema.py and db/views.py.

``python -m db.metadata`` prints it; ``cog -r metadata.yml`` writes it into the file, and a test runs ``cog --check``.
"""

from __future__ import annotations

from typing import Any

import yaml

from db.schema import TABLES, Table
from db.views import VIEWS, View

HIDDEN = frozenset({"work_authors"})
FACETS_SHOWN = 4
SIZES = {"articles": 20}
_FACETS = {
    "studies": ("design", "species", "effect", "ocebm_level"),
    "bodies": ("exposure", "condition", "certainty", "direction"),
    "study_table": ("design", "species", "effect", "ocebm_level"),
    "evidence": ("exposure", "condition", "lane", "certainty"),
}
# Where a view's rows start: the strongest, the largest or the newest first.
_VIEW_SORTS = {"evidence": ("sort_desc", "studies"), "study_table": ("sort_desc", "sample_size"), "article_support": ("sort_desc", "studies")}


def tables_yaml() -> str:
    """Every table and view with title, description, columns, facets, sort and search, as YAML to indent."""
    data = {t.name: _table(t) for t in TABLES} | {v.name: _view(v) for v in VIEWS}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=False)


def _table(table: Table) -> dict[str, Any]:
    out: dict[str, Any] = {"title": table.title, "description": table.description}
    if table.name in HIDDEN:
        out["hidden"] = True
    if table.label:
        out["label_column"] = table.label
    if table.sort:
        out["sort"] = table.sort
    if table.sort_desc:
        out["sort_desc"] = table.sort_desc
    if table.name in SIZES:
        out["size"] = SIZES[table.name]
    if table.search:
        out["fts_table"] = f"{table.name}_fts"
    facets = _FACETS.get(table.name) or tuple(c.name for c in table.columns if c.facet)[:FACETS_SHOWN]
    if facets:
        out["facets"] = list(facets)
    out["columns"] = {c.name: c.description + (f" Unit: {c.unit}." if c.unit else "") for c in table.columns}
    return out


def _view(view: View) -> dict[str, Any]:
    out: dict[str, Any] = {"title": view.title, "description": view.description}
    if view.name in _VIEW_SORTS:
        key, column = _VIEW_SORTS[view.name]
        out[key] = column
    facets = _FACETS.get(view.name) or view.facets[:FACETS_SHOWN]
    if facets:
        out["facets"] = list(facets)
    return out | {"columns": dict(view.columns)}


if __name__ == "__main__":
    print(tables_yaml(), end="")
