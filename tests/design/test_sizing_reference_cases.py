"""Lengths against published cases and other programs."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import DAYS
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad, MonthlyGroundLoad
from diwen.design.sizing import Load, Method, Sizing, size
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.short_time import BoreholeCore

MWH = 3.6e9

HEATING = np.array([0.155, 0.148, 0.125, 0.099, 0.064, 0, 0, 0, 0.061, 0.087, 0.117, 0.144])
COOLING = np.array([0.025, 0.05, 0.05, 0.05, 0.075, 0.1, 0.2, 0.2, 0.1, 0.075, 0.05, 0.025])
COLD = [0, 0, 22, 44, 83, 117, 134, 150, 100, 23, 0, 0]
MORE_COLD = [0, 0, 34, 69, 133, 187, 213, 240, 160, 37, 0, 0]
# Peere et al. (2021), Energies 14, 7395: four cases, one per quadrant; lengths L2 and L3 as the
# authors' program GHEtool gives them (its g-functions carry about half a per cent of their own, and
# its first-year pulse spreads the earlier months over one month too many).
QUADRANTS = {
    1: (300, 150, None, COLD, 56.75, 56.77, "cooling", 1),
    2: (160, 240, [160, 142, 102, 55, 0, 0, 0, 0, 40.4, 85, 119, 136], MORE_COLD,
        117.23, 118.74, "cooling", 20),
    3: (160, 240, [300, 266.25, 191.25, 103.125, 0, 0, 0, 0, 75.75, 159.375, 223.125, 255], None,
        66.94, 66.87, "heating", 1),
    4: (300, 150, [300, 268, 191, 103, 75, 0, 0, 38, 76, 160, 224, 255], COLD,
        91.32, 91.46, "heating", 20),
}  # fmt: skip


def kilowatts(values: list[float] | None) -> np.ndarray | None:
    return None if values is None else 1e3 * np.array(values)


@pytest.fixture(scope="module")
def peere_response() -> FieldResponse:
    return FieldResponse(Boreholes.at(layouts.rectangle(10, 12, 6.5), 100.0, 4.0, 0.075))


@pytest.mark.parametrize("case", QUADRANTS)
@pytest.mark.parametrize(("method", "tolerance"), [("pulses", 0.012), ("monthly", 0.003)])
def test_four_quadrants(
    case: int, method: Method, tolerance: float, peere_response: FieldResponse
) -> None:
    heat, cold, peak_heat, peak_cold, by_pulses, by_months, governing, year = QUADRANTS[case]
    load = MonthlyGroundLoad.of(
        HEATING * heat * MWH, COOLING * cold * MWH, kilowatts(peak_heat), kilowatts(peak_cold)
    )
    field = BoreField(peere_response.boreholes, 3.5, 2.4e6, 10.0, 0.2)
    limits = TemperatureLimits(0.0, 16.0, "mean", "mean")
    found = size(field, load, limits, 20, method=method, response=peere_response)
    expected = by_pulses if method == "pulses" else by_months
    assert found.length == pytest.approx(expected, rel=tolerance)
    assert found.governing == governing
    deciding = found.heating if governing == "heating" else found.cooling
    assert deciding is not None
    assert deciding.moment is not None
    assert deciding.moment.year == year


def bernier() -> np.ndarray:
    """The synthetic load of test 1, W of ground extraction; Ahmadfard & Bernier (2019), eq. 14."""
    x = np.arange(1.0, 8761.0)
    a, b, c, d, e, f, g = 2000.0, 2190.0, 80.0, 2.0, 0.01, 0.0, 0.95
    week = (168 - c) / 168 + sum(
        (np.cos(c * i * np.pi / 84) - 1) / (i * np.pi) * np.sin(np.pi * i * (x - b) / 84)
        for i in (1, 2, 3)
    )
    wave = week * a * np.sin(np.pi * (x - b) / 12) * np.sin(np.pi * (x - b) / 4380)
    sign = (-1.0) ** np.floor(d * (x - b) / 8760)
    return -(
        wave + sign * np.abs(wave) + e * sign / np.sign(np.cos(d * np.pi * (x - f) / 4380) + g)
    )


def size_test_one(load: Load, flow: float, method: Method, **others: object) -> Sizing:
    """Tests 1a and 1b: one borehole, ten years, limits on the entering temperature."""
    borehole = Boreholes.of(0.0, 0.0, 100.0, 4.0, 0.075)
    field = BoreField(borehole, 1.8, 2073.6e3, 17.5, 0.13, flow * 3795.0)
    return size(field, load, TemperatureLimits(0.0, 35.0), 10, method=method, **others)  # type: ignore[arg-type]


def test_synthetic_load_has_the_published_monthly_means_and_peaks() -> None:
    monthly = HourlyGroundLoad.of(bernier()).monthly()
    mean = (monthly.extraction - monthly.injection) / (DAYS * 86400.0)
    published = [603.62, 491.64, 202.23, -168.09, -430.49, -685.32, -648.27, -477.83, -186.43,
                 159.75, 478.23, 679.79]  # fmt: skip
    assert mean == pytest.approx(published, abs=0.006)
    assert monthly.peak_extraction[[0, 11]] == pytest.approx([4400.86, 4427.08], abs=0.01)
    assert monthly.peak_injection[6] == pytest.approx(4427.90, abs=0.01)


# Lengths by other programs with the resistance imposed, Ahmadfard & Bernier (2019), Renewable and
# Sustainable Energy Reviews 110, 247-265: lowest and highest of each kind. By hours: EED 57.0,
# DST 59.7, GHEtool 56.7; by months EED 60.0, GLHEPro 57.3, GHEtool 60.0, L3 alternatives to 62.6.
@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("hourly", 56.7, 59.7), ("monthly", 57.3, 62.6), ("pulses", 56.6, 63.7)],
)
def test_single_borehole_with_balanced_ground_load(method: Method, low: float, high: float) -> None:
    found = size_test_one(HourlyGroundLoad.of(bernier()), 0.44, method)
    assert found.length is not None
    assert low <= found.length <= high


def test_peak_of_one_hour_by_months() -> None:
    """Peaks of one hour: L3 methods of the comparison 39.9 to 52.7 m, EED monthly 44.1."""
    found = size_test_one(HourlyGroundLoad.of(bernier()), 0.44, "monthly", peak_duration=3600.0)
    assert found.length is not None
    assert 39.9 <= found.length <= 52.7


# Test 1b by hours: EED 72.6, DST 74.2 and 74.8, GHEtool 72.5; by months 71.3 to 80.0.
@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("hourly", 72.5, 74.8), ("monthly", 71.3, 80.0), ("pulses", 72.1, 81.3)],
)
def test_single_borehole_with_balanced_building_load(
    method: Method, low: float, high: float
) -> None:
    building = bernier()
    load = HourlyBuildingLoad.of(np.maximum(building, 0.0), np.maximum(-building, 0.0))
    plant = PlantEfficiency(Efficiency.constant(3.49), Efficiency.constant(3.825))
    mean = load.ground(plant, 17.5).monthly()
    first = (mean.extraction[0] - mean.injection[0]) / (31 * 86400.0)
    assert first == pytest.approx(430.66, abs=0.01)
    found = size_test_one(load, 0.5585, method, efficiency=plant)
    assert found.length is not None
    assert low <= found.length <= high
    assert found.governing == "cooling"


# With the heat capacity of fluid, pipes and grout: GLHEPro 57.3 (1a) and 72.6 m (1b) by months, the
# comparison's "alternative" methods with short-time effects 56.6 and 72.1 m by pulses, 56.5 and
# 71.3 m by months.
@pytest.mark.parametrize(
    ("building", "method", "low", "high"),
    [
        (False, "pulses", 56.6, 56.6),
        (False, "monthly", 56.5, 57.3),
        (True, "pulses", 72.1, 72.1),
        (True, "monthly", 71.3, 72.6),
    ],
)
def test_heat_capacity_of_the_borehole_shortens_as_in_other_programs(
    building: bool, method: Method, low: float, high: float
) -> None:
    core = BoreholeCore.of_pipes(
        radius=0.075, resistance=0.13, pipes=2, pipe_inner_radius=0.0137,
        pipe_outer_radius=0.0167, pipe_conductivity=0.43, film_coefficient=1000.0,
        fluid_heat_capacity=1052.0 * 3795.0, pipe_heat_capacity=1.54e6, grout_heat_capacity=3.9e6,
    )  # fmt: skip
    power, flow = bernier(), 0.44
    if building:
        power = np.where(power > 0.0, power * (1 - 1 / 3.49), power * (1 + 1 / 3.825))
        flow = 0.5585
    borehole = Boreholes.of(0.0, 0.0, 100.0, 4.0, 0.075)
    field = BoreField(borehole, 1.8, 2073.6e3, 17.5, 0.13, flow * 3795.0, core)
    load = HourlyGroundLoad.of(power)
    found = size(field, load, TemperatureLimits(0.0, 35.0), 10, method=method)
    assert found.length is not None
    # One per cent beyond the other programs, as the cores of the boreholes are modelled unlike.
    assert 0.99 * low <= found.length <= 1.01 * high


# Test 4, 5 × 5 boreholes: monthly data only; the hourly file of the comparison is not at hand.
# EED monthly 123, GLHEPro 118.5, GHEtool L2 121.5 and L3 122.2, L3 alternatives 117 to 125.1.
@pytest.mark.parametrize(("method", "peer"), [("pulses", 121.5), ("monthly", 122.2)])
def test_field_with_high_imbalance(method: Method, peer: float) -> None:
    mean = np.array([7938.05, 3784.23, -8085.19, -21107.4, -35048.1, -43665.6, -46983, -44388.7,
                     -34677.8, -18685.7, -2982.94, 5852.63])  # fmt: skip
    cold = [35770.1, 53548.1, 83085.9, 93548.7, 120782, 130893, 139731, 131761, 111780, 97338.5,
            52843.1, 34284.4]  # fmt: skip
    warm = [64945.8, 60735.3, 43517.7, 37848.7, 0, 0, 0, 0, 0, 5736.7, 42314.7, 57209.1]
    energy = mean * DAYS * 86400.0
    load = MonthlyGroundLoad.of(np.maximum(energy, 0.0), np.maximum(-energy, 0.0), warm, cold)
    boreholes = Boreholes.at(layouts.rectangle(5, 5, 8.0), 100.0, 4.0, 0.075)
    field = BoreField(boreholes, 1.9, 2052e3, 15.0, 0.2, 10.34 * 4019.0)
    found = size(field, load, TemperatureLimits(0.0, 38.0), 20, method=method)
    assert found.length == pytest.approx(peer, rel=0.012)
    assert 117.0 <= (found.length or 0.0) <= 125.8
    assert found.governing == "cooling"
