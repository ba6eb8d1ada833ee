"""The site folder: schema, reading, checking, writing. The door of the room.

``read(folder)`` returns a :class:`Site`; quantities are floats in the unit of their quantity
(temperature °C, power W, energy J, flow m³/s, length m, time s).
"""

from __future__ import annotations

from diwen.site.accuracy import Accuracy, AccuracyError, parse_accuracy
from diwen.site.borehole import BoreholePosition
from diwen.site.circulation_source import SiteCirculationWell, circulation_well
from diwen.site.closed_loops import SiteClosedLoop, closed_loop
from diwen.site.groundwater_source import SiteGroundwaterWells, groundwater_wells_of_site
from diwen.site.ledger import Entry
from diwen.site.locations import LOCATIONS, Location
from diwen.site.model import Site, SiteFile
from diwen.site.points import SITE_WIDE, Point
from diwen.site.reading import read
from diwen.site.requirements import ANSWERS, PURPOSES, Usability
from diwen.site.samples import Sample, read_samples
from diwen.site.schema_page import documentation, json_schema
from diwen.site.seasons import Season
from diwen.site.source_builders import source_model, source_models
from diwen.site.starting import Example, examples, new
from diwen.site.usability import usable_for
from diwen.site.writing import write

__all__ = [
    "ANSWERS",
    "LOCATIONS",
    "PURPOSES",
    "SITE_WIDE",
    "Accuracy",
    "AccuracyError",
    "BoreholePosition",
    "Entry",
    "Example",
    "Location",
    "Point",
    "Sample",
    "Season",
    "Site",
    "SiteCirculationWell",
    "SiteClosedLoop",
    "SiteFile",
    "SiteGroundwaterWells",
    "Usability",
    "circulation_well",
    "closed_loop",
    "documentation",
    "examples",
    "groundwater_wells_of_site",
    "json_schema",
    "new",
    "parse_accuracy",
    "read",
    "read_samples",
    "source_model",
    "source_models",
    "usable_for",
    "write",
]
