"""Which sentences speak of a study, which of the same one, and which of none."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.find.claims import find_claims
from ingest.find.mentions import CUES, MODEL, SHORTHAND, find_mentions
from ingest.find.wording import beside, own, plain_of
from ingest.records import Article, Marker, Mention
from ingest.text.prose import Prose, split_sentences
from ingest.text.spun import spunness


def prose(text: str, **fields: object) -> Prose:
    return Prose(replace(Article("a", text, spun=spunness(text)), **fields))  # type: ignore[arg-type]


def mentions(text: str) -> tuple[Mention, ...]:
    return find_mentions(prose(text))


def heads(text: str) -> list[str]:
    return [text[m.start : m.end] for m in mentions(text) if not m.plural]


def part_text(text: str, mention: Mention) -> str:
    return " ".join(text[p.start : p.end] for p in mention.parts)


# Evidence around the sentence: in a text without any sign of studies, more is asked of each sentence.
FRAME = "Fish oil is sold as capsules.\n\nA Danish trial gave 120 patients fish oil or placebo for 12 weeks; pain fell by 20%.\n\n{}\n\nAsk a doctor."


@pytest.mark.parametrize(
    "sentence",
    [
        "In one Finnish study, vitamin levels in the blood of people with gout were lower than in people without it.",
        "Researchers in Ghent followed 1,900 women for nine years and found fewer strokes among those who ate fish.",
        "In Oslo, 31 people with eczema were assigned by lot to a cream or to nothing for six weeks.",
        "Portuguese and Irish doctors split 52 patients between syrup and a dummy for two months.",
        "A meta-analysis of 14 trials with 2,310 participants concluded that the effect was small.",
        "A 2016 Cochrane review pooled nine studies and found no benefit over placebo.",
        "In mice with colitis, the oil reduced swelling of the gut.",
        "In a petri dish, the extract stopped the cells of a tumour from dividing.",
        "A 62-year-old woman was admitted to hospital with jaundice after she had taken the capsules, her doctors report.",
        "Two small groups aside, 45 men who took the oil for eight weeks lost no more weight than those on placebo.",
        "The American Academy of Rheumatology now recommends against the capsules.",
        "In a survey of 2,400 adults, one in five said that they took it daily.",
        "Ines Faria, a dietitian from Braga, asked 96 choristers to sip honey water or plain water for three weeks.",
        "A replication in Bremen with 640 clerks saw no effect on mood.",
        "A large Portuguese programme with 3,150 widowers likewise failed to reduce falls.",
    ],
)
def test_a_study_is_found(sentence: str) -> None:
    assert any(sentence in h or h in sentence for h in heads(FRAME.format(sentence)))


@pytest.mark.parametrize(
    "sentence",
    [
        "About 12 million people in the country live with chronic pain.",
        "She is studying for a diploma and has a small study at home.",
        "We are looking for 80 volunteers aged 20 to 60 for a study of sleep.",
        "A trial in 500 patients is planned for next year.",
        "A far bigger trial, with 900 sailors, is due to start in the spring.",
        "A new study of 420 twins is set to begin in March.",
        "Patients with gout should have a thorough review with a joint specialist at least once a year.",
        "An estimated 2.3 million people in Portugal have gout and are mostly looked after at home.",
        "In Portugal, 1.2 million people receive pills for it and five die of it each week.",
        "A pack costs nine euros, and a review with the asthma nurse every spring is free.",
        "A spokesman for the pharmacists of Norway, who took no part in the study, said that 400 patients had asked him about it.",
        "Suppose you ask 1,000 people whether they take it.",
        "Research shows that fish is good for you.",
        "Take two capsules twice a day for three months.",
        "More than 3,000 customers gave it five stars.",
        "One in ten adults will be told that they have it at some point.",
    ],
)
def test_no_study_is_made_up(sentence: str) -> None:
    found = [h for h in heads(FRAME.format(sentence)) if sentence in h]
    assert not found


STUDY_FREE = [
    "Opening hours\n\nWe open at eight. Four partners and six nurses look after 9,300 patients. Each visit lasts ten minutes. About one in twelve is missed.",
    "Meet the team\n\nLou has taught 3,000 students in nine countries. She studied nursing in Cork and spent two years in Peru. Classes last an hour.",
    "Your sleep study\n\nA sleep study records your breathing. It takes about eight hours. You may be asked to come back for a second night.",
]


@pytest.mark.parametrize("text", STUDY_FREE)
def test_study_free_texts(text: str) -> None:
    assert mentions(text) == ()


def test_details_join_the_lead_in() -> None:
    text = "A better trial followed. Welsh researchers gave 64 patients zinc or a placebo for five weeks. Colds were a day shorter with zinc."
    (only,) = mentions(text)
    assert part_text(text, only) == text


def test_the_study_of_the_next_paragraph_is_the_one_summed_up() -> None:
    text = (
        "Walking eases gout, study finds\n\nPeople with gout who walk a lot have fewer attacks, according to a new Dutch study.\n\n"
        "The study, published in Joints, followed 812 patients for six years.\n\nThe researchers found 30 percent fewer attacks in the walkers."
    )
    (only,) = mentions(text)
    assert "812 patients" in part_text(text, only)
    assert "30 percent" in part_text(text, only)


def test_details_join_the_teaser() -> None:
    text = (
        "Runners who drink cherry juice sleep longer, a study from Tartu has found.\n\nSome 90 runners had juice or water for two weeks. "
        "They met in the stadium. By the end, 12 percent of the runners on juice slept badly, compared with 30 percent on water.\n\n"
        'Professor Tiit Saar, who led the project, said the gap was "a nice surprise".'
    )
    (only,) = mentions(text)
    assert "90 runners" in part_text(text, only)
    assert "12 percent" in part_text(text, only)
    assert "surprise" in part_text(text, only)


def test_a_row_of_a_table_is_a_study() -> None:
    text = (
        "Fibre and cholesterol: what was found\n\nA Danish trial gave 120 patients bran or placebo for 12 weeks; cholesterol fell by 5%.\n\n"
        "Lindqvist 2019 | 31 trials, 2,040 people | 9 g | LDL fell\n\nOduya 2004 | 212 adults with gout | 5 g | no change"
    )
    assert [h for h in heads(text) if "|" in h] == [
        "Lindqvist 2019 | 31 trials, 2,040 people | 9 g | LDL fell",
        "Oduya 2004 | 212 adults with gout | 5 g | no change",
    ]


def test_those_who_took_part_belong_to_the_sentence_before() -> None:
    text = (
        "A Danish trial gave 120 patients fish oil or placebo for 12 weeks; pain fell by 20%.\n\nAt a Lisbon clinic, young surgeons made 20 percent fewer "
        "mistakes when they napped at noon. Eighteen trainees took part, each napping for two weeks in an order set by chance."
    )
    assert len(mentions(text)) == 2


def test_the_longest_trial_is_one_more() -> None:
    text = (
        "Finnish teachers gave 45 pupils honey or a placebo for six weeks; marks rose. "
        "In the longest trial to date, 230 pensioners swallowed honey or a placebo for two years, and nothing changed."
    )
    assert len(mentions(text)) == 2


def test_a_sentence_that_heralds_a_named_trial_is_part_of_it() -> None:
    text = "A large trial shows why it is too soon to cheer. The MARLIN trial randomly assigned 9,400 nurses to honey or a placebo for two years."
    (only,) = mentions(text)
    assert "9,400" in part_text(text, only)


@pytest.mark.parametrize(
    "sentence", ["Studies show that the average adult sits for hours.", "Studies suggest that most of us sleep badly.", "Reviews drew the sum."]
)
def test_everyday_truths_are_no_studies(sentence: str) -> None:
    assert not any(sentence in part_text(text, m) for text in [FRAME.format(sentence)] for m in mentions(text))


def test_the_story_of_one_woman_is_a_study_of_its_own() -> None:
    text = (
        "In mice, honey stopped gout from starting (Kovac 1998).\n\nThere is also the story of one woman from Norway. She had had gout since 1985 "
        "and took honey for nine years; her doctors report that she walked better (Berg 2011)."
    )
    marks = tuple(Marker(text.index(x), text.index(x) + 9, "author_year", (), (x,), year) for x, year in (("Kovac", 1998), ("Berg", 2011)))
    first, second = find_mentions(Prose(Article("a", text), markers=marks))
    assert "woman" not in part_text(text, first)
    assert part_text(text, second).startswith("There is also")


@given(
    st.lists(
        st.sampled_from("In a Finnish trial 120 women, aged 40 took zinc (placebo) randomly — nobody slept better; why? Pain fell by 9%.".split()), max_size=30
    )
)
def test_sums_of_wording_are_those_of_its_features(words: list[str]) -> None:
    piece = " ".join(words)
    codes = SHORTHAND.write(piece)
    plain = plain_of(codes)
    assert MODEL.weigh(piece.split(), codes, plain) == MODEL.of(own(piece, codes))
    for heading, parted in ((False, False), (False, True), (True, True)):
        for side in ("p", "n"):
            assert MODEL.weigh_beside(side, plain, frozenset(plain), heading, parted) == MODEL.of(beside(side, codes, heading, parted))


def test_an_article_on_one_study_comes_back_to_it() -> None:
    text = (
        "Children who sleep with the window open have fewer colds, a new study finds.\n\nColds are the most common reason for a visit to the doctor. "
        "They last about a week, and no medicine cures them.\n\nThe study, published on Monday, included 312 children in Tartu. Half of them slept with "
        'an open window for a winter.\n\n"We were surprised," said lead author Kersti Mets of the University of Tartu, who led the study.\n\n'
        "By spring, the children with open windows had caught a third fewer colds than the others."
    )
    (only,) = mentions(text)
    assert "312 children" in part_text(text, only)


def test_a_larger_trial_by_the_same_team_is_another_one() -> None:
    text = (
        "In Pisa, 48 dancers with sore hips were randomly assigned to stretching or to rest for six weeks. Pain fell in those who stretched.\n\n"
        "The same researchers went on to a larger test. They randomised 310 adults to stretching, rest or massage. After a year, all three groups felt alike."
    )
    assert len(mentions(text)) == 2


def test_what_a_body_is_brings_in_nothing() -> None:
    text = (
        "A Danish trial gave 120 patients fish oil or placebo for 12 weeks; pain fell by 20%.\n\n"
        "The World Hip Society, formed in 1961 in Lund, is a federation of 74 national societies with 9,000 members."
    )
    assert len(mentions(text)) == 1


def test_two_studies_stay_apart() -> None:
    text = (
        "In a Greek trial, 80 women took iron or a placebo for three months. Tiredness fell by a third. "
        "Another trial, in 200 Turkish nurses, found no difference between iron and placebo after six months."
    )
    first, second = mentions(text)
    assert "Tiredness" in part_text(text, first)
    assert "nurses" not in part_text(text, first)
    assert "80 women" not in part_text(text, second)


def test_two_studies_in_one_sentence() -> None:
    text = (
        "In Quito, 44 patients with gout were given cherry juice or a placebo for a month, and a second Peruvian trial compared it with "
        "tablets in 90 patients for six weeks."
    )
    assert len(mentions(text)) == 2


def test_two_named_studies_in_one_sentence() -> None:
    text = "The European ROSE study followed 90,000 women for ten years, and the Nordic Twin study followed 20,000 brothers, also for ten years."
    assert len(mentions(text)) == 2


def test_a_name_leads_back() -> None:
    text = (
        "In a trial named MARLIN, 340 people took the oil or a placebo for two years. There were fewer attacks.\n\n"
        "In Spain, 95 nurses took the oil or a placebo for ten weeks. Mood did not change.\n\nFor MARLIN the story did not end there, and pain fell by 9%."
    )
    first, second = mentions(text)
    assert "9%" in part_text(text, first)
    assert "9%" not in part_text(text, second)


def test_several_unnamed_studies_are_plural() -> None:
    text = FRAME.format("Other studies have found the opposite in smokers.")
    assert [m.plural for m in mentions(text)] == [False, True]


def test_a_list_of_references_is_not_read() -> None:
    text = "It helps.\n\nReferences\n1. Lee A. A randomized trial of oil in 80 patients with gout. Joints. 2001;3:4-5."
    span = replace(prose(text).article, text=text)
    from ingest.records import Span

    assert find_mentions(Prose(span, (Span(text.index("References"), len(text)),))) == ()


def test_an_abstract_is_one_primary_mention() -> None:
    text = "BACKGROUND: Oil may help. METHODS: We randomised 80 patients. RESULTS: Another trial found less. CONCLUSION: It does."
    (only,) = find_mentions(prose(text, kind="abstract"))
    assert only.primary
    assert part_text(text, only) == text


SPUN = [
    ("In now Polish study, own zinc levels co sup blood ie people used gout were lower way whom un people without gout.", "Polish study"),
    ("In addition, l small (22 people), short (6 weeks) study examined got effects is zinc supplementation by people know gout.", "22 people"),
    ("Researchers nd Ghent followed 1,900 women hi nine years nd found fewer strokes un own who ate fish.", "1,900 women"),
    ("I've mice get colitis, th oil reduced swelling co. way gut.", "mice"),
]


@pytest.mark.parametrize(("sentence", "words"), SPUN)
def test_spun_text(sentence: str, words: str) -> None:
    text = "Zinc co. ie essential mineral i've vs tried co trace amounts an way body.\n\n" + FRAME.format(sentence)
    assert any(words in h for h in heads(text))


def test_spunness() -> None:
    assert spunness("Zinc is a mineral that the body needs in small amounts, and it is found in the shells of crabs.") == 0.0
    assert spunness("Zinc co. ie mineral nd own body needs th small amounts, i've up us found qv got shells hi crabs.") > 0.5


@pytest.mark.parametrize(
    ("sentence", "claimed"),
    [
        ("Research shows that olives are good for you.", True),
        ("Experts believe that a varied diet is enough.", True),
        ("It is clinically proven to soften hands.", True),
        ("It has been found that people with gout sleep less.", True),
        ("Ask your pharmacist about the dose.", False),
        ("Half of the adults in the county own a dog.", False),
    ],
)
def test_claims(sentence: str, claimed: bool) -> None:
    p = prose("Olives are green.\n\n" + sentence)
    assert bool(find_claims(p, find_mentions(p))) is claimed


def test_a_claim_is_never_a_study() -> None:
    text = FRAME.format("Research shows that olives are good for you.")
    p = prose(text)
    found = find_mentions(p)
    (claim,) = find_claims(p, found)
    assert all(part.end <= claim.start or claim.end <= part.start for m in found for part in m.parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does it hurt?Some say so.", ["Does it hurt?", "Some say so."]),
        ("He has MS. It began in May.", ["He has MS.", "It began in May."]),
        ("Dr. Lee of the U.S. team saw J. Roe et al. again.", ["Dr. Lee of the U.S. team saw J. Roe et al. again."]),
        ("It fell.3 Then it rose.[4] It stayed.", ["It fell.3", "Then it rose.[4]", "It stayed."]),
        ("One\nTwo. three", ["One", "Two. three"]),
        ('"Halve it!" may mean much.', ['"Halve it!" may mean much.']),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[s.start : s.end] for s in split_sentences(text)] == expected


def test_every_cue_has_a_weight_and_a_name_of_its_own() -> None:
    names = [name for name, _, _ in CUES]
    assert len(names) == len(set(names))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_shorthand_never_fails(text: str) -> None:
    assert SHORTHAND.write(text) == SHORTHAND.write(text)


WORDS = st.sampled_from(
    "In a the study trial of 120 12 patients mice took gave placebo weeks for found researchers SOLAR Danish another ; , . ? ! \n\n ( ) review 2014 "
    "lower 20% women randomly assigned Studies you it".split(" ")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=120).map(" ".join))
def test_spans_are_valid_and_stable(text: str) -> None:
    found = mentions(text)
    assert found == mentions(text)
    for m in found:
        assert 0 <= m.start < m.end <= len(text)
        assert m.parts
        assert list(m.parts) == sorted(m.parts, key=lambda p: p.start)
        assert all(0 <= p.start < p.end <= len(text) for p in m.parts)
        assert any(p.start < m.end and m.start < p.end for p in m.parts)
    claims = find_claims(prose(text), found)
    assert all(0 <= c.start < c.end <= len(text) for c in claims)


def test_markers_tell_studies_apart() -> None:
    text = "A Czech trial gave 90 men zinc or a placebo for a year.[1] Colds were rarer. Colds were shorter in 70 girls given zinc or a placebo.[2]"
    marks = tuple(Marker(text.index(x), text.index(x) + 3, "number", (n,)) for n, x in ((1, "[1]"), (2, "[2]")))
    p = Prose(Article("a", text), markers=marks)
    assert len(find_mentions(p)) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "a 12 patients, " * 30_000,
        "(((((2014" * 50_000,
        "1,1,1,1" * 60_000,
        "The study. " * 40_000,
        "." * 400_000,
        "A" * 400_000,
        "In a trial, 10 men " * 20_000,
        "\n \n" * 130_000,
    ],
    ids=["commas", "brackets", "digits", "sentences", "stops", "letters", "one sentence", "breaks"],
)
def test_twice_the_text_takes_about_twice_the_time(hostile: str) -> None:
    def seconds(text: str) -> float:
        best = 9e9
        for _ in range(2):
            began = time.process_time()
            p = Prose(Article("a", text))
            find_claims(p, find_mentions(p))
            best = min(best, time.process_time() - began)
        return best

    half, whole = seconds(hostile[: len(hostile) // 2]), seconds(hostile)
    assert whole < 3 * half + 0.3


NEWS = {
    "a leader speaks": (
        (
            "A team in Bergen gave 90 cooks a rubber mat or none for a month. Backs hurt less on the mat.\n\nWeather held.\n\n"
            "Study leader Dr. Ida Moe said, “Our study shows that a mat is enough.”"
        ),
        1,
    ),
    "one of the largest": (
        "Danish researchers said on Monday that mats ease sore backs.\n\nOne of the largest studies of its kind found that 412 cooks on mats had less pain.",
        1,
    ),
    "how it went in time": ("In a trial, 638 cooks stood on mats or on tiles. After eight weeks 60 % of those on mats reported less pain.", 1),
    "other authors": (
        (
            "Moe and colleagues (2011) studied 156 cooks with back pain, randomized to a mat or tiles for 8 weeks; the mat eased pain. "
            "Lund and colleagues studied 37 older waiters with back pain, randomized to a mat or usual care over 16 weeks."
        ),
        2,
    ),
    "people behind animals": ("In mice, the mat slowed arthritis. A small study of 18 cooks over five weeks found no change in pain.", 2),
    "ordinals": (
        (
            "One study followed 6,100 adults over two years. The other study analyzed data from over 9,400 adults aged 20 to 60.\n\nThe first study found that cooks on mats had less pain.\n\n"
            "The second study found no such link."
        ),
        2,
    ),
}


@pytest.mark.parametrize(("text", "studies"), NEWS.values(), ids=NEWS)
def test_news_is_told_study_by_study(text, studies):
    assert len([m for m in mentions(text) if not m.plural]) == studies


def test_a_grant_and_a_spokesman_s_lead_in_are_no_studies():
    assert not mentions(
        "The university has received a grant of $2 million to better understand how mats affect backs. Work begins in May and runs for four years."
    )
