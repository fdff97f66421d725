"""Train the two chains that read references: one labels the words of a reference, one finds where entries of a list begin.

    python bench/train_references.py parse|split [--fold K] [--data DIR] [--out DIR]
    python bench/train_references.py score --fold K --out DIR

Reads labelled reference strings (JSON Lines with ``text``, ``gold``, ``group``), aligns each gold field with the words of
its string, trains a conditional random field with python-crfsuite (L-BFGS, L1 + L2), and writes the weights that are not
nearly zero as a compressed ``.npz`` beside ``ingest/find/tagger.py``. To the strings come library records written in many
styles (``reference_styles``), agency pages and popular books in our own words, and copies with scrambled stop words. With
``--fold K`` the groups (articles) whose hash falls into fold K of five are left out and then read (``score`` reads them again); the file's
``about`` entry says which. Same data, same file. The files that ship were made by ``parse --iterations 55`` and
``split --fold 0 --iterations 50 --c1 0.1``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pycrfsuite
import reference_styles

from ingest.contract import citation_json
from ingest.find import entries, tagger
from ingest.find.references import parse_references
from ingest.find.tokens import Tokens, blank_markup, tokenize, word_class

MEDICAL = ("vancouver", "pmcmed", "pmc", "plos")
SETS = (*MEDICAL, "grobid", "anystyle_core", "anystyle_gold", "anystyle_good", "anystyle_ugly", "anystyle_bad")
SOURCES = [
    "reference strings and tags of open-access JATS articles (PLOS, Wolters Kluwer, Frontiers and others; CC BY / CC0)",
    "GROBID citation training data (CC BY 2.0)",
    "AnyStyle parser data: core, gold, good, ugly, bad (BSD-2)",
    "family names, journal names and title words of open PubMed / Crossref records (CC0)",
]
HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "eval"
TARGET = HERE.parent / "ingest" / "find"
KEYS = ("authors", "title", "container", "year", "volume", "issue", "pages", "doi", "pmid")
NEEDED = ("authors", "title", "container", "year", "volume", "issue", "pages")
_FUNCTION = frozenset("of the in and for on with to by a an from at as is are or between after during its than that not".split())
_SPUN = "own out not see may was how has its get per two who now yet nd but you all etc has so ltd be end by via also".split()


def rows(data: Path, name: str) -> Iterator[dict]:
    with (data / f"refs_{name}.dev.jsonl").open(encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)


def fold_of(group: str) -> int:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % 5


# --- aligning gold fields with words -------------------------------------------------------------------------------


def letters(s: str) -> str:
    s = unicodedata.normalize("NFKD", s.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("ß", "ss"))
    return "".join(c for c in s.casefold() if c.isalnum() and not unicodedata.combining(c))


class Aligner:
    """Finds values in the words of one string; every word is used once."""

    def __init__(self, tokens: Tokens) -> None:
        self.forms = [letters(w) for w in tokens.words]
        self.tokens = tokens
        self.labels: list[str | None] = [None] * len(self.forms)

    def find(self, value: str, lo: int = 0, hi: int | None = None, last: bool = False) -> tuple[int, int] | None:
        """Where free words make up a value, the first such place or the last."""
        want = letters(value)
        if not want:
            return None
        hi = len(self.forms) if hi is None else hi
        order = range(hi - 1, lo - 1, -1) if last else range(lo, hi)
        for i in order:
            if not self.forms[i] or not want.startswith(self.forms[i]):
                continue
            rest, j = want, i
            while j < hi and rest and rest.startswith(self.forms[j]) and self.labels[j] is None:
                rest = rest[len(self.forms[j]) :]
                j += 1
            if not rest:
                return i, j
        return None

    def mark(self, span: tuple[int, int], label: str, inside: str | None = None) -> None:
        """Give the words of a range a label, those behind the first another one where ``inside`` is given."""
        for k in range(*span):
            self.labels[k] = label if k == span[0] or inside is None else inside


def align(tokens: Tokens, gold: dict) -> list[str] | None:
    """A label for each word, or None where a gold value cannot be found in the string."""
    a = Aligner(tokens)
    for name, label in (("doi", "D"), ("pmid", "M")):
        if gold.get(name):
            span = a.find(str(gold[name]), last=True)
            if span:
                a.mark(span, label)
    if gold.get("title"):
        found = a.find(gold["title"])
        if found is None:
            return None
        a.mark(found, "T")
    position = 0
    for n, author in enumerate(gold.get("authors") or ()):
        name = re.sub(r"\s*\bet al\b.*", "", author)
        span = a.find(name, position) or (a.find(name) if n == 0 else None)
        if span is None:
            return None
        a.mark(span, "A", "a")
        position = span[1]
    title = [k for k, x in enumerate(a.labels) if x == "T"]
    after = max([position, *(k + 1 for k in title)], default=0)
    if gold.get("container"):
        span = a.find(gold["container"], after) or a.find(gold["container"], last=True)
        if span is None:
            return None
        a.mark(span, "C")
        after = max(after, span[1]) if span[0] >= after else span[1]
    if gold.get("year"):
        span = year_span(a, str(gold["year"]))
        if span is None:
            return None
        a.mark(span, "Y")
    return place_numbers(a, gold, after)


def year_span(a: Aligner, year: str) -> tuple[int, int] | None:
    spots = [k for k, w in enumerate(a.tokens.words) if a.labels[k] is None and re.fullmatch(re.escape(year) + "[a-z]?", w)]
    if not spots:
        return a.find(year)
    for k in spots:
        if "(" in a.tokens.gaps[k] or ";" in a.tokens.gaps[k + 1]:
            return k, k + 1
    return spots[0], spots[0] + 1


def place_numbers(a: Aligner, gold: dict, after: int) -> list[str] | None:
    position = after
    for name, label in (("volume", "V"), ("issue", "N"), ("pages", "P")):
        if not gold.get(name):
            continue
        value = str(gold[name])
        if name == "issue":
            value = re.sub(r"^(?:no|issue|nr)\b\.?", "", value, flags=re.I)
        spots = candidates(a, value, position) or candidates(a, value, after) or candidates(a, value, 0)
        if not spots:
            return None
        a.mark(spots, label)
        position = spots[1]
    return finish(a)


def candidates(a: Aligner, value: str, lo: int) -> tuple[int, int] | None:
    return a.find(value, lo)


def finish(a: Aligner) -> list[str]:
    """Fill what no field claims: given names between family names, "et al.", links, and other words by what came before."""
    labels = a.labels
    words = a.tokens.words
    authors = [k for k, x in enumerate(labels) if x in ("A", "a")]
    first, end = (authors[0], authors[-1]) if authors else (len(words), -1)
    limit = next((k for k in range(end + 1, len(words)) if labels[k] is not None), len(words))
    last = "O"
    out: list[str] = []
    for k, word in enumerate(words):
        x = labels[k]
        if x is None:
            x = other(a, k, first <= k <= end or (authors and end < k < limit and trailing_name(a, end, k)), last, k < first)
        elif x in ("A", "a", "T", "C", "Y", "V", "N", "P"):
            last = "O" + x.upper()
        out.append(x)
        if word_class(word) == "URL" and x[0] == "O":
            out[-1] = "U"
    # Given names before the first family name ("A. Shirzad and M. Mojiri").
    k = first - 1
    while authors and k >= 0 and labels[k] is None and word_class(words[k])[0] in "ICc" and a.tokens.gaps[k + 1] in (". ", " ", ".", "-", ".-", ". -"):
        out[k] = "G"
        k -= 1
    return out


def other(a: Aligner, k: int, in_authors: bool, last: str, before: bool) -> str:
    cls = word_class(a.tokens.words[k])
    if in_authors:
        return "X" if cls in ("kand", "kal", "ket") else "G"
    if before:
        return "O"
    return last


def trailing_name(a: Aligner, end: int, k: int) -> bool:
    """Whether words after the last family name still belong to the names: its initials, "et al.", "Jr"."""
    for j in range(end + 1, k + 1):
        cls = word_class(a.tokens.words[j])
        gap = a.tokens.gaps[j]
        if cls in ("ket", "kal", "kjr", "kand") or (cls[0] == "I" and len(cls) == 2):
            continue
        if j > 0 and word_class(a.tokens.words[j + 1 if j + 1 < len(a.forms) else j]) == "kal" and len(a.forms[j]) <= 4:
            continue
        if cls in ("Cap", "CaCa", "Ca") and gap in (", ", " ") and j == end + 1 and a.tokens.gaps[j + 1][:1] in ".,(;" and k - end < 4:
            continue
        return False
    return True


# --- noise ----------------------------------------------------------------------------------------------------------


def spin(text: str, gold: dict, seed: str) -> tuple[str, dict]:
    """Replace about half of the function words by random short words, in the text and in the title alike."""
    state = int(hashlib.sha256(seed.encode()).hexdigest(), 16)
    table: dict[str, str] = {}

    def swap(m: re.Match[str]) -> str:
        word = m.group()
        if word not in _FUNCTION and word != "et":
            return word
        if word not in table:
            pick = int(hashlib.sha256(f"{state}{word}".encode()).hexdigest(), 16)
            table[word] = _SPUN[pick % len(_SPUN)] if pick % 7 < 4 else word
        return table[word]

    new = dict(gold)
    for name in ("title", "container"):
        if gold.get(name):
            new[name] = re.sub(r"\b[a-z]{1,7}\b", swap, gold[name])
    return re.sub(r"\b[a-z]{1,7}\b", swap, text), new


# --- lexicon --------------------------------------------------------------------------------------------------------


def build_lexicon(data: Path) -> dict[str, str]:
    """Words as codes: j/t/f (journal, title, family name) with a strength of 1 to 3."""
    counts: dict[str, Counter[str]] = {"j": Counter(), "t": Counter(), "f": Counter()}
    with (data / "linking_library.jsonl").open(encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            for key, text in (("j", r.get("container") or ""), ("t", r.get("title") or "")):
                counts[key].update({w.lower() for w in tokenize(text).words})
            for person in r.get("authors") or ():
                counts["f"].update({w.lower() for w in tokenize(person.get("family") or "").words})
    total = {k: sum(c.values()) for k, c in counts.items()}
    out: dict[str, str] = {}
    for word in sorted(set().union(*counts.values())):
        if not word[0].isalpha() or sum(c[word] for c in counts.values()) < 2:
            continue
        rate = {k: (c[word] + 0.01) / total[k] for k, c in counts.items()}
        best = max(sorted(rate), key=lambda k: rate[k])
        second = sorted(rate.values())[-2]
        strength = math.log10(rate[best] / second)
        out[word] = best + ("3" if strength > 1.3 else "2" if strength > 0.5 else "1")
    return out


def build_journals(data: Path) -> list[str]:
    """Names of journals, words in lower case; one-word names must occur twice."""
    counts: Counter[str] = Counter()
    with (data / "linking_library.jsonl").open(encoding="utf-8") as f:
        for line in f:
            words = tokenize(json.loads(line).get("container") or "").words
            if 0 < len(words) <= 9:
                counts[" ".join(w.lower() for w in words)] += 1
    return sorted(name for name, n in counts.items() if " " in name or n > 1)


# --- training -------------------------------------------------------------------------------------------------------


def expand(tokens: Tokens, lexicon: tagger.Lexicon, starts: bool) -> list[list[str]]:
    keys = (tagger.start_keys if starts else tagger.field_keys)(tokens, lexicon)
    meaning = tagger.expand_start_key if starts else tagger.expand_field_key
    forms = [tagger.form_features(w, lexicon) for w in tokens.words]
    pairs = tagger.pair_features(tokens.words)
    out = []
    n = len(forms)
    for i in range(n):
        features = [pairs[i]] if i else []
        features += [f for group, column in enumerate(keys) for f in meaning(group, column[i])]
        for offset in tagger.OFFSETS:
            j = i + offset
            if 0 <= j < n:
                own, near, far = forms[j]
                names = own if offset == 0 else near if abs(offset) == 1 else far
                features += [f"{offset + 2}{x}" for x in names]
        out.append(features)
    return out


def parse_examples(data: Path, fold: int | None) -> Iterator[tuple[str, list[str], Tokens]]:
    for text, gold in lay_entries():
        tokens = tokenize(text)
        labels = align(tokens, gold)
        if labels is not None:
            yield "lay", labels, tokens
    yield from styled_examples(data)
    for name in SETS:
        for r in rows(data, name):
            if fold is not None and fold_of(r["group"]) == fold:
                continue
            if any(k not in r["gold"] for k in NEEDED):
                continue
            versions = [(r["text"], r["gold"])]
            if name in MEDICAL and int(hashlib.sha256(r["id"].encode()).hexdigest(), 16) % 6 == 0:
                versions.append(spin(r["text"], r["gold"], r["id"]))
            for text, gold in versions:
                tokens = tokenize(blank_markup(text))
                labels = align(tokens, gold) if len(tokens) else None
                if labels is not None:
                    yield r["id"], labels, tokens


def styled_examples(data: Path) -> Iterator[tuple[str, list[str], Tokens]]:
    """Every third record of the library in one of many styles."""
    with (data / "linking_library.jsonl").open(encoding="utf-8") as f:
        for n, line in enumerate(f):
            if n % 3:
                continue
            r = json.loads(line)
            k = n // 3
            other = k % 3 == 0
            made = (
                reference_styles.render_other(r, (k // 3) % len(reference_styles.OTHERS), r["id"])
                if other
                else reference_styles.render(r, k % len(reference_styles.STYLES), r["id"])
            )
            if made is None:
                continue
            text, gold = spin(*made, r["id"]) if n % 15 == 0 else made
            tokens = tokenize(text)
            labels = align(tokens, gold)
            if labels is not None:
                yield r["id"], labels, tokens


def train(examples: Iterable[tuple[list[list[str]], list[str]]], iterations: int, c1: float, c2: float, minfreq: int, algorithm: str) -> object:
    trainer = pycrfsuite.Trainer(algorithm=algorithm, verbose=False)
    n = 0
    for features, labels in examples:
        trainer.append(pycrfsuite.ItemSequence(features), labels)
        n += 1
    params = {"max_iterations": iterations, "feature.minfreq": minfreq, "feature.possible_transitions": False}
    if algorithm == "lbfgs":
        params |= {"c1": c1, "c2": c2}
    trainer.set_params(params)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.crfsuite")
        trainer.train(path)
        t = pycrfsuite.Tagger()
        t.open(path)
        info = t.info()
        t.close()
    print(n, "sequences,", len(info.state_features), "state weights", file=sys.stderr)
    return info


def write(info, path: Path, lexicon: dict[str, str], journals: list[str], note: dict, prune: float, allowed) -> None:
    labels = sorted(info.labels)
    column = {x: k for k, x in enumerate(labels)}
    kept = sorted((name, column[label], w) for (name, label), w in info.state_features.items() if abs(w) >= prune)
    names = sorted({name for name, _, _ in kept})
    row = {name: k for k, name in enumerate(names)}
    top = max((abs(w) for _, _, w in kept), default=1.0)
    scale = top / 32000
    transitions = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for (a, b), w in info.transitions.items():
        transitions[column[a], column[b]] = w
    first = np.zeros(len(labels), dtype=np.float32)
    for a in labels:
        if not allowed(None, a):
            first[column[a]] = -1e4
        for b in labels:
            if not allowed(a, b):
                transitions[column[a], column[b]] = -1e4
            elif (a, b) not in info.transitions:
                transitions[column[a], column[b]] = -4.0
    about = {"labels": labels, "sources": SOURCES, **note}
    text = lambda s: np.frombuffer(s.encode(), dtype=np.uint8)  # noqa: E731
    np.savez_compressed(
        path,
        about=text(json.dumps(about, sort_keys=True)),
        features=text("\n".join(names)),
        row=np.array([row[x] for x, _, _ in kept], dtype=np.uint32),
        column=np.array([k for _, k, _ in kept], dtype=np.uint8),
        value=np.array([round(w / scale) for _, _, w in kept], dtype=np.int16),
        scale=np.array(scale, dtype=np.float32),
        transitions=transitions,
        first=first,
        journals=text("\n".join(journals)),
        lexicon=text("\n".join(f"{w}\t{c}" for w, c in sorted(lexicon.items()))),
    )
    print(path, path.stat().st_size, "bytes", len(names), "features", len(kept), "weights", file=sys.stderr)


# --- lists ----------------------------------------------------------------------------------------------------------

JOINERS = (
    "none",
    "none",
    "space",
    "space",
    "space",
    "numbered_inline",
    "bracket_inline",
    "semicolon",
    "newline",
    "blankline",
    "bullet",
    "numbered",
    "br",
    "pipe",
)
HEADS = ("", "", "", "References\n", "Sources: ", "Sources:", "Bibliography ", "Further reading\n")
TAILS = (
    "", "", "", " Share on social media", "\nLast reviewed 3 May 2011.", " Did you find this article useful?", "\n\nThe content of this page is not a substitute for medical care.",
    " Medically reviewed by J. Brown, MD.", "\nAll rights reserved.", " About us Contact Privacy policy", " Written by Ann Lee, a health journalist in Leeds.",
)  # fmt: skip
COARSE = {"A": "A", "a": "A", "G": "A", "X": "A", "T": "T", "C": "C", "Y": "Y", "V": "P", "N": "P", "P": "P", "D": "U", "M": "U", "U": "U"}


def pick(seed: str, n: int) -> int:
    return int(hashlib.sha256(seed.encode()).hexdigest(), 16) % n


def split_examples(data: Path, fold: int | None) -> Iterator[tuple[list[str], Tokens]]:
    """Lists made of consecutive references of one article, and real ones; each word is labelled, the first of an entry with B."""
    extra = EXTRA
    for name in SETS:
        batch: list[dict] = []
        for r in rows(data, name):
            if fold is not None and fold_of(r["group"]) == fold:
                continue
            if pick(r["id"] + "one", 5) == 0:
                yield label_list(r["text"], [(0, len(r["text"]), r["gold"])])
            size = 3 + pick(r["id"], 10)
            if batch and (len(batch) >= size or (name in (*MEDICAL, "grobid") and r["group"] != batch[-1]["group"] and name != "grobid" and len(batch) > 2)):
                yield from joined(batch, name, extra)
                batch = []
            batch.append(r)
        if batch:
            yield from joined(batch, name, extra)
    yield from styled_lists(data)
    for name in ("lists", "lists_grobid"):
        for r in rows(data, name):
            if fold is None or fold_of(r["group"]) != fold:
                yield from real_list(r)


def styled_lists(data: Path) -> Iterator[tuple[list[str], Tokens]]:
    """Lists of library records, all in one style; now and then dashes stand for the authors of the entry before."""
    with (data / "linking_library.jsonl").open(encoding="utf-8") as f:
        records = [json.loads(line) for n, line in enumerate(f) if n % 2]
    records.sort(key=lambda r: pick("order" + r["id"], 1 << 30))
    at = 0
    for n in range(600):
        seed = f"styled{n}"
        size = 3 + pick(seed, 9)
        items = []
        for r in records[at : at + size]:
            made = reference_styles.render(r, n % len(reference_styles.STYLES), seed)
            if made is not None:
                items.append(dashed(made, f"{seed}{r['id']}") if items and n % 7 == 0 else made)
        at = (at + size) % (len(records) - 20)
        if len(items) > 2:
            if n % 4 == 0:
                items.insert(pick(seed + "extra", len(items)), EXTRA[n % len(EXTRA)])
            if n % 5 == 0:
                items = [spin(t, g, f"{seed}{k}") for k, (t, g) in enumerate(items)]
            yield from assemble(items, seed)


def dashed(made: tuple[str, dict], seed: str) -> tuple[str, dict]:
    text, gold = made
    m = re.search(r"\(?\d{4}\)?", text)
    if pick(seed, 3) or not m or m.start() > 90 or len(gold["authors"]) > 3:
        return made
    dash = ("———. ", "--. ", "–––– ", "---, ", "—— ")[pick(seed + "d", 5)]
    return dash + text[m.start() :], {**gold, "authors": None}


def joined(batch: list[dict], name: str, extra: list[tuple[str, dict]]) -> Iterator[tuple[list[str], Tokens]]:
    for version in range(2 if name in MEDICAL else 1):
        seed = f"{batch[0]['id']}{version}"
        items = [(r["text"], r["gold"]) for r in batch]
        if name in MEDICAL:
            for k in range(pick(seed + "n", 4)):
                items.insert(pick(f"{seed}{k}", len(items) + 1), extra[pick(f"{seed}x{k}", len(extra))])
        if pick(seed + "spin", 4) == 0:
            items = [spin(t, g, f"{seed}{k}") for k, (t, g) in enumerate(items)]
        yield from assemble(items, seed)


def assemble(items: list[tuple[str, dict]], seed: str) -> Iterator[tuple[list[str], Tokens]]:
    join = JOINERS[pick(seed + "join", len(JOINERS))]
    text = HEADS[pick(seed + "head", len(HEADS))]
    bare = pick(seed + "bare", 6) == 0
    pieces = []
    for k, (t, gold) in enumerate(items):
        t = t.strip()
        if bare and join not in ("none", "space"):
            t = t.rstrip(".")
        label = {"numbered_inline": f"{k + 1}. ", "bracket_inline": f"[{k + 1}] ", "numbered": f"{k + 1}. ", "bullet": "- "}.get(join, "")
        text += label
        pieces.append((len(text), len(text) + len(t), gold))
        text += t
        if k + 1 < len(items):
            text += {"none": "", "semicolon": "; ", "newline": "\n", "numbered": "\n", "bullet": "\n", "blankline": "\n\n", "br": "<br>", "pipe": " | "}.get(
                join, " "
            )
    text += TAILS[pick(seed + "tail", len(TAILS))]
    yield label_list(text, pieces)


def label_list(text: str, pieces: list[tuple[int, int, dict | None]]) -> tuple[list[str], Tokens]:
    plain = blank_markup(text)
    tokens = tokenize(plain)
    labels = ["Z"] * len(tokens)
    k = 0
    for start, end, gold in pieces:
        own = tokenize(plain, start, end)
        fields = (align(own, gold) if gold else None) or weak(own)
        table = dict(zip(own.starts, fields, strict=True))
        begun = False
        while k < len(tokens) and tokens.starts[k] < end:
            s = tokens.starts[k]
            if s >= start:
                f = COARSE.get(table.get(s, "O"), "O")
                labels[k] = f if begun else "B" + f
                begun = True
            elif word_class(tokens.words[k])[0] == "N":
                labels[k] = "L"
            k += 1
    return labels, tokens


def weak(tokens: Tokens) -> list[str]:
    """Rough labels where the fields are not known: what the look of a word says."""
    return ["Y" if c == "YEAR" else "U" if c in ("URL", "DOI") else "P" if c in ("RNG", "RNGa", "ANUM") else "O" for c in map(word_class, tokens.words)]


def real_list(r: dict) -> Iterator[tuple[list[str], Tokens]]:
    if "entries" not in r:
        return
    start = r["section"]["start"] if "section" in r else 0
    text = r["text"][start:]
    yield label_list(text, [(e["start"] - start, e["end"] - start, e.get("gold")) for e in r["entries"]])


BODIES = (
    "National Institutes of Health", "National Health Service", "Harvard Medical School", "American Academy of Neurology", "Cleveland Clinic", "U.S. Food and Drug Administration",
    "American Cancer Society", "Cancer Research UK", "Alzheimer's Association", "National Institute on Aging", "Johns Hopkins Medicine", "NICE", "British Nutrition Foundation",
    "European Food Safety Authority", "American Diabetes Association", "Multiple Sclerosis Trust", "National Center for Complementary and Integrative Health", "WebMD", "Linus Pauling Institute",
    "Royal College of Physicians", "Department of Health", "Australian Government Department of Health", "Public Health England", "American College of Cardiology", "Consumer Reports",
    "Office of Dietary Supplements, National Institutes of Health", "National Osteoporosis Foundation", "The Migraine Trust", "Memorial Sloan Kettering Cancer Center", "UpToDate", "WHO", "CDC", "NHS",
)  # fmt: skip
PAGES = (
    "Magnesium in the diet", "Living with arthritis", "Facts about folate", "Zinc: what you need to know", "Omega-3 fats and the heart", "Vitamin D and bone health", "Ginger", "Sleep and your health",
    "Dietary supplements: a guide for consumers", "Coffee and health", "Exercise for older adults", "Herbal medicine database", "Migraine: treatment and prevention", "Probiotics. What the evidence says",
    "Physical activity guidelines", "Iron. Fact sheet for professionals", "Multiple sclerosis: an overview", "Managing pain", "St. John's wort", "Selenium", "Green tea monograph", "Calcium and vitamin D: a report",
)  # fmt: skip
BOOKS = (
    ("Miller", "JT", "Handbook of Herbal Remedies"), ("Okada", "R", "Nutrition and the Nervous System"), ("Green", "PL", "The Complete Guide to Vitamins"), ("Larsen", "Ole", "Food as Medicine"),
    ("Hughes", "Anna B.", "Natural Healing for Women"), ("Petrov", "D", "Clinical Neurology: A Primer"), ("Castle", "M", "The Science of Sleep"), ("Duarte", "L", "Complementary Therapies in Oncology"),
)  # fmt: skip
CITIES = (
    "London: Penguin",
    "New York: Harper",
    "Oxford: Blackwell",
    "Boston: Beacon Press",
    "Philadelphia: Saunders",
    "Chicago: University of Chicago Press",
    "St Louis, MO: Mosby",
    "Geneva: World Health Organization",
)


def lay_entries() -> Iterator[tuple[str, dict]]:
    """Agency pages, leaflets and popular books as lay articles cite them, in our own words."""
    none = dict.fromkeys(KEYS)
    for i, body in enumerate(BODIES):
        for j in range(4):
            page = PAGES[(i * 5 + j * 7) % len(PAGES)]
            year = str(1998 + (i * 3 + j * 5) % 24)
            gold = {**none, "authors": [body], "title": page}
            forms: tuple[tuple[str, str | None], ...] = (
                (f"{body}. {page}.", None), (f"{body}. {page}. {year}.", year), (f"{body}. {page}. Accessed March 4, {year}.", year),
                (f"{body}. {page}. Available at: http://www.example.org/{j}{i}.htm. Accessed June 11, {year}.", year), (f"{body} ({year}). {page}.", year),
                (f"{body}. {page}. {CITIES[(i + j) % len(CITIES)]}; {year}.", year), (f"{body}. {page}. www.example.gov/health/{i}", None), (f"{body}, “{page},” {year}.", year),
                (f"{body}. {page}. Washington, DC: National Press; {year}.", year), (f"{body} ({year}) {page}. https://www.example.org/{i}/{j}", year),
            )  # fmt: skip
            text, stated = forms[(i + j * 3) % len(forms)]
            yield text, {**gold, "year": stated}
    for i, (family, given, title) in enumerate(BOOKS):
        for j in range(3):
            year, city = str(1990 + (i * 7 + j * 3) % 30), CITIES[(i + j) % len(CITIES)]
            place, publisher = city.split(": ")
            forms = (
                (f"{family} {given}. {title}. {j + 2}nd ed. {city}; {year}.", year), (f"{family}, {given}. {title}. {publisher}: {place}. {year}.", year),
                (f"{family} {given}, editor. {title}. {city}; {year}.", year), (f"{family}, {given} {title}. {city}, {year}.", year), (f"{family} {given}: {title}. {place}, {publisher}, {year}.", year),
            )  # fmt: skip
            text, stated = forms[(i + j) % len(forms)]
            yield text, {**none, "authors": [family], "title": title, "year": stated}
    for text in (
        "Personal communication with the author, 5 June 2010.",
        "Interview with Dr. P. Novak, April 2009.",
        "E-mail from the manufacturer, 2013.",
        "Personal communication, Prof. L. Green, May 2011.",
    ):
        yield text, {**none, "year": re.findall(r"\d{4}", text)[0]}


EXTRA = [*lay_entries()]


def parse_allowed(a: str | None, b: str) -> bool:
    return not (b == "a" and a not in ("A", "a"))


def score(data: Path, out: Path, fold: int) -> None:
    """Print how the model in ``out`` reads the references of the fold that it was not trained on."""
    entries.MODEL = str((out / "reference_fields.npz").resolve())
    for name in SETS:
        left_out = [r for r in rows(data, name) if fold_of(r["group"]) == fold]
        if not left_out:
            continue
        with tempfile.TemporaryDirectory() as tmp:
            gold, pred = Path(tmp) / "gold.jsonl", Path(tmp) / "pred.jsonl"
            gold.write_text("".join(json.dumps(r) + "\n" for r in left_out), encoding="utf-8")
            told = ({"id": r["id"], "citations": [citation_json(c) for c in parse_references(r["text"])]} for r in left_out)
            pred.write_text("".join(json.dumps(x) + "\n" for x in told), encoding="utf-8")
            command = [sys.executable, str(data / "score_refs.py"), "--gold", str(gold), "--pred", str(pred), "--json"]
            s = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["all"]
        print(f"fold {fold} of refs_{name}: all fields {s['micro']['F']:.4f}, whole {s['whole']:.4f}, {s['n']} references")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("part", choices=("parse", "split", "check", "score"))
    ap.add_argument("--data", type=Path, default=DATA)
    ap.add_argument("--out", type=Path, default=TARGET)
    ap.add_argument("--fold", type=int)
    ap.add_argument("--iterations", type=int, default=100)
    ap.add_argument("--algorithm", default="lbfgs")
    ap.add_argument("--c1", type=float, default=0.06)
    ap.add_argument("--c2", type=float, default=0.02)
    ap.add_argument("--minfreq", type=int, default=2)
    ap.add_argument("--prune", type=float, default=0.03)
    a = ap.parse_args()
    lexicon = build_lexicon(a.data)
    journals = build_journals(a.data)
    lex = tagger.Lexicon.build(lexicon, journals)
    if a.part == "check":
        for name in SETS:
            got = [align(tokenize(blank_markup(r["text"])), r["gold"]) for r in rows(a.data, name)]
            print(name, len(got), sum(x is None for x in got))
        return
    note = {"trained_on": list(SETS), "fold_left_out": a.fold, "iterations": a.iterations, "c1": a.c1, "c2": a.c2, "minfreq": a.minfreq}
    note["part"] = a.part
    if a.part == "split":
        lists = ((expand(t, lex, True), y) for y, t in split_examples(a.data, a.fold))
        info = train(lists, a.iterations, a.c1, a.c2, a.minfreq, a.algorithm)
        write(info, a.out / "reference_starts.npz", lexicon, journals, note, a.prune, lambda x, y: True)
    if a.part == "parse":
        examples = ((expand(t, lex, False), y) for _, y, t in parse_examples(a.data, a.fold))
        info = train(examples, a.iterations, a.c1, a.c2, a.minfreq, a.algorithm)
        write(info, a.out / "reference_fields.npz", lexicon, journals, note, a.prune, parse_allowed)
        if a.fold is not None:
            score(a.data, a.out, a.fold)
    if a.part == "score":
        score(a.data, a.out, a.fold or 0)


if __name__ == "__main__":
    main()
