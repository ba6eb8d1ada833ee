"""What no response test can be: heat rates, durations and windows that only a slip explains."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.heat_steps import gap_limit
from diwen.sources.response_test.line_source_fit import heating_end
from diwen.sources.response_test.plain_fit_conditions import PlainFitConditions
from diwen.survey.response_test_file import TestFile
from diwen.survey.test_inputs import Inputs

# Fewer records, or a smaller share of the heating with records, tell nothing.
_FEWEST, _COVERED = 10, 0.1
# Heat rates that no test has, W/m: a sign of a wrong unit.
_LEAST, _MOST = 1.0, 1000.0
# Durations that no test has, s: a sign of a wrong unit, or of seconds since 1970.
_SHORTEST, _LONGEST = 600.0, 366 * 86400.0

_FEW = Text("too few records while heating", "加热期间的记录太少")
_WHOLE = Text("give the whole series of the test", "请给出完整的试验记录")
_UNIT = Text("{rate:.3g} W per metre of borehole is no heat rate of a test",
             "单位孔深 {rate:.3g} W/m 不可能是试验的加热功率")  # fmt: skip
_UNIT_CURE = Text(
    'check the unit of the power (power = "NAME | kW") and the length of the borehole',
    '请检查功率单位（power = "列名 | kW"）与孔深',
)
_LONG = Text("no test lasts {days:.3g} days", "试验不可能持续 {days:.3g} 天")
_SHORT = Text(
    "the file holds {seconds:.3g} s of heating only", "文件仅含 {seconds:.3g} s 的加热数据"
)
_TIME_CURE = Text(
    'check the unit of the time (time = "NAME | h"); times that are numbers count from the start '
    "of heating",
    '请检查时间单位（time = "列名 | h"）；以数字表示的时间自开始加热起算',
)
_WINDOW = Text("the window does not lie within the heating", "所选时段不在加热期内")
_WINDOW_CURE = Text("choose times within the test, --from before --to",
                    "请在试验范围内选择，且 --from 早于 --to")  # fmt: skip
_RANGE = Text("{low:.1f} to {high:.1f} h", "{low:.1f}～{high:.1f} h")
_COLD = Text(
    "at the end of heating the fluid is not warmer than the ground was ({undisturbed:.1f} °C)",
    "加热结束时流体温度不高于初始地温（{undisturbed:.1f} °C）",
)
_COLD_CURE = Text(
    "check the undisturbed temperature and the unit of the temperatures",
    "请检查初始地温与温度单位",
)


def check_units(file: TestFile, inputs: Inputs) -> None:
    """Refuse what only a wrong unit explains."""
    problems = list(_lasting(file))
    rate = float(np.median(file.series.power[file.series.power > 0])) / inputs.borehole.length
    if not _LEAST <= rate <= _MOST:
        allowed = Text(f"{_LEAST:g} to {_MOST:g} W/m", f"{_LEAST:g}～{_MOST:g} W/m")
        message = _UNIT.format(rate=rate)
        shown = f"{rate:.4g} W/m"
        problems.append(
            Problem(file.path.name, "columns.power", message, _UNIT_CURE, shown, allowed)
        )
    heated = file.series.power > 0.5 * float(np.median(file.series.power[file.series.power > 0]))
    late = float(np.median(file.series.fluid_temperature[heated][-max(3, heated.sum() // 10) :]))
    undisturbed = inputs.borehole.undisturbed_temperature
    if late <= undisturbed:
        message = _COLD.format(undisturbed=undisturbed)
        problems.append(Problem(file.path.name, "", message, _COLD_CURE, f"{late:.2f} °C"))
    if problems:
        raise InputError(problems)


def _lasting(file: TestFile) -> Iterator[Problem]:
    """A problem when the time can only be in another unit, or count from another moment."""
    end = file.series.end
    if _SHORTEST <= end <= _LONGEST:
        return
    message = _SHORT.format(seconds=end) if end < _SHORTEST else _LONG.format(days=end / 86400)
    column = file.columns["time"].name
    yield Problem(file.path.name, f"column {column}", message, _TIME_CURE, f"{end:.6g} s")


def check_cover(file: TestFile, conditions: PlainFitConditions) -> None:
    """Refuse a test whose records cover next to nothing of the heating."""
    series = file.series
    end = heating_end(series)
    for start in {0.0, min(conditions.start_up, 0.1 * end), settled_from(file, conditions)}:
        part = series.inside(start, end)
        if part.count >= _FEWEST:
            step = np.diff(part.time)
            recorded = step[step <= gap_limit(part.time)].sum()
            if recorded > _COVERED * (part.time[-1] - part.time[0]):
                continue
        shown = f"n = {part.count}, {(end - start) / 3600:.2f} h"
        raise InputError([Problem(file.path.name, "", _FEW, _WHOLE, shown)])


def settled_from(file: TestFile, conditions: PlainFitConditions) -> float:
    """From when on the power is judged: after the hour in which a heater may warm up, s."""
    begin = max(conditions.start_up, float(file.series.time[0]))
    return min(begin, 0.5 * heating_end(file.series))


def check_window(file: TestFile, window: tuple[float | None, float | None]) -> None:
    """Refuse a window that holds no records."""
    time = file.series.time
    start = float(time[0]) if window[0] is None else window[0]
    end = float(time[-1]) if window[1] is None else window[1]
    if 0 <= start < end and start < time[-1] and end > time[0]:
        return
    allowed = _RANGE.format(low=float(time[0]) / 3600, high=float(time[-1]) / 3600)
    shown = f"{start / 3600:g} h .. {end / 3600:g} h"
    where = "--from, --to"
    raise InputError([Problem(file.path.name, where, _WINDOW, _WINDOW_CURE, shown, allowed)])
