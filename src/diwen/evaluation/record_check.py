"""Recomputing the numbers that a design-hour table prints, and explaining those that are wrong.

The balance of one operating condition: heat and cold output, power of the units, power of the
pumps. System figures count all units and all pumps (GB/T 50801-2013; in simultaneous operation
heat and cold together). Where the cold of simultaneous operation is not given, it follows from
the first law of a heat pump without heat losses: ``Q_h = Q_c + N``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diwen.evaluation.result import Mode
from diwen.language import Text, same
from diwen.site.record_items import ITEMS
from diwen.site.records import Entry, Record

# A printed number of another, superseded unit is recognised by its COP within this relative band
# (engineering default: the rounding of four printed digits).
SAME_COP = 0.002

_PUMPS_LEFT_OUT = Text(
    "printed {printed} equals Q/N of the unit: the pumps ({pumps} kW) were left out",
    "原表值 {printed} 等于机组的 Q/N：漏计水泵功率（{pumps} kW）",
)
_ONE_PUMP = Text(
    "printed {printed} results when the pump {pump} ({power} kW) is left out",
    "漏计水泵 {pump}（{power} kW）即得原表值 {printed}",
)
_ONLY_HEAT = Text("printed {printed} counts the heat alone", "原表值 {printed} 只计入制热量")
_ROUNDED = Text(
    "quotient of the rounded printed values {one}/{other}; unrounded it is {right}",
    "由取整后的原表值 {one}/{other} 相除所得；不取整应为 {right}",
)
_WRONG_BASE = Text(
    "computed with the printed {other} of {record}, which is itself wrong (right: {base})",
    "按 {record} 的原表值 {other} 计算，而该值本身有误（应为 {base}）",
)
_FIRST_LAW = Text(
    "violates the first law: Q_h - N = {right} kW, so {gap} kW ({share} % of Q_h) are missing",
    "违反热力学第一定律：Q_h − N = {right} kW，相差 {gap} kW（占 Q_h 的 {share} %）",
)
_WITH_PRINTED_COLD = Text("uses the printed cold output {cold} kW", "采用了原表的制冷量 {cold} kW")
_OTHER_UNIT = Text(
    "belongs with the printed cold output {cold} kW to another unit of the same COP: "
    "Q_h = {heat} kW, N = {power} kW (a remnant of an earlier selection?)",
    "与原表的制冷量 {cold} kW 同属另一台 COP 相同的机组：Q_h = {heat} kW，N = {power} kW"
    "（疑为早先选型的残留）",
)
_PEAKS_ADDED = Text(
    "the peak duties were added; what must be held continuously is {right} kW",
    "把各用户最大需热相加；需持续保证的仅为 {right} kW",
)
_OF_UNIT = Text(
    "related to the units alone instead of units and pumps", "以机组而非机组与水泵之和为分母"
)
_UNEXPLAINED = Text(
    "printed {printed}, recomputed {right}; no formula tried gives the printed value",
    "原表值 {printed}，复算值 {right}；所试公式均不能得出原表值",
)
_AGREES = Text("agrees", "一致")
_CANNOT = Text("cannot be recomputed: {missing} missing", "无法复算：缺少{missing}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed number beside its recomputed value, in the item's own unit.

    Attributes
    ----------
    entry : the printed number
    recomputed : None when the inputs do not suffice
    agrees : within half of the last printed digit; None when it cannot be told
    text : the finding in words
    """

    entry: Entry
    recomputed: float | None
    agrees: bool | None
    text: Text


@dataclass(frozen=True)
class Balance:
    """The inputs of one record, W, and everything that follows from them.

    Attributes
    ----------
    record : the record
    heat, cold : useful outputs; None where the record has none
    cold_given : whether the cold is an input, not a consequence of the first law
    units, pumps : power by name
    """

    record: Record
    heat: float | None
    cold: float | None
    cold_given: bool
    units: Mapping[str, float]
    pumps: Mapping[str, float]

    @property
    def mode(self) -> Mode:
        """Operating mode, from which outputs the record holds."""
        if self.heat is not None and self.cold is not None:
            return "simultaneous"
        if self.heat is not None:
            return "heating"
        return "cooling" if self.cold is not None else "all"

    @property
    def unit_power(self) -> float | None:
        """Power of all units, W; None when the record gives none."""
        return sum(self.units.values()) if self.units else None

    @property
    def pump_power(self) -> float | None:
        """Power of all pumps, W; None when the record gives none."""
        return sum(self.pumps.values()) if self.pumps else None

    @property
    def output(self) -> float | None:
        """Heat and cold together, W."""
        useful = [value for value in (self.heat, self.cold) if value is not None]
        return sum(useful) if useful else None

    @property
    def power(self) -> float | None:
        """Power of units and pumps, W; None where either is not given."""
        if self.unit_power is None or self.pump_power is None:
            return None
        return self.unit_power + self.pump_power


