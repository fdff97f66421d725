"""Design: invented mentions and abstracts, each a class of wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import LexiconError
from ingest.extract import design_lay
from ingest.extract.design import read_design
from ingest.records import DESIGNS, Article, Citation, Mention, Span, Value
from ingest.text.prose import Prose


def read(text: str, kind: str = "article", reference: str = "") -> Value[str] | None:
    whole = text + ("\n" + reference if reference else "")
    prose = Prose(Article("a", whole, kind=kind))
    parts = tuple(s.span for s in prose.sentences if s.start < len(text))
    mention = Mention(parts[0].start, parts[0].end, parts, "test", primary=kind == "abstract")
    cited = []
    if reference:
        at = len(text) + 1
        cited = [Citation(1, at, len(whole), reference, title=reference, spans=(("title", at, len(whole)),))]
    value = read_design(prose, mention, cited)
    if value is not None:
        assert 0 <= value.start < value.end <= len(whole)
        assert value.rule.startswith("design.")
    return value


def design(text: str, kind: str = "article", reference: str = "") -> str:
    value = read(text, kind, reference)
    return value.value if value else "unspecified"


LAY = {
    "lot": ("Forty bakers drew lots: twenty wore the mask and twenty did not.", "rct"),
    "allotted": ("The 90 singers were allotted by chance to four teas.", "rct"),
    "computer": ("A hundred nuns were given honey or syrup by the toss of a computer.", "rct"),
    "cases set against others": ("They compared 420 women with gallstones with 900 who had none.", "case_control"),
    "tadpoles": ("In one experiment with tadpoles, kept warm for 20 days, the herb did nothing.", "animal"),
    "round-up": ("A round-up of nine trials from the institute leaned towards yes.", "systematic_review"),
    "followed on placebo": ("The Dockers' Health Study followed 14,000 men on aspirin or placebo for nine years.", "rct"),
    "placebo": ("In a Danish trial 90 nurses took the syrup or a placebo for six weeks.", "rct"),
    "not by chance": ("Nobody was randomised: 40 pupils chose the club and 60 did not.", "nonrandomized_trial"),
    "open": ("An open-label study gave 20 runners the powder for a month.", "nonrandomized_trial"),
    "pooled": ("A team in Ghent pooled 14 trials with 2,200 people.", "meta_analysis"),
    "cohort": ("Researchers followed 12,000 postmen for up to 15 years.", "cohort"),
    "survey": ("In an online survey of 800 cooks, half said they slept badly.", "cross_sectional"),
    "case-control": ("A case-control study compared 200 women with the disease and 400 without.", "case_control"),
    "case": ("A 61-year-old baker turned up with yellow eyes after drinking the tea.", "case_report"),
    "cases": ("Doctors described seven children who fell ill after the party.", "case_series"),
    "mice": ("In mice fed the berry for ten weeks, the plaques shrank.", "animal"),
    "dish": ("In a dish, the extract stops tumour cells from dividing.", "in_vitro"),
    "guideline": ("The society's 2021 guideline advises against it.", "expert_opinion"),
    "overview": ("A narrative review by two Swiss pharmacists leans towards yes.", "narrative_review"),
    "nothing": ("Other studies have found the opposite.", "unspecified"),
    "spun": ("Forty bakers were randomly assigned yo barley broth mr placebo un six weeks.", "rct"),
}


@pytest.mark.parametrize(("text", "expected"), LAY.values(), ids=LAY.keys())
def test_lay_mention(text: str, expected: str) -> None:
    assert design(text) == expected


def test_title_of_the_reference_settles_it() -> None:
    text = "Lindqvist and colleagues compared two diets in 80 sailors for a year."
    assert design(text, reference="Two diets at sea: a randomized controlled trial") == "rct"


ABSTRACTS = {
    "randomised: rct": ("Barley broth for winter cough.\nWe randomly assigned 84 adults to broth or water for two weeks. Cough days fell by 2.1 (P = 0.002)."),
    "a trial is needed: nonrandomized_trial": (
        "Barley broth after surgery: an open trial.\nIn this open-label study 24 patients received broth for a week. Pain improved. "
        "A randomized controlled trial is needed."
    ),
    "rats: animal": (
        "Barley extract in experimental stroke.\nMale Wistar rats were randomly divided into three groups and received 10 mg/kg i.p. Infarct volume decreased."
    ),
    "cells: in_vitro": (
        "Barley lectin inhibits fibril formation.\nCultured SH-SY5Y cells were treated with the lectin. Western blot showed reduced "
        "phosphorylation of the protein."
    ),
    "case: case_report": ("Thyroid storm after seaweed.\nWe report a 44-year-old woman who was admitted with palpitations. She recovered after treatment."),
    "synthesis: meta_analysis": (
        "Broth for cough: a systematic review and meta-analysis.\nWe searched MEDLINE and Embase. Nine trials were included; the pooled risk ratio was 0.8."
    ),
    "records: cohort": (
        "Does broth shorten hospital stay?\nThe medical records of 310 patients admitted between 1999 and 2004 were reviewed "
        "retrospectively. Stay was shorter with broth (P < 0.05)."
    ),
    "questionnaire: cross_sectional": (
        "Broth use among cooks.\nA cross-sectional survey was mailed to 900 cooks. The response rate was 61%. Prevalence of daily use was 12%."
    ),
}


@pytest.mark.parametrize("name", ABSTRACTS)
def test_abstract(name: str) -> None:
    assert design(ABSTRACTS[name], "abstract") == name.rpartition(": ")[2]


def test_opinion_of_an_abstract() -> None:
    text = (
        "Broth in the clinic: current concepts.\nThis article discusses the role of broth. Recent advances are reviewed and "
        "implications for practice are outlined."
    )
    assert design(text, "abstract") in {"narrative_review", "expert_opinion"}


def sentences() -> list[tuple[set[str], bool, str]]:
    lines = (Path(__file__).parent / "data" / "lay_designs.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(set(designs.split()), plural == "1", text) for designs, plural, text in (line.split("\t") for line in lines)]


def test_lay_sentences() -> None:
    """Invented sentences in the manner of wires, leaflets, blogs and supplement pages; each with the designs a reader may take it for."""
    wrong = []
    for designs, plural, text in sentences():
        prose = Prose(Article("a", text))
        parts = tuple(s.span for s in prose.sentences)
        value = read_design(prose, Mention(parts[0].start, parts[0].end, parts, "test", plural=plural), ())
        if (value.value if value else "unspecified") not in designs:
            wrong.append((text, value))
    assert len(wrong) <= 0.05 * len(sentences()), wrong


@pytest.mark.parametrize("piece", ["1,", "a-", "the more ", "half ", "compared with 9 women ", "two patients "])
def test_hostile_text_takes_no_time(piece: str) -> None:
    """No pattern may backtrack its way through a long text without sentences."""
    text = piece * (40_000 // len(piece))
    prose = Prose(Article("a", text))
    read_design(prose, Mention(0, len(text), (Span(0, len(text)),), "test"), ())


WORDED = {
    "shuffled": ("Forty bakers were sorted by a shuffled pack of cards: half wore the mask and half did not.", "rct"),
    "thrown together": ("Thrown together, the eleven trials had 3,100 sleepers, and the tea added six minutes.", "meta_analysis"),
    "phoned": ("The bakers' union rang 900 of its members, and one in three had a cough.", "cross_sectional"),
    "each held against one": ("For each of the 80 bakers with asthma a baker without it was found in the same town.", "case_control"),
    "kept up with": ("Doctors kept up with 2,000 bakers for thirty years; those who sneezed early were dead sooner.", "cohort"),
}


@pytest.mark.parametrize(("text", "expected"), WORDED.values(), ids=WORDED)
def test_wording_without_a_design_word(text: str, expected: str) -> None:
    assert design(text) == expected


def test_families_find_phrases_with_their_place() -> None:
    words = design_lay.tokens("a look-alike, or nothing; randomisation")
    assert [(i, name) for i, name in design_lay.FAMILIES.read(words) if name in {"placebo", "chance"}] == [(1, "placebo"), (6, "chance")]


def test_a_family_must_find_its_example(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[[family]]\nname = "tea"\nexample = "a pot of coffee"\nwords = "tea, teapot*"\n', encoding="utf-8")
    with pytest.raises(LexiconError, match="tea"):
        design_lay.Families(path)


def test_rows_of_weights_are_packed_and_read_back() -> None:
    row = [0, 5, 0, -7, *[0] * (len(DESIGNS) - 4)]
    assert design_lay.packed(row) == "1:5 3:-7"
    assert design_lay.unpacked("1:5 3:-7") == row


def test_the_strongest_sign_has_a_place() -> None:
    zones = [design_lay.Zone("h", "they drew lots", 10)]
    assert design_lay.place(["b:chance+gave", "h:chance"], zones) == ("h:chance", 15, 19)
    assert design_lay.place(["hwlots"], zones) == ("hwlots", 20, 24)
    assert design_lay.place(["b:chance+gave", "h:tea"], zones) is None
