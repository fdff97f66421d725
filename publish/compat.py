"""The only file that asks which Datasette runs: 0.65.5 and 1.0a41 serve the same pages through it.

What differs (measured): canned queries of a metadata file are dropped by 1.0 unless it is also given as configuration;
0.65.5's base page names no language; both leave form fields of their table page without a name for screen readers.
"""

from __future__ import annotations

import copy
import weakref
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from datasette.version import __version__ as datasette_version
from jinja2 import Environment
from jinja2.ext import Extension

from db.check import NEEDED
from ingest.errors import StoreError

IS_ONE = not datasette_version.startswith("0.")
"""Whether this is a Datasette 1.0: queries, facets and the like are configuration there, not metadata."""

_NAMES: weakref.WeakKeyDictionary[Any, str | None] = weakref.WeakKeyDictionary()


def metadata_path() -> Path:
    """The metadata.yml that belongs to this version: beside the packages in a checkout, inside them in a wheel.

    :raises StoreError: neither exists.
    """
    here = Path(__file__).parent
    for path in (here.parent / "metadata.yml", here / "metadata.yml"):
        if path.is_file():
            return path
    raise StoreError("metadata.yml is missing; install citegrade again")


def metadata(database: str = "evidence") -> dict[str, Any]:
    """The published metadata, for a database of that name."""
    data: dict[str, Any] = copy.deepcopy(_metadata_file())
    if database != "evidence":
        data["databases"][database] = data["databases"].pop("evidence")
    return data


@cache
def _metadata_file() -> dict[str, Any]:
    """The file as read once: Datasette asks for its queries many times a page."""
    data: dict[str, Any] = yaml.safe_load(metadata_path().read_text(encoding="utf-8"))
    return data


def queries() -> dict[str, dict[str, Any]]:
    """The canned queries of metadata.yml."""
    return {name: dict(query) for name, query in _metadata_file()["databases"]["evidence"].get("queries", {}).items()}


def server_arguments(metadata_file: Path) -> list[str]:
    """How to hand Datasette its metadata file."""
    arguments = ["--metadata", str(metadata_file)]
    return [*arguments, "--config", str(metadata_file)] if IS_ONE else arguments


def client_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The same for ``Datasette(...)``: the keyword arguments that carry the metadata."""
    return {"metadata": data, "config": {k: v for k, v in data.items() if k in ("databases", "plugins")}} if IS_ONE else {"metadata": data}


async def register_queries(datasette: Any) -> None:
    """Give Datasette 1.0 the canned queries, also where it was started without ``--config``."""
    name = await database_name(datasette)
    if not IS_ONE or name is None:
        return
    for key, query in queries().items():
        await datasette.add_query(
            name,
            key,
            query["sql"],
            title=query.get("title"),
            description_html=query.get("description_html"),
            description=query.get("description"),
            hide_sql=bool(query.get("hide_sql")),
            is_trusted=True,
        )


async def database_name(datasette: Any) -> str | None:
    """Name of the first attached database that citegrade built, or None."""
    if _NAMES.get(datasette):
        return _NAMES[datasette]
    found = None
    for name, db in datasette.databases.items():
        if name in ("_internal", "_memory"):
            continue
        if set(await db.table_names()) >= NEEDED:
            found = name
            break
    _NAMES[datasette] = found
    return found


class _Repair(Extension):
    """Completes Datasette's own templates as they are compiled: language, names of form fields, reachable tables."""

    _NAME_CONTENT = "editor.contentDOM.setAttribute('aria-label', 'SQL');"
    _EDITS = (
        ("<html>", '<html lang="en">'),
        ('<select name="_filter_column', '<select aria-label="Column to filter by" name="_filter_column'),
        ('<select name="_filter_op', '<select aria-label="How to compare" name="_filter_op'),
        ('<input type="text" name="_filter_value', '<input type="text" aria-label="Value to compare with" name="_filter_value'),
        ('<select name="_sort"', '<select aria-label="Sort by" name="_sort"'),
        ('<textarea id="sql-editor"', '<textarea aria-label="SQL" id="sql-editor"'),
        ('<div class="table-wrapper">', '<div class="table-wrapper" tabindex="0" role="region" aria-label="Rows">'),
        ('<pre class="wrapped-sql">', '<pre class="wrapped-sql" tabindex="0">'),
        ('<pre id="sql-query">', '<pre id="sql-query" tabindex="0">'),
        ("cmResize(editor, {", "editor.getInputField().setAttribute('aria-label', 'SQL'); cmResize(editor, {"),
        ("editorFromTextArea(sqlInput, {\n        schema,\n      }));", "editorFromTextArea(sqlInput, {schema}));\n      " + _NAME_CONTENT),
        ("document.getElementsByTagName('details')", "document.querySelectorAll('details.nav-menu, details.actions-menu-links, details.details-menu')"),
    )

    _TABLE_EDITS = (
        ('<dl class="column-descriptions">', '<details class="cg-columns"><summary>What the columns mean</summary><dl class="column-descriptions">'),
        ("</dl>", "</dl></details>"),
    )

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not (name or "").startswith("citegrade/"):
            edits = self._EDITS + (self._TABLE_EDITS if (name or "").endswith("table.html") and "column-descriptions" in source else ())
            for old, new in edits:
                source = source.replace(old, new)
        return source


def repair_templates(env: Environment) -> None:
    """Let Datasette's own templates pass an accessibility check."""
    env.add_extension(_Repair)


def plain_errors() -> None:
    """Keep Datasette from printing a page of coloured trace for every address that does not exist (where rich is installed)."""
    from datasette import handle_exception

    if hasattr(handle_exception, "rich"):
        handle_exception.rich = None


def plugin_setting(datasette: Any, key: str, default: Any) -> Any:
    """A setting of the plugin ``citegrade`` in the metadata (0.65) or configuration (1.0)."""
    return (datasette.plugin_config("citegrade") or {}).get(key, default)


def version() -> str:
    """Version of the Datasette that runs."""
    return str(datasette_version)
