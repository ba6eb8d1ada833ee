"""One system of a portfolio: its performance factor, what the meters allow, and what is wrong.

A row of totals has no records behind it, so everything rests on sums and means. Two remarks on
physics:

*Meter uncertainty.* For a steady flow the relative error of heat grows with ``1/ΔT`` of the mean
difference while running (EN 1434). The permanent flow of the meters is rarely known, so an
envelope is given: from flow at ``q = q_p`` to flow so small that the cap of the class holds.

*Second law.* Heat at temperature ``T_h`` from a source at ``T_c`` needs at least
``E = Q (1 - T_c/T_h)`` (kelvin). The ratio is almost linear in both temperatures, so the bound
with heat-weighted means is that of the year. The mean of supply and return stands for ``T_h``,
because an ideal machine may heat water in counterflow: so the bound errs on the safe side. The
source must be the system's own: outdoor air for air, the brine or well water for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen import quantities
from diwen.evaluation.uncertainty import SQRT3, heat_meter_class, standard
from diwen.language import Text
from diwen.site.accuracy import Accuracy, parse_accuracy

if TYPE_CHECKING:
    from diwen.rules import RulesOn
    from diwen.site.portfolio import Portfolio
    from diwen.site.portfolio_file import Systems

KELVIN = 273.15
COVERAGE_FACTOR = 2.0
Severity = Literal["impossible", "doubtful", "note"]

_TEXTS = {
    "spf_printed": Text(
        "delivered factor {given:.2f}, but heat/electricity is {right:.2f}",
        "来源给出 {given:.2f}，而热量/电量为 {right:.2f}",
    ),
    "no_electricity": Text("no electricity: no factor", "无用电量，无法计算性能系数"),
    "below_one": Text(
        "{part}: {value:.2f} units of heat from one of electricity; even a heater gives 1",
        "{part}：1 份电仅得 {value:.2f} 份热；即使电加热也为 1",
    ),
    "above_carnot": Text(
        "factor {value:.2f} above the second-law bound {bound:.2f} ({warm:.1f} °C from "
        "{cold:.1f} °C)",
        "性能系数 {value:.2f} 超过热力学第二定律上限 {bound:.2f}"
        "（由 {cold:.1f} °C 提升至 {warm:.1f} °C）",
    ),
    "unusual": Text(
        "factor {value:.2f} outside the usual {low:g} to {high:g}",
        "性能系数 {value:.2f} 超出常见范围 {low:g}–{high:g}",
    ),
    "heat_per_area": Text(
        "{value:.0f} kWh/m² of heat a year (looked at above {limit:g})",
        "年供热 {value:.0f} kWh/m²（核查上限 {limit:g}）",
    ),
    "second_total": Text(
        "a second total of the same {part} meter reads {ratio:.2f} times as much",
        "同一{part}表的另一累计值为其 {ratio:.2f} 倍",
    ),
    "cold_in_heat": Text(
        "the total heat counts the cold too ({cold:.0f} kWh); heating alone gives {value:.2f}",
        "总热量中包含供冷量（{cold:.0f} kWh）；仅计供热为 {value:.2f}",
    ),
    "split": Text(
        "space heating and hot water add up to {ratio:.0%} of the heat",
        "供暖与生活热水之和为总热量的 {ratio:.0%}",
    ),
    "heater_outside": Text(
        "the back-up heater ({heater:.0f} kWh) is not said to be inside the meter; with it at "
        "most {value:.2f}",
        "电辅助加热（{heater:.0f} kWh）未注明计入电表；计入后至多为 {value:.2f}",
    ),
    "validity": Text(
        "only {value:.1f} % of the heat records are valid", "热量数据完整率仅 {value:.1f} %"
    ),
    "air": Text(
        "air in the heat meter for {hours:.1f} h", "热量表进气故障 {hours:.1f} h"
    ),
    "difference": Text(
        "mean temperature difference {value:.1f} K below the approved {limit:g} K of the meter",
        "平均温差 {value:.1f} K 低于热量表型式批准的最小温差 {limit:g} K",
    ),
    "supply": Text(
        "design supply temperature {value:.0f} °C (up to {limit:g} °C is plausible)",
        "设计供水温度 {value:.0f} °C（合理上限 {limit:g} °C）",
    ),
    "watts": Text(
        "heat loss {loss:.0f} kW against a unit of {rated:g} kW: watts written as kilowatts?",
        "热负荷 {loss:.0f} kW，而机组仅 {rated:g} kW：是否把 W 写成了 kW？",
    ),
}  # fmt: skip
#: Kinds of findings in general words, by the code of a flag.
KINDS = {
    "spf_printed": Text(
        "delivered factor is not heat/electricity", "给出的性能系数与热量/电量不符"
    ),
    "no_electricity": Text("no electricity", "无用电量"),
    "below_one": Text("less heat than electricity", "热量少于电量"),
    "above_carnot": Text("factor above the second-law bound", "性能系数超过热力学第二定律上限"),
    "unusual": Text("factor outside the usual range", "性能系数超出常见范围"),
    "heat_per_area": Text("much heat per floor area", "单位面积供热量偏高"),
    "second_total": Text("two totals of one meter disagree", "同一计量的两个累计值不一致"),
    "cold_in_heat": Text("total heat counts cold too", "总热量中包含供冷量"),
    "split": Text("parts of the heat do not add up", "分项热量之和与总热量不符"),
    "heater_outside": Text("back-up heater not said to be metered", "电辅助加热未注明计入电表"),
    "validity": Text("few valid heat records", "热量数据完整率低"),
    "air": Text("air in the heat meter", "热量表进气故障"),
    "difference": Text(
        "mean temperature difference below the approved one of the meter",
        "平均温差低于热量表型式批准的最小温差",
    ),
    "supply": Text("implausible design supply temperature", "设计供水温度不合理"),
    "watts": Text("watts written as kilowatts", "W 误写为 kW"),
}
_PARTS = {
    "all": Text("whole year", "全年"),
    "space": Text("space heating", "供暖"),
    "hot_water": Text("hot water", "生活热水"),
    "heat": Text("heat", "热量"),
    "electricity": Text("electricity", "电量"),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a reader of one system's row should know."""

    code: str
    severity: Severity
    text: Text


