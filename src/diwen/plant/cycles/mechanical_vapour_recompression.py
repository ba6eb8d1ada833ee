"""Mechanical vapour recompression: the vapour of a process is compressed and boils it again.

The source is the vapour itself, so the lift is only what the exchanger and the rise of the boiling
point need, and the ratio of heat to electricity is many times that of a closed machine.
"""

from __future__ import annotations

from diwen.plant.cycles.compressor import Compressor
from diwen.plant.cycles.cycle import Component, Cycle
from diwen.plant.cycles.limits import Limits, refuse_numbers, refuse_temperatures
from diwen.plant.cycles.refrigerant import refrigerant_of
from diwen.plant.cycles.steam_compression import compress_steam

_STANDARD = Compressor()
_LIMITS = Limits(lowest_pressure=0.0)


def recompress_vapour(
    boiling: float,
    condensation: float,
    *,
    boiling_point_rise: float = 0.0,
    stages: int = 1,
    compressor: Compressor = _STANDARD,
    limits: Limits = _LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """Water vapour taken from a boiling process, compressed, condensed.

    Parameters
    ----------
    boiling : of the process, °C
    condensation : at which the compressed vapour gives its heat back, °C
    boiling_point_rise : of the solution over pure water, K; the vapour leaves superheated by it
    stages : of compression, each sprayed to saturation with condensate
    heat : given off, condensate leaving saturated, W

    Raises
    ------
    diwen.problems.InputError : temperatures or discharge out of reach
    """
    refuse_numbers(boiling_point_rise=(boiling_point_rise, 0.0, 60.0))
    water = refrigerant_of("Water")
    refuse_temperatures(water, boiling - boiling_point_rise, condensation, limits)
    vapour = water.suction(boiling - boiling_point_rise, boiling_point_rise)
    condensate = water.liquid(condensation)
    parts, states, made = compress_steam(
        vapour,
        condensate.pressure,
        condensate,
        stages=stages,
        compressor=compressor,
        limits=limits,
    )
    last = states[f"steam {stages}"]
    given = made * (last.enthalpy - condensate.enthalpy)
    condenser = Component(
        "condenser", ((made, last), (-made, condensate)), -given, 0.0, condensation
    )
    # What the process evaporates: from the condensate that leaves, to its vapour.
    taken = vapour.enthalpy - condensate.enthalpy
    process = Component(
        "process", ((1.0, condensate), (-1.0, vapour)), taken, 0.0, max(boiling, condensation)
    )
    first = states["steam discharge 1"]
    whole = Cycle(
        f"vapour recompression, {stages} stages", given, taken,
        sum(part.work for part in parts) / compressor.motor_efficiency,
        (process, *parts, condenser), {"vapour": vapour, "condensate": condensate, **states},
        {f"steam compressor {k}": states[f"steam discharge {k}"].temperature
         for k in range(1, stages + 1)},
        compressor.sweeps(vapour, first),
    )  # fmt: skip
    return whole.scaled(heat / whole.heat)
