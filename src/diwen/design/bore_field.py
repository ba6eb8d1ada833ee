"""The bore field that is sized: boreholes of unknown length, ground, resistance, flow, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from diwen.design.input_checks import number, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.short_time import BoreholeCore

Place = Literal["entering", "leaving", "mean"]
# Sign of half the spread at each place: fluid that leaves the ground and enters the heat pump is
# warmer than the mean while heat is extracted.
SIDE: dict[Place, float] = {"entering": 0.5, "leaving": -0.5, "mean": 0.0}

_NO_LIMIT = Text("neither a lowest nor a highest temperature is given", "未给出最低或最高温度限值")
_GIVE_LIMIT = Text("give minimum, maximum, or both", "请给出最低或最高温度限值")
_ORDER = Text("the minimum is not below the maximum", "最低值不小于最高值")
_EXCHANGE = Text("exchange or correct the two values", "请对调或更正两个值")
_NO_FLOW = Text(
    "a limit on the entering or leaving temperature needs the flow of the loop",
    "进、出机组温度的限值需要环路流量",
)
_GIVE_FLOW = Text(
    'give capacity_rate (mass flow × specific heat, W/K), or limit the "mean" temperature',
    "请给出 capacity_rate（质量流量×比热，W/K），或改为限定平均温度（mean）",
)


@dataclass(frozen=True, eq=False)
class BoreField:
    """A bore field and the ground it stands in.

    Attributes
    ----------
    boreholes : the field; its lengths give the proportions, the mean length is what is sought
    conductivity : of the ground, W/(m·K)
    heat_capacity : of the ground, J/(m³·K)
    undisturbed_temperature : °C, mean along the borehole; a number, or a function of length in m
    resistance : effective borehole thermal resistance, m·K/W; a number, or a function of length
    capacity_rate : mass flow times specific heat of the whole field, W/K; None: only the mean fluid
        temperature is known, and it stands for the entering temperature of the heat pump
    core : what the boreholes hold, for the first hours; None: their heat capacity is left out,
        which is on the safe side. Its resistance gives way to the field's
    """

    boreholes: Boreholes
    conductivity: float
    heat_capacity: float
    undisturbed_temperature: float | Callable[[float], float]
    resistance: float | Callable[[float], float]
    capacity_rate: float | None = None
    core: BoreholeCore | None = None

    def __post_init__(self) -> None:
        where = "bore field"
        problems: list[Problem] = []
        for name in ("conductivity", "heat_capacity", "capacity_rate"):
            problems += number(where, name, getattr(self, name), positive=True)
        if not callable(self.undisturbed_temperature):
            name = "undisturbed_temperature"
            problems += number(where, name, self.undisturbed_temperature, positive=False)
        if not callable(self.resistance):
            problems += number(where, "resistance", self.resistance, positive=True)
        refuse(problems)

    @property
    def diffusivity(self) -> float:
        """Thermal diffusivity of the ground, m²/s."""
        return self.conductivity / self.heat_capacity

    @property
    def count(self) -> int:
        """Number of boreholes."""
        return self.boreholes.count

    def temperature(self, length: float) -> float:
        """Undisturbed temperature for a mean length in m, °C."""
        given = self.undisturbed_temperature
        return float(given(length)) if callable(given) else given

    def borehole_resistance(self, length: float) -> float:
        """Effective borehole thermal resistance for a mean length in m, m·K/W."""
        given = self.resistance
        return float(given(length)) if callable(given) else given

    def half_spread(self, place: Place) -> float:
        """Kelvin that one watt of extraction adds to the mean temperature at a place, K/W."""
        return 0.0 if self.capacity_rate is None else SIDE[place] / self.capacity_rate


@dataclass(frozen=True)
class TemperatureLimits:
    """Limits of the fluid temperature, seen from the heat pump.

    Attributes
    ----------
    minimum, maximum : °C, None: no limit on that side
    minimum_at, maximum_at : ``entering`` the heat pump (leaving the ground), ``leaving`` the heat
        pump (entering the ground), or the ``mean`` of both
    """

    minimum: float | None
    maximum: float | None
    minimum_at: Place = "entering"
    maximum_at: Place = "entering"

    def __post_init__(self) -> None:
        where = "temperature limits"
        problems: list[Problem] = []
        for name in ("minimum", "maximum"):
            problems += number(where, name, getattr(self, name), positive=False)
        if self.minimum is None and self.maximum is None:
            problems.append(Problem(where, "", _NO_LIMIT, _GIVE_LIMIT))
        elif not self._in_order():
            shown = f"{self.minimum:g} … {self.maximum:g} °C"
            problems.append(Problem(where, "minimum", _ORDER, _EXCHANGE, shown))
        refuse(problems)

    def _in_order(self) -> bool:
        low, high = self.minimum, self.maximum
        return low is None or high is None or low < high

    def check(self, field: BoreField) -> None:
        """Refuse a limit that the field's data cannot tell.

        Raises
        ------
        diwen.problems.InputError : entering or leaving temperatures without a flow
        """
        used = {
            place
            for limit, place in ((self.minimum, self.minimum_at), (self.maximum, self.maximum_at))
            if limit is not None
        }
        if field.capacity_rate is None and used - {"mean"}:
            shown = ", ".join(sorted(used))
            refuse([Problem("bore field", "capacity_rate", _NO_FLOW, _GIVE_FLOW, shown)])
