"""Deviations in the monthly, seasonal and annual report, and the plan that follows from them.

A month is diagnosed without its costs; a season and a year with them. The record reaches from the
first month to the end of the period, because balance and growth show over years; months that were
condensed before are taken as they were kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError
from diwen.reports.chart import Chart
from diwen.reports.diagnosis_account import DiagnosisAccount, account_of
from diwen.reports.diagnosis_advice_section import measures_blocks, next_blocks
from diwen.reports.diagnosis_charts import evidence_charts, waterfall_chart
from diwen.reports.diagnosis_cost_section import waterfall_table
from diwen.reports.diagnosis_findings_section import family_table, found_table
from diwen.reports.diagnosis_report import judgement
from diwen.reports.diagnosis_watch_section import alarm_table, ledger_blocks
from diwen.reports.diagnosis_words import points_text, sentence
from diwen.reports.document import Block, Note, Table
from diwen.reports.header import last_day

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.reports.material import Material

Content = Sequence[Chart | Table | Note]
_NOT = Text("The deviations could not be diagnosed: {reason}.", "无法进行偏差诊断：{reason}。")
_NOTHING = Text(
    "No deviation can be judged: no usable record of the plant reaches to the end of this period.",
    "无法判断偏差：截至本周期末没有可用的系统运行记录。",
)
_RESTS = Text(
    "Diagnosed from the records of {since} to {until} (diwen diagnose tells all of it).",
    "依据 {since} 至 {until} 的记录诊断（详见 diwen diagnose）。",
)
_SIMULATED = Text(
    "The records are simulated: nothing here is said of a real plant.",
    "数据为模拟结果，不代表任何真实系统。",
)
_MISSING = Text(
    "Not judged: {count} deviations; these points or entries are missing: {points}.",
    "未判断的偏差 {count} 项；缺少的测点或参数：{points}。",
)
_NOT_JUDGED = Text(
    "Not judged: {count} deviations; diwen diagnose tells why.",
    "未判断的偏差 {count} 项；原因见 diwen diagnose。",
)
_WARNED = Text("Early warnings raised in this period: {count}.", "本周期早期预警：{count} 条。")
_NO_WARNING = Text("No early warning was raised in this period.", "本周期无早期预警。")
_TO_DO = Text("To be put right next year, most worthwhile first:", "下年度整改事项（按回收期）：")
_TO_MEASURE = Text("To be measured next year:", "下年度建议测量：")
_NO_PLAN = Text(
    "Nothing was found that asks for a measure; what would decide what is open is listed below.",
    "未发现需整改的偏差；下列测量可判别尚未定论的问题。",
)
_MOST_MONTH, _MOST_TESTS = 4, 5


def account_until(material: Material, *, costs: bool) -> DiagnosisAccount | Text:
    """The diagnosis up to the end of the evaluated period, or why there is none.

    Parameters
    ----------
    material : of the report
    costs : whether the twin says what each finding costs
    """
    known = material.diagnosed
    if costs not in known:
        try:
            known[costs] = _diagnosed(material, costs)
        except InputError as error:
            known[costs] = _NOT.format(reason=error.problems[0].message)
    return known[costs]


def _diagnosed(material: Material, costs: bool) -> DiagnosisAccount | Text:
    from diwen.diagnosis.case_of_site import case_of
    from diwen.diagnosis.diagnose_site import diagnose_record

    site, end = material.site, last_day(material)
    record = _record(material, end)
    if record is None:
        return _NOTHING
    case = case_of(site, record)
    diagnosis = diagnose_record(site, record, attribution=costs, like=case)
    if not diagnosis.findings and not diagnosis.not_judged:
        return _NOTHING
    # The forecast is told by diwen diagnose; a report that is built every month does not wait.
    return account_of(diagnosis, site, today=max(end, date.today()))


def _record(material: Material, end: date) -> OperatingRecord | None:
    """The condensed record up to the end of a day; None where nothing is recorded."""
    from diwen.diagnosis.continuous.condensed_months import condensed_record
    from diwen.diagnosis.record.from_store import record_of_site

    until = end + timedelta(days=1)
    try:
        record = condensed_record(material.site, until=until).record
    except OSError:  # a folder that is only read keeps no condensed months
        record = record_of_site(material.site, None, until)
    return record if len(record) else None


def deviations_of_month(material: Material) -> Content:
    """What deviates, with probability and evidence, and the early warnings of the month."""
    account = _account(material, costs=False)
    if not isinstance(account, DiagnosisAccount):
        return account
    period = material.evaluation.period
    first, last = period.start.astimezone(period.zone).date(), last_day(material)
    raised = [one for one in account.alarms if first <= one.day <= last]
    warned = _WARNED.format(count=len(raised)) if raised else _NO_WARNING
    watched = [Note(warned)] if account.diagnosis.residuals else []
    table = [alarm_table(raised)] if raised else []
    return [*_found(account), *_figures(account), *watched, *table, *_end(account)]


def deviations_of_season(material: Material) -> Content:
    """What deviates and what it costs, and the corrective plan."""
    account = _account(material, costs=True)
    if not isinstance(account, DiagnosisAccount):
        return account
    plan = _plain(measures_blocks(account.measures)) if account.measures else []
    return [*_found(account), *_figures(account), *_costs(account), *plan, *_end(account)]


def deviations_of_year(material: Material) -> Content:
    """The seven families, what deviates and costs, and the closed loop of the ledger."""
    account = _account(material, costs=True)
    if not isinstance(account, DiagnosisAccount):
        return account
    families = [family_table(account.diagnosis)] if account.diagnosis.findings else []
    ledger = _plain(ledger_blocks(account.ledger, account.broken_ledger))
    return [*_found(account), *families, *_costs(account), *ledger, *_end(account)]


def next_year(material: Material) -> Content:
    """Measures and measurements for the next year, as they follow from the diagnosis."""
    account = _account(material, costs=True)
    if not isinstance(account, DiagnosisAccount):
        return account
    tests = _plain(next_blocks(account.proposals, _MOST_TESTS))
    if not account.measures:
        return [Note(_NO_PLAN), *tests]
    return [Note(_TO_DO), *_plain(measures_blocks(account.measures)), Note(_TO_MEASURE), *tests]


def _account(material: Material, *, costs: bool) -> DiagnosisAccount | Content:
    """The diagnosis, or the contents of a section that has none."""
    if not (material.site.points and material.site.heat_pumps):
        return []
    account = account_until(material, costs=costs)
    return account if isinstance(account, DiagnosisAccount) else [Note(account, "absent")]


def _found(account: DiagnosisAccount) -> Content:
    diagnosis = account.diagnosis
    light, said = judgement(diagnosis)
    blocks: list[Chart | Table | Note] = []
    if account.simulated:
        blocks.append(Note(_SIMULATED, "warning"))
    blocks.append(Note(said, "warning" if light == "bad" else "text"))
    return [*blocks, found_table(diagnosis.found)] if diagnosis.found else blocks


def _figures(account: DiagnosisAccount) -> list[Chart]:
    """The strongest evidence of each finding as a picture."""
    origins = account.diagnosis.record.origins
    return [
        chart
        for place, one in enumerate(account.diagnosis.found[:_MOST_MONTH], 1)
        for chart in evidence_charts(one, f"evidence_{place}", origins, 1)
    ]


def _costs(account: DiagnosisAccount) -> Content:
    costs = account.diagnosis.attribution
    if costs is None or costs.electricity is None or not costs.counterfactuals:
        return []
    chart = waterfall_chart(costs.electricity, account.diagnosis.record.origins)
    return [chart, waterfall_table(costs.electricity, costs.money)]


def _end(account: DiagnosisAccount) -> list[Note]:
    """What could not be judged, and what all of it rests on."""
    diagnosis = account.diagnosis
    found = [Note(sentence(one.text)) for one in diagnosis.sensors]
    if diagnosis.not_judged:
        lacking = dict.fromkeys(code for codes in diagnosis.missing().values() for code in codes)
        count = len(diagnosis.not_judged)
        said = _MISSING.format(count=count, points=points_text(lacking))
        found.append(Note(said if lacking else _NOT_JUDGED.format(count=count)))
    record = diagnosis.record
    return [*found, Note(_RESTS.format(since=record.since, until=record.until))]


def _plain(blocks: Sequence[Block]) -> list[Chart | Table | Note]:
    """Blocks that are no figures yet."""
    return [one for one in blocks if isinstance(one, Table | Note)]
