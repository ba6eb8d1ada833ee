"""The account of an import that a person reads: what came in, what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from diwen.language import Language, Text
from diwen.telemetry import picture
from diwen.telemetry.basis import named
from diwen.telemetry.calendar import strips
from diwen.telemetry.importing import READINGS, FileReport, ImportReport
from diwen.telemetry.store import Store

if TYPE_CHECKING:
    from diwen.site import Site

_SHOWN = 10
_FILE = Text(
    "{file}: {added:,} new values, {same:,} known already, {refused:,} refused, "
    "{empty:,} empty cells",
    "{file}：新增 {added:,} 个值，已有 {same:,} 个，拒绝 {refused:,} 个，空单元格 {empty:,} 个",
)
_DRY = Text(
    "{file}: {values:,} values in {rows:,} rows would come in, {refused:,} refused",
    "{file}：{rows:,} 行中可导入 {values:,} 个值，拒绝 {refused:,} 个",
)
_FORM = Text("  understood as: {form}", "  识别为：{form}")
_UNUSED = Text("  columns of no point: {names}", "  未对应任何测点的列：{names}")
_ABSENT = Text("  points without a column: {names}", "  文件中没有的测点：{names}")
_SENTINEL = Text("  {n:,} cells held a sentinel (no value)", "  {n:,} 个单元格为无效值标记")
_REPLACED = Text(
    "  {n:,} stored values were replaced; the old ones are in telemetry/superseded",
    "  替换 {n:,} 个已存数值；旧值保存在 telemetry/superseded",
)
_REFUSED = Text(
    "  line {line}, {column}: {value} - {reason}", "  第 {line} 行，{column}：{value}，{reason}"
)
_REFUSED_TIME = Text(
    "  {time}, {column}: {value} - {reason}", "  {time}，{column}：{value}，{reason}"
)
_MORE = Text("  ... the whole list: {path}", "  …… 完整清单：{path}")
_JUDGED_AGAIN = Text(
    "quality flags of {points} were out of date and have been computed again",
    "测点 {points} 的质量标志已过期，现已重新计算",
)
_SPEED = Text(
    "{values:,} values in {seconds:.1f} s ({rate:,.0f} per second)",
    "共 {values:,} 个值，用时 {seconds:.1f} s（每秒 {rate:,.0f} 个）",
)
_PICTURE = Text("data calendar: {path}", "数据日历：{path}")


@dataclass
class Account:
    """An import told to people and to programs.

    Attributes
    ----------
    site : the site
    report : what was done
    picture : the page with the data calendar, None on a dry run
    """

    site: Site
    report: ImportReport
    picture: Path | None

    def lines(self, language: Language) -> list[str]:
        """The account as lines of text."""
        out = []
        for file in self.report.files:
            out += [text.to(language) for text in self._file(file)]
            out += [f"  {notice.to(language)}" for notice in file.delivery.notices]
            out += [line.to(language) for line in _refusals(file)]
            if self.report.dry_run:
                out += _preview(file)
        if self.report.judged_again:
            points = named(self.report.judged_again)
            out.append(_JUDGED_AGAIN.format(points=points).to(language))
        seconds = max(self.report.seconds, 1e-9)
        out.append(
            _SPEED.format(
                values=self.report.values, seconds=seconds, rate=self.report.values / seconds
            ).to(language)
        )
        return out

    def _file(self, file: FileReport) -> list[Text]:
        delivery, outcome = file.delivery, file.outcome
        if outcome is None:
            head = _DRY.format(
                file=delivery.file,
                values=delivery.values,
                rows=delivery.rows,
                refused=file.refused.height,
            )
        else:
            head = _FILE.format(
                file=delivery.file,
                added=outcome.added,
                same=outcome.same,
                refused=file.refused.height,
                empty=delivery.empty,
            )
        out = [head, _FORM.format(form=delivery.form)]
        if delivery.unused:
            out.append(_UNUSED.format(names=", ".join(delivery.unused[:30])))
        absent = [p.id for p in self.site.points if p.id not in delivery.mapping]
        if absent and Path(delivery.file).name != READINGS:
            out.append(_ABSENT.format(names=", ".join(absent[:30])))
        if delivery.sentinel:
            out.append(_SENTINEL.format(n=delivery.sentinel))
        if outcome is not None and outcome.replaced and outcome.conflicts.height:
            out.append(_REPLACED.format(n=outcome.conflicts.height))
        return out

    def show(self, language: Language) -> None:
        """Print the account, with the calendar of the store, to the terminal."""
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True)
        for line in self.lines(language):
            console.print(line, markup=False)
        if self.picture is None:
            return
        for line in strips(Store(self.site)):
            console.print(line)
        console.print(_PICTURE.format(path=self.picture).to(language), markup=False)

    def as_dict(self) -> dict[str, Any]:
        """The account as plain data, both languages where there is text."""
        return {
            "site": self.site.id,
            "dry_run": self.report.dry_run,
            "seconds": round(self.report.seconds, 3),
            "values": self.report.values,
            "added": self.report.added,
            "same": self.report.same,
            "refused": self.report.refused,
            "judged_again": list(self.report.judged_again),
            "picture": None if self.picture is None else str(self.picture),
            "files": [_file_dict(file) for file in self.report.files],
        }


def account_of(site: Site, report: ImportReport) -> Account:
    """The account of an import; the data calendar of the site is drawn anew."""
    if report.dry_run:
        return Account(site, report, None)
    return Account(site, report, picture.write_picture(Store(site)))


def _refusals(file: FileReport) -> list[Text]:
    out = []
    for row in file.refused.head(_SHOWN).iter_rows(named=True):
        reason = Text(row["reason_en"], row["reason_zh"])
        kind = _REFUSED if row["line"] is not None else _REFUSED_TIME
        shown = {key: row[key] for key in ("line", "column", "value")}
        time = "" if row["time"] is None else f"{row['time']:%Y-%m-%d %H:%M:%S} UTC"
        out.append(kind.format(**shown, time=time, reason=reason))
    if file.refused.height > _SHOWN:
        out.append(_MORE.format(path=file.refused_file or "-"))
    return out


def _preview(file: FileReport) -> list[str]:
    """The first values of each point as they were understood."""
    out = []
    for id, own in file.delivery.records.items():
        column = file.delivery.mapping.get(id, id)
        first = pl.Series(own.time[:3]).cast(pl.Datetime("us"))
        shown = ", ".join(
            f"{time:%Y-%m-%d %H:%M:%S}Z = {value:g}"
            for time, value in zip(first.to_list(), own.value[:3].tolist(), strict=True)
        )
        out.append(f"  {column} -> {id}: {shown}")
    return out


def _file_dict(file: FileReport) -> dict[str, Any]:
    delivery, outcome = file.delivery, file.outcome
    return {
        "file": delivery.file,
        "sha256": delivery.sha256,
        "form": {"en": delivery.form.en, "zh": delivery.form.zh},
        "rows": delivery.rows,
        "values": delivery.values,
        "empty": delivery.empty,
        "sentinel": delivery.sentinel,
        "mapping": delivery.mapping,
        "unused": list(delivery.unused),
        "added": None if outcome is None else outcome.added,
        "same": None if outcome is None else outcome.same,
        "replaced": 0 if outcome is None or not outcome.replaced else outcome.conflicts.height,
        "notices": [notice.as_dict() for notice in delivery.notices],
        "refused": file.refused.height,
        "refused_file": None if file.refused_file is None else str(file.refused_file),
        "refusals": file.refused.head(100)
        .with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ"))
        .to_dicts(),
    }
