"""How the flow of a source is shared by its groundwater wells, and who takes which role."""

from __future__ import annotations

from diwen.language import Text
from diwen.problems import Problem
from diwen.site import groundwater_wells as tables
from diwen.site.missing_values import assumed

_BOTH_ROLES = Text(
    "wells that can do both: {taking} abstract and {giving} reinject in the heating season",
    "两用井：供暖季 {taking} 抽水、{giving} 回灌",
)
_GIVE_ROLE = Text("write role = abstraction or injection if it is otherwise",
                  "如不符请将 role 写为 abstraction 或 injection")  # fmt: skip
_EVEN = Text(
    "the flow is shared evenly by the {what} wells: not all give their design flow",
    "未给出全部{what}井的设计流量：各井均分流量",
)
_GIVE_FLOW = Text("add design_flow to each well", "请为各井补充 design_flow")
_TURNED_DOWN = Text(
    "the {what} wells are designed for {total} m³/h: all turned down evenly to {flow} m³/h",
    "各{what}井设计流量合计 {total} m³/h：按比例减至 {flow} m³/h 计算",
)
_TURNED_UP = Text(
    "the {what} wells are designed for {total} m³/h only: computed with {flow} m³/h",
    "各{what}井设计流量合计仅 {total} m³/h：按比例增至 {flow} m³/h 计算",
)
_CORRECT_FLOW = Text("correct design_flow if it is otherwise", "如不符请更正 design_flow")
_NOT_ALL_BACK = Text(
    "the injection wells take back {total} of {flow} m³/h: the rest is not reinjected",
    "各回灌井设计流量合计 {total} m³/h，小于抽水量 {flow} m³/h：其余水量未回灌",
)
_MORE_WELLS = Text("add injection wells, or raise their design_flow if the ground takes it",
                   "请增设回灌井，地层允许时可提高其 design_flow")  # fmt: skip
# By how much flows may differ before they are not the same, share.
_FIT = 0.01
_ABSTRACTION, _INJECTION = Text("abstraction", "抽水"), Text("injection", "回灌")


def flows_of_wells(
    wells: dict[str, tables.Well], flow: float, source: str, reinjects: bool,
    problems: list[Problem],
) -> dict[str, float]:  # fmt: skip
    """Flow of each well in the heating season, m³/s, returned positive, pumped negative.

    They sum to zero, unless the design flows of the injection wells are too small for all of it.

    Parameters
    ----------
    wells : by id, without those that only observe
    flow : of all wells together, m³/s, 0 or more
    source : id of the source
    reinjects : whether the water goes back
    problems : what was assumed is appended
    """
    taking = [key for key, well in wells.items() if well.role == "abstraction"]
    giving = [key for key, well in wells.items() if well.role == "injection"]
    both = [key for key, well in wells.items() if well.role == "both"]
    if both:
        # They take the role that nobody has; where both are taken they reinject, which needs more.
        half = both[: (len(both) + 1) // 2] if not taking and not giving else both
        new_taking = [] if taking else half
        new_giving = [key for key in both if key not in new_taking]
        taking, giving = taking + new_taking, giving + new_giving
        message = _BOTH_ROLES.format(taking=", ".join(taking), giving=", ".join(giving) or "-")
        problems.append(assumed(f"sources.{source}.wells", message, _GIVE_ROLE))
    rates: dict[str, float] = dict.fromkeys(wells, 0.0)
    rates.update(_shared(wells, taking, -flow, _ABSTRACTION, source, problems))
    if reinjects:
        rates.update(_shared(wells, giving, flow, _INJECTION, source, problems))
    return rates


def _factor(total: float, flow: float, what: Text, source: str, problems: list[Problem]) -> float:
    """From the design flows of wells to what they carry, with the sign of the flow.

    Wells with a reserve are turned down to the flow. Wells that take back less than is pumped
    carry what they are designed for: the rest is not reinjected, and stays visible so.
    """
    wanted = abs(flow)
    values = {"what": what, "total": _shown(total), "flow": _shown(wanted)}
    where = f"sources.{source}.wells.*.design_flow"
    if flow > 0.0 and total < (1.0 - _FIT) * wanted:
        problems.append(assumed(where, _NOT_ALL_BACK.format(**values), _MORE_WELLS))
        return 1.0
    if abs(total - wanted) > _FIT * wanted:
        message = _TURNED_DOWN if total > wanted else _TURNED_UP
        problems.append(assumed(where, message.format(**values), _CORRECT_FLOW))
    return flow / total


def _shown(flow: float) -> str:
    return f"{flow * 3600.0:.4g}"


def _shared(
    wells: dict[str, tables.Well], keys: list[str], flow: float, what: Text, source: str,
    problems: list[Problem],
) -> dict[str, float]:  # fmt: skip
    """A flow among wells by their design flows, else evenly."""
    designed = [wells[key].design_flow for key in keys]
    total = sum(value for value in designed if value is not None)
    if keys and None not in designed and total > 0.0:
        factor = _factor(total, flow, what, source, problems)
        return {key: factor * (value or 0.0) for key, value in zip(keys, designed, strict=True)}
    if len(keys) > 1:
        message = _EVEN.format(what=what)
        problems.append(assumed(f"sources.{source}.wells.*.design_flow", message, _GIVE_FLOW))
    return {key: flow / len(keys) for key in keys}
