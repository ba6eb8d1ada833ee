"""Imports as a user makes them: formats, readings by hand, accounts, the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from telemetry_site import make_site
from typer.testing import CliRunner

from diwen import telemetry
from diwen.cli import build
from diwen.problems import InputError

Maker = Callable[..., Any]
SITE = """schema = 1

[site]
name_en = "Test plant"
name_zh = "试验站"
kind = "plant"

[place]
time_zone = "Asia/Shanghai"

[heat_pumps.hp1]
type = "water_water"
"""
POINTS = """id,quantity,unit,equipment,location,interval,source
t_brine,temperature,degC,hp1,source_entering,60 s,TS1
power,electric_power,kW,hp1,supply,60 s,EH
flow,volume_flow,m3/h,hp1,load,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plant"
    path.mkdir()
    (path / "site.toml").write_text(SITE, "utf-8")
    (path / "points.csv").write_text(POINTS, "utf-8")
    return path


def delivered(path: Path, minutes: int = 10) -> Path:
    lines = [f"2018-01-05 03:{m:02d},{m / 10},{m}" for m in range(minutes)]
    path.write_text("time,TS1,EH\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(build(), ["import", *map(str, arguments)])


def test_excel_and_parquet_hold_the_same_as_csv(site_maker: Maker, tmp_path: Path) -> None:
    times = [datetime(2018, 1, 5, 3) + timedelta(minutes=m) for m in range(5)]
    values = [0.0, 0.5, -1.25, 3.0, 21.4]
    frame = pl.DataFrame({"time": times, "t_brine": values})
    frame.write_csv(tmp_path / "a.csv")
    frame.write_parquet(tmp_path / "b.parquet")
    book = openpyxl.Workbook()
    book.active.append(["exported by hand"])
    book.create_sheet("cover")
    book.active.append([])
    book.active.append(["time", "t_brine", "note"])
    for time, value in zip(times, values, strict=True):
        book.active.append([time, value, "x"])
    book.save(tmp_path / "c.xlsx")
    stores = []
    for name in ("a.csv", "b.parquet", "c.xlsx"):
        site = site_maker(f"site {name}", zone="Asia/Shanghai")
        telemetry.import_files(site, [tmp_path / name])
        stores.append(telemetry.open_store(site).read(["t_brine"]))
    assert stores[0].height == 5
    assert stores[0]["time"][0] == datetime(2018, 1, 4, 19, tzinfo=UTC)
    assert stores[0].equals(stores[1])
    assert stores[0].equals(stores[2])


def test_parquet_with_zone_and_bad_rows(site_maker: Maker, tmp_path: Path) -> None:
    times = [datetime(2018, 1, 5, 3, tzinfo=UTC), None]
    pl.DataFrame({"time": times, "power": [1, 2]}).write_parquet(tmp_path / "b.parquet")
    site = site_maker(zone="Asia/Shanghai")
    report = telemetry.import_files(site, [tmp_path / "b.parquet"])
    assert (report.added, report.refused) == (1, 1)
    assert telemetry.open_store(site).span("power") == (times[0], times[0])


def test_readings_by_hand_hold_and_say_so(site_maker: Maker) -> None:
    site = site_maker(zone="Asia/Shanghai", flow={"origin": "manual", "interval": None})
    site.folder.mkdir()
    (site.folder / "readings.csv").write_text(
        "time,point,value,by,note\n"
        "2018-01-05 08:00,flow,12.5,Li Wei,read at the meter\n"
        "2018-01-07 08:00,flow,13,Li Wei,Estimated\n"
        "2018-01-07 08:00,t_brine,9,Li Wei,估计\n",
        "utf-8",
    )
    report = telemetry.import_files(site, [])
    assert report.added == 3
    store = telemetry.open_store(site)
    flow = store.series("flow")
    assert flow.origin == "manual"
    assert flow.quality.tolist() == [0, 7]
    assert store.series("t_brine").origin == "manual"
    noon = datetime(2018, 1, 6, 4, tzinfo=UTC)
    assert flow.held(pl.Series([noon]).dt.epoch("us").to_numpy()).tolist() == [12.5 / 3600]
    days = store.coverage(noon - timedelta(days=2), noon + timedelta(days=3))
    share = dict(days.filter(pl.col("point") == "flow").select("day", "share").iter_rows())
    assert share[date(2018, 1, 4)] == 0
    assert share[date(2018, 1, 5)] == pytest.approx(16 / 24)
    assert share[date(2018, 1, 6)] == 1


def test_the_manifest_notes_each_file_once(site_maker: Maker, tmp_path: Path) -> None:
    site = site_maker(t_brine={"source": "TS1"}, power={"source": "EH"})
    file = delivered(tmp_path / "day.csv")
    telemetry.import_files(site, [file])
    manifest = site.folder / "telemetry/manifest.json"
    before = manifest.read_bytes()
    telemetry.import_files(site, [file])
    assert manifest.read_bytes() == before
    (entry,) = telemetry.open_store(site).log()
    assert entry["file"] == "day.csv"
    assert entry["values"] == 20


def test_refusals_are_written_in_full_and_cleared(site_maker: Maker, tmp_path: Path) -> None:
    site = site_maker()
    file = tmp_path / "day.csv"
    head = "time,power\n"
    file.write_text(head + "".join(f"2018-01-05 03:{m:02d},x\n" for m in range(30)), "utf-8")
    report = telemetry.import_files(site, [file])
    assert report.refused == 30
    path = report.files[0].refused_file
    assert path is not None
    listed = pl.read_csv(path)
    assert listed.height == 30
    assert listed["line"].to_list() == list(range(2, 32))
    assert set(listed["reason_zh"]) == {"不是数字"}
    file.write_text(head + "2018-01-05 03:00,1\n", "utf-8")
    telemetry.import_files(site, [file])
    assert not path.exists()


def test_dry_run_stores_nothing(folder: Path, tmp_path: Path) -> None:
    result = run(folder, delivered(tmp_path / "day.csv"), "--dry-run", "--language", "en")
    assert result.exit_code == 0, result.output
    assert "TS1 -> t_brine: 2018-01-04 19:00:00Z = 0" in result.output
    assert "20 values in 10 rows would come in" in result.output
    assert not (folder / "telemetry").exists()


@pytest.mark.parametrize(("language", "words"), [("en", "20 new values"), ("zh", "新增 20 个值")])
def test_command_tells_what_came_in(
    folder: Path, tmp_path: Path, language: str, words: str
) -> None:
    result = run(folder, delivered(tmp_path / "day.csv"), "--language", language)
    assert result.exit_code == 0, result.output
    assert words in result.output
    assert "t_brine" in result.output
    assert "█" in result.output
    page = (folder / "telemetry/quality.html").read_text("utf-8")
    assert "<svg" in page
    assert "试验站：数据日历" in page
    assert "Test plant: Data calendar" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_command_as_json(folder: Path, tmp_path: Path) -> None:
    file = delivered(tmp_path / "day.csv")
    file.write_text(file.read_text("utf-8") + "2018-01-05 03:59,oops,1\n", "utf-8")
    told = json.loads(run(folder, file, "--json").output)
    assert told["added"] == 21
    (only,) = told["files"]
    assert only["mapping"] == {"t_brine": "TS1", "power": "EH"}
    assert only["refusals"][0]["value"] == "oops"
    assert only["form"]["zh"]


def test_command_options_reach_the_reader(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.txt"
    file.write_text("when|TS1\n0|1,5\n60|2,5\n", "utf-8")
    options = ("--time-column", "when", "--time-format", "seconds", "--time-start",
               "2018-01-05 03:00", "--time-zone", "UTC")  # fmt: skip
    assert run(folder, file, *options).exit_code == 0
    import diwen.site

    store = telemetry.open_store(diwen.site.read(folder))
    assert store.span("t_brine")[0] == datetime(2018, 1, 5, 3, tzinfo=UTC)  # type: ignore[index]
    assert store.series("t_brine").value.tolist() == [1.5, 2.5]


def test_command_recomputes_flags(folder: Path, tmp_path: Path) -> None:
    run(folder, delivered(tmp_path / "day.csv"))
    (folder / "points.csv").write_text(POINTS.replace("interval,", "interval,high,")
                                       .replace("60 s,TS1", "60 s,0.75,TS1")
                                       .replace("60 s,EH", "60 s,,EH")
                                       .replace("load,,", "load,,,"), "utf-8")  # fmt: skip
    result = run(folder, "--recompute-quality", "--language", "en")
    assert result.exit_code == 0, result.output
    import diwen.site

    series = telemetry.open_store(diwen.site.read(folder)).series("t_brine")
    assert series.quality.tolist() == [0] * 8 + [1, 1]


def test_all_refused_is_no_success(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("time,TS1\n2018-01-05 03:00,x\n", "utf-8")
    assert run(folder, file).exit_code == 1


def test_nothing_to_import_is_an_error(site_maker: Maker) -> None:
    with pytest.raises(InputError, match="nothing to import"):
        telemetry.import_files(site_maker(), [])


def test_missing_file_is_a_clear_error(site_maker: Maker, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.csv"):
        telemetry.import_files(site_maker(), [tmp_path / "absent.csv"])


def test_import_order_of_files_does_not_matter(tmp_path: Path) -> None:
    files = []
    for day in range(1, 6):
        path = tmp_path / f"{day}.csv"
        rows = [f"2018-01-0{day} {h:02d}:00,{10 + (h * day) % 7},{h % 3}" for h in range(24)]
        path.write_text("time,t_brine,power\n" + "\n".join(rows) + "\n", "utf-8")
        files.append(path)
    one, two = make_site(tmp_path / "one"), make_site(tmp_path / "two")
    telemetry.import_files(one, files)
    telemetry.import_files(two, files[::-1])
    part = "telemetry/main/2018-01.parquet"
    assert (one.folder / part).read_bytes() == (two.folder / part).read_bytes()


def test_a_unit_under_the_header_that_differs_is_doubted(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("time,TS1,EH\n,degC,W\n2018-01-05 03:00,1.5,2000\n", "utf-8")
    told = json.loads(run(folder, file, "--json").output)
    (notice,) = told["files"][0]["notices"]
    assert notice["message"]["en"] == "the file names the unit W, points.csv says kW for power"
    assert told["added"] == 2


def test_an_estimate_stays_an_estimate_when_flags_are_computed_again(site_maker: Maker) -> None:
    site = site_maker(flow={"origin": "manual", "calibration_due": date(2017, 1, 1)})
    site.folder.mkdir()
    (site.folder / "readings.csv").write_text(
        "time,point,value,by,note\n2018-01-05 08:00,flow,12.5,Li Wei,estimated\n"
        "2018-01-06 08:00,flow,12.5,Li Wei,\n", "utf-8",
    )  # fmt: skip
    telemetry.import_files(site, [])
    telemetry.recompute(site)
    assert telemetry.open_store(site).series("flow").quality.tolist() == [7, 8]
