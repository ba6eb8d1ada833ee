"""The items of ``records.csv``: what numbers a design-hour or nameplate record may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from diwen.language import Text


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of number that a record may hold.

    Attributes
    ----------
    quantity : key of ``diwen.quantities.QUANTITIES``
    text : name in both languages
    detail : what may follow ``@``: nothing, a free ``name`` (several pumps), or another ``record``
    given : whether it may be an input; a derived number can only be printed
    """

    quantity: str
    text: Text
    detail: Literal["", "name", "record"] = ""
    given: bool = False


#: Every item of a record. Power items may also be written as energy of the record's duration.
ITEMS: Mapping[str, Item] = {
    "duration": Item("time", Text("duration of the record", "记录时长"), given=True),
    "heat_output": Item("heat_power", Text("heat output", "制热量"), given=True),
    "cold_output": Item("heat_power", Text("cold output", "制冷量"), given=True),
    "unit_power": Item("heat_power", Text("input power of a unit", "机组输入功率"), "name", True),
    "pump_power": Item("heat_power", Text("input power of a pump", "水泵功率"), "name", True),
    "peak_duty": Item("heat_power", Text("peak duty of a user", "用户最大需热"), "name", True),
    "holding_duty": Item(
        "heat_power", Text("holding duty of a user", "用户持续需热"), "name", True
    ),
    "pump_power_total": Item("heat_power", Text("power of all pumps", "水泵总功率")),
    "total_output": Item("heat_power", Text("heat and cold output", "冷热总输出")),
    "peak_duty_total": Item("heat_power", Text("sum of peak duties", "最大需热合计")),
    "holding_duty_total": Item("heat_power", Text("sum of holding duties", "持续需热合计")),
    "cop_unit": Item("ratio", Text("unit COP", "机组制热性能系数 COP")),
    "eer_unit": Item("ratio", Text("unit EER", "机组制冷能效比 EER")),
    "cop_unit_simultaneous": Item(
        "ratio", Text("unit COP, simultaneous heating and cooling", "机组热冷同供性能系数")
    ),
    "cop_system": Item("ratio", Text("system COP", "系统制热性能系数 COPsys")),
    "eer_system": Item("ratio", Text("system EER", "系统制冷能效比 EERsys")),
    "cop_system_simultaneous": Item(
        "ratio",
        Text("system COP, simultaneous heating and cooling", "热冷同供系统性能系数 COPsys(h+c)"),
    ),
    "pump_share": Item("ratio", Text("pump energy share", "输配能耗占比")),
    "gain_over": Item(
        "ratio", Text("gain in system performance over", "系统性能系数提高率，相对于"), "record"
    ),
}
