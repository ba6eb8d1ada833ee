"""The whole chain on simulated plants: nothing on a sound one, the right thing on a broken one."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen import diagnosis
from diwen.diagnosis.continuous.condensed_months import condensed_record, months, runs
from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry, add_deviations
from diwen.diagnosis.continuous.monthly_update import update_diagnosis
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.finding import NotJudged
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.stretch import part_of
from diwen.diagnosis.record_summary import channels_of, summary_of
from diwen.language import same
from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.simulated_folder import write_simulated_site
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "beijing-office"
INSTRUMENTS = [SensorFault("class_error"), SensorFault("noise")]


@pytest.fixture(scope="module")
def office() -> Site:
    return diwen.read(EXAMPLE)


@pytest.fixture(scope="module")
def healthy(office: Site) -> Diagnosis:
    simulation = simulate_site(
        office, years=1, since=date(2023, 1, 1), sensors=INSTRUMENTS, seed=5, points="standard"
    )
    told: list[float] = []
    found = diagnosis.diagnose_record(
        office, record_of_simulation(simulation), attribution=False, progress=told.append
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    return found


@pytest.fixture(scope="module")
def throttled(office: Site) -> SiteSimulation:
    return simulate_site(
        office, years=2, since=date(2022, 1, 1), deviations=[Deviation("source_flow", 0.6, 1)],
        sensors=INSTRUMENTS, seed=6, points="standard",
    )  # fmt: skip


@pytest.fixture(scope="module")
def stored(throttled: SiteSimulation, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("sites") / "office"
    write_simulated_site(throttled, folder)
    return diwen.read(folder)


def test_a_healthy_plant_has_nothing(healthy: Diagnosis) -> None:
    assert healthy.found == ()
    assert healthy.first is None
    assert max(healthy.family_probabilities().values()) < 0.5
    assert len(healthy.findings) >= 8


def test_a_throttled_valve_is_found(office: Site, throttled: SiteSimulation) -> None:
    record = record_of_simulation(throttled)
    found = diagnosis.diagnose_record(office, record, attribution=False)
    flow = found.finding("source_flow")
    assert flow in found.found
    assert flow.family == "hydraulic"
    assert flow.since_low <= date(2023, 1, 1) <= flow.since_high
    assert flow.low <= 0.6 <= flow.high
    assert found.family_probabilities()["hydraulic"] > 0.5
    assert found.first is flow
    # the ground does not lose heat because less water flows
    assert [one.parameter for one in found.found] == ["source_flow"]
    # a valve and a strainer that clogs never stand side by side
    moved = [one.parameter for one in found.found if one.parameter in ("source_flow", "strainer")]
    assert moved == ["source_flow"]


def test_plain_data_in_both_languages(healthy: Diagnosis) -> None:
    text = json.dumps(healthy.as_dict(figures=True), allow_nan=False)
    told = json.loads(text)
    assert told["record"]["hours"] == 8760
    assert told["record"]["origins"] == ["simulated"]
    assert {"en", "zh"} == set(told["findings"][0]["text"])
    assert told["residuals"][0]["day"][0] == "2023-01-01"
    assert "residuals" not in healthy.as_dict()
    assert any("模拟" in one["zh"] for one in told["warnings"])


def test_what_nothing_judges_is_said_once(healthy: Diagnosis) -> None:
    names = [one.parameter for one in healthy.not_judged]
    assert len(names) == len(set(names))
    assert not set(names) & {one.parameter for one in healthy.findings}
    assert all(isinstance(one, NotJudged) for one in healthy.not_judged)


def test_families_join_what_was_found(healthy: Diagnosis) -> None:
    for family, chance in healthy.family_probabilities().items():
        own = [one.probability for one in healthy.findings if family in (one.family, *one.also)]
        assert chance >= max(own, default=0.0) - 1e-12
        assert chance <= sum(own) + sum(
            p for one in healthy.findings for p in one.alternatives.values()
        ) + 1e-12  # fmt: skip


def test_a_period_upside_down_and_an_empty_one(office: Site, stored: Site) -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        diagnosis.diagnose(stored, since=date(2023, 3, 1), until=date(2023, 3, 1))
    with pytest.raises(InputError, match="nothing is recorded"):
        diagnosis.diagnose(stored, since=date(2030, 1, 1))


def test_a_record_without_channels_degrades(office: Site, throttled: SiteSimulation) -> None:
    from dataclasses import replace

    record = part_of(record_of_simulation(throttled), None, date(2022, 3, 1))
    bare = replace(
        record, sources={}, circuits={}, units={}, pumps={}, backups={}, auxiliaries={},
        wells={}, outdoor=None, rooms={}, ground={}, setpoints={}, mode=None,
    )  # fmt: skip
    found = diagnosis.diagnose_record(office, bare, attribution=False)
    assert found.found == ()
    assert found.missing()
    assert summary_of(bare).coverage == {}
    assert any("59 days" in str(one) for one in found.warnings)


def test_months_condensed_alone_are_the_whole_record(stored: Site) -> None:
    whole = record_of_site(stored)
    first = condensed_record(stored)
    assert len(first.condensed) >= 24
    cache = Path(stored.folder) / "telemetry" / "condensed"
    (cache / "2023-12.npz").unlink()
    (cache / "2023-06.npz").write_bytes(b"damaged")
    second = condensed_record(stored)
    assert second.condensed == ("2023-06", "2023-12")
    assert np.array_equal(whole.time, second.record.time)
    assert (whole.begun, whole.step) == (second.record.begun, second.record.step)
    assert set(whole.points) == set(second.record.points)
    kept = dict(channels_of(second.record))
    for name, channel in channels_of(whole):
        assert kept[name].points == channel.points
        # running sums over another stretch round differently
        size = np.nanmax(np.abs(channel.value), initial=0.0)
        np.testing.assert_allclose(
            kept[name].value, channel.value, rtol=1e-7, atol=1e-9 * size, err_msg=name
        )
        np.testing.assert_allclose(kept[name].cover, channel.cover, atol=1e-6)
    part = condensed_record(stored, date(2022, 5, 3), date(2022, 6, 2))
    assert part.condensed == ()
    assert len(part.record) == 30 * 24


def test_the_points_file_makes_months_stale(stored: Site, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    shutil.copytree(stored.folder, folder)
    site = diwen.read(folder)
    condensed_record(site)
    with (folder / "points.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    again = condensed_record(diwen.read(folder))
    assert again.kept == ()


def test_a_month_brings_the_ledger_up(stored: Site, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    shutil.copytree(stored.folder, folder)
    site = diwen.read(folder)
    today = date(2024, 1, 5)
    one = update_diagnosis(site, today=today)
    assert "source_flow" in [line.parameter for line in one.added]
    assert {line.state for line in one.added} <= {"suspected", "confirmed"}
    assert (folder / "deviations.csv").exists()
    assert any("source_flow" in alarm.parameters for alarm in (*one.warnings, *one.earlier))
    json.dumps(one.as_dict(), allow_nan=False)
    two = update_diagnosis(site, today=today)
    assert two.added == ()
    assert two.condensed == ()
    assert two.ledger == one.ledger


def test_what_a_person_corrected_comes_back(stored: Site, tmp_path: Path) -> None:
    """Someone says that the valve was opened; the records since then still show it throttled."""
    folder = tmp_path / "office"
    shutil.copytree(stored.folder, folder)
    site = diwen.read(folder)
    life = [
        DeviationEntry(date(2023, 2, 1), "source_flow", "", "suspected"),
        DeviationEntry(date(2023, 3, 1), "source_flow", "", "corrected", by="Li"),
    ]
    add_deviations(site, life, date(2024, 1, 5))
    again = update_diagnosis(site, today=date(2024, 1, 5))
    (line,) = [line for line in again.added if line.parameter == "source_flow"]
    assert line.state in ("suspected", "confirmed")
    assert "2023-03-01" in line.note


def test_months_and_runs() -> None:
    found = list(months(date(2023, 11, 5), date(2024, 2, 1)))
    assert [one for one, _ in found] == [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1)]
    named = [(begin, end, "") for begin, end in found]
    assert runs(named) == [named]
    assert runs([named[0], named[2]]) == [[named[0]], [named[2]]]


def test_the_door() -> None:
    assert set(diagnosis.__all__) >= {"diagnose", "diagnose_record", "Diagnosis", "Finding"}
    with pytest.raises(AttributeError):
        diagnosis.no_such_name  # noqa: B018
    assert str(same("x")) == "x"
