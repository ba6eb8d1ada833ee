"""Specific capacity and injectivity of a well day by day, as the evaluation computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.machines.daily_index import noise_of, relative_error
from diwen.diagnosis.record.operating_record import Channel, WellRecord
from diwen.evaluation.well_hydraulics import Specific, specific
from diwen.language import Text
from diwen.site.usual_values import usual_value

Side = Literal["abstraction", "injection"]
# Fresh water of 10 °C.
_PASCAL_PER_METRE = 999.7 * 9.80665
_SECONDS = 3600.0
_NO_FLOW = Text("the water of {well} is not metered", "{well} 水量未计量")
_NO_HEAD = Text(
    "neither level nor pressure of {well} is measured", "{well} 既无水位也无井口压力测点"
)
_FEW = Text("only {days} day(s) of steady flow in {well}", "{well} 稳定流量天数仅 {days} 天")


@dataclass(frozen=True, eq=False)
class WellIndex:
    """Flow per head of one side of a well.

    Attributes
    ----------
    id, side : which
    day : datetime64[D], shape (n,)
    value : m²/s (m³/s per m of head), shape (n,)
    noise : relative, of a day
    systematic : relative standard uncertainty common to all days
    design : by a test, else by the aquifer, m²/s; nan: not known
    tested : whether a test gave it
    corrected : whether it is brought to water of 10 °C
    head, flow : medians of the days, m and m³/s
    points : it was read from
    """

    id: str
    side: Side
    day: NDArray[np.datetime64]
    value: Floats
    noise: float
    systematic: float
    design: float
    tested: bool
    corrected: bool
    head: Floats
    flow: Floats
    points: tuple[str, ...]


def well_index(case: Case, well: WellRecord, side: Side) -> WellIndex | Text:
    """Specific capacity (abstraction) or injectivity of a well; or why there is none."""
    flow = well.abstraction if side == "abstraction" else well.injection
    if flow is None or not flow.valid.any():
        return _NO_FLOW.format(well=well.id)
    found = _head(well, side)
    if found is None:
        return _NO_HEAD.format(well=well.id)
    head, scale = found
    temperature = (
        well.abstraction_temperature if side == "abstraction" else well.injection_temperature
    )
    level = head.value * scale
    sign = _direction(flow.value, level)
    days, corrected = _days(case, flow.value, level, sign, temperature)
    if isinstance(days, Text):
        return days
    if len(days.day) < usual_value("diagnosis.machines.least_days"):
        return _FEW.format(days=f"{len(days.day)}", well=well.id)
    value = days.value / _SECONDS
    noise = max(
        noise_of(value / np.median(value)), usual_value("diagnosis.machines.injectivity_noise")
    )
    return WellIndex(
        well.id, side, days.day.astype("datetime64[D]"), value, noise,
        float(np.hypot(relative_error(flow), _head_error(head, scale, days.head))),
        *tested(case, well.id, side), corrected, days.head, days.flow / _SECONDS,
        (*flow.points, *head.points),
    )  # fmt: skip


def _head(well: WellRecord, side: Side) -> tuple[Channel, float] | None:
    """Level or pressure of a side, and its factor to metres."""
    if side == "injection" and _known(well.injection_pressure):
        assert well.injection_pressure is not None
        return well.injection_pressure, 1.0 / _PASCAL_PER_METRE
    one_side = well.abstraction is None or well.injection is None
    if _known(well.level) and (side == "abstraction" or one_side):
        assert well.level is not None
        return well.level, 1.0
    return None


def _known(channel: Channel | None) -> bool:
    return channel is not None and bool(channel.valid.any())


def _direction(flow: Floats, level: Floats) -> float:
    """Sign in which the level moves when the well runs: a level is a depth or an elevation."""
    both = np.isfinite(flow) & np.isfinite(level)
    if not both.any():
        return 1.0
    running = both & (flow > 0.2 * np.nanmax(flow[both]))
    resting = both & (flow <= 0.02 * np.nanmax(flow[both]))
    if not running.any() or not resting.any():
        return 1.0
    return 1.0 if np.median(level[running]) >= np.median(level[resting]) else -1.0


def _days(
    case: Case, flow: Floats, level: Floats, sign: float, temperature: Channel | None
) -> tuple[Specific | Text, bool]:
    """Days as read, or brought to water of 10 °C where that leaves less scatter.

    Cold water is thicker; but a pressure that a controller holds, or one that was computed
    without it, does not follow the viscosity.
    """
    record = case.record
    since = record.day.astype("datetime64[D]").astype(np.int64)
    hour = since * 24 + record.hour
    place = hour - hour[0]
    grid = np.arange(int(place[-1]) + 1)

    def spread(values: Floats) -> Floats:
        whole = np.full(len(grid), np.nan)
        whole[place] = values
        return whole

    volume, head = spread(flow * _SECONDS), spread(level)
    read = specific(grid + hour[0], volume, head, sign)
    if temperature is None or isinstance(read, Text):
        return read, False
    water = spread(temperature.value)
    thick = specific(grid + hour[0], volume, head, sign, water)
    if isinstance(thick, Text) or len(thick.day) < len(read.day) // 2:
        return read, False
    return (thick, True) if _scatter(thick) < _scatter(read) else (read, False)


def _scatter(found: Specific) -> float:
    """Scatter about a straight line, relative."""
    value = np.log(found.value)
    if len(value) < 4:
        return float(np.std(value))
    line = np.polyval(np.polyfit(found.day - found.day[0], value, 1), found.day - found.day[0])
    return float(np.std(value - line))


def _head_error(head: Channel, scale: float, heads: Floats) -> float:
    size = float(np.median(heads))
    return float(np.hypot(head.relative, abs(head.systematic * scale) / size)) if size > 0 else 0.0


def tested(case: Case, well: str, side: Side) -> tuple[float, bool]:
    """Flow per head of a well, or of all wells of a source, m²/s, and whether a test gave it.

    By the pumping or injection test that the site names, else by the transmissivity of its
    aquifer as the twin computes it; nan: neither is known.
    """
    from diwen.twin.simulated_well_heads import well_heads

    name = "specific_capacity" if side == "abstraction" else "specific_injectivity"
    for id, source in case.site.sources.items():
        wells = getattr(source, "wells", None) or {}
        given = [getattr(one, name, None) for one in (source, *wells.values())]
        by_test = any(value is not None for value in given)
        if well == id:
            heads = well_heads(case.site, id)
            if heads is None:
                break
            return (heads.capacity if side == "abstraction" else heads.injectivity), by_test
        if well in wells:
            own = getattr(wells[well], name, None)
            return float(np.nan if own is None else own), own is not None
    return float("nan"), False
