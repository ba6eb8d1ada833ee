"""Circulation wells through the years: heat books, balance, MODFLOW, the shape of sources."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.design import well_study
from diwen.design.well_study import WellStudy
from diwen.design.well_study_answer import answer
from diwen.problems import InputError
from diwen.site.source_builders import source_model
from diwen.sources.circulation_well import grid
from well_sites import (
    COLUMN,
    RATINGS,
    SEASON,
    WELL,
    cooling,
    heating,
    write,
    write_ground,
)

KWH = 3.6e6
study_wells = partial(well_study.study_wells, measured=False)
ROW = 'count = 9\nspacing = "40 m"\n'
FIELD = WELL.replace("[[sources.w.stages]]", ROW + "[[sources.w.stages]]")


def field_study(folder: Path, power: np.ndarray, years: int) -> WellStudy:
    return study_wells(write_ground(folder, FIELD, power), years=years)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> WellStudy:
    """One well in open ground that heats in winter, with a fixed COP of 5."""
    site = write(tmp_path_factory.mktemp("plain"), WELL, heating())
    return well_study.study_wells(site, years=2)


def test_heat_of_a_year_is_that_of_the_load(plain: WellStudy) -> None:
    wanted = heating().round(3).sum() * (1.0 - 1.0 / 5.0)
    assert plain.extraction / KWH == pytest.approx([wanted, wanted])
    assert plain.injection == pytest.approx([0.0, 0.0])
    assert plain.rounds == 0
    assert plain.settled == 0.0


def test_the_water_carries_the_heat(plain: WellStudy) -> None:
    running = plain.load > 0.0
    carried = 4.19e6 * 30.0 / 3600.0 * (plain.pumped - plain.returned)
    assert carried[running] == pytest.approx(plain.load[running], rel=1e-9)
    for point in plain.operating_points():
        assert point.drop == pytest.approx(point.heat / (4.19e6 * point.flow))


def test_breakthrough_against_modflow_6(plain: WellStudy) -> None:
    """MODFLOW 6 GWE (upwind) on the same rings: 0.1060 after 240 h, 0.3079 after 1000 h.

    The ground of the test is that of the computation; a few thousandths are left for the grid.
    """
    hours, share = plain.breakthrough
    for hour, wanted in ((100, 0.0278), (240, 0.1060), (480, 0.1957), (1000, 0.3079)):
        assert share[hour - 1] == pytest.approx(wanted, abs=0.004)
        assert hours[hour - 1] == hour
    ten = plain.days_to(0.1)
    assert ten is not None
    assert 100.0 / 24.0 < ten < 240.0 / 24.0
    assert plain.days_to(0.9999) is None


def test_heads_scale_with_the_flow_and_balance(plain: WellStudy) -> None:
    """MODFLOW 6 on the same rings: 3.18 m in the first cell beside the return screen."""
    assert plain.injection_head == pytest.approx(3.18, abs=0.05)
    # Two screens alike but for their depth below the tight cover.
    assert plain.drawdown == pytest.approx(plain.injection_head, rel=0.1)


def test_first_year_is_that_of_the_source_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one shape of all sources knows no rest, so the load never rests; both on coarse rings."""
    monkeypatch.setattr(grid, "well_grid", partial(grid.well_grid, fineness=0.5))
    power = 80.0 + 30.0 * SEASON
    site = write_ground(tmp_path, WELL, power)
    study = well_study.study_wells(site, years=1)
    model = source_model(site)
    course = model.course(power * 1e3)
    drop = float((11.0 - study.pumped).max())
    allowed = study.model.error + model.error * drop + 0.01  # and steps of an hour
    assert np.abs(course.entering - study.pumped)[24:].max() < allowed
    assert drop > 1.0


def test_a_balanced_load_does_not_drift(tmp_path: Path) -> None:
    level, net = 60.0 * 9 * SEASON, 60.0 * 9 * (SEASON + 0.3)
    balanced = field_study(tmp_path / "a", level, 4)
    drifting = field_study(tmp_path / "b", net, 4)
    assert balanced.extraction == pytest.approx(balanced.injection, rel=1e-6)
    steps = np.diff(balanced.lowest("pumped"))
    assert abs(steps[-1]) < 0.05
    assert np.diff(drifting.lowest("pumped")).max() < -0.1


