"""From survey and load to a complete design: sizing, heat balance, layout, uncertainty.

The arrays come first: a load, a :class:`BoreField`, :class:`TemperatureLimits`, and :func:`size`.
Only ``of_site`` and what it uses (``site_*``) know a site folder; :func:`size_site` is their door.
The door is opened on demand, so that reading a site file does not load the numerics.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "AbstractionDesign": "well_group_design",
    "BoreField": "bore_field",
    "Cost": "layout_search",
    "Efficiency": "efficiency",
    "FieldResponse": "field_response",
    "GroupWell": "well_group_design",
    "HourlyBuildingLoad": "building_load",
    "HourlyGroundLoad": "ground_load",
    "InputSpread": "length_uncertainty",
    "MonthlyBuildingLoad": "building_load",
    "MonthlyGroundLoad": "ground_load",
    "PlantEfficiency": "efficiency",
    "Plot": "layout_search",
    "TemperatureLimits": "bore_field",
    "WellDesign": "well_design",
    "abstraction_design_of_site": "site_well_checks",
    "balance_of_site": "yearly_balance",
    "DesignOptions": "station_design.design_result",
    "StationDesign": "station_design.design_result",
    "check_well": "well_checks",
    "check_well_group": "well_group_checks",
    "design_of_site": "station_design.run_design",
    "economics_of_site": "economics.of_site",
    "judge_products_of_site": "well_products",
    "layouts_of_site": "site_layouts",
    "read_load_file": "load_file",
    "read_obstacles": "plot_file",
    "read_plot": "plot_file",
    "recharge_effect": "heat_balance",
    "recharge_for_length": "heat_balance",
    "search_layouts": "layout_search",
    "size": "sizing",
    "size_pairs_of_site": "site_pair_sizing",
    "size_site": "site_sizing",
    "size_wells_of_site": "site_well_sizing",
    "sizing_input": "of_site",
    "study_well_group": "well_group_study",
    "study_wells": "well_study",
    "trajectory": "heat_balance",
    "well_checks_of_site": "site_well_checks",
    "well_design_of_site": "site_well_checks",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
