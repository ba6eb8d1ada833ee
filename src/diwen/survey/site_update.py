"""Putting the result of a response test into the site: ``site.toml`` and a line in the ledger.

Comments and order of the file stay. Nothing is written until the new files have been read and
found sound; each then takes the place of the old one in a single step.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import shutil
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site import Site, read
from diwen.site.attachments import attached_files
from diwen.site.ledger import COLUMNS
from diwen.site.ledger import FILE as LEDGER
from diwen.site.reading import FILE as SITE_FILE
from diwen.site.toml_lines import Path as KeyPath
from diwen.survey.test_inputs import entry_of, same_file
from diwen.survey.toml_edit import EditError, Value, set_values, value_at

# Names of what is written beside the files; whatever is older, s, a killed run has left.
_TRIAL = ".diwen-"
_TEMPORARY = re.compile(r"^\.(site\.toml|ledger\.csv)\.\w{8}$")
_ABANDONED = 3600.0
# A resistance below this is none that a site file takes, m·K/W; only an open well has it.
_LEAST_WRITTEN = 1e-4

_THERE = Text("there is a value already", "已有数值")
_REPLACE = Text(
    "look at both, then write again with --replace; the new value would be {new}",
    "请比较新旧值，确认后加 --replace 重新写入；新值为 {new}",
)
_SAME = Text("this result stands there already", "该结果已写入")
_AGAIN = Text(
    "nothing needs to be done; --replace writes it, and its line in the ledger, again",
    "无需再写；加 --replace 会重新写入并再记一条台账",
)
_BY_HAND = Text(
    "the file is written so that the values cannot be put in place", "文件写法特殊，无法自动填入"
)
_HAND_CURE = Text("enter by hand: {values}", "请手工填入：{values}")
_NO_FIELD = Text("the site has no bore field to hold the borehole resistance",
                 "项目没有地埋管孔群，无处填写钻孔热阻")  # fmt: skip
_ADD_FIELD = Text('add [sources.field] type = "borefield"',
                  '请补充 [sources.field] type = "borefield"')  # fmt: skip
_OTHER_FILE = Text(
    "another file of this name is in the site folder", "项目文件夹中已有同名的另一文件"
)
_RENAME = Text("rename the file of the test", "请为试验文件改名")
_NOT_UTF8 = Text("the file is not UTF-8", "文件不是 UTF-8 编码")
_SAVE_UTF8 = Text("save it as UTF-8, then write again", "请另存为 UTF-8 后再写入")
_CHANGED = Text("the ledger does not end with a whole line", "台账末行不完整")
_MEND = Text("complete the last line", "请补全末行")


@dataclass(frozen=True)
class Finding:
    """What goes into the site.

    Attributes
    ----------
    file : the test's file
    sha256 : of the file
    source : id of the bore field, empty when there is none
    conductivity, conductivity_uncertainty : W/(m·K), k = 2
    resistance, resistance_uncertainty : m·K/W, k = 2
    undisturbed_temperature : as used, °C
    heat_capacity : as used, J/(m³·K)
    length : of the borehole, m
    method : in words
    window : first and last time used, s since the start of heating
    rows : records used
    day : of the test, None if not known
    by : who made it
    evaluated : day of the evaluation
    software : program and version
    open_well : a standing column well: its values are effective ones and stay with the test
    """

    file: Path
    sha256: str
    source: str
    conductivity: float
    conductivity_uncertainty: float
    resistance: float
    resistance_uncertainty: float
    undisturbed_temperature: float
    heat_capacity: float
    length: float
    method: Text
    window: tuple[float, float]
    rows: int
    day: datetime.date | None
    by: str
    evaluated: datetime.date
    software: str
    open_well: bool = False

    @property
    def provenance(self) -> str:
        """One line: where the value comes from, in both languages."""
        hours = f"{self.window[0] / 3600:.1f}-{self.window[1] / 3600:.1f} h"
        return (
            f"thermal response test 热响应试验: {self.file.name}, SHA-256 {self.sha256[:12]}, "
            f"{self.method.en} {self.method.zh}, {hours}, {self.software}, {self.evaluated}"
        )


@dataclass(frozen=True)
class Change:
    """One value that is set: where, what stands there, what comes."""

    path: KeyPath
    old: object
    new: Value

    @property
    def place(self) -> str:
        """The key as written in messages."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
        return text


