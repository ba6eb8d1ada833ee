"""Number, spacing and depth together: which field on a plot is the shortest, or the cheapest.

Every spacing and pattern fills the plot with as many boreholes as it takes. Fields of fewer, deeper
boreholes follow: those of more than half of the positions leave out the middle, where neighbours
disturb each other most, smaller ones stand together, so that the trenches stay short. Each
candidate is sized; those outside the depth range are kept in the list with the reason, behind the
usable ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.calendar_months import HOUR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.heat_balance import HeatBalance, balance_of
from diwen.design.input_checks import number, refuse
from diwen.design.length_uncertainty import scaled_load
from diwen.design.sizing import Load, Method, Sizing, make_model, size, yearly_extremes
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.polygon import Pattern, Polygon, fill_polygon

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
Arrangement = Literal["full", "open", "together"]

# Fields of fewer boreholes tried for each spacing, and shares of the load halved so often.
_FEWER = 4
_BISECTIONS = 10

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


class NothingFitsError(InputError):
    """Not one borehole fits into the plot at any of the spacings."""


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
    pattern : of the positions
    arrangement : ``full``: all positions of the plot; ``open``: without those in the middle;
        ``together``: those around the middle only
    balance : heat of the mean year at the length; None where it cannot be built
    remark : why it cannot be built, or what is special
    """

    count: int
    spacing: float
    length: float | None
    total_length: float
    cost: float
    sizing: Sizing
    coordinates: Floats
    pattern: Pattern
    arrangement: Arrangement
    balance: HeatBalance | None = None
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
    patterns: Sequence[Pattern] = ("rectangular",),
    depths: tuple[float, float] = (40.0, 200.0),
    minimum_spacing: float = 3.0,
    filled: Sequence[float] | None = None,
    cost: Cost | None = None,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    field_at: Callable[[Boreholes], BoreField] | None = None,
    response_at: Callable[[BoreField], FieldResponse] | None = None,
    progress: Progress | None = None,
) -> tuple[Candidate, ...]:
    """Candidates on a plot, the cheapest first, those that cannot be built last.

    Parameters
    ----------
    field : ground, resistance, flow; of its boreholes only radius and buried depth of the first
        count
    plot : where boreholes may stand
    spacings, patterns : to try, m
    depths : least and greatest borehole length, m
    minimum_spacing : smaller spacings are refused, m
    filled : shares of the boreholes that fit, to try; None: those numbers for which the total
        length of the full field falls into the depth range
    cost : None compares the total length
    field_at : the field with other boreholes, where its resistance depends on their number; if not
        given everything but the boreholes stays
    response_at : the table of g-functions of a field; if not given at rest
    progress : called with (done, all); all shrinks where numbers turn out not to matter

    Raises
    ------
    NothingFitsError : not one borehole fits into the plot
    diwen.problems.InputError : spacings or depths that cannot be
    """
    _check(spacings, depths, minimum_spacing)
    trial = _Trial(
        field, load, limits, years, depths, cost or Cost(), method, efficiency,
        field_at or (lambda boreholes: replace(field, boreholes=boreholes)),
        response_at or (lambda one: FieldResponse(one.boreholes)),
    )  # fmt: skip
    plans = [
        (spacing, pattern, plan)
        for spacing in spacings
        for pattern in patterns
        if (plan := _plan(plot, spacing, pattern)) is not None
    ]
    if not plans:
        try:
            fill_polygon(plot.outline, min(spacings), obstacles=plot.obstacles,
                         edge_distance=plot.edge_distance)  # fmt: skip
        except InputError as error:
            raise NothingFitsError(error.problems) from error
    most = _FEWER if filled is None else len(filled) - 1
    found: list[Candidate] = []
    for place, (spacing, pattern, plan) in enumerate(plans):
        shares = [1.0] if filled is None else filled
        counts = sorted({max(1, round(share * len(plan))) for share in shares}, reverse=True)
        while counts:
            count = counts.pop(0)
            found.append(trial.candidate(spacing, pattern, plan, count))
            if filled is None and count == len(plan):
                counts = _fewer(found[-1], depths)
            if progress is not None:
                remaining = len(counts) + (len(plans) - place - 1) * (1 + most)
                progress(len(found), len(found) + remaining)
    return tuple(sorted(found, key=lambda c: (not c.usable, c.cost, _order(c))))