def balance(record: Record) -> Balance:
    """The balance of a record from its inputs."""
    heat, cold = _single(record, "heat_output"), _single(record, "cold_output")
    units = {entry.detail: entry.value for entry in record.given("unit_power")}
    pumps = {entry.detail: entry.value for entry in record.given("pump_power")}
    given = cold is not None
    if units and record.printed("cold_output") and heat is not None and cold is None:
        cold = heat - sum(units.values())
    if units and record.printed("heat_output") and cold is not None and heat is None:
        heat = cold + sum(units.values())
    return Balance(record, heat, cold, given, units, pumps)


def _single(record: Record, item: str) -> float | None:
    given = record.given(item)
    return given[0].value if given else None


def recomputed(balance: Balance, item: str, other: Balance | None = None) -> float | None:
    """The value of an item from the inputs, in its own unit; None when they do not suffice.

    Parameters
    ----------
    balance : of the record
    item : key of ``diwen.site.record_items.ITEMS``
    other : of the record that ``gain_over`` compares with
    """
    if item == "gain_over":
        base = None if other is None else system_performance(other)
        gain = quotient(system_performance(balance), base)
        return None if gain is None else gain - 1.0
    if item in ("peak_duty_total", "holding_duty_total"):
        parts = balance.record.given(item.removesuffix("_total"))
        return sum(entry.value for entry in parts) if parts else None
    output = {
        "cop_unit": balance.heat,
        "eer_unit": balance.cold,
        "cop_unit_simultaneous": balance.output,
        "cop_system": balance.heat,
        "eer_system": balance.cold,
        "cop_system_simultaneous": balance.output,
        "pump_share": balance.pump_power,
    }
    if item in output:
        power = balance.unit_power if "_unit" in item else balance.power
        return quotient(output[item], power)
    return {
        "heat_output": balance.heat,
        "cold_output": balance.cold,
        "total_output": balance.output,
        "pump_power_total": balance.pump_power,
        "unit_power": balance.unit_power,
    }.get(item)


def system_performance(balance: Balance) -> float | None:
    """All useful output over all power of units and pumps."""
    return quotient(balance.output, balance.power)


def quotient(one: float | None, other: float | None) -> float | None:
    """``one / other``; None where either is unknown or the denominator is zero."""
    return None if one is None or other is None or other == 0 else one / other


def performance_item(balance: Balance) -> str:
    """The item under which the system performance of this record is printed."""
    return {
        "heating": "cop_system",
        "cooling": "eer_system",
        "simultaneous": "cop_system_simultaneous",
    }.get(balance.mode, "")


def findings(records: tuple[Record, ...]) -> list[Finding]:
    """Every printed number of every record, checked."""
    balances = {record.id: balance(record) for record in records}
    return [
        _finding(entry, balances[record.id], balances)
        for record in records
        for entry in record.entries
        if entry.printed
    ]


def _finding(entry: Entry, own: Balance, balances: Mapping[str, Balance]) -> Finding:
    other = balances.get(entry.detail) if ITEMS[entry.item].detail == "record" else None
    right = recomputed(own, entry.item, other)
    if right is None:
        return Finding(entry, None, None, _CANNOT.format(missing=_lacking(entry, own)))
    if fits(entry, right):
        return Finding(entry, right, True, _AGREES)
    explained = next(
        (text for value, text in _explanations(entry, own, other, right) if fits(entry, value)),
        None,
    )
    if explained is None:
        explained = _UNEXPLAINED.format(printed=entry.written, right=_shown(entry, right))
    return Finding(entry, right, False, explained)


def fits(entry: Entry, value: float) -> bool:
    """Whether a value rounds to what is printed."""
    return abs(value - entry.value) <= entry.resolution * (1.0 + 1e-9)


