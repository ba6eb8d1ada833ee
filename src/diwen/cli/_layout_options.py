"""What people write after the options of ``diwen layout``: ranges, lists and prices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diwen.language import Text, same
from diwen.problems import Problem

COMMAND = "diwen layout"
_RANGE = re.compile(r"\s*(?:\.{2,3}|…|–|~|至|到|\bto\b|(?<=[\d\sm])-)\s*")
_LIST = re.compile(r"[,，、;]")
_UNIT = re.compile(r"(.*?\d)\s*([^\W\d_][^\s]*)?\s*")
_PRICE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([^\d\s/.,-]*)\s*(?:/\s*([^\s]+))?\s*")
_METRE_WORDS = ("m", "metre", "meter", "米")
_HOLE_WORDS = ("borehole", "bore", "hole", "孔", "个", "piece")
_MOST = 60

_NO_UNIT = Text("the unit is missing", "缺少单位")
_NOT_LENGTH = Text("not a length with its unit", "不是带单位的长度")
_REVERSED = Text("the range runs backwards", "范围前后颠倒")
_EXCHANGE = Text("write the smaller value first", "请先写较小值")
_NOT_RANGE = Text("not a range of two lengths", "不是由两个长度构成的范围")
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_CORRECT = Text("correct the value", "请更正")
_MANY = Text("more than {most} spacings", "孔间距超过 {most} 个")
_FEWER = Text("give fewer", "请减少")
_EXAMPLE = Text("write for example {example}", "例如：{example}")
_NOT_PRICE = Text("not a price", "不是价格")
_CURRENCIES = Text("two different currencies", "两种不同货币")
_ONE_CURRENCY = Text("give both prices in one currency", "两个价格请使用同一货币")


def spacings(text: str, problems: list[Problem]) -> tuple[float, ...]:
    """Spacings of ``4,5,6 m``, ``5 m`` or ``4..8 m`` (metre by metre, or in halves), m."""
    option, example = "--spacing", '"4..8 m" / "4,5,6 m"'
    bounds = (0.5, 50.0)
    if len(_RANGE.split(text)) == 2:
        ends = _lengths(_RANGE.split(text), option, example, bounds, problems, text)
        if len(ends) < 2:
            return ()
        low, high = ends
        if low >= high:
            problems.append(Problem(COMMAND, option, _REVERSED, _EXCHANGE, text))
            return ()
        step = 1.0 if high - low >= 2.0 else 0.5
        found = [low + step * k for k in range(int((high - low) / step + 1e-9) + 1)]
        found += [high] if high - found[-1] > 1e-6 else []
    else:
        found = _lengths(_LIST.split(text), option, example, bounds, problems, text)
    if len(found) > _MOST:
        problems.append(Problem(COMMAND, option, _MANY.format(most=_MOST), _FEWER, text))
    return tuple(dict.fromkeys(round(value, 6) for value in found))


def depths(text: str, problems: list[Problem]) -> tuple[float, float]:
    """Least and greatest length of ``60..150 m``, m."""
    option, example = "--depth", '"60..150 m"'
    found = _lengths(_RANGE.split(text), option, example, (5.0, 1000.0), problems, text)
    if len(found) == 2 and found[0] >= found[1]:
        problems.append(Problem(COMMAND, option, _REVERSED, _EXCHANGE, text))
    elif len(found) == 1:
        cure = _EXAMPLE.format(example=example)
        problems.append(Problem(COMMAND, option, _NOT_RANGE, cure, text))
    return (found[0], found[1]) if len(found) == 2 else (60.0, 150.0)


def edge(text: str, problems: list[Problem]) -> float:
    """Distance from outline and obstacles of ``2 m``, m."""
    found = _lengths([text], "--edge", '"2 m"', (0.0, 1000.0), problems, text)
    return found[0] if found else 0.0


def prices(metre: str, borehole: str, problems: list[Problem]) -> tuple[float, float, str] | None:
    """Price per metre, per borehole, and their currency; None where none is given."""
    per_metre = _price(metre, "--cost-per-metre", '"150 CNY/m"', _METRE_WORDS, problems)
    per_hole = _price(borehole, "--cost-per-borehole", '"2000 CNY"', _HOLE_WORDS, problems)
    if per_metre is None and per_hole is None:
        return None
    names = {price[1] for price in (per_metre, per_hole) if price is not None and price[1]}
    if len(names) > 1:
        shown = f"{metre}; {borehole}"
        option = "--cost-per-borehole"
        problems.append(Problem(COMMAND, option, _CURRENCIES, _ONE_CURRENCY, shown))
    currency = next(iter(names), "")
    return (per_metre or (0.0, ""))[0], (per_hole or (0.0, ""))[0], currency


def _lengths(
    parts: Sequence[str],
    option: str,
    example: str,
    bounds: tuple[float, float],
    problems: list[Problem],
    whole: str,
) -> list[float]:
    """Lengths in m; the unit of the last part holds for those without one."""
    from diwen.quantities import UnitError, parse

    cure = _EXAMPLE.format(example=example)
    last = _UNIT.fullmatch(parts[-1].strip())
    unit = last[2] if last is not None and last[2] else ""
    if last is not None and not unit:
        problems.append(Problem(COMMAND, option, _NO_UNIT, cure, whole))
        return []
    found = []
    for part in parts:
        own = _UNIT.fullmatch(part.strip())
        try:
            value = parse(part if own is None or own[2] else f"{part} {unit}", "length")
        except UnitError:
            problems.append(Problem(COMMAND, option, _NOT_LENGTH, cure, whole))
            return []
        if not bounds[0] <= value <= bounds[1]:
            allowed = same(f"{bounds[0]:g} … {bounds[1]:g} m")
            problems.append(Problem(COMMAND, option, _OUTSIDE, _CORRECT, f"{value:g} m", allowed))
            return []
        found.append(value)
    return found


def _price(
    text: str, option: str, example: str, words: tuple[str, ...], problems: list[Problem]
) -> tuple[float, str] | None:
    """Number and currency."""
    if not text.strip():
        return None
    match = _PRICE.fullmatch(text)
    if match is None or (match[3] and match[3].lower() not in words):
        cure = _EXAMPLE.format(example=example)
        problems.append(Problem(COMMAND, option, _NOT_PRICE, cure, text))
        return None
    return float(match[1]), match[2]
