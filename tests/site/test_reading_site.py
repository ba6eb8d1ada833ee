"""Reading a sound site folder."""

from __future__ import annotations

import codecs
import datetime
import math
from pathlib import Path

import pytest

from diwen.problems import InputError
from diwen.site import Season, read, write

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = 'schema = 1\n[site]\nname_en = "A"\nname_zh = "甲"\nkind = "plant"\n'


def make(folder: Path, toml: str = HEAD, points: str | None = None) -> Path:
    (folder / "site.toml").write_text(toml, encoding="utf-8")
    if points is not None:
        (folder / "points.csv").write_text(points, encoding="utf-8")
    return folder


def test_numbers_are_in_inside_units() -> None:
    site = read(EXAMPLES / "plant-template")
    unit = site.heat_pumps["hp1"]
    assert unit.rated_heating_capacity == pytest.approx(120e3)
    assert unit.source_flow == pytest.approx(27 / 3600)
    assert site.place.latitude == pytest.approx(math.radians(39.9))
    assert site.ground.gradient == pytest.approx(0.03)
    assert site.ground.layers[1].heat_capacity == pytest.approx(2.3e6)
    assert site.sources["field"].pipes.outer_diameter == pytest.approx(0.032)
    assert site.tariff.periods[2].price == pytest.approx(0.35 / 3.6e6)
    assert site.evaluation.design_source_temperature_difference == pytest.approx(5)


def test_equipment_lists_every_id_a_point_may_name() -> None:
    site = read(EXAMPLES / "plant-template")
    equipment = site.equipment()
    assert equipment["hp2"] == "heat_pumps"
    assert equipment["zone_west"] == "zones"
    assert equipment["office"] == "loads"
    assert site.id == "plant-template"
    assert site.illustrative


def test_season_starts_in_the_named_year() -> None:
    site = read(EXAMPLES / "plant-template")
    first, last = site.season("heating", 2018)
    assert (first, last) == (datetime.date(2018, 11, 15), datetime.date(2019, 3, 15))
    assert site.season("cooling", 2018)[0] == datetime.date(2018, 5, 15)


def test_laboratory_site_reads_kelvin_and_manual_flow() -> None:
    site = read(EXAMPLES / "rwth-lab")
    assert site.kind == "laboratory"
    factor, offset = site.point("load_leaving").factor_offset()
    assert factor * 273.15 + offset == pytest.approx(0.0)
    flow = site.point("load_flow")
    assert flow.origin == "manual"
    assert flow.limits_of_error.relative == pytest.approx(0.03)
    assert site.point("brine_pump_status").detail == "brine_pump"
    with pytest.raises(KeyError):
        site.point("source_flow")


def test_zero_is_a_value(tmp_path: Path) -> None:
    toml = HEAD + '[comfort]\nroom_temperature_minimum = "0 °C"\n[place]\nlatitude = "0 deg"\n'
    site = read(make(tmp_path, toml))
    assert site.comfort.room_temperature_minimum == 0.0
    assert site.place.latitude == 0.0


def test_points_convert_limits_and_scale(tmp_path: Path) -> None:
    toml = HEAD + '[heat_pumps.hp1]\ntype = "water_water"\n'
    points = (
        "id;quantity;unit;equipment;location;scale;offset;low;high;interval\n"
        "a;electric_power;kW;hp1;supply;0.1;-5;0;90;15 min\n"
    )
    point = read(make(tmp_path, toml, points)).point("a")
    factor, offset = point.factor_offset()
    assert factor * 200 + offset == pytest.approx((0.1 * 200 - 5) * 1000)
    assert (point.low, point.high) == (0.0, pytest.approx(90e3))
    assert point.interval == pytest.approx(900)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "site.toml").write_bytes(codecs.encode(HEAD, encoding))
    points = "id,quantity,unit,equipment,location,name\na,temperature,℃,site,outdoor,室外温度\n"
    (tmp_path / "points.csv").write_bytes(codecs.encode(points, encoding))
    site = read(tmp_path)
    assert site.name.zh == "甲"
    assert site.point("a").name == "室外温度"
    warned = {notice.file for notice in site.notices}
    assert warned == ({"site.toml", "points.csv"} if encoding == "gb18030" else set())


def test_points_file_as_people_write_it(tmp_path: Path) -> None:
    points = (
        "# comment\n\nid\tquantity\tunit\tequipment\tlocation\n"
        "室温1\ttemperature\t°C\tsite\troom@201\n\n# end\n"
    )
    site = read(make(tmp_path, HEAD, points))
    assert [point.id for point in site.points] == ["室温1"]
    assert site.points[0].position == "room@201"


def test_boreholes_from_a_file(tmp_path: Path) -> None:
    toml = (
        HEAD + '[sources.field]\ntype = "borefield"\n'
        'layout = { pattern = "file", file = "holes.csv" }\n'
        'borehole = { length = "100 m", diameter = "150 mm" }\n'
    )
    (tmp_path / "holes.csv").write_text("x,y,length,tilt\n0,0,,\n6,0,80,10\n", encoding="utf-8")
    holes = read(make(tmp_path, toml)).boreholes("field")
    assert [hole.length for hole in holes] == [100.0, 80.0]
    assert holes[1].tilt == pytest.approx(math.radians(10))
    assert holes[0].radius == pytest.approx(0.075)
    again = read(write(read(tmp_path), tmp_path / "copy"))
    assert again.boreholes("field") == holes


def test_error_in_one_table_does_not_hide_the_next(tmp_path: Path) -> None:
    toml = (
        HEAD + '[place]\nlatitude = "91 deg"\n[tanks.t]\nvolume = 3\n'
        '[heat_pumps.hp1]\ntype = "water_water"\nsource = "nowhere"\n'
    )
    with pytest.raises(InputError) as caught:
        read(make(tmp_path, toml))
    places = [problem.where for problem in caught.value.problems]
    assert places == ["place.latitude", "tanks.t.volume", "heat_pumps.hp1.source"]


def test_season_over_the_turn_of_the_year() -> None:
    season = Season(11, 15, 3, 15)
    assert season.contains(datetime.date(2020, 2, 29))
    assert season.contains(datetime.date(2020, 11, 15))
    assert season.contains(datetime.date(2020, 3, 15))
    assert not season.contains(datetime.date(2020, 3, 16))
    assert Season(2, 29, 12, 31).span(2023)[0] == datetime.date(2023, 2, 28)


def test_rating_at_zero_degrees_is_judged_at_zero_degrees(tmp_path: Path) -> None:
    """0 °C is a value: between 0 and 35 °C the Carnot limit is 8.80, not that of the inlet."""
    toml = (
        HEAD + '[[heat_pumps.hp1.rating_points]]\nmode = "heating"\nsource_entering = "5 °C"\n'
        'source_leaving = "0 °C"\nload_leaving = "35 °C"\ncapacity = "9 kW"\npower = "1 kW"\n'
        '[heat_pumps.hp1]\ntype = "brine_water"\n'
    )
    with pytest.raises(InputError, match=r"above the Carnot limit 8\.80 between 0 and 35"):
        read(make(tmp_path, toml))
