"""Findings of a study's own abstract: each outcome that its results name, with what the tests say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.extract.change import CLASSES, SentenceReading, comparators, features, logits, read, softmax, treatments, weights, worth
from ingest.extract.primary import read_primary, tenor
from ingest.extract.valence import MOVES, Cue, find_cues, find_outcomes, is_number, real_cues
from ingest.records import Finding, Mention
from ingest.text.abbreviations import find_abbreviations
from ingest.text.prose import Prose

# A heading of a structured abstract: "RESULTS:", "Methods and findings:"; it begins a line or follows a full stop.
_HEADING = re.compile(r"(?:^|(?<=[.?!)] )|(?<=\n)) {0,2}([A-Z][A-Za-z/&,'’ -]{2,60}?) ?(?::|\n)")
_KNOWN = re.compile(
    r"(?i)\b(?:background|introduction|context|rationale|objectives?|aims?|purpose|hypothesis|design|setting|methods?|methodology|materials?|"
    r"interventions?|measure(?:s|ments)?|outcomes?|registration|funding|results?|findings|conclusions?|interpretation|discussion|significance|"
    r"implications?|limitations?|patients and methods|participants|subjects|trial|study)\b"
)
_REPORTS = re.compile(r"(?i)result|finding|conclusion|interpretation|discussion|significance|implication|limitation")
_ENDS = re.compile(r"(?i)conclusion|interpretation|discussion|significance|implication")
_ASKS = re.compile(r"(?i)background|introduction|context|rationale|objective|aim|purpose|hypothesis|funding|registration")
_PART_OF_RESULTS = re.compile(r"(?i)outcome|measure|efficacy|safety|end ?point|adverse")
# A sentence that reports, where no heading says so: a test, a comparison, or what "was found".
_RESULT = re.compile(
    r"(?i)\bp\s?[=<>]|\bCI\b|signific|\bthan\b|did ?n.t|no differ|similar|compar(?:ed|able)|versus|\bvs\b|\b(?:increas|decreas|reduc|improv|lower|higher|"
    r"better|superior|effective)\w*\b|conclu|\bfound\b|\bshow|\bobserved\b|\bno\b"
)
_INTENDS = re.compile(
    r"(?i)\b(?:aim|objective|purpose|we (?:aimed|sought|investigated|evaluated|compared|assessed|examined|hypothesi|tested|conducted|performed)|to (?:evaluate|"
    r"compare|assess|investigate|determine|examine|test)|randomly (?:assigned|allocated|divided)|"
    r"were randomi[sz]ed|primary (?:end ?point|outcome)s? (?:was|were|is))\b"
)

# What ends a noun phrase. "of", "to", "for" and "in" may stand inside one ("time to relapse", "change in weight").
_STOP = frozenset(
    """was were is are be been being has have had did do does showed shows show shown demonstrated found find reported revealed observed
    noted seen occurred occur experienced led resulted leads achieved achieve reached remained appeared seemed tended received underwent
    between with than by from at during after before among amongst compared versus vs v using via when who which that while whereas but
    however although as within over under through throughout across following until up not no neither nor both all any either
    respectively there their its it they we these this those our patients participants subjects and/or more less also could can may
    might would should will only even p ci hr or rr included includes evaluated evaluate assessed assess measured measure determined calculated
    requires required admitted investigate investigated examine examined compare recorded noted regardless because due despite per if
    against without therefore thus""".split()
)
_EDGE = frozenset(
    """the a an of in on for to and or , significantly significant statistically clinically markedly also mean median overall similar respect
    regarding terms any other either both his her their its with most some such these those all clinical only slightly substantially
    greatly numerically more less much better effectively rapidly safely further""".split()
)
MAX_SENTENCE = 4000
"""Characters of a sentence that are read."""
MAX_DECLARED = 14
"""How many outcomes that only methods or aims name become findings."""

_SEPARATORS = frozenset((",", "and", "or", "nor", "/", "plus", "&"))
_NOUNS = frozenset(
    "increase increases decrease decreases reduction reductions improvement improvements difference differences change changes rise drop "
    "fall decline gain effect effects impact influence benefit advantage elevation association superiority efficacy worsening".split()
)
_INTO = frozenset(("in", "of", "on", "for", "regarding", "concerning", "to", "with", "over", "between"))


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the abstract: ``reports`` in results and after (None: sentence by sentence), ``ends`` in the conclusion."""

    start: int
    end: int
    reports: bool | None
    ends: bool


