"""Hours of the year in which a site heats or cools."""

from __future__ import annotations

import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.loads.calendar import day_of_year
from diwen.site.model import Site


def season_hours(site: Site, side: Literal["heating", "cooling"], count: int) -> NDArray[np.bool_]:
    """Hours of the heating or cooling season; all of them where the site says none.

    Parameters
    ----------
    count : hours from 1 January
    """
    season = getattr(site.operation, f"{side}_season")
    if season is None:
        return np.ones(count, bool)
    first = datetime.date(2023, 1, 1)
    days = [season.contains(first + datetime.timedelta(days=number)) for number in range(365)]
    return np.array(days)[day_of_year(count)]
