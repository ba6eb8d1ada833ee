"""Tests on standing column wells: the real one of Varennes, and simulated ones with bleed."""

from __future__ import annotations

import csv
import gzip
import json
import math
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import exp1

from diwen import rules
from diwen.cli import main
from diwen.problems import InputError
from diwen.site import read
from diwen.survey.answer import answer
from diwen.survey.evaluate_test import evaluate_test
from diwen.survey.logger_check import check_logger
from diwen.survey.site_update import update_site
from diwen.survey.test_inputs import Given

EXAMPLE = Path(__file__).parents[2] / "examples" / "response-test-varennes"
DATA = EXAMPLE / "varennes_scw_heating_first_week.csv.gz"
LENGTH, RADIUS, CAPACITY = 200.0, 0.08, 2.2e6
TRUE = {"conductivity": 2.8, "resistance": 0.004, "undisturbed": 10.5}
KNOWN = Given(length=LENGTH, diameter=2 * RADIUS, heat_capacity=CAPACITY)


@pytest.fixture(scope="module")
def varennes():
    site = read(EXAMPLE)
    assert site.notices == ()
    return evaluate_test(DATA, site)


def test_conductivity_agrees_with_the_evaluation_by_its_authors(varennes):
    # Published by the authors of the test (E-TRT): about 2.6 W/(m·K).
    found = varennes.evaluation
    assert found.method == "superposition"
    assert abs(found.conductivity - 2.6) < varennes.conductivity_uncertainty
    assert varennes.conductivity_uncertainty < 0.15 * found.conductivity
    # Open hole: nothing but a film stands between water and rock.
    assert abs(found.resistance) < varennes.resistance_uncertainty
    assert varennes.resistance_uncertainty < 0.02


def test_minutes_in_air_are_those_that_the_raw_file_shows(varennes):
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        raw = [row["PCP_pressure_cm"] for row in csv.DictReader(file)]
    above = [i for i, cell in enumerate(raw) if cell and float(cell) > 1050]
    logger, other = varennes.standing_column.loggers
    assert logger.in_air.sum() == len(above) == above[-1] - above[0] + 1
    assert np.flatnonzero(logger.in_air).tolist() == above
    (stretch,) = logger.stretches
    assert stretch.readings == len(above)
    assert stretch.hottest > 25
    assert other.rejected == 0
    said = " ".join(problem.message.en for problem in varennes.notices)
    assert f"{len(above)} readings were taken in air" in said
    assert "2024-10-17 07:38" in said
    # Once installed the logger shows the water, not the deck: the level moves by centimetres.
    circulating = varennes.file.open_well.time > varennes.standing_column.phases[1].start
    assert np.ptp(logger.sound[circulating & np.isfinite(logger.sound)]) < 0.5


def test_phases_and_water_at_rest(varennes):
    kinds = [phase.kind for phase in varennes.standing_column.phases]
    assert kinds == ["rest", "recirculation", "heating", "interruption", "heating"]
    heating = varennes.standing_column.phases[2]
    assert heating.start == pytest.approx(0, abs=120)
    assert varennes.file.start.isoformat().startswith("2024-10-17T20:2")
    rest = varennes.inputs.at_rest
    # About 11.7 °C by the publication; the water was warmed meanwhile, and that is said.
    assert rest.lowest < 11.7 < rest.highest
    assert abs(rest.temperature - 11.7) < rest.standard_uncertainty
    assert rest.heat_rate == pytest.approx(700, abs=50)


def test_no_groundwater_is_read_from_temperatures(varennes):
    assert varennes.evaluation.groundwater is None
    said = " ".join(note.en for note in varennes.evaluation.notes)
    assert "only effectively" in said
    assert not any("no pipe" in note.en for note in varennes.evaluation.notes)
    assert not {"wait", "velocity"} & {check.id for check in varennes.quality.checks}


@pytest.mark.parametrize(("language", "words"), [("en", "recirculation"), ("zh", "无加热循环")])
def test_command_takes_the_folder(language, words, monkeypatch, capsys):
    arguments = ["diwen", "test-response", str(EXAMPLE), "--language", language]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    assert words in capsys.readouterr().out


