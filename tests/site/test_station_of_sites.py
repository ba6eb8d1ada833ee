"""A site becomes a station: loops from the loads, units, pumps, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.site import Site, read, usable_for
from diwen.site.station_builder import SiteStation, site_station, station_of_site
from diwen.site.station_loops import loop_for

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = """
schema = 1
[site]
name_en = "s"
name_zh = "站"
kind = "plant"
"""
SOURCE = """
[sources.river]
type = "surface_water"
temperature_mean = "12 °C"
design_flow = "50 m3/h"
"""
UNIT = """
[heat_pumps.hp]
type = "water_water"
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
rated_heating_source_temperature = "10 °C"
rated_heating_supply_temperature = "45 °C"
rated_cooling_capacity = "90 kW"
rated_cooling_power = "16 kW"
rated_cooling_source_temperature = "25 °C"
rated_cooling_supply_temperature = "7 °C"
compressor = "staged"
"""
LOAD = """
[loads.house]
kind = "building"
heating_design_load = "80 kW"
cooling_design_load = "60 kW"
"""


def site(folder: Path, *parts: str) -> Site:
    (folder / "site.toml").write_text(HEAD + "".join(parts), encoding="utf-8")
    return read(folder)


def built(folder: Path, *parts: str) -> SiteStation:
    return site_station(site(folder, *parts))


def refused(folder: Path, *parts: str) -> str:
    with pytest.raises(InputError) as error:
        built(folder, *parts)
    return "\n".join(problem.to("en") for problem in error.value.problems)


def test_the_simplest_plant_needs_no_word_about_loops(tmp_path: Path) -> None:
    station = built(tmp_path, SOURCE, UNIT, LOAD).station
    assert [(loop.name, loop.kind, loop.loads) for loop in station.load_loops] == [
        ("heating", "heat", ("house",)), ("cooling", "cold", ("house",)),
    ]  # fmt: skip
    (unit,) = station.units
    assert (unit.draws_on, unit.serves) == ("river", ("heating", "cooling"))
    assert unit.heating is not None
    capacity, power = unit.heating.at(10.0, 45.0)
    assert (capacity, power) == pytest.approx((100e3, 22e3), rel=1e-6)
    assert station.load_loops[0].supply.at(-10.0) == 45.0
    assert station.load_loops[1].supply.at(35.0) == 7.0


def test_pumps_that_are_not_named_are_said(tmp_path: Path) -> None:
    notes = [note.en for note in built(tmp_path, SOURCE, UNIT, LOAD).notes]
    assert any("no pump is named for source river" in note for note in notes)
    assert any("no pump is named for loop heating" in note for note in notes)


@pytest.mark.parametrize(
    ("name", "heat", "cold"),
    [("sizing-office", 2, 2), ("forest-office-4-wells", 4, 4), ("hospital-18-wells", 4, 4),
     ("plant-template", 2, 2), ("village-wells", 800, 800)],
)  # fmt: skip
def test_examples_are_stations(name: str, heat: int, cold: int) -> None:
    station = station_of_site(read(EXAMPLES / name))
    assert sum(unit.count for unit in station.units if unit.heating) == heat
    assert sum(unit.count for unit in station.units if unit.cooling) == cold
    assert {loop.name for loop in station.load_loops} == {"heating", "cooling"}
    assert len(station.source_loops) == 1


def test_one_pump_of_a_two_pipe_plant_stands_in_both_loops() -> None:
    station = station_of_site(read(EXAMPLES / "plant-template"))
    assert [[pump.name for pump in loop.pumps] for loop in station.load_loops] == [
        ["pump_load"]
    ] * 2
    assert [pump.name for pump in station.source_loops[0].pumps] == ["pump_source"]


def test_hot_water_and_pool_have_loops_of_their_own(tmp_path: Path) -> None:
    more = '[loads.tap]\nkind = "hot_water"\n[loads.swim]\nkind = "pool"\n'
    found = built(tmp_path, SOURCE, UNIT, LOAD, more)
    assert [loop.name for loop in found.station.load_loops] == [
        "hot_water", "pool", "heating", "cooling",
    ]  # fmt: skip
    assert [loop.hot_water for loop in found.station.load_loops] == [True, True, False, False]
    hot = loop_for(found.loops, "tap", "hot_water")
    cold = loop_for(found.loops, "house", "cooling")
    assert hot is not None
    assert cold is not None
    assert (hot.name, cold.name) == ("hot_water", "cooling")


def test_a_tertiary_loop_hangs_behind_its_exchanger(tmp_path: Path) -> None:
    loops = """
