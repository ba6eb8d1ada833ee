"""The whole site: every table of ``site.toml``, its points and its ledger."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

from pydantic import Field

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.auxiliaries import (
    Boiler,
    Chiller,
    Control,
    CoolingTower,
    Exchanger,
    Heater,
    Pump,
    SolarCollector,
    Tank,
    Terminal,
)
from diwen.site.borefield import Borefield
from diwen.site.borehole import BoreholePosition
from diwen.site.demand import Comfort, Load, Operation
from diwen.site.economy import Costs, Subsidy, Tariff, Water
from diwen.site.fields import Meaning, Table
from diwen.site.ground import Ground
from diwen.site.heat_pumps import HeatPump
from diwen.site.households import Households
from diwen.site.identity import Identity, Place, SiteKind
from diwen.site.ledger import Entry
from diwen.site.loops import Loop
from diwen.site.metering import Evaluation, Metering, Telemetry
from diwen.site.phases import Phase
from diwen.site.plant_modes import PlantMode
from diwen.site.points import Point
from diwen.site.portfolio import Portfolio
from diwen.site.records import Record
from diwen.site.response_tests import ResponseTest
from diwen.site.samples import Sample
from diwen.site.sources import Source
from diwen.site.staging import Staging
from diwen.site.valves import Valve
from diwen.site.weather_table import WeatherTable


class SiteFile(Table):
    """Everything that ``site.toml`` may hold."""

    schema_version: Annotated[
        Literal[1], Field(alias="schema"), Meaning("version of this schema", "本格式版本")
    ]
    site: Annotated[Identity, Meaning("name and kind", "名称与类型")]
    place: Annotated[Place, Meaning("position and climate", "位置与气候")] = Place()
    weather: Annotated[WeatherTable, Meaning("weather", "气象")] = WeatherTable()
    ground: Annotated[Ground, Meaning("ground", "地层")] = Ground()
    response_tests: Annotated[
        tuple[ResponseTest, ...], Meaning("thermal response tests", "岩土热响应试验")
    ] = ()
    sources: Annotated[dict[str, Source], Meaning("heat sources", "热源")] = Field(
        default_factory=dict
    )
    heat_pumps: Annotated[dict[str, HeatPump], Meaning("heat pumps", "热泵机组")] = Field(
        default_factory=dict
    )
    pumps: Annotated[dict[str, Pump], Meaning("pumps", "水泵")] = Field(default_factory=dict)
    heaters: Annotated[dict[str, Heater], Meaning("electric back-up heaters", "电辅助加热器")] = (
        Field(default_factory=dict)
    )
    boilers: Annotated[dict[str, Boiler], Meaning("boilers", "锅炉")] = Field(default_factory=dict)
    chillers: Annotated[dict[str, Chiller], Meaning("chillers", "冷水机组")] = Field(
        default_factory=dict
    )
    cooling_towers: Annotated[dict[str, CoolingTower], Meaning("cooling towers", "冷却塔")] = Field(
        default_factory=dict
    )
    tanks: Annotated[dict[str, Tank], Meaning("tanks", "水箱")] = Field(default_factory=dict)
    exchangers: Annotated[dict[str, Exchanger], Meaning("heat exchangers", "换热器")] = Field(
        default_factory=dict
    )
    terminals: Annotated[dict[str, Terminal], Meaning("terminals", "末端")] = Field(
        default_factory=dict
    )
    solar_collectors: Annotated[
        dict[str, SolarCollector], Meaning("solar collectors", "太阳能集热器")
    ] = Field(default_factory=dict)
    controls: Annotated[dict[str, Control], Meaning("controls", "控制系统")] = Field(
        default_factory=dict
    )
    valves: Annotated[dict[str, Valve], Meaning("change-over valves", "切换阀")] = Field(
        default_factory=dict
    )
    loops: Annotated[dict[str, Loop], Meaning("loops of the plant", "系统回路")] = Field(
        default_factory=dict
    )
    modes: Annotated[dict[str, PlantMode], Meaning("modes of operation", "运行模式")] = Field(
        default_factory=dict
    )
    staging: Annotated[Staging, Meaning("staging of the units", "机组加减机")] = Staging()
    loads: Annotated[dict[str, Load], Meaning("loads", "负荷")] = Field(default_factory=dict)
    households: Annotated[
        Households | None, Meaning("homes with units of their own", "户用机组系统")
    ] = None
    phases: Annotated[dict[str, Phase], Meaning("phases of building", "分期建设")] = Field(
        default_factory=dict
    )
    comfort: Annotated[Comfort, Meaning("comfort", "室内环境")] = Comfort()
    operation: Annotated[Operation, Meaning("operation", "运行")] = Operation()
    tariff: Annotated[Tariff, Meaning("prices", "能源价格")] = Tariff()
    subsidy: Annotated[Subsidy, Meaning("subsidies", "奖补")] = Subsidy()
    water: Annotated[Water, Meaning("water tax", "水资源税")] = Water()
    costs: Annotated[Costs, Meaning("costs", "费用")] = Costs()
    metering: Annotated[Metering, Meaning("metering", "计量")] = Metering()
    evaluation: Annotated[Evaluation, Meaning("evaluation", "评价")] = Evaluation()
    telemetry: Annotated[Telemetry, Meaning("data files", "数据文件")] = Telemetry()
    portfolio: Annotated[
        Portfolio | None, Meaning("many systems, one row each", "多系统汇总（每系统一行）")
    ] = None


def is_keyed(annotation: object) -> bool:
    """Whether a field of :class:`SiteFile` is a table of tables keyed by id."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return get_origin(annotation) is dict


