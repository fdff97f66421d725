"""A linear-chain tagger for references: features of each token, the model's weights, and the best path.

Weights come from a conditional random field trained by ``bench/train_references.py`` and are kept in one ``.npz`` file
beside this module, whose ``about`` entry names the data and their licences. Scores of a word form are computed once and
remembered, so that reading a reference costs a few look-ups a token and one Viterbi pass (Viterbi 1967,
doi:10.1109/TIT.1967.1054010).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.find.tokens import Tokens, word_class

Floats = npt.NDArray[np.float32]
OFFSETS = (-2, -1, 0, 1, 2)
_FORM_CACHE = 50_000
_KEY_CACHE = 300_000
_BATCH = 32
_BREAKS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How often a word is part of journal names, of titles or of family names, in three small steps each."""

    levels: dict[str, str]

    names: frozenset[str] = frozenset()
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def build(cls, levels: dict[str, str], names: Iterable[str]) -> Lexicon:
        """A lexicon with journal names, each in lower case with one space between words."""
        known = frozenset(names)
        lengths: dict[str, set[int]] = {}
        for name in sorted(known):
            first, *rest = name.split(" ")
            lengths.setdefault(first, set()).add(len(rest) + 1)
        return cls(levels, known, {k: tuple(sorted(v, reverse=True)) for k, v in lengths.items()})

    def journals(self, lows: list[str], classes: list[str]) -> list[str]:
        """For each word whether it is part of a known journal's name: B1 (one word), B, I, E, or O."""
        n = len(lows)
        out = ["O"] * n
        i = 0
        while i < n:
            lengths = self.lengths.get(lows[i])
            if lengths and classes[i][0] not in "lpm":
                for k in lengths:
                    if i + k <= n and " ".join(lows[i : i + k]) in self.names:
                        out[i : i + k] = ["B1"] if k == 1 else ["B" + str(min(k, 4)), *["I"] * (k - 2), "E"]
                        i += k - 1
                        break
            i += 1
        return out

    def level(self, low: str) -> str:
        """A code such as ``"j3"``; empty for an unknown word."""
        return self.levels.get(low, "")


def form_features(word: str, lexicon: Lexicon) -> tuple[list[str], list[str], list[str]]:
    """Features of a word for its own label, for its direct neighbours' and for the labels two away."""
    cls = word_class(word)
    low = word.lower()
    if cls[0] in "NR" or cls in ("YEAR", "DOI", "URL", "ANUM"):
        own = ["c" + cls, "l" + str(min(len(word), 12)), "p" + low[:1]]
        if word[0] == "0":
            own.append("z")
        return own, ["c" + cls], ["c" + cls]
    lex = lexicon.level(low)
    own = ["c" + cls, "x" + lex, "x" + cls + lex, "w" + low, "s" + low[-3:], "t" + low[-2:], "p" + low[:3], "l" + str(min(len(word), 12))]
    if len(low) > 5:
        own += ["S" + low[-4:], "P" + low[:4]]
    return own, ["c" + cls, "w" + low, "x" + lex], ["c" + cls, "w" + low, "x" + lex]


def _shared(own: list[str]) -> int:
    """How many of a word's features (the first ones) depend on its class and the lexicon alone."""
    return 3 if own[1][0] == "x" else 1


def pair_features(words: list[str]) -> list[str]:
    """For each word the pair it makes with the word before it."""
    lows = [w.lower() for w in words]
    return ["^", *[f"q{a} {b}" for a, b in zip(lows, lows[1:], strict=False)]] if lows else []


def _breaks(classes: list[str], gaps: list[str], words: list[str]) -> list[bool]:
    """Whether a sentence-like break stands before each token: '. ' that does not follow an initial or an abbreviation."""
    out = [True]
    for i in range(1, len(words)):
        gap = gaps[i]
        if "." in gap:
            out.append(not (classes[i - 1][0] == "I" and len(words[i - 1]) <= 3 and classes[i - 1] != "IiI") or classes[i] == "YEAR")
        else:
            out.append("?" in gap or "!" in gap or '"' in gap)
    return out


