"""Findings in writing about studies: health pages, news, blogs, leaflets, spun texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.extract.pairs import ALIKE_CLOSE, IDLE, IS_FIGURE, compared, figures
from ingest.extract.valence import (
    CUES,
    MOVES,
    Cue,
    Outcome,
    Place,
    cue_places,
    find_cues,
    find_outcomes,
    is_number,
    outcome_places,
    read_words,
    real_cues,
)
from ingest.records import Finding, Mention
from ingest.text.gates import gated
from ingest.text.prose import Prose

_HARD = frozenset(";:()—–.!?[]")
_HARD_WORDS = frozenset(("but", "while", "whereas", "although", "though", "however", "yet", "because", "since"))
_ENDS = _HARD | _HARD_WORDS | {"so"}
_BRACKETS = frozenset("()[]")
_SOFT = frozenset((",", "and", "or", "-"))
_JOINERS = frozenset((",", "and", "or", "nor", "&", "/", "plus"))
# "described a 74-year-old woman", "reports of lost smell", "doctors told of": patients described, nobody compared.
_CASES = gated(
    r"(?i)\b(?:case (?:report|series|stud)|cases? (?:was|were|of)|reports? of|turned up|describ(?:ed|es|ing) (?:a|an|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|twelve|\d{1,2})\b|(?:doctors|physicians|surgeons|hospital|clinic|authorities)\b.{0,40}\b(?:told|describ|report|saw|wrote)|year-old|"
    r"(?:a|one) (?:\w+ )?(?:man|woman|boy|girl|patient|teenager|teacher|mother)\b|in a series|been reported in|developed|came down with|taken to hospital)"
)
_COMPARED = gated(
    r"(?i)\b(?:placebo|randomi[sz]|random|control group|groups?|trial|compared|less|fewer|more likely|versus|average|risk|"
    r"improv\w+|lower|higher)\b|%|percent"
)
# Said of the difference just told, these take it back: "a difference that could have been down to chance".
_TAKES_BACK = frozenset(
    ("down to chance", "due to chance", "due chance", "been chance", "by chance alone", "not significant", "wasn't significant", "weren't significant",
     "insignificant", "not statistically", "flukes", "fluke", "a draw", "a tie", "not significantly different", "nonsignificant", "non-significant",
     "too small to matter", "too small to be meaningful",
     "arisen by chance", "arise by chance", "arose by chance", "come about by chance", "occurred by chance", "explained by chance", "play of chance",
     "matter of luck", "matter of chance", "been luck", "down to luck", "due to luck", "mere chance", "pure chance", "sheer chance", "luck could produce",
     "chance could produce", "within chance")
)  # fmt: skip
_UNLIKELY = frozenset(("large", "hard", "difficult", "unlikely", "big", "not", "hardly", "strong", "n't"))
_INACTIVE = frozenset("placebo sham dummy fake controls control others".split())
_BOTH = frozenset(("both", "all", "each", "either"))
_SETS = frozenset("groups group arms sets halves treatments diets drugs teams three two lots camps".split())
# Words that say who took part and what they took: an adjective beside them describes the people, not a result.
_METHODS = frozenset(
    "enrolled recruited volunteers volunteered assigned randomly randomised randomized allocated given gave took drank received split divided asked fed "
    "swallowed signed pooled combined followed tracked invited".split()
)
_ADJECTIVES = frozenset(
    "raised elevated higher high lower fewer less more better worse smaller larger longer shorter greater bigger extra reduced increased".split()
)
_REPORTING = frozenset(
    "went came hand goes reported found had felt showed were was lived got saw said made became associated linked tied tying correlated".split()
)
# Advice, disclaimers and aims: nothing in such a sentence is a result.
_NO_RESULT = gated(
    r"(?i)\b(?:recommend(?:s|ed|ation)?|advis(?:es?|ed)|position statement|urged|outweigh|not intended to|talk to your|ask your|should not|"
    r"these statements|it can't hurt)\b"
)


MAX_SENTENCE = 3000
"""Characters of a sentence that are read: what runs on for longer is no prose, and pairs of cue and outcome must not multiply."""
MAX_HITS = 60
"""Findings of one mention before duplicates are merged."""


class Hit(NamedTuple):
    """A finding before duplicates are merged: ``stems`` are the outcome's content words.

    ``weak``: names no outcome of its own, so it stands only where nothing else does; ``both``: told of both groups alike.
    """

    finding: Finding
    stems: frozenset[str]
    weak: bool
    sentence: int = 0
    both: bool = False


class Clause(NamedTuple):
    """A stretch of a sentence that says one thing; ``places`` are those of its words."""

    places: list[Place]
    words: list[str]
    cues: list[Cue]
    outcomes: list[Outcome]


def lay_findings(prose: Prose, mention: Mention) -> tuple[Finding, ...]:
    """Read the findings of a mention in somebody else's prose."""
    text = prose.text
    spans = [(p.start, p.end) for p in mention.parts]
    # Most studies compare and say so early: asking for that first spares the search for cases.
    readings = prose.readings(mention.parts)
    if not any(r.search(_COMPARED, p.start, p.end) for p, r in readings) and any(r.search(_CASES, p.start, p.end) for p, r in readings):
        relieved = _described_relief(text, spans)
        if relieved:
            return merge(relieved)
        harms = described_harms(text, spans)
        if harms:
            return merge(harms)
    hits: list[Hit] = []
    number = 0
    asked: tuple[int, int] | None = None
    for part, reading in readings:
        for sentence in prose.sentences_in(part):
            start, end = max(part.start, sentence.start), min(part.end, sentence.end)
            number += 1
            if len(hits) >= MAX_HITS:
                return merge(hits)
            if text[end - 1 : end] == "?":
                asked = (start, end)
                continue
            if reading.search(_NO_RESULT, start, end):
                continue
            answer = _answered(text, asked, start, end) if asked else []
            asked = None
            if answer:
                hits += [h._replace(sentence=number) for h in answer]
            else:
                read_sentence(text, start, end, number, hits)
    return merge(hits) or _levels_named(text, spans)


def read_alone(text: str, start: int, end: int) -> tuple[Finding, ...]:
    """Read a sentence by itself, as if no other told of its study."""
    if text[end - 1 : end] == "?" or _NO_RESULT.pattern.search(text, start, end):
        return ()
    hits: list[Hit] = []
    read_sentence(text, start, end, 1, hits)
    return merge(hits)


