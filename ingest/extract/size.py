"""How many took part: sample size, studies pooled, arms.

Every number of a mention is a candidate (``candidates.py``); this module resolves them to one total by the rules of the
contract: enrolled or randomised first; patients and controls, men and women are added; arms are added where no total is
printed; completers where nothing else is; a case report is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ingest.extract.candidates import AGENTS, DROPPED, GOES_ON, GOES_ON_AS_GROUP, MANY, OTHER, PEOPLE, SEXES, SHORT_WORD, Candidate, Sum, find_candidates
from ingest.extract.choosing import Chooser
from ingest.extract.pooled import REVIEWS, read_pooled
from ingest.extract.size_options import none_features, readings
from ingest.records import Mention, Span, Value
from ingest.text.numbers import lowered
from ingest.text.participants import ONE_PERSON
from ingest.text.prose import Prose

THRESHOLD = 3.0
"""The score that a number needs to be taken as a total."""
MOST_IN_SENTENCE = 40
"""More numbers of people than this stand in no sentence; the rest of a table without full stops is not added up."""
SPUN = 0.2
"""From this share of replaced function words on a text is read as a spun one."""
SECOND_CHANCE = 2.0
"""Where nothing reaches the threshold, "of the 62, 40 had no pain" is enough."""
FAR_BETTER = 2.0
"""A printed total that is smaller than a sum still wins when its score is better by more than this."""
ADDS_UP = 4.0
"""What it adds to a number's score that groups named elsewhere add up to it."""
SURE_SUM, SURE_PART = 20, 7
"""Smaller sums and parts may add up by chance."""
COMPARING = frozenset({None, "unspecified", "case_control", "cross_sectional", "cohort"})
"""Designs that set patients against healthy people."""
GROUPS = frozenset({"rct", "cohort", "case_control", "cross_sectional", "meta_analysis", "systematic_review", "animal"})
"""Designs that no single person makes up."""
NOBODY = frozenset({"in_vitro", "expert_opinion", "narrative_review"})
"""Designs in which nobody takes part: a number of people in their sentences is somebody else's."""
NEVER = frozenset({"rate", "age", "lost", "population"})
SURELY_NOT = frozenset({"rate", "age"})
"""What even the learned choice never takes."""
NOT_IN_SUM = NEVER | {"completed", "screened", "share", "subgroup", "stray", "name", "event", "plan"}
ENTERED = frozenset({"enrolled", "total", "sample"})
NEARLY_AS_GOOD = 1.5
"""A larger number of people who entered, earlier in the text, may fall this much behind a smaller one."""
NEARLY_SAME = 0.9
"""Arms that do not quite add up to the printed total leave the total standing."""
NEARLY_ALL = 0.97
"""The first number of a list is the total of the others when they reach this share of it."""
MOST_ARMS = 0.8
"""Arms belong to a total when they reach this share of it."""


@dataclass(frozen=True, slots=True)
class Size:
    """What was read of a study's size."""

    sample_size: Value[int] | None = None
    studies_pooled: Value[int] | None = None
    arms: tuple[Value[int], ...] = ()


CHOOSER = Chooser.load(Path(__file__).with_name("values_model.json"), "sample_size")


