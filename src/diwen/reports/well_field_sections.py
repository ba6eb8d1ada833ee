"""Parts of a well report that only circulation wells have: sections, plan, breakthrough."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.language import LANGUAGES, Text, same
from diwen.reports import well_field_tables as tables
from diwen.reports.document import Block, Figure, Finding, Picture
from diwen.reports.well_field_charts import breakthrough_chart, year_chart, years_chart
from diwen.reports.well_plan import PlanScene, plan_svg
from diwen.reports.well_section import SectionScene, section_svg

if TYPE_CHECKING:
    from diwen.design.well_study import WellStudy

Part = tuple[Text, list[Block]]

_SECTION = Text(
    "Section when the ground is coldest in year {year} (day {day})",
    "剖面图：第 {year} 年地层最冷时（第 {day} 日）",
)
_SECTION_WARM = Text(
    "Section when the ground is warmest in year {year} (day {day})",
    "剖面图：第 {year} 年地层最热时（第 {day} 日）",
)
_SECTION_NOTE = Text(
    "Origin: simulated. Left: head above rest; right: temperature of the ground; lines: paths of "
    "the water, equal flow between neighbours. The well is drawn wider than it is.",
    "数据来源：模拟。左侧为水头升高，右侧为地温；曲线为流线，相邻流线间流量相等。井径未按比例绘制。",
)
_PLAN = Text("Plan of the wells", "井位平面图")
_PLAN_NOTE = Text("Positions as in the site file.", "井位取自项目文件。")
_HEAT_REACH = Text(
    " Shaded: ground changed by more than a tenth of the largest change in year 1, simulated.",
    "阴影为第 1 年温度变化超过最大变化十分之一的范围（模拟）。",
)
_MODEL = Text(
    "Model: {kind}, {modes} modes; at most {error:.3f} K ({share:.2f} % of the largest change) "
    "from the finite volumes over a test course.",
    "模型：{kind}，{modes} 个模态；在检验过程中与有限体积模型最大相差 {error:.3f} K"
    "（最大温度变化的 {share:.2f} %）。",
)
_UNMEASURED = Text(
    "Model: {kind}; how far it is from the finite volumes was not measured.",
    "模型：{kind}；未与有限体积模型对照。",
)
_KINDS = {
    "volume_clock": Text("volume clock", "累计抽水量模型"),
    "reduced_well": Text("reduced model of the well", "降阶井模型"),
    "finite_volume": Text("finite volumes", "有限体积模型"),
}
_CALCULATED = Text("calculated", "计算")
_FELT = 0.1


def findings(study: WellStudy) -> tuple[Finding, ...]:
    """Heads, closure and breakthrough for the first page."""
    first = study.days_to(0.01)
    return (
        Finding("plain", Text("Head of the return in the ground", "地层回灌水头"),
                same(f"{study.injection_head:.1f} m"), _CALCULATED, same("")),
        Finding("plain", Text("Returned water that stays in its layer", "同层回灌份额"),
                same(f"{100.0 * study.paths.closed_share:.1f} %"), _CALCULATED, same("")),
        Finding("plain", Text("Breakthrough (1 %)", "热突破（1 %）"),
                tables.days(first), Text("simulated", "模拟"), same("")),
    )  # fmt: skip


def parts(study: WellStudy) -> tuple[Part, ...]:
    """Wells and operating points, ground, water of the years."""
    number = count(1)
    plan = plan_picture(study)
    wells: list[Block] = [tables.well_table(study), tables.operating_table(study)]
    if plan is not None:
        wells.append(_numbered(plan, number))
    ground: list[Block] = [
        _numbered(section_picture(study, moment), number) for moment in moments_shown(study)
    ]
    ground.append(Figure(next(number), breakthrough_chart(study)))
    ground.append(tables.breakthrough_table(study))
    return (
        (Text("Wells and operating points", "采集井与工况点"), wells),
        (Text("Water and heat in the ground", "地层水流与温度场"), ground),
        (Text("Water of the years", "历年水温"), water_blocks(study, number)),
    )


def water_blocks(study: tables.AnyStudy, number: Iterator[int]) -> list[Block]:
    """Pictures and table of the water of the years."""
    water: list[Block] = [Figure(next(number), year_chart(study, 1))]
    if study.years > 1:
        water += [Figure(next(number), year_chart(study, study.years)),
                  Figure(next(number), years_chart(study))]  # fmt: skip
    water.append(tables.year_table(study))
    return water


def model_notes(study: WellStudy) -> tuple[Text, ...]:
    """Which model, why, and how good."""
    model = study.model
    kind = _KINDS[model.kind]
    if model.error != model.error:
        return model.reason, _UNMEASURED.format(kind=kind)
    modes = 0 if model.reduced is None else model.reduced.modes
    said = _MODEL.format(
        kind=kind, modes=modes, error=model.error, share=100.0 * model.relative_error
    )
    return model.reason, said


def moments_shown(study: WellStudy) -> tuple[str, ...]:
    """Moments worth a section: coldest and warmest of the first and the last year."""
    cold, warm = (study.load > 0.0).any(), (study.load < 0.0).any()
    seasons = [name for name, some in (("cold", cold), ("warm", warm)) if some]
    ends = ("1", "last") if study.years > 1 else ("1",)
    return tuple(f"{season}_{end}" for end in ends for season in seasons)


def section_picture(study: WellStudy, moment: str, number: int = 1) -> Picture:
    """The section through a well at a moment of the study (``cold_1``, ``warm_last``...)."""
    scene = section_scene(study, moment)
    title = section_title(study, moment)
    drawn = {language: section_svg(scene, language) for language in LANGUAGES}
    return Picture(number, title, _SECTION_NOTE, drawn)


def section_title(study: WellStudy, moment: str) -> Text:
    """Which moment it is."""
    hour = study.moments[moment] - 1
    title = _SECTION if moment.startswith("cold") else _SECTION_WARM
    return title.format(year=hour // HOURS_PER_YEAR + 1, day=hour % HOURS_PER_YEAR // 24 + 1)


def section_scene(study: WellStudy, moment: str) -> SectionScene:
    """What the section at a moment shows; those of one year have one scale of colours."""
    built, ground = study.built, study.site.ground
    layers = tuple((item.top, item.bottom, same(item.name or item.lithology), False)
                   for item in ground.layers)  # fmt: skip
    wet = tuple((item.top, item.bottom, same(item.name), True) for item in ground.aquifers)
    year = moment.rsplit("_", 1)[1]
    shown = [study.fields[name] for name in moments_shown(study) if name.endswith(year)]
    ends = min(float(one.min()) for one in shown), max(float(one.max()) for one in shown)
    return SectionScene(
        study.flow_field, built.flow, (*layers, *wet), built.static_level,
        built.given.pump_depth, study.fields[moment], built.undisturbed_temperature, ends,
        built.kind == "standing_column_well", getattr(built.given, "casing_depth", None),
        study.site.illustrative,
    )  # fmt: skip


def plan_picture(study: WellStudy, number: int = 1) -> Picture | None:
    """Where the wells stand; None for one well or where no positions are known."""
    built = study.built
    if built.positions is None or built.count == 1:
        return None
    reach = heat_reach(study)
    angle = None if built.regional is None else built.regional.angle
    scene = PlanScene(
        built.positions, built.names, ("both",) * built.count, built.cell_radius, reach, angle,
        illustrative=study.site.illustrative,
    )  # fmt: skip
    note = _PLAN_NOTE if reach is None else Text(_PLAN_NOTE.en + _HEAT_REACH.en,
                                                 _PLAN_NOTE.zh + _HEAT_REACH.zh)  # fmt: skip
    return Picture(
        number, _PLAN, note, {language: plan_svg(scene, language) for language in LANGUAGES}
    )


def heat_reach(study: WellStudy) -> float | None:
    """Radius of the ground that year 1 changed by a tenth of the largest change, m."""
    grid = study.flow_field.grid
    reach = []
    for moment in ("cold_1", "warm_1"):
        change = np.abs(study.fields[moment] - study.built.undisturbed_temperature)
        felt = (change > _FELT * change.max()).any(axis=0)
        if change.max() > 0.0 and felt.any():
            reach.append(float(grid.radius[felt].max()))
    return max(reach, default=None)


def _numbered(picture: Picture, number: Iterator[int]) -> Picture:
    return Picture(next(number), picture.title, picture.note, picture.drawn)
