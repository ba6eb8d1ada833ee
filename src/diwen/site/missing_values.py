"""How a value is said to be missing from a site file."""

from __future__ import annotations

from diwen.language import Text
from diwen.problems import Problem

SITE_FILE = "site.toml"
_MISSING = Text("the bore field cannot be computed without it", "地埋管计算需要此项")
_ADD = Text("add {what}", "请补充 {what}")


def missing(where: str, what: str) -> Problem:
    """Something that the site file does not give.

    Parameters
    ----------
    where : path of the value in the file, such as ``ground.layers[0].conductivity``
    what : what to add
    """
    return Problem(SITE_FILE, where, _MISSING, _ADD.format(what=what))
