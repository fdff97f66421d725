"""A small evidence database written by hand: what the site's tests stand on, independent of how texts are read.

``python tests/fixture_db.py FILE`` writes it. Every text, person, DOI (10.5555/…) and result in it is made up.
"""

# ruff: noqa: C408 - rows read best as one line each
from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from db.store import write_database

Row = dict[str, Any]

SELENIUM = """Selenium and multiple sclerosis

Is the mineral a help? In one Finnish study, blood levels of selenium were lower in 24 people with multiple sclerosis than in their healthy neighbours [1].

A small (18 people), short (5 weeks) study gave selenium tablets to people with MS. Levels in their red cells rose, but no clinical benefit was seen [2].

In mice with an MS-like illness, selenium made the disease worse and more of the animals died.

Selenium is known to strengthen the immune system.

References
1. Virta A, Laine B. Selenium in the blood of people with multiple sclerosis. Northern J Neurol. 1976;12:33-38.
2. Mazzo GL, Testa R. Selenium tablets and red cells in multiple sclerosis. Eur Rev Neurol. 1983;22:442-446. doi:10.5555/sel.1983
3. Fuller P. Minerals on the plate. 2nd ed. Harbour Press; 2007."""

VITAMIN_D = """Vitamin D: can the sunshine vitamin calm MS?

The largest trial so far is clear in one respect. In SUNRAY, 229 adults with relapsing MS took vitamin D or a dummy pill for 48 weeks, and the relapse rate did not differ (Hollander et al., 2019). New lesions on scans were fewer with vitamin D.

A meta-analysis of 12 trials with 950 people found fewer relapses with vitamin D (Osei 2021).

Several studies tie little sunlight to a higher risk of MS.

Ridgeway and colleagues followed 187,563 nurses for 20 years: those with the highest vitamin D intake had a lower risk of MS (Ridgeway 2004).

Vitamin D prevents flares.

References
Hollander J, Smit K. Vitamin D in relapsing multiple sclerosis: the SUNRAY trial. Neurol Trials. 2019;4:e1-e9. doi:10.5555/sunray.2019
Osei K, Brand L. Vitamin D and relapses: a meta-analysis. Rev Neurol Evid. 2021;3:11-29. doi:10.5555/osei.2021
Ridgeway M, Cole T. Vitamin D intake and incidence of multiple sclerosis. Cohort Med. 2004;62:60-65. doi:10.5555/ridgeway.2004"""

COFFEE = """What coffee does to your blood pressure

One trial had 62 men drink five cups of coffee a day for 8 weeks: systolic pressure rose by 3 mmHg [1].

A survey of 1,204 office workers saw no difference in blood pressure between drinkers and abstainers [2].

In heart cells in a dish, caffeine changed calcium waves.

References
1. Barros N, Ito Y. Coffee drinking and systolic pressure in men. Pressure. 2011;7:101-109. doi:10.5555/coffee.2011
2. Lund E. Coffee and blood pressure at the office: a survey. Work Health. 2015;9(2):50-58. doi:10.5555/office.2015"""

ABSTRACT = """Vitamin D in relapsing multiple sclerosis: the SUNRAY trial

BACKGROUND: Low vitamin D goes with relapses. METHODS: We randomised 229 adults to vitamin D or placebo for 48 weeks. RESULTS: The relapse rate did not differ between groups."""

ARTICLES = (
    (1, "selenium-ms", "Selenium and multiple sclerosis", SELENIUM, "article", "https://example.org/selenium"),
    (2, "vitamin-d-ms", "Vitamin D: can the sunshine vitamin calm MS?", VITAMIN_D, "article", None),
    (3, "coffee <pressure>", "What coffee does to your blood pressure", COFFEE, "article", "javascript:alert(1)"),
    (4, "sunray abstract", "Vitamin D in relapsing multiple sclerosis: the SUNRAY trial", ABSTRACT, "abstract", None),
)
TEXTS = {i: text for i, _, _, text, _, _ in ARTICLES}

