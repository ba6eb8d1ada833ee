"""Rules of the units: efficiency grade at the rating, rating conditions, inlet temperature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from diwen.design.station_design.compliance_judging import (
    in_words,
    judged,
    not_judged,
    with_standing,
)
from diwen.design.station_design.design_hours import WATER_HEAT
from diwen.design.station_design.design_result import ComplianceRow, StationDesign
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import AIR, Unit
from diwen.rules import RuleMissingError
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.grades import grade_of, grades

_GRADE = Text("efficiency grade of {name}", "机组 {name} 能效等级")
_GRADE_WHY = Text(
    "{metric} {value} at the rating conditions (EER {eer}, COP {cop}): {grade}{map}",
    "名义工况 {metric} {value}（EER {eer}，COP {cop}）：{grade}{map}",
)
_REACHED = Text("grade {grade}", "{grade} 级")
_BELOW = Text("below grade 3", "低于 3 级")
_EXTRAPOLATED = Text("; the map is extrapolated there", "；该工况为性能图外推")
_BETTER = Text("choose units of a better grade", "选用能效更高的机组")
_NO_GRADE = Text("no grade table fits this unit", "没有适用于该机组的等级表")
_EFFICIENT = Text("{name}: grade 2 or better", "机组 {name}：达到 2 级及以上")
_RATED = Text("{name}: tested at the rating conditions", "机组 {name}：按名义工况测试")
_RATED_WHY = Text(
    "no tested point at {source} °C / {load} °C ({mode}); values there come from the map",
    "没有 {source} °C / {load} °C（{mode}）的测试点，取自性能图",
)
_RATED_OK = Text("tested at {source} °C / {load} °C", "有 {source} °C / {load} °C 测试点")
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_FLOW = Text("{name}: source flow per kW", "机组 {name}：水源侧单位流量")
_FLOW_WHY = Text("{flow} m³/h for {capacity} kW of cooling (heating) a unit",
                 "单台 {capacity} kW 对应 {flow} m³/h")  # fmt: skip
_TYPE = Text("{name}: type by the inlet temperature", "机组 {name}：按进水温度的类型")
_TYPE_WHY = Text(
    "water enters at {value} °C at the lowest: type {type} needed (T/BAEE019: II from 0 °C, III "
    "from -5 °C with antifreeze)",
    "最低进水温度 {value} °C：需 {type} 型机组（T/BAEE019：II 型 ≥0 °C，III 型 ≥−5 °C 且为防冻液）",
)
_COPH = Text("{name}: heating COPh limit", "机组 {name}：供暖性能系数限值")
_COPH_WHY = Text("the text of the limit was not found", "未找到限值的正式文本")
_NOISE = Text("noise of the units", "机组噪声")
_NOISE_WHY = Text("not computed: no acoustic data in the site file", "未计算：项目文件没有声学数据")


@dataclass(frozen=True)
class Rating:
    """A unit at the rating conditions of GB/T 19409.

    Attributes
    ----------
    eer, cop : nan where the unit cannot
    cooling, heating : capacity of one unit, W; 0 where it cannot
    extrapolated : any of the two
    """

    eer: float
    cop: float
    cooling: float
    heating: float
    extrapolated: bool


def unit_rows(design: StationDesign, rules: WellRules) -> Iterator[ComplianceRow | None]:
    """Every rule of every heat pump on water."""
    for unit in design.run.station.units:
        if unit.name not in design.site.heat_pumps or unit.draws_on == AIR:
            continue
        word = _word(design, unit)
        if word is None:
            continue
        rating = rating_of(unit, word, rules)
        yield from _grade(design, rules, unit, rating, word)
        yield from _tested(design, rules, unit, word)
        yield _flow(design, rules, unit, rating)
        yield from _inlet(design, rules, unit)
    yield not_judged("environment.noise", "environment", _NOISE, _NOISE_WHY)


def _word(design: StationDesign, unit: Unit) -> str | None:
    """The source of a unit in the words of the standards."""
    source = design.site.sources.get(unit.draws_on)
    return None if source is None else SOURCE_WORDS.get(source.type, "ground_loop")


def rating_of(unit: Unit, word: str, rules: WellRules) -> Rating:
    """EER and COP at the rating conditions of the kind of source."""
    values = {}
    outside = False
    tables: tuple[tuple[str, PerformanceMap | None], ...] = (
        ("cooling", unit.cooling), ("heating", unit.heating))  # fmt: skip
    for mode, table in tables:
        if table is None:
            values[mode] = (float("nan"), 0.0)
            continue
        source = rules.value(f"gbt19409.{mode}.source_entering.{word}")
        load = rules.value(f"gbt19409.{mode}.load_leaving")
        capacity, power = (float(value) for value in table.at(source, load))
        values[mode] = (capacity / power, capacity)
        outside = outside or bool(table.extrapolated(source, load))
    (eer, cooling), (cop, heating) = values["cooling"], values["heating"]
    return Rating(eer, cop, cooling, heating, outside)


def _grade(
    design: StationDesign, rules: WellRules, unit: Unit, rating: Rating, word: str
) -> Iterator[ComplianceRow | None]:
    name = _GRADE.format(name=unit.name)
    id = f"units.{unit.name}.grade"
    both = np.isfinite(rating.eer) and np.isfinite(rating.cop)
    if not np.isfinite(rating.cop):
        yield not_judged(id, "units", name, _NO_GRADE)
        return
    value, quantity, capacity = rating.cop, "cop_unit", rating.heating
    if both:
        weights = [rules.value(f"gb19577.acop.{mode}_weight") for mode in ("cooling", "heating")]
        value = weights[0] * rating.eer + weights[1] * rating.cop
        quantity, capacity = "acop", rating.cooling
    terminal = "air" if design.site.heat_pumps[unit.name].type.endswith("_air") else "water"
    try:
        table = grades(
            rules.holding, quantity, "GB 19577", terminal=terminal, source=word,
            function="heat_pump" if both else "heating_only", capacity=capacity / 1000.0,
        )  # fmt: skip
    except RuleMissingError as error:
        yield not_judged(id, "units", name, error.text)
        return
    reached = grade_of(value, table)
    number = None if reached is None else int(reached.applies["grade"])
    why = _GRADE_WHY.format(
        metric="ACOP" if both else "COP", value=f"{value:.2f}",
        eer=f"{rating.eer:.2f}" if both else "-", cop=f"{rating.cop:.2f}",
        grade=_BELOW if number is None else _REACHED.format(grade=number),
        map=_EXTRAPOLATED if rating.extrapolated else Text("", ""),
    )  # fmt: skip
    yield judged(id, "units", name, value, table[-1], why, cure=_BETTER)
    better = rules.find("gb55015.unit_efficiency")
    if better is not None and better.value is not None:
        wanted = next((row for row in table if int(row.applies["grade"]) == better.value), None)
        kept = number is not None and number <= better.value
        limit = None if wanted is None else wanted.value
        yield ComplianceRow(
            f"units.{unit.name}.saving", "units", _EFFICIENT.format(name=unit.name), value, "1",
            limit, None if limit is None else value - limit, "ok" if kept else "warns", better,
            with_standing(why, better), None if kept else _BETTER, (), ">=",
        )  # fmt: skip


def _tested(
    design: StationDesign, rules: WellRules, unit: Unit, word: str
) -> Iterator[ComplianceRow | None]:
    """Whether a point was tested where GB/T 19409 rates."""
    item = design.site.heat_pumps[unit.name]
    for mode, table in (("heating", unit.heating), ("cooling", unit.cooling)):
        if table is None:
            continue
        rule = rules.find(f"gbt19409.{mode}.source_entering.{word}")
        if rule is None or rule.value is None:
            continue
        source, load = rule.value, rules.value(f"gbt19409.{mode}.load_leaving")
        points = [(one.source_entering, one.load_leaving) for one in item.rating_points
                  if one.mode == mode]  # fmt: skip
        rated = (getattr(item, f"rated_{mode}_source_temperature"),
                 getattr(item, f"rated_{mode}_supply_temperature"))  # fmt: skip
        if None not in rated:
            points.append(rated)
        met = any(abs(at - source) < 0.05 and abs(to - load) < 0.05 for at, to in points)
        mapped = bool(item.performance_map) and not bool(table.extrapolated(source, load))
        met = met or mapped
        shown = {"source": f"{source:g}", "load": f"{load:g}"}
        why = _RATED_OK.format(**shown) if met else _RATED_WHY.format(mode=_MODES[mode], **shown)
        yield in_words(f"units.{unit.name}.rated.{mode}", "units", _RATED.format(name=unit.name),
                       rule, "ok" if met else "warns", why)  # fmt: skip


def _flow(
    design: StationDesign, rules: WellRules, unit: Unit, rating: Rating
) -> ComplianceRow | None:
    """Source flow of one unit against the nominal one: told, not judged (a test condition)."""
    rule = rules.find("gbt19409.source_flow")
    capacity = rating.cooling or rating.heating
    if rule is None or not capacity:
        return None
    name = _FLOW.format(name=unit.name)
    id = f"units.{unit.name}.source_flow"
    if not np.isfinite(unit.source_flow):
        return judged(id, "units", name, None, rule, Text("", ""),
                      missing=(f"heat_pumps.{unit.name}.source_flow",))  # fmt: skip
    flow = unit.source_flow / WATER_HEAT * 3600.0
    value = flow / (capacity / 1000.0)
    why = _FLOW_WHY.format(flow=f"{flow:.3g}", capacity=f"{capacity / 1000.0:.4g}")
    assert rule.value is not None
    return ComplianceRow(id, "units", name, value, rule.unit, rule.value, value - rule.value,
                         "not_judged", rule, why)  # fmt: skip


def _inlet(design: StationDesign, rules: WellRules, unit: Unit) -> Iterator[ComplianceRow | None]:
    """Type II or III of T/BAEE019 by the coldest water; only where that standard holds."""
    if unit.heating is None or unit.draws_on not in design.run.years[0].sources:
        return
    values = np.array([one.sources[unit.draws_on].entering[0] for one in design.run.years])
    if not np.isfinite(values).any():
        return
    lowest = float(np.nanmin(values))
    second = rules.find("bae019.type2_inlet_minimum")
    third = rules.find("bae019.type3_inlet_minimum")
    if second is None or second.value is None:
        return
    kind = "II" if lowest >= second.value else "III"
    why = _TYPE_WHY.format(value=f"{lowest:.1f}", type=kind)
    yield judged(f"units.{unit.name}.inlet", "units", _TYPE.format(name=unit.name), lowest,
                 second if kind == "II" else third, why)  # fmt: skip
    empty = next((row for row in rules.holding.rows(quantity="cop_unit")
                  if row.id == "bae019.coph_limit"), None)  # fmt: skip
    yield in_words(f"units.{unit.name}.coph", "units", _COPH.format(name=unit.name), empty,
                   "unknown", _COPH_WHY, missing=("T/BAEE019 COPh",))  # fmt: skip
