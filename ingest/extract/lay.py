"""Findings in writing about studies: health pages, news, blogs, leaflets, spun texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.extract.valence import MOVES, Cue, Outcome, Token, find_cues, find_outcomes, is_number, real_cues, tokenize
from ingest.records import Finding, Mention
from ingest.text.prose import Prose

_HARD = frozenset(";:()—–.!?[]")
_HARD_WORDS = frozenset(("but", "while", "whereas", "although", "though", "however", "yet", "because", "since"))
_SOFT = frozenset((",", "and", "or", "-"))
_JOINERS = frozenset((",", "and", "or", "nor", "&", "/", "plus"))
_CASES = re.compile(
    r"(?i)\b(?:case (?:report|series|stud)|cases? (?:was|were|of)|reports? of|turned up|describ(?:ed|es|ing) (?:a|an|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|twelve|\d+)\b|(?:doctors|physicians|surgeons|hospital|clinic)\b.{0,40}\b(?:told|describ|report|saw)|year-old)"
)
_PERCENT = re.compile(r"^\d[\d.,·]*%?$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding before duplicates are merged: ``stems`` are the outcome's content words."""

    finding: Finding
    stems: frozenset[str]
    weak: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence that says one thing."""

    tokens: list[Token]
    words: list[str]
    cues: list[Cue]
    outcomes: list[Outcome]


def lay_findings(prose: Prose, mention: Mention) -> tuple[Finding, ...]:
    """Read the findings of a mention in somebody else's prose."""
    hits: list[Hit] = []
    text = prose.text
    for part in mention.parts:
        for sentence in prose.sentences_in(part):
            start, end = max(part.start, sentence.start), min(part.end, sentence.end)
            if text[end - 1 : end] == "?":
                continue
            for clause in split_clauses(tokenize(text, start, end)):
                hits += read_clause(text, clause, hits)
    if not hits:
        hits = described_harms(prose, mention)
    return merge(hits)


# ------------------------------------------------------------------------------------------------ clauses
def split_clauses(tokens: list[Token]) -> Iterator[Clause]:
    """Split a sentence at strong marks and contrasts, and at commas and "and" where both sides have a cue of their own."""
    words = [t.low for t in tokens]
    block: list[int] = []
    for i, word in enumerate([*words, ";"]):
        if i < len(words) and word not in _HARD and word not in _HARD_WORDS:
            block.append(i)
            continue
        if block:
            yield from _split_soft(tokens, words, block[0], block[-1] + 1)
        block = []


def _split_soft(tokens: list[Token], words: list[str], a: int, b: int) -> Iterator[Clause]:
    cues = real_cues(words[a:b], find_cues(words[a:b]))
    strong = [c for c in cues if c.kind in MOVES or c.kind in {"same", "mixed", "none_of"}]
    cuts = [a]
    for left, right in zip(strong, strong[1:], strict=False):
        seams = [k for k in range(a + left.j, a + right.i) if words[k] in _SOFT]
        if seams and not (left.kind == "same" and right.kind == "same"):
            cuts.append(seams[-1] + 1)
    cuts.append(b)
    for x, y in zip(cuts, cuts[1:], strict=False):
        part = words[x:y]
        yield Clause(tokens[x:y], part, real_cues(part, find_cues(part)), find_outcomes(part))


# ------------------------------------------------------------------------------------------------ one clause
def read_clause(text: str, clause: Clause, before: Sequence[Hit]) -> list[Hit]:
    """Read the findings of one clause; ``before`` are those of the clauses before it."""
    cues = [c for c in clause.cues if c.kind not in {"negative", "event", "moved"}]
    groups = outcome_groups(clause)
    for kind in ("mixed", "same", "none_of", "unsure"):
        for cue in cues if kind != "none_of" else clause.cues:
            if cue.kind == kind:
                return _flat(text, clause, cue, groups)
    numbers = compared_shares(clause)
    if numbers is not None and not cues:
        return [_hit(text, clause, g, numbers, "compared_shares") for g in groups if g[-1].valence != "neutral"][:1]
    moves = [c for c in cues if c.kind in MOVES]
    if moves:
        out = []
        for n, cue in enumerate(moves):
            low = moves[n - 1].j if n else 0
            high = moves[n + 1].i if n + 1 < len(moves) else len(clause.words)
            out += _moved(text, clause, cue, _governed(clause, cue, groups, low, high))
        return out
    for cue in cues:
        if cue.kind == "associated":
            return [_hit(text, clause, g, "associated", "association") for g in _governed(clause, cue, groups, 0, len(clause.words))][:1]
    return _adverse(text, clause, groups)


def outcome_groups(clause: Clause) -> list[list[Outcome]]:
    """Join neighbouring outcome words into one outcome ("risk of heart disease"); a comma or "and" parts two."""
    groups: list[list[Outcome]] = []
    for o in clause.outcomes:
        between = clause.words[groups[-1][-1].j : o.i] if groups else []
        if groups and len(between) <= 2 and not any(w in _JOINERS for w in between) and not _cue_between(clause, groups[-1][-1].j, o.i):
            groups[-1].append(o)
        else:
            groups.append([o])
    return groups


def _cue_between(clause: Clause, a: int, b: int) -> bool:
    return any(c.i < b and c.j > a for c in clause.cues)


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
    right = [g for g in groups if cue.j <= g[0].i < high or (g[0].i >= cue.i and g[-1].j <= cue.j)]
    left = [g for g in groups if low <= g[0].i and g[-1].j <= cue.i]
    if cue.side == "right" and right and right[0][0].i - cue.j <= 3:
        return _run(clause, right)
    if left:
        return list(reversed(_run(clause, list(reversed(left)))))
    return _run(clause, right) if right and right[0][0].i - cue.j <= 8 else []


