"""The design an abstract reports for its own study: cues in zones, decisive rules, and a small linear model.

The model is a multinomial logistic regression over the cues of ``design_abstract.toml`` (in the title, in the body, often
in the body) and over words of method that occur in several sources. ``bench/train_design.py`` learns it with the cues'
weights as prior mean, so that a design that is rare in the training sets still rests on its cues. Rules go first where
they decide: random allocation in the authors' own study, a synthesis named in the title, animals, a case report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from ingest.records import DESIGNS, Value
from ingest.text.cues import Cue, load_cues, lowered
from ingest.text.gates import Reading
from ingest.text.prose import Sentence

CUES: Final = load_cues(Path(__file__).with_name("design_abstract.toml"), DESIGNS)
CLASSES: Final = tuple(d for d in DESIGNS if d != "unspecified")
OFTEN: Final = 3
"""Hits of one cue in the body that count as "often"."""

_MODEL = Path(__file__).with_name("design_model.json")
_WORD = re.compile(r"[a-z][a-z-]*[a-z]")
_NUMBER = re.compile(r"\d+")
_PAST = re.compile(r"\b(?:was|were|had|did|showed|found|revealed|demonstrated|received|underwent|improved|decreased|increased|resulted|compared)\b")
_PRESENT = re.compile(r"\b(?:is|are|has|have|can|may|will|should|must|remains?|requires?|includes?|becomes?|do|does|play|plays|need|needs)\b")
# Work of others, or work still to be done, named just before or after a design word.
_NOT_OWN_BEFORE = re.compile(
    r"\b(?:further|future|larger|additional|need(?:s|ed)?|requir\w+|warrant\w*|necessary|justif\w+|previous(?:ly)?|earlier|recent"
    r"|ongoing|await\w*|lack of|absence of"
    r"|context of|participating in|participants in|should be|would be|confirm\w*|never|(?:no|few|several|other|most|many|these|\d+"
    r"|prior|two|three) (?:[\w-]+,? ?){0,3}|until|support\w*|previously"
    r"|compared (?:to|with)|unlike|non|not)\W*$"
    r"|\b(?:further|future|larger|warrant\w*|justif\w+|previous|lack of|context of|participating in|(?:is|are|be) needed|need for"
    r"|await\w*|confirmed? (?:in|by)|help)\b"
)
_NOT_OWN_AFTER = re.compile(
    r"\b(?:warranted|needed|required|necessary|under ?way|is planned|should be|would be|would help|in the future|in progress"
    r"|to confirm|have shown|has shown|have been|can be)\b"
)
_MOSTLY_PAST: Final = 0.7
_BEFORE, _AFTER = 60, 70


@dataclass(frozen=True, slots=True)
class Features:
    """What an abstract shows: feature -> value, and cue feature -> the span it was seen at."""

    values: Mapping[str, float]
    spans: Mapping[str, tuple[int, int]]


RCT_SIGNS: Final = ("were_randomised", "randomly_assigned", "randomised_trial", "rct_word", "double_blind", "placebo")
RCT_PENALTY: Final = 2.0
"""Taken from the score of ``rct`` where none of its signs stands in the text."""


def read_abstract_design(text: str, sentences: tuple[Sentence, ...]) -> Value[str]:
    """Read the design of the study that an abstract reports.

    :returns: always a value: the rule that decided, else the model's first choice with its strongest feature in the text.
    """
    end = title_end(text, sentences)
    found = features(text, end)
    ruled = _ruled(found.values)
    if ruled is not None:
        design, feature = ruled
        return Value(design, *found.spans[feature], f"design.{feature[2:]}")
    return _chosen(found, text, end)


def _ruled(values: Mapping[str, float]) -> tuple[str, str] | None:
    """Give the decisive rules' design and the feature that decided, or None."""

    def at(*cues: str) -> str | None:
        return next((z + cue for cue in cues for z in ("t:", "b:") if z + cue in values), None)

    if "t:meta_analysis" in values:
        return "meta_analysis", "t:meta_analysis"
    if "t:systematic_review" in values:
        return ("meta_analysis" if at("meta_analysis") and at("pooled") else "systematic_review"), "t:systematic_review"
    searched = "b:databases" in values and "b:studies_included" in values
    if "b:systematic_review" in values and searched:
        return ("meta_analysis" if at("meta_analysis") else "systematic_review"), "b:systematic_review"
    if searched or at("review_evidence"):
        return None
    if at("we_report_case") and (person := at("year_old", "one_person")) and not at("animal_counted", "animal_strain"):
        return "case_report", person
    if at("animal_words"):
        return _ruled_animal(values, at("animal_counted", "animal_methods"), bool(at("people_counted")))
    if chance := at(*RCT_SIGNS[:3]):
        return "rct", chance
    if "b:case_control_named" in values:
        return "case_control", "b:case_control_named"
    if "b:cross_sectional_exact" in values and not at("cohort_named"):
        return "cross_sectional", "b:cross_sectional_exact"
    return None