def changes_of(site: Site, found: Finding) -> tuple[Change, ...]:
    """Every value that a result sets in ``site.toml``, with what stands there now.

    Raises
    ------
    InputError : there is no bore field for the resistance
    """
    if not found.source:
        raise InputError([Problem(SITE_FILE, "sources", _NO_FIELD, _ADD_FIELD)])
    data = tomllib.loads(_text(site.folder / SITE_FILE))
    wanted = list(_test_values(site, found))
    if not found.open_well:
        wanted += [*_ground_values(site, found), *_bore_values(found)]
    return tuple(Change(path, value_at(data, path), value) for path, value in wanted)


def update_site(site: Site, found: Finding, replace: bool = False) -> tuple[Change, ...]:
    """Write a result into the site folder.

    Parameters
    ----------
    site : the site as read
    found : the result
    replace : overwrite values that stand there already

    Returns
    -------
    the changes made

    Raises
    ------
    InputError : values stand there and ``replace`` is not set, or the file cannot be edited;
        nothing is written then
    """
    changes = changes_of(site, found)
    if not replace:
        _refuse_standing(changes)
    path = site.folder / SITE_FILE
    _refuse_other_file(site, found)
    text = _text(path)
    try:
        new = set_values(text, [(item.path, item.new) for item in changes])
    except EditError as error:
        values = "; ".join(f"{item.place} = {item.new!r}" for item in changes)
        problem = Problem(SITE_FILE, "", _BY_HAND, _HAND_CURE.format(values=same(values)))
        raise InputError([problem]) from error
    _replace_files(site, found, new, _ledger_text(site, found, replace))
    return changes


def _refuse_standing(changes: tuple[Change, ...]) -> None:
    """Show what would be overwritten; a result that stands there already is told once."""
    standing = [item for item in changes if item.old is not None and item.old != item.new]
    if standing:
        raise InputError(
            Problem(SITE_FILE, item.place, _THERE, _REPLACE.format(new=item.new), str(item.old))
            for item in standing
        )
    done = [item for item in changes if "result" in item.path and item.old is not None]
    if done:
        place = done[0].place.rpartition(".")[0]
        raise InputError([Problem(SITE_FILE, place, _SAME, _AGAIN, str(done[0].old))])


def _test_values(site: Site, found: Finding) -> Iterator[tuple[KeyPath, Value]]:
    """The table of the test: made when the site does not name the file, and its result."""
    entry = entry_of(site, found.file)
    position = len(site.response_tests) if entry is None else entry[0]
    here: KeyPath = ("response_tests", position)
    if entry is None:
        yield (*here, "file"), _inside(site, found.file)
        yield (*here, "source"), found.source
        if found.day is not None:
            yield (*here, "date"), found.day
    result: KeyPath = (*here, "result")
    yield (*result, "conductivity"), f"{found.conductivity:.4g} W/(m*K)"
    yield (*result, "conductivity_uncertainty"), f"{found.conductivity_uncertainty:.2g} W/(m*K)"
    if found.resistance >= _LEAST_WRITTEN:
        resistance, error = found.resistance, found.resistance_uncertainty
        yield (*result, "thermal_resistance"), f"{resistance:.4f} m*K/W"
        yield (*result, "thermal_resistance_uncertainty"), f"{error:.2g} m*K/W"
    yield (*result, "method"), f"{found.method.en} {found.method.zh}"
    yield (*result, "window_start"), f"{found.window[0] / 3600:.4f} h"
    yield (*result, "window_end"), f"{found.window[1] / 3600:.4f} h"
    yield (*result, "rows"), found.rows
    yield (*result, "sha256"), found.sha256
    yield (*result, "evaluated"), found.evaluated
    yield (*result, "software"), found.software


