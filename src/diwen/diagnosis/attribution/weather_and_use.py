"""Weather and use: what makes the twin carry the heat of each month that was measured.

Each load loop has a factor per month, measured heat over what the twin delivers with the load
deviations that were found; a month in which nothing was designed but something measured gets the
measured mean. The outdoor temperature is shifted by month to the measured mean. So the twin answers
for the plant only, and what the people and the weather asked for stands beside it as one bar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.attribution.diagnosed_year import (
    HOURS,
    MONTH_OF_HOUR,
    DiagnosedYear,
    MonthlyMean,
)
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.plant_year import PlantYear
    from diwen.diagnosis.finding import Floats
    from diwen.twin.deviations_plant import TwinInputs

_NOT_METERED = Text(
    "the {kind} is not metered: the design load stands for it", "{kind}未计量，按设计负荷计"
)
_FILLED = Text(
    "{kind}: {months} of 12 months are measured, the others carry their mean factor",
    "{kind}：12 个月中 {months} 个月有实测，其余按平均系数计",
)
_NAMES = {
    "heating": Text("heat", "供热量"),
    "hot_water": Text("heat for hot water", "生活热水供热量"),
    "cooling": Text("cold", "供冷量"),
}
_NO_OUTDOOR = Text(
    "the outdoor temperature was not measured: that of the design year stands for it",
    "无室外温度实测，按设计年气象计",
)


@dataclass(frozen=True, eq=False)
class WeatherAndUse:
    """What people and weather made of the design.

    Attributes
    ----------
    factor : on the load of each loop, by month, shape (12,)
    extra : W beside it in months for which nothing was designed, by loop and month, shape (12,)
    outdoor_shift : K by month, shape (12,)
    notes : what was assumed
    """

    factor: dict[str, Floats]
    extra: dict[str, Floats]
    outdoor_shift: Floats
    notes: tuple[Text, ...]

    def on(self, inputs: TwinInputs) -> TwinInputs:
        """The inputs with loads and outdoor temperature as they were."""
        month = np.resize(MONTH_OF_HOUR, len(inputs.outdoor))
        loads = {
            name: load * self.factor[name][month] + self.extra[name][month]
            if name in self.factor else load
            for name, load in inputs.loads.items()
        }  # fmt: skip
        return replace(inputs, loads=loads, outdoor=inputs.outdoor + self.outdoor_shift[month])


def weather_and_use(
    year: DiagnosedYear,
    inputs: TwinInputs,
    twin: PlantYear,
    metered: Mapping[str, Floats],
    weather_known: bool,
) -> WeatherAndUse:
    """Factors by month.

    Parameters
    ----------
    year : what was measured
    inputs : of the design twin
    twin : the diagnosed year with the design's loads and all deviations
    metered : what heat meters of the heat pumps would read in it, W by group, shape (8760,) each
    weather_known : whether the outdoor temperature of the twin is one
    """
    factor: dict[str, Floats] = {}
    extra: dict[str, Floats] = {}
    notes: list[Text] = []
    for group, loops in _groups(year, inputs).items():
        if group not in year.heat:
            notes.append(_NOT_METERED.format(kind=_NAMES[group]))
            continue
        found, more = _of_group(year.heat[group], loops, twin, _reading(group, year, twin, metered))
        months = year.heat[group].months
        if months < 12:
            notes.append(_FILLED.format(kind=_NAMES[group], months=months))
        share = _shares(loops, twin)
        for name in loops:
            factor[name], extra[name] = found, more * share[name]
    shift = _outdoor_shift(year.outdoor, inputs) if weather_known else np.zeros(12)
    if weather_known and year.outdoor is None:
        notes.append(_NO_OUTDOOR)
    return WeatherAndUse(factor, extra, shift, tuple(notes))


def _groups(year: DiagnosedYear, inputs: TwinInputs) -> dict[str, list[str]]:
    """Load loops by the meter that counts them."""
    groups: dict[str, list[str]] = {}
    for loop in inputs.station.load_loops:
        if loop.name not in inputs.loads or not np.any(inputs.loads[loop.name]):
            continue
        group = "cooling" if loop.kind == "cold" else "heating"
        if loop.hot_water and "hot_water" in year.heat:
            group = "hot_water"
        groups.setdefault(group, []).append(loop.name)
    return groups


def _reading(
    group: str, year: DiagnosedYear, twin: PlantYear, metered: Mapping[str, Floats]
) -> Floats:
    """What the meter of a group would read by hour of the year, W, shape (8760,)."""
    found = metered[group]
    if group == "heating" and "hot_water" not in year.heat:
        found = found + metered["hot_water"]
    return twin.by_hour_of_year(found)


def _of_group(
    measured: MonthlyMean, loops: list[str], twin: PlantYear, reading: Floats
) -> tuple[Floats, Floats]:
    """Factor and, where nothing was designed, W; by month."""
    asked = twin.by_hour_of_year(sum((twin.asked[name] for name in loops), start=np.zeros(HOURS)))
    # What meters of the heat pumps see of what is asked: without back-up, heat of the pumps,
    # losses of tanks, and what was not met.
    seen = _by_month(asked, measured) * _seen_share(asked, reading)
    largest = float(np.nanmax(seen, initial=0.0))
    designed = seen > usual_value("diagnosis.attribution.least_load") * largest
    known = np.isfinite(measured.power)
    both = designed & known
    overall = float(measured.power[both].sum() / seen[both].sum()) if both.any() else 1.0
    most = usual_value("diagnosis.attribution.most_factor")
    factor = np.full(12, min(overall, most))
    factor[both] = np.clip(measured.power[both] / seen[both], 0.0, most)
    factor[known & ~designed] = 0.0
    extra = np.where(known & ~designed, np.nan_to_num(measured.power), 0.0)
    # Too much for a factor stands beside it.
    extra[both] = np.maximum(measured.power[both] - factor[both] * seen[both], 0.0)
    # Losses of a tank in the other season are no load: pumps would run all its hours for them.
    least = usual_value("diagnosis.attribution.least_load")
    extra[extra < least * float(np.nanmax(measured.power, initial=0.0))] = 0.0
    return factor, extra


def _by_month(hourly: Floats, measured: MonthlyMean) -> Floats:
    """Mean of the twin over the hours that were measured, all hours where none was; (12,)."""
    found = np.empty(12)
    for month in range(12):
        inside = month == MONTH_OF_HOUR
        chosen = inside & measured.valid_hours
        found[month] = hourly[chosen if chosen.any() else inside].mean()
    return found


def _seen_share(asked: Floats, reading: Floats) -> Floats:
    """What meters read over what is asked, by month, shape (12,)."""
    wanted, read = (np.bincount(MONTH_OF_HOUR, one, minlength=12) for one in (asked, reading))
    least = usual_value("diagnosis.attribution.least_seen")
    share = np.clip(read / np.maximum(wanted, 1.0), least, 1.0 / least)
    return np.where(wanted > 0.0, share, 1.0)


def _shares(loops: list[str], twin: PlantYear) -> dict[str, float]:
    total = sum(float(twin.asked[name].sum()) for name in loops)
    return {
        name: float(twin.asked[name].sum()) / total if total > 0.0 else 1.0 / len(loops)
        for name in loops
    }


def _outdoor_shift(measured: MonthlyMean | None, inputs: TwinInputs) -> Floats:
    """Measured less design mean of each month, K; 0 where not measured."""
    if measured is None:
        return np.zeros(12)
    return np.nan_to_num(measured.power - _by_month(inputs.outdoor[:HOURS], measured))
