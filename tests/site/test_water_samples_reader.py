"""Reading laboratory samples: every way a laboratory writes, and every way a file breaks."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.site.sample_values import CellError, in_unit, read_value
from diwen.site.samples import FILE, check_samples, read_samples

HEADER = "date,place,indicator,value,unit\n"


def write(folder, text, encoding="utf-8"):
    (folder / FILE).write_bytes(text.encode(encoding))
    return folder


def test_a_site_without_samples_has_none(tmp_path):
    assert read_samples(tmp_path) == ()


def test_the_many_ways_to_write(tmp_path):
    text = (
        HEADER
        + "2026-03-31,abstraction,iron,0.25,mg/L\n"
        + "2026/3/31,injection,铁,250,μg/L\n"
        + "2026年3月31日,上游,Fe,＜0.03,mg/L\n"
        + "2026-03-31,W7,砷,0.5L,ug/L\n"
        + "2026-03-31,回灌,氯化物,未检出,mg/L\n"
        + "2026-03-31,injection,嗅和味,无,\n"
        + "2026-03-31,injection,pH,7.2,-\n"
    )
    found = read_samples(write(tmp_path, text))
    assert [one.indicator for one in found[:3]] == ["iron"] * 3
    assert found[1].value == pytest.approx(0.25)
    assert (found[2].sign, found[2].value, found[2].place) == ("<", 0.03, "upgradient")
    assert (found[3].sign, found[3].value, found[3].place) == ("<", pytest.approx(5e-4), "W7")
    assert (found[4].word, found[4].value, found[4].place) == ("ND", None, "injection")
    assert found[5].word == "none"
    assert found[6].value == 7.2
    assert found[2].date == date(2026, 3, 31)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-8"])
def test_encodings_and_semicolons(tmp_path, encoding):
    text = (
        "date;place;indicator;value;unit;edition\n"
        "2015-05-04;回灌井;总硬度;320,5;mg/L;GB/T 14848-93\n"
    )
    (one,) = read_samples(write(tmp_path, text, encoding))
    assert (one.value, one.edition, one.place) == (320.5, "1993", "injection")


BROKEN = {
    "unknown indicator": ("2026-01-01,injection,irom,0.1,mg/L", "line 2, column indicator", "iron"),
    "no unit": ("2026-01-01,injection,iron,0.1,", "line 2, column unit", "unit"),
    "wrong unit": ("2026-01-01,injection,iron,0.1,NTU", "line 2, column unit", "unit"),
    "nitrate as NO3": (
        "2026-01-01,injection,nitrate_nitrogen,8,mg/L as NO3", "line 2, column unit", "unit"
    ),
    "text value": ("2026-01-01,injection,iron,about 3,mg/L", "line 2, column value", "number"),
    "negative": ("2026-01-01,injection,iron,-0.1,mg/L", "line 2, column value", "<0.01"),
    "no such day": ("2026-02-30,injection,iron,0.1,mg/L", "line 2, column date", "2026-03-31"),
    "future": ("2199-01-01,injection,iron,0.1,mg/L", "line 2, column date", "2026-03-31"),
    "slip in place": (
        "2026-01-01,injektion,iron,0.1,mg/L", "line 2, column place", "injection"
    ),
    "place with spaces": ("2026-01-01,well no 7!,iron,0.1,mg/L", "line 2, column place", "digits"),
    "empty value": ("2026-01-01,injection,iron,,mg/L", "line 2, column value", "write"),
    "too many cells": ("2026-01-01,injection,iron,0.1,mg/L,x,y", "line 2", "quotes"),
    "infinite": ("2026-01-01,injection,iron,1e999,mg/L", "line 2, column value", "number"),
    "twice": (
        "2026-01-01,injection,iron,0.1,mg/L\n2026-01-01,injection,Fe,0.2,mg/L",
        "line 3, column indicator", "two laboratories",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rows_name_place_and_cure(tmp_path, name):
    row, where, cure = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read_samples(write(tmp_path, HEADER + row + "\n"))
    (problem,) = caught.value.problems
    assert problem.file == FILE
    assert problem.where == where
    assert cure in problem.cure.en or cure in str(problem.allowed)
    assert problem.message.zh
    assert problem.cure.zh


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("date,place,value,unit\n", "missing"),
        ("date,place,indicator,valu,unit\n", "unknown column"),
        ("date,place,indicator,value,unit,unit\n", "twice"),
        (
            "date,place,indicator,value,unit,edition\n2026-01-01,injection,iron,1,mg/L,2007",
            "edition",
        ),
    ],
)  # fmt: skip
def test_broken_headers(tmp_path, text, part):
    with pytest.raises(InputError, match=part):
        read_samples(write(tmp_path, text))


def test_binary_file(tmp_path):
    (tmp_path / FILE).write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(InputError, match="neither UTF-8"):
        read_samples(tmp_path)


def test_all_problems_at_once_and_sound_rows_kept(tmp_path):
    rows = [BROKEN[name][0] for name in ("text value", "no such day", "wrong unit")]
    good = "2026-01-02,injection,iron,0.1,mg/L"
    samples, problems = check_samples(write(tmp_path, HEADER + "\n".join([*rows, good])))
    assert len(problems) == 3
    assert [one.indicator for one in samples] == ["iron"]


def test_two_laboratories_may_disagree(tmp_path):
    text = (
        "date,place,indicator,value,unit,laboratory\n"
        "2026-01-01,injection,iron,0.1,mg/L,A\n2026-01-01,injection,iron,0.2,mg/L,B\n"
    )
    assert len(read_samples(write(tmp_path, text))) == 2


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_fuzz_never_crashes(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(HEADER.encode() + data)
    samples, problems = check_samples(folder)
    assert isinstance(samples, tuple)
    assert isinstance(problems, list)


@given(st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_value_is_read_or_refused(text):
    try:
        value, sign, word = read_value(text)
    except CellError:
        return
    assert (value is None) == (word != "")
    assert sign in ("", "<", ">")
    assert value is None or 0 <= value < float("inf")


def test_units():
    assert in_unit(3, "ug/L", "mg/L") == pytest.approx(0.003)
    assert in_unit(3, "MPN/100mL", "1/L") == pytest.approx(30)
    assert in_unit(5, "度", "Pt-Co") == 5
    with pytest.raises(CellError):
        in_unit(1, "K", "mg/L")
