"""The page of a diagnosis: it waits, it tells, it escapes, it writes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

LANGUAGES = ("en", "zh")
PAGE = "/sites/plant/diagnosis"


def files(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size."""
    return {str(one.relative_to(folder)): one.stat().st_size
            for one in sorted(folder.rglob("*")) if one.is_file()}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_waits_and_then_tells(client, arrived, language):
    answer = client.get(f"/{language}{PAGE}")
    assert answer.status_code == 200
    piece = arrived(client, f"/{language}{PAGE}")
    assert piece.status_code == 200
    assert piece.text.strip().startswith('<div class="diagnosis">') or "diagnosis" in piece.text
    said = {"en": ("What could not be judged", "What to measure next", "Ledger of deviations"),
            "zh": ("未能判断的偏差", "下一步测量建议", "偏差台账")}[language]  # fmt: skip
    for title in said:
        assert title in piece.text


def test_the_piece_is_one_element_that_can_take_the_place_of_the_waiting_one(client, arrived):
    text = arrived(client, f"/en{PAGE}").text.strip()
    assert (
        re.sub(r"<!--.*?-->", "", text, flags=re.S).lstrip().startswith('<div class="diagnosis">')
    )
    assert text.endswith("</div>")


def test_no_inline_style_and_no_inline_script(client, arrived):
    text = arrived(client, f"/en{PAGE}").text
    assert " style=" not in text
    assert re.findall(r"<script(?![^>]*application/json)", text) == []


def test_every_picture_has_its_data(client, arrived):
    text = arrived(client, f"/en{PAGE}").text
    asked = set(re.findall(r'data-figure="([^"]+)"', text))
    given = json.loads(re.search(r'id="diagnosis-charts">(.*?)</script>', text, re.S).group(1))
    assert asked == set(given)


@pytest.mark.parametrize("kind", ["html", "pdf"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_comes_from_the_same_diagnosis(client, arrived, language, kind):
    assert arrived(client, f"/{language}{PAGE}").status_code == 200
    answer = client.get(f"/{language}{PAGE}/report.{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html" if kind == "html" else
                                                     "application/pdf")  # fmt: skip
    assert "sandbox" in answer.headers["content-security-policy"] or kind == "pdf"
    assert answer.content.startswith(b"<!DOCTYPE html>" if kind == "html" else b"%PDF")


def test_another_kind_of_report_is_not_found(client):
    assert client.get(f"/en{PAGE}/report.docx").status_code == 404


def test_a_site_without_records_says_so_and_shows_no_tab(client):
    answer = client.get("/en/sites/empty/diagnosis")
    assert answer.status_code == 200
    assert "No measurements are stored yet" in answer.text
    assert '/en/sites/empty/diagnosis"' not in client.get("/en/sites/empty").text
    assert "/en/sites/plant/diagnosis" in client.get("/en/sites/plant").text


def test_looking_writes_nothing(client, arrived, made_sites):
    before = files(made_sites / "plant")
    arrived(client, f"/zh{PAGE}")
    client.get(f"/zh{PAGE}/report.html")
    assert files(made_sites / "plant") == before


def test_condensed_months_do_not_make_a_page_old(made_sites):
    from diwen.web.catalogue import Catalogue

    entry = Catalogue([made_sites]).entry("plant")
    before = entry.signature()
    folder = made_sites / "plant" / "telemetry" / "condensed"
    folder.mkdir()
    try:
        (folder / "2020-12.npz").write_bytes(b"x")
        assert entry.signature() == before
    finally:
        (folder / "2020-12.npz").unlink()
        folder.rmdir()


def test_what_pictures_need_is_served(client):
    for name in ("charts.js", "diagnosis.js", "diagnosis.css", "echarts.min.js"):
        assert client.get(f"/static/{name}").status_code == 200
