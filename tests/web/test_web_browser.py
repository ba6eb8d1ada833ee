"""The pages as a person meets them, in headless Chromium on a desk and on a phone."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from web_sites import DAYS, START

from diwen.web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium program is installed"),
]
playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PAGES = (
    "/", "/about", "/sites/plant", "/sites/plant/plots", "/sites/plant/calendar",
    "/sites/plant/points", "/sites/plant/rules", "/sites/plant/reports", "/sites/empty",
    "/sites/broken",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(made_sites: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server over copies of the folders."""
    import uvicorn

    sites = shutil.copytree(made_sites, tmp_path_factory.mktemp("browser") / "sites")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(create_app([sites]), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page whose errors and foreign requests are noted."""

    def __init__(self, context, address: str) -> None:
        self.page, self.errors, self.asked = context.new_page(), [], []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = address

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def go(self, path: str):
        self.page.goto(self.address + path)
        self.page.wait_for_selector("[data-fragment]", state="detached")
        return self.page

    def clean(self) -> None:
        assert self.errors == []
        foreign = [
            url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))
        ]
        assert foreign == []


@pytest.fixture
def desk(chromium, address) -> Iterator[Watched]:
    context = chromium.new_context(viewport=DESK, locale="en-GB")
    watched = Watched(context, address)
    yield watched
    watched.clean()
    context.close()


@pytest.fixture
def phone(chromium, address) -> Iterator[Watched]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
    watched = Watched(context, address)
    yield watched
    watched.clean()
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_load_cleanly_on_a_desk(desk, language, path):
    page = desk.go(f"/{language}{path}")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(phone, language, path):
    page = phone.go(f"/{language}{path}")
    if path.endswith("plots"):
        page.wait_for_selector("#chart[data-loads]")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_language_switch_keeps_the_place_and_is_remembered(desk):
    page = desk.go("/en/sites/plant/calendar?year=2020")
    page.click("#other-language")
    page.wait_for_url("**/zh/sites/plant/calendar?year=2020")
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert "数据日历" in page.inner_text("h2")
    page.goto(desk.address + "/")
    assert urlsplit(page.url).path == "/zh/"


def test_the_list_sorts_and_searches(desk):
    page = desk.go("/en/")

    def shown() -> list[str]:
        return page.locator("#portfolio tbody tr:visible th a").all_inner_texts()

    first = shown()
    page.click("#portfolio th:nth-child(1) button")
    assert shown() == first[::-1]
    page.fill("#search", "beijing")
    assert shown() == ["Test plant"]
    page.fill("#search", "nothing of the kind")
    assert shown() == []
    assert page.is_visible("#nothing-found")


def windows(asked: list[str]) -> list[float]:
    """Widths of the windows that were asked for, ms."""
    queries = [parse_qs(urlsplit(url).query) for url in asked if "/series?" in url]
    return [float(query["end"][0]) - float(query["start"][0]) for query in queries]


def loads(page) -> int:
    return int(page.get_attribute("#chart", "data-loads") or 0)


def after(page, act) -> None:
    """Do something and wait until the curves were fetched and drawn again."""
    before = loads(page)
    act()
    page.wait_for_selector(f"#chart[data-loads]:not([data-loads='{before}'])")


def test_zooming_fetches_finer_data_and_redraws(desk):
    page = desk.go("/en/sites/plant/plots?p=power&p=supply")
    page.wait_for_selector("#chart[data-loads]")
    whole = windows(desk.asked)
    assert min(whole) >= DAYS * 86400e3
    assert "mean with band" in page.inner_text("#plot-note")
    picture = page.locator("#chart canvas").first.screenshot()

    page.locator("#chart").hover(position={"x": 500, "y": 130})
    after(page, lambda: page.mouse.wheel(0, -600))
    assert min(windows(desk.asked)) < min(whole)
    assert page.locator("#chart canvas").first.screenshot() != picture

    after(page, lambda: page.click("[data-window='86400']"))
    assert "every record" in page.inner_text("#plot-note")
    assert min(windows(desk.asked)) < 3 * 86400e3
    query = parse_qs(urlsplit(page.url).query)
    assert query["p"] == ["power", "supply"]

    after(page, lambda: page.click("[data-step='0.5']"))
    after(page, lambda: page.click("[data-zoom='2']"))
    after(page, lambda: page.click("[data-window='0']"))
    assert "mean with band" in page.inner_text("#plot-note")


def test_dates_are_the_clock_at_the_site(desk):
    page = desk.go("/en/sites/plant/plots?p=power")
    page.wait_for_selector("#chart[data-loads]")
    page.fill("#from", "2020-11-01T08:00:00")
    page.fill("#to", "2020-11-01T12:00:00")
    after(page, lambda: page.click("#dates button"))
    query = parse_qs(urlsplit(page.url).query)
    assert query["start"] == ["2020-11-01T00:00:00.000Z"]
    assert query["end"] == ["2020-11-01T04:00:00.000Z"]


def test_an_address_brings_back_the_same_window(desk):
    start = START.replace(day=5)
    stamp = start.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    end = start.replace(day=7).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    page = desk.go(f"/zh/sites/plant/plots?p=outdoor&start={stamp}&end={end}")
    page.wait_for_selector("#chart[data-loads]")
    assert page.input_value("#from") == "2020-10-05T08:00"
    assert page.is_checked("input[value=outdoor]")
    assert "逐条记录" in page.inner_text("#plot-note")


def test_points_are_chosen_and_dropped(desk):
    page = desk.go("/en/sites/plant/plots?p=power")
    page.wait_for_selector("#chart[data-loads]")
    height = page.locator("#chart").bounding_box()["height"]
    after(page, lambda: page.check("input[value=flow]"))
    assert page.locator("#chart").bounding_box()["height"] > height
    page.uncheck("input[value=flow]")
    assert page.locator("#chart").bounding_box()["height"] == height
    assert page.locator("input[value=never]").count() == 0


def test_a_report_is_built_and_downloaded(desk, tmp_path: Path):
    page = desk.go("/en/sites/plant/reports")
    page.select_option("select[name=period]", "2020-12")
    page.click("button.first")
    page.wait_for_selector(".notice.good", timeout=120_000)
    names = page.locator(".files .name").all_inner_texts()
    assert {Path(name).suffix for name in names} == {".html", ".pdf"}
    row = page.locator(".files li", has_text="_zh.html")
    with page.expect_download() as waiting:
        row.locator("a[download]").click()
    target = tmp_path / "report.html"
    waiting.value.save_as(target)
    assert "<html" in target.read_text(encoding="utf-8")[:400]
    row.get_by_text("Open").click()
    page.wait_for_load_state()
    assert page.url.endswith("_zh.html")
    assert page.locator("h1").count() >= 1


def test_dark_and_light_are_remembered(desk):
    page = desk.go("/en/")

    def paper() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper()
    page.click("#theme")
    dark = paper()
    assert dark != light
    page.reload()
    assert paper() == dark


def test_the_calendar_tells_the_day_under_the_pointer(desk):
    page = desk.go("/en/sites/plant/calendar?year=2020")
    page.locator("svg[data-point=power]").hover()
    assert "power · 2020-0" in page.inner_text("#calendar-note")


def test_a_keyboard_reaches_the_content_first(desk):
    page = desk.go("/en/sites/plant")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_pages_can_be_read_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/en/sites/plant?period=2020-12")
    assert "Test plant" in page.inner_text("h1")
    page.goto(f"{address}/en/sites/plant/calendar?year=2020")
    assert page.locator("svg[data-point=power] path").count() >= 1
    context.close()
