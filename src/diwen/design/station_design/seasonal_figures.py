"""The years of a design as electricity, heat and cold that cost money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.of_site import SiteEconomics, economics_of_site
from diwen.design.economics.site_year import years_of_course
from diwen.design.station_design.compliance_rows_water import pumped_water
from diwen.design.station_design.design_result import StationDesign

Floats = NDArray[np.float64]


def economics_of_design(design: StationDesign, outdoor: Floats | None) -> SiteEconomics:
    """Costs, carbon and primary energy, with the electricity of every year of the twin.

    Parameters
    ----------
    outdoor : of the first year, °C, shape (8760,); None: no weather, no air-source alternative

    Raises
    ------
    diwen.problems.InputError : prices or items that are missing; all at once
    """
    year, _ = years_of_course(design.run.courses[1], design.run.station)
    return economics_of_site(
        design.site, year, day=design.day, electricity_by_year=electricity_by_year(design),
        abstracted=pumped_water(design), outdoor=outdoor,
    )  # fmt: skip


def electricity_by_year(design: StationDesign) -> Floats:
    """Electricity of every simulated year over that of the first, shape (years,)."""
    used = np.array([one.summary.power for one in design.run.years])
    return used / used[0] if used[0] > 0.0 else np.ones(len(used))
