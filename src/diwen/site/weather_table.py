"""The weather a site is computed with: ``[weather]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

_TWO = Text("both a file and a weather station are named", "同时给出了气象文件与气象站")
_KEEP_ONE = Text("keep one of the two", "请只保留其一")
_SHIFTS = Text("not one shift for all months, nor twelve", "既不是全年一个值，也不是逐月十二个值")
_WRITE_SHIFTS = Text(
    'write one, such as temperature_shift = ["2 K"], or twelve, January first',
    '请写一个值，例如 temperature_shift = ["2 K"]；或从一月起写十二个',
)
_NO_SHIFT = Text(
    "a future year without a temperature shift is a typical year", "未给出温升的未来年即为典型年"
)
_UNUSED = Text("temperature_shift belongs to the future year", "temperature_shift 仅用于未来年")
_SAY_FUTURE = Text('write scenario = "future"', '请写 scenario = "future"')
_ADD_SHIFT = Text('add temperature_shift = ["2 K"]', '请补充 temperature_shift = ["2 K"]')


class WeatherTable(Table):
    """``[weather]``: file or station, years and scenario."""

    meaning: ClassVar[Text] = Text("weather for computed loads", "负荷计算所用气象")

    file: Annotated[
        str,
        Meaning(
            "weather file in the site folder: EnergyPlus weather (EPW) or CSV with units, plain or "
            "compressed (.gz)",
            "项目文件夹中的气象文件：EPW 或带单位的 CSV，可为 .gz 压缩",
        ),
    ] = ""
    station: Annotated[
        str,
        Meaning(
            "measured weather that comes with the program, by the name of its example, such as "
            "beijing-weather",
            "程序自带的实测气象（按示例名称），例如 beijing-weather",
        ),
    ] = ""
    format: Annotated[
        Literal["", "epw", "csv"],
        Meaning("format of the file; empty: by its name", "文件格式；留空按文件名判断"),
    ] = ""
    years: Annotated[
        tuple[Annotated[int, Field(ge=1900, le=2200)], ...],
        Meaning("years of the series to use; empty: all of them", "采用的年份；留空为全部年份"),
    ] = ()
    scenario: Annotated[
        Literal["", "typical", "cold", "warm", "hot", "future"],
        Meaning(
            "as measured; a typical year out of the measured months; the measured year with most "
            "(cold) or fewest (warm) heating degree days, or with most cooling degree days (hot); "
            "a typical year with temperature_shift (future)",
            "留空为原样；typical 由实测月份组成的典型年；"
            "cold、warm 为供暖度日数最大、最小的实测年；hot 为空调度日数最大的实测年；"
            "future 为典型年加 temperature_shift",
        ),
    ] = ""
    temperature_shift: Annotated[
        tuple[
            Annotated[float, Measure("temperature_difference", "shift", "温升", -15, 15)], ...
        ],
        Meaning(
            "added to the air temperature of the future year: one for all months, or twelve",
            "未来年气温的温升：全年一个值，或从一月起十二个值",
        ),
    ] = ()  # fmt: skip

    @property
    def given(self) -> bool:
        """Whether the site says where its weather comes from."""
        return bool(self.file or self.station)

    def findings(self) -> Iterator[Finding]:
        """Two sources of weather, or a shift that fits no year."""
        if self.file and self.station:
            yield Finding("station", _TWO, _KEEP_ONE, f"{self.file}, {self.station}")
        if len(self.temperature_shift) not in (0, 1, 12):
            shown = f"{len(self.temperature_shift)}"
            yield Finding("temperature_shift", _SHIFTS, _WRITE_SHIFTS, shown)
        if self.scenario == "future" and not self.temperature_shift:
            yield Finding("scenario", _NO_SHIFT, _ADD_SHIFT, "future")
        if self.temperature_shift and self.scenario != "future":
            yield Finding("scenario", _UNUSED, _SAY_FUTURE, self.scenario)
