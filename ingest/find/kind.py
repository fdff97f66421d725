"""Whether a text reports its own study (an abstract, a PubMed record) or writes about other people's studies.

Everything downstream depends on the answer: an abstract holds one primary study, an article any number of mentions.
Length and layout decide most texts. For the rest the decision is a sum of small signs, each a class of wording counted
up to a ceiling: scholarly self-reference ("we included", "the present study"), statistics, section labels and long words
on one side; the reader addressed ("you"), speech ("says"), other people's work ("researchers", "published in") on the other.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from ingest.records import Article

LONGEST: Final = 8000
"""Characters: no abstract read while writing this is longer than 5,600."""
MOST_BLOCKS: Final = 12
"""Blocks (lines that are not blank) beyond which a text without section labels is a page."""
SHORTEST: Final = 300
"""Characters below which a text must speak of its own work to be an abstract: a news item of two lines is one block as well."""
FEW_LONG_WORDS: Final = -3.0
"""In a short text few long words say no more than this against an abstract."""

_LABEL_WORDS = (
    r"background|introduction|objectives?|aims?|purpose|rationale|context|hypothesis|methods?|materials?(?: and|/) methods?"
    r"|patients(?: and|/) methods?"
    r"|subjects(?: and|/) methods?|methodology|study design|design|settings?|participants|patients|interventions?|measurements?"
    r"|main outcome measures?(?: and results)?|outcome measures?|search (?:methods|strategy)|selection criteria|data (?:sources"
    r"|collection|synthesis)"
    r"|(?:main |principal )?(?:results|findings)|results? and discussion|discussion|conclusions?|interpretation|authors' conclusions?"
    r"|limitations?|significance|trial registration|funding|level of evidence|case reports?|case presentation|summary|observations?"
    r"|background and (?:purpose|objectives?|aims?)|methods and (?:results|findings|materials)|objectives? and (?:background|aims?)"
)
# "METHODS: ", "Results. ": the colon or stop is found first, then the words before it are looked at.
_LABEL = re.compile(rf"(?:^|[.\n?)]\s{{1,3}})({_LABEL_WORDS}) ?(?::|\.(?= [A-Z])|—| - )", re.MULTILINE | re.IGNORECASE)

_STATISTIC = re.compile(r"[<>=≤≥±]\s?[-−]?[\d.]|\+/-|(?<=[\s(\[])(?:95 ?%(?: |-)?(?:CI|confidence)|(?:OR|RR|HR|SMD|MD|CI|SD|IQR|AUC)\b)|(?<=\d) ?mg/kg|%[);,]")
_PAGE = re.compile(
    r"\[\d{1,3}\]|https?:|www\.|[£$€]\d|![ \n]|(?<=[a-z]\?) |(?<=\n)(?:References|Sources|Further reading|Notes|By [A-Z])\b"
    r"|(?<=\n)(?:[•*#–-]+|\d{1,2}[.)]) \S"
)
_QUOTE = re.compile(r"[“\"][^”\"\n]{25,300}[,.!?][”\"]|(?<=\w)['’](?:re|ve|ll|d|t|m)\b|\bDr\.? [A-Z]")
# Somebody else's study brought in as news: "In one Danish trial", "a small study found", "Doctors in Lund described", "Lee and colleagues report".
_TOLD = re.compile(
    r"\b[Ii]n (?:an?|one|another) (?:[\w-]+ ){0,3}?(?:trial|study|experiment|survey)\b(?! (?:group|arm|design|of the))"
    r"|\b(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[\w-]+ ){0,3}?(?:trial|study|review|survey|meta-analysis)\b[^.;]{0,60}? (?:found|finds|suggests|shows|reported|put)\b"
    r"|\b(?:[Dd]octors|[Rr]esearchers|[Ss]cientists|[Pp]hysicians|[Ss]urgeons) (?:in|at|from|have|randomly|gave|asked|followed|tracked)\b"
    r"|\b[A-Z][a-z]+ and (?:colleagues|coworkers|co-workers|others)\b|\bcame to this view\b|\bput (?:that|this|it) to the test\b"
)
_WORD = re.compile(r"[a-z]+")

_VERBS = (
    "aim aimed analyse analysed analyze analyzed assess assessed calculated collected compare compared conclude conducted consider "
    "considered demonstrate "
    "demonstrated describe described determined developed discuss discussed enrolled estimated evaluate evaluated examine examined "
    "explore explored focus found "
    "hypothesize hypothesized hypothesised identified identify include included investigate investigated measured observed obtained "
    "outline performed present "
    "presented propose provide randomised randomized report reported retrieved review reviewed searched show showed sought studied "
    "suggest summarise summarize "
    "summarised summarized tested undertook used argue read believe recommend highlight address aimed carried judged planned"
)
_NOUNS = (
    "study studies review article paper report trial analysis survey commentary editorial investigation case research work results findings data letter issue"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(first: str, second: str) -> set[tuple[str, str]]:
    return {(a, b) for a in first.split() for b in second.split()}


# What a pair of neighbouring words counts for.
_OWN_WORK: Final = _pairs("we authors", _VERBS)
_THIS_WORK: Final = (
    _pairs("this our present current retrospective", _NOUNS)
    | _pairs("the these", "aim objective purpose objectives findings results authors patient")
    | _pairs("included identified eligible", "studies trials")
    | _pairs("quality certainty", "evidence")
    | _pairs("year month", "old")
    | _pairs(
        "was were",
        "performed observed measured obtained included randomized randomised determined analyzed analysed examined assigned treated enrolled identified",
    )
)
_OTHERS_WORK: Final = (
    _pairs("one another new recent that the latest this", "trial study team researchers scientists")
    - {("the", "trial"), ("the", "study"), ("this", "study"), ("this", "trial")}
    | _pairs("studies research", "shows suggests has show suggest")
    | _pairs("published", "in by on online today this yesterday")
    | {("university", "of"), ("the", "journal"), ("according", "to"), ("a", "team"), ("lead", "author")}
)
_SCHOLARLY: Final = _words(
    "respectively significantly statistically vitro vivo retrospective retrospectively prospective prospectively efficacy clinical "
    "clinically assessed assessment evaluated "
    "evaluation investigated pathogenesis etiology aetiology mechanism mechanisms outcome outcomes therapeutic correlated correlation "
    "associated incidence prevalence "
    "demonstrated thus moreover furthermore implications novel management participants intervention interventions comparison baseline "
    "cohort receptor receptors et herein "
    "subsequently underlying whereas potential strategies emergence epidemiology diagnosis pandemic impact syndrome acute examines "
    "context various approach development "
    "article regarding characteristics epidemiological transmission"
)
_LAY: Final = _words("researchers scientists experts says said told tells explains adds writes wrote professor headline headlines")
_READER: Final = _words("you your yours yourself my me")


def _capped(weight: float, hits: int, most: int) -> float:
    return round(weight * min(hits, most), 3)


def _hits(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def kind_signs(text: str) -> dict[str, float]:
    r"""Weigh the signs of a text: sign -> its share of the score (positive: abstract).

    >>> signs = kind_signs("Tea and sleep.\nWe randomised 40 adults (mean age = 52) to tea or water.")
    >>> signs["own_work"], signs["statistics"]
    (0.9, 0.6)
    """
    words = _WORD.findall(text.lower())
    distinct = set(words)
    pairs = set(pairwise(words))
    labels = {m.group(1).lower() for m in _LABEL.finditer(text)}
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    blocks = len(lines) - len(labels)
    long_words = sum(1 for w in words if len(w) > 8) / (len(words) or 1)
    return {
        "own_work": _capped(0.9, len(pairs & _OWN_WORK), 4),
        "this_work": _capped(0.7, len(pairs & _THIS_WORK), 4),
        "statistics": _capped(0.6, _hits(_STATISTIC, text), 5),
        "scholarly": _capped(0.3, len(distinct & _SCHOLARLY), 10),
        "long_words": round(max(30 * (long_words - 0.19), FEW_LONG_WORDS), 3),
        "labels": _capped(1.5, len(labels), 3) if len(labels) > 1 else 0.0,
        "one_block": 2.2 if blocks <= 2 else 0.0,
        # A bibliographic title ends in a full stop; a headline does not.
        "title": 1.0 if len(lines) > 1 and len(lines[0]) < 300 and lines[0].rstrip().endswith((".", "?", "]")) else 0.0,
        "blocks": _capped(-0.5, max(blocks - 2, 0), 12),
        "reader": _capped(-0.8, sum(words.count(w) for w in _READER & distinct), 4),
        "lay": _capped(-0.8, len(distinct & _LAY), 4),
        "others_work": _capped(-0.8, len(pairs & _OTHERS_WORK), 4),
        "told": _capped(-0.8, _hits(_TOLD, text), 3),
        "speech": _capped(-0.6, _hits(_QUOTE, text), 5),
        "page": _capped(-0.5, _hits(_PAGE, text), 4),
    }


def _blocks(text: str) -> int:
    return sum(1 for line in text.split("\n") if line and not line.isspace())


def text_kind(article: Article) -> str:
    """Tell an abstract from an article.

    :param article: any document; a kind that its reader already settled from the format (a PubMed record) is not asked for here.
    :returns: ``"abstract"`` where the text reports its own study, else ``"article"``; a text without any sign is an article.
    """
    text = article.text
    if article.entries or len(article.hyperlinks) > 3 or len(text) > LONGEST:
        return "article"
    blocks = _blocks(text)
    if blocks > MOST_BLOCKS and (blocks > 2 * MOST_BLOCKS or not _LABEL.search(text)):
        return "article"
    signs = kind_signs(text)
    if len(text) < SHORTEST and not (signs["own_work"] or signs["this_work"] or signs["labels"] or signs["title"]):
        return "article"
    return "abstract" if sum(signs.values()) > 0 else "article"
