"""A heat pump of the equipment catalogue: what is known of it, and where from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.heat_pump_kind import Mode
from diwen.site.heat_pumps import HeatPumpType

if TYPE_CHECKING:
    from diwen.plant.certified_parameters import CertifiedParameters
    from diwen.site.performance_table import TablePoint


@dataclass(frozen=True)
class CataloguePoint:
    """A rated point as the catalogue gives it.

    Attributes
    ----------
    mode : heating or cooling
    source : entering from the source, °C; None: not stated
    load : leaving towards the load, °C; None: not stated
    capacity : W
    power : W; None: not stated
    """

    mode: Mode
    source: float | None
    load: float | None
    capacity: float
    power: float | None


@dataclass(frozen=True, eq=False)
class CatalogueUnit:
    """One model.

    Attributes
    ----------
    id : unique in the catalogue; a maker's own row replaces a shipped one of the same id
    name : in both languages
    type : as in ``[heat_pumps.ID]``
    points : rated points; none where a table or certified parameters say all
    table : points of the maker's performance table
    certified : fit parameters of a certified unit
    minimum_source, maximum_source : of the entering source, °C
    maximum_supply : of the leaving water, °C
    minimum_chilled : of the leaving chilled water, °C
    compressor, stages, minimum_part_load : as in ``[heat_pumps.ID]``
    refrigerant : such as R410A
    phased_out : whether its refrigerant may no longer be used in new units
    borehole_length, borehole_pipe : of the ground loop that the maker sells with it, m
    well_product : head of the rule rows of the well product it belongs to
    assumed : columns whose values the catalogue itself assumes
    evidence, verified : as in the rule data
    source : where the numbers were seen
    notes : what a reader should know
    file, line : where it stands
    """

    id: str
    name: Text
    type: HeatPumpType
    maker: str = ""
    model: str = ""
    points: tuple[CataloguePoint, ...] = ()
    table: tuple[TablePoint, ...] = ()
    certified: CertifiedParameters | None = None
    minimum_source: float | None = None
    maximum_source: float | None = None
    maximum_supply: float | None = None
    minimum_chilled: float | None = None
    compressor: str = ""
    stages: int = 1
    minimum_part_load: float | None = None
    refrigerant: str = ""
    phased_out: bool = False
    borehole_length: float | None = None
    borehole_pipe: str = ""
    well_product: str = ""
    assumed: tuple[str, ...] = ()
    evidence: str = "E"
    verified: bool = False
    source: str = ""
    notes: tuple[Text, ...] = ()
    file: str = ""
    line: int = 0

    def modes(self) -> tuple[Mode, ...]:
        """What it can do, as far as is known."""
        if self.certified is not None:
            return ("heating",)
        both: tuple[Mode, ...] = ("heating", "cooling")
        given = {point.mode for point in self.points} | {point.mode for point in self.table}
        return tuple(mode for mode in both if mode in given)
