"""Rules of the whole plant: expected grades of COPsys and EERsys, supply of the loads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from diwen.design.station_design.compliance_judging import judged, within
from diwen.design.station_design.design_result import ComplianceRow, DesignYear, StationDesign
from diwen.design.station_design.shortfall import capacity_fails, judged_years
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.rules import RuleMissingError
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.grades import grade_of, grades
from diwen.twin.summary_pumps import loops_without_pumps, sources_without_pumps

_SYSTEM = {
    "cop_system": ("cop_sys", Text("expected COPsys of the heating season, year {year}",
                                   "第 {year} 年供暖季预期系统制热性能系数")),
    "eer_system": ("eer_sys", Text("expected EERsys of the cooling season, year {year}",
                                   "第 {year} 年供冷季预期系统制冷能效比")),
}  # fmt: skip
_EXPECTED = Text("simulated, heat pumps and all pumps: grade {grade}",
                 "模拟值，含机组与全部水泵：{grade} 级")  # fmt: skip
_BELOW = Text("simulated, heat pumps and all pumps: below grade 3",
              "模拟值，含机组与全部水泵：低于 3 级")  # fmt: skip
_BETTER = Text("lower the supply temperature, save on pumps, or take better units",
               "降低供水温度、减少水泵能耗或选用更高效机组")  # fmt: skip
_UNMET = Text(
    "share of the load not met, worst of {years} years", "负荷不满足率（{years} 年中最大）"
)
_UNMET_WHY = Text("by the twin, hour by hour, in year {year}", "数字孪生逐时模拟，第 {year} 年")
_MORE = Text("see what lacks", "见缺口与对策")
_CAPACITY = {
    "heating": Text("heating capacity at the design hour", "设计小时制热能力"),
    "cooling": Text("cooling capacity at the design hour", "设计小时制冷能力"),
}
_CAPACITY_WHY = Text(
    "year {year}: units {units} kW and back-up {backup} kW at {source} °C / {supply} °C, load "
    "{load} kW",
    "第 {year} 年，{source} °C / {supply} °C 时机组 {units} kW、辅助热源 {backup} kW，"
    "负荷 {load} kW",
)


def system_rows(design: StationDesign, rules: WellRules) -> Iterator[ComplianceRow | None]:
    """Expected grades in the first year and at the first horizon, supply of the loads."""
    shown = dict.fromkeys((1, design.options.horizons[0]))
    ground = any(one.kind in SOURCE_WORDS for one in design.sources)
    # GB/T 50801 is meant for ground-source systems; no other plant is graded by it.
    for number in shown if ground else ():
        yield from _grades(design, rules, design.run.year(number))
    # Beyond the planned life the plant may run short: its years are shown, not judged.
    shares = [one.summary.unmet_share for one in design.run.years[: judged_years(design)]]
    worst = int(np.argmax(shares))
    yield judged(
        "supply.unmet", "supply", _UNMET.format(years=len(shares)), 100.0 * shares[worst],
        rules.find("default.simulated.unmet"), _UNMET_WHY.format(year=worst + 1), cure=_MORE,
    )  # fmt: skip
    for duty in _CAPACITY:
        hour = design.plant.hardest("heating" if duty == "heating" else "cooling",
                                    judged_years(design))  # fmt: skip
        if hour is None:
            continue
        why = _CAPACITY_WHY.format(
            units=f"{hour.capacity / 1e3:.4g}", backup=f"{hour.backup / 1e3:.4g}",
            source=f"{hour.source_entering:.1f}", supply=f"{hour.load_leaving:.1f}",
            load=f"{hour.load / 1e3:.4g}", year=hour.year,
        )  # fmt: skip
        row = within(
            f"supply.{hour.duty}", "supply", _CAPACITY[hour.duty],
            (hour.capacity + hour.backup) / 1e3, "kW", hour.load / 1e3, ">=", why, cure=_MORE,
        )  # fmt: skip
        soft = row.status == "fails" and not capacity_fails(design, hour)
        yield replace(row, status="warns") if soft else row


def _grades(
    design: StationDesign, rules: WellRules, year: DesignYear
) -> Iterator[ComplianceRow | None]:
    for ratio, (quantity, name) in _SYSTEM.items():
        value, refused = year.summary.ratios[ratio], year.summary.refused.get(ratio)
        if refused is None and not np.isfinite(value):
            continue
        try:
            table = grades(rules.holding, quantity, "GB/T 50801")
        except RuleMissingError:
            continue
        said = name.format(year=year.year)
        id = f"system.{ratio}.year{year.year}"
        if refused is not None:
            lacking = _without_pumps(design, ratio)
            yield judged(id, "system", said, None, table[-1], refused,
                         missing=tuple(f"pumps ({name})" for name in lacking))  # fmt: skip
            continue
        reached = grade_of(value, table)
        why = _BELOW if reached is None else _EXPECTED.format(grade=reached.applies["grade"])
        yield judged(id, "system", said, value, table[-1], why, cure=_BETTER)


def _without_pumps(design: StationDesign, ratio: str) -> tuple[str, ...]:
    """Sources and loops in the boundary of a ratio whose pumps are not named."""
    kind = "heat" if ratio == "cop_system" else "cold"
    site, station = design.site, design.run.station
    return (*sources_without_pumps(site, station), *loops_without_pumps(site, station, (kind,)))