def _levels_named(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Finding, ...]:
    """A level that a study measured where no word says which way it went (a spun text may have lost it): unclear, not guessed."""
    for a, b in spans:
        words, places = read_words(text, a, min(b, a + MAX_SENTENCE))
        for k in range(1, len(words)):
            if words[k] in {"levels", "level", "concentrations", "concentration"} and _names_level(words[k - 1]):
                start, end = places[k - 1][0], places[k][1]
                return (Finding(text[start:end], "unclear", "unclear", "surrogate", start, end, "level_named"),)
    return ()


def _answered(text: str, asked: tuple[int, int], start: int, end: int) -> list[Hit]:
    """Read a question with its answer: "Wrinkles around the eyes? Down 20% versus placebo."."""
    words, _ = read_words(text, start, min(end, start + 40))
    change = {"up": "increased", "down": "decreased"}.get(words[0] if words else "")
    if change is None:
        return []
    words, places = read_words(text, asked[0], min(asked[1], asked[0] + MAX_SENTENCE))
    clause = Clause(places, words, [], find_outcomes(words))
    return [_hit(text, clause, g, change, "question_answered") for g in outcome_groups(clause)[:1]]


def read_sentence(text: str, start: int, end: int, number: int, hits: list[Hit]) -> None:
    """Add the findings of one sentence to those before it."""
    words, places = read_words(text, start, min(end, start + MAX_SENTENCE))
    before = len(hits)
    for clause in split_clauses(words, places):
        if not clause.cues and _TELLING.isdisjoint(clause.words):
            continue
        taken_back = _takes_back(clause)
        far = 0 if words[0] in _OF_SOME else 1
        if (taken_back or _compares_alike(clause, hits, number)) and _retract(hits, number, far):
            continue
        if taken_back and not _GONE.isdisjoint(clause.words):
            hits.append(_link_gone(text, clause, number))
            continue
        found = read_clause(text, clause, hits)
        if not found:
            _held_against_slide(clause, hits, number)
            continue
        bare = found[0].weak and found[0].finding.effect == "none"
        if bare and _COMPARING.isdisjoint(clause.words) and _beside_direction(hits, number):
            continue
        both = _says_both(clause.words)
        hits += [Hit(h.finding, h.stems, h.weak, number, both) for h in found]
    compared_whole = False
    for chunk, spans in _chunks(words, places):
        compared_whole = chunk is words
        told = [k for k in range(before, len(hits)) if spans[0][0] <= hits[k].finding.start < spans[-1][1]]
        if not told:
            hits += [h._replace(sentence=number) for h in _shares_of(text, chunk, spans)]
        elif len(told) == 1:
            shares = [] if _OCCURS.isdisjoint(chunk) else _shares_of(text, chunk, spans)
            hits[told[0]] = shares[0]._replace(sentence=number) if shares else _alike_after_all(hits[told[0]], chunk)
    if len(hits) == before:
        shares = [] if compared_whole else _shares_of(text, words, places)
        hits += [h._replace(sentence=number) for h in (shares or _stopped_for(text, words, places))]


# "the infection came back in 9% on the drug and 22% on the placebo": the verb says that it happened, the figures where more.
_OCCURS = frozenset(("came", "recurred", "reappeared", "flared"))


def _chunks(words: list[str], places: list[Place]) -> Iterator[tuple[list[str], list[Place]]]:
    """A sentence with figures, cut at its semicolons and at ", and"."""
    if sum(map(IS_FIGURE.__getitem__, words)) < 2:
        return
    if ";" not in words and "and" not in words:
        yield words, places
        return
    kept: list[int] = []
    for k, word in enumerate(words):
        ends = word == ";" or (word == "and" and bool(kept) and words[kept[-1]] == ",")
        if ends and kept:
            yield [words[i] for i in kept], [places[i] for i in kept]
            kept = []
        elif not ends:
            kept.append(k)
    if kept:
        yield [words[i] for i in kept], [places[i] for i in kept]


def _alike_after_all(hit: Hit, words: Sequence[str]) -> Hit:
    """Take back "fell by 1.9 kg" where the idle arm's figure is the same: "against 1.8 kg with the dummy"."""
    if hit.finding.change not in ("increased", "decreased"):
        return hit
    pair = figures(words)
    same = pair is not None and pair[0].value == pair[1].value and words[pair[0].i - 1] == words[pair[1].i - 1] == "by"
    if pair is None or not (same or IDLE & set(words)) or not (pair[0].unit and pair[0].unit == pair[1].unit):
        return hit
    if not ALIKE_CLOSE[0] <= pair[0].value / (pair[1].value or 1.0) <= ALIKE_CLOSE[1]:
        return hit
    return hit._replace(finding=replace(hit.finding, change="no_difference", effect="none", rule=f"{hit.finding.rule}+alike_in_idle_arm"))


_OF_ALL = frozenset("the of study trial these three two four".split())


def _link_gone(text: str, clause: Clause, number: int) -> Hit:
    """Read "for daily nappers the link vanished", where no link was told before."""
    k = next(k for k, w in enumerate(clause.words) if w in _GONE)
    at = next(n for n in range(max(0, k - 3), k) if clause.words[n] in _DIFFERENCES)
    a, b = clause.places[at][0], clause.places[k][1]
    return Hit(Finding(text[a:b], "no_difference", "none", "unclear", a, b, "link_gone"), frozenset(), True, number)


def _says_both(words: Sequence[str]) -> bool:
    """Whether something is told of all groups alike: "in both groups", not "in both dose groups", which leaves out the placebo."""
    if _BOTH.isdisjoint(words):
        return False
    for k, w in enumerate(words):
        if w in _BOTH and (set(words[k + 1 : k + 2]) & _SETS or (set(words[k + 1 : k + 2]) & _OF_ALL and set(words[k + 2 : k + 3]) & _SETS)):
            return True
    return False


def _held_against_slide(clause: Clause, hits: list[Hit], number: int) -> bool:
    """Read "memory held steady but slid in the others": what the treated kept and the idle arm lost is a difference."""
    moves = [c for c in clause.cues if c.kind in {"up", "down"}]
    if not moves or clause.outcomes or not hits or hits[-1].sentence != number or not IDLE & set(clause.words):
        return False
    last = hits[-1]
    if last.weak or last.finding.change != "no_difference":
        return False
    change = "increased" if moves[0].kind == "down" else "decreased"
    values = {o.valence for o in find_outcomes(last.finding.outcome.lower().split())}
    effect = _VALUE.get((change, "bad" if "bad" in values else "good"), "unclear")
    hits[-1] = last._replace(finding=replace(last.finding, change=change, effect=effect, rule="held_against_slide"))
    return True


_COMPARING = frozenset("better effective superior benefit benefits good well effect difference differ worse failed fails help helped".split())
_DIFFERENCES = frozenset(("difference", "differences", "gap", "effect", "advantage", "benefit", "link", "association"))
_GONE = frozenset(("vanished", "disappeared", "faded", "evaporated", "melted", "gone"))


