"""A linear-chain tagger for references: features of each token, the model's weights, and the best path.

Weights come from a conditional random field trained by ``bench/train_references.py`` and are kept in one ``.npz`` file
beside this module, whose ``about`` entry names the data and their licences. Scores of a word form are computed once and
remembered, so that reading a reference costs a few look-ups a token and one Viterbi pass (Viterbi 1967,
doi:10.1109/TIT.1967.1054010).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.find.tokens import Tokens, word_class

Floats = npt.NDArray[np.float32]
OFFSETS = (-2, -1, 0, 1, 2)
_FORM_CACHE = 50_000
_BATCH = 32
_BREAKS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How often a word is part of journal names, of titles or of family names, in three small steps each."""

    levels: dict[str, str]

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
    own = ["c" + cls, "w" + low, "x" + lex, "x" + cls + lex, "s" + low[-3:], "t" + low[-2:], "p" + low[:3], "l" + str(min(len(word), 12))]
    if len(low) > 5:
        own += ["S" + low[-4:], "P" + low[:4]]
    return own, ["c" + cls, "w" + low, "x" + lex], ["c" + cls, "w" + low, "x" + lex]


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


def _coarse(cls: str) -> str:
    first = cls[0]
    if first == "k":
        return cls
    if first in "NRYDUA" or cls in ("ORD",):
        return cls
    if first == "I":
        return "I"
    if cls in ("Cap", "CaCa", "Ca", "CAPS", "Part"):
        return "C"
    return "l" if first in "lpm" else "o"


def _year_place(classes: list[str], gaps: list[str]) -> str:
    n = len(classes)
    for i, cls in enumerate(classes):
        if cls == "YEAR":
            place = "E" if i * 5 < n * 2 else "L"
            return place + ("(" if "(" in gaps[i] else "") + gaps[i + 1][:1].strip()
    return "0"


def _ahead(classes: list[str]) -> list[str]:
    """Distance to the next number, and of what kind it is."""
    out = [""] * len(classes)
    distance, kind = 9, "-"
    for i in range(len(classes) - 1, -1, -1):
        out[i] = f"{distance if distance < 5 else 5 if distance < 9 else 9}{kind}"
        cls = classes[i]
        if cls[0] in "NR" or cls in ("YEAR", "ANUM", "kvol", "kpp", "URL", "DOI"):
            distance, kind = 1, cls[:3] if cls[0] != "N" else "N"
        else:
            distance = min(distance + 1, 9)
    return out


def _segments(classes: list[str], breaks: list[bool], gaps: list[str], lows: list[str], lexicon: Lexicon) -> list[tuple[str, str, str]]:
    """For each token its segment between breaks, described: number, length, how it looks, what follows."""
    n = len(classes)
    starts = [i for i in range(n) if breaks[i]]
    out: list[tuple[str, str, str]] = []
    total = len(starts)
    for k, s in enumerate(starts):
        e = starts[k + 1] if k + 1 < total else n
        length = e - s
        caps = journal = numbers = 0
        for i in range(s, e):
            c = classes[i]
            if c[0] in "NRYA":
                numbers += 1
            elif c in ("Cap", "CaCa", "Ca", "CAPS", "Part") or c[0] == "I":
                caps += 1
            level = lexicon.level(lows[i])
            if level[:1] == "j":
                journal += 1
        follow = classes[e][:2] if e < n else "$"
        size = str(length) if length < 4 else "4" if length < 7 else "7" if length < 12 else "L"
        look = f"{size}{caps * 3 // length}{journal * 3 // length}{min(numbers, 2)}"
        place = f"{min(k, 4)}{min(total - k, 4)}"
        row = (f"{place}|{size}|{follow}", f"{look}|{follow}", f"{place}|{look}")
        out.extend([row] * length)
    return out


