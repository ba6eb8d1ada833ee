"""How sure a design is: its uncertain inputs drawn together, every draw through the twin.

:func:`propagate` knows arrays and a callable only; :func:`uncertainty_of_site` joins it with a
site, its twin and its costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.comparison import Comparison, Plant
from diwen.design.economics.cost_uncertainty import UncertainInput
from diwen.design.economics.of_site import SiteEconomics, economics_of_site
from diwen.design.economics.plant_year import PlantYear
from diwen.design.economics.site_money import rules_of_site
from diwen.design.station_design.optimisation_limits import limits_of_design, results_of
from diwen.design.station_design.optimisation_result import Constraint
from diwen.design.station_design.uncertain_inputs import (
    GRID,
    LOAD,
    PHYSICAL,
    WEATHER,
    draw_inputs,
    inputs_of_design,
)
from diwen.design.station_design.uncertain_inputs_ground import shortcut_error, source_samples
from diwen.design.station_design.uncertainty_money import MoneySamples, money_of_samples
from diwen.design.station_design.uncertainty_result import (
    DesignUncertainty,
    LimitChance,
    UncertainOutcome,
    chance_of,
    outcome_of,
)
from diwen.design.station_design.uncertainty_run import PlantSamples, YearsOfPlant
from diwen.language import Text
from diwen.problems import InputError
from diwen.rules import RuleMissingError
from diwen.site import Site
from diwen.twin.site_simulation_inputs import inputs_of_site
from diwen.twin.summary_pumps import refused_ratios

if TYPE_CHECKING:
    from diwen.twin.deviations_plant import TwinInputs

Floats = NDArray[np.float64]
Result = TypeVar("Result")
_CHECKS: tuple[dict[str, float], ...] = (
    {"conductivity": 0.75, "heat_capacity": 1.2, "resistance": 1.2},
    {"conductivity": 1.3, "heat_capacity": 0.8, "resistance": 0.8},
)
_FUEL = {"natural_gas": "gas", "lpg": "gas", "coal": "coal"}
_YEARS_HOLD = (1, 10, 25)
_RATIOS = {
    "cop_system": Text("COPsys of the last year", "末年系统制热性能系数 COPsys"),
    "eer_system": Text("EERsys of the last year", "末年系统制冷能效比 EERsys"),
    "spf_h1": Text("SPF H1 of the last year", "末年季节性能系数 SPF H1"),
    "spf_h2": Text("SPF H2 of the last year", "末年季节性能系数 SPF H2"),
    "combined": Text("heat and cold over electricity, last year", "末年供热供冷量与耗电量之比"),
}
_ELECTRICITY = Text("electricity, mean of the years", "年均耗电量")
_UNMET = Text("share of the load not met, worst year", "最差年份未满足负荷比例")
_COLD_END = Text("{name}: lowest temperature entering the units, year {year}",
                 "{name}：第 {year} 年最低进机组水温")  # fmt: skip
_WARM_END = Text("{name}: highest temperature entering the units, year {year}",
                 "{name}：第 {year} 年最高进机组水温")  # fmt: skip
_BALANCE = Text("{name}: heat into the source over heat out of it, last year",
                "{name}：末年释热量与取热量之比")  # fmt: skip
_COST = Text("life-cycle cost: {name}", "全生命周期费用：{name}")
_SAVED = Text("life-cycle cost saved against: {name}", "较{name}节省的全生命周期费用")
_PAYBACK = Text("static payback against: {name}", "较{name}的静态投资回收期")
_CARBON = Text("carbon dioxide over the study", "分析期二氧化碳排放量")
_AVOIDED = Text("carbon dioxide avoided against: {name}", "较{name}减少的二氧化碳排放量")
_NO_MONEY = Text("costs are not among the results: {reason}", "结果不含费用：{reason}")
_NO_WEATHER = Text(
    "the weather is not varied: one year is known, or the years of the series follow each other",
    "未改变气象条件：仅有一年数据，或按多年序列依次计算",
)
_WEATHER = Text(
    "a quarter of the samples has the coldest year of the series in every year, a quarter the"
    " warmest, half the typical year",
    "四分之一样本逐年取最冷年，四分之一逐年取最暖年，其余取典型年",
)
_FEW = Text(
    "few samples for so many inputs: the order of the weaker drivers is uncertain",
    "样本数相对输入数偏少：较弱影响因素的排序不确定",
)
_PER_INPUT = 5
_KEPT = Text(
    "the samples keep sizes, controls and the shape of the load; inputs are drawn independently",
    "各样本的设备规格、控制与负荷形状不变；各输入相互独立抽样",
)


def propagate(
    inputs: Sequence[UncertainInput],
    run: Callable[[dict[str, float]], Result],
    *,
    samples: int = 200,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> tuple[dict[str, Floats], list[Result]]:
    """Draw inputs and run a model with every draw.

    Parameters
    ----------
    inputs : what is not sure
    run : model: values of the inputs by key → result
    samples, seed : of the Latin hypercube
    progress : called with the share that is done

    Returns
    -------
    draws : by key, shape (samples,)
    results : of the model, in the order of the draws

    Raises
    ------
    diwen.problems.InputError : fewer than 20 samples
    """
    draws = draw_inputs(inputs, samples, seed)
    results = []
    for place in range(samples):
        results.append(run({key: float(values[place]) for key, values in draws.items()}))
        if progress is not None:
            progress((place + 1) / samples)
    return draws, results


def uncertainty_of_site(
    site: Site,
    *,
    samples: int = 200,
    seed: int = 1,
    years: int = 25,
    day: date | None = None,
    economics: bool = True,
    inputs: Sequence[UncertainInput] | None = None,
    progress: Callable[[float], None] | None = None,
) -> DesignUncertainty:
    """How sure temperatures, efficiencies, costs and carbon of a design are.

    Parameters
    ----------
    site : the design; it is not changed
    samples, seed : of the Latin hypercube
    years : of operation in every sample
    day : on which rules and prices are taken; None: today
    economics : whether money and carbon are among the results
    inputs : instead of those of :func:`.uncertain_inputs.inputs_of_design`; same keys
    progress : called with the share that is done

    Raises
    ------
    diwen.problems.InputError : what is missing for a run of the twin; fewer than 20 samples
    """
    clock = time.process_time
    begin = clock()
    given = inputs_of_site(site, 3600.0)
    variants = _variants(site, given.inputs)
    base = variants[0]
    plant = PlantSamples(variants, source_samples(site, base.sources), years)
    best = {which: replace(plant, inputs={0: given}).run({}) for which, given in variants.items()}
    rules = rules_of_site(site, day or date.today())[0]
    money, notes = _economics(site, variants, best, day) if economics else ({}, ())
    comparisons = {which: one.comparison for which, one in money.items()}
    found = inputs_of_design(
        site, rules, base.station, base.sources, weather=len(variants) > 1,
        comparison=comparisons.get(0),
    )  # fmt: skip
    drawn = tuple(found.inputs if inputs is None else inputs)
    prepared = clock()
    draws, runs = propagate(drawn, plant.run, samples=samples, seed=seed, progress=progress)
    marched = clock()
    labels = {one.key: one.label for one in drawn}
    moving = {key: values for key, values in draws.items() if key in PHYSICAL}
    untold = refused_ratios(site, base.station)
    outcomes = _physical(best[0], runs, years, moving, labels, untold)
    if comparisons:
        weather = np.array([plant.weather({"weather": one}) for one in _weather(draws, samples)])
        prices = money[0].prices
        of_samples = money_of_samples(comparisons, prices, base.station, runs, draws, weather)
        of_best = money_of_samples(
            {0: comparisons[0]}, prices, base.station, [best[0]], {}, np.zeros(1, np.intp)
        )
        outcomes |= _monetary(comparisons[0], of_best, of_samples, draws, labels)
    held = limits_of_design(site, given, rules, day or date.today())
    limits = _limits(held, best[0], runs)
    errors = [shortcut_error(one, **check) for one in plant.sources.fields.values()
              for check in _CHECKS]  # fmt: skip
    said = [_KEPT, *found.notes, *notes]
    said += [_WEATHER if len(variants) > 1 else _NO_WEATHER]
    said += [_FEW] if samples < _PER_INPUT * len(drawn) else []
    own = found.own if inputs is None else tuple(one.key for one in drawn)
    return DesignUncertainty(
        drawn, own, draws, outcomes, limits, years, samples, seed,
        max(errors, default=float("nan")),
        {"prepare": prepared - begin, "samples": marched - prepared,
         "results": clock() - marched}, tuple(said),
    )  # fmt: skip


def _weather(draws: Mapping[str, Floats], samples: int) -> list[float]:
    return np.asarray(draws.get("weather", np.zeros(samples))).tolist()


def _variants(site: Site, base: TwinInputs) -> dict[int, TwinInputs]:
    """Inputs of the twin by weather: 0 that of the site, −1 its warm and 1 its cold year."""
    found = {0: base}
    if not site.weather.given or len(base.outdoor) != 8760:
        return found
    if site.weather.scenario not in ("", "typical"):
        return found
    for which, scenario in ((-1, "warm"), (1, "cold")):
        name: Any = scenario
        other = inputs_of_site(site, 3600.0, name).inputs
        if not np.array_equal(other.outdoor, base.outdoor):
            found[which] = replace(other, sources=base.sources)
    return found


def _economics(
    site: Site,
    variants: Mapping[int, TwinInputs],
    best: Mapping[int, YearsOfPlant],
    day: date | None,
) -> tuple[dict[int, SiteEconomics], tuple[Text, ...]]:
    """The costs at the best estimates, by weather; none where they are refused."""
    found = {}
    for which, run in best.items():
        try:
            given = variants[which]
            found[which] = economics_of_site(
                site, year_of(run, given), day=day, outdoor=_outdoor(given),
                electricity_by_year=run.electricity / max(run.electricity[-1], 1e-9),
            )  # fmt: skip
        except (InputError, RuleMissingError) as error:
            reason = error.problems[0].message if isinstance(error, InputError) else error.text
            return {}, (_NO_MONEY.format(reason=reason),)
    return found, ()


def year_of(run: YearsOfPlant, given: TwinInputs) -> PlantYear:
    """The last year of a run as the economics take it."""
    fuel: dict[str, float] = {}
    for backup in given.station.backups:
        if backup.name in run.fuel:
            carrier = _FUEL[backup.fuel]
            fuel[carrier] = fuel.get(carrier, 0.0) + float(run.fuel[backup.name][-1])
    return PlantYear(run.heat, run.cold, run.power, 3600.0, fuel)


def _outdoor(given: TwinInputs) -> Floats | None:
    """Outdoor temperature of the last year; None where no weather is known."""
    return given.outdoor[-8760:] if given.outdoor.any() else None


def _physical(
    best: YearsOfPlant, runs: Sequence[YearsOfPlant], years: int,
    draws: Mapping[str, Floats], labels: Mapping[str, Text], untold: Collection[str],
) -> dict[str, UncertainOutcome]:  # fmt: skip
    """Energies, ratios but those that pumps are missing for, temperatures."""
    found: dict[str, UncertainOutcome] = {}

    def add(key: str, label: Text, unit: str, take: Callable[[YearsOfPlant], float]) -> None:
        values = np.array([take(run) for run in runs], float)
        if not np.isnan(values).all():
            found[key] = outcome_of(key, label, unit, float(take(best)), values, draws, labels)

    add("electricity", _ELECTRICITY, "J", lambda run: float(run.electricity.mean()))
    for key, label in _RATIOS.items():
        if key in untold:
            continue
        add(key, label, "1", lambda run, key=key: run.ratios[key])  # type: ignore[misc]
    add("unmet", _UNMET, "%", lambda run: 100.0 * float(run.unmet.max()))
    held = sorted({year for year in (*_YEARS_HOLD, years) if year <= years})
    for name in best.extremes:
        if name == "air":
            continue
        for year in held:
            for end, label in enumerate((_COLD_END, _WARM_END)):
                add(
                    f"{name}.{('lowest', 'highest')[end]}.{year}",
                    label.format(name=name, year=year), "°C",
                    lambda run, at=(name, year - 1, end): _end(run, *at),  # type: ignore[misc]
                )  # fmt: skip
        add(f"{name}.balance", _BALANCE.format(name=name), "1",
            lambda run, name=name: run.balance[name])  # type: ignore[misc]  # fmt: skip
    return found


def _end(run: YearsOfPlant, name: str, year: int, end: int) -> float:
    value = float(run.extremes[name][year, end])
    return value if np.isfinite(value) else float("nan")


def _monetary(
    comparison: Comparison,
    best: MoneySamples,
    runs: MoneySamples,
    draws: Mapping[str, Floats],
    labels: Mapping[str, Text],
) -> dict[str, UncertainOutcome]:
    plants = {one.plant.key: one.plant for one in comparison.outcomes}
    own = comparison.design.plant.key
    found: dict[str, UncertainOutcome] = {}

    def add(key: str, label: Text, unit: str, at: Floats, values: Floats, *of: str) -> None:
        moving = {name: draws[name] for name in _moving(draws, [plants[one] for one in of], key)}
        found[key] = outcome_of(key, label, unit, float(at[0]), values, moving, labels)

    for plant, values in runs.cost.items():
        label = _COST.format(name=plants[plant].name)
        add(f"cost.{plant}", label, "CNY", best.cost[plant], values, plant)
    for plant in runs.saving:
        name = plants[plant].name
        parts = (
            ("saving", _SAVED, "CNY", best.saving, runs.saving),
            ("payback", _PAYBACK, "a", best.payback, runs.payback),
            ("avoided", _AVOIDED, "kg", best.avoided, runs.avoided),
        )
        for what, text, unit, at, all_ in parts:
            add(f"{what}.{plant}", text.format(name=name), unit, at[plant], all_[plant], own, plant)
    add("carbon", _CARBON, "kg", best.carbon, runs.carbon, own)
    return found


def _moving(draws: Mapping[str, Floats], plants: Sequence[Plant], key: str) -> list[str]:
    """Inputs that can move a result of some plants: no prices of what they do not buy."""
    design = any(plant.key == "ground_source" for plant in plants)
    known = set(PHYSICAL) if design else {LOAD, WEATHER}
    if key == "carbon" or key.startswith("avoided"):
        return [name for name in draws if name in known or name == GRID]
    for plant in plants:
        known |= {f"price.{carrier}" for carrier in plant.year.bought()}
        known |= {f"capital.{item.key}" for item in plant.cost.capital.items}
    return [name for name in draws if name in known]


def _limits(
    held: Sequence[Constraint], best: YearsOfPlant, runs: Sequence[YearsOfPlant]
) -> tuple[LimitChance, ...]:
    """Chance of passing every limit that the site or the rules name."""
    at_best, found = results_of(best), []
    of_runs = [results_of(run) for run in runs]
    for one in held:
        values = np.array([results.get(one.key, np.nan) for results in of_runs])
        best_value = at_best.get(one.key, np.nan)
        outcome = outcome_of(one.key, one.label, one.unit, best_value, values, {}, {})
        if len(outcome.known):
            found.append(chance_of(one.key, one.label, outcome, one.limit, one.sense, one.rule))
    return tuple(found)
