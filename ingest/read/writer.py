"""Builds an article's plain text piece by piece while remembering where links, headings and markers lie in it."""

from __future__ import annotations

import re

from ingest.records import Hyperlink, Marker, Span

_WHITE = re.compile(r"[ \t\r\n\f\v\u00a0]+")


class Writer:
    """Collects text with white space folded, and spans of what the source document marks up."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self._space = False
        self._breaks = 0
        self.hyperlinks: list[Hyperlink] = []
        self.markers: list[Marker] = []
        self.headings: list[Span] = []
        self.entries: list[Span] = []

    def text(self, words: str) -> None:
        """Add running text; runs of white space become one blank."""
        words = _WHITE.sub(" ", words)
        if words.startswith(" "):
            self._space = True
            words = words[1:]
        if not words:
            return
        trailing = words.endswith(" ")
        self._raw(words[:-1] if trailing else words)
        self._space = trailing

    def verbatim(self, words: str) -> None:
        """Add text as it stands, its line breaks included."""
        self._raw(words)

    def block(self, breaks: int = 1) -> None:
        """End the line; ``breaks=2`` leaves a blank line."""
        self._breaks = max(self._breaks, breaks)

    def mark(self) -> int:
        """Where the next character will stand, so that a caller can note the start of a span."""
        if self.length and self._breaks:
            return self.length + self._breaks
        return self.length + (1 if self._space and self.length else 0)

    @property
    def last(self) -> str:
        """The last character written, or an empty string at the start of a line."""
        if self._breaks or not self._pieces:
            return ""
        return " " if self._space else self._pieces[-1][-1:]

    def tail(self, n: int) -> str:
        """The last ``n`` characters written on this line."""
        if self._breaks:
            return ""
        out = ""
        for piece in reversed(self._pieces):
            out = piece + out
            if len(out) >= n:
                break
        return out[-n:]

    def _raw(self, words: str) -> None:
        if not words:
            return
        if self.length and self._breaks:
            glue = "\n" * self._breaks
        elif self._space and self.length:
            glue = " "
        else:
            glue = ""
        if glue:
            self._pieces.append(glue)
            self.length += len(glue)
        self._space = False
        self._breaks = 0
        self._pieces.append(words)
        self.length += len(words)

    def done(self) -> str:
        """The whole text."""
        return "".join(self._pieces)
