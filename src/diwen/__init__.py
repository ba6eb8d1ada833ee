"""Diwen 地温: open platform for heat-pump heating and cooling that draws on the ground.

The package's doors are imported on demand, so that ``import diwen`` stays light::

    import diwen

    site = diwen.read("examples/rwth-lab")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from diwen.site import Site

__version__ = "0.1.0"
__all__ = ["__version__", "read"]


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
