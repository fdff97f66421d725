"""The one dictionary of tables and columns: type, vocabulary, unit, description, facet, index.

The tables, the texts of metadata.yml and docs/schema.md are generated from it; nothing else says what a column is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.records import CHANGES, DESIGNS, EFFECTS, OUTCOME_TYPES, QUESTION_TYPES, RETRACTION_STATES, SPECIES, WORK_TYPES

LANES = ("human", "animal", "in_vitro")
CERTAINTIES = ("very_low", "low", "moderate", "high")
DIRECTIONS = ("start", "up", "down", "cap", "note", "end")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``references`` names the table whose ``id`` it holds; ``values`` is its closed vocabulary."""

    name: str
    type: str
    description: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    required: bool = False
    references: str | None = None
    unique: bool = False
    facet: bool = False
    index: bool = False
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, what names a row, what is searched, how Datasette shows it first."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    label: str | None = None
    search: tuple[str, ...] = ()
    sort: str | None = None
    sort_desc: str | None = None
    key: tuple[str, ...] = ("id",)
    uniques: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    check: str | None = None

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


def _id(of: str) -> Column:
    return Column("id", "INTEGER", f"Number of the {of}; the same in every build of the same input.", required=True)


def _span() -> tuple[Column, Column]:
    return (
        Column("start", "INTEGER", "Where the quote starts in the article's text.", unit="characters"),
        Column("end", "INTEGER", "Where the quote ends in the article's text (exclusive).", unit="characters"),
    )


def _flag(name: str, description: str, *, facet: bool = False) -> Column:
    return Column(name, "INTEGER", description + " 1 yes, 0 no.", required=True, check=f'"{name}" IN (0, 1)', facet=facet, index=facet)


_BIBLIOGRAPHY = (
    Column("title", "TEXT", "Title of the publication."),
    Column("container", "TEXT", "Journal, book or site that it appeared in, as printed."),
    Column("year", "INTEGER", "Year of publication.", unit="year", index=True),
    Column("volume", "TEXT", "Volume."),
    Column("issue", "TEXT", "Issue."),
    Column("pages", "TEXT", "Pages or article number, as printed."),
    Column("doi", "TEXT", "Digital Object Identifier, bare (10.…)."),
    Column("pmid", "TEXT", "PubMed identifier."),
    Column("url", "TEXT", "Web address."),
    Column("type", "TEXT", "Kind of publication.", values=WORK_TYPES, facet=True),
)

