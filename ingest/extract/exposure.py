"""What was given or measured, and what it was set against."""

from __future__ import annotations

import re
from collections import defaultdict

from ingest.extract.phrases import noun_phrase, terms_in, topics
from ingest.records import Mention, Value
from ingest.text.prose import Prose
from ingest.text.terms import Found

# "gave them 200 mcg of selenium", "randomised to a low-fat diet", "took curcumin"; the phrase follows.
_GIVEN = re.compile(
    r"(?i)\b(?:took|taking|takes|given|gave|drank|drinking|ate|eating|received|receiving|swallowed|used|using|treated with|injected with|"
    r"supplement(?:ed|ation)? with|randomi[sz]ed to|assigned (?:at random |by chance |randomly )?to|allocated (?:at random |randomly )?to|exposed to|"
    r"fed|on a diet of|put on|prescribed|administered|offered|consumed|underwent|wore|added)\s+"
)
# "trial of vitamin E in smokers", "effect of X on Y", "linked dark chocolate to better …"
_OF = re.compile(
    r"(?i)\b(?:trials?|effects?|efficacy|effectiveness|benefits?|safety|doses?|impact|influence|supplementation)\s+of\s+(?=\w)"
    r"|\b(?:linked|tied|tying|linking|pitted|tested|testing|evaluated)\s+"
)
_CUE_BEFORE = re.compile(
    r"(?i)(?:\b(?:took|taking|takes|given|gave|drank|drinking|ate|eating|received|receiving|swallowed|using|used|treated with|injected with|"
    r"supplemented with|to|exposed to|fed|added|consumed|linked|tied|tested|of|on|with)\s+(?:[\w.,'’%-]+\s+){0,6})$"
)
_AGAINST = re.compile(
    r"(?i)\b(?:versus|vs\.?|compared (?:with|to)|against|rather than|instead of|or(?: to)? (?=a (?:placebo|dummy|sham|look-alike|fake)|"
    r"(?:a )?(?:placebo|sham|dummy|usual care|no treatment|waiting))|than(?= (?:a )?(?:placebo|sham|usual care|controls?)))\s*"
)
_AGAINST_BEFORE = re.compile(
    r"(?i)(?:\b(?:versus|vs\.?|compared (?:with|to)|against|rather than|instead of|on top of|as well as|already (?:on|taking|injecting)|or)\s+(?:\w+\s+){0,2}"
    r"|\badded\s(?:[\w,.]+\s){1,9}to\s+)$"
)
_TAKERS = re.compile(r"(?i)(?:smokers|drinkers|users)$")  # who took part, unless nothing else was given
_WHO = re.compile(
    r"(?i)^(?:the |a |an )?(?:\d|people|men|women|patients|adults|children|them|him|her|it|us|you|participants|volunteers|half|both|part|place|notes?|"
    r"no\b|over|more|less|some|all|those|who|this|that|these|his|their|placebo|dummy|sham|control|records?|data|questionnaires?|nothing)\b"
)
_PLACEBO = re.compile(
    r"(?i)\b(?:placebo|sham \w+|dummy \w+|usual care|standard care|standard treatment|standard therapy|waiting list|wait-?list|no treatment|"
    r"look-alike \w+|control (?:diet|group|drink))\b"
)
# Words beside a term that change what it means: "vitamin D levels" were measured, "low-fat", "less salt".
_AFTER = re.compile(r"(?i)\s+(?:levels?|status|deficiency|intake|concentrations?|supplement(?:s|ation)?|consumption|use|drinkers?|eaters?)\b")
_BEFORE = re.compile(r"(?i)\b(?:low|high|lower|higher|less|more|high-dose|low-dose|serum|blood|dietary|oral|intravenous)[ -]$")
_NOT_GIVEN = frozenset({"placebo", "usual care", "sham treatment", "standard care", "no treatment", "waiting list"})


def read_exposure(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read what was given or measured: a term of the vocabulary in the study's own sentences, else a noun phrase after "gave" or
    "trial of", else the term that the section's heading or the article's title names (rule ``section_topic``, ``article_topic``).
    """  # noqa: D205
    named = _named(prose, mention)
    if named:
        return _value(prose, named, "term")
    for pattern, rule in ((_GIVEN, "given"), (_OF, "study_of")):
        for part in mention.parts:
            for m in pattern.finditer(prose.text, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                if span and not _WHO.match(prose.text[span[0] : span[1]]):
                    return Value(prose.text[span[0] : span[1]], span[0], span[1], rule)
    for found, rule in topics(prose, mention, "exposure"):
        return _value(prose, found, rule)
    return None


def _named(prose: Prose, mention: Mention) -> Found | None:
    """The term that most of the mention is about: said early, often, after "gave" or "linked", and in the title."""
    title = {f.term.name for f, _ in topics(prose, mention, "exposure")}
    first: dict[str, Found] = {}
    weight: dict[str, float] = defaultdict(float)
    for n, part in enumerate(mention.parts):
        for f in terms_in(prose, part, "exposure"):
            before = prose.text[max(part.start, f.start - 60) : f.start]
            name = f.term.name
            if name in _NOT_GIVEN or (_AGAINST_BEFORE.search(before) and name not in title):
                continue
            first.setdefault(name, f)
            weight[name] += 1.0 + (1.5 if _CUE_BEFORE.search(before) else 0.0) + (1.0 if n == 0 else 0.0)
            weight[name] -= 1.5 if _TAKERS.search(prose.text[f.start : f.end]) else 0.0
    for name in weight:
        weight[name] += 4.0 if name in title else 0.0
    if not weight:
        return None
    best = max(weight, key=lambda k: (weight[k], -first[k].start))
    return None if title and weight[best] < 2.0 else first[best]  # a passing word is not what a study in an article on something else is about


def _value(prose: Prose, found: Found, rule: str) -> Value[str]:
    start, end = found.start, found.end
    after = _AFTER.match(prose.text, end)
    if after:
        end = after.end()
    before = _BEFORE.search(prose.text[max(0, start - 12) : start])
    if before:
        start -= len(before.group())
    return Value(prose.text[start:end], start, end, rule)


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
