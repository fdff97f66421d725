"""The named exceptions. Each message says what was wrong, where, and what to do about it."""

from __future__ import annotations


class CitegradeError(Exception):
    """Base of every error that citegrade raises on purpose; its text is for people."""


class ReadError(CitegradeError):
    """An input could not be read as an article or a library (missing, empty, binary, wrongly encoded)."""


class LexiconError(CitegradeError):
    """A word list or terms table is malformed; names the file and the line."""


class ProfileError(CitegradeError):
    """A grading profile has an unknown key or a value out of range."""


class StoreError(CitegradeError):
    """The database could not be written or read (locked, read-only, not a citegrade database)."""
