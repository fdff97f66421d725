"""What was given or measured, and what it was set against."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extract.phrases import Before, first_in_text, heading_term, label_before, noun_phrase, terms_in, title_terms, widened
from ingest.extract.valence import find_outcomes, read_words
from ingest.records import Mention, Span, Value
from ingest.text.gates import gated
from ingest.text.prose import Prose

# "gave them 200 mcg of selenium", "randomised to a low-fat diet", "took curcumin"; the phrase follows.
_VERBS = (
    r"took|taking|takes|given|gave|giving|drank|drinking|drink|ate|eating|eat|received|receiving|"
    r"got(?!\s(?:better|worse|sick|ill|up|well|no)\b)|swallowed|used|using|treated with|injected with|"
    r"supplement(?:ed|ation|ing)? with|randomi[sz]ed to|assigned (?:at random |by chance |randomly )?to|allocated (?:at random |randomly )?to|exposed to|"
    r"fed|prescribed|administered|offered|consumed|underwent|wore|sucked|chewed|either|"
    r"(?:put|placed|kept|started|stayed|lived|those|half|group|men|women|patients|people|adults|children|mice|rats|days|weeks|months) on|"
    r"to(?=\s\d[\d.,]* ?(?:mg|g|mcg|µg|IU|ml|grams)\b)"
)
_GIVEN = gated(rf"(?i)\b(?:{_VERBS})\s+")
_GIVEN_BEFORE = re.compile(rf"(?i)\b(?:{_VERBS})\b[^.;:]*$")
# "trial of vitamin E in smokers", "effect of X on Y", "linked dark chocolate to better …"
_STUDY_OF = (
    r"(?:trials?|stud(?:y|ies)|review|meta-analysis|effects?|efficacy|effectiveness|use|benefits?|safety|tests?|course|doses?|"
    r"role|impact|influence|association|influence)\s+(?:of|between)|linked|tied|tying|linking|comparing|pitted|tested|testing|evaluated|found that"
)
_OF = gated(rf"(?i)\b(?:{_STUDY_OF})\s+(?=\w)")
_OF_BEFORE = re.compile(rf"(?i)\b(?:{_STUDY_OF})\b[^.;:]{{0,25}}$")
_AFTER_AGAINST = re.compile(r"(?i)\b(?:versus|vs\.?|compared (?:with|to)|against|rather than|instead of|or|than|as)\s(?:\S+\s){0,3}$")
# The treatment that everybody had anyway: "who were already on statins", "on top of usual care".
_BACKGROUND = re.compile(
    r"(?i)\b(?:already|on top of|in addition to|added to|carry on with|stayed on)\s(?:\S+\s){0,2}$|"
    r"\b(?:rich|high) in\s(?:\S+\s(?:and|or)\s)?$|"
    r"\b(?:patients|people|men|women|adults|those|volunteers)\s(?:who\s(?:were|are|was)\s)?(?:on|taking)\s$"
)
_BEFORE = Before(_BACKGROUND, _GIVEN_BEFORE, _OF_BEFORE, _AFTER_AGAINST)
# Named beside what is studied, in a drink or a device, but no exposure by itself.
_GENERIC = frozenset(("water", "usual care", "standard care", "sugar pill"))
_WHO = re.compile(
    r"(?i)^(?:the |a |an )?(?:\d|people|men|women|patients|adults|children|them|him|her|it|us|you|participants|volunteers|half|both|part|place|notes?|"
    r"no\b|over|more|less|some|all|those|who|this|that|these|his|their|placebo|dummy|sham|control|records?|data|questionnaires?|nothing|average|"
    r"mice|rats|groups?|top|other|another|one|two|three|four|day|week|month|year|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|"
    r"what|there|anything|something|everything|inside|outside|afterwards|own|hers|theirs|mine|ways?|doing|being|having|time|turns|stock|advantage|"
    r"care of|aim|refuge|sick|lost|rid|longer|blood|urine|semen|saliva|swabs?|samples?|biops\w+|pictures|photographs|measurements|readings|scans?|"
    r"ultrasound|whatever|how|why|whether|just|only|never|also|too|they|we|he|she|my|our|your)\b"
)
# "got a third fewer colds": what came of it, not what was given.
_RESULT = re.compile(r"(?i)\b(?:fewer|less|worse|better|likelier|sooner|higher|lower|fitter|slower|faster|half as|twice as|thirds?|halves|per ?cent)\b")
_AGAINST = gated(
    r"(?i)\b(?:versus|vs\.?|compared (?:with|to)|against|rather than|instead of|or(?: to)? (?=a (?:placebo|dummy|sham|look-alike|fake)|"
    r"(?:a )?(?:placebo|sham|dummy|usual care|no treatment|waiting))|than(?= (?:a )?(?:placebo|sham|usual care|controls?)))\s*"
)
_PLACEBO = gated(
    r"(?i)\b(?:placebo|sham \w+|dummy \w+|usual care|standard care|standard treatment|standard therapy|waiting list|wait-?list|no treatment|"
    r"look-alike \w+|control (?:diet|group|drink))\b"
)
CLEAR = 2
"""Signs (given, tested, in the title, in the head) that make a term the exposure without looking at the section before."""

_LEFT = frozenset(
    """high-dose low-dose higher low high dietary oral intravenous topical daily active dark green black unfiltered fermented dried raw early
    regular heavy moderate brain serum blood plasma long-term short-term supervised""".split()
)
_RIGHT = frozenset(
    """supplement supplements supplementation extract extracts capsule capsules pills tablets powder oil juice tea diet diets therapy training
    status level levels deficiency intake consumption treatment use drink drinks drinking exercise exercises program programme vaccine
    vaccination injections cream gel products""".split()
)


def read_exposure(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read what was given or measured: a noun phrase of the study's own sentences, else the article's topic.

    A vocabulary term that was given, tested or linked goes first, then what follows "took", "effect of" and the like. The
    title's topic stands in only where its words are printed in the text (rule ``article_topic``).
    """
    if mention.primary:
        titled = _from_title(prose.text)
        if titled is not None:
            return titled
    topics = title_terms(prose, "exposure")
    score, term = _best_term(prose, mention, topics)
    if term is not None and score >= CLEAR:
        return term
    for found, rule in (
        (label_before(prose.text, mention.start, "exposure"), "line_label"),
        (heading_term(prose, mention.start, "exposure"), "heading_topic"),
        (first_in_text(prose.text, topics, "exposure"), "article_topic"),
    ):
        if found is not None and found.term.name not in _GENERIC:
            return Value(prose.text[found.start : found.end], found.start, found.end, rule)
    if term is not None:
        return term
    for start, end, rule in _phrases(prose, mention):
        words = prose.text[start:end]
        if not _WHO.match(words) and not _RESULT.search(words) and not _is_outcome(prose.text, (start, end)):
            return Value(words, start, end, rule)
    return None


