"""Sample size, arms and studies pooled, in our own words: text -> figures."""

from __future__ import annotations

from time import process_time

import pytest

from ingest.extract.size import Size, read_size
from ingest.pipeline import read_document
from ingest.records import Article, Mention
from ingest.text.prose import Prose


def read(text: str, design: str | None = None, kind: str = "article") -> Size:
    prose = Prose(Article(id="t", text=text, kind=kind))
    spans = tuple(s.span for s in prose.sentences)
    return read_size(prose, Mention(spans[0].start, spans[0].end, spans, "test"), design)


LAY = [
    ("They took blood from more than 7 million sailors and compared 257 people who later developed MS with 514 who did not.", 771, None, "case_control"),
    ("A six-week trial in 48 healthy but tired adults tested the herb.", 48, None, "rct"),
    ("The study took a baker's dozen of singers and gave them honey.", 13, None, "nonrandomized_trial"),
    ("A review found trials (four of them, with 310 people between them) and saw no benefit.", 310, 4, "systematic_review"),
    ("She pooled the trials - six in all, with 412 patients.", 412, 6, "meta_analysis"),
    ("The team tested blood from more than 7 million soldiers. They compared 257 with MS with 514 without.", 771, None, "case_control"),
    (
        "A team in Leeds fed 38 healthy students either walnuts or crisps every afternoon for ten weeks and tested their memory.",
        38,
        None,
        "nonrandomized_trial",
    ),
    (
        "The PHYSICIANS' trial enlisted more than 22,000 male doctors, half of whom swallowed an aspirin every other day. It was halted after about five years.",
        22000,
        None,
        "rct",
    ),
    ("Of the 1,140 villagers who agreed to take part, 570 got zinc syrup and 570 a sugar syrup for six months.", 1140, None, "rct"),
    ("Researchers at Uppsala looked at hospital records for 61,433 Swedish women, whom they tracked for up to 19 years.", 61433, None, "cohort"),
    ("Nine rats on the diet lived a month longer than nine that ate ordinary chow.", 18, None, "animal"),
    ("Smith's group gave 15 men 5 grams of creatine four times a day for five days; 15 others had a dummy powder.", 30, None, "rct"),
    ("A Danish register study covering 1.1 million pregnancies found no link with autism over 13 years of follow-up.", None, None, "cohort"),
    ("A survey of 3,412 drivers, commissioned by an insurer, found that one in five had nodded off at the wheel.", 3412, None, "cross_sectional"),
    ("Doctors in Lyon describe a 34-year-old woman who turned orange after eating three pounds of carrots a day for six months.", 1, None, "case_report"),
    ("The review, published in the spring, drew on 31 trials in which a total of 4,127 people took part.", 4127, 31, "systematic_review"),
    ("They screened 2,310 people and randomised 412 of them to vitamin D drops or to oil, for two winters.", 412, None, "rct"),
    ("An open-label pilot in a dozen teenagers with acne ran for eight weeks; ten finished.", 12, None, "nonrandomized_trial"),
    ("When 240 nursing-home residents were offered a daily probiotic yogurt drink for half a year, their colds got no shorter.", 240, None, "unspecified"),
    ("A case-control study compared 412 people with stomach cancer with 824 neighbours of the same age.", 1236, None, "case_control"),
    (
        "In the trial, half of the 88 participants received the herb and the other half sugar pills. After 12 weeks there was no difference in sleep.",
        88,
        None,
        "rct",
    ),
    ("Seventy-one children aged 6 to 12, all with asthma, breathed salt-cave air three times a week for seven weeks.", 71, None, "nonrandomized_trial"),
    ("Thirty mice were given the extract in their water from the age of eight weeks until they died.", 30, None, "animal"),
    ("The Framingham offspring study has followed 5,124 people since 1971.", 5124, None, "cohort"),
    ("Between 1990 and 2002, researchers followed 42,500 male health professionals and recorded what they ate.", 42500, None, "cohort"),
    ("Two groups of 25 volunteers each kept a sleep diary for a fortnight.", 50, None, "unspecified"),
    (
        "Three hundred and sixty-two pregnant women joined; 181 were assigned by lot to fish oil and 181 to olive oil from week 20 until delivery.",
        362,
        None,
        "rct",
    ),
    ("It was a small study, in just 11 cyclists, and lasted only four days.", 11, None, "unspecified"),
    ("The authors pooled data from nine cohorts and 380,000 participants who had been followed for a median of 11.3 years.", 380000, 9, "meta_analysis"),
    ("In a crossover trial 21 people with Parkinson's took the drug for six weeks and a placebo for another six weeks.", 21, None, "rct"),
    ("A Scottish team randomly allocated 4,000 pensioners, of whom 3,112 were still in the study five years later.", 4000, None, "rct"),
    ("The 2019 trial (n = 96) tested 10 mg of melatonin over 3 weeks.", 96, None, "rct"),
    ("About 60 million Americans get heartburn once a month. In one trial, 58 of them wore a magnetic belt for a week.", 58, None, "unspecified"),
    (
        "Researchers asked 2,000 men and 2,340 women how often they ate fish, and then waited. After 16 years 610 had died of heart disease.",
        4340,
        None,
        "cohort",
    ),
    ("It tested the spray on 47 sailors during a three-day crossing.", 47, None, "unspecified"),
    ("Sixty percent of the 150 patients who took it reported less pain at four weeks, against 30 percent of the 148 who took the dummy.", 298, None, "rct"),
    ("Cells from 12 donors were bathed in the extract for 48 hours.", None, None, "in_vitro"),
    ("A 12-month trial of 1,500 adults over 70 years old found that 2,000 IU a day did not prevent falls.", 1500, None, "rct"),
    ("The study involved fifty office workers who stood at their desks for at least four hours a day for three months.", 50, None, "nonrandomized_trial"),
    ("In Bristol, 16 patients on dialysis and 16 healthy controls had blood drawn before and after a meal.", 32, None, "case_control"),
    ("An analysis of 17 randomised trials found that people who took fibre supplements lost 0.3 kg more.", None, 17, "meta_analysis"),
    ("Of 18 dogs with itchy skin, nine got the new food and nine the old one for eight weeks.", 18, None, "animal"),
    ("One hundred twenty-eight smokers were given either varenicline or a patch for 12 weeks, and were checked again at one year.", 128, None, "rct"),
    ("Fewer than 40 people took part, and a quarter of them dropped out within a month.", 40, None, "unspecified"),
    ("In the larger study, 1,023 nurses on night shifts reported their sleep with an app.", 1023, None, "cross_sectional"),
    ("Jones et al. recruited 85 adults from three clinics in Ohio; 78 completed the 10-week course.", 85, None, "unspecified"),
    ("It was given to 9 babies with colic, and the crying stopped in eight.", 9, None, "case_series"),
    (
        "Last year a Swedish group put 55 teenagers with hay fever on honey from local hives. Half of them got supermarket honey with added scent. By the end of the season, eight weeks on, symptoms were the same.",
        55,
        None,
        "rct",
    ),
    ("The ASPREE trial followed 19,114 people aged 70 or more in Australia and the United States for a median of 4.7 years.", 19114, None, "rct"),
    ("A 2011 paper in the Lancet pooled eight trials with 25,570 patients and 674 cancer deaths.", 25570, 8, "meta_analysis"),
    (
        "In a Dutch trial of 301 patients with back pain, those who had ten sessions of spinal manipulation over five weeks did no better than those who had been told to stay active.",
        301,
        None,
        "rct",
    ),
    ("The researchers dosed six beagles with the compound for 28 days.", 6, None, "animal"),
    ("One trial randomised 1,090 Finnish children in day care to milk with or without a probiotic through the winter, seven months in all.", 1090, None, "rct"),
    (
        "Some 88,000 women in the Nurses' Health Study II answered questions about fibre; over 20 years, 2,833 of them developed breast cancer.",
        88000,
        None,
        "cohort",
    ),
    ("Hundreds of studies have looked at turmeric.", None, None, "unspecified"),
    ("A randomised trial from Boston found that yoga was as good as physiotherapy for back pain.", None, None, "rct"),
    (
        "In 2005 the trial's 2,763 participants, all of them women who'd had a child with a neural tube defect, were told what they had been taking.",
        2763,
        None,
        "rct",
    ),
    ("The team recruited 112 adults; 56 were told to eat two kiwis a day and 56 to take psyllium for four weeks.", 112, None, "rct"),
    (
        "Pharmacists at a Melbourne hospital reported three patients, aged 61, 67 and 74, whose INR shot up after they began to take glucosamine.",
        3,
        None,
        "case_series",
    ),
    ("Twelve weeks of nordic walking lowered blood pressure by 6 points in 64 retired women in Poland.", 64, None, "nonrandomized_trial"),
    ("Mice given the human equivalent of three cans of cola a day for eight months gained more fat.", None, None, "animal"),
    ("The experiment was simple: 40 people, 20 of them deaf since birth, looked at faces on a screen.", 40, None, "cross_sectional"),
    ("Compared with 96 untreated horses, the 104 that got the supplement were no sounder after 90 days.", 200, None, "nonrandomized_trial"),
    ("An international panel of 27 experts reviewed the evidence and advised against the test.", None, None, "expert_opinion"),
    ("It's a questionnaire study: 7,900 British parents were asked about screens when their child was three, and again at seven.", 7900, None, "cohort"),
    ("Eighty-four percent of the 1,250 people polled said they trusted their doctor.", 1250, None, "cross_sectional"),
    ("A small trial in Pune (36 men, 90 days, 300 mg twice daily) reported a rise in testosterone.", 36, None, "rct"),
    ("In the first part of the study, 18 people were dosed once; in the second, 24 took it for 14 days.", 42, None, "nonrandomized_trial"),
    (
        "The Women's Health Initiative calcium trial enrolled 36,282 women between 50 and 79 years of age. After seven years the hip-fracture rates were almost identical.",
        36282,
        None,
        "rct",
    ),
    ("Half of 90 people with restless legs were given iron tablets, the rest a placebo, for three months.", 90, None, "rct"),
    ("Researchers in Taipei matched 5,045 patients with shingles to 20,180 controls from the same insurance database.", 25225, None, "case_control"),
    ("They put collars on 24 cats for three weeks and counted what was brought home.", 24, None, "animal"),
    (
        "Ninety people with irritable bowel were divided equally into three groups. They took peppermint oil, a small-intestinal-release version, or placebo for eight weeks.",
        90,
        None,
        "rct",
    ),
    ("Among 3,100 Japanese men watched for 15 years, those who napped for more than an hour had more strokes.", 3100, None, "cohort"),
    ("The trial, in 205 pregnant smokers, lasted until they gave birth.", 205, None, "rct"),
    ("Two-thirds of the 33 swimmers who took part drank beetroot juice for a week, and a third drank blackcurrant squash.", 33, None, "rct"),
    ("In a study of 1,028 twins, the one who ran more often had the longer telomeres.", 1028, None, "cross_sectional"),
    ("A man of 45 went blind in one eye after drinking it daily for two years, according to a case report in a Korean journal.", 1, None, "case_report"),
    ("The drug company's own trial had 438 patients on the drug and 220 on placebo, and ran for 52 weeks.", 658, None, "rct"),
    ("Volunteers slept in the lab for two nights, one with the fan on and one with it off. There were only seven of them.", 7, None, "nonrandomized_trial"),
    ("When 400 mothers-to-be took part in a Norwegian trial of exercise classes, 81 percent stuck with it.", 400, None, "rct"),
    ("They found 14 studies worth a look, most of them tiny: 612 children altogether.", 612, 14, "systematic_review"),
    ("For 12 weeks, 50 sedentary men and 46 sedentary women took the stairs.", 96, None, "nonrandomized_trial"),
    ("In Glasgow, a pilot with 30 people on the waiting list and 30 in treatment showed promise.", 60, None, "nonrandomized_trial"),
    ("It gave 20 healthy adults a single dose of 300 mg of caffeine and kept them in bed for 24 hours.", 20, None, "nonrandomized_trial"),
    ("The retracted study claimed that 70 patients had been treated, but the hospital had records of only nine.", 70, None, "unspecified"),
    ("A trial in eight hospitals with 1,506 women in labour compared sterile water injections with saline.", 1506, None, "rct"),
    ("In Leipzig they scanned the brains of 15 monks and 15 gardeners.", 30, None, "case_control"),
    ("The 8,000-person trial was the largest of its kind.", 8000, None, "rct"),
    ("A total of 2,002 GPs answered the questionnaire.", 2002, None, "cross_sectional"),
    ("The cohort of 3,458 Danes has been examined every five years since 1976.", 3458, None, "cohort"),
    ("Out of 213 people with tinnitus who began the programme, 187 were still there at the six-month mark.", 213, None, "nonrandomized_trial"),
    (
        "Of every 1,000 women screened for ten years, four will be spared death from breast cancer, a Swiss panel worked out from eight trials.",
        None,
        8,
        "systematic_review",
    ),
    ("They fed flies curcumin from day one; the flies lived up to 20 percent longer.", None, None, "animal"),
    (
        "In 1747 James Lind took twelve sailors with scurvy, made six pairs of them, and gave each pair a different remedy for 14 days.",
        12,
        None,
        "nonrandomized_trial",
    ),
    ("The authors of the biggest trial so far, 5,292 strong, saw no benefit after 18 months.", 5292, None, "rct"),
    ("In the SPRINT trial the 9,361 participants had a systolic pressure of at least 130; it was stopped after 3.26 years.", 9361, None, "rct"),
    ("A hundred and four couch potatoes volunteered. For half a year 52 of them walked 10,000 steps a day.", 104, None, "nonrandomized_trial"),
    ("Just under 3,000 Canadian teenagers filled in the forms in 2013 and again in 2016.", 3000, None, "cohort"),
    ("Fifteen thousand five hundred and twelve Spanish graduates have been sending back forms every two years.", 15512, None, "cohort"),
    (
        "Around 1.3 million UK women had their records checked; over 12 years the drinkers of more than two glasses a day had more breast cancer.",
        1300000,
        None,
        "cohort",
    ),
]


