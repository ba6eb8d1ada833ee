"""First page and summary of a design: feasible or what is short, key figures, cures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.design.station_design.design_result import STATUSES
from diwen.design.station_design.tolerated_shortage import tolerated_shortages
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_balance_section import ground_sources
from diwen.reports.design_blocks import Cells, Numbering, pairs, table
from diwen.reports.design_source_section import needed_text, planned_text
from diwen.reports.design_uncertainty_section import interval_text
from diwen.reports.document import Block, Cell, Finding, Light, Note, Table, Verdict
from diwen.reports.numbers import percent
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import Cure, StationDesign

TITLE = Text("Summary", "摘要与结论")
_FEASIBLE = Text(
    "Feasible: the design carries its loads over {years} years, and no rule that could be judged "
    "is broken.",
    "可行：设计方案在 {years} 年内满足负荷，可评判的规则条目均未违反。",
)
_LOOK = Text(
    "Feasible: the design carries its loads over {years} years and breaks no rule; {count} of "
    "{all} checks warn or could not be judged.",
    "可行：设计方案在 {years} 年内满足负荷，未违反规则；{all} 项中有 {count} 项为提示或无法判断。",
)
_AND_SHORT = Text("{said} {short}.", "{said}{short}。")
_SHORT = Text(
    "Not feasible as it stands: {count} shortfall(s). The first: {first}.",
    "现状不可行：存在 {count} 项不足。首要问题：{first}。",
)
_BREAKS = Text(
    "Not feasible as it stands: {count} of {all} rules are not kept. The first: {first}.",
    "现状不可行：{all} 项规则中有 {count} 项不满足。首要问题：{first}。",
)
_CURES = Text(
    "{lack}. Any one of these would do: {cures}.", "{lack}。采取下列任一措施即可：{cures}。"
)
_NO_CURE = Text("{lack}.", "{lack}。")
_BY_PROPORTION = Text("by proportion, to be run again", "按比例估算，须重新计算")
_BROKEN = Text("{name}: {why}", "{name}：{why}")
_MORE = Text(
    "{count} more rules are not kept: see section 7.", "另有 {count} 条规则不满足，见第 7 节。"
)
_TOLD = 6
_LATER = Text(
    "Behind the {years} planned years the design no longer carries its loads: the tolerance is "
    "first passed in year {first}, in year {worst} {share} % of the load stays unmet.",
    "超出规划的 {years} 年后方案不再满足负荷：第 {first} 年起超过允许值，"
    "第 {worst} 年有 {share} % 的负荷未满足。",
)
_UNVERIFIED = Text(
    "{count} of the rules judged stand on numbers that are not verified (marked in section 7).",
    "所评判规则中有 {count} 条的数值未经核实（第 7 节已注明）。",
)
_ASSUMED_PRICES = Text(
    "Prices and unit costs are partly assumed (section 8): paybacks are indications.",
    "部分价格与单价为假定值（第 8 节），投资回收期仅供参考。",
)
_NO_COSTS = Text("Costs could not be counted: {reason}.", "无法计算费用：{reason}。")
_SIMULATED = Text("Operation is simulated, not measured.", "运行数据为模拟值，非实测。")
_LACK = Text("Nothing was found to lack.", "未发现不足。")
_RULES_LACK = Text(
    "The rules that are not kept stand in section 7, each with what would keep it.",
    "不满足的规范条目及其改进措施见第 7 节。",
)


def judgement(design: StationDesign) -> tuple[Light, Text]:
    """The whole in one light and one sentence."""
    years = judged_years(design)
    broken = [row for row in design.compliance if row.status == "fails"]
    whole = len(design.compliance)
    if design.shortfalls:
        first = design.shortfalls[0].text
        return "bad", _SHORT.format(count=len(design.shortfalls), first=first)
    if broken:
        first = words.upper_first(broken[0].name)
        return "bad", _BREAKS.format(count=len(broken), all=whole, first=first)
    short = tolerated_shortages(design)
    open_ones = sum(row.status in ("warns", "unknown") for row in design.compliance)
    if open_ones:
        said = _LOOK.format(years=years, count=open_ones, all=whole)
        return "attention", _with_shortages(said, short)
    light: Light = "attention" if short else "good"
    return light, _with_shortages(_FEASIBLE.format(years=years), short)


def _with_shortages(said: Text, short: tuple[Text, ...]) -> Text:
    """The sentence, and the hours that are short within the tolerance."""
    for one in short:
        said = _AND_SHORT.format(said=said, short=words.upper_first(one))
    return said


def judged_years(design: StationDesign) -> int:
    """Years over which shortfalls are judged: those that are planned, as far as they ran."""
    return min(math.ceil(design.site.operation.planned_years), len(design.run.years))


def verdict(design: StationDesign) -> Verdict:
    """The first page."""
    light, sentence = judgement(design)
    counts = tuple(
        (words.LIGHT_OF[status], count)
        for status, count in design.statuses().items() if count
    )  # fmt: skip
    return Verdict(light, sentence, tuple(findings(design)), counts, tuple(points(design)))


def findings(design: StationDesign) -> list[Finding]:
    """Key figures: sizes, temperatures, efficiency, money, carbon."""
    found = [*_sizes(design), *_temperatures(design), *_ratios(design)]
    return [*found, *_money(design)]


def _sizes(design: StationDesign) -> list[Finding]:
    found = []
    for source in design.sources:
        light: Light = "plain" if source.suffices is None else "good" if source.suffices else "bad"
        kind = words.SOURCE_KINDS.get(source.kind, same(source.kind))
        name = Text(f"Size of {source.name} ({kind.en})", f"{kind.zh} {source.name} 规格")
        planned, margin = planned_text(source), percent(source.margin)
        holes = (f"{source.count} × ", f"{source.count} 孔 × ") if source.unit == "m" else ("", "")
        said = Text(
            f"planned {holes[0]}{planned.en}; margin {margin}",
            f"规划 {holes[1]}{planned.zh}；裕量 {margin}",
        )
        if source.needed is None:
            said = Text(f"planned {holes[0]}{planned.en}; the need was not computed",
                        f"规划 {holes[1]}{planned.zh}；未计算所需规格")  # fmt: skip
        needed = needed_text(source)
        found.append(Finding(light, name, needed, words.CALCULATED, said))
    return found


def _temperatures(design: StationDesign) -> list[Finding]:
    last = len(design.run.years)
    found = []
    for name in ground_sources(design):
        low, high, _, _ = design.run.extremes(name, last)
        ends = Text(f"{words.celsius(low)} to {words.celsius(high)} °C",
                    f"{words.celsius(low)}～{words.celsius(high)} °C")  # fmt: skip
        ratio = words.ratio(design.run.mean_ratio(name, last))
        said = Text(f"in {last} years; heat put in over heat taken out {ratio}",
                    f"{last} 年内；排取热比 {ratio}")  # fmt: skip
        title = Text(f"Water entering the units from {name}", f"热源 {name} 进机组水温")
        found.append(Finding("plain", title, ends, words.SIMULATED, said))
    return found


def _ratios(design: StationDesign) -> list[Finding]:
    first, last = design.run.years[0].summary.ratios, design.run.years[-1].summary.ratios
    years = len(design.run.years)
    found = []
    refused = design.run.years[0].summary.refused
    named = [("cop_system", "COPsys"), ("eer_system", "EERsys")]
    # Where pumps are missing the units alone can still be told, by the name of that boundary.
    named += [("spf_h1", "SPF H1")] if "cop_system" in refused else []
    for key, name in named:
        if key in refused:
            found.append(
                Finding("attention", same(name), words.NOT_TOLD, words.SIMULATED, refused[key])
            )
            continue
        if not math.isfinite(first.get(key, math.nan)):
            continue
        said = Text(f"year 1; year {years}: {words.ratio(last.get(key))}",
                    f"第 1 年；第 {years} 年为 {words.ratio(last.get(key))}")  # fmt: skip
        spread = _interval(design, key)
        if spread is not None and design.uncertainty is not None:
            end = design.uncertainty.years
            said = Text(
                f"{said.en}; 90 % interval in year {end}: {spread.en}",
                f"{said.zh}；第 {end} 年 90 % 区间 {spread.zh}",
            )
        found.append(
            Finding("plain", same(name), same(words.ratio(first[key])), words.SIMULATED, said)
        )
    return found


def _interval(design: StationDesign, key: str) -> Text | None:
    if design.uncertainty is None or key not in design.uncertainty.outcomes:
        return None
    return interval_text(design.uncertainty.outcomes[key])


def _money(design: StationDesign) -> list[Finding]:
    found = design.economics
    if found is None:
        return []
    own = found.comparison.design
    capital = own.plant.cost.capital
    low, high = capital.interval
    between = Text(f"{words.money(low)} to {words.money(high)} by the intervals of the unit costs",
                   f"按单价区间为 {words.money(low)}～{words.money(high)}")  # fmt: skip
    origin = words.ASSUMED if len(capital.assumed) == len(capital.items) else words.CALCULATED
    return [
        Finding("plain", Text("Investment", "总投资"), _cny(capital.investment), origin, between),
        Finding(
            "plain",
            Text("Running cost of year 1", "首年运行费用"),
            _cny(own.plant.cost.running),
            words.CALCULATED,
            _paybacks(design),
        ),
        Finding(
            "plain",
            Text("Carbon dioxide of year 1", "首年二氧化碳排放"),
            same(f"{words.tonnes(own.carbon.first_year)} t"),
            words.CALCULATED,
            _avoided(design),
        ),
    ]


def _cny(amount: float) -> Text:
    return Text(
        f"{words.money(amount)} {words.MONEY.en}", f"{words.money(amount)} {words.MONEY.zh}"
    )


def _paybacks(design: StationDesign) -> Text:
    assert design.economics is not None
    parts = []
    for saving in design.economics.comparison.savings.values():
        time = words.payback(saving.static_payback)
        parts.append(Text(f"{saving.name.en}: {time.en}", f"{saving.name.zh}：{time.zh}"))
    return (
        Text(
            "static payback against " + "; ".join(p.en for p in parts),
            "静态投资回收期：较" + "；较".join(p.zh for p in parts),
        )
        if parts
        else same("")
    )


def _avoided(design: StationDesign) -> Text:
    assert design.economics is not None
    parts = []
    for saving in design.economics.comparison.savings.values():
        mass = words.tonnes(float(saving.carbon[0]))
        parts.append(Text(f"{saving.name.en} {mass}", f"{saving.name.zh} {mass}"))
    return (
        Text(
            "avoided (t) against " + ", ".join(p.en for p in parts),
            "减排（t）较：" + "、".join(p.zh for p in parts),
        )
        if parts
        else same("")
    )


def points(design: StationDesign) -> list[Text]:
    """What the reader must not overlook."""
    found = [_SIMULATED, *(_lack(one.text, one.cures) for one in design.shortfalls)]
    found += [] if (later := later_decline(design)) is None else [later]
    broken = [row for row in design.compliance if row.status == "fails"]
    told = [_BROKEN.format(name=words.upper_first(row.name), why=row.why) for row in broken[:_TOLD]]
    # Several rules may ask for the same thing, such as a test of the ground: said once.
    found += list(dict.fromkeys(told))
    if len(broken) > _TOLD:
        found.append(_MORE.format(count=len(broken) - _TOLD))
    unsure = sum(row.rule is not None and not row.verified for row in design.compliance)
    if unsure:
        found.append(_UNVERIFIED.format(count=unsure))
    if design.economics is not None:
        plant = design.economics.comparison.design.plant
        if design.economics.prices.assumed or plant.cost.capital.assumed:
            found.append(_ASSUMED_PRICES)
    found += [_NO_COSTS.format(reason=problem.message) for problem in design.economics_refused[:2]]
    return found


def later_decline(design: StationDesign) -> Text | None:
    """What the twin shows behind the planned years, where the load is then no longer met."""
    allowed = usual_value("default.simulated.unmet") / 100.0
    planned = judged_years(design)
    short = [year for year in range(planned + 1, len(design.run.years) + 1)
             if design.run.year(year).summary.unmet_share > allowed]  # fmt: skip
    if not short:
        return None
    worst = max(short, key=lambda year: float(design.run.year(year).summary.unmet_share))
    unmet = words.share(design.run.year(worst).summary.unmet_share, 1)
    return _LATER.format(years=planned, first=short[0], worst=worst, share=unmet)


def _lack(text: Text, cures: tuple[Cure, ...]) -> Text:
    said = words.upper_first(text)
    if not cures:
        return _NO_CURE.format(lack=said)
    en = "; ".join(one.text.en for one in cures)
    zh = "；".join(one.text.zh for one in cures)
    return _CURES.format(lack=said, cures=Text(en, zh))


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Summary: what was asked, what came out, what is short and what cures it."""
    light, sentence = judgement(design)
    blocks: list[Block] = [
        Note(sentence, "warning" if light == "bad" else "text"),
        _figures(design),
    ]
    if design.shortfalls:
        blocks.append(_shortfalls(design))
    else:
        blocks.append(Note(_RULES_LACK if light == "bad" else _LACK))
    return [*blocks, _statuses(design)]


