"""Where every number of a design report comes from, and what it was computed from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from diwen import __version__
from diwen import rules as rule_book
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import table
from diwen.reports.document import Table

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign

# What a design reads; telemetry and reports are no input of it.
_SUFFIXES = {".toml", ".csv", ".epw", ".txt", ".dat"}
_NOT_INPUT = {"reports", "store", "telemetry", ".diwen"}
_LARGEST = 64 * 2**20
_GIVEN, _RULES = Text("site file", "项目文件"), Text("rule rows", "规则条目")
_ORIGIN_OF_RUN = Text("simulated (twin of the plant)", "模拟（系统运行模型）")


def site_files(folder: Path) -> tuple[Path, ...]:
    """Files that a design of this folder may rest on, sorted."""
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in _NOT_INPUT for part in parts)
        read = path.is_file() and not hidden and path.suffix.lower() in _SUFFIXES
        if read and path.stat().st_size <= _LARGEST:
            found.append(path)
    return tuple(found)


def data_hash(design: StationDesign) -> str:
    """SHA-256 over names and contents of the files of the site and the hourly loads."""
    digest = hashlib.sha256()
    for path in site_files(design.site.folder):
        digest.update(path.relative_to(design.site.folder).as_posix().encode())
        digest.update(bytes.fromhex(_file_hash(path, path.stat().st_mtime_ns)))
    digest.update(design.basis.heat.tobytes())
    digest.update(design.basis.cold.tobytes())
    return digest.hexdigest()


def rules_digest() -> str:
    """SHA-256 of the rule data."""
    return rule_book.load().digest


@cache
def _file_hash(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance_tables(design: StationDesign) -> Iterator[Table]:
    """What each group of numbers rests on, then the files with their hashes."""
    yield _groups(design)
    yield _files(design)


def _groups(design: StationDesign) -> Table:
    columns = (
        (Text("numbers", "数据"), "l", 1.8), (Text("origin", "来源"), "l", 1.4),
        (Text("from what, by what", "依据与方法"), "l", 4.0),
    )  # fmt: skip
    return table(Text("Where the numbers come from", "数据来源"), columns, list(_lines(design)))


def _lines(design: StationDesign) -> Iterator[tuple[Text, Text, Text]]:
    basis = design.basis
    ground = basis.ground
    said = words.origin_said(ground.origin) if ground.origin else Text("site file, origin not said",
                                                          "项目文件，未注明来源")  # fmt: skip
    yield Text("ground", "地层"), _GIVEN, said
    for test in ground.tests:
        by = Text(f"response test {test.name}", f"热响应试验 {test.name}")
        yield Text("conductivity, resistance", "导热系数、热阻"), Text("measured", "实测"), by
    if basis.weather is not None:
        yield Text("weather", "气象"), _GIVEN, words.origin_said(basis.weather.origin)
    for load in basis.loads:
        kind = words.LOAD_KINDS.get(load.kind, same(load.kind))
        notes = Text("; ".join(n.en for n in load.notes), "；".join(n.zh for n in load.notes))
        name = Text(f"load {load.name}, {kind.en}", f"负荷 {load.name}（{kind.zh}）")
        yield name, words.ORIGINS.get(load.origin, same(load.origin)), notes
    for source in design.sources:
        yield (
            Text(f"needed size of {source.name}", f"{source.name} 所需规格"), words.CALCULATED,
            Text("sizing over the planned years; " + "; ".join(t.en for t in source.limits),
                 "按规划年限确定规格；" + "；".join(t.zh for t in source.limits)),
        )  # fmt: skip
    yield (
        Text(
            "temperatures, energies, ratios, starts, unmet load",
            "温度、能量、能效、启停与未满足负荷",
        ),
        _ORIGIN_OF_RUN,
        Text(
            f"{len(design.run.years)} years, hour by hour, Diwen {__version__}; first-law residual "
            f"{design.run.closure:.1e}",
            f"逐时模拟 {len(design.run.years)} 年，地温 {__version__}；热力学第一定律残差 "
            f"{design.run.closure:.1e}",
        ),
    )
    yield (
        Text("limits and margins", "限值与裕量"), _RULES,
        Text(f"as in force on {design.day}; digest {rules_digest()[:16]}",
             f"{design.day} 有效版本；校验值 {rules_digest()[:16]}"),
    )  # fmt: skip
    yield from _money(design)


def _money(design: StationDesign) -> Iterator[tuple[Text, Text, Text]]:
    found = design.economics
    if found is None:
        return
    assumed = found.prices.assumed
    yield (
        Text("prices of energy", "能源价格"), words.ASSUMED if assumed else _GIVEN,
        Text("illustrative rule rows where the site file gives none: " + ", ".join(assumed)
             if assumed else "site file",
             "项目文件未给出者取示例规则条目" if assumed else "项目文件"),
    )  # fmt: skip
    items = found.comparison.design.plant.cost.capital.items
    own = sum(item.own for item in items)
    yield (
        Text("unit costs", "单价"), words.ASSUMED if own < len(items) else _GIVEN,
        Text(f"{own} of {len(items)} items given in the site file, the others rule rows",
             f"{len(items)} 项中 {own} 项由项目文件给出，其余取规则条目"),
    )  # fmt: skip
    yield (
        Text("costs, paybacks, emissions, primary energy", "费用、回收期、排放与一次能源"),
        words.CALCULATED,
        Text("from the simulated year, the prices and the factors above",
             "由模拟年、上述价格与系数计算"),
    )  # fmt: skip


def _files(design: StationDesign) -> Table:
    folder = design.site.folder
    rows = [
        (same(path.relative_to(folder).as_posix()), f"{path.stat().st_size:,}",
         _file_hash(path, path.stat().st_mtime_ns))
        for path in site_files(folder)
    ]  # fmt: skip
    rows.append((Text("rule data of Diwen", "地温规则数据"), "–", rules_digest()))
    rows.append((Text("all files and hourly loads together", "全部文件与逐时负荷合计"), "–",
                 data_hash(design)))  # fmt: skip
    columns = (
        (Text("file", "文件"), "l", 1.6), (Text("bytes", "字节"), "r", 0.7),
        (Text("SHA-256", "SHA-256"), "l", 3.6),
    )  # fmt: skip
    return table(Text("Files", "文件清单"), columns, rows)
