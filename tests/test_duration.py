"""How long studies lasted, in our own words: text -> days."""

from __future__ import annotations

import pytest

from ingest.extract.duration import Duration, read_duration
from ingest.records import Article, Mention
from ingest.text.prose import Prose


def read(text: str, design: str | None = None, spun: float = 0.0) -> Duration | None:
    prose = Prose(Article(id="t", text=text, spun=spun))
    spans = tuple(s.span for s in prose.sentences)
    return read_duration(prose, Mention(spans[0].start, spans[0].end, spans, "test"), design)


LAY = [
    ("A team in Turku tracked 1,300 babies from birth until their ninth birthday.", 3287.25, "cohort"),
    ("They followed 610 newborns until they turned eleven.", 4017.75, "cohort"),
    ("Doctors followed 800 girls from the age of 8 until 15.", 2556.75, "cohort"),
    ("Ninety cooks were put on an eight-week-long plan.", 56, "rct"),
    ("Forty people spent a full week without coffee.", 7, "rct"),
    ("A team in Leeds fed 38 healthy students either walnuts or crisps every afternoon for ten weeks and tested their memory.", 70, "nonrandomized_trial"),
    (
        "The PHYSICIANS' trial enlisted more than 22,000 male doctors, half of whom swallowed an aspirin every other day. It was halted after about five years.",
        1826.25,
        "rct",
    ),
    ("Of the 1,140 villagers who agreed to take part, 570 got zinc syrup and 570 a sugar syrup for six months.", 182.64, "rct"),
    ("Researchers at Uppsala looked at hospital records for 61,433 Swedish women, whom they tracked for up to 19 years.", 6939.75, "cohort"),
    ("Smith's group gave 15 men 5 grams of creatine four times a day for five days; 15 others had a dummy powder.", 5, "rct"),
    ("A Danish register study covering 1.1 million pregnancies found no link with autism over 13 years of follow-up.", 4748.25, "cohort"),
    ("Doctors in Lyon describe a 34-year-old woman who turned orange after eating three pounds of carrots a day for six months.", 182.64, "case_report"),
    ("An open-label pilot in a dozen teenagers with acne ran for eight weeks; ten finished.", 56, "nonrandomized_trial"),
    ("When 240 nursing-home residents were offered a daily probiotic yogurt drink for half a year, their colds got no shorter.", 182.64, "unspecified"),
    ("In the trial, half of the 88 participants received the herb and the other half sugar pills. After 12 weeks there was no difference in sleep.", 84, "rct"),
    ("Seventy-one children aged 6 to 12, all with asthma, breathed salt-cave air three times a week for seven weeks.", 49, "nonrandomized_trial"),
    ("Between 1990 and 2002, researchers followed 42,500 male health professionals and recorded what they ate.", 4383, "cohort"),
    ("Two groups of 25 volunteers each kept a sleep diary for a fortnight.", 14, "unspecified"),
    ("It was a small study, in just 11 cyclists, and lasted only four days.", 4, "unspecified"),
    ("In a crossover trial 21 people with Parkinson's took the drug for six weeks and a placebo for another six weeks.", 42, "rct"),
    ("A Scottish team randomly allocated 4,000 pensioners, of whom 3,112 were still in the study five years later.", 1826.25, "rct"),
    ("The 2019 trial (n = 96) tested 10 mg of melatonin over 3 weeks.", 21, "rct"),
    ("About 60 million Americans get heartburn once a month. In one trial, 58 of them wore a magnetic belt for a week.", 7, "unspecified"),
    ("Researchers asked 2,000 men and 2,340 women how often they ate fish, and then waited. After 16 years 610 had died of heart disease.", 5844, "cohort"),
    ("It tested the spray on 47 sailors during a three-day crossing.", 3, "unspecified"),
    ("Sixty percent of the 150 patients who took it reported less pain at four weeks, against 30 percent of the 148 who took the dummy.", 28, "rct"),
    ("Cells from 12 donors were bathed in the extract for 48 hours.", 2, "in_vitro"),
    ("A 12-month trial of 1,500 adults over 70 years old found that 2,000 IU a day did not prevent falls.", 365.25, "rct"),
    ("The study involved fifty office workers who stood at their desks for at least four hours a day for three months.", 91.32, "nonrandomized_trial"),
    ("Of 18 dogs with itchy skin, nine got the new food and nine the old one for eight weeks.", 56, "animal"),
    ("One hundred twenty-eight smokers were given either varenicline or a patch for 12 weeks, and were checked again at one year.", 84, "rct"),
    ("Jones et al. recruited 85 adults from three clinics in Ohio; 78 completed the 10-week course.", 70, "unspecified"),
    (
        "Last year a Swedish group put 55 teenagers with hay fever on honey from local hives. Half of them got supermarket honey with added scent. By the end of the season, eight weeks on, symptoms were the same.",
        56,
        "rct",
    ),
    ("The ASPREE trial followed 19,114 people aged 70 or more in Australia and the United States for a median of 4.7 years.", 1716.7, "rct"),
    (
        "In a Dutch trial of 301 patients with back pain, those who had ten sessions of spinal manipulation over five weeks did no better than those who had been told to stay active.",
        35,
        "rct",
    ),
    ("The researchers dosed six beagles with the compound for 28 days.", 28, "animal"),
    ("One trial randomised 1,090 Finnish children in day care to milk with or without a probiotic through the winter, seven months in all.", 213.08, "rct"),
    ("Some 88,000 women in the Nurses' Health Study II answered questions about fibre; over 20 years, 2,833 of them developed breast cancer.", 7305, "cohort"),
    ("The team recruited 112 adults; 56 were told to eat two kiwis a day and 56 to take psyllium for four weeks.", 28, "rct"),
    ("Twelve weeks of nordic walking lowered blood pressure by 6 points in 64 retired women in Poland.", 84, "nonrandomized_trial"),
    ("Mice given the human equivalent of three cans of cola a day for eight months gained more fat.", 243.52, "animal"),
    ("Compared with 96 untreated horses, the 104 that got the supplement were no sounder after 90 days.", 90, "nonrandomized_trial"),
    ("A small trial in Pune (36 men, 90 days, 300 mg twice daily) reported a rise in testosterone.", 90, "rct"),
    ("In the first part of the study, 18 people were dosed once; in the second, 24 took it for 14 days.", 14, "nonrandomized_trial"),
    (
        "The Women's Health Initiative calcium trial enrolled 36,282 women between 50 and 79 years of age. After seven years the hip-fracture rates were almost identical.",
        2556.75,
        "rct",
    ),
    ("Half of 90 people with restless legs were given iron tablets, the rest a placebo, for three months.", 91.32, "rct"),
    ("They put collars on 24 cats for three weeks and counted what was brought home.", 21, "animal"),
    (
        "Ninety people with irritable bowel were divided equally into three groups. They took peppermint oil, a small-intestinal-release version, or placebo for eight weeks.",
        56,
        "rct",
    ),
    ("Among 3,100 Japanese men watched for 15 years, those who napped for more than an hour had more strokes.", 5478.75, "cohort"),
    ("Two-thirds of the 33 swimmers who took part drank beetroot juice for a week, and a third drank blackcurrant squash.", 7, "rct"),
    ("A man of 45 went blind in one eye after drinking it daily for two years, according to a case report in a Korean journal.", 730.5, "case_report"),
    ("The drug company's own trial had 438 patients on the drug and 220 on placebo, and ran for 52 weeks.", 364, "rct"),
    ("Volunteers slept in the lab for two nights, one with the fan on and one with it off. There were only seven of them.", 2, "nonrandomized_trial"),
    ("For 12 weeks, 50 sedentary men and 46 sedentary women took the stairs.", 84, "nonrandomized_trial"),
    ("It gave 20 healthy adults a single dose of 300 mg of caffeine and kept them in bed for 24 hours.", 1, "nonrandomized_trial"),
    ("Out of 213 people with tinnitus who began the programme, 187 were still there at the six-month mark.", 182.64, "nonrandomized_trial"),
    (
        "In 1747 James Lind took twelve sailors with scurvy, made six pairs of them, and gave each pair a different remedy for 14 days.",
        14,
        "nonrandomized_trial",
    ),
    ("The authors of the biggest trial so far, 5,292 strong, saw no benefit after 18 months.", 547.92, "rct"),
    ("In the SPRINT trial the 9,361 participants had a systolic pressure of at least 130; it was stopped after 3.26 years.", 1190.7, "rct"),
    ("A hundred and four couch potatoes volunteered. For half a year 52 of them walked 10,000 steps a day.", 182.64, "nonrandomized_trial"),
    ("Just under 3,000 Canadian teenagers filled in the forms in 2013 and again in 2016.", 1095.75, "cohort"),
    (
        "Around 1.3 million UK women had their records checked; over 12 years the drinkers of more than two glasses a day had more breast cancer.",
        4383,
        "cohort",
    ),
]


