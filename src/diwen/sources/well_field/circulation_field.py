"""An irregular field of circulation wells, with regional flow: where their returned water goes.

The water of all wells is superposed in space: each adds the steady flow of its own screens
(:mod:`.stream_table`), the regional flow is uniform over the aquifer. Particles from every return
screen are followed to any extraction screen, or away; how many arrive where and when is the kernel
of :mod:`.coupled_wells`.

Left out: conduction and dispersion of heat, so that cap and bed rock store nothing and a rest
changes nothing; the hydraulic effect that neighbours have on how a screen shares its flow. For
one well in a 60 m aquifer the share that has arrived differs from the finite volume model with
conduction and dispersion by what the tests of this room state.

Whether regional flow needs this model at all is what
:func:`diwen.sources.aquifer.thermal_front.regional_flow_share` answers: below about a tenth of the
mean extraction a circulation well may be computed as if the water stood still.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import CirculationWell
from diwen.sources.response.time_units import YEAR
from diwen.sources.well_field.arrivals import REMAINING, Arrivals
from diwen.sources.well_field.doublet import positive_problems
from diwen.sources.well_field.potential_flow import position_problems
from diwen.sources.well_field.stream_table import StreamTable
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BINS = 2048
_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
_START = 0.05  # radius at which particles start over that of the well: what leaves through the ends

_COUNT = Text(
    "wells, flows and positions are not as many as each other", "井数、流量数与井位数不一致"
)
_ONE_EACH = Text("give one value, or one per well", "请给出一个值，或每口井一个值")
_OUTSIDE = Text("a screen lies outside the aquifer", "滤水管超出含水层")
_MOVE = Text(
    "move the screen, or correct top and bottom of the aquifer", "请调整滤水管或更正含水层顶底深度"
)
_BLEED = Text("a well with bleed has no balanced flow", "有排放的井抽灌水量不平衡")
_NO_BLEED = Text(
    "set the bleed to 0; wells with bleed are computed one by one",
    "请将排放量设为 0；有排放的井请单独计算",
)
_TOO_NEAR = Text("the spacing of two wells is below four bore radii", "两井间距小于四倍钻孔半径")


@dataclass(frozen=True, eq=False)
class CirculationField:
    """Circulation wells in one aquifer; build with :meth:`of`.

    Attributes
    ----------
    positions : m, shape (n, 2)
    flows : through each pump, m³/s, shape (n,)
    wells : their shapes, length n
    aquifer : that all screens stand in
    regional_flux : Darcy flux of the regional flow, m/s, 0 or more
    regional_direction : where it goes, from x counter-clockwise, rad
    water_heat_capacity : volumetric, J/(m³·K)
    """

    positions: Floats
    flows: Floats
    wells: tuple[CirculationWell, ...]
    aquifer: Aquifer
    regional_flux: float = 0.0
    regional_direction: float = 0.0
    water_heat_capacity: float = WATER_HEAT_CAPACITY

    @classmethod
    def of(
        cls,
        positions: ArrayLike,
        flows: ArrayLike,
        wells: CirculationWell | Sequence[CirculationWell],
        aquifer: Aquifer,
        *,
        regional_flux: float = 0.0,
        regional_direction: float = 0.0,
        water_heat_capacity: float = WATER_HEAT_CAPACITY,
    ) -> CirculationField:
        """A field; one flow or one shape of well holds for all.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        at = np.atleast_2d(np.asarray(positions, float))
        flow = np.asarray(flows, float)
        flow = np.full(len(at), float(flow)) if flow.ndim == 0 else flow
        shapes = (wells,) * len(at) if isinstance(wells, CirculationWell) else tuple(wells)
        made = cls(
            at, flow, shapes, aquifer, regional_flux, regional_direction, water_heat_capacity
        )
        problems = list(_problems(made))
        if problems:
            raise InputError(problems)
        return made

    @property
    def retardation(self) -> float:
        """A: heat capacity of the ground over that of water."""
        return self.aquifer.heat_capacity / self.water_heat_capacity


def trace_circulation(
    field: CirculationField,
    *,
    particles: int = 384,
    horizon: float = 50.0 * YEAR,
    table: StreamTable | None = None,
) -> Arrivals:
    """Follow the heat of the water that every well returns.

    Parameters
    ----------
    particles : about so many for each well
    horizon : longest time of travel followed, s
    table : the water around each different well, in the order in which they first appear; from
        the closed form in one even aquifer if not given
        (:func:`.layered_table.layered_stream_table` for layers and gravel)

    Returns
    -------
    Arrivals : well i is return well i and pumped well i. Water that a leaking packer lets pass
        (``bypass``) arrives at its own well at once.
    """
    from diwen.sources.well_field import circulation_particles_compiled

    follow: Any = circulation_particles_compiled.follow_all
    shapes = list(dict.fromkeys(field.wells))
    table = table or StreamTable.of(shapes, field.aquifer)
    starts, source, weight = _starts(field, shapes, table, particles)
    home, times = np.empty(len(starts), np.int64), np.empty(len(starts))
    drift = field.regional_flux * np.exp(1j * field.regional_direction)
    kept = np.array([1.0 - well.bypass for well in field.wells])
    follow(
        starts, field.positions, np.array([shapes.index(well) for well in field.wells]),
        field.flows * kept, np.array([well.radius for well in field.wells]),
        table.radius**2, table.depth, _cell_index(table.depth), table.flux,
        min(1.0, table.stretch) ** 2, *_screens(field, table.top),
        float(drift.real), float(drift.imag), table.regional,
        field.retardation, horizon, home, times,
    )  # fmt: skip
    leaking = np.flatnonzero(kept < 1.0)
    return Arrivals(
        injected=field.flows,
        pumped=field.flows,
        source=np.concatenate([source, leaking]),
        destination=np.concatenate([home, leaking]),
        times=np.concatenate([np.where(home == REMAINING, np.inf, times), 0.0 * leaking]),
        weight=np.concatenate([weight * kept[source], 1.0 - kept[leaking]]),
        horizon=horizon,
    )


