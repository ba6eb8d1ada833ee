"""``diwen balance``: heat of the ground over the years, and what recharge does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.cli._balance_text import _named
from diwen.cli.balance import _months
from diwen.design.heat_balance import recharge_effect, recharged, settled_course
from diwen.design.of_site import sizing_input
from diwen.design.sizing import make_model
from diwen.design.yearly_balance import YearlyBalance, balance_of_site
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
SITE = diwen.site.read(EXAMPLE)
MWH = 3.6e9
SUMMER = (5, 6, 7, 8, 9)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["balance", str(EXAMPLE), *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def warmed() -> YearlyBalance:
    return balance_of_site(SITE, years=10, recharge=30 * MWH)


def test_months_and_years_add_up_to_the_balance(warmed: YearlyBalance) -> None:
    plain = warmed.plain
    assert plain.extraction.shape == plain.injection.shape == (10, 12)
    assert plain.extraction.sum() / 10 == pytest.approx(plain.balance.extraction)
    assert plain.injection.sum() / 10 == pytest.approx(plain.balance.injection)
    # An office in winter and in summer.
    assert plain.extraction[:, [0, 11]].min() > plain.extraction[:, [5, 6, 7]].max()
    assert plain.injection[:, [6, 7]].min() > plain.injection[:, [0, 1, 11]].max()


def test_trajectory_is_that_of_the_planned_field(warmed: YearlyBalance) -> None:
    given = sizing_input(SITE)
    model = make_model(
        given.field, given.load, 10, "hourly", 6 * 3600.0, given.efficiency, given.response()
    )
    course = settled_course(model, 105.0)
    wall = course.wall_temperature().mean(axis=1)
    assert warmed.plain.trajectory.wall_mean == pytest.approx(wall, abs=1e-6)
    assert warmed.plain.maximum == pytest.approx(course.fluid(given.field, "entering").max(axis=1))
    assert warmed.plain.trajectory.drift.sum() == pytest.approx(wall[-1] - 14.0)


def test_recharge_warms_and_removal_cools(warmed: YearlyBalance) -> None:
    cooled = balance_of_site(SITE, years=10, recharge=-30 * MWH)
    assert warmed.recharged is not None
    assert cooled.recharged is not None
    walls = [
        found.trajectory.wall_mean for found in (cooled.recharged, warmed.plain, warmed.recharged)
    ]
    assert (walls[0] < walls[1] - 0.1).all()
    assert (walls[1] < walls[2] - 0.1).all()
    assert cooled.recharged.steady < cooled.plain.steady < warmed.recharged.steady
    # The summer limit governs: heat given costs length, heat taken out saves it.
    assert warmed.length_saved is not None
    assert cooled.length_saved is not None
    assert warmed.length_saved < 0.0 < cooled.length_saved


def test_recharge_is_that_of_a_direct_call(warmed: YearlyBalance) -> None:
    given = sizing_input(SITE)
    direct = recharge_effect(
        given.field, given.load, given.limits, 10, 30 * MWH, SUMMER,
        method="hourly", efficiency=given.efficiency, response=given.response(),
    )  # fmt: skip
    assert warmed.recharged is not None
    assert warmed.length_saved == pytest.approx(direct.length_saved, abs=0.05)
    assert warmed.recharged.sizing.length == pytest.approx(direct.sizing.length, rel=5e-4)
    assert warmed.recharged.balance.net == pytest.approx(direct.balance.net, rel=1e-6)


def test_recharge_reaches_the_ground_whole() -> None:
    """With the same efficiency at every temperature it changes the net heat by just itself."""
    from diwen.design.efficiency import Efficiency, PlantEfficiency

    given = sizing_input(SITE)
    plant = PlantEfficiency(Efficiency.constant(4.5), Efficiency.constant(5.0))
    nets = []
    for method in ("hourly", "monthly"):
        for energy in (0.0, 30 * MWH, -30 * MWH):
            load, changed = recharged(given.load, plant, energy, (11, 12, 1), method)  # type: ignore[arg-type]
            model = make_model(
                given.field, load, 3, method, 6 * 3600.0, changed, given.response()  # type: ignore[arg-type]
            )  # fmt: skip
            power = settled_course(model, 105.0).power
            months = power.shape[1] == 36
            step = 730 * 3600.0 if months else 3600.0
            nets.append(float((power[:, :12] if months else power).sum()) * step / 3)
    for first in (0, 3):
        assert nets[first] - nets[first + 1] == pytest.approx(30 * MWH, rel=1e-9)
        assert nets[first + 2] - nets[first] == pytest.approx(30 * MWH, rel=1e-9)
    assert nets[0] == pytest.approx(nets[3], rel=1e-9)


def test_closing_recharge_closes_the_balance(warmed: YearlyBalance) -> None:
    assert warmed.closing < 0.0
    closed = balance_of_site(SITE, years=10, recharge=warmed.closing).recharged
    assert closed is not None
    assert closed.balance.ratio == pytest.approx(1.0, abs=1e-6)
    assert abs(closed.trajectory.wall_mean[-1] - closed.trajectory.wall_mean[1]) < 0.2
    assert closed.steady == pytest.approx(14.0, abs=0.1)


def test_recharge_for_the_length_just_suffices() -> None:
    found = balance_of_site(SITE, years=10, length=88.0)
    assert not found.suffices
    assert found.enough is not None
    assert found.closing < found.enough < 0.0
    again = balance_of_site(SITE, years=10, length=88.0, recharge=found.enough)
    assert again.suffices
    assert again.recharged is not None
    assert again.recharged.sizing.length == pytest.approx(88.0, rel=2e-3)


def test_steady_state_is_where_the_years_lead() -> None:
    """Years without end for a small, fast field: a load of the ground, the closed form of g."""
    from diwen.design.bore_field import BoreField
    from diwen.design.yearly_balance import steady_wall
    from diwen.sources.borefield.g_functions import g_function

    hole = Boreholes.at([(0.0, 0.0)], 10.0, 1.0, 0.1)
    field = BoreField(hole, 2.0, 2.0e6, 10.0, 0.1)
    late = g_function(hole, 1e-6, np.array([1000 * 8760 * 3600.0])).values[0]
    drop = 200.0 / 10.0 * late / (2 * np.pi * 2.0)
    assert steady_wall(field, 200.0) == pytest.approx(10.0 - drop, abs=0.01)
    assert steady_wall(field, -200.0) > 10.0


def test_groundwater_carries_the_surplus_away(tmp_path: Path) -> None:
    """Moving water keeps the ground near its temperature, now and in the end."""
    text = (EXAMPLE / "site.toml").read_text(encoding="utf-8")
    small = text.replace("columns = 8, rows = 5", "columns = 4, rows = 2")
    aquifer = (
        '[[ground.aquifers]]\nname = "gravel"\ntop = "20 m"\nbottom = "60 m"\n'
        'hydraulic_conductivity = "5 m/d"\ngradient = "2 %"\nflow_direction = "135 deg"\n\n'
    )
    hours = np.genfromtxt(EXAMPLE / "load.csv", delimiter=";", skip_header=1)[:, :2] * 0.2
    walls = []
    for name, site in (
        ("still", small),
        ("moving", small.replace("[sources.field]\n", aquifer + "[sources.field]\n")),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "site.toml").write_text(site, encoding="utf-8")
        np.savetxt(
            folder / "load.csv", hours, delimiter=";", header="Cooling (kW);Heating (kW)",
            comments="",
        )  # fmt: skip
        found = balance_of_site(diwen.site.read(folder), years=5).plain
        walls.append((found.trajectory.wall_mean[-1] - 14.0, found.steady - 14.0))
    assert 0.0 < walls[1][0] < walls[0][0]
    assert 0.0 < walls[1][1] < 0.7 * walls[0][1]


def test_heat_by_calendar_month_when_operation_begins_in_july() -> None:
    from diwen.design.ground_load import HourlyGroundLoad, month_sums
    from diwen.design.yearly_balance import heat_by_month

    hours = np.sin(np.arange(8760) * 2 * np.pi / 8760) * 1e4
    load = HourlyGroundLoad.of(hours, start_month=7)
    given = sizing_input(SITE)
    model = make_model(given.field, load, 2, "hourly", 6 * 3600.0, None, given.response())
    out, into = heat_by_month(model.at(105.0), 6)
    assert out[0] == pytest.approx(month_sums(np.maximum(hours, 0.0)))
    assert into[1] == pytest.approx(month_sums(np.maximum(-hours, 0.0)))


def test_command_tells_the_balance_in_both_languages(tmp_path: Path) -> None:
    picture = tmp_path / "years.svg"
    code, text = run("--years", 10, "--recharge", "-20 MWh", "--months", "11-3",
                     "--language", "en", "--figure", picture)  # fmt: skip
    assert code == 0
    for words in ("In/out 1.5", "GB 50366-2005 (2009) 4.3.2", "20.0 MWh a year taken out of it",
                  "the months 11-3", "This saves", "no recharge is needed", "illustrative",
                  "To close the balance of 10 years"):  # fmt: skip
        assert words in text
    assert picture.read_text(encoding="utf-8").lstrip().startswith("<?xml")
    picture = tmp_path / "years.png"
    code, text = run("--years", 5, "--length", "60 m", "--language", "zh", "--figure", picture)
    assert code == 1
    for words in ("排取比", "自第 1 年起不满足限值", "所需孔深", "总释热量宜与总吸热量相平衡"):
        assert words in text
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_machine_readable_balance() -> None:
    code, text = run("--years", 5, "--recharge", "10 MWh", "--json")
    assert code == 0
    answer = json.loads(text)
    assert answer["horizon"] == answer["life"] == 5
    for part in ("without_recharge", "with_recharge"):
        assert len(answer[part]["by_year"]["wall_mean"]) == 5
        assert len(answer[part]["mean_year"]["extraction_by_month"]) == 12
    assert answer["with_recharge"]["recharge"] == 10 * MWH
    assert answer["recharge_for_length"] == 0.0
    assert answer["rule"]["id"] == "gb50366.heat_balance"
    assert answer["length_saved"] < 0.0


def test_fifty_years_are_told_and_the_life_is_judged() -> None:
    found = balance_of_site(SITE, length=98.0)
    assert (found.horizon, found.life) == (50, 25)
    failure = found.plain.first_failure
    assert failure is not None
    assert failure > 25
    assert found.suffices


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5-9", (5, 6, 7, 8, 9)), ("11-3", (1, 2, 3, 11, 12)), ("6,7,8", (6, 7, 8)), ("12", (12,)),
     ("1-2,6", (1, 2, 6)), ("6月", (6,))],
)  # fmt: skip
def test_months_as_people_write_them(text: str, expected: tuple[int, ...]) -> None:
    problems: list[Problem] = []
    assert _months(text, problems) == expected
    assert not problems


def test_months_are_named_shortly() -> None:
    assert _named((1, 2, 3, 11, 12)) == "11-3"
    assert _named((2, 6, 7)) == "2, 6-7"


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        run("--recharge", "50", "--months", "13", "--length", "0 m", "--figure", "years.txt")
    places = [problem.where for problem in caught.value.problems]
    assert places == ["--figure", "--recharge", "--months", "--length"]
    for problem in caught.value.problems:
        assert problem.cure.en
