"""Months in which an air unit may recharge a source, from the site to the run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diwen.site import read
from diwen.site.station_builder import station_of_site

SITE = """
schema = 1
[site]
name_en = "Recharge"
name_zh = "补热"
kind = "plant"
[sources.river]
type = "surface_water"
temperature_mean = "12 °C"
[heat_pumps.hp]
type = "water_water"
source = "river"
rated_heating_capacity = "100 kW"
rated_heating_power = "25 kW"
[heat_pumps.air]
type = "air_water"
rated_heating_capacity = "60 kW"
rated_heating_power = "15 kW"
serves = ["river"]
[loads.house]
kind = "building"
heating_design_load = "80 kW"
"""


def test_an_air_unit_recharges_in_its_months_below_its_temperature(tmp_path: Path) -> None:
    """June to August: 92 days of hours, from 1 June on."""
    use = '[[staging.recharges]]\ndevice = "air"\nmonths = [6, 7, 8]\nstart_temperature = "9 °C"\n'
    (tmp_path / "site.toml").write_text(SITE + use, encoding="utf-8")
    units = {unit.name: unit for unit in station_of_site(read(tmp_path)).units}
    allowed = units["air"].recharge_allowed
    assert allowed is not None
    assert np.flatnonzero(allowed)[[0, -1]] == pytest.approx([151 * 24, 243 * 24 - 1])
    assert allowed.sum() == 92 * 24
    assert units["air"].recharge_below == pytest.approx(9.0)
    assert units["hp"].recharge_allowed is None


def test_without_the_words_it_may_always(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    units = {unit.name: unit for unit in station_of_site(read(tmp_path)).units}
    assert units["air"].recharge_allowed is None
    assert units["air"].recharge_below is None
