"""Reading ``points.csv``: every error of the file at once."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any, get_args

from diwen import quantities
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.accuracy import GRAMMAR, AccuracyError, parse_accuracy
from diwen.site.cell_problems import (
    DATE_CURE,
    EMPTY,
    FILL,
    LIMITS_CURE,
    NOT_A_CHOICE,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_A_UNIT,
    NOT_UNDERSTOOD_ACCURACY,
    QUOTE,
    RENAME,
    SURPLUS,
    UNIT_CURE,
)
from diwen.site.identity import BAD_ZONE, ZONE_CURE, known_time_zone
from diwen.site.locations import LOCATIONS
from diwen.site.points import SITE_WIDE, Origin, Point
from diwen.site.spelling import IDENTIFIER, IDENTIFIER_RULE, cure_for, listed
from diwen.site.textfile import Row, check_header, read_csv, read_text

FILE = "points.csv"
REQUIRED = ("id", "quantity", "unit", "equipment", "location")
OPTIONAL = (
    "name", "kind", "accuracy", "interval", "source", "scale", "offset", "time_zone", "decimal",
    "sentinel", "low", "high", "group", "origin", "calibration_due", "note",
)  # fmt: skip
COLUMNS = REQUIRED + OPTIONAL
MEASURED: tuple[str, ...] = tuple(
    name
    for name in quantities.QUANTITIES
    if any(name in location.quantities for location in LOCATIONS.values())
)

_BAD_ID = Text("not usable as an id", "不能用作标识")
_TWICE = Text("the id appears twice (first in line {line})", "标识重复（首次出现在第 {line} 行）")
_UNKNOWN_QUANTITY = Text("unknown quantity", "未知的物理量")
_DESIGN_ONLY = Text("a design quantity, not a measured one", "这是设计量，不是测量量")
_UNKNOWN_LOCATION = Text("unknown location", "未知的测点位置")
_NOT_THERE = Text("{quantity} is not measured at {location}", "{location}处不测{quantity}")
_MOVE = Text("correct the quantity or the location", "请更正物理量或测点位置")
_UNKNOWN_EQUIPMENT = Text("no equipment of that id in site.toml", "site.toml 中没有该标识的设备")
_SAME_UNIT = Text("the same equipment appears twice", "同一设备重复出现")
_NAME_ONCE = Text("name each unit once", "每台设备只写一次")
_NUMBER_CURE = Text(
    "write a plain number such as 0.1 (decimal point)", "请写普通数值，例如 0.1（小数点为“.”）"
)
_ZERO_SCALE = Text("a scale of 0 erases the measurement", "比例系数为 0 会抹掉测量值")
_SCALE_CURE = Text(
    "write the factor by which the raw number is multiplied", "请填写原始数值应乘的系数"
)
_BAD_TIME = Text("not a duration", "不是时长")
_TIME_CURE = Text("write for example 60 s, 15 min or 1 h", "例如写成 60 s、15 min 或 1 h")
_ACCURACY_CURE = Text(
    "write it as one of the forms, or leave it empty when it is unknown",
    "请按所列形式之一书写；准确度未知时留空",
)
_LOW_HIGH = Text("low is not below high", "下限不小于上限")


def read_points(
    path: Path, equipment: Collection[str], problems: list[Problem]
) -> tuple[Point, ...]:
    """Read ``points.csv``.

    Parameters
    ----------
    path : the file
    equipment : ids that ``site.toml`` defines
    problems : every error and warning found is appended

    Returns
    -------
    tuple of Point : the sound rows
    """
    try:
        text, warnings = read_text(path)
    except InputError as error:
        problems.extend(error.problems)
        return ()
    problems.extend(warnings)
    sheet = read_csv(text)
    header = check_header(FILE, sheet, REQUIRED, OPTIONAL)
    problems.extend(header)
    if header:
        return ()
    points: dict[str, Point] = {}
    lines: dict[str, int] = {}
    for row in sheet.rows:
        reader = _RowReader(row, equipment)
        point = reader.point()
        if row.cells["id"] in lines:
            reader.refuse("id", _TWICE.format(line=lines[row.cells["id"]]), RENAME)
        lines.setdefault(row.cells["id"], row.line)
        problems.extend(reader.problems)
        if point is not None and point.id not in points:
            points[point.id] = point
    return tuple(points.values())


class _RowReader:
    """Reads the cells of one row and keeps what is wrong with them."""

    def __init__(self, row: Row, equipment: Collection[str]) -> None:
        self.row = row
        self.equipment = equipment
        self.problems: list[Problem] = []
        if row.surplus:
            self.refuse("", SURPLUS, QUOTE, value=" | ".join(row.surplus))

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def refuse(
        self, column: str, message: Text, cure: Text, allowed: Text | None = None, value: str = ""
    ) -> None:
        where = f"line {self.row.line}" + (f", column {column}" if column else "")
        value = value or self.cell(column)
        self.problems.append(Problem(FILE, where, message, cure, value, allowed))

    def point(self) -> Point | None:
        """The point of this row; None when anything in it is wrong."""
        values: dict[str, Any] = {"id": self._identifier("id")}
        quantity = self._quantity()
        values["quantity"] = quantity
        values["unit"] = self.cell("unit")
        values["location"], values["detail"] = self._location(quantity)
        values["equipment"] = self._equipment()
        if quantity is not None:
            self._unit(quantity)
            values["accuracy"] = self._accuracy(quantity)
        default = quantities.quantity(quantity).kind if quantity else "gauge"
        values["kind"] = self._choice("kind", get_args(quantities.Kind), default)
        values["origin"] = self._choice("origin", get_args(Origin), "measured")
        values["decimal"] = self._choice("decimal", (".", ","), "") or None
        values["scale"] = self._number("scale", 1.0)
        values["offset"] = self._number("offset", 0.0)
        if values["scale"] == 0:
            self.refuse("scale", _ZERO_SCALE, _SCALE_CURE)
        values["interval"] = self._interval()
        values["time_zone"] = self._time_zone()
        values["sentinel"] = self._sentinel()
        values["low"], values["high"] = self._limits(quantity)
        values["calibration_due"] = self._date("calibration_due")
        values["group"] = self._identifier("group") if self.cell("group") else "main"
        values |= {column: self.cell(column) for column in ("name", "source", "note")}
        return None if self.problems else Point(**values)

    def _identifier(self, column: str) -> str:
        value = self.cell(column)
        if not value:
            self.refuse(column, EMPTY, FILL)
        elif not IDENTIFIER.fullmatch(value):
            self.refuse(column, _BAD_ID, RENAME, IDENTIFIER_RULE)
        return value

    def _quantity(self) -> str | None:
        value = self.cell("quantity")
        if not value:
            self.refuse("quantity", EMPTY, FILL, listed(MEASURED))
        elif value not in quantities.QUANTITIES:
            self.refuse("quantity", _UNKNOWN_QUANTITY, cure_for(value, MEASURED), listed(MEASURED))
        elif value not in MEASURED:
            self.refuse("quantity", _DESIGN_ONLY, _MOVE, listed(MEASURED))
        else:
            return value
        return None

    def _unit(self, quantity: str) -> None:
        known = quantities.quantity(quantity)
        cure = UNIT_CURE.format(unit=known.display_unit)
        if not self.cell("unit") and known.unit != "1":
            self.refuse("unit", EMPTY, cure)
            return
        try:
            quantities.conversion(self.cell("unit"), quantity)
        except (quantities.UnitError, OverflowError):
            self.refuse("unit", NOT_A_UNIT.format(quantity=known.text), cure)

    def _location(self, quantity: str | None) -> tuple[str, str]:
        word, _, detail = self.cell("location").partition("@")
        word, detail = word.strip(), detail.strip()
        if not word:
            self.refuse("location", EMPTY, FILL, listed(LOCATIONS))
        elif word not in LOCATIONS:
            self.refuse("location", _UNKNOWN_LOCATION, cure_for(word, LOCATIONS), listed(LOCATIONS))
        elif quantity is not None and quantity not in LOCATIONS[word].quantities:
            message = _NOT_THERE.format(
                quantity=quantities.quantity(quantity).text, location=LOCATIONS[word].text
            )
            self.refuse("location", message, _MOVE, listed(LOCATIONS[word].quantities))
        return word, detail

    def _equipment(self) -> tuple[str, ...]:
        ids = tuple(part.strip() for part in self.cell("equipment").split("+"))
        if not any(ids):
            self.refuse("equipment", EMPTY, FILL, listed((SITE_WIDE, *self.equipment)))
            return ()
        if len(set(ids)) < len(ids):
            self.refuse("equipment", _SAME_UNIT, _NAME_ONCE)
        for name in ids:
            if name != SITE_WIDE and name not in self.equipment:
                known = (SITE_WIDE, *self.equipment)
                cure = cure_for(name, known)
                self.refuse("equipment", _UNKNOWN_EQUIPMENT, cure, listed(known), name or '""')
        return ids

    def _accuracy(self, quantity: str) -> str:
        text = self.cell("accuracy")
        if text:
            try:
                parse_accuracy(text, quantity)
            except AccuracyError as error:
                message = Text(
                    f"{NOT_UNDERSTOOD_ACCURACY.en}: {error}",
                    f"{NOT_UNDERSTOOD_ACCURACY.zh}：{text}",
                )
                self.refuse("accuracy", message, _ACCURACY_CURE, GRAMMAR)
        return text

    def _choice(self, column: str, words: tuple[str, ...], default: str) -> str:
        value = self.cell(column) or default
        if value != default and value not in words:
            self.refuse(column, NOT_A_CHOICE, cure_for(value, words), listed(words))
        return value

    def _number(self, column: str, default: float) -> float:
        return self._as_number(column, self.cell(column)) if self.cell(column) else default

    def _as_number(self, column: str, text: str) -> float:
        try:
            number = float(text.replace("−", "-"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.refuse(column, NOT_A_NUMBER, _NUMBER_CURE)
        return number

    def _interval(self) -> float | None:
        text = self.cell("interval")
        if not text:
            return None
        try:
            seconds = quantities.parse(text, "time")
        except (quantities.UnitError, OverflowError):
            seconds = 0.0
        if not 0 < seconds <= 366 * 86400:
            self.refuse("interval", _BAD_TIME, _TIME_CURE)
        return seconds

    def _time_zone(self) -> str | None:
        name = self.cell("time_zone")
        if not name:
            return None
        if not known_time_zone(name):
            self.refuse("time_zone", BAD_ZONE, ZONE_CURE)
        return name

    def _sentinel(self) -> tuple[float, ...]:
        return tuple(self._as_number("sentinel", part) for part in self.cell("sentinel").split())

    def _limits(self, quantity: str | None) -> tuple[float | None, float | None]:
        given = {c: self._number(c, math.nan) for c in ("low", "high") if self.cell(c)}
        low, high = given.get("low"), given.get("high")
        if low is not None and high is not None and low >= high:
            self.refuse("low", _LOW_HIGH, LIMITS_CURE, value=f"{low:g} … {high:g}")
        if quantity is None:
            return None, None
        try:
            factor, offset = quantities.conversion(self.cell("unit"), quantity)
        except (quantities.UnitError, OverflowError):
            return None, None
        inside = [None if v is None else factor * v + offset for v in (low, high)]
        return inside[0], inside[1]

    def _date(self, column: str) -> datetime.date | None:
        if not self.cell(column):
            return None
        try:
            return datetime.date.fromisoformat(self.cell(column))
        except ValueError:
            self.refuse(column, NOT_A_DATE, DATE_CURE)
            return None
