"""What is asked of the plant: loads, comfort, operation and seasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from diwen.language import Text
from diwen.site.envelope import Envelope, Pool
from diwen.site.fields import Finding, Meaning, Measure, Table, mistake
from diwen.site.hours import parse_hours
from diwen.site.seasons import Season, SeasonText

_ORDER = Text("the minimum is not below the maximum", "最低值不小于最高值")
_EXCHANGE = Text("exchange or correct the two values", "请对调或更正两个值")
_ONE_SPAN = Text("several spans of hours", "多个时段")
_ONE_SPAN_CURE = Text('write one span, such as "08:00-18:00"', '请只写一个时段，例如 "08:00-18:00"')
_OVERLAP = Text("heating and cooling season overlap", "供暖季与供冷季重叠")
_NO_DAY = Text("not 24 values, or all of them zero", "不是 24 个值，或全部为零")
_ALL_HOURS = Text("give one value for each hour of the day", "请逐时给出 24 个值")
_RETURN = Text("heat comes back no colder than it is sent", "回水温度不低于供水温度")
_WARM = 25.0  # °C: a load that is sent warmer water than this is heated
_COLD_WATER = Text("the cold water is no colder than the hot water that is asked for",
                   "冷水温度不低于所需热水温度")  # fmt: skip
_NOT_THIS_KIND = Text("the table describes another kind of load, and would count for nothing",
                      "该表描述另一类负荷，不会生效")  # fmt: skip
_CORRECT_KIND = Text('write kind = "{kind}", or take the table out',
                     '请写 kind = "{kind}"，或删除该表')  # fmt: skip
_MOVE = Text("move the dates, or leave them if both modes run together: simultaneous = true",
             "请调整日期；若确需同时供冷供热，请写 simultaneous = true")  # fmt: skip


def _one_span(text: str) -> str:
    """Daily hours that count: empty, or one span."""
    if text and len(parse_hours(text).spans) > 1:
        raise mistake(_ONE_SPAN, _ONE_SPAN_CURE)
    return text


class Load(Table):
    """``[loads.ID]``: a building, hot water, a pool or another consumer."""

    meaning: ClassVar[Text] = Text("a consumer of heat or cold", "用热（冷）负荷")

    name: Annotated[str, Meaning("name", "名称")] = ""
    kind: Annotated[
        Literal["building", "hot_water", "pool", "snow_melting", "process", "other"],
        Meaning("kind", "类型：建筑、生活热水、泳池、融雪、工艺、其他"),
    ]
    building_type: Annotated[
        Literal[
            "", "residential", "office", "school", "hospital", "hotel", "shop", "sports",
            "station", "factory", "greenhouse", "other",
        ],
        Meaning("type of building", "建筑类型"),
    ] = ""  # fmt: skip
    area: Annotated[
        float | None, Measure("area", "floor area", "建筑面积", 0, 1e9, positive=True)
    ] = None
    heating_design_load: Annotated[
        float | None, Measure("heat_power", "design heating load", "设计热负荷", 0, 1e6)
    ] = None
    cooling_design_load: Annotated[
        float | None, Measure("heat_power", "design cooling load", "设计冷负荷", 0, 1e6)
    ] = None
    heating_demand: Annotated[
        float | None, Measure("heat_energy", "yearly heating demand", "全年热需求量", 0, 1e10)
    ] = None
    cooling_demand: Annotated[
        float | None, Measure("heat_energy", "yearly cooling demand", "全年冷需求量", 0, 1e10)
    ] = None
    heat_loss: Annotated[
        float | None,
        Measure(
            "heat_transmission", "heat loss coefficient of the building", "建筑热损失系数", 0, 1e8
        ),
    ] = None
    balance_temperature: Annotated[
        float | None,
        Measure(
            "temperature",
            "outdoor temperature at which heating starts",
            "供暖平衡点室外温度",
            -10,
            30,
        ),
    ] = None
    hourly_file: Annotated[
        str,
        Meaning("CSV file of hourly loads, relative to the site folder",
                "逐时负荷 CSV 文件（相对项目文件夹）"),
    ] = ""  # fmt: skip
    hourly_file_step: Annotated[
        float,
        Measure(
            "time",
            "length of the steps of that file; amounts of energy are taken per step",
            "该文件的时间步长；以电量单位给出时按每步计",
            1 / 60,
            1,
            positive=True,
        ),
    ] = 3600.0
    day_profile: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        Meaning(
            "24 relative values of the load from 0 to 24 o'clock; empty: the usual profile of "
            "that kind of building",
            "0～24 时逐时相对负荷（24 个值）；留空采用该类建筑的常用曲线",
        ),
    ] = ()
    cooling_gain: Annotated[
        float | None,
        Measure(
            "heat_transmission",
            "cooling load per kelvin of outdoor temperature",
            "室外温度每升高 1 K 的冷负荷增量",
            0,
            1e8,
        ),
    ] = None
    cooling_balance_temperature: Annotated[
        float | None,
        Measure(
            "temperature",
            "outdoor temperature at which cooling starts",
            "供冷平衡点室外温度",
            0,
            40,
        ),
    ] = None
    base_load: Annotated[
        float | None,
        Measure("heat_power", "heat needed whatever the weather", "与天气无关的基础热负荷", 0, 1e6),
    ] = None
    persons: Annotated[
        float | None,
        Measure("ratio", "people (or beds) that draw hot water", "用水人数（或床位数）", 0, 1e7),
    ] = None
    envelope: Annotated[
        Envelope | None,
        Meaning(
            "the building in a few numbers, for an hourly model of it",
            "建筑主要参数，用于逐时负荷模型",
        ),
    ] = None
    pool: Annotated[
        Pool | None,
        Meaning(
            "how the pool is kept, for an hourly model of it", "泳池运行参数，用于逐时负荷模型"
        ),
    ] = None
    supply_temperature: Annotated[
        float | None, Measure("temperature", "needed supply temperature", "所需供水温度", 2, 180)
    ] = None
    return_temperature: Annotated[
        float | None, Measure("temperature", "return temperature at design", "设计回水温度", 0, 170)
    ] = None
    daily_volume: Annotated[
        float | None, Measure("volume", "hot water drawn in a day", "日热水用量", 0, 1e6)
    ] = None
    cold_water_temperature: Annotated[
        float | None, Measure("temperature", "cold-water temperature", "冷水温度", 0, 40)
    ] = None
    water_surface: Annotated[
        float | None, Measure("area", "water surface of the pool", "泳池水面面积", 0, 1e5)
    ] = None
    terminals: Annotated[tuple[str, ...], Meaning("ids of its terminals", "末端设备标识")] = ()
    served_share: Annotated[
        float,
        Measure("ratio", "share of the area that is served now", "当前实际服务面积比例", 0, 1),
    ] = 1.0

    def findings(self) -> Iterator[Finding]:
        """A day profile that is no day, temperatures the wrong way round, a strange table."""
        count = len(self.day_profile)
        if count and (count != 24 or not any(self.day_profile)):
            yield Finding("day_profile", _NO_DAY, _ALL_HOURS, f"{count}")
        supply, back, cold = (
            self.supply_temperature, self.return_temperature, self.cold_water_temperature
        )  # fmt: skip
        if supply is not None and supply >= _WARM and back is not None and back >= supply:
            shown = f"{supply:g} / {back:g} °C"
            yield Finding("return_temperature", _RETURN, _EXCHANGE, shown)
        hot_water = self.kind == "hot_water" and supply is not None and cold is not None
        if hot_water and cold >= supply:  # type: ignore[operator]
            shown = f"{cold:g} … {supply:g} °C"
            yield Finding("cold_water_temperature", _COLD_WATER, _EXCHANGE, shown)
        for table, kind in (("envelope", "building"), ("pool", "pool")):
            if getattr(self, table) is not None and self.kind != kind:
                yield Finding(table, _NOT_THIS_KIND, _CORRECT_KIND.format(kind=kind), self.kind)


class Comfort(Table):
    """``[comfort]``: room conditions that are owed."""

    meaning: ClassVar[Text] = Text("required room conditions", "室内环境要求")

    room_temperature_minimum: Annotated[
        float | None,
        Measure("temperature", "lowest room temperature while heating", "供暖室温下限", 0, 30),
    ] = None
    room_temperature_maximum: Annotated[
        float | None,
        Measure("temperature", "highest room temperature while cooling", "供冷室温上限", 18, 40),
    ] = None
    overheating_temperature: Annotated[
        float | None,
        Measure("temperature", "room temperature that counts as overheated in winter",
                "冬季过热判定室温", 18, 40),
    ] = None  # fmt: skip
    tolerance: Annotated[
        float, Measure("temperature_difference", "tolerance of the sensors", "室温判定容差", 0, 3)
    ] = 0.0
    relative_humidity_maximum: Annotated[
        float | None,
        Measure("relative_humidity", "highest relative humidity", "相对湿度上限", 0, 100),
    ] = None
    occupied: Annotated[
        str,
        AfterValidator(_one_span),
        Meaning(
            'daily hours that count, such as "08:00-18:00"; empty: all day',
            "每日计入的时段，例如 “08:00-18:00”；留空为全天",
        ),
    ] = ""  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Limits the wrong way round."""
        low, high = self.room_temperature_minimum, self.room_temperature_maximum
        if low is not None and high is not None and low >= high:
            yield Finding("room_temperature_minimum", _ORDER, _EXCHANGE, f"{low:g} … {high:g} °C")


