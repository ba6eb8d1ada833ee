"""A ground-loop plant that EnergyPlus runs: bore field, heat pump, chiller mode, three pumps.

Loads come from a prototype building (its coils), the plant from the equation-fit heat pump of
EnergyPlus (Tang 2005), boreholes from its own g-functions. What may deviate is changed in its
input, not in anything of ours. The hours of several runs may be put together month by month, for
what changes during a year (a unit that fouls, a valve that is turned): the ground then remembers
the run it stands in, which differs from the other by a few per cent of heat.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from energyplus_program import Floats, run_energyplus

# Curves of the equation fit as the Engineering Reference of EnergyPlus prints them (Tang 2005):
# 1, load inlet, source inlet, load flow, source flow; temperatures in K over 283.15 K.
HEATING_CAPACITY = (-3.33491153, -0.51451946, 4.51592706, 0.01797107, 0.155797661)
HEATING_POWER = (-8.93121751, 8.57035762, 1.29660976, -0.21629222, 0.033862378)
COOLING_CAPACITY = (-1.52030596, 3.46625667, -1.32267797, 0.09395678, 0.038975504)
COOLING_POWER = (-8.59564386, 0.96265085, 8.69489229, 0.02501669, -0.20132665)
WATER = 4186.0 * 998.0


@dataclass(frozen=True)
class Plant:
    """What is built; SI, °C. ``head`` of pumps in Pa, efficiency of motors with pumps 0.9 · 0.78.

    Attributes
    ----------
    columns, rows, spacing, length : of the field, m
    conductivity, heat_capacity, temperature : of the ground, W/(m·K), J/(m³·K), °C
    grout : W/(m·K)
    heating_reference, heating_power : W of the equation fit at its reference
    cooling_reference, cooling_power : the same
    source_flow, load_flow : m³/s at which the units are rated
    actual_source_flow, actual_load_flow : share of them that is pumped
    source_head, load_head : Pa
    continuous : the pump of the source never stops
    supply, chilled : setpoints, °C
    """

    columns: int = 6
    rows: int = 5
    spacing: float = 6.0
    length: float = 100.0
    conductivity: float = 2.0
    heat_capacity: float = 2.4e6
    temperature: float = 14.0
    grout: float = 1.5
    heating_reference: float = 200e3
    heating_power: float = 28e3
    cooling_reference: float = 150e3
    cooling_power: float = 17e3
    source_flow: float = 0.009
    load_flow: float = 0.007
    actual_source_flow: float = 1.0
    actual_load_flow: float = 1.0
    source_head: float = 150e3
    load_head: float = 120e3
    continuous: bool = False
    supply: float = 42.0
    chilled: float = 7.0


@dataclass(frozen=True, eq=False)
class PlantHours:
    """Hourly means, shape (n,). Heat and power W, temperatures °C, flows m³/s.

    ``heat``, ``cold`` delivered; ``source_heat`` taken from the ground, injection negative.
    """

    outdoor: Floats
    heat: Floats
    cold: Floats
    source_heat: Floats
    heating_power: Floats
    cooling_power: Floats
    source_entering: Floats
    source_leaving: Floats
    source_flow: Floats
    warm_supply: Floats
    warm_return: Floats
    warm_flow: Floats
    cold_supply: Floats
    cold_return: Floats
    cold_flow: Floats
    source_pump: Floats
    warm_pump: Floats
    cold_pump: Floats


def plant_hours(
    plant: Plant, heating: Floats, cooling: Floats, weather: str, folder: Path, years: int = 1
) -> PlantHours:
    """Run the plant under hourly loads of one year, W, shape (8760,) each."""
    on = [(load > 0.0).astype(float) for load in (heating, cooling)]
    table = np.column_stack([heating, -cooling, *on])
    np.savetxt(folder / "loads.csv", table, "%.3f", delimiter=",")
    control = "Continuous" if plant.continuous else "Intermittent"
    text = _PLANT.format(
        p=plant, years=2000 + years, control=control,
        flow=plant.source_flow * plant.actual_source_flow,
        load_flow=plant.load_flow * plant.actual_load_flow,
        source_power=_pump_power(plant.source_flow, plant.source_head),
        load_power=_pump_power(plant.load_flow, plant.load_head),
        capacity=plant.heat_capacity / 800.0,
        heating_capacity=_curve(HEATING_CAPACITY), heating_curve=_curve(HEATING_POWER),
        cooling_capacity=_curve(COOLING_CAPACITY), cooling_curve=_curve(COOLING_POWER),
        bores=f"{plant.columns},{plant.rows},{plant.spacing:g}",
    )  # fmt: skip
    text += "".join(f"\nOutput:Variable,{k},{v},hourly;" for k, v in _WANTED.values())
    found = run_energyplus(text, weather, folder)
    values = {
        name: found[key.upper() if key != "*" else "ENVIRONMENT", variable.upper()]
        for name, (key, variable) in _WANTED.items()
    }
    density = 998.0
    values = {k: v / density if k.endswith("_flow") else v for k, v in values.items()}
    heat_side, cold_side = values.pop("heating_source"), values.pop("cooling_source")
    return PlantHours(source_heat=heat_side - cold_side, **values)


def spliced(before: PlantHours, after: PlantHours, share: Floats) -> PlantHours:
    """Hours of one run where ``share`` is 0 and of the other where it is 1, shape (n,)."""
    return PlantHours(
        **{
            one.name: np.where(share > 0.5, getattr(after, one.name), getattr(before, one.name))
            for one in fields(PlantHours)
        }
    )


def growing(runs: list[PlantHours]) -> PlantHours:
    """The n-th part of the year from the n-th run."""
    found = runs[0]
    hours = len(found.heat)
    part = np.minimum(np.arange(hours) * len(runs) // hours, len(runs) - 1)
    for number, run in enumerate(runs[1:], start=1):
        found = spliced(found, run, (part == number).astype(float))
    return found


def slower(plant: Plant, **factors: float) -> Plant:
    """The plant with some of its numbers by a factor."""
    return replace(plant, **{name: getattr(plant, name) * f for name, f in factors.items()})


def _pump_power(flow: float, head: float) -> float:
    return flow * head / (0.78 * 0.9)


def _curve(values: tuple[float, ...]) -> str:
    return ",".join(f"{value}" for value in values) + ",-100,100,-100,100,0,100,0,100"


_WANTED = {
    "outdoor": ("*", "Site Outdoor Air Drybulb Temperature"),
    "heat": ("Warm HP", "Heat Pump Load Side Heat Transfer Rate"),
    "cold": ("Cold HP", "Heat Pump Load Side Heat Transfer Rate"),
    "heating_source": ("Warm HP", "Heat Pump Source Side Heat Transfer Rate"),
    "cooling_source": ("Cold HP", "Heat Pump Source Side Heat Transfer Rate"),
    "heating_power": ("Warm HP", "Heat Pump Electricity Rate"),
    "cooling_power": ("Cold HP", "Heat Pump Electricity Rate"),
    "source_entering": ("GHX Out", "System Node Temperature"),
    "source_leaving": ("GHX In", "System Node Temperature"),
    "source_flow": ("GHX In", "System Node Mass Flow Rate"),
    "warm_supply": ("Warm HP Out", "System Node Temperature"),
    "warm_return": ("Warm HP In", "System Node Temperature"),
    "warm_flow": ("Warm HP In", "System Node Mass Flow Rate"),
    "cold_supply": ("Cold HP Out", "System Node Temperature"),
    "cold_return": ("Cold HP In", "System Node Temperature"),
    "cold_flow": ("Cold HP In", "System Node Mass Flow Rate"),
    "source_pump": ("Source Pump", "Pump Electricity Rate"),
    "warm_pump": ("Warm Pump", "Pump Electricity Rate"),
    "cold_pump": ("Cold Pump", "Pump Electricity Rate"),
}


def _loop(name: str, unit: str, kind: str, setpoint: str) -> str:
    """A load loop: pump and unit on the supply side, the building's load on the other."""
    return f"""
PlantLoop,{name} Loop,Water,,{name} Operation,{name} Set,95,1,{{load_flow}},0,1.0,
  {name} Sup In,{name} Sup Out,{name} SupBr,{name} SupCon,
  {name} Dem In,{name} Dem Out,{name} DemBr,{name} DemCon,SequentialLoad;
SetpointManager:Scheduled,{name} Manager,Temperature,{setpoint},{name} Set;
NodeList,{name} Set,{name} Sup Out;
PlantEquipmentOperationSchemes,{name} Operation,PlantEquipmentOperation:{kind},{name} Always,One;
PlantEquipmentOperation:{kind},{name} Always,0,1e12,{name} List;
PlantEquipmentList,{name} List,HeatPump:WaterToWater:EquationFit:{unit},{name} HP;
BranchList,{name} SupBr,{name} SInBr,{name} HPBr,{name} SOutBr;
BranchList,{name} DemBr,{name} DInBr,{name} LoadBr,{name} DOutBr;
ConnectorList,{name} SupCon,Connector:Splitter,{name} SSp,Connector:Mixer,{name} SMx;
ConnectorList,{name} DemCon,Connector:Splitter,{name} DSp,Connector:Mixer,{name} DMx;
Connector:Splitter,{name} SSp,{name} SInBr,{name} HPBr;
Connector:Mixer,{name} SMx,{name} SOutBr,{name} HPBr;
Connector:Splitter,{name} DSp,{name} DInBr,{name} LoadBr;
Connector:Mixer,{name} DMx,{name} DOutBr,{name} LoadBr;
Branch,{name} SInBr,,Pump:ConstantSpeed,{name} Pump,{name} Sup In,{name} Pump Out;
Branch,{name} HPBr,,HeatPump:WaterToWater:EquationFit:{unit},{name} HP,{name} HP In,{name} HP Out;
Branch,{name} SOutBr,,Pipe:Adiabatic,{name} SPipe,{name} SPipe In,{name} Sup Out;
Branch,{name} DInBr,,Pipe:Adiabatic,{name} DPipe,{name} Dem In,{name} DPipe Out;
Branch,{name} LoadBr,,LoadProfile:Plant,{name} Profile,{name} Load In,{name} Load Out;
Branch,{name} DOutBr,,Pipe:Adiabatic,{name} DPipe2,{name} DPipe2 In,{name} Dem Out;
Pipe:Adiabatic,{name} SPipe,{name} SPipe In,{name} Sup Out;
Pipe:Adiabatic,{name} DPipe,{name} Dem In,{name} DPipe Out;
Pipe:Adiabatic,{name} DPipe2,{name} DPipe2 In,{name} Dem Out;
Pump:ConstantSpeed,{name} Pump,{name} Sup In,{name} Pump Out,{{load_flow}},{{p.load_head}},
  {{load_power}},0.9,0,Intermittent;
LoadProfile:Plant,{name} Profile,{name} Load In,{name} Load Out,{name} Load,{{load_flow}},
  {name} Fraction,Water,,;
"""


