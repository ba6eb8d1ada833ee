"""What pumps use: their share of the electricity (K-11) and the heat they carry with it (K-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.amount import Refusal
from diwen.evaluation.heat import heat
from diwen.evaluation.heat_meters import heat_meters
from diwen.evaluation.making import made, not_made, trust
from diwen.evaluation.operation import whole
from diwen.evaluation.plant import (
    SYSTEM,
    Group,
    Term,
    each,
    electricity,
    equipment,
)
from diwen.evaluation.ratios import quotient
from diwen.evaluation.result import SHARE
from diwen.evaluation.words import SYSTEM_BOUNDARY
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

_NO_PUMPS = Text("the site names no pumps", "项目未登记水泵")
_NOT_APART = Text(
    "the pumps are built into the units and not metered apart",
    "水泵内置于机组，未单独计量",
)


def pump_share(context: Context) -> Result:
    """K-11: electricity of all pumps in that of units and pumps."""
    id, catalogue = "pump_share", "K-11"
    boundary = SYSTEM_BOUNDARY
    try:
        pumps = equipment(context, SYSTEM[1:])
        if not pumps:
            inside = any(unit.built_in_pumps for unit in context.site.heat_pumps.values())
            raise Refusal(_NOT_APART if inside else _NO_PUMPS)
        everything = equipment(context, SYSTEM)
        found = quotient(
            electricity(context, pumps),
            electricity(context, everything),
            whole(context),
        )
    except Refusal as refusal:
        return not_made(id, catalogue, refusal, boundary=boundary)
    trusted = trust(context, found.value.coverage, None, found.electricity)
    return made(
        id, catalogue, found.value, scale=100.0, bounds=SHARE, decimals=1, boundary=boundary,
        **trusted,
    )  # fmt: skip


def transport(context: Context) -> list[Result]:
    """K-12: heat carried per electricity of the circuit's pumps, either direction of heat."""
    circuits: dict[str, tuple[Group, ...]] = {
        "source": ("source_pumps",),
        "load": ("load_pumps", "distribution_pumps"),
    }
    return [
        result
        for circuit, groups in circuits.items()
        if (result := _transport_of(context, circuit, groups)) is not None
    ]


def _transport_of(context: Context, circuit: str, groups: tuple[Group, ...]) -> Result | None:
    pumps = equipment(context, groups)
    if not pumps:
        return None
    try:
        carried: list[Term] = [(heat(context, m), 1) for m in heat_meters(context, circuit)]
        power = electricity(context, pumps)
        found = quotient(_size(carried), power, whole(context))
    except Refusal as refusal:
        return not_made("transport_factor", "K-12", refusal, of=circuit)
    trusted = trust(context, found.value.coverage, found.heat, found.electricity)
    return made("transport_factor", "K-12", found.value, of=circuit, decimals=1, **trusted)


def _size(terms: list[Term]) -> list[Term]:
    """Heat in either direction as a positive number."""
    return each(terms, lambda part: part.weighted(np.sign(part.value)))
