"""The template made into the walk's plant, and the commands a user gives."""

from __future__ import annotations

import csv
from pathlib import Path

from typer.testing import CliRunner, Result

from diwen.cli import build

TEMPERATURES = "IEC 60751 A pair 0.05 K"
WITH_HEATER = "hp1+hp2+heater"
HEAT_METER = "EN 1434 class 2, qp 60 m3/h, dt_min 3 K"

# id -> what the user writes into its row of points.csv
CHANGES: dict[str, dict[str, str]] = {
    "source_entering": {"source": "地源侧供水温度"},
    "source_leaving": {"source": "地源侧回水温度"},
    "source_flow": {"source": "地源侧流量"},
    "load_leaving": {"source": "用户侧供水温度", "unit": "K", "equipment": WITH_HEATER},
    "load_entering": {"source": "用户侧回水温度", "unit": "K", "equipment": WITH_HEATER},
    "load_flow": {"source": "用户侧流量", "equipment": WITH_HEATER},
    "load_heat": {"source": "用户侧热量表", "unit": "GJ", "equipment": WITH_HEATER},
    "hp1_electricity": {"source": "1号机组电量"},
    "hp2_electricity": {"source": "2号机组电量"},
    "pump_source_electricity": {"source": "地源侧水泵电度脉冲", "scale": "0.1"},
    "pump_load_electricity": {
        "source": "用户侧水泵功率", "quantity": "electric_power", "unit": "W"
    },
    "hp1_status": {"source": "ST1", "interval": ""},
    "hp2_status": {"source": "ST2", "interval": ""},
    "outdoor": {"source": "室外温度", "sentinel": "-9999"},
    "room_south": {"source": "TR south", "time_zone": "UTC", "interval": "1 h"},
    "room_north": {"source": "TR north", "time_zone": "UTC", "interval": "1 h"},
    "room_top": {"source": "TR top", "time_zone": "UTC", "interval": "1 h"},
}  # fmt: skip
ADDED = (
    {
        "id": "hot_water_heat", "quantity": "heat_energy", "unit": "kWh", "equipment": "hp1",
        "location": "hot_water", "accuracy": HEAT_METER, "interval": "15 min",
        "source": "生活热水热量", "name": "QH hot water 生活热水热量表",
    },
    {
        "id": "heater_electricity", "quantity": "electric_energy", "unit": "kWh",
        "equipment": "heater", "location": "supply", "accuracy": "EN 62053 class 1",
        "interval": "15 min", "source": "电辅热电量", "name": "EA back-up heater 电辅热电量",
    },
)  # fmt: skip
# Points of the template that this plant does not deliver.
DROPPED = (
    "source_pressure_difference", "pump_source_frequency", "pump_load_frequency", "ground_20",
    "ground_60", "make_up",
)  # fmt: skip
HEATER = """
[heaters.heater]
name = "Back-up heater 电辅热"
rated_power = "12 kW"
circuit = "load"

"""
Row = dict[str, str]


def adapt(folder: Path) -> None:
    """Write the walk's plant into a fresh copy of the template."""
    toml = (folder / "site.toml").read_text(encoding="utf-8")
    toml = toml.replace("[tanks.buffer]", f"{HEATER}[tanks.buffer]")
    toml = toml.replace("Example ground-loop plant", "Simulated ground-loop plant")
    toml = toml.replace("地埋管地源热泵示例能源站", "地埋管地源热泵模拟能源站")
    (folder / "site.toml").write_text(toml, encoding="utf-8")
    rows = [row for row in read_points(folder) if row["id"] not in DROPPED]
    for row in rows:
        row.update({"interval": "15 min"} | CHANGES[row["id"]])
    rows += [dict(row) for row in ADDED]
    for row in rows:
        row["origin"] = "simulated"
    write_points(folder, rows)


def read_points(folder: Path) -> list[Row]:
    with (folder / "points.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_points(folder: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(key for row in rows for key in row))
    with (folder / "points.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def change(folder: Path, id: str, **cells: str) -> None:
    """Mend one row of points.csv."""
    rows = read_points(folder)
    next(row for row in rows if row["id"] == id).update(cells)
    write_points(folder, rows)


def remove(folder: Path, id: str) -> None:
    """Take one point out of points.csv."""
    write_points(folder, [row for row in read_points(folder) if row["id"] != id])


ROOMS_AND_METERS = ("heating.csv", "cooling.csv.gz", "rooms.xlsx")
LONG = ("--layout", "long", "--point-column", "测点", "--value-column", "数值")


def diwen(*arguments: object) -> Result:
    """Run a command of Diwen."""
    return CliRunner().invoke(build(), [str(argument) for argument in arguments])


def import_all(
    folder: Path, files: dict[str, Path], names: tuple[str, ...] = ROOMS_AND_METERS
) -> None:
    """Import every delivery into a plant, or some and the status of the units."""
    for command in (
        ("import", folder, *(files[name] for name in names)),
        ("import", folder, files["status.csv"], *LONG),
    ):
        result = diwen(*command)
        assert result.exit_code == 0, result.output
