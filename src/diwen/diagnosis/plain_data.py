"""Results of diagnosis as plain data, both languages, for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from diwen.diagnosis.finding import Figure, Residual
from diwen.language import Text


def plain(value: object, *, figures: bool = False) -> Any:
    """A result, whatever it is made of, as numbers, texts, lists and mappings.

    Parameters
    ----------
    value : a dataclass of results, a text, an array, a day, or mappings and sequences of them
    figures : whether figures and residuals (a number for each day) are carried too

    Returns
    -------
    data that ``json.dumps`` takes: texts as ``{"en": …, "zh": …}``, days as ISO 8601, a number that
    is not known as None
    """
    if isinstance(value, Text):
        return {"en": value.en, "zh": value.zh}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "M":
            return [None if np.isnat(one) else str(one) for one in value]
        return [plain(one, figures=figures) for one in value.tolist()]
    if not figures and isinstance(value, Figure | Residual):
        return None
    if isinstance(value, Mapping):
        return {_key(key): plain(one, figures=figures) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        members = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(one, figures=figures) for one in members]
    if is_dataclass(value):
        return {
            one.name: plain(getattr(value, one.name), figures=figures)
            for one in fields(value)
            if one.repr
        }
    raise TypeError(f"{type(value).__name__} is no result of diagnosis")


def _key(key: object) -> str:
    return (
        key
        if isinstance(key, str)
        else "/".join(map(str, key))
        if isinstance(key, tuple)
        else str(key)
    )
