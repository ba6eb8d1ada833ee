"""``diwen layout``: from a plot of land to a ranked, drawn and saved field."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.cli._layout_options import depths, edge, prices, spacings
from diwen.design.of_site import sizing_input
from diwen.design.plot_file import read_obstacles, read_plot
from diwen.design.site_layouts import layouts_of_site
from diwen.design.sizing import size
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
PLOT, OBSTACLES = EXAMPLE / "plot.csv", EXAMPLE / "obstacles.csv"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), [str(argument) for argument in arguments])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.output


def layout(*arguments: object) -> tuple[int, str]:
    return run("layout", EXAMPLE, "--method", "monthly", *arguments)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("layouts")
    code, text = layout(
        "--plot-of-land", PLOT, "--obstacles", OBSTACLES, "--spacing", "5,6 m",
        "--pattern", "rectangle", "--depth", "70..130 m", "--cost-per-metre", "150 CNY/m",
        "--cost-per-borehole", "2000 CNY", "--save", folder / "field.csv",
        "--figure", folder / "plan.svg", "--json",
    )  # fmt: skip
    assert code == 0
    return json.loads(text), folder


def test_layouts_are_ranked_by_cost_and_stay_within_the_depths(answer: tuple[dict, Path]) -> None:
    found, _ = answer
    usable = [row for row in found["layouts"] if row["usable"]]
    assert found["usable"] == len(usable) > 3
    assert found["tried"] == len(found["layouts"])
    assert [row["cost"] for row in usable] == sorted(row["cost"] for row in usable)
    assert len({row["boreholes"] for row in usable}) > 3
    for row in usable:
        assert 70.0 <= row["length"] <= 130.0
        assert row["total_length"] == pytest.approx(row["boreholes"] * row["length"])
        assert row["cost"] == pytest.approx(150 * row["total_length"] + 2000 * row["boreholes"])
        assert row["governing"] == "cooling"
        assert 1.3 < row["balance_ratio"] < 1.7
    assert found["currency"] == "CNY"
    assert {row["id"]: row["keeps"] for row in found["rules"]} == {
        "gb50366.borehole_spacing": True, "gb50366.vertical_depth": True,
    }  # fmt: skip


def test_best_field_stands_on_the_plot_beside_the_obstacles(answer: tuple[dict, Path]) -> None:
    found, _ = answer
    plan = np.array(found["best_coordinates"])
    outline = read_plot(PLOT)
    assert len(plan) == found["layouts"][0]["boreholes"]
    assert (outline.depth(plan) > 2.0 - 1e-6).all()
    for obstacle in read_obstacles(OBSTACLES, outline).values():
        assert (obstacle.depth(plan) < -2.0 + 1e-6).all()


def test_saved_field_is_read_by_commands_and_sites(
    answer: tuple[dict, Path], tmp_path: Path
) -> None:
    found, folder = answer
    best = found["layouts"][0]
    code, text = run("g-function", folder / "field.csv", "--diffusivity", "1e-6 m2/s", "--json")
    assert code == 0
    read = json.loads(text)
    assert read["boreholes"] == best["boreholes"]
    over = read["total_length_m"] - best["total_length"]
    assert 0.0 <= over <= 0.1 * best["boreholes"]
    text = (EXAMPLE / "site.toml").read_text(encoding="utf-8")
    old = 'layout = { pattern = "rectangle", columns = 8, rows = 5, spacing = "5 m" }'
    assert old in text
    new = text.replace(old, 'layout = { pattern = "file", file = "field.csv" }')
    write(tmp_path / "site.toml", new)
    for name, origin in (("field.csv", folder), ("load.csv", EXAMPLE)):
        (tmp_path / name).write_bytes((origin / name).read_bytes())
    given = sizing_input(diwen.site.read(tmp_path))
    sized = size(
        given.field, given.load, given.limits, given.years,
        method="monthly", efficiency=given.efficiency,
    )  # fmt: skip
    # The site shares the same flow among the same boreholes: the same length is needed.
    assert sized.length == pytest.approx(best["needed_length"], rel=2e-3)
    assert (folder / "plan.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


def test_resistance_follows_the_number_of_boreholes() -> None:
    """Twice the boreholes share the flow: a slower flow has a higher resistance."""
    from diwen.design.site_layouts import _field_at

    site = diwen.site.read(EXAMPLE)
    given = sizing_input(site)
    few, many = (
        _field_at(site, given, [])(Boreholes.at([(6.0 * n, 0.0) for n in range(count)],
                                                105.0, 1.5, 0.075))
        for count in (40, 160)
    )  # fmt: skip
    assert few.borehole_resistance(105.0) == pytest.approx(given.field.borehole_resistance(105.0))
    assert many.borehole_resistance(105.0) > 1.05 * few.borehole_resistance(105.0)


def test_table_in_both_languages(tmp_path: Path) -> None:
    given = ("--plot-of-land", PLOT, "--spacing", "6 m", "--pattern", "staggered", "--best", 1)
    code, text = layout(*given, "--language", "zh", "--figure", tmp_path / "plan.png")
    assert code == 0
    for word in (
        "个布孔方案",
        "梅花形",
        "最佳：",
        "钻孔间距 3 … 6 m：符合",
        "控制工况",
        "示例数据",
    ):
        assert word in text
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")
    code, text = layout(*given, "--language", "en", "--spacing", "7 m")
    assert code == 0
    assert "staggered" in text
    assert "borehole spacing 3 … 6 m: NOT kept" in text
    assert "cost" not in text


def test_too_little_land_is_a_no_with_the_share_it_carries(tmp_path: Path) -> None:
    small = write(tmp_path / "small.csv", "x,y\n0,0\n15,0\n15,15\n0,15\n")
    given = ("--plot-of-land", small, "--spacing", "5 m", "--edge", "0.5 m",
             "--pattern", "rectangle", "--language", "en")  # fmt: skip
    code, text = layout(*given, "--save", tmp_path / "field.csv")
    assert code == 1
    assert "Too little land for this load" in text
    assert "boreholes of 150 m, 5 m apart" in text
    assert "not even 300 m suffices" in text
    assert not (tmp_path / "field.csv").exists()
    code, text = layout(*given, "--json")
    answer = json.loads(text)
    share = answer["carried_share"]
    assert code == 1
    assert 0.2 < share < 0.9
    assert answer["best_coordinates"] is None
    twice = write(tmp_path / "twice.csv", "x,y\n0,0\n29,0\n29,15\n0,15\n")
    wider = ("--plot-of-land", twice, *given[2:])
    assert share < json.loads(layout(*wider, "--json")[1])["carried_share"] < 2.0 * share


def test_nothing_fits_is_a_no(tmp_path: Path) -> None:
    small = write(tmp_path / "small.csv", "x,y\n0,0\n5,0\n5,5\n0,5\n")
    code, text = layout("--plot-of-land", small, "--edge", "3 m", "--language", "en")
    assert code == 1
    assert "small.csv: -: no borehole fits" in text
    code, text = layout("--plot-of-land", small, "--edge", "3 m", "--json")
    assert code == 1
    assert json.loads(text)["layouts"] == []


@pytest.mark.parametrize(
    ("name", "text", "where", "words"),
    [
        ("plot.csv", "x,y\n0,0\n10,10\n10,0\n0,10\n", "line 2, line 4", "edges 1 and 3"),
        ("plot.csv", "x,y\n0,0\n10,0\n", "line 2", "three corners"),
        ("plot.csv", "x,y\n0,0\n10,zero\n10,10\n", "line 3, column y", "not a number"),
        ("plot.csv", "x,y\n", "", "no corner"),
        ("plot.csv", "x\n0\n", "line 1", "column is missing"),
        ("obstacles.csv", "name,x,y\nhouse,90,90\nhouse,99,90\nhouse,99,99\n", "line 2, house",
         "outside the plot"),
        ("obstacles.csv", "name,x,y\na,1,1\na,2,1\na,2,2\nb,3,3\na,1,2\n", "line 6, column name",
         "do not follow"),
        ("obstacles.csv", "name,x,y\n,1,1\n,2,1\n,2,2\n", "line 2, column name", "no name"),
    ],
)  # fmt: skip
def test_files_are_refused_by_line(
    tmp_path: Path, name: str, text: str, where: str, words: str
) -> None:
    write(tmp_path / "plot.csv", "# land\nX (m);Y (m)\n0;0\n30;0\n30;30\n0;30\n0;0\n")
    write(tmp_path / name, text)
    with pytest.raises(InputError) as caught:
        read_obstacles(tmp_path / "obstacles.csv", read_plot(tmp_path / "plot.csv"))
    problem = caught.value.problems[0]
    assert (problem.file, problem.where) == (name, where)
    assert words in problem.message.en


def test_everything_wrong_with_the_options_is_told_at_once(tmp_path: Path) -> None:
    cross = write(tmp_path / "cross.csv", "x,y\n0,0\n10,10\n10,0\n0,10\n")
    with pytest.raises(InputError) as caught:
        layout("--plot-of-land", cross, "--spacing", "0 m", "--depth", "150..60 m", "--edge", "2",
               "--cost-per-metre", "much", "--figure", "plan.pdf")  # fmt: skip
    places = [problem.where for problem in caught.value.problems]
    options = ["--figure", "--spacing", "--depth", "--edge", "--cost-per-metre"]
    assert places == [*options, "line 2, line 4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4,5,6 m", (4.0, 5.0, 6.0)), ("4..8 m", (4.0, 5.0, 6.0, 7.0, 8.0)), ("5m", (5.0,)),
        ("4–5 m", (4.0, 4.5, 5.0)), ("450 cm", (4.5,)), ("4、6 m", (4.0, 6.0)),
        ("4 m to 6.5 m", (4.0, 5.0, 6.0, 6.5)), ("4-6 m", (4.0, 5.0, 6.0)),
    ],
)  # fmt: skip
def test_spacings_as_people_write_them(text: str, expected: tuple[float, ...]) -> None:
    problems: list[Problem] = []
    assert spacings(text, problems) == pytest.approx(expected)
    assert not problems


@pytest.mark.parametrize("text", ["4,5,6", "8..4 m", "0 m", "4,,5 m", "five m", "", "4..5..6 m"])
def test_spacings_that_cannot_be(text: str) -> None:
    problems: list[Problem] = []
    spacings(text, problems)
    assert [problem.where for problem in problems] == ["--spacing"]


def test_other_options_as_people_write_them() -> None:
    problems: list[Problem] = []
    assert depths("60..150 m", problems) == (60.0, 150.0)
    assert edge("0 m", problems) == 0.0
    assert prices("150 CNY/m", "2000", problems) == (150.0, 2000.0, "CNY")
    assert prices("150元/米", "", problems) == (150.0, 0.0, "元")
    assert prices("", "", problems) is None
    assert not problems
    prices("150 CNY/m", "10 EUR", problems)
    assert problems[0].where == "--cost-per-borehole"


def test_progress_ends_at_all() -> None:
    from diwen.design.layout_search import Plot

    steps: list[tuple[int, int]] = []
    found = layouts_of_site(
        diwen.site.read(EXAMPLE), Plot(read_plot(PLOT)), (6.0, 7.0), method="monthly", years=10,
        depths=(80.0, 120.0), progress=lambda done, every: steps.append((done, every)),
    )  # fmt: skip
    assert steps[-1] == (len(found.candidates), len(found.candidates))
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