def sections(text: str) -> list[Section]:
    """Cut an abstract at its printed headings; one without headings is a single stretch that may report anywhere."""
    heads = [m for m in _HEADING.finditer(text) if _KNOWN.search(m.group(1)) and (m.group(1).isupper() or len(m.group(1).split()) < 5)]
    if not heads:
        return [Section(0, len(text), None, False)]
    results = any(_REPORTS.search(m.group(1)) and not _ENDS.search(m.group(1)) for m in heads)
    out = [Section(0, heads[0].start(), False, False)]
    for m, nxt in zip(heads, [*heads[1:], None], strict=False):
        name = m.group(1)
        reports: bool | None = bool(_REPORTS.search(name))
        if out[-1].reports and not reports and _PART_OF_RESULTS.search(name):
            reports = True
        if "method" in name.lower() if reports else not results and not _ASKS.search(name):
            reports = None
        out.append(Section(m.end(), nxt.start() if nxt else len(text), reports, bool(_ENDS.search(name))))
    return out


@dataclass(frozen=True, slots=True)
class Place:
    """One place that names an outcome: tokens ``i:j`` of a sentence, and the change that the rules read there."""

    sentence: SentenceReading
    i: int
    j: int
    governed: str | None
    document: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()

    def features(self) -> Iterator[str]:
        """The features that the model reads here."""
        return features(self.sentence, self.i, self.j, self.governed, self.document, self.others)

    @property
    def span(self) -> tuple[int, int]:
        """Its characters in the text."""
        return self.sentence.tokens[self.i].start, self.sentence.tokens[self.j - 1].end

    @property
    def words(self) -> list[str]:
        """Its words, lower-cased."""
        return self.sentence.words[self.i : self.j]


def read_sentences(prose: Prose) -> Iterator[SentenceReading]:
    """The sentences of an abstract, read: their ``section`` is results, end, or plan (what precedes the results)."""
    text = prose.text
    parts = sections(text)
    for s in prose.sentences:
        section = next((p for p in reversed(parts) if p.start <= s.end - 1), parts[0])
        start = max(s.start, section.start)
        if text[s.end - 1] == "?" or start >= s.end:
            continue
        reports = section.reports
        if reports is None:
            reports = bool(_RESULT.search(text, start, s.end)) and not _INTENDS.search(text, start, s.end)
        sentence = read(text, start, min(s.end, start + MAX_SENTENCE), "end" if section.ends else "results" if reports else "plan")
        if sentence.section == "results" and _TAKEN_BACK.match(text, s.end):  # "However, the difference was not significant."
            sentence = replace(sentence, draws=[*sentence.draws, s.end])
        yield sentence


_TAKEN_BACK = re.compile(
    r"\s{0,2}(?:However|But|Nevertheless|Although|Yet|Nonetheless)?,?\s?(?:th(?:is|ese|e)|These|This|The|None of these) "
    r"(?:\w+ ){0,3}(?:differences?|trends?|changes?|results?|increases?|reductions?|improvements?|effects?)\b.{0,40}(?:not|n't|failed|no)\b.{0,30}signific"
)


def places(prose: Prose) -> list[Place]:
    """Every place of an abstract that names an outcome: results and conclusions, then what the plan declares."""
    return places_of(prose.text, list(read_sentences(prose)))


