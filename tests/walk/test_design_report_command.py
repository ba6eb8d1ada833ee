"""``diwen design-report`` as an engineer would use it: a folder in, an answer and a report out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from walk_site import diwen

from diwen.problems import InputError

_EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("design-report") / "office"
    shutil.copytree(_EXAMPLE, folder)
    path = folder / "site.toml"
    # Longer boreholes, and pumps inside the units: feasible whatever the example's own pumps are.
    text = re.sub(r"(?ms)^\[pumps\..*?(?=^\[|\Z)", "", path.read_text(encoding="utf-8"))
    text = text.replace('length = "105 m"', 'length = "130 m"')
    if "built_in_pumps" not in text:
        text = text.replace('type = "water_water"', 'type = "water_water"\nbuilt_in_pumps = true')
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def short(office: Path) -> Path:
    """The same with boreholes far too short."""
    folder = office.parent / "short"
    shutil.copytree(office, folder)
    path = folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    assert 'length = "130 m"' in text
    path.write_text(text.replace('length = "130 m"', 'length = "60 m"'), encoding="utf-8")
    return folder


def _run(*more: object):
    return diwen("design-report", *more, "--years", "2", "--samples", "0")


def test_an_answer_and_a_report(office, tmp_path):
    done = _run(office, "--out", tmp_path, "--language", "zh", "--html")
    assert done.exit_code == 0, done.output
    assert "\n可行：" in done.stdout
    assert re.search(r"COPsys：\d\.\d\d", done.stdout)
    assert re.search(r"field 规格：\d+\.\d ± \d+\.\d m/孔", done.stdout)
    assert "静态投资回收期" in done.stdout
    assert not re.search(r"(?<![\w./])[a-z]{3,}(?: [a-z]{2,}){3,}", done.stdout)
    assert [path.name for path in tmp_path.iterdir()] == ["design_office_zh.html"]


def test_what_is_short_is_said_with_its_cure_and_the_code_is_1(short, tmp_path):
    done = _run(short, "--out", tmp_path, "--json", "--language", "en", "--html")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert answer["simulated"] is True
    assert answer["feasible"] is False
    lack = answer["shortfalls"][0]
    assert lack["amount"] > 0.0
    assert lack["cures"]
    plants = answer["economics"]["plants"]
    own = plants["ground_source"]
    assert sum(item["amount"] for item in own["items"]) == pytest.approx(own["investment"])
    assert set(answer["economics"]["savings"]) == set(plants) - {"ground_source"}
    page = (tmp_path / "design_short_en.html").read_text(encoding="utf-8")
    assert "Not feasible as it stands" in page
    assert answer["files"] == [str(tmp_path / "design_short_en.html")]


def test_wrong_options_are_said_at_once(office, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(InputError) as raised:
        raise diwen(
            "design-report", office, "--out", blocked, "--language", "fr", "--samples", "5",
            "--optimise", "beauty",
        ).exception  # type: ignore[misc]  # fmt: skip
    wrong = {problem.where for problem in raised.value.problems}
    assert wrong == {"--out", "--language", "--samples", "--optimise"}


def test_help_teaches(office):
    done = diwen("design-report", "--help")
    assert done.exit_code == 0
    for part in ("--samples", "--optimise", "--years", "示例", "可签署"):
        assert part in done.stdout
