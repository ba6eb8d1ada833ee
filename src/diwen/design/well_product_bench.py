"""Wells of many shapes at the flows of products: what each gives in the ground of a site."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from diwen.design.well_candidates import candidate_design, search_space
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_sizing import UnitHeads, ground_radius, judged, with_duty
from diwen.design.well_sizing_course import UnitCourse, holding_share, reduced_well_of, unit_course
from diwen.design.well_sizing_duty import WellDuty
from diwen.design.well_sizing_result import WellCandidate
from diwen.problems import InputError
from diwen.sources.aquifer.well import CirculationWell

Progress = Callable[[int, int], None]


class ProductBench:
    """Courses of many shapes at the flows of the products and of the search."""

    def __init__(
        self, design: WellDesign, duty: WellDuty, years: int, rules: WellRules,
        flows: list[float], fineness: float, progress: Progress | None,
    ) -> None:  # fmt: skip
        self.design, self.duty, self.rules = design, duty, rules
        self._years, self._fineness = years, fineness
        space = search_space(design)
        self._land = space.land
        self._flows = sorted({*flows, *space.flows})
        self._shapes = space.shapes
        self._heads: dict[int, UnitHeads] = {}
        self.shapes: list[tuple[CirculationWell, dict[float, UnitCourse]]] = []
        radius = design.cell_radius if design.count > 1 else None
        for number, well in enumerate(self._shapes):
            try:
                self.shapes.append((well, self.courses(well, radius, fineness)))
            except InputError:
                # The ports of an open hole of this depth stand in tight rock.
                if well is design.well:
                    raise
            if progress is not None:
                progress(number + 1, len(self._shapes))

    def courses(
        self, well: CirculationWell, radius: float | None, fineness: float | None = None
    ) -> dict[float, UnitCourse]:
        """Answers of a shape at all flows."""
        start = self.design.undisturbed_temperature
        assert start is not None
        owned = radius if self.design.count > 1 else None
        reduced = reduced_well_of(
            self.design.column, well, owned, self._flows, fineness=fineness or self._fineness,
            years=self._years,
        )  # fmt: skip
        return {q: unit_course(reduced, q, self.duty, self._years, start) for q in self._flows}

    def judge(
        self, well: CirculationWell, unit: UnitCourse, heat: float, cold: float | None, *,
        spacing: float | None = None, final: bool = False,
    ) -> WellCandidate:  # fmt: skip
        """Wells of a shape, each taking and giving so much, W; what is not said in proportion."""
        count, duty = self.design.count, unit.duty
        apart = self.design.spacing if spacing is None else spacing
        made = candidate_design(self.design, well, unit.flow, count, apart)
        made = replace(made, cell_radius=ground_radius(apart, None))
        out = count * heat / duty.largest_extraction
        into = out
        if cold is not None and duty.largest_injection > 0.0:
            into = count * cold / duty.largest_injection
        heads = None if final else self._heads_of(well, made, unit)
        return judged(made, unit, self.rules, extraction=out, injection=into, heads=heads)

    def largest(self, *, balanced: bool = False) -> WellCandidate | None:
        """The wells that give most, of all shapes and flows that no check refuses.

        Parameters
        ----------
        balanced : with as much heat given back as holds the ground
        """
        if balanced and not self.duty.injection.any():
            return None
        low, high = self.design.duty.lowest(self.rules), self.design.highest_return
        best: WellCandidate | None = None
        for well, courses in self.shapes:
            for course in courses.values():
                unit = balanced_unit(course) if balanced else course
                if unit is None:
                    continue
                heat = unit.largest_share(low, high) * unit.duty.largest_extraction
                if not 0.0 < heat < math.inf:
                    continue
                if best is not None and heat * self.design.count <= best.largest_extraction:
                    continue
                found = self.judge(well, unit, heat * (1.0 - 1e-9), None)
                best = found if found.suffices else best
        return best

    def _heads_of(self, well: CirculationWell, made: WellDesign, unit: UnitCourse) -> UnitHeads:
        if id(well) not in self._heads:
            share = unit.years_of(made.count)
            self._heads[id(well)] = UnitHeads.of(with_duty(made, unit, share))
        return self._heads[id(well)]


def balanced_unit(unit: UnitCourse) -> UnitCourse | None:
    """The same well with as much heat given back as holds its ground; None where none would."""
    holding, duty = holding_share(unit), unit.duty
    if holding is None or not duty.yearly_injection > 0.0:
        return None
    factor = holding * duty.yearly_extraction / duty.yearly_injection
    return replace(unit, duty=duty.scaled(injection=factor), warm=factor * unit.warm)
