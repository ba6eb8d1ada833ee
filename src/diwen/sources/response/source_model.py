"""A heat source as everything above it sees it, whatever stands behind: bore field, well, river.

A bore field, a well with a given flow, a river behind an exchanger: each is a linear answer of the
temperature of the water that comes from it (:class:`.modes.Response`), a temperature that it has
without load, a heat capacity rate of the flow, and limits. Twin, sizing and diagnosis work on this
object and never ask what the source is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.hourly import HOUR, Efficiency, HourlyResult, simulate_hourly
from diwen.sources.response.modes import Response
from diwen.sources.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NO_LEVEL = Text("the source has one flow only", "该热源只有一个流量")
_ASK_REFERENCE = Text(
    "ask for the flow of the model, or build the source with its levels",
    "请取模型本身的流量，或按多级流量建立热源模型",
)


@dataclass(frozen=True)
class SourceLimits:
    """What a source may be asked for; None where nothing is known to limit it.

    Attributes
    ----------
    lowest_return, highest_return : of the fluid that goes back to the source, °C
    largest_extraction, largest_injection : heat rate, W, 0 or more
    """

    lowest_return: float | None = None
    highest_return: float | None = None
    largest_extraction: float | None = None
    largest_injection: float | None = None


@dataclass(frozen=True, eq=False)
class SourceModel:
    """A heat source at one flow.

    Attributes
    ----------
    kind : of the source, as in the site file: ``borefield``, ``circulation_well``...
    response : drop of the mean of the fluid leaving the source and returning to it, per W of heat
        extraction; for wells per W of the whole source
    undisturbed_temperature : of the fluid from the source without load, °C: a number, or one value
        per step of a repeating year, shape (steps per year,)
    heat_capacity_rate : mass flow times specific heat of the fluid, W/K
    flow : of the whole source, m³/s
    limits : what may be asked for
    error : largest error of the reduction to ``response`` against the full solver over the case it
        was measured on, K per K of the largest drop there (relative); nan where not measured
    at_flow : gives the model at another flow, m³/s; None where the source has one flow only
    notes : what was assumed, and what the model leaves out
    """

    kind: str
    response: Response
    undisturbed_temperature: float | Floats
    heat_capacity_rate: float
    flow: float
    limits: SourceLimits = SourceLimits()
    error: float = float("nan")
    at_flow: Callable[[float], SourceModel] | None = field(default=None, repr=False)
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        wrong = [
            Problem("SourceModel", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in (
                ("heat_capacity_rate", self.heat_capacity_rate), ("flow", self.flow),
            )
            if not value > 0.0
        ]  # fmt: skip
        if wrong:
            raise InputError(wrong)

    def with_flow(self, flow: float) -> SourceModel:
        """The same source at another flow, m³/s.

        Raises
        ------
        diwen.problems.InputError : a source that has one flow only
        """
        if flow == self.flow:
            return self
        if self.at_flow is None:
            raise InputError(
                [Problem("SourceModel", "flow", _NO_LEVEL, _ASK_REFERENCE, f"{flow:g} m³/s")]
            )
        return self.at_flow(flow)

    def with_resistance(self, resistance: float) -> SourceModel:
        """With a heat resistance more between source and heat pump, K/W (an exchanger, fouling)."""
        return replace(self, response=self.response.with_resistance(resistance))

    def simulate(
        self,
        heating: ArrayLike,
        cooling: ArrayLike | None = None,
        *,
        heating_efficiency: Efficiency,
        cooling_efficiency: Efficiency | None = None,
        years: int = 1,
        step: float = HOUR,
    ) -> HourlyResult:
        """Years of hours with heat pumps on this source.

        Parameters
        ----------
        heating, cooling : heat and cold delivered, W, one year that repeats, shape (n,)
        heating_efficiency, cooling_efficiency : COP and EER over the entering temperature;
            ``Efficiency.constant(numpy.inf)``: the loads are heat rates of the source
        years : how often the year repeats
        step : s
        """
        return simulate_hourly(
            self.response, heating, cooling,
            undisturbed_temperature=self.undisturbed_temperature,
            heat_capacity_rate=self.heat_capacity_rate,
            heating_efficiency=heating_efficiency, cooling_efficiency=cooling_efficiency,
            years=years, step=step,
        )  # fmt: skip