def _lacking(entry: Entry, own: Balance) -> Text:
    """Which input would be needed first."""
    if not own.units:
        return ITEMS["unit_power"].text
    if not own.pumps:
        return ITEMS["pump_power"].text
    if own.output is None:
        return Text("heat or cold output", "制热量或制冷量")
    return ITEMS[entry.item].text


def _explanations(
    entry: Entry, own: Balance, other: Balance | None, right: float
) -> Iterator[tuple[float, Text]]:
    """Wrong formulas with the value they give, likeliest first."""
    item, printed = entry.item, entry.written
    if item in ("cop_system", "eer_system", "cop_system_simultaneous"):
        yield from _wrong_power(own, printed)
    if item == "cop_system_simultaneous" and own.heat is not None and own.power:
        yield own.heat / own.power, _ONLY_HEAT.format(printed=printed)
    if item in ("total_output", "cop_system_simultaneous"):
        yield from _wrong_cold(entry, own)
    if item == "cold_output" and own.mode == "simultaneous" and own.heat is not None:
        gap = right - entry.value
        yield (
            entry.value,
            _FIRST_LAW.format(
                right=_kw(right), gap=_kw(abs(gap)), share=f"{100 * abs(gap) / own.heat:.1f}"
            ),
        )
    if item == "gain_over" and other is not None:
        yield from _wrong_gain(own, other, right)
    if item == "holding_duty_total":
        peaks = recomputed(own, "peak_duty_total")
        if peaks is not None:
            yield peaks, _PEAKS_ADDED.format(right=_kw(right))
    if item == "pump_share" and own.unit_power and own.pump_power is not None:
        yield own.pump_power / own.unit_power, _OF_UNIT


def _wrong_power(own: Balance, printed: str) -> Iterator[tuple[float, Text]]:
    """System figures in which a pump, or all of them, was forgotten."""
    if own.output is None or not own.unit_power or own.power is None:
        return
    pumps = own.pump_power or 0.0
    yield own.output / own.unit_power, _PUMPS_LEFT_OUT.format(printed=printed, pumps=_kw(pumps))
    for name, power in own.pumps.items():
        text = _ONE_PUMP.format(printed=printed, pump=name, power=_kw(power))
        yield own.output / (own.power - power), text


def _wrong_cold(entry: Entry, own: Balance) -> Iterator[tuple[float, Text]]:
    """Sums that rest on another printed cold output."""
    if own.heat is None or not own.unit_power:
        return
    for cold in own.record.printed("cold_output"):
        text = _WITH_PRINTED_COLD.format(cold=cold.written)
        total = own.heat + cold.value
        if entry.item == "cop_system_simultaneous":
            if own.power:
                yield total / own.power, text
            continue
        yield total, text
        # Another unit: its heat is the printed sum less the printed cold, its power the rest.
        heat = entry.value - cold.value
        power = heat - cold.value
        if power > 0 and abs(heat / power / (own.heat / own.unit_power) - 1.0) < SAME_COP:
            yield (
                entry.value,
                _OTHER_UNIT.format(cold=cold.written, heat=_kw(heat), power=_kw(power)),
            )


def _wrong_gain(own: Balance, other: Balance, right: float) -> Iterator[tuple[float, Text]]:
    """Gains computed from printed performance figures, rounded or wrong."""
    base = system_performance(other)
    for one in own.record.printed(performance_item(own)):
        for reference in other.record.printed(performance_item(other)):
            gain = one.value / reference.value - 1.0
            if base is not None and fits(reference, base):
                text = _ROUNDED.format(
                    one=one.written, other=reference.written, right=f"{100 * right:+.1f} %"
                )
            else:
                text = _WRONG_BASE.format(
                    other=reference.written,
                    record=other.record.id,
                    base=same("-" if base is None else f"{base:.2f}"),
                )
            yield gain, text


def _kw(watts: float) -> str:
    return f"{watts / 1000.0:.1f}"


def _shown(entry: Entry, value: float) -> str:
    """A recomputed value in the unit and with the digits of the printed one."""
    factor = entry.value / float(entry.written.replace("−", "-")) if entry.value else 1.0
    decimals = len(entry.written.partition(".")[2])
    return f"{value / factor:.{decimals}f}"