[exchangers.plate]
approach = "3 K"
[loops.main]
kind = "heat"
[loops.floors]
kind = "heat"
behind = "main"
loads = ["house"]
supply_temperature = "38 °C"
temperature_difference = "6 K"
exchanger = "plate"
"""
    station = built(tmp_path, SOURCE, UNIT, LOAD, loops).station
    heating = station.load_loops[0]
    assert (heating.name, heating.loads) == ("main", ("house",))
    assert heating.supply.at(0.0) + heating.exchanger_difference == 41.0
    assert heating.temperature_difference == 6.0


def test_a_cascade_draws_on_the_loop_of_the_lower_stage(tmp_path: Path) -> None:
    cascade = """
[heat_pumps.low]
type = "air_water"
rated_heating_capacity = "90 kW"
rated_heating_power = "30 kW"
rated_heating_source_temperature = "-12 °C"
rated_heating_supply_temperature = "30 °C"
lowest_outdoor_temperature = "-30 °C"
serves = ["between"]
[heat_pumps.high]
type = "water_water"
draws_on = "between"
rated_heating_capacity = "110 kW"
rated_heating_power = "28 kW"
rated_heating_source_temperature = "25 °C"
rated_heating_supply_temperature = "70 °C"
serves = ["heating"]
[loops.between]
kind = "heat"
supply_temperature = "28 °C"
[loads.house]
kind = "building"
heating_design_load = "80 kW"
supply_temperature = "70 °C"
"""
    station = built(tmp_path, cascade).station
    by_name = {unit.name: unit for unit in station.units}
    assert (by_name["low"].draws_on, by_name["low"].serves) == ("air", ("between",))
    assert (by_name["high"].draws_on, by_name["high"].serves) == ("between", ("heating",))
    assert by_name["low"].lowest_outdoor == -30.0
    between = next(loop for loop in station.load_loops if loop.name == "between")
    assert between.loads == ()


def test_units_in_a_circle_are_refused(tmp_path: Path) -> None:
    circle = """
[heat_pumps.hp]
type = "water_water"
draws_on = "a"
serves = ["b"]
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
[heat_pumps.other]
type = "water_water"
draws_on = "b"
serves = ["a"]
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
[loops.a]
kind = "heat"
[loops.b]
kind = "heat"
loads = ["house"]
"""
    assert "circle: a → b → a" in refused(tmp_path, SOURCE, LOAD, circle)


def test_an_air_unit_recharges_the_ground(tmp_path: Path) -> None:
    air = """
[heat_pumps.air]
type = "air_water"
rated_heating_capacity = "60 kW"
rated_heating_power = "15 kW"
serves = ["river"]
"""
    station = built(tmp_path, SOURCE, UNIT, LOAD, air).station
    unit = next(unit for unit in station.units if unit.name == "air")
    assert (unit.draws_on, unit.serves) == ("air", ("river",))
    assert unit.heating is not None
    assert unit.cooling is None


def test_a_load_without_any_unit_says_what_is_short(tmp_path: Path) -> None:
    cold_only = "\n".join(line for line in UNIT.splitlines() if "heating" not in line)
    text = refused(tmp_path, SOURCE, cold_only, LOAD)
    assert "no unit, boiler or heater serves loop heating; it is short by 80 kW" in text
    assert "add a unit that heats" in text


def test_too_little_capacity_is_a_note_with_kilowatts(tmp_path: Path) -> None:
    notes = [n.en for n in built(tmp_path, SOURCE, UNIT, LOAD.replace("80 kW", "130 kW")).notes]
    assert any("100 kW by their ratings" in n and "short by 30 kW" in n for n in notes)


def test_a_boiler_closes_the_gap_and_keeps_its_outdoor_limits(tmp_path: Path) -> None:
    boiler = """