def _author_style(classes: list[str], gaps: list[str]) -> str:
    n = len(classes)
    a = classes[0] if n else ""
    b = classes[1] if n > 1 else ""
    c = classes[2] if n > 2 else ""
    return f"{a[:2]}{gaps[1] if n else ''}{b[:2]}{gaps[2] if n > 1 else ''}{c[:2]}"


class _Looks(dict[str, tuple[str, str, int]]):
    """For each class of word: its coarse class, what kind of number it is (empty for none), and 1 for number, 2 for capitals."""

    def __missing__(self, cls: str) -> tuple[str, str, int]:
        kind = ""
        if cls[0] in "NR" or cls in ("YEAR", "ANUM", "kvol", "kpp", "URL", "DOI"):
            kind = "N" if cls[0] == "N" else cls[:3]
        look = 1 if cls[0] in "NRYA" else 2 if cls in _NAME or cls[0] == "I" else 0
        self[cls] = found = (_coarse(cls), kind, look)
        return found


_LOOKS = _Looks()


def _coarse(cls: str) -> str:
    first = cls[0]
    if first == "k":
        return cls
    if first in "NRYDUA" or cls in ("ORD",):
        return cls
    if first == "I":
        return "I"
    if cls in ("Cap", "CaCa", "Ca", "CAPS", "CAP4", "Part"):
        return "C"
    return "l" if first in "lpm" else "o"


def _year_place(classes: list[str], gaps: list[str]) -> str:
    n = len(classes)
    for i, cls in enumerate(classes):
        if cls == "YEAR":
            place = "E" if i * 5 < n * 2 else "L"
            return place + ("(" if "(" in gaps[i] else "") + gaps[i + 1][:1].strip()
    return "0"


def _ahead(kinds: list[str]) -> list[str]:
    """Distance to the next number, and of what kind it is."""
    n = len(kinds)
    out = [""] * n
    distance, kind = 9, "-"
    for i in range(n - 1, -1, -1):
        out[i] = _FAR[distance] + kind
        if kinds[i]:
            distance, kind = 1, kinds[i]
        elif distance < 9:
            distance += 1
    return out


_FAR = ("0", "1", "2", "3", "4", "5", "5", "5", "5", "9")


def _segments(breaks: list[bool], looks: list[int], classes: list[str], lows: list[str], levels: dict[str, str], journals: list[str]) -> list[Segment]:
    """For each token its segment between breaks, described: number, length, how it looks, what follows."""
    n = len(looks)
    starts = [i for i in range(n) if breaks[i]]
    starts.append(n)
    out: list[Segment] = []
    total = len(starts) - 1
    for k in range(total):
        s, e = starts[k], starts[k + 1]
        length = e - s
        part = looks[s:e]
        journal = sum([levels.get(w, "t")[0] == "j" for w in lows[s:e]])
        follow = classes[e][:2] if e < n else "$"
        size = _SIZES[length] if length < 12 else "L"
        look = f"{size}{part.count(2) * 3 // length}{journal * 3 // length}{min(part.count(1), 2)}"
        place = f"{k if k < 4 else 4}{total - k if total - k < 4 else 4}"
        row = (f"{place}|{size}|{follow}", f"{look}|{follow}", f"{place}|{look}", f"{_named(journals[s:e])}|{follow}")
        out += [row] * length
    return out


Segment = tuple[str, str, str, str]
_SIZES = ("0", "1", "2", "3", "4", "4", "4", "7", "7", "7", "7", "7")


def _named(journals: list[str]) -> str:
    """Whether a segment is a known journal's name, begins or ends with one, or holds none."""
    known = sum(j != "O" for j in journals)
    if known == len(journals):
        return "all"
    if not known:
        return "none"
    return ("in" if journals[0] != "O" else "") + ("out" if journals[-1] != "O" else "") + "some"


Key = tuple[Any, ...]


