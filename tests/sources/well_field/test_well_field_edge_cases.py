"""Fields of wells at the ends of what is legal: no feedback, screens that run both ways."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.field_source import well_field_source_model
from diwen.sources.well_field.potential_flow import PlaneWells
from diwen.sources.well_field.stream_table import ScreenFlow

AQUIFER = Aquifer(10.0, 70.0, 1e-4, 1e-4)
FLOW = 30.0 / 3600.0


def test_water_that_never_comes_back_has_an_exact_answer():
    """Without feedback the mean water answers at once by 1/(2 ρc Q), and no mode is off."""
    fast = PlaneWells.of([[0.0, 0.0], [100.0, 0.0]], [FLOW, -FLOW], 20.0, regional_flux=1e-3,
                         regional_direction=np.pi)  # fmt: skip
    far = PlaneWells.of([[0.0, 0.0], [5000.0, 0.0]], [1e-6, -1e-6], 200.0)
    for field in (fast, far):
        model = well_field_source_model(field, undisturbed_temperature=11.0)
        assert model.response.direct[0, 0] == pytest.approx(0.5 / model.heat_capacity_rate)
        assert model.error < 1e-12


def test_starts_stand_where_the_screen_gives_water_though_a_part_of_it_takes_some():
    screen = ScreenFlow(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.3, 0.1, -0.2]))
    np.testing.assert_allclose(screen.depths(4), [1 / 6, 0.5, 5 / 6, 1.5])
    taking = ScreenFlow(screen.edges, -screen.flow)
    np.testing.assert_allclose(taking.depths(4), screen.depths(4))


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_pairs_of_very_unequal_flow_share_all_their_water(share):
    """What is returned arrives, leaves or is still on its way, whatever drives the screens."""
    well = CirculationWell.of(
        0.15,
        (
            ScreenPair(Screen(12.0, 20.0), Screen(24.0, 34.0), share),
            ScreenPair(Screen(40.0, 48.0), Screen(54.0, 62.0), 1.0 - share),
        ),
    )
    found = trace_circulation(CirculationField.of([[0.0, 0.0]], FLOW, well, AQUIFER))
    total = found.final.sum(axis=0) + found.left + found.remaining
    np.testing.assert_allclose(total, 1.0, atol=1e-9)
    assert found.final[0, 0] > 0.9