_SO = frozenset(("so", "as", "happened", "true"))
_SO_TOO = frozenset((("did", "so"), ("so", "did"), ("as", "did"), ("so", "too"), ("happened", "in"), ("true", "of")))


def _takes_back(clause: Clause) -> bool:
    gone = None if _GONE.isdisjoint(clause.words) else next(k for k, w in enumerate(clause.words) if w in _GONE)
    if gone is not None and _DIFFERENCES & set(clause.words[max(0, gone - 3) : gone]):
        return True
    so_too = not _SO.isdisjoint(clause.words) and bool(_SO_TOO & set(zip(clause.words, clause.words[1:], strict=False)))
    if so_too and (_says_both(clause.words) or _INACTIVE & set(clause.words)):
        return True
    for cue in clause.cues:
        if cue.kind == "same" and " ".join(clause.words[cue.i : cue.j]) in _TAKES_BACK:
            return not _UNLIKELY & set(clause.words[max(0, cue.i - 5) : cue.i]) and not _INACTIVE & set(clause.words)
    return False


def _compares_alike(clause: Clause, hits: Sequence[Hit], number: int) -> bool:
    """Whether "no difference between the two" follows on what both groups did."""
    told = [h for h in hits if h.sentence == number and h.finding.change in ("increased", "decreased")]
    alike = any(c.kind == "same" and any(w.startswith("differ") for w in clause.words[c.i : c.j]) for c in clause.cues)
    return alike and bool(told) and all(h.both for h in told)


def _beside_direction(hits: Sequence[Hit], number: int) -> bool:
    """Whether the sentence already told a named direction: a bare "stayed as they were" then speaks of the other group."""
    return any(h.sentence == number and not h.weak and h.finding.change in ("increased", "decreased") for h in hits)


_OF_SOME = frozenset(("when", "among", "for"))


def _retract(hits: list[Hit], number: int, reach: int) -> bool:
    """Turn the directions told in this sentence, else (``reach`` 1) in the one before, into no difference; False where there are none.

    What a sentence says of some ("for daily nappers the link vanished", "when only the best trials were counted …") leaves the one before alone.
    """
    for far in range(reach + 1):
        chosen = [k for k, h in enumerate(hits) if h.sentence == number - far and h.finding.change in ("increased", "decreased")]
        for k in chosen:
            finding = replace(hits[k].finding, change="no_difference", effect="none", rule=f"{hits[k].finding.rule}+by_chance")
            hits[k] = hits[k]._replace(finding=finding, weak=False)
        if chosen:
            return True
    return False


_LESSENED = frozenset(("cut", "lowered", "halved", "reduced"))
_GAVE_UP = frozenset(("stopped", "quit", "withdrew", "discontinued", "dropped"))


def _stopped_for(text: str, words: list[str], places: list[Place]) -> list[Hit]:
    """Read "one in four stopped because of nausea"."""
    if _GAVE_UP.isdisjoint(words):
        return []
    at = next((k for k, w in enumerate(words) if w in {"because", "due"}), None)
    who = next((k for k in range(len(words) - 1) if words[k] in {"who", "that"} and words[k + 1] in {"had", "have"}), None)
    if who is not None and at is not None and who < at:  # "60 people who had quit because of side effects": who took part, no result
        return []
    if at is None or not (_GAVE_UP & set(words[:at]) or ("dose" in words[:at] and _LESSENED & set(words[:at]))):
        return []
    clause = Clause(places, words, [], find_outcomes(words))
    groups = [g for g in outcome_groups(clause) if g[0].i > at and worth(clause, g) == "bad"]
    return [_hit(text, clause, g, "increased", "stopped_for", "harm") for g in groups[:1]]


def _shares_of(text: str, words: list[str], places: list[Place]) -> list[Hit]:
    """Compare the two percentages of a sentence that says no direction in words."""
    change = compared(words)
    if change is None or any(c.kind == "hedge" for c in find_cues(words)):
        return []
    clause = Clause(places, words, [], find_outcomes(words))
    pair = figures(words)
    groups = [g for g in outcome_groups(clause) if worth(clause, g) != "neutral"]
    if pair is not None and pair[0].unit != "%":  # counts are compared only of what stands beside them
        groups = [g for g in groups if -6 <= g[0].i - pair[0].i <= 5 or -6 <= g[-1].j - pair[0].i <= 0]
    if not groups:
        return []
    j = groups[0][-1].j
    if worth(clause, groups[0]) == "bad" and not _RELIEVED.isdisjoint(words[j : j + 3]):  # "bedwetting stopped in 7 of 10": more is the gain
        turned = {"increased": "decreased", "decreased": "increased"}.get(change, change)
        return [_hit(text, clause, groups[0], turned, "compared_shares_over")]
    if _LONG & set(words) and pair is not None and pair[0].unit != "%":  # "healing took 5 days": less time is the gain, whatever the outcome
        effect = {"increased": "harm", "decreased": "benefit"}.get(change, "none")
        return [_hit(text, clause, groups[0], change, "compared_times", effect)]
    return [_hit(text, clause, groups[0], change, "compared_shares")]


_LONG = frozenset(("took", "lasted"))


# ------------------------------------------------------------------------------------------------ clauses
def split_clauses(words: list[str], places: list[Place], mute: bool = False) -> Iterator[Clause]:
    """Split a sentence at strong marks and contrasts, and at commas and "and" where both sides have a cue of their own.

    Clauses without any word that tells of a result are left out unless ``mute`` asks for them.
    """
    if _BRACKETS.isdisjoint(words):
        yield from _split_hard(words, places, mute)
    else:
        for part in _without_asides(words, places):
            yield from _split_hard(*part, mute)


def _without_asides(words: list[str], places: list[Place]) -> Iterator[tuple[list[str], list[Place]]]:
    """A sentence without its bracketed words, then the words of each bracket."""
    main: list[int] = []
    asides: list[list[int]] = []
    depth = 0
    for k, word in enumerate(words):
        if word in "([":
            depth += 1
            asides.append([])
        elif word in ")]":
            depth = max(0, depth - 1)
        elif depth:
            asides[-1].append(k)
        else:
            main.append(k)
    yield from (([words[k] for k in part], [places[k] for k in part]) for part in (main, *asides) if part)


def _split_hard(words: list[str], places: list[Place], mute: bool) -> Iterator[Clause]:
    cues = cue_places(words)
    if not cues and not mute and _TELLING.isdisjoint(words):
        return
    outcomes: list[int] | None = None
    begin = 0
    for end in [*(i for i, word in enumerate(words) if word in _ENDS and (word != "so" or words[i - 1 : i] == [","])), len(words)]:
        mine = [i - begin for i in cues if begin <= i < end]
        if begin < end and (mine or mute or not _TELLING.isdisjoint(words[begin:end])):
            if outcomes is None:
                outcomes = outcome_places(words)
            told = [i - begin for i in outcomes if begin <= i < end]
            yield from _split_soft(places, words, begin, end, mine, told)
        begin = end + 1


