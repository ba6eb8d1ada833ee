"""The whole record of a test on a standing column well, from before the pump started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OpenWellRecord:
    """What a test on an open well recorded besides the series that is evaluated.

    Attributes
    ----------
    time : since the start of heating, negative before it, s, shape (n,)
    power : heat into the well, W, shape (n,)
    temperature : mean of the water going in and coming out, °C, shape (n,)
    outlet : water coming from the well, °C, shape (n,); None if not measured
    flow : circulated, kg/s, shape (n,); None if not measured
    bleed : bled off, kg/s, shape (n,), NaN where not measured; None without that meter
    levels : readings of loggers, m of water, by role (``well_level``, ``other_level``), shape (n,)
    logger_temperatures : °C, by role (``well_temperature``, ``other_temperature``), shape (n,)
    """

    time: Floats
    power: Floats
    temperature: Floats
    outlet: Floats | None
    flow: Floats | None
    bleed: Floats | None
    levels: Mapping[str, Floats]
    logger_temperatures: Mapping[str, Floats]
