"""What a design rests on and is not sure of: every input with its interval.

The intervals are those of the site file where it gives them (expanded uncertainties, k = 2), else
rows of the rules, which are engineering defaults and say so. Draws are a Latin hypercube (McKay,
Beckman and Conover, Technometrics 21, 1979): every interval is covered evenly by few samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.cost_uncertainty import UncertainInput, usual_inputs
from diwen.design.input_checks import refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import RulesOn
from diwen.site import Site

if TYPE_CHECKING:
    from diwen.design.economics.comparison import Comparison
    from diwen.plant.station import Station
    from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]

CONDUCTIVITY, HEAT_CAPACITY = "ground.conductivity", "ground.heat_capacity"
TEMPERATURE, RESISTANCE = "ground.temperature", "borehole.resistance"
RESPONSE, LOAD, WEATHER = "source.response", "load", "weather"
EFFICIENCY, PUMPS, SUPPLY = "efficiency", "pumps", "supply"
GRID = "grid_factor"
LABELS: dict[str, Text] = {
    CONDUCTIVITY: Text("conductivity of the ground", "岩土导热系数"),
    HEAT_CAPACITY: Text("heat capacity of the ground", "岩土容积热容"),
    TEMPERATURE: Text("undisturbed temperature, K", "岩土初始温度，K"),
    RESISTANCE: Text("borehole resistance", "钻孔热阻"),
    RESPONSE: Text("temperature answer of the source", "热源温度响应"),
    LOAD: Text("yearly load", "年负荷"),
    WEATHER: Text("weather: warm, typical or cold years", "气象年：暖、典型或冷"),
    EFFICIENCY: Text("efficiency of the units", "机组能效"),
    PUMPS: Text("power of the pumps", "水泵功率"),
    SUPPLY: Text(
        "supply beyond its setpoint (warmer, or colder when cooling), K",
        "供水温度偏离设定值（供热偏高、供冷偏低），K",
    ),
    GRID: Text("grid emission factor", "电网排放因子"),
}
#: Inputs that the twin has to run with; all others move money and carbon only.
PHYSICAL = (
    CONDUCTIVITY, HEAT_CAPACITY, TEMPERATURE, RESISTANCE, RESPONSE, LOAD, WEATHER, EFFICIENCY,
    PUMPS, SUPPLY,
)  # fmt: skip
_FEW = Text("too few samples to say an interval", "样本过少，无法给出区间")
_MORE = Text("draw at least 20, for example 200", "至少取 20 个样本，例如 200 个")
_NO_SPREAD = Text(
    "the site does not say how sure this is; an engineering default is taken: {names}",
    "项目未给出下列输入的不确定度，采用工程默认值：{names}",
)
_CUT = 4.0  # standard deviations at which a normal distribution is cut


@dataclass(frozen=True)
class DesignInputs:
    """What is not sure.

    Attributes
    ----------
    inputs : factors on the best estimate, or shifts in K where the label says so; ``weather`` is
        −1 (warm) to 1 (cold), rounded
    own : keys whose interval the site itself gives
    notes : what was assumed
    """

    inputs: tuple[UncertainInput, ...]
    own: tuple[str, ...]
    notes: tuple[Text, ...] = ()


def inputs_of_design(
    site: Site,
    rules: RulesOn,
    station: Station,
    sources: Mapping[str, SourceModel],
    *,
    weather: bool,
    comparison: Comparison | None = None,
) -> DesignInputs:
    """Every uncertain input of a design, with its interval.

    Parameters
    ----------
    site : with uncertainties where it knows them
    rules : rows of usual spreads
    station, sources : of the design
    weather : whether warm and cold years are known
    comparison : of the costs; None: no prices among the inputs
    """
    own: list[str] = []
    found: list[UncertainInput] = []

    def add(key: str, given: float | None, row: str, percent: bool = False) -> None:
        if given:
            own.append(key)
        usual = rules.value(row) * (0.01 if percent else 1.0)
        found.append(normal(key, given or usual, 0.0 if key in (TEMPERATURE, SUPPLY) else 1.0))

    kinds = {model.kind for model in sources.values()}
    if "borefield" in kinds:
        add(CONDUCTIVITY, _conductivity(site), "default.uncertain.conductivity")
        add(HEAT_CAPACITY, None, "response_test.uncertainty.heat_capacity", percent=True)
        add(RESISTANCE, _resistance(site, sources), "default.uncertain.resistance")
    if kinds - {"borefield", "air"}:
        add(RESPONSE, None, "default.uncertain.source_response")
    if kinds - {"air"}:
        temperature = 0.5 * (site.ground.undisturbed_temperature_uncertainty or 0.0)
        add(TEMPERATURE, temperature, "response_test.uncertainty.undisturbed_temperature")
    add(LOAD, None, "economic_study.load_spread")
    if weather:
        found.append(UncertainInput(WEATHER, LABELS[WEATHER], -1.0, 0.0, 1.0, "uniform"))
    add(EFFICIENCY, None, "default.uncertain.efficiency")
    if any(one.pumps for one in station.source_loops) or any(
        one.pumps for one in station.load_loops
    ):
        add(PUMPS, None, "default.uncertain.pump_power")
    add(SUPPLY, None, "default.uncertain.supply_temperature")
    if comparison is not None:
        taken = {LOAD, "performance"}
        found += [one for one in usual_inputs(comparison, rules) if one.key not in taken]
        half = rules.value("default.uncertain.grid_factor")
        found.append(UncertainInput(GRID, LABELS[GRID], 1 - half, 1.0, 1 + half, "uniform"))
    usual = [one.label for one in found if one.key not in own and one.key in PHYSICAL]
    names = Text(", ".join(one.en for one in usual), "、".join(one.zh for one in usual))
    return DesignInputs(tuple(found), tuple(own), (_NO_SPREAD.format(names=names),))


def normal(key: str, standard: float, best: float = 1.0) -> UncertainInput:
    """A normal input: ``standard`` is its standard uncertainty (k = 1)."""
    low, high = best - 2.0 * standard, best + 2.0 * standard
    return UncertainInput(key, LABELS[key], low, best, high, "normal")


def draw_inputs(inputs: Sequence[UncertainInput], samples: int, seed: int) -> dict[str, Floats]:
    """A Latin hypercube of all inputs, by key, shape (samples,) each.

    Raises
    ------
    diwen.problems.InputError : fewer than 20 samples
    """
    from scipy.stats import qmc

    if samples < 20:
        refuse([Problem("uncertainty", "samples", _FEW, _MORE, f"{samples}", _MORE)])
    if not inputs:
        return {}
    cube = qmc.LatinHypercube(len(inputs), seed=seed).random(samples)
    return {one.key: quantile_of(one, cube[:, place]) for place, one in enumerate(inputs)}


def quantile_of(one: UncertainInput, share: Floats) -> Floats:
    """Value of an input at cumulated probabilities 0 to 1, same shape."""
    from scipy.special import ndtri

    if one.low == one.high:
        return np.full(np.shape(share), one.best)
    if one.shape == "uniform":
        return np.asarray(one.low + (one.high - one.low) * share)
    if one.shape == "normal":
        standard = 0.25 * (one.high - one.low)
        return np.asarray(one.best + standard * np.clip(ndtri(share), -_CUT, _CUT))
    width, rise = one.high - one.low, one.best - one.low
    below = one.low + np.sqrt(share * width * rise)
    above = one.high - np.sqrt((1.0 - share) * width * (width - rise))
    return np.asarray(np.where(share * width < rise, below, above))


def _conductivity(site: Site) -> float | None:
    """Relative standard uncertainty of the conductivity, of the layers, else of the tests."""
    layers = [one for one in site.ground.layers if one.conductivity_uncertainty is not None]
    if layers:
        thick = np.array([one.bottom - one.top for one in layers])
        parts = np.array([one.conductivity_uncertainty for one in layers], float)
        return 0.5 * float(thick @ parts / thick.sum())
    results = [test.result for test in site.response_tests if test.result is not None]
    known = [
        0.5 * one.conductivity_uncertainty / one.conductivity
        for one in results
        if one.conductivity and one.conductivity_uncertainty
    ]
    return max(known, default=None)


def _resistance(site: Site, sources: Mapping[str, SourceModel]) -> float | None:
    """Relative standard uncertainty of a measured borehole resistance."""
    bores = [getattr(site.sources[name], "borehole", None) for name in sources
             if name in site.sources]  # fmt: skip
    known = [
        0.5 * bore.thermal_resistance_uncertainty / bore.thermal_resistance
        for bore in bores
        if bore is not None and bore.thermal_resistance and bore.thermal_resistance_uncertainty
    ]
    return max(known, default=None)
