"""Rules of wells and groundwater: the checks of the wells, reinjection, permit, water tax."""

from __future__ import annotations

from collections.abc import Iterator

from diwen.design.site_well_checks import KINDS, well_checks_of_site
from diwen.design.station_design.compliance_judging import in_words, with_standing
from diwen.design.station_design.design_result import ComplianceRow, StationDesign, Status
from diwen.design.well_check_result import Verdict, WellCheck
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.problems import InputError
from diwen.rules import RefusedError
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.row import Row
from diwen.rules.water_tax import water_tax

_STATUS: dict[Verdict, Status] = {
    "ok": "ok", "warning": "warns", "fail": "fails", "unknown": "unknown"
}  # fmt: skip
_WELLS = Text("checks of the wells", "水井校核")
_FULL = Text("all water goes back into its aquifer", "抽取的地下水全部回灌到同一含水层")
_AS_SAID = Text("designed so by the site file ([water]); to be proven by meters in operation",
                "项目文件 [water] 如此设计，运行中须以计量证明")  # fmt: skip
_NOT_FULL = Text("the site file plans {what} reinjection", "项目文件规划的回灌方式为 {what}")
_RETURN_ALL = Text("return all water into the aquifer it came from", "全部回灌到同一含水层")
_PERMIT = Text("water pumped in a year", "年抽取（循环）水量")
_PERMIT_WHY = Text("by the twin, circulated water included", "数字孪生模拟，含循环水量")
_TAX = Text("water resource tax of a year", "年水资源税")
_TAX_WHY = Text("{volume} m³ at {rate} CNY/m³: {amount} CNY; whether circulated water of a closed "
                "well is taxed the authority decides",
                "{volume} m³ × {rate} 元/m³ = {amount} 元；"
                "单井循环水量是否计征由主管部门认定")  # fmt: skip


def water_rows(design: StationDesign, rules: WellRules) -> Iterator[ComplianceRow | None]:
    """Every rule of wells and water; nothing where the site has no wells."""
    kinds = [one.kind for one in design.sources]
    for source in design.sources:
        if source.kind in KINDS:
            yield from _checks(design, source.name)
    if not any(SOURCE_WORDS.get(kind) == "groundwater" for kind in kinds):
        return
    water = design.site.water
    full = water.reinjection == "full" and water.same_aquifer
    for id in ("gb50366.reinjection", "gb50736.reinjection", "gb55015.reinjection"):
        rule = rules.find(id)
        status: Status = (
            "ok" if full else "fails" if rule is not None and rule.verified else "warns"
        )
        why = _AS_SAID if full else _NOT_FULL.format(what=water.reinjection)
        yield in_words(f"water.{id}", "water", _FULL, rule, status, why, cure=_RETURN_ALL)
    volume = pumped_water(design)
    yield _permit(design, volume)
    yield _tax(design, rules, volume, full)


def pumped_water(design: StationDesign) -> float | None:
    """Water that flows through the wells in the first year, m³; None where there are none."""
    course, total = design.run.courses[1], None
    for source in design.sources:
        if source.kind in KINDS and source.name in course.sources:
            model = design.inputs.inputs.sources[source.name]
            share = float(course.sources[source.name].flow_share.sum()) * course.step
            total = (total or 0.0) + share * model.flow
    return total


def _checks(design: StationDesign, source: str) -> Iterator[ComplianceRow]:
    try:
        found = well_checks_of_site(design.site, source, day=design.day)
    except InputError as error:
        keys = tuple(problem.where for problem in error.problems)
        first = error.problems[0]
        yield ComplianceRow(f"wells.{source}", "wells", _WELLS, None, "1", None, None, "unknown",
                            None, first.message, first.cure, keys)  # fmt: skip
        return
    for one in found:
        for check in one.checks:
            yield _of_check(check, source)


def _of_check(check: WellCheck, source: str) -> ComplianceRow:
    """A check of a well; one that breaks an unverified rule warns, physics and own limits fail."""
    status = _STATUS[check.verdict]
    physics = check.rule is None or check.rule.evidence in ("D", "E")
    if status == "fails" and not physics and check.rule is not None and not check.rule.verified:
        status = "warns"
    why = check.why if check.rule is None else with_standing(check.why, check.rule)
    return ComplianceRow(
        f"wells.{source}.{check.id}", "wells", check.name, check.value, check.unit, check.limit,
        check.margin, status, check.rule, why, check.what_to_change, check.missing, check.sense,
    )  # fmt: skip


def _permit(design: StationDesign, volume: float | None) -> ComplianceRow:
    limit = design.site.water.permitted_volume
    keys = () if limit is not None else ("water.permitted_volume",)
    known = limit is not None and volume is not None
    margin = limit - volume if limit is not None and volume is not None else None
    status: Status = "unknown" if not known else "ok" if (margin or 0.0) >= 0.0 else "fails"
    return ComplianceRow("water.permit", "water", _PERMIT, volume, "m³", limit, margin, status,
                         None, _PERMIT_WHY, None, keys, "<=")  # fmt: skip


def _tax(
    design: StationDesign, rules: WellRules, volume: float | None, full: bool
) -> ComplianceRow | None:
    if volume is None:
        return None
    row: Row | None = next(iter(rules.holding.rows(quantity="water_tax")), None)
    try:
        tax = water_tax(rules.holding, volume, full, design.site.water.tax_rate_otherwise)
    except RefusedError as error:
        return ComplianceRow("water.tax", "water", _TAX, None, "CNY", None, None, "unknown", row,
                             error.text, None, ("water.tax_rate_otherwise",))  # fmt: skip
    why = _TAX_WHY.format(volume=f"{volume:.0f}", rate=f"{tax.rate:g}", amount=f"{tax.amount:.0f}")
    return ComplianceRow("water.tax", "water", _TAX, tax.amount, "CNY", None, None, "not_judged",
                         tax.row, why)  # fmt: skip
