"""Rows of the rules that loads of a site lean on: indices, profiles, design temperatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.loads.weather import Weather
    from diwen.rules import Row

_FROM_SITE = Text("given by the site", "项目给定")
_FROM_WEATHER = Text(
    "out of {years} year(s) of weather (5 days, or 50 hours, a year beyond it)",
    "由 {years} 年气象求得（历年平均不保证 5 天或 50 小时）",
)
_FROM_ROW = Text("{row} ({standard}), not verified", "{row}（{standard}），未核实")


def demand_row(name: str, building_type: str) -> Row:
    """The row ``demand.NAME.TYPE``; a type that is not given is ``other``.

    Parameters
    ----------
    name : such as ``heating_index``
    """
    from diwen import rules

    return rules.on(date.today()).row(f"demand.{name}.{building_type or 'other'}")


def demand_value(name: str, building_type: str) -> float:
    """The number of that row, in its unit."""
    from diwen.rules.rulebook import number

    return number(demand_row(name, building_type))


def usual_profile(kind: str, building_type: str) -> tuple[float, ...]:
    """24 relative values of a day; kind is ``heating``, ``cooling`` or ``hot_water``."""
    words = demand_row(f"day_profile.{kind}", building_type).words or ""
    return tuple(float(word) for word in words.split())


@dataclass(frozen=True)
class OutdoorDesign:
    """An outdoor design temperature, °C, and where it comes from."""

    temperature: float
    origin: Text


def outdoor_design(site: Site, side: str, weather: Weather | None) -> OutdoorDesign | None:
    """Outdoor design temperature: the site's, else out of its weather, else of its region.

    Parameters
    ----------
    side : ``heating`` or ``cooling``

    Returns
    -------
    None where nothing is known of the place
    """
    own = getattr(site.place, f"outdoor_{side}_design_temperature")
    if own is not None:
        return OutdoorDesign(own, _FROM_SITE)
    if weather is not None:
        from diwen.loads.design_days import design_temperatures

        found = design_temperatures(weather)
        value = found.heating if side == "heating" else found.cooling
        return OutdoorDesign(value, _FROM_WEATHER.format(years=found.years))
    return _of_region(site, side)


def _of_region(site: Site, side: str) -> OutdoorDesign | None:
    from diwen import rules
    from diwen.problems import InputError
    from diwen.rules.rulebook import RuleMissingError, number

    if not site.place.region:
        return None
    try:
        row = rules.on(date.today(), site.place.region).row(f"design_day.{side}")
    except (RuleMissingError, InputError):
        return None
    origin = _FROM_ROW.format(row=row.text, standard=row.standard)
    return OutdoorDesign(number(row), origin)