def _refuse_other_file(site: Site, found: Finding) -> None:
    """A file of another test must not be taken for this one."""
    inside = site.folder / _inside(site, found.file)
    if inside.exists() and not same_file(inside, found.file):
        raise InputError([Problem(str(inside), "", _OTHER_FILE, _RENAME)])


def _inside(site: Site, file: Path) -> str:
    """Path of the file inside the site folder; a file from elsewhere is copied there."""
    resolved, folder = file.resolve(), site.folder.resolve()
    return str(resolved.relative_to(folder)) if resolved.is_relative_to(folder) else file.name


def _ground_values(site: Site, found: Finding) -> Iterator[tuple[KeyPath, Value]]:
    """Conductivity of the layers, undisturbed temperature, and where they come from."""
    known = site.ground.undisturbed_temperature
    if known is None or abs(known - found.undisturbed_temperature) > 0.005:
        yield ("ground", "undisturbed_temperature"), f"{found.undisturbed_temperature:.4g} °C"
    yield ("ground", "source"), found.provenance
    share = found.conductivity_uncertainty / found.conductivity
    layers = site.ground.layers
    if not layers:
        here: KeyPath = ("ground", "layers", 0)
        yield (*here, "name"), "tested ground 试验深度范围"
        yield (*here, "top"), "0 m"
        yield (*here, "bottom"), f"{found.length:g} m"
        yield (*here, "heat_capacity"), f"{found.heat_capacity / 1e6:.4g} MJ/(m3*K)"
        yield (*here, "conductivity"), f"{found.conductivity:.4g} W/(m*K)"
        yield (*here, "conductivity_uncertainty"), round(share, 4)
        return
    for position, conductivity in enumerate(_layer_conductivities(site, found)):
        here = ("ground", "layers", position)
        yield (*here, "conductivity"), f"{conductivity:.4g} W/(m*K)"
        yield (*here, "conductivity_uncertainty"), round(share, 4)


def _layer_conductivities(site: Site, found: Finding) -> list[float]:
    """Conductivity per layer: the same for all, or the known ones scaled to the measured mean.

    A response test gives the mean over the borehole; what the layers were known to differ by
    stays.
    """
    layers = site.ground.layers
    known = [layer.conductivity for layer in layers]
    if any(value is None for value in known):
        return [found.conductivity] * len(layers)
    thick = [max(min(layer.bottom, found.length) - layer.top, 0.0) for layer in layers]
    values = [value for value in known if value is not None]
    if not sum(thick):
        return [found.conductivity] * len(layers)
    mean = sum(a * b for a, b in zip(thick, values, strict=True)) / sum(thick)
    return [value * found.conductivity / mean for value in values]


def _bore_values(found: Finding) -> Iterator[tuple[KeyPath, Value]]:
    here: KeyPath = ("sources", found.source, "borehole")
    yield (*here, "thermal_resistance"), f"{found.resistance:.4f} m*K/W"
    yield (*here, "thermal_resistance_uncertainty"), f"{found.resistance_uncertainty:.2g} m*K/W"
    yield (*here, "resistance_source"), found.provenance


