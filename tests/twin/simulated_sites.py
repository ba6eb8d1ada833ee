"""A small plant that is simulated in the tests: its loads are formulas, its seasons fixed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np

import diwen
from diwen.site import Site

_EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
_SEASONS = """
[operation]
heating_season = "11-15..03-15"
cooling_season = "05-15..09-15"
"""


def hours() -> np.ndarray:
    """Hours of a year, shape (8760,)."""
    return np.arange(8760)


def heating() -> np.ndarray:
    """Heat asked for, kW: cosine of the year, more by day, inside the heating season."""
    hour = hours()
    day = hour // 24
    inside = (day < 74) | (day >= 318)
    cold = 0.5 * (1.0 + np.cos(2.0 * np.pi * (day - 15) / 365.0))
    return np.where(
        inside, 180.0 * cold * np.where((hour % 24 >= 7) & (hour % 24 < 19), 1.0, 0.5), 0.0
    )


def cooling() -> np.ndarray:
    """Cold asked for, kW, by day in the cooling season."""
    hour = hours()
    day = hour // 24
    inside = (day >= 134) & (day <= 257) & (hour % 24 >= 8) & (hour % 24 < 20)
    return np.where(inside, 60.0 + 80.0 * np.sin(np.pi * (hour % 24 - 8) / 12.0), 0.0)


def plant(folder: Path, *, seasons: bool = True, pumps: bool = True) -> Site:
    """The planned office with the loads above, pumps and seasons, written and read."""
    shutil.copytree(_EXAMPLE, folder)
    rows = [f"{c:.3f};{h:.3f}" for c, h in zip(cooling(), heating(), strict=True)]
    (folder / "load.csv").write_text("\n".join(["Cooling (kW);Heating (kW)", *rows]) + "\n")
    path = folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    if seasons:
        text = text.replace("[operation]\n", _SEASONS)
    if not pumps:
        text = re.sub(r"\[pumps\.[^\[]*", "", text)
    path.write_text(text, encoding="utf-8")
    return diwen.read(folder)
