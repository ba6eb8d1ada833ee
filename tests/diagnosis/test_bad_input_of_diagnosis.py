"""Records and folders that are wrong, thin or strange: a clear error, or a useful answer."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import diwen
from diwen import diagnosis, telemetry
from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.finding import Case
from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.steps import Reading
from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "plant-template"
HOUR = 3_600_000_000
Series = dict[str, tuple[np.ndarray, np.ndarray]]
LEDGER = "date,stage,object,item,value,unit,by,evidence,note\n"


@pytest.fixture(scope="module")
def plant() -> Site:
    return diwen.read(EXAMPLE).model_copy(update={"ledger": ()})


@pytest.fixture(scope="module")
def simulated(plant: Site) -> SiteSimulation:
    """A leap year, so that every case crosses a 29 February."""
    return simulate_site(
        plant, years=1, since=date(2024, 1, 1), points="standard", seed=4,
        sensors=[SensorFault("class_error"), SensorFault("noise")],
    )  # fmt: skip


@pytest.fixture(scope="module")
def raw(simulated: SiteSimulation) -> Series:
    return {one.point.id: (one.time, one.value) for one in simulated.record().series}


@pytest.fixture(scope="module")
def case(plant: Site, simulated: SiteSimulation, raw: Series) -> Case:
    return case_of(plant, recorded(plant, simulated, raw))


def recorded(site: Site, simulated: SiteSimulation, raw: Series):
    """The record of raw numbers, as they come."""
    series = {}
    points = {one.id: one for one in simulated.points}
    for id, (time, value) in raw.items():
        factor, offset = points[id].factor_offset()
        series[id] = Reading(time, value * factor + offset)
    return record_of_series(site, tuple(points.values()), series)


@pytest.fixture
def strictly() -> Iterator[None]:
    """A warning of NumPy is a failure: it turns into nonsense further on."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def sound(found: Diagnosis) -> Diagnosis:
    json.dumps(found.as_dict(figures=True), allow_nan=False)
    for one in found.findings:
        assert 0.0 <= one.probability <= 1.0, one.parameter
        assert one.low <= one.value <= one.high, one.parameter
    return found


Change = Callable[[Series], Series]


def cut(hours: int) -> Change:
    return lambda raw: {id: (time[:hours], value[:hours]) for id, (time, value) in raw.items()}


