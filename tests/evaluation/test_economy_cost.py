"""Time-of-use cost, water tax, support, payback and score on plants of known answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from core_plant import HEAD, HEATING, PUMPS, constant, context, counter, plant, times, within
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen import rules
from diwen.evaluation import cost, emissions, payback, savings, score, subsidy, water_tax
from diwen.evaluation.increments import length
from diwen.evaluation.payback import yearly_saving
from diwen.evaluation.period import Period, parse
from diwen.evaluation.result import Result
from diwen.evaluation.tariff_hours import prices
from diwen.language import same
from diwen.rules import subsidies
from diwen.site.economy import Tariff

POINTS = (
    "q,heat_power,kW,hp1,load,EN 1434 class 2,15 min,\n"
    "n,electric_power,kW,hp1,supply,EN 62053 class 1,15 min,\n"
    "p,electric_power,kW,ps+pl,supply,EN 62053 class 1,15 min,\n"
)
TWO_PRICES = """
[[tariff.periods]]
name = "valley"
hours = "23:00-07:00"
price = "0.30 CNY/kWh"
[[tariff.periods]]
name = "flat"
hours = "07:00-23:00"
price = "0.60 CNY/kWh"
"""
SINGLE = '\n[tariff]\nelectricity_price = "0.50 CNY/kWh"\n'
AREA = 'region = "Beijing"\nheated_area = "1000 m2"'
HOURS = 48.0


def by(results, id, of=""):
    [found] = [result for result in results if result.id == id and result.of == of]
    return found


def heated(folder, extra="", area=True, hours=HOURS):
    """100 kW of electricity (80 + 20) and 350 kW of heat, from a local midnight on."""
    head = HEAD.replace('region = "Beijing"', AREA) if area else HEAD
    site = plant(folder, head + PUMPS + HEATING + extra, POINTS)
    records = {
        "q": constant(350.0, hours),
        "n": constant(80.0, hours),
        "p": constant(20.0, hours),
    }
    return context(site, records, hours)


def test_each_kilowatt_hour_costs_the_price_of_its_hour(tmp_path):
    found = cost.results(heated(tmp_path / "c", TWO_PRICES))
    # Two days from midnight: 8 h of valley and 16 h of flat price each, 100 kW.
    bill = by(found, "electricity_cost")
    assert bill.value == pytest.approx(2 * 100 * (8 * 0.30 + 16 * 0.60))
    assert bill.unit == "yuan"
    assert by(found, "valley_share").value == pytest.approx(100 / 3)
    bought = {row["name"]["en"]: row["electricity_kwh"] for row in bill.detail["by_price"]}
    assert bought == pytest.approx({"valley": 1600.0, "flat": 3200.0})


def test_cost_per_heat_and_area(tmp_path):
    found = cost.results(heated(tmp_path / "c", SINGLE))
    assert by(found, "electricity_cost").value == pytest.approx(2400.0)
    assert by(found, "cost_per_heat").value == pytest.approx(2400.0 / (350 * 48))
    assert by(found, "cost_per_area").value == pytest.approx(2.4)
    assert by(found, "electricity_per_area").value == pytest.approx(4.8)


def test_yearly_fees_count_by_the_length_of_the_period(tmp_path):
    fees = SINGLE + '\n[costs]\nmaintenance = "36525 CNY"\nstaff = "73050 CNY"\n'
    found = by(cost.results(heated(tmp_path / "c", fees)), "cost_per_area")
    assert found.detail["maintenance_yuan"] == pytest.approx(200.0)
    assert found.detail["staff_yuan"] == pytest.approx(400.0)
    assert found.value == pytest.approx((2400.0 + 600.0) / 1000.0)


def test_what_is_not_counted_is_named(tmp_path):
    notes = by(cost.results(heated(tmp_path / "c", SINGLE)), "cost_per_heat").notes
    said = " ".join(note.en for note in notes)
    assert "not counted: maintenance" in said
    assert "not counted: staff" in said


@pytest.mark.parametrize(
    ("id", "extra", "area", "reason"),
    [
        ("electricity_cost", "", True, "tariff.electricity_price"),
        ("valley_share", SINGLE, True, "valley hours"),
        ("electricity_per_area", SINGLE, False, "place.heated_area"),
        ("cost_per_area", SINGLE, False, "place.heated_area"),
        (
            "electricity_cost",
            '\n[tariff]\nelectricity_price = "1 CNY/kWh"\nvalid_from = 2026-01-01\n',
            True,
            "2026-01-01",
        ),
        (
            "cost_per_heat",
            SINGLE + '\n[boilers.b]\nfuel = "natural_gas"\n',
            True,
            "gas meter",
        ),
    ],
)
def test_missing_inputs_are_refused_with_their_name(tmp_path, id, extra, area, reason):
    refused = by(cost.results(heated(tmp_path / "r", extra, area)), id)
    assert refused.status == "refused"
    assert reason in refused.reason.en
    assert refused.reason.zh


def test_gap_makes_the_cost_a_lower_bound(tmp_path):
    whole = heated(tmp_path / "g", SINGLE)
    time, value = constant(80.0, HOURS)
    keep = (time < time[0] + 10 * 3_600_000_000) | (time > time[0] + 20 * 3_600_000_000)
    whole.store.records["n"] = (time[keep], value[keep])
    found = by(cost.results(whole), "electricity_cost")
    assert found.value < 2400.0
    assert any("lower bound" in note.en for note in found.notes)


def test_electricity_per_degree_day(tmp_path):
    outdoor = "to,temperature,degC,site,outdoor,IEC 60751 A,15 min,\n"
    head = HEAD.replace('region = "Beijing"', AREA)
    site = plant(tmp_path / "d", head + PUMPS + HEATING + SINGLE, POINTS + outdoor)
    records = {"n": constant(80.0, HOURS), "p": constant(20.0, HOURS), "to": constant(-2.0, HOURS)}
    found = by(cost.results(context(site, records, HOURS)), "electricity_per_degree_day")
    # 4.8 kWh/m² in two days of 18 - (-2) = 20 K each.
    assert found.value == pytest.approx(4.8 / 40.0)
    assert found.rules == ("default.hdd_base",)


def test_test_bench_costs_and_replaces_nothing(tmp_path):
    head = HEAD.replace('kind = "plant"', 'kind = "laboratory"')
    site = plant(tmp_path / "b", head + PUMPS + HEATING + SINGLE, POINTS)
    bench = context(site, {"q": constant(1.0, HOURS)}, HOURS)
    for family in (cost, savings, emissions, payback, score):
        assert family.results(bench) == []


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(1, 47), minute=st.integers(0, 59))
def test_cost_is_additive_over_parts_of_the_period(tmp_path_factory, cut, minute):
    whole = heated(tmp_path_factory.mktemp("a"), TWO_PRICES)
    middle = whole.period.start + timedelta(hours=cut, minutes=minute)
    parts = [
        Period("p", "days", start, end, "Asia/Shanghai")
        for start, end in ((whole.period.start, middle), (middle, whole.period.end))
    ]
    bills = [
        by(cost.results(within(whole.site, whole.store.records, part)), "electricity_cost").value
        for part in parts
    ]
    together = by(cost.results(whole), "electricity_cost").value
    assert sum(bills) == pytest.approx(together, rel=1e-9)


@given(st.dates(date(2015, 1, 1), date(2030, 12, 1)), st.integers(1, 40))
def test_prices_cover_every_instant_once_even_on_clock_changes(first, days):
    zone = "Europe/Berlin"
    last = first + timedelta(days=days)
    start, end = (
        datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for d in (first, last)
    )
    period = Period("p", "days", start, end, zone)
    tariff = Tariff.model_validate(
        {
            "periods": [
                {"name": "valley", "hours": "22:30-06:00", "price": "0.1 CNY/kWh"},
                {"name": "peak", "hours": "06:00-12:00, 18:00-22:30", "price": "0.9 CNY/kWh"},
                {"name": "flat", "hours": "12:00-18:00", "price": "0.5 CNY/kWh"},
            ]
        }
    )
    found = prices(tariff, period)
    assert sum(length(price.spans) for price in found) == pytest.approx(period.seconds)
    every = np.concatenate([price.spans for price in found])
    every = every[np.argsort(every[:, 0])]
    assert (every[1:, 0] >= every[:-1, 1]).all()


def test_clock_change_lengthens_the_valley():
    zone = "Europe/Berlin"
    tariff = Tariff.model_validate(
        {
            "periods": [
                {"name": "valley", "hours": "00:00-06:00", "price": "0.1 CNY/kWh"},
                {"name": "peak", "hours": "06:00-24:00", "price": "0.9 CNY/kWh"},
            ]
        }
    )
    for day, hours in (("2024-03-31", 5), ("2024-06-01", 6), ("2024-10-27", 7)):
        found = {price.name: price for price in prices(tariff, parse(day, zone))}
        assert length(found["valley"].spans) == hours * 3600


def test_months_choose_the_price():
    tariff = Tariff.model_validate(
        {
            "periods": [
                {"name": "flat", "hours": "00:00-24:00", "price": "1 CNY/kWh", "months": [1, 2]},
                {
                    "name": "peak",
                    "hours": "00:00-24:00",
                    "price": "2 CNY/kWh",
                    "months": list(range(3, 13)),
                },
            ]
        }
    )
    found = prices(tariff, parse("2023-02-27..2023-03-02", "Asia/Shanghai"))
    assert {price.name: length(price.spans) / 86400 for price in found} == {"flat": 2, "peak": 2}


# ------------------------------------------------------------------------------ water tax

WELL_POINTS = (
    "va,volume,m3,field,well_abstraction,{accuracy},1 h,\n"
    "vi,volume,m3,field,well_injection,{accuracy},1 h,\n"
)
SINCE = datetime(2024, 12, 31, 16, tzinfo=UTC)  # 2025-01-01 in Beijing


def wells(folder, days, abstracted, returned, extra="", accuracy="± 2 %", points=WELL_POINTS):
    site = plant(folder, HEAD + HEATING + extra, points.format(accuracy=accuracy))
    hours = 24.0 * days
    _, taken = counter(abstracted, hours)
    _, back = counter(returned, hours)
    time = times(hours, 3600.0, SINCE)
    return context(site, {"va": (time, taken), "vi": (time, back)}, hours, SINCE)


def test_golden_tax_of_the_hospital_size(tmp_path):
    """540 m³/h through 120 days at 0.8 yuan per 1000 t: 1,555,200 m³, 1,244.16 yuan."""
    found = by(water_tax.results(wells(tmp_path / "w", 120, 540.0, 540.0)), "water_tax", "field")
    assert found.detail["volume_m3"] == pytest.approx(1_555_200)
    assert found.value == pytest.approx(1_244.16)
    assert found.rules == ("water_tax.beijing.reinjected",)
    assert found.detail["reinjection_proven"]


def test_unproven_reinjection_needs_the_standard_rate(tmp_path):
    lost = wells(tmp_path / "l", 10, 540.0, 400.0)
    refused = by(water_tax.results(lost), "water_tax", "field")
    assert refused.status == "refused"
    assert "user input" in refused.reason.en
    own = '\n[water]\ntax_rate_otherwise = "1.4 CNY/m3"\n'
    given = by(
        water_tax.results(wells(tmp_path / "o", 10, 540.0, 400.0, own)), "water_tax", "field"
    )
    assert given.value == pytest.approx(540 * 240 * 1.4)
    assert given.rules == ()
    assert any("user's input" in note.en for note in given.notes)


def test_other_aquifer_is_no_proof(tmp_path):
    other = wells(tmp_path / "a", 10, 540.0, 540.0, "\n[water]\nsame_aquifer = false\n")
    assert by(water_tax.results(other), "water_tax", "field").status == "refused"


def test_unknown_accuracy_is_no_proof(tmp_path):
    blind = wells(tmp_path / "u", 10, 540.0, 540.0, accuracy="")
    refused = by(water_tax.results(blind), "water_tax", "field")
    assert refused.status == "refused"


def test_unmetered_abstraction_is_refused(tmp_path):
    only = WELL_POINTS.splitlines()[1] + "\n"
    site = plant(tmp_path / "i", HEAD + HEATING, only.format(accuracy="± 2 %"))
    assert water_tax.results(context(site, {"vi": counter(1.0, 24.0)}, 24.0)) == []


@settings(max_examples=15, deadline=None)
@given(flow=st.floats(1.0, 2000.0), factor=st.floats(0.1, 10.0))
def test_tax_is_linear_in_the_volume(tmp_path_factory, flow, factor):
    one, other = (
        by(water_tax.results(wells(tmp_path_factory.mktemp("t"), 2, f, f)), "water_tax", "field")
        for f in (flow, flow * factor)
    )
    assert other.value == pytest.approx(one.value * factor, rel=1e-6)


# ------------------------------------------------------------------------------- support

JILIN = HEAD.replace('region = "Beijing"', 'region = "Jilin"').replace(
    'type = "other"', 'type = "sewage"'
)


def support(folder, table, head=JILIN):
    site = plant(folder, head + HEATING + table, POINTS.splitlines()[0])
    return subsidy.results(context(site, {"q": constant(1.0, 1.0)}, 1.0))


@pytest.mark.parametrize(
    ("area", "investment", "amount", "binding"),
    [
        (20_000, 3_500_000, 800_000, "subsidy.jilin.rate.ground_loop"),
        (100_000, 4_000_000, 2_000_000, "subsidy.jilin.cap"),
        (100_000, 8_000_000, 2_000_000, "subsidy.jilin.cap"),
        (100_000, 3_500_000, 1_750_000, "subsidy.jilin.share"),
    ],
)
def test_golden_jilin(area, investment, amount, binding):
    held = rules.load().on(date(2025, 1, 1), "Jilin")
    found = subsidies.jilin(held, "borefield", area, investment)
    assert found.high == pytest.approx(amount)
    if amount != 2_000_000 or investment != 4_000_000:  # there cap and share are equal
        assert found.binding.id == binding


def test_scheme_of_the_site(tmp_path):
    table = '\n[subsidy]\nscheme = "jilin"\narea = "20000 m2"\ninvestment = "3500000 CNY"\n'
    found = by(support(tmp_path / "j", table), "subsidy", "jilin")
    assert found.value == pytest.approx(15 * 20_000)
    assert found.detail["binding"] == "subsidy.jilin.rate.sewage"
    assert any("recharge" in note.en for note in found.notes)
    assert any("not a grant" in note.en for note in found.notes)


def test_beijing_gives_a_range(tmp_path):
    table = '\n[subsidy]\nscheme = "beijing"\ninvestment = "1000000 CNY"\n'
    head = HEAD.replace('type = "other"', 'type = "sewage"')
    found = by(support(tmp_path / "b", table, head), "subsidy", "beijing")
    assert (found.detail["low_yuan"], found.detail["high_yuan"]) == pytest.approx((3e5, 5e5))
    assert "300,000 to 500,000" in found.notes[0].en


def test_site_without_a_scheme_has_no_support(tmp_path):
    assert support(tmp_path / "n", "") == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('scheme = "jilin"\narea = "100 m2"', "costs.investment"),
        ('scheme = "jilin"\ninvestment = "100 CNY"', "place.heated_area"),
        ('scheme = "atlantis"', "atlantis"),
        ('scheme = "beijing"\ninvestment = "100 CNY"', "subsidy.beijing.share"),
    ],
)
def test_support_without_its_facts_is_refused(tmp_path, table, reason):
    [found] = support(tmp_path / "r", f"\n[subsidy]\n{table}\n")
    assert found.status == "refused"
    assert reason in found.reason.en


@given(area=st.floats(0, 1e7), investment=st.floats(0, 1e9), more=st.floats(1, 3))
def test_support_never_exceeds_cap_share_or_rate(area, investment, more):
    held = rules.load().on(date(2025, 1, 1), "Jilin")
    found = subsidies.jilin(held, "borefield", area, investment).high
    assert found <= 2_000_000
    assert found <= 0.5 * investment * (1 + 1e-12)
    assert found <= 40 * area * (1 + 1e-12)
    assert subsidies.jilin(held, "borefield", area * more, investment * more).high >= found


# ------------------------------------------------------------------------- payback, score


def test_yearly_saving_by_hand():
    # 10,000 kgce x 29.307 MJ / 3.6 = 81,408 kWh; gas 2.63 yuan/m³ at 9.87 kWh/m³; less 2,000.
    assert yearly_saving(10_000, 29.307, 2.63, 9.87, 2_000) == pytest.approx(
        81_408.33 * 2.63 / 9.87 - 2_000, abs=0.01
    )


def year(folder, extra):
    hours = 8784.0
    site = plant(folder, HEAD + PUMPS + HEATING + extra, POINTS)
    step = 3600.0
    records = {
        name: constant(value, hours, step) for name, value in (("q", 350.0), ("n", 80.0), ("p", 20))
    }
    return context(site, records, hours)


GAS = '\n[evaluation]\nbaseline_heating = "gas"\n[tariff]\ngas_price = "2.63 CNY/m3"\n'


def test_payback_of_a_year(tmp_path):
    costs = '[costs]\ninvestment = "2000000 CNY"\nbaseline_investment = "800000 CNY"\n'
    [found] = payback.results(year(tmp_path / "p", GAS + costs))
    heat, electricity = 350 * 8784.0, 100 * 8784.0
    replaced = heat * 3.6 / (0.8 * 29.307) - 0.31 * electricity
    saved = 2.63 / 9.87 * replaced * 29.307 / 3.6
    assert found.detail["replaced_kgce"] == pytest.approx(replaced, rel=1e-6)
    assert found.value == pytest.approx(1_200_000 / saved, rel=1e-6)
    assert any("maintenance" in note.en for note in found.notes)
    assert "gbt50801.payback_maximum" in found.rules


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('[costs]\ninvestment = "2000000 CNY"\n', "baseline_investment"),
        ('[costs]\ninvestment = "1 CNY"\nbaseline_investment = "2 CNY"\n', "nothing to pay back"),
        (
            '[costs]\ninvestment = "9 CNY"\nbaseline_investment = "2 CNY"\n'
            'maintenance = "100000000 CNY"\n',
            "never pays back",
        ),
    ],
)
def test_payback_without_its_facts_is_refused(tmp_path, extra, reason):
    [found] = payback.results(year(tmp_path / "p", GAS + extra))
    assert found.status == "refused"
    assert reason in found.reason.en


def test_payback_needs_a_year_and_a_price(tmp_path):
    costs = '\n[costs]\ninvestment = "9 CNY"\nbaseline_investment = "2 CNY"\n'
    [short] = payback.results(heated(tmp_path / "s", costs))
    assert "2 days" in short.reason.en
    [coal] = payback.results(year(tmp_path / "c", costs))
    assert "coal" in coal.reason.en


def sound(catalogue, value, unit="", status="ok"):
    return Result(
        catalogue, catalogue, same("x"), value=value, unit=unit, uncertainty=0.0, status=status
    )


def test_score_weighs_what_is_sound(tmp_path):
    plant_context = heated(tmp_path / "w", SINGLE)
    known = [sound("K-03", 3.5), sound("K-04", 3.9), sound("K-11", 20.0, "%"),
             sound("K-45", 98.0, "%"), sound("K-14", 1.0, status="indicative")]  # fmt: skip
    for family in ("performance", "ground_balance", "rooms", "energy_balance", "data_summary"):
        held = known if family == "performance" else []
        plant_context.once(("family", family), lambda held=held: held)
    [found] = score.results(plant_context)
    # By hand: COPsys and EERsys at the edge of grade 1 give 90 each, the other two 100; weights
    # 30, 20, 10, 10. The balance is only indicative and the rooms are missing: they do not count.
    assert found.value == pytest.approx((30 * 90 + 20 * 90 + 10 * 100 + 10 * 100) / 70)
    assert found.detail["low"] < found.value < found.detail["high"]
    assert not found.grade.resolved
    assert any("missing" in note.en for note in found.notes)
    assert any("engineering choices" in note.en for note in found.notes)


def test_score_without_its_indicators_is_refused(tmp_path):
    [found] = score.results(heated(tmp_path / "k", SINGLE))
    assert found.status == "refused"
    assert "% of the weight are missing" in found.reason.en


def test_profile_that_is_not_filled_is_refused(tmp_path):
    [found] = score.results(heated(tmp_path / "f", '\n[evaluation]\nprofile = "nbt11700"\n'))
    assert found.status == "refused"
    assert "NB/T 11700" in found.reason.en
