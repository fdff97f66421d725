"""Text -> work of the library by what it says: BM25 over titles and abstracts, with names, journals and numbers.

News stories and unreferenced mentions give no reference to parse. They share with the record its subject (in lay words: the
vocabulary's terms bridge "heart attack" and "myocardial infarction"), its counts ("1,312" people), the researchers they quote,
and the journal they name. Each is a field of its own; what is rare in the library weighs more.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from ingest.link.lay import meanings
from ingest.link.works import Library
from ingest.records import Article, Link, Study, Work
from ingest.text.bibliographic import fold
from ingest.text.terms import find_terms

_TITLE, _KEYWORD = 2.5, 0.8
"""How many times a word of the title, or of the keywords, counts as often as one of the abstract."""
_K1, _B, _K3 = 1.2, 0.6, 3.0
_LEAD, _LEAD_WEIGHT = 600, 1.6
"""The first characters of a story say what was found; their words count more."""
_TERM = 0.5
_NUMBER, _ODD_NUMBER = 0.8, 1.5
"""Weights of a number, and of one of three digits or more that is not round."""
_NAME, _INITIAL, _FULL_NAME, _JOURNAL = 0.5, 1.2, 3.0, 2.0
"""Weights of a surname alone, with a fitting initial, with its given name, and of the journal's name, against words of equal rarity:
many words of a story say the same thing over again, these do not."""
_NAME_OF_MANY = re.compile(r"\b[A-Z][\w&'’-]*\.?(?:,? (?:(?:of|and|for|in|on|&) (?:the )?)?[A-Z][\w'’-]*\.?)+")
_NAME_OF_ONE = re.compile(r"\b(?:[Ii]n|[Jj]ournals?|[Tt]he|[Bb]y|of)\s+[\"“*_]?([A-Z][A-Za-z]+)\b(?! [A-Z])")
"""Words with capitals that may name a journal; a name of one word ("Heart", "Pain") only where "in", "journal", "the" stand before it."""
_SMALL_IN_TITLES = frozenset("of the and in for on".split())
_LONGEST_JOURNAL = 12
_TITLES = frozenset("Dr Prof Professor Mr Mrs Ms Doctor Sir Dame Lord Lady".split())
_COMMONEST = 0.5
"""Words in more than this share of the library are not looked up."""
_LARGE, _SHORTLIST = 30_000, 60
"""Above this many works no index of all abstracts is built; the works that share the rarest title words are compared instead."""
_SURE, _APART = 9.0, 1.25
"""A mention is linked by content alone where the best work scores this much, and this many times what the second scores."""

_SHORTEST_STORY, _SMALL_WORDS, _SHORTEST_NEWS = 400, 25, 160
_LOCATED = re.compile(r"\d\s?[-–]\s?\d+\s*\W{0,3}$|\d\s?\(\d|\d\s?[:;]\s?[a-z]?\d|\bdoi\b|\bpp?\. ?\d|https?:|\bet al\b|\((?:19|20)\d\d\)", re.IGNORECASE)
_SMALL = frozenset("the of and in to a that is was were for with by on as are said have has not but they it from who".split())
_STOP = frozenset(
    (
        "the of and in to a for with on by is was were are that this from as at be or an it its not but have has had who which their they he she his "
        "her we our you your than more most also after before said says can could may might would will about into over between among been being other "
        "when where what how if there these those study studies research researcher researchers found find findings results result people patients "
        "patient group groups new one two three years year time health published journal university professor dr team according compared using used "
        "use while during however only all some many such no did do does so up out per both each very because through just like get first last week "
        "weeks day days month months author authors scientists expert experts news report reported show showed shown suggest suggests conclusion "
        "conclusions background methods objective design participants outcome outcomes p ci s t don didn isn wasn aren then them him i me my us"
    ).split()
)
_NUMBER_FORM = re.compile(r"(?<![\w.])\d{1,3}(?:[,  ]\d{3})+(?!\d)|(?<![\w.])\d+(?:[.·]\d+)?")
_CAPITALISED = re.compile(r"\b([A-Z][\w'’-]+)(?: (?:[A-Z]\.? ){0,2}((?:(?:van|von|de|del|der|den|la|le|du|di) ){0,2}[A-Z][\w'’-]+))?")


class ContentIndex:
    """The titles and abstracts of a library, by word, vocabulary term, lay meaning and number."""

    def __init__(self, works: Iterable[Work]) -> None:
        """Index the works."""
        self.works = tuple(works)
        self.n = len(self.works)
        docs: dict[str, array[int]] = defaultdict(lambda: array("I"))
        counts: dict[str, array[float]] = defaultdict(lambda: array("f"))
        lengths = np.zeros(self.n, dtype=np.float32)
        self.by_name: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.by_journal: dict[str, list[int]] = defaultdict(list)
        self.by_initials: dict[str, list[str]] = defaultdict(list)
        for i, work in enumerate(self.works):
            for token, tf in _document(work).items():
                docs[token].append(i)
                counts[token].append(tf)
                lengths[i] += tf
            self._names(i, work)
        self.norm = _K1 * (1 - _B + _B * lengths / self._usual(lengths))
        self.docs = {t: np.frombuffer(d, dtype=np.uint32) for t, d in docs.items()}
        self.counts = {t: np.frombuffer(c, dtype=np.float32) for t, c in counts.items()}

    def _usual(self, lengths: np.ndarray) -> np.ndarray:
        """The usual length of a record of its kind: a title alone is not short, nor is an abstract long."""
        full = np.array([bool(w.abstract) for w in self.works], dtype=bool)
        usual = np.ones(self.n, dtype=np.float32)
        for kind in (full, ~full):
            if kind.any():
                usual[kind] = max(float(lengths[kind].mean()), 1.0)
        return usual

    def _names(self, i: int, work: Work) -> None:
        for author in work.authors:
            name = fold(author.family)
            if len(name) > 1:
                self.by_name[name].append((i, fold(author.given).split(" ")[0]))
        journal = _journal(work.container or "")
        if journal:
            if journal not in self.by_journal:
                self.by_initials[_initials(journal.split())].append(journal)
            self.by_journal[journal].append(i)

    def idf(self, df: int) -> float:
        """The weight of something that ``df`` works have."""
        return math.log(1 + (self.n - df + 0.5) / (df + 0.5))

    def df(self, token: str) -> int:
        """How many works have a token."""
        found = self.docs.get(token)
        return 0 if found is None else len(found)

    def title_weights(self, i: int) -> dict[str, float]:
        """The tokens of a title, each with its weight."""
        return {t: self.idf(self.df(t)) for t in story_tokens(self.works[i].title)}

    def add(self, out: np.ndarray, token: str, tf: float) -> None:
        """Add to the score of every work what a token says that a text uses ``tf`` times (BM25; Robertson and Zaragoza 2009)."""
        found = self.docs.get(token)
        if found is None or len(found) > max(_COMMONEST * self.n, 3):
            return
        weight = self.idf(len(found)) * ((_K3 + 1) * tf / (_K3 + tf)) * _kind_weight(token)
        counts = self.counts[token]
        out[found] += weight * counts * (_K1 + 1) / (counts + self.norm[found])

    def scores(self, text: str, lead: int = _LEAD) -> tuple[np.ndarray, dict[int, list[str]]]:
        """A score for every work, and for some of them what besides words spoke for it."""
        out = np.zeros(self.n, dtype=np.float32)
        for token, tf in _question(text, lead).items():
            self.add(out, token, tf)
        said: dict[int, list[str]] = defaultdict(list)
        people_named(text, self, out, said)
        journals_named(text, self, out, said)
        return out, said


def people_named(text: str, index: ContentIndex, out: np.ndarray, said: dict[int, list[str]]) -> None:
    """Add what the researchers say whom a text names: a given name that fits counts for, one that does not fit rules the person out."""
    gains: dict[int, list[float]] = defaultdict(list)
    for name, givens in _people(text).items():
        holders = index.by_name.get(name, ())
        if not holders or len(holders) > 0.1 * index.n + 5:
            continue
        word = name.isalpha() and index.df(stem(name)) > 2  # "Young", "White", "May"
        weight = index.idf(len({i for i, _ in holders}))
        for i, first in holders:
            gain = _fit(givens, first, word) * weight
            if gain:
                gains[i].append(gain)
                said[i].append(f"it names {name}")
    for i, found in gains.items():
        out[i] += sum(sorted(found, reverse=True)[:3])


def journals_named(text: str, index: ContentIndex, out: np.ndarray, said: dict[int, list[str]]) -> None:
    """Add what a journal's name in a text says for its works; libraries have it in full, abbreviated ("N Engl J Med") or as initials ("PNAS")."""
    found: set[str] = set()
    for m in _NAME_OF_MANY.finditer(text):
        words = _journal(m.group(0)).split()
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + _LONGEST_JOURNAL) + 1):
                found.update(j for j in index.by_initials.get(_initials(words[start:end]), ()) if _is_journal(words[start:end], j.split()))
    for m in _NAME_OF_ONE.finditer(text):
        name = fold(m.group(1))
        if name in index.by_journal:
            found.add(name)
        if m.group(1).isupper() and len(name) > 2:
            found.update(j for j in index.by_initials.get(name, ()) if " " in j)
    for journal in sorted(found):
        holders = index.by_journal[journal]
        out[np.array(holders)] += index.idf(len(holders)) * _JOURNAL
        for i in holders:
            said[i].append(f"it names {index.works[i].container}")


