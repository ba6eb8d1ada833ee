"""A system figure of a simulated plant is told only where the pumps of its boundary are named."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from simulated_sites import plant

import diwen
from diwen.design.station_design.compliance_rows_system import system_rows
from diwen.design.station_design.design_result import StationDesign
from diwen.design.well_check_rules import WellRules
from diwen.site import Site
from diwen.site.station_builder import station_of_site
from diwen.twin.site_simulation import simulate_site
from diwen.twin.summary_pumps import refused_ratios

ALL = {"cop_system", "eer_system", "spf_h2", "spf_h3", "spf_h4", "combined"}
SOURCE = '[pumps.ground]\ncircuit = "source"\nrated_power = "6 kW"\n'
LOAD = '[pumps.house]\ncircuit = "load"\nrated_power = "4 kW"\n'


def with_text(folder: Path, more: str) -> Site:
    plant(folder, pumps=False)
    path = folder / "site.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return diwen.read(folder)


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ("", ALL),
        (SOURCE, {"cop_system", "eer_system", "spf_h4", "combined"}),
        (LOAD, ALL),
        (SOURCE + LOAD, set()),
        (SOURCE + LOAD.replace("load", "cooling"), {"cop_system", "spf_h4", "combined"}),
    ],
)
def test_every_boundary_is_refused_by_itself(tmp_path: Path, more: str, refused: set[str]) -> None:
    site = with_text(tmp_path / "office", more)
    assert set(refused_ratios(site, station_of_site(site))) == refused


def test_pumps_that_are_built_in_and_air_lack_nothing(tmp_path: Path) -> None:
    site = plant(tmp_path / "office", pumps=False)
    station = station_of_site(site)
    unit = site.heat_pumps["hp"]
    for changes in ({"built_in_pumps": True}, {"type": "air_air"}):
        other = site.model_copy(update={"heat_pumps": {"hp": unit.model_copy(update=changes)}})
        assert not refused_ratios(other, station)
    split = site.model_copy(
        update={"heat_pumps": {"hp": unit.model_copy(update={"type": "water_air"})}}
    )
    why = refused_ratios(split, station)["cop_system"]
    assert "source field" in why.en
    assert "loop" not in why.en


def test_the_units_are_told_and_the_system_is_not(tmp_path: Path) -> None:
    whole = simulate_site(plant(tmp_path / "whole")).years[0]
    bare = simulate_site(plant(tmp_path / "bare", pumps=False)).years[0]
    assert not whole.refused
    assert set(bare.refused) == ALL
    for name in ALL:
        assert np.isfinite(whole.ratios[name])
        assert np.isnan(bare.ratios[name])
    assert np.isfinite(bare.ratios["spf_h1"])
    assert whole.ratios["cop_system"] < whole.ratios["spf_h2"] < whole.ratios["spf_h1"]
    plain = bare.as_dict()
    assert plain["ratios"]["cop_system"] is None
    assert "[pumps.ID]" in plain["refused"]["cop_system"]["zh"]


def test_the_grade_is_unknown_and_names_the_pumps(tmp_path: Path) -> None:
    site = plant(tmp_path / "bare", pumps=False)
    run = simulate_site(site)
    years = SimpleNamespace(
        years=[SimpleNamespace(year=1, summary=run.years[0])], station=run.station,
        year=lambda number: SimpleNamespace(year=number, summary=run.years[0]),
    )  # fmt: skip
    design = cast(StationDesign, SimpleNamespace(
        site=site, run=years, options=SimpleNamespace(horizons=(1,)),
        sources=[SimpleNamespace(kind="borefield")],
        plant=SimpleNamespace(hardest=lambda *_: None),
    ))  # fmt: skip
    rows = {row.id: row for row in system_rows(design, WellRules.on(run.since)) if row is not None}
    row = rows["system.cop_system.year1"]
    assert row.status == "unknown"
    assert row.missing == ("pumps (field)", "pumps (heating)")
    assert rows["system.eer_system.year1"].missing == ("pumps (field)", "pumps (cooling)")
