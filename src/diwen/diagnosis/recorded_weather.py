"""The weather of a twin out of what a site recorded of the outdoor air.

Most plants record the air outside and name no weather file. One year of it is weather enough for a
supply curve, for loads by degree hours and for units that draw on air; sun, wind and humidity stay
unknown.

Each hour of the typical year is that of the fullest year of the record, and what lacks there that
of the next one: a mean over years would cut the cold and hot days that design loads refer to.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.typical_year import place_in_year
from diwen.language import Text
from diwen.loads.weather import Weather
from diwen.site.usual_values import usual_value
from diwen.site.weather_of_site import utc_offset

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord

Floats = NDArray[np.float64]
_ROW = "diagnosis.weather."
_HOURS = 8760
_ORIGIN = "outdoor air as the site recorded it | 现场记录的室外温度"
RECORDED = Text(
    "the site names no weather; that of the twin is the outdoor air that the site itself recorded "
    "on {days} days of the year ({filled} of 8760 hours filled in; no sun, wind or humidity)",
    "项目未指定气象数据；数字孪生采用现场记录的室外温度（全年 {days} 天，补全 {filled}/8760 小时；"
    "无日照、风速与湿度）",
)


@dataclass(frozen=True, eq=False)
class RecordedAir:
    """Outdoor air of one year of 365 days, as far as it was recorded.

    Attributes
    ----------
    temperature : °C by hour from 1 January, nan where nothing was recorded, shape (8760,)
    days : of the year on which it counts as recorded
    """

    temperature: Floats
    days: int

    @property
    def enough(self) -> bool:
        """Whether it may stand in for a weather file."""
        return self.days >= usual_value(_ROW + "least_days")

    @property
    def note(self) -> Text:
        """What is to be known of a twin in this weather."""
        return RECORDED.format(days=self.days, filled=int(np.isnan(self.temperature).sum()))


def recorded_air(record: OperatingRecord) -> RecordedAir | None:
    """What a record holds of the outdoor air; None where it holds nothing.

    Parameters
    ----------
    record : after the data gate, so that instruments at fault are not taken for weather
    """
    channel = record.outdoor
    if channel is None or not channel.valid.any():
        return None
    since_begin = (record.day - record.day[0]).astype(np.int64)
    year = since_begin * 100 // 36525  # of 365.25 days
    place = place_in_year(record)
    by_year = np.full((int(year[-1]) + 1, _HOURS), np.nan)
    known = channel.valid
    by_year[year[known], place[known]] = channel.value[known]
    found = np.full(_HOURS, np.nan)
    for one in sorted(by_year, key=lambda one: -int(np.isfinite(one).sum())):
        found = np.where(np.isfinite(found), found, one)
    hours = np.isfinite(found).reshape(365, 24).sum(axis=1)
    days = int((hours >= usual_value(_ROW + "hours_of_day")).sum())
    return RecordedAir(found, days)


def weather_of_record(record: OperatingRecord, air: RecordedAir) -> Weather:
    """A typical year of weather out of it, without gaps; nothing but the air is known."""
    place = record.site.place
    return Weather(
        filled(air.temperature),
        latitude=None if place.latitude is None else degrees(place.latitude),
        longitude=None if place.longitude is None else degrees(place.longitude),
        utc_offset=utc_offset(record.site),
        origin=_ORIGIN,
        notes=(air.note,),
    )


def filled(temperature: Floats) -> Floats:
    """A year of hours without gaps: short ones bridged, long ones by the course of year and day.

    Parameters
    ----------
    temperature : °C, nan where unknown, not everywhere, shape (8760,)
    """
    known = np.isfinite(temperature)
    if known.all():
        return temperature.copy()
    hour = np.arange(_HOURS)
    bridged = np.interp(hour, hour[known], temperature[known], period=_HOURS)
    long = _long_gaps(known, round(usual_value(_ROW + "bridged_hours")))
    if not long.any():
        return np.asarray(bridged)
    waves = _waves(round(usual_value(_ROW + "harmonics")))
    factors = np.linalg.lstsq(waves[known], temperature[known], rcond=None)[0]
    return np.where(long, waves @ factors, bridged)


def _long_gaps(known: NDArray[np.bool_], bridged: int) -> NDArray[np.bool_]:
    """Hours in gaps longer than so many hours; the year is a ring, shape (8760,)."""
    if known.sum() == 0:
        return ~known
    first = int(np.argmax(known))
    turned = np.roll(known, -first)  # begins with a known hour: no gap lies across the end
    edges = np.diff(np.concatenate(([True], turned, [True])).astype(np.int8))
    long = np.zeros(len(known), dtype=bool)
    for begin, end in zip(np.flatnonzero(edges == -1), np.flatnonzero(edges == 1), strict=True):
        if end - begin > bridged:
            long[begin:end] = True
    return np.roll(long, first)


def _waves(count: int) -> Floats:
    """One, and so many harmonics of the year and of the day, shape (8760, 1 + 4 · count)."""
    hour = np.arange(_HOURS) + 0.5
    columns = [np.ones(_HOURS)]
    for number in range(1, count + 1):
        for period in (float(_HOURS), 24.0):
            angle = 2.0 * np.pi * number * hour / period
            columns += [np.cos(angle), np.sin(angle)]
    return np.stack(columns, axis=1)
