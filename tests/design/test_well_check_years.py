"""Return water of the planned years: law of the cures, estimate by hand, a site of the examples."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diwen.design.site_well_checks import well_checks_of_site, well_design_of_site
from diwen.design.well_check_result import WellCheck
from diwen.design.well_check_rules import WellRules
from diwen.design.well_check_years import YearlyHeat, coldest_years_check, warmest_years_check
from diwen.design.well_checks import check_well
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import SeasonCourse, WaterDuty, YearsCourse
from diwen.language import same
from diwen.site import read
from diwen.site.circulation_model import well_cell_radius
from diwen.site.circulation_source import circulation_well
from diwen.sources.aquifer import CirculationWell, GroundColumn, Screen, ScreenPair

EXAMPLES = Path(__file__).parents[2] / "examples"
MWH, FLOW = 3.6e9, 30.0 / 3600.0
MODEL = same("model")


def duty(lowest: tuple[float, ...], highest: tuple[float, ...] = (), **given: Any) -> WaterDuty:
    years = YearsCourse(lowest, highest or (12.0,) * len(lowest), MODEL, given.pop("missing", ()))
    known = {"undisturbed_temperature": 12.0, "lowest_return": 4.0, "highest_return": 25.0}
    return WaterDuty(FLOW, years=years, **(known | given))


def heat(**given: Any) -> YearlyHeat:
    known = {"taken": 300.0 * MWH, "given": 100.0 * MWH, "spacing": 40.0, "count": 4}
    return YearlyHeat(**(known | given))


def coldest(water: WaterDuty, books: YearlyHeat | None = None) -> WellCheck:
    found = coldest_years_check(water, books or heat(), WellRules.on())
    assert found is not None
    return found


def test_a_limit_broken_in_a_later_year_warns_and_says_which() -> None:
    found = coldest(duty((8.0, 6.0, 4.0, 2.0, 0.0)))
    assert found.verdict == "warning"
    assert found.value == 0.0
    assert "first in year 4" in found.why.en
    assert "in year 5 of 5" in found.why.en
    # 8 K of drift by 200 MWh net, 4 K of room: half of the net heat, half of the ground.
    assert found.needs["return_energy"] == pytest.approx(200.0)
    assert found.needs["spacing"] == pytest.approx(40.0 * math.sqrt(2.0))
    # All changes go with the heat of a well: 12 K now, 8 K allowed.
    assert found.needs["wells"] == 6.0


def test_the_warm_side_is_the_mirror() -> None:
    water = duty((6.0,) * 3, (20.0, 25.0, 30.0))
    books = heat(taken=100.0 * MWH, given=300.0 * MWH)
    found = warmest_years_check(water, books)
    assert found is not None
    assert found.verdict == "warning"
    assert found.needs["injected_energy"] == pytest.approx(200.0)
    assert found.needs["wells"] == math.ceil(4 * 18.0 / 13.0)
    assert warmest_years_check(duty((6.0,), highest_return=None), books) is None
    assert coldest(water, books).verdict == "ok"


def test_a_kept_limit_without_the_neighbours_proves_nothing() -> None:
    found = coldest(duty((8.0, 7.0), missing=("spacing",)))
    assert (found.verdict, found.missing) == ("unknown", ("spacing",))
    assert coldest(duty((8.0, 3.0), missing=("spacing",))).verdict == "warning"


def test_a_year_without_heating_is_no_year() -> None:
    nothing = (math.nan, math.nan)
    assert coldest_years_check(duty(nothing), heat(), WellRules.on()) is None
    assert coldest(duty((math.nan, 6.0))).value == 6.0


def well(**given: Any) -> WellDesign:
    column = GroundColumn.of([0.0, 10.0, 70.0, 100.0], np.array([1e-9, 1e-4, 1e-9]))
    pair = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
    known = {
        "undisturbed_temperature": 12.0, "extraction": 100e3, "lowest_return": 4.0, "count": 4,
        "cell_radius": 25.0, "spacing": 40.0, "planned_years": 20.0, "static_level": 5.0,
    }  # fmt: skip
    return WellDesign.of(CirculationWell.of(0.15, (pair,), depth=60.0), column, FLOW,
                         **(known | given))  # fmt: skip


def test_without_hours_the_heat_of_a_year_gives_an_estimate() -> None:
    made = well(season_extraction=300.0 * MWH, season_injection=290.0 * MWH)
    holds = math.pi * 25.0**2 * 60.0 * made.heat_capacity
    drop = 100e3 / (4.19e6 * FLOW)
    found = check_well(made).check("coldest_of_years")
    assert found.value == pytest.approx(12.0 - drop - 20.0 * 10.0 * MWH / holds, abs=0.01)
    assert found.verdict == "ok"
    more = check_well(well(season_extraction=900.0 * MWH)).check("coldest_of_years")
    assert more.verdict == "warning"
    # With the heat that it asks for the same estimate just keeps the limit.
    cured = well(season_extraction=900.0 * MWH,
                 season_injection=more.needs["return_energy"] * MWH)  # fmt: skip
    assert check_well(cured).check("coldest_of_years").value == pytest.approx(4.0, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, "yearly_extraction / loads.*.hourly_file"),
        ({"count": 1, "season_extraction": MWH}, "loads.*.hourly_file"),
        ({"cell_radius": None, "season_extraction": MWH}, "spacing"),
        ({"extraction": None, "season_extraction": MWH}, "design_extraction / rated_capacity"),
    ],
)
def test_what_the_years_lack_is_named(change: dict[str, Any], missing: str) -> None:
    found = check_well(well(**change)).check("coldest_of_years")
    assert (found.verdict, found.missing) == ("unknown", (missing,))


def test_the_first_year_refuses_on_both_sides() -> None:
    hot = well(season=SeasonCourse(6.0, 31.0, MODEL), highest_return=30.0)
    assert check_well(hot).check("warm_in_season").verdict == "fail"
    fine = well(season=SeasonCourse(6.0, 29.0, MODEL), highest_return=30.0)
    assert check_well(fine).check("warm_in_season").verdict == "ok"
    # No estimate beside a course that was computed.
    assert "coldest_of_years" not in [check.id for check in check_well(fine).checks]


def test_a_site_that_cools_year_by_year_is_warned_of() -> None:
    """Heating far above cooling: the first season is fine, the ground is not after years."""
    (found,) = well_checks_of_site(read(EXAMPLES / "village-wells"))
    assert found.check("freezing_in_season").verdict == "ok"
    late = found.check("coldest_of_years")
    assert late.verdict == "warning"
    assert late.value is not None
    assert late.value < 4.0
    assert not found.refused
    assert found.check("warmest_of_years").verdict == "ok"


def test_irregular_wells_own_the_same_ground_in_checks_and_model(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLES / "village-wells", folder)
    text = (folder / "site.toml").read_text(encoding="utf-8")
    assert 'spacing = "120 m"' in text
    kept = [line for line in text.splitlines() if not line.startswith("spacing = ")]
    moved = "\n".join(kept).replace('x = "360 m"', 'x = "400 m"')
    (folder / "site.toml").write_text(moved, encoding="utf-8")
    site = read(folder)
    made, _ = well_design_of_site(site, season=False)
    # Six wells 120 m from the nearest, one 160 m: half of the mean.
    assert made.cell_radius == pytest.approx(0.5 * (6 * 120.0 + 160.0) / 7)
    assert made.cell_radius == well_cell_radius(circulation_well(site))