def context_features(tokens: Tokens, lexicon: Lexicon) -> list[list[str]]:
    """What surrounds each token: marks and looks of its neighbours, its place, its segment, the style of the whole."""
    words, gaps = tokens.words, tokens.gaps
    n = len(words)
    classes = [word_class(w) for w in words]
    lows = [w.lower() for w in words]
    breaks = _breaks(classes, gaps, words)
    segments = _segments(classes, breaks, gaps, lows, lexicon)
    ahead = _ahead(classes)
    style = _author_style(classes, gaps)
    year = _year_place(classes, gaps)
    quote = "q" if any('"' in g for g in gaps) else "s" if any("'" in g for g in gaps) else ""
    pc = ["^^", "^", *classes, "$", "$$"]
    pg = ["^", "^", *gaps, "$", "$"]
    out: list[list[str]] = []
    nb = since = 0
    seen_year = depth = quoted = seen_in = 0
    for i in range(n):
        cls, gb, ga = classes[i], gaps[i], gaps[i + 1]
        if breaks[i]:
            nb += i > 0
            since = 0
        depth = _depth(depth, gb)
        if quote == "q":
            quoted ^= gb.count('"') & 1
        co = _coarse(cls)
        c1, c2, cm1, cm2 = pc[i + 3], pc[i + 4], pc[i + 1], pc[i]
        gm, gp = pg[i + 1], pg[i + 4]
        b4 = nb if nb < 5 else 5
        flags = f"{seen_year}{depth}{quoted}{seen_in}"
        seg = segments[i]
        out.append([
            "a" + gb, "b" + ga, f"A{gb}|{cls}", f"B{cls}|{ga}", f"C{gb}|{cls}|{ga}", f"D{cm1}|{gb}|{cls}", f"E{cls}|{ga}|{c1}",
            f"F{cm1}|{gb}|{cls}|{ga}|{c1}", f"G{cm2}|{gm}|{cm1}|{gb}|{co}", f"H{co}|{ga}|{c1}|{gp}|{c2}", f"I{gm}|{_coarse(cm1)}|{gb}|{co}|{ga}",
            f"J{b4}{co}|{year}", f"K{b4}{co}|{style}", f"L{since if since < 4 else 4}|{b4}|{co}", f"M{flags}|{co}", f"N{flags}|{gb}|{co}|{b4}",
            f"O{ahead[i]}|{co}|{ga}", f"P{ahead[i]}|{seen_year}{b4}|{co}", f"Q{min(i, 4)}{min(n - i, 5)}|{co}", f"R{i * 10 // n}|{co}|{year}",
            "S" + seg[0], f"T{seg[1]}|{co}", f"U{seg[2]}", f"V{seg[2]}|{year}", f"W{quote}|{quoted}|{b4}|{since < 2}", f"X{style}|{year}|{flags}|{co}",
        ])  # fmt: skip
        if cls == "YEAR":
            seen_year = 1
        elif cls == "kin" and (breaks[i] or "," in gb):
            seen_in = 1
        since += 1
    return out


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


_NAME = frozenset(("Cap", "CaCa", "Ca", "CAPS", "Part", "part", "I2", "I3", "IiI"))


def _distances(classes: list[str], gaps: list[str], wanted: Callable[[int], bool]) -> tuple[list[str], list[str]]:
    """For each token how far back and how far ahead the nearest wanted token lies, in steps."""
    n = len(classes)
    back, ahead = ["z"] * n, ["z"] * n
    last = -1
    for i in range(n):
        back[i] = _step(i - last) if last >= 0 else "z"
        if wanted(i):
            last = i
    last = -1
    for i in range(n - 1, -1, -1):
        if wanted(i):
            last = i
        ahead[i] = _step(last - i) if last >= 0 else "z"
    return back, ahead


def _step(distance: int) -> str:
    return str(distance) if distance < 6 else "6" if distance < 10 else "a" if distance < 18 else "b" if distance < 40 else "c"


