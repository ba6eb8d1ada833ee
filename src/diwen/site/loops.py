"""``[loops.ID]``: a circuit of water: source, heating, cooling, hot water, and what belongs to it.

Nothing of it need be written for a simple plant: :mod:`.station_loops` makes one loop for heating,
one for cooling and one for hot water out of the loads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.auxiliaries import curve_findings
from diwen.site.fields import Finding, Meaning, Measure, Table

LoopKind = Literal["source", "heat", "cold", "hot_water"]
Level = Literal["primary", "secondary", "tertiary"]

_TWO_SUPPLIES = Text(
    "supply_temperature and a curve over outdoor temperature exclude each other",
    "supply_temperature 与气候补偿曲线不能同时给出",
)
_ONE_SUPPLY = Text("keep one of them", "请只保留其中之一")
_NOT_OF_SOURCE = Text("a source loop has no {key}", "热源回路没有 {key}")
_ONLY_SOURCE = Text("only a source loop has {key}", "只有热源回路才有 {key}")
_REMOVE = Text("remove it, or correct kind", "请删除，或更正 kind")
_BEHIND_ITSELF = Text("the loop stands behind itself", "回路不能接在自身之后")
_FIRST_LOOP = Text(
    "let the first loop, fed by the units, have no behind", "机组直接供给的回路不写 behind"
)
_NO_PRIMARY = Text(
    "a loop that stands behind another one is secondary or tertiary",
    "接在其他回路之后的回路应为二次或三次回路",
)
_LEVEL_CURE = Text('write level = "tertiary"', '请写 level = "tertiary"')
_OF_LOADS = ("loads", "supply_temperature", "curve_outdoor", "curve_supply", "behind", "tank",
             "water_volume")  # fmt: skip
_OF_SOURCES = ("source", "zones", "rotation")


class Loop(Table):
    """``[loops.ID]``: one loop of the plant."""

    meaning: ClassVar[Text] = Text(
        "a loop of the plant; leave all of them out where every unit serves every load",
        "系统回路；所有机组供所有负荷时可全部省略",
    )

    name: Annotated[str, Meaning("name", "名称")] = ""
    kind: Annotated[
        LoopKind, Meaning("what flows in it", "用途：热源侧、供暖、供冷、生活热水及泳池等")
    ]
    level: Annotated[
        Literal["", "primary", "secondary", "tertiary"],
        Meaning(
            "primary (source), secondary (units) or tertiary (distribution); empty: by kind",
            "一次（热源）、二次（机组）或三次（输配）回路；留空按 kind 确定",
        ),
    ] = ""
    source: Annotated[
        str, Meaning("id of the source of a source loop", "热源回路所接热源的标识")
    ] = ""
    zones: Annotated[
        tuple[str, ...],
        Meaning("bore-field zones in use; empty: all", "投用的孔群分区；留空为全部"),
    ] = ()
    rotation: Annotated[
        Literal["none", "daily", "weekly", "seasonal", "yearly"],
        Meaning("how the zones take turns", "分区轮换周期"),
    ] = "none"
    loads: Annotated[tuple[str, ...], Meaning("ids of the loads it carries", "所带负荷的标识")] = ()
    behind: Annotated[
        str,
        Meaning("id of the secondary loop before a tertiary one", "三次回路之前的二次回路标识"),
    ] = ""
    supply_temperature: Annotated[
        float | None,
        Measure("temperature", "supply temperature; else by curve, load or terminals",
                "供水温度；未给出时按曲线、负荷或末端确定", -20, 180),
    ] = None  # fmt: skip
    curve_outdoor: Annotated[
        tuple[Annotated[float, Measure("temperature", "outdoor", "室外温度", -50, 45)], ...],
        Meaning("outdoor temperatures of the supply curve", "气候补偿曲线的室外温度"),
    ] = ()
    curve_supply: Annotated[
        tuple[Annotated[float, Measure("temperature", "supply", "供水温度", -20, 180)], ...],
        Meaning("supply temperatures of the supply curve", "气候补偿曲线的供水温度"),
    ] = ()
    temperature_difference: Annotated[
        float | None,
        Measure("temperature_difference", "supply less return at design",
                "设计供回水温差", 0, 80, positive=True),
    ] = None  # fmt: skip
    exchanger: Annotated[str, Meaning("id of the exchanger before it", "回路之前的换热器标识")] = ""
    tank: Annotated[str, Meaning("id of its tank", "水箱标识")] = ""
    water_volume: Annotated[
        float | None,
        Measure("volume", "water in the loop, on which units switch where there is no tank",
                "回路水容量（无水箱时机组启停的缓冲）", 0, 1e5, positive=True),
    ] = None  # fmt: skip
    pumps: Annotated[
        tuple[str, ...], Meaning("ids of its pumps; empty: by their circuit",
                                 "水泵标识；留空按水泵的 circuit 确定"),
    ] = ()  # fmt: skip
    dead_band: Annotated[
        float | None,
        Measure("temperature_difference", "dead band around the setpoint", "设定值控制死区", 0, 20),
    ] = None

    @property
    def place(self) -> Level:
        """Level of the loop, by its kind where the file does not say."""
        if self.level:
            return self.level
        if self.kind == "source":
            return "primary"
        return "tertiary" if self.behind else "secondary"

    def findings(self) -> Iterator[Finding]:
        """Keys that do not go together."""
        yield from curve_findings(self, "curve_outdoor", "curve_supply")
        if self.supply_temperature is not None and self.curve_outdoor:
            yield Finding("supply_temperature", _TWO_SUPPLIES, _ONE_SUPPLY)
        if self.behind and self.level == "primary":
            yield Finding("level", _NO_PRIMARY, _LEVEL_CURE, self.level)
        source = self.kind == "source"
        message = _NOT_OF_SOURCE if source else _ONLY_SOURCE
        for key in _OF_LOADS if source else _OF_SOURCES:
            value = getattr(self, key)
            if value not in ((), "", None, "none"):
                yield Finding(key, message.format(key=key), _REMOVE, str(value))


def cycle_findings(loops: dict[str, Loop]) -> Iterator[Finding]:
    """Loops that stand behind each other in a circle; paths from the root of the file."""
    for name, loop in loops.items():
        seen, here = {name}, loop.behind
        while here in loops and here not in seen:
            seen.add(here)
            here = loops[here].behind
        if here == name:
            yield Finding(f"loops.{name}.behind", _BEHIND_ITSELF, _FIRST_LOOP, loop.behind)
