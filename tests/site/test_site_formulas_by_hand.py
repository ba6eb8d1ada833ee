"""Numbers on the way from a site to its plant, each worked out once more by hand."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

from diwen.loads.weather import Weather
from diwen.problems import InputError
from diwen.site import Site, read
from diwen.site.plant_parts import (
    exchanger_resistance_of,
    pump_group_of,
    recharge_of,
    supply_curve_of,
    tank_of,
)
from diwen.site.station_backups import _months as months_of_steps
from diwen.site.station_builder import site_station, station_of_site
from diwen.site.usual_values import usual_value
from diwen.site.weather_of_site import _scenario as of_scenario
from diwen.site.weather_of_site import utc_offset, weather_of_site

HEAD = """
schema = 1
[site]
name_en = "A"
name_zh = "甲"
kind = "plant"
[place]
latitude = "{latitude} deg"
outdoor_heating_design_temperature = "-10 °C"
{place}
[sources.river]
type = "surface_water"
design_flow = "50 m3/h"
temperature_mean = "12 °C"
"""
PLANT = """
[heat_pumps.hp]
type = "water_water"
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
rated_cooling_capacity = "90 kW"
rated_cooling_power = "16 kW"
"""
HOURS = np.arange(8760)


def site_of(folder: Path, text: str, latitude: str = "40", place: str = "") -> Site:
    whole = HEAD.format(latitude=latitude, place=place) + text
    (folder / "site.toml").write_text(whole, encoding="utf-8")
    return read(folder)


def sunny(noon: float = 12.0, **more: object) -> Weather:
    """Light in the middle of the day, air at 20 °C."""
    day = np.maximum(np.cos(2.0 * np.pi * (HOURS % 24 + 0.5 - noon) / 24.0), 0.0)
    known = {"global_horizontal": 700.0 * day, "diffuse_horizontal": 200.0 * day, **more}
    return Weather(np.full(8760, 20.0), **known)


def test_identical_exchangers_stand_side_by_side(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        '[exchangers.k]\ncount = 3\nheat_transmission = "20 kW/K"\n'
        '[exchangers.d]\ncount = 2\napproach = "2 K"\nrated_capacity = "250 kW"\n',
    )
    assert exchanger_resistance_of(site, "k", 1e5, 1e5, "means") == pytest.approx(1.0 / 60e3)
    # Together 500 kW at 2 K between what enters and what leaves.
    assert exchanger_resistance_of(site, "d", 1e5, 1e5) * 500e3 == pytest.approx(2.0)


def test_collectors_add_up_and_look_to_the_noon_sun(tmp_path: Path) -> None:
    text = '[solar_collectors.c]\narea = "20 m2"\ncount = {count}\nrecharges = "river"\n{more}'

    def given(latitude: str, count: int = 1, more: str = "") -> np.ndarray:
        site = site_of(tmp_path, text.format(count=count, more=more), latitude)
        return recharge_of(site, "c", sunny()).at_zero

    assert given("40", 3) == pytest.approx(3.0 * given("40"))
    # What is not said is south in the north, north in the south (azimuth from south).
    for latitude, azimuth in (("40", "0 deg"), ("-40", "180 deg")):
        said = given(latitude, 1, f'azimuth = "{azimuth}"\n')
        assert given(latitude) == pytest.approx(said)
        turned = given(latitude, 1, f'azimuth = "{"180 deg" if azimuth[0] == "0" else "0 deg"}"\n')
        assert said.sum() > 1.2 * turned.sum()


def test_light_of_any_two_of_three_measurements_is_the_same(tmp_path: Path) -> None:
    from diwen.plant.solar_position import sun_course

    text = '[solar_collectors.c]\narea = "20 m2"\nrecharges = "river"\n'
    site = site_of(tmp_path, text)
    high = np.maximum(sun_course(8760, 3600.0, 40.0, 120.0, 8.0).cosine_zenith, 0.0)
    direct, diffuse = np.where(high > 0.0, 600.0, 0.0), 100.0 * (high > 0.0)
    both = recharge_of(
        site, "c", sunny(global_horizontal=direct * high + diffuse, diffuse_horizontal=diffuse)
    )
    normal = recharge_of(
        site, "c", sunny(global_horizontal=None, diffuse_horizontal=diffuse, direct_normal=direct)
    )
    assert normal.at_zero == pytest.approx(both.at_zero, rel=1e-9, abs=1e-6)


def test_without_longitude_noon_is_that_of_the_time_zone(tmp_path: Path) -> None:
    text = '[solar_collectors.c]\narea = "20 m2"\nrecharges = "river"\n'
    site = site_of(tmp_path, text)
    absorbed = recharge_of(site, "c", sunny()).at_zero.reshape(365, 24).mean(axis=0)
    centre = float((absorbed - absorbed.min()) @ (np.arange(24) + 0.5))
    assert centre / float((absorbed - absorbed.min()).sum()) == pytest.approx(12.0, abs=0.3)


def test_towers_of_each_kind_have_their_approach_and_all_their_fans(tmp_path: Path) -> None:
    text = (
        '[cooling_towers.t]\ncount = 2\nkind = "{kind}"\nrated_heat = "300 kW"\n'
        'fan_power = "4 kW"\ndesign_wet_bulb = "25 °C"\n'
    )
    damp = Weather(np.full(8760, 25.0), relative_humidity=np.ones(8760))
    for kind, row in (("wet", "tower_approach"), ("closed_wet", "closed_tower_approach")):
        made = recharge_of(site_of(tmp_path, text.format(kind=kind)), "t", damp)
        assert (made.capacity, made.power) == (600e3, 8e3)
        # At the design wet bulb the mean water is approach and half the range above it.
        mean = 25.0 + usual_value(f"default.{row}") + 0.5 * usual_value("default.tower_range")
        assert made.per_kelvin * mean - made.at_zero == pytest.approx(600e3, rel=1e-3)


def test_the_flow_of_a_group_is_that_of_all_its_pumps(tmp_path: Path) -> None:
    rating = '[pumps.p]\ncircuit = "load"\ncount = 2\nrated_head = "20 m"\nefficiency = 0.6\n'
    group = pump_group_of(site_of(tmp_path, rating), "p", flow=0.02)
    assert group.design_flow == pytest.approx(0.02)
    assert float(group.power[-1]) == pytest.approx(1000 * 9.80665 * 0.02 * 20.0 / 0.6, rel=1e-6)


def test_a_tank_without_height_has_the_usual_shape(tmp_path: Path) -> None:
    tanks = [tank_of(site_of(tmp_path, f'[tanks.t]\nvolume = "4 m3"\ncount = {n}\n'), "t")
             for n in (1, 2)]  # fmt: skip
    ratio = usual_value("default.tank_height_ratio")
    diameter = (4.0 * 4.0 / (np.pi * ratio)) ** (1.0 / 3.0)
    surface = np.pi * diameter**2 * (ratio + 0.5)
    assert tanks[0].heat_loss == pytest.approx(usual_value("default.tank_loss") * surface)
    assert tanks[1].heat_loss == pytest.approx(2.0 * tanks[0].heat_loss)
    assert (tanks[0].volume, tanks[1].volume) == (4.0, 8.0)


def test_a_joined_curve_serves_the_load_that_needs_heat_longest(tmp_path: Path) -> None:
    text = """
