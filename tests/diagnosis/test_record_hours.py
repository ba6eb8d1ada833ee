"""Hours of the operating record against tiny series counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.hourly_grid import HOUR_US, grid_over
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.steps import Reading, Steps, steps_of
from diwen.diagnosis.record.typical_year import place_in_year
from diwen.fluids import fluid
from diwen.site import Point, Site, read

EXAMPLES = Path(__file__).parents[2] / "examples"
MINUTE = 60_000_000
KWH = 3.6e6
_QUANTITY = {"degC": "temperature", "m3/h": "volume_flow", "kWh": "electric_energy",
             "kW": "electric_power", "1": "status"}  # fmt: skip
_KIND = {"kWh": "counter", "1": "state"}


@pytest.fixture(scope="module")
def plant() -> Site:
    return read(EXAMPLES / "plant-template").model_copy(update={"ledger": ()})


def utc(text: str, zone: str = "Asia/Shanghai") -> int:
    """Microseconds UTC of a local time."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp() * 1e6)


def point(id: str, unit: str, equipment: str, location: str, accuracy: str = "") -> Point:
    place, _, detail = location.partition("@")
    return Point(
        id, _QUANTITY[unit], unit, tuple(equipment.split("+")), place, detail,
        kind=_KIND.get(unit, "gauge"), accuracy=accuracy,
    )  # fmt: skip


def recorded(site: Site, **series: tuple[Point, list[int], list[float]]) -> OperatingRecord:
    """The record of series in the inside unit, by point."""
    points = [one for one, _, _ in series.values()]
    readings = {
        one.id: Reading(np.array(time, dtype=np.int64), np.array(value, dtype=float))
        for one, time, value in series.values()
    }
    return record_of_series(site, points, readings)


def test_register_with_irregular_readings_and_a_reset(plant):
    """10:00 0 kWh, 10:40 4, 11:20 8, 11:40 reset to 1, 12:00 3: known hours only."""
    start = utc("2024-03-05 10:00")
    time = [start + m * MINUTE for m in (0, 40, 80, 100, 120)]
    meter = point("e", "kWh", "hp1", "supply")
    record = recorded(plant, e=(meter, time, [0.0, 4 * KWH, 8 * KWH, 1 * KWH, 3 * KWH]))
    power = record.units["hp1"].power
    assert list(record.hour) == [10, 11]
    # 10:00-11:00: 4 kWh and half of the next 4; 11:00-12:00 knows 40 of 60 minutes.
    assert power.value[0] == pytest.approx(6000.0)
    assert power.cover == pytest.approx([1.0, 2.0 / 3.0])
    assert power.value[1] == pytest.approx((2.0 + 2.0) * 1000.0 / (40.0 / 60.0))


def test_gap_is_not_bridged(plant):
    """Ten-minute powers, none between 11:00 and 13:00."""
    start = utc("2024-03-05 10:00")
    minutes = [*range(0, 60, 10), *range(180, 240, 10)]
    time = [start + m * MINUTE for m in minutes]
    meter = point("p", "kW", "hp1", "supply")
    power = recorded(plant, p=(meter, time, [5000.0] * 12)).units["hp1"].power
    assert power.value[[0, 3]] == pytest.approx([5000.0, 5000.0])
    assert np.isnan(power.value[[1, 2]]).all()
    assert power.cover == pytest.approx([1.0, 0.0, 0.0, 1.0])


def test_temperature_counts_while_water_flows_and_heat_by_hand(plant):
    """Half an hour of flow at 12 and 8 °C, half at standstill at 20 °C."""
    start = utc("2024-01-10 00:00")
    time = [start + m * MINUTE for m in range(0, 60, 10)]
    flow = [10.0 / 3600.0] * 3 + [0.0] * 3
    record = recorded(
        plant,
        s=(point("s", "degC", "hp1+hp2", "source_entering"), time, [12.0] * 3 + [20.0] * 3),
        b=(point("b", "degC", "hp1+hp2", "source_leaving"), time, [8.0] * 3 + [20.0] * 3),
        f=(point("f", "m3/h", "hp1+hp2", "source"), time, flow),
    )
    loop = record.sources["field"]
    assert loop.units == ("hp1", "hp2")
    assert loop.supply.value == pytest.approx([12.0])
    assert loop.back.value == pytest.approx([8.0])
    assert loop.flow.value == pytest.approx([5.0 / 3600.0])
    assert loop.standstill_supply.value == pytest.approx([20.0])
    source = plant.sources["field"]
    liquid = fluid(source.fluid.name if source.fluid.concentration == 0.0
                   else f"{source.fluid.name} {100 * source.fluid.concentration:g} %")  # fmt: skip
    expected = float(liquid.heat_capacity(10.0)) * 10.0 / 3600.0 * 4.0 / 2.0
    assert loop.heat_by_flow.value == pytest.approx([expected], rel=1e-3)


