"""Is a stated efficiency possible, and what would the compressors have to be for it?

Carnot's limit takes the source at its entering and the load at its delivered temperature, Lorenz's
the means of both streams (Lorenz 1894); neither can be passed. Below them the question is how good
the compressors must be, within a boundary (feed water, auxiliaries) that the claim must state.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from diwen.language import Text
from diwen.plant.cycles.compressor import Compressor
from diwen.plant.cycles.cycle import Cycle
from diwen.plant.cycles.limits import VACUUM_ALLOWED
from diwen.plant.cycles.refrigerant import ZERO_CELSIUS
from diwen.plant.cycles.steam_compression import Feed, steam_from
from diwen.plant.cycles.two_stage import economiser_cycle
from diwen.problems import InputError, Problem

_LOWEST, _HIGHEST, _STEP = 0.30, 1.0, 0.02
_USUAL = (0.60, 0.80)
_NO_LIFT = Text("the load is not warmer than the source", "用户侧温度不高于热源侧温度")
_WARMER = Text("check both temperatures", "请检查两侧温度")
_IMPOSSIBLE = Text(
    "impossible: even compressors without loss reach {best:.2f} in this machine",
    "不可能：即使压缩机无损失，该循环也只能达到 {best:.2f}",
)
_BEYOND_CARNOT = Text(
    "impossible: the second law allows {best:.2f} at most",
    "不可能：按热力学第二定律最高为 {best:.2f}",
)
_EXCELLENT = Text(
    "doubtful: it needs an isentropic efficiency of {efficiency:.2f}, more than machines reach "
    "({high:.2f})",
    "存疑：所需等熵效率为 {efficiency:.2f}，高于实际机组水平（{high:.2f}）",
)
_POSSIBLE = Text(
    "plausible from an isentropic efficiency of {efficiency:.2f} on",
    "等熵效率达到 {efficiency:.2f} 及以上时可信",
)
_EASY = Text(
    "plausible: already poor compressors (below {low:.2f}) reach it",
    "可信：较差的压缩机（等熵效率低于 {low:.2f}）即可达到",
)
_BOUNDARY = Text(
    "heat counted from feed water of {feed:.0f} °C, auxiliaries {auxiliary:.1%} of the heat",
    "热量自 {feed:.0f} °C 给水起算，辅助设备耗电为供热量的 {auxiliary:.1%}",
)
_STATED = Text("as stated", "按所述边界")


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody states of a heat pump.

    Attributes
    ----------
    source_entering : °C
    delivered : temperature of the heat, °C
    cop : heat per electricity
    source_leaving : °C; None: 5 K colder
    """

    source_entering: float
    delivered: float
    cop: float
    source_leaving: float | None = None

    @property
    def leaving(self) -> float:
        """Of the source, °C."""
        return self.source_entering - 5.0 if self.source_leaving is None else self.source_leaving


@dataclass(frozen=True, slots=True)
class Judgement:
    """What can be said of a claim.

    Attributes
    ----------
    possible : within the second law and the machine
    plausible : with efficiencies that machines have
    isentropic_efficiency : from which on the claim holds; NaN: never; of a machine that runs only
        below the efficiency that is needed: the highest at which it runs
    carnot_fraction : that the claim needs
    lossless : COP of the machine without losses in its compressors, or, where it then ends wet,
        with the least losses at which it runs
    boundary : what is counted
    verdict : in words
    """

    possible: bool
    plausible: bool
    isentropic_efficiency: float
    carnot_fraction: float
    lossless: float
    boundary: Text
    verdict: Text


def carnot_cop(source: float, load: float) -> float:
    """Highest COP of heating between two temperatures, °C.

    Raises
    ------
    diwen.problems.InputError : the load is not warmer
    """
    if not load > source:
        shown = f"{source:.1f} → {load:.1f} °C"
        raise InputError([Problem("claim", "delivered", _NO_LIFT, _WARMER, shown)])
    return (load + ZERO_CELSIUS) / (load - source)


def lorenz_cop(source: tuple[float, float], load: tuple[float, float]) -> float:
    """Highest COP of heating between two streams of constant heat capacity.

    Parameters
    ----------
    source, load : entering and leaving temperature, °C
    """
    cold, warm = _mean(*source), _mean(*load)
    return carnot_cop(cold - ZERO_CELSIUS, warm - ZERO_CELSIUS)


def _mean(one: float, other: float) -> float:
    """Entropic mean of a stream's temperatures, K, of °C."""
    a, b = one + ZERO_CELSIUS, other + ZERO_CELSIUS
    return a if math.isclose(a, b) else (b - a) / math.log(b / a)


