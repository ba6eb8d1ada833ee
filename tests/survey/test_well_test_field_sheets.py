"""Field sheets as drillers fill them in: names, clocks, rest levels, stops, slips of the pen.

Every sheet holds the same simulated test, so that each must give back what was put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from well_test_files import STORATIVITY, TRANSMISSIVITY, field_times, theis

from diwen.problems import InputError
from diwen.survey.evaluate_well_test import evaluate_well_test
from diwen.survey.well_test_file import read_well_test
from diwen.survey.well_test_flow import read_course
from diwen.survey.well_test_levels import mistakes
from diwen.survey.well_test_record import WellTestReading
from diwen.survey.well_test_result import GivenWell, WellTestResult

FLOW, HOUR = 30 / 3600, 3600.0
TIME = field_times(12)
NEAR = theis(TIME, [0.0], [FLOW], 25.0)
WELL = theis(TIME, [0.0], [FLOW], 0.15) + 1.5
Cells = Iterable[object]


def digits(values: np.ndarray, places: int = 3) -> list[str]:
    return [f"{value:.{places}f}" for value in values]


MINUTES = digits(TIME / 60, 2)
PUMPED = ["30"] * len(TIME)


def sheet(folder: Path, header: str, *columns: Cells, encoding: str = "utf-8") -> Path:
    path = folder / "sheet.csv"
    lines = [header, *(",".join(map(str, row)) for row in zip(*columns, strict=True))]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def evaluated(path: Path, **reading: object) -> WellTestResult:
    return evaluate_well_test(path, GivenWell(reading=WellTestReading(**reading)))  # type: ignore[arg-type]


def gives_back(found: WellTestResult) -> None:
    assert found.transmissivity is not None
    assert found.storativity is not None
    assert found.transmissivity.value == pytest.approx(TRANSMISSIVITY, rel=0.01)
    assert found.storativity.value == pytest.approx(STORATIVITY, rel=0.02)


def told(found: WellTestResult) -> str:
    return " | ".join(f"{one.where}: {one.message.en}" for one in found.notices)


@pytest.mark.parametrize("name", ["观测孔1", ""])
def test_rest_level_of_an_observation_well_can_be_said(tmp_path, name):
    path = sheet(tmp_path, "累计时间(min),观测孔1水位埋深(m),流量(m3/h)", MINUTES,
                 digits(12 + NEAR), PUMPED, encoding="gbk")  # fmt: skip
    with pytest.raises(InputError) as refused:
        evaluated(path, distances={"": 25.0})
    assert '"观测孔1=12.3 m"' in refused.value.problems[0].cure.zh
    gives_back(evaluated(path, distances={"": 25.0}, static_levels={name: 12.0}))


def test_column_of_the_rest_level_is_no_reading(tmp_path):
    """A sheet repeats the level at rest in every line, before the level that moves."""
    rest = ["12"] * len(TIME)
    path = sheet(tmp_path, "时间(min),静水位(m),动水位(m),流量(m³/h)", MINUTES, rest,
                 digits(12 + WELL), PUMPED)  # fmt: skip
    found = evaluated(path)
    np.testing.assert_allclose(found.file.wells[0].drawdown, WELL, atol=6e-4)
    path = sheet(tmp_path, "时间(min),动水位埋深(m),降深(m),流量(m³/h)", MINUTES,
                 digits(99 + WELL), digits(WELL), PUMPED)  # fmt: skip
    np.testing.assert_allclose(evaluated(path).file.wells[0].drawdown, WELL, atol=6e-4)


@pytest.mark.parametrize("unit", ["m asl", "m a.s.l.", "mNHN", "m AHD"])
def test_heights_above_a_datum(tmp_path, unit):
    path = sheet(tmp_path, f"t (min),OW1 r=25 m water level ({unit}),Q (m3/h)", ["0", *MINUTES],
                 digits(45 - np.r_[0, NEAR]), ["30", *PUMPED])  # fmt: skip
    gives_back(evaluated(path))


@pytest.mark.parametrize("unit", ["m bgl", "m b.t.o.c.", "m below ground"])
def test_depths_below_a_datum(tmp_path, unit):
    path = sheet(tmp_path, f"t (min),OW1 r=25 m water level ({unit}),Q (m3/h)", ["0", *MINUTES],
                 digits(9 + np.r_[0, NEAR]), ["30", *PUMPED])  # fmt: skip
    found = evaluated(path)
    gives_back(found)
    assert found.file.columns[1].role == "depth"


def clocks(start: int) -> list[str]:
    seconds = start + TIME.astype(int)
    return [f"{s // 3600 % 24:02d}:{s % 3600 // 60:02d}:{s % 60:02d}" for s in seconds]


def test_clock_without_a_date_runs_over_midnight(tmp_path):
    path = sheet(tmp_path, "time,OW1 r=25 m drawdown (m),Q (m3/h)", clocks(20 * 3600),
                 digits(NEAR), PUMPED)  # fmt: skip
    found = evaluated(path, start=-30.0)
    gives_back(found)
    assert "clock without a date" in told(found)
    assert found.file.start is None
    # Half a minute of pumping before the first line is in the drawdowns: it must be asked for.
    assert "ran already" in told(evaluated(path))


def test_date_and_clock_in_two_columns(tmp_path):
    path = sheet(tmp_path, "date,time,OW1 r=25 m depth (m),Q (m3/h)",
                 ["2024-05-01"] * (len(TIME) + 1), ["08:00:00", *clocks(8 * 3600)],
                 digits(9 + np.r_[0, NEAR]), ["0", *PUMPED])  # fmt: skip
    found = evaluated(path)
    gives_back(found)
    assert str(found.file.start) == "2024-05-01 08:00:00"


def test_elapsed_time_goes_before_a_clock(tmp_path):
    path = sheet(tmp_path, "观测时间,累计时间(min),观1 r=25 m 降深(m),流量(m³/h)",
                 ["8:30"] * len(TIME), MINUTES, digits(NEAR), PUMPED)  # fmt: skip
    found = evaluated(path)
    gives_back(found)
    assert found.file.wells[0].name == "观1"


def test_wells_without_a_quantity_are_told(tmp_path):
    path = sheet(tmp_path, "时间(min),观测孔1(m),流量(m³/h)", MINUTES, digits(NEAR), PUMPED)
    with pytest.raises(InputError, match="but not whether drawdown"):
        evaluated(path)
    path = sheet(tmp_path, "时间(min),G1孔降深(m),G2孔降深(m),流量(m³/h)", MINUTES,
                 digits(NEAR), digits(NEAR), PUMPED)  # fmt: skip
    assert "one more column of the same kind" in told(evaluated(path))


AFTER = field_times(12)
STOP = 12 * HOUR
WHOLE = np.concatenate([TIME, STOP + AFTER])
FALLS = theis(WHOLE, [0.0, STOP], [FLOW, 0.0], 25.0)


@pytest.mark.parametrize("said", [False, True])
def test_stop_of_the_pump_is_seen_where_the_flow_is_not_written(tmp_path, said):
    header = "t (min),OW1 r=25 m drawdown (m)"
    columns: Sequence[Cells] = (digits(WHOLE / 60, 2), digits(FALLS))
    if said:
        found = evaluated(sheet(tmp_path, header, *columns), flow=FLOW)
    else:
        flows = [*PUMPED, *[""] * len(AFTER)]
        found = evaluated(sheet(tmp_path, header + ",Q (m3/h)", *columns, flows))
    gives_back(found)
    np.testing.assert_allclose(found.file.steps.start, [0.0, STOP])
    assert "the level recovers from 720.0 min on" in told(found)


def test_recovery_alone_is_told_by_its_header(tmp_path):
    path = sheet(tmp_path, "t' (min),OW1 r=25 m residual drawdown (m)", digits(AFTER / 60, 2),
                 digits(FALLS[len(TIME) :]))  # fmt: skip
    found = evaluated(path, flow=FLOW, duration=STOP)
    assert found.kind == "recovery"
    assert found.transmissivity.value == pytest.approx(TRANSMISSIVITY, rel=0.03)


@pytest.mark.parametrize("slip", [99.9, 10.0])
def test_a_slip_of_the_pen_is_left_out_and_told(tmp_path, slip):
    falls = NEAR.copy()
    falls[12] = slip if slip > 50 else slip * falls[12]
    path = sheet(tmp_path, "t (min),OW1 r=25 m drawdown (m),Q (m3/h)", MINUTES, digits(falls),
                 PUMPED)  # fmt: skip
    found = evaluated(path)
    gives_back(found)
    assert "line 14, column OW1 r=25 m drawdown (m)" in told(found)


def test_sound_readings_are_never_taken_for_slips():
    """Neither noise, nor a single reading in a pause of the pump, nor the ends."""
    rng = np.random.default_rng(5)
    noisy = theis(np.arange(1.0, 4000.0, 10), [0.0], [FLOW], 25.0) + rng.normal(0, 0.02, 400)
    assert len(mistakes(noisy, None)) == 0
    level = np.array([2.0, 2.5, 2.8, 2.9, 0.3, 4.0, 4.5, 4.8, 4.9, 5.0, 0.1])
    flow = np.array([1.0] * 4 + [0.0] + [2.0] * 6)
    assert len(mistakes(level, flow)) == 0
    assert mistakes(level, None).tolist() == [4]


def test_negative_flow_beside_drawdowns_is_told(tmp_path):
    path = sheet(tmp_path, "t (min),OW1 r=25 m drawdown (m),Q (m3/h)", MINUTES, digits(NEAR),
                 ["-30"] * len(TIME))  # fmt: skip
    found = evaluated(path)
    assert found.kind == "injection"
    assert "read as a rise" in told(found)


def test_dense_step_test_keeps_its_steps_apart(tmp_path):
    """A logger's readings are averaged within each step, never across a switch."""
    starts, flows = [0.0, 2 * HOUR, 4 * HOUR], np.array([10.0, 20.0, 30.0]) / 3600
    time = np.arange(10.0, 6 * HOUR + 1, 10.0)
    rate = flows[np.searchsorted(starts, time - 1e-6) - 1]
    falls = theis(time, starts, flows, 0.15) + 2e4 * rate**2
    path = sheet(tmp_path, "t (s),drawdown (m),Q (m3/h)", digits(time, 0), digits(falls),
                 digits(rate * 3600, 1))  # fmt: skip
    found = evaluate_well_test(path, GivenWell(well_radius=0.15))
    assert found.step.quadratic.value == pytest.approx(2e4, rel=0.01)
    (well,) = found.test.observations
    assert len(well.time) < 300
    exact = theis(well.time, starts, flows, 0.15)
    exact += 2e4 * flows[np.searchsorted(starts, well.time - 1e-6) - 1] ** 2
    np.testing.assert_allclose(well.drawdown, exact, atol=0.02)


