"""What an abstract says happened to one outcome: features of each place that names it, and a small linear model.

The weights (``change_model.json``) come from ``bench/train_change.py``; the file names its data and their licence.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.extract.significance import NOT_SIGNIFICANT, interval_excludes_one, p_values_at
from ingest.extract.valence import MOVES, Cue, Token, find_cues, find_outcomes, real_cues, tokenize

CLASSES = ("increased", "decreased", "no_difference")
MODEL = Path(__file__).with_name("change_model.json")

_HARD = frozenset(";:.!?")
_CONTRAST = frozenset(("but", "while", "whereas", "although", "though", "however", "yet", "because", "despite"))
_CONTROL = frozenset(
    "placebo control controls sham usual standard conventional untreated alone baseline routine waiting wait-list waitlist traditional "
    "comparator comparison vehicle saline dummy ii b 2 nonintervention unexposed".split()
)
_VERSUS = frozenset(("vs", "versus", "v", "than", "compared", "against", "relative"))


@dataclass(frozen=True)
class SentenceReading:
    """A reporting sentence cut into tokens, with its cues and tests."""

    text: str
    start: int
    end: int
    section: str
    tokens: list[Token]
    words: list[str]
    cues: list[Cue]
    p_values: list[tuple[int, bool]]
    not_significant: list[int]
    intervals: list[tuple[int, bool]]
    draws: list[int]
    both: bool


def read(text: str, start: int, end: int, section: str) -> SentenceReading:
    """Prepare a sentence; brackets stay in, for P values stand there."""
    tokens = tokenize(text, start, end)
    words = [t.low for t in tokens]
    if section == "plan":
        return SentenceReading(text, start, end, section, tokens, words, [], [], [], [], [], False)
    cues = real_cues(words, find_cues(words))
    nots = [m.start() for m in NOT_SIGNIFICANT.finditer(text, start, end)]
    draws = [m.start() for m in _DRAW.finditer(text, start, end)]
    both = _BOTH.search(text, start, end) is not None
    tests = p_values_at(text, start, end)
    return SentenceReading(text, start, end, section, tokens, words, cues, tests, nots, interval_excludes_one(text, start, end), draws, both)


def _bucket(distance: int) -> str:
    return "0" if distance <= 1 else "1" if distance <= 3 else "2" if distance <= 7 else "3"


def worth(words: Sequence[str]) -> str:
    """Say whether more of an outcome phrase is good, bad or neither."""
    values = {o.valence for o in find_outcomes(words)}
    joined = " ".join(words)
    if _GOOD_WHATEVER.search(joined):
        return "good"
    return "bad" if "bad" in values or "negative" in words or "poor" in words else "good" if "good" in values else "neutral"


_GOOD_WHATEVER = re.compile(
    r"\b(?:survival|remission|respon\w+|relief|recovery|free(?:dom)?|time to (?:\w+ ){0,2}(?:progression|failure|relapse|recurrence|event|exacerbation)|"
    r"cure\w*|control|knowledge|healing|resolution|success\w*|quality of life|efficacy|tolerab\w+|abstinence|cessation)\b"
)


_AGAINST = re.compile(
    r"(?i)\b(?:versus|vs\.?|compared (?:with|to)|comparison (?:with|to)|superior to|inferior to|rather than|than)\s+((?:[\w-]+\s+){0,3}[\w-]+)"
)
_GENERIC = frozenset(
    "the a an of in with and or to for patients group groups treatment therapy those who alone after before during their baseline other both "
    "not is are was were on from by as at it that this versus vs trial study randomized randomised".split()
)


def comparators(text: str) -> frozenset[str]:
    """Words that name what the study set its treatment against, as its title and aims put it ("A versus B": B)."""
    head = text[:1200]
    against: set[str] = set()
    for m in _AGAINST.finditer(head):
        against |= {w for w in m.group(1).lower().split() if w not in _GENERIC and len(w) > 2}
    first = _AGAINST.search(head)
    before = set(re.findall(r"[\w-]+", head[: first.start()].lower())) if first else set()
    return frozenset(against - before)


_TITLE_STOP = re.compile(r"(?i)\b(?:in|on|for|among|during|after)\b|[:(\n]")
_TITLE_GENERIC = _GENERIC | frozenset(
    "effect effects efficacy effectiveness safety impact influence evaluation comparison use controlled placebo double blind pilot clinical "
    "prospective open label multicenter multicentre phase results short long term high low dose early role prevention management improved "
    "improvement reduction risk outcomes outcome quality life care".split()
)


def treatments(text: str) -> frozenset[str]:
    """Words of the title that may name the treatment: those before "in", "on", "for"; words that the outcome list knows are left out."""
    title = text[: text.find("\n")] if "\n" in text[:400] else text[:150]
    cut = _TITLE_STOP.search(title, 12)
    words = re.findall(r"[a-z][\w-]{2,}", title[: cut.start() if cut else len(title)].lower())
    return frozenset(w for w in words if w not in _TITLE_GENERIC and not find_outcomes([w]))


def features(s: SentenceReading, i: int, j: int, governed: str | None, document: Sequence[str] = (), others: frozenset[str] = frozenset()) -> Iterator[str]:
    """Name the features of the outcome phrase at tokens ``i:j``; ``governed`` is the kind of the cue that speaks of it."""
    value = worth(s.words[i:j])
    low, high = _clause(s, i, j)
    yield "bias"
    yield f"section={s.section}"
    yield f"worth={value}"
    for d in document:
        yield d
        yield f"{d}&{s.section}&{value}"
    if s.section == "plan":
        return
    flip = _control_speaks(s, i, j, low, high, others)
    yield f"flip={flip}"
    yield f"rule={governed}"
    yield f"rule={governed}&flip={flip}"
    numbers = compared_numbers(s, j, high, others)
    reach = governed if governed not in (None, "moved") else _reaching(s, i, j, low, high)
    ruled = rule_change(reach, value, flip)
    yield f"how={'governed' if reach == governed else 'reached' if reach else 'numbers' if numbers else 'nothing'}"
    if ruled is None:
        ruled = numbers
    yield f"ruled={ruled}"
    gated = _gated(s, i, j, ruled)
    yield f"gated={gated}"
    yield f"gated={gated}&{value}"
    yield f"gated={gated}&both={s.both}"
    yield f"ruled={ruled}&{s.section}"
    yield from _cue_features(s, i, j, low, high, value, ruled)
    yield from _test_features(s, i, j, ruled)
    yield from _word_features(s, i, j, low, high)
    yield f"numbers={numbers}"
    yield f"numbers={numbers}&ruled={ruled}"


def _gated(s: SentenceReading, i: int, j: int, ruled: str | None) -> str | None:
    """What the rules read, made "no difference" by the test that follows: a P value above 0.05, "not significant"."""
    if ruled not in _FLIP:
        return ruled
    a, b = s.tokens[i].start, s.tokens[j - 1].end
    after = [sig for at, sig in s.p_values if at >= b]
    if after:
        return ruled if after[0] else "no_difference"
    intervals = [ok for at, ok in s.intervals if at >= b]
    if intervals:
        return ruled if intervals[0] else "no_difference"
    return "no_difference" if any(at > a for at in s.draws) else ruled


def _reaching(s: SentenceReading, i: int, j: int, low: int, high: int) -> str | None:
    """The kind of the cue of a clause that speaks of an outcome from afar: "same" anywhere, else the next behind, else the last before."""
    if any(w in _NEGATIVE for w in s.words[max(low, i - 3) : i]):
        return "same"
    cues = [c for c in s.cues if low <= c.i < high and (c.kind in MOVES or c.kind == "same")]
    if any(c.kind == "same" for c in cues):
        return "same"
    behind = [c for c in cues if c.i >= j]
    before = [c for c in cues if c.j <= i]
    return behind[0].kind if behind else before[-1].kind if before else None


_RULED = {"up": "increased", "down": "decreased", "cure": "decreased", "same": "no_difference"}
_FLIP = {"increased": "decreased", "decreased": "increased"}


def rule_change(kind: str | None, value: str, flip: bool) -> str | None:
    """The change that a cue's kind gives an outcome of some worth; ``flip``: told from the control's side."""
    if kind in ("good", "bad"):
        change: str | None = "increased" if (kind == "good") == (value != "bad") else "decreased"
    else:
        change = _RULED.get(kind or "")
    return _FLIP.get(change, change) if flip and change else change


def _control_speaks(s: SentenceReading, i: int, j: int, low: int, high: int, others: frozenset[str]) -> bool:
    """Whether the comparison is told from the control's side: "higher in the placebo group", "higher in B than in A"."""

    def control(a: int, b: int) -> bool:
        return any(w in _CONTROL or w in others for w in s.words[a:b])

    than = next((k for k in range(low, high) if s.words[k] in {"than", "compared", "versus", "vs"}), None)
    cue = next((c for c in s.cues if c.i >= j and c.i < high and c.kind in MOVES), None)
    start = cue.j if cue else j
    if than is not None:
        return than > start and control(start, than) and not control(than, min(high, than + 9))
    k = next((k for k in range(start, min(high, start + 8)) if s.words[k] in {"in", "for", "with", "among"}), None)
    return k is not None and control(k + 1, min(high, k + 5)) and any(w.startswith("group") or w in _CONTROL for w in s.words[k + 1 : k + 6])


