"""A heat source as everything above it sees it, whatever stands behind: bore field, well, river.

A bore field, a well with a given flow, a river behind an exchanger: each is a linear answer of the
temperature of the water that comes from it (:class:`.modes.Response`), a temperature that it has
without load, a heat capacity rate of the flow, and limits. Twin, sizing and diagnosis work on this
object and never ask what the source is.

Whatever has a value per step (temperature without load, resistance, share of the flow, limits) has
the steps of the loads that are put on the source: one repeating year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.hourly import Efficiency, HourlyResult, simulate_hourly
from diwen.sources.response.limited import (
    SourceCourse,
    SourceLimits,
    limit_problems,
    simulate_limited,
)
from diwen.sources.response.modes import Response
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NO_LEVEL = Text("the source has one flow only", "该热源只有一个流量")
_ASK_REFERENCE = Text(
    "ask for the flow of the model, or build the source with its levels",
    "请取模型本身的流量，或按多级流量建立热源模型",
)
_SHARE = Text("a share of the flow that is not above 0 and at most 1", "流量份额不在 0～1 之间")
_STOP_BY_LIMIT = Text(
    "give shares of the flow; a standstill is a limit of 0 W",
    "请给出流量份额；停流时将限值设为 0 W",
)

_UNLIMITED = SourceLimits()


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
    heat_capacity_rate : mass flow times specific heat of the fluid, W/K; infinity: the fluid comes
        and goes at one temperature
    flow : of the whole source, m³/s
    limits : what may be asked for
    error : largest error of the reduction to ``response`` against the full solver over the case it
        was measured on, K per K of the largest drop there (relative); nan where not measured
    at_flow : gives the model at another flow, m³/s; None where the source has one flow only
    notes : what was assumed, and what the model leaves out
    resistance : K/W, beside that in ``response``, where it changes from step to step (an exchanger
        whose water flow changes, growing fouling): one value per step, shape (steps per year,)
    flow_shares : share of ``flow`` that runs in each step, above 0 to 1, shape (steps per year,),
        where it is not always the whole; ``response`` must not depend on it, as that of a source
        without memory does not
    """

    kind: str
    response: Response
    undisturbed_temperature: float | Floats
    heat_capacity_rate: float
    flow: float
    limits: SourceLimits = _UNLIMITED
    error: float = float("nan")
    at_flow: Callable[[float], SourceModel] | None = field(default=None, repr=False)
    notes: tuple[Text, ...] = ()
    resistance: float | Floats = 0.0
    flow_shares: Floats | None = None

    def __post_init__(self) -> None:
        wrong = [
            Problem("SourceModel", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in (
                ("heat_capacity_rate", self.heat_capacity_rate), ("flow", self.flow),
            )
            if not value > 0.0
        ]  # fmt: skip
        shares = np.asarray(1.0 if self.flow_shares is None else self.flow_shares, float)
        outside = ~((shares > 0.0) & (shares <= 1.0))
        if outside.any():
            found = f"{shares[outside].flat[0]:g}"
            wrong.append(Problem("SourceModel", "flow_shares", _SHARE, _STOP_BY_LIMIT, found))
        wrong += limit_problems(self.limits)
        if wrong:
            raise InputError(wrong)

    @property
    def plain(self) -> bool:
        """Whether nothing limits the source and its resistance and flow stay the same."""
        return not self.limits.any and np.ndim(self.resistance) == 0 and self.flow_shares is None

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

    def with_resistance(self, resistance: float | Floats) -> SourceModel:
        """With a heat resistance more between source and heat pump, K/W (an exchanger, fouling).

        Parameters
        ----------
        resistance : a number, or one value per step of the repeating year, shape (n,)
        """
        before = self.at_flow
        after = None if before is None else _then_resistance(before, resistance)
        if np.ndim(resistance) == 0:
            response = self.response.with_resistance(resistance)
            return replace(self, response=response, at_flow=after)
        total = np.asarray(resistance, float) + self.resistance
        return replace(self, resistance=total, at_flow=after)

    def simulate(
        self,
        heating: ArrayLike,
        cooling: ArrayLike | None = None,
        *,
        heating_efficiency: Efficiency,
        cooling_efficiency: Efficiency | None = None,
        years: int = 1,
        step: float = HOUR,
        initial_state: Floats | None = None,
    ) -> HourlyResult:
        """Years of hours with heat pumps on this source, within its limits.

        Parameters
        ----------
        heating, cooling : heat and cold to be delivered, W, one year that repeats, shape (n,)
        heating_efficiency, cooling_efficiency : COP and EER over the entering temperature;
            ``Efficiency.constant(numpy.inf)``: the loads are heat rates of the source
        years : how often the year repeats
        step : s
        initial_state : ``state`` of a result before, for going on

        Returns
        -------
        HourlyResult
            what the limits did not allow stands in ``unmet_heating`` and ``unmet_cooling``
        """
        if self.plain:
            return simulate_hourly(
                self.response, heating, cooling,
                undisturbed_temperature=self.undisturbed_temperature,
                heat_capacity_rate=self.heat_capacity_rate, resistance=self.resistance,
                heating_efficiency=heating_efficiency, cooling_efficiency=cooling_efficiency,
                years=years, step=step, initial_state=initial_state,
            )  # fmt: skip
        shares = 1.0 if self.flow_shares is None else self.flow_shares
        return simulate_limited(
            self.response, heating, cooling,
            undisturbed_temperature=self.undisturbed_temperature,
            heat_capacity_rate=self.heat_capacity_rate * shares, resistance=self.resistance,
            heating_efficiency=heating_efficiency, cooling_efficiency=cooling_efficiency,
            limits=self.limits, years=years, step=step, initial_state=initial_state,
        )  # fmt: skip

    def course(
        self,
        load: ArrayLike,
        flow: float | None = None,
        *,
        years: int = 1,
        step: float = HOUR,
        initial_state: Floats | None = None,
    ) -> SourceCourse:
        """Temperatures of the fluid under a heat load on the source, within its limits.

        Parameters
        ----------
        load : heat rate asked of the source, W, extraction positive, one year that repeats,
            shape (n,)
        flow : of the whole source, m³/s; that of the model if not given
        years : how often the year repeats
        step : s
        initial_state : ``state`` of a course before, for going on

        Raises
        ------
        diwen.problems.InputError : a load that is no number, or a flow that the source has not
        """
        asked = np.asarray(load, float)
        model = self if flow is None else self.with_flow(flow)
        as_it_is = Efficiency.constant(np.inf)
        found = model.simulate(
            np.maximum(asked, 0.0), np.maximum(-asked, 0.0),
            heating_efficiency=as_it_is, cooling_efficiency=as_it_is,
            years=years, step=step, initial_state=initial_state,
        )  # fmt: skip
        unmet = found.unmet_heating - found.unmet_cooling
        return SourceCourse(
            found.ground_load + unmet, found.ground_load, found.fluid, found.entering,
            found.leaving, found.step, found.state,
        )  # fmt: skip


def _then_resistance(
    at_flow: Callable[[float], SourceModel], resistance: float | Floats
) -> Callable[[float], SourceModel]:
    """The source at another flow keeps the resistance that was added to it."""
    return lambda flow: at_flow(flow).with_resistance(resistance)