def test_a_dead_flow_meter_does_not_hide_the_temperatures(plant):
    """The flow reads 0 all day; the pump's status tells when water flows."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(4)]
    record = recorded(
        plant,
        s=(point("s", "degC", "hp1+hp2", "source_entering"), time, [9.0, 9.0, 15.0, 15.0]),
        f=(point("f", "m3/h", "hp1+hp2", "source"), time, [0.0] * 4),
        p=(point("p", "1", "pump_source", "unit"), time, [1.0, 1.0, 0.0, 0.0]),
    )
    loop = record.sources["field"]
    assert loop.supply.value[:2] == pytest.approx([9.0, 9.0])
    assert np.isnan(loop.supply.value[2:]).all()
    assert loop.standstill_supply.value[2:] == pytest.approx([15.0, 15.0])


def test_missing_channels_are_none(plant):
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(4)]
    record = recorded(
        plant, s=(point("s", "degC", "hp1+hp2", "source_entering"), time, [9.0, 9.0, 9.0, 9.0])
    )
    loop = record.sources["field"]
    assert loop.back is None
    assert loop.flow is None
    assert loop.heat is None
    # Nothing tells whether water flows: all hours count.
    assert loop.supply.value == pytest.approx([9.0] * 4)
    assert not record.units
    assert not record.circuits
    assert record.outdoor is None
    assert not recorded(plant).time.size


def test_hours_of_standard_time_through_a_change_of_clocks(plant):
    """Berlin, 31 March 2024: 48 records of half an hour are 24 hours, none doubled or missing."""
    berlin = plant.model_copy(
        update={"place": plant.place.model_copy(update={"time_zone": "Europe/Berlin"})}
    )
    start = utc("2024-03-31 00:00", "Europe/Berlin")
    time = [start + k * 30 * MINUTE for k in range(48)]
    record = recorded(berlin, o=(point("o", "degC", "site", "outdoor"), time, list(range(48))))
    assert list(record.hour) == list(range(24))
    assert set(record.day) == {np.datetime64("2024-03-31")}
    assert record.outdoor.value == pytest.approx(0.5 + 2.0 * np.arange(24))


def test_leap_day_takes_the_place_of_the_day_before(plant):
    start = utc("2024-02-28 00:00")
    time = [start + k * HOUR_US for k in range(72)]
    record = recorded(plant, o=(point("o", "degC", "site", "outdoor"), time, [1.0] * 72))
    place = place_in_year(record)
    first = (31 + 27) * 24
    assert list(place[:24]) == list(range(first, first + 24))
    assert list(place[24:48]) == list(range(first, first + 24))
    assert list(place[48:]) == list(range(first + 24, first + 48))


def test_status_gives_running_and_starts(plant):
    """On from 10:15 to 10:45 and from 11:30, by the minute."""
    start = utc("2024-03-05 10:00")
    on = [15 <= m < 45 or m >= 90 for m in range(120)]
    record = recorded(
        plant,
        s=(point("s", "1", "hp1", "unit"), [start + m * MINUTE for m in range(120)],
           [float(one) for one in on]),
    )  # fmt: skip
    unit = record.units["hp1"]
    assert unit.running.value == pytest.approx([0.5, 0.5])
    assert unit.starts.value == pytest.approx([1.0, 1.0])
    assert record.step == 60.0


def test_sensors_of_one_unit_go_to_the_unit(plant):
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(3)]
    record = recorded(
        plant,
        a=(point("a", "degC", "hp1", "source_entering"), time, [7.0] * 3),
        w=(point("w", "degC", "hp1+hp2", "source_entering"), time, [9.0] * 3),
    )
    assert record.units["hp1"].source_entering.points == ("a",)
    assert record.sources["field"].supply.points == ("w",)
    assert "hp2" not in record.units


def test_setpoints_wells_and_ground(plant):
    """A setpoint is no measured supply; levels, ground and rooms stand by what they name."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(3)]
    depth = Point("l", "water_level", "m", ("field",), "water_level")
    head = Point("h", "pressure", "kPa", ("field",), "wellhead")
    record = recorded(
        plant,
        a=(point("a", "degC", "hp1+hp2", "load_leaving@setpoint"), time, [45.0] * 3),
        b=(point("b", "degC", "hp1+hp2", "load_leaving"), time, [43.0] * 3),
        g=(point("g", "degC", "field", "ground@near-40m"), time, [12.0] * 3),
        l=(depth, time, [-8.0] * 3),
        h=(head, time, [30e3] * 3),
    )
    assert record.setpoints["load"].value == pytest.approx([45.0] * 3)
    assert record.setpoints["load"].systematic == 0.0
    assert record.circuits["load"].supply.points == ("b",)
    assert record.ground["ground@near-40m"].value == pytest.approx([12.0] * 3)
    assert record.wells["field"].level.value == pytest.approx([-8.0] * 3)
    assert record.wells["field"].injection_pressure.value == pytest.approx([30e3] * 3)


