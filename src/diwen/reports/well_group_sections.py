"""Parts of a well report that only groundwater wells have: plan with paths, returning shares."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from diwen.language import LANGUAGES, Text, same
from diwen.reports import well_field_tables as tables
from diwen.reports import well_group_tables as own
from diwen.reports.document import Block, Figure, Finding, Note, Picture
from diwen.reports.well_field_charts import breakthrough_chart
from diwen.reports.well_field_sections import Part, water_blocks
from diwen.reports.well_plan import PlanScene, plan_svg

if TYPE_CHECKING:
    from diwen.design.well_group_study import WellGroupStudy

_PLAN = Text("Plan of the wells with the paths of the returned water",
             "井位平面图与回灌水流线")  # fmt: skip
_PLAN_NOTE = Text(
    "Positions as in the site file; roles of the heating season. Lines: paths of returned water at "
    "design flow, calculated.",
    "井位取自项目文件，按供暖季角色；曲线为设计流量下回灌水的流线（计算）。",
)
_PLAIN_NOTE = Text("Positions as in the site file.", "井位取自项目文件。")
_CALCULATED = Text("calculated", "计算")
_NEVER_BACK = Text(
    "No returned water reaches the pumped wells: there is no breakthrough.",
    "回灌水不会到达抽水井，不发生热突破。",
)
_NOT_RETURNED = Text(
    "The water is not returned: breakthrough, returning shares and plume are not computed.",
    "抽出的水不回灌：不计算热突破、回流份额与热影响羽。",
)
_NO_SECTION = Text(
    "Not computed for groundwater wells: a section with the temperatures in the ground. The model "
    "follows water in plan, even over the thickness of the aquifer.",
    "地下水井未计算地层温度剖面：模型按平面水流计算，沿含水层厚度均匀。",
)
_MODEL = Text(
    "Model: particles in the plane flow of all wells, mixed in a common header, on the clock of "
    "the moved volume.",
    "模型：各井平面渗流中的流线质点，集水总管混合，按累计水量推进。",
)
_BOTH_WAYS = Text(
    "Model: parcels of water in 128 stream tubes of the doublet, pushed both ways.",
    "模型：井对的 128 条流管内水团随抽灌方向往复推移。",
)


def findings(study: WellGroupStudy) -> tuple[Finding, ...]:
    """Breakthrough and returning share for the first page."""
    first = study.first_arrival
    shown = tables.days(first) if first is not None else Text("none", "无")
    return (
        Finding("plain", Text("First breakthrough, days of pumping", "首次热突破（抽水天数）"),
                shown, _CALCULATED, same("")),
        Finding("plain", Text("Returned water in the pumped water, year 25",
                              "第 25 年取水中的回灌水份额"),
                same(f"{100.0 * study.recirculated(25):.1f} %"), _CALCULATED, same("")),
    )  # fmt: skip


def parts(study: WellGroupStudy) -> tuple[Part, ...]:
    """Wells, paths of the water, water of the years."""
    number = count(1)
    wells: list[Block] = [own.group_table(study), tables.operating_table(study)]
    paths: list[Block] = [plan_picture(study, next(number))]
    if study.arrivals is None:
        paths.append(Note(_NOT_RETURNED, "absent"))
    elif study.first_arrival is None:
        paths += [Note(_NEVER_BACK), own.plume_table(study)]
    else:
        paths += [
            Figure(next(number), breakthrough_chart(study)), tables.breakthrough_table(study),
            own.share_table(study), own.plume_table(study),
        ]  # fmt: skip
    paths.append(Note(_NO_SECTION, "absent"))
    return (
        (Text("Wells and operating points", "水井与工况点"), wells),
        (Text("Paths of the water", "地下水流线与热突破"), paths),
        (Text("Water of the years", "历年水温"), water_blocks(study, number)),
    )


def plan_picture(study: WellGroupStudy, number: int = 1) -> Picture:
    """Where the wells stand and how the returned water goes."""
    scene = plan_scene(study)
    note = _PLAN_NOTE if study.paths else _PLAIN_NOTE
    return Picture(
        number, _PLAN, note, {language: plan_svg(scene, language) for language in LANGUAGES}
    )


def plan_scene(study: WellGroupStudy) -> PlanScene:
    """What the plan shows."""
    built = study.built
    roles = tuple("injection" if rate > 0.0 else "abstraction" for rate in built.rates)
    angle = None
    if study.plane is not None and study.plane.regional_flux > 0.0:
        angle = study.plane.regional_direction
    return PlanScene(
        built.positions, built.names, roles, None, None, angle, study.paths,
        study.site.illustrative,
    )  # fmt: skip


def model_notes(study: WellGroupStudy) -> tuple[Text, ...]:
    """Which model."""
    if study.arrivals is None:
        return ()
    return (_BOTH_WAYS if study.exchanged else _MODEL,)