# Titles of reports: "Effect of X on Y", "A trial of X in Y", "X versus Z for Y", "X improves Y".
_TITLE_OF = re.compile(
    r"(?i)\b(?:effects?|efficacy|effectiveness|safety|tolerability|impact|influence|role|evaluation|comparison|use|trials?|study|benefits?|addition|"
    r"administration|infusion|assessment)(?: and \w+)? (?:of|with)\s+(?!patients|the (?:effect|efficacy|impact|use))"
    r"(?:(?:adding|an?|the|oral|intravenous|adjunctive)\s)*"
)
_TITLE_END = re.compile(
    r"(?i)[:,;.(\n]|\s(?:on|in|for|versus|vs\.?|compared|and|with|to|as|during|after|at|among|before|by|from|or|add-on|improves?|reduces?|prolongs?|prevents?|"
    r"does|is|are|increases?|decreases?|therapy for|treatment of|administration|combined|following|given|associated|influences?|affects?)(?=\s)|-controlled"
)
_TITLE_FIRST = re.compile(
    r"(?i)^[^\n:;.]{3,60}?(?=\s(?:versus|vs\.?|compared with|for|in|plus|with or without|as|add-on|improves?|reduces?|prolongs?|prevents?|does not|increases?|"
    r"decreases?)\s)"
)
_NO_TITLE = re.compile(
    r"(?i)\b(?:random|trial|study|phase|effects?|efficacy|comparison|evaluation|patients|analysis|results|outcomes?|impact|influence|versus|improved|safety|"
    r"prevention|treatment of|management|quality|survival|cost|risk|response)"
)


