"""Carbon, coal equivalent and alternatives against published and golden numbers."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen import rules
from diwen.design import economics as eco
from diwen.design.economics.alternatives import AirSource, air_source_of, chiller_row
from diwen.design.economics.carbon_emissions import (
    Factors,
    Refrigerant,
    refrigerant_of,
)
from diwen.design.economics.plant_year import KWH
from diwen.problems import InputError
from diwen.rules.rulebook import number
from diwen.rules.water_tax import water_tax

DAY = date(2026, 1, 1)
CHINA = rules.on(DAY, "China")
HOURS = 8760
GIGAWATT_HOUR = np.full(HOURS, 1e9 / HOURS)  # 1 GWh in a year
NOTHING = np.zeros(HOURS)


def heat_pump(performance: float, *, cooling: bool = False) -> eco.PlantYear:
    use = (NOTHING, GIGAWATT_HOUR) if cooling else (GIGAWATT_HOUR, NOTHING)
    return eco.PlantYear(*use, GIGAWATT_HOUR / performance)


@pytest.mark.parametrize(
    ("region", "project", "reduction"),
    [("China", 151.60, 70.56), ("Beijing", 158.69, 63.47), ("North China", 181.74, 40.42)],
)
def test_carbon_of_a_gigawatt_hour_against_a_gas_boiler(
    region: str, project: float, reduction: float
) -> None:
    """COP_sys 3.5 against a boiler of 90 %: factors announced for 2023, gas 55.54 t/TJ."""
    factors = eco.factors_of(rules.on(DAY, region))
    efficiency = number(CHINA.row("alternative.gas_boiler.efficiency_condensing"))
    boiler = eco.carbon_of(eco.boiler_year(GIGAWATT_HOUR, efficiency, "gas"), factors)
    pump = eco.carbon_of(heat_pump(3.5), factors)
    assert boiler.first_year / 1000 == pytest.approx(222.16, abs=0.005)
    assert pump.first_year / 1000 == pytest.approx(project, abs=0.01)
    saved = eco.emission_reduction(boiler, pump)
    assert saved.tolist() == pytest.approx([1000 * reduction], abs=10)


@pytest.mark.parametrize(
    ("region", "day", "performance"),
    [
        ("China", DAY, 2.39),
        ("Beijing", DAY, 2.50),
        ("North China", DAY, 2.86),
        ("North China", date(2022, 7, 1), 3.05),
    ],
)
def test_break_even_performance(region: str, day: date, performance: float) -> None:
    factors = eco.factors_of(rules.on(day, region))
    found = eco.break_even_performance(factors.grid, factors.fuel["gas"], 0.90)
    assert found == pytest.approx(performance, abs=0.005)
    boiler = eco.carbon_of(eco.boiler_year(GIGAWATT_HOUR, 0.90, "gas"), factors)
    pump = eco.carbon_of(heat_pump(found), factors)
    assert pump.first_year == pytest.approx(boiler.first_year, rel=1e-12)


def test_break_even_with_auxiliary_electricity() -> None:
    found = eco.break_even_performance(0.55, 55.54, 0.9, 0.02)
    factors = Factors(0.55, {"gas": 55.54})
    boiler = eco.carbon_of(eco.boiler_year(GIGAWATT_HOUR, 0.9, "gas", auxiliary=0.02), factors)
    assert eco.carbon_of(heat_pump(found), factors).first_year == pytest.approx(boiler.first_year)


def test_coal_equivalent_by_gbt_50801() -> None:
    """1 GWh heat, COP_sys 3.5, coal boiler 0.70: 86,910.8 kgce; cooling EER 4.0: 33,214.3."""
    boiler = eco.boiler_year(GIGAWATT_HOUR, 0.70, "coal")
    replaced = eco.primary_energy_of(CHINA, boiler)
    project = eco.primary_energy_of(CHINA, heat_pump(3.5))
    assert replaced.coal == pytest.approx(175_482.2, abs=0.05)
    assert project.coal == pytest.approx(88_571.4, abs=0.05)
    saved, rows = eco.avoided(CHINA, replaced, project)
    expected = {"coal": 86_910.8, "co2": 214_669.6, "so2": 1_738.2, "dust": 869.1}
    assert saved == pytest.approx(expected, abs=0.1)
    assert {row.id for row in rows} == {f"gbt50801.factor.{n}" for n in ("co2", "so2", "dust")}
    idle = eco.boiler_year(NOTHING, 0.7, "coal", cold=GIGAWATT_HOUR)
    chiller = eco.with_chiller(idle, GIGAWATT_HOUR, 2.8)
    cooled = eco.primary_energy_of(CHINA, chiller)
    own = eco.primary_energy_of(CHINA, heat_pump(4.0, cooling=True))
    assert cooled.coal == pytest.approx(110_714.3, abs=0.05)
    assert cooled.coal - own.coal == pytest.approx(33_214.3, abs=0.05)


def test_pollutants_of_a_published_study_in_wuhan() -> None:
    """18.35, 0.15 and 0.0743 kg/m² for 7.43 kgce/m² saved (published; their rounding)."""
    coal = 7.43
    replaced = eco.boiler_year(np.full(HOURS, coal * 29.307e6 / (HOURS * 3600)), 1.0, "coal")
    none = eco.PlantYear(NOTHING, NOTHING, NOTHING)
    saved, _ = eco.avoided(
        CHINA, eco.primary_energy_of(CHINA, replaced), eco.primary_energy_of(CHINA, none)
    )
    assert saved["coal"] == pytest.approx(coal)
    assert saved["co2"] == pytest.approx(18.35, abs=0.005)
    assert saved["so2"] == pytest.approx(0.15, abs=0.005)
    assert saved["dust"] == pytest.approx(0.0743, abs=5e-5)


def test_a_boiler_on_coal_emits_what_its_kgce_say() -> None:
    factors = eco.factors_of(CHINA)
    boiler = eco.boiler_year(GIGAWATT_HOUR, 0.70, "coal")
    coal = eco.primary_energy_of(CHINA, boiler).coal
    assert eco.carbon_of(boiler, factors).first_year == pytest.approx(2.47 * coal)


def test_the_two_ways_of_counting_electricity() -> None:
    """A published saving of 31.6 % (equivalent) and 70.8 % (calorific) means D = 0.288 kgce/kWh."""
    equivalent = eco.primary_energy_of(CHINA, heat_pump(3.5), "equivalent")
    calorific = eco.primary_energy_of(CHINA, heat_pump(3.5), "calorific")
    assert calorific.coal == pytest.approx(0.1229e6 / 3.5)
    assert equivalent.coal / calorific.coal == pytest.approx(0.31 / 0.1229)
    assert pytest.approx(0.288, abs=5e-4) == (1 - 0.316) / (1 - 0.708) * 0.1229
    # Electricity by its calorific value holds what physics says: 3.6 MJ in 29.307 MJ/kgce.
    assert calorific.ratio(29.307e6) == pytest.approx(1 / 3.5, rel=1e-3)


@pytest.mark.parametrize(
    ("capacity", "ratio"), [(500e3, 2.3), (528e3, 2.6), (1000e3, 2.6), (2e6, 2.8)]
)
def test_conventional_chiller_by_size(capacity: float, ratio: float) -> None:
    assert chiller_row(CHINA, capacity).value == ratio


def test_refrigerant_and_a_grid_that_gets_cleaner() -> None:
    """2 % of 100 kg R410A a year and 20 % in the end, by hand."""
    found, notes = refrigerant_of(CHINA, "R-410a", 100.0)
    assert notes == ()
    assert found is not None
    assert found.potential == 2088
    factors = Factors(0.5, {}, (), 0.1)
    balance = eco.carbon_of(heat_pump(4.0), factors, 3, refrigerant=found)
    electric = 250_000 * 0.5
    leaked = 100 * 0.02 * 2088
    assert balance.first_year == pytest.approx(electric + leaked)
    assert balance.by_year.tolist() == pytest.approx(
        [electric + leaked, 0.9 * electric + leaked, 0.81 * electric + leaked + 20 * 2088]
    )
    unknown, notes = refrigerant_of(CHINA, "R9999", 1.0)
    assert unknown is None
    assert "R9999" in notes[0].en


def test_water_tax_of_the_chengde_size() -> None:
    """540 m³/h for 120 days: 0.8 yuan per 1000 t in Beijing, 1.4 yuan/m³ in Shanxi."""
    volume = 540 * 24 * 120
    beijing = water_tax(rules.on(DAY, "Beijing"), volume, reinjection_proven=True)
    assert beijing.amount == pytest.approx(1244.16)
    shanxi = water_tax(rules.on(DAY, "Shanxi"), volume, reinjection_proven=True)
    assert shanxi.amount == pytest.approx(2_177_280)


def test_a_simple_air_source_unit_follows_the_weather() -> None:
    unit, rows = air_source_of(CHINA)
    assert not any(row.verified for row in rows)
    air = np.linspace(-30.0, 20.0, 101)
    cop = eco.air_source_cop(air, 45.0, unit)
    outside_frost = (air < -7) | (air > 5)
    assert (np.diff(cop[outside_frost]) >= -1e-12).all()
    assert (eco.air_source_cop(air, 55.0, unit) <= cop).all()
    hot, cold = 45 + 273.15 + unit.condenser_approach, air + 273.15
    assert (cop[air < 40] < hot / (hot - cold)).all()
    # By hand at −15 °C: 0.45 · 322.15 / (322.15 − 248.15).
    at = eco.air_source_cop(-15.0, 45.0, AirSource(0.45, 10.0, 4.0, 0.1, 6.0))
    assert at == pytest.approx(0.45 * 322.15 / 74.0)


@given(st.floats(1.0, 8.0))
def test_air_source_with_one_factor_is_its_mean_and_says_so(factor: float) -> None:
    year = eco.air_source_year(GIGAWATT_HOUR, factor)
    assert year.electric_energy / KWH == pytest.approx(1e6 / factor)
    assert len(year.notes) == 1
    assert eco.air_source_year(GIGAWATT_HOUR, np.full(HOURS, factor)).notes == ()


def test_alternatives_refuse_what_cannot_be() -> None:
    with pytest.raises(InputError, match="COP below 1"):
        eco.air_source_year(GIGAWATT_HOUR, 0.5)
    with pytest.raises(InputError, match="not above zero"):
        eco.boiler_year(GIGAWATT_HOUR, 0.0, "gas")
    with pytest.raises(InputError, match="below zero"):
        eco.boiler_year(-GIGAWATT_HOUR, 0.8, "gas")
    with pytest.raises(InputError) as caught:
        eco.PlantYear(NOTHING[1:], NOTHING, NOTHING, 3600.0, {"wood": 1.0})
    assert len(caught.value.problems) == 2


def test_district_heat_is_bought_with_its_losses() -> None:
    year = eco.district_heat_year(GIGAWATT_HOUR, 0.95, auxiliary=0.01)
    assert year.fuel["district_heat"] / KWH == pytest.approx(1e6 / 0.95)
    assert year.electric_energy / KWH == pytest.approx(1e4)
    assert Refrigerant(1.0, 0.0, 0.0).end_of_life == 0.0
