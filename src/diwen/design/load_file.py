"""Hourly load files as loads of the building or of the ground (reading: ``diwen.loads``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.ground_load import HourlyGroundLoad
from diwen.loads.calendar import HOUR
from diwen.loads.load_file import read_load_columns
from diwen.problems import Problem


@dataclass(frozen=True, eq=False)
class LoadFile:
    """What an hourly load file holds.

    Attributes
    ----------
    load : the loads of the building, or of the ground
    warnings : what was assumed
    """

    load: HourlyBuildingLoad | HourlyGroundLoad
    warnings: tuple[Problem, ...]


def read_load_file(path: str | Path, *, start_month: int = 1, step: float = HOUR) -> LoadFile:
    """Hourly loads from a CSV file (plain or gzip).

    Parameters
    ----------
    path : the file; one line per step from 1 January, whole years of 365 days
    start_month : month in which operation begins
    step : length of the file's steps, s; they become hourly means

    Raises
    ------
    diwen.problems.InputError : with every fault of the file
    """
    read = read_load_columns(path, step=step)
    if read.of_ground:
        ground = HourlyGroundLoad.of(read.columns["ground"], start_month=start_month)
        return LoadFile(ground, read.warnings)
    none = np.zeros(len(next(iter(read.columns.values()))))
    loads = {kind: read.columns.get(kind, none) for kind in ("heating", "cooling", "hot_water")}
    return LoadFile(HourlyBuildingLoad.of(**loads, start_month=start_month), read.warnings)
