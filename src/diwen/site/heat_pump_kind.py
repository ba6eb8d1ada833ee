"""What is usual for a kind of heat pump: the rule rows that complete its rated points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from diwen.site.heat_pumps import HeatPump, HeatPumpType
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.completion import Completion
    from diwen.plant.defrost import Frost
    from diwen.plant.performance_map import PartLoad

Mode = Literal["heating", "cooling"]
Range = tuple[float, float]

_HEAD = "default.heat_pump"
_AIR_SOURCE = ("air_water", "air_air")
_AIR_LOAD = ("water_air", "brine_air", "air_air")


def draws_on_air(kind: HeatPumpType) -> bool:
    """Whether its source is the outdoor air."""
    return kind in _AIR_SOURCE


def completion(kind: HeatPumpType, mode: Mode) -> Completion:
    """Usual values of a kind of heat pump in one mode."""
    from diwen.plant.completion import Completion

    source = "air" if kind in _AIR_SOURCE else "liquid"
    load = "air" if kind in _AIR_LOAD else "liquid"
    slope = "heating.per_evaporation." + source if mode == "heating" else "cooling.per_evaporation"
    return Completion(
        source_approach=_row(f"{mode}.source_approach.{source}"),
        load_approach=_row(f"{mode}.load_approach.{load}"),
        approach_spread=_row("approach_spread"),
        per_evaporation=_row(slope),
        per_condensation=_row(f"{mode}.per_condensation"),
        slope_spread=_row("slope_spread"),
        per_lift=_row("per_lift"),
        lift_spread=_row("lift_spread"),
        carnot_fraction=_row(f"carnot_fraction.{source}"),
        least_lift=_row("least_lift"),
        suction_margin=_row("suction_margin"),
    )


def frost(kind: HeatPumpType, mode: Mode) -> Frost | None:
    """The usual frost of an air unit that heats; None for all others."""
    if mode != "heating" or kind not in _AIR_SOURCE:
        return None
    from diwen.plant.defrost import Frost

    return Frost(
        _row("frost.relative_humidity"), _row("frost.withdrawal"), _row("frost.power_share")
    )


def ranges(kind: HeatPumpType, mode: Mode) -> tuple[Range, Range]:
    """Source and load temperatures that a map covers at least, °C: what a year can bring."""
    if mode == "cooling":
        return (-10.0, 60.0), (0.0, 35.0) if kind in _AIR_LOAD else (-20.0, 30.0)
    source = (-45.0, 45.0) if kind in _AIR_SOURCE else (-25.0, 45.0)
    if kind == "steam":
        return (-10.0, 110.0), (60.0, 180.0)
    return source, (10.0, 60.0) if kind in _AIR_LOAD else (20.0, 90.0)


def usual_part_load(unit: HeatPump) -> PartLoad:
    """Part load by the way the capacity is set; one speed where it is unknown."""
    return part_load_by_compressor(
        unit.compressor, unit.stages, unit.minimum_part_load, unit.part_load_degradation
    )


def part_load_by_compressor(
    compressor: str, stages: int, minimum: float | None, cycling: float | None
) -> PartLoad:
    """Part load of a unit of which only the kind of its compressor is known.

    Parameters
    ----------
    compressor : ``fixed``, ``staged``, ``inverter`` or empty
    stages : of a staged one
    minimum : smallest share of full load; None: not known
    cycling : C_c of EN 14825; None: not known
    """
    from diwen.plant import part_load_curves

    loss = _row("cycling") if cycling is None else cycling
    if compressor == "inverter":
        least = _row("inverter.minimum") if minimum is None else min(max(minimum, 0.02), 0.95)
        # A unit that cannot go down that far is best half-way.
        best = max(_row("inverter.best"), 0.5 * (1.0 + least) if least > 0.4 else 0.0)
        gains = _row("inverter.gain"), _row("inverter.at_minimum")
        return part_load_curves.inverter(least, best, *gains, loss)
    if compressor == "staged":
        return part_load_curves.staged(max(stages, 1), loss, _row("staged.gain"))
    if not compressor and minimum:
        return part_load_curves.quadratic(0.0, 1.0, 0.0, min(minimum, 1.0), loss)
    return part_load_curves.fixed_speed(loss)


def cycling_of(unit: HeatPump) -> float:
    """C_c of EN 14825: what the site gives, else the usual one."""
    given = unit.part_load_degradation
    return _row("cycling") if given is None else given


def chilled_difference() -> float:
    """Usual difference of chilled water with simultaneous heating and cooling, K."""
    return _row("simultaneous.chilled_difference")


def _row(name: str) -> float:
    return usual_value(f"{_HEAD}.{name}")
