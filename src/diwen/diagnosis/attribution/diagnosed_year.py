"""The year that is explained: the last 8760 hours of the record, and what was measured in them.

Months without enough hours are not measured; the twin stands in for them, and it is said. Where
several months of one name lie in the year (it may begin in the middle of one), they count as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.attribution.held_deviations import YEAR_DAYS
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case, Floats
    from diwen.diagnosis.record.operating_record import Channel, OperatingRecord

HOURS = 8760
_STARTS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
_ENDS = np.append(_STARTS[1:], 365)
MONTH_OF_HOUR = np.repeat(np.arange(12), 24 * (_ENDS - _STARTS))
"""Month, 0 to 11, of each hour of a year of 365 days, shape (8760,)."""
GROUPS = ("heating", "hot_water", "cooling")
_NO_UNIT = Text("the electricity of {names} is not metered", "{names} 未计量电量")
_TOO_FEW = Text(
    "electricity of all units together is known in {months} months only, {least} are needed",
    "全部机组电量齐全的月份仅 {months} 个，至少需要 {least} 个",
)
_OUTSIDE = Text(
    "not metered and outside the boundary of the comparison: {names}",
    "未计量、不在对比边界内：{names}",
)


@dataclass(frozen=True, eq=False)
class MonthlyMean:
    """What meters say month by month.

    Attributes
    ----------
    power : mean, W, nan where the month is not covered, shape (12,)
    valid_hours : hours of the year of 365 days that were measured, for asking the twin at the same
        hours, shape (8760,) bool
    relative : standard uncertainty common to all months, share of the value
    """

    power: Floats
    valid_hours: NDArray[np.bool_]
    relative: float

    @property
    def months(self) -> int:
        """How many are covered."""
        return int(np.isfinite(self.power).sum())


@dataclass(frozen=True, eq=False)
class DiagnosedYear:
    """The year that is explained.

    Attributes
    ----------
    first : hour of the record at which it begins
    begin, end : years since operation began; one year apart where the record is long enough
    place : hour of the year of 365 days at which it begins, 0 to 8759
    heat : by group (``heating``, ``hot_water``, ``cooling``), those that are metered
    electricity : of the metered machines together, or None
    boundary : ids of those machines; empty: no electricity
    no_electricity : why there is none
    outdoor : mean outdoor temperature by month, °C, nan where unknown, shape (12,), or None
    power : electricity of the metered machines together, W, by hour, shape (n,), or None
    hours : hour of the year of 365 days of each of these, shape (n,)
    notes : what was assumed
    """

    first: int
    begin: float
    end: float
    place: int
    heat: dict[str, MonthlyMean]
    electricity: MonthlyMean | None
    boundary: tuple[str, ...]
    no_electricity: Text | None
    outdoor: MonthlyMean | None
    power: Floats | None
    hours: NDArray[np.int64]
    notes: tuple[Text, ...]

    def filled(self, mean: MonthlyMean, twin: Floats) -> float:
        """Sum of a year, J: months as measured, those that are not as in the twin.

        Parameters
        ----------
        twin : J by month, shape (12,)
        """
        seconds = 86400.0 * (_ENDS - _STARTS)
        return float(np.where(np.isfinite(mean.power), mean.power * seconds, twin).sum())


def hours_of_year(day: NDArray[np.datetime64], hour: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hour of the year of 365 days, 0 to 8759; 29 February stands as 28 February.

    Parameters
    ----------
    day : local dates, shape (n,)
    hour : of the day, 0 to 23, shape (n,)
    """
    month = day.astype("datetime64[M]")
    in_month = (day.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)
    number = month.astype(int) % 12
    of_year = np.minimum(_STARTS[number] + in_month, _ENDS[number] - 1)
    return np.asarray(of_year * 24 + hour, np.int64)


def diagnosed_year(case: Case, ids: Iterable[str]) -> DiagnosedYear:
    """What was measured in the last year of the record.

    Parameters
    ----------
    ids : of everything that uses electricity in the twin
    """
    record = case.record
    first = max(len(record) - HOURS, 0)
    place = hours_of_year(record.day[first:], record.hour[first:])
    begin = _years(record, first)
    electricity, power, boundary, reason, notes = _electricity(case, first, place, tuple(ids))
    outdoor = None if record.outdoor is None else monthly_mean(
        record.outdoor.value[first:], place, record.outdoor.relative
    )  # fmt: skip
    if outdoor is not None and not outdoor.months:
        outdoor = None
    start = int(place[0]) if len(place) else 0
    return DiagnosedYear(
        first, begin, begin + 1.0, start, _heat(record, first, place), electricity, boundary,
        reason, outdoor, power, place, notes,
    )  # fmt: skip


