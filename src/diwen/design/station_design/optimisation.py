"""The best sizes of a design within its limits: a search over the steps that can be bought.

Sizes stand on a lattice (whole boreholes, whole units, lengths as drilled). Few combinations are
all computed; more are searched from coarse to fine: points spread over the lattice (Sobol), then a
pattern search (Hooke and Jeeves, J. ACM 8, 1961) from the best of them with steps that halve, until
no neighbour, also none in which two sizes change at once, is better. A feasible design beats every
infeasible one; of two infeasible ones the nearer to the limits is better (Deb, Computer Methods in
Applied Mechanics and Engineering 186, 2000). Every candidate is computed once and kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from math import prod

import numpy as np

from diwen.design.input_checks import refuse
from diwen.design.station_design.optimisation_result import (
    Candidate,
    Constraint,
    ConstraintPrice,
    DesignVariable,
    Evaluation,
    Optimisation,
    SizePrice,
    price_text,
)
from diwen.language import Text, same
from diwen.problems import Problem

Place = tuple[int, ...]
Evaluate = Callable[[dict[str, float]], Evaluation]
Rank = Callable[[Candidate], tuple[float, float, float]]

_NOTHING = Text("there is nothing to choose", "没有可优化的变量")
_GIVE_ONE = Text("give at least one variable with two levels", "至少给出一个含两档取值的变量")
_UNORDERED = Text("levels that do not rise", "取值未按升序排列")
_SORT = Text("write them ascending, none twice", "请按升序填写，不得重复")
_NO_OBJECTIVE = Text("no such objective", "没有该优化目标")
_STARTS = 3
_SPREAD = 6  # Sobol points per variable
_WEIGHTS = (0.0, 0.5, 0.25, 0.75, 1.0)
_CHANGE = 1e-12


def optimise(
    variables: Sequence[DesignVariable],
    evaluate: Evaluate,
    constraints: Sequence[Constraint] = (),
    *,
    objective: str = "cost",
    other: str | None = None,
    most: int = 300,
    money: Text | None = None,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Optimisation:
    """The sizes with the least objective that keep every limit.

    Parameters
    ----------
    variables : what is chosen
    evaluate : sizes by key → objectives and limited results
    constraints : limits on the results
    objective : that shall be least
    other : second objective of the front; None: no front
    most : candidates that are computed, but for the neighbours of the optimum, which always are
    money : unit of the objective in words
    seed : of the spread points
    progress : called with the share of ``most`` that is done

    Raises
    ------
    diwen.problems.InputError : nothing to choose, levels that do not rise
    """
    _check(variables)
    begin = time.process_time()
    search = _Search(variables, evaluate, constraints, most, progress)
    names = [objective] if other is None or other == objective else [objective, other]
    planned = tuple(one.nearest(one.planned) for one in variables)
    if prod(len(one.levels) for one in variables) <= most:
        method = "all"
        for place in product(*(range(len(one.levels)) for one in variables)):
            search.at(place)
    else:
        method = "search"
        _seek(search, planned, names, seed)
    search.at(planned)
    rank = _by(names)
    best, around = _settled(search, rank)
    complete = not search.full
    chosen = search.found[best]
    unit = money or same("1")
    if names[0] not in chosen.evaluation.objectives and chosen.evaluation.refused is None:
        refuse([Problem("optimise", "objective", _NO_OBJECTIVE, _GIVE_ONE, objective)])
    return Optimisation(
        objective, tuple(variables), tuple(constraints), chosen, search.found[planned],
        _front(search.found.values(), names), tuple(search.found.values()),
        _size_prices(variables, search, best, objective),
        _active(constraints, chosen, around, objective, unit), method, complete,  # type: ignore[arg-type]
        unit, time.process_time() - begin,
    )  # fmt: skip


class _Search:
    """Candidates by their place on the lattice, each computed once."""

    def __init__(
        self, variables: Sequence[DesignVariable], evaluate: Evaluate,
        constraints: Sequence[Constraint], most: int, progress: Callable[[float], None] | None,
    ) -> None:  # fmt: skip
        self.variables = variables
        self.found: dict[Place, Candidate] = {}
        self.full = False
        self._evaluate, self._constraints = evaluate, constraints
        self._most, self._progress = most, progress

    def at(self, place: Place) -> Candidate:
        """The candidate at a place, whatever it takes."""
        if place not in self.found:
            values = {one.key: one.levels[at]
                      for one, at in zip(self.variables, place, strict=True)}  # fmt: skip
            evaluation = self._evaluate(values)
            violation = _violation(self._constraints, evaluation)
            self.found[place] = Candidate(values, evaluation, violation)
            if self._progress is not None:
                self._progress(min(len(self.found) / self._most, 1.0))
        return self.found[place]

    def may(self, place: Place) -> Candidate | None:
        """The candidate at a place; None where it is new and no more may be computed."""
        if place not in self.found and len(self.found) >= self._most:
            self.full = True
            return None
        return self.at(place)

    def inside(self, place: Sequence[int]) -> Place:
        """The place moved onto the lattice."""
        return tuple(
            min(max(at, 0), len(one.levels) - 1)
            for at, one in zip(place, self.variables, strict=True)
        )

    def neighbours(self, place: Place, strides: Sequence[int], pairs: bool) -> Iterator[Place]:
        """Places one stride away along each variable; with ``pairs`` along two at once."""
        count = len(place)
        moves = [{axis: sign} for axis in range(count) for sign in (-1, 1)]
        if pairs:
            for one, two in combinations(range(count), 2):
                moves += [{one: s, two: t} for s in (-1, 1) for t in (-1, 1)]
        seen = {place}
        for move in moves:
            moved = [at + move.get(axis, 0) * strides[axis] for axis, at in enumerate(place)]
            near = self.inside(moved)
            if near not in seen:
                seen.add(near)
                yield near

    def around(self, place: Place) -> tuple[Candidate, ...]:
        """All neighbours one step away along each variable, computed."""
        near = self.neighbours(place, [1] * len(place), pairs=False)
        return tuple(self.at(one) for one in near)

    def descend(self, start: Place, rank: Rank) -> Place:
        """From coarse to fine to a place that no neighbour beats."""
        strides = [max(1, len(one.levels) // 4) for one in self.variables]
        place = start
        while True:
            fine = max(strides) == 1
            better = self._best_near(place, strides, fine, rank)
            if better is not None:
                place = better
            elif fine:
                return place
            else:
                strides = [max(1, one // 2) for one in strides]

    def _best_near(
        self, place: Place, strides: Sequence[int], pairs: bool, rank: Rank
    ) -> Place | None:
        best, level = None, rank(self.at(place))
        for near in self.neighbours(place, strides, pairs):
            candidate = self.may(near)
            if candidate is not None and rank(candidate) < level:
                best, level = near, rank(candidate)
        return best


def _settled(search: _Search, rank: Rank) -> tuple[Place, tuple[Candidate, ...]]:
    """The best candidate and its neighbours, none of which is better."""
    while True:
        best = min(search.found, key=lambda place: rank(search.found[place]))
        around = search.around(best)
        if all(rank(near) >= rank(search.found[best]) for near in around):
            return best, around


def _seek(search: _Search, planned: Place, names: Sequence[str], seed: int) -> None:
    """Spread points, then downhill from the best of them, for each objective and mixtures."""
    from scipy.stats import qmc

    sizes = [len(one.levels) for one in search.variables]
    corners = [planned, tuple(0 for _ in sizes), tuple(one - 1 for one in sizes)]
    power = max(2, int(np.ceil(np.log2(_SPREAD * len(sizes)))))
    spread = qmc.Sobol(len(sizes), seed=seed).random_base2(power)
    corners += [tuple(int(u * n) for u, n in zip(row, sizes, strict=True)) for row in spread]
    for place in corners:
        search.may(place)
    search.at(planned)
    rank = _by(names)
    starts = sorted(search.found, key=lambda place: rank(search.found[place]))[:_STARTS]
    ends = [search.descend(start, rank) for start in starts]
    if len(names) < 2:
        return
    best = min(ends, key=lambda place: rank(search.found[place]))
    for weight in _WEIGHTS:
        mixed = _mixed(names, weight, search.found[best])
        start = min(search.found, key=lambda place: mixed(search.found[place]))
        search.descend(start, mixed)


def _by(names: Sequence[str]) -> Rank:
    """The first objective; the second one decides between equals."""
    return lambda one: (one.violation, one.of(names[0]), one.of(names[-1]))


def _mixed(names: Sequence[str], weight: float, scale: Candidate) -> Rank:
    """Both objectives over those of one candidate, weighted; their sum decides between equals."""
    sizes = [max(abs(scale.of(name)), 1e-30) for name in names]
    shares = (weight, 1.0 - weight)

    def rank(one: Candidate) -> tuple[float, float, float]:
        parts = [one.of(name) / size for name, size in zip(names, sizes, strict=True)]
        mixed = sum(s * part for s, part in zip(shares, parts, strict=True) if s)
        return one.violation, mixed, sum(parts)

    return rank


def _violation(constraints: Sequence[Constraint], evaluation: Evaluation) -> float:
    if evaluation.refused is not None:
        return float("inf")
    margins = [(one.margin(evaluation.results.get(one.key, np.nan)), one.scale)
               for one in constraints]  # fmt: skip
    return float(sum(-margin / scale for margin, scale in margins if margin < -_CHANGE))


def _front(candidates: object, names: Sequence[str]) -> tuple[Candidate, ...]:
    """Feasible candidates that no other beats, by the first objective."""
    if len(names) < 2:
        return ()
    fit = [one for one in candidates if one.feasible]  # type: ignore[attr-defined]
    fit.sort(key=lambda one: (one.of(names[0]), one.of(names[1])))
    found: list[Candidate] = []
    for one in fit:
        if not found or one.of(names[1]) < found[-1].of(names[1]) * (1.0 - _CHANGE):
            found.append(one)
    return tuple(found)


def _size_prices(
    variables: Sequence[DesignVariable], search: _Search, best: Place, objective: str
) -> tuple[SizePrice, ...]:
    found = []
    for axis, one in enumerate(variables):
        slopes = []
        for sign in (-1, 1):
            near = search.inside([at + sign * (axis == k) for k, at in enumerate(best)])
            if near == best:
                continue
            step = one.levels[near[axis]] - one.levels[best[axis]]
            change = search.at(near).of(objective) - search.found[best].of(objective)
            if np.isfinite(change):
                slopes.append(change / step)
        if slopes:
            found.append(SizePrice(one.key, one.label, one.unit, float(np.mean(slopes))))
    return tuple(found)


def _active(
    constraints: Sequence[Constraint], best: Candidate, around: Sequence[Candidate],
    objective: str, money: Text,
) -> tuple[ConstraintPrice, ...]:  # fmt: skip
    """Limits that a neighbour with a better objective passes."""
    if not best.feasible:
        return ()
    found = []
    for one in constraints:
        value = best.evaluation.results.get(one.key, np.nan)
        eased = _eased(one, best, around, objective)
        if eased is None:
            continue
        stricter = _stricter(one, best, around, objective)
        text = price_text(one, value, eased, stricter, money)
        found.append(ConstraintPrice(one, value, eased, stricter, text))
    return tuple(found)


def _eased(
    constraint: Constraint, best: Candidate, around: Sequence[Candidate], objective: str
) -> float | None:
    """Saved per unit by which a limit is passed, the most of all neighbours."""
    gains = []
    for near in around:
        over = -constraint.margin(near.evaluation.results.get(constraint.key, np.nan))
        gain = best.of(objective) - near.of(objective)
        if over > 0.0 and gain > 0.0:
            gains.append(gain / over)
    return max(gains, default=None)


def _stricter(
    constraint: Constraint, best: Candidate, around: Sequence[Candidate], objective: str
) -> float | None:
    """Paid per unit of margin more, the least of all feasible neighbours."""
    here = constraint.margin(best.evaluation.results[constraint.key])
    costs = []
    for near in around:
        more = constraint.margin(near.evaluation.results.get(constraint.key, np.nan)) - here
        if near.feasible and more > _CHANGE:
            costs.append((near.of(objective) - best.of(objective)) / more)
    return min(costs, default=None)


def _check(variables: Sequence[DesignVariable]) -> None:
    problems = []
    if not any(len(one.levels) > 1 for one in variables):
        problems.append(Problem("optimise", "variables", _NOTHING, _GIVE_ONE))
    for one in variables:
        if not one.levels or np.any(np.diff(one.levels) <= 0.0):
            problems.append(Problem("optimise", one.key, _UNORDERED, _SORT, str(one.levels)))
    refuse(problems)
