"""Design flows of groundwater wells that do not fit: what is computed, and what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import diwen.site
from diwen.design.site_well_checks import well_checks_of_site
from diwen.problems import InputError, Problem
from diwen.site import circulation_well, source_model
from diwen.site.groundwater_source import groundwater_wells_of_site

HEAD = """schema = 1

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
static_level = "8 m"

"""


def _well(name: str, role: str, x: float, flow: float | None, y: float = 0.0) -> str:
    declared = "" if flow is None else f'design_flow = "{flow} m3/h"\n'
    return (
        f'[sources.w.wells.{name}]\nrole = "{role}"\nx = "{x} m"\ny = "{y} m"\ndepth = "62 m"\n'
        f'bore_diameter = "400 mm"\nscreens = [{{ top = "22 m", bottom = "58 m" }}]\n{declared}\n'
    )


def _wells(pumped: float | None, returned: float | None, source: str = "") -> str:
    """One pumped well and three that take the water back, m³/h."""
    head = f'[sources.w]\ntype = "groundwater_wells"\n{source}\n\n'
    back = [_well(f"i{i}", "injection", 100.0, returned, 60.0 * i) for i in range(3)]
    return head + _well("p", "abstraction", 0.0, pumped) + "".join(back)


def _site(folder: Path, wells: str) -> diwen.site.Site:
    (folder / "site.toml").write_text(HEAD + wells, encoding="utf-8")
    return diwen.site.read(folder)


def _said(problems: tuple[Problem, ...]) -> str:
    return "\n".join(problem.to("en") for problem in problems)


def test_injection_wells_that_take_too_little_leave_water_out(tmp_path: Path) -> None:
    site = _site(tmp_path, _wells(90, 20))
    assert "take back 60 m³/h of 90 m³/h" in _said(site.notices)
    built = groundwater_wells_of_site(site)
    np.testing.assert_allclose(built.rates * 3600.0, [-90.0, 20.0, 20.0, 20.0])
    assert "take back 60 of 90 m³/h: the rest is not reinjected" in _said(built.notes)
    notes = "\n".join(note.en for note in source_model(site).notes)
    assert "take back 60 of 90 m³/h" in notes


def test_the_checks_of_wells_refuse_what_is_not_reinjected(tmp_path: Path) -> None:
    for returned, share, verdict in ((20, 60 / 90, "fail"), (40, 1.0, "ok")):
        (found,) = well_checks_of_site(_site(tmp_path, _wells(90, returned)))
        balance = next(check for check in found.checks if check.id == "water_balance")
        assert balance.value == pytest.approx(share)
        assert balance.verdict == verdict


def test_injection_wells_with_a_reserve_take_what_there_is(tmp_path: Path) -> None:
    site = _site(tmp_path, _wells(90, 40))
    assert "design_flow" not in _said(site.notices)
    built = groundwater_wells_of_site(site)
    np.testing.assert_allclose(built.rates * 3600.0, [-90.0, 30.0, 30.0, 30.0])
    assert "designed for 120 m³/h: all turned down evenly to 90 m³/h" in _said(built.notes)


def test_flows_that_fit_are_silent(tmp_path: Path) -> None:
    site = _site(tmp_path, _wells(90, 30, 'design_flow = "90 m3/h"'))
    built = groundwater_wells_of_site(site)
    np.testing.assert_allclose(built.rates * 3600.0, [-90.0, 30.0, 30.0, 30.0])
    assert "m³/h" not in _said((*site.notices, *built.notes))


def test_wells_for_far_more_than_the_source_are_told(tmp_path: Path) -> None:
    site = _site(tmp_path, _wells(90, 30, 'design_flow = "10 m3/h"'))
    assert "could give 90 m³/h together: all is computed with the 10 m³/h" in _said(site.notices)
    built = groundwater_wells_of_site(site)
    np.testing.assert_allclose(built.rates * 3600.0, [-10.0, 10 / 3, 10 / 3, 10 / 3])
    assert "abstraction wells are designed for 90 m³/h" in _said(built.notes)


def test_wells_that_cannot_give_the_flow_of_the_source_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give 90 m³/h together, the source is to have 120"):
        _site(tmp_path, _wells(90, 40, 'design_flow = "120 m3/h"'))


def test_water_that_is_not_reinjected_needs_no_injection_flow(tmp_path: Path) -> None:
    site = _site(tmp_path, _wells(90, 20, "reinjection = false"))
    assert "reinjected" not in _said(site.notices)


def test_wells_without_screens_are_open_below_the_water_table(tmp_path: Path) -> None:
    free = _wells(90, 30).replace('screens = [{ top = "22 m", bottom = "58 m" }]\n', "")
    text = HEAD.replace('level = "8 m"', 'level = "25 m"\nkind = "unconfined"') + free
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    built = groundwater_wells_of_site(diwen.site.read(tmp_path))
    assert set(built.screens) == {((25.0, 60.0),)}


def test_two_sources_in_one_aquifer_do_not_feel_each_other_and_that_is_said(
    tmp_path: Path,
) -> None:
    words = "stand in the same aquifer: how they influence each other"
    pair = _wells(90, 30) + _circulation("22 m", "34 m", "42 m", "56 m")
    site = _site(tmp_path, pair)
    assert f"the wells of c {words}" in _said(groundwater_wells_of_site(site, "w").notes)
    assert f"the wells of w {words}" in _said(circulation_well(site, "c").notes)
    deeper = (
        '[[ground.aquifers]]\ntop = "65 m"\nbottom = "100 m"\nhydraulic_conductivity = "9 m/d"\n'
    )
    apart = _wells(90, 30) + deeper + _circulation("66 m", "76 m", "80 m", "98 m")
    site = _site(tmp_path, apart)
    assert words not in _said(groundwater_wells_of_site(site, "w").notes)
    assert words not in _said(circulation_well(site, "c").notes)


def _circulation(*ends: str) -> str:
    return (
        '[sources.c]\ntype = "circulation_well"\nstructure = "one_aquifer"\ndepth = "99 m"\n'
        'bore_diameter = "600 mm"\nflow = "30 m3/h"\n\n[[sources.c.stages]]\n'
        f'return_zone = {{ top = "{ends[0]}", bottom = "{ends[1]}" }}\n'
        f'seal = {{ top = "{ends[1]}", bottom = "{ends[2]}" }}\n'
        f'extraction_zone = {{ top = "{ends[2]}", bottom = "{ends[3]}" }}\n\n'
    )