def _initials(words: Sequence[str]) -> str:
    return "".join(w[0] for w in words if w not in _SMALL_IN_TITLES)


def _is_journal(words: Sequence[str], journal: Sequence[str]) -> bool:
    """Whether words of a text are a journal's name, each in full or in short: "N Engl J Med", "Natl", "Intern"."""
    said, known = ([w for w in x if w not in _SMALL_IN_TITLES] for x in (words, journal))
    if len(said) != len(known) or not any(len(w) > 1 for w in known):
        return False
    return all(a.startswith(b) or (len(b) > 2 and a[-1] == b[-1] and _subsequence(b, a)) for a, b in zip(said, known, strict=True))


def _subsequence(short: str, long: str) -> bool:
    at = iter(long)
    return all(c in at for c in short)


def _kind_weight(token: str) -> float:
    if token[0] == "§":
        return _TERM
    if token[0].isdigit():
        return _ODD_NUMBER if len(token) > 2 and not token.endswith("00") else _NUMBER
    return 1.0


def _people(text: str) -> dict[str, set[str]]:
    """Folded surnames of a text with the given names that stand before them; an empty set where none ever does."""
    out: dict[str, set[str]] = {}
    for m in _CAPITALISED.finditer(text):
        given, last = (m.group(1), m.group(2)) if m.group(2) else ("", m.group(1))
        known = out.setdefault(fold(re.sub(r"['’]s$", "", last)), set())
        if given and given not in _TITLES:
            known.add(fold(given))
        elif given:
            known.add("")
    return out


