"""What an evaluation needs besides the file: the borehole, the ground, the meters.

The command line goes before the table of the test, that before the bore field and the ground.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diwen import quantities, rules
from diwen.fluids import fluid as fluid_named
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.borehole import Pipes
from diwen.site.circulation_wells import StandingColumnWell
from diwen.site.fields import Measure
from diwen.site.ground import Ground
from diwen.site.response_tests import ResponseTest, ResponseTestColumns
from diwen.sources.response_test.composite_cylinder import BoreholeInside
from diwen.sources.response_test.record import TestedBorehole
from diwen.survey.quality import Circumstances
from diwen.survey.response_test_file import TestFile
from diwen.survey.response_test_heat import Reading
from diwen.survey.standing_column_phases import WaterAtRest, water_at_rest

_COMMAND = "diwen test-response"
_NO_LENGTH = Text("the active length of the tested borehole is not known", "测试孔有效孔深未知")
_GIVE_LENGTH = Text(
    'give --length "100 m", or sources.*.borehole.length in site.toml',
    '请用 --length "100 m" 或在 site.toml 的 sources.*.borehole.length 中给出',
)
_NO_DIAMETER = Text("the diameter of the tested borehole is not known", "测试孔孔径未知")
_GIVE_DIAMETER = Text(
    'give --diameter "150 mm", or sources.*.borehole.diameter in site.toml',
    '请用 --diameter "150 mm" 或在 site.toml 的 sources.*.borehole.diameter 中给出',
)
_NO_UNDISTURBED = Text("the undisturbed ground temperature is not known", "岩土初始地温未知")
_GIVE_UNDISTURBED = Text(
    'give --undisturbed-temperature "15.2 °C", or ground.undisturbed_temperature in site.toml',
    '请用 --undisturbed-temperature "15.2 °C" 或在 site.toml 中填 ground.undisturbed_temperature',
)
_NO_FIELD = Text("no bore field of that id", "没有该标识的地埋管孔群")
_SEVERAL = Text("the site has several bore fields", "项目有多个地埋管孔群")
_SAY_SOURCE = Text(
    "say which: source in [[response_tests]], or --source ID",
    "请指明：[[response_tests]] 的 source，或 --source 标识",
)
_CIRCULATED = Text(
    "the undisturbed temperature is that of the fluid circulating before heating, {value:.2f} °C",
    "初始地温取加热前循环流体平均温度 {value:.2f} °C",
)
_OF_RECIRCULATION = Text(
    "the undisturbed temperature is that of the water recirculating before heating, {value:.2f} °C;"
    " its hourly means went from {low:.2f} to {high:.2f} °C, as pump and air brought in {heat:.0f}"
    " W",
    "初始地温取加热前循环水平均温度 {value:.2f} °C；其小时平均值为 {low:.2f}～{high:.2f} °C，"
    "其间水泵与空气带入热量约 {heat:.0f} W",
)
_MEASURE_IT = Text("measure it along the borehole before the test", "请在试验前沿孔深测量初始地温")
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_CORRECT = Text("correct the value or its unit", "请更正数值或单位")
_TWICE = Text("the site names this file {count} times", "项目文件 {count} 次列出该数据文件")
_ONCE = Text("leave one [[response_tests]] of them", "请只保留其中一个 [[response_tests]]")
_ASSUMED = Text(
    "the heat capacity of the ground is assumed: {value:g} MJ/(m³·K); it touches R_b, not λ",
    "岩土容积热容按假定值 {value:g} MJ/(m³·K)；只影响钻孔热阻，不影响导热系数",
)
_GIVE_CAPACITY = Text(
    'give --heat-capacity "2.2 MJ/(m3*K)" or the layers of the ground',
    '请用 --heat-capacity "2.2 MJ/(m3*K)" 或给出各层容积热容',
)


@dataclass(frozen=True)
class Given:
    """What the user says beside the file; None: look in the site.

    Attributes
    ----------
    length, diameter : of the borehole, m
    undisturbed_temperature : °C
    heat_capacity : of the ground, J/(m³·K)
    nominal_power : W
    heating_start : date and time
    columns : role to specification
    source : id of the bore field
    """

    length: float | None = None
    diameter: float | None = None
    undisturbed_temperature: float | None = None
    heat_capacity: float | None = None
    nominal_power: float | None = None
    heating_start: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Inputs:
    """Everything an evaluation needs besides the file.

    Attributes
    ----------
    borehole : length, radius, heat capacity, undisturbed temperature
    circumstances : what the quality check needs
    inside : what stores heat in the borehole; None when the pipes are not known
    fluid : name of the fluid
    notices : what was assumed
    open_well : the test was made on a standing column well
    at_rest : the recirculation that the undisturbed temperature was taken from; None if it was not
    """

    borehole: TestedBorehole
    circumstances: Circumstances
    inside: BoreholeInside | None
    fluid: str
    notices: tuple[Problem, ...]
    open_well: bool = False
    at_rest: WaterAtRest | None = None


def entry_of(site: Site | None, path: Path) -> tuple[int, ResponseTest] | None:
    """Position and table of the test that a file belongs to; None if the site names it nowhere.

    Raises
    ------
    InputError : the site names it more than once
    """
    if site is None:
        return None
    tests = enumerate(site.response_tests)
    found = [(i, test) for i, test in tests if same_file(site.folder / test.file, path)]
    if len(found) > 1:
        where = ", ".join(f"response_tests[{position}]" for position, _ in found)
        message = _TWICE.format(count=len(found))
        raise InputError([Problem("site.toml", where, message, _ONCE, path.name)])
    return found[0] if found else None


def same_file(one: Path, other: Path) -> bool:
    """Whether both are the same file, or copies of one name."""
    if one.resolve() == other.resolve():
        return True
    alike = one.name == other.name and one.is_file() and other.is_file()
    return alike and one.read_bytes() == other.read_bytes()


def source_of(site: Site | None, test: ResponseTest | None, given: Given) -> str:
    """Id of the bore field the borehole belongs to; empty when the site has none.

    Raises
    ------
    InputError : the field named does not exist, or there are several and none is named
    """
    if site is None:
        return ""
    kinds = (Borefield, StandingColumnWell)
    fields = [name for name, item in site.sources.items() if isinstance(item, kinds)]
    asked = given.source or (test.source if test is not None else "")
    allowed = Text(", ".join(fields), "、".join(fields))
    if asked:
        if asked not in fields:
            raise InputError(
                [Problem(_COMMAND, "--source", _NO_FIELD, _SAY_SOURCE, asked, allowed)]
            )
        return asked
    if len(fields) > 1:
        raise InputError([Problem(_COMMAND, "--source", _SEVERAL, _SAY_SOURCE, "", allowed)])
    return fields[0] if fields else ""


def reading_of(site: Site | None, test: ResponseTest | None, given: Given, source: str) -> Reading:
    """How the file is to be read."""
    columns = (
        {name: getattr(test.columns, name) for name in ResponseTestColumns.model_fields}
        if (test is not None)
        else {}
    )
    nominal = given.nominal_power
    if nominal is None and test is not None:
        nominal = test.nominal_power
    start = given.heating_start or (test.heating_start if test is not None else "")
    return Reading({**columns, **given.columns}, start, nominal, _fluid_name(site, source))


def inputs_of(
    site: Site | None, test: ResponseTest | None, given: Given, source: str, file: TestFile
) -> Inputs:
    """Borehole, ground and meters of a test.

    Raises
    ------
    InputError : what nobody said, all of it at once
    """
    borefield = site.sources[source] if site is not None and source else None
    bore = borefield.borehole if isinstance(borefield, Borefield) else None
    well = borefield if isinstance(borefield, StandingColumnWell) else None
    pipes = borefield.pipes if isinstance(borefield, Borefield) else None
    ground = site.ground if site is not None else Ground()
    problems = list(_outside(given))
    notices: list[Problem] = []
    length = _first(
        given.length, test and test.borehole_length, bore and bore.length, well and well.depth
    )
    diameter = _first(
        given.diameter, test and test.borehole_diameter, bore and bore.diameter,
        well and well.bore_diameter,
    )  # fmt: skip
    undisturbed = _first(
        given.undisturbed_temperature,
        test.undisturbed_temperature if test is not None else None,
        ground.undisturbed_temperature,
    )
    if length is None:
        problems.append(Problem(_COMMAND, "--length", _NO_LENGTH, _GIVE_LENGTH))
    elif given.length is None and not (test is not None and test.borehole_length):
        message = _PLANNED_LENGTH.format(length=f"{length:g}")
        notices.append(_notice("borehole_length", message, _SAY_LENGTH))
    if diameter is None:
        problems.append(Problem(_COMMAND, "--diameter", _NO_DIAMETER, _GIVE_DIAMETER))
    at_rest = None
    if undisturbed is None and length is not None and diameter is not None:
        at_rest = _recirculated(file, length, diameter)
    if at_rest is not None:
        undisturbed = at_rest.temperature
        message = _OF_RECIRCULATION.format(
            value=undisturbed, low=at_rest.lowest, high=at_rest.highest, heat=at_rest.heat_rate
        )
        notices.append(_notice("undisturbed_temperature", message, _MEASURE_IT))
    if undisturbed is None and file.before_temperature is not None:
        undisturbed = file.before_temperature
        notices.append(_notice("undisturbed_temperature", _CIRCULATED.format(value=undisturbed),
                               _MEASURE_IT))  # fmt: skip
    if undisturbed is None:
        where = "--undisturbed-temperature"
        problems.append(Problem(_COMMAND, where, _NO_UNDISTURBED, _GIVE_UNDISTURBED))
    capacity = _first(given.heat_capacity, test and test.heat_capacity, _of_layers(ground, length))
    if capacity is None:
        default = rules.load().value("response_test.heat_capacity")
        capacity = default * 1e6
        notices.append(_notice("heat_capacity", _ASSUMED.format(value=default), _GIVE_CAPACITY))
    if length is None or diameter is None or undisturbed is None or problems:
        raise InputError(problems)
    tested = TestedBorehole(length, diameter / 2, capacity, undisturbed)
    return Inputs(
        tested,
        _circumstances(site, test, source, pipes, file),
        _inside(pipes, borefield, _fluid_name(site, source), undisturbed),
        _fluid_name(site, source),
        tuple(notices),
        file.open_well is not None or well is not None,
        at_rest,
    )


def _recirculated(file: TestFile, length: float, diameter: float) -> WaterAtRest | None:
    """Undisturbed temperature from the water of a standing column well before heating."""
    if file.open_well is None:
        return None
    volume = 0.25 * math.pi * diameter**2 * length
    return water_at_rest(file.open_well, volume, rules.load().on(datetime.date.today()))


_PLANNED_LENGTH = Text(
    "the tested borehole is taken to be as long as the planned ones, {length} m: the conductivity "
    "is wrong in the same proportion as this length",
    "测试孔按规划孔深 {length} m 计：若实际孔深不同，导热系数将按同一比例偏差",
)
_SAY_LENGTH = Text(
    'say borehole_length = "… m" in [[response_tests]], or --length',
    '请在 [[response_tests]] 中填写 borehole_length = "… m"，或使用 --length',
)


def _outside(given: Given) -> Iterator[Problem]:
    """Values of the command line that the site file would refuse too."""
    keys = {"length": "borehole_length", "diameter": "borehole_diameter"}
    for name in ("length", "diameter", "undisturbed_temperature", "heat_capacity", "nominal_power"):
        value = getattr(given, name)
        if value is None:
            continue
        marks = ResponseTest.model_fields[keys.get(name, name)].metadata
        measure = next(mark for mark in marks if isinstance(mark, Measure))
        shown = quantities.display(value, measure.quantity)
        low, high = measure.low, measure.high
        assert low is not None
        assert high is not None
        if low <= shown <= high and not (measure.positive and shown <= 0):
            continue
        unit = quantities.printed(quantities.quantity(measure.quantity).display_unit)
        allowed = Text(f"{low:g} to {high:g} {unit}", f"{low:g} 至 {high:g} {unit}")
        where = "--" + name.replace("_", "-")
        yield Problem(_COMMAND, where, _OUTSIDE, _CORRECT, f"{shown:g} {unit}", allowed)


def _notice(where: str, message: Text, cure: Text) -> Problem:
    return Problem(_COMMAND, where, message, cure, severity="warning")


def _first(*values: Any) -> float | None:
    return next((value for value in values if value is not None), None)


def _of_layers(ground: Ground, length: float | None) -> float | None:
    """Mean volumetric heat capacity of the layers down to the borehole's length, J/(m³·K)."""
    if length is None:
        return None
    total = weight = 0.0
    for layer in ground.layers:
        thickness = min(layer.bottom, length) - min(layer.top, length)
        if layer.heat_capacity is not None and thickness > 0:
            total += layer.heat_capacity * thickness
            weight += thickness
    return total / weight if weight else None


