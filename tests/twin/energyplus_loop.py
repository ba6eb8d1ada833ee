"""A loop of EnergyPlus with nothing but a heat load, a pump and boreholes with a given g-function.

What EnergyPlus makes of the boreholes: resistance by multipoles of the first order (Javed & Spitler
2016) with the film of Gnielinski at the inlet temperature; the g-function straight in ln t between
the given points; loads as means of hours for the last 8 to 38 days, as means of months of
730 hours before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from energyplus_program import Floats, run_energyplus

_WEATHER = "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw"


@dataclass(frozen=True)
class Bores:
    """Equal boreholes with a single U of pipes, and the ground; SI, W/(m·K), J/(m³·K), °C."""

    columns: int = 3
    rows: int = 2
    spacing: float = 6.0
    length: float = 100.0
    buried: float = 1.5
    radius: float = 0.075
    conductivity: float = 2.0
    heat_capacity: float = 2.4e6
    temperature: float = 14.0
    flow: float = 0.0018
    grout: float = 1.5
    grout_capacity: float = 3.9e6
    pipe: float = 0.4
    pipe_capacity: float = 1.54e6
    pipe_outer: float = 0.016
    pipe_wall: float = 0.003
    legs: float = 0.06

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def diffusivity(self) -> float:
        return self.conductivity / self.heat_capacity

    @property
    def time_scale(self) -> float:
        """Eskilson's t_s, s."""
        return self.length**2 / (9.0 * self.diffusivity)


@dataclass(frozen=True, eq=False)
class LoopHours:
    """Means of hours, shape (n,): °C entering and leaving the load, °C of the wall, W, kg/s."""

    entering: Floats
    leaving: Floats
    wall: Floats
    heat: Floats
    mass_flow: Floats


def borehole_loop(
    bores: Bores, load: Floats, folder: Path, *, times: Floats | None = None,
    g: Floats | None = None, steps_per_hour: int = 4,
) -> LoopHours:  # fmt: skip
    """Fluid temperatures under a heat load.

    Parameters
    ----------
    load : taken from the loop, W, by hour of all years, shape (8760 years,)
    times, g : points of the g-function, s and -; without them EnergyPlus makes its own (equal heat
        rate of all boreholes, with the heat capacity of fluid, pipes and grout)
    """
    shape = f"{bores.columns},{bores.rows},{bores.spacing:g}"
    answer = f"GroundHeatExchanger:Vertical:Array,Field,Bores,{shape};"
    named = ",UHFcalc,,,Field"
    if times is not None and g is not None:
        scaled = np.log(times / bores.time_scale)
        pairs = ",\n".join(f"{t:.9f},{value:.9f}" for t, value in zip(scaled, g, strict=True))
        ratio = bores.radius / bores.length
        answer = f"GroundHeatExchanger:ResponseFactors,Field,Bores,{bores.count},{ratio},{pairs};"
        named = "Field"
    text = _LOOP.format(
        b=bores, diameter=2 * bores.radius, pipe_diameter=2 * bores.pipe_outer, answer=answer,
        named=named, years=2000 + len(load) // 8760, steps=steps_per_hour,
        capacity=bores.heat_capacity / 800.0, volume=1e-6,
    )  # fmt: skip
    found = run_energyplus(text, _WEATHER, folder, {"Load": load})

    def of(variable: str) -> Floats:
        return found["GHX", "GROUND HEAT EXCHANGER " + variable]

    return LoopHours(
        of("OUTLET TEMPERATURE"), of("INLET TEMPERATURE"), of("AVERAGE BOREHOLE TEMPERATURE"),
        of("HEAT TRANSFER RATE"), of("MASS FLOW RATE"),
    )  # fmt: skip


