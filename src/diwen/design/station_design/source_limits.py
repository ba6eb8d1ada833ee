"""The temperatures that the water of a source may have, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from diwen.design.bore_field import TemperatureLimits
from diwen.design.site_limits import limits_of_site
from diwen.design.station_design.design_result import DesignBasis
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import Row
from diwen.site import Site

WINTER, SUMMER = "gb50366.source_inlet_minimum_winter", "gb50366.source_outlet_maximum_summer"
_SAID = Text("{key} of the source", "热源的 {key}")


@dataclass(frozen=True)
class WaterLimit:
    """One limit of the water of a source.

    Attributes
    ----------
    side : ``minimum`` or ``maximum``
    place : ``entering`` the units, or ``leaving`` them
    value : °C
    origin : who says so
    """

    side: Literal["minimum", "maximum"]
    place: Literal["entering", "leaving"]
    value: float
    origin: Text

    def margin(self, entering: tuple[float, float], leaving: tuple[float, float]) -> float:
        """What is left to the limit, K, negative where it is broken.

        Parameters
        ----------
        entering, leaving : lowest and highest, °C
        """
        low, high = entering if self.place == "entering" else leaving
        return low - self.value if self.side == "minimum" else self.value - high

    def found(self, entering: tuple[float, float], leaving: tuple[float, float]) -> float:
        """The temperature that the limit is about, °C."""
        low, high = entering if self.place == "entering" else leaving
        return low if self.side == "minimum" else high


def limits_of_source(
    site: Site, source: str, basis: DesignBasis, day: date
) -> tuple[WaterLimit, ...]:
    """Limits of the water of a source.

    For a bore field those of its sizing (its own, those of the units, the rule of the region); for
    wells those of the water that goes back.
    """
    given: Any = site.sources[source]
    if given.type == "borefield":
        own = _of_field(site, source, given, basis, day)
        known = {(one.side, one.place, one.value) for one in own}
        standard = _of_standard(site, given, basis, day)
        return (*own, *(one for one in standard if (one.side, one.place, one.value) not in known))
    found = []
    keys: tuple[tuple[str, Any, Any], ...] = (
        ("minimum_entering_temperature", "minimum", "entering"),
        ("maximum_leaving_temperature", "maximum", "entering"),
        ("minimum_return_temperature", "minimum", "leaving"),
        ("maximum_return_temperature", "maximum", "leaving"),
    )
    for key, side, place in keys:
        value = getattr(given, key, None)
        if value is not None:
            found.append(WaterLimit(side, place, float(value), _SAID.format(key=key)))
    return tuple(found)


def _of_field(
    site: Site, source: str, given: Any, basis: DesignBasis, day: date
) -> tuple[WaterLimit, ...]:
    from diwen.design.building_load import HourlyBuildingLoad

    load = HourlyBuildingLoad.of(basis.heat, basis.cold)
    problems: list[Problem] = []
    limits, origins = limits_of_site(site, source, given, load, day, problems)
    if limits is None:
        return ()
    found = []
    for side, origin in zip(_given_sides(limits), origins, strict=True):
        place = limits.minimum_at if side == "minimum" else limits.maximum_at
        value = limits.minimum if side == "minimum" else limits.maximum
        assert value is not None
        found.append(
            WaterLimit(side, "leaving" if place == "leaving" else "entering", value, origin)
        )
    return tuple(found)


def _of_standard(site: Site, given: Any, basis: DesignBasis, day: date) -> tuple[WaterLimit, ...]:
    """The limits of GB 50366 where it holds; that of winter is meant for water alone."""
    if not site.place.region:
        return ()
    rules = WellRules.on(day, site.place.region)
    found = []
    if basis.heat.any() and given.fluid.name == "water":
        row = rules.find(WINTER)
        if row is not None and row.value is not None:
            found.append(WaterLimit("minimum", "leaving", row.value, _rule_text(row)))
    if basis.cold.any():
        row = rules.find(SUMMER)
        if row is not None and row.value is not None:
            found.append(WaterLimit("maximum", "entering", row.value, _rule_text(row)))
    return tuple(found)


def _rule_text(row: Row) -> Text:
    return Text(f"{row.name.en}: {row.text.en}", f"{row.name.zh}：{row.text.zh}")


def _given_sides(limits: TemperatureLimits) -> tuple[Literal["minimum", "maximum"], ...]:
    sides: list[Literal["minimum", "maximum"]] = []
    if limits.minimum is not None:
        sides.append("minimum")
    if limits.maximum is not None:
        sides.append("maximum")
    return tuple(sides)
