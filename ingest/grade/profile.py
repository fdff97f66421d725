"""The grading profile: thresholds and switches, read from ``grading.yml``, checked, with a digest of its values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.errors import ProfileError

DEFAULT = Path(__file__).with_name("grading.yml")
MECHANICAL = Path(__file__).with_name("mechanical.yml")
SCHEMES = ("grade", "mechanical")
_SHARES = frozenset({"majority", "agree_share", "split_share", "low_risk_share", "confidence"})
_STEPS = {"step": (0, 4), "animal_steps": (0, 3)}
_STARTS = frozenset({"randomised", "observational", "uncontrolled", "not_stated", "animal", "in_vitro"})


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked profile. ``values`` is the whole tree, the defaults filled in; ``hash`` is the digest of ``values``."""

    name: str
    scheme: str
    values: Mapping[str, Any]
    hash: str

    def get(self, path: str) -> Any:
        """Give the value at a dotted path, such as ``"grade.imprecision.few"``.

        :raises ProfileError: no such key; a mistake in the program, since every key has a default.
        """
        at: Any = self.values
        try:
            for key in path.split("."):
                at = at[key]
        except (KeyError, TypeError) as e:
            raise ProfileError(f"no key {path} in the grading profile {self.name}") from e
        return at

    def on(self, domain: str) -> bool:
        """Whether a domain's switch is on, such as ``"grade.imprecision"``."""
        return bool(self.get(f"{domain}.apply"))


@cache
def load_profile(path: Path | None = None) -> Profile:
    """Read a profile; keys that the file leaves out keep their defaults.

    :param path: a YAML file; None gives the default profile.
    :raises ProfileError: no such file, no YAML, a key that does not exist, a value of the wrong kind or out of range.
    """
    default = _read(DEFAULT)
    given = default if path is None else _read(path)
    where = (path or DEFAULT).name
    values = _merge(default, given, where, "")
    for section in ("grade.imprecision", "mechanical"):
        part = _at(values, section)
        if part["few"] > part["participants"]:
            raise ProfileError(f"{where}: {section}.few is {part['few']}, above {section}.participants; few must be the smaller")
    name, scheme = values.pop("name"), values.pop("scheme")
    if scheme not in SCHEMES:
        raise ProfileError(f"{where}: scheme is {scheme!r}; it must be one of {', '.join(SCHEMES)}")
    digest = hashlib.sha256(json.dumps([scheme, values], sort_keys=True).encode()).hexdigest()[:12]
    return Profile(str(name), str(scheme), values, digest)


def _read(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as e:
        raise ProfileError(f"{path}: the grading profile cannot be read ({e})") from e
    except yaml.YAMLError as e:
        raise ProfileError(f"{path}: no YAML ({e}); start from a copy of {DEFAULT.name}") from e
    if not isinstance(tree, dict):
        raise ProfileError(f"{path}: a grading profile is a mapping of keys; start from a copy of {DEFAULT.name}")
    return tree


def _at(values: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    for key in path.split("."):
        values = values[key]
    return values


def _merge(default: Mapping[str, Any], given: Mapping[str, Any], where: str, path: str) -> dict[str, Any]:
    unknown = sorted(set(map(str, given)) - set(default))
    if unknown:
        raise ProfileError(f"{where}: unknown key {path}{unknown[0]}; known here: {', '.join(default)}")
    out: dict[str, Any] = {}
    for key, value in default.items():
        new = given.get(key, value)
        at = f"{path}{key}"
        if isinstance(value, Mapping):
            if not isinstance(new, Mapping):
                raise ProfileError(f"{where}: {at} must hold the keys {', '.join(value)}")
            out[key] = _merge(value, new, where, f"{at}.")
        else:
            out[key] = _checked(key, value, new, f"{where}: {at}")
    return out


def _checked(key: str, default: Any, new: Any, where: str) -> Any:
    if isinstance(default, bool) or isinstance(new, bool):
        if type(default) is not type(new):
            raise ProfileError(f"{where} is {new!r}; it must be {'true or false' if isinstance(default, bool) else 'a ' + type(default).__name__}")
        return new
    if isinstance(default, list):
        if not isinstance(new, list) or not all(isinstance(x, str | int | float) for x in new):
            raise ProfileError(f"{where} must be a list")
        return new
    if isinstance(default, int | float):
        if not isinstance(new, int | float):
            raise ProfileError(f"{where} is {new!r}; it must be a number")
        low, high = _range(key)
        if not low <= new <= high:
            raise ProfileError(f"{where} is {new}; it must lie between {low} and {high}")
        return float(new) if isinstance(default, float) else new
    if not isinstance(new, str):
        raise ProfileError(f"{where} is {new!r}; it must be text")
    return new


def _range(key: str) -> tuple[float, float]:
    if key in _STARTS:
        return 1, 4
    return _STEPS.get(key, (0, 1) if key in _SHARES else (0, 10**9))
