"""Cold delivered beside heat delivered, both against the design over the same hours of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Estimate, Evidence, Judgement, NotJudged
from diwen.diagnosis.ground import balance_words as words
from diwen.diagnosis.ground.design_year import design_year
from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.record.typical_year import place_in_year
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.diagnosis.finding import Case

Floats = NDArray[np.float64]


def cold_beside_heat(case: Case, fields: Sequence[str]) -> Judgement:
    """Whether less or more cold is delivered than designed while the heat is as designed.

    Parameters
    ----------
    fields : bore fields whose balance hangs on it
    """
    year = design_year(case)
    if year is None:
        return Judgement(not_judged=(NotJudged("cooling_factor", words.NO_DESIGN),))
    if not year.cold.any() or not year.heat.any():
        return Judgement()
    ratios = _ratios(case, year.heat, year.cold)
    if ratios is None:
        return Judgement(not_judged=(NotJudged("cooling_factor", words.NO_COLD, ("EH", "HM")),))
    heat, cold, points = ratios
    # What differs from year to year counts less in the mean of several.
    years = max(1.0, len(case.record) / 8760.0)
    spread = usual_value("diagnosis.ground.cooling.uncertainty") / float(np.sqrt(years))
    share, uncertain = _weather(case)
    spread = float(np.hypot(spread, uncertain))
    cap = usual_value("diagnosis.ground.cap")
    apart = float(np.log(max(cold, 0.02) / max(heat, 0.02))) - share
    ratio = log_bayes_factor(
        apart, spread, usual_value("diagnosis.ground.cooling.tolerance"),
        usual_value("diagnosis.ground.cooling.spread"), cap,
    )  # fmt: skip
    text = words.COLD.format(cold=f"{100 * cold:.0f}", heat=f"{100 * heat:.0f}")
    facts = (Evidence(text, 0.0, points),) if ratio > 0.0 else ()
    value = float(np.exp(apart)) if heat > 0.0 else cold
    return Judgement((
        Estimate("cooling_factor", value, value * spread, "constant" if ratio > 0.0 else "none",
                 None, ratio, facts),
    ))  # fmt: skip


def _ratios(case: Case, heat: Floats, cold: Floats) -> tuple[float, float, tuple[str, ...]] | None:
    """Heat and cold over those of the design in the recorded hours; None: too few of them."""
    record = case.record
    channels = {name: one.heat for name, one in record.circuits.items() if one.heat is not None}
    if "load" not in channels and "cooling" not in channels:
        return None
    warm, chill = np.zeros(len(record)), np.zeros(len(record))
    points: tuple[str, ...] = ()
    for name, one in channels.items():
        points += one.points
        if name == "cooling":
            chill += one.value
        else:
            warm += np.maximum(one.value, 0.0)
            chill += np.maximum(-one.value, 0.0)
    good = np.isfinite(warm) & np.isfinite(chill)
    if np.count_nonzero(good) < usual_value("diagnosis.ground.cooling.least_hours"):
        return None
    place = place_in_year(record)[good]
    designed = float(heat[place].sum()), float(cold[place].sum())
    if min(designed) <= 0.0:
        return None
    return float(warm[good].sum()) / designed[0], float(chill[good].sum()) / designed[1], points


def _weather(case: Case) -> tuple[float, float]:
    """What another summer and another winter did to the ratio (logarithm), and how uncertain it is.

    Loads follow the weather wholly, not at all, or in part: every share is as likely (a uniform
    distribution has the standard deviation of its width over the root of 12).
    """
    outdoor = case.record.outdoor
    if outdoor is None or case.inputs is None or not case.weather_known:
        return 0.0, usual_value("diagnosis.ground.cooling.uncertainty")
    good = outdoor.valid
    place = place_in_year(case.record)[good] % len(case.inputs.outdoor)
    now, then = outdoor.value[good], case.inputs.outdoor[place]
    winter = _degrees(usual_value("diagnosis.ground.heating_base") - now)
    winter /= _degrees(usual_value("diagnosis.ground.heating_base") - then)
    summer = _degrees(now - usual_value("diagnosis.ground.cooling_base"))
    summer /= _degrees(then - usual_value("diagnosis.ground.cooling_base"))
    other = float(np.log(summer / winter))
    return 0.5 * other, abs(other) / float(np.sqrt(12.0))


def _degrees(difference: Floats) -> float:
    return float(np.maximum(difference, 0.0).sum()) + 100.0
