"""The weighted score: tables, weights, missing indices, intervals, unfilled profiles."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.rules.profiles import profiles, read_profile
from diwen.rules.refusal import RefusedError
from diwen.rules.rulebook import DATA
from diwen.rules.score import evaluate, grade_of, interpolate

PROFILE = read_profile("diwen_gbt50801")
GOOD = {
    "cop_sys": 3.5, "eer_sys": 3.9, "balance_ratio": 1.0, "room_compliance": 100.0,
    "pump_share": 20.0, "sensor_availability": 98.0,
}  # fmt: skip


def test_both_profiles_ship() -> None:
    assert profiles() == ("diwen_gbt50801", "nbt11700")


def test_the_grade_edges_come_from_the_rules() -> None:
    index = next(index for index in PROFILE.indices if index.key == "cop_sys")
    assert index.table[1:4] == ((2.6, 60.0), (3.0, 75.0), (3.5, 90.0))
    assert not PROFILE.verified


def test_an_unfilled_profile_says_what_to_obtain() -> None:
    profile = read_profile("nbt11700")
    assert not profile.verified
    assert profile.indices == ()
    with pytest.raises(RefusedError, match=r"obtain the official text of NB/T 11700-2024"):
        evaluate(profile, {})


def test_the_total_is_the_weighted_mean() -> None:
    # (30*90 + 20*90 + 15*100 + 15*100 + 10*100 + 10*100) / 100
    result = evaluate(PROFILE, GOOD)
    assert result.total == pytest.approx(95.0)
    assert result.low == pytest.approx(95.0)
    assert result.grade is not None
    assert result.grade.zh == "优"


def test_a_missing_index_widens_the_interval_and_never_counts_as_zero() -> None:
    values = {**GOOD, "pump_share": None}
    result = evaluate(PROFILE, values)
    assert result.missing == ("pump_share",)
    assert result.total == pytest.approx(8500 / 90)
    assert result.low == pytest.approx(85.0)
    assert result.high == pytest.approx(95.0)
    assert result.grade is None
    assert not result.resolved


def test_too_much_missing_is_refused() -> None:
    result = evaluate(PROFILE, {"cop_sys": 3.5, "eer_sys": 3.9, "balance_ratio": float("nan")})
    assert result.total is None
    assert result.grade is None
    assert result.reason is not None
    assert "50 % of the weight are missing, more than the 30 %" in result.reason.en
    assert evaluate(PROFILE, {}).total is None


def test_exactly_the_allowed_share_may_be_missing() -> None:
    values = {key: GOOD[key] for key in GOOD if key not in ("balance_ratio", "room_compliance")}
    assert evaluate(PROFILE, values).total is not None


def test_uncertainty_becomes_an_interval() -> None:
    result = evaluate(PROFILE, {**GOOD, "cop_sys": (3.5, 0.5)})
    index = result.indices[0]
    assert (index.low, index.score, index.high) == (75.0, 90.0, 95.0)
    assert result.low == pytest.approx(90.5)
    # The best score of a two-sided table lies inside the interval, not at its ends.
    balance = evaluate(PROFILE, {**GOOD, "balance_ratio": (0.9, 0.3)}).indices[2]
    assert balance.high == 100.0


def test_a_grade_across_an_edge_is_not_resolved() -> None:
    result = evaluate(PROFILE, {**GOOD, "cop_sys": (3.5, 1.5)})
    assert result.total == pytest.approx(95.0)
    assert result.low < 90.0
    assert result.grade is None
    assert not result.resolved


def test_an_unknown_index_is_refused() -> None:
    with pytest.raises(RefusedError, match="no index cops"):
        evaluate(PROFILE, {"cops": 3.0})


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_higher_cop_never_scores_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    table = PROFILE.indices[0].table
    assert interpolate(table, low) <= interpolate(table, high)


@given(
    st.fixed_dictionaries(
        {index.key: st.none() | st.tuples(st.floats(0, 120), st.floats(0, 50))
         for index in PROFILE.indices}
    )
)  # fmt: skip
def test_the_total_lies_in_its_interval(values: dict[str, tuple[float, float] | None]) -> None:
    result = evaluate(PROFILE, values)
    assert 0 <= result.low <= result.high <= 100 + 1e-9
    if result.total is not None:
        assert result.low - 1e-9 <= result.total <= result.high + 1e-9
    if result.grade is not None:
        assert grade_of(PROFILE, result.low) == result.grade == grade_of(PROFILE, result.high)


@given(st.integers(1, 50))
def test_the_scale_of_the_weights_does_not_matter(factor: int) -> None:
    indices = tuple(replace(index, weight=index.weight * factor) for index in PROFILE.indices)
    scaled = evaluate(replace(PROFILE, indices=indices), GOOD)
    assert scaled.total == pytest.approx(evaluate(PROFILE, GOOD).total)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 30", 'weight = "much"', "not a number in its range"),
        ("weight = 30", "weight = 0", "not a number in its range"),
        ("missing_share = 0.3", "missing_share = 3", "not a number in its range"),
        ('[1.0, 0], ["gbt50801.heating', '[9.0, 0], ["gbt50801.heating', "values must rise"),
        ("gbt50801.heating.grade2", "gbt50801.heating.grade8", "no rule gbt50801.heating.grade8"),
        ("[4.5, 100]", "[4.5, 100, 3]", "not a pair"),
        ("[4.5, 100]", "[4.5, 101]", "not a number in its range"),
        ('key = "cop_sys"', 'kee = "cop_sys"', "unknown key"),
        ("filled = true", "filled = true\nfull = 1", "unknown key"),
        ('id = "diwen_gbt50801"', "", "text is missing"),
        ("[[indices]]", "[[indices", "not a readable profile"),
    ],
)
def test_a_broken_profile_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    shipped = (DATA / "profiles" / "diwen_gbt50801.toml").read_text(encoding="utf-8")
    assert old in shipped
    path = tmp_path / "own.toml"
    path.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_profile(path)
    assert all(problem.file == "own.toml" for problem in caught.value.problems)


def test_a_filled_profile_of_ones_own_judges(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'id="own"\nname_en="own"\nname_zh="自有"\nstandard="NB/T 11700-2024"\nfilled=true\n'
        'source="official text"\nmissing_share=0.0\n'
        '[[indices]]\nkey="a"\nname_en="a"\nname_zh="甲"\nweight=1\ntable=[[0,0],[10,100]]\n'
        '[[grades]]\nminimum=50\nname_en="pass"\nname_zh="通过"\n',
        encoding="utf-8",
    )
    result = evaluate(read_profile(path), {"a": 5.0})
    assert result.total == 50.0
    assert result.grade is not None
    assert evaluate(read_profile(path), {"a": 4.9}).grade is None


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(InputError, match="diwen_gbt50801, nbt11700"):
        read_profile("nbt11701")
