"""One rule against a design. See :mod:`.design_result` for the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from diwen.design.station_design.plain_data import both, plain
from diwen.language import Text
from diwen.rules.row import Row

Status = Literal["ok", "fails", "warns", "unknown", "not_judged"]
STATUSES: dict[Status, Text] = {
    "ok": Text("kept", "满足"),
    "fails": Text("not kept", "不满足"),
    "warns": Text("to be looked at", "提示"),
    "unknown": Text("unknown", "无法判断"),
    "not_judged": Text("not judged", "未评判"),
}


@dataclass(frozen=True)
class ComplianceRow:
    """One rule against the design.

    Attributes
    ----------
    id : stable name of the check
    group : key of :data:`GROUPS`
    name : what is judged
    value, limit : in ``unit``; None where unknown or in words; a range has its ``upper`` end
    sense : ``<=``, ``>=``, ``range`` or empty
    margin : what is left to the limit, in ``unit``, negative where it is broken
    status : see :data:`STATUSES`
    rule : the row; None for an own limit of the site or of physics
    why : what was found, and by which model
    cure : what to change; None where nothing has to
    missing : keys of the data that are not known
    """

    id: str
    group: str
    name: Text
    value: float | None
    unit: str
    limit: float | None
    margin: float | None
    status: Status
    rule: Row | None
    why: Text
    cure: Text | None = None
    missing: tuple[str, ...] = ()
    sense: str = ""
    upper: float | None = None

    @property
    def verified(self) -> bool:
        """Whether the number of the rule was read in public material (see the rule data)."""
        return self.rule is not None and self.rule.verified

    @property
    def rule_id(self) -> str:
        """Id of the rule row; empty for an own limit."""
        return "" if self.rule is None else self.rule.id

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        rows = plain({name: getattr(self, name) for name in (
            "id", "group", "value", "unit", "limit", "upper", "sense", "margin", "status",
            "verified", "missing")})  # fmt: skip
        rows |= {name: both(getattr(self, name)) for name in ("name", "why", "cure")}
        return {**rows, "rule": None if self.rule is None else self.rule.as_dict()}


GROUPS: dict[str, Text] = {
    "survey": Text("survey and tests", "勘察与试验"),
    "layout": Text("boreholes and wells", "钻孔与井"),
    "temperature": Text("temperatures of the source", "热源侧温度"),
    "balance": Text("heat balance", "热平衡"),
    "units": Text("units", "机组"),
    "system": Text("efficiency of the system", "系统能效"),
    "supply": Text("supply of the loads", "负荷保证"),
    "wells": Text("wells", "热源井"),
    "water": Text("water", "水资源"),
    "environment": Text("environment", "环境"),
}
