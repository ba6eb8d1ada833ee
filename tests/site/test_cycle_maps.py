"""Heat pumps of a site by their cycles: against CoolProp's cycles, laws of nature, and refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen import site
from diwen.problems import InputError
from diwen.site.cycle_maps import cycle_of_unit, machine_of_cycle
from diwen.site.heat_pump_maps import unit_maps
from diwen.site.heat_pumps import HeatPump

HEAD = """schema = 1
[site]
name_en = "plant"
name_zh = "站"
kind = "plant"
[sources.w]
type = "waste_heat"
temperature_mean = "35 °C"
design_flow = "100 m3/h"
"""
WATER = """[heat_pumps.hp]
type = "water_water"
source = "w"
rated_heating_capacity = "900 kW"
rated_heating_source_temperature = "30 °C"
rated_heating_supply_temperature = "70 °C"
refrigerant = "R134a"
"""
EXACT = 'superheat = "0 K"\nsubcooling = "0 K"\nisentropic_efficiency = 0.7\nmotor_efficiency = 1.0'


def folder(tmp_path: Path, unit: str) -> site.Site:
    (tmp_path / "site.toml").write_text(HEAD + unit, encoding="utf-8")
    return site.read(tmp_path)


def by_hand(fluid: str, evaporation: float, condensation: float, efficiency: float) -> float:
    """COP of one stage out of four states of CoolProp."""
    cold, hot = evaporation + 273.15, condensation + 273.15
    h1, s1 = (PropsSI(w, "T", cold, "Q", 1, fluid) for w in "HS")
    pressure, h3 = (PropsSI(w, "T", hot, "Q", 0, fluid) for w in "PH")
    h2 = h1 + (PropsSI("H", "P", pressure, "S", s1, fluid) - h1) / efficiency
    return (h2 - h3) / (h2 - h1)


@pytest.mark.parametrize(("source", "load"), [(30.0, 70.0), (10.0, 45.0), (0.0, 60.0)])
def test_one_stage_is_four_states_of_the_fluid(tmp_path, source, load):
    plant = folder(tmp_path, f"{WATER}[heat_pumps.hp.cycle]\nkind = 'single_stage'\n{EXACT}\n")
    unit = plant.heat_pumps["hp"]
    made = machine_of_cycle(unit.cycle, unit, "heating", 0.7)(source, load)
    # 5 K of cooling and 5 K of difference at the source, 3 K at the load: the rows of the rules.
    assert made.cop == pytest.approx(by_hand("R134a", source - 10.0, load + 3.0, 0.7), rel=1e-4)


def test_the_rated_capacity_is_met_and_the_rest_follows_the_swept_volume(tmp_path):
    plant = folder(tmp_path, f"{WATER}[heat_pumps.hp.cycle]\nkind = 'single_stage'\n{EXACT}\n")
    made = unit_maps(plant, "hp").heating
    assert made.at(30.0, 70.0)[0] == pytest.approx(900e3, rel=1e-9)
    # Colder suction gas is thinner: by the ratio of densities and of heat per mass.
    density = [PropsSI("D", "T", t + 273.15, "Q", 1, "R134a") for t in (20.0, 10.0)]
    heat = []
    for evaporation in (20.0, 10.0):
        cop = by_hand("R134a", evaporation, 73.0, 0.7)
        drawn = PropsSI("H", "T", evaporation + 273.15, "Q", 1, "R134a") - PropsSI(
            "H", "T", 346.15, "Q", 0, "R134a"
        )
        heat.append(drawn * cop / (cop - 1.0))
    wanted = 900e3 * density[1] / density[0] * heat[1] / heat[0]
    # Between the points of the map the curve is straight: 2 %.
    assert made.at(20.0, 70.0)[0] == pytest.approx(wanted, rel=0.02)


def test_limits_of_the_cycle_are_limits_of_the_unit(tmp_path):
    unit = WATER.replace("R134a", "R32")  # critical at 78.1 °C, so 75.1 °C at 3 K of difference
    plant = folder(tmp_path, unit + "[heat_pumps.hp.cycle]\nkind = 'single_stage'\n")
    maps = unit_maps(plant, "hp")
    critical = PropsSI("Tcrit", "R32") - 273.15
    assert maps.maximum_supply == pytest.approx(critical - 3.0, abs=0.2)
    from diwen.site.station_equipment import units_of_plan  # what the twin is told
    from diwen.site.station_loops import PlannedLoop
    from diwen.site.station_units import PlannedUnit

    planned = PlannedUnit("hp", "heat_pumps", 1, "w", ("heating",))
    loop = PlannedLoop("heating", "heat", "heating", ())
    (made,) = units_of_plan(plant, [planned], [loop], [], [])
    assert made.maximum_supply == maps.maximum_supply
    assert made.minimum_source == maps.minimum_source


def test_a_stated_limit_goes_before_that_of_the_cycle(tmp_path):
    unit = WATER + 'maximum_supply_temperature = "71 °C"\n'
    plant = folder(tmp_path, unit + "[heat_pumps.hp.cycle]\nkind = 'single_stage'\n")
    assert plant.heat_pumps["hp"].maximum_supply_temperature == 71.0
    assert unit_maps(plant, "hp").maximum_supply > 71.0


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 0.85))
def test_the_rated_power_gives_back_the_efficiency(efficiency):
    base = {
        "type": "water_water", "rated_heating_capacity": "900 kW", "refrigerant": "R134a",
        "rated_heating_source_temperature": "30 °C", "rated_heating_supply_temperature": "70 °C",
        "cycle": {"kind": "single_stage"},
    }  # fmt: skip
    unit = HeatPump.model_validate(base)
    cop = machine_of_cycle(unit.cycle, unit, "heating", efficiency)(30.0, 70.0).cop
    rated = HeatPump.model_validate({**base, "rated_heating_power": f"{900.0 / cop:.9f} kW"})
    from types import SimpleNamespace

    found = cycle_of_unit(SimpleNamespace(heat_pumps={"hp": rated}), "hp", "heating", [])
    assert found.isentropic_efficiency == pytest.approx(efficiency, abs=1e-3)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("single_stage", ""),
        ("two_stage", ""),
        ("cascade", 'upper_refrigerant = "R134a"'),
        ("steam", ""),
    ],
)
def test_no_map_passes_carnot_and_more_lift_costs_more(tmp_path, kind, more):
    fluid = {"cascade": "R410A", "steam": "R1233zd(E)"}.get(kind, "R134a")
    unit = WATER.replace("R134a", fluid)
    if kind == "steam":
        unit = unit.replace("water_water", "steam").replace('"70 °C"', '"150 °C"')
    plant = folder(tmp_path, f"{unit}[heat_pumps.hp.cycle]\nkind = '{kind}'\n{more}\n")
    found = cycle_of_unit(plant, "hp", "heating", [])
    assert found is not None
    made, reached = found.map.performance, found.map.in_reach
    lift = made.load[None, :] - made.source[:, None]
    carnot = (made.load[None, :] + 273.15) / np.where(lift > 0.0, lift, np.nan)
    assert np.all(found.map.cop[reached & (lift > 0)] < carnot[reached & (lift > 0)])
    both = reached[1:] & reached[:-1]
    assert np.all(np.diff(found.map.cop, axis=0)[both] > 0.0)  # warmer source
    both = reached[:, 1:] & reached[:, :-1]
    assert np.all(np.diff(found.map.cop, axis=1)[both] < 0.0)  # warmer load
    assert np.all(np.isfinite(made.capacity))
    assert np.all(made.capacity > 0.0)


@pytest.mark.parametrize(
    ("unit", "cycle", "where"),
    [
        (WATER.replace("R134a", "R999"), "kind = 'single_stage'", "heat_pumps.hp.cycle"),
        (WATER, "kind = 'cascade'", "heat_pumps.hp.cycle.upper_refrigerant"),
        (WATER.replace('"70 °C"', '"120 °C"'), "kind = 'single_stage'", "heat_pumps.hp.cycle"),
        (
            WATER.replace('rated_heating_supply_temperature = "70 °C"\n', ""),
            "kind = 'single_stage'",
            "heat_pumps.hp",
        ),
        (
            WATER + 'rated_heating_power = "110 kW"\n',
            "kind = 'single_stage'",
            "heat_pumps.hp.rated_heating_power",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_place(tmp_path, unit, cycle, where):
    plant = folder(tmp_path, f"{unit}[heat_pumps.hp.cycle]\n{cycle}\n")
    with pytest.raises(InputError) as caught:
        unit_maps(plant, "hp")
    problem = caught.value.problems[0]
    assert (problem.file, problem.where) == ("site.toml", where)
    assert problem.message.zh
    assert problem.cure.en


def test_a_key_of_another_kind_is_refused_when_the_site_is_read(tmp_path):
    with pytest.raises(InputError) as caught:
        folder(tmp_path, WATER + "[heat_pumps.hp.cycle]\nkind = 'two_stage'\nhand_over = '85 °C'\n")
    assert "hand_over" in caught.value.problems[0].where


def test_what_is_calculated_says_so(tmp_path):
    plant = folder(tmp_path, WATER + "[heat_pumps.hp.cycle]\nkind = 'single_stage'\n")
    told = unit_maps(plant, "hp").notices
    assert any("not tested" in one.message.en and "非实测" in one.message.zh for one in told)
    assert all(one.severity == "warning" for one in told)
