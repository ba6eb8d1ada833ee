"""What cannot be, whatever the plant does: heat above Carnot's, heat below the electricity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import by_day
from diwen.diagnosis.record.operating_record import Channel, Floats, OperatingRecord

_KELVIN = 273.15
# A lift below this bounds nothing, K.
_SMALLEST_LIFT = 3.0


def impossible_heat_hours(record: OperatingRecord, ratio: float) -> dict[str, NDArray[np.bool_]]:
    """Hours in which a heat meter reads less than the units' electricity while they run.

    A unit that heats delivers its electricity as heat, and more: a meter that reads far less
    stands still, holds air or is bypassed. Only where one circuit takes all heat and the plant
    heats.

    Parameters
    ----------
    ratio : of heat to electricity that is impossible below

    Returns
    -------
    hours by name of the circuit, shape (n,)
    """
    power = _total([one.power for one in record.units.values()])
    load = record.circuits.get("load")
    if power is None or load is None or load.heat_by_meter is None or len(record.circuits) != 1:
        return {}
    largest = float(np.nanquantile(power[power > 0.0], 0.9)) if np.any(power > 0.0) else 0.0
    heat = np.abs(load.heat_by_meter.value)
    running = np.ones(len(record), dtype=bool)
    if record.mode is not None:
        running &= record.mode.value == 1.0
    elif load.heat_by_flow is not None:
        running &= load.heat_by_flow.value > 0.0
    full = running & (power > 0.5 * largest) & np.isfinite(heat) & (largest > 0.0)
    return {"load": full & (heat < ratio * power)}


def days_above_carnot(record: OperatingRecord, factor: float) -> tuple[Floats, Floats] | None:
    """Measured performance of each day against the bound by the measured temperatures.

    Heat at ``T_h`` from ``T_c`` needs at least ``Q (1 - T_c / T_h)`` (kelvin); means of the pairs
    stand for both, which errs on the safe side. Cold alike.

    Returns
    -------
    heat over electricity, and the bound times ``factor``, of each day, shape (days,); None where
    a temperature, the heat or the electricity is not read
    """
    power = _total([one.power for one in record.units.values()])
    load = record.circuits.get("load")
    source = next(iter(record.sources.values()), None)
    if power is None or load is None or load.heat is None or len(record.circuits) != 1:
        return None
    warm = _middle(load.supply, load.back)
    cold = None if source is None else _middle(source.supply, source.back)
    if not record.sources and record.outdoor is not None:
        cold = record.outdoor.value
    if warm is None or cold is None:
        return None
    heat = load.heat.value
    usable = np.isfinite(heat) & np.isfinite(power) & np.isfinite(warm) & np.isfinite(cold)
    lift = np.where(heat >= 0.0, warm - cold, cold - warm)
    hot = np.where(heat >= 0.0, warm, cold) + _KELVIN
    useful = np.where(heat >= 0.0, hot, warm + _KELVIN)
    usable &= (power > 0.0) & (lift > _SMALLEST_LIFT)
    least = np.abs(heat) * lift / useful
    total, needed = (by_day(record, np.where(usable, part, 0.0)) for part in (power, least))
    amount = by_day(record, np.where(usable, np.abs(heat), 0.0))
    known = (total > 0.0) & (needed > 0.0)
    return (
        np.divide(amount, total, out=np.full(total.size, np.nan), where=known),
        factor * np.divide(amount, needed, out=np.full(total.size, np.nan), where=known),
    )


def _total(parts: list[Channel | None]) -> Floats | None:
    if not parts or any(part is None for part in parts):
        return None
    return np.asarray(np.sum([part.value for part in parts if part is not None], axis=0))


def _middle(one: Channel | None, other: Channel | None) -> Floats | None:
    both = [part.value for part in (one, other) if part is not None]
    return np.asarray(np.mean(both, axis=0)) if both else None
