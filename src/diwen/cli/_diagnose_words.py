"""Words and numbers that the parts of ``diwen diagnose`` share when they print."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text, same
from diwen.reports.numbers import number, with_uncertainty
from diwen.twin.deviations import FAMILY_NAMES, PARAMETERS

if TYPE_CHECKING:
    from datetime import date

    from diwen.diagnosis.attribution.attribution import Attribution, Counterfactual
    from diwen.diagnosis.finding import Finding
    from diwen.site import Site

KWH = 3.6e6
_SENSOR = "sensor:"
_NINETY = 1.6448536
_DIGITS = 3
_OF = Text("{what} of {object}", "{object}：{what}")
_INSTRUMENT = Text("the instrument {point}", "仪表 {point}")
_MORE = Text("... and {count} more (--json shows all)", "……另有 {count} 条（--json 查看全部）")
_BEGINNING = Text("the beginning", "投运")
_UNTIL = Text("{since} to {until}", "{since}～{until}")
_YUAN = Text("yuan", "元")


class Speaker:
    """Prints texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: Text, indent: int = 0) -> None:
        """One line."""
        typer.echo(" " * indent + text.to(self.language))

    def heading(self, text: Text) -> None:
        """The head of a part, with an empty line above."""
        typer.echo()
        typer.secho(text.to(self.language), bold=True)

    def bullets(self, texts: Iterable[Text], most: int) -> None:
        """One line for each, and how many are left out."""
        lines = list(texts)
        for line in lines[:most]:
            self(Text(f"- {line.en}", f"- {line.zh}"))
        if len(lines) > most:
            self(_MORE.format(count=len(lines) - most))


def what(parameter: str, object: str = "", site: Site | None = None) -> Text:
    """A deviation, an instrument or anything else that may explain data, in words."""
    if parameter.startswith(_SENSOR):
        return _INSTRUMENT.format(point=parameter.removeprefix(_SENSOR))
    known = PARAMETERS.get(parameter)
    text = same(parameter) if known is None else known.text
    return _OF.format(what=text, object=object) if object else text


def family(one: Finding) -> Text:
    """The family of a finding, and those that share it."""
    names = [FAMILY_NAMES[each] for each in dict.fromkeys((one.family, *one.also))]  # type: ignore[index]
    return Text(", ".join(name.en for name in names), "、".join(name.zh for name in names))


def value_of(one: Finding) -> str:
    """``0.147 (0.118 … 0.175) 1/a``: value and 90 % interval."""
    shown = [significant(each) for each in (one.value, one.low, one.high)]
    return f"{shown[0]} ({shown[1]} … {shown[2]}) {PARAMETERS[one.parameter].unit}".strip()


def significant(value: float) -> str:
    """A number with three significant digits and a true minus sign."""
    if not math.isfinite(value) or value == 0.0:
        return number(value, 0)
    return number(value, max(_DIGITS - 1 - math.floor(math.log10(abs(value))), 0))


def percent(share: float) -> str:
    """A probability; never 0 or 100 %, because nothing is that sure."""
    if share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if share > 0.999 else f"{100.0 * share:.3g} %"


def when(since: date | None, until: date | None = None) -> Text:
    """Since when, and until when if it is over."""
    begin = _BEGINNING if since is None else same(since.isoformat())
    return begin if until is None else _UNTIL.format(since=begin, until=until)


def counterfactual(costs: Attribution | None, one: Finding) -> Counterfactual | None:
    """What a finding costs, None where it is not priced."""
    if costs is None:
        return None
    key = (one.parameter, one.object)
    found = [c for c in costs.counterfactuals if (c.finding.parameter, c.finding.object) == key]
    return found[0] if found else None


def energy(joules: float, deviation: float = 0.0) -> str:
    """``9 870 ± 2 340`` kWh without the unit; the interval holds 90 %."""
    return _interval(joules / KWH, deviation / KWH)


def money(yuan: float | None, deviation: float | None = None) -> str:
    """The same in yuan, without the unit; a dash without a tariff."""
    return _interval(yuan, deviation or 0.0)


def _interval(value: float | None, deviation: float) -> str:
    if value is None or not math.isfinite(value):
        return number(None)
    half = _NINETY * deviation
    return with_uncertainty(value, half if half >= 0.5 else None, "", 0)


def yuan() -> Text:
    """The unit of money."""
    return _YUAN
