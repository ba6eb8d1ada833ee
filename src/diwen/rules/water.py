"""Groundwater quality classes I to V by GB/T 14848, in the edition that belongs to the sample.

An indicator takes the best class whose limit it keeps; worse than class IV is class V. Equal
limits therefore give the better class, as the standard says. The class of a whole sample is that
of its worst indicator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from diwen.language import Text
from diwen.rules.row import Row
from diwen.rules.rulebook import RuleMissingError, Rules, load, number

WaterClass = Literal["I", "II", "III", "IV", "V"]
CLASSES: tuple[WaterClass, ...] = ("I", "II", "III", "IV", "V")
EDITIONS = ("1993", "2017")

_ABSENT = frozenset({"nd", "none", "absent", "无", "未检出", "未见", "不得检出"})
_PRESENT = frozenset({"present", "detected", "有", "检出"})

_UNKNOWN = Text(
    "indicator {name} is not in GB/T 14848-{edition}", "GB/T 14848-{edition} 中没有指标 {name}"
)
_NO_EDITION = Text(
    "there is no edition {edition} of GB/T 14848; write 1993 or 2017",
    "GB/T 14848 没有 {edition} 版；请写 1993 或 2017",
)
_NO_CLASS = Text("{value} cannot be classified for {name}", "{name} 的取值 {value} 无法定类")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of one edition.

    Attributes
    ----------
    key : stable name, such as ``nitrate_nitrogen``
    text : name in both languages
    unit : unit of the limits
    edition : ``1993`` or ``2017``
    limits : the rows of classes I to IV; worse than IV is class V
    """

    key: str
    text: Text
    unit: str
    edition: str
    limits: tuple[Row, ...]

    @property
    def separates_last(self) -> bool:
        """False where classes IV and V are not told apart by concentration (radioactivity)."""
        return self.limits[-1].op != ">"


def edition_on(day: date) -> str:
    """The edition in force on a day, to which a sample of that day belongs.

    Raises
    ------
    RuleMissingError : none was in force
    """
    for edition in reversed(EDITIONS):
        if load().row(f"gbt14848_{edition}.ph.I").valid_on(day):
            return edition
    raise RuleMissingError(_NO_EDITION.format(edition=day.isoformat()))


def indicators(edition: str, rules: Rules | None = None) -> dict[str, Indicator]:
    """All indicators of an edition by key.

    Raises
    ------
    RuleMissingError : no such edition
    """
    grouped: dict[str, list[Row]] = {}
    for row in (rules or load()).rows(id=f"gbt14848_{edition}.*"):
        grouped.setdefault(row.applies["indicator"], []).append(row)
    if not grouped:
        raise RuleMissingError(_NO_EDITION.format(edition=edition))
    return {key: _indicator(key, edition, tuple(rows)) for key, rows in grouped.items()}


def indicator(name: str, edition: str, rules: Rules | None = None) -> Indicator:
    """One indicator by key.

    Raises
    ------
    RuleMissingError : it does not stand in that edition
    """
    book = rules or load()
    if edition not in EDITIONS:
        raise RuleMissingError(_NO_EDITION.format(edition=edition))
    try:
        rows = tuple(book.row(f"gbt14848_{edition}.{name}.{label}") for label in CLASSES[:-1])
    except RuleMissingError:
        raise RuleMissingError(_UNKNOWN.format(name=name, edition=edition)) from None
    return _indicator(name, edition, rows)


def classify(name: str, value: float | str, edition: str) -> WaterClass:
    """Class of one value.

    Parameters
    ----------
    name : indicator key
    value : number in the indicator's unit, or a word (``ND``, ``none``, ``无``, ``未检出``;
        ``present``, ``有``)
    edition : ``1993`` or ``2017``

    Returns
    -------
    ``I`` to ``V``; radioactivity above its limit is given as ``IV``, since the standard does not
    separate IV and V by concentration

    Raises
    ------
    RuleMissingError : the indicator is not in that edition, or a limit is empty
    ValueError : the value cannot be classified (not a number, negative, a word for a number)
    """
    return class_of(indicator(name, edition), value)


def class_of(found: Indicator, value: float | str) -> WaterClass:
    """Class of one value of an indicator, as :func:`classify`."""
    if isinstance(value, str):
        return _class_of_word(found, value)
    if math.isnan(value) or value < 0:
        raise ValueError(_NO_CLASS.format(value=value, name=found.text).en)
    return next(
        (label for label, row in _labelled(found) if _keeps(row, value)),
        "V",
    )


def class_range(name: str, low: float, high: float, edition: str) -> tuple[WaterClass, WaterClass]:
    """Best and worst class of a value that is only known to lie between two numbers.

    For a result below the detection limit ``x`` give ``0`` and ``x``; for a value with expanded
    uncertainty its interval.

    Raises
    ------
    RuleMissingError, ValueError : as :func:`classify`
    """
    return range_of(indicator(name, edition), low, high)


def range_of(found: Indicator, low: float, high: float) -> tuple[WaterClass, WaterClass]:
    """Best and worst class of an indicator between two numbers, as :func:`class_range`."""
    low = max(0.0, low)
    ends = (class_of(found, low), class_of(found, high))
    best = next(
        (label for label, row in _labelled(found) if _reaches(row, low, high)), min(ends, key=rank)
    )
    return best, max(ends, key=rank)


def rank(label: WaterClass) -> int:
    """Order of the classes: 0 for I (best) to 4 for V."""
    return CLASSES.index(label)


def _indicator(key: str, edition: str, rows: tuple[Row, ...]) -> Indicator:
    applies = rows[0].applies
    text = Text(applies["name_en"], applies["name_zh"])
    return Indicator(key, text, rows[0].unit, edition, rows)


def _labelled(found: Indicator) -> list[tuple[WaterClass, Row]]:
    return list(zip(CLASSES[:-1], found.limits, strict=True))


def _keeps(row: Row, value: float) -> bool:
    if row.words:
        # A word limit (not detectable, none) is not kept by any measured amount but zero.
        return value == 0
    number(row)
    return row.holds(value)


def _reaches(row: Row, low: float, high: float) -> bool:
    """Whether some value between ``low`` and ``high`` keeps the limit."""
    if _keeps(row, low) or _keeps(row, high):
        return True
    return row.op == "range" and row.value is not None and low <= row.value <= high


def _class_of_word(found: Indicator, value: str) -> WaterClass:
    word = value.strip().casefold()
    by_number = found.limits[-1].value is not None
    if word in _ABSENT and found.limits[0].op != "range":
        return "I"
    if word in _PRESENT and not by_number:
        return "V"
    raise ValueError(_NO_CLASS.format(value=value, name=found.text).en)
