"""A design beside its alternatives, its uncertainty, and the same from a site folder."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from diwen import rules, site
from diwen.design import economics as eco
from diwen.design.economics.capital_cost import CapitalCost, CapitalItem
from diwen.design.economics.comparison import Comparison, Plant, compare
from diwen.design.economics.cost_uncertainty import (
    UncertainInput,
    rate_input,
    uncertain_costs,
    usual_inputs,
)
from diwen.design.economics.life_cycle import PlantCost, Terms
from diwen.design.economics.of_site import SiteEconomics, economics_of_site
from diwen.design.economics.plant_year import KWH, PlantYear
from diwen.design.economics.running_cost import Prices, running_cost_of
from diwen.design.economics.site_year import over_study, years_of_course
from diwen.language import same
from diwen.plant.station import Backup, LoadLoop, Station, SupplyCurve
from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.course import LoopCourse, TwinCourse

DAY = date(2026, 1, 1)
BEIJING = rules.on(DAY, "Beijing")
HOURS = np.arange(8760)
OUTDOOR = 12.0 - 15.0 * np.cos(2 * np.pi * (HOURS - 20 * 24) / 8760)
HEAT = np.clip(18.0 - OUTDOOR, 0.0, None) * 8e3
COLD = np.clip(OUTDOOR - 24.0, 0.0, None) * 3e4
YEAR = PlantYear(HEAT, COLD, HEAT / 3.6 + COLD / 4.5)
EXAMPLES = Path(__file__).parents[2] / "examples"


def plant(key: str, year: PlantYear, cost: float, spread: float, prices: Prices) -> Plant:
    low, high = cost * (1 - spread), cost * (1 + spread)
    item = CapitalItem(f"{key}_all", same(key), 1.0, "1", low, cost, high, 20.0)
    bills = running_cost_of(year, prices, {"maintenance": 0.01 * cost})
    return Plant(key, same(key), year, PlantCost(CapitalCost((item,)), bills.yearly), bills.bill)


def two_plants(spread: float = 0.2) -> Comparison:
    prices = Prices(eco.single_price(0.7 / KWH), {"gas": 3.2 / (9.87 * KWH)})
    boiler = eco.with_chiller(eco.boiler_year(HEAT, 0.8, "gas"), COLD, 2.3)
    return compare(
        plant("ground_source", YEAR, 1.5e6, spread, prices),
        [plant("gas_boiler", boiler, 4e5, spread, prices)],
        Terms(20, 0.06, 0.02, 0.01, 0.03),
        eco.factors_of(BEIJING),
        BEIJING,
    )


def test_savings_by_hand() -> None:
    terms = Terms(20, 0.06)
    prices = Prices(eco.single_price(0.7 / KWH), {"gas": 3.2 / (9.87 * KWH)})
    boiler = eco.with_chiller(eco.boiler_year(HEAT, 0.8, "gas"), COLD, 2.3)
    found = compare(
        plant("ground_source", YEAR, 1.5e6, 0.0, prices),
        [plant("gas_boiler", boiler, 4e5, 0.0, prices)],
        terms,
        eco.factors_of(BEIJING),
        BEIJING,
    ).savings["gas_boiler"]
    heat, cold = HEAT.sum() / 1000, COLD.sum() / 1000
    gas = heat / 0.8 / 9.87 * 3.2
    electricity = (heat / 3.6 + cold / 4.5 - cold / 2.3) * 0.7
    yearly = gas - electricity - 0.01 * 1.1e6
    assert found.additional == pytest.approx(1.1e6)
    assert found.yearly == pytest.approx(yearly)
    assert found.static_payback == pytest.approx(1.1e6 / yearly)
    assert found.worth == pytest.approx(yearly * float(eco.annuity_factor(0.06, 20)) - 1.1e6)
    assert eco.present_value(found.flows, found.rate_of_return) == pytest.approx(0.0, abs=1e-3)
    assert found.dynamic_payback > found.static_payback
    carbon = heat / 0.8 * 3.6e-3 * 55.54 + (cold / 2.3 - heat / 3.6 - cold / 4.5) * 0.5554
    assert found.carbon.tolist() == pytest.approx([carbon] * 20)
    assert found.abatement_cost == pytest.approx(-found.worth / (20 * carbon / 1000))


def test_plants_of_another_use_are_refused() -> None:
    comparison = two_plants()
    design = comparison.design.plant
    less = PlantYear(0.9 * HEAT, COLD, HEAT)
    other = Plant("gas_boiler", same("x"), less, PlantCost(CapitalCost(())))
    with pytest.raises(InputError) as caught:
        compare(design, [other, design], comparison.terms, comparison.factors, BEIJING)
    assert len(caught.value.problems) == 2


def test_draws_without_spread_repeat_the_best_estimate() -> None:
    """Two ways to the same number: the sampled reckoning and the plain one."""
    comparison = two_plants()
    sure = [
        UncertainInput("load", same("load"), 1.0, 1.0, 1.0),
        rate_input("discount_rate", 0.06, 0.06, 0.06),
        rate_input("inflation", 0.02, 0.02, 0.02),
    ]
    found = uncertain_costs(comparison, sure, 10)
    for outcome in comparison.outcomes:
        cost = found.cost[outcome.plant.key]
        assert cost == pytest.approx(np.full(10, outcome.life_cycle.cost), rel=1e-12)
    saving = comparison.savings["gas_boiler"]
    assert found.worth["gas_boiler"] == pytest.approx(np.full(10, saving.worth), rel=1e-9)
    assert found.payback["gas_boiler"] == pytest.approx(np.full(10, saving.static_payback))
    assert found.carbon["gas_boiler"] == pytest.approx(np.full(10, saving.carbon.sum()))


def test_sampled_spread_agrees_with_the_linear_law() -> None:
    """Independent uniform factors on two linear terms: the variance is the sum of theirs."""
    comparison = two_plants()
    names = {"price.gas": "gas", "price.electricity": "electricity"}
    inputs = [UncertainInput(key, same(key), 0.7, 1.0, 1.3, "uniform") for key in names]
    found = uncertain_costs(comparison, inputs, 20_000, 7)
    boiler = comparison.alternatives["gas_boiler"].life_cycle.parts
    variance = sum((boiler[name] * 0.6) ** 2 / 12 for name in names.values())
    sampled = found.cost["gas_boiler"]
    # 20,000 draws: the standard deviation is known to about half a per cent.
    assert sampled.std() == pytest.approx(variance**0.5, rel=0.03)
    assert sampled.mean() == pytest.approx(
        comparison.alternatives["gas_boiler"].life_cycle.cost, rel=0.01
    )
    shares = {driver.key: driver.share for driver in found.drivers(sampled)}
    gas = boiler["gas"] ** 2 / (boiler["gas"] ** 2 + boiler["electricity"] ** 2)
    assert shares["price.gas"] == pytest.approx(gas, abs=0.03)


def test_rank_correlation_is_that_of_scipy() -> None:
    comparison = two_plants()
    found = uncertain_costs(comparison, usual_inputs(comparison, BEIJING), 500, 3)
    result = np.minimum(found.payback["gas_boiler"], 12.0)  # with ties
    for driver in found.drivers(result):
        expected = spearmanr(found.draws[driver.key], result).statistic
        assert driver.correlation == pytest.approx(expected, abs=1e-12)
    drivers = found.drivers(result)
    assert sum(driver.share for driver in drivers) == pytest.approx(1.0)
    sizes = [abs(driver.correlation) for driver in drivers]
    assert sizes == sorted(sizes, reverse=True)


def test_same_seed_same_draws_and_signs_of_the_drivers() -> None:
    comparison = two_plants()
    inputs = usual_inputs(comparison, BEIJING)
    one, two = (uncertain_costs(comparison, inputs, 400, seed) for seed in (5, 5))
    assert one.worth["gas_boiler"].tolist() == two.worth["gas_boiler"].tolist()
    signs = {d.key: np.sign(d.correlation) for d in one.drivers(one.worth["gas_boiler"])}
    assert signs["price.gas"] == 1
    assert signs["performance"] == 1
    assert signs["capital.ground_source_all"] == -1
    assert 0.0 <= one.chance("gas_boiler") <= 1.0


def test_unknown_inputs_and_few_samples_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        uncertain_costs(two_plants(), [UncertainInput("moon", same("moon"), 0, 1, 2)], 3)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="low, best, high"):
        UncertainInput("load", same("load"), 2.0, 1.0, 3.0)


# --- from a site folder ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def office() -> Site:
    return site.read(EXAMPLES / "plant-template")


def changed(office: Site, **tables: dict[str, object]) -> Site:
    """The site with other values in some of its tables."""
    update = {
        name: getattr(office, name).model_copy(update=values) for name, values in tables.items()
    }
    return office.model_copy(update=update)


def of_site(office: Site, **more: object) -> SiteEconomics:
    return economics_of_site(office, YEAR, day=DAY, outdoor=OUTDOOR, **more)  # type: ignore[arg-type]


def test_economics_of_the_template(office: Site) -> None:
    found = of_site(office)
    # 80 boreholes of 100 m below 1.8 m of cover; 2 units of 120 kW.
    assert found.quantities["bore_metre"] == pytest.approx(80 * 101.8)
    assert found.quantities["heat_pump_water"] == pytest.approx(240.0)
    assert found.quantities["power_connection"] == pytest.approx(YEAR.electricity.max() / 1000)
    assert list(found.comparison.savings) == [
        "gas_boiler", "coal_boiler", "district_heat", "electric_boiler", "air_source",
    ]  # fmt: skip
    assert found.prices.assumed == ("gas", "coal", "district_heat")
    said = " ".join(note.en for note in found.comparison.notes)
    assert "illustrative" in said
    assert "planning estimates" in said
    ids = {row.id for row in found.comparison.unverified}
    assert {"capital_cost.bore_metre", "example_price.gas", "economic_study.discount_rate"} <= ids
    for note in found.comparison.notes:
        assert any("一" <= letter <= "鿿" for letter in note.zh)


def test_own_investment_prices_and_rates_replace_rows(office: Site) -> None:
    own = changed(
        office,
        costs={
            "investment": 1.2e6, "baseline_investment": 3e5, "maintenance": 2e4, "staff": 5e4,
            "planned_years": 15, "discount_rate": 0.05, "inflation": 0.0,
        },
        tariff={
            "gas_price": 3.0, "coal_price": 1.2, "district_heat_price": 90e-9,
            "electricity_escalation": 0.0, "fuel_escalation": 0.0,
        },
        evaluation={"baseline_heating": "gas"},
    )  # fmt: skip
    found = of_site(own)
    saving = found.comparison.savings["gas_boiler"]
    assert saving.additional == pytest.approx(9e5)
    assert found.comparison.terms == Terms(15, 0.05, 0.0, 0.0, 0.0)
    design = found.comparison.design.plant.cost.yearly
    assert design["maintenance"] == 2e4
    assert design["staff"] == 5e4
    gas = found.comparison.alternatives["gas_boiler"].plant
    assert gas.cost.yearly["gas"] == pytest.approx(HEAT.sum() / 1000 / 0.8 / 9.87 * 3.0)
    heat = found.comparison.alternatives["district_heat"].plant
    assert heat.cost.yearly["district_heat"] == pytest.approx(HEAT.sum() * 3.6e-6 / 0.98 * 90)
    assert found.prices.assumed == ()


@pytest.mark.parametrize(
    ("area", "investment", "support"),
    [(20_000, 3.5e6, 800_000), (100_000, 4e6, 2_000_000), (100_000, 3.5e6, 1_750_000)],
)
def test_support_in_jilin(office: Site, area: float, investment: float, support: float) -> None:
    there = changed(
        office, place={"region": "Jilin"}, costs={"investment": investment},
        subsidy={"scheme": "jilin", "area": area},
    )  # fmt: skip
    found = of_site(there, alternatives=["gas_boiler"])
    assert found.support.once == pytest.approx(support)
    assert found.comparison.design.life_cycle.flows["support_once"][0] == pytest.approx(-support)


def test_support_in_beijing_is_a_range_and_the_development_area_adds(office: Site) -> None:
    investment = {"investment": 1e6}
    city = of_site(changed(office, costs=investment, subsidy={"scheme": "beijing"}))
    assert (city.support.once, city.support.upper) == pytest.approx((3e5, 5e5))
    town = changed(
        office, costs=investment, place={"region": "Beijing E-Town"},
        subsidy={"scheme": "beijing_e_town"},
    )  # fmt: skip
    found = of_site(town, alternatives=[])
    assert (found.support.once, found.support.upper) == pytest.approx((4e5, 6e5))
    assert any("lower end" in note.en for note in found.comparison.notes)


def test_groundwater_is_not_supported_in_beijing_and_pays_water_tax() -> None:
    wells = site.read(EXAMPLES / "hospital-18-wells")
    there = changed(
        wells, place={"region": "Beijing"}, subsidy={"scheme": "beijing", "investment": 1e6}
    )
    found = of_site(there, abstracted=1_555_200.0, alternatives=["gas_boiler"])
    assert found.support.once == 0.0
    assert any("excluded" in note.en for note in found.comparison.notes)
    assert found.comparison.design.plant.cost.yearly["water_tax"] == pytest.approx(1244.16)
    partial = changed(there, water={"reinjection": "partial"})
    notes = of_site(partial, abstracted=1e6, alternatives=[]).comparison.notes
    assert any("standard groundwater rate" in note.en for note in notes)
    charged = changed(there, water={"reinjection": "partial", "tax_rate_otherwise": 1.5})
    yearly = of_site(charged, abstracted=1e6, alternatives=[]).comparison.design.plant.cost.yearly
    assert yearly["water_tax"] == pytest.approx(1.5e6)


def test_heat_sold_is_a_business(office: Site) -> None:
    assert of_site(office, alternatives=[]).business is None
    sold = changed(office, tariff={"heat_price_area": 40.0})
    side = of_site(sold, alternatives=[]).business
    assert side is not None
    assert side.flows[0] < 0
    free = changed(office, tariff={"heat_price_area": 80.0})
    dearer = of_site(free, alternatives=[]).business
    assert dearer is not None
    assert dearer.worth > side.worth
    assert eco.present_value(dearer.flows, dearer.rate_of_return) == pytest.approx(0, abs=0.1)


def test_unknown_alternatives_name_the_known_ones(office: Site) -> None:
    with pytest.raises(InputError, match="gas_boiler"):
        of_site(office, alternatives=["perpetual_motion"])


# --- from a run of the twin -----------------------------------------------------------------


def course(years: int) -> tuple[TwinCourse, Station]:
    """A made-up course: 10 kW of heat, half of the pump's power more in each year."""
    n = 8760 * years
    full = np.ones(n)
    loop = LoopCourse(1e4 * full, 1e4 * full, 0 * full, full, full, None, None, None, full)
    power = 1e3 * np.repeat(1.0 + 0.5 * np.arange(years), 8760)
    run = TwinCourse(
        3600.0, 0, {}, {}, {"heating": loop}, {"boiler": (1e3 * full, 1.25e3 * full)},
        {"pump": power}, {}, np.ones(n, dtype=np.int8), 50.0, 0.0,
    )  # fmt: skip
    curve = SupplyCurve(np.array([0.0]), np.array([45.0]))
    loops = (LoadLoop("heating", "heat", ("l",), curve),)
    return run, Station((), loops, (), (Backup("boiler", "heating", 1e4, 0.8, "natural_gas"),))


