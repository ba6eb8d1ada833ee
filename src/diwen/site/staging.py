"""``[staging]``: in which order units start, how many may run, and what holds the source flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.auxiliaries import curve_findings
from diwen.site.fields import Finding, Meaning, Measure, Table

_TWICE = Text("the unit stands twice in the order", "机组在次序中出现两次")
_ONCE = Text("name each unit once", "每台机组只写一次")


class Staging(Table):
    """``[staging]``: how the units share the load."""

    meaning: ClassVar[Text] = Text(
        "staging of the units; what it leaves out is taken from [controls.ID]",
        "机组加减机；未给出的项取自 [controls.ID]",
    )

    rule: Annotated[
        Literal["", "sequence", "equal_hours", "efficiency"],
        Meaning("in order, fewest hours first, or best efficiency first; empty: as [controls] says",
                "按次序、按运行时间均衡或按效率优先；留空按 [controls]"),
    ] = ""  # fmt: skip
    order: Annotated[
        tuple[str, ...],
        Meaning("ids of the units, the first first; empty: as in the file",
                "机组标识，先投入者在前；留空按文件次序"),
    ] = ()  # fmt: skip
    permitted_outdoor: Annotated[
        tuple[Annotated[float, Measure("temperature", "outdoor", "室外温度", -60, 50)], ...],
        Meaning("outdoor temperatures of the steps of permitted units",
                "允许运行台数分级的室外温度"),
    ] = ()  # fmt: skip
    permitted_units: Annotated[
        tuple[Annotated[int, Field(ge=0)], ...],
        Meaning("units that may run from each of these outdoor temperatures up; below the first: "
                "as at the first",
                "自各室外温度起（含）允许运行的台数；低于首个温度时同首个"),
    ] = ()  # fmt: skip
    dead_band: Annotated[
        float | None,
        Measure("temperature_difference", "dead band around the supply setpoint",
                "供水设定值控制死区", 0, 20),
    ] = None  # fmt: skip
    source_temperature_difference: Annotated[
        float | None,
        Measure("temperature_difference", "difference that the source pumps hold across the units",
                "地源侧水泵维持的供回水温差", 0, 30, positive=True),
    ] = None  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """A curve of two unequal columns, a unit named twice."""
        yield from curve_findings(self, "permitted_outdoor", "permitted_units")
        for position, name in enumerate(self.order):
            if name in self.order[:position]:
                yield Finding(f"order[{position}]", _TWICE, _ONCE, name)
