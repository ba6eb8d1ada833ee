"""What age takes: maps of a unit that is older, fouled or short of refrigerant.

The twin applies a yearly loss of efficiency itself (``Unit.degradation``); these maps are for a
unit that is looked at as it is today.
"""

from __future__ import annotations

from dataclasses import replace

from diwen.plant.performance_map import PerformanceMap


def aged(new: PerformanceMap, years: float, yearly_loss: float) -> PerformanceMap:
    """Efficiency falls by a share each year, capacity stays: power grows as (1 − loss)^−years.

    Parameters
    ----------
    new : the map of the new unit
    years : of age, at least 0
    yearly_loss : share of the efficiency lost each year, 0 to below 1
    """
    return degraded(new, 1.0, (1.0 - yearly_loss) ** years)


def degraded(new: PerformanceMap, capacity: float, efficiency: float) -> PerformanceMap:
    """A map with capacity and efficiency multiplied by a share each.

    Parameters
    ----------
    new : the map of the new unit
    capacity, efficiency : over those of the new unit, above 0
    """
    return replace(new, capacity=new.capacity * capacity, power=new.power * (capacity / efficiency))
