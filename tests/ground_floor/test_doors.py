"""A room's door leads where it says, and never to a module by mistake."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import diwen

ROOMS = [
    info.name
    for info in pkgutil.walk_packages(diwen.__path__, "diwen.")
    if info.ispkg and "_DOOR" in Path(info.module_finder.path, info.name.rsplit(".", 1)[1],
                                      "__init__.py").read_text(encoding="utf-8")
]  # fmt: skip


def test_there_are_doors():
    assert {"diwen.sources.borefield", "diwen.design", "diwen.telemetry"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_the_door_leads_to_what_it_names(room):
    package = importlib.import_module(room)
    for name in package._DOOR:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_behind_a_door_is_called_like_a_module(room):
    """Else the module would stand in its place as soon as anybody loaded it."""
    package = importlib.import_module(room)
    modules = {info.name for info in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(package._DOOR)
