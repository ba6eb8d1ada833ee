"""Viscosity, conductivity, freezing of the fluids, against published tables."""

import numpy as np
import pytest

from diwen.fluids import FluidError, fluid, freezing_warning


def test_water_viscosity_and_conductivity_against_iapws():
    """IAPWS-95 at 0.1 MPa, 5, 20, 60 °C: viscosity within 1.5 %, conductivity within 1.5 %."""
    water = fluid("water")
    at = [5.0, 20.0, 60.0]
    assert water.viscosity(at) == pytest.approx([1.5182e-3, 1.0016e-3, 0.4660e-3], rel=0.015)
    assert water.conductivity(at) == pytest.approx([0.5706, 0.5984, 0.6544], rel=0.015)
    assert water.prandtl(20.0) == pytest.approx(7.01, rel=0.02)


def test_salt_freezing_points_against_the_crc_handbook():
    """CRC Handbook, concentrative properties: NaCl 20 % -16.46 °C, CaCl2 20 % -18.30 °C."""
    assert fluid("sodium chloride 20 %").freezing == pytest.approx(-16.46, abs=0.3)
    assert fluid("calcium chloride 20 %").freezing == pytest.approx(-18.30, abs=0.3)


def test_salt_density_and_viscosity_against_the_crc_handbook():
    """CRC Handbook at 20 °C: NaCl 20 % 1147.8 kg/m³, 1.557 mPa·s; CaCl2 20 % 1177.5, 1.930."""
    salt, calcium = fluid("NaCl 20 %"), fluid("CaCl2 20 %")
    assert salt.density(20.0) == pytest.approx(1147.8, rel=3e-3)
    assert salt.viscosity(20.0) == pytest.approx(1.557e-3, rel=0.03)
    assert calcium.density(20.0) == pytest.approx(1177.5, rel=4e-3)
    assert calcium.viscosity(20.0) == pytest.approx(1.930e-3, rel=0.03)


@pytest.mark.parametrize("name", ["甲酸钾 30 %", "potassium_acetate 30 %", "Potassium-Formate 30%"])
def test_potassium_brines_are_known(name):
    brine = fluid(name)
    assert brine.freezing < -18.0
    assert 0 < brine.conductivity(0.0) < fluid("water").conductivity(0.0)
    assert brine.viscosity(-15.0) > brine.viscosity(10.0)


@pytest.mark.parametrize("name", ["calcium chloride 31 %", "NaCl 24 %", "potassium formate"])
def test_salts_beyond_their_correlation_are_refused(name):
    with pytest.raises(FluidError):
        fluid(name)


def test_viscosity_table_is_as_good_as_its_correlation():
    """Interpolating the logarithm: 5e-5."""
    from scp.api import get_fluid

    library, at = get_fluid("propylene_glycol", concentration=0.3), np.linspace(-10.0, 60.0, 131)
    brine = fluid("propylene glycol 30 %")
    assert brine.viscosity(at) == pytest.approx([library.viscosity(t) for t in at], rel=5e-5)
    assert brine.conductivity(at) == pytest.approx([library.conductivity(t) for t in at], rel=1e-5)


def test_state_holds_all_properties():
    state = fluid("ethanol 24 %").state([0.0, 10.0])
    brine = fluid("ethanol 24 %")
    assert state.prandtl == pytest.approx(brine.prandtl([0.0, 10.0]))
    assert state.density == pytest.approx(brine.density([0.0, 10.0]))


def test_freezing_is_announced():
    water = fluid("water")
    assert freezing_warning(water, 5.0, 3.0) is None
    close = freezing_warning(water, 2.0, 3.0)
    assert close is not None
    assert "2.0 K" in close.en
    assert "冰点" in close.zh
    frozen = freezing_warning(water, -1.0, 3.0)
    assert frozen is not None
    assert "freezes" in frozen.en
    assert freezing_warning(fluid("乙二醇 30 %"), -1.0, 3.0) is None
