"""Temperatures while a heat pump runs, its running share, limits and the Carnot bound.

Everything here masks standstill: a sensor on a pipe that stands still shows the room it is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.alignment import aligned
from diwen.evaluation.amount import Amount, Refusal
from diwen.evaluation.energy import bridge, empty, integrated
from diwen.evaluation.heat_meters import CIRCUITS, measured_circuits
from diwen.evaluation.increments import Floats, Spans, Times, intersection, length, without
from diwen.evaluation.making import made, not_made
from diwen.evaluation.operation import (
    known_spans,
    modes_run,
    running_basis,
    running_in,
    running_spans,
)
from diwen.evaluation.uncertainty import standard
from diwen.language import Text
from diwen.site import LOCATIONS

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Mode, Result
    from diwen.site import Point

_KELVIN = 273.15
_RUNNING = Text("Running share", "运行时间占比")
_NAMES = {
    "source_entering": Text("Source entering temperature, running", "运行时地源侧供水温度"),
    "source_leaving": Text("Source leaving temperature, running", "运行时地源侧回水温度"),
    "load_leaving": Text("Load supply temperature, running", "运行时用户侧供水温度"),
    "load_entering": Text("Load return temperature, running", "运行时用户侧回水温度"),
}
_CARNOT = Text(
    "Carnot bound: an upper bound, not a measured COP", "卡诺上限（仅为上限，并非实测性能系数）"
)
_BASIS = {
    "status": Text("running by status point", "按运行状态测点判断运行"),
    "power": Text("running by electric power", "按电功率判断运行"),
    "temperatures": Text(
        "no status point: running is inferred from temperature differences on both sides",
        "无运行状态测点，按两侧温差推断运行",
    ),
}
_MASKED = Text(
    "{share:.0f} % of the known time is standstill and is masked; there the source difference was "
    "negative in {negative:.0f} % of the records (sensors drift to the room)",
    "已知时段中 {share:.0f} % 为停机并已剔除；停机时地源侧温差为负的记录占 {negative:.0f} %"
    "（传感器随环境漂移）",
)
_NEVER = Text("{unit} did not run in this period", "{unit} 在本周期内未运行")
_OUTSIDE = Text(
    "{hours:.0f} h of running in neither the heating nor the cooling time are left out",
    "未计入供暖与供冷时段以外的运行时间 {hours:.0f} h",
)
_NO_POINT = Text("no temperature point: {place}", "缺少温度测点：{place}")
_NO_LIFT = Text(
    "supply is not above the source: a Carnot bound means nothing here",
    "供水温度不高于热源温度，卡诺上限无意义",
)


def results(context: Context) -> list[Result]:
    """All results of this family."""
    found: list[Result] = []
    for unit in context.site.heat_pumps:
        found.append(_running_share(context, unit))
        found += [
            _temperature(context, unit, location, mode)
            for location in _NAMES
            for mode in modes_run(context, unit)
        ]
        if "load" not in measured_circuits(context):
            found.append(_carnot(context, unit))
    return [result for result in found if result.status != "refused" or result.missing]


def inside(time: Times, spans: Spans) -> NDArray[np.bool_]:
    """Whether each instant lies in the spans, (n,)."""
    if not len(spans):
        return np.zeros(time.size, dtype=bool)
    place = np.searchsorted(spans[:, 0], time, side="right") - 1
    return (place >= 0) & (time < spans[np.maximum(place, 0), 1])


def sensor(context: Context, unit: str, location: str) -> Point:
    """The temperature point of a heat pump at a location, the one with records first.

    Raises
    ------
    Refusal : there is none
    """
    own = [
        point
        for point in context.points("temperature", location)
        if unit in point.equipment or "site" in point.equipment
    ]
    for point in own:
        if len(context.series(point.id)):
            return point
    if own:
        raise empty(own[0])
    place = LOCATIONS[location]
    raise Refusal(
        _NO_POINT.format(place=place.text), [f"{place.code} temperature {location} {unit}"]
    )


def _running_share(context: Context, unit: str) -> Result:
    """Share of the known time in which the unit ran, with the months."""
    more: dict[str, Any] = {"name": _RUNNING, "of": unit, "symbol": "r_on"}
    try:
        basis, points = running_basis(context, unit)
        running, known = running_spans(context, unit), known_spans(context, unit)
        if length(known) == 0.0:
            raise Refusal(_NEVER.format(unit=context.name_of(unit)))
    except Refusal as refusal:
        return not_made("running_share", "", refusal, **more)
    months = [
        {
            "month": month.label,
            "running_hours": length(intersection(running, cut)) / 3600.0,
            "known_hours": length(intersection(known, cut)) / 3600.0,
        }
        for month in context.period.months()
        for cut in (np.array([[month.start_us, month.end_us]], dtype=np.int64),)
    ]
    amount = Amount(
        length(running) / length(known),
        None,
        coverage=length(known) / context.period.seconds,
        origins=tuple(dict.fromkeys(point.origin for point in points)),
        inputs=tuple(point.id for point in points),
    )
    notes = (_BASIS[basis], *_masked(context, unit, running, known))
    detail = {"basis": basis, "months": months, "running_hours": length(running) / 3600.0}
    return made(
        "running_share", "", amount, unit="%", scale=100.0, decimals=1, notes=notes, detail=detail,
        **more,
    )  # fmt: skip


def _masked(context: Context, unit: str, running: Spans, known: Spans) -> tuple[Text, ...]:
    """What the mask of standstill takes away."""
    try:
        pair = [sensor(context, unit, location) for location in CIRCUITS["source"]]
        time, (warm, cold) = aligned(context, pair)
    except Refusal:
        return ()
    still = inside(time, known) & ~inside(time, running) & np.isfinite(warm - cold)
    if not still.any():
        return ()
    share = 100.0 * (1.0 - length(running) / length(known))
    negative = 100.0 * float(np.mean((warm - cold)[still] < 0.0))
    return (_MASKED.format(share=share, negative=negative),)


def _outside(context: Context, unit: str) -> tuple[Text, ...]:
    """What of the running time belongs to none of the modes that are shown."""
    running = running_spans(context, unit)
    for mode in modes_run(context, unit):
        ran = running_in(context, unit, mode)
        running = without(running, ran, context.period.start_us, context.period.end_us)
    hours = length(running) / 3600.0
    return (_OUTSIDE.format(hours=hours),) if hours > 0.0 else ()


def _temperature(context: Context, unit: str, location: str, mode: Mode) -> Result:
    """Mean temperature while running, with extremes and months."""
    id = f"temperature_{location}"
    more: dict[str, Any] = {"name": _NAMES[location], "of": unit, "unit": "°C", "mode": mode}
    try:
        point = sensor(context, unit, location)
        running = running_in(context, unit, mode)
        series = context.series(point.id)
        on = inside(series.time, running)
        if not on.any():
            raise Refusal(_NEVER.format(unit=context.name_of(unit)))
    except Refusal as refusal:
        more.pop("unit")
        return not_made(id, "", refusal, **more)
    time, value = series.time[on], series.value[on]
    accuracy = point.limits_of_error
    effects = (
        None
        if accuracy is None
        else {point.id: float(np.mean(standard(accuracy, value, context.rules)))}
    )
    amount = Amount(
        float(value.mean()),
        effects,
        coverage=_covered(context, point, running),
        origins=tuple(series.origin.split("+")),
        inputs=(point.id,),
    )
    detail = {
        "minimum": float(value.min()),
        "maximum": float(value.max()),
        "p01": float(np.percentile(value, 1)),
        "p99": float(np.percentile(value, 99)),
        "months": by_month(context, time, value),
    }
    notes = () if mode == "all" else _outside(context, unit)
    return made(id, "", amount, decimals=1, symbol="T", detail=detail, notes=notes, **more)


def _covered(context: Context, point: Point, running: Spans) -> float:
    """Share of the running time in which the temperature was measured."""
    series = context.padded_series(point.id)
    spans = integrated(series.time, series.value, {}, bridge(point)).spans()
    total = length(running)
    return length(intersection(spans, running)) / total if total else 0.0


def by_month(context: Context, time: Times, value: Floats) -> list[dict[str, Any]]:
    """Mean, lowest and highest value and number of records in each local month."""
    rows = []
    for month in context.period.months():
        first, last = np.searchsorted(time, [month.start_us, month.end_us])
        part = value[first:last]
        if part.size:
            rows.append(
                {
                    "month": month.label,
                    "records": int(part.size),
                    "mean": float(part.mean()),
                    "minimum": float(part.min()),
                    "maximum": float(part.max()),
                }
            )
    return rows


def _carnot(context: Context, unit: str) -> Result:
    """Mean of ``T_supply / (T_supply - T_source)`` over running records, by month too.

    The source temperature is the mean of both brine pipes. No machine reaches this value; real
    heat pumps reach about half of it.
    """
    more: dict[str, Any] = {"name": _CARNOT, "of": unit, "mode": "heating", "symbol": "COP_Carnot"}
    try:
        places = ("load_leaving", *CIRCUITS["source"])
        points = [sensor(context, unit, place) for place in places]
        time, values = aligned(context, points)
        running = _heating(context, unit)
        on = inside(time, running) & np.all(np.isfinite(values), axis=0)
        on &= (time >= context.period.start_us) & (time < context.period.end_us)
        if not on.any():
            raise Refusal(_NEVER.format(unit=context.name_of(unit)))
        time, values = time[on], [value[on] for value in values]
        bound = carnot(*values)
        if not (np.isfinite(bound) & (bound > 0.0)).all():
            raise Refusal(_NO_LIFT)
    except Refusal as refusal:
        return not_made("carnot_bound", "", refusal, **more)
    amount = Amount(
        float(bound.mean()),
        _carnot_effects(context, points, values),
        coverage=_covered(context, points[0], running),
        origins=tuple(dict.fromkeys(point.origin for point in points)),
        inputs=tuple(point.id for point in points),
    )
    return made(
        "carnot_bound", "", amount, unit="", decimals=1, notes=(_CARNOT,),
        detail={"months": by_month(context, time, bound)}, **more,
    )  # fmt: skip


def _heating(context: Context, unit: str) -> Spans:
    """The running time that is heating, as far as the site says."""
    split = "heating" in modes_run(context, unit)
    return running_in(context, unit, "heating" if split else "all")


def carnot(supply: Floats, entering: Floats, leaving: Floats) -> Floats:
    """Ideal heating COP between the supply and the mean of both source pipes, (n,).

    Parameters
    ----------
    supply, entering, leaving : °C, (n,)
    """
    return (supply + _KELVIN) / (supply - 0.5 * (entering + leaving))


def _carnot_effects(
    context: Context, points: list[Point], values: list[Floats]
) -> dict[str, float] | None:
    """Effect of each sensor on the mean, by moving it one standard uncertainty."""
    effects = {}
    mean = carnot(*values).mean()
    for i, point in enumerate(points):
        accuracy = point.limits_of_error
        if accuracy is None:
            return None
        moved = list(values)
        moved[i] = values[i] + standard(accuracy, values[i], context.rules)
        effects[point.id] = float(carnot(*moved).mean() - mean)
    return effects
