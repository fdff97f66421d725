"""The vocabulary of exposures, conditions and outcome domains: find its terms in a text, bring a phrase to its term.

The tables are ``terms/exposures.tsv``, ``conditions.tsv`` and ``outcomes.tsv``: one line a term, its synonyms behind it.
Plurals, British spellings and hyphen or space variants are made when they are loaded. A drug or food may stand under its
class ("simvastatin" under "statins"); it never stands under a neighbour. A phrase with a word that is neither a term nor a
known modifier has no term: it stays as written. Names in capitals of up to six letters match only as written ("MS", not "ms").
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import ahocorasick
from lxml import etree

from ingest.errors import LexiconError
from ingest.records import OUTCOME_TYPES

KINDS = ("exposure", "condition", "outcome")
VALENCES = ("bad", "good", "neutral")
_TABLES = Path(__file__).with_name("terms")

# Every character that is no letter, digit or apostrophe becomes one space, so that offsets stay and "omega-3" equals "omega 3".
# One byte a character: a table of 256 is forty times faster than one of all Unicode; letters outside Windows-1252 become spaces.
_LETTERS = [bytes([i]).decode("cp1252", "replace") for i in range(256)]
_FOLD = "".join(c if c.isalnum() else "'" if c in "'\u2018\u2019" else " " for c in _LETTERS).encode("cp1252", "replace")

_BRITISH = (
    ("estrogen", "oestrogen"), ("diarrhea", "diarrhoea"), ("esophag", "oesophag"), ("edema", "oedema"), ("celiac", "coeliac"),
    ("apnea", "apnoea"), ("anemia", "anaemia"), ("leukemia", "leukaemia"), ("ischemi", "ischaemi"), ("hemo", "haemo"),
    ("glycemi", "glycaemi"), ("lipidemia", "lipidaemia"), ("uricemia", "uricaemia"), ("cholesterolemia", "cholesterolaemia"),
    ("tumor", "tumour"), ("behavior", "behaviour"), ("fiber", "fibre"), ("labor", "labour"), ("cesarean", "caesarean"),
    ("fecal", "faecal"), ("menorrhea", "menorrhoea"), ("preeclampsia", "pre eclampsia"), ("program", "programme"),
    ("yogurt", "yoghurt"), ("anesthe", "anaesthe"), ("pediatric", "paediatric"), ("hospitaliz", "hospitalis"), ("annualiz", "annualis"),
    ("generaliz", "generalis"), ("counseling", "counselling"), ("gray matter", "grey matter"), ("sulfate", "sulphate"), ("aging", "ageing"),
    ("immuniz", "immunis"), ("hemorrh", "haemorrh"), ("fertiliz", "fertilis"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``group`` is the kind of exposure or condition, for an outcome its type; ``valence`` is what more of it means."""

    name: str
    kind: str
    group: str = ""
    valence: str = ""


