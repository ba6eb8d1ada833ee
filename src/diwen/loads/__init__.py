"""What is asked of the plant, as physics on plain arrays: weather, buildings, hot water, pools.

Every load becomes one :class:`~diwen.loads.load_series.LoadSeries`, whether it was measured, given,
or modelled, and says which. Units: W, K, °C, m², m³, s. The door opens on demand.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "LoadSeries": "load_series",
    "Weather": "weather",
    "read_load_columns": "load_file",
    "weather_of_csv": "weather_csv",
    "weather_of_epw": "epw",
}
__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