def _fit(givens: set[str], first: str, is_word: bool) -> float:
    real = {g for g in givens if g}
    if any(g == first for g in real) and len(first) > 1:
        return _FULL_NAME
    if real:
        return _INITIAL if first and any(g[0] == first[0] for g in real) and (len(first) == 1 or any(len(g) == 1 for g in real)) else 0.0
    return 0.0 if is_word and not givens else _NAME


def _journal(name: str) -> str:
    words = fold(name.split(" : ")[0].split("(")[0]).removesuffix(" u s a").removesuffix(" usa").removesuffix(" of the united states of america").split()
    return " ".join(w for w in words if w != "the")


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """A word without its commonest endings, enough to bring "smokers", "smoking" and "smoked" together.

    >>> [stem(w) for w in ("smokers", "smoking", "studies", "diabetes", "gas")]
    ['smok', 'smok', 'study', 'diabet', 'gas']
    """
    w = word
    if len(w) > 4 and w.endswith("ies"):
        return w[:-3] + "y"
    if len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us", "is")):
        w = w[:-1]
    for ending in ("ations", "ation", "ings", "ing", "ers", "er", "ed", "ly", "al", "ic", "e"):
        if len(w) - len(ending) >= 4 and w.endswith(ending):
            w = w[: -len(ending)]
            break
    return w[:-1] if len(w) > 4 and w[-1] == w[-2] else w