def test_year_of_a_course() -> None:
    run, station = course(3)
    year, by_year = years_of_course(run, station)
    assert year.heat_energy / KWH == pytest.approx(87_600)
    assert year.electric_energy / KWH == pytest.approx((1.5 + 0.05) * 8760)
    assert year.fuel["gas"] / KWH == pytest.approx(1.25 * 8760)
    assert by_year == pytest.approx(np.array([1.05, 1.55, 2.05]) / 1.55)
    assert over_study(by_year, 5)[-2:] == pytest.approx([2.05 / 1.55] * 2)
    assert over_study(by_year, 2) == pytest.approx(by_year[:2])
    assert "3 simulated years" in year.notes[0].en


def test_a_course_of_half_a_year_is_refused() -> None:
    run, station = course(1)
    half = TwinCourse(1800.0, 0, {}, {}, run.loops, run.backups, run.pumps, {}, run.mode, 0.0, 0.0)
    with pytest.raises(InputError, match="whole years"):
        years_of_course(half, station)


def test_cost_items_of_a_site_file(tmp_path: Path) -> None:
    text = (EXAMPLES / "plant-template" / "site.toml").read_text(encoding="utf-8")
    text = text.replace(
        "[tariff]",
        '[[costs.items]]\nitem = "bore_metre"\nunit_cost = "105 CNY"\n\n'
        '[[costs.items]]\nitem = "sculpture"\nunit_cost = "5000 CNY"\nlife = 40\n\n'
        '[[costs.items]]\nplant = "gas_boiler"\nitem = "gas_boiler"\nunit_cost = "300 CNY"\n\n'
        '[tariff]\ndemand_charge = "40 CNY/kW"\ncoal_price = "1100 CNY/t"\n'
        'district_heat_price = "87 CNY/GJ"\n',
    )
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    found = of_site(site.read(tmp_path), alternatives=["gas_boiler", "coal_boiler"])
    items = {item.key: item for item in found.comparison.design.plant.cost.capital.items}
    assert items["bore_metre"].amount == pytest.approx(80 * 101.8 * 105)
    assert items["sculpture"].amount == 5000
    boiler = found.comparison.alternatives["gas_boiler"].plant.cost.capital.items
    assert {item.key: item.best for item in boiler}["gas_boiler"] == 300
    assert found.prices.fuel["coal"] == pytest.approx(1.1 / 29.307e6)
    assert found.prices.fuel["district_heat"] == pytest.approx(87e-9)
    bill = found.comparison.design.plant.bill
    assert bill is not None
    assert bill.demand == pytest.approx(40 * bill.highest.sum() / 1000)


