"""``[phases.ID]``: what of a station that is built in stages is in service from which year on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

_UNEQUAL = Text("{one} loads have {other} served shares", "{one} 个负荷给出了 {other} 个供应比例")
_AS_MANY = Text("give one share for each load, or none", "每个负荷给一个比例，或都不给")


class Phase(Table):
    """``[phases.ID]``: what comes into service in one year."""

    meaning: ClassVar[Text] = Text(
        "a phase of a station that is built in stages; each adds to those before",
        "分期建设的一期；在前期基础上新增",
    )

    name: Annotated[str, Meaning("name", "名称")] = ""
    year: Annotated[
        int,
        Meaning("year of the plant's life in which it begins, the first is 1",
                "自第几年起投入（首年为 1）"),
        Field(ge=1, le=200),
    ]  # fmt: skip
    units: Annotated[
        tuple[str, ...], Meaning("ids of heat pumps, chillers, boilers and heaters that it adds",
                                 "新增机组、冷水机组、锅炉、加热器标识"),
    ] = ()  # fmt: skip
    sources: Annotated[tuple[str, ...], Meaning("ids of sources that it adds", "新增热源标识")] = ()
    loads: Annotated[tuple[str, ...], Meaning("ids of loads that it adds", "新增负荷标识")] = ()
    served_shares: Annotated[
        tuple[Annotated[float, Measure("ratio", "share", "比例", 0, 1)], ...],
        Meaning("share of each of these loads that is served from then on; empty: all of it",
                "自该期起各负荷的供应比例；留空为全部"),
    ] = ()  # fmt: skip

    permitted_units: Annotated[
        tuple[Annotated[int, Field(ge=0)], ...],
        Meaning("units that may run from then on, in place of [staging] permitted_units; "
                "empty: as before",
                "自该期起允许运行的台数，替代 [staging] permitted_units；留空为不变"),
    ] = ()  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """As many shares as loads."""
        if self.served_shares and len(self.served_shares) != len(self.loads):
            message = _UNEQUAL.format(one=len(self.loads), other=len(self.served_shares))
            yield Finding("served_shares", message, _AS_MANY)
