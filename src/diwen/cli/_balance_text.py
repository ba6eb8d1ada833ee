"""The heat balance as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.yearly_balance import GroundCourse, YearlyBalance
    from diwen.rules import Row

_HEAD = Text("{name}: {count} boreholes of {length} m, {years} years hour by hour",
             "{name}：{count} 个钻孔，孔深 {length} m，逐时计算 {years} 年")  # fmt: skip
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_HEAT = Text(
    "Heat of the ground in MWh, mean of {years} years:", "年平均逐月热量（MWh，{years} 年平均）："
)
_ROWS = (Text("out", "取热"), Text("in", "排热"))
_GIVEN, _TAKEN = Text("recharge", "补热"), Text("taken out", "取出")
_YEAR_SUM = Text("year", "全年")
_RATIO = Text("In/out {ratio}; left over {net} MWh a year{recharge}: the ground {change}.",
              "排取比 {ratio}；年净{kind} {net} MWh{recharge}：地温{change}。")  # fmt: skip
_WITH = Text(" with recharge", "（含补热）")
_WITHOUT_IT = Text(" with the heat taken out", "（计入另行取出的热量）")
_WARMS, _COOLS = Text("warms", "上升"), Text("cools", "下降")
_STAYS = Text("keeps its temperature", "保持稳定")
_RULE = Text("{name}: {text} ({standing}).", "{name}：{text}（{standing}）。")
_TABLE = Text("Temperatures in °C, heat in MWh; undisturbed ground {ground} °C; {limits}:",
              "温度（°C）与热量（MWh）；初始地温 {ground} °C；{limits}：")  # fmt: skip
_TABLE_WITH = Text("The same with {energy} MWh a year {verb} in the months {months}:",
                   "每年{verb} {energy} MWh（{months} 月）时：")  # fmt: skip
_GIVES, _TAKES = Text("given to the ground", "向地下补热"), Text("taken out of it", "从地下取出")
_COLUMNS = (
    Text("year", "年"), Text("out", "取热"), Text("in", "排热"), Text("wall", "孔壁"),
    Text("drift K/a", "年变化 K"), Text("lowest fluid", "流体最低"),
    Text("highest fluid", "流体最高"),
)  # fmt: skip
_STEADY = Text("steady", "稳态")
_STEADY_NOTE = Text(
    "Steady state of the wall {steady} °C, of which {share} % is reached in year {years}.",
    "孔壁稳态温度 {steady} °C，第 {years} 年已达变化量的 {share} %。",
)
_KEEPS = Text("{length} m keeps the limits in all {years} years.",
              "孔深 {length} m 在 {years} 年内均满足限值。")  # fmt: skip
_KEEPS_LIFE = Text(
    "{length} m keeps the limits over the life of {life} years, but no longer from year {year} on.",
    "孔深 {length} m 在规划 {life} 年内满足限值，自第 {year} 年起不再满足。",
)
_FAILS = Text("{length} m misses the limits from year {year} on (life: {life} years).",
              "孔深 {length} m 自第 {year} 年起不满足限值（规划年限 {life} 年）。")  # fmt: skip
_NEEDED = Text("Needed for {life} years: {length} m.", "{life} 年所需孔深：{length} m。")
_NEEDED_NONE = Text("No length keeps the limits for {life} years: {reason}",
                    "没有孔深能满足 {life} 年限值：{reason}")  # fmt: skip
_SAVES = Text(
    "This saves {saved} m per borehole ({total} m in total): {before} → {after} m needed; "
    "the wall in year {years} {wall} K.",
    "由此每孔减少 {saved} m（合计 {total} m）：所需孔深 {before} → {after} m；第 {years} 年"
    "孔壁温度变化 {wall} K。",
)
_COSTS = Text(
    "It asks for {saved} m more per borehole ({total} m in total): {before} → {after} m needed; "
    "the wall in year {years} {wall} K.",
    "由此每孔反而增加 {saved} m（合计 {total} m）：所需孔深 {before} → {after} m；第 {years} 年"
    "孔壁温度变化 {wall} K。",
)
_CLOSING = Text(
    "To close the balance of {years} years: {energy} MWh a year {verb} (months {months}).",
    "使 {years} 年热平衡：每年{verb} {energy} MWh（{months} 月）。",
)
_BALANCED = Text("The balance is closed as it is.", "热量已平衡。")
_ENOUGH = Text("For {length} m to suffice {life} years: {energy} MWh a year {verb}.",
               "使孔深 {length} m 满足 {life} 年：每年{verb} {energy} MWh。")  # fmt: skip
_NONE_NEEDED = Text("For {length} m to suffice {life} years no recharge is needed.",
                    "孔深 {length} m 满足 {life} 年，无需补热。")  # fmt: skip
_NEVER = Text("Not even the closed balance lets {length} m suffice {life} years.",
              "即使热平衡，孔深 {length} m 也不能满足 {life} 年。")  # fmt: skip
_LIMITS = {
    "low": Text("at least {value} °C {place}", "{place}不低于 {value} °C"),
    "high": Text("at most {value} °C {place}", "{place}不高于 {value} °C"),
}
_PLACES = {
    "entering": Text("entering the heat pump", "进机组"),
    "leaving": Text("leaving the heat pump", "出机组"),
    "mean": Text("in the mean of the fluid", "流体平均"),
}
_SHOWN = (1, 2, 5, 10, 25, 50, 75, 100)
_MWH = 3.6e9
# A balance is called closed when less of the heat is left over.
_CLOSED = 1e-3


def show(
    name: Text, illustrative: bool, found: YearlyBalance, rule: Row | None, language: Language
) -> None:
    """Print the balance of the year, the years, and what recharge does."""

    def say(text: Text) -> None:
        typer.echo(text.to(language))

    for note in found.given.notes:
        typer.echo(note.to(language), err=True)
    count = found.given.field.count
    say(_HEAD.format(name=name, count=count, length=f"{found.length:g}", years=found.horizon))
    if illustrative:
        say(_ILLUSTRATIVE)
    typer.echo()
    say(_HEAT.format(years=found.horizon))
    _months(found, language)
    say(_ratio(found.plain))
    if found.recharged is not None:
        say(_ratio(found.recharged))
    if rule is not None:
        say(_RULE.format(name=rule.name, text=rule.text, standing=rule.standing))
    typer.echo()
    say(_TABLE.format(ground=f"{found.given.field.temperature(found.length):.1f}",
                      limits=_limits(found)))  # fmt: skip
    _years(found, found.plain, language)
    say(_steady(found, found.plain))
    if found.recharged is not None:
        energy = found.recharged.recharge
        typer.echo()
        say(_TABLE_WITH.format(**_amount(energy), months=_named(found.months)))
        _years(found, found.recharged, language)
        say(_steady(found, found.recharged))
    typer.echo()
    for line in _verdict(found):
        say(line)


def _months(found: YearlyBalance, language: Language) -> None:
    from diwen.cli._balance_figure import MONTHS
    from diwen.design.recharged_plant import month_shares

    course = found.plain
    rows = [
        (_ROWS[0], course.extraction.mean(axis=0)), (_ROWS[1], course.injection.mean(axis=0)),
    ]  # fmt: skip
    if found.recharged is not None and found.recharged.recharge:
        energy = found.recharged.recharge
        rows.append((_GIVEN if energy > 0 else _TAKEN, abs(energy) * month_shares(found.months)))
    cells = [
        [name.to(language), *(f"{value / _MWH:.1f}" for value in (*row, row.sum()))]
        for name, row in rows
    ]
    _print(["", *(month.to(language) for month in MONTHS), _YEAR_SUM.to(language)], cells)


def _ratio(course: GroundCourse) -> Text:
    balance = course.balance
    if balance.imbalance < _CLOSED:
        change = _STAYS
    else:
        change = _COOLS if balance.net > 0 else _WARMS
    return _RATIO.format(
        ratio="-" if balance.ratio is None else f"{balance.ratio:.2f}",
        kind=_ROWS[0].zh if balance.net > 0 else _ROWS[1].zh,
        net=f"{abs(balance.net) / _MWH:.1f}",
        recharge=(_WITH if course.recharge > 0 else _WITHOUT_IT) if course.recharge else "",
        change=change,
    )


def _years(found: YearlyBalance, course: GroundCourse, language: Language) -> None:
    track, last = course.trajectory, found.horizon
    shown = sorted({*(year for year in _SHOWN if year < last), min(found.life, last), last})
    out, into = course.extraction.sum(axis=1) / _MWH, course.injection.sum(axis=1) / _MWH
    rows = []
    for year in shown:
        at = year - 1
        cells = [f"{out[at]:.1f}", f"{into[at]:.1f}", f"{track.wall_mean[at]:.2f}"]
        cells += [f"{track.drift[at]:+.3f}", f"{course.minimum[at]:.1f}"]
        rows.append([str(year), *cells, f"{course.maximum[at]:.1f}"])
    rows.append([_STEADY.to(language), "", "", f"{course.steady:.2f}", "", "", ""])
    _print([column.to(language) for column in _COLUMNS], rows)


def _print(columns: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(width=120, markup=False, highlight=False)
    console.print(table)


def _steady(found: YearlyBalance, course: GroundCourse) -> Text:
    ground = found.given.field.temperature(found.length)
    whole = course.steady - ground
    reached = float(course.trajectory.wall_mean[-1]) - ground
    share = 100.0 if abs(whole) < 0.02 else min(100.0, 100.0 * reached / whole)
    return _STEADY_NOTE.format(
        steady=f"{course.steady:.1f}", share=f"{share:.0f}", years=found.horizon
    )


def _verdict(found: YearlyBalance) -> list[Text]:
    length, life, months = f"{found.length:g}", found.life, _named(found.months)
    lines = [_keeps(found, found.judged)]
    needed = found.judged.sizing
    if needed.length is None:
        reason = needed.reasons[0] if needed.reasons else ""
        lines.append(_NEEDED_NONE.format(life=life, reason=reason))
    else:
        lines.append(_NEEDED.format(life=life, length=f"{needed.length:.1f}"))
    lines += _saved(found)
    if abs(found.closing) < _CLOSED * max(found.plain.balance.extraction, 1.0):
        lines.append(_BALANCED)
    else:
        amount = _amount(found.closing)
        lines.append(_CLOSING.format(**amount, years=found.horizon, months=months))
    if found.enough is None:
        lines.append(_NEVER.format(length=length, life=life))
    elif found.enough == 0.0:
        lines.append(_NONE_NEEDED.format(length=length, life=life))
    else:
        lines.append(_ENOUGH.format(**_amount(found.enough), length=length, life=life))
    return lines


def _keeps(found: YearlyBalance, course: GroundCourse) -> Text:
    failure, length = course.first_failure, f"{found.length:g}"
    if failure is None:
        return _KEEPS.format(length=length, years=found.horizon)
    text = _FAILS if failure <= found.life else _KEEPS_LIFE
    return text.format(length=length, life=found.life, year=failure)


def _saved(found: YearlyBalance) -> list[Text]:
    saved, with_it = found.length_saved, found.recharged
    if saved is None or with_it is None:
        return []
    wall = float(with_it.trajectory.wall_mean[-1] - found.plain.trajectory.wall_mean[-1])
    return [
        (_SAVES if saved >= 0 else _COSTS).format(
            saved=f"{abs(saved):.1f}",
            total=f"{abs(saved) * found.given.field.count:.0f}",
            before=f"{found.plain.sizing.length:.1f}",
            after=f"{with_it.sizing.length:.1f}",
            years=found.horizon,
            wall=f"{wall:+.1f}",
        )
    ]


def _amount(energy: float) -> dict[str, object]:
    return {"energy": f"{abs(energy) / _MWH:.1f}", "verb": _GIVES if energy >= 0 else _TAKES}


def _named(months: tuple[int, ...]) -> str:
    """Months as short as they can be said: ``5-9``, ``11-3``, ``2, 6``."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 12:
        runs[-1] += runs.pop(0)
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _limits(found: YearlyBalance) -> Text:
    limits = found.given.limits
    parts = []
    for name, value, place in (
        ("low", limits.minimum, limits.minimum_at), ("high", limits.maximum, limits.maximum_at)
    ):  # fmt: skip
        if value is not None:
            parts.append(_LIMITS[name].format(value=f"{value:g}", place=_PLACES[place]))
    return Text(", ".join(part.en for part in parts), "，".join(part.zh for part in parts))