def places_of(text: str, sentences: Sequence[SentenceReading]) -> list[Place]:
    """Every place that names an outcome, of sentences already read."""
    out: list[Place] = []
    plan: list[Place] = []
    for s in sentences:
        if s.section != "plan":
            out += places_in(s)
        else:
            plan += declared_in(s)
    if not any(_compares(s) for s in sentences if s.section != "plan"):
        return []
    given = treatments(text)
    out, plan = ([p for p in x if not _no_outcome(p.words, given | _ARMS) and not _is_population(p)] for x in (out, plan))
    summary = doc_features(out)
    others = comparators(text)
    return [replace(p, document=summary, others=others) for p in (*out, *plan)]


def _compares(s: SentenceReading) -> bool:
    """Whether a sentence sets something against something: a test, a direction, two groups."""
    return bool(s.p_values or s.intervals or any(c.kind in MOVES or c.kind in {"same", "negative", "none_of"} for c in s.cues) or _VERSUS & set(s.words))


_VERSUS = frozenset(("vs", "versus", "compared", "than", "respectively"))
_NO_NOUN = frozenset(
    """am pm noon mm hg mmhg mg kg ml values value subset cases case samples doses dose standards results result findings reasons reason effect
    effects treatment treatments therapy drug drugs agent agents both terms use consistent analysis analyses data isolates status total
    measurements measurement measure measures assessment assessments evaluation examination test tests score scores scale mean average level levels
    change changes difference differences increase decrease reduction improvement primary secondary outcome outcomes endpoint endpoints end point
    points efficacy safety variables parameters each week weeks month months day days year years visit visits follow-up hours time period study
    trial nearly twofold fold afternoon morning sem topical testing one several patients participants subjects group groups once twice daily""".split()
)
_FILLING = frozenset("of in on the a an for to and or with at from by is was were as per no not all any other these those their its each alone".split())


def _no_outcome(words: Sequence[str], given: frozenset[str] | set[str]) -> bool:
    """Whether a phrase has no noun left that could be an outcome, its general words, treatments and diseases taken away."""
    rest = [w for w in words if w not in _NO_NOUN and w not in _FILLING and w not in given and w[0].isalpha() and len(w) > 1]
    return all(_PARTICIPLE.search(w) and "-" not in w and not find_outcomes([w]) for w in rest)


def _is_population(p: Place) -> bool:
    """Whether a phrase says who took part: "patients with [normal-tension glaucoma]"."""
    before = p.sentence.words[max(0, p.i - 6) : p.i]
    return bool(before) and before[-1] in {"with", "having"} and bool(_PEOPLE & set(before))


_PARTICIPLE = re.compile(r"(?:ed|ing|ly)$")


def doc_features(found: Sequence[Place]) -> tuple[str, ...]:
    """What the results as a whole say: features that every place of an abstract shares."""
    kinds = [c.kind for s in {id(p.sentence): p.sentence for p in found}.values() for c in s.cues]
    same, moved = kinds.count("same"), sum(k in MOVES for k in kinds)
    share = "none" if not same + moved else f"{round(4 * same / (same + moved))}"
    ends = [k for p in found if p.sentence.section == "end" for k in {c.kind for c in p.sentence.cues}]
    last = "same" if "same" in ends and not MOVES & set(ends) else "moved" if MOVES & set(ends) and "same" not in ends else "both"
    return (f"doc_same={share}", f"doc_end={last}")


_DECLARES = re.compile(
    r"(?i)\b(?:outcomes?|end ?-?points?|measures?|measured|measurements?|assess(?:ed|ment|ments|ing)|evaluat\w+|record(?:ed)?|determined|analy[sz]ed|"
    r"compared?|variables?|effects?|impact|efficacy|influence|monitored|noted|obtained|calculated|collected)\b"
)


