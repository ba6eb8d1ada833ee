"""The common header of every report, its signature lines and its foot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, timedelta

from diwen.evaluation.words import boundary_name
from diwen.language import Text, same
from diwen.problems import InputError
from diwen.reports.document import joined
from diwen.reports.material import Material
from diwen.reports.numbers import percent
from diwen.reports.summary import Gaps
from diwen.site.identity import KIND_NAMES
from diwen.site.points import ORIGIN_NAMES

# What tells the levels of one scheme apart (``H2`` of SPF, ``2+`` of Annex 52).
_SCHEME = re.compile(r"[ -]?H?\d\+?$")
_BOUNDARIES = {
    "gbt50801": Text(
        "GB/T 50801: heat pumps and all circulation pumps, without terminal fans",
        "GB/T 50801：热泵机组及全部循环水泵，不含末端风机",
    ),
    "sepemo_h1": Text("SEPEMO H1: heat pump alone", "SEPEMO H1：仅热泵机组"),
    "sepemo_h2": Text("SEPEMO H2: heat pump and source pump", "SEPEMO H2：热泵机组与热源侧水泵"),
    "sepemo_h3": Text("SEPEMO H3: H2 and back-up heater", "SEPEMO H3：H2 及辅助热源"),
    "sepemo_h4": Text("SEPEMO H4: H3 and all load-side drives", "SEPEMO H4：H3 及全部用户侧输配"),
}
SIGNATURES = (
    Text("Prepared by, date", "编制、日期"),
    Text("Checked by, date", "校核、日期"),
    Text("Approved by, date", "审定、日期"),
    Text("Owner or operator, date", "业主/运营单位、日期"),
)
ILLUSTRATIVE = Text(
    "Illustrative example: the data are assumed and describe no real plant.",
    "示例：数据为假定值，不代表任何真实项目。",
)


def header(material: Material, gaps: Gaps) -> tuple[tuple[Text, Text], ...]:
    """Label and content of every line of the common header."""
    evaluation = material.evaluation
    lines = [
        (Text("Project", "项目"), _project(material)),
        (Text("Period", "评价周期"), _period(material)),
        (Text("Boundary scheme", "系统边界"), _boundary(material)),
        (Text("Rules", "规则版本"), _rules(material)),
        (Text("Data coverage and gaps", "数据完整率与缺测"), _coverage(gaps)),
        (Text("Origin of the points", "测点数据来源"), _origins(material)),
        (Text("Uncertainty", "不确定度"), _uncertainty(material)),
        (Text("Calibration", "校准状态"), calibration(material)),
        (Text("Data set (SHA-256)", "数据集校验值（SHA-256）"), same(_hash(material) or "–")),
        (Text("Made by", "生成工具"), _made(material)),
    ]
    if evaluation.illustrative:
        lines.insert(1, (Text("Kind of data", "数据性质"), ILLUSTRATIVE))
    return tuple(lines)


def footer(material: Material) -> Text:
    """Version and data set, at the foot of every page."""
    digest = _hash(material)
    made = _made(material)
    short = digest[:16] if digest else "–"
    return Text(f"{made.en} · data set {short}", f"{made.zh} · 数据集 {short}")


def _project(material: Material) -> Text:
    identity, place = material.site.site, material.site.place
    kind = KIND_NAMES[identity.kind]
    parts = [material.evaluation.site_name, kind]
    if place.region:
        parts.append(_region(material, place.region))
    if identity.owner:
        parts.append(same(identity.owner))
    if identity.source:
        parts.append(Text(f"data: {identity.source}", f"数据出处：{identity.source}"))
    if identity.licence:
        parts.append(Text(f"licence: {identity.licence}", f"许可：{identity.licence}"))
    return joined(parts, " · ", " · ")


def _region(material: Material, name: str) -> Text:
    """The region in the reader's language; one that no rule knows as it is written."""
    try:
        return material.rules.regions.find(name).text
    except InputError:
        return same(name)


