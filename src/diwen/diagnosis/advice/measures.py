"""Corrective measures: what to do about a deviation, what it costs, what it brings.

The measures are those of the industry report on the reliability of ground-source heat-pump systems
and the literature it rests on; their costs are engineering defaults by capacity, borehole length or
plant, and marked so. The gain is that of the twin: as found less the deviation put right, times the
share that the measure is taken to remove.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from diwen.language import Text
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution, Counterfactual
    from diwen.diagnosis.finding import Finding
    from diwen.rules import Row
    from diwen.site import Site

KWH = 3.6e6
Kind = Literal["setting", "cleaning", "recommissioning", "retrofit"]
KIND_NAMES: dict[Kind, Text] = {
    "setting": Text("setting", "运行设定"),
    "cleaning": Text("cleaning and repair", "清洗检修"),
    "recommissioning": Text("re-commissioning", "再调试"),
    "retrofit": Text("retrofit", "改造"),
}
_ROWS = "diagnosis.measure."
_NO_SIZE = Text(
    "its cost goes with the {what}, which the site does not give", "费用按{what}估算，项目未给出"
)
_WHAT = {
    "capacity": Text("heating capacity", "供热能力"), "length": Text("borehole length", "钻孔总长"),
}  # fmt: skip
_NO_PRICE = Text("no tariff: no pay-back can be told", "无电价，无法给出回收期")
_NO_GAIN = Text(
    "it saves no energy cost: it is about comfort, life or the ground",
    "不节约能源费用：其意义在于舒适、寿命或地温",
)


@dataclass(frozen=True)
class Measure:
    """A measure for one deviation.

    Attributes
    ----------
    id : in the rules, without the common beginning
    parameter : that it corrects
    kind : setting, cleaning, recommissioning or retrofit
    name, verify : what to do, and what to look at afterwards
    removes : share of the deviation that it is taken to remove
    cost : CNY, low and high; None where its size is not known
    gain, gain_low, gain_high : electricity saved a year, J; with the 90 % interval of the value
    money, money_low, money_high : CNY a year, None without a tariff
    payback : years, shortest and longest; None where there is no gain or no cost
    comfort : uncomfortable hours less a year
    weight : probability of the deviation
    evidence, verified : of the rule row behind the cost
    notes : why something is None
    """

    id: str
    parameter: str
    kind: Kind
    name: Text
    verify: Text
    removes: float
    cost: tuple[float, float] | None
    gain: float
    gain_low: float
    gain_high: float
    money: float | None
    money_low: float | None
    money_high: float | None
    payback: tuple[float, float] | None
    comfort: float
    weight: float
    evidence: str
    verified: bool
    notes: tuple[Text, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "id": self.id, "parameter": self.parameter, "kind": self.kind,
            "name": {"en": self.name.en, "zh": self.name.zh},
            "verify": {"en": self.verify.en, "zh": self.verify.zh},
            "removes": self.removes, "cost_yuan": None if self.cost is None else list(self.cost),
            "gain_kwh": self.gain / KWH,
            "gain_interval_kwh": [self.gain_low / KWH, self.gain_high / KWH],
            "gain_yuan": self.money, "gain_interval_yuan": [self.money_low, self.money_high],
            "payback_years": None if self.payback is None else list(self.payback),
            "comfort_hours": self.comfort, "probability": self.weight,
            "evidence": self.evidence, "verified": self.verified,
            "notes": [{"en": one.en, "zh": one.zh} for one in self.notes],
        }  # fmt: skip


def measures_for(
    site: Site, findings: Sequence[Finding], attribution: Attribution
) -> tuple[Measure, ...]:
    """Measures for every finding that is carried, those with the shortest pay-back first.

    Measures whose pay-back cannot be told follow, the cheapest first.
    """
    found = []
    for one in findings:
        cost = attribution.of(one.parameter)
        if cost is None or cost.finding is not one or one.until is not None:
            continue
        found += [_measure(site, row, cost) for row in measures_of(one.parameter)]
    return tuple(sorted(found, key=_order))


@cache
def measures_of(parameter: str) -> tuple[Row, ...]:
    """Rule rows of the measures against a deviation."""
    from diwen import rules

    return rules.on(date.today()).rows(id=f"{_ROWS}{parameter}.*")


def site_size(site: Site, per: str) -> float | None:
    """What the cost of a measure goes with: kW of heat, m of borehole, 1 for a plant."""
    if per == "plant":
        return 1.0
    if per == "capacity":
        sizes = [
            (unit.rated_heating_capacity or unit.rated_cooling_capacity or 0.0) * unit.count
            for unit in site.heat_pumps.values()
        ]
        return sum(sizes) / 1000.0 or None
    return _length(site)


def _length(site: Site) -> float | None:
    from diwen.problems import InputError
    from diwen.site.borefield import Borefield
    from diwen.site.closed_loops import closed_loop

    total = 0.0
    for name, source in site.sources.items():
        if isinstance(source, Borefield):
            try:
                total += closed_loop(site, name).loop.boreholes.total_length
            except InputError:
                return None
    return total or None


def _measure(site: Site, row: Row, found: Counterfactual) -> Measure:
    per, removes = row.applies["per"], float(row.applies["removes"])
    notes: list[Text] = []
    size = site_size(site, per)
    if size is None:
        notes.append(_NO_SIZE.format(what=_WHAT[per]))
    elif per == "length":
        size *= _missing_share(found)
    cost = None if size is None else ((row.value or 0.0) * size, (row.upper or 0.0) * size)
    gain, money = removes * found.gain, found.cost_gain
    half = 1.6448536 * removes * found.electricity_deviation * _scale(found)
    rates = _money(found, removes, money)
    payback = None
    if money is None:
        notes.append(_NO_PRICE)
    elif rates is None or rates[0] <= 0.0:
        notes.append(_NO_GAIN)
    elif cost is not None:
        lowest = rates[1] if rates[1] > 0.0 else 0.0
        payback = (cost[0] / rates[2], cost[1] / lowest if lowest > 0.0 else float("inf"))
    before, after = found.as_found[0].uncomfortable, found.without[0].uncomfortable
    return Measure(
        row.id.removeprefix(_ROWS), found.finding.parameter, cast("Kind", row.applies["kind"]),
        row.text, row.note, removes, cost, gain, gain - half, gain + half,
        None if rates is None else rates[0], None if rates is None else rates[1],
        None if rates is None else rates[2], payback,
        removes * (before - after), found.finding.probability, row.evidence, row.verified,
        tuple(notes),
    )  # fmt: skip


def _money(
    found: Counterfactual, removes: float, money: float | None
) -> tuple[float, float, float] | None:
    """CNY a year, with its 90 % interval."""
    if money is None:
        return None
    half = 1.6448536 * removes * (found.cost_deviation or 0.0) * _scale(found)
    return removes * money, removes * money - half, removes * money + half


def _scale(found: Counterfactual) -> float:
    """How much larger the gain of the next year is than the part of the diagnosed year."""
    if not found.electricity:
        return 1.0
    return min(abs(found.gain / found.electricity), 10.0)


def _missing_share(found: Counterfactual) -> float:
    """Share of the borehole length that would have to be added for the deviation."""
    parameter, value = found.finding.parameter, found.finding.value
    neutral = PARAMETERS[parameter].neutral
    if parameter in ("effective_length", "field_size", "ground_conductivity"):
        return max(1.0 / max(value, 0.2) - 1.0, 0.0)
    return min(abs(value - neutral), 1.0)


def _order(one: Measure) -> tuple[float, float]:
    shortest = one.payback[0] if one.payback is not None else float("inf")
    return shortest, one.cost[0] if one.cost is not None else float("inf")
