"""The minimum list of points: complete for the evaluation, readable, with known accuracies."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_sites import plant

from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop, Station, SupplyCurve, Unit
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.points_file import read_points
from diwen.site.station_builder import station_of_site
from diwen.site.writing import points_csv
from diwen.twin.standard_points import minimum_points, nominal_flow
from diwen.twin.standard_points_circuits import circuits_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return plant(tmp_path_factory.mktemp("points") / "office")


def test_the_list_of_a_change_over_plant(site):
    ids = [point.id for point in minimum_points(site, station_of_site(site), interval=60.0)]
    assert ids == [
        "source_entering", "source_leaving", "source_flow",
        "load_leaving", "load_entering", "load_flow", "load_heat",
        "hp_electricity", "hp_power", "pump_source_electricity", "pump_load_electricity",
        "hp_status", "pump_source_status", "pump_source_frequency",
        "pump_load_status", "pump_load_frequency", "mode", "outdoor",
    ]  # fmt: skip


def test_powers_of_an_hour_are_left_to_the_register(site):
    found = minimum_points(site, station_of_site(site), interval=3600.0)
    assert not [point for point in found if point.quantity == "electric_power"]


def test_cold_gets_pipes_of_its_own_where_both_run_at_once(site):
    found = minimum_points(site, station_of_site(site), separate=True)
    places = {point.location for point in found}
    assert {"cooling", "cooling_leaving", "cooling_entering", "load", "load_leaving"} <= places


def test_written_points_are_read_again(site, tmp_path: Path):
    """Every row is sound by the reader of points.csv, accuracies included."""
    found = minimum_points(site, station_of_site(site), interval=900.0)
    path = tmp_path / "points.csv"
    path.write_text(points_csv(found), encoding="utf-8")
    problems: list[Problem] = []
    assert read_points(path, site.equipment(), problems) == found
    assert problems == []


def test_whatever_measures_an_amount_has_an_accuracy(site):
    for point in minimum_points(site, station_of_site(site)):
        if point.kind != "state" and point.quantity != "frequency":
            assert point.limits_of_error is not None, point.id
        assert "assumed" in point.note
        assert point.origin == "simulated"


def test_hot_water_alone_is_the_load(site):
    station = station_of_site(site)
    water = dataclasses.replace(station.load_loops[0], hot_water=True, kind="heat")
    alone = dataclasses.replace(station, load_loops=(water,))
    assert circuits_of(site, alone).loops == {"load": (water.name,)}


def test_the_stage_between_two_units_is_no_circuit():
    """The loop that an upper stage draws on and that carries no load is metered nowhere."""
    curve = SupplyCurve.constant(20.0)
    loops = (
        LoadLoop("middle", "heat", (), curve),
        LoadLoop("rooms", "heat", ("house",), SupplyCurve.constant(60.0)),
    )
    units = (Unit("low", 1, "air", ("middle",)), Unit("high", 1, "middle", ("rooms",)))
    station = Station((SourceLoop("air"),), loops, units)
    pump = PumpGroup("p", np.array([1.0]), np.array([1.0]), 1.0)
    assert pump.name == "p"
    site = type("S", (), {"operation": type("O", (), {"simultaneous": False}), "pumps": {}})
    assert circuits_of(site, station).loops == {"load": ("rooms",)}  # type: ignore[arg-type]


@given(st.floats(0.0, 1e5))
def test_the_meter_is_never_too_small_and_not_twice_too_large(flow):
    found = nominal_flow(flow / 3600.0)
    assert found >= flow * (1.0 - 1e-6)
    assert found <= max(2.0 * flow, 0.6)
