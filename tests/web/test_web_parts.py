"""The parts behind the pages: language, catalogue, jobs, calendar, distribution, curves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.result import Result
from diwen.language import Text
from diwen.problems import InputError
from diwen.web.calendar import _shades
from diwen.web.catalogue import Catalogue, site_of
from diwen.web.distribution import distribution
from diwen.web.presentation import figure, level
from diwen.web.visitor import accepted
from diwen.web.work import Workshop


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh", "zh"),
        ("zh-TW,en;q=0.5", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr,zh;q=0.2,en;q=0.1", "zh"),
        ("en;q=0,zh;q=0.1", "zh"),
        ("fr", None),
        ("", None),
    ],
)
def test_the_better_liked_language_is_taken(header, language):
    assert accepted(header) == language


@given(st.text(max_size=80))
def test_no_header_upsets_the_choice(header):
    assert accepted(header) in ("en", "zh", None)


def test_two_folders_of_one_name_get_two_ids(sites: Path, tmp_path: Path):
    import shutil

    shutil.copytree(sites / "plant", tmp_path / "more" / "plant")
    catalogue = Catalogue([sites, tmp_path / "more"])
    ids = [entry.id for entry in catalogue.entries()]
    assert sorted(ids) == ["broken", "empty", "plant", "plant-2"]
    assert catalogue.entry("plant").folder != catalogue.entry("plant-2").folder


def test_ids_stay_when_folders_come_and_go(sites: Path, tmp_path: Path):
    import shutil

    shutil.copytree(sites / "plant", tmp_path / "more" / "plant")
    catalogue = Catalogue([sites, tmp_path / "more"])
    second = catalogue.entry("plant-2").folder
    shutil.rmtree(catalogue.entry("plant").folder)
    assert catalogue.entry("plant") is None
    assert catalogue.entry("plant-2").folder == second


def test_a_site_folder_itself_can_be_named(sites: Path):
    assert [entry.id for entry in Catalogue([sites / "plant"]).entries()] == ["plant"]


def test_a_new_folder_is_found_while_running(sites: Path):
    import shutil

    catalogue = Catalogue([sites])
    assert catalogue.entry("later") is None
    shutil.copytree(sites / "empty", sites / "later")
    assert catalogue.entry("later") is not None


def test_a_change_of_any_input_changes_the_signature_and_a_report_does_not(sites: Path):
    entry = Catalogue([sites]).entry("plant")
    before = entry.signature()
    (entry.folder / "reports").mkdir()
    (entry.folder / "reports" / "a.html").write_text("x")
    assert entry.signature() == before
    (entry.folder / "ledger.csv").write_text("date\n")
    changed = entry.signature()
    assert changed != before
    part = next((entry.folder / "telemetry").rglob("*.parquet"))
    part.unlink()
    assert entry.signature() != changed


def test_a_mended_site_is_read_again(sites: Path):
    entry = Catalogue([sites]).entry("broken")
    with pytest.raises(InputError):
        site_of(entry)
    for name in ("site.toml", "points.csv"):
        (entry.folder / name).write_bytes((sites / "empty" / name).read_bytes())
    assert site_of(entry).name.en == "New <b>plant</b>"


def test_a_file_that_is_no_text_is_a_problem_of_its_site_only(sites: Path):
    entry = Catalogue([sites]).entry("empty")
    (entry.folder / "site.toml").write_bytes(b"\xff\xfe\x00\x01" * 50)
    with pytest.raises(InputError):
        site_of(entry)


def test_one_computation_serves_all_who_ask():
    workshop, release, calls = Workshop(), threading.Event(), []

    def slow() -> int:
        calls.append(1)
        release.wait(10)
        return 7

    jobs = [workshop.job("same", slow) for _ in range(5)]
    assert not jobs[0].ready()
    release.set()
    assert all(job.ready(10) and job.future.result() == 7 for job in jobs)
    assert calls == [1]
    workshop.close()


def test_old_outcomes_are_forgotten_and_running_ones_never():
    workshop, release = Workshop(threads=1, kept=3), threading.Event()
    running = workshop.job("running", lambda: release.wait(10))
    release.set()
    assert running.ready(10)
    for number in range(10):
        assert workshop.job(number, lambda: 1).ready(10)
    assert workshop.find("running") is None
    assert workshop.find(9) is not None
    workshop.close()


@given(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=400))
def test_every_known_day_is_shaded_exactly_once(shares):
    import re

    covered: dict[int, str] = {}
    for shade in _shades(shares):
        for start, width in re.findall(r"M(\d+) 0h(\d+)", shade.path):
            for day in range(int(start), int(start) + int(width)):
                assert day not in covered
                covered[day] = shade.level
    assert covered == {day: level(share) for day, share in enumerate(shares) if share is not None}


def result(value: float, **more: object) -> Result:
    return Result("spf", "K-08", Text("SPF", "性能系数"), value=value, **more)


@given(st.lists(st.floats(0.5, 9, allow_nan=False), min_size=10, max_size=300))
def test_a_histogram_counts_every_system_once(values):
    shown = distribution([result(3.0), result(3.0, detail={"factors": values})], "en")
    assert shown is not None
    assert sum(bar.count for bar in shown.bars) == len(values)
    assert all(bar.x >= 0 and bar.x + bar.width <= 760 for bar in shown.bars)
    assert str(len(values)) in shown.summary


def test_few_systems_make_no_distribution():
    assert distribution([result(3.0, detail={"factors": [3.0] * 9})], "en") is None
    assert distribution([], "zh") is None


def test_a_small_uncertainty_never_reads_as_zero():
    shown = figure(result(3.52, uncertainty=0.0004))
    assert float(shown.uncertainty.removeprefix("± ")) > 0
    assert len(shown.value.split(".")[1]) == len(shown.uncertainty.split(".")[1])
    assert figure(result(0.0)).value == "0.00"
    assert figure(result(3.5)).uncertainty == ""
