"""A building and a pool in a few numbers: ``[loads.ID.envelope]``, ``[loads.ID.pool]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.hours import HoursText, parse_hours

_ORDER = Text("cooling begins below the heating set point", "供冷设定温度低于供暖设定温度")
_MONTHS = Text("neither one temperature nor one for each month", "既非单一温度，也非逐月温度")
_ONE_OR_TWELVE = Text(
    "write one value, or twelve from January on", "请填一个值，或自一月起的十二个值"
)
_EXCHANGE = Text("exchange or correct the two values", "请对调或更正两个值")

U_VALUE = Field(gt=0, le=10)


class Envelope(Table):
    """``[loads.ID.envelope]``: what the hourly model of the building needs; all of it optional."""

    meaning: ClassVar[Text] = Text(
        "the building in a few numbers; what is left out is taken from the age class",
        "建筑主要参数；未给出的按建筑年代取值",
    )

    model: Annotated[
        Literal["5R1C", "2R2C"],
        Meaning(
            "hourly model: five resistances and one capacity (ISO 13790), or two of each",
            "逐时模型：五阻一容（ISO 13790）或二阻二容",
        ),
    ] = "5R1C"
    age: Annotated[
        Literal["old", "energy_saving_50", "energy_saving_65", "energy_saving_75", "low_energy"],
        Meaning(
            "insulation: before energy saving, saving 50 %, 65 %, 75 %, or nearly zero energy",
            "保温水平：非节能、节能 50 %、65 %、75 %、近零能耗",
        ),
    ] = "energy_saving_65"
    mass: Annotated[
        Literal["very_light", "light", "medium", "heavy", "very_heavy"],
        Meaning("heat capacity class of ISO 13790", "ISO 13790 热容等级"),
    ] = "medium"
    storey_height: Annotated[
        float, Measure("length", "height of a storey", "层高", 2, 30)
    ] = 3.3  # fmt: skip
    storeys: Annotated[int, Field(ge=1, le=200), Meaning("number of storeys", "层数")] = 6
    wall_u: Annotated[
        float | None, U_VALUE,
        Meaning("heat transfer coefficient of the walls, W/(m²·K)", "外墙传热系数，W/(m²·K)"),
    ] = None  # fmt: skip
    roof_u: Annotated[
        float | None, U_VALUE,
        Meaning("heat transfer coefficient of the roof, W/(m²·K)", "屋面传热系数，W/(m²·K)"),
    ] = None  # fmt: skip
    floor_u: Annotated[
        float | None, U_VALUE,
        Meaning(
            "heat transfer coefficient of the lowest floor, W/(m²·K)", "地面传热系数，W/(m²·K)"
        ),
    ] = None  # fmt: skip
    ground_temperatures: Annotated[
        tuple[Annotated[float, Measure("temperature", "temperature", "温度", -20, 40)], ...],
        Meaning(
            "temperature under the lowest floor, one or by month; empty: its heat loss is taken "
            "as a share of that to outdoors",
            "地面下温度，一个值或逐月十二个值；留空则按室外温差折减计算地面传热",
        ),
    ] = ()
    solar_absorptance: Annotated[
        float | None,
        Measure(
            "ratio", "share of the sun that walls and roof take up; empty: sun and sky on them are "
            "left out",
            "外墙与屋面太阳辐射吸收系数；留空则不计其日照与天空辐射", 0, 1,
        ),
    ] = None  # fmt: skip
    window_u: Annotated[
        float | None, U_VALUE,
        Meaning("heat transfer coefficient of the windows, W/(m²·K)", "外窗传热系数，W/(m²·K)"),
    ] = None  # fmt: skip
    window_share: Annotated[
        float, Measure("ratio", "windows in the facade", "窗墙面积比", 0, 1)
    ] = 0.3
    solar_factor: Annotated[
        float,
        Measure(
            "ratio", "share of the sun that windows let in, frames and shades included",
            "外窗综合太阳得热系数（含窗框与遮阳）", 0, 1,
        ),
    ] = 0.35  # fmt: skip
    air_changes: Annotated[
        float, Field(ge=0, le=30),
        Meaning("air changes per hour while occupied", "使用时段换气次数，次/h"),
    ] = 0.5  # fmt: skip
    air_changes_empty: Annotated[
        float | None, Field(ge=0, le=30),
        Meaning("air changes per hour while empty", "非使用时段换气次数，次/h"),
    ] = None  # fmt: skip
    heat_recovery: Annotated[
        float, Measure("ratio", "heat recovered from the exhaust air", "排风热回收效率", 0, 0.95)
    ] = 0.0
    internal_gains: Annotated[
        float | None, Field(ge=0, le=500),
        Meaning("gains of people, light and devices while occupied, W/m²",
                "使用时段内部得热，W/m²"),
    ] = None  # fmt: skip
    heating_setpoint: Annotated[
        float, Measure("temperature", "room temperature in heating", "供暖室内设定温度", 5, 30)
    ] = 20.0
    heating_setback: Annotated[
        float | None,
        Measure("temperature", "room temperature in heating while empty", "非使用时段供暖室温",
                0, 30),
    ] = None  # fmt: skip
    cooling_setpoint: Annotated[
        float, Measure("temperature", "room temperature in cooling", "供冷室内设定温度", 18, 40)
    ] = 26.0
    cooling_setback: Annotated[
        float | None,
        Measure("temperature", "room temperature in cooling while empty", "非使用时段供冷室温",
                18, 60),
    ] = None  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Set points the wrong way round; ground temperatures that are neither one nor twelve."""
        if len(self.ground_temperatures) not in (0, 1, 12):
            yield Finding(
                "ground_temperatures", _MONTHS, _ONE_OR_TWELVE, str(len(self.ground_temperatures))
            )
        if self.cooling_setpoint <= self.heating_setpoint:
            shown = f"{self.heating_setpoint:g} … {self.cooling_setpoint:g} °C"
            yield Finding("cooling_setpoint", _ORDER, _EXCHANGE, shown)


class Pool(Table):
    """``[loads.ID.pool]``: how a swimming pool is kept."""

    meaning: ClassVar[Text] = Text("how the pool is kept", "泳池运行参数")

    water_temperature: Annotated[
        float, Measure("temperature", "water temperature", "池水温度", 5, 45)
    ] = 28.0
    indoor: Annotated[bool, Meaning("the pool stands in a hall", "室内泳池")] = True
    hall_temperature: Annotated[
        float, Measure("temperature", "air temperature of the hall", "泳池大厅气温", 5, 45)
    ] = 30.0
    hall_humidity: Annotated[
        float, Measure("relative_humidity", "relative humidity of the hall", "泳池大厅相对湿度",
                       10, 100)
    ] = 0.6  # fmt: skip
    activity: Annotated[
        float,
        Measure("ratio", "activity factor of the evaporation while open", "开放时段水面扰动系数",
                0.1, 5),
    ] = 1.0  # fmt: skip
    open_hours: Annotated[HoursText, Meaning("hours of the day while open", "每日开放时段")] = (
        parse_hours("06:00-22:00")
    )
    cover: Annotated[
        float,
        Measure("ratio", "share of the evaporation that the cover prevents while closed",
                "闭馆时池盖减少的蒸发比例", 0, 1),
    ] = 0.0  # fmt: skip
    daily_make_up: Annotated[
        float | None,
        Measure("volume", "fresh water in a day besides the evaporated", "日补水量（不含蒸发）",
                0, 1e5),
    ] = None  # fmt: skip
