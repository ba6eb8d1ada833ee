"""How a delivery is to be read: what the command line says, else the site, else found out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diwen.site import Site


@dataclass(frozen=True)
class Options:
    """Form of the delivered files; an empty field is found out from the file.

    Attributes
    ----------
    layout : ``wide`` (a column per point) or ``long`` (a row per value)
    separator, decimal, encoding, sheet : of the table
    header_row : row of the header from 1, 0: found out
    time_column : name, or several joined by ``+`` (date+time, year+month+day+hour)
    date_column : where date and clock time stand apart
    time_format, time_start : see `diwen.telemetry.times.read`
    time_zone : IANA name of the zone of local times
    point_column, value_column : of the long layout
    note_column : of the long layout; a note that begins with "estimated" or "估计" marks the value
    sentinel : numbers that mean "no value"
    """

    layout: str = "wide"
    separator: str = ""
    decimal: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 0
    time_column: str = ""
    date_column: str = ""
    time_format: str = ""
    time_start: str = ""
    time_zone: str = "UTC"
    point_column: str = ""
    value_column: str = ""
    note_column: str = ""
    sentinel: tuple[float, ...] = ()

    def with_given(self, given: dict[str, Any]) -> Options:
        """The same with what was said explicitly."""
        return replace(self, **{key: value for key, value in given.items() if value})


def of_site(site: Site) -> Options:
    """What ``[telemetry]`` of the site says; times are in the zone of the place by default."""
    said = {
        field.name: getattr(site.telemetry, field.name)
        for field in fields(Options)
        if getattr(site.telemetry, field.name, None)
    }
    return Options(time_zone=site.place.time_zone).with_given(said)
