"""Surface water, sewage, reclaimed and mine water, waste heat and air of a site as sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site import waters as tables
from diwen.site.borehole_section import USUAL_TEMPERATURE
from diwen.site.missing_values import SITE_FILE, SOURCE, assumed, missing
from diwen.site.model import Site
from diwen.site.source_exchanger import circuit_of_source
from diwen.site.source_flow import source_flow
from diwen.site.source_notes import with_notes
from diwen.site.temperature_files import (
    Water,
    air_temperatures,
    freezing_point,
    water_temperatures,
)
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.sources.open_water.available_heat import WaterLimits
    from diwen.sources.open_water.water_temperature import WaterTemperature
    from diwen.sources.response.source_model import SourceModel

_DAY = Text(
    "the warmest day is not given: day {day} of the year is taken (end of July)",
    "未给出最热日：取年内第 {day} 天（7 月底）",
)
_GIVE_DAY = Text("add warmest_day", "请补充 warmest_day")
_EVEN = Text("no yearly swing given: the water is equally warm all year",
             "未给出年波动：全年按同一水温计算")  # fmt: skip
_GIVE_SWING = Text("add temperature_amplitude or temperature_file",
                   "请补充 temperature_amplitude 或 temperature_file")  # fmt: skip
_FREEZING = Text(
    "no lowest temperature of the returned water given: only freezing limits it ({limit} °C)",
    "未给出最低退水温度：仅以冰点（{limit} °C）为限",
)
_GIVE_LOWEST = Text("add minimum_return_temperature", "请补充 minimum_return_temperature")
_COLDER_WAVE = Text(
    "mean and swing would cool the water below {limit} °C, to {lowest} °C: it is kept at "
    "{limit} °C",
    "按年平均与波动半幅，水温将低于 {limit} °C（{lowest} °C）：取 {limit} °C",
)
_CHECK_WAVE = Text("correct temperature_mean or temperature_amplitude if it is otherwise",
                   "如不符请更正 temperature_mean 或 temperature_amplitude")  # fmt: skip
_NO_EXCHANGER = Text("fouling is not considered: the source names no exchanger",
                     "未计污垢：该热源未指定换热器")  # fmt: skip
_GIVE_EXCHANGER = Text("add exchanger, or remove fouling", "请补充 exchanger，或删除 fouling")


def water_model(site: Site, source: str) -> SourceModel:
    """An open water or waste heat of a site as a heat source.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.fluids import fluid
    from diwen.sources.open_water.open_water_source import Intake, open_water_source_model

    given = site.sources[source]
    assert isinstance(given, Water)
    problems: list[Problem] = []
    temperature = _temperature(site, source, given, problems)
    flow = source_flow(site, source, problems)
    capacity = float(fluid("water").heat_capacity(USUAL_TEMPERATURE))
    circuit = None
    if given.fouling and not given.exchanger:
        problems.append(assumed(f"sources.{source}.fouling", _NO_EXCHANGER, _GIVE_EXCHANGER))
    if flow is not None:
        circuit = circuit_of_source(
            site, source, flow * capacity, problems, fouling=given.fouling or 0.0
        )
    limits = _limits(given, source, problems)
    if temperature is None or flow is None or any_error(problems):
        raise InputError(problems)
    intake = Intake(
        flow, capacity, given.maximum_flow, getattr(given, "available_power", None),
        takes_heat=not isinstance(given, tables.WasteHeat),
    )  # fmt: skip
    model = open_water_source_model(given.type, temperature, intake, limits=limits, circuit=circuit)
    return with_notes(model, given.type, [problem.message for problem in problems])


def air_model(site: Site, source: str) -> SourceModel:
    """Outdoor air of a site as a heat source, from its weather file.

    Raises
    ------
    diwen.problems.InputError : no weather file, or one with gaps
    """
    import numpy as np

    from diwen.sources.open_water.air import air_source_model

    given = site.sources[source]
    assert isinstance(given, tables.Air)
    where = f"sources.{source}.weather_file"
    if not given.weather_file:
        raise InputError([missing(where, "weather_file", SOURCE)])
    problems: list[Problem] = []
    read = air_temperatures(given, site.folder, problems)
    if read is None or problems:
        raise InputError(problems)
    values = np.array(read, float)
    if given.design_flow is None:
        return air_source_model(values)
    return air_source_model(values, flow=given.design_flow)


def _temperature(
    site: Site, source: str, given: Water, problems: list[Problem]
) -> WaterTemperature | None:
    """From the file, its gaps filled by the wave where one is given; else the wave."""
    import numpy as np

    from diwen.sources.open_water.water_temperature import Origin, with_origins

    wave = _wave(source, given, problems)
    if not given.temperature_file:
        if wave is None:
            what = "temperature_mean / temperature_file"
            problems.append(missing(f"sources.{source}.temperature_mean", what, SOURCE))
        return wave
    read = water_temperatures(given, site.folder, problems)
    if read is None:
        return None
    values = np.array(read, float)
    gaps = np.isnan(values)
    measured = with_origins(values, np.where(gaps, Origin.MISSING, Origin.MEASURED), 3600.0)
    return measured if wave is None else measured.filled(wave)


def _wave(source: str, given: Water, problems: list[Problem]) -> WaterTemperature | None:
    """The yearly wave of mean, swing and warmest day; None without a mean."""
    import numpy as np

    from diwen.sources.open_water.water_temperature import yearly_wave

    if given.temperature_mean is None:
        return None
    swing, day = given.temperature_amplitude, given.warmest_day
    where = f"sources.{source}"
    from_file, usual = bool(given.temperature_file), usual_value("default.warmest_water_day")
    if swing is None and not from_file:
        problems.append(assumed(f"{where}.temperature_amplitude", _EVEN, _GIVE_SWING))
    elif swing and day is None:
        message = _DAY.format(day=f"{usual:g}")
        problems.append(assumed(f"{where}.warmest_day", message, _GIVE_DAY))
    wave = yearly_wave(given.temperature_mean, swing or 0.0, day or usual)
    coldest, freezing = float(wave.values.min()), freezing_point(given)
    if coldest < freezing - 1e-9:
        message = _COLDER_WAVE.format(limit=f"{freezing:g}", lowest=f"{coldest:.1f}")
        problems.append(assumed(f"{where}.temperature_mean", message, _CHECK_WAVE))
        wave = replace(wave, values=np.maximum(wave.values, freezing))
    return wave


def _limits(given: Water, source: str, problems: list[Problem]) -> WaterLimits:
    from diwen.sources.open_water.available_heat import WaterLimits

    freezing = freezing_point(given)
    lowest, highest = given.minimum_return_temperature, given.maximum_return_temperature
    margin = None
    if lowest is None:
        margin = 0.0
        message = _FREEZING.format(limit=f"{freezing:g}")
        where = f"sources.{source}.minimum_return_temperature"
        problems.append(assumed(where, message, _GIVE_LOWEST))
    try:
        return WaterLimits.of(
            lowest_return=lowest, highest_return=highest, freezing_margin=margin,
            freezing_point=freezing,
        )  # fmt: skip
    except InputError as error:
        problems += [
            Problem(SITE_FILE, f"sources.{source}", one.message, one.cure, one.value)
            for one in error.problems
        ]
        return WaterLimits()
