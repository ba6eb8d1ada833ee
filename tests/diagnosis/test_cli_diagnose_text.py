"""Bars and numbers of ``diwen diagnose``."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diwen.cli._diagnose_cost_text import axis_low, bar_of
from diwen.cli._diagnose_words import percent, significant

LEVELS = st.lists(st.floats(1.0, 1e7), min_size=2, max_size=12)


@given(LEVELS)
def test_bars_stand_between_their_levels(levels: list[float]) -> None:
    """Every bar has one width, and its marks as many as the levels are apart (to one mark)."""
    low = axis_low(levels)
    assert low <= min(levels)
    step = (max(levels) - low) / 28 or 1.0
    for begin, end in pairwise(levels):
        bar = bar_of(begin, end, low, step)
        assert len(bar) == 29
        marks = bar.count("█") + bar.count("▒")
        assert abs(marks - abs(end - begin) / step) <= 1.0
        assert ("▒" in bar) <= (end < begin)


def test_small_steps_are_not_drawn_on_the_whole_height() -> None:
    """Levels within a few per cent: the axis begins above zero; far apart: at zero."""
    assert 0.0 < axis_low([180e3, 190e3, 189e3]) < 180e3
    assert axis_low([100.0, 300.0]) == 0.0


def test_nothing_is_certain() -> None:
    assert percent(1.0) == "> 99.9 %"
    assert percent(0.0) == "< 0.1 %"
    assert percent(0.842) == "84.2 %"


def test_three_digits_and_a_true_minus() -> None:
    assert significant(0.14652) == "0.147"
    assert significant(-1.2345) == "−1.23"
    assert significant(0.0) == "0"
