"""What is put into a simulated plant, and what diagnosis must and must not say of it.

The sixteen cases of the injection matrix, two faults at once, and healthy plants. The words of the
families are those of :data:`diwen.twin.deviations.FAMILIES`; ``gate`` is a fault of an instrument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from diwen.site.ledger import Entry
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault

BEGIN = date(2023, 1, 1)
_FIRST = datetime(2023, 1, 1)


@dataclass(frozen=True)
class Injection:
    """One case.

    Attributes
    ----------
    name : for people
    expected : any of these first; several sets: one of each must be found (faults at once); empty:
        nothing may be found
    never : families that must not be found
    deviations : of the twin
    sensors : faults of instruments, beside the usual errors
    ledger : entries that a diligent operator would write
    years : of the record
    step : s of the records
    needs : what the plant must have: ``ground``, ``cold``, ``boiler``, ``wells``, ``source_meter``,
        ``groundwater`` (given to it), ``tank``, ``curve``, ``idle`` (hours in season in which no
        unit runs: elsewhere pumps that never stop do what those of the design do), ``setback``
        (of the night, by design), ``colder`` (units that can supply all loads 6 K off), ``heads``
        (levels in the wells, which only full metering has)
    """

    name: str
    expected: tuple[frozenset[str], ...]
    never: frozenset[str]
    deviations: tuple[Deviation, ...] = ()
    sensors: tuple[SensorFault, ...] = ()
    ledger: tuple[Entry, ...] = ()
    years: int = 1
    step: float = 3600.0
    needs: frozenset[str] = frozenset()

    @property
    def onset(self) -> float | None:
        """Years of the record after which the first thing that was put in holds; None: nothing."""
        begins = [one.since for one in self.deviations]
        begins += [0.0 if one.since is None else (one.since - _FIRST).days / 365.0
                   for one in self.sensors]  # fmt: skip
        return min(begins, default=None)


def _one(*families: str) -> tuple[frozenset[str], ...]:
    return (frozenset(families),)


def _entry(day: date, stage: str, object: str, item: str, value: str = "", unit: str = "") -> Entry:
    return Entry(day, stage, object, item, value, unit, "operator", "", "", 2)


_HALF = datetime(2023, 7, 1)
_JULY = date(2023, 7, 2)
_CLEANED = tuple(_entry(day, "maintenance", "site", "strainer cleaned")
                 for day in (date(2023, 7, 2), date(2024, 1, 1), date(2024, 7, 1)))  # fmt: skip
_D = Deviation
_GROUND = frozenset({"ground"})
_METERED = frozenset({"source_meter"})

HEALTHY = Injection("healthy", (), frozenset())

MATRIX: tuple[Injection, ...] = (
    Injection("load x0.5 on a plant twice too large", _one("design"), frozenset({"operation"}),
              (_D("load_factor", 0.5),)),
    Injection("borehole resistance x1.5 from day 0", _one("construction"), frozenset({"resource"}),
              (_D("borehole_resistance", 1.5),), needs=_GROUND | _METERED),
    Injection("conductivity x0.7, ground 1.5 K colder", _one("resource"),
              frozenset({"construction"}),
              (_D("ground_conductivity", 0.7), _D("undisturbed_temperature", -1.5)),
              needs=_GROUND | _METERED),
    Injection("balance 0.5 for five years", _one("balance"), frozenset({"operation", "design"}),
              (_D("cooling_factor", 0.5),), years=5, needs=_GROUND | _METERED | {"cold"}),
    Injection("the same with groundwater", (), frozenset({"operation", "design", "balance"}),
              # Water that flows past carries in what lacks: the response of the twin is that of
              # ground at rest, so its heat is put in as a gain that no meter sees.
              (_D("cooling_factor", 0.5), _D("yearly_imbalance", -0.4)), years=5,
              needs=_GROUND | _METERED | {"cold", "groundwater"}),
    Injection("strainer 1 %/week, cleaned twice a year", _one("operation"),
              frozenset({"hydraulic"}),
              (_D("strainer", 0.52, resets=(0.5, 1.0, 1.5)),), ledger=_CLEANED, years=2,
              needs=_METERED),
    Injection("source flow -30 % after a valve change", _one("hydraulic"),
              frozenset({"construction"}), (_D("source_flow", 0.7, since=0.5),),
              ledger=(_entry(_JULY, "modification", "site", "valve adjusted"),), needs=_METERED),
    Injection("pumps 40 % oversized at constant speed", _one("hydraulic", "design"),
              frozenset({"operation"}), (_D("pump_oversize", 1.4),)),
    Injection("control gains x4: units hunt", _one("commissioning"), frozenset({"operation"}),
              (_D("dead_band", 0.25),), step=300.0, needs=frozenset({"tank"})),
    Injection("return sensor +0.5 K from July", _one("gate"),
              frozenset({"design", "operation", "balance", "construction", "resource", "hydraulic",
                         "commissioning"}),
              sensors=(SensorFault("bias", ("source_leaving",), 0.5, _HALF),), needs=_METERED),
    Injection("source pair drifts 0.3 K/a", _one("gate"), frozenset({"balance"}),
              sensors=(SensorFault("drift", ("source_entering", "source_leaving"), 0.3),), years=2,
              needs=_METERED),
    Injection("efficiency -15 % over a year", _one("operation"), frozenset({"balance"}),
              (_D("efficiency_loss", 0.15),)),
    Injection("injection resistance +25 %/a", _one("resource", "operation"),
              frozenset({"construction"}), (_D("injection_clogging", 0.25),), years=2,
              needs=frozenset({"wells", "heads"})),
    Injection("night setback ignored", _one("operation"), frozenset({"design"}),
              (_D("night_setback_ignored", 1.0),), needs=frozenset({"setback"})),
    Injection("half occupied in the first year", (), frozenset({"design"}),
              (_D("load_factor", 0.5),),
              ledger=(_entry(BEGIN, "operation", "site", "occupancy", "50", "%"),)),
    Injection("boiler leaks heat into the loop", _one("hydraulic", "operation"),
              frozenset({"balance"}), (_D("backup_leak", 0.05),), needs=frozenset({"boiler"})),
)  # fmt: skip

PAIRS: tuple[Injection, ...] = (
    Injection("efficiency -15 %/a and source flow -30 %",
              (frozenset({"operation"}), frozenset({"hydraulic"})), frozenset(),
              (_D("efficiency_loss", 0.15), _D("source_flow", 0.7, since=0.4)), needs=_METERED),
    Injection("borehole resistance x1.5 and night setback ignored",
              (frozenset({"construction"}), frozenset({"operation"})), frozenset(),
              (_D("borehole_resistance", 1.5), _D("night_setback_ignored", 1.0)),
              needs=_GROUND | _METERED | {"setback"}),
    Injection("load x0.5 and supply 6 K off",
              (frozenset({"design"}), frozenset({"commissioning"})), frozenset(),
              (_D("load_factor", 0.5), _D("setpoint_shift", 6.0)), needs=frozenset({"colder"})),
    Injection("ground x0.7/-1.5 K and pumps never stop",
              (frozenset({"resource"}), frozenset({"operation"})), frozenset(),
              (_D("ground_conductivity", 0.7), _D("undisturbed_temperature", -1.5),
               _D("pumps_always_on", 1.0)), needs=_GROUND | _METERED | {"idle"}),
    Injection("pumps 40 % oversized and efficiency -15 %/a",
              (frozenset({"hydraulic", "design"}), frozenset({"operation"})), frozenset(),
              (_D("pump_oversize", 1.4), _D("efficiency_loss", 0.15))),
)  # fmt: skip

FURTHER: tuple[Injection, ...] = (
    Injection("heat supplied 6 K warmer, cold colder", _one("commissioning"),
              frozenset({"design"}), (_D("setpoint_shift", 6.0),), needs=frozenset({"colder"})),
    Injection("outdoor sensor reads 5 K less", _one("commissioning"), frozenset({"design"}),
              (_D("outdoor_sensor", -5.0),), needs=frozenset({"curve"})),
    Injection("pumps never stop", _one("operation"), frozenset({"hydraulic"}),
              (_D("pumps_always_on", 1.0),), needs=frozenset({"idle"})),
    Injection("heat meter reads 15 % more", _one("gate"),
              frozenset({"balance", "construction", "resource"}),
              sensors=(SensorFault("scale", ("load_heat",), 1.15),), needs=_METERED),
    Injection("source temperatures swapped", _one("gate"),
              frozenset({"balance", "construction", "resource"}),
              sensors=(SensorFault("swap", ("source_entering", "source_leaving")),),
              needs=_METERED),
    Injection("a quarter of the branches lost", _one("construction"), frozenset({"balance"}),
              (_D("lost_branches", 0.25),), needs=_GROUND | _METERED),
)  # fmt: skip