def _tokens(text: str) -> list[str]:
    return [stem(w) for w in fold(_NUMBER_FORM.sub(" ", text)).split() if w not in _STOP and len(w) > 1 and not w.isdigit()]


def _numbers(text: str) -> list[str]:
    """Counts of people and the like: 10 and more, years left out, thousands joined."""
    found = [re.sub(r"[,  ]", "", m.group(0)).replace("·", ".") for m in _NUMBER_FORM.finditer(text)]
    return [n for n in found if ("." in n or int(n) > 9) and not re.fullmatch(r"(?:19|20)\d\d", n)]


def _concepts(text: str) -> list[str]:
    return [f"§{f.term.kind} {f.term.name}" for f in find_terms(text)]


def story_tokens(text: str) -> list[str]:
    """Everything of a text that is looked up: stemmed words, vocabulary terms (§), lay meanings (¤), numbers."""
    return [*_tokens(text), *_concepts(text), *meanings(fold(text).split()), *_numbers(text)]


def _document(work: Work) -> dict[str, float]:
    out: dict[str, float] = defaultdict(float)
    for token in (*_tokens(work.title), *_concepts(work.title), *meanings(fold(work.title).split())):
        out[token] += _TITLE
    for keyword in work.keywords:
        for token in story_tokens(keyword):
            out[token] += _KEYWORD
    abstract = work.abstract or ""
    for token in (*_tokens(abstract), *_concepts(abstract), *meanings(fold(abstract).split())):
        out[token] += 1.0
    for number in sorted(set(_numbers(f"{work.title} {abstract}"))):
        out[number] += 1.0
    return out


def _question(text: str, lead: int) -> dict[str, float]:
    out: Counter[str] = Counter()
    for part, weight in ((text[:lead], _LEAD_WEIGHT), (text[lead:], 1.0)):
        for token in (*_tokens(part), *_concepts(part)):
            out[token] += weight  # type: ignore[assignment]
    for number in sorted(set(_numbers(text))):
        out[number] = 1
    return dict(out)


def content_index(library: Library) -> ContentIndex:
    """The content index of a library, built when first asked for and kept with it."""
    found = library.cache.get("content")
    if not isinstance(found, ContentIndex):
        found = library.cache["content"] = ContentIndex(library.works)
    return found


def index_for(text: str, library: Library) -> tuple[Sequence[int], ContentIndex]:
    """The numbers of the works that a text is compared with, and their index: all of them, or a shortlist of a large library."""
    if library.size > _LARGE:
        numbers = shortlist(text, library)
        return numbers, ContentIndex(library.works[i] for i in numbers)
    index = content_index(library)
    return range(index.n), index


def rank_works(text: str, library: Library, top: int = 5) -> list[tuple[int, float, list[str]]]:
    """The works that a text most resembles: number, score, and what besides words spoke for each."""
    numbers, index = index_for(text, library)
    if not index.n:
        return []
    scores, said = index.scores(text)
    best = np.argsort(-scores, kind="stable")[:top]
    return [(numbers[int(i)], float(scores[i]), said.get(int(i), [])) for i in best if scores[i] > 0]