@pytest.mark.parametrize(("text", "size", "pooled", "design"), LAY)
def test_lay_prose(text: str, size: int | None, pooled: int | None, design: str) -> None:
    found = read(text, design)
    assert (found.sample_size.value if found.sample_size else None) == size
    assert (found.studies_pooled.value if found.studies_pooled else None) == pooled


@pytest.mark.parametrize(
    ("text", "size", "arms"),
    [
        ("METHODS: A total of 118 patients were randomised, 59 to drug and 59 to sham. RESULTS: 110 patients completed the trial.", 118, (59, 59)),
        ("Patients received the gel (n = 22), the cream (n = 21) or neither (n = 20).", 63, (22, 21, 20)),
        ("Women with asthma (N = 381) were recruited and got drops (n = 190) or water (n = 191).", 381, (190, 191)),
        ("Thirty-five patients with gout and 32 healthy controls were recruited.", 67, (35, 32)),
        ("Pain was gone in 9 of 30 with the balm and in 1 of 32 without.", 62, (30, 32)),
        ("Eighty-five subjects (43 on tea and 42 on coffee) were assessable.", 85, (43, 42)),
        ("Forty-four eyes of 40 patients were treated. Bleeding occurred in 3 patients (7.5%).", 40, ()),
        ("In all, 207 and 201 women were enrolled in the two arms.", 408, (207, 201)),
        ("Of 170 patients, 48 were given the patch and 122 the tablet.", 170, (48, 122)),
        ("Sixty rabbits were divided into three groups of 20.", 60, (20, 20, 20)),
        ("We studied 71 BCS. Breast cancer survivors (BCS) wore a sensor.", 71, ()),
        ("Group I consisted of 329 patients, and group II included 318 patients. The analysis included 647 patients.", 647, ()),
        ("A planned total of 300 patients was not reached; 87 patients were enrolled.", 87, ()),
        ("Trial NCT01234567 began on 20 May 2010.", None, ()),
        ("Body weight was 70 ± 12 kg in 25 men.", 25, ()),
    ],
)
def test_abstracts(text: str, size: int | None, arms: tuple[int, ...]) -> None:
    found = read(text, kind="abstract")
    assert (found.sample_size.value if found.sample_size else None) == size
    assert tuple(a.value for a in found.arms) == arms


