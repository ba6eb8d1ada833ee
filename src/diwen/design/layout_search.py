"""Number, spacing and depth together: which field on a plot is the shortest, or the cheapest.

Every spacing fills the plot with as many boreholes as it takes; thinner fields leave out boreholes
from the middle, where neighbours disturb each other most. Each candidate is sized; those outside
the depth range are kept in the list with the reason, behind the usable ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.efficiency import PlantEfficiency
from diwen.design.input_checks import number, refuse
from diwen.design.sizing import Load, Method, Sizing, size
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.polygon import Polygon, fill_polygon

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

_TOO_DEEP = Text("needs {length} m, deeper than {limit} m", "需 {length} m，超过 {limit} m")
_SHALLOW = Text(
    "needs only {length} m: drilled to the least depth of {limit} m",
    "仅需 {length} m：按最小深度 {limit} m 计",
)
_NO_SPACING = Text("no spacing is given", "未给出孔间距")
_GIVE_SPACING = Text("give at least one spacing in m", "请至少给出一个孔间距（m）")
_TOO_NEAR = Text("a spacing below the least one", "孔间距小于最小间距")
_WIDER = Text("leave it out, or lower the least spacing", "请删除，或降低最小间距")
_RANGE = Text("the range of depths is empty", "孔深范围无效")
_CORRECT = Text("correct the values", "请更正数值")


@dataclass(frozen=True, eq=False)
class Plot:
    """Where boreholes may stand.

    Attributes
    ----------
    outline : of the plot
    obstacles : where no borehole may stand
    edge_distance : least distance to outline and obstacles, m
    """

    outline: Polygon
    obstacles: tuple[Polygon, ...] = ()
    edge_distance: float = 0.0

    @classmethod
    def rectangle(cls, width: float, depth: float, edge_distance: float = 0.0) -> Plot:
        """A rectangular plot, m."""
        corners = [(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)]
        return cls(Polygon.of(corners), (), edge_distance)


@dataclass(frozen=True)
class Cost:
    """What drilling costs, in any currency; by default the total length itself is compared.

    Attributes
    ----------
    per_metre : of borehole, complete
    per_borehole : head, connection, moving the rig
    """

    per_metre: float = 1.0
    per_borehole: float = 0.0

    def __post_init__(self) -> None:
        problems = list(number("cost", "per_metre", self.per_metre, positive=True))
        problems += number("cost", "per_borehole", self.per_borehole, positive=False)
        refuse(problems)

    def of(self, count: int, length: float) -> float:
        """Cost of boreholes of one length in m."""
        return count * (self.per_borehole + self.per_metre * length)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A field that was tried.

    Attributes
    ----------
    count : number of boreholes
    spacing : m
    length : drilled length per borehole, m; None where it cannot be built
    total_length : m
    cost : as :class:`Cost` has it
    sizing : what the sizing said
    coordinates : positions, m, shape (count, 2)
    remark : why it cannot be built, or what is special
    """

    count: int
    spacing: float
    length: float | None
    total_length: float
    cost: float
    sizing: Sizing
    coordinates: Floats
    remark: Text | None = None

    @property
    def usable(self) -> bool:
        """Whether the field can be built within the depth range."""
        return self.length is not None