def _ledger_text(site: Site, found: Finding, replace: bool) -> str:
    """The ledger with two lines more; the lines before are kept as they are.

    Raises
    ------
    InputError : the ledger ends in the middle of a quoted cell
    """
    path = site.folder / LEDGER
    old = _text(path) if path.exists() else ",".join(COLUMNS) + "\n"
    if old.count('"') % 2:
        raise InputError([Problem(LEDGER, "", _CHANGED, _MEND)])
    old = old if old.endswith("\n") else old + "\n"
    header = next(line for line in old.splitlines() if line.strip() and not line.startswith("#"))
    separator = max((",", ";", "\t"), key=header.count)
    columns = [cell.strip() for cell in next(csv.reader([header], delimiter=separator))]
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, columns, delimiter=separator, extrasaction="ignore", lineterminator="\n"
    )
    note = (
        f"U (k=2) {found.conductivity_uncertainty:.2g} W/(m*K), "
        f"{found.resistance_uncertainty:.2g} m*K/W; {found.method.en} {found.method.zh}; "
        f"{found.window[0] / 3600:.1f}-{found.window[1] / 3600:.1f} h; {found.software}"
    )
    common = {
        "date": str(found.day or found.evaluated),
        "stage": "test",
        "object": found.source,
        "by": found.by,
        "evidence": f"{found.file.name} SHA-256 {found.sha256}",
        "note": note,
    }
    for item, value, unit in (
        ("ground thermal conductivity 岩土导热系数", f"{found.conductivity:.4g}", "W/(m*K)"),
        ("borehole thermal resistance 钻孔热阻", f"{found.resistance:.4f}", "m*K/W"),
    ):
        writer.writerow({**common, "item": item, "value": value, "unit": unit})
    added = buffer.getvalue()
    # A run that was killed between the two files has left its lines already.
    return old if not replace and old.endswith("\n" + added) else old + added


def _replace_files(site: Site, found: Finding, toml: str, ledger: str) -> None:
    """Read the new files in a copy of the folder's tables; only then replace the old ones."""
    folder = site.folder
    _sweep(folder)
    copied = None
    if entry_of(site, found.file) is None:
        inside = folder / _inside(site, found.file)
        copied = None if inside.exists() else inside
    _prove(site, toml, ledger, copied)
    if copied is not None:
        _written(copied, found.file.read_bytes())
    for path, text in ((folder / LEDGER, ledger), (folder / SITE_FILE, toml)):
        _written(path, text.replace("\n", _line_end(path)).encode())


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed have left beside the files; not what another run needs."""
    for pattern in (f"{_TRIAL}*", f".{SITE_FILE}.*", f".{LEDGER}.*"):
        for item in folder.glob(pattern):
            if time.time() - item.stat().st_mtime < _ABANDONED:
                continue
            if item.is_dir():
                shutil.rmtree(item, ignore_errors=True)
            elif _TEMPORARY.search(item.name):
                item.unlink(missing_ok=True)


def _prove(site: Site, toml: str, ledger: str, copied: Path | None) -> None:
    """Read the folder as it would be; a problem stops here, before anything is touched."""
    folder = site.folder
    tests = {test.file for test in site.response_tests} | ({copied.name} if copied else set())
    named = {file for _, file in attached_files(site)}
    tables = {item.name for item in folder.glob("*.csv")}
    with tempfile.TemporaryDirectory(prefix=_TRIAL, dir=folder) as name:
        trial = Path(name)
        for file in (tables | named) - tests - {LEDGER}:
            (trial / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / file, trial / file)
        for file in tests:
            # Only that it is there counts; measurements are long.
            (trial / file).parent.mkdir(parents=True, exist_ok=True)
            (trial / file).touch()
        (trial / SITE_FILE).write_text(toml, encoding="utf-8")
        (trial / LEDGER).write_text(ledger, encoding="utf-8")
        read(trial)


def _text(path: Path) -> str:
    """The text of a file, lines ended by LF.

    Raises
    ------
    InputError : not UTF-8; it would have to be written back in another encoding
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Problem(path.name, "", _NOT_UTF8, _SAVE_UTF8)]) from error


def _line_end(path: Path) -> str:
    """How the lines of a file end, so that it keeps its way."""
    return "\r\n" if path.exists() and b"\r\n" in path.read_bytes() else "\n"


def _written(path: Path, data: bytes) -> None:
    """Write beside the file and put it in its place in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
