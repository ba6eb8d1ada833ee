"""Each quality rule: what it flags, what it leaves alone, and that raw numbers stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from telemetry_site import make_site

from diwen import telemetry
from diwen.telemetry.quality import PRIORITY, RULES
from diwen.telemetry.series import USABLE

START = datetime(2018, 12, 3, tzinfo=UTC)
MINUTE = 60_000_000


def rows(point: str, values: Any, step: float = 60, start: datetime = START) -> pl.DataFrame:
    first = int(start.timestamp() * 1e6)
    times = first + (np.arange(len(values)) * step * 1e6).astype(np.int64)
    return pl.DataFrame(
        {
            "time": pl.Series(times).cast(pl.Datetime("us", "UTC")),
            "point": [point] * len(values),
            "value": pl.Series(values, dtype=pl.Float64, strict=False),
        }
    )


def flags(site: Any, *frames: pl.DataFrame) -> dict[str, list[int]]:
    store = telemetry.open_store(site)
    store.write(pl.concat(frames))
    return {id: store.series(id).quality.tolist() for id in store.points()}


Maker = Callable[..., Any]


def test_every_flag_is_documented_in_both_languages() -> None:
    assert [rule.flag for rule in RULES] == list(range(9))
    assert set(PRIORITY) == set(range(1, 9))
    for rule in RULES:
        assert rule.name.en != rule.name.zh
        assert rule.meaning.en != rule.meaning.zh
        assert rule.usable == (rule.flag in USABLE)


def test_zero_degrees_and_minus_zero_are_good_values(site_maker: Maker) -> None:
    site = site_maker()
    assert flags(site, rows("t_brine", [0.1, 0.0, -0.0, -0.1]))["t_brine"] == [0, 0, 0, 0]
    value = telemetry.open_store(site).series("t_brine").value
    assert value.tolist() == [0.1, 0.0, 0.0, -0.1]
    assert not np.signbit(value[2])


def test_range_uses_the_limits_of_the_point_in_the_inside_unit(site_maker: Maker) -> None:
    site = site_maker(t_brine={"unit": "K", "low": -10.0, "high": 40.0})
    values = [263.15, 263.1, 313.15, 313.2]
    found = flags(site, rows("t_brine", values, 3600))["t_brine"]
    assert [flag == 1 for flag in found] == [False, True, False, True]


def test_range_falls_back_on_the_quantity(site_maker: Maker) -> None:
    found = flags(site_maker(), rows("power", [-2e5, 5.0, 2e6]), rows("status", [0, 1, 2]))
    assert found == {"power": [1, 0, 1], "status": [0, 0, 1]}


def test_a_change_too_fast_is_flagged_where_nothing_switched(site_maker: Maker) -> None:
    found = flags(site_maker(), rows("t_brine", [10, 10, 20, 20.1, 20.0, 20.1]))
    assert found["t_brine"] == [0, 0, 2, 0, 0, 0]


def test_a_change_right_after_a_start_is_no_error(site_maker: Maker) -> None:
    status = [0, 0, 1, 1, 1, 1]
    found = flags(
        site_maker(), rows("t_brine", [10, 10, 10, 20, 20.1, 20.0]), rows("status", status)
    )
    assert found["t_brine"] == [0] * 6


def test_resolution_of_a_second_is_no_fast_change(site_maker: Maker) -> None:
    site = site_maker(t_brine={"interval": 1.0})
    assert flags(site, rows("t_brine", [10.0, 10.1] * 60, 1))["t_brine"] == [0] * 120


def test_a_single_spike_is_flagged_and_its_return_is_not(site_maker: Maker) -> None:
    found = flags(site_maker(), rows("t_brine", [10, 10.1, 30, 10.1, 10]))
    assert found["t_brine"] == [0, 0, 5, 0, 0]


def test_the_first_record_after_a_gap_is_marked_and_usable(site_maker: Maker) -> None:
    later = START + timedelta(minutes=30)
    frames = (rows("t_brine", [10, 10, 10]), rows("t_brine", [10, 10], start=later))
    site = site_maker()
    assert flags(site, *frames)["t_brine"] == [0, 0, 0, 4, 0]
    assert telemetry.open_store(site).read(["t_brine"], usable=True).height == 5


def test_a_gap_over_months_is_seen(site_maker: Maker) -> None:
    site = site_maker()
    flags(site, rows("t_brine", [10.0], start=datetime(2018, 6, 1, tzinfo=UTC)))
    assert flags(site, rows("t_brine", [10.0, 10.0]))["t_brine"] == [0, 4, 0]


def test_earlier_records_imported_later_make_a_first_record_one_after_a_gap(
    site_maker: Maker,
) -> None:
    site = site_maker()
    assert flags(site, rows("t_brine", [10.0]))["t_brine"] == [0]
    late = flags(site, rows("t_brine", [10.0], start=datetime(2017, 1, 1, tzinfo=UTC)))
    assert late["t_brine"] == [0, 4]


def test_stuck_while_running_is_flagged_from_its_first_record(site_maker: Maker) -> None:
    hours = 8
    values = [9.0, *[10.0] * (60 * hours), 11.0]
    running = [1.0] * len(values)
    found = flags(site_maker(), rows("t_brine", values), rows("status", running))
    assert found["t_brine"] == [0, *[3] * (60 * hours), 0]


@pytest.mark.parametrize("status", [0.0, None])
def test_standstill_or_no_status_is_not_judged_as_stuck(
    site_maker: Maker, status: float | None
) -> None:
    frames = [rows("t_brine", [10.0] * 600)]
    if status is not None:
        frames.append(rows("status", [status] * 600))
    assert set(flags(site_maker(), *frames)["t_brine"]) == {0}


def test_stuck_is_found_through_cycling_and_told_by_power(site_maker: Maker) -> None:
    """20 of 60 minutes running: 6 h of running time pass in 18 h."""
    minutes = np.arange(60 * 30)
    power = np.where(minutes % 60 < 20, 5.0, 0.0)
    found = flags(site_maker(), rows("t_brine", [10.0] * len(minutes)), rows("power", power))
    assert set(found["t_brine"]) == {3}
    short = flags(site_maker("short"), rows("t_brine", [10.0] * 900), rows("power", power[:900]))
    assert set(short["t_brine"]) == {0}


def test_stuck_over_a_month_boundary_is_flagged_on_both_sides(site_maker: Maker) -> None:
    start = datetime(2018, 12, 31, 20, tzinfo=UTC)
    found = flags(
        site_maker(),
        rows("t_brine", [10.0] * 480, start=start),
        rows("status", [1.0] * 480, start=start),
    )
    assert set(found["t_brine"]) == {3}


def test_swapped_sensors_contradict_each_other(site_maker: Maker) -> None:
    n = 60
    frames = [
        rows("t_brine", [10.0] * n), rows("t_back", [7.0] * n), rows("status", [1.0] * n),
        rows("t_supply", [30.0] * n), rows("t_return", [35.0] * n),
    ]  # fmt: skip
    found = flags(site_maker(), *frames)
    for id in ("t_brine", "t_back", "t_supply", "t_return"):
        # The first ten minutes after the start are not judged.
        assert found[id][:11] == [0] * 11
        assert set(found[id][11:]) == {6}


@pytest.mark.parametrize(("supply", "back"), [(35.0, 30.0), (30.0, 35.0)])
def test_heating_and_cooling_are_both_in_order(
    site_maker: Maker, supply: float, back: float
) -> None:
    heating = supply > back
    n = 60
    found = flags(
        site_maker(),
        rows("t_brine", [10.0 if heating else 20.0] * n),
        rows("t_back", [7.0 if heating else 25.0] * n),
        rows("t_supply", [supply] * n),
        rows("t_return", [back] * n),
        rows("status", [1.0] * n),
    )
    assert all(set(found[id]) == {0} for id in found)


def test_a_cop_above_the_ideal_process_is_flagged_and_a_high_one_is_not(site_maker: Maker) -> None:
    heat = {
        "quantity": "heat_power", "unit": "kW", "location": "load", "equipment": ("hp1",),
        "interval": 60.0,
    }  # fmt: skip
    n = 60
    # Mean temperatures 30 and 10 °C: no more than 303.15 / 20 = 15.2.
    common = [
        rows("t_brine", [11.5] * n), rows("t_back", [8.5] * n), rows("status", [1.0] * n),
        rows("t_supply", [32.5] * n), rows("t_return", [27.5] * n), rows("power", [2.0] * n),
    ]  # fmt: skip
    high = flags(site_maker("a", heat=heat), *common, rows("heat", [2.0 * 15.0] * n))
    assert set(high["heat"]) == {0}
    impossible = flags(site_maker("b", heat=heat), *common, rows("heat", [2.0 * 15.3] * n))
    assert set(impossible["heat"][11:]) == {6}
    assert set(impossible["power"][11:]) == {6}
    assert set(impossible["t_supply"]) == {0}


def test_a_power_that_does_not_make_the_energy_of_its_counter_is_flagged(
    site_maker: Maker,
) -> None:
    n = 1440 * 2
    power = [2.0] * n
    energy = np.round(100 + np.arange(n) * 2.0 / 60, 1)
    right = flags(site_maker("right"), rows("power", power), rows("energy", energy))
    assert set(right["power"]) == {0}
    # kW delivered where points.csv says W
    wrong = flags(
        site_maker("wrong", power={"unit": "W"}), rows("power", power), rows("energy", energy)
    )
    assert set(wrong["power"]) == {6}
    assert set(wrong["energy"]) == {0}


def test_records_after_the_calibration_day_are_marked(site_maker: Maker) -> None:
    site = site_maker(zone="Asia/Shanghai", t_brine={"calibration_due": date(2018, 12, 3)})
    # 3 December ends at 16:00 UTC in Shanghai.
    start = datetime(2018, 12, 3, 15, 58, tzinfo=UTC)
    assert flags(site, rows("t_brine", [10.0] * 4, start=start))["t_brine"] == [0, 0, 8, 8]


def test_flags_are_computed_again_and_raw_numbers_are_not_touched(site_maker: Maker) -> None:
    strict = site_maker(t_brine={"high": 9.0})
    assert flags(strict, rows("t_brine", [10.0, 8.9]))["t_brine"] == [1, 0]
    site = make_site(strict.folder)
    before = telemetry.open_store(site).read(["t_brine"]).drop("quality")
    outcome = telemetry.recompute(site)
    assert len(outcome.written) == 1
    after = telemetry.open_store(site).read(["t_brine"])
    assert after["quality"].to_list() == [0, 0]
    assert after.drop("quality").equals(before)
    assert telemetry.recompute(site).written == []


def test_a_counter_that_drops_out_is_flagged_and_a_reset_is_not(site_maker: Maker) -> None:
    found = flags(site_maker(), rows("energy", [100.0, 0.0, 0.0, 100.2, 0.1, 0.3, 0.5]))
    assert found["energy"] == [0, 5, 5, 0, 0, 0, 0]


def test_a_state_written_on_change_has_no_gaps(site_maker: Maker) -> None:
    found = flags(site_maker(), rows("status", [0.0, 1.0, 0.0], 86400))
    assert found["status"] == [0, 0, 0]
