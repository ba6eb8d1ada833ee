"""``[households]``: identical homes, each with its own heat pumps, on one shared well field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

_NO_SET = Text("no set of units is named", "未给出户用机组")
_ADD_SET = Text(
    "add [[households.sets]] with heat_pump = ID", "请增加 [[households.sets]]，写 heat_pump = 标识"
)
_TWICE = Text("the heat pump stands in two sets", "同一热泵出现在两组中")
_OF_ITS_OWN = Text("give each kind of home a heat pump of its own", "请为每类住户各写一种热泵")


class HouseholdSet(Table):
    """``[[households.sets]]``: heat pumps that every home of a kind has."""

    meaning: ClassVar[Text] = Text("heat pumps of one home", "每户机组")

    heat_pump: Annotated[str, Meaning("id of the heat pump of one home", "户用热泵标识")]
    homes: Annotated[
        int, Meaning("homes with this set", "采用该机组的户数"), Field(ge=1, le=10_000)
    ]
    each: Annotated[int, Meaning("such units in one home", "每户台数"), Field(ge=1, le=100)] = 1


class Households(Table):
    """``[households]``: a village or a block of homes on one source."""

    meaning: ClassVar[Text] = Text(
        "room-by-room heat pumps of many homes on a shared well field",
        "多户共用井群的分室（户用）热泵系统",
    )

    sets: Annotated[
        tuple[HouseholdSet, ...], Meaning("sets of units by kind of home", "各类住户的机组")
    ] = ()
    loops: Annotated[
        Literal[2, 3],
        Meaning(
            "3: wells, ring to the homes, rooms; 2: the homes are fed without a ring of their own",
            "3 为三环路（井侧、户外管网、户内），2 为两环路（无独立户外管网）",
        ),
    ] = 3
    area: Annotated[
        float | None, Measure("area", "floor area of one home", "每户建筑面积", 10, 2000, True)
    ] = None
    rooms: Annotated[
        int | None, Meaning("rooms of one home with a terminal of their own", "每户分室末端数"),
        Field(ge=1),
    ] = None  # fmt: skip
    room_by_room: Annotated[bool, Meaning("each room is heated on its own", "分室独立控制")] = True
    simultaneity: Annotated[
        float | None,
        Measure("ratio", "share of the sum of all homes' peaks that occurs at once",
                "同时使用系数（同时峰值与各户峰值之和的比）", 0, 1, positive=True),
    ] = None  # fmt: skip

    @property
    def homes(self) -> int:
        """Number of homes."""
        return sum(part.homes for part in self.sets)

    def findings(self) -> Iterator[Finding]:
        """Homes without units, or units counted twice."""
        if not self.sets:
            yield Finding("sets", _NO_SET, _ADD_SET)
        for position, part in enumerate(self.sets):
            if part.heat_pump in {other.heat_pump for other in self.sets[:position]}:
                where = f"sets[{position}].heat_pump"
                yield Finding(where, _TWICE, _OF_ITS_OWN, part.heat_pump)
