"""Sized wells as a person reads them: the plan judged, the front, the recommendation, the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.well_sizing_result import SizedWells
    from diwen.site import Site

_MWH, _HOUR = 3.6e9, 3600.0
_BOILING = 100.0
_SHOWN_YEARS = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100)

_HEAD = Text(
    "{name}: {kind}, {years} years; {tried} combinations tried",
    "{name}：{kind}，{years} 年；共计算 {tried} 种组合",
)
_KINDS = {
    "circulation_well": Text("circulation wells", "单井循环井"),
    "standing_column_well": Text("standing column wells", "立柱井"),
    "groundwater_wells": Text("groundwater wells", "地下水井"),
    "well_doublet": Text("well doublets", "抽灌井对"),
}
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_PLANNED = Text("Planned: {what}", "规划方案：{what}")
_WELLS = Text(
    "{count} of {depth} m, seal {seal} m, {flow} m³/h each{apart}",
    "{count}，井深 {depth} m，密封区 {seal} m，单井 {flow} m³/h{apart}",
)
_HOLES = Text(
    "{count} of {depth} m, {seal} m between return and pump, {flow} m³/h each{apart}",
    "{count}，井深 {depth} m，回水口与取水口相距 {seal} m，单井 {flow} m³/h{apart}",
)
_PAIRS = Text(
    "{count} of {depth} m, {apart} m between the wells of a pair, {flow} m³/h each",
    "{count}，每对钻深合计 {depth} m，对内井距 {apart} m，单对 {flow} m³/h",
)
_APART = Text(", {spacing} m apart", "，井距 {spacing} m")
_POINT_COLUMNS = (
    Text("", ""), Text("taken kW", "取热 kW"), Text("kW each", "单井 kW"),
    Text("drop K", "温差 K"), Text("given kW", "放热 kW"), Text("head m", "回灌水头 m"),
    Text("coldest, year 1", "最低回水 第 1 年"), Text("year {last}", "第 {last} 年"),
    Text("warmest", "最高回水"), Text("", ""),
)  # fmt: skip
_YES, _NO = Text("suffices", "满足"), Text("does not", "不满足")
_SUFFICES = Text(
    "The planned wells suffice for the load; within the limits they could take up to {most} kW.",
    "规划井群满足本项目负荷；在限值内最大可取热 {most} kW。",
)
_NOT_ENOUGH = Text(
    "The planned wells do NOT suffice for the load of the site.", "规划井群不满足本项目负荷。"
)
_SHORT = Text(
    "  {side}: short by {power} kW in the highest hour and by {kelvin} K; {more}",
    "  {side}：最大小时缺 {power} kW，水温超限 {kelvin} K；{more}",
)
_TOLD_AS_LACK = frozenset({"freezing_in_season", "warm_in_season"})
_SIDES = {"extraction": Text("heat taken", "取热"), "injection": Text("heat given", "放热")}
_MORE = Text(
    "wells of this shape and spacing: {wells} in all, {metres} m more to drill",
    "按同样井型与井距需共 {wells} 口，增加钻深 {metres} m",
)
_MORE_PAIRS = Text(
    "pairs of this shape: {wells} in all, {metres} m more to drill",
    "按同样井型需共 {wells} 对，增加钻深 {metres} m",
)
_NO_NUMBER = Text("no number of them would do", "增加井数也无法满足")
_FAILED = Text("  refused by the check: {name} ({why})", "  校核项不满足：{name}（{why}）")
_GROUND = Text(
    "Ground: {out} MWh taken, {back} MWh given a year{share}; the water drifts by {drift} K in "
    "{years} years.",
    "地层热平衡：全年取热 {out} MWh、放热 {back} MWh{share}；{years} 年水温漂移 {drift} K。",
)
_SHARE = Text(" ({share} %)", "（{share} %）")
_HOLDS = Text(
    "  The ground holds (the last year as cold as the second) when the heat given is {share} % of "
    "the heat taken.",
    "  放热为取热的 {share} % 时地层可保持平衡（末年最低水温与第 2 年相同）。",
)
_RADIUS = Text(
    "  Net heat of a year needs ground of {least} m radius for each well; there are {own} m.",
    "  全年净热量要求单井占地半径 {least} m，现有 {own} m。",
)
_FRONT = Text(
    "Wells that no other beats (warmer, with less head and fewer metres):",
    "非劣方案（没有其他方案同时水温更高、回灌水头更小且钻深更少）：",
)
_ON_LAND = Text("  on the {land} ha of the planned wells", "  在规划井群用地 {land} ha 之内")
_OFF_LAND = Text(
    "  nothing keeps the limits on the {land} ha of the planned wells; {least} ha are needed at "
    "least",
    "  规划用地 {land} ha 内没有满足限值的方案；最少需 {least} ha",
)
_FRONT_COLUMNS = (
    Text("", ""), Text("wells", "井数"), Text("depth m", "井深 m"),
    Text("in/seal/out m", "回水/密封/取水 m"), Text("m³/h", "m³/h"),
    Text("apart m", "井距 m"), Text("drilled m", "总钻深 m"), Text("head m", "回灌水头 m"),
    Text("drawdown m", "降深 m"), Text("drop K", "温差 K"), Text("coldest °C", "最低回水 °C"),
    Text("warmest °C", "最高回水 °C"), Text("warnings", "提示"),
)  # fmt: skip
_PAIR_COLUMNS = (
    Text("", ""), Text("pairs", "对数"), Text("apart m", "对内井距 m"), Text("m³/h", "m³/h"),
    Text("drilled m", "总钻深 m"), Text("head m", "回灌水头 m"), Text("drawdown m", "降深 m"),
    Text("drop K", "温差 K"), Text("breakthrough d", "热突破 d"),
    Text("coldest °C", "最低回水 °C"), Text("warmest °C", "最高回水 °C"),
    Text("warnings", "提示"),
)  # fmt: skip
_RECOMMENDED = Text("Recommended (*): {what}.", "推荐方案（*）：{what}。")
_BECAUSE = Text(
    "  Why: of all that keep their limits with {reserve} K to spare and need at most twice the "
    "fewest metres: fewest warnings, then fewest metres, within a tenth of those the lowest head.",
    "  理由：在距限值留有 {reserve} K 裕度、钻深不超过最少钻深两倍的方案中，依次取提示最少、"
    "钻深最少者；钻深相差一成以内取回灌水头最低者。",
)
_MARGIN = Text(
    "  It keeps its limits by only {margin} K, less than the undisturbed temperature is uncertain "
    "by (± {known} K).",
    "  距限值仅余 {margin} K，小于初始地温的不确定度 ± {known} K。",
)
_SAFE = Text(
    "  It keeps its limits by {margin} K, more than the undisturbed temperature is uncertain by "
    "(± {known} K).",
    "  距限值余 {margin} K，大于初始地温的不确定度 ± {known} K。",
)
_LOOK = Text("  Look at: {name}: {why}", "  注意：{name}：{why}")
_NONE = Text(
    "Nothing that was tried keeps the limits. Why (combinations):",
    "所试方案均不满足限值，原因（组合数）：",
)
_REASONS = Text("Refused on the way (combinations): {reasons}", "搜索中剔除（组合数）：{reasons}")
_YEARS = Text("Water by years, °C (planned{and_best}):", "历年水温 °C（规划{and_best}）：")
_AND_BEST = Text(" | recommended", " | 推荐")
_YEAR_COLUMNS = (
    Text("year", "年"), Text("lowest return", "最低回水"), Text("lowest pumped", "最低抽水"),
    Text("highest return", "最高回水"), Text("mean", "平均"),
)  # fmt: skip
_MODEL = Text(
    "Model: search on a grid of fineness {search}, results on {shown}{error}; years by days.",
    "模型：搜索网格密度 {search}，结果网格密度 {shown}{error}；逐日计算。",
)
_ERROR = Text(" ({error} K from finite volumes)", "（与有限体积法最大相差 {error} K）")
_PAIR_MODEL = Text(
    "Model: heat moves with the water between the wells, without conduction; years by days.",
    "模型：热量随水流在井间运移，未计导热；逐日计算。",
)


def show(site: Site, found: Any, language: Language) -> None:
    """The whole answer."""
    for note in found.notes:
        typer.echo(note.to(language), err=True)
    search = found.search
    head = _HEAD.format(
        name=site.name, kind=_KINDS[found.kind], years=found.years, tried=search.tried
    )
    _say(head, language)
    if site.illustrative:
        _say(_ILLUSTRATIVE, language)
    typer.echo()
    _say(_PLANNED.format(what=described(found.planned)), language)
    _points(found, language)
    for line in (*_verdict(found), *_ground(found)):
        _say(line, language)
    typer.echo()
    _front(found, site.ground.undisturbed_temperature_uncertainty, language)
    typer.echo()
    _years(found, language)
    _say(_model(found), language)


def described(one: SizedWells) -> Text:
    """Wells in a few words."""
    shape = one.shape()
    known = {"depth": f"{one.depth:g}", "flow": f"{shape['flow'] * _HOUR:.3g}"}
    count = _counted(one.count, "screens" not in shape)
    if "screens" not in shape:
        return _PAIRS.format(**known, count=count, apart=f"{shape['spacing']:.3g}")
    apart = Text("", "")
    if shape["spacing"] is not None:
        apart = _APART.format(spacing=f"{shape['spacing']:.3g}")
    seal = min(pair["seal"] for pair in shape["screens"])
    text = _HOLES if shape["open_hole"] else _WELLS
    return text.format(**known, count=count, seal=f"{seal:g}", apart=apart)


def _counted(count: int, pairs: bool) -> Text:
    """One well, two wells; one pair, two pairs."""
    ending = "" if count == 1 else "s"
    if pairs:
        return Text(f"{count} pair{ending}", f"{count} 对抽灌井")
    return Text(f"{count} well{ending}", f"{count} 口井")


def _points(found: Any, language: Language) -> None:
    columns = [column.format(last=found.years) for column in _POINT_COLUMNS]
    rows = []
    for point in found.points:
        wells = point.wells
        duty, count = wells.water.duty, wells.count
        lowest = wells.water.lowest_return
        rows.append([
            point.name.to(language), f"{duty.largest_extraction * count / 1e3:.0f}",
            f"{duty.largest_extraction / 1e3:.1f}", f"{wells.water.drop:.2f}",
            f"{duty.largest_injection * count / 1e3:.0f}", f"{wells.injection_head:.2f}",
            degrees(lowest[0]), degrees(lowest[-1]), degrees(wells.warmest),
            (_YES if wells.suffices else _NO).to(language),
        ])  # fmt: skip
    print_table(columns, rows, language)


def _verdict(found: Any) -> list[Text]:
    planned = found.planned
    if planned.suffices:
        return [_SUFFICES.format(most=f"{planned.largest_extraction / 1e3:.0f}")]
    lines = [_NOT_ENOUGH]
    lack = planned.shortfall
    if lack is not None:
        more = _NO_NUMBER
        if lack.wells is not None:
            text = _MORE if "screens" in planned.shape() else _MORE_PAIRS
            more = text.format(wells=lack.wells, metres=f"{lack.metres:.0f}")
        lines.append(
            _SHORT.format(
                side=_SIDES[lack.side], power=f"{lack.power / 1e3:.0f}",
                kelvin=f"{lack.temperature:.1f}", more=more,
            )
        )  # fmt: skip
    failed = [c for c in planned.checks.failures if c.id not in _TOLD_AS_LACK]
    lines += [_FAILED.format(name=check.name, why=check.why) for check in failed]
    return lines


def _ground(found: Any) -> list[Text]:
    back = found.heat_return
    share = Text("", "")
    if back.share is not None:
        share = _SHARE.format(share=f"{100.0 * back.share:.0f}")
    lines = [
        _GROUND.format(
            out=f"{back.extraction / _MWH:.0f}", back=f"{back.injection / _MWH:.0f}", share=share,
            drift=f"{back.drift:+.1f}", years=found.years,
        )
    ]  # fmt: skip
    if back.holding is not None and back.holding > 0.0:
        lines.append(_HOLDS.format(share=f"{100.0 * back.holding:.0f}"))
    if back.least_radius is not None and back.radius is not None:
        shown = {"least": f"{back.least_radius:.1f}", "own": f"{back.radius:.1f}"}
        lines.append(_RADIUS.format(**shown))
    return lines


def _front(found: Any, known: float | None, language: Language) -> None:
    search, best = found.search, found.search.recommended
    if best is None:
        _say(_NONE, language)
        for name, number in search.refused.values():
            typer.echo(f"  {name.to(language)}: {number}")
        return
    _say(_FRONT, language)
    if search.land is not None:
        text = _ON_LAND if search.within_land else _OFF_LAND
        land, least = f"{search.land / 1e4:.2g}", f"{(search.least_land or 0.0) / 1e4:.2g}"
        _say(text.format(land=land, least=least), language)
    one_well = "screens" in best.shape()
    rows = [*search.front, *([] if best in search.front else [best])]
    cells = [_row(one, one is best, one_well) for one in rows]
    print_table(_FRONT_COLUMNS if one_well else _PAIR_COLUMNS, cells, language)
    _say(_RECOMMENDED.format(what=described(best)), language)
    # Where none has the reserve, the recommended one has none either.
    kept = search.reserve if best.margin >= search.reserve - 0.01 else 0.0
    _say(_BECAUSE.format(reserve=f"{kept:g}"), language)
    if known is not None:
        text = _MARGIN if best.margin < known else _SAFE
        shown = {"margin": f"{max(best.margin, 0.0):.1f}", "known": f"{known:g}"}
        _say(text.format(**shown), language)
    for check in best.warnings:
        _say(_LOOK.format(name=check.name, why=check.why), language)
    if search.refused:
        reasons = ", ".join(f"{n.to(language)} {k}" for n, k in search.refused.values())
        _say(_REASONS.format(reasons=reasons), language)


def _row(one: SizedWells, best: bool, one_well: bool) -> list[str]:
    shape = one.shape()
    heat = [f"{one.water.drop:.2f}", degrees(one.coldest), degrees(one.warmest)]
    heads = [f"{one.metres:.0f}", f"{one.injection_head:.2f}", f"{one.drawdown:.2f}"]
    mark, apart = "*" if best else "", shape["spacing"]
    flow, warned = f"{shape['flow'] * _HOUR:.1f}", str(len(one.warnings))
    if not one_well:
        days = shape["breakthrough"]
        shown = "-" if days is None else f"{days / 86400.0:.0f}"
        return [
            mark,
            str(one.count),
            f"{apart:.0f}",
            flow,
            *heads,
            heat[0],
            shown,
            *heat[1:],
            warned,
        ]
    zones = " + ".join(
        f"{p['injection'][1] - p['injection'][0]:g}/{p['seal']:g}/"
        f"{p['extraction'][1] - p['extraction'][0]:g}"
        for p in shape["screens"]
    )
    spaced = "-" if apart is None else f"{apart:.3g}"
    return [mark, str(one.count), f"{one.depth:g}", zones, flow, spaced, *heads, *heat, warned]


def _years(found: Any, language: Language) -> None:
    best, last = found.search.recommended, found.years
    _say(_YEARS.format(and_best=Text("", "") if best is None else _AND_BEST), language)
    shown = [found.planned.water] + ([] if best is None else [best.water])
    columns = [_YEAR_COLUMNS[0], *_YEAR_COLUMNS[1:], *(_YEAR_COLUMNS[1:] if best else ())]
    rows = []
    for year in sorted({*(year for year in _SHOWN_YEARS if year < last), last}):
        cells = [str(year)]
        for water in shown:
            series = (water.lowest_return, water.lowest_pumped, water.highest_return, water.mean)
            cells += [degrees(values[year - 1]) for values in series]
        rows.append(cells)
    print_table(columns, rows, language)


def _model(found: Any) -> Text:
    if "screens" not in found.planned.shape():
        return _PAIR_MODEL
    coarse, fine = found.search.fineness
    error = Text("", "")
    if found.model_error is not None:
        error = _ERROR.format(error=f"{found.model_error:.2g}")
    return _MODEL.format(search=f"{coarse:g}", shown=f"{fine:g}", error=error)


def degrees(value: float) -> str:
    """A water temperature; below freezing and above boiling the model holds no more."""
    if value == float("inf") or value == float("-inf"):
        return "-"
    if value > _BOILING:
        return f"> {_BOILING:g}"
    return f"{value:.1f}" if value >= 0.0 else "< 0"


def print_table(columns: Any, rows: list[list[str]], language: Language) -> None:
    """A plain table, numbers to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(
            column.to(language), justify="left" if number == 0 else "right", no_wrap=False
        )
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False, width=_width()).print(table)


def _width() -> int:
    """Of the terminal, but wide enough for the tables."""
    from shutil import get_terminal_size

    return max(get_terminal_size((150, 24)).columns, 150)


def _say(text: Text, language: Language) -> None:
    typer.echo(text.to(language))
