"""How the file of a well test is to be read, and what it holds once it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.problems import Problem
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.survey.well_test_columns import WellColumn

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WellTestReading:
    """How a file is to be read.

    Attributes
    ----------
    columns : by hand, role (or ``WELL.role``) to specification; empty: from the header
    flow : constant flow where the file has none, m³/s; injection negative
    static_levels : level at rest by well, m, as the file counts it (depth or height); the name
        ``""`` stands for the pumped well, or for the only one
    distances : of observation wells by name, m; the name ``""`` stands for the only one
    start : when the pump started, s: on a clock of numbers, or after the first record of dates;
        None: found out
    duration : how long the pump ran where the flow is said, s; None: to the end of the file
    recovery_only : the file holds the recovery alone, its times count from the stop of the pump
    sheet : of a workbook
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    flow: float | None = None
    static_levels: Mapping[str, float] = field(default_factory=dict)
    distances: Mapping[str, float] = field(default_factory=dict)
    start: float | None = None
    duration: float | None = None
    recovery_only: bool = False
    sheet: str = ""


@dataclass(frozen=True, eq=False)
class WellReadings:
    """One well of the file.

    Attributes
    ----------
    name : of the observation well; empty for the pumped one
    drawdown : m, falling level positive, NaN where not read, shape (n,)
    distance : m; None for the pumped well
    rest : level at rest as the file counts it; NaN where drawdowns were given
    before : spread of the readings before the pump started, m; NaN without
    """

    name: str
    drawdown: Floats
    distance: float | None
    rest: float
    before: float


@dataclass(frozen=True, eq=False)
class WellTestFile:
    """A well test as read.

    Attributes
    ----------
    path : the file; label : with its sheet; sha256 : as it lies on the disk; records : rows
    time : since the pump started, s, rising, shape (n,)
    start : that moment, where the file tells dates; local clock
    steps : the flow since then, m³/s, injection negative
    flow : readings, m³/s, injection negative, NaN where not read, shape (n,); None where the flow
        was said
    wells : those that the file knows
    temperature, return_temperature : of the water, °C, shape (n,); None if not measured
    columns : those used
    notices : what was left out, taken or turned
    """

    path: Path
    label: str
    sha256: str
    records: int
    time: Floats
    start: datetime | None
    steps: FlowSteps
    flow: Floats | None
    wells: tuple[WellReadings, ...]
    temperature: Floats | None
    return_temperature: Floats | None
    columns: tuple[WellColumn, ...]
    notices: tuple[Problem, ...]
