"""A news story -> the record of the paper it reports: ours beside plain BM25, on stories written for this measurement.

    python bench/link_stories.py [--eval ../shared/eval] [--half tune|test] [--show N] [--json]

``stories.txt`` holds stories in our own words (CC0) about abstracts drawn at random, with a fixed seed, from the development sets:
lay words for the abstract's terms, rounded numbers, brand names, quotes, background, other studies. Every second story is for tuning, the
others are only scored. The abstracts stay where they are; the library is all of theirs and the 11,000 titles of the linking set, about
13,500 records. The sets give abstracts without authors, journal or year: each gets those of a record of the linking set, mixed by a fixed
seed, and the story's ``{A}``, ``{Z}`` (first and last author), ``{a}``, ``{z}`` (surname) and ``{J}`` (journal) are filled in accordingly.
``bare`` leaves the records without them, so that names only mislead; ``long`` puts the openings of two other stories and three headlines between and
behind the lines, as web pages do; ``absent`` is the share of stories that are linked though their
record is taken away: they should stay unlinked.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.link.stories import accepted, candidates, rank_stories
from ingest.link.works import Library
from ingest.read.library import read_library
from ingest.read.works import new_work
from ingest.records import Author, Work
from ingest.text.bibliographic import title_key

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "bench" / "stories.txt"
_SEED = 7
_GIVEN = {
    x[0]: x
    for x in "Anna Boris Clara David Elena Frank Greta Henry Irene James Karen Laura Martin Nora Oscar Peter Quentin Rosa Susan Thomas Ursula Victor Wendy Xenia Yusuf Zoe".split()
}
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z\[])")
Ranker = Callable[[str], list[int]]


@dataclass(frozen=True)
class Story:
    """A story and the id of the record it reports; ``half`` is "tune" or "test"."""

    gold: str
    text: str
    half: str


def abstracts(folder: Path) -> list[tuple[str, str, str]]:
    """Id, title and abstract of every document of the abstract sets; the first line, else the first sentence, is the title."""
    out: dict[str, tuple[str, str, str]] = {}
    titles: set[str] = set()
    for path in sorted(folder.glob("*.dev.jsonl")):
        if path.name.startswith(("refs", "linking", "mentions")):
            continue
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            row = json.loads(line)
            title, _, rest = row["text"].partition("\n")
            if not rest:
                title, rest = (*_SENTENCE.split(row["text"], maxsplit=1), "")[:2]
            if row["id"] not in out and title_key(title) not in titles:
                out[row["id"]] = (row["id"], title, rest.replace("\n", " "))
                titles.add(title_key(title))
    return list(out.values())


def pool(folder: Path, *, bare: bool) -> list[Work]:
    """The library: every abstract with borrowed authors, journal and year (``bare``: with none), and the linking set's records."""
    rng = random.Random(_SEED)
    real = [w for w in read_library(folder / "linking_library.jsonl")[0] if w.authors and w.container]
    givens = [a.given for w in real for a in w.authors if a.given]
    out = []
    for ident, title, text in abstracts(folder):
        model = rng.choice(real)
        authors = [Author(rng.choice(rng.choice(real).authors).family, rng.choice(givens)) for _ in model.authors]
        known = {} if bare else {"authors": authors, "container": rng.choice(real).container, "year": model.year}
        out.append(new_work("stories", ident, title=title, abstract=text, **known))
    return out + real


def stories(named: Sequence[Work]) -> list[Story]:
    """The stories, with the names that their records have in ``named``."""
    works = {ident: w for w in named for ident in w.ids}
    out = []
    for n, block in enumerate(STORIES.read_text(encoding="utf-8").split("## ")[1:]):
        ident, _, text = block.partition("\n")
        work = works[ident]
        first, last = work.authors[0], work.authors[-1]
        names = {"a": first.family, "z": last.family, "A": _full(first), "Z": _full(last), "J": work.container or ""}
        out.append(Story(ident, re.sub(r"\{([aAzZJ])\}", lambda m, names=names: names[m.group(1)], text.strip()), ("tune", "test")[n % 2]))
    return out


def _full(author: Author) -> str:
    return f"{_GIVEN.get((author.given or 'D')[0], 'Dana')} {author.family}"


