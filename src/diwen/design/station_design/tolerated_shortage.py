"""Hours in which units and back-up are too small, but the load left unmet is within the tolerance.

Sources drift: after decades the hardest hour may ask a little more than the units then give. What
decides is the energy that the twin leaves unmet (:func:`.shortfall.capacity_fails`); an hour that
is short without deciding is still said, with its size.
"""

from __future__ import annotations

from collections.abc import Iterator

from diwen.design.station_design.design_result import DesignHour, StationDesign
from diwen.design.station_design.shortfall import capacity_fails, judged_years
from diwen.language import Text
from diwen.site.usual_values import usual_value

_DUTIES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_SHORT = Text(
    "{duty}: in the hardest hour of year {year} units and back-up are short by {short} kW "
    "({share} %); {unmet}",
    "{duty}：第 {year} 年最不利小时机组与辅助热源缺 {short} kW（{share} %）；{unmet}",
)
_UNMET = Text(
    "in the worst year {energy} MWh stay unmet in {hours} h, {part} % of the load and within the "
    "tolerance of {allowed} %",
    "最差年份有 {hours} h 共 {energy} MWh 未满足，占负荷 {part} %，在允许的 {allowed} % 以内",
)
_MET = Text(
    "the twin, hour by hour, leaves nothing of the load unmet",
    "逐时模拟中全部负荷得到满足",
)


def tolerated_hours(design: StationDesign) -> Iterator[DesignHour]:
    """The hardest hour of each duty in the judged years that is short without failing."""
    for one in design.plant.hours:
        hour = design.plant.hardest(one.duty, judged_years(design))
        if hour is not None and hour.margin < -1e-9 and not capacity_fails(design, hour):
            yield hour


def tolerated_shortages(design: StationDesign) -> tuple[Text, ...]:
    """What to say of these hours: by how much, how often, and that it is within the tolerance."""
    return tuple(_said(design, hour) for hour in tolerated_hours(design))


def _said(design: StationDesign, hour: DesignHour) -> Text:
    short = hour.load - hour.capacity - hour.backup
    return _SHORT.format(
        duty=_DUTIES[hour.duty], year=hour.year, short=f"{short / 1e3:.3g}",
        share=f"{-100.0 * hour.margin:.2g}", unmet=_unmet(design, hour.duty),
    )  # fmt: skip


def _unmet(design: StationDesign, duty: str) -> Text:
    kind = "heat" if duty == "heating" else "cold"
    years = [one.summary for one in design.run.years[: judged_years(design)]]
    worst = max(years, key=lambda year: float(getattr(year, f"unmet_{kind}")))
    energy, asked = getattr(worst, f"unmet_{kind}"), getattr(worst, f"demand_{kind}")
    if energy / 3.6e9 < 0.0005:
        return _MET
    return _UNMET.format(
        energy=f"{energy / 3.6e9:.2g}", hours=f"{max(worst.unmet_hours, 1.0):.0f}",
        part=f"{100.0 * energy / asked:.2g}", allowed=f"{usual_value('default.simulated.unmet'):g}",
    )  # fmt: skip
