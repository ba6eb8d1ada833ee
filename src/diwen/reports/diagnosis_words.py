"""Words and numbers of a diagnosis: values with intervals, days, lights, states."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from diwen.diagnosis.diagnosis_result import STATE_NAMES
from diwen.diagnosis.finding import SHAPE_NAMES
from diwen.diagnosis.inference.findings import state_of
from diwen.language import Text, same
from diwen.reports.design_words import significant
from diwen.reports.document import LIGHTS, Light, joined
from diwen.reports.numbers import NONE, number, percent
from diwen.twin.deviations import FAMILY_NAMES, PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Finding

KWH = 3.6e6
NINETY = 1.6448536  # standard normal quantile of 0.95
STATE_LIGHTS: dict[str, Light] = {"confirmed": "bad", "suspected": "attention", "open": "good"}
#: What a light says in a diagnosis.
DIAGNOSIS_LIGHTS: dict[Light, tuple[str, Text]] = {
    **LIGHTS,
    "good": (LIGHTS["good"][0], Text("no deviation", "未发现偏差")),
    "attention": (LIGHTS["attention"][0], STATE_NAMES["suspected"]),
    "bad": (LIGHTS["bad"][0], STATE_NAMES["confirmed"]),
    "unresolved": (LIGHTS["unresolved"][0], Text("cannot be told", "无法判断")),
    "refused": (LIGHTS["refused"][0], Text("not judged", "未判断")),
}
FIRST_DAY = Text("the first day", "首日")
_SENSOR = "sensor:"
_LEAST = 0.005  # printed without decimals, less than this reads as 0 %
_RANGE = Text("{low} to {high}{unit}", "{low}～{high}{unit}")
_UNITS_ZH = {"1/a": "/年", "K/a": "K/年", "h/d": "h/天", "kW": "kW"}
_PROBABLE = Text("probability {p}", "概率 {p}")


def parameter_name(parameter: str, object: str = "") -> Text:
    """A deviation in words, with the equipment that it is about."""
    known = PARAMETERS.get(parameter)
    if parameter.startswith(_SENSOR):
        point = parameter.removeprefix(_SENSOR)
        text = Text(f"instrument {point}", f"测点 {point}")
    else:
        text = same(parameter) if known is None else known.text
    return Text(f"{text.en} ({object})", f"{text.zh}（{object}）") if object else text


def name_of(finding: Finding) -> Text:
    """A finding in words."""
    return parameter_name(finding.parameter, finding.object)


def family_name(family: str) -> Text:
    """One of the seven families in words."""
    return FAMILY_NAMES.get(family, same(family))  # type: ignore[call-overload]


def families_of(finding: Finding) -> Text:
    """All families that a finding belongs to."""
    return joined([family_name(each) for each in dict.fromkeys((finding.family, *finding.also))])


def state_name(finding: Finding) -> Text:
    """``confirmed``, ``suspected`` or not found, in words."""
    return STATE_NAMES[state_of(finding)]


def light_of(finding: Finding) -> Light:
    """The light of a finding."""
    return STATE_LIGHTS[state_of(finding)]


def value_text(finding: Finding) -> Text:
    """The most probable value with its unit."""
    unit = _unit(finding.parameter)
    return Text(*(f"{significant(finding.value)}{one}" for one in unit))


def interval_text(finding: Finding) -> Text:
    """The 90 % interval of the value."""
    unit = _unit(finding.parameter)
    low, high = significant(finding.low), significant(finding.high)
    return Text(*(
        text.format(low=low, high=high, unit=one)
        for text, one in zip((_RANGE.en, _RANGE.zh), unit, strict=True)
    ))  # fmt: skip


def value_with_interval(finding: Finding) -> Text:
    """``0.72 (0.63 to 0.80)``."""
    value, interval = value_text(finding), interval_text(finding)
    return Text(f"{value.en} ({interval.en})", f"{value.zh}（{interval.zh}）")


def neutral_text(parameter: str) -> Text:
    """The value without deviation."""
    unit = _unit(parameter)
    return Text(*(f"{PARAMETERS[parameter].neutral:g}{one}" for one in unit))


def _unit(parameter: str) -> tuple[str, str]:
    unit = PARAMETERS[parameter].unit
    if not unit:
        return "", ""
    zh = _UNITS_ZH.get(unit, f" {unit}")
    en = {"1/a": " per year", "K/a": " K per year"}.get(unit, f" {unit}")
    return en, zh if zh.startswith("/") else f" {zh.strip()}"


def shape_name(finding: Finding) -> Text:
    """How it runs in time."""
    return SHAPE_NAMES[finding.shape]


def since_text(finding: Finding) -> Text:
    """Since when it holds, with the interval of that day."""
    if finding.shape == "none":
        return same(NONE)
    said = FIRST_DAY if finding.since is None else same(finding.since.isoformat())
    low, high = finding.since_low, finding.since_high
    if finding.since is not None and low is not None and high is not None and low != high:
        said = Text(f"{said.en} ({low} to {high})", f"{said.zh}（{low}～{high}）")
    if finding.until is not None:
        said = Text(f"{said.en}, until {finding.until}", f"{said.zh}，至 {finding.until}")
    return said


def probability_text(finding: Finding) -> Text:
    """``probability 92 %``."""
    return _PROBABLE.format(p=percent(finding.probability, 0))


def alternatives_text(finding: Finding) -> Text:
    """What explains the same data, with its probability; what rounds to nothing is left out."""
    shown = [one for one in finding.alternatives.items() if one[1] >= _LEAST]
    shown.sort(key=lambda one: -one[1])
    if not shown:
        return same(NONE)
    return joined(
        (
            Text(f"{name.en} ({percent(p, 0)})", f"{name.zh}（{percent(p, 0)}）")
            for name, p in ((parameter_name(key), p) for key, p in shown)
        ),
        "; ", "；",
    )  # fmt: skip


def kwh(energy: float | None, deviation: float | None = None) -> str:
    """Joules as kilowatt hours, with half of the 90 % interval where it is known."""
    if energy is None or not math.isfinite(energy):
        return NONE
    text = number(energy / KWH, 0)
    return f"{text} ± {number(NINETY * deviation / KWH, 0)}" if deviation else text


def amount_of(value: float | None, deviation: float | None = None, decimals: int = 0) -> str:
    """A number with half of its 90 % interval."""
    if value is None or not math.isfinite(value):
        return NONE
    text = number(value, decimals)
    return f"{text} ± {number(NINETY * deviation, decimals)}" if deviation else text


def span(low: float, high: float, decimals: int = 0) -> Text:
    """From one number to another one; one where they read the same."""
    first, last = number(low, decimals), number(high, decimals)
    return same(first) if first == last else Text(f"{first} to {last}", f"{first}～{last}")


def day_text(day: date | None) -> Text:
    """A day, or a dash."""
    return same(NONE if day is None else day.isoformat())


def points_text(points: Iterable[str]) -> Text:
    """Codes in a row; a dash where there is none."""
    named = list(points)
    return joined(same(one) for one in named) if named else same(NONE)


def sentence(text: Text) -> Text:
    """The text as a whole sentence: a capital at its beginning, a stop at its end."""
    en = text.en[:1].upper() + text.en[1:]
    return Text(
        en if en.endswith((".", "!", "?")) else f"{en}.",
        text.zh if text.zh.endswith(("。", "！", "？")) else f"{text.zh}。",
    )
