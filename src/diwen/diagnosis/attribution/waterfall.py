"""The way from the promised to the measured electricity, bar by bar; the bars sum exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from diwen.language import Text

Kind = Literal["promised", "use", "finding", "interaction", "unexplained", "as_found", "measured"]
NAMES: dict[str, Text] = {
    "promised": Text("promised (design)", "设计承诺值"),
    "use": Text("weather and use", "气象与使用"),
    "interaction": Text("interaction of the deviations", "偏差间相互作用"),
    "unexplained": Text("unexplained", "未能解释"),
    "as_found": Text("twin as found", "按诊断结果的数字孪生"),
    "measured": Text("measured", "实测"),
}


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes
    ----------
    kind : what it is; ``promised``, ``as_found`` and ``measured`` stand on the ground, the others
        are steps from the bar before
    name : in words
    value : J of electricity, or CNY
    deviation : standard uncertainty (k = 1)
    parameter : of a finding, else empty
    """

    kind: Kind
    name: Text
    value: float
    deviation: float
    parameter: str = ""

    @property
    def stands(self) -> bool:
        """Whether it stands on the ground."""
        return self.kind in ("promised", "as_found", "measured")


@dataclass(frozen=True)
class Waterfall:
    """Bars from promised to measured, or to the twin as found where nothing was measured.

    Attributes
    ----------
    bars : in order
    unit : ``J`` or ``CNY``
    reason : why the last bar is not the measured one, or None
    """

    bars: tuple[Bar, ...]
    unit: str
    reason: Text | None = None

    @property
    def closure(self) -> float:
        """First bar plus all steps less the last bar; 0 but for rounding."""
        steps = [bar.value for bar in self.bars if not bar.stands]
        return math.fsum([self.bars[0].value, *steps, -self.bars[-1].value])

    def bar(self, name: str) -> Bar:
        """A bar by its kind, or that of a finding by its parameter.

        Raises
        ------
        KeyError : there is none
        """
        for one in self.bars:
            if name in (one.parameter, one.kind):
                return one
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "unit": self.unit,
            "reason": None if self.reason is None else _both(self.reason),
            "bars": [
                {"kind": bar.kind, "parameter": bar.parameter, "name": _both(bar.name),
                 "value": bar.value, "deviation": bar.deviation, "stands": bar.stands}
                for bar in self.bars
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One finding in a waterfall: what it adds, and how sure that is."""

    parameter: str
    name: Text
    value: float
    deviation: float


def waterfall(
    promised: float,
    reference: float,
    as_found: float,
    measured: float | None,
    parts: Sequence[Part],
    *,
    unit: str,
    measured_deviation: float = 0.0,
    use_deviation: float = 0.0,
    reason: Text | None = None,
) -> Waterfall:
    """Bars that sum from promised to measured.

    Parameters
    ----------
    promised : design twin with the design's loads
    reference : the same with weather and use as they were, no deviation
    as_found : with all deviations
    measured : None where it was not
    parts : as found less without, of each finding
    measured_deviation : standard uncertainty of ``measured``
    use_deviation : of ``reference``, by the meters of heat behind it
    reason : why nothing was measured
    """
    bars = [Bar("promised", NAMES["promised"], promised, 0.0),
            Bar("use", NAMES["use"], reference - promised, use_deviation)]  # fmt: skip
    bars += [Bar("finding", one.name, one.value, one.deviation, one.parameter) for one in parts]
    spread = math.hypot(*(one.deviation for one in parts)) if parts else 0.0
    interaction = math.fsum([as_found, -reference, *(-one.value for one in parts)])
    if parts or interaction:
        share = abs(interaction) / max(math.fsum(abs(one.value) for one in parts), 1e-12)
        bars.append(Bar("interaction", NAMES["interaction"], interaction, share * spread))
    if measured is None:
        bars.append(Bar("as_found", NAMES["as_found"], as_found, math.hypot(spread, use_deviation)))
        return Waterfall(tuple(bars), unit, reason)
    both = math.hypot(spread, measured_deviation, use_deviation)
    bars.append(Bar("unexplained", NAMES["unexplained"], measured - as_found, both))
    bars.append(Bar("measured", NAMES["measured"], measured, measured_deviation))
    return Waterfall(tuple(bars), unit)


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
