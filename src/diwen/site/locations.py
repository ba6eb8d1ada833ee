"""Where a point measures: the vocabulary of the ``location`` column of ``points.csv``.

Every location says which quantities can be measured there and the code under which engineers
know the point (TS1 source supply, TU2 user return, EH electricity of a heat pump, ...).
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text


@dataclass(frozen=True, slots=True)
class Location:
    """A place of measurement.

    Attributes
    ----------
    name : word used in ``points.csv``
    code : code of the point in the minimum point list; a family of codes is written ``FS/PS``
    quantities : quantities that can be measured there
    text : name in both languages
    """

    name: str
    code: str
    quantities: tuple[str, ...]
    text: Text


_FLUID = ("temperature", "pressure")
_CIRCUIT = (
    "volume_flow", "mass_flow", "volume", "heat_power", "heat_energy", "pressure",
    "pressure_difference", "temperature_difference", "speed",
)  # fmt: skip
_WATER_BODY = (
    "temperature", "volume_flow", "mass_flow", "volume", "pressure", "concentration", "turbidity",
)  # fmt: skip

_TABLE = (
    Location(
        "source_entering", "TS1", _FLUID,
        Text("source fluid entering the heat pump (source supply)", "地源侧供水（进机组）"),
    ),
    Location(
        "source_leaving", "TS2", _FLUID,
        Text("source fluid leaving the heat pump (source return)", "地源侧回水（出机组）"),
    ),
    Location("load_leaving", "TU1", _FLUID, Text("load supply", "用户侧供水")),
    Location("load_entering", "TU2", _FLUID, Text("load return", "用户侧回水")),
    Location("hot_water_leaving", "TH1", _FLUID, Text("hot-water supply", "生活热水侧供水")),
    Location("hot_water_entering", "TH2", _FLUID, Text("hot-water return", "生活热水侧回水")),
    Location("cooling_leaving", "TC1", _FLUID, Text("chilled-water supply", "冷冻水供水")),
    Location("cooling_entering", "TC2", _FLUID, Text("chilled-water return", "冷冻水回水")),
    Location("source", "FS", _CIRCUIT, Text("source circuit", "地源侧回路")),
    Location("load", "FU", _CIRCUIT, Text("load circuit", "用户侧回路")),
    Location("hot_water", "FH", _CIRCUIT, Text("hot-water circuit", "生活热水回路")),
    Location("cooling", "FC", _CIRCUIT, Text("chilled-water circuit", "冷冻水回路")),
    Location(
        "supply", "E", ("electric_power", "electric_energy", "gas_volume", "heat_power",
                        "heat_energy", "volume_flow"),
        Text("supply of electricity, gas or heat", "供电、供气或供热入口"),
    ),
    Location(
        "outdoor", "TO",
        ("temperature", "relative_humidity", "irradiance", "speed", "precipitation", "pressure"),
        Text("outdoor", "室外"),
    ),
    Location("room", "TR", ("temperature", "relative_humidity"), Text("room", "室内")),
    Location("ground", "TG", ("temperature", "settlement"), Text("ground", "地层")),
    Location(
        "well_abstraction", "VA", _WATER_BODY, Text("abstraction from the well", "抽水")
    ),
    Location("well_injection", "VI", _WATER_BODY, Text("injection into the well", "回灌")),
    Location("wellhead", "PI", ("pressure", "temperature"), Text("wellhead", "井口")),
    Location("water_level", "WL", ("water_level",), Text("water level in the well", "井水位")),
    Location(
        "reference_level", "WL", ("water_level",),
        Text("water level in a reference well", "参考井水位"),
    ),
    Location(
        "unit", "ST", ("status", "mode", "frequency", "opening", "temperature", "pressure"),
        Text("the unit itself (status, mode, frequency)", "设备本体（状态、模式、频率）"),
    ),
    Location("branch", "FU.i", (*_FLUID, *_CIRCUIT, "opening"), Text("branch", "支路")),
    Location("make_up", "MW", ("volume", "volume_flow"), Text("make-up water", "补水")),
)  # fmt: skip

LOCATIONS: dict[str, Location] = {location.name: location for location in _TABLE}
