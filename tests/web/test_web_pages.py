"""Every page in both languages: what it says, what it escapes, what it refuses."""

from __future__ import annotations

import re

import pytest

LANGUAGES = ("en", "zh")
PAGES = (
    "/",
    "/about",
    "/sites/plant",
    "/sites/plant?period=2020-12",
    "/sites/plant/plots",
    "/sites/plant/calendar",
    "/sites/plant/calendar?year=2020",
    "/sites/plant/points",
    "/sites/plant/rules",
    "/sites/plant/reports",
    "/sites/empty",
    "/sites/empty/plots",
    "/sites/empty/calendar",
    "/sites/empty/points",
    "/sites/empty/rules",
    "/sites/empty/reports",
    "/sites/broken",
)
COMPUTED = (
    "/sites/plant?period=2020-12",
    "/sites/plant?period=2020-heating",
    "/sites/plant/calendar",
    "/sites/plant/points",
    "/sites/plant/rules?period=2020-12",
    "/sites/empty/calendar",
    "/sites/empty/points",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_its_language(client, language, page):
    answer = client.get(f"/{language}{page}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text
    other = "en" if language == "zh" else "zh"
    assert f'href="/{other}{page}"'.replace("&", "&amp;") in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", COMPUTED)
def test_computed_pieces_arrive(client, arrived, language, page):
    answer = arrived(client, f"/{language}{page}")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text
    assert "data-fragment" not in answer.text
    assert "<html" not in answer.text


def chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


@pytest.mark.parametrize("page", [p for p in PAGES if "broken" not in p])
def test_an_english_page_has_no_chinese_and_the_other_way_round(client, page):
    body = re.sub(r'<a class="tool" id="other-language".*?</a>', "", client.get(f"/en{page}").text)
    assert not chinese(body)
    assert chinese(re.sub(r"<title>.*?</title>", "", client.get(f"/zh{page}").text))


def test_the_front_door_follows_cookie_then_browser(client):
    def front(**headers: str) -> str:
        client.cookies.clear()
        return client.get("/", headers=headers).headers["location"]

    assert front(**{"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}) == "/zh/"
    assert front(**{"accept-language": "de,en;q=0.7,zh;q=0.3"}) == "/en/"
    assert front(**{"accept-language": "zh;q=nonsense, en"}) == "/en/"
    client.cookies.set("diwen_language", "zh")
    assert client.get("/", headers={"accept-language": "en"}).headers["location"] == "/zh/"
    client.cookies.clear()


def test_the_list_names_every_site_and_the_state_of_the_broken_one(client):
    text = client.get("/en/").text
    assert "Test plant" in text
    assert "New &lt;b&gt;plant&lt;/b&gt;" in text
    assert "<b>plant" not in text
    assert "error(s): cannot be shown" in text
    assert "no-site" not in text


def test_a_row_arrives_with_key_figure_and_coverage(client, arrived):
    answer = arrived(client, "/en/sites/plant/row")
    assert answer.status_code == 200
    assert "2020-heating" in answer.text
    assert "COP" in answer.text
    assert "±" in answer.text
    assert "data-fragment" not in answer.text


def test_broken_site_lists_its_problems_escaped_and_others_still_work(client):
    text = client.get("/en/sites/broken").text
    assert "Moon/Sea" in text
    assert "site.toml" in text
    assert "points.csv" in text
    assert "<script>alert" not in text
    for page in ("plots", "calendar", "points", "rules", "reports"):
        assert "Moon/Sea" in client.get(f"/en/sites/broken/{page}").text
    assert client.get("/en/sites/plant").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_site_says_what_to_do(client, language):
    assert "<code>diwen import</code>" in client.get(f"/{language}/sites/empty").text


@pytest.mark.parametrize(
    "address",
    [
        "/en/sites/nowhere",
        "/en/sites/nowhere/plots",
        "/en/sites/nowhere/row",
        "/en/sites/..%2F..%2Fetc",
        "/en/sites/%2e%2e",
        "/en/sites/..%2fsecret.toml",
        "/en/sites/no-site",
        "/en/sites/plant%00",
        "/en/sites/plant/reports/..%2Fsite.toml",
        "/en/sites/plant/reports/../site.toml",
        "/en/sites/plant/reports/%2e%2e%2fsite.toml",
        "/en/sites/plant/reports/nothing.html",
        "/de/",
        "/de/sites/plant",
        "/static/..%2f..%2fapplication.py",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 404
    assert "schema = 1" not in answer.text
    assert "import annotations" not in answer.text


def test_a_period_that_is_none_is_refused_with_the_allowed_forms(client):
    answer = client.get("/en/sites/plant?period=<i>tomorrow")
    assert answer.status_code == 400
    assert "2018-heating" in answer.text
    assert "<i>tomorrow" not in answer.text


def test_a_year_that_is_none_is_refused(client):
    assert client.get("/en/sites/plant/calendar?year=abc").status_code == 400


def test_periods_offered_are_those_with_data(client):
    text = client.get("/en/sites/plant").text
    options = re.findall(r'<option value="([^"]+)"', text)
    assert options[0] == "all"
    assert {"2020-heating", "2020", "2021", "2020-10", "2021-04"} <= set(options)
    assert "2020-09" not in options
    assert "2019-heating" not in options
    assert 'value="2020-heating" selected' in text


def test_results_carry_uncertainty_coverage_origin_and_refusals(client, arrived):
    text = arrived(client, "/en/sites/plant?period=2020-12").text
    assert "±" in text
    assert "Coverage" in text
    assert "measured" in text
    assert "What cannot be computed, and why" in text
    assert "TS1" in text


def test_calendar_shows_the_missing_week(client, arrived):
    text = arrived(client, "/en/sites/plant/calendar?year=2020").text
    shares = re.search(r'data-point="flow"[^>]*data-shares="([^"]*)"', text)
    days = shares[1].split(",")
    assert len(days) == 366
    # 60 days after 1 October (UTC) is 30 November; the site's clock is 8 h ahead.
    assert days[335:341] == ["0"] * 6
    assert days[333] == "100"
    assert days[200] == ""  # before the first record nothing is expected


def test_points_table_counts_records_and_flags(client, arrived):
    text = arrived(client, "/en/sites/plant/points").text
    assert f"{(200 - 7) * 144:,}" in text
    assert "no records" in text
    assert "TU1" in text


def test_headers_forbid_everything_foreign(client):
    for address in ("/en/", "/api/sites", "/static/page.js", "/en/sites/nowhere"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client, page):
    text = client.get(f"/en{page}").text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"\sstyle=|<style", text)


def test_another_host_name_gets_no_answer(client):
    assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/en/", headers={"host": "localhost:8350"}).status_code == 200
    assert client.get("/en/", headers={"host": "[::1]:8350"}).status_code == 200


def test_the_plots_script_comes_from_the_reports_room(client):
    answer = client.get("/static/echarts.min.js")
    assert answer.status_code == 200
    assert "echarts" in answer.text[:2000]
