"""The site folder: schema, reading, checking, writing. The door of the room.

``read(folder)`` returns a :class:`Site`; quantities are floats in the unit of their quantity
(temperature °C, power W, energy J, flow m³/s, length m, time s).
"""

from __future__ import annotations

from diwen.site.accuracy import Accuracy, AccuracyError, parse_accuracy
from diwen.site.ledger import Entry
from diwen.site.locations import LOCATIONS, Location
from diwen.site.model import Site, SiteFile
from diwen.site.points import SITE_WIDE, Point
from diwen.site.reading import read
from diwen.site.seasons import Season

__all__ = [
    "LOCATIONS",
    "SITE_WIDE",
    "Accuracy",
    "AccuracyError",
    "Entry",
    "Location",
    "Point",
    "Season",
    "Site",
    "SiteFile",
    "parse_accuracy",
    "read",
]
