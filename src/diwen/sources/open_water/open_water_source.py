"""A water as a heat source, in the one shape of all sources: river, sewage, mine water, waste heat.

Such a water has no memory: what is drawn comes at its own temperature whatever was done before.
Its response to heat is a resistance at once, without modes:

- drawn through the heat pumps themselves, 1/(2 C) between the water that comes and the mean of
  the water that comes and goes;
- behind an exchanger, that of :mod:`.exchanger`; the fluid of the model is then the one of the
  circuit between exchanger and heat pumps.

What limits the water (flow, returned temperature, freezing, power) limits the heat in each step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.open_water.available_heat import (
    WaterLimits,
    largest_extraction,
    largest_injection,
)
from diwen.sources.open_water.exchanger import Exchanger
from diwen.sources.open_water.water_temperature import WaterTemperature
from diwen.sources.response.limited import SourceLimits
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_UNLIMITED = WaterLimits()

_NEGATIVE = Text("below zero or no number", "小于零或非数值")
_MISSING = Text("water temperatures are missing", "水温有缺失值")
_FILL = Text(
    "fill the gaps with a model (filled), so that they are marked as modelled",
    "请用模型补齐缺口（filled），使其标记为模拟值",
)
_LENGTHS = Text("series of different numbers of steps", "各序列的时间步数不一致")
_ONE_LENGTH = Text(
    "give every series for the steps of one repeating year", "请按同一重复年的时间步给出各序列"
)
_NO_MEMORY = Text(
    "the water is drawn at its own temperature: that returned water reaches the intake again, and "
    "that a small body of water cools or warms, is not modelled",
    "取水温度不受取放热影响：未计退水回流至取水口，也未计小水体自身的温度变化",
)
_FIXED_TRANSMISSION = Text(
    "the transmission of the exchanger is taken as independent of the flows",
    "换热器传热量按与流量无关计",
)
_LESS_WATER = Text(
    "in {share:.1%} of the steps less water is available than the pumps would draw",
    "有 {share:.1%} 的时间步可用水量小于取水泵流量",
)
_GIVEN_ELSEWHERE = Text(
    "the water temperature was given without saying whether it is measured",
    "水温来源（实测或模拟）未注明",
)


@dataclass(frozen=True, eq=False)
class Intake:
    """What is drawn from a water.

    Attributes
    ----------
    flow : that the pumps draw, m³/s
    heat_capacity : volumetric, of the water, J/(m³·K)
    available_flow : m³/s, a number or one value per step, shape (n,); None: always enough
    available_power : heat that the source has to give, W, a number or shape (n,) (waste heat)
    takes_heat : whether heat may be given to it
    """

    flow: float
    heat_capacity: float
    available_flow: ArrayLike | None = None
    available_power: ArrayLike | None = None
    takes_heat: bool = True

    @property
    def rate(self) -> float:
        """Heat capacity rate of the whole flow, W/K."""
        return self.flow * self.heat_capacity

    def drawn(self) -> Floats:
        """Flow that is drawn, m³/s, shape () or (n,)."""
        if self.available_flow is None:
            return np.asarray(self.flow, float)
        return np.minimum(self.flow, np.asarray(self.available_flow, float))


@dataclass(frozen=True)
class Circuit:
    """The circuit between exchanger and heat pumps.

    Attributes
    ----------
    exchanger : between the water and this circuit
    flow : m³/s
    heat_capacity : volumetric, of its fluid, J/(m³·K)
    lowest_return, highest_return : of the fluid that goes back to the exchanger, °C
    """

    exchanger: Exchanger
    flow: float
    heat_capacity: float
    lowest_return: float | None = None
    highest_return: float | None = None

    @property
    def rate(self) -> float:
        """Heat capacity rate, W/K."""
        return self.flow * self.heat_capacity


def open_water_source_model(
    kind: str,
    temperature: ArrayLike | WaterTemperature,
    intake: Intake,
    *,
    limits: WaterLimits = _UNLIMITED,
    circuit: Circuit | None = None,
) -> SourceModel:
    """A water as a heat source.

    Parameters
    ----------
    kind : as in the site file: ``surface_water``, ``sewage``, ``reclaimed_water``, ``mine_water``,
        ``waste_heat``
    temperature : of the water drawn, °C: a number, one value per step of a repeating year, shape
        (n,), or a series with its origins
    intake : flow, and what is available of it
    limits : of the water
    circuit : exchanger and circuit in between; None: the water passes the heat pumps themselves

    Returns
    -------
    SourceModel
        its flow is that of the fluid at the heat pumps: of the circuit where there is one (the
        water flow stays when it is changed), else of the water. Its limits of returned
        temperature are those of that fluid; what limits the water behind an exchanger stands in
        the largest heat rates.

    Raises
    ------
    diwen.problems.InputError : numbers that cannot be, gaps in the temperature; all at once
    """
    at = np.asarray(
        temperature.values if isinstance(temperature, WaterTemperature) else temperature, float
    )
    problems = list(_problems(at, intake, circuit))
    if problems:
        raise InputError(problems)

    def at_flow(flow: float) -> SourceModel:
        changed = replace(intake, flow=flow) if circuit is None else intake
        loop = None if circuit is None else replace(circuit, flow=flow)
        return open_water_source_model(kind, temperature, changed, limits=limits, circuit=loop)

    drawn = intake.drawn()
    run = replace(intake, flow=float(drawn)) if drawn.ndim == 0 else intake
    water_rate = drawn * intake.heat_capacity
    direct, added = _resistances(run, circuit, water_rate)
    response = Response(np.empty(0), np.empty((1, 1, 0)), np.full((1, 1), direct), np.ones(1))
    return SourceModel(
        kind,
        response,
        at if at.ndim else float(at),
        run.rate if circuit is None else circuit.rate,
        run.flow if circuit is None else circuit.flow,
        _source_limits(at, intake, limits, circuit, water_rate),
        error=0.0,
        at_flow=at_flow,
        notes=tuple(_notes(temperature, intake, circuit)),
        resistance=added,
        flow_shares=_shares(run) if circuit is None else None,
    )


def _resistances(
    intake: Intake, circuit: Circuit | None, water_rate: Floats
) -> tuple[float, float | Floats]:
    """At the whole flow, K/W, and what less water adds in each step."""
    whole = _resistance(np.asarray(intake.rate), circuit)
    # A step without water gives no heat; it needs a number all the same.
    flowing = np.where(water_rate > 0.0, water_rate, intake.rate)
    added = _resistance(flowing, circuit) - whole
    return float(whole), added if added.any() else 0.0


def _resistance(water_rate: Floats, circuit: Circuit | None) -> Floats:
    if circuit is None:
        return np.asarray(0.5 / water_rate)
    return circuit.exchanger.resistance(circuit.rate, water_rate)


def _shares(intake: Intake) -> Floats | None:
    drawn = intake.drawn()
    shares = np.where(drawn > 0.0, drawn / intake.flow, 1.0)
    return None if (shares == 1.0).all() else np.atleast_1d(shares)


def _source_limits(
    at: Floats, intake: Intake, limits: WaterLimits, circuit: Circuit | None, water_rate: Floats
) -> SourceLimits:
    most = largest_extraction(
        at, water_rate, limits, available_power=intake.available_power,
        heat_capacity=intake.heat_capacity,
    )  # fmt: skip
    least = largest_injection(at, water_rate, limits, heat_capacity=intake.heat_capacity)
    if not intake.takes_heat:
        least = np.zeros_like(least)
    if circuit is None:
        low, high = _finite(limits.coldest), _finite(limits.warmest)
    else:
        low, high = circuit.lowest_return, circuit.highest_return
    return SourceLimits(low, high, _heat_limit(most), _heat_limit(least))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _heat_limit(values: Floats) -> float | Floats | None:
    if np.isinf(values).all():
        return None
    return float(values) if values.ndim == 0 else values


def _notes(
    temperature: ArrayLike | WaterTemperature, intake: Intake, circuit: Circuit | None
) -> Iterator[Text]:
    yield temperature.note if isinstance(temperature, WaterTemperature) else _GIVEN_ELSEWHERE
    yield _NO_MEMORY
    if circuit is not None and not circuit.exchanger.film_exponent:
        yield _FIXED_TRANSMISSION
    short = float((intake.drawn() < intake.flow).mean())
    if short > 0.0:
        yield _LESS_WATER.format(share=short)


def _problems(at: Floats, intake: Intake, circuit: Circuit | None) -> Iterator[Problem]:
    name = "open_water_source_model"
    positive = [("intake.flow", intake.flow), ("intake.heat_capacity", intake.heat_capacity)]
    if circuit is not None:
        positive += [
            ("circuit.flow", circuit.flow), ("circuit.heat_capacity", circuit.heat_capacity),
        ]  # fmt: skip
    for where, value in positive:
        if not math.isfinite(value):
            yield Problem(name, where, NOT_FINITE, CORRECT, f"{value:g}")
        elif not value > 0.0:
            yield Problem(name, where, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
    if intake.available_flow is not None and np.ndim(intake.available_flow) == 0:
        value = float(np.asarray(intake.available_flow))
        if not value > 0.0:
            yield Problem(
                name, "intake.available_flow", NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO
            )
    missing = int((~np.isfinite(at)).sum())
    if missing:
        yield Problem(name, "temperature", _MISSING, _FILL, f"{missing} / {at.size}")
    lengths = {at.size} if at.ndim else set()
    for where, given in (
        ("intake.available_flow", intake.available_flow),
        ("intake.available_power", intake.available_power),
    ):
        values = np.asarray(0.0 if given is None else given, float)
        wrong = ~(values >= 0.0) & (values.ndim > 0 or where == "intake.available_power")
        if wrong.any():
            shown = f"{values[wrong].flat[0]:g} ({int(wrong.sum())})"
            yield Problem(name, where, _NEGATIVE, CORRECT, shown)
        lengths |= {values.size} if values.ndim else set()
    if len(lengths) > 1:
        shown = ", ".join(str(one) for one in sorted(lengths))
        yield Problem(name, "temperature", _LENGTHS, _ONE_LENGTH, shown)
