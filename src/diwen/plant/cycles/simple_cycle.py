"""One stage: evaporator, compressor, condenser, valve."""

from __future__ import annotations

from diwen.plant.cycles.compressor import Compressor
from diwen.plant.cycles.cycle import Cycle
from diwen.plant.cycles.exchanger_cycle import single_stage_with_exchanger
from diwen.plant.cycles.limits import Limits

_STANDARD = Compressor()
_LIMITS = Limits()


def single_stage(
    fluid: str,
    evaporation: float,
    condensation: float,
    *,
    compressor: Compressor = _STANDARD,
    superheat: float = 5.0,
    subcooling: float = 0.0,
    limits: Limits = _LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """The cycle of one stage, without pressure losses.

    Parameters
    ----------
    fluid : as CoolProp names it
    evaporation, condensation : saturation temperatures (of the vapour, if the fluid glides), °C
    superheat : in the evaporator, K
    subcooling : in the condenser, K
    heat : delivered, W

    Raises
    ------
    diwen.problems.InputError : temperatures or discharge out of reach
    """
    return single_stage_with_exchanger(
        fluid,
        evaporation,
        condensation,
        effectiveness=0.0,
        compressor=compressor,
        superheat=superheat,
        subcooling=subcooling,
        limits=limits,
        heat=heat,
    )
