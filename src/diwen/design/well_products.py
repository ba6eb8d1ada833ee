"""Products of the market against the ground of a site: does a well give here what its maker says?

No catalogue figure is taken for granted. Each product is put, with its heat and flow, into the
wells of the site: the drop of the water is arithmetic, heads and temperatures of the years come
from the models of sizing, and the checks of wells judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from diwen.design.site_well_sizing import sizing_input_of_wells
from diwen.design.well_candidates import candidate_design, search_space
from diwen.design.well_check_cure import joined
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_sizing import UnitHeads, ground_radius, judged, with_duty
from diwen.design.well_sizing_course import (
    SEARCH_FINENESS,
    STANDARD_FINENESS,
    UnitCourse,
    holding_share,
    reduced_well_of,
    unit_course,
)
from diwen.design.well_sizing_duty import WellDuty
from diwen.design.well_sizing_result import WellCandidate, finite
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import Row
from diwen.site import Site
from diwen.site.named_source import named_source
from diwen.site.sources import ONE_WELL_KINDS
from diwen.sources.aquifer.heat_arithmetic import temperature_drop
from diwen.sources.aquifer.well import CirculationWell
from diwen.sources.response.time_units import HOUR
from diwen.sources.well_field.no_flow_cell import cell_radius

Progress = Callable[[int, int], None]
Verdict = Literal["works", "works_only_with", "does_not_work"]

VERDICTS: dict[Verdict, Text] = {
    "works": Text("works", "可行"),
    "works_only_with": Text("works only with", "仅在下列条件下可行"),
    "does_not_work": Text("does not work", "不可行"),
}
_KW = 1e3
_WIDER = (1.5, 2.0)
_BOILING = 100.0

_NAME = Text("{heat} kW at {flow} m³/h", "{heat} kW（{flow} m³/h）")
_NAME_BOTH = Text(
    "{heat} kW, {cold} kW given, at {flow} m³/h", "{heat} kW，放热 {cold} kW（{flow} m³/h）"
)
_NO_EXTRACTION = Text("no heat is taken in any hour: products are rated for heat",
                      "负荷中没有取热，无法按取热量核算产品")  # fmt: skip
_GIVE_HEAT = Text("give a load with heating", "请给出含供热的负荷")
_SHAPE = Text(
    "screens of {into} m and {out} m with a seal of {seal} m, {depth} m deep",
    "回水区 {into} m、取水区 {out} m、密封区 {seal} m，井深 {depth} m",
)
_SPACING = Text("wells {spacing} m apart", "井距 {spacing} m")
_BALANCE = Text(
    "heat given back of {share} % of the heat taken every year (the load gives {now} %)",
    "每年回补取热量的 {share} %（本项目负荷为 {now} %）",
)
_TOO_COLD = Text("the returned water falls to {value} °C (limit {limit} °C)",
                 "回水温度降至 {value} °C（限值 {limit} °C）")  # fmt: skip
_FREEZES = Text("the returned water falls below freezing (limit {limit} °C)",
                "回水温度降至冰点以下（限值 {limit} °C）")  # fmt: skip
_TOO_WARM = Text("the returned water rises to {value} °C (limit {limit} °C)",
                 "回水温度升至 {value} °C（限值 {limit} °C）")  # fmt: skip


@dataclass(frozen=True)
class WellProduct:
    """What a maker says of a product.

    Attributes
    ----------
    id : stable name
    heating, cooling : heat taken from one well, and given to it, W; None where not said
    flow : of the well, m³/s
    rows : where the numbers come from
    """

    id: str
    heating: float
    cooling: float | None
    flow: float
    rows: tuple[Row, ...]

    @property
    def name(self) -> Text:
        """Its numbers."""
        shown = {"heat": f"{self.heating / _KW:g}", "flow": f"{self.flow * HOUR:g}"}
        if self.cooling is None:
            return _NAME.format(**shown)
        return _NAME_BOTH.format(**shown, cold=f"{self.cooling / _KW:g}")

    @property
    def drop(self) -> float:
        """Of the water in the hour of full heat, by arithmetic, K."""
        return float(temperature_drop(self.heating, self.flow))

    @property
    def rise(self) -> float | None:
        """Of the water in the hour of full cooling, K."""
        return None if self.cooling is None else float(temperature_drop(self.cooling, self.flow))


@dataclass(frozen=True, eq=False)
class JudgedProduct:
    """A product in the ground of a site.

    Attributes
    ----------
    product : as its maker says
    wells : of the site, each doing what the product says
    verdict : see :data:`VERDICTS`
    conditions : each of which would do, or all of those that ``needed`` says
    reasons : why it does not work as it stands
    largest_heat : that a well of the site gives at this flow within its limits, W
    largest_balanced : the same where as much heat is given back in a year as holds the ground, W;
        None where the load gives none back
    """

    product: WellProduct
    wells: WellCandidate
    verdict: Verdict
    conditions: tuple[Text, ...]
    reasons: tuple[Text, ...]
    largest_heat: float
    largest_balanced: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        given = self.product
        return {
            "product": given.id,
            "heating": given.heating,
            "cooling": given.cooling,
            "flow": given.flow,
            "drop": given.drop,
            "rise": given.rise,
            "sources": [row.as_dict() for row in given.rows],
            "verdict": self.verdict,
            "conditions": [_both(text) for text in self.conditions],
            "reasons": [_both(text) for text in self.reasons],
            "largest_heat": finite(self.largest_heat),
            "largest_balanced": finite(self.largest_balanced),
            "wells": self.wells.as_dict(),
        }


@dataclass(frozen=True, eq=False)
class SiteProducts:
    """Products judged for a site.

    Attributes
    ----------
    source : id of the wells
    years : of operation
    products : in the order of their heat
    largest : the wells of which each gives the most heat in this ground, with the spacing of the
        site; None where no shape that was tried keeps everything
    largest_balanced : the same where the year is balanced; None where the load gives no heat back
    notes : what was assumed
    """

    source: str
    years: int
    products: tuple[JudgedProduct, ...]
    largest: WellCandidate | None
    largest_balanced: WellCandidate | None
    notes: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages: m, m³/s, W, °C."""
        return {
            "source": self.source,
            "years": self.years,
            "products": [one.as_dict() for one in self.products],
            "largest": _plain(self.largest),
            "largest_balanced": _plain(self.largest_balanced),
            "notes": [note.as_dict() for note in self.notes],
        }


