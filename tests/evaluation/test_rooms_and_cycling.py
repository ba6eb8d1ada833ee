"""Room compliance, starts and run lengths, load factor, branches, ground drift."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_field import context_of_wells, hours

from diwen.evaluation import cycling, ground_temperature, hydraulics, load, rooms
from diwen.evaluation.cycling import cycling as count_cycles
from diwen.evaluation.hydraulics import imbalance, weighted_difference
from diwen.evaluation.rooms import occupied_hours, share_above

SEASON = '[operation]\nheating_season = "11-15..03-15"\n'
ROOMS = (
    "r1,temperature,degC,site,room@101,± 0.3 K,1 h,\n"
    "r2,temperature,degC,site,room@102,± 0.3 K,1 h,\n"
)  # fmt: skip
N = 24 * 31


def january(folder, one, two, toml="", points=ROOMS):
    time = hours("2019-12-31T16:00", N)  # 2020-01-01 00:00 in Shanghai
    records = {"r1": (time, np.asarray(one, float)), "r2": (time, np.asarray(two, float))}
    context = context_of_wells(
        folder, toml=SEASON + toml, points=points, records=records, period="2020-01"
    )
    return {(one.id, one.of): one for one in rooms.results(context)}


def test_compliance_of_all_and_each(tmp_path):
    warm, cold = np.full(N, 21.0), np.where(np.arange(N) % 10 == 0, 17.0, 20.0)
    found = january(tmp_path, warm, cold)
    share = np.mean(cold >= 18)
    assert found["room_compliance", "101"].value == 100.0
    assert found["room_compliance", "102"].value == pytest.approx(100 * share)
    whole = found["room_compliance", ""]
    assert whole.value == pytest.approx(50 + 50 * share)
    assert whole.detail["worst"] == "102"
    assert "room.heating_minimum" in whole.rules
    assert whole.grade.met is False
    assert found["room_compliance_rooms", ""].value == 50.0


def test_sensors_that_cannot_tell(tmp_path):
    """All rooms at 18.1 °C with ± 0.3 K sensors: 100 %, but all of it within the uncertainty."""
    found = january(tmp_path, np.full(N, 18.1), np.full(N, 18.1))["room_compliance", ""]
    assert found.value == 100.0
    assert found.uncertainty == 100.0
    assert found.grade.resolved is False


def test_missing_hours_are_not_warm_hours(tmp_path):
    one = np.full(N, 20.0)
    one[: N // 2] = np.nan
    context = january(tmp_path, one, one)
    found = context["room_compliance", ""]
    assert found.value == 100.0
    assert found.coverage == pytest.approx(0.5)
    assert found.status == "indicative"
    assert found.grade is None


def test_zero_degrees_is_a_reading(tmp_path):
    found = january(tmp_path, np.zeros(N), np.full(N, 20.0))
    assert found["room_compliance", "101"].value == 0.0
    assert found["room_swing", "101"].value == 0.0


def test_site_sets_its_own_limit_tolerance_and_hours(tmp_path):
    day = np.arange(N) % 24
    value = np.where((day >= 8) & (day < 18), 19.6, 10.0)
    toml = (
        '[comfort]\nroom_temperature_minimum = "20 degC"\ntolerance = "0.5 K"\n'
        'occupied = "08:00-18:00"\noverheating_temperature = "22 degC"\n'
    )
    found = january(tmp_path, value, value, toml)
    whole = found["room_compliance", ""]
    assert whole.value == 100.0
    assert whole.detail["limit"] == 20.0
    assert "room.heating_minimum" not in whole.rules
    assert found["room_overheat", ""].value == 0.0


def test_summer_is_not_judged(tmp_path):
    context = context_of_wells(tmp_path, toml=SEASON, points=ROOMS, period="2020-07")
    (found,) = rooms.results(context)
    assert found.status == "refused"
    assert "heating season" in found.reason.en


def test_overheating_needs_its_limit(tmp_path):
    found = january(tmp_path, np.full(N, 24.0), np.full(N, 21.0))["room_overheat", ""]
    assert found.status == "refused"
    assert "overheating_temperature" in found.reason.en


@given(st.lists(st.floats(-10, 40), min_size=1, max_size=50), st.floats(-10, 40), st.floats(0, 5))
def test_share_is_a_share_and_falls_with_the_limit(values, limit, more):
    array = np.array(values)
    share = share_above(array, limit)
    assert 0.0 <= share <= 1.0
    assert share_above(array, limit + more) <= share


def test_night_shift():
    hour = np.arange(24)
    assert np.flatnonzero(occupied_hours(hour, "22:00-06:00")).tolist() == [
        0,
        1,
        2,
        3,
        4,
        5,
        22,
        23,
    ]
    assert occupied_hours(hour, "").all()


# Starts and runs.

MINUTE = 60_000_000


def spans(*pairs):
    return np.array(pairs, dtype=np.int64).reshape(-1, 2) * MINUTE


def test_starts_and_whole_runs():
    """Known 0-100: on from the start, two whole runs, on at the end."""
    found = count_cycles(spans((0, 5), (20, 30), (50, 75), (90, 100)), spans((0, 100)))
    assert found.starts == 3
    assert found.runs.tolist() == [600.0, 1500.0]
    assert found.running == 50 * 60
    assert found.observed == 6000


def test_a_gap_hides_a_start():
    """It ran after the gap; when it started nobody saw."""
    found = count_cycles(spans((20, 40), (60, 80)), spans((0, 40), (60, 100)))
    assert found.starts == 1
    assert found.runs.size == 0


def test_nothing_known():
    found = count_cycles(spans(), spans())
    assert (found.starts, found.running, found.observed) == (0, 0.0, 0.0)


UNIT = """
[heat_pumps.hp1]
type = "water_water"
source = "field"
rated_heating_capacity = "100 kW"
rated_heating_power = "25 kW"
[operation]
mode = "heating"
"""


def minutes(n):
    first = int(np.datetime64("2020-01-01T00:00", "us").astype(np.int64))
    return first + np.arange(n, dtype=np.int64) * MINUTE


def unit_power(folder, step=1):
    """Twenty minutes on, twenty off, for ten hours, one record every ``step`` minutes."""
    n = 600
    value = np.where(np.arange(n) % 40 < 20, 25.0, 0.1)
    time = minutes(n)[::step]
    context = context_of_wells(
        folder, toml=UNIT, zone="UTC", period="2020-01-01",
        points=f"p,electric_power,kW,hp1,supply,,{60 * step} s,\n",
        records={"p": (time, value[::step])},
    )  # fmt: skip
    return {one.id: one for one in cycling.results(context)}


def test_starts_from_power(tmp_path):
    found = unit_power(tmp_path)
    # The first run was on when the records began: fourteen starts in five hours of running.
    assert found["start_frequency"].detail["starts"] == 14
    assert found["start_frequency"].value == pytest.approx(14 / 5, rel=0.01)
    assert found["run_length"].value == pytest.approx(20.0, abs=0.1)
    assert found["start_frequency"].status == "indicative"  # ten hours are not a day
    assert found["start_frequency"].coverage == pytest.approx(10 / 24, rel=0.01)


def test_coarse_power_is_refused(tmp_path):
    found = unit_power(tmp_path, step=10)
    assert found["start_frequency"].status == "refused"
    assert "600 s apart" in found["start_frequency"].reason.en


def test_no_signal_is_refused_with_the_point(tmp_path):
    context = context_of_wells(tmp_path, toml=UNIT, period="2020-01")
    first = cycling.results(context)[0]
    assert first.status == "refused"
    assert any("ST" in one for one in first.missing)


# Load.


def test_load_factor_counts_running_time_only(tmp_path):
    """Half the time at 60 kW of 100 kW: load factor 0.6, use of capacity 30 %."""
    n = 24 * 60
    value = np.where(np.arange(n) // 60 % 2 == 0, 60.0, 0.0)
    points = (
        "q,heat_power,kW,hp1,load,± 3 %,60 s,\n"
        "s,status,1,hp1,unit,,60 s,\n"
    )  # fmt: skip
    context = context_of_wells(
        tmp_path, toml=UNIT, points=points, zone="UTC", period="2020-01-01",
        records={"q": (minutes(n), value), "s": (minutes(n), (value > 0).astype(float))},
    )  # fmt: skip
    found = {one.id: one for one in load.results(context)}
    assert found["load_factor"].value == pytest.approx(0.6, rel=0.02)
    assert found["capacity_use"].value == pytest.approx(30.0, rel=0.02)
    assert found["capacity_use"].detail["full_load_hours"] == pytest.approx(7.2, rel=0.02)
    assert found["load_factor"].uncertainty > 0
    classes = found["load_factor"].detail["classes"]
    assert sum(one["share"] for one in classes) == pytest.approx(1.0)


def test_load_factor_without_rating_is_refused(tmp_path):
    toml = UNIT.replace('rated_heating_capacity = "100 kW"\nrated_heating_power = "25 kW"\n', "")
    context = context_of_wells(tmp_path, toml=toml, period="2020-01")
    first = load.results(context)[0]
    assert first.status == "refused"
    assert "rated_heating_capacity" in first.reason.en


# Hydraulics.


def test_difference_weighted_by_flow():
    flow = np.array([100.0, 50.0, 1.0, np.nan])
    assert weighted_difference(flow, np.array([3.0, 6.0, 50.0, 9.0])) == pytest.approx(4.0)
    assert weighted_difference(np.zeros(3), np.ones(3)) is None


def test_branches(tmp_path):
    time = hours("2020-01-01", 100)
    points = "".join(f"b{i},volume_flow,m3/h,field,branch@{i},,1 h,\n" for i in range(1, 4))
    records = {f"b{i}": (time, np.full(100, 10.0 * i)) for i in range(1, 4)}
    context = context_of_wells(tmp_path, points=points, records=records, period="2020-01")
    found = next(one for one in hydraulics.results(context) if one.id == "hydraulic_imbalance")
    assert found.value == pytest.approx(0.5)  # 10, 20, 30: standard deviation 10 over mean 20
    assert found.status == "indicative"
    assert found.detail["branches"]["1"]["of_mean"] == pytest.approx(0.5)


@given(st.lists(st.floats(1, 100), min_size=2, max_size=10), st.floats(0.1, 10))
def test_imbalance_has_no_unit(flows, factor):
    array = np.array(flows)
    assert imbalance(factor * array) == pytest.approx(imbalance(array))


# Ground temperature.


def drift_of(folder, slope, years=5, accuracy="± 0.1 K", noise=0.05):
    n = int(365.25 * years)
    time = (
        int(np.datetime64("2015-01-01", "us").astype(np.int64))
        + np.arange(n, dtype=np.int64) * 86_400_000_000
    )
    year = np.arange(n) / 365.25
    rng = np.random.default_rng(3)
    value = 15 + slope * year + 0.8 * np.sin(2 * np.pi * year) + rng.normal(0, noise, n)
    context = context_of_wells(
        folder, points=f"g,temperature,degC,field,ground@50m,{accuracy},24 h,\n",
        records={"g": (time, value)}, period=f"2015-01-01..{2014 + years}-12-31", zone="UTC",
    )  # fmt: skip
    (found,) = ground_temperature.results(context)
    return found


@pytest.mark.parametrize(
    ("slope", "label", "met"),
    [
        (0.6, "drifting", False),
        (0.02, "no drift beyond 0.3 K/a", True),
        (0.3, "not resolved", None),
    ],
)
def test_drift(tmp_path, slope, label, met):
    found = drift_of(tmp_path, slope)
    assert found.value == pytest.approx(slope, abs=0.01)
    assert (found.grade.label.en, found.grade.met) == (label, met)
    assert found.uncertainty >= found.detail["sensor_drift"]


def test_two_years_are_not_judged(tmp_path):
    found = drift_of(tmp_path, 0.6, years=2)
    assert found.status == "refused"
    assert "3 years" in found.reason.en


def test_unknown_sensor_gives_no_grade(tmp_path):
    found = drift_of(tmp_path, 0.6, accuracy="")
    assert (found.status, found.grade, found.uncertainty) == ("indicative", None, None)


@settings(max_examples=5, deadline=None)
@given(st.floats(-1, 1))
def test_yearly_wave_is_no_drift(tmp_path_factory, slope):
    folder = tmp_path_factory.getbasetemp() / "drift"
    assert drift_of(folder, slope, noise=0.0).value == pytest.approx(slope, abs=0.01)
