"""How far a text is "spun": its function words replaced by random short words to hide that it was copied."""

from __future__ import annotations

from itertools import repeat

_LONGEST = 12_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Short words that stand in for function words in spun pages and are rare in running prose, and the words that they replace.
_FILLERS = _words(
    "co ie i've vs th way viz nd hi eg l h s f am mr ltd etc sub c's t's i'd it'd it'll thanx que re qv non amid un sup "
    "own ago amidst inc thru ok yes ones hers mine upon c'mon a's lest edu com mrs ed she'd he'll "
)
_FUNCTION = _words(
    "a an the this that these those it its there he she they we you of in on at by with from for to into and or but if "
    "as is are was were be been has have had do does can could may might will would should who which what when where "
)
_MANY = _LONGEST
_COUNTS = {**dict.fromkeys(_FUNCTION, 1), **{w: _MANY + (w in _FUNCTION) for w in _FILLERS}}
_NORMAL = 0.04
_FULL = 0.30


def spunness(text: str) -> float:
    """Estimate from 0 (ordinary prose) to 1 (about half of the function words replaced), from the first 12,000 characters.

    >>> spunness("The patients were given the drug for a week and it worked.")
    0.0
    >>> spunness("The patients nd given sup drug ie h week qv it co. worked.") > 0.5
    True
    """
    words = text[:_LONGEST].split()
    if _FILLERS.isdisjoint(words):
        return 0.0
    # Both counts in one pass: fillers in the upper digits.
    filler, function = divmod(sum(map(_COUNTS.get, words, repeat(0))), _MANY)
    share = filler / (filler + function)
    return round(min(1.0, max(0.0, (share - _NORMAL) / (_FULL - _NORMAL))), 3)