def test_folder_of_no_or_several_tests_is_told(monkeypatch, capsys, tmp_path):
    (tmp_path / "site.toml").write_text(
        'schema = 1\n[site]\nname_en = "a"\nname_zh = "甲"\nkind = "plant"\n', encoding="utf-8"
    )
    monkeypatch.setattr(sys, "argv", ["diwen", "test-response", str(tmp_path), "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert "no response test" in problems[0]["message"]["en"]


def test_values_of_an_open_well_stay_with_its_test(varennes, tmp_path):
    """They are effective ones: neither the ground nor a bore field takes them over."""
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLE, folder)
    update_site(read(folder), replace(varennes, file=replace(
        varennes.file, path=folder / DATA.name)).finding())  # fmt: skip
    site = read(folder)
    result = site.response_tests[0].result
    assert result.conductivity == pytest.approx(varennes.evaluation.conductivity, rel=1e-3)
    assert site.ground.layers == ()
    assert site.ground.undisturbed_temperature is None


# ---- simulated wells ----


def simulated(
    bleed_from: float = math.inf, heat_until: float = 96.0, stop_pump: tuple[float, float] = (0, 0)
) -> dict[str, np.ndarray]:
    """Ten-minute records: a day of recirculation with 800 W, heating, bleed, recovery."""
    time = np.arange(-30 * 3600.0, 130 * 3600.0, 600.0)
    hours = time / 3600
    flowing = (hours >= -24) & ~((hours >= stop_pump[0]) & (hours < stop_pump[1]))
    power = np.where(flowing, np.where((hours > 0) & (hours <= heat_until), 20000.0, 800.0), 0.0)
    power = np.where(hours > heat_until, 0.0, power)
    rate = power / LENGTH
    ground = np.zeros_like(time)
    a = RADIUS**2 * CAPACITY / (4 * TRUE["conductivity"])
    for i in np.flatnonzero(np.diff(rate, prepend=0.0)):
        # A record's power is the mean since the record before.
        after = time >= time[i]
        step = rate[i] - (rate[i - 1] if i else 0.0)
        later = time[after] - time[i] + 600.0
        ground[after] += step / (4 * math.pi * TRUE["conductivity"]) * exp1(a / later)
    mean = TRUE["undisturbed"] + ground + rate * TRUE["resistance"]
    bleed = np.where((hours >= bleed_from) & (hours < bleed_from + 12), 0.15, 0.0)
    mean = mean - np.where(bleed > 0, 1.5 * (1 - np.exp(-(hours - bleed_from) / 1.5)), 0.0)
    level = np.where(bleed > 0, 2.40, 3.00) + 0.002 * np.sin(17 * hours)
    return {
        "time": time, "mean": mean, "power": power, "bleed": bleed, "level": level,
        "flow": np.where(flowing, 1.5, 0.0),
        "air": 12 + 9 * np.sin(2 * np.pi * hours / 24), "flowing": flowing,
    }  # fmt: skip


def written(folder: Path, made: dict[str, np.ndarray]) -> Path:
    """The simulated test as a logger's file; without flow the thermometers tell the air."""
    lines = ["time,inlet °C,outlet °C,power W,flow kg/s,bleed kg/s,well_level m"]
    start = np.datetime64("2024-10-02T00:00")
    for i in range(len(made["time"])):
        half = made["power"][i] / (2 * 1.5 * 4190)
        mean = made["mean"][i] if made["flowing"][i] else made["air"][i]
        lines.append(
            f"{start + np.timedelta64(int(made['time'][i]), 's')},{mean + half:.4f},"
            f"{mean - half:.4f},{made['power'][i]:.1f},{made['flow'][i]},{made['bleed'][i]},"
            f"{made['level'][i]:.3f}"
        )
    path = folder / "simulated.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


COLUMNS = {
    "time": "time", "inlet": "inlet °C | °C", "outlet": "outlet °C | °C", "power": "power W | W",
    "flow": "flow kg/s | kg/s", "bleed": "bleed kg/s | kg/s", "well_level": "well_level m | m",
}  # fmt: skip


def evaluated(path: Path):
    given = Given(KNOWN.length, KNOWN.diameter, None, KNOWN.heat_capacity, columns=COLUMNS)
    return evaluate_test(path, given=given)


def test_bleed_and_recovery_do_not_touch_the_conductivity(tmp_path):
    found = evaluated(written(tmp_path, simulated(bleed_from=80)))
    kinds = [phase.kind for phase in found.standing_column.phases]
    assert kinds == [
        "rest", "recirculation", "heating", "heating with bleed", "heating", "recovery",
    ]  # fmt: skip
    # Read from the start of heating on, the 800 W before it are a bias that U must cover.
    error = abs(found.evaluation.conductivity - TRUE["conductivity"])
    assert error < found.conductivity_uncertainty < 0.15 * TRUE["conductivity"]
    assert found.file.series.end < 80 * 3600
    whole = found.standing_column.whole
    # With the heat of the recirculation counted the values put in come back.
    assert whole.conductivity == pytest.approx(TRUE["conductivity"], rel=0.003)
    assert whole.resistance == pytest.approx(TRUE["resistance"], abs=2e-4)
    assert whole.undisturbed_temperature == pytest.approx(TRUE["undisturbed"], abs=0.02)
    (bleed,) = found.standing_column.bleeds
    assert bleed.ratio == pytest.approx(0.1, abs=1e-3)
    assert bleed.temperature_change == pytest.approx(-1.5, abs=0.02)
    assert bleed.level_changes["well_level"] == pytest.approx(-0.6, abs=0.01)
    assert "bleed" in " ".join(problem.message.en for problem in found.notices)


def test_holes_in_the_record_of_the_bleed_do_not_cut_it(tmp_path):
    """The second meter misses every seventh reading: it is one bleed with its whole answer."""
    made = simulated(bleed_from=80)
    path = written(tmp_path, made)
    lines = path.read_text().splitlines()
    for i in range(1, len(lines), 7):
        cells = lines[i].split(",")
        lines[i] = ",".join([*cells[:5], "", cells[6]])
    path.write_text("\n".join(lines) + "\n")
    (bleed,) = evaluated(path).standing_column.bleeds
    assert bleed.end - bleed.start == pytest.approx(12 * 3600, abs=1300)
    assert bleed.temperature_change == pytest.approx(-1.5, abs=0.02)


def test_recovery_is_evaluated_while_the_pump_runs(tmp_path):
    found = evaluated(written(tmp_path, simulated(heat_until=72)))
    recovery = found.standing_column.recovery
    assert recovery.conductivity == pytest.approx(TRUE["conductivity"], rel=0.02)
    assert recovery.start > 72 * 3600


def test_records_without_circulation_tell_the_air_and_are_left_out(tmp_path):
    found = evaluated(written(tmp_path, simulated(heat_until=72, stop_pump=(72, 140))))
    error = abs(found.evaluation.conductivity - TRUE["conductivity"])
    assert error < found.conductivity_uncertainty
    assert found.standing_column.recovery is None
    assert "records without circulation" in " ".join(p.message.en for p in found.notices)
    # Nor do they tell the ground before the pump runs.
    at_rest = found.inputs.at_rest
    assert at_rest.start > -24 * 3600
    assert abs(at_rest.temperature - TRUE["undisturbed"]) < 0.6


def test_bleed_from_the_start_is_refused(tmp_path):
    with pytest.raises(InputError, match="bled off from the start"):
        evaluated(written(tmp_path, simulated(bleed_from=0)))


def test_answer_is_plain_and_complete(tmp_path):
    found = answer(evaluated(written(tmp_path, simulated(bleed_from=80))))
    json.dumps(found, allow_nan=False)
    assert found["standing_column"]["bleed"][0]["temperature_change_K"] < -1
    assert found["standing_column"]["loggers"][0]["in_air"] == 0


@settings(max_examples=40, deadline=None)
@given(
    depth=st.sampled_from([2.8, 25.0, 40.0]),
    blocks=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 120)), max_size=3),
    offset=st.floats(-0.5, 0.8),
)
def test_exactly_the_minutes_in_air_are_rejected(depth, blocks, offset):
    count = 1200
    water = depth + 0.02 * np.sin(np.arange(count) / 40)
    in_air = np.zeros(count, bool)
    for first, length in blocks:
        in_air[first : first + length] = True
    reading = np.where(in_air, 10.33 + offset, water)
    book = rules.load().on(date(2026, 1, 1))
    found = check_logger("well_level", np.arange(count) * 60.0, reading, None, book)
    assert (found.in_air == in_air).all()
    assert not found.moved.any()
    assert np.isnan(found.sound).tolist() == in_air.tolist()
