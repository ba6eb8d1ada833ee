"""Formulas of loads and sun, each worked out once more by hand."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.loads.calendar import leap_hours
from diwen.loads.degree_days import full_load_hours
from diwen.loads.gaps import filled
from diwen.loads.pool import PoolWater, pool_heat
from diwen.loads.sun import on_wall
from diwen.loads.weather import Weather
from diwen.loads.weather_shape import course, load_of_line
from diwen.loads.weather_years import typical_year

HOURS = 8760


def test_the_left_out_hours_are_those_of_29_february() -> None:
    begin = np.datetime64("2024-01-01", "h")
    dates = (begin + np.arange(8784)).astype("datetime64[D]")
    assert (leap_hours(8784) == (dates == np.datetime64("2024-02-29"))).all()


def test_full_load_hours_of_quarter_hours() -> None:
    # Two hours at 4 kW and one at 2 kW, in steps of 15 minutes: 10 kWh over 4 kW.
    power = np.repeat([4e3, 4e3, 2e3, 0.0], 4)
    assert full_load_hours(power, 900.0) == pytest.approx(2.5)


def test_a_long_gap_takes_the_days_next_to_it() -> None:
    days = np.repeat(np.arange(10.0) ** 2, 24)
    broken = days.copy()
    broken[5 * 24 : 6 * 24] = np.nan
    # Days 4 and 6 hold 16 and 36.
    assert filled(broken).values[5 * 24 : 6 * 24] == pytest.approx(26.0)


def test_a_line_has_its_base_in_the_season_alone() -> None:
    season = np.arange(HOURS) < 2000
    of = course(np.full(HOURS, 10.0), "heating", season=season)
    load = load_of_line(of, 100.0, 15.0, 250.0)
    assert load[:2000] == pytest.approx(750.0)
    assert not load[2000:].any()


def test_a_pool_at_rest_evaporates_half() -> None:
    used = np.array([True, False])
    heat = pool_heat(PoolWater(100.0, 28.0), 30.0, 0.6, 0.1, used, 12.0)
    assert heat.evaporated[1] == pytest.approx(0.5 * heat.evaporated[0])


def test_air_warms_a_colder_and_cools_a_warmer_pool_by_bowens_ratio() -> None:
    pool = PoolWater(50.0, 26.0)
    heat = pool_heat(pool, np.array([16.0, 32.0]), 0.4, 1.0, np.ones(2, bool), 12.0)
    assert heat.convection[0] > 0.0 > heat.convection[1]
    # Bowen (1926): 0.58 to 0.66 hPa/K, with the psychrometric constant a little above. Vapour
    # pressures of the steam tables: 33.64 hPa at 26 °C, 40 % of 18.19 hPa at 16 °C.
    ratio = heat.convection[0] / heat.evaporation[0]
    assert 0.58 < ratio * (33.64 - 0.4 * 18.19) / 10.0 < 0.70


def test_fresh_water_comes_by_the_day() -> None:
    used = np.ones(1, bool)
    plain, filled_up = (
        pool_heat(PoolWater(100.0, 28.0, make_up=volume), 30.0, 0.6, 0.1, used, 8.0)
        for volume in (0.0, 8.64)
    )
    # 8.64 m³ a day are 0.1 l/s, warmed by 20 K.
    more = filled_up.fresh_water - plain.fresh_water
    assert more == pytest.approx(4.18e6 * 1e-4 * 20.0)


def test_a_pool_under_a_clear_sky_radiates_against_its_emissivity() -> None:
    # Dew point 0 °C: emissivity 0.711 (Berdahl & Martin). 6.112 of 12.28 hPa at 10 °C.
    used = np.ones(1, bool)
    heat = pool_heat(PoolWater(40.0, 25.0), 10.0, 6.1122 / 12.281, 1.0, used, 12.0, indoor=False)
    black = 5.670374e-8 * (298.15**4 - 0.711 * 283.15**4)
    assert heat.radiation[0] == pytest.approx(0.95 * 40.0 * black, rel=1e-4)


def sunny(direct: float, diffuse: float) -> Weather:
    even = np.ones(HOURS)
    return Weather(
        10.0 * even, direct_normal=direct * even, diffuse_horizontal=diffuse * even,
        latitude=40.0, longitude=120.0, utc_offset=8.0,
    )  # fmt: skip


def test_the_afternoon_sun_stands_on_the_west_wall() -> None:
    west, east = (on_wall(sunny(500.0, 0.0), azimuth) for azimuth in (90.0, -90.0))
    assert west is not None
    assert east is not None
    day = slice(80 * 24, 81 * 24)  # equinox: sunrise and sunset near 6 and 18 h
    assert west[day][15] > 5.0 * east[day][15]
    assert east[day][8] > 5.0 * west[day][8]


def test_a_wall_sees_half_the_sky_and_half_the_ground() -> None:
    wall = on_wall(sunny(0.0, 200.0), 0.0)
    assert wall is not None
    assert wall == pytest.approx(0.5 * 200.0 + 0.5 * 0.2 * 200.0)


def test_of_a_cold_a_usual_and_a_warm_year_the_usual_one_is_typical() -> None:
    year = 10.0 - 12.0 * np.cos(2.0 * np.pi * np.arange(HOURS) / HOURS)
    series = Weather(np.concatenate([year - 4.0, year, year + 4.0]))
    assert typical_year(series).dry_bulb == pytest.approx(year)
