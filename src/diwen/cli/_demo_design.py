"""What ``diwen demo`` shows of the twin and of the design: a planned office on a bore field."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.cli._demo_ground import copied, say
from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.station_design import StationDesign
    from diwen.twin import SiteSimulation

OFFICE = "beijing-office"
EXAMPLES = (OFFICE,)
_ASSUMED = Text(
    "{name}: folder copied; weather is measured, house, ground and plant are assumed",
    "{name}：已复制文件夹；气象为实测，建筑、地层与设备为假定值",
)
_YEAR = Text(
    "a year of hours, SIMULATED: heat {heat} MWh, cold {cold} MWh, electricity {power} MWh; COPsys "
    "{cop}, EERsys {eer}; water enters the units at {low} to {high} °C",
    "逐时模拟一年：供热 {heat} MWh，供冷 {cold} MWh，用电 {power} MWh；COPsys {cop}，EERsys {eer}；"
    "进机组水温 {low}～{high} °C",
)
_RULES = Text("design over {years} years, rules: {parts}", "{years} 年设计校核，规范：{parts}")
_REPORTED = Text("report: {path}", "报告：{path}")
_MORE = Text("all of it: {command}", "完整结果：{command}")
_MWH = 3.6e9


def show_design(folder: Path, command: str, language: Language) -> None:
    """Copy the planned office, run a year, design it, write its report."""
    from diwen.design.station_design import DesignOptions, design_of_site
    from diwen.reports.design_report import build
    from diwen.reports.design_verdict import judgement
    from diwen.twin import simulate_site

    site = copied(folder, OFFICE, language)
    typer.echo("\n" + _ASSUMED.format(name=site.name).to(language))
    say(_year(simulate_site(site, keep="none")), language)
    # Draws and the recharge that closes the balance take most of the time: the command does them.
    design = design_of_site(site, DesignOptions(horizons=(25,), samples=0, recharge=False))
    say(judgement(design)[1], language)
    say(_rules(design), language)
    for path in build(design, site.folder / "reports", formats=("html",)):
        say(_REPORTED.format(path=path), language)
    say(_MORE.format(command=f"{command} design-report {site.folder}"), language)


def _year(found: SiteSimulation) -> Text:
    """The sums and ratios of the simulated year."""
    year = found.years[0]
    low, high = year.entering
    energies = {"heat": year.heat, "cold": year.cold, "power": year.power}
    ratios = {name: year.ratios[f"{name}_system"] for name in ("cop", "eer")}
    return _YEAR.format(
        **{name: f"{value / _MWH:.1f}" for name, value in energies.items()},
        **{name: f"{value:.2f}" if math.isfinite(value) else "–" for name, value in ratios.items()},
        low=f"{low:.1f}",
        high=f"{high:.1f}",
    )


def _rules(design: StationDesign) -> Text:
    """How many rules came to which status."""
    from diwen.design.station_design.design_result import STATUSES

    counted = [(STATUSES[status], count) for status, count in design.statuses().items() if count]
    parts = Text(
        ", ".join(f"{name.en} {count}" for name, count in counted),
        "，".join(f"{name.zh} {count} 项" for name, count in counted),
    )
    return _RULES.format(years=len(design.run.years), parts=parts)
