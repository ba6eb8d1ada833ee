"""Heat pumps of a site become maps however they are known; the catalogue and its selection."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from diwen import site
from diwen.problems import InputError
from diwen.site.equipment_catalogue import OWN_FILE, catalogue, well_products
from diwen.site.equipment_maps import catalogue_maps
from diwen.site.heat_pump_maps import unit_maps

EXAMPLES = Path(__file__).parents[2] / "examples"
TABLE = "mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW),part_load (1)\n" + (
    "heating,0,35,16,4,1\nheating,0,45,15,5,1\nheating,10,35,20,4.1,1\nheating,10,45,19,5.1,1\n"
    "heating,0,35,8,1.8,0.5\ncooling,20,7,18,3,1\ncooling,30,7,16,4,1\n"
)


def plant(tmp_path, unit, files=None):
    """A small site with one heat pump."""
    text = f"""
schema = 1
[site]
name_en = "Test"
name_zh = "试验"
kind = "plant"
[sources.field]
type = "other"
{unit}
"""
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    for name, content in (files or {}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return site.read(tmp_path)


def test_every_example_with_ratings_has_maps():
    found = 0
    for folder in sorted(EXAMPLES.iterdir()):
        if not (folder / "site.toml").exists():
            continue
        plant = site.read(folder)
        for id, unit in plant.heat_pumps.items():
            if not (unit.rated_heating_capacity or unit.rating_points):
                continue
            maps = unit_maps(plant, id)
            assert maps.heating is not None
            if unit.cycle is not None:  # held to its cycle in tests/site/test_cycle_maps.py
                continue
            cop = np.divide(*maps.heating.at(10.0, 45.0))
            assert 3.0 < cop < 5.5, folder.name
            assert all(notice.severity == "warning" for notice in maps.notices)
            found += 1
    assert found >= 5


def test_a_table_of_the_site_is_its_map(tmp_path):
    unit = '[heat_pumps.hp]\ntype = "brine_water"\nsource = "field"\nperformance_map = "map.csv"'
    maps = unit_maps(plant(tmp_path, unit, {"map.csv": TABLE}), "hp")
    assert maps.heating.at(10.0, 45.0) == (pytest.approx(19e3), pytest.approx(5.1e3))
    assert maps.cooling.at(30.0, 7.0) == (pytest.approx(16e3), pytest.approx(4e3))
    assert maps.part_load.minimum == 0.5
    # Half load at 0/35: COP 4.44 against 4.
    assert 0.5 / maps.part_load.power_shares[0] == pytest.approx((8 / 1.8) / 4.0)
    assert maps.simultaneous is None


def test_a_faulty_table_is_told_when_the_site_is_read(tmp_path):
    unit = '[heat_pumps.hp]\ntype = "brine_water"\nsource = "field"\nperformance_map = "map.csv"'
    with pytest.raises(InputError) as caught:
        plant(tmp_path, unit, {"map.csv": TABLE.replace("capacity (kW)", "capacity")})
    assert [problem.file for problem in caught.value.problems] == ["map.csv"]


def test_ratings_without_temperatures_are_assumed_and_told(tmp_path):
    unit = ('[heat_pumps.hp]\ntype = "water_water"\nsource = "field"\nsimultaneous = true\n'
            'rated_heating_capacity = "100 kW"\nrated_heating_power = "25 kW"')  # fmt: skip
    maps = unit_maps(plant(tmp_path, unit), "hp")
    assert maps.heating.at(10.0, 45.0)[0] == pytest.approx(100e3)
    assert any("says no temperatures" in notice.message.en for notice in maps.notices)
    assert maps.cooling is None
    # Chilled water leaves 5 K colder than it enters.
    assert maps.simultaneous.at(5.0, 45.0)[0] == pytest.approx(100e3)


def test_simultaneous_heat_and_cold_of_the_printed_unit():
    """Printed for a university sports centre: 648.2 kW of heat with 160.3 kW, so 487.9 of cold."""
    unit = catalogue().unit("sports_centre_recovery")
    heat, power = catalogue_maps(unit).heating.at(12.0, 50.0)
    assert heat - power == pytest.approx(487.9e3, rel=1e-6)
    cold, work = catalogue_maps(unit).cooling.at(30.0, 7.0)
    assert cold / work == pytest.approx(517.0 / 91.1)


def test_antifreeze_of_a_water_unit_lowers_its_map(tmp_path):
    unit = ('[heat_pumps.hp]\ntype = "water_water"\nsource = "field"\n'
            'rated_heating_capacity = "100 kW"\nrated_heating_power = "25 kW"\n')  # fmt: skip
    water = unit_maps(plant(tmp_path, unit), "hp").heating
    brine = 'source_fluid = { name = "propylene_glycol", concentration = "30 %" }'
    glycol = unit_maps(plant(tmp_path, unit + brine), "hp").heating
    assert glycol.at(5.0, 45.0)[0] < 0.98 * water.at(5.0, 45.0)[0]


def test_a_unit_of_which_nothing_is_known_is_refused(tmp_path):
    sick = plant(tmp_path, '[heat_pumps.hp]\ntype = "water_water"\nsource = "field"')
    with pytest.raises(InputError) as caught:
        unit_maps(sick, "hp")
    assert "rating_points" in caught.value.problems[0].cure.en
    with pytest.raises(InputError) as caught:
        unit_maps(sick, "other")
    assert "hp" in caught.value.problems[0].cure.zh


def test_the_model_names_a_row_of_the_catalogue(tmp_path):
    unit = '[heat_pumps.hp]\ntype = "water_water"\nsource = "field"\nmodel = "household_5.6"'
    maps = unit_maps(plant(tmp_path, unit), "hp")
    assert maps.heating.at(10.0, 45.0)[0] == pytest.approx(5600.0)
    assert any("catalogue" in notice.message.en for notice in maps.notices)


@pytest.mark.parametrize(
    ("id", "capacity", "cop"),
    [("5.6", 5.6, 3.73), ("7.4", 7.4, 3.70), ("7.6", 7.6, 3.80), ("30", 30.0, 3.33)],
)
def test_household_sets_stand_as_printed(id, capacity, cop):
    unit = catalogue().unit(f"household_{id}")
    heat, power = catalogue_maps(unit).heating.at(10.0, 45.0)
    assert heat == pytest.approx(capacity * 1e3)
    assert heat / power == pytest.approx(cop, abs=0.005)
    assert unit.phased_out == (id == "7.4")
    assert (unit.borehole_length, unit.borehole_pipe) == (100.0, "De32 U")
    # Rating temperatures are not stated: said in both languages.
    assert sum("not stated" in notice.message.en for notice in catalogue_maps(unit).notices) == 2


def test_numbers_that_are_no_nameplates_say_so():
    units = catalogue().units
    assert units["dlrk_320_ii"].points[0].capacity == pytest.approx(27200e3 / 144, rel=1e-3)
    assert units["pw600"].points[0].capacity == pytest.approx(5301.89e3 / 53, rel=1e-3)
    for id in ("dlrk_320_ii", "pw600"):
        assert "no nameplate" in units[id].notes[0].en
        assert "非铭牌值" in units[id].notes[0].zh
        assert not units[id].verified
        assert catalogue_maps(units[id]).notices


def test_wells_are_linked_to_the_rule_rows():
    wells = well_products()
    assert wells["product.well_80"].heating == 80e3
    assert wells["product.well_80"].flow == pytest.approx(16.0 / 3600.0)
    for unit in catalogue().units.values():
        assert not unit.well_product or unit.well_product in wells


def test_selection_carries_the_duty_and_says_why_others_do_not():
    found = catalogue().select(20e3, 5.0, 45.0, types={"water_water", "brine_water"})
    assert found.fits
    for fit in found.fits:
        assert fit.capacity >= 20e3
        assert fit.margin == pytest.approx(fit.capacity / 20e3 - 1.0)
        assert fit.count == math.ceil(20e3 / (fit.capacity / fit.count) - 1e-9)
    reasons = {unit.id: reason for unit, reason in found.refused}
    assert "R22" in reasons["household_7.4"].zh
    assert "another type" in reasons["mohe_155"].en
    assert "exceed the duty" in reasons["sports_centre_recovery"].en
    assert len(found.fits) + len(found.refused) == len(catalogue().units)
    chosen = {fit.unit.id for fit in found.fits}
    tested = catalogue().select(20e3, 5.0, 45.0, types={"brine_water"}, tested_only=True)
    assert {fit.unit.id for fit in tested.fits} <= chosen
    assert not any(fit.extrapolated for fit in tested.fits)


def test_limits_of_a_unit_refuse_it():
    found = catalogue().select(60e3, -12.0, 90.0, types={"air_water"})
    reasons = {unit.id: reason.en for unit, reason in found.refused}
    assert "82 °C at most" in reasons["oil_heating_80"]
    cold = catalogue().select(60e3, -50.0, 45.0, types={"air_water"})
    assert "below -42.4" in {unit.id: reason.en for unit, reason in cold.refused}["mohe_96"]
    margin = catalogue().select(60e3, -12.0, 70.0, types={"air_water"}, least_margin=0.2)
    assert all(fit.margin >= 0.2 - 1e-9 for fit in margin.fits)


OWN = "id,type,mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW),refrigerant\n"


def test_a_maker_adds_and_replaces_rows(tmp_path):
    shutil.copytree(EXAMPLES / "plant-template", tmp_path / "own")
    (tmp_path / "own" / OWN_FILE).write_text(
        OWN + "mine_50,water_water,heating,10,45,50,11,R290\nmine_50,,cooling,25,7,48,9,\n"
        "household_30,water_water,heating,10,45,31,8,R32\n",
        encoding="utf-8",
    )
    found = catalogue(site.read(tmp_path / "own"))
    assert found.unit("mine_50").modes() == ("heating", "cooling")
    assert found.unit("household_30").points[0].capacity == 31e3
    assert "household_5.6" in found.units
    assert "mine_50" in {fit.unit.id for fit in found.select(45e3, 10.0, 45.0).fits}
    with pytest.raises(InputError) as caught:
        found.unit("mine_5")
    assert "mine_50" in caught.value.problems[0].cure.en


def test_faults_of_an_own_catalogue_are_told_all_at_once(tmp_path):
    (tmp_path / OWN_FILE).write_text(
        OWN + "a,water_watr,heating,10,45,50,11,\nb,water_water,heat,10,45,50,11,\n"
        "c,water_water,heating,10,45,fifty,11,\nd,water_water,heating,10,45,,,\n"
        "e,water_water,heating,10,45,50,11,R290\ne,brine_water,cooling,25,7,48,9,R290\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        catalogue(folders=[tmp_path])
    places = [problem.where for problem in caught.value.problems]
    assert places == [
        "line 2, column type", "line 3, column mode", "line 4, column capacity (kW)", "line 5",
        "line 7, column type",
    ]  # fmt: skip
    assert {problem.file for problem in caught.value.problems} == {OWN_FILE}
    assert "water_water" in caught.value.problems[0].cure.en
