"""The weather of a site: its file or a station that comes with the program, and its scenario."""

from __future__ import annotations

import datetime
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site
from diwen.site.spelling import cure_for, listed
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

Scenario = Literal["", "typical", "cold", "warm", "hot", "future"]

# Parsed files, oldest first: many systems of one town, or one month after the other, ask for the
# same. A year of hours is half a megabyte.
_KEPT: dict[tuple[object, ...], Weather] = {}
_MOST_KEPT = 8

_NO_STATION = Text("no weather station of that name", "没有该名称的气象站")
_NO_SERIES = Text("the station's series is not there", "该气象站的数据不存在")
_COPY = Text("name a weather file of your own: file = …", "请改用自有气象文件：file = …")
_YEARS_EPW = Text("an EPW file holds one year: years cannot be chosen from it",
                  "EPW 文件只有一年，无法选取年份")  # fmt: skip
_LEAVE_OUT = Text("leave out weather.years", "请去掉 weather.years")
_FROM_STATION = Text(
    "measured at the station {station}, not at the site", "气象为 {station} 实测，非项目现场实测"
)


def weather_of_site(site: Site, scenario: Scenario | None = None) -> Weather | None:
    """The weather that the site names; None where it names none.

    Parameters
    ----------
    site : the site
    scenario : another one than the site's; None: the site's own

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong with file, years or station
    """
    table = site.weather
    if not table.given:
        return None
    weather = _station(site) if table.station else _file(site, site.folder / table.file)
    wanted = table.scenario if scenario is None else scenario
    return _scenario(weather, wanted, table.temperature_shift)


def _scenario(weather: Weather, wanted: str, shift: tuple[float, ...]) -> Weather:
    from diwen.loads import weather_years as years

    if wanted in ("typical", "future"):
        weather = years.typical_year(weather)
    elif wanted == "cold":
        weather = years.coldest_year(weather, usual_value("default.hdd_base"))
    elif wanted == "warm":
        weather = years.warmest_year(weather, usual_value("default.hdd_base"))
    elif wanted == "hot":
        weather = years.hottest_year(weather, usual_value("default.cdd_base"))
    return years.shifted(weather, shift) if wanted == "future" and any(shift) else weather


def _file(site: Site, path: Path) -> Weather:
    """The weather of a file, kept while the file and what is asked of it are the same."""
    try:
        stat = path.stat()
    except OSError:
        return _parsed(site, path)  # says what is wrong
    table = site.weather
    key = (
        str(path.resolve()), stat.st_mtime_ns, stat.st_size, table.format, tuple(table.years),
        site.place.latitude, site.place.longitude, utc_offset(site),
    )  # fmt: skip
    found = _KEPT.get(key)
    if found is None:
        found = _unchangeable(_parsed(site, path))
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return found


def _unchangeable(weather: Weather) -> Weather:
    """The same, whose series nobody can write into: several may look at it."""
    for one in fields(weather):
        value = getattr(weather, one.name)
        if hasattr(value, "setflags"):
            value.setflags(write=False)
    return weather


def _parsed(site: Site, path: Path) -> Weather:
    from diwen.loads.epw import weather_of_epw
    from diwen.loads.weather_csv import weather_of_csv
    from diwen.site.weather_file import weather_text

    text = weather_text(path)
    if _is_epw(site.weather.format, path):
        if site.weather.years:
            shown = ", ".join(map(str, site.weather.years))
            raise InputError([Problem(SITE_FILE, "weather.years", _YEARS_EPW, _LEAVE_OUT, shown)])
        return weather_of_epw(text, path.name)
    latitude, longitude = _degrees(site.place.latitude), _degrees(site.place.longitude)
    return weather_of_csv(
        text, path.name, latitude=latitude, longitude=longitude, utc_offset=utc_offset(site),
        years=site.weather.years,
    )  # fmt: skip


def _is_epw(format: str, path: Path) -> bool:
    names = [suffix.casefold() for suffix in path.suffixes]
    return format == "epw" or (not format and ".epw" in names)


def _station(site: Site) -> Weather:
    """A measured series that comes with the program, with its own place and clock."""
    from dataclasses import replace

    from diwen.site.reading import read
    from diwen.site.starting import examples

    name = site.weather.station
    known = {id: one for id, one in examples().items() if (one.folder / "measurements").is_dir()}
    stations = {id: one for id, one in known.items() if id.endswith("-weather")}
    if name not in stations:
        cure, allowed = cure_for(name, stations), listed(stations)
        problem = Problem(SITE_FILE, "weather.station", _NO_STATION, cure, name, allowed)
        raise InputError([problem])
    folder = stations[name].folder
    files = sorted((folder / "measurements").glob("*.csv*"))
    if not files:
        raise InputError([Problem(SITE_FILE, "weather.station", _NO_SERIES, _COPY, name)])
    there = read(folder).model_copy(update={"weather": site.weather})
    weather = _file(there, files[0])
    note = _FROM_STATION.format(station=stations[name].name)
    return replace(weather, notes=(note, *weather.notes))


def _degrees(angle: float | None) -> float | None:
    import math

    return None if angle is None else math.degrees(angle)


def utc_offset(site: Site) -> float:
    """Hours of local standard time before UTC."""
    moment = datetime.datetime(2021, 1, 1, tzinfo=site.place.zone)
    whole, saved = moment.utcoffset(), moment.dst()
    assert whole is not None
    return (whole - (saved or datetime.timedelta(0))).total_seconds() / 3600.0
