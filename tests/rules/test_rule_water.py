"""Groundwater classes of GB/T 14848, both editions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.rules import RuleMissingError, load, water

# The main table as reference 1.8 lists it, entered a second time, from the public copy.
REFERENCE_2017 = """
colour 5 5 15 25;total_hardness 150 300 450 650;total_dissolved_solids 300 500 1000 2000
sulfate 50 150 250 350;chloride 50 150 250 350;iron .1 .2 .3 2.0;manganese .05 .05 .10 1.50
copper .01 .05 1.00 1.50;zinc .05 .5 1.00 5.00;aluminium .01 .05 .20 .50;turbidity 3 3 3 10
volatile_phenols .001 .001 .002 .01;oxygen_demand 1.0 2.0 3.0 10.0;sulfide .005 .01 .02 .10
ammonium_nitrogen .02 .10 .50 1.50;sodium 100 150 200 400;total_coliforms 3.0 3.0 3.0 100
plate_count 100 100 100 1000;cobalt .005 .005 .05 .10;silver .001 .01 .05 .10
nitrite_nitrogen .01 .10 1.00 4.80;nitrate_nitrogen 2.0 5.0 20.0 30.0;cyanide .001 .01 .05 .1
fluoride 1.0 1.0 1.0 2.0;iodide .04 .04 .08 .50;mercury .0001 .0001 .001 .002
arsenic .001 .001 .01 .05;selenium .01 .01 .01 .1;cadmium .0001 .001 .005 .01
chromium_vi .005 .01 .05 .10;lead .005 .005 .01 .10;trichloromethane .5 6 60 300
tetrachloromethane .5 .5 2.0 50;benzene .5 1.0 10 120;toluene .5 140 700 1400
gross_alpha .1 .1 .5 .5;gross_beta .1 1.0 1.0 1.0;beryllium .0001 .0001 .002 .06
boron .02 .10 .50 2.00;antimony .0001 .0005 .005 .01;barium .01 .10 .70 4.00
nickel .002 .002 .02 .10;molybdenum .001 .01 .07 .15;thallium .0001 .0001 .0001 .001
"""


def test_both_editions_are_whole() -> None:
    assert len(water.indicators("2017")) == 93
    assert len(water.indicators("1993")) == 39
    for edition in water.EDITIONS:
        for found in water.indicators(edition).values():
            assert len(found.limits) == 4, found.key
            assert found.unit, found.key


def test_the_2017_limits_agree_with_the_second_source() -> None:
    rules = load()
    for entry in REFERENCE_2017.replace("\n", ";").split(";"):
        if not entry:
            continue
        key, *limits = entry.split()
        stored = [rules.row(f"gbt14848_2017.{key}.{name}").value for name in water.CLASSES[:-1]]
        assert stored == [float(limit) for limit in limits], key


def test_limits_never_tighten_from_class_to_class() -> None:
    for edition in water.EDITIONS:
        for found in water.indicators(edition).values():
            limits = [row.value for row in found.limits if row.op == "<=" and row.value is not None]
            assert limits == sorted(limits), found.key


@pytest.mark.parametrize(
    ("key", "value", "label"),
    [
        ("total_hardness", 320, "III"), ("nitrate_nitrogen", 8, "III"), ("iron", 0.25, "III"),
        ("iron", 0.1, "I"), ("iron", 0.0, "I"), ("iron", 2.0, "IV"), ("iron", 2.01, "V"),
        ("fluoride", 1.0, "I"), ("fluoride", 1.01, "IV"), ("turbidity", 3, "I"),
        ("ph", 6.5, "I"), ("ph", 8.5, "I"), ("ph", 6.49, "IV"), ("ph", 5.5, "IV"),
        ("ph", 8.51, "IV"), ("ph", 9.0, "IV"), ("ph", 9.01, "V"), ("ph", 5.49, "V"),
        ("gross_alpha", 0.1, "I"), ("gross_alpha", 0.5, "III"), ("gross_alpha", 0.6, "IV"),
        ("gross_beta", 1.0, "II"), ("gross_beta", 50.0, "IV"),
        ("odour_and_taste", "none", "I"), ("odour_and_taste", "无", "I"),
        ("visible_matter", "有", "V"),
        ("anionic_surfactant", "ND", "I"), ("anionic_surfactant", "未检出", "I"),
        ("anionic_surfactant", 0.1, "II"), ("anionic_surfactant", 0.3, "III"),
        ("anionic_surfactant", 0.31, "V"), ("mercury", "ND", "I"),
    ],
)  # fmt: skip
def test_classes_of_2017(key: str, value: float | str, label: str) -> None:
    assert water.classify(key, value, "2017") == label


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("total_hardness", 600, "V", "IV"),
        ("iron", 1.8, "V", "IV"),
        ("manganese", 1.2, "V", "IV"),
        ("nitrite_nitrogen", 0.5, "V", "III"),
        ("ammonium_nitrogen", 0.3, "IV", "III"),
        ("cadmium", 0.008, "III", "IV"),
        ("arsenic", 0.03, "III", "IV"),
        ("nitrate_nitrogen", 8, "III", "III"),
    ],
)
def test_the_edition_belongs_to_the_sample(key: str, value: float, old: str, new: str) -> None:
    assert water.classify(key, value, "1993") == old
    assert water.classify(key, value, "2017") == new


def test_the_edition_follows_from_the_day() -> None:
    assert water.edition_on(date(2001, 3, 1)) == "1993"
    assert water.edition_on(date(2018, 4, 30)) == "1993"
    assert water.edition_on(date(2018, 5, 1)) == "2017"
    with pytest.raises(RuleMissingError):
        water.edition_on(date(1990, 1, 1))


def test_worst_indicator_of_the_golden_sample() -> None:
    """Reference 8.11: hardness 320, NO3-N 8, Fe 0.25: class III."""
    sample = {"total_hardness": 320.0, "nitrate_nitrogen": 8.0, "iron": 0.25, "chloride": 20.0}
    classes = [water.classify(key, value, "2017") for key, value in sample.items()]
    assert max(classes, key=water.rank) == "III"


def test_a_detection_limit_above_class_one_leaves_the_class_open() -> None:
    assert water.class_range("mercury", 0.0, 0.0005, "2017") == ("I", "III")
    assert water.class_range("mercury", 0.0, 0.0001, "2017") == ("I", "I")
    assert water.class_range("anionic_surfactant", 0.0, 0.05, "2017") == ("I", "II")
    assert water.class_range("ph", 5.0, 9.5, "2017") == ("I", "V")
    assert water.class_range("ph", 8.4, 8.6, "2017") == ("I", "IV")


@pytest.mark.parametrize(
    ("key", "value"),
    [("iron", float("nan")), ("iron", -0.1), ("iron", "much"), ("iron", "present"), ("ph", "ND")],
)
def test_what_cannot_be_classified_is_refused(key: str, value: float | str) -> None:
    with pytest.raises(ValueError, match="cannot be classified"):
        water.classify(key, value, "2017")


def test_unknown_indicators_and_editions_are_refused() -> None:
    with pytest.raises(RuleMissingError, match="not in GB/T 14848-1993"):
        water.classify("benzene", 1.0, "1993")
    with pytest.raises(RuleMissingError, match="1993 or 2017"):
        water.classify("iron", 1.0, "2007")
    with pytest.raises(RuleMissingError, match="1993 or 2017"):
        water.indicators("2007")


def test_radioactivity_does_not_separate_the_last_classes() -> None:
    found = water.indicators("2017")
    assert not found["gross_alpha"].separates_last
    assert found["iron"].separates_last


NUMERIC = sorted(
    key for key, found in water.indicators("2017").items() if found.limits[-1].op == "<="
)


@given(st.sampled_from(NUMERIC), st.floats(0, 1e4), st.floats(0, 1e4))
def test_more_of_it_is_never_a_better_class(key: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert water.rank(water.classify(key, low, "2017")) <= water.rank(
        water.classify(key, high, "2017")
    )


@given(st.floats(0, 14), st.floats(0, 14), st.floats(0, 1))
def test_the_class_lies_in_its_range(one: float, other: float, share: float) -> None:
    low, high = sorted((one, other))
    value = min(high, max(low, low + share * (high - low)))
    best, worst = water.class_range("ph", low, high, "2017")
    assert water.rank(best) <= water.rank(water.classify("ph", value, "2017")) <= water.rank(worst)
