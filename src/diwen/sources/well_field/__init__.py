"""Several wells that feel each other: doublets, polygons, irregular fields, regional flow."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "ArrivalKernel": "coupled_wells",
    "Arrivals": "arrivals",
    "CirculationField": "circulation_field",
    "CoupledCourse": "coupled_wells",
    "Doublet": "doublet",
    "ExchangedCourse": "exchanged_doublet",
    "FieldCells": "no_flow_cell",
    "FieldModel": "no_flow_cell",
    "PlaneWells": "potential_flow",
    "Plume": "plume",
    "PlumeSize": "plume",
    "StraightBoundary": "potential_flow",
    "cell_radius": "no_flow_cell",
    "choose_field_model": "no_flow_cell",
    "darcy_flux": "potential_flow",
    "field_cells": "no_flow_cell",
    "layered_stream_table": "layered_table",
    "largest_spacing_with_feedback": "doublet",
    "march_exchanged": "exchanged_doublet",
    "march_wells": "coupled_wells",
    "neighbour_reach": "plume",
    "plume_difference": "plume",
    "plume_sizes": "plume",
    "polygon_breakthrough": "doublet",
    "steady_feedback_drop": "doublet",
    "streamlines": "potential_flow",
    "trace_arrivals": "potential_flow",
    "trace_circulation": "circulation_field",
    "well_field_source_model": "field_source",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
