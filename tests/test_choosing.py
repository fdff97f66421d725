"""The learned choice between readings, and the short texts that it learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.choosing import Chooser, Reading
from ingest.extract.duration import read_duration
from ingest.extract.size import read_size
from ingest.records import Article, Mention
from ingest.text.prose import Prose

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent.parent / "bench" / "lay_values.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("readings", "none", "chosen"),
    [
        ([("a", 40, ("good",)), ("b", 41, ("bad",))], (), "a"),
        ([("a", 40, ("bad",))], (), None),
        ([("a", 40, ("good",))], ("great",), None),
        ([("a", 40, ("good",)), ("b", 41, ("good",))], ("bad",), None),  # no amount is likelier than all else
        ([("a", 40, ("good",)), ("b", 41, ("good",)), ("c", 41, ("good",))], ("bad",), "b"),  # readings of one amount agree
        ([], ("bad",), None),
    ],
)
def test_the_likelier_amount_is_taken(readings: list[tuple[str, float, tuple[str, ...]]], none: tuple[str, ...], chosen: str | None) -> None:
    chooser = Chooser({"good": 2.0, "bad": -2.0, "great": 4.0})
    found = chooser.choose([Reading(*r) for r in readings], none)
    assert (found.value if found else None) == chosen


def test_weights_that_are_not_there_weigh_nothing(tmp_path: Path) -> None:
    assert Chooser.load(tmp_path / "none.json", "sample_size").weigh(["a", "b"]) == 0.0


def _share(column: int) -> float:
    rows = [r for r in ROWS if r[column] != "?"]
    right = 0
    for design, *values, text in rows:
        prose = Prose(Article(id="t", text=text))
        spans = tuple(s.span for s in prose.sentences)
        mention = Mention(spans[0].start, spans[0].end, spans, "test")
        if column == 1:
            size = read_size(prose, mention, design).sample_size
            found = size.value if size else None
        else:
            duration = read_duration(prose, mention, design)
            found = duration.days.value if duration else None
        label = float(values[column - 1]) if values[column - 1] else None
        right += found == label if found is None or label is None else abs(found - label) <= 0.02 * label
    return right / len(rows)


def test_what_the_short_texts_say_is_read() -> None:
    assert _share(1) > 0.94
    assert _share(2) > 0.92
