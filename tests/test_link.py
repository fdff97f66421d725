"""From "Mazzella 1983" to the paper: pointers in the text, links to the list, links to the library."""

import json
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ingest.cli_cite import cite
from ingest.find.markers import find_markers
from ingest.link.content import ContentIndex, is_story, journals_named, link_content
from ingest.link.lay import meanings
from ingest.link.mentions import link_mentions
from ingest.link.stories import CLOSE, candidates, link_story, passages
from ingest.link.works import Library, link_citation
from ingest.read.works import new_work
from ingest.records import Article, Author, Citation, Hyperlink, Link, Mention, Span, Study, Work
from ingest.text.pointers import same_journal
from ingest.text.prose import Prose

EVAL = Path(__file__).resolve().parents[1].parent / "shared" / "eval"


def entry(number: int, raw: str, authors: tuple[str, ...] = (), year: int | None = None, **more: object) -> Citation:
    return Citation(number, 0, 0, raw, authors=authors, year=year, **more)  # type: ignore[arg-type]


LIST = (
    entry(1, "Mazzella GL, Sinfori E. Selenium in the red cells of 14 people. Eur Neurol 1983;22:442-6.", ("Mazzella", "Sinfori"), 1983,
          title="Selenium in the red cells of 14 people", container="Eur Neurol"),
    entry(2, "Du Toit G, et al. Early peanuts. N Engl J Med. 2015;372:803.", ("Du Toit",), 2015, title="Early peanuts", container="N Engl J Med"),
    entry(3, "Du Toit G, et al. Peanuts at five: LEAP-On. N Engl J Med. 2016;374:1435.", ("Du Toit",), 2016, title="Peanuts at five: LEAP-On",
          container="N Engl J Med"),
    entry(4, "World Health Organization. Water. Geneva; 2001.", ("World Health Organization",), 2001, title="Water"),
    entry(5, "Lee A, Poe B. Mice and cocoa. Lancet 2012;1:2.", ("Lee", "Poe"), 2012, title="Mice and cocoa", container="Lancet"),
    entry(6, "Lee A, Roe C, Poe B. Cocoa in men. BMJ 2012;3:4.", ("Lee", "Roe", "Poe"), 2012, title="Cocoa in men", container="BMJ"),
)  # fmt: skip


def pointed(text: str, citations: tuple[Citation, ...] = LIST) -> list[tuple[str, tuple[int, ...]]]:
    return [(text[m.start : m.end], m.numbers) for m in find_markers(Article("x", text), (), citations)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("It fell [1].", [("[1]", (1,))]),
        ("It fell [1, 3-5].", [("[1, 3-5]", (1, 3, 4, 5))]),
        ("It fell.¹,³ So it did.", [("¹,³", (1, 3))]),
        ("It covered 12 m² of floor.", []),
        ("It fell (Mazzella & Sinfori, 1983).", [("Mazzella & Sinfori, 1983", (1,))]),
        ("In Mazzella 1983 it fell.", [("Mazzella 1983", (1,))]),
        ("Mazzella's 1983 study was small.", [("Mazzella's 1983 study", (1,))]),
        ("Mazzella and colleagues saw it fall.", [("Mazzella and colleagues", (1,))]),
        ("It did (Du Toit et al., 2015, 2016).", [("Du Toit et al., 2015, 2016", (2, 3))]),
        ("It did (World Health Organization, 2001).", [("World Health Organization, 2001", (4,))]),
        ("Lee and Poe (2012) saw it, Lee et al. (2012) did not.", [("Lee and Poe (2012)", (5,)), ("Lee et al. (2012)", (6,))]),
        ("Work led by Mazzella found it.", [("Mazzella", (1,))]),
        ("According to a 2012 Lancet study it does.", [("2012 Lancet", (5,))]),
        (
            "A study published in 2015 in the New England Journal of Medicine said so.",
            [("A study published in 2015 in the New England Journal of Medicine", (2,))],
        ),
        ("A study in the New England Journal of Medicine said so.", [("A study in the New England Journal of Medicine", ())]),
        ("Mr Smith, 1983, was not there, nor was Lee Street.", []),
    ],
)
def test_pointers_are_found(text: str, want: list[tuple[str, tuple[int, ...]]]) -> None:
    assert pointed(text) == want


