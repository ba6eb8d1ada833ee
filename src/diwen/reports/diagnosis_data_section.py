"""What a diagnosis rests on: the record, and what the data gate found of its instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.chart import origin_text
from diwen.reports.design_blocks import Cells, absent, table, warning
from diwen.reports.diagnosis_blocks import facts
from diwen.reports.diagnosis_words import day_text, points_text, sentence
from diwen.reports.document import Block, Cell, Table, joined
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import SensorFinding
    from diwen.reports.design_blocks import Numbering
    from diwen.reports.diagnosis_account import DiagnosisAccount

TITLE = Text("Data and instruments", "数据与仪表")
_SIMULATED = Text(
    "The records are simulated: this diagnosis says nothing about a real plant.",
    "数据为模拟结果：本诊断不代表任何真实系统。",
)
_GATE = Text("Data gate: faults of instruments", "数据把关：仪表与测点故障")
_HEALTHY = Text("The data gate found no fault of an instrument.", "数据把关未发现仪表或测点故障。")
_TREATMENTS = {
    "corrected": Text("corrected", "已修正"),
    "masked": Text("not used", "已剔除"),
    "noted": Text("noted", "已注明"),
}
_ASSUMED_BEGIN = Text("{day} (assumed: the first record)", "{day}（假定：首条记录日期）")
_RUNNING = Text(
    "Coverage: share of the hours of the record with a value that counts; temperatures of a loop "
    "count only while it flows.",
    "齐全率为记录时段内有有效值的小时占比；回路温度仅在有流量时计入。",
)
_FIRST_RECORD, _LAST_RECORD = Text("first record", "首条记录"), Text("last record", "末条记录")
_COVERAGE = Text("Coverage by channel", "各通道数据齐全率")


def section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """The record and its instruments."""
    diagnosis = account.diagnosis
    blocks: list[Block] = [warning(_SIMULATED)] if account.simulated else []
    return [*blocks, record_table(diagnosis), *gate_blocks(diagnosis)]


def record_table(diagnosis: Diagnosis) -> Table:
    """How long and how complete the record is."""
    record = diagnosis.record
    begun = day_text(record.begun)
    if not record.begun_known:
        begun = _ASSUMED_BEGIN.format(day=begun)
    days = Text(f"{record.hours // 24:,} days", f"{record.hours // 24:,} 天")
    origin = origin_text(record.origins)
    rows: list[tuple[Text, Text | str, Text]] = [
        (Text("period", "周期"),
         Text(f"{record.since} to {record.until}", f"{record.since}～{record.until}"), days),
        (Text("operation began", "投运日期"), begun, same("")),
        (Text("channels", "测量通道"), f"{len(record.coverage)}", origin),
        (Text("mean coverage", "平均齐全率"), percent(record.mean_coverage), origin),
        (Text("shortest interval", "最短记录间隔"), f"{number(record.step, 0)} s", same("")),
        (Text("channels of unknown accuracy", "准确度未知的通道"),
         f"{len(record.unknown_accuracy)}", Text("usual values taken", "采用常用值")),
    ]  # fmt: skip
    return facts(Text("What was recorded", "数据概况"), rows, _RUNNING)


def gate_blocks(diagnosis: Diagnosis) -> list[Block]:
    """Faults of instruments, or that there are none."""
    if not diagnosis.sensors:
        return [absent(_HEALTHY)]
    columns = (
        (Text("what", "问题"), "l", 3.6), (Text("points", "测点"), "l", 1.6),
        (Text("since", "起"), "l", 1.0), (Text("until", "止"), "l", 1.0),
        (Text("probability", "概率"), "r", 0.8), (Text("treatment", "处理"), "l", 0.9),
    )  # fmt: skip
    return [table(_GATE, columns, [_sensor(one) for one in diagnosis.sensors])]


def _sensor(one: SensorFinding) -> Cells:
    told = joined([sentence(fact.text) for fact in one.evidence[:3]], " ", "")
    return (
        Cell(one.text, "attention", told if one.evidence else None), points_text(one.points),
        _FIRST_RECORD if one.since is None else day_text(one.since),
        _LAST_RECORD if one.until is None else day_text(one.until),
        percent(one.probability, 0), _TREATMENTS[one.treatment],
    )  # fmt: skip


def coverage_table(diagnosis: Diagnosis) -> Table:
    """Share of hours with a value, by channel."""
    unknown = set(diagnosis.record.unknown_accuracy)
    columns = (
        (Text("channel", "通道"), "l", 2.4), (Text("coverage", "齐全率"), "r", 1.0),
        (Text("accuracy", "准确度"), "l", 1.4),
    )  # fmt: skip
    rows = [
        (name, percent(share),
         Text("usual value", "常用值") if name in unknown else Text("stated", "已注明"))
        for name, share in diagnosis.record.coverage.items()
    ]  # fmt: skip
    return table(_COVERAGE, columns, rows, _RUNNING)
