"""``diwen size`` for wells: answers, exit codes, both languages, options that do not fit."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.design import site_well_sizing, well_candidates, well_pairs, well_products
from diwen.design.site_well_sizing import size_wells_of_site
from diwen.design.well_products import judge_products_of_site
from diwen.problems import InputError
from well_sites import BARE_DOUBLET_HEAD, BARE_DOUBLET_WELLS

EXAMPLES = Path(__file__).parents[2] / "examples"
FOREST = EXAMPLES / "forest-office-4-wells"
HOSPITAL = EXAMPLES / "hospital-18-wells"

DOUBLET = f"""\
{BARE_DOUBLET_HEAD}\
minimum_return_temperature = "4 °C"
{BARE_DOUBLET_WELLS}[heat_pumps.hp]
type = "water_water"
count = 1
rated_heating_capacity = "200 kW"
rated_heating_power = "50 kW"
[loads.b]
kind = "building"
heating_design_load = "200 kW"
[operation]
heating_season = "11-15..03-15"
planned_years = 3
"""


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same search with fewer steps on coarser rings: what it finds is tested elsewhere."""
    monkeypatch.setattr(well_candidates, "_SEALS", (0.3,))
    monkeypatch.setattr(well_candidates, "_DEPTHS", (1.0,))
    monkeypatch.setattr(well_candidates, "_FLOWS", (0.75, 1.0))
    monkeypatch.setattr(well_candidates, "_SPACINGS", (1.0,))
    monkeypatch.setattr(well_pairs, "_SPACINGS", (1.0, 1.5))
    monkeypatch.setattr(well_pairs, "_FLOWS", (0.75, 1.0))
    coarse = partial(size_wells_of_site, fineness=0.3, final_fineness=0.4, checked=False)
    monkeypatch.setattr(site_well_sizing, "size_wells_of_site", coarse)
    judged = partial(judge_products_of_site, fineness=0.3, final_fineness=0.4)
    monkeypatch.setattr(well_products, "judge_products_of_site", judged)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["size", *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.stdout


def changed(folder: Path, example: Path, *changes: tuple[str, str]) -> Path:
    copy = folder / "site"
    shutil.copytree(example, copy)
    text = (copy / "site.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (copy / "site.toml").write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def doublet(tmp_path: Path) -> Path:
    folder = tmp_path / "doublet"
    folder.mkdir()
    (folder / "site.toml").write_text(DOUBLET, encoding="utf-8")
    return folder


def test_forest_office_suffices_in_both_languages(tmp_path: Path) -> None:
    plot = tmp_path / "front.svg"
    code, english = run(FOREST, "--years", 3, "--language", "en", "--plot", plot)
    assert code == 0
    assert "The planned wells suffice" in english
    assert "Recommended (*)" in english
    assert "illustrative" in english
    assert plot.read_text(encoding="utf-8").lstrip().startswith("<")
    code, chinese = run(FOREST, "--years", 3, "--language", "zh")
    assert code == 0
    assert "规划井群满足本项目负荷" in chinese
    assert "推荐方案" in chinese


def test_hospital_is_judged_at_two_operating_points() -> None:
    """1.4 MW by the load, 3.6 MW as rated: two drops, never mixed; it does not suffice for 25 a."""
    found = size_wells_of_site(diwen.site.read(HOSPITAL), final_fineness=0.5, checked=False)
    load, rated = found.points
    count = load.wells.count
    assert load.wells.water.duty.largest_extraction * count == pytest.approx(1.4e6, rel=0.05)
    assert rated.wells.water.duty.largest_extraction * count == pytest.approx(3.6e6, rel=1e-9)
    assert rated.wells.water.duty.largest_injection * count == pytest.approx(5.4e6, rel=1e-9)
    assert rated.wells.water.drop == pytest.approx(5.728, rel=1e-3)
    assert load.wells.water.drop == pytest.approx(
        load.wells.water.duty.largest_extraction / (4.19e6 * 30.0 / 3600.0)
    )
    # Four times the heated area is cooled: the ground warms, and warms out of its limits.
    assert found.heat_return.share > 1.2
    assert found.heat_return.drift > 5.0
    assert not found.suffices
    assert load.wells.shortfall.side == "injection"
    assert rated.wells.shortfall.side == "extraction"


def test_json_is_complete_and_has_no_infinity(tmp_path: Path) -> None:
    code, text = run(FOREST, "--years", 3, "--json")
    answer = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert code == 0
    assert answer["site"]
    assert answer["suffices"] is True
    assert set(answer) >= {
        "source", "kind", "years", "planned", "checks", "heat_return", "search",
        "heat_return_recommended", "model_error", "notes",
    }  # fmt: skip
    assert [point["name"]["en"] for point in answer["planned"]] == ["load of the site", "as rated"]
    first = answer["planned"][0]
    assert len(first["lowest_return"]) == 3
    assert first["count"] * first["depth"] == first["metres"]
    assert answer["search"]["recommended"]["suffices"] is True
    assert json.loads(run(FOREST, "--years", 3, "--json")[1]) == answer


def test_tight_ground_is_a_no_with_reasons(tmp_path: Path) -> None:
    """K of 1e-5 m/s: the planned flow cannot go back."""
    folder = changed(
        tmp_path,
        HOSPITAL,
        ('hydraulic_conductivity = "8.64 m/d"', 'hydraulic_conductivity = "0.3 m/d"'),
    )
    code, text = run(folder, "--years", 2, "--language", "en")
    assert code == 1
    assert "refused by the check" in text
    assert "Nothing that was tried keeps the limits" in text


def test_products_are_judged_not_believed() -> None:
    code, text = run(HOSPITAL, "--products", "--years", 3, "--json")
    answer = json.loads(text)
    products = {one["product"]: one for one in answer["products"]}
    assert len(products) == 3
    large = products["product.well_500"]
    assert large["verdict"] == "does_not_work"
    assert large["reasons"]
    assert large["largest_heat"] < 500e3
    assert not any(
        "by day" in reason["en"] for one in products.values() for reason in one["reasons"]
    )
    assert large["drop"] == pytest.approx(4.296, rel=1e-3)
    assert answer["largest"]["suffices"] is True
    assert code in (0, 1)
    assert (code == 0) == any(one["verdict"] == "works" for one in products.values())
    chinese = run(HOSPITAL, "--products", "--years", 3, "--language", "zh")[1]
    assert "不可行" in chinese
    assert "单井最大取热" in chinese


def test_doublet_from_its_design_load(doublet: Path) -> None:
    code, text = run(doublet, "--language", "en")
    assert code == 0
    assert " pair" in text
    assert "breakthrough" in text
    answer = json.loads(run(doublet, "--json")[1])
    assert answer["kind"] == "well_doublet"
    assert answer["planned"][0]["drop"] == pytest.approx(150e3 / (4.19e6 * 30.0 / 3600.0), rel=1e-3)
    assert any("design load" in note["message"]["en"] for note in answer["notes"])


def test_doublet_without_return_is_refused(doublet: Path) -> None:
    file = doublet / "site.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('type = "well_doublet"', 'type = "groundwater_wells"\nreinjection = false')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no well returns water"):
        run(doublet)


@pytest.mark.parametrize(
    "option", [("--method", "monthly"), ("--standard",), ("--no-groundwater",)]
)
def test_options_of_bore_fields_are_refused(option: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        run(FOREST, *option)
    (problem,) = error.value.problems
    assert problem.where == option[0]
    assert problem.message.zh


def test_all_wrong_options_are_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        run(FOREST, "--method", "monthly", "--standard")
    assert {problem.where for problem in error.value.problems} == {"--method", "--standard"}


def test_products_are_for_circulation_wells(doublet: Path) -> None:
    with pytest.raises(InputError, match="circulation wells"):
        run(doublet, "--products")
    with pytest.raises(InputError, match="circulation wells"):
        run(EXAMPLES / "sizing-office", "--products")


def test_unknown_source_is_refused() -> None:
    with pytest.raises(InputError):
        run(FOREST, "--source", "elsewhere")


def test_no_load_at_all_is_refused(doublet: Path) -> None:
    file = doublet / "site.toml"
    text = file.read_text(encoding="utf-8").replace('heating_design_load = "200 kW"\n', "")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no load is known"):
        run(doublet)


def test_help_names_wells() -> None:
    result = CliRunner().invoke(build(), ["size", "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "wells" in result.output
    assert "--products" in result.output
