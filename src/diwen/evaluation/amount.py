"""An amount (of heat, electricity, water) with what it is worth: uncertainty, coverage, origin.

The systematic uncertainty is kept as signed effects by cause: ``effects["flow1"]`` is by how much
the amount moves (in its own unit) when the error of that cause is one standard uncertainty.
Effects of one cause add with their sign, effects of different causes add in quadrature (GUM
JCGM 100, 5.2.2 with correlation coefficients of 1 and 0). So a flow meter shared by the heat of
two modes, or a temperature sensor that enters numerator and denominator, is counted rightly
without any covariance matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from diwen.language import Text

_T = TypeVar("_T")

#: Coverage factor of every uncertainty that is shown (about 95 %, normal distribution).
COVERAGE_FACTOR = 2.0
_NOTHING_BELOW = Text("the denominator is zero in this period", "本周期内分母为零")


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """Something cannot be computed from what the site measures.

    Attributes
    ----------
    reason : why, for the reader
    missing : points that lack, as ``TU1 temperature load_leaving hp1``
    """

    def __init__(self, reason: Text, missing: Iterable[str] = ()) -> None:
        self.reason = reason
        self.missing = tuple(missing)
        super().__init__(reason.en)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity summed over a period.

    Attributes
    ----------
    value : in the inside unit of its quantity (J, m³ ...), or a ratio
    effects : standard (k = 1) systematic effect by cause, signed, in the unit of ``value``;
        None when an accuracy is unknown: then there is no uncertainty at all
    random : standard random uncertainty (averages out), in the unit of ``value``
    coverage : share of the period's time for which the amount was measured, 0..1
    origins : measured, manual, simulated
    inputs : ids of the points
    notes : what a reader should know about how it was found
    """

    value: float
    effects: Mapping[str, float] | None = field(default_factory=dict)
    random: float = 0.0
    coverage: float = 1.0
    origins: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def standard(self) -> float | None:
        """Combined standard uncertainty (k = 1), absolute; None when unknown."""
        if self.effects is None:
            return None
        return math.hypot(self.random, *self.effects.values())

    @property
    def expanded(self) -> float | None:
        """Expanded uncertainty (k = 2), absolute; None when unknown."""
        standard = self.standard
        return None if standard is None else COVERAGE_FACTOR * standard

    @property
    def u_systematic(self) -> float | None:
        """Relative systematic standard uncertainty (k = 1); None when unknown or value is 0."""
        if self.effects is None or self.value == 0.0:
            return None
        return math.hypot(*self.effects.values()) / abs(self.value)

    @property
    def u_random(self) -> float | None:
        """Relative random standard uncertainty (k = 1); None when the value is 0."""
        return None if self.value == 0.0 else self.random / abs(self.value)

    def scaled(self, factor: float) -> Amount:
        """The amount times an exact number (a change of unit)."""
        return Amount(
            self.value * factor,
            None if self.effects is None else {k: v * factor for k, v in self.effects.items()},
            self.random * abs(factor),
            self.coverage,
            self.origins,
            self.inputs,
            self.notes,
        )


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts; shared causes stay correlated. The sum of none is 0.

    Coverage is the smallest of the parts: the sum is known only where every part is.
    """
    parts = list(amounts)
    return _combined(sum(part.value for part in parts), [(part, 1.0) for part in parts])


def difference(one: Amount, other: Amount) -> Amount:
    """``one - other``; a cause common to both cancels as far as it does in nature."""
    return _combined(one.value - other.value, [(one, 1.0), (other, -1.0)])


def ratio(numerator: Amount, denominator: Amount) -> Amount:
    """``numerator / denominator`` by first-order propagation (GUM JCGM 100, 5.1.2).

    Raises
    ------
    Refusal : the denominator is zero
    """
    if denominator.value == 0.0:
        raise Refusal(_NOTHING_BELOW)
    value = numerator.value / denominator.value
    return _combined(
        value, [(numerator, 1.0 / denominator.value), (denominator, -value / denominator.value)]
    )


def share(part: Amount, rest: Amount) -> Amount:
    """``part / (part + rest)`` of two amounts that have no time in common.

    Written so that the error of the part, which stands above and below the line, is not taken
    for two errors: a part that is everything is exactly 1.

    Raises
    ------
    Refusal : the sum is zero
    """
    whole = part.value + rest.value
    if whole == 0.0:
        raise Refusal(_NOTHING_BELOW)
    return _combined(
        part.value / whole, [(part, rest.value / whole**2), (rest, -part.value / whole**2)]
    )


def _combined(value: float, weighted: list[tuple[Amount, float]]) -> Amount:
    """A function value with the weighted effects of its arguments."""
    effects: dict[str, float] | None = {}
    for part, weight in weighted:
        if effects is None or part.effects is None:
            effects = None
            break
        for cause, effect in part.effects.items():
            effects[cause] = effects.get(cause, 0.0) + weight * effect
    return Amount(
        value,
        effects,
        math.hypot(*(weight * part.random for part, weight in weighted)),
        min((part.coverage for part, _ in weighted), default=1.0),
        _union(part.origins for part, _ in weighted),
        _union(part.inputs for part, _ in weighted),
        _union(part.notes for part, _ in weighted),
    )


def _union(groups: Iterable[Iterable[_T]]) -> tuple[_T, ...]:
    """All members in order of first appearance, each once."""
    return tuple(dict.fromkeys(member for group in groups for member in group))
