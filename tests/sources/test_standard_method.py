"""Appendix B of GB 50366: the worked numbers, the trap, and agreement with the line source."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from diwen.problems import InputError
from diwen.sources.borehole.pipes import Pipe
from diwen.sources.borehole.standard_method import (
    NO_REFERENCE_VALUE,
    length_for_cooling,
    length_for_heating,
    standard_resistances,
)

DAY = 86400.0
PIPE = Pipe(inner_radius=0.013, outer_radius=0.016, conductivity=0.42)
GIVEN = {
    "pipe": PIPE, "legs": 2, "bore_radius": 0.075, "film": 2000.0, "grout_conductivity": 1.8,
    "ground_conductivity": 1.8, "diffusivity": 0.8e-6, "running_time": 120 * DAY,
    "pulse_time": 8 * 3600.0,
}  # fmt: skip


def test_worked_resistances():
    """De 32 x 3, single U, 120 days, 8-hour pulse: 1e-3 relative on every number."""
    got = standard_resistances(**GIVEN)
    assert got.equivalent_diameter == pytest.approx(0.045255, rel=1e-3)
    assert got.film == pytest.approx(0.00612, rel=1e-3)
    assert got.pipe == pytest.approx(0.05390, rel=1e-3)
    assert got.grout == pytest.approx(0.10596, rel=1e-3)
    assert got.ground == pytest.approx(0.35834, rel=1e-3)
    assert got.pulse == pytest.approx(0.10076, rel=1e-3)
    assert got.total(0.5) == pytest.approx(0.39552, rel=1e-3)


def test_worked_lengths():
    got = standard_resistances(**GIVEN)
    cooling = length_for_cooling(got, 100e3, 33.0, 15.0, 5.0, 0.5)
    heating = length_for_heating(got, 100e3, 3.0, 15.0, 4.0, 0.5)
    assert cooling.length == pytest.approx(2636.8, rel=1e-3)
    assert heating.length == pytest.approx(2472.0, rel=1e-3)
    assert cooling.heat_per_metre * cooling.length == pytest.approx(120e3)
    assert heating.heat_per_metre * heating.length == pytest.approx(75e3)
    assert NO_REFERENCE_VALUE in cooling.notes
    assert "不得" in NO_REFERENCE_VALUE.zh


def test_the_literal_reading_is_a_third_too_short():
    """The trap: I(u) as printed, with u not squared; marked as not for design."""
    got = standard_resistances(**GIVEN, literal=True)
    assert got.ground == pytest.approx(0.16698, rel=1e-3)
    assert got.pulse == pytest.approx(0.04658, rel=1e-3)
    assert got.total(0.5) == pytest.approx(0.27275, rel=1e-3)
    short = length_for_cooling(got, 100e3, 33.0, 15.0, 5.0, 0.5)
    assert short.length == pytest.approx(1818.4, rel=1e-3)
    assert len(short.notes) == 2
    assert "not for design" in short.notes[1].en
    assert not standard_resistances(**GIVEN).literal


@pytest.mark.parametrize("days", [1.0, 30.0, 120.0])
def test_ground_resistance_is_the_line_source(days):
    """Integral of the line source over time by quadrature: 1e-8."""
    got = standard_resistances(**(GIVEN | {"running_time": days * DAY}))
    lower = 0.075**2 / (4 * 0.8e-6 * days * DAY)
    integral = quad(lambda s: math.exp(-math.exp(s)), math.log(lower), math.log(50.0))[0]
    assert got.ground == pytest.approx(integral / (4 * math.pi * 1.8), rel=1e-8)


def test_neighbours_add_their_line_sources():
    alone = standard_resistances(**GIVEN)
    crowd = standard_resistances(**GIVEN, neighbours=[4.0, 4.0, 5.6569])
    far = standard_resistances(**GIVEN, neighbours=[500.0])
    assert crowd.ground > 1.1 * alone.ground
    assert crowd.pulse == alone.pulse
    assert far.ground == pytest.approx(alone.ground, rel=1e-12)


def test_double_u_is_a_thicker_pipe():
    single, double = standard_resistances(**GIVEN), standard_resistances(**(GIVEN | {"legs": 4}))
    assert double.equivalent_diameter == pytest.approx(np.sqrt(2) * single.equivalent_diameter)
    assert double.grout < single.grout


def test_all_wrong_inputs_are_named_at_once():
    with pytest.raises(InputError) as refused:
        standard_resistances(**(GIVEN | {"legs": 0, "film": 0.0, "diffusivity": -1.0}))
    where = {problem.where for problem in refused.value.problems}
    assert where == {"legs", "film", "diffusivity"}
    with pytest.raises(InputError, match="equivalent pipe"):
        standard_resistances(**(GIVEN | {"bore_radius": 0.02}))
    got = standard_resistances(**GIVEN)
    with pytest.raises(InputError) as refused:
        length_for_heating(got, -5.0, 16.0, 15.0, 1.0, 1.5)
    assert len(refused.value.problems) == 4
    with pytest.raises(InputError) as refused:
        length_for_cooling(got, 5.0, 14.0, 15.0, 0.0, 0.5)
    assert len(refused.value.problems) == 2
