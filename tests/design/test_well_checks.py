"""Checks of circulation wells: published numbers, refusals with their cures, laws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.design.well_check_heads import heads_of
from diwen.design.well_check_result import WellCheck, WellChecks
from diwen.design.well_check_rules import WellRules
from diwen.design.well_checks import check_well
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import SeasonCourse
from diwen.language import same
from diwen.problems import InputError
from diwen.sources.aquifer import (
    CirculationWell,
    GravelAnnulus,
    GroundColumn,
    Screen,
    ScreenPair,
)

HOUR = 3600.0
FLOW = 30.0 / HOUR
MWH = 3.6e9
PAIR = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
HEAD_CHECKS = (
    "wellhead_pressure", "lifting", "effective_stress", "pump_submergence", "covered_screen",
    "seal_gradient",
)  # fmt: skip


def column(conductivity: float = 1e-4, ratio: float = 1.0) -> GroundColumn:
    radial = np.array([1e-9, conductivity, 1e-9])
    return GroundColumn.of([0.0, 10.0, 70.0, 100.0], radial, vertical_conductivity=radial * ratio)


def design(conductivity: float = 1e-4, radius: float = 0.15, **given: Any) -> WellDesign:
    """The base case of a 60 m well at 30 m³/h, water at rest 5 m deep."""
    well = given.pop("well", None) or CirculationWell.of(radius, (PAIR,), depth=60.0)
    flow = given.pop("flow", FLOW)
    ground = given.pop("ground", None) or column(conductivity)
    known = {"static_level": 5.0, "pump_depth": 50.0, "seal_material": "packer"}
    return WellDesign.of(well, ground, flow, **(known | given))


def limit_flow(check: WellCheck, flow: float) -> float:
    """Flow at which a velocity reaches its limit, m³/h."""
    assert check.limit is not None
    assert check.value is not None
    return flow * HOUR * check.limit / check.value


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize(("conductivity", "head"), [(1e-4, 3.2), (3e-5, 11.0), (1e-5, 32.0)])
def test_heads_of_the_base_case(conductivity: float, head: float, quick: bool) -> None:
    """Published to two figures: the third may be anything."""
    found = heads_of(design(conductivity), quick=quick)
    assert found.injection == pytest.approx(head, rel=0.05)


@pytest.mark.parametrize("ratio", [1.0, 0.1])
def test_rings_and_closed_form_agree(ratio: float) -> None:
    given = design(ground=column(ratio=ratio))
    rings, closed = heads_of(given), heads_of(given, quick=True)
    for name in ("injection", "extraction", "seal_gradient"):
        assert getattr(rings, name) == pytest.approx(getattr(closed, name), rel=0.03)
    assert rings.closed_share == pytest.approx(closed.closed_share, abs=0.01)


def test_water_returns_by_gravity_where_the_ground_lets_it() -> None:
    found = check_well(design())
    assert found.check("wellhead_pressure").verdict == "ok"
    assert found.check("effective_stress").verdict == "ok"
    assert not found.refused


def test_tight_ground_is_refused_and_the_cures_cure() -> None:
    given = design(1e-5)
    found = check_well(given)
    failed = found.check("effective_stress")
    assert failed.verdict == "fail"
    assert failed.value is not None
    assert failed.value > 1.0
    assert failed.what_to_change is not None
    assert failed in found.failures
    slower = check_well(given.at_flow(failed.needs["flow"] / HOUR)).check("effective_stress")
    assert slower.value == pytest.approx(slower.limit, rel=1e-6)
    open_ground = check_well(design(failed.needs["conductivity"])).check("effective_stress")
    assert open_ground.value == pytest.approx(open_ground.limit, rel=1e-3)


def test_the_cure_of_a_square_loss_is_exact() -> None:
    given = design(1e-5, well_loss=3.0, largest_wellhead_pressure=150e3)
    found = check_well(given).check("wellhead_pressure")
    assert found.verdict == "fail"
    cured = check_well(given.at_flow(found.needs["flow"] / HOUR)).check("wellhead_pressure")
    assert cured.value == pytest.approx(150.0, rel=1e-6)


def test_longer_screens_bring_the_head_down_as_promised() -> None:
    """The short form of the dipole, on which the cure stands, is good to 6 %."""
    found = check_well(design()).check("lifting")
    length = found.needs["screen_length"]
    middle = PAIR.seal.centre
    longer = ScreenPair(Screen(12.0, 12.0 + length), Screen(middle + 5.0, middle + 5.0 + length))
    thick = GroundColumn.of([0.0, 10.0, 200.0, 260.0], [1e-9, 1e-4, 1e-9])
    before = heads_of(design(ground=thick)).injection
    well = CirculationWell.of(0.15, (longer,))
    after = heads_of(design(ground=thick, well=well, pump_depth=None)).injection
    assert found.limit is not None
    assert found.value is not None
    assert after / before == pytest.approx(found.limit / found.value, rel=0.08)


@pytest.mark.parametrize(
    ("conductivity", "gradient", "material", "verdict"),
    [
        (1e-4, 0.63, "packer", "warning"),
        (1e-5, 6.3, "packer", "fail"),
        (1e-5, 6.3, "none", "fail"),
        (1e-5, 6.3, "grouted", "warning"),
        (1e-4, 0.63, "clay", "ok"),
        (1e-5, 6.3, None, "unknown"),
    ],
)
def test_gradient_along_the_seal(
    conductivity: float, gradient: float, material: Any, verdict: str
) -> None:
    found = check_well(design(conductivity, seal_material=material)).check("seal_gradient")
    assert found.value == pytest.approx(gradient, rel=0.01)
    assert found.verdict == verdict
    assert found.missing == (("seal_material",) if material is None else ())


def test_rock_has_no_grains_to_lose() -> None:
    ids = [check.id for check in check_well(design(1e-5, loose_ground=False)).checks]
    assert "seal_gradient" not in ids
    assert "wall_velocity" not in ids


@pytest.mark.parametrize(("conductivity", "flow"), [(1e-5, 17.2), (3e-5, 29.7), (1e-4, 54.3)])
def test_wall_velocity_of_the_standard(conductivity: float, flow: float) -> None:
    """GB 50296 6.2.3 in its unverified form: D 0.4 m, 18 m of screen."""
    found = check_well(design(conductivity, radius=0.2)).check("wall_velocity")
    assert limit_flow(found, FLOW) == pytest.approx(flow, rel=0.005)
    assert found.verdict in ("ok", "warning")


def test_slot_velocity_of_the_standard() -> None:
    """GB 50296 6.2.2: D 0.3 m, 18 m, 20 % open: 155.7 m³/h; two thirds to a half if aggressive."""
    known = {"screen_diameter": 0.3, "open_area": 0.2}
    found = check_well(design(**known)).check("slot_velocity")
    assert limit_flow(found, FLOW) == pytest.approx(155.7, rel=0.005)
    assert found.verdict == "ok"
    aggressive = check_well(design(**known, aggressive=True)).check("slot_velocity")
    assert aggressive.limit == pytest.approx(0.02)
    fast = check_well(design(**known, flow=160.0 / HOUR)).check("slot_velocity")
    assert fast.verdict == "fail"
    assert fast.rule is not None
    assert fast.rule.verified
    assert fast.needs["screen_length"] == pytest.approx(18.0 * 160.0 / 155.7, rel=0.005)
    lacking = check_well(design()).check("slot_velocity")
    assert lacking.missing == ("screen_diameter", "open_area")


def test_clogging_velocity() -> None:
    """Dutch practice, unverified: 10 m/d, 0.1 m/a, MFI 2 s/L², 1440 h: 0.82 against 1.33 m/h."""
    known = {"full_load_time": 1440.0 * HOUR, "membrane_filter_index": 2e6}
    found = check_well(design(10.0 / 86400.0, radius=0.2, **known)).check("clogging_velocity")
    assert found.limit == pytest.approx(0.82, rel=0.005)
    assert found.value == pytest.approx(1.33, rel=0.005)
    assert found.verdict == "warning"
    unmeasured = check_well(design(full_load_time=1440.0 * HOUR)).check("clogging_velocity")
    assert unmeasured.verdict == "unknown"
    assert unmeasured.missing == ("water.membrane_filter_index",)


def test_power_and_freezing_are_plain_arithmetic() -> None:
    """200 kW from 30 m³/h: 5.728 K."""
    known = {"undisturbed_temperature": 11.0, "extraction": 200e3}
    found = check_well(design(**known))
    assert found.check("freezing_at_design").value == pytest.approx(11.0 - 5.728, abs=1e-3)
    assert found.check("freezing_at_design").verdict == "ok"
    cold = check_well(design(**(known | {"undisturbed_temperature": 8.5})))
    assert cold.check("freezing_at_design").verdict == "warning"  # between 2 and 4 °C
    catalogue = check_well(design(**(known | {"extraction": 500e3})))
    power = catalogue.check("power")
    assert power.verdict == "fail"
    cured = check_well(design(**known, flow=power.needs["more_flow"] / HOUR))
    assert cured.check("power").verdict == "ok"
    most = check_well(design(**(known | {"extraction": power.needs["power"] * 1e3})))
    assert most.check("power").value == pytest.approx(1.0)


def test_colder_water_needs_more_head() -> None:
    cold = heads_of(design(undisturbed_temperature=11.0, extraction=200e3))
    plain = heads_of(design())
    # Kinematic viscosity of water, 5.3 against 11 °C: 1.502 / 1.270 mm²/s (handbooks, 1 %).
    assert cold.injection / plain.injection == pytest.approx(1.502 / 1.270, rel=0.01)
    assert cold.extraction == pytest.approx(plain.extraction)


def test_bypass_makes_the_return_colder_and_warns() -> None:
    leaking = CirculationWell.of(0.15, (PAIR,), depth=60.0, bypass=0.2)
    known = {"undisturbed_temperature": 11.0, "extraction": 200e3}
    found = check_well(design(well=leaking, **known))
    assert found.check("bypass").verdict == "warning"
    assert found.check("freezing_at_design").value == pytest.approx(11.0 - 5.728 / 0.8, abs=2e-3)


def test_a_bypass_that_nobody_knows_is_not_none() -> None:
    untold = check_well(design()).check("bypass")
    assert (untold.verdict, untold.missing, untold.value) == ("unknown", ("bypass",), None)
    assert check_well(design(bypass_known=True)).check("bypass").verdict == "ok"
    open_well = check_well(design(seal_material="none")).check("bypass")
    assert open_well.verdict == "warning"
    assert open_well.value is None
    assert "nothing seals" in open_well.why.en
    well = CirculationWell.of(0.15, (PAIR,), depth=60.0, bypass=0.95)
    assert "by 1900 %" in check_well(design(well=well)).check("bypass").why.en


def test_ground_that_a_well_has_to_own() -> None:
    """384 MWh net and 4 K in 60 m of ground: 27 m."""
    known = {"season_extraction": 383.8 * MWH, "count": 9, "undisturbed_temperature": 11.0}
    found = check_well(design(**known, cell_radius=22.6)).check("thermal_radius")
    assert found.limit == pytest.approx(26.5, abs=0.5)
    assert found.verdict == "warning"
    assert check_well(design(**known, cell_radius=27.0)).check("thermal_radius").verdict == "ok"
    assert check_well(design(**known)).check("thermal_radius").missing == ("spacing",)
    # What the ground holds down to 2 °C is a limit of physics.
    emptied = check_well(design(**known, cell_radius=15.0)).check("thermal_radius")
    assert emptied.verdict == "fail"
    balanced = design(**known, cell_radius=15.0, season_injection=300 * MWH)
    assert check_well(balanced).check("thermal_radius").verdict == "ok"
    lone = check_well(design(season_extraction=383.8 * MWH)).check("thermal_radius")
    assert lone.verdict == "ok"


def test_season_beyond_breakthrough_is_judged_by_its_temperature() -> None:
    known = {"full_load_time": 3600.0 * HOUR, "undisturbed_temperature": 11.0}
    found = check_well(design(**known)).check("season_volume")
    assert found.verdict == "warning"
    warm = SeasonCourse(5.0, 9.0, same("model"))
    judged = check_well(design(**known, season=warm))
    assert judged.check("season_volume").verdict == "ok"
    assert judged.check("freezing_in_season").verdict == "ok"
    frozen = check_well(design(**known, season=SeasonCourse(1.0, 9.0, same("model"))))
    assert frozen.check("freezing_in_season").verdict == "fail"
    assert check_well(design()).check("freezing_in_season").missing == ("loads.*.hourly_file",)


# ---- three structures ----


def test_gravel_that_takes_the_water_and_gives_no_heat_is_refused() -> None:
    """Conduction alone: 246 W/K for 50 m of bore, 0.6 m wide: about 2 kW."""
    pair = ScreenPair(Screen(10.0, 28.0), Screen(42.0, 60.0))
    gravel = GravelAnnulus(0.1, 0.1)
    well = CirculationWell.of(0.3, (pair,), annulus=gravel)
    known = {"undisturbed_temperature": 11.0, "extraction": 200e3}
    found = check_well(design(1e-6, well=well, **known))
    conduction = found.check("gravel_conduction")
    assert conduction.verdict == "fail"
    assert "246 W/K" in conduction.why.en
    assert conduction.needs["power"] < 20.0
    assert found.check("gravel_short_circuit").verdict == "fail"
    fine = check_well(design(1e-4, well=replace(well, annulus=replace(gravel,
                      hydraulic_conductivity=1e-3)), **known))  # fmt: skip
    assert fine.check("gravel_conduction").verdict == "ok"
    assert fine.check("gravel_short_circuit").verdict == "ok"


def test_one_aquifer_without_particles_has_no_gravel_checks() -> None:
    ids = {check.id for check in check_well(design()).checks}
    assert not ids & {"gravel_conduction", "gravel_short_circuit"}


def test_stacked_aquifers_share_the_flow() -> None:
    upper = ScreenPair(Screen(12.0, 28.0), Screen(36.0, 50.0), 0.5)
    lower = ScreenPair(Screen(62.0, 78.0), Screen(86.0, 98.0), 0.5)
    ground = GroundColumn.of([0.0, 10.0, 52.0, 60.0, 100.0, 130.0],
                             [1e-9, 1e-4, 1e-9, 1e-4, 1e-9])  # fmt: skip
    given = design(ground=ground, well=CirculationWell.of(0.15, (upper, lower)), pump_depth=None)
    found = check_well(given)
    assert found.check("same_layer").verdict == "ok"
    assert given.swept_thickness == pytest.approx(82.0)
    assert heads_of(given).injection == pytest.approx(
        heads_of(given, quick=True).injection, rel=0.03
    )


def test_water_into_one_aquifer_and_out_of_another_is_not_closed() -> None:
    across = ScreenPair(Screen(12.0, 28.0), Screen(62.0, 98.0))
    ground = GroundColumn.of([0.0, 10.0, 30.0, 60.0, 100.0, 130.0],
                             [1e-9, 1e-4, 1e-9, 1e-4, 1e-9])  # fmt: skip
    found = check_well(design(ground=ground, well=CirculationWell.of(0.15, (across,)),
                              pump_depth=None)).check("same_layer")  # fmt: skip
    assert found.verdict == "fail"
    assert "not closed" in found.why.en
    assert "不闭合" in found.why.zh


def test_a_standing_column_well_bleeds_only_where_it_may() -> None:
    hole = GravelAnnulus(0.05, 10.0, 0.7, 0.6, 4.19e6)
    pair = ScreenPair(Screen(10.0, 11.0), Screen(199.0, 200.0))
    well = CirculationWell.of(0.0825, (pair,), depth=200.0, annulus=hole, bleed=0.1)
    rock = GroundColumn.of([0.0, 250.0], [1e-6])
    given = WellDesign.of(well, rock, 6.0 / HOUR, kind="standing_column_well", static_level=5.0)
    ids = {check.id for check in check_well(given).checks}
    assert not ids & {"seal_gradient", "slot_velocity", "gravel_short_circuit", "bypass",
                      "season_volume"}  # fmt: skip
    china = check_well(given, WellRules.on(region="Beijing")).check("water_balance")
    assert china.verdict == "fail"
    elsewhere = check_well(given, WellRules.on(region="Germany")).check("water_balance")
    assert elsewhere.verdict == "warning"
    assert elsewhere.rule is None
    rules = [check.rule for check in check_well(given, WellRules.on(region="Germany")).checks]
    assert not any(row is not None and row.region == "China" for row in rules)
    all_bled = replace(given, well=replace(well, bleed=1.0))
    ids = {check.id for check in check_well(all_bled).checks}
    assert not ids & {"wellhead_pressure", "lifting", "effective_stress"}


# ---- wrong input ----


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: design(well=CirculationWell.of(
            0.15, (ScreenPair(Screen(72.0, 80.0), Screen(85.0, 95.0)),)), pump_depth=None),
         "outside the aquifer"),
        (lambda: design(well=CirculationWell.of(
            0.15, (ScreenPair(Screen(12.0, 30.0), Screen(25.0, 58.0)),))), "overlap"),
        (lambda: design(pump_depth=20.0), "wrong side of the seal"),
        (lambda: design(pump_depth=61.0), "below the well bottom"),
        (lambda: design(flow=0.0, extraction=1e5), "no water circulates"),
        (lambda: design(-1e-4), "outside its range"),
        (lambda: design(ground=GroundColumn.of([0.0, 50.0, 60.0, 90.0], [1e-9, 1e-4, 1e-9]),
                        well=CirculationWell.of(
            0.15, (ScreenPair(Screen(12.0, 30.0), Screen(45.0, 58.0)),)), pump_depth=None),
         "thinner than the screen"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_clearly(build: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        build()
    assert any(words in problem.message.en for problem in caught.value.problems)
    assert all(problem.cure.en and problem.cure.zh for problem in caught.value.problems)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        design(flow=0.0, extraction=1e5, pump_depth=20.0, skin=float("nan"))
    assert {problem.where for problem in caught.value.problems} == {"flow", "pump_depth", "skin"}


# ---- laws ----


def margins(found: WellChecks) -> dict[str, float]:
    return {
        check.id: check.margin
        for check in found.checks
        if check.id in HEAD_CHECKS and check.margin is not None
    }


def with_limits(conductivity: float, flow: float) -> WellDesign:
    return design(conductivity, flow=flow, largest_wellhead_pressure=50e3, seal_material="grouted",
                  pump_submergence=2.0)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.floats(-5.0, -3.0), st.floats(2.0, 60.0), st.floats(1.05, 4.0))
def test_more_flow_never_helps_and_more_permeable_ground_never_harms(
    logarithm: float, flow: float, factor: float
) -> None:
    conductivity, flow = 10.0**logarithm, flow / HOUR
    base = margins(check_well(with_limits(conductivity, flow), quick=True))
    more = margins(check_well(with_limits(conductivity, flow * factor), quick=True))
    open_ground = margins(check_well(with_limits(conductivity * factor, flow), quick=True))
    assert set(base) == set(HEAD_CHECKS)
    for id, margin in base.items():
        assert more[id] <= margin + 1e-9
        assert open_ground[id] >= margin - 1e-9


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-5.5, -3.0), st.floats(2.0, 200.0), st.floats(20e3, 500e3), st.booleans(),
    st.sampled_from(["packer", "grouted", None]),
)  # fmt: skip
def test_nothing_unverified_refuses_and_every_refusal_has_a_cure(
    logarithm: float, flow: float, power: float, level: bool, seal: Any
) -> None:
    given_level: dict[str, Any] = {} if level else {"static_level": None}
    found = check_well(design(
        10.0**logarithm, flow=flow / HOUR, extraction=power, undisturbed_temperature=11.0,
        seal_material=seal, screen_diameter=0.2, open_area=0.1, season_extraction=power * 1e7,
        full_load_time=1e7, membrane_filter_index=2e6, loose_ground=True, **given_level,
    ), quick=True)  # fmt: skip
    physics = {"effective_stress", "seal_gradient", "pump_submergence"}
    for check in found.checks:
        assert check.name.en
        assert check.name.zh
        assert check.why.en
        assert check.why.zh
        if check.verdict == "fail":
            assert check.what_to_change is not None
            unsure = check.rule is not None and check.rule.evidence in ("M", "M+")
            assert not unsure or check.id in physics
        if check.verdict == "unknown":
            assert check.missing
    assert found.refused == (found.verdict == "fail")


def test_neighbours_add_to_the_heads() -> None:
    lone = heads_of(design())
    among = heads_of(design(count=9, spacing=30.0, cell_radius=30.0 / np.sqrt(np.pi)))
    far = heads_of(design(count=9, spacing=200.0, cell_radius=200.0 / np.sqrt(np.pi)))
    assert among.injection > 1.05 * lone.injection
    assert far.injection == pytest.approx(lone.injection, rel=0.05)


def test_yield_counts_the_wells_that_the_heat_needs() -> None:
    """3.6 MW at 9 K: 344 m³/h, twelve wells of 30."""
    known = {"undisturbed_temperature": 11.0, "extraction": 200e3, "needed_heat": 3.6e6}
    enough = check_well(design(**known, count=18)).check("yield")
    assert enough.value == pytest.approx(12 / 18)
    assert enough.verdict == "ok"
    few = check_well(design(**known, count=8)).check("yield")
    assert few.verdict == "fail"
    assert few.needs["wells"] == pytest.approx(12.0)
