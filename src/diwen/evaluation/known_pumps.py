"""Whether the site file knows the pumps that a boundary needs.

A heat pump that draws on a liquid has a pump on its source side, and one that heats water has a
pump on its load side. Where the file names none, a system figure would silently leave their
electricity out; so it is refused until they are named, or said to be built into the unit.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from diwen.evaluation.amount import Refusal
from diwen.evaluation.plant import Group, members
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

_SOURCE: tuple[Group, ...] = ("source_pumps",)
_LOAD: tuple[Group, ...] = ("load_pumps", "distribution_pumps")
_SIDES = {"source": Text("source-side", "地源侧"), "load": Text("load-side", "用户侧")}
_NOT_NAMED = Text(
    "the site file names no {side} pump for {units}: name it under [pumps], or say "
    "heat_pumps.ID.built_in_pumps = true; without it the pumps would be left out",
    "项目文件未登记 {units} 的{side}水泵：请在 [pumps] 中登记，或写明 "
    "heat_pumps.ID.built_in_pumps = true；否则会漏计水泵用电",
)
_BUILT_IN = Text(
    "the pumps built into {units} are metered with the unit and counted here",
    "{units} 的内置循环泵与机组一并计量，已计入此处",
)


def need_pumps(context: Context, groups: Collection[Group]) -> None:
    """Refuse a boundary with pumps when the site file knows of none.

    Raises
    ------
    Refusal : names the side and the units
    """
    for side, wanted in (("source", _SOURCE), ("load", _LOAD)):
        if not set(wanted) & set(groups):
            continue
        if any(members(context, group) for group in wanted):
            continue
        units = [
            id
            for id, pump in context.site.heat_pumps.items()
            if not pump.built_in_pumps and _is_liquid(pump.type, side)
        ]
        if units:
            raise Refusal(
                _NOT_NAMED.format(side=_SIDES[side], units=", ".join(units)),
                [f"EP electric_energy supply ({side} pump)"],
            )


def built_in_note(context: Context, units: Collection[str]) -> tuple[Text, ...]:
    """What a reader must know of a figure whose units have their pumps inside."""
    inside = sorted(id for id in units if context.site.heat_pumps[id].built_in_pumps)
    return (_BUILT_IN.format(units=", ".join(inside)),) if inside else ()


def _is_liquid(type: str, side: str) -> bool:
    source, _, load = type.partition("_")
    return (source if side == "source" else load) in ("water", "brine")