def test_numbers_that_lost_their_place() -> None:
    numbered = tuple(entry(n, f"{n} Some paper number {n}.", label=str(n)) for n in range(1, 5))
    assert pointed("The first came from Finland.1 It was large.2 There were 3.5 of them. In 2019 it ended.4", numbered) == [
        ("1", (1,)),
        ("2", (2,)),
        ("4", (4,)),
    ]
    assert pointed("There were three questions: (1) how, (2) why, and (3) when.", LIST) == []


def test_keys_and_letters() -> None:
    keyed = (entry(1, "x", label="Proksch 2014a"), entry(2, "y", label="Lee14"))
    assert pointed("It helps [Proksch 2014a]. It does not [Lee14].", keyed) == [("[Proksch 2014a]", (1,)), ("[Lee14]", (2,))]
    lettered = (entry(1, "Li A. 2015. One.", ("Li",), 2015), entry(2, "Li A. 2015. Two.", ("Li",), 2015))
    assert pointed("As shown (Li, 2015b).", lettered) == [("Li, 2015b", (2,))]
    assert pointed("As shown (Li, 2015).", lettered) == [("Li, 2015", ())]


def test_reference_lists_are_not_running_text() -> None:
    text = "It fell [1].\nReferences\n[1] Mazzella GL 1983."
    assert [m.start for m in find_markers(Article("x", text), (Span(13, len(text)),), LIST)] == [8]


def test_nothing_is_slow_on_hostile_text() -> None:
    start = time.process_time()
    for text in ("Lee, " * 4000, "Lee and " * 3000, "A" * 40_000, "study " * 6000, "a 2012 " * 5000, "[1," * 8000, "by " * 9000 + "Lee", "Du " * 5000):
        find_markers(Article("x", text), (), LIST)
    assert time.process_time() - start < 8


# --- mentions


def linked(text: str, heads: list[str], citations: tuple[Citation, ...] = LIST, hyperlinks: tuple[Hyperlink, ...] = ()) -> list[list[Link]]:
    """Links of mentions that are the sentences beginning with the given words."""
    article = Article("x", text, hyperlinks=hyperlinks)
    prose = Prose(article, (), find_markers(article, (), citations), citations)
    spans = [next(s.span for s in prose.sentences if text.startswith(h, s.start)) for h in heads]
    mentions = [Mention(s.start, s.end, (s,), "t") for s in spans]
    links = link_mentions(prose, mentions, citations)
    return [[x for x in links if x.source_index == i] for i in range(len(heads))]


def chosen(links: list[Link]) -> list[str | None]:
    return [x.target for x in links if x.chosen]


def test_a_marker_in_its_sentences_settles_it() -> None:
    first, second = linked("A trial gave people cocoa.[6] Mice got it too (Lee and Poe, 2012).", ["A trial", "Mice got"])
    assert chosen(first) == ["6"]
    assert chosen(second) == ["5"]
    assert "[6]" in first[0].reason


def test_a_marker_further_on_belongs_to_the_study_before_it() -> None:
    first, second = linked("A trial gave people cocoa. They slept more. All of them were men.[6]\nAnother gave it to mice.", ["A trial", "Another"])
    assert chosen(first) == ["6"]
    assert first[0].score < 0.9
    assert chosen(second) == []


def test_what_is_said_decides_between_two_by_one_name() -> None:
    (links,) = linked("Du Toit and colleagues looked again when the children were five, in LEAP-On.", ["Du Toit"])
    assert chosen(links) == ["3"]


def test_content_links_one_clear_winner_and_says_why_there_is_none() -> None:
    text = "Scientists measured selenium in the red cells of 14 people.\nA study asked about tea."
    first, second = linked(text, ["Scientists", "A study"])
    assert chosen(first) == ["1"]
    assert first[0].method == "content"
    assert "selen" in first[0].reason
    assert second[0].target is None
    assert second[0].reason


def test_an_inline_link_is_a_position() -> None:
    text = "A trial of cocoa found it."
    cited = (*LIST, entry(7, "x", doi="10.1234/cocoa"))
    (links,) = linked(text, ["A trial"], cited, (Hyperlink(2, 7, "https://doi.org/10.1234/COCOA"),))
    assert chosen(links) == ["7"]
    assert links[0].method == "position"


def test_journals_in_full_and_in_short() -> None:
    assert same_journal("proc natl acad sci".split(), "proceedings of the national academy of sciences".split())
    assert same_journal(["jama"], "journal of the american medical association".split())
    assert not same_journal("eur neurol".split(), "eur urol".split())


# --- the library