@pytest.mark.parametrize(("text", "days", "design"), LAY)
def test_lay_prose(text: str, days: float, design: str) -> None:
    found = read(text, design)
    assert found is not None
    assert found.days.value == pytest.approx(days, rel=0.02)


@pytest.mark.parametrize(
    ("text", "days", "phase"),
    [
        ("After a 6-week run-in, patients took the drug for 30 weeks.", 210, "treatment"),
        ("A 26-week, open-labelled, treat-to-target trial.", 182, "treatment"),
        ("Pressure was measured at 1, 3 and 6 months.", 182.64, "treatment"),
        ("They took it for eight weeks; six months later the effect was gone.", 56, "treatment"),
        ("Patients were followed for a median of 3.2 years.", 1168.8, "follow_up"),
        ("Nurses were watched between 1998 and 2006.", 2922, "observation"),
        ("Each drug was given for 4 weeks, separated by a 2-week washout.", 28, "treatment"),
        ("It was meant to run for seven years. It was over after five and a half.", 2008.88, "treatment"),
        ("They drank it twice a day for half a year.", 182.63, "treatment"),
        ("A year-long trial gave 20 men the pill.", 365.25, "treatment"),
        ("Three months, no placebo: 32 people took it.", 91.32, "treatment"),
    ],
)
def test_phase(text: str, days: float, phase: str) -> None:
    found = read(text, "rct")
    assert found is not None
    assert (found.days.value, found.phase) == (pytest.approx(days, rel=0.02), phase)
    assert text[found.days.start : found.days.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "People aged 18 to 65 years took 400 mg twice a day.",
        "A 45-year-old man took it three times a week.",
        "Nurses in the trial told people to build the dose up slowly over 3 weeks.",
        "They followed babies whose mothers had turned 30.",
        "Two years ago, a trial in 40 men failed.",
        "Survival was 14 months, and 5-year survival 60 percent, in the trial.",
        "They had had diabetes for at least ten years.",
        "The trial was published in 2012.",
    ],
)
def test_no_duration_stated(text: str) -> None:
    assert read(text, "rct") is None


@pytest.mark.parametrize("design", ["case_control", "cross_sectional", "systematic_review", "expert_opinion"])
def test_designs_without_a_duration(design: str) -> None:
    assert read("They were asked what they had eaten over the last 12 weeks, for 12 weeks.", design) is None


def test_spun_text_may_have_lost_its_prepositions() -> None:
    text = "81 people took magnesium once hi day upon twelve weeks."
    found = read(text, "rct", spun=0.5)
    assert found is not None
    assert found.days.value == 84