def valued(change: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Change:
    return lambda raw: {id: (time, change(time, value)) for id, (time, value) in raw.items()}


def gap(raw: Series) -> Series:
    """Nine months without any record."""
    kept = {}
    for id, (time, value) in raw.items():
        away = (time > time[700]) & (time < time[7300])
        kept[id] = (time[~away], value[~away])
    return kept


def mostly_lost(raw: Series) -> Series:
    draw = np.random.default_rng(0)
    kept = {}
    for id, (time, value) in raw.items():
        some = draw.random(len(time)) < 0.01
        kept[id] = (time[some], value[some])
    return kept


def five_minutes(raw: Series) -> Series:
    """One month, each hour told twelve times; when units start is not known that finely."""
    kept = {}
    for id, (time, value) in raw.items():
        if id.endswith(("status", "electricity")):
            continue
        dense = time[0] + np.arange(12 * 720) * (HOUR // 12)
        held = np.interp(dense, time, value) if id == "load_heat" else value[
            np.searchsorted(time, dense, side="right") - 1]  # fmt: skip
        kept[id] = (dense, held)
    return kept


THIN: dict[str, Change] = {
    "one hour": cut(1), "two hours": cut(2), "a day": cut(24), "a week": cut(168),
    "one point": lambda raw: {"load_heat": raw["load_heat"]},
    "outdoor alone": lambda raw: {"outdoor": raw["outdoor"]},
    "all zero": valued(lambda _, value: np.zeros_like(value)),
    "all unknown": valued(lambda _, value: np.full_like(value, np.nan)),
    "nine months missing": gap, "one record of a hundred": mostly_lost,
    "five minutes": five_minutes,
}  # fmt: skip


@pytest.mark.usefixtures("strictly")
@pytest.mark.parametrize("name", THIN)
def test_thin_records_are_answered_and_nothing_is_made_up(
    plant: Site, simulated: SiteSimulation, raw: Series, case: Case, name: str
) -> None:
    record = recorded(plant, simulated, THIN[name](raw))
    if not len(record):
        with pytest.raises(InputError):
            diagnosis.diagnose_record(plant, record)
        return
    found = sound(diagnosis.diagnose_record(plant, record, attribution=False, like=case))
    assert found.found == ()
    assert found.not_judged


# ---- through the folder, as a person does it


def points_file(simulated: SiteSimulation) -> str:
    rows = ["id,quantity,unit,equipment,location,accuracy,interval"]
    for one in simulated.points:
        place = f"{one.location}@{one.detail}" if one.detail else one.location
        step = f"{one.interval:g} s" if one.interval else ""
        equipment = "+".join(one.equipment)
        rows.append(
            f'{one.id},{one.quantity},{one.unit},{equipment},{place},"{one.accuracy}",{step}'
        )
    return "\n".join(rows) + "\n"


def written(raw: Series, path: Path, zone: ZoneInfo, twice: bool = False) -> None:
    stamps = np.unique(np.concatenate([time for time, _ in raw.values()]))
    cells = {}
    for id, (time, value) in raw.items():
        cells[id] = dict(zip(time.tolist(), value.tolist(), strict=True))
    lines = [",".join(["time", *raw])]
    for stamp in stamps.tolist():
        local = datetime.fromtimestamp(stamp / 1e6, UTC).astimezone(zone).isoformat()
        values = [repr(held[stamp]) if stamp in held else "" for held in cells.values()]
        lines += [",".join([local, *values])] * (2 if twice else 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


SHORT = cut(900)


@pytest.fixture
def delivered(tmp_path: Path, simulated: SiteSimulation, raw: Series) -> Callable[..., Site]:
    def of(
        change: Change = SHORT, *, ledger: str = "", zone: str = "Asia/Shanghai",
        twice: bool = False, toml: Callable[[str], str] | None = None,
        points: Callable[[str], str] | None = None,
    ) -> Site:  # fmt: skip
        folder = tmp_path / "plant"
        left_out = shutil.ignore_patterns("telemetry", "ledger.csv", "points.csv")
        shutil.copytree(EXAMPLE, folder, ignore=left_out)
        text = points_file(simulated)
        (folder / "points.csv").write_text(points(text) if points else text, encoding="utf-8")
        if ledger:
            (folder / "ledger.csv").write_text(LEDGER + ledger, encoding="utf-8")
        text = (folder / "site.toml").read_text(encoding="utf-8")
        (folder / "site.toml").write_text(toml(text) if toml else text, encoding="utf-8")
        written(change(raw), folder / "data.csv", ZoneInfo(zone), twice)
        telemetry.import_files(diwen.read(folder), [folder / "data.csv"])
        return diwen.read(folder)

    return of


def kelvin(raw: Series) -> Series:
    warm = ("entering", "leaving", "outdoor", "room", "ground_")
    changed = SHORT(raw)
    return {
        id: (time, value + 273.15 if any(word in id for word in warm) else value)
        for id, (time, value) in changed.items()
    }


def sentinel(raw: Series) -> Series:
    changed = SHORT(raw)
    return {id: (time, np.where(np.arange(len(value)) % 50 == 7, -9999.0, value))
            for id, (time, value) in changed.items() if "flow" not in id}  # fmt: skip


@pytest.mark.usefixtures("strictly")
@pytest.mark.parametrize("name", ["kelvin", "sentinel", "twice", "zone"])
def test_strange_deliveries_make_no_finding(delivered: Callable[..., Site], name: str) -> None:
    """Kelvin called °C, a word for no value, lines twice, a zone with summer time."""
    site = {
        "kelvin": lambda: delivered(kelvin), "sentinel": lambda: delivered(sentinel),
        "twice": lambda: delivered(twice=True),
        "zone": lambda: delivered(zone="America/New_York"),
    }[name]()  # fmt: skip
    found = sound(diagnosis.diagnose(site, attribution=False))
    assert found.found == ()


def test_a_ledger_of_strange_items_is_read_past(delivered: Callable[..., Site]) -> None:
    site = delivered(ledger=(
        "2023-05-20,maintenance,nowhere,😀 <b>cleaned</b>,nan,%,,,\n"
        "2023-05-20,operation,site,occupancy,-300,%,,,\n"
        "2023-05-20,operation,site,occupancy,abc,,,,\n"
        "2024-01-10,maintenance,hp1,strainer cleaned,1e99,K,,,\n"
    ))  # fmt: skip
    assert sound(diagnosis.diagnose(site, attribution=False)).found == ()


@pytest.mark.parametrize(
    ("ledger", "words"),
    [
        ("2034-05-20,maintenance,hp1,cleaned,,,,,\n", ("ledger.csv", "line 2", "2034-05-20")),
        ("2024-05-20,drilling,field,boreholes,,,,,\n", ("ledger.csv", "2024-05-20", "since")),
    ],
)
def test_dates_that_cannot_be_are_refused(
    delivered: Callable[..., Site], ledger: str, words: tuple[str, ...]
) -> None:
    """The future; records from before the plant was built: file, line, value and cure."""
    with pytest.raises(InputError) as error:
        diagnosis.diagnose(delivered(ledger=ledger))
    for word in words:
        assert word in str(error.value)
    assert all(one.cure.en and one.cure.zh for one in error.value.problems)


def test_boundaries_that_count_twice_are_refused(delivered: Callable[..., Site]) -> None:
    def doubled(text: str) -> str:
        text = text.replace(",electric_energy,kWh,hp1,", ",electric_energy,kWh,hp1+pump_source,")
        return text.replace(",kWh,pump_source,", ",kWh,pump_source+pump_load,")

    with pytest.raises(InputError, match="counted twice"):
        diagnosis.diagnose(delivered(points=doubled))


def test_two_points_of_one_place_are_refused(delivered: Callable[..., Site]) -> None:
    def both(text: str) -> str:
        return text.replace(",source_leaving,", ",source_entering,")

    with pytest.raises(InputError, match="claim the same"):
        diagnosis.diagnose(delivered(points=both))


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2024, 2, 1), date(2024, 1, 1)), (date(2024, 1, 5), date(2024, 1, 5))],
)
def test_a_period_upside_down_is_refused(plant: Site, since: date, until: date) -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        diagnosis.diagnose(plant, since=since, until=until)


