"""Coverage by local day, and many sites asked at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telemetry_site import make_site

from diwen import telemetry

Maker = Callable[..., Any]
HEAT = {
    "quantity": "heat_energy", "unit": "kWh", "location": "load", "kind": "counter",
    "equipment": ("hp1",), "interval": 60.0,
}  # fmt: skip


def rows(point: str, start: datetime, values: Any, step: float = 60) -> pl.DataFrame:
    times = [start + timedelta(seconds=step * i) for i in range(len(values))]
    return pl.DataFrame(
        {"time": times, "point": [point] * len(values), "value": values},
        schema={"time": pl.Datetime("us", "UTC"), "point": pl.String, "value": pl.Float64},
    )


def label(site: Any, point: Any) -> str:
    if point.location == "load" and point.quantity in ("heat_energy", "heat_power"):
        return "heat"
    return "electricity" if point.location == "supply" else ""


@pytest.mark.parametrize(("day", "hours"), [(25, 23), (24, 24)])
def test_a_day_has_the_hours_of_its_clock(site_maker: Maker, day: int, hours: int) -> None:
    site = site_maker(zone="Europe/Berlin", t_brine={"interval": 3600.0})
    store = telemetry.open_store(site)
    start = datetime(2018, 3, 23, 23, tzinfo=UTC)
    store.write(rows("t_brine", start, [8.0] * 96, 3600))
    table = store.coverage().filter(pl.col("day") == date(2018, 3, day))
    assert table["expected"].to_list() == [hours]
    assert table["valid"].to_list() == [hours]
    assert table["share"].to_list() == [1.0]


def test_flagged_records_do_not_count(site_maker: Maker) -> None:
    store = telemetry.open_store(site_maker(t_brine={"high": 9.0}))
    values = [8.0] * 720 + [9.5] * 720
    store.write(rows("t_brine", datetime(2018, 1, 5, tzinfo=UTC), values))
    table = store.coverage()
    assert table["share"].to_list() == [0.5]
    assert table["flag"].to_list() == [1]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_adding_a_gap_never_raises_coverage(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start = datetime(2018, 1, 5, tzinfo=UTC)
    count = 3 * 96
    keep = np.ones(count, bool)
    folder = tmp_path_factory.mktemp("gap")
    shares = []
    for gap in range(3):
        site = make_site(folder / str(gap), zone="Asia/Shanghai", t_brine={"interval": 900.0})
        store = telemetry.open_store(site)
        store.write(rows("t_brine", start, [8.0] * count, 900).filter(pl.Series(keep)))
        table = store.coverage(start, start + timedelta(days=3))
        shares.append(table["share"].to_numpy())
        first = data.draw(st.integers(0, count - 2))
        keep[first : first + data.draw(st.integers(1, 100))] = False
        if not keep.any():
            break
    for before, after in pairwise(shares):
        assert (after <= before + 1e-12).all()


def test_a_point_without_interval_is_measured_by_its_usual_step(site_maker: Maker) -> None:
    store = telemetry.open_store(site_maker(t_brine={"interval": None}))
    start = datetime(2018, 1, 5, tzinfo=UTC)
    frame = rows("t_brine", start, [8.0] * 1440)
    store.write(frame.filter(~pl.col("time").is_between(start, start + timedelta(hours=6))))
    share = store.coverage(start, start + timedelta(days=1))["share"].to_list()
    assert share == [pytest.approx(0.75, abs=1e-3)]


def test_monthly_energy_from_counter_and_power(site_maker: Maker) -> None:
    """The heat counter resets, the power has a gap of two hours: nothing is invented."""
    site = site_maker(heat=HEAT, energy=None, zone="Asia/Shanghai")
    store = telemetry.open_store(site)
    start = datetime(2018, 1, 31, 12, tzinfo=UTC)  # 20:00 in Shanghai: four hours of January
    hours = np.arange(0, 481) / 60
    heat = np.round(100 + 12 * hours, 3)
    heat[300:] = np.round(12 * (hours[300:] - hours[300]), 3)
    power = pl.Series([3.0] * 481)
    keep = (pl.int_range(481, eager=True) < 60) | (pl.int_range(481, eager=True) >= 180)
    store.write(pl.concat([rows("heat", start, heat), rows("power", start, power).filter(keep)]))
    energy = telemetry.Fleet([site]).monthly_energy(label)
    found = {(row[1], row[2].month): row[3] for row in energy.iter_rows()}
    assert found["heat", 1] == pytest.approx(12 * 4)
    # The minute of the reset is not known.
    assert found["heat", 2] == pytest.approx(12 * (4 - 1 / 60))
    assert found["electricity", 1] == pytest.approx(3 * (4 - 121 / 60))
    assert found["electricity", 2] == pytest.approx(3 * 4)
    ratio = telemetry.Fleet([site]).monthly_ratio(label)
    assert ratio["ratio"].to_list() == pytest.approx(
        [found["heat", m] / found["electricity", m] for m in (1, 2)]
    )


def test_a_counter_is_preferred_to_the_power_of_the_same_meter(site_maker: Maker) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    start = datetime(2018, 1, 5, tzinfo=UTC)
    store.write(
        pl.concat([rows("power", start, [6.0] * 61), rows("energy", start, np.arange(61) * 0.1)])
    )
    energy = telemetry.Fleet([site]).monthly_energy(label)
    assert energy["energy"].to_list() == [pytest.approx(6.0)]


def test_many_sites_are_one_view(site_maker: Maker) -> None:
    sites = [site_maker(name, power={"scale": scale}) for name, scale in (("a", 1.0), ("b'c", 2.0))]
    for site in sites:
        telemetry.open_store(site).write(
            rows("power", datetime(2018, 1, 5, tzinfo=UTC), [1.0, 2.0])
        )
    fleet = telemetry.Fleet([*sites, site_maker("empty")])
    query = "select site, sum(value), sum(raw) from telemetry group by site order by site"
    assert fleet.connection.sql(query).fetchall() == [("a", 3000.0, 3.0), ("b'c", 6000.0, 3.0)]


def test_empty_fleet_answers(site_maker: Maker) -> None:
    assert telemetry.Fleet([]).monthly_ratio(label).height == 0
    assert telemetry.Fleet([site_maker()]).monthly_energy(label).height == 0
    assert telemetry.Fleet([]).connection.sql("select count(*) from telemetry").fetchall() == [(0,)]


def test_sites_of_the_same_name_are_refused(site_maker: Maker) -> None:
    site = site_maker()
    with pytest.raises(ValueError, match="same id"):
        telemetry.Fleet([site, site])


def test_quarter_hour_zones_find_their_months(site_maker: Maker) -> None:
    site = site_maker(zone="Asia/Kathmandu", energy=None)
    start = datetime(2018, 1, 31, 17, 15, tzinfo=UTC)  # 23:00 in Kathmandu (UTC+5:45)
    telemetry.open_store(site).write(rows("power", start, [1.0] * 121))
    energy = telemetry.Fleet([site]).monthly_energy(label)
    assert energy["month"].to_list() == [date(2018, 1, 1), date(2018, 2, 1)]
    assert energy["energy"].to_list() == [pytest.approx(1.0), pytest.approx(1.0)]