def _period(material: Material) -> Text:
    zone = material.site.place.time_zone
    text = material.evaluation.period.text
    return Text(f"{text.en}, {zone}", f"{text.zh}，{zone}")


def _boundary(material: Material) -> Text:
    asked = material.site.metering.boundary
    main = _BOUNDARIES.get(asked, same(asked))
    used = joined(
        boundary_name(word)
        for word in in_order(
            result.boundary
            for result in material.evaluation.results
            if result.boundary and result.status != "refused"
        )
    )
    if not used.en:
        return main
    return Text(f"{main.en}. Used in this report: {used.en}", f"{main.zh}。本报告采用：{used.zh}")


def in_order(boundaries: Iterable[str]) -> list[str]:
    """Boundaries without repetition, scheme by scheme as they come, each from H1 to H4."""
    words = list(dict.fromkeys(boundaries))
    schemes = list(dict.fromkeys(_SCHEME.sub("", word) for word in words))
    return sorted(words, key=lambda word: (schemes.index(_SCHEME.sub("", word)), word))


def _rules(material: Material) -> Text:
    rows = material.rows_used
    standards = joined(dict.fromkeys(row.name for row in rows))
    digest = material.rules.digest[:16]
    if not rows:
        return Text(f"no rule was used; rule set {digest}", f"未使用任何规则；规则集 {digest}")
    return Text(
        f"{len(rows)} rows of {standards.en}; rule set {digest}",
        f"{len(rows)} 条：{standards.zh}；规则集 {digest}",
    )


def _coverage(gaps: Gaps) -> Text:
    if gaps.share is None:
        return Text("no record is stored for this period", "本周期没有存储记录")
    return Text(
        f"{percent(gaps.share)} of the expected records are usable (mean of {gaps.points} "
        f"points); {gaps.thin} points below class Q2 (gap list in the appendix)",
        f"应有记录的 {percent(gaps.share)} 可用（{gaps.points} 个测点平均）；"
        f"{gaps.thin} 个测点低于 Q2 级（缺测清单见附录）",
    )


def _origins(material: Material) -> Text:
    counted = [
        (ORIGIN_NAMES[origin], sum(point.origin == origin for point in material.site.points))
        for origin in ORIGIN_NAMES
    ]
    shown = [Text(f"{text.en} {n}", f"{text.zh} {n}") for text, n in counted if n]
    return joined(shown) if shown else Text("no point is defined", "未定义测点")


def _uncertainty(material: Material) -> Text:
    results = [result for result in material.evaluation.results if result.status != "refused"]
    known = sum(result.uncertainty is not None for result in results)
    return Text(
        f"expanded, k = 2 (about 95 %), by the GUM; given for {known} of {len(results)} values",
        f"扩展不确定度，k = 2（约 95 %），按 GUM 评定；{len(results)} 项数值中 {known} 项给出",
    )


def calibration(material: Material) -> Text:
    """How many points are within their calibration at the end of the period."""
    last = last_day(material)
    dated = [point for point in material.site.points if point.calibration_due is not None]
    expired = [p for p in dated if p.calibration_due is not None and p.calibration_due < last]
    undated = len(material.site.points) - len(dated)
    return Text(
        f"valid {len(dated) - len(expired)}, expired {len(expired)}, no date recorded {undated}",
        f"有效 {len(dated) - len(expired)} 个，过期 {len(expired)} 个，未登记 {undated} 个",
    )


def last_day(material: Material) -> date:
    """The last local day of the period."""
    period = material.evaluation.period
    return (period.end - timedelta(microseconds=1)).astimezone(period.zone).date()


def _hash(material: Material) -> str:
    return material.evaluation.data.dataset_hash


def _made(material: Material) -> Text:
    evaluation = material.evaluation
    when = evaluation.generated.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Text(
        f"Diwen {evaluation.version}, evaluated {when}", f"地温 {evaluation.version}，评价于 {when}"
    )