def _figures(design: StationDesign) -> Table:
    rows: list[tuple[Text, Text | str, Text]] = []
    for hour in design.plant.hours:
        duty = words.DUTIES[hour.duty]
        rows.append((Text(f"highest load, {duty.en}", f"{duty.zh}最大负荷"),
                     f"{words.kw(hour.load)} kW", _origins(design)))  # fmt: skip
        rows.append((Text(f"capacity in that hour, {duty.en}", f"该时刻{duty.zh}能力"),
                     f"{words.kw(hour.capacity + hour.backup)} kW", words.SIMULATED))  # fmt: skip
    year = design.run.years[0].summary
    for name, value in (
        (Text("heat of year 1", "第 1 年供热量"), year.heat + year.hot_water),
        (Text("cold of year 1", "第 1 年供冷量"), year.cold),
        (Text("electricity of year 1", "第 1 年用电量"), year.power),
    ):
        rows.append((name, f"{words.mwh(value)} MWh", words.SIMULATED))
    for one in findings(design):
        rows.append((one.name, one.value, one.origin))
    return pairs(Text("Key figures", "主要指标"), rows)


def _origins(design: StationDesign) -> Text:
    found = [words.ORIGINS.get(origin, same(origin))
             for origin in dict.fromkeys(load.origin for load in design.basis.loads)]  # fmt: skip
    return Text(", ".join(t.en for t in found), "、".join(t.zh for t in found))


