"""Formulas of the complete design on made-up courses, each worked out once more by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from diwen.design.station_design.balance_years import outdoor_of_year, source_year
from diwen.design.station_design.compliance_judging import broken, judged, within
from diwen.design.station_design.design_hours import units_of
from diwen.design.station_design.part_load_hours import part_load_of
from diwen.design.station_design.recharge_need import _root as root_of_power
from diwen.design.station_design.recharge_need import ratio_of
from diwen.design.station_design.result_plant import DesignHour
from diwen.design.station_design.result_years import SourceYear
from diwen.design.station_design.unit_failures import _worst as worst_hour
from diwen.design.station_design.unit_failures import without_one
from diwen.language import same
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, Station, SupplyCurve, Unit
from diwen.rules.row import Row
from diwen.site import read
from diwen.site.loops import Loop
from diwen.site.usual_values import usual_value
from diwen.twin.course import LoopCourse, SourceCourse, TwinCourse, UnitCourse

TABLE = PerformanceMap(
    "heating", np.array([0.0]), np.array([45.0]), np.array([[10e3]]), np.array([[3e3]]),
    (0.0, 0.0), (45.0, 45.0),
)  # fmt: skip
STEPS = 6
ZERO = np.zeros(STEPS)


def station(count: int = 2) -> Station:
    loops = (
        LoadLoop("warm", "heat", ("a",), SupplyCurve.constant(45.0)),
        LoadLoop("cool", "cold", ("b",), SupplyCurve.constant(7.0)),
    )
    unit = Unit(
        "u", count, "field", ("warm", "cool"), TABLE, dataclasses.replace(TABLE, mode="cooling")
    )
    return Station((), loops, (unit,))


def course(
    load: list[float], heat: list[float], cold: list[float], power: list[float]
) -> TwinCourse:
    """Half-hours of one unit group; what is not made is not met."""

    def loop(asked: np.ndarray, made: np.ndarray) -> LoopCourse:
        return LoopCourse(asked, made, asked - made, ZERO, ZERO, None, None, None, ZERO)

    made, chilled = np.array(heat), np.array(cold)
    unit = UnitCourse(
        made, chilled, ZERO, ZERO, np.array(power), (made + chilled > 0.0) * 1.0,
        np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), ZERO, ZERO, np.zeros(STEPS, bool),
    )  # fmt: skip
    loops = {"warm": loop(np.array(load), made), "cool": loop(chilled, chilled)}
    return TwinCourse(
        1800.0, 0, {}, {"u": unit}, loops, {}, {}, {}, np.zeros(STEPS, np.int8), 0.0, 0.0
    )


HOUR = DesignHour("heating", 0, 1, 20e3, None, 0.0, 45.0, 20e3, 0.0, 10e3, 2, 2e3, 5e3)


def test_part_load_puts_hours_heat_and_electricity_into_the_class_of_the_load() -> None:
    width = usual_value("default.design.part_load_class")
    low, high = 0.5 * width, 1.0  # in the first and the last class
    load = [low * 20e3, low * 20e3, high * 20e3, 0.0, 0.0, 0.0]
    ran = course(
        load, load, [0.0, low * 20e3, 0.0, 5e3, 0.0, 0.0], [300.0, 600.0, 5e3, 1e3, 0.0, 0.0]
    )
    found = part_load_of(ran, station(), HOUR)
    assert found is not None
    assert found.hours[[0, -1]] == pytest.approx([1.0, 0.5])
    assert found.hours.sum() == pytest.approx(1.5)
    assert found.energy[[0, -1]] == pytest.approx([2 * low * 20e3 * 1800.0, 20e3 * 1800.0])
    # Half of the electricity of the step that makes as much cold belongs to the heat.
    assert found.mean_efficiency[0] == pytest.approx(2 * low * 20e3 / (300.0 + 300.0))
    assert found.mean_efficiency[-1] == pytest.approx(4.0)
    assert found.starts == {"u": 1.0}
    assert found.running_hours == {"u": 1.5}
    assert found.below_minimum == pytest.approx(1.0 if low * 20e3 < 5e3 else 0.0)


def test_a_group_loses_one_unit_and_a_single_one_all() -> None:
    assert [unit.count for unit in without_one(station(3), "u").units] == [2]
    assert without_one(station(1), "u").units == ()
    assert len(units_of(station(3), "heating")) == 1


def test_the_worst_hour_is_that_of_most_power_unmet() -> None:
    ran = course([20e3, 10e3, 8e3, 0.0, 0.0, 0.0], [16e3, 5e3, 2e3, 0, 0, 0], [0.0] * 6, [1.0] * 6)
    assert worst_hour(ran) == pytest.approx((6e3, 0.75))


def test_heat_of_units_is_that_of_the_ground_and_of_its_recharge() -> None:
    # The ground gives 4, 4, −1 kW, of it 0, 1 and 3 kW recharge and −2 kW of a tower.
    ground = np.array([4e3, 4e3, -1e3, 2e3, 0.0, 0.0])
    recharge = np.array([0.0, 1e3, 3e3, -2e3, 0.0, 0.0])
    flows = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    entering = np.array([5.0, 4.0, 6.0, -9.0, 30.0, 30.0])
    one = SourceCourse(ground, recharge, entering, entering - 3.0, entering, flows)
    ran = dataclasses.replace(
        course([0.0] * 6, [0.0] * 6, [0.0] * 6, [0.0] * 6), sources={"f": one}
    )
    found = source_year(one, ran)
    assert found.extraction == pytest.approx((4e3 + 5e3 + 2e3) * 1800.0)
    assert found.injection == 0.0
    assert (found.recharge, found.rejection) == pytest.approx((4e3 * 1800.0, 2e3 * 1800.0))
    assert found.entering == (4.0, 6.0)
    assert found.leaving == (1.0, 3.0)


def test_the_ratio_counts_all_heat_into_and_out_of_the_ground() -> None:
    ends = (0.0, 0.0)
    years = (
        SourceYear(ends, ends, 10.0, 4.0, 3.0, 0.0),
        SourceYear(ends, ends, 8.0, 4.0, 0.0, 2.0),
    )
    assert ratio_of(years) == pytest.approx((4 + 3 + 4 + 0) / (10 + 0 + 8 + 2))
    assert ratio_of((SourceYear(ends, ends, 0.0, 1.0, 0.0, 0.0),)) == np.inf


@pytest.mark.parametrize("guess", [1.0, 30.0, 5000.0])
def test_the_power_is_that_at_which_the_target_is_just_passed(guess: float) -> None:
    power, reached = root_of_power(lambda p: (np.sqrt(p) - 10.0, np.sqrt(p)), guess, 1e-3)
    assert power is not None
    assert 10.0 <= reached <= 10.0 + 1e-3
    assert power == pytest.approx(100.0, abs=0.05)
    # What stops rising below the target is not reached.
    none, most = root_of_power(lambda p: (min(p, 50.0) - 100.0, min(p, 50.0)), guess, 1e-3)
    assert none is None
    assert most == pytest.approx(50.0)


def test_the_second_year_of_a_long_series_is_its_second() -> None:
    series = np.repeat([1.0, 2.0, 3.0], 8760)
    assert [float(outdoor_of_year(series, year).mean()) for year in (1, 2, 3, 4)] == [1, 2, 3, 1]


def rule(op: str, value: float, upper: float | None = None, **more: object) -> Row:
    return Row("x", "s", "", "", "q", same("t"), op, value, "1", upper=upper, **more)  # type: ignore[arg-type]


def test_a_margin_is_the_way_to_the_nearer_end() -> None:
    for value, margin, status in ((0.9, 0.1, "ok"), (1.2, 0.05, "ok"), (1.5, -0.25, "fails")):
        row = judged("i", "g", same("n"), value, rule("range", 0.8, 1.25, verified=True), same("w"))
        assert row is not None
        assert (row.margin, row.status) == (pytest.approx(margin), status)
    assert within("i", "g", same("n"), 3.0, "°C", 4.0, ">=", same("w")).margin == -1.0
    assert within("i", "g", same("n"), 3.0, "°C", 4.0, "<=", same("w")).status == "ok"


def test_only_what_was_read_or_is_our_own_fails_a_design() -> None:
    assert broken(rule("<=", 1.0, evidence="M")) == "warns"
    assert broken(rule("<=", 1.0, evidence="E")) == "fails"
    assert broken(rule("<=", 1.0, evidence="V", verified=True)) == "fails"
    assert broken(rule("<=", 1.0, evidence="V", verified=True), advice=True) == "warns"


def test_an_exchanger_counts_in_the_loop_that_it_belongs_to() -> None:
    from diwen.design.station_design.plant_design import exchangers_of_source
    from diwen.site.auxiliaries import Exchanger

    site = read(Path(__file__).parents[2] / "examples" / "sizing-office")
    (name,) = site.sources
    plate = Exchanger(secondary="source", pressure_drop="30 kPa")
    other = Exchanger(secondary="load", pressure_drop="30 kPa")
    one = site.model_copy(update={"exchangers": {"plate": plate, "other": other}})
    assert exchangers_of_source(one, name) == ("plate",)
    twice = {name: site.sources[name], "second": site.sources[name]}
    two = one.model_copy(update={"sources": twice})
    assert exchangers_of_source(two, name) == ()
    loop = Loop(kind="source", source="second", exchanger="plate")
    named = two.model_copy(update={"loops": {"ring": loop}})
    assert exchangers_of_source(named, "second") == ("plate",)
    assert exchangers_of_source(named, name) == ()