[boilers.gas]
fuel = "natural_gas"
rated_heating_capacity = "60 kW"
[[staging.backups]]
device = "gas"
parallel_below = "2 °C"
alone_below = "-8 °C"
"""
    found = built(tmp_path, SOURCE, UNIT, LOAD.replace("80 kW", "130 kW"), boiler)
    (backup,) = found.station.backups
    assert (backup.serves, backup.capacity) == ("heating", 60e3)
    assert (backup.parallel_below, backup.alone_below) == (2.0, -8.0)
    assert not any("short by" in note.en for note in found.notes)


def test_a_supply_above_the_limit_of_the_unit_is_refused(tmp_path: Path) -> None:
    limited = UNIT + 'maximum_supply_temperature = "55 °C"\n'
    hot = LOAD + 'supply_temperature = "65 °C"\n'
    text = refused(tmp_path, SOURCE, limited, hot)
    assert "needs 65 °C, the unit gives at most 55 °C" in text
    assert "lower the supply temperature" in text


def test_a_pump_without_power_or_curve_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, SOURCE, UNIT, LOAD, '[pumps.p]\ncircuit = "source"\n')
    assert "pumps.p" in text
    assert "Fix:" in text


def test_several_sources_ask_which(tmp_path: Path) -> None:
    second = SOURCE.replace("river", "lake")
    assert "does not say which it draws on" in refused(tmp_path, SOURCE, second, UNIT, LOAD)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('[loops.h]\nkind = "heat"\nloads = ["huose"]\n', "did you mean house?"),
        ('[loops.h]\nkind = "heat"\nbehind = "g"\n', "no loops of that id"),
        ('[loops.a]\nkind = "heat"\nbehind = "b"\n[loops.b]\nkind = "heat"\nbehind = "a"\n',
         "the loop stands behind itself"),
        ('[loops.h]\nkind = "heat"\nsupply_temperature = "45 kW"\n', "temperature"),
        ('[loops.s]\nkind = "source"\nsource = "river"\nloads = ["house"]\n', "has no loads"),
        ('[staging]\norder = ["ph"]\n', "Allowed: hp"),
        ('[staging]\npermitted_outdoor = ["0 °C"]\n', "1 and 0 values"),
        ('[phases.first]\nyear = 1\nunits = ["hq"]\n', "Allowed: hp"),
        ('[valves.v]\nconnects = ["hp:condensor", "heating"]\n', "no such side"),
        ('[valves.v]\nconnects = ["heating"]\n', "connects two things"),
        ('[households]\n', "no set of units"),
        ('[[staging.backups]]\ndevice = "gas"\n', "no boilers / heaters of that id"),
    ],
)  # fmt: skip
def test_what_names_nothing_is_told_while_reading(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        site(tmp_path, SOURCE, UNIT, LOAD, wrong)
    assert words in str(error.value)


def test_staging_reaches_the_station(tmp_path: Path) -> None:
    staging = """
[heat_pumps.second]
type = "water_water"
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
[staging]
order = ["second", "hp"]
rule = "equal_hours"
permitted_outdoor = ["-30 °C", "0 °C", "8 °C"]
permitted_units = [2, 1, 0]
dead_band = "3 K"
source_temperature_difference = "4 K"
"""
    station = built(tmp_path, SOURCE, UNIT, LOAD, staging).station
    assert [unit.name for unit in station.units] == ["second", "hp"]
    assert station.staging == "equal_hours"
    assert station.permitted_units is not None
    np.testing.assert_array_equal(station.permitted_units[1], [2.0, 1.0, 0.0])
    assert station.load_loops[0].dead_band == 3.0
    assert station.source_loops[0].temperature_difference == 4.0


def test_check_says_what_a_simulation_lacks(tmp_path: Path) -> None:
    found = usable_for(site(tmp_path, SOURCE, UNIT, LOAD, '[pumps.p]\ncircuit = "source"\n'))
    verdict = next(v for v in found.verdicts["simulate"] if v.ability.id == "simulate_station")
    assert not verdict.possible
    assert "pumps.p" in verdict.missing[0].en


def test_partial_recovery_takes_the_middle_of_what_is_reported(tmp_path: Path) -> None:
    unit = UNIT + 'heat_recovery = "partial"\n'
    tap = '[loads.tap]\nkind = "hot_water"\n'
    found = built(tmp_path, SOURCE, unit, LOAD, tap)
    assert 0.10 <= found.station.units[0].recovery_share <= 0.15
    assert any("partial heat recovery of hp" in note.en for note in found.notes)


def test_a_chiller_on_a_tower_pays_its_fans(tmp_path: Path) -> None:
    chiller = '[chillers.c]\nrated_cooling_capacity = "200 kW"\nrated_power = "40 kW"\n'
    tower = '[cooling_towers.t]\nfan_power = "3 kW"\napproach = "4 K"\n'
    plain = built(tmp_path, SOURCE, UNIT, LOAD, chiller).station.units[-1]
    cooled = built(tmp_path, SOURCE, UNIT, LOAD, chiller, tower).station.units[-1]
    assert plain.cooling is not None
    assert cooled.cooling is not None
    # Air-cooled at 35 °C of air; 30 °C of water are 32 °C of air with 6 K depression, 4 K approach.
    assert plain.cooling.at(35.0, 7.0)[1] == pytest.approx(40e3, rel=1e-6)
    assert cooled.cooling.at(32.0, 7.0)[1] == pytest.approx(43e3, rel=1e-6)


def test_reading_what_was_written_keeps_the_plant(tmp_path: Path) -> None:
    from diwen.site import write

    before = read(EXAMPLES / "sports-centre")
    after = read(write(before, tmp_path / "copy"))
    for table in ("loops", "valves", "modes", "staging", "heat_pumps"):
        assert getattr(after, table) == getattr(before, table)


def test_the_exchanger_of_a_source_loop_counts_once(tmp_path: Path) -> None:
    exchanger = """
