"""The heat rate of a response test and the moment at which heating began.

A heat rate that is not logged follows from a relative reading, from flow and temperatures, or, at
worst, is the nominal one; what was done is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.fluids import fluid as fluid_named
from diwen.language import Text
from diwen.survey.record_reader import TIME, Tell
from diwen.survey.response_test_columns import Column
from diwen.telemetry import times

Floats = NDArray[np.float64]
# A heater that gives less than this share of its usual heat is off.
_OFF = 0.1
# A pump that moves less than this share of its usual flow stands still.
_STILL = 0.2
# Thermometers that differ by less may only be badly calibrated, K.
_SWAPPED_FROM = 0.3

TIME_CURE = Text(
    'write it as 2024-05-01 10:30:00, or as a number with its unit: time = "#1 | s"',
    '请写作 2024-05-01 10:30:00，或给出带单位的数字：time = "#1 | s"',
)
_ZERO = Text("the heat rate is zero throughout", "加热功率始终为零")
_NO_HEATING = Text("check the column, the unit and the meter", "请检查列、单位与仪表")
_NEGATIVE = Text(
    "the heat rate is negative: heat into the ground counts positive here",
    "加热功率为负：此处以注入岩土的热量为正",
)
_TURN = Text("reverse the sign of the column", "请改变该列符号")
_STARTED = Text(
    "heating is taken to start with the first record; the file shows none before it",
    "以首条记录作为开始加热时刻；文件中没有更早的记录",
)
_SAY_START = Text(
    'say heating_start = "2024-05-01 10:30" if it began earlier',
    '若更早开始加热，请填写 heating_start = "2024-05-01 10:30"',
)
_START_LATE = Text("heating_start is after the last record", "heating_start 晚于最后一条记录")
_START_CURE = Text("correct the start of heating", "请更正开始加热时刻")
_START_CLOCK = Text(
    "heating_start is a date, but the file counts time in numbers",
    "heating_start 为日期，而文件以数字计时",
)
_START_NUMBER = Text(
    "leave heating_start out: times that are numbers count from the start of heating",
    "请去掉 heating_start：以数字表示的时间自开始加热起算",
)
_CONSTANT = Text(
    "the heat rate is not measured: the nominal one is taken as constant",
    "加热功率未实测：按名义功率恒定计算",
)
_LOG_IT = Text("log the power", "请记录功率")
_SWAPPED = Text(
    "the fluid comes out warmer than it goes in by {difference:.2f} K while it is heated",
    "加热期间出孔温度比进孔温度高 {difference:.2f} K",
)
_LOOK_AT_COLUMNS = Text(
    "check which column is the inlet; the mean of both, and so the result, does not change",
    "请检查进、出孔温度两列是否互换；两者平均值及结果不受影响",
)
_COMPUTED = Text(
    "the heat rate is computed from flow, inlet and outlet",
    "加热功率由流量与进出口温差算得",
)


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    Attributes
    ----------
    columns : role to specification, as in ``[response_tests.columns]``; empty: from the header
    heating_start : date and time, empty: found out
    nominal_power : W, for a relative heat rate or where none is logged
    fluid : name of the fluid, for the heat from flow and temperatures
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    heating_start: str = ""
    nominal_power: float | None = None
    fluid: str = "water"


def put_heat_rate(
    values: dict[str, Floats],
    columns: Mapping[str, Column],
    reading: Reading,
    wrong: Tell,
    notice: Tell,
) -> str:
    """Put the heat rate, W, into the columns, and turn a volume flow into kg/s.

    Parameters
    ----------
    values : columns in inside units, by role, each of shape (n,); changed in place
    columns : what each column is
    reading : nominal power and fluid
    wrong, notice : told what is wrong, or was derived

    Returns
    -------
    where the heat rate comes from: ``measured``, ``relative``, ``flow and temperatures``,
    ``nominal``
    """
    relative = values.pop("relative_power", None)
    for role in ("flow", "bleed"):
        if role in columns and columns[role].quantity == "volume_flow":
            values[role] = values[role] * fluid_named(reading.fluid).density(_mean(values))
    origin = "measured"
    if "power" not in values:
        origin = _derived(values, relative, reading, notice)
    power = values["power"]
    if not np.any(power):
        wrong("columns.power", _ZERO, _NO_HEATING)
    elif np.median(power[power != 0]) < 0:
        wrong("columns.power", _NEGATIVE, _TURN, f"{np.median(power):.4g} W")
    elif "inlet" in values and "outlet" in values:
        heated = power > 0.5 * np.median(power[power > 0])
        difference = float(np.median((values["outlet"] - values["inlet"])[heated]))
        if difference > _SWAPPED_FROM:
            notice("columns.inlet", _SWAPPED.format(difference=difference), _LOOK_AT_COLUMNS)
    return origin


def _derived(
    values: dict[str, Floats], relative: Floats | None, reading: Reading, notice: Tell
) -> str:
    if relative is not None and reading.nominal_power is not None:
        values["power"] = np.nan_to_num(relative) * reading.nominal_power
        return "relative"
    if "flow" in values and "inlet" in values and "outlet" in values:
        specific_heat = fluid_named(reading.fluid).specific_heat(_mean(values))
        values["power"] = values["flow"] * specific_heat * (values["inlet"] - values["outlet"])
        notice("columns.power", _COMPUTED, _LOG_IT)
        return "flow and temperatures"
    assert reading.nominal_power is not None
    values["power"] = np.full(len(values["time"]), reading.nominal_power)
    notice("columns.power", _CONSTANT, _LOG_IT)
    return "nominal"


def circulating(values: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Records in which the fluid flows, shape (n,); all of them where the flow is not measured.

    Without flow a thermometer at the head of the well tells the air, not the ground.
    """
    flow = values.get("flow")
    if flow is None or not np.any(flow > 0):
        return np.ones(len(values["time"]), bool)
    return np.asarray(flow > _STILL * np.quantile(flow, 0.9))


def _mean(values: Mapping[str, Floats]) -> Floats:
    """Mean fluid temperature, °C."""
    if "fluid_temperature" in values:
        return values["fluid_temperature"]
    return 0.5 * (values["inlet"] + values["outlet"])


def heating_start(
    values: Mapping[str, Floats], dated: bool, reading: Reading, wrong: Tell, notice: Tell
) -> float:
    """When heating began, on the clock of the file, s.

    Parameters
    ----------
    values : columns by role
    dated : the time is a date
    reading : what the user said
    wrong, notice : told what is wrong, or was taken
    """
    time, power = values["time"], values["power"]
    if reading.heating_start:
        return _said(reading.heating_start, time, dated, wrong)
    first = int(np.argmax(power > _OFF * np.quantile(power, 0.9)))
    if first > 0:
        # A record's power is the mean since the record before it.
        return float(time[first - 1])
    if not dated:
        return 0.0
    notice("heating_start", _STARTED, _SAY_START)
    return float(time[0])


def _said(said: str, time: Floats, dated: bool, wrong: Tell) -> float:
    if not dated:
        wrong("heating_start", _START_CLOCK, _START_NUMBER, said)
        return 0.0
    try:
        stamps = times.read([pl.Series([said])])
    except times.TimeError as error:
        wrong("heating_start", TIME.format(reason=error.reason), TIME_CURE, said)
        return 0.0
    start = float(stamps.time[0]) / 1e6
    if not stamps.good[0] or start >= time[-1]:
        wrong("heating_start", _START_LATE, _START_CURE, said)
    return start
