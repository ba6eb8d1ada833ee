"""Pages that the code writes about itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import diwen
from diwen import rules
from diwen.evaluation import CATALOGUE
from diwen.evaluation.families import FAMILIES
from diwen.quantities import QUANTITIES, display, printed
from diwen.rules.row import EVIDENCE
from diwen.site import LOCATIONS, documentation, ledger, records, samples
from diwen.site.points import COLUMN_TEXTS
from diwen.site.points_file import OPTIONAL, REQUIRED
from diwen.site.portfolio import ROLES
from diwen.site.record_items import ITEMS
from diwen.telemetry.quality import RULES as QUALITY_RULES

# From the top floor down.
ROOMS = (
    *("cli", "web", "reports", "design", "survey", "evaluation", "telemetry", "site", "sources"),
    *("sources.borefield", "sources.response_test", "sources.well_field", "sources.open_water"),
    *("sources.pumping_test", "sources.borehole", "sources.circulation_well", "sources.aquifer"),
    *("sources.ground", "sources.response"),
    *("rules", "fluids", "quantities", "problems", "language", "doors"),
)
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
    "diwen.sources.borefield.boreholes",
    "diwen.sources.borefield.layouts",
    "diwen.sources.borefield.polygon",
    "diwen.sources.borefield.g_functions",
    "diwen.sources.borefield.networks",
    "diwen.sources.borefield.mixed_inlet",
    "diwen.sources.borefield.advection",
    "diwen.sources.borefield.groundwater_flow",
    "diwen.sources.borefield.ground_temperature",
    "diwen.sources.borefield.closed_loop",
    "diwen.sources.borehole.pipes",
    "diwen.sources.borehole.resistances",
    "diwen.sources.borehole.circuits",
    "diwen.sources.borehole.hydraulics",
    "diwen.sources.borehole.short_time",
    "diwen.sources.borehole.standard_method",
    "diwen.sources.ground.layers",
    "diwen.sources.ground.line_sources",
    "diwen.sources.ground.moving_line_source",
    "diwen.sources.response.modes",
    "diwen.sources.response.convolution",
    "diwen.sources.response.hourly",
    "diwen.sources.response.source_model",
    "diwen.sources.response.limited",
    "diwen.sources.aquifer.column",
    "diwen.sources.aquifer.well",
    "diwen.sources.aquifer.dipole_heads",
    "diwen.sources.aquifer.theis",
    "diwen.sources.aquifer.leaky",
    "diwen.sources.aquifer.injection_pressure",
    "diwen.sources.aquifer.screen_velocity",
    "diwen.sources.aquifer.thermal_front",
    "diwen.sources.circulation_well.flow_field",
    "diwen.sources.circulation_well.water_paths",
    "diwen.sources.circulation_well.heat_operator",
    "diwen.sources.circulation_well.finite_volume",
    "diwen.sources.circulation_well.breakthrough",
    "diwen.sources.circulation_well.volume_clock",
    "diwen.sources.circulation_well.model_reduction",
    "diwen.sources.circulation_well.reduced_well",
    "diwen.sources.circulation_well.model_choice",
    "diwen.sources.circulation_well.well_response",
    "diwen.sources.circulation_well.standing_column",
    "diwen.sources.well_field.doublet",
    "diwen.sources.well_field.exchanged_doublet",
    "diwen.sources.well_field.potential_flow",
    "diwen.sources.well_field.circulation_field",
    "diwen.sources.well_field.coupled_wells",
    "diwen.sources.well_field.field_source",
    "diwen.sources.well_field.plume",
    "diwen.sources.open_water.water_temperature",
    "diwen.sources.open_water.exchanger",
    "diwen.sources.open_water.available_heat",
    "diwen.sources.open_water.open_water_source",
    "diwen.sources.open_water.air",
    "diwen.sources.pumping_test.record",
    "diwen.sources.pumping_test.aquifer_choice",
    "diwen.sources.pumping_test.curve_fit",
    "diwen.sources.pumping_test.step_test",
    "diwen.sources.pumping_test.injection_test",
    "diwen.sources.pumping_test.internal_bypass",
    "diwen.sources.pumping_test.clogging_trend",
    "diwen.site.source_builders",
    "diwen.sources.response_test.record",
    "diwen.sources.response_test.evaluation",
    "diwen.sources.response_test.uncertainty",
    "diwen.design.bore_field",
    "diwen.design.ground_load",
    "diwen.design.building_load",
    "diwen.design.efficiency",
    "diwen.design.sizing",
    "diwen.design.heat_balance",
    "diwen.design.layout_search",
    "diwen.design.length_uncertainty",
    "diwen.design.well_design",
    "diwen.design.well_checks",
    "diwen.design.well_check_result",
    "diwen.design.well_group_checks",
    "diwen.fluids",
)


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; cells are escaped."""

    def line(cells: Iterable[object]) -> str:
        return (
            "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |"
        )

    header = list(header)
    body = "\n".join(line(row) for row in rows)
    return f"{line(header)}\n{line('---' for _ in header)}\n{body}\n"


