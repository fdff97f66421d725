"""The site in a real Chromium, against a live ``citegrade serve``: clicks, marks, console, requests, accessibility.

Skipped without Playwright or /usr/bin/chromium (set CITEGRADE_CHROMIUM to another path); the accessibility rules come
from the npm package axe-core and are skipped without npm. CITEGRADE_TEST_DB serves another database instead.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publish.labels import path
from tests import fixture_db

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CITEGRADE_CHROMIUM", "/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium")
OWN_DB = os.environ.get("CITEGRADE_TEST_DB")
BODY = path("body", "selenium | multiple sclerosis | disease course | human")
FIXTURE_PAGES = {
    "body": BODY,
    "article": "-/article/selenium-ms",
    "study": "-/study/selenium-ms-0002",
    "work": "-/work/10.5555/coffee.2011",
    "row": "evidence/studies/2",
}
PAGES = {
    "front": "",
    "map": "-/map",
    "map of animals": "-/map?by=outcome&lane=animal",
    "search": "-/search?q=selenium",
    "accuracy": "-/accuracy",
    "database": "evidence",
    "table": "evidence/studies",
    "view": "evidence/study_table",
    "query": "evidence/null_results",
    "missing": "-/article/none",
}
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = Path(OWN_DB) if OWN_DB else fixture_db.write(tmp_path_factory.mktemp("browser") / "evidence.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "serve", "--db", str(database), "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(150):
            time.sleep(0.2)
            try:
                urllib.request.urlopen(url + "robots.txt", timeout=2).read()
                break
            except OSError:
                continue
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(server: str) -> dict[str, str]:
    """Addresses of every page kind; those of a database of one's own are found by following its front page."""
    if not OWN_DB:
        return PAGES | FIXTURE_PAGES
    import json
    import sqlite3

    with sqlite3.connect(OWN_DB) as db:
        keys = {
            kind: db.execute(f"SELECT key FROM {table} ORDER BY id LIMIT 1").fetchone()
            for kind, table in (("article", "articles"), ("study", "studies"), ("work", "works"), ("body", "bodies"))
        }
    assert json.dumps(keys)
    return PAGES | {kind: path(kind, row[0]) for kind, row in keys.items() if row}


class Visit:
    """A page with everything that it complained about or asked elsewhere for."""

    def __init__(self, browser: Any, server: str, width: int = 1280, height: int = 800, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.context.new_page()
        self.server = server
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: self.elsewhere.append(r.url) if not r.url.startswith((server, "data:")) else None)

    def go(self, path: str) -> Any:
        self.page.goto(self.server + path.lstrip("/"))
        return self.page


NAMES = [*PAGES, *FIXTURE_PAGES]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_quiet_and_fit(browser: Any, server: str, pages: dict[str, str], name: str, size: str) -> None:
    if name not in pages:
        pytest.skip("not in this database")
    visit = Visit(browser, server, *SIZES[size])
    page = visit.go(pages[name])
    expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"] if name == "missing" else []
    assert visit.complaints == expected
    assert visit.elsewhere == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.locator("h1").count() == 1
    visit.context.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if not shutil.which("npm"):
        pytest.skip("no npm")
    folder = Path(os.environ.get("CITEGRADE_AXE") or tmp_path_factory.mktemp("axe"))
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        done = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core"], capture_output=True, check=False, timeout=120
        )
        if done.returncode or not script.exists():
            pytest.skip("axe-core cannot be installed")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_no_serious_accessibility_violation(browser: Any, server: str, pages: dict[str, str], axe: str, name: str, scheme: str) -> None:
    if name not in pages:
        pytest.skip("not in this database")
    visit = Visit(browser, server, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page = visit.go(pages[name])
    page.add_script_tag(content=axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    serious = [(v["id"], [n["html"][:160] for n in v["nodes"][:4]]) for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert serious == []
    visit.context.close()


def test_three_clicks_from_the_front_page_to_a_quotable_export(browser: Any, server: str) -> None:
    visit = Visit(browser, server, accept_downloads=True)
    page = visit.go("")
    page.locator(".cg-map a").first.click()
    page.wait_for_url("**/-/body/**")
    page.locator(".cg-card blockquote").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert "@" in Path(download.value.path()).read_text()
    visit.context.close()


@pytest.mark.skipif(bool(OWN_DB), reason="stands on the fixture")
def test_marks_show_the_stored_quotes(browser: Any, server: str) -> None:
    visit = Visit(browser, server)
    page = visit.go("-/article/selenium-ms")
    for name, quote in (
        ("m-2", "A small (18 people), short (5 weeks) study gave selenium tablets to people with MS."),
        ("v-7", None),
        ("claim-1", "Selenium is known to strengthen the immune system."),
    ):
        shown = "".join(page.locator(f'[data-span="{name}"]').all_text_contents())
        assert shown if quote is None else shown == quote
    page.locator('a.cg-jump[href="#card-2"]').click()
    assert page.url.endswith("#card-2")
    assert page.locator("#card-2").is_visible()
    visit.context.close()


@pytest.mark.skipif(bool(OWN_DB), reason="stands on the fixture")
def test_filtering_the_map_is_optional(browser: Any, server: str) -> None:
    visit = Visit(browser, server)
    page = visit.go("-/map")
    page.locator("#cg-filter").fill("vita")
    assert page.locator(".p-row.p-faded").count() == page.locator(".p-row").count() - 1
    page.keyboard.press("Enter")
    page.wait_for_url("**exposure=vita**")
    assert page.locator(".p-row").count() == 1
    visit.context.close()
    plain = Visit(browser, server, java_script_enabled=False)
    page = plain.go("-/map")
    page.locator("#cg-filter").fill("vita")
    page.get_by_role("button", name="Show").click()
    assert re.search(r"exposure=vita", page.url)
    plain.context.close()


def test_pages_can_be_walked_with_the_keyboard(browser: Any, server: str) -> None:
    visit = Visit(browser, server)
    page = visit.go("-/map")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cg-skip"
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('svg') !== null"):
            break
    assert page.evaluate("document.activeElement.closest('svg') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/body/**")
    visit.context.close()


def test_dark_and_light_differ(browser: Any, server: str) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        visit = Visit(browser, server, color_scheme=scheme)
        grounds.add(visit.go("evidence/study_table").evaluate("getComputedStyle(document.body).backgroundColor"))
        visit.context.close()
    assert len(grounds) == 2
