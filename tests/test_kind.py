"""Abstract or article: invented texts of every kind, and the development sets where they are present."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.find.kind import text_kind
from ingest.records import Article

SHARED = Path(__file__).parents[2] / "shared"

ABSTRACTS = {
    "structured": (
        "Barley broth for winter cough: a randomised trial.\nBACKGROUND: Winter cough is common. METHODS: We randomly assigned 84 "
        "adults to barley broth or "
        "water for 14 days. RESULTS: Cough days fell by 2.1 (95% CI 0.8 to 3.4; P = 0.002). CONCLUSIONS: Barley broth shortens winter "
        "cough."
    ),
    "unstructured": (
        "Hippocampal volume in retired pilots\nAltitude exposure has been associated with changes of brain structure. Thirty-one "
        "retired pilots and 30 controls "
        "were examined with magnetic resonance imaging. Hippocampal volume did not differ significantly between the groups. These "
        "findings suggest that "
        "occupational altitude exposure does not influence hippocampal volume."
    ),
    "case": (
        "[Thyroid storm after a seaweed diet].\nA 44-year-old woman was admitted with tachycardia and fever after six weeks of a "
        "seaweed diet. Laboratory "
        "investigation demonstrated suppressed thyrotropin. Treatment with propylthiouracil was followed by recovery. This case "
        "illustrates the risk of excessive iodine intake."
    ),
    "narrative": (
        "Gut hormones and appetite: new therapeutic strategies.\nObesity is an increasing problem of public health. Several gut "
        "hormones influence appetite through "
        "hypothalamic receptors. This article discusses the mechanisms involved and outlines therapeutic implications of combined "
        "receptor agonists."
    ),
    "short words": (
        "Effect of broth on the winter cough: a trial.\nNinety adults had broth or water within a day of onset. The cough was shorter with "
        "broth (4.1 vs 6.0 days, p<0.01)."
    ),
    "no title": (
        "We included nine trials with 1,204 participants. Low-quality evidence suggests that compression stockings reduce swelling. We "
        "found no evidence about "
        "quality of life. Further studies with adequate sample sizes are needed."
    ),
}
ARTICLES = {
    "press release": (
        "Barley broth eases winter cough\nA bowl of barley broth a day shortens a winter cough by two days, according to a study by "
        "researchers at the University of "
        "Norwick published today in the Journal of Home Remedies. The team randomly assigned 84 adults to broth or water for two "
        "weeks. “We were surprised by the size "
        "of the effect,” said lead author Dr Ellen Marsh. The study was funded by the Barley Board."
    ),
    "wire": (
        "OSLO, 4 May - People who walk to work sleep longer, a Norwegian survey of 2,300 commuters suggests. Those who walked at least "
        "20 minutes slept 18 minutes more "
        "than drivers, researchers said on Tuesday. A spokesman for the health ministry said that the figures did not prove cause and "
        "effect."
    ),
    "blog": "I've been asked about seaweed again.\n\nYou don't need it. One study of 40 women found that it made no difference, and it tastes of harbour.",
    "question": (
        "Can broth cure a cough?\n\nMaybe a little. In one study 84 people had broth or water, and those with broth coughed for two "
        "days less. Your doctor won't mind."
    ),
    "spun": (
        "Barley broth eases winter cough\nA bowl ok barley broth h day shortens my winter cough co two days, according us k study qv "
        "researchers my sub University ex Norwick "
        "published today hi its Journal in Home Remedies. The team randomly assigned 84 adults un broth it water for two weeks, says "
        "Dr Ellen Marsh."
    ),
    "one paragraph": (
        "Doctors in Graz described a 66-year-old woman who developed a rash after drinking barley broth for two months. In a trial of 90 "
        "hospital patients the broth did no harm, and those given it left two days earlier."
    ),
    "by name": "In 2016, Moser and colleagues reported that a barley diet with walnuts reduced winter coughs by almost half in 2,310 Austrians.",
    "nothing": "",
}


@pytest.mark.parametrize("text", ABSTRACTS.values(), ids=ABSTRACTS.keys())
def test_abstract(text: str) -> None:
    assert text_kind(Article("a", text)) == "abstract"


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_article(text: str) -> None:
    assert text_kind(Article("a", text)) == "article"


def test_long_text_is_an_article() -> None:
    assert text_kind(Article("a", ABSTRACTS["structured"] * 40)) == "article"


@pytest.mark.skipif(not (SHARED / "eval").is_dir(), reason="development sets are absent")
def test_development_sets() -> None:
    files = [f for f in sorted((SHARED / "eval").glob("*.dev.jsonl")) if not f.name.startswith(("refs_", "linking", "mentions"))]
    texts = [json.loads(line)["text"] for f in files for line in f.open(encoding="utf-8")]
    right = sum(text_kind(Article("a", t)) == "abstract" for t in texts)
    assert right / len(texts) > 0.99
    pages = [f.read_text("utf-8") for f in sorted((SHARED / "eval" / "lay" / "texts").iterdir())]
    assert {text_kind(Article("a", t)) for t in pages} == {"article"}


def test_two_lines_that_tell_of_others_work_are_no_abstract() -> None:
    text = "A small Finnish study enrolled 24 bakers. Nettle tea, three cups daily for a week, halved their sneezing; their cough stayed."
    assert text_kind(Article("a", text)) == "article"
