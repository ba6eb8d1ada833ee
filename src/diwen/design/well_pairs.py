"""Pairs of a pumped and a return well under a duty: how many, how far apart, how much through each.

Heat moves with the water along stream tubes (:mod:`diwen.sources.well_field`), without conduction;
pairs stand side by side, twice their own spacing apart, the return well down-gradient where the
direction of the groundwater is known. In the search a pair is computed by itself; what is shown is
computed with all pairs together up to eight of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.well_check_rules import WellRules
from diwen.design.well_duty import SeasonCourse
from diwen.design.well_group_checks import check_well_group, duty_of
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.design.well_group_heads import group_points
from diwen.design.well_sizing_choice import WellSearch, ranked
from diwen.design.well_sizing_course import UnitCourse
from diwen.design.well_sizing_duty import DAYS_PER_YEAR, WellDuty
from diwen.design.well_sizing_result import KEPT, SizedWells, finite
from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError
from diwen.sources.response.time_units import DAY

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

_SPACINGS = (0.5, 0.75, 1.0, 1.5, 2.0)
_FLOWS = (0.5, 0.75, 1.0, 1.25, 1.5)
_MORE = (1.0, 1.3, 1.7)
_MOST_PAIRS = 500
# So many pairs are computed together; more of them each by itself.
_TOGETHER = 8
_PITCH = 2.0

_MODEL = Text("stream tubes between the wells, by day", "井间流管法，按日")
_COLD = Text(
    "ground at rest outside the limits of the returned water", "初始水温已超出回水温度限值"
)
_MANY = Text("more than {most} pairs", "超过 {most} 对")
_CLOSE = Text("wells so close that a day's water fills the way between them",
              "井距过小，一天的水量即充满井间流管")  # fmt: skip


@dataclass(frozen=True, eq=False)
class PairTemplate:
    """What candidates have in common.

    Attributes
    ----------
    planned : the wells of the site
    pumped, returned : one of each kind
    depth : of both together, m
    pairs : planned: wells that are pumped
    spacing : between the nearest pumped and return wells, m
    """

    planned: AbstractionDesign
    pumped: GroupWell
    returned: GroupWell
    depth: float
    pairs: int
    spacing: float

    @property
    def flow(self) -> float:
        """Of one planned pair, m³/s."""
        return self.planned.flow / self.pairs

    def design(self, pairs: int, spacing: float, flow: float) -> AbstractionDesign:
        """So many pairs side by side; heat is left to :func:`judged_pairs`."""
        planned = self.planned
        angle = planned.regional_direction or 0.0
        along = np.array([math.cos(angle), math.sin(angle)])
        across = np.array([-along[1], along[0]])
        wells = []
        for number in range(pairs):
            start = _PITCH * spacing * number * across
            for kind, place, rate in (
                (self.pumped, start, -flow), (self.returned, start + spacing * along, flow),
            ):  # fmt: skip
                loss = kind.well_loss * (flow / abs(kind.rate)) ** 2
                wells.append(replace(
                    kind, name=f"{kind.name}-{number + 1}", rate=rate, x=float(place[0]),
                    y=float(place[1]), well_loss=loss, specific_capacity=None,
                    specific_injectivity=None,
                ))  # fmt: skip
        return replace(planned, wells=tuple(wells))


@dataclass(frozen=True, eq=False)
class PairCandidate(SizedWells):
    """Pairs of wells.

    Attributes
    ----------
    design : wells with heat and flow
    pairs : how many in all; ``design`` may hold one of them
    pair_depth : of both wells of a pair together, m
    spacing : between the wells of a pair, m
    """

    design: AbstractionDesign
    pairs: int
    pair_depth: float
    spacing: float

    @property
    def count(self) -> int:
        """Pairs."""
        return self.pairs

    @property
    def depth(self) -> float:
        """Of both wells of a pair together, m."""
        return self.pair_depth

    @property
    def land(self) -> float | None:
        """Not judged: other land may lie between the wells."""
        return None

    @property
    def injection_head(self) -> float:
        """Largest rise in a return well, m; 0 where no steady level can be told."""
        return self._head(injects=True)

    @property
    def drawdown(self) -> float:
        """Largest drawdown in a pumped well, m; 0 where no steady level can be told."""
        return self._head(injects=False)

    @property
    def breakthrough(self) -> float | None:
        """At design flow, the heat of the returned water reaches a pump, s; None: never."""
        check = next((c for c in self.checks.checks if c.id == "season_volume"), None)
        full = self.design.full_load_time
        if check is None or not check.value or not full:
            return None
        return full / check.value

    def shape(self) -> dict[str, Any]:
        """Spacing, flow, breakthrough; m, m³/s, s."""
        return {
            "depth": self.pair_depth,
            "flow": self.unit.flow,
            "spacing": self.spacing,
            "breakthrough": finite(self.breakthrough),
        }

    def _head(self, *, injects: bool) -> float:
        points = group_points(self.design, duty_of(self.design).viscosity_ratio)
        names = {well.name for well in self.design.wells if well.injects is injects}
        if self.design.exchanges:
            names |= {f"{well.name}*" for well in self.design.wells if well.injects is not injects}
        return max((point.head for name, point in points.items() if name in names), default=0.0)


def judged_pairs(
    design: AbstractionDesign, unit: UnitCourse, pairs: int, depth: float, spacing: float,
    rules: WellRules, *, part: int | None = None,
) -> PairCandidate:  # fmt: skip
    """A design under its part of a duty.

    Parameters
    ----------
    design : all wells, or those of one pair
    unit : answer of one pair that does the whole duty
    pairs : in all
    depth, spacing : of a pair, m
    rules : that hold
    part : pairs that ``design`` holds; all if not given
    """
    water = unit.years_of(pairs)
    duty, share = unit.duty, (part or pairs) / pairs
    season = SeasonCourse(
        float(water.lowest_return.min()), float(water.highest_return.max()), _MODEL
    )
    made = replace(
        design, extraction=duty.largest_extraction * share,
        injection=duty.largest_injection * share,
        season_extraction=duty.yearly_extraction * share,
        season_injection=duty.yearly_injection * share, full_load_time=duty.pumping_time,
        season=season,
    )  # fmt: skip
    checks = check_well_group(made, rules)
    low = duty_of(made).lowest(rules)
    return PairCandidate(
        unit, water, checks, low, design.highest_return, made, pairs, depth, spacing
    )


def unit_of_wells(
    design: AbstractionDesign, pairs: int, duty: WellDuty, years: int, spacing: float
) -> UnitCourse:
    """Answer of one of the pairs of a design, as if it did the whole duty.

    Wells that exchange their roles are computed as one pair of the spacing given; wells that do not
    return their water keep the temperature of the ground.

    Raises
    ------
    diwen.problems.InputError : a day moves more water than lies between the wells
    """
    assert design.undisturbed_temperature is not None
    days = DAYS_PER_YEAR * years
    running = np.resize(duty.running, days)
    flow = design.flow / pairs
    answers = [np.zeros(days), np.zeros(days)]
    if design.closed:
        march = _exchanged if design.exchanges else _one_way
        answers = march(design, pairs, duty, running, spacing)
    return UnitCourse(duty, answers[0], -answers[1], flow, 0.0, design.undisturbed_temperature)


def _one_way(
    design: AbstractionDesign, pairs: int, duty: WellDuty, running: Floats, spacing: float
) -> list[Floats]:
    """Drop of the pumped water by the heat taken, and by the heat given (negative), K."""
    from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells
    from diwen.sources.well_field.potential_flow import PlaneWells, trace_arrivals

    known = design.regional_flux if design.regional_direction is not None else None
    field = PlaneWells.of(
        design.positions, design.rates, design.aquifer.thickness, regional_flux=known or 0.0,
        regional_direction=design.regional_direction or 0.0,
        ground_heat_capacity=design.aquifer.heat_capacity, water_heat_capacity=WATER_HEAT_CAPACITY,
    )  # fmt: skip
    kernel = ArrivalKernel.of(trace_arrivals(field)).merged()
    found = []
    for heat, sign in ((duty.extraction, 1.0), (duty.injection, -1.0)):
        if not heat.any():
            found.append(np.zeros(len(running)))
            continue
        course = march_wells(
            kernel, sign * pairs * np.resize(heat, len(running)), design.flow * running, DAY,
            water_heat_capacity=WATER_HEAT_CAPACITY,
        )  # fmt: skip
        found.append(np.where(running > 0.0, course.pumped[:, 0], 0.0))
    return found


def _exchanged(
    design: AbstractionDesign, pairs: int, duty: WellDuty, running: Floats, spacing: float
) -> list[Floats]:
    from diwen.sources.well_field.doublet import Doublet
    from diwen.sources.well_field.exchanged_doublet import march_exchanged

    flow = design.flow / pairs
    aquifer = design.aquifer
    doublet = Doublet.of(
        spacing, aquifer.thickness, flow, ground_heat_capacity=aquifer.heat_capacity,
        water_heat_capacity=WATER_HEAT_CAPACITY,
    )  # fmt: skip
    heating = np.resize(duty.extraction >= duty.injection, len(running))
    moved = flow * running * np.where(heating, 1.0, -1.0)
    found = []
    for heat, sign in ((duty.extraction, 1.0), (duty.injection, -1.0)):
        load = sign * np.resize(heat, len(running))
        course = march_exchanged(doublet, load, moved, DAY)
        found.append(np.where(running > 0.0, course.pumped, 0.0))
    return found


def search_pairs(
    template: PairTemplate, duty: WellDuty, years: int, rules: WellRules, *,
    reserve: float = 0.0, progress: Progress | None = None,
) -> WellSearch[PairCandidate]:  # fmt: skip
    """Pairs for a duty in the aquifer of the planned ones.

    Parameters
    ----------
    template : wells and aquifer
    duty : of all pairs
    years : of operation
    rules : that hold
    reserve : by which the recommended pairs are to keep their limits if any can, K
    progress : told how many combinations are done, of how many
    """
    found: list[PairCandidate] = []
    reasons: Counter[str] = Counter()
    names: dict[str, Text] = {}
    combinations = [(s * template.spacing, q * template.flow) for s in _SPACINGS for q in _FLOWS]
    for number, (spacing, flow) in enumerate(combinations):
        design = template.design(1, spacing, flow)
        try:
            unit = unit_of_wells(design, 1, duty, years, spacing)
            found += _counted(template, design, unit, spacing, rules, reasons, names)
        except InputError:
            reasons["close"] += 1
            names["close"] = _CLOSE
        if progress is not None:
            progress(number + 1, len(combinations))
    counted = {key: (names[key], count) for key, count in reasons.most_common()}

    def refined(one: PairCandidate) -> PairCandidate:
        wanted = reserve if one.margin >= reserve else 0.0
        return _refined(one, template, duty, years, rules, wanted)

    return ranked(found, counted, len(combinations), None, refined, (1.0, 1.0), reserve)


def _counted(
    template: PairTemplate, design: AbstractionDesign, unit: UnitCourse, spacing: float,
    rules: WellRules, reasons: Counter[str], names: dict[str, Text],
) -> list[PairCandidate]:  # fmt: skip
    """Numbers of pairs that keep everything; why none does is counted."""
    share = unit.largest_share(duty_of(design).lowest(rules), design.highest_return)
    least = math.ceil(1.0 / share - 1e-9) if share > 0.0 else math.inf
    if least > _MOST_PAIRS:
        key, name = ("temperature", _COLD) if share <= 0.0 else ("wells", _MANY)
        reasons[key] += 1
        names[key] = name.format(most=_MOST_PAIRS)
        return []
    kept = []
    for number, more in enumerate(_MORE):
        pairs = max(1, math.ceil(more * least))
        one = judged_pairs(design, unit, pairs, template.depth, spacing, rules, part=1)
        if one.suffices:
            kept.append(one)
        elif number == 0:
            for check in one.checks.failures:
                reasons[check.id] += 1
                names[check.id] = check.name
    return list({one.pairs: one for one in kept}.values())


def _refined(
    one: PairCandidate, template: PairTemplate, duty: WellDuty, years: int, rules: WellRules,
    margin: float,
) -> PairCandidate:  # fmt: skip
    """All pairs together; up to two more where the margin (K) would be lost."""
    if one.pairs > _TOGETHER or one.design.exchanges:
        return one
    for pairs in range(one.pairs, one.pairs + 3):
        design = template.design(pairs, one.spacing, one.unit.flow)
        unit = unit_of_wells(design, pairs, duty, years, one.spacing)
        finer = judged_pairs(design, unit, pairs, template.depth, one.spacing, rules)
        if finer.margin >= margin - KEPT:
            break
    return finer
