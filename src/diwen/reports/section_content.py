"""Special contents of sections: what is neither a table of results nor a recorded series.

Each function takes the material and returns charts and blocks; an empty list means that the site
has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diwen.language import Text
from diwen.reports import charts, charts_judged, section_details
from diwen.reports.chart import Chart
from diwen.reports.document import Column, Note, Table, row
from diwen.reports.header import last_day
from diwen.reports.material import Material
from diwen.reports.numbers import NONE
from diwen.telemetry.quality import RULES

Content = Sequence[Chart | Table | Note]

_OF_DAY = Text("Calibration of the points", "测点校准情况")


def performance_bars(material: Material) -> Content:
    """Coefficients of performance with intervals and grade edges, one chart per mode."""
    results = material.evaluation.results
    modes = dict.fromkeys(result.mode for result in results)
    found = [charts_judged.performance(results, material.rows_used, mode) for mode in modes]
    return [chart for chart in found if chart is not None]


def energy_by_part(material: Material) -> Content:
    """Heat and electricity of the period by part of the plant."""
    chart = charts_judged.amounts(
        material.evaluation.results,
        "energy_by_part",
        Text("Heat and electricity in the period", "周期内热量与电量"),
    )
    return [] if chart is None else [chart]


def coverage(material: Material) -> Content:
    """The calendar of the data."""
    period = material.evaluation.period
    chart = charts.coverage(
        material.site, material.store, period.start, period.end, charts.coverage_edges()
    )
    return [] if chart is None else [chart]


def ledger(material: Material) -> Content:
    """Entries of the ledger dated in the period."""
    from diwen.site.ledger import STAGES

    period = material.evaluation.period
    first, last = period.start.astimezone(period.zone).date(), last_day(material)
    entries = [entry for entry in material.site.ledger if first <= entry.date <= last]
    if not entries:
        return []
    return [
        Table(
            Text("Entries of the ledger in this period", "本周期台账记录"),
            (
                Column(Text("Date", "日期"), share=1.0),
                Column(Text("Stage", "阶段"), share=1.0),
                Column(Text("Object", "对象"), share=1.2),
                Column(Text("Item", "事项"), share=2.4),
                Column(Text("Value", "数值"), "right", 1.0),
                Column(Text("By, evidence", "责任人、依据"), share=1.8),
            ),
            tuple(
                row(
                    entry.date.isoformat(),
                    STAGES[entry.stage],
                    entry.object,
                    " – ".join(part for part in (entry.item, entry.note) if part),
                    f"{entry.value} {entry.unit}".strip() or NONE,
                    " – ".join(part for part in (entry.by, entry.evidence) if part) or NONE,
                )
                for entry in entries
            ),
            Text("As entered by hand in ledger.csv.", "按 ledger.csv 人工录入内容原样列出。"),
        )
    ]


def calibrations(material: Material) -> Content:
    """Points whose calibration has run out, or is not recorded."""
    last = last_day(material)
    expired = [
        point
        for point in material.site.points
        if point.calibration_due is not None and point.calibration_due < last
    ]
    undated = [point for point in material.site.points if point.calibration_due is None]
    found: list[Table | Note] = []
    if expired:
        found.append(
            Table(
                _OF_DAY,
                (Column(Text("Point", "测点")), Column(Text("Ran out on", "到期日"))),
                tuple(row(p.id, str(p.calibration_due)) for p in expired),
            )
        )
    if undated:
        names = ", ".join(point.id for point in undated)
        zh_names = "、".join(point.id for point in undated)
        found.append(
            Note(
                Text(
                    f"No calibration date recorded for: {names}.",
                    f"未登记校准有效期的测点：{zh_names}。",
                )
            )
        )
    return found


def quality(material: Material) -> Content:
    """Records of the period by quality flag."""
    counts = material.evaluation.data.quality
    total = sum(counts.values())
    if not total:
        return []
    return [
        Table(
            Text("Records by quality flag", "各质量标志的记录数"),
            (
                Column(Text("Flag", "标志"), share=2.0),
                Column(Text("Records", "记录数"), "right"),
                Column(Text("Share", "占比"), "right"),
            ),
            tuple(
                row(_flag(flag), f"{count:,}", f"{100 * count / total:.2f} %")
                for flag, count in counts.items()
                if count
            ),
        )
    ]


def _flag(flag: int) -> Text:
    word = RULES[flag].name
    return Text(f"{flag} {word.en}", f"{flag} {word.zh}")


def _deviations_of_month(material: Material) -> Content:
    # diagnosis loads much, and most reports of tables and tests never ask for it
    from diwen.reports.diagnosis_in_reports import deviations_of_month

    return deviations_of_month(material)


def _deviations_of_season(material: Material) -> Content:
    from diwen.reports.diagnosis_in_reports import deviations_of_season

    return deviations_of_season(material)


def _deviations_of_year(material: Material) -> Content:
    from diwen.reports.diagnosis_in_reports import deviations_of_year

    return deviations_of_year(material)


def _next_year(material: Material) -> Content:
    from diwen.reports.diagnosis_in_reports import next_year

    return next_year(material)


#: Special contents by the names that the plan uses.
EXTRA: dict[str, Callable[[Material], Content]] = {
    "performance_bars": performance_bars,
    "energy_by_part": energy_by_part,
    "coverage": coverage,
    "ledger": ledger,
    "calibrations": calibrations,
    "quality": quality,
    "performance_by_day": section_details.performance_by_day,
    "energy_by_day": section_details.energy_by_day,
    "signature": section_details.signature,
    "ground_heat": section_details.ground_heat,
    "steady_operation": section_details.steady_operation,
    "water_classes": section_details.water_classes,
    "printed_records": section_details.printed_records,
    "deviations_of_month": _deviations_of_month,
    "deviations_of_season": _deviations_of_season,
    "deviations_of_year": _deviations_of_year,
    "next_year": _next_year,
}
