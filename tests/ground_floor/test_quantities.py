"""The words and their units."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen import quantities
from diwen.quantities import QUANTITIES, UnitError, conversion, display, parse, printed


@pytest.mark.parametrize(
    ("unit", "name", "factor", "offset"),
    [
        ("°C", "temperature", 1.0, 0.0),
        ("K", "temperature", 1.0, -273.15),
        ("degF", "temperature", 5 / 9, -160 / 9),
        ("℃", "temperature_difference", 1.0, 0.0),
        ("K", "temperature_difference", 1.0, 0.0),
        ("m3/h", "volume_flow", 1 / 3600, 0.0),
        ("m³/h", "volume_flow", 1 / 3600, 0.0),
        ("L/min", "volume_flow", 1e-3 / 60, 0.0),
        ("t/h", "mass_flow", 1000 / 3600, 0.0),
        ("kW", "electric_power", 1000.0, 0.0),
        ("kWh", "electric_energy", 3.6e6, 0.0),
        ("万kWh", "electric_energy", 3.6e10, 0.0),
        ("GJ", "heat_energy", 1e9, 0.0),
        ("bar", "pressure", 1e5, 0.0),
        ("%", "relative_humidity", 0.01, 0.0),
        ("", "status", 1.0, 0.0),
        ("m2", "area", 1.0, 0.0),
        ("µg/L", "concentration", 1e-3, 0.0),
        ("MJ/(m³·K)", "volumetric_heat_capacity", 1e6, 0.0),
        ("元/kWh", "energy_price", 1 / 3.6e6, 0.0),
    ],
)
def test_units_people_write(unit, name, factor, offset):
    assert conversion(unit, name) == pytest.approx((factor, offset), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("72", "length"),
        ("", "length"),
        ("seventy m", "length"),
        ("5 kg", "length"),
        ("5 parsnips", "length"),
        ("3 °C", "heat_power"),
        ("5 m**10**10**10", "length"),
        ("5 m^99", "length"),
        ("1 m/0", "length"),
    ],
)
def test_what_is_not_a_quantity_is_refused_with_an_example(text, name):
    with pytest.raises(UnitError, match=r"write for example|not a unit"):
        parse(text, name)


def test_zero_is_a_value():
    assert parse("0 °C", "temperature") == 0.0
    assert parse("-0.0 kW", "heat_power") == 0.0
    assert parse("273.15 K", "temperature") == 0.0


@pytest.mark.parametrize("name", sorted(QUANTITIES))
@given(number=st.floats(-1e6, 1e6, allow_nan=False))
def test_round_trip_through_the_display_unit(name, number):
    unit = QUANTITIES[name].display_unit
    inside = parse(f"{number!r} {unit}", name)
    assert math.isclose(display(inside, name), number, rel_tol=1e-9, abs_tol=1e-9)


@given(text=st.text(max_size=30), name=st.sampled_from(sorted(QUANTITIES)))
def test_any_text_is_read_or_refused(text, name):
    try:
        value = parse(text, name)
    except UnitError:
        return
    assert isinstance(value, float)


def test_every_quantity_is_named_in_both_languages_and_prints():
    for quantity in QUANTITIES.values():
        assert quantity.text.en
        assert quantity.text.zh != quantity.text.en
        assert quantity.low < quantity.high
        assert "^" not in printed(quantity.display_unit)
        assert "delta" not in printed(quantity.display_unit)


def test_units_are_understood_where_nothing_can_be_cached(monkeypatch):
    import pint

    whole = pint.UnitRegistry

    def refusing(*arguments, cache_folder=None, **options):
        if cache_folder is not None:
            raise PermissionError(13, "no permission", "/root/.cache/pint")
        return whole(*arguments, **options)

    monkeypatch.setattr(pint, "UnitRegistry", refusing)
    quantities._registry.cache_clear()
    try:
        assert conversion.__wrapped__("kW", "heat_power") == (1000.0, 0.0)
    finally:
        monkeypatch.undo()
        quantities._registry.cache_clear()
