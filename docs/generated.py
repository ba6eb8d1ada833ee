"""Pages that the code writes about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from diwen import rules
from diwen.evaluation import CATALOGUE
from diwen.quantities import QUANTITIES, display, printed
from diwen.rules.row import EVIDENCE
from diwen.site import LOCATIONS, documentation
from diwen.site.points_file import OPTIONAL, REQUIRED
from diwen.telemetry.quality import RULES as QUALITY_RULES

PYTHON_DOORS = (
    "diwen",
    "diwen.quantities",
    "diwen.problems",
    "diwen.site",
    "diwen.rules",
    "diwen.telemetry.store",
    "diwen.evaluation.result",
    "diwen.evaluation.amount",
    "diwen.evaluation.statistics",
    "diwen.reports",
)


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; cells are escaped."""

    def line(cells: Iterable[object]) -> str:
        return "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |"

    header = list(header)
    body = "\n".join(line(row) for row in rows)
    return f"{line(header)}\n{line('---' for _ in header)}\n{body}\n"


def _number(value: float) -> str:
    return "" if abs(value) == float("inf") else f"{value:.6g}"


def points_page() -> str:
    """Columns of points.csv, locations and quantities."""
    columns = table(
        ("column", ""),
        [(f"`{c}`", "required 必填") for c in REQUIRED]
        + [(f"`{c}`", "optional 选填") for c in OPTIONAL],
    )
    locations = table(
        ("location", "code", "meaning", "含义", "quantities"),
        [
            (f"`{p.name}`", p.code, p.text.en, p.text.zh, ", ".join(p.quantities))
            for p in LOCATIONS.values()
        ],
    )
    quantities = table(
        ("quantity", "物理量", "unit people write", "plausible range", "rate per minute", "kind"),
        [
            (
                f"`{q.name}`",
                q.text.zh,
                printed(q.display_unit) or "1",
                f"{_number(display(q.low, q.name))} … {_number(display(q.high, q.name))}",
                "" if q.rate is None else _number(q.rate),
                q.kind,
            )
            for q in QUANTITIES.values()
        ],
    )
    return (
        "# Measuring points 测点\n\n`points.csv` has one line per measured series. "
        "`points.csv` 每个测量序列占一行。\n\n"
        f"## Columns 列\n\n{columns}\n"
        "`equipment` names what the meter covers, ids joined by `+`; `site` for weather and rooms. "
        "A location may carry a detail after `@` (`room@201`, `ground@20m`).\n\n"
        "`equipment` 写明表计覆盖的设备，用 `+` 连接；气象、室温写 `site`。位置后可用 `@` 附加说明"
        "（`room@201`、`ground@20m`）。\n\n"
        f"## Locations 位置\n\n{locations}\n"
        "## Quantities 物理量\n\nRanges and rates are engineering defaults for data quality, from "
        "no standard; `low` and `high` in `points.csv` narrow them. "
        f"范围与变化率为数据质量的工程默认值，不出自标准，可在 `points.csv` 中收窄。\n\n{quantities}"
    )


def catalogue_page() -> str:
    """All indicators of the catalogue."""
    return "# KPI catalogue 指标目录\n\n" + table(
        ("id", "indicator", "指标", "symbol", "formula", "unit", "lowest data quality", "basis"),
        [
            (k.id, k.name.en, k.name.zh, k.symbol, f"`{k.formula}`", k.unit, k.quality, k.basis)
            for k in CATALOGUE.values()
        ],
    )


def rule_rows_page() -> str:
    """Every rule row that ships, grouped by standard."""
    book = rules.load()
    groups: dict[str, list[rules.Row]] = {}
    for row in book.rows():
        groups.setdefault(row.standard, []).append(row)
    marks = table(
        ("evidence", "meaning", "含义"), [(key, text.en, text.zh) for key, text in EVIDENCE.items()]
    )
    sections = [
        f"## {standard}\n\n"
        + table(
            ("id", "rule", "规则", "clause", "value", "region", "valid", "evidence", "verified"),
            [
                (
                    f"`{row.id}`",
                    row.text.en,
                    row.text.zh,
                    row.clause,
                    row.printed() or "(empty 留空)",
                    row.region,
                    f"{row.valid_from or ''} … {row.valid_to or ''}",
                    row.evidence,
                    "yes" if row.verified else "no",
                )
                for row in members
            ],
        )
        for standard, members in sorted(groups.items())
    ]
    return (
        f"# Rule rows 规则条目\n\n`diwen rules` answers from these rows (set {book.digest[:12]}).\n\n"
        + marks
        + "\n"
        + "\n".join(sections)
    )


def quality_table() -> str:
    """The quality flags and their rules."""
    return table(
        ("flag", "name", "名称", "rule", "规则", "used 参与计算"),
        [
            (
                rule.flag,
                rule.name.en,
                rule.name.zh,
                rule.meaning.en,
                rule.meaning.zh,
                "yes 是" if rule.usable else "no 否",
            )
            for rule in QUALITY_RULES
        ],
    )


def quality_page() -> str:
    """Quality flags as a page."""
    return f"# Quality flags 质量标志\n\n{quality_table()}"


def python_page() -> str:
    """Reference of the public doors, from their docstrings."""
    return "# Python\n\n" + "\n".join(f"::: {door}\n" for door in PYTHON_DOORS)


_PAGES: dict[str, Callable[[], str]] = {
    "site-folder.md": lambda: documentation("en"),
    "points.md": points_page,
    "catalogue.md": catalogue_page,
    "rule-rows.md": rule_rows_page,
    "quality.md": quality_page,
    "python.md": python_page,
}


def pages() -> dict[str, str]:
    """File name and Markdown of every generated page."""
    return {name: write() for name, write in _PAGES.items()}
