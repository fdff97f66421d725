"""Records to JSON and back without loss: what the build remembers of files that did not change."""

from __future__ import annotations

import dataclasses
import hashlib
import types
import typing
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ingest import records

_ANY = (Any, object)


def freeze(record: Any) -> Any:
    """A record as JSON values; dataclasses become lists of their fields in order."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return [freeze(getattr(record, f.name)) for f in dataclasses.fields(record)]
    if isinstance(record, tuple | list):
        return [freeze(x) for x in record]
    return record


def thaw(kind: Any, data: Any) -> Any:
    """The record that :func:`freeze` made the JSON values from.

    >>> thaw(records.Span, freeze(records.Span(1, 2)))
    Span(start=1, end=2)
    """
    return _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind) or (typing.get_origin(kind) and dataclasses.is_dataclass(typing.get_origin(kind))):
        return _dataclass_reader(kind)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            item = _reader(inner[0])
            return lambda data: tuple(item(x) for x in data)
        items = [_reader(x) for x in inner]
        return lambda data: tuple(read(x) for read, x in zip(items, data, strict=True))
    if origin in {types.UnionType, typing.Union}:
        some = _reader(next(x for x in inner if x is not type(None)))
        return lambda data: None if data is None else some(data)
    return lambda data: data


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    cls: Any = typing.get_origin(kind) or kind
    hints = typing.get_type_hints(cls, vars(records))
    readers = [_reader(Any if isinstance(hints[f.name], typing.TypeVar) else hints[f.name]) for f in dataclasses.fields(cls)]
    return lambda data: cls(*(read(x) for read, x in zip(readers, data, strict=True)))


@cache
def reader_digest() -> str:
    """A digest over everything that decides what is read out of a text: code, word lists, models. A change of any makes old readings stale."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".pyo"} and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
