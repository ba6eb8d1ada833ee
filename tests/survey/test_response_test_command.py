"""``diwen test-response``: real tests against their published evaluation, refusals, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from response_test_files import (
    CONDUCTIVITY,
    KNOWN,
    POWER,
    RESISTANCE,
    UNDISTURBED,
    fluid_temperature,
    plain,
)
from typer.testing import CliRunner

from diwen.cli import build
from diwen.problems import InputError
from diwen.survey.answer import answer
from diwen.survey.evaluate_test import evaluate_test
from diwen.survey.test_inputs import Given

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = {
    "linz": "Linz.csv",
    "dinslaken": "Dinsl.csv",
    "sandbox": "Beier_Smith_Spitler_2011_SandBox.txt",
    "multi-flow": "MFRTRT_Low_Flow_Loads.csv.gz",
}


def run(*arguments: object):
    return CliRunner().invoke(build(), ["test-response", *map(str, arguments)])


def example(name: str, *more: object):
    folder = EXAMPLES / f"response-test-{name}"
    return run(folder / FILES[name], "--site", folder, *more)


def answer_of(shown) -> dict:
    return json.loads(shown.stdout)


@pytest.fixture(scope="module")
def multi_flow():
    shown = example("multi-flow", "--json")
    assert shown.exit_code == 0
    return answer_of(shown)


@pytest.mark.parametrize(
    ("name", "conductivity", "resistance"),
    [
        # W. Peere, pyTRT (2025): infinite line source over the whole file; R_b to three digits.
        ("linz", 2.214, 0.110),
        ("dinslaken", 2.306, 0.105),
    ],
)
def test_published_evaluations(name, conductivity, resistance):
    answer = answer_of(example(name, "--json", "--method", "line-source"))
    found = answer["result"]
    assert found["conductivity_W_mK"] == pytest.approx(conductivity, rel=0.005)
    assert found["thermal_resistance_mK_W"] == pytest.approx(resistance, rel=0.005)
    assert found["method"] == answer_of(example(name, "--json"))["result"]["method"]


def test_published_evaluation_of_a_later_window():
    # The same authors: 2.28 W/(m·K) from 36 h on, and a drift of 2 to 3 % with the start.
    answer = answer_of(example("linz", "--json", "--from", "36 h"))
    assert answer["result"]["conductivity_W_mK"] == pytest.approx(2.28, rel=0.005)
    assert answer["result"]["window_h"][0] == pytest.approx(36, abs=0.1)
    whole = answer_of(example("linz", "--json"))["result"]
    inside = whole["window_sensitivity"]
    assert inside["lowest_W_mK"] <= whole["conductivity_W_mK"] <= inside["highest_W_mK"]
    assert 0.02 < inside["spread"] < 0.10


def test_sandbox_within_seven_percent_of_the_probes():
    # Beier, Smith and Spitler (2011): probes 2.82 to 2.88 W/(m·K), R_b 0.165 to 0.173 m·K/W.
    found = answer_of(example("sandbox", "--json"))["result"]
    assert found["conductivity_W_mK"] == pytest.approx(2.85, rel=0.07)
    uncertainty = found["thermal_resistance_expanded_uncertainty_mK_W"]
    assert found["thermal_resistance_mK_W"] == pytest.approx(0.169, abs=uncertainty)
    assert found["window_sensitivity"]["spread"] > 0.05


def test_multi_flow_is_not_fitted_by_a_line(multi_flow):
    shown = example("multi-flow", "--method", "line-source", "--json")
    assert shown.exit_code == 1
    answer = answer_of(shown)
    assert answer["result"] is None
    reasons = " ".join(problem["message"]["en"] for problem in answer["problems"])
    assert "2014-03-04 09:0" in reasons  # the heater fails
    assert "no records from 2014-03-04 17:20" in reasons
    assert "6 levels" in reasons
    by_itself = " ".join(text["en"] for text in multi_flow["line_source_refused"])
    assert "6 levels" in by_itself
    assert multi_flow["methods"]["line_source"] is None


def test_multi_flow_is_superposed(multi_flow):
    found = multi_flow["result"]
    assert found["method"] == "superposition"
    # 2.6 to 2.7 W/(m·K) is the model input at the source, no measurement.
    uncertainty = found["conductivity_expanded_uncertainty_W_mK"]
    assert found["conductivity_W_mK"] == pytest.approx(2.65, abs=uncertainty)
    levels = multi_flow["methods"]["superposition"]["flow_levels"]
    assert len(levels) == 6
    slow, fast = (f([level["flow_kg_s"] for level in levels]) for f in (min, max))
    resistance = {level["flow_kg_s"]: level["thermal_resistance_mK_W"] for level in levels}
    assert resistance[slow] > resistance[fast]


def test_multi_flow_fails_the_checks_it_should(multi_flow):
    failed = {
        check["check"] for check in multi_flow["quality"]["checks"] if check["outcome"] == "failed"
    }
    assert {"outage", "gap", "flow_levels", "velocity", "power_deviation"} <= failed


def test_a_field_test_says_what_it_cannot_judge():
    checks = answer_of(example("linz", "--json"))["quality"]["checks"]
    unknown = {c["check"]: c["missing"]["en"] for c in checks if c["outcome"] == "unknown"}
    assert unknown["velocity"].startswith("flow")
    assert "grouted" in unknown["wait"]
    assert "power_accuracy" in unknown["power_accuracy"]
    assert all(c["value"] is None for c in checks if c["outcome"] == "unknown")
    assert not any(c["verified"] for c in checks if c["rule"].startswith("ashrae"))


def test_without_a_site_the_known_answer_comes_back(tmp_path):
    shown = run(plain(tmp_path / "a.csv"), *KNOWN, "--json")
    found = answer_of(shown)["result"]
    # The logarithm stands for the exponential integral from 5 r_b² C/λ on: within 2.5 % of the
    # rise of the wall (P. Mogensen 1983), which R_b takes over.
    assert found["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.025)
    assert found["thermal_resistance_mK_W"] == pytest.approx(RESISTANCE, rel=0.03)
    superposed = answer_of(run(tmp_path / "a.csv", *KNOWN, "--json", "--method", "superposition"))
    assert superposed["result"]["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.002)
    assert superposed["result"]["thermal_resistance_mK_W"] == pytest.approx(RESISTANCE, rel=0.005)


def test_form_of_the_answer_is_stable(multi_flow):
    assert multi_flow["form"] == 1
    assert set(multi_flow) == {
        "form", "file", "borehole", "quality", "result", "methods", "convergence", "uncertainty",
        "groundwater", "layers", "standing_column", "line_source_refused", "notes", "notices",
        "problems", "provenance", "written", "files",
    }  # fmt: skip
    assert set(multi_flow["result"]) == {
        "method", "method_text", "why", "conductivity_W_mK",
        "conductivity_expanded_uncertainty_W_mK", "thermal_resistance_mK_W",
        "thermal_resistance_expanded_uncertainty_mK_W", "coverage_factor", "correlation",
        "window_h", "records_used", "heat_rate_W_m", "window_sensitivity",
    }  # fmt: skip
    assert set(multi_flow["quality"]["checks"][0]) == {
        "check", "text", "value", "unit", "limit", "rule", "standard", "verified", "evidence",
        "outcome", "missing", "detail",
    }  # fmt: skip
    file = multi_flow["file"]
    assert (file["records"], file["heating_start"]) == (49954, "2014-03-01 10:22:05")
    assert len(file["sha256"]) == 64


def test_a_refused_test_has_the_same_form(multi_flow):
    refused = answer_of(example("multi-flow", "--method", "line-source", "--json"))
    assert set(refused) == set(multi_flow)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2.21 ± 0.13 W/(m·K)", "cannot be judged", "Other windows give", "--write"]),
        ("zh", ["2.21 ± 0.13 W/(m·K)", "无法判定", "改变计算时段", "每延米换热量"]),
    ],
)
def test_both_languages(language, words):
    text = "".join(example("linz", "--language", language).output.split())
    for word in words:
        assert "".join(word.split()) in text


def problems_of(*arguments: object):
    shown = run(*arguments)
    assert isinstance(shown.exception, InputError)
    return shown.exception.problems


def test_everything_that_is_missing_is_told_at_once(tmp_path):
    found = problems_of(plain(tmp_path / "a.csv"))
    assert {p.where for p in found} == {"--length", "--diameter", "--undisturbed-temperature"}


def test_wrong_words_on_the_command_line(tmp_path):
    path = plain(tmp_path / "a.csv")
    first, second = problems_of(path, "--length", "100", "--diameter", "15 kg")
    assert (first.where, second.where) == ("--length", "--diameter")
    assert problems_of(path, *KNOWN, "--method", "guess")[0].where == "--method"
    assert problems_of(path, *KNOWN, "--column", "power")[0].where == "--column"
    assert problems_of(path, *KNOWN, "--write")[0].where == "--write"
    assert problems_of(path, *KNOWN, "--plot", tmp_path / "a.png")[0].where == "--plot"
    assert problems_of(path, *KNOWN, "--from", "70 h")[0].where == "--from, --to"
    assert problems_of(path, *KNOWN, "--from", "30 h", "--to", "20 h")[0].where == "--from, --to"


def test_kilowatts_taken_for_watts_are_told(tmp_path):
    path = plain(tmp_path / "a.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("5500.0", "5.5"), encoding="utf-8")
    [problem] = problems_of(path, *KNOWN)
    assert problem.where == "columns.power"
    assert "kW" in problem.cure.en


def test_ground_warmer_than_the_fluid_is_told(tmp_path):
    path = plain(tmp_path / "a.csv")
    known = [*KNOWN[:5], "40 °C", *KNOWN[6:]]
    assert "undisturbed" in problems_of(path, *known)[0].cure.en


def whole_test(path: Path) -> Path:
    """An hour of circulation, two days of heating, a day of recovery, with dates."""
    before, heating, after = 3600.0, 48 * 3600.0, 24 * 3600.0
    clock = np.arange(0.0, before + heating + after, 120.0)
    t = clock - before
    heated = fluid_temperature(t)
    cooled = fluid_temperature(np.maximum(t - heating, 0.0))
    mean = np.where(t <= 0, UNDISTURBED, np.where(t <= heating, heated, heated - cooled + 14.0))
    power = np.where((t > 0) & (t <= heating), POWER, 0.0)
    lines = ["Date;T_fluid [°C];P [kW]"]
    for second, value, watt in zip(clock, mean, power, strict=True):
        moment = np.datetime64("2024-05-01T08:00:00") + np.timedelta64(int(second), "s")
        lines.append(f"{moment};{value:.5f};{watt / 1000:.3f}".replace(".", ","))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_circulation_before_and_recovery_after_heating(tmp_path):
    known = (*KNOWN[:4], *KNOWN[6:])  # without the undisturbed temperature
    answer = answer_of(run(whole_test(tmp_path / "a.csv"), *known, "--json"))
    assert answer["file"]["heating_start"] == "2024-05-01 09:00:00"
    # The fluid that circulates before heating has the temperature of the ground.
    found = answer["borehole"]["undisturbed_temperature_degC"]
    assert found == pytest.approx(UNDISTURBED, abs=1e-3)
    assert any("circulating" in notice["message"]["en"] for notice in answer["notices"])
    recovery = answer["methods"]["recovery"]
    # A day of recovery is short for the logarithm (D. R. Horner 1951); superposition is exact.
    assert recovery["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.05)
    assert recovery["conductivity_superposed_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.005)
    assert recovery["undisturbed_temperature_degC"] == pytest.approx(UNDISTURBED, abs=0.1)
    assert answer["result"]["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.025)


def test_an_impossible_resistance_is_no_result(tmp_path):
    # Ground taken for eight kelvin warmer than it was: the borehole would help the heat out.
    known = [*KNOWN[:5], "22 °C", *KNOWN[6:]]
    shown = run(plain(tmp_path / "a.csv"), *known, "--json")
    assert shown.exit_code == 1
    answer = answer_of(shown)
    assert answer["result"] is None
    assert "resistance" in answer["problems"][0]["message"]["en"]


def test_records_that_cover_next_to_nothing_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    time = np.cumsum([1.0, 1.0, 1.0, 1093.0, 1.0, 1.0])
    lines = [f"{t},{7 + np.log(t)},{p}" for t, p in zip(time, (0, 0, 0, 100, 0, 100), strict=True)]
    path.write_text("t [s],Tf [°C],P [W]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    known = [*KNOWN[:5], "5 °C", *KNOWN[6:]]
    [problem] = problems_of(path, *known)
    assert "too few records" in problem.message.en


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.floats(1.0, 7200.0), min_size=3, max_size=60),
    power=st.lists(st.sampled_from([0.0, 100.0, 5000.0, 6000.0]), min_size=60, max_size=60),
    level=st.floats(-10.0, 60.0),
)
def test_any_course_gives_an_answer_or_a_reason(tmp_path, steps, power, level):
    path = tmp_path / "a.csv"
    time = np.cumsum(steps)
    lines = [f"{t:.3f},{level + np.log(t):.4f},{p}" for t, p in zip(time, power, strict=False)]
    path.write_text("t [s],Tf [°C],P [W]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    result, told = None, ()
    try:
        result = evaluate_test(path, None, Given(100.0, 0.15, 14.0, 2.2e6))
    except InputError as error:
        told = error.problems
    if result is not None:
        told = result.refused
        json.dumps(answer(result), allow_nan=False)
    assert (result is not None and result.evaluation is not None) or told
    assert all(problem.message.zh and problem.cure.zh for problem in told)


def test_a_short_test_without_early_hours_is_told(tmp_path):
    path = plain(tmp_path / "a.csv", hours=12)
    answer = answer_of(run(path, *KNOWN, "--json"))
    checks = [c for c in answer["quality"]["checks"] if c["check"] == "duration"]
    assert {check["outcome"] for check in checks} == {"failed"}
    assert answer["result"]["method"] != "line source"


def test_columns_can_be_said_on_the_command_line(tmp_path):
    path = tmp_path / "a.txt"
    source = plain(tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()[1:]
    path.write_text("\n".join(line.replace(",", "\t") for line in source))
    columns = ["time=#1 | s", "fluid_temperature=#2", "power=#3 | W"]
    asked = [word for column in columns for word in ("--column", column)]
    found = answer_of(run(path, *KNOWN, *asked, "--json"))["result"]
    assert found["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.025)


def test_pictures(tmp_path):
    shown = example("linz", "--plot", tmp_path / "all", "--json")
    files = [Path(name) for name in answer_of(shown)["files"]]
    assert {path.name for path in files} >= {"Linz_line.svg", "Linz_convergence_conductivity.svg"}
    assert all(path.read_text(encoding="utf-8").startswith("<?xml") for path in files)
    example("linz", "--plot", tmp_path / "one.svg")
    assert (tmp_path / "one.svg").stat().st_size > 5000


def test_write_and_again(tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLES / "response-test-linz", folder)
    answer = answer_of(run(folder / "Linz.csv", "--site", folder, "--write", "--json"))
    keys = {change["key"] for change in answer["written"]}
    assert "ground.layers[0].conductivity" in keys
    assert "sources.test_borehole.borehole.thermal_resistance" in keys
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert any("--replace" in p.cure.en for p in problems_of(
        folder / "Linz.csv", "--site", folder, "--write"))  # fmt: skip
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert run(folder / "Linz.csv", "--site", folder, "--write", "--replace").exit_code == 0
    ledger = (folder / "ledger.csv").read_text(encoding="utf-8").splitlines()
    assert len(ledger) == 5


def test_nothing_is_written_without_a_value(tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLES / "response-test-multi-flow", folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    shown = run(
        folder / FILES["multi-flow"], "--site", folder, "--write", "--method", "line-source"
    )
    assert shown.exit_code == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_uncertainty_follows_what_is_known_of_the_meters(tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLES / "response-test-linz", folder)
    toml = folder / "site.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'power_accuracy = "6 %"\n', encoding="utf-8")
    answer = answer_of(run(folder / "Linz.csv", "--site", folder, "--json"))
    power = next(line for line in answer["uncertainty"] if line["name"]["en"].startswith("power"))
    # A limit of error is rectangular (GUM 4.3.7), and λ is in proportion to the power.
    assert power["standard_uncertainty_input"] == pytest.approx(0.06 / np.sqrt(3))
    assert power["conductivity_W_mK"] == pytest.approx(2.2145 * 0.06 / np.sqrt(3), rel=0.01)
    check = next(c for c in answer["quality"]["checks"] if c["check"] == "power_accuracy")
    assert check["outcome"] == "failed"
