"""What pydantic found wrong, said as problems a reader can mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.site.cell_problems import NOT_A_CHOICE
from diwen.site.spelling import cure_for, listed, nearest
from diwen.site.toml_lines import Path, line_of

_MISSING = Text("the key is missing", "缺少该键")
_ADD = Text("add it", "请补充")
_ADD_LIKE = Text("add it, for example {key} = {example}", "请补充，例如 {key} = {example}")
_UNKNOWN = Text("unknown key", "未知的键")
_WRONG_TYPE = Text("a {wanted} is expected here", "此处应为{wanted}")
_CORRECT = Text("correct it", "请更正")
_TOO_SMALL = Text("too small", "数值过小")
_TOO_LARGE = Text("too large", "数值过大")
_AT_LEAST = Text("at least {limit}", "不小于 {limit}")
_AT_MOST = Text("at most {limit}", "不大于 {limit}")
_MORE_THAN = Text("more than {limit}", "大于 {limit}")
_LESS_THAN = Text("less than {limit}", "小于 {limit}")
_NO_TYPE = Text("the key {key} is missing", "缺少 {key} 键")
_WANTED = {
    "string": Text("text in quotes", "加引号的文字"),
    "int": Text("whole number", "整数"),
    "float": Text("number", "数值"),
    "bool": Text("true or false", "true 或 false"),
    "date": Text("date such as 2026-03-31", "日期，例如 2026-03-31"),
    "tuple": Text("list in [ ]", "用 [ ] 括起的列表"),
    "dict": Text("table", "表"),
    "model": Text("table", "表"),
    "too_short": Text("list or table that is not empty", "非空的列表或表"),
}
_OTHER = Text("not usable: {message}", "不可用：{message}")
_TAGS = ("type", "pattern")
Models = dict[str, type[BaseModel]]


def key_path(location: Iterable[str | int]) -> str:
    """A path as people write it: ``ground.layers[1].top``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def file_line(file: str, location: Path, lines: dict[Path, int]) -> str:
    """Name of the file with the line where a key stands: ``site.toml:12``."""
    line = line_of(location, lines)
    return file if line is None else f"{file}:{line}"


def models_of(annotation: Any) -> Models:
    """Models behind an annotation by their tag; a table without a tag stands under ``""``."""
    if isinstance(annotation, type):
        return {"": annotation} if issubclass(annotation, BaseModel) else {}
    found: Models = {}
    for part in get_args(annotation):
        for model in models_of(part).values():
            tag = next((model.model_fields[t] for t in _TAGS if t in model.model_fields), None)
            words = get_args(tag.annotation) if tag is not None else ()
            found.setdefault(words[0] if len(words) == 1 else "", model)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an error stands: path inside the table, and the models that may stand there."""

    path: Path
    models: Models

    @property
    def model(self) -> type[BaseModel] | None:
        return next(iter(self.models.values()), None) if len(self.models) == 1 else None


def problems_from(
    error: ValidationError,
    annotation: Any,
    prefix: Path,
    lines: dict[Path, int],
    file: str,
    raw: object,
) -> list[Problem]:
    """Every fault in a pydantic error as a problem.

    Parameters
    ----------
    error : what pydantic raised for one table
    annotation : type that the table was validated against
    prefix : path of that table in the file
    lines : line of every key
    file : name of the file
    raw : the table as read
    """
    found = []
    for detail in error.errors(include_url=False):
        place = _walk(detail["loc"], raw, models_of(annotation))
        location = (*prefix, *place.path)
        # An unknown or missing key is judged by the table around it.
        around = _walk(detail["loc"][:-1], raw, models_of(annotation))
        shown = file_line(file, location, lines)
        found.append(_problem(detail, shown, key_path(location), place, around))
    return found


def _walk(location: tuple[int | str, ...], raw: object, models: Models) -> _Place:
    """Follow a pydantic location: drop the tags of tagged unions, keep track of the model."""
    path: list[int | str] = []
    models = _chosen(models, raw)
    for step in location:
        if isinstance(raw, dict) and step not in raw and step in [raw.get(tag) for tag in _TAGS]:
            continue
        path.append(step)
        model = next(iter(models.values()), None) if len(models) == 1 else None
        if isinstance(step, str) and model is not None and step in model.model_fields:
            models = models_of(model.model_fields[step].annotation)
        inside = isinstance(raw, dict | list)
        try:
            raw = raw[step] if inside else None  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raw = None
        models = _chosen(models, raw)
    return _Place(tuple(path), models)


def _chosen(models: Models, raw: object) -> Models:
    """The one model that the tag of a table selects; all of them when there is no such tag."""
    tags = [raw.get(tag) for tag in _TAGS] if isinstance(raw, dict) else []
    chosen = next((str(tag) for tag in tags if isinstance(tag, str) and tag in models), None)
    return models if chosen is None else {chosen: models[chosen]}


def _problem(detail: ErrorDetails, file: str, where: str, place: _Place, around: _Place) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    value = _shown(detail.get("input"))
    key = str(place.path[-1]) if place.path else where
    if kind == "diwen":
        shown = context.get("value") or value
        return Problem(file, where, context["message"], context["cure"], shown, context["allowed"])
    if kind == "missing":
        return Problem(file, where, _MISSING, _example(key, around.model))
    if kind == "extra_forbidden":
        known = _known_keys(around.model)
        allowed = None if nearest(key, known) else listed(known)
        return Problem(file, where, _UNKNOWN, cure_for(key, known), value, allowed)
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return Problem(file, where, NOT_A_CHOICE, cure_for(value, words), value, listed(words))
    if kind.startswith("union_tag"):
        return _tag_problem(kind, context, file, where, place)
    if kind == "finite_number" or value == "nan":
        return Problem(file, where, _WRONG_TYPE.format(wanted=_WANTED["float"]), _CORRECT, value)
    if kind in ("greater_than_equal", "less_than_equal"):
        low = kind == "greater_than_equal"
        limit = (_AT_LEAST if low else _AT_MOST).format(limit=context["ge" if low else "le"])
        return Problem(file, where, _TOO_SMALL if low else _TOO_LARGE, _CORRECT, value, limit)
    if kind in ("greater_than", "less_than"):
        low = kind == "greater_than"
        limit = (_MORE_THAN if low else _LESS_THAN).format(limit=context["gt" if low else "lt"])
        return Problem(file, where, _TOO_SMALL if low else _TOO_LARGE, _CORRECT, value, limit)
    wanted = next((text for start, text in _WANTED.items() if kind.startswith(start)), None)
    if wanted is not None:
        return Problem(file, where, _WRONG_TYPE.format(wanted=wanted), _CORRECT, value)
    return Problem(file, where, _OTHER.format(message=same(detail["msg"])), _CORRECT, value)


def _tag_problem(
    kind: str, context: dict[str, Any], file: str, where: str, place: _Place
) -> Problem:
    """A table whose ``type`` (or ``pattern``) is missing or unknown."""
    key = str(context.get("discriminator", "'type'")).strip("'")
    words = [word for word in place.models if word]
    if kind == "union_tag_not_found":
        return Problem(file, where, _NO_TYPE.format(key=key), _ADD, "", listed(words))
    tag = str(context.get("tag", ""))
    place_of_tag = f"{where}.{key}"
    return Problem(file, place_of_tag, NOT_A_CHOICE, cure_for(tag, words), tag, listed(words))


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
