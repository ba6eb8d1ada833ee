"""diwen g-function, from CSV files and from a site."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from diwen.cli import build
from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function

ROOT = Path(__file__).parents[2]
FIELD = "x,y,length,buried_depth,radius\n0,0,150,4,0.075\n7.5,0,150,4,0.075\n15,0,150,4,0.075\n"
DIFFUSIVITY = ("--diffusivity", "1e-6 m2/s")
YEAR = 8760 * 3600.0


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build(), ["g-function", *(str(a) for a in arguments)])


def problems(*arguments: object) -> list:
    result = run(*arguments)
    assert isinstance(result.exception, InputError), result.output
    return list(result.exception.problems)


@pytest.fixture
def field(tmp_path: Path) -> Path:
    path = tmp_path / "field.csv"
    path.write_text(FIELD, encoding="utf-8")
    return path


def written(tmp_path: Path, text: str, name: str = "times.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("boundary", ["uniform-temperature", "uniform-heat-rate"])
def test_the_command_says_what_the_call_says(field: Path, tmp_path: Path, boundary: str) -> None:
    times = written(tmp_path, "time [years]\n1\n10\n100\n")
    result = run(field, *DIFFUSIVITY, "--times", times, "--boundary", boundary, "--json",
                 "--mode", "accurate", "--segments", 12)  # fmt: skip
    answer = json.loads(result.output)
    called = g_function(
        Boreholes.of([0, 7.5, 15], 0, 150, 4, 0.075), 1e-6, np.array([1, 10, 100]) * YEAR,
        boundary={"uniform-temperature": "uniform wall temperature",
                  "uniform-heat-rate": "uniform heat rate"}[boundary],  # type: ignore[arg-type]
        mode="accurate", segments=12,
    )  # fmt: skip
    np.testing.assert_allclose(answer["g"], called.values, rtol=1e-12)
    assert answer["times_s"] == [YEAR, 10 * YEAR, 100 * YEAR]
    assert answer["boundary"] == called.boundary
    assert answer["boreholes"] == 3
    assert answer["segments"] == 12
    assert answer["mode"] == "accurate"
    assert answer["characteristic_time_s"] == pytest.approx(150**2 / 9e-6)
    assert 0 < answer["error"] < 1e-3
    assert len(answer["error_by_time"]) == 3


def test_without_times_there_are_25_from_an_hour_to_a_century(field: Path) -> None:
    answer = json.loads(run(field, *DIFFUSIVITY, "--json").output)
    assert len(answer["times_s"]) == 25
    assert answer["times_s"][0] == pytest.approx(3600)
    assert answer["times_s"][-1] == pytest.approx(100 * YEAR)
    assert answer["g"] == sorted(answer["g"])


def test_headers_as_people_write_them(field: Path, tmp_path: Path) -> None:
    english = written(
        tmp_path, FIELD.replace("x,y,length,buried_depth", "X [m],y (m),Length (m),Buried depth"),
        "english.csv",
    )  # fmt: skip
    chinese = written(
        tmp_path, FIELD.replace("length,buried_depth,radius", "孔深（m）,埋深,钻孔半径"), "zh.csv"
    )
    wanted = json.loads(run(field, *DIFFUSIVITY, "--json").output)["g"]
    for path in (english, chinese):
        assert json.loads(run(path, *DIFFUSIVITY, "--json").output)["g"] == wanted


def test_inclined_boreholes_in_degrees(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "x,y,length,buried_depth,radius,tilt,orientation\n0,0,80,2,0.07,20,180\n2,0,80,2,0.07,20,0",
        "inclined.csv",
    )
    times = written(tmp_path, "time [d]\n30\n3650\n")
    answer = json.loads(run(path, *DIFFUSIVITY, "--times", times, "--json").output)
    tilt = math.radians(20)
    leaning = Boreholes.of([0, 2], 0, 80, 2, 0.07, tilt, [math.pi, 0])
    upright = Boreholes.of([0, 2], 0, 80, 2, 0.07)
    moments = np.array([30, 3650]) * 86400.0
    np.testing.assert_allclose(answer["g"], g_function(leaning, 1e-6, moments).values, rtol=1e-12)
    assert answer["g"][1] < g_function(upright, 1e-6, moments).values[1]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600\n7200\n", [3600, 7200]),
        ("time\n3600\n", [3600]),
        ("time_s\n3600\n", [3600]),
        ("t [h]\n1\n# a remark\n24\n", [3600, 86400]),
        ("时间（年）\n2\n", [2 * YEAR]),
        ("years\n2\n", [2 * YEAR]),
    ],
)
def test_units_of_times(field: Path, tmp_path: Path, text: str, seconds: list[float]) -> None:
    times = written(tmp_path, text)
    answer = json.loads(run(field, *DIFFUSIVITY, "--times", times, "--json").output)
    assert answer["times_s"] == seconds


def test_people_see_a_table_the_error_and_a_hint(field: Path, tmp_path: Path) -> None:
    result = run(field, *DIFFUSIVITY, "--language", "en")
    assert result.exit_code == 0
    assert "3 boreholes, mean length 150.0 m" in result.output
    assert "100 years" in result.output
    assert "Estimated numerical error" in result.output
    chinese = run(field, *DIFFUSIVITY, "--language", "zh").output
    assert "3 个钻孔" in chinese
    assert "数值误差估计" in chinese
    steady = run(field, *DIFFUSIVITY, "--times", written(tmp_path, "s\n1e6\ninf\n"))
    assert "steady state" in steady.output


@pytest.mark.parametrize("name", ["g.png", "g.svg"])
def test_a_curve_is_drawn(field: Path, tmp_path: Path, name: str) -> None:
    for language in ("en", "zh"):
        path = tmp_path / f"{language}-{name}"
        result = run(field, *DIFFUSIVITY, "--plot", path, "--language", language)
        assert result.exit_code == 0, result.output
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG") if name.endswith("png") else b"<svg" in data


def test_wrong_rows_are_told_by_line_and_column(tmp_path: Path) -> None:
    path = written(
        tmp_path, "x,y,length,radius\n0,0,150,0.075\n5,a,-3,0.075\n6,1,100,75\n", "bad.csv"
    )
    found = problems(path, *DIFFUSIVITY)
    assert [(p.file, p.where) for p in found] == [
        ("bad.csv", "line 3, column y"),
        ("bad.csv", "line 3, column length"),
        ("bad.csv", "line 4, column radius"),
    ]


def test_length_and_radius_must_stand_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y,diameter\n0,0,0.15\n", "short.csv")
    assert {p.value for p in problems(path, *DIFFUSIVITY)} == {"length", "radius", "diameter"}


def test_coincident_and_crossing_boreholes_are_refused(tmp_path: Path) -> None:
    same = written(tmp_path, FIELD + "7.5,0,150,4,0.075\n", "same.csv")
    (problem,) = problems(same, *DIFFUSIVITY)
    assert problem.message.en == "boreholes 2 and 4 coincide"
    assert problem.file == "same.csv"
    cross = written(
        tmp_path, "x,y,length,radius,tilt,orientation\n0,0,90,.07,20,0\n9,0,90,.07,20,180\n"
    )
    (problem,) = problems(cross, *DIFFUSIVITY)
    assert "come within" in problem.message.en


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("time [furlong]\n1\n", "line 1", "unit of the times"),
        ("h\n1\n-2\nx\n", "line 3, column time", "above zero"),
        ("time,g\n1,2\n", "line 1", "more than one column"),
        ("time [h]\n", "", "no time"),
    ],
)
def test_wrong_times(field: Path, tmp_path: Path, text: str, where: str, words: str) -> None:
    found = problems(field, *DIFFUSIVITY, "--times", written(tmp_path, text))
    assert found[0].where == where
    assert words in found[0].message.en


def test_wrong_options_are_told_together(field: Path) -> None:
    found = problems(field, "--boundary", "x", "--mode", "y", "--plot", "g.pdf")
    assert [p.where for p in found] == ["--boundary", "--mode", "--plot"]
    assert problems()[0].where == "FIELD"
    assert problems(field, "--source", "a")[0].where == "--source"
    assert problems(field, "--site", field.parent)[0].where == "--site"
    assert problems(field)[0].where == "--diffusivity"
    assert "needs pipes" in problems(field, "--boundary", "equal-inlet-temperature")[0].message.en


@pytest.mark.parametrize("text", ["1e-6", "fast", "2 W/m", "-1e-6 m2/s", "1 m2/s", "0 m2/s"])
def test_wrong_diffusivities(field: Path, text: str) -> None:
    (problem,) = problems(field, "--diffusivity", text)
    assert problem.where == "--diffusivity"
    assert problem.value == text


def test_a_diffusivity_per_day(field: Path) -> None:
    answer = json.loads(run(field, "--diffusivity", "0.0864 m2/d", "--json").output)
    assert answer["diffusivity_m2_s"] == pytest.approx(1e-6)


def test_a_site_has_field_ground_and_pipes(tmp_path: Path) -> None:
    site = tmp_path / "plant"
    shutil.copytree(ROOT / "examples" / "plant-template", site)
    times = written(tmp_path, "years\n1\n25\n")
    wall = json.loads(run("--site", site, "--times", times, "--json").output)
    inlet = json.loads(
        run(
            "--site", site, "--times", times, "--boundary", "equal-inlet-temperature", "--json"
        ).output
    )
    assert wall["boreholes"] == inlet["boreholes"] > 1
    assert inlet["boundary"] == "equal inlet temperature"
    # One inlet for all lies between one wall temperature and one heat rate for all.
    uniform = json.loads(
        run("--site", site, "--times", times, "--boundary", "uniform-heat-rate", "--json").output
    )
    assert wall["g"][1] < inlet["g"][1] < uniform["g"][1]
    (problem,) = problems("--site", site, "--source", "nowhere")
    assert (problem.where, problem.value) == ("sources", "nowhere")
    assert "--source" in problem.cure.en


def test_a_site_without_flow_cannot_have_one_inlet(tmp_path: Path) -> None:
    site = tmp_path / "plant"
    shutil.copytree(ROOT / "examples" / "plant-template", site)
    file = site / "site.toml"
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    kept = [
        line for line in lines
        if not line.startswith(("design_flow", "source_flow", "rated_flow"))
    ]  # fmt: skip
    assert len(kept) < len(lines)
    file.write_text("\n".join(kept), encoding="utf-8")
    found = problems("--site", site, "--boundary", "equal-inlet-temperature")
    assert found[0].where.endswith(".design_flow")


def test_help_needs_no_numerics() -> None:
    code = (
        "import sys; from diwen.cli import build; build();"
        "print(sorted({'numpy', 'scipy', 'numba', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
