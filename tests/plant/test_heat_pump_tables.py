"""Makers' tables: read with their faults told, met exactly, carried on, and checked."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.plant.carnot_fit import OperatingPoints, fit_carnot
from diwen.plant.carnot_unit import carnot_limit
from diwen.plant.map_checks import map_findings
from diwen.plant.map_from_table import map_from_table
from diwen.problems import InputError
from diwen.rules.rulebook import DATA
from diwen.site.heat_pump_kind import completion, ranges
from diwen.site.performance_table import read_performance_table
from diwen.site.table_map import table_map

SHIPPED = sorted((DATA / "equipment" / "tables").glob("*.csv"))
SUSPECT = sorted((Path(__file__).parent / "suspect_tables").glob("*.csv"))


def points_of(path):
    rows = read_performance_table(path)
    return OperatingPoints("heating", *np.array([(p.source, p.load, p.capacity, p.power)
                                                 for p in rows]).T)  # fmt: skip


def made(points):
    usual = completion("brine_water", "heating")
    return map_from_table(points, usual, *ranges("brine_water", "heating")).map


def some(points, chosen):
    return OperatingPoints("heating", points.source[chosen], points.load[chosen],
                           points.capacity[chosen], points.power[chosen])  # fmt: skip


def test_the_tables_are_there():
    assert len(SHIPPED) == 4
    assert len(SUSPECT) == 2


@pytest.mark.parametrize("path", [*SHIPPED, *SUSPECT], ids=lambda path: path.stem)
def test_a_table_comes_back_from_its_map(path):
    points = points_of(path)
    found = made(points)
    capacity, power = found.at(points.source, points.load)
    assert capacity == pytest.approx(points.capacity, rel=1e-12)
    assert power == pytest.approx(points.power, rel=1e-12)
    assert not found.extrapolated(points.source, points.load).any()
    assert np.all(found.capacity >= found.power)
    limit = carnot_limit("heating", found.source[:, None], found.load[None, :])
    assert np.all(found.capacity < limit * found.power)


@cache
def shipped_map(path):
    return made(points_of(path))


@settings(max_examples=60)
@given(st.sampled_from(SHIPPED), st.floats(-25, 45), st.floats(20, 90), st.floats(0, 30))
def test_beyond_a_table_the_cop_still_falls_with_the_lift(path, source, load, further):
    found = shipped_map(path)
    (capacity, power), (more, work) = found.at(source, load), found.at(source, load + further)
    assert more / work <= (1.0 + 1e-6) * capacity / power
    colder, effort = found.at(source - further, load)
    assert colder / effort <= (1.0 + 1e-6) * capacity / power
    assert colder <= (1.0 + 1e-6) * capacity


def test_a_cooling_table_is_carried_on_as_well():
    """Points of a machine with rounding errors of 1 %: met exactly, lawful beyond them."""
    usual = completion("water_water", "cooling")
    one = OperatingPoints("cooling", *np.array([[25.0, 7.0, 100e3, 20e3]]).T)
    source, load = (axis.ravel() for axis in np.meshgrid([20.0, 25.0, 30.0], [5.0, 7.0, 12.0]))
    capacity, power = fit_carnot(one, usual).unit.performance(source, load)
    power *= 1.0 + 0.01 * np.array([1, -1, 0, 0, 1, -1, -1, 0, 1])
    points = OperatingPoints("cooling", source, load, capacity, power)
    found = map_from_table(points, usual, *ranges("water_water", "cooling")).map
    assert np.divide(*found.at(source, load)) == pytest.approx(capacity / power, rel=1e-12)
    efficiency = found.capacity / found.power
    outside_load = (found.load < 5.0) | (found.load > 12.0)
    assert np.all(np.diff(efficiency[:, outside_load], axis=0) <= 1e-9)
    outside_source = (found.source < 20.0) | (found.source > 30.0)
    assert np.all(np.diff(efficiency[outside_source], axis=1) >= -1e-9)
    limit = carnot_limit("cooling", found.source[:, None], found.load[None, :])
    assert np.all(efficiency < limit)


def test_half_of_a_large_table_says_the_other_half():
    """220 kW unit, 159 points: 3 % on what was left out."""
    points = points_of(next(path for path in SHIPPED if "wamak" in path.stem))
    found = made(some(points, slice(0, None, 2)))
    left = some(points, slice(1, None, 2))
    capacity, power = found.at(left.source, left.load)
    assert np.abs(capacity / left.capacity - 1.0).max() < 0.03
    assert np.abs(power / left.power - 1.0).max() < 0.03


@pytest.mark.parametrize(
    "path", [p for p in SHIPPED if "alpha" not in p.stem], ids=lambda p: p.stem
)
def test_the_coldest_column_is_foretold_from_the_others(path):
    """Leaving out the lowest source temperature, the extrapolated map misses it by 8 % at most."""
    points = points_of(path)
    coldest = points.source == points.source.min()
    found = made(some(points, ~coldest))
    left = some(points, coldest)
    assert found.extrapolated(left.source, left.load).all()
    capacity, power = found.at(left.source, left.load)
    assert np.abs(capacity / left.capacity - 1.0).max() < 0.08
    assert np.abs(power / left.power - 1.0).max() < 0.08


def test_scattered_points_become_a_map_near_them():
    """Operating points of no grid: the surface is met within 3 %."""
    draw = np.random.default_rng(5)
    whole = made(points_of(next(path for path in SHIPPED if "nibe" in path.stem)))
    source, load = draw.uniform(-5.0, 10.0, 40), draw.uniform(35.0, 55.0, 40)
    points = OperatingPoints("heating", source, load, *whole.at(source, load))
    capacity, power = made(points).at(source, load)
    assert np.abs(capacity / points.capacity - 1.0).max() < 0.03
    assert np.abs(power / points.power - 1.0).max() < 0.03


@pytest.mark.parametrize("path", SUSPECT, ids=lambda path: path.stem)
def test_the_copied_columns_are_found(path):
    """Capacities at 45, 55 and 65 °C are one column copied twice, larger than those at 35 °C."""
    found = map_findings(points_of(path), completion("brine_water", "heating"))
    (copied,) = [one for one in found if one.check == "equal"]
    assert "45, 55, 65 °C" in copied.message.en
    assert "45, 55, 65 °C" in copied.message.zh
    assert copied.severity == "warning"
    assert {one.check for one in found} >= {"equal", "capacity"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_sound_tables_have_no_finding(path):
    assert map_findings(points_of(path), completion("brine_water", "heating")) == []


def test_each_check_finds_its_error():
    points = points_of(next(path for path in SHIPPED if "nibe" in path.stem))
    usual = completion("brine_water", "heating")

    def checks(index, capacity=1.0, power=1.0, heat=None):
        wrong = some(points, np.arange(points.source.size))
        wrong.capacity[index] *= capacity
        wrong.power[index] *= power
        return {one.check for one in map_findings(wrong, usual, heat)}

    assert "carnot" in checks(3, power=0.01)
    assert "first_law" in checks(3, capacity=0.1)
    assert "positive" in checks(3, capacity=0.0)
    assert "lift" in checks(3, power=1.4)
    assert "capacity" in checks(3, capacity=0.7)
    assert "smooth" in checks(3, capacity=1.3, power=1.3)
    balance = points.capacity - points.power
    assert checks(3, heat=balance) == set()
    balance[4] *= 1.2
    assert checks(3, heat=balance) == {"balance"}


def test_a_table_in_chinese_with_cop_and_percent(tmp_path):
    path = tmp_path / "table.csv"
    header = "模式;地源侧进口温度（℃）;供水温度（℃）;制热（冷）量（kW）;性能系数;负荷率（%）"
    lines = ("制热;0;35;16,4;4,0;100", "制冷;30;7;15;5;100", "制热;0;35;8,2;4,4;50")
    path.write_text("\n".join((header, *lines)), encoding="utf-8")
    first, cold, part = read_performance_table(path)
    assert (first.mode, first.capacity, first.power) == ("heating", 16400.0, pytest.approx(4100.0))
    assert (cold.mode, cold.source, cold.load) == ("cooling", 30.0, 7.0)
    assert part.part_load == 0.5


FAULTS = {
    "capacity": ("source_entering (°C),load_leaving (°C),capacity,power (kW)\n0,35,16,4\n",
                 "line 1", "unit"),
    "watt": ("source_entering (°C),load_leaving (°C),capacity (kPa),power (kW)\n0,35,16,4\n",
             "line 1", "not a unit"),
    "lacks": ("source_entering (°C),capacity (kW),power (kW)\n0,16,4\n", "line 1", "missing"),
    "power": ("source_entering (°C),load_leaving (°C),capacity (kW)\n0,35,16\n", "line 1",
              "missing"),
    "word": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,35,16,4\n"
             "5,35,x,4\n", "line 3, column capacity (kW)", "not a number"),
    "empty": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,35,16,\n",
              "line 2, column power (kW)", "empty"),
    "range": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,350,16,4\n",
              "line 2, column load_leaving (°C)", "range"),
    "cop": ("source_entering (°C),load_leaving (°C),capacity (kW),power (W),cop\n0,35,16,4,4\n",
            "line 2, column cop", "COP says"),
    "twice": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,35,16,4\n"
              "0,35,17,4\n", "line 3", "line 2 already"),
    "mode": ("mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n"
             "heat,0,35,16,4\n", "line 2, column mode", "possible words"),
    "none": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n", "",
             "no operating point"),
    "nothing": ("", "line 1", "empty"),
    "surplus": ("source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,35,16,4,9\n",
                "line 2", "more cells"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_table_is_told_with_its_place(tmp_path, fault):
    text, where, message = FAULTS[fault]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_performance_table(path)
    told = [one for one in caught.value.problems if message in one.message.en]
    assert told
    assert told[0].where == where
    assert told[0].file == "table.csv"
    assert told[0].cure.zh


def test_a_table_above_carnot_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "source_entering (°C),load_leaving (°C),capacity (kW),power (kW)\n0,55,16,0.5\n5,55,18,4\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        table_map("brine_water", "heating", read_performance_table(path), path.name, [])
    assert caught.value.problems[0].where == "line 2"
    assert "Carnot" in caught.value.problems[0].message.en
