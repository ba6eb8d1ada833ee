"""Exchangers of a site between two circuits of the plant, as one resistance.

An exchanger that a source names (``exchanger = "..."``) belongs to that source: its model is seen
from behind it already, and it must not be counted a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from diwen.problems import InputError
from diwen.site.missing_values import SOURCE, missing
from diwen.site.model import SiteFile

if TYPE_CHECKING:
    from diwen.plant.exchanger import HeatExchanger


def belongs_to_source(site: SiteFile, id: str) -> bool:
    """Whether a source of the site is seen from behind this exchanger already."""
    return any(getattr(source, "exchanger", "") == id for source in site.sources.values())


def exchanger_of(
    site: SiteFile, id: str, primary_rate: float, secondary_rate: float
) -> HeatExchanger:
    """``[exchangers.ID]``, identical ones side by side, in counter flow.

    Parameters
    ----------
    site, id : the site, id of the exchanger
    primary_rate, secondary_rate : design heat capacity rates of all of them, W/K

    Raises
    ------
    diwen.problems.InputError : neither transmission nor approach and capacity
    """
    from diwen.plant.exchanger import HeatExchanger

    table = site.exchangers[id]
    if table.heat_transmission is not None:
        return HeatExchanger.of(table.heat_transmission * table.count)
    if table.approach is None or table.rated_capacity is None:
        what = "heat_transmission / approach + rated_capacity"
        raise InputError([missing(f"exchangers.{id}.heat_transmission", what, SOURCE)])
    heat = table.rated_capacity * table.count
    return HeatExchanger.of_design(heat, table.approach, primary_rate, secondary_rate)


def exchanger_resistance_of(
    site: SiteFile,
    id: str,
    primary_rate: float,
    secondary_rate: float,
    between: Literal["means", "approach", "inlets"] = "approach",
) -> float:
    """Resistance of an exchanger for a loop of the station, K/W, at design flows.

    Parameters
    ----------
    primary_rate, secondary_rate : heat capacity rates of the two flows, W/K
    between : which temperatures it lies between; ``approach``: water that comes from the source to
        water that enters the units, which is what ``SourceLoop.resistance`` means
    """
    exchanger = exchanger_of(site, id, primary_rate, secondary_rate)
    return float(exchanger.resistance(primary_rate, secondary_rate, between))
