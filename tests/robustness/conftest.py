"""A small plant with something in its store."""

from __future__ import annotations

from pathlib import Path

import pytest

import diwen.site
from diwen import telemetry

SITE = """schema = 1
[site]
name_en = "Plant"
name_zh = "热泵站"
kind = "plant"
[place]
time_zone = "Asia/Shanghai"
[heat_pumps.hp1]
type = "water_water"
"""
POINTS = """id,quantity,unit,equipment,location,interval
t,temperature,degC,hp1,source_entering,60 s
p,electric_power,kW,hp1,supply,60 s
"""
HEAD = "time,t,p\n"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A site folder with something in its store."""
    folder = tmp_path / "plant"
    folder.mkdir()
    (folder / "site.toml").write_text(SITE, "utf-8")
    (folder / "points.csv").write_text(POINTS, "utf-8")
    before = tmp_path / "before.csv"
    before.write_text(HEAD + "2018-01-04 03:00,9,9\n2018-02-04 03:00,9,9\n", "utf-8")
    telemetry.import_files(diwen.site.read(folder), [before])
    return folder
