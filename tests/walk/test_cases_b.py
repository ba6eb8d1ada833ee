"""Cases of the field as a user runs them: mine cascade, 144 air units, steam, wells.

Golden numbers are those that the sources state (2025 yearbook of the Chinese heat-pump industry,
journal China Geothermal Energy) and their arithmetic; what a year comes to is held to the first
law, to the loads and to the documented operating points, never to earlier results.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from walk_site import diwen

from diwen import site
from diwen.plant.cycles import Claim, carnot_cop, judge_steam_claim, of_two_cops
from diwen.site.heat_pump_maps import unit_maps
from diwen.twin.site_simulation import SiteSimulation, simulate_site

_EXAMPLES = Path(__file__).parents[2] / "examples"
_NEW = ("mine-cascade", "air-units-144", "steam-from-waste-heat")
_WELLS = ("forest-office-4-wells", "hospital-18-wells")
_MWH = 3.6e9
_WATER = 4.19e6  # J/(m³ K), as the sources count


@cache
def year(name: str) -> SiteSimulation:
    return simulate_site(site.read(_EXAMPLES / name))


@pytest.mark.parametrize("name", [*_NEW, *_WELLS])
def test_the_folder_is_sound_in_both_languages(name):
    for language, word in (("en", "the folder is sound"), ("zh", "项目文件夹")):
        done = diwen("check", _EXAMPLES / name, "--language", language)
        assert done.exit_code == 0, done.output
        assert word in done.stdout
    text = (_EXAMPLES / name / "site.toml").read_text(encoding="utf-8")
    assert "illustrative = true" in text
    assert "假定" in text
    assert "文献" in text


@pytest.mark.parametrize("name", [*_NEW, *_WELLS])
def test_a_year_closes_and_meets_its_loads(name):
    run = year(name)
    (summary,), (course,) = run.years, run.courses
    assert run.closure < 1e-9
    assert summary.unmet_share < 0.01
    useful = summary.heat + summary.hot_water + summary.cold
    demand = summary.demand_heat + summary.demand_cold
    # Back-ups and the heat of pumps are not heat of the units: 5 %.
    assert useful + summary.backup_heat == pytest.approx(demand, rel=0.05)
    # First law over all machines: heat = drawn + power (unit by unit, standby aside).
    for one in course.units.values():
        residual = one.heat - one.cold - one.source_heat - one.power
        assert np.abs(residual).max() <= 2e-3 * max(one.heat.max(), one.cold.max(), 1.0)
    assert all(value >= 0.0 for value in summary.electricity.values())


def test_a_year_is_told_in_both_languages():
    english = diwen("simulate", _EXAMPLES / "steam-from-waste-heat", "--language", "en")
    chinese = diwen("simulate", _EXAMPLES / "steam-from-waste-heat", "--language", "zh")
    assert english.exit_code == chinese.exit_code == 0, english.output
    assert "Computed, not measured" in english.stdout
    assert "not tested" in english.stdout
    assert "计算值，非实测" in chinese.stdout
    assert "负荷全部满足" in chinese.stdout


def test_mine_as_the_yearbook_states_it():
    plant = site.read(_EXAMPLES / "mine-cascade")
    load = plant.loads["mine"].heating_design_load
    assert load / 74_000 == pytest.approx(71.6, abs=0.06)
    assert load / 53 == pytest.approx(100.04e3, abs=10.0)
    assert plant.place.elevation == 1525.0
    assert plant.heat_pumps["air"].count == 53


def test_mine_meets_its_load_in_the_coldest_hour_by_both_stages():
    run = year("mine-cascade")
    course = run.courses[0]
    coldest = int(np.argmin(run.outdoor))
    heating, air, water = course.loops["heating"], course.units["air"], course.units["water"]
    assert run.outdoor[coldest] == -25.5
    assert heating.load[coldest] == pytest.approx(5301.89e3, abs=10.0)
    assert heating.unmet[coldest] == pytest.approx(0.0, abs=1.0)
    assert heating.supply[coldest] >= 70.0 - 1e-6
    assert air.running[coldest] == pytest.approx(53, abs=0.5)
    # The cascade of two COPs, without pumps.
    lower = air.heat[coldest] / air.power[coldest]
    upper = water.heat[coldest] / water.power[coldest]
    both = water.heat[coldest] / (air.power[coldest] + water.power[coldest])
    assert both == pytest.approx(of_two_cops(lower, upper), rel=0.01)
    assert both < carnot_cop(-25.5, 70.0)


def test_mine_heats_with_one_stage_above_the_switch_and_two_below():
    run = year("mine-cascade")
    course = run.courses[0]
    asked = course.loops["heating"].load > 0.0
    mild, cold = asked & (run.outdoor >= 5.0), asked & (run.outdoor < 4.9)
    assert mild.sum() > 100
    assert course.units["water"].heat[mild].max() == 0.0
    assert course.units["water"].heat[cold].min() > 0.0
    # What the lower stage gives to the upper one is not delivered.
    summary = run.years[0]
    assert summary.heat < 1.001 * summary.demand_heat
    power = sum(one.power for one in course.units.values())
    delivered = course.loops["heating"].delivered
    ratios = [delivered[part].sum() / power[part].sum() for part in (mild, cold)]
    assert ratios[0] > ratios[1] > delivered[np.argmin(run.outdoor)] / power.max() > 1.0


def test_town_as_the_yearbook_states_it():
    plant = site.read(_EXAMPLES / "air-units-144")
    town, unit = plant.loads["town"], plant.heat_pumps["air"]
    assert town.area * 40.0 == town.heating_design_load == 27_200e3
    assert unit.count * unit.rated_heating_capacity == pytest.approx(27_200e3, rel=1e-3)
    assert town.served_share * town.area == pytest.approx(350_000, abs=1.0)
    needed = 350_000 * 40.0 / unit.rated_heating_capacity
    assert 72 <= np.ceil(needed) == 75 <= 96
    comfort = plant.comfort
    assert (comfort.room_temperature_minimum, comfort.overheating_temperature) == (18.0, 22.0)


def test_town_runs_no_more_units_than_are_permitted():
    run = year("air-units-144")
    running = run.courses[0].units["air"].running
    assert running.max() <= 96 + 1e-9
    assert running[run.outdoor >= 0.0].max() <= 72 + 1e-9
    assert running.max() >= 74  # the full load of the served part
    load = run.courses[0].loops["heating"].load
    assert load.max() == pytest.approx(14_000e3, rel=0.01)


@pytest.mark.parametrize(("source", "steam", "cop"), [(30.0, 150.0, 2.0), (60.0, 150.0, 2.5)])
def test_claims_of_steam_are_plausible_with_usual_compressors(source, steam, cop):
    for hand_over in (85.0, 100.0):
        found = judge_steam_claim(Claim(source, steam, cop), hand_over=hand_over, auxiliary=0.01)
        assert found.possible
        assert found.plausible
        assert 0.60 < found.isentropic_efficiency < 0.70
        assert found.lossless < carnot_cop(source, steam)
    worse = judge_steam_claim(Claim(source, steam, carnot_cop(source, steam) + 0.01))
    assert not worse.possible


def test_a_claim_between_what_runs_and_carnot_is_doubted():
    # With a hand-over of 100 °C the gas of the closed cycle ends wet without losses.
    found = judge_steam_claim(Claim(30.0, 150.0, 3.4), hand_over=100.0)
    assert found.possible
    assert not found.plausible
    assert 0.8 < found.isentropic_efficiency < 1.0
    assert "doubtful" in found.verdict.en
    assert "存疑" in found.verdict.zh


def test_steam_of_the_food_factory():
    # 5 to 5.5 bar are 155 °C (absolute pressure).
    assert 5.0e5 < PropsSI("P", "T", 155.0 + 273.15, "Q", 1, "Water") < 5.5e5
    plant = site.read(_EXAMPLES / "steam-from-waste-heat")
    low = unit_maps(plant, "low").heating
    capacity, power = low.at(35.0, 155.0)
    assert capacity == pytest.approx(1000e3)
    assert 1.9 < capacity / power < 0.75 * carnot_cop(35.0, 155.0)
    run = year("steam-from-waste-heat")
    for name, limit in (("food", 28.0), ("dye", 50.0)):
        course, source = run.courses[0].sources[name], plant.sources[name]
        assert course.heat.max() <= source.available_power * (1.0 + 1e-9)
        warm = course.flow_share > 0.0
        assert course.leaving[warm].min() >= limit - 1e-6
        assert course.entering[warm] == pytest.approx(source.temperature_mean)


def test_water_of_a_source_that_only_gives_heat_comes_no_warmer_than_untouched():
    """At whatever share of its flow: what returns colder says nothing of what is drawn."""
    run = year("hospital-18-wells")
    course = run.courses[0].sources["wells"]
    first = np.arange(24 * 59)  # 1 January to 28 February: nothing but heat out of cold wells
    drawn = first[course.heat[first] > 0.0]
    assert len(drawn) > 1000
    assert course.entering[drawn].max() <= 10.5 + 0.05
    spread = course.entering[drawn] - course.leaving[drawn]
    rate = run.sources["wells"].heat_capacity_rate * course.flow_share[drawn]
    assert spread == pytest.approx(course.heat[drawn] / rate, rel=1e-6)


def test_forest_office_as_published():
    plant = site.read(_EXAMPLES / "forest-office-4-wells")
    wells = plant.sources["wells"]
    assert (len(wells.wells), wells.depth, plant.heat_pumps["hp"].count) == (4, 72.0, 4)
    assert wells.rated_capacity / (wells.flow * _WATER) == pytest.approx(4.30, abs=0.01)
    season = plant.operation.cooling_season
    assert season is not None
    assert "05-20" in str(season)
    assert plant.comfort.room_temperature_maximum == 25.0
    course = year("forest-office-4-wells").courses[0]
    # Balanced over the year, and within what the wells are rated for.
    assert course.sources["wells"].heat.max() <= 4 * 80e3
    assert 0.8 < year("forest-office-4-wells").years[0].balance < 1.2


def test_hospital_wells_give_what_the_winter_asks_not_what_they_could():
    plant = site.read(_EXAMPLES / "hospital-18-wells")
    wells = plant.sources["wells"]
    measured = wells.design_flow * _WATER * (15.3 - 13.1)
    assert measured == pytest.approx(1381e3, rel=0.002)
    assert measured / (18 * wells.rated_capacity) == pytest.approx(0.38, abs=0.005)
    course = year("hospital-18-wells").courses[0].sources["wells"]
    # Winter load, not the wells: the twin takes the measured heat within 10 %, and the wells could
    # give their rated heat with water of 15.3 °C above the lowest return.
    assert course.heat.max() == pytest.approx(measured, rel=0.10)
    assert 15.3 - 3600e3 / (wells.design_flow * _WATER) > wells.minimum_return_temperature
    # Summer sizes the field: nearly all of the rated 5400 kW.
    assert 0.85 < -course.heat.min() / (18 * wells.rated_injection) < 1.0


def test_hospital_warms_as_more_heat_is_given_than_taken():
    run = simulate_site(site.read(_EXAMPLES / "hospital-18-wells"), years=8, keep="none")
    highest = [one.entering[1] for one in run.years]
    assert np.all(np.diff(highest) > 0.0)
    assert run.years[0].balance > 1.2
    # The documented 15.3 °C of a winter hour lies on the way of these years.
    assert run.years[0].entering[0] < 15.3 < run.years[-1].entering[0]
