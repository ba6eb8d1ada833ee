"""Layers from temperatures along the borehole, through the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from response_test_files import KNOWN, LENGTH, UNDISTURBED, rows
from typer.testing import CliRunner

from diwen.cli import build
from diwen.fluids import fluid
from diwen.problems import InputError

DEPTH = np.linspace(0, LENGTH, 11)
LAYERS = np.array([1.4, 1.4, 1.4, 1.8, 1.8, 2.2, 2.2, 2.6, 2.6, 2.6])
FLOW = 0.35  # kg/s


@pytest.fixture
def files(tmp_path):
    """A test and its temperatures by depth: each layer takes heat in proportion to its λ."""
    seconds, _ = rows()
    slope = 5500 / LENGTH / (4 * np.pi * LAYERS.mean())
    mean = UNDISTURBED + 4 + slope * np.log(seconds)
    heat = 4 * np.pi * slope * LAYERS  # W/m
    capacity = FLOW * float(fluid("water").specific_heat(mean.mean()))
    lost = np.concatenate([[0.0], np.cumsum(heat * np.diff(DEPTH))]) / (2 * capacity)
    down = mean[:, None] + lost[-1] - lost
    up = mean[:, None] - lost[-1] + lost
    test, layers = tmp_path / "test.csv", tmp_path / "layers.csv"
    lines = ["time [h],inlet [°C],outlet [°C],power [W],flow [kg/s]"]
    lines += [
        f"{t / 3600:.5f},{a:.5f},{b:.5f},5500,{FLOW}"
        for t, a, b in zip(seconds, down[:, 0], up[:, 0], strict=True)
    ]
    test.write_text("\n".join(lines) + "\n", encoding="utf-8")
    header = ["time [h]", *(f"down {z:g} m" for z in DEPTH), *(f"上行 {z:g} m" for z in DEPTH)]
    lines = [";".join(header)]
    for t, one, other in zip(seconds, down, up, strict=True):
        lines.append(";".join([f"{t / 3600:.5f}", *(f"{v:.6f}" for v in (*one, *other))]))
    layers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return test, layers


def run(test: Path, layers: Path, *more: str):
    words = ["test-response", str(test), *KNOWN, "--layers", str(layers), *more]
    return CliRunner().invoke(build(), words)


def test_layers_come_back(files):
    answer = json.loads(run(*files, "--json").stdout)
    found = answer["layers"]
    single = [layer["conductivity_unsmoothed_W_mK"] for layer in found["layers"]]
    assert single == pytest.approx(LAYERS, rel=5e-3)
    assert found["mean_conductivity_W_mK"] == pytest.approx(LAYERS.mean(), rel=0.02)
    assert abs(found["departure_from_whole"]) < 0.1
    assert found["layers"][0]["top_m"] == 0
    assert found["layers"][-1]["bottom_m"] == LENGTH


def test_layers_are_printed_and_drawn(files, tmp_path):
    shown = run(*files, "--language", "zh", "--report", str(tmp_path / "out"))
    assert "90 – 100 m" in shown.output
    page = (tmp_path / "out" / "response_test_test_zh.html").read_text(encoding="utf-8")
    assert "分层导热系数" in page


def test_what_is_wrong_in_the_file_of_layers(files):
    test, layers = files
    text = layers.read_text(encoding="utf-8")
    layers.write_text(text.replace("down", "sensor"), encoding="utf-8")
    shown = run(test, layers)
    assert isinstance(shown.exception, InputError)
    lines = text.splitlines()
    cells = lines[7].split(";")
    lines[7] = ";".join([*cells[:3], "broken", *cells[4:]])
    layers.write_text("\n".join(lines), encoding="utf-8")
    [problem] = run(test, layers).exception.problems
    assert (problem.where, problem.value) == ("line 8, column down 20 m", "broken")


def test_layers_need_the_flow(files):
    test, layers = files
    text = test.read_text(encoding="utf-8").replace("flow [kg/s]", "remark")
    test.write_text(text, encoding="utf-8")
    [problem] = run(test, layers).exception.problems
    assert "flow" in problem.message.en
