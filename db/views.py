"""Views for people: each answers a question that researchers ask, with the columns described as tables are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A view, what it answers, what its columns mean, where people filter."""

    name: str
    title: str
    description: str
    sql: str
    columns: tuple[tuple[str, str], ...]
    facets: tuple[str, ...] = ()


VIEWS: tuple[View, ...] = (
    View(
        "study_table",
        "Study table",
        "One flat row a study: who, how many, how long, what came of it, how strong it is, where it stands.",
        """
        SELECT s.id AS study_id, a.title AS article, s.label AS study, s.design, s.species, s.sample_size, s.studies_pooled,
          s.duration_days, coalesce(s.exposure_term, s.exposure) AS exposure, s.comparator, coalesce(s.condition_term, s.condition) AS condition,
          (SELECT group_concat(f.outcome || ': ' || f.change || ' (' || f.effect || ')', '; ')
             FROM (SELECT * FROM findings WHERE study_id = s.id ORDER BY position) f) AS findings,
          s.effect, s.ocebm_level, s.sort_level,
          CASE WHEN w.id IS NOT NULL THEN coalesce(w.authors, '') || ' ' || coalesce(w.year, '') || '. ' || coalesce(w.title, '')
               WHEN c.id IS NOT NULL THEN c.raw END AS reference,
          coalesce(w.doi, c.doi) AS doi, w.retraction, s.plural, s.quote, s.article_id, s.citation_id, s.work_id
        FROM studies s JOIN articles a ON a.id = s.article_id
          LEFT JOIN citations c ON c.id = s.citation_id LEFT JOIN works w ON w.id = s.work_id
        """,
        (
            ("study_id", "Number of the study."),
            ("article", "Title of the article."),
            ("study", "Short name of the study."),
            ("design", "Design."),
            ("species", "Who or what was studied."),
            ("sample_size", "Participants or animals."),
            ("studies_pooled", "Studies in a review."),
            ("duration_days", "Length in days."),
            ("exposure", "What was given or measured."),
            ("comparator", "What it was compared with."),
            ("condition", "Disease or population."),
            ("findings", "Outcomes with their direction."),
            ("effect", "What the findings together mean for the patient."),
            ("ocebm_level", "OCEBM 2011 level, provisional."),
            ("sort_level", "SORT level, provisional."),
            ("reference", "The work, else the entry of the article's list."),
            ("doi", "Digital Object Identifier of the reference."),
            ("retraction", "Status on the retraction list."),
            ("plural", "Several unnamed studies."),
            ("quote", "The words that speak of the study."),
            ("article_id", "Number of the article."),
            ("citation_id", "Number of the citation."),
            ("work_id", "Number of the work."),
        ),
        ("design", "species", "effect", "ocebm_level", "condition", "exposure"),
    ),
    View(
        "evidence",
        "Evidence",
        "Bodies of evidence: exposure, condition and outcome with votes by direction, participants, best level and certainty. "
        "Counts directions; says nothing of the size of the effect.",
        """
        SELECT b.id AS body_id, b.exposure, b.condition, b.outcome, b.lane, b.studies, b.participants, b.favourable, b.unfavourable,
          b.no_effect, b.mixed, b.unclear, b.direction, b.sign_test_p, b.wilson_low, b.wilson_high, b.best_ocebm_level, b.certainty, b.sort_grade
        FROM bodies b
        """,
        (
            ("body_id", "Number of the body of evidence."),
            ("exposure", "Exposure."),
            ("condition", "Condition."),
            ("outcome", "Outcome domain."),
            ("lane", "human, animal or in_vitro."),
            ("studies", "Different studies."),
            ("participants", "Participants where stated."),
            ("favourable", "Votes for benefit."),
            ("unfavourable", "Votes for harm."),
            ("no_effect", "No difference."),
            ("mixed", "Mixed."),
            ("unclear", "Unclear."),
            ("direction", "What most votes say."),
            ("sign_test_p", "Exact sign test, two-sided."),
            ("wilson_low", "Lower end of the 95 % interval of the favourable share."),
            ("wilson_high", "Upper end."),
            ("best_ocebm_level", "Best OCEBM level."),
            ("certainty", "GRADE certainty, provisional."),
            ("sort_grade", "SORT strength."),
        ),
        ("exposure", "condition", "lane", "certainty", "direction"),
    ),
    View(
        "article_support",
        "What each article rests on",
        "For each article: its studies by kind, its uncited claims, the best level, and where its wording is stronger than its evidence.",
        """
        SELECT a.id AS article_id, a.title AS article, count(s.id) AS studies, coalesce(sum(s.species = 'human'), 0) AS human,
          coalesce(sum(s.species = 'animal'), 0) AS animal, coalesce(sum(s.species = 'in_vitro'), 0) AS in_vitro, coalesce(sum(s.design = 'rct'), 0) AS rcts,
          coalesce(sum(s.design IN ('meta_analysis', 'systematic_review')), 0) AS reviews, coalesce(sum(s.sample_size), 0) AS participants,
          min(s.ocebm_level) AS best_ocebm_level, coalesce(sum(s.citation_id IS NOT NULL OR s.work_id IS NOT NULL), 0) AS with_reference,
          (SELECT count(*) FROM claims c WHERE c.article_id = a.id) AS uncited_claims,
          (SELECT count(*) FROM citations c WHERE c.article_id = a.id) AS citations,
          (SELECT group_concat(p.exposure || ': ' || p.verdict, '; ')
             FROM (SELECT * FROM support WHERE article_id = a.id ORDER BY id) p) AS wording_against_evidence
        FROM articles a LEFT JOIN studies s ON s.article_id = a.id GROUP BY a.id
        """,
        (
            ("article_id", "Number of the article."),
            ("article", "Title."),
            ("studies", "Studies it leans on."),
            ("human", "In people."),
            ("animal", "In animals."),
            ("in_vitro", "In cells."),
            ("rcts", "Randomised trials."),
            ("reviews", "Systematic reviews and meta-analyses."),
            ("participants", "Participants stated, added up (a review and its trials may share some)."),
            ("best_ocebm_level", "Best OCEBM level."),
            ("with_reference", "Studies linked to a reference."),
            ("uncited_claims", "Claims with no study behind them."),
            ("citations", "Entries in its reference list."),
            ("wording_against_evidence", "For each exposure, how its wording fits its evidence."),
        ),
        ("best_ocebm_level",),
    ),
    View(
        "disagreements",
        "Disagreements",
        "Where an article says something else of a study than the work's own abstract says.",
        """
        SELECT d.study_id, a.title AS article, s.label AS study, d.field, d.article_says, d.abstract_says, d.note, w.title AS work, d.abstract_quote, d.work_id,
          s.article_id
        FROM differences d JOIN studies s ON s.id = d.study_id JOIN articles a ON a.id = s.article_id JOIN works w ON w.id = d.work_id
        """,
        (
            ("study_id", "Number of the study."),
            ("article", "Title of the article."),
            ("study", "Short name of the study."),
            ("field", "The field."),
            ("article_says", "What the article says."),
            ("abstract_says", "What the abstract says."),
            ("note", "The difference in words."),
            ("work", "Title of the work."),
            ("abstract_quote", "The abstract's words."),
            ("work_id", "Number of the work."),
            ("article_id", "Number of the article."),
        ),
        ("field",),
    ),
    View(
        "missing_references",
        "Mentions without a reference",
        "Studies that an article leans on without an entry in its list or a work in the library that fits.",
        """
        SELECT s.id AS study_id, a.title AS article, s.label AS study, s.design, s.sample_size, s.quote, s.link_reason, s.article_id
        FROM studies s JOIN articles a ON a.id = s.article_id
        WHERE s.citation_id IS NULL AND s.work_id IS NULL AND s.plural = 0 AND s.own = 0
        """,
        (
            ("study_id", "Number of the study."),
            ("article", "Title of the article."),
            ("study", "Short name."),
            ("design", "Design."),
            ("sample_size", "Participants or animals."),
            ("quote", "The words that speak of it."),
            ("link_reason", "Why nothing was linked."),
            ("article_id", "Number of the article."),
        ),
        ("design",),
    ),
    View(
        "orphan_references",
        "References never mentioned",
        "Entries of an article's reference list that none of its studies was linked to.",
        """
        SELECT c.id AS citation_id, a.title AS article, c.number, c.raw, c.year, c.type, c.work_id, c.article_id
        FROM citations c JOIN articles a ON a.id = c.article_id
        WHERE NOT EXISTS (SELECT 1 FROM studies s WHERE s.citation_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM links l WHERE l.target_citation_id = c.id AND l.chosen = 1)
        """,
        (
            ("citation_id", "Number of the citation."),
            ("article", "Title of the article."),
            ("number", "Place in the list."),
            ("raw", "The entry as printed."),
            ("year", "Year."),
            ("type", "Kind of publication."),
            ("work_id", "The work it was linked to."),
            ("article_id", "Number of the article."),
        ),
        ("type",),
    ),
    View(
        "uncited_claims",
        "Uncited claims",
        "Assertions that lean on research but name no study.",
        """
        SELECT c.id AS claim_id, a.title AS article, c.quote, c.article_id, c."start", c."end"
        FROM claims c JOIN articles a ON a.id = c.article_id
        """,
        (
            ("claim_id", "Number of the claim."),
            ("article", "Title of the article."),
            ("quote", "The claim as written."),
            ("article_id", "Number of the article."),
            ("start", "Where it starts in the article's text."),
            ("end", "Where it ends."),
        ),
    ),
    View(
        "retracted_citations",
        "Retracted citations",
        "Articles that lean on works which were retracted, corrected or put under concern.",
        """
        SELECT DISTINCT w.id AS work_id, w.title AS work, w.retraction, w.retraction_reason, a.title AS article, a.id AS article_id, s.id AS study_id
        FROM works w LEFT JOIN citations c ON c.work_id = w.id LEFT JOIN studies s ON s.work_id = w.id
          JOIN articles a ON a.id = coalesce(s.article_id, c.article_id)
        WHERE w.retraction IS NOT NULL
        """,
        (
            ("work_id", "Number of the work."),
            ("work", "Title of the work."),
            ("retraction", "Its status."),
            ("retraction_reason", "List, row and reason."),
            ("article", "Title of the article."),
            ("article_id", "Number of the article."),
            ("study_id", "The study linked to it."),
        ),
        ("retraction",),
    ),
)


def view_statements() -> list[str]:
    """CREATE VIEW statements."""
    return [f'CREATE VIEW "{v.name}" AS {" ".join(v.sql.split())}' for v in VIEWS]
