"""``[valves.ID]``: change-over valves and what they connect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Table

PORTS = ("evaporator", "condenser", "desuperheater")
"""Water sides of a unit, as written behind a colon: ``hp1:condenser``."""

_TWO_ENDS = Text(
    "a valve connects two things, {number} are named", "阀门连接两处，此处给出 {number} 处"
)
_WRITE_ENDS = Text(
    'write two ends, such as connects = ["hp1:condenser", "heating"]',
    '请写两端，例如 connects = ["hp1:condenser", "heating"]',
)
_SAME_END = Text("both ends are the same", "两端相同")
_BAD_PORT = Text("a unit has no such side", "机组没有该侧")
_PORT_CURE = Text("write it as UNIT:evaporator or UNIT:condenser",
                  "请写成 机组:evaporator 或 机组:condenser")  # fmt: skip


class Valve(Table):
    """``[valves.ID]``: a change-over valve, or the pair of valves of supply and return."""

    meaning: ClassVar[Text] = Text(
        "a change-over valve; the ids of its ends are sources, loops or UNIT:evaporator, "
        "UNIT:condenser, UNIT:desuperheater",
        "切换阀；两端为热源、回路标识，或 机组:evaporator（蒸发器）、机组:condenser（冷凝器）、"
        "机组:desuperheater（热回收器）",
    )

    name: Annotated[str, Meaning("name", "名称")] = ""
    connects: Annotated[tuple[str, ...], Meaning("its two ends", "所连接的两端")]
    pipe: Annotated[
        Literal["both", "supply", "return"],
        Meaning("pipe it stands in; both: it stands for a pair", "所在管道；both 表示供回水成对"),
    ] = "both"
    assumed: Annotated[
        bool, Meaning("its place is assumed, not documented", "位置为假定，无文献依据")
    ] = False

    def findings(self) -> Iterator[Finding]:
        """Ends that cannot be."""
        if len(self.connects) != 2:
            message = _TWO_ENDS.format(number=len(self.connects))
            yield Finding("connects", message, _WRITE_ENDS, ", ".join(self.connects))
        elif self.connects[0] == self.connects[1]:
            yield Finding("connects", _SAME_END, _WRITE_ENDS, self.connects[0])
        for position, end in enumerate(self.connects):
            _, colon, port = end.partition(":")
            if colon and port not in PORTS:
                allowed = Text(", ".join(PORTS), ", ".join(PORTS))
                yield Finding(f"connects[{position}]", _BAD_PORT, _PORT_CURE, end, allowed)
