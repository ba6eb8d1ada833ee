"""``diwen diagnose`` of a portfolio: what yearly totals say about the meters behind them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.cli._diagnose_options import COMMAND
from diwen.cli._diagnose_words import Speaker, percent
from diwen.diagnosis.diagnose_site import NOT_HOURLY, PORTFOLIO_CURE
from diwen.diagnosis.gate.portfolio_gate import NO_RECORDS, portfolio_findings
from diwen.language import Language, Text
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.cli._diagnose_options import Asked
    from diwen.diagnosis.finding import SensorFinding
    from diwen.site import Site

_SHOWN = 10
_SUSPECTED = 0.5
_HEAD = Text("{name}: yearly totals of {count} systems", "{name}：{count} 个系统的全年合计值")
_PERIOD = Text("{head}, {since} to {until}", "{head}，{since}～{until}")
_METERS = Text("Meters, as far as totals tell:", "仪表检验（仅凭合计值）：")
_FINE = Text("nothing impossible was found.", "未发现不可能的数值。")
_KINDS = {
    "range": Text("impossible totals: {count} ({sure} of them likely)",
                  "不可能的合计值：{count} 项（其中 {sure} 项可能性大）"),
    "air": Text("air in the heat meter: {count} systems ({sure} of them long enough to matter)",
                "热量表含气：{count} 个系统（其中 {sure} 个时间较长、影响计量）"),
}  # fmt: skip
_WORST = Text("The worst:", "最严重的：")
_LINE = Text("{text} (system {id}; {probability})", "{text}（系统 {id}；{probability}）")
_KNOWN = Text("To be known:", "说明：")
_NOT_OF_TOTALS = Text("leave the option out: {cure}", "请去掉该选项：{cure}")


@dataclass(frozen=True, eq=False)
class PortfolioMeters:
    """What a portfolio says about its meters.

    Attributes
    ----------
    site : of kind portfolio
    systems : how many it has
    findings : the most probable first, of these the longest hours of air
    """

    site: Site
    systems: int
    findings: tuple[SensorFinding, ...]

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind: how many, and how many of them are more probable than not."""
        every = Counter(one.kind for one in self.findings)
        sure = Counter(one.kind for one in self.findings if one.probability >= _SUSPECTED)
        return {kind: (count, sure[kind]) for kind, count in every.items()}

    def as_dict(self) -> dict[str, Any]:
        """Plain data, under the names that a diagnosis of a plant uses."""
        from diwen.diagnosis.plain_data import plain

        return {
            "site": Path(self.site.folder).name, "name": plain(self.site.name),
            "portfolio": True, "systems": self.systems,
            "counts": {
                kind: {"all": count, "likely": sure} for kind, (count, sure) in self.counts.items()
            },
            "sensors": plain(self.findings), "findings": [], "found": [],
            "notes": plain([NO_RECORDS, NOT_HOURLY, PORTFOLIO_CURE]), "files": [],
        }  # fmt: skip


def meters_of(site: Site) -> PortfolioMeters:
    """What the totals of a portfolio say about its meters.

    Raises
    ------
    diwen.problems.InputError : the table of systems is wrong
    """
    from diwen.site.portfolio_file import read_systems

    assert site.portfolio is not None
    found = sorted(portfolio_findings(site), key=_rank)
    return PortfolioMeters(site, len(read_systems(site.folder, site.portfolio)), tuple(found))


def _rank(one: SensorFinding) -> tuple[float, float]:
    return -one.probability, -one.value if math.isfinite(one.value) else -math.inf


def refuse_options(asked: Asked, save: bool, report: Path | None) -> None:
    """Refuse what needs the hours of a plant.

    Raises
    ------
    diwen.problems.InputError : with every such option
    """
    given = {"--since": asked.since is not None, "--until": asked.until is not None,
             "--save": save, "--report": report is not None}  # fmt: skip
    cure = _NOT_OF_TOTALS.format(cure=PORTFOLIO_CURE)
    problems = [Problem(COMMAND, name, NOT_HOURLY, cure) for name, one in given.items() if one]
    if problems:
        raise InputError(problems)


def show(found: PortfolioMeters, language: Language) -> None:
    """How many of each kind, the worst, and what totals cannot tell."""
    say, portfolio = Speaker(language), found.site.portfolio
    assert portfolio is not None
    head = _HEAD.format(name=found.site.name, count=found.systems)
    if portfolio.start is not None and portfolio.end is not None:
        head = _PERIOD.format(head=head, since=portfolio.start, until=portfolio.end)
    say(head)
    say.heading(_METERS)
    if not found.findings:
        say(_FINE)
    counts = [_KINDS[kind].format(count=count, sure=sure)
              for kind, (count, sure) in found.counts.items()]  # fmt: skip
    say.bullets(counts, len(counts))
    if found.findings:
        say.heading(_WORST)
        say.bullets((_line(one) for one in found.findings), _SHOWN)
    say.heading(_KNOWN)
    say.bullets((NO_RECORDS, NOT_HOURLY, PORTFOLIO_CURE), 3)


def _line(one: SensorFinding) -> Text:
    chance = percent(one.probability)
    return _LINE.format(text=one.text, id=", ".join(one.points), probability=chance)
