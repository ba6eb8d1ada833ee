"""Family ``records``: tables copied from paper, recomputed and judged number by number.

A design-hour or nameplate table has no time, no meters and no coverage. Its indicators are
therefore indicative at best, have no uncertainty, and never a season's grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from diwen import quantities
from diwen.evaluation.record_check import (
    Balance,
    Finding,
    balance,
    findings,
    performance_item,
    recomputed,
)
from diwen.evaluation.result import Result, both
from diwen.evaluation.words import SYSTEM_BOUNDARY, UNIT_BOUNDARY, mode_name
from diwen.language import Text
from diwen.site.record_items import ITEMS
from diwen.site.records import Record

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

_CATALOGUE = {
    "cop_unit": "K-01",
    "eer_unit": "K-02",
    "cop_system": "K-03",
    "eer_system": "K-04",
    "cop_unit_simultaneous": "K-05",
    "cop_system_simultaneous": "K-05",
    "pump_share": "K-11",
}
_SYMBOL = {
    "cop_unit": "COP",
    "eer_unit": "EER",
    "cop_system": "COP_sys",
    "eer_system": "EER_sys",
    "cop_unit_simultaneous": "COP(h+c)",
    "cop_system_simultaneous": "COP_sys(h+c)",
    "pump_share": "φ_p",
    "cold_output": "Q_c",
    "total_output": "Q_h + Q_c",
}
_NO_SEASON = Text("manual, one operating point: no grade", "人工录入的单一工况，不定级")
_BOTH_USEFUL = Text(
    "holds only while heat and cold are both used at the same time",
    "仅在热、冷同时被利用时成立",
)
_WRONG = Text("printed values that do not follow from the inputs", "与输入数据不符的原表值个数")
_CLOSURE = Text(
    "energy balance with the printed cold output of {cold} kW",
    "按原表制冷量 {cold} kW 的能量平衡闭合差",
)
_OVERSIZE = Text("unit output above the continuous duty", "机组制热量超出持续需热的比例")
_PLAIN_HOUR = Text(
    "printed as energy (kWh) in one table and as power (kW) in another: equal only because the "
    "record lasts one hour",
    "一表以能量（kWh）、另一表以功率（kW）给出：仅因记录时长为 1 h 数值才相同",
)


def results(context: Context) -> list[Result]:
    """The indicators recomputed from the records of the site; none where it has no records."""
    return check(context.site.records) if context.site.records else []


def check(records: tuple[Record, ...]) -> list[Result]:
    """The summary table first, then each record's own indicators."""
    found = findings(records)
    balances = {record.id: balance(record) for record in records}
    per_record = [
        result for record in records for result in _of_record(balances[record.id], balances, found)
    ]
    return [_summary(records, found), *per_record]


def _summary(records: Iterable[Record], found: list[Finding]) -> Result:
    """How many printed values are wrong, with the whole table of printed against recomputed."""
    return Result(
        id="record_errors",
        catalogue="",
        name=_WRONG,
        status="indicative",
        reason=_NO_SEASON,
        value=float(sum(finding.agrees is False for finding in found)),
        origin=("manual",),
        decimals=0,
        detail={
            "printed_values": len(found),
            "not_checkable": sum(finding.agrees is None for finding in found),
            "table": [row(finding) for finding in found],
            "notes": [
                {"record": record.id, **both(_PLAIN_HOUR)}
                for record in records
                if _mixes_units(record)
            ],
        },
    )


def row(finding: Finding) -> dict[str, Any]:
    """One line of the table printed / recomputed / finding, in the unit of the print."""
    entry = finding.entry
    factor = _factor(finding)
    difference = None
    if finding.recomputed is not None:
        difference = (entry.value - finding.recomputed) / factor
    return {
        "record": entry.record,
        "item": entry.item,
        "of": entry.detail,
        "name": both(ITEMS[entry.item].text),
        "table": entry.table,
        "printed": entry.written,
        "unit": "" if entry.unit == "1" else entry.unit,
        "recomputed": None if finding.recomputed is None else finding.recomputed / factor,
        "decimals": max(len(entry.written.partition(".")[2]), 1 if entry.unit == "%" else 0),
        "difference": difference,
        "agrees": finding.agrees,
        "finding": both(finding.text),
        "source": entry.source,
    }


