"""Which instruments measure the heat of a circuit, and which points lack where none does.

The rule of choice, first that has records in the period:

1. a heat meter's register (``heat_energy``): the meter integrates inside, nothing is lost;
2. a heat meter's power (``heat_power``), integrated by the trapezoid rule;
3. flow times temperature difference times the volumetric heat capacity of the site's fluid;
4. the same from a volume register in place of a flow.

Meters of one circuit that cover the same equipment but carry different ``@`` details measure
parallel branches and are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.evaluation.amount import Refusal
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

#: Circuit -> (location whose temperature counts positive, the one that counts negative).
CIRCUITS: dict[str, tuple[str, str]] = {
    "load": ("load_leaving", "load_entering"),
    "hot_water": ("hot_water_leaving", "hot_water_entering"),
    "cooling": ("cooling_entering", "cooling_leaving"),
    "source": ("source_entering", "source_leaving"),
}
CIRCUIT_NAMES = {
    "load": Text("load circuit", "用户侧回路"),
    "hot_water": Text("hot-water circuit", "生活热水回路"),
    "cooling": Text("chilled-water circuit", "冷冻水回路"),
    "source": Text("source circuit", "地源侧回路"),
}
#: Methods that rest on a temperature pair.
NEED_PAIR = ("flow", "volume")
_FLOWS = ("volume_flow", "mass_flow", "volume")
_METHODS = {
    "register": Text("heat meter register", "热量表累计值"),
    "power": Text("heat meter power, integrated over time", "热量表热功率对时间积分"),
    "volume": Text("volume × temperature difference × heat capacity", "体积×温差×比热容"),
    "flow": Text("flow × temperature difference × heat capacity", "流量×温差×比热容"),
}
_NO_FLOW = Text(
    "no flow meter in the {circuit} ({code}): temperatures alone give no heat",
    "{circuit}无流量计（{code}），仅凭温度不能得出热量",
)
_NO_PAIR = Text(
    "no temperature pair in the {circuit} ({code}): flow alone gives no heat",
    "{circuit}缺少供回水温度对（{code}），仅凭流量不能得出热量",
)
_APART = Text(
    "flow and temperatures of the {circuit} do not cover the same equipment: {points}; where they "
    "sit in the same pipe, give them the same equipment in points.csv",
    "{circuit}的流量与温度测点所属设备不一致：{points}；若在同一管路上，请在 points.csv 中将 "
    "equipment 改为一致",
)
_NO_METER = Text(
    "neither a heat meter nor flow and temperatures in the {circuit} ({code})",
    "{circuit}既无热量表，也无流量与供回水温度（{code}）",
)
_NO_RECORDS = Text(
    "the heat of the {circuit} is metered, but there are no usable records in this period "
    "({points})",
    "{circuit}设有热量计量，但本周期内无可用记录（{points}）",
)


@dataclass(frozen=True)
class HeatMeter:
    """One way in which the heat of a circuit is measured.

    Attributes
    ----------
    circuit : key of :data:`CIRCUITS`
    equipment : ids that it covers
    method : ``register``, ``power``, ``flow`` or ``volume``
    meter : the point of register, power, flow or volume
    plus, minus : temperatures of the circuit, None where there are none
    difference : a point that measures the difference itself, None where there is none
    """

    circuit: str
    equipment: frozenset[str]
    method: str
    meter: Point
    plus: Point | None = None
    minus: Point | None = None
    difference: Point | None = None

    @property
    def text(self) -> Text:
        """The method in words."""
        return _METHODS[self.method]

    @property
    def pair(self) -> list[Point]:
        """The points that give the temperature difference; empty where it is not measured."""
        if self.difference is not None:
            return [self.difference]
        if self.plus is not None and self.minus is not None:
            return [self.plus, self.minus]
        return []

    @property
    def points(self) -> list[Point]:
        """The points that the heat rests on."""
        return [self.meter, *(self.pair if self.method in NEED_PAIR else [])]


def heat_meters(context: Context, circuit: str) -> list[HeatMeter]:
    """The heat meters of a circuit that have records, of each coverage only the best method.

    Raises
    ------
    Refusal : there is none; the missing points are named
    """
    found = context.once(("heat meters", circuit), lambda: _search(context, circuit))
    if isinstance(found, Refusal):
        raise found
    return found


def measured_circuits(context: Context) -> list[str]:
    """The circuits whose heat is measured."""
    return [circuit for circuit in CIRCUITS if _is_measured(context, circuit)]


def _is_measured(context: Context, circuit: str) -> bool:
    try:
        heat_meters(context, circuit)
    except Refusal:
        return False
    return True


def _search(context: Context, circuit: str) -> list[HeatMeter] | Refusal:
    wired = [
        _meter(context, circuit, method, point)
        for method, quantities in (
            ("register", ("heat_energy",)),
            ("power", ("heat_power",)),
            ("flow", ("volume_flow", "mass_flow")),
            ("volume", ("volume",)),
        )
        for quantity in quantities
        for point in context.points(quantity, circuit)
    ]
    complete = [meter for meter in wired if meter.method not in NEED_PAIR or meter.pair]
    if not complete:
        return _lacking(context, circuit)
    best: dict[frozenset[str], list[HeatMeter]] = {}
    for meter in complete:
        if any(len(context.padded_series(point.id)) == 0 for point in meter.points):
            continue
        chosen = best.setdefault(meter.equipment, [])
        if not chosen or chosen[0].method == meter.method:
            chosen.append(meter)
    if not best:
        used = {point.id for meter in complete for point in meter.points}
        names = sorted(id for id in used if len(context.padded_series(id)) == 0)
        return Refusal(
            _NO_RECORDS.format(circuit=CIRCUIT_NAMES[circuit], points=", ".join(names)), names
        )
    return [meter for meters in best.values() for meter in meters]


def _meter(context: Context, circuit: str, method: str, point: Point) -> HeatMeter:
    plus, minus = CIRCUITS[circuit]
    return HeatMeter(
        circuit,
        frozenset(point.equipment),
        method,
        point,
        _companion(point, context.points("temperature", plus)),
        _companion(point, context.points("temperature", minus)),
        _companion(point, context.points("temperature_difference", circuit)),
    )


def _companion(meter: Point, candidates: Iterable[Point]) -> Point | None:
    """The sensor that belongs to a meter: same equipment before shared, same detail before none."""
    own = set(meter.equipment)

    def nearness(point: Point) -> tuple[bool, bool, str]:
        return (set(point.equipment) != own, point.detail != meter.detail, point.id)

    related = [
        point
        for point in candidates
        if point.detail in (meter.detail, "")
        and (own <= set(point.equipment) or set(point.equipment) == own)
    ]
    return min(related, key=nearness, default=None)


def estranged(context: Context, circuit: str, meter: Point) -> list[Point]:
    """Temperatures of a meter's circuit and branch that some of its equipment, not all, names.

    They are not taken for the meter's own; most often somebody added a heater to the meter and
    forgot the sensors.
    """
    own = set(meter.equipment)
    return [
        point
        for location in CIRCUITS[circuit]
        for point in context.points("temperature", location)
        if point.detail in (meter.detail, "")
        and own & set(point.equipment)
        and not own <= set(point.equipment)
    ]


def _lacking(context: Context, circuit: str) -> Refusal:
    """Why there is no heat in a circuit, and the points that would give it."""
    plus, minus = CIRCUITS[circuit]
    pumps = "+".join(context.site.heat_pumps) or "site"
    has_flow = any(context.points(quantity, circuit) for quantity in _FLOWS)
    absent = [place for place in (plus, minus) if not context.points("temperature", place)]
    if context.points("temperature_difference", circuit):
        absent = []
    codes = _codes()
    missing = [] if has_flow else [f"{codes[circuit]} volume_flow {circuit} {pumps}"]
    missing += [f"{codes[place]} temperature {place} {pumps}" for place in absent]
    if has_flow and not absent:
        return Refusal(
            _APART.format(circuit=CIRCUIT_NAMES[circuit], points=_covers(context, circuit))
        )
    if not has_flow and not absent:
        reason, code = _NO_FLOW, codes[circuit]
    elif has_flow:
        reason, code = _NO_PAIR, "/".join(codes[place] for place in absent)
    else:
        reason, code = _NO_METER, "/".join(codes[place] for place in (plus, minus, circuit))
    return Refusal(reason.format(circuit=CIRCUIT_NAMES[circuit], code=code), missing)


def _covers(context: Context, circuit: str) -> str:
    """Meters and temperatures of a circuit with the equipment that each covers."""
    points = [
        *(point for quantity in _FLOWS for point in context.points(quantity, circuit)),
        *(p for place in CIRCUITS[circuit] for p in context.points("temperature", place)),
        *context.points("temperature_difference", circuit),
    ]
    return ", ".join(f"{point.id} ({'+'.join(point.equipment)})" for point in points)


def _codes() -> dict[str, str]:
    from diwen.site.locations import LOCATIONS

    return {name: location.code for name, location in LOCATIONS.items()}
