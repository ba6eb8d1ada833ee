"""The same records under another points.csv: meters removed, moved, mended; nothing re-imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from walk_plant import PLANT
from walk_site import HEATER, adapt, change, import_all, remove
from walk_site import diwen as command

import diwen
from diwen.evaluation import Evaluation, Result, evaluate

JANUARY = PLANT.month("2025-01")
Copy = Callable[[], Path]


def january(folder: Path) -> Evaluation:
    return evaluate(diwen.read(folder), "2025-01")


def ratios(found: Evaluation) -> dict[str, Result]:
    """Results by boundary."""
    named = {f"spf {of}": found.find("spf", of, mode="heating") for of in ("H1", "H2", "H3", "H4")}
    named["system"] = found.find("cop_system")
    return {name: result for name, result in named.items() if result is not None}


@pytest.mark.parametrize(
    ("point", "refused", "missing", "still"),
    [
        ("pump_source_electricity", "system", "EP.pump_source electric_energy supply pump_source",
         "spf H1"),
        ("hp2_electricity", "spf H1", "EH.hp2 electric_energy supply hp2", None),
        ("heater_electricity", "spf H3", "EA.heater electric_energy supply heater", None),
    ],
)  # fmt: skip
def test_without_a_meter_its_boundary_is_refused_by_name(
    changed: Copy, point: str, refused: str, missing: str, still: str | None
) -> None:
    folder = changed()
    remove(folder, point)
    found = ratios(january(folder))
    assert found[refused].status == "refused"
    assert found[refused].value is None
    assert found[refused].missing == (missing,)
    if still:
        expected = PLANT.answers(JANUARY)["heating H1"]
        assert found[still].value == pytest.approx(expected, rel=2e-4)


def test_without_a_flow_there_is_no_ground_heat(changed: Copy) -> None:
    folder = changed()
    remove(folder, "source_flow")
    refused = january(folder).find("heat_extraction")
    assert refused.status == "refused"
    assert refused.missing == ("FS volume_flow source hp1+hp2",)
    assert "flow meter" in refused.reason.en
    assert "流量计" in refused.reason.zh


def test_without_an_accuracy_there_is_no_grade(changed: Copy) -> None:
    folder = changed()
    change(folder, "load_heat", accuracy="")
    result = evaluate(diwen.read(folder), "2024-heating").find("cop_system")
    assert result.value is not None
    assert result.uncertainty is None
    assert result.grade is None
    assert result.status == "indicative"


def test_a_grade_at_its_edge_is_not_resolved(changed: Copy) -> None:
    folder = changed()
    answer = PLANT.answers(PLANT.heating & ~PLANT.gap())["heating system"]
    change(folder, "load_heat", scale=f"{3.5 / answer:.6f}")
    result = evaluate(diwen.read(folder), "2024-heating").find("cop_system")
    assert result.value == pytest.approx(3.5, abs=0.01)
    assert not result.grade.resolved
    assert "grade 1" in result.grade.text.en
    assert "grade 2" in result.grade.text.en


def test_the_heater_counts_once_wherever_the_meter_stands(
    changed: Copy, built: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    """The same plant with its heat meter before the heater gives the same five numbers."""
    folder = tmp_path / "before"
    assert command("new", folder, "--from", "plant-template").exit_code == 0
    adapt(folder)
    for id in ("load_heat", "load_flow", "load_leaving", "load_entering"):
        change(folder, id, equipment="hp1+hp2")
    change(folder, "load_heat", source="机组出口热量表")
    assert command("import", folder, files["heating.csv"]).exit_code == 0
    before, after = ratios(january(folder)), ratios(january(built))
    for name in after:
        assert before[name].value == pytest.approx(after[name].value, rel=1e-4), name
    assert after["spf H3"].value < after["spf H2"].value


def test_boundaries_without_equipment_between_them_coincide(changed: Copy) -> None:
    folder = changed()
    toml = (folder / "site.toml").read_text(encoding="utf-8")
    assert HEATER in toml
    (folder / "site.toml").write_text(toml.replace(HEATER, ""), encoding="utf-8")
    remove(folder, "heater_electricity")
    for id in ("load_heat", "load_flow", "load_leaving", "load_entering"):
        change(folder, id, equipment="hp1+hp2")
    found = ratios(january(folder))
    assert found["spf H3"].value == found["spf H2"].value
    assert found["spf H3"].detail["equals"] == "H2"
    assert any("SPF H3 = SPF H2" in note.en for note in found["spf H3"].notes)
    assert found["spf H4"].value == pytest.approx(found["system"].value, rel=1e-9)


@pytest.mark.parametrize(
    ("point", "wrong", "right"),
    [
        ("load_heat", {"unit": "MWh"}, {"unit": "GJ"}),
        ("pump_source_electricity", {"scale": "1"}, {"scale": "0.1"}),
        ("pump_load_electricity", {"unit": "kW"}, {"unit": "W"}),
        # 318 °C was flagged as out of range: the flags are computed again, nothing is imported.
        ("load_leaving", {"unit": "degC"}, {"unit": "K"}),
    ],
)
def test_a_mistaken_unit_is_mended_without_importing_again(
    files: dict[str, Path],
    built: Path,
    tmp_path: Path,
    point: str,
    wrong: dict[str, str],
    right: dict[str, str],
) -> None:
    folder = tmp_path / "plant"
    assert command("new", folder, "--from", "plant-template").exit_code == 0
    adapt(folder)
    change(folder, point, **wrong)
    import_all(folder, files, ("heating.csv",))
    good = january(built)
    mistaken = january(folder)
    assert [r.value for r in mistaken.results] != [r.value for r in good.results]
    change(folder, point, **right)
    if point == "load_leaving":
        assert command("import", folder, "--recompute-quality").exit_code == 0
    mended = {(r.id, r.of, r.mode): r for r in january(folder).results}
    for result in good.results:
        # The availability is that of all points, and the rooms are not imported here.
        if point in result.inputs and result.id != "availability":
            again = mended[result.id, result.of, result.mode]
            assert again.value == pytest.approx(result.value), result.id
            assert again.coverage == pytest.approx(result.coverage), result.id


def test_the_same_files_again_change_nothing(changed: Copy, files: dict[str, Path]) -> None:
    folder = changed()
    parts = {path: path.read_bytes() for path in folder.rglob("*.parquet")}
    assert command("import", folder, files["rooms.xlsx"], files["heating.csv"]).exit_code == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.parquet")} == parts
