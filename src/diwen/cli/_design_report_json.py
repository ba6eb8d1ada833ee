"""The machine-readable answer of ``diwen design-report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.design.station_design.plain_data import both, plain

if TYPE_CHECKING:
    from diwen.design.economics.comparison import Outcome
    from diwen.design.economics.of_site import SiteEconomics
    from diwen.design.station_design import StationDesign


def answer(design: StationDesign, files: Sequence[Path]) -> dict[str, Any]:
    """Plain data, both languages; what is no number is null. J, W, °C, m, CNY, kg, kgce, a."""
    from diwen.reports.design_provenance import data_hash, rules_digest
    from diwen.reports.design_verdict import judgement

    light, sentence = judgement(design)
    found = {
        "verdict": {"light": light, "sentence": sentence},
        "data_sha256": data_hash(design),
        "rules_sha256": rules_digest(),
        **design.as_dict(),
    }
    for name in ("uncertainty", "optimisation"):
        one = getattr(design, name)
        found.setdefault(name, None if one is None else one.as_dict())
    money = None if design.economics is None else economics_as_dict(design.economics)
    found.setdefault("economics", money)
    found["files"] = [str(path) for path in files]
    return dict(plain(found))


def economics_as_dict(found: SiteEconomics) -> dict[str, Any]:
    """Costs, carbon and primary energy of the design and its alternatives."""
    comparison = found.comparison
    return {
        "terms": comparison.terms,
        "assumed_prices": list(found.prices.assumed),
        "support": {"once": found.support.once, "yearly": found.support.yearly},
        "plants": {one.plant.key: _outcome(one) for one in comparison.outcomes},
        "savings": {
            key: {
                "additional": one.additional,
                "yearly": one.yearly,
                "worth": one.worth,
                "rate_of_return": one.rate_of_return,
                "static_payback": one.static_payback,
                "dynamic_payback": one.dynamic_payback,
                "carbon": float(one.carbon.sum()),
                "coal": dict(one.coal),
                "abatement_cost": one.abatement_cost,
            }
            for key, one in comparison.savings.items()
        },
        "unverified_rules": [row.id for row in comparison.unverified],
        "notes": comparison.notes,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    capital = one.plant.cost.capital
    return {
        "name": both(one.plant.name),
        "investment": capital.investment,
        "investment_interval": list(capital.interval),
        "items": [
            {"key": item.key, "quantity": item.quantity, "unit": item.unit, "amount": item.amount,
             "assumed": not item.own} for item in capital.items
        ],
        "yearly": dict(one.plant.cost.yearly),
        "life_cycle_cost": one.life_cycle.cost,
        "life_cycle_parts": one.life_cycle.parts,
        "annual_cost": one.life_cycle.annual_cost,
        "per_kwh": one.life_cycle.levelised,
        "carbon_first_year": one.carbon.first_year,
        "carbon": one.carbon.life,
        "primary_energy": {way: found.coal for way, found in one.primary.items()},
    }  # fmt: skip
