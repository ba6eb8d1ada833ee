"""The equipment catalogue: heat pumps to choose from, shipped and of one's own.

Shipped are the units that public sources describe (``rules/data/equipment``). A maker or an
institute adds its own: a file ``heat_pump_catalogue.csv`` in the site folder, or any folder with
such a file; rows there replace shipped ones of the same id. What is not stated stays empty in the
file and is filled with usual values only when a map is made, and told.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.equipment_rows import read_catalogue_file
from diwen.site.equipment_unit import CatalogueUnit
from diwen.site.spelling import cure_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diwen.site.equipment_selection import Selection
    from diwen.site.model import Site

OWN_FILE = "heat_pump_catalogue.csv"
"""Name of a catalogue file of one's own."""
_UNKNOWN = Text("no unit of that id in the catalogue", "设备目录中没有该标识的机组")
_CERTIFIED_NOTE = Text(
    "Heat Pump Keymark data as fitted by hplib (CC BY 4.0): lines through certified points, errors "
    "of 2 to 20 %",
    "热泵 Keymark 认证数据，由 hplib 拟合（CC BY 4.0）：认证点的线性拟合，误差 2 %～20 %",
)
_CERTIFIED_SOURCE = "hplib 1.9 (RE-Lab and others), hplib_database.csv, CC BY 4.0"


@dataclass(frozen=True)
class WellProduct:
    """A well product whose rated values stand in the rule data.

    Attributes
    ----------
    id : head of its rows
    heating, cooling : heat from and into one well, W; None: not stated
    flow : m³/s; None: not stated
    """

    id: str
    heating: float | None
    cooling: float | None
    flow: float | None


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Units by id, in the order of the files."""

    units: dict[str, CatalogueUnit]

    def unit(self, id: str) -> CatalogueUnit:
        """The unit of an id.

        Raises
        ------
        InputError : no such unit
        """
        if id not in self.units:
            cure = cure_for(id, self.units)
            raise InputError([Problem(OWN_FILE, "", _UNKNOWN, cure, id)])
        return self.units[id]

    def of_model(self, model: str) -> CatalogueUnit | None:
        """The unit whose id or model, with or without its maker, is that text; None: no such."""
        wanted = model.strip().casefold()
        for unit in self.units.values():
            names = (unit.id, unit.model, f"{unit.maker} {unit.model}")
            if wanted in (name.strip().casefold() for name in names if name.strip()):
                return unit
        return None

    def select(
        self,
        duty: float,
        source_temperature: float,
        supply_temperature: float,
        mode: Literal["heating", "cooling"] = "heating",
        **wishes: object,
    ) -> Selection:
        """Units that carry a duty, best first, and why the others do not.

        Parameters
        ----------
        duty : heat or cold of the design hour, W
        source_temperature : entering from the source in that hour, °C
        supply_temperature : leaving towards the load, °C
        mode : heating or cooling
        wishes : see :func:`diwen.site.equipment_selection.selection`
        """
        from diwen.site.equipment_selection import selection

        return selection(
            self.units.values(),
            duty,
            source_temperature,
            supply_temperature,
            mode,
            **wishes,  # type: ignore[arg-type]
        )


def catalogue(
    site: Site | None = None, folders: Iterable[Path] = (), certified: bool = False
) -> Catalogue:
    """The shipped catalogue with one's own rows over it.

    Parameters
    ----------
    site : its folder may hold :data:`OWN_FILE`
    folders : further folders that hold :data:`OWN_FILE`
    certified : whether the certified brine and water units of hplib are in it too

    Raises
    ------
    InputError : a file of one's own cannot be used: file, line and column of every fault
    """
    found = dict(_shipped())
    if certified:
        found |= _certified_units()
    own = [folder / OWN_FILE for folder in folders]
    if site is not None and (site.folder / OWN_FILE).exists():
        own.append(site.folder / OWN_FILE)
    problems: list[Problem] = []
    for path in own:
        try:
            found |= {unit.id: unit for unit in read_catalogue_file(path)}
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Catalogue(found)


def well_products() -> dict[str, WellProduct]:
    """The well products of the rule data, by the head of their rows."""
    from datetime import date

    from diwen import rules

    values: dict[str, dict[str, float]] = {}
    for row in rules.on(date.today()).rows(quantity="well_product"):
        head, _, what = row.id.rpartition(".")
        factor = 1.0 / 3600.0 if what == "flow" else 1000.0
        if row.value is not None:
            values.setdefault(head, {})[what] = float(row.value) * factor
    return {
        head: WellProduct(head, one.get("heating"), one.get("cooling"), one.get("flow"))
        for head, one in values.items()
    }


def _folder() -> Path:
    from diwen.rules.rulebook import DATA

    return DATA / "equipment"


@cache
def _shipped() -> dict[str, CatalogueUnit]:
    return {unit.id: unit for unit in read_catalogue_file(_folder() / "heat_pumps.csv")}


@cache
def _certified_units() -> dict[str, CatalogueUnit]:
    """Units of the certified database whose parameters are complete."""
    from diwen.plant.certified_parameters import certified_parameters

    path = _folder() / "certified_brine_water.csv"
    found: dict[str, CatalogueUnit] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if not (row["p1_COP [-]"] and row["P_el_h_ref [W]"]):
                continue
            id = _certified_id(row["Manufacturer"], row["Model"])
            found[id] = CatalogueUnit(
                id=id,
                name=same(f"{row['Manufacturer']} {row['Model']}"),
                type="brine_water" if row["Type"] == "Brine/Water" else "water_water",
                maker=row["Manufacturer"],
                model=row["Model"],
                certified=certified_parameters(row),
                compressor="inverter" if row["Subtype"] == "Regulated" else "fixed",
                refrigerant=row["Refrigerant"],
                evidence="V",
                source=_CERTIFIED_SOURCE,
                notes=(_CERTIFIED_NOTE,),
                file=path.name,
                line=line,
            )
    return found


def _certified_id(maker: str, model: str) -> str:
    import re

    return "keymark_" + re.sub(r"[^a-z0-9]+", "_", f"{maker} {model}".lower()).strip("_")[:54]
