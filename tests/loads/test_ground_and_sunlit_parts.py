"""Ground under the floor and sun on walls: steady states that are known, and nothing by default."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.loads.building import Building, Model, Use, building, building_course
from diwen.loads.opaque_gains import ROOF, WALL, opaque_gains
from diwen.loads.sun import on_roof
from diwen.loads.weather import Weather

N = 24 * 400
ISO = {"surface_resistance": 0.04, "radiation": 4.5, "sky_difference": 11.0}


def house(ground: float | None) -> Building:
    return building(100.0, 90.0, 20.0, "medium", ground=ground)


def use(solar: float = 0.0) -> Use:
    one = np.ones((N, 1))
    return Use(30.0 * one, 0.0 * one, solar * one, 20.0 * one, 26.0 * one)


@pytest.mark.parametrize("model", ["5R1C", "2R2C", "5R1C standard"])
def test_a_steady_winter_loses_to_outdoors_and_to_the_ground(model: Model) -> None:
    """Mass in the middle: each part of the opaque transfer sees its own temperature (by hand)."""
    course = building_course(
        house(40.0), use(), np.full(N, -5.0), model=model, start=20.0, ground=12.0
    )
    plain = building_course(house(None), use(), np.full(N, -5.0), model=model, start=20.0)
    # Behind the opaque parts it is 40/90 · 12 + 50/90 · (−5) °C: as much less is lost.
    behind = (40.0 * 12.0 + 50.0 * -5.0) / 90.0
    share = (20.0 - behind) / 25.0
    through = plain.heating[-1, 0] - (30.0 + 20.0) * 25.0
    assert course.heating[-1, 0] == pytest.approx((30.0 + 20.0) * 25.0 + share * through, rel=0.01)
    balance = course.heating + course.gained - course.lost - course.stored
    assert np.abs(balance).max() < 1e-6 * course.heating.max()


@pytest.mark.parametrize("model", ["5R1C", "2R2C"])
def test_ground_of_outdoor_temperature_changes_nothing(model: Model) -> None:
    outdoor = 5.0 + 8.0 * np.sin(np.arange(N) * 2.0 * np.pi / 24.0)
    one = building_course(house(40.0), use(), outdoor, model=model, ground=outdoor)
    other = building_course(house(None), use(), outdoor, model=model)
    assert one.heating == pytest.approx(other.heating, abs=1e-9)


def test_opaque_gains_by_hand() -> None:
    """ISO 13790, 11.3.4: α · R_se · U · A · I; 11.3.5: F_r · R_se · U · A · h_r · Δθ."""
    found = opaque_gains(60.0, np.array([0.0, 500.0]), 0.6, WALL, **ISO)
    assert found == pytest.approx([-0.5 * 0.04 * 60 * 4.5 * 11, 0.04 * 60 * (300 - 24.75)])
    roof = opaque_gains(60.0, np.zeros(1), 0.6, ROOF, **ISO)
    assert roof[0] == pytest.approx(2.0 * found[0])


def test_a_surface_in_the_sun_is_what_a_warmer_outdoors_would_be() -> None:
    """Sol-air temperature: the gain is that of α·I·R_se more K behind the part."""
    gain = opaque_gains(60.0, np.array([400.0]), 0.5, WALL, **(ISO | {"sky_difference": 0.0}))
    assert gain[0] == pytest.approx(60.0 * (0.5 * 400.0 * 0.04))


def test_a_roof_sees_beam_and_sky() -> None:
    n = 8760
    sun = np.where(np.arange(n) % 24 == 12, 700.0, 0.0)
    weather = Weather(
        np.zeros(n), direct_normal=sun, diffuse_horizontal=0.1 * sun, latitude=40.0,
        longitude=116.4,
    )  # fmt: skip
    found = on_roof(weather)
    assert found is not None
    # The sun of June stands 73° high over 40° north, that of December 26.5°.
    assert found[172 * 24 + 12] == pytest.approx(700.0 * np.sin(np.radians(73.0)) + 70.0, rel=0.02)
    assert found[355 * 24 + 12] == pytest.approx(700.0 * np.sin(np.radians(26.5)) + 70.0, rel=0.04)
    assert on_roof(Weather(np.zeros(n))) is None
