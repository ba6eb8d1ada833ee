"""The fluid in a circuit: water, or water with an antifreeze."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

_CONCENTRATION = Text("an antifreeze needs its concentration", "防冻液须给出浓度")
_ADD = Text('add concentration = "25 %" (by mass)', '请补充 concentration = "25 %"（质量分数）')
_WATER = Text("plain water has no antifreeze concentration", "纯水没有防冻液浓度")
_REMOVE = Text("remove the concentration or name the antifreeze", "请删除浓度或写明防冻液")


class Fluid(Table):
    """Fluid of a circuit, such as ``{ name = "propylene_glycol", concentration = "25 %" }``."""

    meaning: ClassVar[Text] = Text("fluid in a circuit", "回路流体")

    name: Annotated[
        Literal[
            "water", "ethylene_glycol", "propylene_glycol", "ethanol", "methanol",
            "calcium_chloride", "sodium_chloride", "potassium_formate", "potassium_acetate", "air",
        ],
        Meaning("fluid", "流体"),
    ] = "water"  # fmt: skip
    concentration: Annotated[
        float, Measure("ratio", "mass fraction of the antifreeze", "防冻液质量分数", 0, 0.7)
    ] = 0.0

    def findings(self) -> Iterator[Finding]:
        """Antifreeze without concentration, or the reverse."""
        plain = self.name in ("water", "air")
        if plain and self.concentration > 0:
            yield Finding("concentration", _WATER, _REMOVE, f"{self.concentration:g}")
        if not plain and self.concentration == 0:
            yield Finding("concentration", _CONCENTRATION, _ADD)
