"""The PDF: the Chinese font is embedded, nothing is a box, hostile text stays text."""

from __future__ import annotations

import io
import re

import pytest
from report_sites import HOSTILE

from diwen.problems import InputError
from diwen.reports import font, pdf
from diwen.reports.building import rendered

pypdf = pytest.importorskip("pypdf")


@pytest.fixture(scope="module")
def files(document):
    return {language: rendered(document, language, "pdf") for language in ("en", "zh")}


def read(content: bytes):
    return pypdf.PdfReader(io.BytesIO(content))


def fonts(reader) -> list:
    found = {}
    for page in reader.pages:
        stack = [page["/Resources"]]
        while stack:
            resources = stack.pop()
            for name, reference in resources.get("/Font", {}).items():
                found[str(reference.get_object()["/BaseFont"]), name] = reference.get_object()
            for form in resources.get("/XObject", {}).values():
                inner = form.get_object().get("/Resources")
                if inner is not None:
                    stack.append(inner.get_object())
    return list(found.values())


def text(reader) -> str:
    return "".join(page.extract_text() for page in reader.pages).replace("\u200b", "")


def test_pages_and_words(files):
    for language, word in (("en", "Monthly operation report"), ("zh", "月度运行报告")):
        reader = read(files[language])
        assert len(reader.pages) >= 3
        assert word in text(reader)
        assert "3.21 ± 0.12" in text(reader)


def test_the_font_is_embedded_and_no_other_is_used(files):
    for content in files.values():
        used = fonts(read(content))
        assert used
        for one in used:
            assert "NotoSansCJKsc" in one["/BaseFont"]
            descriptor = one["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_no_letter_is_a_box(document):
    """Every letter of the report, pictures included, is in the embedded font."""
    from fontTools.ttLib import TTCollection

    from diwen.reports import drawing

    faces = TTCollection(str(font.font_file()), lazy=True).fonts
    face = next(f for f in faces if f["name"].getDebugName(1) == font.FAMILY)
    known = set(face.getBestCmap())
    for language in ("en", "zh"):
        drawings = drawing.svgs((figure.chart for figure in document.figures()), language)
        content = pdf.content(document, language, drawings)
        svgs = " ".join(re.sub(r"<[^>]*>", "", svg) for svg in drawings.values())
        letters = set(_texts(content)) | set(svgs)
        missing = {c for c in letters if c.isprintable() and ord(c) not in known}
        assert missing <= {"\u200b"}


def _texts(data) -> str:
    if isinstance(data, str):
        return "" if data.startswith("<?xml") else data
    if isinstance(data, dict):
        return "".join(map(_texts, data.values()))
    if isinstance(data, list):
        return "".join(map(_texts, data))
    return ""


def test_markup_in_names_and_reasons_is_printed_as_it_is(hostile):
    shown = text(read(rendered(hostile, "en", "pdf")))
    squeezed = re.sub(r"\s", "", shown)
    assert re.sub(r"\s", "", HOSTILE.replace("😀", "?")) in squeezed


def test_the_same_document_gives_the_same_bytes(document, files):
    assert rendered(document, "zh", "pdf") == files["zh"]


def test_the_only_time_is_that_of_the_evaluation(document, files):
    assert read(files["en"]).metadata.creation_date == document.generated


def test_a_missing_font_is_refused_with_the_cure(monkeypatch):
    import noto_cjk

    def absent(family):
        raise RuntimeError("not installed")

    font.font_file.cache_clear()
    monkeypatch.setattr(noto_cjk, "otc_path", absent)
    with pytest.raises(InputError, match="noto-cjk") as error:
        font.font_file()
    assert "pip install" in error.value.problems[0].cure.en
    monkeypatch.undo()
    font.font_file.cache_clear()
    assert font.font_file().is_file()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("ΔCO₂", "ΔCO2"), ("V\u1dc4", "V"), ("房间 😀", "房间 ?"), ("m³ ± µ", "m³ ± µ"), ("ṁ", "m")],
)
def test_a_letter_the_font_lacks_is_put_plainly(text, shown):
    assert font.printable(text) == shown


@pytest.mark.parametrize("run", ["a" * 40, "electric_energy_of_pump", "0123456789abcdef" * 4])
def test_long_runs_may_break(run):
    broken = pdf.breakable(f"word {run} word")
    assert broken.replace("\u200b", "") == f"word {run} word"
    assert max(len(part) for part in re.split("[\u200b ]", broken)) <= 13
