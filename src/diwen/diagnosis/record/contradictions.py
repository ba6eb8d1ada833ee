"""Input that contradicts itself: points, meters, the ledger, and the time of records.

What is wrong is collected and refused at once; doubtful instruments are no matter of this module
(they are judged, corrected or masked before anything is concluded).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.record.circuit_points import PIPES
from diwen.diagnosis.record.hourly_grid import HourlyGrid, grid_over
from diwen.diagnosis.record.instrument_error import error_of, is_setpoint, typical_value
from diwen.diagnosis.record.steps import Reading, Steps, steps_of
from diwen.language import Text
from diwen.problems import Problem
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Point, Site

_POINTS, _LEDGER = "points.csv", "ledger.csv"
_ELECTRICITY = ("electric_energy", "electric_power")
_BUILT_STAGES = ("drilling", "installation", "grouting")
_RUNNING_STAGES = ("operation", "maintenance", "repair", "modification")
# What is measured before anything is built.
_SURROUNDINGS = ("outdoor", "ground", "room", "reference_level", "water_level")
_WIDTH = 3.0
_SAME_PLACE = Text(
    "{one} and {other} claim the same {quantity} at the same place of the same equipment, and read "
    "differently (median {first} and {second} {unit})",
    "{one} 与 {other} 声明为同一设备同一位置的同一物理量（{quantity}），但读数不同"
    "（中位数 {first} 与 {second} {unit}）",
)
_TELL_APART = Text(
    "correct equipment or location of one of them; where two sensors are meant to be redundant, "
    "write @ and a word of each behind the location",
    "请更正其中一个的 equipment 或 location；若为有意设置的冗余传感器，"
    "请在 location 后用 @ 加以区分",
)
_SAME_COLUMN = Text(
    "{one} and {other} are two pipes of one circuit, but both are read from the column {column}",
    "{one} 与 {other} 是同一回路的两根管，却都取自列 {column}",
)
_SAME_VALUES = Text(
    "{one} and {other} are two pipes of one circuit, but all their {count} records are the same",
    "{one} 与 {other} 是同一回路的两根管，但其全部 {count} 条记录完全相同",
)
_OTHER_COLUMN = Text(
    "name in the column source the column of each pipe, and import again",
    "请在 source 列填写各自的数据列名，并重新导入",
)
_COLUMN_TWICE = Text(
    "the electricity of {one} and of {other} is read from the same column {column}: it would be "
    "counted twice",
    "{one} 与 {other} 的电量取自同一列 {column}，将被重复计入",
)
_OVERLAP = Text(
    "the meters {one} ({first}) and {other} ({second}) both count {common}, and neither contains "
    "the other: it would be counted twice",
    "电表 {one}（{first}）与 {other}（{second}）都计入 {common}，且互不包含，将重复计量",
)
_NEST = Text(
    "write as equipment of each meter exactly what its wiring feeds: meters side by side share "
    "nothing, a main meter names all that its sub-meters name",
    "请按实际接线填写各电表的 equipment：并列电表不得重叠，总表应包含其分表的全部设备",
)
_FUTURE = Text(
    "the ledger notes on {day} what was done, but today is {today}",
    "台账所记日期 {day} 晚于今天（{today}）",
)
_LEDGER_DATE = Text("correct the date, or remove the line until it is done",
                    "请更正日期，或待完成后再登记")  # fmt: skip
_BEFORE = Text(
    "{point} has records from {first} on, but the ledger says that the plant was first built on "
    "{built} ({item})",
    "{point} 的记录始于 {first}，而台账显示工程最早于 {built} 建造（{item}）",
)
_WHEN = Text(
    "correct the date in the ledger, or the time column (format, time zone, start) of the import; "
    "records of an earlier plant: begin later (since)",
    "请更正台账日期，或数据导入的时间列设置（格式、时区、起始时间）；若为旧系统记录，请指定较晚的起始日期",
)


def point_problems(
    points: Iterable[Point], series: Mapping[str, Reading], offset: float
) -> list[Problem]:
    """Points that contradict each other.

    Parameters
    ----------
    points : of the site
    series : their usable records, by id
    offset : of the local standard time from UTC, s
    """
    held = [one for one in points if len(series.get(one.id, ()))]
    return [
        *_same_place(held, series, offset),
        *_pipes(held, series),
        *_columns(held),
        *_overlaps(held),
    ]


def ledger_problems(site: Site, series: Mapping[str, Reading], today: date) -> list[Problem]:
    """A ledger of the future, and records from before the plant was built.

    Parameters
    ----------
    site : with its ledger
    series : usable records, by id
    today : local day
    """
    found = [
        Problem(_LEDGER, f"line {one.line}", _FUTURE.format(day=one.date, today=today),
                _LEDGER_DATE, one.date.isoformat())
        for one in site.ledger if one.date > today + timedelta(days=1)
    ]  # fmt: skip
    return [*found, *_too_early(site, series)]


def _too_early(site: Site, series: Mapping[str, Reading]) -> Iterator[Problem]:
    built = min((one for one in site.ledger if one.stage in _BUILT_STAGES),
                key=lambda one: one.date, default=None)  # fmt: skip
    if built is None:
        return
    if any(one.stage in _RUNNING_STAGES and one.date < built.date for one in site.ledger):
        return  # what was drilled later is an extension of a plant that ran
    for point in site.points:
        reading = series.get(point.id, Reading(np.empty(0, np.int64), np.empty(0)))
        if not len(reading) or point.location in _SURROUNDINGS or is_setpoint(point):
            continue
        first = datetime.fromtimestamp(int(reading.time[0]) / 1e6, UTC)
        day = first.astimezone(site.place.zone).date()
        if day < built.date:
            message = _BEFORE.format(point=point.id, first=day, built=built.date, item=built.item)
            yield Problem(_LEDGER, f"line {built.line}", message, _WHEN, built.date.isoformat())


def _same_place(
    points: Sequence[Point], series: Mapping[str, Reading], offset: float
) -> Iterator[Problem]:
    groups: dict[tuple[object, ...], list[Point]] = {}
    for point in points:
        key = (point.quantity, point.position, frozenset(point.equipment), point.kind)
        groups.setdefault(key, []).append(point)
    for group in groups.values():
        for one, other in combinations(group, 2):
            pair = _means(one, other, series, offset)
            if pair is None or not _differ(one, other, *pair):
                continue
            from diwen.quantities import quantity

            known = quantity(one.quantity)
            message = _SAME_PLACE.format(
                one=one.id, other=other.id, quantity=known.text, unit=known.unit,
                first=f"{np.median(pair[0]):.4g}", second=f"{np.median(pair[1]):.4g}",
            )  # fmt: skip
            yield Problem(_POINTS, f"{one.id}, {other.id}", message, _TELL_APART, one.position)


def _means(
    one: Point, other: Point, series: Mapping[str, Reading], offset: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """Hourly means of two points where both are known; None: they never are."""
    steps: list[Steps] = [steps_of(point, series[point.id]) for point in (one, other)]
    if not all(len(part) for part in steps):
        return None
    grid: HourlyGrid = grid_over(
        min(int(part.start[0]) for part in steps), max(int(part.start[-1]) for part in steps) + 1,
        offset,
    )  # fmt: skip
    means = [grid.means(part, 0.0)[0] for part in steps]
    both = np.isfinite(means[0]) & np.isfinite(means[1])
    return (means[0][both], means[1][both]) if both.any() else None


def _differ(one: Point, other: Point, first: np.ndarray, second: np.ndarray) -> bool:
    """Whether the usual difference is larger than both instruments together may be off."""
    allowed = 0.0
    for point, value in ((one, first), (other, second)):
        error = error_of(point, value)
        size = error.systematic + error.relative * abs(typical_value(value))
        allowed += (_WIDTH * size) ** 2
    gap = float(np.median(np.abs(first - second)))
    floor = usual_value("default.diagnosis.record.same_reading") * max(
        abs(typical_value(first)), abs(typical_value(second)))  # fmt: skip
    return gap > max(np.sqrt(allowed), floor if one.quantity != "temperature" else 0.0)


def _pipes(points: Sequence[Point], series: Mapping[str, Reading]) -> Iterator[Problem]:
    """Two pipes of a circuit that are one series."""
    for supply, back in PIPES.values():
        for one in points:
            for other in points:
                if (one.location, other.location) != (supply, back):
                    continue
                if one.quantity != other.quantity or not set(one.equipment) & set(other.equipment):
                    continue
                name = f"{one.id}, {other.id}"
                if one.source and one.source == other.source and one.group == other.group:
                    text = _SAME_COLUMN.format(one=one.id, other=other.id, column=one.source)
                    yield Problem(_POINTS, name, text, _OTHER_COLUMN, one.source)
                elif _identical(series[one.id], series[other.id]):
                    text = _SAME_VALUES.format(one=one.id, other=other.id,
                                               count=len(series[one.id]))  # fmt: skip
                    yield Problem(_POINTS, name, text, _OTHER_COLUMN)


def _identical(one: Reading, other: Reading) -> bool:
    """Whether two series are the same numbers, many of them and not all alike."""
    least = usual_value("default.diagnosis.record.identical_records")
    return (
        len(one) >= least
        and len(one) == len(other)
        and bool(np.ptp(one.value) > 0.0)
        and np.array_equal(one.value, other.value)
    )


def _columns(points: Sequence[Point]) -> Iterator[Problem]:
    """One column that is the electricity of two different things."""
    meters = [one for one in points if one.quantity in _ELECTRICITY and one.location == "supply"]
    for one, other in combinations(meters, 2):
        same = one.source and (one.source, one.group) == (other.source, other.group)
        if same and set(one.equipment) != set(other.equipment):
            message = _COLUMN_TWICE.format(one="+".join(one.equipment),
                                           other="+".join(other.equipment),
                                           column=one.source)  # fmt: skip
            yield Problem(_POINTS, f"{one.id}, {other.id}", message, _NEST, one.source)


def _overlaps(points: Sequence[Point]) -> Iterator[Problem]:
    """Electricity meters that share equipment without one containing the other."""
    meters = [one for one in points if one.quantity in _ELECTRICITY and one.location == "supply"
              and not one.detail]  # fmt: skip
    for one, other in combinations(meters, 2):
        first, second = set(one.equipment), set(other.equipment)
        common = first & second
        if not common or first <= second or second <= first:
            continue
        message = _OVERLAP.format(
            one=one.id, other=other.id, first="+".join(one.equipment),
            second="+".join(other.equipment), common="+".join(sorted(common)),
        )  # fmt: skip
        yield Problem(_POINTS, f"{one.id}, {other.id}", message, _NEST)