def work(ident: str, family: str, title: str, year: int, container: str, volume: str, pages: str, **more: object) -> Work:
    return new_work(
        "lib", ident, title=title, authors=[Author(family, "A"), Author("Poe", "B")], year=year, container=container, volume=volume, pages=pages, **more
    )


WORKS = (
    work("maz", "Mazzella", "Blood cells, selenium and multiple sclerosis: a controlled study", 1983, "European Neurology", "22", "442-446", doi="10.1234/maz"),
    work("maz2", "Mazzella", "Blood cells, selenium and multiple sclerosis: ten years on", 1984, "European Neurology", "23", "12-19"),
    work("lee", "Lee", "Cocoa and the sleep of young men", 2012, "BMJ", "344", "e100", abstract="We gave cocoa to 1,312 young men in the LULLABY trial."),
    work("kim", "Kim", "Running and knees: a survey of runners", 2012, "Journal of Sports Medicine", "9", "1-8"),
    work("kim2", "Kim", "Swimming and shoulders in later life", 2012, "Journal of Sports Physiology", "3", "81-88"),
)
LIBRARY = Library(WORKS)


def found(raw: str) -> str | None:
    first = link_citation(Citation(1, 0, len(raw), raw), LIBRARY)[0]
    return LIBRARY.name_of(first.target) if first.chosen and first.target else None


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        ("Mazzella A, Poe B. Blood cells, selenium and multiple sclerosis: a controlled study. Eur Neurol 1983;22:442-446.", "maz"),
        ("Mazella A, Poe B. Blod cells, selenum and multiple sclerosis: ten years on. Eur. Neurol. 23, 12-19 (1984)", "maz2"),
        ("Mazzella A (1983). Blood cells you selenium now multiple sclerosis: per controlled study. European Neurology 22, 442.", "maz"),
        ("Eur Neurol 1983;22:442-6", "maz"),
        ("doi:10.1234/MAZ", "maz"),
        ("Cocoa and the sleep of young men", "lee"),
        ("Lee and Poe, 2012", "lee"),
        # absent, with near ones present: same author and journal, near title, next year
        ("Mazzella A, Poe B. Blood cells, copper and multiple sclerosis in children: a controlled study. Eur Neurol 1984;23:99-104.", None),
        ("Mazzella A. Selenium in hair. J Trace Elem 1983;4:1-2.", None),
        ("Lee A. Tea and the dreams of old women. BMJ 2012;344:e999.", None),
        ("Kim et al., 2012", None),  # two fit
        ("Nobody N. Nothing at all. J Void 1950;1:1.", None),
        ("", None),
    ],
)  # fmt: skip
def test_references_find_their_work_or_none(raw: str, want: str | None) -> None:
    assert found(raw) == want


def test_a_refusal_says_why_and_keeps_the_runner_up() -> None:
    links = link_citation(Citation(1, 0, 0, "Kim et al., 2012"), LIBRARY)
    assert links[0].target is None
    assert links[0].reason == "two works fit"
    assert {x.target for x in links[1:]} == {WORKS[3].key, WORKS[4].key}
    links = link_citation(
        Citation(1, 0, 0, "Mazzella A, Poe B. Blood cells, selenium and multiple sclerosis: a controlled study. Eur Neurol 1983;22:442-446."), LIBRARY
    )
    assert links[0].chosen
    assert "same title" in links[0].reason
    assert [x.chosen for x in links].count(True) == 1


def test_linking_does_not_depend_on_the_order_of_the_library() -> None:
    other = Library(reversed(WORKS))
    for raw in ("Kim et al., 2012", "Eur Neurol 1983;22:442-6", "Mazzella 1983", "Cocoa and the sleep of young men"):
        citation = Citation(1, 0, 0, raw)
        assert [(x.target, x.score, x.chosen) for x in link_citation(citation, LIBRARY)] == [
            (x.target, x.score, x.chosen) for x in link_citation(citation, other)
        ]


STORY = (
    "Hot chocolate before bed could help young men to sleep, say scientists. In the largest trial of its kind, 1,312 of them drank cocoa for a month, and it was "
    "the men with the most cocoa who slept longest. “We were surprised,” said Dr A Lee, who led the work. The team now wants to know if it is the sugar or the warmth of "
    "the milk that does it, and whether the same is true for women and for people who are older. The paper was published in the BMJ."
)


def test_a_story_finds_the_paper_it_reports() -> None:
    assert is_story(STORY)
    assert not is_story("Mazzella A, Poe B. Blood cells, selenium and multiple sclerosis. Eur Neurol 1983;22:442-446." * 6)
    links = link_story(STORY, LIBRARY)
    assert LIBRARY.name_of(links[0].target or "") == "lee"
    assert any("names" in x for x in links[0].reason.split("; "))


