"""The energy signature of the building from its heat meters and the outdoor temperature (K-36).

Daily heat (and cold) of the whole plant against the daily mean outdoor temperature; a day counts
when at least 20 of its hours were measured on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import Refusal
from diwen.evaluation.daily import Days, local_clock
from diwen.evaluation.degree_days import COMPLETE_SHARE, outdoor_days
from diwen.evaluation.heat_meters import measured_circuits
from diwen.evaluation.operation import Way
from diwen.evaluation.performance import modes
from diwen.evaluation.plant import Term
from diwen.evaluation.ratios import delivered
from diwen.evaluation.result import Result, refused
from diwen.evaluation.signature import Side, Signature, energy_signature
from diwen.evaluation.statistics import TooFewError
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

Floats = NDArray[np.float64]

_DAY_US = 86_400_000_000
_LONGEST_US = 3_600_000_000
_ROWS = ("ipmvp.baseline.r2", "ipmvp.baseline.cv_rmse")

# How far the line may be drawn beyond the days that were measured, K (engineering default): a
# balance temperature farther out is that of a load which hardly knows the weather.
BALANCE_MARGIN = 20.0

_NAMES = {
    "heating": Text("heat loss coefficient from the energy signature", "建筑热损失系数（特征线）"),
    "cooling": Text("cooling signature slope", "供冷特征线斜率"),
}
_NO_OUTDOOR = Text("The outdoor temperature is not measured.", "未测量室外温度。")
_WEAK = Text(
    "R² = {r2}, CV(RMSE) = {cv} %: the regression does not pass the screening (R² > {least}, "
    "CV(RMSE) < {most} %).",
    "R² = {r2}，CV(RMSE) = {cv} %，未通过筛选（R² > {least}，CV(RMSE) < {most} %）。",
)
_SAID = Text(
    "{model}; n = {n} days (worth {worth} independent ones, residual correlation {lag}); balance "
    "temperature {balance} °C ({low} to {high}); 95 % intervals.",
    "{model}；n = {n} 天（相当于 {worth} 个独立日，残差相关 {lag}）；平衡点温度 {balance} °C"
    "（{low}～{high}），95 % 置信区间。",
)
_FLAT = Text(
    "the heat does not follow the outdoor temperature: slope {slope} kW/K ({low} to {high}, 95 %)",
    "热量与室外温度无明显关系：斜率 {slope} kW/K（95 % 置信区间 {low}～{high}）",
)
_FAR = Text(
    "the line meets zero at {balance} °C, more than {margin} K beyond the measured days "
    "({coldest} to {warmest} °C): the heat hardly follows the weather, or the period is too short",
    "特征线在 {balance} °C 处为零，超出实测日均室外温度范围（{coldest}～{warmest} °C）{margin} K "
    "以上：热量几乎不随天气变化，或评价周期过短",
)
_WATER_OUT = Text("without the hot water, which is metered apart", "不含单独计量的生活热水")
_WATER_IN = Text(
    "the hot water is not metered apart and is contained: it lifts base and balance temperature",
    "生活热水未单独计量，已计入其中，会抬高基础负荷与平衡点温度",
)
_MODELS = {
    "change point": Text("change-point model", "变点模型"),
    "line": Text("straight line (no warmer days in the data)", "直线模型（数据中没有更暖的日子）"),
}


def daily_power(terms: list[Term], days: Days, time_zone: str) -> Floats:
    """Mean heat of each day, W, NaN where fewer than 20 hours were measured.

    Increments longer than an hour are spread evenly over their own time only if they lie within
    one day.

    Parameters
    ----------
    terms : signed contributions, J
    days : the days asked for
    time_zone : IANA name
    """
    power = np.zeros(len(days.day))
    complete = np.ones(len(days.day), dtype=bool)
    for part, sign in terms:
        energy, seconds = np.zeros(len(days.day)), np.zeros(len(days.day))
        begin = local_clock(part.start, time_zone)
        end = begin + (part.end - part.start)
        day = begin // _DAY_US
        same_day = (end - 1) // _DAY_US == day
        usable = same_day | (part.end - part.start <= _LONGEST_US)
        place = day[usable] - days.day[0]
        inside = (place >= 0) & (place < len(days.day))
        np.add.at(energy, place[inside], sign * part.value[usable][inside])
        np.add.at(seconds, place[inside], part.seconds[usable][inside])
        measured = seconds >= COMPLETE_SHARE * 86400
        complete &= measured
        power += np.divide(energy, seconds, out=np.zeros_like(energy), where=measured)
    return np.where(complete, power, np.nan)


def results(context: Context) -> list[Result]:
    """The signature of heating, and of cooling where cold is metered."""
    units = frozenset(context.site.heat_pumps)
    if not units:
        return []
    sides: list[Side] = [mode for mode in modes(context) if mode != "simultaneous"]
    return [one for side in sides for one in _side(context, side, units)]


def _side(context: Context, side: Side, units: frozenset[str]) -> list[Result]:
    mode: Way = side
    fields: dict[str, Any] = {
        "mode": mode, "symbol": "UA" if side == "heating" else "k", "rules": _ROWS,
    }  # fmt: skip
    if side == "cooling" and not any(
        unit.rated_cooling_capacity for unit in context.site.heat_pumps.values()
    ):
        return []
    try:
        heaters = frozenset(context.site.heaters) if side == "heating" else frozenset()
        terms = delivered(context, mode, units, heaters, hot_water=False).terms
    except Refusal as refusal:
        return [
            refused(
                "energy_signature", "K-36", _NAMES[side], refusal.reason, refusal.missing, **fields
            )
        ]
    found = outdoor_days(context)
    if found is None:
        missing = ["TO temperature outdoor site"]
        return [refused("energy_signature", "K-36", _NAMES[side], _NO_OUTDOOR, missing, **fields)]
    outdoor, days = found
    fields["inputs"] = (*_inputs(terms), outdoor.id)
    fields["origin"] = tuple(sorted({outdoor.origin, *_origins(terms)}))
    power = daily_power(terms, days, context.period.time_zone)
    temperature = np.where(days.filled >= COMPLETE_SHARE, days.mean, np.nan)
    both = np.isfinite(power) & np.isfinite(temperature)
    fields["coverage"] = float(both.mean()) if len(both) else 0.0
    try:
        signature = energy_signature(temperature, power / 1e3, side)
    except TooFewError as error:
        return [refused("energy_signature", "K-36", _NAMES[side], error.text, **fields)]
    known = temperature[both]
    reason = unresolved(signature, float(known.min()), float(known.max()))
    if reason is not None:
        return [refused("energy_signature", "K-36", _NAMES[side], reason, **fields)]
    fields["notes"] = hot_water_note(context) if side == "heating" else ()
    return [_result(context, side, signature, fields)]


def unresolved(found: Signature, coldest: float, warmest: float) -> Text | None:
    """Why a fit says nothing of the building; None where it does.

    Parameters
    ----------
    coldest, warmest : lowest and highest daily mean outdoor temperature of the fit, °C
    """
    if not found.slope_low > 0.0:
        return _FLAT.format(
            slope=f"{found.slope:.2f}", low=f"{found.slope_low:.2f}", high=f"{found.slope_high:.2f}"
        )
    if not coldest - BALANCE_MARGIN <= found.balance <= warmest + BALANCE_MARGIN:
        return _FAR.format(
            balance=f"{found.balance:.0f}", margin=f"{BALANCE_MARGIN:g}",
            coldest=f"{coldest:.1f}", warmest=f"{warmest:.1f}",
        )  # fmt: skip
    return None


def hot_water_note(context: Context) -> tuple[Text, ...]:
    """Whether hot water is in the heat of the signature, at a site that makes some."""
    if "hot_water" in measured_circuits(context):
        return (_WATER_OUT,)
    site = context.site
    makes = (
        any(load.kind == "hot_water" for load in site.loads.values())
        or any(pump.circuit == "hot_water" for pump in site.pumps.values())
        or any(heater.circuit == "hot_water" for heater in site.heaters.values())
        or any(point.location.startswith("hot_water") for point in site.points)
    )
    return (_WATER_IN,) if makes else ()


def _result(context: Context, side: Side, found: Signature, fields: dict[str, Any]) -> Result:
    least, most = (context.rules.value(row) for row in _ROWS)
    weak = found.r_squared <= least or 100 * found.cv_rmse >= most
    reason = _WEAK.format(
        r2=f"{found.r_squared:.2f}", cv=f"{100 * found.cv_rmse:.0f}", least=f"{least:g}",
        most=f"{most:g}",
    ) if weak else None  # fmt: skip
    note = _SAID.format(
        model=_MODELS[found.model], n=found.n, worth=f"{found.n_effective:.0f}",
        lag=f"{found.lag1:.2f}", balance=f"{found.balance:.1f}", low=f"{found.balance_low:.1f}",
        high=f"{found.balance_high:.1f}",
    )  # fmt: skip
    return Result(
        "energy_signature", "K-36", _NAMES[side], status="indicative" if weak else "ok",
        value=found.slope, unit="kW/K", uncertainty=found.slope_high - found.slope, decimals=2,
        reason=reason, notes=(note, *fields.pop("notes")), detail=found.as_dict(), **fields,
    )  # fmt: skip


def _inputs(terms: list[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for part, _ in terms for id in part.inputs))


def _origins(terms: list[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origin for part, _ in terms for origin in part.origins))