def shortlist(text: str, library: Library) -> Sequence[int]:
    """The works whose titles share the most telling words with a text."""
    votes: dict[int, float] = defaultdict(float)
    known = sorted({(len(p), w) for w in fold(text).split() if w not in _STOP and (p := library.by_word.get(w)) is not None})
    for df, word in known[:30]:
        for i in library.by_word[word][:2000]:
            votes[i] += library.top - math.log(df)
    return [i for _, i in sorted((-v, i) for i, v in votes.items())[:_SHORTLIST]]


def is_story(text: str) -> bool:
    """Whether a text is prose about research rather than a printed reference: long, and full of small words."""
    return len(text) > _SHORTEST_STORY and _small(text)[0] > _SMALL_WORDS


def is_news(text: str) -> bool:
    """Whether a shorter text may be such prose: a headline with its first sentences; some references look so as well."""
    small, share = _small(text)
    return len(text) > _SHORTEST_NEWS and small >= 10 and share > 0.28 and not _LOCATED.search(text)


def _small(text: str) -> tuple[int, float]:
    words = text.lower().split()
    small = sum(w in _SMALL for w in words)
    return small, small / max(1, len(words))


def link_content(article: Article, study: Study, index: int, library: Library) -> tuple[Link, ...]:
    """A mention without a reference -> the work it most resembles, where that is far ahead of all others.

    What the mention says is read together with the article's title, which often names the subject that it leaves out.
    """
    passage = " ".join(article.text[s.start : s.end] for s in study.parts) or study.quote
    ranked = rank_works(f"{passage} {article.title}", library, 2)
    if study.plural or not ranked:
        return ()
    best = library.works[ranked[0][0]]
    ahead = len(ranked) == 1 or ranked[0][1] >= _APART * ranked[1][1]
    enough = ranked[0][1] >= _SURE * math.log10(max(library.size, 10))
    return as_links("mention", index, ranked, library, chosen=ahead and enough and _particular(passage, study, best))


def _particular(passage: str, study: Study, work: Work) -> bool:
    """Whether more than the subject is the same: the count of participants, the trial's name, or a researcher's; and no year denies it.

    Many papers share a subject. Without one of these a mention stays unlinked, however alike the words.
    """
    years = {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", passage)}
    if years and work.year and not any(abs(work.year - y) <= 1 for y in years):
        return False
    said = f"{work.title} {work.abstract or ''}"
    counted = study.sample_size is not None and study.sample_size > 9 and str(study.sample_size) in _numbers(said)
    named = set(re.findall(r"\b[A-Z][A-Z-]{3,}\w*\b", passage)) & set(re.findall(r"\b[A-Z][A-Z-]{3,}\w*\b", work.title))
    people = any(re.search(rf"\b{re.escape(a.family)}\b", passage) for a in work.authors[:1] if len(a.family) > 2)
    return counted or bool(named) or people


def as_links(
    source: str, number: int, ranked: list[tuple[int, float, list[str]]], library: Library, chosen: bool, likely: float | None = None
) -> tuple[Link, ...]:
    """The best work and the runner-up as links; where none is chosen, one link to nothing comes first and says why."""
    top = ranked[0][1]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    out = []
    for rank, (i, _, said) in enumerate(ranked, 1):
        sure = 1 - second / (2 * top) if likely is None else likely
        share = sure if rank == 1 else min(sure, 1 - sure)
        reason = "; ".join(["its words are those of title and abstract", *said[:3]])
        out.append(Link(source, number, "work", library.works[i].key, "content", round(share, 4), reason, chosen=chosen and rank == 1, rank=rank))
    if not chosen:
        reason = "several works resemble what it says" if len(ranked) > 1 else "too little in common with any work"
        return (Link(source, number, "work", None, "none", 0.0, reason), *(_later(x) for x in out))
    return tuple(out)


def _later(link: Link) -> Link:
    return Link(link.source, link.source_index, link.target_kind, link.target, link.method, link.score, link.reason, False, link.rank + 1)
