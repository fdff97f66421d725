"""Whether a sentence that tells of a study tells of one that the article told of before.

Rules say what they can ("the trial" of the next sentence, "SOLAR" of the last page); this weighs their answer together with distance,
shared words and numbers, definiteness and the kind of study, as learned from labelled articles (``bench/train_mentions.py``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

NEAR: Final = (0, 1, 2, 4, 8)
"""Upper ends of the steps in which sentences and paragraphs between are told apart."""
FROM_SOMEWHERE: Final = frozenset(("actor_from_somewhere", "study_from_somewhere", "place_people"))
SHARED: Final = 4
"""More words in common than this count no more."""


def step(n: int, ends: tuple[int, ...] = NEAR) -> str:
    """Name the step that a distance lies in."""
    return next((str(e) for e in ends if n <= e), "far")


def signs(
    *,
    cues: Collection[str],
    start: str,
    ruled: str,
    place: str,
    studies: int,
    sentences: int,
    paragraphs: int,
    sized: tuple[bool, bool],
    numbers: str,
    who: str,
    names: str,
    words: int,
    most: bool,
    kinds: tuple[str, str],
    marks: str,
    plural: bool,
    density: str,
) -> Iterator[str]:
    """The features of a sentence beside a study told before.

    :param cues: of the sentence; ``start`` its first class letters.
    :param ruled: what the rules say: ``this``, ``other`` (another study), ``none``.
    :param place: ``only``, ``last``, ``first`` or ``between`` of the studies so far; ``studies`` how many there are.
    :param sentences: between the sentence and the study's last one; ``paragraphs`` likewise.
    :param sized: whether the sentence, and the study, tell how many took part; ``numbers`` how its
        numbers stand to the study's: ``same``, ``more``, ``fewer`` or ``none``; ``who`` and ``names`` whether both
        tell of the same people or animals and share a name: ``same``, ``other``, ``one`` (only one of them has any) or ``none``.
    :param words: rare words they share; ``most`` whether no other study shares more.
    :param kinds: of study in the sentence and in the study, as letters (one patient, animals, cells, reviews, guidelines).
    :param density: how thickly the article is set with studies.
    :param marks: references they point at: ``same``, ``other``, ``one`` (only one of them points) or ``none``.
    """
    near = step(paragraphs, (0, 1, 3))
    yield f"ruled:{ruled}"
    yield f"ruled:{ruled}:{place}"
    yield f"place:{place}:{min(studies, 4)}"
    yield f"sentences:{step(sentences)}:{near}"
    yield f"near:{place}:{near}"
    yield f"sized:{sized[0]:d}{sized[1]:d}:{numbers}"
    yield f"who:{who}"
    yield f"names:{names}"
    yield f"names:{names}:{not FROM_SOMEWHERE.isdisjoint(cues):d}"
    yield f"who:{who}:{numbers}:{sized[0]:d}{sized[1]:d}"
    yield f"who:{who}:{place}:{near}"
    yield f"sized:{sized[0]:d}{sized[1]:d}:{place}"
    yield f"words:{min(words, SHARED)}"
    yield f"words:{min(words, SHARED)}:{most:d}"
    yield f"kinds:{kinds[0]}:{kinds[1]}"
    yield f"marks:{marks}"
    if plural:
        yield "plural"
    few = density.split(":")[0]
    yield f"text:{few}"
    yield f"text:{few}:{place}:{sized[0]:d}{sized[1]:d}"
    yield f"start:{start[:1]}"
    yield f"start:{start[:2]}"
    for cue in sorted(cues):
        yield f"cue:{cue}"
        yield f"cue:{cue}:{near}"


class Weights:
    """Learned weights of `signs`."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = dict(weights)

    @classmethod
    def read(cls, path: Path) -> Weights:
        """Read weights as ``bench/train_mentions.py`` writes them; without them rules alone decide."""
        return cls(json.loads(path.read_text(encoding="utf-8"))["weights"] if path.exists() else {})

    def weigh(self, features: Iterator[str]) -> float:
        """Log odds that the two are one study."""
        get = self.weights.get
        return get("bias", 0.0) + sum([get(f, 0.0) for f in features])
