"""The calendar of the data as one self-contained page: a row per point, a column per day.

Both languages are in the page; a button switches. No script is fetched and no font.
"""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from diwen.language import Text
from diwen.site.points import ORIGIN_NAMES
from diwen.telemetry import parts
from diwen.telemetry.coverage import days_of, steps_of, table
from diwen.telemetry.quality import RULES
from diwen.telemetry.series import USABLE
from diwen.telemetry.tally import Tally, tally

if TYPE_CHECKING:
    from diwen.telemetry.store import Store

NAME = "quality.html"
# Share of the day that is there and usable, from none to all (colour-blind safe, light to dark).
_SHADES = ((0.999, "#08519c"), (0.9, "#3182bd"), (0.5, "#6baed6"), (1e-9, "#bdd7e7"))
_NONE = "#f0f0f0"
_FLAGGED = "#d95f02"
_ROW, _LEFT, _TOP = 15, 190, 34
_TITLE = Text("Data calendar", "数据日历")
_MEANING = Text(
    "Share of the expected records of each local day that are there and usable. An orange mark: "
    "records of that day were flagged as unusable.",
    "每个当地日应有记录中已到且可用的比例；橙色标记表示当天有记录被判为不可用。",
)
_LEGEND = (
    (_NONE, Text("nothing", "无数据")),
    ("#bdd7e7", Text("below 50 %", "低于 50 %")),
    ("#6baed6", Text("50 to 90 %", "50～90 %")),
    ("#3182bd", Text("90 to 99.9 %", "90～99.9 %")),
    ("#08519c", Text("complete", "完整")),
    (_FLAGGED, Text("some flagged", "有异常标志")),
)
_HEADS = (
    Text("Point", "测点"), Text("Records", "记录数"), Text("First", "首个记录"),
    Text("Last", "末个记录"), Text("Origin", "来源"), Text("Usable", "可用比例"),
    Text("Flags", "质量标志"),
)  # fmt: skip
_RULES = Text("What the flags mean", "质量标志说明")
_STYLE = """
body{font:14px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:1.5rem;
max-width:80rem;color:#222}svg{max-width:100%;height:auto}table{border-collapse:collapse}
td,th{padding:.15rem .6rem;border-bottom:1px solid #ddd;text-align:left}td.n{text-align:right}
.key i{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em;vertical-align:-.1em}
body.zh .en,body.en .zh{display:none}.wide{overflow-x:auto}
"""


def write_picture(store: Store) -> Path:
    """Write ``telemetry/quality.html`` and return its path."""
    path = store.folder / NAME
    parts.write_text(path, page(store))
    return path


def page(store: Store) -> str:
    """The whole page as HTML."""
    days, edges = days_of(store)
    steps = steps_of(store)
    found = tally(store, edges, steps) if days else {}
    calendar = table(store, days, edges, steps, found)
    name = getattr(store.site, "name", None) or Text(store.site.id, store.site.id)
    title = Text(f"{name.en}: {_TITLE.en}", f"{name.zh}：{_TITLE.zh}")
    key = "".join(f'<i style="background:{colour}"></i>{_both(text)}' for colour, text in _LEGEND)
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title.en)} | {escape(title.zh)}</title><style>{_STYLE}</style></head>"
        '<body class="en"><button onclick="document.body.className='
        "document.body.className=='en'?'zh':'en'\">中文 / English</button>"
        f"<h1>{_both(title)}</h1><p>{_both(_MEANING)}</p><p class=key>{key}</p>"
        f"<div class=wide>{svg(calendar)}</div>{_table(store, calendar, found)}"
        f"<h2>{_both(_RULES)}</h2>{_rules()}</body></html>"
    )


def _both(text: Text) -> str:
    return f'<span class="en">{escape(text.en)}</span><span class="zh">{escape(text.zh)}</span>'


def colour(share: float) -> str:
    """Colour of a day by the share that is there and usable."""
    return next((shade for least, shade in _SHADES if share >= least), _NONE)


