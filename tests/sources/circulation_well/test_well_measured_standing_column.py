"""A standing column well against a measured one: Varennes, 215 m, a week of heating at 24 kW.

Record: GeoCode-polymtl/E-TRT, (c) 2026 Clarissa Szabo-Som and Gabriel Fabien-Ouellet, MIT.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import Screen
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.heat_operator import heat_operator
from diwen.sources.circulation_well.standing_column import standing_column_well

RECORD = (
    Path(__file__).parents[3]
    / "examples/response-test-varennes/varennes_scw_heating_first_week.csv.gz"
)
FLOW = 1.68e-3  # m³/s, median while the pump ran


def hourly() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Water from the well (°C), heat given to it (W), whether the pump ran."""
    with gzip.open(RECORD, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ("TA_degC", "TR_degC", "flow_L_s")
    minutes = np.array([[float(row[name] or "nan") for name in names] for row in rows])
    whole = minutes[: len(minutes) // 60 * 60]
    heat = 4.19e3 * whole[:, 2] * (whole[:, 1] - whole[:, 0])
    table = np.column_stack([whole, heat]).reshape(-1, 60, 4)
    pumped, _, flow, power = np.nanmean(table, axis=1).T
    return pumped, power, flow > 1.0


def test_measured_well_warms_as_computed_without_any_fit() -> None:
    """Rock of 2.6 W/(m·K), as the authors of the test evaluated it, and 11.65 °C, as it circulated
    before the heating; the rest is geometry. Within 8 % of the rise: the evaluation of a response
    test leaves 5 to 10 %."""
    pumped, power, running = hourly()
    column = GroundColumn.of(
        [0.0, 215.0, 260.0], 1e-7, thermal_conductivity=2.6, heat_capacity=2.3e6
    )
    well = standing_column_well(
        0.0825, 215.0, Screen(5.0, 7.0), Screen(210.0, 213.0), riser_radius=0.045, flow=FLOW
    )
    course = simulate_finite_volume(
        heat_operator(flow_field(column, well)), np.where(running, FLOW, 0.0),
        load=-np.where(running, power, 0.0), natural_temperature=11.65,
    )  # fmt: skip
    heated = np.flatnonzero(running & (power > 1.5e4))[24:]
    assert len(heated) > 5 * 24
    rise = pumped[heated] - 11.65
    assert rise.max() > 17.0
    np.testing.assert_allclose(course.pumped[heated] - 11.65, rise, rtol=0.08)
    assert course.energy_closure < 1e-9
