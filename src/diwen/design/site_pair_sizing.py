"""Sizing of a site's groundwater wells and doublets: the planned pairs against what could be.

:func:`size_pairs_of_site` is the door of ``diwen size`` for them.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from diwen.design.site_well_checks import abstraction_design_of_site
from diwen.design.site_well_sizing import JudgedPoint, SiteWellSizing, heat_return
from diwen.design.site_well_sizing_duty import duty_of_wells
from diwen.design.well_check_rules import WellRules
from diwen.design.well_group_design import AbstractionDesign
from diwen.design.well_pairs import (
    PairTemplate,
    Progress,
    judged_pairs,
    search_pairs,
    unit_of_wells,
)
from diwen.design.well_sizing_duty import DAYS_PER_YEAR, WellDuty
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE
from diwen.site.named_source import named_source
from diwen.site.sources import GROUP_KINDS

_LOAD_POINT = Text("load of the site", "本项目负荷")
_NO_RETURN = Text(
    "no well returns water: pairs cannot be sized, and full reinjection is asked for",
    "没有回灌井：无法计算抽灌井对，且不满足全部回灌要求",
)
_ADD_RETURN = Text("describe the wells that return the water", "请补充回灌井")
_SIDE = Text(
    "candidates are pairs side by side, twice their spacing apart; pumped water is mixed",
    "备选方案为并列抽灌井对，对间距为对内井距的两倍；各井抽水混合使用",
)
_DOWN = Text("return wells stand down-gradient where the direction of the flow is known",
             "地下水流向已知时回灌井位于下游")  # fmt: skip
_CONDUCTION = Text(
    "heat moves with the water only; conduction to roof and floor would help",
    "热量仅随水流运移，未计顶底板导热（偏于保守）",
)
_STREAMS = Text("compute chosen wells with their places in the site file",
                "选定方案后请将井位写入项目文件校核")  # fmt: skip


def size_pairs_of_site(
    site: Site, source: str = "", *, years: int | None = None, day: date | None = None,
    progress: Progress | None = None,
) -> SiteWellSizing:  # fmt: skip
    """Judge the planned groundwater wells of a site, and search for other pairs.

    Parameters
    ----------
    site : the site
    source : id of the wells; may be left out where there is only one such source
    years : of operation; as planned if not given
    day : on which the rules are asked; today if not given
    progress : told how many combinations are done, of how many

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    name = named_source(site, source, GROUP_KINDS)
    span = math.ceil(site.operation.planned_years) if years is None else years
    design, told = abstraction_design_of_site(site, name, season=False)
    if design.returned <= 0.0:
        raise InputError([Problem(SITE_FILE, f"sources.{name}.wells", _NO_RETURN, _ADD_RETURN)])
    notes = [note for note in told if not note.where.endswith(_NOT_USED)]
    template = _template(site, name, design)
    duty = _duty(site, name, design, template, span, notes)
    rules = WellRules.on(day, site.place.region or None)
    unit = unit_of_wells(design, template.pairs, duty, span, template.spacing)
    planned = judged_pairs(design, unit, template.pairs, template.depth, template.spacing, rules)
    reserve = site.ground.undisturbed_temperature_uncertainty or 0.0
    found = search_pairs(template, duty, span, rules, reserve=reserve, progress=progress)
    best = found.recommended
    where = f"sources.{name}"
    notes += [
        Problem(SITE_FILE, where, text, cure, severity="warning")
        for text, cure in ((_SIDE, _STREAMS), (_CONDUCTION, _DOWN))
    ]
    return SiteWellSizing(
        name, site.sources[name].type, span, (JudgedPoint(_LOAD_POINT, planned),), found,
        heat_return(planned, span, None), None if best is None else heat_return(best, span, None),
        None, tuple(notes),
    )  # fmt: skip


_NOT_USED = (".design_extraction", ".full_load_hours")


def _duty(
    site: Site, name: str, design: AbstractionDesign, template: PairTemplate, years: int,
    notes: list[Problem],
) -> WellDuty:  # fmt: skip
    assert design.undisturbed_temperature is not None

    def answer(duty: WellDuty) -> np.ndarray:
        unit = unit_of_wells(design, template.pairs, duty, years, template.spacing)
        water = unit.years_of(template.pairs).formation
        return np.asarray(water.reshape(-1, DAYS_PER_YEAR).mean(axis=0))

    return duty_of_wells(site, name, design.undisturbed_temperature, answer, notes)


def _template(site: Site, name: str, design: AbstractionDesign) -> PairTemplate:
    given = getattr(site.sources[name], "wells")  # noqa: B009 - both kinds have wells
    pumped = next(well for well in design.wells if not well.injects)
    returned = next(well for well in design.wells if well.injects)
    places, rates = design.positions, design.rates
    apart = places[rates > 0.0][None, :, :] - places[rates < 0.0][:, None, :]
    spacing = float(np.hypot(apart[..., 0], apart[..., 1]).min())
    depth = float(given[pumped.name].depth + given[returned.name].depth)
    pairs = int((rates < 0.0).sum())
    return PairTemplate(design, pumped, returned, depth, pairs, spacing)
