"""Charts of days: performance with its uncertainty, heat and electricity, load against weather."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from diwen.evaluation.words import mode_name
from diwen.language import Text, same
from diwen.reports.chart import COLOURS, MODE_COLOURS, Axis, Chart, Trace, unique

if TYPE_CHECKING:
    from diwen.evaluation.amount import Amount
    from diwen.evaluation.by_day import ByDay, Step

_KWH = 3.6e6
_COEFFICIENTS = {
    "heating": Text("Coefficient of performance", "制热性能系数"),
    "cooling": Text("Energy efficiency ratio", "制冷能效比"),
}
_USEFUL = {"heating": Text("Heat delivered", "供热量"), "cooling": Text("Cold delivered", "供冷量")}


def performance(days: ByDay, mode: str, least_coverage: float) -> Chart | None:
    """Coefficient of performance day by day with its expanded uncertainty as a band.

    Parameters
    ----------
    days : heat and electricity by day
    mode : ``heating`` or ``cooling``
    least_coverage : days measured for a smaller share, 0..1, stay empty

    Returns
    -------
    Chart, or None with fewer than two days to show
    """
    shown = [_covered(step, least_coverage) for step in days.steps]
    if sum(amount is not None for amount in shown) < 2:
        return None
    values = tuple(None if amount is None else amount.value for amount in shown)
    spreads = [None if amount is None else amount.expanded for amount in shown]
    low = tuple(_moved(value, spread, -1) for value, spread in zip(values, spreads, strict=True))
    high = tuple(_moved(value, spread, 1) for value, spread in zip(values, spreads, strict=True))
    bounded = any(spread is not None for spread in spreads)
    used = [amount for amount in shown if amount is not None]
    step = Text("month", "月") if days.monthly else Text("day", "日")
    percent = f"{100 * least_coverage:g} %"
    trace = Trace(
        name=_COEFFICIENTS[mode],
        shape="line",
        x=tuple(float(number) for number in range(len(shown))),
        y=values,
        low=low if bounded else (),
        high=high if bounded else (),
        colour=MODE_COLOURS[mode],
        origin=unique(origin for amount in used for origin in amount.origins),
        points=unique(point for amount in used for point in amount.inputs),
    )
    word = mode_name(mode)
    return Chart(
        id=f"performance_by_day_{mode}",
        title=Text(
            f"Performance by {step.en}, {word.en} ({days.boundary.en})",
            f"逐{step.zh}{word.zh}性能（{days.boundary.zh}）",
        ),
        x=_along(days),
        y=(Axis(_COEFFICIENTS[mode], decimals=2),),
        traces=(trace,),
        note=Text(
            f"Band: expanded uncertainty (k = 2). A {step.en} measured for less than {percent} "
            "is left out.",
            f"色带为扩展不确定度（k = 2）；数据完整率低于 {percent} 的{step.zh}不绘出。",
        ),
    )


def _covered(step: Step, least: float) -> Amount | None:
    amount = step.performance
    return amount if amount is not None and amount.coverage >= least else None


def _moved(value: float | None, spread: float | None, sign: int) -> float | None:
    """The end of an interval; a value without uncertainty has an interval without width."""
    return None if value is None else value + sign * (spread or 0.0)


def _along(days: ByDay) -> Axis:
    names = tuple(
        same(f"{step.first:%Y-%m}" if days.monthly else step.first.isoformat())
        for step in days.steps
    )
    return Axis(Text("Day", "日期"), kind="category", categories=names)


def energies(days: ByDay, mode: str) -> Chart | None:
    """Useful energy and electricity day by day, side by side; None with fewer than two days."""
    if len(days.steps) < 2:
        return None
    heat = [step.heat for step in days.steps]
    power = [step.electricity for step in days.steps]
    step = Text("month", "月") if days.monthly else Text("day", "日")
    return Chart(
        id=f"energy_by_day_{mode}",
        title=Text(
            f"{_USEFUL[mode].en} and electricity by {step.en} ({days.boundary.en})",
            f"逐{step.zh}{_USEFUL[mode].zh}与用电量（{days.boundary.zh}）",
        ),
        x=_along(days),
        y=(Axis(Text("Energy", "能量"), "kWh", decimals=1, from_zero=True),),
        traces=(
            _bars(_USEFUL[mode], heat, MODE_COLOURS[mode]),
            _bars(Text("Electricity", "用电量"), power, COLOURS["electricity"]),
        ),
        note=Text(
            "Sums over the time in which both were measured.", "为两者均有有效记录时段内的总量。"
        ),
    )


def _bars(name: Text, amounts: list[Amount], colour: str) -> Trace:
    return Trace(
        name=name,
        shape="bar",
        x=tuple(float(number) for number in range(len(amounts))),
        y=tuple(amount.value / _KWH for amount in amounts),
        colour=colour,
        origin=unique(origin for amount in amounts for origin in amount.origins),
        points=unique(point for amount in amounts for point in amount.inputs),
    )


def signature(
    days: ByDay,
    mode: str,
    outdoor: Mapping[date, float],
    point: str,
    fit: Mapping[str, Any] | None,
) -> Chart | None:
    """Mean load of each day against the outdoor temperature, with the fitted signature.

    Parameters
    ----------
    days : heat by day
    mode : ``heating`` or ``cooling``
    outdoor : mean outdoor temperature by local day, °C
    point : the outdoor point
    fit : detail of the energy-signature result: ``slope`` kW/K, ``balance`` °C, ``base`` kW

    Returns
    -------
    Chart, or None with fewer than five days
    """
    pairs = [
        (outdoor[step.first], step.heat.value / step.seconds / 1e3)
        for step in days.steps
        if step.first in outdoor
    ]
    if days.monthly or len(pairs) < 5:
        return None
    heat = [step.heat for step in days.steps]
    cloud = Trace(
        name=Text("Day", "日均值"),
        shape="points",
        x=tuple(round(t, 2) for t, _ in pairs),
        y=tuple(load for _, load in pairs),
        colour=MODE_COLOURS[mode],
        origin=unique(origin for amount in heat for origin in amount.origins),
        points=unique((*(p for amount in heat for p in amount.inputs), point)),
    )
    traces = (cloud, _fit_line(fit, mode, [t for t, _ in pairs])) if fit else (cloud,)
    return Chart(
        id=f"signature_{mode}",
        title=Text("Load against outdoor temperature", "日均负荷与室外温度"),
        x=Axis(Text("Daily mean outdoor temperature", "室外日平均温度"), "°C", decimals=1),
        y=(Axis(Text("Daily mean load", "日平均负荷"), "kW", decimals=2, from_zero=True),),
        traces=traces,
    )


def _fit_line(fit: Mapping[str, Any], mode: str, temperatures: list[float]) -> Trace:
    """The fitted line over the temperatures that were met, with its bend at the balance point."""
    ends = {min(temperatures), max(temperatures)}
    if min(temperatures) < fit["balance"] < max(temperatures):
        ends.add(fit["balance"])
    x = sorted(ends)
    sign = 1.0 if mode == "heating" else -1.0
    return Trace(
        name=Text("Energy signature", "能耗特征线"),
        shape="line",
        x=tuple(x),
        y=tuple(
            fit["base"] + fit["slope"] * max(0.0, sign * (fit["balance"] - each)) for each in x
        ),
        colour=COLOURS["electricity"],
    )
