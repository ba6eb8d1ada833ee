"""Heat asked of a flow of well water, whatever wells it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.sources.aquifer.heat_arithmetic import temperature_drop


@dataclass(frozen=True)
class SeasonCourse:
    """Water of the wells over a season of hours, computed by some model.

    Attributes
    ----------
    lowest_return, highest_return : of the water that goes back, °C
    model : which model found them
    """

    lowest_return: float
    highest_return: float
    model: Text


@dataclass(frozen=True)
class YearsCourse:
    """Water of the wells through the planned years, computed by some model.

    Attributes
    ----------
    lowest_return, highest_return : of the water that goes back in each year, in hours with a load,
        °C; nan in a year without
    model : which model found them
    missing : keys of the data without which the years are milder here than they will be
    """

    lowest_return: tuple[float, ...]
    highest_return: tuple[float, ...]
    model: Text
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class WaterDuty:
    """What water and heat have to do with each other at design.

    Attributes
    ----------
    flow : pumped, m³/s
    undisturbed_temperature : of the water, °C
    extraction, injection : heat rate taken from and given to this flow, W, 0 or more
    bypass : share of the returned water that is pumped again at once
    lowest_return, highest_return : own limits of the returned water, °C
    season : temperatures of a season of hours, where a model found them
    years : of the planned years, likewise
    """

    flow: float
    undisturbed_temperature: float | None = None
    extraction: float | None = None
    injection: float | None = None
    bypass: float = 0.0
    lowest_return: float | None = None
    highest_return: float | None = None
    season: SeasonCourse | None = None
    years: YearsCourse | None = None

    @property
    def return_temperature(self) -> float | None:
        """Of the water that goes back at design extraction, from untouched ground, °C.

        What leaks past the seal is pumped again at once: the drop of the rest grows by
        ``1 / (1 - bypass)``.
        """
        if self.undisturbed_temperature is None or self.extraction is None:
            return None
        drop = float(temperature_drop(self.extraction, self.flow))
        return self.undisturbed_temperature - drop / (1.0 - self.bypass)

    @property
    def viscosity_ratio(self) -> float:
        """Of the returned water at design against that of the ground, 1 or more."""
        from diwen.sources.aquifer.viscosity import viscosity_ratio

        back = self.return_temperature
        if back is None or self.undisturbed_temperature is None:
            return 1.0
        return max(1.0, float(viscosity_ratio(max(back, 0.0), self.undisturbed_temperature)))

    def lowest(self, rules: WellRules) -> float:
        """Own limit of the returned water, else the lower end of the usual one, °C."""
        if self.lowest_return is not None:
            return self.lowest_return
        return rules.value("well.return_temperature")

    def room(self, rules: WellRules) -> float | None:
        """From ground at rest to the lowest return, less what the bypass costs, K."""
        if self.undisturbed_temperature is None:
            return None
        return (self.undisturbed_temperature - self.lowest(rules)) * (1.0 - self.bypass)
