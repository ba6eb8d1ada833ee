"""Loads and weather of a site: what is used of all that it says, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diwen.loads.degree_days import full_load_hours
from diwen.loads.load_series import LoadSeries
from diwen.loads.weather import Weather
from diwen.problems import InputError
from diwen.site import read
from diwen.site.envelope import Envelope
from diwen.site.load_rules import outdoor_design
from diwen.site.load_series import loads_of_site, summed
from diwen.site.model import Site
from diwen.site.weather_of_site import weather_of_site

HEAD = """schema = 1
[site]
name_en = "Test"
name_zh = "测试"
kind = "plant"
[place]
region = "Beijing"
latitude = "39.9 deg"
longitude = "116.4 deg"
[operation]
heating_season = "11-15..03-15"
cooling_season = "06-01..08-31"
"""
WEATHER = '[weather]\nfile = "air.csv"\n'
HOURS = np.arange(8760)
AIR = 12.0 - 15.0 * np.cos(2 * np.pi * (HOURS - 480) / 8760)
AIR -= 5.0 * np.cos(2 * np.pi * (HOURS - 72) / 24)


def _site(folder: Path, loads: str, *, weather: str = WEATHER, head: str = HEAD) -> Site:
    (folder / "site.toml").write_text(head + weather + loads, encoding="utf-8")
    rows = "\n".join(f"{value:.3f}" for value in AIR)
    (folder / "air.csv").write_text(f"Air temperature (°C)\n{rows}\n", encoding="utf-8")
    return read(folder)


def _loads(site: Site) -> dict[str, tuple[LoadSeries, ...]]:
    return loads_of_site(site, weather_of_site(site))


def _one(site: Site, kind: str = "heating") -> LoadSeries:
    series = [one for all_ in _loads(site).values() for one in all_ if one.kind == kind]
    assert len(series) == 1
    return series[0]


def _energy(series: LoadSeries) -> float:
    return float(series.power.sum()) * 3600.0


BUILDING = '[loads.house]\nkind = "building"\nbuilding_type = "residential"\n'


def test_an_index_has_its_peak_a_plausible_energy_and_says_what_it_is(tmp_path: Path) -> None:
    found = _one(_site(tmp_path, BUILDING + 'area = "10000 m2"\n'))
    assert found.origin == "index"
    assert found.power.max() == pytest.approx(425e3)
    assert 1200 < full_load_hours(found.power) < 2600
    assert any("first studies only" in note.en for note in found.notes)
    assert any("仅用于初步研究" in note.zh for note in found.notes)


def test_the_index_is_linear_in_area_and_in_the_served_share(tmp_path: Path) -> None:
    one = _one(_site(tmp_path, BUILDING + 'area = "10000 m2"\n'))
    part = BUILDING + 'area = "20000 m2"\nserved_share = 0.25\n'
    half = _one(_site(tmp_path, part))
    assert half.power == pytest.approx(0.5 * one.power)
    assert any("0.25" in note.en for note in half.notes)


def test_heat_is_only_asked_for_in_its_season(tmp_path: Path) -> None:
    loads = BUILDING + 'heating_design_load = "400 kW"\ncooling_design_load = "300 kW"\n'
    site = _site(tmp_path, loads)
    heat, cold = _one(site), _one(site, "cooling")
    day = HOURS // 24
    assert heat.power[(day >= 74) & (day < 318)].sum() == 0.0
    assert heat.power[318 * 24 :].sum() > 0.0
    assert cold.power[(day < 151) | (day >= 243)].sum() == 0.0
    assert heat.power.max() == pytest.approx(400e3)
    assert cold.power.max() == pytest.approx(300e3)


def test_what_is_known_best_is_used(tmp_path: Path) -> None:
    """File before signature, before the model, before demand, before design load, before area."""
    keys = [
        'area = "5000 m2"\n',
        'heating_design_load = "300 kW"\n',
        'heating_demand = "500 MWh"\n',
        "envelope = {}\n",
        'heat_loss = "9 kW/K"\nbalance_temperature = "15 °C"\n',
        'hourly_file = "load.csv"\n',
    ]
    (tmp_path / "load.csv").write_text("Heating (kW)\n" + "7\n" * 8760)
    said = ["index", "design load at", "design load and yearly demand", "5R1C model",
            "energy signature", "load.csv"]  # fmt: skip
    for count, words in enumerate(said, 1):
        site = _site(tmp_path, BUILDING + "".join(keys[:count]))
        found = _one(site)
        assert words in " ".join(note.en for note in found.notes), words
        assert found.origin == {1: "index", 6: "given"}.get(count, "simulated")


def test_yearly_demand_and_design_load_are_kept(tmp_path: Path) -> None:
    loads = 'heating_demand = "700 MWh"\nheating_design_load = "400 kW"\n'
    found = _one(_site(tmp_path, BUILDING + loads))
    assert _energy(found) == pytest.approx(700e3 * 3.6e6, rel=1e-6)
    assert found.power.max() == pytest.approx(400e3)
    alone = _one(_site(tmp_path, BUILDING + 'heating_demand = "700 MWh"\n'))
    assert _energy(alone) == pytest.approx(700e3 * 3.6e6)


def test_a_signature_is_its_line_over_the_days(tmp_path: Path) -> None:
    flat = f"day_profile = {[1] * 24}\n"
    line = 'heat_loss = "10 kW/K"\nbalance_temperature = "15 °C"\nbase_load = "20 kW"\n'
    found = _one(_site(tmp_path, BUILDING + line + flat))
    january = found.power[: 30 * 24].reshape(30, 24).mean(axis=1)
    days = AIR[: 30 * 24].reshape(30, 24).mean(axis=1)
    assert january == pytest.approx(20e3 + 10e3 * (15.0 - days), rel=1e-3)


def test_a_demand_that_no_design_load_can_bring_is_refused(tmp_path: Path) -> None:
    loads = 'heating_demand = "7000 MWh"\nheating_design_load = "400 kW"\n'
    with pytest.raises(InputError) as refusal:
        _loads(_site(tmp_path, BUILDING + loads))
    assert "17500 full-load hours" in str(refusal.value)


def test_all_faults_of_all_loads_are_told_at_once(tmp_path: Path) -> None:
    loads = (
        BUILDING + 'heating_design_load = "1 kW"\n'
        '[loads.empty]\nkind = "building"\n'
        '[loads.water]\nkind = "hot_water"\n'
        '[loads.basin]\nkind = "pool"\n'
        '[loads.snow]\nkind = "snow_melting"\nheating_design_load = "9 kW"\n'
        '[loads.line]\nkind = "process"\n'
    )
    site = _site(tmp_path, loads, weather="")
    assert weather_of_site(site) is None
    with pytest.raises(InputError) as refusal:
        loads_of_site(site, None)
    named = {problem.where for problem in refusal.value.problems}
    wanted = ("house", "empty", "water", "basin", "snow", "line")
    assert named == {f"loads.{name}" for name in wanted}
    assert all(problem.cure.en and problem.cure.zh for problem in refusal.value.problems)


def test_files_need_no_weather_and_shorter_steps_become_hours(tmp_path: Path) -> None:
    quarter = "\n".join(["1", "2", "3", "6"] * 8760)
    (tmp_path / "load.csv").write_text("Heating (kWh)\n" + quarter)
    loads = BUILDING + 'hourly_file = "load.csv"\nhourly_file_step = "15 min"\n'
    found = _one(_site(tmp_path, loads, weather=""))
    assert found.power == pytest.approx(np.full(8760, 12e3))
    (tmp_path / "load.csv").write_text("Heating (kW)\n" + quarter)
    assert _one(read(tmp_path)).power == pytest.approx(np.full(8760, 3e3))


def test_a_file_of_hot_water_alone_and_of_the_ground(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("Hot water (kW)\n" + "5\n" * 8760)
    loads = '[loads.dhw]\nkind = "hot_water"\nhourly_file = "load.csv"\n'
    assert _one(_site(tmp_path, loads, weather=""), "hot_water").power.max() == 5e3
    (tmp_path / "load.csv").write_text("Heat extraction (kW)\n" + "5\n" * 8760)
    with pytest.raises(InputError, match="loads of the ground"):
        loads_of_site(read(tmp_path))


def test_years_of_a_file_are_repeated_over_those_of_the_weather(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("Heating (kW)\n" + "5\n" * 8759 + "9\n")
    loads = BUILDING + 'hourly_file = "load.csv"\n[loads.b]\nkind = "building"\narea = "100 m2"\n'
    station = '[weather]\nstation = "beijing-weather"\nyears = [2012, 2013]\n'
    site = _site(tmp_path, loads, weather=station)
    found = _loads(site)
    assert {len(one.power) for all_ in found.values() for one in all_} == {2 * 8760}
    assert found["house"][0].power[8759] == 9e3
    (tmp_path / "load.csv").write_text("Heating (kW)\n" + "5\n" * 3 * 8760)
    with pytest.raises(InputError, match="3 years of loads do not fit 2 years"):
        _loads(site)


def test_hot_water_volume_quota_and_design_load(tmp_path: Path) -> None:
    head = '[loads.dhw]\nkind = "hot_water"\nbuilding_type = "hotel"\n'
    loads = head + 'daily_volume = "20 m3"\ncold_water_temperature = "10 °C"\n'
    full = _one(_site(tmp_path, loads), "hot_water")
    assert _energy(full) == pytest.approx(365 * 20.0 * 4.18e6 * 50.0, rel=1e-3)
    kept = _one(_site(tmp_path, loads + 'heating_design_load = "60 kW"\n'), "hot_water")
    assert kept.power.max() == pytest.approx(60e3)
    assert _energy(kept) == pytest.approx(_energy(full))
    quota = _one(_site(tmp_path, head + "persons = 100\n"), "hot_water")
    assert quota.origin == "index"


def test_pools_processes_and_snow(tmp_path: Path) -> None:
    loads = (
        '[loads.basin]\nkind = "pool"\nwater_surface = "500 m2"\n'
        '[loads.line]\nkind = "process"\nbase_load = "50 kW"\ncooling_design_load = "30 kW"\n'
        '[loads.snow]\nkind = "snow_melting"\nheating_design_load = "90 kW"\n'
    )
    found = _loads(_site(tmp_path, loads))
    assert 20e3 < found["basin"][0].power.mean() < 100e3
    assert [one.kind for one in found["line"]] == ["process", "cooling"]
    assert (found["line"][0].power == 50e3).all()
    assert (found["snow"][0].power[AIR > 1.0] == 0.0).all()
    heat = summed(found, "pool", "process")
    assert heat == pytest.approx(
        found["basin"][0].power + found["line"][0].power + found["snow"][0].power
    )


@pytest.mark.parametrize("model", ["5R1C", "2R2C"])
def test_a_better_insulated_building_needs_less(tmp_path: Path, model: str) -> None:
    def heat(age: str) -> LoadSeries:
        loads = BUILDING + f'area = "8000 m2"\n[loads.house.envelope]\nmodel = "{model}"\n'
        return _one(_site(tmp_path, loads + f'age = "{age}"\n'))

    ages = ("old", "energy_saving_50", "energy_saving_65", "energy_saving_75", "low_energy")
    found = [heat(age) for age in ages]
    energies = [_energy(one) / 3.6e6 / 8000.0 for one in found]
    assert energies == sorted(energies, reverse=True)
    assert 10.0 < energies[-1] < energies[0] < 160.0
    assert any("no sun" in note.en for note in found[0].notes)


def test_scenarios_of_the_measured_weather(tmp_path: Path) -> None:
    """The buildings stay the same: a colder year needs more heat, a warmer climate less."""
    station = '[weather]\nstation = "beijing-weather"\nscenario = "future"\n'
    loads = BUILDING + 'heating_design_load = "400 kW"\n[loads.b]\nkind = "building"\n'
    loads += 'heating_demand = "800 MWh"\n'
    site = _site(tmp_path, loads, weather=station + 'temperature_shift = ["2 K"]\n')
    found = {}
    for name in ("future", "typical", "cold", "warm"):
        weather = weather_of_site(site, name)
        assert weather is not None
        assert weather.years == 1
        assert any("not at the site" in note.en for note in weather.notes)
        found[name] = weather
    assert found["future"].origin.startswith("simulated")
    rise = found["future"].dry_bulb - found["typical"].dry_bulb
    assert rise == pytest.approx(np.full(8760, 2.0))
    for load in ("house", "b"):
        heat = {name: loads_of_site(site, one)[load][0].power.sum() for name, one in found.items()}
        assert heat["cold"] > heat["typical"] > heat["warm"]
        assert heat["typical"] > heat["future"]
    demand = loads_of_site(site, found["typical"])["b"][0]
    assert _energy(demand) == pytest.approx(800e3 * 3.6e6)


@pytest.mark.parametrize(
    ("weather", "said"),
    [
        ('[weather]\nstation = "beijing-wether"\n', "no weather station of that name"),
        ('[weather]\nstation = "beijing-weather"\nyears = [2019]\n', "not hold this year"),
    ],
)
def test_wrong_stations_and_years_are_refused(tmp_path: Path, weather: str, said: str) -> None:
    site = _site(tmp_path, "", weather=weather)
    with pytest.raises(InputError, match=said) as refusal:
        weather_of_site(site)
    assert refusal.value.problems[0].cure.zh


@pytest.mark.parametrize(
    ("weather", "said"),
    [
        ('[weather]\nfile = "air.csv"\nstation = "beijing-weather"\n', "both a file"),
        ('[weather]\nfile = "lost.csv"\n', "not in the site folder"),
        ('[weather]\nfile = "../air.csv"\n', "outside the site folder"),
        ('[weather]\ntemperature_shift = ["1 K", "2 K"]\n', "nor twelve"),
        ('[weather]\ntemperature_shift = ["20 °C"]\n', "temperature_shift"),
        ('[weather]\nscenario = "future"\n', "without a temperature shift"),
        ('[loads.a]\nkind = "building"\nday_profile = [1, 2]\n', "24 values"),
        (
            '[loads.a]\nkind = "building"\n[loads.a.envelope]\ncooling_setpoint = "19 °C"\n',
            "below the heating set point",
        ),
    ],
)
def test_faults_of_the_tables_are_told_at_reading(tmp_path: Path, weather: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _site(tmp_path, "", weather=weather)


def test_outdoor_design_temperature_of_site_weather_or_region(tmp_path: Path) -> None:
    site = _site(tmp_path, "")
    weather = weather_of_site(site)
    by_weather, by_region = (outdoor_design(site, "heating", one) for one in (weather, None))
    assert by_weather is not None
    assert by_region is not None
    assert by_region.temperature == -7.6
    assert "not verified" in by_region.origin.en
    assert by_weather.temperature == pytest.approx(np.sort(AIR.reshape(365, 24).mean(axis=1))[5],
                                                   abs=1e-3)  # fmt: skip
    head = HEAD.replace("[operation]", 'outdoor_heating_design_temperature = "-12 °C"\n[operation]')
    own = outdoor_design(_site(tmp_path, "", head=head), "heating", weather)
    assert own is not None
    assert own.temperature == -12.0
    nowhere = _site(tmp_path, "", head=HEAD.replace('region = "Beijing"\n', ""))
    assert outdoor_design(nowhere, "heating", None) is None


def test_ground_and_sun_of_an_envelope_are_asked_for_by_name(tmp_path: Path) -> None:
    """Nothing changes without the keys; a warm ground and a dark wall save heat."""
    example = Path(__file__).parents[2] / "examples" / "sizing-office"
    base = read(example)
    n = np.arange(8760)
    weather = Weather(
        5.0 - 15.0 * np.cos(2.0 * np.pi * n / 8760.0),
        global_horizontal=np.maximum(0.0, 600.0 * np.sin(2.0 * np.pi * (n % 24 - 6) / 24.0)),
        latitude=40.0, longitude=116.4,
    )  # fmt: skip

    def heat(**keys: object) -> tuple[float, str]:
        envelope = Envelope(**keys)
        load = base.loads["office"].model_copy(
            update={"hourly_file": "", "area": 2000.0, "envelope": envelope}
        )
        site = base.model_copy(update={"loads": {"office": load}})
        series = next(one for one in loads_of_site(site, weather)["office"]
                      if one.kind == "heating")  # fmt: skip
        return float(series.power.sum()), " ".join(note.en for note in series.notes)

    plain, said = heat()
    assert "ground of" not in said
    warm, said = heat(ground_temperatures=("18 °C",))
    assert warm < plain
    assert "ground of 18 to 18 °C" in said
    months = tuple(f"{t} °C" for t in (8, 8, 9, 11, 13, 15, 17, 18, 17, 14, 11, 9))
    assert heat(ground_temperatures=months)[0] > warm
    dark, said = heat(solar_absorptance=0.9)
    assert dark < heat(solar_absorptance=0.3)[0]
    assert "walls and roof" in said
    findings = list(Envelope(ground_temperatures=("8 °C", "9 °C")).findings())
    assert [one.where for one in findings] == ["ground_temperatures"]
