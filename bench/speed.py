"""Measure speed on one core and write docs/speed.md.

    python bench/speed.py            measure, print
    python bench/speed.py --write    … and write docs/speed.md
    python bench/speed.py --check    … and fail where something is far slower than it should be, or grows faster than its input

Texts are the bundled samples, filled up with plain prose to about 6 KB an article: once as they are, and once without their
reference lists, since reading a list costs as much as its entries do (see the line for reference strings). Times are process
times, the best of several rounds, after one round that fills the caches of words.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ingest.find.references import parse_references, read_references  # noqa: E402
from ingest.link.works import Library, link_citation  # noqa: E402
from ingest.pipeline import read_document  # noqa: E402
from ingest.read.article import find_files, read_path  # noqa: E402
from ingest.read.library import read_library  # noqa: E402
from ingest.records import Article, Author, Citation, Work, stable_id  # noqa: E402

# name: (goal, floor for --check); the floor is half of what a busy machine reached: it catches a step that has become slow.
# The goal with reference lists is what the goals for articles and for six reference strings add up to.
GOALS = {
    "articles of 6 KB read a second (find + extract), lists left out": (600, 40),
    "the same with their reference lists, markers and links into them": (175, 25),
    "abstracts read a second": (200, 100),
    "reference strings parsed a second": (1500, 800),
    "links a second against 11,000 records": (3000, 1500),
    "hostile text: time for 200 KB over time for 100 KB": (2.2, 3.5),
}


NOTE = (
    "Articles stay far below their goal. The time is spread thin: no function takes more than about a twentieth of it. About half of it builds and adds up "
    "the features of the learned models (which sentence brings in or goes on about a study, designs, sizes, durations, findings), the rest looks at each word of the "
    "sentences that tell of studies and, with a list, labels each reference. Patterns are tried only where their own words stand (`ingest/text/gates.py`). "
    "A process pool (`citegrade build --workers 0`) divides the time by the cores. One text of 5 MB with 7,000 studies takes about half a minute and 300 MB."
)
PLAIN = (
    "The kitchen opens at seven and the first guests come for porridge with berries. There are three kinds of bread, and the tea is kept warm on a stove "
    "that is older than the house. Ask the cook for the soup of the day; it costs 8 euros and comes with a slice of rye. In spring the garden behind the "
    "yard is full of herbs. Walk down to the lake, which takes twenty minutes, and mind the steps when it has rained. Most people stay for two nights. "
    "Sleep is the best medicine, says the owner, who is 64 and has run the place since 1998.\n\n"
)


def samples() -> list[Article]:
    """The sample articles."""
    files, _ = find_files([ROOT / "samples"])
    return [a for f in files for a in read_path(f, f.stem) if isinstance(a, Article)]


def without_list(a: Article) -> Article:
    """The article up to its reference list."""
    lists, _ = read_references(a)
    return replace(a, text=a.text[: lists[0].start]) if lists else a


def articles(n: int, size: int = 6000, lists: bool = True) -> list[Article]:
    """``n`` different articles of about ``size`` characters with about five studies each: a sample, with or without its references, and plain prose."""
    bodies = [a.text if lists else without_list(a).text for a in samples()]
    out = []
    for i in range(n):
        text = bodies[i % len(bodies)]
        fill = PLAIN * (max(0, size - len(text)) // len(PLAIN) + 1)
        out.append(Article(f"a{i}", f"{fill[: max(0, size - len(text))]}\n\n{text[:size]}\n{i}", title="Selenium and MS"))
    return out


def rate(work: Callable[[], int], seconds: float = 3.0) -> float:
    """How many units a second: runs the work until enough time has passed; the best of the rounds counts."""
    best, spent = 0.0, 0.0
    while spent < seconds:
        start = time.process_time()
        done = work()
        took = time.process_time() - start
        best, spent = max(best, done / took), spent + took
    return best


def hostile(size: int) -> Article:
    """A text made to hurt: no sentence ends, numbers, brackets and study words without end."""
    unit = "study of 12 patients and 13 controls (n = 14 randomized trial [1,2 found no difference between 3 weeks and 4 years of "
    return Article("h", (unit * (size // len(unit) + 1))[:size])


def library(n: int) -> tuple[list[Work], list[Citation]]:
    """``n`` invented records and citations of every tenth of them."""
    words = "selenium vitamin trial blood sleep heart risk cohort pain diet brain cells older women men serum outcome therapy dose lung".split()
    works, citations = [], []
    for i in range(n):
        pick = [words[stable_id(i, k) % len(words)] for k in range(7)]
        title = f"{' '.join(pick)} {i * 7919 % 10007}".capitalize()
        year, volume, page = 1960 + i % 65, str(1 + i % 400), str(1 + i * 31 % 2000)
        name = f"{chr(65 + i % 26)}{words[i % 20]}son"
        works.append(Work(f"w{i}", title, (Author(name, "A"),), "J Invented Med", year, volume, "1", page))
        if i % 10 == 0:
            raw = f"{name} A. {title}. J Invented Med. {year};{volume}:{page}."
            citations.append(Citation(i + 1, 0, len(raw), raw, (name,), title, "J Invented Med", year, volume, None, page))
    return works, citations


def growth(small: Article, large: Article) -> float:
    """How much longer the large article takes; by turns, the best of three, so that other work on the machine hits both."""
    best = [float("inf")] * 2
    for _ in range(3):
        for k, a in enumerate((small, large)):
            start = time.process_time()
            read_document(a, kind="article")
            best[k] = min(best[k], time.process_time() - start)
    return best[1] / best[0]


def measure() -> dict[str, float]:
    """All figures."""
    out = {}
    names = list(GOALS)
    for name, lists in ((names[0], False), (names[1], True)):
        mine = articles(40, lists=lists)

        def read_all(mine: list[Article] = mine) -> int:
            for a in mine:
                read_document(a, kind="article")
            return len(mine)

        read_all()
        out[name] = rate(read_all, 4.0)
    works, _ = read_library(ROOT / "samples" / "library.bib")
    abstracts = [Article(w.key, f"{w.title}.\n{w.abstract}" * 3, kind="abstract") for w in works if w.abstract]

    def read_abstracts() -> int:
        for a in abstracts:
            read_document(replace(a), kind="abstract")
        return len(abstracts)

    out[names[2]] = rate(read_abstracts)
    strings = [c.raw for a in samples() for c in read_document(a).citations]

    def parse_all() -> int:
        for s in strings:
            parse_references(s)
        return len(strings)

    parse_all()
    out[names[3]] = rate(parse_all)
    records, citations = library(11_000)
    index = Library(records)

    def link_all() -> int:
        for c in citations:
            link_citation(c, index)
        return len(citations)

    link_all()
    out[names[4]] = rate(link_all)
    out[names[5]] = growth(hostile(100_000), hostile(200_000))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    figures = measure()
    wrong = []
    for name, value in figures.items():
        goal, floor = GOALS[name]
        worse = value > floor if name.startswith("hostile") else value < floor
        print(f"{value:10.1f}  {name} (goal {goal})")
        if worse:
            wrong.append(f"{name}: {value:.1f}, floor {floor}")
    if args.write:
        lines = [
            "# Speed",
            "",
            "Written by `python bench/speed.py --write` on one core; machines differ: trust the ratios.",
            "",
            "| what | measured | goal |",
            "|---|---|---|",
        ]
        lines += [f"| {n} | {v:.1f} | {GOALS[n][0]} |" for n, v in figures.items()]
        (ROOT / "docs" / "speed.md").write_text("\n".join([*lines, "", NOTE]) + "\n", encoding="utf-8")
    for line in wrong if args.check else []:
        print(line, file=sys.stderr)
    return 1 if wrong and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
