"""The page on the architecture names the rooms and the families that there are."""

import re
from pathlib import Path

import pytest

from diwen.evaluation.families import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_0-9]+)`", PAGE))
PACKAGE = ROOT / "src" / "diwen"


def test_every_room_is_named():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__main__", "__pycache__"}
    assert rooms <= NAMED


def test_every_family_is_named():
    assert {name for name, _ in FAMILIES} <= NAMED


def test_every_room_inside_the_sources_is_named():
    assert {path.name for path in (PACKAGE / "sources").iterdir() if path.is_dir()} <= {
        *NAMED,
        "__pycache__",
    }


@pytest.mark.parametrize("room", ["design", "survey", "sources"])
def test_the_modules_named_of_a_room_are_there(room):
    """Every name in the room's paragraph that is no word of Python or of a command."""
    paragraph = re.search(rf"^- `{room}`.*?(?=^- `|^\Z|\n\n)", PAGE, re.S | re.M)
    assert paragraph
    modules = {path.stem for path in PACKAGE.rglob("*.py")} | {
        path.name for path in PACKAGE.rglob("*") if path.is_dir()
    }
    named = set(re.findall(r"`([a-z][a-z_]*)`", paragraph[0]))
    assert named <= modules