def _clause(s: SentenceReading, i: int, j: int) -> tuple[int, int]:
    low, high = i, j
    while low > 0 and s.words[low - 1] not in _HARD and s.words[low - 1] not in _CONTRAST:
        low -= 1
    while high < len(s.words) and s.words[high] not in _HARD and s.words[high] not in _CONTRAST:
        high += 1
    return low, high


def _cue_features(s: SentenceReading, i: int, j: int, low: int, high: int, value: str, ruled: str | None) -> Iterator[str]:
    left = [c for c in s.cues if low <= c.i and c.j <= i and c.kind != "negative"]
    right = [c for c in s.cues if j <= c.i < high and c.kind != "negative"]
    within = [c for c in s.cues if c.i < j and c.j > i]
    kinds = {c.kind for c in (*left, *right, *within)}
    for kind in kinds:
        yield f"clause_kind={kind}"
        yield f"clause_kind={kind}&worth={value}"
    if left:
        yield f"left={left[-1].kind}/{_bucket(i - left[-1].j)}"
        yield f"left={left[-1].kind}&{value}"
    if right:
        yield f"right={right[0].kind}/{_bucket(right[0].i - j)}"
        yield f"right={right[0].kind}&{value}"
    if any(w in _NEGATIVE for w in s.words[max(low, i - 3) : i]):
        yield "negated"
    for c in within:
        yield f"within={c.kind}"
    yield f"kinds={'+'.join(sorted(k for k in kinds if k in MOVES or k == 'same'))}"
    than = next((k for k in range(j, high) if s.words[k] in {"than", "compared", "versus", "vs"}), None)
    if than is not None:
        first = any(w in _CONTROL for w in s.words[low:than])
        second = any(w in _CONTROL for w in s.words[than:high])
        yield f"control={first}{second}"
        yield f"control={first}{second}&ruled={ruled}"


