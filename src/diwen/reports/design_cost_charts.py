"""Pictures of costs and emissions of a design beside its alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from diwen.design.economics.carbon_emissions import LABELS
from diwen.language import Text, same
from diwen.reports.chart import CYCLE, Axis, Chart, Trace, rounded

if TYPE_CHECKING:
    from diwen.design.economics.comparison import Outcome
    from diwen.design.economics.of_site import SiteEconomics

_CALCULATED = ("calculated",)
#: Short enough to stand side by side under a picture.
SHORT = {
    "ground_source": Text("ground source", "地源热泵"),
    "gas_boiler": Text("gas boiler", "燃气锅炉"),
    "coal_boiler": Text("coal boiler", "燃煤锅炉"),
    "district_heat": Text("district heat", "集中供热"),
    "electric_boiler": Text("electric boiler", "电锅炉"),
    "air_source": Text("air source", "空气源热泵"),
}
_GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("building less support and residual", "建设（扣除奖补与残值）"),
        ("capital", "residual", "support_once"),
    ),
    (Text("electricity", "电费"), ("electricity",)),
    (Text("fuel and heat", "燃料与购热"), ("gas", "coal", "district_heat")),
    (
        Text("upkeep, staff, water tax", "维护、人工与水税"),
        ("maintenance", "staff", "water_tax", "support", "revenue"),
    ),
)
_PRESENT = Text(
    "Present values over the study; every plant delivers the same heat and cold.",
    "分析期现值；各方案供热（冷）量相同。",
)
_CUMULATED = Text(
    "Discounted costs summed up to each year, without residual value; where two lines cross, the "
    "extra investment is paid back.",
    "各年累计折现费用，不计残值；两线相交处即增量投资收回之时。",
)


def _names(found: SiteEconomics) -> Axis:
    categories = tuple(_short(one) for one in found.comparison.outcomes)
    return Axis(Text("plant", "方案"), kind="category", categories=categories)


def _short(one: Outcome) -> Text:
    return SHORT.get(one.plant.key, one.plant.name)


def cost_chart(found: SiteEconomics) -> Chart:
    """Life-cycle cost by what it is for."""
    parts = [one.life_cycle.parts for one in found.comparison.outcomes]
    places = tuple(float(place) for place in range(len(parts)))
    traces = tuple(
        Trace(name, "bar", places,
              tuple(rounded(sum(own.get(key, 0.0) for key in keys) / 1e4) for own in parts),
              colour=CYCLE[place], stack="cost", origin=_CALCULATED)
        for place, (name, keys) in enumerate(_GROUPS)
        if any(own.get(key) for own in parts for key in keys)
    )  # fmt: skip
    return Chart(
        "design_life_cycle",
        Text("Life-cycle cost", "全生命周期费用"),
        _names(found),
        (Axis(Text("present value, 10⁴ CNY", "现值（万元）"), from_zero=True),),
        traces,
        (),
        _PRESENT,
    )


def course_chart(found: SiteEconomics) -> Chart:
    """Costs summed up year by year."""
    traces = []
    rate = found.comparison.terms.discount_rate
    for place, one in enumerate(found.comparison.outcomes):
        paid = np.asarray(one.life_cycle.paid_by_year)
        total = np.cumsum(paid * (1.0 + rate) ** -np.arange(float(len(paid)))) / 1e4
        years = tuple(float(year) for year in range(len(paid)))
        traces.append(Trace(_short(one), "line", years, _values(total.tolist()),
                            colour=CYCLE[place % len(CYCLE)], origin=_CALCULATED))  # fmt: skip
    return Chart(
        "design_costs_by_year", Text("Costs over the years", "历年累计费用"),
        Axis(Text("year", "年"), decimals=0),
        (Axis(Text("discounted and summed up, 10⁴ CNY", "累计折现费用（万元）"), from_zero=True),),
        tuple(traces), (), _CUMULATED,
    )  # fmt: skip


def carbon_chart(found: SiteEconomics) -> Chart:
    """Emission of the first year by what it comes from."""
    parts = [dict(one.carbon.parts) for one in found.comparison.outcomes]
    return _stacked(
        "design_carbon", Text("Carbon dioxide of the first year", "首年二氧化碳排放"), found, parts,
        Axis(Text("carbon dioxide equivalent", "二氧化碳当量"), "t", from_zero=True), 1e3,
    )  # fmt: skip


def primary_chart(found: SiteEconomics) -> Chart:
    """Primary energy of a year, electricity by what it takes to make it."""
    parts = [dict(one.primary["equivalent"].parts) for one in found.comparison.outcomes]
    return _stacked(
        "design_primary_energy",
        Text("Primary energy of a year (equivalent value)", "年一次能源消耗（等价值）"), found,
        parts, Axis(Text("coal equivalent", "标准煤"), "t", from_zero=True), 1e3,
    )  # fmt: skip


def _stacked(
    id: str, title: Text, found: SiteEconomics, parts: list[dict[str, float]], axis: Axis,
    scale: float,
) -> Chart:  # fmt: skip
    keys = dict.fromkeys(key for own in parts for key in own)
    places = tuple(float(place) for place in range(len(parts)))
    labels: Mapping[str, Text] = LABELS
    traces = tuple(
        Trace(labels.get(key, same(key)), "bar", places,
              _values([own.get(key, 0.0) / scale for own in parts]),
              colour=CYCLE[place % len(CYCLE)], stack="all", origin=_CALCULATED)
        for place, key in enumerate(keys) if any(own.get(key, 0.0) > 0.0 for own in parts)
    )  # fmt: skip
    return Chart(id, title, _names(found), (axis,), traces)


def _values(values: list[float]) -> tuple[float | None, ...]:
    return tuple(rounded(value) for value in values)
