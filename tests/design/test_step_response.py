"""Heat capacity of the boreholes in the step response of sizing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diwen.design.bore_field import BoreField
from diwen.design.field_response import FieldResponse
from diwen.design.hourly_superposition import HourlySuperposition, response_times
from diwen.design.step_response import StepResponse
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.short_time import BoreholeCore, joined_step_response

BOREHOLE = Boreholes.of(0.0, 0.0, 100.0, 2.0, 0.075)
CORE = BoreholeCore.of_pipes(
    radius=0.075, resistance=0.13, pipes=2, pipe_inner_radius=0.013, pipe_outer_radius=0.016,
    pipe_conductivity=0.4,
)  # fmt: skip
PLAIN = BoreField(BOREHOLE, 2.0, 2.2e6, 12.0, 0.13)
FIELD = replace(PLAIN, core=CORE)
TIMES = np.concatenate([[0.0], np.geomspace(3600.0, 20 * 3.15e7, 60)])


def test_joins_the_first_hours_and_the_years() -> None:
    """Against the joined response of the sources, which is checked against other programs."""
    table = FieldResponse(BOREHOLE)
    found = StepResponse(FIELD, table, TIMES).at(100.0)[1:] + 0.13
    joined = joined_step_response(
        CORE, 2.0, 2.2e6, lambda times: table.at(100.0, FIELD.diffusivity * times)
    )
    assert found == pytest.approx(joined(TIMES[1:]), rel=2e-3, abs=2e-4)


def test_vanishes_with_time_and_is_never_above_the_plain_response() -> None:
    table = FieldResponse(BOREHOLE)
    plain = StepResponse(PLAIN, table, TIMES).at(100.0)
    less = plain - StepResponse(FIELD, table, TIMES).at(100.0)
    assert less[0] == 0.0
    assert (less[1:] > -1e-6).all()
    assert less[1] > 0.02
    assert less[-1] < 1e-5


def test_resistance_of_the_field_replaces_that_of_the_core() -> None:
    table = FieldResponse(BOREHOLE)
    longer = replace(FIELD, resistance=lambda length: 0.13 + 0.0002 * (length - 100.0))
    early = [StepResponse(longer, table, TIMES).at(length)[1] for length in (100.0, 200.0)]
    plain = [StepResponse(PLAIN, table, TIMES).at(length)[1] for length in (100.0, 200.0)]
    assert plain[1] - early[1] > plain[0] - early[0] + 0.003
    drawn_low = replace(FIELD, resistance=0.02)
    assert np.isfinite(StepResponse(drawn_low, table, TIMES).at(100.0)).all()


def test_one_hour_of_load_warms_only_what_the_borehole_holds() -> None:
    """Fluid after an hour: less than its own capacity alone would give, and than R_b would."""
    power = np.zeros((1, 8760))
    power[0, 0] = 1.0
    drop = HourlySuperposition(power, 1).drop(
        StepResponse(FIELD, FieldResponse(BOREHOLE), response_times(1)).at(100.0)
    )
    fluid = drop[0, 0] + 0.13
    assert fluid < 0.9 * (0.13 + StepResponse(PLAIN, FieldResponse(BOREHOLE), TIMES).at(100.0)[1])
    assert 0.0 < fluid < 3600.0 / CORE.fluid_capacity
