"""What sources of a site never do: freeze, or move more water than their wells declare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.site import Site, read, source_model

HEAD = """
schema = 1
[site]
name_en = "A"
name_zh = "甲"
kind = "plant"
[ground]
undisturbed_temperature = "12 °C"
[[ground.aquifers]]
top = "20 m"
bottom = "60 m"
hydraulic_conductivity = "20 m/d"
porosity = 0.25
static_level = "8 m"
"""
WELL = """
[sources.s.wells.{name}]
role = "{role}"
depth = "62 m"
bore_diameter = "400 mm"
x = "{x} m"
y = "0 m"
screens = [{{ top = "22 m", bottom = "58 m" }}]
design_flow = "50 m3/h"
"""
WELLS = '[sources.s]\ntype = "groundwater_wells"\n'
SEWAGE = """
[sources.s]
type = "sewage"
design_flow = "100 m3/h"
minimum_return_temperature = "5 °C"
temperature_mean = "13 °C"
temperature_amplitude = "0 K"
exchanger = "e"
fouling = 0.95
[exchangers.e]
heat_transmission = "50 kW/K"
"""
HOURS = np.full(8760, 300e3)


def site_of(folder: Path, text: str) -> Site:
    (folder / "site.toml").write_text(HEAD + text, encoding="utf-8")
    return read(folder)


def wells(first: str, second: str, keys: str = "") -> str:
    pair = ((first, "a", 0), (second, "b", 100))
    return WELLS + keys + "".join(WELL.format(role=role, name=name, x=x) for role, name, x in pair)


def test_water_of_wells_without_a_limit_does_not_freeze(tmp_path: Path) -> None:
    model = source_model(site_of(tmp_path, wells("abstraction", "injection")))
    assert any("only freezing limits it" in note.en for note in model.notes)
    for at in (model, model.with_flow(0.5 * model.flow)):
        course = at.course(np.full(8760, 5e6))
        assert course.leaving.min() == pytest.approx(0.0, abs=1e-9)
        assert course.unmet_extraction > 0.0


def test_a_limit_of_the_site_is_kept_without_a_note(tmp_path: Path) -> None:
    text = wells("abstraction", "injection", 'minimum_return_temperature = "5 °C"\n')
    model = source_model(site_of(tmp_path, text))
    assert model.limits.lowest_return == 5.0
    assert not any("freezing" in note.en for note in model.notes)


def test_the_circuit_behind_a_fouled_exchanger_does_not_freeze(tmp_path: Path) -> None:
    model = source_model(site_of(tmp_path, SEWAGE))
    course = model.course(HOURS)
    assert course.leaving.min() == pytest.approx(0.0, abs=1e-9)
    # 5 % of 50 kW/K behind equal heat capacity rates C: effectiveness UA/(UA + C).
    share = 2.5e3 / (2.5e3 + model.heat_capacity_rate)
    assert course.taken == pytest.approx(
        np.full(8760, share * model.heat_capacity_rate * 13.0), rel=1e-6
    )
    said = "\n".join(note.en for note in model.notes)
    assert "may return at 0 °C at the lowest" in said
    assert "flow of the circuit behind the exchanger not given" in said


def test_antifreeze_in_the_circuit_lets_it_return_colder(tmp_path: Path) -> None:
    fluid = 'fluid = { name = "propylene_glycol", concentration = 0.3 }\n'
    course = source_model(site_of(tmp_path, SEWAGE + fluid)).course(HOURS)
    assert -14.0 < course.leaving.min() < -11.0


@pytest.mark.parametrize(("first", "second"), [("both", "both"), ("abstraction", "both"),
                                           ("both", "injection")])  # fmt: skip
def test_wells_that_do_both_move_the_flow_of_those_that_abstract(
    tmp_path: Path, first: str, second: str
) -> None:
    model = source_model(site_of(tmp_path, wells(first, second)))
    assert model.flow * 3600.0 == pytest.approx(50.0)


RIVER = """
[sources.s]
type = "surface_water"
design_flow = "100 m3/h"
minimum_return_temperature = "1 °C"
"""


def _file(folder: Path, name: str, values: list[str]) -> None:
    (folder / name).write_text("\n".join(["Temperature (°C)", *values]), encoding="utf-8")


def _refused_at_read(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        site_of(folder, text)
    return "\n".join(problem.to("en") for problem in caught.value.problems)


def _refused(site: Site) -> str:
    with pytest.raises(InputError) as caught:
        source_model(site)
    return "\n".join(problem.to("en") for problem in caught.value.problems)


def test_air_temperatures_are_not_taken_for_those_of_a_river(tmp_path: Path) -> None:
    _file(tmp_path, "t.csv", ["-12.5"] * 4000 + ["8"] * 4760)
    text = _refused_at_read(tmp_path, RIVER + 'temperature_file = "t.csv"\n')
    assert "t.csv: -: a water below its freezing point (found: -12.5 °C)" in text
    assert "at least -0.5 °C" in text


def test_a_yearly_wave_of_water_stops_at_freezing_and_says_so(tmp_path: Path) -> None:
    wave = 'temperature_mean = "8 °C"\ntemperature_amplitude = "10 K"\nwarmest_day = 200\n'
    model = source_model(site_of(tmp_path, RIVER + wave))
    assert np.min(model.undisturbed_temperature) == 0.0
    assert np.max(model.undisturbed_temperature) == pytest.approx(18.0, abs=1e-3)
    assert any("below 0 °C, to -2.0 °C" in note.en for note in model.notes)
    sea = source_model(site_of(tmp_path, RIVER + 'body = "sea"\n' + wave))
    assert np.min(sea.undisturbed_temperature) == -1.9


def test_fouling_without_an_exchanger_is_said(tmp_path: Path) -> None:
    text = RIVER + 'temperature_mean = "8 °C"\ntemperature_amplitude = "5 K"\nfouling = 0.5\n'
    notes = source_model(site_of(tmp_path, text)).notes
    assert any("the source names no exchanger" in note.en for note in notes)


def test_gaps_of_an_air_file_are_not_to_be_modelled_by_keys_that_air_has_not(
    tmp_path: Path,
) -> None:
    _file(tmp_path, "w.csv", ["5"] * 100 + [""] * 3 + ["5"] * 8657)
    text = _refused_at_read(tmp_path, '[sources.s]\ntype = "air"\nweather_file = "w.csv"\n')
    assert "the file has 3 gaps" in text
    assert "temperature_mean" not in text
