"""Loads without an hourly file: sized by what the twin computes for them, and said to be so."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.site_load import load_of_site
from diwen.design.station_design.source_sizing import sources_of_design
from diwen.problems import Problem
from diwen.site.load_series import loads_of_site, summed
from diwen.site.weather_of_site import weather_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
WEATHER = '[weather]\nstation = "beijing-weather"\nscenario = "typical"\n'


def office(tmp_path: Path, *changes: tuple[str, str], weather: bool = True) -> Path:
    """The sizing office with a text changed, its weather (if it has any) set or taken away."""
    folder = tmp_path / "office"
    shutil.copytree(EXAMPLES / "sizing-office", folder)
    file = folder / "site.toml"
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    parts = text.split("\n[")
    text = "\n[".join(part for part in parts if not part.startswith("weather]"))
    file.write_text(text + ("\n" + WEATHER if weather else ""), "utf-8")
    return folder


def asked(folder: Path) -> tuple[HourlyBuildingLoad | HourlyGroundLoad | None, list[Problem]]:
    problems: list[Problem] = []
    return load_of_site(diwen.site.read(folder), problems), problems


DEMAND = ('hourly_file = "load.csv"', 'heating_demand = "117 MWh"\ncooling_demand = "90 MWh"')


def test_yearly_demand_is_laid_over_the_weather_and_kept(tmp_path: Path) -> None:
    load, problems = asked(office(tmp_path, DEMAND))
    assert isinstance(load, HourlyBuildingLoad)
    assert load.heating.sum() * 3600.0 == pytest.approx(117e6 * 3600.0, rel=1e-9)
    assert load.cooling.sum() * 3600.0 == pytest.approx(90e6 * 3600.0, rel=1e-9)
    told = {one.where: one for one in problems}
    assert set(told) == {"loads.office.heating", "loads.office.cooling"}
    for one in problems:
        assert one.severity == "warning"
        assert "computed" in one.message.en
        assert "计算值" in one.message.zh
        assert "hourly_file" in one.cure.en


def test_design_sees_the_loads_of_the_twin(tmp_path: Path) -> None:
    site = diwen.site.read(EXAMPLES / "sports-centre")
    problems: list[Problem] = []
    load = load_of_site(site, problems)
    assert isinstance(load, HourlyBuildingLoad)
    series = loads_of_site(site, weather_of_site(site))
    np.testing.assert_allclose(load.hot_water, summed(series, "hot_water"))
    np.testing.assert_allclose(load.heating, summed(series, "heating", "pool", "process"))
    np.testing.assert_allclose(load.cooling, summed(series, "cooling"))
    assert summed(series, "pool").any()
    assert any("boilers" in one.message.en for one in problems)  # its gas boiler is not counted


def test_a_field_backed_by_a_boiler_is_judged_by_the_twin_not_by_the_whole_load() -> None:
    site = diwen.site.read(EXAMPLES / "sports-centre")
    (found,) = sources_of_design(site, ("field",), day=date(2026, 1, 1), samples=0)
    assert found.suffices is None
    assert found.needed is None
    assert "boilers" in found.refused[0].message.en


def test_without_weather_the_cure_is_weather_or_a_file(tmp_path: Path) -> None:
    load, problems = asked(office(tmp_path, DEMAND, weather=False))
    assert load is None
    (error,) = problems
    assert (error.severity, error.where) == ("error", "loads.office")
    assert "[weather]" in error.cure.en
    assert "hourly_file" in error.cure.en


def test_beside_a_file_what_cannot_be_computed_is_left_out_and_said(tmp_path: Path) -> None:
    alone, _ = asked(office(tmp_path / "a", weather=False))
    shop = ("[operation]", '[loads.shop]\nkind = "building"\nheating_demand = "9 MWh"\n[operation]')
    load, problems = asked(office(tmp_path / "b", shop, weather=False))
    assert isinstance(load, HourlyBuildingLoad)
    assert isinstance(alone, HourlyBuildingLoad)
    np.testing.assert_array_equal(load.heating, alone.heating)
    said = [one for one in problems if one.where == "loads.shop"]
    assert [one.severity for one in said] == ["warning"]
    assert "left out" in said[0].message.en


def test_file_and_computed_load_are_added(tmp_path: Path) -> None:
    alone, _ = asked(office(tmp_path / "a"))
    taps = ("[operation]", '[loads.taps]\nkind = "hot_water"\ndaily_volume = "2 m3"\n[operation]')
    load, problems = asked(office(tmp_path / "b", taps))
    assert isinstance(load, HourlyBuildingLoad)
    assert isinstance(alone, HourlyBuildingLoad)
    np.testing.assert_array_equal(load.heating, alone.heating)
    # 2 m³ a day from 8...24 °C to 45...60 °C: between 21 and 52 K on 730 m³ of water a year.
    assert 730 * 1.163 * 21 < load.hot_water.sum() / 1e3 - alone.hot_water.sum() / 1e3 < 730 * 61
    assert [one.where for one in problems if one.file == "site.toml"] == ["loads.taps.hot_water"]


def test_loads_of_the_ground_take_no_computed_load_beside_them(tmp_path: Path) -> None:
    shop = ("[operation]", '[loads.shop]\nkind = "building"\nheating_demand = "9 MWh"\n[operation]')
    folder = office(tmp_path, shop)
    power = np.where(np.arange(8760) < 3000, 20.0, -10.0)
    lines = ["Ground load (kW)", *(f"{value:g}" for value in power)]
    (folder / "load.csv").write_text("\n".join(lines) + "\n", "utf-8")
    load, problems = asked(folder)
    assert isinstance(load, HourlyGroundLoad)
    np.testing.assert_allclose(load.power, power * 1e3)
    assert any(one.where == "loads.shop" and one.severity == "warning" for one in problems)


def test_size_says_that_the_load_is_computed(tmp_path: Path) -> None:
    folder = office(tmp_path, DEMAND)
    found = CliRunner().invoke(
        build(), ["size", str(folder), "--method", "pulses", "--language", "zh"]
    )
    assert found.exit_code in (0, 1), found.output
    assert "该负荷为逐时计算值" in found.output
    assert "/孔" in found.output or "每孔" in found.output
