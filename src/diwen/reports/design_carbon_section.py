"""Carbon dioxide and primary energy of a design against what it could replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.design.economics.primary_energy import COUNTINGS
from diwen.language import Text
from diwen.reports import design_words as words
from diwen.reports.design_blocks import Cells, Numbering, notes, table
from diwen.reports.design_cost_charts import carbon_chart, primary_chart
from diwen.reports.design_cost_section import refused
from diwen.reports.document import Block, Table
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.design.economics.of_site import SiteEconomics
    from diwen.design.station_design.design_result import StationDesign

TITLE = Text("Carbon and primary energy", "碳排放与一次能源")
_FACTOR = Text(
    "Electricity {grid} kg/kWh, falling {decline} % a year over the study.",
    "电力排放因子 {grid} kg/kWh，分析期内每年下降 {decline} %。",
)
_NOTE = Text(
    "Avoided: emission of the other plant less that of the design. Cost of a tonne avoided: "
    "negative means that money is gained.",
    "减排量为对比方案排放减设计方案排放；减排成本为负表示同时节省费用。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Tables and pictures beside the alternatives."""
    found = design.economics
    if found is None:
        return refused(design)
    factors = found.comparison.factors
    said = _FACTOR.format(grid=number(factors.grid, 4), decline=words.share(factors.decline))
    return [
        _carbon(found), *notes([said]), numbering.figure(carbon_chart(found)), _primary(found),
        numbering.figure(primary_chart(found)),
    ]  # fmt: skip


def _carbon(found: SiteEconomics) -> Table:
    rows: list[Cells] = []
    for one in found.comparison.outcomes:
        saving = found.comparison.savings.get(one.plant.key)
        avoided = None if saving is None else float(saving.carbon[0])
        life = None if saving is None else float(saving.carbon.sum())
        rows.append((
            words.upper_first(one.plant.name), words.tonnes(one.carbon.first_year),
            words.tonnes(one.carbon.life, 0), words.tonnes(avoided), words.tonnes(life, 0),
            number(None if saving is None else saving.abatement_cost, 0),
        ))  # fmt: skip
    columns = (
        (Text("plant", "方案"), "l", 1.6), (Text("first year, t", "首年，t"), "r", 1.0),
        (Text("over the study, t", "分析期，t"), "r", 1.0),
        (Text("avoided, year 1, t", "首年减排，t"), "r", 1.0),
        (Text("avoided, study, t", "分析期减排，t"), "r", 1.0),
        (Text("cost of a tonne, CNY", "减排成本，元/t"), "r", 1.1),
    )  # fmt: skip
    title = Text("Carbon dioxide equivalent", "二氧化碳当量排放")
    return table(title, columns, rows, _NOTE)


def _primary(found: SiteEconomics) -> Table:
    rows: list[Cells] = []
    for one in found.comparison.outcomes:
        saving = found.comparison.savings.get(one.plant.key)
        shown = [words.tonnes(one.primary[way].coal) for way in COUNTINGS]
        saved = [words.tonnes(None if saving is None else saving.coal[way]) for way in COUNTINGS]
        rows.append((words.upper_first(one.plant.name), *shown, *saved))
    columns = (
        (Text("plant", "方案"), "l", 1.6),
        (Text("equivalent value, tce/a", "等价值，tce/年"), "r", 1.0),
        (Text("calorific value, tce/a", "当量值，tce/年"), "r", 1.0),
        (Text("saved, equivalent, tce/a", "节约（等价值），tce/年"), "r", 1.1),
        (Text("saved, calorific, tce/a", "节约（当量值），tce/年"), "r", 1.1),
    )  # fmt: skip
    note = Text(
        "Electricity counted by what it takes to make it (equivalent value, GB/T 50801) or by what "
        "it holds (calorific value, GB/T 2589): a saving by one can be none by the other.",
        "电力按等价值（GB/T 50801）或当量值（GB/T 2589）折算；按一种口径节能，按另一种未必节能。",
    )
    return table(Text("Primary energy", "一次能源"), columns, rows, note)