_COMPLAINTS = frozenset(("complained", "suffered"))
_BEFELL = frozenset(("had", "got", "developed", "threw"))


def _befell(words: Sequence[str], k: int) -> bool:
    """Whether an event begins a result of its own: "complained of bloating", "two of them had swollen ankles"."""
    return words[k] in _COMPLAINTS or (words[k] in _BEFELL and words[k - 2 : k] == ["of", "them"])


def _split_soft(places: list[Place], words: list[str], a: int, b: int, may_move: list[int], may_tell: list[int]) -> Iterator[Clause]:
    whole = words[a:b]
    outcomes = find_outcomes(whole, may_tell) if may_tell else []
    raw = find_cues(whole, may_move) if may_move else []
    if not raw:
        yield Clause(places[a:b], whole, [], outcomes)
        return
    cues = real_cues(whole, raw)
    strong = [c for c in cues if c.kind in MOVES or c.kind in {"same", "mixed", "none_of"} or _befell(words, a + c.i)]
    cuts = [a]
    for left, right in zip(strong, strong[1:], strict=False):
        seams = [k for k in range(a + left.j, a + right.i) if words[k] in _SOFT and not (left.kind == "same" and words[k] in {"or", "nor"})]
        at = a + right.i
        if right.kind == "same" and words[at] == "without" and not words[at + 1].endswith("ing"):  # "shortened labour without any increase in tears"
            cuts.append(at)
        elif seams:
            cuts.append(seams[-1] + 1)
    cuts.append(b)
    for x, y in zip(cuts, cuts[1:], strict=False):
        if (x, y) == (a, b):
            yield Clause(places[a:b], whole, cues, outcomes)
            continue
        part, shift = words[x:y], x - a
        mine = [Cue(c.kind, c.side, c.i - shift, c.j - shift) for c in cues if shift <= c.i and c.j <= y - a]
        told = [Outcome(o.valence, o.type, o.i - shift, o.j - shift) for o in outcomes if shift <= o.i and o.j <= y - a]
        yield Clause(places[x:y], part, mine, told)


# ------------------------------------------------------------------------------------------------ one clause
def read_clause(text: str, clause: Clause, before: Sequence[Hit]) -> list[Hit]:
    """Read the findings of one clause; ``before`` are those of the clauses before it."""
    if not clause.cues and _TURNS.isdisjoint(clause.words):
        return []
    groups = [g for g in outcome_groups(clause) if not _is_acronym(text, clause, g)]
    negated = _negated_list(text, clause, groups, before) or _not_here(text, clause, groups, before)
    if negated:
        return negated
    for kind in ("same", "none_of", "unsure", "mixed"):
        for cue in clause.cues:
            if cue.kind == kind and not _denied(clause, cue):
                return _flat(text, clause, cue, groups)
    moves = [c for c in clause.cues if c.kind in MOVES and not _describes_people(clause, c)]
    out: list[Hit] = []
    for n, cue in enumerate(moves):
        low = moves[n - 1].j if n else 0
        high = moves[n + 1].i if n + 1 < len(moves) else len(clause.words)
        told = {h.finding.start for h in out}
        fresh = [g for g in _governed(clause, cue, groups, low, high) if clause.places[g[0].i][0] not in told]
        if fresh or not out:
            out += _moved(text, clause, cue, fresh, before)
    if moves:
        told_at = {h.finding.start for h in out}
        out += [h for h in _absent_harm(text, clause, groups) if h.finding.start not in told_at]
        return out + _gapped(text, clause, groups, out) + _echoed(text, clause, groups, out or before)
    other = _absent_harm(text, clause, groups) or _echoed(text, clause, groups, before)
    if other:
        return other
    for cue in clause.cues:
        if cue.kind == "associated":
            return [_hit(text, clause, g, "associated", "association") for g in _governed(clause, cue, groups, 0, len(clause.words))][:1]
    return _adverse(text, clause, groups)


def _is_acronym(text: str, clause: Clause, group: Sequence[Outcome]) -> bool:
    """Whether an "outcome" is a trial's name in capitals: STRENGTH, RELIEF."""
    words = text[clause.places[group[0].i][0] : clause.places[group[-1].j - 1][1]]
    return len(words) > 4 and words.isupper()


def _echoed(text: str, clause: Clause, groups: list[list[Outcome]], before: Sequence[Hit]) -> list[Hit]:
    """Read "glucose fell, and so did HbA1c", "as did triglycerides": the outcome behind borrows the change before."""
    words = clause.words
    at = next((k for k in range(len(words) - 1) if words[k] in {"so", "as"} and words[k + 1] in {"did", "was", "were", "had", "does", "do"}), None)
    if at is None or not before or before[-1].finding.change not in ("increased", "decreased", "no_difference"):
        return []
    after = [g for g in groups if 0 <= g[0].i - at - 2 <= 4]
    return [_hit(text, clause, g, before[-1].finding.change, "verb_borrowed") for g in _run(clause, after)] if after else []


_NOT_AT_ALL = frozenset((("did", "not"), ("were", "not"), ("was", "not"), ("do", "not"), ("does", "not")))
_NOT_ENDS = frozenset(("didn't", "wasn't", "weren't", "don't", "doesn't"))
# Without a cue a clause says something only with one of these words.
_TURNS = _NOT_ENDS | {"none", "nor", "neither", "not", "so", "as"}
# … and a sentence tells of no result at all without a cue or one of these.
_TELLING = _TURNS | _GONE | _SO
_NOT_WHERE = frozenset("with in for among at on when after".split())


_SEEN = frozenset(("seen", "found", "observed", "apparent", "evident", "present", "noted", "significant"))
_NOTS = frozenset(("not", "wasn't", "weren't", "isn't"))
_FOUND_THINGS = frozenset(
    ("association", "associations", "link", "links", "effect", "effects", "benefit", "benefits", "difference", "differences", "connection")
)