_LINK = re.compile(
    r"(?:,|;|/|&|\band|\bversus|\bvs\.?|\bplus|\bwith|\bagainst|\bto|\bwhile|\bwhereas|\bthan|\bor)[\s(]+(?:[^\W\d_][\w-]*\s+){0,4}$",
    re.I,
)
_LINK_SPUN = re.compile(r"\s[a-z'’]{1,6}\.?\s(?:[\w-]+\s){0,2}")  # "2,000 men get 2,340 women": the "and" is lost
_AGAINST = re.compile(r"\b(?:against|versus|vs|compared)\b", re.I)
_IN_EACH = re.compile(r"\s(?:in|to|at) (?:each|every|a)\s", re.I)  # "ten rats, five in each cage"
_AND = re.compile(r"\s(?:and|plus|against|versus|with)\s", re.I)
_NEXT_IN_LIST = re.compile(r",?\s(?:and\s|or\s|&\s)?")
_LINK_BARE = re.compile(
    r"(?:,|;|\(|\band|\bversus|\bvs\.?|\bwhile|\bwhereas|\bagainst|\bwith|\bplus|\bthan|\bor|\bto)"
    r"\s*(?:(?:in|on|among|of|for|from|told|gave|left|put|had|let) )?(?:the )?(?:remaining |other |another )?$|\band [\w. ]{1,20} to\s$"
    r"|\b(?:and|versus|with|against) (?:an? |the )?(?:\w+ ){0,2}(?:group|arm|lot|team) of\s$",
    re.I,
)
_BREAKS = re.compile(r"\b(?:including|of whom|of which|of these|among them|completed|withdrew|leaving)\b", re.I)
_PAIR = re.compile(r"\s(?:and|versus|vs\.?|&)\s", re.I)
_COMMA_FIRST = re.compile(r"[^,.;]{0,60},\s(?!and\b|while\b|whereas\b)")
_COMMA = re.compile(r",\s$")
_TAKEN = re.compile(
    r"\b(?:enrolled|recruited|included|participated|entered|registered)\b|\b(?:randomi[sz]ed|assigned|divided|randomi[sz]ation)\s?[,;:(.]", re.I
)
_ENTERED = re.compile(r"\b(?:enrolled|recruited|included|participated|entered)\b", re.I)
_SEMICOLON = re.compile(r";\s$")
_NEW_SENTENCE = re.compile(r"[.;]\s\d+ (?:were|was|patients|women|participants|completed)\b")
_PER_GROUP = re.compile(
    r"[^.;,]{0,30}?(?:\b(?:in|to) each (?:\w+ )?(?:group|arm|team)|\bper (?:\w+ )?(?:group|arm|team)|\bin (?:both|either) (?:groups|arms)"
    r"|\beach(?=\s*[.,;)]|\s*$)|\bapiece\b|/\s?(?:group|arm)\b)",
    re.I,
)
_EACH_BEFORE = re.compile(
    r"\b(?:groups|arms|teams|lots|parties|bands)\s(?:each\s)?(?:of|with|containing|comprising|each)\s$|\bgroups\s?\(\s?n\s?=\s?$"
    r"|\beach (?:group|arm)[^.;]{0,25}$",
    re.I,
)
_GROUPS = re.compile(r"\b(two|three|four|five|six|[2-6])\s(?:\w+[\s-]){0,4}(?:groups|arms|teams|lots)\b", re.I)
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SAME_NUMBER = re.compile(r"\b(?:and|with|against|plus|to|versus)\s(?:the same number|an equal number|a similar number|equal numbers|as many)\b", re.I)
_PERSON = "(?:" + "|".join(sorted(ONE_PERSON, key=lambda w: (-len(w), w))) + ")"
_AGED_ONE = re.compile(
    r"\b(?:an?|one|the|another|this|his|her)\s(?:[\w'’-]+\s){0,3}?\d{1,3}[- ]years?[- ]old\b"
    rf"|\b{_PERSON}(?:,? (?:aged |of )|, )(?:\d{{1,3}}(?![\d,.]*\d)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:-\w+)?)(?=[,.;:)]|\s(?!\w+s\b)|$)"
    r"|\b(?:an?|one|this) (?:[\w-]+-year-old|(?:nine|seven|eight|six)teen-year-old)\b"
    r"|\b(?:man|woman|boy|girl|patient|male|female) \d{1,3}\b",
    re.I,
)
_NO_COMMAS = str.maketrans(",.;:’'", "      ")
_ONE = re.compile(r"\b(?:single|one) (?:patient|person|man|woman|child|boy|girl|case)\b|\bcase of an?\b", re.I)
_SOMEBODY = re.compile(rf"\b(?:an?|one|another|this|that) (?:[\w'’-]+ ){{0,3}}?{_PERSON}\b(?!['’]s\b|-)", re.I)


