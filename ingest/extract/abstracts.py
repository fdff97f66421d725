"""Findings of a study's own abstract: each outcome that its results name, with what the tests say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.lay import split_clauses
from ingest.extract.significance import Test, read_test
from ingest.extract.valence import MOVES, Cue, Token, find_outcomes, is_number, tokenize
from ingest.records import Finding, Mention
from ingest.text.prose import Prose

_HEADING = re.compile(
    r"(?i)(?:^|(?<=[.\n?!)] )|(?<=\n))\W{0,2}(background|introduction|context|rationale|objectives?|aims?|purpose|hypothesis|design|setting|methods?|"
    r"patients?(?: and methods)?|participants?|subjects(?: and methods)?|materials? (?:and|&) methods?|methodology|interventions?|research design and methods|"
    r"main outcome measures?|outcome measures?|measurements?|study design|trial registration|registration|funding|main results|results?|findings|"
    r"(?:results and )?conclusions?|interpretation|discussion|significance|implications|limitations)\s{0,2}(?::|-\s|\n)",
)
_REPORTS = re.compile(r"(?i)result|finding|conclusion|interpretation|discussion|significance|implication|limitation")
_ENDS = re.compile(r"(?i)conclusion|interpretation|discussion|significance|implication")
_PRIMARY = re.compile(r"(?i)\b(?:primary|main|principal|co-primary)\b.{0,40}\b(?:end ?-?points?|outcomes?|objectives?|efficacy|measures?|variables?)\b")

# What ends a noun phrase. "of", "to", "for" and "in" may stand inside one ("time to relapse", "change in weight").
_STOP = frozenset(
    """was were is are be been being has have had did do does showed shows show shown demonstrated found find reported revealed observed
    noted seen occurred occur experienced led resulted leads achieved achieve reached remained appeared seemed tended received underwent
    between with than by from at during after before among amongst compared versus vs v using via when who which that while whereas but
    however although as within over under through throughout across following until up not no neither nor both all any either
    respectively there their its it they we these this those our patients participants subjects and/or more less also could can may
    might would should will only even p ci hr or rr regardless because due despite per if against without therefore thus""".split()
)
_EDGE = frozenset(
    """the a an of in on for to and or , significantly significant statistically clinically markedly also mean median overall similar respect
    regarding terms any other either both his her their its with most some such these those all clinical only slightly substantially
    greatly more less much better effectively rapidly safely further""".split()
)
_SEPARATORS = frozenset((",", "and", "or", "nor", "/", "plus", "&"))
_NOUNS = frozenset(
    "increase increases decrease decreases reduction reductions improvement improvements difference differences change changes rise drop "
    "fall decline gain effect effects impact influence benefit advantage elevation association superiority efficacy worsening".split()
)
_INTO = frozenset(("in", "of", "on", "for", "regarding", "concerning", "to", "with", "over", "between"))
_CONTROL = re.compile(
    r"(?i)\b(?:placebo|controls?|sham|usual|standard|conventional|untreated|no treatment|alone|baseline|routine|waiting|wait-?list|traditional|"
    r"comparator|comparison|vehicle|saline|dummy)\b"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the abstract: ``reports`` in results and after, ``ends`` in the conclusion."""

    start: int
    end: int
    reports: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One outcome phrase of a clause with what was read about it, before it becomes a finding."""

    outcome: str
    start: int
    end: int
    change: str
    rule: str
    ends: bool
    value: str  # worth of more of the outcome
    type: str
    ratio: float | None = None


def sections(text: str) -> list[Section]:
    """Cut an abstract at its printed headings; without any, the last third reports and the last sixth concludes."""
    heads = list(_HEADING.finditer(text))
    if not any(_REPORTS.search(m.group(1)) for m in heads):
        return [Section(0, len(text), True, False)]
    out = [Section(0, heads[0].start(), False, False)]
    for m, nxt in zip(heads, [*heads[1:], None], strict=False):
        name = m.group(1)
        out.append(Section(m.end(), nxt.start() if nxt else len(text), bool(_REPORTS.search(name)), bool(_ENDS.search(name))))
    return out


def abstract_findings(prose: Prose, mention: Mention) -> tuple[Finding, ...]:
    """Read the findings that an abstract reports, the primary endpoint's marked."""
    readings = read_results(prose)
    return tuple(_finding(r) for r in readings)


def read_results(prose: Prose) -> list[Reading]:
    """Every outcome phrase of the reporting sentences with its change."""
    text = prose.text
    parts = sections(text)
    out: list[Reading] = []
    for s in prose.sentences:
        section = next((p for p in reversed(parts) if p.start <= s.end - 1), parts[0])
        if not section.reports or text[s.end - 1] == "?":
            continue
        start = max(s.start, section.start)
        out += read_sentence(text, start, s.end, section.ends)
    return out


def read_sentence(text: str, start: int, end: int, ends: bool) -> list[Reading]:
    """Read one reporting sentence."""
    tokens = tokenize(text, start, end)
    out: list[Reading] = []
    for clause in split_clauses(_outside_brackets(tokens)):
        a, b = clause.tokens[0].start, clause.tokens[-1].end
        test = read_test(text, a, _bracket_end(text, b, end))
        for cue in clause.cues:
            if cue.kind in MOVES or cue.kind in {"same", "moved"}:
                for i, j in _phrases(clause.words, cue):
                    out.append(_reading(text, clause.tokens, clause.words, (i, j), cue, test, ends))
    return out


