"""The page on the architecture names the rooms and the families that there are."""

import re
from pathlib import Path

from diwen.evaluation.families import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_0-9]+)`", PAGE))


def test_every_room_is_named():
    package = ROOT / "src" / "diwen"
    rooms = {path.stem for path in package.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__main__", "__pycache__"}
    assert rooms <= NAMED


def test_every_family_is_named():
    assert {name for name, _ in FAMILIES} <= NAMED