def _not_here(text: str, clause: Clause, groups: list[list[Outcome]], before: Sequence[Hit]) -> list[Hit]:
    """Read "though strokes did not", and "but not with the low dose": the change told before did not come."""
    if "not" not in clause.words and _NOT_ENDS.isdisjoint(clause.words):
        return []
    words = [w for w in clause.words if w.isalpha() or "'" in w]
    if not before or not words or before[-1].finding.change not in ("increased", "decreased"):
        return []
    unseen = next((k for k in range(1, len(words)) if words[k] in _SEEN and words[k - 1] in _NOTS), None)
    if unseen is not None and not _FOUND_THINGS.isdisjoint(words[:unseen]):  # "although the association was not seen for cancer"
        after = [g for g in groups if clause.words[g[0].i - 1] in _NOT_WHERE or clause.words[g[0].i - 2] in _NOT_WHERE]
        return [_hit(text, clause, g, "no_difference", "not_seen", "none") for g in after[:1]]
    if groups and words[-3:-2] not in (["who"], ["that"]) and (tuple(words[-2:]) in _NOT_AT_ALL or words[-1] in _NOT_ENDS):
        return [_hit(text, clause, g, "no_difference", "did_not", "none") for g in groups]
    if not groups and words[0] == "not" and words[1:2] and words[1] in _NOT_WHERE and not before[-1].weak:
        last = before[-1]
        return [last._replace(finding=replace(last.finding, change="no_difference", effect="none", rule="not_in_subgroup"))]
    return []


def _gapped(text: str, clause: Clause, groups: list[list[Outcome]], found: Sequence[Hit]) -> list[Hit]:
    """Read "glucose came down by 8 and cholesterol by 6": an outcome that borrows the verb of the one before it."""
    if not found:
        return []
    out = []
    for g in groups:
        before, after = clause.words[g[0].i - 2 : g[0].i], clause.words[g[-1].j : g[-1].j + 2]
        told = any(h.finding.start < clause.places[g[-1].j - 1][1] and clause.places[g[0].i][0] < h.finding.end for h in found)
        if not told and {"and", ","} & set(before) and "by" in after and clause.places[g[0].i][0] > found[-1].finding.end:
            neutral = worth(clause, g) == "neutral"  # "and their length by a day": the length of the ill just named
            out.append(_hit(text, clause, g, found[-1].finding.change, "verb_borrowed", found[-1].finding.effect if neutral else None))
    return out


def _denied(clause: Clause, cue: Cue) -> bool:
    """Whether chance is ruled out: "too large to put down to chance"."""
    return " ".join(clause.words[cue.i : cue.j]) in _TAKES_BACK and bool(_UNLIKELY & set(clause.words[max(0, cue.i - 5) : cue.i]))


def _negated_list(text: str, clause: Clause, groups: list[list[Outcome]], before: Sequence[Hit]) -> list[Hit]:
    """Read "none in sleep, mood or stiffness" after a "no difference", and "changed neither pain nor cartilage"."""
    if any(c.kind in MOVES or c.kind == "same" for c in clause.cues):
        return []
    at = next((k for k, w in enumerate(clause.words) if w in {"none", "nor", "neither"}), None)
    if at is None and clause.words[:1] == ["not"] and before:
        return [_hit(text, clause, g, "no_difference", "negated_list", "none") for g in groups]
    if at is None or not (any(c.kind == "moved" for c in clause.cues) or (at == 0 and before and before[-1].finding.effect == "none")):
        return []
    return [_hit(text, clause, g, "no_difference", "negated_list", "none") for g in groups if g[0].i > at]


_BEFORE_STUDY = frozenset(("history", "sign", "signs", "known", "previous", "prior", "existing", "diagnosed"))


_EXCESS = frozenset(("excess", "increased", "added"))


def _absent_harm(text: str, clause: Clause, groups: list[list[Outcome]]) -> list[Hit]:
    """Read "no serious side effects" and "no excess risk": a harm that was looked for and not found."""
    for cue in clause.cues:
        if cue.kind == "negative" and not _BEFORE_STUDY & set(clause.words[cue.j : cue.j + 4]):
            near = [g for g in groups if 0 <= g[0].i - cue.j <= 2]
            ill = near[0] if near else []
            excess = bool(ill) and worth(clause, ill) == "bad" and not _EXCESS.isdisjoint(clause.words)
            if ill and (ill[-1].type in {"adverse", "mortality"} or excess):
                return [_hit(text, clause, near[0], "no_difference", "absent_harm", "none")]
    return []


_SICK = frozenset("people adults men women patients children volunteers workers participants".split())
_AGED = frozenset(("old", "aged", "ages"))


def _describes_people(clause: Clause, cue: Cue) -> bool:
    """Whether an adjective tells who took part ("44 workers with raised blood pressure") and not what came of it."""
    words = clause.words
    if words[cue.i] not in _ADJECTIVES or "than" in words or cue.kind == "cure":
        return False
    near = words[max(0, cue.i - 6) : cue.i]
    if words[cue.i] in {"raised", "elevated"} and _SICK & set(words[max(0, cue.i - 2) : cue.i]) and any(is_number(w) for w in words[: cue.i]):
        return True
    if words[cue.i - 1 : cue.i] in (["had"], ["with"]) and _AGED & set(words[: cue.i]):
        return True
    if _METHODS & set(near[:-1]) and not _REPORTING & set(near):
        return True
    return "with" in words[max(0, cue.i - 3) : cue.i] and not _REPORTING & set(near) and any(is_number(w) for w in words[: cue.i])


_VERB_OUTCOMES = frozenset("lived slept survived died remembered recalled recovered".split())


def outcome_groups(clause: Clause) -> list[list[Outcome]]:
    """Join neighbouring outcome words into one outcome ("risk of heart disease"); a comma or "and" parts two."""
    groups: list[list[Outcome]] = []
    for o in clause.outcomes:
        last = groups[-1][-1] if groups else o
        between = clause.words[last.j : o.i]
        wide = 3 if last.valence == "neutral" or clause.words[last.i] in _COUNTS else 2
        apart = len(between) > wide or clause.words[o.i] in _VERB_OUTCOMES or any(w in _JOINERS for w in between)
        if groups and not apart and not _cue_between(clause, groups[-1][-1].j, o.i):
            groups[-1].append(o)
        else:
            groups.append([o])
    return groups


_COUNTS = frozenset("risk risks number rate incidence cases odds frequency".split())


def _cue_between(clause: Clause, a: int, b: int) -> bool:
    counted = a > 0 and clause.words[a - 1] in _COUNTS  # "rate no death": a spun "rate of death"
    return any(c.i < b and c.j > a and not (counted and c.kind == "negative") for c in clause.cues)


_LOSS = frozenset(("loss", "decline", "deterioration", "impairment", "deficit", "lack", "risk", "fear", "poor", "dysfunction", "failure"))
_GAIN = frozenset(("recovery", "relief", "remission", "freedom", "free", "resistance", "survival", "control", "healing", "cure", "resolution"))


