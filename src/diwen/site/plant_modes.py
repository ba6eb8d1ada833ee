"""``[modes.NAME]``: one way to run the plant: valves, duties of units, loops served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Table

Duty = Literal["off", "heating", "cooling", "simultaneous", "recovery", "passive"]

_BOTH = Text("the valve is named open and closed", "阀门同时列为开启和关闭")
_ONE_LIST = Text("name it in one of the two lists", "请只列入其中之一")


class PlantMode(Table):
    """``[modes.NAME]``: a row of the valve table."""

    meaning: ClassVar[Text] = Text(
        "a mode of operation and its valves; duties: off, heating, cooling, simultaneous "
        "(heat and cold at once), recovery (cooling, heat of the desuperheater used), passive (no "
        "compressor)",
        "运行模式及其阀门状态；机组工况：off 停、heating 制热、cooling 制冷、"
        "simultaneous 热冷同供、recovery 部分热回收、passive 自然冷却",
    )

    name: Annotated[str, Meaning("name", "名称")] = ""
    season: Annotated[
        Literal["any", "winter", "summer", "between"],
        Meaning("season it is meant for", "适用季节：不限、冬季、夏季、过渡季"),
    ] = "any"
    open: Annotated[tuple[str, ...], Meaning("ids of the open valves", "开启的阀门标识")] = ()
    closed: Annotated[tuple[str, ...], Meaning("ids of the closed valves", "关闭的阀门标识")] = ()
    units: Annotated[dict[str, Duty], Meaning("duty by id of unit", "各机组工况（按标识）")] = (
        Field(default_factory=dict)
    )
    loops: Annotated[
        tuple[str, ...], Meaning("ids of the loops that it serves", "所供回路的标识")
    ] = ()
    assumed: Annotated[
        bool, Meaning("the states are assumed, not documented", "阀门状态为假定，无文献依据")
    ] = False

    def findings(self) -> Iterator[Finding]:
        """A valve that is open and closed."""
        for name in self.open:
            if name in self.closed:
                yield Finding("closed", _BOTH, _ONE_LIST, name)