def test_a_story_in_lay_words_finds_the_paper_in_medical_ones() -> None:
    abstract = "Of 652 patients with oesophageal carcinoma, 66% had a stricture after endoscopic resection. Dilatation was needed in 23.1%."
    gullet = new_work("t", "gullet", title="Stricture of the oesophagus after endoscopic resection", abstract=abstract, year=2015)
    others = [
        new_work("t", f"o{i}", title=f"Outcome {i} of surgical resection in patients", abstract=f"Of {300 + i} patients {i + 30}% had pain.") for i in range(20)
    ]
    library = Library([*others, gullet])
    story = (
        "Trouble swallowing after cancer is shaved out\nTwo out of three people whose tumor of the food pipe was taken out with a scope end up with a narrowing, say "
        "doctors. More than 650 were in the study. It is not known why. A charity said that it was surprised and that it would like to see more of this."
    )
    links = link_story(story, library)
    assert library.name_of(links[0].target or "") == "gullet"
    best = dict(zip(CLOSE, candidates(story, library)[0].features[-len(CLOSE) :], strict=True))
    assert best["rounded"] > 0  # more than 650 for 652
    assert best["shares"] > 0  # two out of three for 66 %


def test_a_story_that_prints_its_source_is_linked_to_it() -> None:
    works = [
        new_work("t", f"o{i}", title=f"The slow effect of plain {food} on tired men and women", doi=f"10.1234/ab{i}", pmid=str(700 + i), abstract="Meals.")
        for i, food in enumerate("rye barley millet rice porridge maize wheat spelt bread".split())
    ]
    library = Library(works)
    body = "Porridge is the food of the tired, and it has been so for as long as there were oats in the north. It was the men who ate most of it. " * 3
    for source in ("doi: 10.1234/AB4.", "https://pubmed.ncbi.nlm.nih.gov/704/", "The slow effect of plain porridge on tired men and women. J Oats, 2014"):
        assert library.name_of(link_story(f"{body}Source: {source}", library)[0].target or "") == "o4"
    assert link_story(f"{body}See 10.1234/ab4 and 10.1234/ab5", library)[0].method != "doi"


def test_a_story_of_another_matter_stays_unlinked_with_a_reason() -> None:
    works = [
        new_work("t", f"o{i}", title=f"Outcome {i} of surgical resection in patients", abstract=f"Of {300 + i} patients {i + 30}% had pain.") for i in range(20)
    ]
    links = link_story(
        "The mayor opened a bridge over the river today. He said that it was the longest of the county and that he was glad. " * 4, Library(works)
    )
    assert not links[0].chosen
    assert links[0].reason


@pytest.mark.parametrize(
    ("lay", "medical"),
    [
        ("heart attacks", "acute myocardial infarction"),
        ("the food pipe", "oesophageal"),
        ("a broken hip", "fracture of the proximal femur"),
        ("tamiflu", "oseltamivir"),
        ("looking after a husband", "family caregivers"),
        ("high blood pressure", "hypertensive"),
    ],
)
def test_lay_words_and_medical_words_have_a_meaning_in_common(lay: str, medical: str) -> None:
    assert set(meanings(lay.split())) & set(meanings(medical.split()))


@pytest.mark.parametrize(
    ("said", "container", "named"),
    [
        ("The study was published in the New England Journal of Medicine on Tuesday.", "N. Engl. J. Med", True),
        ("The study was published in the New England Journal of Medicine.", "The New England journal of medicine", True),
        ("The study appears in JAMA Internal Medicine this week.", "JAMA Intern Med", True),
        ("It appears in Proceedings of the National Academy of Sciences.", "Proc Natl Acad Sci U S A", True),
        ("The work was published in PNAS.", "Proc Natl Acad Sci U S A", True),
        ("Writing in the BMJ, they say so.", "BMJ", True),
        ("It was published online in Neurology.", "Neurology", True),
        ("She works in neurology at Boston Medical Center.", "Neurology", False),
        ("The American Heart Association said so.", "Am Heart J", False),
        ("The New York Journal of Commerce reports it.", "N. Engl. J. Med", False),
    ],
)
def test_journals_are_named_in_full_in_short_and_by_initials(said: str, container: str, named: bool) -> None:
    index = ContentIndex([new_work("t", "a", title="Of this", container=container), new_work("t", "b", title="Of that", container="Gut")])
    out = np.zeros(2, dtype=np.float32)
    journals_named(said, index, out, defaultdict(list))
    assert bool(out[0]) is named
    assert not out[1]


