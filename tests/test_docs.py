"""The manual says what the code does now: its generated pages are up to date, its examples name real commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ingest.cli import main
from tests.conftest import ROOT


def test_generated_pages_are_up_to_date(samples_db: Path) -> None:
    result = subprocess.run([sys.executable, ROOT / "docs" / "generate.py", samples_db, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_manual_names_no_command_or_option_that_is_not_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for name, rest in re.findall(r"\bcitegrade ([a-z]+)\b([^\n`|]*)", page.read_text(encoding="utf-8")):
            if name not in main.commands:
                continue
            known = {o for p in main.commands[name].params for o in p.opts} | {"--help"}
            for option in re.findall(r"(?<!\S)--[a-z-]+", rest.split("#")[0]):
                assert option in known, (page.name, name, option)


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