def worth(clause: Clause, group: Sequence[Outcome]) -> str:
    """Say whether more of an outcome is good, bad or neither: of several words, loss and relief decide, then the bad one."""
    words = {w for o in group for w in clause.words[o.i : o.j]}
    valences = [o.valence for o in group]
    if words & _GAIN and not words & {"risk"}:
        return "good"
    if words & _LOSS:
        return "bad"
    if "bad" in valences:
        return "bad"
    return "good" if "good" in valences else "neutral"


def _governed(clause: Clause, cue: Cue, groups: list[list[Outcome]], low: int, high: int) -> list[list[Outcome]]:
    """The outcomes that a cue speaks of: those beside it on its side, with all that are joined to them."""
    right = [g for g in groups if cue.j <= g[0].i < high or (g[0].i >= cue.i and g[-1].j <= cue.j and cue.kind != "cure")]
    left = [g for g in groups if low <= g[0].i and g[-1].j <= cue.i]
    if cue.side == "left" and right and right[0][0].i == cue.j and clause.words[cue.i] in {"lower", "higher"}:
        return _run(clause, right)  # "tied to lower well-being"
    if cue.side != "left" and right and right[0][0].i - cue.j <= 3:
        return _run(clause, right)
    if cue.side == "only" or (cue.side == "left" and not left and _AMONG & set(clause.words[cue.j : right[0][0].i] if right else [])):
        return []
    if clause.words[cue.j - 1] == "likely" and right and right[0][0].i - cue.j <= 9:
        return _run(clause, right)
    if left and right and right[0][0].i - cue.j <= 4 and set(clause.words[left[-1][0].i : left[-1][-1].j]) <= _SCORES:
        return _run(clause, right)
    stops = cue.kind == "cure" and clause.words[cue.i].startswith("stop")
    if stops and left and left[-1][-1].j == cue.i and not _ENDED.isdisjoint(clause.words[cue.j : cue.j + 1] or ["in"]):
        return [left[-1]]  # "the seizures stopped altogether"
    if left and not _qualifies(clause, cue) and not stops:
        return list(reversed(_run(clause, list(reversed(left)))))
    if right and ("than" in clause.words[cue.j : right[0][0].i] or clause.words[cue.i] == "further"):
        return []
    if clause.words[cue.i] in {"more", "fewer"} and clause.words[cue.j : cue.j + 1] == ["of"] and right and right[0][0].i - cue.j <= 16:
        return _run(clause, right)  # "more of the mothers … were still breastfeeding"
    return _run(clause, right) if right and right[0][0].i - cue.j <= (4 if cue.kind == "cure" else 8) else []


_ENDED = frozenset("in within altogether completely entirely after for . , during by soon".split())
_AMONG = frozenset("among who in by with on after of over during".split())
_SCORES = frozenset(("scored", "score", "scores", "rated", "rating", "ratings"))
_AFTER_PREDICATE = frozenset(
    """than in with for among by on after at over from to and or , but while as when during per if once too again overall still between across
    each every both all compared versus without the a that who of sooner faster later earlier less more not""".split()
)
_QUALIFIERS = frozenset(("more", "less", "fewer", "higher", "lower", "greater", "larger", "smaller", "bigger", "better", "worse", "further"))


def _qualifies(clause: Clause, cue: Cue) -> bool:
    """Whether an adjective stands before a noun that no list knows ("regained more speech"): it says nothing of what came before it."""
    if clause.words[cue.j - 1] not in _QUALIFIERS or cue.j >= len(clause.words):
        return False
    following = clause.words[cue.j]
    return following.isalpha() and following not in _AFTER_PREDICATE and not following.endswith("ly")


_PARTS = frozenset("when while during after before concluded found reported showed that said saw".split())


def _run(clause: Clause, groups: list[list[Outcome]]) -> list[list[Outcome]]:
    out = groups[:1]
    for g in groups[1:]:
        a, b = sorted((out[-1], g), key=lambda x: x[0].i)
        between = clause.words[a[-1].j : b[0].i]
        if not any(w in _JOINERS for w in between) or len(between) > 5 or _PARTS & set(between):
            break
        out.append(g)
    return out


_CHANGE = {"up": "increased", "down": "decreased", "cure": "decreased"}


_LIKELY = {"more likely": "harm", "less likely": "benefit", "times as likely": "harm", "half as likely": "benefit", "times more likely": "harm"}
_SLOWER = frozenset(("slower", "slowly"))
_OVER = frozenset("closed cleared healed vanished disappeared resolved settled passed over gone went stopped ended subsided".split())
_SOONER = frozenset(("faster", "sooner", "quicker", "earlier"))
_STRONG_CURES = ("kill", "prevent", "protect", "inhibit", "reliev", "eas", "sooth", "alleviat", "destroy", "stops")


def _moved(text: str, clause: Clause, cue: Cue, groups: list[list[Outcome]], before: Sequence[Hit]) -> list[Hit]:
    out = []
    if clause.words[cue.j - 1] in _SOONER and any("asleep" in clause.words[g[0].i : g[-1].j] for g in groups):
        return [_hit(text, clause, groups[0], "decreased", "sooner_asleep", "benefit")]
    if clause.words[cue.j - 1] in _SOONER and not _OVER.isdisjoint(clause.words) and groups and worth(clause, groups[0]) == "bad":
        return [_hit(text, clause, g, "decreased", "sooner_over", "benefit") for g in groups]  # "wounds closed sooner"
    flip = cue.kind in ("good", "bad") and any(w in {"less", "slower", "slowly"} for w in clause.words[cue.j : cue.j + 3])
    kind = {"good": "bad", "bad": "good"}[cue.kind] if flip else cue.kind
    if cue.kind in ("up", "down") and cue.side == "left" and not _SLOWER.isdisjoint(clause.words[cue.j : cue.j + 3]):  # "slipped more slowly"
        kind = {"up": "down", "down": "up"}[cue.kind]
    for g in groups:
        value = worth(clause, g)
        if kind in ("good", "bad"):
            more = (kind == "good") == (value != "bad")
            effect = "benefit" if kind == "good" else "harm"
            hit = _hit(text, clause, g, "increased" if more else "decreased", f"{kind}_cue", effect)
        else:
            hit = _hit(text, clause, g, _CHANGE[kind], f"{kind}_cue")
        out.append(hit._replace(weak=value == "neutral" and g[-1].type == "clinical"))
    if not out:
        out = _without_outcome(text, clause, cue, kind, before)
    return out


_WHERE = frozenset("blood serum plasma patients controls cells brain brains levels level tissue urine saliva healthy".split())


_PRONOUNS = frozenset("each every all any one night day it they he she we this these those that".split())


