"""Products judged for a site, as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from diwen.cli._size_wells_text import degrees, described, print_table
from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.well_product_result import JudgedProduct, SiteProducts
    from diwen.site import Site

_HEAD = Text(
    "{name}: what products of the market would do in this ground, {years} years",
    "{name}：市场产品在本项目地层中的适用性，{years} 年",
)
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_COLUMNS = (
    Text("product", "产品"), Text("drop K", "温差 K"), Text("head m", "回灌水头 m"),
    Text("coldest, year 1", "最低回水 第 1 年"), Text("year {last}", "第 {last} 年"),
    Text("warmest", "最高回水"), Text("most kW", "最大取热 kW"),
    Text("most, balanced", "热平衡时最大"), Text("", ""),
)  # fmt: skip
_VERDICT = Text("{product}: {verdict}{what}.", "{product}：{verdict}{what}。")
_COLON, _OR, _AND = Text(": ", "："), Text(", or ", "，或"), Text("; ", "；")
_REASON = Text("  because {reasons}", "  原因：{reasons}")
_MOST = Text(
    "The most that one well gives here at the planned spacing: {heat} kW at {flow} m³/h ({what}); "
    "drop {drop} K, injection head {head} m.",
    "按规划井距，本地层单井最大取热 {heat} kW（{flow} m³/h；{what}）；温差 {drop} K，"
    "回灌水头 {head} m。",
)
_LEVEL = Text(
    "With a balanced year (heat given {share} % of the heat taken): {heat} kW at {flow} m³/h "
    "({what}).",
    "全年热平衡时（放热为取热的 {share} %）：单井 {heat} kW（{flow} m³/h；{what}）。",
)
_NO_MOST = Text(
    "No shape that was tried gives any heat here within the limits and checks.",
    "所试井型在本地层均不能在满足限值与校核项的前提下供热。",
)
_MAKER = Text(
    "Heat and flow of the products are figures of their makers, not measured; the year has the "
    "course of the load of this site.",
    "产品取热量与流量为厂家标称值，非实测；全年变化按本项目负荷。",
)


def show_products(site: Site, found: SiteProducts, language: Language) -> None:
    """The whole answer."""
    from diwen.design.well_product_result import VERDICTS

    for note in found.notes:
        typer.echo(note.to(language), err=True)
    typer.echo(_HEAD.format(name=site.name, years=found.years).to(language))
    if site.illustrative:
        typer.echo(_ILLUSTRATIVE.to(language))
    typer.echo()
    columns = [column.format(last=found.years) for column in _COLUMNS]
    rows = [[*_cells(one, language), VERDICTS[one.verdict].to(language)] for one in found.products]
    print_table(columns, rows, language)
    typer.echo()
    for one in found.products:
        typer.echo(_sentence(one, VERDICTS[one.verdict]).to(language))
        if one.reasons:
            typer.echo(_REASON.format(reasons=_listed(one.reasons, _AND)).to(language))
    typer.echo()
    for line in _most(found):
        typer.echo(line.to(language))
    typer.echo(_MAKER.to(language))


def _cells(one: JudgedProduct, language: Language) -> list[str]:
    lowest = one.wells.water.lowest_return
    return [
        one.product.name.to(language), f"{one.product.drop:.2f}",
        f"{one.wells.injection_head:.2f}", degrees(lowest[0]), degrees(lowest[-1]),
        degrees(one.wells.warmest), f"{one.largest_heat / 1e3:.0f}",
        "-" if one.largest_balanced is None else f"{one.largest_balanced / 1e3:.0f}",
    ]  # fmt: skip


def _sentence(one: JudgedProduct, verdict: Text) -> Text:
    what = Text("", "")
    if one.conditions:
        between = _OR if one.reasons else _AND
        listed = _listed(one.conditions, between)
        what = Text(_COLON.en + listed.en, _COLON.zh + listed.zh)
    return _VERDICT.format(product=one.product.name, verdict=verdict, what=what)


def _most(found: SiteProducts) -> list[Text]:
    best, level = found.largest, found.largest_balanced
    if best is None:
        return [_NO_MOST]
    lines = [
        _MOST.format(
            heat=f"{best.water.duty.largest_extraction / 1e3:.0f}",
            flow=f"{best.design.flow * 3600.0:.3g}", what=described(best),
            drop=f"{best.water.drop:.2f}", head=f"{best.injection_head:.2f}",
        )
    ]  # fmt: skip
    if level is not None:
        duty = level.water.duty
        lines.append(
            _LEVEL.format(
                share=f"{100.0 * duty.yearly_injection / duty.yearly_extraction:.0f}",
                heat=f"{duty.largest_extraction / 1e3:.0f}",
                flow=f"{level.design.flow * 3600.0:.3g}", what=described(level),
            )
        )  # fmt: skip
    return lines


def _listed(texts: tuple[Text, ...], between: Text) -> Text:
    return Text(between.en.join(t.en for t in texts), between.zh.join(t.zh for t in texts))
