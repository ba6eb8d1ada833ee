"""Certified fit parameters: the lines are those of hplib, the map is possible everywhere."""

import csv

import numpy as np
import pytest

from diwen.plant.carnot_unit import carnot_limit
from diwen.plant.certified_parameters import certified_parameters, map_from_certified
from diwen.rules.rulebook import DATA
from diwen.site.equipment_catalogue import catalogue
from diwen.site.equipment_maps import catalogue_maps
from diwen.site.heat_pump_kind import completion, ranges

with (DATA / "equipment" / "certified_brine_water.csv").open(encoding="utf-8") as _file:
    ROWS = [row for row in csv.DictReader(_file) if row["p1_COP [-]"] and row["P_el_h_ref [W]"]]


def test_lines_are_those_of_hplib():
    """hplib reads its own parameters; power and heat agree to rounding at every unit."""
    hplib = pytest.importorskip("hplib.hplib")
    pandas = pytest.importorskip("pandas")
    source = np.array([0.0, 5.0, 10.0, -5.0, 10.0])
    load = np.array([35.0, 45.0, 55.0, 35.0, 40.0])
    compared = 0
    for row in ROWS[::3]:
        columns = {name: [value or np.nan] for name, value in row.items()}
        peer = hplib.HeatPump(pandas.DataFrame(columns))
        said = peer.simulate(source, load - peer.delta_t, np.full(5, -7.0))
        capacity, power = certified_parameters(row).at(source, load)
        usable = np.asarray(said["COP"]) > 1.0
        assert power[usable] == pytest.approx(np.asarray(said["P_el"])[usable], rel=1e-9)
        assert capacity[usable] == pytest.approx(np.asarray(said["P_th"])[usable], rel=1e-9)
        compared += int(usable.sum())
    assert compared > 150


@pytest.mark.parametrize("row", ROWS[::17], ids=lambda row: row["Model"])
def test_map_of_a_certified_unit_is_its_lines_inside_and_possible_everywhere(row):
    unit = certified_parameters(row)
    usual = completion("brine_water", "heating")
    found = map_from_certified(unit, usual, *ranges("brine_water", "heating")).map
    capacity, power = found.at([-5.0, 0.0, 10.0], [35.0, 45.0, 55.0])
    lines = unit.at([-5.0, 0.0, 10.0], [35.0, 45.0, 55.0])
    assert capacity == pytest.approx(lines[0], rel=1e-9)
    assert power == pytest.approx(lines[1], rel=1e-9)
    assert np.all(found.power > 0.0)
    assert np.all(found.capacity >= found.power * (1.0 - 1e-12))
    limit = carnot_limit("heating", found.source[:, None], found.load[None, :])
    assert np.all(found.capacity < limit * found.power)
    assert found.extrapolated(20.0, 45.0)


def test_every_certified_unit_of_the_catalogue_has_a_map():
    units = [unit for unit in catalogue(certified=True).units.values() if unit.certified]
    assert len(units) > 100
    for unit in units[::6]:
        maps = catalogue_maps(unit)
        assert maps.heating is not None
        assert maps.cooling is None


def test_lines_that_are_possible_nowhere_are_refused():
    row = dict(ROWS[0]) | {f"p{i}_COP [-]": "0" for i in (1, 2, 3, 4)}
    usual = completion("brine_water", "heating")
    with pytest.raises(ValueError, match="no possible operating point"):
        map_from_certified(certified_parameters(row), usual, *ranges("brine_water", "heating"))