KEYED: tuple[str, ...] = tuple(
    name for name, field in SiteFile.model_fields.items() if is_keyed(field.annotation)
)

NOT_EQUIPMENT = ("modes", "phases")
"""Keyed tables whose ids name nothing that a point could stand at."""
EQUIPMENT: tuple[str, ...] = tuple(name for name in KEYED if name not in NOT_EQUIPMENT)


class Site(SiteFile):
    """A site folder, read and checked.

    Besides the tables of ``site.toml`` it carries what the other files hold.

    Attributes
    ----------
    folder : the site folder
    points : rows of ``points.csv``
    ledger : entries of ``ledger.csv``, in the order of the file
    records : design-hour records of ``records.csv``
    samples : water samples of ``samples.csv``
    notices : warnings found while reading
    borehole_files : boreholes of the fields that name a CSV file; use :meth:`boreholes`
    """

    folder: Path
    points: tuple[Point, ...] = ()
    ledger: tuple[Entry, ...] = ()
    records: tuple[Record, ...] = ()
    samples: tuple[Sample, ...] = ()
    notices: tuple[Problem, ...] = ()
    borehole_files: dict[str, tuple[BoreholePosition, ...]] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the site folder."""
        return self.folder.resolve().name

    @property
    def name(self) -> Text:
        """Name of the site in both languages."""
        return self.site.name

    @property
    def kind(self) -> SiteKind:
        """Kind of the site."""
        return self.site.kind

    @property
    def illustrative(self) -> bool:
        """Whether the data are assumed, not of a real site."""
        return self.site.illustrative

    def point(self, name: str) -> Point:
        """The point of that id.

        Raises
        ------
        KeyError : no such point
        """
        for point in self.points:
            if point.id == name:
                return point
        raise KeyError(name)

    def boreholes(self, source: str) -> tuple[BoreholePosition, ...]:
        """The boreholes of a bore field, of a pattern as well as from a CSV file.

        Raises
        ------
        KeyError : no bore field of that id
        """
        field = self.sources[source]
        if not isinstance(field, Borefield):
            raise KeyError(source)
        return self.borehole_files.get(source) or field.positions()

    def equipment(self) -> dict[str, str]:
        """Table name (``heat_pumps``, ``pumps``, ``wells``...) of every equipment id.

        Wells and bore-field zones stand under their source in the file, but share the ids of the
        site, because points name them.
        """
        return dict(equipment_ids(self))

    def season(
        self, name: Literal["heating", "cooling"], year: int
    ) -> tuple[datetime.date, datetime.date] | None:
        """First and last day of the season that starts in a year; None if the site has none."""
        season = getattr(self.operation, f"{name}_season")
        return None if season is None else season.span(year)


def equipment_ids(site: SiteFile) -> Iterator[tuple[str, str]]:
    """``(id, table)`` of everything a point may name, in the order of the schema."""
    for table in EQUIPMENT:
        for name, item in getattr(site, table, {}).items():
            yield name, table
            for inner in ("wells", "zones"):
                parts = getattr(item, inner, {})
                if isinstance(parts, dict):  # a loop only names the zones of its source
                    yield from ((part, inner) for part in parts)