TABLES: tuple[Table, ...] = (
    Table(
        "articles",
        "Articles",
        "What was read: one row an article, with its plain text. All offsets count characters in this text.",
        (
            _id("article"),
            Column("key", "TEXT", "Readable name: the file's name without suffix.", required=True, unique=True),
            Column("title", "TEXT", "Title of the article.", required=True),
            Column("url", "TEXT", "Where it was published, if its file says so."),
            Column("published", "TEXT", "Date of publication as its file states it."),
            Column("format", "TEXT", "What the file was: text, markdown, html, jats, pdf, jsonl.", facet=True),
            Column("kind", "TEXT", "article: it writes about studies; abstract: it reports its own.", values=("article", "abstract"), facet=True),
            Column("text", "TEXT", "Plain text; null when the database was built with excerpts only."),
            Column("characters", "INTEGER", "Length of the plain text.", unit="characters", required=True),
            Column("spun", "REAL", "Share of function words that look replaced by random ones (0 none, 1 all)."),
            Column("source", "TEXT", "File it was read from."),
            Column("sha256", "TEXT", "Digest of the file's bytes."),
        ),
        label="title",
        search=("title", "text"),
        sort="title",
    ),
    Table(
        "works",
        "Works",
        "Publications of the user's library: one row however many articles cite it.",
        (
            _id("work"),
            Column("key", "TEXT", "DOI, else PMID, else a digest of title, author and year.", required=True, unique=True),
            Column("authors", "TEXT", "Authors, family name first, separated by semicolons."),
            *_BIBLIOGRAPHY,
            Column("publisher", "TEXT", "Publisher."),
            Column("abstract", "TEXT", "Abstract, as the library gives it."),
            Column("keywords", "TEXT", "Keywords, separated by semicolons."),
            Column("publication_types", "TEXT", "Publication types of MEDLINE, separated by semicolons."),
            Column("retraction", "TEXT", "Status on the retraction list given to the build.", values=RETRACTION_STATES, facet=True),
            Column("retraction_reason", "TEXT", "The list, its row and the reason it gives."),
            Column("abstract_design", "TEXT", "Design as read from the work's own abstract.", values=DESIGNS, facet=True),
            Column("abstract_species", "TEXT", "Species as read from the abstract.", values=SPECIES),
            Column("abstract_sample_size", "INTEGER", "Participants as read from the abstract.", unit="participants"),
            Column("abstract_duration_days", "REAL", "Duration as read from the abstract.", unit="days"),
            Column("abstract_effect", "TEXT", "Effect of the first finding read from the abstract.", values=EFFECTS),
            Column("sources", "TEXT", "Where each field came from: JSON object of field to the files and entries that state it."),
        ),
        label="title",
        search=("title", "authors", "container", "abstract"),
        sort_desc="year",
    ),
    Table(
        "work_authors",
        "Authors of works",
        "One row an author of a work, in printed order.",
        (
            Column("work_id", "INTEGER", "The work.", required=True, references="works", index=True),
            Column("position", "INTEGER", "Place in the list of authors, from 1.", required=True),
            Column("family", "TEXT", "Family name, or the name of a group.", required=True, index=True),
            Column("given", "TEXT", "Given names or initials."),
            _flag("literal", "The author is a group, not a person."),
        ),
        key=("work_id", "position"),
    ),
    Table(
        "citations",
        "Citations",
        "Entries of the articles' own reference lists, parsed.",
        (
            _id("citation"),
            Column("article_id", "INTEGER", "The article whose list it stands in.", required=True, references="articles", index=True),
            Column("number", "INTEGER", "Place in the list, from 1.", required=True),
            Column("label", "TEXT", "Number or key as printed."),
            Column("raw", "TEXT", "The entry as printed.", required=True),
            Column("authors", "TEXT", "Family names, separated by semicolons."),
            *_BIBLIOGRAPHY,
            _flag("inline", "The entry stands in the running text, not in a list."),
            *_span(),
            Column("work_id", "INTEGER", "The publication in the library that it was linked to.", references="works", index=True),
            Column("link_reason", "TEXT", "Why it was linked, or why not."),
        ),
        label="raw",
        uniques=(("article_id", "number"),),
    ),
    Table(
        "studies",
        "Studies",
        "One row a study that an article leans on: what the article says of it, and nothing that it does not say.",
        (
            _id("study"),
            Column("key", "TEXT", "Readable name: the article's key and a digest of the study's first words.", required=True, unique=True),
            Column("article_id", "INTEGER", "The article that speaks of it.", required=True, references="articles", index=True),
            Column("position", "INTEGER", "Order in the article, from 1.", required=True),
            Column("label", "TEXT", "Short name, from the article's own words.", required=True),
            Column("quote", "TEXT", "The first sentence or clause that speaks of the study.", required=True),
            *_span(),
            Column("design", "TEXT", "Design of the study; unspecified where the text does not let you tell.", values=DESIGNS, required=True, facet=True),
            Column("species", "TEXT", "Who or what was studied.", values=SPECIES, required=True, facet=True),
            Column("sample_size", "INTEGER", "Participants or animals, all arms; pooled for a review.", unit="participants", index=True),
            Column("studies_pooled", "INTEGER", "Studies in a review.", unit="studies"),
            Column("arms", "TEXT", "Group sizes where stated, as a JSON list.", unit="participants"),
            Column("duration_days", "REAL", "Length of the intervention, else of the follow-up (week 7, month 30.44, year 365.25).", unit="days"),
            Column("duration_text", "TEXT", "The words that the duration was read from."),
            Column("duration_phase", "TEXT", "What the duration is of: treatment, follow_up or observation."),
            Column("exposure", "TEXT", "What was given or measured, as written."),
            Column("exposure_term", "TEXT", "The same in the vocabulary's words; as written where the vocabulary has none.", facet=True),
            Column("comparator", "TEXT", "What it was compared with, as written."),
            Column("condition", "TEXT", "Disease or population, as written."),
            Column("condition_term", "TEXT", "The same in the vocabulary's words.", facet=True),
            Column("effect", "TEXT", "What the findings together mean for the patient.", values=EFFECTS, facet=True),
            _flag("plural", "The mention speaks of several unnamed studies.", facet=True),
            _flag("own", "The document itself reports this study (it is an abstract)."),
            Column("citation_id", "INTEGER", "The entry of the article's list that it was linked to.", references="citations", index=True),
            Column("work_id", "INTEGER", "The publication that it was linked to.", references="works", index=True),
            Column("link_method", "TEXT", "How it was linked to its reference."),
            Column("link_score", "REAL", "How sure the link is, 0 to 1."),
            Column("link_reason", "TEXT", "Why it was linked, or why not."),
            Column("ocebm_level", "TEXT", "OCEBM 2011 level, 1 (strongest) to 5, provisional.", values=("1", "2", "3", "4", "5"), facet=True),
            Column("sort_level", "TEXT", "SORT level of the study, 1 to 3, provisional.", values=("1", "2", "3")),
            Column("corrected", "TEXT", "Fields that a correction changed, separated by commas."),
        ),
        label="label",
        search=("label", "quote", "exposure", "condition", "outcomes"),
        sort="id",
        indexes=(("design", "ocebm_level", "sample_size"), ("condition_term", "ocebm_level", "sample_size"), ("exposure_term", "ocebm_level", "sample_size")),
    ),
    Table(
        "findings",
        "Findings",
        "Outcomes of the studies with their direction.",
        (
            _id("finding"),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("position", "INTEGER", "Order in the study, from 1.", required=True),
            Column("outcome", "TEXT", "What was measured, as written.", required=True),
            Column("outcome_term", "TEXT", "Outcome domain in the vocabulary's words; as written where it has none.", facet=True),
            Column("change", "TEXT", "What happened to the outcome with the exposure.", values=CHANGES, required=True, facet=True),
            Column("effect", "TEXT", "What that means for the patient.", values=EFFECTS, required=True, facet=True),
            Column("outcome_type", "TEXT", "Clinical, surrogate (blood level, scan), mortality, adverse.", values=OUTCOME_TYPES, required=True, facet=True),
            Column("question", "TEXT", "Type of question that the finding answers.", values=QUESTION_TYPES, facet=True),
            Column("ratio", "REAL", "Relative risk, odds or hazard ratio where the text states one."),
            _flag("main", "The text calls it the primary outcome."),
            *_span(),
            Column("quote", "TEXT", "The words that it was read from.", required=True),
            Column("rule", "TEXT", "The rule that read it."),
        ),
        label="outcome",
        indexes=(("study_id", "effect"),),
    ),
    Table(
        "passages",
        "Passages",
        "All sentences and clauses of an article that speak of a study, in reading order.",
        (
            _id("passage"),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("position", "INTEGER", "Order in the article, from 1.", required=True),
            *_span(),
            Column("quote", "TEXT", "The words.", required=True),
        ),
        label="quote",
    ),
    Table(
        "qualities",
        "Stated strengths and weaknesses",
        "What the article says of how well a study was done: not blinded, no control group, high drop-out, double-blind and so on.",
        (
            _id("row"),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("kind", "TEXT", "What is stated.", required=True, facet=True),
            *_span(),
            Column("quote", "TEXT", "The words.", required=True),
        ),
        label="kind",
    ),
    Table(
        "claims",
        "Claims",
        "Assertions about health that lean on research but name no study.",
        (
            _id("claim"),
            Column("article_id", "INTEGER", "The article.", required=True, references="articles", index=True),
            Column("quote", "TEXT", "The claim as written.", required=True),
            *_span(),
            Column("rule", "TEXT", "The rule that read it."),
        ),
        label="quote",
    ),
    Table(
        "bodies",
        "Bodies of evidence",
        "All findings on one exposure, condition and outcome together, animal and laboratory evidence in lanes of their own. "
        "Votes count directions; they say nothing of the size of the effect.",
        (
            _id("body of evidence"),
            Column("key", "TEXT", "Readable name: exposure, condition, outcome and lane.", required=True, unique=True),
            Column("name", "TEXT", "Exposure for condition: outcome.", required=True),
            Column("exposure", "TEXT", "Exposure, in the vocabulary's words.", required=True, facet=True),
            Column("condition", "TEXT", "Condition, in the vocabulary's words.", required=True, facet=True),
            Column("outcome", "TEXT", "Outcome domain.", required=True, facet=True),
            Column("lane", "TEXT", "Whose evidence: human, animal or in_vitro. Never mixed.", values=LANES, required=True, facet=True),
            Column("studies", "INTEGER", "Different studies (a work cited by several articles is one).", unit="studies", required=True),
            Column(
                "participants",
                "INTEGER",
                "Participants where stated: those of all single studies, or of the largest review where that is more (a trial may be inside it).",
                unit="participants",
            ),
            Column("favourable", "INTEGER", "Votes for benefit.", unit="votes", required=True),
            Column("unfavourable", "INTEGER", "Votes for harm.", unit="votes", required=True),
            Column("no_effect", "INTEGER", "Studies that found no difference; listed, not in the test.", unit="studies", required=True),
            Column("mixed", "INTEGER", "Studies with mixed directions; listed, not in the test.", unit="studies", required=True),
            Column("unclear", "INTEGER", "Studies whose direction cannot be read; listed, not in the test.", unit="studies", required=True),
            Column("sign_test_p", "REAL", "Two-sided exact sign test of favourable against unfavourable votes."),
            Column("favourable_share", "REAL", "Share of favourable votes."),
            Column("wilson_low", "REAL", "Lower end of its 95 % Wilson interval."),
            Column("wilson_high", "REAL", "Upper end of its 95 % Wilson interval."),
            Column("direction", "TEXT", "What most votes say.", values=EFFECTS, required=True, facet=True),
            Column("best_ocebm_level", "TEXT", "Best OCEBM level among its studies.", values=("1", "2", "3", "4", "5"), facet=True),
            Column("certainty", "TEXT", "GRADE certainty, provisional: the higher of the two below.", values=CERTAINTIES, facet=True),
            Column("certainty_randomised", "TEXT", "GRADE certainty of its randomised evidence.", values=CERTAINTIES),
            Column("certainty_observational", "TEXT", "GRADE certainty of its observational evidence.", values=CERTAINTIES),
            Column("sort_grade", "TEXT", "SORT strength of recommendation.", values=("A", "B", "C"), facet=True),
            Column("summary", "TEXT", "The grade and its reasons as one paragraph.", required=True),
        ),
        label="name",
        indexes=(("exposure", "condition", "outcome", "lane"),),
    ),
    Table(
        "body_studies",
        "Studies of a body of evidence",
        "Which findings make a body of evidence, how each votes, and which do not count twice.",
        (
            _id("row"),
            Column("body_id", "INTEGER", "The body of evidence.", required=True, references="bodies", index=True),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("finding_id", "INTEGER", "The finding.", references="findings", index=True),
            Column("vote", "TEXT", "Direction of its vote.", values=EFFECTS, required=True),
            _flag("counted", "It counts (0: the same work is counted through another row)."),
            Column("note", "TEXT", "Why it does not count, or what its vote was made of."),
        ),
    ),
    Table(
        "grades",
        "Grades",
        "Levels of studies (OCEBM, SORT, NHMRC) and of bodies of evidence (GRADE certainty, SORT strength). Provisional: computed from what the text states.",
        (
            _id("grade"),
            Column("study_id", "INTEGER", "The study, for scales that rate one study.", references="studies", index=True),
            Column("body_id", "INTEGER", "The body of evidence, for scales that rate a body.", references="bodies", index=True),
            Column("scale", "TEXT", "The scale.", required=True, facet=True),
            Column("question", "TEXT", "Type of question that decided the row of the scale.", values=QUESTION_TYPES, facet=True),
            Column("level", "TEXT", "The level; null where the scale gives none (design not stated).", facet=True),
            _flag("provisional", "Computed from what the text states, not judged by a person."),
            Column("profile", "TEXT", "Grading profile: its name.", required=True),
            Column("profile_hash", "TEXT", "Grading profile: digest of its thresholds.", required=True),
        ),
        check="(study_id IS NULL) <> (body_id IS NULL)",
    ),
    Table(
        "grade_reasons",
        "Reasons of grades",
        "Every step of every grade: where it started, what moved it, where it ended.",
        (
            _id("reason"),
            Column("grade_id", "INTEGER", "The grade.", required=True, references="grades", index=True),
            Column("step", "INTEGER", "Order of the steps, from 1.", required=True),
            Column("domain", "TEXT", "What the step is about: design, risk_of_bias, inconsistency, imprecision and so on.", required=True, facet=True),
            Column("direction", "TEXT", "start, up, down, cap, note or end.", values=DIRECTIONS, required=True, facet=True),
            Column("steps", "INTEGER", "Levels moved; negative is down.", unit="levels", required=True),
            Column("reason", "TEXT", "The reason in words.", required=True),
            Column("field", "TEXT", "The value that triggered it: its field."),
            Column("value", "TEXT", "The value that triggered it."),
            *_span(),
            Column("quote", "TEXT", "The words that triggered it, where there are any."),
        ),
        label="reason",
    ),
    Table(
        "provenance",
        "Provenance",
        "Where every value of every study was read: the words, their place and the rule.",
        (
            _id("row"),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("field", "TEXT", "The field of the study.", required=True, facet=True),
            Column("value", "TEXT", "The value that was read.", required=True),
            Column("start", "INTEGER", "Where the words start in the article's text; null for a correction.", unit="characters"),
            Column("end", "INTEGER", "Where they end (exclusive).", unit="characters"),
            Column("quote", "TEXT", "The words."),
            Column("rule", "TEXT", "The rule that read it, or the correction.", required=True),
        ),
        label="quote",
    ),
    Table(
        "links",
        "Links",
        "Candidates for what a mention or a citation points at, scored, with reasons; the runner-up stays.",
        (
            _id("link"),
            Column("article_id", "INTEGER", "The article.", required=True, references="articles", index=True),
            Column("study_id", "INTEGER", "The study whose mention is linked.", references="studies", index=True),
            Column("citation_id", "INTEGER", "The citation that is linked to a work.", references="citations", index=True),
            Column("target_citation_id", "INTEGER", "Candidate: an entry of the article's list.", references="citations", index=True),
            Column("target_work_id", "INTEGER", "Candidate: a work of the library.", references="works", index=True),
            Column("method", "TEXT", "How the candidate was found.", required=True, facet=True),
            Column("score", "REAL", "How sure, 0 to 1.", required=True),
            Column("reason", "TEXT", "The reasons in words.", required=True),
            _flag("chosen", "This candidate won.", facet=True),
            Column("rank", "INTEGER", "1 for the best candidate, 2 for the runner-up.", required=True),
        ),
    ),
    Table(
        "terms",
        "Terms",
        "The vocabulary's words for exposures, conditions and outcomes that occur, with what the articles wrote.",
        (
            _id("term"),
            Column("kind", "TEXT", "exposure, condition or outcome.", values=("exposure", "condition", "outcome"), required=True, facet=True),
            Column("term", "TEXT", "The vocabulary's word, or the article's own where it has none.", required=True),
            _flag("known", "The vocabulary has it.", facet=True),
            Column("written", "TEXT", "How the articles write it, separated by semicolons.", required=True),
            Column("uses", "INTEGER", "Studies or findings that use it.", required=True),
        ),
        label="term",
        uniques=(("kind", "term"),),
    ),
    Table(
        "support",
        "Claims of articles against their evidence",
        "For each article and exposure the strongest wording it uses beside the best level behind it.",
        (
            _id("row"),
            Column("article_id", "INTEGER", "The article.", required=True, references="articles", index=True),
            Column("exposure", "TEXT", "The exposure.", required=True, facet=True),
            Column("wording", "TEXT", "Strength of the strongest wording.", facet=True),
            Column("quote", "TEXT", "The wording."),
            *_span(),
            Column("studies", "INTEGER", "Studies of the exposure that the article leans on.", unit="studies", required=True),
            Column("best_ocebm_level", "TEXT", "Best OCEBM level among them.", facet=True),
            Column("best_design", "TEXT", "Design of the study with that level.", values=DESIGNS),
            Column("verdict", "TEXT", "How the wording fits the evidence.", facet=True),
            Column("reason", "TEXT", "The verdict in words."),
        ),
    ),
    Table(
        "differences",
        "Differences",
        "Where an article says something else of a study than the work's own abstract.",
        (
            _id("row"),
            Column("study_id", "INTEGER", "The study.", required=True, references="studies", index=True),
            Column("work_id", "INTEGER", "The work.", required=True, references="works", index=True),
            Column("field", "TEXT", "The field.", required=True, facet=True),
            Column("article_says", "TEXT", "What the article says.", required=True),
            Column("abstract_says", "TEXT", "What the abstract says.", required=True),
            Column("abstract_quote", "TEXT", "The abstract's words."),
            Column("note", "TEXT", "The difference in words."),
        ),
    ),
    Table(
        "corrections",
        "Corrections",
        "Values that a person corrected, with the value that was read.",
        (
            _id("correction"),
            Column("study_id", "INTEGER", "The study; null when no study matches.", references="studies", index=True),
            Column("study_key", "TEXT", "The study that the file names.", required=True),
            Column("field", "TEXT", "The field.", required=True, facet=True),
            Column("old", "TEXT", "The value that was read."),
            Column("new", "TEXT", "The value that holds."),
            Column("who", "TEXT", "Who corrected it."),
            Column("corrected_on", "TEXT", "When, as the file says."),
            Column("why", "TEXT", "Why."),
            _flag("applied", "It was applied.", facet=True),
            Column("note", "TEXT", "Why it was not applied."),
        ),
    ),
    Table(
        "runs",
        "Build",
        "What this database was built from, and with what.",
        (
            _id("run"),
            Column("version", "TEXT", "Version of citegrade.", required=True),
            Column("input_digest", "TEXT", "Digest over all inputs.", required=True),
            Column("profile", "TEXT", "Grading profile.", required=True),
            Column("profile_hash", "TEXT", "Digest of its thresholds.", required=True),
            Column("excerpts", "INTEGER", "1 when only excerpts of the articles were stored.", required=True),
            Column("libraries", "TEXT", "Libraries read, separated by semicolons."),
            Column("counts", "TEXT", "JSON object of table to rows.", required=True),
        ),
    ),
    Table(
        "problems",
        "Problems",
        "Every input that was skipped or only half read, and why.",
        (
            _id("problem"),
            Column("source", "TEXT", "The file, and the line where known.", required=True),
            Column("kind", "TEXT", "Kind of problem.", required=True, facet=True),
            Column("message", "TEXT", "What was wrong, where, and what to do.", required=True),
            Column("line", "INTEGER", "Line in the file."),
        ),
        label="message",
    ),
    Table(
        "accuracy",
        "Accuracy",
        "What was measured of citegrade's own reading, on what, beside the published figures of other systems.",
        (
            _id("figure"),
            Column("area", "TEXT", "What is measured: articles, abstracts, references, links, libraries, speed.", required=True, facet=True),
            Column("dataset", "TEXT", "The labelled set.", required=True, facet=True),
            Column("field", "TEXT", "The field.", required=True),
            Column("metric", "TEXT", "The figure: F1, accuracy, share.", required=True),
            Column("value", "REAL", "Its value.", required=True),
            Column("n", "INTEGER", "Labelled cases.", unit="cases"),
            Column("low", "REAL", "Lower end of the 95 % Wilson interval."),
            Column("high", "REAL", "Upper end of the 95 % Wilson interval."),
            Column("others", "TEXT", "Published or measured figures of other systems."),
            Column("note", "TEXT", "How it was measured."),
        ),
    ),
)

