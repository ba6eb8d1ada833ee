"""A number of equal wells under a duty: heads, temperatures, checks, and what lacks."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
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
KEPT = 0.01
"""A limit missed by so little is kept, K."""


@dataclass(frozen=True, eq=False)
class SizedWells(ABC):
    """Equal wells (or pairs of wells) under a duty; heads and temperatures belong together.

    Attributes
    ----------
    unit : answer of the ground of one of them
    water : of the years
    checks : of the design, the season among them
    low, high : limits of the returned water, °C; None where there is none
    """

    unit: UnitCourse
    water: WellYears
    checks: WellChecks
    low: float | None
    high: float | None

    @property
    @abstractmethod
    def count(self) -> int:
        """Wells, or pairs of wells."""

    @property
    @abstractmethod
    def depth(self) -> float:
        """Drilled for one of them, m."""

    @property
    @abstractmethod
    def land(self) -> float | None:
        """That all of them use, m²; None where not known, or for one alone."""

    @property
    @abstractmethod
    def injection_head(self) -> float:
        """Rise of the water where it goes back, m."""

    @property
    @abstractmethod
    def drawdown(self) -> float:
        """Of the water where it is taken, positive downwards, m."""

    @abstractmethod
    def shape(self) -> dict[str, Any]:
        """What tells this one from others, as plain data."""

    @property
    def metres(self) -> float:
        """Drilled for all of them, m."""
        return self.count * self.depth

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
        cold = self.low is not None and self.coldest < self.low - KEPT
        warm = self.high is not None and self.warmest > self.high + KEPT
        return not cold and not warm

    @property
    def margin(self) -> float:
        """From the returned water to the nearer of its limits, K; negative: beyond it."""
        low = math.inf if self.low is None else self.coldest - self.low
        high = math.inf if self.high is None else self.high - self.warmest
        return min(low, high)

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
        """Highest hour that all together can take within the limits, W; heat given with it in the
        same proportion."""
        share = self.unit.largest_share(self.low, self.high, self.count)
        return share * self.unit.duty.largest_extraction

    @property
    def costs(self) -> tuple[float, float, float]:
        """What is to be small: cold (K below 0 °C), injection head (m), drilled metres."""
        return -self.coldest, self.injection_head, self.metres

    @property
    def shortfall(self) -> Shortfall | None:
        """What lacks; None where the temperatures are kept."""
        if self.keeps_temperatures:
            return None
        share = self.unit.largest_share(self.low, self.high, self.count)
        cold = 0.0 if self.low is None else max(self.low - self.coldest, 0.0)
        warm = 0.0 if self.high is None else max(self.warmest - self.high, 0.0)
        side: Literal["extraction", "injection"] = "extraction" if cold >= warm else "injection"
        duty = self.unit.duty
        power = duty.largest_extraction if side == "extraction" else duty.largest_injection
        wells = math.ceil(self.count / share - 1e-9) if share > 0.0 else None
        metres = None if wells is None else (wells - self.count) * self.depth
        return Shortfall(side, (1.0 - share) * power, max(cold, warm), metres, wells, share)

    def as_dict(self) -> dict[str, Any]:
        """Plain data: m, m³/s, W, °C."""
        water, lack = self.water, self.shortfall
        return {
            "count": self.count,
            "metres": self.metres,
            "land": self.land,
            **self.shape(),
            "extraction": water.duty.largest_extraction,
            "injection": water.duty.largest_injection,
            "drop": water.drop,
            "rise": water.rise,
            "injection_head": self.injection_head,
            "drawdown": self.drawdown,
            "lowest_return": water.lowest_return.tolist(),
            "lowest_pumped": water.lowest_pumped.tolist(),
            "highest_return": water.highest_return.tolist(),
            "highest_pumped": water.highest_pumped.tolist(),
            "mean": water.mean.tolist(),
            "margin": finite(self.margin),
            "limits": {"lowest_return": self.low, "highest_return": self.high},
            "largest_extraction": finite(self.largest_extraction),
            "suffices": self.suffices,
            "shortfall": None if lack is None else lack.as_dict(),
            "failures": [check.id for check in self.checks.failures],
            "warnings": [check.id for check in self.warnings],
            "cells": self.unit.cells,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class WellCandidate(SizedWells):
    """Circulation or standing column wells.

    Attributes
    ----------
    design : one of the wells with its duty and number
    heads : at the flow
    """

    design: WellDesign
    heads: WellHeads

    @property
    def count(self) -> int:
        """Wells."""
        return self.design.count

    @property
    def depth(self) -> float:
        """Of one well, m."""
        return self.design.well.depth

    @property
    def land(self) -> float | None:
        """Spacing squared for each well, m²; None for one well alone."""
        apart = self.design.spacing
        return None if apart is None or self.count == 1 else self.count * apart**2

    @property
    def injection_head(self) -> float:
        """In the return screen, m."""
        return self.heads.injection

    @property
    def drawdown(self) -> float:
        """In the extraction screen, positive downwards, m."""
        return self.heads.extraction

    def shape(self) -> dict[str, Any]:
        """Depth, screens, flow, spacing; m, m³/s."""
        design = self.design
        return {
            "depth": self.depth,
            "open_hole": design.standing_column,
            "screens": [
                {"injection": [p.injection.top, p.injection.bottom],
                 "extraction": [p.extraction.top, p.extraction.bottom],
                 "seal": p.seal.length, "share": p.share}
                for p in design.well.pairs
            ],
            "flow": design.flow,
            "spacing": design.spacing if self.count > 1 else None,
            "cell_radius": design.cell_radius,
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


def finite(value: float | None) -> float | None:
    """None where JSON has no number."""
    return value if value is not None and math.isfinite(value) else None
