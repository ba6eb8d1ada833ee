"""Quasi-steady operation: stretches in which a heat pump's temperatures and power hold still.

The record is cut into windows; a window is steady when supply, source temperature and power stay
within narrow ranges while the unit runs. Neighbouring steady windows at the same supply
temperature form a plateau. Ranges and lengths are engineering defaults of Diwen (a laboratory
test to EN 14511 asks for far longer and tighter periods).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.alignment import aligned, sampled
from diwen.evaluation.amount import Amount, Refusal, difference, ratio
from diwen.evaluation.heat_meters import CIRCUITS
from diwen.evaluation.increments import Floats, Spans
from diwen.evaluation.operation import running_spans
from diwen.evaluation.plant import electricity, unit_heat
from diwen.evaluation.ratios import over_common_time
from diwen.evaluation.uncertainty import pair_standard, standard
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

# Engineering defaults: a window lasts a minute or ten records, a plateau at least five windows.
WINDOW = 60.0
RECORDS = 10
LONGEST_WINDOW = 1800.0
FEWEST_WINDOWS = 5
# Largest range within a window: supply and source entering temperature, K; power, share.
SUPPLY_RANGE = 0.3
SOURCE_RANGE = 0.5
POWER_RANGE = 0.05
# Windows whose mean supply temperature differs less belong to one plateau, K.
SAME_SUPPLY = 1.0

_NO_POINTS = Text(
    "steady stretches of {unit} need supply and source temperature and its power as points",
    "识别 {unit} 的稳态工况需要供水温度、地源侧温度和机组功率测点",
)
_TOO_COARSE = Text(
    "records every {minutes:.0f} min are too far apart to see steady operation",
    "记录间隔 {minutes:.0f} min 过长，无法识别稳态工况",
)
_NONE = Text("no steady stretch in this period", "本周期内没有稳态工况段")


@dataclass(frozen=True)
class Plateau:
    """One steady stretch.

    Attributes
    ----------
    start, end : µs UTC
    means : mean by location (``source_entering`` ...), °C, where measured
    power : mean electric power, W
    cop : with uncertainty; None where heat or power is not measured
    heat : useful heat, J; None where not measured
    capacity_flow : what the source circuit must carry, ``(Q - W)/(dT_source t)``, W/K; None
        where it cannot be said
    """

    start: int
    end: int
    means: dict[str, float]
    power: float
    cop: Amount | None
    heat: Amount | None
    capacity_flow: Amount | None

    @property
    def seconds(self) -> float:
        """Length, s."""
        return (self.end - self.start) / 1e6


def plateaus(context: Context, unit: str) -> list[Plateau]:
    """The steady stretches of a heat pump.

    Raises
    ------
    Refusal : points lack, records are too far apart, or nothing was steady
    """
    found = context.once(("plateaus", unit), lambda: _plateaus(context, unit))
    if isinstance(found, Refusal):
        raise found
    return found


def _plateaus(context: Context, unit: str) -> list[Plateau] | Refusal:
    try:
        points = _points(context, unit)
        spans = _steady_spans(context, unit, points)
    except Refusal as refusal:
        return refusal
    if not len(spans):
        return Refusal(_NONE)
    return [_described(context, unit, points, spans[i : i + 1]) for i in range(len(spans))]


def _points(context: Context, unit: str) -> dict[str, Point]:
    """Temperatures of both circuits and the power, where they have records."""
    found: dict[str, Point] = {}
    for circuit in ("source", "load"):
        for location in CIRCUITS[circuit]:
            for point in context.points("temperature", location, unit):
                if len(context.padded_series(point.id)):
                    found.setdefault(location, point)
    for point in context.points("electric_power", "supply", unit):
        if len(context.padded_series(point.id)):
            found.setdefault("power", point)
    if not {"load_leaving", "source_entering", "power"} <= found.keys():
        lacking = {
            "load_leaving": f"TU1 temperature load_leaving {unit}",
            "source_entering": f"TS1 temperature source_entering {unit}",
            "power": f"EH electric_power supply {unit}",
        }
        missing = [text for key, text in lacking.items() if key not in found]
        raise Refusal(_NO_POINTS.format(unit=context.name_of(unit)), missing)
    return found


def _steady_spans(context: Context, unit: str, points: dict[str, Point]) -> Spans:
    """Spans of the plateaus, (m, 2)."""
    order = ["load_leaving", "source_entering", "power"]
    time, values = aligned(context, [points[key] for key in order])
    step = float(np.median(np.diff(time))) / 1e6 if time.size > 1 else np.inf
    window = max(WINDOW, RECORDS * step)
    if window > LONGEST_WINDOW:
        raise Refusal(_TOO_COARSE.format(minutes=min(step / 60.0, 1e6)))
    running = running_spans(context, unit)
    place = np.searchsorted(running[:, 0], time, side="right") - 1
    on = (place >= 0) & (time < running[np.maximum(place, 0), 1]) if len(running) else time < 0
    width = int(window * 1e6)
    first, index = np.unique(time // width, return_inverse=True)
    full = 0.9 * window / step
    count = np.bincount(index, weights=on & np.all(np.isfinite(values), axis=0))
    low, high, mean = zip(*(_window_statistics(v, index, first.size) for v in values), strict=True)
    spread = [h - w for h, w in zip(high, low, strict=True)]
    whole = (count == np.bincount(index)) & (count >= full)
    with np.errstate(invalid="ignore"):
        steady = (
            whole
            & (spread[0] <= SUPPLY_RANGE)
            & (spread[1] <= SOURCE_RANGE)
            & (spread[2] <= POWER_RANGE * np.abs(mean[2]))
        )
    return _grouped(first[steady], mean[0][steady], width)


def _window_statistics(
    value: Floats, index: NDArray[np.intp], windows: int
) -> tuple[Floats, Floats, Floats]:
    """Lowest, highest and mean value of each window; NaN where one record is not known."""
    edges = np.searchsorted(index, np.arange(windows))
    low, high = np.minimum.reduceat(value, edges), np.maximum.reduceat(value, edges)
    return low, high, np.add.reduceat(value, edges) / np.bincount(index)


def _grouped(windows: NDArray[np.int64], supply: Floats, width: int) -> Spans:
    """Neighbouring windows at one supply temperature, as spans."""
    spans = []
    begin = 0
    for i in range(1, windows.size + 1):
        apart = (
            i == windows.size
            or windows[i] != windows[i - 1] + 1
            or abs(supply[i] - supply[begin:i].mean()) > SAME_SUPPLY
        )
        if apart:
            if i - begin >= FEWEST_WINDOWS:
                spans.append((windows[begin] * width, (windows[i - 1] + 1) * width))
            begin = i
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _described(context: Context, unit: str, points: dict[str, Point], span: Spans) -> Plateau:
    means = {key: _mean(context, point, span) for key, point in points.items() if key != "power"}
    try:
        heat = unit_heat(context, frozenset([unit]), frozenset())
        power = electricity(context, frozenset([unit]))
        top, bottom = over_common_time(heat, power, span)
        cop = ratio(top, bottom)
    except Refusal:
        return Plateau(*_ends(span), means, _mean(context, points["power"], span), None, None, None)
    flow = _capacity_flow(context, points, means, top, bottom, span)
    return Plateau(*_ends(span), means, _mean(context, points["power"], span), cop, top, flow)


def _ends(span: Spans) -> tuple[int, int]:
    return int(span[0, 0]), int(span[0, 1])


def _mean(context: Context, point: Point, span: Spans) -> float:
    series = context.padded_series(point.id)
    inside = (series.time >= span[0, 0]) & (series.time < span[0, 1])
    if not inside.any():
        return float(sampled(context, point, span[0, :1])[0])
    return float(series.value[inside].mean())


def _capacity_flow(
    context: Context,
    points: dict[str, Point],
    means: dict[str, float],
    heat: Amount,
    work: Amount,
    span: Spans,
) -> Amount | None:
    """Heat taken from the source by the first law, per kelvin of the source circuit."""
    if not {"source_entering", "source_leaving"} <= means.keys():
        return None
    seconds = float(span[0, 1] - span[0, 0]) / 1e6
    value = means["source_entering"] - means["source_leaving"]
    effects = _difference_effects(context, points, means)
    kelvin = Amount(value * seconds, effects and {k: v * seconds for k, v in effects.items()})
    return ratio(difference(heat, work), kelvin) if value != 0.0 else None


def _difference_effects(
    context: Context, points: dict[str, Point], means: dict[str, float]
) -> dict[str, float] | None:
    """Effects of the source sensors on their difference, K; None when unknown."""
    warm, cold = points["source_entering"], points["source_leaving"]
    one, other = warm.limits_of_error, cold.limits_of_error
    if one is None or other is None:
        return None
    matched = pair_standard(one, other)
    if matched is not None:
        return {f"pair:{warm.id}:{cold.id}": matched}
    return {
        warm.id: float(standard(one, means["source_entering"], context.rules)),
        cold.id: -float(standard(other, means["source_leaving"], context.rules)),
    }
