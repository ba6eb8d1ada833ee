"""How deviations of bore fields, wells and what leaks into them change the twin.

A bore field that works on part of its length answers every heat rate by so much more; branches
without flow leave the others of the same field in the same ground; water that short-circuits in a
well mixes into what the pump lifts. Each is one formula on a source model, or a change of the site
before its models are built.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from diwen.plant.station import AIR, Recharge, Station
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS
from diwen.site.usual_values import usual_value
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.deviations_plant import Floats, TwinInputs, borehole_resistances

FIELDS = ("borefield",)
WELLS = (*GROUP_KINDS, *ONE_WELL_KINDS)
CIRCULATION = ("circulation_well", "standing_column_well")
_DAY = 86400.0
_LEAK = "{name}_leak"


# ---- bore fields


def effective_length(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Every metre that works carries more: the field answers by 1/factor at all times."""
    return _with_sources(inputs, FIELDS, lambda model: _larger_answer(model, 1.0 / factor))


def field_size(inputs: TwinInputs, factor: float) -> TwinInputs:
    """A source of a factor of the size, in the same proportions, as if designed so.

    A bore field of fewer boreholes at the same spacing answers by 1/factor, at the flow of the
    plant. Fewer wells at the same flow each give less water, and answer by 1/factor together.
    """
    fields = _with_sources(inputs, FIELDS, lambda model: _larger_answer(model, 1.0 / factor))
    wells = {name for name, model in inputs.sources.items() if model.kind in WELLS}
    if not wells:
        return fields
    changed = _with_sources(fields, WELLS, lambda model: _fewer_wells(model, factor))
    loops = tuple(
        replace(loop, pumps=tuple(replace(pump, design_flow=pump.design_flow * factor)
                                  for pump in loop.pumps))
        if loop.name in wells else loop
        for loop in inputs.station.source_loops
    )  # fmt: skip
    return replace(changed, station=replace(changed.station, source_loops=loops))


def lost_branches(site: Site, share: float) -> Site:
    """Branches without flow, evenly spread over the field: the others take all heat and flow."""
    sources, files = dict(site.sources), dict(site.borehole_files)
    for name, source in site.sources.items():
        if not isinstance(source, Borefield):
            continue
        kept = kept_boreholes(len(site.boreholes(name)), source.boreholes_in_series, share)
        holes = [site.boreholes(name)[number] for number in kept]
        update: dict[str, object] = {"zones": _zones_of(source, kept)}
        if name in files:
            files[name] = tuple(holes)
        else:
            free = _free([hole.x for hole in holes], [hole.y for hole in holes])
            update["layout"] = free
        sources[name] = source.model_copy(update=update)
    return site.model_copy(update={"sources": sources, "borehole_files": files})


