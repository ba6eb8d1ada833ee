"""Years out of a long series: single ones, the coldest, a typical one, and a warmer climate.

Each answer is again a :class:`~diwen.loads.weather.Weather` whose origin says what was done.

The typical year is put together from months: for each calendar month the year is taken whose
distribution of daily mean temperatures is nearest to that of all years (Finkelstein-Schafer
statistic: J. M. Finkelstein, R. E. Schafer (1971), Biometrika 58, 641; used so by ISO 15927-4, of
which only the temperature is taken here). Months meet without smoothing.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.loads.calendar import DAYS_IN_MONTH, month_of_hour
from diwen.loads.degree_days import cooling_degree_days, daily_means, heating_degree_days
from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

SERIES = (
    "dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal",
    "wind_speed", "pressure",
)  # fmt: skip

_YEAR = Text("year number {number} of the series: {what}", "所选年份为序列中第 {number} 年：{what}")
_MONTHS = Text(
    "typical year out of measured months; their years: {years}",
    "典型年由实测月份组成，各月所取年份：{years}",
)
_SHIFTED = Text(
    "air temperature shifted by {shift} K; relative humidity kept",
    "气温整体平移 {shift} K，相对湿度不变",
)
_SCENARIO = Text("a scenario, not a forecast and not measured", "情景假设，非预测亦非实测")


def one_year(weather: Weather, number: int, what: Text) -> Weather:
    """One year of a series.

    Parameters
    ----------
    number : of the year, from 0
    what : why it was chosen
    """
    size = len(weather.dry_bulb) // weather.years
    first = None if weather.first_year is None else weather.first_year + number
    note = _YEAR.format(number=number + 1, what=what)
    hours = np.arange(number * size, (number + 1) * size)
    return replace(_of_hours(weather, hours, first, note), reference=weather)


def coldest_year(weather: Weather, base: float) -> Weather:
    """The year with most heating degree days to a base temperature in °C."""
    days = heating_degree_days(weather, base)
    return one_year(weather, int(np.argmax(days)), _degree_days("most", days, base))


def warmest_year(weather: Weather, base: float) -> Weather:
    """The year with fewest heating degree days to a base temperature in °C."""
    days = heating_degree_days(weather, base)
    return one_year(weather, int(np.argmin(days)), _degree_days("fewest", days, base))


def hottest_year(weather: Weather, base: float) -> Weather:
    """The year with most cooling degree days to a base temperature in °C."""
    days = cooling_degree_days(weather, base)
    return one_year(weather, int(np.argmax(days)), _degree_days("hottest", days, base))


_WHY = {
    "most": Text("most heating degree days ({value} K·d at {base} °C; years: {all})",
                 "供暖度日数最大（{value} K·d，基准 {base} °C；各年：{all}）"),
    "fewest": Text("fewest heating degree days ({value} K·d at {base} °C; years: {all})",
                   "供暖度日数最小（{value} K·d，基准 {base} °C；各年：{all}）"),
    "hottest": Text("most cooling degree days ({value} K·d at {base} °C; years: {all})",
                    "空调度日数最大（{value} K·d，基准 {base} °C；各年：{all}）"),
}  # fmt: skip


def _degree_days(which: str, days: Floats, base: float) -> Text:
    value = days.min() if which == "fewest" else days.max()
    shown = ", ".join(f"{one:.0f}" for one in days)
    return _WHY[which].format(value=f"{value:.0f}", base=f"{base:g}", all=shown)


def typical_year(weather: Weather) -> Weather:
    """A year put together from the months that are most like all years; of one year, itself."""
    years = weather.years
    if years == 1:
        return weather
    days = daily_means(weather)
    edges = np.concatenate(([0], np.cumsum(DAYS_IN_MONTH)))
    chosen = []
    for first, end in pairwise(edges):
        chosen.append(
            int(np.argmin([_distance(days[:, first:end], year) for year in range(years)]))
        )
    size = len(weather.dry_bulb) // years
    month = month_of_hour(8760).repeat(size // 8760)
    hours = np.arange(size) + np.array(chosen)[month] * size
    base = weather.first_year
    shown = ", ".join(str(year + 1 if base is None else base + year) for year in chosen)
    found = _of_hours(weather, hours, None, _MONTHS.format(years=shown))
    return replace(found, origin=f"typical, {weather.origin}")


def _distance(days: Floats, year: int) -> float:
    """Finkelstein-Schafer statistic of one year's month against all years: 0 and more."""
    everything = np.sort(days.ravel())
    own = np.sort(days[year])
    share_all = np.searchsorted(everything, own, side="right") / len(everything)
    share_own = np.arange(1, len(own) + 1) / len(own)
    return float(np.abs(share_own - share_all).mean())


def shifted(weather: Weather, shift: ArrayLike) -> Weather:
    """Weather of a warmer (or colder) climate: a shift of the air temperature.

    Parameters
    ----------
    shift : K, one for all months or twelve from January; steps between months are not smoothed
    """
    by_month = np.broadcast_to(np.asarray(shift, float), (12,))
    count = round(len(weather.dry_bulb) * weather.step / 3600.0)
    hourly = by_month[month_of_hour(count)]
    each = np.repeat(hourly, len(weather.dry_bulb) // count)
    values = by_month[:1] if np.ptp(by_month) == 0.0 else by_month
    note = _SHIFTED.format(shift=", ".join(f"{one:+g}" for one in values))
    return replace(
        weather,
        dry_bulb=weather.dry_bulb + each,
        origin=f"simulated: {weather.origin}, shifted",
        notes=(*weather.notes, note, _SCENARIO),
        reference=weather.reference or weather,
    )


def _of_hours(
    weather: Weather, hours: NDArray[np.int64], first_year: int | None, note: Text
) -> Weather:
    series = {name: getattr(weather, name) for name in SERIES}
    kept = {name: values[hours] for name, values in series.items() if values is not None}
    return replace(weather, first_year=first_year, notes=(*weather.notes, note), **kept)
