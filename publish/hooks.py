"""Every Datasette hook that citegrade answers, in one place; each hands on to the module that does the work.

Only the arguments that both Datasettes know are named: one unknown argument and the older one does not start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from datasette import hookimpl
from jinja2 import Environment

from publish import cells, compat, pages, references


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Give Datasette 1.0 the canned queries."""

    async def inner() -> None:
        await compat.register_queries(datasette)

    return inner


@hookimpl
def canned_queries(datasette: Any, database: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Give Datasette 0.65 the canned queries, also without ``--metadata``."""

    async def inner() -> dict[str, Any]:
        return compat.queries() if database == await compat.database_name(datasette) else {}

    return inner


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Our own pages, plots and exports."""
    return pages.ROUTES


@hookimpl
def register_output_renderer(datasette: Any) -> list[dict[str, Any]]:
    """.bib, .ris and .csljson of tables, views and queries."""
    return references.RENDERERS


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Labels, badges and links in Datasette's own tables."""
    return cells.cell(row, value, column, table, datasette)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Filters of our templates, and repairs of Datasette's."""
    compat.repair_templates(env)
    env.filters.update(cells.FILTERS)


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Our design on Datasette's own pages."""
    return [asset(datasette, "citegrade.css")]


@hookimpl
def extra_template_vars(datasette: Any, request: Any, view_name: str | None, template: str | None) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the front page and our frame around every page need."""

    async def inner() -> dict[str, Any]:
        common: dict[str, Any] = {
            "cg_css": asset(datasette, "citegrade.css"),
            "cg_js": asset(datasette, "citegrade.js"),
            "cg_database": await compat.database_name(datasette),
        }
        if view_name == "index" and template == "index.html" and common["cg_database"]:
            common |= await pages.front(datasette, request)
        return common

    return inner


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The site's pages in Datasette's menu."""
    return [{"href": datasette.urls.path(href), "label": label} for href, label in pages.MENU]


def asset(datasette: Any, name: str) -> str:
    """Address of a static file, with a digest so that a new version is fetched at once."""
    return f"{datasette.urls.static_plugins('citegrade', name)}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:8]
