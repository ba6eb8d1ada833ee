"""What no other candidate beats: warm water, low heads, few metres to drill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CHUNK = 512


def non_dominated(costs: ArrayLike) -> NDArray[np.bool_]:
    """Rows that no other row beats in one column without losing in another.

    Parameters
    ----------
    costs : the less the better, shape (n, m); rows alike are all kept

    Returns
    -------
    shape (n,)
    """
    table = np.atleast_2d(np.asarray(costs, float))
    kept = np.ones(len(table), bool)
    for start in range(0, len(table), _CHUNK):
        part = table[start : start + _CHUNK, None, :]
        no_worse: NDArray[np.bool_] = np.all(table[None] <= part, axis=-1)
        better: NDArray[np.bool_] = np.any(table[None] < part, axis=-1)
        kept[start : start + _CHUNK] = ~(no_worse & better).any(axis=1)
    return kept


def spread_out(costs: ArrayLike, most: int, keep: Sequence[int] = ()) -> list[int]:
    """Rows that stand for all: the best of each column, then whichever is farthest from those.

    Parameters
    ----------
    costs : shape (n, m); columns are scaled to their range
    most : rows wanted
    keep : rows that are among them in any case

    Returns
    -------
    numbers of the rows, rising
    """
    table = np.atleast_2d(np.asarray(costs, float))
    if not table.size:
        return []
    span = np.ptp(table, axis=0)
    scaled = (table - table.min(axis=0)) / np.where(span > 0.0, span, 1.0)
    chosen = list(dict.fromkeys([*keep, *map(int, scaled.argmin(axis=0))]))
    while len(chosen) < min(most, len(table)):
        apart = np.linalg.norm(scaled[:, None] - scaled[chosen][None], axis=-1).min(axis=1)
        farthest = int(apart.argmax())
        if apart[farthest] == 0.0:
            break
        chosen.append(farthest)
    return sorted(chosen)