# id, key, authors, title, container, year, volume, pages, doi, pmid, type, retraction
WORKS = (
    (1, "10.5555/sel.1983", "Mazzo, G L; Testa, R", "Selenium tablets and red cells in multiple sclerosis", "Eur Rev Neurol", 1983, "22", "442-446", "10.5555/sel.1983", "9000001", None),
    (2, "10.5555/sunray.2019", "Hollander, J; Smit, K", "Vitamin D in relapsing multiple sclerosis: the SUNRAY trial", "Neurol Trials", 2019, "4", "e1-e9", "10.5555/sunray.2019", "9000002", None),
    (3, "10.5555/osei.2021", "Osei, K; Brand, L", "Vitamin D and relapses: a meta-analysis", "Rev Neurol Evid", 2021, "3", "11-29", "10.5555/osei.2021", "9000003", None),
    (4, "10.5555/ridgeway.2004", "Ridgeway, M; Cole, T", "Vitamin D intake and incidence of multiple sclerosis", "Cohort Med", 2004, "62", "60-65", "10.5555/ridgeway.2004", None, None),
    (5, "10.5555/coffee.2011", "Barros, N; Ito, Y", "Coffee drinking and systolic pressure in men", "Pressure", 2011, "7", "101-109", "10.5555/coffee.2011", "9000005", "retracted"),
    (6, "10.5555/office.2015", "Lund, E", "Coffee & blood pressure at the office: {a} survey", "Work Health", 2015, "9", "50-58", "10.5555/office.2015", None, None),
)  # fmt: skip
ABSTRACTS = {2: ("rct", "human", 229, 336.0, "none"), 5: ("rct", "human", 26, 56.0, "harm")}

# id, article, number, entry begins with, work, authors, title, container, year, volume, pages, doi
CITATIONS = (
    (1, 1, 1, "Virta A", None, "Virta; Laine", "Selenium in the blood of people with multiple sclerosis", "Northern J Neurol", 1976, "12", "33-38", None),
    (2, 1, 2, "Mazzo GL", 1, "Mazzo; Testa", "Selenium tablets and red cells in multiple sclerosis", "Eur Rev Neurol", 1983, "22", "442-446", "10.5555/sel.1983"),
    (3, 1, 3, "Fuller P", None, "Fuller", "Minerals on the plate", None, 2007, None, None, None),
    (4, 2, 1, "Hollander J", 2, "Hollander; Smit", "Vitamin D in relapsing multiple sclerosis: the SUNRAY trial", "Neurol Trials", 2019, "4", "e1-e9", "10.5555/sunray.2019"),
    (5, 2, 2, "Osei K", 3, "Osei; Brand", "Vitamin D and relapses: a meta-analysis", "Rev Neurol Evid", 2021, "3", "11-29", "10.5555/osei.2021"),
    (6, 2, 3, "Ridgeway M, Cole", 4, "Ridgeway; Cole", "Vitamin D intake and incidence of multiple sclerosis", "Cohort Med", 2004, "62", "60-65", "10.5555/ridgeway.2004"),
    (7, 3, 1, "Barros N", 5, "Barros; Ito", "Coffee drinking and systolic pressure in men", "Pressure", 2011, "7", "101-109", "10.5555/coffee.2011"),
    (8, 3, 2, "Lund E", 6, "Lund", "Coffee and blood pressure at the office: a survey", "Work Health", 2015, "9", "50-58", "10.5555/office.2015"),
)  # fmt: skip

