"""Loads that nobody here wrote: prototype buildings of EnergyPlus through reader, twin and models.

The small office and the medium office of the US Department of Energy in Chicago. Bounds, set
beforehand: signature by month CV(RMSE) 15 % and bias 5 % (ASHRAE Guideline 14), simple hourly model
30 % of the year's heat and cold. Where a bound is missed the test says by how much, and why.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from energyplus_buildings import CHICAGO, BuildingHours, prototype_hours
from energyplus_program import DATA
from numpy.typing import NDArray

from diwen.evaluation.signature import Side, Signature, energy_signature
from diwen.loads.building import BuildingCourse, Use, building, building_course
from diwen.loads.epw import weather_of_epw
from diwen.loads.load_file import read_load_columns
from diwen.loads.load_series import LoadSeries
from diwen.loads.opaque_gains import ROOF, WALL, opaque_gains
from diwen.loads.prediction_error import prediction_error
from diwen.loads.sun import on_all_sides, on_roof
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, SourceLoop, Station, SupplyCurve, Unit
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import simulate

Floats = NDArray[np.float64]

EXAMPLE = Path(__file__).parents[2] / "examples" / "office-load-energyplus" / "load.csv"
MONTHS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOURS = np.arange(8760)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> BuildingHours:
    folder = tmp_path_factory.mktemp("office")
    return prototype_hours("RefBldgSmallOfficeNew2004_Chicago", CHICAGO, folder)


def by_month(values: Floats) -> Floats:
    """Sums of months, of values by day or by hour."""
    ends = MONTHS * (len(values) // 365)
    return np.add.reduceat(values, ends[:-1])


def by_day(values: Floats) -> Floats:
    return np.asarray(values.reshape(365, 24).mean(axis=1))


def station_for(heat: float, cold: float) -> Station:
    """One unit that is just large enough at the worst of its map."""
    at, hot, cool = np.array([-5.0, 10.0, 35.0]), np.array([30.0, 55.0]), np.array([5.0, 15.0])
    warm = heat * np.array([[1.05], [1.3], [1.5]]) * np.ones((1, 2))
    cop = np.array([[3.8, 2.5], [5.0, 3.3], [6.0, 4.0]])
    chill = cold * np.array([[1.4], [1.3], [1.05]]) * np.ones((1, 2))
    eer = np.array([[7.0, 8.5], [6.0, 7.5], [3.5, 4.5]])
    unit = Unit(
        "unit", 1, "field", ("heat", "cold"),
        heating=PerformanceMap("heating", at, hot, warm, warm / cop, (-5, 20), (30, 55)),
        cooling=PerformanceMap("cooling", at, cool, chill, chill / eer, (10, 35), (5, 15)),
    )  # fmt: skip
    curve = SupplyCurve(np.array([-15.0, 15.0]), np.array([50.0, 35.0]))
    loops = (
        LoadLoop("heat", "heat", ("office",), curve),
        LoadLoop("cold", "cold", ("office",), SupplyCurve.constant(7.0)),
    )
    return Station((SourceLoop("field"),), loops, (unit,))


def test_a_load_of_energyplus_through_reader_and_twin() -> None:
    """The medium office: what the reader finds the twin delivers, and the first law keeps."""
    table = np.loadtxt(EXAMPLE, delimiter=",", skiprows=1, encoding="utf-8")
    read = read_load_columns(EXAMPLE)
    assert read.columns["heating"] == pytest.approx(table[:, 0] * 1e3, abs=1e-6)
    assert read.columns["cooling"] == pytest.approx(table[:, 1] * 1e3, abs=1e-6)
    assert not read.warnings
    heat = LoadSeries("office", "heating", read.columns["heating"], origin="simulated")
    cold = LoadSeries("office", "cooling", read.columns["cooling"], origin="simulated")
    tau = np.geomspace(3600.0, 1e9, 12)
    response = Response(tau, np.full((1, 1, 12), 1e-5), np.full((1, 1), 1.5e-5), np.ones(1))
    source = SourceModel("borefield", response, 13.0, 80e3, 0.02)
    plant = station_for(heat.power.max(), cold.power.max())
    loads = {"heat": heat.power, "cold": cold.power}
    run = simulate(plant, {"field": source}, loads, table[:, 2])
    assert run.closure < 1e-9
    for name, series in (("heat", heat), ("cold", cold)):
        given = float(run.year_sums(f"loop.{name}.delivered")[0])
        assert given == pytest.approx(series.power.sum() * 3600.0, rel=1e-9)
        assert float(run.year_sums(f"loop.{name}.unmet")[0]) < 1e-9 * given
    machine = run.course.units["unit"]
    ground = float(run.year_sums("source.field.heat")[0])
    through = (heat.power - cold.power).sum() * 3600.0 - float(run.year_sums("unit.unit.power")[0])
    assert ground == pytest.approx(through, rel=1e-9)
    assert 3.0 < (machine.heat + machine.cold).sum() / machine.power.sum() < 8.0


def signature_of(outdoor: Floats, power: Floats, side: Side) -> tuple[Signature, float, float]:
    """Fitted by day; its CV(RMSE) by month, and its bias over weeks that the fit has not seen."""
    air, daily = by_day(outdoor), by_day(power)
    found = energy_signature(air, daily, side)
    by_months = prediction_error(by_month(daily), by_month(found.power(air)), 3)
    seen = np.arange(365) // 7 % 2 == 0
    half = energy_signature(air[seen], daily[seen], side)
    unseen = prediction_error(daily[~seen], half.power(air[~seen]), 0)
    return found, by_months.scatter, unseen.bias


@pytest.mark.parametrize("side", ["heating", "cooling"])
def test_signature_of_the_medium_office(side: Side) -> None:
    outdoor = np.loadtxt(EXAMPLE, delimiter=",", skiprows=1, encoding="utf-8")[:, 2]
    power = read_load_columns(EXAMPLE).columns[side]
    found, scatter, bias = signature_of(outdoor, power, side)
    assert found.model == "change point"
    assert scatter < 0.15
    assert abs(bias) < 0.05


@pytest.mark.verify
def test_signature_of_the_small_office(office: BuildingHours) -> None:
    """Heating holds the guideline; cooling misses it by a hair: 15.2 % for 15 %, 5.6 % for 5 %.

    By day it is far off either: the office rests at night and on Sundays, and its line knows
    neither. For hours of such a building a signature is the wrong model.
    """
    heating, scatter, bias = signature_of(office.outdoor, office.heating, "heating")
    assert scatter < 0.15
    assert abs(bias) < 0.05
    assert 0.6 < heating.cv_rmse < 0.9
    _, scatter, bias = signature_of(office.outdoor, office.cooling, "cooling")
    assert scatter == pytest.approx(0.152, abs=0.005)
    assert bias == pytest.approx(-0.056, abs=0.01)


def by_use(week: str, saturday: str, rest: str = "24:0") -> Floats:
    """Share by hour of a year that begins on a Sunday, written as ``until:share``."""

    def day(text: str) -> Floats:
        values, since = np.zeros(24), 0
        for part in text.split():
            until, share = part.split(":")
            values[since : int(until)] = float(share)
            since = int(until)
        return values[HOURS % 24]

    weekday = HOURS // 24 % 7
    days = np.where(weekday == 6, day(saturday), day(rest))
    return np.where((weekday >= 1) & (weekday <= 5), day(week), days)


def simple_office(office: BuildingHours) -> BuildingCourse:
    """The small office in the few numbers that its file gives, as 5R1C with a floor on ground."""
    area, height = 511.0, 3.05
    facade = 2.0 * (27.69 + 18.46) * height
    windows = 0.212 * facade
    # Layers and films: stucco, concrete, insulation, board; boards and wool of the attic.
    opaque = 0.69 * (facade - windows) + 0.19 * area
    floor = area / (0.1016 / 1.311 + 0.2165 + 0.17)
    below = np.repeat(
        [19.527, 19.502, 19.536, 19.598, 20.002, 21.640, 22.225, 22.375, 21.449, 20.121, 19.802,
         19.633],
        np.diff(MONTHS) * 24,
    )  # fmt: skip
    on = by_use("6:0 22:1 24:0", "6:0 18:1 24:0")
    fresh = by_use("7:0 22:1 24:0", "7:0 18:1 24:0")
    light = by_use(
        "5:.05 7:.1 8:.3 17:.9 18:.5 20:.3 22:.2 23:.1 24:.05", "6:.05 8:.1 12:.3 17:.15 24:.05",
        "24:.05",
    )  # fmt: skip
    plugs = by_use("8:.4 12:.9 13:.8 17:.9 18:.5 24:.4", "6:.3 8:.4 12:.5 17:.35 24:.3", "24:.3")
    people = by_use(
        "6:0 7:.1 8:.2 12:.95 13:.5 17:.95 18:.3 20:.1 24:.05", "6:0 8:.1 12:.3 17:.1 24:0"
    )
    leaks = (0.000302 * facade + 0.36 * 150.0 * height / 3600.0) * np.where(on > 0, 0.25, 1.0)
    ventilation = 1206.0 * (leaks + 0.28 * fresh)
    internal = area * 10.76 * (light + plugs) + 28 * 70.0 * people + office.fans.max() * on
    weather = weather_of_epw((DATA / "weather" / CHICAGO).read_text(encoding="utf-8"))
    shine = on_all_sides(weather)
    assert shine is not None
    sun = 0.39 * 0.9 * windows * shine
    heating, cooling = np.where(on > 0, 21.0, 15.6), np.where(on > 0, 24.0, 26.7)
    of = building(area, opaque + floor, 3.236 * windows, "medium", ground=floor)
    # Outer layers of the file: stucco, roof membrane; the rest are the usual numbers of ISO 13790.
    usual = {"surface_resistance": 0.04, "radiation": 4.5, "sky_difference": 11.0}
    level = on_roof(weather)
    assert level is not None
    sun = sun + opaque_gains(0.69 * (facade - windows), shine, 0.92, WALL, **usual)
    sun = sun + opaque_gains(0.19 * area, level, 0.7, ROOF, **usual)
    use = Use(ventilation, internal, sun, heating, cooling)
    return building_course(of, use, weather.dry_bulb, ground=below)


@pytest.mark.verify
def test_a_building_from_a_few_numbers_against_energyplus(office: BuildingHours) -> None:
    """Cold of the year within 30 %; heat misses that bound: 43 % too much.

    With the floor on its ground and sun and sky on walls and roof; with neither of sun and sky, and
    the ground as a gain, it was 56 %. The heat that is left to a plant is here a third of what the
    building loses, the rest is gains: a few per cent of the losses too much (films of windows, the
    attic, rooms that the plant cannot warm up at once) are many of it. Against the losses of the
    cold months the model is within 20 %.
    """
    course = simple_office(office)
    cold = course.cooling.sum() / office.sensible.sum() - 1.0
    assert abs(cold) < 0.30
    heat = course.heating.sum() / office.heating.sum() - 1.0
    assert heat == pytest.approx(0.43, abs=0.05)
    winter = slice(0, int(MONTHS[2]) * 24)
    off = course.heating[winter].mean() - office.heating[winter].mean()
    assert abs(off) < 0.20 * course.lost[winter].mean()
    daily = np.corrcoef(by_day(course.heating[:, 0]), by_day(office.heating))[0, 1]
    assert daily > 0.9


@pytest.mark.verify
def test_the_load_of_the_example_is_that_of_the_program(tmp_path: Path) -> None:
    """Rounded to 0.1 kW; another processor may differ in the last digits of the program."""
    found = prototype_hours("RefBldgMediumOfficeNew2004_Chicago", CHICAGO, tmp_path)
    read = read_load_columns(EXAMPLE)
    for kind, hours in (("heating", found.heating), ("cooling", found.cooling)):
        assert read.columns[kind] == pytest.approx(hours, abs=60.0)
