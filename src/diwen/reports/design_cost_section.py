"""Costs of a design: to build, to run, over its life, and against what it could replace."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.design.economics.life_cycle import OTHER_FLOWS, YEARLY
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import Cells, Numbering, notes, pairs, table, warning
from diwen.reports.design_cost_charts import cost_chart, course_chart
from diwen.reports.document import Block, Cell, Table
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.design.economics.of_site import SiteEconomics
    from diwen.design.station_design.design_result import StationDesign

TITLE = Text("Costs", "费用")
NOT_ASKED = Text("Costs were not asked for.", "未要求计算费用。")
REFUSED = Text("Costs could not be counted: {reason}. {cure}.", "无法计算费用：{reason}。{cure}。")
_ASSUMED_PRICE = Text("assumed (rule row, planning estimate)", "假定（规则条目，规划估算值）")
_OWN_PRICE = Text("given in the site file", "项目文件给出")
_CAPITAL_NOTE = Text(
    "Unit costs are best estimates with the interval of their rule row; where assumed, nobody has "
    "asked a maker or a builder. Tenders replace them.",
    "单价为最佳估计，区间取自规则条目；标为假定者未经厂家或施工单位询价，应以招标价格替代。",
)
_FUELS = {"gas": Text("natural gas", "天然气"), "coal": Text("coal", "煤"),
          "district_heat": Text("district heat", "集中供热"),
          "electricity": Text("electricity", "电")}  # fmt: skip
_EXAMPLE = Text(
    "Illustrative prices stand in for: {carriers}. They are not the prices of this place.",
    "以下能源采用示例价格，并非当地价格：{carriers}。",
)


def refused(design: StationDesign) -> list[Block]:
    """Why there are no costs."""
    if not design.economics_refused:
        return notes([NOT_ASKED])
    return [warning(REFUSED.format(reason=problem.message, cure=words.upper_first(problem.cure)))
            for problem in design.economics_refused]  # fmt: skip


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Investment, bills, life-cycle cost, paybacks."""
    found = design.economics
    if found is None:
        return refused(design)
    blocks: list[Block] = [_capital(found), _terms(found), _running(found), _bill(found)]
    if found.prices.assumed:
        names = [_FUELS[carrier] for carrier in found.prices.assumed]
        said = Text(", ".join(n.en for n in names), "、".join(n.zh for n in names))
        blocks.append(warning(_EXAMPLE.format(carriers=said)))
    blocks.append(_life_cycle(found))
    blocks.append(numbering.figure(cost_chart(found)))
    blocks.append(_savings(found))
    blocks.append(numbering.figure(course_chart(found)))
    if found.business is not None:
        blocks.append(_business(found))
    return blocks


def _capital(found: SiteEconomics) -> Table:
    capital = found.comparison.design.plant.cost.capital
    rows: list[Cells] = []
    for item in capital.items:
        price = words.significant(item.best, 4)
        spread = None
        if item.high > item.low:
            low, high = words.significant(item.low, 4), words.significant(item.high, 4)
            spread = Text(f"{low} to {high}", f"{low}～{high}")
        origin = _OWN_PRICE if item.own else _ASSUMED_PRICE
        ids = ", ".join(row.id for row in item.rows)
        rows.append((
            words.upper_first(item.label), Cell(_per(item.quantity, item.unit)),
            Cell(same(price), None, spread), words.money(item.amount, 2), number(item.life, 0),
            Cell(origin, None, same(ids) if ids else None),
        ))  # fmt: skip
    least, most = capital.interval
    between = Text(f"{words.money(least)} to {words.money(most)}",
                   f"{words.money(least)}～{words.money(most)}")  # fmt: skip
    rows.append((
        Text("Investment", "总投资"), words.DASH, words.DASH,
        Cell(same(words.money(capital.investment, 2)), None, between), words.DASH, words.DASH,
    ))  # fmt: skip
    columns = (
        (Text("item", "分项"), "l", 1.9), (Text("quantity", "数量"), "r", 1.2),
        (Text("unit cost, CNY", "单价，元"), "r", 1.2),
        (Text("amount, 10⁴ CNY", "金额，万元"), "r", 1.3), (Text("life, a", "寿命，年"), "r", 0.7),
        (Text("origin of the unit cost", "单价来源"), "l", 2.2),
    )  # fmt: skip
    return table(Text("Investment", "投资"), columns, rows, _CAPITAL_NOTE)