MS = "multiple sclerosis"
# Each study: its place in words, its values with the words they were read from, its findings.
STUDIES: tuple[Row, ...] = (
    dict(
        id=1, article_id=1, label="one Finnish study", parts=["In one Finnish study, blood levels of selenium were lower in 24 people with multiple sclerosis than in their healthy neighbours [1]."],
        design=("case_control", "lower in 24 people with multiple sclerosis than in their healthy neighbours"), species=("human", "people"), sample_size=(24, "24 people"),
        exposure=("selenium", "selenium"), condition=(MS, "multiple sclerosis"), effect="unclear", citation_id=1, link=("marker", 0.97, "the marker [1] ends the sentence"), ocebm="4", sort="3",
        findings=[("blood levels of selenium", "selenium level", "decreased", "unclear", "surrogate", "blood levels of selenium were lower")],
    ),
    dict(
        id=2, article_id=1, label="a small, short study", qualities=[("small", "A small"), ("short", "short")], parts=["A small (18 people), short (5 weeks) study gave selenium tablets to people with MS.", "Levels in their red cells rose, but no clinical benefit was seen [2]."],
        design=("nonrandomized_trial", "study gave selenium tablets"), species=("human", "people"), sample_size=(18, "18 people"), duration_days=(35.0, "5 weeks"), exposure=("selenium", "selenium tablets"),
        condition=(MS, "MS"), effect="none", citation_id=2, work_id=1, link=("marker", 0.98, "the marker [2] ends the next sentence"), ocebm="4", sort="2",
        findings=[("Levels in their red cells", "selenium level", "increased", "benefit", "surrogate", "Levels in their red cells rose"),
                  ("clinical benefit", "disease course", "no_difference", "none", "clinical", "no clinical benefit was seen")],
    ),
    dict(
        id=3, article_id=1, label="mice with an MS-like illness", parts=["In mice with an MS-like illness, selenium made the disease worse and more of the animals died."],
        design=("animal", "In mice"), species=("animal", "mice"), exposure=("selenium", "selenium"), condition=(MS, "MS-like illness"), effect="harm", link=("none", 0.0, "no entry of the list speaks of animals"), ocebm="5", sort="3",
        findings=[("the disease", "disease course", "increased", "harm", "clinical", "made the disease worse"), ("animals died", "mortality", "increased", "harm", "mortality", "more of the animals died")],
    ),
    dict(
        id=4, article_id=2, label="SUNRAY", parts=["In SUNRAY, 229 adults with relapsing MS took vitamin D or a dummy pill for 48 weeks, and the relapse rate did not differ (Hollander et al., 2019).", "New lesions on scans were fewer with vitamin D."],
        design=("rct", "trial"), species=("human", "adults"), sample_size=(229, "229 adults"), duration_days=(336.0, "48 weeks"), exposure=("vitamin D", "vitamin D"), comparator=("placebo", "a dummy pill"),
        condition=(MS, "relapsing MS"), effect="mixed", citation_id=4, work_id=2, link=("author_year", 0.99, "Hollander and 2019 name one entry"), ocebm="2", sort="1",
        findings=[("relapse rate", "relapse", "no_difference", "none", "clinical", "the relapse rate did not differ"), ("New lesions on scans", "lesions", "decreased", "benefit", "surrogate", "New lesions on scans were fewer")],
    ),
    dict(
        id=5, article_id=2, label="a meta-analysis of 12 trials", parts=["A meta-analysis of 12 trials with 950 people found fewer relapses with vitamin D (Osei 2021)."],
        design=("meta_analysis", "meta-analysis"), species=("human", "people"), sample_size=(950, "950 people"), studies_pooled=(12, "12 trials"), exposure=("vitamin D", "vitamin D"), condition=(MS, None), effect="benefit", citation_id=5,
        work_id=3, link=("author_year", 0.99, "Osei and 2021 name one entry"), ocebm="1", sort="1", findings=[("relapses", "relapse", "decreased", "benefit", "clinical", "found fewer relapses")],
    ),
    dict(
        id=6, article_id=2, label="several studies", parts=["Several studies tie little sunlight to a higher risk of MS."], plural=1, design=("unspecified", None), species=("human", None), exposure=("sunlight", "little sunlight"),
        condition=(MS, "MS"), effect="unclear", link=("none", 0.0, "names no study"), ocebm=None, sort=None, findings=[("risk of MS", "risk of disease", "associated", "unclear", "clinical", "tie little sunlight to a higher risk of MS")],
    ),
    dict(
        id=7, article_id=2, label="Ridgeway and colleagues", parts=["Ridgeway and colleagues followed 187,563 nurses for 20 years: those with the highest vitamin D intake had a lower risk of MS (Ridgeway 2004)."],
        design=("cohort", "followed"), species=("human", "nurses"), sample_size=(187563, "187,563 nurses"), duration_days=(7305.0, "20 years"), exposure=("vitamin D", "vitamin D intake"), condition=(MS, "MS"), effect="benefit",
        citation_id=6, work_id=4, link=("author_year", 0.99, "Ridgeway and 2004 name one entry"), ocebm="3", sort="2", findings=[("risk of MS", "risk of disease", "decreased", "benefit", "clinical", "had a lower risk of MS")],
    ),
    dict(
        id=8, article_id=3, label="one trial", parts=["One trial had 62 men drink five cups of coffee a day for 8 weeks: systolic pressure rose by 3 mmHg [1]."], design=("rct", "One trial"), species=("human", "men"), sample_size=(62, "62 men"),
        duration_days=(56.0, "8 weeks"), exposure=("coffee", "coffee"), condition=("high blood pressure", None), effect="harm", citation_id=7, work_id=5, link=("marker", 0.97, "the marker [1] ends the sentence"), ocebm="2", sort="2",
        findings=[("systolic pressure", "blood pressure", "increased", "harm", "surrogate", "systolic pressure rose by 3 mmHg")],
    ),
    dict(
        id=9, article_id=3, label="a survey", parts=["A survey of 1,204 office workers saw no difference in blood pressure between drinkers and abstainers [2]."], design=("cross_sectional", "A survey"), species=("human", "office workers"),
        sample_size=(1204, "1,204 office workers"), exposure=("coffee", "drinkers"), condition=("high blood pressure", None), effect="none", citation_id=8, work_id=6, link=("marker", 0.97, "the marker [2] ends the sentence"), ocebm="4", sort="3",
        findings=[("blood pressure", "blood pressure", "no_difference", "none", "surrogate", "no difference in blood pressure")],
    ),
    dict(
        id=10, article_id=3, label="heart cells in a dish", parts=["In heart cells in a dish, caffeine changed calcium waves."], design=("in_vitro", "in a dish"), species=("in_vitro", "heart cells in a dish"), exposure=("caffeine", "caffeine"),
        condition=("high blood pressure", None), effect="unclear", link=("none", 0.0, "no entry of the list fits"), ocebm="5", sort="3", findings=[("calcium waves", "calcium waves", "unclear", "unclear", "surrogate", "changed calcium waves")],
    ),
    dict(
        id=11, article_id=4, label="this trial", own=1, parts=["We randomised 229 adults to vitamin D or placebo for 48 weeks.", "The relapse rate did not differ between groups."], design=("rct", "randomised"), species=("human", "adults"),
        sample_size=(229, "229 adults"), duration_days=(336.0, "48 weeks"), exposure=("vitamin D", "vitamin D"), comparator=("placebo", "placebo"), condition=(MS, None), effect="none", work_id=2, link=("hash", 1.0, "same title and year"), ocebm="2", sort="1",
        findings=[("relapse rate", "relapse", "no_difference", "none", "clinical", "The relapse rate did not differ")],
    ),
)  # fmt: skip

