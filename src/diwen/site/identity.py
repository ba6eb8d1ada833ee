"""Who and where the site is: ``[site]`` and ``[place]``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from diwen.language import Text
from diwen.site.fields import Meaning, Measure, Table, mistake

SiteKind = Literal["plant", "house", "laboratory", "well_field", "weather_station", "portfolio"]

KIND_NAMES = {
    "plant": Text("plant", "能源站"),
    "house": Text("house", "户用"),
    "laboratory": Text("laboratory", "实验台"),
    "well_field": Text("well field", "井群"),
    "weather_station": Text("weather station", "气象站"),
    "portfolio": Text("portfolio", "多系统汇总"),
}

BAD_ZONE = Text("unknown time zone", "未知的时区")
ZONE_CURE = Text(
    "write an IANA name such as Asia/Shanghai, or Etc/GMT-8 for fixed UTC+8",
    "请写 IANA 名称，例如 Asia/Shanghai；固定 UTC+8 写 Etc/GMT-8",
)


def known_time_zone(name: str) -> bool:
    """Whether a name is an IANA time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _checked_zone(name: str) -> str:
    if not known_time_zone(name):
        raise mistake(BAD_ZONE, ZONE_CURE)
    return name


TimeZone = Annotated[str, AfterValidator(_checked_zone)]


class Identity(Table):
    """``[site]``: name, kind and where the data come from."""

    meaning: ClassVar[Text] = Text("name and kind of the site", "项目名称与类型")

    name_en: Annotated[str, Meaning("name in English", "英文名称")]
    name_zh: Annotated[str, Meaning("name in Chinese", "中文名称")]
    kind: Annotated[SiteKind, Meaning("kind of site", "项目类型")]
    illustrative: Annotated[
        bool, Meaning("data are assumed, not of a real site", "数据为假定示例，并非真实项目")
    ] = False
    licence: Annotated[str, Meaning("licence of the data", "数据许可")] = ""
    source: Annotated[str, Meaning("where the data come from", "数据来源")] = ""
    description_en: Annotated[str, Meaning("description in English", "英文说明")] = ""
    description_zh: Annotated[str, Meaning("description in Chinese", "中文说明")] = ""
    owner: Annotated[str, Meaning("owner or operator", "业主或运营单位")] = ""

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_en, self.name_zh)

    @property
    def description(self) -> Text:
        """The description in both languages."""
        return Text(self.description_en, self.description_zh)


class Place(Table):
    """``[place]``: position, climate and building area served."""

    meaning: ClassVar[Text] = Text("position, climate, area served", "位置、气候与服务面积")

    latitude: Annotated[
        float | None, Measure("angle", "latitude, north positive", "纬度（北纬为正）", -90, 90)
    ] = None
    longitude: Annotated[
        float | None, Measure("angle", "longitude, east positive", "经度（东经为正）", -180, 180)
    ] = None
    elevation: Annotated[
        float | None, Measure("length", "elevation above sea level", "海拔", -430, 6000)
    ] = None
    region: Annotated[
        str,
        Meaning(
            "province or city that selects regional rules, such as Beijing",
            "选取地方规则的省市，例如 Beijing",
        ),
    ] = ""
    climate_zone: Annotated[
        Literal[
            "", "severe_cold", "cold", "hot_summer_cold_winter", "hot_summer_warm_winter",
            "temperate",
        ],
        Meaning(
            "climate zone for building thermal design",
            "建筑热工设计气候区：严寒、寒冷、夏热冬冷、夏热冬暖、温和",
        ),
    ] = ""  # fmt: skip
    time_zone: Annotated[TimeZone, Meaning("time zone, IANA name", "时区（IANA 名称）")] = (
        "Asia/Shanghai"
    )
    heated_area: Annotated[
        float | None, Measure("area", "heated floor area", "供暖面积", 0, 1e9, positive=True)
    ] = None
    cooled_area: Annotated[
        float | None, Measure("area", "cooled floor area", "供冷面积", 0, 1e9, positive=True)
    ] = None
    outdoor_heating_design_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "outdoor design temperature for heating", "供暖室外计算温度", -60, 25
        ),
    ] = None
    outdoor_cooling_design_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "outdoor design temperature for cooling", "空调室外计算温度", 10, 60
        ),
    ] = None

    @property
    def zone(self) -> ZoneInfo:
        """The local time zone."""
        return ZoneInfo(self.time_zone)
