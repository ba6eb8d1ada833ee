"""Pumps: affinity laws, curves of others, control, parallel running."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.plant.pump_control import PumpDuty, constant_pump, pump_group
from diwen.plant.pump_curve import PumpCurve, SystemCurve, hydraulic_power
from diwen.plant.pump_drive import PumpDrive
from diwen.problems import InputError

CURVE = PumpCurve.of_rating(0.03, 20.0, 0.7)
DRIVE = PumpDrive(0.9, 9.04, (0.5087, 1.283, -1.42, 0.5834))
CONTROLS = (
    "fixed", "throttled", "constant_pressure", "variable_pressure", "remote_sensor", "variable",
)  # fmt: skip


def test_a_curve_through_one_point_is_that_of_epanet() -> None:
    # EPANET 2.2 user manual: 133 % of the head at no flow, no head at twice the flow.
    assert float(CURVE.head(0.0)) == pytest.approx(4.0 / 3.0 * 20.0, rel=1e-12)
    assert float(CURVE.head(0.03)) == pytest.approx(20.0, rel=1e-12)
    assert float(CURVE.head(0.06)) == pytest.approx(0.0, abs=1e-12)


def test_three_points_are_met() -> None:
    flow = np.array([0.0, 0.01, 0.02])
    curve = PumpCurve.through(flow, [30.0, 27.0, 18.0], 0.6)
    assert curve.head(flow) == pytest.approx([30.0, 27.0, 18.0], rel=1e-9)


def test_a_fit_agrees_with_bounded_least_squares_of_scipy() -> None:
    from scipy.optimize import lsq_linear

    flow = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    head = np.array([10.0, 10.6, 10.4, 9.0, 5.5])  # rises first: a plain parabola would rise
    matrix = np.stack([np.ones(5), -flow, -(flow**2)], axis=1)
    best = lsq_linear(matrix, head, bounds=([-np.inf, 0, 0], [np.inf] * 3), tol=1e-12).x
    curve = PumpCurve.through(flow, head, 0.6)
    assert [curve.shut_off_head, curve.linear, curve.quadratic] == pytest.approx(best, abs=1e-5)
    assert (np.diff(curve.head(np.linspace(0, 2, 50))) <= 0.0).all()


@given(st.floats(0.2, 1.0), st.floats(0.05, 1.6), st.integers(1, 5))
def test_affinity_laws(speed: float, share: float, count: int) -> None:
    curve = PumpCurve(25.0, 40.0, 5000.0, 0.03, 0.7)
    flow = share * 0.03 * count
    head, power = curve.head(flow, 1.0, count), curve.power(flow, 1.0, count)
    assert curve.head(speed * flow, speed, count) == pytest.approx(speed**2 * head, rel=1e-9)
    assert curve.power(speed * flow, speed, count) == pytest.approx(speed**3 * power, rel=1e-9)
    assert curve.efficiency(speed * flow, speed, count) == pytest.approx(
        curve.efficiency(flow, 1.0, count), rel=1e-9
    )


@given(st.floats(0.05, 1.5))
def test_power_is_hydraulic_power_over_efficiency(share: float) -> None:
    flow = share * 0.03
    expected = hydraulic_power(flow, CURVE.head(flow)) / CURVE.efficiency(flow)
    assert float(CURVE.power(flow)) == pytest.approx(float(expected), rel=1e-9)


@given(st.floats(0.0, 15.0), st.floats(1e2, 1e6), st.floats(0.6, 1.0), st.integers(1, 4))
def test_the_operating_point_lies_on_both_curves(
    static: float, factor: float, speed: float, count: int
) -> None:
    system = SystemCurve(static, factor)
    flow = CURVE.operating_flow(system, speed, count)
    if static < speed**2 * CURVE.shut_off_head:
        assert float(CURVE.head(flow, speed, count)) == pytest.approx(
            float(system.head(flow)), rel=1e-8
        )
    else:
        assert flow == 0.0


@given(st.floats(0.01, 1.2), st.floats(0.1, 1.2), st.integers(1, 3))
def test_the_speed_for_a_point_gives_the_point(share: float, height: float, count: int) -> None:
    flow, head = share * 0.03 * count, 20.0 * height
    speed = CURVE.speed_for(flow, head, count)
    assert float(CURVE.head(flow, speed, count)) == pytest.approx(head, rel=1e-9)


def test_branches_side_by_side_share_the_flow() -> None:
    branches = [SystemCurve.through(0.01, 5.0), SystemCurve.through(0.02, 5.0)]
    both = SystemCurve.beside(branches)
    assert float(both.head(0.03)) == pytest.approx(5.0, rel=1e-12)
    behind = SystemCurve.through(0.03, 4.0, static=1.0).behind(both)
    assert float(behind.head(0.03)) == pytest.approx(9.0, rel=1e-12)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("count", [1, 3])
def test_every_control_gives_the_same_power_at_design(control: str, count: int) -> None:
    duty = PumpDuty(0.03 * count, 20.0, control)  # type: ignore[arg-type]
    group = pump_group("p", CURVE, duty, count=count)
    expected = float(hydraulic_power(0.03, 20.0)) / 0.7 * count
    assert group.power[-1] == pytest.approx(expected, rel=1e-9)
    assert group.shares[0] == 0.0
    assert group.shares[-1] == 1.0
    assert (np.diff(group.power) >= -1e-9 * expected).all()
    assert group.variable == (control != "fixed")


def test_controls_order_as_engineers_know_them() -> None:
    """Below design: fixed > throttled > constant > proportional > remote sensor > valves open."""
    powers = [
        pump_group("p", CURVE, PumpDuty(0.03, 20.0, control), drive=DRIVE).power[5:-1]
        for control in CONTROLS  # type: ignore[arg-type]
    ]
    for more, less in itertools.pairwise(powers):
        assert (more > less).all()


def test_a_pump_without_lift_follows_the_cube() -> None:
    group = pump_group("p", CURVE, PumpDuty(0.03, 20.0, "variable"))
    assert group.power == pytest.approx(group.power[-1] * group.shares**3, rel=1e-9, abs=1e-9)


def test_proportional_pressure_is_the_reference_curve_of_en_16297() -> None:
    duty = PumpDuty(0.03, 20.0, "variable_pressure", held_share=0.5)
    assert duty.needed_head([0.0, 0.25, 0.5, 0.75, 1.0]) == pytest.approx(
        [10.0, 12.5, 15.0, 17.5, 20.0]
    )


def test_of_two_pumps_one_runs_at_half_flow() -> None:
    duty = PumpDuty(0.06, 20.0, "constant_pressure")
    group = pump_group("p", CURVE, duty, count=2)
    assert np.interp(0.5, group.shares, group.power) == pytest.approx(group.power[-1] / 2, rel=1e-9)


def test_rated_power_scales_the_table_and_drive_loses_its_share() -> None:
    duty = PumpDuty(0.03, 20.0, "variable")
    plain = pump_group("p", CURVE, duty, drive=DRIVE)
    scaled = pump_group("p", CURVE, duty, drive=DRIVE, rated_power=9000.0)
    assert scaled.power == pytest.approx(plain.power * 9000.0 / plain.power[-1])
    # At full speed and load: 0.9 times the converter's 0.5087 + 1.283 − 1.42 + 0.5834.
    assert plain.heat_to_water == pytest.approx(0.9 * 0.9551, rel=1e-9)
    without = pump_group("p", CURVE, duty)
    assert plain.power[-1] * plain.heat_to_water == pytest.approx(without.power[-1], rel=1e-9)


def test_a_motor_loses_efficiency_only_far_below_its_rating() -> None:
    share = np.linspace(0.05, 1.0, 40)
    efficiency = DRIVE.motor(share)
    assert (np.diff(efficiency) > 0.0).all()
    assert efficiency[-1] == pytest.approx(0.9)
    assert float(DRIVE.motor(0.5)) > 0.88
    assert PumpDrive(0.9).motor(share) == pytest.approx(0.9)


def test_a_constant_pump_is_flat() -> None:
    group = constant_pump("p", 1000.0, 0.01, always_on=True)
    assert (group.power == 1000.0).all()
    assert not group.variable
    assert group.always_on


def test_what_cannot_be_is_refused_with_a_cure() -> None:
    with pytest.raises(InputError, match="two points"):
        PumpCurve.through([0.1], [3.0], 0.5)
    with pytest.raises(InputError) as caught:
        PumpCurve.of_rating(-1.0, 0.0, 1.5)
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="design head"):
        pump_group("p", CURVE, PumpDuty(0.04, 20.0))
    with pytest.raises(InputError, match="finite"):
        PumpCurve.through([0.0, np.nan], [3.0, 1.0], 0.5)
