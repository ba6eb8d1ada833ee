"""A circulation well as some forty modes that keep the flow as a free quantity.

The heat balance of :mod:`.heat_operator` is affine in the flow. With each cell scaled by the square
root of its capacity, projected on orthonormal vectors ``V`` (Galerkin), it stays so:

    dz/dt = (K + Q A) z + Q b T_return,     water taken = v . z

with matrices of the order of 40. Upwind transport that conserves water, and conduction, have a
negative semi-definite symmetric part, which every such projection inherits: the modes are stable
at any flow, rest included. Constant temperature is one of the vectors, so that the modes keep the
heat balance of the cells to rounding. Time goes by backward Euler, as in :mod:`.finite_volume`:
with the same step the two differ by the reduction only, and that is measured
(:mod:`.model_reduction`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.circulation_well.grid import WellGrid
from diwen.sources.circulation_well.volume_clock import checked_course
from diwen.sources.circulation_well.well_course import WellCourse
from diwen.sources.response.time_units import HOUR

Floats = NDArray[np.float64]

_BLOCK = 2048  # steps marched with one set of factors
_KEPT = 64  # distinct flows whose factors are kept from block to block


class ReductionError(NamedTuple):
    """How far the modes are from the finite volumes, in the temperature of the pumped water.

    Attributes
    ----------
    largest, rms : over the check course, K
    drop : largest change of the pumped water in the check course, K: what the errors belong to
    spectral : largest relative error of the answer to a slow or fast load, between the points of
        the reduction, from one step to the horizon
    steps : of the check course
    """

    largest: float
    rms: float
    drop: float
    spectral: float
    steps: int

    @property
    def relative(self) -> float:
        """Largest error over the largest change."""
        return self.largest / self.drop if self.drop > 0.0 else 0.0


@dataclass(frozen=True, eq=False)
class ReducedWell:
    """Modes of a circulation well at any flow; build with :func:`.model_reduction.reduce_well`.

    Attributes
    ----------
    conduction : 1/s, shape (m, m)
    advection : 1/s per m³/s, shape (m, m)
    injection : of returned water, per m³/s and K, shape (m,)
    extraction : weights of the modes in the water taken from the ground, K, shape (m,)
    drift : what water carries of the natural profile, per m³/s, shape (m,)
    content : heat of each mode, J, shape (m,)
    edge_conduction, edge_outflow : heat of each mode lost at the outer edge, W, and W per m³/s,
        shape (m,)
    edge_inflow : heat that water brings through the outer edge in the natural state, W per m³/s
    basis : temperature of the cells for each mode, K, shape (n, m)
    capacity : of the cells, J/K, shape (n,)
    natural_temperature : of the rows without a well, °C, shape (nz,)
    reference_temperature : of the water taken from the undisturbed ground, °C
    short_circuit, bleed : shares of the pumped water: come inside the well, not returned
    water_heat_capacity : of a volume, J/(m³·K)
    grid : rings of the full model
    flow : largest the modes were made for, m³/s
    error : measured against the full model; None where that was not asked for
    """

    conduction: Floats
    advection: Floats
    injection: Floats
    extraction: Floats
    drift: Floats
    content: Floats
    edge_conduction: Floats
    edge_outflow: Floats
    edge_inflow: float
    basis: Floats = field(repr=False)
    capacity: Floats = field(repr=False)
    natural_temperature: Floats = field(repr=False)
    reference_temperature: float
    short_circuit: float
    bleed: float
    water_heat_capacity: float
    grid: WellGrid = field(repr=False)
    flow: float
    error: ReductionError | None = None

    @property
    def modes(self) -> int:
        """m."""
        return len(self.extraction)

    def with_error(self, error: ReductionError) -> ReducedWell:
        """The same with its measured error."""
        return replace(self, error=error)

    def initial_state(self) -> Floats:
        """Of the undisturbed ground, shape (m,)."""
        return np.zeros(self.modes)

    def matrix(self, flow: float) -> Floats:
        """``conduction + flow advection``, 1/s, shape (m, m)."""
        return np.asarray(self.conduction + flow * self.advection)

    def temperature(self, state: Floats) -> Floats:
        """Of the cells for a state of the modes, °C, shape (nz, nr)."""
        change = (self.basis @ state).reshape(self.grid.shape)
        return np.asarray(self.natural_temperature[:, None] + change)

    def simulate(self, load: ArrayLike, flow: ArrayLike, step: float = HOUR) -> WellCourse:
        """Course under a load, from undisturbed ground.

        Parameters
        ----------
        load : heat taken from the water, W, shape (nt,)
        flow : pumped, m³/s, scalar or (nt,), any values; 0 is rest
        step : s

        Raises
        ------
        diwen.problems.InputError : everything that is wrong in the series, at once
        """
        return self.advance(load, flow, self.initial_state(), step)[0]

    def advance(
        self, load: ArrayLike, flow: ArrayLike, state: Floats, step: float = HOUR
    ) -> tuple[WellCourse, Floats]:
        """Course under a load from any state of the ground, and the state at its end.

        Heats in the course count from its beginning.
        """
        heat, moved = checked_course(load, flow, step)
        carried = self.water_heat_capacity * (1.0 - self.short_circuit) * moved
        drop = np.divide(heat, carried, out=np.zeros_like(heat), where=moved > 0.0)
        return self._course(moved, heat, drop, state, step, closed=True)

    def answer_to_return(
        self, returned: ArrayLike, flow: ArrayLike, state: Floats | None = None, step: float = HOUR
    ) -> tuple[WellCourse, Floats]:
        """Course where the temperature of the return is known, °C, and the state at its end."""
        given, moved = checked_course(returned, flow, step, needs_flow=False)
        start = self.initial_state() if state is None else state
        relative = given - self.reference_temperature
        return self._course(moved, None, relative, start, step, closed=False)

    def _course(
        self, flow: Floats, load: Floats | None, values: Floats, state: Floats, step: float,
        *, closed: bool,
    ) -> tuple[WellCourse, Floats]:  # fmt: skip
        coming, back, stored, entering = out = np.empty((4, len(flow)))
        now = np.array(state, float)
        begun = float(self.content @ now)
        kept: dict[float, _Level] = {}
        for start in range(0, len(flow), _BLOCK):
            part = slice(start, start + _BLOCK)
            self._march(flow[part], values[part], now, step, closed, out[:, part], kept)
        carried = self.water_heat_capacity * flow
        through = np.where(flow > 0.0, self.short_circuit, 0.0)
        pumped = coming + through * (back - coming)
        heat = carried * (pumped - back) if load is None else load
        reference = self.reference_temperature
        course = WellCourse(
            step=step, flow=np.array(flow), load=np.array(heat), pumped=reference + pumped,
            returned=reference + back, formation=reference + coming, stored=stored - begun,
            entered=step * np.cumsum(entering),
            bled=step * np.cumsum(carried * self.bleed * back),
            displaced=float(self.capacity @ np.abs(self.basis @ now)),
            reference_temperature=reference, temperature=self.temperature(now),
            natural_temperature=np.array(self.natural_temperature),
        )  # fmt: skip
        return course, now

    def _march(
        self, flow: Floats, values: Floats, state: Floats, step: float, closed: bool,
        out: Floats, kept: dict[float, _Level],
    ) -> None:  # fmt: skip
        """One block of steps; state and ``out`` are written."""
        from diwen.sources.circulation_well import reduced_well_compiled as loops

        flows, level = np.unique(flow, return_inverse=True)
        if len(kept) > _KEPT:
            kept.clear()
        for each in flows.tolist():
            if each not in kept:
                kept[each] = self._level(each, step)
        found = [kept[each] for each in flows.tolist()]
        written = np.empty((4, len(flow)))
        loops.march(
            level, flows, np.stack([one.inverse for one in found]),
            np.stack([one.gain for one in found]), np.stack([one.drift for one in found]),
            np.array([one.answer for one in found]), np.ascontiguousarray(values),
            np.ascontiguousarray(values), closed, self.extraction, self.content,
            self.edge_conduction, self.edge_outflow, self.edge_inflow, state, *written,
        )  # fmt: skip
        out[:] = written

    def _level(self, flow: float, step: float) -> _Level:
        implicit = np.eye(self.modes) - step * self.matrix(flow)
        inverse = np.asarray(np.linalg.inv(implicit), float)
        gain = np.asarray(inverse @ (step * flow * self.injection), float)
        drift = np.asarray(inverse @ (step * flow * self.drift), float)
        return _Level(inverse, gain, drift, float(self.extraction @ gain))


class _Level(NamedTuple):
    """What the steps at one flow need; see :func:`.reduced_well_compiled.march`."""

    inverse: Floats
    gain: Floats
    drift: Floats
    answer: float
