"""The disease or population that a study is about."""

from __future__ import annotations

import re
from collections import defaultdict

from ingest.extract.phrases import noun_phrase, terms_in, topics
from ingest.records import Mention, Value
from ingest.text.prose import Prose
from ingest.text.terms import Found

# "patients with knee osteoarthritis", "people who had a cold", "women with breast cancer"
_WITH = re.compile(
    r"(?i)\b(?:patients?|people|adults?|children|men|women|volunteers?|participants?|persons?|those|infants|babies|students|teenagers|adolescents|"
    r"subjects?|mice|rats|individuals|veterans|residents|boys|girls|sufferers)\s+(?:\w+\s+){0,2}?(?:with|who had|suffering from|hospitali[sz]ed for|at risk of|"
    r"at high risk of|diagnosed with)\s+"
)
_FOR = re.compile(r"(?i)\b(?:treatment|prevention|treating|preventing|management|risk|relief) (?:of|for)\s+")
_CUE_BEFORE = re.compile(r"(?i)\b(?:with|have|had|having|from|for|of|against|prevent\w*|treat\w*|develop\w*|diagnosed|get|got|who)\s+(?:[\w'’-]+\s+){0,3}$")
_WITHOUT_BEFORE = re.compile(r"(?i)\b(?:without|no history of|free of)\s+(?:\w+\s+){0,2}$")
_NOT = re.compile(
    r"(?i)^(?:the|a|an|no|low|high|higher|lower|more|less|it|them|any|placebo|little|whom|which|highest|lowest)?\s?(?:\d|least|most|highest|lowest|placebo|$)"
)


def read_condition(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read the disease or population: a term of the vocabulary in the study's own sentences, else a phrase after "patients with"
    or "prevention of", else the term that the section's heading or the article's title names.
    """  # noqa: D205
    best = _named(prose, mention)
    if best and best.term.group != "population":
        return Value(prose.text[best.start : best.end], best.start, best.end, "term")
    for pattern, rule in ((_WITH, "people_with"), (_FOR, "treatment_of")):
        for part in mention.parts:
            for m in pattern.finditer(prose.text, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                if span and not _NOT.match(prose.text[span[0] : span[1]]):
                    return Value(prose.text[span[0] : span[1]], span[0], span[1], rule)
    for found, rule in topics(prose, mention, "condition"):
        if found.term.group != "population":
            return Value(prose.text[found.start : found.end], found.start, found.end, rule)
    return Value(prose.text[best.start : best.end], best.start, best.end, "population") if best else None


def _named(prose: Prose, mention: Mention) -> Found | None:
    """The disease that the mention is about, else its population."""
    title = {f.term.name for f, _ in topics(prose, mention, "condition")}
    first: dict[str, Found] = {}
    weight: dict[str, float] = defaultdict(float)
    for n, part in enumerate(mention.parts):
        for f in terms_in(prose, part, "condition"):
            before = prose.text[max(part.start, f.start - 40) : f.start]
            name = f.term.name
            first.setdefault(name, f)
            weight[name] += 1.0 + (1.0 if _CUE_BEFORE.search(before) else 0.0) + (1.0 if n == 0 else 0.0)
            weight[name] -= 2.0 if _WITHOUT_BEFORE.search(before) else 0.0
            weight[name] -= 3.0 if f.term.group == "population" else 0.0
    for name in weight:
        weight[name] += 3.0 if name in title else 0.0
    if not weight:
        return None
    best = max(weight, key=lambda k: (weight[k], -first[k].start))
    return first[best]
