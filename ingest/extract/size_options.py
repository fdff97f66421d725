"""The readings of a study's size: numbers, sums and products of a mention, each with the features that the learned choice weighs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.extract.candidates import PEOPLE, SEXES, Candidate, Sum
from ingest.extract.choosing import Reading, steps, words_around
from ingest.records import Value
from ingest.text.numbers import lowered
from ingest.text.prose import Prose

MOST_MEMBERS = 8
"""Numbers of a mention whose pairs are looked at; a table in prose has more."""
FARTHEST = 220
"""Characters between two numbers that are added."""
CLOSE = 8
"""How many times larger one of two groups that are compared may be."""


STAND_INS = frozenset(
    """births deliveries pregnancies confinements cesareans caesareans mouths heads feet eyes brains scans records notes cases
    families households couples pairs transplants operations autopsies""".split()
)
"""Nouns that may stand for one person each."""


_MARKS = re.compile(r"[,;.:(]")
_JOINS = frozenset("and while whereas against versus vs from than with plus but or to alongside beside besides compared opposed that those ; :".split())


@dataclass(frozen=True, slots=True)
class _Mention:
    """What the readings of one mention share."""

    low: str
    frame: tuple[str, ...]
    values: frozenset[int]
    rules: Value[int] | None


def readings(
    prose: Prose,
    design: str | None,
    candidates: Sequence[Candidate],
    known: Sequence[Candidate],
    sums: Sequence[Sum],
    rules: Value[int] | None,
    others: Iterable[Value[int]],
) -> list[Reading[Value[int]]]:
    """List everything that the sample size may be.

    :param candidates: the numbers of the mention, those that the rules pass over among them.
    :param known: those that the rules weigh.
    :param sums: what the rules add up.
    :param rules: what the rules would take.
    :param others: further readings of the rules: one person, the same number again.
    """
    ordered = sorted(candidates, key=lambda c: c.number.start)
    spun = ["spun"] if any(c.spun for c in known) else []
    shared = _Mention(lowered(prose.text), (f"design:{design}", *spun), frozenset(c.value for c in candidates), rules)
    out = _singles(shared, ordered, known)
    ranked = {id(c) for c in known}
    out += _added(shared, [c for c in ordered if id(c) in ranked or "loose_none" in c.cues], known, sums)
    out += [_reading(shared, other, [f"other:{other.rule}"], other.rule, "o") for other in others]
    if rules is not None and not any((r.value.value, r.value.start, r.value.end) == (rules.value, rules.start, rules.end) for r in out):
        out.append(_reading(shared, rules, [f"rules:{rules.rule.split('+')[0]}"], "rules", "o"))
    return out


def _singles(shared: _Mention, ordered: Sequence[Candidate], known: Sequence[Candidate]) -> list[Reading[Value[int]]]:
    people = [c for c in known if c.head.kind in PEOPLE]
    first = min(people, key=lambda c: c.number.start, default=None)
    largest = max((c.value for c in people), default=0)
    best = max((c.rank for c in known), default=0.0)
    pairs = {a.value + b.value for a, b in combinations(known[:MOST_MEMBERS], 2)}
    times = Counter(c.value for c in ordered)
    out = []
    for n, c in enumerate(ordered):
        features = _single(shared.low, c, n)
        if c.value in pairs:
            features.append("adds_up")
        if people:
            features.append("largest" if c.value == largest else "smaller" if c.value < largest else "larger")
        if c is first:
            features.append("first_of_people")
        elif first is not None and c.sentence > first.sentence:
            features.append("after_people")
        if c.rank == best:
            features.append("best_rank")
        if times[c.value] > 1:
            features.append("twice")
        value = Value(c.value, c.number.start, c.number.end, "size:" + "+".join(sorted(c.cues)))
        out.append(_reading(shared, value, features, c.head.kind, "1"))
    return out


def _added(shared: _Mention, members: Sequence[Candidate], known: Sequence[Candidate], sums: Sequence[Sum]) -> list[Reading[Value[int]]]:
    """List the pairs that stand near each other, and the sums of the rules: what both find is one reading."""
    listed = {(s.members[0].number.start, s.members[-1].number.start, s.value): s for s in sums}
    out = []
    for first, second in combinations(members[:MOST_MEMBERS], 2):
        gap = second.number.start - first.head.end
        alike = first.value <= CLOSE * second.value and second.value <= CLOSE * first.value
        if second.sentence - first.sentence > 2 or not 0 <= gap <= FARTHEST or not alike:
            continue
        total = first.value + second.value
        features = ["pair", *_pair(shared.low, first, second, known)]
        named = listed.pop((first.number.start, second.number.start, total), None)
        if named:
            features += ["p:rule", f"p:rule:{named.rule}", *steps("p:score", named.score)]
        if total in shared.values:
            features.append("p:printed")
        value = Value(total, first.number.start, second.number.end, f"size:sum:{named.rule if named else 'pair'}")
        out.append(_reading(shared, value, features, "pair", "p"))
    for s in listed.values():
        features = ["sum", f"sum:{s.rule}", f"sum:{min(len(s.members), 5)}", *steps("sum:score", s.score)]
        features += [f"sum:{c}" for c in sorted(set.intersection(*(m.cues for m in s.members)))]
        if s.value in shared.values:
            features.append("sum:printed")
        value = Value(s.value, s.members[0].number.start, s.members[-1].number.end, f"size:sum:{s.rule}")
        out.append(_reading(shared, value, features, "sum", "s"))
    return out


def none_features(design: str | None, known: Sequence[Candidate], rules: Value[int] | None) -> list[str]:
    """Say what speaks for a mention without a sample size."""
    best = max((c.rank for c in known), default=-9.0)
    out = ["none", f"none:design:{design}", f"none:n:{min(len(known), 4)}", *steps("none:best", best)]
    if rules is None:
        out.append("none:rules")
    if not any(c.head.kind in PEOPLE for c in known):
        out.append("none:nobody")
    return out


def _reading(shared: _Mention, value: Value[int], features: list[str], kind: str, group: str) -> Reading[Value[int]]:
    """Add what every reading says; what holds for the whole mention only tells readings apart beside their ``kind``."""
    features += [f"{f}&{kind}" for f in shared.frame]
    if shared.rules is not None and shared.rules.value == value.value:
        features += ["rules", f"rules&{group}"]
    magnitude = int(math.log10(value.value) * 2) if value.value > 0 else -1
    return Reading(value, value.value, (*features, f"size:{magnitude}"))


def _single(low: str, c: Candidate, n: int) -> list[str]:
    kind, word, cues = c.head.kind, c.head.word, sorted(c.cues)
    out = [*cues, f"kind:{kind}", f"form:{c.number.kind}", f"sentence:{min(c.sentence, 3)}", f"nth:{min(n, 4)}"]
    if "loose" not in c.cues:
        out += [f"{cue}&{kind}" for cue in cues if cue != kind]
        out += steps("score", c.score)
    if word:
        out += (f"head:{word}", f"tail:{word[-4:]}")
    if c.number.hedge:
        out.append(f"hedge:{c.number.hedge}")
    if c.number.start - c.start < 3:
        out.append("begins")
    if word in STAND_INS:
        out.append("stands_in")
    if c.value < 10:
        out.append("tiny_value")
    if c.number.kind == "digits" and 1900 <= c.value <= 2035:
        out.append("like_year")
    if c.head.start > c.number.end:
        out += [f"m:{w}" for w in low[c.number.end : c.head.start].split()]
    around = words_around(low, c.number.start, max(c.head.end, c.number.end), c.start, c.end)
    out += around
    for f in around:
        if f[1:3] == "1:":
            out.append(f"{f}&{kind}")
            if f[0] == "r" and f.endswith("ed"):
                out.append("r1~ed")
    return out


def _pair(low: str, first: Candidate, second: Candidate, known: Sequence[Candidate]) -> list[str]:
    a, b = first.head.kind, second.head.kind
    between = sum([first.number.start < x.number.start < second.number.start for x in known])
    ratio = max(first.value, second.value) / min(first.value, second.value)
    out = [f"p:{a}+{b}", f"p:sentences:{second.sentence - first.sentence}", f"p:between:{min(between, 3)}"]
    out.append(f"p:ratio:{next((k for k in (1.0, 1.1, 1.3, 2.0, 4.0) if ratio <= k), 8.0)}")
    out.append("p:falls" if second.value < first.value else "p:rises")
    if first.head.word and first.head.word == second.head.word:
        out.append("p:same_head")
    if first.head.word in SEXES and second.head.word in SEXES:
        out.append("p:sexes")
    out += [f"p1:{c}" for c in sorted(first.cues)]
    out += [f"p2:{c}" for c in sorted(second.cues)]
    out += steps("p:low", min(first.score, second.score))
    out += steps("p:high", max(first.score, second.score))
    words = _MARKS.sub(r" \g<0> ", low[first.head.end : second.number.start]).split()
    join = next((w for w in words if w in _JOINS), "")
    out.append(f"p:gap:{min(len(words), 12) // 3}")
    last = next((w for w in reversed(words) if w in _JOINS), "")
    out += (f"p:last:{last}", f"p:last:{last}&{min(len(words), 12) // 4}", f"p:last:{last}&{second.sentence - first.sentence}&{'same' if a == b else 'other'}")
    out.append(f"p:join:{join}:{a if a in ('none', 'plural') else 'people'}:{b if b in ('none', 'plural', 'partitive') else 'people'}")
    out += [f"p:in:{w}" for w in sorted(set(words)) if w.isalpha() or w in ",;.:("]
    if words:
        out += (f"p:g1:{words[0]}", f"p:g-1:{words[-1]}", f"p:g-2:{'_'.join(words[-2:])}")
        if len(words) < 4:
            out.append(f"p:gap={'_'.join(words)}")
    after = low[second.number.end : second.number.end + 20].split(maxsplit=1)
    if after:
        out.append(f"p:r1:{after[0]}")
    return out
