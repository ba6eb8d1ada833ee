"""Water resource tax on abstracted groundwater.

``T = r · V``; a cubic metre of well water counts as one tonne. The reduced Beijing rate is
conditional on proven full reinjection; without the proof the standard groundwater rate applies,
which is not known to the rules and must be entered by the user.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text
from diwen.rules.refusal import RefusedError
from diwen.rules.row import Row
from diwen.rules.rulebook import RulesOn, number

_PER_CUBIC_METRE = {"CNY/1000 t": 1e-3, "CNY/m³": 1.0}

_NEGATIVE = Text(
    "the abstracted volume must not be negative (found {value} m³)",
    "取水量不得为负（现值 {value} m³）",
)
_NOT_PROVEN = Text(
    "full reinjection is not proven, so the standard groundwater rate applies: "
    "the standard groundwater rate is a user input",
    "未证明 100 % 回灌，应按地下水标准税额计：标准税额需由用户填写",
)
_NO_RATE = Text(
    "no water-tax rate is known for {region} on {day}: "
    "the standard groundwater rate is a user input",
    "{region} 于 {day} 没有已知的水资源税税额：标准税额需由用户填写",
)


@dataclass(frozen=True, slots=True)
class Tax:
    """An amount of tax.

    Attributes
    ----------
    amount : CNY
    rate : CNY/m³
    row : the rule row of the rate; None where the user entered it
    """

    amount: float
    rate: float
    row: Row | None


def water_tax(
    rules: RulesOn,
    abstracted: float,
    reinjection_proven: bool,
    standard_rate: float | None = None,
) -> Tax:
    """Tax on the abstracted volume.

    Parameters
    ----------
    rules : of the day and region
    abstracted : volume taken out of the ground, m³
    reinjection_proven : whether meters prove that all of it went back into the same aquifer
    standard_rate : standard groundwater rate that the user entered, CNY/m³

    Raises
    ------
    RefusedError : the rate that applies is not known, or the volume is negative
    """
    if not abstracted >= 0:
        raise RefusedError(_NEGATIVE.format(value=abstracted))
    row = _rate_row(rules, reinjection_proven)
    if row is not None:
        rate = number(row) * _PER_CUBIC_METRE[row.unit]
        return Tax(rate * abstracted, rate, row)
    if standard_rate is not None:
        return Tax(standard_rate * abstracted, standard_rate, None)
    conditional = any("reinjection" in row.applies for row in _rows(rules))
    if conditional and not reinjection_proven:
        raise RefusedError(_NOT_PROVEN)
    raise RefusedError(_NO_RATE.format(region=rules.region, day=rules.day.isoformat()))


def _rows(rules: RulesOn) -> tuple[Row, ...]:
    # With the place open no rate can be chosen: each belongs to one province.
    return () if rules.chain is None else rules.rows(quantity="water_tax")


def _rate_row(rules: RulesOn, reinjection_proven: bool) -> Row | None:
    rows = [row for row in _rows(rules) if not row.empty]
    if reinjection_proven:
        reduced = [row for row in rows if "reinjection" in row.applies]
        if reduced:
            return reduced[0]
    return next((row for row in rows if row.applies.get("rate") == "standard"), None)
