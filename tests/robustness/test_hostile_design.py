"""Wrong plants, files and options for simulation and design: refused in whole, in plain words."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import diwen.site
from diwen.cli import main
from diwen.loads.load_file import read_load_columns
from diwen.problems import InputError, Problem
from diwen.twin.deviations import Deviation, deviation_problems
from diwen.twin.site_simulation import simulate_site

HOME = """schema = 1
[site]
name_en = "House"
name_zh = "住宅"
kind = "plant"
[place]
time_zone = "Asia/Shanghai"
[heat_pumps.unit]
type = "water_water"
source = "field"
rated_heating_capacity = "9 kW"
rated_heating_power = "2 kW"
rated_heating_source_temperature = "5 °C"
rated_heating_supply_temperature = "45 °C"
[ground]
undisturbed_temperature = "14 °C"
[[ground.layers]]
top = "0 m"
bottom = "120 m"
conductivity = "1.9 W/(m K)"
heat_capacity = "2.4 MJ/(m3 K)"
[sources.field]
type = "borefield"
design_flow = "1.2 m3/h"
layout = { pattern = "rectangle", columns = 1, rows = 1, spacing = "5 m" }
borehole = { length = "100 m", buried_depth = "1.5 m", diameter = "150 mm" }
pipes = { kind = "single_u", outer_diameter = "32 mm", wall_thickness = "3 mm", \
conductivity = "0.42 W/(m K)", shank_spacing = "80 mm" }
grout = { conductivity = "1.8 W/(m K)", heat_capacity = "2.8 MJ/(m3 K)" }
fluid = { name = "water" }
[loads.house]
kind = "building"
area = "160 m2"
hourly_file = "load.csv"
supply_temperature = "45 °C"
return_temperature = "40 °C"
"""
HOT_WATER = '[loads.w]\nkind = "hot_water"\ndaily_volume = "0.2 m3"\n'


def written(folder: Path, old: str = "", new: str = "", more: str = "") -> Path:
    """The house in a folder, with one thing exchanged and something added."""
    folder.mkdir(exist_ok=True)
    assert old in HOME
    (folder / "site.toml").write_text((HOME.replace(old, new, 1) if old else HOME) + more, "utf-8")
    (folder / "load.csv").write_text("Heating (kW)\n" + "2\n" * 8760, "utf-8")
    return folder


def refused(action: Callable[[], object]) -> list[Problem]:
    with pytest.raises(InputError) as error:
        action()
    problems = list(error.value.problems)
    for one in problems:
        assert one.message.en != one.message.zh
        assert one.cure.en != one.cure.zh
    return problems


WRONG = {
    "return above supply": (
        'return_temperature = "40 °C"', 'return_temperature = "60 °C"', "",
        "loads.house.return_temperature"),
    "cold water hotter than hot water": (
        "", "", HOT_WATER + 'cold_water_temperature = "40 °C"\nsupply_temperature = "30 °C"\n',
        "loads.w.cold_water_temperature"),
    "pool of a building": (
        "", "", '[loads.house.pool]\nwater_temperature = "28 °C"\n', "loads.house.pool"),
    "envelope of hot water": (
        "", "", HOT_WATER + "[loads.w.envelope]\nwall_u = 0.4\n", "loads.w.envelope"),
    "rating without lift": (
        'rated_heating_supply_temperature = "45 °C"', 'rated_heating_supply_temperature = "15 °C"\n'
        'maximum_source_temperature = "30 °C"', "", ""),
    "more units than a plant has": (
        'source = "field"', 'source = "field"\ncount = 1000000000', "", "heat_pumps.unit.count"),
    "not a number": (
        "", "", "[loads.house.envelope]\nwall_u = nan\n", "loads.house.envelope.wall_u"),
    "below the least": (
        "", "", "[loads.house.envelope]\nwall_u = -1\n", "loads.house.envelope.wall_u"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_contradicts_itself_is_refused(name: str, tmp_path: Path) -> None:
    old, new, more, where = WRONG[name]
    if name == "rating without lift":
        old, new = (
            HOME[HOME.index("rated_heating_source") :].split("\n[ground]")[0],
            (
                'rated_heating_source_temperature = "20 °C"\n'
                'rated_heating_supply_temperature = "15 °C"'
            ),
        )
        where = "heat_pumps.unit.rated_heating_supply_temperature"
    folder = written(tmp_path / "s", old, new, more)
    problems = refused(lambda: diwen.site.read(folder))
    assert [one.where for one in problems] == [where]
    assert problems[0].file.startswith("site.toml:")
    assert "Input should" not in problems[0].message.zh


def test_a_water_unit_does_not_draw_on_air(tmp_path: Path) -> None:
    site = diwen.site.read(written(tmp_path / "s", 'source = "field"', 'draws_on = "air"'))
    problems = refused(lambda: simulate_site(site))
    assert "heat_pumps.unit.type" in [one.where for one in problems]


def hours(first: date, step: int = 1) -> str:
    begin = datetime(first.year, first.month, first.day)
    moments = (begin + timedelta(hours=step * hour) for hour in range(8760))
    return "time,Heating (kW)\n" + "\n".join(f"{one:%Y-%m-%d %H:%M},2" for one in moments)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (hours(date(2021, 1, 1)), 0),
        (hours(date(2021, 7, 1)), 2),  # begins in July: seasons would be exchanged
        (hours(date(2021, 12, 31), -1), 1),  # backwards
        (hours(date(2021, 1, 1)).replace("2021-05-15", "2021-06-15"), 1),
        ("hour,Heating (kW)\n" + "\n".join(f"{hour},2" for hour in range(1, 8761)), 0),
    ],
)
def test_times_of_a_load_file_count(text: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_text(text, "utf-8")
    if not count:
        assert read_load_columns(path).columns["heating"].shape == (8760,)
        return
    problems = refused(lambda: read_load_columns(path))
    assert len(problems) == count
    assert all(one.where.startswith("line ") for one in problems)


def test_a_source_far_too_small_is_told_as_impossible(tmp_path: Path) -> None:
    site = diwen.site.read(written(tmp_path / "s", 'length = "100 m"', 'length = "3 m"'))
    found = simulate_site(site, keep="none")
    told = found.passed_as_dict()
    assert told
    assert told[0]["impossible"]
    assert told[0]["found"] < -60.0
    assert "cannot be" in found.passed[0].en


def test_a_run_stays_within_the_calendar(tmp_path: Path) -> None:
    site = diwen.site.read(written(tmp_path / "s"))
    for since, years in ((date(9990, 1, 1), 100), (date(1, 1, 1), 1), (date(2499, 6, 1), 2)):
        problems = refused(lambda s=since, y=years: simulate_site(site, since=s, years=y))
        assert [one.where for one in problems] == ["since"]
    assert simulate_site(site, since=date(2099, 1, 1), keep="none").since.year == 2099


def test_a_deviation_that_never_acts_is_told(tmp_path: Path) -> None:
    assert deviation_problems([Deviation("load_factor", 0.5, 2)], 2)[0].where == "since"
    assert not deviation_problems([Deviation("load_factor", 0.5, 1)], 2)


@pytest.fixture
def answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setenv("DIWEN_LANGUAGE", "en")
        monkeypatch.setattr(sys, "argv", ["diwen", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    ("words", "wheres"),
    [
        (
            ("--deviation", "load_factor=inf", "--deviation", "nothing=1", "--step", "7 m",
             "--since", "no", "--sensor", "bia:x=1", "--scenario", "hott"),
            ["--step", "--since", "--scenario", "--deviation load_factor", "--deviation parameter",
             "--sensor kind", "--sensor, --noise"],
        ),
        (("--noise",), ["--sensor, --noise"]),
        (("--deviation", "load_factor=0.5@9"), ["--deviation since"]),
    ],
)  # fmt: skip
def test_all_wrong_options_are_told_at_once(
    words: tuple[str, ...],
    wheres: list[str],
    tmp_path: Path,
    answer: Callable[..., tuple[int, str]],
) -> None:
    code, out = answer("simulate", written(tmp_path / "s"), *words, "--json")
    assert code == 2
    assert [one["where"] for one in json.loads(out)["problems"]] == wheres


def test_a_report_that_cannot_be_written_is_refused_first(
    tmp_path: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    site = written(tmp_path / "项 目")
    below = site / "site.toml" / "reports"
    code, out = answer("design-report", site, "--out", below, "--samples", 3, "--json")
    assert code == 2
    assert [one["where"] for one in json.loads(out)["problems"]] == ["--out", "--samples"]


def test_a_mode_is_not_blamed_for_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "sports-centre"
    folder = tmp_path / "s"
    folder.mkdir()
    for name in ("site.toml", "records.csv"):
        shutil.copy(example / name, folder / name)
    text = (folder / "site.toml").read_text("utf-8")
    assert "columns = 26" in text
    (folder / "site.toml").write_text(text.replace("columns = 26", "columns = 0"), "utf-8")
    problems = refused(lambda: diwen.site.read(folder))
    assert [one.where for one in problems] == ["sources.field.layout.columns"]