def _shortfalls(design: StationDesign) -> Table:
    rows: list[Cells] = []
    for lack in design.shortfalls:
        for place, cure in enumerate(lack.cures):
            shown = Cell(words.upper_first(lack.text), "bad") if not place else Cell(same(""))
            size = words.with_unit(lack.amount, lack.unit) if not place else same("")
            rows.append((
                shown, size,
                Cell(words.upper_first(cure.text), None, None if cure.computed else _BY_PROPORTION),
                words.with_unit(cure.amount, cure.unit),
            ))  # fmt: skip
        if not lack.cures:
            rows.append(
                (
                    Cell(words.upper_first(lack.text), "bad"),
                    words.with_unit(lack.amount, lack.unit),
                    words.DASH,
                    words.DASH,
                )
            )
    columns = (
        (Text("what is short", "不足"), "l", 2.8), (Text("by how much", "差额"), "r", 0.9),
        (Text("what would cure it (any one)", "改进措施（任选其一）"), "l", 2.8),
        (Text("amount", "数量"), "r", 0.9),
    )  # fmt: skip
    return table(Text("What is short, and what cures it", "不足与改进措施"), columns, rows)


def _statuses(design: StationDesign) -> Table:
    rows: list[Cells] = [
        (Cell(words.upper_first(STATUSES[status]), words.LIGHT_OF[status]), f"{count}")
        for status, count in design.statuses().items()
    ]
    columns = ((Text("status", "结论"), "l", 2.0), (Text("checks", "项数"), "r", 1.0))
    return table(Text("Rules (section 7)", "规范校核统计（第 7 节）"), columns, rows)