_QUANTITIES_ZH = {"CNY": "元", "unit": "台", "share": "", "1": ""}


def _per(quantity: float, unit: str) -> Text:
    """A quantity, with the unit that its price is for (``CNY/m``: metres)."""
    shown = words.significant(quantity, 4)
    name = unit.partition("/")[2] if "/" in unit else unit
    if unit == "CNY":  # the price of one piece
        return same(shown)
    if unit == "1":
        return Text(f"of {shown} CNY", f"基数 {shown} 元")
    return Text(f"{shown} {name}".strip(), f"{shown} {_QUANTITIES_ZH.get(name, name)}".strip())


def _terms(found: SiteEconomics) -> Table:
    terms = found.comparison.terms
    rows = (
        (Text("years of the study", "分析年限"), words.amount(f"{terms.years}", "a")),
        (Text("discount rate (nominal)", "折现率（名义）"), same(percent(terms.discount_rate))),
        (Text("inflation", "通货膨胀率"), same(percent(terms.inflation))),
        (Text("rise of electricity prices", "电价年涨幅"),
         same(percent(terms.electricity_escalation))),
        (Text("rise of fuel and heat prices", "燃料与热价年涨幅"),
         same(percent(terms.fuel_escalation))),
    )  # fmt: skip
    used = [row for row in found.comparison.rows if row.id.startswith("economic_study.")]
    ids = same(", ".join(row.id for row in used))
    origin = Text("site file, or rule rows: ", "项目文件或规则条目：")
    note = Text(origin.en + (ids.en or "–"), origin.zh + (ids.zh or "–"))
    columns = ((Text("term", "参数"), "l", 2.0), (Text("value", "数值"), "r", 1.0))
    return table(Text("Terms of the study", "经济参数"), columns, rows, note)


def _running(found: SiteEconomics) -> Table:
    rows: list[Cells] = []
    outcomes = found.comparison.outcomes
    keys = dict.fromkeys(name for one in outcomes for name in one.plant.cost.yearly)
    for key in keys:
        values = [one.plant.cost.yearly.get(key) for one in outcomes]
        rows.append((words.upper_first(YEARLY[key]), *(words.money(v, 2) for v in values)))
    rows.append(
        (Text("All", "合计"), *(words.money(one.plant.cost.running, 2) for one in outcomes))
    )
    columns = [(Text("cost, 10⁴ CNY/a", "费用，万元/年"), "l", 1.4)]
    columns += [(words.upper_first(one.plant.name), "r", 1.0) for one in outcomes]
    return table(Text("Running cost of the first year", "首年运行费用"), columns, rows)


def _bill(found: SiteEconomics) -> Table:
    from diwen.evaluation.tariff_hours import NAMES

    design = found.comparison.design.plant
    bill = design.bill
    rows: list[Cells] = []
    if bill is not None:
        merged: dict[str, list[float]] = {}
        for name, energy, cost in zip(bill.names, bill.energy, bill.costs, strict=True):
            kept = merged.setdefault(name, [0.0, 0.0])
            kept[0] += float(energy)
            kept[1] += float(cost)
        whole = sum(kept[0] for kept in merged.values())
        for name, (energy, cost) in merged.items():
            per = cost / (energy / 3.6e6) if energy > 0.0 else None
            part = energy / whole if whole > 0.0 else None
            rows.append((words.upper_first(NAMES[name]), words.mwh(energy), percent(part),
                         number(per, 4), words.money(cost, 2)))  # fmt: skip
        charges = ((Text("Demand charge", "需量电费"), bill.demand),
                   (Text("Capacity charge", "容量电费"), bill.capacity))  # fmt: skip
        for said, cost in charges:
            if cost:
                rows.append((said, words.DASH, words.DASH, words.DASH, words.money(cost, 2)))
    support = found.support
    rows.append((Text("Support of running costs", "运行补贴"), words.DASH, words.DASH, words.DASH,
                 words.money(-support.yearly if support.yearly else 0.0, 2)))  # fmt: skip
    rows.append((Text("Subsidy on building (once)", "建设奖补（一次性）"), words.DASH, words.DASH,
                 words.DASH, words.money(-support.once if support.once else 0.0, 2)))  # fmt: skip
    columns = (
        (Text("hours of the tariff", "电价时段"), "l", 1.6),
        (Text("bought, MWh", "购电，MWh"), "r", 1.0),
        (Text("share", "占比"), "r", 0.8),
        (Text("CNY/kWh", "元/kWh"), "r", 0.9),
        (Text("cost, 10⁴ CNY", "费用，万元"), "r", 1.0),
    )
    return table(Text("Electricity by tariff, and support", "分时电费与补贴"), columns, rows)