_DRAW = re.compile(
    r"(?i)\b(?:differences?|this|it|which|but|although|albeit|trend)\b.{0,40}\b(?:not|failed|n't|no|in|non-?)\W?.{0,30}signific|\binsignifican|"
    r"\bno (?:statistically |significant |statistically significant )?differences? (?:was |were )?(?:\w+ )?(?:between|among)|\bnot differ\w* between"
)
_BOTH = re.compile(
    r"(?i)\b(?:both|each|either|all|all three|all four|the two|two) (?:the )?(?:\w+ )?(?:groups|group|arms|arm|treatments?|drugs|"
    r"regimens|conditions|interventions)\b|"
    r"\b(?:from|to|versus|vs\.?|over|with) (?:the )?(?:baseline|pre-)"
)


def _test_features(s: SentenceReading, i: int, j: int, ruled: str | None) -> Iterator[str]:
    a, b = s.tokens[i].start, s.tokens[j - 1].end
    after = [sig for at, sig in s.p_values if at >= b]
    before = [sig for at, sig in s.p_values if at < a]
    verdict = f"{after[0]}" if after else f"last{before[-1]}" if before else "no"
    yield f"p={verdict}"
    yield f"p={verdict}&ruled={ruled}"
    if s.p_values:
        yield f"ps={'mixed' if len({x for _, x in s.p_values}) > 1 else s.p_values[0][1]}"
    ci = [ok for at, ok in s.intervals if at >= b]
    if ci:
        yield f"ci={ci[0]}"
        yield f"ci={ci[0]}&ruled={ruled}"
    if s.not_significant:
        near = any(abs(at - b) < 120 or abs(at - a) < 120 for at in s.not_significant)
        yield f"ns={near}"
        yield f"ns={near}&ruled={ruled}"
        yield f"ns={near}&p={verdict}"
    if s.draws:
        after_draw = s.draws[-1] > b
        yield f"draw={after_draw}"
        yield f"draw={after_draw}&ruled={ruled}"
    if s.both:
        yield "both"
        yield f"both&ruled={ruled}"
    significant = any(w.startswith("significan") for w in s.words)
    yield f"sig={significant}&ns={bool(s.not_significant)}&p={verdict}"


