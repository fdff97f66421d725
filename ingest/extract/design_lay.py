"""What the wording of a mention says of its study's design, by a model that was learned from labelled lay articles.

Lay writing has no end of ways to say that chance decided ("a secretary shuffled coloured cards"), that people were followed or that trials
were added up. The cues of ``design.toml`` know many; here families of words (``design_words.toml``), pairs of them, plain words, and the cues
and the answer of the rules themselves are the features of a linear model over the designs. ``bench/train_design_lay.py`` learns it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from ingest.errors import LexiconError
from ingest.records import DESIGNS

_HERE: Final = Path(__file__).parent
TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d,.]*\d%?|\d%?|[.;:?!]")
_GENITIVE: Final = ("'s", "’s")
_MEMO_LIMIT: Final = 50_000
_ENDINGS: Final = ("ings", "ing", "ied", "ies", "ed", "es", "s", "ly")
_STEPS: Final = ((2, "#one"), (13, "#few"), (50, "#some"), (1000, "#many"), (15_000, "#crowd"))
"""Counts below which a number is written so; above it is a host."""
_NUMBER_WORDS: Final = {
    **dict.fromkeys("two three four five six seven eight nine ten eleven twelve dozen".split(), "#few"),
    **dict.fromkeys("thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty".split(), "#some"),
    **dict.fromkeys("fifty sixty seventy eighty ninety hundred dozens".split(), "#many"),
    **dict.fromkeys(("thousand", "thousands"), "#crowd"),
    **dict.fromkeys(("million", "millions"), "#host"),
}
ABOUT: Final = "xgn"
"""Zones around the mention: of them only the families count."""
NEAR: Final = 4
"""Words between two families that are read as a pair."""


class _Begun(NamedTuple):
    """The families that a word names alone, and the phrases that it may begin: by their second word, and those open to several."""

    alone: tuple[str, ...]
    by_second: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    open: tuple[tuple[tuple[str, ...], str], ...]


class Families:
    """Families of phrases: which of them stand in some words.

    :raises LexiconError: a family without its keys, or one that does not find its own example.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as f:
            rows = tomllib.load(f)["family"]
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._memo: dict[str, _Begun | None] = {}
        for row in rows:
            for phrase in re.split(r"[,\n]", row["words"]):
                words = phrase.split()
                if words:
                    stem = words[0].endswith("*")
                    table = self._stems if stem else self._phrases
                    table.setdefault(words[0].rstrip("*"), []).append((tuple(words[1:]), row["name"]))
        for row in rows:
            if row["name"] not in {name for _, name in self.read(tokens(row["example"].lower()))}:
                raise LexiconError(f"{path.name}: family {row['name']!r} does not find its example {row['example']!r}")

    def read(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """Give the families of some words in order, each with the place of its first word."""
        out: list[tuple[int, str]] = []
        memo = self._memo
        for i, word in enumerate(words):
            begun = memo[word] if word in memo else self._begun(word)
            if begun is None:
                continue
            out += [(i, name) for name in begun.alone]
            if i + 1 < len(words):
                for rest, name in begun.by_second.get(words[i + 1], begun.open):
                    if _goes_on(words, i + 1, rest):
                        out.append((i, name))
        return out

    def _begun(self, word: str) -> _Begun | None:
        """What begins at a word, worked out once for each."""
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        found = list(self._phrases.get(word, ()))
        for n in range(2, len(word) + 1):
            found += self._stems.get(word[:n], ())
        found = list(dict.fromkeys(found))
        longer = [(rest, name) for rest, name in found if rest]
        opened = [(rest, name) for rest, name in longer if rest[0].endswith("*")]
        seconds = {rest[0] for rest, _ in longer if not rest[0].endswith("*")}
        by_second = {w: tuple([x for x in longer if x[0][0] == w or x in opened]) for w in seconds}
        known = _Begun(tuple([name for rest, name in found if not rest]), by_second, tuple(opened)) if found else None
        self._memo[word] = known
        return known


def _goes_on(words: Sequence[str], at: int, rest: tuple[str, ...]) -> bool:
    if at + len(rest) > len(words):
        return False
    return all(w == r or (r[-1] == "*" and w.startswith(r[:-1])) for w, r in zip(words[at : at + len(rest)], rest, strict=True))


def tokens(low: str) -> list[str]:
    """The words, numbers and stops of some lower-cased text; hyphens part words."""
    return [w[:-2] if w[-2:] in _GENITIVE else w for w in TOKEN.findall(low)]


FAMILIES: Final = Families(_HERE / "design_words.toml")
_STOPS: Final = frozenset(".;:?!")


def _size(number: str) -> str:
    if number.endswith("%"):
        return "#%"
    digits = number.replace(",", "")
    if not digits.isdigit():
        return "#x"
    n = int(digits[:9])
    if "," not in number and 1900 <= n <= 2099:
        return "#year"
    return next((name for limit, name in _STEPS if n < limit), "#host")


@cache
def stem(word: str) -> str:
    """A word without its commonest endings, so that "shuffled" and "shuffling" are one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Zone(NamedTuple):
    """A piece of lower-cased text with its place.

    ``kind`` is ``h`` for the mention's head, ``l`` for a later sentence, ``t`` for a cited title, ``x`` for the sentence before the head,
    ``g`` for the heading above it, ``n`` for the article's first line.
    """

    kind: str
    low: str
    start: int


def features(
    zones: Iterable[Zone], cues: Mapping[str, float], scores: Mapping[str, float], ruled: str | None, plural: bool, every: bool = False
) -> dict[str, float]:
    """The features of a mention.

    :param every: with the words that the model does not know, as training needs them.
    :param cues: the cues that hit, with what each counts for at its place (1 in the head).
    :param scores: what the cues add up to, by design.
    :param ruled: what the rules make of it.
    """
    out: dict[str, float] = {}
    said: set[str] = set()
    for zone in zones:
        if zone.kind in ABOUT:
            out.update(dict.fromkeys([f"{zone.kind}:{n}" for n in _families_of(zone.low)], 1.0))
        else:
            _read_zone(zone, out, said, every)
    seen = sorted(said & PAIRED)
    out.update(dict.fromkeys([f"b:{a}+{b}" for k, a in enumerate(seen) for b in seen[k + 1 :]], 1.0))
    out.update({"q:" + name: weight for name, weight in cues.items()})
    out.update({"s:" + design: min(score / 10, 2.0) for design, score in scores.items()})
    out["r:" + (ruled or "none")] = 1.0
    if plural:
        out["plural"] = out["plural:" + (ruled or "none")] = 1.0
    return out


class _Words(dict[str, str]):
    """The features of words in one kind of zone, empty for a word that is none; worked out once for each."""

    def __init__(self, kind: str, every: bool) -> None:
        super().__init__()
        self._kind = kind
        self._every = every

    def __missing__(self, word: str) -> str:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        name = f"{self._kind}w{stem(word)}" if len(word) > 2 and word[0].isalpha() else ""
        if not self._every and name not in _model().rows:
            name = ""
        self[word] = name
        return name


_WORDS: Final = {(kind, every): _Words(kind, every) for kind in "hlt" for every in (False, True)}


def _read_zone(zone: Zone, out: dict[str, float], said: set[str], every: bool) -> None:
    """Add the features of a zone; ``said`` collects what is said in the mention itself."""
    kind = zone.kind
    words = tokens(zone.low)
    hits = _hits(words)
    names = {name for _, name in hits}
    out.update(dict.fromkeys(filter(None, map(_WORDS[kind, every].__getitem__, words)), 1.0))
    out.update(dict.fromkeys([f"{kind}:{n}" for n in names], 1.0))
    if kind == "t":
        return
    counted = ["#" + n for n in _counted(hits, words)]
    out.update(dict.fromkeys([f"{z}:{n}" for n in counted for z in (kind, "a")], 1.0))
    out.update(dict.fromkeys([f"a:{n}" for n in names], 1.0))
    said.update(names, counted)
    for k, (i, a) in enumerate(hits):
        for j, b in hits[k + 1 : k + 8]:
            if j - i > NEAR:
                break
            if j > i:
                out[f"p:{a}>{b}"] = 1.0
    if kind == "h" and hits:
        out.update(dict.fromkeys([f"^:{n}" for i, n in hits if i == hits[0][0]], 1.0))


def _hits(words: Sequence[str]) -> list[tuple[int, str]]:
    hits = FAMILIES.read(words)
    hits += [(i, _size(w)) for i, w in enumerate(words) if w[0].isdigit()]
    hits += [(i, _NUMBER_WORDS[w]) for i, w in enumerate(words) if w in _NUMBER_WORDS]
    return sorted(hits)


@lru_cache(maxsize=512)
def _families_of(low: str) -> tuple[str, ...]:
    """The families of a piece that many mentions of an article share."""
    return tuple(dict.fromkeys([name for _, name in _hits(tokens(low))]))


_COUNTS: Final = frozenset(("#few", "#some", "#many", "#crowd", "#host"))
_COUNTABLE: Final = frozenset(("studies", "people", "animals", "vitro", "records", "long_time", "short_time", "percent", "arms", "casecontrol"))
_NOT_BETWEEN: Final = frozenset("of in and with for that who the people patients participants women men weeks months years days".split()) | _STOPS


def _counted(hits: list[tuple[int, str]], words: Sequence[str]) -> set[str]:
    """Name what a number counts: studies ("522 double-blind trials"), people, animals, dishes."""
    numbers = [i for i, name in hits if name in _COUNTS]
    out = set()
    for j, name in hits:
        if name in _COUNTABLE and name not in out and any(0 < j - i <= 6 and _NOT_BETWEEN.isdisjoint(words[i + 1 : j]) for i in numbers):
            out.add(name)
    return out


PAIRED: Final = frozenset(
    "chance chance_thing decides placebo known_open arms gave took remedy daily short_time long_time followed records asked snapshot casecontrol "
    "one_person described animals vitro pooling reviewing studies a_trial body advice risk people volunteers habits #crowd #host #few #some #% #studies".split()
)
"""Families that are looked at together wherever they stand in a mention."""


@dataclass(frozen=True, slots=True)
class _Model:
    rows: Mapping[str, int]
    weights: np.ndarray[Any, np.dtype[np.int32]]


def read_model(table: Mapping[str, Sequence[int]]) -> _Model:
    """Make the model of a table of whole-number weights, one row of `DESIGNS` a feature, ``bias`` among them."""
    return _Model({name: i for i, name in enumerate(table)}, np.array(list(table.values()), dtype=np.int32))


def packed(row: Sequence[int]) -> str:
    """Write a row of weights: ``3:12 5:-4`` for 12 of the fourth design and -4 of the sixth."""
    return " ".join(f"{i}:{w}" for i, w in enumerate(row) if w)


def unpacked(row: str) -> list[int]:
    """Read what `packed` wrote."""
    out = [0] * len(DESIGNS)
    for piece in row.split():
        i, _, weight = piece.partition(":")
        out[int(i)] = int(weight)
    return out


@cache
def _model() -> _Model:
    data: dict[str, dict[str, str]] = json.loads((_HERE / "design_lay.json").read_text(encoding="utf-8"))
    return read_model({name: unpacked(row) for name, row in data["features"].items()})


_PARTS: Final = 16
"""Values of features are counted in sixteenths, so that the sum is of whole numbers and the same on every machine."""


def choose(values: Mapping[str, float], model: _Model | None = None) -> str:
    """The design that fits the features best."""
    model = model or _model()
    rows, weights = model.rows, model.weights
    # Nearly all features count in full; what the others count for more or less is added on top.
    total = weights[[rows["bias"], *[r for r in map(rows.get, values) if r is not None]]].sum(axis=0) * _PARTS
    uneven = [(row, round(v * _PARTS) - _PARTS) for n, v in values.items() if v != 1.0 and (row := rows.get(n)) is not None]
    if uneven:
        total += (weights[[row for row, _ in uneven]] * np.array([[more] for _, more in uneven], dtype=np.int32)).sum(axis=0)
    return DESIGNS[int(total.argmax())]


def signs(values: Mapping[str, float], design: str) -> list[str]:
    """The features that set a design apart from the others, the strongest first."""
    model = _model()
    names, index, parts = _known(values, model)
    weights = model.weights[index[1:]] * parts[1:, None]
    lead = weights[:, DESIGNS.index(design)] * len(DESIGNS) - weights.sum(axis=1)
    order = sorted(range(len(names)), key=lambda i: (-int(lead[i]), names[i]))
    return [names[i] for i in order if lead[i] > 0]


def _known(values: Mapping[str, float], model: _Model) -> tuple[list[str], list[int], np.ndarray[Any, np.dtype[np.int32]]]:
    """The features that the model knows, their rows behind that of the bias, and what each counts for."""
    names = [n for n in values if n in model.rows]
    rows = model.rows
    parts = np.array([_PARTS, *[_PARTS if (v := values[n]) == 1.0 else round(v * _PARTS) for n in names]], dtype=np.int32)
    return names, [rows["bias"], *[rows[n] for n in names]], parts


def place(signs: Iterable[str], zones: Sequence[Zone]) -> tuple[str, int, int] | None:
    """The first of some features that has a place of its own in the mention or in a cited title, with that place."""
    read: dict[int, tuple[list[str], dict[str, int]]] = {}
    for sign in signs:
        kind, name = sign[:1], sign[2:]
        if kind not in "hlta^" or sign[1:2] not in (":", "w"):
            continue
        for k, zone in enumerate(zones):
            if zone.kind != kind and not (kind == "a" and zone.kind in "hl") and not (kind == "^" and zone.kind == "h"):
                continue
            if k not in read:
                words = tokens(zone.low)
                read[k] = words, {family: i for i, family in reversed(_hits(words))}
            words, families = read[k]
            at = families.get(name) if sign[1] == ":" else next((i for i, w in enumerate(words) if stem(w) == name), None)
            if at is not None:
                m = next(islice(TOKEN.finditer(zone.low), at, None))
                return sign, zone.start + m.start(), zone.start + m.end()
    return None
