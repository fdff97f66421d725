"""The disease or population that a study is about."""

from __future__ import annotations

import re

from ingest.extract.phrases import noun_phrase, topic
from ingest.records import Mention, Value
from ingest.text.prose import Prose

# "patients with knee osteoarthritis", "people who had a cold", "women with breast cancer"
_WITH = re.compile(
    r"(?i)\b(?:patients?|people|adults?|children|men|women|volunteers?|participants?|persons?|those|infants|babies|students|teenagers|adolescents|"
    r"subjects?|mice|rats|individuals|veterans|residents|boys|girls|sufferers)\s+(?:\w+\s+){0,2}?(?:with|who had|suffering from|hospitali[sz]ed for|at risk of|"
    r"at high risk of|diagnosed with)\s+"
)
_NAMED = re.compile(r"(?i)\b(?:diabetic|obese|overweight|hypertensive|asthmatic|depressed|arthritic|pregnant|postmenopausal|menopausal)\s+(?:\w+\s+)?\w+")
_FOR = re.compile(r"(?i)\b(?:treatment|prevention|treating|preventing|management|risk|relief) (?:of|for)?\s+")
_NOT = re.compile(
    r"(?i)^(?:the|a|an|no|low|high|higher|lower|more|less|it|them|any|placebo|little|whom|which|highest|lowest)?\s?(?:\d|least|most|highest|lowest|placebo|$)"
)


def read_condition(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read the disease or population: "with" a condition, an adjective for it, "prevention of" it, else the article's topic."""
    for pattern, rule in ((_WITH, "people_with"), (_FOR, "treatment_of")):
        for part in mention.parts:
            for m in pattern.finditer(prose.text, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                if span and not _NOT.match(prose.text[span[0] : span[1]]):
                    return Value(prose.text[span[0] : span[1]], span[0], span[1], rule)
    for part in mention.parts:
        n = _NAMED.search(prose.text, part.start, part.end)
        if n:
            return Value(n.group(), n.start(), n.end(), "population_adjective")
    return topic(prose, mention, 1)