CLAIMS = ((1, 1, "Selenium is known to strengthen the immune system."), (2, 2, "Vitamin D prevents flares."))

# exposure, condition, outcome, lane, participants, (favourable, unfavourable, none, mixed, unclear), p, (share, low, high), direction, best level, certainty, SORT, (study, counted, vote, note)
BODIES = (
    ("selenium", MS, "disease course", "human", 18, (0, 0, 1, 0, 0), None, None, "none", "4", "very_low", "C", ((2, 1, "none", None),)),
    ("selenium", MS, "selenium level", "human", 42, (1, 0, 0, 0, 1), 1.0, (1.0, 0.2065, 1.0), "benefit", "4", "very_low", "C", ((1, 1, "unclear", None), (2, 1, "benefit", None))),
    ("selenium", MS, "disease course", "animal", None, (0, 1, 0, 0, 0), 1.0, (0.0, 0.0, 0.7935), "harm", "5", None, None, ((3, 1, "harm", None),)),
    ("selenium", MS, "mortality", "animal", None, (0, 1, 0, 0, 0), 1.0, (0.0, 0.0, 0.7935), "harm", "5", None, None, ((3, 1, "harm", None),)),
    ("vitamin D", MS, "relapse", "human", 1179, (1, 0, 1, 0, 0), 1.0, (1.0, 0.2065, 1.0), "benefit", "1", "moderate", "A",
     ((4, 1, "none", None), (5, 1, "benefit", None), (11, 0, "none", "the same work as SUNRAY, counted there"))),
    ("vitamin D", MS, "lesions", "human", 229, (1, 0, 0, 0, 0), 1.0, (1.0, 0.2065, 1.0), "benefit", "2", "low", "B", ((4, 1, "benefit", None),)),
    ("vitamin D", MS, "risk of disease", "human", 187563, (1, 0, 0, 0, 0), 1.0, (1.0, 0.2065, 1.0), "benefit", "3", "low", "B", ((7, 1, "benefit", None),)),
    ("sunlight", MS, "risk of disease", "human", None, (0, 0, 0, 0, 1), None, None, "unclear", None, None, None, ((6, 1, "unclear", "several unnamed studies"),)),
    ("coffee", "high blood pressure", "blood pressure", "human", 1266, (0, 1, 1, 0, 0), 1.0, (0.0, 0.0, 0.7935), "harm", "2", "low", "C", ((8, 1, "harm", None), (9, 1, "none", None))),
    ("caffeine", "high blood pressure", "calcium waves", "in_vitro", None, (0, 0, 0, 0, 1), None, None, "unclear", "5", None, None, ((10, 1, "unclear", None),)),
)  # fmt: skip