def test_cold_of_a_unit_is_negative_in_both_its_circuits(plant):
    """Heat in the first hour, cold in the second, each by its own pipes."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(2)]
    flow = 10.0 / 3600.0
    series = {
        "s": ("degC", "load_leaving", [45.0, 30.0]), "b": ("degC", "load_entering", [40.0, 30.0]),
        "f": ("m3/h", "load", [flow, 0.0]),
        "cs": ("degC", "cooling_leaving", [20.0, 7.0]),
        "cb": ("degC", "cooling_entering", [20.0, 12.0]), "cf": ("m3/h", "cooling", [0.0, flow]),
    }  # fmt: skip
    record = recorded(
        plant,
        **{id: (point(id, unit, "hp1", place), time, value)
           for id, (unit, place, value) in series.items()},
    )  # fmt: skip
    unit = record.units["hp1"]
    assert unit.load_leaving.value == pytest.approx([45.0, 7.0])
    assert unit.load_entering.value == pytest.approx([40.0, 12.0])
    assert unit.heat.value == pytest.approx([58e3, -58e3], rel=0.02)


def test_a_meter_that_was_replaced_is_carried_on_by_the_next(plant):
    """The old one ends at 5 kWh; the new one begins at 900 kWh, which nobody counted."""
    old = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(3)]
    new = [utc("2024-01-10 04:00") + k * HOUR_US for k in range(3)]
    record = recorded(
        plant,
        a=(point("a", "kWh", "hp1", "supply"), old, [3 * KWH, 4 * KWH, 5 * KWH]),
        b=(point("b", "kWh", "hp1", "supply"), new, [900 * KWH, 902 * KWH, 904 * KWH]),
    )
    power = record.units["hp1"].power
    assert power.points == ("a", "b")
    assert power.value[[0, 1, 4, 5]] == pytest.approx([1e3, 1e3, 2e3, 2e3])
    assert np.isnan(power.value[[2, 3]]).all()


def test_units_metered_one_by_one_make_the_circuit(plant):
    """4 m³/h at 12/8 °C beside 2 m³/h at 9/7 °C: 6 m³/h at 11 °C, 20/3 K·m³/h of heat each."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(3)]
    series = {}
    for unit, flow, warm, cold in (("hp1", 4.0, 12.0, 8.0), ("hp2", 2.0, 9.0, 7.0)):
        for word, unit_, place, value in (
            ("s", "degC", "source_entering", warm), ("b", "degC", "source_leaving", cold),
            ("f", "m3/h", "source", flow / 3600.0),
        ):  # fmt: skip
            id = f"{unit}_{word}"
            series[id] = (point(id, unit_, unit, place), time, [value] * 3)
    loop = recorded(plant, **series).sources["field"]
    assert loop.flow.value == pytest.approx([6.0 / 3600.0] * 3)
    assert loop.supply.value == pytest.approx([11.0] * 3)
    assert loop.back.value == pytest.approx([46.0 / 6.0] * 3)
    span = loop.supply.value[0] - loop.back.value[0]
    one_by_one = (4.0 * 4.0 + 2.0 * 2.0) / 6.0
    assert span == pytest.approx(one_by_one)
    capacity = loop.heat_by_flow.value[0] / (loop.flow.value[0] * span)
    assert 3.5e6 < capacity < 4.25e6