@pytest.mark.parametrize(
    "text",
    [
        "In the study, women aged 40 to 65 took 400 IU a day.",
        "The trial found that 12 of every 1,000 people would benefit.",
        "One in five of us sleeps badly, a study found.",
        "The study made a stir: 212 of you have written to me since.",
        "The study, done in 2012 in 14 hospitals, cost 3 million dollars.",
        "About 37 million Americans have diabetes, and a new trial may help them.",
        "The trial was run by nine scientists and read by 2,000 subscribers.",
        "A p-value of 0.04 and 300 deaths: the study made headlines.",
        "They drank 30 ml three times a day for 12 weeks in the trial.",
    ],
)
def test_no_participants_stated(text: str) -> None:
    assert read(text, "rct").sample_size is None


def test_a_sum_spans_its_parts_and_names_its_rule() -> None:
    text = "They compared 24 patients with 20 controls."
    value = read(text).sample_size
    assert value is not None
    assert text[value.start : value.end] == "24 patients with 20"
    assert value.rule == "size:sum:listed"


@pytest.mark.parametrize(
    ("text", "design", "size"),
    [
        ("A retired teacher turned blue after she had used the drops for years.", "case_report", 1),
        ("A 56-year-old man turned up with weak muscles.", None, 1),
        ("A retired teacher turned blue.", "rct", None),
    ],
)
def test_case_report_is_one(text: str, design: str | None, size: int | None) -> None:
    found = read(text, design).sample_size
    assert (found.value if found else None) == size


