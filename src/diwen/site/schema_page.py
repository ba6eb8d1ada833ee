"""The schema of the site folder as one page, made from the code; and as JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from diwen import quantities
from diwen.language import Language, Text
from diwen.site import ledger
from diwen.site.accuracy import GRAMMAR
from diwen.site.errors import models_of
from diwen.site.fields import Measure, Table
from diwen.site.locations import LOCATIONS
from diwen.site.model import KEYED, SiteFile
from diwen.site.points import COLUMN_TEXTS
from diwen.site.points_file import COLUMNS, MEASURED, REQUIRED

_TITLE = Text("The site folder", "项目文件夹")
_INTRODUCTION = Text(
    'This page is made from the code. A quantity is text with its unit (`depth = "72 m"`); any '
    "unit of the right dimension is understood, the unit shown is the usual one.",
    '本页由程序代码生成。带单位的量写成“数值＋单位”的文字（`depth = "72 m"`）；'
    "量纲相符的单位均可识别，表中所列为常用单位。",
)
_HEADER = Text(
    "| key | value | range | default | meaning | 含义 |",
    "| 键 | 取值 | 范围 | 缺省 | 含义 | meaning |",
)
_REQUIRED = Text("**required**", "**必填**")
_POINTS = Text("`points.csv`: the points", "`points.csv`：测点")
_LOCATIONS = Text("Locations", "测点位置")
_LOCATION_HEADER = Text(
    "| location | code | quantities | meaning | 含义 |", "| 位置 | 代号 | 物理量 | 含义 | meaning |"
)
_QUANTITIES = Text("Quantities of points", "测点物理量")
_QUANTITY_HEADER = Text(
    "| quantity | usual unit | range | kind | meaning | 含义 |",
    "| 物理量 | 常用单位 | 范围 | 类型 | 含义 | meaning |",
)
_ACCURACY = Text("Accuracy is written in one of these forms", "准确度按下列形式之一书写")
_LEDGER = Text("`ledger.csv`: what was done, append-only", "`ledger.csv`：台账（只追加）")
_STAGES = Text("Stages", "阶段")
_COLUMN_HEADER = Text("| column | required | meaning | 含义 |", "| 列 | 必填 | 含义 | meaning |")


def documentation(language: Language) -> str:
    """One Markdown page: every table and key with unit, range, default and meaning.

    Parameters
    ----------
    language : language of the headings; the meanings always stand in both
    """
    lines = [f"# {_TITLE.to(language)}", "", _INTRODUCTION.to(language), "", "## `site.toml`", ""]
    for heading, model in tables():
        lines += [f"### `{heading}`", "", _both(model.meaning, language), ""]
        lines += [_HEADER.to(language), "|---|---|---|---|---|---|"]
        lines += [_key_row(key, field, language) for key, field in _keys(model)]
        lines.append("")
    return "\n".join([*lines, *_points_part(language), *_ledger_part(language)]) + "\n"


def json_schema() -> dict[str, Any]:
    """The schema of ``site.toml`` as JSON Schema (2020-12), for editors."""
    schema = SiteFile.model_json_schema(by_alias=True, mode="validation")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **schema, "title": "Diwen site.toml"}


def tables() -> Iterator[tuple[str, type[Table]]]:
    """Heading and model of every table of ``site.toml``, in the order of the schema."""
    yield "site.toml", SiteFile
    for name, field in SiteFile.model_fields.items():
        path = f"{name}.ID" if name in KEYED else name
        for tag, model in models_of(field.annotation).items():
            yield from _inner_tables(f"[{path}]" + _tag_text(model, tag), path, model)


def _tag_text(model: type[BaseModel], tag: str) -> str:
    key = next((key for key in ("type", "pattern") if key in model.model_fields), "type")
    return f' {key} = "{tag}"' if tag else ""


def _inner_tables(heading: str, path: str, model: Any) -> Iterator[tuple[str, type[Table]]]:
    yield heading, model
    for name, field in model.model_fields.items():
        inner = f"{path}.{name}"
        origin = get_origin(field.annotation)
        if origin is dict:
            inner += ".ID"
        brackets = f"[[{inner}]]" if origin is tuple else f"[{inner}]"
        for tag, part in models_of(field.annotation).items():
            yield from _inner_tables(brackets + _tag_text(part, tag), inner, part)


def _keys(model: type[Table]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _key_row(key: str, field: FieldInfo, language: Language) -> str:
    measure = next((item for item in field.metadata if isinstance(item, Measure)), None)
    meaning = next((item.text for item in field.metadata if hasattr(item, "text")), Text("", ""))
    value, span = _value(field.annotation, measure, field, language)
    return _row(f"`{key}`", value, span, _default(field, language), *_pair(meaning, language))


def _value(
    annotation: Any, measure: Measure | None, field: FieldInfo, language: Language
) -> tuple[str, str]:
    """What stands in the file, and its range."""
    if measure is not None:
        allowed = measure.allowed()
        example = f'`"{measure.example}"`' if measure.unit_needed else f"`{measure.example}`"
        return example, "" if allowed is None else allowed.to(language)
    words = [word for word in _literals(annotation) if word != ""]
    if words:
        return " ".join(f"`{word}`" for word in words), ""
    limits = [f"≥ {item.ge}" for item in field.metadata if isinstance(item, Ge)]
    limits += [f"≤ {item.le}" for item in field.metadata if isinstance(item, Le)]
    return _type_name(annotation), ", ".join(limits)


def _literals(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return [repr(word)[1:-1] if word == "\t" else word for word in get_args(annotation)]
    found = []
    for part in get_args(annotation):
        found += _literals(part)
    return found if get_origin(annotation) is not dict else []


_TYPES = {"str": "text", "int": "integer", "bool": "`true` `false`", "float": "number"}


def _type_name(annotation: Any) -> str:
    if models_of(annotation):
        return "table" if get_origin(annotation) is not tuple else "list of tables"
    for part in (annotation, *get_args(annotation)):
        name = getattr(part, "__name__", "")
        if name in _TYPES:
            listed = get_origin(annotation) is tuple
            return f"list of {_TYPES[name]}" if listed else _TYPES[name]
        if name == "Season":
            return '`"11-15..03-15"`'
        if name == "Hours":
            return '`"23:00-07:00"`'
        if name == "date":
            return "`2026-03-31`"
    return "list"


def _default(field: FieldInfo, language: Language) -> str:
    if field.is_required():
        return _REQUIRED.to(language)
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", (), {}) or isinstance(value, Table):
        return ""
    if isinstance(value, float):
        measure = next((item for item in field.metadata if isinstance(item, Measure)), None)
        if measure is not None and measure.unit_needed:
            shown = quantities.display(value, measure.quantity)
            unit = quantities.printed(quantities.quantity(measure.quantity).display_unit)
            return f"{shown:g} {unit}"
        return f"{value:g}"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _pair(text: Text, language: Language) -> tuple[str, str]:
    """The meaning in the page's language, then in the other one."""
    return (text.zh, text.en) if language == "zh" else (text.en, text.zh)