def test_limits_of_error_become_standard_uncertainties(plant):
    """± 0.3 K is rectangular; the limit of a pair belongs to the difference; unknown is said."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(3)]
    pair = "IEC 60751 A pair 0.05 K"
    record = recorded(
        plant,
        o=(point("o", "degC", "site", "outdoor", "± 0.3 K"), time, [3.0] * 3),
        r=(point("r", "degC", "site", "room"), time, [20.0] * 3),
        s=(point("s", "degC", "hp1+hp2", "source_entering", pair), time, [10.0] * 3),
        b=(point("b", "degC", "hp1+hp2", "source_leaving", pair), time, [7.0] * 3),
    )
    assert record.outdoor.systematic == pytest.approx(0.3 / 3.0**0.5)
    assert record.outdoor.known
    assert not record.rooms["room"].known
    loop = record.sources["field"]
    assert loop.isothermal_difference.systematic == pytest.approx(0.05 / 3.0**0.5)
    # IEC 60751 class A: 0.15 K + 0.002 t.
    assert loop.supply.systematic == pytest.approx(0.17 / 3.0**0.5, rel=1e-6)


def test_electricity_from_a_main_meter_less_a_sub_meter(plant):
    """The second unit has no meter; both have one, the first one its own."""
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(4)]
    record = recorded(
        plant,
        a=(point("a", "kWh", "hp1+hp2", "supply"), time, [k * 30.0 * KWH for k in range(4)]),
        b=(point("b", "kWh", "hp1", "supply"), time, [k * 20.0 * KWH for k in range(4)]),
    )
    assert record.units["hp2"].power.value == pytest.approx([10e3] * 3)
    assert record.auxiliaries["hp1+hp2"].power.value == pytest.approx([30e3] * 3)


@settings(max_examples=60, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 3000), min_size=2, max_size=60),
    rises=st.lists(st.floats(0.0, 50.0), min_size=60, max_size=60),
    begin=st.integers(0, 3599),
)
def test_energy_of_the_record_is_that_of_the_register(gaps, rises, begin):
    """Whatever the times of the readings (none an hour apart), no energy is lost or made."""
    time = np.cumsum([begin, *gaps]).astype(np.int64) * 1_000_000
    value = np.concatenate([[0.0], np.cumsum(rises[: len(gaps)])]) * KWH
    meter = point("e", "kWh", "hp1", "supply")
    steps = steps_of(meter, Reading(time, value))
    grid = grid_over(int(time[0]), int(time[-1]), 8 * 3600.0)
    total, seconds = grid.integrals(steps)
    assert total.sum() == pytest.approx(value[-1], rel=1e-9, abs=1e-3)
    assert seconds.sum() == pytest.approx(sum(gaps), rel=1e-9)
    mean, cover = grid.means(steps, 0.0)
    assert np.all((cover >= 0.0) & (cover <= 1.0))
    assert np.nansum(mean * cover) * 3600.0 == pytest.approx(value[-1], rel=1e-6, abs=1.0)


@settings(max_examples=40, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 20_000), min_size=1, max_size=40),
    values=st.lists(st.floats(-30.0, 60.0), min_size=41, max_size=41),
)
def test_means_stay_within_the_values_and_cover_within_the_hour(gaps, values):
    time = np.cumsum([0, *gaps]).astype(np.int64) * 1_000_000
    steps = steps_of(
        point("t", "degC", "site", "outdoor"), Reading(time, np.array(values[: time.size]))
    )
    grid = grid_over(int(time[0]), int(time[-1]) + 1, 0.0)
    mean, cover = grid.means(steps, 0.0)
    known = np.isfinite(mean)
    assert np.array_equal(known, cover > 0.0)
    assert np.all((cover >= 0.0) & (cover <= 1.0))
    assert np.all(mean[known] <= max(values[: time.size]) + 1e-6)
    assert np.all(mean[known] >= min(values[: time.size]) - 1e-6)
    assert np.all(steps.end[:-1] <= steps.start[1:])


def test_steps_are_read_in_the_middle_of_others():
    coarse = Steps(np.array([0, 100]), np.array([100, 150]), np.array([1.0, 2.0]))
    fine = Steps(np.arange(0, 200, 20), np.arange(20, 220, 20), np.zeros(10))
    read_ = coarse.of(fine)
    assert read_[:7] == pytest.approx([1.0] * 5 + [2.0] * 2)
    assert np.isnan(read_[8:]).all()


def test_years_count_from_the_begin_of_operation(plant):
    time = [utc("2024-01-10 00:00") + k * HOUR_US for k in range(24)]
    record = record_of_series(
        plant, [point("o", "degC", "site", "outdoor")],
        {"o": Reading(np.array(time), np.ones(24))}, begun=date(2023, 1, 10),
    )  # fmt: skip
    assert record.begun_known
    assert record.years[0] == pytest.approx(1.0 + 0.5 / 8760.0)
