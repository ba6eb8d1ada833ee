"""Small sites with wells, written for tests: every number is chosen here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import diwen.site
from diwen.site import Site

Floats = NDArray[np.float64]

HEAD = """\
schema = 1
[site]
name_en = "Test wells"
name_zh = "试验井"
kind = "plant"
illustrative = true
licence = "Apache-2.0"
[place]
region = "Beijing"
[ground]
undisturbed_temperature = "11 °C"
[[ground.layers]]
name = "top 表层"
top = "0 m"
bottom = "10 m"
conductivity = "2.2 W/(m K)"
heat_capacity = "2.6 MJ/(m3 K)"
hydraulic_conductivity = "0.0000864 m/d"
[[ground.layers]]
name = "sand 砂"
top = "10 m"
bottom = "70 m"
conductivity = "2.2 W/(m K)"
heat_capacity = "2.6 MJ/(m3 K)"
[[ground.layers]]
name = "base 底层"
top = "70 m"
bottom = "100 m"
conductivity = "2.2 W/(m K)"
heat_capacity = "2.6 MJ/(m3 K)"
hydraulic_conductivity = "0.0000864 m/d"
[[ground.aquifers]]
name = "sand 砂层"
top = "10 m"
bottom = "70 m"
kind = "confined"
hydraulic_conductivity = "8.64 m/d"
anisotropy = 1
porosity = 0.25
static_level = "8 m"
longitudinal_dispersivity = "0.5 m"
transverse_dispersivity = "0.05 m"
"""
WELL = """\
[sources.w]
type = "circulation_well"
structure = "one_aquifer"
depth = "60 m"
bore_diameter = "300 mm"
flow = "30 m3/h"
rated_capacity = "200 kW"
[[sources.w.stages]]
return_zone = { top = "12 m", bottom = "30 m" }
seal = { top = "30 m", bottom = "40 m" }
extraction_zone = { top = "40 m", bottom = "58 m" }
"""
COLUMN = """\
[sources.w]
type = "standing_column_well"
depth = "68 m"
bore_diameter = "165 mm"
flow = "6 m3/h"
return_depth = "66 m"
pump_depth = "14 m"
bleed = 0.1
"""
DOUBLET = """\
[sources.w]
type = "well_doublet"
design_flow = "30 m3/h"
{extra}
[sources.w.wells.p]
role = "abstraction"
x = "0 m"
y = "0 m"
depth = "70 m"
bore_diameter = "400 mm"
[sources.w.wells.r]
role = "injection"
x = "60 m"
y = "0 m"
depth = "70 m"
bore_diameter = "400 mm"
"""
BARE_DOUBLET_HEAD = """\
schema = 1
[site]
name_en = "Doublet"
name_zh = "对井"
kind = "plant"
illustrative = true
licence = "Apache-2.0"
[place]
region = "Beijing"
[ground]
undisturbed_temperature = "13 °C"
[[ground.aquifers]]
top = "20 m"
bottom = "40 m"
hydraulic_conductivity = "43.2 m/d"
static_level = "8 m"
[sources.wells]
type = "well_doublet"
design_flow = "30 m3/h"
"""
BARE_DOUBLET_WELLS = """\
[sources.wells.wells.p]
role = "abstraction"
x = "0 m"
y = "0 m"
depth = "42 m"
bore_diameter = "400 mm"
pump_depth = "35 m"
[sources.wells.wells.r]
role = "injection"
x = "90 m"
y = "0 m"
depth = "42 m"
bore_diameter = "400 mm"
"""
PUMP = """\
[heat_pumps.hp]
type = "water_water"
source = "w"
rated_heating_capacity = "300 kW"
rated_heating_power = "60 kW"
rated_cooling_capacity = "300 kW"
rated_cooling_power = "60 kW"
"""
RATINGS = """\
[[heat_pumps.hp.rating_points]]
mode = "heating"
source_entering = "0 °C"
load_leaving = "45 °C"
capacity = "250 kW"
power = "62 kW"
[[heat_pumps.hp.rating_points]]
mode = "heating"
source_entering = "15 °C"
load_leaving = "45 °C"
capacity = "330 kW"
power = "60 kW"
"""
LOAD = """\
[loads.all]
kind = "building"
hourly_file = "load.csv"
[operation]
planned_years = 3
"""
HOURS = np.arange(8760)
SEASON = np.cos(2.0 * np.pi * (HOURS - 360) / 8760.0)


def heating(peak: float = 150.0) -> Floats:
    """A heating season, kW, shape (8760,); zero in summer."""
    return peak * np.clip(SEASON, 0.0, None) * (0.9 + 0.1 * np.cos(2.0 * np.pi * HOURS / 24.0))


def cooling(peak: float = 150.0) -> Floats:
    """A cooling season, kW, shape (8760,); zero in winter."""
    return peak * np.clip(-SEASON, 0.0, None)


def write(
    folder: Path, source: str, warm: Floats, cold: Floats | None = None, *,
    pump: str = PUMP, more: str = "", head: str = HEAD,
) -> Site:  # fmt: skip
    """A site with a load of the building in kW."""
    folder.mkdir(parents=True, exist_ok=True)
    none = np.zeros(8760) if cold is None else cold
    rows = "\n".join(f"{a:.3f};{b:.3f}" for a, b in zip(warm, none, strict=True))
    (folder / "load.csv").write_text(f"Heating (kW);Cooling (kW)\n{rows}\n", encoding="utf-8")
    text = head + source + pump + LOAD + more
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return diwen.site.read(folder)


def write_ground(folder: Path, source: str, power: Floats, *, more: str = "") -> Site:
    """A site whose load is that of the ground, kW, extraction positive."""
    site = write(folder, source, np.zeros(8760), pump="", more=more)
    rows = "\n".join(f"{value:.4f}" for value in power)
    (folder / "load.csv").write_text(f"Ground load (kW)\n{rows}\n", encoding="utf-8")
    return site
