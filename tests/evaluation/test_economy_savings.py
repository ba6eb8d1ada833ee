"""Conventional energy replaced and carbon balance: golden numbers and plants of known answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from core_plant import HEAD, HEATING, PUMPS, constant, context, plant, times, within
from hypothesis import given
from hypothesis import strategies as st

from diwen import rules
from diwen.evaluation import emissions, savings
from diwen.evaluation.emissions import boiler_emission, electricity_emission
from diwen.evaluation.period import Period
from diwen.evaluation.savings import coal_of_boiler, coal_of_chiller, coal_of_electricity
from diwen.evaluation.system_energy import by_year
from diwen.rules.emissions import grid_factor

KWH = 3.6e6
HOURS = 100.0
POINTS = (
    "q,heat_power,kW,hp1,load,EN 1434 class 2,15 min,\n"
    "n,electric_power,kW,hp1,supply,EN 62053 class 1,15 min,\n"
    "p,electric_power,kW,ps+pl,supply,EN 62053 class 1,15 min,\n"
)
COOLING = """
[operation]
mode = "cooling"
"""


def by(results, id, of=""):
    [found] = [result for result in results if result.id == id and result.of == of]
    return found


def million(folder, operation=HEATING, extra="", factor=3.5, start=None):
    """A plant that delivers 1,000,000 kWh in 100 h with that system factor."""
    site = plant(folder, HEAD + PUMPS + operation + extra, POINTS)
    power = 10_000.0
    records = {
        "q": constant(power, HOURS),
        "n": constant(0.8 * power / factor, HOURS),
        "p": constant(0.2 * power / factor, HOURS),
    }
    if start is None:
        return context(site, records, HOURS)
    moved = {name: (times(HOURS, 900.0, start), value) for name, (_, value) in records.items()}
    return context(site, moved, HOURS, start)


def test_golden_heating():
    """1,000,000 kWh, COPsys 3.5, coal boiler 0.70, q 29.307 MJ/kgce, D 0.31 kgce/kWh."""
    conventional = coal_of_boiler(1e6 * KWH, 0.70, 29.307e6)
    own = coal_of_electricity(1e6 / 3.5 * KWH, 0.31)
    assert conventional == pytest.approx(175_482.2, abs=0.05)
    assert own == pytest.approx(88_571.4, abs=0.05)
    assert conventional - own == pytest.approx(86_910.8, abs=0.05)


def test_golden_cooling():
    """1,000,000 kWh of cold, conventional EER 2.8, EERsys 4.0."""
    conventional = coal_of_chiller(1e6 * KWH, 2.8, 0.31)
    own = coal_of_electricity(1e6 / 4.0 * KWH, 0.31)
    assert conventional == pytest.approx(110_714.3, abs=0.05)
    assert own == pytest.approx(77_500.0, abs=0.05)
    assert conventional - own == pytest.approx(33_214.3, abs=0.05)


def test_golden_carbon_balance():
    """1 GWh of heat against a gas boiler of 90 %: 222.16 t, less the grid of three regions."""
    assert boiler_emission(1e6 * KWH, 0.9, 55.54) / 1000 == pytest.approx(222.16, abs=0.005)
    expected = {None: (151.60, 70.56), "Beijing": (158.69, 63.47), "North China": (181.74, 40.42)}
    for region, (project, reduction) in expected.items():
        row = grid_factor(rules.load().on(date(2024, 1, 15), region or "China"))
        found = electricity_emission(1e6 / 3.5 * KWH, row.value) / 1000
        assert found == pytest.approx(project, abs=0.005)
        assert 222.16 - found == pytest.approx(reduction, abs=0.01)


def test_plant_of_known_answer(tmp_path):
    found = savings.results(million(tmp_path / "s"))
    replaced = by(found, "energy_replaced")
    assert replaced.value == pytest.approx(86_910.8, abs=0.1)
    assert replaced.unit == "kgce"
    assert by(found, "emission_reduction", "co2").value == pytest.approx(214_669.6, abs=0.5)
    assert by(found, "emission_reduction", "so2").value == pytest.approx(1_738.2, abs=0.1)
    assert by(found, "emission_reduction", "dust").value == pytest.approx(869.1, abs=0.1)


def test_rows_are_named_and_the_unverified_one_is_marked(tmp_path):
    replaced = by(savings.results(million(tmp_path / "s")), "energy_replaced")
    assert set(replaced.rules) == {
        "gbt50801.boiler_efficiency.coal",
        "gbt50801.calorific_value",
        "gbt50801.electricity_to_coal",
    }
    marked = " ".join(note.en for note in replaced.notes)
    assert "gbt50801.electricity_to_coal" in marked
    assert "0.31" in marked
    assert "gbt50801.calorific_value" not in marked


def test_uncertainty_of_a_difference_is_that_of_both_parts(tmp_path):
    replaced = by(savings.results(million(tmp_path / "s")), "energy_replaced")
    heat = replaced.detail["conventional_kgce"]
    assert replaced.uncertainty is not None
    # More than the heat meter alone contributes, and not lost in the difference.
    assert replaced.uncertainty > 0.05 * heat * 0.5
    assert replaced.uncertainty < 0.2 * heat


def test_gas_baseline_replaces_less(tmp_path):
    coal = by(savings.results(million(tmp_path / "c")), "energy_replaced")
    gas_table = '\n[evaluation]\nbaseline_heating = "gas"\n'
    gas = by(savings.results(million(tmp_path / "g", extra=gas_table)), "energy_replaced")
    assert gas.value < coal.value
    assert "gbt50801.boiler_efficiency.gas" in gas.rules


def test_baseline_without_a_factor_is_refused(tmp_path):
    table = '\n[evaluation]\nbaseline_heating = "district"\n'
    refused = by(savings.results(million(tmp_path / "d", extra=table)), "energy_replaced")
    assert refused.status == "refused"
    assert "district" in refused.reason.en


def test_missing_electricity_is_refused_with_the_point(tmp_path):
    site = plant(tmp_path / "m", HEAD + PUMPS + HEATING, POINTS.partition("p,")[0])
    records = {"q": constant(100.0, HOURS), "n": constant(25.0, HOURS)}
    refused = by(savings.results(context(site, records, HOURS)), "energy_replaced")
    assert refused.status == "refused"
    assert any("electric_energy" in name for name in refused.missing)


@pytest.mark.parametrize(
    ("capacity", "row"),
    [("527 kW", "small"), ("528 kW", "medium"), ("1163 kW", "medium"), ("1164 kW", "large")],
)
def test_chiller_of_the_plants_size(tmp_path, capacity, row):
    table = f'\n[evaluation]\ndesign_cooling_load = "{capacity}"\n'
    points = POINTS.replace("hp1,load", "hp1,cooling")
    site = plant(tmp_path / "k", HEAD + PUMPS + COOLING + table, points)
    records = {
        "q": constant(400.0, HOURS),
        "n": constant(80.0, HOURS),
        "p": constant(20.0, HOURS),
    }
    found = by(savings.results(context(site, records, HOURS)), "energy_replaced")
    assert f"gbt50801.chiller_eer.{row}" in found.rules
    assert found.detail["useful_kwh"] == pytest.approx(40_000.0)


@given(cop=st.floats(1.05, 8.0), better=st.floats(1.01, 2.0))
def test_reduction_grows_with_the_cop(cop, better):
    def reduction(factor):
        own = coal_of_electricity(1e6 / factor * KWH, 0.31)
        return coal_of_boiler(1e6 * KWH, 0.7, 29.307e6) - own

    assert reduction(cop * better) > reduction(cop)


@given(st.floats(0, 1e15), st.floats(0, 1e15))
def test_coal_equivalents_are_additive(one, other):
    for function in (
        lambda x: coal_of_boiler(x, 0.8, 29.307e6),
        lambda x: coal_of_chiller(x, 2.6, 0.31),
        lambda x: coal_of_electricity(x, 0.31),
    ):
        assert function(one + other) == pytest.approx(function(one) + function(other))


# ------------------------------------------------------------------- baseline less project


def test_factor_of_region_and_year(tmp_path):
    start = datetime(2023, 1, 10, tzinfo=UTC)
    found = by(emissions.results(million(tmp_path / "b", start=start)), "emission_balance", "BE-PE")
    assert "grid.beijing.2023" in found.rules
    assert found.detail["project_kg"] == pytest.approx(1e6 / 3.5 * 0.5554, rel=1e-6)
    # Coal by GB/T 50801: 175,482.2 kgce at 2.47 kg each.
    assert found.detail["baseline_kg"] == pytest.approx(175_482.2 * 2.47, rel=1e-6)
    assert any("refrigerant" in note.en for note in found.notes)


def test_year_without_an_announced_factor_is_refused(tmp_path):
    refused = by(emissions.results(million(tmp_path / "o")), "emission_balance", "BE-PE")
    assert refused.status == "refused"
    assert "2019" in refused.reason.en


def test_later_year_says_that_it_uses_the_last_factor(tmp_path):
    start = datetime(2025, 1, 10, tzinfo=UTC)
    found = by(emissions.results(million(tmp_path / "l", start=start)), "emission_balance", "BE-PE")
    assert any("2023" in note.en for note in found.notes)


def test_season_over_new_year_takes_both_factors(tmp_path):
    # 50 h on either side of the local new year; Beijing has no factor of 2022, North China has.
    start = datetime(2022, 12, 29, 14, tzinfo=UTC)
    found = by(emissions.results(million(tmp_path / "n", start=start)), "emission_balance", "BE-PE")
    assert {"grid.north_china.2022", "grid.beijing.2023"} <= set(found.rules)
    expected = 0.5 * 1e6 / 3.5 * (0.6776 + 0.5554)
    assert found.detail["project_kg"] == pytest.approx(expected, rel=1e-6)


def test_years_cover_the_period_exactly(tmp_path):
    start, end = datetime(2021, 6, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)
    site = plant(tmp_path / "y", HEAD + PUMPS + HEATING, POINTS)
    period = Period("t", "days", start, end, "Asia/Shanghai")
    parts = list(by_year(within(site, {"q": constant(1.0, 1.0)}, period)))
    assert len(parts) == 4
    assert parts[0].period.start == start
    assert parts[-1].period.end == end
    for one, following in pairwise(parts):
        assert one.period.end == following.period.start
        assert one.rules.day.year + 1 == following.rules.day.year


def test_gas_baseline_uses_the_fuel_factor(tmp_path):
    start = datetime(2023, 1, 10, tzinfo=UTC)
    table = '\n[evaluation]\nbaseline_heating = "gas"\n'
    found = by(
        emissions.results(million(tmp_path / "g", extra=table, start=start)),
        "emission_balance",
        "BE-PE",
    )
    assert found.detail["baseline_kg"] == pytest.approx(3.6 / 0.8 * 55.54 * 1000, rel=1e-6)
    assert any("fuel.natural_gas.co2" in note.en for note in found.notes)


def test_no_region_is_refused(tmp_path):
    toml = (HEAD + PUMPS + HEATING).replace('region = "Beijing"\n', "")
    site = plant(tmp_path / "r", toml, POINTS)
    start = datetime(2023, 1, 10, tzinfo=UTC)
    records = {
        name: (times(HOURS, 900.0, start), constant(value, HOURS)[1])
        for name, value in (("q", 100.0), ("n", 20.0), ("p", 5.0))
    }
    refused = by(
        emissions.results(context(site, records, HOURS, start)), "emission_balance", "BE-PE"
    )
    assert refused.status == "refused"
    assert "place.region" in refused.reason.en
