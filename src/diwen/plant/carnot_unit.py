"""A heat pump as a Carnot fraction between approach temperatures: the form that extrapolates.

The refrigerant evaporates below the fluid it cools and condenses above the fluid it warms; between
these two temperatures the machine reaches a fraction of what a Carnot machine would:

    heating: COP = η T_c / (T_c − T_e)        cooling: EER = η T_e / (T_c − T_e)

with T_e and T_c in K. Throttling wastes more the further the two are apart, so η falls a little
with the lift: η = η_0 exp(−k (T_c − T_e − reference lift)), k of some thousandths per kelvin. The
compressor moves a nearly constant volume, so the capacity follows the
density of the vapour it draws (ln of it is nearly a line in 1/T_e, with a slope of about 3 %/K for
the usual refrigerants) and the heat each kilogram takes up (falling with T_c): both are written as
exponentials, which keep it positive at every temperature.

Limits of the form are explicit: a compressor needs a least pressure ratio, so the lift is not
counted below ``least_lift``; the suction pressure is limited, so the capacity stops rising at
``highest_evaporation``; heat delivered is never less than the work put in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]
ZERO_CELSIUS = 273.15
HIGHEST_FRACTION = 0.85
"""No machine of the market is closer to Carnot than that."""


@dataclass(frozen=True)
class CarnotUnit:
    """One unit in one mode at full load.

    Attributes
    ----------
    mode : ``heating`` or ``cooling``
    carnot_fraction : η_0, at the reference lift, below 1
    source_approach : distance of the refrigerant from the fluid entering from the source, K, above
        0; contains the spread of that fluid
    load_approach : distance of the refrigerant from the fluid leaving towards the load, K, at
        least 0
    capacity : at the reference, W
    reference_evaporation, reference_condensation : of ``capacity``, °C
    per_evaporation : relative rise of the capacity per kelvin of evaporation at the reference,
        1/K, at least 0
    per_condensation : relative fall of the capacity per kelvin of condensation, 1/K, at least 0
    per_lift : relative fall of the Carnot fraction per kelvin of lift, 1/K, at least 0
    least_lift : T_c − T_e below which the COP rises no more, K
    highest_evaporation : °C above which the capacity rises no more
    """

    mode: str
    carnot_fraction: float
    source_approach: float
    load_approach: float
    capacity: float
    reference_evaporation: float
    reference_condensation: float
    per_evaporation: float
    per_condensation: float
    per_lift: float = 0.0
    least_lift: float = 15.0
    highest_evaporation: float = np.inf

    def refrigerant(self, source: ArrayLike, load: ArrayLike) -> tuple[Floats, Floats]:
        """Evaporation and condensation temperature, °C.

        Parameters
        ----------
        source : entering from the source, °C
        load : leaving towards the load, °C
        """
        at_source, at_load = np.broadcast_arrays(np.asarray(source, float), np.asarray(load, float))
        if self.mode == "heating":
            return at_source - self.source_approach, at_load + self.load_approach
        return at_load - self.load_approach, at_source + self.source_approach

    def efficiency(self, source: ArrayLike, load: ArrayLike) -> Floats:
        """COP while heating, EER while cooling, at °C."""
        evaporation, condensation = self.refrigerant(source, load)
        lift = np.maximum(condensation - evaporation, self.least_lift)
        reference = self.reference_condensation - self.reference_evaporation
        fraction = self.carnot_fraction * np.exp(-self.per_lift * (lift - reference))
        fraction = np.minimum(fraction, HIGHEST_FRACTION)
        cold = evaporation + ZERO_CELSIUS
        if self.mode == "heating":
            # Below the least lift it condenses as warm as its pressures ask, not as the load does.
            return np.maximum(fraction * (cold + lift) / lift, 1.0)
        return np.asarray(fraction * cold / lift)

    def performance(self, source: ArrayLike, load: ArrayLike) -> tuple[Floats, Floats]:
        """Capacity and electric power, W, at °C."""
        evaporation, condensation = self.refrigerant(source, load)
        limited = np.minimum(evaporation, self.highest_evaporation)
        # ln of the vapour's density over temperature is nearly a line in 1/T (Clausius, Clapeyron).
        curved = (self.reference_evaporation + ZERO_CELSIUS) / (limited + ZERO_CELSIUS)
        exponent = self.per_evaporation * curved * (limited - self.reference_evaporation)
        exponent -= self.per_condensation * (condensation - self.reference_condensation)
        capacity = self.capacity * np.exp(exponent)
        return capacity, capacity / self.efficiency(source, load)

    def over(
        self,
        source: Floats,
        load: Floats,
        tested_source: tuple[float, float],
        tested_load: tuple[float, float],
        origin: str = "",
    ) -> PerformanceMap:
        """The unit as a map over two ascending axes, °C, shapes (ns,) and (nl,)."""
        capacity, power = self.performance(source[:, None], load[None, :])
        return PerformanceMap(
            self.mode, source, load, capacity, power, tested_source, tested_load, origin
        )


def carnot_limit(mode: str, source: ArrayLike, load: ArrayLike) -> Floats:
    """Highest COP (cooling: EER) that nature allows between two fluids, inf without a lift.

    Parameters
    ----------
    mode : ``heating`` or ``cooling``
    source : temperature at the source, °C
    load : temperature at the load, °C
    """
    at_source, at_load = np.broadcast_arrays(np.asarray(source, float), np.asarray(load, float))
    lift = at_load - at_source if mode == "heating" else at_source - at_load
    with np.errstate(divide="ignore"):
        return np.where(lift > 0.0, (at_load + ZERO_CELSIUS) / np.maximum(lift, 0.0), np.inf)
