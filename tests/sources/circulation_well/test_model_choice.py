"""One face for all models of a circulation well; each says how far it is from the reference."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import step_response
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import heat_operator
from diwen.sources.circulation_well.model_choice import PURPOSES, choose_model
from diwen.sources.circulation_well.model_reduction import check_course

HOUR = 3600.0
FLOW = 30.0 / HOUR


@pytest.fixture(scope="module")
def field():
    """Base case: aquifer 10 to 70 m, screens of 18 m, bore of 0.3 m."""
    ground = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9])
    well = CirculationWell.of(0.15, (ScreenPair(Screen(12, 30), Screen(40, 58)),), depth=60.0)
    return flow_field(ground, well, well_grid(ground, well, fineness=0.4))


@pytest.fixture(scope="module")
def models(field):
    return {
        purpose: choose_model(purpose, field, FLOW, natural_temperature=11.0)
        for purpose in PURPOSES
    }


@pytest.fixture(scope="module")
def season():
    n = np.arange(2000)
    load = 1e5 * (1.0 + 0.5 * np.sin(2 * np.pi * n / 24) + 0.3 * np.sin(2 * np.pi * n / 1700))
    flow = np.where((n // 30) % 4 == 3, 0.0, np.where(n % 11 < 5, FLOW, 0.6 * FLOW))
    return np.where(flow > 0.0, load, 0.0), flow


def test_each_purpose_has_its_model_and_its_reason(models):
    kinds = {purpose: model.kind for purpose, model in models.items()}
    assert kinds == {
        "feasibility": "volume_clock",
        "design": "reduced_well",
        "optimisation": "reduced_well",
        "years": "reduced_well",
        "reference": "finite_volume",
    }
    for model in models.values():
        assert model.reason.en
        assert model.reason.zh
        assert model.reason.en != model.reason.zh


@pytest.mark.parametrize("purpose", PURPOSES)
def test_all_give_the_same_course_within_what_they_say(models, season, purpose):
    """On a course that none was checked on; twice the stated error is allowed for that."""
    exact = models["reference"].simulate(*season)
    found = models[purpose].simulate(*season)
    drop = np.abs(exact.pumped - 11.0).max()
    allowed = 2.0 * max(models[purpose].error, models[purpose].relative_error * drop)
    assert np.abs(found.pumped - exact.pumped).max() <= allowed
    assert np.abs(found.returned - exact.returned).max() <= allowed
    assert found.pumped.shape == found.load.shape == (2000,)
    assert found.reference_temperature == pytest.approx(11.0)


def test_the_stated_errors_are_measured_ones(field, models):
    course = check_course(heat_operator(field), [FLOW])
    exact = models["reference"].simulate(course.load, course.flow, course.step)
    for purpose in ("feasibility", "years"):
        found = models[purpose].simulate(course.load, course.flow, course.step)
        off = np.abs(found.pumped - exact.pumped).max()
        assert off == pytest.approx(models[purpose].error, rel=1e-6)
    assert models["reference"].error == 0.0
    assert 0.0 < models["years"].error < 0.02
    assert models["years"].error < models["feasibility"].error < 0.5


def test_only_the_clock_knows_no_heats(models, season):
    assert np.isnan(models["feasibility"].simulate(*season).stored).all()
    for purpose in ("design", "reference"):
        course = models[purpose].simulate(*season)
        assert course.energy_closure < 1e-9
    assert models["design"].reduced is not None


def test_without_a_measurement_the_error_is_unknown(field):
    for purpose in ("feasibility", "design"):
        model = choose_model(purpose, field, FLOW, measured=False)
        assert np.isnan(model.error)


def test_a_measured_breakthrough_goes_before_a_computed_one(field, models):
    """F of the cells in place of a circulation test: closer than the traced paths."""
    response = step_response(heat_operator(field), FLOW, stretches=((HOUR, 5200),))
    told = Breakthrough.from_step_response(response)
    traced = models["feasibility"]
    for purpose in ("feasibility", "design", "optimisation"):
        model = choose_model(purpose, field, FLOW, breakthrough=told)
        assert model.kind == "volume_clock"
        assert model.error < 0.5 * traced.error
    years = choose_model("years", field, FLOW, breakthrough=told, measured=False)
    assert years.kind == "reduced_well"


def test_heads_are_those_of_the_flow_field(field, models):
    rise, drawdown = models["feasibility"].heads(FLOW)
    np.testing.assert_allclose(rise, field.injection_head * FLOW)
    np.testing.assert_allclose(drawdown, field.extraction_head * FLOW)
    assert (rise > 0.0).all()
    assert (drawdown > 0.0).all()


def test_an_unknown_purpose_is_refused_with_the_list(field):
    with pytest.raises(InputError, match="feasibility"):
        choose_model("magic", field, FLOW)
    with pytest.raises(InputError):
        choose_model("design", field, -1.0)
