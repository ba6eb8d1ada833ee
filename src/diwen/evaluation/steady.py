"""Steady plateaus of each heat pump: temperatures, power and COP with its uncertainty.

The first result of a unit is the number of its plateaus with the whole table in ``detail``; each
plateau then stands as a COP of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Refusal
from diwen.evaluation.making import made, not_made, trust
from diwen.evaluation.plateaus import Plateau, plateaus
from diwen.evaluation.result import Result
from diwen.evaluation.words import UNIT_BOUNDARY
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

_NAME = Text("Steady plateaus", "稳态工况段")
_COP_NAME = Text("Steady COP", "稳态制热性能系数")
_OF = "{unit}@{source:.1f}/{supply:.1f}"


def results(context: Context) -> list[Result]:
    """All results of this family."""
    found: list[Result] = []
    for unit in context.site.heat_pumps:
        try:
            steady = plateaus(context, unit)
        except Refusal as refusal:
            # A test bench is there to hold still; of a plant in service nobody expects it.
            if context.site.kind == "laboratory":
                found.append(not_made("plateaus", "", refusal, name=_NAME, of=unit))
            continue
        found.append(_table(unit, steady))
        found += [_cop(context, unit, one) for one in steady if one.cop is not None]
    return found


def _table(unit: str, steady: list[Plateau]) -> Result:
    return Result(
        id="plateaus",
        catalogue="",
        name=_NAME,
        of=unit,
        value=float(len(steady)),
        decimals=0,
        coverage=1.0,
        detail={"rows": [row(one) for one in steady]},
    )


def row(one: Plateau) -> dict[str, Any]:
    """A plateau as plain data: temperatures in °C, power in W."""
    means = one.means
    return {
        "start": datetime.fromtimestamp(one.start / 1e6, UTC).isoformat(),
        "minutes": one.seconds / 60.0,
        **means,
        "load_difference": _difference(means, "load_leaving", "load_entering"),
        "source_difference": _difference(means, "source_entering", "source_leaving"),
        "power": one.power,
        "heat_power": None if one.heat is None else one.heat.value / one.seconds,
        "cop": None if one.cop is None else one.cop.value,
        "cop_uncertainty": None if one.cop is None else one.cop.expanded,
        "capacity_flow": None if one.capacity_flow is None else one.capacity_flow.value,
        "capacity_flow_uncertainty": None
        if one.capacity_flow is None
        else one.capacity_flow.expanded,
    }


def _difference(means: dict[str, float], plus: str, minus: str) -> float | None:
    return means[plus] - means[minus] if plus in means and minus in means else None


def _cop(context: Context, unit: str, one: Plateau) -> Result:
    assert one.cop is not None
    trusted = trust(context, one.cop.coverage, one.heat, None)
    trusted["detail"] |= row(one)
    return made(
        "cop_steady",
        "K-01",
        one.cop,
        name=_COP_NAME,
        of=_OF.format(
            unit=unit,
            source=one.means["source_entering"],
            supply=one.means["load_leaving"],
        ),
        mode="heating",
        boundary=UNIT_BOUNDARY,
        **trusted,
    )
