"""Which model of a circulation well for which question, and what it costs in kelvin.

Three models of one flow field stand behind one face: the volume clock with traced paths (no
conduction; milliseconds), the reduced well (everything, some forty modes; decades in a tenth of a
second), the finite volumes (the reference). Each answers with the same course, and says how far
it was from the reference over a check course.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.flow_field import FlowField
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.model_reduction import check_course, reduce_well
from diwen.sources.circulation_well.reduced_well import ReducedWell
from diwen.sources.circulation_well.travel_times import travel_times
from diwen.sources.circulation_well.volume_clock import VolumeClock, checked_course
from diwen.sources.circulation_well.well_course import WellCourse
from diwen.sources.response.time_units import HOUR, YEAR

Floats = NDArray[np.float64]

Purpose = Literal["feasibility", "design", "optimisation", "years", "reference"]
Kind = Literal["volume_clock", "reduced_well", "finite_volume"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

_UNKNOWN = Text("no purpose of a well model", "没有此种井模型用途")
_CHOOSE = Text("choose one of the purposes", "请选择所列用途之一")
_REASONS: dict[Purpose, Text] = {
    "feasibility": Text(
        "heads from the flow field, temperatures from traced paths on the volume clock: no heat "
        "conduction, enough to see whether a well is possible at all, for one season",
        "水头取自渗流场，水温按流线追踪与累计抽水量计算：不计导热，可在一个采暖季内判断可行性",
    ),
    "design": Text(
        "the reduced well follows changing flow, rest and conduction; a season takes milliseconds",
        "降阶井模型可反映变流量、停泵与导热，单季计算仅需毫秒",
    ),
    "optimisation": Text(
        "the reduced well is linear at each flow and affine in the flow: the same few matrices "
        "serve simulation and optimisation",
        "降阶井模型在各流量下为线性、对流量为仿射，模拟与优化可共用同一组小矩阵",
    ),
    "years": Text(
        "conduction goes on while the pump rests, which the volume clock leaves out; the reduced "
        "well counts it, hour by hour for decades",
        "停泵期间导热仍在继续，累计抽水量模型不能反映；降阶井模型可逐时计算数十年",
    ),
    "reference": Text(
        "finite volumes of water and heat, the model the others are measured against",
        "水流与传热的有限体积模型，为其余模型的对照基准",
    ),
}
_MEASURED = Text("a measured breakthrough was given", "已给出实测热突破曲线")


class _Engine(Protocol):
    """Load and flow in, course out."""

    def __call__(self, load: Floats, flow: Floats, step: float) -> WellCourse:
        """Load (W) and flow (m³/s), shape (nt,), step in s."""
        ...


@dataclass(frozen=True, eq=False)
class WellModel:
    """A model of one well, whatever stands behind; build with :func:`choose_model`.

    Attributes
    ----------
    purpose : what it was chosen for
    kind : what stands behind
    reason : why this one
    error : largest difference of the pumped water to the finite volumes over the check course, K;
        nan where it was not measured, 0 for the finite volumes themselves
    relative_error : the same over the largest change of the pumped water there
    flow_field : for the heads
    reduced : the reduced well, where it stands behind
    """

    purpose: Purpose
    kind: Kind
    reason: Text
    error: float
    relative_error: float
    flow_field: FlowField = field(repr=False)
    reduced: ReducedWell | None = field(repr=False)
    _engine: _Engine = field(repr=False)

    def simulate(self, load: ArrayLike, flow: ArrayLike, step: float = HOUR) -> WellCourse:
        """Course under a load, from undisturbed ground.

        The volume clock knows temperatures of water only: heats and fields of its course are nan.

        Parameters
        ----------
        load : heat taken from the water, W, shape (nt,)
        flow : pumped, m³/s, scalar or (nt,); 0 is rest
        step : s

        Raises
        ------
        diwen.problems.InputError : everything that is wrong in the series, at once
        """
        return self._engine(*checked_course(load, flow, step), step)

    def heads(self, flow: float) -> tuple[Floats, Floats]:
        """Rise in each return screen and drawdown in each extraction screen, m, shape (np,) each.

        Both positive; of the ground only, without losses in the screens.
        """
        return self.flow_field.injection_head * flow, self.flow_field.extraction_head * flow


def choose_model(
    purpose: Purpose,
    flow_field: FlowField,
    flows: ArrayLike,
    *,
    natural_temperature: ArrayLike = 0.0,
    horizon: float = 25.0 * YEAR,
    breakthrough: Breakthrough | None = None,
    water_heat_capacity: float = WATER_HEAT_CAPACITY,
    operator: HeatOperator | None = None,
    measured: bool = True,
) -> WellModel:
    """The model that suits a purpose, with its error.

    Parameters
    ----------
    purpose : ``feasibility``, ``design``, ``optimisation``, ``years`` or ``reference``
    flow_field : flow around the well
    flows : of the pump, m³/s, scalar or all its levels
    natural_temperature : of the ground without a well, °C, scalar or one per row, shape (nz,)
    horizon : longest time that matters, s
    breakthrough : of a circulation test; for one season it goes before any computed one
        (feasibility, design, optimisation)
    water_heat_capacity : of a volume, J/(m³·K)
    operator : heat balance of the flow field, where it is not the plain one (a fixed surface); its
        own heat capacity of water holds then
    measured : False leaves out the comparison with the finite volumes, and its second of time

    Raises
    ------
    diwen.problems.InputError : an unknown purpose, flows that cannot be
    """
    if purpose not in PURPOSES:
        allowed = Text(", ".join(PURPOSES), "、".join(PURPOSES))
        raise InputError(
            [Problem("choose_model", "purpose", _UNKNOWN, _CHOOSE, str(purpose), allowed)]
        )
    operator = operator or heat_operator(flow_field, water_heat_capacity=water_heat_capacity)
    rows = np.array(np.broadcast_to(np.asarray(natural_temperature, float), operator.grid.rows))
    if purpose == "reference":
        exact = _finite_volumes(operator, rows)
        return WellModel(
            purpose, "finite_volume", _REASONS[purpose], 0.0, 0.0, flow_field, None, exact
        )
    given = breakthrough is not None and purpose != "years"
    if purpose == "feasibility" or given:
        engine = _clock(flow_field, operator, rows, breakthrough)
        errors = _errors(engine, operator, rows, flows) if measured else (np.nan, np.nan)
        reason = _MEASURED if given else _REASONS[purpose]
        return WellModel(purpose, "volume_clock", reason, *errors, flow_field, None, engine)
    reduced = reduce_well(
        operator, flows, natural_temperature=rows, horizon=horizon, checked=measured
    )
    found = reduced.error
    errors = (np.nan, np.nan) if found is None else (found.largest, found.relative)
    return WellModel(
        purpose, "reduced_well", _REASONS[purpose], *errors, flow_field, reduced, reduced.simulate
    )


def _finite_volumes(operator: HeatOperator, rows: Floats) -> _Engine:
    def simulate(load: Floats, flow: Floats, step: float) -> WellCourse:
        return simulate_finite_volume(
            operator, flow, load=load, natural_temperature=rows, step=step
        )

    return simulate


def _clock(
    flow_field: FlowField, operator: HeatOperator, rows: Floats, given: Breakthrough | None
) -> _Engine:
    water = operator.water_heat_capacity
    known = given or Breakthrough.from_travel_times(
        travel_times(flow_field, water_heat_capacity=water)
    )
    clock = VolumeClock(known, operator.bypass, operator.bleed, water)
    reference = float(operator.extraction @ np.repeat(rows, operator.grid.columns))

    def simulate(load: Floats, flow: Floats, step: float) -> WellCourse:
        water_at = clock.simulate(load, flow, step)
        unknown = np.full(len(load), np.nan)
        bled = step * np.cumsum(water * flow * operator.bleed * water_at.returned)
        return WellCourse(
            step=step, flow=flow, load=load, pumped=reference + water_at.pumped,
            returned=reference + water_at.returned, formation=reference + water_at.formation,
            stored=unknown, entered=unknown, bled=bled, displaced=np.nan,
            reference_temperature=reference, temperature=np.full(operator.grid.shape, np.nan),
            natural_temperature=rows,
        )  # fmt: skip

    return simulate


def _errors(
    engine: _Engine, operator: HeatOperator, rows: Floats, flows: ArrayLike
) -> tuple[float, float]:
    """Largest difference to the finite volumes, K, and over the largest change."""
    course = check_course(operator, np.atleast_1d(np.asarray(flows, float)))
    exact = _finite_volumes(operator, rows)(course.load, course.flow, course.step)
    off = np.abs(engine(course.load, course.flow, course.step).pumped - exact.pumped).max()
    drop = np.abs(exact.pumped - exact.reference_temperature).max()
    return float(off), float(off / drop) if drop > 0.0 else 0.0
