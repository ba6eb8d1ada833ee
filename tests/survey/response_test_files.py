"""Files of response tests whose answer is known, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.special import exp1

LENGTH, RADIUS = 100.0, 0.075
CONDUCTIVITY, RESISTANCE, CAPACITY, UNDISTURBED = 2.0, 0.1, 2.2e6, 14.0
POWER = 5500.0


def fluid_temperature(seconds: np.ndarray, power: float = POWER) -> np.ndarray:
    """Infinite line source with a resistance, °C (Carslaw and Jaeger 1959, 10.4)."""
    rate = power / LENGTH
    argument = RADIUS**2 * CAPACITY / (4 * CONDUCTIVITY * np.maximum(seconds, 1e-9))
    wall = rate / (4 * np.pi * CONDUCTIVITY) * exp1(argument)
    return UNDISTURBED + wall + rate * RESISTANCE * (seconds > 0)


def rows(hours: float = 60.0, step: float = 300.0) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since the start of heating and the mean fluid temperature."""
    seconds = np.arange(step, hours * 3600 + step, step)
    return seconds, fluid_temperature(seconds)


def plain(path: Path, separator: str = ",", hours: float = 60.0) -> Path:
    """A clean file: seconds, mean temperature, power."""
    seconds, mean = rows(hours)
    lines = [separator.join(("t [s]", "Tf [°C]", "P [W]"))]
    lines += [
        separator.join((f"{t:.0f}", f"{value:.5f}", f"{POWER:.1f}"))
        for t, value in zip(seconds, mean, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


KNOWN = (
    "--length", "100 m", "--diameter", "150 mm", "--undisturbed-temperature", "14 °C",
    "--heat-capacity", "2.2 MJ/(m3*K)",
)  # fmt: skip