def _ruled_animal(values: Mapping[str, float], methods: str | None, people: bool) -> tuple[str, str] | None:
    if not ("t:animal_words" in values or "m:animal_words" in values or "b:animal_strain" in values):
        chance = next((z + cue for cue in RCT_SIGNS[:3] for z in ("t:", "b:") if z + cue in values), None)
        return ("rct", chance) if chance and not methods else None
    if methods and not people and values["n:past"] > _MOSTLY_PAST and "t:in_vitro" not in values and "m:in_vitro" not in values:
        return "animal", methods
    return None


def _chosen(found: Features, text: str, end_of_title: int) -> Value[str]:
    model = _model()
    names = [n for n in found.values if n in model.rows]
    weights = model.weights[[model.rows[n] for n in names]] * np.array([[found.values[n]] for n in names], dtype=np.float32)
    scores = weights.sum(axis=0) + model.bias
    if not any(z + s in found.values for s in RCT_SIGNS for z in ("t:", "b:")):
        scores[CLASSES.index("rct")] -= RCT_PENALTY
    best = int(scores.argmax())
    # The feature that sets the chosen design most apart from the others is the one to show.
    lead = weights[:, best] - weights.mean(axis=1)
    seen = [i for i, n in enumerate(names) if not n.startswith("n:")]
    if not seen:
        return Value(CLASSES[best], 0, len(text), "design.model:nothing")
    shown = names[max(seen, key=lambda i: (float(lead[i]), names[i]))]
    start, end = found.spans[shown] if shown in found.spans else _place(shown, text, end_of_title)
    return Value(CLASSES[best], start, end, f"design.model:{shown}")


def _place(feature: str, text: str, end_of_title: int) -> tuple[int, int]:
    zone, word = feature.split(":", 1)
    m = re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])").search(lowered(text), 0 if zone == "v" else end_of_title)
    return m.span() if m else (0, len(text))


@dataclass(frozen=True, slots=True)
class _Model:
    rows: Mapping[str, int]
    weights: np.ndarray[Any, np.dtype[np.float32]]
    bias: np.ndarray[Any, np.dtype[np.float32]]


@cache
def _model() -> _Model:
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    table: dict[str, list[int]] = data["features"]
    scale = float(data["scale"])
    weights = np.array(list(table.values()), dtype=np.float32) * scale
    rows = {name: i for i, name in enumerate(table) if name != "bias"}
    return _Model(rows, weights, weights[list(table).index("bias")])


def title_end(text: str, sentences: tuple[Sentence, ...]) -> int:
    """Where the title ends: a first line, else the first sentence."""
    line = text.find("\n")
    if 0 < line < 400:
        return line
    return sentences[0].end if sentences else 0


def features(text: str, end_of_title: int) -> Features:
    """Read the features of an abstract.

    Names: ``t:cue`` in the title, ``b:cue`` in the body, ``m:cue`` often in the body, ``v:word`` in the title, ``w:word`` in the body.
    """
    low = lowered(text)
    values: dict[str, float] = {}
    spans: dict[str, tuple[int, int]] = {}
    for cue, _ in CUES.candidates(Reading(text, low, 0, len(text))):
        _read_cue(cue, low, end_of_title, values, spans)
    # Words stand where they stand first; their places are looked up for the one that is shown.
    values.update(dict.fromkeys(map("v:".__add__, _WORD.findall(low, 0, end_of_title)), 1.0))
    values.update(dict.fromkeys(map("w:".__add__, _WORD.findall(low, end_of_title)), 1.0))
    body = len(text) - end_of_title
    values["n:digits"] = min(len(_NUMBER.findall(low, end_of_title)) / 10, 3.0)
    values["n:long"] = min(body / 1500, 2.0)
    # Own studies are told in the past tense, reviews in the present.
    past, present = len(_PAST.findall(low, end_of_title)), len(_PRESENT.findall(low, end_of_title))
    values["n:past"] = 2.0 * past / (past + present) if past + present else 0.5
    values["n:pasts"] = min(past / 6, 2.0)
    return Features(values, spans)


def _read_cue(cue: Cue, low: str, end_of_title: int, values: dict[str, float], spans: dict[str, tuple[int, int]]) -> None:
    if cue.scope != "body":
        m = cue.pattern.search(low, 0, end_of_title)
        if m:
            values["t:" + cue.name] = 1.0
            spans["t:" + cue.name] = m.span()
    if cue.scope == "title":
        return
    hits = 0
    for m in cue.pattern.finditer(low, end_of_title):
        if cue.own and not _own(low, m.start(), m.end()):
            continue
        hits += 1
        if hits == 1:
            values["b:" + cue.name] = 1.0
            spans["b:" + cue.name] = m.span()
        if hits == OFTEN:
            values["m:" + cue.name] = 1.0
            spans["m:" + cue.name] = spans["b:" + cue.name]
            return


def _own(low: str, start: int, end: int) -> bool:
    """Whether the words around a hit, in its sentence, leave it to be about the authors' own study."""
    left = low.rfind(". ", max(0, start - _BEFORE), start)
    right = low.find(". ", end, end + _AFTER)
    before = low[left + 1 if left >= 0 else max(0, start - _BEFORE) : start]
    after = low[end : right if right >= 0 else end + _AFTER]
    return not (_NOT_OWN_BEFORE.search(before) or _NOT_OWN_AFTER.search(after))
