"""The modes of a circulation well from its cells: rational Krylov vectors, checked and grown.

The vectors are the answers of the cells to returned water, ``(s C - K - Q A)⁻¹ b``, and of the
water taken to heat anywhere (the adjoint, ``(s C - K - Q A)⁻ᵀ v``), at real frequencies s from one
step to beyond the horizon; the projection then meets value and slope of the transfer function at
each of them (rational interpolation; E. J. Grimme, "Krylov projection methods for model
reduction", thesis, University of Illinois, 1997). Orthonormal after scaling, used on both sides,
they keep stability; see :mod:`.reduced_well`. Carried heat is a matter of the ratio of frequency
and flow, so that vectors at the full flow serve lower ones too.

What follows at rest joins them: fields made by the flow, left to conduction, ``(s C - K)⁻¹ C T``;
without these a summer of rest costs a tenth of a kelvin.

How good they are is measured on the cells: over a course with a season, cycling, levels, rest and
heat return, and at frequencies between those of the vectors. Too large an error grows the basis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import SuperLU, splu

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.heat_operator import HeatOperator
from diwen.sources.circulation_well.reduced_well import ReducedWell, ReductionError
from diwen.sources.response.time_units import HOUR, YEAR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

TOLERANCE_KELVIN = 0.02
TOLERANCE_RELATIVE = 0.005

_LOW_FLOW = 0.2  # of the full one, where the course has no lower one
_BEYOND = 1.2  # of the horizon
_DEPENDENT = 1e-9
_CHECK_DROP = 5.0  # K between pumped and returned water at full load
_BETWEEN = 12  # frequencies of the spectral check


class _Stage(NamedTuple):
    """How many frequencies at full flow, at low flow and at rest, and how many states that rest."""

    full: int
    low: int
    rest: int
    resting: int


_STAGES = (_Stage(12, 0, 6, 2), _Stage(14, 0, 8, 4), _Stage(18, 8, 10, 3))

_NO_FLOW = Text("no flow above zero", "没有大于零的流量")


@dataclass(frozen=True, eq=False)
class CheckCourse:
    """A course on which the modes are held against the cells.

    Attributes
    ----------
    load : W, shape (nt,)
    flow : m³/s, shape (nt,)
    step : s
    """

    load: Floats
    flow: Floats
    step: float = HOUR


def check_course(operator: HeatOperator, flows: ArrayLike) -> CheckCourse:
    """5200 hours of all that a well may see: steady heating with a daily swing, twelve hours on and
    off, changing levels, rest, heat return. Full load takes 5 K from the water.

    Parameters
    ----------
    operator : for the heat capacity of the water
    flows : levels of the pump, m³/s
    """
    levels = np.unique(np.asarray(flows, float))
    levels = levels[levels > 0.0]
    full = float(levels[-1])
    hours = np.arange(5200)
    moved = np.full(5200, full)
    moved[1600:2400] = np.where((hours[:800] // 12) % 2 == 0, full, 0.0)
    used = levels if len(levels) > 1 else full * np.array([0.4, 1.0, 0.7])
    moved[2400:3000] = used[(hours[:600] // 10 + hours[:600] // 37) % len(used)]
    moved[3000:4200] = 0.0
    shape = 0.75 + 0.2 * np.cos(2.0 * np.pi * hours / 24.0)
    shape[4200:] *= -0.8
    return CheckCourse(_CHECK_DROP * operator.water_heat_capacity * moved * shape, moved)


def reduce_well(
    operator: HeatOperator,
    flows: ArrayLike,
    *,
    natural_temperature: ArrayLike = 0.0,
    horizon: float = 25.0 * YEAR,
    tolerance: float = TOLERANCE_KELVIN,
    relative_tolerance: float = TOLERANCE_RELATIVE,
    check: CheckCourse | None = None,
    checked: bool = True,
) -> ReducedWell:
    """Modes of a well, as many as hold the tolerance over the check course.

    The result says how far it is from the full model (``error``), whether or not the largest
    basis tried reaches the tolerance.

    Parameters
    ----------
    operator : heat balance of the cells
    flows : of the pump, m³/s, scalar or all its levels; the modes hold for others too
    natural_temperature : of the ground without a well, °C, scalar or one per row, shape (nz,)
    horizon : longest time that matters, s
    tolerance, relative_tolerance : largest error of the pumped water wanted: K, or relative to its
        largest change in the check course; the wider of the two holds
    check : course to check on; :func:`check_course` if not given
    checked : False takes the first basis unmeasured, at a tenth of the time

    Raises
    ------
    diwen.problems.InputError : no flow above zero, a horizon that is none
    """
    levels = np.unique(np.atleast_1d(np.asarray(flows, float)))
    problems = list(_problems(levels, horizon))
    if problems:
        raise InputError(problems)
    cells = _Cells.of(operator, natural_temperature)
    course = (check or check_course(operator, levels)) if checked else None
    step = HOUR if course is None else course.step
    judge = None if course is None else _Judge(cells, course, levels, horizon)
    best: ReducedWell | None = None
    for stage in _STAGES:
        found = _projected(cells, _vectors(cells, levels, stage, step, horizon), levels)
        if judge is None:
            return found
        found = found.with_error(judge.error(found))
        if best is None or _worse(best, found):
            best = found
        if _good(found, tolerance, relative_tolerance):
            return found
    assert best is not None
    return best


def _problems(levels: Floats, horizon: float) -> Iterator[Problem]:
    if not (np.isfinite(levels).all() and levels.max(initial=0.0) > 0.0):
        yield Problem("reduce_well", "flows", _NO_FLOW, CORRECT, "", MORE_THAN_ZERO)
    if not horizon > HOUR:
        yield Problem("reduce_well", "horizon", NOT_POSITIVE, CORRECT, f"{horizon:g} s")


def _good(found: ReducedWell, tolerance: float, relative: float) -> bool:
    error = found.error
    assert error is not None
    return error.largest <= max(tolerance, relative * error.drop) and error.spectral <= relative


def _worse(one: ReducedWell, other: ReducedWell) -> bool:
    assert one.error is not None
    assert other.error is not None
    return one.error.largest > other.error.largest


@dataclass(frozen=True, eq=False)
class _Cells:
    """The full model with its natural state."""

    operator: HeatOperator
    rows: Floats
    above: Floats  # natural temperature over the reference, K, shape (n,)
    reference: float
    drift: Floats

    @classmethod
    def of(cls, operator: HeatOperator, natural: ArrayLike) -> _Cells:
        """With a natural temperature in °C, scalar or (nz,)."""
        rows = np.array(np.broadcast_to(np.asarray(natural, float), (operator.grid.rows,)))
        cells = np.repeat(rows, operator.grid.columns)
        reference = float(operator.extraction @ cells)
        above = cells - reference
        if np.ptp(rows) == 0.0:
            above = np.zeros_like(above)
        drift = operator.advection @ above + operator.outer_inflow * above
        return cls(operator, rows, above, reference, drift)

    def at(self, frequency: float, flow: float) -> SuperLU:
        """Factors of ``s C - K - Q A``."""
        return splu(
            csc_array(
                diags_array(frequency * self.operator.capacity) - self.operator.matrix(flow)
            ),
            permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True},
        )  # fmt: skip


def _vectors(cells: _Cells, levels: Floats, stage: _Stage, step: float, horizon: float) -> Floats:
    """Orthonormal vectors of the scaled cells, shape (n, m)."""
    operator = cells.operator
    full = float(levels[-1])
    positive = levels[levels > 0.0]
    low = float(positive[0]) if positive[0] < full else _LOW_FLOW * full
    sources = [operator.injection]
    if cells.drift.any():
        sources.append(cells.drift)
    found = [np.ones(operator.cells)]
    moved: list[Floats] = []
    for flow, count in ((full, stage.full), (low, stage.low)):
        for frequency in _frequencies(step, horizon, count):
            factors = cells.at(frequency, flow)
            answers = [factors.solve(source) for source in sources]
            found += [*answers, factors.solve(operator.extraction, "T")]
            moved += answers if flow == full else []
    found += _at_rest(cells, moved, stage, step, horizon)
    return _orthonormal(np.sqrt(operator.capacity)[:, None] * np.column_stack(found))


def _at_rest(
    cells: _Cells, moved: list[Floats], stage: _Stage, step: float, horizon: float
) -> list[Floats]:
    """What becomes of fields that the flow has made once the pump rests, and what is felt then."""
    if not stage.rest:
        return []
    picked = np.linspace(0, len(moved) - 1, stage.resting).round().astype(int)
    found = []
    for frequency in _frequencies(step, horizon, stage.rest):
        factors = cells.at(frequency, 0.0)
        found.append(factors.solve(cells.operator.extraction, "T"))
        found += [factors.solve(cells.operator.capacity * moved[i]) for i in picked]
    return found


def _frequencies(step: float, horizon: float, count: int) -> list[float]:
    """Even in logarithm, from one step to beyond the horizon, 1/s."""
    return [1.0 / time for time in np.geomspace(step, _BEYOND * horizon, count)] if count else []


def _orthonormal(vectors: Floats) -> Floats:
    """The first one kept exactly; the others as far as they are independent."""
    lengths = np.linalg.norm(vectors, axis=0)
    # where all water is bled, what is returned answers with nothing
    scaled = vectors[:, lengths > 0.0] / lengths[lengths > 0.0]
    first = scaled[:, :1]
    rest = scaled[:, 1:]
    rest = rest - first @ (first.T @ rest)
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    kept = left[:, sizes > _DEPENDENT * sizes[0]]
    kept -= first @ (first.T @ kept)
    return np.linalg.qr(np.column_stack([first, kept]))[0]


def _projected(cells: _Cells, vectors: Floats, levels: Floats) -> ReducedWell:
    operator = cells.operator
    basis = vectors / np.sqrt(operator.capacity)[:, None]
    inflow = (operator.outer_inflow - operator.outer_outflow) @ cells.above
    return ReducedWell(
        basis.T @ (operator.conduction @ basis), basis.T @ (operator.advection @ basis),
        basis.T @ operator.injection, basis.T @ operator.extraction, basis.T @ cells.drift,
        basis.T @ operator.capacity, basis.T @ operator.outer_conduction,
        basis.T @ operator.outer_outflow, float(inflow), basis, operator.capacity,
        cells.rows, cells.reference, operator.short_circuit, operator.bleed,
        operator.water_heat_capacity, operator.grid, float(levels[-1]),
    )  # fmt: skip


class _Judge:
    """Holds modes against the cells, whose part is computed once."""

    def __init__(self, cells: _Cells, course: CheckCourse, levels: Floats, horizon: float) -> None:
        self._course = course
        self._exact = simulate_finite_volume(
            cells.operator, course.flow, load=course.load, step=course.step,
            natural_temperature=cells.rows,
        ).pumped  # fmt: skip
        self._drop = float(np.abs(self._exact - cells.reference).max())
        self._flow = float(levels[-1])
        edges = np.geomspace(course.step, horizon, _BETWEEN + 1)
        self._frequencies = 1.0 / np.sqrt(edges[1:] * edges[:-1])
        operator = cells.operator
        self._transfer = np.array([
            operator.extraction @ cells.at(s, self._flow).solve(self._flow * operator.injection)
            for s in self._frequencies
        ])  # fmt: skip

    def error(self, found: ReducedWell) -> ReductionError:
        """Over the course, and between the frequencies of the basis."""
        course = self._course
        off = np.abs(found.simulate(course.load, course.flow, course.step).pumped - self._exact)
        one = np.eye(found.modes)
        transfer = np.array([
            found.extraction
            @ np.linalg.solve(s * one - found.matrix(self._flow), self._flow * found.injection)
            for s in self._frequencies
        ])  # fmt: skip
        exact, near = _answer(self._transfer), _answer(transfer)
        return ReductionError(
            float(off.max()), float(np.sqrt(np.mean(off**2))), self._drop,
            float(np.abs(near / exact - 1.0).max()), len(course.load),
        )  # fmt: skip


def _answer(transfer: Floats) -> Floats:
    """Drop of the mean of pumped and returned water, over the drop that the load makes at once,
    with the water returned in a closed circle: ``1/2 + G / (1 - G)``."""
    return np.asarray(0.5 + transfer / (1.0 - transfer))
