"""Plots as SVG text: the evidence map, the effect-direction plot, the interval of a share. No script, no fonts to load.

The picture is drawn with classes; a page colours them through citegrade.css, a file of its own through ``standalone``.
Direction is a shape, certainty and level are a shade with words or numbers beside, size is the number of participants.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from publish.labels import CERTAINTIES, DESIGNS, EFFECTS, LANES, number, path

Row = Mapping[str, Any]

CELL_W, CELL_H = 100, 64
LEFT, TOP = 138, 76
LEAST, MOST = 7.0, 17.0  # half the height of an arrow: no participants stated, a hundred thousand or more


@cache
def _css() -> str:
    css = (Path(__file__).parent / "static" / "citegrade.css").read_text(encoding="utf-8")
    begin, end = "/* plots: also inside downloaded SVG files */", "/* end of plots */"
    return css[css.index(begin) + len(begin) : css.index(end)]


def standalone(svg: str, background: bool = True) -> str:
    """The plot as a file of its own: with its name space, its colours in light and dark, and a ground to stand on."""
    style = f"<style>{_css()}</style>" + ('<rect class="p-ground" width="100%" height="100%"/>' if background else "")
    head, rest = svg.split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head} xmlns="http://www.w3.org/2000/svg">{style}{rest}'


def radius(participants: int | None) -> float:
    """Half the height of a mark: grows with the logarithm of the number of participants.

    >>> radius(None), radius(1), radius(100_000), radius(10_000_000)
    (7.0, 7.0, 17.0, 17.0)
    """
    if not participants or participants < 1:
        return LEAST
    return round(min(MOST, LEAST + (MOST - LEAST) * math.log10(participants) / 5), 1)


def arrow(effect: str, x: float, y: float, r: float, classes: str) -> str:
    """A mark for an effect on health: up benefit, down harm, sideways no difference, a diamond mixed, a ring unclear."""
    w = r * 0.82
    shapes = {
        "benefit": [(0, -r), (w, 0), (w * 0.42, 0), (w * 0.42, r), (-w * 0.42, r), (-w * 0.42, 0), (-w, 0)],
        "harm": [(0, r), (w, 0), (w * 0.42, 0), (w * 0.42, -r), (-w * 0.42, -r), (-w * 0.42, 0), (-w, 0)],
        "none": [
            (-r, 0),
            (-r * 0.4, -w * 0.75),
            (-r * 0.4, -w * 0.3),
            (r * 0.4, -w * 0.3),
            (r * 0.4, -w * 0.75),
            (r, 0),
            (r * 0.4, w * 0.75),
            (r * 0.4, w * 0.3),
            (-r * 0.4, w * 0.3),
            (-r * 0.4, w * 0.75),
        ],
        "mixed": [(0, -r * 0.85), (r * 0.85, 0), (0, r * 0.85), (-r * 0.85, 0)],
    }
    if effect in shapes:
        points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in shapes[effect])
        return f'<polygon class="p-arrow {classes}" points="{points}"/>'
    return f'<circle class="p-ring {classes}" cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.6:.1f}"/>'


def _wrap(text: str, width: int, lines: int) -> list[str]:
    out: list[str] = []
    for word in text.split():
        while len(word) > width:  # a word longer than the line is broken, after its own hyphen if it has one
            at = word.rfind("-", 0, width) + 1 or width - 4
            out.append(word[:at] if word[at - 1] == "-" else word[:at] + "-")
            word = word[at:]
        if out and not out[-1].endswith("-") and len(out[-1]) + 1 + len(word) <= width:
            out[-1] += f" {word}"
        else:
            out.append(word)
    if len(out) > lines:
        out = [*out[: lines - 1], " ".join(out[lines - 1 :]).replace("- ", "")]
    return [line if len(line) <= width else line[: width - 1] + "…" for line in out]


def _text(x: float, y: float, lines: Sequence[str], classes: str, anchor: str = "middle", step: float = 15) -> str:
    first = y - step * (len(lines) - 1) / 2
    spans = "".join(f'<tspan x="{x:.1f}" y="{first + i * step:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines))
    return f'<text class="{classes}" text-anchor="{anchor}">{spans}</text>'


def _open(width: float, height: float, label: str) -> str:
    wide = " cg-wide" if width > 1500 else ""
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg class="cg-plot{wide}" {box} role="group" aria-label="{escape(label)}">'


def describe(body: Row) -> str:
    """A body of evidence in one sentence: what a cell of the map says.

    >>> describe({"name": "A for B: C", "lane": "human", "certainty": "low", "direction": "none", "studies": 1, "participants": 18})
    'A for B: C. Low certainty, no difference; 1 study, 18 participants.'
    """
    certainty = f"{CERTAINTIES[body['certainty']]} certainty" if body["certainty"] else "Not graded"
    people = f", {number(body['participants'])} participants" if body["participants"] else ""
    lane = "" if body["lane"] == "human" else f" ({LANES[body['lane']].lower()})"
    studies = f"{body['studies']} stud{'y' if body['studies'] == 1 else 'ies'}"
    return f"{body['name']}{lane}. {certainty}, {EFFECTS[body['direction']].lower()}; {studies}{people}."


def evidence_map(exposures: Sequence[str], columns: Sequence[str], bodies: Sequence[Row], by: str, base: str = "/") -> Markup:
    """Exposures down, conditions or outcomes across; a cell shows its best studied body and how many there are more."""
    cells: dict[tuple[str, str], list[Row]] = {}
    for body in bodies:
        cells.setdefault((body["exposure"], body[by]), []).append(body)
    width, height = LEFT + CELL_W * len(columns) + 8, TOP + CELL_H * len(exposures) + 8
    out = [_open(width, height, f"Evidence map: {len(exposures)} exposures by {len(columns)} {by}s")]
    out += [_text(LEFT + CELL_W * (i + 0.5), TOP - 34, _wrap(name, 15, 4), "p-label") for i, name in enumerate(columns)]
    for j, exposure in enumerate(exposures):
        out.append(f'<g class="p-row" data-name="{escape(exposure.lower())}">')
        y = TOP + CELL_H * j
        out.append(_text(LEFT - 12, y + CELL_H / 2 + 4, _wrap(exposure, 18, 3), "p-label", "end"))
        for i, name in enumerate(columns):
            out.append(_map_cell(cells.get((exposure, name), []), LEFT + CELL_W * i, y, base))
        out.append("</g>")
    return Markup("".join([*out, "</svg>"]))


def _map_cell(bodies: Sequence[Row], x: float, y: float, base: str) -> str:
    box = f'x="{x + 3:.0f}" y="{y + 3:.0f}" width="{CELL_W - 6}" height="{CELL_H - 6}" rx="5"'
    if not bodies:
        return f'<rect class="p-empty" {box}/>'
    body = bodies[0]
    shade = body["certainty"] or "ungraded"
    more = f" +{len(bodies) - 1}" if len(bodies) > 1 else ""
    words = CERTAINTIES[body["certainty"]] if body["certainty"] else "Not graded"
    said = describe(body) + (f" {len(bodies) - 1} more in this cell." if more else "")
    at = f'x="{x + CELL_W / 2:.0f}" y="{y + CELL_H - 10:.0f}" text-anchor="middle" aria-hidden="true"'
    return (
        f'<a href="{escape(base + path("body", body["key"]))}"><title>{escape(said)}</title>'
        f'<rect class="p-cell p-{shade}" {box}/>{arrow(body["direction"], x + CELL_W / 2, y + 24, radius(body["participants"]), f"p-on-{shade}")}'
        f'<text class="p-small p-on-{shade}" {at}>{words}{more}</text></a>'
    )


def effect_direction(
    studies: Sequence[Row], outcomes: Sequence[str], votes: Mapping[tuple[int, str], Row], base: str = "/", first: str | None = None
) -> Markup:
    """Rows studies, columns outcomes: direction of the effect on health, size the sample, shade the OCEBM level."""
    left, cell_w, cell_h, top = 200, 96, 70, 72
    width, height = left + cell_w * len(outcomes) + 8, top + cell_h * len(studies) + 8
    out = [_open(width, height, f"Effect-direction plot: {len(studies)} studies, {len(outcomes)} outcomes")]
    for i, outcome in enumerate(outcomes):
        strong = " p-strong" if outcome == first else ""
        out.append(_text(left + cell_w * (i + 0.5), top - 32, _wrap(outcome, 14, 4), f"p-label{strong}"))
    for j, study in enumerate(studies):
        y = top + cell_h * (j + 0.5)
        out.append(f'<line class="p-line" x1="0" x2="{width}" y1="{top + cell_h * j}" y2="{top + cell_h * j}"/>')
        facts = [f"n = {number(study['sample_size'])}"] if study["sample_size"] else []
        facts += [f"OCEBM {study['ocebm_level']}"] if study["ocebm_level"] else []
        name = _wrap(study["label"], 28, 2)
        out.append(f'<a href="{escape(base + path("study", study["key"]))}">{_text(4, y - 10, name, "p-label p-link", "start")}</a>')
        design = DESIGNS.get(study["design"], study["design"])
        out.append(f'<text class="p-small" x="4" y="{y + 14:.1f}">{escape(design)}</text>')
        out.append(f'<text class="p-small" x="4" y="{y + 28:.1f}">{" · ".join(facts)}</text>')
        for i, outcome in enumerate(outcomes):
            vote = votes.get((study["id"], outcome))
            if vote is not None:
                out.append(_vote(vote, study, outcome, left + cell_w * (i + 0.5), y))
    return Markup("".join([*out, "</svg>"]))


def _vote(vote: Row, study: Row, outcome: str, x: float, y: float) -> str:
    said = f"{study['label']}, {outcome}: {EFFECTS[vote['vote']].lower()}" + ("" if vote["counted"] else f" (not counted: {vote['note'] or 'the same work'})")
    classes = f"p-level-{study['ocebm_level'] or 'none'}" + ("" if vote["counted"] else " p-hollow")
    return f'<g role="img" aria-label="{escape(said)}"><title>{escape(said)}</title>{arrow(vote["vote"], x, y, radius(study["sample_size"]), classes)}</g>'


def interval(low: float | None, share: float | None, high: float | None) -> Markup:
    """A share with its 95 % interval on a line from 0 to 100 % whose middle is marked."""
    if low is None or share is None or high is None:
        return Markup("")
    w, pad = 120, 6
    x = [pad + v * (w - 2 * pad) for v in (low, share, high)]
    return Markup(
        f'<svg class="cg-interval" viewBox="0 0 {w} 16" width="{w}" height="16" role="img" aria-label="{share:.0%}, 95 % interval {low:.0%} to {high:.0%}">'
        f'<line class="p-line" x1="{pad}" x2="{w - pad}" y1="8" y2="8"/>'
        f'<line class="p-line" x1="{w / 2}" x2="{w / 2}" y1="2" y2="14"/>'
        f'<line class="p-bar" x1="{x[0]:.1f}" x2="{x[2]:.1f}" y1="8" y2="8"/><circle class="p-dot" cx="{x[1]:.1f}" cy="8" r="4"/></svg>'
    )


def legend_marks() -> list[tuple[str, Markup]]:
    """Each mark of the plots with what it says."""
    out = []
    for effect, words in EFFECTS.items():
        out.append(
            (words, Markup(f'<svg class="cg-key" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{arrow(effect, 12, 12, 10, "p-level-2")}</svg>'))
        )
    return out