[terminals.r]
kind = "radiator"
heating_supply_temperature = "60 °C"
heating_return_temperature = "50 °C"
[terminals.f]
kind = "floor"
heating_supply_temperature = "40 °C"
[loads.a]
kind = "building"
balance_temperature = "12 °C"
terminals = ["r"]
[loads.b]
kind = "building"
balance_temperature = "18 °C"
terminals = ["f"]
"""
    curve = supply_curve_of(site_of(tmp_path, text), ["a", "b"], "heat", compensated=True)
    assert float(curve.at(-10.0)) == pytest.approx(60.0)
    assert float(curve.outdoor.max()) == pytest.approx(18.0)
    room = usual_value("default.room_heating")
    assert float(curve.at(15.0)) > room + 1.0
    # A return that is said alone sets the supply above it by the usual spread.
    given = '[terminals.f]\nkind = "floor"\nheating_return_temperature = "31 °C"\n'
    load = '[loads.a]\nkind = "building"\nterminals = ["f"]\n'
    spread = usual_value("default.heating_supply.floor") - usual_value(
        "default.heating_return.floor"
    )
    found = supply_curve_of(site_of(tmp_path, given + load), ["a"], "heat")
    assert found.supply == pytest.approx([31.0 + spread])


def test_the_curve_ends_at_the_room_that_is_owed(tmp_path: Path) -> None:
    text = (
        '[comfort]\nroom_temperature_minimum = "19 °C"\nroom_temperature_maximum = "26 °C"\n'
        '[terminals.r]\nkind = "radiator"\n[loads.a]\nkind = "building"\n'
        'balance_temperature = "15 °C"\nterminals = ["r"]\n'
    )
    curve = supply_curve_of(site_of(tmp_path, text), ["a"], "heat", compensated=True)
    assert float(curve.at(15.0)) == pytest.approx(19.0)


def test_only_a_supply_that_is_always_too_warm_is_refused(tmp_path: Path) -> None:
    text = PLANT + (
        'maximum_supply_temperature = "{limit} °C"\n[loads.a]\nkind = "building"\n'
        'heating_design_load = "80 kW"\n[controls.k]\n'
        'heating_curve_outdoor = ["-10 °C", "15 °C"]\nheating_curve_supply = ["60 °C", "35 °C"]\n'
    )
    found = site_station(site_of(tmp_path, text.format(limit=50)))
    assert any("at most 50 °C" in note.en for note in found.notes)
    with pytest.raises(InputError, match="at most 30 °C"):
        site_station(site_of(tmp_path, text.format(limit=30)))


def test_fans_of_a_tower_are_shared_by_the_chillers(tmp_path: Path) -> None:
    text = PLANT + (
        '[chillers.c]\ncount = 2\nrated_cooling_capacity = "200 kW"\nrated_power = "40 kW"\n'
        '[cooling_towers.t]\ncount = 2\nfan_power = "3 kW"\napproach = "4 K"\n'
        '[loads.a]\nkind = "building"\ncooling_design_load = "300 kW"\n'
        '[controls.k]\ncount = 3\nrated_power = "200 W"\n'
    )
    station = station_of_site(site_of(tmp_path, text))
    chiller = next(unit for unit in station.units if unit.name == "c")
    assert chiller.cooling is not None
    # 30 °C of cooling water are 30 − 4 + 6 °C of air; 6 kW of fans for two chillers.
    water = usual_value("default.chiller_rating_water")
    air = water - 4.0 + usual_value("default.tower_wet_bulb_depression")
    chilled = usual_value("default.chiller_rating_chilled")
    assert chiller.cooling.at(air, chilled)[1] == pytest.approx(43e3, rel=1e-6)
    assert station.fixed_power == pytest.approx(600.0)


def test_rooms_are_those_of_the_served_part_at_the_setpoint_of_the_side(tmp_path: Path) -> None:
    text = PLANT + (
        '[loads.a]\nkind = "building"\nheating_design_load = "80 kW"\n'
        'cooling_design_load = "60 kW"\narea = "1000 m2"\nserved_share = 0.5\n'
        'heat_loss = "3 kW/K"\n[loads.a.envelope]\nmass = "heavy"\nwall_u = 0.5\n'
        'heating_setpoint = "21 °C"\ncooling_setpoint = "25 °C"\n'
    )
    loops = {loop.name: loop for loop in station_of_site(site_of(tmp_path, text)).load_loops}
    heat, cold = loops["heating"].room, loops["cooling"].room
    assert heat is not None
    assert cold is not None
    assert (heat.setpoint, cold.setpoint) == (pytest.approx(21.0), pytest.approx(25.0))
    assert heat.heat_loss == pytest.approx(1500.0)
    assert heat.heat_capacity == pytest.approx(500.0 * 260e3)  # heavy, ISO 13790 table 12


def test_months_of_half_hours() -> None:
    days = np.datetime64("2023-01-01") + np.arange(17520) // 48
    expected = days.astype("datetime64[M]").astype(int) % 12 + 1
    assert (months_of_steps(17520, 1800.0) == expected).all()


def test_the_clock_of_the_weather_knows_no_summer_time(tmp_path: Path) -> None:
    for zone, hours in (("Asia/Shanghai", 8.0), ("Australia/Sydney", 10.0)):
        site = site_of(tmp_path, "", place=f'time_zone = "{zone}"')
        assert utc_offset(site) == hours
    january = datetime.datetime(2021, 1, 1, tzinfo=site.place.zone)
    assert january.utcoffset() == datetime.timedelta(hours=11)  # summer there


def test_the_hottest_year_is_told_by_the_base_of_cooling() -> None:
    # A summer of 24 °C has most kelvins above the base of heating, ten days of 36 °C above that
    # of cooling.
    assert usual_value("default.hdd_base") < 20.0 < 24.0 <= usual_value("default.cdd_base")
    mild, short = np.full(8760, 10.0), np.full(8760, 10.0)
    mild[3600:6000], short[4800:5040] = 24.0, 36.0
    both = Weather(np.concatenate([mild, short]), first_year=2020)
    assert of_scenario(both, "hot", ()).first_year == 2021


def test_a_place_is_told_to_the_weather_in_degrees(tmp_path: Path) -> None:
    (tmp_path / "air.csv").write_text("Air temperature (°C)\n" + "10.0\n" * 8760, encoding="utf-8")
    text = '[weather]\nfile = "air.csv"\n'
    weather = weather_of_site(site_of(tmp_path, text, "39.9", 'longitude = "116.4 deg"'))
    assert weather is not None
    assert (weather.latitude, weather.longitude) == (pytest.approx(39.9), pytest.approx(116.4))
