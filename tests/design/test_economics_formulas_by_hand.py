"""Formulas of costs, fuels and alternatives, each worked out once more by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from diwen import rules
from diwen.design.economics.alternatives import AirSource, air_source_cop
from diwen.design.economics.capital_cost import CapitalCost, CapitalItem, row_interval
from diwen.design.economics.carbon_emissions import Refrigerant, factors_of
from diwen.design.economics.comparison import Comparison, Plant, compare
from diwen.design.economics.cost_uncertainty import UncertainInput, uncertain_costs
from diwen.design.economics.financing import energy_performance_contract
from diwen.design.economics.life_cycle import PlantCost, Terms
from diwen.design.economics.of_site import economics_of_site
from diwen.design.economics.plant_year import PlantYear
from diwen.design.economics.primary_energy import primary_energy_of, specific
from diwen.design.economics.running_cost import example_fuel_price, maintenance_of
from diwen.design.economics.site_alternatives import Use, alternative_years
from diwen.design.economics.site_money import water_tax_of_site
from diwen.design.economics.site_quantities import quantities_of_site
from diwen.language import same
from diwen.site import Site, read
from diwen.site.sources import CirculationWell

CHINA = rules.on(date(2026, 1, 1), "China")
EXAMPLES = Path(__file__).parents[2] / "examples"
ZERO = np.zeros(8760)
#: Calorific value of coal equivalent, GB/T 2589: 7000 kcal of 4.1868 kJ.
KGCE = 29.3076e6


def number(id: str) -> float:
    value = CHINA.row(id).value
    assert value is not None
    return value


def test_purchased_heat_counts_with_the_losses_of_its_making() -> None:
    heat = np.full(8760, 1000.0)
    year = PlantYear(heat, ZERO, ZERO, fuel={"district_heat": 8760 * 3.6e6})
    found = primary_energy_of(CHINA, year)
    factor = number("primary_energy.district_heat")
    assert factor > 1.0
    assert found.coal == pytest.approx(8760 * 3.6e6 * factor / KGCE, rel=1e-4)
    # Per kWh of use, as 8760 kWh are used.
    assert specific(found) == pytest.approx(3.6e6 * factor / KGCE, rel=1e-4)


def test_an_air_source_unit_loses_by_frost_in_its_band_alone_and_never_beats_its_bound() -> None:
    unit = AirSource(0.45, 10.0, 4.0, 0.1, 6.0)
    air = np.array([-15.0, -8.0, -6.9, 4.9, 5.1, 12.0, 35.0])
    cop = air_source_cop(air, np.full(7, 45.0), unit)
    plain = 0.45 * 322.15 / (49.0 - (air - 10.0))
    kept = np.array([1.0, 1.0, 0.9, 0.9, 1.0, 1.0, 1.0])
    assert cop == pytest.approx(np.minimum(plain, 6.0) * kept)
    mild = air_source_cop([35.0], [30.0], unit)  # 9 K of lift: 15 without the bound
    assert mild == pytest.approx([6.0])


def test_the_ground_needs_less_care_than_machines() -> None:
    def item(key: str, cost: float) -> CapitalItem:
        return CapitalItem(key, same(key), 1.0, "1", cost, cost, cost, 20.0)

    field, _ = maintenance_of(CHINA, CapitalCost((item("bore_metre", 1e6),)))
    machine, _ = maintenance_of(CHINA, CapitalCost((item("heat_pump_water", 1e6),)))
    assert field == pytest.approx(1e6 * row_interval(CHINA.row("maintenance.share_field"))[1])
    assert machine == pytest.approx(1e6 * row_interval(CHINA.row("maintenance.share"))[1])
    assert field < machine


def test_example_prices_are_of_their_units() -> None:
    tonne, metre, gigajoule = (
        row_interval(CHINA.row(f"example_price.{name}"))[1]
        for name in ("coal", "gas", "district_heat")
    )
    assert example_fuel_price(CHINA, "coal")[0] == pytest.approx(tonne / 1000.0 / KGCE, rel=1e-4)
    # 9.87 kWh in a cubic metre.
    assert example_fuel_price(CHINA, "gas")[0] == pytest.approx(metre / (9.87 * 3.6e6))
    assert example_fuel_price(CHINA, "district_heat")[0] == pytest.approx(gigajoule / 1e9)


def test_a_contractor_has_its_share_in_every_year_of_the_term() -> None:
    owner, contractor = energy_performance_contract(100.0, [50.0, 60.0, 70.0], 0.8, 2, 0.05)
    assert contractor.flows == pytest.approx([-100.0, 40.0, 48.0, 0.0])
    assert owner.flows == pytest.approx([0.0, 10.0, 12.0, 70.0])


def two_plants() -> Comparison:
    """A heat pump of 25 kg R410A and an electric boiler for 10 kW of heat all year; 1 CNY/kWh."""
    heat, hours = np.full(8760, 10e3), 8760
    refrigerant = Refrigerant(25.0, 2000.0, 0.02, 0.1)

    def plant(key: str, cop: float, cost: float, support: float, more: Refrigerant | None) -> Plant:
        item = CapitalItem("x", same("x"), 1.0, "1", cost, cost, cost, 40.0, own=True)
        money = PlantCost(CapitalCost((item,)), {"electricity": 10.0 / cop * hours}, support)
        year = PlantYear(heat, ZERO, heat / cop)
        return Plant(key, same(key), year, money, refrigerant=more)

    return compare(
        plant("pump", 4.0, 90e3, 20e3, refrigerant), [plant("boiler", 1.0, 15e3, 0.0, None)],
        Terms(20, 0.05), factors_of(CHINA), CHINA,
    )  # fmt: skip


def test_support_makes_the_design_cheaper_to_build() -> None:
    assert two_plants().savings["boiler"].additional == pytest.approx(90e3 - 20e3 - 15e3)


def test_a_better_plant_saves_its_own_electricity_and_loses_the_same_refrigerant() -> None:
    both = two_plants()
    inputs = (
        UncertainInput("performance", same("p"), 0.5, 1.0, 1.5, "uniform"),
        UncertainInput("load", same("l"), 0.5, 1.0, 1.5, "uniform"),
    )
    found = uncertain_costs(both, inputs, 50, seed=3)
    performance, load = found.draws["performance"], found.draws["load"]
    annuity = sum(1.05**-year for year in range(1, 21))
    # Half of the lives is left after 20 of 40 years.
    fixed = {"pump": 90e3 - 20e3 - 45e3 / 1.05**20, "boiler": 15e3 - 7.5e3 / 1.05**20}
    power = {"pump": 21900.0 * load / performance, "boiler": 87600.0 * load}
    for key, cost in found.cost.items():
        assert cost == pytest.approx(fixed[key] + power[key] * annuity)
    grid = both.factors.grid
    lost = 25.0 * 2000.0 * (20 * 0.02 + 0.1)
    avoided = 20 * grid * (power["boiler"] - power["pump"]) - lost
    assert found.carbon["boiler"] == pytest.approx(avoided)


def test_the_ends_of_a_normal_input_are_two_standard_deviations() -> None:
    drawn = UncertainInput("load", same("l"), 0.8, 1.0, 1.2, "normal").draw(
        np.random.default_rng(1), 20000
    )
    assert drawn.std() == pytest.approx(0.1, rel=0.03)


def test_each_yearly_cost_rises_by_its_own_rate() -> None:
    terms = Terms(20, 0.06, 0.01, 0.02, 0.03, 0.04)
    rates = {
        "maintenance": 0.01, "staff": 0.01, "electricity": 0.02, "gas": 0.03, "coal": 0.03,
        "district_heat": 0.03, "water_tax": 0.04, "revenue": 0.03, "support": 0.04,
    }  # fmt: skip
    assert {name: terms.escalation(name) for name in rates} == rates


def changed(given: Site, **tables: dict[str, object]) -> Site:
    new = {name: getattr(given, name).model_copy(update=more) for name, more in tables.items()}
    return given.model_copy(update=new)


def test_sold_heat_is_paid_as_is_in_the_first_year_and_rises_from_then() -> None:
    sold = changed(
        read(EXAMPLES / "sizing-office"),
        tariff={"heat_price": 100.0 / 1e9, "fuel_escalation": 0.1},
    )
    heat = np.full(8760, 10e3)
    year = PlantYear(heat, ZERO, heat / 4.0)
    found = economics_of_site(sold, year, day=date(2026, 1, 1), alternatives=[])
    assert found.business is not None
    income = found.business.flows + found.comparison.design.life_cycle.by_year
    first = 100.0 * 10e3 * 8760 * 3600 / 1e9
    assert income[:4] == pytest.approx([0.0, first, 1.1 * first, 1.21 * first])


def test_an_air_unit_is_bought_larger_than_the_design_load() -> None:
    heat = np.full(8760, 30e3)
    year = PlantYear(heat, ZERO, heat / 4.0)
    empty = changed(read(EXAMPLES / "sizing-office"), evaluation={"design_heating_load": None})
    use = Use(empty, year, outdoor=np.full(8760, 5.0))
    ((_, _, quantities),) = alternative_years(CHINA, use, ["air_source"])
    derating = number("alternative.air_source.design_capacity")
    assert derating < 1.0
    assert quantities == {"heat_pump_air": pytest.approx(30.0 / derating)}


def test_metres_of_all_wells_are_drilled() -> None:
    wells = read(EXAMPLES / "hospital-18-wells")
    (source,) = wells.sources.values()
    assert isinstance(source, CirculationWell)
    count = len(source.wells) or source.count
    assert count == 18
    assert quantities_of_site(wells)["well_metre"] == pytest.approx(source.depth * count)


def test_water_put_back_elsewhere_is_taxed_as_taken() -> None:
    wells = changed(
        read(EXAMPLES / "hospital-18-wells"),
        water={"reinjection": "full", "same_aquifer": False, "tax_rate_otherwise": 2.0,
               "tax_rate_reinjected": 0.1},
    )  # fmt: skip
    assert water_tax_of_site(wells, CHINA, 1000.0)[0] == pytest.approx(2000.0)
    back = changed(wells, water={"same_aquifer": True})
    assert water_tax_of_site(back, CHINA, 1000.0)[0] == pytest.approx(100.0)