def declared_in(s: SentenceReading) -> list[Place]:
    """The outcomes that a sentence of aims or methods declares, or a title names."""
    if not _DECLARES.search(s.text, s.start, s.end):
        return []
    strong = bool(_STRONG.search(s.text, s.start, s.end))
    kept = list(range(len(s.words)))
    words = _glued([";" if w in _FENCES else w for w in s.words])
    spans = list(_noun_phrases(words, [], loose=strong))
    if not strong:
        spans += [x for x in _effect_on(words) if x not in spans]
    return [Place(s, kept[i], kept[j - 1] + 1, None) for i, j in spans if not _groupish(words[i:j])]


_FENCES = frozenset("()[]:;–—")


def _effect_on(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The outcomes of "effect of X on Y": Y, whatever it is."""
    at = next((k for k, w in enumerate(words) if w in {"effect", "effects", "impact", "influence", "efficacy"}), None)
    if at is not None:
        on = next((k for k in range(at + 1, len(words)) if words[k] == "on"), None)
        if on is not None:
            yield from _list_right(words, on + 1)


_STRONG = re.compile(
    r"(?i)\b(?:outcomes?|end ?-?points?|measures)\b.{0,60}\b(?:were|was|included?|are|is)\b|:|"
    r"\b(?:was|were) (?:\w+ )?(?:measured|assessed|evaluated|recorded|noted|determined|monitored|compared|obtained|calculated|collected)\b"
)


def places_in(s: SentenceReading) -> list[Place]:
    """The outcome phrases of a sentence: those a direction word governs, then noun phrases with a known outcome."""
    kept = _outside_brackets(s.words)
    found: dict[tuple[int, int], str | None] = {}
    for low, high in _clauses([s.words[k] for k in kept]):
        index = kept[low:high]
        words = _glued([s.words[k] for k in index])
        cues = real_cues(words, find_cues(words))
        for (i, j), cue in _governed(words, cues).items():
            found[index[i], index[j - 1] + 1] = cue
        for i, j in (*_noun_phrases(words, cues), *_subjects(words, bool(s.p_values or s.cues))):
            found.setdefault((index[i], index[j - 1] + 1), None)
    return [Place(s, i, j, g) for (i, j), g in sorted(found.items()) if not _groupish(s.words[i:j])]


def _governed(words: Sequence[str], cues: Sequence[Cue]) -> dict[tuple[int, int], str]:
    """The outcome phrases of a clause with the kind of the nearest cue that speaks of each."""
    fences = [words[k] for k in range(len(words))]
    speaking = [c for c in cues if c.kind in MOVES or c.kind in {"same", "moved"}]
    for c in speaking:
        for k in range(c.i, c.j):
            if words[k] not in _NOUNS or c.kind != "moved":
                fences[k] = ";"
    out: dict[tuple[int, int], tuple[int, str]] = {}
    for cue in speaking:
        for i, j in _phrases(words, fences, cue):
            gap = i - cue.j if i >= cue.j else cue.i - j + 1
            if (i, j) not in out or gap < out[i, j][0]:
                out[i, j] = gap, cue.kind
    return {k: kind for k, (_, kind) in out.items()}


_GROUPISH = frozenset("group groups arm arms cohort treatments trial study studies intervention interventions hypothesis evidence".split())


_ARMS = frozenset(("placebo", "baseline", "control", "controls", "sham"))
_TIMES = frozenset("months month weeks week years year days day hours hour minutes time".split())


def _groupish(words: Sequence[str]) -> bool:
    """Whether a phrase names a group of patients or a time, and no outcome."""
    return bool(_GROUPISH & set(words)) or words[0] in _ARMS or (words[0] in _TIMES and len(words) < 4 and "to" not in words)


_SHARE_OF = frozenset(("proportion", "proportions", "percentage", "number", "numbers", "rate", "rates", "share", "%"))
_PEOPLE = frozenset(("patients", "participants", "subjects", "women", "children", "infants", "individuals", "adults"))


def _glued(words: Sequence[str]) -> list[str]:
    """Keep "proportion of patients who relapsed" in one piece: its function words are made no boundary."""
    out = list(words)
    for k in range(2, len(words)):
        if words[k] in _PEOPLE and words[k - 1] == "of" and words[k - 2] in _SHARE_OF:
            out[k] = f"{words[k]}_"
            if words[k + 1 : k + 2] in (["who"], ["with"], ["that"]):
                out[k + 1] = f"{words[k + 1]}_"
                if words[k + 2 : k + 3] and words[k + 2] in {"had", "were", "achieved", "received", "experienced", "showed", "reported"}:
                    out[k + 2] = f"{words[k + 2]}_"
    return out


def _subjects(words: Sequence[str], compares: bool) -> Iterator[tuple[int, int]]:
    """The subject of "was" in a sentence that compares or gives figures: "mean tube drainage time was 6 days against 4"."""
    if not compares and not any(is_number(w) for w in words):
        return
    for k, w in enumerate(words):
        if w in {"was", "were", "is", "are"} and k:
            yield from _list_left(words, k)
            return


def _outside_brackets(words: Sequence[str]) -> list[int]:
    out, depth = [], 0
    for k, w in enumerate(words):
        if w in "([":
            depth += 1
        elif w in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(k)
    return out


def _clauses(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for k, w in enumerate([*words, ";"]):
        if w in _CLAUSE_END or k == len(words):
            if k > start:
                yield start, k
            start = k + 1


_CLAUSE_END = frozenset((";", ":", ".", "but", "while", "whereas", "although", "though", "however"))


def _noun_phrases(words: Sequence[str], cues: Sequence[Cue], loose: bool = False) -> Iterator[tuple[int, int]]:
    """Noun phrases with a known outcome, or any (``loose``)."""
    blocked = {k for c in cues if c.kind in MOVES or c.kind == "same" for k in range(c.i, c.j)}
    if any(c.kind == "same" and c.j - c.i > 1 for c in cues):  # "no adverse effects" is negation and outcome in one
        blocked -= {k for o in find_outcomes(words) if o.j - o.i > 1 for k in range(o.i, o.j)}
    start = 0
    for k in range(len(words) + 1):
        if k < len(words) and words[k] not in _STOP and words[k] != ";" and k not in blocked:
            continue
        for i, j in _split_list(words, start, k):
            if loose or any(o.valence != "neutral" or words[o.i] in _TELLING for o in find_outcomes(words[i:j])):
                yield i, j
        start = k + 1


_TELLING = frozenset("score scores scale level levels concentration concentrations rate rates severity frequency prevalence duration length".split())


# ------------------------------------------------------------------------------------------------ findings
def abstract_findings(prose: Prose, mention: Mention) -> tuple[Finding, ...]:
    """Read the findings that an abstract reports, the primary endpoint's marked."""
    longs = long_forms(prose.text)
    sentences = list(read_sentences(prose))
    groups: dict[frozenset[str], list[Place]] = {}
    for p in places_of(prose.text, sentences):
        key = _key(printed(prose.text, p, longs))
        if key:
            groups.setdefault(key, []).append(p)
    found = [_finding(prose.text, group, longs) for group in _told(groups)]
    return tuple(_with_primary(prose.text, found, sentences, longs))


def _told(groups: Mapping[frozenset[str], list[Place]]) -> Iterator[list[Place]]:
    """The outcomes that results name, then those that only the plan declares, unless a result's words hold theirs."""
    told = [k for k, group in groups.items() if any(p.sentence.section != "plan" for p in group)]
    yield from (groups[k] for k in told)
    only = [k for k in groups if k not in told and not any(k <= t for t in told)]
    yield from (groups[k] for k in only[:MAX_DECLARED])


def _key(words: str) -> frozenset[str]:
    return frozenset(w[:6] for w in words.lower().split() if w not in _EDGE)


def _with_primary(text: str, found: list[Finding], sentences: Sequence[SentenceReading], longs: Mapping[str, str]) -> list[Finding]:
    """Mark the primary endpoint's finding, or put it first where no finding names it; its effect is the verdict on the endpoint."""
    primary = read_primary(text, sentences, longs)
    if primary is None:
        return _main_by_tenor(found, tenor(sentences))
    if primary.effect is None:
        return found
    phrase = _spelled(primary.phrase, longs)
    value = worth(phrase.lower().split())
    up = (primary.effect == "benefit") == (value != "bad")
    change = "no_difference" if primary.effect == "none" else "increased" if up else "decreased"
    key = _key(phrase)
    same = next((k for k, f in enumerate(found) if key & _key(f.outcome) and len(key & _key(f.outcome)) * 2 >= len(key | _key(f.outcome))), None)
    kind = _type(phrase.lower().split())
    if same is None:
        return [Finding(phrase, change, primary.effect, kind, primary.start, primary.end, "primary_endpoint", primary=True), *found]
    found[same] = replace(found[same], effect=primary.effect, change=change, primary=True, rule=f"primary_endpoint+{found[same].rule}")
    return found


def _main_by_tenor(found: list[Finding], verdict: str | None) -> list[Finding]:
    """Where no endpoint is declared, the first finding that agrees with the conclusion's tenor is the main one."""
    k = next((k for k, f in enumerate(found) if f.effect == verdict), None)
    if k is not None:
        found[k] = replace(found[k], primary=True, rule=f"conclusion_tenor+{found[k].rule}")
    return found


def long_forms(text: str) -> dict[str, str]:
    """The abbreviations that an abstract defines."""
    return _USUAL | {a.short: a.long for a in find_abbreviations(text)}


# Abbreviations that abstracts use undefined.
_USUAL = {
    "SBP": "systolic blood pressure", "DBP": "diastolic blood pressure", "BMI": "body mass index", "CRP": "C-reactive protein",
    "LDL-C": "low-density lipoprotein cholesterol", "HDL-C": "high-density lipoprotein cholesterol", "LVEF": "left ventricular ejection fraction",
    "FEV1": "forced expiratory volume in 1 second", "VAS": "visual analogue scale", "PFS": "progression-free survival", "OS": "overall survival",
    "AEs": "adverse events", "HRQoL": "health-related quality of life", "QoL": "quality of life", "eGFR": "estimated glomerular filtration rate",
}  # fmt: skip


def printed(text: str, place: Place, longs: Mapping[str, str]) -> str:
    """The words of a place, with the long form put before an abbreviation."""
    start, end = place.span
    return _spelled(text[start:end], longs)


def _spelled(words: str, longs: Mapping[str, str]) -> str:
    """Put the long form before an abbreviation: "forced expiratory volume in 1 second (FEV1)"."""
    for short, long in longs.items():
        if short in words and long.lower() not in words.lower():
            words = re.sub(rf"(?<![\w-]){re.escape(short)}(?![\w-])", lambda m, x=long: f"{x} ({m.group()})", words, count=1)  # type: ignore[misc]
    return words


_EFFECT = {("increased", "good"): "benefit", ("increased", "bad"): "harm", ("decreased", "good"): "harm", ("decreased", "bad"): "benefit"}


def probabilities(group: Sequence[Place]) -> list[float]:
    """The probability of each change, from the places in the results that name the outcome, else from all that do."""
    group = [p for p in group if p.sentence.section == "results"] or [p for p in group if p.sentence.section != "plan"] or group
    total = [0.0] * len(CLASSES)
    for p in group:
        for k, x in enumerate(logits(p.features(), weights())):
            total[k] += x
    return softmax([x / len(group) ** 0.5 for x in total])


def _finding(text: str, group: Sequence[Place], longs: Mapping[str, str]) -> Finding:
    best = next((p for p in group if p.governed not in (None, "moved")), group[0])
    shares = probabilities(group)
    change = CLASSES[max(range(len(CLASSES)), key=lambda k: shares[k])]
    value = worth(best.words)
    start, end = best.span
    if best.sentence.section == "plan":  # declared and never named again: the tenor of the results, no worth to a patient
        return Finding(printed(text, best, longs), change, "unclear", _type(best.words), start, end, "declared_outcome")
    effect = "none" if change == "no_difference" else _EFFECT.get((change, value), "unclear")
    return Finding(printed(text, best, longs), change, effect, _type(best.words), start, end, f"change_model:{best.governed or 'named'}")


def _type(words: Sequence[str]) -> str:
    kinds = {o.type for o in find_outcomes(words)}
    return next((k for k in ("mortality", "adverse", "surrogate", "clinical") if k in kinds), "unclear")


# ------------------------------------------------------------------------------------------------ outcome phrases
def _phrases(words: Sequence[str], fences: Sequence[str], cue: Cue) -> list[tuple[int, int]]:
    """The outcome phrases a cue speaks of, as token ranges; lists are taken apart."""
    k = cue.j
    nxt = words[k] if k < len(words) else ""
    last = words[cue.j - 1]
    if last in _NOUNS or cue.kind in ("same", "moved"):
        spans = _after_prepositions(fences, k)
        if spans:
            return spans
    attributive = nxt and nxt not in _STOP and nxt not in _INTO and nxt not in _SEPARATORS and not is_number(nxt) and nxt[0].isalpha()
    passive = any(w in _BE for w in words[max(0, cue.i - 3) : cue.i])
    if attributive and not (passive and cue.kind in MOVES and last.endswith("ed")):
        spans = list(_list_right(fences, k))
        if spans:
            return spans
    spans = list(_list_left(fences, cue.i))
    return spans or list(_list_right(fences, k + 1))


_BE = frozenset(("was", "were", "been", "be", "is", "are"))
_GIVERS = frozenset(("in", "of", "on", "for", "regarding", "concerning", "to", "with"))


_SET_PHRASES = (["with", "respect"], ["in", "terms"], ["in", "response"], ["in", "comparison"], ["in", "contrast"], ["in", "favor"], ["in", "favour"])


def _after_prepositions(words: Sequence[str], k: int) -> list[tuple[int, int]]:
    """The phrases behind the first preposition after ``k`` that does not lead to a group of patients."""
    for p in range(k, min(len(words), k + 16)):
        if words[p] in _GIVERS and words[p : p + 2] not in _SET_PHRASES and words[p - 1] not in {"group", "arm"}:
            spans = [x for x in _list_right(words, p + 1) if not _groupish(words[x[0] : x[1]])]
            if spans:
                return spans
    return []


def _list_right(words: Sequence[str], k: int) -> Iterator[tuple[int, int]]:
    stop = k
    while stop < len(words) and stop - k < 40 and words[stop] not in _STOP and words[stop] != ";":
        stop += 1
    yield from _split_list(words, k, stop)


def _list_left(words: Sequence[str], k: int) -> Iterator[tuple[int, int]]:
    """The phrases before ``k``; a time or a group in between ("TSAT at 6 months was") is stepped over, twice at most."""
    stop = k
    for _ in range(3):
        while stop > 0 and (words[stop - 1] in _STOP or words[stop - 1] in _EDGE):
            stop -= 1
        start = stop
        while start > 0 and stop - start < 40 and words[start - 1] not in _STOP and words[start - 1] != ";":
            start -= 1
        spans = [x for x in _split_list(words, start, stop) if not _groupish(words[x[0] : x[1]])]
        if spans or start == 0 or words[start - 1] not in _STEPS:
            yield from spans
            return
        stop = start


_STEPS = frozenset(("at", "after", "during", "in", "between", "within", "over", "from", "among", "by", "for", "the"))


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
        if words[k : k + 2] in _SET_PHRASES:
            j = k
            break
        if words[k] in {"in", "for"} and any(w in {"group", "groups", "arm", "arms", "patients", "women", "men", "children"} for w in words[k : k + 6]):
            j = k
            break
    while j > i and (words[j - 1] in _EDGE or not words[j - 1][0].isalnum()):
        j -= 1
    return (i, min(j, i + 14)) if j > i and any(len(w) > 1 for w in words[i:j]) else None