@dataclass(frozen=True)
class System:
    """One system, judged.

    Attributes
    ----------
    id, name, source, boundary : as in the portfolio
    heat, electricity : J
    spf : heat over electricity; None without electricity
    uncertainty : expanded (k = 2) of the factor, cautious end of the envelope; None if unknown
    uncertainty_low : favourable end of the envelope
    difference : mean supply less return temperature while running, K
    bound : second-law bound with the system's own source; None where that is not measured
    supply : mean supply temperature while running, °C
    flags : what is wrong or doubtful
    """

    id: str
    name: str
    source: str
    boundary: str
    heat: float
    electricity: float
    spf: float | None
    uncertainty: float | None
    uncertainty_low: float | None
    difference: float | None
    bound: float | None
    supply: float | None
    flags: tuple[Flag, ...]


def judge(systems: Systems, portfolio: Portfolio, rules: RulesOn) -> list[System]:
    """Every system of a portfolio, judged."""
    return [_System(systems, index, portfolio, rules).judged() for index in range(len(systems))]


def meter_envelope(meter: Accuracy, difference: float, rules: RulesOn) -> tuple[float, float]:
    """Relative standard uncertainty of a heat total, favourable and cautious end.

    Parameters
    ----------
    meter : EN 1434 class, or limits in numbers (then both ends are equal)
    difference : mean temperature difference while running, K
    rules : where the coefficients of the classes stand
    """
    if meter.kind != "heat_meter":
        limit = float(standard(meter, np.ones(1), rules)[0])
        return limit, limit
    grade = heat_meter_class(rules, meter.grade)
    minimum = meter.difference_minimum
    if minimum is None:
        minimum = rules.value("en1434.delta_t_minimum")
    loads = (1.0, 0.0)
    low, high = (float(grade.limit(load, difference, minimum)) / SQRT3 for load in loads)
    return low, high


