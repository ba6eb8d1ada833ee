"""What a deviation costs, against the twin run directly with it and without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import diwen
from diwen.design.economics.tariff_course import course_of_tariff
from diwen.diagnosis.attribution.attribution import attribute
from diwen.diagnosis.attribution.diagnosed_year import hours_of_year
from diwen.diagnosis.attribution.energy_prices import energy_prices
from diwen.diagnosis.attribution.held_deviations import held_findings
from diwen.diagnosis.attribution.waterfall import Part, waterfall
from diwen.diagnosis.finding import Case, Finding
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.language import same
from diwen.twin.deviations import Deviation
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
BEGIN = date(2023, 1, 1)
KWH = 3.6e6


def finding(parameter: str, value: float, sigma: float = 0.0, **more) -> Finding:
    """A finding by hand; ``sigma`` is the standard uncertainty of its value."""
    base = Finding(
        parameter, "", "", (), 0.95, value, value - 1.6448536 * sigma, value + 1.6448536 * sigma,
        "constant", None, None, None, None, (),
    )  # fmt: skip
    return replace(base, **more)


@cache
def case_of(name: str, *deviations: Deviation, years: int = 1, since: date = BEGIN) -> Case:
    """A site with its record, perfect instruments."""
    site = diwen.read(EXAMPLES / name)
    simulation = simulate_site(
        site, years=years, since=since, deviations=deviations, points="standard"
    )
    inputs = inputs_of_site(site, 3600.0)
    return Case(site, record_of_simulation(simulation), inputs.inputs, (), inputs.weather_known)


@cache
def electricity(name: str, *deviations: Deviation, years: int = 1, since: date = BEGIN) -> float:
    """Of the last year, J, straight from the twin."""
    site = diwen.read(EXAMPLES / name)
    run = simulate_site(site, years=years, since=since, deviations=deviations, keep="last")
    return run.years[-1].power


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [
        pytest.param("plant-template", "setpoint_shift", 4.0, marks=pytest.mark.verify),
        ("beijing-office", "ground_conductivity", 0.7),
        pytest.param("forest-office-4-wells", "efficiency_loss", 0.1, marks=pytest.mark.verify),
    ],
)
def test_a_counterfactual_is_the_twin_with_less_the_twin_without(name, parameter, value):
    """Within 1 % of two plain runs of the twin."""
    deviation = Deviation(parameter, value)
    case = case_of(name, deviation)
    truth = electricity(name, deviation) - electricity(name)
    found = attribute(case, [finding(parameter, value)])
    part = found.of(parameter)
    assert part is not None
    assert part.electricity == pytest.approx(truth, rel=0.01)
    assert part.electricity_deviation == 0.0
    measured = found.electricity.bar("measured").value
    assert abs(found.electricity.bar("unexplained").value) < 0.01 * measured


def test_several_findings_a_step_and_a_later_season():
    """Years before, a step within the last year, a run that does not begin on 1 January."""
    since = date(2022, 4, 1)
    both = (Deviation("setpoint_shift", 3.0), Deviation("pumps_always_on", 1.0, 1.5))
    case = case_of("beijing-office", *both, years=2, since=since)
    step = finding("pumps_always_on", 1.0, since=date(2023, 9, 30), shape="step")
    found = attribute(case, [finding("setpoint_shift", 3.0, 0.3), step])
    for number, one in enumerate(both):
        rest = both[1 - number]
        truth = electricity("beijing-office", *both, years=2, since=since)
        truth -= electricity("beijing-office", rest, years=2, since=since)
        assert found.of(one.parameter).electricity == pytest.approx(truth, rel=0.02)
    bars = found.electricity
    assert abs(bars.closure) < 1e-9 * bars.bar("measured").value
    ends = [
        attribute(case, [finding("setpoint_shift", value), step]).of("setpoint_shift").electricity
        for value in (3.3, 2.7)
    ]
    spread = found.of("setpoint_shift").electricity_deviation
    assert spread == pytest.approx(0.5 * (ends[0] - ends[1]), rel=0.02)
    # The tenth year of the plant as it is, straight from the twin: eight years from now.
    assert found.as_found[1].number == 10
    site = diwen.read(EXAMPLES / "beijing-office")
    later = simulate_site(site, years=12, since=since, deviations=both, keep="none").years[-1]
    low, high = found.as_found[1].entering["field"]
    assert (low, high) == pytest.approx(later.entering, abs=0.15)
    assert found.as_found[1].electricity == pytest.approx(later.power, rel=0.01)


def test_nothing_found_costs_nothing():
    case = case_of("plant-template")
    found = attribute(case, [finding("setpoint_shift", 4.0, probability=0.2)])
    assert found.counterfactuals == ()
    assert [bar.kind for bar in found.electricity.bars] == [
        "promised", "use", "unexplained", "measured",
    ]  # fmt: skip
    assert found.electricity.bar("use").value == pytest.approx(0.0, abs=5e-3 * electricity(
        "plant-template"))  # fmt: skip
    assert found.all_right is found.as_found
    ratios = found.performance
    assert ratios["measured"] == pytest.approx(ratios["promised"], rel=0.02)
    assert found.money is not None
    assert found.money.unit == "CNY"
    assert found.money.closure == pytest.approx(0.0, abs=1e-6)


def test_without_twin_without_electricity_without_tariff():
    case = case_of("plant-template")
    blind = attribute(replace(case, inputs=None), [])
    assert blind.refused is not None
    assert blind.electricity is None
    unmetered = replace(case.record, units={}, pumps={}, auxiliaries={})
    site = case.site.model_copy(update={"tariff": type(case.site.tariff)()})
    found = attribute(replace(case, site=site, record=unmetered, memory={}),
                      [finding("setpoint_shift", 4.0)])  # fmt: skip
    assert found.electricity.bars[-1].kind == "as_found"
    assert found.electricity.reason is not None
    assert found.money is None
    assert found.of("setpoint_shift").cost is None
    assert np.isnan(found.performance["measured"])
    assert abs(found.electricity.closure) < 1e-3
    assert any("price" in note.en for note in found.notes)


def test_gaps_are_filled_by_the_twin_and_said():
    case = case_of("plant-template")
    summer = (case.record.day >= np.datetime64("2023-06-01")) & (
        case.record.day < np.datetime64("2023-08-01")
    )

    def holed(channel):
        value = channel.value.copy()
        value[summer] = np.nan
        return replace(channel, value=value)

    units = {name: replace(one, power=holed(one.power)) for name, one in case.record.units.items()}
    whole = attribute(case, []).electricity.bar("measured").value
    found = attribute(replace(case, record=replace(case.record, units=units)), [])
    assert found.year.electricity.months == 10
    assert found.electricity.bar("measured").value == pytest.approx(whole, rel=0.01)


@pytest.mark.verify
def test_more_than_the_twin_can_take_is_noted_and_not_priced():
    case = case_of("forest-office-4-wells", Deviation("efficiency_loss", 0.1))
    found = attribute(case, [finding("setpoint_shift", 18.0), finding("no_such", 1.0)])
    assert found.counterfactuals == ()
    assert len([note for note in found.notes if "not priced" in note.en]) == 2


def test_a_saw_tooth_takes_its_services_from_the_ledger():
    case = case_of("plant-template")
    from diwen.diagnosis.record.operating_record import Circumstance

    service = Circumstance("cleaning", "site", date(2023, 7, 2), None, float("nan"), None)
    record = replace(case.record, circumstances=(service,))
    held, notes = held_findings(record, [finding("strainer", 0.2, shape="sawtooth")])
    assert notes == ()
    assert held[0].deviation.resets == pytest.approx((182 / 365,))
    assert held[0].deviation.at(0.75) == pytest.approx(0.2 * (0.75 - 182 / 365))


def test_prices_by_hour_are_those_of_the_design_study():
    """An independent computation of the same tariff."""
    site = diwen.read(EXAMPLES / "plant-template")
    found = energy_prices(site, BEGIN, frozenset())
    assert found.electricity == pytest.approx(course_of_tariff(site.tariff).price, rel=1e-9)
    assert 0.2 / KWH < found.grid < 1.2 / KWH


def test_hours_of_the_year_of_365_days():
    day = np.array(["2024-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "2023-12-31"],
                   dtype="datetime64[D]")  # fmt: skip
    hour = np.array([0, 5, 5, 0, 23])
    assert hours_of_year(day, hour).tolist() == [0, 1397, 1397, 1416, 8759]


numbers = st.floats(-1e12, 1e12, allow_nan=False)


@given(numbers, numbers, numbers, st.one_of(st.none(), numbers),
       st.lists(st.tuples(numbers, st.floats(0.0, 1e9)), max_size=6))  # fmt: skip
def test_the_bars_always_sum(promised, reference, as_found, measured, parts):
    found = waterfall(
        promised, reference, as_found, measured,
        [Part(f"p{i}", same(f"p{i}"), *one) for i, one in enumerate(parts)], unit="J",
    )  # fmt: skip
    scale = max(abs(bar.value) for bar in found.bars) + 1.0
    assert abs(found.closure) <= 1e-9 * scale
    assert found.bars[0].kind == "promised"
    assert found.bars[-1].kind == ("as_found" if measured is None else "measured")
    assert all(bar.deviation >= 0.0 for bar in found.bars)