def _years(record: OperatingRecord, first: int) -> float:
    """Years since operation began at the beginning of an hour of the record."""
    if not len(record):
        return 0.0
    days = (record.day[first] - np.datetime64(record.begun, "D")).astype(float)
    return max(float((days + record.hour[first] / 24.0) / YEAR_DAYS), 0.0)


def monthly_mean(value: Floats, place: NDArray[np.int64], relative: float) -> MonthlyMean:
    """Means of the months that are covered well enough.

    Parameters
    ----------
    value : by hour, nan where unknown, shape (n,)
    place : hour of the year of 365 days, shape (n,)
    relative : standard uncertainty common to all, share of the value
    """
    known = np.isfinite(value)
    least = usual_value("diagnosis.attribution.month_cover")
    month = MONTH_OF_HOUR[place]
    count = np.bincount(month[known], minlength=12)
    total = np.bincount(month[known], value[known], minlength=12)
    enough = count >= least * 24.0 * (_ENDS - _STARTS)
    power = np.where(enough, total / np.maximum(count, 1), np.nan)
    valid = np.zeros(HOURS, bool)
    valid[place[known]] = True
    return MonthlyMean(power, valid, relative)


def _heat(record: OperatingRecord, first: int, place: NDArray[np.int64]) -> dict[str, MonthlyMean]:
    """Heat and cold by group; of a circuit that carries both, each by its sign."""
    parts: dict[str, list[tuple[Floats, float]]] = {}
    for name, circuit in record.circuits.items():
        channel = circuit.heat
        if channel is None or not np.isfinite(channel.value[first:]).any():
            continue
        value = channel.value[first:]
        if name == "load":
            parts.setdefault("heating", []).append((np.maximum(value, 0.0), channel.relative))
            if "cooling" not in record.circuits or record.circuits["cooling"].heat is None:
                parts.setdefault("cooling", []).append((np.maximum(-value, 0.0), channel.relative))
        else:
            group = name if name in GROUPS else "heating"
            parts.setdefault(group, []).append((value, channel.relative))
    found = {}
    for group, series in parts.items():
        total = np.sum([value for value, _ in series], axis=0)
        mean = monthly_mean(total, place, max(relative for _, relative in series))
        if mean.months:
            found[group] = mean
    return found


def _electricity(
    case: Case, first: int, place: NDArray[np.int64], ids: tuple[str, ...]
) -> tuple[MonthlyMean | None, Floats | None, tuple[str, ...], Text | None, tuple[Text, ...]]:
    """Electricity of all machines that are metered, and of which machines."""
    channels = {name: one for name, one in _channels(case.record).items() if name in ids}
    lacking = [name for name in case.record.site.heat_pumps if name in ids and name not in channels]
    if lacking or not channels:
        names = ", ".join(lacking or case.record.site.heat_pumps)
        return None, None, (), _NO_UNIT.format(names=names), ()
    values = np.array([one.value[first:] for one in channels.values()])
    total = values.sum(axis=0)  # nan where any is unknown: the boundary is the same in every hour
    energy = np.nansum(values, axis=1)
    errors = np.array([one.relative for one in channels.values()])
    relative = float(np.hypot.reduce(errors * energy) / max(energy.sum(), 1.0))
    mean = monthly_mean(total, place, relative)
    least = usual_value("diagnosis.attribution.fewest_months")
    if mean.months < least:
        return None, None, (), _TOO_FEW.format(months=mean.months, least=f"{least:g}"), ()
    outside = [name for name in ids if name not in channels]
    notes = (_OUTSIDE.format(names=", ".join(outside)),) if outside else ()
    return mean, total, tuple(channels), None, notes


def _channels(record: OperatingRecord) -> dict[str, Channel]:
    """Electric power by id of the equipment."""
    groups = (record.units, record.pumps, record.backups, record.auxiliaries)
    return {
        name: machine.power
        for group in groups
        for name, machine in group.items()
        if machine.power is not None and np.isfinite(machine.power.value).any()
    }
