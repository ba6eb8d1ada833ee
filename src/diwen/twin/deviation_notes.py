"""Which deviations of a run change nothing, because the site lacks what they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.twin.deviations import Deviation
from diwen.twin.deviations_sources import CIRCULATION, FIELDS, WELLS

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.deviations_plant import TwinInputs

_NOTHING_CHANGES = Text(
    "deviation {name} changes nothing: the site has no {what}",
    "偏差 {name} 不起作用：项目没有{what}",
)
_HEADS_ONLY = Text(
    "deviation {name} changes water levels and injection pressures only: the power of well pumps "
    "does not follow the head",
    "偏差 {name} 仅改变井水位与回灌压力：井泵功率不随扬程变化",
)
_BORE_FIELD = Text("bore field", "地埋管孔群")
_WELL = Text("wells", "水井热源")
_CHANGED = {
    "borehole_resistance": _BORE_FIELD,
    "effective_length": _BORE_FIELD,
    "lost_branches": _BORE_FIELD,
    "branch_imbalance": _BORE_FIELD,
    "ground_conductivity": Text("layer of ground with a conductivity", "给出导热系数的地层"),
    "packer_bypass": Text("circulation well", "循环井"),
    "permeability": _WELL,
    "breakthrough": _WELL,
    "injection_clogging": _WELL,
    "field_size": Text("bore field and no wells", "地埋管孔群或水井热源"),
    "backup_leak": Text("back-up beside units on a source loop", "与地源侧机组并联的辅助热源"),
}
_HEADS = ("permeability", "injection_clogging")


def idle_deviations(
    site: Site, inputs: TwinInputs, deviations: Sequence[Deviation]
) -> tuple[Text, ...]:
    """Notes on deviations of what the site does not have, and on those of heads only.

    Parameters
    ----------
    inputs : of the run
    """
    kinds = {model.kind for model in inputs.sources.values()}
    field, wells = bool(kinds & set(FIELDS)), bool(kinds & set(WELLS))
    there = dict.fromkeys(
        ("borehole_resistance", "effective_length", "lost_branches", "branch_imbalance"), field
    ) | dict.fromkeys((*_HEADS, "breakthrough"), wells)
    there |= {
        "ground_conductivity": any(one.conductivity is not None for one in site.ground.layers),
        "packer_bypass": bool(kinds & set(CIRCULATION)),
        "field_size": field or wells,
        "backup_leak": bool(inputs.station.backups) and bool(kinds - {"air"}),
    }
    idle = [one.parameter for one in deviations if not there.get(one.parameter, True)]
    return (
        *(_NOTHING_CHANGES.format(name=name, what=_CHANGED[name]) for name in idle),
        *(_HEADS_ONLY.format(name=one.parameter) for one in deviations
          if one.parameter in _HEADS and one.parameter not in idle),
    )  # fmt: skip
