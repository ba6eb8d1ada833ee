"""The twin of a bore field beside a plain loop over the load aggregation of pygfunction."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, SourceLoop, Station, SupplyCurve, Unit
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.response.convolution import convolve
from diwen.sources.response.modes import fit_response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import simulate

HOUR = 3600.0


@pytest.mark.verify
def test_three_years_stay_within_a_twentieth_of_a_kelvin() -> None:
    """Claesson–Javed cells (pygfunction), COP solved in each hour; tolerance 0.05 K set before.

    The aggregation itself is off by some 0.24 K here, so that both are held against the exact
    superposition, and the twin against the peer within what the peer is off.
    """
    aggregation_of = pytest.importorskip("pygfunction.load_aggregation").ClaessonJaved
    field = Boreholes.at(rectangle(4, 4, 6.0, 6.0), 100.0, 2.0, 0.075)
    times = np.geomspace(HOUR, 4 * 3 * 8760 * HOUR, 60)
    g = g_function(field, 1e-6, times, boundary="uniform heat rate")
    per_watt = 1.0 / (2 * np.pi * 2.0 * field.total_length)
    response = fit_response(times, g.at(times) * per_watt, tolerance=3e-4)
    added = 0.1 / field.total_length
    source = SourceModel("borefield", response.with_resistance(added), 11.0, 27e3, 0.0064)
    entering = np.array([-10.0, 0.0, 10.0, 25.0])
    cop = np.array([[3.0], [3.8], [4.7], [6.0]])
    full = np.full((4, 1), 80e3)
    of = PerformanceMap("heating", entering, np.array([40.0]), full, full / cop, (0, 20), (40, 40))
    hours = np.arange(8760)
    load = np.maximum(np.cos(2 * np.pi * hours / 8760) + 0.2 * np.cos(np.pi * hours / 12), 0) * 5e4
    plant = Station(
        (SourceLoop("field"),),
        (LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(40.0)),),
        (Unit("hp", 1, "field", ("heat",), heating=of),),
    )
    run = simulate(plant, {"field": source}, {"heat": load}, np.zeros(8760), years=3)

    count = 3 * 8760
    aggregation = aggregation_of(HOUR, count * HOUR)
    aggregation.initialize(g.at(aggregation.get_times_for_simulation()) * per_watt)
    at, expected, heat, half = 11.0, np.empty(count), np.empty(count), 0.5 / 27e3
    for n in range(count):
        aggregation.next_time_step((n + 1) * HOUR)
        for _ in range(4):
            q = load[n % 8760] * (1.0 - np.interp(at, entering, 1.0 / cop[:, 0]))
            aggregation.set_current_load(q)
            fluid = 11.0 - float(aggregation.temporal_superposition()) - added * q
            at = fluid + half * q
        expected[n], heat[n] = fluid, q
    # Both beside the exact superposition of the heat rates that each found itself.
    exact = g.at(HOUR * np.arange(1, count + 1)) * per_watt
    ours = run.course.sources["field"]
    own = 11.0 - convolve(ours.heat, exact, HOUR) - added * ours.heat
    theirs = 11.0 - convolve(heat, exact, HOUR) - added * heat
    assert np.abs(ours.fluid - own).max() < 0.05
    assert np.abs(ours.heat - heat).max() < 0.01 * heat.max()
    assert np.abs(ours.fluid - expected).max() < np.abs(expected - theirs).max() + 0.05
