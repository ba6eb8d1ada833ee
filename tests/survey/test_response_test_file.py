"""Reading files of response tests: the ways loggers write them, and what is wrong in them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from response_test_files import POWER, plain, rows

from diwen.problems import InputError
from diwen.site import read
from diwen.site.response_tests import ResponseTestColumns
from diwen.survey.response_test_columns import recognised
from diwen.survey.response_test_file import read_test_file
from diwen.survey.response_test_heat import Reading

EXAMPLES = Path(__file__).parents[2] / "examples"


def of_example(name: str):
    site = read(EXAMPLES / f"response-test-{name}")
    test = site.response_tests[0]
    columns = {key: getattr(test.columns, key) for key in ResponseTestColumns.model_fields}
    reading = Reading(columns, test.heating_start, test.nominal_power)
    return read_test_file(site.folder / test.file, reading)


def problems_of(path: Path, reading: Reading | None = None):
    with pytest.raises(InputError) as caught:
        read_test_file(path, reading)
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "records", "first_hour", "last_hour", "power"),
    [
        # Rows, hours and mean power as in the description of the data by their authors.
        ("linz", 4658, 9.95, 87.57, 7191),
        ("dinslaken", 8377, 17.27, 156.87, 4982),
        ("sandbox", 2832, 0.0, 51.77, 1056),
    ],
)
def test_real_files(name, records, first_hour, last_hour, power):
    found = of_example(name)
    assert found.records == found.series.count == records
    assert found.series.time[[0, -1]] / 3600 == pytest.approx([first_hour, last_hour], abs=0.01)
    assert found.series.power.mean() == pytest.approx(power, abs=1)
    assert found.notices == ()


def test_multi_flow_file_starts_when_the_heater_does():
    found = of_example("multi-flow")
    assert found.records == 49954
    assert str(found.start) == "2014-03-01 10:22:05"
    assert found.series.time[0] == 0
    assert found.series.power[0] < 400 < found.series.power[3]
    assert found.series.flow.max() < 0.05
    assert found.before_duration == 175


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path, separator):
    found = read_test_file(plain(tmp_path / "a.csv", separator))
    seconds, mean = rows()
    assert found.series.time == pytest.approx(seconds)
    assert found.series.fluid_temperature == pytest.approx(mean, abs=1e-5)
    assert found.series.power == pytest.approx(POWER)


def test_decimal_comma_mark_gzip_and_zeros_of_the_logger(tmp_path):
    text = plain(tmp_path / "a.csv", ";").read_text(encoding="utf-8").replace(".", ",")
    path = tmp_path / "b.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.encode() + b"\0\0"))
    found = read_test_file(path)
    assert found.series.fluid_temperature == pytest.approx(rows()[1], abs=1e-5)


def test_units_dates_and_heat_from_flow(tmp_path):
    seconds, mean = rows(hours=20)
    lines = ["Prüfstand 7", "", "时间,进口温度,出口温度,流量(m3/h),环境温度", ",°C,°C,,°C"]
    for t, value in zip(seconds, mean, strict=True):
        clock = np.datetime64("2024-05-01T08:00:00") + np.timedelta64(int(t), "s")
        lines.append(f"{str(clock).replace('T', ' ')},{value + 2:.3f},{value - 2:.3f},1.2,21")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="gb18030")
    found = read_test_file(path, Reading(heating_start="2024-05-01 08:00"))
    assert found.power_origin == "flow and temperatures"
    assert found.series.time[0] == 300
    # 1.2 m³/h of water over 4 K is 5.56 kW (ρ c = 4.17 MJ/(m³·K) at 30 °C, CRC Handbook).
    assert found.series.power.mean() == pytest.approx(1.2 / 3600 * 4.166e6 * 4, rel=2e-3)
    assert found.series.flow.mean() == pytest.approx(0.3322, rel=3e-3)
    assert found.series.ambient == pytest.approx(21)


def test_minutes_kilowatts_and_kelvin(tmp_path):
    seconds, mean = rows(hours=20)
    body = "\n".join(
        f"{t / 60:g};{value + 273.15:.4f};{POWER / 1000}"
        for t, value in zip(seconds, mean, strict=True)
    )
    path = tmp_path / "a.txt"
    path.write_text("logger 12\nelapsed time (min);T_fluid (K);power_kW\n" + body)
    found = read_test_file(path)
    assert found.series.time[0] == pytest.approx(300)
    assert found.series.fluid_temperature == pytest.approx(mean, abs=1e-3)
    assert found.series.power == pytest.approx(POWER)


def test_header_words_do_not_go_against_their_units():
    assert recognised(["t [s]", "T [°C]", "Q [kW]", "V̇ [L/s]"])["time"] == 0
    assert recognised(["T_in [°C]", "t [h]"]) == {"time": 1, "inlet": 0}


def test_relative_heat_rate_needs_the_nominal_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("".join(f"{60 * i}\t{20 + i / 10}\t{19 + i / 10}\t1\n" for i in range(50)))
    columns = {"time": "#1|s", "inlet": "#2|°C", "outlet": "#3|°C", "relative_power": "#4"}
    [problem] = problems_of(path, Reading(columns))
    assert "nominal" in problem.message.en
    assert read_test_file(path, Reading(columns, "", 1000.0)).series.power[5] == 1000


def test_text_in_numbers_is_told_with_line_and_column(tmp_path):
    path = plain(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    lines[10] = "3000,sensor error,5500"
    lines[20] = "6000,20.1,five thousand"
    path.write_text("\n".join(lines))
    first, second = problems_of(path)
    assert (first.where, first.value) == ("line 11, column Tf [°C]", "sensor error")
    assert (second.where, second.value) == ("line 21, column P [W]", "five thousand")


def test_many_bad_cells_are_counted_not_listed(tmp_path):
    path = tmp_path / "a.csv"
    body = "".join(f"{60 * i},bad,5000\n" for i in range(300))
    path.write_text("t [s],Tf [°C],P [W]\n60,20,5000\n" + body)
    found = problems_of(path)
    assert len(found) == 6
    assert "295" in found[-1].message.en


def test_cut_file_leaves_its_last_line_out(tmp_path):
    path = plain(tmp_path / "a.csv")
    text = path.read_text()
    path.write_text(text[: text.rstrip().rindex(",") - 3])
    found = read_test_file(path)
    assert found.series.count == found.records - 1
    assert "cut off" in found.notices[0].message.en


def test_cut_gzip_is_refused(tmp_path):
    whole = gzip.compress(plain(tmp_path / "a.csv").read_bytes())
    path = tmp_path / "b.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    assert "cut off" in problems_of(path)[0].message.en


def test_missing_cells_are_left_out_and_told(tmp_path):
    path = plain(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    lines[5] = "1500,,5500"
    lines[9] = "2700,NaN,5500"
    path.write_text("\n".join(lines) + "\n")
    found = read_test_file(path)
    assert found.series.count == found.records - 2
    assert found.notices[0].where == "line 6"


@pytest.mark.parametrize(("unit", "told"), [("kg", "kg"), ("°C", "°C"), ("", "")])
def test_wrong_or_missing_unit(tmp_path, unit, told):
    path = plain(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("P [W]", f"P [{unit}]" if unit else "P"))
    if unit:
        columns = {"time": "t [s]", "fluid_temperature": "Tf [°C]", "power": f"P [{unit}]"}
        [problem] = problems_of(path, Reading(columns))
    else:
        [problem] = problems_of(path)
    assert problem.value == told
    assert 'power = "P' in problem.cure.en


def test_kelvin_taken_for_celsius_is_impossible(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("t [s],Tf,P [W]\n" + "".join(f"{60 * i},{290 + i},5000\n" for i in range(9)))
    [problem] = problems_of(path)
    assert problem.where == "line 2, column Tf"
    assert "| K" in problem.cure.en


def test_time_that_runs_backwards(tmp_path):
    path = plain(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    lines[30], lines[31] = lines[31], lines[30]
    path.write_text("\n".join(lines))
    [problem] = problems_of(path)
    assert problem.where == "line 32, column t [s]"
    assert problem.value == "9000"


def test_doubled_times_are_left_out_and_told(tmp_path):
    path = plain(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:40], lines[39], *lines[40:]]) + "\n")
    found = read_test_file(path)
    assert found.series.count == found.records - 1
    assert found.notices[0].where == "line 41"


@pytest.mark.parametrize(("power", "word"), [("0", "zero"), ("-5500", "negative")])
def test_no_heat_and_heat_of_the_wrong_sign(tmp_path, power, word):
    path = plain(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("5500.0", power))
    assert word in problems_of(path)[0].message.en


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no records"),
        (b"\n\n\n", "no records"),
        (b"t [s];Tf;P [W]\n", "no records"),
        (b"hello\nworld\n", "header"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "header"),
        (b"t [s],P [W]\n1,2\n2,3\n3,4\n", "temperature"),
        (b"t [s],Tf\n1,2\n2,3\n3,4\n", "heat rate"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0" * 40, "text"),
    ],
)
def test_files_that_hold_no_test(tmp_path, content, word):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert any(word in problem.message.en for problem in problems_of(path))


def test_missing_file(tmp_path):
    assert problems_of(tmp_path / "nowhere.csv")[0].message.zh


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(content=b"\x1c")
@given(content=st.one_of(
    st.binary(max_size=400),
    st.text(alphabet="0123456789.,;-: \t\n[]°CtTfPWs#|eE/", max_size=300).map(
        lambda text: b"t [s];Tf [degC];P [W]\n" + text.encode()
    ),
))  # fmt: skip
def test_no_file_is_a_fault_of_the_program(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    told, found = (), None
    try:
        found = read_test_file(path)
    except InputError as error:
        told = error.problems
    assert all(problem.message.zh and problem.cure.zh for problem in told)
    assert found is None or np.isfinite(found.series.fluid_temperature).all()
