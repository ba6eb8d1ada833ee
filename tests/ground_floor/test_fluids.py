import numpy as np
import pytest

from diwen.fluids import FluidError, fluid


def test_water_against_tabulated_values():
    """IAPWS values at 20 and 60 °C; the correlation of the library is good to about a per mille."""
    water = fluid("water")
    assert water.density([20.0, 60.0]) == pytest.approx([998.21, 983.20], rel=5e-4)
    assert water.specific_heat([20.0, 60.0]) == pytest.approx([4184.0, 4185.0], rel=2e-3)


def test_brine_carries_less_heat_and_freezes_lower():
    brine = fluid("ethylene glycol 25 %")
    assert brine.freezing == pytest.approx(-11.0, abs=0.5)
    assert brine.heat_capacity(5.0) < fluid("water").heat_capacity(5.0)
    assert brine.uncertainty > fluid("water").uncertainty


def test_names_in_many_spellings():
    names = {"ethylene_glycol 25 %", "Ethylene-Glycol 25%", "乙二醇 25 %", "MEG (25 %)"}
    assert len({fluid(name).name for name in names}) == 1


def test_interpolation_is_as_good_as_the_correlation():
    from scp.api import get_fluid

    library = get_fluid("ethyl_alcohol", concentration=0.24)
    at = np.linspace(-10.0, 35.0, 97)
    direct = [library.density(t) * library.specific_heat(t) for t in at]
    assert fluid("ethanol 24 %").heat_capacity(at) == pytest.approx(direct, rel=1e-5)


def test_outside_the_range_the_nearest_end_holds():
    water = fluid("water")
    assert water.density(-20.0) == water.density(0.0)


@pytest.mark.parametrize("name", ["", "oil", "ethanol", "ethanol 80 %", "ethylene glycol 0 %"])
def test_unknown_fluids_are_refused(name):
    with pytest.raises(FluidError):
        fluid(name)
