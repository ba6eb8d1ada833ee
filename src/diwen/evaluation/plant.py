"""What a boundary needs, and the meters that give it: useful heat and electricity of a plant.

Electricity: an exact cover of meters over the equipment of the boundary. A point whose equipment
is ``site`` covers everything the site file names, but only at a plant: the meter of a house or a
laboratory feeds more than the file knows.

Heat: an exact cover of heat meters over what makes the heat. An electric back-up heater may stand
before the heat meter (then the meter covers it too) or after it; either way its heat enters once,
and what has to be added or taken off is its electricity (every joule becomes heat).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from diwen.evaluation.amount import Refusal
from diwen.evaluation.cover import exact_cover, uncovered
from diwen.evaluation.energy import measured
from diwen.evaluation.heat import heat
from diwen.evaluation.heat_meters import CIRCUIT_NAMES, HeatMeter, heat_meters, measured_circuits
from diwen.evaluation.increments import Increments
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

#: A contribution and the sign with which it counts.
Term = tuple[Increments, int]
Group = Literal[
    "heat_pumps", "source_pumps", "load_pumps", "distribution_pumps", "heaters", "terminals",
    "controls",
]  # fmt: skip

#: The system of GB/T 50801: all units and all pumps, terminal fans excluded.
SYSTEM: tuple[Group, ...] = ("heat_pumps", "source_pumps", "load_pumps", "distribution_pumps")

_SOURCE_CIRCUITS = ("source", "well", "tower")
_LOAD_CIRCUITS = ("load", "hot_water", "cooling")
_LACKS = Text(
    "the electricity of {equipment} is not metered separately ({code})",
    "{equipment} 的用电未单独计量（{code}）",
)
_NO_RECORDS = Text(
    "the electricity meter {points} has no usable records in this period",
    "电能表 {points} 在本周期内无可用记录",
)
_HEAT_NOT_APART = Text(
    "the heat of {equipment} in the {circuit} is not metered apart from other units",
    "{equipment} 在{circuit}的热量未与其他设备分开计量",
)
_NO_UNITS = Text("the site names no heat pump", "项目未登记热泵机组")


def members(context: Context, group: Group) -> frozenset[str]:
    """Equipment ids of a group of the boundary schemes."""
    site = context.site
    if group == "heat_pumps":
        return frozenset(site.heat_pumps)
    if group == "heaters":
        return frozenset(site.heaters)
    if group == "controls":
        return frozenset(site.controls)
    if group == "terminals":
        # Only terminals with fans use electricity.
        return frozenset(id for id, item in site.terminals.items() if item.fan_power)
    if group == "source_pumps":
        towers = frozenset(site.cooling_towers)
        return towers | {i for i, pump in site.pumps.items() if pump.circuit in _SOURCE_CIRCUITS}
    circuits = _LOAD_CIRCUITS if group == "load_pumps" else ("distribution",)
    return frozenset(id for id, pump in site.pumps.items() if pump.circuit in circuits)


def equipment(context: Context, groups: Iterable[Group]) -> frozenset[str]:
    """Equipment ids of several groups.

    Raises
    ------
    Refusal : the site has no heat pump at all
    """
    if not context.site.heat_pumps:
        raise Refusal(_NO_UNITS)
    return frozenset[str]().union(*(members(context, group) for group in groups))


def electric_equipment(context: Context) -> frozenset[str]:
    """Everything the site file names that uses electricity."""
    groups: tuple[Group, ...] = (
        "heat_pumps", "source_pumps", "load_pumps", "distribution_pumps", "heaters", "terminals",
        "controls",
    )  # fmt: skip
    boilers = {id for id, boiler in context.site.boilers.items() if boiler.fuel == "electricity"}
    return (
        frozenset(context.site.chillers)
        | boilers
        | frozenset().union(*(members(context, group) for group in groups))
    )


@dataclass(frozen=True)
class _Wiring:
    """Electricity meters by what they cover."""

    with_records: dict[str, frozenset[str]]
    all: dict[str, frozenset[str]]


def _wiring(context: Context) -> _Wiring:
    """Of several points with the same coverage the register is preferred to the power."""
    everything = electric_equipment(context)
    chosen: dict[frozenset[str], Point] = {}
    declared: dict[frozenset[str], Point] = {}
    for quantity in ("electric_energy", "electric_power"):
        for point in context.points(quantity, "supply"):
            covered = frozenset(point.equipment)
            if "site" in covered:
                if context.site.kind != "plant":
                    continue
                covered = everything
            declared.setdefault(covered, point)
            if len(context.padded_series(point.id)):
                chosen.setdefault(covered, point)
    return _Wiring(
        {point.id: covered for covered, point in chosen.items()},
        {point.id: covered for covered, point in declared.items()},
    )


def electricity(context: Context, required: frozenset[str]) -> list[Term]:
    """The electricity of exactly this equipment, as signed contributions.

    Raises
    ------
    Refusal : the meters do not give it; the point that lacks is named
    """
    wiring = context.once("wiring", lambda: _wiring(context))
    found = exact_cover(required, wiring.with_records)
    if found is not None:
        return [(measured(context, context.site.point(id)), sign) for id, sign in found]
    silent = exact_cover(required, wiring.all)
    if silent is not None:
        names = sorted(id for id, _ in silent if id not in wiring.with_records)
        raise Refusal(_NO_RECORDS.format(points=", ".join(names)), names)
    lacking = uncovered(required, wiring.all)
    codes = [electricity_code(context, id) for id in lacking]
    raise Refusal(
        _LACKS.format(equipment=", ".join(lacking), code=", ".join(codes)),
        [f"{code} electric_energy supply {id}" for code, id in zip(codes, lacking, strict=True)],
    )


def electricity_code(context: Context, id: str) -> str:
    """Code of the point that meters the electricity of a piece of equipment (EH, EP, EA)."""
    table = context.site.equipment().get(id, "")
    return {"heat_pumps": "EH", "pumps": "EP"}.get(table, "EA") + f".{id}"


def unit_heat(
    context: Context,
    units: frozenset[str],
    heaters: frozenset[str],
    cooling: bool = False,
    hot_water: bool = True,
) -> list[Term]:
    """Useful heat (or cold) of heat pumps and back-up heaters, as signed contributions.

    Parameters
    ----------
    units : heat pumps of the boundary
    heaters : electric heaters inside the boundary; those outside are taken off where a heat
        meter counts them
    cooling : the cold instead of the heat
    hot_water : with the hot water, where it is metered apart

    Raises
    ------
    Refusal : the heat is not metered, or not apart from other units
    """
    circuits = measured_circuits(context)
    if cooling:
        return _circuit(context, "cooling" if "cooling" in circuits else "load", units, frozenset())
    terms = _circuit(context, "load", units, heaters)
    if hot_water and "hot_water" in circuits:
        served = frozenset().union(*(m.equipment for m in heat_meters(context, "hot_water")))
        terms += _circuit(context, "hot_water", units & served or units, heaters)
    return terms


def unit_source_heat(context: Context, units: frozenset[str]) -> list[Term]:
    """Heat that some heat pumps take from their source (below zero: put into it).

    Raises
    ------
    Refusal : not metered, or not apart from other units
    """
    return _circuit(context, "source", units, frozenset())


def _circuit(
    context: Context, circuit: str, units: frozenset[str], heaters: frozenset[str]
) -> list[Term]:
    meters = heat_meters(context, circuit)
    site = context.site
    makers = frozenset(site.heat_pumps) | frozenset(site.heaters) | frozenset(site.boilers)
    required = units | frozenset(id for id in heaters if site.heaters[id].circuit == circuit)
    contributions: dict[object, frozenset[str]] = {}
    groups: dict[frozenset[str], list[HeatMeter]] = {}
    for meter in meters:
        covered = makers if "site" in meter.equipment else meter.equipment & makers
        groups.setdefault(covered, []).append(meter)
    for covered, parallel in groups.items():
        contributions[tuple(parallel)] = covered
    for id in site.heaters:
        contributions[id] = frozenset([id])
    found = exact_cover(required, contributions)
    if found is None:
        lacking = uncovered(required, contributions) or sorted(required)
        code = meters[0].meter.place.code
        raise Refusal(
            _HEAT_NOT_APART.format(equipment=", ".join(lacking), circuit=CIRCUIT_NAMES[circuit]),
            [f"{code} heat_energy {circuit} {id}" for id in lacking],
        )
    return [term for key, sign in found for term in _contribution(context, key, sign)]


def _contribution(context: Context, key: object, sign: int) -> list[Term]:
    """The heat of parallel meters, or the electricity of a heater that becomes heat."""
    if isinstance(key, str):
        return [(part, sign * own) for part, own in electricity(context, frozenset([key]))]
    assert isinstance(key, tuple)
    return [(heat(context, meter), sign) for meter in key]


def each(terms: Iterable[Term], change: Callable[[Increments], Increments]) -> list[Term]:
    """The same terms with every contribution changed."""
    return [(change(part), sign) for part, sign in terms]
