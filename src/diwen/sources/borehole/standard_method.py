"""Borehole length by appendix B of GB 50366-2005 (2009 edition), a second, documented method.

The method adds five resistances from the fluid to the far ground, for one bore whose pipes are
replaced by a single equivalent one, and divides the load by the temperature difference. It knows
neither the years nor the neighbours' slow influence beyond the running time given to it, so Diwen
offers it for comparison and for approval documents, not for design.

**The trap.** The standard prints the resistance of the ground with
I(u) = ½ ∫_u^∞ e^-s/s ds and u = r/(2 sqrt(a τ)). Taken literally that is ½ E1(u); but the line
source, from which the equation comes, needs ½ E1(u²) = ½ E1(r²/(4 a τ)). The literal reading
halves the resistance of the ground and makes bore fields about a third too short. Here the line
source is computed; ``literal=True`` gives the other value, only to check other people's
calculations.

The letters of the standard: d_i, d_o pipe, d_b bore, d_e equivalent diameter, K film coefficient,
R_f, R_pe, R_b, R_s, R_sp; F_c and F_h running shares; EER, COP of the heat pump.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.special import exp1

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borehole.pipes import Pipe
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

NO_REFERENCE_VALUE = Text(
    "the heat exchange per metre that a response test report gives as a reference (GB 50366, "
    "appendix C) holds for the conditions of that test only and must not be used to size a field",
    "热响应试验报告给出的单位孔深换热量参考值（GB 50366 附录 C）仅适用于该试验工况，"
    "不得用于设计计算",
)
_LITERAL = Text(
    "literal reading of I(u) with u not squared: the ground resistance is about half of the true "
    "one and the length too short; not for design",
    "按标准印刷的公式照字面取值（u 未平方）：岩土热阻约为真实值的一半，所得孔深偏短，不得用于设计",
)
_LEGS = Text("not a number of legs in one bore", "不是单孔内的支管数")
_LEGS_CURE = Text("2 for a single U, 4 for a double U", "单 U 取 2，双 U 取 4")
_NO_ROOM = Text("the equivalent pipe does not fit into the bore", "当量管径不小于孔径")
_WIDER = Text("drill wider or take thinner pipes", "请加大孔径或减小管径")
_SHARE = Text("not a share of the time", "不是时间份额")
_SHARE_CURE = Text(
    "give running hours over all hours of the hottest or coldest month",
    "请给出最热月或最冷月运行小时数与当月总小时数之比",
)
_TOO_WARM = Text(
    "the fluid is not warmer than the ground when heat is rejected", "排热时流体温度不高于地温"
)
_TOO_COLD = Text(
    "the fluid is not colder than the ground when heat is extracted", "取热时流体温度不低于地温"
)
_LIMIT = Text("check the limit and the undisturbed temperature", "请核对限值与初始地温")
_COP = Text("a COP is above 1", "COP 应大于 1")
_NEGATIVE_LOAD = Text("loads of both modes are given as positive numbers", "冷、热负荷均以正值给出")


@dataclass(frozen=True)
class StandardResistances:
    """Resistances of appendix B, m·K/W.

    Attributes
    ----------
    equivalent_diameter : d_e, m
    film, pipe, grout : R_f, R_pe, R_b
    ground : R_s, of the running time
    pulse : R_sp, of the short pulse
    literal : whether I(u) was read literally
    notes : what a reader of the result must see
    """

    equivalent_diameter: float
    film: float
    pipe: float
    grout: float
    ground: float
    pulse: float
    literal: bool
    notes: tuple[Text, ...]

    def total(self, running_share: float) -> float:
        """R_f + R_pe + R_b + R_s F + R_sp (1 - F), m·K/W."""
        ground = self.ground * running_share + self.pulse * (1.0 - running_share)
        return self.film + self.pipe + self.grout + ground


@dataclass(frozen=True)
class StandardLength:
    """Length by appendix B.

    Attributes
    ----------
    length : total length of the bores, m
    resistance : sum of the resistances, m·K/W
    heat_per_metre : heat between fluid and ground over the length, W/m, positive in both modes
    notes : what a reader of the result must see
    """

    length: float
    resistance: float
    heat_per_metre: float
    notes: tuple[Text, ...]


def standard_resistances(
    pipe: Pipe,
    legs: int,
    bore_radius: float,
    film: float,
    grout_conductivity: float,
    ground_conductivity: float,
    diffusivity: float,
    running_time: float,
    pulse_time: float,
    *,
    neighbours: Sequence[float] = (),
    literal: bool = False,
) -> StandardResistances:
    """The resistances of GB 50366-2005 (2009), appendix B.

    Parameters
    ----------
    pipe : the pipe of the U
    legs : n, pipes in one bore: 2 for a single U, 4 for a double U
    bore_radius : m
    film : K, film coefficient at the inner wall of the pipe, W/(m²·K)
    grout_conductivity, ground_conductivity : W/(m·K)
    diffusivity : a, of the ground, m²/s
    running_time : τ, s
    pulse_time : τ_p, s
    neighbours : distances to the other bores, m, whose influence adds to R_s
    literal : read I(u) as printed (see the trap above); never for design

    Raises
    ------
    diwen.problems.InputError : everything that cannot be, all at once
    """
    named = {
        "bore_radius": bore_radius, "film": film, "grout_conductivity": grout_conductivity,
        "ground_conductivity": ground_conductivity, "diffusivity": diffusivity,
        "running_time": running_time, "pulse_time": pulse_time,
    }  # fmt: skip
    named |= {f"neighbours[{i}]": distance for i, distance in enumerate(neighbours)}
    equivalent = math.sqrt(max(legs, 0)) * 2.0 * pipe.outer_radius
    problems = list(_positive("GB 50366 B", named))
    problems += _geometry_problems(legs, equivalent, bore_radius)
    if problems:
        raise InputError(problems)
    inside = equivalent - 2.0 * (pipe.outer_radius - pipe.inner_radius)
    distances = (bore_radius, *neighbours)
    seen = sum(_response(r, diffusivity, running_time, literal) for r in distances)
    pulse = _response(bore_radius, diffusivity, pulse_time, literal)
    return StandardResistances(
        equivalent_diameter=equivalent,
        film=1.0 / (2.0 * math.pi * pipe.inner_radius * film),
        pipe=_ring(equivalent / inside, pipe.conductivity),
        grout=_ring(2.0 * bore_radius / equivalent, grout_conductivity),
        ground=seen / (2.0 * math.pi * ground_conductivity),
        pulse=pulse / (2.0 * math.pi * ground_conductivity),
        literal=literal,
        notes=(NO_REFERENCE_VALUE, _LITERAL) if literal else (NO_REFERENCE_VALUE,),
    )


def length_for_cooling(
    resistances: StandardResistances,
    load: float,
    highest_fluid_temperature: float,
    ground_temperature: float,
    eer: float,
    running_share: float,
) -> StandardLength:
    """Length for cooling: L = Q (R) (EER + 1)/EER / (t_max - t_inf).

    Parameters
    ----------
    resistances : from :func:`standard_resistances`
    load : design cooling load of the building, W, positive
    highest_fluid_temperature : t_max, design mean fluid temperature, °C
    ground_temperature : t_inf, undisturbed, °C
    eer : of the heat pump
    running_share : F_c, running hours over all hours of the hottest month
    """
    difference = highest_fluid_temperature - ground_temperature
    problems = list(_load_problems(load, running_share)) + list(
        _positive("GB 50366 B", {"eer": eer})
    )
    if not difference > 0:
        problems.append(_limit_problem("highest_fluid_temperature", difference, _TOO_WARM))
    if problems:
        raise InputError(problems)
    return _length(resistances, load * (eer + 1.0) / eer, difference, running_share)


def length_for_heating(
    resistances: StandardResistances,
    load: float,
    lowest_fluid_temperature: float,
    ground_temperature: float,
    cop: float,
    running_share: float,
) -> StandardLength:
    """Length for heating: L = Q (R) (COP - 1)/COP / (t_inf - t_min).

    Parameters
    ----------
    resistances : from :func:`standard_resistances`
    load : design heating load of the building, W, positive
    lowest_fluid_temperature : t_min, design mean fluid temperature, °C
    ground_temperature : t_inf, undisturbed, °C
    cop : of the heat pump
    running_share : F_h, running hours over all hours of the coldest month
    """
    difference = ground_temperature - lowest_fluid_temperature
    problems = list(_load_problems(load, running_share))
    if not cop > 1:
        problems.append(Problem("GB 50366 B", "cop", _COP, CORRECT, f"{cop:g}", same("> 1")))
    if not difference > 0:
        problems.append(_limit_problem("lowest_fluid_temperature", difference, _TOO_COLD))
    if problems:
        raise InputError(problems)
    return _length(resistances, load * (cop - 1.0) / cop, difference, running_share)


def _length(
    resistances: StandardResistances, ground_load: float, difference: float, share: float
) -> StandardLength:
    total = resistances.total(share)
    return StandardLength(
        ground_load * total / difference, total, difference / total, resistances.notes
    )


def _response(distance: float, diffusivity: float, time: float, literal: bool) -> float:
    """I(u): the line source ½ E1(u²), or the printed ½ E1(u)."""
    u = distance / (2.0 * math.sqrt(diffusivity * time))
    return 0.5 * float(exp1(u if literal else u * u))


def _ring(ratio: float, conductivity: float) -> float:
    return math.log(ratio) / (2.0 * math.pi * conductivity)


def _positive(place: str, named: dict[str, float]) -> Iterator[Problem]:
    for name, value in named.items():
        if not (math.isfinite(value) and value > 0):
            yield Problem(place, name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)


def _geometry_problems(legs: int, equivalent: float, bore_radius: float) -> Iterator[Problem]:
    if legs < 1:
        yield Problem("GB 50366 B", "legs", _LEGS, _LEGS_CURE, f"{legs}")
    elif equivalent >= 2.0 * bore_radius > 0:
        value = f"{equivalent:.4g} m >= {2.0 * bore_radius:.4g} m"
        yield Problem("GB 50366 B", "bore_radius", _NO_ROOM, _WIDER, value)


def _load_problems(load: float, running_share: float) -> Iterator[Problem]:
    if not (math.isfinite(load) and load > 0):
        yield Problem(
            "GB 50366 B", "load", NOT_POSITIVE, _NEGATIVE_LOAD, f"{load:g} W", MORE_THAN_ZERO
        )
    if not 0.0 <= running_share <= 1.0:
        value = f"{running_share:g}"
        yield Problem("GB 50366 B", "running_share", _SHARE, _SHARE_CURE, value, same("0 ... 1"))


def _limit_problem(name: str, difference: float, message: Text) -> Problem:
    return Problem("GB 50366 B", name, message, _LIMIT, f"{difference:g} K")