def test_water_and_heat_pumps_fit_each_other(tmp_path: Path) -> None:
    site = write(tmp_path, WELL, heating(), pump=_rated())
    study = study_wells(site, years=1)
    assert 1 < study.rounds < 12
    assert study.settled < 0.005
    # The COP is a straight line between 250/62 at 0 °C and 330/60 at 15 °C.
    cop = np.interp(study.pumped, [0.0, 15.0], [250.0 / 62.0, 330.0 / 60.0])
    wanted = heating().round(3) * 1e3 * (1.0 - 1.0 / cop)
    assert study.load == pytest.approx(wanted, rel=2e-3, abs=1.0)


def test_behind_an_exchanger_the_heat_pumps_feel_colder_water(tmp_path: Path) -> None:
    plates = (
        "[exchangers.plates]\n"
        'primary = "well"\nsecondary = "source"\nheat_transmission = "40 kW/K"\n'
    )
    behind = WELL.replace("[[sources.w.stages]]", 'exchanger = "plates"\n[[sources.w.stages]]')
    alone = study_wells(write(tmp_path / "a", WELL, heating(), pump=_rated()), years=1)
    cold = study_wells(
        write(tmp_path / "b", behind, heating(), pump=_rated(), more=plates), years=1
    )
    # Equal flows on both sides: the approach is heat over transmission, here 1/40 K per kW.
    assert cold.approach * 40e3 == pytest.approx(1.0, rel=0.01)
    assert alone.approach == 0.0
    assert cold.extraction[0] < alone.extraction[0]
    assert any("exchanger" in note.en for note in cold.notes)


def test_several_sources_share_by_their_heat_pumps(tmp_path: Path) -> None:
    other = '[sources.air]\ntype = "air"\n'
    second = _rated().replace("[heat_pumps.hp]", "[heat_pumps.two]").replace('"w"', '"air"')
    second = second.replace("heat_pumps.hp.", "heat_pumps.two.")
    site = write(tmp_path / "a", WELL + other, heating(), pump=_plain_pump() + _twice(second))
    study = study_wells(site, "w", years=1)
    assert study.extraction[0] / KWH == pytest.approx(heating().sum() / 3.0 * 0.8, rel=1e-3)
    nameless = _plain_pump().replace('source = "w"\n', "")
    site = write(tmp_path / "b", WELL + other, heating(), pump=nameless)
    with pytest.raises(InputError) as raised:
        study_wells(site, "w", years=1)
    assert "several sources" in str(raised.value)


def test_without_spacing_it_says_so(tmp_path: Path) -> None:
    loose = WELL.replace("[[sources.w.stages]]", "count = 4\n[[sources.w.stages]]")
    study = study_wells(write(tmp_path, loose, heating()), years=1)
    assert any("neither spacing nor positions" in note.en for note in study.notes)
    assert study.flow_field.outer == "open"
    assert study.load.sum() * 4 == pytest.approx(study.extraction[0] / 3600.0)


def test_a_standing_column_with_bleed(tmp_path: Path) -> None:
    dry = COLUMN.replace("bleed = 0.1", "bleed = 0.0")
    bled, closed = (
        study_wells(write(tmp_path / name, text, heating(12.0)), years=1)
        for name, text in (("a", COLUMN), ("b", dry))
    )
    # Bleed brings natural water: never colder.
    assert (bled.pumped >= closed.pumped - 0.02).all()
    assert bled.lowest("pumped")[0] > closed.lowest("pumped")[0]
    assert any("bled" in note.en for note in bled.notes)


def test_limits_that_years_break_are_told(tmp_path: Path) -> None:
    limited = FIELD.replace(
        "[[sources.w.stages]]",
        'minimum_return_temperature = "4 °C"\nmaximum_return_temperature = "20 °C"\n'
        "[[sources.w.stages]]",
    )
    site = write_ground(tmp_path, limited, 1500.0 * np.clip(SEASON, 0.0, None))
    study = study_wells(site, years=3)
    said = [text.en for text in study.broken_limits]
    cold = (study.returned < 4.0 - 1e-6) & (study.load > 0.0)
    year = int(np.argmax(cold)) // 8760 + 1
    assert any(f"below 4 °C in {cold.sum()} hours, first in year {year}" in text for text in said)
    assert not any("above 20" in text for text in said)
    frozen = int(((study.returned < 0.0) & (study.load > 0.0)).sum())
    assert frozen > 0
    assert f"{frozen} hours" in said[0]


