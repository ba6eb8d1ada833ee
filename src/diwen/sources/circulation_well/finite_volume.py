"""Course of a circulation well by finite volumes: backward Euler, one factorisation per flow.

In every step the load ties the returned water to the pumped water and that to the field, which is
one more unknown on top of the cells. With ``M = capacity / step - conduction - Q advection``,
``w = M⁻¹ Q injection`` and ``x = M⁻¹ (capacity / step T)`` the field is ``x + w T_return``, and

``T_return = (extraction . x - load / (rho c Q (1 - s))) / (1 - extraction . w)``

with the share ``s`` of the pumped water that came through the well itself: exact at the end of the
step, one triangular solve each.

The ground may have a natural profile over depth. It is taken to be kept by whatever made it (the
heat flux from below, the climate): conduction acts on what the well changes, and water carries all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import SuperLU, splu

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.course_input import CourseInput, course_input
from diwen.sources.circulation_well.heat_operator import HeatOperator
from diwen.sources.circulation_well.well_course import WellCourse, WellStepResponse
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Progress = Callable[[float], None]

_PROFILE = Text(
    "neither one temperature nor one for each row of the grid", "既非单一温度，也非每行一个温度"
)
_START = Text("not one temperature for each cell of the grid", "与网格单元数不一致")
_GIVE_PROFILE = Text(
    "use WellGrid.profile for a profile over depth", "请用 WellGrid.profile 给出随深度的温度"
)
_TOLD = 200


@dataclass(frozen=True, eq=False)
class FactoredFlow:
    """What one step at one flow needs, factored once.

    Attributes
    ----------
    flow : m³/s
    lower_upper : factors of ``capacity / step - conduction - flow advection``
    answer : of the field to returned water 1 K above the reference, K per K, shape (n,)
    pumped_answer : of the water taken from the ground, K per K: the drop within one step
    """

    flow: float
    lower_upper: SuperLU
    answer: Floats
    pumped_answer: float


@dataclass(eq=False)
class Factors:
    """Factorisations of one operator at one step, by flow; made when first asked for."""

    operator: HeatOperator
    step: float = HOUR
    _found: dict[float, FactoredFlow] = field(default_factory=dict, repr=False)

    def at(self, flow: float) -> FactoredFlow:
        """For a flow in m³/s; 0 is rest."""
        if flow not in self._found:
            self._found[flow] = self._factored(flow)
        return self._found[flow]

    def _factored(self, flow: float) -> FactoredFlow:
        operator = self.operator
        factors = splu(
            csc_array(diags_array(operator.capacity / self.step) - operator.matrix(flow)),
            permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True},
        )  # fmt: skip
        answer = factors.solve(flow * operator.injection)
        return FactoredFlow(flow, factors, answer, float(operator.extraction @ answer))


def simulate_finite_volume(
    operator: HeatOperator,
    flow: ArrayLike,
    *,
    load: ArrayLike | None = None,
    return_temperature: ArrayLike | None = None,
    natural_temperature: ArrayLike,
    start: ArrayLike | None = None,
    step: float = HOUR,
    levels: ArrayLike | None = None,
    keep: Sequence[int] = (),
    factors: Factors | None = None,
    progress: Progress | None = None,
) -> WellCourse:
    """Course of a well under a load, or with given return temperatures.

    Parameters
    ----------
    operator : heat balance of the ground and the well
    flow : pumped, m³/s, scalar or (nt,); 0 is rest
    load : heat taken from the pumped water, extraction positive, W, scalar or (nt,)
    return_temperature : °C, scalar or (nt,); either this or ``load``
    natural_temperature : of the ground without a well, °C, scalar or (nz,); also of the water
        that enters through an open outer edge
    start : of the cells, °C, shape (n,) or (nz, nr); the natural one if not given
    step : s
    levels : the flows that are computed, m³/s; each flow goes to the nearest one. All distinct
        flows, 48 at most, if not given
    keep : numbers of the steps after which the field is kept
    factors : of an earlier run with the same operator and step, to save their making
    progress : told the share that is done, now and then

    Raises
    ------
    diwen.problems.InputError : everything that is wrong in the series, at once; load without flow
    """
    series = course_input(flow, load, return_temperature, levels, step)
    ground = _ground(operator, natural_temperature, start)
    if factors is None or factors.operator is not operator or factors.step != step:
        factors = Factors(operator, step)
    return _march(operator, series, ground, factors, frozenset(keep), progress)


def step_response(
    operator: HeatOperator,
    flow: float,
    *,
    stretches: Sequence[tuple[float, int]] = ((HOUR, 2000),),
    progress: Progress | None = None,
) -> WellStepResponse:
    """Answer of the water taken from the ground to returned water 1 K colder than the ground.

    Parameters
    ----------
    operator : heat balance of the ground and the well
    flow : pumped, m³/s
    stretches : length of the step (s) and number of steps, one after the other
    progress : told the share that is done
    """
    wrong = [
        Problem("step_response", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
        for name, value in [("flow", flow), *(("stretches", step) for step, _ in stretches)]
        if not value > 0.0
    ]
    if wrong:
        raise InputError(wrong)
    theta = np.zeros(operator.cells)
    time, drop, now = [], [], 0.0
    total = sum(count for _, count in stretches)
    for step, count in stretches:
        level = Factors(operator, step).at(flow)
        weight = operator.capacity / step
        for _ in range(count):
            theta = level.lower_upper.solve(weight * theta) + level.answer
            now += step
            time.append(now)
            drop.append(operator.extraction @ theta)
            if progress is not None and len(time) % max(1, total // _TOLD) == 0:
                progress(len(time) / total)
    return WellStepResponse(np.array(time), flow, np.array(drop), operator.short_circuit)


@dataclass(frozen=True, eq=False)
class _Ground:
    """Natural state above the reference, K: of cells (n,); changes by the well at the start."""

    reference: float
    rows: Floats
    cells: Floats
    change: Floats


def _ground(operator: HeatOperator, natural: ArrayLike, start: ArrayLike | None) -> _Ground:
    grid = operator.grid
    problems = []
    profile = np.asarray(natural, float)
    if profile.shape not in ((), (grid.rows,)) or not np.isfinite(profile).all():
        shown = f"{profile.shape}"
        problems.append(Problem("simulate_finite_volume", "natural_temperature", _PROFILE,
                                _GIVE_PROFILE, shown))  # fmt: skip
    given = None if start is None else np.asarray(start, float).ravel()
    if given is not None and (given.size != grid.cells or not np.isfinite(given).all()):
        shown = f"{given.size} / {grid.cells}"
        problems.append(Problem("simulate_finite_volume", "start", _START, CORRECT, shown))
    if problems:
        raise InputError(problems)
    rows = np.broadcast_to(profile, (grid.rows,))
    cells = np.repeat(rows, grid.columns)
    reference = float(operator.extraction @ cells)
    change = np.zeros(grid.cells) if given is None else given - cells
    return _Ground(reference, rows, cells - reference, change)


def _march(
    operator: HeatOperator,
    series: CourseInput,
    ground: _Ground,
    factors: Factors,
    keep: frozenset[int],
    progress: Progress | None,
) -> WellCourse:
    """All steps, one after the other."""
    stepper, books = _Stepper(operator, series, ground, factors), _Books(operator, series, ground)
    change = ground.change
    kept = {}
    for k, flow in enumerate(series.flow.tolist()):
        change, coming, back = stepper.advance(change, k, flow)
        books.enter(k, flow, change, coming, back)
        if k in keep:
            kept[k] = books.temperature(change)
        if progress is not None and (k + 1) % max(1, series.steps // _TOLD) == 0:
            progress((k + 1) / series.steps)
    return books.closed(change, kept, factors.step)


class _Stepper:
    """One backward Euler step with the tie between returned and pumped water."""

    def __init__(
        self, operator: HeatOperator, series: CourseInput, ground: _Ground, factors: Factors
    ) -> None:
        self._series, self._factors = series, factors
        self._weight = operator.capacity / factors.step
        self._own = operator.water_heat_capacity * (1.0 - operator.short_circuit)
        self._taken = np.flatnonzero(operator.extraction)
        self._share = operator.extraction[self._taken]
        self._natural = float(self._share @ ground.cells[self._taken])
        self._reference = ground.reference
        # what water carries of the natural profile, W per m³/s; nothing where the ground is even
        drift = operator.advection @ ground.cells + operator.outer_inflow * ground.cells
        self._drift = drift if ground.cells.any() else None

    def advance(self, change: Floats, k: int, flow: float) -> tuple[Floats, float, float]:
        """Changes of the cells after step ``k``; water taken and returned above the reference."""
        level = self._factors.at(flow)
        right = self._weight * change
        if self._drift is not None and flow > 0.0:
            right += flow * self._drift
        change = level.lower_upper.solve(right)
        coming = self._natural + float(self._share @ change[self._taken])
        if flow == 0.0:
            return change, coming, coming
        back = self._returned(level, coming, k)
        return change + level.answer * back, coming + level.pumped_answer * back, back

    def _returned(self, level: FactoredFlow, coming: float, k: int) -> float:
        """Above the reference, K; ``coming``: what would be taken were it returned at 0."""
        if self._series.load is None:
            assert self._series.return_temperature is not None
            return float(self._series.return_temperature[k]) - self._reference
        drop = self._series.load[k] / (self._own * level.flow)
        return float(coming - drop) / (1.0 - level.pumped_answer)


class _Books:
    """Temperatures and heats of the steps as they are made."""

    def __init__(self, operator: HeatOperator, series: CourseInput, ground: _Ground) -> None:
        self._operator, self._series, self._ground = operator, series, ground
        self._coming, self._back = np.zeros((2, series.steps))
        self._stored, self._entering = np.zeros((2, series.steps))
        self._begun = float(operator.capacity @ ground.change)
        self._edge = _Edge(operator, ground)

    def enter(self, k: int, flow: float, change: Floats, coming: float, back: float) -> None:
        """What step ``k`` left behind."""
        self._coming[k], self._back[k] = coming, back
        self._stored[k] = self._operator.capacity @ change - self._begun
        self._entering[k] = self._edge.heat_rate(change, flow)

    def temperature(self, change: Floats) -> Floats:
        """Of the cells, °C, shape (nz, nr)."""
        absolute = self._ground.reference + self._ground.cells + change
        return absolute.reshape(self._operator.grid.shape)

    def closed(self, change: Floats, kept: dict[int, Floats], step: float) -> WellCourse:
        """The whole course."""
        operator, flow, reference = self._operator, self._series.flow, self._ground.reference
        carried = operator.water_heat_capacity * flow
        through = np.where(flow > 0.0, operator.short_circuit, 0.0)
        pumped = self._coming + through * (self._back - self._coming)
        load = self._series.load
        if load is None:
            load = carried * (pumped - self._back)
        return WellCourse(
            step, flow, np.array(load), reference + pumped, reference + self._back,
            reference + self._coming, self._stored, step * np.cumsum(self._entering),
            step * np.cumsum(carried * operator.bleed * self._back),
            float(operator.capacity @ np.abs(change)), reference, self.temperature(change),
            np.array(self._ground.rows), kept,
        )  # fmt: skip


class _Edge:
    """Heat that comes through the outer edge and the surface."""

    def __init__(self, operator: HeatOperator, ground: _Ground) -> None:
        self._cells = slice(operator.grid.columns - 1, None, operator.grid.columns)
        self._reached = np.flatnonzero(operator.outer_conduction)
        self._conduction = operator.outer_conduction[self._reached]
        self._outflow = operator.outer_outflow[self._cells]
        self._natural = ground.cells[self._cells]
        self._inflow = float(operator.outer_inflow[self._cells] @ self._natural)

    def heat_rate(self, change: Floats, flow: float) -> float:
        """Inwards, W: conducted from the natural ground outside, carried by water both ways."""
        at_edge = change[self._cells]
        carried = self._inflow - float(self._outflow @ (self._natural + at_edge))
        return flow * carried - float(self._conduction @ change[self._reached])
