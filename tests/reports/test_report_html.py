"""The HTML file: the same numbers in both languages, self-contained, safe, honest."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from diwen.reports import html
from diwen.reports.building import rendered

_NUMBER = re.compile(r"−?\d+(?:,\d{3})*(?:\.\d+)?")


class _Page(HTMLParser):
    """Texts outside script and style, and every attribute that could fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self._silent = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._silent += tag in ("script", "style")
        names = ("src", "href", "action", "data", "srcset", "poster")
        self.addresses += [value or "" for name, value in attrs if name in names]

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def pages(document):
    return {language: html.render(document, language) for language in ("en", "zh")}


def numbers(page: str) -> list[str]:
    return sorted(_NUMBER.findall(_Page(page).text))


def charts(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def test_both_languages_print_the_same_numbers(pages):
    english, chinese = numbers(pages["en"]), numbers(pages["zh"])
    assert len(english) > 200
    # A sentence may say a standard's or figure's number in another order, never another number.
    assert english == chinese


def test_both_languages_draw_the_same_numbers(pages):
    english, chinese = charts(pages["en"]), charts(pages["zh"])
    assert english.keys() == chinese.keys()
    assert len(english) >= 8
    for name, option in english.items():
        assert option.get("dataset") == chinese[name].get("dataset")
        assert [one.get("data") for one in option["series"]] == [
            one.get("data") for one in chinese[name]["series"]
        ]


def test_values_of_the_results_are_in_the_page(pages):
    text = _Page(pages["en"]).text
    for shown in ("3.21 ± 0.12", "3.52 ± 0.13", "66,960 ± 670 kWh", "44.1 %"):
        assert shown in text


def test_nothing_is_fetched(pages):
    for page in pages.values():
        addresses = _Page(page).addresses
        assert addresses
        assert all(address.startswith("#s") for address in addresses)
        assert "default-src 'none'" in page
        outside = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
        assert "http://" not in outside
        assert "https://" not in outside
        assert "@import" not in page
        assert "url(" not in re.search(r"<style>(.*?)</style>", page, re.S)[1]


def test_one_file_of_bounded_size(pages):
    for page in pages.values():
        assert page.count('"undefined"!=typeof module?e(exports)') == 1  # ECharts is in it once
        assert len(page.encode()) < 3_000_000


def test_a_hostile_name_stays_text(hostile):
    page = html.render(hostile, "en")
    parsed = _Page(page)
    assert '<script>alert("#x")</script>' in parsed.text
    assert "<script>alert" not in page
    assert parsed.tags.count("script") == 3


def test_data_inside_a_script_cannot_end_it():
    text = html.embedded({"name": "</script><script>x & y"})
    assert "<" not in text
    assert json.loads(text) == {"name": "</script><script>x & y"}


def test_not_a_number_is_refused_in_chart_data():
    with pytest.raises(ValueError, match="JSON"):
        html.embedded({"y": float("nan")})


def test_refused_indicators_stand_with_reason_and_missing_point(pages):
    english, chinese = _Page(pages["en"]).text, _Page(pages["zh"]).text
    assert "No source flow is measured." in english
    assert "FS (volume flow, source circuit) hp1" in english
    assert "未测量地源侧流量。" in chinese
    assert "FS（地源侧回路体积流量） hp1" in chinese


def test_unresolved_grades_are_said_first(pages):
    text = _Page(pages["en"]).text
    assert "Grade not resolved within the measurement uncertainty" in text
    assert text.index("not resolved") < text.index("About this report")


def test_every_origin_is_named(pages):
    assert "Origin: measured, manual entry." in _Page(pages["en"]).text
    assert "数据来源：实测、人工录入。" in _Page(pages["zh"]).text


def test_illustrative_sites_are_called_so(pages):
    assert "describe no real plant" in _Page(pages["en"]).text
    assert "不代表任何真实项目" in _Page(pages["zh"]).text


def test_the_same_document_gives_the_same_bytes(document):
    assert rendered(document, "zh", "html") == rendered(document, "zh", "html")
