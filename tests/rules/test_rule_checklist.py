"""The monitoring check-list of NB/T 10278."""

import pytest

from diwen import quantities
from diwen.problems import InputError
from diwen.rules.checklist import checklist, compare


def status(available: list[tuple[str, ...]], *sources: str) -> dict[str, str]:
    answers = compare(available, sources)
    return {answer.wanted.id.rpartition(".")[2]: answer.status for answer in answers}


def test_every_item_speaks_of_known_quantities() -> None:
    for wanted in checklist():
        for name in wanted.quantities:
            assert name in quantities.QUANTITIES or name == "water_quality", wanted.id
        assert bool(wanted.quantities) == bool(wanted.locations) == (wanted.evidence != "NF")
        assert wanted.source


def test_what_is_there_is_present_and_what_is_not_is_missing() -> None:
    found = status([("temperature", "source_entering"), ("volume_flow", "load")])
    assert found["source_entering_temperature"] == "present"
    assert found["source_leaving_temperature"] == "missing"
    assert found["load_flow"] == "present"
    assert found["source_flow"] == "missing"


def test_what_nobody_could_read_is_unverified_not_missing() -> None:
    assert status([])["further"] == "unverified"


def test_well_points_are_wanted_of_wells_only() -> None:
    assert "water_level" not in status([], "borefield")
    assert "ground_temperature" in status([], "borefield")
    assert status([], "circulation_well")["water_level"] == "missing"
    assert "ground_temperature" not in status([], "circulation_well")
    assert {"water_level", "ground_temperature"} <= status([]).keys()


def test_a_meter_counts_for_the_equipment_it_covers() -> None:
    found = status([("electric_energy", "supply", "pumps")])
    assert found["pump_electricity"] == "present"
    assert found["heat_pump_electricity"] == "missing"


def test_a_detail_after_the_location_does_not_matter() -> None:
    assert status([("temperature", "ground@20m")])["ground_temperature"] == "present"


def test_more_points_never_lose_an_item() -> None:
    some = [("temperature", "room@201")]
    more = [*some, ("pressure", "branch@3")]
    before, after = status(some), status(more)
    assert all(after[key] == "present" for key in before if before[key] == "present")


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(InputError):
        checklist("nbt99999")
