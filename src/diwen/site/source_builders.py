"""One door to every kind of source: a site and the id of a source give a :class:`SourceModel`.

What stands above asks here and never for a bore field or a well by name. A new kind of source is
one file that builds it and one row in the table below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site
from diwen.site.named_source import named_source

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel

Builder = Callable[[Site, str], "SourceModel"]

# Type of the source → module of this room and function in it: (site, id) → SourceModel.
BUILDERS: dict[str, tuple[str, str]] = {
    "borefield": ("borefield_source", "borefield_model"),
    "circulation_well": ("circulation_model", "circulation_model"),
    "standing_column_well": ("circulation_model", "circulation_model"),
    "groundwater_wells": ("groundwater_model", "groundwater_model"),
    "well_doublet": ("groundwater_model", "groundwater_model"),
    "surface_water": ("water_source", "water_model"),
    "sewage": ("water_source", "water_model"),
    "reclaimed_water": ("water_source", "water_model"),
    "mine_water": ("water_source", "water_model"),
    "waste_heat": ("water_source", "water_model"),
    "air": ("water_source", "air_model"),
}

_NO_MODEL = Text(
    "a source of this kind is metered, not described: there is nothing to compute",
    "该类热源只计量、未描述，无法计算",
)
_DESCRIBE = Text("describe it as one of: {kinds}", "请按以下类型之一描述：{kinds}")


def source_model(site: Site, source: str = "") -> SourceModel:
    """A heat source of a site as everything above sees it.

    Parameters
    ----------
    site : the site
    source : id of the source; may be left out where there is only one

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    name = named_source(site, source)
    kind = site.sources[name].type
    if kind not in BUILDERS:
        cure = _DESCRIBE.format(kinds=", ".join(BUILDERS))
        raise InputError([Problem(SITE_FILE, f"sources.{name}.type", _NO_MODEL, cure, kind)])
    module, function = BUILDERS[kind]
    build: Builder = getattr(import_module(f"diwen.site.{module}"), function)
    return build(site, name)


def source_models(site: Site) -> dict[str, SourceModel]:
    """Every source of a site that can be computed, by id; those only metered are left out.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing in any of them, at once
    """
    found: dict[str, SourceModel] = {}
    problems: list[Problem] = []
    for name, given in site.sources.items():
        if given.type not in BUILDERS:
            continue
        try:
            found[name] = source_model(site, name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found
