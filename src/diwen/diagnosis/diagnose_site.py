"""The diagnosis of a site: record, data gate, lines of reasoning, findings, what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.finding import Case, Judgement, NotJudged, SensorFinding
from diwen.diagnosis.gate.data_gate import data_gate
from diwen.diagnosis.ground.balance_judgement import judge_balance
from diwen.diagnosis.ground.source_judgement import judge_sources
from diwen.diagnosis.inference.common_factor import with_common_factor
from diwen.diagnosis.inference.findings import findings_of
from diwen.diagnosis.machines.flow_judgement import judge_flows
from diwen.diagnosis.machines.unit_judgement import judge_units
from diwen.diagnosis.machines.well_judgement import judge_wells
from diwen.diagnosis.operation.commissioning_judgement import judge_commissioning
from diwen.diagnosis.operation.load_judgement import judge_loads
from diwen.diagnosis.operation.schedule_judgement import judge_schedules
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.nested_meters import nested_meter_notes
from diwen.diagnosis.record_summary import RecordSummary, summary_of
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.site import Site

# In the order of reasoning: what stands above can look like what stands below.
LINES: tuple[Callable[[Case], Judgement], ...] = (
    judge_commissioning,
    judge_flows,
    judge_units,
    judge_wells,
    judge_sources,
    judge_balance,
    judge_loads,
    judge_schedules,
)
_FUNCTION = "diagnose"
_UPSIDE_DOWN = Text("the period ends before it begins", "周期的结束早于开始")
_LATER = Text("give a later end or an earlier beginning", "请推迟结束日期或提前开始日期")
_NOTHING = Text("nothing is recorded in this period", "该周期内没有任何记录")
NOT_HOURLY = Text(
    "a portfolio holds totals of many systems; a diagnosis needs the hours of one plant",
    "汇总项目只有各系统的合计值；诊断需要单个系统的逐时数据",
)
PORTFOLIO_CURE = Text(
    "diwen portfolio SITE finds impossible and doubtful totals; diagnose each plant in its own "
    "folder",
    "请用 diwen portfolio SITE 核查不可能与可疑的合计值；单个系统请建立各自的项目文件夹后再诊断",
)
_IMPORT = Text(
    "import telemetry (diwen import SITE FILE), or choose another period",
    "请导入监测数据（diwen import SITE FILE），或选择其他周期",
)
_SIMULATED = Text("the records are simulated, not measured", "数据为模拟结果，而非实测")
_SHORT = Text(
    "the record is {days} days long; what shows over seasons or years cannot be judged",
    "记录长度仅 {days} 天，需要整季或多年才能显现的偏差无法判断",
)
_WITHOUT_TWIN = Text(
    "the site cannot be simulated, and whatever compares with the design is not judged: {reason}",
    "该项目无法模拟，与设计对比的判断均未进行：{reason}",
)
_BEGUN = Text(
    "neither the site nor its ledger says when operation began; the first record is taken, {day}",
    "项目文件与台账均未说明投运日期，取首条记录日期 {day}",
)
_ACCURACY = Text(
    "the accuracy of the instruments of {count} channels is not known; usual values are taken",
    "{count} 个测量通道的仪表准确度未知，采用常用值",
)


def diagnose(
    site: Site,
    *,
    since: date | None = None,
    until: date | None = None,
    attribution: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Diagnosis:
    """Which of the seven deviations a site has, how sure, since when, and what they cost.

    Parameters
    ----------
    site : with telemetry in its folder
    since, until : first local day, and the day before which the period ends; None: all
    attribution : whether the twin says what each finding costs
    progress : told the share that is done, 0 to 1

    Raises
    ------
    diwen.problems.InputError : the period is upside down, nothing is recorded in it, or the site
        is a portfolio
    """
    if since is not None and until is not None and until <= since:
        raise InputError([Problem(_FUNCTION, "until", _UPSIDE_DOWN, _LATER, f"{since} … {until}")])
    record = record_of_site(site, since, until)
    if not len(record) and site.portfolio is not None:
        raise InputError([Problem(_FUNCTION, "record", NOT_HOURLY, PORTFOLIO_CURE)])
    return diagnose_record(site, record, attribution=attribution, progress=progress)


def diagnose_record(
    site: Site,
    record: OperatingRecord,
    *,
    attribution: bool = True,
    progress: Callable[[float], None] | None = None,
    like: Case | None = None,
) -> Diagnosis:
    """The diagnosis of a record that is already condensed (see :func:`diagnose`).

    Parameters
    ----------
    site : as described
    record : of its hours
    attribution, progress : as of :func:`diagnose`
    like : a case of the same site whose twin is taken over; None: it is built

    Raises
    ------
    diwen.problems.InputError : nothing is recorded
    """
    if not len(record):
        raise InputError([Problem(_FUNCTION, "record", _NOTHING, _IMPORT)])
    told = progress if progress is not None else _silent
    summary = summary_of(record)
    case, sensors, not_judged = gated(case_of(site, record, like))
    told(0.2)
    judgements: list[Judgement] = []
    for number, line in enumerate(LINES):
        judgements.append(line(case))
        told(0.2 + 0.4 * (number + 1) / len(LINES))
    judged_again, common = with_common_factor(judgements, case)
    sensors = (*common, *sensors)
    case = replace(case, sensors=sensors)
    findings = findings_of(judged_again, sensors, case)
    costs = None
    if attribution:
        # the counterfactuals load the whole twin; who does not ask for them does not wait for it
        from diwen.diagnosis.attribution.attribution import attribute

        costs = attribute(case, findings, lambda share: told(0.6 + 0.4 * share))
    told(1.0)
    judged = {one.parameter for one in findings}
    return Diagnosis(
        site=Path(site.folder).name,
        name=site.name,
        record=summary,
        sensors=sensors,
        findings=findings,
        not_judged=_merged([not_judged, *(one.not_judged for one in judgements)], judged),
        residuals=tuple(one for each in judgements for one in each.residuals),
        notes=tuple(dict.fromkeys(one for each in judgements for one in each.notes)),
        warnings=_warnings(case, summary),
        attribution=costs,
    )


def gated(case: Case) -> tuple[Case, tuple[SensorFinding, ...], tuple[NotJudged, ...]]:
    """A case after the data gate, which knows what the gate found."""
    case, sensors, not_judged = data_gate(case)
    return replace(case, sensors=sensors), sensors, not_judged


def _silent(share: float) -> None:
    """Progress that nobody wants to hear of."""


def _merged(groups: Sequence[Sequence[NotJudged]], judged: set[str]) -> tuple[NotJudged, ...]:
    """One entry for each parameter that no line judged, with all that is missing."""
    found: dict[str, NotJudged] = {}
    for one in (each for group in groups for each in group):
        if one.parameter in judged:
            continue
        first = found.setdefault(one.parameter, one)
        missing = tuple(dict.fromkeys((*first.missing, *one.missing)))
        found[one.parameter] = replace(first, missing=missing)
    return tuple(found.values())


def _warnings(case: Case, summary: RecordSummary) -> tuple[Text, ...]:
    """What lessens trust in the whole."""
    found = []
    if "simulated" in summary.origins:
        found.append(_SIMULATED)
    days = summary.hours // 24
    if days < usual_value("diagnosis.inference.short_record"):
        found.append(_SHORT.format(days=days))
    if not summary.begun_known:
        found.append(_BEGUN.format(day=summary.begun))
    found += [_WITHOUT_TWIN.format(reason=one) for one in case.without_twin]
    found += case.of_twin
    found += nested_meter_notes(case.record)
    if summary.unknown_accuracy:
        found.append(_ACCURACY.format(count=len(summary.unknown_accuracy)))
    return tuple(found)