def kept_boreholes(count: int, series: int, share: float) -> list[int]:
    """Numbers, from 0, of the boreholes whose branch has flow; one branch at least."""
    branches = max(1, count // series)
    lost = min(round(share * branches), branches - 1)
    dead = {int((number + 0.5) * branches / lost) for number in range(lost)}
    return [hole for hole in range(count) if hole // series not in dead]


def _zones_of(source: Borefield, kept: list[int]) -> dict[str, object]:
    """Zones with the new numbers of the boreholes that are left; empty zones go."""
    number = {old + 1: new + 1 for new, old in enumerate(kept)}
    found: dict[str, object] = {}
    for name, zone in source.zones.items():
        own = [number[one] for one in zone.numbers() if one in number]
        if own:
            text = ", ".join(str(one) for one in own)
            found[name] = zone.model_copy(update={"boreholes": text})
    return found


def _free(x: list[float], y: list[float]) -> object:
    from diwen.site.layouts import Free

    return Free.model_construct(pattern="free", x=tuple(x), y=tuple(y))


def branch_imbalance(site: Site, spread: float) -> Site:
    """Branches that share the flow unevenly: the field as one works with a higher resistance."""
    from diwen.fluids import Fluid
    from diwen.site.borehole_section import USUAL_TEMPERATURE
    from diwen.site.closed_loops import closed_loop

    def factor(name: str) -> float:
        built = closed_loop(site, name)
        if built.flow is None:
            return 1.0
        liquid: Fluid = built.fluid
        rate = built.flow * float(liquid.heat_capacity(USUAL_TEMPERATURE))
        metres = float(np.sum(built.loop.lengths))
        return uneven_flow(metres / (built.resistance * rate), spread)

    return borehole_resistances(site, factor)


def uneven_flow(transfer_units: float, spread: float) -> float:
    """Factor of the resistance of branches side by side whose flows differ.

    Half of the branches have a share 1 + spread of the mean flow, half 1 − spread; each warms its
    water by 1 − exp(−N / share) of the difference to the wall, N its conductance over its heat
    capacity rate, and the waters mix. The factor is N over the N that equal branches of the same
    warming would have.

    Parameters
    ----------
    transfer_units : N at equal flow
    spread : standard deviation of the flows over their mean, 0 to below 1
    """
    shares = np.array([1.0 + spread, 1.0 - spread])
    warmed = float(np.mean(shares * -np.expm1(-transfer_units / shares)))
    return transfer_units / -float(np.log1p(-warmed))


# ---- wells


def packer_bypass(inputs: TwinInputs, share: float) -> TwinInputs:
    """A share of the return water of a circulation well flows past the packer to the pump.

    The pump lifts (1 − b) of aquifer water and b of return water; only 1 − b of the flow goes
    through the aquifer. The aquifer answers with the mean of what leaves and enters it, at that
    flow; that of pumped and return water lies lower by b / (2 C (1 − b)) of the heat rate, with C
    the heat capacity rate of the whole flow.
    """

    def changed(model: SourceModel) -> SourceModel:
        through = model
        if model.at_flow is not None:
            through = model.with_flow(model.flow * (1.0 - share))
        more = share / (2.0 * model.heat_capacity_rate * (1.0 - share))
        shares = 1.0 if model.flow_shares is None else model.flow_shares
        found = replace(
            model,
            response=through.response,
            resistance=np.asarray(model.resistance) + more / shares,
        )
        return _at_other_flows(found, model, changed)

    return _with_sources(inputs, CIRCULATION, changed)


def breakthrough(inputs: TwinInputs, share: float) -> TwinInputs:
    """A share of the injected water comes back to the pump before it has taken the ground's heat.

    Steadily the pumped water is colder by b / (1 − b) of what the plant took from it. It comes
    with a delay, one mode with the time constant of the rules.
    """
    delay = usual_value("default.simulated.breakthrough_time") * _DAY

    def changed(model: SourceModel) -> SourceModel:
        steady = share / (1.0 - share) / model.heat_capacity_rate
        found = replace(model, response=with_mode(model.response, delay, steady))
        return _at_other_flows(found, model, changed)

    return _with_sources(inputs, WELLS, changed)


def with_mode(response: Response, time_constant: float, resistance: float) -> Response:
    """A response of one input with a mode more."""
    constants = np.append(response.time_constants, time_constant)
    residues = np.append(response.resistances, [[[resistance]]], axis=-1)
    order = np.argsort(constants, kind="stable")
    return replace(response, time_constants=constants[order], resistances=residues[..., order],
                   release=None)  # fmt: skip


def permeability(inputs: TwinInputs, factor: float) -> TwinInputs:
    """The aquifer lets water through by a factor of the survey: heads are those over the factor."""
    return replace(inputs, drawdown_factor=inputs.drawdown_factor / factor,
                   injection_factor=inputs.injection_factor / factor)  # fmt: skip


def injection_clogging(inputs: TwinInputs, grown: float) -> TwinInputs:
    """The injection wells resist by so much of their first resistance more."""
    return replace(inputs, injection_factor=inputs.injection_factor * (1.0 + grown))


# ---- what leaks


def backup_leak(inputs: TwinInputs, share: float) -> TwinInputs:
    """A share of the capacity of every back-up goes into the source loop while the plant runs.

    The plant runs in steps with any load. The leaking heat burns fuel, or takes electricity, at
    the efficiency of its back-up; it reaches the source that the units beside it draw on.
    """
    station = inputs.station
    running = np.any([np.asarray(load) > 0.0 for load in inputs.loads.values()], axis=0)
    leaks = []
    for backup in station.backups:
        source = _source_beside(station, backup.serves)
        if source is not None:
            rate = share * backup.capacity
            leaks.append(Recharge(leak_of(backup.name), source, np.where(running, rate, 0.0), 0.0,
                                  1, rate, 0.0, running))  # fmt: skip
    more = (*station.recharges, *leaks)
    return replace(inputs, station=replace(station, recharges=more))


def leak_of(backup: str) -> str:
    """Name of the heat that leaks from a back-up, among the recharges of a run."""
    return _LEAK.format(name=backup)


def _source_beside(station: Station, loop: str) -> str | None:
    """The source that the first water-source unit of a load loop, else of the plant, draws on."""
    names = [one.name for one in station.source_loops if one.name != AIR]
    serving = [unit for unit in station.units if loop in unit.serves]
    for unit in (*serving, *station.units):
        if unit.draws_on in names:
            return unit.draws_on
    return None


# ---- how sources are changed


def _with_sources(
    inputs: TwinInputs, kinds: Collection[str], change: Callable[[SourceModel], SourceModel]
) -> TwinInputs:
    sources = {
        name: change(model) if model.kind in kinds else model
        for name, model in inputs.sources.items()
    }
    return replace(inputs, sources=sources)


def _larger_answer(model: SourceModel, factor: float) -> SourceModel:
    """A source whose answer is larger at all times, its flow the same."""
    found = replace(model, response=model.response.scaled(factor),
                    resistance=np.asarray(model.resistance) * factor)  # fmt: skip
    return _at_other_flows(found, model, lambda other: _larger_answer(other, factor))


def _fewer_wells(model: SourceModel, factor: float) -> SourceModel:
    limits = replace(
        model.limits,
        largest_extraction=_share_of(model.limits.largest_extraction, factor),
        largest_injection=_share_of(model.limits.largest_injection, factor),
    )
    found = replace(
        model, response=model.response.scaled(1.0 / factor), limits=limits,
        resistance=np.asarray(model.resistance) / factor,
        heat_capacity_rate=model.heat_capacity_rate * factor, flow=model.flow * factor,
    )  # fmt: skip
    before = model.at_flow
    if before is None:
        return found
    return replace(found, at_flow=lambda flow: _fewer_wells(before(flow / factor), factor))


def _share_of(limit: float | Floats | None, factor: float) -> float | Floats | None:
    return None if limit is None else limit * factor


def _at_other_flows(
    found: SourceModel, model: SourceModel, change: Callable[[SourceModel], SourceModel]
) -> SourceModel:
    """The changed model whose other flows are changed alike."""
    before = model.at_flow
    if before is None:
        return found
    return replace(found, at_flow=lambda flow: change(before(flow)))
