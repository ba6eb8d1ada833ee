"""Why no length keeps a limit, in words."""

from __future__ import annotations

import numpy as np

from diwen.design.bore_field import BoreField, Place
from diwen.design.fluid_course import Course, Needed
from diwen.language import Text

_OUTSIDE = {
    "heating": Text(
        "no length keeps {limit} °C: the undisturbed ground has only {ground} °C",
        "任何孔深都不能满足最低 {limit} °C：初始地温仅 {ground} °C",
    ),
    "cooling": Text(
        "no length keeps {limit} °C: the undisturbed ground has {ground} °C already",
        "任何孔深都不能满足最高 {limit} °C：初始地温已达 {ground} °C",
    ),
}
_SPREAD = Text(
    "no length keeps {limit} °C: at {power} kW the flow is so small that half the temperature "
    "spread of the loop, {spread} K, uses up the {room} K between ground and limit",
    "任何孔深都不能满足 {limit} °C：在 {power} kW 时流量过小，环路温差之半 {spread} K "
    "已占尽地温与限值之间的 {room} K",
)
_IMBALANCE = Text(
    "boreholes of {length} m still reach {reached} °C in year {year} (limit {limit} °C): the "
    "yearly imbalance alone moves the ground by {drift} K from the first year to the last",
    "孔深 {length} m 时第 {year} 年仍达 {reached} °C（限值 {limit} °C）：单是全年取热、"
    "排热不平衡，首年至末年地温即变化 {drift} K",
)
_PEAK = Text(
    "boreholes of {length} m still reach {reached} °C in year {year} (limit {limit} °C): the "
    "field is too small for its load; more boreholes or a smaller load are needed",
    "孔深 {length} m 时第 {year} 年仍达 {reached} °C（限值 {limit} °C）：孔群相对负荷过小，"
    "需增加钻孔或减小负荷",
)
_NOT_SETTLED = Text(
    "ground heat and heat-pump efficiency did not settle: {change} K from pass to pass "
    "(cooling switches between passive and active)",
    "地源侧热量与机组能效未收敛：相邻迭代相差 {change} K（供冷在被动与主动之间切换）",
)


def outside(limit: str, undisturbed: float, temperature: float) -> Text:
    """The undisturbed ground is beyond the limit already."""
    shown = {"limit": f"{temperature:g}", "ground": f"{undisturbed:.1f}"}
    return _OUTSIDE[limit].format(**shown)


def cannot_reach(
    limit: str, course: Course, field: BoreField, place: Place, temperature: float, worst: Needed
) -> Text:
    """The longest boreholes do not suffice: flow, imbalance, or simply too much load."""
    sign = 1.0 if limit == "heating" else -1.0
    power = float(course.power[worst.year, worst.moment])
    room = sign * (course.temperature - temperature)
    spread = -sign * field.half_spread(place) * power
    if spread >= room:
        return _SPREAD.format(
            limit=f"{temperature:g}",
            power=f"{abs(power) / 1e3:.1f}",
            spread=f"{spread:.1f}",
            room=f"{room:.1f}",
        )
    reached = float(course.fluid(field, place)[worst.year, worst.moment])
    drift = _drift(course)
    shown = {
        "length": f"{course.length:.0f}",
        "reached": f"{reached:.1f}",
        "year": worst.year + 1,
        "limit": f"{temperature:g}",
    }
    if sign * drift > 0.5 * room:
        return _IMBALANCE.format(**shown, drift=f"{-drift:+.1f}")
    return _PEAK.format(**shown)


def _drift(course: Course) -> float:
    """Drop of the mean wall temperature of the year, last year against first, K."""
    yearly = course.wall.mean(axis=1) / course.total_length
    return float(yearly[-1] - yearly[0]) if len(yearly) > 1 else float(np.max(yearly))


def not_settled(change: float) -> Text:
    """The feedback between fluid temperature and efficiency did not settle."""
    return _NOT_SETTLED.format(change=f"{change:.2f}")