def place(article: int, words: str, after: int = 0) -> tuple[int, int]:
    """Where words stand in an article's text."""
    start = TEXTS[article].index(words, after)
    return start, start + len(words)


def rows(excerpts: bool = False) -> dict[str, list[Row]]:
    """Rows of every table."""
    out: dict[str, list[Row]] = {
        t: []
        for t in (
            "articles",
            "works",
            "work_authors",
            "citations",
            "studies",
            "findings",
            "claims",
            "bodies",
            "body_studies",
            "grades",
            "grade_reasons",
            "provenance",
            "links",
            "passages",
            "qualities",
        )
    }
    for i, key, title, text, kind, url in ARTICLES:
        out["articles"].append(
            dict(
                id=i,
                key=key,
                title=title,
                url=url,
                format="markdown",
                kind=kind,
                text=None if excerpts else text,
                characters=len(text),
                spun=0.0,
                source=f"{key}.md",
                sha256=hashlib.sha256(text.encode()).hexdigest(),
            )
        )
    _works(out)
    for i, article, number, begins, work, authors, title, container, year, volume, pages, doi in CITATIONS:
        start, _ = place(article, begins, TEXTS[article].index("References"))
        end = TEXTS[article].find("\n", start)
        end = len(TEXTS[article]) if end < 0 else end
        out["citations"].append(
            dict(id=i, article_id=article, number=number, label=str(number), raw=TEXTS[article][start:end], authors=authors, title=title, container=container, year=year, volume=volume, pages=pages, doi=doi,
                 type="article" if container else "book", inline=0, start=start, end=end, work_id=work, link_reason="same DOI" if work else "no work of the library fits")
        )  # fmt: skip
    for study in STUDIES:
        _study(out, study)
    for i, article, quote in CLAIMS:
        start, end = place(article, quote)
        out["claims"].append(dict(id=i, article_id=article, quote=quote, start=start, end=end, rule="assertion"))
    for number, body in enumerate(BODIES, 1):
        _body(out, number, body)
    out |= _rest(out)
    return out


def _works(out: dict[str, list[Row]]) -> None:
    for i, key, authors, title, container, year, volume, pages, doi, pmid, retraction in WORKS:
        design, species, n, days, effect = ABSTRACTS.get(i, (None,) * 5)
        out["works"].append(
            dict(id=i, key=key, authors=authors, title=title, container=container, year=year, volume=volume, pages=pages, doi=doi, pmid=pmid, type="article", keywords="nutrition",
                 abstract="A made-up abstract: 26 men drank coffee." if i == 5 else ABSTRACT.split("\n\n")[1] if i == 2 else None, retraction=retraction,
                 retraction_reason="list.csv, row 2: data could not be verified" if retraction else None, abstract_design=design, abstract_species=species, abstract_sample_size=n, abstract_duration_days=days,
                 abstract_effect=effect, sources=json.dumps({"title": "library.bib:" + key}))
        )  # fmt: skip
        for position, name in enumerate(authors.split("; "), 1):
            family, _, given = name.partition(", ")
            out["work_authors"].append(dict(work_id=i, position=position, family=family, given=given, literal=0))