def field_keys(tokens: Tokens, lexicon: Lexicon) -> list[list[Key]]:
    """What surrounds each token: marks and looks of its neighbours, its place, its segment, the style of the whole.

    Gives ``FIELD_GROUPS`` lists with a key for each token; ``expand_field_key`` turns a key into features.
    """
    words, gaps = tokens.words, tokens.gaps
    n = len(words)
    classes = [word_class(w) for w in words]
    lows = [w.lower() for w in words]
    breaks = _breaks(classes, gaps, words)
    journals = lexicon.journals(lows, classes)
    looks = [_LOOKS[c] for c in classes]
    coarse = [x[0] for x in looks]
    segments = _segments(breaks, [x[2] for x in looks], classes, lows, lexicon.levels, journals)
    ahead = _ahead([x[1] for x in looks])
    patterns = [start_pattern(i, classes, gaps) if c in _BEGINNERS else c[:3] for i, c in enumerate(classes)]
    run, run_end = _name_run(classes, gaps)
    quote = "q" if any('"' in g for g in gaps) else "s" if any("'" in g for g in gaps) else ""
    sentence, since, flags = _states(classes, gaps, breaks, quote == "q")
    years = [f & 1 for f in flags]
    from_run = [i - run_end if -3 < i - run_end < 3 else 3 if i > run_end else -3 for i in range(n)]
    year, style = [_year_place(classes, gaps)] * n, [_author_style(classes, gaps)] * n
    after = gaps[1:]
    return [
        _windows(classes, gaps),
        list(zip(sentence, coarse, year, style, strict=True)),
        list(zip(since, sentence, coarse, flags, gaps, strict=False)),
        list(zip(ahead, coarse, after, years, sentence, strict=True)),
        [(i if i < 4 else 4, n - i if n - i < 5 else 5, i * 10 // n, c, y) for i, (c, y) in enumerate(zip(coarse, year, strict=True))],
        list(zip(segments, coarse, year, strict=True)),
        [(quote, (f >> 2) & 1, b, s < 2, j, x) for f, b, s, j, x in zip(flags, sentence, since, journals, ahead, strict=True)],
        list(zip(style, year, flags, coarse, strict=True)),
        list(zip([run] * n, from_run, coarse, gaps, after, strict=False)),
        list(zip(patterns, ["^", *patterns], gaps, sentence, strict=False)),
    ]


def _windows(classes: list[str], gaps: list[str]) -> list[Key]:
    """Each token's class with two neighbours and two marks on either side."""
    pc = ["^^", "^", *classes, "$", "$$"]
    pg = ["^", "^", *gaps, "$", "$"]
    return list(zip(pc, pg[1:], pc[1:], gaps, classes, gaps[1:], pc[3:], pg[4:], pc[4:], strict=False))


def _states(classes: list[str], gaps: list[str], breaks: list[bool], quotes: bool) -> tuple[list[int], list[int], list[int]]:
    """What a reader knows on reaching each token: breaks so far, words since the last, and flags.

    The flags are 1 for a year seen, 2 inside brackets, 4 inside quotation marks, 8 behind "In".
    """
    sentence: list[int] = []
    since: list[int] = []
    flags: list[int] = []
    count, near, state = 0, 0, 0
    for i, cls in enumerate(classes):
        gap = gaps[i]
        if breaks[i]:
            count += i > 0
            near = 0
        if "(" in gap or ")" in gap or "[" in gap or "]" in gap:
            state = (state & ~2) | 2 * _depth((state >> 1) & 1, gap)
        if quotes and gap.count('"') & 1:
            state ^= 4
        sentence.append(count if count < 5 else 5)
        since.append(near if near < 4 else 4)
        flags.append(state)
        if cls == "YEAR":
            state |= 1
        elif cls == "kin" and (breaks[i] or "," in gap):
            state |= 8
        near += 1
    return sentence, since, flags


FIELD_GROUPS = 10


def expand_field_key(group: int, key: Key) -> list[str]:
    """The features that a key of one of the lists of ``field_keys`` stands for."""
    return _FIELD_EXPANSIONS[group](*key)


def _around(cm2: str, gm: str, cm1: str, gb: str, cls: str, ga: str, c1: str, gp: str, c2: str) -> list[str]:
    co = _coarse(cls)
    return [
        "a" + gb, "b" + ga, f"A{gb}|{cls}", f"B{cls}|{ga}", f"C{gb}|{cls}|{ga}", f"D{cm1}|{gb}|{cls}", f"E{cls}|{ga}|{c1}", f"F{cm1}|{gb}|{cls}|{ga}|{c1}",
        f"G{cm2}|{gm}|{cm1}|{gb}|{co}", f"H{co}|{ga}|{c1}|{gp}|{c2}", f"I{gm}|{_coarse(cm1)}|{gb}|{co}|{ga}",
    ]  # fmt: skip


_FIELD_EXPANSIONS: tuple[Callable[..., list[str]], ...] = (
    _around,
    lambda b4, co, year, style: [f"J{b4}{co}|{year}", f"K{b4}{co}|{style}"],
    lambda since, b4, co, flags, gb: [f"L{since}|{b4}|{co}", f"M{flags}|{co}", f"N{flags}|{gb}|{co}|{b4}"],
    lambda ahead, co, ga, seen, b4: [f"O{ahead}|{co}|{ga}", f"P{ahead}|{seen}{b4}|{co}"],
    lambda i, j, part, co, year: [f"Q{i}{j}|{co}", f"R{part}|{co}|{year}"],
    lambda seg, co, year: ["S" + seg[0], f"T{seg[1]}|{co}", f"U{seg[2]}", f"V{seg[2]}|{year}", f"d{seg[3]}|{co}", f"e{seg[3]}|{seg[0]}"],
    lambda quote, quoted, b4, near, journal, ahead: [f"W{quote}|{quoted}|{b4}|{near}", "j" + journal, f"k{journal}|{ahead}", f"l{journal}|{b4}"],
    lambda style, year, flags, co: [f"X{style}|{year}|{flags}|{co}"],
    lambda run, at, co, gb, ga: [f"m{run}|{at}", f"n{run}|{at}|{co}", f"o{run}|{at}|{gb}|{co}|{ga}"],
    lambda pattern, before, gb, b4: [f"r{pattern}|{gb}", f"s{pattern}|{before}|{gb}", f"t{pattern}|{b4}"],
)  # fmt: skip

_CODES = {
    "Cap": "N", "CaCa": "N", "Ca": "N", "CAPS": "N", "CAP4": "i", "Part": "N",
    "part": "p", "I1": "I", "I2": "I", "I3": "I", "IiI": "I", "kand": "&", "ket": "e", "kal": "a", "kjr": "J",
}  # fmt: skip
_VAN_NAME = r"(?:p )*[NIi](?:[ '-][Np]){0,3} [Ii](?:[.-]? ?I){0,3}(?: J)?\.?"
_APA_NAME = r"(?:p )*[NIi](?:[ '-][Np]){0,3}, I(?:[.-]+ ?I){0,4}\.?(?:,? J\.?)?"
_INV_NAME = r"I(?:[.-]+ ?I){0,3}\.? (?:p )*[Ni](?:[ '-][Np]){0,2}"
_RUNS = tuple(
    (kind, re.compile(rf"{name}(?:(?:[,;] *| +)(?:[&…] *)?{name})*(?:[,;]? ?e a\.?|[,;]? ?.a)?"))
    for kind, name in (("van", _VAN_NAME), ("apa", _APA_NAME), ("inv", _INV_NAME))
)


def _name_run(classes: list[str], gaps: list[str]) -> tuple[str, int]:
    """How a list of names at the beginning is written, if there is one, and the token behind it."""
    best, kind = 0, "-"
    codes: list[str] = []
    places: list[int] = []
    for i in range(min(len(classes), 240)):
        if i:
            codes.append(gaps[i].replace("&", " & ") if "&" in gaps[i] else gaps[i])
        places.append(sum(map(len, codes)) if i < 1 else places[-1] + 1 + len(codes[-1]))
        codes.append(_CODES.get(classes[i], "l"))
        if codes[-1] == "l" and i > 3 and codes[-3] == "l":
            break
    text = "".join(codes)
    for name, pattern in _RUNS:
        m = pattern.match(text)
        if m and m.end() > best:
            best, kind = m.end(), name
    return kind, sum(1 for p in places if p < best)


def start_pattern(i: int, classes: list[str], gaps: list[str]) -> str:
    """What kind of entry could begin at a token, by the looks of its first words."""
    n = len(classes)
    a = classes[i]
    b = classes[i + 1] if i + 1 < n else "$"
    g = gaps[i + 1]
    if a in _NAME:
        if b[:1] == "I" and len(b) == 2:
            if g == " ":
                return "van" + (gaps[i + 2][:1] if i + 2 <= n else "")
            return "apa" if g == ", " else "nam"
        k = i + 1
        while k < n and k - i < 5 and classes[k] in _NAME and gaps[k] in (" ", "-", "'"):
            k += 1
        after = classes[k] if k < n else "$"
        gap = gaps[k]
        if after[:1] == "I" and len(after) == 2 and k - i < 4:
            return "va2" if gap == " " else "ap2" if gap == ", " else "na2"
        if after == "ket" or after == "kal":
            return "eta"
        if gap[:1] in ".(:" and k - i > 1:
            return "bod" + gap[:2]
        return ("nm,," if gap == ", " else "cap") + str(min(k - i, 3))
    if a[0] == "I" and len(a) == 2:
        return "inv" if g[:1] == "." and (b in _NAME or b[0] == "I") else "ini"
    if a in ("part", "Part"):
        return "prt"
    if a[0] in "NRY":
        return "num" + a[:2]
    return a[:3]


_BEGINNERS = frozenset("Cap CaCa Ca CAPS CAP4 Part part I1 I2 I3 IiI YEAR RNG RNGa RNGy ROM N1 N2 N3 N4 N5 N7 NUMa NUMx".split())
_NAME = frozenset(("Cap", "CaCa", "Ca", "CAPS", "CAP4", "Part", "part", "I2", "I3", "IiI"))


def _distances(wanted: list[bool]) -> tuple[list[str], list[str]]:
    """For each token how far back and how far ahead the nearest wanted token lies, in steps."""
    n = len(wanted)
    back, ahead = ["z"] * n, ["z"] * n
    last = -1
    for i in range(n):
        if last >= 0:
            back[i] = _step(i - last)
        if wanted[i]:
            last = i
    last = -1
    for i in range(n - 1, -1, -1):
        if wanted[i]:
            last = i
        if last >= 0:
            ahead[i] = _step(last - i)
    return back, ahead


def _step(distance: int) -> str:
    return str(distance) if distance < 6 else "6" if distance < 10 else "a" if distance < 18 else "b" if distance < 40 else "c"


def start_keys(tokens: Tokens, lexicon: Lexicon) -> list[list[Key]]:
    """What tells whether an entry of a list begins at a token: marks, looks, how far the last year and pages are, the first entry's looks.

    Gives ``START_GROUPS`` lists with a key for each token; ``expand_start_key`` turns a key into features.
    """
    words, gaps = tokens.words, tokens.gaps
    n = len(words)
    classes = [word_class(w) for w in words]
    coarse = [_LOOKS[c][0] for c in classes]
    patterns = [start_pattern(i, classes, gaps) if c in _BEGINNERS else c[:3] for i, c in enumerate(classes)]
    shorts = [p[:3] for p in patterns]
    back_year, next_year = _distances([c == "YEAR" for c in classes])
    back_page, _ = _distances([c in _PAGES or (c[0] == "N" and ":" in g) for c, g in zip(classes, gaps, strict=False)])
    back_link, next_link = _distances([c in ("URL", "DOI") for c in classes])
    _, next_name = _distances([p in _PERSONS for p in shorts])
    lines = "¶" if any("¶" in g for g in gaps[1:-1]) else "-"
    first = next((p for p in patterns if p[:3] != "num"), "")
    usual = _usual_gap(patterns, gaps, first)
    journals = lexicon.journals([w.lower() for w in words], classes)
    same = ["=" if p == first else "~" if x == first[:3] else "!" for p, x in zip(patterns, shorts, strict=True)]
    before = ["^", *coarse]
    return [
        _windows(classes, gaps),
        list(zip(patterns, gaps, before, same, [first] * n, [lines] * n, strict=False)),
        list(zip(back_year, back_page, gaps, before, strict=False)),
        list(zip(back_year, next_year, back_page, patterns, gaps, same, strict=False)),
        list(zip(next_name, next_year, next_link, back_link, coarse, gaps, shorts, strict=False)),
        list(zip(back_page, back_year, coarse, [first] * n, journals, strict=True)),
        [(usual == g, usual, g, s, p) for g, s, p in zip(gaps, same, patterns, strict=False)],
    ]


START_GROUPS = 7
_PAGES = frozenset(("RNG", "RNGa", "ANUM", "NUMa"))
_PERSONS = frozenset(("van", "apa", "inv", "va2", "ap2"))


def _usual_gap(patterns: list[str], gaps: list[str], first: str) -> str:
    """The marks that most often stand before words that look like the first entry's beginning, inside the list."""
    counts: dict[str, int] = {}
    for i in range(1, len(patterns)):
        gap = gaps[i]
        if patterns[i] == first and gap not in (" ", ", ", "-"):
            counts[gap] = counts.get(gap, 0) + 1
    return max(sorted(counts), key=lambda g: counts[g]) if counts else ""


def expand_start_key(group: int, key: Key) -> list[str]:
    """The features that a key of one of the lists of ``start_keys`` stands for."""
    return _START_EXPANSIONS[group](*key)


_START_EXPANSIONS: tuple[Callable[..., list[str]], ...] = (
    _around,
    lambda pat, gb, before, same, first, lines: [
        f"J{pat}|{gb}", f"K{pat}|{before}{gb}", f"L{pat}|{same}|{gb}", f"M{lines}|{gb}|{pat[:3]}", f"N{lines}|{before}{gb}|{pat}|{same}",
        f"O{same}|{first[:3]}|{before}{gb}",
    ],
    lambda year, page, gb, before: [f"P{year}|{page}|{gb}", f"Q{before}{gb}|{year}|{page}"],
    lambda year, following, page, pat, gb, same: [f"R{year}|{following}|{pat[:3]}", f"S{page}|{pat}|{gb}", f"T{year}|{pat}|{same}|{gb}"],
    lambda name, year, link, last_link, co, gb, pat: [
        f"U{name}|{co}|{gb}", f"V{year}|{name}|{co}", f"W{last_link}|{gb}|{pat}", f"X{link}|{last_link}|{co}",
    ],
    lambda page, year, co, first, journal: [f"Y{page}|{year}|{co}", f"Z{first}|{year}|{co}", "j" + journal, f"k{journal}|{page}"],
    lambda usual, which, gb, same, pat: [f"c{usual}|{same}|{gb}", f"d{usual}|{pat}", f"e{which}|{gb}"],
)  # fmt: skip


def _depth(depth: int, gap: str) -> int:
    for c in gap:
        if c in "([":
            depth = 1
        elif c in ")]":
            depth = 0
    return depth


@dataclass(eq=False)
class Model:
    """Weights of a trained chain: feature -> row, rows x labels, label x label, and the lexicon it was trained with."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Floats
    transitions: Floats
    first: Floats
    lexicon: Lexicon
    form_rows: tuple[dict[str, int], ...]
    pair_rows: dict[str, dict[str, int]]
    keys: Callable[[Tokens, Lexicon], list[list[Key]]] = field_keys
    expand: Callable[[int, Key], list[str]] = expand_field_key
    groups: int = FIELD_GROUPS
    _forms: dict[str, int] = field(default_factory=dict)
    _blocks: Floats = field(default_factory=lambda: np.zeros((0, 0, 0), dtype=np.float32))
    _common: dict[tuple[str, ...], Floats] = field(default_factory=dict)
    _known: tuple[dict[Key, int], ...] = ()
    _used: int = 0
    _sums: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    def emissions(self, tokens: Tokens) -> Floats:
        """Score of each label for each token, transitions left out."""
        self.forget()
        n = len(tokens)
        width = len(self.labels)
        # Row k of a word's block is what it says of the token that sees it at offset k - 2.
        rows = self._form_ids(tokens.words)
        block = self._blocks[rows]
        score: Floats = block[:, 2].copy()
        if n > 1:
            score[1:] += block[:-1, 1]
            score[:-1] += block[1:, 3]
        if n > 2:
            score[2:] += block[:-2, 0]
            score[:-2] += block[2:, 4]
        ids: list[int] = []
        for group, keys in enumerate(self.keys(tokens, self.lexicon)):
            found = list(map(self._known[group].get, keys))
            ids += self._learn(group, keys, found) if None in found else found  # type: ignore[arg-type]
        score += self._sums[np.array(ids, dtype=np.intp)].reshape(self.groups, n, width).sum(axis=0)
        if n > 1:
            lows = [w.lower() for w in tokens.words]
            for i, following in enumerate(map(self.pair_rows.get, lows[:-1]), 1):
                if following is not None and (row := following.get(lows[i])) is not None:
                    score[i] += self.weights[row]
        return score

    def _learn(self, group: int, keys: list[Key], found: list[int | None]) -> list[int]:
        """Rows of the sums of keys; those not met before are added up and remembered."""
        known = self._known[group]
        get, expand, weights = self.rows.get, self.expand, self.weights
        out: list[int] = []
        for key, row in zip(keys, found, strict=True):
            if row is None:
                row = known.get(key)
            if row is None:
                row = self._used
                if row >= len(self._sums):
                    more = np.zeros((max(4096, row), len(self.labels)), dtype=np.float32)
                    self._sums = np.concatenate([self._sums.reshape(-1, len(self.labels)), more])
                ids = [j for f in expand(group, key) if (j := get(f)) is not None]
                if len(ids) > 1:
                    np.add.reduce(weights[ids], axis=0, out=self._sums[row])
                else:
                    self._sums[row] = weights[ids[0]] if ids else 0
                known[key] = row
                self._used += 1
            out.append(row)
        return out

    def forget(self) -> None:
        """Drop what was remembered when it has grown large; called between texts."""
        if self._used > _KEY_CACHE or not self._known:
            self._known = tuple({} for _ in range(self.groups))
            self._used = 0
        if len(self._forms) > _FORM_CACHE:
            self._forms.clear()

    def _form_ids(self, words: list[str]) -> list[int]:
        """Rows of the blocks of words; those not met before are added up and remembered."""
        forms = self._forms
        ids = list(map(forms.get, words))
        if None not in ids:
            return ids  # type: ignore[return-value]
        for word in words:
            if word not in forms:
                row = len(forms)
                if row >= len(self._blocks):
                    more = np.zeros((max(2048, row), 5, len(self.labels)), dtype=np.float32)
                    self._blocks = np.concatenate([self._blocks.reshape(-1, 5, len(self.labels)), more])
                self._blocks[row] = self._read_form(word)
                forms[word] = row
        return [forms[w] for w in words]

    def _read_form(self, word: str) -> Floats:
        """What a word says of the tokens that see it at offsets -2 to 2: row k is for offset k - 2.

        What depends on class and lexicon alone is the same for many words and added up once; a word that training never
        met adds little to it.
        """
        own, near, far = form_features(word, self.lexicon)
        shared = _shared(own)
        common = (*own[:shared], *near[:1], *near[2:])
        block = self._common.get(common)
        if block is None:
            block = np.zeros((5, len(self.labels)), dtype=np.float32)
            for k, names in ((0, [*far[:1], *far[2:]]), (1, [*near[:1], *near[2:]]), (2, own[:shared]), (3, [*near[:1], *near[2:]]), (4, [*far[:1], *far[2:]])):
                self._add(block, k, names)
            self._common[common] = block
        block = block.copy()
        self._add(block, 2, own[shared:])
        if len(near) > 1:
            for k in (0, 1, 3, 4):
                row = self.form_rows[k].get(near[1])
                if row is not None:
                    block[k] += self.weights[row]
        return block

    def _add(self, block: Floats, k: int, names: list[str]) -> None:
        table = self.form_rows[k]
        ids = [table[name] for name in names if name in table]
        if len(ids) > 1:
            block[k] += np.add.reduce(self.weights[ids], axis=0)
        elif ids:
            block[k] += self.weights[ids[0]]

    def tag(self, tokens: Tokens) -> list[str]:
        """The best sequence of labels for the tokens; empty for no tokens."""
        if not len(tokens):
            return []
        return [self.labels[k] for k in self.path(self.emissions(tokens))]

    def tag_all(self, many: list[Tokens]) -> list[list[str]]:
        """Labels for several token lists; the passes over short lists are done side by side, which gives the same result."""
        if len(many) < 3:
            return [self.tag(t) for t in many]
        order = sorted((k for k in range(len(many)) if len(many[k])), key=lambda k: -len(many[k]))
        out: list[list[str]] = [[] for _ in many]
        for i in range(0, len(order), _BATCH):
            batch = order[i : i + _BATCH]
            scores = [self.emissions(many[k]) for k in batch]
            for k, path in zip(batch, self._paths(scores), strict=True):
                out[k] = [self.labels[j] for j in path]
        return out

    def _paths(self, scores: list[Floats]) -> list[list[int]]:
        """Best paths through several tables, longest table first."""
        count, width = len(scores), len(self.labels)
        lengths = [len(s) for s in scores]
        best = np.full((lengths[0], count, width), -1e9, dtype=np.float32)
        for k, s in enumerate(scores):
            best[: lengths[k], k] = s
        best[0] += self.first
        by_target = np.ascontiguousarray(self.transitions.T)
        alive = count
        for i in range(1, lengths[0]):
            while lengths[alive - 1] <= i:
                alive -= 1
            best[i, :alive] += np.maximum.reduce(best[i - 1, :alive, :, None] + self.transitions, axis=1)
        out: list[list[int]] = []
        for k in range(count):
            out.append(_back(best[: lengths[k], k], by_target))
        return out

    def path(self, score: Floats) -> list[int]:
        """The best path through a table of label scores (Viterbi)."""
        n, width = score.shape
        best = np.empty((n, width), dtype=np.float32)
        best[0] = score[0] + self.first
        table = self.transitions
        step = np.empty((width, width), dtype=np.float32)
        add, reduce = np.add, np.maximum.reduce
        for before, row, given in zip(best[:-1, :, None], best[1:], score[1:], strict=True):
            add(table, before, step)
            reduce(step, 0, None, row)  # along the rows: numpy takes all columns at once
            row += given
        return _back(best, np.ascontiguousarray(table.T))


_BACK = 512  # tokens whose best predecessors are looked up at once; more only costs memory


def _back(best: Floats, by_target: Floats) -> list[int]:
    """Follow the best path back from the last token: the best predecessors of all labels at once, then one list look-up a token."""
    at = int(best[-1].argmax())
    out = [at]
    for stop in range(len(best) - 1, 0, -_BACK):
        before = (best[max(0, stop - _BACK) : stop, None, :] + by_target).argmax(axis=2).tolist()
        for row in reversed(before):
            at = row[at]
            out.append(at)
    return out[::-1]


def _pairs(rows: dict[str, int]) -> dict[str, dict[str, int]]:
    """The rows of ``pair_features`` by first and second word, so that no pair has to be written out to be looked up."""
    pairs: dict[str, dict[str, int]] = {}
    for name, row in rows.items():
        if name[0] == "q":
            first, _, second = name[1:].partition(" ")
            pairs.setdefault(first, {})[second] = row
    return pairs


@cache
def load(name: str) -> Model:
    """Read a model file that lies beside this module.

    :raises FileNotFoundError: the installation is not whole.
    """
    with np.load(Path(__file__).parent / name, allow_pickle=False) as data:
        about = json.loads(bytes(data["about"]).decode())
        names = bytes(data["features"]).decode().split("\n")
        scale = data["scale"].astype(np.float32)
        dense = np.zeros((len(names) + 1, len(about["labels"])), dtype=np.float32)
        dense[data["row"].astype(np.int64), data["column"].astype(np.int64)] = data["value"].astype(np.float32) * scale
        levels = dict(line.split("\t") for line in bytes(data["lexicon"]).decode().split("\n") if line)
        journals = bytes(data["journals"]).decode().split("\n")
        starts = about["part"] == "split"
        rows = {name: k for k, name in enumerate(names)}
        return Model(
            labels=tuple(about["labels"]),
            rows=rows,
            form_rows=tuple({name[1:]: row for name, row in rows.items() if name[0] == str(k)} for k in range(5)),
            pair_rows=_pairs(rows),
            weights=dense,
            transitions=data["transitions"].astype(np.float32),
            first=data["first"].astype(np.float32),
            lexicon=Lexicon.build(levels, journals),
            keys=start_keys if starts else field_keys,
            expand=expand_start_key if starts else expand_field_key,
            groups=START_GROUPS if starts else FIELD_GROUPS,
        )
