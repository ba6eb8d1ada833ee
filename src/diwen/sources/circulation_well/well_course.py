"""What a finite-volume run of a circulation well tells: water temperatures, heat, how it closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WellCourse:
    """Course of a circulation well, one value per step, at the end of the step.

    Heats are sums since the start, J. Heat that water carries through the far boundary, or away
    as bleed, is counted from ``reference_temperature``.

    Attributes
    ----------
    step : s
    flow : pumped, as computed (after rounding to levels), m³/s, shape (nt,)
    load : heat taken from the pumped water, extraction positive, W, shape (nt,)
    pumped : water at the pump, °C, shape (nt,); at rest the water beside the extraction screens
    returned : water given back, °C, shape (nt,); at rest as ``pumped``
    formation : water taken from the ground, before any bypass, °C, shape (nt,)
    stored : change of the heat in the ground, J, shape (nt,)
    entered : heat that came through the far boundary and the surface, carried and conducted, J,
        shape (nt,)
    bled : heat that left with the bleed, J, shape (nt,)
    displaced : heat by which the cells differ from their natural state at the end, amounts added
        up, J
    reference_temperature : °C
    temperature : of the cells at the end, °C, shape (nz, nr)
    natural_temperature : of the rows without a well, °C, shape (nz,)
    kept : temperatures of the cells after chosen steps, °C, shape (nz, nr) each
    """

    step: float
    flow: Floats
    load: Floats
    pumped: Floats
    returned: Floats
    formation: Floats
    stored: Floats
    entered: Floats
    bled: Floats
    displaced: float
    reference_temperature: float
    temperature: Floats
    natural_temperature: Floats
    kept: Mapping[int, Floats] = field(default_factory=dict)

    @property
    def hours(self) -> Floats:
        """Ends of the steps since the start, h, shape (nt,)."""
        return np.arange(1.0, len(self.flow) + 1.0, dtype=np.float64) * (self.step / 3600.0)

    @property
    def extracted(self) -> Floats:
        """Heat taken by the load since the start, J, shape (nt,)."""
        return np.cumsum(self.load * self.step)

    @property
    def stored_heat_change(self) -> float:
        """Of the whole run, J."""
        return float(self.stored[-1])

    @property
    def boundary_heat(self) -> float:
        """That entered through the far boundary and the surface in the whole run, J."""
        return float(self.entered[-1])

    @property
    def energy_closure(self) -> float:
        """Heat that the balance of the run lost or made, over the largest heat in it.

        ``stored = entered - bled - extracted`` at every step; the largest error of any step over
        the largest of the four at any step, over the heat displaced in the ground where that
        is more, over a joule where nothing moved.
        """
        error = np.abs(self.stored - self.entered + self.bled + self.extracted).max()
        parts = (self.stored, self.entered, self.bled, self.extracted)
        largest = max(1.0, self.displaced, *(float(np.abs(part).max()) for part in parts))
        return float(error) / largest


@dataclass(frozen=True, eq=False)
class WellStepResponse:
    """Drop of the water taken from the ground after a step of -1 K of the returned water.

    Attributes
    ----------
    time : since the step, s, shape (nt,)
    flow : pumped, m³/s
    drop : K per K, shape (nt,), between 0 and 1; in the formation water, before any bypass. The
        pumped water drops by ``short_circuit + (1 - short_circuit) drop``
    short_circuit : share of the pumped water that came to the pump inside the well
    """

    time: Floats
    flow: float
    drop: Floats
    short_circuit: float

    @property
    def pumped_drop(self) -> Floats:
        """K per K in the water at the pump, shape (nt,)."""
        return self.short_circuit + (1.0 - self.short_circuit) * self.drop
