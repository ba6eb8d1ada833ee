"""A site as a plant to run, with deviations, many times over: what diagnosis compares.

The site and its source models are built once for every set of deviations that changes the site
itself; all other deviations change those inputs in no time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.twin.deviations import PARAMETERS, Deviation, deviating_inputs, deviating_site

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.site.weather_of_site import Scenario
    from diwen.twin.deviations_plant import TwinInputs

_KEPT = 16


class DeviatingPlant:
    """A site whose inputs with deviations are asked for again and again.

    Parameters
    ----------
    site : as designed
    step : s
    scenario : of the weather; None: that of the site
    """

    def __init__(self, site: Site, step: float = 3600.0, scenario: Scenario | None = None) -> None:
        self._site, self._step, self._scenario = site, step, scenario
        self._built: dict[object, TwinInputs] = {}

    def inputs(
        self, deviations: Sequence[Deviation] = (), time: float = 0.0, years: float = 0.0
    ) -> TwinInputs:
        """Inputs of a run with the deviations that hold.

        Parameters
        ----------
        deviations : from the design
        time : years of the run at which they hold; what grows has grown so long
        years : length of a stretch from then on, for whose mean they are; 0: that moment

        Raises
        ------
        diwen.problems.InputError : the site cannot be simulated
        """
        from diwen.twin.site_simulation_inputs import inputs_of_site

        of_site = [one for one in deviations if PARAMETERS[one.parameter].of_site is not None]
        key = tuple((one.parameter, one.level(time, years)) for one in of_site if one.holds(time))
        if key not in self._built:
            while len(self._built) >= _KEPT:
                self._built.pop(next(iter(self._built)))
            site = deviating_site(self._site, of_site, time, years)
            self._built[key] = inputs_of_site(site, self._step, self._scenario).inputs
        return deviating_inputs(self._built[key], deviations, time, years)


def inputs_with(
    site: Site, deviations: Sequence[Deviation], time: float = 0.0, step: float = 3600.0
) -> TwinInputs:
    """Inputs of a site with the deviations that hold at a time, years of the run; not kept."""
    return DeviatingPlant(site, step).inputs(deviations, time)
