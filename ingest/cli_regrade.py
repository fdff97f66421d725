"""``citegrade regrade``: the same studies under another grading profile, without reading an article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from db.load import load_grades, load_rows, load_studies, load_works, store_grades
from ingest.cli_build import DEFAULT_DB
from ingest.corpus import body_inputs
from ingest.grade.bodies import diff_grades, grade_bodies
from ingest.grade.profile import load_profile
from ingest.grade.scales import grade_study

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--db", type=_FILE, default=DEFAULT_DB, show_default=True, help="The database to grade anew.")
@click.option("--profile", type=_FILE, help="Grading profile; the default one when not given.")
@click.option("--diff", is_flag=True, help="Only show which grades would move and why; write nothing.")
def regrade(db: Path, profile: Path | None, diff: bool) -> None:
    r"""Grade the studies of a database again under another profile, without reading an article.

    \b
    citegrade regrade --profile ingest/grade/mechanical.yml --diff
    citegrade regrade --profile mine.yml
    """
    grading = load_profile(profile)
    rows = load_rows(db)
    works = load_works(rows)
    studies, texts = load_studies(rows)
    studies = tuple(replace(s, grades=grade_study(s.study, works.get(s.work_key or ""), grading, texts[s.article_id])) for s in studies)
    bodies = grade_bodies(body_inputs(studies), grading, works=works, texts=texts)
    new = [(s.key, g) for s in studies for g in s.grades] + [(b.key, g) for b in bodies for g in b.grades]
    changes = diff_grades(load_grades(rows), new)
    for c in changes:
        question = f" ({c.question})" if c.question else ""
        click.echo(f"{c.subject}: {c.scale}{question} {c.old or 'none'} -> {c.new or 'none'}. {c.why}")
    click.echo(f"{len(changes)} of {len(new)} grades move under the profile {grading.name} ({grading.hash[:12]}).", err=diff)
    if not diff:
        store_grades(db, rows, studies, bodies, texts, (grading.name, grading.hash))
