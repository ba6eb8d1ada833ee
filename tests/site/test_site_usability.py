"""What a site can be used for, and what lacks for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from diwen.site import read, usable_for
from diwen.site.requirements import Verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
TOML = (EXAMPLES / "plant-template" / "site.toml").read_text(encoding="utf-8")
POINTS = (EXAMPLES / "plant-template" / "points.csv").read_text(encoding="utf-8")


def verdicts(folder: Path) -> dict[str, Verdict]:
    found = usable_for(read(folder))
    return {v.ability.id: v for group in found.verdicts.values() for v in group}


def plant_without(folder: Path, *points: str) -> Path:
    lines = [line for line in POINTS.splitlines() if line.split(",")[0] not in points]
    (folder / "points.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "site.toml").write_text(TOML, encoding="utf-8")
    return folder


def test_the_plant_template_can_be_used_for_everything_but_an_hourly_load() -> None:
    found = usable_for(read(EXAMPLES / "plant-template"))
    design = found.verdicts["design"]
    assert [text.en for verdict in design for text in verdict.missing] == [
        "site.toml: loads.*.hourly_file"
    ]
    assert {answer for purpose, answer in found.answers.items() if purpose != "design"} == {"yes"}


def test_a_planned_field_can_be_sized() -> None:
    found = usable_for(read(EXAMPLES / "sizing-office"))
    assert found.answers["design"] == "yes"


def test_design_is_not_asked_of_a_site_without_bore_field() -> None:
    found = usable_for(read(EXAMPLES / "rwth-lab"))
    assert "design" not in found.answers


@pytest.mark.parametrize(
    ("removed", "ability", "words"),
    [
        (("pump_load_electricity",), "system_cop", "EP.i: a meter that covers pump_load"),
        (("hp2_electricity",), "unit_cop", "EH.i: a meter that covers hp2"),
        (("source_flow",), "heat_balance", "FS (volume flow"),
        (("source_leaving",), "energy_balance", "TS2 (temperature"),
        (("load_heat", "load_flow"), "unit_cop", "FU (volume flow"),
        (("outdoor",), "signature", "TO (temperature, outdoor)"),
        (("room_south", "room_north", "room_top"), "rooms", "TR (temperature, room)"),
    ],
)
def test_a_missing_point_is_named(
    tmp_path: Path, removed: tuple[str, ...], ability: str, words: str
) -> None:
    verdict = verdicts(plant_without(tmp_path, *removed))[ability]
    assert not verdict.possible
    assert any(words in text.en for text in verdict.missing)
    assert all(text.zh for text in verdict.missing)


def test_a_heat_meter_stands_for_flow_and_temperatures(tmp_path: Path) -> None:
    removed = ("load_flow", "load_leaving", "load_entering")
    assert verdicts(plant_without(tmp_path, *removed))["system_cop"].possible


def test_one_meter_may_cover_several_units(tmp_path: Path) -> None:
    folder = plant_without(tmp_path, "pump_load_electricity")
    text = (folder / "points.csv").read_text(encoding="utf-8")
    text = text.replace("kWh,pump_source,", "kWh,pump_source+pump_load,")
    (folder / "points.csv").write_text(text, encoding="utf-8")
    assert verdicts(folder)["system_cop"].possible


def test_a_point_without_accuracy_gives_no_grade(tmp_path: Path) -> None:
    folder = plant_without(tmp_path)
    text = POINTS.replace("hp1,supply,EH.1 electricity unit 1 1号机组电量,EN 62053 class 1,",
                          "hp1,supply,EH.1,,")  # fmt: skip
    (folder / "points.csv").write_text(text, encoding="utf-8")
    verdict = verdicts(folder)["unit_cop"]
    assert verdict.possible
    assert verdict.without_accuracy == ("hp1_electricity",)


def test_the_laboratory_has_no_source_heat() -> None:
    found = verdicts(EXAMPLES / "rwth-lab")
    assert found["unit_cop"].possible
    assert not found["unit_cop"].without_accuracy
    assert not found["heat_balance"].possible
    assert "heat_per_length" not in found
