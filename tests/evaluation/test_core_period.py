import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.period import parse, season_period
from diwen.problems import InputError
from diwen.site import Season

HEATING = Season(11, 15, 3, 15)
COOLING = Season(5, 15, 9, 15)


def shanghai(text: str):
    return parse(text, "Asia/Shanghai", heating_season=HEATING, cooling_season=COOLING)


def test_season_starts_in_the_named_year_and_runs_over_new_year():
    period = shanghai("2018-heating")
    assert period.kind == "heating"
    assert period.start == datetime(2018, 11, 14, 16, tzinfo=UTC)
    assert period.end == datetime(2019, 3, 15, 16, tzinfo=UTC)  # the last day is included
    assert period.days == 121


def test_forms():
    assert shanghai("2018").days == 365
    assert shanghai("2020").days == 366
    assert shanghai("2018-Q1").days == 90
    assert shanghai("2018-02").days == 28
    assert shanghai("2018-cooling").days == 124
    assert shanghai("2018-12-01..2018-12-15").days == 15
    assert shanghai("2018-12-01").days == 1
    assert "2018-12-01 to 2018-12-15" in shanghai("2018-12-01..2018-12-15").text.en


def test_clock_changes_make_days_of_23_and_25_hours():
    spring = parse("2021-03-28", "Europe/Berlin")
    autumn = parse("2021-10-31", "Europe/Berlin")
    assert (spring.days * 24, autumn.days * 24) == (23, 25)
    assert parse("2021", "Europe/Berlin").days == 365
    lengths = {
        (end - start) / 3.6e9 for _, start, end in parse("2021-10", "Europe/Berlin").local_days()
    }
    assert lengths == {24, 25}


def test_all_is_the_stored_span_with_its_last_record():
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)
    period = parse("all", "Asia/Shanghai", span=(first, last))
    assert period.start == first
    assert period.end > last


@pytest.mark.parametrize(
    "text",
    ["", "2018-13", "18", "2018-Q5", "2018-12-15..2018-12-01", "2018-02-30", "now", "2018-winter"],
)
def test_nonsense_is_an_input_error_that_names_the_forms(text):
    with pytest.raises(InputError) as error:
        shanghai(text)
    problem = error.value.problems[0]
    assert problem.where == "period"
    assert problem.allowed is not None
    assert "2018-Q4" in problem.allowed.en


def test_a_season_the_site_does_not_have():
    with pytest.raises(InputError, match=r"operation\.heating_season"):
        parse("2018-heating", "Asia/Shanghai")


def test_all_without_records():
    with pytest.raises(InputError, match="nothing is stored"):
        parse("all", "Asia/Shanghai")


def test_29_february_in_a_common_year():
    period = season_period(2018, "heating", Season(11, 1, 2, 29), "Asia/Shanghai")
    assert period.end == datetime(2019, 2, 28, 16, tzinfo=UTC)


@given(
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]),
    st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)),
    st.integers(1, 500),
)
def test_months_and_days_cut_a_period_without_gap_or_overlap(zone, start, days):
    begin = start.replace(tzinfo=UTC)
    period = parse("all", zone, span=(begin, begin + timedelta(days=days)))
    months = list(period.months())
    assert months[0].start == period.start
    assert months[-1].end == period.end
    assert all(one.end == two.start for one, two in itertools.pairwise(months))
    edges = list(period.local_days())
    assert edges[0][1] == period.start_us
    assert edges[-1][2] == period.end_us
    assert all(one[2] == two[1] for one, two in itertools.pairwise(edges))
