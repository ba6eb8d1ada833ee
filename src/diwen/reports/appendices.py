"""The appendices: rules used, points, gaps, formulas, calendar of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from diwen.evaluation.catalogue_words import in_words
from diwen.evaluation.words import measured_where, things
from diwen.language import Language, Text, same
from diwen.quantities import printed
from diwen.reports.chart import UNVERIFIED_MARK
from diwen.reports.document import Block, Cell, Column, Note, Table, row
from diwen.reports.material import Material
from diwen.reports.numbers import NONE, percent
from diwen.rules.row import spoken
from diwen.site.points import ORIGIN_NAMES

if TYPE_CHECKING:
    import polars as pl

    from diwen.rules import Row
    from diwen.site import Point

_NO_RULE = Text("No rule was used by any indicator.", "没有指标用到规则条目。")
_NO_POINT = Text("points.csv defines no point.", "points.csv 未定义任何测点。")
_NO_GAP = Text(
    "No day of any point lies below the coverage of class Q1.",
    "各测点每日数据完整率均不低于 Q1 级。",
)
_NO_RECORD = Text("No record is stored for this period.", "本周期没有存储记录。")
_NO_FORMULA = Text("No indicator was computed.", "没有计算任何指标。")
_MOST_GAPS = 60


def rules(material: Material) -> list[Block]:
    """Every rule row the results used, with how far it can be trusted."""
    rows = material.rows_used
    if not rows:
        return [Note(_NO_RULE, "absent")]
    return [
        Table(
            Text("", ""),
            (
                Column(Text("Standard, edition, clause", "标准、版本、条款"), share=2.2),
                Column(Text("Rule", "规则内容"), share=3.4),
                Column(Text("Value", "数值"), "right", 1.5),
                Column(Text("In force", "有效期"), share=1.7),
                Column(Text("Evidence", "依据与核实"), share=2.4),
            ),
            tuple(_rule(each) for each in rows),
            Text(
                f"{UNVERIFIED_MARK}: not verified, not to be quoted as the standard. (E): "
                "engineering default of Diwen. The letters are the evidence classes of the rule "
                "set.",
                f"{UNVERIFIED_MARK}：未核实，不得作为标准条文引用。(E)：地温的工程默认值。"
                "字母为规则集中的依据等级。",
            ),
        )
    ]


def _rule(each: Row) -> tuple[Cell, ...]:
    mark = "" if each.verified else " (E)" if each.evidence == "E" else f" {UNVERIFIED_MARK}"
    begin = "…" if each.valid_from is None else each.valid_from.isoformat()
    end = "…" if each.valid_to is None else each.valid_to.isoformat()
    dated = each.valid_from is not None or each.valid_to is not None

    def limit(language: Language) -> str:
        if each.value is None:
            return NONE
        unit = "" if each.unit in ("1", "") else printed(each.unit, language)
        return f"{each.printed()} {unit}".strip()

    standing = Text(f"{each.evidence}: {each.standing.en}", f"{each.evidence}：{each.standing.zh}")
    return row(
        Cell(each.name, detail=same(each.id)),
        Cell(each.text, detail=_words(each)),
        Text(limit("en") + mark, limit("zh") + mark),
        f"{begin} – {end}" if dated else NONE,
        standing,
    )


def _words(each: Row) -> Text | None:
    """The content of a row that is told in words."""
    if not each.words:
        return None
    said = spoken(each.words)
    return things(each.words) if said.en == said.zh else said


@dataclass(frozen=True, slots=True)
class DayShare:
    """Share of the expected records of one point on one day that are usable, 0..1."""

    point: str
    day: date
    expected: float
    valid: float
    share: float | None


def day_shares(frame: pl.DataFrame) -> tuple[DayShare, ...]:
    """The coverage calendar of the store as rows, sorted by point and day."""
    columns = frame.select("point", "day", "expected", "valid", "share").sort("point", "day")
    return tuple(DayShare(*values) for values in columns.iter_rows())


def point_shares(shares: tuple[DayShare, ...]) -> dict[str, float | None]:
    """Coverage of each point over all its days; None where no record was expected."""
    found: dict[str, float | None] = {}
    for point, days in groupby(shares, key=lambda share: share.point):
        listed = list(days)
        expected = sum(day.expected or 0 for day in listed)
        valid = sum(day.valid or 0 for day in listed)
        found[point] = min(1.0, valid / expected) if expected else None
    return found


def points(material: Material, coverage: dict[str, float | None]) -> list[Block]:
    """Every point with its accuracy, calibration and coverage."""
    if not material.site.points:
        return [Note(_NO_POINT, "absent")]
    return [
        Table(
            Text("", ""),
            (
                Column(Text("Point", "测点"), share=2.0),
                Column(Text("Quantity, place", "物理量、位置"), share=2.6),
                Column(Text("Equipment", "设备"), share=1.5),
                Column(Text("Accuracy", "准确度"), share=2.4),
                Column(Text("Calibrated until", "校准有效期至"), share=1.3),
                Column(Text("Origin", "来源"), share=1.0),
                Column(Text("Coverage", "数据完整率"), "right", 1.0),
            ),
            tuple(_point(point, coverage.get(point.id)) for point in material.site.points),
        )
    ]


def _point(point: Point, share: float | None) -> tuple[Cell, ...]:
    from diwen.site.locations import LOCATIONS

    code = LOCATIONS[point.location].code
    where = measured_where(point.quantity, point.location)
    detail = f" @{point.detail}" if point.detail else ""
    due = point.calibration_due
    return row(
        Cell(same(point.id), detail=same(point.name) if point.name else None),
        Text(
            f"{where.en}{detail} ({code})",
            f"{where.zh}{detail}（{code}）",
        ),
        " + ".join(point.equipment),
        point.accuracy if point.accuracy else Text("not stated", "未填写"),
        NONE if due is None else due.isoformat(),
        ORIGIN_NAMES[point.origin],
        percent(share),
    )


def gaps(shares: tuple[DayShare, ...], below: float) -> list[Block]:
    """Runs of days whose coverage is below a share, longest first.

    Parameters
    ----------
    shares : the coverage calendar
    below : share 0..1 under which a day is listed
    """
    if not shares:
        return [Note(_NO_RECORD, "absent")]
    runs = _together(_runs(shares, below))
    if not runs:
        return [Note(_NO_GAP)]
    dropped = len(runs) - _MOST_GAPS
    note = None
    if dropped > 0:
        note = Text(f"{dropped} shorter gaps are not listed.", f"另有 {dropped} 处较短缺测未列出。")
    return [
        Table(
            Text("", ""),
            (
                Column(Text("Points", "测点"), share=3.2),
                Column(Text("From", "起"), share=1.0),
                Column(Text("To", "止"), share=1.0),
                Column(Text("Days", "天数"), "right", 0.6),
                Column(Text("Coverage in this time", "该时段数据完整率"), "right", 1.0),
            ),
            tuple(
                row(
                    Text(", ".join(run.points), "、".join(run.points)),
                    run.first.isoformat(),
                    run.last.isoformat(),
                    str(run.days),
                    percent(run.share),
                )
                for run in runs[:_MOST_GAPS]
            ),
            note,
        )
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    points: tuple[str, ...]
    first: date
    last: date
    share: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def _runs(shares: tuple[DayShare, ...], below: float) -> Iterator[_Run]:
    for point, days in groupby(shares, key=lambda share: share.point):
        run: list[DayShare] = []
        for day in days:
            thin = day.share is not None and day.share < below
            if thin and (not run or day.day - run[-1].day == timedelta(days=1)):
                run.append(day)
                continue
            if run:
                yield _run(point, run)
            run = [day] if thin else []
        if run:
            yield _run(point, run)


def _together(runs: Iterable[_Run]) -> list[_Run]:
    """Gaps of several points over the same days as one, longest first."""
    grouped: dict[tuple[date, date, str], list[_Run]] = {}
    for run in runs:
        grouped.setdefault((run.first, run.last, percent(run.share)), []).append(run)
    joined = [
        replace(group[0], points=tuple(point for run in group for point in run.points))
        for group in grouped.values()
    ]
    return sorted(joined, key=lambda run: (-run.days, run.first, run.points))


def _run(point: str, days: list[DayShare]) -> _Run:
    expected = sum(day.expected or 0 for day in days)
    valid = sum(day.valid or 0 for day in days)
    return _Run((point,), days[0].day, days[-1].day, valid / expected if expected else 0.0)


def formulas(material: Material) -> list[Block]:
    """The definition of every indicator in the report."""
    from diwen.evaluation import CATALOGUE

    used = {result.catalogue for result in material.evaluation.results}
    entries = [entry for number, entry in CATALOGUE.items() if number in used and entry.formula]
    if not entries:
        return [Note(_NO_FORMULA, "absent")]
    return [
        Table(
            Text("", ""),
            (
                Column(Text("No.", "编号"), share=0.6),
                Column(Text("Indicator", "指标"), share=2.2),
                Column(Text("Formula", "公式"), share=3.0),
                Column(Text("Basis", "依据"), share=1.6),
            ),
            tuple(
                row(
                    entry.id,
                    entry.name,
                    in_words(f"{entry.symbol} = {entry.formula}"),
                    in_words(entry.basis),
                )
                for entry in entries
            ),
            Text(
                "Energies are integrated on valid records; a gap longer than 1 hour is not "
                "bridged but lowers the coverage. A ratio of a period is the ratio of the sums, "
                "never the mean of ratios.",
                "能量按有效记录积分；超过 1 小时的缺测不插补，只降低数据完整率。"
                "周期比值取总量之比，不取比值的平均。",
            ),
        )
    ]
