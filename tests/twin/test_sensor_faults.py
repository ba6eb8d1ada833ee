"""Errors of instruments: each does what it says, the same every time, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.site.accuracy import parse_accuracy
from diwen.site.points import Point
from diwen.twin.sensor_faults import KINDS, SensorFault, with_sensor_faults
from diwen.twin.sensor_faults_class import limit_of_error
from diwen.twin.simulated_telemetry import SimulatedSeries

_HOUR = 3_600_000_000
_START = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1e6)
N = 8760
TIME = _START + np.arange(N) * _HOUR
WARM = Point("warm", "temperature", "degC", ("hp",), "source_entering", accuracy="± 0.3 K")
COLD = Point("cold", "temperature", "K", ("hp",), "source_leaving", accuracy="± 0.3 K")
FLOW = Point("flow", "volume_flow", "m3/h", ("hp",), "source", accuracy="± 2 %")
COUNT = Point("count", "electric_energy", "MWh", ("hp",), "supply", kind="counter",
              accuracy="EN 62053 class 1")  # fmt: skip
STATE = Point("state", "status", "1", ("hp",), "unit", kind="state")


def series() -> tuple[SimulatedSeries, ...]:
    hour = np.arange(N)
    return (
        SimulatedSeries(WARM, TIME, 10.0 + 5.0 * np.sin(hour / 100.0)),
        SimulatedSeries(COLD, TIME, 273.15 + 6.0 + 5.0 * np.sin(hour / 100.0)),
        SimulatedSeries(FLOW, TIME, np.full(N, 20.0)),
        SimulatedSeries(COUNT, TIME, np.cumsum(0.01 * (1.0 + np.cos(hour / 50.0)))),
        SimulatedSeries(STATE, TIME, (hour % 2).astype(float)),
    )


def faulty(*faults: SensorFault, seed: int = 0) -> dict[str, SimulatedSeries]:
    return {one.point.id: one for one in with_sensor_faults(series(), faults, seed)}


PLAIN = {one.point.id: one for one in series()}
JULY = datetime(2025, 7, 1, tzinfo=UTC)
AFTER = int(JULY.timestamp() * 1e6)


def test_nothing_is_changed_without_faults():
    for id, one in faulty().items():
        assert one is not PLAIN[id]
        assert np.array_equal(one.value, PLAIN[id].value)


def test_bias_is_in_kelvin_whatever_the_unit():
    found = faulty(SensorFault("bias", ("cold",), 0.5, since=JULY))
    change = found["cold"].value - PLAIN["cold"].value
    assert change[TIME < AFTER] == pytest.approx(0.0)
    assert change[TIME >= AFTER] == pytest.approx(0.5)
    assert np.array_equal(found["warm"].value, PLAIN["warm"].value)


def test_drift_grows_with_the_years():
    found = faulty(SensorFault("drift", ("warm",), 0.3))
    change = found["warm"].value - PLAIN["warm"].value
    assert change[0] == 0.0
    assert change[-1] == pytest.approx(0.3 * (N - 1) / 8760.0)
    assert np.all(np.diff(change) > 0.0)


def test_noise_has_a_third_of_the_limit_and_no_memory():
    found = faulty(SensorFault("noise", ("warm",)))
    change = found["warm"].value - PLAIN["warm"].value
    # Standard deviation of 8760 draws: known to 0.8 %, four of these allowed.
    assert change.std() == pytest.approx(0.1, rel=0.032)
    assert abs(change.mean()) < 4.0 * 0.1 / np.sqrt(N)
    assert abs(np.corrcoef(change[1:], change[:-1])[0, 1]) < 4.0 / np.sqrt(N)


def test_class_error_is_one_draw_within_the_class():
    places = []
    for seed in range(200):
        found = faulty(SensorFault("class_error", ("warm", "flow")), seed=seed)
        change = found["warm"].value - PLAIN["warm"].value
        assert np.ptp(change) < 1e-12
        places.append(change[0] / 0.3)
        assert abs(found["flow"].value[0] / 20.0 - 1.0) <= 0.02
    assert -1.0 <= min(places) < -0.8
    assert 0.8 < max(places) <= 1.0


def test_scale_of_a_gauge_and_of_a_counter():
    found = faulty(SensorFault("scale", ("flow", "count"), 1.1, since=JULY))
    assert found["flow"].value[-1] == pytest.approx(22.0)
    steps, plain = np.diff(found["count"].value), np.diff(PLAIN["count"].value)
    assert steps[TIME[1:] >= AFTER] == pytest.approx(1.1 * plain[TIME[1:] >= AFTER])
    assert steps[TIME[1:] < AFTER] == pytest.approx(plain[TIME[1:] < AFTER])


def test_stuck_and_reset():
    found = faulty(SensorFault("stuck", ("warm",), since=JULY),
                   SensorFault("reset", ("count",), since=JULY))  # fmt: skip
    held = found["warm"].value[TIME >= AFTER]
    assert np.all(held == PLAIN["warm"].value[TIME >= AFTER][0])
    assert found["count"].value[TIME >= AFTER][0] == 0.0
    assert found["count"].value[-1] == pytest.approx(
        PLAIN["count"].value[-1] - PLAIN["count"].value[TIME >= AFTER][0]
    )


def test_outages_lose_the_share_that_was_asked_for():
    found = faulty(SensorFault("outage", ("warm",), 0.2), seed=3)
    lost = 1.0 - len(found["warm"].time) / N
    assert lost == pytest.approx(0.2, abs=0.04)
    gaps = np.diff(found["warm"].time) // _HOUR - 1
    assert gaps[gaps > 0].mean() == pytest.approx(6.5, abs=1.5)


def test_swapped_sensors_exchange_their_values():
    found = faulty(SensorFault("swap", ("warm", "cold"), since=JULY))
    late = TIME >= AFTER
    assert found["warm"].value[late] == pytest.approx(PLAIN["cold"].value[late] - 273.15)
    assert found["cold"].value[late] == pytest.approx(PLAIN["warm"].value[late] + 273.15)
    assert np.array_equal(found["warm"].value[~late], PLAIN["warm"].value[~late])


def test_a_late_clock():
    found = faulty(SensorFault("clock", ("state",), 600.0))
    assert np.all(found["state"].time - TIME == 600_000_000)


@given(st.sampled_from(KINDS), st.integers(0, 1000), st.floats(0.0, 0.9))
def test_the_same_seed_gives_the_same_and_counters_count_upwards(kind, seed, value):
    """Whatever happens to it: times ascend, numbers are finite, a register never goes back."""
    points = {"swap": ("warm", "cold"), "reset": ("count",)}.get(kind, ())
    fault = SensorFault(kind, points, max(value, 1e-3) if kind == "scale" else value, since=JULY)
    one, other = faulty(fault, seed=seed), faulty(fault, seed=seed)
    for id in one:
        assert np.array_equal(one[id].value, other[id].value)
        assert np.all(np.diff(one[id].time) > 0)
        assert np.isfinite(one[id].value).all()
    if kind != "reset":
        assert np.all(np.diff(one["count"].value) >= -1e-12)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as error:
        with_sensor_faults(series(), [
            SensorFault("nois"),  # type: ignore[arg-type]
            SensorFault("bias", ("nowhere",)),
            SensorFault("bias", ("count",), 1.0),
            SensorFault("reset", ("warm",)),
            SensorFault("swap", ("warm", "flow")),
            SensorFault("outage", ("warm",), 1.5),
            SensorFault("stuck", ("warm",), since=JULY, until=JULY),
        ])  # fmt: skip
    text = str(error.value)
    assert len(error.value.problems) == 7
    assert "did you mean noise" in text
    assert "choose scale or drift" in text


def test_limits_of_classes():
    """EN 62053 class 1: 1 %; IEC 60751 A at 100 °C: 0.35 K; EN 1434 class 2 at q = qp: 2.02 %."""
    size = np.array([100.0])
    meter = parse_accuracy("EN 62053 class 1", "electric_energy")
    assert limit_of_error(meter, size, "electric_energy") == pytest.approx(1.0)
    sensor = parse_accuracy("IEC 60751 A", "temperature")
    assert limit_of_error(sensor, size, "temperature") == pytest.approx(0.15 + 0.2)
    pair = parse_accuracy("IEC 60751 A pair 0.05 K", "temperature")
    assert limit_of_error(pair, size, "temperature") == pytest.approx(0.025)
    flow = parse_accuracy("EN 1434 class 2, qp 36 m3/h", "volume_flow")
    at_qp = np.array([0.01, 0.0])
    assert limit_of_error(flow, at_qp, "volume_flow") == pytest.approx([0.01 * 0.0202, 0.0])
