"""Time until a well must be rehabilitated: made wells with known laws, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from well_field import context_of_wells, hours

from diwen.evaluation import wells
from diwen.evaluation.well_clogging import setting_in
from diwen.evaluation.well_hydraulics import viscosity

POINTS = (
    "q,volume_flow,m3/h,field,well_injection@W2,± 2 %,1 h,\n"
    "h,water_level,m,field,water_level@W2,± 0.02 m,1 h,\n"
    "t,temperature,degC,field,well_injection@W2,,1 h,\n"
)
FLOW = 50.0


def injected(folder, resistance, days=240, warm=None, noise=0.0):
    """A well injected with 50 m³/h for 18 hours a day; resistance(volume) in h/m² at 10 °C."""
    hour = np.arange(24 * days)
    flow = np.where(hour % 24 < 18, FLOW, 0.0)
    volume = np.cumsum(flow)
    temperature = np.full(len(hour), 10.0) if warm is None else warm(hour)
    thick = viscosity(temperature) / viscosity(10.0)
    rng = np.random.default_rng(2)
    head = flow * resistance(volume) * thick * np.exp(rng.normal(0, noise, len(hour)))
    time = hours("2020-01-01", len(hour))
    records = {"q": (time, flow), "h": (time, 10.0 + head), "t": (time, temperature)}
    context = context_of_wells(folder, points=POINTS, records=records, period="2020")
    return {one.id: one for one in wells.results(context)}


def test_time_to_the_limit_of_a_growing_cake(tmp_path):
    """R = 0.1 (1 + a V): 10 % lost at a V = 1/9, 25 % at 1/3; V grows by 900 m³ a day."""
    a = 0.06 / (240 * 900)
    found = injected(tmp_path, lambda v: 0.1 * (1 + a * v), noise=0.01)["injectivity_limit"]
    assert found.status == "ok"
    truth = 1 / 9 / a / 900 - 240
    assert found.value == pytest.approx(truth, rel=0.1)
    assert abs(found.value - truth) < found.uncertainty
    alarms = {round(one["loss_percent"]): one for one in found.detail["alarms"]}
    assert alarms[25]["days_left"] == pytest.approx(1 / 3 / a / 900 - 240, rel=0.15)
    assert found.detail["volume_per_day_m3"] == pytest.approx(900, rel=0.01)
    assert "alarm.a08.injectivity_warning" in found.rules


def test_when_the_first_limit_is_passed_the_next_is_named(tmp_path):
    a = 0.2 / (240 * 900)
    found = injected(tmp_path, lambda v: 0.1 * (1 + a * v), noise=0.01)["injectivity_limit"]
    assert found.value == pytest.approx(1 / 3 / a / 900 - 240, rel=0.15)
    assert [one["reached"] for one in found.detail["alarms"]] == [True, False]


def test_a_well_that_holds_gets_no_date(tmp_path):
    found = injected(tmp_path, lambda v: 0.1 + 0 * v, noise=0.02)["injectivity_limit"]
    assert found.status == "refused"
    assert found.value is None
    assert "No time to a limit is given" in found.reason.en
    assert abs(found.detail["loss_percent"][0]) < 1


def test_cold_water_is_no_decline(tmp_path):
    """Water from 16 to 4 °C thickens by 40 %: no cake, no date."""
    warm = lambda hour: 16.0 - 12.0 * hour / hour[-1]  # noqa: E731
    found = injected(tmp_path, lambda v: 0.1 + 0 * v, warm=warm, noise=0.02)["injectivity_limit"]
    assert found.status == "refused"
    assert abs(found.detail["loss_percent"][0]) < 1


def test_a_short_record_gets_no_date(tmp_path):
    found = injected(tmp_path, lambda v: 0.1 + 0 * v, days=12)["injectivity_limit"]
    assert found.status == "refused"
    assert "over at least 30 days" in found.reason.en


def test_the_day_on_which_a_decline_sets_in():
    rng = np.random.default_rng(4)
    value = 10 * np.exp(rng.normal(0, 0.01, 200))
    assert setting_in(value) is None
    value[120:] *= np.exp(-0.004 * np.arange(80))
    begin = setting_in(value)
    assert begin is not None
    assert 110 <= begin <= 140
    assert setting_in(value[:10]) is None
