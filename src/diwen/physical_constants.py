"""Numbers of nature that several models of the ground share."""

from __future__ import annotations

GRAVITY = 9.80665
"""Standard acceleration of gravity, m/s² (CGPM 1901)."""

WATER_DENSITY = 999.7
"""Of water at 10 °C, kg/m³ (IAPWS-95)."""

WATER_HEAT_CAPACITY = 4.19e6
"""Volumetric, of cold ground water, J/(m³·K) (IAPWS-95); exact to 0.3 % from 5 to 25 °C."""
