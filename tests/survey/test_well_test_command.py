"""``diwen test-well``: measured tests against published evaluations, kinds, answers, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from well_test_files import TRANSMISSIVITY, field_times, theis

from diwen.cli import main
from diwen.survey.evaluate_well_test import evaluate_well_test
from diwen.survey.well_test_answer import answer
from diwen.survey.well_test_record import WellTestReading
from diwen.survey.well_test_result import GivenWell

EXAMPLES = Path(__file__).parents[2] / "examples"
KORENDIJK = EXAMPLES / "pumping-test-oude-korendijk" / "oude_korendijk.csv"
DALEM = EXAMPLES / "pumping-test-dalem" / "dalem.csv"
SIMULATED = EXAMPLES / "pumping-test-simulated"


@pytest.fixture
def run(monkeypatch, capsys) -> Callable:
    """Run the command; exit code, standard output, error output."""

    def once(*words):
        monkeypatch.setattr(sys, "argv", ["diwen", "test-well", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    return once


@pytest.fixture
def answered(run) -> Callable:
    def once(*words):
        code, out, _ = run(*words, "--json")
        return code, json.loads(out)

    return once


@pytest.fixture(scope="module")
def dalem() -> dict:
    """The answer on a measured test, evaluated once."""
    given = GivenWell(reading=WellTestReading(flow=761 / 86400), thickness=37.0)
    return answer(evaluate_well_test(DALEM, given))


def fit_of(answer, model):
    return next(fit for fit in answer["curve_fits"] if fit["model"] == model)


def test_oude_korendijk_as_published(answered):
    code, found = answered(KORENDIJK, "--flow", "788 m3/d", "--thickness", "7 m")
    assert code == 0
    # AQTESOLV, both piezometers (X. Yang 2020): K 66.086 m/d, Ss 2.541e-5 1/m, rms 0.05006 m.
    theis_fit = fit_of(found, "theis")
    assert theis_fit["transmissivity_m2_d"]["value"] == pytest.approx(66.086 * 7, rel=1e-3)
    assert theis_fit["storativity"]["value"] == pytest.approx(2.541e-5 * 7, rel=2e-3)
    assert theis_fit["rms_m"] == pytest.approx(0.05006, rel=1e-3)
    # The interval of what is recommended holds the published values, 390 and 462.6 m²/d.
    taken = found["result"]["transmissivity_m2_d"]
    assert taken["low"] < 390 < 462.6 < taken["high"]


def test_dalem_as_published(dalem):
    found = dalem
    # Hantush and TTim, four piezometers: K 45.332 m/d, Ss 4.762e-5 1/m, c 331.141 d, rms 0.005917.
    leaky = fit_of(found, "leaky")
    assert leaky["chosen"]
    assert leaky["transmissivity_m2_d"]["value"] == pytest.approx(45.332 * 37, rel=1e-3)
    assert leaky["storativity"]["value"] == pytest.approx(4.762e-5 * 37, rel=2e-3)
    assert leaky["leakage_resistance_d"]["value"] == pytest.approx(331.141, rel=2e-3)
    assert leaky["rms_m"] == pytest.approx(0.005917, rel=1e-3)
    assert found["result"]["conductivity_m_d"]["value"] == pytest.approx(45.332, rel=1e-3)
    # AQTESOLV gives 745 d: the interval must be as wide as that.
    interval = leaky["leakage_resistance_d"]
    assert interval["low"] < 331 < 745.2 < interval["high"]


def test_simulated_step_test_gives_back_what_was_put_in(answered):
    code, found = answered(SIMULATED / "step_test.csv", "--well-radius", "0.15 m")
    assert code == 0
    assert found["kind"] == "step"
    step = found["step"]
    quadratic = step["quadratic_loss_s2_m5"]
    assert quadratic["low"] < 1800 < quadratic["high"]
    assert step["transmissivity_m2_d"]["low"] < 259.2 < step["transmissivity_m2_d"]["high"]
    assert [round(one["flow_m3_h"]) for one in step["steps"]] == [10, 20, 30, 40]
    assert any(one["method"] == "straight line" for one in found["refused"])


def test_simulated_injection_gives_back_what_was_put_in(answered):
    code, found = answered(SIMULATED / "injection_test.csv", "--well-radius", "0.15 m")
    assert code == 0
    assert found["kind"] == "injection"
    for value in (
        found["result"]["transmissivity_m2_d"],
        fit_of(found, "theis")["transmissivity_m2_d"],
        *(line["transmissivity_m2_d"] for line in found["recoveries"].values()),
    ):
        assert value["low"] < 259.2 < value["high"]
    plain = found["injection"]["specific_injectivity_m2_h"]["value"]
    warm = found["injection"]["specific_injectivity_at_10_degC_m2_h"]["value"]
    # Viscosity of water at 7 and 10 °C: 1.428 and 1.306 mPa·s (IAPWS).
    assert warm / plain == pytest.approx(1.4284 / 1.3059, rel=0.005)


def test_simulated_flow_step_gives_back_the_bypass(answered):
    code, found = answered(SIMULATED / "flow_step_test.csv")
    assert code == 0
    assert found["kind"] == "flow-step"
    assert found["bypass"]["seen"]
    assert found["bypass"]["share"]["low"] < 0.06 < found["bypass"]["share"]["high"]
    assert found["bypass"]["delay_volume_m3"] == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["transmissivity", "leaky roof", "GB 50296-2014", "not met"]),
     ("zh", ["导水系数", "越流含水层", "渗透系数", "不满足"])],
)  # fmt: skip
def test_people_read_it_in_their_language(run, language, words):
    code, out, _ = run(DALEM, "--flow", "761 m3/d", "--thickness", "37 m", "--language", language)
    assert code == 0
    for word in words:
        assert word in out


def test_pictures(run, tmp_path):
    run(SIMULATED / "step_test.csv", "--plot", tmp_path / "all")
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert {"well_test_steps.svg", "well_test_drawdown.svg"} <= names
    run(SIMULATED / "flow_step_test.csv", "--plot", tmp_path / "b.svg", "--language", "zh")
    assert "回水" in (tmp_path / "b.svg").read_text(encoding="utf-8")


def test_form_of_the_answer_is_stable(dalem):
    found = dalem
    assert set(found) == {
        "form", "file", "kind", "kind_text", "why", "flow_steps", "wells", "result", "curve_fits",
        "curve_choice", "straight_lines", "recoveries", "step", "injection", "bypass",
        "derivatives", "quality", "refused", "warnings", "notices", "provenance",
    }  # fmt: skip
    json.dumps(found, allow_nan=False)
    check = found["quality"]["checks"][0]
    assert {"rule", "verified", "evidence", "outcome", "missing", "limit", "unit"} <= set(check)
    # What is from memory stays marked so.
    marks = {c["rule"]: (c["evidence"], c["verified"]) for c in found["quality"]["checks"]}
    assert marks["gb50296.pumping_test.stable_duration"] == ("V", True)
    assert marks["well_test.duration.confined"] == ("M", False)


def test_a_short_noisy_test_fails_its_checks(answered, tmp_path):
    time = field_times(1)
    rng = np.random.default_rng(3)
    fall = theis(time, [0.0], [30 / 3600], 25.0) + rng.normal(0, 0.02, len(time))
    rows = [f"{t / 60:g},{s:.3f},{30 + 4 * (i % 3):g}"
            for i, (t, s) in enumerate(zip(time, fall, strict=True))]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["t (min),OW1 25 m drawdown (m),Q (m3/h)", *rows, ""]))
    _, found = answered(path)
    failed = {c["check"] for c in found["quality"]["checks"] if c["outcome"] == "failed"}
    assert {"pumping_duration", "flow_variation", "stability"} <= failed


def test_transmissivity_does_not_depend_on_the_kind_asked(answered, tmp_path):
    time = field_times(24)
    fall = theis(time, [0.0], [30 / 3600], 25.0)
    rows = [f"{t / 60:g},{s:.4f},30" for t, s in zip(time, fall, strict=True)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["t (min),OW1 25 m drawdown (m),Q (m3/h)", *rows, ""]))
    for kind in ("auto", "pumping"):
        code, found = answered(path, "--kind", kind)
        assert code == 0
        value = found["result"]["transmissivity_m2_d"]["value"]
        assert value == pytest.approx(TRANSMISSIVITY * 86400, rel=0.01)
