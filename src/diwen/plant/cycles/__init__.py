"""Thermodynamic cycles: what a heat pump can do, from the properties of its working fluid.

One stage, internal exchanger, two stages with vapour injection, cascade, transcritical CO2, steam
by compression, mechanical vapour recompression. Every cycle is a function that returns a
:class:`~.cycle.Cycle` of known components, each of which closes the first law and destroys no
entropy; :func:`~.cycle_map.cycle_map` turns any of them into a
:class:`~diwen.plant.performance_map.PerformanceMap`, and :mod:`.carnot_plausibility` judges what a
maker states. Properties are CoolProp's (Bell et al. 2014, Ind. Eng. Chem. Res. 53, 2498-2508),
loaded when a fluid is first asked for.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "CO2_LIMITS": "transcritical",
    "Claim": "carnot_plausibility",
    "Component": "cycle",
    "Compressor": "compressor",
    "Cycle": "cycle",
    "CycleMap": "cycle_map",
    "Feed": "steam_compression",
    "Judgement": "carnot_plausibility",
    "Limits": "limits",
    "Refrigerant": "refrigerant",
    "State": "refrigerant",
    "VACUUM_ALLOWED": "limits",
    "balanced_intermediate": "cascade_cycle",
    "best_intermediate": "cascade_cycle",
    "between_waters": "cycle_map",
    "carnot_cop": "carnot_plausibility",
    "cascade_of": "cascade_cycle",
    "compress_steam": "steam_compression",
    "economiser_cycle": "two_stage",
    "equal_carnot_intermediate": "cascade_cycle",
    "gas_cooler_cycle": "transcritical",
    "judge_claim": "carnot_plausibility",
    "judge_steam_claim": "carnot_plausibility",
    "lorenz_cop": "carnot_plausibility",
    "map_of_cycle": "cycle_map",
    "needed_carnot_fraction": "carnot_plausibility",
    "of_two_cops": "cascade_cycle",
    "optimum_gas_cooler_cycle": "transcritical",
    "recompress_vapour": "mechanical_vapour_recompression",
    "refrigerant_of": "refrigerant",
    "single_stage": "simple_cycle",
    "single_stage_with_exchanger": "exchanger_cycle",
    "steam_from": "steam_compression",
}
__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
