"""What ``diwen size`` says beside the length: groundwater, loop, the standard's method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.design.site_hydraulics import LoopState, SiteHydraulics
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.site_standard_method import StandardMethod, StandardSide

_DAY, _YEAR = 86400.0, 365.25 * 86400.0
# Lengths so near each other are the same, as a share.
_SAME = 0.003

_WATER = Text("Groundwater counted: {aquifers}.", "已考虑地下水渗流：{aquifers}。")
_WATER_OUT = Text(
    "Groundwater left out, as asked: {aquifers}.", "按要求未考虑地下水渗流：{aquifers}。"
)
_AQUIFER = Text(
    "{name} {top} to {bottom} m, Darcy velocity {darcy} m/d ({darcy_year} m/a), heat moves "
    "{heat} m/d ({heat_year} m/a)",
    "{name} {top}～{bottom} m，达西流速 {darcy} m/d（{darcy_year} m/a），热运移速度 "
    "{heat} m/d（{heat_year} m/a）",
)
_WITHOUT = Text(
    "Without groundwater: {length} m per borehole. The shorter length relies on the flow: it fails "
    "where less water flows, or the flow is diverted.",
    "无渗流时所需孔深：每孔 {length} m。较短的孔深依赖渗流：水量减少或改道时将不足。",
)
_WITHOUT_LONGER = Text(
    "Without groundwater: {length} m per borehole; the flow carries stored heat away here.",
    "无渗流时所需孔深：每孔 {length} m；此处渗流会带走岩土蓄存的热量。",
)
_WITHOUT_SAME = Text(
    "Without groundwater: {length} m per borehole, as much as with it.",
    "无渗流时所需孔深：每孔 {length} m，与考虑渗流时相同。",
)
_WITHOUT_NONE = Text(
    "Without groundwater no length keeps the limits: the field relies on the flow.",
    "无渗流时没有满足限值的孔深：该孔群完全依赖渗流。",
)
_RELIES = Text(
    "The planned {planned} m suffices with this flow only.",
    "规划孔深 {planned} m 仅在存在该渗流时满足要求。",
)
_MEASURED = Text(
    "Borehole: R_b* {used} m·K/W, measured (site file){computed}.",
    "钻孔热阻：R_b* {used} m·K/W，实测（项目文件）{computed}。",
)
_BESIDE = Text(
    "; computed: R_b {local}, R_b* {effective}", "；计算值：R_b {local}，R_b* {effective}"
)
_COMPUTED = Text(
    "Borehole: R_b* {used} m·K/W, computed from pipes, grout and flow (R_b {local}).",
    "钻孔热阻：R_b* {used} m·K/W，由管道、回填材料与流量计算（R_b {local}）。",
)
_FLOW = Text(
    "Flow: {total} m³/h in {branches} parallel branches{series}: {states}.",
    "流量：{total} m³/h，{branches} 条并联支路{series}：{states}。",
)
_SERIES = Text(" of {count} boreholes in series", "（每支路串联 {count} 孔）")
_STATE = Text(
    "Reynolds number {reynolds} ({regime}) at {temperature} °C",
    "{temperature} °C 时雷诺数 {reynolds}（{regime}）",
)
_REGIMES = (Text("laminar", "层流"), Text("transition", "过渡流"), Text("turbulent", "紊流"))
_PRESSURE = Text(
    "Pressure drop at {temperature} °C: boreholes {boreholes} kPa{headers}; pump head {head} m "
    "({pressure} kPa).",
    "{temperature} °C 时压降：孔内 {boreholes} kPa{headers}；水泵扬程 {head} m（{pressure} kPa）。",
)
_HEADERS = Text(
    ", headers and fittings {drop} kPa (site file)", "，集管与管件 {drop} kPa（项目文件）"
)
_NO_HEADERS = Text(
    ", without headers and fittings (header_head is not given)",
    "，未含集管与管件（未给出 header_head）",
)
_LACKING = Text(
    "No Reynolds number and pump head: {keys} not given.",
    "无法给出雷诺数与水泵扬程：缺少 {keys}。",
)
_FREEZING = Text(
    "Lowest fluid temperature {lowest} °C, freezing point {freezing} °C: {margin} K apart.",
    "流体最低温度 {lowest} °C，冰点 {freezing} °C：相差 {margin} K。",
)
_STANDARD = Text(
    "For comparison, GB 50366 appendix B, another method that knows neither neighbouring "
    "boreholes nor years:",
    "对比：GB 50366 附录 B（另一种方法，不考虑孔间干扰与多年运行）：",
)
_SIDE = Text(
    "{mode}: {each} m per borehole, {total} m in total",
    "{mode}：每孔 {each} m，合计 {total} m",
)
_INPUTS = Text(
    "from {load} kW ({origin}), {name} {efficiency}, fluid {fluid} °C, ground {ground} °C, "
    "F {share} (full-load hours of month {month}), τ {days} d ({season}), τ_p {pulse} h",
    "依据：负荷 {load} kW（{origin}），{name} {efficiency}，流体 {fluid} °C，初始地温 {ground} °C，"
    "F {share}（{month} 月满负荷小时数），τ {days} d（{season}），τ_p {pulse} h",
)
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_EFFICIENCIES = {"heating": Text("COP", "COP"), "cooling": Text("EER", "EER")}
_ORIGINS = {
    True: Text("peak of the profile", "逐时负荷峰值"),
    False: Text("design load", "设计负荷"),
}
_SEASONS = {
    True: Text("season of the site file", "项目文件规定的季节"),
    False: Text("days with load", "有负荷的天数"),
}
_NO_STANDARD = Text("cannot be computed: {reason}", "无法计算：{reason}")


def detail_lines(found: SiteSizing) -> Iterator[Text]:
    """The lines, each a sentence or more."""
    yield from _groundwater(found)
    yield from _hydraulics(found.hydraulics)
    if found.standard is not None:
        yield from _standard(found.standard)


def _groundwater(found: SiteSizing) -> Iterator[Text]:
    water, rest = found.given.groundwater, found.without_groundwater
    if water is None:
        return
    rows = zip(
        water.names, water.top, water.bottom, water.darcy_velocity, water.transport_velocity,
        strict=True,
    )  # fmt: skip
    parts = [
        _AQUIFER.format(
            name=name, top=f"{top:g}", bottom=f"{bottom:g}",
            darcy=_number(darcy * _DAY), darcy_year=_number(darcy * _YEAR),
            heat=_number(heat * _DAY), heat_year=_number(heat * _YEAR),
        )
        for name, top, bottom, darcy, heat in rows
    ]  # fmt: skip
    yield (_WATER_OUT if rest is None else _WATER).format(aquifers=_joined(parts))
    if rest is not None:
        yield from _at_rest(found, found.sizing.length, rest.length)


def _at_rest(found: SiteSizing, moving: float | None, rest: float | None) -> Iterator[Text]:
    """What the length would be without the flow, m."""
    if rest is None:
        if moving is not None:
            yield _WITHOUT_NONE
        return
    template = _WITHOUT
    if moving is None or moving > rest * (1.0 + _SAME):
        template = _WITHOUT_LONGER
    elif moving > rest * (1.0 - _SAME):
        template = _WITHOUT_SAME
    yield template.format(length=f"{rest:.1f}")
    if found.suffices and found.planned < rest:
        yield _RELIES.format(planned=f"{found.planned:g}")


def _hydraulics(found: SiteHydraulics) -> Iterator[Text]:
    usual = found.states[0] if found.states else None
    used = f"{found.resistance:.3f}"
    if usual is not None and not found.measured:
        yield _COMPUTED.format(used=used, local=f"{usual.local:.3f}")
    else:
        computed = Text("", "")
        if usual is not None:
            local, effective = f"{usual.local:.3f}", f"{usual.effective:.3f}"
            computed = _BESIDE.format(local=local, effective=effective)
        yield _MEASURED.format(used=used, computed=computed)
    if found.states and found.flow is not None:
        series = _SERIES.format(count=found.in_series) if found.in_series > 1 else Text("", "")
        yield _FLOW.format(
            total=f"{found.flow * 3600:.1f}", branches=found.branches, series=series,
            states=_joined([_state(state) for state in found.states]),
        )  # fmt: skip
        # The coldest fluid is the thickest.
        yield _pressure(found.states[-1])
    else:
        yield _LACKING.format(keys=", ".join(found.lacking))
    if found.freezing_margin < 0.0:
        return  # that it would freeze is a warning of its own
    yield _FREEZING.format(
        lowest=f"{found.lowest:.1f}", freezing=f"{found.freezing:.1f}",
        margin=f"{found.freezing_margin:.1f}",
    )  # fmt: skip


def _state(state: LoopState) -> Text:
    return _STATE.format(
        reynolds=f"{state.reynolds:.0f}",
        regime=_REGIMES[state.regime],
        temperature=f"{state.temperature:.1f}",
    )


def _pressure(state: LoopState) -> Text:
    headers = _NO_HEADERS
    if state.header_drop is not None:
        headers = _HEADERS.format(drop=f"{state.header_drop / 1e3:.1f}")
    return _PRESSURE.format(
        temperature=f"{state.temperature:.1f}",
        boreholes=f"{state.borehole_drop / 1e3:.1f}",
        headers=headers,
        head=f"{state.head:.1f}",
        pressure=f"{state.pump_pressure / 1e3:.1f}",
    )


def _standard(found: StandardMethod) -> Iterator[Text]:
    yield _STANDARD
    for side in found.sides:
        yield _indented(_SIDE.format(
            mode=_MODES[side.mode], each=f"{side.each:.1f}", total=f"{side.found.length:.0f}"
        ), 2)  # fmt: skip
        yield _indented(_inputs(side, found.pulse_time), 4)
    for reason in found.lacking:
        yield _indented(_NO_STANDARD.format(reason=reason), 2)


def _inputs(side: StandardSide, pulse: float) -> Text:
    return _INPUTS.format(
        load=f"{side.load / 1e3:.0f}",
        origin=_ORIGINS[side.from_profile],
        name=_EFFICIENCIES[side.mode],
        efficiency=f"{side.efficiency:.2f}",
        fluid=f"{side.fluid_temperature:.1f}",
        ground=f"{side.ground_temperature:.1f}",
        share=f"{side.running_share:.2f}",
        month=side.month,
        days=f"{side.running_time / _DAY:.0f}",
        season=_SEASONS[side.from_season],
        pulse=f"{pulse / 3600:g}",
    )


def _number(value: float) -> str:
    """Two significant digits, and all before the point."""
    return f"{value:.0f}" if value >= 10.0 else f"{value:.2g}"


def _joined(parts: list[Text]) -> Text:
    return Text("; ".join(part.en for part in parts), "；".join(part.zh for part in parts))


def _indented(text: Text, spaces: int) -> Text:
    return Text(" " * spaces + text.en, " " * spaces + text.zh)
