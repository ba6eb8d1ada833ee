"""What a plant takes and gives in one year, hour by hour: the common form of every alternative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diwen.design.input_checks import amounts, finite, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import Row

Floats = NDArray[np.float64]

DAY = 86400.0
YEAR = 365.0 * DAY
KWH = 3.6e6
#: What a plant may buy, with its name.
CARRIERS = {
    "electricity": Text("electricity", "电"),
    "gas": Text("natural gas", "天然气"),
    "coal": Text("coal", "煤"),
    "district_heat": Text("district heat", "集中供热"),
}

_LENGTH = Text(
    "{steps} steps of {step:g} s are not one year of 365 days",
    "{steps} 步 × {step:g} s 不等于 365 天的一年",
)
_ONE_YEAR = Text(
    "give one year from 1 January to 31 December without leap day",
    "请给出 1 月 1 日至 12 月 31 日（无闰日）的一年",
)
_UNKNOWN = Text("no such carrier", "没有该能源")
_KNOWN = Text("write gas, coal or district_heat", "可写 gas、coal 或 district_heat")


@dataclass(frozen=True, eq=False)
class PlantYear:
    """One year of a plant, or the repeating year of its life.

    Attributes
    ----------
    heat, cold : useful, W, means of the steps from 1 January, 0 or more, shape (n,)
    electricity : bought, W, shape (n,)
    step : s
    fuel : energy bought in the year by carrier (``gas``, ``coal``: lower calorific value;
        ``district_heat``), J
    rows : rule rows it rests on
    notes : what was assumed
    """

    heat: Floats
    cold: Floats
    electricity: Floats
    step: float = 3600.0
    fuel: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        for name in ("heat", "cold", "electricity"):
            values = np.asarray(getattr(self, name), dtype=float)
            problems += year_problems("plant year", name, values, self.step)
            problems += amounts("plant year", name, values)
            object.__setattr__(self, name, values)
        for carrier, energy in self.fuel.items():
            problems += amounts("plant year", f"fuel.{carrier}", np.array([energy]))
            if carrier not in CARRIERS or carrier == "electricity":
                problems.append(Problem("plant year", "fuel", _UNKNOWN, _KNOWN, carrier))
        refuse(problems)

    @property
    def heat_energy(self) -> float:
        """Useful heat of the year, J."""
        return float(self.heat.sum() * self.step)

    @property
    def cold_energy(self) -> float:
        """Useful cold of the year, J."""
        return float(self.cold.sum() * self.step)

    @property
    def electric_energy(self) -> float:
        """Electricity of the year, J."""
        return float(self.electricity.sum() * self.step)

    @property
    def useful_energy(self) -> float:
        """Heat and cold of the year, J."""
        return self.heat_energy + self.cold_energy

    def bought(self) -> dict[str, float]:
        """Energy bought by carrier, J."""
        return {"electricity": self.electric_energy, **self.fuel}


def year_problems(where: str, name: str, values: Floats, step: float) -> list[Problem]:
    """A problem where a column is not finite or not one year of its steps."""
    problems = list(finite(where, name, values))
    if values.ndim != 1 or abs(len(values) * step - YEAR) > 1e-6 * YEAR:
        message = _LENGTH.format(steps=values.size, step=step)
        problems.append(Problem(where, name, message, _ONE_YEAR))
    return problems
