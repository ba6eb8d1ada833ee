"""Frost on the coil of an air unit: share of time lost to defrosting, by temperature and humidity.

The form is that of the EPRI algorithm in the engineering reference of EnergyPlus (defrost on
demand, after Miller and Jaster): the coil stands at 0.82 T − 8.589 °C, frost grows with the
moisture that the air loses down to saturation there, and the share of time spent defrosting is
1 / (1 + 0.01446 / Δw), Δw in kg of water per kg of dry air. EnergyPlus stops it at 4.44 °C; here it
fades out between two temperatures. During defrosting no heat is delivered and, where the cycle is
reversed, some is taken back out of the water; that share (``withdrawal``) and the power while
defrosting are engineering defaults, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.moist_air import humidity_ratio
from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]

# Temperatures at which a map must have points so that the frosty band is not cut off, °C.
_BAND = np.arange(-12.0, 8.5, 1.0)


@dataclass(frozen=True)
class Frost:
    """How frost takes from an air unit.

    Attributes
    ----------
    relative_humidity : of the outdoor air, 0 to 1
    withdrawal : heat taken back while defrosting over the heat that would have been delivered
    power_share : power while defrosting over power while heating
    fades_from, fades_to : between these air temperatures the frost fades out, °C
    """

    relative_humidity: float = 0.8
    withdrawal: float = 0.3
    power_share: float = 0.6
    fades_from: float = 4.44
    fades_to: float = 7.0

    def factors(
        self, air: ArrayLike, relative_humidity: ArrayLike | None = None
    ) -> tuple[Floats, Floats]:
        """Capacity and power over those without frost.

        Parameters
        ----------
        air : outdoor air, °C
        relative_humidity : of each temperature; None: the usual one
        """
        humid = self.relative_humidity if relative_humidity is None else relative_humidity
        share = defrost_share(air, humid)
        fade = (self.fades_to - np.asarray(air, float)) / (self.fades_to - self.fades_from)
        share = share * np.clip(fade, 0.0, 1.0)
        capacity = np.maximum(1.0 - (1.0 + self.withdrawal) * share, 0.2)
        return capacity, 1.0 - (1.0 - self.power_share) * share


def defrost_share(air: ArrayLike, relative_humidity: ArrayLike) -> Floats:
    """Share of the running time that goes to defrosting, before it fades out in mild air.

    Parameters
    ----------
    air : outdoor air, °C
    relative_humidity : 0 to 1
    """
    temperature = np.asarray(air, float)
    coil = 0.82 * temperature - 8.589
    lost = humidity_ratio(temperature, relative_humidity) - humidity_ratio(coil, 1.0)
    return np.asarray(1.0 / (1.0 + 0.01446 / np.maximum(lost, 1e-6)))


def with_frost(dry: PerformanceMap, frost: Frost) -> PerformanceMap:
    """A heating map of an air unit without frost, made frosty.

    The source axis gets points at every kelvin of the frosty band.
    """
    outside = (dry.source[0] >= _BAND) | (dry.source[-1] <= _BAND)
    inside = _BAND[~outside]
    source = np.union1d(dry.source, inside)
    capacity, power = dry.at(source[:, None], dry.load[None, :])
    more, less = frost.factors(source)
    return PerformanceMap(
        dry.mode, source, dry.load, capacity * more[:, None], power * less[:, None],
        dry.tested_source, dry.tested_load, dry.origin,
    )  # fmt: skip