def search_layouts(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int,
    plot: Plot,
    spacings: Sequence[float],
    *,
    depths: tuple[float, float] = (40.0, 200.0),
    minimum_spacing: float = 3.0,
    filled: Sequence[float] = (1.0, 0.8, 0.6),
    cost: Cost | None = None,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    progress: Progress | None = None,
) -> tuple[Candidate, ...]:
    """Candidates on a plot, the cheapest first, those that cannot be built last.

    Parameters
    ----------
    field : ground, resistance, flow; of its boreholes only radius and buried depth of the first
        count, and its whole-field flow serves every candidate
    plot : where boreholes may stand
    spacings : to try, m
    depths : least and greatest borehole length, m
    minimum_spacing : smaller spacings are refused, m
    filled : shares of the boreholes that fit, to try
    cost : None compares the total length
    progress : called with (done, all)

    Raises
    ------
    diwen.problems.InputError : spacings or depths that cannot be, nothing fits into the plot
    """
    _check(spacings, depths, minimum_spacing)
    cost = cost or Cost()
    fields = [fill for spacing in spacings for fill in _fills(plot, spacing, filled)]
    if not fields:
        fill_polygon(plot.outline, min(spacings), obstacles=plot.obstacles,
                     edge_distance=plot.edge_distance)  # fmt: skip
    found = []
    for done, (spacing, plan) in enumerate(fields, 1):
        boreholes = Boreholes.at(
            [(float(x), float(y)) for x, y in plan],
            math.sqrt(depths[0] * depths[1]),
            float(field.boreholes.buried_depth[0]),
            float(field.boreholes.radius[0]),
        )
        sizing = size(
            replace(field, boreholes=boreholes), load, limits, years,
            method=method, efficiency=efficiency, lengths=(min(5.0, depths[0]), 2.0 * depths[1]),
        )  # fmt: skip
        found.append(_candidate(spacing, plan, sizing, depths, cost))
        if progress is not None:
            progress(done, len(fields))
    return tuple(sorted(found, key=lambda c: (not c.usable, c.cost, c.count)))


def _fills(plot: Plot, spacing: float, filled: Sequence[float]) -> list[tuple[float, Floats]]:
    """Plans of one spacing, each share of the boreholes that fit; none where nothing fits."""
    try:
        pitch = fill_polygon(
            plot.outline, spacing, obstacles=plot.obstacles, edge_distance=plot.edge_distance
        )
    except InputError:
        return []
    plan = np.array(pitch.coordinates)
    # Distance from the middle in units of the half extent, so that long plots thin out evenly.
    middle, extent = plan.mean(axis=0), np.maximum(np.ptp(plan, axis=0), 1e-9)
    outermost = np.argsort(-np.abs((plan - middle) / extent).max(axis=1), kind="stable")
    counts = sorted({max(1, round(share * len(plan))) for share in filled}, reverse=True)
    return [(spacing, plan[np.sort(outermost[:count])]) for count in counts]


def _candidate(
    spacing: float, plan: Floats, sizing: Sizing, depths: tuple[float, float], cost: Cost
) -> Candidate:
    count, length, remark = len(plan), sizing.length, None
    if length is None:
        return Candidate(count, spacing, None, math.inf, math.inf, sizing, plan, sizing.reasons[0])
    if length > depths[1]:
        remark = _TOO_DEEP.format(length=f"{length:.0f}", limit=f"{depths[1]:g}")
        total = count * length
        return Candidate(count, spacing, None, total, cost.of(count, length), sizing, plan, remark)
    if length < depths[0]:
        remark = _SHALLOW.format(length=f"{length:.0f}", limit=f"{depths[0]:g}")
        length = depths[0]
    expense = cost.of(count, length)
    return Candidate(count, spacing, length, count * length, expense, sizing, plan, remark)


def _check(spacings: Sequence[float], depths: tuple[float, float], minimum: float) -> None:
    where = "layout search"
    problems: list[Problem] = []
    if not len(spacings):
        problems.append(Problem(where, "spacings", _NO_SPACING, _GIVE_SPACING))
    for spacing in spacings:
        problems += number(where, "spacings", spacing, positive=True)
        if 0.0 < spacing < minimum:
            allowed = Text(f"≥ {minimum:g} m", f"≥ {minimum:g} m")
            problems.append(
                Problem(where, "spacings", _TOO_NEAR, _WIDER, f"{spacing:g} m", allowed)
            )
    for depth in depths:
        problems += number(where, "depths", depth, positive=True)
    if depths[0] >= depths[1]:
        shown = f"{depths[0]:g} … {depths[1]:g} m"
        problems.append(Problem(where, "depths", _RANGE, _CORRECT, shown))
    refuse(problems)