_LOOP = """
Version,25.2;
SimulationControl,No,No,No,No,Yes,No,1;
Building,Plant,0,Country,0.04,0.4,FullExterior,25,6;
Timestep,{steps};
ConvergenceLimits,1,20,2,20;
GlobalGeometryRules,UpperLeftCorner,Counterclockwise,World;
Site:Location,Anywhere,41.98,-87.92,-6,201;
RunPeriod,Run,1,1,2001,12,31,{years},Monday,No,No,No,No,No,No;
ScheduleTypeLimits,Any;
Schedule:Constant,One,Any,1;
Schedule:Constant,Rest,Any,{b.temperature};
Schedule:Constant,Load,Any,0;
LoadProfile:Plant,Profile,Load In,Load Out,Load,{b.flow},One,Water,,;
GroundHeatExchanger:Vertical:Properties,Bores,{b.buried},{b.length},{diameter},{b.grout},
  {b.grout_capacity},{b.pipe},{b.pipe_capacity},{pipe_diameter},{b.pipe_wall},{b.legs};
{answer}
Site:GroundTemperature:Undisturbed:KusudaAchenbach,Ground,{b.conductivity},800,{capacity},
  {b.temperature},0,0;
GroundHeatExchanger:System,GHX,GHX In,GHX Out,{b.flow},
  Site:GroundTemperature:Undisturbed:KusudaAchenbach,Ground,{b.conductivity},{b.heat_capacity},
  {named};
PlantLoop,Loop,Water,,Operation,Set,90,-20,{b.flow},0,{volume},Sup In,Sup Out,SupBr,SupCon,
  Dem In,Dem Out,DemBr,DemCon,SequentialLoad;
SetpointManager:Scheduled,Manager,Temperature,Rest,Set;
NodeList,Set,Sup Out;
PlantEquipmentOperationSchemes,Operation,PlantEquipmentOperation:Uncontrolled,Always,One;
PlantEquipmentOperation:Uncontrolled,Always,List;
PlantEquipmentList,List,GroundHeatExchanger:System,GHX;
BranchList,SupBr,SInBr,GHXBr,SOutBr;
BranchList,DemBr,DInBr,LoadBr,DOutBr;
ConnectorList,SupCon,Connector:Splitter,SSp,Connector:Mixer,SMx;
ConnectorList,DemCon,Connector:Splitter,DSp,Connector:Mixer,DMx;
Connector:Splitter,SSp,SInBr,GHXBr;
Connector:Mixer,SMx,SOutBr,GHXBr;
Connector:Splitter,DSp,DInBr,LoadBr;
Connector:Mixer,DMx,DOutBr,LoadBr;
Branch,SInBr,,Pump:ConstantSpeed,Pump,Sup In,Pump Out;
Branch,GHXBr,,GroundHeatExchanger:System,GHX,GHX In,GHX Out;
Branch,SOutBr,,Pipe:Adiabatic,SPipe,SPipe In,Sup Out;
Branch,DInBr,,Pipe:Adiabatic,DPipe,Dem In,DPipe Out;
Branch,LoadBr,,LoadProfile:Plant,Profile,Load In,Load Out;
Branch,DOutBr,,Pipe:Adiabatic,DPipe2,DPipe2 In,Dem Out;
Pipe:Adiabatic,SPipe,SPipe In,Sup Out;
Pipe:Adiabatic,DPipe,Dem In,DPipe Out;
Pipe:Adiabatic,DPipe2,DPipe2 In,Dem Out;
Pump:ConstantSpeed,Pump,Sup In,Pump Out,{b.flow},0.001,0.0001,0.9,0,Continuous;
Output:Variable,GHX,Ground Heat Exchanger Average Borehole Temperature,hourly;
Output:Variable,GHX,Ground Heat Exchanger Heat Transfer Rate,hourly;
Output:Variable,GHX,Ground Heat Exchanger Inlet Temperature,hourly;
Output:Variable,GHX,Ground Heat Exchanger Outlet Temperature,hourly;
Output:Variable,GHX,Ground Heat Exchanger Mass Flow Rate,hourly;
OutputControl:Files,No,No,Yes,No,No,No,No,Yes,No;
"""
