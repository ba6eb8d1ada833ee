"""Fluid temperatures along the borehole: reading their file, evaluating the layers.

One column per depth and leg, ``down 10 m`` and ``up 10 m`` (下行 10 m, 上行 10 m), beside the time;
both legs at the same depths. The flow is that of the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from diwen.fluids import fluid as fluid_named
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import RulesOn
from diwen.sources.response_test.layered import LayeredRecord, LayeredResult, evaluate_layers
from diwen.survey.response_test_columns import Column, column_of
from diwen.survey.response_test_file import TestFile
from diwen.survey.response_test_text import TestText, read_text
from diwen.survey.test_inputs import Inputs
from diwen.telemetry import numbers, times

_LEG = re.compile(
    r"(?P<leg>down|up|下行|上行|进水支管|回水支管)[ _]*(?P<depth>\d+(?:[.,]\d+)?)\s*m?\b.*",
    re.IGNORECASE,
)
_DOWN = ("down", "下行", "进水支管")
_FEWEST = 3  # depths, so that there are two layers

_NO_LEGS = Text(
    "fewer than {fewest} depths with a temperature on both legs",
    "两支管均有温度的深度少于 {fewest} 个",
)
_NAME_LEGS = Text(
    "name the columns `down 10 m`, `up 10 m` and so on, both legs at the same depths",
    "请把各列命名为 `down 10 m`、`up 10 m` 等，两支管深度一致",
)
_NO_FLOW = Text("layers need the flow of the test", "分层计算需要试验流量")
_ADD_FLOW = Text("give the flow in the file of the test", "请在试验文件中给出流量")
_NO_TIME = Text("no column of the time", "没有时间列")
_NAME_TIME = Text(
    "begin with a column time [h], or a date and time", "请以 time [h] 或日期时间列开头"
)
_NO_NUMBER = Text("not a number", "不是数值")
_CORRECT = Text("correct the cell", "请更正该单元格")
_NO_START = Text(
    "dates need a test whose file tells when heating began",
    "以日期计时须由试验文件给出开始加热时刻",
)
_USE_HOURS = Text("count the time in hours from the start of heating", "请以自开始加热起的小时计时")


def layers_of(path: Path, file: TestFile, inputs: Inputs, book: RulesOn) -> LayeredResult:
    """Layer by layer from the temperatures along the borehole.

    Parameters
    ----------
    path : the file of temperatures
    file : the test, for its flow and its start
    inputs : borehole and ground
    book : rules, for the noise of the sensors

    Raises
    ------
    InputError : columns, cells or the flow are wrong or missing
    """
    if file.series.flow is None:
        raise InputError([Problem(path.name, "", _NO_FLOW, _ADD_FLOW)])
    text = read_text(path, {}, _LEG)
    depth, down, up = _legs(text)
    time = _time(text, file)
    values = _values(text, [*down, *up])
    good = np.isfinite(values).all(axis=1) & np.isfinite(time) & (time > 0)
    mean = float(file.series.fluid_temperature.mean())
    flow = float(np.median(file.series.flow))
    known = inputs.circumstances.temperature_accuracy
    noise = book.rules.value("response_test.layer_noise") if known is None else known / 3**0.5
    record = LayeredRecord(
        depth=np.array(depth),
        time=time[good],
        down=values[good][:, : len(down)],
        up=values[good][:, len(down) :],
        capacity_flow=flow * float(fluid_named(inputs.fluid).specific_heat(mean)),
        sensor_noise=noise,
    )
    borehole = inputs.borehole
    return evaluate_layers(
        record, borehole.radius, borehole.heat_capacity, borehole.undisturbed_temperature
    )


def _legs(text: TestText) -> tuple[list[float], list[int], list[int]]:
    """Depths that both legs have, and the columns of each leg at them."""
    found: dict[str, dict[float, int]] = {"down": {}, "up": {}}
    for index, cell in enumerate(text.header):
        match = _LEG.match(cell.strip())
        if match:
            leg = "down" if match["leg"].lower() in _DOWN else "up"
            found[leg][float(match["depth"].replace(",", "."))] = index
    depth = sorted(found["down"].keys() & found["up"].keys())
    if len(depth) < _FEWEST:
        message = _NO_LEGS.format(fewest=_FEWEST)
        shown = ", ".join(text.header)[:120]
        raise InputError([Problem(text.name, "line 1", message, _NAME_LEGS, shown)])
    return depth, [found["down"][d] for d in depth], [found["up"][d] for d in depth]


def _time(text: TestText, file: TestFile) -> np.ndarray:
    """Seconds since the start of heating."""
    cells = _cells(text, 0)
    column = column_of("time", "#1", text.header, text.units, text.width, False, text.name)
    if isinstance(column, Column):
        return _number(text, 0) * column.factor
    try:
        stamps = times.read([cells])
    except times.TimeError as error:
        problem = Problem(text.name, "column 1", _NO_TIME, _NAME_TIME, error.reason.en)
        raise InputError([problem]) from error
    if file.start is None:
        raise InputError([Problem(text.name, "column 1", _NO_START, _USE_HOURS)])
    start = np.datetime64(file.start).astype("datetime64[us]").astype(np.int64)
    return np.where(stamps.good, (stamps.time - start) / 1e6, np.nan)


def _values(text: TestText, columns: list[int]) -> np.ndarray:
    """Temperatures in °C, one column per leg and depth."""
    return np.stack([_number(text, index) for index in columns], axis=1)


def _number(text: TestText, index: int) -> np.ndarray:
    read = numbers.parse(_cells(text, index), text.decimal)
    if read.bad.any():
        raise InputError(_bad(text, index, np.flatnonzero(read.bad)[:5]))
    return read.value


def _bad(text: TestText, index: int, rows: np.ndarray) -> Iterator[Problem]:
    for row in rows:
        place = f"line {text.lines[int(row)]}, column {text.header[index]}"
        yield Problem(text.name, place, _NO_NUMBER, _CORRECT, text.rows[int(row)][index])


def _cells(text: TestText, index: int) -> pl.Series:
    cells = [row[index] if index < len(row) else None for row in text.rows]
    return pl.Series(cells, dtype=pl.String)
