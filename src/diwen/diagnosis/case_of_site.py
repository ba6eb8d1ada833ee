"""A site and its record as a case to be reasoned about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.diagnosis.finding import Case
from diwen.diagnosis.kept_design import kept
from diwen.problems import InputError
from diwen.twin.site_simulation_inputs import HOUR, inputs_of_site

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.language import Text
    from diwen.site import Site


def case_of(site: Site, record: OperatingRecord, like: Case | None = None) -> Case:
    """The case with the twin of the design, where the site says enough to be simulated.

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
        reasons: tuple[Text, ...] = tuple(dict.fromkeys(one.message for one in error.problems))
        return Case(site, record, None, without_twin=reasons)
    return Case(site, record, given.inputs, weather_known=given.weather_known)
