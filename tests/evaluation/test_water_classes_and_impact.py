"""Groundwater classes, trends below detection, and the proof of no impact."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_field import context_of_wells

from diwen import rules
from diwen.evaluation import water_impact, water_quality
from diwen.evaluation.water_class import classify, classify_samples, edition_of, limits
from diwen.site.samples import Sample

BOOK = rules.load()


def sample(
    indicator, value, *, sign="", word="", place="injection", day=date(2026, 1, 5), edition=""
):
    unit = limits(BOOK, indicator, edition or "2017")[0].unit
    return Sample(day, place, indicator, value, sign, word, unit, edition, "", "", "", 2)


def of(indicator, value, edition="2017", **more):
    found = classify(sample(indicator, value, **more), BOOK, edition)
    return found.best, found.worst


def test_golden_example():
    """Hardness 320, nitrate 8, iron 0.25 mg/L, rest I: class III, decided by all three."""
    found = classify_samples(
        (
            sample("total_hardness", 320), sample("nitrate_nitrogen", 8), sample("iron", 0.25),
            sample("chloride", 20), sample("ph", 7.2),
        ),
        BOOK,
    )  # fmt: skip
    assert (found[0].best, found[0].worst) == (3, 3)
    deciding = {one.sample.indicator for one in found[0].deciding}
    assert deciding == {"total_hardness", "nitrate_nitrogen", "iron"}


@pytest.mark.parametrize(
    ("indicator", "value", "expected"),
    [
        ("iron", 0.1, 1), ("iron", 0.3, 3), ("iron", 0.30001, 4), ("iron", 2.1, 5),
        ("ph", 6.5, 1), ("ph", 8.5, 1), ("ph", 6.49, 4), ("ph", 8.9, 4), ("ph", 5.4, 5),
        ("ph", 9.1, 5), ("turbidity", 3.0, 1), ("turbidity", 3.1, 4), ("fluoride", 1.0, 1),
        ("total_hardness", 0.0, 1), ("anionic_surfactant", 0.1, 2), ("total_hardness", 650, 4),
    ],
)  # fmt: skip
def test_edges(indicator, value, expected):
    """Equal limits of several classes give the best one; pH is two-sided; 0 is a value."""
    assert of(indicator, value) == (expected, expected)


def test_edition_is_kept():
    """Hardness 600: class IV by 2017 (limit 650), V by 1993 (limit 550)."""
    assert of("total_hardness", 600) == (4, 4)
    assert of("total_hardness", 600, "1993") == (5, 5)
    assert edition_of(sample("iron", 1, day=date(2018, 4, 30))) == "1993"
    assert edition_of(sample("iron", 1, day=date(2018, 5, 1))) == "2017"
    assert edition_of(sample("iron", 1, day=date(2018, 5, 1), edition="1993"), "2017") == "1993"


def test_below_detection():
    assert of("arsenic", 0.0005, sign="<") == (1, 1)
    assert of("arsenic", 0.005, sign="<") == (1, 3)
    assert not classify(sample("arsenic", 0.005, sign="<"), BOOK, "2017").resolved
    assert of("anionic_surfactant", None, word="ND") == (1, 1)
    assert of("odour_and_taste", None, word="none") == (1, 1)
    # ND without a limit says nothing about an indicator judged by numbers.
    assert "number" in classify(sample("arsenic", None, word="ND"), BOOK, "2017").en


def test_radioactivity_beyond_class_three_is_four_or_five():
    assert of("gross_alpha", 0.5) == (3, 3)
    assert of("gross_alpha", 0.6) == (4, 5)


def test_indicator_without_limits_in_an_edition_is_said():
    (one,) = classify_samples((sample("iron", 0.1), sample("boron", 0.1)), BOOK, "1993")
    assert [member.indicator for member, _ in one.unjudged] == ["boron"]
    assert "1993" in one.unjudged[0][1].en


@given(st.floats(0, 3000), st.floats(0, 3000), st.sampled_from(["2017", "1993"]))
@settings(max_examples=60, deadline=None)
def test_more_is_never_better(one, other, edition):
    low, high = sorted((one, other))
    for indicator in ("total_dissolved_solids", "iron", "nitrate_nitrogen"):
        assert of(indicator, low, edition)[0] <= of(indicator, high, edition)[0]
        below = of(indicator, high, edition, sign="<")
        assert below[0] <= of(indicator, low, edition)[0] <= below[1]


# From here on: whole sites with a samples.csv.


def site_with(tmp_path, rows, period="2015-01-01..2026-12-31"):
    text = "date,place,indicator,value,unit\n" + "".join(
        f"{day},{place},{indicator},{value},{unit}\n" for day, place, indicator, value, unit in rows
    )
    return context_of_wells(tmp_path, period=period, samples=text)


def pairs(n, shift, noise, seed=3, indicator="chloride", unit="mg/L"):
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        day = date(2019, 1, 5) + timedelta(days=90 * i)
        base = 400 + rng.normal(0, 5)
        rows.append((day, "abstraction", indicator, round(base, 2), unit))
        other = base + shift + rng.normal(0, noise)
        rows.append((day + timedelta(days=2), "injection", indicator, round(other, 2), unit))
    return rows


def impact(context):
    return next(one for one in water_impact.results(context) if one.id == "water_impact")


def test_no_impact_needs_statistics(tmp_path):
    shown = impact(site_with(tmp_path / "a", pairs(20, 0.0, 3.0)))
    assert shown.grade.label.en == "no measurable impact"
    few = impact(site_with(tmp_path / "b", pairs(5, 0.0, 3.0)))
    assert few.status == "refused"
    assert "6 pairs" in few.reason.en
    assert "the most there are is 5" in few.reason.en
    noisy = impact(site_with(tmp_path / "c", pairs(7, 0.0, 60.0)))
    assert noisy.grade.label.en == "not shown"
    assert noisy.grade.met is None


def test_impact_is_found(tmp_path):
    context = site_with(tmp_path, pairs(12, 40.0, 3.0))
    assert impact(context).grade.label.en == "impact found"
    assert impact(context).grade.met is False
    difference = next(one for one in water_impact.results(context) if one.id == "water_difference")
    assert difference.value == pytest.approx(40, abs=3)
    assert "detectable" in difference.notes[0].en


def test_one_undecided_indicator_keeps_the_proof_open(tmp_path):
    rows = pairs(20, 0.0, 3.0) + pairs(20, 0.0, 100.0, indicator="sulfate")
    found = impact(site_with(tmp_path, rows))
    assert found.grade.label.en == "not shown"
    assert "Sulfate" in found.grade.text.en


def test_detection_limit_above_the_margin_is_no_proof(tmp_path):
    rows = [
        (date(2020, 1, 1) + timedelta(days=60 * i), place, "arsenic", "<0.005", "mg/L")
        for i in range(12)
        for place in ("abstraction", "injection")
    ]
    found = impact(site_with(tmp_path, [*rows, *pairs(12, 0.0, 3.0)]))
    assert found.grade.label.en == "not shown"


def test_samples_weeks_apart_are_no_pairs(tmp_path):
    rows = [
        (day if place == "abstraction" else day + timedelta(days=20), place, i, v, u)
        for day, place, i, v, u in pairs(20, 0.0, 3.0)
    ]
    assert impact(site_with(tmp_path, rows)).status == "refused"


def test_trend_and_its_refusals(tmp_path):
    rows = [
        (date(2018 + i // 2, 1 + 6 * (i % 2), 10), "injection", "nitrate_nitrogen", 5 + 0.4 * i,
         "mg/L")
        for i in range(12)
    ]  # fmt: skip
    (found,) = (
        one for one in water_quality.results(site_with(tmp_path / "a", rows))
        if one.id == "water_trend"
    )  # fmt: skip
    assert found.value == pytest.approx(0.8, rel=0.02)
    assert found.unit == "mg/L/a"
    assert "n = 12" in found.notes[0].en
    (few,) = (
        one for one in water_quality.results(site_with(tmp_path / "b", rows[:7]))
        if one.id == "water_trend"
    )  # fmt: skip
    assert few.status == "refused"
    assert "needs 8 samples" in few.reason.en
    censored = [
        (day, place, indicator, f"<{value}" if k % 2 else value, unit)
        for k, (day, place, indicator, value, unit) in enumerate(rows)
    ]
    (hidden,) = (
        one for one in water_quality.results(site_with(tmp_path / "c", censored))
        if one.id == "water_trend"
    )  # fmt: skip
    assert hidden.status == "refused"
    assert "50 %" in hidden.reason.en


def test_class_result_of_the_period_only(tmp_path):
    rows = [
        ("2015-01-05", "abstraction", "iron", 0.25, "mg/L"),
        ("2026-01-05", "abstraction", "iron", 0.05, "mg/L"),
    ]
    results = water_quality.results(site_with(tmp_path, rows, period="2026-01"))
    classes = [one for one in results if one.id == "water_class"]
    assert [one.value for one in classes] == [1.0]
    assert classes[0].detail["editions"] == ["2017"]


def test_no_sample_in_the_period(tmp_path):
    rows = [("2015-01-05", "abstraction", "iron", 0.25, "mg/L")]
    first = water_quality.results(site_with(tmp_path, rows, period="2026-01"))[0]
    assert first.status == "refused"
