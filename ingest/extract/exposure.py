"""What was given or measured, and what it was set against."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extract.phrases import noun_phrase, topic
from ingest.records import Mention, Value
from ingest.text.prose import Prose

# "gave them 200 mcg of selenium", "randomised to a low-fat diet", "took curcumin"; the phrase follows.
_GIVEN = re.compile(
    r"(?i)\b(?:took|taking|takes|given|gave|drank|drinking|ate|eating|received|receiving|swallowed|used|using|treated with|injected with|"
    r"supplement(?:ed|ation)? with|randomi[sz]ed to|assigned (?:at random |by chance |randomly )?to|allocated (?:at random |randomly )?to|exposed to|"
    r"fed|on a diet of|put on|prescribed|administered|offered|consumed|got|underwent|wore)\s+"
)
# "trial of vitamin E in smokers", "effect of X on Y", "linked dark chocolate to better …"
_OF = re.compile(
    r"(?i)\b(?:trials?|stud(?:y|ies)|review|meta-analysis|effects?|efficacy|effectiveness|use|benefits?|safety|tests?|course|doses?|"
    r"role|impact|influence)\s+of\s+(?=\w)|\b(?:linked|tied|tying|linking|compared|comparing|pitted|tested|testing|evaluated)\s+"
)
_WHO = re.compile(
    r"(?i)^(?:the |a |an )?(?:\d|people|men|women|patients|adults|children|them|him|her|it|us|you|participants|volunteers|half|both|part|place|notes?|"
    r"no\b|over|more|less|some|all|those|who|this|that|these|his|their|placebo|dummy|sham|control|records?|data|questionnaires?|nothing)\b"
)
_AGAINST = re.compile(
    r"(?i)\b(?:versus|vs\.?|compared (?:with|to)|against|rather than|instead of|or(?: to)? (?=a (?:placebo|dummy|sham|look-alike|fake)|"
    r"(?:a )?(?:placebo|sham|dummy|usual care|no treatment|waiting))|than(?= (?:a )?(?:placebo|sham|usual care|controls?)))\s*"
)
_PLACEBO = re.compile(
    r"(?i)\b(?:placebo|sham \w+|dummy \w+|usual care|standard care|standard treatment|standard therapy|waiting list|wait-?list|no treatment|"
    r"look-alike \w+|control (?:diet|group|drink))\b"
)


def read_exposure(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read what was given or measured: a noun phrase of the study's own sentences, else the article's topic.

    The topic stands in only where its words are printed in the article's text (rule ``article_topic``).
    """
    for start, end, rule in _candidates(prose, mention):
        if not _WHO.match(prose.text[start:end]):
            return Value(prose.text[start:end], start, end, rule)
    return topic(prose, mention)


def _candidates(prose: Prose, mention: Mention) -> Iterator[tuple[int, int, str]]:
    for pattern, rule in ((_GIVEN, "given"), (_OF, "study_of")):
        for part in mention.parts:
            for m in pattern.finditer(prose.text, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                if span:
                    yield span[0], span[1], rule


def read_comparator(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read what the exposure was set against: placebo, usual care, another treatment."""
    for part in mention.parts:
        m = _PLACEBO.search(prose.text, part.start, part.end)
        if m:
            return Value(m.group(), m.start(), m.end(), "inactive_control")
    for part in mention.parts:
        for m in _AGAINST.finditer(prose.text, part.start, part.end):
            span = noun_phrase(prose.text, m.end(), part.end)
            if span and not _WHO.match(prose.text[span[0] : span[1]]):
                return Value(prose.text[span[0] : span[1]], span[0], span[1], "set_against")
    return None
