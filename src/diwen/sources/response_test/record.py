"""What a thermal response test measured, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TestedBorehole:
    """The borehole under test and what was known of its ground before.

    Attributes
    ----------
    length : active length, m
    radius : radius of the bore, m
    heat_capacity : volumetric heat capacity of the ground, J/(m³·K)
    undisturbed_temperature : mean over the length, °C
    """

    __test__ = False

    length: float
    radius: float
    heat_capacity: float
    undisturbed_temperature: float


@dataclass(frozen=True, eq=False)
class TestSeries:
    """The series of a test. Heat is positive *into* the ground, as the heater delivers it.

    Attributes
    ----------
    time : since the start of heating, s, strictly increasing, shape (n,)
    power : heat into the ground, W, shape (n,)
    fluid_temperature : mean of inlet and outlet, °C, shape (n,)
    inlet, outlet : into and out of the borehole, °C, shape (n,); None if not measured
    flow : mass flow, kg/s, shape (n,); None if not measured
    ambient : air temperature, °C, shape (n,); None if not measured

    Before the first record the heat rate is taken as that of the first record from time 0 on,
    unless a record at time 0 exists.
    """

    __test__ = False

    time: Floats
    power: Floats
    fluid_temperature: Floats
    inlet: Floats | None = None
    outlet: Floats | None = None
    flow: Floats | None = None
    ambient: Floats | None = None
