"""What must hold of every diagnosis, whatever the plant and whatever is wrong with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import diwen
from diwen import diagnosis
from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.finding import Case
from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.operating_record import Channel, OperatingRecord
from diwen.diagnosis.record.steps import Reading
from diwen.diagnosis.record.stretch import part_of
from diwen.site import Point, Site
from diwen.twin.deviations import PARAMETERS, Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
INSTRUMENTS = (SensorFault("class_error"), SensorFault("noise"))
GROUND = ("borehole_resistance", "ground_conductivity", "undisturbed_temperature",
          "effective_length", "lost_branches", "yearly_imbalance")  # fmt: skip
METERED = ("flow", "power", "heat_by_meter", "heat_by_flow", "heat")
FEW = settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# 28 years: the same days of the week, the same leap years.
WHOLE_YEARS = 28


@dataclass(frozen=True, eq=False)
class Run:
    """A simulated record with the series it was made from."""

    site: Site
    record: OperatingRecord
    points: tuple[Point, ...]
    series: dict[str, Reading]
    case: Case


@cache
def run(
    name: str, *deviations: Deviation, years: int = 1, exact: bool = False, folder: Path = EXAMPLES
) -> Run:
    site = diwen.read(folder / name).model_copy(update={"ledger": ()})
    simulation = simulate_site(
        site, years=years, since=date(2022, 1, 1), points="standard", deviations=deviations,
        sensors=() if exact else INSTRUMENTS, seed=3,
    )  # fmt: skip
    series = {}
    for one in simulation.record().series:
        factor, offset = one.point.factor_offset()
        series[one.point.id] = Reading(one.time, one.value * factor + offset, "simulated")
    record = record_of_simulation(simulation)
    points = tuple(point for point in simulation.points if point.id in series)
    return Run(site, record, points, series, case_of(site, record))


def recorded(of: Run, points: Sequence[Point]) -> OperatingRecord:
    """The record of some of the points."""
    series = {point.id: of.series[point.id] for point in points}
    return record_of_series(of.site, points, series, begun=of.record.begun)


def diagnosed(of: Run, record: OperatingRecord | None = None) -> Diagnosis:
    held = of.record if record is None else record
    return diagnosis.diagnose_record(of.site, held, attribution=False, like=of.case)


def each(record: OperatingRecord, change: Callable[[str, Channel], Channel]) -> OperatingRecord:
    """Every channel of circuits and machines changed, with the name of its quantity."""
    groups = {}
    for group in ("sources", "circuits", "units", "pumps", "backups", "auxiliaries"):
        groups[group] = {
            name: replace(part, **{
                key: change(key, value) for key, value in vars(part).items()
                if isinstance(value, Channel)
            })
            for name, part in getattr(record, group).items()
        }  # fmt: skip
    return replace(record, **groups)


Told = dict[tuple[str, str], tuple[float, ...]]


def told(found: Diagnosis, names: dict[str, str] | None = None) -> Told:
    """Findings by parameter and object (renamed): probability, value, interval."""
    names = names or {}

    def renamed(object: str) -> str:
        return "+".join(sorted(names.get(one, one) for one in object.split("+")))

    return {
        (one.parameter, renamed(one.object)): (one.probability, one.value, one.low, one.high)
        for one in found.findings
    }


def assert_alike(one: Told, other: Told, within: float = 1e-6) -> None:
    assert one.keys() == other.keys()
    for key, numbers in one.items():
        assert numbers == pytest.approx(other[key], abs=within), key


# ---- bounds


BROKEN = (
    (), (Deviation("source_flow", 0.7),), (Deviation("efficiency_loss", 0.15),),
    (Deviation("load_factor", 0.6), Deviation("borehole_resistance", 1.6)),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_probabilities_and_intervals_are_within_their_bounds(number: int) -> None:
    found = diagnosed(run("plant-template", *BROKEN[number]))
    assert found.findings
    for one in found.findings:
        parameter = PARAMETERS[one.parameter]
        assert 0.0 <= one.probability <= 1.0
        assert parameter.low <= one.low <= one.value <= one.high <= parameter.high
        shared = one.probability + sum(one.alternatives.values())
        assert 0.0 <= shared <= 1.0 + 1e-9
        if one.since_low and one.since and one.since_high:
            assert one.since_low <= one.since <= one.since_high
    assert all(0.0 <= one <= 1.0 for one in found.family_probabilities().values())
    assert all(0.0 <= one.probability <= 1.0 for one in found.sensors)


def test_the_bars_of_the_waterfall_sum_to_the_gap() -> None:
    of = run("plant-template", Deviation("efficiency_loss", 0.15))
    found = diagnosis.diagnose_record(of.site, of.record, like=of.case)
    costs = found.attribution
    assert costs is not None
    falls = [one for one in (costs.electricity, costs.money) if one is not None]
    assert falls
    for fall in falls:
        standing = [i for i, bar in enumerate(fall.bars) if bar.stands]
        assert len(standing) >= 2
        for first, last in pairwise(standing):
            steps = sum(bar.value for bar in fall.bars[first + 1 : last])
            gap = fall.bars[last].value - fall.bars[first].value
            assert steps == pytest.approx(gap, abs=1e-6 * abs(fall.bars[first].value))


# ---- a healthy twin


@pytest.mark.parametrize(
    "name", ["plant-template", "beijing-office", "household-sets", "sports-centre"]
)
def test_a_healthy_twin_with_exact_meters_has_nothing(name: str) -> None:
    found = diagnosed(run(name, exact=True))
    assert found.found == ()
    assert [one for one in found.sensors if one.treatment != "noted"] == []


# ---- meters


@pytest.mark.parametrize("factor", [
    pytest.param(factor, marks=() if factor in (0.8, 1.25) else pytest.mark.verify)
    for factor in (0.7, 0.8, 0.9, 1.1, 1.25, 1.4)
])  # fmt: skip
def test_one_factor_on_all_meters_points_to_the_meters(factor: float) -> None:
    """Heat per watt and heat per flow are as designed: no thermal resistance explains it."""
    of = run("plant-template", exact=True)

    def scaled(name: str, channel: Channel) -> Channel:
        return replace(channel, value=factor * channel.value) if name in METERED else channel

    found = diagnosed(of, each(of.record, scaled))
    suspected = [one.parameter for one in found.found]
    assert [one for one in suspected if one in GROUND] == []
    if abs(factor - 1.0) > 0.15:  # less is within what flows and loads differ by in any plant
        assert suspected == []
        first = found.sensors[0]
        assert first.kind == "scale"
        assert first.probability > 0.5
        assert first.value == pytest.approx(factor, rel=0.06)
        assert {"load_flow", "source_flow", "load_heat", "hp1_electricity"} <= set(first.points)


# ---- names and order


@cache
def in_order() -> tuple[Run, Told]:
    of = run("plant-template", Deviation("source_flow", 0.7))
    return of, told(diagnosed(of, recorded(of, of.points)))


def test_points_in_reverse_order_change_nothing() -> None:
    of, usual = in_order()
    assert_alike(usual, told(diagnosed(of, recorded(of, of.points[::-1]))), 1e-4)


@pytest.mark.verify
@FEW
@given(data=st.data())
def test_the_order_of_points_changes_nothing(data: st.DataObject) -> None:
    of, usual = in_order()
    order = data.draw(st.permutations(of.points))
    assert_alike(usual, told(diagnosed(of, recorded(of, order))), 1e-4)


@pytest.mark.parametrize(
    "deviation",
    [
        pytest.param(Deviation("efficiency_loss", 0.15), marks=pytest.mark.verify),
        Deviation("source_flow", 0.7),
    ],
)
def test_identical_units_by_other_names_change_nothing(
    tmp_path: Path, deviation: Deviation
) -> None:
    folder = tmp_path / "plant-template"
    ignored = shutil.ignore_patterns("telemetry", "ledger.csv")
    shutil.copytree(EXAMPLES / "plant-template", folder, ignore=ignored)
    for name in ("site.toml", "points.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "hp1" in text
        text = text.replace("hp1", "zulu").replace("hp2", "alpha")
        (folder / name).write_text(text, encoding="utf-8")
    usual = told(
        diagnosed(run("plant-template", deviation, exact=True)), {"hp1": "zulu", "hp2": "alpha"}
    )
    other = told(diagnosed(run("plant-template", deviation, exact=True, folder=tmp_path)))
    assert_alike(usual, other, 1e-3)


@pytest.mark.parametrize(
    "deviation", [pytest.param(None, marks=pytest.mark.verify), Deviation("load_factor", 0.6)]
)
def test_units_that_change_places_change_nothing(deviation: Deviation | None) -> None:
    of = run("plant-template", *([deviation] if deviation else []), exact=True)
    swapped = dict(reversed(of.record.units.items()))
    assert list(swapped) != list(of.record.units)
    usual = told(diagnosed(of))
    assert_alike(usual, told(diagnosed(of, replace(of.record, units=swapped))), 1e-6)


# ---- time


@pytest.mark.parametrize(
    "deviation",
    [
        Deviation("source_flow", 0.7, 1),
        pytest.param(Deviation("setpoint_shift", 5.0), marks=pytest.mark.verify),
    ],
)
def test_whole_years_later_changes_nothing(deviation: Deviation) -> None:
    of = run("plant-template", deviation, years=2)
    days = (date(2022 + WHOLE_YEARS, 1, 1) - date(2022, 1, 1)).days
    assert days % 7 == 0
    later = replace(
        of.record, time=of.record.time + days * 86_400_000_000, day=of.record.day + days,
        begun=of.record.begun + timedelta(days=days),
    )  # fmt: skip
    now, then = diagnosed(of), diagnosed(of, later)
    assert_alike(told(now), told(then), 1e-9)
    for one, other in zip(now.findings, then.findings, strict=True):
        assert (one.since is None) == (other.since is None)
        if one.since is not None and other.since is not None:
            assert (other.since - one.since).days == days


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("plant-template", Deviation("source_flow", 0.7)),
        pytest.param("plant-template", Deviation("efficiency_loss", 0.15),
                     marks=pytest.mark.verify),
        pytest.param("plant-template", Deviation("borehole_resistance", 1.6),
                     marks=pytest.mark.verify),
        ("household-sets", Deviation("setpoint_shift", 5.0)),
    ],
)  # fmt: skip
def test_more_data_never_widens_an_interval(name: str, deviation: Deviation) -> None:
    """Half a year, a year, two years, each with the years before: 2 % for rounding."""
    of = run(name, deviation, years=2)
    spans = [date(2022, 7, 1), date(2023, 1, 1), None]
    parts = [diagnosed(of, part_of(of.record, None, until)) for until in spans]
    widths = []
    for part in parts:
        one = part.finding(deviation.parameter)
        assert one is not None
        widths.append(one.high - one.low)
    assert parts[-1].finding(deviation.parameter) in parts[-1].found
    for less, more in pairwise(widths):
        assert more <= 1.02 * less


# ---- fewer points


#: Without them an hour in which a unit ran for minutes is told by its power only.
STATUS = ("hp1_status", "hp2_status")


#: What most lines of reasoning stand on; a long check leaves out every other point too.
TELLING = ("source_flow", "load_flow", "load_heat", "hp1_electricity", "pump_source_status",
           "outdoor")  # fmt: skip


def made_up(deviations: tuple[Deviation, ...], names: Sequence[str] = ()) -> dict[str, list[str]]:
    """Findings that come up when one point is left out, by that point.

    Parameters
    ----------
    deviations : that were put in
    names : of the points; none: every one but the status of the units
    """
    of = run("plant-template", *deviations)
    whole = diagnosed(of)
    before = {one.parameter for one in whole.found}
    before |= {name for one in whole.findings for name in one.alternatives}
    found = {}
    for left_out in of.points:
        if left_out.id in names or (not names and left_out.id not in STATUS):
            rest = [one for one in of.points if one.id != left_out.id]
            new = [one.parameter for one in diagnosed(of, recorded(of, rest)).findings
                   if one.probability > 0.5 and one.parameter not in before]  # fmt: skip
            if new:
                found[left_out.id] = new
    return found


@pytest.mark.parametrize(
    ("deviations", "names"), [((), TELLING), ((Deviation("source_flow", 0.7),), TELLING[:3])]
)
def test_a_telling_point_less_never_makes_a_finding(
    deviations: tuple[Deviation, ...], names: tuple[str, ...]
) -> None:
    assert made_up(deviations, names) == {}


@pytest.mark.verify
@pytest.mark.parametrize("deviations", [(), (Deviation("source_flow", 0.7),)])
def test_a_point_less_never_makes_a_finding(deviations: tuple[Deviation, ...]) -> None:
    assert made_up(deviations) == {}


def test_a_status_less_never_makes_a_finding() -> None:
    assert made_up((), STATUS[:1]) == {}
