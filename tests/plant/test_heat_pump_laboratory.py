"""A map fitted to half of the laboratory's steady plateaus says what the unit did on the others.

Decided before the first run: plateaus alternate in time between fit and check; the model is
trusted to 2 % (what makers' tables leave over a Carnot unit); power is to be met within 5 %, heat
within its expanded measurement uncertainty (k = 2).
"""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diwen import site, telemetry
from diwen.evaluation import evaluate
from diwen.plant.carnot_fit import OperatingPoints
from diwen.plant.map_fit import map_from_measurements
from diwen.site.heat_pump_kind import completion, ranges

EXAMPLE = Path(__file__).parents[2] / "examples" / "rwth-lab"
MODEL = 0.02
POWER_WITHIN = 0.05


@pytest.fixture(scope="module")
def plateaus(tmp_path_factory):
    """All plateaus in time, and the expanded relative uncertainty of their heat."""
    folder = tmp_path_factory.mktemp("map") / "rwth-lab"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("telemetry"))
    plant = site.read(folder)
    for file in [*sorted((folder / "measurements").iterdir()), folder / "readings.csv"]:
        telemetry.import_files(plant, [file])
    rows = [found.detail for found in evaluate(site.read(folder), "all").select("cop_steady")]
    rows.sort(key=lambda row: row["start"])

    def column(key):
        return np.array([row[key] for row in rows])

    # Heat over power: the class 1 meter adds next to nothing to the heat's own uncertainty.
    expanded = column("cop_uncertainty") / column("cop")
    points = OperatingPoints(
        "heating",
        column("source_entering"),
        column("load_leaving"),
        column("heat_power"),
        column("power"),
        np.hypot(0.5 * expanded, MODEL),
        np.full(len(rows), MODEL),
    )
    return points, expanded


def some(points, chosen):
    fields = ("source", "load", "capacity", "power", "capacity_uncertainty", "power_uncertainty")
    return replace(points, **{name: getattr(points, name)[chosen] for name in fields})


def test_other_half_of_the_plateaus_is_predicted(plateaus):
    points, expanded = plateaus
    fitted, others = slice(0, None, 2), slice(1, None, 2)
    usual = completion("brine_water", "heating")
    found = map_from_measurements(
        some(points, fitted), usual, *ranges("brine_water", "heating"), "half of the plateaus"
    )
    kept = some(points, others)
    assert kept.source.size == 2
    said = found.predicted(kept.source, kept.load)
    power_error = said.power / kept.power - 1.0
    heat_error = said.capacity / kept.capacity - 1.0
    assert np.all(np.abs(power_error) <= POWER_WITHIN)
    assert np.all(np.abs(heat_error) <= expanded[others])
