"""The site folder of the plant that EnergyPlus runs, as its designer would describe it.

Maker's tables are the equation fit at full load on a grid of leaving temperatures; boreholes,
ground, pumps and loads are those of the input file. What was made to deviate stands nowhere here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from energyplus_plant import (
    COOLING_CAPACITY,
    COOLING_POWER,
    HEATING_CAPACITY,
    HEATING_POWER,
    WATER,
    Plant,
)
from energyplus_program import DATA, Floats


def write_energyplus_site(
    folder: Path, plant: Plant, heating: Floats, cooling: Floats, weather: str
) -> None:
    """A site folder without telemetry: site.toml, load.csv, both maps, the weather."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "weather" / weather, folder / "weather.epw")
    rows = np.column_stack([np.arange(8760), heating / 1e3, cooling / 1e3])
    np.savetxt(folder / "load.csv", rows[:, 1:], "%.4f", delimiter=",", comments="",
               header="heating (kW),cooling (kW)")  # fmt: skip
    _maker_table(folder / "warm.csv", plant, "heating")
    _maker_table(folder / "cold.csv", plant, "cooling")
    power = {
        name: flow * head / (0.78 * 0.9) / 1e3
        for name, flow, head in (
            ("source", plant.source_flow, plant.source_head),
            ("load", plant.load_flow, plant.load_head),
        )
    }
    text = _SITE.format(
        p=plant, source=plant.source_flow * 3600, load=plant.load_flow * 3600,
        source_power=power["source"], load_power=power["load"],
        source_metres=plant.source_head / 9790.0, load_metres=plant.load_head / 9790.0,
        capacity=plant.heat_capacity / 1e6, bottom=plant.length + 20.0,
    )  # fmt: skip
    (folder / "site.toml").write_text(text, encoding="utf-8")


def operating_point(
    plant: Plant, mode: str, source_entering: float, load_leaving: float, share: float = 1.0
) -> tuple[float, float]:
    """Heat (or cold) and power, W, of the equation fit at a share of full load, rated flows."""
    heating = mode == "heating"
    capacity_curve, power_curve = (
        (HEATING_CAPACITY, HEATING_POWER) if heating else (COOLING_CAPACITY, COOLING_POWER)
    )
    rated = plant.heating_reference if heating else plant.cooling_reference
    rated_power = plant.heating_power if heating else plant.cooling_power
    change = (1.0 if heating else -1.0) / (plant.load_flow * WATER)
    entering = load_leaving
    capacity = rated
    # The fit asks for the temperature that enters, which follows from what is delivered.
    for _ in range(50):
        capacity = rated * _fit(capacity_curve, entering, source_entering)
        entering = load_leaving - share * capacity * change
    return share * capacity, share * rated_power * _fit(power_curve, entering, source_entering)


def _fit(curve: tuple[float, ...], load: float, source: float) -> float:
    kelvin = [(value + 273.15) / 283.15 for value in (load, source)]
    return curve[0] + curve[1] * kelvin[0] + curve[2] * kelvin[1] + curve[3] + curve[4]


def _maker_table(path: Path, plant: Plant, mode: str) -> None:
    grid = (
        [(s, t) for s in (0, 5, 10, 15, 20, 25) for t in (35, 40, 45, 50)]
        if mode == "heating"
        else [(s, t) for s in (10, 15, 20, 25, 30, 35) for t in (5, 7, 10, 13)]
    )
    head = "mode,source_entering (degC),load_leaving (degC),part_load,capacity (kW),power (kW)"
    rated = (10, 40) if mode == "heating" else (20, 7)
    points = [(*one, 1.0) for one in grid] + [(*rated, share) for share in (0.1, 0.25, 0.5, 0.75)]
    lines = [head]
    for source, leaving, share in points:
        heat, power = operating_point(plant, mode, source, leaving, share)
        lines.append(f"{mode},{source},{leaving},{share},{heat / 1e3:.3f},{power / 1e3:.4f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


_SITE = """
schema = 1

[site]
name_en = "Ground-loop plant run by EnergyPlus"
name_zh = "EnergyPlus 模拟的地埋管系统"
kind = "plant"
illustrative = true

[place]
latitude = "41.98 deg"
longitude = "-87.92 deg"
elevation = "201 m"
time_zone = "America/Chicago"

[ground]
undisturbed_temperature = "{p.temperature} °C"
undisturbed_temperature_uncertainty = "0.3 K"
source = "input file"

[[ground.layers]]
name = "ground"
top = "0 m"
bottom = "{bottom} m"
conductivity = "{p.conductivity} W/(m K)"
conductivity_uncertainty = "8 %"
heat_capacity = "{capacity} MJ/(m3 K)"

[sources.field]
type = "borefield"
design_flow = "{source} m3/h"
fluid = {{ name = "water" }}

[sources.field.layout]
pattern = "rectangle"
columns = {p.columns}
rows = {p.rows}
spacing = "{p.spacing} m"

[sources.field.borehole]
length = "{p.length} m"
buried_depth = "1.5 m"
diameter = "150 mm"

[sources.field.pipes]
kind = "single_u"
outer_diameter = "32 mm"
wall_thickness = "3 mm"
conductivity = "0.4 W/(m K)"
shank_spacing = "60 mm"

[sources.field.grout]
conductivity = "{p.grout} W/(m K)"
heat_capacity = "3.9 MJ/(m3 K)"

[heat_pumps.warm]
type = "water_water"
source = "field"
performance_map = "warm.csv"
rated_heating_capacity = "{p.heating_reference} W"
rated_heating_power = "{p.heating_power} W"
source_flow = "{source} m3/h"
load_flow = "{load} m3/h"
compressor = "inverter"
serves = ["heating"]

[heat_pumps.cold]
type = "water_water"
source = "field"
performance_map = "cold.csv"
rated_cooling_capacity = "{p.cooling_reference} W"
rated_cooling_power = "{p.cooling_power} W"
source_flow = "{source} m3/h"
load_flow = "{load} m3/h"
compressor = "inverter"
serves = ["chilled"]

[pumps.source_pump]
circuit = "source"
rated_power = "{source_power} kW"
rated_flow = "{source} m3/h"
rated_head = "{source_metres} m"
control = "fixed"

[pumps.warm_pump]
circuit = "load"
rated_power = "{load_power} kW"
rated_flow = "{load} m3/h"
rated_head = "{load_metres} m"
control = "fixed"

[pumps.cold_pump]
circuit = "cooling"
rated_power = "{load_power} kW"
rated_flow = "{load} m3/h"
rated_head = "{load_metres} m"
control = "fixed"

[loops.heating]
kind = "heat"
loads = ["building"]
supply_temperature = "{p.supply} °C"
temperature_difference = "5 K"

[loops.chilled]
kind = "cold"
loads = ["building"]
supply_temperature = "{p.chilled} °C"
temperature_difference = "5 K"

[loads.building]
kind = "building"
building_type = "office"
hourly_file = "load.csv"

[operation]
simultaneous = true
planned_years = 25

[weather]
file = "weather.epw"

[tariff]
source = "assumed"

[[tariff.periods]]
name = "flat"
hours = "00:00-24:00"
price = "0.8 CNY/kWh"
"""
