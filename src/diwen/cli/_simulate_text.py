"""What ``diwen simulate`` says."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text, same
from diwen.plant.station import AIR

if TYPE_CHECKING:
    from diwen.twin.deviations import Deviation
    from diwen.twin.simulated_folder import WrittenSite
    from diwen.twin.site_simulation import SiteSimulation
    from diwen.twin.summary import YearSummary

_MWH = 3.6e9
_HEAD = Text(
    "{name}: simulated from {since}, {years} year(s), steps of {step}. Computed, not measured.",
    "{name}：自 {since} 起模拟 {years} 年，步长 {step}。计算值，非实测。",
)
_DEVIATES = Text("with deviation {text} ({kind}): {value} {unit}",
                 "含偏差 {text}（{kind}）：{value} {unit}")  # fmt: skip
_FROM = Text("from year {time} of the run on", "自运行第 {time} 年起")
_TO = Text("until year {time}", "至第 {time} 年止")
_SERVICED = Text("serviced at year {times}", "第 {times} 年维护清零")
_ENERGY = Text(
    "heat {heat}, hot water {water}, cold {cold}, electricity {power} (MWh in the last year)",
    "末年供热 {heat}、生活热水 {water}、供冷 {cold}、用电 {power}（MWh）",
)
_RATIOS = Text(
    "COPsys {cop}, EERsys {eer}; SPF H1 {h1}, H2 {h2}, H3 {h3}, H4 {h4}; heat and cold per "
    "electricity of units and pumps {both}",
    "COPsys {cop}，EERsys {eer}；SPF H1 {h1}、H2 {h2}、H3 {h3}、H4 {h4}；"
    "冷热总量与机组、水泵总用电之比 {both}",
)
_REFUSED = Text("{names} cannot be told: {why}.", "{names} 无法给出：{why}。")
_NAMES = {
    "cop_system": "COPsys", "eer_system": "EERsys", "spf_h2": "SPF H2", "spf_h3": "SPF H3",
    "spf_h4": "SPF H4",
}  # fmt: skip
_SHARES = Text("electricity: {parts}", "用电构成：{parts}")
_GROUPS = {
    "heat_pumps": Text("units", "机组"), "source_pumps": Text("source pumps", "热源侧水泵"),
    "load_pumps": Text("load pumps", "用户侧水泵"), "backups": Text("back-up", "辅助电加热"),
    "recharges": Text("recharge", "补热"), "controls": Text("controls", "控制"),
}  # fmt: skip
_GROUND = Text(
    "source: {out} MWh taken out, {into} MWh put in, ratio {ratio}; water enters the units at "
    "{low} to {high} °C",
    "热源侧：取热 {out} MWh，排热 {into} MWh，排取热比 {ratio}；进机组水温 {low}～{high} °C",
)
_AIR = Text(
    "outdoor air: {out} MWh taken out, {into} MWh put in; air enters the units at {low} to {high} "
    "°C",
    "室外空气：取热 {out} MWh，排热 {into} MWh；进机组空气温度 {low}～{high} °C",
)
_UNITS = Text(
    "units: {hours} unit-hours, {starts} starts; {outside} unit-hours outside the tested part of "
    "their maps",
    "机组：累计运行 {hours} 台时，启动 {starts} 次；其中超出试验范围 {outside} 台时",
)
_MET = Text("All loads are met.", "负荷全部满足。")
_MET_NEARLY = Text(
    "Not met: {energy} MWh in {hours} h of the worst year ({share} %), within the tolerance.",
    "未满足负荷：最不利年 {energy} MWh、{hours} h（{share} %），在允许范围内。",
)
_UNMET = Text(
    "NOT MET: {energy} MWh in {hours} h of the worst year ({share} % of the load). Cure: larger "
    "units or source, a back-up, or a smaller load.",
    "负荷未满足：最不利年 {energy} MWh、{hours} h（占 {share} %）。"
    "改法：增大机组或热源、增设辅助热源，或降低负荷。",
)
_PASSED = Text("LIMIT PASSED: {text}.", "超出限值：{text}。")
_COLUMNS = (
    Text("year", "年"), Text("heat MWh", "供热 MWh"), Text("cold MWh", "供冷 MWh"),
    Text("electricity MWh", "用电 MWh"), Text("COPsys", "COPsys"), Text("EERsys", "EERsys"),
    Text("in min °C", "进口低 °C"), Text("in max °C", "进口高 °C"),
    Text("in/out", "排/取"), Text("unmet %", "未满足 %"),
)  # fmt: skip
_PHASE = Text("phase", "期")
_PHASES = Text("built in phases: {parts}", "分期建设：{parts}")
_BEGINS = Text("{number} from year {year}: {name}", "第 {number} 期自第 {year} 年起：{name}")
_WRITTEN = Text(
    "Written: {folder} ({records} records of {points} points, all simulated). Next: diwen evaluate "
    "{folder} --period {year}",
    "已写入：{folder}（{points} 个测点 {records} 条记录，均为模拟）。"
    "接下来：diwen evaluate {folder} --period {year}",
)
_MISSING = Text("not simulated: {id} ({why})", "未模拟：{id}（{why}）")
_NOTES = Text("Assumed on the way:", "模拟所作假定：")
_MORE = Text("... and {count} more (--json shows all)", "……另有 {count} 条（--json 查看全部）")
_PLOTTED = Text("Picture written: {file}", "图已写入：{file}")
_NOTES_SHOWN = 12
_SHOWN_YEARS = (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50)
_PARAMETER_HEAD = (
    Text("name", "名称"), Text("kind", "类型"), Text("range", "范围"), Text("neutral", "无偏差值"),
    Text("meaning", "含义"),
)  # fmt: skip


def show(
    found: SiteSimulation, written: WrittenSite | None, plot: Path | None, language: Language
) -> None:
    """The whole answer."""
    say = _Speaker(language)
    since, step = found.since.isoformat(), _step(found.step)
    say(_HEAD.format(name=found.site.name, since=since, years=len(found.years), step=step))
    _deviations(found, say)
    _phases(found, say, language)
    if len(found.years) > 1:
        _table(found, language)
    _year(found.years[-1], say, language)
    _unmet(found, say)
    for text in found.passed:
        say(_PASSED.format(text=text))
    _notes(found, say)
    if written is not None:
        for id, why in written.missing.items():
            say(_MISSING.format(id=id, why=why))
        year = found.since.year + len(found.years) - len(found.courses)
        say(_WRITTEN.format(folder=written.folder, records=written.records,
                            points=len(written.points), year=year))  # fmt: skip
    if plot is not None:
        say(_PLOTTED.format(file=plot))


class _Speaker:
    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, text: Text) -> None:
        typer.echo(text.to(self._language))


def _step(seconds: float) -> str:
    return f"{seconds / 3600.0:g} h" if seconds >= 3600.0 else f"{seconds / 60.0:g} min"


def _number(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace("-", "−") if math.isfinite(value) else "-"


def _energy(value: float) -> str:
    return _number(value / _MWH, 1)


def _short(value: float) -> str:
    """An energy for a narrow column: the decimal goes where it is below 0.01 %."""
    return _number(value / _MWH, 1 if value / _MWH < 9999.5 else 0)


def _deviations(found: SiteSimulation, say: _Speaker) -> None:
    from diwen.twin.deviations import FAMILY_NAMES, PARAMETERS

    for one in found.deviations:
        parameter = PARAMETERS[one.parameter]
        said = _DEVIATES.format(text=parameter.text, kind=FAMILY_NAMES[one.kind],
                                value=f"{one.value:g}", unit=parameter.unit)  # fmt: skip
        say(Text(f"{said.en.strip()}{_times(one).en}", f"{said.zh.strip()}{_times(one).zh}"))


def _times(one: Deviation) -> Text:
    """When a deviation holds, where it is not always."""
    parts = []
    if one.since > 0:
        parts.append(_FROM.format(time=f"{one.since:g}"))
    if one.until is not None:
        parts.append(_TO.format(time=f"{one.until:g}"))
    if one.resets:
        parts.append(_SERVICED.format(times=", ".join(f"{time:g}" for time in one.resets)))
    en, zh = "".join(f", {part.en}" for part in parts), "".join(f"，{part.zh}" for part in parts)
    return Text(en, zh) if parts else same("")


def _phases(found: SiteSimulation, say: _Speaker, language: Language) -> None:
    """Which phase begins when."""
    parts = [
        _BEGINS.format(number=_phase_number(found, year), year=year, name=found.phase_of(year))
        for year in dict.fromkeys(one.year for one in found.phases)
    ]
    if parts:
        separator = "; " if language == "en" else "；"
        say(_PHASES.format(parts=same(separator.join(part.to(language) for part in parts))))


def _phase_number(found: SiteSimulation, year: int) -> int:
    """How many times something was added by a year, the first is 1."""
    return len({one.year for one in found.phases if one.year <= year})


def _year(year: YearSummary, say: _Speaker, language: Language) -> None:
    say(_ENERGY.format(heat=_energy(year.heat), water=_energy(year.hot_water),
                       cold=_energy(year.cold), power=_energy(year.power)))  # fmt: skip
    ratio = year.ratios
    say(_RATIOS.format(
        cop=_number(ratio["cop_system"]), eer=_number(ratio["eer_system"]),
        h1=_number(ratio["spf_h1"]), h2=_number(ratio["spf_h2"]), h3=_number(ratio["spf_h3"]),
        h4=_number(ratio["spf_h4"]), both=_number(ratio["combined"]),
    ))  # fmt: skip
    for why in dict.fromkeys(year.refused.values()):
        names = [label for name, label in _NAMES.items() if year.refused.get(name) == why]
        if names:
            say(_REFUSED.format(names=", ".join(names), why=why))
    used = [(name, value) for name, value in year.electricity.items() if value > 0.0]
    if used:
        comma = ", " if language == "en" else "、"
        parts = [
            f"{_GROUPS[name].to(language)} {100.0 * value / year.power:.0f} %"
            for name, value in used
        ]
        say(_SHARES.format(parts=comma.join(parts)))
    low, high = year.entering
    text = _AIR if set(year.entering_of) == {AIR} else _GROUND
    say(text.format(out=_energy(year.extracted), into=_energy(year.injected),
                    ratio=_number(year.balance), low=_number(low, 1),
                    high=_number(high, 1)))  # fmt: skip
    say(_UNITS.format(hours=f"{year.running_hours:.0f}", starts=f"{year.starts:.0f}",
                      outside=f"{year.extrapolated_hours:.0f}"))  # fmt: skip


def _unmet(found: SiteSimulation, say: _Speaker) -> None:
    worst = max(found.years, key=lambda year: year.unmet_share)
    energy = worst.unmet_heat + worst.unmet_cold
    if energy / _MWH < 0.0005:
        say(_MET)
        return
    text = _MET_NEARLY if found.met else _UNMET
    say(text.format(energy=_number(energy / _MWH, 3), hours=f"{worst.unmet_hours:.0f}",
                    share=f"{100.0 * worst.unmet_share:.2g}"))  # fmt: skip


def _notes(found: SiteSimulation, say: _Speaker) -> None:
    if not found.notes:
        return
    say(_NOTES)
    for note in found.notes[:_NOTES_SHOWN]:
        say(Text(f"  {note.en}", f"  {note.zh}"))
    if len(found.notes) > _NOTES_SHOWN:
        say(_MORE.format(count=len(found.notes) - _NOTES_SHOWN))


def _table(found: SiteSimulation, language: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for column in (*_COLUMNS, _PHASE) if found.phases else _COLUMNS:
        # The unit below its name, so that all columns fit into 80 letters.
        table.add_column("\n".join(column.to(language).rsplit(" ", 1)), justify="right")
    last = len(found.years)
    begun = {one.year for one in found.phases}
    for number in sorted({*(year for year in _SHOWN_YEARS if year < last), last, *begun}):
        year = found.years[number - 1]
        low, high = year.entering
        table.add_row(
            str(number), _short(year.heat + year.hot_water), _short(year.cold),
            _short(year.power), _number(year.ratios["cop_system"]),
            _number(year.ratios["eer_system"]), _number(low, 1), _number(high, 1),
            _number(year.balance), _number(100.0 * year.unmet_share),
            *([str(_phase_number(found, number))] if found.phases else []),
        )  # fmt: skip
    Console(markup=False, highlight=False).print(table)


def show_parameters(as_json: bool, language: Language) -> None:
    """All deviations that can be asked for."""
    from diwen.twin.deviations import FAMILY_NAMES, PARAMETERS

    if as_json:
        rows = [
            {"name": p.name, "kind": p.family, "neutral": p.neutral, "low": p.low, "high": p.high,
             "unit": p.unit, "grows": p.grows, "text": {"en": p.text.en, "zh": p.text.zh}}
            for p in PARAMETERS.values()
        ]  # fmt: skip
        typer.echo(json.dumps({"deviations": rows}, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in _PARAMETER_HEAD:
        table.add_column(column.to(language))
    for p in PARAMETERS.values():
        span = f"{p.low:g} … {p.high:g} {p.unit}".strip()
        table.add_row(p.name, FAMILY_NAMES[p.family].to(language), span, f"{p.neutral:g}",
                      p.text.to(language))  # fmt: skip
    Console(markup=False, highlight=False).print(table)
