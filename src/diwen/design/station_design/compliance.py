"""The compliance list of a design: every rule with value, limit, margin and status."""

from __future__ import annotations

from diwen.design.station_design.compliance_rows_source import source_rows
from diwen.design.station_design.compliance_rows_system import system_rows
from diwen.design.station_design.compliance_rows_units import unit_rows
from diwen.design.station_design.compliance_rows_water import water_rows
from diwen.design.station_design.design_result import GROUPS, ComplianceRow, StationDesign
from diwen.design.well_check_rules import WellRules


def compliance_of(design: StationDesign) -> tuple[ComplianceRow, ...]:
    """Every rule that holds on the day of the design in its region, by group.

    Parameters
    ----------
    design : with its run and plant
    """
    rules = WellRules.on(design.day, design.site.place.region or None)
    parts = (source_rows, unit_rows, system_rows, water_rows)
    found = [row for part in parts for row in part(design, rules) if row is not None]
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda row: order.index(row.group)))
