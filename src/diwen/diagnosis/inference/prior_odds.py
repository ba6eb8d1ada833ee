"""What is to be expected of a plant before its records are looked at.

The survey of 120 deviating plants (figure 4 of the 2025 industry report on reliability) counts how
often each of the seven families occurs. The sample is small, so its shares are drawn half-way to
equal ones. A plant deviates at all with the base rate r; families, the parameters within a family
and the objects of a parameter are independent, and the probability that none of them deviates is
always 1 − r, however many can be judged: 1 − p_family = (1 − r)^share, and so on down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from diwen.site.usual_values import usual_value
from diwen.twin.deviations import FAMILIES, PARAMETERS

_ROW = "diagnosis.inference."


def family_of(parameter: str, said: str = "") -> str:
    """Family of an estimate: what it says, else that of its parameter."""
    return said or PARAMETERS[parameter].family


class PriorOdds:
    """Prior odds of every deviation that is judged, against none.

    Parameters
    ----------
    judged : family, parameter, object of every estimate
    """

    def __init__(self, judged: Iterable[tuple[str, str, str]]) -> None:
        self._members: dict[str, dict[str, set[str]]] = {}
        for family, parameter, object in judged:
            self._members.setdefault(family, {}).setdefault(parameter, set()).add(object)
        weight = usual_value(_ROW + "family_weight")
        self._shares: dict[str, float] = {
            one: weight * usual_value(f"{_ROW}family.{one}") + (1.0 - weight) / len(FAMILIES)
            for one in FAMILIES
        }
        total = sum(self._shares.values())
        self._rate = -math.log1p(-usual_value(_ROW + "base_rate")) / total

    def log_odds(self, family: str, parameter: str) -> float:
        """Natural logarithm of the prior odds of one object of a parameter."""
        parameters = self._members.get(family, {})
        objects = len(parameters.get(parameter, ())) or 1
        parts = max(1, len(parameters)) * objects
        # rates add up where probabilities of "none" multiply
        return math.log(math.expm1(self._rate * self._shares[family] / parts))