def test_no_telemetry_is_refused_with_a_cure(tmp_path: Path) -> None:
    folder = tmp_path / "plant"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("telemetry"))
    with pytest.raises(InputError, match="diwen import"):
        diagnosis.diagnose(diwen.read(folder))


@pytest.mark.parametrize("name", ["no area", "no rating"])
def test_a_site_that_says_little_is_told_what_it_lacks(
    delivered: Callable[..., Site], name: str
) -> None:
    def less(text: str) -> str:
        words = ("heated_area", "cooled_area") if name == "no area" else ("rated_",)
        return "\n".join(line for line in text.split("\n") if not line.startswith(words))

    found = sound(diagnosis.diagnose(delivered(toml=less)))
    assert found.found == ()
    if name == "no rating":
        assert any("cannot be simulated" in one.en for one in found.warnings)
        assert found.attribution is None or found.attribution.refused is not None


def test_not_judged_when_every_channel_is_gone(
    plant: Site, simulated: SiteSimulation, raw: Series, case: Case
) -> None:
    record = recorded(plant, simulated, raw)
    bare = replace(record, sources={}, circuits={}, units={}, pumps={}, outdoor=None, mode=None)
    found = sound(diagnosis.diagnose_record(plant, bare, attribution=False, like=case))
    assert found.found == ()
    assert found.missing()
