"""Plain data (for JSON) out of frozen dataclasses, arrays and texts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.row import Row


def both(text: Text | None) -> dict[str, str] | None:
    """A text in both languages."""
    return None if text is None else {"en": text.en, "zh": text.zh}


def plain(value: Any) -> Any:
    """Numbers, texts, arrays, mappings and dataclasses as plain data; what is no number is None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, Text):
        return both(value)
    if isinstance(value, Problem | Row):
        return value.as_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return str(value)