def _fluid_name(site: Site | None, source: str) -> str:
    """Name of the loop's fluid as :mod:`diwen.fluids` reads it."""
    item = site.sources[source] if site is not None and source else None
    if not isinstance(item, Borefield):
        return "water"
    loop = item.fluid
    return f"{loop.name} {100 * loop.concentration:g} %" if loop.concentration else loop.name


def _circumstances(
    site: Site | None, test: ResponseTest | None, source: str, pipes: Pipes | None, file: TestFile
) -> Circumstances:
    mean = float(file.series.fluid_temperature.mean())
    day = test.date if test is not None else None
    if day is None and file.start is not None:
        day = file.start.date()
    return Circumstances(
        pipe_area=None if pipes is None else _flow_area(pipes),
        fluid_density=float(fluid_named(_fluid_name(site, source)).density(mean)),
        date=day,
        grouted=test.grouted if test is not None else None,
        power_accuracy=test.power_accuracy if test is not None else None,
        flow_accuracy=test.flow_accuracy if test is not None else None,
        temperature_accuracy=test.temperature_accuracy if test is not None else None,
        power_measured=file.power_origin != "nominal",
    )


def _flow_area(pipes: Pipes) -> float:
    """Area the whole flow passes through, m²: one leg, or two of a parallel double U."""
    if pipes.kind == "coaxial":
        inner = pipes.inner_outer_diameter or 0.0
        outer = pipes.outer_diameter - 2 * pipes.wall_thickness
        return 0.25 * math.pi * (outer**2 - inner**2)
    leg = 0.25 * math.pi * (pipes.outer_diameter - 2 * pipes.wall_thickness) ** 2
    return 2 * leg if pipes.kind == "double_u" and pipes.connection == "parallel" else leg


def _inside(
    pipes: Pipes | None, source: object, fluid: str, temperature: float
) -> BoreholeInside | None:
    """What stores heat in the borehole, from pipes and grout of the site file."""
    if pipes is None or pipes.kind == "coaxial":
        return None
    legs = 4 if pipes.kind == "double_u" else 2
    leg = 0.25 * math.pi * (pipes.outer_diameter - 2 * pipes.wall_thickness) ** 2
    grout = source.grout if isinstance(source, Borefield) else None
    stored = grout.heat_capacity if grout is not None and grout.heat_capacity is not None else 2.0e6
    return BoreholeInside(
        legs * leg * float(fluid_named(fluid).heat_capacity(temperature)),
        stored,
        math.sqrt(legs) * 0.5 * pipes.outer_diameter,
    )
