"""What the whole house says of a simulated plant against what really happened there."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from walk_plant import DAYS, PLANT, Mask

import diwen
from diwen.evaluation import Evaluation, evaluate

YEAR = "2024-11-15..2025-11-14"
METERED, FLOW_METERED = 2e-4, 1e-3  # registers are rounded; water properties differ by formula
EXCHANGED, GAP = 0.25, 3.25  # hours that a gauge or the exchanged meter does not know


def hours_of(period: str) -> Mask:
    """The quarter hours with records of a period."""
    if period == "2025-Q1":
        return PLANT.between(date(2025, 1, 1), date(2025, 3, 31))
    if period == "2025":
        return PLANT.between(date(2025, 1, 1), date(2025, 11, 14))
    if period == YEAR:
        return PLANT.between(date(2024, 11, 15), date(2025, 11, 14))
    if period.endswith(("heating", "cooling")):
        return PLANT.heating if period.endswith("heating") else PLANT.cooling
    return PLANT.month(period)


@pytest.fixture(scope="module")
def asked(built: Path):  # type: ignore[no-untyped-def]
    site = diwen.read(built)

    @cache
    def ask(period: str) -> Evaluation:
        return evaluate(site, period)

    return ask


PERIODS = ("2024-12", "2025-01", "2025-Q1", "2024-heating", "2025-cooling", "2025", YEAR)


@pytest.mark.parametrize("period", PERIODS)
def test_energies(asked, period: str) -> None:
    answer = PLANT.answers(hours_of(period))
    found = asked(period)
    for mode, key in (("heating", "heat"), ("cooling", "cold")):
        if answer[key]:
            assert found.find("heat", mode=mode).value == pytest.approx(answer[key], rel=METERED)
    for group in ("heat_pumps", "source_pumps", "heaters"):
        value = found.find("electricity", group).value
        assert value == pytest.approx(answer[group], rel=METERED, abs=0.01)
    # The load pumps are metered by a power: three hours and a quarter of 3 kW are not known.
    lost = PLANT.energy(PLANT.power_load, hours_of(period) & PLANT.gap())
    pumps = found.find("electricity", "load_pumps")
    assert pumps.value == pytest.approx(answer["load_pumps"] - lost, rel=METERED)


@pytest.mark.parametrize("period", PERIODS)
def test_ratios(asked, period: str) -> None:
    answer = PLANT.answers(hours_of(period))
    # What the power meter of the load pumps does not know enters neither heat nor electricity.
    known = PLANT.answers(hours_of(period) & ~PLANT.gap())
    found = asked(period)
    compared = 0
    for mode, system in (("heating", "cop_system"), ("cooling", "eer_system")):
        if f"{mode} system" not in answer:
            continue
        result = found.find(system, mode=mode)
        assert result.value == pytest.approx(known[f"{mode} system"], rel=METERED)
        for of in ("H1", "H2", "H3", "H4"):
            factor = found.find("spf", of, mode=mode)
            expected = (known if of == "H4" else answer)[f"{mode} {of}"]
            assert factor.value == pytest.approx(expected, rel=METERED)
            compared += 1
    assert compared
    assert found.find("pump_share").value == pytest.approx(known["pump share"], rel=1e-3)


@pytest.mark.parametrize("period", PERIODS)
def test_ground_heat(asked, period: str) -> None:
    answer = PLANT.answers(hours_of(period))
    for id, key in (("heat_extraction", "extraction"), ("heat_injection", "injection")):
        value = asked(period).find(id).value
        assert value == pytest.approx(answer[key], rel=FLOW_METERED, abs=0.01)


def test_the_balance_is_judged_over_twelve_months_only(asked) -> None:
    answer = PLANT.answers(hours_of(YEAR))
    ratio = asked(YEAR).find("heat_balance_ratio")
    assert ratio.value == pytest.approx(answer["injection"] / answer["extraction"], rel=2e-3)
    assert ratio.grade.resolved
    assert ratio.grade.label.en == "balanced"
    assert "12 months" in asked("2024-heating").find("heat_balance_ratio").reason.en


def test_coverage_is_what_was_cut(asked) -> None:
    january, december = 31 * 24, 31 * 24
    assert asked("2025-01").find("heat_extraction").coverage == pytest.approx(1 - GAP / january)
    assert asked("2025-01").find("electricity", "heat_pumps").coverage == pytest.approx(1.0)
    assert asked("2025-01").find("electricity_cost").coverage == pytest.approx(1 - GAP / january)
    exchanged = asked("2024-12").find("electricity", "heat_pumps")
    assert exchanged.coverage == pytest.approx(1 - EXCHANGED / december)
    assert any("reset" in note.en for note in exchanged.notes)
    season = 121 * 24
    expected = 1 - (GAP + EXCHANGED) / season
    assert asked("2024-heating").find("cop_system").coverage == pytest.approx(expected)
    # Of the calendar year the last 47 days are not delivered; of its heating time even more.
    whole = asked("2025").find("electricity", "source_pumps").coverage
    assert whole == pytest.approx(318 / 365, abs=1e-4)
    thin = asked("2025").find("cop_system")
    assert thin.coverage == pytest.approx((74 - GAP / 24) / (74 + 47), abs=1e-4)
    assert thin.status == "indicative"
    assert thin.grade is None


def test_uncertainty_of_the_system(asked) -> None:
    """EN 1434 class 2 and class 1 electricity by the formulas of the standards, k = 2."""
    winter, root3 = PLANT.heating, np.sqrt(3.0)
    load = (PLANT.load_heat + PLANT.heater)[winter]
    flow = np.minimum(2.0 + 0.02 * 60.0 / np.maximum(PLANT.load_flow[winter], 1e-9), 5.0)
    limits = (flow, 0.5 + 3 * 3.0 / 5.0, 0.5 + 3.0 / 5.0)
    of_heat = [float((load * limit).sum()) / 4 / 100 / root3 for limit in limits]
    water = PLANT.energy(PLANT.water, winter) / 100 / root3
    of_heat += [water * limit for limit in (5.0, 3.5, 1.5)]  # no temperatures: at 3 K, any flow
    heat = PLANT.answers(winter)["heat"]
    parts = [PLANT.energy(p, winter) for p in (PLANT.power1, PLANT.power2, PLANT.power_source,
                                               PLANT.power_load)]  # fmt: skip
    backup = PLANT.energy(PLANT.heater, winter)
    relative = np.sqrt(
        sum((effect / heat) ** 2 for effect in [*of_heat, 0.01 / root3 * backup])
        + sum((0.01 / root3 * part / sum(parts)) ** 2 for part in parts)
    )
    result = asked("2024-heating").find("cop_system")
    assert result.uncertainty / result.value == pytest.approx(2.0 * relative, rel=0.01)


def test_grades(asked) -> None:
    heating = asked("2024-heating").find("cop_system")
    assert heating.grade.resolved
    assert heating.grade.label.en == "grade 2"
    cooling = asked("2025-cooling").find("eer_system")  # 3.84, and grade 1 begins at 3.9
    assert not cooling.grade.resolved
    assert "not resolved" in cooling.grade.text.en
    assert "判定" in cooling.grade.text.zh
    assert asked("2025-01").find("cop_system").grade is None  # a month is no season


@pytest.mark.parametrize("period", ["2025-01", "2025-cooling", YEAR])
def test_cost_by_the_price_of_the_hour(asked, period: str) -> None:
    inside = hours_of(period)
    # Of the gauge in the gap nothing is known.
    parts = PLANT.cost(PLANT.power_all, inside)
    lost = PLANT.cost(PLANT.power_load, inside & PLANT.gap())
    result = asked(period).find("electricity_cost")
    assert result.value == pytest.approx(sum(parts.values()) - sum(lost.values()), rel=1e-3)
    by_price = {part["name"]["en"]: part["cost_yuan"] for part in result.detail["by_price"]}
    for name, cost in parts.items():
        assert by_price[name] == pytest.approx(cost - lost[name], rel=6e-3)
    energy = PLANT.energy(PLANT.power_all, inside)
    valley = PLANT.energy(PLANT.power_all, inside & (PLANT.tariff == "valley"))
    share = asked(period).find("valley_share").value
    # A power that is sampled every quarter hour begins up to one sample too early.
    assert share == pytest.approx(100 * valley / energy, rel=6e-3)


def test_cost_of_heat_of_a_season(asked) -> None:
    """A heating season has no cold; its heat must have a price all the same."""
    cost, heat = (asked("2024-heating").find(id) for id in ("electricity_cost", "heat"))
    per_heat = asked("2024-heating").find("cost_per_heat")
    assert per_heat.value == pytest.approx(cost.value / heat.value, rel=4e-3)
    assert not asked("2024-heating").select("load_factor", mode="cooling")


def test_rooms(asked) -> None:
    found = asked("2024-heating")
    assert found.find("room_compliance").value == pytest.approx(100 * (1 - 3 / 24 / 3))
    assert found.find("room_compliance", "north").value == pytest.approx(100 * 21 / 24)
    assert found.find("room_compliance", "south").value == 100.0
    assert found.find("room_overheat").value == pytest.approx(100 * 2 / 24 / 3)
    assert found.find("room_compliance").coverage == pytest.approx(1.0)


def test_starts(asked) -> None:
    january = PLANT.month("2025-01")
    for unit, power in ((1, PLANT.power1), (2, PLANT.power2)):
        hours = float((power[january] > 0).sum()) / 4
        expected = PLANT.starts(unit, january) / hours
        result = asked("2025-01").find("start_frequency", f"hp{unit}")
        assert result.value == pytest.approx(expected)


def test_degree_days(asked) -> None:
    daily = PLANT.outdoor.reshape(DAYS, -1).mean(axis=1)[PLANT.heating[::96]]
    expected = np.maximum(18.0 - daily, 0.0).sum()
    degree_days = asked("2024-heating").find("heating_degree_days")
    assert degree_days.value == pytest.approx(expected, rel=1e-3)


def test_energy_signature(asked) -> None:
    """Space heating follows 18 °C less outdoors, and the back-up heater helps in January."""
    # The hot water of the night is metered apart and says nothing of the building.
    heat = PLANT.heat1 + PLANT.heat2 + PLANT.heater
    daily = heat.reshape(DAYS, -1).mean(axis=1)
    outdoor = PLANT.outdoor.reshape(DAYS, -1).mean(axis=1)
    winter = PLANT.heating[::96]
    slope, intercept = np.polyfit(outdoor[winter], daily[winter], 1)
    result = asked("2024-heating").find("energy_signature", mode="heating")
    assert result.value == pytest.approx(-slope, rel=2e-3)
    assert result.detail["balance"] == pytest.approx(-intercept / slope, abs=0.05)
    assert abs(result.value - (17 * 3.4 + 10 * 3.2) / 24) < result.uncertainty
    assert any("metered apart" in note.en for note in result.notes)


@pytest.mark.parametrize("period", ["2025-01", YEAR])
def test_every_number_says_that_it_is_simulated(asked, period: str) -> None:
    numbers = [
        result for result in asked(period).results if result.value is not None and result.inputs
    ]
    assert len(numbers) > 40
    assert {origin for result in numbers for origin in result.origin} == {"simulated"}
    assert set(asked(period).data.origins.values()) == {"simulated"}
