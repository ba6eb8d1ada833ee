"""The interface for programs: what it answers and what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from web_sites import DAYS, START


def test_sites_are_listed_with_their_state(client):
    listed = {site["id"]: site for site in client.get("/api/sites").json()}
    assert set(listed) == {"plant", "empty", "broken"}
    assert listed["plant"]["name"] == {"en": "Test plant", "zh": "测试能源站"}
    assert listed["plant"]["span"][0] == START.isoformat()
    assert listed["empty"]["span"] is None
    assert listed["broken"]["problems"]


def test_a_site_tells_its_points_and_periods(client):
    site = client.get("/api/sites/plant").json()
    held = {point["id"]: point["records"] for point in site["points"]}
    assert held["power"] is True
    assert held["never"] is False
    assert site["preferred_period"] == "2020-heating"
    assert "2020-12" in site["periods"]


def test_evaluation_is_plain_json_in_both_languages(client):
    answer = client.get("/api/sites/plant/evaluation?period=2020-12")
    assert answer.status_code == 200
    told = answer.json()
    assert told["period"]["label"] == "2020-12"
    assert told["results"]
    for result in told["results"]:
        assert result["name"]["en"]
        assert result["name"]["zh"]
        assert result["status"] in ("ok", "indicative", "refused")
    assert "NaN" not in answer.text


def test_evaluation_of_nothing_stored_is_refused(client):
    answer = client.get("/api/sites/empty/evaluation")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["message"]["zh"]


def test_many_records_come_as_buckets_that_keep_the_spike(client):
    curve = client.get("/api/sites/plant/series?point=power&n=300").json()
    assert curve["kind"] == "buckets"
    assert curve["unit"] == "kW"
    assert curve["records"] == (DAYS - 7) * 144
    pieces = [index for index, mean in enumerate(curve["mean"]) if mean is not None]
    assert 100 < len(pieces) <= 300
    for index in pieces:
        low, mean, high = (curve[name][index] for name in ("low", "mean", "high"))
        assert low <= mean <= high
    assert None in curve["mean"]  # the missing week breaks the line


def test_few_records_come_raw_with_exact_times(client):
    start = START + timedelta(days=20)
    query = {"point": "supply", "start": start.isoformat(), "n": 300,
             "end": (start + timedelta(hours=2)).isoformat()}  # fmt: skip
    curve = client.get("/api/sites/plant/series", params=query).json()
    assert curve["kind"] == "raw"
    assert curve["records"] == 12
    assert curve["time"][0] == int(start.timestamp() * 1000)
    assert curve["time"][1] - curve["time"][0] == 600_000
    assert curve["low"] == []


def test_a_flagged_record_is_shown_but_not_in_the_line(client):
    moment = START + timedelta(days=100, minutes=30)
    query = {"point": "supply", "n": 300, "start": (moment - timedelta(hours=1)).isoformat(),
             "end": (moment + timedelta(hours=1)).isoformat()}  # fmt: skip
    curve = client.get("/api/sites/plant/series", params=query).json()
    assert curve["flagged"] >= 1
    stamp = int(moment.timestamp() * 1000)
    assert stamp in curve["flagged_time"]
    assert curve["flagged_value"][curve["flagged_time"].index(stamp)] == pytest.approx(95.0)
    assert all(value is None or value < 49 for value in curve["mean"])


def test_a_narrower_window_is_finer(client):
    def step(days: int) -> float:
        middle = START + timedelta(days=120)
        query = {"point": "power", "n": 200, "start": int(middle.timestamp() * 1000),
                 "end": int((middle + timedelta(days=days)).timestamp() * 1000)}  # fmt: skip
        times = client.get("/api/sites/plant/series", params=query).json()["time"]
        return times[1] - times[0]

    assert step(1) < step(10) < step(60)


def test_a_point_without_records_gives_an_empty_curve(client):
    curve = client.get("/api/sites/plant/series?point=never").json()
    assert curve["records"] == 0
    assert curve["time"] == []


@pytest.mark.parametrize(
    "address",
    [
        "/api/sites/plant/series?point=nothing",
        "/api/sites/plant/series",
        "/api/sites/plant/series?point=power&start=yesterday",
        "/api/sites/plant/series?point=power&n=1",
        "/api/sites/plant/series?point=power&n=1000000",
        "/api/sites/plant/series?point=power&start=99999999999999999999",
        "/api/sites/plant/evaluation?period=soon",
        "/api/sites/broken",
        "/api/sites/broken/coverage",
    ],
)
def test_what_cannot_be_answered_is_refused_in_json(client, address):
    answer = client.get(address)
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "address", ["/api/sites/nowhere", "/api/sites/..%2f..%2fetc/series?point=a", "/api/nothing"]
)
def test_unknown_is_not_found_in_json(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


def test_coverage_and_quality_are_told_per_point(client):
    rows = client.get("/api/sites/plant/coverage?start=2020-12-01&end=2020-12-03").json()
    assert {row["point"] for row in rows} == {"supply", "return", "flow", "power", "outdoor"}
    assert all(0 <= row["share"] <= 1 for row in rows)
    quality = client.get("/api/sites/plant/quality").json()
    assert sum(quality["power"].values()) == (DAYS - 7) * 144


def test_the_interface_is_read_only_and_described_without_foreign_pages(client):
    described = client.get("/api/openapi.json").json()
    assert all(set(methods) == {"get"} for methods in described["paths"].values())
    assert all(path.startswith("/api/") for path in described["paths"])
    assert client.get("/docs").status_code == 404
    assert "cdn" not in json.dumps(described)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/sites", "/api/sites/plant", "/en/sites/plant", "/en/"])
def test_nothing_can_be_changed(client, method, address):
    assert getattr(client, method)(address).status_code == 405


def test_times_are_utc(client):
    curve = client.get("/api/sites/plant/series?point=power&n=5000&end=2020-10-01T02:00:00Z").json()
    assert datetime.fromtimestamp(curve["time"][0] / 1000, UTC) == START
    shifted = client.get(
        "/api/sites/plant/series", params={"point": "power", "end": "2020-10-01T10:00:00+08:00"}
    ).json()
    assert shifted["time"] == curve["time"]
