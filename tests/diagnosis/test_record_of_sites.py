"""The operating record of simulated and of measured sites."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from diwen import telemetry
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.operating_record import Channel, OperatingRecord
from diwen.diagnosis.record.stretch import joined, part_of
from diwen.site import read
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.simulated_folder import write_simulated_site
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
GROUPS = ("sources", "circuits", "units", "pumps", "backups", "auxiliaries", "wells")


def channels(record: OperatingRecord) -> dict[tuple[str, str, str], Channel]:
    """All channels by where they stand."""
    found = {
        (group, id, one.name): value
        for group in GROUPS
        for id, item in getattr(record, group).items()
        for one in fields(item)
        if isinstance(value := getattr(item, one.name), Channel)
    }
    for group in ("rooms", "ground", "setpoints"):
        found |= {(group, id, ""): one for id, one in getattr(record, group).items()}
    alone = {name: getattr(record, name) for name in ("outdoor", "mode")}
    return found | {(name, "", ""): one for name, one in alone.items() if one is not None}


def assert_same(one: OperatingRecord, other: OperatingRecord) -> None:
    first, second = channels(one), channels(other)
    assert first.keys() == second.keys()
    assert np.array_equal(one.time, other.time)
    for place, channel in first.items():
        again = second[place]
        assert channel.points == again.points, place
        np.testing.assert_allclose(channel.value, again.value, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(channel.cover, again.cover, atol=1e-9)
        assert channel.systematic == pytest.approx(again.systematic), place
        assert channel.relative == pytest.approx(again.relative), place


@pytest.fixture(scope="module")
def simulated() -> SiteSimulation:
    """Two years with a 29 February, two units on one bore field."""
    return simulate_site(
        read(EXAMPLES / "plant-template"), years=2, since=date(2023, 7, 1), points="standard"
    )


@pytest.fixture(scope="module")
def record(simulated) -> OperatingRecord:
    return record_of_simulation(simulated)


def test_record_of_a_simulation_is_the_course_of_the_twin(simulated, record):
    """Registers show thousandths of a kWh; temperatures flicker by half a thousandth of a kelvin.

    29 February is not simulated: 17 520 of 17 544 hours are known.
    """
    assert len(record) == 2 * 8760 + 24
    first, second = simulated.courses
    known = ~(record.day == np.datetime64("2024-02-29"))
    for name in ("hp1", "hp2"):
        power = np.concatenate([first.units[name].power, second.units[name].power])
        assert record.units[name].power.value[known] == pytest.approx(power, abs=1.1)
        assert np.isnan(record.units[name].power.value[~known]).all()
    loop = record.sources["field"]
    taken = sum(
        np.concatenate([first.units[name].source_heat, second.units[name].source_heat])
        for name in loop.units
    )
    # Two flickering temperatures (0.7 mK) in the flow; where no unit runs, water is moved and
    # warmed by the pump alone: less than a hundredth of the largest heat.
    measured = np.nan_to_num(loop.heat_by_flow.value[known])
    runs = np.abs(taken) > 1.0
    slack = 1e-3 * 4.3e6 * np.nanmax(loop.flow.value)
    assert measured[runs] == pytest.approx(taken[runs], abs=slack, rel=2e-3)
    assert np.abs(measured[~runs]).max() < 0.01 * np.abs(taken).max()
    assert abs(np.nansum(loop.heat_by_flow.value) - taken.sum()) < 2e-3 * np.abs(taken).sum()
    entering = np.concatenate([one.sources["field"].entering for one in (first, second)])
    flowing = np.isfinite(loop.supply.value[known])
    assert loop.supply.value[known][flowing] == pytest.approx(entering[flowing], abs=1e-3)
    assert loop.supply.origin == "simulated"
    assert record.begun == date(2023, 7, 1)
    assert record.begun_known


def test_cover_and_values_agree(record):
    for place, one in channels(record).items():
        assert np.all((one.cover >= 0.0) & (one.cover <= 1.0)), place
        assert not np.any(one.valid & (one.cover == 0.0)), place
        assert min(one.systematic, one.relative, one.random) >= 0.0, place
        assert len(one.value) == len(record)


def test_store_gives_what_the_simulation_gives(tmp_path):
    """The same simulated year written as a folder and read again."""
    simulation = simulate_site(
        read(EXAMPLES / "beijing-office"), since=date(2023, 1, 1), points="full",
        sensors=[SensorFault("class_error")], seed=3,
    )  # fmt: skip
    write_simulated_site(simulation, tmp_path / "written")
    site = read(tmp_path / "written")
    whole = record_of_site(site)
    assert_same(record_of_simulation(simulation), whole)
    assert not whole.rejected
    spring = record_of_site(site, date(2023, 3, 1), date(2023, 5, 1))
    assert spring.day[0] == np.datetime64("2023-03-01")
    assert len(spring) == 61 * 24
    cut = part_of(whole, date(2023, 3, 1), date(2023, 5, 1))
    for place, one in channels(spring).items():
        same = channels(cut)[place]
        np.testing.assert_allclose(one.value, same.value, rtol=1e-6, atol=1e-6)


def test_parts_joined_are_the_whole(record):
    cuts = [date(2023, 7, 1), date(2023, 11, 15), date(2024, 2, 29), date(2024, 3, 1), None]
    parts = [part_of(record, *pair) for pair in itertools.pairwise(cuts)]
    assert sum(len(one) for one in parts) == len(record)
    whole = joined(parts)
    assert_same(record, whole)
    assert np.array_equal(whole.day, record.day)
    assert np.array_equal(whole.hour, record.hour)
    assert np.array_equal(whole.occupancy, record.occupancy)


def test_what_lacks_between_two_parts_is_not_known(record):
    early = part_of(record, None, date(2023, 8, 1))
    late = part_of(record, date(2023, 9, 1), date(2023, 10, 1))
    whole = joined([late, early])
    assert len(whole) == (31 + 31 + 30) * 24
    lacking = (whole.day >= np.datetime64("2023-08-01")) & (whole.day < np.datetime64("2023-09-01"))
    assert np.isnan(whole.units["hp1"].power.value[lacking]).all()
    assert np.all(whole.units["hp1"].power.cover[lacking] == 0.0)
    assert np.isfinite(whole.units["hp1"].power.value[~lacking]).all()


def test_laboratory(tmp_path):
    """55 minutes: packaged unit, flow read by hand that counts while the pump runs."""
    folder = tmp_path / "rwth-lab"
    shutil.copytree(EXAMPLES / "rwth-lab", folder, ignore=shutil.ignore_patterns("telemetry"))
    site = read(folder)
    for file in [*sorted((folder / "measurements").iterdir()), folder / "readings.csv"]:
        telemetry.import_files(site, [file])
    found = record_of_site(site)
    assert len(found) == 1
    assert found.step == 1.0
    load = found.circuits["load"]
    assert load.flow.origin == "manual"
    # Flow times difference over the time of running, by the instruments' own records.
    mean = load.flow.value[0] * 4.15e6 * (load.supply.value[0] - load.back.value[0])
    assert load.heat_by_flow.value[0] == pytest.approx(mean, rel=0.02)
    assert found.units["hp1"].power.value[0] == pytest.approx(1824.0, rel=0.01)
    assert found.sources["brine"].flow is None
    assert not found.outdoor.known


@pytest.mark.parametrize("name", ["heatpumpmonitor", "gshp-house-sweden", "household-village"])
def test_sites_without_telemetry_give_an_empty_record(tmp_path, name):
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("telemetry"))
    found = record_of_site(read(folder))
    assert len(found) == 0
    assert not found.sources
    assert set(found.rejected) == {point.id for point in read(folder).points}


def test_swapped_sensors_turn_the_heat_by_flow_not_the_meter():
    """The register counts on; what two sensors say of the direction is for the data gate."""
    site = read(EXAMPLES / "beijing-office")
    swap = SensorFault("swap", ("load_leaving", "load_entering"))
    healthy, wrong = (
        record_of_simulation(
            simulate_site(site, since=date(2023, 1, 1), points="standard", sensors=sensors)
        ).circuits["load"]
        for sensors in ([], [swap])
    )
    assert wrong.heat_by_meter.value == pytest.approx(healthy.heat_by_meter.value, nan_ok=True)
    assert np.nansum(healthy.heat_by_flow.value) * np.nansum(wrong.heat_by_flow.value) < 0.0


@pytest.mark.verify
def test_wells_of_groundwater_and_a_level(tmp_path):
    folder = tmp_path / "groundwater-seppe"
    shutil.copytree(EXAMPLES / folder.name, folder, ignore=shutil.ignore_patterns("telemetry"))
    site = read(folder)
    telemetry.import_files(site, sorted((folder / "measurements").iterdir()))
    found = record_of_site(site, date(2010, 1, 1), date(2011, 1, 1))
    well = found.wells["field"]
    assert len(found) == 8760
    assert well.abstraction.valid.any()
    assert well.level is not None
    assert well.reference_level.valid.any()