def _bracket_end(text: str, b: int, end: int) -> int:
    """Where the brackets that follow a clause close: its P value stands there."""
    m = re.compile(r"\s{0,2}[\[(][^()\[\]]{0,200}[\])]").match(text, b, end)
    return m.end() if m else b


def _outside_brackets(tokens: list[Token]) -> list[Token]:
    out, depth = [], 0
    for t in tokens:
        if t.low in "([":
            depth += 1
        elif t.low in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(t)
    return out


# ------------------------------------------------------------------------------------------------ outcome phrases
def _phrases(words: Sequence[str], cue: Cue) -> list[tuple[int, int]]:
    """The outcome phrases a cue speaks of, as token ranges; lists are taken apart."""
    k = cue.j
    nxt = words[k] if k < len(words) else ""
    last = words[cue.j - 1]
    if nxt in _INTO and (last in _NOUNS or cue.kind in ("same", "moved")) and nxt != "between":
        spans = list(_list_right(words, k + 1))
        if spans:
            return spans
    attributive = nxt and nxt not in _STOP and nxt not in _INTO and nxt not in _SEPARATORS and not is_number(nxt) and nxt[0].isalpha()
    passive = any(w in {"was", "were", "been", "be", "is", "are"} for w in words[max(0, cue.i - 3) : cue.i])
    if attributive and not (passive and cue.kind in MOVES and last.endswith("ed")):
        spans = list(_list_right(words, k))
        if spans:
            return spans
    spans = list(_list_left(words, cue.i))
    return spans or list(_list_right(words, k + 1))


def _list_right(words: Sequence[str], k: int) -> Iterator[tuple[int, int]]:
    stop = k
    while stop < len(words) and stop - k < 40 and words[stop] not in _STOP and words[stop] != ";":
        stop += 1
    yield from _split_list(words, k, stop)


def _list_left(words: Sequence[str], k: int) -> Iterator[tuple[int, int]]:
    stop = k
    while stop > 0 and (words[stop - 1] in _STOP or words[stop - 1] in _EDGE):
        stop -= 1
    start = stop
    while start > 0 and stop - start < 40 and words[start - 1] not in _STOP:
        start -= 1
    yield from _split_list(words, start, stop)


def _split_list(words: Sequence[str], a: int, b: int) -> Iterator[tuple[int, int]]:
    start = a
    for i in range(a, b + 1):
        if i == b or words[i] in _SEPARATORS:
            span = _trim(words, start, i)
            if span:
                yield span
            start = i + 1


def _trim(words: Sequence[str], i: int, j: int) -> tuple[int, int] | None:
    while i < j and (words[i] in _EDGE or not words[i][0].isalnum() or is_number(words[i])):
        i += 1
    for k in range(i + 1, j):
        if words[k] in {"in", "for"} and any(w in {"group", "groups", "arm", "arms", "patients", "women", "men", "children"} for w in words[k : k + 6]):
            j = k
            break
    while j > i and (words[j - 1] in _EDGE or not words[j - 1][0].isalnum()):
        j -= 1
    return (i, min(j, i + 14)) if j > i and any(len(w) > 2 for w in words[i:j]) else None


# ------------------------------------------------------------------------------------------------ change
_CHANGE = {"up": "increased", "down": "decreased", "cure": "decreased", "same": "no_difference"}
_FLIP = {"increased": "decreased", "decreased": "increased"}


def _reading(text: str, tokens: list[Token], words: list[str], span: tuple[int, int], cue: Cue, test: Test, ends: bool) -> Reading:
    i, j = span
    part = words[i:j]
    value, kind = _worth(part)
    change = _CHANGE.get(cue.kind, "unclear")
    if cue.kind in ("good", "bad"):
        change = "increased" if (cue.kind == "good") == (value != "bad") else "decreased"
    if change in _FLIP and _controls_first(words, cue):
        change = _FLIP[change]
    if test.significant is False and change in _FLIP:
        change = "no_difference"
    start, end = tokens[i].start, tokens[j - 1].end
    return Reading(text[start:end], start, end, change, f"{cue.kind}_cue", ends, value, kind, test.ratio)


def _controls_first(words: Sequence[str], cue: Cue) -> bool:
    """Whether the comparison is told from the control's side ("higher in the placebo group than in the drug group")."""
    if "than" not in words[cue.j :]:
        return False
    k = words.index("than", cue.j)
    return bool(_CONTROL.search(" ".join(words[cue.j : k]))) and not _CONTROL.search(" ".join(words[k : k + 8]))


def _worth(words: Sequence[str]) -> tuple[str, str]:
    found = find_outcomes(words)
    kinds = {o.type for o in found}
    kind = next((k for k in ("mortality", "adverse", "surrogate", "clinical") if k in kinds), "unclear")
    text = " ".join(words)
    if re.search(r"\b(?:survival|remission|response|relief|recovery|time to (?:progression|treatment failure|relapse))\b", text):
        return "good", kind
    values = {o.valence for o in found}
    return ("bad" if "bad" in values else "good" if "good" in values else "neutral"), kind


_EFFECT = {("increased", "good"): "benefit", ("increased", "bad"): "harm", ("decreased", "good"): "harm", ("decreased", "bad"): "benefit"}


def _finding(r: Reading) -> Finding:
    effect = "none" if r.change == "no_difference" else _EFFECT.get((r.change, r.value), "unclear")
    return Finding(r.outcome, r.change, effect, r.type, r.start, r.end, r.rule, ratio=r.ratio)
