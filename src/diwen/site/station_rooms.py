"""The rooms behind a loop of space heating or cooling, as one heat capacity around a setpoint.

They show what a shortfall does: how far rooms cool down, and how long they take to come back.
"""

from __future__ import annotations

from diwen.language import Text
from diwen.plant.station import Room
from diwen.site.demand import Load
from diwen.site.model import Site
from diwen.site.station_loops import PlannedLoop
from diwen.site.usual_values import usual_value

_ROOMS = Text(
    "rooms of loop {name}: setpoint {setpoint} °C, heat capacity {capacity} kJ/(m²·K) and heat "
    "loss {loss} W/(m²·K) of floor area; what the site does not give is assumed",
    "回路 {name} 房间：设定 {setpoint} °C，单位建筑面积热容 {capacity} kJ/(m²·K)、热损失 {loss}"
    " W/(m²·K)；项目未给出的按假定取值",
)


def room_of_loop(site: Site, loop: PlannedLoop, notes: list[Text]) -> Room | None:
    """Rooms of a loop; None where a load of it is no building of a known floor area."""
    if loop.use not in ("heating", "cooling"):
        return None
    loads = [site.loads[name] for name in loop.loads if name in site.loads]
    if not loads or any(item.kind != "building" or not item.area for item in loads):
        return None
    area = sum(_area(item) for item in loads)
    if not area > 0.0:
        return None
    capacity = sum(_area(item) * _capacity(item) for item in loads)
    loss = sum(_loss(item) for item in loads)
    setpoint = _setpoint(site, loop, loads)
    notes.append(_ROOMS.format(
        name=loop.name, setpoint=f"{setpoint:g}", capacity=f"{capacity / area / 1e3:.3g}",
        loss=f"{loss / area:.3g}",
    ))  # fmt: skip
    return Room(setpoint, capacity, loss)


def _area(item: Load) -> float:
    """Floor area that is served, m²."""
    return (item.area or 0.0) * item.served_share


def _capacity(item: Load) -> float:
    """Heat capacity over floor area, J/(m²·K): of the class of the envelope, or usual."""
    if item.envelope is None:
        return 1e3 * usual_value("default.room.heat_capacity")
    from diwen.loads.building import MASS_CLASSES

    return MASS_CLASSES[item.envelope.mass][1]


def _loss(item: Load) -> float:
    """Heat loss of the served part, W/K."""
    if item.heat_loss is not None:
        return item.heat_loss * item.served_share
    return _area(item) * usual_value("default.room.heat_loss")


def _setpoint(site: Site, loop: PlannedLoop, loads: list[Load]) -> float:
    """What the loads hold, °C: by their envelopes, else what is owed, else usual."""
    heat = loop.side == "heat"
    parts = [item.envelope for item in loads if item.envelope is not None]
    if parts:
        said = [part.heating_setpoint if heat else part.cooling_setpoint for part in parts]
        return sum(said) / len(said)
    comfort = site.comfort
    owed = comfort.room_temperature_minimum if heat else comfort.room_temperature_maximum
    if owed is not None:
        return owed
    return usual_value(f"default.room.{'heating' if heat else 'cooling'}_setpoint")