def lengthened(all_stories: Sequence[Story]) -> list[Story]:
    """Each story as a web page holds it: with the headlines and the openings of others behind it."""
    rng = random.Random(_SEED)
    out = []
    for story in all_stories:
        others = [s.text.split("\n") for s in rng.sample([s for s in all_stories if s.gold != story.gold and s.half == story.half], 5)]
        lines = story.text.split("\n")
        middle = rng.randrange(2, len(lines) + 1)
        inside = [f"{o[0]}. {o[1]}" for o in others[:2]]
        text = "\n".join([*lines[:middle], inside[0], *lines[middle:], inside[1], "Share this article", *(o[0] for o in others[2:])])
        out.append(replace(story, text=text))
    return out


class Bm25:
    """The baseline: Okapi BM25 over the words of title and abstract (Robertson and Zaragoza 2009), k1 1.2, b 0.75; no stemming, no fields."""

    def __init__(self, works: Sequence[Work]) -> None:
        """Index the works."""
        docs = [Counter(_words(f"{w.title} {w.abstract or ''}")) for w in works]
        lengths = [sum(d.values()) for d in docs]
        mean = sum(lengths) / len(docs)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, d in enumerate(docs):
            for t, tf in d.items():
                self.postings[t].append((i, tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * lengths[i] / mean))))
        self.n = len(docs)

    def rank(self, text: str) -> list[int]:
        """The numbers of the best ten works."""
        scores: dict[int, float] = defaultdict(float)
        for t, times in Counter(_words(text)).items():
            found = self.postings.get(t, ())
            weight = math.log(1 + (self.n - len(found) + 0.5) / (len(found) + 0.5))
            for i, x in found:
                scores[i] += times * weight * x
        return sorted(scores, key=lambda i: (-scores[i], i))[:10]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def score(rank: Ranker, asked: Sequence[Story], works: Sequence[Work], show: int = 0) -> dict[str, float]:
    """Shares of stories whose record comes first, among the first five, and the mean reciprocal rank."""
    first = five = mean = 0.0
    for story in asked:
        ranked = rank(story.text)
        place = next((n for n, i in enumerate(ranked, 1) if story.gold in works[i].ids), 0)
        first += place == 1
        five += 0 < place <= 5
        mean += 1 / place if place else 0
        if place != 1 and show > 0:
            show -= 1
            print(f"-- {place} {story.gold} {story.text[:90]!r}\n   took {works[ranked[0]].title[:120]!r} {works[ranked[0]].authors[:2]}")
    n = len(asked)
    return {"top1": first / n, "top5": five / n, "mrr": mean / n}


def decided(asked: Sequence[Story], library: Library) -> dict[str, float]:
    """What the command does: shares of stories linked rightly and falsely, and of those linked although their record is taken away."""
    right = false = absent = 0
    for story in asked:
        ranked = candidates(story.text, library)
        others = [r for r in ranked if story.gold not in library.works[r.number].ids]
        hit = bool(ranked) and ranked[0] not in others
        right += hit and accepted(ranked, story.text)
        false += not hit and accepted(ranked, story.text)
        absent += accepted(others, story.text)
    n = len(asked)
    return {"right": right / n, "false": false / n, "absent": absent / n}


def measure(folder: Path, half: str, show: int = 0, *, quick: bool = False) -> dict[str, dict[str, float]]:
    """All figures of one half of the stories, by condition."""
    named = pool(folder, bare=False)
    short = stories(named)
    out: dict[str, dict[str, float]] = {}
    for where, works in (("named", named), ("bare", pool(folder, bare=True))):
        library, plain = Library(works), Bm25(works)
        for length, asked in (("", short), (", long", lengthened(short))):
            mine = [s for s in asked if half in {s.half, "all"}]
            out[f"{where}{length}: bm25"] = score(plain.rank, mine, works)
            out[f"{where}{length}: ours"] = score(lambda t, lib=library: rank_stories(t, lib), mine, works, show)
            if not quick:
                out[f"{where}{length}: linked"] = decided(mine, library)
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--half", choices=("tune", "test", "all"), default="tune")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="ranking only")
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    found = measure(a.eval, a.half, a.show, quick=a.quick)
    if a.json:
        print(json.dumps(found))
    else:
        for name, values in found.items():
            print(f"{name:22s}", "  ".join(f"{k} {v:.3f}" for k, v in values.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
