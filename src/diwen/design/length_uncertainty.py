"""How sure a length is: from conductivity, resistance, undisturbed temperature and load.

Two ways that check each other. Linearised: the length at one standard deviation up and down of
each input gives its derivative and its share of the variance. Monte-Carlo: all inputs drawn at once
(conductivity, resistance and load log-normal, as they are positive; temperature normal), each draw
sized on the same table of g-functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.input_checks import amounts, refuse
from diwen.design.sizing import Load, Method, Sizing, size
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes

Floats = NDArray[np.float64]

INPUTS = ("conductivity", "resistance", "undisturbed_temperature", "load")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95)

_NO_LENGTH = Text("the field cannot be sized: {reason}", "无法确定孔深：{reason}")
_CHANGE = Text("change limits, load or number of boreholes", "请调整限值、负荷或钻孔数")


@dataclass(frozen=True)
class InputSpread:
    """Standard uncertainties (k = 1) of what a length rests on.

    Attributes
    ----------
    conductivity, resistance, load : relative
    undisturbed_temperature : K
    """

    conductivity: float = 0.0
    resistance: float = 0.0
    undisturbed_temperature: float = 0.0
    load: float = 0.0

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        for name in INPUTS:
            problems += amounts("input spread", name, np.array([getattr(self, name)]))
        refuse(problems)


@dataclass(frozen=True, eq=False)
class LengthUncertainty:
    """The length and how sure it is.

    Attributes
    ----------
    sizing : at the best estimates
    changes : length change for one standard deviation of each input, m (mean of up and down)
    shares : share of each input in the variance of the length
    standard : standard uncertainty (k = 1) of the length by linearisation, m
    lengths : Monte-Carlo lengths, rising, m, shape (samples,); infinite where no length suffices
    """

    sizing: Sizing
    changes: dict[str, float]
    shares: dict[str, float]
    standard: float
    lengths: Floats

    @property
    def expanded(self) -> float:
        """Expanded uncertainty, k = 2, m."""
        return 2.0 * self.standard

    @property
    def unsolvable(self) -> float:
        """Share of the draws for which no length suffices."""
        return float(np.isinf(self.lengths).mean()) if len(self.lengths) else 0.0

    def quantile(self, probability: float) -> float:
        """Length that suffices with a probability, m; infinite where too many draws have none."""
        last = len(self.lengths) - 1
        return float(self.lengths[min(math.ceil(probability * last), last)])

    def sufficiency(self, length: float) -> float:
        """Probability that a mean length in m suffices, 0 to 1; there must be draws."""
        return float(np.searchsorted(self.lengths, length, side="right") / len(self.lengths))


def length_uncertainty(
    field: BoreField,
    load: Load,
    limits: TemperatureLimits,
    years: int,
    spread: InputSpread,
    *,
    method: Method = "monthly",
    efficiency: PlantEfficiency | None = None,
    samples: int = 300,
    seed: int = 1,
    response: FieldResponse | None = None,
) -> LengthUncertainty:
    """Length with its uncertainty; see :func:`diwen.design.sizing.size` for the rest.

    Parameters
    ----------
    spread : standard uncertainties of the inputs
    samples, seed : of the Monte-Carlo draws; the same seed gives the same draws

    Raises
    ------
    diwen.problems.InputError : there is no length at the best estimates
    """
    table = response or FieldResponse(field.boreholes)
    if isinstance(load, HourlyGroundLoad | HourlyBuildingLoad) and method != "hourly":
        load = load.monthly()

    start = field

    def sized(deviations: Sequence[float]) -> Sizing:
        changed, scaled = _changed(start, load, spread, deviations)
        return size(
            changed, scaled, limits, years, method=method, efficiency=efficiency, response=table
        )

    best = sized(np.zeros(4).tolist())
    if best.length is None:
        reason = best.reasons[0]
        message = _NO_LENGTH.format(reason=reason)
        raise InputError([Problem("length uncertainty", "", message, _CHANGE)])
    # Every draw begins its search at the best estimate.
    start = replace(field, boreholes=_of_mean_length(field.boreholes, best.length))
    changes = {name: _change(sized, i, spread, best.length) for i, name in enumerate(INPUTS)}
    variance = sum(change**2 for change in changes.values())
    shares = {n: change**2 / variance if variance else 0.0 for n, change in changes.items()}
    draws = np.random.default_rng(seed).standard_normal((samples, len(INPUTS)))
    lengths = np.sort([sized(draw).length or np.inf for draw in draws])
    return LengthUncertainty(best, changes, shares, math.sqrt(variance), lengths)


def _of_mean_length(boreholes: Boreholes, length: float) -> Boreholes:
    """The boreholes scaled to a mean length in m."""
    return boreholes.with_length(boreholes.length * (length / boreholes.mean_length))


def _change(
    sized: Callable[[Sequence[float]], Sizing], position: int, spread: InputSpread, best: float
) -> float:
    """Half the difference of the lengths one standard deviation up and down, m."""
    if not getattr(spread, INPUTS[position]):
        return 0.0
    ends = []
    for sign in (1.0, -1.0):
        deviations = [0.0] * len(INPUTS)
        deviations[position] = sign
        ends.append(sized(deviations).length)
    up, down = ends
    if up is None or down is None:
        # One side has no length: twice the other side's change is all that can be said.
        known = up if down is None else down
        return math.inf if known is None else (known - best) * (1.0 if down is None else -1.0)
    return 0.5 * (up - down)


def _changed(
    field: BoreField, load: Load, spread: InputSpread, deviations: Sequence[float]
) -> tuple[BoreField, Load]:
    """Field and load with every input moved by so many standard deviations."""
    conductivity, resistance, temperature, power = deviations
    ratio = math.exp(resistance * spread.resistance)
    shift = temperature * spread.undisturbed_temperature
    changed = replace(
        field,
        conductivity=field.conductivity * math.exp(conductivity * spread.conductivity),
        resistance=lambda length: ratio * field.borehole_resistance(length),
        undisturbed_temperature=lambda length: shift + field.temperature(length),
    )
    return changed, scaled_load(load, math.exp(power * spread.load))


def scaled_load(load: Load, factor: float) -> Load:
    """The load times a factor, energies and peaks alike."""
    if factor == 1.0:
        return load
    names = ("power", "extraction", "injection", "peak_extraction", "peak_injection",
             "heating", "cooling", "hot_water", "peak_heating", "peak_cooling")  # fmt: skip
    return replace(load, **{n: getattr(load, n) * factor for n in names if hasattr(load, n)})