def read_size(prose: Prose, mention: Mention, design: str | None = None) -> Size:
    """Read how many took part in the study of a mention.

    :param design: the design already read; a case report without a number is one patient, only reviews pool studies.
    """
    text, parts = prose.text, mention.parts
    pooled = None if mention.plural else read_pooled(text, parts, design)
    learned = not (prose.is_abstract or mention.plural)
    if design in NOBODY and not learned:
        return Size(None, pooled)
    loose: list[Candidate] | None = [] if learned else None
    everything = find_candidates(text, parts, prose.is_abstract, prose.article.spun >= SPUN, loose)
    candidates = [c for c in everything if not NEVER & c.cues and (pooled is None or c.number.start != pooled.start)]
    if design in REVIEWS:  # there "(n = 24)" counts studies, and brackets hold parts of the evidence
        candidates = [c for c in candidates if not c.number.labelled or "labelled_people" in c.cues or c.value >= MANY]
    sums = _sums(text, candidates) if candidates else []
    if len(candidates) > 2:
        _reward_totals(candidates, sums)
    total = None if design in NOBODY else _total(text, candidates, sums, design) or _one_person(text, parts, design)
    if loose is not None and not (total and len(everything) == 1 and not loose and candidates and candidates[0].score >= THRESHOLD):
        for c in everything:
            if pooled is not None and c.number.start == pooled.start:
                c.cues.add("pooled")
        possible = [c for c in (*everything, *loose) if not SURELY_NOT & c.cues]
        offered = readings(prose, design, possible, candidates, sums, total, _further_readings(text, parts, candidates, design))
        chosen = CHOOSER.choose(offered, none_features(design, candidates, total))
        total = chosen.value if chosen else None
    return Size(total, pooled, _arms(sums, total))


def _further_readings(text: str, parts: Sequence[Span], candidates: Sequence[Candidate], design: str | None) -> Iterator[Value[int]]:
    """Read one person ("a woman of 40"), and the same number again ("40 patients and as many controls")."""
    alone = design == "case_report" or not any(c.value > 1 and c.head.kind in PEOPLE for c in candidates)
    named = [p for p in parts if _names_one(text, p)] if alone else []
    for name, pattern in (("aged", _AGED_ONE), ("one", _ONE), ("somebody", _SOMEBODY)) if named else ():
        if name == "aged" or design not in GROUPS:
            found = next((m for p in named if (m := pattern.search(text, p.start, p.end))), None)
            if found:
                yield Value(1, found.start(), found.end(), f"size:one_person:{name}")
    if design == "case_report":
        yield Value(1, parts[0].start, parts[0].end, "size:case_report")
    repeats: dict[int, list[re.Match[str]]] = {}  # by sentence: looked for once, however many numbers it holds
    for c in candidates:
        if c.start not in repeats:
            repeats[c.start] = list(_SAME_NUMBER.finditer(text, c.start, c.end))
        same = next((m for m in repeats[c.start] if m.start() >= c.number.end), None)
        if same:
            yield Value(2 * c.value, c.number.start, same.end(), "size:same_number")
            break


def _names_one(text: str, part: Span) -> bool:
    """Whether a sentence has a word for a single person: most have none, and a look at its words is fast."""
    words = lowered(text)[part.start : part.end].translate(_NO_COMMAS).split()
    return not ONE_PERSON.isdisjoint(words) or "case" in words or any("year" in w and w.endswith("-old") for w in words)


def _total(text: str, candidates: list[Candidate], sums: list[Sum], design: str | None) -> Value[int] | None:
    sums = [s for s in sums if s.score >= THRESHOLD]
    inside = {id(c) for s in sums if s.rule != "denominators" for c in s.members}
    alone = [c for c in candidates if c.score >= THRESHOLD and id(c) not in inside]
    single = _best(alone) or _best([c for c in candidates if _has_second_chance(c)])
    added = max(sums, key=lambda s: (s.rank, -s.members[0].number.start), default=None)
    if added is not None and (single is None or not _covers(single, added)):
        return Value(added.value, added.members[0].number.start, added.members[-1].number.end, f"size:sum:{added.rule}")
    if single is None:
        return None
    span = (single.number.start, single.number.end)
    controls = _controls(single, alone, design) or _further(single, candidates, design)
    if controls is not None:
        ends = sorted((single.number.start, single.number.end, controls.number.start, controls.number.end))
        return Value(single.value + controls.value, ends[0], ends[-1], "size:sum:controls")
    same = _SAME_NUMBER.search(text, single.number.end, single.end)
    if same and not any(single.number.start < c.number.start < same.start() for c in alone):
        return Value(2 * single.value, span[0], same.end(), "size:same_number")
    return Value(single.value, *span, "size:" + "+".join(sorted(single.cues)))