def _life_cycle(found: SiteEconomics) -> Table:
    outcomes = found.comparison.outcomes
    keys = dict.fromkeys(name for one in outcomes for name in one.life_cycle.parts)
    labels = {**YEARLY, **OTHER_FLOWS}
    rows: list[Cells] = [
        (words.upper_first(labels[key]),
         *(words.money(one.life_cycle.parts.get(key)) for one in outcomes))
        for key in keys
    ]  # fmt: skip
    rows.append((Text("Life-cycle cost", "全生命周期费用"),
                 *(words.money(one.life_cycle.cost) for one in outcomes)))  # fmt: skip
    rows.append((Text("As equal yearly payments", "费用年值"),
                 *(words.money(one.life_cycle.annual_cost, 2) for one in outcomes)))  # fmt: skip
    rows.append((Text("Per kWh of heat and cold, CNY", "单位冷热量费用，元/kWh"),
                 *(number(one.life_cycle.levelised, 3) for one in outcomes)))  # fmt: skip
    columns = [(Text("present value, 10⁴ CNY", "现值，万元"), "l", 1.5)]
    columns += [(words.upper_first(one.plant.name), "r", 1.0) for one in outcomes]
    return table(Text("Life-cycle cost", "全生命周期费用"), columns, rows)


def _savings(found: SiteEconomics) -> Table:
    rows: list[Cells] = []
    for saving in found.comparison.savings.values():
        worth = saving.worth
        rows.append((
            Cell(words.upper_first(saving.name), "good" if worth > 0.0 else "attention"),
            words.money(saving.additional), words.money(saving.yearly, 2), words.money(worth),
            percent(saving.rate_of_return) if math.isfinite(saving.rate_of_return) else words.DASH,
            words.payback(saving.static_payback), words.payback(saving.dynamic_payback),
        ))  # fmt: skip
    columns = (
        (Text("against", "对比方案"), "l", 1.6),
        (Text("more to build, 10⁴ CNY", "增量投资，万元"), "r", 1.1),
        (Text("saved a year, 10⁴ CNY", "年节省，万元"), "r", 1.1),
        (Text("net present value, 10⁴ CNY", "净现值，万元"), "r", 1.1),
        (Text("rate of return", "内部收益率"), "r", 0.9),
        (Text("static payback", "静态投资回收期"), "r", 1.3),
        (Text("dynamic payback", "动态投资回收期"), "r", 1.3),
    )  # fmt: skip
    note = Text(
        "Every plant delivers the same heat and cold. Paybacks count no residual value.",
        "各方案供热（冷）量相同；回收期不计残值。",
    )
    return table(
        Text("The design against what it could replace", "设计方案与替代方案的比较"),
        columns, rows, note,
    )  # fmt: skip


def _business(found: SiteEconomics) -> Table:
    side = found.business
    assert side is not None
    return_rate = side.rate_of_return
    rows = (
        (Text("net present value", "净现值"), _cny(side.worth), words.CALCULATED),
        (Text("rate of return", "内部收益率"),
         percent(return_rate) if math.isfinite(return_rate) else "–", words.CALCULATED),
        (Text("static payback", "静态投资回收期"), words.payback(side.payback), words.CALCULATED),
    )  # fmt: skip
    return pairs(Text("Heat sold as a business", "以售热为业务的收益"), rows)


def _cny(amount: float) -> Text:
    return Text(
        f"{words.money(amount)} {words.MONEY.en}", f"{words.money(amount)} {words.MONEY.zh}"
    )
