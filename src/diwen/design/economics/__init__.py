"""What a design costs and emits over its life, beside what it replaces.

Arrays come in: powers of a year hour by hour, numbers of things that are bought, prices. Only
``of_site`` knows a site folder. Every number that nobody entered is a rule row, and every result
names the rows it rests on.

Money is CNY. Costs are positive, revenue and subsidy negative. Year 0 is the day of building; what
a year of running costs is paid at its end.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "CapitalCost": "capital_cost",
    "CapitalItem": "capital_cost",
    "CarbonBalance": "carbon_emissions",
    "Comparison": "comparison",
    "EnergyCharge": "tariff_course",
    "LifeCycle": "life_cycle",
    "OwnCost": "capital_cost",
    "PlantCost": "life_cycle",
    "PlantYear": "plant_year",
    "Plant": "comparison",
    "Saving": "comparison",
    "TariffCourse": "tariff_course",
    "Terms": "life_cycle",
    "UncertainInput": "cost_uncertainty",
    "air_source_cop": "alternatives",
    "air_source_year": "alternatives",
    "annuity_factor": "cash_flow",
    "boiler_year": "alternatives",
    "break_even_performance": "carbon_emissions",
    "avoided": "primary_energy",
    "carbon_of": "carbon_emissions",
    "course_of_tariff": "tariff_course",
    "emission_reduction": "carbon_emissions",
    "factors_of": "carbon_emissions",
    "leasing": "financing",
    "primary_energy_of": "primary_energy",
    "real_rate": "cash_flow",
    "running_cost_of": "running_cost",
    "single_price": "tariff_course",
    "usual_inputs": "cost_uncertainty",
    "years_of_course": "site_year",
    "compare": "comparison",
    "district_heat_year": "alternatives",
    "dynamic_payback": "cash_flow",
    "economics_of_site": "of_site",
    "energy_performance_contract": "financing",
    "example_tariff": "example_prices",
    "internal_rate_of_return": "cash_flow",
    "levelised_cost": "cash_flow",
    "life_cycle_of": "life_cycle",
    "loan_payments": "financing",
    "present_value": "cash_flow",
    "price_items": "capital_cost",
    "rank_drivers": "cost_uncertainty",
    "static_payback": "cash_flow",
    "uncertain_costs": "cost_uncertainty",
    "with_chiller": "alternatives",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
