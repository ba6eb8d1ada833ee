"""Diwen 地温: open platform for heat-pump heating and cooling that draws on the ground.

The package's doors are imported on demand, so that ``import diwen`` stays light::

    import diwen

    site = diwen.read("examples/rwth-lab")
    found = diwen.simulate(site, years=25)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from diwen.site import Site
    from diwen.twin.site_simulation import SiteSimulation

__version__ = "0.1.0"
__all__ = ["__version__", "read", "simulate"]


def read(folder: str | Path) -> Site:
    """Read a site folder.

    Parameters
    ----------
    folder : path of the folder that holds ``site.toml``

    Returns
    -------
    Site : the checked site, immutable

    Raises
    ------
    diwen.problems.InputError : with every error of the folder's files at once
    """
    from diwen.site import read as read_site

    return read_site(folder)


def simulate(site: Site, **options: Any) -> SiteSimulation:
    """A site through years of steps, on its ground, with its plant, under its loads.

    Parameters
    ----------
    site : as :func:`read` gives it; it is not changed
    options : of :func:`diwen.twin.simulate_site`: ``years``, ``step`` (s), ``since`` (date),
        ``scenario``, ``deviations``, ``sensors``, ``keep``, ``points``, ``progress``

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or impossible, at once
    """
    from diwen.twin.site_simulation import simulate_site

    return simulate_site(site, **options)