class Operation(Table):
    """``[operation]``: when the plant heats and cools."""

    meaning: ClassVar[Text] = Text("seasons and mode of operation", "供暖供冷季节与运行模式")

    heating_season: Annotated[
        SeasonText | None, Meaning("heating season, first..last day", "供暖季（首日..末日）")
    ] = None
    cooling_season: Annotated[
        SeasonText | None, Meaning("cooling season, first..last day", "供冷季（首日..末日）")
    ] = None
    mode: Annotated[
        Literal["heating", "cooling", "seasonal", "point"],
        Meaning(
            "heating or cooling always, by season, or as the point of quantity mode says "
            "(0 off, 1 heating, 2 cooling, 3 both)",
            "始终制热（heating）、始终制冷（cooling）、按季节（seasonal）或按 mode 测点"
            "（0 停、1 制热、2 制冷、3 同时）",
        ),
    ] = "seasonal"
    simultaneous: Annotated[
        bool, Meaning("heating and cooling may run together", "可同时供热与供冷")
    ] = False
    planned_years: Annotated[
        float, Measure("ratio", "years of planned life", "设计使用年限", 1, 100)
    ] = 25.0

    def findings(self) -> Iterator[Finding]:
        """Seasons that overlap without being meant to."""
        if self.heating_season is None or self.cooling_season is None or self.simultaneous:
            return
        if _overlap(self.heating_season, self.cooling_season):
            shown = f"{self.heating_season} / {self.cooling_season}"
            yield Finding("cooling_season", _OVERLAP, _MOVE, shown)


def _overlap(one: Season, other: Season) -> bool:
    """Whether two yearly seasons share a day."""
    firsts = (one.span(2023)[0], one.span(2024)[0])
    return any(other.contains(day) for day in firsts) or one.contains(other.span(2023)[0])
