"""A portfolio: many systems with one row of totals each: ``[portfolio]``.

The table of systems is a CSV file as somebody else made it; ``[portfolio.columns.ROLE]`` says
which column holds what, in which unit, and which numbers only mean "unknown".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from diwen import quantities
from diwen.language import Text
from diwen.site.accuracy import GRAMMAR, AccuracyError, parse_accuracy
from diwen.site.cell_problems import NOT_A_UNIT, NOT_UNDERSTOOD_ACCURACY, UNIT_CURE
from diwen.site.fields import Finding, Meaning, Table
from diwen.site.spelling import cure_for, listed

SourceKind = Literal[
    "ground", "groundwater", "surface_water", "sewage", "waste_heat", "air", "other"
]
Level = Literal["H1", "H2", "H3", "H4", "unknown"]


@dataclass(frozen=True, slots=True)
class Role:
    """What a column of a portfolio may hold.

    Attributes
    ----------
    quantity : key of ``diwen.quantities.QUANTITIES``; empty for text
    text : meaning in both languages
    words : the possible words of a text column; empty: free text
    required : without it nothing can be evaluated
    signed : may be negative
    """

    quantity: str
    text: Text
    words: tuple[str, ...] = ()
    required: bool = False
    signed: bool = False


def _heat(en: str, zh: str, required: bool = False) -> Role:
    return Role("heat_energy", Text(en, zh), required=required)


def _electricity(en: str, zh: str, required: bool = False) -> Role:
    return Role("electric_energy", Text(en, zh), required=required)


def _temperature(en: str, zh: str) -> Role:
    return Role("temperature", Text(en, zh), signed=True)


def _ratio(en: str, zh: str) -> Role:
    return Role("ratio", Text(en, zh))


#: Every role a column can have, in the order in which they are documented.
ROLES: Mapping[str, Role] = {
    "system": Role("", Text("id of the system", "系统标识"), required=True),
    "name": Role("", Text("make and model, or a name", "品牌型号或名称")),
    "source": Role("", Text("kind of heat source", "热源类型"), get_args(SourceKind), True),
    "boundary": Role("", Text("measured boundary (SEPEMO)", "计量边界（SEPEMO）"), get_args(Level)),
    "heat": _heat("heat of the period", "周期供热量", True),
    "electricity": _electricity("electricity of the period", "周期用电量", True),
    "spf": _ratio("performance factor as delivered", "来源给出的性能系数"),
    "space_heat": _heat("heat for space heating", "供暖供热量"),
    "space_electricity": _electricity("electricity for space heating", "供暖用电量"),
    "hot_water_heat": _heat("heat for hot water", "生活热水供热量"),
    "hot_water_electricity": _electricity("electricity for hot water", "生活热水用电量"),
    "cold": _heat("cold of the period", "周期供冷量"),
    "cold_electricity": _electricity("electricity for cooling", "供冷用电量"),
    "second_heat": _heat("heat, counted a second way", "另一种累计方式的热量"),
    "second_electricity": _electricity("electricity, counted a second way", "另一种累计方式的电量"),
    "heater_electricity": _electricity("electricity of back-up heaters", "电辅助加热用电量"),
    "heater_metered": _ratio(
        "1 where the back-up heater is inside the electricity meter", "电辅助加热在电表内为 1"
    ),
    "supply_temperature": _temperature("supply temperature while running", "运行时供水温度"),
    "return_temperature": _temperature("return temperature while running", "运行时回水温度"),
    "outdoor_temperature": _temperature("outdoor temperature while running", "运行时室外温度"),
    "weighted_supply_temperature": _temperature(
        "supply temperature, weighted by heat", "按热量加权的供水温度"
    ),
    "weighted_outdoor_temperature": _temperature(
        "outdoor temperature, weighted by heat", "按热量加权的室外温度"
    ),
    "hot_water_supply_temperature": _temperature(
        "supply temperature while heating hot water", "加热生活热水时供水温度"
    ),
    "source_temperature": _temperature(
        "temperature of the source fluid entering the unit", "机组热源侧进水温度"
    ),
    "design_supply_temperature": _temperature(
        "design supply temperature, self-reported", "自报设计供水温度"
    ),
    "floor_area": Role("area", Text("floor area, self-reported", "自报建筑面积")),
    "rated_output": Role("heat_power", Text("rated output, self-reported", "自报额定制热量")),
    "heat_loss": Role("heat_power", Text("design heat loss, self-reported", "自报设计热负荷")),
    "duration": Role("time", Text("time with data", "有数据的时长")),
    "starts": _ratio("number of starts", "启动次数"),
    "starts_per_hour": _ratio("starts per hour of the period", "每小时启动次数"),
    "heat_validity": _ratio("share of valid heat records", "热量数据完整率"),
    "electricity_validity": _ratio("share of valid electricity records", "电量数据完整率"),
    "air_error_time": Role("time", Text("time with air in the heat meter", "热量表进气故障时长")),
}
REQUIRED: tuple[str, ...] = tuple(name for name, role in ROLES.items() if role.required)

_UNKNOWN_ROLE = Text("no such role of a column", "没有这种列含义")
_NEEDED = Text("no column is named for the role {role}", "未指明 {role} 对应的列")
_NAME_IT = Text(
    "add [portfolio.columns.{role}] with the column", "增加 [portfolio.columns.{role}] 并写明列名"
)
_NO_UNIT = Text("a text column has no unit", "文字列没有单位")
_TAKE_AWAY = Text("remove the unit", "请删除单位")
_BAD_WORD = Text("{word} is not one of the possible words", "{word} 不在可选词之列")
_ACCURACY_CURE = Text("write it as one of the forms", "请按所列形式之一书写")
_ORDER = Text("the end is not after the start", "结束日期不晚于开始日期")
_CORRECT = Text("correct the dates", "请更正日期")


class Column(Table):
    """``[portfolio.columns.ROLE]``: one column of the file."""

    meaning: ClassVar[Text] = Text("a column of the table of systems", "系统表的一列")

    column: Annotated[str, Meaning("name of the column in the file", "文件中的列名")]
    unit: Annotated[str, Meaning("unit of its numbers", "数值单位")] = ""
    unknown: Annotated[
        tuple[float, ...],
        Meaning("numbers that mean: not known, such as 0", "表示“未知”的数值，例如 0"),
    ] = ()
    values: Annotated[
        dict[str, str],
        Meaning("word of the file = word of Diwen", "文件用词 = Diwen 用词"),
    ] = Field(default_factory=dict)


class Portfolio(Table):
    """``[portfolio]``: a file with one row per system."""

    meaning: ClassVar[Text] = Text("many systems, one row each", "多系统汇总（每系统一行）")

    file: Annotated[str, Meaning("CSV file, may be gzipped", "CSV 文件，可为 gzip")]
    start: Annotated[datetime.date | None, Meaning("first day", "首日")] = None
    end: Annotated[datetime.date | None, Meaning("last day", "末日")] = None
    heat_meter: Annotated[str, Meaning("accuracy of the heat meters", "热量表准确度")] = ""
    electricity_meter: Annotated[
        str, Meaning("accuracy of the electricity meters", "电能表准确度")
    ] = ""
    columns: Annotated[dict[str, Column], Meaning("columns by role", "各列含义")] = Field(
        default_factory=dict
    )

    def findings(self) -> Iterator[Finding]:
        """Roles, units, words and accuracies that cannot be used; one finding each."""
        for role in REQUIRED:
            if role not in self.columns:
                yield Finding("columns", _NEEDED.format(role=role), _NAME_IT.format(role=role))
        for name, column in self.columns.items():
            if name not in ROLES:
                yield Finding(
                    f"columns.{name}", _UNKNOWN_ROLE, cure_for(name, ROLES), name, listed(ROLES)
                )
            else:
                yield from _column_findings(name, column)
        for key, quantity in (
            ("heat_meter", "heat_energy"),
            ("electricity_meter", "electric_energy"),
        ):
            text = getattr(self, key)
            try:
                if text:
                    parse_accuracy(text, quantity)
            except AccuracyError:
                yield Finding(key, NOT_UNDERSTOOD_ACCURACY, _ACCURACY_CURE, text, GRAMMAR)
        if self.start and self.end and self.end <= self.start:
            yield Finding("end", _ORDER, _CORRECT, f"{self.start} … {self.end}")


def _column_findings(name: str, column: Column) -> Iterator[Finding]:
    """What is wrong with one column's declaration."""
    role = ROLES[name]
    where = f"columns.{name}"
    if not role.quantity:
        if column.unit:
            yield Finding(f"{where}.unit", _NO_UNIT, _TAKE_AWAY, column.unit)
        for word in column.values.values():
            if role.words and word not in role.words:
                yield Finding(
                    f"{where}.values", _BAD_WORD.format(word=word), cure_for(word, role.words),
                    word, listed(role.words),
                )  # fmt: skip
        return
    quantity = quantities.quantity(role.quantity)
    try:
        quantities.conversion(column.unit, role.quantity)
    except (quantities.UnitError, OverflowError):
        yield Finding(
            f"{where}.unit", NOT_A_UNIT.format(quantity=quantity.text),
            UNIT_CURE.format(unit=quantity.display_unit), column.unit or '""',
        )  # fmt: skip