def _level(text: str, clause: Clause, cue: Cue, change: str) -> Hit | None:
    """Something measured that no list knows: "less [selenium] than …", "[zinc and iron] are lower in the blood": worth unclear."""
    words = clause.words
    if not _WHERE & set(words) or words[cue.j : cue.j + 1] == ["out"]:
        return None
    i, j = cue.j, cue.j + 1
    if not _qualifies(clause, cue):
        j = cue.i
        while j > 0 and (words[j - 1] in _ITEM_VERBS or words[j - 1].endswith("ly")):
            j -= 1
        i = j
        while i > 0 and j - i < 4 and words[i - 1].isalpha() and words[i - 1] not in {"that", "which", "the"}:
            i -= 1
    if not (i < j <= len(words)) or {words[i], words[j - 1]} & (_WHERE | _METHODS | _PRONOUNS) or not words[i].isalpha():
        return None
    a, b = clause.places[i][0], clause.places[j - 1][1]
    finding = Finding(text[a:b], change, "unclear", "surrogate", a, b, "level_measured")
    return Hit(finding, frozenset(w[:5] for w in words[i:j]), weak=True)


def _without_outcome(text: str, clause: Clause, cue: Cue, kind: str, before: Sequence[Hit]) -> list[Hit]:
    phrase = " ".join(clause.words[cue.i : cue.j])
    if kind in ("good", "bad"):
        return [_bare(text, clause, cue, "unclear", "harm" if kind == "bad" else "benefit")]
    if kind == "cure" and phrase.startswith(_STRONG_CURES):
        return [_bare(text, clause, cue, "decreased", "benefit")]
    if kind in ("up", "down") and (level := _level(text, clause, cue, _CHANGE[kind])) is not None:
        return [level]
    if phrase in _LIKELY and not any(c.kind in _SAYS_WORTH and c.i >= cue.j for c in clause.cues):  # "more likely to recover"
        return [_bare(text, clause, cue, "increased" if "more" in phrase or "times" in phrase else "decreased", _LIKELY[phrase])]
    return []


_SAYS_WORTH = frozenset(("good", "bad", "cure"))
_SHOWN = frozenset(("show", "evidence", "prove", "confirm", "proof"))
_HARMS = frozenset(("harm", "harms", "damage", "injury"))
_NO_EVIDENCE = frozenset(("too", "insufficient", "not", "very"))
_DEGREE_NOUNS = frozenset(("rate", "pace", "amount", "degree", "extent", "number"))
_NAMELESS = frozenset(("result", "results", "outcome", "outcomes", "rate", "rates", "measure", "measures"))


def _flat(text: str, clause: Clause, cue: Cue, groups: list[list[Outcome]]) -> list[Hit]:
    change, effect = {"mixed": ("mixed", "mixed"), "unsure": ("unclear", "unclear")}.get(cue.kind, ("no_difference", "none"))
    spread = clause.words[cue.i] in {"neither", "nor"}  # "neither strength nor injuries differed": the outcomes stand within the negation
    if clause.words[cue.j : cue.j + 1] and clause.words[cue.j] in _DEGREE_NOUNS:  # "slipped at the same rate": the rate is no outcome
        groups = [g for g in groups if g[0].i != cue.j or len(g) > 1]
    outside = [g for g in groups if spread or g[0].i >= cue.j or g[-1].j <= cue.i or g[0].j - g[0].i > 1]
    chosen = _governed(clause, Cue(cue.kind, "right", cue.i, cue.j), outside, 0, len(clause.words))
    last = CUES.at(clause.words, cue.j - 1)
    harmless = not _HARMS.isdisjoint(clause.words[cue.j : cue.j + 2]) or not _SHOWN.isdisjoint(clause.words[cue.i : cue.j])
    if not chosen and not harmless and (cue.kind == "none_of" or (last is not None and (last[1][0] == "cure" or last[1][1] == "only"))):
        return []
    if cue.kind == "unsure" and clause.words[cue.i] in _NO_EVIDENCE and len(chosen) == 1 and worth(clause, chosen[0]) != "neutral":
        return [_hit(text, clause, chosen[0], change, "unsure_cue", effect)]
    if cue.kind in ("mixed", "unsure") or not chosen:
        return [_bare(text, clause, cue, change, effect)]
    told = [_hit(text, clause, g, change, f"{cue.kind}_cue", effect) for g in chosen]
    told = [h._replace(weak=True) if h.finding.outcome.lower() in _NAMELESS else h for h in told]
    return told + _list_mates(text, clause, cue, chosen, change, effect) if cue.kind == "same" else told


_ITEM_VERBS = frozenset("was were is are did do does had has have showed found".split())


def _is_item(words: Sequence[str]) -> bool:
    """Whether a stretch between commas may be one outcome: few plain words, no adverb, nothing of the methods."""
    return 0 < len(words) <= 5 and not words[0].endswith(("ly", "ed")) and all(w.isalpha() for w in words) and not _METHODS & set(words)


def _list_mates(text: str, clause: Clause, cue: Cue, chosen: list[list[Outcome]], change: str, effect: str) -> list[Hit]:
    """The members of a list of outcomes that no list knows: "[brain scans], relapses and disability did not differ"."""
    if not chosen or chosen[-1][-1].j > cue.i:
        return []
    stop = next((k for k in range(chosen[-1][-1].j, cue.i + 1) if k == cue.i or clause.words[k] in _ITEM_VERBS), cue.i)
    out: list[Hit] = []
    start = 0
    for k in range(stop + 1):
        if k < stop and clause.words[k] not in _JOINERS:
            continue
        known = any(g[0].i < k and g[-1].j > start for g in chosen)
        joined = start == 0 or clause.words[start - 1] in _JOINERS
        if k < stop and joined and not known and _is_item(clause.words[start:k]) and len(chosen) + len(out) > 1:
            a, b = clause.places[start][0], clause.places[k - 1][1]
            stems = frozenset(w[:5] for w in clause.words[start:k])
            out.append(Hit(Finding(text[a:b], change, effect, "unclear", a, b, "list_mate"), stems, weak=False))
        start = k + 1
    return out


_USERS = (["users"], ["takers"])


