"""What belongs to a period and what does not: modes, states, hot water, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from walk_plant import PLANT
from walk_site import WITH_HEATER, change, diwen

import diwen as house
from diwen.evaluation import Evaluation, evaluate

YEAR = "2024-11-15..2025-11-14"


@pytest.fixture(scope="module")
def year(built: Path) -> Evaluation:
    return evaluate(house.read(built), YEAR)


@pytest.fixture(scope="module")
def summer(built: Path) -> Evaluation:
    return evaluate(house.read(built), "2025-cooling")


def test_running_temperatures_stand_by_mode(year: Evaluation) -> None:
    """Of one year: 10 °C in winter and 24 °C in summer, never the mean of both."""
    for unit in ("hp1", "hp2"):
        found = {r.mode: r for r in year.select("temperature_source_entering", of=unit)}
        assert set(found) == {"heating", "cooling"}
        assert found["heating"].value == pytest.approx(10.0, abs=0.05)
        assert found["cooling"].value == pytest.approx(24.0, abs=0.05)
    # Unit 1 makes hot water in spring and autumn too: that is neither.
    between = ~(PLANT.heating | PLANT.cooling) & (PLANT.power1 > 0.0)
    note = found_note(year, "hp1")
    assert f"{between.sum() / 4:.0f} h" in note
    assert not year.find("temperature_source_entering", "hp2", "heating").notes


def found_note(evaluated: Evaluation, unit: str) -> str:
    (note,) = evaluated.find("temperature_source_entering", unit, "heating").notes
    return note.en


def test_a_season_of_one_mode_stays_whole(summer: Evaluation) -> None:
    (one,) = summer.select("temperature_source_entering", of="hp2")
    assert one.mode == "all"
    assert one.value == pytest.approx(24.0, abs=0.05)


def test_a_state_holds_from_its_last_word_before_the_period(summer: Evaluation) -> None:
    """Unit 2 stops in March and starts in May: in between its status is silent, not unknown."""
    share = summer.find("running_share", "hp2")
    assert share.coverage == pytest.approx(1.0)
    running = (PLANT.power2 > 0.0) & PLANT.cooling
    assert share.value == pytest.approx(100.0 * running.sum() / PLANT.cooling.sum(), rel=1e-6)


def test_a_cooling_season_is_not_short_of_heating(summer: Evaluation) -> None:
    assert not summer.select("renewable_energy")
    assert not summer.select("annex52")
    assert not summer.select("energy_signature", mode="heating")
    assert summer.find("eer_system") is not None


def test_heating_keeps_what_belongs_to_it(built: Path) -> None:
    winter = evaluate(house.read(built), "2024-heating")
    assert winter.find("renewable_energy").status == "ok"
    assert winter.find("annex52", "1").value > 1.0
    assert not winter.select("energy_signature", mode="cooling")


def test_a_plant_in_service_is_not_asked_for_plateaus(year: Evaluation) -> None:
    assert all(result.status != "refused" for result in year.select("plateaus"))


def test_a_meter_names_the_sensors_that_lack_its_equipment(changed: Callable[[], Path]) -> None:
    """The heater was added to the heat meter only: U is larger, and the note says the cure."""
    folder = changed()
    known = evaluate(house.read(folder), "2025-01").find("heat", mode="heating")
    assert not any("points.csv" in note.en for note in known.notes)
    for id in ("load_leaving", "load_entering"):
        change(folder, id, equipment="hp1+hp2")
    result = evaluate(house.read(folder), "2025-01").find("heat", mode="heating")
    (cure,) = [note for note in result.notes if "points.csv" in note.en]
    for words in ("load_leaving (hp1+hp2)", "load_entering (hp1+hp2)", f"({WITH_HEATER})"):
        assert words in cure.en
    assert "equipment" in cure.zh
    assert result.uncertainty > known.uncertainty
    assert np.isclose(result.value, known.value)


def test_every_door_prints_the_same_number(built: Path, summer: Evaluation) -> None:
    from diwen.reports.judgement import value
    from diwen.web.presentation import figure

    share = summer.find("valley_share")
    said = value(share).en
    assert said == f"{figure(share).value} {figure(share).uncertainty} %"
    answer = diwen("evaluate", built, "--period", "2025-cooling", "--language", "en")
    assert said in answer.output
