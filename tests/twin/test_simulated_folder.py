"""A simulation written as a site folder evaluates to what the twin itself says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from simulated_sites import cooling, heating, plant

import diwen
from diwen.evaluation import evaluate
from diwen.problems import InputError
from diwen.telemetry import open_store
from diwen.twin.simulated_folder import ACCOUNT, is_simulated, write_simulated_site
from diwen.twin.simulated_telemetry import at_standstill, step_times
from diwen.twin.site_simulation import SiteSimulation, simulate_site

KWH = 3.6e6


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> SiteSimulation:
    site = plant(tmp_path_factory.mktemp("designed") / "office")
    return simulate_site(site, since=date(2025, 1, 1))


@pytest.fixture(scope="module")
def written(simulated: SiteSimulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "simulated"
    write_simulated_site(simulated, folder)
    return folder


@pytest.fixture(scope="module")
def evaluated(written: Path):
    return evaluate(diwen.read(written), "2025")


def test_loads_are_met_and_delivered(simulated):
    """What is asked for is the load file, summed here; the load pumps warm the water a little."""
    year = simulated.years[0]
    assert year.demand_heat == pytest.approx(heating().sum() * KWH, rel=1e-5)
    assert year.demand_cold == pytest.approx(cooling().sum() * KWH, rel=1e-5)
    share = simulated.station.load_loops[0].pumps[0].heat_to_water
    course = simulated.courses[0]
    warmth = share * course.pumps["pump_load"] * 3600.0
    winter = course.mode == 1
    assert year.heat == pytest.approx(year.demand_heat - warmth[winter].sum(), rel=1e-3)
    assert year.cold == pytest.approx(year.demand_cold + warmth[~winter].sum(), rel=1e-3)
    assert simulated.met


def test_first_law_of_the_year(simulated):
    """Heat and cold, electricity of the units, pump heat and ground close over the year."""
    year, course = simulated.years[0], simulated.courses[0]
    units = course.units["hp"]
    taken = units.source_heat.sum() * 3600.0
    assert year.heat - year.cold == pytest.approx(taken + year.electricity["heat_pumps"], rel=1e-9)
    assert simulated.closure < 1e-9


def test_system_ratio_is_the_quotient_of_sums(simulated):
    """Heat and cold never meet in an hour here, so the ratio is a plain quotient."""
    course = simulated.courses[0]
    day = np.arange(8760) // 24
    winter = (day < 74) | (day >= 318)
    power = course.units["hp"].power + sum(course.pumps.values())
    expected = course.units["hp"].heat[winter].sum() / power[winter].sum()
    assert simulated.years[0].ratios["cop_system"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("id", "of", "mode", "name"),
    [
        ("cop_system", "", "heating", "cop_system"),
        ("eer_system", "", "cooling", "eer_system"),
        ("spf", "H1", "heating", "spf_h1"),
        ("spf", "H2", "heating", "spf_h2"),
        ("spf", "H3", "heating", "spf_h3"),
        ("spf", "H4", "heating", "spf_h4"),
    ],
)
def test_evaluation_gives_the_ratio_of_the_twin(simulated, evaluated, id, of, mode, name):
    """Registers show thousandths of a kWh: the ratios agree to 1e-6."""
    result = evaluated.find(id, of, mode)
    assert result is not None
    assert result.status != "refused", result.reason
    assert result.value == pytest.approx(simulated.years[0].ratios[name], rel=1e-6)
    assert result.origin == ("simulated",)


def test_every_uncertainty_is_known(evaluated):
    for id, mode in (("cop_system", "heating"), ("eer_system", "cooling")):
        result = evaluated.find(id, mode=mode)
        assert result.uncertainty is not None
        assert 0.0 < result.uncertainty < 0.3 * result.value


def test_heat_of_the_ground_from_flow_and_temperatures(simulated, evaluated):
    """Trapezoids over hourly means leave 1 % at most; pumps warm the water before the units."""
    taken = simulated.courses[0].units["hp"].source_heat * 3600.0
    out = evaluated.find("heat_extraction")
    into = evaluated.find("heat_injection")
    assert out.value * KWH == pytest.approx(np.maximum(taken, 0.0).sum(), rel=0.01)
    assert into.value * KWH == pytest.approx(np.maximum(-taken, 0.0).sum(), rel=0.01)


def test_every_record_says_that_it_is_simulated_and_is_good(written):
    site = diwen.read(written)
    store = open_store(site)
    frame = store.read(store.points())
    assert set(frame["origin"]) == {"simulated"}
    assert set(frame["quality"]) == {0}
    assert {point.origin for point in site.points} == {"simulated"}
    assert "simulated" in site.name.en
    assert "模拟" in site.name.zh
    assert site.illustrative
    assert "SIMULATED" in site.site.description_en
    account = json.loads((written / ACCOUNT).read_text("utf-8"))
    assert account["simulated"] is True
    assert is_simulated(written)


def test_folder_is_complete_in_itself(written):
    """Checks, loads and design still work on it: the files that site.toml names came along."""
    site = diwen.read(written)
    assert (written / site.loads["office"].hourly_file).is_file()
    assert not [path for path in written.parent.iterdir() if path.name.startswith(".")]


def test_a_site_without_seasons_is_judged_by_its_mode_point(tmp_path):
    site = plant(tmp_path / "office", seasons=False)
    found = simulate_site(site, since=date(2025, 1, 1))
    write_simulated_site(found, tmp_path / "out")
    read = diwen.read(tmp_path / "out")
    assert read.operation.mode == "point"
    result = evaluate(read, "2025").find("cop_system", mode="heating")
    assert result.value == pytest.approx(found.years[0].ratios["cop_system"], rel=1e-6)


def test_existing_folders_are_refused(simulated, written, tmp_path):
    with pytest.raises(InputError, match="already"):
        write_simulated_site(simulated, written)
    other = tmp_path / "measured"
    other.mkdir()
    (other / "keep.txt").write_text("mine")
    with pytest.raises(InputError, match="not one that a simulation wrote"):
        write_simulated_site(simulated, other, replace=True)
    assert (other / "keep.txt").read_text() == "mine"
    with pytest.raises(InputError, match="into, or around"):
        write_simulated_site(simulated, simulated.site.folder / "inside")
    with pytest.raises(InputError, match="above it"):
        write_simulated_site(simulated, tmp_path / "no" / "where")


def test_a_simulated_folder_with_measured_records_is_not_replaced(simulated, tmp_path):
    import polars as pl

    folder = tmp_path / "out"
    write_simulated_site(simulated, folder)
    assert is_simulated(folder)
    store = open_store(diwen.read(folder))
    row = pl.DataFrame({"time": [date(2031, 1, 1)], "point": ["source_flow"], "value": [1.0]})
    store.write(row.with_columns(pl.col("time").cast(pl.Datetime)), "measured")
    with pytest.raises(InputError, match="not one that a simulation wrote"):
        write_simulated_site(simulated, folder, replace=True)


def test_replacing_a_simulated_folder(simulated, tmp_path):
    folder = tmp_path / "out"
    write_simulated_site(simulated, folder)
    (folder / "old.txt").write_text("old")
    write_simulated_site(simulated, folder, replace=True)
    assert not (folder / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_writer_leaves_nothing(simulated, tmp_path):
    def stop(month: str, count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_simulated_site(simulated, tmp_path / "out", done=stop)
    assert list(tmp_path.iterdir()) == []


def test_operation_may_begin_in_autumn(tmp_path):
    """From 15 November on the first heating season is whole, and the year closes all the same."""
    site = plant(tmp_path / "office")
    found = simulate_site(site, since=date(2025, 11, 15))
    assert found.years[0].demand_heat == pytest.approx(heating().sum() * KWH, rel=1e-5)
    first = found.courses[0].loops["heating"].load
    assert first[:24] == pytest.approx(heating()[318 * 24 : 319 * 24] * 1e3, rel=1e-4)
    write_simulated_site(found, tmp_path / "out")
    result = evaluate(diwen.read(tmp_path / "out"), "2025-heating").find(
        "cop_system", mode="heating"
    )
    assert result.value == pytest.approx(found.years[0].ratios["cop_system"], rel=1e-6)


def test_years_are_carried_on(tmp_path):
    """Two years at once are the first and then the second: the march of both in one call."""
    from diwen.twin.run import simulate

    found = simulate_site(plant(tmp_path / "office"), years=2, since=date(2025, 1, 1))
    run = simulate(found.station, found.sources, found.loads, found.outdoor, years=2)
    both = np.concatenate([course.sources["field"].entering for course in found.courses])
    assert both == pytest.approx(run.course.sources["field"].entering, abs=1e-9)
    assert found.years[1].entering[0] != found.years[0].entering[0]


def test_times_skip_the_leap_day():
    time = step_times(np.datetime64("2027-03-01"), 2, 8760, 3600.0, 8 * 3600.0)
    local = (time + 8 * 3_600_000_000).astype("datetime64[us]")
    days = np.unique(local.astype("datetime64[D]"))
    assert len(time) == 2 * 8760
    assert len(days) == 2 * 365
    assert np.datetime64("2028-02-29") not in days
    assert local[0] == np.datetime64("2027-03-01T00:00")
    assert local[8760] == np.datetime64("2028-03-01T00:00")
    assert np.all(np.diff(time) > 0)


def test_pipes_at_standstill_drift_to_the_plant_room():
    values = np.array([40.0, np.nan, np.nan, 30.0, np.nan])
    found = at_standstill(values, 3.0 * 3600.0)
    assert found[[0, 3]] == pytest.approx([40.0, 30.0])
    assert found[1] == pytest.approx(20.0 + 20.0 * np.exp(-1.0))
    assert found[2] == pytest.approx(20.0 + 20.0 * np.exp(-2.0))
    assert found[4] == pytest.approx(20.0 + 10.0 * np.exp(-1.0))


def test_quarter_hours_agree_with_hours(tmp_path, simulated):
    """The same loads in finer steps: energies of the year within 0.5 %."""
    fine = simulate_site(simulated.site, step=900.0, since=date(2025, 1, 1), keep="none")
    for name in ("heat", "cold", "extracted", "injected", "power"):
        coarse = getattr(simulated.years[0], name)
        assert getattr(fine.years[0], name) == pytest.approx(coarse, rel=0.005)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"years": 0}, "number of years"),
        ({"step": 7.0}, "fill an hour"),
        ({"since": date(2024, 2, 29)}, "29 February"),
        ({"years": 200, "step": 60.0}, "million values"),
    ],
)
def test_what_cannot_be_simulated_is_refused(simulated, more, match):
    with pytest.raises(InputError, match=match):
        simulate_site(simulated.site, **more)
