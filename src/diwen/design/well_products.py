"""Products of the market against the ground of a site: does a well give here what its maker says?

No catalogue figure is taken for granted. Each product is put, with its heat and flow, into the
wells of the site: the drop of the water is arithmetic, heads and temperatures of the years come
from the models of sizing, and the checks of wells judge.
"""

from __future__ import annotations

import math
from datetime import date

from diwen.design.site_well_sizing import sizing_input_of_wells
from diwen.design.well_check_cure import joined
from diwen.design.well_check_rules import WellRules
from diwen.design.well_product_bench import ProductBench, Progress, balanced_unit
from diwen.design.well_product_result import (
    JudgedProduct,
    SiteProducts,
    Verdict,
    WellProduct,
    products_on,
)
from diwen.design.well_sizing_course import (
    SEARCH_FINENESS,
    STANDARD_FINENESS,
    UnitCourse,
)
from diwen.design.well_sizing_result import WellCandidate
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.named_source import named_source
from diwen.site.sources import ONE_WELL_KINDS
from diwen.sources.well_field.no_flow_cell import cell_radius

_WIDER = (1.5, 2.0)
_BOILING = 100.0
# Checks that say again what the temperatures of the years say.
_OF_TEMPERATURE = (
    "freezing_in_season", "freezing_at_design", "warm_in_season", "warm_return", "power",
)  # fmt: skip

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
    bench = ProductBench(design, duty, span, rules, [one.flow for one in known], fineness, progress)
    planned = bench.courses(design.well, design.cell_radius, final_fineness)
    found = [_judged(product, bench, planned[product.flow]) for product in known]
    return SiteProducts(
        name, span, tuple(found), bench.largest(), bench.largest(balanced=True), notes
    )


def _judged(product: WellProduct, bench: ProductBench, unit: UnitCourse) -> JudgedProduct:
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
    product: WellProduct, bench: ProductBench, unit: UnitCourse, level: UnitCourse | None
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
    told = set(_OF_TEMPERATURE) if found else set()
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
