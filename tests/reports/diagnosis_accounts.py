"""A diagnosis made by hand: what its report and page look like is tested on it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from diwen.diagnosis.attribution.attribution import Attribution, Counterfactual
from diwen.diagnosis.attribution.forecast import Band, Forecast, ForecastCourse
from diwen.diagnosis.attribution.future_years import FutureYear
from diwen.diagnosis.attribution.waterfall import Part, waterfall
from diwen.diagnosis.change_points import alarms_of
from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.finding import (
    Evidence,
    Figure,
    Finding,
    NotJudged,
    Residual,
    SensorFinding,
)
from diwen.diagnosis.record_summary import RecordSummary
from diwen.language import Text
from diwen.reports.diagnosis_account import DiagnosisAccount, account_of
from diwen.site import Site

KWH = 3.6e6
DAY = date(2025, 3, 1)
FIRST = date(2023, 1, 1)
DAYS = 700


def figure() -> Figure:
    """Flow measured beside expected, with a hole and a band."""
    day = np.datetime64("2023-01-01", "D") + np.arange(200)
    expected = np.full(200, 40.0)
    measured = np.where(np.arange(200) < 60, 40.0, 28.0)
    measured[80:90] = np.nan
    return Figure(
        Text("flow of field", "field 流量"), "m³/h", Text("day", "日期"), day, measured, expected,
        expected - 2.0, expected + 2.0,
    )  # fmt: skip


def finding(
    parameter: str = "source_flow", probability: float = 0.95, **changed: object
) -> Finding:
    """A flow that fell to 70 % by a step."""
    given: dict[str, object] = {
        "parameter": parameter, "object": "", "family": "hydraulic", "also": (),
        "probability": probability, "value": 0.7, "low": 0.66, "high": 0.74, "shape": "step",
        "since": date(2023, 3, 2), "since_low": date(2023, 3, 1), "since_high": date(2023, 3, 5),
        "until": None,
        "evidence": (Evidence(Text("flow <b>fell</b>", "流量<b>下降</b>"), 0.0, ("FS",), figure()),
                     Evidence(Text("a ledger line", "台账记录"), 1.2)),
        "alternatives": {"sensor:FS": 0.04},
    }  # fmt: skip
    return Finding(**{**given, **changed})  # type: ignore[arg-type]


def healthy() -> Finding:
    """A parameter that was judged and not found."""
    return finding(
        "borehole_resistance", 0.02, family="construction", value=1.02, low=0.9, high=1.1,
        shape="none", since=None, since_low=None, since_high=None, evidence=(), alternatives={},
    )  # fmt: skip


def residual() -> Residual:
    """Calm for 300 days, then shifted by a tenth."""
    rng = np.random.default_rng(3)
    value = rng.normal(0.0, 0.01, DAYS)
    value[300:] += 0.1
    day = np.datetime64(FIRST, "D") + np.arange(DAYS)
    return Residual("loop.field.flow", Text("flow of field", "field 流量"), "", day, value, 0.01,
                    ("source_flow",))  # fmt: skip


def years(electricity: float) -> tuple[FutureYear, ...]:
    """Three years to come."""
    return tuple(
        FutureYear(number, electricity, 0.0, 600e3 * KWH, 0.0, electricity / KWH * 0.8,
                   electricity / KWH * 0.5, 0.0, {"field": (5.0 - shift, 25.0 + shift)},
                   {"field": 14.0 + shift})
        for number, shift in ((1, 0.0), (10, 0.6), (25, 0.9))
    )  # fmt: skip


def attribution(one: Finding) -> Attribution:
    """12 000 kWh of 200 000 kWh are due to a finding."""
    part = 12e3 * KWH
    cost = Counterfactual(
        one, part, 0.0, 9600.0, 6000.0, 3e3 * KWH, 4.0, 1e3 * KWH, 800.0, 0.95 * part, 2e3 * KWH,
        years(200e3 * KWH), years(188e3 * KWH),
    )  # fmt: skip
    name = Text("flow of the source water", "地源侧流量")
    electricity = waterfall(
        180e3 * KWH, 186e3 * KWH, 198e3 * KWH, 200e3 * KWH,
        [Part(one.parameter, name, part, 1e3 * KWH)], unit="J",
        measured_deviation=2e3 * KWH, use_deviation=1e3 * KWH,
    )  # fmt: skip
    money = waterfall(144e3, 149e3, 158.6e3, 160e3, [Part(one.parameter, name, 9.6e3, 800.0)],
                      unit="CNY")  # fmt: skip
    performance = {"promised": 3.8, "reference": 3.7, "as_found": 3.5, "measured": 3.4}
    return Attribution(
        (cost,), electricity, money, performance, years(200e3 * KWH), years(188e3 * KWH), None,
        None, None, None, None, (), None, None, (Text("loads repeat", "负荷重复"),),
    )  # fmt: skip


def diagnosis(
    findings: tuple[Finding, ...],
    *,
    origins: tuple[str, ...] = ("measured",),
    costs: Attribution | None = None,
    not_judged: tuple[NotJudged, ...] = (
        NotJudged("load_bypass", Text("no second supply", "缺少第二处供水温度"), ("TU1.unit",)),
    ),
) -> Diagnosis:
    """A diagnosis of 700 days."""
    record = RecordSummary(
        FIRST, FIRST + timedelta(days=DAYS - 1), FIRST, False, 24 * DAYS,
        {"units.hp1.power": 0.99, "sources.field.flow": 0.8}, origins, ("sources.field.flow",),
        3600.0,
    )  # fmt: skip
    sensor = SensorFinding(
        "offset", ("TS1",), 0.4, 0.1, None, date(2023, 6, 1), 0.93,
        (Evidence(Text("differs at standstill", "停机时存在差值"), 3.0),), "corrected",
        Text("TS1 reads 0.4 K too high", "TS1 读数偏高 0.4 K"),
    )  # fmt: skip
    return Diagnosis(
        "plant", Text("Test plant", "试验能源站"), record, (sensor,), findings, not_judged,
        (residual(),), (Text("begun at the first record", "按首条记录计"),), (), costs,
    )  # fmt: skip


def forecast(*, known: bool = True) -> Forecast:
    """Entering water that falls from 5 to 3 °C as it is, and stays at 5 °C if all is put right."""
    number = np.arange(1.0, 26.0)

    def band(last: float) -> Band:
        middle = np.linspace(5.0, last, 25) if known else np.full(25, np.nan)
        return Band(middle - 1.0, middle, middle + 1.0)

    def course(last: float, beyond: float) -> ForecastCourse:
        low, high = {"field": band(last)}, {"field": band(last)}
        return ForecastCourse(low, high, band(3.5), band(0.01), {"field": np.full(25, beyond)})

    uncertain = (Text("flow", "流量"),)
    return Forecast(number, course(3.0, 0.4), course(5.0, 0.0), uncertain, None, ())


def ledger() -> tuple[DeviationEntry, ...]:
    """One deviation that is closed, one that is open."""
    line = DeviationEntry
    return (
        line(date(2023, 6, 1), "strainer", "", "suspected", 0.2, 0.1, 0.3, 0.7),
        line(date(2023, 7, 1), "strainer", "", "corrected", by="Wang"),
        line(date(2023, 10, 1), "strainer", "", "verified", 0.0, -0.1, 0.1, 0.02),
        line(date(2024, 2, 1), "source_flow", "", "suspected", 0.7, 0.66, 0.74, 0.95),
    )


def account(site: Site, found: Diagnosis | None = None) -> DiagnosisAccount:
    """What follows from a diagnosis, with a ledger made by hand."""
    from dataclasses import replace

    if found is None:
        one = finding()
        found = diagnosis((one, healthy()), costs=attribution(one))
    made = account_of(found, site, today=DAY)
    return replace(made, ledger=ledger(), alarms=alarms_of(residual()))