def carried_share(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int,
    *,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    response: FieldResponse | None = None,
) -> float:
    """Share of a load that a field as it is carries within its limits, 0 to 1; flow unchanged."""
    response = response or FieldResponse(field.boreholes)

    def carries(share: float) -> bool:
        part = scaled_load(load, share)
        model = make_model(field, part, years, method, 6 * HOUR, efficiency, response)
        low, high = yearly_extremes(model.at(field.boreholes.mean_length), field, limits)
        cold = limits.minimum is not None and low.min() < limits.minimum
        return not cold and not (limits.maximum is not None and high.max() > limits.maximum)

    if carries(1.0):
        return 1.0
    little, much = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (little + much)
        little, much = (middle, much) if carries(middle) else (little, middle)
    return little


@dataclass(frozen=True, eq=False)
class _Trial:
    """What stays the same for every candidate; see :func:`search_layouts`."""

    field: BoreField
    load: Load
    limits: TemperatureLimits
    years: int
    depths: tuple[float, float]
    cost: Cost
    method: Method
    efficiency: PlantEfficiency | None
    field_at: Callable[[Boreholes], BoreField]
    response_at: Callable[[BoreField], FieldResponse]

    def candidate(self, spacing: float, pattern: Pattern, plan: Floats, count: int) -> Candidate:
        """A number of boreholes on the positions of a plan, sized."""
        chosen, arrangement = _thinned(plan, count)
        low, high = self.depths
        given = self.field.boreholes
        boreholes = Boreholes.at(
            [(float(x), float(y)) for x, y in chosen], math.sqrt(low * high),
            float(given.buried_depth[0]), float(given.radius[0]),
        )  # fmt: skip
        field = self.field_at(boreholes)
        response = self.response_at(field)
        sizing = size(
            field, self.load, self.limits, self.years, method=self.method,
            efficiency=self.efficiency, lengths=(min(5.0, low), 2.0 * high), response=response,
        )  # fmt: skip
        length, remark, total, expense = sizing.length, None, math.inf, math.inf
        if length is None:
            remark = sizing.reasons[0]
        else:
            remark = _outside(length, self.depths)
            usable = max(length, low)
            total, expense = count * usable, self.cost.of(count, usable)
            length = usable if usable <= high else None
        balance = None
        if length is not None:
            model = make_model(
                field, self.load, self.years, self.method, 6 * HOUR, self.efficiency, response
            )
            balance = balance_of(model.at(length))
        return Candidate(
            count, spacing, length, total, expense, sizing, chosen, pattern, arrangement,
            balance, remark,
        )  # fmt: skip


def _outside(length: float, depths: tuple[float, float]) -> Text | None:
    """What is special about a length outside the depth range."""
    low, high = depths
    if length > high:
        return _TOO_DEEP.format(length=f"{length:.0f}", limit=f"{high:g}")
    if length < low:
        return _SHALLOW.format(length=f"{length:.0f}", limit=f"{low:g}")
    return None


def _plan(plot: Plot, spacing: float, pattern: Pattern) -> Floats | None:
    """All positions of a spacing and pattern, shape (n, 2); None where nothing fits."""
    try:
        pitch = fill_polygon(
            plot.outline, spacing, pattern=pattern, obstacles=plot.obstacles,
            edge_distance=plot.edge_distance,
        )  # fmt: skip
    except InputError as error:
        if any(problem.where for problem in error.problems):
            raise
        return None
    return np.array(pitch.coordinates)


def _order(one: Candidate) -> int:
    """Of equal cost the fewer boreholes; where none suffices the more of them."""
    return one.count if math.isfinite(one.cost) else -one.count


def _fewer(full: Candidate, depths: tuple[float, float]) -> list[int]:
    """Smaller numbers of boreholes that may reach down into the depth range."""
    length = full.sizing.length
    if length is None or length > depths[1] or full.count < 2:
        return []
    # Fewer boreholes disturb each other less: somewhat less total length will do.
    least = max(1, math.ceil(0.97 * full.count * length / depths[1]))
    most = min(full.count - 1, math.ceil(full.count * length / depths[0]))
    if least > most:
        return []
    return sorted({round(n) for n in np.linspace(least, most, _FEWER)}, reverse=True)


def _thinned(plan: Floats, count: int) -> tuple[Floats, Arrangement]:
    """So many positions of a plan, shape (count, 2), and how they were chosen."""
    if count == len(plan):
        return plan, "full"
    middle, extent = plan.mean(axis=0), np.maximum(np.ptp(plan, axis=0), 1e-9)
    if 2 * count > len(plan):
        # Distance in units of the half extent, so that long plots thin out evenly.
        order = np.argsort(-np.abs((plan - middle) / extent).max(axis=1), kind="stable")
        return plan[np.sort(order[:count])], "open"
    order = np.argsort(np.hypot(*(plan - middle).T), kind="stable")
    return plan[np.sort(order[:count])], "together"


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