_PLANT = (
    """
Version,25.2;
SimulationControl,No,No,No,No,Yes,No,1;
Building,Plant,0,Country,0.04,0.4,FullExterior,25,6;
Timestep,4;
ConvergenceLimits,1,20,2,20;
GlobalGeometryRules,UpperLeftCorner,Counterclockwise,World;
RunPeriod,Run,1,1,2001,12,31,{years},Monday,No,No,No,No,No,No;
ScheduleTypeLimits,Any;
Schedule:Constant,One,Any,1;
Schedule:Constant,Supply,Any,{p.supply};
Schedule:Constant,Chilled,Any,{p.chilled};
Schedule:Constant,Rest,Any,{p.temperature};
Schedule:File,Warm Load,Any,loads.csv,1,0,8760,Comma,No,60,No;
Schedule:File,Cold Load,Any,loads.csv,2,0,8760,Comma,No,60,No;
Schedule:File,Warm Fraction,Any,loads.csv,3,0,8760,Comma,No,60,No;
Schedule:File,Cold Fraction,Any,loads.csv,4,0,8760,Comma,No,60,No;
"""
    + _loop("Warm", "Heating", "HeatingLoad", "Supply")
    + _loop("Cold", "Cooling", "CoolingLoad", "Chilled")
    + """
HeatPump:WaterToWater:EquationFit:Heating,Warm HP,Warm HP SIn,
  Warm HP SOut,Warm HP In,Warm HP Out,{p.load_flow},
  {p.source_flow},{p.heating_reference},{p.heating_power},HeatCap,HeatPow,,1.0,Cold HP;
HeatPump:WaterToWater:EquationFit:Cooling,Cold HP,Cold HP SIn,
  Cold HP SOut,Cold HP In,Cold HP Out,{p.load_flow},
  {p.source_flow},{p.cooling_reference},{p.cooling_power},CoolCap,CoolPow,,1.0,Warm HP;
Curve:QuadLinear,HeatCap,{heating_capacity};
Curve:QuadLinear,HeatPow,{heating_curve};
Curve:QuadLinear,CoolCap,{cooling_capacity};
Curve:QuadLinear,CoolPow,{cooling_curve};
GroundHeatExchanger:Vertical:Properties,Bores,1.5,{p.length},0.15,{p.grout},3.9e6,0.4,1.54e6,0.032,
  0.003,0.06;
GroundHeatExchanger:Vertical:Array,Field,Bores,{bores};
Site:GroundTemperature:Undisturbed:KusudaAchenbach,Ground,{p.conductivity},800,{capacity},
  {p.temperature},0,0;
GroundHeatExchanger:System,GHX,GHX In,GHX Out,{flow},
  Site:GroundTemperature:Undisturbed:KusudaAchenbach,Ground,{p.conductivity},{p.heat_capacity},
  ,UHFcalc,,,Field;
CondenserLoop,Loop,Water,,Operation,Set,90,-20,{flow},0,2.0,Sup In,Sup Out,SupBr,SupCon,
  Dem In,Dem Out,DemBr,DemCon,SequentialLoad;
SetpointManager:Scheduled,Manager,Temperature,Rest,Set;
NodeList,Set,Sup Out;
CondenserEquipmentOperationSchemes,Operation,PlantEquipmentOperation:Uncontrolled,Always,One;
PlantEquipmentOperation:Uncontrolled,Always,List;
CondenserEquipmentList,List,GroundHeatExchanger:System,GHX;
BranchList,SupBr,SInBr,GHXBr,SOutBr;
BranchList,DemBr,DInBr,WarmSBr,ColdSBr,DByBr,DOutBr;
ConnectorList,SupCon,Connector:Splitter,SSp,Connector:Mixer,SMx;
ConnectorList,DemCon,Connector:Splitter,DSp,Connector:Mixer,DMx;
Connector:Splitter,SSp,SInBr,GHXBr;
Connector:Mixer,SMx,SOutBr,GHXBr;
Connector:Splitter,DSp,DInBr,WarmSBr,ColdSBr,DByBr;
Connector:Mixer,DMx,DOutBr,WarmSBr,ColdSBr,DByBr;
Branch,SInBr,,Pump:ConstantSpeed,Source Pump,Sup In,Pump Out;
Branch,GHXBr,,GroundHeatExchanger:System,GHX,GHX In,GHX Out;
Branch,SOutBr,,Pipe:Adiabatic,SPipe,SPipe In,Sup Out;
Branch,DInBr,,Pipe:Adiabatic,DPipe,Dem In,DPipe Out;
Branch,WarmSBr,,HeatPump:WaterToWater:EquationFit:Heating,Warm HP,Warm HP SIn,Warm HP SOut;
Branch,ColdSBr,,HeatPump:WaterToWater:EquationFit:Cooling,Cold HP,Cold HP SIn,Cold HP SOut;
Branch,DByBr,,Pipe:Adiabatic,DBy,DBy In,DBy Out;
Branch,DOutBr,,Pipe:Adiabatic,DPipe2,DPipe2 In,Dem Out;
Pipe:Adiabatic,SPipe,SPipe In,Sup Out;
Pipe:Adiabatic,DPipe,Dem In,DPipe Out;
Pipe:Adiabatic,DBy,DBy In,DBy Out;
Pipe:Adiabatic,DPipe2,DPipe2 In,Dem Out;
Pump:ConstantSpeed,Source Pump,Sup In,Pump Out,{flow},{p.source_head},
  {source_power},0.9,0,{control};
OutputControl:Files,No,No,Yes,No,No,No,No,Yes,No;
"""
)
