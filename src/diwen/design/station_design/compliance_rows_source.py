"""Rules of the source: survey, boreholes, temperatures, heat balance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from diwen.design.site_sizing import SiteSizing
from diwen.design.station_design.compliance_judging import in_words, judged, not_judged, within
from diwen.design.station_design.design_result import ComplianceRow, SourceDesign, StationDesign
from diwen.design.station_design.recharge_need import BAND, LASTING
from diwen.design.station_design.shortfall import judged_years
from diwen.design.station_design.source_limits import (
    SUMMER,
    WINTER,
    WaterLimit,
    limits_of_source,
)
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.row import Row

_TESTS_NOT_ASKED = Text(
    "does not apply: it holds for {span} m², {area} m² are served here",
    "不适用：该条适用于建筑面积 {span} m²，本项目为 {area} m²",
)
_TESTS = Text("thermal response tests", "岩土热响应试验")
_TESTS_WHY = Text(
    "{count} test(s) described for {area} m² of building", "建筑面积 {area} m²，已有试验 {count} 个"
)
_MAKE_TEST = Text(
    "make a thermal response test and enter it as [[response_tests]]",
    "请做岩土热响应试验并以 [[response_tests]] 录入",
)
_SURVEY = Text("site survey", "工程场地勘察")
_SURVEY_WHY = Text("{layers} layers and {aquifers} aquifers are described; whether a survey stands "
                   "behind them the file does not say",
                   "已描述 {layers} 层地层、{aquifers} 个含水层；"
                   "文件未说明是否经勘察")  # fmt: skip
_WELL_TESTS = Text("pumping and injection tests", "抽水试验与回灌试验")
_WELL_TESTS_WHY = Text("the site file names no such test", "项目文件未列出此类试验")
_DEPTH = Text("depth of the boreholes", "钻孔深度")
_BORE = Text("diameter of the boreholes", "钻孔孔径")
_SPACING = Text("least spacing of the boreholes", "钻孔最小间距")
_HEADER = Text("depth of the headers (upper end of the boreholes)", "水平连接管埋深（按孔口埋深）")
_FROST = Text("headers below the frost line", "水平连接管在冻土层以下")
_FROST_WHY = Text(
    "the frost depth of the place is not in the site file", "项目文件未给出当地冻土深度"
)
_FLOW = Text("turbulent flow in the boreholes", "孔内紊流")
_FLOW_WHY = Text("lowest Reynolds number {number} at {temperature} °C",
                 "{temperature} °C 时最低雷诺数 {number}")  # fmt: skip
_MORE_FLOW = Text("more flow in each borehole, or boreholes in series",
                  "加大单孔流量，或将钻孔串联")  # fmt: skip
_REVERSE = Text("reverse return of the loops", "环路同程布置")
_REVERSE_WHY = Text("the layout of the headers is not in the site file", "项目文件未描述干管布置")
_AS_PLANNED = Text("as planned in the site file", "按项目文件的规划")
_HIGHEST = Text("highest water from the field in summer", "夏季地埋管出口最高温度")
_LOWEST = Text("lowest water into the field in winter", "冬季地埋管进口最低温度")
_BY_TWIN = Text(
    "twin, worst of {years} planned years, in year {year}",
    "数字孪生模拟，规划 {years} 年内最不利值，出现于第 {year} 年",
)
_LATER = Text("; {value} °C by year {years}", "；至第 {years} 年为 {value} °C")
_ANTIFREEZE = Text("the loop holds antifreeze ({fluid}): the limit is meant for water",
                   "循环液为防冻液（{fluid}），该限值仅适用于水")  # fmt: skip
_LONGER = Text("more borehole metres, or rejection (recharge) of heat: see the recharge needed",
               "增加钻孔长度，或设散热（补热），见补热需求")  # fmt: skip
_MORE_WELLS = Text("more wells, or rejection (recharge) of heat: see shortfalls and cures",
                   "增加水井，或设散热（补热），见不足与可行措施")  # fmt: skip
_OWN = Text("{place}, {side}: {origin}", "{place}{side}：{origin}")
_PLACES = {"entering": Text("water entering the units", "进机组水温"),
           "leaving": Text("water leaving the units", "出机组水温")}  # fmt: skip
_SIDES = {"minimum": Text("lowest", "最低值"), "maximum": Text("highest", "最高值")}
_PLANNED = Text("planned size against the needed one", "规划规模与所需规模")
_SIZED = Text("needed {needed} {unit}, planned {planned} {unit}",
              "需要 {needed} {unit}，规划 {planned} {unit}")  # fmt: skip
_RATIO = Text("heat into the ground over heat out of it", "全年释热量与吸热量之比")
_RATIO_WHY = Text("mean of {years} years by the twin", "数字孪生 {years} 年平均")
_BALANCE = Text("balance over the period", "计算周期内热平衡")
_BALANCE_WHY = Text("ratio {ratio} over {years} years", "{years} 年释热与吸热之比为 {ratio}")
_RECHARGE = Text(
    "recharge or rejection of heat: see the recharge needed", "设补热或散热，见补热需求"
)
_YEARS = Text("years of the simulation of the balance", "热平衡模拟年限")
_YEARS_WHY = Text("by the twin, hour by hour", "数字孪生逐时模拟")
_PERIOD = Text("period of the dynamic load", "动态负荷计算周期")
_PERIOD_WHY = Text("hourly loads of {years} year(s)", "{years} 年逐时负荷")


def source_rows(design: StationDesign, rules: WellRules) -> Iterator[ComplianceRow | None]:
    """Every rule of survey, layout, temperatures and balance."""
    fields = [one for one in design.sources if one.kind == "borefield"]
    yield from _survey(design, rules, bool(fields))
    for field in fields:
        yield from _layout(design, rules, field)
        yield from _standard_temperatures(design, rules, field.name)
    for source in design.sources:
        yield _size(source)
        if source.kind in LASTING:
            yield from _own_limits(design, rules, source.name)
            yield from _balance(design, rules, source.name)
    yield judged(
        "balance.years", "balance", _YEARS, float(len(design.run.years)),
        rules.find("gb55015.balance_simulation_years"), _YEARS_WHY,
    )  # fmt: skip
    years = len(design.inputs.inputs.outdoor) / 8760.0
    for id in ("gb50366.load_period", "gb55015.load_period"):
        yield judged(id, "balance", _PERIOD, years, rules.find(id),
                     _PERIOD_WHY.format(years=f"{years:g}"))  # fmt: skip


def served_area(design: StationDesign) -> float | None:
    """Building area, m²; None where nothing says it."""
    place = design.site.place
    loads = [one.area for one in design.site.loads.values() if one.area is not None]
    known = [area for area in (place.heated_area, place.cooled_area, sum(loads)) if area]
    return max(known, default=None)


def _survey(design: StationDesign, rules: WellRules, field: bool) -> Iterator[ComplianceRow | None]:
    ground = design.basis.ground
    why = _SURVEY_WHY.format(layers=ground.layers, aquifers=ground.aquifers)
    for id in ("gb50736.survey", "gb55015.survey"):
        yield in_words(id, "survey", _SURVEY, rules.find(id), "unknown", why,
                       missing=("ground.source",) if not ground.origin else ())  # fmt: skip
    if field:
        yield from _response_tests(design, rules)
    if any(SOURCE_WORDS.get(one.kind) == "groundwater" for one in design.sources):
        yield in_words("survey.well_tests", "survey", _WELL_TESTS,
                       rules.find("gb50366.well_tests"), "unknown", _WELL_TESTS_WHY,
                       missing=("pumping test", "injection test"))  # fmt: skip


def _response_tests(design: StationDesign, rules: WellRules) -> Iterator[ComplianceRow | None]:
    area, tests = served_area(design), len(design.basis.ground.tests)
    wanted = (
        ("gb50366.response_test.two_holes_area", 2),
        ("gb50366.response_test.mandatory_area", 1),
        ("gb50366.response_test.advisable_area", 1),
        ("gb55015.response_test_area", 1),
    )
    shown = "?" if area is None else f"{area:.0f}"
    why = _TESTS_WHY.format(count=tests, area=shown)
    for id, count in wanted:
        rule = rules.find(id)
        if rule is None or rule.value is None:
            continue
        if area is None:
            yield in_words(id, "survey", _TESTS, rule, "unknown", why,
                           missing=("place.heated_area",))  # fmt: skip
            continue
        asked = area >= rule.value and (rule.upper is None or area < rule.upper)
        if not asked:
            yield _no_test_asked(id, rule, area)
            continue
        kept = tests >= count
        advice = rule.upper is not None or not rule.verified
        yield ComplianceRow(
            id, "survey", _TESTS, float(tests), "1", float(count), float(tests - count),
            "ok" if kept else ("warns" if advice else "fails"), rule, why,
            None if kept else _MAKE_TEST, (), ">=",
        )  # fmt: skip


def _no_test_asked(id: str, rule: Row, area: float) -> ComplianceRow:
    """A rule on tests that holds for other areas only: nothing to judge, and why."""
    upper = "" if rule.upper is None else f"{rule.upper:g}"
    span = Text(f"{rule.value:g} to {upper}" if upper else f"{rule.value:g} and more",
                f"{rule.value:g}～{upper}" if upper else f"≥ {rule.value:g}")  # fmt: skip
    why = _TESTS_NOT_ASKED.format(span=span, area=f"{area:.0f}")
    return ComplianceRow(id, "survey", _TESTS, None, "1", None, None, "not_judged", rule, why)


def _layout(
    design: StationDesign, rules: WellRules, source: SourceDesign
) -> Iterator[ComplianceRow | None]:
    holes = design.site.boreholes(source.name)
    given: Any = design.site.sources[source.name]
    if holes:
        depths = [hole.length + hole.buried_depth for hole in holes]
        yield judged(f"layout.{source.name}.depth", "layout", _DEPTH, min(depths),
                     rules.find("gb50366.vertical_depth"), _AS_PLANNED)  # fmt: skip
        yield judged(f"layout.{source.name}.header", "layout", _HEADER,
                     min(hole.buried_depth for hole in holes),
                     rules.find("gb50366.header_depth"), _AS_PLANNED)  # fmt: skip
    if len(holes) > 1:
        yield judged(f"layout.{source.name}.spacing", "layout", _SPACING, _least_spacing(holes),
                     rules.find("gb50366.borehole_spacing"), _AS_PLANNED, advice=True)  # fmt: skip
    diameter = getattr(getattr(given, "borehole", None), "diameter", None)
    yield judged(f"layout.{source.name}.diameter", "layout", _BORE, diameter,
                 rules.find("gb50366.borehole_diameter"), _AS_PLANNED,
                 missing=(f"sources.{source.name}.borehole.diameter",))  # fmt: skip
    yield judged(f"layout.{source.name}.frost", "layout", _FROST, None,
                 rules.find("gb50366.header_below_frost"), _FROST_WHY,
                 missing=("frost depth",))  # fmt: skip
    yield _turbulent(rules, source)
    yield in_words(f"layout.{source.name}.reverse_return", "layout", _REVERSE,
                   rules.find("gb50366.reverse_return"), "unknown", _REVERSE_WHY,
                   missing=("header layout",))  # fmt: skip


def _least_spacing(holes: Any) -> float:
    from diwen.sources.aquifer.well_spacing import nearest_distances

    return float(nearest_distances(np.array([[hole.x, hole.y] for hole in holes])).min())


def _turbulent(rules: WellRules, source: SourceDesign) -> ComplianceRow | None:
    rule = rules.find("gb50366.turbulent_flow")
    id = f"layout.{source.name}.turbulent"
    sizing = source.sizing
    states = sizing.hydraulics.states if isinstance(sizing, SiteSizing) else ()
    if not states:
        lacking = sizing.hydraulics.lacking if isinstance(sizing, SiteSizing) else ("sizing",)
        return in_words(id, "layout", _FLOW, rule, "unknown", _AS_PLANNED, missing=lacking)
    worst = min(states, key=lambda one: one.reynolds)
    why = _FLOW_WHY.format(number=f"{worst.reynolds:.0f}", temperature=f"{worst.temperature:.1f}")
    status = "ok" if worst.regime == 2 else "warns"
    return in_words(id, "layout", _FLOW, rule, "ok" if status == "ok" else "warns", why,
                    value=worst.reynolds, cure=_MORE_FLOW)  # fmt: skip


def _size(source: SourceDesign) -> ComplianceRow | None:
    if source.needed is None:
        return None
    shown = {"needed": f"{source.needed:.4g}", "planned": f"{source.planned:.4g}"}
    units = {"m": Text("m per borehole", "m/孔"), "wells": Text("wells", "口"),
             "pairs": Text("pairs", "对")}  # fmt: skip
    why = _SIZED.format(unit=units[source.unit], **shown)
    return within(f"layout.{source.name}.size", "layout", _PLANNED, source.planned,
                  "m" if source.unit == "m" else "1", source.needed, ">=", why,
                  cure=_LONGER if source.unit == "m" else _MORE_WELLS)  # fmt: skip


def _standard_temperatures(
    design: StationDesign, rules: WellRules, source: str
) -> Iterator[ComplianceRow | None]:
    given: Any = design.site.sources[source]
    if (design.basis.cold > 0.0).any():
        value, why = _worst(design, [one.sources[source].entering[1] for one in design.run.years])
        yield judged(f"temperature.{source}.summer", "temperature", _HIGHEST, value,
                     rules.find("gb50366.source_outlet_maximum_summer"), why,
                     cure=_LONGER)  # fmt: skip
    if (design.basis.heat > 0.0).any():
        id, rule = f"temperature.{source}.winter", rules.find("gb50366.source_inlet_minimum_winter")
        if given.fluid.name != "water":
            if rule is not None:
                yield not_judged(id, "temperature", _LOWEST,
                                 _ANTIFREEZE.format(fluid=given.fluid.name))  # fmt: skip
            return
        value, why = _worst(design, [one.sources[source].leaving[0] for one in design.run.years],
                            lowest=True)  # fmt: skip
        yield judged(id, "temperature", _LOWEST, value, rule, why, cure=_LONGER)


def _worst(
    design: StationDesign, by_year: list[float], *, lowest: bool = False
) -> tuple[float, Text]:
    """Worst of the planned years, and when; with the worst of all years where that is worse."""
    planned, sign = judged_years(design), 1.0 if lowest else -1.0
    values = sign * np.array(by_year)
    if not np.isfinite(values[:planned]).any():
        return float("nan"), _BY_TWIN.format(years=planned, year="-")
    year, later = int(np.nanargmin(values[:planned])), float(np.nanmin(values))
    why = _BY_TWIN.format(years=planned, year=year + 1)
    if later < values[year] - 0.01:
        said = _LATER.format(value=f"{sign * later:.2f}", years=len(by_year))
        why = Text(why.en + said.en, why.zh + said.zh)
    return float(sign * values[year]), why


def _of_standard(limit: WaterLimit, rules: WellRules) -> bool:
    """Whether a limit is that of the standard, which has rows of its own."""
    rows = [rules.find(id) for id in (WINTER, SUMMER)]
    return any(row is not None and row.name.en in limit.origin.en for row in rows)


def _own_limits(design: StationDesign, rules: WellRules, source: str) -> Iterator[ComplianceRow]:
    ran = [one.sources[source] for one in design.run.years]
    for limit in limits_of_source(design.site, source, design.basis, design.day):
        if _of_standard(limit, rules):
            continue
        low = limit.side == "minimum"
        value, why = _worst(
            design, [limit.found(one.entering, one.leaving) for one in ran], lowest=low
        )
        if not np.isfinite(value):
            continue
        name = _OWN.format(place=_PLACES[limit.place], side=_SIDES[limit.side], origin=limit.origin)
        yield within(
            f"temperature.{source}.{limit.place}.{limit.side}", "temperature", name, value, "°C",
            limit.value, ">=" if low else "<=", why,
            cure=_LONGER if design.site.sources[source].type == "borefield" else _MORE_WELLS,
        )  # fmt: skip


def _balance(
    design: StationDesign, rules: WellRules, source: str
) -> Iterator[ComplianceRow | None]:
    years = design.options.horizons[0]
    ratio = design.run.mean_ratio(source, years)
    why = _RATIO_WHY.format(years=years)
    low, high = (rules.find(id) for id in BAND)
    inside = True
    for id, rule in zip(("low", "high"), (low, high), strict=True):
        row = judged(f"balance.{source}.{id}", "balance", _RATIO, ratio, rule, why, cure=_RECHARGE)
        inside = inside and (row is None or row.status == "ok")
        yield row
    shown = _BALANCE_WHY.format(ratio=f"{ratio:.3g}", years=years)
    yield in_words(f"balance.{source}.closed", "balance", _BALANCE,
                   rules.find("gb50366.heat_balance"), "ok" if inside else "warns", shown,
                   value=ratio, cure=_RECHARGE)  # fmt: skip