def _adverse(text: str, clause: Clause, groups: list[list[Outcome]]) -> list[Hit]:
    if not any(c.kind == "event" for c in clause.cues) or compared(clause.words) is not None:
        return []
    words = clause.words
    events = [c.j for c in clause.cues if c.kind == "event"]
    of_them = any(words[k : k + 2] == ["of", "them"] for k in range(1, len(words) - 1))
    said = any(c.kind == "event" and clause.words[c.i] in {"reported", "had"} and clause.words[c.i - 1 : c.i] in _USERS for c in clause.cues)
    share = of_them or said or (_TAKERS & set(words) and _SHARE & set(words))
    got = [c.j for c in clause.cues if c.kind == "event" and clause.words[c.i] == "developed" and clause.words[c.i - 1 : c.i] not in (["who"], ["that"])]
    ills = [g for g in groups if worth(clause, g) == "bad" and any(0 <= g[0].i - j <= 2 for j in got)]
    if ills:
        return [_hit(text, clause, ills[0], "increased", "reported_harm", "harm")]
    bad = [g for g in groups if g[-1].type == "adverse" or (share and worth(clause, g) == "bad" and any(0 <= g[0].i - j <= 3 for j in events))]
    return [_hit(text, clause, g, "increased", "reported_harm", "harm") for g in bad[:1]]


# "A third of those on the drug had muscle pain": who took it, and a share of them.
_TAKERS = frozenset("drug drugs pill pills capsules tablets treatment medication therapy vaccine jab dose users takers supplement".split())
_SHARE = frozenset("third half quarter percent % per tenth fifth most ten".split())


# ------------------------------------------------------------------------------------------------ findings
_VALUE = {("increased", "good"): "benefit", ("increased", "bad"): "harm", ("decreased", "good"): "harm", ("decreased", "bad"): "benefit"}


def _hit(text: str, clause: Clause, group: Sequence[Outcome], change: str, rule: str, effect: str | None = None) -> Hit:
    value = worth(clause, group)
    if effect is None:
        effect = {"no_difference": "none", "associated": "harm" if value == "bad" else "unclear"}.get(change) or _VALUE.get((change, value), "unclear")
    first = group[0].i
    if clause.words[first].startswith(("level", "concentration")) and first and _names_level(clause.words[first - 1]):
        first -= 1  # "[selenium] levels"
    a, b = clause.places[first][0], clause.places[group[-1].j - 1][1]
    kinds = [o.type for o in group]
    kind = next((k for k in ("mortality", "adverse", "surrogate") if k in kinds), "clinical")
    stems = frozenset(w[:5] for o in group for w in clause.words[o.i : o.j])
    return Hit(Finding(text[a:b], change, effect, kind, a, b, rule), stems, weak=False)


def _names_level(word: str) -> bool:
    return word.isalpha() and len(word) > 3 and word not in {"their", "these", "those", "than", "with", "that", "this", "average", "mean", "lower", "higher"}


_GAINS = frozenset(("benefit", "benefits", "effect", "advantage"))


def _bare(text: str, clause: Clause, cue: Cue, change: str, effect: str) -> Hit:
    i, j = cue.i, cue.j
    at = next((k for k in range(cue.i, min(len(clause.words), cue.j + 7)) if clause.words[k] in _GAINS), None)
    if cue.kind == "same" and at is not None:  # "failed to show a [clinical benefit]"
        i, j = at - (clause.words[at - 1 : at] in (["clinical"], ["overall"], ["significant"], ["additional"])), at + 1
    a, b = clause.places[i][0], clause.places[j - 1][1]
    return Hit(Finding(text[a:b], change, effect, "unclear", a, b, f"{cue.kind}_alone"), frozenset(), weak=True)


def merge(hits: Sequence[Hit]) -> tuple[Finding, ...]:
    """Drop what only repeats: the same outcome and change again, a bare "it helped" beside any named finding of that worth."""
    out: list[Hit] = []
    for hit in hits:
        if not any(_repeats(hit, other) for other in out):
            out = [o for o in out if not (o.weak and o.finding.effect == hit.finding.effect)]
            out.append(hit)
    mixed = {h.sentence for h in out if h.finding.change == "mixed"}
    out = [h for h in out if not (h.weak and h.finding.change != "mixed" and h.sentence in mixed)]
    named = [h for h in out if not h.weak]
    nulls = [h for h in out if h.finding.effect == "none"]
    kept = [h for h in out if not (h.weak and named and h.finding.effect in ("unclear", "mixed"))]
    kept = [h for h in kept if not (h.both and h.finding.effect != "none" and any(n.weak or n.stems & h.stems for n in nulls))]
    return tuple(h.finding for h in kept)


def _repeats(hit: Hit, other: Hit) -> bool:
    if hit.finding.effect != other.finding.effect:
        return False
    if hit.weak:
        return True
    if hit.stems == other.stems and hit.finding.change == other.finding.change:
        return True
    a, b = hit.stems - _GENERAL, other.stems - _GENERAL
    return hit.finding.change == other.finding.change and bool(a and b) and (a <= b or b <= a)


_GENERAL = frozenset(w[:5] for w in "risk risks rate number cases odds incidence chance score scores level levels frequency severity days".split())


_RELIEVED = frozenset(
    "stopped ceased cleared vanished disappeared subsided healed gone resolved recovered stop cease clear vanish disappear subside heal resolve ease".split()
)
_GIVING_UP = frozenset((("gave", "up"), ("give", "up"), ("came", "off"), ("come", "off"), ("do", "without"), ("did", "without")))
_STRUCK = frozenset("developed suffered struck collapsed poisoned poisoning reported reports hospital admitted damage damaged failed died death".split())


def _described_relief(text: str, spans: Sequence[tuple[int, int]]) -> list[Hit]:
    """Read of one patient "the hiccups stopped", "gave up sleeping tablets": the ill went, and nothing befell anybody."""
    out: list[Hit] = []
    for a, b in spans:
        words, places = read_words(text, a, min(b, a + MAX_SENTENCE))
        if _STRUCK & set(words):
            return []
        clause = Clause(places, words, [], find_outcomes(words))
        at = next((k for k, w in enumerate(words) if w in _RELIEVED or (w, *words[k + 1 : k + 2]) in _GIVING_UP), None)
        if at is None or out:
            continue
        given_up = words[at] not in _RELIEVED
        ills = [g for g in outcome_groups(clause) if worth(clause, g) == "bad" and (g[0].i > at) == given_up]
        if ills:
            out.append(_hit(text, clause, ills[0] if given_up else ills[-1], "decreased", "described_relief", "benefit"))
    return out


def described_harms(text: str, spans: Sequence[tuple[int, int]]) -> list[Hit]:
    """Find the ills that befell described patients ("a girl turned up with eroded teeth"): associated, and a harm.

    The first ill is the finding; a death is one of its own.
    """
    out: list[Hit] = []
    for a, b in spans:
        for clause in split_clauses(*read_words(text, a, min(b, a + MAX_SENTENCE)), mute=True):
            for g in outcome_groups(clause):
                if worth(clause, g) == "bad":
                    death = g[-1].type == "mortality"
                    if not out or (death and not any(h.finding.outcome_type == "mortality" for h in out)):
                        out.append(_hit(text, clause, g, "associated", "described_harm", "harm"))
    return out
