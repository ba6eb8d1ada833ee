"""Reports through the view: the list, the files, building one, and forbidding it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from diwen.web import create_app

REPORTS = "/en/sites/plant/reports"


@pytest.fixture
def own(sites: Path) -> Iterator[TestClient]:
    with TestClient(create_app([sites]), follow_redirects=False) as visitor:
        yield visitor


def test_building_writes_the_report_of_both_languages_and_nothing_else(own, sites: Path):
    before = {path for path in sites.rglob("*") if path.is_file()}
    asked = own.post(REPORTS, data={"period": "2020-12"})
    assert asked.status_code == 303
    address = asked.headers["location"]
    for _ in range(1200):
        answer = own.get(address, headers={"X-Fragment": "1"})
        if answer.status_code == 200:
            break
        assert "2020-12" in answer.text
        time.sleep(0.05)
    assert answer.status_code == 200
    assert "the report is ready" in answer.text
    made = {path for path in sites.rglob("*") if path.is_file()} - before
    # Beside the report only the months that diagnosis has read, so that the next one is quick.
    kept = sites / "plant" / "telemetry" / "condensed"
    assert {path.parent for path in made} == {sites / "plant" / "reports", kept}
    made = {path for path in made if path.parent != kept}
    assert {path.suffix for path in made} == {".html", ".pdf"}
    assert len(made) == 4
    for path in made:
        shown = own.get(f"{REPORTS}/{path.name}")
        assert shown.content == path.read_bytes()
        assert "sandbox" in shown.headers["content-security-policy"] or path.suffix == ".pdf"
        handed = own.get(f"{REPORTS}/{path.name}?download=1")
        assert handed.headers["content-disposition"].startswith("attachment")


def test_a_report_page_runs_in_a_sandbox_of_its_own(own, sites: Path):
    (sites / "plant" / "reports").mkdir()
    (sites / "plant" / "reports" / "报告 1.html").write_text("<p>x", encoding="utf-8")
    text = own.get(REPORTS).text
    assert "报告 1.html" in text
    shown = own.get(f"{REPORTS}/报告 1.html")
    assert shown.text == "<p>x"
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy


def test_a_link_that_leads_out_of_the_folder_is_not_served(own, sites: Path):
    folder = sites / "plant" / "reports"
    folder.mkdir()
    outside = sites / "outside.html"
    outside.write_text("private", encoding="utf-8")
    try:
        os.symlink(outside, folder / "inside.html")
    except OSError:
        pytest.skip("this file system has no symbolic links")
    assert "inside.html" not in own.get(REPORTS).text
    assert own.get(f"{REPORTS}/inside.html").status_code == 404


def test_a_report_of_no_period_is_refused(own, sites: Path):
    assert own.post(REPORTS, data={"period": "../../etc"}).status_code == 400
    assert own.post(REPORTS, data={}).status_code == 400
    assert not (sites / "plant" / "reports").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_foreign_page_cannot_ask_for_a_report(own, sites: Path, headers):
    answer = own.post(REPORTS, data={"period": "2020-12"}, headers=headers)
    assert answer.status_code == 403
    assert not (sites / "plant" / "reports").exists()


def test_no_build_means_no_build(sites: Path):
    with TestClient(create_app([sites], build=False), follow_redirects=False) as visitor:
        assert "--no-build" in visitor.get(REPORTS).text
        assert "<form" not in visitor.get(REPORTS).text
        assert visitor.post(REPORTS, data={"period": "2020-12"}).status_code == 403
        assert "writes nothing" in visitor.get("/en/about").text
    assert not (sites / "plant" / "reports").exists()


def test_a_build_that_fails_says_why(own, sites: Path):
    (sites / "plant" / "reports").write_text("a file where a folder belongs")
    asked = own.post(REPORTS, data={"period": "2020-12"})
    address = asked.headers["location"]
    for _ in range(1200):
        answer = own.get(address, headers={"X-Fragment": "1"})
        if answer.status_code == 200:
            break
        time.sleep(0.05)
    assert "could not be built" in answer.text
