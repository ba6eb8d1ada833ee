"""Water in the ground around a well: layers, heads, limits of screens and well walls."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Aquifer": "column",
    "CirculationWell": "well",
    "DipoleHeads": "dipole_heads",
    "FlowSteps": "flow_steps",
    "GravelAnnulus": "well",
    "GroundColumn": "column",
    "Screen": "well",
    "ScreenHeads": "dipole_heads",
    "ScreenPair": "well",
    "WATER_HEAT_CAPACITY": "heat_arithmetic",
    "WellLoss": "well_loss",
    "annulus_bypass": "annulus",
    "at_reference_temperature": "viscosity",
    "block_heat": "thermal_front",
    "clogging_rate": "screen_velocity",
    "clogging_velocity": "screen_velocity",
    "conduction_to_ground": "annulus",
    "conductivity_at": "viscosity",
    "conductivity_for_wall": "screen_velocity",
    "confined_equivalent": "steady_flow",
    "cooper_jacob_drawdown": "theis",
    "critical_gradient": "seal_gradient",
    "drawdown_of_wells": "theis",
    "extraction_velocity": "screen_velocity",
    "flow_needed": "heat_arithmetic",
    "front_radius": "thermal_front",
    "gradient_of_seal": "seal_gradient",
    "heat_taken": "heat_arithmetic",
    "injection_head": "injection_pressure",
    "interaction_decay": "dipole_heads",
    "leakage_factor": "leaky",
    "leaky_drawdown": "leaky",
    "leaky_drawdown_of_steps": "leaky",
    "leaky_well_function": "leaky",
    "lifting_limit": "injection_pressure",
    "point_dipole_arrival": "thermal_front",
    "recovery_drawdown": "theis",
    "regional_flow_share": "thermal_front",
    "short_form_rise": "dipole_heads",
    "skin_head": "well_loss",
    "skin_of_zone": "well_loss",
    "slot_capacity": "screen_velocity",
    "smallest_cell_radius": "thermal_front",
    "smallest_conductivity": "injection_pressure",
    "steady_leaky_drawdown": "leaky",
    "submergence": "injection_pressure",
    "superposed": "flow_steps",
    "temperature_drop": "heat_arithmetic",
    "theis_drawdown": "theis",
    "theis_drawdown_of_steps": "theis",
    "thermal_retardation": "thermal_front",
    "thiem_difference": "steady_flow",
    "transfer_units": "annulus",
    "unconfined_drawdown": "steady_flow",
    "uplift_ratio": "injection_pressure",
    "vertical_effective_stress": "injection_pressure",
    "viscosity_ratio": "viscosity",
    "wall_capacity": "screen_velocity",
    "wall_velocity": "screen_velocity",
    "wellhead_pressure": "injection_pressure",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
