"""Power of identical units at part load: the same as the twin's compiled dispatch."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.diagnosis.machines.part_load_power import power_at
from diwen.plant.performance_map import PartLoad

PARTS = {
    "modulates": PartLoad(0.3, np.array([0.3, 0.6, 1.0]), np.array([0.25, 0.52, 1.0]), 0.9),
    "cycles": PartLoad(1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]), 0.9),
    "proportional": PartLoad.proportional(),
}


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("best", [0.0, 0.6])
def test_same_as_the_twin(name: str, best: float) -> None:
    from diwen.twin.unit_compiled import at_shared_load

    part = PARTS[name]
    draw = np.random.default_rng(1)
    wanted = draw.uniform(1.0, 300e3, 200)
    capacity, power = draw.uniform(60e3, 100e3, 200), draw.uniform(15e3, 25e3, 200)
    curves = np.concatenate([part.ratios, part.power_shares])
    expected = np.array([
        at_shared_load(w, 4.0, best, c, p, part.minimum, part.cycling, curves, 0, len(part.ratios))
        for w, c, p in zip(wanted, capacity, power, strict=True)
    ])  # fmt: skip
    found, running = power_at(wanted, 4.0, best, capacity, power, part)
    assert np.allclose(found, expected[:, 0], rtol=1e-12)
    assert np.allclose(running, expected[:, 1], rtol=1e-12)


def test_full_load_is_the_map() -> None:
    part = PARTS["modulates"]
    found, running = power_at(np.array([100.0]), 2, 0.0, np.array([50.0]), np.array([10.0]), part)
    assert found[0] == pytest.approx(20.0)
    assert running[0] == pytest.approx(2.0)
