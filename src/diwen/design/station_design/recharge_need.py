"""The heat that closes the balance of a source, or keeps its water within limits, by the twin.

Heat is given (taken, by a tower) at a constant rate in chosen months; the rate is the root of what
the twin brings over the years. The heat pumps follow the warmer or colder ground, so that the heat
that closes the balance is not the difference of the plant without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.balance_years import run_years, source_years, unmet_share
from diwen.design.station_design.calendar_sums import HOURS, MONTH_OF_HOUR, month_sums
from diwen.design.station_design.design_result import (
    DesignBasis,
    RechargeNeed,
    SourceYear,
    YearsRun,
)
from diwen.design.station_design.source_limits import WaterLimit, limits_of_source
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.plant.station import Recharge, Station
from diwen.site import Site
from diwen.site.usual_values import usual_value
from diwen.twin.site_simulation_inputs import SiteInputs

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]
Kind = Literal["recharge", "rejection"]
Target = Literal["band", "closed", "entering", "leaving", "supply"]
NAME = "design_recharge"
UNMET = "default.simulated.unmet"
BAND = ("gb50736.balance_ratio.low", "gb50736.balance_ratio.high")
# Kinds of source that keep what a year leaves in them.
LASTING = ("borefield", "circulation_well", "standing_column_well")
_DOUBLINGS, _STEPS = 8, 40
# Least power looked for, over the first guess: the pumps that a recharge switches on warm the
# water, so that what is sought may be passed as soon as anything is given.
_FLOOR = 0.01
_RATIO_TOLERANCE, _KELVIN_TOLERANCE = 5e-4, 5e-3

_NONE = Text("none is needed: {value} without it", "无需：不设时为 {value}")
_FOUND = Text(
    "{kind} of {energy} MWh a year at a constant {power} kW brings it from {before} to {reached}",
    "全年{kind} {energy} MWh（恒定 {power} kW）时由 {before} 变为 {reached}",
)
_NOT_REACHED = Text(
    "not reached by {kind} in these months: it comes to {reached} at most",
    "在上述月份{kind}无法达到，最多变为 {reached}",
)
_NAMES: dict[Kind, Text] = {
    "recharge": Text("recharge", "补热"),
    "rejection": Text("rejection", "散热"),
}
SUMMER = (5, 6, 7, 8, 9)


@dataclass(frozen=True, eq=False)
class RechargeStudy:
    """A source of a plant, and what may be given to it or taken from it.

    Attributes
    ----------
    site, given, run : the plant and its years as designed
    source : id
    weather : None: none known
    """

    site: Site
    given: SiteInputs
    run: YearsRun
    source: str
    weather: Weather | None

    def months(self, kind: Kind) -> tuple[int, ...]:
        """Months for it: those without extraction for a recharge; those of cooling for a tower."""
        course = self.run.courses[1].sources[self.source]
        by_units = course.heat + course.recharge
        sign = 1.0 if kind == "recharge" else -1.0
        by_month = month_sums(np.maximum(sign * by_units, 0.0))
        share = by_month / max(float(by_month.sum()), 1e-9)
        idle = share <= usual_value("default.design.idle_month_share")
        chosen = idle if kind == "recharge" else ~idle
        found = tuple(int(month) + 1 for month in np.flatnonzero(chosen))
        return found or SUMMER

    def seconds(self, months: tuple[int, ...]) -> float:
        """Time of the months in a year, s."""
        return float(np.isin(MONTH_OF_HOUR + 1, months).sum()) * 3600.0

    def station(self, power: float, kind: Kind, months: tuple[int, ...]) -> Station:
        """The plant with heat given at a constant rate, W."""
        plant = self.given.inputs.station
        if power <= 0.0:
            return plant
        steps = len(self.given.inputs.outdoor)
        direction: Literal[1, -1] = 1 if kind == "recharge" else -1
        extra = Recharge(
            NAME, self.source, np.full(steps, direction * power), 0.0, direction, power,
            allowed=np.resize(np.isin(MONTH_OF_HOUR + 1, months), steps),
        )  # fmt: skip
        return replace(plant, recharges=(*plant.recharges, extra))

    def years(
        self, power: float, kind: Kind, months: tuple[int, ...], years: int
    ) -> tuple[SourceYear, ...]:
        """The source through years with heat given at a constant rate."""
        return source_years(self.given, years, self.source, self.station(power, kind, months))


def recharge_needs(
    site: Site,
    given: SiteInputs,
    run: YearsRun,
    basis: DesignBasis,
    weather: Weather | None,
    horizons: tuple[int, ...],
    day: date,
) -> tuple[RechargeNeed, ...]:
    """What every lasting source needs: for the band of the ratio, for 1, for its limits."""
    rules = WellRules.on(day, site.place.region or None)
    found: list[RechargeNeed] = []
    for source in run.years[0].sources:
        given_source = site.sources.get(source)
        if given_source is None or given_source.type not in LASTING:
            continue
        study = RechargeStudy(site, given, run, source, weather)
        found += _by_ratio(study, rules, horizons[0])
        for limit in limits_of_source(site, source, basis, day):
            found += [_by_limit(study, limit, years) for years in horizons]
        found += _by_supply(study, horizons[0])
    return tuple(found)


def ratio_of(years: tuple[SourceYear, ...]) -> float:
    """Heat into a source over heat out of it, all years together; inf where none goes out."""
    out = sum(one.extraction + one.rejection for one in years)
    into = sum(one.injection + one.recharge for one in years)
    return into / out if out > 0.0 else float("inf")


def _by_ratio(study: RechargeStudy, rules: WellRules, years: int) -> list[RechargeNeed]:
    ran = tuple(one.sources[study.source] for one in study.run.years[:years])
    before = ratio_of(ran)
    rows = [rules.find(id) for id in BAND]
    found = []
    if None not in rows:
        low, high = (float(row.value) for row in rows if row is not None and row.value is not None)
        aim = min(max(before, low), high)
        found.append(_ratio_need(study, "band", aim, before, ran, BAND))
    found.append(_ratio_need(study, "closed", 1.0, before, ran, ("gb50366.heat_balance",)))
    return found


def _ratio_need(
    study: RechargeStudy,
    target: Target,
    aim: float,
    before: float,
    ran: tuple[SourceYear, ...],
    rules: tuple[str, ...],
) -> RechargeNeed:
    """The heat at which the ratio of all years together is ``aim``."""
    kind: Kind = "recharge" if before < aim else "rejection"
    if abs(before - aim) <= _RATIO_TOLERANCE:
        return _nothing(study, target, len(ran), aim, before, kind, rules)
    months = study.months(kind)
    out = sum(one.extraction + one.rejection for one in ran) / len(ran)
    into = sum(one.injection + one.recharge for one in ran) / len(ran)
    guess = aim * out - into if kind == "recharge" else into / aim - out
    sign = 1.0 if kind == "recharge" else -1.0

    def off(power: float) -> tuple[float, float]:
        reached = ratio_of(study.years(power, kind, months, len(ran)))
        return sign * (reached - aim), reached

    power, reached = _root(off, guess / study.seconds(months), _RATIO_TOLERANCE)
    return _need(study, target, len(ran), aim, before, kind, months, power, reached, rules)


def _by_limit(study: RechargeStudy, limit: WaterLimit, years: int) -> RechargeNeed:
    """The heat at which the water of all years keeps a limit."""
    kind: Kind = "recharge" if limit.side == "minimum" else "rejection"
    sign = 1.0 if limit.side == "minimum" else -1.0

    def worst(ran: tuple[SourceYear, ...]) -> float:
        values = np.array([limit.found(one.entering, one.leaving) for one in ran])
        return float(sign * np.nanmin(sign * values)) if np.isfinite(values).any() else np.nan

    ran = tuple(one.sources[study.source] for one in study.run.years[:years])
    before, place = worst(ran), limit.place
    if not sign * (before - limit.value) < -_KELVIN_TOLERANCE:
        return _nothing(study, place, years, limit.value, before, kind, ())
    months = study.months(kind)

    def off(power: float) -> tuple[float, float]:
        reached = worst(study.years(power, kind, months, years))
        return sign * (reached - limit.value), reached

    largest = max(one.extraction + one.injection for one in ran) / study.seconds(months)
    power, reached = _root(off, 0.1 * largest, _KELVIN_TOLERANCE)
    return _need(study, place, years, limit.value, before, kind, months, power, reached, ())


def _by_supply(study: RechargeStudy, years: int) -> list[RechargeNeed]:
    """The heat with which a source that stops at its limits meets the loads of all years."""
    allowed = usual_value(UNMET) / 100.0
    found = []
    kinds: tuple[tuple[str, Kind], ...] = (("heat", "recharge"), ("cold", "rejection"))
    for side, kind in kinds:
        summaries = [one.summary for one in study.run.years[:years]]
        before = max(
            getattr(one, f"unmet_{side}") / max(getattr(one, f"demand_{side}"), 1.0)
            for one in summaries
        )
        if before <= allowed:
            continue
        months = study.months(kind)

        def off(
            power: float, side: str = side, kind: Kind = kind, months: tuple[int, ...] = months
        ) -> tuple[float, float]:
            station = study.station(power, kind, months)
            reached = unmet_share(study.given, years, side, station)
            return allowed - reached, reached

        key = "heat" if side == "heat" else "cold"
        lost = max(getattr(one, f"unmet_{key}") for one in summaries)
        power, reached = _root(off, lost / study.seconds(months), 0.2 * allowed)
        found.append(
            _need(study, "supply", years, allowed, before, kind, months, power, reached, (UNMET,))
        )
    return found


def _root(
    off: Callable[[float], tuple[float, float]], guess: float, tolerance: float
) -> tuple[float | None, float]:
    """Power at which ``off`` is zero or just above, and what is reached; None: none does.

    ``off`` rises with power, below zero at none. Regula falsi with halving of the stale end (the
    Illinois way).
    """
    low, below = 0.0, None
    high = max(guess, 1.0)
    above, reached = off(high)
    for _ in range(_DOUBLINGS):
        if above >= 0.0:
            break
        low, below, last = high, above, above
        high *= 2.0
        above, reached = off(high)
        if above <= last + 1e-12:
            return None, reached
    if above < 0.0:
        return None, reached
    if below is None:
        below = off(0.0)[0]
    side, first = 0, high
    for _ in range(_STEPS):
        if above <= tolerance or high <= _FLOOR * first:
            return high, reached
        middle = (low * above - high * below) / (above - below)
        value, there = off(middle)
        if 0.0 <= value <= tolerance:
            return middle, there
        if value > 0.0:
            high, above, reached = middle, value, there
            below = below / 2.0 if side == 1 else below
            side = 1
        else:
            low, below = middle, value
            above = above / 2.0 if side == -1 else above
            side = -1
    return high, reached


def _nothing(
    study: RechargeStudy, target: Target, years: int, aim: float, before: float, kind: Kind,
    rules: tuple[str, ...],
) -> RechargeNeed:  # fmt: skip
    shown = f"{before:.3g}"
    return RechargeNeed(
        study.source, target, years, aim, kind, 0.0, 0.0, (), before, before, None, None,
        _NONE.format(value=shown), rules,
    )  # fmt: skip


def _need(
    study: RechargeStudy, target: Target, years: int, aim: float, before: float, kind: Kind,
    months: tuple[int, ...], power: float | None, reached: float, rules: tuple[str, ...],
) -> RechargeNeed:  # fmt: skip
    shown = {"kind": _NAMES[kind], "before": f"{before:.4g}", "reached": f"{reached:.4g}"}
    if power is None:
        why = _NOT_REACHED.format(**shown)
        return RechargeNeed(
            study.source, target, years, aim, kind, None, 0.0, months, reached, before, None, None,
            why, rules,
        )  # fmt: skip
    run = run_years(
        study.site, study.given, years, station=study.station(power, kind, months),
        keep=(1, years),
    )  # fmt: skip
    ran = [one.sources[study.source] for one in run.years]
    energy = sum(one.recharge + one.rejection for one in ran) / years
    # What the plant recharges by itself is not counted as needed.
    energy -= sum(
        one.sources[study.source].recharge + one.sources[study.source].rejection
        for one in study.run.years[:years]
    ) / years  # fmt: skip
    why = _FOUND.format(power=f"{power / 1e3:.4g}", energy=f"{energy / 3.6e9:.4g}", **shown)
    area = _collector_area(study, energy, months, run) if kind == "recharge" else None
    return RechargeNeed(
        study.source, target, years, aim, kind, energy, power, months, reached, before, area, run,
        why, rules,
    )  # fmt: skip


def _collector_area(
    study: RechargeStudy, energy: float, months: tuple[int, ...], run: YearsRun
) -> float | None:
    """Solar collectors that would give as much in these months, m²; None: no irradiance known.

    At the mean temperature of the fluid in the last year, so by its yearly yield, not by hours.
    """
    weather = study.weather
    if weather is None or weather.global_horizontal is None:
        return None
    from diwen.problems import InputError
    from diwen.site.auxiliaries import SolarCollector
    from diwen.site.plant_recharge import recharge_of

    site = study.site.model_copy(
        update={"solar_collectors": {NAME: SolarCollector.model_construct(area=1.0, count=1)}}
    )
    try:
        each = recharge_of(site, NAME, weather, source=study.source)
    except InputError:
        return None
    fluid = run.courses[max(run.courses)].sources[study.source].fluid
    steps = len(each.at_zero)
    on = np.resize(np.isin(MONTH_OF_HOUR + 1, months), steps)
    heat = np.maximum(each.at_zero - each.per_kelvin * np.resize(fluid, steps), 0.0)
    yearly = float(heat[on].sum() * weather.step) / (steps / HOURS)
    return energy / yearly if yearly > 0.0 else None
