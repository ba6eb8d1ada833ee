"""Reinjection with two meters, specific capacity, injectivity, temperatures of the wells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_field import context_of_wells, hours

from diwen.evaluation import reinjection, wells
from diwen.evaluation.reinjection import judge
from diwen.evaluation.well_hydraulics import (
    Specific,
    at_ten_degrees,
    change_over,
    level_at_rest,
    specific,
    steady,
    viscosity,
)
from diwen.language import Text

N = 24 * 120
METERS = (
    "va,volume,m3,field,well_abstraction,{0},,\n"
    "vi,volume,m3,field,well_injection,{1},,\n"
)  # fmt: skip


def pair_of_meters(folder, share, accuracies=("± 2 %", "± 2 %"), drop=None):
    time = hours("2020-01-01", N)
    taken = 50.0 * np.arange(N)
    back = share * taken
    records = {"va": (time, taken), "vi": (time, back)}
    if drop is not None:
        keep = np.ones(N, dtype=bool)
        keep[drop] = False
        records["vi"] = (time[keep], back[keep])
    context = context_of_wells(
        folder, points=METERS.format(*accuracies), records=records, period="2020-01-02..2020-04-20"
    )
    (found,) = reinjection.results(context)
    return found


def test_hundred_per_cent_within_the_meters(tmp_path):
    """Two meters of ± 2 % (rectangular): U = 2 sqrt(2) 2 / sqrt(3) = 3.27 % of the rate."""
    found = pair_of_meters(tmp_path, 0.98)
    assert found.value == pytest.approx(98.0)
    assert found.uncertainty == pytest.approx(0.98 * 2 * np.sqrt(2) * 2 / np.sqrt(3), rel=1e-3)
    assert found.grade.label.en == "100 % within U"
    assert found.grade.met is True
    assert "loss of up to 5.2 %" in found.grade.text.en


def test_a_loss_beyond_the_meters_is_named(tmp_path):
    found = pair_of_meters(tmp_path, 0.90)
    assert found.grade.label.en == "below 100 %"
    assert found.grade.met is False
    assert found.detail["alarms"] == ["alarm.a07.alarm", "alarm.a07.critical"]
    assert found.detail["lost"] == pytest.approx(0.1 * found.detail["abstracted"])


def test_more_back_than_taken_is_a_meter_error(tmp_path):
    found = pair_of_meters(tmp_path, 1.10)
    assert found.grade.label.en == "above 100 %"
    assert "meter is wrong" in found.grade.text.en


def test_coarse_or_unknown_meters_judge_nothing(tmp_path):
    coarse = pair_of_meters(tmp_path / "a", 0.99, ("± 5 %", "± 5 %"))
    assert (coarse.status, coarse.grade) == ("indicative", None)
    assert "above 3 %" in coarse.reason.en
    unknown = pair_of_meters(tmp_path / "b", 0.99, ("± 2 %", ""))
    assert (unknown.status, unknown.uncertainty) == ("indicative", None)


def test_one_side_is_refused_with_the_point(tmp_path):
    context = context_of_wells(
        tmp_path, points="va,volume,m3,field,well_abstraction,,,\n", period="2020-01"
    )
    (found,) = reinjection.results(context)
    assert found.status == "refused"
    assert found.missing == ("VI volume well_injection field",)


def test_a_hole_in_one_meter_leaves_both_sums(tmp_path):
    """The counters run on: a hole is one long increment, wholly inside both; nothing is lost."""
    whole = pair_of_meters(tmp_path / "a", 0.95)
    holed = pair_of_meters(tmp_path / "b", 0.95, drop=slice(1000, 1300))
    assert holed.value == pytest.approx(whole.value, rel=1e-9)
    assert holed.coverage <= whole.coverage


@given(st.floats(50, 150), st.floats(0.1, 10))
def test_judgement_is_consistent(value, uncertainty):
    grade = judge(value, uncertainty, 0.0)
    assert (grade.label.en == "100 % within U") == (abs(value - 100) <= uncertainty)


# Hydraulics.


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [(0.0, 1.7916), (10.0, 1.3059), (20.0, 1.0016), (30.0, 0.7972), (60.0, 0.4658)],
)
def test_viscosity_against_iapws(temperature, expected):
    """IAPWS 2008 values in mPa·s; the correlation of Kestin 1978 is good to 0.1 %."""
    assert 1000 * float(viscosity(temperature)) == pytest.approx(expected, rel=2e-3)


def test_cold_water_is_no_clogging():
    """From 15 to 4 °C water gets 37 % thicker; at 10 °C the injectivity is the same."""
    assert float(viscosity(4.0) / viscosity(15.0)) == pytest.approx(1.375, rel=0.01)
    truth = 10.0
    for t in (4.0, 10.0, 15.0):
        seen = truth * float(viscosity(10.0) / viscosity(t))
        assert float(at_ten_degrees(seen, t)) == pytest.approx(truth)


def pumping(days, capacity, flow=60.0):
    """Sixteen hours of pumping and eight of rest a day; the drawdown is flow / capacity."""
    n = 24 * days
    hour = np.arange(n)
    runs = hour % 24 >= 8
    q = np.where(runs, flow, 0.0)
    level = 20.0 + 0.5 * np.sin(hour / 2000) - q / capacity(hour / 24)
    return hour.astype(np.int64), q, level


def test_specific_capacity_of_a_declining_well():
    hour, q, level = pumping(200, lambda day: 12.0 - 3.0 * day / 200)
    found = specific(hour, q, level, -1.0)
    assert isinstance(found, Specific)
    assert found.value[0] == pytest.approx(12.0, rel=0.03)
    change, low, high = change_over(found.trend(), found)
    assert change == pytest.approx(-25.0, abs=2)
    assert low <= change <= high < -10


def test_starting_hours_are_not_steady():
    chosen = steady(np.array([0, 0, 60, 60, 60, 60, 40, 40, 40, np.nan, 40, 40, 40.0]))
    assert np.flatnonzero(chosen).tolist() == [4, 5, 8, 12]
    assert not steady(np.zeros(10)).any()
    assert not steady(np.full(10, np.nan)).any()


def test_rest_is_interpolated_between_standstills():
    flow = np.concatenate([np.zeros(8), np.full(10, 50.0), np.zeros(8)])
    level = np.concatenate([np.full(8, 10.0), np.full(10, 5.0), np.full(8, 12.0)])
    rest = level_at_rest(flow, level)
    assert rest[0] == 10.0
    assert rest[-1] == 12.0
    assert 10.0 < rest[12] < 12.0
    assert level_at_rest(np.full(20, 50.0), np.full(20, 1.0)) is None


def test_a_well_that_never_rests_is_refused():
    hour = np.arange(100, dtype=np.int64)
    found = specific(hour, np.full(100, 50.0), np.full(100, 3.0), -1.0)
    assert isinstance(found, Text)
    assert "never stood still for 6 h" in found.en


WELL = (
    "q,volume_flow,m3/h,field,well_injection@W2,± 2 %,1 h,\n"
    "h,water_level,m,field,water_level@W2,± 0.02 m,1 h,\n"
)  # fmt: skip


def injected(folder, temperature=None, days=200):
    hour, q, level = pumping(days, lambda day: 10.0 + 0 * day)
    time = hours("2020-01-01", len(hour))
    head = 40.0 - level  # injection raises the level
    points = WELL
    records = {"q": (time, q), "h": (time, head)}
    if temperature is not None:
        points += "t,temperature,degC,field,well_injection@W2,,1 h,\n"
        warm = temperature(hour)
        q_over_h = 10.0 * viscosity(10.0) / viscosity(warm)
        records["h"] = (time, 20.0 + q / q_over_h)
        records["t"] = (time, warm)
    context = context_of_wells(folder, points=points, records=records, period="2020")
    return {one.id: one for one in wells.results(context)}


def test_injectivity_and_its_uncertainty(tmp_path):
    found = injected(tmp_path)["injectivity"]
    assert found.value == pytest.approx(10.0, rel=0.03)
    assert found.status == "indicative"
    assert "not brought to 10 °C" in found.reason.en
    # Flow 2 %/√3, head of 6 m from two readings of 0.02 m/√3.
    expected = 2 * np.hypot(0.02 / np.sqrt(3), np.sqrt(2) * 0.02 / np.sqrt(3) / 6) * found.value
    assert found.uncertainty == pytest.approx(expected, rel=0.05)


def test_viscosity_explains_the_winter(tmp_path):
    """Water from 15 down to 5 °C: without correction a false decline, with it none."""
    found = injected(tmp_path, lambda hour: 15.0 - 10.0 * hour / hour[-1])
    assert found["injectivity"].value == pytest.approx(10.0, rel=0.01)
    assert found["injectivity"].status == "ok"
    assert found["injectivity_change"].value == pytest.approx(0.0, abs=1.0)
    assert found["injectivity_change"].grade.met is True


def test_a_short_record_has_no_trend(tmp_path):
    found = injected(tmp_path, days=15)["injectivity_change"]
    assert found.status == "refused"
    assert "over at least 30 days" in found.reason.en


TEMPERATURES = (
    "ta,temperature,degC,field,well_abstraction,± 0.1 K,1 h,\n"
    "ti,temperature,degC,field,well_injection,± 0.1 K,1 h,\n"
    "qa,volume_flow,m3/h,field,well_abstraction,± 2 %,1 h,\n"
)  # fmt: skip


def test_difference_is_weighted_by_flow_and_standstill_left_out(tmp_path):
    """3 K at 100 m³/h, 6 K at 50 m³/h, nonsense at standstill: (300 + 300) / 150 = 4 K."""
    time = hours("2020-01-01", 300)
    flow = np.tile([100.0, 50.0, 0.0], 100)
    difference = np.tile([3.0, 6.0, -20.0], 100)
    records = {
        "ta": (time, np.full(300, 12.0)), "ti": (time, 12.0 - difference), "qa": (time, flow)
    }  # fmt: skip
    context = context_of_wells(tmp_path, points=TEMPERATURES, records=records, period="2020-01")
    found = {one.id: one for one in wells.results(context)}["well_temperature_difference"]
    assert found.value == pytest.approx(4.0)
    assert found.uncertainty == pytest.approx(2 * np.sqrt(2) * 0.1 / np.sqrt(3))


@pytest.mark.parametrize(("fall", "expected"), [(2.0, 50), (0.5, None), (-3.0, 33)])
def test_breakthrough_day(tmp_path, fall, expected):
    """A steady departure of so many kelvin in 100 days passes 1 K on a known day."""
    n = 24 * 100
    time = hours("2020-03-01T00:00", n)
    records = {"ta": (time, 14.0 - fall * np.arange(n) / n)}
    context = context_of_wells(
        tmp_path, points=TEMPERATURES, records=records, period="2020-03-01..2020-06-08",
        zone="UTC", toml='[ground]\nundisturbed_temperature = "14 degC"\n',
    )  # fmt: skip
    (found,) = (one for one in wells.results(context) if one.id == "thermal_breakthrough")
    day = found.detail["breakthrough_day"]
    if expected is None:
        assert day is None
        assert found.grade.label.en == "no thermal breakthrough"
    else:
        assert abs(day - expected) <= 2
    assert found.value == pytest.approx(-fall, abs=0.02)


def test_a_single_warm_day_is_no_breakthrough(tmp_path):
    n = 24 * 30
    time = hours("2020-03-01T00:00", n)
    value = np.full(n, 14.0)
    value[240:288] = 17.0
    context = context_of_wells(
        tmp_path, points=TEMPERATURES, records={"ta": (time, value)}, period="2020-03", zone="UTC"
    )
    (found,) = (one for one in wells.results(context) if one.id == "thermal_breakthrough")
    assert found.detail["breakthrough_day"] is None
    assert "first 7 days" in found.notes[0].en


@given(st.lists(st.booleans(), min_size=200, max_size=200))
@settings(max_examples=25, deadline=None)
def test_holes_never_crash_the_hydraulics(kept):
    hour, q, level = pumping(20, lambda day: 10.0 + 0 * day)
    q[:200][~np.array(kept)] = np.nan
    level[100:300][~np.array(kept)] = np.nan
    found = specific(hour, q, level, -1.0)
    if isinstance(found, Specific):
        assert np.isfinite(found.value).all()
        assert (found.value > 0).all()
