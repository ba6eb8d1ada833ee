"""A point: one measured (or simulated, or manually read) series and how its raw number is read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from diwen import quantities
from diwen.language import Text
from diwen.site.accuracy import Accuracy, parse_accuracy
from diwen.site.locations import LOCATIONS, Location

Origin = Literal["measured", "manual", "simulated"]
ORIGIN_NAMES = {
    "measured": Text("measured", "实测"),
    "simulated": Text("simulated", "模拟"),
    "manual": Text("manual entry", "人工录入"),
}
SITE_WIDE = "site"

# What each column of points.csv means.
COLUMN_TEXTS = {
    "id": Text("name of the point", "测点标识"),
    "quantity": Text("quantity", "物理量"),
    "unit": Text("unit of the delivered raw number", "原始数值的单位"),
    "equipment": Text("ids it covers, joined by +, or site",
                      "所覆盖设备的标识，用 + 连接，或 site"),
    "location": Text("place of measurement, with @detail where there are several",
                     "测点位置；同类多个时加 @ 说明"),
    "name": Text("name for people", "名称"),
    "kind": Text("gauge, counter or state", "瞬时量 gauge、累计量 counter 或状态 state"),
    "accuracy": Text("accuracy; empty: unknown, then no uncertainty and no grade",
                     "准确度；留空为未知，则不给不确定度与等级"),
    "interval": Text("time between records", "记录间隔"),
    "source": Text("column (or point name) in the delivered file", "数据文件中的列名（或测点名）"),
    "scale": Text("factor on the raw number, before the unit", "原始数值的系数（单位换算之前）"),
    "offset": Text("added after the factor", "乘系数后再加的值"),
    "time_zone": Text("time zone of the delivered file", "数据文件的时区"),
    "decimal": Text("decimal sign of the delivered file", "数据文件的小数符号"),
    "sentinel": Text("numbers that mean no value, separated by spaces",
                     "表示无效值的数字，空格分隔"),
    "low": Text("lowest plausible value, in the unit", "合理下限（按所列单位）"),
    "high": Text("highest plausible value, in the unit", "合理上限（按所列单位）"),
    "group": Text("sub-folder of telemetry/", "telemetry/ 下的分组"),
    "origin": Text("measured, manual or simulated",
                   "measured 实测、manual 人工录入或 simulated 模拟"),
    "calibration_due": Text("last day of the calibration", "校准有效期"),
    "note": Text("remark", "备注"),
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One row of ``points.csv``.

    Attributes
    ----------
    id : name of the point inside the site
    quantity : key of :data:`diwen.quantities.QUANTITIES`
    unit : unit of the delivered raw number
    kind : gauge, counter or state
    equipment : ids of ``site.toml`` that the point covers; ``("site",)`` for the whole site
    location, detail : word of :data:`LOCATIONS` and the text after ``@``, empty if none
    name : name for people, empty if none
    accuracy : accuracy as written; see :attr:`limits_of_error`
    interval : seconds between records, None if unknown
    source : column (wide file) or point name (long file) in the delivered file
    scale, offset : applied to the raw number before the unit conversion
    time_zone, decimal, sentinel : of the delivered file, None or empty: as ``[telemetry]`` says
    low, high : plausible range in the quantity's own unit, None: the quantity's range
    group : sub-folder of ``telemetry/``
    origin : measured, manual or simulated
    calibration_due : day after which records count as "calibration expired"
    note : free text
    """

    id: str
    quantity: str
    unit: str
    equipment: tuple[str, ...]
    location: str
    detail: str = ""
    kind: quantities.Kind = "gauge"
    name: str = ""
    accuracy: str = ""
    interval: float | None = None
    source: str = ""
    scale: float = 1.0
    offset: float = 0.0
    time_zone: str | None = None
    decimal: str | None = None
    sentinel: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    group: str = "main"
    origin: Origin = "measured"
    calibration_due: datetime.date | None = None
    note: str = ""

    def factor_offset(self) -> tuple[float, float]:
        """``(a, b)`` with value in the quantity's own unit = ``a * raw + b``."""
        factor, offset = quantities.conversion(self.unit, self.quantity)
        return factor * self.scale, factor * self.offset + offset

    @cached_property
    def limits_of_error(self) -> Accuracy | None:
        """What the accuracy text says; None when the accuracy is unknown."""
        return parse_accuracy(self.accuracy, self.quantity) if self.accuracy else None

    @property
    def place(self) -> Location:
        """The location as the vocabulary describes it."""
        return LOCATIONS[self.location]

    @property
    def position(self) -> str:
        """Location with its detail, as written in the file (``room@201``)."""
        return f"{self.location}@{self.detail}" if self.detail else self.location
