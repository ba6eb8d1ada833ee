"""What the ledger explains, and input that contradicts itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from diwen.diagnosis.record.circumstances import (
    begin_of_operation,
    circumstances,
    kind_of,
    occupancy,
    year_of_units,
)
from diwen.diagnosis.record.contradictions import ledger_problems, point_problems
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.hourly_grid import HOUR_US
from diwen.diagnosis.record.steps import Reading
from diwen.problems import InputError
from diwen.site import Entry, Point, Site, read
from diwen.telemetry import open_store
from diwen.telemetry.simulated import store_simulated

EXAMPLES = Path(__file__).parents[2] / "examples"
BEGIN = 1_704_067_200_000_000  # 2024-01-01 00:00 UTC


def entry(day: str, item: str, *, stage: str = "operation", object: str = "site",
          value: str = "", unit: str = "", line: int = 2) -> Entry:  # fmt: skip
    return Entry(date.fromisoformat(day), stage, object, item, value, unit, "", "", "", line)


@pytest.fixture(scope="module")
def plant() -> Site:
    return read(EXAMPLES / "plant-template")


def with_ledger(site: Site, *entries: Entry) -> Site:
    return site.model_copy(update={"ledger": entries})


def days(first: str, last: str) -> np.ndarray:
    return np.arange(np.datetime64(first), np.datetime64(last))


@pytest.mark.parametrize(
    ("item", "stage", "kind"),
    [
        ("occupancy of the building", "operation", "occupancy"),
        ("入住率", "operation", "occupancy"),
        ("空置率", "operation", "occupancy"),
        ("balancing valve of branch 3 turned", "maintenance", "valve_change"),
        ("调节阀开度调整", "maintenance", "valve_change"),
        ("source strainer cleaned", "maintenance", "cleaning"),
        ("清洗Y型过滤器", "maintenance", "cleaning"),
        ("refrigerant topped up", "repair", "service"),
        ("机组年度保养", "maintenance", "service"),
        ("heat meter replaced", "repair", "replacement"),
        ("更换热量表", "repair", "replacement"),
        ("yearly calibration", "calibration", "calibration"),
        ("超声波流量计检定", "operation", "calibration"),
        ("trial run of 72 h", "commissioning", "commissioning_test"),
        ("机房改造", "modification", "modification"),
        ("something else", "maintenance", "service"),
        ("borehole depth", "drilling", ""),
    ],
)
def test_words_of_the_ledger(item, stage, kind):
    assert kind_of(entry("2024-01-01", item, stage=stage)) == kind


def test_occupancy_steps_from_entry_to_entry(plant):
    site = with_ledger(
        plant,
        entry("2024-02-01", "occupancy", value="40", unit="%"),
        entry("2024-03-01", "入住率", value="0.7", line=3),
        entry("2024-04-01", "空置", value="10", unit="%", line=4),
        entry("2024-03-15", "occupancy", value="lots", line=5),
    )
    found = circumstances(site)
    assert [one.value for one in found] == pytest.approx([0.4, 0.7, 0.9])
    assert [one.until for one in found] == [date(2024, 3, 1), date(2024, 4, 1), None]
    share = occupancy(site, found, days("2024-01-31", "2024-04-02"))
    assert share[0] == 1.0
    assert share[1] == pytest.approx(0.4)
    assert share[30] == pytest.approx(0.7)
    assert share[-1] == pytest.approx(0.9)


def test_occupancy_of_one_load_and_by_area(plant):
    """Of two loads of 3000 and 1000 m² the first is served by half: 2500 of 4000 m²."""
    first = next(iter(plant.loads.values())).model_copy(update={"area": 3000.0})
    second = first.model_copy(update={"area": 1000.0})
    site = plant.model_copy(
        update={
            "loads": {"one": first, "two": second},
            "ledger": (entry("2024-02-01", "served area", object="one", value="1500", unit="m2"),),
        }
    )
    share = occupancy(site, circumstances(site), days("2024-02-01", "2024-02-03"))
    assert share == pytest.approx([2500.0 / 4000.0] * 2)


def test_share_that_the_loads_already_count_is_not_counted_twice(plant):
    loads = {id: one.model_copy(update={"served_share": 0.5}) for id, one in plant.loads.items()}
    site = plant.model_copy(
        update={"loads": loads, "ledger": (entry("2024-02-01", "occupancy", value="0.4"),)}
    )
    share = occupancy(site, circumstances(site), days("2024-01-31", "2024-02-02"))
    assert share == pytest.approx([1.0, 0.8])


def test_begin_of_operation(plant):
    assert begin_of_operation(plant) == date(2024, 11, 1)
    assert begin_of_operation(with_ledger(plant)) is None
    site = with_ledger(
        plant,
        entry("2024-10-01", "trial run", stage="commissioning"),
        entry("2024-10-20", "acceptance of the plant", stage="acceptance", object="hp1"),
    )
    assert begin_of_operation(site) == date(2024, 10, 20)
    said = with_ledger(site, *site.ledger, entry("2024-11-15", "正式投入运行"))
    assert begin_of_operation(said) == date(2024, 11, 15)


def test_begin_of_operation_by_the_year_of_the_units(plant):
    units = {id: one.model_copy(update={"commissioned": 2015 + k})
             for k, (id, one) in enumerate(plant.heat_pumps.items())}  # fmt: skip
    site = plant.model_copy(update={"heat_pumps": units})
    assert year_of_units(site, date(2022, 7, 1)) == date(2015, 1, 1)
    assert year_of_units(site, date(2015, 7, 1)) is None
    assert year_of_units(plant, date(2022, 7, 1)) is None


def reading(value: float | np.ndarray, n: int = 100) -> Reading:
    time = BEGIN + np.arange(n) * HOUR_US
    return Reading(time, np.zeros(n) + value)


def temperature(id: str, location: str = "source_entering", **more: str) -> Point:
    made = Point(id, "temperature", "degC", ("hp1", "hp2"), location, accuracy="± 0.1 K")
    return replace(made, **more)


def electricity(id: str, *equipment: str, source: str = "") -> Point:
    return Point(
        id, "electric_energy", "kWh", equipment, "supply", kind="counter", source=source
    )  # fmt: skip


def found_in(points: list[Point], **series: Reading) -> list[str]:
    return [one.message.en for one in point_problems(points, series, 8 * 3600.0)]


def test_two_points_of_one_place_that_read_differently():
    points = [temperature("a"), temperature("b")]
    near, far = reading(10.05), reading(14.0)
    assert found_in(points, a=reading(10.0), b=near) == []
    assert "claim the same" in found_in(points, a=reading(10.0), b=far)[0]
    # Told apart by a detail they are a redundant pair: no contradiction, a matter of the gate.
    told = [temperature("a"), temperature("b", detail="second")]
    assert found_in(told, a=reading(10.0), b=far) == []
    # One after the other (a sensor that was replaced) do not meet.
    later = Reading(far.time + 1000 * HOUR_US, far.value)
    assert found_in(points, a=reading(10.0), b=later) == []


def test_two_pipes_of_one_column():
    points = [temperature("a", source="T1"), temperature("b", "source_leaving", source="T1")]
    assert "column T1" in found_in(points, a=reading(1.0), b=reading(2.0))[0]
    apart = [points[0], temperature("b", "source_leaving", source="T2")]
    wave = np.sin(np.arange(100.0))
    assert found_in(apart, a=reading(wave), b=reading(wave + 0.1)) == []
    assert "the same" in found_in(apart, a=reading(wave), b=reading(wave))[0]


def test_meters_that_count_twice():
    run = reading(np.arange(100.0))
    nested = [electricity("m", "hp1", "hp2"), electricity("a", "hp1"), electricity("b", "hp2")]
    assert found_in(nested, m=run, a=run, b=run) == []
    across = [electricity("m", "hp1", "pump_source"), electricity("n", "hp2", "pump_source")]
    (message,) = found_in(across, m=run, n=run)
    assert "both count pump_source" in message
    column = [electricity("a", "hp1", source="E"), electricity("b", "hp2", source="E")]
    assert "same column E" in found_in(column, a=run, b=run)[0]


def test_ledger_of_the_future_and_records_from_before_the_plant(plant):
    site = with_ledger(
        plant,
        entry("2024-05-20", "borehole depth", stage="drilling", object="field"),
        entry("2031-01-01", "strainer cleaned", stage="maintenance", line=3),
    )
    series = {"source_entering": reading(10.0), "outdoor": reading(1.0)}
    problems = ledger_problems(site, series, date(2026, 1, 1))
    assert [one.where for one in problems] == ["line 3", "line 2"]
    assert "2024-01-01" in problems[1].message.en
    assert "2024-05-20" in problems[1].message.zh
    # A plant that was serviced before the drilling ran already: an extension.
    old = with_ledger(site, entry("2015-01-01", "maintenance", stage="maintenance"), site.ledger[0])
    assert ledger_problems(old, series, date(2026, 1, 1)) == []


def test_everything_wrong_is_said_at_once(tmp_path):
    """The bundled template passes; with a wrong ledger and two meters of one thing it does not."""
    folder = tmp_path / "plant"
    shutil.copytree(EXAMPLES / "plant-template", folder)
    site = read(folder)
    time = BEGIN + 366 * 24 * HOUR_US + np.arange(200) * HOUR_US
    store_simulated(
        site,
        {"source_entering": (time, 10.0 + np.sin(np.arange(200.0))),
         "source_leaving": (time, 10.0 + np.sin(np.arange(200.0)))},
    )  # fmt: skip
    (folder / "ledger.csv").write_text(
        "date,stage,object,item\n2025-06-01,drilling,field,depth\n2099-01-01,repair,hp1,pump\n"
    )
    with pytest.raises(InputError) as error:
        record_of_site(read(folder))
    text = [one.message.en for one in error.value.problems]
    assert len(text) == 4  # two pipes of one series, a future, two points before the plant
    (folder / "ledger.csv").unlink()
    assert open_store(read(folder)).points() == ["source_entering", "source_leaving"]
