"""How files of well tests are written, and that all ways of writing mean the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_test_files import STORATIVITY, TRANSMISSIVITY, field_times, theis

from diwen.problems import InputError
from diwen.survey.evaluate_well_test import evaluate_well_test
from diwen.survey.well_test_columns import recognised
from diwen.survey.well_test_file import read_well_test
from diwen.survey.well_test_record import WellTestReading
from diwen.survey.well_test_result import GivenWell

FLOW = 30 / 3600
TIME = field_times(24)
FALL = theis(TIME, [0.0], [FLOW], 25.0)


def near(result, tolerance: float = 0.02) -> None:
    """The values put in come back."""
    assert result.choice is not None
    assert result.choice.fits[0].transmissivity.value == pytest.approx(
        TRANSMISSIVITY, rel=tolerance
    )
    assert result.choice.fits[0].storativity.value == pytest.approx(STORATIVITY, rel=5 * tolerance)


def written(path: Path, header: str, rows: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join([header, *rows]) + "\n").encode(encoding))
    return path


LAYOUTS = {
    "english": ("t (min),OW1 r=25 m drawdown (m),Q (m3/h)",
                [f"{t / 60:g},{s:.4f},30" for t, s in zip(TIME, FALL, strict=True)], "utf-8"),
    "chinese": ("历时(min),观测井1 r=25m 降深(m),抽水量(m3/d)",
                [f"{t / 60:g},{s:.4f},720" for t, s in zip(TIME, FALL, strict=True)], "gb18030"),
    "german sheet": ("Zeit [h];GWM2 25 m Absenkung [cm];Förderstrom [L/s]",
                     [f"{t / 3600:.6g};{100 * s:.2f};8.3333".replace(".", ",")
                      for t, s in zip(TIME, FALL, strict=True)], "utf-8-sig"),
    "depth to water": ("time min\tobs well A1 25 m depth to water (m)\tpumping rate m3/h",
                       ["0\t6.200\t0", *[f"{t / 60:g}\t{6.2 + s:.4f}\t30"
                                         for t, s in zip(TIME, FALL, strict=True)]], "utf-8"),
    "level called 水位": ("时间(min),观测孔2 25m 水位(m),流量(m3/h)",
                       ["0,6.200,0", *[f"{t / 60:g},{6.2 + s:.4f},30"
                                       for t, s in zip(TIME, FALL, strict=True)]], "utf-8"),
    "level above sea": ("time (s),OW 25 m level (m),flow (m3/h)",
                        ["-60,31.2,0", "0,31.2,0", *[f"{t:g},{31.2 - s:.4f},30"
                                           for t, s in zip(TIME, FALL, strict=True)]], "utf-8"),
    "head change": ("time (d),head at 25 m drawdown (m),flow (m3/d)",
                    [f"{t / 86400:.8g},{-s:.4f},720"
                     for t, s in zip(TIME, FALL, strict=True)], "utf-8"),
    "pressure": ("time (s),OW1 25 m pressure (kPa),flow (m3/h)",
                 ["-60,150.00,0", *[f"{t:g},{150 - 9.80665 * s:.4f},30"
                                    for t, s in zip(TIME, FALL, strict=True)]], "utf-8"),
    "units line": ("time,OW1 25 m drawdown,flow",
                   ["min,m,m3/h", *[f"{t / 60:g},{s:.4f},30"
                                    for t, s in zip(TIME, FALL, strict=True)]], "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_means_the_same(name, tmp_path):
    header, rows, encoding = LAYOUTS[name]
    path = written(tmp_path / "test.csv", header, rows, encoding)
    file = read_well_test(path)
    (well,) = file.wells
    assert well.distance == 25
    assert file.steps.flow.tolist() == pytest.approx([FLOW], rel=1e-3)
    assert file.steps.start.tolist() == pytest.approx([0], abs=1)
    after = file.time > 0
    assert well.drawdown[after] == pytest.approx(FALL, abs=2e-3)
    near(evaluate_well_test(path))


def test_gzip_and_workbook(tmp_path):
    from openpyxl import Workbook

    header, rows, _ = LAYOUTS["chinese"]
    packed = tmp_path / "test.csv.gz"
    packed.write_bytes(gzip.compress("\n".join([header, *rows, ""]).encode()))
    near(evaluate_well_test(packed))
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["现场抽水试验"])
    sheet = book.create_sheet("数据")
    sheet.append(["项目：示例"])
    sheet.append(header.split(","))
    for row in rows:
        sheet.append([float(cell) for cell in row.split(",")])
    path = tmp_path / "test.xlsx"
    book.save(path)
    near(evaluate_well_test(path))
    assert read_well_test(path).label == "test.xlsx/数据"
    with pytest.raises(InputError, match="no sheet"):
        read_well_test(path, WellTestReading(sheet="x"))


def test_dates_and_a_pump_that_starts_between_the_records(tmp_path):
    start = np.datetime64("2026-04-01T10:00")
    time = np.arange(-3600, 12 * 3600, 60.0)
    fall = theis(time, [0.0], [FLOW], 25.0)
    rows = [
        f"{start + np.timedelta64(int(t), 's')},{7.5 + s:.4f},{30 if t > 0 else 0}"
        for t, s in zip(time, fall, strict=True)
    ]
    path = written(tmp_path / "a.csv", "Date,OW1 25 m depth (m),flow (m3/h)", rows)
    file = read_well_test(path)
    assert file.start.isoformat() == "2026-04-01T10:00:00"
    near(evaluate_well_test(path))


def test_pumping_and_recovery_in_one_file(tmp_path):
    stop = 24 * 3600.0
    after = stop + field_times(8)
    time = np.concatenate([[0.0], TIME, after])
    fall = theis(time, [0.0, stop], [FLOW, 0.0], 25.0)
    rows = [
        f"{t / 60:.6g},{s:.4f},{30 if t <= stop else 0}" for t, s in zip(time, fall, strict=True)
    ]
    path = written(tmp_path / "a.csv", "t (min),OW1 25 m drawdown (m),Q (m3/h)", rows)
    result = evaluate_well_test(path)
    near(result)
    assert result.test.stop == pytest.approx(stop, abs=61)
    (line,) = result.recoveries.values()
    assert line.transmissivity.value == pytest.approx(TRANSMISSIVITY, rel=0.03)


def test_recovery_alone(tmp_path):
    after = field_times(12)
    fall = theis(86400 + after, [0.0, 86400.0], [FLOW, 0.0], 0.15)
    rows = [f"{t / 60:g},{s:.4f}" for t, s in zip(after, fall, strict=True)]
    path = written(tmp_path / "a.csv", "t (min),residual drawdown (m)", rows)
    reading = WellTestReading(flow=FLOW, duration=86400.0)
    result = evaluate_well_test(path, GivenWell(kind="recovery", reading=reading))
    assert result.method == "recovery"
    assert result.transmissivity.value == pytest.approx(TRANSMISSIVITY, rel=0.02)
    assert result.transmissivity.holds(TRANSMISSIVITY)


def test_columns_by_hand_and_distances(tmp_path):
    rows = [f"{t / 60:g};x;{s:.4f}" for t, s in zip(TIME, FALL, strict=True)]
    path = written(tmp_path / "a.csv", "a;b;c", rows)
    columns = {"time": "#1 | min", "A.drawdown": "c | m"}
    reading = WellTestReading(columns=columns, flow=FLOW, distances={"A": 25.0})
    near(evaluate_well_test(path, GivenWell(reading=reading)))


def test_the_pumped_well_alone_gives_no_storativity(tmp_path):
    fall = theis(TIME, [0.0], [FLOW], 0.15) + 2000 * FLOW**2
    rows = [f"{t / 60:g},{s:.4f},30" for t, s in zip(TIME, fall, strict=True)]
    path = written(tmp_path / "a.csv", "t (min),drawdown (m),Q (m3/h)", rows)
    result = evaluate_well_test(path)
    assert result.storativity is None
    assert result.method == "straight line"
    assert result.transmissivity.value == pytest.approx(TRANSMISSIVITY, rel=0.02)
    assert any("radius" in problem.message.en for problem in result.notices)


def test_wells_in_a_header_are_told_apart():
    header = ["时间(min)", "抽水井水位埋深(m)", "观测井1 r=25 m 降深(m)", "观测井2 80m 降深(m)",
              "出水温度(℃)", "回水温度(℃)", "回灌量(m3/h)"]  # fmt: skip
    found = {(c.role, c.well): c.distance for c in recognised(header)}
    assert found == {
        ("time", ""): None, ("depth", ""): None, ("drawdown", "观测井1"): 25.0,
        ("drawdown", "观测井2"): 80.0, ("temperature", ""): None,
        ("return_temperature", ""): None, ("injection", ""): None,
    }  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    factor=st.sampled_from([("min", 60.0), ("h", 3600.0), ("d", 86400.0), ("s", 1.0)]),
    flow=st.sampled_from([("m3/h", 3600.0), ("m3/d", 86400.0), ("L/s", 1000.0)]),
    length=st.sampled_from([("m", 1.0), ("cm", 100.0), ("mm", 1000.0)]),
)
def test_units_do_not_change_the_answer(factor, flow, length, tmp_path_factory):
    rows = [
        f"{t / factor[1]:.9g},{s * length[1]:.9g},{FLOW * flow[1]:.9g}"
        for t, s in zip(TIME, FALL, strict=True)
    ]
    header = f"time ({factor[0]}),OW1 25 m drawdown ({length[0]}),flow ({flow[0]})"
    path = written(tmp_path_factory.mktemp("units") / "a.csv", header, rows)
    file = read_well_test(path)
    assert file.wells[0].drawdown == pytest.approx(FALL, rel=1e-6)
    assert file.time == pytest.approx(TIME, rel=1e-6)
    assert file.steps.flow[0] == pytest.approx(FLOW, rel=1e-6)
