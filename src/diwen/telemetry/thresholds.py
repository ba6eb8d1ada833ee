"""The numbers behind the quality rules, from the rows ``quality.*`` of the rules room.

They are engineering defaults of this project, not taken from a standard. What holds for one point
is, in this order: ``low``/``high`` of ``points.csv``, the row for its place, its quantity.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from diwen import rules
from diwen.quantities import QUANTITIES

if TYPE_CHECKING:
    from diwen.site import Point

# Which rows speak of a temperature at which place.
_PLACES = {
    "source_entering": "source", "source_leaving": "source", "load_entering": "load",
    "load_leaving": "load", "room": "room",
}  # fmt: skip


@dataclass(frozen=True)
class Thresholds:
    """Thresholds that hold for every point; each is the rule row ``quality.<name>``.

    Attributes
    ----------
    gap_intervals : a step longer than this many intervals is a gap
    gap_minimum : s; no shorter step is a gap
    bridge_limit : s; no gap longer than this is ever bridged in an integral
    settling : s after equipment switches during which rate, spike and cross-check are not judged
    rate_window : s; a change within a shorter step is judged as if it took this long, because
        the resolution of a sensor would otherwise look like a fast change
    spike_return : a spike returns to within this share of its height
    stuck_look : s; running time of an unchanged value is summed over no more than this on
        either side
    power_on_share : share of the usual high power (99th percentile) above which a unit runs
    cross_margin : K; temperature differences smaller than this are not cross-checked
    cross_age : s; older values are not compared with each other
    counter_return : s within which a counter that dropped may come back to its reading
    counter_mismatch : share by which the energy of a day from counter and from power may differ
    """

    gap_intervals: float
    gap_minimum: float
    bridge_limit: float
    settling: float
    rate_window: float
    spike_return: float
    stuck_look: float
    power_on_share: float
    cross_margin: float
    cross_age: float
    counter_return: float
    counter_mismatch: float

    def gap(self, interval: float | None) -> float:
        """Longest step (s) between records that is not a gap."""
        return max(self.gap_intervals * (interval or 0.0), self.gap_minimum)

    def bridge(self, interval: float | None) -> float:
        """Longest step (s) that an integral may bridge: an hour, or one and a half intervals of
        a point that delivers less often than hourly."""
        return max(self.bridge_limit, 1.5 * (interval or 0.0))

    @property
    def context(self) -> int:
        """Microseconds beside a record that its flag may depend on; no rule looks further."""
        return int(max(self.stuck_look, self.counter_return) * 1e6)


@dataclass(frozen=True)
class Limits:
    """What holds for one point, in the unit of its quantity.

    Attributes
    ----------
    low, high : plausible range
    rate : largest plausible change per minute; None: not judged
    stuck_after : s without change while running that are suspicious; None: not judged
    """

    low: float
    high: float
    rate: float | None
    stuck_after: float | None


@cache
def load() -> Thresholds:
    """The thresholds in force.

    Raises
    ------
    diwen.rules.RuleMissingError : a row is missing
    """
    table = rules.load()
    return Thresholds(**{f.name: table.value(f"quality.{f.name}") for f in fields(Thresholds)})


def limits(point: Point) -> Limits:
    """Range, rate and stuck time of a point."""
    quantity = QUANTITIES[point.quantity]
    low, high, rate = _of_place(point.quantity, point.location)
    return Limits(
        low if point.low is None else point.low,
        high if point.high is None else point.high,
        rate,
        quantity.stuck_after,
    )


@cache
def _of_place(quantity: str, location: str) -> tuple[float, float, float | None]:
    """Range and rate (per minute): of the quantity, where no rule row narrows them for a place."""
    table = rules.load()
    known = QUANTITIES[quantity]
    low, high, rate = known.low, known.high, known.rate
    place = f"{_PLACES.get(location, '')}_temperature" if quantity == "temperature" else quantity
    if table.rows(id=f"quality.range.{place}.low"):
        low = table.value(f"quality.range.{place}.low")
        high = table.value(f"quality.range.{place}.high")
    if quantity == "temperature" and location == "room":
        rate = table.value("quality.rate.room_temperature")
    return low, high, rate
