"""A site and its record as a case to be reasoned about."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.diagnosis.finding import Case
from diwen.diagnosis.kept_design import kept
from diwen.language import Text
from diwen.problems import InputError
from diwen.site.usual_values import usual_value
from diwen.twin.site_simulation_inputs import HOUR, inputs_of_site

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.diagnosis.recorded_weather import RecordedAir
    from diwen.loads.weather import Weather
    from diwen.site import Site
    from diwen.twin.site_simulation_inputs import SiteInputs

_NEEDS_SUN = Text(
    "a load follows the sun, and the site records the outdoor air only: name a weather file",
    "负荷与日照有关，而现场仅记录室外温度：请指定气象文件",
)
_TOO_FEW = Text(
    "the outdoor air is recorded on {days} days of the year; from {least} days on it would stand "
    "in for a weather file",
    "室外温度仅有全年 {days} 天的记录；满 {least} 天即可代替气象文件",
)


def case_of(site: Site, record: OperatingRecord, like: Case | None = None) -> Case:
    """The case with the twin of the design, where the site says enough to be simulated.

    A site that lacks nothing but its weather has a twin in the weather that it recorded.

    Parameters
    ----------
    site : as described
    record : what it recorded
    like : a case of the same site whose twin is taken over; None: it is built, or as kept
    """
    if like is not None:
        return replace(like, record=record, sensors=(), memory={})
    try:
        given = kept(site, "inputs", lambda: inputs_of_site(site, HOUR))
    except InputError as error:
        without = Case(site, record, None, without_twin=_reasons(error))
        if site.weather.given or record.outdoor is None or not len(record):
            return without
        return _in_recorded_weather(without, error)
    return Case(site, record, given.inputs, weather_known=given.weather_known)


def _in_recorded_weather(without: Case, error: InputError) -> Case:
    """The same case with a twin in the weather that the site recorded; as it is where none can be.

    Parameters
    ----------
    without : the case without a twin
    error : why there is none
    """
    from diwen.diagnosis.gate.data_gate import data_gate
    from diwen.diagnosis.recorded_weather import recorded_air, weather_of_record
    from diwen.site.consumer_load import NO_SUN as POOL_WITHOUT_SUN
    from diwen.site.envelope_load import NO_SUN

    site = without.site
    # An instrument at fault is no weather.
    air = recorded_air(data_gate(without)[0].record)
    if air is None:
        return without
    if not air.enough:
        return _with_hint(without, error, air)
    weather = weather_of_record(without.record, air)
    try:
        given = kept(site, _name(weather), lambda: _built(site, weather))
    except InputError as other:
        return replace(without, without_twin=_reasons(other))
    # Those loads would be computed without sun: too much heat, too little cold.
    if {NO_SUN, POOL_WITHOUT_SUN} & set(given.notes):
        return replace(without, without_twin=(_NEEDS_SUN,))
    return replace(
        without, inputs=given.inputs, without_twin=(), weather_known=True,
        recorded_weather=weather, of_twin=(air.note,),
    )  # fmt: skip


def _built(site: Site, weather: Weather) -> SiteInputs:
    return inputs_of_site(site, HOUR, instead=weather)


def _name(weather: Weather) -> str:
    """Of what is kept: with every new month the recorded weather may be another one."""
    told = hashlib.blake2b(weather.dry_bulb.tobytes(), digest_size=8).hexdigest()
    return f"inputs in recorded weather {told}"


def _with_hint(without: Case, error: InputError, air: RecordedAir) -> Case:
    """Says how much more of a record would do, where it is the weather that lacks."""
    from diwen.site.building_load import GIVE_WEATHER
    from diwen.twin.site_simulation_inputs import ADD_WEATHER

    if not any(one.cure in (GIVE_WEATHER, ADD_WEATHER) for one in error.problems):
        return without
    least = round(usual_value("diagnosis.weather.least_days"))
    hint = _TOO_FEW.format(days=air.days, least=least)
    return replace(without, without_twin=(*without.without_twin, hint))


def _reasons(error: InputError) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(one.message for one in error.problems))
