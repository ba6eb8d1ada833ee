"""``[staging]``: in which order units start, how many may run, and what holds the source flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.auxiliaries import curve_findings
from diwen.site.fields import Finding, Meaning, Measure, Table

_TWICE = Text("the unit stands twice in the order", "机组在次序中出现两次")
_ALONE = Text(
    "it works alone at outdoor temperatures at which it may not even help",
    "替代温度高于并联温度：不允许辅助时却已替代",
)
_LOWER = Text(
    "lower alone_below, or raise parallel_below", "请降低 alone_below 或提高 parallel_below"
)
_ONCE = Text("name each unit once", "每台机组只写一次")


class BackupUse(Table):
    """``[[staging.backups]]``: when a boiler or a heater works."""

    meaning: ClassVar[Text] = Text(
        "when a boiler or electric heater helps the units, or replaces them",
        "锅炉、电加热器何时辅助机组或替代机组",
    )

    device: Annotated[str, Meaning("id of the boiler or heater", "锅炉或加热器标识")]
    serves: Annotated[
        str,
        Meaning("id of the loop it heats; empty: by its circuit", "所供回路标识；留空按其 circuit"),
    ] = ""
    parallel_below: Annotated[
        float | None,
        Measure("temperature", "outdoor temperature below which it may help; empty: whenever the "
                "units fall short", "低于此室外温度可并联辅助；留空为机组不足时随时投入", -60, 40),
    ] = None  # fmt: skip
    alone_below: Annotated[
        float | None,
        Measure("temperature", "outdoor temperature below which it works instead of the units",
                "低于此室外温度由其替代机组", -60, 40),
    ] = None  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """It cannot replace the units where it may not even help."""
        low, high = self.alone_below, self.parallel_below
        if low is not None and high is not None and low > high:
            yield Finding("alone_below", _ALONE, _LOWER, f"{low:g} °C")


class RechargeUse(Table):
    """``[[staging.recharges]]``: when collectors, air or a tower give a source heat or take it."""

    meaning: ClassVar[Text] = Text(
        "when solar collectors or a cooling tower recharge a source or take heat from it",
        "太阳能集热器、冷却塔何时为热源补热或散热",
    )

    device: Annotated[
        str,
        Meaning("id of the collectors, the tower, or a heat pump that serves a source",
                "集热器、冷却塔或为热源补热的热泵标识"),
    ]  # fmt: skip
    source: Annotated[
        str, Meaning("id of the source; empty: as the device says, or the only one",
                     "热源标识；留空按设备所写或唯一热源"),
    ] = ""  # fmt: skip
    months: Annotated[
        tuple[Annotated[int, Field(ge=1, le=12)], ...],
        Meaning("months in which it may run; empty: all", "允许运行的月份；留空为全年"),
    ] = ()
    start_temperature: Annotated[
        float | None,
        Measure("temperature", "recharge only below, rejection only above this source temperature",
                "补热仅在低于、散热仅在高于此地源侧温度时进行", -20, 60),
    ] = None  # fmt: skip
    capacity: Annotated[
        float | None, Measure("heat_power", "most heat", "最大换热量", 0, 1e6, True)
    ] = None


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
    backups: Annotated[
        tuple[BackupUse, ...], Meaning("use of boilers and heaters", "锅炉与加热器的投入")
    ] = ()
    recharges: Annotated[
        tuple[RechargeUse, ...], Meaning("use of collectors and towers", "集热器与冷却塔的投入")
    ] = ()
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
