"""The channels of a circuit: temperatures in flow, flow, heat by flow and by meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.circuit_points import PIPES, CircuitPoints
from diwen.diagnosis.record.instrument_error import InstrumentError, error_of, pair_error
from diwen.diagnosis.record.operating_record import Channel, CircuitRecord
from diwen.diagnosis.record.readings import Readings, sum_of
from diwen.diagnosis.record.running_state import any_of, any_runs, flow_state, usual_high
from diwen.diagnosis.record.steps import NO_STEPS, Steps
from diwen.fluids import Fluid, fluid
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Point, Site

Floats = NDArray[np.float64]
# Only density and heat capacity need it, where the temperatures are not measured, °C.
_MIDDLE = 20.0
_HEATING, _COOLING = 1.0, 2.0
_NEVER = np.iinfo(np.int64).min // 2


@dataclass(frozen=True, eq=False)
class Circuit:
    """One pair of pipes with its points and fluid."""

    readings: Readings
    points: CircuitPoints
    liquid: Fluid

    def flowing(self, base: Steps) -> Floats:
        """1 where water flows, 0 where it stands, nan where nothing tells, shape (n,)."""
        state = flow_state(self.readings, self._metered(), base)
        if np.isfinite(state).all() and len(base):
            return state
        built_in = [self.readings.steps(one).of(base) for one in self.points.pump_states]
        states = [np.where(np.isfinite(one), (one >= 0.5) * 1.0, np.nan) for one in built_in]
        by_pump = any_of([any_runs(self.readings, self.points.pumps, base), *states], len(base))
        by_unit = self.units_run(base)
        state = np.where(np.isfinite(state), state, by_pump)
        return np.where(np.isfinite(state), state, by_unit)

    def _metered(self) -> list[Point]:
        """Flow meters that can tell whether water flows: no readings by hand, no dead meter."""
        return [
            one
            for one in self.points.flow
            if self.readings.readings[one.id].origin != "manual"
            and usual_high(self.readings.steps(one).value) > 0.0
        ]

    def units_run(self, base: Steps) -> Floats:
        """1 where any unit runs, 0 where none does, nan where not known, shape (n,)."""
        return any_runs(self.readings, self.points.units, base)

    def _settled(self, base: Steps) -> NDArray[np.bool_]:
        """Where no unit runs and none ran shortly before, shape (n,)."""
        state = self.units_run(base)
        last = np.maximum.accumulate(np.where(state == 1.0, base.end, _NEVER))
        after = int(1e6 * usual_value("quality.settling"))
        return np.asarray((state == 0.0) & (base.start - last >= after))

    def _amount(self, point: Point) -> Steps:
        """A flow; one that was read by hand counts only while the pump does not stand."""
        steps = self.readings.steps(point)
        if self.readings.readings[point.id].origin != "manual":
            return steps
        timed = [self.readings.steps(one) for one in (*self.points.supply, *self.points.back)]
        timed += [self.readings.steps(one) for one in self.points.pump_states]
        base = _denser(steps, *timed)
        return base.with_value(np.where(self.flowing(base) == 0.0, 0.0, steps.of(base)))

    def record(self) -> CircuitRecord:
        """All channels."""
        here = self.points
        supply, back = _best(self, here.supply), _best(self, here.back)
        difference = self._difference(supply, back)
        flow = self._flow(supply, back)
        found = CircuitRecord(
            here.name, here.units, self._temperature(supply, 1.0), self._temperature(back, 1.0),
            flow, self._heat_by_flow(supply, back), None,
            self._temperature(supply, 0.0), self._temperature(back, 0.0), difference,
        )  # fmt: skip
        return replace(found, heat_by_meter=self._heat_by_meter(found))

    def _temperature(self, point: Point | None, state: float) -> Channel | None:
        """Mean while water flows (1) or stands (0)."""
        if point is None:
            return None
        steps = self.readings.steps(point)
        flowing = self.flowing(steps)
        unknown = ~np.isfinite(flowing)
        if state == 0.0 and bool(unknown.all()):
            return None
        # Where nobody knows whether water flows, it is taken to flow if nothing ever tells.
        keep = (flowing == state) | (unknown.all() & (state == 1.0))
        return self._while(point, steps, keep, unknown & ~keep)

    def _while(self, point: Point, steps: Steps, keep: NDArray[np.bool_],
               unknown: NDArray[np.bool_]) -> Channel:  # fmt: skip
        """Mean over part of the time; the cover is that of the records, however short it was."""
        error = error_of(point, steps.value)
        total, seconds = self.readings.grid.integrals(
            steps.with_value(np.where(keep, steps.value, np.nan)))  # fmt: skip
        known = steps.with_value(np.where(unknown, np.nan, steps.value))
        channel = self.readings.channel([point], known, error)
        value = np.divide(total, seconds, out=np.full(total.size, np.nan), where=seconds > 0.5)
        return replace(channel, value=np.where(channel.valid, value, np.nan))

    def _difference(self, supply: Point | None, back: Point | None) -> Channel | None:
        """Supply less return while water flows and no unit runs."""
        if supply is None or back is None:
            return None
        base = _denser(self.readings.steps(supply), self.readings.steps(back))
        pair = self.readings.steps(supply).of(base), self.readings.steps(back).of(base)
        alone = (self.flowing(base) == 1.0) & self._settled(base)
        steps = base.with_value(np.where(alone, pair[0] - pair[1], np.nan))
        error = pair_error(supply, back, pair)
        known = self.readings.channel([supply, back], base.with_value(pair[0] - pair[1]), error)
        total, seconds = self.readings.grid.integrals(steps)
        value = np.divide(total, seconds, out=np.full(total.size, np.nan), where=seconds > 0.5)
        return replace(known, value=np.where(known.valid, value, np.nan))

    def _flow(self, supply: Point | None, back: Point | None) -> Channel | None:
        """Mean flow of the hour, all branches together."""
        branches = []
        for point in self.points.flow:
            if point.quantity != "mass_flow":
                branches.append(self._plain_flow(point))
                continue
            steps = self._amount(point)
            density = self.liquid.density(self._mean(supply, back, steps))
            per_volume = steps.with_value(steps.value / density)
            error = error_of(point, steps.value)
            scale = 1.0 / float(np.mean(density)) if len(steps) else 1e-3
            branches.append(self.readings.channel(
                [point], per_volume,
                InstrumentError(error.systematic * scale, error.relative, error.random * scale,
                                error.known)))  # fmt: skip
        return sum_of(branches) if branches else None

    def _plain_flow(self, point: Point) -> Channel:
        """A volume flow, or a volume register."""
        if self.readings.readings[point.id].origin != "manual":
            return self.readings.plain(point)
        steps = self._amount(point)
        return self.readings.channel([point], steps, error_of(point, steps.value))

    def _mean(self, supply: Point | None, back: Point | None, base: Steps) -> Floats:
        """Mean temperature of both pipes, °C, shape (n,)."""
        both = [self.readings.steps(one).of(base) for one in (supply, back) if one is not None]
        if not both:
            return np.full(len(base), _MIDDLE)
        mean = np.sum(both, axis=0) / len(both)
        return np.where(np.isfinite(mean), mean, _MIDDLE)

    def _heat_by_flow(self, supply: Point | None, back: Point | None) -> Channel | None:
        difference = self.points.difference[0] if self.points.difference else None
        if not self.points.flow or ((supply is None or back is None) and difference is None):
            return None
        found = [self._branch_heat(one, supply, back, difference) for one in self.points.flow]
        return sum_of(found)

    def _branch_heat(self, flow: Point, supply: Point | None, back: Point | None,
                     difference: Point | None) -> Channel:  # fmt: skip
        """Heat of one flow meter from its flow and the difference, at the native steps."""
        steps = self.readings.steps
        if supply is not None and back is not None:
            base = _denser(self._amount(flow), steps(supply), steps(back))
            pair = steps(supply).of(base), steps(back).of(base)
            span, error = pair[0] - pair[1], pair_error(supply, back, pair)
            points: list[Point] = [flow, supply, back]
        else:
            assert difference is not None
            base = _denser(self._amount(flow), steps(difference))
            span, error = steps(difference).of(base), error_of(difference, steps(difference).value)
            points = [flow, difference]
        sign = -1.0 if self.points.kind == "cooling" and difference is None else 1.0
        mean = self._mean(supply, back, base)
        by_mass = flow.quantity == "mass_flow"
        capacity = self.liquid.specific_heat(mean) if by_mass else self.liquid.heat_capacity(mean)
        amount = self._amount(flow).of(base)
        still = self.flowing(base) == 0.0
        power = np.where(still & np.isfinite(amount), 0.0, sign * capacity * amount * span)
        whole = self._heat_error(flow, amount, span, error, power)
        return self.readings.channel(points, base.with_value(power), whole)

    def _heat_error(self, flow: Point, amount: Floats, span: Floats, pair: InstrumentError,
                    power: Floats) -> InstrumentError:  # fmt: skip
        """Flow, pair and fluid together, relative to the heat at its usual difference."""
        of_flow = error_of(flow, amount)
        usual = _weighted_span(span, power)
        size = float(np.nanmedian(np.abs(amount[amount != 0.0]))) if np.any(amount > 0.0) else 1.0
        parts = (
            of_flow.relative + of_flow.systematic / max(size, 1e-12),
            pair.systematic / usual,
            self.liquid.uncertainty,
        )
        random = np.hypot(of_flow.random / max(size, 1e-12), pair.random / usual)
        some = power[np.isfinite(power) & (power != 0.0)]
        typical = float(np.median(np.abs(some))) if some.size else 0.0
        return InstrumentError(0.0, float(np.sqrt(sum(part**2 for part in parts))),
                               float(random) * np.nan_to_num(typical),
                               of_flow.known and pair.known)  # fmt: skip

    def _heat_by_meter(self, found: CircuitRecord) -> Channel | None:
        """Heat of the meter with the sign that flow and temperatures, or the mode, tell."""
        for point in self.points.heat:
            channel = self.readings.plain(point)
            if not channel.valid.any():
                continue
            value = channel.value
            if point.quantity == "heat_power" and bool(np.any(value[channel.valid] < 0.0)):
                return channel
            if self.points.kind in ("cooling", "hot_water"):
                return replace(channel, value=np.abs(value))
            return replace(channel, value=np.abs(value) * self._sign(found))
        return None

    def _sign(self, found: CircuitRecord) -> Floats:
        """1 for heat, -1 for cold (of a source: for injection), hour by hour, shape (n,).

        The mode tells where it is heating or cooling alone: two sensors that are swapped must not
        turn the meter round. Else the heat by flow tells, else the temperatures of the circuit, of
        a load those of the source, and the cooling season at last.
        """
        n = len(self.readings.grid)
        modes = self.readings.at("unit", ("mode",), detail=False)
        mode = np.round(self.readings.plain(modes[0]).value) if modes else np.full(n, np.nan)
        by_mode = np.select([mode == _HEATING, mode == _COOLING], [1.0, -1.0], 0.0)
        if self.points.kind == "load" and self.readings.site.operation.mode == "heating":
            by_mode = np.ones(n)
        sign = np.zeros(n)
        if found.heat_by_flow is not None:
            sign = np.sign(np.nan_to_num(found.heat_by_flow.value))
        if found.supply is not None and found.back is not None:
            span = np.sign(np.nan_to_num(found.supply.value - found.back.value))
            sign = np.where(sign == 0.0, span, sign)
        sign = np.where(by_mode == 0.0, sign, by_mode)
        if self.points.kind == "load" and not sign.all():
            sign = np.where(sign == 0.0, self._sign_elsewhere(), sign)
        return np.asarray(np.where(sign == 0.0, 1.0, sign))

    def _sign_elsewhere(self) -> Floats:
        """Direction of the source, else the season: 1 heat, -1 cold, 0 unknown, shape (n,)."""
        pipes = [
            self.readings.at(place, ("temperature",), detail=False) for place in PIPES["source"]
        ]
        sign = np.zeros(len(self.readings.grid))
        if all(pipes):
            entering, leaving = (self.readings.plain(found[0]).value for found in pipes)
            sign = np.sign(np.nan_to_num(entering - leaving))
        season = self.readings.site.operation.cooling_season
        if season is None:
            return np.asarray(sign)
        days, place = np.unique(self.readings.grid.day, return_inverse=True)
        cold = np.array([season.contains(day) for day in days.astype(object)], dtype=bool)
        return np.asarray(np.where(sign == 0.0, np.where(cold[place], -1.0, 1.0), sign))


def _weighted_span(span: Floats, power: Floats) -> float:
    """Mean size of the difference, weighted by the heat, at least 0.5 K."""
    known = np.isfinite(span) & np.isfinite(power)
    weight = np.abs(power[known])
    if not weight.sum() > 0.0:
        return 5.0
    return max(float(np.sum(np.abs(span[known]) * weight) / weight.sum()), 0.5)


def _best(circuit: Circuit, points: Sequence[Point]) -> Point | None:
    """The first of some points that has records."""
    return next((one for one in points if len(circuit.readings.steps(one))), None)


def _denser(*parts: Steps) -> Steps:
    """Those with the most steps."""
    return max(parts, key=len) if parts else NO_STEPS


def source_liquid(site: Site, source: str, units: Sequence[str]) -> Fluid:
    """Fluid of a source loop: of its units where given, else of the source, else as metered."""
    for name in units:
        unit = site.heat_pumps.get(name)
        if unit is not None:
            own = "source_fluid" in unit.model_fields_set
            of_source = getattr(site.sources.get(source), "fluid", unit.source_fluid)
            return _liquid(unit.source_fluid if own else of_source)
    return _liquid(site.metering.source_fluid)


def load_liquid(site: Site, units: Sequence[str]) -> Fluid:
    """Fluid of the load side: of its units, else as metered."""
    known = [site.heat_pumps[id] for id in units if id in site.heat_pumps]
    known = known or list(site.heat_pumps.values())
    return _liquid(known[0].load_fluid if known else site.metering.load_fluid)


def _liquid(written: object) -> Fluid:
    """A fluid of the site file; one without property data is taken as water."""
    from diwen.fluids import FluidError

    share = float(getattr(written, "concentration", 0.0))
    name = str(getattr(written, "name", "water"))
    try:
        return fluid(name if share == 0.0 else f"{name} {100.0 * share:g} %")
    except FluidError:
        return fluid("water")
