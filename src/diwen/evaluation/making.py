"""From an amount or a refusal to a `Result`: one place where names, units and trust are put on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal
from diwen.evaluation.catalogue import CATALOGUE
from diwen.evaluation.judging import quality_class
from diwen.evaluation.result import Result
from diwen.evaluation.result import refused as refused_result

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.language import Text

KWH = 3.6e6


def made(
    id: str,
    catalogue: str,
    amount: Amount,
    *,
    name: Text | None = None,
    unit: str | None = None,
    scale: float = 1.0,
    **more: Any,
) -> Result:
    """A result from an amount.

    Parameters
    ----------
    id : stable short name
    catalogue : number in the catalogue, which gives name, symbol and unit unless said otherwise;
        empty for a result outside the catalogue (then ``name`` is needed)
    scale : factor from the inside unit to the unit of the result
    more : further fields of `Result`
    """
    entry = CATALOGUE.get(catalogue)
    shown = amount.scaled(scale)
    fields: dict[str, Any] = {
        "symbol": entry.symbol if entry else "",
        "unit": (entry.unit if entry else "") if unit is None else unit,
        "uncertainty": shown.expanded,
        "coverage": amount.coverage,
        "origin": amount.origins,
        "inputs": amount.inputs,
        "notes": amount.notes,
        **more,
    }
    return Result(
        id=id, catalogue=catalogue, name=_name(catalogue, name), value=shown.value, **fields
    )


def not_made(
    id: str, catalogue: str, refusal: Refusal, *, name: Text | None = None, **more: Any
) -> Result:
    """A refused result from a refusal."""
    entry = CATALOGUE.get(catalogue)
    more.setdefault("symbol", entry.symbol if entry else "")
    return refused_result(
        id, catalogue, _name(catalogue, name), refusal.reason, refusal.missing, **more
    )


def trust(
    context: Context, coverage: float, heat: Amount | None, electricity: Amount | None
) -> dict[str, Any]:
    """Fields ``status``, ``reason`` and the quality class in ``detail`` of a result."""
    name, reason = quality_class(context.rules, coverage, heat, electricity)
    status = "ok" if reason is None else "indicative"
    return {"status": status, "reason": reason, "detail": {"quality_class": name}}


def _name(catalogue: str, name: Text | None) -> Text:
    return CATALOGUE[catalogue].name if name is None else name
