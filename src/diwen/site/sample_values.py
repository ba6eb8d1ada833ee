"""What stands in the value and unit cells of a laboratory report."""

from __future__ import annotations

import math
import re
from typing import Literal

from diwen import quantities
from diwen.language import Text

Sign = Literal["", "<", ">"]
Word = Literal["", "ND", "none"]

_NOT_DETECTED = {"nd", "n.d.", "n.d", "未检出", "not detected", "未检测出"}
_NONE = {"none", "无", "无异臭异味", "无异味", "未见"}
# Chinese laboratories write 0.004L for "below the limit of detection of 0.004".
_LIMIT_L = re.compile(r"(\d+(?:\.\d+)?)\s*[Ll]")
_NUMBER = re.compile(r"([<>≤≥]?)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_DECIMAL_COMMA = re.compile(r"[<>≤≥]?\s*\d+,\d+")
_WIDE = str.maketrans("＜＞０１２３４５６７８９．，－", "<>0123456789.,-")

_NOT_A_NUMBER = Text("not a value of a laboratory report", "不是检测结果")
_VALUE_CURE = Text(
    "write a number, <0.01, 0.01L, ND or none", "请填写数值、<0.01、0.01L、ND（未检出）或 无"
)
_NEGATIVE = Text("a concentration below zero", "浓度小于零")
_NEGATIVE_CURE = Text("write the limit of detection, such as <0.01", "请填写检出限，例如 <0.01")
_NO_UNIT = Text("the unit is missing", "缺少单位")
_BAD_UNIT = Text("this unit does not fit the indicator", "单位与指标不符")
UNIT_CURE = Text(
    "give the result in the unit of the standard, or in another unit of the same kind",
    "请采用标准规定的单位，或同类单位",
)


class CellError(ValueError):
    """A cell cannot be read; says which column, what is wrong and what to do."""

    def __init__(self, column: str, text: Text, cure: Text) -> None:
        self.column, self.text, self.cure = column, text, cure
        super().__init__(text.en)


def read_value(written: str) -> tuple[float | None, Sign, Word]:
    """Number, sign and word of a value cell.

    Parameters
    ----------
    written : ``0.25``, ``0,25``, ``<0.01``, ``0.01L``, ``ND``, ``未检出``, ``无`` ...

    Raises
    ------
    CellError : none of these, or below zero
    """
    text = written.strip().translate(_WIDE)
    if text.casefold() in _NOT_DETECTED:
        return None, "", "ND"
    if text.casefold() in _NONE:
        return None, "", "none"
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if match := _LIMIT_L.fullmatch(text):
        return float(match[1]), "<", ""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise CellError("value", _NOT_A_NUMBER, _VALUE_CURE)
    value = float(match[2])
    if not math.isfinite(value):
        raise CellError("value", _NOT_A_NUMBER, _VALUE_CURE)
    if value < 0:
        raise CellError("value", _NEGATIVE, _NEGATIVE_CURE)
    sign: Sign = "<" if match[1] in ("<", "≤") else ">" if match[1] in (">", "≥") else ""
    return value, sign, ""


def in_unit(value: float, unit: str, wanted: str) -> float:
    """A value turned into the unit of the indicator's limits.

    Parameters
    ----------
    value : number as written
    unit : unit as written
    wanted : unit of the rules (``mg/L``, ``ug/L``, ``NTU``, ``MPN/100mL``; empty: pure number)

    Raises
    ------
    CellError : unit missing, unknown or of another kind
    """
    given, target = _plain(unit), _plain(wanted)
    if given == target:
        return value
    if not given:
        raise CellError("unit", _NO_UNIT, UNIT_CURE)
    if not target:
        raise CellError("unit", _BAD_UNIT, UNIT_CURE)
    if given in _COUNTS and target in _COUNTS:
        return value * _COUNTS[given] / _COUNTS[target]
    try:
        factor, _ = quantities.conversion(unit.strip(), "concentration")
        divisor, _ = quantities.conversion(wanted, "concentration")
    except quantities.UnitError as error:
        raise CellError("unit", _BAD_UNIT, UNIT_CURE) from error
    return value * factor / divisor


# Names of units that count the same thing: colour in the platinum-cobalt scale is said in degrees.
_SAME_UNIT = {
    "度": "pt-co", "铂钴色度单位": "pt-co", "hazen": "pt-co", "pcu": "pt-co",
    "个/100ml": "mpn/100ml", "mpnb/100ml": "mpn/100ml", "个/ml": "cfu/ml", "个/l": "1/l",
}  # fmt: skip
# Counts in one litre.
_COUNTS = {"mpn/100ml": 10.0, "1/l": 1.0, "cfu/ml": 1000.0, "1/ml": 1000.0}
_NO_UNIT_WORDS = ("-", "1", "—", "无量纲", "/", "ph")


def _plain(unit: str) -> str:
    """A unit without case, spaces and the many ways to write micro and none."""
    text = re.sub(r"\s+", "", unit).casefold().replace("µ", "u").replace("μ", "u")
    return "" if text in _NO_UNIT_WORDS else _SAME_UNIT.get(text, text)
