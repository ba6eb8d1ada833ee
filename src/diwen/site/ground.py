"""``[ground]``: layers, undisturbed temperature, aquifers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.depths import DEEPEST, StaticLevel, upside_down
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.sources.response.time_units import DAY

_GAP = Text("gap between {one} and {other}", "{one} 与 {other} 之间有空缺")
_OVERLAP = Text("{one} and {other} overlap", "{one} 与 {other} 重叠")
_JOIN = Text("let each layer begin where the one above ends", "请使每层从上一层的底部开始")
_FIRST = Text("the first layer does not begin at the surface", "第一层没有从地表开始")
_START = Text('write top = "0 m" for the first layer', '第一层请写 top = "0 m"')
_ARTESIAN = Text("the water table of an unconfined aquifer stands above the surface",
                 "潜水含水层的静水位高于地表")  # fmt: skip
_CONFINED = Text(
    "correct static_level (a depth, downwards), or kind: artesian water is confined",
    "请更正 static_level（自地表向下计），或 kind：自流水为承压水",
)
_ABOVE_TOP = Text(
    "an unconfined aquifer's static level cannot lie below its bottom", "静水位不能低于含水层底部"
)
_LEVEL = Text("the static level is a depth below the surface", "静水位为地表以下深度")
_OUTSIDE = Text("the aquifer overlaps the one above", "含水层与上一含水层重叠")
_SEPARATE = Text("correct top and bottom", "请更正顶深与底深")
_BELOW_TOP = Text(
    "the water of the confined aquifer stands below its top: computed as confined, so that the "
    "drawdown comes out too small",
    "承压含水层的静水位低于其顶板：仍按承压计算，降深偏小",
)
_FREE = Text('correct static_level, or write kind = "unconfined"',
             '请更正 static_level，或改写 kind = "unconfined"')  # fmt: skip
_VERY_PERMEABLE = Text(
    "more permeable than the coarsest gravel of usual aquifers: m/d written as m/s?",
    "渗透系数大于一般粗砾含水层：是否将 m/d 误写为 m/s",
)
_CHECK_UNIT = Text("check the unit; leave it if a test found it", "请核对单位；如为试验所得可保留")
# Clean gravel may have up to 1 m/s (Freeze and Cherry, Groundwater, 1979, table 2.2), whole
# aquifers seldom more than this, m/s: above it a unit was more likely taken for another.
_COARSE_GRAVEL = 1e-2


class Layer(Table):
    """``[[ground.layers]]``: one layer, from the surface downwards."""

    meaning: ClassVar[Text] = Text("a layer of the ground", "地层")

    name: Annotated[str, Meaning("name", "名称")] = ""
    lithology: Annotated[str, Meaning("rock or soil", "岩性")] = ""
    top: Annotated[float, Measure("length", "depth of the top", "层顶埋深", 0, DEEPEST)]
    bottom: Annotated[
        float, Measure("length", "depth of the bottom", "层底埋深", 0, DEEPEST, positive=True)
    ]
    conductivity: Annotated[
        float | None, Measure("thermal_conductivity", "thermal conductivity", "导热系数", 0.1, 10)
    ] = None
    heat_capacity: Annotated[
        float | None,
        Measure("volumetric_heat_capacity", "volumetric heat capacity", "容积热容", 0.5, 5),
    ] = None
    conductivity_uncertainty: Annotated[
        float | None,
        Measure("ratio", "expanded uncertainty of the conductivity (k = 2), share of it",
                "导热系数扩展不确定度（k=2，相对值）", 0, 1),
    ] = None  # fmt: skip
    hydraulic_conductivity: Annotated[
        float | None,
        Measure("hydraulic_conductivity", "horizontal hydraulic conductivity outside the aquifers",
                "含水层以外的水平渗透系数", 0, 1e5, positive=True),
    ] = None  # fmt: skip
    anisotropy: Annotated[
        float | None,
        Measure(
            "ratio", "vertical / horizontal conductivity", "垂直与水平渗透系数之比", 0, 1, True
        ),
    ] = None
    porosity: Annotated[
        float | None, Measure("ratio", "porosity", "孔隙率", 0, 0.7, positive=True)
    ] = None

    def findings(self) -> Iterator[Finding]:
        """A layer that is upside down."""
        yield from upside_down(self.top, self.bottom)


class Aquifer(Table):
    """``[[ground.aquifers]]``: a water-bearing layer."""

    meaning: ClassVar[Text] = Text("an aquifer", "含水层")

    name: Annotated[str, Meaning("name", "名称")] = ""
    top: Annotated[float, Measure("length", "depth of the top", "顶板埋深", 0, DEEPEST)]
    bottom: Annotated[
        float, Measure("length", "depth of the bottom", "底板埋深", 0, DEEPEST, positive=True)
    ]
    kind: Annotated[
        Literal["confined", "leaky", "unconfined"], Meaning("kind", "类型：承压、越流、潜水")
    ] = "confined"
    hydraulic_conductivity: Annotated[
        float,
        Measure("hydraulic_conductivity", "horizontal hydraulic conductivity", "水平渗透系数",
                0, 1e5, positive=True),
    ]  # fmt: skip
    anisotropy: Annotated[
        float,
        Measure(
            "ratio", "vertical / horizontal conductivity", "垂直与水平渗透系数之比", 0, 1, True
        ),
    ] = 1.0
    porosity: Annotated[
        float | None, Measure("ratio", "porosity", "孔隙率", 0, 0.7, positive=True)
    ] = None
    specific_storage: Annotated[
        float | None, Measure("specific_storage", "specific storage", "单位储水系数", 0, 0.1, True)
    ] = None
    specific_yield: Annotated[
        float | None, Measure("ratio", "specific yield", "给水度", 0, 0.5, positive=True)
    ] = None
    static_level: StaticLevel = None
    gradient: Annotated[
        float | None,
        Measure("ratio", "hydraulic gradient of the regional flow", "区域水力坡度", 0, 0.2),
    ] = None
    flow_direction: Annotated[
        float | None,
        Measure("angle", "direction the groundwater flows to, from north, clockwise",
                "地下水流向（自北顺时针）", 0, 360),
    ] = None  # fmt: skip
    longitudinal_dispersivity: Annotated[
        float | None, Measure("length", "longitudinal dispersivity", "纵向弥散度", 0, 100)
    ] = None
    transverse_dispersivity: Annotated[
        float | None, Measure("length", "transverse dispersivity", "横向弥散度", 0, 50)
    ] = None
    water_temperature: Annotated[
        float | None, Measure("temperature", "natural water temperature", "天然水温", 0, 95)
    ] = None

    def findings(self) -> Iterator[Finding]:
        """An aquifer upside down, or a water table below its own bottom."""
        wrong = list(upside_down(self.top, self.bottom))
        yield from wrong
        if not wrong and self.static_level is not None and self.static_level >= self.bottom:
            yield Finding("static_level", _ABOVE_TOP, _LEVEL, f"{self.static_level:g} m")
        elif self.kind == "unconfined" and (self.static_level or 0.0) < 0.0:
            yield Finding("static_level", _ARTESIAN, _CONFINED, f"{self.static_level:g} m")
        elif not wrong and self.kind != "unconfined" and (self.static_level or 0.0) > self.top:
            shown = f"{self.static_level:g} m > {self.top:g} m"
            yield Finding("static_level", _BELOW_TOP, _FREE, shown, severity="warning")
        if self.hydraulic_conductivity > _COARSE_GRAVEL:
            speed = self.hydraulic_conductivity
            shown = f"{speed:g} m/s = {speed * DAY:g} m/d"
            yield Finding(
                "hydraulic_conductivity", _VERY_PERMEABLE, _CHECK_UNIT, shown, severity="warning"
            )  # fmt: skip


class Ground(Table):
    """``[ground]``: what is under the site."""

    meaning: ClassVar[Text] = Text("what is under the site", "地层与地下水")

    undisturbed_temperature: Annotated[
        float | None,
        Measure("temperature", "mean undisturbed ground temperature over the depth of use",
                "利用深度内岩土平均初始温度", -10, 60),
    ] = None  # fmt: skip
    undisturbed_temperature_uncertainty: Annotated[
        float | None,
        Measure(
            "temperature_difference",
            "its expanded uncertainty (k = 2)",
            "其扩展不确定度（k=2）",
            0,
            10,
        ),
    ] = None
    gradient: Annotated[
        float | None, Measure("temperature_gradient", "geothermal gradient", "地温梯度", -50, 300)
    ] = None
    surface_temperature_mean: Annotated[
        float | None,
        Measure("temperature", "yearly mean at the surface", "地表年平均温度", -20, 40),
    ] = None
    surface_temperature_amplitude: Annotated[
        float | None,
        Measure(
            "temperature_difference",
            "half the yearly swing at the surface",
            "地表年波动半幅",
            0,
            40,
        ),
    ] = None
    coldest_day: Annotated[
        float | None, Measure("ratio", "coldest day of the year, 1 to 366", "年最低温日序", 1, 366)
    ] = None
    frost_depth: Annotated[float | None, Measure("length", "depth of frost", "冻土深度", 0, 10)] = (
        None
    )
    layers: Annotated[
        tuple[Layer, ...], Meaning("layers from the surface downwards", "自地表向下的各层")
    ] = ()
    aquifers: Annotated[
        tuple[Aquifer, ...], Meaning("aquifers from the surface downwards", "自上而下的含水层")
    ] = ()
    source: Annotated[
        str,
        Meaning(
            "where these values come from (survey, response test)", "数据来源（勘察、热响应试验）"
        ),
    ] = ""

    def findings(self) -> Iterator[Finding]:
        """Layers that leave gaps or overlap, aquifers that overlap."""
        sound = all(layer.top < layer.bottom for layer in self.layers)
        if self.layers and sound:
            yield from self._layer_findings()
        for i, (upper, lower) in enumerate(pairwise(self.aquifers)):
            if lower.top < upper.bottom:
                shown = f"{lower.top:g} m < {upper.bottom:g} m"
                yield Finding(f"aquifers[{i + 1}].top", _OUTSIDE, _SEPARATE, shown)

    def _layer_findings(self) -> Iterator[Finding]:
        if self.layers[0].top != 0:
            yield Finding("layers[0].top", _FIRST, _START, f"{self.layers[0].top:g} m")
        for i, (upper, lower) in enumerate(pairwise(self.layers)):
            if abs(lower.top - upper.bottom) > 1e-6:
                template = _GAP if lower.top > upper.bottom else _OVERLAP
                names = {
                    "one": upper.name or f"layers[{i}]",
                    "other": lower.name or f"layers[{i + 1}]",
                }
                shown = f"{upper.bottom:g} m / {lower.top:g} m"
                yield Finding(f"layers[{i + 1}].top", template.format(**names), _JOIN, shown)
