"""One borehole of a field: its bore, pipes, grout; and where a borehole stands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.waters import SourceTable

_WALL = Text("the wall is thicker than the pipe's radius", "壁厚大于管半径")
_DIAMETERS = Text("correct the diameter or the wall", "请更正管径或壁厚")
_DOES_NOT_FIT = Text(
    "the pipes do not fit into the bore of {diameter} mm", "管道放不进 {diameter} mm 的钻孔"
)
_FIT_CURE = Text(
    "correct bore diameter, pipe diameter or shank spacing", "请更正孔径、管径或管间距"
)
_TOUCH = Text("the legs of the U overlap", "U 形管两支管相互重叠")
_SPREAD = Text(
    "the shank spacing is the distance between the pipe axes: at least the pipe diameter",
    "管间距为两管轴线的距离，应不小于管外径",
)
_INNER_MISSING = Text("a coaxial pipe needs its inner pipe", "套管须给出内管尺寸")
_ADD_INNER = Text("add {key}", "请补充 {key}")
_INNER_FIT = Text("the inner pipe does not fit into the outer one", "内管放不进外管")


@dataclass(frozen=True, slots=True)
class BoreholePosition:
    """Where one borehole stands.

    Attributes
    ----------
    x, y : position of the head, m
    length : length along the bore, m
    buried_depth : depth of the upper end of the active length, m
    radius : radius of the bore, m
    tilt : inclination from vertical, rad
    orientation : direction of the inclination in the x-y plane, from x, counter-clockwise, rad
    """

    x: float
    y: float
    length: float
    buried_depth: float
    radius: float
    tilt: float = 0.0
    orientation: float = 0.0

    def ends(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Upper and lower end of the active length, (x, y, depth) in m."""
        across, down = math.sin(self.tilt), math.cos(self.tilt)
        lower = (
            self.x + self.length * across * math.cos(self.orientation),
            self.y + self.length * across * math.sin(self.orientation),
            self.buried_depth + self.length * down,
        )
        return (self.x, self.y, self.buried_depth), lower


class Pipes(Table):
    """``[sources.ID.pipes]``: pipes in the borehole."""

    meaning: ClassVar[Text] = Text("pipes in the borehole", "孔内换热管")

    kind: Annotated[
        Literal["single_u", "double_u", "coaxial"], Meaning("kind", "类型：单 U、双 U、套管")
    ]
    connection: Annotated[
        Literal["parallel", "series"],
        Meaning("how the two U are joined", "双 U 连接方式：并联、串联"),
    ] = "parallel"
    outer_diameter: Annotated[
        float, Measure("length", "outer diameter", "管外径", 0.005, 1, positive=True)
    ]
    wall_thickness: Annotated[
        float, Measure("length", "wall thickness", "壁厚", 0.0005, 0.1, positive=True)
    ]
    conductivity: Annotated[
        float,
        Measure(
            "thermal_conductivity", "thermal conductivity of the pipe", "管材导热系数", 0.05, 100
        ),
    ]
    shank_spacing: Annotated[
        float | None,
        Measure("length", "distance between the axes of the two legs", "两支管轴线间距", 0.005, 2),
    ] = None
    roughness: Annotated[
        float | None, Measure("length", "wall roughness", "管壁粗糙度", 0, 0.01)
    ] = None
    inner_outer_diameter: Annotated[
        float | None,
        Measure("length", "coaxial: outer diameter of the inner pipe", "套管：内管外径", 0.005, 1),
    ] = None
    inner_wall_thickness: Annotated[
        float | None,
        Measure("length", "coaxial: wall of the inner pipe", "套管：内管壁厚", 0.0005, 0.1),
    ] = None
    inner_conductivity: Annotated[
        float | None,
        Measure(
            "thermal_conductivity",
            "coaxial: conductivity of the inner pipe",
            "套管：内管导热系数",
            0.005,
            100,
        ),
    ] = None
    inlet: Annotated[
        Literal["annulus", "inner"],
        Meaning("coaxial: where the fluid enters", "套管：进水位置（环隙或内管）"),
    ] = "annulus"

    def findings(self) -> Iterator[Finding]:
        """Walls too thick, legs that overlap, an inner pipe missing or too large."""
        if 2 * self.wall_thickness >= self.outer_diameter:
            yield Finding("wall_thickness", _WALL, _DIAMETERS, f"{self.wall_thickness * 1e3:g} mm")
        if self.shank_spacing is not None and self.shank_spacing < self.outer_diameter:
            shown = f"{self.shank_spacing * 1e3:g} mm"
            yield Finding("shank_spacing", _TOUCH, _SPREAD, shown)
        if self.kind != "coaxial":
            return
        for key in ("inner_outer_diameter", "inner_wall_thickness", "inner_conductivity"):
            if getattr(self, key) is None:
                yield Finding(key, _INNER_MISSING, _ADD_INNER.format(key=key))
        inner, bore = self.inner_outer_diameter, self.outer_diameter - 2 * self.wall_thickness
        if inner is not None and inner >= bore:
            yield Finding("inner_outer_diameter", _INNER_FIT, _DIAMETERS, f"{inner * 1e3:g} mm")