def _has_second_chance(c: Candidate) -> bool:
    """Whether a weak number will do where there is no better: "of the 62, 40 had no pain", "every child: 1,037 of them"."""
    sure = c.cues >= {"whole", "subject"} or (c.cues >= {"partitive", "subject"} and c.value >= SURE_PART)
    return c.score >= SECOND_CHANCE and sure


def _best(alone: list[Candidate]) -> Candidate | None:
    """Take the best single number; of several that entered the study, a larger one in front stands for the whole."""
    best = max(alone, key=lambda c: (round(c.rank, 1), not c.cues & {"completed", "subgroup"}, -c.number.start), default=None)
    if best is None:
        return None
    for c in alone:
        if c.value > best.value and c.number.start < best.number.start and c.rank >= best.rank - NEARLY_AS_GOOD and _entered(c):
            return c
    return best


def _entered(c: Candidate) -> bool:
    return bool(c.cues & ENTERED) and not c.cues & {"holds", "drawn_from", "screened", "plan", "completed"}


def _controls(single: Candidate, others: list[Candidate], design: str | None) -> Candidate | None:
    """Find the healthy or matched people named in another sentence than the patients they are compared with."""
    if design not in COMPARING or "controls" in single.cues:
        return None
    for c in others:
        near = c is not single and abs(c.sentence - single.sentence) <= 3
        if near and "controls" in c.cues and c.head.kind in PEOPLE and single.value / 3 <= c.value <= 3 * single.value:
            if any(x.value >= single.value + c.value for x in others):
                return None
            return c
    return None


def _further(single: Candidate, others: list[Candidate], design: str | None) -> Candidate | None:
    """Find a further group named in the next sentences: "a second group of 18", "fifty more rinsed with water"."""
    if design in REVIEWS:
        return None
    for c in others:
        later = c.number.start > single.number.end and c.sentence - single.sentence <= 2
        plain = not NOT_IN_SUM & c.cues and not {"those", "definite"} & c.cues
        if later and plain and {"other", "second"} & c.cues and single.value / 3 <= c.value <= 3 * single.value:
            return c
    return None


def _covers(single: Candidate, added: Sum) -> bool:
    """Whether a printed total wins over a sum: it is as large, or it stands far better."""
    if single.value >= added.value:
        return True
    if single.score > added.score + FAR_BETTER:
        return len(added.members) < 3 or single.value not in {c.value for c in added.members}
    return single.value >= NEARLY_SAME * added.value and single.score >= added.score - 1.0


def _reward_totals(candidates: list[Candidate], sums: list[Sum]) -> None:
    """Raise a number that two groups named one by one add up to: "group I consisted of 329 …, group II included 318 …"."""
    parts = {c.value for c in candidates if c.head.kind in PEOPLE and not NOT_IN_SUM & c.cues}
    added = {s.value for s in sums if s.rule != "denominators"}
    for c in candidates:
        if c.value < SURE_SUM or c.head.kind not in PEOPLE or "plan" in c.cues:
            continue
        if c.value in added or any(c.value - p in parts and p > SURE_PART and c.value - p > SURE_PART for p in parts):
            c.score += ADDS_UP


def _arms(sums: list[Sum], total: Value[int] | None) -> tuple[Value[int], ...]:
    """The groups of the study: the first list of numbers that makes up (most of) the total."""
    if total is None:
        return ()
    for s in sums:
        if MOST_ARMS * total.value <= s.value <= total.value and total.value > 1:
            return tuple(Value(c.value, c.number.start, c.number.end, f"arms:{s.rule}") for c in s.members)
    return ()


