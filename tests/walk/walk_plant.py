"""A simulated ground-loop plant whose every answer is known: what really happened, hour by hour.

Nothing here is measured and nothing here uses Diwen. Powers are constant in quarter hours, so
energies, ratios, costs and shares are plain sums; the physics of water is taken from published
formulas of its own, not from Diwen's fluids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BEIJING = timedelta(hours=8)  # no clock change since 1991
FIRST, DAYS, STEP = date(2024, 11, 15), 365, 900
PER_DAY = 86400 // STEP
HOURS = STEP / 3600.0
PRICES = {"peak": 1.1, "flat": 0.75, "valley": 0.35}  # of the template, CNY/kWh

# What the delivery lacks: three hours of an afternoon in which the plant runs.
GAP = (datetime(2025, 1, 15, 13, 30), datetime(2025, 1, 15, 16, 30))
# The meter of unit 2 is exchanged at night, while the unit stands.
EXCHANGE = datetime(2024, 12, 20, 0, 0)


def density(celsius: Floats | float) -> Floats | float:
    """Density of water, kg/m³ (Kell 1975, rational form)."""
    t = celsius
    top = (
        999.83952 + 16.945176 * t - 7.9870401e-3 * t**2 - 46.170461e-6 * t**3
        + 105.56302e-9 * t**4 - 280.54253e-12 * t**5
    )  # fmt: skip
    return top / (1.0 + 16.87985e-3 * t)


def specific_heat(celsius: Floats | float) -> Floats | float:
    """Specific heat of water, J/(kg·K) (fit to IAPWS-95 at 1 bar, within 0.1 % up to 60 °C)."""
    t = celsius
    return 4217.4 - 3.720283 * t + 0.1412855 * t**2 - 2.654387e-3 * t**3 + 2.093236e-5 * t**4


@dataclass(frozen=True)
class Plant:
    """A year of the plant in quarter hours from 2024-11-15 00:00, Beijing time; (n,) arrays."""

    @cached_property
    def hour(self) -> Floats:
        """Local hour of the day at the beginning of each quarter hour."""
        return np.tile(np.arange(PER_DAY) * HOURS, DAYS)

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Days since the first one."""
        return np.repeat(np.arange(DAYS), PER_DAY)

    @cached_property
    def cold(self) -> Floats:
        """How cold the day is, 0 in the middle of summer to 1 in the middle of winter."""
        of_year = (self.day + FIRST.timetuple().tm_yday - 20) / 365.0
        return 0.5 * (1.0 + np.cos(2.0 * np.pi * of_year))

    def between(self, first: date, last: date) -> Mask:
        """The quarter hours of local days, both included."""
        return (self.day >= (first - FIRST).days) & (self.day <= (last - FIRST).days)

    def at(self, moment: datetime) -> int:
        """Number of the quarter hour that begins at a local moment."""
        return round((moment - datetime(FIRST.year, FIRST.month, FIRST.day)).total_seconds() / STEP)

    @cached_property
    def heating(self) -> Mask:
        return self.between(date(2024, 11, 15), date(2025, 3, 15))

    @cached_property
    def cooling(self) -> Mask:
        return self.between(date(2025, 5, 15), date(2025, 9, 15))

    def _clock(self, begin: float, end: float) -> Mask:
        return (self.hour >= begin) & (self.hour < end)

    # ---- thermal powers, kW
    @cached_property
    def heat1(self) -> Floats:
        return np.where(self.heating & self._clock(5, 22), 3.4 * (18.0 - self.outdoor), 0.0)

    @cached_property
    def heat2(self) -> Floats:
        return np.where(self.heating & self._clock(8, 18), 3.2 * (18.0 - self.outdoor), 0.0)

    @cached_property
    def cold1(self) -> Floats:
        return np.where(self.cooling & self._clock(9, 20), 80 - 20 * self.cold, 0.0)

    @cached_property
    def cold2(self) -> Floats:
        return np.where(self.cooling & self._clock(12, 17), 60.0, 0.0)

    @cached_property
    def water(self) -> Floats:
        """Hot water, made by unit 1 every night of the year."""
        return np.where(self._clock(2, 4), 25.0, 0.0)

    @cached_property
    def heater(self) -> Floats:
        """Electric back-up heater on the mornings of January, kW of heat and electricity."""
        january = self.between(date(2025, 1, 1), date(2025, 1, 31))
        return np.where(january & self._clock(6, 8), 12.0, 0.0)

    # ---- electricity, kW
    @cached_property
    def power1_space(self) -> Floats:
        return self.heat1 / 4.1 + self.cold1 / 5.2

    @cached_property
    def power1(self) -> Floats:
        return self.power1_space + self.water / 3.2

    @cached_property
    def power2(self) -> Floats:
        return self.heat2 / 3.9 + self.cold2 / 5.0

    @cached_property
    def power_source(self) -> Floats:
        return np.where(self.power1 + self.power2 > 0.0, 4.0, 0.0)

    @cached_property
    def power_load(self) -> Floats:
        return np.where(self.power1_space + self.power2 > 0.0, 3.0, 0.0)

    @cached_property
    def power_all(self) -> Floats:
        return self.power1 + self.power2 + self.power_source + self.power_load + self.heater

    # ---- ground, kW: taken out positive
    @cached_property
    def ground(self) -> Floats:
        heat, cold = self.heat1 + self.heat2 + self.water, self.cold1 + self.cold2
        return np.where(cold > 0.0, -(cold + self.power1 + self.power2), 0.0) + np.where(
            heat > 0.0, heat - self.power1 - self.power2, 0.0
        )

    @cached_property
    def source_flow(self) -> Floats:
        """m³/h: one pump of two at night, both by day."""
        both = np.where(self.power2 > 0.0, 54.0, 27.0)
        return np.where(self.power_source > 0.0, both, 0.0)

    @cached_property
    def stir(self) -> Floats:
        """A live circuit never stands still to the hundredth: ± 0.05 K, the same in both pipes."""
        return np.where(np.arange(self.hour.size) % 2 == 0, 0.05, -0.05)

    @cached_property
    def source_entering(self) -> Floats:
        level = np.where(self.cooling, 24.0, 10.0)
        return np.where(self.source_flow > 0.0, level + self.stir, 15.0)

    @cached_property
    def source_leaving(self) -> Floats:
        """From the first law and the properties of water at the mean temperature, °C."""
        leaving = self.source_entering.copy()
        flow = np.where(self.source_flow > 0.0, self.source_flow, 1.0) / 3600.0
        for _ in range(20):
            mean = 0.5 * (self.source_entering + leaving)
            leaving = self.source_entering - 1e3 * self.ground / (
                density(mean) * specific_heat(mean) * flow
            )
        return leaving

    # ---- load side
    @cached_property
    def load_heat(self) -> Floats:
        """Heat or cold that the units give to the load circuit, kW."""
        return self.heat1 + self.heat2 + self.cold1 + self.cold2

    @cached_property
    def load_entering(self) -> Floats:
        return np.where(self.cooling, 12.0, np.where(self.heating, 40.0, 20.0)) + self.stir

    @cached_property
    def load_leaving(self) -> Floats:
        """5 K warmer in winter and colder in summer, while the load pump runs, °C."""
        change = np.where(self.cooling, -5.0, 5.0)
        return self.load_entering + np.where(self.power_load > 0.0, change, 0.0)

    @cached_property
    def load_flow(self) -> Floats:
        """m³/h, as the heat at 5 K demands."""
        capacity = np.where(self.heating, 990.9 * 4179.0, 999.6 * 4193.0)
        return 1e3 * (self.load_heat + self.heater) / capacity / 5.0 * 3600.0

    # ---- surroundings
    @cached_property
    def outdoor(self) -> Floats:
        """°C, the same all day long: -8 in the depth of winter, 28 in summer."""
        return 28.0 - 36.0 * self.cold

    def room(self, name: str) -> Floats:
        """Room temperatures by the hour, °C; one room is cold at night, one too warm at noon."""
        hour = np.tile(np.arange(24), DAYS)
        winter = np.repeat(self.heating[::PER_DAY], 24)
        normal = {"south": 20.0, "north": 19.5, "top": 21.0}[name]
        value = np.where(winter, normal, 25.0)
        if name == "north":
            value = np.where(winter & (hour < 3), 16.5, value)
        if name == "top":
            value = np.where(winter & (hour >= 12) & (hour < 14), 25.0, value)
        return value

    def starts(self, unit: int, inside: Mask) -> int:
        """How often a unit starts among some quarter hours."""
        on = (self.power1 if unit == 1 else self.power2) > 0.0
        return int((on & ~np.concatenate([[False], on[:-1]]) & inside).sum())

    # ---- what an evaluation must find
    @staticmethod
    def energy(power: Floats, inside: Mask) -> float:
        """kWh of a power in kW."""
        return float(power[inside].sum() * HOURS)

    @cached_property
    def tariff(self) -> NDArray[np.str_]:
        """The price period of each quarter hour."""
        peak = self._clock(10, 13) | self._clock(17, 22)
        valley = self._clock(23, 24) | self._clock(0, 7)
        return np.where(peak, "peak", np.where(valley, "valley", "flat"))

    def cost(self, power: Floats, inside: Mask) -> dict[str, float]:
        """CNY by price period."""
        return {
            name: price * self.energy(power, inside & (self.tariff == name))
            for name, price in PRICES.items()
        }

    def month(self, text: str) -> Mask:
        """The quarter hours of a local month that lie in the year."""
        first = date.fromisoformat(f"{text}-01")
        following = (first + timedelta(days=31)).replace(day=1)
        return self.between(first, following - timedelta(days=1))

    def answers(self, inside: Mask) -> dict[str, float]:
        """Energies (kWh) and ratios of some quarter hours, by plain sums.

        Hot water counts as useful heat in the heating season; the electricity of an hour that
        makes only hot water in summer is not that of cooling.
        """
        winter, summer = inside & self.heating, inside & self.cooling
        cooled = summer & (self.load_heat > 0.0)
        units = self.power1 + self.power2
        found = {
            "heat": self.energy(self.heat1 + self.heat2 + self.water, winter),
            "cold": self.energy(self.cold1 + self.cold2, summer),
            "heat_pumps": self.energy(units, inside),
            "source_pumps": self.energy(self.power_source, inside),
            "load_pumps": self.energy(self.power_load, inside),
            "heaters": self.energy(self.heater, inside),
        }
        for name, hours, useful in (
            ("heating", winter, found["heat"]),
            ("cooling", cooled, found["cold"]),
        ):
            if not hours.any():
                continue
            unit, source, load, backup = (
                self.energy(power, hours)
                for power in (units, self.power_source, self.power_load, self.heater)
            )
            found[f"{name} system"] = useful / (unit + source + load)
            found[f"{name} H1"] = useful / unit
            found[f"{name} H2"] = useful / (unit + source)
            found[f"{name} H3"] = (useful + backup) / (unit + source + backup)
            found[f"{name} H4"] = (useful + backup) / (unit + source + load + backup)
        pumps = found["source_pumps"] + found["load_pumps"]
        found["pump share"] = 100.0 * pumps / (pumps + found["heat_pumps"])
        known = inside & ~self.gap()
        found["extraction"] = self.energy(np.maximum(self.ground, 0.0), known)
        found["injection"] = self.energy(np.maximum(-self.ground, 0.0), known)
        return found

    def gap(self) -> Mask:
        """What a gauge cannot tell: from the last record before the gap to the first after it."""
        number = np.arange(self.hour.size)
        return (number >= self.at(GAP[0]) - 1) & (number < self.at(GAP[1]))

    def local_times(self) -> list[datetime]:
        """Local wall time of the beginning of each quarter hour and of the end of the last one."""
        start = datetime(FIRST.year, FIRST.month, FIRST.day)
        return [start + timedelta(seconds=STEP * i) for i in range(self.hour.size + 1)]


def utc(local: datetime) -> datetime:
    """Beijing wall time as UTC."""
    return (local - BEIJING).replace(tzinfo=UTC)


PLANT = Plant()