def _both(text: Text, language: Language) -> str:
    return " · ".join(part for part in _pair(text, language) if part)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _points_part(language: Language) -> Iterator[str]:
    yield from (f"## {_POINTS.to(language)}", "", _COLUMN_HEADER.to(language), "|---|---|---|---|")
    for column in COLUMNS:
        needed = "✓" if column in REQUIRED else ""
        yield _row(f"`{column}`", needed, *_pair(COLUMN_TEXTS[column], language))
    yield from ("", f"{_ACCURACY.to(language)}:", "")
    yield from (f"- `{form.strip()}`" for form in GRAMMAR.en.split("|"))
    yield from ("", f"### {_LOCATIONS.to(language)}", "", _LOCATION_HEADER.to(language))
    yield "|---|---|---|---|---|"
    for location in LOCATIONS.values():
        names = ", ".join(location.quantities)
        yield _row(f"`{location.name}`", location.code, names, *_pair(location.text, language))
    yield from ("", f"### {_QUANTITIES.to(language)}", "", _QUANTITY_HEADER.to(language))
    yield "|---|---|---|---|---|---|"
    for name in MEASURED:
        known = quantities.quantity(name)
        low, high = (quantities.display(v, name) for v in (known.low, known.high))
        unit = quantities.printed(known.display_unit)
        span = f"{low:g} … {high:g}"
        yield _row(f"`{name}`", unit or "1", span, known.kind, *_pair(known.text, language))
    yield ""


def _ledger_part(language: Language) -> Iterator[str]:
    columns = ", ".join(f"`{column}`" for column in ledger.COLUMNS)
    yield from (f"## {_LEDGER.to(language)}", "", columns, "", f"{_STAGES.to(language)}:", "")
    for name, text in ledger.STAGES.items():
        yield f"- `{name}`: {_both(text, language)}"
