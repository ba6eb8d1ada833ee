"""A made-up plant with made-up records: only the look and honesty of reports is tested on it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from diwen import rules, telemetry
from diwen.evaluation.data_summary import DataSummary
from diwen.evaluation.period import parse
from diwen.evaluation.result import Evaluation, Grade, Result, refused
from diwen.language import Text
from diwen.reports.material import Material
from diwen.site import read

HOSTILE = '<script>alert("#x")</script> $a_b$ #panic() @ref *bold* `raw` \\ 北京 😀'

SITE = """
schema = 1
[site]
name_en = {name_en}
name_zh = {name_zh}
kind = "plant"
illustrative = true
[place]
region = "Beijing"
time_zone = "Asia/Shanghai"
[sources.field]
type = "other"
[heat_pumps.hp1]
source = "field"
type = "brine_water"
[pumps.pump_source]
circuit = "source"
[operation]
heating_season = "11-15..03-15"
"""
POINTS = """id,quantity,unit,equipment,location,name,accuracy,interval,origin,calibration_due
ts1,temperature,degC,hp1,source_entering,,IEC 60751 A,15 min,,2018-06-30
ts2,temperature,degC,hp1,source_leaving,,IEC 60751 A,15 min,,2019-06-30
tu1,temperature,degC,hp1,load_leaving,,IEC 60751 A,15 min,,
tu2,temperature,degC,hp1,load_entering,,IEC 60751 A,15 min,,
hp1_power,electric_power,kW,hp1,supply,Heat pump power,EN 62053 class 1,15 min,,
fu,volume_flow,m3/h,hp1,load,,± 3 %,15 min,manual,
outdoor,temperature,degC,site,outdoor,,± 0.3 K,15 min,,
room_201,temperature,degC,site,room@201,,,15 min,,
room_507,temperature,degC,site,room@507,,,15 min,,
"""
LEDGER = """date,stage,object,item,value,unit,by,evidence,note
2018-12-10,maintenance,pump_source,strainer cleaned,,,Wang,work order 12,
2019-02-01,maintenance,pump_source,outside the period,,,Wang,,
"""


def write_site(folder: Path, name_en: str = "Test plant", name_zh: str = "试验能源站") -> Path:
    import json

    folder.mkdir(parents=True)
    text = SITE.format(
        name_en=json.dumps(name_en, ensure_ascii=False),
        name_zh=json.dumps(name_zh, ensure_ascii=False),
    )
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "points.csv").write_text(POINTS, encoding="utf-8")
    (folder / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return folder


def records() -> pl.DataFrame:
    """December 2018 in 15-minute steps, with two days missing for two of the points."""
    start = datetime(2018, 11, 30, 16, tzinfo=UTC)
    times = [start + timedelta(minutes=15 * step) for step in range(31 * 96)]
    frames = []
    for point, level, swing in (
        ("ts1", 8.5, 1.0), ("ts2", 5.0, 1.0), ("tu1", 44.0, 3.0), ("tu2", 39.0, 3.0),
        ("hp1_power", 90.0, 25.0), ("fu", 60.0, 0.0), ("outdoor", -2.0, 6.0),
        ("room_201", 20.5, 0.8), ("room_507", 17.9, 0.7),
    ):  # fmt: skip
        values = [level + swing * math.sin(step / 96 * 2 * math.pi) for step in range(len(times))]
        frame = pl.DataFrame({"time": times, "value": values}).with_columns(
            point=pl.lit(point), time=pl.col("time").cast(pl.Datetime("us", "UTC"))
        )
        if point in ("ts1", "room_507"):
            day = pl.col("time").dt.day()
            frame = frame.filter(~day.is_in([11, 12]))
        frames.append(frame.select("time", "point", "value"))
    return pl.concat(frames)


def results() -> tuple[Result, ...]:
    grade = Grade(
        Text("grade 2", "2 级"), True, Text("Grade 2 of GB/T 50801.", "GB/T 50801 2 级。")
    )
    open_grade = Grade(
        Text("grade 1 or 2", "1 级或 2 级"),
        False,
        Text("Grade not resolved: 1 or 2.", "等级无法判定：1 级或 2 级。"),
    )
    edges = tuple(f"gbt50801.heating.grade{n}" for n in (1, 2, 3))
    used = ("tu1", "tu2", "fu", "hp1_power")
    both = ("measured", "manual")
    return (
        Result(
            "cop_system", "K-03", Text("system heating COP", "系统制热性能系数"), "COP_sys",
            value=3.214, uncertainty=0.118, coverage=0.9935, boundary="GB/T 50801",
            mode="heating", origin=both, rules=edges, grade=grade, inputs=used,
        ),
        Result(
            "cop", "K-01", Text("heating COP of the unit", "机组制热性能系数"), "COP", of="hp1",
            value=3.52, uncertainty=0.131, coverage=0.9935, boundary="SPF H1", mode="heating",
            origin=both, rules=edges, grade=open_grade, inputs=used,
        ),
        Result(
            "electricity", "", Text("electricity of the heat pump", "热泵机组耗电量"), of="hp1",
            value=66960.0, unit="kWh", uncertainty=669.6, coverage=1.0, origin=("measured",),
            inputs=("hp1_power",), decimals=0,
        ),
        Result(
            "heat_load", "", Text("heat delivered", "供热量"), of="hp1", value=235_690.0,
            unit="kWh", uncertainty=8100.0, coverage=0.99, origin=both, inputs=used, decimals=0,
        ),
        Result(
            "room_compliance", "K-26", Text("room compliance", "室温合格率"), "r_T",
            of="room_507", status="indicative", value=44.1, unit="%", coverage=0.871,
            origin=("measured",), rules=("room.heating_minimum",), decimals=1,
            reason=Text("Coverage below 90 %.", "数据完整率低于 90 %。"), inputs=("room_507",),
        ),
        refused(
            "balance_ratio", "K-14", Text("heat balance ratio", "冷热平衡比"),
            Text("No source flow is measured.", "未测量地源侧流量。"),
            ("FS volume_flow source hp1",), symbol="β",
        ),
    )  # fmt: skip


def evaluation(site, label: str = "2018-12", found=None, empty: bool = False) -> Evaluation:
    listed = results() if found is None else found
    listed = () if empty else listed
    rows = tuple(sorted({rule for result in listed for rule in result.rules}))
    return Evaluation(
        site_id=site.id,
        site_name=site.name,
        illustrative=site.illustrative,
        period=parse(label, "Asia/Shanghai", heating_season=site.operation.heating_season),
        results=listed,
        rule_rows=rows,
        data=DataSummary(dataset_hash="0123456789abcdef" * 4, quality={0: 2900, 4: 2, 5: 1}),
        generated=datetime(2019, 1, 3, 8, 30, tzinfo=UTC),
        version="0.1.0",
    )


def material_of(
    folder: Path, label: str = "2018-12", with_records: bool = True, **more
) -> Material:
    site = read(folder)
    store = telemetry.open_store(site)
    if with_records:
        store.write(records())
    return Material(site, store, evaluation(site, label, **more), rules.load())