def needed_carnot_fraction(claim: Claim) -> float:
    """COP of the claim over Carnot's between the entering source and the delivered heat."""
    return claim.cop / carnot_cop(claim.source_entering, claim.delivered)


def judge_claim(
    claim: Claim,
    machine: Callable[[float], Cycle],
    *,
    auxiliary: float = 0.0,
    boundary: Text = _STATED,
    usual: tuple[float, float] = _USUAL,
) -> Judgement:
    """Whether a machine can do what is claimed.

    Parameters
    ----------
    claim : what is stated
    machine : the cycle at the claim's temperatures, by isentropic efficiency
    auxiliary : electricity of pumps, fans and controls per heat delivered
    boundary : what is counted, in words
    usual : lowest and highest isentropic efficiency of machines of the kind (0.60 to 0.80:
        engineering practice, unverified)
    """

    def reached(efficiency: float) -> float:
        return 1.0 / (1.0 / machine(efficiency).cop + auxiliary)

    fraction, best = needed_carnot_fraction(claim), best_running(reached)
    lossless, limit = reached(best), carnot_cop(claim.source_entering, claim.delivered)
    if claim.cop > lossless and best < _HIGHEST and claim.cop <= limit:
        verdict = _EXCELLENT.format(efficiency=best, high=usual[1])
        return Judgement(True, False, best, fraction, lossless, boundary, verdict)
    if claim.cop > lossless:
        beyond = claim.cop > limit
        words = _BEYOND_CARNOT if beyond else _IMPOSSIBLE
        verdict = words.format(best=limit if beyond else lossless)
        return Judgement(False, False, math.nan, fraction, lossless, boundary, verdict)
    needed = _needed(claim.cop, reached, best)
    low, high = usual
    words = _EASY if needed < low else _POSSIBLE if needed <= high else _EXCELLENT
    verdict = words.format(efficiency=needed, low=low, high=high)
    return Judgement(True, needed <= high, needed, fraction, lossless, boundary, verdict)


def best_running(reached: Callable[[float], float]) -> float:
    """Highest isentropic efficiency at which the machine runs.

    Without losses the gas of some fluids ends its compression wet; such a machine has no limit at
    an efficiency of 1, but one below it.

    Raises
    ------
    diwen.problems.InputError : it runs at none
    """
    efficiency = _HIGHEST
    while True:
        try:
            reached(efficiency)
        except InputError:
            efficiency -= _STEP
            if efficiency < _LOWEST:
                raise
        else:
            return efficiency


def _needed(cop: float, reached: Callable[[float], float], best: float) -> float:
    """Isentropic efficiency at which a COP is reached; the lowest asked if that is enough."""
    from scipy.optimize import brentq

    if reached(_LOWEST) >= cop:
        return _LOWEST
    return float(brentq(lambda e: reached(e) - cop, _LOWEST, best, xtol=1e-4))


def judge_steam_claim(
    claim: Claim,
    *,
    fluid: str = "R1233zd(E)",
    feed: Feed | None = None,
    auxiliary: float = 0.0,
    approach: float = 5.0,
    hand_over: float | None = 85.0,
    motor_efficiency: float = 0.95,
    effectiveness: float = 0.3,
    usual: tuple[float, float] = _USUAL,
) -> Judgement:
    """Whether steam at the claimed temperature can be had so: closed cycle, then steam stages.

    Parameters
    ----------
    claim : delivered: saturation temperature of the steam
    fluid : of the closed two-stage cycle below
    feed : None: 100 °C
    auxiliary : electricity of pumps and controls per heat delivered
    approach : of evaporator and hand-over, K
    hand_over : at which water boils, °C; None: the best from 85 to 120 °C
    effectiveness : of the internal exchanger of the closed cycle
    """
    feed = feed or Feed()

    def machine(efficiency: float) -> Cycle:
        compressor = Compressor(efficiency, motor_efficiency)
        bottom = partial(
            economiser_cycle,
            fluid,
            effectiveness=effectiveness,
            compressor=compressor,
            limits=VACUUM_ALLOWED,
        )
        return steam_from(
            bottom,
            claim.leaving - approach,
            claim.delivered,
            hand_over=hand_over,
            difference=approach,
            feed=feed,
            compressor=compressor,
        )

    boundary = _BOUNDARY.format(feed=feed.temperature, auxiliary=auxiliary)
    return judge_claim(claim, machine, auxiliary=auxiliary, boundary=boundary, usual=usual)