BY_NAME = {t.name: t for t in TABLES}

# What the text index holds beside a table's own columns: studies are also found by the outcomes of their findings.
SEARCH_SOURCES = {("studies", "outcomes"): "(SELECT group_concat(outcome, ' ') FROM findings WHERE findings.study_id = studies.id)"}


def create_statements() -> Iterator[str]:
    """CREATE TABLE statements, STRICT, in an order in which every reference exists."""
    for table in TABLES:
        lines = [_column_sql(c) for c in table.columns]
        if table.key == ("id",):
            lines[0] = '"id" INTEGER PRIMARY KEY'
        else:
            lines.append("PRIMARY KEY (" + ", ".join(f'"{k}"' for k in table.key) + ")")
        lines += ["UNIQUE (" + ", ".join(f'"{c}"' for c in u) + ")" for u in table.uniques]
        if table.check:
            lines.append(f"CHECK ({table.check})")
        yield f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n) STRICT"


def _column_sql(column: Column) -> str:
    out = f'"{column.name}" {column.type}'
    if column.required:
        out += " NOT NULL"
    if column.unique:
        out += " UNIQUE"
    if column.values:
        out += f' CHECK ("{column.name}" IN (' + ", ".join(f"'{v}'" for v in column.values) + "))"
    elif column.check:
        out += f" CHECK ({column.check})"
    if column.references:
        out += f' REFERENCES "{column.references}"("id")'
    return out


def index_statements() -> Iterator[str]:
    """CREATE INDEX statements for every facet, foreign key and filter: built after the rows are in."""
    for table in TABLES:
        singles = [(c.name,) for c in table.columns if c.index or c.facet]
        for columns in dict.fromkeys([*singles, *table.indexes]):
            name = f"idx_{table.name}_{'_'.join(columns)}"
            yield f'CREATE INDEX "{name}" ON "{table.name}" (' + ", ".join(f'"{c}"' for c in columns) + ")"
