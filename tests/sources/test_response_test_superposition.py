"""Superposition: variable power, interruptions, gaps, flow levels; recovery."""

import math

import numpy as np
import pytest
from scipy.special import exp1

from diwen.problems import InputError
from diwen.sources.response_test import TestedBorehole, TestSeries
from diwen.sources.response_test.convergence import line_source_windows
from diwen.sources.response_test.heat_steps import GAP, heat_steps
from diwen.sources.response_test.recovery import evaluate_recovery, has_recovery
from diwen.sources.response_test.superposition_cells import averaged_cells
from diwen.sources.response_test.superposition_fit import fit_superposition, line_source_response

BOREHOLE = TestedBorehole(100.0, 0.075, 2.3e6, 12.0)
LAM, RB = 2.1, 0.11
TIME = np.arange(120.0, 72 * 3600.0, 120.0)


def simulated(power, time=TIME, lam=LAM, resistance=RB, borehole=BOREHOLE):
    """Exact sum over the steps of power; a record's power holds since the record before."""
    edges = np.concatenate([[0.0], time[:-1]])
    rate = power / borehole.length
    change = np.diff(rate, prepend=0.0)
    switched = np.flatnonzero(change)
    rise = rate * resistance
    for i in switched:
        later = time - edges[i]
        a = borehole.radius**2 * borehole.heat_capacity / (4 * lam)
        answer = exp1(a / np.where(later > 0, later, 1.0)) / (4 * math.pi * lam)
        rise = rise + change[i] * np.where(later > 0, answer, 0.0)
    return TestSeries.of(time, power, borehole.undisturbed_temperature + rise)


def steps(*parts, time=TIME):
    """Power from (until hour, W) pairs."""
    power = np.zeros(len(time))
    begin = 0.0
    for until, watt in parts:
        power[(time > begin) & (time <= until * 3600.0)] = watt
        begin = until * 3600.0
    return power


def test_constant_power_is_recovered_exactly():
    fit = fit_superposition(simulated(steps((72, 6000.0))), BOREHOLE)
    assert fit.conductivity == pytest.approx(LAM, rel=1e-6)
    assert fit.resistance == pytest.approx(RB, rel=1e-6)


@pytest.mark.parametrize("settling", [None, 1800.0])
def test_interrupted_power_is_recovered_exactly(settling):
    series = simulated(steps((20, 6000.0), (29, 0.0), (50, 6500.0), (72, 5000.0)))
    fit = fit_superposition(series, BOREHOLE, settling=settling)
    assert fit.conductivity == pytest.approx(LAM, rel=1e-6)
    assert fit.resistance == pytest.approx(RB, rel=1e-6)
    assert fit.rms < 1e-6
    # ... whereas the straight line through the same test is far off.
    plain = line_source_windows(series, BOREHOLE, 20 * 3600.0, TIME[-1]).conductivity[0]
    assert plain != pytest.approx(LAM, rel=0.2)


def test_undisturbed_temperature_can_be_found_when_power_varies():
    series = simulated(steps((30, 6000.0), (72, 3000.0)))
    wrong = TestedBorehole(100.0, 0.075, 2.3e6, 10.0)
    fit = fit_superposition(series, wrong, fit_undisturbed=True)
    assert fit.undisturbed_temperature == pytest.approx(12.0, abs=1e-6)
    assert fit.conductivity == pytest.approx(LAM, rel=1e-6)
    with pytest.raises(InputError, match="cannot be told from"):
        fit_superposition(simulated(steps((72, 6000.0))), wrong, fit_undisturbed=True)


def test_energy_equal_cells_agree_with_the_exact_sum():
    """Power that changes with every record: cells by Fourier transform against the full sum."""
    random = np.random.default_rng(3)
    power = 6000.0 + 600.0 * np.sin(TIME / 7000.0) + random.normal(0, 200.0, len(TIME))
    series = simulated(power)
    fit = fit_superposition(series, BOREHOLE)
    assert fit.conductivity == pytest.approx(LAM, rel=2e-3)
    assert fit.resistance == pytest.approx(RB, rel=2e-3)
    cells = averaged_cells(series, 100.0, cells=300)
    assert cells.heat_rate.sum() * cells.width == pytest.approx((power * 1.2).sum(), rel=1e-12)
    coarse = fit_superposition(series, BOREHOLE, cells=300)
    assert coarse.conductivity == pytest.approx(LAM, rel=1e-2)


