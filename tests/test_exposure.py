"""Exposure, comparator and condition: phrases as written, with their places."""

from __future__ import annotations

import pytest

from ingest.extract.condition import read_condition
from ingest.extract.exposure import read_comparator, read_exposure
from ingest.records import Article, Mention, Span
from ingest.text.prose import Prose


def mention_of(text: str, title: str = "", quote: str = "", primary: bool = False) -> tuple[Prose, Mention]:
    prose = Prose(Article(id="t", text=text, title=title, kind="abstract" if primary else "article"))
    start = text.find(quote) if quote else 0
    parts = (Span(start, start + len(quote)),) if quote else tuple(s.span for s in prose.sentences)
    return prose, Mention(start, parts[0].end, parts, "test", primary=primary)


CASES = [
    ("A team gave 40 people with migraine 300 mg of magnesium or a placebo for ten weeks.", "magnesium", "placebo", "migraine"),
    ("In a trial of vitamin D supplements in adults with asthma, attacks fell.", "vitamin D supplements", None, "asthma"),
    ("Women who drank coffee were less likely to develop type 2 diabetes.", "coffee", None, "type 2 diabetes"),
    ("Nobody knows why the bus was late.", None, None, None),
]


@pytest.mark.parametrize(("text", "exposure", "comparator", "condition"), CASES, ids=[c[0][:30] for c in CASES])
def test_phrases(text, exposure, comparator, condition):
    prose, mention = mention_of(text)
    for read, expected in ((read_exposure, exposure), (read_comparator, comparator), (read_condition, condition)):
        value = read(prose, mention)
        assert (value.value if value else None) == expected
        assert value is None or text[value.start : value.end] == value.value


def test_the_title_stands_in_where_its_words_are_printed():
    text = "Ginger is a root. People like ginger.\nA small trial in 30 adults found that it eased travel sickness."
    prose, mention = mention_of(text, title="Does ginger help?", quote="A small trial in 30 adults found that it eased travel sickness.")
    value = read_exposure(prose, mention)
    assert value is not None
    assert (value.value.lower(), value.rule) == ("ginger", "article_topic")


def test_a_report_names_its_treatment_in_the_title():
    text = "Effect of krill oil on triglycerides in adults with gout: a randomised trial\nMETHODS: We gave krill oil or placebo to 90 adults."
    prose, mention = mention_of(text, primary=True)
    assert [read(prose, mention).value for read in (read_exposure, read_comparator, read_condition)] == ["krill oil", "placebo", "gout"]


def test_an_authors_name_is_no_food():
    prose, mention = mention_of("In 80 volunteers (Lamb et al., 2018) walking raised the mood of people with depression.")
    assert read_exposure(prose, mention).value == "walking"


BESIDE = [
    ("In Ohio, 30 patients with MS were randomised to NAC on top of their usual care or to usual care alone.", "NAC"),
    ("A trial assigned 8,179 people who were already on statins to 4 g of a purified oil or a placebo.", "purified oil"),
    ("Patients on statins took coenzyme Q10 or a placebo.", "coenzyme Q10"),
    ("Mice fed a diet rich in butter got resveratrol for six weeks.", "resveratrol"),
    ("Sixty people on aspirin were given 2 g of garlic oil or a dummy.", "garlic oil"),
]


@pytest.mark.parametrize(("text", "exposure"), BESIDE, ids=[c[0][:30] for c in BESIDE])
def test_what_everybody_had_is_not_the_exposure(text, exposure):
    value = read_exposure(*mention_of(text))
    assert value is not None
    assert value.value == exposure


POPULATIONS = [
    ("Nine volunteers with fatty liver swallowed capsules of the live bacterium every morning.", "fatty liver"),
    ("The trial randomised 900 postmenopausal women to calcium or to placebo.", "postmenopausal women"),
]


@pytest.mark.parametrize(("text", "condition"), POPULATIONS, ids=[c[0][:30] for c in POPULATIONS])
def test_a_condition_ends_before_the_verb(text, condition):
    value = read_condition(*mention_of(text))
    assert value is not None
    assert value.value == condition


NO_EXPOSURE = [
    "On a northern motorway, cameras watched 2,000 bakers go by.",
    "Those bakers got a third fewer aches, the team worked out.",
    "Doctors described a girl who had used hers for five months.",
]


@pytest.mark.parametrize("text", NO_EXPOSURE, ids=[t[:30] for t in NO_EXPOSURE])
def test_a_place_a_result_or_a_pronoun_is_no_exposure(text):
    assert read_exposure(*mention_of(text)) is None


def test_doctors_who_write_are_not_the_condition():
    assert read_condition(*mention_of("A builder collapsed, his doctors wrote in a letter.")) is None
