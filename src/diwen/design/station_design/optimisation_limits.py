"""The limits that a design must keep over its years, and what a run of it comes to beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.design_basis import basis_of_site
from diwen.design.station_design.optimisation_result import Constraint
from diwen.design.station_design.source_limits import limits_of_source
from diwen.design.station_design.uncertainty_run import YearsOfPlant
from diwen.language import Text
from diwen.rules import RuleMissingError, RulesOn
from diwen.site import Site
from diwen.twin.site_simulation_inputs import SiteInputs
from diwen.twin.summary_pumps import refused_ratios

Floats = NDArray[np.float64]
#: What may be held: temperatures of the sources, loads met, band of the heat balance, efficiency.
KINDS = ("temperature", "unmet", "balance", "efficiency")
_WATER = {
    ("minimum", "entering"): Text("{name}: lowest temperature entering the units, all years",
                                  "{name}：各年最低进机组水温"),
    ("maximum", "entering"): Text("{name}: highest temperature entering the units, all years",
                                  "{name}：各年最高进机组水温"),
    ("minimum", "leaving"): Text("{name}: lowest temperature leaving the units, all years",
                                 "{name}：各年最低出机组水温"),
    ("maximum", "leaving"): Text("{name}: highest temperature leaving the units, all years",
                                 "{name}：各年最高出机组水温"),
}  # fmt: skip
_UNMET = Text("share of the load not met, worst year", "最差年份未满足负荷比例")
_BALANCE = Text("{name}: heat into the source over heat out of it", "{name}：释热量与取热量之比")
_EFFICIENCY = {
    "heating": Text("COPsys of the last year", "末年系统制热性能系数 COPsys"),
    "cooling": Text("EERsys of the last year", "末年系统制冷能效比 EERsys"),
}
_KEY = {"heating": "cop_system", "cooling": "eer_system"}


def limits_of_design(
    site: Site, given: SiteInputs, rules: RulesOn, day: date
) -> tuple[Constraint, ...]:
    """Every limit that site and rules name.

    Parameters
    ----------
    site : the site
    given : what the twin runs with
    rules : for the band of the balance, the tolerance of unmet load, the least efficiency
    day : of the rules
    """
    found = []
    basis = basis_of_site(site, given, None)
    for loop in given.inputs.station.source_loops:
        name = loop.name
        if name not in site.sources:
            continue
        for limit in limits_of_source(site, name, basis, day):
            label = _WATER[limit.side, limit.place].format(name=name)
            sense = ">=" if limit.side == "minimum" else "<="
            key = f"{name}.{limit.place}.{limit.side}"
            found.append(Constraint(key, label, "°C", limit.value, sense, 5.0))  # type: ignore[arg-type]
        if site.sources[name].type == "borefield":
            found += _band(rules, name)
    tolerance = rules.value("default.simulated.unmet")
    found.append(Constraint("unmet", _UNMET, "%", tolerance, "<=", 5.0, "default.simulated.unmet"))
    untold = refused_ratios(site, given.inputs.station)
    for mode in ("heating", "cooling"):
        if _KEY[mode] in untold:
            continue
        row = f"gbt50801.{mode}.grade3"
        try:
            least = rules.value(row)
        except RuleMissingError:
            continue
        found.append(Constraint(_KEY[mode], _EFFICIENCY[mode], "1", least, ">=", 1.0, row))
    return strictest(found)


def strictest(limits: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Of limits on the same result the one that leaves least."""
    found: dict[tuple[str, str], Constraint] = {}
    for one in limits:
        before = found.get((one.key, one.sense))
        if before is None or one.margin(before.limit) < 0.0:
            found[one.key, one.sense] = one
    return tuple(found.values())


def kind_of(constraint: Constraint) -> str:
    """Which of :data:`KINDS` a limit is."""
    if constraint.key == "unmet":
        return "unmet"
    if constraint.key in _KEY.values():
        return "efficiency"
    return "balance" if ".balance." in constraint.key else "temperature"


def results_of(run: YearsOfPlant) -> dict[str, float]:
    """What a run comes to, by the keys of the limits; nan where there is nothing to limit."""
    found = {"unmet": 100.0 * float(run.unmet.max())}
    for key in _KEY.values():
        found[key] = run.ratios[key]
    for name, entering in run.extremes.items():
        for place, ends in (("entering", entering), ("leaving", run.leaving[name])):
            low, high = float(ends[:, 0].min()), float(ends[:, 1].max())
            found[f"{name}.{place}.minimum"] = low if np.isfinite(low) else float("nan")
            found[f"{name}.{place}.maximum"] = high if np.isfinite(high) else float("nan")
        if name in run.balance:
            for end in ("low", "high"):
                found[f"{name}.balance.{end}"] = run.balance[name]
    return found


def _band(rules: RulesOn, name: str) -> list[Constraint]:
    found = []
    for end, sense in (("low", ">="), ("high", "<=")):
        row = f"gb50736.balance_ratio.{end}"
        try:
            limit = rules.value(row)
        except RuleMissingError:
            continue
        label = _BALANCE.format(name=name)
        found.append(Constraint(f"{name}.balance.{end}", label, "1", limit, sense, 0.25, row))  # type: ignore[arg-type]
    return found
