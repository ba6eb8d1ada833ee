"""Forecast bands and the reliability score of a plant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.attribution import source_uncertainty as change
from diwen.diagnosis.attribution.attribution import attribute
from diwen.diagnosis.attribution.forecast import forecast
from diwen.diagnosis.attribution.future_years import inputs_from_now
from diwen.diagnosis.attribution.reliability import reliability
from diwen.diagnosis.finding import Case, Finding, NotJudged
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.language import same
from diwen.site.source_builders import source_model
from diwen.twin.deviations import PARAMETERS, Deviation
from diwen.twin.deviations_plant import conductivity
from diwen.twin.run import simulate
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"


def found_of(parameter: str, value: float, sigma: float, probability: float) -> Finding:
    return Finding(
        parameter, "", "", (), probability, value, value - 1.6448536 * sigma,
        value + 1.6448536 * sigma, "constant", None, None, None, None, (),
    )  # fmt: skip


@cache
def office() -> Case:
    """An office whose cold is less than designed for and whose heat is supplied too warm."""
    site = diwen.read(EXAMPLES / "beijing-office")
    run = simulate_site(site, since=date(2023, 1, 1), points="standard",
                        deviations=[Deviation("setpoint_shift", 4.0)])  # fmt: skip
    inputs = inputs_of_site(site, 3600.0)
    return Case(site, record_of_simulation(run), inputs.inputs, (), inputs.weather_known)


def test_a_certain_plant_has_the_forecast_of_the_twin():
    """Without anything uncertain but the ground, the middle is one plain run of 25 years."""
    case = office()
    findings = [found_of("setpoint_shift", 4.0, 0.0, 1.0)]
    attribution = attribute(case, findings)
    found = forecast(case, findings, attribution=attribution)
    present = attribution.present
    inputs = inputs_from_now(present, present.deviations, 0.0)
    run = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, years=25,
                   keep="none", initial=present.state)  # fmt: skip
    low = found.as_found.entering_low["field"]
    assert low.middle == pytest.approx(run.extremes["field"][:, 0], abs=0.1)
    assert (low.low < low.middle).all()
    assert (low.middle < low.high).all()
    # The ground is uncertain by 0.5 K at least: the band of 90 % is wider than that.
    assert (low.high - low.low > 2.0 * 1.64 * 0.5 * 0.9).all()
    # Put right, less is taken for the same heat; the ground is uncertain as before.
    assert (found.all_right.performance.middle > found.as_found.performance.middle).all()
    again = forecast(case, findings, 2, attribution=attribution).as_found.performance
    assert again.high == pytest.approx(found.as_found.performance.high[:2], rel=1e-3)
    beyond = found.as_found.beyond.get("field")
    assert beyond is None or ((beyond >= 0.0) & (beyond <= 1.0)).all()


def test_an_unsure_finding_widens_the_band():
    case = office()
    sure = [found_of("setpoint_shift", 4.0, 0.1, 1.0)]
    unsure = [found_of("setpoint_shift", 4.0, 1.0, 0.6)]
    widths = []
    for findings in (sure, unsure):
        band = forecast(case, findings, 2).as_found.performance
        widths.append(float((band.high - band.low)[0]))
    assert widths[1] > 1.3 * widths[0]


@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_ground_that_conducts_otherwise_without_building_it_anew(factor):
    """The scaled modes against a source that is built: 3 % of the drop from a month to decades."""
    site = diwen.read(EXAMPLES / "plant-template")
    inputs = office().inputs
    given = replace(inputs, sources={"field": source_model(site, "field")})
    scaled = (
        change.with_conductivity(given, factor, change.field_resistances(site, given))
        .sources["field"]
        .response
    )
    built = source_model(conductivity(site, factor), "field").response

    def drop(response, time):
        grown = -np.expm1(-time / response.time_constants)
        return float((response.resistances[0, 0] * grown).sum() + response.direct[0, 0])

    before = given.sources["field"].response
    for days in (30.0, 365.0, 25 * 365.0):
        time = days * 86400.0
        assert drop(scaled, time) == pytest.approx(drop(built, time), rel=0.03)
        assert (drop(scaled, time) < drop(before, time)) is (factor > 1.0)


def healthy(*parameters: str) -> list[Finding]:
    """Of each: judged, and in order."""
    return [found_of(name, PARAMETERS[name].neutral, 0.01, 0.001) for name in parameters]


def test_reliability_falls_with_what_is_found_and_refuses_what_it_does_not_know():
    case = office()
    judged = healthy("ground_conductivity", "source_flow", "strainer", "yearly_imbalance")
    findings = [found_of("setpoint_shift", 4.0, 0.2, 0.98), *judged]
    parts = attribute(case, findings)
    course = forecast(case, findings, attribution=parts)
    found = reliability(case, findings, (), parts, course)
    clean = attribute(case, [])
    ahead = forecast(case, [], 2, attribution=clean)
    without = reliability(case, [*judged, *healthy("setpoint_shift")], (), clean, ahead)
    scores = [one.score for one in found.dimensions]
    assert all(score is not None and 0.0 <= score <= 100.0 for score in scores)
    assert found.of("operation").score < without.of("operation").score
    for one in found.dimensions:
        assert all(index.rows and index.weight > 0.0 for index in one.indices)
        assert all(index.evidence for index in one.indices if index.score is not None)
    # Nothing was judged: the twin foresees, the meters run, and still no dimension has a score.
    unknown = [NotJudged(name, same("x"), ("FS",)) for name in PARAMETERS]
    for lacking in ((), unknown):
        refused = reliability(case, [], lacking, clean, ahead)
        assert refused.score is None
        for one in refused.dimensions:
            assert one.score is None
            assert one.refused is not None
    # The reason counts what was not judged: five of the ground or wells, four of the construction.
    assert "each of the 9 kinds" in refused.of("resource").refused.en
    assert "9 种" in refused.of("resource").refused.zh


def test_what_does_not_apply_to_a_plant_is_not_counted_as_judged():
    """Wells at a bore field: no line speaks of them, so that they are neither judged nor open."""
    case = office()
    clean = attribute(case, [])
    ahead = forecast(case, [], 2, attribution=clean)
    findings = healthy("ground_conductivity", "setpoint_shift")
    lacking = [NotJudged("borehole_resistance", same("x"), ("FS",))]
    found = reliability(case, findings, lacking, clean, ahead)
    index = {one.name: one for one in found.of("resource").indices}["parameters"]
    assert "1 of 2 parameters" in index.evidence[0].en
    assert index.score == pytest.approx(100.0, abs=0.1)
    judged = {one.name: one for one in found.of("operation").indices}["judged"]
    assert judged.value == pytest.approx(2.0 / 3.0)
    assert found.of("system").score is None  # neither flows nor sizes were judged
    assert found.of("life_cycle").score is not None  # the ground was
    assert found.score is None