def second_law_bound(warm: float, cold: float) -> float | None:
    """Largest possible COP between two temperatures in °C; None without a lift."""
    return (warm + KELVIN) / (warm - cold) if warm > cold else None


class _System:
    """Collects what is known and what is wrong of one row."""

    def __init__(self, systems: Systems, index: int, portfolio: Portfolio, rules: RulesOn) -> None:
        self.systems, self.index = systems, index
        self.portfolio, self.rules = portfolio, rules
        self.flags: list[Flag] = []
        self.heat = self.number("heat") or 0.0
        self.electricity = self.number("electricity") or 0.0
        self.spf = self.heat / self.electricity if self.electricity > 0 else None

    def number(self, role: str) -> float | None:
        return self.systems.number(role, self.index)

    def flag(self, code: str, severity: Severity, **values: object) -> None:
        self.flags.append(Flag(code, severity, _TEXTS[code].format(**values)))

    def judged(self) -> System:
        """The system with everything found."""
        difference = self._difference()
        low, high = self._uncertainty(difference)
        bound = self._performance()
        self._totals()
        self._data()
        self._self_reported()
        return System(
            self.systems.text("system", self.index),
            self.systems.text("name", self.index),
            self.systems.text("source", self.index),
            self.systems.text("boundary", self.index) or "unknown",
            self.heat,
            self.electricity,
            self.spf,
            high,
            low,
            difference,
            bound,
            self.number("supply_temperature"),
            tuple(self.flags),
        )

    def _difference(self) -> float | None:
        supply, back = self.number("supply_temperature"), self.number("return_temperature")
        return None if supply is None or back is None or supply <= back else supply - back

    def _uncertainty(self, difference: float | None) -> tuple[float | None, float | None]:
        """Expanded uncertainty of the factor, favourable and cautious end."""
        if not (self.portfolio.heat_meter and self.portfolio.electricity_meter):
            return None, None
        meter = parse_accuracy(self.portfolio.heat_meter, "heat_energy")
        if self.spf is None or (difference is None and meter.kind == "heat_meter"):
            return None, None
        electric = parse_accuracy(self.portfolio.electricity_meter, "electric_energy")
        other = float(standard(electric, np.ones(1), self.rules)[0])
        low, high = (
            COVERAGE_FACTOR * self.spf * float(np.hypot(heat, other))
            for heat in meter_envelope(meter, difference or 0.0, self.rules)
        )
        minimum = meter.difference_minimum
        if minimum is not None and difference is not None and difference < minimum:
            self.flag("difference", "doubtful", value=difference, limit=minimum)
        return low, high

    def _performance(self) -> float | None:
        """Factors against physics and habit; the second-law bound where it can be told."""
        if self.spf is None:
            self.flag("no_electricity", "impossible")
            return None
        given = self.number("spf")
        if given is not None and abs(given - self.spf) > 0.005:
            self.flag("spf_printed", "impossible", given=given, right=self.spf)
        for part, heat, electricity in (
            ("all", "heat", "electricity"),
            ("space", "space_heat", "space_electricity"),
            ("hot_water", "hot_water_heat", "hot_water_electricity"),
        ):
            useful, used = self.number(heat), self.number(electricity)
            if useful is not None and used and useful / used < 1.0:
                self.flag("below_one", "impossible", part=_PARTS[part], value=useful / used)
        low = self.rules.value("plausibility.cop_sys.low")
        high = self.rules.value("plausibility.cop_sys.high")
        if not low <= self.spf <= high:
            self.flag("unusual", "doubtful", value=self.spf, low=low, high=high)
        return self._carnot()

    def _carnot(self) -> float | None:
        source = self.systems.text("source", self.index)
        role = "outdoor_temperature" if source == "air" else "source_temperature"
        cold = self.number(role)
        if source == "air" and self.number("weighted_outdoor_temperature") is not None:
            cold = self.number("weighted_outdoor_temperature")
        supply, difference = self.number("supply_temperature"), self._difference()
        if self.number("weighted_supply_temperature") is not None:
            supply = self.number("weighted_supply_temperature")
        if cold is None or supply is None:
            return None
        warm = supply - 0.5 * (difference or 0.0)
        bound = second_law_bound(warm, cold)
        if bound is not None and self.spf is not None and self.spf > bound:
            self.flag(
                "above_carnot", "impossible", value=self.spf, bound=bound, warm=warm, cold=cold
            )
        return bound

    def _totals(self) -> None:
        """Totals against other totals of the same system."""
        limit = self.rules.value("plausibility.portfolio.meter_disagreement") / 100.0
        for part, own in (("heat", self.heat), ("electricity", self.electricity)):
            second = self.number(f"second_{part}")
            if second is not None and own > 0 and abs(second / own - 1.0) > limit:
                self.flag("second_total", "doubtful", part=_PARTS[part], ratio=second / own)
        self._split()
        heater = self.number("heater_electricity")
        inside = self.number("heater_metered")
        if heater and inside == 0.0 and self.electricity > 0:
            value = (self.heat + heater) / (self.electricity + heater)
            self.flag("heater_outside", "note", heater=_kwh(heater), value=value)

    def _split(self) -> None:
        """The parts of the heat against the whole, and whether the whole counts cold too."""
        parts = [self.number("space_heat"), self.number("hot_water_heat")]
        known = [part for part in parts if part is not None]
        if parts[0] is None or self.heat <= 0:
            return
        ratio = sum(known) / self.heat
        cold = self.number("cold") or 0.0
        share = self.rules.value("plausibility.portfolio.cold_share") / 100.0
        if cold > share * self.heat and abs(ratio + cold / self.heat - 1.0) < abs(ratio - 1.0):
            used = (self.number("space_electricity") or 0.0) + (
                self.number("hot_water_electricity") or 0.0
            )
            value = sum(known) / used if used > 0 else float("nan")
            self.flag("cold_in_heat", "doubtful", cold=_kwh(cold), value=value)
        elif abs(ratio - 1.0) > self.rules.value("plausibility.portfolio.split") / 100.0:
            self.flag("split", "doubtful", ratio=ratio)

    def _data(self) -> None:
        """Quality of the records behind the totals."""
        validity = self.number("heat_validity")
        if validity is not None and 100.0 * validity < self.rules.value("quality.coverage.q1"):
            self.flag("validity", "doubtful", value=100.0 * validity)
        air = self.number("air_error_time")
        if air:
            self.flag("air", "note", hours=air / 3600.0)

    def _self_reported(self) -> None:
        """What people typed in about their houses."""
        area = self.number("floor_area")
        limit = self.rules.value("plausibility.portfolio.heat_per_area")
        if area and _kwh(self.heat) / area > limit:
            self.flag("heat_per_area", "doubtful", value=_kwh(self.heat) / area, limit=limit)
        supply = self.number("design_supply_temperature")
        highest = self.rules.value("quality.range.load_temperature.high")
        if supply is not None and supply > highest:
            self.flag("supply", "impossible", value=supply, limit=highest)
        loss, rated = self.number("heat_loss"), self.number("rated_output")
        # A slip of three decades leaves a loss of hundreds of times what the unit can give.
        if loss is not None and rated and loss > 100.0 * rated:
            self.flag("watts", "impossible", loss=loss / 1000.0, rated=rated / 1000.0)


def _kwh(joules: float) -> float:
    return quantities.display(joules, "heat_energy")
