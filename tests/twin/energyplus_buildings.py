"""Prototype buildings of EnergyPlus as hourly loads: what their heating and cooling coils give.

The models are the reference buildings of the US Department of Energy (Deru et al. 2011, NREL/TP-
5500-46861) and the prototypes of ASHRAE 90.1 (Pacific Northwest National Laboratory), as they come
with EnergyPlus; only what they report is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from energyplus_program import DATA, Floats, run_energyplus

CHICAGO = "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw"
DENVER = "USA_CO_Denver-Aurora-Buckley.AFB.724695_TMY3.epw"
_COILS = {
    "heating": "Heating Coil Heating Rate",
    "cooling": "Cooling Coil Total Cooling Rate",
    "sensible": "Cooling Coil Sensible Cooling Rate",
    "fans": "Fan Electricity Rate",
}
_OUTDOOR = "Site Outdoor Air Drybulb Temperature"


@dataclass(frozen=True, eq=False)
class BuildingHours:
    """A year of hours from 1 January, shape (8760,).

    Attributes
    ----------
    heating : heat given to the air by all heating coils, W
    cooling : total cold of all cooling coils, moisture included, W
    sensible : its part without moisture, W
    fans : electric power of the fans of the air handling, W
    outdoor : °C
    """

    heating: Floats
    cooling: Floats
    sensible: Floats
    fans: Floats
    outdoor: Floats


def prototype_hours(model: str, weather: str, folder: Path) -> BuildingHours:
    """A year of a prototype building.

    Parameters
    ----------
    model : name of the input file of the wheel, without ending
    weather : name of the weather file
    folder : to work in
    """
    text = (DATA / "model" / f"{model}.idf").read_text(encoding="utf-8", errors="replace")
    # Only the year of the weather file is run, and only what is asked for is reported.
    text = re.sub(r"(?im)^\s*(Output|OutputControl):[^;]*;[^\n]*\n", "", text)
    others = list(re.finditer(r"(?im)^\s*RunPeriod,[^;]*;[^\n]*\n", text))[1:]
    for other in reversed(others):
        text = text[: other.start()] + text[other.end() :]
    control = "SimulationControl,Yes,Yes,Yes,No,Yes,No,1;\n"
    text = re.sub(r"(?im)^\s*SimulationControl,[^;]*;[^\n]*\n", control, text)
    wanted = [*_COILS.values(), _OUTDOOR]
    text += "".join(f"\nOutput:Variable,*,{variable},hourly;" for variable in wanted)
    text += "\nOutputControl:Files,No,No,Yes,No,No,No,No,Yes,No;\n"
    found = run_energyplus(text, weather, folder)

    def total(variable: str) -> Floats:
        parts = [v for (_, name), v in found.items() if name == variable.upper()]
        return np.asarray(np.sum(parts, axis=0)[-8760:])

    sums = {name: total(variable) for name, variable in _COILS.items()}
    return BuildingHours(outdoor=total(_OUTDOOR), **sums)