def _sums(text: str, candidates: list[Candidate]) -> list[Sum]:
    """List the sums that the sentences offer; a number said to be per group stops being a candidate."""
    out = []
    for _, group in groupby(candidates, key=lambda c: c.sentence):
        inside = list(group)[:MOST_IN_SENTENCE]
        if len(inside) == 1:
            out += _per_group(text, inside)
            continue
        members = [c for c in inside if (not NOT_IN_SUM & c.cues or _in_list(inside, c)) and c.head.kind != "arm" and not _no_group(c)]
        out += _per_group(text, inside)
        members = [c for c in members if not _is_whole(c, members)]
        members = [c for c in members if c.score > DROPPED]
        out += _runs(text, [c for c in members if c.number.labelled], "labelled")
        for bracket in (True, False):
            out += _runs(text, [c for c in members if not c.number.labelled and ("bracketed" in c.cues) == bracket], "listed")
        out += _wholes(text, inside)
    return out


def _no_group(c: Candidate) -> bool:
    """Whether a number is hardly a group: "the three patients", the millions that samples were taken from."""
    return c.cues >= {"definite", "tiny"} or c.cues >= {"millions", "drawn_from"}


def _wholes(text: str, inside: list[Candidate]) -> list[Sum]:
    """Add what shares are given of: "9 of 30 against 1 of 32", "60 percent of the 150 …, 30 percent of the 148"."""
    out = []
    for cue in ("denominator", "percent_of"):
        wholes = [c for c in inside if cue in c.cues]
        if len(wholes) > 1:
            score = max(c.score + 0.1 for c in wholes)
            score = max(score, THRESHOLD) if cue == "denominator" else score
            if cue == "denominator" and not _AGAINST.search(text, wholes[0].number.end, wholes[-1].number.start):
                score = THRESHOLD
            out.append(Sum(tuple(wholes), sum(c.value for c in wholes), score, "denominators"))
    return out


def _is_whole(c: Candidate, members: list[Candidate]) -> bool:
    """Whether the bare numbers behind a number of people add up to it: "sixty patients …; thirty got it and thirty did not"."""
    rest = [x.value for x in members if x.number.start > c.number.start and x.head.kind in ("none", "partitive")]
    return c.head.kind in PEOPLE and len(rest) > 1 and sum(rest) == c.value


def _in_list(inside: list[Candidate], c: Candidate) -> bool:
    """Whether a bare number stands in a bracket that lists people: "patients (41 astrocytomas and 29 glioblastomas)"."""
    lists = "bracketed" in c.cues and any("listed_people" in x.cues for x in inside)
    return lists and not (NOT_IN_SUM - {"stray"}) & c.cues


def _runs(text: str, members: list[Candidate], rule: str) -> list[Sum]:
    runs: list[list[Candidate]] = []
    for c in members:
        if runs and (_labels_linked if rule == "labelled" else _linked)(text, runs[-1][-1], c):
            runs[-1].append(c)
        else:
            runs.append([c])
    return [_added(r, rule) for r in map(_without_total, runs) if len(r) > 1]


def _added(run: list[Candidate], rule: str) -> Sum:
    score = max(c.score - sum(OTHER[cue] for cue in ("bracket", "in_group") if cue in c.cues) for c in run) + 0.5
    return Sum(tuple(run), sum(c.value for c in run), score, rule)


def _without_total(run: list[Candidate]) -> list[Candidate]:
    """Drop a printed total from the front of its own parts: "118 patients: 59 to one arm and 59 to the other"."""
    rest = sum(c.value for c in run[1:])
    if len(run) > 2 and run[0].value >= rest * NEARLY_ALL:
        return run[1:]
    if len(run) == 2 and "total" in run[0].cues and run[0].value >= rest and run[1].head.kind not in PEOPLE:
        return run[1:]
    return run


def _labels_linked(text: str, first: Candidate, second: Candidate) -> bool:
    gap = text[first.head.end : second.number.start]
    return len(gap) < 400 and not _NEW_SENTENCE.search(gap)