[exchangers.plate]
heat_transmission = "40 kW/K"
[loops.primary]
kind = "source"
source = "river"
exchanger = "plate"
"""
    loop = built(tmp_path, SOURCE, UNIT, LOAD, exchanger).station.source_loops[0]
    # Equal flows both sides, C = 50 m3/h of water = 58.0 kW/K: from approach to approach a
    # counter-flow exchanger of UA has 1/UA exactly, at every load.
    assert loop.resistance == pytest.approx(1.0 / 40e3, rel=1e-6)
    own = SOURCE + 'exchanger = "plate"\n'
    behind = built(tmp_path, own, UNIT, LOAD, exchanger).station.source_loops[0]
    assert behind.resistance == 0.0


def test_water_in_the_loops_is_what_units_switch_on(tmp_path: Path) -> None:
    loops = '[loops.h]\nkind = "heat"\nwater_volume = "2 m3"\n'
    station = built(tmp_path, SOURCE, UNIT, LOAD, loops).station
    assert station.load_loops[0].water_heat_capacity == pytest.approx(2.0 * 4.18e6, rel=5e-3)


def test_collectors_and_towers_wait_for_weather(tmp_path: Path) -> None:
    sun = """
[solar_collectors.roof]
area = "100 m2"
recharges = "river"
[[staging.recharges]]
device = "roof"
months = [6, 7, 8]
start_temperature = "18 °C"
capacity = "30 kW"
[place]
latitude = "40 deg"
longitude = "116 deg"
"""
    notes = [note.en for note in built(tmp_path, SOURCE, UNIT, LOAD, sun).notes]
    assert any("roof recharges river; without weather it is left out" in note for note in notes)
    from diwen.loads.weather import Weather

    hours = np.arange(8760)
    weather = Weather(
        np.full(8760, 20.0),
        global_horizontal=np.clip(600.0 * np.sin((hours % 24 - 6) / 12 * np.pi), 0.0, None),
        latitude=40.0,
        longitude=116.0,
    )
    (recharge,) = site_station(read(tmp_path), weather).station.recharges
    assert (recharge.source, recharge.capacity, recharge.start_temperature) == ("river", 30e3, 18.0)
    assert recharge.allowed is not None
    # June, July and August: days 152 to 243 of a year of 365.
    assert np.flatnonzero(recharge.allowed)[[0, -1]].tolist() == [151 * 24, 243 * 24 - 1]
    assert recharge.allowed.sum() == 92 * 24


def test_loops_that_share_a_unit_are_added_up(tmp_path: Path) -> None:
    tap = '[loads.tap]\nkind = "hot_water"\nheating_design_load = "35 kW"\n'
    notes = [note.en for note in built(tmp_path, SOURCE, UNIT, LOAD, tap).notes]
    found = [note for note in notes if "short by 15 kW where the peaks meet" in note]
    assert len(found) == 1
    enough = tap.replace("35 kW", "20 kW")
    assert not any("short by" in n.en for n in built(tmp_path, SOURCE, UNIT, LOAD, enough).notes)
