"""One door to the plant units of a site beside its heat pumps.

Each builder takes the site and an id of its table and gives what the twin runs; what was assumed on
the way is appended to ``notes``; what nothing can stand in for is refused with its cure.
"""

from __future__ import annotations

from diwen.site.plant_backups import backup_of, boiler_of, calorific_value_of
from diwen.site.plant_exchangers import exchanger_resistance_of
from diwen.site.plant_pumps import pump_group_of
from diwen.site.plant_recharge import recharge_of, tower_water_of
from diwen.site.plant_supply import supply_curve_of
from diwen.site.plant_tanks import tank_of

__all__ = [
    "backup_of",
    "boiler_of",
    "calorific_value_of",
    "exchanger_resistance_of",
    "pump_group_of",
    "recharge_of",
    "supply_curve_of",
    "tank_of",
    "tower_water_of",
]