@pytest.mark.parametrize("years", [0, 101, -3, 2.5])
def test_years_that_cannot_be(tmp_path: Path, years: float) -> None:
    site = write(tmp_path, WELL, heating())
    with pytest.raises(InputError) as raised:
        study_wells(site, years=years)  # type: ignore[arg-type]
    assert raised.value.problems[0].where == "years"


def test_as_plain_data(plain: WellStudy) -> None:
    from diwen.design.site_well_checks import well_checks_of_site

    data = answer(plain, well_checks_of_site(plain.site)[0])
    assert data["origin"] == "simulated"
    assert data["illustrative"] is True
    assert [row["year"] for row in data["by_year"]] == [1, 2]
    assert data["by_year"][0]["lowest_pumped"] == pytest.approx(plain.lowest("pumped")[0], abs=1e-4)
    assert data["return_level"] == pytest.approx(8.0 - data["injection_head"], abs=1e-3)
    assert data["breakthrough_days"]["0.1"] < data["breakthrough_days"]["0.5"]


def test_more_extraction_is_never_warmer(plain: WellStudy) -> None:
    """But for the error of the modes, a share of the largest change of the water anywhere."""
    hours = 3000
    flow, model = plain.built.flow, plain.model
    base = np.full(hours, 50e3)
    before = model.simulate(base, flow).pumped

    @settings(max_examples=25)
    @given(start=st.integers(0, hours - 1), length=st.integers(1, 700), power=st.floats(1e3, 60e3))
    def holds(start: int, length: int, power: float) -> None:
        load = base.copy()
        load[start : start + length] += power
        course = model.simulate(load, flow)
        change = course.pumped - before
        largest = power / (4.19e6 * flow) + np.abs(change).max()
        assert change.max() <= model.relative_error * largest
        assert (change[:start] == 0.0).all()

    holds()


def _plain_pump() -> str:
    from well_sites import PUMP

    return PUMP


def _rated() -> str:
    return _plain_pump() + RATINGS


def _twice(pump: str) -> str:
    return pump.replace('source = "air"', 'source = "air"\ncount = 2')


def test_moments_are_the_turns_of_the_heat(tmp_path: Path) -> None:
    study = study_wells(
        write(tmp_path, WELL, heating(100.0), cooling(100.0)), years=2
    )  # fmt: skip
    taken = np.cumsum(study.load)
    # Coldest at the end of winter, warmest at the end of summer; a mode is a state at an hour.
    assert study.load[study.moments["cold_1"] - 1] > 0.0 >= study.load[study.moments["cold_1"]]
    assert taken[study.moments["warm_1"] - 1] == taken[:8760].min()
    near = study.flow_field.grid.rows_of(0, injection=True)
    cold, warm = (study.fields[name][near, 0].mean() for name in ("cold_1", "warm_1"))
    assert cold < 11.0 < warm
    with pytest.raises(KeyError):
        study.fields["cold_3"]


def test_a_year_without_load_has_no_water(tmp_path: Path) -> None:
    from diwen.design.site_well_checks import well_checks_of_site
    from diwen.reports.well_field_tables import year_table

    site = write_ground(tmp_path, WELL, np.concatenate([60.0 + 20.0 * SEASON, np.zeros(8760)]))
    study = study_wells(site, years=3)
    assert np.isnan(study.lowest("pumped")).tolist() == [False, True, False]
    assert study.extraction[1] == 0.0
    assert study.extraction[2] == study.extraction[0]
    rows = [[cell.text.en for cell in row] for row in year_table(study).rows]
    assert rows[1][3:] == ["–"] * 4
    data = answer(study, well_checks_of_site(site)[0])
    assert data["by_year"][1]["lowest_pumped"] is None