# Words that colour a clause; every other word is left out, for a few hundred prompts cannot weigh it.
_COLOUR = frozenset(
    "trend trends trended tended numerically slightly both baseline within respectively all each similarly significant significantly "
    "statistically marginal marginally borderline favor favour favouring favoring only compared versus vs than between although despite "
    "observed found improved resulted associated risk".split()
)


def _word_features(s: SentenceReading, i: int, j: int, low: int, high: int) -> Iterator[str]:
    for w in set(s.words[low:i] + s.words[j:high]) & _COLOUR:
        yield f"w={w}"


_NEGATIVE = frozenset(("no", "not", "without", "neither", "nor", "none"))
_VALUE = re.compile(r"^\d{1,6}(?:[.·]\d+)?%?$")


def compared_numbers(s: SentenceReading, j: int, high: int, others: frozenset[str]) -> str | None:
    """The change that two group values behind an outcome show: first group against second, or the other way where the first is the control."""
    found: list[tuple[int, float]] = []
    for k in range(j, min(high, j + 60)):
        if _VALUE.match(s.words[k]) and s.words[k - 1] not in _NO_VALUE:
            found.append((k, float(s.words[k].rstrip("%").replace("·", "."))))
    shares = [(k, x) for k, x in found if s.words[k].endswith("%") or s.words[k + 1 : k + 2] == ["%"]]
    pairs = shares if len(shares) > 1 else found
    if len(pairs) < 2:
        return None
    (a, x), (b, y) = pairs[0], pairs[1]
    if not any(w in _VERSUS or w in {"and", "while", "whereas", ";"} for w in s.words[a + 1 : b]):
        return None
    if abs(x - y) <= 0.02 * max(abs(x), abs(y)):
        return "no_difference"
    near = s.words[max(j, a - 5) : a] + s.words[a + 1 : min(b, a + 6)]
    control = any(w in _CONTROL or w in others for w in near)
    return "increased" if (x > y) != control else "decreased"


_NO_VALUE = frozenset(("±", "=", "<", ">", "n", "/", "ci", "to", "-", "–", "at", "week", "day", "month", "of", "after", "≤", "≥"))


# ------------------------------------------------------------------------------------------------ model
@cache
def weights() -> dict[str, tuple[float, ...]]:
    """The weights of the model that ships: feature -> one weight per class of ``CLASSES``."""
    raw: Mapping[str, list[float]] = json.loads(MODEL.read_text(encoding="utf-8"))["weights"]
    return {k: tuple(v) for k, v in raw.items()}


def logits(names: Iterator[str], table: Mapping[str, tuple[float, ...]]) -> list[float]:
    """Sum the weights of features, a number per class."""
    out = [0.0] * len(CLASSES)
    for name in names:
        row = table.get(name)
        if row is not None:
            for k, w in enumerate(row):
                out[k] += w
    return out


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores into probabilities."""
    top = max(scores)
    e = [math.exp(x - top) for x in scores]
    total = sum(e)
    return [x / total for x in e]


def token_range(s: SentenceReading, start: int, end: int) -> tuple[int, int]:
    """The tokens that a character range covers."""
    starts = [t.start for t in s.tokens]
    i = bisect_left(starts, start)
    j = bisect_left(starts, end)
    return i, j