def split_features(tokens: Tokens, lexicon: Lexicon) -> list[list[str]]:
    """What tells whether an entry of a list begins at a token: marks, looks, how far the last year and pages are, the first entry's looks."""
    words, gaps = tokens.words, tokens.gaps
    n = len(words)
    classes = [word_class(w) for w in words]
    patterns = [start_pattern(i, classes, gaps) for i in range(n)]
    back_year, next_year = _distances(classes, gaps, lambda i: classes[i] == "YEAR")
    back_page, _ = _distances(classes, gaps, lambda i: classes[i] in ("RNG", "RNGa", "ANUM", "NUMa") or (classes[i][0] == "N" and ":" in gaps[i]))
    back_link, next_link = _distances(classes, gaps, lambda i: classes[i] in ("URL", "DOI"))
    _, next_name = _distances(classes, gaps, lambda i: patterns[i][:3] in ("van", "apa", "inv", "va2", "ap2"))
    lines = "¶" if any("¶" in g for g in gaps[1:-1]) else "-"
    first = next((p for p in patterns if p[:3] != "num"), "")
    pc = ["^^", "^", *classes, "$", "$$"]
    pg = ["^", "^", *gaps, "$", "$"]
    out: list[list[str]] = []
    for i in range(n):
        cls, gb, ga, pat = classes[i], gaps[i], gaps[i + 1], patterns[i]
        co = _coarse(cls)
        c1, c2, cm1, cm2 = pc[i + 3], pc[i + 4], pc[i + 1], pc[i]
        gm, gp = pg[i + 1], pg[i + 4]
        same = "=" if pat == first else "~" if pat[:3] == first[:3] else "!"
        prior = f"{_coarse(cm1)}{gb}"
        out.append([
            "a" + gb, "b" + ga, f"A{gb}|{cls}", f"B{cls}|{ga}", f"C{gb}|{cls}|{ga}", f"D{cm1}|{gb}|{cls}", f"E{cls}|{ga}|{c1}",
            f"F{cm1}|{gb}|{cls}|{ga}|{c1}", f"G{cm2}|{gm}|{cm1}|{gb}|{co}", f"H{co}|{ga}|{c1}|{gp}|{c2}",
            f"I{pat}|{gb}", f"J{pat}|{prior}", f"K{pat}|{same}|{gb}", f"L{back_year[i]}|{back_page[i]}|{gb}", f"M{back_year[i]}|{next_year[i]}|{pat[:3]}",
            f"N{back_page[i]}|{pat}|{gb}", f"O{back_year[i]}|{pat}|{same}|{gb}", f"P{back_link[i]}|{gb}|{pat[:3]}", f"Q{lines}|{gb}|{pat[:3]}",
            f"R{next_name[i]}|{co}|{gb}", f"S{prior}|{back_year[i]}|{back_page[i]}", f"T{next_year[i]}|{next_name[i]}|{co}", f"U{same}|{first[:3]}|{prior}",
            f"V{next_link[i]}|{back_link[i]}|{co}", f"W{back_page[i]}|{back_year[i]}|{co}", f"X{lines}|{prior}|{pat}|{same}", f"Y{first}|{back_year[i]}|{co}",
        ])  # fmt: skip
    return out


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
    context: Callable[[Tokens, Lexicon], list[list[str]]] = context_features
    _forms: dict[str, Floats] = field(default_factory=dict)

    def emissions(self, tokens: Tokens) -> Floats:
        """Score of each label for each token, transitions left out."""
        n = len(tokens)
        width = len(self.labels)
        padded = np.zeros((n + 4, 5, width), dtype=np.float32)
        for i, word in enumerate(tokens.words):
            padded[i + 2] = self._form(word)
        score = padded[0:n, 0] + padded[1 : n + 1, 1] + padded[2 : n + 2, 2] + padded[3 : n + 3, 3] + padded[4 : n + 4, 4]
        get = self.rows.get
        empty = len(self.weights) - 1
        flat = [get(f, empty) for fs in self.context(tokens, self.lexicon) for f in fs]
        picked = self.weights[np.array(flat, dtype=np.intp)]
        summed: Floats = score + picked.reshape(n, len(flat) // n, width).sum(axis=1)
        return summed

    def _form(self, word: str) -> Floats:
        found = self._forms.get(word)
        if found is None:
            if len(self._forms) > _FORM_CACHE:
                self._forms.clear()
            found = self._forms[word] = self._read_form(word)
        return found

    def _read_form(self, word: str) -> Floats:
        own, near, far = form_features(word, self.lexicon)
        block = np.zeros((5, len(self.labels)), dtype=np.float32)
        # Row k holds what the word says of the token that sees it at offset k - 2.
        for k, names in ((0, far), (1, near), (2, own), (3, near), (4, far)):
            ids = [j for name in names if (j := self.rows.get(f"{k}{name}")) is not None]
            if ids:
                block[k] = self.weights[ids].sum(axis=0)
        return block

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
            best[i, :alive] += (best[i - 1, :alive, None, :] + by_target).max(axis=2)
        out: list[list[int]] = []
        for k in range(count):
            table = best[: lengths[k], k]
            path = [int(table[-1].argmax())]
            for i in range(lengths[k] - 2, -1, -1):
                path.append(int((table[i] + by_target[path[-1]]).argmax()))
            out.append(path[::-1])
        return out

    def path(self, score: Floats) -> list[int]:
        """The best path through a table of label scores (Viterbi)."""
        n, width = score.shape
        best = np.empty((n, width), dtype=np.float32)
        best[0] = score[0] + self.first
        table = self.transitions
        step = np.empty((width, width), dtype=np.float32)
        by_target = np.ascontiguousarray(table.T)
        for i in range(1, n):
            np.add(by_target, best[i - 1], out=step)
            step.max(axis=1, out=best[i])
            best[i] += score[i]
        out = [int(best[-1].argmax())]
        for i in range(n - 2, -1, -1):
            out.append(int((best[i] + by_target[out[-1]]).argmax()))
        return out[::-1]


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
        return Model(
            labels=tuple(about["labels"]),
            rows={name: k for k, name in enumerate(names)},
            weights=dense,
            transitions=data["transitions"].astype(np.float32),
            first=data["first"].astype(np.float32),
            lexicon=Lexicon(levels),
            context=split_features if about.get('part') == "split" else context_features,
        )
