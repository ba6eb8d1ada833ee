"""Fields on a plot, ranked; and how sure a length is."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.layout_search import Cost, Plot, search_layouts
from diwen.design.length_uncertainty import InputSpread, length_uncertainty
from diwen.design.sizing import size
from diwen.problems import InputError
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.polygon import Polygon

BOREHOLES = Boreholes.at(layouts.rectangle(4, 4, 6.0), 100.0, 2.0, 0.075)
FIELD = BoreField(BOREHOLES, 2.0, 2.2e6, 12.0, 0.12)
LIMITS = TemperatureLimits(2.0, None, "mean")
SEASON = np.cos(np.arange(8760) * 2 * np.pi / 8760)
LOAD = HourlyGroundLoad.of(45e3 * np.maximum(SEASON, 0.0) - 20e3 * np.maximum(-SEASON, 0.0))
MONTHS = LOAD.monthly()


def test_candidates_stand_on_the_plot_and_are_ranked() -> None:
    house = Polygon.of([(8.0, 8.0), (16.0, 8.0), (16.0, 16.0), (8.0, 16.0)])
    plot = Plot(Polygon.of([(0, 0), (24, 0), (24, 24), (0, 24)]), (house,), 1.0)
    steps: list[tuple[int, int]] = []
    cost = Cost(per_metre=60.0, per_borehole=800.0)
    found = search_layouts(
        FIELD, MONTHS, LIMITS, 25, plot, (5.0, 7.0), depths=(40.0, 140.0), cost=cost,
        progress=lambda done, every: steps.append((done, every)),
    )  # fmt: skip
    assert steps[-1][0] == steps[-1][1] == len(found)
    usable = [one for one in found if one.usable]
    assert usable
    assert [one.cost for one in usable] == sorted(one.cost for one in usable)
    assert found[: len(usable)] == tuple(usable)
    for one in found:
        x, y = one.coordinates.T
        assert len(x) == one.count
        assert ((x > 0.99) & (x < 23.01) & (y > 0.99) & (y < 23.01)).all()
        assert not ((x > 7.01) & (x < 16.99) & (y > 7.01) & (y < 16.99)).any()
        apart = np.hypot(x[:, None] - x, y[:, None] - y) + 1e9 * np.eye(len(x))
        assert apart.min() > one.spacing - 1e-6
        if one.usable:
            assert one.length is not None
            assert 40.0 <= one.length <= 140.0
            assert one.cost == pytest.approx(one.count * (800.0 + 60.0 * one.length))
        else:
            assert one.remark is not None


def test_layout_search_says_what_cannot_be() -> None:
    plot = Plot.rectangle(20.0, 20.0)
    with pytest.raises(InputError) as caught:
        search_layouts(FIELD, MONTHS, LIMITS, 25, plot, (2.0,), depths=(100.0, 50.0))
    assert [problem.where for problem in caught.value.problems] == ["spacings", "depths"]
    with pytest.raises(InputError):
        search_layouts(FIELD, MONTHS, LIMITS, 25, Plot.rectangle(1.0, 1.0, 0.6), (5.0,))


SPREAD = InputSpread(conductivity=0.05, resistance=0.08, undisturbed_temperature=0.3, load=0.05)


def test_linear_and_drawn_uncertainty_agree() -> None:
    found = length_uncertainty(FIELD, MONTHS, LIMITS, 25, SPREAD, samples=600, seed=7)
    assert sum(found.shares.values()) == pytest.approx(1.0)
    # Two ways to the same number; 600 draws leave 3 % in a standard deviation, curvature a little.
    assert np.std(found.lengths) == pytest.approx(found.standard, rel=0.12)
    assert found.quantile(0.5) == pytest.approx(found.sizing.length, rel=0.02)
    assert found.sufficiency(found.quantile(0.9)) == pytest.approx(0.9, abs=0.01)
    signs = {name: np.sign(change) for name, change in found.changes.items()}
    assert signs == {
        "conductivity": -1, "resistance": 1, "undisturbed_temperature": -1, "load": 1
    }  # fmt: skip


def test_derivative_by_temperature_is_the_analytic_one() -> None:
    """With the mean fluid limited and a frozen response L ∝ 1/(T_0 − T_limit); g adds a little."""
    table = FieldResponse(BOREHOLES)
    spread = InputSpread(undisturbed_temperature=0.2)
    found = length_uncertainty(FIELD, MONTHS, LIMITS, 25, spread, samples=5, response=table)
    best = found.sizing.length
    assert best is not None
    frozen = -best * 0.2 / (12.0 - 2.0)
    assert found.changes["undisturbed_temperature"] < frozen
    warmer = BoreField(BOREHOLES, 2.0, 2.2e6, 12.2, 0.12)
    again = size(warmer, MONTHS, LIMITS, 25, method="monthly", response=table).length
    assert again is not None
    assert found.changes["undisturbed_temperature"] == pytest.approx(again - best, rel=0.05)


def test_same_seed_same_draws() -> None:
    def draw(seed: int) -> np.ndarray:
        return length_uncertainty(FIELD, MONTHS, LIMITS, 25, SPREAD, samples=20, seed=seed).lengths

    first = draw(4)
    assert np.array_equal(first, draw(4))
    assert not np.array_equal(first, draw(5))


def test_a_field_without_length_has_no_uncertainty() -> None:
    with pytest.raises(InputError, match="cannot be sized"):
        length_uncertainty(FIELD, MONTHS, TemperatureLimits(13.0, None, "mean"), 25, SPREAD)
    with pytest.raises(InputError, match="resistance"):
        InputSpread(resistance=-0.1)