def products_on(rules: WellRules) -> tuple[WellProduct, ...]:
    """The products that are known, by heat."""
    rows = {row.id: row for row in rules.holding.rows(quantity="well_product")}
    found = []
    for id in rows:
        if not id.endswith(".heating"):
            continue
        name = id.removesuffix(".heating")
        heat, flow, cold = rows[id], rows[f"{name}.flow"], rows.get(f"{name}.cooling")
        assert heat.value is not None
        assert flow.value is not None
        cooling = None if cold is None or cold.value is None else cold.value * _KW
        kept = tuple(row for row in (heat, cold, flow) if row is not None)
        found.append(WellProduct(name, heat.value * _KW, cooling, flow.value / HOUR, kept))
    return tuple(sorted(found, key=lambda product: product.heating))


def judge_products_of_site(
    site: Site, source: str = "", *, years: int | None = None, day: date | None = None,
    fineness: float = SEARCH_FINENESS, final_fineness: float = STANDARD_FINENESS,
    progress: Progress | None = None,
) -> SiteProducts:  # fmt: skip
    """Each product in the wells of a site, over the years.

    The year has the course of the site's load; its highest hours are those of the product.

    Parameters
    ----------
    site : the site
    source : id of the circulation wells; may be left out where there is only one such source
    years : of operation; as planned if not given
    day : on which rules and products are asked; today if not given
    fineness, final_fineness : of the rings for other shapes and for the wells of the site
    progress : told how much is done, of how much

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    name = named_source(site, source, ONE_WELL_KINDS)
    span = math.ceil(site.operation.planned_years) if years is None else years
    design, duty, notes = sizing_input_of_wells(site, name, span)
    if not duty.largest_extraction > 0.0:
        raise InputError([Problem("site.toml", "loads", _NO_EXTRACTION, _GIVE_HEAT)])
    rules = WellRules.on(day, site.place.region or None)
    known = products_on(rules)
    bench = _Bench(design, duty, span, rules, [one.flow for one in known], fineness, progress)
    planned = bench.courses(design.well, design.cell_radius, final_fineness)
    found = [_judged(product, bench, planned[product.flow]) for product in known]
    return SiteProducts(
        name, span, tuple(found), bench.largest(), bench.largest(balanced=True), notes
    )


class _Bench:
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


def _judged(product: WellProduct, bench: _Bench, unit: UnitCourse) -> JudgedProduct:
    own = bench.judge(bench.design.well, unit, product.heating, product.cooling, final=True)
    largest = own.unit.largest_share(own.low, own.high, own.count) * product.heating
    level = balanced_unit(unit)
    most = None
    if level is not None:
        most = level.largest_share(own.low, own.high) * level.duty.largest_extraction
    reasons: tuple[Text, ...] = ()
    if own.suffices:
        conditions = tuple(check.what_to_change or check.why for check in own.warnings)
        verdict: Verdict = "works_only_with" if conditions else "works"
    else:
        conditions, reasons = _conditions(product, bench, unit, level), _reasons(own)
        verdict = "works_only_with" if conditions else "does_not_work"
    return JudgedProduct(product, own, verdict, conditions, reasons, largest, most)


def _conditions(
    product: WellProduct, bench: _Bench, unit: UnitCourse, level: UnitCourse | None
) -> tuple[Text, ...]:
    """Changes each of which alone lets the product work."""
    found: list[Text] = []
    others = [
        bench.judge(well, courses[product.flow], product.heating, product.cooling)
        for well, courses in bench.shapes[1:]
    ]
    working = [one for one in others if one.suffices]
    if working:
        best = min(working, key=lambda one: (len(one.warnings), one.metres))
        found.append(_shape_text(best))
    if bench.design.count > 1 and bench.design.spacing is not None:
        for factor in _WIDER:
            apart = factor * bench.design.spacing
            wide = bench.courses(bench.design.well, cell_radius(apart))[product.flow]
            one = bench.judge(
                bench.design.well, wide, product.heating, product.cooling, spacing=apart
            )
            if one.suffices:
                found.append(_SPACING.format(spacing=f"{apart:.3g}"))
                break
    if level is not None:
        one = bench.judge(bench.design.well, level, product.heating, None)
        if one.suffices:
            duty = unit.duty
            share = level.duty.yearly_injection / duty.yearly_extraction
            now = duty.yearly_injection / duty.yearly_extraction
            shown = {"share": f"{100.0 * share:.0f}", "now": f"{100.0 * now:.0f}"}
            found.append(_BALANCE.format(**shown))
    return tuple(found)


def _reasons(own: WellCandidate) -> tuple[Text, ...]:
    found = []
    if own.low is not None and own.coldest < own.low - 0.01:
        text = _TOO_COLD if own.coldest >= 0.0 else _FREEZES
        found.append(text.format(value=f"{own.coldest:.1f}", limit=f"{own.low:g}"))
    if own.high is not None and own.warmest > own.high + 0.01:
        shown = f"{own.warmest:.1f}" if own.warmest < _BOILING else f"> {_BOILING:g}"
        found.append(_TOO_WARM.format(value=shown, limit=f"{own.high:g}"))
    told = {"freezing_in_season", "freezing_at_design", "power"} if found else set()
    found += [
        Text(f"{check.name.en}: {check.why.en}", f"{check.name.zh}：{check.why.zh}")
        for check in own.checks.failures
        if check.id not in told
    ]
    return tuple(found)


def _shape_text(one: WellCandidate) -> Text:
    parts = [
        _SHAPE.format(
            into=f"{pair.injection.length:g}", out=f"{pair.extraction.length:g}",
            seal=f"{pair.seal.length:g}", depth=f"{one.depth:g}",
        )
        for pair in one.design.well.pairs
    ]  # fmt: skip
    return parts[0] if len(parts) == 1 else joined(parts[:1])


def _plain(wells: WellCandidate | None) -> dict[str, Any] | None:
    return None if wells is None else wells.as_dict()


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
