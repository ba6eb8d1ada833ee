"""A number of equal wells under a duty: heads, temperatures, checks, and what lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from diwen.design.well_check_heads import WellHeads
from diwen.design.well_check_result import WellCheck, WellChecks
from diwen.design.well_design import WellDesign
from diwen.design.well_sizing_course import UnitCourse, WellYears

# Checks of water and walls; the others bear on heat, which the temperatures judge.
HYDRAULIC = frozenset({
    "wellhead_pressure", "lifting", "effective_stress", "pump_submergence", "covered_screen",
    "seal_gradient", "screens_in_aquifer", "slot_velocity", "wall_velocity", "clogging_velocity",
    "extraction_velocity",
})  # fmt: skip
# A limit missed by so little is kept, K.
_KEPT = 0.01


@dataclass(frozen=True, eq=False)
class WellCandidate:
    """A number of equal wells under the duty; heads and temperatures belong together.

    Attributes
    ----------
    design : one of the wells with its duty and number
    unit : answer of its ground
    water : of the years
    heads : at the flow
    checks : of the design, the season among them
    low, high : limits of the returned water, °C; None where there is none
    """

    design: WellDesign
    unit: UnitCourse
    water: WellYears
    heads: WellHeads
    checks: WellChecks
    low: float | None
    high: float | None

    @property
    def count(self) -> int:
        """Wells."""
        return self.design.count

    @property
    def metres(self) -> float:
        """Drilled for all wells, m."""
        return self.design.count * self.design.well.depth

    @property
    def land(self) -> float | None:
        """Spacing squared for each well, m²; None for one well alone."""
        apart = self.design.spacing
        return None if apart is None or self.count == 1 else self.count * apart**2

    @property
    def coldest(self) -> float:
        """Lowest water of all years, that of the return, °C."""
        return float(self.water.lowest_return.min())

    @property
    def warmest(self) -> float:
        """Highest water of all years, that of the return, °C."""
        return float(self.water.highest_return.max())

    @property
    def keeps_temperatures(self) -> bool:
        """Whether the returned water keeps its limits in every year, to a hundredth of a kelvin."""
        cold = self.low is not None and self.coldest < self.low - _KEPT
        warm = self.high is not None and self.warmest > self.high + _KEPT
        return not cold and not warm

    @property
    def suffices(self) -> bool:
        """Temperatures kept, and no check refuses."""
        return self.keeps_temperatures and not self.checks.refused

    @property
    def warnings(self) -> tuple[WellCheck, ...]:
        """Checks of water and walls that warn, or find that the wellhead must bear pressure."""
        return tuple(
            check for check in self.checks.checks
            if check.id in HYDRAULIC
            and (check.verdict == "warning"
                 or (check.id == "wellhead_pressure" and (check.value or 0.0) > 0.0))
        )  # fmt: skip

    @property
    def largest_extraction(self) -> float:
        """Highest hour that all wells together can take within the limits, W; heat given with it
        in the same proportion."""
        share = self.unit.largest_share(self.low, self.high, self.count)
        return share * self.unit.duty.largest_extraction

    @property
    def costs(self) -> tuple[float, float, float]:
        """What is to be small: cold (K below 0 °C), injection head (m), drilled metres."""
        return -self.coldest, self.heads.injection, self.metres

    @property
    def shortfall(self) -> Shortfall | None:
        """What lacks; None where the temperatures are kept."""
        if self.keeps_temperatures:
            return None
        share = self.unit.largest_share(self.low, self.high, self.count)
        cold = max((self.low or -math.inf) - self.coldest, 0.0)
        warm = max(self.warmest - (math.inf if self.high is None else self.high), 0.0)
        side: Literal["extraction", "injection"] = "extraction" if cold >= warm else "injection"
        duty = self.unit.duty
        power = duty.largest_extraction if side == "extraction" else duty.largest_injection
        wells = math.ceil(self.count / share - 1e-9) if share > 0.0 else None
        metres = None if wells is None else (wells - self.count) * self.design.well.depth
        return Shortfall(side, (1.0 - share) * power, max(cold, warm), metres, wells, share)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages: m, m³/s, W, °C."""
        design, water, lack = self.design, self.water, self.shortfall
        return {
            "wells": self.count,
            "depth": design.well.depth,
            "metres": self.metres,
            "screens": [
                {"injection": [p.injection.top, p.injection.bottom],
                 "extraction": [p.extraction.top, p.extraction.bottom],
                 "seal": p.seal.length, "share": p.share}
                for p in design.well.pairs
            ],
            "flow": design.flow,
            "spacing": design.spacing,
            "cell_radius": design.cell_radius,
            "land": self.land,
            "extraction": design.extraction,
            "injection": design.injection,
            "drop": water.drop,
            "rise": water.rise,
            "injection_head": self.heads.injection,
            "drawdown": self.heads.extraction,
            "lowest_return": water.lowest_return.tolist(),
            "lowest_pumped": water.lowest_pumped.tolist(),
            "highest_return": water.highest_return.tolist(),
            "highest_pumped": water.highest_pumped.tolist(),
            "mean": water.mean.tolist(),
            "limits": {"lowest_return": self.low, "highest_return": self.high},
            "largest_extraction": self.largest_extraction,
            "suffices": self.suffices,
            "shortfall": None if lack is None else lack.as_dict(),
            "failures": [check.id for check in self.checks.failures],
            "warnings": [check.id for check in self.warnings],
            "cells": self.unit.cells,
        }  # fmt: skip


@dataclass(frozen=True)
class Shortfall:
    """By how much wells fall short of a duty.

    Attributes
    ----------
    side : of the heat that is too much
    power : of the highest hour that the wells cannot do, all together, W
    temperature : by which the returned water leaves its limit, K
    metres : to drill more with wells of the same shape, flow and spacing, m; None: none would do
    wells : of them, all together
    share : of the duty that can be done
    """

    side: Literal["extraction", "injection"]
    power: float
    temperature: float
    metres: float | None
    wells: int | None
    share: float

    def as_dict(self) -> dict[str, Any]:
        """Plain data: W, K, m."""
        return {
            "side": self.side, "power": self.power, "temperature": self.temperature,
            "metres": self.metres, "wells": self.wells, "share": self.share,
        }  # fmt: skip