def _number(value: float) -> str:
    return "" if abs(value) == float("inf") else f"{value:.6g}"


def points_page() -> str:
    """Columns of points.csv, locations and quantities."""
    columns = table(
        ("column", "", "meaning", "含义"),
        [
            (f"`{c}`", word, COLUMN_TEXTS[c].en, COLUMN_TEXTS[c].zh)
            for word, columns in (("required 必填", REQUIRED), ("optional 选填", OPTIONAL))
            for c in columns
        ],
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
        "范围与变化率为数据质量的工程默认值，不出自标准，可在 `points.csv` 中收窄。\n\n"
        f"{quantities}"
    )


def tables_page() -> str:
    """The other tables of a site folder: ledger, samples, records, columns of a portfolio."""

    def columns(names: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in names)

    items = table(
        ("item", "quantity", "meaning", "含义", "after `@`", "may be an input 可作输入"),
        [
            (
                f"`{name}`",
                f"`{item.quantity}`",
                item.text.en,
                item.text.zh,
                item.detail,
                "yes 是" if item.given else "no 否",
            )
            for name, item in ITEMS.items()
        ],
    )
    roles = table(
        ("role", "quantity", "meaning", "含义", "words 可选词", "required 必填"),
        [
            (
                f"`{name}`",
                f"`{role.quantity}`" if role.quantity else "text",
                role.text.en,
                role.text.zh,
                columns(role.words),
                "yes 是" if role.required else "",
            )
            for name, role in ROLES.items()
        ],
    )
    stages = table(
        ("stage", "meaning", "含义"),
        [(f"`{name}`", text.en, text.zh) for name, text in ledger.STAGES.items()],
    )
    places = table(
        ("place", "meaning", "含义"),
        [(f"`{name}`", text.en, text.zh) for name, text in samples.PLACES.items()],
    )
    return (
        "# Other tables 其他表格\n\nFiles of a site folder beside `site.toml` and `points.csv`; "
        "each may be left out. 项目文件夹中除 `site.toml`、`points.csv` 以外的表格，均可省略。\n\n"
        f"## `ledger.csv` 台账\n\nWhat was done, in the order of time 按时间记录所做的工作: "
        f"{columns(ledger.COLUMNS)}\n\n{stages}\n"
        f"## `samples.csv` 水样\n\nLaboratory results, one indicator per line "
        f"化验结果，每行一项指标. Required 必填: {columns(samples.REQUIRED)}; "
        f"optional 选填: {columns(samples.OPTIONAL)}. `place` may also be the id of a well "
        f"也可填井的标识.\n\n{places}\n"
        f"## `records.csv` 人工记录\n\nNumbers of printed tables, to be recomputed "
        f"待复算的刊印数据. Required 必填: {columns(records.REQUIRED)}; "
        f"optional 选填: {columns(records.OPTIONAL)}.\n\n{items}\n"
        "## Portfolio 多系统汇总\n\nOne row per system; `[portfolio.columns]` of `site.toml` says "
        "which column has which role 每行一个系统，由 `[portfolio.columns]` 指明各列含义.\n\n"
        f"{roles}"
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
        "# Rule rows 规则条目\n\n"
        f"`diwen rules` answers from these rows (set {book.digest[:12]}).\n\n"
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


def rooms_page() -> str:
    """Every module of every room, in its own words; and the families of evaluation."""
    package = Path(diwen.__file__).parent
    parts = ["# Rooms and modules\n"]
    for room in ROOMS:
        place = package / room.replace(".", "/")
        files = sorted(place.glob("*.py")) or [place.with_suffix(".py")]
        rows = [(f"`{_module(file)}`", _first_line(file)) for file in files]
        parts.append(f"## `diwen.{room}`\n\n" + table(("module", "what it is"), rows))
    families = [(f"`{name}`", text.en, text.zh) for name, text in FAMILIES]
    parts.append(
        "## Families of evaluation 评价指标族\n\n"
        "Each is a module of `diwen.evaluation` with `results(context)`, shown in this order.\n\n"
        + table(("module", "subject", "内容"), families)
    )
    return "\n".join(parts)


def _module(file: Path) -> str:
    return file.parent.name if file.stem == "__init__" else file.stem


def _first_line(file: Path) -> str:
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return re.sub(r":\w+:(`[^`]*`)", r"\1", said.partition("\n")[0])


def python_page() -> str:
    """Reference of the public doors, from their docstrings."""
    return "# Python\n\n" + "\n".join(f"::: {door}\n" for door in PYTHON_DOORS)


_PAGES: dict[str, Callable[[], str]] = {
    "site-folder.md": lambda: documentation("en"),
    "points.md": points_page,
    "tables.md": tables_page,
    "catalogue.md": catalogue_page,
    "rule-rows.md": rule_rows_page,
    "quality.md": quality_page,
    "rooms.md": rooms_page,
    "python.md": python_page,
}


def pages() -> dict[str, str]:
    """File name and Markdown of every generated page."""
    return {name: write() for name, write in _PAGES.items()}
