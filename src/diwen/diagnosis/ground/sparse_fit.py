"""Several parameters at once, each as designed or deviating: every combination is a hypothesis.

A parameter that is as designed is spread a little (*tolerance*), one that deviates widely
(*spread*); nuisances (offsets, scales) are spread by what instruments allow. For each combination
the most probable values and the marginal likelihood follow by Gauss-Newton steps and Laplace's
approximation (MacKay 2003, Information Theory, Inference and Learning Algorithms, ch. 27-28); what
is said of a parameter is the sum over all combinations (spike and slab: Mitchell & Beauchamp 1988,
J. Am. Stat. Assoc. 83). The data enter by their normal equations only, so that the cost does not
depend on how many hours there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEP = 1e-4
_PASSES = 12
_ENOUGH = 1e-5


@dataclass(frozen=True)
class Unknown:
    """One number that is fitted.

    Attributes
    ----------
    name : of it
    tolerance : standard deviation while it is as designed (a nuisance: always)
    spread : standard deviation when it deviates; None: a nuisance, that never does
    prior : probability that it deviates
    low, high : beyond which the model says nothing
    """

    name: str
    tolerance: float
    spread: float | None = None
    prior: float = 0.1
    low: float = -np.inf
    high: float = np.inf


class NormalEquations(NamedTuple):
    """What hourly data say about coefficients of columns, whitened.

    Attributes
    ----------
    matrix : of the columns, shape (m, m)
    vector : columns times data, shape (m,)
    square : of the data
    rows : how many hours there were
    """

    matrix: Floats
    vector: Floats
    square: float
    rows: int


def normal_equations(rows: Floats) -> NormalEquations:
    """Of whitened rows, the data in the last column, shape (n, m + 1)."""
    gram = rows.T @ rows
    return NormalEquations(gram[:-1, :-1], gram[:-1, -1], float(gram[-1, -1]), len(rows))


@dataclass(frozen=True, eq=False)
class Mode:
    """One combination of deviating parameters.

    Attributes
    ----------
    deviating : names
    weight : probability of the combination
    value : of all unknowns, shape (p,)
    covariance : shape (p, p)
    """

    deviating: frozenset[str]
    weight: float
    value: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class SparseFit:
    """What all combinations say together.

    Attributes
    ----------
    unknowns : that were fitted
    modes : combinations, the most probable first
    """

    unknowns: tuple[Unknown, ...]
    modes: tuple[Mode, ...]

    def place(self, name: str) -> int:
        """Of an unknown."""
        return [one.name for one in self.unknowns].index(name)

    def probability(self, name: str) -> float:
        """That a parameter deviates, under the priors of the fit."""
        return sum(mode.weight for mode in self.modes if name in mode.deviating)

    def log_ratio(self, name: str, cap: float, without: Collection[str] = ()) -> float:
        """Logarithm of the Bayes factor that it deviates, capped; the others are marginalised.

        Parameters
        ----------
        without : rivals that are left out of both sides: what cannot be told from this one
        """
        own = sum(one.weight for one in self.modes
                  if name in one.deviating and one.deviating.isdisjoint(without))  # fmt: skip
        none = sum(one.weight for one in self.modes
                   if name not in one.deviating and one.deviating.isdisjoint(without))  # fmt: skip
        prior = self.unknowns[self.place(name)].prior
        ratio = np.log(max(own, 1e-300) / max(none, 1e-300)) - np.log(prior / (1.0 - prior))
        return float(min(max(ratio, -cap), cap))

    def moments(self, name: str) -> tuple[float, float]:
        """Mean and standard deviation of a parameter given that it deviates."""
        place = self.place(name)
        own = [mode for mode in self.modes if name in mode.deviating]
        weight = np.array([mode.weight for mode in own]) + 1e-300
        weight /= weight.sum()
        mean = np.array([mode.value[place] for mode in own])
        variance = np.array([mode.covariance[place, place] for mode in own])
        centre = float(weight @ mean)
        return centre, float(np.sqrt(max(float(weight @ (variance + (mean - centre) ** 2)), 0.0)))

    def instead(self, name: str, least: float) -> tuple[str, ...]:
        """Deviations that explain the data without this one, at least as probable as told."""
        without = [mode for mode in self.modes if name not in mode.deviating]
        share: dict[str, float] = {}
        for mode in without:
            for other in mode.deviating:
                share[other] = share.get(other, 0.0) + mode.weight
        ranked = sorted(share, key=lambda other: -share[other])
        return tuple(other for other in ranked if share[other] >= least)

    @property
    def best(self) -> Mode:
        """The most probable combination."""
        return self.modes[0]


def sparse_fit(
    data: NormalEquations,
    unknowns: Sequence[Unknown],
    coefficients: Callable[[Floats], Floats],
    likely: Mapping[frozenset[str], float] | None = None,
) -> SparseFit:
    """Compare every combination of deviating parameters.

    Parameters
    ----------
    data : normal equations of the columns
    unknowns : parameters and nuisances
    coefficients : of the columns out of the unknowns, (p,) → (m,)
    likely : prior logarithm that is added to certain combinations
    """
    free = [one.name for one in unknowns if one.spread is not None]
    found: list[tuple[frozenset[str], float, Floats, Floats]] = []
    start: dict[frozenset[str], Floats] = {}
    for chosen in sorted(product((False, True), repeat=len(free)), key=sum):
        deviating = frozenset(name for name, yes in zip(free, chosen, strict=True) if yes)
        near = _nearest(deviating, start, len(unknowns))
        scale = np.array([one.spread if one.name in deviating and one.spread else one.tolerance
                          for one in unknowns])  # fmt: skip
        value, covariance, evidence = _laplace(data, unknowns, scale, coefficients, near)
        start[deviating] = value
        prior = sum(np.log(one.prior if one.name in deviating else 1.0 - one.prior)
                    for one in unknowns if one.spread is not None)  # fmt: skip
        more = (likely or {}).get(deviating, 0.0)
        found.append((deviating, evidence + prior + more, value, covariance))
    top: float = max(one[1] for one in found)
    total = sum(np.exp(one[1] - top) for one in found)
    modes = [Mode(names, float(np.exp(log - top) / total), value, covariance)
             for names, log, value, covariance in found]  # fmt: skip
    return SparseFit(tuple(unknowns), tuple(sorted(modes, key=lambda mode: -mode.weight)))


def _nearest(
    deviating: frozenset[str], start: Mapping[frozenset[str], Floats], count: int
) -> Floats:
    """Where to begin: at the answer of a combination with one deviation less."""
    for name in sorted(deviating):
        if deviating - {name} in start:
            return start[deviating - {name}]
    return np.zeros(count)


def _laplace(
    data: NormalEquations,
    unknowns: Sequence[Unknown],
    scale: Floats,
    coefficients: Callable[[Floats], Floats],
    start: Floats,
) -> tuple[Floats, Floats, float]:
    """Most probable values, their covariance and the logarithm of the marginal likelihood."""
    low = np.array([one.low for one in unknowns])
    high = np.array([one.high for one in unknowns])
    precision = 1.0 / scale**2
    value, cost = start, np.inf

    def of(at: Floats) -> tuple[float, Floats]:
        c = coefficients(at)
        square = data.square - 2.0 * c @ data.vector + c @ data.matrix @ c
        return 0.5 * float(square + precision @ at**2), c

    cost, c = of(value)
    for _ in range(_PASSES):
        slope = _slope(coefficients, value, c)
        hessian = slope.T @ data.matrix @ slope + np.diag(precision)
        gradient = slope.T @ (data.matrix @ c - data.vector) + precision * value
        step = _inside(hessian, gradient, value, low, high)
        share = 1.0
        while share > 1e-3:
            tried = np.clip(value + share * step, low, high)
            better, at = of(tried)
            if better <= cost:
                break
            share *= 0.5
        if share <= 1e-3:
            break
        gain, value, cost, c = cost - better, tried, better, at
        if gain < _ENOUGH:
            break
    slope = _slope(coefficients, value, c)
    hessian = slope.T @ data.matrix @ slope + np.diag(precision)
    sign, logarithm = np.linalg.slogdet(hessian)
    assert sign > 0
    evidence = -cost - 0.5 * logarithm + 0.5 * float(np.log(precision).sum())
    return value, np.asarray(np.linalg.inv(hessian), float), float(evidence)


def _inside(hessian: Floats, gradient: Floats, value: Floats, low: Floats, high: Floats) -> Floats:
    """Newton's step with what stands at a bound, and would leave it, held there.

    Projected Newton method (Bertsekas 1982, SIAM J. Control Optim. 20): a step that is clipped
    afterwards would leave the others where they are wrong.
    """
    held = np.zeros(len(value), bool)
    for _ in range(len(value)):
        free = ~held
        step = np.zeros(len(value))
        step[free] = -np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
        out = ((value <= low) & (step < 0.0)) | ((value >= high) & (step > 0.0))
        if not out.any():
            break
        held |= out
    return step


def _slope(coefficients: Callable[[Floats], Floats], at: Floats, here: Floats) -> Floats:
    """Derivatives of the coefficients, shape (m, p)."""
    columns = []
    for place in range(len(at)):
        moved = at.copy()
        moved[place] += _STEP
        columns.append((coefficients(moved) - here) / _STEP)
    return np.stack(columns, axis=1)
