"""From the tables of ``site.toml`` to the pumps, tanks, back-ups and recharges of a station."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diwen.language import Text
from diwen.loads.weather import Weather
from diwen.plant.solar_collector import SolarCollector
from diwen.problems import InputError
from diwen.site import Site, read
from diwen.site.plant_exchangers import belongs_to_source
from diwen.site.plant_parts import (
    backup_of,
    boiler_of,
    calorific_value_of,
    exchanger_resistance_of,
    pump_group_of,
    recharge_of,
    supply_curve_of,
    tank_of,
    tower_water_of,
)
from diwen.site.plant_recharge import collector_absorbed
from diwen.site.usual_values import usual_value

HEAD = """
schema = 1
[site]
name_en = "A"
name_zh = "甲"
kind = "plant"
[place]
latitude = "39.9 deg"
longitude = "116.4 deg"
outdoor_heating_design_temperature = "-7.6 °C"
[sources.well]
type = "sewage"
design_flow = "100 m3/h"
temperature_mean = "13 °C"
temperature_amplitude = "0 K"
"""
# 36 m³/h against 20.394 m is 2 kW of hydraulic power.
RATING = 'rated_flow = "36 m3/h"\nrated_head = "20.394 m"\n'


def site_of(folder: Path, text: str) -> Site:
    (folder / "site.toml").write_text(HEAD + text, encoding="utf-8")
    return read(folder)


def pump(folder: Path, keys: str, notes: list[Text] | None = None, **more: float):  # type: ignore[no-untyped-def]
    text = '[pumps.p]\ncircuit = "load"\n' + keys
    return pump_group_of(site_of(folder, text), "p", notes, **more)


def weather(**more) -> Weather:  # type: ignore[no-untyped-def]
    hours = np.arange(8760)
    air = 12.0 - 15.0 * np.cos(2.0 * np.pi * hours / 8760.0)
    day = np.maximum(np.sin(2.0 * np.pi * (hours % 24 - 6) / 24.0), 0.0)
    known = {"relative_humidity": np.full(8760, 0.6), "global_horizontal": 600.0 * day} | more
    return Weather(dry_bulb=air, **known)


def test_power_flow_head_and_efficiency_complete_each_other(tmp_path: Path) -> None:
    notes: list[Text] = []
    by_efficiency = pump(tmp_path, RATING + "efficiency = 0.5", notes)
    assert by_efficiency.power[-1] == pytest.approx(4000.0, rel=1e-4)
    by_power = pump(tmp_path, RATING + 'rated_power = "4 kW"', notes)
    assert by_power.power[-1] == pytest.approx(4000.0)
    assert notes == []
    by_curve = pump(
        tmp_path,
        'curve_flow = ["0 m3/h", "36 m3/h", "54 m3/h"]\ncurve_head = ["27 m", "20.394 m", "12 m"]\n'
        'rated_flow = "36 m3/h"\nefficiency = 0.5',
        notes,
    )  # fmt: skip
    assert by_curve.power[-1] == pytest.approx(4000.0, rel=0.01)
    assert notes == []
    usual = pump(tmp_path, RATING, notes)
    assert usual.power[-1] == pytest.approx(2000.0 / usual_value("default.pump_efficiency"), 1e-4)
    assert len(notes) == 1
    assert "pumps.p" in notes[0].en
    assert "总效率" in notes[0].zh


def test_power_alone_is_enough(tmp_path: Path) -> None:
    notes: list[Text] = []
    group = pump(tmp_path, 'count = 2\nrated_power = "3 kW"', notes, flow=0.02)
    assert (group.power == 6000.0).all()
    assert group.design_flow == 0.02
    assert notes == []
    alone = pump(tmp_path, 'rated_power = "3 kW"\ncontrol = "variable"', notes)
    assert alone.power[-1] == pytest.approx(3000.0)
    assert alone.variable
    assert notes


@pytest.mark.parametrize("control", ["variable", "constant_pressure", "variable_pressure"])
def test_control_sets_the_power_below_design(tmp_path: Path, control: str) -> None:
    keys = RATING + f'rated_power = "4 kW"\ncontrol = "{control}"'
    group = pump(tmp_path, keys)
    half = float(np.interp(0.5, group.shares, group.power))
    bounds = {"variable": (0.1, 0.3), "constant_pressure": (0.5, 0.8),
              "variable_pressure": (0.3, 0.6)}[control]  # fmt: skip
    assert bounds[0] < half / 4000.0 < bounds[1]
    assert group.minimum_share == usual_value("default.pump_minimum_share")


def test_a_well_pump_lifts_and_warms_all_its_power_into_the_water(tmp_path: Path) -> None:
    notes: list[Text] = []
    text = '[pumps.w]\ncircuit = "well"\ncontrol = "variable"\nrated_power = "4 kW"\n' + RATING
    group = pump_group_of(site_of(tmp_path, text), "w", notes)
    closed = pump(tmp_path, RATING + 'rated_power = "4 kW"\ncontrol = "variable"')
    assert group.heat_to_water == 1.0
    assert closed.heat_to_water < 1.0
    assert group.power[10] > 1.3 * closed.power[10]
    assert any("does not fall" in note.en for note in notes)


def test_the_only_pump_of_a_circuit_moves_the_flow_of_its_units(tmp_path: Path) -> None:
    units = """
