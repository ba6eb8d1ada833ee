"""Rooms: share of hours warm enough, share overheated, swing (K-26, K-27, K-28).

Counted are the hours of the heating season in the period that are occupied, each room-hour once.
The share depends on how well the sensors are known: it is computed again with every reading
lower and higher by the expanded uncertainty of its sensor, and the distance is the uncertainty of
the share. Hours without a reading are not counted as warm; they lower the coverage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import COVERAGE_FACTOR
from diwen.evaluation.daily import hourly, local_clock
from diwen.evaluation.result import SHARE, Grade, Result, refused
from diwen.evaluation.uncertainty import standard
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOUR_US = 3_600_000_000
_HOUR_S = 3600

_COMPLIANCE = Text("room temperature compliance", "室温合格率")
_ROOMS = Text("share of compliant rooms", "合格房间占比")
_OVERHEAT = Text("overheated share of room hours", "过热时间占比")
_SWING = Text("room temperature standard deviation", "室温波动")
_NO_LIMIT = Text(
    "No minimum room temperature is required here: comfort.room_temperature_minimum is "
    "not given and no rule of this region sets one.",
    "未规定室温下限：site.toml 未填 comfort.room_temperature_minimum，当地也无相应规定。",
)
_NO_MAXIMUM = Text(
    "comfort.overheating_temperature is not given in site.toml.",
    "site.toml 未填写 comfort.overheating_temperature（过热判定室温）。",
)
_OUT_OF_SEASON = Text(
    "No day of the heating season lies in the period.", "本周期内没有供暖季日期。"
)
_NO_RECORDS = Text(
    "No room has a usable reading in the heating season of the period.",
    "本周期供暖季内没有任何房间的可用室温读数。",
)
_THIN = Text(
    "Only {share} % of the room hours were measured; below {least} % the share is not judged.",
    "仅 {share} % 的房间小时有实测，低于 {least} % 不作判定。",
)
_PRACTICE = Text(
    "{value} % against {limit} % in reported practice", "{value} %，通报实践为 {limit} %"
)


@dataclass(frozen=True, slots=True)
class Room:
    """One room's hourly temperature over the hours that count.

    Attributes
    ----------
    id : room number or the id of the point
    point : id of the point
    temperature : (n,) °C over the hours that count, NaN where not measured
    expanded : expanded uncertainty (k = 2) of the sensor, K; None when unknown
    """

    id: str
    point: str
    temperature: Floats
    expanded: float | None


def share_above(temperature: Floats, limit: float) -> float:
    """Share of the measured hours at or above a limit, 0..1; NaN without any."""
    known = temperature[np.isfinite(temperature)]
    return float(np.mean(known >= limit)) if len(known) else float("nan")


def share_with_uncertainty(rooms: list[Room], limit: float) -> tuple[float, float | None]:
    """Share of all measured room hours at or above a limit, and its expanded uncertainty.

    Parameters
    ----------
    rooms : with at least one measured hour
    limit : °C

    Returns
    -------
    share : 0..1
    uncertainty : larger of the two changes when all sensors are off by their expanded
        uncertainty; None when one of them is not known
    """
    share = share_above(np.concatenate([room.temperature for room in rooms]), limit)
    if any(room.expanded is None for room in rooms):
        return share, None
    shifted = [
        share_above(
            np.concatenate([room.temperature + sign * (room.expanded or 0.0) for room in rooms]),
            limit,
        )
        for sign in (-1.0, 1.0)
    ]
    return share, max(abs(one - share) for one in shifted)


def occupied_hours(hour: Ints, occupied: str) -> NDArray[np.bool_]:
    """Which local hours count.

    Parameters
    ----------
    hour : (n,) hours since 1970-01-01 local
    occupied : ``08:00-18:00`` (``22:00-06:00`` runs over midnight); empty: all
    """
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})\s*", occupied)
    if match is None:
        return np.ones(len(hour), dtype=bool)
    first = int(match[1]) + int(match[2]) / 60
    last = int(match[3]) + int(match[4]) / 60
    # An hour counts when its middle lies in the occupied time.
    middle = hour % 24 + 0.5
    inside = (middle >= first) & (middle < last)
    return inside if first < last else (middle >= first) | (middle < last)


def results(context: Context) -> list[Result]:
    """Compliance, overheating and swing of all rooms together and of each."""
    points = context.points("temperature", "room")
    if not points:
        return []
    hours = _counted_hours(context)
    if not len(hours):
        return [refused("room_compliance", "K-26", _COMPLIANCE, _OUT_OF_SEASON, symbol="r_T")]
    rooms = [_room(context, point, hours) for point in points]
    measured = [room for room in rooms if np.isfinite(room.temperature).any()]
    if not measured:
        return [
            refused(
                "room_compliance", "K-26", _COMPLIANCE, _NO_RECORDS, symbol="r_T", coverage=0.0,
                inputs=tuple(room.point for room in rooms),
            )
        ]  # fmt: skip
    return [*_compliance(context, rooms, measured), _overheat(context, rooms, measured),
            *(_swing(context, room) for room in measured)]  # fmt: skip


def _counted_hours(context: Context) -> Ints:
    """The occupied hours of the heating season in the period, hours since 1970 local."""
    season = context.site.operation.heating_season
    spans = [
        (begin, end) for day, begin, end in context.period.local_days()
        if season is None or season.contains(day)
    ]  # fmt: skip
    if not spans:
        return np.empty(0, dtype=np.int64)
    stamps = np.concatenate([np.arange(begin, end, _HOUR_US) for begin, end in spans])
    hours = np.unique(local_clock(stamps, context.period.time_zone) // _HOUR_US)
    return hours[occupied_hours(hours, context.site.comfort.occupied)]


def _room(context: Context, point: Point, hours: Ints) -> Room:
    series = context.series(point.id)
    # A sensor that reports more rarely than hourly leaves hours empty that are no gap.
    bridge = int(1.5 * (point.interval or 0.0) // _HOUR_S)
    known = hourly(series.time, series.value, context.period.time_zone, bridge)
    temperature = np.full(len(hours), np.nan)
    if len(known.hour):
        place = hours - known.hour[0]
        inside = (place >= 0) & (place < len(known.hour))
        temperature[inside] = known.mean[place[inside]]
    expanded = None
    if point.limits_of_error is not None:
        typical = np.array([float(np.nanmean(temperature))]) if np.isfinite(
            temperature
        ).any() else np.zeros(1)  # fmt: skip
        expanded = COVERAGE_FACTOR * float(
            standard(point.limits_of_error, typical, context.rules)[0]
        )
    return Room(point.detail or point.id, point.id, temperature, expanded)


def _common(context: Context, rooms: list[Room]) -> dict[str, Any]:
    known = sum(int(np.isfinite(room.temperature).sum()) for room in rooms)
    asked = sum(len(room.temperature) for room in rooms)
    origins = {context.site.point(room.point).origin for room in rooms}
    return {
        "mode": "heating", "coverage": known / asked if asked else 0.0,
        "inputs": tuple(room.point for room in rooms), "origin": tuple(sorted(origins)),
    }  # fmt: skip


def _limit(context: Context) -> tuple[float, tuple[str, ...]] | None:
    """Lowest temperature owed, and the rule row it comes from (none where the site says it)."""
    from diwen.rules import RuleMissingError

    own = context.site.comfort.room_temperature_minimum
    if own is not None:
        return own, ()
    try:
        return context.rules.value("room.heating_minimum"), ("room.heating_minimum",)
    except RuleMissingError:
        return None


def _compliance(context: Context, rooms: list[Room], measured: list[Room]) -> list[Result]:
    common = _common(context, rooms)
    owed = _limit(context)
    if owed is None:
        return [refused("room_compliance", "K-26", _COMPLIANCE, _NO_LIMIT, symbol="r_T", **common)]
    limit, used = owed
    edge = limit - context.site.comfort.tolerance
    least = context.rules.value("quality.coverage.q2")
    practice = context.rules.value("room.compliance_practice")
    used = (*used, "quality.coverage.q2", "room.compliance_practice")
    thin = 100 * common["coverage"] < least
    reason = (
        _THIN.format(share=f"{100 * common['coverage']:.0f}", least=f"{least:g}") if thin else None
    )
    share, spread = share_with_uncertainty(measured, edge)
    each = {room.id: share_above(room.temperature, edge) for room in measured}
    grade = None if thin else _practice(share, spread, practice)
    results = [
        Result(
            "room_compliance", "K-26", _COMPLIANCE, "r_T",
            status="indicative" if thin else "ok", value=100 * share, unit="%", bounds=SHARE,
            uncertainty=None if spread is None else 100 * spread, decimals=1, rules=used,
            grade=grade, reason=reason,
            detail={
                "limit": limit, "tolerance": context.site.comfort.tolerance, "rooms": len(rooms),
                "by_room": {id: 100 * one for id, one in each.items()},
                "worst": min(each, key=each.__getitem__),
            },
            **common,
        ),
        Result(
            "room_compliance_rooms", "K-26", _ROOMS, "r_N",
            status="indicative" if thin else "ok",
            value=100 * float(np.mean([100 * one >= practice for one in each.values()])),
            unit="%", decimals=0, rules=used, reason=reason,
            detail={"room_share_needed": practice, "rooms": len(each)}, **common,
        ),
    ]  # fmt: skip
    for room in measured:
        one_share, one_spread = share_with_uncertainty([room], edge)
        results.append(
            Result(
                "room_compliance", "K-26", _COMPLIANCE, "r_T", of=room.id,
                value=100 * one_share, unit="%", bounds=SHARE, decimals=1, rules=used,
                uncertainty=None if one_spread is None else 100 * one_spread,
                detail={"mean": float(np.nanmean(room.temperature)),
                        "minimum": float(np.nanmin(room.temperature))},
                **_common(context, [room]),
            )
        )  # fmt: skip
    return results


def _practice(share: float, spread: float | None, limit: float) -> Grade | None:
    """Above or below the reported practice, and whether the sensors can tell."""
    if spread is None:
        return None
    met = 100 * share >= limit
    label = Text("met", "达到") if met else Text("not met", "未达到")
    text = _PRACTICE.format(label=label, value=f"{100 * share:.1f}", limit=f"{limit:g}")
    return Grade(label, abs(100 * share - limit) > 100 * spread, text, met)


def _overheat(context: Context, rooms: list[Room], measured: list[Room]) -> Result:
    common = _common(context, rooms)
    limit = context.site.comfort.overheating_temperature
    if limit is None:
        return refused("room_overheat", "K-27", _OVERHEAT, _NO_MAXIMUM, symbol="r_o", **common)
    # "Above" is the complement of "at or below", so the next float above the limit is the edge.
    share, spread = share_with_uncertainty(measured, float(np.nextafter(limit, np.inf)))
    return Result(
        "room_overheat", "K-27", _OVERHEAT, "r_o", value=100 * share, unit="%", bounds=SHARE,
        uncertainty=None if spread is None else 100 * spread, decimals=1,
        detail={"limit": limit}, **common,
    )  # fmt: skip


def _swing(context: Context, room: Room) -> Result:
    known = room.temperature[np.isfinite(room.temperature)]
    return Result(
        "room_swing", "K-28", _SWING, "σ_T", of=room.id, value=float(np.std(known)), unit="K",
        decimals=2, detail={"minimum": float(known.min()), "maximum": float(known.max()),
                            "swing": float(np.ptp(known)), "mean": float(known.mean())},
        **_common(context, [room]),
    )  # fmt: skip
