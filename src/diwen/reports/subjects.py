"""Which recorded points are drawn together, and what the picture is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.site import Point


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of picture: which points belong together and what they are called."""

    id: str
    title: Text
    quantities: tuple[str, ...]
    locations: tuple[str, ...]
    from_zero: bool = False

    def takes(self, point: Point) -> bool:
        """Whether the point belongs into this picture."""
        return point.quantity in self.quantities and point.location in self.locations


_T = ("temperature",)
SUBJECTS = (
    Subject(
        "source_temperatures",
        Text("Source-side temperatures", "地源侧供回水温度"),
        _T,
        ("source_entering", "source_leaving"),
    ),
    Subject(
        "load_temperatures",
        Text("Load-side temperatures", "用户侧供回水温度"),
        _T,
        (
            "load_leaving", "load_entering", "hot_water_leaving", "hot_water_entering",
            "cooling_leaving", "cooling_entering",
        ),
    ),
    Subject(
        "well_temperatures",
        Text("Well-water temperatures", "抽、灌水温度"),
        _T,
        ("well_abstraction", "well_injection"),
    ),
    Subject("ground_temperatures", Text("Ground temperatures", "地温"), _T, ("ground",)),
    Subject("outdoor_temperature", Text("Outdoor temperature", "室外温度"), _T, ("outdoor",)),
    Subject("room_temperatures", Text("Room temperatures", "室内温度"), _T, ("room",)),
    Subject(
        "electric_power",
        Text("Electric power", "电功率"),
        ("electric_power",),
        ("supply",),
        from_zero=True,
    ),
    Subject(
        "heat_power",
        Text("Heat flow rate", "热功率"),
        ("heat_power",),
        ("source", "load", "hot_water", "cooling"),
        from_zero=True,
    ),
    Subject(
        "flow",
        Text("Volume flow", "体积流量"),
        ("volume_flow",),
        (
            "source", "load", "hot_water", "cooling", "branch", "make_up", "well_abstraction",
            "well_injection",
        ),
        from_zero=True,
    ),
    Subject(
        "mass_flow",
        Text("Mass flow", "质量流量"),
        ("mass_flow",),
        ("source", "load", "hot_water", "cooling", "branch"),
        from_zero=True,
    ),
    Subject(
        "pressure",
        Text("Pressure", "压力"),
        ("pressure",),
        ("source", "load", "hot_water", "cooling", "wellhead"),
    ),
    Subject(
        "water_level",
        Text("Groundwater level", "地下水位"),
        ("water_level",),
        ("water_level", "reference_level"),
    ),
)  # fmt: skip


def subject(name: str) -> Subject:
    """The subject of that id.

    Raises
    ------
    KeyError : no such subject
    """
    return {subject.id: subject for subject in SUBJECTS}[name]
