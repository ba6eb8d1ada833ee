"""Water resource tax on groundwater (K-43).

The reduced rate of a region is conditional on proven full reinjection, so it is used only where
both meters show 100 % within their uncertainty (K-20) and the site says that the water returns to
the aquifer it came from. Otherwise the standard groundwater rate applies, which is an input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.evaluation import reinjection
from diwen.evaluation.amount import Amount, Refusal, total
from diwen.evaluation.energy import measured
from diwen.evaluation.making import made, not_made
from diwen.evaluation.result import Result
from diwen.evaluation.system_energy import unverified
from diwen.evaluation.well_points import meters
from diwen.language import Text
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.refusal import RefusedError
from diwen.rules.water_tax import water_tax

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.rules import Row

_NO_METER = Text("the abstracted water is not metered (VA)", "未计量抽水量（VA）")
_PROVEN = Text(
    "reinjection {rate:.1f} % is 100 % within the uncertainty of the meters",
    "回灌率 {rate:.1f} % 在水表不确定度范围内为 100 %",
)
_NOT_PROVEN = Text("full reinjection is not proven: {reason}", "未证明全部回灌：{reason}")
_OTHER_AQUIFER = Text(
    "the water does not return to the same aquifer (water.same_aquifer)",
    "回灌水未回到同一含水层（water.same_aquifer）",
)
_NOT_METERED = Text("reinjection is not metered", "未计量回灌量")
_OWN_RATE = Text("the rate is the user's input", "税额标准为用户输入")
_GAPS = Text(
    "abstraction was metered for {share:.1f} % of the period: the tax is a lower bound",
    "抽水量仅在周期的 {share:.1f} % 时间内有实测，税额为下限",
)


@dataclass(frozen=True)
class SourceTax:
    """The tax on one source.

    Attributes
    ----------
    source : its id
    volume : abstracted, m³
    amount : yuan
    rate : yuan/m³
    row : rule row of the rate; None for a rate of the user
    proven : whether full reinjection was proven
    notes : how it was found
    """

    source: str
    volume: Amount
    amount: Amount
    rate: float
    row: Row | None
    proven: bool
    notes: tuple[Text, ...]


def results(context: Context) -> list[Result]:
    """The tax on every groundwater source."""
    return [_result(context, source) for source in _groundwater(context)]


def taxes(context: Context) -> list[SourceTax]:
    """The tax on every groundwater source; empty where none is taxed.

    Raises
    ------
    Refusal : abstraction is not metered, or the rate is not known
    """
    return [tax_of(context, source) for source in _groundwater(context)]


def _groundwater(context: Context) -> list[str]:
    """Sources that take groundwater, by their kind or because their abstraction is metered."""
    return [
        id
        for id, source in context.site.sources.items()
        if SOURCE_WORDS.get(source.type) == "groundwater" or meters(context, id, "well_abstraction")
    ]


def tax_of(context: Context, source: str) -> SourceTax:
    """The tax on one source.

    Raises
    ------
    Refusal : abstraction is not metered, or the rate is not known
    """
    taken = meters(context, source, "well_abstraction")
    if not taken:
        raise Refusal(_NO_METER, [f"VA volume well_abstraction {source}"])
    seconds = context.period.seconds
    volume = total(measured(context, point).amount(seconds) for point in taken)
    proven, note = reinjection_proven(context, source)
    own = context.site.water
    given = own.tax_rate_reinjected if proven else None
    if given is not None:
        rate, row = given, None
    else:
        try:
            tax = water_tax(context.rules, 1.0, proven, own.tax_rate_otherwise)
        except RefusedError as error:
            raise Refusal(error.text) from error
        rate, row = tax.rate, tax.row
    notes = [note]
    if row is None:
        notes.append(_OWN_RATE)
    if volume.coverage < 0.995:
        notes.append(_GAPS.format(share=100 * volume.coverage))
    return SourceTax(source, volume, volume.scaled(rate), rate, row, proven, tuple(notes))


def reinjection_proven(context: Context, source: str) -> tuple[bool, Text]:
    """Whether the meters prove full reinjection into the same aquifer, and the sentence for it."""
    if not context.site.water.same_aquifer:
        return False, _NOT_PROVEN.format(reason=_OTHER_AQUIFER)
    found: list[Result] = context.once("reinjection results", lambda: reinjection.results(context))
    rate = next((result for result in found if result.of == source), None)
    if rate is None:
        return False, _NOT_PROVEN.format(reason=_NOT_METERED)
    if rate.status != "ok" or rate.value is None or rate.uncertainty is None:
        return False, _NOT_PROVEN.format(reason=rate.reason or _NOT_METERED)
    if abs(100.0 - rate.value) > rate.uncertainty:
        reason = rate.grade.text if rate.grade is not None else _NOT_METERED
        return False, _NOT_PROVEN.format(reason=reason)
    return True, _PROVEN.format(rate=rate.value)


def _result(context: Context, source: str) -> Result:
    try:
        found = tax_of(context, source)
    except Refusal as refusal:
        return not_made("water_tax", "K-43", refusal, of=source)
    rows = () if found.row is None else (found.row,)
    return made(
        "water_tax",
        "K-43",
        found.amount,
        of=source,
        rules=tuple(row.id for row in rows),
        notes=(*found.notes, *unverified(rows)),
        detail={
            "volume_m3": found.volume.value,
            "rate_yuan_per_m3": found.rate,
            "reinjection_proven": found.proven,
        },
    )