def _factor(finding: Finding) -> float:
    """Inside value of one unit of the print."""
    entry = finding.entry
    number = float(entry.written.replace("−", "-"))
    # resolution is half a last digit, so it carries the factor even when 0 is printed.
    decimals = len(entry.written.partition(".")[2])
    return entry.value / number if number else entry.resolution / (0.5 * 10.0**-decimals)


def _mixes_units(record: Record) -> bool:
    """Whether some numbers of the record are energies and others powers."""
    powers = [entry for entry in record.entries if ITEMS[entry.item].quantity == "heat_power"]
    return len({entry.energy for entry in powers}) > 1


def _of_record(
    own: Balance, balances: dict[str, Balance], found: list[Finding]
) -> Iterator[Result]:
    """The indicators of one record."""
    suffix = {"heating": ("cop_unit",), "cooling": ("eer_unit",)}.get(
        own.mode, ("cop_unit_simultaneous",) if own.mode == "simultaneous" else ()
    )
    for item in (*suffix, performance_item(own), "pump_share"):
        value = recomputed(own, item) if item else None
        if value is not None:
            yield _indicator(own, item, value, found)
    if own.mode == "simultaneous":
        for item in ("cold_output", "total_output"):
            value = recomputed(own, item)
            if value is not None:
                yield _indicator(own, item, value, found)
        yield from _closures(own)
        for other in balances.values():
            gain = recomputed(own, "gain_over", other)
            if other.mode in ("heating", "cooling") and gain is not None:
                yield _indicator(own, "gain_over", gain, found, other.record.id)
    holding = recomputed(own, "holding_duty_total")
    if holding and own.heat is not None:
        yield _result(own, "record_oversize", "", _OVERSIZE, 100 * (own.heat / holding - 1), "%", 1)


def _indicator(
    own: Balance, item: str, value: float, found: list[Finding], other: str = ""
) -> Result:
    """An item as a result, with what was printed for it."""
    quantity = ITEMS[item].quantity
    share = item in ("pump_share", "gain_over")
    power = quantity == "heat_power"
    shown = 100.0 * value if share else quantities.display(value, quantity)
    printed = [
        row(finding)
        for finding in found
        if finding.entry.record == own.record.id
        and finding.entry.item == item
        and finding.entry.detail == other
    ]
    name = ITEMS[item].text
    if other:
        record = mode_name(other)
        name = Text(f"{name.en} {record.en}", f"{name.zh}{record.zh}")
    return _result(
        own,
        f"record_{item}" + (f"_{other}" if other else ""),
        _CATALOGUE.get(item, ""),
        name,
        shown,
        "%" if share else ("kW" if power else ""),
        1 if share or power else 2,
        symbol=_SYMBOL.get(item, ""),
        boundary="" if power or share else _boundary(item),
        printed=printed,
    )


def _boundary(item: str) -> str:
    return UNIT_BOUNDARY if "_unit" in item else SYSTEM_BOUNDARY


def _closures(own: Balance) -> Iterator[Result]:
    """The first law for every cold output that the record gives: |Q_h - Q_c - N| / Q_h (K-46)."""
    power = own.unit_power
    if power is None or not own.heat:
        return
    stated = [*own.record.given("cold_output"), *own.record.printed("cold_output")]
    for number, entry in enumerate(stated, 1):
        gap = own.heat - entry.value - power
        suffix = f"_{number}" if len(stated) > 1 else ""
        yield _result(
            own,
            f"record_energy_balance{suffix}",
            "K-46",
            _CLOSURE.format(cold=f"{quantities.display(entry.value, 'heat_power'):.1f}"),
            100.0 * gap / own.heat,
            "%",
            1,
            symbol="r_E",
            table=entry.table,
            cold=quantities.display(entry.value, "heat_power"),
            gap=quantities.display(gap, "heat_power"),
        )


def _result(
    own: Balance,
    id: str,
    catalogue: str,
    name: Text,
    value: float,
    unit: str,
    decimals: int,
    symbol: str = "",
    boundary: str = "",
    **detail: Any,
) -> Result:
    return Result(
        id=id,
        catalogue=catalogue,
        name=name,
        symbol=symbol,
        of=own.record.id,
        status="indicative",
        reason=_NO_SEASON,
        notes=(_BOTH_USEFUL,) if own.mode == "simultaneous" else (),
        value=value,
        unit=unit,
        boundary=boundary,
        mode=own.mode,
        origin=("manual",),
        decimals=decimals,
        detail=detail,
    )
