"""Which boreholes share the heat alike: groups that are exact, and patterns that are not quite."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.boreholes import Boreholes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Patterns:
    """Columns in which the boreholes of a field share the heat.

    Rows are representatives: boreholes of which each stands for ``weight`` others (itself
    included) that its field's mirror images make alike.

    Attributes
    ----------
    columns : Φ, shape (n', m); every column lives on boreholes of one kind
    kind : kind of each column, shape (m,)
    weight : how many boreholes each representative stands for, shape (n',)
    which : representative of every borehole of the field, shape (n,)
    exact : whether no load of the field can leave the span of the columns, by symmetry
    """

    columns: Floats
    kind: Indices
    weight: Floats
    which: Indices
    exact: bool


def kinds_of(boreholes: Boreholes) -> tuple[Indices, Indices]:
    """Boreholes of one length, buried depth and radius are of one kind.

    Returns
    -------
    representative : index of one borehole of each kind, shape (nkinds,)
    kind : kind of every borehole, shape (n,)
    """
    rows = np.stack([boreholes.length, boreholes.buried_depth, boreholes.radius], axis=1)
    _, first, kind = np.unique(rows.round(9), axis=0, return_index=True, return_inverse=True)
    return first.astype(np.intp), kind.reshape(-1).astype(np.intp)


def merged_kinds(boreholes: Boreholes, share: float) -> tuple[Boreholes, float]:
    """The field with boreholes of nearly one length, buried depth and radius made of one kind.

    Parameters
    ----------
    boreholes : the field
    share : width of a class of lengths and radii, as a share of them

    Returns
    -------
    merged : every borehole with its class's means, so that the total length stays
    spread : largest distance of a borehole from its class's mean, as a share of the length (or,
        for a radius, as a tenth of its own share, which is its weight in a response)
    """
    steps = np.stack(
        [
            np.log(boreholes.length) / share,
            boreholes.buried_depth / (2.0 * share * boreholes.length),
            np.log(boreholes.radius) / share,
        ],
        axis=1,
    )
    label = np.unique(np.floor(steps), axis=0, return_inverse=True)[1].reshape(-1)
    count = np.bincount(label)

    def mean(values: Floats) -> Floats:
        return (np.bincount(label, values) / count)[label]

    length, buried = mean(boreholes.length), mean(boreholes.buried_depth)
    radius = np.exp(mean(np.log(boreholes.radius)))
    away = np.abs(boreholes.length - length) + np.abs(boreholes.buried_depth - buried)
    spread = (away / length + 0.1 * np.abs(np.log(boreholes.radius / radius))).max()
    merged = replace(boreholes, length=length, buried_depth=buried, radius=radius)
    return merged, float(spread)


def alike_by_symmetry(boreholes: Boreholes, label: Indices) -> Indices:
    """Groups of boreholes that no load shared by all of them can tell apart.

    Two boreholes are alike when they see the same boreholes of every group at the same distances
    (the coarsest equitable partition of the distances, which contains the orbits under all turns
    and reflections of the field). Found by colour refinement: sums of two smooth functions of the
    distance, weighted by a random number per group, until the number of groups stays.

    Parameters
    ----------
    label : what tells boreholes apart at the outset (kind, zone), shape (n,)

    Returns
    -------
    group : shape (n,), numbered from 0
    """
    x, y = boreholes.x - boreholes.x.mean(), boreholes.y - boreholes.y.mean()
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    width = max(float(distance.max()), 1e-9)
    smooth = [1.0 / (0.05 + distance / width), np.cos(9.0 * distance / width)]
    random = np.random.default_rng(20261121)
    group = np.unique(label, return_inverse=True)[1].reshape(-1).astype(np.intp)
    count = int(group.max()) + 1
    while True:
        weight = random.uniform(0.5, 1.5, len(x))[group]
        seen = np.stack([group.astype(float)] + [(f @ weight) / len(x) for f in smooth], axis=1)
        _, group = np.unique(seen.round(9), axis=0, return_inverse=True)
        group = group.reshape(-1).astype(np.intp)
        if group.max() + 1 == count:
            return group
        count = int(group.max()) + 1


def indicator(group: Indices) -> Floats:
    """Columns of ones and zeros, one per group numbered from 0, shape (n, groups)."""
    return (group[:, None] == np.arange(group.max() + 1)).astype(float)
