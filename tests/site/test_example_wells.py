"""The three example sites on circulation wells: what is documented, and that the rest fits it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.site import SiteCirculationWell, circulation_well, usable_for

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("hospital-18-wells", "forest-office-4-wells", "village-wells")
WATER = 4.19e6  # J/(m³·K)


def built(name: str) -> SiteCirculationWell:
    return circulation_well(diwen.site.read(EXAMPLES / name))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_sound_marked_and_complete_for_design(name: str) -> None:
    site = diwen.site.read(EXAMPLES / name)
    assert site.illustrative
    assert not site.notices
    assert usable_for(site).answers["design"] == "yes"
    assert usable_for(site).answers["simulate"] == "yes"
    answer = CliRunner().invoke(build(), ["check", str(EXAMPLES / name)])
    assert answer.exit_code == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_is_documented_and_what_is_assumed_is_said_in_both_languages(name: str) -> None:
    for file in ("site.toml", "README.md"):
        text = (EXAMPLES / name / file).read_text(encoding="utf-8")
        for word in ("documented", "assumed", "文献", "假定"):
            assert word in text
    readme = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    assert "**Illustrative.**" in readme
    assert "**示意算例。**" in readme
    assert "**simulated**" in readme
    assert "**模拟**" in readme


def test_the_hospital_has_two_operating_points_and_its_page_computes_them() -> None:
    found = built("hospital-18-wells")
    site = diwen.site.read(EXAMPLES / "hospital-18-wells")
    source = site.sources["wells"]
    assert (found.count, len(found.names), found.well.depth) == (18, 18, 60.0)
    assert sum(well.retrofitted for well in source.wells.values()) == 11
    assert found.total_flow * 3600 == pytest.approx(540.0)
    assert (site.place.heated_area, site.place.cooled_area) == (19000.0, 79000.0)
    text = (EXAMPLES / "hospital-18-wells" / "README.md").read_text(encoding="utf-8")
    measured = WATER * found.total_flow * (15.3 - 13.1)
    for power in (source.rated_capacity, source.rated_injection):
        assert f"{power / (WATER * found.flow):.3f} K" in text
        assert f"{18 * power / 1e3:.0f} kW" in text
    assert f"{measured / 1e3:.1f} kW" in text
    assert f"{measured / 18e3:.1f} kW" in text
    assert f"{measured / (18 * source.rated_capacity):.0%}".replace("%", " %") in text


def test_the_office_has_four_wells_of_eighty_kilowatts() -> None:
    found = built("forest-office-4-wells")
    assert (found.count, found.well.depth) == (4, 72.0)
    assert found.flow * 3600 == pytest.approx(16.0)
    assert found.given.rated_capacity == pytest.approx(80e3)
    assert found.given.rated_capacity / (WATER * found.flow) == pytest.approx(4.296, abs=1e-3)
    assert found.well.annulus is not None


def test_the_village_has_three_loops_and_seven_wells_in_two_aquifers() -> None:
    found = built("village-wells")
    site = diwen.site.read(EXAMPLES / "village-wells")
    assert found.count * found.given.rated_capacity == pytest.approx(3.5e6)
    assert found.total_flow * 3600 == pytest.approx(700.0)
    assert found.aquifer is None
    assert [pair.share for pair in found.well.pairs] == [0.5, 0.5]
    circuits = [pump.circuit for pump in site.pumps.values()]
    assert circuits == ["well", "source", "source", "source", "load"]
    secondary = sum(pump.rated_flow * pump.count for pump in site.pumps.values()
                    if pump.circuit == "source")  # fmt: skip
    assert secondary * 3600 == pytest.approx(700.0)
    plates = site.exchangers["plates"]
    assert plates.area * plates.count == pytest.approx(700.0)
    assert plates.rated_capacity * plates.count == pytest.approx(3.5e6)
    assert site.heat_pumps["household"].count == 100 + 200 + 500


def season(first: int, last: int) -> np.ndarray:
    day = np.arange(8760) // 24
    return (day >= first) & (day <= last) if first <= last else (day >= first) | (day <= last)


def outdoor(mean: float, swing: float) -> np.ndarray:
    hours = np.arange(8760)
    year = -swing * np.cos(2 * np.pi * (hours // 24 - 18) / 365)
    daily = 5 * np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    return mean + year + daily + 3 * np.sin(2 * np.pi * hours / (24 * 9.3))


def opened(first: int, last: int, share: float) -> np.ndarray:
    hour = np.arange(8760) % 24
    return np.where((hour >= first) & (hour < last), 1.0, share)


HOSPITAL, OFFICE, VILLAGE = outdoor(9, 17), outdoor(12, 15), outdoor(11, 16)
LOADS = {
    "hospital-18-wells": (
        1800 * np.clip((16 - HOSPITAL) / 30, 0, 1) * season(304, 89),
        4500 * np.clip((HOSPITAL - 20) / 11, 0, 1) * season(134, 257) * opened(7, 22, 0.4),
    ),
    "forest-office-4-wells": (
        250 * np.clip((16 - OFFICE) / 25, 0, 1) * season(318, 73) * opened(7, 19, 0.6),
        270 * np.clip((OFFICE - 20) / 13, 0, 1) * season(139, 258) * opened(7, 19, 0.2),
    ),
    "village-wells": (
        4200 * np.clip((16 - VILLAGE) / 28, 0, 1) * season(318, 73),
        900 * np.clip((VILLAGE - 24) / 10, 0, 1) * season(151, 242),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_load_is_the_formula_of_its_page(name: str) -> None:
    with (EXAMPLES / name / "load.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert all("simulated" in title and "模拟" in title for title in rows[0])
    values = np.array(rows[1:], float)
    assert values.shape == (8760, 2)
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    for column, formula in enumerate(LOADS[name]):
        np.testing.assert_allclose(values[:, column], formula, atol=0.5 + 1e-9)
        assert f"{values[:, column].sum() / 1e3:.0f} MWh" in text


@pytest.mark.parametrize(
    ("removed", "ability", "words"),
    [
        ("static_level", "well_feasibility", "ground.aquifers.*.static_level"),
        ("undisturbed_temperature =", "well_feasibility", "ground.undisturbed_temperature"),
        ("hourly_file", "well_design", "loads.*.hourly_file or sources.*.yearly_extraction"),
    ],
)
def test_check_names_what_the_design_of_wells_lacks(
    tmp_path: Path, removed: str, ability: str, words: str
) -> None:
    text = (EXAMPLES / "forest-office-4-wells" / "site.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(removed)]
    (tmp_path / "site.toml").write_text("\n".join(kept), encoding="utf-8")
    (tmp_path / "load.csv").write_bytes(
        (EXAMPLES / "forest-office-4-wells" / "load.csv").read_bytes()
    )
    found = usable_for(diwen.site.read(tmp_path)).verdicts["design"]
    verdict = next(item for item in found if item.ability.id == ability)
    assert not verdict.possible
    assert any(words in lacking.en for lacking in verdict.missing)
    assert all(lacking.zh for lacking in verdict.missing)
