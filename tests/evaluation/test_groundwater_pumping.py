"""What a level answers to the abstraction: made series of known answer, a real field."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_field import context_of_wells, hours

from diwen.evaluation import groundwater_levels
from diwen.evaluation.daily import daily
from diwen.evaluation.groundwater_levels import Months, monthly, monthly_means
from diwen.evaluation.groundwater_pumping import pumping_response
from diwen.evaluation.statistics import TooFewError

FOLDER = Path(__file__).parents[2] / "examples" / "groundwater-seppe" / "measurements"


def made(gain=2e-4, tau=4.0, noise=0.05, rho=0.5, count=240, seed=1, steady=False):
    """Drawdown under an abstraction in steps, with noise that neighbours share."""
    rng = np.random.default_rng(seed)
    month = np.arange(24_000, 24_000 + count)
    flow = 20_000 + 4_000 * np.repeat(rng.normal(size=count // 12 + 1), 12)[:count]
    flow = np.full(count, 20_000.0) if steady else flow
    answer, state = np.zeros(count), flow[0]
    # The exponential filter written as a recursion, not as a convolution.
    keep = np.exp(-1.0 / tau) if tau > 0 else 0.0
    for i, q in enumerate(flow):
        state = keep * state + (1 - keep) * q
        answer[i] = gain * state
    error = np.zeros(count)
    for i in range(1, count):
        error[i] = rho * error[i - 1] + rng.normal(0, noise)
    days = np.full(count, 30)
    return Months(month, 1.5 + answer + error, days), Months(month, flow, days)


@pytest.mark.parametrize("tau", [0.0, 1.0, 4.0, 12.0])
def test_gain_and_memory_come_back(tau):
    found = pumping_response(*made(tau=tau))
    assert abs(found.gain - 2e-4) < 2 * found.standard
    assert found.standard < 0.25 * 2e-4
    assert found.memory == pytest.approx(tau, abs=0.35 * tau + 0.4)


def test_interval_holds_the_truth_about_as_often_as_it_says():
    hits = [
        abs(found.gain - 2e-4) < 2 * found.standard
        for found in (pumping_response(*made(rho=0.7, seed=seed)) for seed in range(60))
    ]
    assert 0.85 <= np.mean(hits) <= 1.0


def test_no_answer_is_not_invented():
    """Without any effect the interval holds zero nearly always."""
    shown = [
        abs(found.gain) > 2 * found.standard
        for found in (pumping_response(*made(gain=0.0, rho=0.8, seed=s)) for s in range(60))
    ]
    assert np.mean(shown) <= 0.2


def test_too_short_or_too_steady_is_refused():
    with pytest.raises(TooFewError, match="36 months"):
        pumping_response(*made(count=24))
    with pytest.raises(TooFewError, match="changed by less than 2 %"):
        pumping_response(*made(steady=True))
    nothing = Months(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
    with pytest.raises(TooFewError):
        pumping_response(made()[0], nothing)


@settings(max_examples=20, deadline=None)
@given(factor=st.floats(0.01, 100), shift=st.floats(-50, 50), unit=st.floats(0.01, 100))
def test_units_and_datum_do_not_matter(factor, shift, unit):
    level, flow = made()
    plain = pumping_response(level, flow)
    other = pumping_response(
        Months(level.month, factor * level.value + shift, level.days),
        Months(flow.month, unit * flow.value, flow.days),
    )
    assert other.gain == pytest.approx(plain.gain * factor / unit, rel=1e-6)
    assert other.share == pytest.approx(plain.share, abs=1e-6)
    assert other.memory == plain.memory


@pytest.fixture(scope="module")
def seppe():
    def read(name, column):
        with gzip.open(FOLDER / f"{name}.csv.gz") as file:
            table = pl.read_csv(file.read(), try_parse_dates=True).drop_nulls()
        table = table.filter(pl.col(column).is_finite())
        time = table["Date"].cast(pl.Datetime("us")).to_physical().to_numpy()
        return daily(time, table[column].to_numpy(), "Etc/GMT-1")

    with gzip.open(FOLDER / "abstraction.csv.gz") as file:
        column = pl.read_csv(file.read(), n_rows=1).columns[1]
    wells = ("B49F0240_1", "B49F0240_2", "B49F0232_1")
    return {name: monthly(read(name, name)) for name in wells} | {
        "flow": monthly_means(read("abstraction", column))
    }


def against(level: Months, reference: Months) -> Months:
    month, a, b = np.intersect1d(level.month, reference.month, return_indices=True)
    return Months(month, reference.value[b] - level.value[a], level.days[a])


def test_deep_well_of_seppe_answers_the_shallow_one_does_not(seppe):
    """The well in the pumped aquifer falls with the abstraction; the one above the clay not."""
    deep = pumping_response(against(seppe["B49F0240_2"], seppe["B49F0232_1"]), seppe["flow"])
    assert 1000 * deep.gain - 2000 * deep.standard > 0
    assert 1000 * deep.gain == pytest.approx(0.165, abs=0.04)
    assert deep.memory < 3
    shallow = pumping_response(against(seppe["B49F0240_1"], seppe["B49F0232_1"]), seppe["flow"])
    assert abs(shallow.gain) < 2 * shallow.standard
    # The order of size of the whole drawdown: some metres under 23,000 m³/d beside the wells.
    assert 2 < 23_000 * deep.gain < 6


def test_shifts_with_another_cause_widen_the_interval():
    """A level shifted between decades: the gain that was put in stays in the interval."""
    level, flow = made(gain=2e-4, tau=2.0, noise=0.02)
    third = np.arange(len(level.month)) * 3 // len(level.month)
    moved = Months(level.month, level.value + np.array([0.0, 0.3, -0.2])[third], level.days)
    still, found = pumping_response(level, flow), pumping_response(moved, flow)
    assert found.standard > 2 * still.standard
    assert abs(found.gain - 2e-4) < 2 * found.standard


def in_a_site(folder, gain):
    """Results of a site with a level, a reference and a flow meter in m³/d."""
    level, flow = made(gain=gain, tau=2.0, noise=0.02)
    time = hours("2000-01-01", 240 * 730)[:: 24 * 10]
    place = np.minimum(((time - time[0]) // 3_600_000_000) / 730.5, 239).astype(int)
    points = (
        "h,water_level,m,field,water_level@W1,,,\n"
        "r,water_level,m,field,reference_level@R,,,\n"
        "q,volume_flow,m3/d,field,well_abstraction,,10 d,\n"
    )
    records = {
        "h": (time, 20.0 - level.value[place]),
        "r": (time, np.full(len(time), 20.0)),
        "q": (time, flow.value[place]),
    }
    context = context_of_wells(
        folder, points=points, records=records, period="2000-01-01..2019-12-31"
    )
    return {one.id: one for one in groundwater_levels.results(context)}


def test_a_level_that_rises_with_the_abstraction_is_no_answer_to_it(tmp_path):
    """No well lifts the water around it; such a correlation has another cause."""
    answer = in_a_site(tmp_path, -2e-4)["water_level_pumping"]
    assert answer.value is None
    assert "no pumping does that" in answer.reason.en
    assert "不可能由抽水引起" in answer.reason.zh


def test_result_in_a_site(tmp_path):
    """A flow in m³/d gives metres per 1000 m³/d."""
    answer = in_a_site(tmp_path, 2e-4)["water_level_pumping"]
    assert answer.status == "ok"
    assert abs(answer.value - 0.2) < answer.uncertainty < 0.06
    assert "not what causes it" in answer.notes[0].en
    assert "不证明因果" in answer.notes[0].zh