def _linked(text: str, first: Candidate, second: Candidate) -> bool:
    """Whether two numbers of a sentence stand side by side: "24 patients and 20 controls", "45 on metformin and 42 on placebo"."""
    gap = text[first.head.end : second.number.start]
    if first.head.kind == "none" and second.head.kind in PEOPLE and _PAIR.fullmatch(text[first.number.end : second.number.start]):
        return True  # "207 and 201 patients"
    if "co_listed" in first.cues and _NEXT_IN_LIST.fullmatch(text[first.number.end : second.number.start]):
        return True
    if _is_part(first, second, gap) or _IN_EACH.match(text, second.number.end):
        return False
    if "twin" in second.cues and len(gap) < 150:
        return True
    if (first.head.word in AGENTS) != (second.head.word in AGENTS):
        return False
    if "bracketed" in first.cues & second.cues and len(gap) < 200:
        return True
    if len(gap) > 150 or _BREAKS.search(gap) or {"total", "plan"} & second.cues:
        return False
    if second.spun and first.head.kind in PEOPLE and _LINK_SPUN.fullmatch(gap) and second.value / 5 <= first.value <= 5 * second.value:
        return second.head.kind in PEOPLE or GOES_ON_AS_GROUP.match(text, second.number.end) is not None
    if second.head.kind == "plural" and first.head.kind in PEOPLE:
        return _AND.fullmatch(gap) is not None  # "41 pianists and 38 lumberjacks"
    if second.head.kind in PEOPLE:
        return _LINK.search(gap) is not None and (first.head.kind in PEOPLE or GOES_ON.match(gap) is not None)
    goes_on = GOES_ON_AS_GROUP.match(text, second.number.end) or (second.spun and SHORT_WORD.match(text, second.number.end))
    return _LINK_BARE.search(gap) is not None and bool(goes_on)


def _is_part(first: Candidate, second: Candidate, gap: str) -> bool:
    """Whether the second number is a part of the first."""
    if second.head.kind == "partitive" and first.head.kind in PEOPLE:  # "309 patients were enrolled and 202 of them"
        return True
    if second.head.kind == "none" and "definite" in second.cues and "definite" not in first.cues and ";" in gap:
        return True  # "1,216 survivors; the 402 who had a dog"
    if first.head.kind == "partitive" and second.head.kind in PEOPLE:  # "11 trials, seven of them from China, with 1,102 people"
        return True
    if first.head.kind in PEOPLE and second.head.kind == "none" and gap == ", ":  # "40 people, 20 deaf since birth"
        return True
    if {"whole", "subject"} <= first.cues and "total" not in first.cues and _COMMA_FIRST.match(gap):  # "of the 379 patients, 375 were"
        return True
    if first.head.kind == "none" and second.head.kind == "none" and second.value < first.value and _ENTERED.search(gap):
        return True  # "880 were enrolled, 405 in the intervention group"
    if second.head.word in SEXES and first.head.word not in SEXES and _COMMA.fullmatch(gap):  # "36 patients, 21 females"
        return True
    if first.head.kind in PEOPLE and second.head.kind == "none" and _SEMICOLON.search(gap):
        return "enrolled" in first.cues
    same = second.head.kind == "none" or second.head.word == first.head.word
    return first.head.kind in PEOPLE and same and _TAKEN.search(gap) is not None  # "403 patients were enrolled; 201 to"


def _per_group(text: str, inside: list[Candidate]) -> list[Sum]:
    """Multiply "two groups of 15", "20 in each group"."""
    out = []
    for c in inside:
        before = text[max(c.start, c.number.start - 45) : c.number.start]
        if not (_EACH_BEFORE.search(before) or _PER_GROUP.match(text, c.head.end, min(c.end, c.head.end + 45))):
            continue
        groups = list(_GROUPS.finditer(text, max(0, c.number.start - 300), c.number.start))
        word = groups[-1].group(1).lower() if groups else "two"
        count = _COUNT.get(word) or int(word)
        out.append(Sum((c,) * count, c.value * count, max(c.score, THRESHOLD) - 0.9, "per_group"))
        c.score = DROPPED
    return out


def _one_person(text: str, parts: Sequence[Span], design: str | None) -> Value[int] | None:
    """Read a case report as one patient, also where no number says so."""
    if design not in (None, "unspecified", "case_report"):
        return None
    for pattern in (_AGED_ONE, _ONE, _SOMEBODY) if design == "case_report" else (_AGED_ONE,):
        for part in parts:
            m = pattern.search(text, part.start, part.end) if _names_one(text, part) else None
            if m:
                return Value(1, m.start(), m.end(), "size:one_person")
    return Value(1, parts[0].start, parts[0].end, "size:case_report") if design == "case_report" else None
