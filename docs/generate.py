"""Write the pages of the manual that are made from the code and a built database: ``python docs/generate.py DB [--check]``.

Nothing of these pages is written by hand, so that they cannot drift: tables come from the rule tables, thresholds from the profile,
check values from the functions, worked examples from the database.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from db.schema import TABLES
from db.views import VIEWS
from ingest.cli import main as main_command
from ingest.grade.certainty import LEVELS
from ingest.grade.kinds import KINDS, WORDS, Kind
from ingest.grade.profile import DEFAULT, MECHANICAL, load_profile
from ingest.grade.support import CARRIES, WORDINGS
from ingest.grade.synthesis import CAVEAT, SMALLEST_DECISIVE, sign_test, wilson
from ingest.grade.tables import load_table

DOCS = Path(__file__).resolve().parent
QUESTIONS = ("benefit", "harm", "screening", "diagnosis", "prognosis", "prevalence")


def docs_grading(db: Path) -> str:
    """Make ``grading.md`` from the rule tables and the worked examples of a built database."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return "\n\n".join(x.strip() for section in _GRADING for x in section(connection) if x.strip()) + "\n"
    finally:
        connection.close()


Section = Callable[[sqlite3.Connection], Iterable[str]]


def _intro(db: sqlite3.Connection) -> Iterable[str]:
    profile = load_profile()
    yield "# How citegrade grades"
    yield f"""<!-- Made by docs/generate.py from the rule tables, the profile and the bundled samples. Change those, not this page. -->

Two kinds of scale stand side by side and never in one column:

- **OCEBM**, **SORT level** and **NHMRC** grade *one study* for *one type of question*.
- **GRADE certainty** and **SORT strength** grade a *body of evidence*: all findings on one exposure, condition and outcome.

Every level is **provisional: computed from what the text states**. An article seldom states how chance allocation was done, who was
blinded or how many were lost; a person who reads the paper may well come to another level. Every step of every grade is a row of
`grade_reasons`: where it started, what moved it (with the value and the words that triggered it) and where it ended. The profile's
name and digest stand with each grade (here: `{profile.name}`, `{profile.hash}`).

**Unknown is not bad.** What the article does not state caps or lowers a level with a reason of its own, and the reason says
"not stated". A level never gets better because something is missing. There are two places where silence costs nothing: a study of
which no weakness is stated is not lowered for quality on the OCEBM scale (SORT and GRADE do cap or lower it), and an effect that
is not stated as a ratio is not called very small. And a review that does not say which designs it pooled takes level 2 of OCEBM,
above a review that says it pooled cohorts: one level below the best that it can be, where its true level may be lower."""
    yield """## What a machine cannot judge

- Whether allocation was concealed, who was blinded, who dropped out and why, whether outcomes were reported selectively: risk of
  bias needs the paper, a tool (RoB 2, ROBINS-I) and two people.
- Whether people, dose, comparison and outcome fit *your* question: indirectness is judged here only for surrogates and for animals.
- Whether an interval is wide, or crosses a threshold that matters: imprecision is read from the number of participants alone.
- Whether studies that found nothing were never published: said only when all are small and favourable, else "not assessable".
- Whether plausible confounding would have hidden the effect (GRADE's third reason to go up): never used.
- Whether a review's trials are also told of singly: only if a link says so. Participants are therefore not added across reviews.
- Whether an article that tells three studies chose them fairly. A body of evidence here is what the articles lean on, not what exists."""


