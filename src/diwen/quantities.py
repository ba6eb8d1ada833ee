"""The words: every measured quantity with its unit, plausible range and names in both languages.

Inside Diwen a number is a float in the ``unit`` of its quantity (temperatures °C, heat W,
energy J, flow m³/s or kg/s, lengths m, time s). People read and write ``display_unit``.
Units are understood by pint, and only here; pint is loaded at the first conversion.

Ranges and rates are engineering defaults for data quality (not taken from a standard); a point
may narrow them in ``points.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from diwen.language import Language, Text

if TYPE_CHECKING:
    from pint import UnitRegistry

Kind = Literal["gauge", "counter", "state"]


class UnitError(ValueError):
    """A text is not a number with a unit, or its unit does not measure the wanted quantity."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One physical quantity.

    Attributes
    ----------
    name : key used in files and code
    unit : unit of every float inside Diwen
    display_unit : unit people read and write
    text : name in both languages
    low, high : plausible range, in ``unit``
    rate : largest plausible change per minute, in ``unit``; None where jumps are normal
    stuck_after : seconds without any change that are suspicious while the plant runs; None: never
    kind : how a series of it is to be read unless the point says otherwise
    """

    name: str
    unit: str
    display_unit: str
    text: Text
    low: float
    high: float
    rate: float | None = None
    stuck_after: float | None = None
    kind: Kind = "gauge"


_HOUR = 3600.0
_KWH = 3.6e6
_INF = float("inf")

_TABLE = (
    Quantity(
        "temperature", "degC", "degC", Text("temperature", "温度"), -60, 200, 2.0, 6 * _HOUR
    ),
    Quantity(
        "temperature_difference", "delta_degC", "delta_degC",
        Text("temperature difference", "温差"), -60, 60, 4.0, 6 * _HOUR,
    ),
    Quantity(
        "relative_humidity", "1", "percent", Text("relative humidity", "相对湿度"), 0, 1.05, 0.2,
        24 * _HOUR,
    ),
    Quantity(
        "volume_flow", "m^3/s", "m^3/h", Text("volume flow", "体积流量"), -50, 50, None, 24 * _HOUR
    ),
    Quantity("mass_flow", "kg/s", "kg/s", Text("mass flow", "质量流量"), -5e4, 5e4),
    Quantity(
        "volume", "m^3", "m^3", Text("volume", "体积"), 0, 1e10, None, None, "counter"
    ),
    Quantity("heat_power", "W", "kW", Text("heat flow rate", "热功率"), -1e9, 1e9),
    Quantity(
        "heat_energy", "J", "kWh", Text("heat", "热量"), -1e6 * _KWH, 1e10 * _KWH, None, None,
        "counter",
    ),
    Quantity("electric_power", "W", "kW", Text("electric power", "电功率"), -1e8, 1e9),
    Quantity(
        "electric_energy", "J", "kWh", Text("electricity", "电量"), 0, 1e10 * _KWH, None, None,
        "counter",
    ),
    Quantity(
        "gas_volume", "m^3", "m^3", Text("gas volume", "燃气量"), 0, 1e10, None, None, "counter"
    ),
    Quantity(
        "pressure", "Pa", "kPa", Text("pressure", "压力"), -1.2e5, 1e8, None, 24 * _HOUR
    ),
    Quantity(
        "pressure_difference", "Pa", "kPa", Text("pressure difference", "压差"), -1e7, 1e7
    ),
    Quantity("water_level", "m", "m", Text("water level", "水位"), -5000, 9000),
    Quantity("frequency", "Hz", "Hz", Text("inverter frequency", "变频器频率"), 0, 400),
    Quantity("speed", "m/s", "m/s", Text("speed", "速度"), 0, 100),
    Quantity("irradiance", "W/m^2", "W/m^2", Text("solar irradiance", "太阳辐照度"), -20, 1600),
    Quantity("precipitation", "m", "mm", Text("precipitation", "降水量"), 0, 0.5),
    Quantity("concentration", "mg/L", "mg/L", Text("mass concentration", "质量浓度"), 0, 1e6),
    Quantity("turbidity", "NTU", "NTU", Text("turbidity", "浊度"), 0, 1e5),
    Quantity("status", "1", "1", Text("running status", "运行状态"), 0, 1, None, None, "state"),
    Quantity("mode", "1", "1", Text("operating mode", "运行模式"), 0, 99, None, None, "state"),
    Quantity("opening", "1", "percent", Text("valve opening", "阀门开度"), 0, 1.05),
    Quantity("settlement", "m", "mm", Text("ground settlement", "地面沉降"), -10, 10),
    # Design quantities: they stand in site.toml and are never a telemetry point.
    Quantity("length", "m", "m", Text("length", "长度"), 0, 1e5),
    Quantity("area", "m^2", "m^2", Text("area", "面积"), 0, 1e9),
    Quantity("angle", "rad", "deg", Text("angle", "角度"), -7, 7),
    Quantity("time", "s", "h", Text("duration", "时长"), 0, 1e11),
    Quantity("ratio", "1", "1", Text("ratio", "比值"), -_INF, _INF),
    Quantity("density", "kg/m^3", "kg/m^3", Text("density", "密度"), 0, 3e4),
    Quantity(
        "thermal_conductivity", "W/(m*K)", "W/(m*K)", Text("thermal conductivity", "导热系数"),
        0.005, 500,
    ),
    Quantity(
        "volumetric_heat_capacity", "J/(m^3*K)", "MJ/(m^3*K)",
        Text("volumetric heat capacity", "容积热容"), 1e3, 2e7,
    ),
    Quantity(
        "specific_heat_capacity", "J/(kg*K)", "kJ/(kg*K)",
        Text("specific heat capacity", "比热容"), 100, 2e4,
    ),
    Quantity(
        "thermal_diffusivity", "m^2/s", "m^2/s", Text("thermal diffusivity", "热扩散率"), 1e-9, 1e-3
    ),
    Quantity("heat_flux", "W/m^2", "W/m^2", Text("heat flux", "热流密度"), -1e5, 1e5),
    Quantity("heat_per_length", "W/m", "W/m", Text("heat per length", "单位长度热流"), -1e4, 1e4),
    Quantity(
        "temperature_gradient", "delta_degC/m", "delta_degC/km",
        Text("geothermal gradient", "地温梯度"), -0.5, 0.5,
    ),
    Quantity(
        "thermal_resistance_length", "m*K/W", "m*K/W",
        Text("borehole thermal resistance", "钻孔热阻"), 1e-4, 10,
    ),
    Quantity(
        "heat_transmission", "W/K", "W/K", Text("heat loss coefficient", "热损失系数"), 0, 1e8
    ),
    Quantity(
        "hydraulic_conductivity", "m/s", "m/d", Text("hydraulic conductivity", "渗透系数"),
        1e-14, 10,
    ),
    Quantity("transmissivity", "m^2/s", "m^2/d", Text("transmissivity", "导水系数"), 1e-12, 100),
    Quantity(
        "specific_storage", "1/m", "1/m", Text("specific storage", "单位储水系数"), 0, 1
    ),
    Quantity(
        "membrane_filter_index", "s/m^6", "s/L^2",
        Text("membrane filter index", "膜过滤指数"), 0, 1e10,
    ),
    Quantity(
        "calorific_value", "J/m^3", "MJ/m^3", Text("calorific value", "体积热值"), 0, 2e8
    ),
    Quantity("mass", "kg", "kg", Text("mass", "质量"), 0, 1e9),
    Quantity("money", "CNY", "CNY", Text("money", "金额"), -1e12, 1e12),
    Quantity(
        "energy_price", "CNY/J", "CNY/kWh", Text("energy price", "能源价格"), -1e-3, 1e-3
    ),
    Quantity(
        "volume_price", "CNY/m^3", "CNY/m^3", Text("price per volume", "单价（体积）"), 0, 1e5
    ),
    Quantity("area_price", "CNY/m^2", "CNY/m^2", Text("price per area", "单价（面积）"), 0, 1e6),
    Quantity("power_price", "CNY/W", "CNY/kW", Text("price per power", "单价（功率）"), 0, 1e3),
    Quantity("mass_price", "CNY/kg", "CNY/t", Text("price per mass", "单价（质量）"), 0, 1e6),
)  # fmt: skip

QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _TABLE}


def quantity(name: str) -> Quantity:
    """The quantity of that name.

    Raises
    ------
    KeyError : no such quantity
    """
    return QUANTITIES[name]


@cache
def _registry() -> UnitRegistry:
    import pint

    registry: UnitRegistry
    try:
        registry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=":auto:")
    except OSError:
        # The user's folder for such files cannot be written: a little slower, no more.
        registry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for definition in (
        "CNY = [currency] = yuan = RMB = 元",
        "NTU = [turbidity]",
        "tce = 29307 * megajoule = tonne_coal_equivalent",
        "kgce = 29.307 * megajoule",
    ):
        registry.define(definition)
    return registry


# Spellings met in meters' exports and on drawings, and what pint calls them.
_SPELLINGS = {
    "℃": "degC", "°C": "degC", "°c": "degC", "℉": "degF", "°F": "degF", "°": "deg", "‰": "permille",
    "m³": "m^3", "m²": "m^2", "㎡": "m^2", "㎥": "m^3", "·": "*", "−": "-", "µ": "u", "μ": "u",
    "万kWh": "10000*kWh", "度": "kWh", "吨": "tonne", "小时": "h", "分钟": "min", "%": "percent",
}  # fmt: skip
_WHOLE = {
    "C": "degC", "c": "degC", "F": "degF", "K": "kelvin", "m3/h": "m^3/h", "l/min": "L/min",
    "l/s": "L/s", "l/h": "L/h", "t/h": "1000*kg/h", "t": "tonne",
    "": "1", "-": "1", "mH2O": "9806.65*Pa", "W/mK": "W/(m*K)", "mK/W": "m*K/W",
    "m3": "m^3", "m2": "m^2", "Mwh": "MWh", "kwh": "kWh", "KWH": "kWh", "kw": "kW", "KW": "kW",
}  # fmt: skip


# A unit is short and its powers are one digit: nothing else is handed to the parser behind.
_UNIT = re.compile(r"(?!.*\*\*)(?!.*\^-?\d\d)(?:1 ?/ ?)?[^\W\d][\w /*^()%.-]{0,39}")


def _pint_spelling(unit: str) -> str:
    unit = unit.strip()
    if unit in _WHOLE:
        return _WHOLE[unit]
    for spelled, meant in _SPELLINGS.items():
        unit = unit.replace(spelled, meant)
    return re.sub(r"(?<=[A-Za-z])([23])\b", r"^\1", unit)


@cache
def conversion(unit: str, name: str) -> tuple[float, float]:
    """Factor and offset that turn a number in ``unit`` into the quantity's own unit.

    Parameters
    ----------
    unit : unit as a person writes it (``m3/h``, ``kW``, ``K``, ``°F``)
    name : quantity

    Returns
    -------
    factor, offset : ``value_inside = factor * value + offset``

    Raises
    ------
    UnitError : unit unknown, or of another dimension
    """
    registry = _registry()
    target = QUANTITIES[name].unit
    scale, spelled = _factorless(unit)
    try:
        if spelled and not _UNIT.fullmatch(spelled):
            raise ValueError(spelled)
        source = registry.Unit(spelled)
        delta = "delta_degF" if source == registry.degF else "delta_degC"
        if name == "temperature":
            # Affine: the factor is that between the intervals, the offset is what 0 becomes.
            offset = registry.Quantity(0.0, source).to(target).magnitude
            factor = (
                1.0
                if source == registry.kelvin
                else registry.Quantity(1.0, delta).to("delta_degC").magnitude
            )
        else:
            if name == "temperature_difference" and source in (registry.degC, registry.degF):
                source = registry.Unit(delta)
            offset = 0.0
            factor = registry.Quantity(1.0, source).to(target).magnitude
    except Exception as error:
        # The parser behind raises a dozen kinds (even ZeroDivisionError) on text that is no unit.
        wanted = QUANTITIES[name].display_unit
        raise UnitError(f"{unit!r} is not a unit of {name}; write for example {wanted}") from error
    return factor * scale, offset


def _factorless(unit: str) -> tuple[float, str]:
    """Split a leading number off a unit (``10000*kWh``), which pint's Unit does not take."""
    spelled = _pint_spelling(unit)
    match = re.fullmatch(r"\s*([0-9.]+)\s*\*\s*(.+)", spelled)
    return (float(match[1]), match[2]) if match else (1.0, spelled if spelled != "1" else "")


