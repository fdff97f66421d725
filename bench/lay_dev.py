"""The labelled lay articles as the find step sees them: shared by the training and error scripts of this folder."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import ModuleType

from ingest.find.mentions import find_mentions
from ingest.link.mentions import link_mentions
from ingest.pipeline import find_markers, read_references
from ingest.read.article import read_bytes
from ingest.records import Article, Citation, Mention
from ingest.text.prose import Prose
from ingest.text.spun import spunness

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold"
EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"


@cache
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_lay", EVAL / "score_lay.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose_of(article: Article) -> Prose:
    article = replace(article, kind="article", spun=spunness(article.text))
    lists, citations = read_references(article)
    return Prose(article, lists, find_markers(article, lists, citations), citations)


def load() -> list[tuple[dict, Prose]]:
    """The labelled articles, in the order of their labels."""
    return [(row, _read((EVAL / "lay" / row["file"]).read_bytes(), row)) for row in _rows()]


def own() -> list[Path]:
    """The folders of our own labelled articles that may be read and learned from: lay4 is left unread."""
    return [GOLD / name for name in ("lay", "lay2", "lay3")]


def folder(path: Path) -> list[tuple[dict, Prose]]:
    """The labelled articles of another folder of the same form; their rows carry its name as ``set``."""
    rows = [json.loads(line) for line in (path / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    return [({**row, "set": path.name}, _read((path / row["file"]).read_bytes(), row)) for row in rows]


def respun() -> list[tuple[dict, Prose]]:
    """A spun copy of every article that has none in the set: more to learn from, nothing to measure on."""
    spin = _spin()
    out = []
    for row in _rows():
        if row["split"] != "spun" and row["id"] not in spin.IDS:
            text = (EVAL / "lay" / row["file"]).read_text(encoding="utf-8")
            words, edits = spin.spin(text)
            new = spin.spun_row(row, text, words, edits, row["file"])
            out.append((new, _read(words.encode(), new)))
    return out


def _rows() -> list[dict]:
    return [json.loads(line) for line in (EVAL / "lay" / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


def _read(data: bytes, row: dict) -> Prose:
    article = read_bytes(data, row["id"], source=row["file"], suffix=Path(row["file"]).suffix)
    assert isinstance(article, Article)
    return prose_of(article)


def _spin() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spin", EVAL / "lay" / "spin.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extra(spun: bool = True) -> list[tuple[dict, Prose]]:
    """The articles of lay_extra.txt and lay_news.txt; with ``spun`` also a spun copy of each."""
    module = _spin()
    out = []
    for kind in ("extra", "news"):
        for name, lines in _blocks(f"lay_{kind}.txt"):
            plain = [_UNLABELLED.sub(r"\1 ", line) for line in lines]
            out.append(_built(name, plain, None, kind))
            if spun:
                out.append(_built(name, plain, module.spin, kind))
    return out


def _blocks(file: str) -> Iterator[tuple[str, list[str]]]:
    for block in Path(__file__).with_name(file).read_text(encoding="utf-8").split("\n@ ")[1:]:
        name, _, body = block.partition("\n")
        yield name, body.splitlines()


_LABELLED = re.compile(r"(\S+) (?:\{(\S+) n=(\S*) d=(\S*)\} )?(?:\[([+=?-]+)\] )?(.*)")
_UNLABELLED = re.compile(r"^(\S+) (?:\{\S+ n=\S* d=\S*\} )?(?:\[[+=?-]+\] )?")


@dataclass
class Told:
    """A study of lay_news.txt: its sentences, each with the signs of its findings, and what all of them give; no values where none are labelled."""

    name: str
    designs: list[str] = field(default_factory=list)
    values: dict[str, float | None] = field(default_factory=dict)
    sentences: list[tuple[str, str]] = field(default_factory=list)


def told() -> list[Told]:
    """The studies of lay_news.txt that are labelled in full."""
    out = []
    for name, lines in _blocks("lay_news.txt"):
        studies: list[Told] = []
        for line in lines:
            m = _LABELLED.fullmatch(line)
            if m is None:
                continue
            sign, designs, size, days, signs, words = m.groups()
            if sign in ("*", "p", "?"):
                studies.append(Told(f"{name}-{len(studies)}"))
                if designs:
                    studies[-1].designs = designs.split("/")
                    studies[-1].values = {"sample_size": float(size) if size else None, "duration_days": float(days) if days else None}
            if (studies and sign in ("*", "p", "?", "+")) or sign[0] == "=":
                at = int(sign[1:]) if sign[0] == "=" else -1
                studies[at].sentences.append((words, signs or ""))
        out += [s for s in studies if s.designs or any(signs for _, signs in s.sentences)]
    return out


def _built(name: str, lines: list[str], spin: Callable[[str], tuple[str, object]] | None, kind: str) -> tuple[dict, Prose]:
    text, studies, claims, units, waiting = "", [], [], [], []
    for line in lines:
        sign, _, words = line.partition(" ")
        if not words:
            text = text.rstrip() + "\n\n" if text else ""
            continue
        if sign == "#":
            text = (text.rstrip() + "\n\n" if text else "") + words + "\n\n"
            continue
        words = spin(words)[0] if spin else words
        if sign in "*p?":
            studies.append({"anchor": words, "also": waiting, "plural": sign == "p", "optional": sign == "?", "findings": []})
            waiting = []
        elif sign == "<":
            waiting = [*waiting, words]
        elif sign[0] == "=":
            studies[int(sign[1:])]["also"].append(words)
        elif sign == "c":
            claims.append({"anchor": words})
        units.append((len(text), len(text) + len(words), sign[0], len(studies) - 1))
        text += words + " "
    split = kind if any(not s["plural"] and not s["optional"] for s in studies) else kind + "-negative"
    article = Article(name + "-spun" * bool(spin), text.rstrip())
    row = {"id": article.id, "split": kind + "-spun" if spin else split, "studies": studies, "claims": claims, "citations": [], "units": units}
    return row, prose_of(article)


def matched(row: dict, prose: Prose) -> list[tuple[Mention, dict, tuple[Citation, ...]]]:
    """The mentions that are found in a labelled article, each with its label and the references that it is linked to."""
    score = scorer()
    sentences = score.sentences(prose.text)
    mentions = find_mentions(prose)
    gold = []
    for label in row["studies"]:
        anchor = score.anchor_span(prose.text, label["anchor"])
        if anchor:
            also = [score.anchor_span(prose.text, a) for a in label.get("also", [])]
            gold.append((label, anchor, score.region(sentences, anchor), [score.region(sentences, a) for a in also if a]))
    table = [[_fit(score, (m.start, m.end), *g) for g in gold] for m in mentions]
    links: dict[int, set[int]] = {}
    for link in link_mentions(prose, mentions, prose.citations) if prose.citations else ():
        if link.chosen and link.target_kind == "citation" and link.target:
            links.setdefault(link.source_index, set()).add(int(link.target))
    pairs = sorted(score.hungarian(table).items()) if table and gold else []
    return [(mentions[i], gold[j][0], tuple(c for c in prose.citations if c.number in links.get(i, ()))) for i, j in pairs]


def _fit(score: ModuleType, span: tuple[int, int], label: dict, anchor: tuple[int, int], region: tuple[int, int], also: list) -> float:
    """How well a mention fits a label: as the scorer of the set has it."""
    own = score._overlap(span, region)
    other = max([score._overlap(span, a) and score._iou(span, a) for a in also] or [0])
    if not own and not other:
        return 0.0
    base = 40.0 if label.get("plural") or label.get("optional") else 100.0
    if own:
        return base + 10 + 4 * score._overlap(span, anchor) / max(1, anchor[1] - anchor[0]) + 4 * score._iou(span, region)
    return base + 2 * other
