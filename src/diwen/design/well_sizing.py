"""Size circulation wells: how many, how deep, with which screens, seal, flow and spacing.

Each shape is computed once on coarse rings (:mod:`.well_sizing_course`); all flows, spacings and
numbers of wells follow cheaply. A candidate counts where the returned water keeps its limits in
every hour of every year and no check of :mod:`.well_checks` refuses it. What is shown is computed
again on the standard rings.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from diwen.design.well_candidates import SearchSpace, candidate_design, search_space
from diwen.design.well_check_heads import WellHeads, heads_of
from diwen.design.well_check_rules import WellRules
from diwen.design.well_checks import check_well
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import SeasonCourse
from diwen.design.well_sizing_choice import WellSearch, ranked
from diwen.design.well_sizing_course import (
    SEARCH_FINENESS,
    STANDARD_FINENESS,
    UnitCourse,
    WellYears,
    reduced_well_of,
    unit_course,
)
from diwen.design.well_sizing_duty import WellDuty
from diwen.design.well_sizing_result import KEPT, WellCandidate
from diwen.language import Text
from diwen.problems import InputError
from diwen.sources.well_field.no_flow_cell import cell_radius

Progress = Callable[[int, int], None]

# Numbers of wells tried, over the fewest that keep the temperatures.
_MORE_WELLS = (1.0, 1.3, 1.7)
_MOST_WELLS = 2000
_MODEL = Text("reduced well, {cells} cells, by day", "降阶井模型（{cells} 单元，按日）")
TIGHT = Text("screens beside tight ground", "滤水管位于隔水层")
MANY = Text("more than {most} wells", "超过 {most} 口井")
COLD = Text("ground at rest outside the limits of the returned water", "初始地温已超出回水温度限值")


def judged(
    planned: WellDesign, unit: UnitCourse, rules: WellRules, *,
    extraction: float = 1.0, injection: float = 1.0, heads: UnitHeads | None = None,
) -> WellCandidate:  # fmt: skip
    """A design under a duty, or under multiples of its heat taken and given.

    Parameters
    ----------
    planned : one of the wells; its own heat is replaced by that of the duty
    unit : answer of its ground to the duty
    rules : that hold
    extraction, injection : multiples
    heads : of the same shape, found before; computed on rings if not given
    """
    scaled = unit
    if extraction != 1.0 or injection != 1.0:
        scaled = replace(
            unit, duty=unit.duty.scaled(extraction, injection),
            cold=extraction * unit.cold, warm=injection * unit.warm,
        )  # fmt: skip
    water = scaled.years_of(planned.count)
    design = with_duty(planned, scaled, water)
    found = heads_of(design) if heads is None else heads.at(design)
    checks = check_well(design, rules, heads=found)
    low = design.duty.lowest(rules)
    return WellCandidate(scaled, water, checks, low, design.highest_return, design, found)


@dataclass(frozen=True, eq=False)
class UnitHeads:
    """Heads of one shape, from which those at other flows and temperatures follow.

    The linear part goes with flow and viscosity, the loss of the well with the square of the flow.
    A skin does not feel the viscosity: it is taken as if it did.

    Attributes
    ----------
    design : at which they were found
    heads : there; without paths of the water, which cost more than all checks
    """

    design: WellDesign
    heads: WellHeads

    @classmethod
    def of(cls, design: WellDesign) -> UnitHeads:
        """In closed form where it holds, else on rings."""
        return cls(design, replace(heads_of(design, quick=True), field=None))

    def at(self, design: WellDesign) -> WellHeads:
        """For a design of the same shape."""
        known = self.heads
        flow = design.flow / self.design.flow
        thick = design.duty.viscosity_ratio / self.design.duty.viscosity_ratio
        rise, fall = known.linear_injection * flow, known.linear_extraction * flow
        losses = (known.injection - known.linear_injection, known.extraction
                  - known.linear_extraction)  # fmt: skip
        if design.specific_injectivity is None:
            rise *= thick
        both = known.linear_injection + known.linear_extraction
        return replace(
            known, injection=rise + losses[0] * flow**2, extraction=fall + losses[1] * flow**2,
            linear_injection=rise, linear_extraction=fall,
            seal_gradient=known.seal_gradient * (rise + fall) / both,
        )  # fmt: skip


def with_duty(design: WellDesign, unit: UnitCourse, water: WellYears) -> WellDesign:
    """The design with its share of the duty and the water that was found."""
    duty, count = unit.duty, design.count
    model = _MODEL.format(cells=unit.cells)
    season = SeasonCourse(
        float(water.lowest_return.min()), float(water.highest_return.max()), model
    )
    return replace(
        design, extraction=duty.largest_extraction / count,
        injection=duty.largest_injection / count,
        season_extraction=duty.yearly_extraction / count,
        season_injection=duty.yearly_injection / count,
        full_load_time=duty.pumping_time, needed_heat=duty.largest_extraction, season=season,
    )  # fmt: skip


def planned_unit(
    planned: WellDesign, duty: WellDuty, years: int, *, radius: float | None = None,
    fineness: float = STANDARD_FINENESS,
) -> UnitCourse:  # fmt: skip
    """Answer of the ground of a design's well to a duty.

    Parameters
    ----------
    planned : one of the wells
    duty : of all wells
    years : of operation
    radius : of the ground that it owns, m; that of the design if not given
    fineness : of the rings

    Raises
    ------
    diwen.problems.InputError : screens outside the ground described
    """
    assert planned.undisturbed_temperature is not None
    owned = planned.cell_radius if radius is None and planned.count > 1 else radius
    reduced = reduced_well_of(
        planned.column, planned.well, owned, [planned.flow], fineness=fineness, years=years
    )
    return unit_course(reduced, planned.flow, duty, years, planned.undisturbed_temperature)


def search_wells(
    planned: WellDesign, duty: WellDuty, years: int, rules: WellRules, *,
    space: SearchSpace | None = None, fineness: float = SEARCH_FINENESS,
    final_fineness: float = STANDARD_FINENESS, reserve: float = 0.0,
    progress: Progress | None = None,
) -> WellSearch[WellCandidate]:  # fmt: skip
    """Wells for a duty in the ground of a planned design.

    Parameters
    ----------
    planned : gives ground, bore, limits, what is known of water and pump
    duty : of all wells
    years : of operation
    rules : that hold
    space : what is tried; around the planned well if not given
    fineness, final_fineness : of the rings in the search and of what is shown
    reserve : by which the recommended wells are to keep their limits if any can, K
    progress : told how many combinations are done, of how many
    """
    space = space or search_space(planned)
    found: list[WellCandidate] = []
    reasons: Counter[str] = Counter()
    names: dict[str, Text] = {}
    done = 0
    assert planned.undisturbed_temperature is not None
    for well in space.shapes:
        for spacing in space.spacings:
            heads: UnitHeads | None = None  # neighbours raise them
            radius = ground_radius(spacing, space.land)
            try:
                reduced = reduced_well_of(
                    planned.column, well, radius, list(space.flows), fineness=fineness, years=years
                )
            except InputError:
                # The ports of an open hole of this depth stand in tight rock.
                reasons["ground"] += len(space.flows)
                names["ground"] = TIGHT
                continue
            for flow in space.flows:
                unit = unit_course(reduced, flow, duty, years, planned.undisturbed_temperature)
                made = candidate_design(planned, well, flow, 1, spacing)
                heads = heads or UnitHeads.of(with_duty(made, unit, unit.years_of()))
                found += _counted(made, unit, rules, heads, reasons, names)
                done += 1
                if progress is not None:
                    progress(done, space.size)
    counted = {key: (names[key], number) for key, number in reasons.most_common()}

    def refined(one: WellCandidate) -> WellCandidate:
        wanted = reserve if one.margin >= reserve else 0.0
        return _refined(one, duty, years, rules, space, final_fineness, wanted)

    return ranked(
        found, counted, space.size, space.land, refined, (fineness, final_fineness), reserve
    )


def ground_radius(spacing: float | None, land: float | None) -> float | None:
    """Of the ground that one well owns, m; that of the whole land for a well alone on it."""
    if spacing is not None:
        return cell_radius(spacing)
    return None if land is None else cell_radius(math.sqrt(land))


def _counted(
    design: WellDesign, unit: UnitCourse, rules: WellRules, heads: UnitHeads,
    reasons: Counter[str], names: dict[str, Text],
) -> list[WellCandidate]:  # fmt: skip
    """The numbers of wells that keep everything; why none does is counted."""
    share = unit.largest_share(design.duty.lowest(rules), design.highest_return)
    least = math.ceil(1.0 / share - 1e-9) if share > 0.0 else _MOST_WELLS + 1
    alone = design.spacing is None
    if least > (1 if alone else _MOST_WELLS):
        key, name = ("temperature", COLD) if share <= 0.0 else ("wells", MANY)
        if not alone or share <= 0.0:
            reasons[key] += 1
            names[key] = name.format(most=_MOST_WELLS)
        return []
    # A single well has no spacing; it is the case of its own without one.
    counts = [1] if alone else sorted({max(2, math.ceil(more * least)) for more in _MORE_WELLS})
    kept = []
    for count in counts:
        one = judged(replace(design, count=count), unit, rules, heads=heads)
        if one.suffices:
            kept.append(one)
        elif count == counts[0]:
            for check in one.checks.failures:
                reasons[check.id] += 1
                names[check.id] = check.name
    return kept


def _refined(
    one: WellCandidate, duty: WellDuty, years: int, rules: WellRules, space: SearchSpace,
    fineness: float, margin: float,
) -> WellCandidate:  # fmt: skip
    """Computed on finer rings; up to two wells more where the margin (K) would be lost."""
    radius = ground_radius(one.design.spacing, space.land)
    unit = planned_unit(one.design, duty, years, fineness=fineness, radius=radius)
    for more in range(3):
        finer = judged(replace(one.design, count=one.count + more), unit, rules)
        if finer.margin >= margin - KEPT or one.count == 1:
            break
    return finer
