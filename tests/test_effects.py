"""What the wording of a stretch tells of a result."""

from __future__ import annotations

import json
import math

import pytest

from ingest.errors import LexiconError
from ingest.extract import effects
from ingest.extract.findings import read_findings
from ingest.extract.valence import read_words
from ingest.find.mentions import find_mentions
from ingest.records import Article, Mention, Span
from ingest.text.prose import Prose


def stretch(text: str) -> effects.Stretch:
    words, places = read_words(text, 0, len(text))
    return effects.Stretch(0, len(text), words, places, effects.letters(words))


def test_a_sentence_is_cut_where_another_result_begins():
    words, _ = read_words(text := "Mood lifted, sleep got longer and two had nausea; pain, swelling and fever stayed.", 0, len(text))
    assert [" ".join(words[a:b]).strip(" ,") for a, b in effects.cut(words)] == [
        "mood lifted",
        "sleep got longer",
        "and two had nausea",
        "pain , swelling and fever stayed .",
    ]


@pytest.mark.parametrize(
    ("text", "votes"),
    [("the cough dwindled", ("D-",)), ("stamina soared", ("U+",)), ("the box was blue", ()), ("cramps became rarer", ("D-",))],
)
def test_directions_meet_the_goods_and_ills_beside_them(text, votes):
    assert effects.votes(stretch(text).codes) == votes


def test_weights_add_up_the_features_of_a_stretch():
    s = stretch("in both groups the cough lasted as long as with the dummy syrup")
    s.keys += [("place", 1, False, True, 2), ("said", 0), ("beside", "no", "none", False)]
    model = json.loads(effects.MODEL.read_text(encoding="utf-8"))
    rows = [model["weights"][f] for f in effects.features(s) if f in model["weights"]]
    sums = [sum(column) + b for column, b in zip(zip(*rows, strict=True), model["bias"], strict=True)]
    expected = [1.0, *(math.exp(x / effects.UNIT) for x in sums)]
    assert effects.weights().chances(s) == pytest.approx([e / sum(expected) for e in expected])


def test_no_two_groups_of_features_share_one():
    keys = {
        "class": ("BDI", True), "vote": (("D-",), True, False, True), "shape": (2, 3, "but"),
        "list": (("down",), ("bad",), ("clinical",), "decreased", "first", True, True), "place": (1, True, False, 3),
        "seat": (0, 2, 1, True, True), "said": (("benefit", "down_cue"),), "design": ("rct", True, False), "outer": (2, True, 1, 0, "they"), "beside": ("no", "harm", True),
    }  # fmt: skip
    assert keys.keys() == effects.GROUPS.keys()
    names = [f for group, key in keys.items() for f in set(effects.of_key((group, *key)))]
    assert len(names) == len(set(names))


def findings(text: str) -> list[tuple[str, str, str]]:
    prose = Prose(Article(id="t", text=text))
    return [(f.outcome, f.change, f.effect) for m in find_mentions(prose) for f in read_findings(prose, m) if text[f.start : f.end] == f.outcome]


def test_a_result_that_no_phrase_list_knows_is_added_with_its_words():
    text = "In a trial of 60 joiners, half wore a brace for a month. The braced men slept through the night and scaled ladders with far less trouble."
    assert "benefit" in [effect for _, _, effect in findings(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the blood had been taken years before the first symptom", False),
        ("side effects were few", False),
        ("side effects were common", True),
        ("the first symptom came sooner", True),
    ],
)
def test_an_ill_that_marks_a_time_or_was_rare_adds_no_harm(text, told):
    s = stretch(text)
    harm = effects.CLASSES.index("harm")
    chances = [0.0] * len(effects.CLASSES)
    chances[harm] = 1.0
    assert bool(effects._added(text, s, chances, harm)) is told


def test_a_result_behind_the_mention_is_read():
    text = (
        "A trial in Leeds gave 212 nurses a lamp or a dummy lamp for six weeks.\n\nThe ward is on the third floor.\n\n"
        "Headaches were more frequent with the lamp than with the dummy."
    )
    assert ("Headaches", "increased", "harm") in findings(text)


def test_plain_methods_tell_nothing():
    text = "In a trial of 60 joiners, a computer decided who got a brace. The authors filled in a form every week."
    assert findings(text) == []


def test_rule_findings_outside_every_stretch_stay():
    prose = Prose(Article(id="t", text="Pain fell in the 40 patients."))
    mention = Mention(0, 29, (Span(0, 29),), "test")
    assert [f.effect for f in read_findings(prose, mention)] == ["benefit"]


def test_classes_are_checked(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text('[[class]]\ncode = "I"\nname = "ill"\nexample = "joy"\nwords = "pain"\n', encoding="utf-8")
    with pytest.raises(LexiconError, match="joy"):
        effects.Classes(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Researchers recruited 46 older adults with back pain. Those on the mat were more likely to recover.", ["benefit"]),
        ("A review of 12 trials in 1,200 adults suggests that routine vitamin D is unlikely to reduce deaths.", ["none"]),
        (
            "A study of 4,000 cooks found that those on mats were less likely to have back pain, although the link was not seen for neck pain.",
            ["benefit", "none"],
        ),
        ("In one trial, 72% of cooks on the mat saw their symptoms resolve, compared to 32% of the placebo group.", ["benefit"]),
        ("In a trial, the cooks were randomly assigned to two groups of similar weight and age.", []),
    ],
)
def test_plain_news_sentences(text, expected):
    prose = Prose(Article(id="t", text=text))
    assert [f.effect for m in find_mentions(prose) for f in read_findings(prose, m)] == expected
