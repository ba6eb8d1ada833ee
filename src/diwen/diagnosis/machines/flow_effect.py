"""What less source water than designed takes of the efficiency of units: no wear of theirs.

A map holds at its rated flow. With less water the source cools further between entering and
leaving, and the unit works against a colder mean at the same entering temperature: its efficiency
goes as a small power of the flow. How large the power is follows from the record itself, within
what water-source units show, where the flow moved; a trend in time beside it stays in the index.
"""

from __future__ import annotations

import numpy as np

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.machines.daily_index import daily_index
from diwen.diagnosis.machines.flow_index import source_flow_index
from diwen.diagnosis.machines.units_at_work import UnitsAtWork
from diwen.site.usual_values import usual_value

_LEAST_SPREAD = 0.05


def flow_effect(case: Case, work: UnitsAtWork) -> Floats:
    """Factor that brings the efficiency of all hours to the design flow, shape (n,); 1: unknown."""
    same = np.ones(len(case.record))
    loops = {group.unit.draws_on for group in work.groups.values()}
    drawn = [] if case.inputs is None else [
        one for one in case.inputs.station.source_loops if one.name in loops
    ]  # fmt: skip
    if len(loops) != 1 or len(drawn) != 1:
        return same
    flow = source_flow_index(case, drawn[0])
    if (
        flow is None
        or flow.proxy
        or flow.index.known < usual_value("diagnosis.machines.least_days")
    ):
        return same
    cop = daily_index(
        case.record.day, work.expected, work.power, usual_value("diagnosis.machines.unit_noise")
    )
    power = flow_power(cop.day, cop.ratio, flow.index.ratio)
    if power == 0.0:
        return same
    place = (case.record.day - flow.index.day[0]).astype(int)
    of_day = np.where(np.isfinite(flow.index.ratio), flow.index.ratio, 1.0) ** -power
    return np.asarray(of_day[place])


def flow_power(day: np.ndarray, cop: Floats, flow: Floats) -> float:
    """Power of the flow with which the efficiency goes, 0 where the flow hardly moved.

    Least squares of the logarithms with a constant and a trend in time beside it, kept between 0
    and what units show.

    Parameters
    ----------
    day : datetime64[D], shape (n,)
    cop, flow : over those of the design, nan where unknown, shape (n,)
    """
    known = np.isfinite(cop) & np.isfinite(flow) & (cop > 0.0) & (flow > 0.0)
    if known.sum() < 10 or np.std(np.log(flow[known])) < _LEAST_SPREAD:
        return 0.0
    time = (day[known] - day[0]).astype(float) / 365.0
    columns = np.column_stack([np.ones(len(time)), time, np.log(flow[known])])
    found = np.linalg.lstsq(columns, np.log(cop[known]), rcond=None)[0][2]
    return float(np.clip(found, 0.0, usual_value("diagnosis.machines.largest_flow_power")))
