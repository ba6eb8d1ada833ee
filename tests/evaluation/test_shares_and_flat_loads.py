"""Shares end at their bounds; a load that does not know the weather has no signature."""

from __future__ import annotations

import numpy as np
import pytest
from core_plant import HEAD, HEATING, PUMPS, constant, context, counter, plant

from diwen.evaluation import building_signature
from diwen.evaluation.amount import Amount, Refusal, ratio, share
from diwen.evaluation.heat_meters import heat_meters
from diwen.evaluation.signature import energy_signature


def test_a_part_that_is_everything_is_exactly_one():
    """What stands above and below the line is one error, not two."""
    everything = Amount(100.0, {"meter": 1.0}, random=0.6)
    assert share(everything, Amount(0.0)).expanded == 0.0
    assert ratio(everything, everything).expanded > 0.0  # taken for two, as of unrelated amounts


def test_a_share_of_independent_parts_by_hand():
    found = share(Amount(30.0, {"a": 0.3}), Amount(70.0, {"b": 0.7}))
    assert found.value == pytest.approx(0.3)
    assert found.standard == pytest.approx(0.3 * 0.7 * np.hypot(0.01, 0.01))


def test_a_common_scale_error_leaves_a_share_alone():
    assert share(Amount(30.0, {"m": 0.3}), Amount(70.0, {"m": 0.7})).standard == pytest.approx(0.0)
    with pytest.raises(Refusal):
        share(Amount(0.0), Amount(0.0))


def days(load, noise=0.0):
    outdoor = np.linspace(-8.0, 14.0, 90)
    wobble = noise * np.sin(np.arange(90) * 2.39996)
    return outdoor, load(outdoor) + wobble


def unresolved(outdoor, power):
    return building_signature.unresolved(
        energy_signature(outdoor, power), float(outdoor.min()), float(outdoor.max())
    )


def test_a_building_is_resolved():
    assert unresolved(*days(lambda t: 3.0 * (18.0 - t), noise=1.0)) is None


def test_a_flat_load_is_refused():
    """60 kW all winter: whichever slope the noise leaves is not resolved."""
    reason = unresolved(*days(lambda t: 60.0 + 0.0 * t, noise=5.0))
    assert "does not follow" in reason.en
    assert "95 %" in reason.zh


def test_a_balance_far_beyond_the_days_is_refused():
    """A slope that is resolved but tiny would meet zero at 118 °C."""
    reason = unresolved(*days(lambda t: 0.5 * (118.0 - t), noise=0.2))
    assert "118 °C" in reason.en
    assert "14.0" in reason.en


WATER = (
    "q,heat_energy,kWh,hp1,load,± 3 %,1 h,\n"
    "w,heat_energy,kWh,hp1,hot_water,± 3 %,1 h,\n"
    "to,temperature,degC,site,outdoor,± 0.2 K,1 h,\n"
)


def signature(tmp_path, points, toml=HEAD + HEATING):
    hours = 40 * 24.0
    time, _ = constant(0.0, hours, 3600.0)
    outdoor = -5.0 + 0.4 * (np.arange(time.size) // 24)
    heat = np.concatenate([[0.0], np.cumsum(2.0 * (18.0 - outdoor[:-1]))])
    of = plant(tmp_path, toml, points)
    records = {"q": (time, heat), "w": counter(6.0, hours), "to": (time, outdoor)}
    held = {id: records[id] for id in (point.id for point in of.points)}
    (found,) = building_signature.results(context(of, held, hours))
    return found


def test_hot_water_metered_apart_is_not_the_building(tmp_path):
    found = signature(tmp_path, WATER)
    assert found.value == pytest.approx(2.0, rel=1e-3)
    assert found.detail["balance"] == pytest.approx(18.0, abs=0.1)
    assert "metered apart" in found.notes[-1].en


def test_hot_water_not_metered_apart_is_said(tmp_path):
    toml = HEAD + '[pumps.pw]\ncircuit = "hot_water"\n' + HEATING
    points = "".join(line + "\n" for line in WATER.splitlines() if not line.startswith("w,"))
    assert "not metered apart" in signature(tmp_path / "a", points, toml).notes[-1].en
    plain = signature(tmp_path / "b", points)
    assert not any("hot water" in note.en for note in plain.notes)


def test_flow_and_temperatures_of_other_equipment_are_named(tmp_path):
    points = (
        "v,volume_flow,m3/h,hp1+pl,load,± 2 %,15 min,\n"
        "a,temperature,degC,hp1,load_leaving,± 0.1 K,15 min,\n"
        "b,temperature,degC,hp1,load_entering,± 0.1 K,15 min,\n"
    )
    of = plant(tmp_path, HEAD + PUMPS + HEATING, points)
    at = context(of, {id: constant(20.0, 10.0) for id in "vab"}, 10.0)
    with pytest.raises(Refusal) as caught:
        heat_meters(at, "load")
    assert "v (hp1+pl), a (hp1), b (hp1)" in caught.value.reason.en
    assert "points.csv" in caught.value.reason.zh