class Found(NamedTuple):
    """A term at its place in a text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, slots=True)
class Entry:
    """A term with every name it goes by, as a table holds it."""

    term: Term
    names: tuple[str, ...]


Names = dict[tuple[str, str], tuple[Term, str]]


@dataclass(frozen=True)
class Vocabulary:
    """The compiled tables. ``names`` maps kind and folded name to ``(term, exact spelling or "")``; ``automaton`` finds them."""

    entries: tuple[Entry, ...]
    names: Mapping[tuple[str, str], tuple[Term, str]]
    automaton: ahocorasick.Automaton


def fold(text: str) -> str:
    """Lower-case a text and blank its punctuation, character for character.

    >>> fold("Omega-3 (fish oil)")
    'omega 3  fish oil '
    """
    low = text.lower()
    if len(low) != len(text):  # a capital whose small form is two characters, such as the Turkish I
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.encode("cp1252", "replace").translate(_FOLD).decode("cp1252")


@cache
def vocabulary(*paths: Path) -> Vocabulary:
    """Load the bundled tables and, after them, a user's own term files or MeSH descriptor files.

    :param paths: ``.tsv`` or ``.csv`` with the columns ``kind term group valence synonyms``, or a MeSH ``desc*.xml``.
        A name that a user's table defines replaces the bundled meaning of that name. MeSH only adds names that no table
        knows; entry terms of a descriptor that a table knows go to that table's term.
    :raises LexiconError: a missing column, an unknown kind, type or valence, or one name under two terms of one table.
    """
    mesh = [p for p in paths if p.suffix.lower() == ".xml"]
    tables = [[e for kind in KINDS for e in _read_table(_TABLES / f"{kind}s.tsv", kind)], *(list(_read_table(p, None)) for p in paths if p not in mesh)]
    names: Names = {}
    for table in tables:
        names |= _names_of(table)
    for path in mesh:
        tables.append(list(_read_mesh(path)))
        _add_mesh(names, tables[-1])
    automaton = ahocorasick.Automaton()
    by_name: dict[str, list[tuple[Term, str]]] = {}
    for (_, name), value in names.items():
        by_name.setdefault(name, []).append(value)
    for name, values in by_name.items():
        automaton.add_word(f" {name} ", (len(name), tuple(values)))
    automaton.make_automaton()
    return Vocabulary(tuple(chain.from_iterable(tables)), names, automaton)


def _add_mesh(names: Names, entries: Iterable[Entry]) -> None:
    for entry in entries:
        keys = [(entry.term.kind, fold(name).strip()) for name in entry.names]
        term = names[keys[0]][0] if keys[0] in names else entry.term
        for key, name in zip(keys, entry.names, strict=True):
            if key[1]:
                names.setdefault(key, (term, _exact(name)))


def _names_of(entries: Iterable[Entry]) -> Names:
    written: Names = {}
    made: Names = {}
    for entry in entries:
        for name in entry.names:
            key = (entry.term.kind, fold(name).strip())
            if key in written and written[key][0].name != entry.term.name:
                raise LexiconError(f"terms: {name!r} stands under {written[key][0].name!r} and under {entry.term.name!r}; keep one of them")
            written[key] = (entry.term, _exact(name))
            for variant in _variants(name):
                made.setdefault((entry.term.kind, fold(variant).strip()), (entry.term, _exact(variant)))
    return made | written


def _exact(name: str) -> str:
    """Give the spelling that must be met letter by letter: of short names that would be common words in small letters."""
    bare = name[:-1] if name.endswith("s") and name[:-1].isupper() else name
    return name if len(bare) <= 6 and bare.isalpha() and sum(c.isupper() for c in bare) >= 2 else ""


def _variants(name: str) -> set[str]:
    """Plural, British and possessive-free forms of a name.

    >>> sorted(_variants("blood clot")), sorted(_variants("Crohn's disease"))
    (['blood clots'], ['Crohn disease', 'Crohn diseases', "Crohn's diseases"])
    """
    out = {name}
    for american, british in [x for x in _BRITISH if x[0] in name]:
        out |= {n.replace(american, british) for n in out}
    out |= {n.replace("'s ", " ") for n in out if "'s " in n}
    out |= {p for n in out for p in (_plural(n),) if p}
    return out - {name}


def _plural(name: str) -> str:
    if name.endswith("s") or not name[-1:].isalpha() or (name[-1].isupper() and not name.isupper()):
        return ""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("x", "ch", "sh")) else "s")


def _read_table(path: Path, kind: str | None) -> Iterable[Entry]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise LexiconError(f"{path}: cannot be read as a UTF-8 table of terms ({e})") from e
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    delimiter = "," if path.suffix.lower() == ".csv" else "\t"
    rows = csv.reader(io.StringIO("\n".join(line for _, line in lines)), delimiter=delimiter)
    header = next(rows, [])
    if "term" not in header or (kind is None and "kind" not in header):
        raise LexiconError(f"{path.name}: the first line must name the columns (kind, term, group, valence, synonyms)")
    for (number, _), row in zip(lines[1:], rows, strict=False):
        if len(row) > len(header):
            raise LexiconError(f"{path.name}, line {number}: {len(row)} columns where the header names {len(header)}")
        yield _entry(dict(zip(header, row, strict=False)), kind, f"{path.name}, line {number}")


def _entry(row: Mapping[str, str], kind: str | None, where: str) -> Entry:
    name, kind = row.get("term", "").strip(), kind or row.get("kind", "").strip()
    group, valence = (row.get("type") or row.get("group") or "").strip(), (row.get("valence") or "").strip()
    if not name or kind not in KINDS:
        raise LexiconError(f"{where}: a term needs a name and a kind out of {', '.join(KINDS)}")
    if kind == "outcome" and (group not in OUTCOME_TYPES or valence not in VALENCES):
        raise LexiconError(f"{where}: an outcome needs a type of {', '.join(OUTCOME_TYPES)} and a valence of {', '.join(VALENCES)}")
    synonyms = tuple(s.strip() for s in (row.get("synonyms") or "").split("|") if s.strip())
    return Entry(Term(name, kind, group, valence), tuple(dict.fromkeys((name, *synonyms))))


# MeSH branches: C diseases and F03 mental disorders; D drugs and chemicals, J02 food, G07.203 diet, I03.350 exercise, E02 therapies.
_MESH_KINDS = (("condition", ("C", "F03")), ("exposure", ("D", "J02", "G07.203", "I03.350", "E02")))


def _read_mesh(path: Path) -> Iterable[Entry]:
    """Read a MeSH descriptor file (NLM, ``desc2026.xml``): the descriptor's name and its entry terms; the tree decides the kind."""
    try:
        for _, record in etree.iterparse(str(path), tag="DescriptorRecord", resolve_entities=False, load_dtd=False, no_network=True):
            name = record.findtext("DescriptorName/String") or ""
            trees = [t.text or "" for t in record.iterfind("TreeNumberList/TreeNumber")]
            kind = next((k for k, branches in _MESH_KINDS if any(t.startswith(branches) for t in trees)), "")
            strings = [s.text for s in record.iterfind("ConceptList/Concept/TermList/Term/String") if s.text]
            if name and kind:
                yield Entry(Term(name, kind, "mesh"), tuple(dict.fromkeys((name, *strings))))
            record.clear()
            while record.getprevious() is not None:
                del record.getparent()[0]
    except (OSError, etree.XMLSyntaxError) as e:
        raise LexiconError(f"{path}: cannot be read as a MeSH descriptor file ({e})") from e


