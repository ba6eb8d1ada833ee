"""A small site made of points alone: what the telemetry room needs of a site."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from diwen.site.points import Point

PARTS: dict[str, dict[str, Any]] = {
    "t_brine": {"quantity": "temperature", "unit": "degC", "location": "source_entering"},
    "t_back": {"quantity": "temperature", "unit": "degC", "location": "source_leaving"},
    "t_supply": {"quantity": "temperature", "unit": "degC", "location": "load_leaving"},
    "t_return": {"quantity": "temperature", "unit": "degC", "location": "load_entering"},
    "flow": {"quantity": "volume_flow", "unit": "m3/h", "location": "load"},
    "power": {"quantity": "electric_power", "unit": "kW", "location": "supply"},
    "energy": {
        "quantity": "electric_energy", "unit": "kWh", "location": "supply", "kind": "counter"
    },
    "status": {"quantity": "status", "unit": "1", "location": "unit", "kind": "state"},
}  # fmt: skip


def make_site(folder: Path, zone: str = "UTC", defaults: Any = None, **changes: Any) -> Any:
    """A site with the points above; ``changes`` alters points by id, None removes one."""
    points = []
    for id, part in PARTS.items():
        change = changes.pop(id, {})
        if change is not None:
            points.append(
                Point(**{"id": id, "equipment": ("hp1",), "interval": 60.0, **part, **change})
            )
    points += [Point(**{"id": id, **change}) for id, change in changes.items()]
    return SimpleNamespace(
        id=folder.name,
        folder=folder,
        points=tuple(points),
        place=SimpleNamespace(time_zone=zone),
        telemetry=SimpleNamespace(**(defaults or {})),
        point={point.id: point for point in points}.__getitem__,
    )