def _study(out: dict[str, list[Row]], study: Row) -> None:
    article, i = study["article_id"], study["id"]
    spans = [place(article, p) for p in study["parts"]]
    start, end = spans[0]
    row: Row = dict(id=i, key=f"{ARTICLES[article - 1][1]}-{i:04x}", article_id=article, position=1 + sum(s["article_id"] == article for s in out["studies"]), label=study["label"], quote=study["parts"][0],
                    start=start, end=end, plural=study.get("plural", 0), own=study.get("own", 0), effect=study["effect"], citation_id=study.get("citation_id"), work_id=study.get("work_id"),
                    link_method=study["link"][0], link_score=study["link"][1], link_reason=study["link"][2], ocebm_level=study["ocebm"], sort_level=study["sort"])  # fmt: skip
    for field in ("design", "species", "sample_size", "studies_pooled", "duration_days", "exposure", "comparator", "condition"):
        if field not in study:
            continue
        value, words = study[field]
        row[field] = value
        if words is None:
            continue
        where = next((place(article, words, s) for s, e in spans if words in TEXTS[article][s:e]), place(article, words))
        out["provenance"].append(
            dict(id=len(out["provenance"]) + 1, study_id=i, field=field, value=str(value), start=where[0], end=where[1], quote=words, rule=f"{field}_words")
        )
        if field == "duration_days":
            row |= dict(duration_text=words, duration_phase="treatment")
    for position, (begin, stop) in enumerate(spans, 1):
        out["passages"].append(dict(id=len(out["passages"]) + 1, study_id=i, position=position, start=begin, end=stop, quote=TEXTS[article][begin:stop]))
    for kind, words in study.get("qualities", ()):
        where = place(article, words, start)
        out["qualities"].append(dict(id=len(out["qualities"]) + 1, study_id=i, kind=kind, start=where[0], end=where[1], quote=words))
    row |= dict(exposure_term=row["exposure"], condition_term=row["condition"])
    out["studies"].append(row)
    for position, (outcome, term, change, effect, kind, words) in enumerate(study["findings"], 1):
        where = place(article, words, start)
        out["findings"].append(dict(id=len(out["findings"]) + 1, study_id=i, position=position, outcome=outcome, outcome_term=term, change=change, effect=effect, outcome_type=kind, question="benefit",
                                    start=where[0], end=where[1], quote=words, rule="verb", main=int(position == 1)))  # fmt: skip
    for scale in ("ocebm", "sort"):
        grade = len(out["grades"]) + 1
        out["grades"].append(
            dict(id=grade, study_id=i, scale=scale, question="benefit", level=study[scale], provisional=1, profile="default", profile_hash="f00dfeed")
        )
        _reason(out, grade, 1, "design", "start", 0, f"a {row['design'].replace('_', ' ')} starts here", "design", row["design"])
        if i == 2 and scale == "ocebm":
            _reason(out, grade, 2, "imprecision", "down", -1, "fewer than 30 participants", "sample_size", "18", *place(article, "18 people"))
        _reason(out, grade, 3, "level", "end" if study[scale] else "note", 0, f"level {study[scale]}" if study[scale] else "no level: the design is not stated")
    link = dict(
        article_id=article,
        study_id=i,
        method=study["link"][0],
        score=study["link"][1],
        reason=study["link"][2],
        chosen=int(study.get("citation_id") is not None),
        rank=1,
        target_citation_id=study.get("citation_id"),
    )
    out["links"].append(link | dict(id=len(out["links"]) + 1))
    if i == 2:
        out["links"].append(
            dict(
                id=len(out["links"]) + 1,
                article_id=1,
                study_id=2,
                target_citation_id=1,
                method="content",
                score=0.41,
                reason="shares the words selenium and multiple sclerosis",
                chosen=0,
                rank=2,
            )
        )


