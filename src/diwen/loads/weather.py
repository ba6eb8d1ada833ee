"""Weather as everything above sees it: equal steps of one year or several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weather:
    """Weather of a place; what was not observed is None and never guessed.

    Attributes
    ----------
    dry_bulb : air temperature, °C, equal steps from 1 January 00:00 local standard time, whole
        years without 29 February, shape (n,)
    step : s
    relative_humidity : 0 to 1, shape (n,)
    global_horizontal : irradiance on the horizontal, W/m², shape (n,)
    direct_normal, diffuse_horizontal : irradiance, W/m², shape (n,)
    wind_speed : m/s, shape (n,)
    pressure : Pa, shape (n,)
    latitude, longitude : degrees, north and east positive; None: unknown
    utc_offset : hours of local standard time before UTC
    first_year : of the series; None: a typical year
    origin : ``measured``, ``typical`` or ``simulated``, and where from, for people
    notes : what was filled or assumed
    reference : the weather that yearly demands and design temperatures of the place refer to,
        where this one is a scenario made of it; None: this one itself
    """

    dry_bulb: Floats
    step: float = 3600.0
    relative_humidity: Floats | None = None
    global_horizontal: Floats | None = None
    direct_normal: Floats | None = None
    diffuse_horizontal: Floats | None = None
    wind_speed: Floats | None = None
    pressure: Floats | None = None
    latitude: float | None = None
    longitude: float | None = None
    utc_offset: float = 8.0
    first_year: int | None = None
    origin: str = ""
    notes: tuple[Text, ...] = ()
    reference: Weather | None = None

    @property
    def years(self) -> int:
        """Number of years."""
        return round(len(self.dry_bulb) * self.step / (8760 * 3600.0))
