"""Layouts as a person reads them: a ranked table, the best one, the rules on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.layout_search import Candidate
    from diwen.design.site_layouts import SiteLayouts
    from diwen.rules import Row
    from diwen.site import Site

_RULES = ("gb50366.borehole_spacing", "gb50366.vertical_depth")
_HEAD = Text(
    "{name}: {tried} layouts on {area} m² sized for {years} years, {usable} can be built",
    "{name}：{area} m² 场地、{years} 年，计算 {tried} 个布孔方案，{usable} 个可行",
)
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_COLUMNS = (
    Text("", ""), Text("boreholes", "孔数"), Text("spacing m", "孔距 m"), Text("pattern", "排列"),
    Text("depth m", "孔深 m"), Text("total m", "总延米 m"), Text("governs", "控制工况"),
    Text("in/out", "排取比"),
)  # fmt: skip
_COST = Text("cost {currency}", "造价 {currency}")
_REMARK = Text("remark", "备注")
_LIMITS = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_PATTERNS = {"rectangular": Text("rectangle", "矩形"), "staggered": Text("staggered", "梅花形")}
_ARRANGEMENTS = {
    "full": Text("{pattern}", "{pattern}"),
    "open": Text("{pattern}, middle left out", "{pattern}，中部不布孔"),
    "together": Text("{pattern}, part of the plot", "{pattern}，集中布置"),
}
_MORE = Text(
    "{count} more that can be built: --best {all}", "另有 {count} 个可行方案：--best {all}"
)
_BEST = Text(
    "Best: {count} boreholes of {length} m, {spacing} m apart ({pattern}); {total} m in "
    "total{cost}.",
    "最佳：{count} 个钻孔，孔深 {length} m，孔距 {spacing} m（{pattern}）；"
    "总延米 {total} m{cost}。",
)
_FOR = Text(", {cost} {currency}", "，造价 {cost} {currency}")
_CLOSE = Text("{count} more within 2 % of it: they may be easier to drill.",
              "与其相差 2 % 以内的方案另有 {count} 个，可择便于施工者。")  # fmt: skip
_NEXT = Text(
    "Pressure drop is not ranked: diwen size tells it once the layout stands in the site.",
    "排序未计阻力损失：将所选方案写入项目后由 diwen size 校核。",
)
_RULE_KEEPS = Text("{name}, {text} {printed} {unit}: kept ({standing}).",
                   "{name}，{text} {printed} {unit}：符合（{standing}）。")  # fmt: skip
_RULE_FAILS = Text("{name}, {text} {printed} {unit}: NOT kept ({standing}).",
                   "{name}，{text} {printed} {unit}：不符合（{standing}）。")  # fmt: skip
_NOT_EVEN = Text("not even {length} m suffices", "孔深 {length} m 仍不足")
_NOTHING = Text("No layout suffices. The nearest:", "没有可行方案。最接近的方案：")
_SHARE = Text(
    "Too little land for this load: {count} boreholes of {depth} m, {spacing} m apart, carry "
    "{share} % of it.",
    "场地不足以承担该负荷：{count} 个孔深 {depth} m、孔距 {spacing} m 的钻孔可承担 {share} %。",
)
_NO_SHARE = Text(
    "Even a small share of the load does not keep the limits with {count} boreholes of {depth} m.",
    "即使很小的负荷，{count} 个 {depth} m 钻孔也不能满足限值。",
)
_SHARE_ALL = Text(
    "The field of most boreholes ({count} of {depth} m) would carry the load with its full depth.",
    "孔数最多的方案（{count} 个，{depth} m）以最大孔深可承担该负荷。",
)
_WIDER = Text("More land, greater depth (--depth), or a second source for the rest.",
              "可扩大场地、增加孔深（--depth），或由其他热源承担其余负荷。")  # fmt: skip


def show(
    site: Site,
    found: SiteLayouts,
    currency: str | None,
    rules: list[tuple[Row, bool]],
    best: int,
    language: Language,
) -> None:
    """Print the ranking, the best layout and what rules say of it."""

    def say(text: Text) -> None:
        typer.echo(text.to(language))

    for note in (*found.given.notes, *found.warnings):
        typer.echo(note.to(language), err=True)
    usable = [one for one in found.candidates if one.usable]
    area = f"{found.plot.outline.area:.0f}"
    say(_HEAD.format(name=site.name, tried=len(found.candidates), area=area,
                     years=found.given.years, usable=len(usable)))  # fmt: skip
    if site.illustrative:
        say(_ILLUSTRATIVE)
    typer.echo()
    if not usable:
        say(_NOTHING)
        _table(found.candidates[: min(best, 5)], currency, language, 2.0 * found.depths[1])
        nearest = found.candidates[0]
        if nearest.sizing.length is None and nearest.remark is not None:
            say(nearest.remark)
        for line in _share(found):
            say(line)
        return
    _table(usable[:best], currency, language)
    if len(usable) > best:
        say(_MORE.format(count=len(usable) - best, all=len(usable)))
    typer.echo()
    first = usable[0]
    cost = Text("", "")
    if currency is not None:
        cost = _FOR.format(cost=f"{first.cost:.0f}", currency=currency)
    say(_BEST.format(count=first.count, length=f"{first.length:.1f}", pattern=pattern_text(first),
                     spacing=f"{first.spacing:g}", total=f"{first.total_length:.0f}",
                     cost=cost))  # fmt: skip
    near = sum(one.cost <= 1.02 * first.cost for one in usable[1:])
    if near:
        say(_CLOSE.format(count=near))
    say(_NEXT)
    for row, keeps in rules:
        text = _RULE_KEEPS if keeps else _RULE_FAILS
        say(text.format(name=row.name, text=row.text, unit=row.unit, standing=row.standing,
                        printed=row.printed(language)))  # fmt: skip


def pattern_text(one: Candidate) -> Text:
    """Pattern and arrangement in words."""
    return _ARRANGEMENTS[one.arrangement].format(pattern=_PATTERNS[one.pattern])


def rule_rows(region: str | None, found: SiteLayouts) -> list[tuple[Row, bool]]:
    """Rules on spacing and depth that hold at the site today, and whether the best keeps them."""
    from diwen import rules
    from diwen.problems import InputError

    best = found.best
    if not region or best is None or best.length is None:
        return []
    rows = []
    for name, value in zip(_RULES, (best.spacing, best.length), strict=True):
        try:
            row = rules.on(date.today(), region).row(name)
        except (rules.RuleMissingError, InputError):
            continue
        if row.value is not None:
            rows.append((row, row.holds(value)))
    return rows


def _table(
    shown: Sequence[Candidate], currency: str | None, language: Language, longest: float = 0.0
) -> None:
    """Rows of layouts; the longest length looked at is told where not even it suffices."""
    from rich.console import Console
    from rich.table import Table

    remarks = any(one.remark is not None for one in shown)
    columns = [*_COLUMNS, *([_COST.format(currency=currency)] if currency is not None else [])]
    columns += [_REMARK] if remarks else []
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        words = column in (_COLUMNS[3], _REMARK)
        table.add_column(column.to(language).strip(), justify="left" if words else "right",
                         no_wrap=column is not _REMARK)  # fmt: skip
    for place, one in enumerate(shown, 1):
        cells = _cells(place, one, language)
        if currency is not None:
            cells.append(f"{one.cost:,.0f}" if one.usable else "-")
        if remarks:
            cells.append(_remark(one, longest).to(language))
        table.add_row(*cells)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(width=140, markup=False, highlight=False)
    console.print(table)


def _remark(one: Candidate, longest: float) -> Text:
    if one.sizing.length is None:
        return _NOT_EVEN.format(length=f"{longest:g}")
    return one.remark or Text("", "")


def _cells(place: int, one: Candidate, language: Language) -> list[str]:
    length, governs = one.length, one.sizing.governing
    ratio = None if one.balance is None else one.balance.ratio
    return [
        str(place) if one.usable else "-",
        str(one.count),
        f"{one.spacing:g}",
        pattern_text(one).to(language),
        "-" if length is None else f"{length:.1f}",
        f"{one.total_length:.0f}" if one.total_length != float("inf") else "-",
        "-" if governs is None else _LIMITS[governs].to(language),
        "-" if ratio is None else f"{ratio:.2f}",
    ]


def _share(found: SiteLayouts) -> list[Text]:
    share, one = found.carried, found.carrier
    if share is None or one is None:
        return []
    shown = {"count": one.count, "depth": f"{found.depths[1]:g}", "spacing": f"{one.spacing:g}"}
    if share <= 0.0:
        return [_NO_SHARE.format(**shown), _WIDER]
    if share >= 1.0:
        return [_SHARE_ALL.format(**shown)]
    return [_SHARE.format(**shown, share=f"{math.floor(100.0 * share)}"), _WIDER]