class Grout(Table):
    """``[sources.ID.grout]``: filling around the pipes."""

    meaning: ClassVar[Text] = Text("filling around the pipes", "回填材料")

    conductivity: Annotated[
        float, Measure("thermal_conductivity", "thermal conductivity", "导热系数", 0.1, 10)
    ]
    heat_capacity: Annotated[
        float | None,
        Measure("volumetric_heat_capacity", "volumetric heat capacity", "容积热容", 0.5, 5),
    ] = None
    material: Annotated[str, Meaning("material", "材料")] = ""


class Borehole(Table):
    """``[sources.ID.borehole]``: the bore that all boreholes of a field share."""

    meaning: ClassVar[Text] = Text("the bore", "钻孔")

    length: Annotated[
        float, Measure("length", "active length along the bore", "有效孔深（沿孔）", 1, 3000)
    ]
    buried_depth: Annotated[
        float, Measure("length", "depth of the upper end", "顶部埋深", 0, 100)
    ] = 1.5
    diameter: Annotated[float, Measure("length", "diameter", "孔径", 0.02, 3)]
    tilt: Annotated[float, Measure("angle", "inclination from vertical", "与铅垂线夹角", 0, 89)] = (
        0.0
    )
    orientation: Annotated[
        float,
        Measure("angle", "direction of the inclination, from x, counter-clockwise",
                "倾斜方向（自 x 轴逆时针）", -360, 360),
    ] = 0.0  # fmt: skip
    thermal_resistance: Annotated[
        float | None,
        Measure("thermal_resistance_length", "effective borehole resistance, measured",
                "实测有效钻孔热阻", 0.001, 2),
    ] = None  # fmt: skip
    thermal_resistance_uncertainty: Annotated[
        float | None,
        Measure("thermal_resistance_length", "its expanded uncertainty (k = 2)",
                "其扩展不确定度（k=2）", 0, 1),
    ] = None  # fmt: skip
    resistance_source: Annotated[
        str, Meaning("where the measured resistance comes from", "实测热阻来源")
    ] = ""


class BoreholeSource(SourceTable):
    """What a source made of boreholes has: bore, pipes, grout, fluid."""

    borehole: Annotated[Borehole, Meaning("the bore", "钻孔")]
    pipes: Annotated[Pipes | None, Meaning("pipes in the borehole", "孔内换热管")] = None
    grout: Annotated[Grout | None, Meaning("filling around the pipes", "回填材料")] = None

    def findings(self) -> Iterator[Finding]:
        """Pipes that do not fit into the bore."""
        if self.pipes is None:
            return
        needed = self.pipes.outer_diameter
        if self.pipes.kind != "coaxial":
            spacing = self.pipes.shank_spacing
            needed += self.pipes.outer_diameter if spacing is None else spacing
        if needed > self.borehole.diameter + 1e-9:
            message = _DOES_NOT_FIT.format(diameter=f"{self.borehole.diameter * 1e3:g}")
            yield Finding("pipes.outer_diameter", message, _FIT_CURE, f"{needed * 1e3:g} mm")
