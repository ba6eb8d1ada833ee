"""From the bundled measured weather through import to degree days and an energy signature."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from well_field import context_of_wells

from diwen import site, telemetry
from diwen.evaluation import building_signature, degree_days, evaluate

EXAMPLE = Path(__file__).parents[2] / "examples" / "beijing-weather"
PLANT = """
[heat_pumps.hp1]
type = "water_water"
source = "field"
[operation]
mode = "heating"
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weather") / "beijing-weather"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("telemetry", "reports"))
    plant = site.read(folder)
    report = telemetry.import_files(plant, [next((folder / "measurements").glob("*.gz"))])
    return plant, report


def test_heating_degree_days_through_the_store(imported):
    plant, _ = imported
    found = evaluate(plant, "2012").find("heating_degree_days")
    assert found.value == pytest.approx(3090, abs=1)
    assert found.detail["mean"] == pytest.approx(12.0, abs=0.05)
    assert len(found.detail["monthly"]) == 12
    assert found.rules == ("default.hdd_base",)


def test_sentinel_rain_is_not_stored_as_weather(imported):
    plant, _ = imported
    series = telemetry.open_store(plant).series("precipitation", None, None).usable()
    assert series.value.max() < 0.2  # metres in an hour; the file holds 999990 mm


def test_a_missing_year_is_refused(imported):
    plant, _ = imported
    found = evaluate(plant, "2018").find("heating_degree_days")
    assert found.status == "refused"


def test_signature_recovers_a_building_in_measured_weather(tmp_path):
    """Simulated heat (4 kW/K below 16 °C and 20 kW of hot water) in measured weather."""
    with gzip.open(next((EXAMPLE / "measurements").glob("*.gz"))) as file:
        table = pl.read_csv(file.read(), null_values="NA", infer_schema_length=None)
    table = table.filter(pl.col("year") == 2013).drop_nulls("TEMP")
    stamp = pl.datetime("year", "month", "day", "hour", time_zone="Asia/Shanghai")
    time = table.select(stamp.dt.epoch("us")).to_series().to_numpy()
    outdoor = table["TEMP"].cast(float).to_numpy()
    daily = table.group_by("month", "day", maintain_order=True).agg(pl.col("TEMP").mean())
    mean = table.join(daily, on=["month", "day"], how="left", maintain_order="left")
    mean = mean["TEMP_right"].to_numpy()
    heat = 20 + 4 * np.maximum(0.0, 16 - mean)
    context = context_of_wells(
        tmp_path, toml=PLANT, period="2013",
        points="to,temperature,degC,site,outdoor,,1 h,\n"
        "q,heat_power,kW,hp1,load,± 3 %,1 h,simulated\n",
        records={"to": (time, outdoor), "q": (time, heat)},
    )  # fmt: skip
    (found,) = building_signature.results(context)
    assert found.status == "ok"
    # The trapezoid smooths over midnight, so the fit is good, not exact.
    assert found.value == pytest.approx(4.0, rel=0.02)
    assert found.detail["balance"] == pytest.approx(16.0, abs=0.3)
    assert found.detail["base"] == pytest.approx(20.0, abs=1.0)
    assert found.origin == ("measured", "simulated")
    assert found.detail["model"] == "change point"


def test_signature_without_outdoor_temperature_names_the_point(tmp_path):
    time = np.arange(400, dtype=np.int64) * 3_600_000_000 + 1_577_808_000_000_000
    context = context_of_wells(
        tmp_path, toml=PLANT, period="2020-01", records={"q": (time, np.full(400, 50.0))},
        points="q,heat_power,kW,hp1,load,± 3 %,1 h,\n",
    )  # fmt: skip
    (found,) = building_signature.results(context)
    assert found.missing == ("TO temperature outdoor site",)
    assert degree_days.results(context) == []
