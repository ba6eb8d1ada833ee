"""What diagnosis says: evidence, estimates, findings. Plain data; who made it stands in its room.

An *estimate* is what one line of reasoning says about one parameter of the twin. A *finding* is
what all of them say together, with its probability, and later with its cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.loads.weather import Weather
    from diwen.site import Site
    from diwen.twin.deviations_plant import TwinInputs

Floats = NDArray[np.float64]
Shape = Literal["none", "constant", "step", "growth", "sawtooth"]
SHAPE_NAMES: dict[Shape, Text] = {
    "none": Text("no deviation", "无偏差"),
    "constant": Text("constant from the first day", "自首日起恒定"),
    "step": Text("a step at an event", "某时刻阶跃"),
    "growth": Text("grows steadily", "持续增长"),
    "sawtooth": Text("grows and is set back by service", "逐渐增长、检修后恢复（锯齿形）"),
}


@dataclass(frozen=True, eq=False)
class Figure:
    """What a person can look at: measured beside expected.

    Attributes
    ----------
    title, unit, horizontal : words; ``horizontal`` names the axis below
    x : datetime64[D] or numbers, shape (n,)
    measured, expected : shape (n,), nan where unknown
    low, high : band (k = 2) around ``expected``, shape (n,), or None
    """

    title: Text
    unit: str
    horizontal: Text
    x: NDArray[np.generic]
    measured: Floats
    expected: Floats
    low: Floats | None = None
    high: Floats | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """One fact for or against a deviation that a person can check.

    Attributes
    ----------
    text : the fact with its numbers
    log_ratio : natural logarithm of the likelihood ratio, deviation against none; capped
    points : that it was read from
    figure : to look at, or None
    """

    text: Text
    log_ratio: float
    points: tuple[str, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True, eq=False)
class Estimate:
    """What one line of reasoning says about one parameter of the twin.

    Attributes
    ----------
    parameter : name in ``diwen.twin.deviations.PARAMETERS``
    value : most probable value if there is a deviation, in the unit of the parameter; of one that
        grows: per year
    deviation : its standard uncertainty (k = 1), systematic and random together
    shape : in time
    since : local day from which it holds; None: from the first day of operation
    since_low, since_high : 90 % interval of that day
    until : local day on which it ended (put right), None: it still holds
    log_ratio : natural logarithm of the Bayes factor of the measured value, deviation against
        none, model discrepancy included; of the evidence beside it nothing is in here
    evidence : further independent facts, each with its own ratio
    alternatives : what else would explain the same data: names of parameters, or
        ``sensor:<point>``; they share one probability
    object : equipment it is about; empty: the plant
    family : of the seven; empty: that of the parameter (a strainer that clogs is operation, a
        valve that was turned is hydraulic: the same number, another family)
    also : further families that share it (a pump that is too large: hydraulic and design)
    """

    parameter: str
    value: float
    deviation: float
    shape: Shape
    since: date | None
    log_ratio: float
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    object: str = ""
    family: str = ""
    also: tuple[str, ...] = ()
    since_low: date | None = None
    since_high: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class NotJudged:
    """A deviation that cannot be judged, and what is missing.

    Attributes
    ----------
    parameter : name
    reason : why
    missing : codes of points or keys of the site (``FS``, ``ground.layers``)
    """

    parameter: str
    reason: Text
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Residual:
    """A daily residual that is watched for change points.

    Attributes
    ----------
    name : as ``unit.hp1.power``; stable from run to run
    text : what it is
    unit : of the values; empty: a ratio
    day : datetime64[D], shape (n,)
    value : measured against expected, neutral 0, nan where unknown, shape (n,)
    noise : standard deviation of one day in a healthy plant
    parameters : of the twin that move it
    """

    name: str
    text: Text
    unit: str
    day: NDArray[np.datetime64]
    value: Floats
    noise: float
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Judgement:
    """What one line of reasoning returns.

    Attributes
    ----------
    estimates : of parameters, those without deviation too (their ratio is below 0)
    not_judged : and why
    residuals : for change points
    notes : what was assumed; what is at risk though no deviation (a masked imbalance)
    """

    estimates: tuple[Estimate, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    residuals: tuple[Residual, ...] = ()
    notes: tuple[Text, ...] = ()


SensorKind = Literal[
    "offset",
    "drift",
    "stuck",
    "scale",
    "swapped",
    "clock",
    "reset",
    "boundary",
    "air",
    "range",
    "outage",
    "standstill",
]


@dataclass(frozen=True, eq=False)
class SensorFinding:
    """A fault of an instrument, its wiring or its scope.

    Attributes
    ----------
    kind : what is wrong
    points : which; several: they cannot be told apart
    value, deviation : size (offset K, drift K/a, scale a factor, clock s, air of a portfolio h)
        and its standard uncertainty; nan where there is no number
    since, until : local days, None: from the first, to the last record
    probability : 0 to 1
    evidence : facts
    treatment : ``corrected`` (records were put right), ``masked`` (not used), ``noted``
    text : one sentence for people
    """

    kind: SensorKind
    points: tuple[str, ...]
    value: float
    deviation: float
    since: date | None
    until: date | None
    probability: float
    evidence: tuple[Evidence, ...]
    treatment: Literal["corrected", "masked", "noted"]
    text: Text


@dataclass(frozen=True, eq=False)
class Case:
    """What every line of reasoning is given.

    Attributes
    ----------
    site : as described
    record : after the data gate: corrected, masked
    inputs : of the design twin on hours of one typical year (365 days from 1 January), or None
    without_twin : why there is none
    weather_known : whether the outdoor temperature of ``inputs`` is that of a weather series
    recorded_weather : weather of the twin that was made of the record, because the site names none
    of_twin : what was assumed to build the twin and lessens trust in it
    sensors : what the gate found
    """

    site: Site
    record: OperatingRecord
    inputs: TwinInputs | None
    without_twin: tuple[Text, ...] = ()
    weather_known: bool = False
    recorded_weather: Weather | None = None
    of_twin: tuple[Text, ...] = ()
    sensors: tuple[SensorFinding, ...] = ()
    memory: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Finding:
    """A deviation, after all reasoning.

    Attributes
    ----------
    parameter, object, family, also : as of :class:`Estimate`
    probability : that it deviates by more than is tolerable, 0 to 1
    value, low, high : most probable value and its 90 % interval, in the unit of the parameter
    shape, since, since_low, since_high, until : in time
    evidence : facts, the strongest first
    alternatives : name -> probability of what explains the same data
    """

    parameter: str
    object: str
    family: str
    also: tuple[str, ...]
    probability: float
    value: float
    low: float
    high: float
    shape: Shape
    since: date | None
    since_low: date | None
    since_high: date | None
    until: date | None
    evidence: tuple[Evidence, ...]
    alternatives: Mapping[str, float] = field(default_factory=dict)

    @property
    def deviation(self) -> float:
        """Standard uncertainty of the value, from the 90 % interval."""
        return (self.high - self.low) / (2.0 * 1.6448536)