def _from_title(text: str) -> Value[str] | None:
    """What the title of a report says was given."""
    line = text.find("\n")
    stop = min(line if line > 0 else len(text), 300)
    for m in _TITLE_OF.finditer(text, 0, stop):
        end = _TITLE_END.search(text, m.end() + 2, stop)
        span = (m.end(), len(text[: end.start() if end else stop].rstrip()))
        if 2 < span[1] - span[0] < 70 and not _NO_TITLE.search(text, *span) and not _is_outcome(text, span):
            return Value(text[span[0] : span[1]], span[0], span[1], "title_effect_of")
    first = _TITLE_FIRST.search(text, 0, stop)
    if first and not _NO_TITLE.search(first.group()) and not _is_outcome(text, first.span()):
        return Value(first.group(), first.start(), first.end(), "title_subject")
    return None


def _is_outcome(text: str, span: tuple[int, int]) -> bool:
    """Whether a phrase ends in an outcome or a disease: "evaluation of pulmonary function" names no exposure."""
    words, _ = read_words(text, *span)
    found = find_outcomes(words)
    return bool(found) and found[-1].j == len(words) and not terms_in(text, Span(*span), "exposure")


def _best_term(prose: Prose, mention: Mention, topics: list[str]) -> tuple[int, Value[str] | None]:
    """The vocabulary term with the most signs of being the exposure, and how many signs."""
    text = prose.text
    best: tuple[int, int, int, int] | None = None
    for part in mention.parts:
        for f in terms_in(text, part, "exposure"):
            background, given, studied, against = _BEFORE.read(text, f.start)
            if background:
                continue
            score = 2 * (f.term.name in topics) + 2 * given + 2 * studied
            score -= 4 * (f.term.name in _GENERIC) + 3 * (text[f.end : f.end + 1] == "-" and text[f.end + 1 : f.end + 2].isalpha())
            score -= 4 * against + 2 * text.startswith("smoker", f.start)
            score += (part.start <= mention.start < part.end) + (f.term.group in {"drug", "nutrient"})
            if best is None or score > best[0]:
                best = score, -f.start, f.start, f.end
    if best is None or best[0] < 0:
        return 0, None
    start, end = widened(text, best[2], best[3], _LEFT, _RIGHT)
    return best[0], Value(text[start:end], start, end, "vocabulary")


def _phrases(prose: Prose, mention: Mention) -> Iterator[tuple[int, int, str]]:
    readings = prose.readings(mention.parts)
    for pattern, rule in ((_GIVEN, "given"), (_OF, "study_of")):
        for part, reading in readings:
            for m in reading.finditer(pattern, part.start, part.end):
                span = noun_phrase(prose.text, m.end(), part.end)
                words = prose.text[span[0] : span[1]].lower() if span else ""
                if span and not _BEFORE.read(prose.text, span[0])[0] and words not in _GENERIC and not words.endswith((" rich", " high")):
                    yield span[0], span[1], rule


def read_comparator(prose: Prose, mention: Mention) -> Value[str] | None:
    """Read what the exposure was set against: placebo, usual care, another treatment."""
    readings = prose.readings(mention.parts)
    for part, reading in readings:
        m = reading.search(_PLACEBO, part.start, part.end)
        if m:
            return Value(m.group(), m.start(), m.end(), "inactive_control")
    for part, reading in readings:
        for m in reading.finditer(_AGAINST, part.start, part.end):
            span = noun_phrase(prose.text, m.end(), part.end)
            if span and not _WHO.match(prose.text[span[0] : span[1]]):
                return Value(prose.text[span[0] : span[1]], span[0], span[1], "set_against")
    return None