def test_what_surrounds_a_story_and_what_others_found_counts_less() -> None:
    text = (
        "Tea for the tired\nBy Ann Other, Health Reporter\nMarch 5, 2014\nTea keeps people awake, a study found. It was large.\n"
        "About 3 million people drink it every day.\nThe researchers followed 40 women.\nShare this article\nRead more\nCoffee for the sleepy"
    )
    assert [p.kind for p in passages(text)] == ["headline", "page", "page", "opening", "opening", "background", "study", "page", "page", "page"]
    assert [p.text for p in passages(text) if p.opening] == ["Tea for the tired", "Tea keeps people awake, a study found.", "It was large."]


@pytest.mark.parametrize(
    "headline",
    [
        "Facebook use tied to low mood",
        "Sunday roast linked to heart attacks",
        "From bench to bedside",
        "By the sea, people sleep longer",
        "Source of the pain found",
    ],
)
def test_a_headline_is_no_byline(headline: str) -> None:
    assert passages(f"{headline}\nA study found it.")[0].kind == "headline"


@pytest.mark.parametrize("line", ["By Ann Other", "BY ANN OTHER, Health Editor", "Monday, 5 March 2014", "Updated 10:31 AM", "Photo: Ann Other", "HEALTH"])
def test_a_byline_is_no_headline(line: str) -> None:
    assert [p.kind for p in passages(f"{line}\nTea for the tired\nA study found it.")] == ["page", "headline", "opening"]


def test_a_mention_is_linked_by_content_only_when_more_than_the_subject_is_shared() -> None:
    many = Library([*WORKS, *(work(f"w{i}", f"Name{i}", f"Subject {i} of no matter and thing{i}", 1990 + i, "J", str(i), str(i)) for i in range(30))])
    text = "In the LULLABY trial 1,312 young men drank cocoa and slept."
    study = Study(0, len(text), text, sample_size=1312, parts=(Span(0, len(text)),))
    assert [x.target for x in link_content(Article("a", text, title="Cocoa and sleep"), study, 0, many) if x.chosen] == [WORKS[2].key]
    vague = "In a trial of cocoa some young men slept in 1950."
    study = Study(0, len(vague), vague, parts=(Span(0, len(vague)),))
    assert not [x for x in link_content(Article("a", vague), study, 0, many) if x.chosen]


# --- the command


def test_cite_parses_converts_and_links(tmp_path: Path) -> None:
    (tmp_path / "lib.bib").write_text(
        "@article{maz, title={Blood cells and selenium in multiple sclerosis}, author={Mazzella, A}, journal={Eur Neurol}, volume=22, pages={442--446}, year=1983}",
        encoding="utf-8",
    )
    (tmp_path / "q.jsonl").write_text('{"id": "a", "text": "Eur Neurol 1983;22:442-6"}\n{"id": "b", "text": "Nobody 1900"}\nnonsense\n', encoding="utf-8")
    run = CliRunner().invoke(cite, ["--jsonl", str(tmp_path / "q.jsonl"), "--library", str(tmp_path / "lib.bib")])
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.exit_code == 1
    assert [(r["id"], r["link"]) for r in rows] == [("a", "maz"), ("b", None)]
    run = CliRunner().invoke(cite, ["Lee A, Poe B. Cocoa and the sleep of men. BMJ 2012;344:100-4.", "--format", "bibtex"])
    assert run.exit_code == 0
    assert "@article{" in run.stdout
    assert "year = {2012}" in run.stdout
    assert CliRunner().invoke(cite, []).exit_code == 2


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation sets are not here")
def test_linking_on_the_development_set() -> None:
    from ingest.read.library import merge_works, read_library

    library = Library(merge_works(read_library(EVAL / "linking_library.jsonl")[0]))
    rows = [json.loads(line) for line in (EVAL / "linking.dev.jsonl").read_text(encoding="utf-8").splitlines()]
    made = right = kept = 0
    for row in rows:
        first = link_citation(Citation(1, 0, 0, row["text"]), library)[0]
        made += first.chosen
        right += first.chosen and row["gold"] in library.work(first.target or "").ids
        kept += row["gold"] is None and not first.chosen
    want = sum(r["gold"] is not None for r in rows)
    assert right / made > 0.98
    assert right / want > 0.97
    assert kept / (len(rows) - want) > 0.96
