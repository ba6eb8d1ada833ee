"""What ``diwen demo`` shows of the ground: a measured response test, a bore field to be sized."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.site import Site

TEST, SIZING = "response-test-linz", "sizing-office"
EXAMPLES = (TEST, SIZING)
_OUTCOMES: tuple[Literal["passed", "failed", "unknown"], ...] = ("passed", "failed", "unknown")

_MEASURED = Text(
    "{name}: folder copied, {count} measured records",
    "{name}：已复制文件夹，实测记录 {count} 条",
)
_QUALITY = Text(
    "quality: {passed} requirements met, {failed} not met, {unknown} cannot be judged",
    "试验质量：{passed} 项满足，{failed} 项不满足，{unknown} 项无法判定",
)
_GROUND = Text(
    "ground {conductivity} (k = 2), borehole resistance {resistance} (k = 2); {method}",
    "岩土导热系数 {conductivity}（k = 2），钻孔热阻 {resistance}（k = 2）；{method}",
)
_NO_VALUE = Text("no value can be given: {reason}", "不能给出数值：{reason}")
_SIMULATED = Text(
    "{name}: folder copied; the load is SIMULATED, ground and plant are assumed, nothing measured",
    "{name}：已复制文件夹；负荷为模拟值，岩土与设备为假定值，均非实测",
)
_LENGTH = Text(
    "needed {length} m{spread} in each of {count} boreholes, every hour of {years} years checked; "
    "planned {planned} m: {verdict}",
    "{count} 个钻孔，逐时检查 {years} 年：每孔需 {length} m{spread}；规划 {planned} m：{verdict}",
)
_SPREAD = Text(" ± {share} % (k = 2)", " ± {share} %（k = 2）")
_SUFFICES = Text("suffices", "满足要求")
_FAILS = Text("does not suffice", "不满足要求")
_BALANCE = Text(
    "heat into the ground over heat out of it {ratio}; the ground drifts by {drift} K",
    "排热与取热之比 {ratio}；地温变化 {drift} K",
)
_REPORTED = Text("report: {path}", "报告：{path}")
_DRAWN = Text("picture: {path}", "图：{path}")
_MORE = Text("all of it: {command}", "完整结果：{command}")


def show_response_test(folder: Path, command: str, language: Language) -> None:
    """Copy the measured test, check and evaluate it, write its report."""
    from diwen.reports.numbers import with_uncertainty
    from diwen.reports.response_test import build
    from diwen.survey.evaluate_test import METHOD_NAMES, evaluate_test

    site = copied(folder, TEST, language)
    file = site.folder / next(test.file for test in site.response_tests if test.file)
    result = evaluate_test(file, site)
    counted = _MEASURED.format(name=site.name, count=f"{result.file.series.count:,}")
    typer.echo("\n" + counted.to(language))
    passed, failed, unknown = (len(result.quality.with_outcome(outcome)) for outcome in _OUTCOMES)
    say(_QUALITY.format(passed=passed, failed=failed, unknown=unknown), language)
    found = result.evaluation
    if found is None:
        for problem in result.refused:
            say(_NO_VALUE.format(reason=problem.message), language)
    else:
        ground = with_uncertainty(found.conductivity, result.conductivity_uncertainty, "W/(m·K)", 3)
        bore = with_uncertainty(found.resistance, result.resistance_uncertainty, "m·K/W", 4)
        values = {"conductivity": ground, "resistance": bore, "method": METHOD_NAMES[found.method]}
        say(_GROUND.format(**values), language)
    for path in build(result, site, site.folder / "reports"):
        if path.suffix == ".html":
            say(_REPORTED.format(path=path), language)
    say(_MORE.format(command=f"{command} test-response {file} --site {site.folder}"), language)


def show_sizing(folder: Path, command: str, language: Language) -> None:
    """Copy the planned office and size its bore field, hour by hour."""
    from diwen.cli._size_chart import size_figure
    from diwen.design.site_sizing import size_site

    site = copied(folder, SIZING, language)
    typer.echo("\n" + _SIMULATED.format(name=site.name).to(language))
    found = size_site(site)
    length, share = found.sizing.length, found.relative_uncertainty
    spread = "" if share is None else _SPREAD.format(share=f"{200.0 * share:.0f}")
    told = _LENGTH.format(
        length="–" if length is None else f"{length:.1f}",
        spread=spread,
        count=found.given.field.count,
        years=found.given.years,
        planned=f"{found.planned:g}",
        verdict=_SUFFICES if found.suffices else _FAILS,
    )
    say(told, language)
    ratio, drift = found.balance.ratio, found.wall[-1] - found.wall[0]
    shown = "–" if ratio is None else f"{ratio:.2f}"
    say(_BALANCE.format(ratio=shown, drift=f"{drift:+.1f}"), language)
    picture = site.folder / "temperatures.svg"
    size_figure(found, picture, language)
    say(_DRAWN.format(path=picture), language)
    say(_MORE.format(command=f"{command} size {site.folder}"), language)


def copied(folder: Path, example: str, language: Language) -> Site:
    from diwen.site import new, read

    return read(new(folder / example, example, language))


def say(text: Text, language: Language) -> None:
    typer.echo("  " + text.to(language))