def test_the_door_opens_to_everything_it_names() -> None:
    for name in eco.__all__:
        assert getattr(eco, name) is not None


def test_what_has_no_size_is_named_and_a_known_investment_stands_for_it(office: Site) -> None:
    pumps = {
        name: pump.model_copy(update={"rated_power": None}) for name, pump in office.pumps.items()
    }
    bare = office.model_copy(update={"pumps": pumps})
    said = [note.en for note in of_site(bare, alternatives=[]).comparison.notes]
    assert any("pumps.pump_source, pumps.pump_load" in note for note in said)
    nothing = office.model_copy(update={"sources": {}, "heat_pumps": {}, "pumps": {}, "tanks": {}})
    known = changed(nothing, costs={"investment": 7e5})
    capital = of_site(known, alternatives=[]).comparison.design.plant.cost.capital
    assert [(item.key, item.amount) for item in capital.items] == [("investment", 7e5)]


def test_a_grid_without_factor_is_refused_with_its_cure(office: Site) -> None:
    with pytest.raises(InputError, match="grid_region"):
        of_site(changed(office, evaluation={"grid_region": "Germany"}), alternatives=[])
    abroad = changed(office, place={"region": "Germany"}, evaluation={"grid_region": ""})
    notes = of_site(abroad, alternatives=[]).comparison.notes
    assert any("those for China" in note.en for note in notes)
