"""Groundwater wells through the years, against closed forms of the doublet and heat books."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from diwen.design.site_well_checks import abstraction_design_of_site, well_checks_of_site
from diwen.design.well_group_checks import duty_of
from diwen.design.well_group_study import WellGroupStudy, directions, study_well_group
from diwen.design.well_study_answer import answer
from well_sites import DOUBLET, HOURS, SEASON, cooling, heating, write, write_ground

FLOW, SPACING, THICKNESS = 30.0 / 3600.0, 60.0, 60.0
RETARDATION = 2.6e6 / 4.19e6
BREAKTHROUGH = math.pi / 3.0 * RETARDATION * THICKNESS * SPACING**2 / FLOW  # s
PLAIN = DOUBLET.format(extra="")
TURNED = DOUBLET.format(extra="seasonal_exchange = true")
GRADIENT = 'gradient = {gradient}\nflow_direction = "{way} deg"\n[sources.w]\n'


def flowing(gradient: float, way: float) -> str:
    return PLAIN.replace("[sources.w]\n", GRADIENT.format(gradient=gradient, way=way), 1)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> WellGroupStudy:
    """A doublet that pumps all the time."""
    power = 60.0 + 20.0 * SEASON
    site = write_ground(tmp_path_factory.mktemp("steady"), PLAIN, power)
    return study_well_group(site, years=3)


def test_breakthrough_of_a_doublet(steady: WellGroupStudy) -> None:
    """Gringarten & Sauty (1975): (π/3) A b L²/Q; 50 % at three times that."""
    assert steady.first_arrival is not None
    assert steady.first_arrival * 86400.0 == pytest.approx(BREAKTHROUGH, rel=2e-3)
    half = steady.days_to(0.5)
    assert half is not None
    assert half * 86400.0 == pytest.approx(3.0 * BREAKTHROUGH, rel=1e-2)
    # Nothing is felt before, everything is counted as pumping all the time.
    early = int(0.99 * BREAKTHROUGH / 3600.0)
    assert steady.pumped[:early] == pytest.approx(11.0, abs=1e-9)
    assert steady.pumped[int(1.1 * BREAKTHROUGH / 3600.0)] < 11.0
    assert steady.recirculated(10) == pytest.approx(steady.recirculated(10, always=True))


def test_shares_with_regional_flow_have_an_end(tmp_path: Path) -> None:
    """Lippmann & Tsang (1980): f = (2/π)(arctan s - s/(4β)), s = √(4β - 1), β = Q/(2π b U L).

    Flow from the return well to the pumped one, along -x: 270° from north.
    """
    flux = 1e-4 * 0.001
    study = study_well_group(write(tmp_path, flowing(0.001, 270), heating()), years=1)
    beta = FLOW / (2.0 * math.pi * THICKNESS * flux * SPACING)
    assert study.plane is not None
    assert study.plane.regional_flux == pytest.approx(flux, rel=1e-6)
    away = study_well_group(write(tmp_path / "b", flowing(0.001, 90), heating()), years=1)
    t = math.sqrt(4.0 * beta - 1.0)
    wanted = 2.0 / math.pi * (math.atan(t) - t / (4.0 * beta))
    assert away.recirculated(500, always=True) == pytest.approx(wanted, abs=0.01)
    assert study.recirculated(500, always=True) > away.recirculated(500, always=True)
    assert {size.model for size in away.plumes} >= {"radial", "line_source"}


def test_heat_of_the_years(steady: WellGroupStudy) -> None:
    wanted = (60.0 + 20.0 * SEASON).round(4).sum() * 3.6e6
    assert steady.extraction == pytest.approx([wanted] * 3)
    drop = steady.pumped - steady.returned
    assert 4.19e6 * FLOW * drop == pytest.approx(steady.load, rel=1e-9)
    names = [point.name.en for point in steady.operating_points()]
    assert names == ["highest simulated heat extraction"]


def test_water_that_is_not_returned_has_no_memory(tmp_path: Path) -> None:
    open_loop = PLAIN.replace("well_doublet", "groundwater_wells").replace(
        'design_flow = "30 m3/h"\n', 'design_flow = "30 m3/h"\nreinjection = false\n', 1
    )
    site = write(tmp_path, open_loop, heating())
    study = study_well_group(site, years=2)
    assert (study.pumped == 11.0).all()
    assert study.first_arrival is None
    assert study.recirculated(25) == 0.0
    assert study.days_to(0.01) is None
    assert not study.paths
    checks = well_checks_of_site(site)[0]
    assert checks.refused
    assert answer(study, checks)["reinjected"] is False


def test_exchanged_roles_bring_the_summer_back(tmp_path: Path) -> None:
    warm, cold = heating(), cooling(100.0)  # 120 kW out of the ground, 120 kW into it
    kept = study_well_group(write(tmp_path / "a", PLAIN, warm, cold), years=3)
    turned = study_well_group(write(tmp_path / "b", TURNED, warm, cold), years=3)
    assert turned.exchanged
    assert not kept.exchanged
    winter = (np.tile(SEASON, 3) > 0.5) & (np.arange(3 * 8760) > 8760)
    assert turned.pumped[winter].mean() > kept.pumped[winter].mean() + 0.5
    assert turned.pumped[winter].mean() > 11.0
    summer = (np.tile(SEASON, 3) < -0.5) & (np.arange(3 * 8760) > 8760)
    assert turned.pumped[summer].mean() < 11.0
    # Not with groundwater that passes: the way back is another one.
    passing = TURNED.replace("[sources.w]\n", GRADIENT.format(gradient=0.001, way=90), 1)
    other = study_well_group(write(tmp_path / "c", passing, warm, cold), years=1)
    assert not other.exchanged
    assert any("leaves out" in note.en for note in other.notes)


def test_direction_follows_the_season_not_the_hour() -> None:
    mixed = np.where(HOURS % 24 < 12, -20.0, 100.0) * np.where(HOURS < 4380, 1.0, -1.0)
    found = directions(mixed)
    assert (found[: 4380 - 360] == 1.0).all()
    assert (found[4380 + 360 :] == -1.0).all()
    rest = np.zeros(8760)
    rest[:500] = -1.0
    assert (directions(rest) == -1.0).all()
    assert (directions(np.zeros(100)) == 1.0).all()


def test_paths_begin_at_return_wells_and_stay_near(steady: WellGroupStudy) -> None:
    assert len(steady.paths) > 5
    for path in steady.paths:
        assert np.hypot(*(path[0] - [SPACING, 0.0])) < 1.0
        assert np.hypot(*(path - [SPACING / 2, 0.0]).T).max() < 3.1 * SPACING
    assert set(steady.heads) == {"p", "r"}
    # Thiem: Q/(2πT) ln(L/r) in a doublet; where it goes in, more for the colder water, as checked.
    head = FLOW / (2.0 * math.pi * 1e-4 * THICKNESS) * math.log(SPACING / 0.2)
    design, _ = abstraction_design_of_site(steady.site, season=False)
    colder = duty_of(design).viscosity_ratio
    assert colder > 1.02
    assert steady.heads["p"] == pytest.approx(head, rel=1e-6)
    assert steady.heads["r"] == pytest.approx(colder * head, rel=1e-6)
