"""Deviations of bore fields, wells and back-ups against formulas by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_sites import plant

from diwen.plant.station import Backup, LoadLoop, SourceLoop, Station, SupplyCurve, Unit
from diwen.site import Site
from diwen.site.closed_loops import closed_loop
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.deviating_plant import DeviatingPlant
from diwen.twin.deviations import Deviation, deviating_inputs, deviating_site
from diwen.twin.deviations_plant import TwinInputs
from diwen.twin.deviations_sources import kept_boreholes, leak_of, uneven_flow
from diwen.twin.run import simulate
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

DAY, YEAR = 86400.0, 365.0 * 86400.0
RESPONSE = Response(
    np.array([5 * DAY, YEAR]), np.array([[[2e-4, 3e-4]]]), np.full((1, 1), 1e-4), np.ones(1)
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return plant(tmp_path_factory.mktemp("sources") / "office")


def model(kind: str, share: Sequence[float] | None = None) -> SourceModel:
    shares = None if share is None else np.asarray(share, float)
    return SourceModel(kind, RESPONSE, 12.0, 8e4, 0.02, flow_shares=shares)


def inputs(kind: str) -> TwinInputs:
    loop = LoadLoop("warm", "heat", ("house",), SupplyCurve.constant(40.0))
    unit = Unit("u", 1, "ground", ("warm",))
    boiler = Backup("gas", "warm", 50e3, 0.9, "natural_gas")
    station = Station((SourceLoop("ground"),), (loop,), (unit,), (boiler,))
    load = np.array([10e3, 0.0, 5e3])
    return TwinInputs(station, {"ground": model(kind)}, {"warm": load}, np.zeros(3), 3600.0)


def changed(kind: str, name: str, value: float) -> SourceModel:
    return deviating_inputs(inputs(kind), [Deviation(name, value)]).sources["ground"]


TIMES = np.array([3600.0, 10 * DAY, 30 * YEAR])


def test_a_shorter_field_answers_by_its_length_at_all_times() -> None:
    for name in ("effective_length", "field_size"):
        found = changed("borefield", name, 0.8)
        assert found.response.at(TIMES) == pytest.approx(RESPONSE.at(TIMES) / 0.8)
        assert found.heat_capacity_rate == 8e4
        assert found.undisturbed_temperature == 12.0
        assert changed("circulation_well", "effective_length", 0.8).response is RESPONSE


def test_fewer_wells_give_less_water_and_answer_by_more() -> None:
    found = changed("groundwater_wells", "field_size", 0.5)
    assert found.response.at(TIMES) == pytest.approx(2.0 * RESPONSE.at(TIMES))
    assert (found.heat_capacity_rate, found.flow) == (4e4, 0.01)


def pumped_and_returned(source: SourceModel, heat: float, drop: float) -> tuple[float, float]:
    """Temperatures of pumped and return water for a steady heat rate, by the model."""
    mean = 12.0 - drop - heat * float(np.asarray(source.resistance))
    half = 0.5 * heat / source.heat_capacity_rate
    return mean + half, mean - half


def test_a_bypass_of_the_packer_is_a_mix_of_aquifer_and_return_water() -> None:
    found, heat, share = changed("circulation_well", "packer_bypass", 0.3), 40e3, 0.3
    pumped, back = pumped_and_returned(found, heat, heat * 6e-4)
    # Through the aquifer goes 0.7 of the flow with all of the heat; its mean is what answers.
    half = 0.5 * heat / (0.7 * 8e4)
    aquifer, injected = 12.0 - heat * 6e-4 + half, 12.0 - heat * 6e-4 - half
    assert back == pytest.approx(injected)
    assert pumped == pytest.approx((1.0 - share) * aquifer + share * back)


def test_breakthrough_brings_back_a_share_of_the_injected_cold_in_time() -> None:
    found, heat, share = changed("well_doublet", "breakthrough", 0.2), 40e3, 0.2
    late, early = 1e12, 3600.0
    before = pumped_and_returned(model("well_doublet"), heat, heat * float(RESPONSE.at(late)))
    after = pumped_and_returned(found, heat, heat * float(found.response.at(late)))
    assert after[0] == pytest.approx((1.0 - share) * before[0] + share * after[1])
    # An hour on little of it has come: 1 h of 30 days.
    came = float(found.response.at(early) - RESPONSE.at(early))
    assert came == pytest.approx(0.25 / 8e4 * (1 / 24 / 30), rel=0.01)


def test_heads_of_wells_by_permeability_and_clogging() -> None:
    found = deviating_inputs(
        inputs("groundwater_wells"),
        [Deviation("permeability", 0.5), Deviation("injection_clogging", 0.4)], 1,
    )  # fmt: skip
    assert found.drawdown_factor == pytest.approx(2.0)
    assert found.injection_factor == pytest.approx(2.0 * (1.0 + 0.4 * 1.5))


def test_a_leaking_back_up_warms_the_source_while_the_plant_runs() -> None:
    (leak,) = deviating_inputs(inputs("borefield"), [Deviation("backup_leak", 0.1)]
                               ).station.recharges  # fmt: skip
    assert leak.name == leak_of("gas")
    assert leak.source == "ground"
    assert leak.at_zero == pytest.approx([5e3, 0.0, 5e3])
    assert leak.per_kelvin == leak.power == 0.0


@given(st.floats(0.05, 5.0), st.floats(0.0, 0.9))
def test_uneven_flow_never_helps(units: float, spread: float) -> None:
    factor = uneven_flow(units, spread)
    assert factor >= 1.0 - 1e-9
    assert factor >= uneven_flow(units, 0.5 * spread) - 1e-9
    # N = 1, spread 0.3: half of 1.3 (1 - exp(-1/1.3)) + 0.7 (1 - exp(-1/0.7)) is 0.61497.
    assert uneven_flow(1.0, 0.3) == pytest.approx(-1.0 / np.log(1.0 - 0.61497), abs=2e-4)


@given(st.integers(1, 300), st.integers(1, 4), st.floats(0.0, 0.8))
def test_whole_branches_are_lost(count: int, series: int, share: float) -> None:
    kept = kept_boreholes(count, series, share)
    branches = max(1, count // series)
    lost = {hole // series for hole in range(count)} - {hole // series for hole in kept}
    assert len(lost) == min(round(share * branches), branches - 1)
    assert kept


def test_lost_branches_leave_the_others_in_their_places_with_more_flow(office) -> None:
    found = deviating_site(office, [Deviation("lost_branches", 0.25)])
    before, after = closed_loop(office), closed_loop(found)
    n, left = before.loop.boreholes.count, after.loop.boreholes.count
    assert left == n - round(0.25 * n)
    places = set(zip(before.loop.boreholes.x, before.loop.boreholes.y, strict=True))
    assert set(zip(after.loop.boreholes.x, after.loop.boreholes.y, strict=True)) <= places
    assert after.flow == before.flow
    one, other = (inputs_of_site(site, 3600.0).inputs.sources["field"].response
                  for site in (office, found))  # fmt: skip
    # At first every borehole is alone; in the end the ground is the same one for all of them.
    ratio = other.at(np.array([2 * 3600.0, 50 * YEAR])) / one.at(np.array([2 * 3600.0, 50 * YEAR]))
    assert float(ratio[0]) == pytest.approx(n / left, rel=0.05)
    assert 1.0 < float(ratio[1]) < float(ratio[0]) - 0.1


def test_imbalance_of_branches_is_a_higher_resistance_of_the_field(office) -> None:
    found = deviating_site(office, [Deviation("branch_imbalance", 0.5)])
    before, after = closed_loop(office), closed_loop(found)
    assert before.flow is not None
    rate = before.flow * float(before.fluid.heat_capacity(15.0))
    units = float(np.sum(before.loop.lengths)) / (before.resistance * rate)
    assert after.resistance / before.resistance == pytest.approx(uneven_flow(units, 0.5), rel=0.01)


def test_what_a_site_has_not_is_said(office) -> None:
    found = simulate_site(
        office, since=date(2025, 1, 1), keep="none",
        deviations=[Deviation("packer_bypass", 0.2), Deviation("backup_leak", 0.2),
                    Deviation("permeability", 0.5)],
    )  # fmt: skip
    said = [note.en for note in found.notes if "changes nothing" in note.en]
    assert len(said) == 3


def test_the_leak_burns_fuel_and_the_ground_takes_its_heat(office) -> None:
    """Heat that leaks is heat of the source loop; the fuel is that over the efficiency."""
    given_ = inputs_of_site(office, 3600.0).inputs
    boiler = Backup("gas", given_.station.load_loops[0].name, 100e3, 0.9, "natural_gas",
                    parallel_below=-50.0)  # fmt: skip
    plain = replace(given_, station=replace(given_.station, backups=(boiler,)))
    leaking = deviating_inputs(plain, [Deviation("backup_leak", 0.1)])
    runs = [simulate(one.station, one.sources, one.loads, one.outdoor) for one in (plain, leaking)]
    heat = runs[1].course.recharges[leak_of("gas")][0]
    running = sum(np.asarray(load) for load in given_.loads.values()) > 0.0
    assert heat == pytest.approx(np.where(running, 10e3, 0.0))
    assert runs[1].course.sources["field"].recharge == pytest.approx(heat)
    assert runs[1].closure < 1e-9


def test_a_bypass_leaves_less_flow_for_the_aquifer() -> None:
    def at_flow(flow: float) -> SourceModel:
        other = model("circulation_well")
        return replace(other, response=RESPONSE.scaled(0.02 / flow), flow=flow, at_flow=at_flow)

    given_ = inputs("circulation_well")
    well = replace(given_.sources["ground"], at_flow=at_flow)
    base = replace(given_, sources={"ground": well})
    found = deviating_inputs(base, [Deviation("packer_bypass", 0.2)]).sources["ground"]
    assert found.response.at(TIMES) == pytest.approx(RESPONSE.at(TIMES) / 0.8)
    assert (found.flow, found.heat_capacity_rate) == (0.02, 8e4)
    # At another flow of the pump it is the same share that flows past.
    half = found.with_flow(0.01)
    assert half.response.at(TIMES) == pytest.approx(RESPONSE.at(TIMES) * 2.0 / 0.8)


def test_a_plant_is_built_once_for_what_does_not_change_its_site(office) -> None:
    ready = DeviatingPlant(office)
    plain = ready.inputs()
    grown = ready.inputs([Deviation("efficiency_loss", 0.1), Deviation("effective_length", 0.5)], 2)
    assert grown.loads is plain.loads
    old, new = (one.station.units[0].heating for one in (plain, grown))
    assert old is not None
    assert new is not None
    assert float(new.power.flat[0] / old.power.flat[0]) == pytest.approx(1.0 / (1.0 - 0.2))
    late = ready.inputs([Deviation("lost_branches", 0.5, since=3.0)], 2.0)
    assert late is plain
