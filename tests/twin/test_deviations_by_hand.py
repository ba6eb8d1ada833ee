"""What each deviation does to the inputs of a run, and each fault to a record, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pytest

from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import (
    LoadLoop,
    PumpGroup,
    Recharge,
    SourceLoop,
    Station,
    SupplyCurve,
    Unit,
)
from diwen.site.points import Point
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.deviations import Deviation, deviating_inputs
from diwen.twin.deviations_plant import TwinInputs
from diwen.twin.sensor_faults import SensorFault, with_sensor_faults
from diwen.twin.simulated_telemetry import SimulatedSeries

YEAR = 365.0 * 86400.0
PUMP = PumpGroup("p", np.array([0.0, 1.0]), np.array([0.0, 2e3]), 0.02)
TABLE = PerformanceMap(
    "heating", np.array([0.0]), np.array([45.0]), np.array([[10e3]]), np.array([[3e3]]),
    (0.0, 0.0), (45.0, 45.0),
)  # fmt: skip
CURVE = SupplyCurve(np.array([-10.0, 15.0]), np.array([50.0, 30.0]))


def inputs(hours: int = 48) -> TwinInputs:
    loops = tuple(
        LoadLoop(name, kind, (name,), CURVE, 5.0, 1.0, (PUMP,), dead_band=2.0)  # type: ignore[arg-type]
        for name, kind in (("warm", "heat"), ("cool", "cold"))
    )
    unit = Unit("u", 1, "one", ("warm", "cool"), TABLE, standby_power=20.0, source_flow=4e3)
    recharge = Recharge("r", "one", np.full(hours, 5e3), 50.0, 1, 6e3, 300.0)
    station = Station(
        (SourceLoop("one", (PUMP,)), SourceLoop("two")), loops, (unit,), (), (recharge,)
    )
    response = Response(np.array([YEAR]), np.ones((1, 1, 1)) * 1e-3, np.zeros((1, 1)), np.ones(1))
    model = SourceModel("borefield", response, 12.0, 8e4, 0.02)
    loads = {"warm": np.full(hours, 20e3), "cool": np.full(hours, 7e3)}
    return TwinInputs(station, {"one": model, "two": model}, loads, np.zeros(hours), 3600.0)


def deviating(
    name: str, value: float, year: int = 0, given: TwinInputs | None = None
) -> TwinInputs:
    return deviating_inputs(given or inputs(), [Deviation(name, value)], year)


def loop(found: TwinInputs, place: int = 0) -> LoadLoop:
    return found.station.load_loops[place]


def test_what_grows_stands_with_its_value_in_the_middle_of_the_year() -> None:
    found = deviating("efficiency_loss", 0.04, 2).station.units[0].heating
    assert found is not None
    assert float(found.power[0, 0]) == pytest.approx(3e3 / (1.0 - 0.04 * 2.5))
    assert float(found.capacity[0, 0]) == 10e3


def test_a_bypass_spreads_the_same_heat_over_less_water() -> None:
    # A fifth flows past: the load takes 5 K / 0.8 out of what reaches it.
    assert loop(deviating("load_bypass", 0.2)).exchanger_difference == pytest.approx(1.0 + 1.25)


def test_half_the_water_has_twice_the_difference() -> None:
    found = deviating("load_flow", 0.5)
    assert loop(found).temperature_difference == pytest.approx(10.0)
    assert loop(found).pumps[0].design_flow == pytest.approx(0.01)


def test_a_sensor_that_reads_warmer_supplies_as_on_a_warmer_day() -> None:
    found = loop(deviating("outdoor_sensor", 5.0)).supply
    assert float(found.at(0.0)) == pytest.approx(float(CURVE.at(5.0)))


def test_a_wrong_set_point_is_more_lift_on_both_sides() -> None:
    found = deviating("setpoint_shift", 3.0)
    assert loop(found, 0).supply.supply == pytest.approx(CURVE.supply + 3.0)
    assert loop(found, 1).supply.supply == pytest.approx(CURVE.supply - 3.0)


def test_an_ignored_setback_fills_the_night_from_22_to_6_to_the_mean_of_the_day() -> None:
    given = inputs()
    course = np.tile(np.where((np.arange(24) >= 6) & (np.arange(24) < 20), 10e3, 1e3), 2)
    given = replace(given, loads={"warm": course, "cool": course})
    found = deviating("night_setback_ignored", 0.5, given=given).loads["warm"][:24]
    day = (14 * 10e3 + 2 * 1e3) / 16
    expected = course[:24].copy()
    expected[[*range(6), 22, 23]] = 0.5 * day
    assert found == pytest.approx(expected)


def test_an_unseen_loss_is_shared_and_cools_by_the_response() -> None:
    found = deviating("yearly_imbalance", 0.1, 3)
    # 2 kW over two sources, 3.5 years of a mode of 1 mK/W and one year.
    drop = 1000.0 * 1e-3 * (1.0 - np.exp(-3.5))
    for model in found.sources.values():
        assert float(model.undisturbed_temperature) == pytest.approx(12.0 - drop)


def test_less_recharge_is_less_of_all_of_it() -> None:
    (found,) = deviating("recharge_factor", 0.5).station.recharges
    assert found.at_zero == pytest.approx(2.5e3)
    assert (found.per_kelvin, found.capacity, found.power) == (25.0, 3e3, 150.0)
    assert deviating("recharge_factor", 0.0).station.recharges == ()


def test_larger_units_have_all_of_it_larger() -> None:
    (unit,) = deviating("unit_capacity", 2.0).station.units
    assert unit.heating is not None
    assert (float(unit.heating.capacity[0, 0]), float(unit.heating.power[0, 0])) == (20e3, 6e3)
    assert (unit.standby_power, unit.source_flow) == (40.0, 8e3)


# ---- instruments

HOUR = 3_600_000_000
START = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1e6)
TIME = START + np.arange(100) * HOUR


def record(kind: Literal["gauge", "counter"], values: np.ndarray) -> SimulatedSeries:
    quantity = "electric_energy" if kind == "counter" else "temperature"
    unit = "kWh" if kind == "counter" else "degC"
    point = Point("x", quantity, unit, ("hp",), "supply", kind=kind, accuracy="± 0.3 K")
    return SimulatedSeries(point, TIME, values)


def test_a_counter_drifts_by_the_share_of_the_moment_it_counts() -> None:
    found = with_sensor_faults(
        [record("counter", np.arange(100.0))], [SensorFault("drift", ("x",), 2.0)]
    )[0]
    share = 2.0 * np.arange(1, 100) / 8760.0
    assert np.diff(found.value) == pytest.approx(1.0 + share)


def test_a_counter_that_loses_more_than_all_stands_still() -> None:
    found = with_sensor_faults(
        [record("counter", np.arange(100.0))], [SensorFault("drift", ("x",), -2000.0)]
    )[0]
    assert found.value[-1] == pytest.approx(found.value[10])


def test_until_is_the_first_moment_without_the_fault() -> None:
    until = datetime(2025, 1, 1, 10, tzinfo=UTC)
    found = with_sensor_faults(
        [record("gauge", np.zeros(100))], [SensorFault("bias", ("x",), 1.0, until=until)]
    )[0]
    assert np.flatnonzero(found.value).tolist() == list(range(10))


def test_half_of_the_time_is_lost_where_half_is_asked_for() -> None:
    time = START + np.arange(8760) * HOUR
    whole = replace(record("gauge", np.zeros(100)), time=time, value=np.zeros(8760))
    found = with_sensor_faults([whole], [SensorFault("outage", ("x",), 0.5)], seed=2)[0]
    assert len(found.time) / 8760 == pytest.approx(0.5, abs=0.06)
