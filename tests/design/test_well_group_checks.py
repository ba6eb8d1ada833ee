"""Checks of groundwater wells and doublets: closed formulas, roles, refusals."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from diwen.design.well_check_rules import WellRules
from diwen.design.well_group_checks import check_well_group
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.design.well_group_heads import group_points
from diwen.problems import InputError
from diwen.sources.aquifer import Aquifer, Screen

HOUR, DAY = 3600.0, 86400.0
FLOW = 30.0 / HOUR
AQUIFER = Aquifer(20.0, 40.0, 5e-4, 5e-4)


def doublet(spacing: float = 100.0, **given: Any) -> AbstractionDesign:
    wells = given.pop("wells", None) or (
        GroupWell("p", -FLOW, 0.2, x=0.0, y=0.0, static_level=8.0, pump_depth=19.0),
        GroupWell("r", FLOW, 0.2, x=spacing, y=0.0, static_level=8.0),
    )
    return AbstractionDesign.of(wells, given.pop("aquifer", AQUIFER), **given)


def test_heads_of_a_doublet() -> None:
    """s = Q/(2 π T) ln(L/r), up at one well and down at the other (Thiem, superposed)."""
    expected = FLOW / (2.0 * math.pi * 1e-2) * math.log(100.0 / 0.2)
    for point in group_points(doublet()).values():
        assert point.head == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("radius", [0.1, 0.2, 1.5])
def test_colder_water_raises_the_whole_injection_head(radius: float) -> None:
    """Q μ/(2 π T) ln(L/r) at the well that injects, whatever unit its radius is told in."""
    pumped, returned = doublet().wells
    wells = (replace(pumped, radius=radius), replace(returned, radius=radius))
    points = group_points(doublet(wells=wells), viscosity=1.15)
    expected = FLOW / (2.0 * math.pi * 1e-2) * math.log(100.0 / radius)
    assert points["p"].head == pytest.approx(expected, rel=1e-9)
    assert points["r"].head == pytest.approx(1.15 * expected, rel=1e-9)


def test_heads_of_a_polygon() -> None:
    """One pumped well amid four: the roots of unity sum to the product of the distances, 4 R³."""
    radius = 80.0
    angles = 0.5 * np.pi * np.arange(4)
    wells = [GroupWell("p", -FLOW, 0.2, x=0.0, y=0.0)]
    wells += [GroupWell(f"r{k}", FLOW / 4, 0.2, x=radius * np.cos(a), y=radius * np.sin(a))
              for k, a in enumerate(angles)]  # fmt: skip
    points = group_points(doublet(wells=tuple(wells)))
    unit = FLOW / (2.0 * math.pi * 1e-2)
    assert points["p"].head == pytest.approx(unit * math.log(radius / 0.2))
    own, others = -0.25 * math.log(0.2), -0.25 * math.log(4.0 * radius**3)
    assert points["r0"].head == pytest.approx(unit * (own + others + math.log(radius)))


def test_breakthrough_of_a_doublet() -> None:
    """b 20 m, L 100 m, 30 m³/h: 180.5 d (Gringarten and Sauty)."""
    found = check_well_group(doublet(full_load_time=90.0 * DAY)).check("season_volume")
    assert found.value == pytest.approx(90.0 / 180.5, rel=0.01)
    assert found.verdict == "ok"
    # Stream tubes: 3 (1 - a cot a)/sin² a = t/t_B, a share a/π of the water is faster.
    angles = np.linspace(1e-3, math.pi - 1e-3, 100_001)
    times = 180.5 * DAY * 3.0 * (1.0 - angles / np.tan(angles)) / np.sin(angles) ** 2
    shares = 100.0 * np.interp(np.array([10.0, 25.0]) * 90.0 * DAY, times, angles) / math.pi
    told = [float(word) for word in re.findall(r" (\d+)(?=,| %)", found.why.en.split(":")[1])]
    assert told == pytest.approx([0.0, *shares], abs=1.0)
    late = check_well_group(doublet(full_load_time=361.0 * DAY)).check("season_volume")
    assert late.verdict == "warning"
    apart = check_well_group(doublet(late.needs["spacing"], full_load_time=361.0 * DAY))
    assert apart.check("season_volume").value == pytest.approx(1.0, rel=0.01)


def test_water_that_is_not_returned_is_refused_where_the_law_asks_for_it() -> None:
    pumped = (GroupWell("p", -FLOW, 0.2, x=0.0, y=0.0, static_level=8.0, pump_depth=35.0),)
    found = check_well_group(doublet(wells=pumped), WellRules.on(region="Beijing"))
    assert found.check("water_balance").verdict == "fail"
    level = found.check("pump_submergence")
    assert level.missing == ("pumping_test",)
    assert level.what_to_change is not None
    assert "pumping test" in level.what_to_change.en
    # Its temperature does not come back: there is no season of it to be judged.
    assert "freezing_in_season" not in [check.id for check in found.checks]
    elsewhere = check_well_group(doublet(wells=pumped), WellRules.on(region="Germany"))
    assert elsewhere.check("water_balance").verdict == "warning"


def test_shares_that_do_not_sum_to_the_last_bit_are_all_the_water() -> None:
    wells = [GroupWell("p", -0.3 * (1.0 + 1e-14), 0.2, x=0.0, y=0.0)]
    wells += [GroupWell(f"r{k}", 0.1, 0.2, x=100.0, y=50.0 * k) for k in range(3)]
    design = doublet(wells=tuple(wells))
    assert design.reinjected_share != 1.0
    found = check_well_group(design, WellRules.on(region="Beijing")).check("water_balance")
    assert found.why.en == "all water is returned"
    assert found.margin == 0.0


def test_wells_without_places_are_not_guessed() -> None:
    wells = tuple(replace(well, x=None) for well in doublet().wells)
    found = check_well_group(doublet(wells=wells))
    for id in ("wellhead_pressure", "effective_stress", "season_volume", "pump_submergence"):
        assert found.check(id).verdict == "unknown"
        assert "wells.*.x, y" in found.check(id).missing


def test_the_pump_must_hang_deep_enough() -> None:
    tight = replace(AQUIFER, radial_conductivity=3e-5)
    found = check_well_group(doublet(aquifer=tight)).check("pump_submergence")
    assert found.verdict == "fail"
    assert found.well == "p"
    pumped, back = doublet().wells
    deeper = (replace(pumped, pump_depth=found.needs["pump_depth"]), back)
    again = check_well_group(doublet(aquifer=tight, wells=deeper)).check("pump_submergence")
    assert again.value == pytest.approx(again.limit)


def test_exchanged_roles_are_judged_in_both_seasons() -> None:
    found = check_well_group(doublet(exchanges=True)).check("pump_submergence")
    assert found.verdict == "unknown"  # the return well has no pump for the other season
    assert found.well == "r*"


def test_tested_capacity_counts_before_the_formula() -> None:
    pumped, back = doublet().wells
    wells = (replace(pumped, specific_capacity=FLOW / 4.0), back)
    assert group_points(doublet(wells=wells))["p"].head == pytest.approx(4.0)


def test_a_tested_well_is_not_cured_by_another_ground() -> None:
    pumped, back = doublet().wells
    wells = (pumped, replace(back, specific_injectivity=FLOW / 100.0))
    found = check_well_group(doublet(wells=wells)).check("effective_stress")
    assert found.verdict == "fail"
    assert set(found.needs) == {"flow"}
    assert found.what_to_change is not None
    assert " K " not in found.what_to_change.en


@pytest.mark.parametrize("start", [3.0, 4.0])
def test_water_as_cold_as_its_limit_is_refused_in_words(start: float) -> None:
    known = {"undisturbed_temperature": start, "extraction": 300e3, "lowest_return": 4.0}
    found = check_well_group(doublet(**known))
    for id in ("power", "yield"):
        check = found.check(id)
        assert check.verdict == "fail"
        assert check.value is None
        assert "temperature difference" in check.why.en or "no flow" in check.why.en
        assert check.what_to_change is not None
        for text in (check.why, check.what_to_change):
            assert text.en.strip()
            assert not re.search(r"\binf\b|-\d", text.en + text.zh)


def test_what_one_well_may_pass_is_rounded_like_its_cure() -> None:
    """A flow of 259.6 m³/h is no 260 m³/h: never rounded to the unsafe side."""
    known = {"undisturbed_temperature": 12.0, "extraction": 280e3, "lowest_return": 5.0}
    flow = 259.6 / HOUR
    wells = (
        GroupWell("p", -flow, 0.2, x=0.0, y=0.0), GroupWell("r", flow, 0.2, x=100.0, y=0.0),
    )  # fmt: skip
    why = check_well_group(doublet(wells=wells, **known)).check("yield").why.en
    assert "259 m³/h: 1 needed, 1 there" in why


def test_too_many_wells_for_the_heat_are_none() -> None:
    known = {"undisturbed_temperature": 12.0, "extraction": 300e3, "lowest_return": 4.0}
    found = check_well_group(doublet(**known))
    assert found.check("power").verdict == "fail"  # 279 kW at 8 K
    assert found.check("yield").needs["pumped_wells"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"screens": (Screen(45.0, 55.0),)}, "outside the aquifer"),
        ({"screens": (Screen(15.0, 42.0),)}, "thinner than the screen"),
        ({"x": 100.0}, "in one place"),
        ({"rate": FLOW}, "no water is pumped"),
        ({"rate": -0.5 * FLOW}, "more water is returned"),
    ],
)
def test_what_cannot_be_is_said_clearly(change: dict[str, Any], words: str) -> None:
    pumped, back = doublet().wells
    with pytest.raises(InputError) as caught:
        doublet(wells=(replace(pumped, **change), back), extraction=1e5)
    assert any(words in problem.message.en for problem in caught.value.problems)