def _starts(
    field: CirculationField, shapes: list[CirculationWell], table: StreamTable, particles: int
) -> tuple[Floats, Integers, Floats]:
    """Along the axes of the return screens: positions (n, 3), wells and weights (n,)."""
    starts, source, weight = [], [], []
    for number, (well, at) in enumerate(zip(field.wells, field.positions, strict=True)):
        returning = table.screens[shapes.index(well)][::2]
        for pair, screen in zip(well.pairs, returning, strict=True):
            count = max(16, round(particles * pair.share))
            # The golden angle spreads the directions evenly over any stretch of the screen.
            angle = _GOLDEN * np.arange(count)
            x = at[0] + _START * well.radius * np.cos(angle)
            y = at[1] + _START * well.radius * np.sin(angle)
            starts.append(np.stack([x, y, screen.depths(count)], axis=-1))
            source.append(np.full(count, number))
            weight.append(np.full(count, pair.share / count))
    return np.concatenate(starts), np.concatenate(source), np.concatenate(weight)


def _screens(field: CirculationField, above: float) -> tuple[Integers, Floats, Floats]:
    """All screens: well (ns,), top and bottom below the first node (ns, 2), pumped (ns,)."""
    rows = [
        (number, screen.top - above, screen.bottom - above, takes)
        for number, well in enumerate(field.wells)
        for pair in well.pairs
        for screen, takes in ((pair.injection, 0.0), (pair.extraction, 1.0))
    ]
    table = np.array(rows)
    return table[:, 0].astype(np.int64), np.ascontiguousarray(table[:, 1:3]), table[:, 3].copy()


def _cell_index(nodes: Floats) -> Integers:
    """The cell at the top of each of many even bins of depth."""
    tops = np.arange(_BINS) * nodes[-1] / _BINS
    return np.clip(np.searchsorted(nodes, tops, side="right") - 1, 0, len(nodes) - 2)


def _problems(field: CirculationField) -> Iterator[Problem]:
    where = "circulation field"
    aquifer = field.aquifer
    yield from positive_problems(
        where,
        {
            "aquifer.thickness": aquifer.thickness,
            "aquifer.radial_conductivity": aquifer.radial_conductivity,
            "aquifer.vertical_conductivity": aquifer.vertical_conductivity,
            "aquifer.heat_capacity": aquifer.heat_capacity,
            "water_heat_capacity": field.water_heat_capacity,
            **{f"flows[{k}]": flow for k, flow in enumerate(field.flows)},
        },
    )
    if not (math.isfinite(field.regional_flux) and field.regional_flux >= 0.0):
        yield Problem(where, "regional_flux", NOT_FINITE, CORRECT, f"{field.regional_flux:g}")
    if not math.isfinite(field.regional_direction):
        yield Problem(
            where, "regional_direction", NOT_FINITE, CORRECT, f"{field.regional_direction:g}"
        )
    if not len(field.wells) == len(field.flows) == len(field.positions):
        shown = f"{len(field.wells)}, {len(field.flows)}, {len(field.positions)}"
        yield Problem(where, "wells", _COUNT, _ONE_EACH, shown)
        return
    yield from position_problems(where, field.positions)
    yield from _well_problems(field)


def _well_problems(field: CirculationField) -> Iterator[Problem]:
    where = "circulation field"
    for number, well in enumerate(field.wells):
        if well.bleed > 0.0:
            yield Problem(where, f"wells[{number}].bleed", _BLEED, _NO_BLEED, f"{well.bleed:g}")
        for pair in well.pairs:
            for screen in (pair.injection, pair.extraction):
                if screen.top < field.aquifer.top or screen.bottom > field.aquifer.bottom:
                    shown = f"{screen.top:g} … {screen.bottom:g} m"
                    yield Problem(where, f"wells[{number}].pairs", _OUTSIDE, _MOVE, shown)
    gaps = np.hypot(*(field.positions[:, None] - field.positions).transpose(2, 0, 1))
    radius = np.array([well.radius for well in field.wells])
    near = np.triu(gaps < 2.0 * (radius[:, None] + radius), 1) & (gaps >= 1e-6)
    for one, other in zip(*np.nonzero(near), strict=True):
        shown = f"{gaps[one, other]:g} m"
        yield Problem(where, f"positions[{other}]", _TOO_NEAR, CORRECT, shown)