def test_long_flow_records_are_condensed_without_moving_a_switch():
    clock = np.arange(0.0, 50_000.0)
    flow = np.where(clock < 20_000, 0.01, 0.02) * (
        1 + 0.005 * np.random.default_rng(1).normal(size=len(clock))
    )
    steps = read_course(clock, flow, None, False, None).steps
    np.testing.assert_allclose(steps.start, [0.0, 20_000.0])
    np.testing.assert_allclose(steps.flow, [0.01, 0.02], rtol=1e-3)


def test_wells_of_one_file_keep_their_own_rest_levels(tmp_path):
    path = sheet(tmp_path, "t (min),depth (m),OW1 r=25 m depth (m),Q (m3/h)", MINUTES,
                 digits(12 + WELL), digits(9 + NEAR), PUMPED)  # fmt: skip
    file = read_well_test(path, WellTestReading(static_levels={"": 12.0, "OW1": 9.0}))
    np.testing.assert_allclose(file.wells[0].drawdown, WELL, atol=6e-4)
    np.testing.assert_allclose(file.wells[1].drawdown, NEAR, atol=6e-4)


@pytest.mark.parametrize("dated", [False, True])
def test_empty_flow_before_the_start_is_no_pumping(tmp_path, dated):
    """Levels at rest are read for an hour before the pump starts; nobody writes a flow then."""
    seconds = np.r_[-3600, -1800, 0, TIME].astype(int)
    times = digits(seconds / 60, 2)
    if dated:
        times = [str(np.datetime64("2024-05-01T08:00:00") + int(s)) for s in seconds]
    levels = digits(9 + np.r_[0, 0.002, 0, NEAR])
    name = "time" if dated else "t (min)"
    path = sheet(tmp_path, f"{name},OW1 r=25 m depth (m),Q (m3/h)", times, levels,
                 ["", "", "", *PUMPED])  # fmt: skip
    found = evaluated(path)
    gives_back(found)
    assert found.file.wells[0].rest == pytest.approx(np.median([9.0, 9.002]))
    assert float(found.file.steps.start[0]) == 0.0


def test_flow_first_read_while_the_level_moves_ran_from_the_start(tmp_path):
    flows = ["", "", "", "", "", "30", *[""] * (len(TIME) - 6)]
    path = sheet(tmp_path, "t (min),OW1 r=25 m drawdown (m),Q (m3/h)", MINUTES, digits(NEAR), flows)
    gives_back(evaluated(path))


def test_clock_in_chinese(tmp_path):
    times = ["{}时{}分{}秒".format(*clock.split(":")) for clock in clocks(8 * 3600)]
    path = sheet(tmp_path, "时刻,观测井1 r=25 m 降深(m),流量(m3/h)", times, digits(NEAR), PUMPED)
    gives_back(evaluated(path, start=-30.0))
