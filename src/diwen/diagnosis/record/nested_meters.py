"""A main meter against the meters behind it: what they count together must be in it.

That an instrument is off by a factor is no contradiction of the input but a fault of an instrument,
and which of them it is the energy alone does not say: the diagnosis goes on and says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diwen.diagnosis.record.operating_record import Channel, MachineRecord, OperatingRecord
from diwen.language import Text
from diwen.site.points import SITE_WIDE
from diwen.site.usual_values import usual_value

_WIDTH = 3.0  # standard uncertainties
_JOULES = 3.6e6
_MORE = Text(
    "the meters behind {meter} count {parts} kWh, but {meter} itself only {whole} kWh in the same "
    "{hours} hours: one of them is wrong (factor, transformer ratio, wiring)",
    "{meter} 的各分表合计 {parts} kWh，而该总表同期（{hours} 小时）仅 {whole} kWh："
    "其中必有电表有误（倍率、互感器变比或接线）",
)
_LESS = Text(
    "{meter} counts {whole} kWh, but the meters of everything it is said to feed only {parts} kWh "
    "in the same {hours} hours: one of them is wrong, or it feeds more than its equipment says",
    "总表 {meter} 计 {whole} kWh，而其所列全部设备的分表同期（{hours} 小时）仅合计 {parts} kWh："
    "其中有电表有误，或总表还带有未列出的设备",
)


def nested_meter_notes(record: OperatingRecord) -> tuple[Text, ...]:
    """Main meters whose energy and that of the meters behind them cannot both be right.

    Parameters
    ----------
    record : with the powers of machines, and of several of them together (joined by ``+``)
    """
    groups = (record.units, record.pumps, record.backups, record.auxiliaries)
    single = {id: one for group in groups for id, one in group.items() if not _joint(id)}
    found = []
    for name, main in record.auxiliaries.items():
        if _joint(name) and main.power is not None:
            found += list(_compared(name, main.power, single))
    return tuple(found)


def _joint(id: str) -> bool:
    return "+" in id or id == SITE_WIDE


def _compared(name: str, main: Channel, single: dict[str, MachineRecord]) -> Iterator[Text]:
    fed = set(single) if name == SITE_WIDE else set(name.split("+"))
    parts = {
        id: one.power for id, one in single.items()
        if id in fed and one.power is not None and set(main.points).isdisjoint(one.power.points)
    }  # fmt: skip
    if not parts:
        return
    together = np.isfinite(main.value) & np.all([np.isfinite(one.value) for one in parts.values()],
                                                axis=0)  # fmt: skip
    hours = int(np.count_nonzero(together))
    if hours < usual_value("default.diagnosis.record.identical_records"):
        return
    whole = float(main.value[together].sum())
    amount = float(sum(one.value[together].sum() for one in parts.values()))
    channels = (main, *parts.values())
    spread = float(np.sqrt(sum(_uncertainty(one, together) ** 2 for one in channels)))
    floor = usual_value("default.diagnosis.record.same_reading") * max(whole, amount)
    allowed = max(_WIDTH * spread, floor)
    told = {
        "meter": "+".join(main.points), "hours": str(hours),
        "whole": f"{whole * 3600.0 / _JOULES:.0f}", "parts": f"{amount * 3600.0 / _JOULES:.0f}",
    }  # fmt: skip
    if amount - whole > allowed:
        yield _MORE.format(**told)
    elif set(parts) == fed and name != SITE_WIDE and whole - amount > allowed:
        yield _LESS.format(**told)


def _uncertainty(one: Channel, where: np.ndarray) -> float:
    """Standard uncertainty of the sum over some hours, in the unit of the value times hours."""
    count = float(np.count_nonzero(where))
    total = float(np.abs(one.value[where]).sum())
    return float(np.sqrt((one.systematic * count) ** 2 + (one.relative * total) ** 2
                         + one.random**2 * count))  # fmt: skip