def svg(calendar: pl.DataFrame) -> str:
    """The calendar as SVG; neighbouring days of the same colour are one bar, so it stays small."""
    if not calendar.height:
        return ""
    days = sorted(set(calendar["day"].to_list()))
    points = calendar["point"].unique(maintain_order=True).to_list()
    cell = min(14.0, 900 / len(days))
    width, height = _LEFT + cell * len(days) + 10, _TOP + _ROW * len(points) + 6
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
        f'width="{width:.0f}" font-size="11" font-family="sans-serif">'
    ]
    out += _axis(days, cell, height)
    rows = calendar.partition_by("point", as_dict=True, maintain_order=True)
    for number, point in enumerate(points):
        y = _TOP + _ROW * number
        out.append(f'<text x="{_LEFT - 6}" y="{y + 11}" text-anchor="end">{escape(point)}</text>')
        out += _bars(rows[(point,)], days, cell, y)
    return "".join(out) + "</svg>"


def _axis(days: list[date], cell: float, height: int) -> list[str]:
    marks = []
    last = -1e9
    for number, day in enumerate(days):
        if day.day != 1 and number:
            continue
        x = _LEFT + cell * number
        marks.append(f'<path d="M{x:.1f} {_TOP - 6}V{height - 4}" stroke="#ccc" fill="none"/>')
        if x - last > 58:
            marks.append(f'<text x="{x + 2:.1f}" y="{_TOP - 10}">{day:%Y-%m}</text>')
            last = x
    return marks


def _bars(row: pl.DataFrame, days: list[date], cell: float, y: int) -> list[str]:
    shades = [_NONE] * len(days)
    flagged = []
    for day, share, flag in row.select("day", "share", "flag").iter_rows():
        number = (day - days[0]).days
        if number < len(days):
            shades[number] = colour(share)
            if flag:
                flagged.append(number)
    bars, begin = [], 0
    for number in range(1, len(days) + 1):
        if number == len(days) or shades[number] != shades[begin]:
            bars.append(
                f'<rect x="{_LEFT + cell * begin:.1f}" y="{y}" '
                f'width="{cell * (number - begin):.1f}" height="{_ROW - 3}" '
                f'fill="{shades[begin]}"/>'
            )
            begin = number
    bars += [
        f'<rect x="{_LEFT + cell * number:.1f}" y="{y + _ROW - 6}" '
        f'width="{max(cell, 1.5):.1f}" height="3" fill="{_FLAGGED}"/>'
        for number in flagged
    ]
    return bars


def _table(store: Store, calendar: pl.DataFrame, found: dict[str, Tally]) -> str:
    shares = dict(
        calendar.group_by("point").agg(pl.col("valid").sum() / pl.col("expected").sum()).iter_rows()
    )
    names = {rule.flag: rule.name for rule in RULES}
    lines = ["<tr>" + "".join(f"<th>{_both(head)}</th>" for head in _HEADS) + "</tr>"]
    for id in store.points():
        span = store.span(id)
        if span is None:
            continue
        origins = [ORIGIN_NAMES[name] for name in found[id].origins()]
        marks = [
            f"{_both(names[flag])} {count:,}" for flag, count in found[id].flags().items() if flag
        ]
        count = found[id].counts.sum()
        share = shares.get(id)
        lines.append(
            f"<tr><td>{escape(id)}</td><td class=n>{count:,}</td>"
            f"<td>{span[0]:%Y-%m-%d %H:%M}</td><td>{span[1]:%Y-%m-%d %H:%M}</td>"
            f"<td>{' '.join(_both(origin) for origin in origins)}</td>"
            f"<td class=n>{'-' if share is None else f'{100 * min(share, 1):.1f} %'}</td>"
            f"<td>{'; '.join(marks)}</td></tr>"
        )
    return "<div class=wide><table>" + "".join(lines) + "</table></div>"


def _rules() -> str:
    lines = [
        f"<tr><td>{rule.flag}</td><td>{_both(rule.name)}</td><td>{_both(rule.meaning)}</td>"
        f"<td>{'✓' if rule.flag in USABLE else ''}</td></tr>"
        for rule in RULES
    ]
    return "<table>" + "".join(lines) + "</table>"
