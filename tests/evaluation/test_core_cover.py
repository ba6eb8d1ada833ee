from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.cover import exact_cover, uncovered

IDS = ("hp1", "hp2", "ps", "pl", "heater")


def sets(**meters):
    return {name: frozenset(covered.split()) for name, covered in meters.items()}


def test_plain_sum_with_fewest_meters():
    meters = sets(a="hp1", b="ps", ab="hp1 ps", c="pl")
    assert sorted(exact_cover(frozenset(["hp1", "ps", "pl"]), meters)) == [("ab", 1), ("c", 1)]


def test_meter_of_the_whole_plant_less_the_heater():
    meters = sets(whole="hp1 ps pl heater", heater="heater")
    found = exact_cover(frozenset(["hp1", "ps", "pl"]), meters)
    assert found == [("whole", 1), ("heater", -1)]


def test_a_meter_that_covers_more_is_not_used():
    meters = sets(hp="hp1 ps")
    assert exact_cover(frozenset(["hp1"]), meters) is None
    assert uncovered(frozenset(["hp1"]), meters) == ["hp1"]


def test_nothing_needs_no_meter():
    assert exact_cover(frozenset(), sets(a="hp1")) == []


def test_names_only_what_lacks():
    meters = sets(a="hp1", whole="hp1 ps pl heater")
    assert uncovered(frozenset(["hp1", "ps"]), meters) == ["ps"]


@given(
    st.frozensets(st.sampled_from(IDS)),
    st.dictionaries(
        st.text("abcdefg", min_size=1, max_size=3),
        st.frozensets(st.sampled_from(IDS), min_size=1),
        max_size=7,
    ),
)
def test_a_cover_counts_everything_required_once_and_nothing_else(required, meters):
    found = exact_cover(required, meters)
    if found is None:
        assert not any(covered == required for covered in meters.values())
        return
    counted = Counter()
    for meter, sign in found:
        for id in meters[meter]:
            counted[id] += sign
    assert {id for id, count in counted.items() if count} == set(required)
    assert all(counted[id] == 1 for id in required)
