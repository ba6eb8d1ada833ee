"""The complete design of one site as plain data: everything that a report of it shows.

Energies J, powers W, temperatures °C, flows m³/s, lengths m, money CNY, hours from 1 January of a
year of 8760 hours. Heat out of a source and into it are positive both. Everything here comes from
a simulation or from rules: nothing is measured unless it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from diwen.design.station_design.result_basis import (
    DesignBasis,
    Duty,
    GroundBasis,
    LoadBasis,
    ResponseTestBasis,
    WeatherBasis,
)
from diwen.design.station_design.result_behaviour import (
    Cure,
    ExtremeStretch,
    PartLoadHours,
    Shortfall,
    UnitFailure,
)
from diwen.design.station_design.result_compliance import (
    GROUPS,
    STATUSES,
    ComplianceRow,
    Status,
)
from diwen.design.station_design.result_plant import (
    DesignHour,
    PlantDesign,
    PumpDesign,
    SourceDesign,
    StorageDesign,
    UnitAtDesign,
)
from diwen.design.station_design.result_years import (
    DesignYear,
    RechargeNeed,
    SourceYear,
    YearsRun,
)
from diwen.language import Text
from diwen.problems import Problem

if TYPE_CHECKING:
    from diwen.design.economics.of_site import SiteEconomics
    from diwen.site import Site
    from diwen.twin.site_simulation_inputs import SiteInputs
    from diwen.twin.summary import YearSummary

__all__ = [
    "GROUPS",
    "STATUSES",
    "ComplianceRow",
    "Cure",
    "DesignBasis",
    "DesignHour",
    "DesignOptions",
    "DesignYear",
    "Duty",
    "ExtremeStretch",
    "GroundBasis",
    "LoadBasis",
    "PartLoadHours",
    "PlantDesign",
    "PumpDesign",
    "RechargeNeed",
    "ResponseTestBasis",
    "Shortfall",
    "SourceDesign",
    "SourceYear",
    "StationDesign",
    "Status",
    "StorageDesign",
    "UnitAtDesign",
    "UnitFailure",
    "WeatherBasis",
    "YearsRun",
]


@dataclass(frozen=True)
class DesignOptions:
    """What is computed, and how far.

    Attributes
    ----------
    day : on which rules, prices and factors are taken; None: today
    horizons : years that are told, ascending; the twin runs to the last
    samples : Monte-Carlo draws of the needed length of a bore field
    size_source : size the source besides checking it by the twin
    economics : costs, carbon and primary energy
    recharge : look for the recharge (rejection) that closes the balance
    redundancy : run the twin with one unit less
    scenario : of the weather; None: that of the site
    """

    day: date | None = None
    horizons: tuple[int, ...] = (25, 50)
    samples: int = 100
    size_source: bool = True
    economics: bool = True
    recharge: bool = True
    redundancy: bool = True
    scenario: str | None = None


@dataclass(frozen=True, eq=False)
class StationDesign:
    """The complete design of one site.

    Attributes
    ----------
    site : as designed (with the units chosen from the catalogue, where it had none)
    options : what was asked
    day : on which the rules were taken
    inputs : of the twin: plant, sources, loads, weather; for further runs of the same plant
    basis : loads, weather, ground
    sources : sized or checked
    plant : units, pumps, storage
    run : years of the twin as designed
    recharge : what would close the balance, by target
    compliance : rule by rule
    part_load, extremes, failures : behaviour
    economics : None where refused or not asked for
    economics_refused : why not
    shortfalls : what lacks; empty: nothing found
    notes : of the whole
    uncertainty : of the main results from uncertain inputs; None: not computed
    optimisation : of sizes; None: not computed
    seconds : processor time by stage, s
    """

    site: Site
    options: DesignOptions
    day: date
    inputs: SiteInputs
    basis: DesignBasis
    sources: tuple[SourceDesign, ...]
    plant: PlantDesign
    run: YearsRun
    recharge: tuple[RechargeNeed, ...]
    compliance: tuple[ComplianceRow, ...]
    part_load: tuple[PartLoadHours, ...]
    extremes: tuple[ExtremeStretch, ...]
    failures: tuple[UnitFailure, ...]
    economics: SiteEconomics | None
    economics_refused: tuple[Problem, ...]
    shortfalls: tuple[Shortfall, ...]
    notes: tuple[Text, ...] = ()
    uncertainty: Any | None = None
    optimisation: Any | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether nothing was found to lack and no rule is broken."""
        return not self.shortfalls and not any(one.status == "fails" for one in self.compliance)

    @property
    def typical(self) -> YearSummary:
        """The first year of operation."""
        return self.run.years[0].summary

    def statuses(self) -> dict[Status, int]:
        """How many rules came to which status."""
        found: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for row in self.compliance:
            found[row.status] += 1
        return found

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        from diwen.design.station_design.plain_design import design_as_dict

        return design_as_dict(self)