def _question(db: sqlite3.Connection) -> Iterable[str]:
    yield "## The type of question"
    yield """The same study earns different levels for different questions, so each finding is first given a type. The rules are tried in this
order, and the one that decided is kept as the first step of the grade:

1. the outcome is an adverse effect: **harm**;
2. the words speak of a test's accuracy: **diagnosis**;
3. what was done is screening: **screening**;
4. no exposure is named and the words ask how common something is: **prevalence**; or how a condition goes on: **prognosis**;
5. a cohort, case-control or cross-sectional study of something that people do, eat or meet: **harm** (aetiology uses the harm row);
6. the finding is an association, or a raised risk: **harm**;
7. else **benefit**."""
    rows = db.execute(
        "SELECT f.question, count(*) AS findings, min(f.quote) AS example FROM findings f WHERE f.question IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    if rows:
        yield "In the bundled samples:"
        yield _table(("question", "findings", "for example"), [(r["question"], r["findings"], _short(r["example"])) for r in rows])


def _ocebm(db: sqlite3.Connection) -> Iterable[str]:
    p = load_profile()
    yield "## OCEBM 2011, for one study"
    yield "Source: OCEBM Levels of Evidence Working Group, *The Oxford 2011 Levels of Evidence*, Oxford Centre for Evidence-Based Medicine (CC BY). 1 is best."
    yield _cells("ocebm")
    yield _whys("ocebm")
    low, high = p.get("ocebm.small_effect.ratio_within")
    yield f"""The table's footnote lets a level go down for study quality, imprecision, indirectness, inconsistency or a very small effect, and up
for a large one, without saying by how much. **Our convention: one level for each reason, and no lower than 5.**

| reason | when | step |
|---|---|---|
| quality | the text states a weakness ({_words(p.get("risk_of_bias.weaknesses"))}) | down |
| imprecision | fewer than {p.get("ocebm.imprecision.small_below")} took part, or how many is not stated (case series and case reports excepted) | down |
| indirectness | every outcome is a surrogate, or it is not clear that one is felt by patients | down |
| inconsistency | a review whose findings point different ways, or whose direction is not stated | down |
| very small effect | every stated ratio lies from {low:g} to {high:g} | down |
| large effect | a controlled observational study, every ratio above {p.get("ocebm.large_effect.ratio_above"):g} or below 1/{p.get("ocebm.large_effect.ratio_above"):g}, nothing lowered it | up |
| species | not stated whether people, animals or cells were studied | capped at 5 |

The table's row for rare harms gives the same levels as that for common harms. A retracted publication has no level on any scale; a study whose design is not stated has none either, which is not a low level."""
    yield "### Worked examples"
    yield from _study_examples(db, "ocebm", ("1", "2", "3", "4", "5", None))


def _sort(db: sqlite3.Connection) -> Iterable[str]:
    p = load_profile()
    yield "## SORT, for one study and for a body"
    yield """Source: M. H. Ebell et al. 2004, "Strength of Recommendation Taxonomy (SORT)", *Am Fam Physician* 69:548-556. The table gives the best
level that a design can earn:"""
    yield _cells("sort")
    yield f"""SORT names treatment, prevention and screening, diagnosis and prognosis; harm takes the row of treatment here. The level is then capped. Level 3: every outcome is disease-oriented (a surrogate), or it is not stated that one matters to patients. Level 2: a
weakness is stated; a trial's quality is not stated (stated means: {_words(p.get("sort.quality_on"))}, our convention); a review of which it
is not stated that its studies agree. A body of evidence is **A** with a level 1 study and directions that agree, **B** with
patient-oriented evidence that disagrees or is of limited quality, **C** with level 3 only."""
    yield from _study_examples(db, "sort", ("1", "3"))


def _nhmrc(db: sqlite3.Connection) -> Iterable[str]:
    yield "## NHMRC, for one study"
    yield """Source: T. Merlin, A. Weston and R. Tooher 2009, *BMC Med Res Methodol* 9:34. The level speaks of the design alone; nothing moves it. It is
here to show that a further scale is one file (`ingest/grade/nhmrc.py`), one table (`nhmrc.toml`) and one line in `scales.py`."""
    yield _cells("nhmrc")
    yield _whys("nhmrc")
    yield from _study_examples(db, "nhmrc", ("II",))


def _grade(db: sqlite3.Connection) -> Iterable[str]:
    p = load_profile()
    start = {k: LEVELS[int(v) - 1].replace("_", " ") for k, v in p.get("grade.start").items()}
    g = p.get("grade")
    yield "## GRADE certainty, for a body of evidence"
    yield """Sources: GRADE guidelines 3 to 9, *J Clin Epidemiol* 2011, 64:401-406, 407-415, 1277-1316; for animal studies Hooijmans et al. 2018, *PLoS ONE*
13:e0187271. A body is one exposure, one condition, one outcome domain and one lane (people, animals, laboratory)."""
    yield f"""It starts **{start["randomised"]}** with randomised trials, **{start["observational"]}** with observational studies and trials without chance allocation,
**{start["uncontrolled"]}** with case series and reports. Randomised and observational evidence are graded apart; the higher is reported, both are shown.
(GRADE also lets non-randomised studies start high when ROBINS-I is applied; a machine cannot apply it.)

| domain | step, from what can be known |
|---|---|
| risk of bias | -1 if more than {g["risk_of_bias"]["majority"]:.0%} of the participants come from studies with a stated weakness or of unstated quality (stated: high quality, or {p.get("risk_of_bias.enough_strengths")} of {_words(p.get("risk_of_bias.strengths"))}); -2 if from studies with two or more stated weaknesses |
| inconsistency | -1 if less than {g["inconsistency"]["agree_share"]:.0%} of the studies point one way; -2 if no direction has more than {g["inconsistency"]["split_share"]:.0%} of {g["inconsistency"]["min_studies"]} or more; two studies that differ: -1; one study: not assessable |
| indirectness | -1 if most of it is about a surrogate, or it is not stated that patients feel the outcome; -{g["indirectness"]["animal_steps"]} for animals or the laboratory |
| imprecision | -1 below {g["imprecision"]["participants"]} participants (GRADE's rule of thumb for continuous outcomes; its 300 events for others are not stated in articles); -2 below {g["imprecision"]["few"]}, or if no study states how many |
| publication bias | -1 if all of {g["publication_bias"]["min_studies"]} or more studies are below {g["publication_bias"]["small_below"]} participants and favourable; else not assessable, no step |
| up | observational only, and only if nothing went down: every ratio above {g["large_effect"]["large"]:g} or below {1 / g["large_effect"]["large"]:g}: +1; above {g["large_effect"]["very_large"]:g} or below {1 / g["large_effect"]["very_large"]:g}: +2; a dose-response stated by every study: +1 |
| authors | capped at the lowest certainty that the authors of a review in the body state themselves, as far as an article passes it on |

The sum is kept within very low, low, moderate and high. A study whose design or species is not stated may belong to either part: it
can make each domain worse and none better. Directions that are not stated count as possible disagreement."""
    yield "### Worked examples"
    for where in _BODIES:
        yield from _body_example(db, where)
    yield """Which bodies were lowered for imprecision? Every step is a row:

```sql
SELECT b.name, b.certainty, r.steps, r.reason
FROM grade_reasons r JOIN grades g ON g.id = r.grade_id JOIN bodies b ON b.id = g.body_id
WHERE g.scale = 'grade' AND r.domain = 'imprecision' AND r.direction = 'down';
```"""


_BODIES = (
    "lane = 'human' AND studies > 1 AND certainty IN ('high', 'moderate')",
    "lane = 'human' AND studies > 1 AND certainty = 'low'",
    "lane = 'human' AND certainty = 'very_low' AND studies >= 1",
    "lane = 'animal' AND studies >= 1",
)


def _synthesis(db: sqlite3.Connection) -> Iterable[str]:
    yield "## Votes by direction"
    yield f"""Sources: Campbell et al. 2020 (SWiM), *BMJ* 368:l6890; *Cochrane Handbook*, chapter 12; Hilton Boon and Thomson 2021, *Res Synth Methods*
12:29-33. Each study has one vote for each outcome domain: the direction of its estimate, never its significance. Several outcomes of one
study in one domain make one direction if at least {load_profile().get("synthesis.agree_share"):.0%} of them agree, else the vote is mixed. A work that five articles cite
is one study and one vote. Studies without effect, mixed and unclear ones are listed and take no part in the test. The test is the two-sided
exact sign test against one half; the share of favourable votes has Wilson's 95 % interval. With fewer than {SMALLEST_DECISIVE} votes P < .05 cannot be
reached. Beside every figure stands: *{CAVEAT}*

An article that says "no difference" seldom tells which way the estimate pointed. Such a study is listed as without effect and votes neither
way; the test is therefore of the studies of which a direction is told, and an article that tells only of clear effects makes it look better.

Not counted: several unnamed studies told of as one, overviews and opinions, retracted publications, and a trial that is known to be inside
a review of the same body."""
    checks = [(9, 9), (5, 6), (7, 10), (3, 3), (5, 5), (6, 6)]
    rows = [(f"{k} of {n}", f"{sign_test(k, n - k):.4f}", "{:.3f} to {:.3f}".format(*(wilson(k, n) or (0, 0)))) for k, n in checks]
    yield "Check values, computed when this page was made:"
    yield _table(("favourable", "sign test P", "95 % interval"), rows)


def _profiles(db: sqlite3.Connection) -> Iterable[str]:
    yield "## Profiles: what is convention of ours"
    lines = [line for line in DEFAULT.read_text("utf-8").splitlines() if "# convention" in line]
    found = []
    section = ""
    for line in DEFAULT.read_text("utf-8").splitlines():
        head = line.split("#")[0].rstrip()
        if head and not head.startswith(" "):
            section = head.split(":")[0]
        if line in lines:
            key, _, comment = line.partition("#")
            found.append((section, key.strip().replace("|", "\\|"), comment.strip().removeprefix("convention: ").removeprefix("convention") or "threshold"))
    yield """The published scales name domains and leave numbers to judgement. Where a number is needed it is ours, stands in
`ingest/grade/grading.yml` and can be changed: copy the file, change it, and build or regrade with it.

```console
citegrade build articles/ --profile mine.yml
citegrade regrade --profile mine.yml --diff
```"""
    yield _table(("section", "value", "what it is"), found)
    tree = yaml.safe_load(MECHANICAL.read_text("utf-8"))["mechanical"]
    steps = list(tree["levels"].items())
    names = [f"{n.replace('_', ' ')}: up to {k}" for n, k in steps]
    yield f"""A second profile, `ingest/grade/mechanical.yml`, follows a fully mechanical published scheme: A. Pollock et al. 2016, *J Clin Epidemiol*
70:106-110. It adds up downgrades for participants ({tree["participants"]} or more: 0; {tree["few"]} to {tree["participants"] - 1}: 1; fewer: 2), risk of bias (less than
{tree["low_risk_share"]:.0%} of the participants at low risk: 1), heterogeneity (I² above 75 % or not reported, more than one trial: 1) and the review's quality
(AMSTAR questions 1 to 4: one not met 1, more 2), and reads the level from the sum by a map of its own, kept in the profile
({"; ".join(names)} downgrades). What is not reported counts as not met. It was made for comparisons of randomised trials in reviews; other evidence gets no
level. Articles hardly ever report I² or how a review was done, so under this profile little rises above low."""


def _support(db: sqlite3.Connection) -> Iterable[str]:
    yield "## What an article claims, beside what its evidence is"
    carries = ", ".join(f"*{w}* up to level {CARRIES[w]}" for w in reversed(WORDINGS) if w in CARRIES)
    yield f"""For each article and exposure `support` holds the strongest wording that the article uses in its own voice beside the best OCEBM level behind
it. The verdict is our convention: {carries}. Wording above that is *stronger* than the evidence; "no evidence" or "no difference" beside a
benefit at level 1 or 2 is *weaker*; strong wording without any study is *no study*."""
    rows = db.execute(
        """SELECT exposure, wording, coalesce(best_ocebm_level, '-') AS level, verdict, quote FROM support WHERE wording IS NOT NULL
        ORDER BY verdict = 'fits', verdict, exposure, quote LIMIT 6"""
    ).fetchall()
    if rows:
        yield _table(
            ("exposure", "wording", "best level", "verdict", "the words"),
            [(r["exposure"], r["wording"], r["level"], r["verdict"], _short(r["quote"])) for r in rows],
        )
    yield """Where an article's sample size, species, design or direction differs from what the linked work's own abstract says (read by the same
extraction), the two stand side by side in `differences`. A rounded number is no difference, nor is what either leaves unsaid."""
    rows = db.execute("SELECT field, article_says, abstract_says, note FROM differences ORDER BY field, article_says, note LIMIT 5").fetchall()
    if rows:
        yield _table(("field", "article", "abstract", "note"), [tuple(r) for r in rows])


def _bodies_text(db: sqlite3.Connection) -> Iterable[str]:
    yield "## What stands together"
    yield """Exposures, conditions and outcomes are brought to the terms of `ingest/text/terms/` (tables of terms with their synonyms; a user's own file
or a MeSH descriptor file can be added with `--terms`). A brand or member stands under its class ("simvastatin" under "statins"). What was
*measured* in people is not what was *given* to them: "vitamin D level" is "vitamin D status", a deficiency is "low vitamin D status", and
neither shares a body with the supplement. A phrase that the vocabulary does not know stays as written; it is never forced into a near term."""


_GRADING: tuple[Section, ...] = (_intro, _question, _ocebm, _sort, _nhmrc, _bodies_text, _grade, _synthesis, _profiles, _support)


# --- parts of pages -------------------------------------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(str(x).replace(chr(10), ' ') for x in row)} |" for row in rows)])


def _words(keys: Iterable[str]) -> str:
    return ", ".join(k.replace("_", " ") for k in keys)


def _short(text: str, most: int = 140) -> str:
    flat = " ".join((text or "").replace("|", "/").split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"


def _kind(name: str) -> Kind:
    parent = name.rsplit("_", 1)[0] if name.startswith(("cohort_", "cross_sectional_")) else name
    return Kind(name, parent, WORDS[name])


def _cells(scale: str) -> str:
    """Print a scale's table: rows are kinds of study; a finer kind that earns what its parent earns is left out."""
    table = load_table(scale)
    columns = [q for q in QUESTIONS if q in table.cells]
    rows = []
    for name in KINDS:
        levels = [table.level(q, _kind(name)) or "-" for q in columns]
        parent = _kind(name).parent
        if parent != name and levels == [table.level(q, _kind(parent)) or "-" for q in columns]:
            continue
        rows.append((WORDS[name], *levels))
    return _table(("", *columns), rows)


def _whys(scale: str) -> str:
    """Print why cells that the published table does not hold as such are what they are."""
    table = load_table(scale)
    said: dict[str, list[tuple[str, str]]] = {}
    for question in ("benefit", "harm", "diagnosis", "prognosis", "prevalence"):
        for name, why in table.why.get(question, {}).items():
            said.setdefault(why, []).append((name, question))
    rows = []
    for why, places in said.items():
        names = dict.fromkeys(WORDS[n] for n, _ in places)
        questions = dict.fromkeys("benefit, harm, screening" if q == "benefit" else q for _, q in places)
        rows.append(("; ".join(names), ", ".join(questions), why))
    return "Cells that the published table does not hold as such, and why they are what they are:\n\n" + _table(("", "questions", "why"), rows)


def _steps(db: sqlite3.Connection, grade: int) -> str:
    rows = db.execute("SELECT domain, direction, steps, reason FROM grade_reasons WHERE grade_id = ? ORDER BY step", (grade,)).fetchall()
    return _table(
        ("step", "", "reason"), [(r["domain"].replace("_", " "), f"{r['steps']:+d}" if r["steps"] else r["direction"], _short(r["reason"], 300)) for r in rows]
    )


def _study_examples(db: sqlite3.Connection, scale: str, levels: Iterable[str | None]) -> Iterable[str]:
    """For each level the study with the most steps."""
    for level in levels:
        row = db.execute(
            """SELECT g.id, g.level, g.question, s.quote, a.title FROM grades g JOIN studies s ON s.id = g.study_id JOIN articles a ON a.id = s.article_id
            JOIN grade_reasons r ON r.grade_id = g.id WHERE g.scale = ? AND g.level IS ? GROUP BY g.id
            ORDER BY count(*) DESC, s.quote, g.question LIMIT 1""",
            (scale, level),
        ).fetchone()
        if row:
            said = f"level {row['level']}" if row["level"] else "no level"
            yield f"> {_short(row['quote'], 260)}\n>\n> *{row['title']}*: {said}, as a question of {row['question']}"
            yield _steps(db, row["id"])


def _body_example(db: sqlite3.Connection, where: str) -> Iterable[str]:
    row = db.execute(f"SELECT * FROM bodies WHERE {where} ORDER BY studies DESC, coalesce(participants, 0) DESC, key LIMIT 1").fetchone()
    if not row:
        return
    grade = db.execute("SELECT id FROM grades WHERE body_id = ? AND scale = 'grade'", (row["id"],)).fetchone()
    lane = "" if row["lane"] == "human" else f" ({row['lane'].replace('_', ' ')} lane)"
    yield f"**{row['name']}**{lane}: certainty **{(row['certainty'] or 'none').replace('_', ' ')}**, SORT strength {row['sort_grade'] or 'none'}"
    if grade:
        yield _steps(db, grade["id"])
    votes = [f"{row[c]} {w}" for c, w in (("favourable", "favourable"), ("unfavourable", "unfavourable"), ("no_effect", "without effect"), ("mixed", "mixed"), ("unclear", "unclear")) if row[c]]
    yield f"Votes: {', '.join(votes) or 'none'}. {CAVEAT}"


def docs_schema(_: Path) -> str:
    """Make ``schema.md`` from the one dictionary of columns and the views."""
    out = [
        "# Tables and views",
        "Written by `python docs/generate.py` from `db/schema.py` and `db/views.py`. Every table is STRICT; closed vocabularies are held by CHECK",
        "constraints. Numbers in `id` columns come from a row's key: they are the same in every build, so links to rows keep.",
    ]
    for table in TABLES:
        out += ["", f"## {table.name}", "", table.description, "", "| column | type | what it is |", "|---|---|---|"]
        for c in table.columns:
            notes = [f"Unit: {c.unit}." if c.unit else "", f"One of {', '.join(c.values)}." if c.values else "", f"Row of {c.references}." if c.references else ""]
            out.append(f"| {c.name} | {c.type}{' required' if c.required else ''} | {' '.join([c.description, *filter(None, notes)])} |")
    for view in VIEWS:
        out += ["", f"## {view.name} (view)", "", view.description, "", "| column | what it is |", "|---|---|"]
        out += [f"| {name} | {text} |" for name, text in view.columns]
    return "\n".join(out) + "\n"


def docs_commands(_: Path) -> str:
    """Make ``commands.md`` from the help texts."""
    out = ["# Commands", "", "Written by `python docs/generate.py` from the commands' own help."]
    for name, command in sorted(main_command.commands.items()):
        context = click.Context(command, info_name=f"citegrade {name}", max_content_width=110)
        out += ["", f"## citegrade {name}", "", "```", command.get_help(context), "```"]
    return "\n".join(out) + "\n"


PAGES: dict[str, Callable[[Path], str]] = {"grading.md": docs_grading, "schema.md": docs_schema, "commands.md": docs_commands}


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("db", type=Path, help="a database built from samples/")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    options = parser.parse_args(argv)
    stale = []
    for name, make in PAGES.items():
        page, path = make(options.db), DOCS / name
        if options.check and (not path.exists() or path.read_text("utf-8") != page):
            stale.append(name)
        elif not options.check:
            path.write_text(page, "utf-8")
    if stale:
        print(f"out of date: {', '.join(stale)}; run python docs/generate.py {options.db}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