def find_terms(text: str, kinds: Sequence[str] = KINDS, words: Vocabulary | None = None) -> tuple[Found, ...]:
    """Find every term of the vocabulary in a text, the longer before the shorter; terms of different kinds may share a place.

    >>> [(f.term.kind, f.term.name, f.start) for f in find_terms("Selenium for people with MS")]
    [('exposure', 'selenium', 0), ('condition', 'multiple sclerosis', 25), ('outcome', 'multiple sclerosis', 25)]
    """
    automaton = (words or vocabulary()).automaton
    hits: list[tuple[int, int, int, Term]] = []  # place, longer first, order of the tables: sorts without a key
    for end, (length, values) in automaton.iter(f" {fold(text)} "):
        start = end - length - 1
        for term, exact in values:
            if term.kind in kinds and (not exact or text[start : start + length] == exact):
                hits.append((start, -length, len(hits), term))
    hits.sort()
    kept, last = [], dict.fromkeys(kinds, 0)
    for start, length, _, term in hits:
        if start >= last[term.kind]:
            last[term.kind] = start - length
            kept.append(Found(start, start - length, term))
    return tuple(kept)


_WORDS: Mapping[str, frozenset[str]] = {k: frozenset(v.split()) for k, v in tomllib.loads((_TABLES / "modifiers.toml").read_text("utf-8")).items()}
_ALLOWED = {kind: _WORDS["any"] | _WORDS[kind] for kind in KINDS}
_ALLOWED["exposure"] |= _WORDS["low"] | _WORDS["less"] | _WORDS["status"] | _WORDS["amount"]
NOT_NAMED = Term("outcome not named", "outcome", "unclear", "neutral")
# What follows these words is the background treatment, the comparison or the people: not the term itself.
_PEOPLE = r"people|patients|adults|women|men|children|those|individuals|persons|participants|mice|rats"
_TAIL = {
    "exposure": re.compile(r"\s(?:added to|on top of|in addition to|compared with|compared to|versus|vs\.?|instead of)\s.*", re.I | re.S),
    "outcome": re.compile(rf"\s(?:in|among|for|of)\s(?:{_PEOPLE})\b.*|\s(?:among|from any cause|after|versus|compared)\b.*", re.I | re.S),
    "condition": re.compile(r"\s(?:treated with|receiving|taking|on)\s.*", re.I | re.S),
}
_ASIDE = re.compile(r"\s*\([^()]*\)")  # "(75 mg)", "(whole group)"
_NUMBER = re.compile(r"\d[\d.,]*(?:mg|mcg|g|iu|ml|%)?$|\d+x$")