def test_only_parts_of_the_mention_are_read() -> None:
    text = "One trial had 40 men. Another had 60 women."
    prose = Prose(Article(id="t", text=text))
    second = prose.sentences[1].span
    found = read_size(prose, Mention(second.start, second.end, (second,), "test"))
    assert found.sample_size is not None
    assert found.sample_size.value == 60


def test_a_design_that_is_no_review_pools_nothing() -> None:
    assert read("The trial is one of 12 studies of the pill in 40 men.", "rct").studies_pooled is None


@pytest.mark.parametrize("piece", ["1" * 400, "(n = 12) ", "12 doctors and 13 patients ", "one ", "A total of 12 patients (4 women) were seen. ", "12 weeks "])
def test_a_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        read(piece * times, "rct", "abstract")
        return process_time() - begin

    seconds(10)
    assert seconds(1600) < 80 * max(seconds(100), 0.002)  # sixteen times the text; squared it would be 256 times the time


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("The trial was a four-year, placebo-controlled study of over 1,000 U.S. cooks aged 50 and older.", 1000),
        ("Bakewell reported results from its 278 patient Phase 3 OVEN 2 study of a mat for sore backs.", 278),
    ],
)
def test_sizes_as_news_prints_them(text, size):
    document = read_document(Article("n", text), kind="article")
    assert [s.sample_size for s in document.studies] == [size]
