"""``[heat_pumps.ID.cycle]``: a heat pump by what happens in it, where there is no maker's table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

CycleKind = Literal["single_stage", "two_stage", "cascade", "transcritical", "steam"]

_ONLY = Text("only a cycle of kind {kinds} has {key}", "只有 {kinds} 循环才有 {key}")
_REMOVE = Text("remove it, or correct kind", "请删除，或更正 kind")
_OF_KIND: dict[str, tuple[CycleKind, ...]] = {
    "upper_refrigerant": ("cascade",),
    "stage_difference": ("cascade", "steam"),
    "hand_over": ("steam",),
    "feed_temperature": ("steam",),
    "subcooling": ("single_stage", "two_stage", "cascade", "steam"),
}


class ThermodynamicCycle(Table):
    """``[heat_pumps.ID.cycle]``: working fluid, stages and efficiencies."""

    meaning: ClassVar[Text] = Text(
        "the cycle of the unit, where only its capacity at one point is known; what is left out "
        "is taken from the usual values",
        "仅知一个工况的制热（冷）量时，以热力循环给出机组性能；未给出的项取常用值",
    )

    kind: Annotated[
        CycleKind,
        Meaning(
            "one stage; two stages with vapour injection; two closed cycles one above the other; "
            "transcritical CO2; steam out of a closed two-stage cycle and steam compressors",
            "单级；双级补气；复叠（两个闭式循环）；跨临界 CO2；蒸汽（闭式双级循环加水蒸气压缩）",
        ),
    ]
    refrigerant: Annotated[
        str,
        Meaning(
            "working fluid, of a cascade that of the lower stage; empty: that of the unit",
            "工质（复叠时为低温级）；留空为机组的 refrigerant",
        ),
    ] = ""
    upper_refrigerant: Annotated[
        str, Meaning("working fluid of the upper stage of a cascade", "复叠高温级工质")
    ] = ""
    isentropic_efficiency: Annotated[
        float | None,
        Measure("ratio", "isentropic efficiency of the compressors; empty: what the rated power "
                "says, else the usual one", "压缩机等熵效率；留空由额定功率反推，否则取常用值",
                0.2, 1, positive=True),
    ] = None  # fmt: skip
    motor_efficiency: Annotated[
        float | None,
        Measure("ratio", "shaft work per electricity", "电机（含变频）效率", 0.3, 1, positive=True),
    ] = None
    internal_exchanger: Annotated[
        float | None,
        Measure("ratio", "effectiveness of an internal exchanger, 0: none", "回热器效能，0 为无",
                0, 1),
    ] = None  # fmt: skip
    superheat: Annotated[
        float | None,
        Measure("temperature_difference", "superheat in the evaporator", "蒸发器过热度", 0, 40),
    ] = None
    subcooling: Annotated[
        float | None,
        Measure("temperature_difference", "subcooling in the condenser", "冷凝器过冷度", 0, 60),
    ] = None
    source_change: Annotated[
        float | None,
        Measure("temperature_difference", "change of the source's fluid in the unit",
                "地源侧流体进出口温差", 0, 40),
    ] = None  # fmt: skip
    source_difference: Annotated[
        float | None,
        Measure("temperature_difference", "leaving source fluid to saturation (air: entering air "
                "to saturation)", "热源侧出口流体（空气源为进口空气）与饱和温度之差", 0, 40),
    ] = None  # fmt: skip
    load_change: Annotated[
        float | None,
        Measure("temperature_difference", "supply less return at the unit, which matters with CO2 "
                "and while cooling", "用户侧进出口温差（对 CO2 循环有影响）", 0, 80, True),
    ] = None  # fmt: skip
    load_difference: Annotated[
        float | None,
        Measure("temperature_difference", "leaving load fluid to saturation",
                "用户侧出口流体与饱和温度之差", 0, 40),
    ] = None  # fmt: skip
    stage_difference: Annotated[
        float | None,
        Measure("temperature_difference", "between the stages of a cascade, or to boiling water",
                "级间（或与沸腾水之间）温差", 0, 40),
    ] = None  # fmt: skip
    hand_over: Annotated[
        float | None,
        Measure("temperature", "at which the closed cycle boils water for the steam compressors",
                "闭式循环产汽温度（水蒸气压缩机吸气）", 50, 160),
    ] = None  # fmt: skip
    feed_temperature: Annotated[
        float | None,
        Measure("temperature", "feed water of the steam; heat counts from here",
                "蒸汽给水温度，供热量自此起算", 5, 170),
    ] = None  # fmt: skip
    built_for_vacuum: Annotated[
        bool,
        Meaning("may evaporate below the pressure of the air", "允许蒸发压力低于大气压"),
    ] = False
    maximum_discharge_temperature: Annotated[
        float | None,
        Measure("temperature", "highest temperature behind a compressor", "最高排气温度", 50, 350),
    ] = None
    auxiliary_power: Annotated[
        float,
        Measure("electric_power", "fans and controls of the unit, whenever it runs",
                "机组风机与控制功率（运行时）", 0, 1e5),
    ] = 0.0  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Keys that the kind of cycle does not know."""
        for key, kinds in _OF_KIND.items():
            value = getattr(self, key)
            if value not in (None, "") and self.kind not in kinds:
                message = _ONLY.format(kinds=", ".join(kinds), key=key)
                yield Finding(key, message, _REMOVE, str(value))