[heat_pumps.a]
type = "water_water"
count = 2
load_flow = "18 m3/h"
[heat_pumps.b]
type = "water_water"
load_flow = "36 m3/h"
"""
    both = pump(tmp_path, 'rated_power = "4 kW"\n' + units)
    assert both.design_flow * 3600.0 == pytest.approx(72.0)
    named = pump(tmp_path, 'rated_power = "4 kW"\nserves = ["b"]\n' + units)
    assert named.design_flow * 3600.0 == pytest.approx(36.0)


def test_a_pump_of_which_nothing_is_known_names_the_cures(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        pump(tmp_path, "")
    (problem,) = caught.value.problems
    assert problem.where == "pumps.p.rated_power"
    assert "curve_flow" in problem.cure.en
    with pytest.raises(InputError, match="rated_flow"):
        pump(tmp_path, 'rated_head = "20 m"')
    with pytest.raises(InputError, match="hydraulic power"):
        pump(tmp_path, RATING + 'rated_power = "1.9 kW"')


def test_tanks_are_layered_by_shape_and_side(tmp_path: Path) -> None:
    notes: list[Text] = []
    site = site_of(
        tmp_path,
        '[tanks.a]\nvolume = "2 m3"\nheight = "2 m"\nheat_loss = "5 W/K"\n'
        'maximum_temperature = "60 °C"\ncount = 2\n'
        '[tanks.b]\nvolume = "2 m3"\nheight = "0.8 m"\n[tanks.c]\nvolume = "2 m3"\n'
        'circuit = "source"\nheight = "3 m"\n[tanks.d]\nvolume = "2 m3"\n[tanks.h]\n'
        'volume = "0.3 m3"\ncircuit = "hot_water"\n',
    )  # fmt: skip
    assert tank_of(site, "d").layers == 1
    assert tank_of(site, "h").layers > 1
    tall = tank_of(site, "a", notes)
    assert (tall.volume, tall.heat_loss, tall.maximum_temperature) == (4.0, 10.0, 60.0)
    assert tall.layers == usual_value("default.tank_layers")
    assert notes == []
    assert tank_of(site, "b", notes).layers == 1
    assert tank_of(site, "c", notes).layers == 1
    # The insulation over the surface of a cylinder of 2 m³, 0.8 m high: 4.48 m² + 2·2.5 m².
    flat = tank_of(site, "b")
    side = 0.8 * np.sqrt(4.0 * np.pi * 2.5)
    assert flat.heat_loss == pytest.approx(usual_value("default.tank_loss") * (side + 5.0))


def test_backups(tmp_path: Path) -> None:
    notes: list[Text] = []
    site = site_of(
        tmp_path,
        '[boilers.g]\nfuel = "natural_gas"\ncount = 2\nrated_heating_capacity = "100 kW"\n'
        'efficiency = 0.95\n[heaters.e]\nrated_power = "30 kW"\n[boilers.x]\nfuel = "coal"\n',
    )
    gas = backup_of(site, "g", notes, serves="heating", parallel_below=-5.0)
    assert (gas.capacity, gas.efficiency, gas.fuel) == (200e3, 0.95, "natural_gas")
    assert (gas.serves, gas.parallel_below, notes) == ("heating", -5.0, [])
    heater = backup_of(site, "e", notes)
    assert heater.capacity == pytest.approx(30e3 * heater.efficiency)
    assert notes
    assert heater.fuel == "electricity"
    assert heater.serves == "load"
    value = usual_value("default.calorific_value.natural_gas")
    assert calorific_value_of(site, "g") == pytest.approx(value * 1e6)
    assert calorific_value_of(site, "x") is None
    with pytest.raises(InputError, match="rated_heating_capacity"):
        backup_of(site, "x")


def test_a_boiler_above_one_condenses(tmp_path: Path) -> None:
    text = '[boilers.{id}]\nfuel = "natural_gas"\nrated_heating_capacity = "100 kW"\n'
    site = site_of(
        tmp_path,
        text.format(id="c") + "efficiency = 1.05\n" + text.format(id="p") + "efficiency = 0.92\n",
    )
    condensing, plain = boiler_of(site, "c"), boiler_of(site, "p")
    assert float(condensing.efficiency(1.0, 30.0)) == pytest.approx(1.05)
    assert float(condensing.efficiency(1.0, 60.0)) < 0.98
    assert float(plain.efficiency(1.0, 30.0)) == float(plain.efficiency(1.0, 60.0)) == 0.92
    assert float(plain.efficiency(0.2)) < 0.92


def test_only_wet_towers_use_water(tmp_path: Path) -> None:
    kinds = '[cooling_towers.w]\nrated_heat = "1 MW"\n[cooling_towers.d]\nkind = "dry"\n'
    site = site_of(tmp_path, kinds)
    # 1.48 kg/kWh evaporated and a third of it let out at four cycles.
    used = float(tower_water_of(site, "w", 1e6).make_up) * 3600.0
    assert used == pytest.approx(1481.0 * 4.0 / 3.0, rel=1e-3)
    assert float(tower_water_of(site, "d", 1e6).make_up) == 0.0


def test_an_exchanger_is_one_resistance(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        '[exchangers.e]\nheat_transmission = "50 kW/K"\n[exchangers.d]\napproach = "2 K"\n'
        'rated_capacity = "500 kW"\n[exchangers.n]\narea = "10 m2"\n',
    )
    # Equal rates: 1/(ε C) − 1/C = 1/UA.
    assert exchanger_resistance_of(site, "e", 1e5, 1e5, "means") == pytest.approx(1.0 / 50e3)
    approach = exchanger_resistance_of(site, "d", 1e5, 1e5)
    assert approach * 500e3 == pytest.approx(2.0)
    assert not belongs_to_source(site, "e")
    with pytest.raises(InputError, match="heat_transmission"):
        exchanger_resistance_of(site, "n", 1e5, 1e5)


COLLECTOR = """
[solar_collectors.c]
area = "100 m2"
recharges = "well"
"""


def test_collectors_recharge_in_the_sun_only(tmp_path: Path) -> None:
    notes: list[Text] = []
    site = site_of(tmp_path, COLLECTOR)
    made = recharge_of(site, "c", weather(), notes)
    assert (made.source, made.direction, len(made.at_zero)) == ("well", 1, 8760)
    rate = np.clip(made.at_zero - made.per_kelvin * 20.0, 0.0, made.capacity)
    assert rate.max() < 100.0 * 1100.0
    night = np.arange(8760) % 24 < 4
    cold = weather().dry_bulb < 15.0
    assert (rate[night & cold] == 0.0).all()
    # In a year at 20 °C: less than is absorbed, and what warmer air gives to the cold fluid.
    collector = SolarCollector.of(
        100.0, usual_value("default.collector_optical_efficiency"), 3.8, incidence=0.1
    )
    absorbed = collector_absorbed(site, "c", collector, weather(), [])
    given = usual_value("default.collector_loss") * 100.0 * 8760.0 * 7.0
    assert 0.3 * absorbed.sum() < rate.sum() < absorbed.sum() + given
    said = " ".join(note.en for note in notes)
    assert "Erbs" in said
    assert "tilt" in said
    assert "zero-loss" in said


def test_a_tower_rejects_by_the_wet_bulb_and_a_dry_cooler_by_the_air(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        '[cooling_towers.w]\nrated_heat = "500 kW"\ndesign_wet_bulb = "26 °C"\napproach = "4 K"\n'
        '[cooling_towers.d]\nkind = "dry"\nrated_heat = "500 kW"\n[cooling_towers.n]\n',
    )
    notes: list[Text] = []
    air = weather()
    wet, dry = recharge_of(site, "w", air, notes), recharge_of(site, "d", air, notes)
    assert wet.direction == dry.direction == -1
    assert wet.capacity == 500e3
    # At design: wet bulb 26 °C, water 35 → 30 °C, mean 32.5 °C.
    damp = Weather(dry_bulb=np.full(8760, 26.0), relative_humidity=np.ones(8760))
    design = recharge_of(site, "w", damp, notes)
    taken = design.per_kelvin * 32.5 - design.at_zero
    assert taken == pytest.approx(np.full(8760, 500e3), rel=1e-3)
    assert dry.per_kelvin * air.dry_bulb == pytest.approx(dry.at_zero)
    with pytest.raises(InputError, match="rated_heat"):
        recharge_of(site, "n", air)
    with pytest.raises(InputError, match="humidity"):
        recharge_of(site, "w", weather(relative_humidity=None))


def test_sun_that_was_not_observed_is_not_guessed(tmp_path: Path) -> None:
    site = site_of(tmp_path, COLLECTOR)
    with pytest.raises(InputError, match="irradiance"):
        recharge_of(site, "c", weather(global_horizontal=None))


TERMINALS = """
[terminals.r]
kind = "radiator"
heating_supply_temperature = "55 °C"
heating_return_temperature = "45 °C"
[terminals.f]
kind = "floor"
cooling_supply_temperature = "16 °C"
[loads.a]
kind = "building"
balance_temperature = "16 °C"
terminals = ["r", "f"]
[loads.w]
kind = "hot_water"
"""


def test_supply_follows_controls_then_terminals_then_usual_values(tmp_path: Path) -> None:
    notes: list[Text] = []
    site = site_of(tmp_path, TERMINALS)
    assert supply_curve_of(site, ["a"], "heat", notes).supply == pytest.approx([55.0])
    assert any("terminals.f" in note.en for note in notes)
    curve = supply_curve_of(site, ["a"], "heat", notes, compensated=True)
    assert float(curve.at(-7.6)) == pytest.approx(55.0)
    # No load: the room, whose heat nothing has to leave.
    assert float(curve.at(16.0)) == pytest.approx(usual_value("default.room_heating"))
    assert (np.diff(curve.supply) <= 1e-9).all()
    # Radiators at their usual cooling temperatures ask for the coldest water.
    coldest = usual_value("default.cooling_supply.radiator")
    assert supply_curve_of(site, ["a"], "cold", notes).supply == pytest.approx([coldest])
    hot = supply_curve_of(site, ["w"], "heat", notes).supply
    assert hot == pytest.approx([usual_value("default.hot_water_supply")])
    controlled = site_of(tmp_path, TERMINALS + '[controls.k]\nheating_supply_setpoint = "48 °C"\n')
    assert supply_curve_of(controlled, ["a"]).supply == pytest.approx([48.0])
    assert supply_curve_of(controlled, ["w"]).supply == pytest.approx(hot)
