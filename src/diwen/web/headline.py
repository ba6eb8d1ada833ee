"""The one figure by which a site is told in a list, and the names of its kind and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Language, Text
from diwen.problems import InputError

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result
    from diwen.site import Site

# Most telling first: the system, then the season, then the unit, then water and wells.
_PLANT = ("K-03", "K-04", "K-05", "K-08", "K-09", "K-01", "K-02", "K-25", "K-20", "K-21")
_ORDERS = {
    "weather_station": ("heating_degree_days", "cooling_degree_days"),
    "well_field": ("K-25", "K-20", "K-22", "K-23", "K-21"),
    "portfolio": ("K-08",),
}
# What a result of the whole site or portfolio is "of".
_WHOLE = ("", "all")


def kind_name(kind: str) -> Text:
    """The kind of a site in words."""
    from diwen.site.identity import KIND_NAMES

    return KIND_NAMES[kind]


def place_name(site: Site, language: Language) -> str:
    """Region and position, as far as they are known."""
    place = site.place
    if place.region:
        return _region(place.region, language)
    if place.latitude is None or place.longitude is None:
        return ""
    from diwen import quantities

    latitude = quantities.display(place.latitude, "angle")
    longitude = quantities.display(place.longitude, "angle")
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{abs(latitude):.2f}° {north}, {abs(longitude):.2f}° {east}"


def _region(name: str, language: Language) -> str:
    """The region as the rules know it, else as the site file writes it."""
    from diwen import rules

    try:
        return rules.load().regions.find(name).text.to(language)
    except InputError:
        return name


def headline(evaluation: Evaluation, kind: str) -> Result | None:
    """The most telling result for a kind of site, one with a value before a refusal; or None."""
    order = _ORDERS.get(kind, _PLANT)
    for refused in (False, True):
        for wanted in order:
            found = [
                result
                for result in evaluation.results
                if wanted in (result.catalogue, result.id)
                and (result.status == "refused") is refused
            ]
            if found:
                return min(found, key=lambda r: (r.of not in _WHOLE, r.mode != "heating"))
    return None