_NUMBER = re.compile(r"\s*([-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*", re.DOTALL)


def parse(text: str, name: str) -> float:
    """Read a number with its unit, such as ``"16 m3/h"``.

    Parameters
    ----------
    text : number and unit
    name : quantity that is wanted

    Returns
    -------
    float : the value in the quantity's own unit

    Raises
    ------
    UnitError : not a number with a unit of that quantity
    """
    match = _NUMBER.fullmatch(text)
    wanted = QUANTITIES[name].display_unit
    if match is None:
        raise UnitError(f"{text!r} is not a number with a unit; write for example '1.5 {wanted}'")
    number, unit = float(match[1].replace("−", "-")), match[2]
    if not unit and QUANTITIES[name].unit != "1":
        raise UnitError(f"{text!r} has no unit; write for example '{match[1]} {wanted}'")
    factor, offset = conversion(unit, name)
    return factor * number + offset


def display(value: float, name: str) -> float:
    """A value in the quantity's own unit, turned into the unit people read."""
    factor, offset = conversion(QUANTITIES[name].display_unit, name)
    return (value - offset) / factor


# How a unit is printed for people.
_PRINTED = {
    "degC": "°C", "delta_degC": "K", "m^3/h": "m³/h", "m^3": "m³", "m^2": "m²", "1": "",
    "percent": "%", "W/m^2": "W/m²", "W/(m*K)": "W/(m·K)", "MJ/(m^3*K)": "MJ/(m³·K)",
    "kJ/(kg*K)": "kJ/(kg·K)", "m^2/s": "m²/s", "m*K/W": "m·K/W", "m^2/d": "m²/d",
    "kg/m^3": "kg/m³", "MJ/m^3": "MJ/m³", "deg": "°", "delta_degC/km": "K/km", "CNY/m^3": "CNY/m³",
    "CNY/m^2": "CNY/m²", "s/L^2": "s/L²",
}  # fmt: skip


def printed(unit: str, language: Language = "en") -> str:
    """A unit as it is printed for people (``m^3/h`` becomes ``m³/h``, ``CNY`` in Chinese 元)."""
    shown = _PRINTED.get(unit, unit).replace("yuan", "CNY")
    return shown.replace("CNY", "元") if language == "zh" else shown