def normalise(kind: str, text: str, abbreviations: Iterable[tuple[str, str]] = (), words: Vocabulary | None = None) -> Term | None:
    """Bring a phrase to its term, or to None when a word of it is neither a term nor a modifier.

    :param abbreviations: ``(short, long)`` pairs that the text itself defines; they go before the vocabulary's own.

    A nutrient that was measured is not the nutrient that was given: "vitamin D level" is ``vitamin D status``, "vitamin D
    deficiency" is ``low vitamin D status``. Less of an exposure is ``less X``. Two terms make a combination, in name order.
    A finding that names no outcome ("no benefit", "worse") is an ``outcome not named``.

    >>> normalise("exposure", "high-dose vitamin D3 supplements, 2000 IU a day").name
    'vitamin D'
    >>> normalise("exposure", "calcium plus vitamin D").name
    'calcium + vitamin D'
    >>> normalise("exposure", "vitamin D receptor blocker") is None
    True
    """
    words = words or vocabulary()
    text = _spelled_out(text, abbreviations)
    exact = words.names.get((kind, fold(text).strip()))
    if exact and (not exact[1] or exact[1] == text.strip()):
        return exact[0]
    text = _TAIL[kind].sub("", _without_asides(kind, text, words))
    found = find_terms(text, (kind,), words)
    if not found:
        return NOT_NAMED if kind == "outcome" and _names_nothing(text) else None
    rest = _rest(text, found)
    if any(w not in _ALLOWED[kind] and not _NUMBER.match(w) for w in rest):
        return None
    terms = {f.term.name: f.term for f in found}
    if kind == "condition" and any(t.group != "population" for t in terms.values()):
        terms = {n: t for n, t in terms.items() if t.group != "population"}
    term = terms.popitem()[1] if len(terms) == 1 else _combination(terms)
    return _with_polarity(term, frozenset(rest)) if kind == "exposure" else term


def is_known(kind: str, name: str, words: Vocabulary | None = None) -> bool:
    """Whether a name is one that :func:`normalise` gives, combinations and measured or lessened exposures included.

    >>> is_known("exposure", "low vitamin D status"), is_known("exposure", "zinc + iron"), is_known("exposure", "zorbium")
    (True, True, False)
    """
    names = (words or vocabulary()).names
    if kind == "outcome" and name == NOT_NAMED.name:
        return True
    parts = [re.sub(r"^(?:low|less) | status$", "", p) if (kind, fold(p)) not in names else p for p in name.split(" + ")]
    return all((kind, fold(p)) in names or (kind, fold(p.removesuffix(" status"))) in names for p in parts)


def _names_nothing(phrase: str) -> bool:
    """Whether the words of a finding say how it went and not what was looked at."""
    words = fold(phrase).split()
    return bool(words) and all(w in _WORDS["unnamed"] or w in _WORDS["any"] for w in words) and not _WORDS["any"].issuperset(words)


def _without_asides(kind: str, text: str, words: Vocabulary) -> str:
    """Leave out what stands in brackets; of an exposure only where no exposure stands there ("the Swank diet (low in fat)")."""
    return _ASIDE.sub(lambda m: m[0] if kind == "exposure" and find_terms(m[0], (kind,), words) else "", text).strip() or text


def _spelled_out(text: str, abbreviations: Iterable[tuple[str, str]]) -> str:
    for short, long in abbreviations:
        if short in text:
            text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", long.replace("\\", r"\\"), text)
    return text


def _rest(text: str, found: Sequence[Found]) -> list[str]:
    out, position = [], 0
    folded = fold(text)
    for f in found:
        out.append(folded[position : f.start])
        position = f.end
    return " ".join([*out, folded[position:]]).split()


def _combination(terms: Mapping[str, Term]) -> Term:
    parts = [terms[n] for n in sorted(terms)]
    groups, valences = {t.group for t in parts}, {t.valence for t in parts}
    mixed = "unclear" if parts[0].kind == "outcome" else "combination"
    group = groups.pop() if len(groups) == 1 else mixed
    return Term(" + ".join(t.name for t in parts), parts[0].kind, group, valences.pop() if len(valences) == 1 else "neutral")


def _with_polarity(term: Term, rest: frozenset[str]) -> Term:
    low, less, measured = rest & _WORDS["low"], rest & _WORDS["less"], rest & _WORDS["status"]
    if term.group == "nutrient" and (measured or (low and not rest & _WORDS["amount"])):
        return Term(f"{'low ' if low else ''}{term.name} status", term.kind, "status")
    if (low and "dose" not in rest) or less:
        return Term(f"less {term.name}", term.kind, term.group)
    return term
