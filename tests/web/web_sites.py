"""The site folders that the web tests look at, written anew for each run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

START = datetime(2020, 10, 1, tzinfo=UTC)
DAYS = 200

PLANT = """schema = 1
[site]
name_en = "Test plant"
name_zh = "测试能源站"
kind = "plant"
illustrative = true
[place]
time_zone = "Asia/Shanghai"
region = "Beijing"
[sources.field]
type = "other"
[heat_pumps.hp1]
type = "brine_water"
source = "field"
built_in_pumps = true
[operation]
mode = "heating"
heating_season = "11-15..03-15"
"""
POINTS = """id,quantity,unit,equipment,location,accuracy,interval
supply,temperature,degC,hp1,load_leaving,IEC 60751 A,600 s
return,temperature,degC,hp1,load_entering,IEC 60751 A,600 s
flow,volume_flow,m3/h,hp1,load,± 2 %,600 s
power,electric_power,kW,hp1,supply,± 1 %,600 s
outdoor,temperature,degC,site,outdoor,± 0.3 K,600 s
never,temperature,degC,site,room@1,± 0.3 K,600 s
"""
BROKEN = """schema = 1
[site]
name_en = "<script>alert('x')</script>"
kind = "plant"
[place]
time_zone = "Moon/Sea"
"""
EMPTY = """schema = 1
[site]
name_en = "New <b>plant</b>"
name_zh = "新建<b>能源站</b>"
kind = "plant"
"""


def plant_records() -> pl.DataFrame:
    """Ten-minute records of a winter, with one week missing and one single spike."""
    count = DAYS * 144
    hours = np.arange(count) / 6.0
    rng = np.random.default_rng(7)
    columns = {
        "outdoor": -2 + 8 * np.sin(2 * np.pi * hours / 24) + rng.normal(0, 0.5, count),
        "supply": 45 + rng.normal(0, 0.05, count),
        "return": 40 + rng.normal(0, 0.05, count),
        "flow": 10 + rng.normal(0, 0.05, count),
        "power": 14.5 + rng.normal(0, 0.1, count),
    }
    spike = 100 * 144 + 3
    columns["supply"][spike] = 95.0
    times = [START + timedelta(minutes=10 * step) for step in range(count)]
    gap = (hours >= 60 * 24) & (hours < 67 * 24)
    frames = [
        pl.DataFrame({"time": times, "point": [name] * count, "value": value}).filter(~gap)
        for name, value in columns.items()
    ]
    return pl.concat(frames).with_columns(pl.col("time").dt.cast_time_unit("us"))


def write_site(folder: Path, site: str, points: str) -> Path:
    folder.mkdir()
    (folder / "site.toml").write_text(site, encoding="utf-8")
    (folder / "points.csv").write_text(points, encoding="utf-8")
    return folder
