"""SQLite to people: the Datasette plugin, its pages, plots and formats.

The entry point names this package, so Datasette finds the hooks here and templates/ and static/ beside them.
"""

from publish.hooks import (
    canned_queries,
    extra_css_urls,
    extra_template_vars,
    menu_links,
    prepare_jinja2_environment,
    register_output_renderer,
    register_routes,
    render_cell,
    startup,
)

__all__ = [
    "canned_queries",
    "extra_css_urls",
    "extra_template_vars",
    "menu_links",
    "prepare_jinja2_environment",
    "register_output_renderer",
    "register_routes",
    "render_cell",
    "startup",
]
