"""The numbers behind the quality rules.

They are engineering defaults of this project, not taken from a standard. A row ``quality.<name>``
of the rules room takes the place of the default of that name; ranges, rates and stuck times of a
quantity stand in ``diwen.quantities``, and ``low``/``high`` of a point in ``points.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Thresholds:
    """Engineering defaults of the quality rules.

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

    gap_intervals: float = 3.0
    gap_minimum: float = 60.0
    bridge_limit: float = 3600.0
    settling: float = 600.0
    rate_window: float = 60.0
    spike_return: float = 0.25
    stuck_look: float = 7 * 86400.0
    power_on_share: float = 0.1
    cross_margin: float = 0.5
    cross_age: float = 300.0
    counter_return: float = 86400.0
    counter_mismatch: float = 0.2

    def with_rules(self, values: Mapping[str, float]) -> Thresholds:
        """Defaults replaced by rule rows, given as ``{"quality.gap_minimum": 90.0, ...}``."""
        known = {f"quality.{field.name}": field.name for field in fields(self)}
        return replace(self, **{known[id]: values[id] for id in values if id in known})

    def gap(self, interval: float | None) -> float:
        """Longest step (s) between records that is not a gap."""
        return max(self.gap_intervals * (interval or 0.0), self.gap_minimum)

    def bridge(self, interval: float | None) -> float:
        """Longest step (s) that an integral may bridge: an hour, or one and a half intervals of
        a point that delivers less often than hourly."""
        return max(self.bridge_limit, 1.5 * (interval or 0.0))


def load() -> Thresholds:
    """The thresholds in force: defaults, replaced by rule rows where there are any."""
    try:
        from diwen import rules
    except ImportError:
        return Thresholds()
    table = rules.load()
    values = {}
    for field in fields(Thresholds):
        id = f"quality.{field.name}"
        try:
            values[id] = float(table.value(id))
        except LookupError:
            continue
    return Thresholds().with_rules(values)
