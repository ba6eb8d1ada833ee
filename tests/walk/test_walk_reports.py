"""The simulated plant's reports and what the commands print."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdf
import pytest
from walk_plant import PLANT
from walk_site import diwen

NUMBER = re.compile(r"-?\d[\d,]*\.\d+")


def test_evaluate_prints_and_answers_as_data(built: Path) -> None:
    result = diwen("evaluate", built, "--period", "2024-heating", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    (system,) = (one for one in told["results"] if one["id"] == "cop_system")
    answer = PLANT.answers(PLANT.heating & ~PLANT.gap())["heating system"]
    assert system["value"] == pytest.approx(answer, rel=2e-4)
    assert system["origin"] == ["simulated"]
    for language, words in (("en", "grade 2"), ("zh", "2 级")):
        shown = diwen("evaluate", built, "--period", "2024-heating", "--language", language)
        assert shown.exit_code == 0
        assert words in shown.output


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2025-Q1", ("Quarterly performance report", "季度运行评价报告")),
        ("2024-heating", ("Seasonal performance report", "供暖（供冷）季运行评价报告")),
        ("2025", ("Annual evaluation report", "年度运行评价报告")),
    ],
)
def test_pages(built: Path, tmp_path: Path, period: str, title: tuple[str, str]) -> None:
    result = diwen("report", built, "--period", period, "--format", "html", "-o", tmp_path)
    assert result.exit_code == 0, result.output
    for language, words, origin in (("en", title[0], "simulated"), ("zh", title[1], "模拟")):
        page = (tmp_path / f"plant_{period}_{language}.html").read_text(encoding="utf-8")
        assert words in page
        assert origin in page


def test_a_month_in_print(built: Path, tmp_path: Path) -> None:
    result = diwen("report", built, "--period", "2025-01", "--format", "pdf", "-o", tmp_path)
    assert result.exit_code == 0, result.output
    shown = {}
    for language, words, origin in (
        ("en", "Monthly operation report", "simulated"),
        ("zh", "月度运行报告", "模拟"),
    ):
        pages = pypdf.PdfReader(tmp_path / f"plant_2025-01_{language}.pdf").pages
        text = "\n".join(page.extract_text() for page in pages)
        assert words in text
        assert origin in text
        shown[language] = set(NUMBER.findall(text))
    # The same numbers in both languages, whatever the words around them.
    assert shown["en"] == shown["zh"]
    assert len(shown["en"]) > 60