def _run(clause: Clause, groups: list[list[Outcome]]) -> list[list[Outcome]]:
    out = groups[:1]
    for g in groups[1:]:
        a, b = sorted((out[-1], g), key=lambda x: x[0].i)
        between = clause.words[a[-1].j : b[0].i]
        if not any(w in _JOINERS for w in between) or len(between) > 5:
            break
        out.append(g)
    return out


_CHANGE = {"up": "increased", "down": "decreased", "cure": "decreased"}


def _moved(text: str, clause: Clause, cue: Cue, groups: list[list[Outcome]]) -> list[Hit]:
    out = []
    for g in groups:
        value = worth(clause, g)
        if cue.kind in ("good", "bad"):
            effect = "benefit" if cue.kind == "good" else "harm"
            more = (cue.kind == "good") == (value == "good")
            out.append(_hit(text, clause, g, "increased" if more else "decreased", f"{cue.kind}_cue", effect))
        else:
            out.append(_hit(text, clause, g, _CHANGE[cue.kind], f"{cue.kind}_cue"))
    if not groups and cue.kind in ("good", "bad", "cure"):
        effect = "harm" if cue.kind == "bad" else "benefit"
        out.append(_bare(text, clause, cue, "unclear", effect))
    return out


def _flat(text: str, clause: Clause, cue: Cue, groups: list[list[Outcome]]) -> list[Hit]:
    change, effect = {"mixed": ("mixed", "mixed"), "unsure": ("unclear", "unclear")}.get(cue.kind, ("no_difference", "none"))
    chosen = _governed(clause, Cue(cue.kind, "right", cue.i, cue.j), groups, 0, len(clause.words))
    if not chosen:
        return [_bare(text, clause, cue, change, effect)]
    return [_hit(text, clause, g, change, f"{cue.kind}_cue", effect) for g in chosen]


def _adverse(text: str, clause: Clause, groups: list[list[Outcome]]) -> list[Hit]:
    if not any(c.kind == "event" for c in clause.cues):
        return []
    bad = [g for g in groups if g[-1].type == "adverse"]
    return [_hit(text, clause, g, "increased", "reported_harm", "harm") for g in bad[:1]]


def compared_shares(clause: Clause) -> str | None:
    """Compare two percentages set against one another ("10.8 percent of the first group and 10.4 percent of the second")."""
    shares = [float(m) for m in _shares(clause.words)]
    if len(shares) != 2 or not min(shares):
        return None
    ratio = shares[0] / shares[1]
    if 0.87 <= ratio <= 1.15:
        return "no_difference"
    return "increased" if ratio > 1 else "decreased"


def _shares(words: Sequence[str]) -> Iterator[str]:
    for i, w in enumerate(words):
        if is_number(w) and _PERCENT.match(w) and (w.endswith("%") or words[i + 1 : i + 2] in (["percent"], ["per"])):
            digits = w.rstrip("%").rstrip(".,·").replace("·", ".").replace(",", "")
            if digits.count(".") <= 1:
                yield digits


# ------------------------------------------------------------------------------------------------ findings
_VALUE = {("increased", "good"): "benefit", ("increased", "bad"): "harm", ("decreased", "good"): "harm", ("decreased", "bad"): "benefit"}


def _hit(text: str, clause: Clause, group: Sequence[Outcome], change: str, rule: str, effect: str | None = None) -> Hit:
    value = worth(clause, group)
    if effect is None:
        effect = {"no_difference": "none", "associated": "harm" if value == "bad" else "unclear"}.get(change) or _VALUE.get(
            (change, value), "unclear"
        )
    a, b = clause.tokens[group[0].i].start, clause.tokens[group[-1].j - 1].end
    kinds = [o.type for o in group]
    kind = next((k for k in ("mortality", "adverse", "surrogate") if k in kinds), "clinical")
    stems = frozenset(w[:5] for o in group for w in clause.words[o.i : o.j])
    return Hit(Finding(text[a:b], change, effect, kind, a, b, rule), stems, weak=False)


def _bare(text: str, clause: Clause, cue: Cue, change: str, effect: str) -> Hit:
    a, b = clause.tokens[cue.i].start, clause.tokens[cue.j - 1].end
    return Hit(Finding(text[a:b], change, effect, "unclear", a, b, f"{cue.kind}_alone"), frozenset(), weak=True)


def merge(hits: Sequence[Hit]) -> tuple[Finding, ...]:
    """Drop what only repeats: the same outcome and change again, or a bare "it helped" beside a named benefit."""
    out: list[Hit] = []
    for hit in hits:
        if not any(_repeats(hit, other) for other in out):
            out = [o for o in out if not (o.weak and _repeats(o, hit))]
            out.append(hit)
    return tuple(h.finding for h in out)


def _repeats(hit: Hit, other: Hit) -> bool:
    if hit.finding.effect != other.finding.effect:
        return False
    if hit.weak:
        return True
    return hit.finding.change == other.finding.change and bool(hit.stems & other.stems)


def described_harms(prose: Prose, mention: Mention) -> list[Hit]:
    """Find the ill that befell described patients ("a girl turned up with eroded teeth"): associated, and a harm."""
    text = prose.text
    spans = [(p.start, p.end) for p in mention.parts]
    if not any(_CASES.search(text, a, b) for a, b in spans):
        return []
    for a, b in spans:
        for clause in split_clauses(tokenize(text, a, b)):
            groups = [g for g in outcome_groups(clause) if worth(clause, g) == "bad"]
            groups.sort(key=lambda g: g[-1].type not in {"adverse", "mortality"})
            if groups:
                hit = _hit(text, clause, groups[0], "associated", "described_harm", "harm")
                return [replace(hit, weak=False)]
    return []
