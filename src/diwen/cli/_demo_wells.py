"""What ``diwen demo`` shows of wells: a measured standing column well, a planned well field."""

from __future__ import annotations

from pathlib import Path

import typer

from diwen.cli._demo_ground import copied, say
from diwen.language import Language, Text

FIELD = "forest-office-4-wells"
EXAMPLES = (FIELD,)
_ASSUMED = Text(
    "{name}: folder copied; the load is SIMULATED, ground and wells are partly assumed",
    "{name}：已复制文件夹；负荷为模拟值，地层与井的部分参数为假定值",
)
_CHECKED = Text(
    "full reinjection: {kept} checks kept, {open} warn or cannot be judged, {failed} refuse",
    "同井全部回灌校核：{kept} 项满足，{open} 项提示或无法判断，{failed} 项不满足",
)
_WATER = Text(
    "water of {years} years: pumped {low} to {high} °C; the return stands {head} m above rest; "
    "half of a change comes back after {days} days of pumping",
    "{years} 年水温：取水 {low}～{high} °C；回灌水头 {head} m；抽水 {days} 天后热突破 50 %",
)
_REPORTED = Text("report: {path}", "报告：{path}")
_MORE = Text("all of it: {command}", "完整结果：{command}")


def show_wells(folder: Path, command: str, language: Language) -> None:
    """Copy the planned wells, check them, follow them through the years, write the report."""
    from diwen.design.site_well_checks import well_checks_of_site
    from diwen.design.well_study import study_wells
    from diwen.reports.well_field import build

    site = copied(folder, FIELD, language)
    typer.echo("\n" + _ASSUMED.format(name=site.name).to(language))
    checks = well_checks_of_site(site)[0]
    failed = len(checks.failures)
    kept = sum(check.verdict == "ok" for check in checks.checks)
    counted = {"kept": kept, "failed": failed, "open": len(checks.checks) - kept - failed}
    say(_CHECKED.format(**counted), language)
    study = study_wells(site)
    half = study.days_to(0.5)
    told = _WATER.format(
        years=study.years,
        low=f"{study.lowest('pumped').min():.1f}",
        high=f"{study.highest('pumped').max():.1f}",
        head=f"{study.injection_head:.1f}",
        days="–" if half is None else f"{half:.0f}",
    )
    say(told, language)
    for path in build(study, checks, site.folder / "reports"):
        if path.suffix == ".html":
            say(_REPORTED.format(path=path), language)
    say(_MORE.format(command=f"{command} wells {site.folder}"), language)
