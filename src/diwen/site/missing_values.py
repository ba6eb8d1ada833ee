"""How a value is said to be missing from a site file."""

from __future__ import annotations

from diwen.language import Text
from diwen.problems import Problem

SITE_FILE = "site.toml"
_BORE_FIELD = Text("the bore field cannot be computed without it", "地埋管计算需要此项")
WELLS = Text("the wells cannot be computed without it", "水井计算需要此项")
SOURCE = Text("the source cannot be computed without it", "该热源计算需要此项")
_ADD = Text("add {what}", "请补充 {what}")


def missing(where: str, what: str, message: Text = _BORE_FIELD) -> Problem:
    """Something that the site file does not give.

    Parameters
    ----------
    where : path of the value in the file, such as ``ground.layers[0].conductivity``
    what : what to add
    message : what cannot be computed without it
    """
    return Problem(SITE_FILE, where, message, _ADD.format(what=what))


def assumed(where: str, message: Text, cure: Text, value: str = "") -> Problem:
    """Something that the site file leaves open and that was assumed: a warning."""
    return Problem(SITE_FILE, where, message, cure, value, severity="warning")
