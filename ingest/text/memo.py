"""A dictionary that works out what it does not know yet: a look-up of a known key runs no Python code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")
LIMIT: Final = 100_000
"""Keys that are kept; beyond it a memo begins anew, so that a stream of texts does not fill the memory."""


class Memo(dict[K, V]):
    """Remembers the answers of a function of one argument."""

    def __init__(self, work: Callable[[K], V]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: K) -> V:
        if len(self) >= LIMIT:
            self.clear()
        self[key] = known = self._work(key)
        return known