def test_the_cell_mean_of_the_line_source_is_its_integral():
    response = line_source_response(BOREHOLE)(LAM)
    fine = np.linspace(1e-6, 7200.0, 200_001)
    value = response.value(fine)
    numeric = np.concatenate([[0.0], np.cumsum(0.5 * (value[1:] + value[:-1]) * np.diff(fine))])
    assert response.integral(fine)[-1] == pytest.approx(numeric[-1], rel=1e-6)
    assert response.integral(np.array([-5.0, 0.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("hidden", [0.0, 2500.0, 6000.0])
def test_the_heat_hidden_in_a_gap_is_found(hidden):
    power = steps((30, 6000.0), (36, hidden), (72, 6000.0))
    series = simulated(power)
    keep = (TIME <= 30 * 3600.0) | (TIME > 36 * 3600.0)
    seen = TestSeries.of(TIME[keep], power[keep], series.fluid_temperature[keep])
    fit = fit_superposition(seen, BOREHOLE)
    # The first record after the gap, 120 s of 6000 W, belongs to the silent stretch.
    mean = (hidden * 6 * 3600.0 + 6000.0 * 120.0) / (6 * 3600.0 + 120.0)
    assert fit.gap_heat_rates * 100.0 == pytest.approx([mean], abs=10.0)
    assert fit.conductivity == pytest.approx(LAM, rel=1e-3)


def test_gaps_are_bridged_as_told():
    time = np.array([60.0, 120.0, 180.0, 7200.0, 7260.0])
    series = TestSeries.of(time, [100.0, 100.0, 80.0, 40.0, 40.0], np.ones(5))
    for treatment, watt in (("mean", 60.0), ("carried", 80.0), ("off", 0.0)):
        found = heat_steps(series, gap=treatment)
        where = np.flatnonzero(found.origin == GAP)
        assert found.power[where].tolist() == [watt]
        assert found.gaps == [(180.0, 7200.0)]
    late = TestSeries.of(time + 7200.0, np.full(5, 50.0), np.ones(5))
    assert heat_steps(late, before=70.0).energy_at(np.array([7260.0]))[0] == 70.0 * 7260.0


def test_each_flow_level_has_its_own_resistance():
    series = simulated(steps((72, 6000.0)), resistance=0.0)
    level = np.searchsorted(np.array([24.0, 48.0]) * 3600.0, TIME, side="left")
    true = np.array([0.2, 0.15, 0.1])
    flow = np.array([0.1, 0.2, 0.4])[level]
    series = TestSeries.of(
        TIME, series.power, series.fluid_temperature + 60.0 * true[level], flow=flow
    )
    fit = fit_superposition(series, BOREHOLE, levels=level)
    assert fit.resistances == pytest.approx(true, rel=1e-6)
    assert fit.conductivity == pytest.approx(LAM, rel=1e-6)
    assert fit.level_flow == pytest.approx([0.1, 0.2, 0.4])
    windowed = fit_superposition(series, BOREHOLE, levels=level, start=30 * 3600.0)
    assert math.isnan(windowed.resistances[0])


def test_fifty_thousand_records_are_no_more_cells_than_asked_for():
    time = np.arange(10.0, 500_001.0, 10.0)
    series = TestSeries.of(time, 6000.0 + np.sin(time), 20.0 + np.log(time))
    cells = averaged_cells(series, 100.0, cells=2000)
    assert len(cells.time) == 2000


def test_standard_errors_cover_the_truth():
    """Correlated noise of 0.05 K: the 2-sigma interval of the fit holds λ in most of 60 tests."""
    random = np.random.default_rng(20)
    base = simulated(steps((40, 6000.0), (46, 0.0), (72, 6000.0)))
    inside = 0
    for _ in range(60):
        noise = np.zeros(len(TIME))
        shock = random.normal(0, 0.05 * math.sqrt(1 - 0.8**2), len(TIME))
        for i in range(1, len(TIME)):
            noise[i] = 0.8 * noise[i - 1] + shock[i]
        series = TestSeries.of(TIME, base.power, base.fluid_temperature + noise)
        fit = fit_superposition(series, BOREHOLE, settling=20000.0, guess=2.0)
        inside += abs(fit.conductivity - LAM) < 2 * fit.conductivity_error
    assert 51 <= inside <= 60


def test_recovery_gives_the_conductivity_without_the_resistance():
    series = simulated(steps((48, 6000.0), (72, 0.0)))
    assert has_recovery(series)
    fit = evaluate_recovery(series, BOREHOLE, wait=12 * 3600.0)
    assert fit.heating_end == 48 * 3600.0
    # The Horner line is a late-time formula; the superposition is exact.
    assert fit.conductivity == pytest.approx(LAM, rel=0.04)
    assert fit.undisturbed_temperature == pytest.approx(12.0, abs=0.1)
    assert fit.superposition.conductivity == pytest.approx(LAM, rel=1e-6)
    assert math.isnan(fit.superposition.resistance)


def test_no_recovery_no_result():
    series = simulated(steps((72, 6000.0)))
    assert not has_recovery(series)
    with pytest.raises(InputError, match="no recovery"):
        evaluate_recovery(series, BOREHOLE)
