"""Reinjection rate (K-20): water put back over water taken, with what the two meters can tell.

GB 50366 demands that all water returns to the same aquifer and names no tolerance. "100 %" can
therefore be shown only within the expanded uncertainty of the two meters; with a standard
uncertainty above 3 % (engineering default of Diwen, rule ``quality.reinjection_uncertainty``)
nothing is judged. That the water returns to the *same* aquifer no meter can show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal, ratio, total
from diwen.evaluation.energy import measured
from diwen.evaluation.increments import common
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.well_points import meters
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

_NAME = Text("reinjection rate", "回灌率")
_ROW = "quality.reinjection_uncertainty"
_ALARMS = ("alarm.a07.alarm", "alarm.a07.critical")

_ONE_SIDE = Text(
    "Only one side is metered; the reinjection rate needs both the abstracted and the reinjected "
    "water.",
    "仅一侧有水表，回灌率需要抽水量与回灌量两侧计量。",
)
_NOT_TOGETHER = Text(
    "The meters of the two sides have no common valid time in the period.",
    "本周期内两侧水表没有共同的有效时段。",
)
_NO_WATER = Text("No water was abstracted in the period.", "本周期内没有抽水。")
_THIN = Text(
    "Both meters together cover {coverage} % of the period; indicative below {least} %.",
    "两侧水表共同有效时段占 {coverage} %，低于 {least} %，仅供参考。",
)
_UNKNOWN = Text(
    "The accuracy of a meter is not given, so it cannot be said whether this is 100 %.",
    "水表准确度未给出，无法判断是否达到 100 %。",
)
_COARSE = Text(
    "The standard uncertainty of the rate is {have} %; above {limit} % nothing is judged.",
    "回灌率的标准不确定度为 {have} %，高于 {limit} % 不作判定。",
)
_WITHIN = Text("100 % within U", "在不确定度范围内为 100 %")
_WITHIN_TEXT = Text(
    "{value} ± {u} %: 100 % within the uncertainty of the meters; a loss of up to {loss} % "
    "cannot be excluded.",
    "{value} ± {u} %：在水表不确定度范围内为 100 %；不排除最多 {loss} % 的损失。",
)
_BELOW = Text("below 100 %", "低于 100 %")
_BELOW_TEXT = Text(
    "{value} ± {u} %: less was reinjected than abstracted ({volume} m³ lost).",
    "{value} ± {u} %：回灌量少于抽水量（损失 {volume} m³）。",
)
_ABOVE = Text("above 100 %", "高于 100 %")
_ABOVE_TEXT = Text(
    "{value} ± {u} %: more was reinjected than abstracted; a meter is wrong, or other water was "
    "added.",
    "{value} ± {u} %：回灌量大于抽水量，水表有误或混入了其他水。",
)


def judge(value: float, uncertainty: float, lost: float) -> Grade:
    """What a rate with its expanded uncertainty shows.

    Parameters
    ----------
    value : reinjection rate, %
    uncertainty : expanded (k = 2), %
    lost : abstracted less reinjected volume, m³
    """
    shown = {"value": f"{value:.1f}", "u": f"{uncertainty:.1f}"}
    if abs(100.0 - value) <= uncertainty:
        loss = max(0.0, 100.0 - value + uncertainty)
        return Grade(_WITHIN, True, _WITHIN_TEXT.format(loss=f"{loss:.1f}", **shown), True)
    if value > 100.0:
        return Grade(_ABOVE, True, _ABOVE_TEXT.format(**shown))
    text = _BELOW_TEXT.format(volume=f"{lost:.0f}", **shown)
    return Grade(_BELOW, True, text, False)


def results(context: Context) -> list[Result]:
    """The reinjection rate of every source that meters abstraction or injection."""
    found = []
    for source in context.site.sources:
        taken = meters(context, source, "well_abstraction")
        returned = meters(context, source, "well_injection")
        if taken or returned:
            found.append(_result(context, source, taken, returned))
    return found


def _result(context: Context, source: str, taken: list[Point], returned: list[Point]) -> Result:
    common_fields: dict[str, Any] = {"of": source, "symbol": "η_inj", "rules": (_ROW, *_ALARMS)}
    if not taken or not returned:
        missing = "VA volume well_abstraction" if not taken else "VI volume well_injection"
        return refused(
            "reinjection_rate", "K-20", _NAME, _ONE_SIDE, [f"{missing} {source}"], **common_fields
        )
    try:
        out, back = _over_common_time(context, taken, returned)
        if out.coverage == 0.0:
            raise Refusal(_NOT_TOGETHER, [point.id for point in (*taken, *returned)])
        rate = ratio(back, out)
    except Refusal as error:
        why = _NO_WATER if not error.missing else error.reason
        return refused("reinjection_rate", "K-20", _NAME, why, error.missing, **common_fields)
    percent = rate.scaled(100.0)
    limit, least = context.rules.value(_ROW), context.rules.value("quality.coverage.q2")
    reason: Text | None = None
    grade: Grade | None = None
    if 100 * rate.coverage < least:
        reason = _THIN.format(coverage=f"{100 * rate.coverage:.0f}", least=f"{least:g}")
    elif percent.standard is None or percent.expanded is None:
        reason = _UNKNOWN
    elif percent.standard > limit:
        reason = _COARSE.format(have=f"{percent.standard:.1f}", limit=f"{limit:g}")
    else:
        grade = judge(percent.value, percent.expanded, out.value - back.value)
    return Result(
        "reinjection_rate", "K-20", _NAME, status="ok" if reason is None else "indicative",
        value=percent.value, unit="%", uncertainty=percent.expanded, coverage=percent.coverage,
        origin=percent.origins, inputs=percent.inputs, decimals=1, grade=grade, reason=reason,
        notes=percent.notes,
        detail={
            "abstracted": out.value, "reinjected": back.value, "lost": out.value - back.value,
            "abstracted_uncertainty": out.expanded, "reinjected_uncertainty": back.expanded,
            # Alarm values that the rate lies below even with its whole uncertainty.
            "alarms": [
                row for row in _ALARMS
                if percent.expanded is not None
                and percent.value + percent.expanded < context.rules.value(row)
            ],
        },
        **common_fields,
    )  # fmt: skip


def _over_common_time(
    context: Context, taken: list[Point], returned: list[Point]
) -> tuple[Amount, Amount]:
    """Water abstracted and reinjected, m³, over the time in which every meter was read."""
    parts = common([measured(context, point) for point in (*taken, *returned)])
    amounts = [part.amount(context.period.seconds) for part in parts]
    return total(amounts[: len(taken)]), total(amounts[len(taken) :])
