"""Logistic regression on sparse counts, pulled towards prior weights: what the training scripts of this folder share.

Limited-memory BFGS (Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7) in numpy: deterministic, a few seconds for tens of thousands of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np

Row = tuple[Iterable[str], int, float]  # features (repeats count), label 0 or 1, weight
MEMORY: Final = 10
ROUNDS: Final = 300


def matrix(rows: Iterable[Mapping[str, float]], names: list[str]) -> np.ndarray:
    """Rows of values by feature as an array with a column a name and a last one of ones; other features are left out."""
    values = list(rows)
    place = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(values), len(names) + 1), np.float32)
    x[:, -1] = 1
    for i, row in enumerate(values):
        for name, value in row.items():
            if name in place:
                x[i, place[name]] = value
    return x


def fit(rows: list[Row], prior: Mapping[str, float], penalty: Callable[[str], float], at_least: int = 3, bias: float = -1.0) -> dict[str, float]:
    """Fit weights by feature, ``bias`` among them.

    :param prior: where the penalty pulls a weight to; 0 for features that it does not name.
    :param penalty: how strongly, by feature.
    :param at_least: rows that must show a feature for it to be learned; features of the prior always are.
    """
    counted = [Counter(features) for features, _, _ in rows]
    seen = Counter(f for c in counted for f in c)
    names = sorted(f for f, n in seen.items() if n >= at_least or f in prior)
    place = {name: i for i, name in enumerate(names)}
    cells = [(i, place[f], n) for i, c in enumerate(counted) for f, n in c.items() if f in place]
    row, column, times = np.array(cells).T
    y, w = np.array([r[1] for r in rows], float), np.array([r[2] for r in rows], float)
    start = np.array([*(prior.get(n, 0.0) for n in names), bias])
    ridge = np.array([*(penalty(n) for n in names), 0.01])

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.bincount(row, t[column] * times, len(y)) + t[-1]
        residual = w * (1 / (1 + np.exp(-z)) - y)
        gradient = np.append(np.bincount(column, residual[row] * times, len(names)), residual.sum()) + ridge * (t - start)
        return float((w * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (ridge * (t - start) ** 2).sum()), gradient

    t = _minimise(loss, start.copy())
    return {"bias": round(float(t[-1]), 3), **{n: round(float(v), 3) for n, v in zip(names, t, strict=False)}}


def _minimise(loss: Callable[[np.ndarray], tuple[float, np.ndarray]], t: np.ndarray) -> np.ndarray:
    value, gradient = loss(t)
    steps: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(ROUNDS):
        direction, shares = gradient.copy(), []
        for s, y in reversed(steps):
            share = (s @ direction) / (s @ y)
            shares.append(share)
            direction -= share * y
        if steps:
            s, y = steps[-1]
            direction *= (s @ y) / (y @ y)
        else:
            direction /= max(1.0, np.abs(gradient).sum())
        for (s, y), share in zip(steps, reversed(shares), strict=True):
            direction += s * (share - (y @ direction) / (s @ y))
        length, slope = 1.0, -(gradient @ direction)
        new, then = loss(t - length * direction)
        while new > value + 1e-4 * length * slope and length > 1e-8:
            length /= 2
            new, then = loss(t - length * direction)
        step, change = -length * direction, then - gradient
        t = t + step
        if step @ change > 1e-10:
            steps = [*steps, (step, change)][-MEMORY:]
        if abs(value - new) < 1e-5 * abs(value):
            break
        value, gradient = new, then
    return t
