"""Hourly loads of buildings from a few numbers: 5R1C of ISO 13790 and a 2R2C network.

5R1C: the simple hourly method (ISO 13790:2008, clause 7.2.2 and annex C; withdrawn in favour of
ISO 52016-1, but still the usual choice for a building that is known by a few numbers). Other than
in the standard, the one differential equation is solved exactly over the step instead of by
Crank and Nicolson; the difference is of the order of (step / time constant)² / 12.

2R2C: the mass lies between two resistances, room and outdoors on either side; windows and
ventilation lead past it. Both models know one zone and no moisture. Part of the opaque transfer may
lead to the ground instead of outdoors; sun and sky on walls and roof are gains
(:mod:`diwen.loads.opaque_gains`).

Many buildings are run at once: every quantity of a building may be an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Model = Literal["5R1C", "2R2C", "5R1C standard"]

# ISO 13790, 7.2.2.2: W/(m²·K) between mass and surfaces, and between surfaces and air.
_MASS_TO_SURFACE = 9.1
_SURFACE_TO_AIR = 3.45
# ISO 13790, table 12: effective mass area and heat capacity per floor area, J/(m²·K).
MASS_CLASSES = {
    "very_light": (2.5, 80e3),
    "light": (2.5, 110e3),
    "medium": (2.5, 165e3),
    "heavy": (3.0, 260e3),
    "very_heavy": (3.5, 370e3),
}
_AREA_RATIO = 4.5
_ROOM_CAPACITY = 10e3
_PRELUDE_HOURS = 24 * 60


@dataclass(frozen=True, eq=False)
class Building:
    """A building as both models know it; each number may be an array of shape (m,).

    Attributes
    ----------
    floor_area : m²
    opaque : heat transfer through walls, roof and floor, W/K
    windows : heat transfer through windows and doors, W/K
    capacity : of the mass, J/K
    mass_area : effective area of the mass A_m, m²
    inner_area : of all surfaces that face the room A_t, m²
    ground : part of ``opaque`` that leads to the ground, W/K; None: nothing
    """

    floor_area: Floats
    opaque: Floats
    windows: Floats
    capacity: Floats
    mass_area: Floats
    inner_area: Floats
    ground: Floats | None = None


def building(
    floor_area: ArrayLike, opaque: ArrayLike, windows: ArrayLike, mass: str = "medium",
    *, inner_ratio: float = _AREA_RATIO, ground: ArrayLike | None = None,
) -> Building:  # fmt: skip
    """A building with the usual areas and capacity of ISO 13790 (7.2.2.2 and table 12).

    Parameters
    ----------
    floor_area : m²
    opaque, windows : heat transfer coefficients, W/K
    mass : one of :data:`MASS_CLASSES`
    inner_ratio : area of the inner surfaces over the floor area
    ground : part of ``opaque`` that leads to the ground, W/K
    """
    area = np.atleast_1d(np.asarray(floor_area, float))
    effective, capacity = MASS_CLASSES[mass]
    return Building(
        area,
        np.broadcast_to(np.asarray(opaque, float), area.shape),
        np.broadcast_to(np.asarray(windows, float), area.shape),
        capacity * area,
        effective * area,
        inner_ratio * area,
        None if ground is None else np.broadcast_to(np.asarray(ground, float), area.shape),
    )


@dataclass(frozen=True, eq=False)
class Use:
    """How buildings are used, by step; shapes (n,) or (n, m).

    Attributes
    ----------
    ventilation : heat carried by ventilation and leaks, after recovery, W/K
    internal : gains of people, light and devices, W
    solar : gains of the sun through windows, W
    heating, cooling : set points, °C
    """

    ventilation: Floats
    internal: Floats
    solar: Floats
    heating: Floats
    cooling: Floats


@dataclass(frozen=True, eq=False)
class BuildingCourse:
    """What buildings need, by step; shape (n, m).

    Attributes
    ----------
    heating, cooling : W, 0 or more
    air : room temperature, °C; mean of the step (2R2C: at its end)
    mass : mean temperature of the mass, °C
    lost : heat that left to outdoors and the ground, W, mean of the step
    stored : heat that went into the capacities, W, mean of the step
    gained : gains that stayed in the building, W
    """

    heating: Floats
    cooling: Floats
    air: Floats
    mass: Floats
    lost: Floats
    stored: Floats
    gained: Floats


def building_course(
    building: Building,
    use: Use,
    outdoor: ArrayLike,
    *,
    model: Model = "5R1C",
    step: float = 3600.0,
    heating_limit: ArrayLike = np.inf,
    cooling_limit: ArrayLike = np.inf,
    start: ArrayLike | None = None,
    ground: ArrayLike | None = None,
) -> BuildingCourse:
    """Heating and cooling that hold the set points, by step.

    Parameters
    ----------
    building, use : of m buildings
    outdoor : air temperature, °C, shape (n,)
    model : which network; ``5R1C standard`` takes the step of the standard
    step : s
    heating_limit, cooling_limit : highest powers, W
    start : temperature of the mass (and the room) before the first step, °C; None: as after the
        last 60 days, run once before
    ground : temperature under the floor, °C, one or shape (n,); None: as outdoors
    """
    air = np.asarray(outdoor, float)
    behind = _behind(building, air, ground)
    shape = (len(air), len(building.floor_area))
    wide = Use(*(_wide(getattr(use, name), shape) for name in Use.__dataclass_fields__))
    limits = np.array([np.broadcast_to(np.asarray(one, float), shape[1])
                       for one in (heating_limit, cooling_limit)])  # fmt: skip
    run = {"5R1C": _five, "5R1C standard": _five_standard, "2R2C": _two}[model]
    if start is None:
        prelude = min(len(air), round(_PRELUDE_HOURS * 3600.0 / step))
        last = Use(*(getattr(wide, name)[-prelude:] for name in Use.__dataclass_fields__))
        begin = np.broadcast_to(last.heating[0], shape[1]).copy()
        _, begin = run(
            building, last, air[-prelude:], behind[-prelude:], limits, begin, step
        )  # fmt: skip
    else:
        begin = np.broadcast_to(np.asarray(start, float), shape[1]).copy()
    return run(building, wide, air, behind, limits, begin, step)[0]


def _behind(of: Building, outdoor: Floats, ground: ArrayLike | None) -> Floats:
    """Temperature behind the opaque parts: outdoors and ground by what leads there, °C, (n, m)."""
    shape = (len(outdoor), len(of.floor_area))
    if ground is None or of.ground is None:
        return np.ascontiguousarray(np.broadcast_to(outdoor[:, None], shape))
    share = of.ground / np.maximum(of.opaque, 1e-9)
    below = np.broadcast_to(np.asarray(ground, float), outdoor.shape)
    return np.ascontiguousarray(outdoor[:, None] + share * (below - outdoor)[:, None])


def gains_of_nodes(building: Building, internal: Floats, solar: Floats) -> Floats:
    """Gains to air, surfaces and mass by ISO 13790 C.1 to C.3, W, shape (3, n, m).

    The small part that leaves at once through the windows is not among them.
    """
    rest = 0.5 * internal + solar
    mass = building.mass_area / building.inner_area
    window = building.windows / (_MASS_TO_SURFACE * building.inner_area)
    return np.stack((0.5 * internal, (1.0 - mass - window) * rest, mass * rest))


def _wide(values: Floats, shape: tuple[int, int]) -> Floats:
    given = np.asarray(values, float)
    column = given[:, None] if given.ndim == 1 and len(given) == shape[0] else given
    return np.ascontiguousarray(np.broadcast_to(column, shape))


def mass_to_outdoors(building: Building) -> tuple[Floats, Floats]:
    """H_ms and H_em in W/K: both in series are the transfer of the opaque parts (12.2.2)."""
    inner = _MASS_TO_SURFACE * building.mass_area
    opaque = np.asarray(building.opaque, float)
    return inner, opaque * inner / np.maximum(inner - opaque, 1e-9)


def _five_standard(
    of: Building,
    use: Use,
    outdoor: Floats,
    behind: Floats,
    limits: Floats,
    start: Floats,
    step: float,
) -> tuple[BuildingCourse, Floats]:
    return _five(of, use, outdoor, behind, limits, start, step, exact=False)


def _five(
    of: Building, use: Use, outdoor: Floats, behind: Floats, limits: Floats, start: Floats,
    step: float, exact: bool = True,
) -> tuple[BuildingCourse, Floats]:  # fmt: skip
    from diwen.loads.building_compiled import five_resistances

    inner, outer = mass_to_outdoors(of)
    conductances = np.stack((_SURFACE_TO_AIR * of.inner_area, inner, outer, of.windows))
    gains = gains_of_nodes(of, use.internal, use.solar)
    end = start.copy()
    heat, air, surface, mass = five_resistances(
        conductances, of.capacity, outdoor, behind, use.ventilation, gains,
        np.stack((use.heating, use.cooling)), limits, end, step, exact,
    )  # fmt: skip
    out = outdoor[:, None]
    lost = outer * (mass - behind) + of.windows * (surface - out) + use.ventilation * (air - out)
    gained = gains.sum(axis=0)
    # What reaches the node of the mass less what leaves it.
    stored = gains[2] + inner * (surface - mass) - outer * (mass - behind)
    found = BuildingCourse(
        np.maximum(heat, 0.0), np.maximum(-heat, 0.0), air, mass, lost, stored, gained
    )
    return found, end


def _two(
    of: Building,
    use: Use,
    outdoor: Floats,
    behind: Floats,
    limits: Floats,
    start: Floats,
    step: float,
) -> tuple[BuildingCourse, Floats]:
    from diwen.loads.building_compiled import two_capacities

    inner = _MASS_TO_SURFACE * of.mass_area
    # Surfaces have no node here: room to mass is the way over them.
    over = _SURFACE_TO_AIR * of.inner_area
    between = inner * over / (inner + over)
    full = of.opaque * between / np.maximum(between - of.opaque, 1e-9)
    conductances = np.stack((between, full, np.asarray(of.windows, float)))
    room = _ROOM_CAPACITY * of.floor_area
    nodes = gains_of_nodes(of, use.internal, use.solar)
    gains = np.stack((nodes[0] + nodes[1], nodes[2]))
    begin = np.ascontiguousarray(np.stack((start, start)))
    heat, end, room_mean, mass = two_capacities(
        conductances, np.stack((room, of.capacity)), outdoor, behind, use.ventilation, gains,
        np.stack((use.heating, use.cooling)), limits, begin, step,
    )  # fmt: skip
    out = outdoor[:, None]
    direct = of.windows + use.ventilation
    lost = full * (mass - behind) + direct * (room_mean - out)
    gained = gains.sum(axis=0)
    stored = gained + heat - lost
    found = BuildingCourse(
        np.maximum(heat, 0.0), np.maximum(-heat, 0.0), end, mass, lost, stored, gained
    )
    return found, begin[1].copy()
