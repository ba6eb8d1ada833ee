"""A deviation of the recharge acts on units that recharge, not on towers and collectors alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.twin.deviations import Deviation
from diwen.twin.deviations_plant import recharge_factor
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

SITE = Path(__file__).parents[2] / "examples" / "beijing-office-recharged"


@pytest.fixture(scope="module")
def heats() -> dict[float, tuple[float, float]]:
    """Factor -> heat given to the field and of the recharging unit, J of the second year."""
    site, found = diwen.read(SITE), {}
    for factor in (0.0, 0.3, 1.0):
        deviations = [] if factor == 1.0 else [Deviation("recharge_factor", factor)]
        run = simulate_site(site, since=date(2023, 1, 1), years=2, deviations=deviations)
        course = run.courses[-1]
        found[factor] = (
            float(course.sources["field"].recharge.sum()),
            float(course.units["recharger"].heat.sum()),
        )
    return found


def test_a_weaker_recharging_unit_gives_less(heats) -> None:
    assert heats[0.0] == (0.0, 0.0)
    assert 0.0 < heats[0.3][0] < 0.8 * heats[1.0][0]
    # It runs longer, until the field is at rest: more than its share of the capacity.
    assert heats[0.3][0] > 0.3 * heats[1.0][0]
    for field, unit in heats.values():
        assert field == pytest.approx(unit, rel=1e-9)


def test_a_unit_that_serves_loads_too_recharges_in_a_share_of_its_hours() -> None:
    inputs = inputs_of_site(diwen.read(SITE), 3600.0).inputs
    loop = inputs.station.load_loops[0].name
    units = tuple(replace(one, serves=(loop, *one.serves)) if "field" in one.serves else one
                  for one in inputs.station.units)  # fmt: skip
    both = replace(inputs, station=replace(inputs.station, units=units))
    half = recharge_factor(both, 0.25)
    for before, after in zip(units, half.station.units, strict=True):
        assert after.heating is before.heating
        if "field" not in before.serves:
            assert after.recharge_allowed is before.recharge_allowed
            continue
        before_ = (
            np.ones(8760, bool) if before.recharge_allowed is None else before.recharge_allowed
        )
        assert after.recharge_allowed is not None
        assert after.recharge_allowed.sum() == pytest.approx(0.25 * before_.sum(), rel=0.01)
