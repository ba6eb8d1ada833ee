"""Boundaries that coincide are shown once."""

from diwen.evaluation.condensed import condensed
from diwen.evaluation.result import Result
from diwen.language import same


def spf(of, equals=None, mode="heating", id="spf"):
    detail = {} if equals is None else {"equals": equals}
    boundary = f"SPF {of}"
    return Result(
        id, "K-08", same("SPF"), of=of, value=3.0, mode=mode, boundary=boundary,
        rules=(f"sepemo.{of.lower()}",), detail=detail,
    )  # fmt: skip


def test_equal_boundaries_become_one_line():
    shown = condensed([spf("H1"), spf("H2"), spf("H3", "H2"), spf("H4", "H3")])
    assert [result.of for result in shown] == ["H1", "H2 = H3 = H4"]
    assert shown[1].boundary == "SPF H2 = H3 = H4"
    assert shown[1].rules == ("sepemo.h2", "sepemo.h3", "sepemo.h4")


def test_modes_and_different_indicators_stay_apart():
    results = [spf("H1"), spf("H2", "H1", mode="cooling"), spf("H2", "H1", id="annex52")]
    assert condensed(results) == tuple(results)


def test_results_of_other_kinds_are_left_alone():
    results = [spf(""), spf("x"), spf("y")]
    assert condensed(results) == tuple(results)