def _reason(
    out: dict[str, list[Row]],
    grade: int,
    step: int,
    domain: str,
    direction: str,
    steps: int,
    reason: str,
    field: str | None = None,
    value: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> None:
    quote = SELENIUM[start:end] if start is not None else None
    out["grade_reasons"].append(
        dict(
            id=len(out["grade_reasons"]) + 1,
            grade_id=grade,
            step=step,
            domain=domain,
            direction=direction,
            steps=steps,
            reason=reason,
            field=field,
            value=value,
            start=start,
            end=end,
            quote=quote,
        )
    )


def _body(out: dict[str, list[Row]], number: int, body: tuple[Any, ...]) -> None:
    exposure, condition, outcome, lane, participants, votes, p, share, direction, best, certainty, sort, members = body
    level = (certainty or "not graded").replace("_", " ")
    out["bodies"].append(
        dict(id=number, key=" | ".join((exposure, condition, outcome, lane)), name=f"{exposure} for {condition}: {outcome}", exposure=exposure, condition=condition, outcome=outcome, lane=lane,
             studies=sum(c for _, c, _, _ in members), participants=participants, favourable=votes[0], unfavourable=votes[1], no_effect=votes[2], mixed=votes[3], unclear=votes[4], sign_test_p=p,
             favourable_share=share[0] if share else None, wilson_low=share[1] if share else None, wilson_high=share[2] if share else None, direction=direction, best_ocebm_level=best, certainty=certainty,
             certainty_observational=certainty, sort_grade=sort, summary=f"Certainty is {level}: the best evidence starts there, and few people took part. Fewer than six votes: a sign test cannot reach P < .05.")
    )  # fmt: skip
    for study, counted, vote, note in members:
        finding = next(f["id"] for f in out["findings"] if f["study_id"] == study and f["outcome_term"] == outcome)
        out["body_studies"].append(
            dict(id=len(out["body_studies"]) + 1, body_id=number, study_id=study, finding_id=finding, vote=vote, counted=counted, note=note)
        )
    if certainty:
        grade = len(out["grades"]) + 1
        out["grades"].append(
            dict(id=grade, body_id=number, scale="grade", question="benefit", level=certainty, provisional=1, profile="default", profile_hash="f00dfeed")
        )
        _reason(out, grade, 1, "design", "start", 0, "the best evidence sets the start", "design")
        _reason(out, grade, 2, "imprecision", "down", -1, "fewer than 400 participants or 6 votes", "participants", str(participants))
        _reason(out, grade, 3, "certainty", "end", 0, f"certainty {level}")


def _rest(out: dict[str, list[Row]]) -> dict[str, list[Row]]:
    start, end = place(1, "known to strengthen the immune system")
    counts = {t: len(r) for t, r in out.items()}
    return {
        "terms": [
            dict(id=1, kind="exposure", term="selenium", known=1, written="selenium; selenium tablets", uses=3),
            dict(id=2, kind="exposure", term="vitamin D", known=1, written="vitamin D; vitamin D intake", uses=4),
            dict(id=3, kind="condition", term=MS, known=1, written="MS; multiple sclerosis; relapsing MS", uses=8),
        ],
        "support": [
            dict(id=1, article_id=1, exposure="selenium", wording="strong", quote="known to strengthen the immune system", start=start, end=end, studies=3, best_ocebm_level="4", best_design="case_control", verdict="stronger than evidence", reason="certain wording, no study above level 4"),
            dict(id=2, article_id=2, exposure="vitamin D", wording="strong", quote="Vitamin D prevents flares", start=place(2, "Vitamin D prevents flares")[0], end=place(2, "Vitamin D prevents flares")[1], studies=3, best_ocebm_level="1", best_design="meta_analysis", verdict="fits", reason="certain wording, level 1"),
        ],
        "differences": [dict(id=1, study_id=8, work_id=5, field="sample_size", article_says="62", abstract_says="26", abstract_quote="26 men drank coffee", note="the article says 62 participants, the abstract 26")],
        "corrections": [dict(id=1, study_id=3, study_key="selenium-ms-0003", field="species", old="unknown", new="animal", who="A. Reader", corrected_on="2026-01-05", why="the sentence says mice", applied=1)],
        "runs": [dict(id=1, version="0.1.0", input_digest="c0ffee" * 8, profile="default", profile_hash="f00dfeed", excerpts=0, libraries="library.bib", counts=json.dumps(counts))],
        "problems": [dict(id=1, source="broken.pdf", kind="unreadable", message="broken.pdf: not a PDF; save it again", line=None)],
        "accuracy": [
            dict(id=1, area="articles", dataset="unseen health articles", field="sample_size", metric="accuracy", value=0.97, n=210, low=0.937, high=0.986, others="rules of a published tool: 0.85", note="exact match"),
            dict(id=2, area="articles", dataset="unseen health articles", field="design", metric="accuracy", value=0.93, n=210, low=0.887, high=0.957, others=None, note=None),
            dict(id=3, area="references", dataset="reference lists", field="title", metric="F1", value=0.95, n=1200, low=0.936, high=0.961, others="GROBID 0.93", note=None),
        ],
    }  # fmt: skip


def write(path: Path, excerpts: bool = False) -> Path:
    """Write the database."""
    write_database(path, rows(excerpts))
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]), "--excerpts" in sys.argv)
