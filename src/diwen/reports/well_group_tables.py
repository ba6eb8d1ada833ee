"""Tables that only groundwater wells have: wells with their heads, returning shares, plume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.document import Cell, Column, Table, row

if TYPE_CHECKING:
    from diwen.design.well_group_study import WellGroupStudy

_ROLES = {True: Text("returns", "回灌"), False: Text("pumped", "抽水")}
_HEADS = Text(
    "Head: rise at return wells, drawdown at pumped ones, steady, with all wells and their losses; "
    "roles of the heating season. – : no steady level can be told.",
    "水头：回灌井为升高，抽水井为降深；稳定流，计入各井叠加与井损；按供暖季角色。"
    "– 表示无法给出稳定水位。",
)
_SHARES = Text(
    "As run: pumping at design flow in the hours with a load. Always: in all hours. The checks "
    "count hours of full load only, so that less has come back by then.",
    "按运行：有负荷的小时按设计流量抽水；连续：全年抽水。校核按当量满流量时数计，故份额较小。",
)
_PLUME = Text(
    "Upper bounds without loss to cap and bed rock; 0: the mean difference stays below 1 K.",
    "均为上限，未计顶底板散热；0 表示年均温差不足 1 K。",
)
PLUME_MODELS = {
    "radial": Text("radial", "径向"),
    "planar": Text("planar, with the regional flow", "平面平移"),
    "line_source": Text("line source in the regional flow", "移动线热源"),
}


def group_table(study: WellGroupStudy) -> Table:
    """Every well with role, place, flow and head."""
    columns = (
        Column(Text("well", "井")), Column(Text("role", "作用")),
        Column(Text("x, m", "x，m"), "right"), Column(Text("y, m", "y，m"), "right"),
        Column(Text("flow, m³/h", "流量，m³/h"), "right"),
        Column(Text("screens, m", "滤水管，m"), "right", 1.4),
        Column(Text("head, m", "水头，m"), "right"),
    )  # fmt: skip
    built = study.built
    rows = tuple(
        (
            Cell(same(name)), Cell(_ROLES[bool(rate > 0.0)]), Cell(same(f"{x:g}")),
            Cell(same(f"{y:g}")), Cell(same(f"{abs(rate) * 3600:.1f}")),
            Cell(same(", ".join(f"{top:g}–{bottom:g}" for top, bottom in screens))),
            Cell(same(f"{study.heads[name]:.2f}" if name in study.heads else "–")),
        )
        for name, (x, y), rate, screens in zip(
            built.names, built.positions, built.rates, built.screens, strict=True
        )
    )  # fmt: skip
    return Table(Text("Wells", "水井"), columns, rows, _HEADS)


def share_table(study: WellGroupStudy) -> Table:
    """Returned water in the pumped water after some years."""
    from diwen.design.well_group_study import SHARE_YEARS

    columns = (
        Column(Text("after years", "年数")),
        Column(Text("as run", "按运行"), "right"),
        Column(Text("always at design flow", "连续设计流量"), "right"),
    )
    rows = tuple(
        row(f"{years}", f"{100.0 * study.recirculated(years):.1f} %",
            f"{100.0 * study.recirculated(years, always=True):.1f} %")
        for years in SHARE_YEARS
    )  # fmt: skip
    title = Text(
        "Returned water in the pumped water, by its heat", "取水中回灌水份额（按热量到达）"
    )
    return Table(title, columns, rows, _SHARES)


def plume_table(study: WellGroupStudy) -> Table:
    """How far the returned heat is felt, by every model that applies."""
    columns = (
        Column(Text("model", "模型"), share=1.4),
        Column(Text("length, m", "长度，m"), "right"),
        Column(Text("width, m", "宽度，m"), "right"),
        Column(Text("assumption", "假定"), share=3.0),
    )
    rows = tuple(
        (Cell(PLUME_MODELS[size.model]), Cell(same(f"{size.length:.0f}")),
         Cell(same(f"{size.width:.0f}")), Cell(size.assumption))
        for size in study.plumes
    )  # fmt: skip
    title = Text(f"Plume of 1 K after {study.years} years", f"{study.years} 年后 1 K 热影响羽")
    return Table(title, columns, rows, _PLUME)
