"""The disease or population that a study is about."""

from __future__ import annotations

import re

from ingest.extract.phrases import Before, first_in_text, heading_term, label_before, noun_phrase, terms_in, title_terms, widened
from ingest.extract.valence import find_outcomes, read_words
from ingest.records import Mention, Value
from ingest.text.gates import gated
from ingest.text.prose import Prose

# "patients with knee osteoarthritis", "people who had a cold", "women with breast cancer"
_PEOPLE = (
    r"(?:patients?|people|adults?|children|men|women|volunteers?|participants?|persons?|those|infants|babies|students|teenagers|adolescents|"
    r"subjects?|mice|rats|individuals|veterans|residents|boys|girls|sufferers|members|cells|dogs)"
)
_HAVE = r"(?:with|who had|suffering from|hospitali[sz]ed for|at risk of|at high risk of|diagnosed with|developed|newly diagnosed with)"
_WITH = gated(rf"(?i)\b{_PEOPLE}\s+(?:\w+\s+){{0,2}}?{_HAVE}\s+")
_WITH_BEFORE = re.compile(rf"(?i)\b{_PEOPLE}\b[^.;:]{{0,15}}\b{_HAVE}\s(?:\S+\s){{0,3}}$")
_FOR_BEFORE = re.compile(r"(?i)\b(?:treat(?:ment|ing|ed)?|prevent(?:ion|ing|s)?|risk|for|against|develop|relief of|management|get|in)\s(?:\S+\s){0,2}$")
_BEFORE = Before(_WITH_BEFORE, _FOR_BEFORE)
_NAMED = gated(r"(?i)\b(?:diabetic|obese|overweight|hypertensive|asthmatic|depressed|arthritic|pregnant|postmenopausal|menopausal)\s+(?:\w+\s+)?\w+")
_TRAILING = re.compile(r"(?i)(?:\s(?:to|of|in|on|with|for|at|by|and|or|who|were|was|took|had|a|an|the|got|from|after|whose))+$")
_FOR = gated(r"(?i)\b(?:treatment|prevention|treating|preventing|management|risk|relief) (?:of|for)?\s+")
_NOT = re.compile(
    r"(?i)^(?:the|a|an|no|low|high|higher|lower|more|less|it|them|any|placebo|little|whom|which|highest|lowest)?\s?(?:\d|least|most|highest|lowest|placebo|$)"
)
_HEALTHY = gated(r"(?i)\bhealthy (?:\w+ )?(?:men|women|people|adults|volunteers|smokers|nurses|children|older|middle-aged)\b")
# Doctors who treat, report or are quoted are nobody's patients: they count as studied only where they are counted or stand behind "among".
_WHO_DID_IT = re.compile(r"(?i)(?:doctors?|physicians?|surgeons?|nurses?|dentists?|pharmacists?|midwives|veterans?(?= hospital|’|'))\b")
_STUDIED = re.compile(r"(?i)(?:\d|\b(?:\w+ty|\w+teen|ten|eleven|twelve|hundred|thousand|among|in|of)) (?:[\w-]+ )?$")
CLEAR = 2
"""Signs (people with it, in the title, treated) that make a term the condition without looking further."""

_LEFT = frozenset(
    "knee hip chronic acute severe mild moderate early advanced metastatic painful recurrent secondary primary progressive childhood type".split()
)
_RIGHT = frozenset("disease disorder syndrome infection infections symptoms patients survivors".split())


def read_condition(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read the disease or population: a vocabulary term, "with" a condition, an adjective for it, else the article's topic."""
    topics = title_terms(prose, "condition")
    score, term = _best_term(prose, mention, topics)
    if term is not None and score >= CLEAR:
        return term
    own = term is not None and _HEALTHY.pattern.search(" ".join([prose.text[p.start : p.end] for p in mention.parts]))
    if own and score > 0:  # "healthy men … the risk of prostate cancer": not a study of the disease that the article is about
        return term
    if len(set(topics)) == 1 and term is not None and (found := first_in_text(prose.text, topics, "condition")):
        return Value(prose.text[found.start : found.end], found.start, found.end, "article_topic")
    readings = prose.readings(mention.parts)
    for pattern, rule in ((_WITH, "people_with"), (_FOR, "treatment_of")):
        for part, reading in readings:
            for m in reading.finditer(pattern, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                if span and not _NOT.match(prose.text[span[0] : span[1]]) and _is_ill(prose.text, span):
                    return Value(prose.text[span[0] : span[1]], span[0], span[1], rule)
    for part, reading in readings:
        n = reading.search(_NAMED, part.start, part.end)
        if n:
            words = _TRAILING.sub("", n.group())
            return Value(words, n.start(), n.start() + len(words), "population_adjective")
    for found, rule in (
        (label_before(prose.text, mention.start, "condition"), "line_label"),
        (heading_term(prose, mention.start, "condition"), "heading_topic"),
        (first_in_text(prose.text, topics, "condition"), "article_topic"),
    ):
        if found is not None and not (term is not None and score > 0):
            return Value(prose.text[found.start : found.end], found.start, found.end, rule)
    return term


def _is_ill(text: str, span: tuple[int, int]) -> bool:
    """Whether a phrase holds a word that the outcome list knows as bad: "a new cold", not "moderate disability scores"."""
    found = find_outcomes(read_words(text, *span)[0])
    return bool(found) and found[-1].valence == "bad"


def _best_term(prose: Prose, mention: Mention, topics: list[str]) -> tuple[int, Value[str] | None]:
    text = prose.text
    best: tuple[int, int, int] | None = None
    for part in mention.parts:
        for f in terms_in(text, part, "condition"):
            if f.term.group == "population" and _WHO_DID_IT.match(text, f.start) and not _STUDIED.search(text, max(0, f.start - 24), f.start):
                continue
            having, treated = _BEFORE.read(text, f.start)
            score = 3 * having + 2 * (f.term.name in topics) + treated
            score += (part.start <= mention.start < part.end) - 3 * (f.term.group == "population")
            if best is None or score > best[0]:
                best = score, f.start, f.end
    if best is None:
        return 0, None
    start, end = widened(text, best[1], best[2], _LEFT, _RIGHT)
    return best[0], Value(text[start:end], start, end, "vocabulary")
