"""Does the returned water keep its limits through the planned years, not only in the first.

Neighbours are a closed cell and heat that moves with the water only is not lost: both are the
careful side, above all for few wells, whose field loses heat at its edges. So a limit that is
broken in a later year warns, with the year and with what would keep it; the first year refuses
(:mod:`.well_check_heat`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.well_check_cure import cure, figures
from diwen.design.well_check_result import WellCheck, at_least, at_most, unknown
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import WaterDuty
from diwen.language import Text
from diwen.sources.aquifer.heat_arithmetic import temperature_drop
from diwen.sources.aquifer.thermal_front import block_heat

Floats = NDArray[np.float64]

_MWH = 3.6e9
_HOURLY = "loads.*.hourly_file"
_ENERGY = "yearly_extraction / loads.*.hourly_file"

_COLDEST = Text("lowest return water over the planned years", "设计使用年限内最低回水温度")
_WARMEST = Text("highest return water over the planned years", "设计使用年限内最高回水温度")
_FOUND = Text("in year {year} of {years} ({model})", "第 {year} 年（共 {years} 年；{model}）")
_BELOW = Text(
    "below {limit} °C first in year {first}; lowest {one}",
    "第 {first} 年首次低于 {limit} °C；最低值出现在{one}",
)
_ABOVE = Text(
    "above {limit} °C first in year {first}; highest {one}",
    "第 {first} 年首次高于 {limit} °C；最高值出现在{one}",
)
_CAREFUL = Text(
    "{one}. This warns and does not refuse: no heat is counted from beyond the field, the careful "
    "side for few wells",
    "{one}。仅作提示、不否决：未计场外来热，井数少时偏于安全",
)
_ESTIMATE = Text(
    "estimate from the heat of a year: the ground of a well changes by {change} K a year, no heat "
    "from outside, {years} years",
    "按全年热量估算：单井所占地层每年变化 {change} K，不计外部来热，共 {years} 年",
)
_BALANCE_COLD = Text("more heat returned in summer, wells farther apart, or more wells",
                     "增加夏季回补热量、加大井距或增加井数")  # fmt: skip
_BALANCE_WARM = Text(
    "less heat given to the ground (a cooling tower), wells farther apart, or more wells",
    "减少向地层放热（设冷却塔）、加大井距或增加井数",
)


@dataclass(frozen=True)
class YearlyHeat:
    """Heat of one well in a year, and the ground it has for it.

    Attributes
    ----------
    taken, given : J a year, 0 or more
    holds : of the ground that the well owns, J/K; None where it stands alone or that is not known
    years : planned; None where not known
    spacing : of the wells, m; None where not known
    count : wells
    missing : keys of the data without which there is no estimate
    """

    taken: float = 0.0
    given: float = 0.0
    holds: float | None = None
    years: float | None = None
    spacing: float | None = None
    count: int | None = None
    missing: tuple[str, ...] = (_HOURLY,)

    @classmethod
    def of(cls, design: WellDesign) -> YearlyHeat:
        """Of a circulation well; one that stands alone has no estimate without a model."""
        taken, given = design.season_extraction, design.season_injection
        missing = []
        if design.count == 1 or design.planned_years is None:
            missing.append(_HOURLY)
        elif taken is None and given is None:
            missing.append(_ENERGY)
        if design.count > 1 and design.cell_radius is None:
            missing.append("spacing")
        holds = None
        if design.cell_radius is not None and design.count > 1:
            holds = float(
                block_heat(design.cell_radius, design.swept_thickness, design.heat_capacity)
            )
        return cls(
            taken or 0.0, given or 0.0, holds, design.planned_years, design.spacing, design.count,
            tuple(missing),
        )  # fmt: skip

    @property
    def net(self) -> float:
        """Taken less given, J a year."""
        return self.taken - self.given


def coldest_years_check(duty: WaterDuty, heat: YearlyHeat, rules: WellRules) -> WellCheck | None:
    """Lowest return water of the planned years; None where no heat is taken.

    Parameters
    ----------
    duty : with :attr:`.WaterDuty.years`, else the heat of a year gives an estimate
    heat : of one well in a year
    rules : that hold
    """
    row, own = rules.row("well.return_temperature"), duty.lowest_return
    limit = own if own is not None else row.upper
    assert limit is not None
    found = _found(duty, heat, limit, 1.0)
    if found is None:
        return None
    id, rule = "coldest_of_years", row if own is None else None
    if isinstance(found, tuple):
        return unknown(id, _COLDEST, "°C", rule, found)
    made = at_least(id, _COLDEST, found.value, "°C", rule, found.why, limit=own,
                    cure=_cure(found, _BALANCE_COLD), needs=found.needs, soft=True)  # fmt: skip
    return _milder(made, found)


def warmest_years_check(duty: WaterDuty, heat: YearlyHeat) -> WellCheck | None:
    """Highest return water of the planned years; None without an own limit or without cooling."""
    limit = duty.highest_return
    found = None if limit is None else _found(duty, heat, limit, -1.0)
    if found is None:
        return None
    id = "warmest_of_years"
    if isinstance(found, tuple):
        return unknown(id, _WARMEST, "°C", None, found)
    made = at_most(id, _WARMEST, found.value, "°C", None, found.why, limit=limit,
                   cure=_cure(found, _BALANCE_WARM), needs=found.needs, soft=True)  # fmt: skip
    return _milder(made, found)


@dataclass(frozen=True)
class _Found:
    """Worst water of the years, °C, how it was found, and what would keep its limit."""

    value: float
    why: Text
    needs: dict[str, float]
    missing: tuple[str, ...] = ()


def _cure(found: _Found, balance: Text) -> Text:
    return cure(found.needs) if found.needs else balance


def _milder(made: WellCheck, found: _Found) -> WellCheck:
    """Kept by a model that leaves the neighbours out: that proves nothing."""
    if made.verdict != "ok" or not found.missing:
        return made
    return unknown(made.id, made.name, made.unit, made.rule, found.missing, why=found.why,
                   value=made.value, limit=made.limit)  # fmt: skip


def _found(
    duty: WaterDuty, heat: YearlyHeat, limit: float, sign: float
) -> _Found | tuple[str, ...] | None:
    """The worst of the years, else what is missing for it; ``sign``: 1 cold, -1 warm."""
    years = duty.years
    if years is None and duty.season is not None:
        # A course was computed over whatever it covers (a sizing: all years) and is judged itself.
        return None
    if years is None:
        return _estimated(duty, heat, limit, sign)
    course = np.array(years.lowest_return if sign > 0.0 else years.highest_return)
    if np.isnan(course).all():
        return None
    worst = int(np.nanargmin(sign * course))
    shown = {"year": worst + 1, "years": len(course), "model": years.model}
    why = _FOUND.format(**shown)
    # Rounding is no breach.
    beyond = np.flatnonzero(sign * (limit - course) > 1e-6)
    if not beyond.size:
        return _Found(float(course[worst]), why, {}, years.missing)
    text = _BELOW if sign > 0.0 else _ABOVE
    why = text.format(limit=f"{limit:g}", first=int(beyond[0]) + 1, one=why)
    needs = _needs(duty, heat, limit, sign, float(course[0]), float(course[worst]))
    return _Found(float(course[worst]), _CAREFUL.format(one=why), needs, years.missing)


def _estimated(
    duty: WaterDuty, heat: YearlyHeat, limit: float, sign: float
) -> _Found | tuple[str, ...] | None:
    """Water at design less what the net heat of all years does to a block without conduction."""
    start, power = duty.undisturbed_temperature, duty.extraction if sign > 0.0 else duty.injection
    if sign < 0.0 and not power:
        return None
    missing = list(heat.missing)
    if start is None:
        missing.append("ground.undisturbed_temperature")
    if power is None:
        missing.append("design_extraction / rated_capacity")
    if missing or start is None or power is None or heat.holds is None or heat.years is None:
        return tuple(missing or (_HOURLY,))
    change = max(sign * heat.net, 0.0) / heat.holds
    first = start - sign * float(temperature_drop(power, duty.flow)) / (1.0 - duty.bypass)
    last = first - sign * change * heat.years
    why = _ESTIMATE.format(change=figures(change, 2), years=f"{heat.years:g}")
    if sign * (last - limit) >= 0.0:
        return _Found(last, why, {})
    return _Found(last, _CAREFUL.format(one=why), _needs(duty, heat, limit, sign, first, last))


def _needs(
    duty: WaterDuty, heat: YearlyHeat, limit: float, sign: float, first: float, last: float
) -> dict[str, float]:
    """What would keep the limit: all changes go with the heat, the drift with the net heat.

    Parameters
    ----------
    first, last : water of the first and of the worst year, °C
    """
    needs: dict[str, float] = {}
    drift, room, start = sign * (first - last), sign * (first - limit), duty.undisturbed_temperature
    net = sign * heat.net
    if heat.count is None:
        return needs
    if drift > 0.0 and room > 0.0 and net > 0.0:
        less = net * (1.0 - room / drift)
        if sign > 0.0:
            needs["return_energy"] = (heat.given + less) / _MWH
        elif heat.given > less:
            needs["injected_energy"] = (heat.given - less) / _MWH
        if heat.count > 1 and heat.spacing is not None:
            # The ground of a well goes with the square of the spacing.
            needs["spacing"] = heat.spacing * math.sqrt(drift / room)
    if start is not None and sign * (start - limit) > 0.0:
        needs["wells"] = float(math.ceil(heat.count * (start - last) / (start - limit) - 1e-9))
    return needs
