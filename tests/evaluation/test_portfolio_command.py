"""``diwen portfolio``: tables, plain files, site folders, pictures, exit codes, both languages."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest
from core_plant import HEAD, HEATING, PUMPS, constant, context, plant
from typer.testing import CliRunner

from diwen.cli import build
from diwen.evaluation.data_summary import summarise
from diwen.evaluation.families import results_of
from diwen.evaluation.portfolio_sites import together
from diwen.evaluation.result import Evaluation
from diwen.language import same
from diwen.problems import InputError
from diwen.reports.portfolio_chart import spread_chart

EXAMPLES = Path(__file__).parents[2] / "examples"
POINTS = (
    "q,heat_power,kW,hp1,load,EN 1434 class 2,15 min,\n"
    "n,electric_power,kW,hp1,supply,EN 62053 class 1,15 min,\n"
    "p,electric_power,kW,ps+pl,supply,EN 62053 class 1,15 min,\n"
)


def run(*arguments: str):
    return CliRunner().invoke(build(), ["portfolio", *arguments])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["no difference is shown (4 and 131 systems)", "104 °C", "air source at H4"]),
        ("zh", ["不能证明有差异（4 个与 131 个系统）", "104 °C", "空气源（H4）"]),
    ],
)
def test_example_in_both_languages(language, words):
    shown = run(str(EXAMPLES / "heatpumpmonitor"), "--language", language)
    assert shown.exit_code == 0
    text = "".join(shown.output.split())
    for word in words:
        assert "".join(word.split()) in text


def test_numbers_are_the_same_in_both_languages():
    answer = json.loads(run(str(EXAMPLES / "heatpumpmonitor"), "--json").output)
    [all_systems] = [
        r for r in answer["results"] if r["id"] == "portfolio_spf" and r["of"] == "all"
    ]
    assert all_systems["value"] == pytest.approx(4.0064, abs=1e-4)
    assert set(all_systems["name"]) == {"en", "zh"}
    systems = next(r for r in answer["results"] if r["id"] == "portfolio_systems")
    assert len(systems["detail"]["systems"]) == 153


def test_every_finding_on_demand():
    short = run(str(EXAMPLES / "heatpumpmonitor"), "--language", "en").output
    long = run(str(EXAMPLES / "heatpumpmonitor"), "--language", "en", "--findings").output
    assert len(long.splitlines()) > len(short.splitlines()) + 100


def test_picture_is_sound_svg_with_title_and_axis(tmp_path):
    file = tmp_path / "spf.svg"
    assert (
        run(str(EXAMPLES / "heatpumpmonitor"), "--plot", str(file), "--language", "en").exit_code
        == 0
    )
    root = ElementTree.parse(file).getroot()
    assert root.tag.endswith("svg")
    texts = " ".join(e.text or "" for e in root.iter() if e.tag.endswith("text"))
    assert "Seasonal performance factors of 153 systems" in texts
    assert "seasonal performance factor, class" in texts


def test_picture_needs_svg_and_a_table(tmp_path):
    with pytest.raises(InputError, match=r"\.svg"):
        CliRunner().invoke(
            build(),
            ["portfolio", str(EXAMPLES / "heatpumpmonitor"), "--plot", str(tmp_path / "a.png")],
            catch_exceptions=False,
        )


def test_plain_csv_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "system,source,boundary,heat [kWh],electricity [kWh]\n"
        "a,ground,H2,4000,1000\nb,air,H2,3000,1000\nc,air,H2,3300,1000\n"
    )
    shown = run(str(path), "--json")
    assert shown.exit_code == 0
    groups = {
        r["of"]: r["value"]
        for r in json.loads(shown.output)["results"]
        if r["id"] == "portfolio_spf"
    }
    assert groups["all"] == pytest.approx(10300 / 3000)
    assert groups["air"] == pytest.approx(3.15)


def test_broken_file_raises_its_problems(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("system,source,heat [kWh],electricity [kWh]\na,ground,x,-1\n")
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build(), ["portfolio", str(path)], catch_exceptions=False)
    assert len(caught.value.problems) == 2


def test_histogram_counts_every_system():
    chart = spread_chart(
        {"ground": [4.0, 4.24, 4.25], "air": [2.3]}, {"ground": same("g"), "air": same("a")}
    )
    assert sum(sum(value or 0 for value in trace.y) for trace in chart.traces) == 4
    ground = dict(zip((c.en for c in chart.x.categories), chart.traces[0].y, strict=True))
    assert (ground["4.00"], ground["4.25"]) == (2, 1)


# ------------------------------------------------------------------------- several sites


def evaluated(folder: Path, factor: float, power: float, metered: bool = True) -> Evaluation:
    site = plant(folder, HEAD + PUMPS + HEATING, POINTS)
    records = {
        "q": constant(power, 24.0),
        "n": constant(0.8 * power / factor, 24.0),
        "p": constant(0.2 * power / factor, 24.0),
    }
    if not metered:
        del records["q"]
    held = context(site, records, 24.0)
    families = ("performance", "boundaries")
    results = tuple(result for name in families for result in results_of(held, name))
    return Evaluation(
        site_id=folder.name,
        site_name=same(folder.name),
        illustrative=True,
        period=held.period,
        results=results,
        rule_rows=(),
        data=summarise(held),
        generated=datetime(2026, 1, 1, tzinfo=UTC),
        version="test",
        rules_day=held.rules.day,
        rules_region=held.rules.region,
    )


def test_sites_together_are_the_ratio_of_sums(tmp_path):
    sites = [evaluated(tmp_path / "a", 4.0, 100.0), evaluated(tmp_path / "b", 2.0, 300.0)]
    found = next(r for r in together(sites) if r.id == "all_cop_system")
    assert found.value == pytest.approx(400.0 / (25.0 + 150.0))
    assert found.value < (4.0 + 2.0) / 2
    assert [row["site"] for row in found.detail["sites"]] == ["a", "b"]
    assert found.detail["heat_kwh"] == pytest.approx(9600.0)


def test_site_without_a_value_is_named(tmp_path):
    sites = [evaluated(tmp_path / "a", 4.0, 100.0), evaluated(tmp_path / "b", 3.0, 50.0, False)]
    found = next(r for r in together(sites) if r.id == "all_cop_system")
    assert found.value == pytest.approx(4.0)
    assert found.status == "indicative"
    assert "1 of 2 sites" in found.reason.en
    assert "b:" in found.reason.en


def test_no_site_with_a_value_is_refused(tmp_path):
    found = together([evaluated(tmp_path / "b", 3.0, 50.0, False)])
    assert {result.status for result in found} == {"refused"}
