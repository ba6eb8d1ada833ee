"""What pydantic found wrong, said as problems a reader can mend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.site.spelling import cure_for, listed
from diwen.site.toml_lines import Path, line_of

_MISSING = Text("the key is missing", "缺少该键")
_ADD = Text("add it", "请补充")
_ADD_LIKE = Text("add it, for example {key} = {example}", "请补充，例如 {key} = {example}")
_UNKNOWN = Text("unknown key", "未知的键")
_WRONG_WORD = Text("not one of the possible words", "不在可选词之列")
_WRONG_TYPE = Text("a {wanted} is wanted here", "此处应为{wanted}")
_CORRECT = Text("correct it", "请更正")
_TOO_SMALL = Text("too small", "数值过小")
_TOO_LARGE = Text("too large", "数值过大")
_AT_LEAST = Text("at least {limit}", "不小于 {limit}")
_AT_MOST = Text("at most {limit}", "不大于 {limit}")
_NO_TYPE = Text("the key type is missing", "缺少 type 键")
_WANTED = {
    "string": Text("text in quotes", "加引号的文字"),
    "int": Text("whole number", "整数"),
    "float": Text("number", "数值"),
    "bool": Text("true or false", "true 或 false"),
    "date": Text("date such as 2026-03-31", "日期，例如 2026-03-31"),
    "tuple": Text("list in [ ]", "用 [ ] 括起的列表"),
    "dict": Text("table", "表"),
    "model": Text("table", "表"),
}
_OTHER = Text("not usable: {message}", "不可用：{message}")


def key_path(location: Iterable[str | int]) -> str:
    """A path as people write it: ``ground.layers[1].top``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def where(location: Path, lines: dict[Path, int]) -> str:
    """Path of the key and the line where it stands."""
    line = line_of(location, lines)
    path = key_path(location)
    return path if line is None else f"{path} (line {line})"


def problems_from(
    error: ValidationError,
    prefix: Path,
    lines: dict[Path, int],
    file: str,
    raw: object,
    models: dict[str, type[BaseModel]],
) -> list[Problem]:
    """Every fault in a pydantic error as a problem.

    Parameters
    ----------
    error : what pydantic raised for one table
    prefix : path of that table in the file
    lines : line of every key
    file : name of the file
    raw : the table as read, to look up neighbours of an unknown key
    models : model of each ``type`` tag, for the known keys of a tagged table
    """
    found = []
    for detail in error.errors(include_url=False):
        inner = _without_tag(detail["loc"], raw)
        location = (*prefix, *inner)
        found.append(_problem(detail, location, where(location, lines), file, raw, inner, models))
    return found


def _without_tag(location: tuple[int | str, ...], raw: object) -> Path:
    """The path without the ``type`` tag that pydantic puts in front for a tagged union."""
    if location and isinstance(raw, dict) and location[0] == raw.get("type"):
        return location[1:]
    return location


def _problem(
    detail: ErrorDetails,
    location: Path,
    place: str,
    file: str,
    raw: object,
    inner: Path,
    models: dict[str, type[BaseModel]],
) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    value = _shown(detail.get("input"))
    key = str(location[-1])
    if kind == "diwen":
        shown = context.get("value") or value
        return Problem(file, place, context["message"], context["cure"], shown, context["allowed"])
    if kind == "missing":
        return Problem(file, place, _MISSING, _example(key, _model_at(raw, inner[:-1], models)))
    if kind == "extra_forbidden":
        known = _known_keys(_model_at(raw, inner[:-1], models))
        return Problem(file, place, _UNKNOWN, cure_for(key, known), value, listed(known))
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return Problem(file, place, _WRONG_WORD, cure_for(str(value), words), value, listed(words))
    if kind.startswith("union_tag"):
        words = [word for word in models if word]
        if kind == "union_tag_not_found":
            return Problem(file, place, _NO_TYPE, _ADD, "", listed(words))
        tag = str(context.get("tag", ""))
        return Problem(file, f"{place}.type", _WRONG_WORD, cure_for(tag, words), tag, listed(words))
    if kind in ("greater_than_equal", "less_than_equal"):
        low = kind == "greater_than_equal"
        limit = (_AT_LEAST if low else _AT_MOST).format(limit=context["ge" if low else "le"])
        return Problem(file, place, _TOO_SMALL if low else _TOO_LARGE, _CORRECT, value, limit)
    wanted = next((text for start, text in _WANTED.items() if kind.startswith(start)), None)
    if wanted is not None:
        return Problem(file, place, _WRONG_TYPE.format(wanted=wanted), _CORRECT, value)
    return Problem(file, place, _OTHER.format(message=same(detail["msg"])), _CORRECT, value)


def _shown(value: object) -> str:
    """A value as shown in a message: short, on one line."""
    text = "{…}" if isinstance(value, dict) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "…"


def _known_keys(model: type[BaseModel] | None) -> list[str]:
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _example(key: str, model: type[BaseModel] | None) -> Text:
    field = None if model is None else model.model_fields.get(key)
    for item in [] if field is None else field.metadata:
        example = getattr(item, "example", None)
        if example:
            return _ADD_LIKE.format(key=key, example=f'"{example}"')
    return _ADD


def _model_at(
    raw: object, path: Path, models: dict[str, type[BaseModel]]
) -> type[BaseModel] | None:
    """The model of the table at a path inside the raw table."""
    tag = raw.get("type", "") if isinstance(raw, dict) else ""
    model = models.get(str(tag)) or models.get("")
    for step in path:
        if isinstance(step, int) or model is None:
            continue
        field = model.model_fields.get(str(step))
        inner = None if field is None else _inner_model(field.annotation)
        # A key of a dict of tables (a well's id) keeps the model that the dict holds.
        model = inner if field is not None else model
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation (of a tuple, a dict, an optional)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _inner_model(part)
        if found is not None:
            return found
    return None
